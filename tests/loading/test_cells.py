from contextlib import suppress
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apbot.domain.people import Role, Span
from apbot.domain.words import Half, Reason
from apbot.loading import cells, phones
from apbot.loading.checking import Unclear

AM, PM = Half.AM, Half.PM
MON, TUE, WED, THU, FRI = range(5)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "2026-11-23 00:00:00",
        "23 Nov 2026",
        "23 November 2026",
        "23rd Nov 2026",
        "23-Nov-26",
        "23/11/2026",
        "23.11.2026",
        "23/11/26",
        "Mon 23 Nov 2026",
        "Monday, 23/11/2026",
    ],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    """The day comes before its month; a spreadsheet's own ways of showing a day are taken."""
    assert cells.day_in(text) == date(2026, 11, 23)


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "11/23/2026", "23 Nov", "30 Feb 2027", "Tue 23 Nov 2026", "23/11-2026"]
)
def test_a_day_that_could_be_another_is_unclear(text: str) -> None:
    """No month is taken for a day, no year is assumed, and a wrong weekday is no detail."""
    with pytest.raises(Unclear):
        cells.day_in(text)


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_every_day_comes_back_from_every_way_of_writing_it(on: date) -> None:
    """A written day is that day, all the year round."""
    shapes = ("%Y-%m-%d", "%d/%m/%Y", "%d %b %Y", "%a %d %B %Y")

    assert {cells.day_in(on.strftime(shape)) for shape in shapes} == {on}


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("09:30", time(9, 30)),
        ("9:30", time(9, 30)),
        ("9.30", time(9, 30)),
        ("0930", time(9, 30)),
        ("930", time(9, 30)),
        ("9.30am", time(9, 30)),
        ("9.30 PM", time(21, 30)),
        ("2pm", time(14, 0)),
        ("12pm", time(12, 0)),
        ("12am", time(0, 0)),
        ("13:15:00", time(13, 15)),
    ],
)
def test_a_time_is_read_however_it_is_written(text: str, when: time) -> None:
    """By the 24-hour clock, or with am and pm."""
    assert cells.time_in(text) == when


@pytest.mark.parametrize("text", ["", "9", "24:00", "13pm", "0am", "9:60", "half nine", "9:30:15"])
def test_what_is_no_time_is_unclear(text: str) -> None:
    """A bare 9 may be either half of the day."""
    with pytest.raises(Unclear):
        cells.time_in(text)


def test_a_session_at_night_is_unclear() -> None:
    """1:15 was meant for the afternoon, and a pupil asked for at night would be nobody's."""
    assert cells.session_time_in("13:15") == time(13, 15)
    with pytest.raises(Unclear, match="outside 07:00 to 19:00"):
        cells.session_time_in("1:15")


def test_a_moment_is_england_s() -> None:
    """The sandbox begins at a local time, in summer too."""
    assert cells.moment_in("2026-11-23 08:55") == datetime(2026, 11, 23, 8, 55, tzinfo=UTC)
    assert cells.moment_in("1 Jul 2027 08:55") == datetime(2027, 7, 1, 7, 55, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", {MON, TUE, WED, THU, FRI}),
        ("Mon to Wed", {MON, TUE, WED}),
        ("Mon–Wed", {MON, TUE, WED}),
        ("Mon, Wed", {MON, WED}),
        ("mon wed fri", {MON, WED, FRI}),
        ("Tuesdays and Thursdays", {TUE, THU}),
        ("Tues/Weds/Thurs", {TUE, WED, THU}),
        ("every day", {MON, TUE, WED, THU, FRI}),
        ("Mon-Tue, Fri", {MON, TUE, FRI}),
    ],
)
def test_days_are_read_however_they_are_written(text: str, days: set[int]) -> None:
    """Spans, lists, long and short names."""
    assert cells.weekdays_in(text) == days


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("Mon AM", [(MON, AM)]),
        ("Mon AM, Tue, Thu PM", [(MON, AM), (TUE, None), (THU, PM)]),
        ("Mon-Wed AM", [(MON, AM), (TUE, AM), (WED, AM)]),
        ("Mon to Tue pm", [(MON, PM), (TUE, PM)]),
        ("Mon and Wed", [(MON, None), (WED, None)]),
        ("Mon AM PM", [(MON, AM), (MON, PM)]),
        ("Fri all day", [(FRI, None)]),
    ],
)
def test_a_timetable_gives_each_day_its_half(
    text: str, slots: list[tuple[int, Half | None]]
) -> None:
    """A half belongs to its own part; a day alone is all that the provider runs."""
    assert list(cells.timetable_in(text)) == slots


@pytest.mark.parametrize("text", ["Mon Tue AM", "AM", "Mon AM, PM", "Monday morning", "Sat", ","])
def test_a_timetable_that_could_be_meant_in_two_ways_is_unclear(text: str) -> None:
    """A pupil who is not expected is not missed, so nothing of a timetable is guessed."""
    with pytest.raises(Unclear):
        cells.timetable_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "07700 900123",
        "07700900123",
        "7700900123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "0044 7700 900 123",
        "447700900123",
        "07700-900-123",
    ],
)
def test_a_mobile_is_the_same_however_it_is_written(text: str) -> None:
    """One number has one value, so that whoever texts is known by it."""
    assert phones.mobile_in(text) == "+447700900123"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("01632 960123", "landline"),
        ("020 7946 0123", "landline"),
        ("070 0000 0000", "mobile|phone"),
        ("07700 90012", "phone"),
        ("07700 900123 ext 4", "phone"),
        ("٠٧٧٠٠٩٠٠١٢٣", "phone"),
        ("999", "phone"),
        ("4.47701E+11", "spreadsheet"),
    ],
)
def test_what_cannot_be_texted_is_no_mobile(text: str, why: str) -> None:
    """A landline would swallow the prompt in silence."""
    with pytest.raises(Unclear, match=why):
        phones.mobile_in(text)


@pytest.mark.parametrize("text", ["01632 960123", "020 7946 0123", "07700 900123"])
def test_a_phone_is_any_that_can_be_rung(text: str) -> None:
    """A provider is rung on its landline or its mobile."""
    assert phones.phone_in(text).startswith("+44")


def test_spans_of_leave_are_read_together() -> None:
    """A span, a day, and either dash."""
    text = "7 Dec 2026 to 11 Dec 2026; 18 Dec 2026, 4 Jan 2027 – 5 Jan 2027"

    assert cells.spans_in(text) == (
        Span(date(2026, 12, 7), date(2026, 12, 11)),
        Span(date(2026, 12, 18), date(2026, 12, 18)),
        Span(date(2027, 1, 4), date(2027, 1, 5)),
    )


def test_words_may_be_written_as_people_write_them() -> None:
    """Case, spaces and underscores make no other word of one."""
    assert cells.reason_in("Medical appointment") is Reason.MEDICAL_APPOINTMENT
    assert cells.reason_in("medical_appointment") is Reason.MEDICAL_APPOINTMENT
    assert cells.roles_in("Contact + Deputy Lead") == {Role.CONTACT, Role.DEPUTY_LEAD}
    assert cells.halves_in("am") == {AM}
    assert cells.halves_in("AM and PM") == {AM, PM}
    assert cells.language_in("Polish") == cells.language_in("PL") == "pl"
    assert cells.channels_in(("sms", "telegram"))("Telegram, SMS") == ("telegram", "sms")


READERS = [
    cells.key_in,
    cells.name_in,
    cells.yes_or_no_in,
    cells.day_in,
    cells.time_in,
    cells.session_time_in,
    cells.moment_in,
    cells.minutes_in,
    cells.weekdays_in,
    cells.timetable_in,
    cells.halves_in,
    cells.spans_in,
    cells.reason_in,
    cells.roles_in,
    cells.language_in,
    phones.mobile_in,
    phones.phone_in,
]

TYPED = st.text() | st.text("0123456789 /:.-+,;amponteduwhfri", max_size=24)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@given(text=TYPED)
def test_no_text_is_an_error_but_unclear(reader: cells.Reader, text: str) -> None:
    """Whatever stands in a cell, it is a value or a problem with a remedy."""
    with suppress(Unclear):
        reader(text)


def test_a_mobile_of_another_country_is_no_number_to_text() -> None:
    """Its networks and its prices are not what was agreed."""
    polish = "+48" + "5" * 9

    with pytest.raises(Unclear, match="is not a number of the United Kingdom"):
        phones.mobile_in(polish)
