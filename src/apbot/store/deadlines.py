"""
Deadlines: when we look again at a register or a case.

One row for each that is not over. A row is claimed with a lease by whichever process is first, so
a dead machine's rows come free; what a tick costs depends on what is due, never on history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, bindparam, case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from apbot.store.tables import deadlines

LEASE = timedelta(seconds=60)
"""How long a claimed row is left alone, by the machine's clock or the moved one."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """A claimed deadline: look at this register, case or day now."""

    id: int
    kind: str
    subject: str
    due_at: datetime
    tries: int


def _look_at(make: Any) -> Any:
    kept = make(deadlines)
    fresh = {"due_at": kept.excluded.due_at, "claimed_until": None, "tries": 0}
    return kept.on_conflict_do_update(index_elements=["kind", "subject"], set_=fresh)


_LOOK_AT = {"sqlite": _look_at(sqlite_insert), "postgresql": _look_at(pg_insert)}

_NEVER_AGAIN = delete(deadlines).where(
    deadlines.c.kind == bindparam("of_kind"), deadlines.c.subject == bindparam("of")
)


def set_deadline(db: Connection, kind: str, subject: str, due_at: datetime | None) -> None:
    """Look at this subject at `due_at` (UTC); None: never again."""
    if due_at is None:
        db.execute(_NEVER_AGAIN, {"of_kind": kind, "of": subject})
        return
    db.execute(_LOOK_AT[db.dialect.name], {"kind": kind, "subject": subject, "due_at": due_at})


def set_deadlines(db: Connection, kind: str, looks: Mapping[str, datetime | None]) -> None:
    """Look at each of these subjects at its moment (UTC), where it has one."""
    rows = [{"kind": kind, "subject": s, "due_at": at} for s, at in looks.items() if at is not None]
    if rows:
        db.execute(_LOOK_AT[db.dialect.name], rows)


def claim_deadlines(db: Connection, now: datetime, limit: int = 50) -> tuple[DueRow, ...]:
    """Claim the rows that are due, the oldest first."""
    is_free = or_(deadlines.c.claimed_until.is_(None), deadlines.c.claimed_until <= now)
    due = (
        select(deadlines.c.id)
        .where(deadlines.c.due_at <= now, is_free)
        .order_by(deadlines.c.due_at, deadlines.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    rows = db.execute(
        update(deadlines)
        .where(deadlines.c.id.in_(due))
        .values(claimed_until=now + LEASE)
        .returning(
            deadlines.c.id,
            deadlines.c.kind,
            deadlines.c.subject,
            deadlines.c.due_at,
            deadlines.c.tries,
        )
    ).all()
    found = (DueRow(*row) for row in rows)
    return tuple(sorted(found, key=lambda row: (row.due_at, row.id)))


def postpone(db: Connection, row: DueRow, due_at: datetime) -> None:
    """Look again a little later: handling it raised. A deadline is never dropped."""
    db.execute(
        update(deadlines)
        # Another process may have taken it over, done it and set the next look.
        .where(deadlines.c.id == row.id, deadlines.c.due_at == row.due_at)
        .values(due_at=due_at, claimed_until=None, tries=deadlines.c.tries + 1)
    )


def next_due(db: Connection) -> datetime | None:
    """Return the earliest moment at which anything can be claimed, or None."""
    # A claimed row comes free when its lease ends; to wait for its due time would be no waiting.
    is_claimed = deadlines.c.claimed_until > deadlines.c.due_at
    free_at = case((is_claimed, deadlines.c.claimed_until), else_=deadlines.c.due_at)
    return cast("datetime | None", db.scalar(select(func.min(free_at))))


def hold_all_due(db: Connection, rows: Sequence[DueRow]) -> tuple[DueRow, ...]:
    """Lock these deadlines for this transaction; return those that nobody dealt with meanwhile."""
    ids = sorted(row.id for row in rows)
    asked = select(deadlines.c.id, deadlines.c.due_at).where(deadlines.c.id.in_(ids))
    held = {
        row.id: row.due_at for row in db.execute(asked.order_by(deadlines.c.id).with_for_update())
    }
    return tuple(row for row in rows if held.get(row.id) == row.due_at)


def hold_due(db: Connection, row: DueRow) -> bool:
    """Lock the deadline for this transaction; False where it was dealt with meanwhile."""
    still = select(deadlines.c.id).where(deadlines.c.id == row.id, deadlines.c.due_at == row.due_at)
    return db.execute(still.with_for_update()).first() is not None
