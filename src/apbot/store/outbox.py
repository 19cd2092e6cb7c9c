"""
The outbox: every text exactly as it is sent, from waiting to delivered.

Rows are written with the decision that caused them. How they are claimed and sent is in
`sending.py`; what the networks say of them afterwards in `receipts.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    and_,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from apbot.domain.messages import Address, Button, Content
from apbot.store.at_hand import at_hand, let_go
from apbot.store.held_up import is_held_up
from apbot.store.tables import on_its_way, outbox
from apbot.store.values import from_json, to_json

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

    `gathered` are the lines by which it can be one text with others to the same address. `patience`
    is how long the network may go on trying to bring it; `expected` how soon it ought to have
    arrived, before it goes another way. `provider` is whose register or case it is about. One that
    `is_shown` is fetched by a page, so no network takes it.
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
    expected: timedelta | None = None
    edits: int | None = None
    callback_id: str | None = None
    fallback_of: int | None = None
    gathered: tuple[str, ...] = ()
    provider: str = ""
    alphabet: str | None = None
    content: Content | None = None
    is_shown: bool = False


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """
    A text kept, and how far it is.

    `edited` is the network's id of the text it replaces. `edits_nothing` is set once that text has
    ended without ever being out. `may_have_gone` is how many of its tries nobody knows the fate
    of. `turn` is how many of its provider's stood before it. From `expected_by` on it is looked at
    whether it arrived; `passed_on_at` is when it went another way.
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
    may_have_gone: int = 0
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    says: str = ""
    attempts: tuple[dict[str, Any], ...] = field(default=())
    gathered: tuple[str, ...] = ()
    provider: str = ""
    turn: int = 0
    parts: int = 1
    alphabet: str | None = None
    expected: timedelta | None = None
    expected_by: datetime | None = None
    passed_on_at: datetime | None = None
    content: Content | None = None


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
        "sent_at",
        "due_at",
        "useful_until",
        "patience_s",
        "edits_id",
        "callback_id",
        "fallback_of",
        "attempts",
        "made_at",
        "gathered",
        "provider",
        "alphabet",
        "expected_s",
        "content",
    }
)


def _add(make: Any) -> Any:
    """
    One text, unless its cause is kept already or it has gone to its address too often lately.

    Its turn is how many of its provider's, as urgent, wait already, so that each provider's first
    goes before anybody's second. Where the network takes nothing for its address just now, its
    patience runs from its own moment. All of that is part of the one statement.
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
    before = outbox.alias("before")
    turn = (
        select(func.count())
        .select_from(before)
        .where(
            before.c.provider == bindparam("provider"),
            before.c.urgency == bindparam("urgency"),
            on_its_way("before"),
        )
        .scalar_subquery()
    )
    by = bindparam("expected_by", type_=outbox.c.expected_by.type)
    expected_by = case((and_(by.is_not(None), is_held_up()), by), else_=None)
    kept_values = (bindparam(column.name, type_=column.type) for column in kept)
    values = select(*kept_values, turn, expected_by)
    few = values.where(lately < bindparam("most_alike"))
    names = [*(column.name for column in kept), "turn", "expected_by"]
    adding = make(outbox).from_select(names, few)
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
            "expected_by": None if draft.expected is None else draft.due_at + draft.expected,
            "most_alike": _NO_LIMIT
            if most_alike is None or draft.edits is not None or draft.callback_id is not None
            else most_alike,
        }
        for draft in drafts
    ]
    if rows:
        db.execute(_ADD[db.dialect.name], rows)
        let_go(db, NOT_WAITING)


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
    return row_of(row, None) if row else None


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
            "alphabet": draft.alphabet,
            "expected_s": _seconds(draft.expected),
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
        "state": OutboxState.SENT if draft.is_shown else OutboxState.WAITING,
        "sent_at": now if draft.is_shown else None,
        "due_at": draft.due_at,
        "useful_until": draft.useful_until,
        "patience_s": int(draft.patience.total_seconds()),
        "edits_id": draft.edits,
        "callback_id": draft.callback_id,
        "fallback_of": draft.fallback_of,
        "attempts": [],
        "made_at": now,
        "gathered": list(draft.gathered) or None,
        "provider": draft.provider,
        "alphabet": draft.alphabet,
        "expected_s": _seconds(draft.expected),
        "content": to_json(Content, draft.content) if draft.content else None,
    }


def _seconds(duration: timedelta | None) -> int | None:
    return None if duration is None else int(duration.total_seconds())


def row_of(row: Row[Any], edited: Any) -> OutboxRow:
    """Return a row of the table as a text; `edited` is the row that it replaces, if any."""
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
        may_have_gone=row.may_have_gone,
        sent_at=row.sent_at,
        delivered_at=row.delivered_at,
        says=row.says,
        attempts=tuple(row.attempts),
        gathered=tuple(row.gathered or ()),
        provider=row.provider,
        turn=row.turn,
        parts=row.parts,
        alphabet=row.alphabet,
        expected=None if row.expected_s is None else timedelta(seconds=row.expected_s),
        expected_by=row.expected_by,
        passed_on_at=row.passed_on_at,
        content=from_json(Content, row.content) if row.content else None,
    )
