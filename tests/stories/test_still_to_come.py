"""A parent says that the child is still to come: that is news, and no end of anything."""

import pytest

from apbot.domain.words import Matter
from apbot.store.cases import list_cases
from tests.stories.day import Day
from tests.stories.test_disputed import all_are_in, hears_the_rest, opened

BROKEN_DOWN = "Sorry Femi is coming, the car broke down, be there 10 o clock"
AT_THE_DOCTORS = "I did say, hes at the doctors for a blood test and will be in by 11"


async def femi_is_away(day: Day) -> None:
    """Bryn does not know why."""
    await day.at("09:29")
    await day.phone("Bryn Hollis").says("all in bar femi")
    hears_the_rest(day)


async def test_who_is_still_to_come_stays_open_and_the_provider_hears_the_hour(
    monday: Day,
) -> None:
    """Bryn hears when, and nothing of blood; the contact reads the words."""
    await femi_is_away(monday)
    await monday.phone("Joy Okafor").says(AT_THE_DOCTORS)

    monday.phone("Joy Okafor").hears("parent_noted")
    monday.phone("Gill Marsh").hears("css_parent_coming", "blood test", "I ask there at 11:00")
    heard = monday.phone("Bryn Hollis").hears("provider_coming", "Femi O (AM)", "there by 11:00")
    assert "blood" not in heard.text
    assert opened(monday) == [(Matter.ABSENCE, "Femi O")]
    await monday.at("10:59")
    for name in ("Gill Marsh", "Ravi Anand", "Bryn Hollis"):
        monday.phone(name).hears_nothing()

    await monday.at("11:00")
    monday.phone("Bryn Hollis").hears("provider_expected", "by 11:00", at="11:00")
    await monday.phone("Bryn Hollis").says("yes")
    monday.phone("Bryn Hollis").hears("read_back_change", "Femi O in")
    monday.phone("Gill Marsh").hears("css_case_over", "Femi O")
    assert opened(monday) == []
    hears_the_rest(monday)


async def test_who_does_not_come_by_then_is_not_accounted_for(monday: Day) -> None:
    """Ten minutes after the hour: key contact and lead, with the parent's words; Bryn is asked."""
    await femi_is_away(monday)
    await monday.phone("Joy Okafor").says(BROKEN_DOWN)
    assert opened(monday) == [(Matter.ABSENCE, "Femi O")]
    await monday.at("10:09")
    hears_the_rest(monday)
    await monday.at("10:10")

    for name in ("Gill Marsh", "Lena Frost"):
        monday.phone(name).hears(
            "css_parent_alarm",
            "NOT ACCOUNTED FOR (Alder Farm AM)",
            "the car broke down",
            "Femi O was to be there by 10:00.",
            at="10:10",
        )
        monday.phone(name).hears_nothing()
    monday.phone("Bryn Hollis").hears("provider_not_come", "Femi O", "by 10:00", at="10:10")
    assert opened(monday) == [(Matter.UNACCOUNTED, "Femi O")]
    await monday.phone("Bryn Hollis").says("yes hes here now")
    assert opened(monday) == []
    hears_the_rest(monday)


async def test_who_is_on_the_way_is_looked_for_after_half_an_hour(monday: Day) -> None:
    """Nobody said when: he is asked after at ten past ten, and sought ten minutes later."""
    await femi_is_away(monday)
    await monday.at("09:40")
    await monday.phone("Joy Okafor").says("hes on his way")
    monday.phone("Bryn Hollis").hears("provider_on_the_way", "Femi O")
    await monday.at("10:10")
    monday.phone("Bryn Hollis").hears("provider_expected", "by 10:10", at="10:10")
    hears_the_rest(monday)
    await monday.at("10:20")
    monday.phone("Lena Frost").hears("css_parent_alarm", "Femi O", at="10:20")
    hears_the_rest(monday)


async def test_who_is_not_coming_after_all_is_explained(monday: Day) -> None:
    """The last word counts: nobody looks for a child who is in bed."""
    await femi_is_away(monday)
    await monday.phone("Joy Okafor").says("he will be in by 11")
    await monday.phone("Joy Okafor").says("sorry hes been sick, not coming in today")
    assert opened(monday) == []
    await monday.at("11:30")
    hears_the_rest(monday)
    with monday.house.database.reading() as db:
        assert Matter.UNACCOUNTED not in {case.matter for case in list_cases(db)}


MISSED_HER_STOP = "Chloe has just rung me from the bus shes missed her stop, will be 15 mins late"


async def test_one_on_the_bus_who_is_marked_in_is_an_alarm(monday: Day) -> None:
    """One of the two is wrong: Bryn looks, key contact and lead hear what the register says."""
    await all_are_in(monday)
    await monday.at("09:06")
    kev = monday.phone(parent_of(monday, "chloe-davies"))
    await kev.says(MISSED_HER_STOP)

    kev.hears("parent_disputed_noted")
    for name in ("Gill Marsh", "Lena Frost"):
        said = "The register says in, marked 09:04 by Bryn Hollis."
        monday.phone(name).hears("css_parent_alarm", "Chloe D", "missed her stop", said)
    monday.phone("Bryn Hollis").hears("provider_disputed_coming", "Chloe D", "on the way")
    assert opened(monday) == [(Matter.UNACCOUNTED, "Chloe D")]
    hears_the_rest(monday)


@pytest.mark.parametrize(
    "words",
    [
        "running late to collect him, be there 12.15",
        "im bringing his inhaler, be there in 20",
        "can you tell him ill be late picking him up",
        "he was late this morning sorry, bus",
    ],
)
async def test_a_parents_own_way_is_no_child_on_the_way(monday: Day, words: str) -> None:
    """The contact reads it; nobody is alarmed over a child who is there."""
    await all_are_in(monday)
    await monday.at("09:36")
    await monday.phone("Joy Okafor").says(words)
    assert [matter for matter, _ in opened(monday)] == [Matter.QUESTION]
    hears_the_rest(monday)


def parent_of(day: Day, pupil: str) -> str:
    """The name of a pupil's first parent."""
    people = day.lists.people
    key = next(parent.person for parent in people.parents_of([pupil]))
    return next(person.name for person in people.persons if person.key == key)


async def test_one_who_was_said_to_be_ill_and_is_coming_is_looked_for(monday: Day) -> None:
    """Bryn had heard that he is ill; his mother says that he is on the way. One must find out."""
    await monday.at("09:04")
    await monday.phone("Bryn Hollis").says("all in but femi, ill")
    hears_the_rest(monday)
    await monday.at("09:20")
    await monday.phone("Joy Okafor").says("femi missed the bus, will be in by 10")

    monday.phone("Joy Okafor").hears("parent_noted")
    monday.phone("Gill Marsh").hears("css_parent_coming", "I ask there at 10:00")
    monday.phone("Bryn Hollis").hears("provider_coming", "there by 10:00")
    assert opened(monday) == [(Matter.ABSENCE, "Femi O")]
    await monday.phone("Bryn Hollis").says("chloe has gone home ill")
    assert (Matter.ABSENCE, "Femi O") in opened(monday)
    await monday.at("10:11")
    assert (Matter.UNACCOUNTED, "Femi O") in opened(monday)
    hears_the_rest(monday)
