"""
Foretold: what the office told ahead, by file and by phone, and what of it stands.

A telling is never changed. What was said last of a pupil's day counts, whether it came from the
office's file or from a contact's phone: so loading the same lists again undoes no text, and a new
line in a file still corrects one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from apbot.domain.people import KnownAbsence, Note, Span
from apbot.domain.words import Half, Reason

BOTH: frozenset[Half] = frozenset(Half)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ToldAbsence:
    """
    A pupil's days, as a contact told them: away for a reason, or in after all (`reason` None).

    `by` and `by_name` are who told it, `words` what they typed, `at` when it was confirmed (UTC).
    """

    pupil: str
    span: Span
    halves: frozenset[Half]
    reason: Reason | None
    by: str
    by_name: str
    at: datetime
    words: str = ""
    inbox: int | None = None


@dataclass(frozen=True, slots=True)
class ToldNote:
    """A note to a provider, as a contact told it; or, where `is_over`, told no more."""

    provider: str
    span: Span
    text: str
    is_over: bool
    by: str
    by_name: str
    at: datetime
    words: str = ""
    inbox: int | None = None


class Tells(StrEnum):
    """What a message tells ahead."""

    AWAY = "away"
    IN = "in"
    NOTE = "note"
    NOTE_OVER = "note_over"
    UNDO = "undo"


class Amiss(StrEnum):
    """What is wrong with the days of a message."""

    PAST = "past"
    NO_SCHOOL = "no_school"
    END_FIRST = "end_first"
    NO_SUCH_DAY = "no_such_day"
    OTHER_WEEKDAY = "other_weekday"
    NOT_IN_CALENDAR = "not_in_calendar"
    HALVES_MIXED = "halves_mixed"
    EVERY_WEEK = "every_week"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class DayTrouble:
    """What is wrong with the days, and of which day or days; `said` as it was typed."""

    amiss: Amiss
    first: date | None = None
    last: date | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Days:
    """
    The days that a message means: spans in order, apart from one another, in these halves.

    `is_open` where no end was said; `is_today_alone` where it says today and no more.
    """

    spans: tuple[Span, ...]
    halves: frozenset[Half] = BOTH
    is_open: bool = False
    is_today_alone: bool = False


@dataclass(frozen=True, slots=True)
class Foretelling:
    """
    What a contact's message tells ahead, as it was read.

    `pupils` and `providers` are keys. `said` fits all of `offered` and one must be chosen, or
    nobody where nothing is offered. `days` None where no day was said; `is_from_then` where a
    pupil is back from that day on.
    """

    tells: Tells
    pupils: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    said: str = ""
    offered: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    days: Days | DayTrouble | None = None
    reason: Reason | None = None
    text: str = ""
    is_from_then: bool = False
    is_several: bool = False


@dataclass(frozen=True, slots=True)
class KnownLine:
    """
    One line of a text about what is known ahead: of a pupil, or a note (`text`) to a provider.

    `shown` is the pupil's name on phones, `places` providers' names; `reason` None where the
    pupil will be in; `weekdays` when they are due there at all; `is_left` what stays as it was,
    `is_over` a note that is told no more.
    """

    shown: str = ""
    places: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    halves: tuple[Half, ...] = ()
    reason: Reason | None = None
    text: str = ""
    is_open: bool = False
    weekdays: tuple[int, ...] = ()
    is_left: bool = False
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Hears:
    """Which providers hear of it, by name, and when the first does (UTC); None is at once."""

    places: tuple[str, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """All that was told by phone, and the lines of the files with the moment each came (UTC)."""

    absences: tuple[ToldAbsence, ...] = ()
    notes: tuple[ToldNote, ...] = ()
    listed: tuple[tuple[datetime, KnownAbsence], ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    What was read back to a contact and counts once they say OK; or a question, who was meant.

    `text` is the message as it was typed. With `offered`, nothing is proposed yet: `said` fits
    each of these keys. `chosen` are the answers so far, as pairs of what was said and the key.
    `is_open` where no end was said.
    """

    tells: Tells
    text: str
    absences: tuple[ToldAbsence, ...] = ()
    notes: tuple[ToldNote, ...] = ()
    said: str = ""
    offered: tuple[str, ...] = ()
    chosen: tuple[tuple[str, str], ...] = ()
    is_open: bool = False


def moment_of(told: ToldAbsence | ToldNote) -> tuple[datetime, int]:
    """Return when it was told; two of one moment are put in order by their messages."""
    return told.at, told.inbox or 0


def without(absence: KnownAbsence, span: Span, halves: frozenset[Half]) -> tuple[KnownAbsence, ...]:
    """Return what is left of an absence when these halves of these days are taken out."""
    first = max(absence.span.from_on, span.from_on)
    last = min(absence.span.to_on, span.to_on)
    if first > last or not absence.halves & halves:
        return (absence,)
    parts = [
        (Span(absence.span.from_on, first - ONE_DAY), absence.halves),
        (Span(first, last), absence.halves - halves),
        (Span(last + ONE_DAY, absence.span.to_on), absence.halves),
    ]
    return tuple(
        replace(absence, span=part, halves=left)
        for part, left in parts
        if part.from_on <= part.to_on and left
    )


def within(absence: KnownAbsence, span: Span, halves: frozenset[Half]) -> KnownAbsence | None:
    """Return the part of an absence that lies in these halves of these days, if there is any."""
    first = max(absence.span.from_on, span.from_on)
    last = min(absence.span.to_on, span.to_on)
    both = absence.halves & halves
    if first > last or not both:
        return None
    return replace(absence, span=Span(first, last), halves=both)


def standing_absences(
    listed: Iterable[tuple[datetime, KnownAbsence]], told: Iterable[ToldAbsence]
) -> tuple[KnownAbsence, ...]:
    """Return the absences that stand: the files' (with when each came) and those told since."""
    listed, told = tuple(listed), tuple(told)
    stands: list[KnownAbsence] = []
    for at, absence in listed:
        later = [one for one in told if one.pupil == absence.pupil and one.at >= at]
        stands += _after([absence], later)
    by_time = sorted(told, key=moment_of)
    for place, one in enumerate(by_time):
        if one.reason is None:
            continue
        fresh = KnownAbsence(one.pupil, one.span, one.halves, one.reason)
        later = [other for other in by_time[place + 1 :] if other.pupil == one.pupil]
        left = _after([fresh], later)
        # A line that came into the files later has the last word on its own days.
        for at, absence in listed:
            if absence.pupil == one.pupil and at > one.at:
                left = [
                    rest for piece in left for rest in without(piece, absence.span, absence.halves)
                ]
        stands += left
    return tuple(stands)


def standing_notes(
    listed: Iterable[tuple[datetime, Note]], told: Sequence[ToldNote]
) -> tuple[Note, ...]:
    """Return the notes that stand: the files' (with when each came) and those told since."""
    said = [((at, 0), note) for at, note in listed]
    said += [
        (moment_of(one), Note(one.provider, one.span, one.text)) for one in told if not one.is_over
    ]
    over = [one for one in told if one.is_over]
    stands: list[Note] = []
    for moment, note in said:
        spans = [note.span]
        for one in over:
            if (one.provider, one.text) == (note.provider, note.text) and moment_of(one) > moment:
                spans = [rest for span in spans for rest in _cut(span, one.span)]
        stands += [replace(note, span=span) for span in spans]
    return tuple(dict.fromkeys(stands))


def _after(absences: list[KnownAbsence], later: Sequence[ToldAbsence]) -> list[KnownAbsence]:
    for one in later:
        absences = [rest for held in absences for rest in without(held, one.span, one.halves)]
    return absences


def _cut(span: Span, out: Span) -> list[Span]:
    if out.to_on < span.from_on or span.to_on < out.from_on:
        return [span]
    parts = [Span(span.from_on, out.from_on - ONE_DAY), Span(out.to_on + ONE_DAY, span.to_on)]
    return [part for part in parts if part.from_on <= part.to_on]
