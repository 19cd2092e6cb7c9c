"""
Pages: what an open page of phones is told, in the shapes that page.js reads.
"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apbot.sandbox.hands import Phone
from apbot.sandbox.handsets import Bubble, Handset

Shape = dict[str, Any]

# How far back a phone on the page can be scrolled.
LONGEST_THREAD = 200


class Page:
    """One open page, and the news that it has not been told yet."""

    def __init__(self, *, shows_all: bool) -> None:
        self.shows_all = shows_all
        self._news: list[tuple[str, Any]] = []
        self._nudge = asyncio.Event()

    def tell(self, kind: str, about: Any = None) -> None:
        """Have something told soon, after all else; the same news waits only once."""
        if (kind, about) not in self._news:
            self._news.append((kind, about))
        self._nudge.set()

    async def news(self, beat: float) -> Sequence[tuple[str, Any]]:
        """Return what is to be told, as soon as there is anything; nothing after a beat."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._nudge.wait(), beat)
        self._nudge.clear()
        news, self._news = self._news, []
        return news


def event(kind: str, shape: Shape | None) -> str:
    """Return one server-sent event."""
    return f"event: {kind}\ndata: {json.dumps(shape)}\n\n"


def local(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment in ISO 8601, with the zone's offset."""
    return moment.astimezone(zone).isoformat(timespec="milliseconds")


def phone_shape(phone: Phone, handset: Handset, zone: ZoneInfo) -> Shape:
    """Return a phone and all that it shows."""
    return {
        "id": phone.id,
        "owner": phone.owner,
        "role": phone.role,
        "side": phone.side,
        "network": phone.network,
        "address": phone.address,
        "bot": handset.bot,
        "off": handset.is_off,
        "blocked": handset.is_blocked,
        "unread": handset.unread,
        "suggestions": list(phone.suggestions),
        "messages": [_bubble_shape(bubble, zone) for bubble in handset.bubbles[-LONGEST_THREAD:]],
    }


def _bubble_shape(bubble: Bubble, zone: ZoneInfo) -> Shape:
    rows = [[{"label": key.label, "data": key.data} for key in row] for row in bubble.keys]
    return {
        "id": bubble.id,
        "from": bubble.sender,
        "text": bubble.text,
        "at": local(bubble.at, zone),
        "edited": bubble.is_edited,
        "state": bubble.state,
        "buttons": rows,
        "answer": bubble.answer,
    }
