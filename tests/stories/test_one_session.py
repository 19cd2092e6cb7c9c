"""The register of one session, row by row of the table: what is said, and what follows from it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import time, timedelta

import pytest

from apbot.domain.calendar import at
from apbot.domain.cases import Case
from apbot.domain.register import RegisterState
from apbot.domain.words import Half, Mark, Matter
from apbot.store.cases import list_cases
from apbot.store.database import Database
from apbot.store.registers import find_register
from tests.stories.day import Day, a_day
from tests.stories.small_town import MONDAY, a_small_town

TEN = timedelta(minutes=10)


@pytest.fixture
async def oakbarn(sqlite: Database) -> AsyncIterator[Day]:
    """Monday of the small town, Oakbarn alone, from twenty past nine."""
    async with a_day(sqlite, at(MONDAY, time(9, 20)), lists=a_small_town()) as day:
        day.only("oakbarn")
        yield day


def cases(day: Day) -> Sequence[Case]:
    """Every case, oldest first."""
    with day.house.database.reading() as db:
        return list_cases(db)


async def test_the_prompt_numbers_the_pupils_and_says_how_to_answer(oakbarn: Day) -> None:
    """On the channel that each prefers; who is known to be away is shown, and who starts later."""
    await oakbarn.at("09:31")
    jo = oakbarn.phone("Jo Archer").hears("register_prompt", at="09:30:00")
    assert jo.network == "telegram"
    for line in ("1 Aiden B", "2 Chloe D (away: ill)", "3 Femi O", "5 Theo W (from 10:15)"):
        assert line in jo.text.splitlines()
    assert "tell me who is missing" in jo.text
    sam = oakbarn.phone("Sam Field").hears("register_prompt", "Reply ALL IN", at="09:30:00")
    assert sam.network == "sms"
    oakbarn.phone("Bev Stone").hears_nothing()


async def test_only_whose_timetable_has_this_half_is_on_it(oakbarn: Day) -> None:
    """Rosa is here in the mornings alone: after lunch she is another place's to ask about."""
    await oakbarn.at("09:31")
    jo = oakbarn.phone("Jo Archer")
    assert "Rosa Q" in jo.hears("register_prompt").text
    await jo.says("all in, theo is here too")
    jo.forgets()
    await oakbarn.at("13:01")

    assert "Rosa Q" not in jo.hears("register_prompt", at="13:00").text


@pytest.mark.parametrize(
    "words", ["all in, theo is here too", "all in but chloe. theo is here too"]
)
async def test_a_known_absence_opens_no_case(oakbarn: Day, words: str) -> None:
    """It was told beforehand: nobody is asked again why, said again or not."""
    await oakbarn.at("09:31")
    await oakbarn.phone("Jo Archer").says(words)
    await oakbarn.at("10:50")

    assert cases(oakbarn) == ()


async def test_one_who_is_on_the_way_for_half_an_hour_is_not_accounted_for(oakbarn: Day) -> None:
    """ "still unmarked or `awaited`": a bus is no place to be for half an hour, unasked."""
    await oakbarn.at("09:31")
    await oakbarn.phone("Jo Archer").says("femi is on the way, rest in, theo is here too")
    await oakbarn.at("09:59:59")
    assert cases(oakbarn) == ()
    await oakbarn.at("10:00:01")

    assert [(case.matter, case.shown) for case in cases(oakbarn)] == [
        (Matter.UNACCOUNTED, "Femi O")
    ]


async def test_a_start_of_the_pupils_own_has_its_own_half_hour(oakbarn: Day) -> None:
    """ "every clock below that speaks of a pupil runs from the pupil's own start"."""
    await oakbarn.at("09:31")
    await oakbarn.phone("Jo Archer").says("all in")
    await oakbarn.at("10:14:59")
    oakbarn.phone("Sam Field").forgets()
    await oakbarn.at("10:15")
    oakbarn.phone("Sam Field").hears("register_prompt_later", "Theo W is due at 10:15", at="10:15")
    await oakbarn.at("10:44:59")
    assert cases(oakbarn) == ()
    await oakbarn.at("10:45")

    assert [(case.matter, case.shown) for case in cases(oakbarn)] == [
        (Matter.UNACCOUNTED, "Theo W")
    ]


async def test_three_absent_are_one_text_with_a_line_each(oakbarn: Day) -> None:
    """ "one message a register, a line a pupil, never a flood"."""
    gill = oakbarn.phone("Gill Marsh")
    await oakbarn.at("09:31")
    await oakbarn.phone("Jo Archer").says("rosa and theo here. aiden and femi off, no idea why")
    await oakbarn.at("09:40")

    text = gill.hears("css_absences", at="09:31")
    assert [line.split(",")[0] for line in text.text.splitlines()[1:3]] == ["Aiden B", "Femi O"]
    gill.hears_nothing()


async def test_an_absence_is_told_with_its_reason_the_pupils_start_and_whom_to_ring(
    oakbarn: Day,
) -> None:
    """Theo starts at a quarter past ten: Gill need not look anything up before she rings."""
    gill = oakbarn.phone("Gill Marsh")
    await oakbarn.at("09:32")
    await oakbarn.phone("Jo Archer").says("all in")
    await oakbarn.at("10:20")
    await oakbarn.phone("Jo Archer").says("theo is refusing to come")

    heard = gill.hears("css_absences", "Theo W, start 10:15, refusing", at="10:20")
    assert "Ring Jo Archer 07700 900501, Sam Field 07700 900502 or 07700 900601" in heard.text


async def test_a_late_register_still_tells_of_whom_it_has_as_away(oakbarn: Day) -> None:
    """The missing register is over, and the absence is a case of its own."""
    await oakbarn.at("10:05")
    gill = oakbarn.phone("Gill Marsh")
    gill.hears("css_register_missing", at="10:00")
    await oakbarn.phone("Jo Archer").says("sorry, late. all in but femi, dont know why")
    await oakbarn.at("10:07")

    told = " ".join(heard.text for heard in gill.waiting())
    assert "Femi O, reason not known" in told
    assert [(c.matter, c.shown) for c in cases(oakbarn) if c.is_open] == [
        (Matter.ABSENCE, "Femi O")
    ]


async def test_one_provider_may_have_minutes_of_its_own(sqlite: Database) -> None:
    """ "each can be changed for the whole service or for one provider": Fenlane's are ten."""
    town = a_small_town()
    sooner = replace(
        town.policies["default"], chase_after=(timedelta(minutes=5),), missing_after=TEN
    )
    lists = replace(town, policies={**town.policies, "default": sooner})
    async with a_day(sqlite, at(MONDAY, time(9, 20)), lists=lists) as day:
        await day.at("10:09:59")
        started_at_ten = [case for case in cases(day) if case.provider == "fenlane"]
        assert started_at_ten == []
        await day.at("10:10")

        (case,) = [case for case in cases(day) if case.provider == "fenlane"]
        assert case.matter is Matter.MISSING_REGISTER
        asked = [heard.clock[:5] for heard in day.phone("Una Bright").waiting()]
        assert asked == ["10:00", "10:05", "10:10"]
        opened = {case.provider: case.opened_at for case in cases(day)}
        assert opened["oakbarn"] == at(MONDAY, time(10, 0))


@pytest.mark.parametrize(
    ("words", "is_open"),
    [
        ("femi is ill, rest in, theo is here too", False),
        ("femi has the dentist, rest in, theo is here too", False),
        ("femi is off, no idea why, rest in, theo is here too", True),
        ("femi is refusing, rest in, theo is here too", True),
        ("femi is off, rest in, theo is here too", True),
    ],
)
async def test_a_reason_that_explains_wants_no_answer(
    oakbarn: Day, words: str, is_open: bool
) -> None:
    """Illness and appointments are told; unknown, refusing and no reason want somebody."""
    await oakbarn.at("09:31")
    await oakbarn.phone("Jo Archer").says(words)

    (case,) = cases(oakbarn)
    assert (case.matter, case.is_open) == (Matter.ABSENCE, is_open)
    heard = oakbarn.phone("Gill Marsh").waiting()
    assert [text.script for text in heard] == [
        "css_absences" if is_open else "css_absences_explained"
    ]


@pytest.mark.parametrize(
    ("morning", "matter"),
    [
        ("all in, theo is here too", Matter.UNACCOUNTED),
        ("all in, theo is here too, femi came late at 9:40", Matter.UNACCOUNTED),
        ("all in, theo is here too. femi went home at 9:31, mum collected", Matter.ABSENCE),
    ],
)
async def test_one_who_was_there_in_the_morning_and_is_not_after_lunch(
    oakbarn: Day, morning: str, matter: Matter
) -> None:
    """ "was `present` or `late` in the AM, without leave": did not come back, not absent."""
    jo = oakbarn.phone("Jo Archer")
    await oakbarn.at("09:45")
    await jo.says(morning)
    await oakbarn.at("13:01")
    await jo.says("all in except femi")

    assert [case.matter for case in cases(oakbarn)][-1:] == [matter]


async def test_a_provider_that_is_shut_is_a_case_with_who_was_due_and_no_marks(
    oakbarn: Day,
) -> None:
    """ "the CSS must say where the pupils are to be. No marks"."""
    await oakbarn.at("09:31")
    await oakbarn.phone("Jo Archer").says("we're shut today, boiler has gone")
    oakbarn.phone("Gill Marsh").hears("css_closed", "Aiden B, Femi O, Rosa Q and Theo W")
    await oakbarn.at("10:50")

    with oakbarn.house.database.reading() as db:
        register = find_register(db, "oakbarn", oakbarn.on, Half.AM)
    assert register is not None
    assert (register.state, register.closed_by) == (RegisterState.CLOSED, "jo-archer")
    assert register.marks == {}
    assert [case.matter for case in cases(oakbarn)] == [Matter.CLOSED]


async def test_what_one_says_the_others_who_were_asked_read(oakbarn: Day) -> None:
    """ "Several staff may answer; all of them get the read-back of what another changed"."""
    sam = oakbarn.phone("Sam Field")
    await oakbarn.at("09:31")
    await oakbarn.phone("Jo Archer").says("all in, theo is here too")
    sam.hears("register_prompt")
    sam.hears("read_back_colleague", "from Jo Archer")
    oakbarn.phone("Jo Archer").forgets()
    await sam.says("femi is ill, he went home")

    oakbarn.phone("Jo Archer").hears("read_back_colleague", "from Sam Field", "Femi O")


async def test_a_prompt_that_is_of_no_more_use_is_not_sent(sqlite: Database) -> None:
    """The bot was away all morning: the key contact hears of it, and nobody is asked at one."""
    async with a_day(sqlite, at(MONDAY, time(9, 0)), lists=a_small_town()) as day:
        day.only("oakbarn")
        day.clock.move_by(timedelta(hours=3, minutes=30))
        await day.restarts()
        await day.settle()

        asked = [heard.script for heard in day.phone("Jo Archer").waiting()]
        assert "register_prompt" not in asked
        day.phone("Gill Marsh").hears("css_register_missing_away", "they were never asked")


async def test_whoever_comes_though_known_to_be_away_is_in(oakbarn: Day) -> None:
    """ "that mark wins and the CSS hears of it"."""
    await oakbarn.at("09:31")
    await oakbarn.phone("Jo Archer").says("all in, theo is here too, and chloe came after all")

    with oakbarn.house.database.reading() as db:
        register = find_register(db, "oakbarn", oakbarn.on, Half.AM)
    assert register is not None
    assert register.marks[2] in (Mark.PRESENT, Mark.LATE)
    oakbarn.phone("Gill Marsh").hears("css_came_after_all", "Chloe D")


async def test_once_the_css_knows_nobody_is_told_that_it_will_hear(town: Day) -> None:
    """Lily starts at a quarter past ten; that there is no register is known since ten."""
    town.only("hazel-copse")
    await town.at("10:26")
    people = {person.key: person.name for person in town.lists.people.persons}
    staff = [one for one in town.lists.people.staff if one.provider == "hazel-copse"]
    heard = [text for one in staff for text in town.phone(people[one.person]).waiting()]
    late = [one for one in heard if one.clock >= "10:16"]
    assert {one.script for one in late} == {"register_chase_known"}
    assert all("The CSS knows" in one.text and "is told at" not in one.text for one in late)
