"""
One clock for every process of the day: it runs so many times faster, and none is ahead of another.

It goes on by the machine's monotonic clock, which all processes share, so that a process that was
killed wakes at the moment at which the others are. It stands at its start until everybody is there.
"""

import asyncio
import os
import time
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from apbot.clock import SystemClock

START, SINCE, SPEED = "CHAOS_START", "CHAOS_SINCE", "CHAOS_SPEED"

STANDS_S = 0.1
"""How often a clock that stands still looks whether it runs."""


class SharedClock(SystemClock):
    """
    Moments from `start` on, `speed` times as fast as real time.

    `since` is a file that holds the monotonic moment of the start, once there is one.
    """

    def __init__(self, start: datetime, since: Path, speed: float) -> None:
        self._start, self._file, self.speed = start, since, speed
        self._since: float | None = None

    def begin(self) -> None:
        """Everybody is there: run."""
        part = self._file.with_suffix(".part")
        part.write_text(repr(time.monotonic()))
        part.rename(self._file)

    def now(self) -> datetime:
        """Return the shared moment, in UTC."""
        since = self._began()
        if since is None:
            return self._start
        return self._start + timedelta(seconds=(time.monotonic() - since) * self.speed)

    async def wait_until(self, moment: datetime | None, nudge: asyncio.Event) -> None:
        """Return at `moment`, or as soon as `nudge` is set; then clear it."""
        while not nudge.is_set() and (moment is None or self.now() < moment):
            left = None if moment is None else (moment - self.now()).total_seconds() / self.speed
            if self._began() is None:
                left = STANDS_S
            with suppress(TimeoutError):
                await asyncio.wait_for(nudge.wait(), None if left is None else max(left, 0))
        nudge.clear()

    def settings(self) -> dict[str, str]:
        """Return the environment that gives another process this clock."""
        return {
            START: self._start.isoformat(),
            SINCE: str(self._file),
            SPEED: repr(self.speed),
        }

    def _began(self) -> float | None:
        if self._since is None and self._file.exists():
            self._since = float(self._file.read_text())
        return self._since


def shared_clock() -> SharedClock:
    """Return the clock that the environment describes."""
    start = datetime.fromisoformat(os.environ[START])
    return SharedClock(start, Path(os.environ[SINCE]), float(os.environ[SPEED]))
