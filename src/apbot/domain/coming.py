"""
Coming: the sessions ahead in which a pupil is due, and what is told of them, a line a pupil.

What somebody tells ahead is decided against the lists as they stand and the day it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apbot.domain.calendar import Calendar, at, local
from apbot.domain.foretold import (
    ONE_DAY,
    KnownLine,
    Proposal,
    Telling,
    ToldAbsence,
)
from apbot.domain.people import People, Placement, Span
from apbot.domain.policy import Service
from apbot.domain.words import Half, Reason

FARTHEST = timedelta(days=550)


@dataclass(frozen=True, slots=True)
class Ahead:
    """
    What a telling is decided against: the lists as they stand, and the day it is.

    `shown` are pupils' names on phones, by key. `now` is UTC.
    """

    people: People
    calendar: Calendar
    service: Service
    told: Telling
    shown: Mapping[str, str]
    now: datetime

    @property
    def today(self) -> date:
        """The local day."""
        return local(self.now).date()

    def places(self, keys: Sequence[str]) -> tuple[str, ...]:
        """Return providers' names in the order of the lists."""
        return tuple(p.name for p in self.people.providers if p.key in keys)


@dataclass(frozen=True, slots=True)
class Slot:
    """A session in which a pupil is due."""

    provider: str
    on: date
    half: Half
    ends_at: datetime


def known_lines(proposal: Proposal, ahead: Ahead) -> tuple[KnownLine, ...]:
    """Return what is proposed, a line a pupil and reason, or a line a note."""
    lines: dict[tuple[str, Reason | None], list[ToldAbsence]] = {}
    for one in proposal.absences:
        lines.setdefault((one.pupil, one.reason), []).append(one)
    known = tuple(
        line_of(pupil, reason, told, ahead, is_open=proposal.is_open)
        for (pupil, reason), told in lines.items()
    )
    noted = tuple(
        KnownLine(
            places=ahead.places([one.provider]),
            spans=(one.span,),
            text=one.text,
            is_over=one.is_over,
        )
        for one in proposal.notes
    )
    return known + noted


def live_placements(pupil: str, ahead: Ahead) -> list[Placement]:
    """Return the pupil's placements that have not ended."""
    return [
        placement
        for placement in ahead.people.placements
        if placement.pupil == pupil and (placement.to_on is None or placement.to_on >= ahead.today)
    ]


def slots_in(pupil: str, span: Span, halves: frozenset[Half], ahead: Ahead) -> Iterator[Slot]:
    """The sessions of the span in which the pupil is due."""
    providers = {provider.key: provider for provider in ahead.people.providers}
    placements = live_placements(pupil, ahead)
    day = span.from_on
    while day <= span.to_on and day - span.from_on <= FARTHEST:
        for placement in placements:
            provider = providers[placement.provider]
            for half in sorted(halves):
                hours = provider.hours(half)
                is_due = hours is not None and placement.is_due(day, half)
                if hours and is_due and ahead.calendar.why_shut(provider, day, half) is None:
                    yield Slot(provider.key, day, half, at(day, hours.end))
        day += ONE_DAY


def line_of(
    pupil: str,
    reason: Reason | None,
    told: Sequence[ToldAbsence],
    ahead: Ahead,
    *,
    is_open: bool,
) -> KnownLine:
    """Return one line of what is told of a pupil: where, when and why."""
    slots = [slot for one in told for slot in slots_in(pupil, one.span, one.halves, ahead)]
    halves = {slot.half for slot in slots} or {half for one in told for half in one.halves}
    return KnownLine(
        shown=ahead.shown[pupil],
        places=ahead.places([slot.provider for slot in slots]),
        spans=tuple(dict.fromkeys(one.span for one in told)),
        halves=ordered(halves),
        reason=reason,
        is_open=is_open,
    )


def ordered(halves: frozenset[Half] | set[Half]) -> tuple[Half, ...]:
    """Return the halves in the order of the day."""
    return tuple(half for half in Half if half in halves)


def overlap(one: Span, other: Span) -> Span | None:
    """Return the days that both spans have, or None."""
    first, last = max(one.from_on, other.from_on), min(one.to_on, other.to_on)
    return Span(first, last) if first <= last else None
