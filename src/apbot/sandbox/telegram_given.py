"""
What a call to the Bot API was given, however it came, and how the Bot API says no.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apbot.sandbox.handsets import Key
from apbot.sandbox.telegram_chats import Shape


class Denied(Exception):
    """The Bot API says no, in its own words."""

    def __init__(self, code: int, words: str, **parameters: int) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.parameters = parameters

    def answer(self) -> Response:
        """Return the refusal as the Bot API shapes it."""
        shape: Shape = {"ok": False, "error_code": self.code, "description": self.words}
        if self.parameters:
            shape["parameters"] = self.parameters
        return JSONResponse(shape, status_code=self.code)


class Given:
    """The parameters of one call, from its query, form or JSON body."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters

    @classmethod
    async def of(cls, request: Request) -> "Given":
        """Read the parameters of a request."""
        given: dict[str, Any] = dict(request.query_params)
        if request.method != "POST":
            return cls(given)
        if request.headers.get("content-type", "").startswith("application/json"):
            with suppress(ValueError, TypeError):
                return cls(given | dict(await request.json()))
            raise Denied(400, "Bad Request: can't parse JSON object")
        async with request.form() as form:
            texts = {key: one for key, one in form.items() if not isinstance(one, UploadFile)}
        return cls(given | texts)

    def text(self, name: str) -> str | None:
        """Return a parameter as it was written."""
        value = self._parameters.get(name)
        return None if value is None else str(value)

    def whole(self, name: str) -> int | None:
        """Return a whole number."""
        value = self.text(name)
        if not value:
            return None
        with suppress(ValueError):
            return int(value)
        raise Denied(400, f"Bad Request: {name} must be an Integer")

    def flag(self, name: str) -> bool:
        """Return a yes or no."""
        return (self.text(name) or "").lower() in ("true", "1", "yes")

    def shape(self, name: str) -> Any:
        """Return an object or a list; in a form it is written as JSON."""
        value = self._parameters.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        with suppress(ValueError):
            return json.loads(value)
        raise Denied(400, f"Bad Request: can't parse {name.replace('_', ' ')} JSON object")

    def words(self) -> str:
        """Return the text of a message to send."""
        if self.text("parse_mode"):
            raise Denied(400, "Bad Request: unsupported parse_mode")
        text = (self.text("text") or "").strip()
        if not text:
            raise Denied(400, "Bad Request: message text is empty")
        # Telegram counts as UTF-16 does.
        if len(text.encode("utf-16-le")) // 2 > 4096:
            raise Denied(400, "Bad Request: message is too long")
        return text

    def keyboard(self) -> Shape | None:
        """Return the inline keyboard of a message to send."""
        markup = self.shape("reply_markup")
        if not markup or not markup.get("inline_keyboard"):
            return None
        for row in markup["inline_keyboard"]:
            for key in row:
                _check_key(key)
        return {"inline_keyboard": markup["inline_keyboard"]}


def keys(keyboard: Shape | None) -> tuple[tuple[Key, ...], ...]:
    """Return a keyboard as a phone shows it."""
    rows = keyboard["inline_keyboard"] if keyboard else []
    return tuple(
        tuple(Key(key["text"], key.get("callback_data") or key["url"]) for key in row)
        for row in rows
    )


def pressable(keyboard: Shape | None) -> set[str]:
    """Return what the buttons of a keyboard would send."""
    rows = keyboard["inline_keyboard"] if keyboard else []
    return {key["callback_data"] for row in rows for key in row if "callback_data" in key}


def _check_key(key: Shape) -> None:
    if not key.get("text"):
        raise Denied(400, "Bad Request: can't parse inline keyboard button: Text is empty")
    pressed = key.get("callback_data")
    if pressed is None and "url" not in key:
        raise Denied(
            400,
            "Bad Request: can't parse inline keyboard button:"
            " Text buttons are unallowed in the inline keyboard",
        )
    if pressed is not None and not 1 <= len(pressed.encode()) <= 64:
        raise Denied(400, "Bad Request: BUTTON_DATA_INVALID")
