"""Words that come late, or could be about several cases: none ends what it does not mean."""

from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest

from apbot.domain.calendar import at
from apbot.domain.cases import Case
from apbot.domain.words import Half
from apbot.store.cases import list_cases
from apbot.store.database import Database
from apbot.store.registers import find_register
from tests.stories.day import Day, a_day
from tests.stories.small_town import MONDAY, a_small_town


@pytest.fixture
async def oakbarn(sqlite: Database) -> AsyncIterator[Day]:
    """Monday of the small town, Oakbarn alone: everybody is in at twenty-eight minutes to ten."""
    async with a_day(sqlite, at(MONDAY, time(9, 20)), lists=a_small_town()) as day:
        day.only("oakbarn")
        await day.at("09:32")
        await day.phone("Jo Archer").says("all in, theo is here too")
        yield day


def case_of(day: Day, shown: str) -> Case:
    """The latest case of a pupil."""
    with day.house.database.reading() as db:
        return [case for case in list_cases(db) if case.shown == shown][-1]


async def two_absent(day: Day) -> None:
    """Femi and Aiden are away, and nobody knows why; each is a text of its own."""
    jo = day.phone("Jo Archer")
    await day.at("09:40")
    await jo.says("femi is not here after all, no idea why")
    await day.at("09:45")
    await jo.says("aiden is not here after all, no idea why")
    await day.at("09:50")


async def test_a_late_word_about_a_case_that_is_over_ends_no_other(oakbarn: Day) -> None:
    """ "a late 'K7 done' must not end another case": it says by whom and when that one ended."""
    gill = oakbarn.phone("Gill Marsh")
    await two_absent(oakbarn)
    femi, aiden = case_of(oakbarn, "Femi O"), case_of(oakbarn, "Aiden B")
    await oakbarn.phone("Jo Archer").says("sorry, femi is here")
    gill.forgets()

    await gill.says(f"{femi.ref} done")

    gill.hears("css_over_already", femi.ref, "Jo Archer", "09:50")
    assert case_of(oakbarn, "Aiden B") == aiden


async def test_a_reply_is_about_the_text_that_it_quotes(oakbarn: Day) -> None:
    """The older of two: never the latest, where something else is said."""
    gill = oakbarn.phone("Gill Marsh")
    await two_absent(oakbarn)
    femi = case_of(oakbarn, "Femi O")
    bubble = next(heard.bubble for heard in gill.waiting() if femi.ref in heard.text)
    gill.forgets()

    chat = oakbarn.chats["gill-marsh"]
    oakbarn.telegram.type_text(chat, "done, he is at the dentist", reply_to=int(bubble))
    await oakbarn.settle()

    assert not case_of(oakbarn, "Femi O").is_open
    assert case_of(oakbarn, "Aiden B").is_open


async def test_a_word_that_picks_none_of_two_is_asked_about(oakbarn: Day) -> None:
    """ "never by being the latest"."""
    gill = oakbarn.phone("Gill Marsh")
    await two_absent(oakbarn)
    gill.forgets()

    await gill.says("done")

    gill.hears("css_which_case", "Femi O", "Aiden B")
    assert case_of(oakbarn, "Femi O").is_open
    assert case_of(oakbarn, "Aiden B").is_open


@pytest.mark.parametrize("answer", ["femi", "the first one", "Femi please", "1"])
async def test_what_was_said_is_done_for_the_one_that_is_chosen(oakbarn: Day, answer: str) -> None:
    """Asked which one: a name is as good as a number, and nothing is typed again."""
    gill = oakbarn.phone("Gill Marsh")
    await two_absent(oakbarn)
    gill.forgets()
    await gill.says("mum rang, poorly")
    gill.hears("css_which_case")

    await gill.says(answer)

    assert not case_of(oakbarn, "Femi O").is_open
    assert case_of(oakbarn, "Aiden B").is_open


async def test_an_answer_that_says_more_is_read_for_what_it_says(oakbarn: Day) -> None:
    """ "Femi and Aiden are both poorly" is no choice of what was said before."""
    gill = oakbarn.phone("Gill Marsh")
    await two_absent(oakbarn)
    gill.forgets()
    await gill.says("done")
    gill.hears("css_which_case")

    await gill.says("femi, left a voicemail")

    assert case_of(oakbarn, "Femi O").is_open
    assert case_of(oakbarn, "Aiden B").is_open


async def test_a_pupils_name_picks_the_case(oakbarn: Day) -> None:
    """By pupil, where no ref is typed."""
    gill = oakbarn.phone("Gill Marsh")
    await two_absent(oakbarn)
    await gill.says("femi is ill, spoke to mum")

    assert not case_of(oakbarn, "Femi O").is_open
    assert case_of(oakbarn, "Aiden B").is_open


@pytest.mark.parametrize("named", ["zosia", "zofia", "Zofia Nowak", "nowak", "zosia n"])
async def test_any_name_of_the_pupil_picks_the_case(monday: Day, named: str) -> None:
    """Zofia Nowak goes by Zosia: a contact may say either, and the surname alone."""
    await monday.at("09:02")
    await monday.phone("Bryn Hollis").says("all in bar femi and zofia, no idea why")
    gill = monday.phone("Gill Marsh")
    gill.forgets()

    await gill.says(f"on it, {named}")

    gill.hears("css_taken", "Zosia N")
    await gill.says(f"tell {named}")
    gill.hears("css_parents_told", "Ewa Nowak")
    await gill.says(f"{named} is at home with flu, spoke to mum")
    gill.hears("css_resolved", "Zosia N")
    for name in ("Bryn Hollis", "Ewa Nowak"):
        monday.phone(name).forgets()


async def test_the_only_open_case_needs_no_name(oakbarn: Day) -> None:
    """ "else by being the only open one"."""
    gill = oakbarn.phone("Gill Marsh")
    await oakbarn.phone("Jo Archer").says("femi is not here after all, no idea why")
    await gill.says("done, mum has him")

    assert not case_of(oakbarn, "Femi O").is_open


async def test_a_register_of_yesterday_is_no_longer_the_providers(oakbarn: Day) -> None:
    """ "Marks can be given and corrected until the day ends; later only by the CSS"."""
    jo = oakbarn.phone("Jo Archer")
    on = oakbarn.on
    await oakbarn.until(at(on + timedelta(days=1), time(8, 0)))
    with oakbarn.house.database.reading() as db:
        before = find_register(db, "oakbarn", on, Half.AM)
    await jo.says("femi was absent yesterday")
    await jo.says("sorry, femi is absent")
    asked = next(heard for heard in jo.waiting() if heard.script == "register_prompt")
    chat = oakbarn.chats["jo-archer"]
    oakbarn.telegram.type_text(chat, "femi was absent", reply_to=int(asked.bubble))
    await oakbarn.settle()
    with oakbarn.house.database.reading() as db:
        after = find_register(db, "oakbarn", on, Half.AM)

    assert before is not None
    assert before == after
