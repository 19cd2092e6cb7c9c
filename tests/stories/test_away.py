from datetime import date, time

import pytest

from apbot.domain.calendar import at
from apbot.domain.words import Half
from apbot.store.database import Database
from apbot.store.registers import find_register
from tests.stories.day import a_day

MORNING = at(date(2026, 11, 23), time(8, 55))


async def test_a_register_that_fell_due_while_the_bot_was_away_is_escalated_at_once(
    sqlite: Database,
) -> None:
    """It says that the bot was away, and whether the provider was ever asked."""
    async with a_day(sqlite, MORNING) as before:
        before.only("alder-farm")
    async with a_day(sqlite, at(date(2026, 11, 23), time(9, 47))) as after:
        after.phone("Gill Marsh").hears(
            "css_register_missing_away", "they were never asked", at="09:47:05"
        )
        after.phone("Bryn Hollis").hears("register_prompt", at="09:47:00")
        after.phone("Bryn Hollis").hears("provider_css_told")


@pytest.mark.parametrize("killed_at", ["09:00", "09:03", "09:10", "09:29"])
async def test_killed_and_started_again_nothing_is_lost_and_nothing_doubled(
    sqlite: Database, killed_at: str
) -> None:
    """Prompts and chases that went are not sent again; the alarm comes to the second."""
    texts = []
    async with a_day(sqlite, MORNING) as before:
        before.only("alder-farm")
        await before.at(killed_at)
        moment = before.clock.now()
        texts += [h.script for h in before.phone("Bryn Hollis").waiting()]
    async with a_day(sqlite, moment) as after:
        await after.at("09:30")
        texts += [h.script for h in after.phone("Bryn Hollis").waiting()]
        after.phone("Gill Marsh").hears("css_register_missing", at="09:30:05")

    assert texts == [
        "register_prompt",
        "register_chase",
        "register_chase",
        "register_chase",
        "provider_css_told",
    ]


async def test_a_reply_that_was_kept_before_a_crash_is_read_after_it(sqlite: Database) -> None:
    """A happening is kept before anybody reads it."""
    async with a_day(sqlite, MORNING) as before:
        before.only("alder-farm")
        await before.at("09:00")
        before.telegram.type_text(before.chats["bryn-hollis"], "all in")
        await before.telegram.idle()
        moment = before.clock.now()
    async with a_day(sqlite, moment) as after:
        await after.settle()
        with sqlite.reading() as db:
            register = find_register(db, "alder-farm", after.on, Half.AM)
        assert register is not None
        assert len(register.marks) == 6


async def test_the_same_hook_twice_is_one_reply(sqlite: Database) -> None:
    """Networks repeat themselves."""
    async with a_day(sqlite, MORNING) as day:
        day.only("cog-lane")
        await day.at("09:15")
        day.twilio.inbound_twice = True
        await day.phone("Ken Ridley").says("all in")

        scripts = [heard.script for heard in day.phone("Ken Ridley").waiting()]
        assert scripts == ["register_prompt", "read_back"]
