"""
What has been said: texts of the outbox, looked up by whom, what and when.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from apbot.domain.messages import Address
from apbot.store.at_hand import at_hand
from apbot.store.outbox import NOT_WAITING, OutboxRow, OutboxState, row_of
from apbot.store.tables import outbox


def find_group_message(
    db: Connection, register: int, person: str, address: Address
) -> tuple[int, Address] | None:
    """
    Return the message of a group that shows this register, for an edit, or None.

    A group that has a new id has none of its old messages: the first edit there becomes a message
    of its own, and is the one to edit from then on.
    """
    rows = db.execute(
        select(outbox.c.id, outbox.c.address, outbox.c.edits_id, outbox.c.network_id)
        .where(
            outbox.c.register_id == register,
            outbox.c.person == person,
            outbox.c.script.in_(["register_prompt", "register_message"]),
            outbox.c.channel == address.channel,
            outbox.c.state.not_in([OutboxState.FAILED, OutboxState.LAPSED]),
        )
        .order_by(outbox.c.id)
    ).all()
    chats = {row.id: str(row.network_id or "").rpartition(":")[0] for row in rows}
    shown = [
        row.id
        for row in rows
        if row.edits_id is None or chats[row.id] not in ("", chats.get(row.edits_id))
    ]
    return (shown[-1], address) if shown else None


_edit = outbox.alias("edit")


_SHOWN = (
    select(
        outbox.c.person,
        outbox.c.id,
        outbox.c.channel,
        outbox.c.address,
        exists(select(1).where(_edit.c.edits_id == outbox.c.id, _edit.c.state == "waiting")).label(
            "has_waiting_edit"
        ),
    )
    .where(
        outbox.c.register_id == bindparam("register"),
        outbox.c.person.in_(bindparam("persons", expanding=True)),
        outbox.c.script == "register_prompt",
        outbox.c.channel == "telegram",
        outbox.c.state.not_in([OutboxState.FAILED, OutboxState.LAPSED]),
    )
    .order_by(outbox.c.id)
)


def find_register_message(
    db: Connection, register: int, persons: Collection[str]
) -> dict[str, tuple[int, Address]]:
    """Return, by person, the latest Telegram message of theirs that shows this register."""
    rows = db.execute(_SHOWN, {"register": register, "persons": sorted(persons)}).all()
    # Edits are made by whoever holds the register: none comes to wait before this transaction ends.
    at_hand(db, NOT_WAITING).update((row.id, True) for row in rows if not row.has_waiting_edit)
    return {row.person: (row.id, Address(row.channel, row.address)) for row in rows}


def find_text(db: Connection, id: int) -> OutboxRow | None:
    """Return the text of this id of ours, or None."""
    row = db.execute(select(outbox).where(outbox.c.id == id)).first()
    return row_of(row, None) if row else None


def find_by_network_id(db: Connection, channel: str, network_id: str) -> OutboxRow | None:
    """Return the text that the network knows by this id, or None."""
    row = db.execute(
        select(outbox)
        .where(outbox.c.channel == channel, outbox.c.network_id == network_id)
        # An edit goes by the id of the text that it replaced.
        .order_by(outbox.c.id)
    ).first()
    return row_of(row, None) if row else None


def count_said(db: Connection, person: str, scripts: Collection[str], since: datetime) -> int:
    """Return how often a person was told one of these scripts since a moment."""
    return int(
        db.scalar(
            select(func.count())
            .select_from(outbox)
            .where(
                outbox.c.person == person,
                outbox.c.script.in_(list(scripts)),
                outbox.c.made_at >= since,
            )
        )
        or 0
    )


def is_told(db: Connection, person: str, script: str, cause: str, since: datetime) -> bool:
    """Whether a person was told this since a moment, of a cause that begins so."""
    asked = select(outbox.c.id).where(
        outbox.c.person == person,
        outbox.c.script == script,
        outbox.c.made_at >= since,
        outbox.c.once.startswith(cause, autoescape=True),
        outbox.c.state != OutboxState.FAILED,
    )
    return db.scalar(asked.limit(1)) is not None


def find_last_said(db: Connection, person: str, script: str, since: datetime) -> OutboxRow | None:
    """Return the latest text of this script to a person, made since a moment, or None."""
    row = db.execute(
        select(outbox)
        .where(outbox.c.person == person, outbox.c.script == script, outbox.c.made_at >= since)
        .order_by(outbox.c.id.desc())
        .limit(1)
    ).first()
    return row_of(row, None) if row else None


def list_said_to(db: Connection, person: str, since: datetime) -> tuple[OutboxRow, ...]:
    """Return what was made for a person since a moment, oldest first."""
    rows = db.execute(
        select(outbox)
        .where(outbox.c.person == person, outbox.c.made_at >= since)
        .order_by(outbox.c.id)
    ).all()
    return tuple(row_of(row, None) for row in rows)


def list_said_to_any(
    db: Connection, persons: Collection[str], since: datetime, until: datetime
) -> tuple[OutboxRow, ...]:
    """Return what was made for these persons between two moments, oldest first."""
    asked = select(outbox).where(
        outbox.c.person.in_(sorted(persons)), outbox.c.made_at.between(since, until)
    )
    return tuple(row_of(row, None) for row in db.execute(asked.order_by(outbox.c.id)))


def count_same(db: Connection, address: Address, text: str, since: datetime) -> int:
    """Return how often this very text went to an address since a moment."""
    return int(
        db.scalar(
            select(func.count())
            .select_from(outbox)
            .where(
                outbox.c.channel == address.channel,
                outbox.c.address == address.value,
                outbox.c.text == text,
                outbox.c.made_at >= since,
                outbox.c.state != OutboxState.LAPSED,
            )
        )
        or 0
    )


def list_shown(db: Connection, address: Address, answers: str) -> tuple[OutboxRow, ...]:
    """Return what a page shows in answer to one thing done on it, in the order it was said."""
    asked = select(outbox).where(
        outbox.c.channel == address.channel,
        outbox.c.address == address.value,
        outbox.c.callback_id == answers,
    )
    return tuple(row_of(row, None) for row in db.execute(asked.order_by(outbox.c.id)))


def list_outbox(db: Connection, addresses: Collection[str] | None = None) -> tuple[OutboxRow, ...]:
    """Return all texts, oldest first; to these addresses only."""
    asked = select(outbox).order_by(outbox.c.id)
    if addresses is not None:
        asked = asked.where(outbox.c.address.in_(list(addresses)))
    return tuple(row_of(row, None) for row in db.execute(asked))


def list_about(db: Connection, register: int) -> tuple[OutboxRow, ...]:
    """Return all texts about a register, oldest first."""
    asked = select(outbox).where(outbox.c.register_id == register).order_by(outbox.c.id)
    return tuple(row_of(row, None) for row in db.execute(asked))


def list_to(
    db: Connection, addresses: Collection[Address], since: datetime
) -> tuple[OutboxRow, ...]:
    """Return the texts to these addresses that were made since a moment, oldest first."""
    if not addresses:
        return ()
    theirs = [
        and_(outbox.c.channel == one.channel, outbox.c.address == one.value) for one in addresses
    ]
    asked = select(outbox).where(or_(*theirs), outbox.c.made_at >= since)
    return tuple(row_of(row, None) for row in db.execute(asked.order_by(outbox.c.id)))
