"""
Mornings: what is said of the afternoon and was so before it is said of the morning's register too.
"""

from dataclasses import replace

from apbot.desk.happening import Happening
from apbot.domain.calendar import at
from apbot.domain.decisions import Decision
from apbot.domain.register import Entry, Register
from apbot.domain.talk import Talk
from apbot.domain.words import Half, Mark
from apbot.store.registers import find_register


def with_the_morning(happening: Happening, talk: Talk, decision: Decision) -> Decision:
    """
    Return the decision with the morning's register as it becomes.

    "Aiden went at 11 with his dad", written at dinner time: he left this morning.
    """
    register = decision.register
    if register is None or register.half is not Half.PM:
        return decision
    new = [
        entry
        for entry in register.entries[len(talk.register.entries) :]
        if entry.mark is Mark.LEFT and entry.time is not None
    ]
    morning = find_register(happening.db, register.provider, register.on, Half.AM) if new else None
    if morning is None:
        return decision
    entries = [said for entry in new if (said := _of_the_morning(entry, morning)) is not None]
    if not entries:
        return decision
    grown = morning.with_entries(entries, happening.now)
    return replace(decision, beside=(*decision.beside, grown))


def _of_the_morning(entry: Entry, morning: Register) -> Entry | None:
    held = next((e for e in morning.standing.values() if e.pupil == entry.pupil), None)
    if held is None or held.mark not in (Mark.PRESENT, Mark.LATE) or entry.time is None:
        return None
    if not morning.starts_at <= at(morning.on, entry.time) < morning.ends_at:
        return None
    return replace(entry, number=held.number, was=held.mark)
