"""
The outbox: every text exactly as it is sent, from waiting to delivered.

Rows are written with the decision that caused them and claimed by the sender with a lease. Texts
to one address keep their order, except that an alarm passes what is less urgent. A receipt moves
a row forward only: receipts overtake one another, and the answer to their own send call.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from apbot.domain.messages import Address, Button, Receipt, ReceiptState
from apbot.store.at_hand import at_hand
from apbot.store.database import take_turns
from apbot.store.tables import early_receipts, outbox
from apbot.store.values import from_json, to_json

LEASE = timedelta(seconds=60)

NOT_WAITING = "messages without a waiting edit"
"""What a transaction has at hand: messages of which it knows that no edit of them waits."""

_NO_LIMIT = 2**31 - 1

Buttons = tuple[tuple[Button, ...], ...]


class OutboxState(StrEnum):
    """How far a text is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Draft:
    """
    A text to be kept. `once` is its cause: the same cause is kept once.

    `gathered` are the lines by which it can be one text with others to the same address.
    """

    person: str
    address: Address
    script: str
    text: str
    due_at: datetime
    urgency: int
    buttons: Buttons = ()
    parts: int = 1
    once: str | None = None
    register: int | None = None
    case_refs: tuple[str, ...] = ()
    cause: str = ""
    useful_until: datetime | None = None
    patience: timedelta = timedelta(hours=4)
    edits: int | None = None
    callback_id: str | None = None
    fallback_of: int | None = None
    gathered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """
    A text kept, and how far it is.

    `edited` is the network's id of the text it replaces. `edits_nothing` is set once that text has
    ended without ever being out.
    """

    id: int
    person: str
    address: Address
    script: str
    text: str
    state: OutboxState
    due_at: datetime
    urgency: int
    tries: int
    buttons: Buttons = ()
    register: int | None = None
    case_refs: tuple[str, ...] = ()
    cause: str = ""
    useful_until: datetime | None = None
    patience: timedelta = timedelta(hours=4)
    edits: int | None = None
    edited: str | None = None
    edits_nothing: bool = False
    callback_id: str | None = None
    fallback_of: int | None = None
    network_id: str | None = None
    made_at: datetime | None = None
    first_tried_at: datetime | None = None
    fate_unknown: bool = False
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    says: str = ""
    attempts: tuple[dict[str, Any], ...] = field(default=())
    gathered: tuple[str, ...] = ()


_KEPT = frozenset(
    {
        "once",
        "person",
        "channel",
        "address",
        "script",
        "text",
        "parts",
        "buttons",
        "register_id",
        "case_refs",
        "cause",
        "urgency",
        "state",
        "due_at",
        "useful_until",
        "patience_s",
        "edits_id",
        "callback_id",
        "fallback_of",
        "attempts",
        "made_at",
        "gathered",
    }
)


def _add(make: Any) -> Any:
    """
    One text, unless its cause is kept already or it has gone to its address too often lately.

    The count is part of the statement, so that it costs no other.
    """
    kept = [column for column in outbox.c if column.name in _KEPT]
    alike = outbox.alias("alike")
    lately = (
        select(func.count())
        .select_from(alike)
        .where(
            alike.c.channel == bindparam("channel"),
            alike.c.address == bindparam("address"),
            alike.c.text == bindparam("text"),
            alike.c.made_at >= bindparam("alike_since"),
        )
        .scalar_subquery()
    )
    values = select(*(bindparam(column.name, type_=column.type) for column in kept))
    few = values.where(lately < bindparam("most_alike"))
    adding = make(outbox).from_select([column.name for column in kept], few)
    return adding.on_conflict_do_nothing(index_elements=["once"])


_ADD = {"sqlite": _add(sqlite_insert), "postgresql": _add(pg_insert)}


def add(
    db: Connection,
    drafts: Sequence[Draft],
    now: datetime,
    *,
    most_alike: int | None = None,
    alike_since: datetime | None = None,
) -> None:
    """
    Keep these texts to be sent. One whose cause is kept already is not kept again.

    Where `most_alike` is given, the same text goes no more often than that to one address since
    then; what changes a message, or answers a tap, is no text of its own.
    """
    superseded = {draft.edits for draft in drafts if draft.edits is not None}
    superseded -= at_hand(db, NOT_WAITING).keys()
    if superseded:
        # Of several edits of one message only the latest is worth sending.
        db.execute(
            update(outbox)
            .where(outbox.c.edits_id.in_(sorted(superseded)), outbox.c.state == OutboxState.WAITING)
            .values(state=OutboxState.LAPSED, says="a later edit replaced it")
        )
    rows = [
        {
            **_columns(draft, now),
            "alike_since": alike_since or now,
            "most_alike": _NO_LIMIT
            if most_alike is None or draft.edits is not None or draft.callback_id is not None
            else most_alike,
        }
        for draft in drafts
    ]
    if rows:
        db.execute(_ADD[db.dialect.name], rows)


def claim_outbox(db: Connection, now: datetime, limit: int = 100) -> tuple[OutboxRow, ...]:
    """
    Claim texts that may go now, the most urgent first: at most one to each address.

    A text waits for every earlier one to its address that is not less urgent.
    """
    earlier = outbox.alias("earlier")
    is_before = and_(
        earlier.c.channel == outbox.c.channel,
        earlier.c.address == outbox.c.address,
        earlier.c.state.in_([OutboxState.WAITING, OutboxState.SENDING]),
        or_(
            and_(
                earlier.c.id < outbox.c.id,
                earlier.c.urgency <= outbox.c.urgency,
                # What is still being gathered for an address holds up nothing else.
                or_(earlier.c.gathered.is_(None), earlier.c.due_at <= now, earlier.c.tries > 0),
            ),
            and_(earlier.c.urgency < outbox.c.urgency, earlier.c.due_at <= now),
        ),
    )
    is_free = or_(
        outbox.c.state == OutboxState.WAITING,
        and_(outbox.c.state == OutboxState.SENDING, outbox.c.claimed_until <= now),
    )
    candidates = (
        select(outbox.c.id)
        .where(
            outbox.c.state.in_([OutboxState.WAITING, OutboxState.SENDING]),
            outbox.c.due_at <= now,
            is_free,
            ~exists(select(1).where(is_before)),
        )
        .order_by(outbox.c.urgency, outbox.c.due_at, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = db.execute(
        update(outbox)
        .where(outbox.c.id.in_(candidates.scalar_subquery()))
        .values(
            state=OutboxState.SENDING,
            claimed_until=now + LEASE,
            first_tried_at=func.coalesce(outbox.c.first_tried_at, now),
            tries=outbox.c.tries + 1,
            # A row found in sending was being sent by a process that died: its fate is unknown.
            fate_unknown=or_(outbox.c.fate_unknown, outbox.c.state == OutboxState.SENDING),
        )
        .returning(outbox)
    ).all()
    edited = _edited(db, [row.edits_id for row in rows if row.edits_id is not None])
    found = (_row(row, edited.get(row.edits_id)) for row in rows)
    return tuple(sorted(found, key=lambda row: (row.urgency, row.due_at, row.id)))


def next_waiting(db: Connection, after: datetime | None = None) -> datetime | None:
    """
    Return the earliest moment at which a text is due or a lease ends, or None.

    Where all that can go has gone, only what lies `after` counts: a text that is due and could not
    be claimed waits for another, and that one's moment is the one to wait for.
    """
    is_sending = outbox.c.state == OutboxState.SENDING
    free_at = case((is_sending, outbox.c.claimed_until), else_=outbox.c.due_at)
    asked = select(func.min(free_at)).where(
        outbox.c.state.in_([OutboxState.WAITING, OutboxState.SENDING])
    )
    if after is not None:
        asked = asked.where(free_at > after)
    return cast("datetime | None", db.scalar(asked))


def mark_sent(db: Connection, row: OutboxRow, network_id: str, now: datetime) -> Receipt | None:
    """
    The network took the text, under this id; a receipt that came earlier counts now.

    Returns that receipt if it says that the text has failed already.
    """
    take_turns(db, _receipts_of(row.address.channel, network_id))
    attempt = {"at": now.isoformat(), "says": "accepted"}
    db.execute(
        update(outbox)
        # Gone is gone, even if the lease ran out and the text was made to wait again meanwhile.
        .where(
            outbox.c.id == row.id,
            outbox.c.state.in_([OutboxState.WAITING, OutboxState.SENDING]),
        )
        .values(
            state=OutboxState.SENT,
            network_id=network_id,
            sent_at=now,
            claimed_until=None,
            attempts=[*row.attempts, attempt],
        )
    )
    early = db.execute(
        delete(early_receipts)
        .where(
            early_receipts.c.channel == row.address.channel,
            early_receipts.c.network_id == network_id,
        )
        .returning(early_receipts)
    ).all()
    for kept in sorted(early, key=lambda r: r.id):
        state = ReceiptState(kept.state)
        receipt = Receipt(row.address.channel, network_id, state, kept.says, kept.address_gone)
        if apply_receipt(db, receipt, now) is not None:
            return receipt
    return None


def mark_waiting(
    db: Connection,
    row: OutboxRow,
    due_at: datetime,
    says: str,
    now: datetime,
    *,
    fate_unknown: bool = False,
) -> None:
    """The text goes again at `due_at`; the network said why, or did not answer at all."""
    attempt = {"at": now.isoformat(), "says": says}
    db.execute(
        update(outbox)
        .where(*_still_claimed(row))
        .values(
            state=OutboxState.WAITING,
            due_at=due_at,
            claimed_until=None,
            says=says,
            fate_unknown=fate_unknown,
            attempts=[*row.attempts, attempt],
        )
    )


def readdress(db: Connection, row: OutboxRow, to: str, now: datetime) -> None:
    """The chat has a new id: the text goes there."""
    attempt = {"at": now.isoformat(), "says": "the chat has a new address"}
    db.execute(
        update(outbox)
        .where(*_still_claimed(row))
        .values(
            state=OutboxState.WAITING,
            address=to,
            due_at=now,
            claimed_until=None,
            attempts=[*row.attempts, attempt],
        )
    )


def mark_ended(
    db: Connection, row: OutboxRow, state: OutboxState, says: str, now: datetime
) -> bool:
    """
    The text will not go: it failed, or lapsed because it was no longer useful.

    False where the lease ran out and another process has the text: it is theirs to end.
    """
    attempt = {"at": now.isoformat(), "says": says}
    ended = db.execute(
        update(outbox)
        .where(*_still_claimed(row))
        .values(state=state, claimed_until=None, says=says, attempts=[*row.attempts, attempt])
    )
    return ended.rowcount == 1


def apply_receipt(db: Connection, receipt: Receipt, now: datetime) -> OutboxRow | None:
    """
    Move the text forward as the network says, never back; return it if it failed just now.

    A receipt for a text that we do not know by this id yet is kept until we do.
    """
    take_turns(db, _receipts_of(receipt.channel, receipt.network_id))
    row = db.execute(
        select(outbox)
        .where(outbox.c.channel == receipt.channel, outbox.c.network_id == receipt.network_id)
        .with_for_update()
    ).first()
    if row is None:
        db.execute(
            insert(early_receipts).values(
                channel=receipt.channel,
                network_id=receipt.network_id,
                state=receipt.state,
                says=receipt.says,
                address_gone=receipt.address_gone,
                at=now,
            )
        )
        return None
    if row.state in (OutboxState.DELIVERED, OutboxState.FAILED):
        return None
    if receipt.state is ReceiptState.SENT:
        return None
    is_delivered = receipt.state is ReceiptState.DELIVERED
    values: dict[str, Any] = {
        "state": OutboxState.DELIVERED if is_delivered else OutboxState.FAILED,
        "says": receipt.says,
        "attempts": [*row.attempts, {"at": now.isoformat(), "says": receipt.says or receipt.state}],
    }
    if is_delivered:
        values["delivered_at"] = now
    db.execute(update(outbox).where(outbox.c.id == row.id).values(values))
    return None if is_delivered else _row(row, None)


def lapse_for(db: Connection, address: Address, says: str) -> tuple[OutboxRow, ...]:
    """Nothing more goes to this address: what still waits for it lapses, and is returned."""
    lapsed = db.execute(
        update(outbox)
        .where(
            outbox.c.channel == address.channel,
            outbox.c.address == address.value,
            outbox.c.state == OutboxState.WAITING,
        )
        .values(state=OutboxState.LAPSED, says=says)
        .returning(outbox)
    ).all()
    return tuple(sorted((_row(row, None) for row in lapsed), key=lambda row: row.id))


def hand_on(db: Connection, person: str, address: Address, to: str | None, says: str) -> None:
    """An address is a person's no more: what waits there goes to their new one, or lapses."""
    values = {"address": to} if to is not None else {"state": OutboxState.LAPSED, "says": says}
    db.execute(
        update(outbox)
        .where(
            outbox.c.channel == address.channel,
            outbox.c.address == address.value,
            outbox.c.person == person,
            outbox.c.state == OutboxState.WAITING,
        )
        .values(values)
    )


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


_LAST_GATHERED = (
    select(outbox)
    .where(
        outbox.c.channel == bindparam("channel"),
        outbox.c.address == bindparam("address"),
        outbox.c.due_at > bindparam("since"),
        # A text is due soon after it is made: by that the index finds the few of today.
        outbox.c.made_at > bindparam("made_since"),
        outbox.c.gathered.is_not(None),
        outbox.c.state.not_in([OutboxState.FAILED, OutboxState.LAPSED]),
    )
    .order_by(outbox.c.id.desc())
    .limit(1)
    .with_for_update()
)


def find_last_gathered(db: Connection, address: Address, since: datetime) -> OutboxRow | None:
    """Return the latest text to an address that gathers lines and was due since then, or None."""
    where: dict[str, Any] = {"channel": address.channel, "address": address.value, "since": since}
    where["made_since"] = since - timedelta(hours=1)
    row = db.execute(_LAST_GATHERED, where).first()
    return _row(row, None) if row else None


_JOIN = update(outbox).where(
    outbox.c.id == bindparam("joined"),
    outbox.c.state == OutboxState.WAITING,
    outbox.c.tries == 0,
)


def join_text(db: Connection, row: OutboxRow, draft: Draft) -> bool:
    """Put the draft in the waiting text's place; False where that has been claimed meanwhile."""
    joined = db.execute(
        _JOIN,
        {
            "joined": row.id,
            "script": draft.script,
            "text": draft.text,
            "parts": draft.parts,
            "buttons": to_json(Buttons, draft.buttons),
            "case_refs": list(draft.case_refs),
            "urgency": draft.urgency,
            "due_at": draft.due_at,
            "gathered": list(draft.gathered),
        },
    )
    return joined.rowcount == 1


TOLD_IN_ANOTHER = "told in one text with others"
"""What is kept of a text that was joined to another: its words went there."""


def is_kept(db: Connection, once: str) -> bool:
    """Whether a text of this cause is kept already."""
    return db.scalar(select(outbox.c.id).where(outbox.c.once == once)) is not None


def keep_cause(db: Connection, draft: Draft, now: datetime) -> None:
    """Keep the cause of a text that was joined to another, so that it is not told once more."""
    if draft.once is not None:
        values = {
            **_columns(replace(draft, gathered=()), now),
            "state": OutboxState.LAPSED,
            "says": TOLD_IN_ANOTHER,
        }
        db.execute(insert(outbox).values(values))


def find_by_network_id(db: Connection, channel: str, network_id: str) -> OutboxRow | None:
    """Return the text that the network knows by this id, or None."""
    row = db.execute(
        select(outbox)
        .where(outbox.c.channel == channel, outbox.c.network_id == network_id)
        # An edit goes by the id of the text that it replaced.
        .order_by(outbox.c.id)
    ).first()
    return _row(row, None) if row else None


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


def find_last_said(db: Connection, person: str, script: str, since: datetime) -> OutboxRow | None:
    """Return the latest text of this script to a person, made since a moment, or None."""
    row = db.execute(
        select(outbox)
        .where(outbox.c.person == person, outbox.c.script == script, outbox.c.made_at >= since)
        .order_by(outbox.c.id.desc())
        .limit(1)
    ).first()
    return _row(row, None) if row else None


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


def list_outbox(db: Connection, addresses: Collection[str] | None = None) -> tuple[OutboxRow, ...]:
    """Return all texts, oldest first; to these addresses only."""
    asked = select(outbox).order_by(outbox.c.id)
    if addresses is not None:
        asked = asked.where(outbox.c.address.in_(list(addresses)))
    return tuple(_row(row, None) for row in db.execute(asked))


def list_about(db: Connection, register: int) -> tuple[OutboxRow, ...]:
    """Return all texts about a register, oldest first."""
    asked = select(outbox).where(outbox.c.register_id == register).order_by(outbox.c.id)
    return tuple(_row(row, None) for row in db.execute(asked))


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
    return tuple(_row(row, None) for row in db.execute(asked.order_by(outbox.c.id)))


def _still_claimed(row: OutboxRow) -> tuple[ColumnElement[bool], ...]:
    """Whether nobody else has claimed the text since: each claim counts a try."""
    return (
        outbox.c.id == row.id,
        outbox.c.state == OutboxState.SENDING,
        outbox.c.tries == row.tries,
    )


def _receipts_of(channel: str, network_id: str) -> str:
    return f"receipts of {channel} {network_id}"


def _edited(db: Connection, ids: Sequence[int]) -> dict[int | None, Any]:
    if not ids:
        return {}
    rows = db.execute(
        select(outbox.c.id, outbox.c.network_id, outbox.c.state).where(outbox.c.id.in_(list(ids)))
    )
    return {row.id: row for row in rows}


def _columns(draft: Draft, now: datetime) -> dict[str, Any]:
    return {
        "once": draft.once,
        "person": draft.person,
        "channel": draft.address.channel,
        "address": draft.address.value,
        "script": draft.script,
        "text": draft.text,
        "parts": draft.parts,
        "buttons": to_json(Buttons, draft.buttons),
        "register_id": draft.register,
        "case_refs": list(draft.case_refs),
        "cause": draft.cause,
        "urgency": draft.urgency,
        "state": OutboxState.WAITING,
        "due_at": draft.due_at,
        "useful_until": draft.useful_until,
        "patience_s": int(draft.patience.total_seconds()),
        "edits_id": draft.edits,
        "callback_id": draft.callback_id,
        "fallback_of": draft.fallback_of,
        "attempts": [],
        "made_at": now,
        "gathered": list(draft.gathered) or None,
    }


def _row(row: Row[Any], edited: Any) -> OutboxRow:
    edited_id = edited.network_id if edited is not None else None
    is_over = edited is not None and edited.state in (OutboxState.FAILED, OutboxState.LAPSED)
    return OutboxRow(
        id=row.id,
        person=row.person,
        address=Address(row.channel, row.address),
        script=row.script,
        text=row.text,
        state=OutboxState(row.state),
        due_at=row.due_at,
        urgency=row.urgency,
        tries=row.tries,
        buttons=from_json(Buttons, row.buttons),
        register=row.register_id,
        case_refs=tuple(row.case_refs),
        cause=row.cause,
        useful_until=row.useful_until,
        patience=timedelta(seconds=row.patience_s),
        edits=row.edits_id,
        edited=edited_id,
        edits_nothing=is_over and edited_id is None,
        callback_id=row.callback_id,
        fallback_of=row.fallback_of,
        network_id=row.network_id,
        made_at=row.made_at,
        first_tried_at=row.first_tried_at,
        fate_unknown=row.fate_unknown,
        sent_at=row.sent_at,
        delivered_at=row.delivered_at,
        says=row.says,
        attempts=tuple(row.attempts),
        gathered=tuple(row.gathered or ()),
    )
