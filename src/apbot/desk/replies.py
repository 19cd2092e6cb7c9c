"""
Replies: somebody wrote, tapped, pressed Start or blocked us; one transaction decides what follows.

Who is it, and on which side do they speak? If anything of it raises, nothing of it is kept, the
row stays in the inbox and is tried again.
"""

from datetime import datetime

from sqlalchemy import Connection

from apbot.desk.contacts import on_contact_text, on_parent_text
from apbot.desk.desk import Desk
from apbot.desk.enrolment import on_start, on_stranger
from apbot.desk.happening import Happening
from apbot.desk.rota import persons_by_key
from apbot.desk.staff import on_staff_text
from apbot.desk.taps import on_tap_of
from apbot.domain.messages import InboundKind
from apbot.domain.people import Person
from apbot.store.addresses import AddressState, find_owner, move, set_state
from apbot.store.cases import list_open_told
from apbot.store.inbox import InboxRow, mark_handled

STARTS = frozenset({"start", "unstop", "start again"})
"""Words that undo an opt-out, as the networks have them."""


def handle_message(db: Connection, desk: Desk, row: InboxRow, now: datetime) -> None:
    """Do what a kept message asks, in this transaction."""
    happening = Happening(db, desk, desk.lists(db), row, now)
    owner = find_owner(db, row.inbound.address)
    person = persons_by_key(happening.lists).get(owner[0]) if owner else None
    state = owner[1] if owner else None
    came = _came_of(happening, person, state)
    mark_handled(db, row.id, now, person=person.key if person else None, came_of_it=came)


def _came_of(happening: Happening, person: Person | None, state: AddressState | None) -> str:
    inbound = happening.inbound
    if inbound.kind is InboundKind.START:
        return on_start(happening)
    if inbound.kind is InboundKind.MOVED:
        move(
            happening.db,
            inbound.address.channel,
            inbound.address.value,
            inbound.text,
            happening.now,
        )
        return "the chat has a new address"
    if person is None or state is None or _is_left_behind(happening, state, person):
        return on_stranger(happening)
    if inbound.kind is InboundKind.BLOCKED:
        return _on_text(happening, person, "STOP")
    if state is not AddressState.LIVE and _plain(inbound.text) in STARTS:
        set_state(happening.db, inbound.address, AddressState.LIVE, happening.now)
        return happening.say(person, "started_again")
    if inbound.kind is InboundKind.TAP:
        return on_tap_of(happening, person)
    return _on_text(happening, person, inbound.text)


def _on_text(happening: Happening, person: Person, text: str) -> str:
    """Somebody we know wrote: as a CSS contact, as staff of a provider, or as a parent."""
    people = happening.lists.people
    providers = [staff.provider for staff in people.staff if staff.person == person.key]
    if any(contact.person == person.key for contact in people.contacts):
        open_cases = list_open_told(happening.db, person.key)
        if open_cases or not providers:
            return on_contact_text(happening, person, text, open_cases)
    if providers:
        return on_staff_text(happening, person, providers, text)
    return on_parent_text(happening, person, text)


def _is_left_behind(happening: Happening, state: AddressState, person: Person) -> bool:
    """
    Whether this address is no longer the person's: an old number, a chat that was replaced.

    A network may have told us that our texts are refused at the person's own number; what comes
    from it is still theirs.
    """
    return state is AddressState.GONE and happening.inbound.address.value != person.mobile


def _plain(text: str) -> str:
    return text.strip().strip(".!").lower()
