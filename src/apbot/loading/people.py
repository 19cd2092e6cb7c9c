"""
The office's lists: providers, staff, pupils, placements, contacts, parents and what is known ahead.

Each line is read for itself here, with the keys that it refers to; whether the lines agree with one
another is for `agreeing`. A person is one key wherever they stand, and one number.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path
from typing import Generic, TypeVar

from apbot.domain.calendar import BOTH_HALVES
from apbot.domain.people import (
    EVERY_WEEKDAY,
    Contact,
    Hours,
    KnownAbsence,
    Note,
    Parent,
    People,
    Person,
    Placement,
    Provider,
    Pupil,
    Span,
    Staff,
    Weekday,
)
from apbot.domain.words import Half, Reason
from apbot.loading import cells
from apbot.loading.cells import DAY_NAMES, day_in, key_in, name_in, session_time_in
from apbot.loading.checking import Findings, in_words
from apbot.loading.columns import COLUMNS
from apbot.loading.lists import Listing, Row, read_list
from apbot.loading.phones import mobile_in, phone_in

T = TypeVar("T")

NOON = time(12, 0)

HOURS = ("am_start", "am_end", "pm_start", "pm_end")


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """A value and the row that it was read from, so that a later problem can name the line."""

    row: Row
    value: T


@dataclass(frozen=True, slots=True)
class Lists:
    """
    Every list as far as it could be read. `files` has all of the rows, sound or not.

    The values are those of sound rows only: what refers to an unsound one is not told twice.
    """

    files: Mapping[str, Listing]
    persons: list[Listed[Person]]
    providers: dict[str, Listed[Provider]]
    pupils: dict[str, Listed[Pupil]]
    placements: list[Listed[Placement]]
    staff: list[Listed[Staff]]
    contacts: dict[str, Listed[Contact]]
    parents: list[Listed[Parent]]
    known_absences: list[Listed[KnownAbsence]]
    notes: list[Listed[Note]]

    def people(self) -> People:
        """Return the values alone."""
        return People(
            persons=_persons(it.value for it in self.persons),
            providers=_values(self.providers.values()),
            pupils=_values(self.pupils.values()),
            placements=_values(self.placements),
            staff=_values(self.staff),
            contacts=_values(self.contacts.values()),
            parents=_values(self.parents),
            known_absences=_values(self.known_absences),
            notes=_values(self.notes),
        )


def read_people(
    directory: Path, policies: Collection[str], channels: tuple[str, ...], found: Findings
) -> Lists:
    """
    Read the eight lists. `policies` and `channels` are the names that a line may use.

    A person's values are as each line has them: `agreeing` makes sure that they are the same.
    """
    files = {file: read_list(directory / file, cols, found) for file, cols in COLUMNS.items()}
    rows = {file: listing.rows for file, listing in files.items()}
    providers = files["providers.csv"].keys("provider")
    pupils = files["pupils.csv"].keys("pupil")
    contacts = files["contacts.csv"].keys("person")
    read_channels = cells.channels_in(channels)

    for file in rows.keys() - {"providers.csv"}:
        for row in rows[file]:
            row.refer("provider", providers, "providers.csv")
    for file in rows.keys() - {"pupils.csv"}:
        for row in rows[file]:
            row.refer("pupil", pupils, "pupils.csv")
    for row in rows["providers.csv"]:
        row.refer("key_contact", contacts, "contacts.csv")
        row.refer("policy", policies or None, "policies.yaml")
    for row in rows["contacts.csv"]:
        row.refer("cover", contacts, "contacts.csv")
    _once_each(rows["providers.csv"], "provider")
    _once_each(rows["pupils.csv"], "pupil")
    _once_each(rows["contacts.csv"], "person")
    _once_each(rows["staff.csv"], "person", "provider")
    _once_each(rows["parents.csv"], "person", "pupil")

    provided = _by_key(_sound(rows["providers.csv"], _provider), lambda it: it.key)
    return Lists(
        files=files,
        persons=[
            listed
            for file in ("contacts.csv", "staff.csv", "parents.csv")
            for listed in _sound(rows[file], lambda row: _person(row, read_channels))
        ],
        providers=provided,
        pupils=_by_key(_sound(rows["pupils.csv"], _pupil), lambda it: it.key),
        placements=_sound(rows["placements.csv"], lambda row: _placement(row, provided)),
        staff=_sound(rows["staff.csv"], _staff),
        contacts=_by_key(_sound(rows["contacts.csv"], _contact), lambda it: it.person),
        parents=_sound(rows["parents.csv"], _parent),
        known_absences=_sound(rows["known_absences.csv"], _known_absence),
        notes=_sound(rows["notes.csv"], _note),
    )


def _provider(row: Row) -> Provider:
    am, pm = _hours(row, Half.AM), _hours(row, Half.PM)
    if row.is_straight and not any(row.text(column) for column in HOURS):
        row.wrong("a provider with neither half", f"fill {' and '.join(HOURS[:2])}, or those of PM")
    if am is not None and am.start >= NOON:
        row.wrong(f"am_start '{am.start:%H:%M}' is no morning", "an AM half begins before 12:00")
    if pm is not None and pm.end <= NOON:
        row.wrong(f"pm_end '{pm.end:%H:%M}' is no afternoon", "a PM half ends after 12:00")
    if am is not None and pm is not None and pm.start < am.end:
        what = f"pm_start '{pm.start:%H:%M}' is before am_end '{am.end:%H:%M}'"
        row.wrong(what, "the halves follow one another")
    return Provider(
        key=row.read("provider", key_in, ""),
        name=row.read("name", name_in, ""),
        kind=row.text("kind"),
        phone=row.read("phone", phone_in, ""),
        address=row.text("address"),
        days=row.read("days", cells.weekdays_in, EVERY_WEEKDAY),
        am=am,
        pm=pm,
        key_contact=row.text("key_contact"),
        policy=row.text("policy") or "default",
    )


def _hours(row: Row, half: Half) -> Hours | None:
    begins, ends = f"{half.lower()}_start", f"{half.lower()}_end"
    start, end = row.read(begins, session_time_in, None), row.read(ends, session_time_in, None)
    for filled, empty in ((begins, ends), (ends, begins)):
        if row.text(filled) and not row.text(empty):
            row.wrong(f"{empty} is empty", f"a half has both; or empty {filled} too")
    if start is None or end is None:
        return None
    if end <= start:
        row.wrong(f"{ends} '{end:%H:%M}' is not after {begins} '{start:%H:%M}'", "check both")
    return Hours(start, end)


def _person(row: Row, read_channels: Callable[[str], tuple[str, ...]]) -> Person:
    return Person(
        key=row.read("person", key_in, ""),
        name=row.read("name", name_in, ""),
        mobile=row.read("mobile", mobile_in, ""),
        channels=row.read("channels", read_channels, ()),
        title=row.text("title"),
        language=row.read("language", cells.language_in, ""),
    )


def _persons(lines: Iterable[Person]) -> tuple[Person, ...]:
    """Return each person once; what one of their lines leaves empty, another may say."""
    known: dict[str, Person] = {}
    for line in lines:
        person = known.get(line.key, line)
        known[line.key] = replace(
            person,
            channels=person.channels or line.channels,
            title=person.title or line.title,
            language=person.language or line.language,
        )
    return tuple(
        replace(person, channels=person.channels or ("sms",), language=person.language or "en")
        for person in known.values()
    )


def _pupil(row: Row) -> Pupil:
    return Pupil(
        key=row.read("pupil", key_in, ""),
        name=row.read("name", name_in, ""),
        known_as=row.read("known_as", name_in, None),
        tells_parents=row.read("tell_parents", cells.yes_or_no_in, True),
    )


def _placement(row: Row, providers: Mapping[str, Listed[Provider]]) -> Placement:
    span = _span(row)
    slots: tuple[tuple[Weekday, Half | None], ...] = ()
    slots = row.read("timetable", cells.timetable_in, slots)
    am_start = row.read("am_start", session_time_in, None)
    pm_start = row.read("pm_start", session_time_in, None)
    listed = providers.get(row.text("provider"))
    timetable: frozenset[tuple[Weekday, Half]] = frozenset()
    if listed is not None:
        provider = listed.value
        timetable = _timetable(row, slots, provider)
        am_start = _own_start(row, am_start, Half.AM, provider, timetable)
        pm_start = _own_start(row, pm_start, Half.PM, provider, timetable)
    return Placement(
        pupil=row.text("pupil"),
        provider=row.text("provider"),
        from_on=span.from_on,
        to_on=span.to_on if row.text("to") else None,
        timetable=timetable,
        am_start=am_start,
        pm_start=pm_start,
        nature=row.text("nature"),
    )


def _timetable(
    row: Row, slots: Iterable[tuple[Weekday, Half | None]], provider: Provider
) -> frozenset[tuple[Weekday, Half]]:
    """Return the halves that a timetable means at this provider, which must run each of them."""
    wanted: set[tuple[Weekday, Half]] = set()
    for day, half in slots:
        if day not in provider.days:
            days = in_words([DAY_NAMES[it][:3] for it in sorted(provider.days)])
            what = f"timetable: {provider.name} is not open on a {DAY_NAMES[day]}"
            row.wrong(what, f"its days are {days}")
        if half is not None and provider.hours(half) is None:
            what = f"timetable: {provider.name} has no {half}"
            row.wrong(what, "give its hours in providers.csv, or take the half away")
        halves = [half] if half is not None else [it for it in Half if provider.hours(it)]
        wanted |= {(day, it) for it in halves}
    return frozenset(wanted)


def _own_start(
    row: Row,
    start: time | None,
    half: Half,
    provider: Provider,
    timetable: Collection[tuple[Weekday, Half]],
) -> time | None:
    """Return the pupil's own start, which lies inside the half; None if it is the provider's."""
    hours = provider.hours(half)
    if start is None:
        return None
    column = f"{half.lower()}_start"
    if hours is None or not any(it is half for _, it in timetable):
        row.wrong(f"{column} '{start:%H:%M}' but no {half} in the timetable", "empty one of them")
        return None
    if start < hours.start:
        what = f"{column} '{start:%H:%M}' is before {provider.name} starts at {hours.start:%H:%M}"
        row.wrong(what, "an own start is later than the provider's")
    if start >= hours.end:
        what = f"{column} '{start:%H:%M}' is not before {provider.name} ends at {hours.end:%H:%M}"
        row.wrong(what, "an own start lies inside the half")
    return start if start > hours.start else None


def _staff(row: Row) -> Staff:
    return Staff(
        person=row.text("person"),
        provider=row.text("provider"),
        days=row.read("days", cells.weekdays_in, EVERY_WEEKDAY),
        is_backup=row.read("backup", cells.yes_or_no_in, False),
    )


def _contact(row: Row) -> Contact:
    return Contact(
        person=row.text("person"),
        roles=row.read("roles", cells.roles_in, frozenset()),
        days=row.read("days", cells.weekdays_in, EVERY_WEEKDAY),
        cover=row.text("cover") or None,
        leave=row.read("leave", cells.spans_in, ()),
        email=row.read("email", cells.email_in, ""),
    )


def _parent(row: Row) -> Parent:
    told = row.read("told", cells.yes_or_no_in, True)
    return Parent(person=row.text("person"), pupil=row.text("pupil"), is_told=told)


def _known_absence(row: Row) -> KnownAbsence:
    return KnownAbsence(
        pupil=row.text("pupil"),
        span=_span(row),
        halves=row.read("halves", cells.halves_in, BOTH_HALVES),
        reason=row.read("reason", cells.reason_in, Reason.OTHER),
    )


def _note(row: Row) -> Note:
    return Note(provider=row.text("provider"), span=_span(row), text=row.text("note"))


def _span(row: Row) -> Span:
    """Return the span of `from` and `to`; without `to` it is the one day."""
    from_on = row.read("from", day_in, date.min)
    to_on = row.read("to", day_in, from_on)
    if to_on < from_on:
        what = f"to '{row.text('to')}' is before from '{row.text('from')}'"
        row.wrong(what, "the earlier day is first")
    return Span(from_on, to_on)


def _sound(rows: Iterable[Row], read: Callable[[Row], T]) -> list[Listed[T]]:
    """Read every row, so that all its problems are found; keep those without one."""
    made = [Listed(row, read(row)) for row in rows]
    return [listed for listed in made if listed.row.is_sound]


def _once_each(rows: Iterable[Row], *columns: str) -> None:
    """Note each row that says again what an earlier one is."""
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = tuple(row.text(column) for column in columns)
        if not all(key):
            continue
        if key in first:
            what = (
                f"{columns[0]} '{' at '.join(key)}' is here twice, first on line {first[key].line}"
            )
            row.wrong(what, "keep one of them, or give this one a key of its own")
        first.setdefault(key, row)


def _by_key(listed: Iterable[Listed[T]], key: Callable[[T], str]) -> dict[str, Listed[T]]:
    return {key(it.value): it for it in listed}


def _values(listed: Iterable[Listed[T]]) -> tuple[T, ...]:
    return tuple(it.value for it in listed)
