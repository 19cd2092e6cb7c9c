"""Every written dialogue is true: it is played, and a text that it does not tell of fails it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

import pytest

from apbot.desk.enrolment import take_lists
from apbot.domain.calendar import at
from apbot.domain.people import Person, Staff
from apbot.sandbox.dialogues import OF_NETWORKS, Dialogue, Step
from apbot.sandbox.handsets import Arrival
from apbot.sandboxed import read_dialogues
from apbot.store.database import Database
from tests.stories.day import REPO, Day, Heard, OwnersPhone, a_day
from tests.stories.groups import Group, GroupPhone

WRITTEN = read_dialogues(REPO / "conversations" / "dialogues")

REF = re.compile(r"\b[A-Z]\d{1,2}\b")


def named(written: dict[str, Any]) -> str:
    """How pytest names the test of a dialogue."""
    return str(written["name"])


@dataclass(frozen=True)
class Stage:
    """A day, and the phones on it; a group is a phone of its title."""

    day: Day
    groups: dict[str, GroupPhone] = field(default_factory=dict)

    def phone(self, name: str) -> OwnersPhone:
        """The phone of this name."""
        return self.groups[name] if name in self.groups else self.day.phone(name)


@pytest.mark.parametrize("written", WRITTEN, ids=named)
async def test_the_dialogue_is_true(sqlite: Database, written: dict[str, Any]) -> None:
    """Each text that it tells of comes, in time; any other fails it, unless it says so itself."""
    dialogue = Dialogue.of(written)
    left_out = set(written.get("leaves_out") or ())
    on = dialogue.on or date(2026, 11, 23)
    assert dialogue.start is not None
    async with a_day(sqlite, at(on, min(dialogue.start, time(8, 55)))) as day:
        people = day.lists.people
        names = {*dialogue.phones, *(dialogue.group.people if dialogue.group else ())}
        cast = {person.key for person in people.persons if person.name in names}
        day.only(*(staff.provider for staff in people.staff if staff.person in cast))
        stage = Stage(day)
        await gather(stage, dialogue)
        office = dict(written.get("office") or {})
        talk = iter(dialogue.steps)
        for step in written["steps"]:
            if office and step.get("at", "") >= office["at"]:
                await load(day, office)
                office.clear()
            await play(stage, step, talk)
        untold = [
            (name, heard.clock, heard.script)
            for name in sorted({*dialogue.phones, *stage.groups})
            for heard in waiting(stage.phone(name))
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


async def gather(stage: Stage, dialogue: Dialogue) -> None:
    """Make the dialogue's group, if it has one."""
    if dialogue.group is None or dialogue.start is None:
        return
    await stage.day.at(dialogue.start.strftime("%H:%M"))
    title = dialogue.group.title
    group = Group(stage.day, *dialogue.group.people, title=title)
    stage.groups[title] = GroupPhone(group, title)
    await stage.day.settle()


async def load(day: Day, office: Mapping[str, Any]) -> None:
    """The office takes these people out of its lists, puts those in, and loads them."""
    await day.at(office["at"])
    people = day.lists.people
    gone = {person.key for person in people.persons if person.name in office.get("leaves", ())}
    new = [(one["name"].casefold().replace(" ", "-"), one) for one in office.get("starts", ())]
    people = replace(
        people,
        persons=(
            *(one for one in people.persons if one.key not in gone),
            *(Person(key, one["name"], one["mobile"]) for key, one in new),
        ),
        staff=(
            *(one for one in people.staff if one.person not in gone),
            *(Staff(key, one["provider"]) for key, one in new),
        ),
    )
    day.lists = replace(day.lists, people=people)
    with day.house.database.writing() as db:
        take_lists(db, day.lists, day.clock.now())
    await day.settle()


async def play(stage: Stage, written: Mapping[str, Any], talk: Iterator[Step]) -> None:
    """Do what the step says. What is no talk is for this reader alone."""
    if "away_until" in written:
        await be_away(stage.day, written["away_until"])
    elif "switches" in written:
        next(talk)
        await play_switch(stage.day, written)
    else:
        await play_talk(stage, next(talk))


async def play_talk(stage: Stage, step: Step) -> None:
    """Type, tap, or hear a text that must have come."""
    if step.at is not None:
        await stage.day.at(step.at.strftime("%H:%M"))
    if step.phone is None:
        return
    phone = stage.phone(step.phone)
    if step.hears is not None:
        heard = [one for one in waiting(phone) if step.hears in one.text]
        assert heard, f"{step.phone} does not hear {step.hears!r}: {waiting(phone)}"
        phone.heard.add((heard[0].network, heard[0].bubble))
    if step.says is not None:
        await phone.says(step.says, step.network)
    if step.taps is not None:
        await phone.taps(step.taps, step.network)


async def play_switch(day: Day, step: Mapping[str, Any]) -> None:
    """A phone goes off, or on again; blocks the bot, or lets it in; a network goes down, or up."""
    if "at" in step:
        await day.at(step["at"])
    switch = step["switches"]
    if switch in OF_NETWORKS:
        faults = day.telegram.faults if step["network"] == "telegram" else day.twilio.faults
        (faults.take_down if switch == "down" else faults.bring_up)()
        return
    if switch in ("blocked", "unblocked"):
        assert step["network"] == "telegram"
        chat = int(day.phone(step["phone"]).threads[0].address)
        day.telegram.block(chat, is_blocked=switch == "blocked")
        await day.settle()
        return
    is_off = switch == "off"
    for thread in day.phone(step["phone"]).threads:
        if thread.network == "telegram":
            day.telegram.switch_off(int(thread.address), is_off=is_off)
        else:
            day.twilio.switch_off(thread.address, is_off=is_off)
    await day.settle()


async def be_away(day: Day, until: str) -> None:
    """The bot's own process is gone, and another one comes up at this time of the day."""
    day.clock.move_to(at(day.on, time.fromisoformat(until)))
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
