"""Holds a shape against what its network has published of it."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

SPECS = Path(__file__).parent.parent / "specs"
PLAIN: Mapping[str, type | tuple[type, ...]] = {
    "Integer": int,
    "Float": (int, float),
    "String": str,
    "Boolean": bool,
}


@cache
def telegram_spec() -> Any:
    """Return the Bot API's description."""
    return json.loads((SPECS / "telegram_bot_api.json").read_text(encoding="utf-8"))


@cache
def twilio_spec() -> Any:
    """Return the description of Twilio's REST API."""
    return json.loads((SPECS / "twilio_api_v2010.json").read_text(encoding="utf-8"))


def telegram_faults(value: Any, *types: str, at: str = "result") -> list[str]:
    """Return what is wrong with a value that is published as one of these types."""
    found = [_telegram_faults(value, kind, at) for kind in types]
    return sorted(found, key=len)[0]


def _telegram_faults(value: Any, kind: str, where: str) -> list[str]:
    if kind in PLAIN:
        is_right = isinstance(value, PLAIN[kind]) and (kind == "Boolean" or value is not True)
        return [] if is_right else [f"{where}: {value!r} is no {kind}"]
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: {value!r} is no list"]
        inner = kind.removeprefix("Array of ")
        return [fault for one in value for fault in _telegram_faults(one, inner, where)]
    described = telegram_spec()["types"][kind]
    if described.get("subtypes"):
        return telegram_faults(value, *described["subtypes"], at=where)
    if not isinstance(value, dict):
        return [f"{where}: {value!r} is no {kind}"]
    fields = {field["name"]: field for field in described.get("fields", ())}
    faults = [f"{where}: {name} is not published" for name in value if name not in fields]
    for name, field in fields.items():
        if name in value:
            faults += telegram_faults(value[name], *field["types"], at=f"{where}.{name}")
        elif field["required"]:
            faults.append(f"{where}: {name} is missing")
    return faults


def twilio_faults(value: Any, schema: str) -> list[str]:
    """Return what is wrong with a resource: every published field is there, and no other."""
    return _faults(value, twilio_spec()["components"]["schemas"][schema])


def twilio_page_faults(value: Any) -> list[str]:
    """Return what is wrong with a page of the list of messages."""
    path = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
    answer = twilio_spec()["paths"][path]["get"]["responses"]["200"]
    return _faults(value, answer["content"]["application/json"]["schema"])


def _faults(value: Any, schema: Any) -> list[str]:
    closed = _closed(schema) | {"components": _closed(twilio_spec()["components"])}
    return [error.message for error in Draft202012Validator(closed).iter_errors(value)]


def _closed(schema: Any) -> Any:
    """Return a schema of OpenAPI 3.0 in JSON Schema's words, with every property required."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(one) for key, one in schema.items() if key != "format"}
    if closed.pop("nullable", False) is True and isinstance(closed.get("type"), str):
        closed["type"] = [closed["type"], "null"]
    if closed.get("type") == "object" and isinstance(closed.get("properties"), dict):
        closed["required"] = list(closed["properties"])
        closed["additionalProperties"] = False
    return closed
