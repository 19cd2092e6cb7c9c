"""
One clock for every process of the day: it runs so many times faster, and none is ahead of another.

It goes on by the machine's monotonic clock, which all processes share, so that a process that was
killed wakes at the moment at which the others are.
"""

import asyncio
import os
import time
from contextlib import suppress
from datetime import datetime, timedelta

from apbot.clock import SystemClock

START, SINCE, SPEED = "CHAOS_START", "CHAOS_SINCE", "CHAOS_SPEED"


class SharedClock(SystemClock):
    """Moments between `start` and later, `speed` times as fast as real time."""

    def __init__(self, start: datetime, since: float, speed: float) -> None:
        self._start, self._since, self.speed = start, since, speed

    def now(self) -> datetime:
        """Return the shared moment, in UTC."""
        return self._start + timedelta(seconds=(time.monotonic() - self._since) * self.speed)

    async def wait_until(self, moment: datetime | None, nudge: asyncio.Event) -> None:
        """Return at `moment`, or as soon as `nudge` is set; then clear it."""
        left = None if moment is None else (moment - self.now()).total_seconds() / self.speed
        with suppress(TimeoutError):
            await asyncio.wait_for(nudge.wait(), None if left is None else max(left, 0))
        nudge.clear()

    def settings(self) -> dict[str, str]:
        """Return the environment that gives another process this clock."""
        return {
            START: self._start.isoformat(),
            SINCE: repr(self._since),
            SPEED: repr(self.speed),
        }


def shared_clock() -> SharedClock:
    """Return the clock that the environment describes."""
    start = datetime.fromisoformat(os.environ[START])
    return SharedClock(start, float(os.environ[SINCE]), float(os.environ[SPEED]))
