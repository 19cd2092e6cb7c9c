"""
The tally: how much waits, counted for health and metrics.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, func, select

from apbot.domain.cases import CaseState
from apbot.store.duties import waits_since
from apbot.store.inbox import MOST_TRIES
from apbot.store.tables import cases, deadlines, inbox, on_its_way, outbox

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Tally:
    """
    Counts by state and matter; ages in seconds by the house's clock.

    `sends` are the last hour's texts by channel and state, `replies` its messages by what came of
    them. `oldest_by_urgency` and `oldest_cases` are the ages of the oldest that wait or are open.
    """

    outbox: Mapping[str, int]
    cases: Mapping[str, int]
    inbox_waiting: int
    overdue: int
    lateness_s: float
    oldest_s: float
    oldest_by_urgency: Mapping[int, float]
    oldest_cases: Mapping[str, float]
    sends: Mapping[tuple[str, str], int]
    replies: Mapping[str, int]
    longest_wait_s: float


def tally(db: Connection, now: datetime) -> Tally:
    """Count what waits. Only what is not over is counted, so history does not slow it."""
    waiting, since_when = on_its_way("outbox"), waits_since()
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
        select(func.min(since_when)).where(waiting, since_when <= now)
    )
    since = now - HOUR
    by_urgency = db.execute(
        select(outbox.c.urgency, func.min(since_when))
        .where(waiting, since_when <= now)
        .group_by(outbox.c.urgency)
    ).all()
    opened = db.execute(
        select(cases.c.matter, func.min(cases.c.opened_at))
        .where(cases.c.state != CaseState.RESOLVED)
        .group_by(cases.c.matter)
    ).all()
    sends = db.execute(
        select(outbox.c.channel, outbox.c.state, func.count())
        .where(outbox.c.made_at >= since)
        .group_by(outbox.c.channel, outbox.c.state)
    ).all()
    outcome = case(
        (inbox.c.outcome.is_not(None), inbox.c.outcome),
        (inbox.c.tries >= MOST_TRIES, "failed"),
        else_="waiting",
    )
    replies = db.execute(
        select(outcome, func.count()).where(inbox.c.received_at >= since).group_by(outcome)
    ).all()
    received: datetime | None = db.scalar(
        select(func.min(inbox.c.received_at)).where(inbox.c.handled_at.is_(None))
    )
    return Tally(
        outbox=dict(by_state),
        cases=dict(by_matter),
        inbox_waiting=int(
            db.scalar(select(func.count()).select_from(inbox).where(inbox.c.handled_at.is_(None)))
            or 0
        ),
        overdue=overdue,
        lateness_s=_age(first, now),
        oldest_s=_age(oldest, now),
        oldest_by_urgency={urgency: _age(due_at, now) for urgency, due_at in by_urgency},
        oldest_cases={matter: _age(opened_at, now) for matter, opened_at in opened},
        sends={(channel, state): count for channel, state, count in sends},
        replies={str(what): int(count) for what, count in replies},
        longest_wait_s=_age(received, now),
    )


def _age(moment: datetime | None, now: datetime) -> float:
    return max((now - moment).total_seconds(), 0.0) if moment is not None else 0.0
