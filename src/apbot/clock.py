"""
The clock: the one place that knows the time.

Everything that happens is stamped, and everything that is due is awaited, by the clock that the
process was given, so that a day can be played in a minute. A moved clock runs fast without ever
running past a moment that somebody waits for: it stands there until they have done their part,
then catches up.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the house asks of a clock. All datetimes are aware and in UTC."""

    def now(self) -> datetime:
        """Return the present moment."""
        ...

    async def wait_until(self, moment: datetime | None, nudge: asyncio.Event) -> None:
        """Return at `moment` (never, if None), or as soon as `nudge` is set; then clear it."""
        ...

    def expect(self, moment: datetime | None, nudge: asyncio.Event) -> None:
        """Whoever holds the clock will wait for this moment: it is not passed before they do."""
        ...

    def forget(self, nudge: asyncio.Event) -> None:
        """Whoever waited with this nudge will not come back to wait."""
        ...

    waits_for_work: bool
    """Whether the clock stands still until a piece of work is done."""

    def held(self) -> AbstractContextManager[None]:
        """Keep a moved clock from running on while a piece of work is being done."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)

    async def wait_until(self, moment: datetime | None, nudge: asyncio.Event) -> None:
        """Return at `moment`, or as soon as `nudge` is set; then clear it."""
        seconds = None if moment is None else max((moment - self.now()).total_seconds(), 0)
        await _nudged(nudge, seconds)
        nudge.clear()

    waits_for_work = False

    def expect(self, moment: datetime | None, nudge: asyncio.Event) -> None:
        """Do nothing: real time waits for nobody."""

    def forget(self, nudge: asyncio.Event) -> None:
        """Do nothing: real time waits for nobody."""

    @contextmanager
    def held(self) -> Iterator[None]:
        """Do nothing: real time waits for nobody."""
        yield


class MovedClock:
    """
    A clock that starts where it is told and runs at the speed it is told; 0 is paused.

    While anybody waits for a moment, or holds the clock, `now` does not pass that moment: what is
    due at 09:30 is done at 09:30 at any speed. The lost time is made up afterwards, so a day at 60
    times is as long as another clock at 60 times would say.
    """

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        self._from = self._shown = start.astimezone(UTC)
        self._since = time.monotonic()
        self._speed = float(speed)
        self._limits: dict[object, datetime] = {}
        self._waiting: dict[asyncio.Event, datetime | None] = {}

    waits_for_work = True

    @property
    def speed(self) -> float:
        """How many times faster than real time the clock runs; 0 while paused."""
        return self._speed

    def now(self) -> datetime:
        """Return the moved time, in UTC, but not past what somebody waits for; never go back."""
        self._shown = max(self._shown, min([self._running(), *self._limits.values()]))
        return self._shown

    def run(self, speed: float) -> None:
        """Go on from here at `speed`; 0 pauses."""
        self._restart(self.now(), speed)

    def move_to(self, moment: datetime) -> None:
        """Go to a later moment; whatever is due on the way is still done at its own moment."""
        if moment > self._running():
            self._restart(moment.astimezone(UTC), self._speed)

    def move_by(self, step: timedelta) -> None:
        """Go forward by `step`."""
        self.move_to(self.now() + step)

    async def wait_until(self, moment: datetime | None, nudge: asyncio.Event) -> None:
        """
        Return at `moment`, or as soon as `nudge` is set or the clock is moved.

        The clock does not pass `moment` until the one who waited comes back to wait again.
        """
        self.expect(moment, nudge)
        self._let_go()
        self._waiting[nudge] = moment
        try:
            await self._reach(moment, nudge)
        except asyncio.CancelledError:
            self.forget(nudge)
            raise
        finally:
            del self._waiting[nudge]
        nudge.clear()

    def expect(self, moment: datetime | None, nudge: asyncio.Event) -> None:
        """Do not pass this moment until the one with this nudge has come, waited and left again."""
        if moment is None:
            self._limits.pop(nudge, None)
        else:
            # The new limit takes the old one's place: between them the clock would run on.
            self._limits[nudge] = max(moment, self._shown)

    def forget(self, nudge: asyncio.Event) -> None:
        """Let the clock pass the moment that was waited for with this nudge."""
        self._limits.pop(nudge, None)
        self._let_go()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep `now` where it is until the work inside is done."""
        key = object()
        self._limits[key] = self.now()
        try:
            yield
        finally:
            self._limits.pop(key, None)
            self._let_go()

    async def _reach(self, moment: datetime | None, nudge: asyncio.Event) -> None:
        """Return once nudged, or at the moment; who is held back sleeps until they are let go."""
        while True:
            seconds = self._real_seconds_until(moment)
            is_held_back = seconds == 0 and moment is not None and self.now() < moment
            await _nudged(nudge, None if is_held_back else seconds)
            if nudge.is_set() or (moment is not None and self.now() >= moment):
                return

    def _let_go(self) -> None:
        """Wake whoever was held back by a limit that is gone now."""
        now = self.now()
        for nudge, moment in self._waiting.items():
            if moment is not None and moment <= now:
                nudge.set()

    def _real_seconds_until(self, moment: datetime | None) -> float | None:
        if moment is None:
            return None
        left = (moment - self._running()).total_seconds()
        if left <= 0:
            return 0
        return left / self._speed if self._speed > 0 else None

    def _running(self) -> datetime:
        elapsed = (time.monotonic() - self._since) * self._speed
        return self._from + timedelta(seconds=elapsed)

    def _restart(self, moment: datetime, speed: float) -> None:
        self._from, self._since, self._speed = moment, time.monotonic(), float(speed)
        for nudge in self._waiting:
            nudge.set()


async def _nudged(nudge: asyncio.Event, seconds: float | None) -> None:
    """Return once nudged, or after so many real seconds."""
    # Not asyncio.wait_for: in Python 3.11 it loses a cancellation that comes with the nudge, and
    # whoever asked the task to end would wait for ever.
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await nudge.wait()
