"""
What is known ahead, in words: "Chloe D, Alder Farm, Tue 24 Nov, AM and PM, appointment".

Days are worded so that a person can type them back and mean the same.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from apbot.domain.calendar import local
from apbot.domain.decisions import Say
from apbot.domain.foretold import KnownLine
from apbot.domain.people import Span
from apbot.domain.words import Half, Reason
from apbot.wording.compose import clock_time, day, listed

_DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def span_words(span: Span) -> str:
    """Return "Tue 24 Nov", "Mon 23 to Wed 25 Nov", "Mon 30 Nov to Wed 2 Dec"."""
    if span.from_on == span.to_on:
        return day(span.from_on)
    first = day(span.from_on)
    if (span.from_on.year, span.from_on.month) == (span.to_on.year, span.to_on.month):
        first = first.rpartition(" ")[0]
    return f"{first} to {day(span.to_on)}"


def spans_words(spans: Sequence[Span], *, is_open: bool = False) -> str:
    """Return the spans as one list; one that was told without an end says so."""
    if is_open and spans:
        return f"{day(spans[0].from_on)} until further notice (to {day(spans[-1].to_on)})"
    return listed([span_words(span) for span in spans])


def known_lines(say: Say, reasons: Mapping[Reason, str]) -> str:
    """Return a line for each: who, where, when, which halves, and why."""
    return "\n".join(known_line(line, reasons) for line in say.known)


def told_lines(say: Say, reasons: Mapping[Reason, str], today: date) -> str:
    """Return what a provider is told: "Chloe D is away this afternoon (appointment)"."""
    return "\n".join(_told_line(line, reasons, today) for line in say.known)


def note_lines(say: Say) -> str:
    """Return the notes with their provider and days."""
    return "\n".join(
        f'{listed(line.places)}, {spans_words(line.spans)}: "{line.text}"' for line in say.known
    )


def option_lines(say: Say) -> str:
    """Return what can be chosen, numbered from 1."""
    return "\n".join(f"{number} {option(line)}" for number, line in enumerate(say.known, 1))


def option(line: KnownLine) -> str:
    """Return one choice: a pupil with their providers, a provider, or a note."""
    if line.text:
        return line.text
    if not line.shown:
        return listed(line.places)
    return f"{line.shown} ({listed(line.places)})" if line.places else line.shown


def due_lines(say: Say) -> str:
    """Return when a pupil is due at all: "Alder Farm on Mon and Tue"."""
    lines = [line for line in say.known if line.weekdays]
    return listed(
        [f"{listed(line.places)} on {listed([_DAY_NAMES[n] for n in line.weekdays])}"
         for line in lines]
    )  # fmt: skip


def days_of(say: Say) -> str:
    """Return the days of the first line."""
    return spans_words(say.known[0].spans) if say.known else ""


def start_day(say: Say) -> str:
    """Return the first of the days that a message named."""
    return spans_words(say.known[0].spans[:1]) if say.known else ""


def end_day(say: Say) -> str:
    """Return the last of them."""
    return spans_words(say.known[0].spans[-1:]) if say.known else ""


def shown_names(say: Say, word: str = "and") -> str:
    """Return the pupils' names, each once."""
    return listed(list(dict.fromkeys(line.shown for line in say.known if line.shown)), word)


def places(say: Say) -> str:
    """Return the providers who hear of it."""
    if say.hears is not None:
        return listed(say.hears.places)
    return listed(list(dict.fromkeys(place for line in say.known for place in line.places)))


def tells_at(say: Say) -> str:
    """Return when the first of them hears of it: "16:00 on Mon 23 Nov"."""
    if say.hears is None or say.hears.at is None:
        return ""
    moment = local(say.hears.at)
    return f"{clock_time(moment)} on {day(moment.date())}"


def known_line(line: KnownLine, reasons: Mapping[Reason, str]) -> str:
    """Return one line: "Chloe D, Alder Farm, Tue 24 Nov, AM and PM, appointment"."""
    if line.text:
        words = "no longer told: " if line.is_over else ""
        return f'{words}{listed(line.places)}, {spans_words(line.spans)}: "{line.text}"'
    why = "in after all" if line.reason is None else reasons[line.reason]
    named = [
        line.shown,
        listed(line.places),
        spans_words(line.spans, is_open=line.is_open),
        listed([str(half) for half in line.halves]),
        why,
    ]
    return ("still away: " if line.is_left else "") + ", ".join(filter(None, named))


def _told_line(line: KnownLine, reasons: Mapping[Reason, str], today: date) -> str:
    when = _when(line, today)
    if line.reason is None:
        return f"{line.shown} is in after all {when}"
    return f"{line.shown} is away {when} ({reasons[line.reason]})"


def _when(line: KnownLine, today: date) -> str:
    halves = line.halves
    if line.spans == (Span(today, today),):
        if len(halves) != 1:
            return "today"
        return "this morning" if halves[0] is Half.AM else "this afternoon"
    words = f"on {spans_words(line.spans)}"
    return words if len(halves) != 1 else f"{words} {halves[0]}"
