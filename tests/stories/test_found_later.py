"""A child not accounted for in one session, and what the next one says of them."""

from collections.abc import AsyncIterator
from datetime import time

import pytest

from apbot.domain.calendar import at
from apbot.domain.words import Half, Matter
from apbot.store.cases import list_cases
from apbot.store.database import Database
from apbot.store.registers import find_register
from tests.stories.day import Day, a_day
from tests.stories.groups import scripts
from tests.stories.small_town import MONDAY, a_small_town


@pytest.fixture
async def oakbarn(sqlite: Database) -> AsyncIterator[Day]:
    """Monday of the small town, five to nine, Oakbarn alone."""
    async with a_day(sqlite, at(MONDAY, time(8, 55)), lists=a_small_town()) as day:
        day.only("oakbarn")
        yield day


async def test_who_was_lost_in_the_morning_is_found_by_a_mark_in_the_afternoon(
    oakbarn: Day,
) -> None:
    """What ends an unaccounted case: "the pupil being marked here", in a later session too."""
    await oakbarn.at("09:30")
    await oakbarn.phone("Jo Archer").says("can't find Femi, rest in")
    await oakbarn.at("13:00")
    await oakbarn.phone("Jo Archer").says("all in")

    with oakbarn.house.database.reading() as db:
        lost = [case for case in list_cases(db) if case.shown == "Femi O"]
    assert [(case.matter, case.outcome) for case in lost] == [
        (Matter.UNACCOUNTED, "marked present by Jo Archer, PM")
    ]
    assert "css_case_over" in scripts(oakbarn, "Lena Holt")
    assert "css_case_over" in scripts(oakbarn, "Gill Marsh")
    scripts(oakbarn, "Jo Archer")
    await oakbarn.at("13:40")
    assert "provider_still_unaccounted" not in scripts(oakbarn, "Jo Archer")


async def test_a_child_sought_since_the_morning_is_asked_after_once_every_ten_minutes(
    oakbarn: Day,
) -> None:
    """ "The provider is asked again every 10 minutes": not twice where two sessions miss one."""
    await oakbarn.at("09:30")
    await oakbarn.phone("Jo Archer").says("can't find Femi, rest in")
    await oakbarn.at("13:00")
    await oakbarn.phone("Jo Archer").says("can't find Femi, rest in")
    scripts(oakbarn, "Jo Archer")
    await oakbarn.at("13:29")

    assert scripts(oakbarn, "Jo Archer") == ["provider_still_unaccounted"] * 2


async def test_a_session_that_passed_while_the_bot_was_away_is_escalated(
    sqlite: Database,
) -> None:
    """ "A register whose +30 passed is escalated at once": also one that ended meanwhile."""
    async with a_day(sqlite, at(MONDAY, time(19, 0)), lists=a_small_town()) as day:
        tuesday = MONDAY.replace(day=24)
        day.clock.move_to(at(tuesday, time(12, 20)))
        await day.restarts()
        await day.settle()

        with sqlite.reading() as db:
            missed = find_register(db, "oakbarn", tuesday, Half.AM)
            cases = [case for case in list_cases(db) if case.provider == "oakbarn"]
        assert missed is not None
        assert [case.register for case in cases] == [missed.id]
        assert "css_several" in scripts(day, "Gill Marsh")


async def test_a_word_about_one_pupil_never_ends_the_search_for_another(oakbarn: Day) -> None:
    """What is said of Zara is kept with the one open case, and ends no search for Femi."""
    await oakbarn.at("09:30")
    await oakbarn.phone("Jo Archer").says("can't find Femi, rest in")
    await oakbarn.phone("Gill Marsh").says("Zara is at home, mum rang")

    with oakbarn.house.database.reading() as db:
        (lost,) = list_cases(db)
    assert lost.is_open
    assert lost.notes[-1].words == "Zara is at home, mum rang"
    assert scripts(oakbarn, "Gill Marsh")[-1] == "css_noted_not_taken"
