"""Every written dialogue is true: it is played, and a text that it does not tell of fails it."""

from datetime import date, time
from typing import Any

import pytest

from apbot.domain.calendar import at
from apbot.sandbox.dialogues import Dialogue
from apbot.sandboxed import read_dialogues
from apbot.store.database import Database
from tests.stories.day import REPO, a_day

WRITTEN = read_dialogues(REPO / "conversations" / "dialogues")


@pytest.mark.parametrize("written", WRITTEN, ids=lambda one: str(one["name"]))
async def test_the_dialogue_is_true(sqlite: Database, written: dict[str, Any]) -> None:
    """Each text that it tells of comes, in time; any other fails it, unless it says so itself."""
    dialogue = Dialogue.of(written)
    left_out = set(written.get("leaves_out") or ())
    on = dialogue.on or date(2026, 11, 23)
    assert dialogue.start is not None
    starts = min(dialogue.start, time(8, 55))
    async with a_day(sqlite, at(on, starts)) as day:
        people = day.lists.people
        cast = {person.key for person in people.persons if person.name in dialogue.phones}
        day.only(*(staff.provider for staff in people.staff if staff.person in cast))
        for step in dialogue.steps:
            if step.at is not None:
                await day.at(step.at.strftime("%H:%M:%S"))
            if step.phone is None:
                continue
            phone = day.phone(step.phone)
            if step.hears is not None:
                heard = [h for h in phone.waiting() if step.hears in h.text]
                assert heard, f"{step.phone} does not hear {step.hears!r}: {phone.waiting()}"
                phone.heard.add((heard[0].network, heard[0].bubble))
            if step.says is not None:
                await phone.says(step.says)
            if step.taps is not None:
                await phone.taps(step.taps)
        untold = [
            (name, heard.clock, heard.script)
            for name in sorted(dialogue.phones)
            for heard in day.phone(name).waiting()
        ]
        assert {one for one in untold if one[2] not in left_out} == set()
        assert left_out <= {script for _, _, script in untold}
