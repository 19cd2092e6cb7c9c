"""
The rota: who is there for a provider today, from the lists and the addresses that work.

Whoever is off duty, on leave, opted out or has no address that can be used is not on it, so that
a rule never waits for somebody who cannot answer.
"""

from collections.abc import Collection, Mapping, Set
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from apbot.domain.decisions import Rota
from apbot.domain.messages import Address
from apbot.domain.people import Contact, Person
from apbot.store.addresses import group_key, list_live
from apbot.store.lists import Lists


def rota_of(
    db: Connection, lists: Lists, provider: str, on: date, channels: Collection[str]
) -> Rota:
    """Return who can be told about this provider on this day, by the channels that are on."""
    people = lists.people
    place = next(p for p in people.providers if p.key == provider)
    staff = [s for s in people.staff if s.provider == provider and on.weekday() in s.days]
    contacts = [contact for contact in people.contacts if contact.is_on_duty(on)]
    wanted = {s.person for s in staff} | {contact.person for contact in contacts}
    able = reachable(db, lists, wanted, channels)
    asked = _with_group(db, lists, provider, {s.person for s in staff}, able, channels)
    css = tuple((able[c.person], c) for c in contacts if c.person in able)
    chain = _chain(place.key_contact, {c.person: c for c in people.contacts})
    there = [key for key in chain if any(person.key == key for person, _ in css)]
    return Rota(
        service=lists.service,
        provider=place,
        staff=tuple(asked[s.person] for s in staff if s.person in asked and not s.is_backup),
        backups=tuple(asked[s.person] for s in staff if s.person in asked and s.is_backup),
        key_contact=able[there[0]] if there else None,
        css=css,
        covers=tuple(able[key] for key in there[1:2]),
    )


def reachable(
    db: Connection, lists: Lists, keys: Collection[str], channels: Collection[str]
) -> dict[str, Person]:
    """Return these persons, by key, with the addresses that can be used in their own order."""
    live = list_live(db, keys)
    found = {}
    for person in lists.people.persons:
        if person.key not in keys:
            continue
        usable = _in_order(person, live.get(person.key, ()), channels)
        if usable:
            found[person.key] = replace(person, addresses=usable)
    return found


def _with_group(
    db: Connection,
    lists: Lists,
    provider: str,
    staff: Set[str],
    able: Mapping[str, Person],
    channels: Collection[str],
) -> Mapping[str, Person]:
    """Whoever can be reached no other way can still be asked in their provider's group."""
    if "telegram" not in channels or staff <= able.keys():
        return able
    group = list_live(db, [group_key(provider)]).get(group_key(provider))
    if not group:
        return able
    left = [p for p in lists.people.persons if p.key in staff and p.key not in able]
    return {**able, **{p.key: replace(p, addresses=group) for p in left}}


def persons_by_key(lists: Lists) -> Mapping[str, Person]:
    """Return every person on the lists, by key."""
    return {person.key: person for person in lists.people.persons}


def _in_order(
    person: Person, live: tuple[Address, ...], channels: Collection[str]
) -> tuple[Address, ...]:
    order = (*person.channels, "sms") if "sms" not in person.channels else person.channels
    usable = [a for a in live if a.channel in channels and a.channel in order]
    return tuple(sorted(usable, key=lambda address: order.index(address.channel)))


def _chain(first: str, contacts: Mapping[str, Contact]) -> list[str]:
    """The key contact, their cover, the cover's cover …, each once."""
    chain: list[str] = []
    key: str | None = first
    while key is not None and key in contacts and key not in chain:
        chain.append(key)
        key = contacts[key].cover
    return chain
