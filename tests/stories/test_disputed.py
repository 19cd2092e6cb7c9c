"""A parent says that a child is at home, whom the register has as there."""

import pytest

from apbot.domain.words import Mark, Matter
from apbot.store.cases import list_cases
from apbot.store.registers import list_registers
from tests.stories.day import Day

IN_BED = "whats this about jack being there, hes in bed at home with me i rang in"


def opened(day: Day) -> list[tuple[Matter, str | None]]:
    """The open cases: the matter and the pupil; each is looked at again."""
    with day.house.database.reading() as db:
        cases = list_cases(db, only_open=True)
    assert all(case.look_at is not None for case in cases)
    return [(case.matter, case.shown) for case in cases]


def mark_of(day: Day, pupil: str) -> Mark | None:
    """How the pupil stands on the latest register of the farm that has a mark of them."""
    with day.house.database.reading() as db:
        registers = list_registers(db, day.on, ["alder-farm"])
    marks = [e.mark for r in registers for e in r.standing.values() if e.pupil == pupil]
    return marks[-1] if marks else None


def hears_the_rest(day: Day) -> None:
    """What else came is of no interest to the story."""
    for person in day.lists.people.persons:
        day.phone(person.name).forgets()


async def all_are_in(day: Day) -> None:
    """Bryn says so at four minutes past nine."""
    await day.at("09:04")
    await day.phone("Bryn Hollis").says("all in")
    hears_the_rest(day)


async def test_a_child_marked_in_who_is_at_home_by_the_parent_is_an_alarm(monday: Day) -> None:
    """To key contact and lead at once, with the mark, who gave it and when; the provider looks."""
    await all_are_in(monday)
    await monday.at("09:40")
    lisa, bryn = monday.phone("Lisa Tanner"), monday.phone("Bryn Hollis")
    await lisa.says(IN_BED)

    lisa.hears("parent_disputed_noted", at="09:40")
    for name in ("Gill Marsh", "Lena Frost"):
        monday.phone(name).hears(
            "css_parent_alarm",
            "Jack Ta",
            IN_BED,
            "Lisa Tanner 07700 900405",
            "The register says in, marked 09:04 by Bryn Hollis.",
            at="09:40",
        )
    asked = bryn.hears("provider_disputed", "Jack Ta", at="09:40")
    assert "bed" not in asked.text
    assert opened(monday) == [(Matter.UNACCOUNTED, "Jack Ta")]


async def test_the_same_mark_said_again_does_not_end_it(monday: Day) -> None:
    """ "He is here" is what was said before: a person finds out, and Bryn is asked no more."""
    await all_are_in(monday)
    await monday.phone("Lisa Tanner").says("jack is ill in bed today")
    for name in ("Lisa Tanner", "Gill Marsh", "Lena Frost", "Bryn Hollis"):
        monday.phone(name).forgets()
    await monday.phone("Bryn Hollis").says("jack tanner is here")

    for name in ("Gill Marsh", "Lena Frost"):
        monday.phone(name).hears("css_staff_wrote", "jack tanner is here")
    monday.phone("Bryn Hollis").forgets()
    await monday.phone("Gill Marsh").says("on it")
    await monday.at("09:25")
    assert opened(monday) == [(Matter.UNACCOUNTED, "Jack Ta")]
    monday.phone("Bryn Hollis").hears_nothing()
    monday.phone("Gill Marsh").forgets()
    monday.phone("Lena Frost").forgets()
    await monday.phone("Lisa Tanner").says("i told you hes in bed")

    monday.phone("Gill Marsh").hears("css_parent_wrote", "i told you hes in bed")
    assert opened(monday) == [(Matter.UNACCOUNTED, "Jack Ta")]
    hears_the_rest(monday)


async def test_a_contact_who_finds_that_the_parent_is_right_puts_the_mark_right(
    monday: Day,
) -> None:
    """The end is told to whoever was told, and the register says why the child is away."""
    await all_are_in(monday)
    await monday.phone("Lisa Tanner").says(IN_BED)
    for name in ("Lisa Tanner", "Gill Marsh", "Lena Frost", "Bryn Hollis"):
        monday.phone(name).forgets()
    await monday.phone("Gill Marsh").says("spoke to mum, he's at home ill")

    monday.phone("Gill Marsh").hears("css_resolved")
    monday.phone("Lena Frost").hears("css_case_over")
    assert mark_of(monday, "jack-tanner") is Mark.ABSENT
    assert opened(monday) == []
    monday.phone("Bryn Hollis").hears("provider_outcome")


async def test_who_ends_it_with_done_alone_hears_that_the_mark_stands(monday: Day) -> None:
    """A child must not stay "in" because nobody thought of it."""
    await all_are_in(monday)
    await monday.phone("Lisa Tanner").says(IN_BED)
    hears_the_rest(monday)
    await monday.phone("Gill Marsh").says("done")

    monday.phone("Gill Marsh").hears("css_resolved", "The register still says in")
    hears_the_rest(monday)


async def test_that_the_mark_was_wrong_and_the_child_then_came_ends_it(monday: Day) -> None:
    """Taken back, and given again: that is news."""
    await all_are_in(monday)
    await monday.phone("Lisa Tanner").says("jack isnt coming in today")
    assert opened(monday) == [(Matter.UNACCOUNTED, "Jack Ta")]
    await monday.phone("Bryn Hollis").says("sorry, jack tanner off")
    assert opened(monday) == [(Matter.UNACCOUNTED, "Jack Ta")]
    await monday.at("09:50")
    await monday.phone("Bryn Hollis").says("jack tanner has just come in")

    assert opened(monday) == []
    hears_the_rest(monday)


async def test_the_morning_s_absence_does_not_swallow_what_is_said_of_the_afternoon(
    monday: Day,
) -> None:
    """Off in the morning, marked in after lunch, and ill all night by her mother: an alarm."""
    await monday.at("09:02")
    await monday.phone("Bryn Hollis").says("all in bar femi")
    await monday.at("12:48")
    await monday.phone("Bryn Hollis").says("all in, femi is here")
    hears_the_rest(monday)
    await monday.at("13:10")
    await monday.phone("Joy Okafor").says("femis not well hes been sick all night")

    monday.phone("Joy Okafor").hears("parent_disputed_noted")
    for name in ("Gill Marsh", "Lena Frost"):
        heard = monday.phone(name).hears("css_parent_alarm", "Femi O", "sick all night")
        assert "The register says in, marked 12:48 by Bryn Hollis." in heard.text
        monday.phone(name).hears_nothing()
    monday.phone("Bryn Hollis").hears("provider_disputed", "Femi O")
    monday.phone("Bryn Hollis").hears_nothing()
    assert opened(monday) == [(Matter.UNACCOUNTED, "Femi O")]
    hears_the_rest(monday)


async def test_what_is_a_concern_as_well_is_read_by_the_lead_alone(monday: Day) -> None:
    """The key contact hears the alarm, and not why the mother is afraid."""
    await all_are_in(monday)
    joy, gill, lena = (monday.phone(n) for n in ("Joy Okafor", "Gill Marsh", "Lena Frost"))
    await joy.says("femi is at home with me, his dad hit him last night")

    joy.hears("parent_concern_passed_on")
    heard = gill.hears("css_parent_alarm", "Femi O", "only the safeguarding lead may read this")
    assert "hit him" not in heard.text
    gill.hears_nothing()
    lena.hears("css_concern", "hit him last night")
    lena.hears("css_parent_alarm", "Femi O")
    hears_the_rest(monday)


@pytest.mark.parametrize(
    "words",
    [
        "jack has dentist at 2, can you let him out",
        "jack wont be in tomorrow",
        "he was off sick yesterday",
        "will he be home by 3?",
        "i am not well so his nan fetches him today",
        "jack will be off this afternoon",
        "im at home if you need me",
    ],
)
async def test_news_of_another_hour_or_of_the_parent_disputes_no_mark(
    monday: Day, words: str
) -> None:
    """A flood teaches people to look away."""
    await all_are_in(monday)
    await monday.phone("Lisa Tanner").says(words)

    assert [matter for matter, _ in opened(monday)] == [Matter.QUESTION]
    hears_the_rest(monday)


async def test_home_when_the_session_is_over_disputes_nothing(monday: Day) -> None:
    """He came home."""
    await all_are_in(monday)
    await monday.at("12:40")
    await monday.phone("Lisa Tanner").says("jack is home now, thanks for today")

    assert [matter for matter, _ in opened(monday)] == [Matter.QUESTION]
    hears_the_rest(monday)


@pytest.mark.parametrize(
    ("register", "words", "doubted"),
    [
        ("all in", "shes poorly in bed", ["Pearl Q", "Ruby Q"]),
        ("all in", "pearl is poorly in bed", ["Pearl Q"]),
        ("all in but ruby", "shes poorly in bed", []),
    ],
)
async def test_of_two_sisters_it_is_the_one_who_is_not_there(
    monday: Day, register: str, words: str, doubted: list[str]
) -> None:
    """Where both are marked in and neither is named, both are looked for."""
    await monday.at("09:34")
    await monday.phone("Wren Astley").says(register)
    hears_the_rest(monday)
    await monday.at("09:40")
    await monday.phone("Mark Quayle").says(words)

    sought = [shown for matter, shown in opened(monday) if matter is Matter.UNACCOUNTED]
    assert sorted(name or "" for name in sought) == doubted
    hears_the_rest(monday)
