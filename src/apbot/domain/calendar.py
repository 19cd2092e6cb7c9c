"""
The calendar: which days are school days, and what a wall clock in England says.

Pure. It protects two promises: nobody is asked for a register on a day on which nobody is due, and
"09:30" means half past nine on the wall on every day of the year. Local time exists only here;
everything else in the house is an aware datetime in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from apbot.domain.people import EVERY_WEEKDAY, Provider, Span
from apbot.domain.words import Half

ZONE = ZoneInfo("Europe/London")

BOTH_HALVES: frozenset[Half] = frozenset(Half)

# A break of a week, with the weekends at its ends, is a half term; a longer one is a holiday.
LONGEST_HALF_TERM = timedelta(days=9)

# How far back a working day is looked for: longer than a summer, so a term before it is found.
LONGEST_BREAK = timedelta(days=70)


@dataclass(frozen=True, slots=True)
class Closure:
    """Term days on which a provider is shut; `provider` None means every one of them."""

    provider: str | None
    span: Span
    why: str
    halves: frozenset[Half] = BOTH_HALVES

    def covers(self, provider: str, on: date, half: Half) -> bool:
        """Whether this closure shuts that provider then."""
        is_theirs = self.provider is None or self.provider == provider
        return is_theirs and half in self.halves and self.span.covers(on)


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    The school year of the CSS, and its providers' days of their own.

    `terms` are the half terms of teaching, first to last and apart from one another. A provider
    cannot be open when the CSS is not in term: closures take days away and nothing adds one.
    """

    terms: tuple[Span, ...]
    inset_days: frozenset[date] = frozenset()
    bank_holidays: frozenset[date] = frozenset()
    closures: tuple[Closure, ...] = ()

    @property
    def ends_on(self) -> date | None:
        """The last day that this calendar knows; after it nobody is asked, so warn before it."""
        return max((term.to_on for term in self.terms), default=None)

    def why_not_in_term(self, on: date) -> str | None:
        """Return why this is no school day for the CSS, in a word or two, or None if it is one."""
        if on.weekday() not in EVERY_WEEKDAY:
            return "weekend"
        if on in self.bank_holidays:
            return "bank holiday"
        if on in self.inset_days:
            return "INSET day"
        if any(term.covers(on) for term in self.terms):
            return None
        return self._break_on(on)

    def why_shut(self, provider: Provider, on: date, half: Half) -> str | None:
        """Return why nobody can be due at this provider then, or None if somebody can."""
        why = self.why_not_in_term(on)
        if why is not None:
            return why
        if on.weekday() not in provider.days:
            return f"not open on {on:%A}s"
        if provider.hours(half) is None:
            return f"no {half} session here"
        return next((c.why for c in self.closures if c.covers(provider.key, on, half)), None)

    def is_working_day(self, on: date) -> bool:
        """Whether the CSS office is at work: a weekday in term, INSET days too, no bank holiday."""
        return self.why_not_in_term(on) in (None, "INSET day")

    def working_day_before(self, on: date) -> date:
        """
        Return the last day before this one on which the office is at work.

        Before the first term that the calendar knows, it is the last weekday that is no bank
        holiday: somebody must still be told of the first day of the year.
        """
        days_before = [on - timedelta(days=n) for n in range(1, LONGEST_BREAK.days + 1)]
        at_work = (day for day in days_before if self.is_working_day(day))
        weekday = (
            day
            for day in days_before
            if day.weekday() in EVERY_WEEKDAY and day not in self.bank_holidays
        )
        return next(at_work, None) or next(weekday)

    def _break_on(self, on: date) -> str:
        before = max((term.to_on for term in self.terms if term.to_on < on), default=None)
        after = min((term.from_on for term in self.terms if term.from_on > on), default=None)
        if before is None or after is None:
            return "outside the terms of the calendar"
        days_off = after - before - timedelta(days=1)
        return "half term" if days_off <= LONGEST_HALF_TERM else "holiday"


def at(on: date, when: time) -> datetime:
    """
    Return the moment, in UTC, at which a wall clock in England shows this.

    Add minutes to what this returns, never to the wall clock. An hour that happens twice (clocks go
    back) is the first one; one that never happens (clocks go forward) is an hour later on the wall.
    """
    wall = datetime.combine(on, when.replace(tzinfo=None, fold=0), tzinfo=ZONE)
    return wall.astimezone(UTC)


def local(moment: datetime) -> datetime:
    """Return the moment as a wall clock in England shows it. Raises ValueError if it is naive."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone: give an aware datetime")
    return moment.astimezone(ZONE)


def day_of(moment: datetime) -> date:
    """Return the day that it is in England at this moment."""
    return local(moment).date()


def time_of(moment: datetime) -> time:
    """Return what the wall clock shows, to the minute."""
    return local(moment).time().replace(second=0, microsecond=0, fold=0)
