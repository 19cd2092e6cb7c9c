"""
Finding: where a child is now, by what somebody types of the name.

Everything is on the board already, so the answer is there while they type.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rapidfuzz import fuzz

from apbot.domain.cases import Case
from apbot.domain.people import Person, Provider, Pupil
from apbot.domain.register import Entry, Line, Register
from apbot.domain.words import Matter
from apbot.reading.tokens import fold
from apbot.store.lists import Lists
from apbot.web.lobby import Viewer
from apbot.web.ringing import whom_to_ring
from apbot.web.today import Today

MOST_FOUND = 8
NEARLY = 78
"""How alike a name must be, in percent, where nobody's begins as it was typed."""


@dataclass(frozen=True, slots=True)
class Place:
    """One of a pupil's sessions today: where, and what was said there."""

    register: Register
    line: Line
    entry: Entry | None
    provider: Provider | None
    contact: Person | None
    ring: tuple[Person, ...]
    is_now: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A pupil, where they are due today, the one that counts now first, and open cases."""

    pupil: Pupil
    places: tuple[Place, ...]
    cases: tuple[Case, ...]


def find(typed: str, lists: Lists, today: Today, viewer: Viewer) -> list[Found]:
    """Return the pupils whose name this may be, who is due today first."""
    pupils = list(named(typed, lists))
    found = [where_is(pupil, lists, today, viewer) for pupil in pupils]
    found.sort(key=lambda one: (not one.places, one.pupil.name))
    return found[:MOST_FOUND]


def where_is(pupil: Pupil, lists: Lists, today: Today, viewer: Viewer) -> Found:
    """Return where a pupil is due today and what was said there."""
    places = [
        _place(register, line, lists, today.now)
        for register in today.registers.values()
        for line in register.roster
        if line.pupil == pupil.key
    ]
    places.sort(key=lambda place: (not place.is_now, place.register.starts_at))
    return Found(
        pupil,
        tuple(places),
        tuple(case for case in today.cases if case.pupil == pupil.key and may_see(viewer, case)),
    )


def may_see(viewer: Viewer, case: Case) -> bool:
    """Whether this viewer may read what the case says: a concern is not for everybody."""
    is_concern = case.matter is Matter.CONCERN
    return not is_concern or viewer.sees_concerns or viewer.person.key in case.told


def named(typed: str, lists: Lists) -> Iterator[Pupil]:
    """Yield the pupils whose name this may be."""
    words = fold(typed).split()
    names = {
        pupil.key: fold(f"{pupil.name} {pupil.known_as or ''}").split()
        for pupil in lists.people.pupils
    }
    exact = [
        pupil
        for pupil in lists.people.pupils
        if all(any(name.startswith(word) for name in names[pupil.key]) for word in words)
    ]
    if exact:
        yield from exact
        return
    for pupil in lists.people.pupils:
        likeness = [max(fuzz.ratio(word, name) for name in names[pupil.key]) for word in words]
        if likeness and min(likeness) >= NEARLY:
            yield pupil


def _place(register: Register, line: Line, lists: Lists, now: datetime) -> Place:
    people = lists.people
    provider = people.provider_by_key.get(register.provider)
    return Place(
        register=register,
        line=line,
        entry=register.standing.get(line.number),
        provider=provider,
        contact=people.person_by_key.get(provider.key_contact) if provider else None,
        ring=tuple(whom_to_ring(lists, register.provider, register.on)),
        is_now=register.starts_at <= now < register.ends_at,
    )
