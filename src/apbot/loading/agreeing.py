"""
Agreement: whether the office's lists, each sound for itself, say the same thing together.

Here the duties are kept that no single line shows: no provider without a key contact who has cover,
no opening day on which nobody can be asked or told, no pupil in two places at once, no number that
two people share, so that whoever texts is one person and whoever is due has somebody to answer.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from typing import TypeVar

from apbot.domain.people import (
    LEADS,
    Contact,
    Person,
    Placement,
    Provider,
    Pupil,
    Role,
    Weekday,
)
from apbot.loading.cells import DAY_NAMES
from apbot.loading.checking import Findings, in_words, nearest
from apbot.loading.people import Listed, Lists
from apbot.loading.problems import shown
from apbot.loading.service import ServiceFile

Named = TypeVar("Named", Pupil, Provider)


def check_agreement(
    lists: Lists,
    service: ServiceFile,
    directory: Path,
    found: Findings,
    *,
    is_starting: bool = False,
) -> None:
    """
    Note all that does not agree, each at the line that is most likely to be the wrong one.

    An office that `is_starting` has no provider yet.
    """
    _each_person_is_one(lists.persons)
    _each_number_is_one_person(lists.persons)
    _each_email_is_one_contact(lists.contacts.values())
    _names_differ(lists.pupils.values(), "add a middle name or initial, or keep one line")
    _names_differ(lists.providers.values(), "add its place, or keep one line")
    _key_contacts_answer(lists)
    _covers_end(lists.contacts)
    _leads_are_there(lists, shown(directory / "contacts.csv"), found)
    if not is_starting:
        _providers_are_there(lists, shown(directory / "providers.csv"), found)
    _somebody_is_asked(lists)
    _pupils_are_in_one_place(lists)
    _halves_end_in_the_day(lists.providers.values(), service)
    _sandbox_phones_are_somebody(lists, service)


def _each_person_is_one(persons: Iterable[Listed[Person]]) -> None:
    first: dict[str, Listed[Person]] = {}
    for listed in persons:
        person, row = listed.value, listed.row
        known = first.setdefault(person.key, listed)
        for column, here, there in (
            ("name", person.name, known.value.name),
            ("mobile", person.mobile, known.value.mobile),
            ("channels", person.channels, known.value.channels),
        ):
            if here != there and here and there:
                what = f"{column} of '{person.key}' is another than in {known.row.where}"
                row.wrong(what, "make them the same, or give one of them another key")


def _each_number_is_one_person(persons: Iterable[Listed[Person]]) -> None:
    first: dict[str, Listed[Person]] = {}
    for listed in persons:
        person = listed.value
        known = first.setdefault(person.mobile, listed)
        if known.value.key != person.key:
            what = f"mobile '{person.mobile}' is also that of '{known.value.key}'"
            remedy = f"see {known.row.where}: a number is one person's, or they share one key"
            listed.row.wrong(what, remedy)


def _each_email_is_one_contact(contacts: Iterable[Listed[Contact]]) -> None:
    first: dict[str, Listed[Contact]] = {}
    for listed in contacts:
        email = listed.value.email
        known = first.setdefault(email, listed)
        if email and known is not listed:
            what = f"email '{email}' is also that of '{known.value.person}'"
            listed.row.wrong(what, f"see {known.row.where}: an account is one person's")


def _names_differ(listing: Iterable[Listed[Named]], remedy: str) -> None:
    """No two are called the same, so that a name on a phone is one pupil's or provider's."""
    first: dict[str, Listed[Named]] = {}
    for listed in listing:
        known = first.setdefault(_folded(listed.value.name), listed)
        if known is not listed:
            what = f"name '{listed.value.name}' is also that of '{known.value.key}'"
            listed.row.wrong(what, f"see {known.row.where}: {remedy}")


def _key_contacts_answer(lists: Lists) -> None:
    for listed in lists.providers.values():
        provider, row = listed.value, listed.row
        contact = lists.contacts.get(provider.key_contact)
        if contact is None:
            continue
        if Role.CONTACT not in contact.value.roles:
            what = f"key_contact '{provider.key_contact}' has not the role 'contact'"
            row.wrong(what, f"add it in {contact.row.where}, or name another")
        if contact.value.cover is None:
            what = f"'{provider.key_contact}' is a key contact and has no cover"
            contact.row.wrong(what, "name who stands in for them")
            continue
        cover = lists.contacts.get(contact.value.cover)
        if cover is not None and (off := provider.days - contact.value.days - cover.value.days):
            pair = f"'{provider.key_contact}' nor their cover '{contact.value.cover}'"
            what = f"neither key_contact {pair} works on {_days(off)}"
            row.wrong(what, "a provider that is open has somebody to report to")


def _covers_end(contacts: dict[str, Listed[Contact]]) -> None:
    """
    Nobody covers for themselves, and covers do not go round in a ring.

    Two who cover for each other are an ordinary small office.
    """
    for key, listed in contacts.items():
        cover = listed.value.cover
        if cover == key:
            remedy = "name somebody else, or leave it empty"
            listed.row.wrong(f"cover of '{key}' is '{key}'", remedy)
            continue
        ring = _ring_from(key, contacts)
        # Each ring is told once, at the first of its lines.
        if len(ring) > 2 and key == min(ring, key=lambda it: contacts[it].row.line):
            what = f"cover goes round in a ring: {', '.join([*ring, key])}"
            listed.row.wrong(what, "let the last of them have no cover")


def _ring_from(key: str, contacts: dict[str, Listed[Contact]]) -> list[str]:
    """Return the contacts from this one back to itself along cover, or nobody."""
    chain = [key]
    while (known := contacts.get(chain[-1])) is not None and known.value.cover is not None:
        if known.value.cover == key:
            return chain
        if known.value.cover in chain:
            return []
        chain.append(known.value.cover)
    return []


def _leads_are_there(lists: Lists, file: str, found: Findings) -> None:
    listing = lists.files["contacts.csv"]
    # A line that could not be read may be the lead's: then it is told, and this is not.
    unread = [row for row in listing.rows if row.text("person") not in lists.contacts]
    if not listing.is_whole or any(row.text("roles") != Role.CONTACT for row in unread):
        return
    contacts = [listed.value for listed in lists.contacts.values()]
    if not any(Role.SAFEGUARDING_LEAD in contact.roles for contact in contacts):
        found.add(file, 1, "no safeguarding lead", "give one contact the role 'safeguarding lead'")
        return
    open_days = {day for listed in lists.providers.values() for day in listed.value.days}
    at_work = {day for contact in contacts if contact.roles & LEADS for day in contact.days}
    if off := open_days - at_work:
        what = f"no safeguarding lead nor deputy lead works on {_days(off)}"
        found.add(file, 1, what, "a concern is told at once on every day that a provider is open")


def _providers_are_there(lists: Lists, file: str, found: Findings) -> None:
    if not lists.files["providers.csv"].rows and not found.has(file):
        found.add(file, 1, "no provider", "add a line for each")


def _somebody_is_asked(lists: Lists) -> None:
    """Each provider has staff, beside backups, on each of its days."""
    listing = lists.files["staff.csv"]
    if not listing.is_whole:
        return
    read = {it.row.line for it in lists.staff}
    unread = {row.text("provider") for row in listing.rows if row.line not in read}
    for key, listed in lists.providers.items():
        if key in unread:
            continue
        staff = [it.value for it in lists.staff if it.value.provider == key]
        pupils = {it.value.pupil for it in lists.placements if it.value.provider == key}
        days = {day for it in staff if not it.is_backup for day in it.days}
        if not staff:
            placed = f", but has {len(pupils)} pupils" if pupils else ""
            what = f"provider '{key}' has nobody on staff{placed}"
            listed.row.wrong(what, "add somebody who can be asked to staff.csv")
        elif not days & listed.value.days:
            what = f"provider '{key}' has nobody on staff to ask first"
            listed.row.wrong(what, "add days in staff.csv, or make somebody there no backup")
        elif off := listed.value.days - days:
            what = f"provider '{key}' has no staff to ask on {_days(off)}"
            listed.row.wrong(what, "add a day in staff.csv (a backup is not asked first)")


def _pupils_are_in_one_place(lists: Lists) -> None:
    by_pupil: dict[str, list[Listed[Placement]]] = defaultdict(list)
    for listed in lists.placements:
        by_pupil[listed.value.pupil].append(listed)
    for placements in by_pupil.values():
        for one, other in combinations(placements, 2):
            both = one.value.timetable & other.value.timetable
            if both and _are_both_live(one.value, other.value):
                day, half = min(both)
                slot = f"{DAY_NAMES[day]} {half}"
                what = f"pupil '{other.value.pupil}' is in two placements on {slot}"
                remedy = f"see {one.row.where}: end that one, or change a timetable"
                other.row.wrong(what, remedy)


def _are_both_live(one: Placement, other: Placement) -> bool:
    ends_first = one.to_on is not None and one.to_on < other.from_on
    ended_first = other.to_on is not None and other.to_on < one.from_on
    return not ends_first and not ended_first


def _halves_end_in_the_day(providers: Iterable[Listed[Provider]], service: ServiceFile) -> None:
    ends = service.service.day_ends_at
    if service.fields is None or not service.fields.is_sound:
        return
    for listed in providers:
        hours = listed.value.pm or listed.value.am
        if hours is not None and hours.end > ends:
            key = listed.value.key
            what = f"'{key}' goes on to {hours.end:%H:%M}, but the day ends at {ends:%H:%M}"
            listed.row.wrong(what, "move day_ends_at in service.yaml, or the provider's hours")


def _sandbox_phones_are_somebody(lists: Lists, service: ServiceFile) -> None:
    fields = service.sandbox_fields
    if fields is None:
        return
    files = ("contacts.csv", "staff.csv", "parents.csv")
    keys = [lists.files[file].keys("person") for file in files]
    if None in keys:
        return
    known = [key for keys_of_one in keys for key in keys_of_one or ()]
    for phone in fields.listed("phones"):
        if isinstance(phone, str) and phone not in known:
            what = f"phone '{phone}' of the sandbox is nobody's"
            remedy = nearest(phone, known, in_words(files))
            fields.wrong_at(getattr(phone, "line", fields.line("phones")), what, remedy)


def _folded(name: str) -> str:
    """Return the name as an SMS may show it: no accents, one case."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def _days(days: Iterable[Weekday]) -> str:
    return in_words([f"{DAY_NAMES[day]}s" for day in sorted(days)])
