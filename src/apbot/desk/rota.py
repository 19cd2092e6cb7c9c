"""
The rota: who is there for a provider today, from the lists and the addresses that work.

Whoever is off duty, on leave, opted out or has no address that can be used is not on it, so that
a rule never waits for somebody who cannot answer.
"""

from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from apbot.domain.decisions import Rota
from apbot.domain.messages import VOICE, Address
from apbot.domain.people import Contact, Person, Provider
from apbot.domain.policy import ParentsTold
from apbot.store.addresses import group_key, list_live
from apbot.store.lists import Lists


def rota_of(
    db: Connection, lists: Lists, provider: str, on: date, channels: Collection[str]
) -> Rota:
    """Return who can be told about this provider on this day, by the channels that are on."""
    people = lists.people
    place = people.provider_by_key[provider]
    staff = [s for s in people.staff_of(provider) if on.weekday() in s.days]
    contacts = _on_duty(lists, on)
    wanted = {s.person for s in staff} | {contact.person for contact in contacts}
    find_addresses(db, lists, [provider], on)
    able = reachable(db, lists, wanted, channels)
    asked = _with_group(db, lists, provider, {s.person for s in staff}, able, channels)
    css = tuple((able[c.person], c) for c in contacts if c.person in able)
    chain = _chain(place.key_contact, people.contact_by_key)
    there = [key for key in chain if any(person.key == key for person, _ in css)]
    return Rota(
        service=replace(lists.service, shut_on=lists.calendar.bank_holidays),
        provider=place,
        staff=tuple(asked[s.person] for s in staff if s.person in asked and not s.is_backup),
        backups=tuple(asked[s.person] for s in staff if s.person in asked and s.is_backup),
        key_contact=able[there[0]] if there else None,
        css=css,
        covers=tuple(able[key] for key in there[1:2]),
        called=_called(css, channels),
    )


def find_addresses(db: Connection, lists: Lists, providers: Iterable[str], on: date) -> None:
    """Have all addresses at hand that may be used because of these providers on this day."""
    wanted = {contact.person for contact in _on_duty(lists, on)}
    for provider in providers:
        wanted |= {s.person for s in lists.people.staff_of(provider) if on.weekday() in s.days}
        wanted |= {group_key(provider), *_homes(lists, lists.people.provider_by_key[provider])}
    list_live(db, wanted)


def _on_duty(lists: Lists, on: date) -> list[Contact]:
    return [contact for contact in lists.people.contacts if contact.is_on_duty(on)]


def _called(
    css: Iterable[tuple[Person, Contact]], channels: Collection[str]
) -> frozenset[str] | None:
    """Whose mobile may be rung: a number that texts may not go to any more is nobody's to call."""
    if VOICE not in channels:
        return None
    return frozenset(
        person.key for person, _ in css if any(a.channel == "sms" for a in person.addresses)
    )


def _homes(lists: Lists, place: Provider) -> set[str]:
    """The parents of a provider's pupils, where its policy has them told."""
    policy = lists.policies.get(place.policy)
    if policy is None or policy.parents is ParentsTold.OFF:
        return set()
    pupils = {one.pupil for one in lists.people.placements_at(place.key)}
    return {parent.person for parent in lists.people.parents_of(pupils)}


def reachable(
    db: Connection, lists: Lists, keys: Collection[str], channels: Collection[str]
) -> dict[str, Person]:
    """Return these persons, by key, with the addresses that can be used in their own order."""
    live = list_live(db, keys)
    found = {}
    for key in sorted(keys):
        person = lists.people.person_by_key.get(key)
        usable = _in_order(person, live.get(key, ()), channels) if person else ()
        if person and usable:
            found[key] = replace(person, addresses=usable)
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
    everybody = lists.people.person_by_key
    left = [key for key in sorted(staff) if key not in able and key in everybody]
    return {**able, **{key: replace(everybody[key], addresses=group) for key in left}}


def persons_by_key(lists: Lists) -> Mapping[str, Person]:
    """Return every person on the lists, by key."""
    return lists.people.person_by_key


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
