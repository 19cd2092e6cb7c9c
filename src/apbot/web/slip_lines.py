"""
What a slip shows: a line a pupil, with a button for each mark and for what may follow it.

A button's words are those of the bot's own texts, and pupils are named as the texts name them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from apbot.desk.buttons import PlainTap, plain_tap
from apbot.desk.slips import Slip
from apbot.domain.calendar import local
from apbot.domain.register import Entry, Line
from apbot.domain.words import Mark, Reason
from apbot.wording.compose import clock_time
from apbot.wording.plain import MARKS, REASONS, mark_words

OFFERED = (Mark.PRESENT, Mark.LATE, Mark.AWAITED, Mark.ABSENT)

WHY_OFF = (
    *(Reason.ILLNESS, Reason.MEDICAL_APPOINTMENT, Reason.TRANSPORT, Reason.REFUSING),
    *(Reason.FAMILY, Reason.SUSPENDED, Reason.OTHER, Reason.UNKNOWN),
)
WHY_COMING = (Reason.TRANSPORT, Reason.MEDICAL_APPOINTMENT)
WHY_LEFT = (Reason.ILLNESS, Reason.MEDICAL_APPOINTMENT, Reason.FAMILY, Reason.OTHER)

GONE = {Mark.LEFT: "Was here, has left", Mark.UNACCOUNTED: "Cannot be found"}
"""What else "off" can be: a button of its own, once that is tapped."""

ASKS: Mapping[Mark | None, str] = {
    Mark.LATE: "Came when?",
    Mark.AWAITED: "There when, or why?",
    Mark.ABSENT: "Why?",
    Mark.LEFT: "Why?",
}

FIVE = timedelta(minutes=5)
COMING_IN = (5, 10, 15, 20, 30, 45, 60)
"""After how many minutes somebody on the way may be there."""

MOST_TIMES = 7


@dataclass(frozen=True, slots=True)
class Choice:
    """One button. `value` is what its tap says; `is_taken` is what stands."""

    label: str
    value: str
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class SlipLine:
    """
    One pupil. `said` is what stands and who said it when, `note` what is known beforehand.

    `more` are what may be said beside the mark, `asks` what they answer, and `is_told` whether
    something of it was said.
    """

    number: int
    name: str
    note: str
    said: str
    marks: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()
    asks: str = ""
    is_told: bool = False


def lines_of(slip: Slip, now: datetime) -> list[SlipLine]:
    """Return the slip's lines as they stand."""
    return [_line(slip, line, now) for line in slip.register.roster]


def _line(slip: Slip, line: Line, now: datetime) -> SlipLine:
    entry = slip.register.standing.get(line.number)
    mark = entry.mark if entry else None
    more = tuple(_more(slip, line, entry, now)) if entry else ()
    return SlipLine(
        number=line.number,
        name=line.shown,
        note=", ".join(_notes(slip, line)),
        said=_said(slip, entry),
        marks=tuple(
            Choice(MARKS[offered].capitalize(), _value(slip, line, mark, offered), offered is mark)
            for offered in OFFERED
        ),
        more=more,
        asks=ASKS.get(mark, ""),
        is_told=any(choice.is_taken for choice in more),
    )


def _notes(slip: Slip, line: Line) -> Iterator[str]:
    if line.own_start is not None:
        yield f"from {clock_time(line.own_start)}"
    if line.known_absence is not None:
        yield f"away: {REASONS[line.known_absence]}"
    if line.number in slip.am_marks:
        yield f"this morning: {MARKS[slip.am_marks[line.number]]}"


def _said(slip: Slip, entry: Entry | None) -> str:
    if entry is None:
        return ""
    by = "You" if entry.by == slip.person.key else entry.by_name
    return f"{mark_words(entry).capitalize()}. {by}, {clock_time(local(entry.at))}"


def _more(slip: Slip, line: Line, entry: Entry, now: datetime) -> Iterator[Choice]:
    mark = entry.mark
    times: tuple[time, ...] = ()
    reasons: tuple[Reason, ...] = ()
    if mark is Mark.LATE:
        times = _came(line, now)
    elif mark is Mark.AWAITED:
        times, reasons = _comes(slip, now), WHY_COMING
    elif mark is Mark.ABSENT:
        reasons = WHY_OFF
    elif mark is Mark.LEFT:
        reasons = WHY_LEFT
    for at in _with(entry.time, times):
        value = _value(slip, line, mark, mark, said_time=at)
        yield Choice(clock_time(at), value, at == entry.time)
    for reason in reasons:
        value = _value(slip, line, mark, mark, reason=reason)
        yield Choice(REASONS[reason].capitalize(), value, reason is entry.reason)
    if mark is Mark.ABSENT:
        for gone, label in GONE.items():
            yield Choice(label, _value(slip, line, mark, gone))


def _with(told: time | None, times: tuple[time, ...]) -> tuple[time, ...]:
    """The times to offer, with the one that was told among them."""
    return tuple(sorted({*times, told})) if told is not None and times else times


def _came(line: Line, now: datetime) -> tuple[time, ...]:
    """When somebody who is late may have come: every five minutes since their start, the last."""
    count = int((now - line.starts_at) / FIVE)
    times = [local(line.starts_at + FIVE * step).time() for step in range(1, count + 1)]
    return tuple(times[-MOST_TIMES:])


def _comes(slip: Slip, now: datetime) -> tuple[time, ...]:
    """When somebody on the way may be there: from now on, on the next five minutes."""
    begun = now - timedelta(
        minutes=now.minute % 5, seconds=now.second, microseconds=now.microsecond
    )
    moments = [begun + timedelta(minutes=minutes) for minutes in COMING_IN]
    return tuple(local(at).time() for at in moments if at < slip.register.ends_at)


def _value(
    slip: Slip,
    line: Line,
    was: Mark | None,
    mark: Mark | None,
    reason: Reason | None = None,
    said_time: time | None = None,
) -> str:
    """What a button says: its data, without what the slip knows by itself."""
    assert mark is not None
    assert slip.register.id is not None
    tap = PlainTap(slip.register.id, line.number, was, mark, reason, said_time)
    return plain_tap(tap).split(":", 2)[2]
