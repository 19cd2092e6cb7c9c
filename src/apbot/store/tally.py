"""
The tally: how much waits, counted for health and metrics.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from apbot.domain.cases import CaseState
from apbot.store.tables import cases, deadlines, inbox, on_its_way, outbox


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by state and matter; ages in seconds by the house's clock."""

    outbox: Mapping[str, int]
    cases: Mapping[str, int]
    inbox_waiting: int
    overdue: int
    lateness_s: float
    oldest_s: float


def tally(db: Connection, now: datetime) -> Tally:
    """Count what waits. Only what is not over is counted, so history does not slow it."""
    waiting = on_its_way("outbox")
    by_state = db.execute(
        select(outbox.c.state, func.count()).where(waiting).group_by(outbox.c.state)
    ).all()
    by_matter = db.execute(
        select(cases.c.matter, func.count())
        .where(cases.c.state != CaseState.RESOLVED)
        .group_by(cases.c.matter)
    ).all()
    overdue = int(
        db.scalar(select(func.count()).select_from(deadlines).where(deadlines.c.due_at < now)) or 0
    )
    first: datetime | None = db.scalar(select(func.min(deadlines.c.due_at)))
    oldest: datetime | None = db.scalar(
        select(func.min(outbox.c.due_at)).where(waiting, outbox.c.due_at <= now)
    )
    return Tally(
        outbox=dict(by_state),
        cases=dict(by_matter),
        inbox_waiting=int(
            db.scalar(select(func.count()).select_from(inbox).where(inbox.c.handled_at.is_(None)))
            or 0
        ),
        overdue=overdue,
        lateness_s=max((now - first).total_seconds(), 0.0) if first else 0.0,
        oldest_s=max((now - oldest).total_seconds(), 0.0) if oldest else 0.0,
    )
