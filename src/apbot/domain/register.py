"""
The register of one session: who is due, what was said of each, and when we look again.

A register is a list of entries that are never changed or deleted; every mark shown is derived
from them, so what an auditor sees in six years is what was said that morning, and by whom.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from datetime import time as local_time
from enum import StrEnum
from itertools import groupby

from apbot.domain.calendar import at
from apbot.domain.policy import Policy
from apbot.domain.words import Half, Mark, Reason

BACK_GRACE = timedelta(minutes=10)
"""So long after the hour at which somebody who went out is to be back, they are looked for."""


class RegisterState(StrEnum):
    """How far a register is: planned, open (asked for), complete, or closed (not running)."""

    PLANNED = "planned"
    OPEN = "open"
    COMPLETE = "complete"
    CLOSED = "closed"


class How(StrEnum):
    """By which way an entry came."""

    TEXT = "text"
    TAP = "tap"
    BOARD = "board"


@dataclass(frozen=True, slots=True)
class Line:
    """
    One pupil on the roster, numbered from 1 as the prompt numbers them.

    `shown` is the name used on phones, unlike any other on this roster. `starts_at` is when this
    pupil is due (UTC); `own_start` is set where that is later than the register's start.
    """

    number: int
    pupil: str
    name: str
    shown: str
    starts_at: datetime
    known_as: str | None = None
    own_start: local_time | None = None
    known_absence: Reason | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One thing said of one pupil. Never changed, never deleted.

    `was` is the mark before it; `mark` None takes a mark back. `time` is local: when the pupil
    arrived, is expected, left or was last seen. `by` and `by_name` are who said it, `because` the
    words and the rule that led to it, `inbox` the message that caused it. `at` is UTC.
    """

    number: int
    pupil: str
    was: Mark | None
    mark: Mark | None
    by: str
    by_name: str
    how: How
    at: datetime
    reason: Reason | None = None
    time: local_time | None = None
    because: str = ""
    by_title: str = ""
    inbox: int | None = None
    id: int | None = None

    @property
    def mark_is_here(self) -> bool:
        """Whether it says that the pupil is, or was, there."""
        return self.mark is not None and self.mark.is_here


class Due(StrEnum):
    """What a register's deadline asks of us, in the order of a morning."""

    PROMPT = "prompt"
    CHASE = "chase"
    LAST_CHASE = "last_chase"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A moment when the register is looked at, for the pupils who start at `wave` (UTC)."""

    at: datetime
    due: Due = field(compare=False)
    wave: datetime = field(compare=False)


@dataclass(frozen=True, slots=True)
class Register:
    """
    One provider, one date, one half, and all that was said of it.

    `looked_at` is the last moment already dealt with (UTC). `settles_at` is when taps that are
    still coming are taken as meant. `asked` are the persons asked so far, in order. `version`
    counts saves, so that of two replies at once one is handled again from the start.
    """

    provider: str
    provider_name: str
    on: date
    half: Half
    starts_at: datetime
    start: local_time
    ends_at: datetime
    roster: tuple[Line, ...]
    policy: Policy
    state: RegisterState = RegisterState.PLANNED
    entries: tuple[Entry, ...] = ()
    looked_at: datetime | None = None
    settles_at: datetime | None = None
    asked: tuple[str, ...] = ()
    completed_at: datetime | None = None
    closed_by: str = ""
    version: int = 0
    id: int | None = None

    @property
    def standing(self) -> Mapping[int, Entry]:
        """The latest entry of each pupil who has a mark, by number."""
        latest = {entry.number: entry for entry in self.entries}
        return {number: entry for number, entry in latest.items() if entry.mark is not None}

    @property
    def marks(self) -> dict[int, Mark]:
        """The mark of each pupil who has one, by number."""
        return {n: entry.mark for n, entry in self.standing.items() if entry.mark is not None}

    @property
    def is_live(self) -> bool:
        """Whether marks are still wanted: neither closed nor merely planned."""
        return self.state in (RegisterState.OPEN, RegisterState.COMPLETE)

    def line(self, number: int) -> Line:
        """Return the pupil's line. Raises KeyError for a number that is not on the roster."""
        for line in self.roster:
            if line.number == number:
                return line
        raise KeyError(number)

    def unmarked(self, by: datetime | None = None) -> tuple[Line, ...]:
        """Those without mark or known absence; only those due `by` a moment, where given."""
        marks = self.marks
        return tuple(
            line
            for line in self.roster
            if line.number not in marks
            and line.known_absence is None
            and (by is None or line.starts_at <= by)
        )

    def marked(self, *marks: Mark) -> tuple[Line, ...]:
        """Those who have one of these marks now, in the roster's order."""
        standing = self.marks
        return tuple(line for line in self.roster if standing.get(line.number) in marks)

    def due_back(self, line: Line) -> datetime | None:
        """
        Return when somebody is looked for who went out and said when they are back, or None (UTC).

        Only who was here when the time of the session's start ran out, and is on the way since:
        "picked up by his nan for the dentist, back about 11" is no child who never came.
        """
        said = [entry for entry in self.entries if entry.number == line.number]
        out: list[Entry] = []
        while said and said[-1].mark is Mark.AWAITED:
            out.append(said.pop())
        if not out or out[0].time is None or not said or not said[-1].mark_is_here:
            return None
        ran_out = line.starts_at + self.policy.unaccounted_after
        back = at(self.on, out[0].time) + BACK_GRACE
        return back if out[-1].at >= ran_out else None

    @property
    def has_come_in(self) -> bool:
        """
        Whether the provider has answered for its pupils.

        Exceptions alone ("Chloe is off") are no register: nobody has been said to be here yet.
        """
        return not self.unmarked(by=self.starts_at) or any(m.is_here for m in self.marks.values())

    def moments(self) -> tuple[Moment, ...]:
        """Every moment of this register, in order; a later start of a pupil's own has its own."""
        return tuple(sorted(self._moments(), key=lambda moment: moment.at))

    def next_look(self) -> datetime | None:
        """Return when the register is looked at next, or None when nothing is to come."""
        if self.state is RegisterState.CLOSED:
            return self.settles_at
        looked_at = self.looked_at
        coming = [m.at for m in self.moments() if looked_at is None or m.at > looked_at]
        if self.settles_at is not None:
            coming.append(self.settles_at)
        return min(coming, default=None)

    def due_since_last_look(self, now: datetime) -> tuple[Moment, ...]:
        """The moments that have passed and were not dealt with yet."""
        looked_at = self.looked_at
        return tuple(
            moment
            for moment in self.moments()
            if moment.at <= now and (looked_at is None or moment.at > looked_at)
        )

    def with_entries(self, entries: Sequence[Entry], now: datetime) -> "Register":
        """Return the register with these entries added, complete once nobody is unmarked."""
        grown = replace(self, entries=(*self.entries, *entries))
        if not self.is_live:
            return grown
        if grown.unmarked():
            return replace(grown, state=RegisterState.OPEN, completed_at=None)
        return replace(grown, state=RegisterState.COMPLETE, completed_at=self.completed_at or now)

    def _moments(self) -> Iterator[Moment]:
        policy = self.policy
        expected = [line for line in self.roster if line.known_absence is None]
        for start, _ in groupby(sorted(line.starts_at for line in expected)):
            yield Moment(start, Due.PROMPT, start)
            for chase in policy.chase_after[:-1]:
                yield Moment(start + chase, Due.CHASE, start)
            for chase in policy.chase_after[-1:]:
                yield Moment(start + chase, Due.LAST_CHASE, start)
            yield Moment(start + policy.missing_after, Due.ALARM, start)
            if policy.unaccounted_after != policy.missing_after:
                yield Moment(start + policy.unaccounted_after, Due.ALARM, start)
        for line in self.marked(Mark.AWAITED):
            back = self.due_back(line)
            if back is not None:
                yield Moment(back, Due.ALARM, line.starts_at)


def minutes_since(start: datetime, now: datetime) -> int:
    """Return the whole minutes from one moment to another."""
    return int((now - start) / timedelta(minutes=1))
