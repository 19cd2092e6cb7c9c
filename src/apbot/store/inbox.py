"""
The inbox: every message as it came, kept before anybody reads it.

Unique on channel and network id, so the same message delivered twice is one row. A row is handled
once, in the transaction that marks it so; one that cannot be handled stays, and is tried again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from apbot.domain.messages import Address, Inbound, InboundKind
from apbot.store.addresses import AddressState
from apbot.store.tables import addresses, asked_until, inbox, list_versions

LEASE = timedelta(seconds=60)

MOST_TRIES = 3
"""After so many tries a message stays as it is, word for word, for a person to read."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A message kept, and what came of it so far."""

    id: int
    inbound: Inbound
    received_at: datetime
    tries: int
    handled_at: datetime | None
    person: str | None
    came_of_it: str


def list_heard_since(
    db: Connection, among: Collection[Address], since: datetime
) -> frozenset[Address]:
    """Return those of these addresses of one network from which something came since a moment."""
    rows = db.execute(
        select(inbox.c.channel, inbox.c.address)
        .where(
            inbox.c.channel.in_({address.channel for address in among}),
            inbox.c.address.in_({address.value for address in among}),
            inbox.c.received_at > since,
        )
        .distinct()
    )
    return frozenset(Address(channel, value) for channel, value in rows)


def _keep(make: Any) -> Any:
    once = make(inbox).on_conflict_do_nothing(index_elements=["channel", "network_id"])
    return once.returning(inbox.c.id)


_KEEP = {"sqlite": _keep(sqlite_insert), "postgresql": _keep(pg_insert)}


def keep(db: Connection, inbound: Inbound, now: datetime) -> bool:
    """Keep one message; say whether it is new. A repeat is a no-op."""
    columns = {
        "channel": inbound.address.channel,
        "network_id": inbound.network_id,
        "address": inbound.address.value,
        "kind": inbound.kind,
        "text": _storable(inbound.text),
        "answers": inbound.answers,
        "sender": _storable(inbound.sender or "")[:200] or None,
        "callback_id": inbound.callback_id,
        "chat_title": _storable(inbound.chat_title or "")[:300] or None,
        "received_at": now,
        "came_of_it": "",
    }
    return db.execute(_KEEP[db.dialect.name], columns).scalar() is not None


def claim_inbox(db: Connection, now: datetime, limit: int = 50) -> tuple[InboxRow, ...]:
    """Claim messages that nobody has handled yet, the oldest first."""
    is_free = or_(inbox.c.claimed_until.is_(None), inbox.c.claimed_until <= now)
    waiting = (
        select(inbox.c.id)
        .where(inbox.c.handled_at.is_(None), inbox.c.tries < MOST_TRIES, is_free)
        .order_by(inbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    rows = db.execute(
        update(inbox)
        .where(inbox.c.id.in_(waiting))
        .values(claimed_until=now + LEASE)
        .returning(inbox)
    ).all()
    return tuple(sorted((_row(row) for row in rows), key=lambda row: row.id))


_before = inbox.alias("before")

_HELD = (
    select(
        select(list_versions.c.version)
        .where(list_versions.c.id == 1)
        .scalar_subquery()
        .label("version"),
        addresses.c.person,
        addresses.c.state,
        select(_before.c.came_of_it)
        .where(
            _before.c.id < inbox.c.id,
            _before.c.channel == inbox.c.channel,
            _before.c.address == inbox.c.address,
            _before.c.kind == InboundKind.TEXT,
            _before.c.sender.is_not_distinct_from(inbox.c.sender),
        )
        .order_by(_before.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("before"),
    )
    .select_from(
        inbox.outerjoin(
            addresses,
            and_(addresses.c.channel == inbox.c.channel, addresses.c.value == inbox.c.address),
        )
    )
    .where(inbox.c.id == bindparam("id"), inbox.c.handled_at.is_(None))
    .with_for_update(of=inbox)
)


@dataclass(frozen=True, slots=True)
class Held:
    """
    A message that this transaction alone handles, and what is asked of it first.

    `version` is that of the lists; `owner` whose address it came from; `before` what came of what
    the same sender wrote there just before.
    """

    version: int
    owner: tuple[str, AddressState] | None
    before: str


def hold_unhandled(db: Connection, id: int) -> Held | None:
    """Lock the message for this transaction; None where another process has handled it."""
    row = db.execute(_HELD, {"id": id}).first()
    if row is None:
        return None
    owner = (row.person, AddressState(row.state)) if row.person is not None else None
    return Held(row.version or 0, owner, row.before or "")


_HANDLED = update(inbox).where(inbox.c.id == bindparam("message"), inbox.c.handled_at.is_(None))


class Outcome(StrEnum):
    """What came of a message, in a word, for whoever counts."""

    MARKED = "marked"
    ASKED = "asked"
    CASE = "case"
    ANSWERED = "answered"
    NOTED = "noted"
    STRANGER = "stranger"


def mark_handled(
    db: Connection,
    id: int,
    now: datetime,
    *,
    person: str | None,
    came_of_it: str,
    outcome: Outcome | None = None,
) -> bool:
    """Mark the message handled, in the transaction that decided; say if it was not yet."""
    done = db.execute(
        _HANDLED,
        {
            "message": id,
            "handled_at": now,
            "claimed_until": None,
            "person": person,
            "came_of_it": came_of_it,
            "outcome": outcome,
        },
    )
    return done.rowcount == 1


def mark_failed(db: Connection, id: int, until: datetime, says: str) -> None:
    """Handling it raised: try again after `until`."""
    db.execute(
        update(inbox)
        .where(inbox.c.id == id, inbox.c.handled_at.is_(None))
        .values(claimed_until=until, tries=inbox.c.tries + 1, came_of_it=says)
    )


def next_retry(db: Connection) -> datetime | None:
    """Return when the next unhandled message is free to be tried, or None."""
    rows = db.execute(
        select(inbox.c.claimed_until).where(
            inbox.c.handled_at.is_(None), inbox.c.tries < MOST_TRIES
        )
    ).scalars()
    free = [until for until in rows if until is not None]
    return min(free, default=None)


def find_before(db: Connection, row: InboxRow) -> InboxRow | None:
    """Return what the same sender wrote there just before this message, or None."""
    inbound = row.inbound
    before = db.execute(
        select(inbox)
        .where(
            inbox.c.id < row.id,
            inbox.c.channel == inbound.address.channel,
            inbox.c.address == inbound.address.value,
            inbox.c.kind == InboundKind.TEXT,
            inbox.c.sender.is_not_distinct_from(inbound.sender),
        )
        .order_by(inbox.c.id.desc())
        .limit(1)
    ).first()
    return _row(before) if before else None


def get_message(db: Connection, id: int) -> InboxRow | None:
    """Return one message, or None where there is none of this id."""
    found = db.execute(select(inbox).where(inbox.c.id == id)).first()
    return _row(found) if found else None


def list_messages(db: Connection, ids: Collection[int]) -> tuple[InboxRow, ...]:
    """Return these messages, oldest first."""
    if not ids:
        return ()
    asked = select(inbox).where(inbox.c.id.in_(list(ids))).order_by(inbox.c.id)
    return tuple(_row(row) for row in db.execute(asked))


def list_unhandled(db: Connection) -> tuple[InboxRow, ...]:
    """Return the messages that could not be handled and wait for a person, oldest first."""
    waiting = select(inbox).where(inbox.c.handled_at.is_(None), inbox.c.tries >= MOST_TRIES)
    return tuple(_row(row) for row in db.execute(waiting.order_by(inbox.c.id)))


def find_message(db: Connection, channel: str, network_id: str) -> InboxRow | None:
    """Return the message that its channel knows by this id, or None."""
    row = db.execute(
        select(inbox).where(inbox.c.channel == channel, inbox.c.network_id == network_id)
    ).first()
    return _row(row) if row is not None else None


def amend_came(db: Connection, id: int, came_of_it: str) -> None:
    """Something more came of a message that was handled before."""
    db.execute(update(inbox).where(inbox.c.id == id).values(came_of_it=came_of_it))


def last_received(db: Connection) -> datetime | None:
    """Return when the latest message came in, or None where none ever did."""
    latest: datetime | None = db.scalar(
        select(inbox.c.received_at).order_by(inbox.c.id.desc()).limit(1)
    )
    return latest


def was_asked_until(db: Connection, channel: str) -> datetime | None:
    """Return up to when this network has told us all that it had received, or None."""
    at: datetime | None = db.scalar(
        select(asked_until.c.at).where(asked_until.c.channel == channel)
    )
    return at


def note_asked(db: Connection, channel: str, at: datetime) -> None:
    """This network has told us all that it had received up to this moment."""
    make = pg_insert if db.dialect.name == "postgresql" else sqlite_insert
    noting = make(asked_until).values(channel=channel, at=at)
    db.execute(noting.on_conflict_do_update(index_elements=["channel"], set_={"at": at}))


def list_strangers(
    db: Connection, since: datetime, until: datetime | None = None
) -> tuple[InboxRow, ...]:
    """Return what nobody on the lists wrote or tapped since a moment, oldest first."""
    said = (InboundKind.TEXT, InboundKind.TAP, InboundKind.START)
    asked = select(inbox).where(
        inbox.c.person.is_(None),
        inbox.c.handled_at.is_not(None),
        inbox.c.kind.in_(said),
        inbox.c.received_at >= since,
    )
    if until is not None:
        asked = asked.where(inbox.c.received_at < until)
    return tuple(_row(row) for row in db.execute(asked.order_by(inbox.c.id)))


def list_inbox(db: Connection, addresses: Collection[str] | None = None) -> tuple[InboxRow, ...]:
    """Return all messages that came in, oldest first; from these addresses only."""
    asked = select(inbox).order_by(inbox.c.id)
    if addresses is not None:
        asked = asked.where(inbox.c.address.in_(list(addresses)))
    return tuple(_row(row) for row in db.execute(asked))


def _storable(words: str) -> str:
    """Without what a database cannot hold and nobody types: a NUL, half a surrogate pair."""
    return words.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _row(row: Row[Any]) -> InboxRow:
    return InboxRow(
        id=row.id,
        inbound=Inbound(
            network_id=row.network_id,
            address=Address(row.channel, row.address),
            kind=InboundKind(row.kind),
            text=row.text,
            answers=row.answers,
            sender=row.sender,
            callback_id=row.callback_id,
            chat_title=row.chat_title,
        ),
        received_at=row.received_at,
        tries=row.tries,
        handled_at=row.handled_at,
        person=row.person,
        came_of_it=row.came_of_it,
    )
