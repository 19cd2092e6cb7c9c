"""
The calendar file: terms, INSET days, bank holidays and providers' days of their own.

`bank_holidays: england` are those of the years of the terms; single
days can stand beside it, for a day that a government gives at short notice.
"""

from collections.abc import Collection
from datetime import date
from itertools import pairwise
from pathlib import Path

from apbot.domain.calendar import Calendar, Closure
from apbot.domain.people import EVERY_WEEKDAY, Span
from apbot.loading.bank_holidays import england
from apbot.loading.cells import day_in, halves_in, ordered
from apbot.loading.checking import Findings, Unclear, nearest
from apbot.loading.fields import Fields, read_fields

ENGLAND = "england"


def read_calendar(path: Path, providers: Collection[str] | None, found: Findings) -> Calendar:
    """Read calendar.yaml. `providers` are the keys that a closure may name, None if unknown."""
    fields = read_fields(path, "the calendar", found)
    if fields is None:
        return Calendar(terms=())
    fields.only(("terms", "inset_days", "bank_holidays", "closures"), needed=("terms",))
    terms = _terms(fields, found)
    bank_holidays = _bank_holidays(fields, terms)
    return Calendar(
        terms=terms,
        inset_days=_inset_days(fields, terms, bank_holidays),
        bank_holidays=bank_holidays,
        closures=_closures(fields, terms, providers),
    )


def _terms(fields: Fields, found: Findings) -> tuple[Span, ...]:
    """Return the terms in their order, or none where one cannot be read: no day is judged then."""
    terms: list[tuple[Span, Fields]] = []
    for item in fields.inners("terms", "a term"):
        item.only(("name", "from", "to"), needed=("from", "to"))
        span = _span(item)
        if span is not None:
            terms.append((span, item))
    terms.sort(key=lambda term: (term[0].from_on, term[0].to_on))
    for (before, _), (after, item) in pairwise(terms):
        if after.from_on <= before.to_on:
            what = f"the term from {after.from_on} overlaps the one that ends on {before.to_on}"
            item.wrong("from", what, "a day belongs to one term: check both")
    return () if found.has(fields.file) else tuple(span for span, _ in terms)


def _bank_holidays(fields: Fields, terms: tuple[Span, ...]) -> frozenset[date]:
    years = {on.year for term in terms for on in (term.from_on, term.to_on)}
    days: set[date] = set()
    for item in fields.listed("bank_holidays"):
        if item == ENGLAND:
            days |= england(years)
            continue
        on = fields.read_value("bank_holidays", item, _england_or_day, None)
        days |= {on} if on is not None else set()
    return frozenset(days)


def _england_or_day(text: str) -> date | None:
    try:
        return day_in(text)
    except Unclear as unclear:
        if text[:1].isdigit():
            raise
        raise Unclear(unclear.what, nearest(text, [ENGLAND]) or unclear.remedy) from None


def _inset_days(
    fields: Fields, terms: tuple[Span, ...], bank_holidays: frozenset[date]
) -> frozenset[date]:
    days: set[date] = set()
    for item in fields.listed("inset_days"):
        on = fields.read_value("inset_days", item, day_in, None)
        if on is None:
            continue
        why = _why_no_inset(on, terms, bank_holidays) or ("is here twice" if on in days else None)
        if why is not None:
            fields.wrong_at(item.line, f"INSET day {on} {why}", "check the date")
        days.add(on)
    return frozenset(days)


def _why_no_inset(on: date, terms: tuple[Span, ...], bank_holidays: frozenset[date]) -> str | None:
    if on.weekday() not in EVERY_WEEKDAY:
        return f"is a {on:%A}"
    if on in bank_holidays:
        return "is a bank holiday"
    if terms and not any(term.covers(on) for term in terms):
        return "is outside the terms"
    return None


def _closures(
    fields: Fields, terms: tuple[Span, ...], providers: Collection[str] | None
) -> tuple[Closure, ...]:
    closures = []
    for item in fields.inners("closures", "a closure"):
        item.only(("provider", "from", "to", "why", "halves"), needed=("from", "why"))
        provider = item.read("provider", str, None)
        if provider is not None and providers is not None and provider not in providers:
            remedy = nearest(provider, providers, "providers.csv")
            item.wrong("provider", f"provider '{provider}' is not in providers.csv", remedy)
        span = _span(item)
        if span is None:
            continue
        if terms and not any(_meet(span, term) for term in terms):
            what = f"the closure of {span.from_on} is outside every term"
            item.wrong("from", what, "nobody is due then: take it away, or check its dates")
        halves = item.read("halves", halves_in, halves_in("both"))
        closures.append(Closure(provider, span, item.read("why", str, ""), halves))
    return tuple(closures)


def _span(item: Fields) -> Span | None:
    """Return the span of `from` and `to`; without `to` it is the one day."""
    from_on = item.read("from", day_in, None)
    to_on = item.read("to", day_in, None) if item.pairs.get("to") else from_on
    if from_on is None or to_on is None:
        return None
    try:
        return ordered(from_on, to_on)
    except Unclear as unclear:
        item.wrong("to", f"{item.about} {unclear.what}", unclear.remedy)
        return None


def _meet(one: Span, other: Span) -> bool:
    return one.from_on <= other.to_on and other.from_on <= one.to_on
