"""
Expected: whether a parent's words say that a child is still to come, and by when.

They are read as a member of staff's would be who says them of that one pupil: "the car broke down,
be there at 10" is a child on the way, due at ten.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from apbot.desk.happening import Happening
from apbot.desk.off_register import words_of
from apbot.desk.staff import reply_about
from apbot.domain.calendar import at
from apbot.domain.cases import Case
from apbot.domain.expected import Coming
from apbot.domain.readings import Alarm, Reading
from apbot.domain.register import Line, Register
from apbot.domain.unasked import Child
from apbot.domain.words import Action, Mark, Reason
from apbot.reading.reader import read

OF_THE_ROAD = frozenset({Reason.TRANSPORT, Reason.OTHER})
"""The reasons that a child who is on the way may have: of one who is ill, an hour must be said."""

JUST_BEGUN = timedelta(minutes=90)
"""How long after a pupil's start "she will be 15 minutes late" is said of the way there."""


def coming_of(
    happening: Happening,
    cases: Collection[Case],
    registers: Mapping[str, Register],
    reading: Reading,
    text: str,
) -> dict[str, Coming]:
    """Return, by ref, which of these cases' children the parent says to be still to come."""
    by_ref = {case.ref: case for case in cases if case.is_open and case.number is not None}
    found = {}
    for action in reading.cases:
        case = by_ref.get(action.ref or "")
        register = registers.get(action.ref or "")
        if case is None or register is None or action.action is Action.ACK or reading.alarms:
            continue
        line = next(line for line in register.roster if line.number == case.number)
        coming = _coming(happening, register, line, text)
        if case.ref in reading.coming:
            said = _by(register, reading.coming[case.ref], happening.row.received_at)
            found[case.ref] = Coming(said or (coming.by if coming is not None else None))
            continue
        if coming is None:
            continue
        reason = reading.case_reasons.get(case.ref)
        is_news = action.action is Action.NOTE and case.ref not in reading.away
        if coming.by is not None or is_news or (reason in OF_THE_ROAD):
            found[case.ref] = coming
    return found


def is_said_to_be_coming(happening: Happening, child: Child, as_if: Reading, text: str) -> bool:
    """Whether the parent says that a child is on the way whom the register has as there."""
    register, line, now = child.register, child.line, happening.row.received_at
    if register is None or line is None or now > line.starts_at + JUST_BEGUN:
        return False
    if as_if.alarms - {Alarm.SET_OUT} or words_of(text) & happening.desk.lexicon.sides.of_errands:
        return False
    coming = _coming(happening, register, line, text)
    if coming is None and child.pupil in as_if.coming:
        coming = Coming(_by(register, as_if.coming[child.pupil], now))
    if coming is None:
        return False
    names = {word for name in (line.name, line.known_as or "") for word in words_of(name)}
    speaks_of = names | happening.desk.lexicon.sides.of_the_child
    return coming.by is not None or bool(words_of(text) & speaks_of)


def coming_after_all(
    happening: Happening, child: Child, as_if: Reading, text: str
) -> Coming | None:
    """Return that a child is on the way whom the register has as away, and nobody looks for."""
    register, line = child.register, child.line
    if register is None or line is None or child.is_sought or as_if.alarms:
        return None
    is_on = happening.row.received_at < register.ends_at
    if not is_on or register.marks.get(line.number) is not Mark.ABSENT:
        return None
    coming = _coming(happening, register, line, text)
    if coming is None or (coming.by is None and child.pupil in as_if.away):
        return None
    is_plain = coming.by is not None or child.pupil in as_if.coming
    return coming if is_plain else None


def _coming(happening: Happening, register: Register, line: Line, text: str) -> Coming | None:
    said_at = happening.row.received_at
    reply = reply_about(register, text, said_at)
    only = tuple(pupil for pupil in reply.roster if pupil.number == line.number)
    reply = replace(reply, roster=only, marks={})
    reading = read(reply, happening.desk.lexicon)
    if reading.marks.get(line.number) is not Mark.AWAITED:
        return None
    hour = reading.times.get(line.number)
    if hour is not None and at(register.on, hour) >= register.ends_at:
        return None
    return Coming(_by(register, hour, said_at))


def _by(register: Register, hour: time | None, said_at: datetime) -> datetime | None:
    """The moment of an hour that is still to come."""
    by = at(register.on, hour) if hour is not None else None
    return by if by is not None and by > said_at else None
