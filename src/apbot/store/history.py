"""
History: all that was done about a register, a case or a pupil, for somebody who looks it up.

Each look goes by an index on the one thing that is asked for, so it costs the same after six years.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from apbot.domain.register import Entry, Register
from apbot.store.inbox import InboxRow, list_messages
from apbot.store.outbox import OutboxRow
from apbot.store.registers import list_by_id
from apbot.store.said import list_about
from apbot.store.tables import entries, journal, registers


@dataclass(frozen=True, slots=True)
class Done:
    """One line of the journal: what happened, and because."""

    at: datetime
    happening: str
    because: str
    person: str
    inbox: int | None
    case_refs: tuple[str, ...]
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class History:
    """Everything about one register: what came in, what was done, what went out."""

    done: tuple[Done, ...]
    came: Mapping[int, InboxRow]
    went: tuple[OutboxRow, ...]


def find_history(db: Connection, register: Register) -> History:
    """Return all that was done about a register, oldest first."""
    assert register.id is not None
    rows = db.execute(
        select(journal).where(journal.c.register_id == register.id).order_by(journal.c.id)
    )
    done = tuple(_done(row) for row in rows)
    ids = {entry.inbox for entry in register.entries} | {one.inbox for one in done}
    return History(
        done=done,
        came={row.id: row for row in list_messages(db, {id for id in ids if id is not None})},
        went=list_about(db, register.id),
    )


def list_said_of(
    db: Connection, pupil: str, since: date
) -> tuple[tuple[Register, tuple[Entry, ...]], ...]:
    """Return a pupil's registers since a day in which anything was said of them, latest first."""
    ids: Collection[int] = set(
        db.scalars(
            select(entries.c.register_id)
            .join(registers, registers.c.id == entries.c.register_id)
            .where(entries.c.pupil == pupil, registers.c.on >= since)
        )
    )
    found = sorted(list_by_id(db, ids), key=lambda one: one.starts_at, reverse=True)
    return tuple((one, tuple(e for e in one.entries if e.pupil == pupil)) for one in found)


def _done(row: Any) -> Done:
    reading = row.reading or {}
    return Done(
        at=row.at,
        happening=row.happening,
        because=row.because,
        person=row.person,
        inbox=row.inbox_id,
        case_refs=tuple(row.case_refs),
        flags=frozenset(reading.get("flags", ())),
    )
