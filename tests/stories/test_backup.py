from datetime import date, time
from pathlib import Path

from apbot.domain.calendar import at
from apbot.store.backup import back_up, restore
from apbot.store.database import Database
from tests.stories.day import a_day

MORNING = at(date(2026, 11, 23), time(8, 55))


async def test_a_day_goes_on_from_a_copy_that_was_made_in_the_middle_of_it(
    sqlite: Database, tmp_path: Path
) -> None:
    """The machine was lost at twelve past: who was asked is chased, and the alarm is punctual."""
    async with a_day(sqlite, MORNING) as before:
        before.only("alder-farm")
        await before.at("09:05")
        before.phone("Bryn Hollis").hears("register_prompt")
        back_up(sqlite, tmp_path / "copy.db")
        await before.at("09:12")
        before.phone("Bryn Hollis").hears("register_chase")
        moment = before.clock.now()
    restore(sqlite, tmp_path / "copy.db", moment)

    async with a_day(sqlite, moment) as after:
        after.phone("Bryn Hollis").hears("register_chase", at="09:12:00")
        await after.at("09:19")
        await after.phone("Bryn Hollis").says("chloe off, rest in")
        after.phone("Bryn Hollis").hears("read_back")
        after.phone("Gill Marsh").hears("css_absences")
