"""Every written dialogue is true: it is played, and a text that it does not tell of fails it."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

import pytest

from apbot.domain.calendar import at
from apbot.sandbox.dialogues import Dialogue, Step
from apbot.sandbox.handsets import Arrival
from apbot.sandboxed import read_dialogues
from apbot.store.database import Database
from tests.stories.day import REPO, Day, Heard, OwnersPhone, a_day

WRITTEN = read_dialogues(REPO / "conversations" / "dialogues")

REF = re.compile(r"\b[A-Z]\d{1,2}\b")


def named(written: dict[str, Any]) -> str:
    """How pytest names the test of a dialogue."""
    return str(written["name"])


@pytest.mark.parametrize("written", WRITTEN, ids=named)
async def test_the_dialogue_is_true(sqlite: Database, written: dict[str, Any]) -> None:
    """Each text that it tells of comes, in time; any other fails it, unless it says so itself."""
    dialogue = Dialogue.of(written)
    left_out = set(written.get("leaves_out") or ())
    on = dialogue.on or date(2026, 11, 23)
    assert dialogue.start is not None
    async with a_day(sqlite, at(on, min(dialogue.start, time(8, 55)))) as day:
        people = day.lists.people
        cast = {person.key for person in people.persons if person.name in dialogue.phones}
        day.only(*(staff.provider for staff in people.staff if staff.person in cast))
        talk = iter(dialogue.steps)
        for step in written["steps"]:
            if "away_until" in step:
                await be_away(day, at(on, time.fromisoformat(step["away_until"])))
            elif "switches" in step:
                await play_switch(day, step)
            else:
                await play(day, next(talk))
        untold = [
            (name, heard.clock, heard.script)
            for name in sorted(dialogue.phones)
            for heard in waiting(day.phone(name))
        ]
        assert {one for one in untold if one[2] not in left_out} == set()
        assert left_out <= {script for _, _, script in untold}
        for name in written.get("hears_nothing") or ():
            assert not waiting(day.phone(name)), f"{name} hears {waiting(day.phone(name))}"


@pytest.mark.parametrize("written", WRITTEN, ids=named)
def test_a_dialogue_can_be_read_by_anybody(written: dict[str, Any]) -> None:
    """It has a title and says what it is about; no ref, which on the page may be another one."""
    assert written["title"]
    assert written["about"]
    for step in written["steps"]:
        for kind in ("hears", "says", "taps"):
            assert not REF.search(str(step.get(kind) or "")), step


async def play(day: Day, step: Step) -> None:
    """Do what the step says; a text that it hears must have come."""
    if step.at is not None:
        await day.at(step.at.strftime("%H:%M:%S"))
    if step.phone is None:
        return
    phone = day.phone(step.phone)
    if step.hears is not None:
        heard = [one for one in waiting(phone) if step.hears in one.text]
        assert heard, f"{step.phone} does not hear {step.hears!r}: {waiting(phone)}"
        phone.heard.add((heard[0].network, heard[0].bubble))
    if step.says is not None:
        await phone.says(step.says)
    if step.taps is not None:
        await phone.taps(step.taps)


async def play_switch(day: Day, step: Mapping[str, Any]) -> None:
    """A phone goes off, or on again."""
    if "at" in step:
        await day.at(step["at"])
    is_off = {"off": True, "on": False}[step["switches"]]
    for thread in day.phone(step["phone"]).threads:
        if thread.network == "telegram":
            day.telegram.switch_off(int(thread.address), is_off=is_off)
        else:
            day.twilio.switch_off(thread.address, is_off=is_off)
    await day.settle()


async def be_away(day: Day, until: datetime) -> None:
    """The bot's own process is gone, and comes up again at this moment."""
    day.clock.move_to(until)
    await day.restarts()
    await day.settle()


def waiting(phone: OwnersPhone) -> list[Heard]:
    """What came and was not told yet. What the network refused (WhatsApp does) nobody sees."""
    refused = {
        (thread.network, bubble.id)
        for thread in phone.threads
        for bubble in thread.bubbles
        if bubble.state is Arrival.FAILED
    }
    return [one for one in phone.waiting() if (one.network, one.bubble) not in refused]
