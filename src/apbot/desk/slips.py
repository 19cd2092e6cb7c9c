"""
Slips: the register behind the link in a text, to be tapped on a phone's browser.

Whoever has the link was sent it, so they need no log-in; it opens that one register for that one
person, until the day ends. What is tapped or written there is kept in the inbox like any message
and handled by the same rules: a tap is a tap, words are read as a text's are.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from apbot.desk.deadlines import am_marks_of, fresh
from apbot.desk.desk import Desk
from apbot.desk.happening import Happening
from apbot.desk.slip_links import register_of
from apbot.desk.staff import on_words, talk_of
from apbot.desk.taps import on_tap_of
from apbot.domain.calendar import at, local
from apbot.domain.messages import SLIP, Address, Inbound, InboundKind
from apbot.domain.people import Person
from apbot.domain.register import Register
from apbot.domain.words import Mark
from apbot.store.addresses import AddressState, find_owner
from apbot.store.inbox import find_message
from apbot.store.lists import Lists
from apbot.store.outbox import OutboxRow
from apbot.store.registers import look_at
from apbot.store.said import list_shown

OVER = "done on a slip that is over"


@dataclass(frozen=True, slots=True)
class Slip:
    """One person's view of one register. `am_marks` are the morning's, by this one's numbers."""

    register: Register
    person: Person
    am_marks: dict[int, Mark]

    @property
    def address(self) -> Address:
        """Where what is done on it comes from."""
        return Address(SLIP, self.person.mobile)

    def id_of(self, once: str) -> str:
        """Return under which id something done on it is kept; `once` tells it from all other."""
        return f"{self.register.id}/{self.person.key}/{once}"

    def done(self, kind: InboundKind, text: str, once: str) -> Inbound:
        """Return what was tapped or written on it as a message that comes in."""
        return Inbound(
            network_id=self.id_of(once),
            address=self.address,
            kind=kind,
            text=text,
            answers=str(self.register.id),
            sender=self.person.key,
            callback_id=self.id_of(once),
        )


def find_slip(db: Connection, desk: Desk, token: str, now: datetime) -> Slip | None:
    """
    Return the slip that a token opens, or None: forged, over, or somebody's who has left.

    Whoever said that the number is not theirs has no slip either.
    """
    id = register_of(token)
    register = look_at(db, id) if id is not None and desk.slips is not None else None
    if register is None or desk.slips is None:
        return None
    lists = desk.lists(db)
    person = desk.slips.whose(token, register, _staff(lists, register))
    if person is None or not _is_theirs(db, lists, register, person, now):
        return None
    return Slip(fresh(lists, register), person, am_marks_of(db, register))


def answers_to(db: Connection, slip: Slip, once: str) -> tuple[OutboxRow, ...] | None:
    """
    Return what is said to something done on the slip; None where nothing such was ever done.

    Nothing yet where it waits to be handled.
    """
    id = slip.id_of(once)
    if find_message(db, SLIP, id) is None:
        return None
    return list_shown(db, slip.address, id)


def on_slip(happening: Happening) -> tuple[Person | None, str]:
    """Do what was tapped or written on a slip; return who it was, and what came of it."""
    db, lists, inbound = happening.db, happening.lists, happening.inbound
    register = look_at(db, int(inbound.answers or 0))
    if register is None:
        return None, OVER
    said_at = happening.row.received_at
    person = next((p for p in _staff(lists, register) if p.key == inbound.sender), None)
    if person is None or not _is_theirs(db, lists, register, person, said_at):
        return None, OVER
    if inbound.kind is InboundKind.TAP:
        return person, on_tap_of(happening, person)
    return person, on_words(happening, talk_of(happening, person, register), inbound.text)


def _staff(lists: Lists, register: Register) -> list[Person]:
    keys = {one.person for one in lists.people.staff if one.provider == register.provider}
    return [person for person in lists.people.persons if person.key in keys]


def _is_theirs(
    db: Connection, lists: Lists, register: Register, person: Person, now: datetime
) -> bool:
    """Whether it is still the register's day, and the number still the person's."""
    is_over = now >= at(register.on, lists.service.day_ends_at)
    if is_over or register.on != local(now).date():
        return False
    owner = find_owner(db, Address("sms", person.mobile))
    return owner is not None and owner[0] == person.key and owner[1] is not AddressState.WRONG
