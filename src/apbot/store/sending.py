"""
Sending: which texts may go now, and what became of each.

Texts are claimed by the sender with a lease, in an order that a network's limit cannot spoil: the
most urgent first, and of equals each provider's first before anybody's second. Those to one address
keep their order, except that an alarm passes what is less urgent. What the networks said of many
texts is written down in one transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    TextClause,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)

from apbot.domain.messages import Receipt
from apbot.store.held_up import start_patience
from apbot.store.outbox import OutboxRow, OutboxState, row_of
from apbot.store.paces import is_held
from apbot.store.receipts import take_early, take_receipt_turns
from apbot.store.tables import on_its_way, outbox

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Taken:
    """A network took the text, under this id. `expects` a receipt where one is still to come."""

    row: OutboxRow
    network_id: str
    at: datetime
    expects: bool = False


@dataclass(frozen=True, slots=True)
class PutOff:
    """
    The text goes again at `until`: what the network said, or that it did not answer at all.

    `fate_unknown` is of this try; one of unknown fate before it stays so.
    """

    row: OutboxRow
    until: datetime
    says: str
    at: datetime
    fate_unknown: bool = False


def list_due_channels(db: Connection, now: datetime) -> tuple[str, ...]:
    """Return the channels on which a text may be due by now."""
    asked = (
        select(outbox.c.channel)
        .where(on_its_way("outbox"), outbox.c.due_at <= now, _is_free(now))
        .distinct()
    )
    return tuple(sorted(db.scalars(asked)))


def claim_outbox(
    db: Connection, now: datetime, limit: int = 100, channel: str | None = None
) -> tuple[OutboxRow, ...]:
    """
    Claim texts that may go now, the most urgent first: at most one to each address.

    A text waits for every earlier one to its address that is not less urgent, and until the
    network takes another for that address.
    """
    earlier = outbox.alias("earlier")
    is_before = and_(
        earlier.c.channel == outbox.c.channel,
        earlier.c.address == outbox.c.address,
        on_its_way("earlier"),
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
    wanted: list[ColumnElement[bool] | TextClause] = [
        on_its_way("outbox"),
        outbox.c.due_at <= now,
        _is_free(now),
        # Not "not exists": with few texts waiting when it last counted, PostgreSQL would join every
        # one of thousands with every other.
        select(func.min(earlier.c.id)).where(is_before).scalar_subquery().is_(None),
        # A word where somebody tapped is no message, and is not counted as one.
        or_(outbox.c.callback_id.is_not(None), ~is_held(outbox.c.channel, outbox.c.address, now)),
    ]
    if channel is not None:
        wanted.append(outbox.c.channel == channel)
    candidates = (
        select(outbox.c.id)
        .where(*wanted)
        .order_by(outbox.c.urgency, outbox.c.turn, outbox.c.due_at, outbox.c.id)
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
            may_have_gone=outbox.c.may_have_gone
            + case((outbox.c.state == OutboxState.SENDING, 1), else_=0),
        )
        .returning(outbox)
    ).all()
    edited = _edited(db, [row.edits_id for row in rows if row.edits_id is not None])
    found = (row_of(row, edited.get(row.edits_id)) for row in rows)
    return tuple(sorted(found, key=lambda row: (row.urgency, row.turn, row.due_at, row.id)))


def next_waiting(db: Connection, after: datetime | None = None) -> datetime | None:
    """
    Return the earliest moment at which a text is due or a lease ends, or None.

    Where all that can go has gone, only what lies `after` counts: a text that is due and could not
    be claimed waits for another, and that one's moment is the one to wait for.
    """
    is_sending = outbox.c.state == OutboxState.SENDING
    free_at = case((is_sending, outbox.c.claimed_until), else_=outbox.c.due_at)
    asked = select(func.min(free_at)).where(on_its_way("outbox"))
    if after is not None:
        asked = asked.where(free_at > after)
    return cast("datetime | None", db.scalar(asked))


def mark_sent(db: Connection, row: OutboxRow, network_id: str, now: datetime) -> Receipt | None:
    """
    The network took the text, under this id; a receipt that came earlier counts now.

    Returns that receipt if it says that the text has failed already.
    """
    failed = mark_all_sent(db, [Taken(row, network_id, now)])
    return failed.get(row.id)


def mark_all_sent(db: Connection, taken: Sequence[Taken]) -> Mapping[int, Receipt]:
    """
    The networks took these texts; receipts that came earlier count now.

    Returns, by outbox id, those receipts that say that a text has failed already.
    """
    if not taken:
        return {}
    take_receipt_turns(db, [(one.row.address.channel, one.network_id) for one in taken])
    db.execute(
        update(outbox)
        # Gone is gone, even if the lease ran out and the text was made to wait again meanwhile.
        .where(
            outbox.c.id == bindparam("one"),
            or_(outbox.c.state == OutboxState.WAITING, outbox.c.state == OutboxState.SENDING),
        )
        .values(
            state=OutboxState.SENT,
            network_id=bindparam("taken_as"),
            sent_at=bindparam("taken_at"),
            claimed_until=None,
            expected_by=bindparam("expected"),
            attempts=bindparam("tried"),
        ),
        [
            {
                "one": took.row.id,
                "taken_as": took.network_id,
                "taken_at": took.at,
                "expected": _expected_by(took.row, took.at) if took.expects else None,
                "tried": attempts(took.row, took.at, "accepted"),
            }
            for took in taken
        ],
    )
    return take_early(db, taken)


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
    mark_all_waiting(db, [PutOff(row, due_at, says, now, fate_unknown)])


def mark_all_waiting(db: Connection, put_off: Sequence[PutOff]) -> None:
    """These texts go again, each at its moment."""
    if not put_off:
        return
    db.execute(
        update(outbox)
        .where(
            outbox.c.id == bindparam("one"),
            outbox.c.state == OutboxState.SENDING,
            outbox.c.tries == bindparam("try"),
        )
        .values(
            state=OutboxState.WAITING,
            due_at=bindparam("until"),
            claimed_until=None,
            says=bindparam("said"),
            fate_unknown=bindparam("unknown"),
            may_have_gone=bindparam("gone"),
            expected_by=bindparam("expected"),
            attempts=bindparam("tried"),
        ),
        [
            {
                "one": off.row.id,
                "try": off.row.tries,
                "until": off.until,
                "said": off.says,
                "unknown": off.row.fate_unknown or off.fate_unknown,
                "gone": off.row.may_have_gone + off.fate_unknown,
                "expected": _still_expected_by(off.row, off.at),
                "tried": attempts(off.row, off.at, off.says),
            }
            for off in put_off
        ],
    )
    _start_patience_behind(db, put_off)


def readdress(db: Connection, row: OutboxRow, to: str, now: datetime) -> None:
    """The chat has a new id: the text goes there."""
    db.execute(
        update(outbox)
        .where(*_still_claimed(row))
        .values(
            state=OutboxState.WAITING,
            address=to,
            due_at=now,
            claimed_until=None,
            attempts=attempts(row, now, "the chat has a new address"),
        )
    )


def mark_ended(
    db: Connection, row: OutboxRow, state: OutboxState, says: str, now: datetime
) -> bool:
    """
    The text will not go: it failed, or lapsed because it was no longer useful.

    False where the lease ran out and another process has the text: it is theirs to end.
    """
    ended = db.execute(
        update(outbox)
        .where(*_still_claimed(row))
        .values(
            state=state,
            claimed_until=None,
            expected_by=None,
            says=says,
            attempts=attempts(row, now, says),
        )
    )
    return ended.rowcount == 1


def attempts(row: OutboxRow, at: datetime, says: str) -> list[dict[str, Any]]:
    """Return all that was tried with a text, and this: when, and what the network said."""
    return [*row.attempts, {"at": at.isoformat(), "says": says}]


def _expected_by(row: OutboxRow, at: datetime) -> datetime | None:
    """When it ought to have arrived: a text that our own limits made wait is not late by them."""
    if row.expected is None or row.passed_on_at is not None:
        return None
    return (row.first_tried_at or at) + row.expected


def _still_expected_by(row: OutboxRow, at: datetime) -> datetime | None:
    """When it ought to have arrived: patience that ran behind another is not given anew."""
    expected_by = _expected_by(row, at)
    if expected_by is None or row.expected_by is None:
        return expected_by
    return min(expected_by, row.expected_by)


def _start_patience_behind(db: Connection, put_off: Sequence[PutOff]) -> None:
    """What stands behind these waits for the network as they do."""
    since: dict[str, dict[str, datetime]] = {}
    for off in put_off:
        behind = since.setdefault(off.row.address.channel, {})
        behind[off.row.address.value] = off.row.first_tried_at or off.at
    for channel, of_each in since.items():
        start_patience(db, channel, of_each)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(
        outbox.c.state == OutboxState.WAITING,
        and_(outbox.c.state == OutboxState.SENDING, outbox.c.claimed_until <= now),
    )


def _still_claimed(row: OutboxRow) -> tuple[ColumnElement[bool], ...]:
    """Whether nobody else has claimed the text since: each claim counts a try."""
    return (
        outbox.c.id == row.id,
        outbox.c.state == OutboxState.SENDING,
        outbox.c.tries == row.tries,
    )


def _edited(db: Connection, ids: Sequence[int]) -> dict[int | None, Any]:
    if not ids:
        return {}
    rows = db.execute(
        select(outbox.c.id, outbox.c.network_id, outbox.c.state).where(outbox.c.id.in_(list(ids)))
    )
    return {row.id: row for row in rows}
