"""
Receipts: the networks' word on our texts, which moves a text forward only.

Receipts come late, twice and out of order, and overtake the answer to their own send call: one for
a text that is not known by its id yet is kept until it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, insert, select, text, tuple_, update

from apbot.domain.messages import Receipt, ReceiptState
from apbot.store.outbox import OutboxRow, OutboxState, row_of
from apbot.store.tables import early_receipts, outbox

if TYPE_CHECKING:
    from apbot.store.sending import Taken


def apply_receipt(db: Connection, receipt: Receipt, now: datetime) -> OutboxRow | None:
    """
    Move the text forward as the network says, never back; return it if it failed just now.

    A receipt for a text that we do not know by this id yet is kept until we do.
    """
    take_receipt_turns(db, [(receipt.channel, receipt.network_id)])
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
    said = {"at": now.isoformat(), "says": receipt.says or receipt.state}
    values: dict[str, Any] = {
        "state": OutboxState.DELIVERED if is_delivered else OutboxState.FAILED,
        "says": receipt.says,
        "expected_by": None,
        "attempts": [*row.attempts, said],
    }
    if is_delivered:
        values["delivered_at"] = now
    db.execute(update(outbox).where(outbox.c.id == row.id).values(values))
    return None if is_delivered else row_of(row, None)


def take_early(db: Connection, taken: Sequence["Taken"]) -> Mapping[int, Receipt]:
    """
    Let the receipts count that came before their texts had these ids.

    Returns, by outbox id, those that say that a text has failed.
    """
    by_id = {(one.row.address.channel, one.network_id): one for one in taken}
    rows = db.execute(
        delete(early_receipts)
        .where(tuple_(early_receipts.c.channel, early_receipts.c.network_id).in_(by_id.keys()))
        .returning(early_receipts)
    ).all()
    failed: dict[int, Receipt] = {}
    for kept in sorted(rows, key=lambda row: row.id):
        one = by_id[kept.channel, kept.network_id]
        state = ReceiptState(kept.state)
        receipt = Receipt(kept.channel, kept.network_id, state, kept.says, kept.address_gone)
        if apply_receipt(db, receipt, one.at) is not None:
            failed[one.row.id] = receipt
    return failed


def take_receipt_turns(db: Connection, texts: Iterable[tuple[str, str]]) -> None:
    """Keep receipts of these texts, and the answers to their send calls, from crossing."""
    # SQLite has one writer at a time as it is.
    if db.dialect.name != "postgresql":
        return
    names = sorted({f"receipts of {channel} {network_id}" for channel, network_id in texts})
    # One statement for all of them, always in the same order, so that no two wait for each other.
    locks = text(
        "SELECT pg_advisory_xact_lock(hashtextextended(name, 0))"
        " FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS given (name, place)"
    )
    db.execute(locks, {"names": names})
