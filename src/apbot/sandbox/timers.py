"""
Timers: what a network does later by itself, by the clock that the process was given.

One task waits for all of them, so that a moved clock stands at each moment until its work is done.
"""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from apbot.clock import Clock


class Timers:
    """Things to do at given moments."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._nudge = asyncio.Event()
        self._waiting: asyncio.Task[None] | None = None

    def at(self, moment: datetime, action: Callable[[], None]) -> None:
        """Do this at `moment`, or at once where that has passed."""
        heapq.heappush(self._due, (moment, next(self._order), action))
        self._nudge.set()
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().create_task(self._wait())

    def catch_up(self) -> None:
        """Do all that is due by now."""
        while self._due and self._due[0][0] <= self._clock.now():
            heapq.heappop(self._due)[2]()

    async def stop(self) -> None:
        """Forget them all, and let go of the clock."""
        self._due.clear()
        if self._waiting is not None:
            self._waiting.cancel()
            with suppress(asyncio.CancelledError):
                await self._waiting
            self._waiting = None
            self._nudge.set()
            await self._clock.wait_until(None, self._nudge)

    async def _wait(self) -> None:
        while True:
            self.catch_up()
            next_at = self._due[0][0] if self._due else None
            await self._clock.wait_until(next_at, self._nudge)
