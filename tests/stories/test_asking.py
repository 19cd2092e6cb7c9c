from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from apbot.domain.calendar import at, local
from apbot.domain.register import RegisterState
from apbot.domain.words import Half, Mark
from apbot.store.database import Database
from apbot.store.registers import find_register, list_registers
from apbot.store.tables import deadlines
from tests.stories.day import Day, a_day


async def test_thirty_minutes_of_silence_reach_the_key_contact(monday: Day) -> None:
    """A provider who says nothing is chased twice; at thirty minutes its key contact is told."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:00")
    bryn.hears("register_prompt", "Alder Farm AM, starts 09:00", "2 Chloe D", at="09:00:00")
    await monday.at("09:10")
    bryn.hears("register_chase", "09:30", at="09:10:00")
    await monday.at("09:20")
    bryn.hears("register_chase", at="09:20:00")
    bryn.hears("register_chase", at="09:20:00")
    monday.phone("Owen Crake").hears("register_prompt", at="09:20:00")

    await monday.at("09:29:59")
    monday.expect_silence()
    await monday.at("09:30")

    gill.hears(
        "css_register_missing", "No AM register from Alder Farm", "Bryn Hollis", at="09:30:05"
    )
    bryn.hears("provider_css_told")
    monday.phone("Owen Crake").hears("provider_css_told")
    await gill.says("on it")
    gill.hears("css_taken")
    await monday.at("09:59:59")


async def test_a_register_is_read_back_and_kept(monday: Day) -> None:
    """All in, in two words: everybody due is present, and the sender hears it."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:00")
    bryn.hears("register_prompt")
    await bryn.says("all in")

    bryn.hears("read_back", "All 6 in")

    with monday.house.database.reading() as db:
        register = find_register(db, "alder-farm", monday.on, Half.AM)
    assert register is not None
    assert register.state is RegisterState.COMPLETE
    assert set(register.marks.values()) == {Mark.PRESENT}
    entry = register.entries[0]
    assert (entry.was, entry.by_name, entry.how) == (None, "Bryn Hollis", "text")
    assert entry.inbox is not None
    await monday.at("11:00")


async def test_an_absence_is_told_at_once_and_the_others_are_asked_for(monday: Day) -> None:
    """One exception alone leaves the rest unmarked: nobody is assumed to be there."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:00")
    bryn.hears("register_prompt")
    await bryn.says("chloe ill")
    bryn.hears("ask_rest_present", "Chloe D off (ill).", "Aiden B, Femi O")
    gill.hears("css_absences_explained", "Chloe D, ill")

    await bryn.says("yes")

    bryn.hears("read_back", "Off: Chloe D (ill)", "In: Aiden B")
    await monday.at("11:00")


async def test_a_correction_is_an_entry_of_its_own(monday: Day) -> None:
    """Nothing is overwritten: the entry says what it was before, and the case ends."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    bryn.hears("register_prompt")
    await bryn.says("all in except chloe")
    bryn.hears("read_back", "Off: Chloe D")
    gill.hears("css_absences", "Chloe D, no reason given")
    await monday.at("09:20")
    await bryn.says("chloe just turned up")

    bryn.hears("read_back_change", "Chloe D late")
    gill.hears("css_case_over", "Chloe D")
    with monday.house.database.reading() as db:
        register = find_register(db, "alder-farm", monday.on, Half.AM)
    assert register is not None
    assert [(e.was, e.mark) for e in register.entries if e.pupil == "chloe-davies"] == [
        (None, Mark.ABSENT),
        (Mark.ABSENT, Mark.LATE),
    ]


async def test_a_late_register_ends_the_case_and_all_who_were_told_hear_so(monday: Day) -> None:
    """The ladder climbs until the register comes; then everybody on it hears that it is over."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:40")
    bryn.forgets()
    monday.phone("Owen Crake").forgets()
    monday.phone("Gill Marsh").hears("css_register_missing", at="09:30:05")
    monday.phone("Ravi Anand").hears("css_register_missing", "40 min after 09:00", at="09:40:05")

    await bryn.says("sorry all in")

    bryn.hears("read_back", "All 6 in")
    monday.phone("Owen Crake").hears("read_back_colleague", "from Bryn Hollis")
    monday.phone("Gill Marsh").hears("css_register_came", "6 in", "Over: K1")
    monday.phone("Ravi Anand").hears("css_register_came", "6 in")
    await monday.at("11:00")


async def test_nobody_is_asked_when_nobody_is_due(sqlite: Database) -> None:
    """A bank holiday, half term, an INSET day, a weekend: no register is planned."""
    async with a_day(sqlite, at(date(2026, 10, 28), time(8, 55))) as half_term:
        await half_term.at("12:00")
        half_term.expect_silence()
        with sqlite.reading() as db:
            assert list_registers(db, half_term.on) == ()


async def test_the_morning_after_the_clocks_change_is_asked_at_nine_on_the_wall(
    sqlite: Database,
) -> None:
    """Half term ends a week after 25 October; 09:00 is 09:00 GMT then, and 08:00 UTC in summer."""
    async with a_day(sqlite, at(date(2026, 11, 3), time(8, 55))) as winter:
        winter.only("alder-farm")
        await winter.at("09:00")
        heard = winter.phone("Bryn Hollis").hears("register_prompt", at="09:00:00")
        assert heard.at.hour == 9
    assert local(at(date(2027, 4, 12), time(9, 0))).hour == 9
    assert at(date(2027, 4, 12), time(9, 0)).hour == 8


@pytest.mark.parametrize(
    ("eve", "hour_after"), [(date(2026, 10, 24), 4), (date(2027, 3, 27), 3)], ids=["back", "on"]
)
async def test_days_are_planned_at_four_on_the_wall_across_a_clock_change(
    sqlite: Database, eve: date, hour_after: int
) -> None:
    """Sunday has 25 hours in October and 23 in March: four in the morning is four all the same."""
    async with a_day(sqlite, at(eve, time(23, 0))) as day:
        await day.until(at(eve + timedelta(days=1), time(12, 0)))
        with sqlite.reading() as db:
            planned_at = db.scalar(select(deadlines.c.due_at).where(deadlines.c.kind == "plan"))
        assert planned_at == at(eve + timedelta(days=2), time(4, 0))
        assert planned_at.hour == hour_after
        day.expect_silence()


async def test_a_pupil_with_a_start_of_their_own_is_asked_for_then(town: Day) -> None:
    """The clocks that speak of a pupil run from the pupil's own start."""
    with town.house.database.reading() as db:
        registers = list_registers(db, town.on)
    later = [
        (register, line)
        for register in registers
        for line in register.roster
        if line.starts_at > register.starts_at and line.known_absence is None
    ]
    assert later, "the town has a pupil with a start of their own on a Monday"
    register, line = later[0]
    assert line.starts_at + register.policy.missing_after in [m.at for m in register.moments()]
