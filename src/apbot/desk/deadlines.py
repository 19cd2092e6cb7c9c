"""
Deadlines: a moment has come to look at a register, a case or a day.

The same transaction as a reply's: fetch, decide, word, save. One that raises is looked at again a
minute later; a deadline is never dropped.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from apbot.desk.ahead import tell_ahead
from apbot.desk.desk import About, Desk
from apbot.desk.enrolment import KIND as WELCOME
from apbot.desk.enrolment import LEFT, welcome
from apbot.desk.leaving import after_leaving
from apbot.desk.missed import record_missed_days
from apbot.desk.planning import AHEAD, STRANGERS, plan_day, planned_register
from apbot.desk.planning import KIND as PLAN
from apbot.desk.rota import find_addresses, rota_of
from apbot.desk.saving import save_decision
from apbot.desk.strangers import tell_of_strangers
from apbot.domain.asking import on_register_deadline
from apbot.domain.calendar import at, local
from apbot.domain.cases import Case
from apbot.domain.decisions import Decision, Rota, Say
from apbot.domain.escalation import on_case_deadline
from apbot.domain.expected import has_not_come, is_expected, on_hour, on_not_come
from apbot.domain.register import Entry, Register, RegisterState
from apbot.domain.words import Half, Mark, Matter, Reason
from apbot.store import cases as case_store
from apbot.store import registers as register_store
from apbot.store.deadlines import DueRow, hold_all_due, postpone, set_deadline
from apbot.store.lapsing import lapse_told
from apbot.store.lists import Lists

AGAIN = timedelta(minutes=1)

AT_ONCE = timedelta(minutes=1)
"""Of children lost within so long of each other a provider is asked in one text."""


def handle_deadline(db: Connection, desk: Desk, row: DueRow, now: datetime) -> None:
    """Do what a claimed deadline asks, in this transaction."""
    if row.kind == PLAN:
        record_missed_days(db, desk, row.due_at, now)
        plan_day(db, desk.lists(db), now, row.due_at)
    elif row.kind == register_store.KIND:
        _look_at_register(db, desk, int(row.subject), now)
    elif row.kind == case_store.KIND:
        _look_at_case(db, desk, int(row.subject), now)
    elif row.kind == AHEAD:
        set_deadline(db, AHEAD, row.subject, None)
        # Of a day that is over nothing can be told ahead; today's own moment is still to come.
        if local(row.due_at).date() == local(now).date():
            tell_ahead(db, desk, now)
    elif row.kind == LEFT:
        set_deadline(db, LEFT, row.subject, None)
        after_leaving(db, desk, row.subject, now)
    elif row.kind == STRANGERS:
        set_deadline(db, STRANGERS, row.subject, None)
        tell_of_strangers(db, desk, now)
    elif row.kind == WELCOME:
        if not welcome(db, desk, row.subject, row.tries, now):
            look_again(db, row, now)
    else:
        raise ValueError(f"no such deadline: {row.kind}")


def handle_together(db: Connection, desk: Desk, rows: Sequence[DueRow], now: datetime) -> None:
    """
    Do what several claimed deadlines of registers ask, one after another, in this transaction.

    At nine a county's registers are due in one second. What they need is read for all at once;
    each is decided by itself, as if it were alone. What another process did meanwhile is left.
    """
    lists = desk.lists(db)
    # Registers before their deadlines: whoever handles a reply locks them in this order too.
    registers = register_store.hold_many(db, [int(row.subject) for row in rows])
    held = hold_all_due(db, rows)
    known = lists.people.provider_by_key
    providers = [one.provider for one in registers if one.provider in known]
    find_addresses(db, lists, providers, local(now).date())
    for row in held:
        handle_deadline(db, desk, row, now)


def look_again(db: Connection, row: DueRow, now: datetime) -> None:
    """It could not be handled now: look again in a minute."""
    postpone(db, row, now + AGAIN)


def am_marks_of(db: Connection, register: Register) -> dict[int, Mark]:
    """Return what the morning's register held, by this afternoon register's numbers."""
    said = _am_standing(db, register)
    return {number: entry.mark for number, entry in said.items() if entry.mark is not None}


def am_reasons_of(db: Connection, register: Register) -> dict[int, Reason]:
    """Return why pupils were absent in the morning, by this afternoon register's numbers."""
    said = _am_standing(db, register)
    return {n: entry.reason for n, entry in said.items() if entry.reason is not None}


def _am_standing(db: Connection, register: Register) -> dict[int, Entry]:
    if register.half is Half.AM:
        return {}
    morning = register_store.find_register(db, register.provider, register.on, Half.AM)
    if morning is None:
        return {}
    by_pupil = {entry.pupil: entry for entry in morning.standing.values()}
    return {line.number: by_pupil[line.pupil] for line in register.roster if line.pupil in by_pupil}


def cases_for(db: Connection, register: Register) -> tuple[Case, ...]:
    """Return the register's cases, and those of its pupils who are sought since another one."""
    assert register.id is not None
    pupils = {line.pupil for line in register.roster}
    about = case_store.list_about(db, [register.id], pupils, at(register.on, time(0, 0)))
    earlier = (
        case
        for case in about
        if case.is_open and case.matter is Matter.UNACCOUNTED and case.register != register.id
    )
    return (*(case for case in about if case.register == register.id), *earlier)


def fresh(lists: Lists, register: Register) -> Register:
    """Return the register as it is to open: who is due and what is promised, as of now."""
    if register.state is not RegisterState.PLANNED or register.entries:
        return register
    provider = lists.people.provider_by_key.get(register.provider)
    planned = provider and planned_register(lists, provider, register.on, register.half)
    if not planned:
        return register
    return Register(
        **{
            **{name: getattr(planned, name) for name in Register.__dataclass_fields__},
            "id": register.id,
            "version": register.version,
            "looked_at": register.looked_at,
        }
    )


def _look_at_register(db: Connection, desk: Desk, id: int, now: datetime) -> None:
    lists = desk.lists(db)
    register = fresh(lists, register_store.get_register(db, id))
    if register.next_look() is None:
        set_deadline(db, register_store.KIND, str(id), None)
        return
    rota = rota_of(db, lists, register.provider, local(now).date(), desk.channels)
    decision = on_register_deadline(
        register,
        am_marks_of(db, register),
        cases_for(db, register),
        rota,
        case_store.free_refs(db, now),
        now,
        am_reasons_of(db, register),
    )
    about = About(lists, {register.provider: rota}, register, "deadline")
    save_decision(db, desk, decision, about, now)


def _look_at_case(db: Connection, desk: Desk, id: int, now: datetime) -> None:
    lists = desk.lists(db)
    case = case_store.get_case(db, id)
    register = register_store.get_register(db, case.register) if case.register else None
    rota = rota_of(db, lists, case.provider, local(now).date(), desk.channels)
    if _is_sought_again(db, case):
        # The provider is asked once for one child, however many sessions the search goes on for.
        case = replace(case, provider_at=None)
    if register is not None and is_expected(case) and case.provider_at is not None:
        decision = _on_expected(db, case, register, rota, now)
        if decision is not None:
            save_decision(
                db, desk, decision, About(lists, {case.provider: rota}, register, "deadline"), now
            )
            return
    ask_every = lists.policies[rota.provider.policy].ask_unaccounted_every
    beside = _asked_along(db, case, now)
    decision = on_case_deadline(case, register, rota, now, ask_every, beside)
    about = About(lists, {case.provider: rota}, register, "deadline")
    # After an outage nobody hears the same thing as often as it was said meanwhile.
    lapse_told(db, _told_of(decision.say))
    save_decision(db, desk, decision, about, now)
    if case_store.get_case(db, id).look_at is None:
        set_deadline(db, case_store.KIND, str(id), None)


def _on_expected(
    db: Connection, case: Case, register: Register, rota: Rota, now: datetime
) -> Decision | None:
    """What comes of a child whom a parent said to be on the way; None before the hour."""
    if has_not_come(case, now):
        return on_not_come(case, register, rota, case_store.free_refs(db, now), now)
    if case.provider_at is not None and case.provider_at <= now:
        return on_hour(case, register, rota, now)
    return None


def _asked_along(db: Connection, case: Case, now: datetime) -> tuple[Case, ...]:
    """Return the other children whom the provider is to be asked after within the minute."""
    if case.provider_at is None or case.provider_at > now:
        return ()
    beside = case_store.hold_sought_beside(db, case, now + AT_ONCE)
    return tuple(other for other in beside if not _is_sought_again(db, other))


def _told_of(says: Sequence[Say]) -> dict[str, set[str]]:
    """Return of which cases each person is told."""
    told: dict[str, set[str]] = {}
    for say in says:
        told.setdefault(say.to, set()).update(case.ref for case in say.cases)
    return told


def _is_sought_again(db: Connection, case: Case) -> bool:
    """Whether a later case of the same pupil and provider is open, and asks in this one's place."""
    if case.matter is not Matter.UNACCOUNTED or case.pupil is None or case.id is None:
        return False
    return any(
        other.matter is Matter.UNACCOUNTED
        and other.provider == case.provider
        and other.id is not None
        and other.id > case.id
        for other in case_store.list_open_of_pupils(db, [case.pupil])
    )
