from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apbot.domain.calendar import ZONE, Calendar, Closure, at, day_of, local, time_of
from apbot.domain.people import EVERY_WEEKDAY, Hours, Provider, Span
from apbot.domain.words import Half

AUTUMN = Span(date(2026, 9, 1), date(2026, 10, 23))
LATE_AUTUMN = Span(date(2026, 11, 2), date(2026, 12, 18))
SPRING = Span(date(2027, 1, 4), date(2027, 2, 12))

AFTERNOON = Hours(time(12, 45), time(14, 45))

YEAR = Calendar(
    terms=(AUTUMN, LATE_AUTUMN, SPRING),
    inset_days=frozenset({date(2026, 11, 2)}),
    bank_holidays=frozenset({date(2026, 8, 31), date(2026, 12, 25), date(2027, 1, 1)}),
    closures=(
        Closure("alder-farm", Span(date(2026, 11, 24), date(2026, 11, 25)), "lambing"),
        Closure(None, Span(date(2026, 12, 18), date(2026, 12, 18)), "carols", frozenset({Half.PM})),
    ),
)


def a_provider(
    key: str = "alder-farm",
    days: frozenset[int] = EVERY_WEEKDAY,
    pm: Hours | None = AFTERNOON,
) -> Provider:
    return Provider(
        key=key,
        name="Alder Farm",
        kind="farm",
        phone="+447700900601",
        address="Alder Lane",
        days=days,
        am=Hours(time(9), time(12)),
        pm=pm,
        key_contact="gill-marsh",
    )


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (date(2026, 11, 23), None),
        (date(2026, 9, 1), None),
        (date(2026, 12, 18), None),
        (date(2026, 11, 21), "weekend"),
        (date(2026, 11, 2), "INSET day"),
        (date(2026, 10, 26), "half term"),
        (date(2026, 12, 21), "holiday"),
        (date(2026, 12, 25), "bank holiday"),
        (date(2026, 8, 28), "outside the terms of the calendar"),
        (date(2027, 2, 15), "outside the terms of the calendar"),
    ],
)
def test_a_day_without_school_says_why(on: date, why: str | None) -> None:
    """A day is in term for the CSS, or there is a plain word for why it is not."""
    assert YEAR.why_not_in_term(on) == why


@pytest.mark.parametrize(
    ("on", "half", "why"),
    [
        (date(2026, 11, 23), Half.AM, None),
        (date(2026, 11, 24), Half.AM, "lambing"),
        (date(2026, 11, 25), Half.PM, "lambing"),
        (date(2026, 11, 26), Half.AM, None),
        (date(2026, 12, 18), Half.AM, None),
        (date(2026, 12, 18), Half.PM, "carols"),
        (date(2026, 10, 26), Half.AM, "half term"),
    ],
)
def test_a_provider_is_shut_on_days_of_its_own(on: date, half: Half, why: str | None) -> None:
    """A closure shuts one provider, or all, on its days and halves alone."""
    assert YEAR.why_shut(a_provider(), on, half) == why


def test_another_provider_s_closure_shuts_nobody_else() -> None:
    """Alder Farm's lambing is not the garage's."""
    assert YEAR.why_shut(a_provider("garage"), date(2026, 11, 24), Half.AM) is None


def test_a_weekday_on_which_a_provider_never_opens_is_shut() -> None:
    """A Monday-to-Wednesday provider is not asked on a Thursday."""
    provider = a_provider("hazel-copse", days=frozenset({0, 1, 2}))

    assert YEAR.why_shut(provider, date(2026, 11, 26), Half.AM) == "not open on Thursdays"


def test_a_half_that_a_provider_does_not_run_is_shut() -> None:
    """A morning-only provider is never asked for an afternoon."""
    provider = a_provider("salon", pm=None)

    assert YEAR.why_shut(provider, date(2026, 11, 23), Half.PM) == "no PM session here"


@pytest.mark.parametrize(
    ("on", "before"),
    [
        (date(2026, 11, 24), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 20)),  # a weekend between
        (date(2026, 11, 3), date(2026, 11, 2)),  # the office works on INSET days
        (date(2026, 11, 2), date(2026, 10, 23)),  # half term between
        (date(2027, 1, 4), date(2026, 12, 18)),  # Christmas between
        (date(2026, 9, 1), date(2026, 8, 28)),  # before any term: a weekday, no bank holiday
    ],
)
def test_the_working_day_before_is_one_on_which_the_office_is_at_work(
    on: date, before: date
) -> None:
    """What a provider must know beforehand is told while the office is there to be asked."""
    assert YEAR.working_day_before(on) == before


def test_an_inset_day_is_a_working_day_and_a_bank_holiday_is_not() -> None:
    """Teachers' training days have staff in the office and no pupils anywhere."""
    assert YEAR.is_working_day(date(2026, 11, 2))
    assert not YEAR.is_working_day(date(2026, 12, 25))
    assert not YEAR.is_working_day(date(2026, 11, 21))


def test_the_calendar_knows_where_it_ends() -> None:
    """After its last term nobody would be asked, so its end can be seen coming."""
    assert YEAR.ends_on == date(2027, 2, 12)
    assert Calendar(terms=()).ends_on is None


@pytest.mark.parametrize(
    ("on", "when", "utc"),
    [
        (date(2026, 11, 23), time(9, 30), datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
        (date(2026, 7, 1), time(9, 30), datetime(2026, 7, 1, 8, 30, tzinfo=UTC)),
        (date(2026, 10, 24), time(9, 30), datetime(2026, 10, 24, 8, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(9, 30), datetime(2026, 10, 25, 9, 30, tzinfo=UTC)),
        (date(2027, 3, 28), time(0, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), time(1, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (date(2027, 3, 28), time(9, 30), datetime(2027, 3, 28, 8, 30, tzinfo=UTC)),
    ],
)
def test_the_wall_clock_is_england_s_on_both_sides_of_a_change(
    on: date, when: time, utc: datetime
) -> None:
    """Half past nine on the wall is half past nine in winter, summer and on the day between."""
    assert at(on, when) == utc
    assert at(on, when).tzinfo is UTC


def test_an_hour_that_never_happens_moves_forward() -> None:
    """01:30 on the day the clocks go forward is read as 02:30, never as a moment already past."""
    assert time_of(at(date(2027, 3, 28), time(1, 30))) == time(2, 30)


def test_an_hour_that_happens_twice_is_its_first() -> None:
    """01:30 on the day the clocks go back is the one before the change, whatever fold is set."""
    twice = date(2026, 10, 25)

    assert at(twice, time(1, 30, fold=1)) == at(twice, time(1, 30))
    assert at(twice, time(2, 0)) - at(twice, time(1, 30)) == timedelta(minutes=90)


def test_the_day_is_england_s_and_not_utc_s() -> None:
    """At 23:30 UTC in July it is already tomorrow in England."""
    assert day_of(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert day_of(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == date(2026, 12, 1)


def test_a_naive_datetime_is_refused() -> None:
    """A moment without a zone would be taken for the machine's own time."""
    naive = datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001 - naive on purpose

    with pytest.raises(ValueError, match="no time zone"):
        local(naive)


days = st.dates(date(2000, 1, 1), date(2100, 12, 31))
minutes = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@given(days, minutes)
def test_a_wall_clock_outside_the_night_of_a_change_comes_back_the_same(
    on: date, when: time
) -> None:
    """There and back again is the same day and minute; a gap alone moves, by one hour."""
    moment = at(on, when)

    shown = local(moment)
    assert day_of(moment) == on
    assert time_of(moment) in (when, when.replace(hour=(when.hour + 1) % 24))
    if when.hour > 2:
        assert time_of(moment) == when
    assert shown.tzinfo is ZONE


@given(days)
def test_the_working_day_before_is_always_before_and_never_a_weekend(on: date) -> None:
    """Whatever the day, there is somebody to tell, and it is earlier."""
    before = YEAR.working_day_before(on)

    assert before < on
    assert before.weekday() in EVERY_WEEKDAY
    assert before not in YEAR.bank_holidays


@given(days, st.sampled_from(list(Half)))
def test_a_provider_is_never_open_when_the_css_is_not_in_term(on: date, half: Half) -> None:
    """Due only on a day that is in term, open for the provider and no bank holiday."""
    if YEAR.why_not_in_term(on) is not None:
        assert YEAR.why_shut(a_provider(), on, half) == YEAR.why_not_in_term(on)
