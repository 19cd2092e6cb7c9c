"""Every written dialogue is true: it is played, and a text that it does not tell of fails it."""

from datetime import date, time

import pytest

from apbot.domain.calendar import at
from apbot.sandbox.dialogues import Dialogue
from apbot.sandboxed import read_dialogues
from apbot.store.database import Database
from tests.stories.day import REPO, a_day

WRITTEN = [Dialogue.of(one) for one in read_dialogues(REPO / "conversations" / "dialogues")]

# Said to those who were asked or told already, and of no weight in a told story.
ASIDE = frozenset({"read_back_colleague", "provider_css_told", "register_message"})


@pytest.mark.parametrize("dialogue", WRITTEN, ids=lambda one: one.name)
async def test_the_dialogue_is_true(sqlite: Database, dialogue: Dialogue) -> None:
    """Each text that it tells of comes, at its time, to its phone; all else it says is taken."""
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
