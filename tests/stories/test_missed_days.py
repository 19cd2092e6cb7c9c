"""The bot was away for days: what it never asked for is kept, and said once."""

from datetime import time, timedelta

from apbot.domain.calendar import at
from apbot.domain.words import Half
from apbot.store.database import Database
from apbot.store.registers import find_register, list_registers
from tests.stories.day import a_day
from tests.stories.small_town import MONDAY, a_small_town


async def test_days_that_passed_unasked_are_kept_and_told_of_once(sqlite: Database) -> None:
    """A hole in the record would be worse than an empty register; a flood would hide today."""
    async with a_day(sqlite, at(MONDAY, time(19, 0)), lists=a_small_town()) as day:
        gill = day.phone("Gill Marsh")
        for person in day.lists.people.persons:
            day.phone(person.name).forgets()
        thursday = MONDAY + timedelta(days=3)
        day.clock.move_to(at(thursday, time(7, 30)))
        await day.restarts()
        await day.settle()

        gill.hears("css_days_missed", "Tue 24 Nov and Wed 25 Nov", "10 registers", "Fenlane")
        with sqlite.reading() as db:
            for n in (1, 2):
                kept = list_registers(db, MONDAY + timedelta(days=n))
                assert len(kept) == 5
                assert all(not register.entries for register in kept)
            today = find_register(db, "oakbarn", thursday, Half.AM)
        assert today is not None
        await day.at("09:31")
        day.phone("Jo Archer").hears("register_prompt", at="09:30")
        told = [heard.script for heard in gill.waiting()]
        assert "css_days_missed" not in told
        assert len(told) <= 1


async def test_what_was_to_be_told_ahead_of_a_day_that_is_over_is_not_told(
    sqlite: Database,
) -> None:
    """Four o'clock of a missed day is no time to speak of the day after this one."""
    async with a_day(sqlite, at(MONDAY, time(15, 0)), lists=a_small_town()) as day:
        tuesday = MONDAY + timedelta(days=1)
        day.clock.move_to(at(tuesday, time(7, 30)))
        await day.restarts()
        await day.settle()
        ahead = [h for h in day.phone("Jo Archer").waiting() if h.script == "provider_ahead"]
        assert not ahead
