"""Who hears of a case when nobody takes it on, and when whoever has it is asked: every ladder."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import time, timedelta

import pytest

from apbot.desk.enrolment import take_lists
from apbot.domain.calendar import at
from apbot.domain.people import Contact, People, Span
from apbot.domain.words import Matter
from apbot.store.cases import list_cases
from apbot.store.database import Database
from apbot.store.lists import Lists
from tests.stories.day import Day, a_day
from tests.stories.small_town import CONTACTS, DEV, GILL, LENA, MONDAY, RAVI, a_small_town

GILLS, RAVIS, LENAS, DEVS = ("Gill", "Ravi", "Lena", "Dev")
ALL = {GILLS, RAVIS, LENAS, DEVS}

Begins = Callable[..., AbstractAsyncContextManager[Day]]


@pytest.fixture
def begins(sqlite: Database) -> Begins:
    """Monday of the small town, from twenty past nine, Oakbarn alone."""

    @asynccontextmanager
    async def begin(change: Callable[[Lists], Lists] = lambda lists: lists) -> AsyncIterator[Day]:
        lists = change(a_small_town())
        async with a_day(sqlite, at(MONDAY, time(9, 20)), lists=lists) as day:
            day.only("oakbarn")
            yield day

    return begin


@pytest.fixture
async def oakbarn(begins: Begins) -> AsyncIterator[Day]:
    """The same, with the lists as they are."""
    async with begins() as day:
        yield day


async def all_in_but(day: Day, words: str) -> None:
    """Everybody is in at Oakbarn; at ten Jo says something of one of them."""
    await day.at("09:31")
    await day.phone("Jo Archer").says("all in, theo is here too")
    await day.at("10:00")
    for person in day.lists.people.persons:
        day.phone(person.name).forgets()
    await day.phone("Jo Archer").says(words)


def told(day: Day, *scripts: str) -> dict[str, set[str]]:
    """Which contacts heard a text of these scripts, by the minute."""
    heard: dict[str, set[str]] = {}
    for person in CONTACTS:
        for text in day.phone(person.name).waiting():
            if text.script in scripts:
                heard.setdefault(text.clock[:5], set()).add(person.name.split()[0])
    return heard


def away(*keys: str) -> Callable[[Lists], Lists]:
    """The same lists, with these contacts on leave."""

    def change(lists: Lists) -> Lists:
        def one(contact: Contact) -> Contact:
            leave = (Span(MONDAY, MONDAY),) if contact.person in keys else ()
            return replace(contact, leave=leave)

        people: People = replace(
            lists.people, contacts=tuple(one(contact) for contact in lists.people.contacts)
        )
        return replace(lists, people=people)

    return change


def matters(day: Day, *, only_open: bool = True) -> Sequence[Matter]:
    """What is open."""
    with day.house.database.reading() as db:
        return [case.matter for case in list_cases(db, only_open=only_open)]


LOST = ("css_unaccounted", "css_unaccounted_still")


async def test_one_who_cannot_be_found_climbs_by_the_minute(oakbarn: Day) -> None:
    """Key contact and lead at once, cover at + 5, all at + 10, then every ten minutes."""
    await all_in_but(oakbarn, "can't find Femi")
    await oakbarn.at("10:31")

    assert told(oakbarn, *LOST) == {
        "10:00": {GILLS, LENAS},
        "10:05": {RAVIS},
        "10:10": ALL,
        "10:20": ALL,
        "10:30": ALL,
    }


async def test_whoever_looks_for_a_child_is_asked_after_a_quarter_of_an_hour(oakbarn: Day) -> None:
    """ "asked after 15 min; the ladder goes on if there is no answer"."""
    await all_in_but(oakbarn, "can't find Femi")
    await oakbarn.at("10:02")
    await oakbarn.phone("Gill Marsh").says("on it")
    await oakbarn.at("10:28")

    assert told(oakbarn, "css_outcome_wanted") == {"10:17": {GILLS}}
    # Cover is overdue by then, and all are: a minute apart.
    assert told(oakbarn, *LOST) == {"10:00": {GILLS, LENAS}, "10:27": {RAVIS}, "10:28": ALL}


async def test_an_absence_goes_to_cover_after_half_an_hour(oakbarn: Day) -> None:
    """ "cover at + 30", and nobody else is troubled."""
    await all_in_but(oakbarn, "femi is off, no idea why")
    await oakbarn.at("11:55")

    assert told(oakbarn, "css_absences") == {"10:00": {GILLS}, "10:30": {RAVIS}}


async def test_an_absence_taken_on_is_asked_after_two_hours(oakbarn: Day) -> None:
    """ "asked after 2 h"."""
    await all_in_but(oakbarn, "femi is off, no idea why")
    await oakbarn.at("10:05")
    await oakbarn.phone("Gill Marsh").says("on it")
    await oakbarn.at("12:06")

    assert told(oakbarn, "css_outcome_wanted") == {"12:05": {GILLS}}


async def test_an_absence_taken_on_late_is_asked_at_the_days_end(oakbarn: Day) -> None:
    """ "and at the day's end": it is not carried into the night unasked."""
    await all_in_but(oakbarn, "femi is off, no idea why")
    await oakbarn.at("13:01")
    await oakbarn.phone("Jo Archer").says("all in")
    await oakbarn.at("16:10")
    await oakbarn.phone("Gill Marsh").says("on it")
    for person in CONTACTS:
        oakbarn.phone(person.name).forgets()
    await oakbarn.at("17:01")

    assert told(oakbarn, "css_outcome_wanted") == {"17:00": {GILLS}}


async def test_a_concern_goes_to_the_lead_the_deputy_and_all(oakbarn: Day) -> None:
    """Lead at once, deputy at + 5, all CSS staff at + 10, word for word."""
    await all_in_but(oakbarn, "femi has bruises all over his arms")
    await oakbarn.at("10:12")

    assert told(oakbarn, "css_concern") == {"10:00": {LENAS}, "10:05": {DEVS}, "10:10": ALL}


async def test_a_concern_is_ended_by_its_lead_or_deputy_alone(oakbarn: Day) -> None:
    """Whoever else says that it is done is heard, and it stays open."""
    await all_in_but(oakbarn, "femi has bruises all over his arms")
    await oakbarn.at("10:11")
    for person in CONTACTS:
        oakbarn.phone(person.name).forgets()
    await oakbarn.phone("Gill Marsh").says("done, spoke to him")
    oakbarn.phone("Gill Marsh").hears("css_lead_ends")
    assert matters(oakbarn) == [Matter.CONCERN]

    await oakbarn.phone("Dev Kaur").says("done, social worker has him")

    oakbarn.phone("Dev Kaur").hears("css_resolved")
    assert matters(oakbarn) == []


async def test_a_provider_that_is_shut_goes_to_cover_and_is_asked_after(oakbarn: Day) -> None:
    """Key contact at once, cover at + 30; taken on, it is asked after 1 h."""
    await oakbarn.at("09:31")
    await oakbarn.phone("Jo Archer").says("we're shut today, boiler has gone")
    await oakbarn.at("10:02")
    assert told(oakbarn, "css_closed") == {"09:31": {GILLS}, "10:01": {RAVIS}}

    await oakbarn.phone("Ravi Nair").says("on it")
    await oakbarn.at("11:03")

    assert told(oakbarn, "css_outcome_wanted") == {"11:02": {RAVIS}}


async def test_a_question_goes_to_cover_too(oakbarn: Day) -> None:
    """Nobody who asks is left waiting because one contact is in a meeting."""
    await all_in_but(oakbarn, "what time is the bus today?")
    await oakbarn.at("10:31")

    assert told(oakbarn, "css_question") == {"10:00": {GILLS}, "10:30": {RAVIS}}


async def test_a_rung_with_nobody_on_it_is_skipped_at_once(begins: Begins) -> None:
    """Cover is on leave: at + 5 it is all, and not at + 10."""
    async with begins(away(RAVI.key)) as day:
        await all_in_but(day, "can't find Femi")
        await day.at("10:06")

        assert told(day, *LOST) == {"10:00": {GILLS, LENAS}, "10:05": {GILLS, LENAS, DEVS}}


async def test_a_concern_without_its_lead_goes_to_the_deputy_in_the_same_second(
    begins: Begins,
) -> None:
    """Nobody waits five minutes for somebody who is on leave."""
    async with begins(away(LENA.key)) as day:
        await all_in_but(day, "femi has bruises all over his arms")

        assert told(day, "css_concern") == {"10:00": {DEVS}}


async def test_whoever_is_on_leave_is_passed_over(begins: Begins) -> None:
    """ "Whoever is off duty today (rota, leave) is passed over": her cover is the first told."""
    async with begins(away(GILL.key)) as day:
        await all_in_but(day, "femi is off, no idea why")

        assert told(day, "css_absences") == {"10:00": {RAVIS}}
        await day.at("11:00")
        assert day.phone("Gill Marsh").waiting() == []


async def test_whoever_does_not_work_that_weekday_is_passed_over(begins: Begins) -> None:
    """The rota counts as leave does."""

    def tuesdays(lists: Lists) -> Lists:
        contacts = tuple(
            replace(one, days=frozenset({1})) if one.person == GILL.key else one
            for one in lists.people.contacts
        )
        return replace(lists, people=replace(lists.people, contacts=contacts))

    async with begins(tuesdays) as day:
        await all_in_but(day, "femi is off, no idea why")

        assert told(day, "css_absences") == {"10:00": {RAVIS}}


async def test_an_edit_of_the_policy_changes_nothing_that_was_promised(oakbarn: Day) -> None:
    """ "A policy is stamped on a register when it opens": half an hour stays half an hour."""
    await oakbarn.at("09:45")
    policy = oakbarn.lists.policies["after"]
    slower = replace(policy, missing_after=timedelta(minutes=90))
    lists = replace(oakbarn.lists, policies={**oakbarn.lists.policies, "after": slower})
    with oakbarn.house.database.writing() as db:
        take_lists(db, lists, oakbarn.clock.now())
    await oakbarn.at("10:01")

    assert told(oakbarn, "css_register_missing") == {"10:00": {GILLS}}


async def test_nobody_else_is_told_while_somebody_has_it(oakbarn: Day) -> None:
    """ "An acknowledgement stops the next step"; it does not end the case."""
    await all_in_but(oakbarn, "femi is off, no idea why")
    await oakbarn.at("10:20")
    await oakbarn.phone("Gill Marsh").says("ok")
    await oakbarn.at("11:50")

    assert told(oakbarn, "css_absences") == {"10:00": {GILLS}}
    assert matters(oakbarn) == [Matter.ABSENCE]


def test_every_contact_of_the_town_is_on_a_ladder() -> None:
    """Else a story above would prove less than it says."""
    assert {person.key for person in CONTACTS} == {GILL.key, RAVI.key, LENA.key, DEV.key}
