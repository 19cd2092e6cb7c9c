"""
Paces: when a network takes the next text, kept where every process sees it.

A leaky bucket needs one moment: when it is next free. Whoever sends takes the moments that follow,
one text apart from the next, in the transaction that claims the texts; so however many processes
send for one account, together they keep its limit. One row stands for an account as a whole
(address ''), one for each chat that a network lets us write to only so often.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from apbot.domain.messages import Address, Pace
from apbot.store.held_up import ACCOUNT
from apbot.store.outbox import OutboxRow
from apbot.store.tables import on_its_way, outbox, paces

NEVER_SO_LONG = timedelta(hours=1)
"""A moment farther ahead than this was written by a clock that was wrong: nobody waits for it."""


def is_held(
    channel: ColumnElement[str], address: ColumnElement[str], now: datetime
) -> ColumnElement[bool]:
    """Whether the network takes no text for this address yet, as a condition."""
    return exists(
        select(1).where(
            paces.c.channel == channel,
            paces.c.address == address,
            paces.c.free_at > now,
            paces.c.free_at <= now + NEVER_SO_LONG,
        )
    )


def hold_account(db: Connection, channel: str, now: datetime) -> datetime:
    """
    Return when the account's next text may go, now or later.

    Until this transaction ends no other process takes texts for the account.
    """
    asked = select(paces.c.free_at).where(paces.c.channel == channel, paces.c.address == ACCOUNT)
    free_at: datetime | None = db.scalar(asked.with_for_update())
    if free_at is None:
        _keep(db, [{"channel": channel, "address": ACCOUNT, "free_at": now}], goes_back=False)
        free_at = db.scalar(asked.with_for_update())
    if free_at is None or free_at > now + NEVER_SO_LONG:
        return now
    return max(now, free_at)


def take_moments(
    db: Connection, rows: Sequence[OutboxRow], pace: Pace, first: datetime
) -> tuple[datetime, ...]:
    """Return when each of these texts goes, the first at `first`, and keep when the next may."""
    moment, moments, kept = first, [], []
    for row in rows:
        moments.append(moment)
        if row.callback_id is not None:
            continue
        apart = pace.apart(row.address)
        if apart:
            kept.append(_row(row.address.channel, row.address.value, moment + apart))
        moment += pace.takes(row.parts)
    if rows:
        kept.append(_row(rows[0].address.channel, ACCOUNT, moment))
        _keep(db, kept, goes_back=True)
    return tuple(moments)


def hold(db: Connection, address: Address, until: datetime) -> None:
    """The network asked us to slow down: nothing more goes to this address before `until`."""
    _keep(db, [_row(address.channel, address.value, until)], goes_back=False)


def next_free(db: Connection, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return when an account, and when a chat, is free for which a text waits; None: now."""
    waits = exists(
        select(1).where(
            outbox.c.channel == paces.c.channel,
            or_(outbox.c.address == paces.c.address, paces.c.address == ACCOUNT),
            on_its_way("outbox"),
            outbox.c.state == "waiting",
            outbox.c.due_at <= now,
        )
    )
    is_coming = and_(paces.c.free_at > now, paces.c.free_at <= now + NEVER_SO_LONG)
    is_account = paces.c.address == ACCOUNT
    rows = db.execute(
        select(is_account, func.min(paces.c.free_at)).where(is_coming, waits).group_by(is_account)
    )
    free = {bool(of_account): free_at for of_account, free_at in rows}
    return free.get(True), free.get(False)


def _row(channel: str, address: str, free_at: datetime) -> dict[str, Any]:
    return {"channel": channel, "address": address, "free_at": free_at}


def _keep(db: Connection, rows: Sequence[dict[str, Any]], *, goes_back: bool) -> None:
    insert = sqlite_insert if db.dialect.name == "sqlite" else pg_insert
    made = insert(paces)
    fresh = made.excluded.free_at
    db.execute(
        made.on_conflict_do_update(
            index_elements=["channel", "address"],
            set_={"free_at": fresh},
            where=None if goes_back else paces.c.free_at < fresh,
        ),
        list(rows),
    )
