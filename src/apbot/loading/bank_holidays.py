"""
England's bank holidays, by the rules that set them.

A day that a government gives for once stands in the calendar file beside `england`. The library
that knows every country's holidays holds this to account in the tests; a service that runs all
year does not keep it in memory for eight days.
"""

from collections.abc import Iterable
from datetime import date, timedelta

_MONDAY = 0
_SATURDAY = 5

_MOVED = {date(2020, 5, 4): date(2020, 5, 8), date(2022, 5, 30): date(2022, 6, 2)}
"""Bank holidays that were kept on another day for once."""

_GIVEN = frozenset({date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)})
"""Days that were given for once."""


def england(years: Iterable[int]) -> frozenset[date]:
    """Return the bank holidays of these years, with the days kept in place of a weekend's."""
    return frozenset(day for year in years for day in _of(year))


def _of(year: int) -> set[date]:
    easter = _easter(year)
    new_year, christmas = date(year, 1, 1), date(year, 12, 25)
    mondays = {
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
    }
    days = {easter - timedelta(days=2), easter + timedelta(days=1)}
    days |= {_MOVED.get(monday, monday) for monday in mondays}
    days |= {day for day in _GIVEN if day.year == year}
    days |= {new_year, christmas, christmas + timedelta(days=1)}
    if new_year.weekday() >= _SATURDAY:
        days.add(_monday_from(new_year))
    # Each of the two at Christmas that falls on a weekend is kept on the next day that is neither.
    kept = christmas + timedelta(days=2)
    for day in (christmas, christmas + timedelta(days=1)):
        if day.weekday() >= _SATURDAY:
            while kept.weekday() >= _SATURDAY:
                kept += timedelta(days=1)
            days.add(kept)
            kept += timedelta(days=1)
    return days


def _monday_from(day: date) -> date:
    """Return this day if it is a Monday, else the next one."""
    return day + timedelta(days=(_MONDAY - day.weekday()) % 7)


def _easter(year: int) -> date:
    """Return Easter Sunday, as the Gregorian calendar reckons it (Meeus, Jones and Butcher)."""
    century, of_century = divmod(year, 100)
    cycle = year % 19
    leaps, rest = divmod(century, 4)
    moon = (century + 8) // 25
    epact = (19 * cycle + century - leaps - (century - moon + 1) // 3 + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (cycle + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
