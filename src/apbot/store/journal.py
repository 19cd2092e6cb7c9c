"""
The journal: why each thing was done, one row a happening.

What an auditor asks in six years: who was told what, when, and because.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from apbot.domain.readings import Reading
from apbot.store.tables import beats, journal
from apbot.store.values import to_json

_WRITE = insert(journal)


def write_journal(
    db: Connection,
    now: datetime,
    happening: str,
    because: str,
    *,
    register: int | None = None,
    case_refs: Sequence[str] = (),
    person: str = "",
    inbox: int | None = None,
    reading: Any = None,
) -> None:
    """Keep why something was done. `reading` is the reading's own account of its words."""
    db.execute(
        _WRITE,
        {
            "at": now,
            "happening": happening,
            "because": because,
            "register_id": register,
            "case_refs": list(case_refs),
            "person": person,
            "inbox_id": inbox,
            "reading": reading,
        },
    )


def reading_to_keep(reading: Reading | None) -> dict[str, Any] | None:
    """Return what a message was taken to mean, and why, as the journal keeps it."""
    if reading is None:
        return None
    asked = type(reading.ask).__name__ if reading.ask is not None else None
    kept: dict[str, Any] = {**to_json(Reading, reading), "asked": asked}
    return kept


def list_journal(db: Connection, register: int | None = None) -> list[dict[str, Any]]:
    """Return the journal, oldest first, of one register where it is named."""
    asked = select(journal).order_by(journal.c.id)
    if register is not None:
        asked = asked.where(journal.c.register_id == register)
    return [dict(row._mapping) for row in db.execute(asked)]


def beat(db: Connection, engine: str, at: datetime) -> None:
    """Keep that this engine is alive at this moment of the machine's time (UTC)."""
    changed = db.execute(beats.update().where(beats.c.engine == engine).values(at=at))
    if changed.rowcount == 0:
        db.execute(insert(beats).values(engine=engine, at=at))


def last_beat(db: Connection) -> datetime | None:
    """Return when any engine last beat, by the machine's time, or None."""
    latest: datetime | None = db.scalar(select(beats.c.at).order_by(beats.c.at.desc()).limit(1))
    return latest
