"""What is of no more use is not sent: not late, not another way, and to nobody in their place."""

from datetime import time, timedelta

from apbot.desk.answered import OF_CASES, OF_REGISTERS
from apbot.desk.signing_in import USEFUL_FOR, send_code
from apbot.domain.calendar import at
from apbot.store.outbox import OutboxState
from apbot.store.said import list_outbox
from apbot.wording.scripts import Scripts
from tests.stories.day import Day
from tests.stories.groups import Group

BRYN, GILL, RAVI = "Bryn Hollis", "Gill Marsh", "Ravi Anand"
KEN = "+447700900106"


def heard_by(day: Day, name: str) -> list[str]:
    """What this person's phones have heard, in order."""
    return [heard.script for heard in day.phone(name).waiting()]


def _until(day: Day, when: str) -> timedelta:
    return at(day.on, time.fromisoformat(when)) - day.clock.now()


async def test_networks_that_come_back_after_the_session_bring_nothing_of_it_to_staff(
    monday: Day,
) -> None:
    """No prompt, no chase, no "the CSS has been told"; the contacts still hear, and once."""
    monday.telegram.faults.take_down()
    monday.twilio.faults.take_down()
    await monday.at("12:05")
    monday.telegram.faults.bring_up()
    monday.twilio.faults.bring_up()
    await monday.at("12:12")

    assert heard_by(monday, BRYN) == []
    assert heard_by(monday, "Owen Crake") == []
    for name in (GILL, RAVI):
        told = [s for s in heard_by(monday, name) if s.startswith("css_register_missing")]
        assert len(told) == 1, told
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_a_prompt_that_did_not_arrive_while_we_were_away_is_put_to_nobody_else_now(
    town: Day,
) -> None:
    """Ken's phone was off; the bot comes up when his session is over: Tasha is not asked at one."""
    town.only("cog-lane")
    town.twilio.switch_off(KEN)
    await town.at("09:16")
    town.clock.move_by(_until(town, "12:30"))
    await town.restarts()
    await town.settle()

    assert heard_by(town, "Tasha Ridley") == []
    heard = heard_by(town, GILL)
    assert [script for script in heard if script != "css_register_missing_away"] == []


async def test_nor_to_each_of_a_group_that_could_not_be_written_to(monday: Day) -> None:
    """The group's prompt waited for Telegram, and the bot was away until the session was over."""
    group = Group(monday, BRYN)
    await monday.settle()
    monday.telegram.faults.take_down()
    await monday.at("09:01")
    monday.clock.move_by(_until(monday, "12:10"))
    await monday.restarts()
    await monday.settle()
    monday.telegram.faults.bring_up()
    await monday.at("12:20")

    assert group.news() == ["group_tied"]
    assert heard_by(monday, BRYN) == []
    for name in (GILL, RAVI, "Owen Crake", "Nadia Karim"):
        monday.phone(name).forgets()


async def test_a_phone_that_comes_on_gets_the_prompt_and_no_chase_of_before(town: Day) -> None:
    """Each chase takes the place of the one before: the network is told how long it may try."""
    town.only("cog-lane")
    await town.at("09:15")
    town.phone("Ken Ridley").hears("register_prompt")
    town.twilio.switch_off(KEN)
    await town.at("09:50")
    town.twilio.switch_off(KEN, is_off=False)
    await town.at("09:51")

    with town.house.database.reading() as db:
        mine = [row for row in list_outbox(db) if row.person == "ken-ridley"]
    arrived = [row.script for row in mine if row.state is OutboxState.DELIVERED]
    assert arrived == ["register_prompt", "provider_css_told"]


async def test_a_code_for_the_board_that_comes_too_late_does_not_come(monday: Day) -> None:
    """It opens nothing any more, and would only be asked about."""
    monday.telegram.faults.take_down()
    monday.twilio.faults.take_down()
    desk = monday.house.engine.desk
    with desk.database.writing() as db:
        send_code(db, desk, "gill-marsh", "123456", monday.clock.now())
    await monday.until(monday.clock.now() + USEFUL_FOR)
    monday.telegram.faults.bring_up()
    monday.twilio.faults.bring_up()
    await monday.until(monday.clock.now() + timedelta(minutes=6))

    assert "sign_in_code" not in heard_by(monday, GILL)
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


def test_texts_that_may_be_over_are_texts_that_there_are(scripts: Scripts) -> None:
    """A text that is given another name would else be sent for ever, however late."""
    assert [name for name in OF_REGISTERS | OF_CASES if name not in scripts] == []
