"""Days to come: whatever is typed, it is a day of the calendar from today on, or an answer."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apbot.domain.calendar import Calendar
from apbot.domain.foretold import Amiss, Days, DayTrouble, KnownLine, Tells
from apbot.domain.people import Span
from apbot.domain.words import Half, Reason
from apbot.reading.days import school_days
from apbot.reading.foretelling import read_foretelling
from apbot.reading.foretold_pieces import Nameable, Told
from apbot.reading.lexicon import Lexicon
from apbot.store.lists import Lists
from apbot.wording.compose import short_names
from apbot.wording.foretold import known_line, spans_words
from apbot.wording.plain import REASONS

MONDAY = date(2026, 11, 23)
SOME = """
absent away off femi o chloe d tomorrow today mon tue wed thurs fri next this week to until from
and till - , 23 24th 27 nov dec 1st 31 30 feb 23/11 24.11 25/11/26 am pm all day for 2 days a week
half term christmas end of term further notice back not in after all cancel note undo dentist ill
yesterday last every rest of the : . / & 2026-11-25 fortnight three weeks may 10.30 ok ? garage
"""
quick = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=400)


def told(text: str, lists: Lists, today: date = MONDAY) -> Told:
    """A contact's message on that day, in the town."""
    pupils = lists.people.pupils
    names = short_names([(pupil.name, pupil.known_as) for pupil in pupils])
    return Told(
        text=text,
        today=today,
        calendar=lists.calendar,
        pupils=tuple(
            Nameable(p.key, p.name, p.known_as, shown=name)
            for p, name in zip(pupils, names, strict=True)
        ),
        providers=tuple(Nameable(p.key, p.name, kind=p.kind) for p in lists.people.providers),
    )


def days_of(
    words: str, lists: Lists, lexicon: Lexicon, today: date = MONDAY
) -> Days | DayTrouble | None:
    """The days that these words mean, said of Femi."""
    read = read_foretelling(told(f"absent femi {words}", lists, today), lexicon)
    assert read is not None
    assert read.pupils == ("femi-okafor",)
    return read.days


def shown(days: Days | DayTrouble | None) -> str:
    """The days in short: "11-24", "11-24>11-27 AM", or what is wrong with them."""
    if not isinstance(days, Days):
        return str(days.amiss) if days else "none"
    spans = [
        f"{one.from_on:%m-%d}" + (f">{one.to_on:%m-%d}" if one.to_on != one.from_on else "")
        for one in days.spans
    ]
    half = "" if len(days.halves) == 2 else f" {next(iter(days.halves))}"
    return " ".join(spans) + half + (" open" if days.is_open else "")


WRITTEN = {
    "": "none",
    "today": "11-23",
    "this pm": "11-23 PM",
    "this morning": "11-23 AM",
    "tomorrow": "11-24",
    "tmrw": "11-24",
    "2moro": "11-24",
    "tomorrow am": "11-24 AM",
    "tomorrow afternoon": "11-24 PM",
    "tomorrow am and pm": "11-24",
    "tomorrow all day": "11-24",
    "day after tomorrow": "11-25",
    "Mon": "11-23",
    "on wednesday": "11-25",
    "weds pm": "11-25 PM",
    "this fri": "11-27",
    "next Tue": "12-01",
    "this coming Tue": "11-24",
    "tues week": "12-01",
    "wed next week": "12-02",
    "Mon, Tue and Wed next week": "11-30>12-02",
    "Mon to Wed": "11-23>11-25",
    "Mon-Wed": "11-23>11-25",
    "mon - wed": "11-23>11-25",
    "Fri to Mon": "11-27>11-30",
    "next mon to wed": "11-30>12-02",
    "Thurs and Fri": "11-26>11-27",
    "Tue and Thu": "11-24 11-26",
    "Tue, Thurs & Fri": "11-24 11-26>11-27",
    "mon to tue and fri": "11-23>11-24 11-27",
    "Mon pm to Wed": "halves_mixed",
    "23-27 Nov": "11-23>11-27",
    "23 to 27 november": "11-23>11-27",
    "Mon 23 to Fri 27 Nov": "11-23>11-27",
    "Mon 30 Nov to Wed 2 Dec": "11-30>12-02",
    "30 nov - 2 dec": "11-30>12-02",
    "25 nov - 27": "11-25>11-27",
    "23, 24 and 25 Nov": "11-23>11-25",
    "23/11": "11-23",
    "24/11 and 26/11": "11-24 11-26",
    "23.11-27.11": "11-23>11-27",
    "25/11/26": "11-25",
    "25.11.2026": "11-25",
    "2026-11-25": "11-25",
    "24th": "11-24",
    "the 27th": "11-27",
    "24th to 26th": "11-24>11-26",
    "1st to 3rd Dec": "12-01>12-03",
    "Nov 25th": "11-25",
    "25th of November": "11-25",
    "Wednesday 25 November 2026": "11-25",
    "4 Jan": "no_school",
    "5 Jan": "01-05",
    "1 dec to 5 jan": "12-01>01-05",
    "all week": "11-23>11-27",
    "this week": "11-23>11-27",
    "rest of the week": "11-23>11-27",
    "next week": "11-30>12-04",
    "for 2 days": "11-23>11-24",
    "3 days": "11-23>11-25",
    "for 2 days from tomorrow": "11-24>11-25",
    "3 days from thurs": "11-26>11-30",
    "for a week": "11-23>11-27",
    "for a fortnight": "11-23>12-04",
    "two weeks from tomorrow": "11-24>12-07",
    "from Thursday": "11-26>07-21 open",
    "from next week": "11-30>07-21 open",
    "until Friday": "11-23>11-27",
    "till next wed": "11-23>12-02",
    "until the end of the week": "11-23>11-27",
    "until next week": "11-23>11-29",
    "back thursday": "11-23>11-25",
    "back on Monday": "11-23>11-29",
    "from tomorrow, back fri": "11-24>11-26",
    "until half term": "11-23>02-12",
    "until christmas": "11-23>12-18",
    "till end of term": "11-23>12-18",
    "rest of term": "11-23>12-18",
    "until easter": "11-23>03-25",
    "until summer": "11-23>07-21",
    "until further notice": "11-23>07-21 open",
    "from tomorrow until further notice": "11-24>07-21 open",
    "yesterday": "past",
    "last tue": "past",
    "20/11": "past",
    "23-27 Nov 2025": "past",
    "saturday": "no_school",
    "25 dec": "no_school",
    "27-23 Nov": "end_first",
    "31 nov": "no_such_day",
    "30 feb": "no_such_day",
    "Tue 25 Nov": "other_weekday",
    "every tuesday": "every_week",
    "tuesdays": "every_week",
    "1 Sep 2027": "not_in_calendar",
    "tomorrow 27 nov": "unclear",
    "wed, dentist at 10.30": "11-25",
    "wed by 11.10": "11-25",
}


@pytest.mark.parametrize(("words", "meant"), WRITTEN.items(), ids=list(WRITTEN))
def test_days_are_read_as_people_write_them(
    words: str, meant: str, town_lists: Lists, lexicon: Lexicon
) -> None:
    """On Monday 23 November 2026, in the town's school year."""
    assert shown(days_of(words, town_lists, lexicon)) == meant


@pytest.mark.parametrize(
    ("today", "words", "meant"),
    [
        (date(2026, 11, 25), "mon to wed", "11-30>12-02"),
        (date(2026, 11, 25), "all week", "11-25>11-27"),
        (date(2026, 11, 27), "until friday", "11-27"),
        (date(2026, 11, 28), "this week", "11-30>12-04"),
        (date(2026, 11, 29), "next week", "11-30>12-04"),
        (date(2026, 11, 29), "next tue", "12-01"),
        (date(2026, 11, 29), "for 2 days", "11-30>12-01"),
        (date(2026, 12, 16), "for 4 days", "12-16>01-05"),
        (date(2026, 10, 20), "until half term", "10-20>10-23"),
        (date(2026, 10, 20), "until end of term", "10-20>12-18"),
        (date(2027, 6, 10), "until half term", "not_in_calendar"),
        (date(2026, 11, 25), "this mon", "past"),
    ],
)
def test_the_same_words_mean_other_days_on_another_day(
    today: date, words: str, meant: str, town_lists: Lists, lexicon: Lexicon
) -> None:
    """At a weekend "this week" is the one that comes; days are counted over a holiday."""
    assert shown(days_of(words, town_lists, lexicon, today)) == meant


def test_the_same_half_term_is_known_by_its_break_alone(lexicon: Lexicon) -> None:
    """A calendar without any knows no half term to be away until."""
    calendar = Calendar(terms=(Span(date(2026, 9, 1), date(2026, 12, 18)),))
    pupils = (Nameable("femi-okafor", "Femi Okafor"),)
    message = Told("absent femi until half term", MONDAY, calendar, pupils, ())

    read = read_foretelling(message, lexicon)

    assert read is not None
    assert isinstance(read.days, DayTrouble)
    assert read.days.amiss is Amiss.NOT_IN_CALENDAR


@quick
@given(text=st.text(max_size=300))
def test_no_text_at_all_raises(text: str, town_lists: Lists, lexicon: Lexicon) -> None:
    """Any unicode, control characters too."""
    read_foretelling(told(text, town_lists), lexicon)
    read_foretelling(told(f"absent femi {text}", town_lists), lexicon)


@quick
@given(
    words=st.lists(st.sampled_from(SOME.split()), max_size=12),
    ahead=st.integers(min_value=0, max_value=330),
)
def test_words_thrown_together_never_mean_a_past_day(
    words: list[str], ahead: int, town_lists: Lists, lexicon: Lexicon
) -> None:
    """Spans run from today on, forward, in order and apart; each holds a day of school."""
    today = date(2026, 9, 1) + timedelta(days=ahead)

    read = read_foretelling(told(" ".join(words), town_lists, today), lexicon)

    if read is not None and isinstance(read.days, Days):
        spans = read.days.spans
        assert spans
        assert spans[0].from_on >= today
        assert all(one.from_on <= one.to_on for one in spans)
        assert all(a.to_on < b.from_on for a, b in pairwise(spans))
        for one in spans:
            assert any(True for _ in school_days(town_lists.calendar, one))


@quick
@given(
    ahead=st.integers(min_value=0, max_value=300),
    start=st.integers(min_value=0, max_value=240),
    length=st.integers(min_value=0, max_value=40),
    halves=st.sampled_from([(Half.AM,), (Half.PM,), (Half.AM, Half.PM)]),
    reason=st.sampled_from([Reason.ILLNESS, Reason.SUSPENDED, Reason.MEDICAL_APPOINTMENT]),
    place=st.integers(min_value=0, max_value=10_000),
)
def test_what_is_read_back_can_be_texted_again_and_means_the_same(
    ahead: int,
    start: int,
    length: int,
    halves: tuple[Half, ...],
    reason: Reason,
    place: int,
    town_lists: Lists,
    lexicon: Lexicon,
) -> None:
    """The line that is read back, with ABSENT before it: the same pupil, days, halves, reason."""
    people = town_lists.people
    pupils = people.pupils
    names = short_names([(pupil.name, pupil.known_as) for pupil in pupils])
    number = place % len(pupils)
    today = date(2026, 9, 1) + timedelta(days=ahead)
    span = Span(today + timedelta(days=start), today + timedelta(days=start + length))
    places = (people.providers[place % len(people.providers)].name,)
    line = KnownLine(names[number], places, (span,), halves, reason)
    text = f"absent {known_line(line, REASONS)}"

    read = read_foretelling(told(text, town_lists, today), lexicon)

    assert read is not None
    assert read.tells is Tells.AWAY
    assert read.pupils == (pupils[number].key,), text
    if any(True for _ in school_days(town_lists.calendar, span)):
        assert isinstance(read.days, Days), text
        assert (read.days.spans, read.days.halves) == ((span,), frozenset(halves)), text
        assert read.reason is reason
    else:
        assert isinstance(read.days, DayTrouble), text


def test_a_list_of_spans_is_worded_so_that_it_reads_the_same(
    town_lists: Lists, lexicon: Lexicon
) -> None:
    """Two days apart, and a span beside a day."""
    for words in ("Tue 24 and Thu 26 Nov", "Mon 23 to Tue 24 Nov and Fri 27 Nov"):
        days = days_of(words, town_lists, lexicon)
        assert isinstance(days, Days)

        again = days_of(spans_words(days.spans), town_lists, lexicon)

        assert again == days
