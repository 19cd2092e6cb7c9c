"""The clock: real time, and time that is moved without ever passing what is waited for."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apbot.clock import Clock, MovedClock, SystemClock

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FAST = 1_000_000


def at(minutes: float) -> datetime:
    """So many minutes past nine."""
    return NINE + timedelta(minutes=minutes)


def runs_past(clock: MovedClock, moment: datetime) -> bool:
    """Whether the clock gets past this moment by itself."""
    return any(clock.now() > moment for _ in range(1_000_000))


class Waiter:
    """Somebody who waits for one moment after another and writes down when each came."""

    def __init__(self, clock: MovedClock, *moments: datetime) -> None:
        self.clock = clock
        self.nudge = asyncio.Event()
        self.came: list[datetime] = []
        self._moments = moments
        self._task = asyncio.create_task(self._wait())

    async def _wait(self) -> None:
        for moment in self._moments:
            while self.clock.now() < moment:
                await self.clock.wait_until(moment, self.nudge)
            self.came.append(self.clock.now())
        self.clock.forget(self.nudge)

    async def done(self) -> list[datetime]:
        """Wait for the last of the moments."""
        async with asyncio.timeout(5):
            await self._task
        return self.came


async def waits(
    clock: MovedClock, moment: datetime | None
) -> tuple[asyncio.Event, Awaitable[None]]:
    """Somebody waits for a moment: return the nudge, and what ends when they have waited."""
    nudge = asyncio.Event()
    task = asyncio.create_task(clock.wait_until(moment, nudge))
    await asyncio.sleep(0)
    return nudge, task


def test_a_moved_clock_begins_where_it_is_told() -> None:
    """In UTC, whatever zone it was told in; 0 is paused."""
    summer = datetime(2026, 6, 1, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    clock = MovedClock(summer, 0)

    assert clock.now() == summer
    assert clock.now().utcoffset() == timedelta(0)
    assert (clock.speed, clock.waits_for_work) == (0, True)


def test_a_fast_clock_runs_on_and_a_paused_one_stands() -> None:
    """It goes on from where it is when the speed is changed."""
    clock = MovedClock(NINE, FAST)
    runs = runs_past(clock, NINE)
    clock.run(0)
    paused = clock.now()

    assert runs
    assert paused > NINE
    assert clock.now() == paused


def test_a_clock_is_moved_forward_only() -> None:
    """To a later moment or by a step; to an earlier one, not at all."""
    clock = MovedClock(NINE, 0)
    clock.move_to(at(10))
    clock.move_by(timedelta(minutes=5))
    clock.move_to(at(3))

    assert clock.now() == at(15)


async def test_it_stands_at_a_moment_until_the_work_of_it_is_done() -> None:
    """Moved far past two moments, it is at each of them when its turn comes; then it catches up."""
    clock = MovedClock(NINE, 0)
    waiter = Waiter(clock, at(10), at(20))
    await asyncio.sleep(0)
    clock.move_to(at(60))

    assert clock.now() == at(10)
    assert await waiter.done() == [at(10), at(20)]
    assert clock.now() == at(60)


async def test_nobody_who_waits_is_passed_by_another() -> None:
    """Two waiters: it stands for whoever is first, then for the other."""
    clock = MovedClock(NINE, 0)
    _, first = await waits(clock, at(10))
    nudge, second = await waits(clock, at(20))
    clock.move_to(at(60))
    await first
    stands = clock.now()
    clock.forget(nudge)

    assert stands == at(10)
    await second


async def test_it_waits_for_one_who_has_been_woken_and_not_come_back() -> None:
    """Their work may set what is due next: until then time does not run on."""
    clock = MovedClock(NINE, FAST)
    nudge, woken = await waits(clock, at(10))
    await woken

    assert {clock.now() for _ in range(1000)} == {at(10)}
    clock.forget(nudge)

    assert runs_past(clock, at(10))


async def test_one_who_comes_back_late_finds_their_moment_still_to_come() -> None:
    """However much real time the work took, what it set for a minute later is not passed."""
    clock = MovedClock(NINE, FAST)
    nudge, woken = await waits(clock, at(10))
    await woken
    clock.move_by(timedelta(minutes=30))
    await clock.wait_until(at(11), nudge)

    assert clock.now() == at(11)


async def test_a_nudge_wakes_before_the_moment() -> None:
    """There is something to do now; the nudge is spent by it."""
    clock = MovedClock(NINE, 0)
    nudge, woken = await waits(clock, at(10))
    nudge.set()
    await woken

    assert (clock.now(), nudge.is_set()) == (NINE, False)


async def test_whoever_waits_for_no_moment_is_woken_by_a_nudge_alone() -> None:
    """And does not keep the clock from running on."""
    clock = MovedClock(NINE, FAST)
    nudge, woken = await waits(clock, None)
    assert runs_past(clock, at(60))
    nudge.set()

    await woken


async def test_one_who_stops_waiting_holds_nobody_up() -> None:
    """Cancelled, their moment is forgotten."""
    clock = MovedClock(NINE, 0)
    waiting = asyncio.create_task(clock.wait_until(at(10), asyncio.Event()))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    clock.move_to(at(30))

    assert clock.now() == at(30)


async def test_a_held_clock_stands_while_the_work_is_done() -> None:
    """By one or by several; the lost time is made up when the last lets go."""
    clock = MovedClock(NINE, 0)
    with clock.held():
        clock.move_to(at(10))
        with clock.held():
            inside = clock.now()
        between = clock.now()

    assert (inside, between, clock.now()) == (NINE, NINE, at(10))


async def test_a_held_clock_runs_on_though_the_work_fails() -> None:
    """Whatever was raised."""
    clock = MovedClock(NINE, 0)
    with suppress(ZeroDivisionError), clock.held():
        clock.move_to(at(10))
        raise ZeroDivisionError

    assert clock.now() == at(10)


async def test_to_move_a_paused_clock_wakes_whoever_waits_for_it() -> None:
    """A paused clock has no timer: the moving itself wakes them."""
    clock = MovedClock(NINE, 0)
    waiter = Waiter(clock, at(10))
    await asyncio.sleep(0)
    clock.move_by(timedelta(minutes=10))

    assert await waiter.done() == [at(10)]


async def test_a_change_of_speed_wakes_whoever_waits() -> None:
    """Paused, then fast: the wait ends in time."""
    clock = MovedClock(NINE, 0)
    waiter = Waiter(clock, at(10))
    await asyncio.sleep(0)
    clock.run(FAST)

    assert await waiter.done() == [at(10)]


moments = st.lists(st.integers(1, 120), min_size=1, max_size=6)


@given(st.lists(moments, min_size=1, max_size=4), st.sampled_from([0, 60, FAST]))
def test_whoever_waits_is_woken_at_their_own_moments(plans: list[list[int]], speed: float) -> None:
    """Any number of waiters, any moments, any speed: nobody is early, and nobody is late."""

    async def play() -> None:
        clock = MovedClock(NINE, 0)
        everybody = [Waiter(clock, *(at(m) for m in sorted(plan))) for plan in plans]
        await asyncio.sleep(0)
        clock.run(speed)
        clock.move_to(at(121))
        for plan, waiter in zip(plans, everybody, strict=True):
            assert await waiter.done() == [at(m) for m in sorted(plan)]
        assert clock.now() >= at(121)

    asyncio.run(play())


steps = st.lists(
    st.one_of(
        st.tuples(st.just("move by"), st.integers(-30, 30)),
        st.tuples(st.just("move to"), st.integers(-30, 120)),
        st.tuples(st.just("run"), st.sampled_from([0, 1, 60, FAST])),
        st.tuples(st.just("hold"), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.integers(-10, 60)),
        st.tuples(st.just("forget"), st.just(0)),
    ),
    max_size=20,
)


@given(steps)
def test_time_never_goes_back(given_steps: list[tuple[str, int]]) -> None:
    """Whatever is done to the clock, a later look shows no earlier moment."""

    async def play() -> None:
        clock = MovedClock(NINE, 0)
        nudge = asyncio.Event()
        seen = clock.now()
        for what, value in given_steps:
            if what == "move by":
                clock.move_by(timedelta(minutes=value))
            elif what == "move to":
                clock.move_to(at(value))
            elif what == "run":
                clock.run(value)
            elif what == "hold":
                with clock.held():
                    clock.move_by(timedelta(minutes=value))
            elif what == "wait":
                nudge.set()
                await clock.wait_until(at(value), nudge)
            else:
                clock.forget(nudge)
            assert clock.now() >= seen
            seen = clock.now()

    asyncio.run(play())


async def test_real_time_is_aware_and_moves_by_itself() -> None:
    """And waits for nobody's work."""
    clock = SystemClock()
    before = clock.now()
    with clock.held():
        inside = clock.now()
    clock.forget(asyncio.Event())

    assert before.utcoffset() == timedelta(0)
    assert before <= inside <= clock.now()
    assert not clock.waits_for_work


async def test_a_real_wait_ends_at_its_moment_or_at_a_nudge() -> None:
    """A moment that has passed is no wait; one that is to come is waited for, unless nudged."""
    clock, nudge = SystemClock(), asyncio.Event()
    await clock.wait_until(clock.now() - timedelta(seconds=1), nudge)
    coming = clock.now() + timedelta(milliseconds=20)
    await clock.wait_until(coming, nudge)
    late = clock.now() - coming
    nudge.set()
    async with asyncio.timeout(5):
        await clock.wait_until(clock.now() + timedelta(hours=1), nudge)
        asyncio.get_running_loop().call_soon(nudge.set)
        await clock.wait_until(None, nudge)

    assert timedelta(milliseconds=-2) <= late
    assert not nudge.is_set()


@pytest.mark.parametrize("turns", [0, 1, 2])
@pytest.mark.parametrize("clock", [SystemClock(), MovedClock(NINE, 1)], ids=["real", "moved"])
async def test_one_who_is_told_to_end_while_being_nudged_ends(clock: Clock, turns: int) -> None:
    """Else a process that is asked to stop would wait for that one for ever."""
    nudge = asyncio.Event()
    task = asyncio.create_task(clock.wait_until(clock.now() + timedelta(hours=1), nudge))
    await asyncio.sleep(0)
    nudge.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    is_told_in_time = task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled() == is_told_in_time
