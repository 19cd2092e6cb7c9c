"""
Policies: who is told after how long.

The minutes of the day contract as values. A policy is stamped on a register when it opens, and on
a case with it, so an edit at ten does not change what was promised at half past nine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum

from apbot.domain.words import Matter


class Tell(StrEnum):
    """Whom a step tells, as the rota has it that day."""

    KEY_CONTACT = "key contact"
    COVER = "cover"
    SAFEGUARDING_LEAD = "safeguarding lead"
    DEPUTY_LEAD = "deputy lead"
    ALL_CSS = "all css"


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: `after` the case opened, these are told, or rung up where it is `by_call`."""

    after: timedelta
    tell: Tell
    by_call: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """
    The rungs of one matter.

    `first` is told at once. After the last step its people are told again `then_every`, until
    somebody acknowledges (None: not again). `asked_after` an acknowledgement with no outcome, the
    one who has it is asked; without an answer the ladder goes on.
    """

    first: tuple[Tell, ...]
    steps: tuple[Step, ...] = ()
    then_every: timedelta | None = None
    asked_after: timedelta | None = None

    @property
    def told_by_text(self) -> tuple[Step, ...]:
        """The rungs that tell by text; those that call come after all of them."""
        return tuple(step for step in self.steps if not step.by_call)


class ParentsTold(StrEnum):
    """Whether and when a policy tells parents of an absence."""

    OFF = "off"
    HOLD = "hold"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Policy:
    """All the minutes of one provider's agreement. Durations run from the pupil's own start."""

    name: str
    chase_after: tuple[timedelta, ...]
    missing_after: timedelta
    unaccounted_after: timedelta
    ask_unaccounted_every: timedelta
    ladders: Mapping[Matter, Ladder]
    parents: ParentsTold = ParentsTold.OFF
    parents_after: timedelta = field(default=timedelta())


class NameStyle(StrEnum):
    """How a pupil is named on a phone."""

    INITIAL = "initial"
    INITIALS = "initials"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Service:
    """
    The CSS itself: its name, how pupils are named on phones, and the hours of its day.

    `shut_on` are weekdays on which nobody is at work, as the calendar has them.
    """

    name: str
    names: NameStyle = NameStyle.INITIAL
    tells_ahead_at: time = time(16, 0)
    day_ends_at: time = time(17, 0)
    shut_on: frozenset[date] = frozenset()
