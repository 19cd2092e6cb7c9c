"""
The auditor: a second, simpler look for duties that nothing is moving on.

A register that is wanted and will not be looked at, a case without a next look, a message that
could not be handled, a deadline that fails every time: each would be silence, and silence must not
look like safety. What can be set going again is; of what only a person can do, a person at the CSS
hears, once. It asks a handful of quick questions a minute: nobody is tempted to switch it off.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk, NothingLoaded
from apbot.desk.rota import persons_by_key, rota_of
from apbot.desk.saving import save_decision
from apbot.domain.calendar import local
from apbot.domain.decisions import Decision, Rota, Say, Urgency
from apbot.domain.people import Person
from apbot.domain.policy import Tell
from apbot.store import cases as case_store
from apbot.store import registers as register_store
from apbot.store.addresses import find_owner
from apbot.store.deadlines import DueRow, set_deadline
from apbot.store.duties import (
    list_failing_deadlines,
    list_unattended_cases,
    list_unattended_registers,
    list_unread,
    oldest_unmoved,
)
from apbot.store.inbox import MOST_TRIES, InboxRow, get_message
from apbot.store.journal import write_journal
from apbot.store.lists import Lists
from apbot.store.outbox import is_kept

FAILS = 3
"""So often a deadline may fail before a person hears of it."""

STUCK = timedelta(minutes=2)
"""How long an urgent text may wait that went no other way."""

UNREAD = timedelta(minutes=10)
"""How long a message may lie unhandled before a person hears of it."""


def audit(db: Connection, desk: Desk, now: datetime) -> tuple[str, ...]:
    """Set going what stands still, tell of what cannot be; return what was found."""
    try:
        lists = desk.lists(db)
    except NothingLoaded:
        return ()
    return (
        *_registers(db, now),
        *_cases(db, now),
        *_unread(db, desk, lists, now),
        *_failing(db, desk, lists, now),
        *_stuck(db, now),
    )


def _registers(db: Connection, now: datetime) -> Iterator[str]:
    for id in list_unattended_registers(db, local(now).date()):
        register = register_store.get_register(db, id)
        look_at = register.next_look()
        if look_at is None or register.ends_at <= now:
            continue  # all its moments have passed, and its cases carry it on
        set_deadline(db, register_store.KIND, str(id), look_at)
        _journal(db, now, "a register had no next look", register=id)
        yield f"register {id}"


def _cases(db: Connection, now: datetime) -> Iterator[str]:
    for id in list_unattended_cases(db):
        case = case_store.get_case(db, id)
        look_at = case.look_at
        if look_at is None:
            case_store.save_cases(db, (replace(case, ladder_at=now),))
        else:
            set_deadline(db, case_store.KIND, str(id), look_at)
        _journal(db, now, "an open case had no next look", case_refs=(case.ref,))
        yield f"case {id}"


def _unread(db: Connection, desk: Desk, lists: Lists, now: datetime) -> Iterator[str]:
    """A message that cannot be handled may be a concern: a person reads it, word for word."""
    for id in list_unread(db, MOST_TRIES, now - UNREAD):
        row = get_message(db, id)
        rota = _rota(db, desk, lists, None, now)
        if row is None or rota is None:
            continue
        owner = find_owner(db, row.inbound.address)
        person = persons_by_key(lists).get(owner[0]) if owner else None
        more = {
            "who": person.name if person else "Somebody whom I do not know",
            "phone": _phone_of(row, person),
            "words": row.inbound.text.strip(),
        }
        people = rota.people(Tell.SAFEGUARDING_LEAD) or rota.people(Tell.ALL_CSS)
        says = tuple(
            Say(
                to=one.key,
                script="css_unread",
                more=more,
                urgency=Urgency.ALARM,
                once=f"unread:{id}:{one.key}",
            )
            for one in people
        )
        _say(db, desk, lists, rota, says, f"message {id} could not be handled", now)
        yield f"message {id}"


def _failing(db: Connection, desk: Desk, lists: Lists, now: datetime) -> Iterator[str]:
    for row in list_failing_deadlines(db, FAILS):
        rota = _rota(db, desk, lists, _provider_of(db, row), now)
        if rota is None:
            continue
        on = local(now).date()
        people = (rota.key_contact,) if rota.key_contact else rota.people(Tell.ALL_CSS)
        says = tuple(
            Say(
                to=one.key,
                script="css_cannot_look",
                more={"provider": rota.provider.name, "provider_phone": rota.provider.phone},
                urgency=Urgency.ALARM,
                once=f"cannot look:{row.kind}:{row.subject}:{on}:{one.key}",
            )
            for one in people
        )
        _say(db, desk, lists, rota, says, f"{row.kind} {row.subject} cannot be looked at", now)
        yield f"{row.kind} {row.subject}"


def _stuck(db: Connection, now: datetime) -> Iterator[str]:
    """An urgent text goes another way after a minute: one that has not is moved by nobody."""
    urgent = oldest_unmoved(db, now)
    if urgent is not None and now - urgent > STUCK:
        yield "an urgent text"


def _say(
    db: Connection,
    desk: Desk,
    lists: Lists,
    rota: Rota,
    says: tuple[Say, ...],
    because: str,
    now: datetime,
) -> None:
    """Of the same thing nobody is told twice; the journal is written with each telling."""
    new = tuple(say for say in says if not _is_told(db, desk, say))
    if new:
        about = About(lists, {rota.provider.key: rota}, None, "audit")
        save_decision(db, desk, Decision(because=because, say=new), about, now)


def _is_told(db: Connection, desk: Desk, say: Say) -> bool:
    return any(is_kept(db, f"{say.once}:{channel}:1") for channel in desk.channels)


def _phone_of(row: InboxRow, person: Person | None) -> str:
    if person is not None:
        return person.mobile
    address = row.inbound.address
    return "on Telegram" if address.channel == "telegram" else address.value


def _provider_of(db: Connection, row: DueRow) -> str | None:
    if row.kind == register_store.KIND and row.subject.isdigit():
        found = register_store.list_by_id(db, [int(row.subject)])
        return found[0].provider if found else None
    if row.kind == case_store.KIND and row.subject.isdigit():
        cases = case_store.list_by_id(db, [int(row.subject)])
        return cases[0].provider if cases else None
    return None


def _rota(
    db: Connection, desk: Desk, lists: Lists, provider: str | None, now: datetime
) -> Rota | None:
    """Who is there for a provider; for what belongs to none, any provider's rota knows the CSS."""
    keys = [place.key for place in lists.people.providers]
    if not keys:
        return None
    key = provider if provider in keys else keys[0]
    return rota_of(db, lists, key, local(now).date(), desk.channels)


def _journal(
    db: Connection,
    now: datetime,
    because: str,
    *,
    register: int | None = None,
    case_refs: tuple[str, ...] = (),
) -> None:
    write_journal(db, now, "audit", because, register=register, case_refs=case_refs)
