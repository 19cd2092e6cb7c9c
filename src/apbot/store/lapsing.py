"""
Texts that still wait and are to go no more: their address, their case or their cause is over.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import (
    Connection,
    select,
    update,
)

from apbot.domain.messages import VOICE, Address
from apbot.store.outbox import OutboxRow, OutboxState, row_of
from apbot.store.tables import on_its_way, outbox


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
    return tuple(sorted((row_of(row, None) for row in lapsed), key=lambda row: row.id))


def lapse_told(db: Connection, told_of: Mapping[str, Collection[str]]) -> None:
    """What persons are told of cases now takes the place of what still waits for them of these."""
    if not told_of:
        return
    waiting = db.execute(
        select(outbox.c.id, outbox.c.person, outbox.c.case_refs).where(
            on_its_way("outbox"),
            outbox.c.state == OutboxState.WAITING,
            outbox.c.person.in_(sorted(told_of)),
        )
    )
    told = [
        row.id
        for row in waiting
        if row.case_refs and set(row.case_refs) <= set(told_of[row.person])
    ]
    if told:
        db.execute(
            update(outbox)
            .where(outbox.c.id.in_(told), outbox.c.state == OutboxState.WAITING)
            .values(state=OutboxState.LAPSED, expected_by=None, says="a later text says it again")
        )


def lapse_calls(db: Connection, taken: Collection[str]) -> None:
    """Nobody is called about what somebody has: a call that waits and is about no more lapses."""
    if not taken:
        return
    waiting = db.execute(
        select(outbox.c.id, outbox.c.case_refs).where(
            outbox.c.channel == VOICE, outbox.c.state == OutboxState.WAITING
        )
    )
    over = [row.id for row in waiting if set(row.case_refs) <= set(taken)]
    if over:
        db.execute(
            update(outbox)
            .where(outbox.c.id.in_(over), outbox.c.state == OutboxState.WAITING)
            .values(state=OutboxState.LAPSED, says="somebody has it by now")
        )


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


def lapse_waiting(db: Connection, row: OutboxRow, says: str) -> bool:
    """Let a text lapse that still waits; False where it was claimed meanwhile, or may have gone."""
    lapsed = db.execute(
        update(outbox)
        .where(
            outbox.c.id == row.id,
            outbox.c.state == OutboxState.WAITING,
            outbox.c.fate_unknown.is_(False),
        )
        .values(state=OutboxState.LAPSED, expected_by=None, says=says)
    )
    return lapsed.rowcount == 1
