"""
Replies: somebody wrote, tapped, pressed Start or blocked us; one transaction decides what follows.

Who is it, and on which side do they speak? If anything of it raises, nothing of it is kept, the
row stays in the inbox and is tried again.
"""

from datetime import datetime

from sqlalchemy import Connection

from apbot.desk.desk import Desk
from apbot.desk.enrolment import on_start, on_stranger
from apbot.desk.groups import on_group
from apbot.desk.happening import OUTCOME, Happening
from apbot.desk.rota import persons_by_key
from apbot.desk.sides import on_known_text
from apbot.desk.slips import on_slip
from apbot.desk.stopping import said_of_starting
from apbot.desk.taps import on_key_of, on_tap_of
from apbot.domain.messages import SLIP, VOICE, InboundKind
from apbot.domain.people import Person
from apbot.store.addresses import AddressState, find_owner, revive
from apbot.store.at_hand import at_hand
from apbot.store.inbox import InboxRow, Outcome, hold_unhandled, mark_handled

STARTS = frozenset({"start", "unstop", "yes", "start again"})
"""Words that undo an opt-out, as the networks have them; said to us by one who is not stopped,
they are words like any other."""


def handle_message(db: Connection, desk: Desk, row: InboxRow, now: datetime) -> None:
    """Do what a kept message asks, in this transaction; nothing, where it is handled already."""
    held = hold_unhandled(db, row.id)
    if held is None:
        return
    happening = Happening(db, desk, desk.lists(db, held.version), row, now, held.before)
    if row.inbound.is_in_group:
        person, came = on_group(happening)
    elif row.inbound.address.channel == SLIP:
        person, came = on_slip(happening)
    else:
        owner = held.owner
        if row.inbound.address.channel == VOICE:
            owner = find_owner(db, row.inbound.speaks_from)
        person = persons_by_key(happening.lists).get(owner[0]) if owner else None
        person, came = _came_of(happening, person, owner[1] if owner else None)
    outcome = at_hand(db, OUTCOME).get(row.id, Outcome.NOTED) if person else Outcome.STRANGER
    key = person.key if person else None
    mark_handled(db, row.id, now, person=key, came_of_it=came, outcome=outcome)


def _came_of(
    happening: Happening, person: Person | None, state: AddressState | None
) -> tuple[Person | None, str]:
    """Return who it was, None for a stranger, and what came of it."""
    inbound = happening.inbound
    if inbound.kind is InboundKind.START:
        return on_start(happening)
    if inbound.kind is InboundKind.MOVED:
        return person, "a chat that is no group has moved"
    if person is None or state is None or _is_left_behind(happening, state, person):
        return None, on_stranger(happening)
    if inbound.kind in (InboundKind.BLOCKED, InboundKind.STOPPED):
        return person, on_known_text(happening, person, "STOP")
    is_again = inbound.kind is InboundKind.AGAIN or _plain(inbound.text) in STARTS
    if state is AddressState.WRONG and (_plain(inbound.text) == "yes" or not is_again):
        # Whoever has the number is not the person: nothing that they write is taken as theirs.
        return None, on_stranger(happening)
    if state is not AddressState.LIVE and is_again:
        revive(happening.db, inbound.address, person.key, happening.now)
        back = said_of_starting(happening, person)
        return person, happening.say(person, "started_again", *back)
    if inbound.kind is InboundKind.TAP:
        return person, on_tap_of(happening, person)
    if inbound.kind is InboundKind.KEY:
        return person, on_key_of(happening, person)
    return person, on_known_text(happening, person, inbound.text)


def _is_left_behind(happening: Happening, state: AddressState, person: Person) -> bool:
    """
    Whether this address is no longer the person's: an old number, a chat that was replaced.

    A network may have told us that our texts are refused at the person's own number; what comes
    from it is still theirs.
    """
    return state is AddressState.GONE and happening.inbound.address.value != person.mobile


def _plain(text: str) -> str:
    return text.strip().strip(".!").lower()
