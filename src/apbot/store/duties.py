"""
Duties: what is due and nobody has done, looked for in the simplest way there is.

Each question reads only what is not over, so that to ask costs the same after six years. They are
asked beside the engine's own looks, on purpose in other words: a mistake in those must not hide
itself here.
"""

from datetime import date, datetime
from typing import cast

from sqlalchemy import ColumnElement, Connection, String, and_, exists, func, or_, select, text
from sqlalchemy import cast as as_type

from apbot.store.deadlines import DueRow
from apbot.store.tables import cases, deadlines, inbox, on_its_way, outbox, registers

_URGENT = 0


def oldest_overdue(db: Connection, now: datetime) -> datetime | None:
    """Return since when the oldest deadline is due that nobody has in hand, or None."""
    is_free = or_(deadlines.c.claimed_until.is_(None), deadlines.c.claimed_until <= now)
    asked = select(func.min(deadlines.c.due_at)).where(deadlines.c.due_at <= now, is_free)
    return cast("datetime | None", db.scalar(asked))


def oldest_urgent(db: Connection, now: datetime) -> datetime | None:
    """
    Return since when the oldest urgent text could have gone that no network has taken, or None.

    One that is to be tried again later has waited all the while. What went by another channel in
    its place is no longer on its way; where there was none, it counts for as long as it waits.
    """
    return cast("datetime | None", db.scalar(_URGENT_SINCE.where(waits_since() <= now)))


def oldest_unmoved(db: Connection, now: datetime) -> datetime | None:
    """Return the same of those for which nobody has looked for another way, or None."""
    asked = _URGENT_SINCE.where(waits_since() <= now, outbox.c.passed_on_at.is_(None))
    return cast("datetime | None", db.scalar(asked))


def waits_since() -> ColumnElement[datetime]:
    """Since when a text waits for its network: from its own moment, whenever it is tried again."""
    return func.coalesce(outbox.c.first_tried_at, outbox.c.due_at, type_=outbox.c.due_at.type)


_URGENT_SINCE = select(func.min(waits_since())).where(
    on_its_way("outbox"), outbox.c.urgency == _URGENT
)


def list_unattended_registers(db: Connection, on: date) -> tuple[int, ...]:
    """Return the day's registers that are wanted and at which nobody will look again."""
    asked = select(registers.c.id).where(
        registers.c.on == on,
        registers.c.state.in_(["planned", "open"]),
        ~_has_deadline("register", registers.c.id),
    )
    return tuple(db.scalars(asked.order_by(registers.c.id)))


def list_unattended_cases(db: Connection) -> tuple[int, ...]:
    """Return the open cases at which nobody will look again."""
    asked = select(cases.c.id).where(
        text("cases.state <> 'resolved'"), ~_has_deadline("case", cases.c.id)
    )
    return tuple(db.scalars(asked.order_by(cases.c.id)))


def list_failing_deadlines(db: Connection, tries: int) -> tuple[DueRow, ...]:
    """Return the deadlines that could not be handled so often or oftener."""
    rows = db.execute(
        select(
            deadlines.c.id,
            deadlines.c.kind,
            deadlines.c.subject,
            deadlines.c.due_at,
            deadlines.c.tries,
        ).where(deadlines.c.tries >= tries)
    )
    return tuple(DueRow(*row) for row in rows)


def list_unread(db: Connection, tries: int, since: datetime) -> tuple[int, ...]:
    """Return the messages that nobody will try to handle again, and those kept before `since`."""
    asked = select(inbox.c.id).where(
        inbox.c.handled_at.is_(None), or_(inbox.c.tries >= tries, inbox.c.received_at < since)
    )
    return tuple(db.scalars(asked.order_by(inbox.c.id)))


def _has_deadline(kind: str, id: ColumnElement[int]) -> ColumnElement[bool]:
    is_its = and_(deadlines.c.kind == kind, deadlines.c.subject == as_type(id, String))
    return exists(select(1).where(is_its))
