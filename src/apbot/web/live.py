"""
Live: what changes on the board reaches every open one within a second, at the cost of one.

One watcher a process looks twice a second whether anything happened, and only while somebody has
the board open; the board is made anew once for all of them, and each browser is sent the rows that
differ from what it has.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from apbot.clock import Clock
from apbot.desk.desk import Desk
from apbot.domain.calendar import local
from apbot.store.board import Print, count_unhandled, fetch_day, find_print
from apbot.store.cases import list_cases
from apbot.store.journal import last_beat
from apbot.web.health import BEAT_IS_FRESH
from apbot.web.pages import macro
from apbot.web.today import Today, make_today

log = structlog.get_logger()

LOOKS_EVERY = 0.5
"""In real seconds."""

TELLS_TIME_EVERY = 10.0
"""How often, in real seconds, a browser hears what time it is, and that we are still there."""


class Live:
    """The board as it stands, made anew when the store has changed or the clock has."""

    def __init__(self, desk: Desk, clock: Clock, machine: Clock) -> None:
        self._desk, self._clock, self._machine = desk, clock, machine
        self._today: Today | None = None
        self._print: Print | None = None
        self._making = threading.Lock()
        self._boards: set[asyncio.Event] = set()
        self._watcher: asyncio.Task[None] | None = None
        self._is_over = False

    @property
    def open_boards(self) -> int:
        """How many browsers are listening."""
        return len(self._boards)

    @property
    def is_made(self) -> bool:
        """Whether there is a board at hand, of whatever moment."""
        return self._today is not None

    def today(self) -> Today:
        """Return the board as it stands now. Raises NothingLoaded."""
        now = self._clock.now()
        with self._making, self._desk.database.reading() as db:
            found = find_print(db)
            held, is_silent = self._today, self._is_silent(last_beat(db))
            is_as_it_was = found == self._print and held is not None and held.is_silent == is_silent
            if held is not None and is_as_it_was and held.now <= now < held.stale_at:
                return held
            lists = self._desk.lists(db)
            on = local(now).date()
            same_day = held is not None and held.on == on
            known = held.registers if held is not None and same_day else {}
            registers, _ = fetch_day(db, on, known)
            cases = list_cases(db, only_open=True)
            unhandled = count_unhandled(db)
            self._today = make_today(
                lists, registers, cases, unhandled, now, held, is_silent=is_silent
            )
            self._print = found
            return self._today

    def _is_silent(self, beat_at: datetime | None) -> bool:
        """Whether no engine is at work: then nobody is asked or told, and the board must say so."""
        return beat_at is None or abs(self._machine.now() - beat_at) > BEAT_IS_FRESH

    def time(self) -> dict[str, Any]:
        """Return what time it is, and how fast it runs, for a browser to go on from."""
        speed = getattr(self._clock, "speed", 1)
        return {"now": self._clock.now(), "speed": speed}

    async def stream(self, told: Callable[[Today], str | None]) -> AsyncIterator[str]:
        """
        Yield server-sent events for one browser until it goes or we do.

        `told` returns the event that this browser needs of a board, None where nothing is new.
        """
        changed = asyncio.Event()
        self._boards.add(changed)
        self._watch()
        try:
            board: Today | None = await asyncio.to_thread(self.today)
            while not self._is_over:
                changed.clear()
                news = told(board) if board is not None else None
                if news is not None:
                    yield news
                yield event("time", str(macro("rows.html", "clock")(**self.time())))
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), TELLS_TIME_EVERY)
                # All boards are told what the one watcher has seen: none looks for itself.
                board = self._today
        finally:
            self._boards.discard(changed)

    def close(self) -> None:
        """Let every stream end, so that a server can stop."""
        self._is_over = True
        self._tell()

    def _watch(self) -> None:
        if self._watcher is None or self._watcher.done():
            self._watcher = asyncio.create_task(self._look(), name="board")

    async def _look(self) -> None:
        """Look on for as long as somebody has the board open."""
        held = self._today
        while self._boards and not self._is_over:
            try:
                found = await asyncio.to_thread(self.today)
            except SQLAlchemyError:
                log.warning("the board could not look at the database")
            else:
                if found is not held:
                    held = found
                    self._tell()
            await asyncio.sleep(LOOKS_EVERY)

    def _tell(self) -> None:
        for changed in list(self._boards):
            changed.set()


def event(kind: str, html: str) -> str:
    """Return one server-sent event."""
    lines = "".join(f"data: {line}\n" for line in html.splitlines() or [""])
    return f"event: {kind}\n{lines}\n"


def is_stale(moment: datetime, now: datetime) -> bool:
    """Whether a visit should be looked at again: a signed-out browser stops within a minute."""
    return now - moment > timedelta(minutes=1)
