"""
A reply in its context, and what it was read to mean.

The shapes of the reply contract (input and output), as values. `reading` makes a Reading of a
Reply; the rules in this room act on the Reading and never look at the words again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from apbot.domain.words import Action, Flag, Half, Mark, Matter, Reason, Speaker


@dataclass(frozen=True, slots=True)
class RosterPupil:
    """
    One line of the roster, as the prompt numbered it.

    `number` counts from 1. `start` is the pupil's own start, local time, where it is later than
    the register's. `known_absence` is the reason the CSS told beforehand.
    """

    number: int
    name: str
    known_as: str | None = None
    start: time | None = None
    known_absence: Reason | None = None


@dataclass(frozen=True, slots=True)
class RestPresent:
    """Are these others in?"""

    pupils: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WhichPupil:
    """Two pupils fit `said` (lower case, as the person put it): which one has `mark`?"""

    said: str
    pupils: tuple[int, ...]
    mark: Mark


@dataclass(frozen=True, slots=True)
class CountOrNumber:
    """Is `n` how many, or the prompt's number, of whom or who has `mark`?"""

    n: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Rephrase:
    """
    A part of the message, or all of it, could not be read: please say it another way.

    `of_several` is kept where two questions are open, and a bare yes could be to either. `about`
    are the pupils, by roster number, whom the text named as still without a mark: a "he" or a
    "both" that answers it is of them, though a yes is not.
    """

    of_several: bool = False
    about: tuple[int, ...] = ()


Ask = RestPresent | WhichPupil | CountOrNumber | Rephrase


@dataclass(frozen=True, slots=True)
class OpenCase:
    """
    An open case that this speaker was told of. `pupil` is None for a missing register.

    `known_as` is the name that the pupil goes by, where it is another.
    """

    ref: str
    matter: Matter
    provider: str
    pupil: str | None = None
    known_as: str | None = None

    @property
    def pupil_words(self) -> tuple[str, ...]:
        """Every word of the pupil's names."""
        return (*(self.pupil or "").split(), *(self.known_as or "").split())


@dataclass(frozen=True, slots=True)
class Reply:
    """
    One message in its context. Times are local; `marks` and `am_marks` are by roster number.

    `marks` is what this register already holds; `cases` are the open cases the speaker was told
    of, oldest first (CSS and parents only).
    """

    speaker: Speaker
    text: str
    on: date
    half: Half
    start: time
    sent_at: time
    roster: tuple[RosterPupil, ...] = ()
    marks: Mapping[int, Mark] = field(default_factory=dict)
    am_marks: Mapping[int, Mark] = field(default_factory=dict)
    pending: Ask | None = None
    cases: tuple[OpenCase, ...] = ()


class Alarm(StrEnum):
    """What alarms in a parent's words: that the child set out is news where the child arrived."""

    SET_OUT = "set out"
    ASKED_AFTER = "asked after"
    SOUGHT = "sought"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class CaseAction:
    """What the reply does to one case. `ref` is None where it could not be told which."""

    ref: str | None
    action: Action


@dataclass(frozen=True, slots=True)
class Why:
    """
    Which words and which rule led to a mark or to the question, in plain English for the office.

    `about` is the pupil's number, a case's ref, a flag's word, or None for the question asked.
    """

    about: int | str | None
    words: str
    rule: str


@dataclass(frozen=True, slots=True)
class Reading:
    """
    What one message settles: only the pupils whose mark it sets or changes, by roster number.

    For CSS and parents, `case_reasons` holds reasons by the case's ref and `cases` what to do.
    `elsewhere` are the refs of cases whose pupil is said to be somewhere else than the provider,
    `only_over` those of which it is said that they are over and no more. `alarms` are what in a
    parent's words, or in what a contact passes on of them, raised the flag of a concern, whether
    or not other words raised it too. `away` are the refs of cases whose pupil a parent says is not
    at the provider: at home, ill, kept off. `coming` are the refs of cases whose pupil is said to
    be still to come in this session, with the local time where one was said; `asked_who` those of
    which a contact asks who has them; `may_have` those of a search in which a contact has the case,
    or has the child: "I have Dima" means either. `unread` are the words, as they were typed, that
    were lost on us where the rest was read.
    """

    marks: Mapping[int, Mark] = field(default_factory=dict)
    reasons: Mapping[int, Reason] = field(default_factory=dict)
    times: Mapping[int, time] = field(default_factory=dict)
    flags: frozenset[Flag] = frozenset()
    ask: Ask | None = None
    cases: tuple[CaseAction, ...] = ()
    case_reasons: Mapping[str, Reason] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    only_over: frozenset[str] = frozenset()
    away: frozenset[str] = frozenset()
    may_have: frozenset[str] = frozenset()
    coming: Mapping[str, time | None] = field(default_factory=dict)
    asked_who: frozenset[str] = frozenset()
    alarms: frozenset[Alarm] = frozenset()
    why: tuple[Why, ...] = ()
    unread: tuple[str, ...] = ()
