"""
Unread: replies that the bot did not quite understand, so that the office can teach it words.

A reply counts that ended in a question, or whose mark the same people corrected within ten minutes.
Word for word; `anonymised` puts P1, P2 … in place of every name, so that the list may be shared.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from sqlalchemy import Connection

from apbot.domain.calendar import at
from apbot.domain.register import Register
from apbot.store.heard import HeardReply, list_heard
from apbot.store.registers import get_register

Object = dict[str, Any]


def unread_objects(db: Connection, since: date, *, anonymise: bool = False) -> list[Object]:
    """Return the replies since a day that ended in a question or were soon corrected."""
    found = []
    for reply in list_heard(db, at(since, time(0, 0))):
        if reply.is_understood:
            continue
        register = get_register(db, reply.register) if reply.register is not None else None
        found.append(_object(reply, register))
    return [_anonymised(one) for one in found] if anonymise else [_without_names(o) for o in found]


def _object(reply: HeardReply, register: Register | None) -> Object:
    reading = reply.reading
    lines = register.roster if register else ()
    marks = {
        line.shown: mark
        for line in lines
        if (mark := reading.get("marks", {}).get(str(line.number))) is not None
    }
    return {
        "inbox": reply.id,
        "register": reply.register,
        "at": reply.received_at.isoformat(),
        "text": reply.text,
        "understood": marks,
        "asked": reply.asked,
        "corrected": reply.is_corrected,
        "flags": sorted(reading.get("flags", ())),
        "why": [f"{why['words']}: {why['rule']}" for why in reading.get("why", ())],
        "_names": {
            f"P{line.number}": [line.name, line.shown, line.known_as or "", *line.name.split()]
            for line in lines
        },
    }


def _without_names(one: Object) -> Object:
    return {key: value for key, value in one.items() if key != "_names"}


def _anonymised(one: Object) -> Object:
    return {key: _masked(value, one["_names"]) for key, value in one.items() if key != "_names"}


def _masked(value: Any, names: Mapping[str, list[str]]) -> Any:
    if isinstance(value, list):
        return [_masked(item, names) for item in value]
    if isinstance(value, dict):
        return {_masked(key, names): item for key, item in value.items()}
    if not isinstance(value, str):
        return value
    for mask, spelt in names.items():
        for name in sorted(filter(None, spelt), key=len, reverse=True):
            value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", mask, value, flags=re.IGNORECASE)
    return value
