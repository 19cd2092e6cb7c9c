"""
Expecting: texts that ought to have arrived by now, and have not.

A text that asks something of somebody has a moment by which it should be there. It counts from when
the text was first offered to its network: our own limits make none late. One row is looked after by
one process at a time, with a lease, and is passed on once.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Connection, func, or_, select, update

from apbot.store.outbox import OutboxRow, OutboxState, row_of
from apbot.store.tables import outbox

LEASE = timedelta(seconds=30)

# While it is being offered, the network's answer is waited for: it comes within seconds.
_RESTS = (outbox.c.expected_by.is_not(None), outbox.c.state.in_(["waiting", "sent"]))


def claim_late(db: Connection, now: datetime, limit: int = 20) -> tuple[OutboxRow, ...]:
    """Claim texts that ought to have arrived by now, the most urgent first."""
    late = (
        select(outbox.c.id)
        .where(*_RESTS, outbox.c.expected_by <= now)
        .order_by(outbox.c.urgency, outbox.c.expected_by)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = db.execute(
        update(outbox)
        .where(outbox.c.id.in_(late.scalar_subquery()))
        .values(expected_by=now + LEASE)
        .returning(outbox)
    ).all()
    return tuple(sorted((row_of(row, None) for row in rows), key=lambda row: (row.urgency, row.id)))


def next_expected(db: Connection) -> datetime | None:
    """Return when the next text ought to have arrived, or None."""
    moment = db.scalar(select(func.min(outbox.c.expected_by)).where(*_RESTS))
    return cast("datetime | None", moment)


def pass_on(db: Connection, id: int, now: datetime) -> OutboxState | None:
    """
    Take it on that this text goes another way; return its state.

    None where that was done before, or it has arrived in the meantime.
    """
    row = db.execute(
        update(outbox)
        .where(
            outbox.c.id == id,
            outbox.c.passed_on_at.is_(None),
            outbox.c.state.not_in([OutboxState.DELIVERED, OutboxState.SENDING]),
        )
        .values(passed_on_at=now, expected_by=None)
        .returning(outbox.c.state)
    ).scalar()
    return None if row is None else OutboxState(row)


def list_unreached(db: Connection, register: int, scripts: Collection[str]) -> set[str]:
    """Return whom no text of these scripts about a register has reached: all went another way."""
    rows = db.execute(
        select(outbox.c.person)
        .where(outbox.c.register_id == register, outbox.c.script.in_(sorted(scripts)))
        .group_by(outbox.c.person)
        .having(func.count() == func.count(outbox.c.passed_on_at))
    )
    return set(rows.scalars())


def list_untold(db: Connection, ref: str, told: Collection[str], since: datetime) -> set[str]:
    """Return whom of these no text about a case has reached: all went another way."""
    asked = select(outbox.c.person, outbox.c.case_refs, outbox.c.passed_on_at).where(
        outbox.c.person.in_(sorted(told)),
        outbox.c.made_at >= since,
        # What lapsed went in another text.
        or_(outbox.c.state != OutboxState.LAPSED, outbox.c.passed_on_at.is_not(None)),
    )
    rows = [row for row in db.execute(asked) if ref in row.case_refs]
    reached = {row.person for row in rows if row.passed_on_at is None}
    return {row.person for row in rows} - reached


def note_passed_on(db: Connection, id: int, says: str, *, ends: bool) -> None:
    """Keep what was done in its place; where it `ends`, it is not to come after all as well."""
    waits = outbox.c.state == OutboxState.WAITING
    values = {"says": says, **({"state": OutboxState.LAPSED} if ends else {})}
    changed = update(outbox).where(outbox.c.id == id).values(values)
    db.execute(changed.where(waits) if ends else changed)
