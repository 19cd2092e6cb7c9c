"""
The tick: what is due and what came in is handled, at its moment and not a second later.

Due times live in the database; APScheduler is only the metronome. Between its beats the engine
sleeps until the next due time or until it is nudged, so that nothing is polled busily and nothing
waits for a beat. Each happening is one transaction of the desk; one that raises is tried again. A
database that is away is nobody's failure: what was taken in hand is handled as soon as it is back.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from apbot.clock import Clock
from apbot.desk.deadlines import handle_deadline, handle_together, look_again
from apbot.desk.desk import Desk
from apbot.desk.handling import handle_kept, in_one_transaction
from apbot.engine.sender import Sender
from apbot.store.database import is_away
from apbot.store.deadlines import DueRow, claim_deadlines, hold_due, next_due
from apbot.store.inbox import LEASE, InboxRow, claim_inbox, next_retry
from apbot.store.registers import KIND as REGISTER

log = structlog.get_logger()

T = TypeVar("T")

BATCH = 32
FIRST_BATCH = 4
"""How much is taken in hand after a rest: little, so that the first text leaves soon; then more."""

TROUBLE = timedelta(seconds=2)
"""How long the engine rests, in real time, after the database could not be reached."""


class Engine:
    """
    Handles what came in and what is due, in order, one transaction each.

    `rounds` counts how often it has looked for work and come round.
    """

    def __init__(self, desk: Desk, clock: Clock, sender: Sender) -> None:
        self.desk = desk
        self.clock = clock
        self.sender = sender
        self.rounds = 0
        self._in_hand: deque[InboxRow | DueRow] = deque()
        self._in_hand_until: datetime | None = None
        self._batch = FIRST_BATCH
        self._nudged = asyncio.Event()
        # One writer: SQLite has room for no more, and PostgreSQL gains little from it.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")

    def nudge(self) -> None:
        """There may be something to do: look now."""
        self._nudged.set()

    async def run(self) -> None:
        """Work for ever."""
        while True:
            try:
                with self.clock.held():
                    await self.settle_desk()
                    if self.clock.waits_for_work:
                        await self.sender.settle()
                    moment = await self._off_loop(self._next_look)
                    self.clock.expect(moment, self._nudged)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                # Nothing is lost: everything waits in its tray.
                if is_away(error):
                    log.warning("the database is away", because=type(error).__name__)
                else:
                    log.exception("the engine could not work")
                await asyncio.sleep(TROUBLE.total_seconds())
                continue
            await self.clock.wait_until(moment, self._nudged)

    async def settle_desk(self) -> bool:
        """Handle until nothing is left that can be handled now; say if there was anything."""
        worked = False
        while await self._off_loop(self.work):
            worked = True
            self.sender.nudge()
        return worked

    async def settle(self) -> None:
        """Handle and send until nothing is left that can be done now."""
        while await self.settle_desk() | await self.sender.settle():
            pass

    def work(self) -> bool:
        """Handle one batch of what came in and of what is due; say if there was anything."""
        self._take_in_hand()
        worked = bool(self._in_hand)
        while self._in_hand:
            row, together = self._in_hand[0], self._due_together()
            if self._handle_together(together):
                for _ in together:
                    self._in_hand.popleft()
                continue
            if isinstance(row, InboxRow):
                handle_kept(self.desk, row, self.clock.now())
            else:
                self._handle_deadline(row)
            self._in_hand.popleft()
        self.rounds += 1
        return worked

    def close(self) -> None:
        """Let the desk's thread go."""
        self._thread.shutdown(wait=True)

    def next_event(self) -> datetime | None:
        """Return when something is due next, or None: for the sandbox's clock."""
        with self.desk.database.reading() as db:
            return next_due(db)

    def _take_in_hand(self) -> None:
        """Claim a batch, unless the database's absence has left one in our hands that is ours."""
        now = self.clock.now()
        if self._in_hand and self._in_hand_until is not None and now < self._in_hand_until:
            return
        self._in_hand.clear()
        with self.desk.database.writing() as db:
            messages = claim_inbox(db, now, self._batch)
            due = claim_deadlines(db, now, self._batch)
        self._in_hand.extend((*messages, *due))
        self._in_hand_until = now + LEASE
        self._batch = min(2 * self._batch, BATCH) if self._in_hand else FIRST_BATCH

    def _due_together(self) -> list[DueRow]:
        """Return the registers' deadlines that are next in hand."""
        due: list[DueRow] = []
        for row in self._in_hand:
            if not isinstance(row, DueRow) or row.kind != REGISTER:
                break
            due.append(row)
        return due

    def _handle_together(self, rows: Sequence[DueRow]) -> bool:
        """
        Handle several registers' deadlines in one transaction; say if that was done.

        Where anything is wrong with any of them nothing of it is kept, and each is handled by
        itself.
        """
        if len(rows) < 2:
            return False
        now = self.clock.now()
        try:
            with self.desk.database.writing() as db:
                handle_together(db, self.desk, rows, now)
        except Exception as error:
            if is_away(error):
                raise
            log.info("deadlines are handled one by one", because=type(error).__name__)
            return False
        return True

    def _handle_deadline(self, row: DueRow) -> None:
        now = self.clock.now()

        def handle(db: Connection) -> None:
            # Another process may have done it, if we were slower than our lease.
            if hold_due(db, row):
                handle_deadline(db, self.desk, row, now)

        try:
            in_one_transaction(self.desk.database, handle)
        except Exception as error:
            if is_away(error):
                raise
            log.exception("a deadline could not be handled", kind=row.kind, subject=row.subject)
            with self.desk.database.writing() as db:
                look_again(db, row, now)

    def _next_look(self) -> datetime | None:
        with self.desk.database.reading() as db:
            moments = [next_due(db), next_retry(db)]
        return min((moment for moment in moments if moment is not None), default=None)

    async def _off_loop(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(work))
