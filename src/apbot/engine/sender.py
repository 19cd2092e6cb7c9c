"""
The sender: the only one who talks to networks.

It claims texts from the outbox, most urgent first and in order to each address, sends them side by
side with no transaction open, and writes down what the network said. Sending is at least once:
after a crash in the middle, a second text beats a lost one, and where the network can be asked
whether it had the first, it is asked.
"""

import asyncio
import random
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from apbot.channels.protocol import (
    AddressGone,
    AddressMoved,
    Answers,
    Channel,
    FateUnknown,
    LooksUp,
    Refused,
    SendError,
    TryLater,
)
from apbot.clock import Clock
from apbot.desk.desk import Desk
from apbot.desk.receipts import on_failed
from apbot.domain.messages import Outbound
from apbot.store.addresses import move
from apbot.store.outbox import (
    OutboxRow,
    OutboxState,
    claim_outbox,
    mark_ended,
    mark_sent,
    mark_waiting,
    next_waiting,
    readdress,
)

log = structlog.get_logger()

T = TypeVar("T")

BATCH = 50
FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=5)
GIVES_UP_AFTER = timedelta(hours=12)
TROUBLE = timedelta(seconds=2)
EDIT_WAITS = timedelta(seconds=2)


class Sender:
    """Sends what waits in the outbox, by the channels that are on."""

    def __init__(self, desk: Desk, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self.desk = desk
        self.clock = clock
        self.channels = channels
        self._nudged = asyncio.Event()
        self._sweeping = asyncio.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sender")

    def nudge(self) -> None:
        """There may be a text to send: look now."""
        self._nudged.set()

    async def run(self) -> None:
        """Send for ever."""
        while True:
            try:
                with self.clock.held():
                    await self.settle()
                    moment = await self._off_loop(self._next_look)
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("the sender could not work")
                await asyncio.sleep(TROUBLE.total_seconds())
                continue
            await self.clock.wait_until(moment, self._nudged)

    async def settle(self) -> bool:
        """Send until nothing is left that can go now; say if there was anything."""
        worked = False
        async with self._sweeping:
            while rows := await self._off_loop(self._claim):
                worked = True
                await asyncio.gather(*(self._send(row) for row in rows))
        return worked

    def close(self) -> None:
        """Let the sender's thread go."""
        self._thread.shutdown(wait=True)

    async def _send(self, row: OutboxRow) -> None:
        now = self.clock.now()
        if row.useful_until is not None and row.useful_until <= now:
            await self._end(row, OutboxState.LAPSED, "no longer useful")
            return
        channel = self.channels.get(row.address.channel)
        if channel is None:
            await self._failed(row, f"{row.address.channel} is not switched on")
            return
        if row.edits_nothing:
            await self._end(row, OutboxState.LAPSED, "the message to edit never went out")
            return
        if row.edits is not None and row.edited is None:
            await self._later(row, EDIT_WAITS, "the message to edit is not out yet")
            return
        try:
            network_id = await self._deliver(channel, row)
        except AddressMoved as moved:
            await self._moved(row, moved.to)
        except AddressGone as gone:
            await self._failed(row, str(gone), address_gone=True)
        except Refused as refused:
            await self._failed(row, str(refused))
        except TryLater as later:
            await self._try_later(row, later)
        except SendError as error:
            await self._failed(row, str(error))
        except Exception as error:
            log.exception("a channel failed in its own way", channel=row.address.channel)
            await self._try_later(row, FateUnknown(f"not understood: {type(error).__name__}"))
        else:
            await self._sent(row, network_id)

    async def _deliver(self, channel: Channel, row: OutboxRow) -> str:
        if row.callback_id is not None:
            if isinstance(channel, Answers):
                await channel.answer(row.callback_id, row.text)
            return f"answer:{row.id}"
        text = Outbound(
            key=str(row.id),
            address=row.address,
            text=row.text,
            buttons=row.buttons,
            edits=row.edited,
            patience=row.patience,
            sent_after=row.first_tried_at,
        )
        if row.tries > 1 and row.fate_unknown and isinstance(channel, LooksUp):
            found = await channel.find_sent(text)
            if found is not None:
                return found
        return await channel.send(text)

    async def _try_later(self, row: OutboxRow, later: TryLater) -> None:
        now = self.clock.now()
        given_up = row.made_at is not None and now - row.made_at > GIVES_UP_AFTER
        if given_up:
            await self._failed(row, f"given up: {later}")
            return
        wait = later.after or _backoff(row.tries)
        # Unknown until it is found or goes: a network that could not be asked has not said no.
        fate_unknown = row.fate_unknown or isinstance(later, FateUnknown)
        await self._later(row, wait, str(later), fate_unknown=fate_unknown)

    async def _sent(self, row: OutboxRow, network_id: str) -> None:
        now = self.clock.now()

        def write(db: Connection) -> None:
            failed = mark_sent(db, row, network_id, now)
            if failed is not None:
                gone = failed.address_gone
                on_failed(db, self.desk, row, now, says=failed.says, address_gone=gone)

        await self._write(write)
        log.info("text sent", outbox=row.id, channel=row.address.channel, script=row.script)

    async def _later(
        self, row: OutboxRow, wait: timedelta, says: str, *, fate_unknown: bool = False
    ) -> None:
        now = self.clock.now()
        await self._write(
            lambda db: mark_waiting(db, row, now + wait, says, now, fate_unknown=fate_unknown)
        )
        log.info("text waits", outbox=row.id, channel=row.address.channel, because=says)

    async def _end(self, row: OutboxRow, state: OutboxState, says: str) -> None:
        now = self.clock.now()

        def write(db: Connection) -> None:
            mark_ended(db, row, state, says, now)

        await self._write(write)
        log.info("text ended", outbox=row.id, state=state, because=says)

    async def _failed(self, row: OutboxRow, says: str, *, address_gone: bool = False) -> None:
        now = self.clock.now()

        def write(db: Connection) -> None:
            if mark_ended(db, row, OutboxState.FAILED, says, now):
                on_failed(db, self.desk, row, now, says=says, address_gone=address_gone)

        await self._write(write)
        log.warning("text failed", outbox=row.id, channel=row.address.channel, because=says)

    async def _moved(self, row: OutboxRow, to: str) -> None:
        now = self.clock.now()

        def write(db: Connection) -> None:
            move(db, row.address.channel, row.address.value, to, now)
            readdress(db, row, to, now)

        await self._write(write)

    def _claim(self) -> tuple[OutboxRow, ...]:
        with self.desk.database.writing() as db:
            return claim_outbox(db, self.clock.now(), BATCH)

    def _next_look(self) -> datetime | None:
        with self.desk.database.reading() as db:
            return next_waiting(db, after=self.clock.now())

    async def _write(self, change: Callable[[Connection], None]) -> None:
        def write() -> None:
            with self.desk.database.writing() as db:
                change(db)

        await self._off_loop(write)

    async def _off_loop(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _backoff(tries: int) -> timedelta:
    """Return how long to wait before the next try: twice as long each time, and not in step."""
    longest = min(FIRST_BACKOFF * int(2 ** max(tries - 1, 0)), LONGEST_BACKOFF)
    return longest * random.uniform(0.75, 1.25)
