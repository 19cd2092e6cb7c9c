"""
People and places: providers, pupils, placements, staff, contacts and parents.

The lists that an office keeps, as values. A `key` is the office's own short name for a line
("alder-farm", "gill-marsh"); it stays the same when a name or a number changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from apbot.domain.messages import Address
from apbot.domain.words import Half, Reason

Weekday = int
"""0 is Monday, as `date.weekday` counts."""

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
    """A CSS person who takes cases on. `cover` is the contact who stands in for them."""

    person: str
    roles: frozenset[Role]
    days: frozenset[Weekday] = EVERY_WEEKDAY
    cover: str | None = None
    leave: tuple[Span, ...] = ()

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


@dataclass(frozen=True, slots=True)
class People:
    """Every list of the office together, as loaded. Order is the order of the files."""

    persons: tuple[Person, ...] = ()
    providers: tuple[Provider, ...] = ()
    pupils: tuple[Pupil, ...] = ()
    placements: tuple[Placement, ...] = ()
    staff: tuple[Staff, ...] = ()
    contacts: tuple[Contact, ...] = ()
    parents: tuple[Parent, ...] = ()
    known_absences: tuple[KnownAbsence, ...] = ()
    notes: tuple[Note, ...] = field(default=())
