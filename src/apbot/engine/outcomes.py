"""
Outcomes: what came of each text that was offered to a network, and how it is written down.

What happened to many texts meanwhile is one transaction. Whatever could not be written down, since
the database is away, is kept and written first once it is back: a network's word is never dropped.
A text that failed goes another way in a transaction of its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from apbot.desk.desk import Desk
from apbot.desk.receipts import handle_receipt, on_failed, on_late
from apbot.domain.messages import Address, Receipt
from apbot.store.addresses import move
from apbot.store.expecting import pass_on
from apbot.store.held_up import ACCOUNT, start_patience
from apbot.store.outbox import OutboxRow, OutboxState
from apbot.store.paces import hold
from apbot.store.sending import (
    PutOff,
    Taken,
    mark_all_sent,
    mark_all_waiting,
    mark_ended,
    readdress,
)

log = structlog.get_logger()

MANY = timedelta(seconds=5)
"""Within so long, two chats that are to slow down mean that the whole account is."""


@dataclass(frozen=True, slots=True)
class SlowDown:
    """The network asked us to slow down: the text waits, and so does all else for its address."""

    off: PutOff


@dataclass(frozen=True, slots=True)
class Over:
    """The text will not go: it lapsed or failed."""

    row: OutboxRow
    state: OutboxState
    says: str
    at: datetime
    address_gone: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has a new id, and the text goes there."""

    row: OutboxRow
    to: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Late:
    """The text ought to have arrived; the network's receipt, where it was lost on its way."""

    row: OutboxRow
    receipt: Receipt | None
    at: datetime


Outcome = Taken | PutOff | SlowDown | Over | Moved | Late


class Outcomes:
    """Collects what came of texts until it is written down."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._waiting: list[Outcome] = []
        self._slowed: dict[tuple[str, str], datetime] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, outcome: Outcome) -> None:
        """Take note of one."""
        self._waiting.append(outcome)
        _log(outcome)

    def write_down(self) -> None:
        """Keep all that is waiting. Raises where the database is away, and has lost nothing."""
        while self._waiting:
            batch = list(self._waiting)
            self._many(batch)
            # What has ended meanwhile stands behind these.
            del self._waiting[: len(batch)]

    def _many(self, batch: Sequence[Outcome]) -> None:
        taken = [one for one in batch if isinstance(one, Taken)]
        slowed = [one.off for one in batch if isinstance(one, SlowDown)]
        put_off = [one for one in batch if isinstance(one, PutOff)] + slowed
        with self.desk.database.writing() as db:
            early = mark_all_sent(db, taken)
            mark_all_waiting(db, put_off)
            for off in slowed:
                self._hold(db, off)
            for one in (one for one in taken if one.row.id in early):
                self._failed_early(db, one, early[one.row.id])
        for over in (one for one in batch if isinstance(one, Over)):
            self._alone(partial(self._over, over), over)
        for moved in (one for one in batch if isinstance(one, Moved)):
            self._alone(partial(_move, moved), moved)
        for late in (one for one in batch if isinstance(one, Late)):
            self._alone(partial(self._late, late), late)

    def _failed_early(self, db: Connection, one: Taken, receipt: Receipt) -> None:
        """A failure overtook its own send: in the same transaction, for it is not told again."""
        gone = receipt.address_gone
        try:
            with db.begin_nested():
                on_failed(db, self.desk, one.row, one.at, says=receipt.says, address_gone=gone)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("a text could not go another way", outbox=one.row.id)

    def _alone(self, write: Callable[[Connection], None], one: Over | Moved | Late) -> None:
        try:
            with self.desk.database.writing() as db:
                write(db)
        except SQLAlchemyError:
            raise
        except Exception:
            # The text is over all the same: its case and its register are looked at again anyway.
            log.exception("a text could not go another way", outbox=one.row.id)
            with self.desk.database.writing() as db:
                pass_on(db, one.row.id, one.at)
                mark_ended(db, one.row, OutboxState.FAILED, "no other way was found", one.at)

    def _over(self, over: Over, db: Connection) -> None:
        ended = mark_ended(db, over.row, over.state, over.says, over.at)
        if ended and over.state is OutboxState.FAILED:
            gone = over.address_gone
            on_failed(db, self.desk, over.row, over.at, says=over.says, address_gone=gone)

    def _late(self, late: Late, db: Connection) -> None:
        if late.receipt is not None:
            handle_receipt(db, self.desk, late.receipt, late.at)
        else:
            on_late(db, self.desk, late.row, late.at)

    def _hold(self, db: Connection, off: PutOff) -> None:
        """One chat that is to slow down waits alone; several at once are the whole account."""
        channel = off.row.address.channel
        hold(db, off.row.address, off.until)
        self._slowed[channel, off.row.address.value] = off.at
        lately = [key for key, at in self._slowed.items() if off.at - at <= MANY]
        self._slowed = {key: self._slowed[key] for key in lately}
        if sum(key[0] == channel for key in lately) > 1:
            hold(db, Address(channel, ACCOUNT), off.until)
            start_patience(db, channel, off.at, off.until)


def _move(moved: Moved, db: Connection) -> None:
    move(db, moved.row.address.channel, moved.row.address.value, moved.to, moved.at)
    readdress(db, moved.row, moved.to, moved.at)


def _log(outcome: Outcome) -> None:
    """Facts and ids alone: never a number, nor a word of the text."""
    seen = outcome.off if isinstance(outcome, SlowDown) else outcome
    row = seen.row
    facts = {"outbox": row.id, "channel": row.address.channel, "script": row.script}
    if isinstance(seen, Taken):
        log.info("text sent", **facts)
    elif isinstance(seen, PutOff):
        log.info("text waits", **facts, because=seen.says)
    elif isinstance(seen, Moved):
        log.info("a chat has moved", **facts)
    elif isinstance(seen, Late):
        log.info("text is late", **facts, is_receipt_lost=seen.receipt is not None)
    elif seen.state is OutboxState.FAILED:
        log.warning("text failed", **facts, because=seen.says)
    else:
        log.info("text ended", **facts, state=seen.state, because=seen.says)
