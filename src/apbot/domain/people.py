"""
People and places: providers, pupils, placements, staff, contacts and parents.

The lists that an office keeps, as values. A `key` is the office's own short name for a line
("alder-farm", "gill-marsh"); it stays the same when a name or a number changes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from apbot.domain.messages import Address
from apbot.domain.words import Half, Reason

Weekday = int
"""0 is Monday, as `date.weekday` counts."""

T = TypeVar("T")

EVERY_WEEKDAY: frozenset[Weekday] = frozenset(range(5))


class Role(StrEnum):
    """
    What a CSS person is told as, and what they may do on the board.

    Office and reader are told of nothing by phone: one keeps the lists, the other looks.
    """

    CONTACT = "contact"
    SAFEGUARDING_LEAD = "safeguarding lead"
    DEPUTY_LEAD = "deputy lead"
    OFFICE = "office"
    READER = "reader"


LEADS = frozenset({Role.SAFEGUARDING_LEAD, Role.DEPUTY_LEAD})


@dataclass(frozen=True, slots=True)
class Span:
    """From one day to another, both included."""

    from_on: date
    to_on: date

    def covers(self, on: date) -> bool:
        """Whether the day lies within."""
        return self.from_on <= on <= self.to_on


@dataclass(frozen=True, slots=True)
class Hours:
    """When a half begins and ends at a provider, local time."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Person:
    """
    Somebody with a phone. `channels` are the channel names in the order they prefer.

    `addresses` are those that can be used now, in that order; a person who has not pressed Start
    has none on Telegram. `mobile` is the E.164 number by which others may ring them.
    """

    key: str
    name: str
    mobile: str
    channels: tuple[str, ...] = ("sms",)
    addresses: tuple[Address, ...] = ()
    title: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Provider:
    """A place of alternative provision. A half that it does not run is None."""

    key: str
    name: str
    kind: str
    phone: str
    address: str
    days: frozenset[Weekday]
    am: Hours | None
    pm: Hours | None
    key_contact: str
    policy: str = "default"

    def hours(self, half: Half) -> Hours | None:
        """Return when the half begins and ends here, or None."""
        return self.am if half is Half.AM else self.pm


@dataclass(frozen=True, slots=True)
class Pupil:
    """A child. `tells_parents` is False for a pupil whose parents are never told by the bot."""

    key: str
    name: str
    known_as: str | None = None
    tells_parents: bool = True


@dataclass(frozen=True, slots=True)
class Placement:
    """
    This pupil at this provider on these halves, from one day to another (both included).

    `timetable` holds (weekday, half). `am_start` and `pm_start` are the pupil's own starts, local
    time, where they are later than the provider's. `nature` is recorded beside codes B and K.
    """

    pupil: str
    provider: str
    from_on: date
    to_on: date | None
    timetable: frozenset[tuple[Weekday, Half]]
    am_start: time | None = None
    pm_start: time | None = None
    nature: str = ""

    def is_live(self, on: date) -> bool:
        """Whether the pupil is placed here on this day, whatever the timetable says."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)

    def is_due(self, on: date, half: Half) -> bool:
        """Whether the timetable has this half on this day, the placement being live."""
        return self.is_live(on) and (on.weekday(), half) in self.timetable

    def own_start(self, half: Half) -> time | None:
        """Return the pupil's own start in this half, if there is one."""
        return self.am_start if half is Half.AM else self.pm_start


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who answers for a provider on these weekdays; a backup, from the last chase on."""

    person: str
    provider: str
    days: frozenset[Weekday] = EVERY_WEEKDAY
    is_backup: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """
    A CSS person who takes cases on. `cover` is the contact who stands in for them.

    `email` is the address of their office account, for signing in to the board by it.
    """

    person: str
    roles: frozenset[Role]
    days: frozenset[Weekday] = EVERY_WEEKDAY
    cover: str | None = None
    leave: tuple[Span, ...] = ()
    email: str = ""

    def is_on_duty(self, on: date) -> bool:
        """Whether they can be told of a case that day: their weekday, and no leave."""
        is_away = any(away.covers(on) for away in self.leave)
        return self.takes_cases and on.weekday() in self.days and not is_away

    @property
    def takes_cases(self) -> bool:
        """Whether they are told of cases, and may take them on and mark registers."""
        return Role.CONTACT in self.roles or self.sees_concerns

    @property
    def sees_concerns(self) -> bool:
        """Whether they may read what a concern says, told of it or not."""
        return bool(self.roles & LEADS)


def keeps_lists(contact: Contact, contacts: Iterable[Contact]) -> bool:
    """
    Whether they may change the office's lists: whoever has the role `office`.

    Where nobody has it, as in a small office, everybody who takes cases may.
    """
    if any(Role.OFFICE in other.roles for other in contacts):
        return Role.OFFICE in contact.roles
    return contact.takes_cases


@dataclass(frozen=True, slots=True)
class Parent:
    """A parent or carer of a pupil; told only where `is_told` and the provider's policy has it."""

    person: str
    pupil: str
    is_told: bool = True


@dataclass(frozen=True, slots=True)
class KnownAbsence:
    """An absence that the CSS told beforehand: from one day to another, in these halves."""

    pupil: str
    span: Span
    halves: frozenset[Half]
    reason: Reason

    def covers(self, on: date, half: Half) -> bool:
        """Whether the pupil is known to be away then."""
        return half in self.halves and self.span.covers(on)


@dataclass(frozen=True, slots=True)
class Note:
    """Something a provider is told beforehand: "Aiden's taxi is 20 min late all week"."""

    provider: str
    span: Span
    text: str


@dataclass(frozen=True)  # no slots: what is looked up by key is made once and kept
class People:
    """
    Every list of the office together, as loaded. Order is the order of the files.

    What one happening asks of a nation's lists is looked up, and never searched for line by line.
    """

    persons: tuple[Person, ...] = ()
    providers: tuple[Provider, ...] = ()
    pupils: tuple[Pupil, ...] = ()
    placements: tuple[Placement, ...] = ()
    staff: tuple[Staff, ...] = ()
    contacts: tuple[Contact, ...] = ()
    parents: tuple[Parent, ...] = ()
    known_absences: tuple[KnownAbsence, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    @cached_property
    def person_by_key(self) -> Mapping[str, Person]:
        """Every person, by key."""
        return {person.key: person for person in self.persons}

    @cached_property
    def provider_by_key(self) -> Mapping[str, Provider]:
        """Every provider, by key."""
        return {provider.key: provider for provider in self.providers}

    @cached_property
    def pupil_by_key(self) -> Mapping[str, Pupil]:
        """Every pupil, by key."""
        return {pupil.key: pupil for pupil in self.pupils}

    @cached_property
    def contact_by_key(self) -> Mapping[str, Contact]:
        """Every contact, by the person they are."""
        return {contact.person: contact for contact in self.contacts}

    def staff_of(self, provider: str) -> Sequence[Staff]:
        """Return who answers for a provider."""
        return self._staff_by_provider.get(provider, ())

    def works_as(self, person: str) -> Sequence[Staff]:
        """Return for which providers a person answers."""
        return self._staff_by_person.get(person, ())

    def placements_at(self, provider: str) -> Sequence[Placement]:
        """Return the placements at a provider."""
        return self._placements_by_provider.get(provider, ())

    def children_of(self, person: str) -> Sequence[Parent]:
        """Return whose parent a person is."""
        return self._parents_by_person.get(person, ())

    def parents_of(self, pupils: Collection[str]) -> Sequence[Parent]:
        """Return the parents of these pupils, in the order of the list."""
        found = [one for key in pupils for one in self._parents_by_pupil.get(key, ())]
        return sorted(found, key=self._parents_in_order.__getitem__)

    def absences_of(self, pupil: str) -> Sequence[KnownAbsence]:
        """Return what is known ahead of a pupil's absences."""
        return self._absences_by_pupil.get(pupil, ())

    @cached_property
    def _staff_by_provider(self) -> Mapping[str, list[Staff]]:
        return _grouped((one.provider, one) for one in self.staff)

    @cached_property
    def _staff_by_person(self) -> Mapping[str, list[Staff]]:
        return _grouped((one.person, one) for one in self.staff)

    @cached_property
    def _placements_by_provider(self) -> Mapping[str, list[Placement]]:
        return _grouped((one.provider, one) for one in self.placements)

    @cached_property
    def _parents_by_person(self) -> Mapping[str, list[Parent]]:
        return _grouped((one.person, one) for one in self.parents)

    @cached_property
    def _parents_by_pupil(self) -> Mapping[str, list[Parent]]:
        return _grouped((one.pupil, one) for one in self.parents)

    @cached_property
    def _parents_in_order(self) -> Mapping[Parent, int]:
        return {one: place for place, one in enumerate(self.parents)}

    @cached_property
    def _absences_by_pupil(self) -> Mapping[str, list[KnownAbsence]]:
        return _grouped((one.pupil, one) for one in self.known_absences)


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
