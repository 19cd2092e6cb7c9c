"""Each promise of any day can be broken: one that no day could break would promise nothing."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import time
from types import SimpleNamespace
from typing import Any

import pytest

from apbot.domain.calendar import at
from apbot.store.database import Database
from tests.stories.day import a_day
from tests.stories.promises import (
    PROMISES,
    Kept,
    every_open_case_is_looked_at_again,
    look,
    no_pupil_is_forgotten,
    nobody_is_told_twice_of_one_cause,
    the_end_is_told_to_all_who_were_told,
    the_provider_hears_every_outcome,
)
from tests.stories.small_town import MONDAY, a_small_town

Promise = Callable[[Kept, Kept], None]


@pytest.fixture
async def morning(sqlite: Database) -> AsyncIterator[tuple[Kept, Kept]]:
    """Femi is absent, and Gill ends that; Aiden is sought, and nobody has him yet."""
    lists = a_small_town()
    async with a_day(sqlite, at(MONDAY, time(9, 25)), lists=lists) as day:
        await day.at("09:31")
        await day.phone("Jo Archer").says("femi off, no idea why. cant find aiden. rest in")
        before = look(sqlite, lists, day.clock.now())
        await day.at("10:02")
        await day.phone("Gill Marsh").says("femi is ill, spoke to mum")
        yield before, look(sqlite, lists, day.clock.now())


def a_row(row: Any, **changed: object) -> Any:
    """The same row of the outbox, changed."""
    return SimpleNamespace(**{**row._mapping, **changed})


def no_next_look(now: Kept) -> Kept:
    """The deadlines of all cases are gone."""
    return replace(now, deadlines={k: v for k, v in now.deadlines.items() if k[0] != "case"})


def told_again(now: Kept) -> Kept:
    """The latest text to a contact went twice."""
    last = [row for row in now.outbox.values() if row.script == "css_resolved"][-1]
    return replace(now, outbox={**now.outbox, 9_999: a_row(last, id=9_999)})


def no_case_of_anybody(now: Kept) -> Kept:
    """Nobody follows anything."""
    return replace(now, cases={})


def the_provider_hears_nothing(now: Kept) -> Kept:
    """What goes back to the provider was left out."""
    kept = {id: row for id, row in now.outbox.items() if row.script != "provider_outcome"}
    return replace(now, outbox=kept)


def an_end_that_nobody_hears(now: Kept) -> Kept:
    """Whoever else was told of Femi's absence hears no end of it."""
    cases = {
        id: replace(case, told=("gill-marsh", "dev-kaur")) if not case.is_open else case
        for id, case in now.cases.items()
    }
    began = [row for row in now.outbox.values() if row.script.startswith("css_abs")][-1]
    outbox = {**now.outbox, 9_998: a_row(began, id=9_998, person="dev-kaur")}
    return replace(now, cases=cases, outbox=outbox)


async def test_every_promise_holds_on_this_morning(morning: tuple[Kept, Kept]) -> None:
    """Else what breaks below would prove nothing."""
    for promise in PROMISES:
        promise(*morning)


@pytest.mark.parametrize(
    ("promise", "broken"),
    [
        (every_open_case_is_looked_at_again, no_next_look),
        (nobody_is_told_twice_of_one_cause, told_again),
        (no_pupil_is_forgotten, no_case_of_anybody),
        (the_provider_hears_every_outcome, the_provider_hears_nothing),
        (the_end_is_told_to_all_who_were_told, an_end_that_nobody_hears),
    ],
    ids=lambda one: one.__name__,
)
async def test_a_promise_that_is_broken_is_seen(
    morning: tuple[Kept, Kept], promise: Promise, broken: Callable[[Kept], Kept]
) -> None:
    """Told twice, no next look, a pupil forgotten, a provider that hears no outcome."""
    before, now = morning
    with pytest.raises(AssertionError):
        promise(before, broken(now))
