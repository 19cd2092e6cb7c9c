"""
The outlook: how a register and a case look to the office now, and what comes next.

Pure, and only for looking at: what follows from a register is decided elsewhere. Whatever is shown
here agrees with the clocks of the day contract, so nobody on the board is told "late" of what the
engine does not chase.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from apbot.domain.cases import Case, CaseState
from apbot.domain.policy import Tell
from apbot.domain.register import Due, Moment, Register, RegisterState
from apbot.domain.words import Mark, Matter


class Look(StrEnum):
    """How a register stands, from what needs a person to what needs nobody."""

    MISSING = "missing"
    LATE = "late"
    PART = "partly in"
    CLOSED = "closed"
    ASKED = "asked"
    NOT_DUE = "not due"
    IN = "in"

    @property
    def needs_somebody(self) -> bool:
        """Whether the office should have an eye on it."""
        return self in (Look.MISSING, Look.LATE, Look.PART, Look.CLOSED)


ORDER = tuple(Look)

URGENT_FIRST = (
    Matter.UNACCOUNTED,
    Matter.CONCERN,
    Matter.MISSING_REGISTER,
    Matter.CLOSED,
    Matter.ABSENCE,
    Matter.QUESTION,
)


@dataclass(frozen=True, slots=True)
class NextStep:
    """
    What happens with a case by itself, and when (UTC); `tell` None asks whoever has it.

    `by_call` where they are rung up; it `is_again` where the ladder's end was told before.
    """

    at: datetime
    tell: Tell | None
    by_call: bool = False
    is_again: bool = False


def look_of(register: Register, now: datetime) -> Look:
    """Return how the register stands at this moment."""
    if register.state is RegisterState.CLOSED:
        return Look.CLOSED
    if register.state is RegisterState.COMPLETE or (
        register.has_come_in and not register.unmarked(by=max(now, register.starts_at))
    ):
        return Look.IN
    if now >= register.starts_at + register.policy.missing_after and not register.has_come_in:
        return Look.MISSING
    if register.marks:
        return Look.PART
    if now < register.starts_at:
        return Look.NOT_DUE
    chases = register.policy.chase_after
    return Look.LATE if chases and now >= register.starts_at + chases[0] else Look.ASKED


def needs_somebody(register: Register, now: datetime) -> bool:
    """Whether the office should have an eye on it: not while whoever lacks was only just asked."""
    look = look_of(register, now)
    if look is not Look.PART:
        return look.needs_somebody
    due = [line.starts_at for line in register.unmarked(by=now)]
    patience = (*register.policy.chase_after, register.policy.missing_after)[0]
    return bool(due) and now >= min(due) + patience


def alarm_at(register: Register, now: datetime) -> datetime | None:
    """
    Return when somebody is told of who is unmarked or on the way still; None where nobody is to be.
    """
    if register.state is RegisterState.CLOSED:
        return None
    lacking = (*register.unmarked(), *register.marked(Mark.AWAITED))
    starts = {line.starts_at for line in lacking}
    alarms = (m.at for m in register.moments() if m.due is Due.ALARM and m.wave in starts)
    return min((at for at in alarms if at > now), default=None)


def changes_at(register: Register, now: datetime) -> datetime | None:
    """Return when this register's look may next change by the clock alone."""
    moments: tuple[Moment, ...] = register.moments()
    return min((moment.at for moment in moments if moment.at > now), default=None)


def next_step(case: Case) -> NextStep | None:
    """Return what comes next of an open case; None where nothing is to come by itself."""
    if not case.is_open or case.ladder_at is None:
        return None
    if case.state is CaseState.ACKNOWLEDGED and case.asked_at is None:
        return NextStep(case.ladder_at, None)
    steps = case.ladder.steps
    if case.rung < len(steps):
        return NextStep(case.ladder_at, steps[case.rung].tell, steps[case.rung].by_call)
    told = case.ladder.told_by_text
    last = told[-1].tell if told else case.ladder.first[0]
    return NextStep(case.ladder_at, last, is_again=True)


def urgency_of(case: Case) -> tuple[int, int, datetime]:
    """Return where a case stands among others: what nobody has, and a child, first."""
    is_held = case.state is CaseState.ACKNOWLEDGED
    return (int(is_held), URGENT_FIRST.index(case.matter), case.opened_at)
