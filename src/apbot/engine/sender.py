"""
The sender: the only one who talks to networks.

It claims texts from the outbox, most urgent first and in order to each address, at the pace that
each network takes them, and sends them side by side with no transaction open. A text that is slow
holds up no other. Sending is at least once: after a crash in the middle, a second text beats a lost
one, and where the network can be asked whether it had the first, it is asked. Where it cannot,
there is no third: after two tries of unknown fate the text goes another way.
"""

import asyncio
import math
import random
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import Connection

from apbot.channels.protocol import (
    AddressGone,
    AddressMoved,
    Answers,
    Channel,
    Confirms,
    FateUnknown,
    Hails,
    LooksUp,
    Paced,
    Refused,
    SendError,
    TryLater,
)
from apbot.clock import Clock
from apbot.desk.answered import ANSWERED, answered
from apbot.desk.desk import Desk
from apbot.domain.messages import Outbound
from apbot.engine.outcomes import Late, Moved, Outcome, Outcomes, Over, SlowDown
from apbot.engine.patience import lost_receipt
from apbot.store.database import is_away
from apbot.store.expecting import claim_late, next_expected
from apbot.store.outbox import OutboxRow, OutboxState
from apbot.store.paces import hold_account, next_free, take_moments
from apbot.store.sending import LEASE, PutOff, Taken, claim_outbox, list_due_channels, next_waiting

log = structlog.get_logger()

T = TypeVar("T")

AT_ONCE = 128
"""How many texts may be on their way to one network: none is held up by another that is down."""

AHEAD = timedelta(milliseconds=500)
"""
How far ahead moments are taken where a network has a pace.

None of them is missed by a machine that is busy for so long; an alarm waits for no more than those.
"""

GATHERED = timedelta(milliseconds=25)
"""What ends within so long is written down together."""

FIRST_BACKOFF = timedelta(seconds=2)
LONGEST_BACKOFF = timedelta(minutes=5)
GIVES_UP_AFTER = timedelta(hours=12)
TROUBLE = timedelta(seconds=2)
EDIT_WAITS = timedelta(seconds=2)
LANDS_WITHIN = timedelta(seconds=8)
"""How long a sender that is to stop waits for what is on its way."""

MOST_COPIES = 2
"""How often a text may have gone whose network cannot be asked; then it goes another way."""

NO_THIRD = "it is not sent a third time"
TOO_LATE = "not sent within its lease: another may have it in hand by now"


@dataclass(frozen=True, slots=True)
class Claimed:
    """
    A text in our hands: it goes at `moment`, and is nobody else's `until` the lease ends.

    It does not go where it `is_answered`: it has waited, and what it asks for has come meanwhile.
    """

    row: OutboxRow
    moment: datetime
    until: datetime
    is_answered: bool = False


class Sender:
    """
    Sends what waits in the outbox, by the channels that are on.

    `rounds` counts how often it has looked for texts.
    """

    def __init__(self, desk: Desk, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self.desk = desk
        self.clock = clock
        self.channels = channels
        self.rounds = 0
        self._outcomes = Outcomes(desk)
        self._claimed: deque[Claimed] = deque()
        self._late: deque[OutboxRow] = deque()
        self._under_way: dict[asyncio.Task[None], str] = {}
        # By channel; the sender's own thread reads it, so it is not counted out of the dictionary.
        self._counted: Counter[str] = Counter()
        self._is_gathering = False
        self._nudged = asyncio.Event()
        self._sweeping = asyncio.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sender")

    def nudge(self) -> None:
        """There may be a text to send: look now."""
        self._nudged.set()

    async def run(self) -> None:
        """Send for ever; when told to stop, see out what is on its way."""
        try:
            await self._for_ever()
        finally:
            await self._land()

    async def _for_ever(self) -> None:
        while True:
            try:
                with self.clock.held():
                    async with self._sweeping:
                        if self.clock.waits_for_work:
                            moment = (await self._settle())[1]
                        else:
                            moment = await self._round()
                    self.clock.expect(moment, self._nudged)
            except Exception as error:
                if is_away(error):
                    log.warning("the database is away", because=type(error).__name__)
                else:
                    log.exception("the sender could not work")
                await asyncio.sleep(TROUBLE.total_seconds())
                continue
            await self.clock.wait_until(moment, self._nudged)

    async def settle(self) -> bool:
        """Send until nothing is left that can go now; say if there was anything."""
        async with self._sweeping:
            return (await self._settle())[0]

    async def _settle(self) -> tuple[bool, datetime | None]:
        """Send all that can go now; say if there was anything, and when to look again."""
        worked = False
        while True:
            moment = await self._round()
            if not self._under_way and not self._outcomes:
                return worked, moment
            worked = True
            if self._under_way and not self._outcomes:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    def next_look(self) -> datetime | None:
        """Return when the next text may go of those that cannot go now, or None."""
        with self.desk.database.reading() as db:
            return self._next_look(db, self.clock.now(), next_expected(db))

    def _next_look(
        self, db: Connection, now: datetime, expected: datetime | None
    ) -> datetime | None:
        looks = [next_waiting(db, after=now), *next_free(db, now), expected]
        if looks[1] is not None and not self.clock.waits_for_work:
            # Of an account, moments are taken a little ahead, so that none is missed.
            looks[1] = max(looks[1] - 0.7 * AHEAD, now + AHEAD / 20)
        return min((moment for moment in looks if moment is not None), default=None)

    def close(self) -> None:
        """Let the sender's thread go."""
        self._thread.shutdown(wait=True)

    async def _round(self) -> datetime | None:
        """Write down what came of texts, begin what can go; return when to look again."""
        try:
            return await self._off_loop(self._work)
        finally:
            # What was claimed before the database went away is ours for as long as the lease runs.
            self._begin()

    def _work(self) -> datetime | None:
        self._outcomes.write_down()
        self.rounds += 1
        now = self.clock.now()
        with self.desk.database.reading() as db:
            due = list_due_channels(db, now)
            expected = next_expected(db)
            is_late = expected is not None and expected <= now
            if not due and not is_late:
                return self._next_look(db, now, expected)
        for name in due:
            self._claim(name, now)
        if is_late:
            with self.desk.database.writing() as db:
                self._late.extend(claim_late(db, now))
        return self.next_look()

    def _claim(self, name: str, now: datetime) -> None:
        """Claim what may go by one channel, at its pace."""
        channel = self.channels.get(name)
        pace = channel.pace if isinstance(channel, Paced) else None
        room = AT_ONCE - self._counted[name]
        if room <= 0:
            return  # the end of one of them is a nudge
        with self.desk.database.writing() as db:
            if pace is None:
                rows = claim_outbox(db, now, room, name)
                moments: tuple[datetime, ...] = (now,) * len(rows)
            else:
                first = hold_account(db, name, now)
                until = now + (timedelta() if self.clock.waits_for_work else AHEAD)
                free = math.floor((until - first) / pace.takes(1)) + 1
                rows = claim_outbox(db, now, min(room, free), name) if free > 0 else ()
                moments = take_moments(db, rows, pace, first)
            over = answered(db, rows, now)
        self._claimed.extend(
            Claimed(row, moment, now + LEASE, row.id in over)
            for row, moment in zip(rows, moments, strict=True)
        )

    def _begin(self) -> None:
        while self._claimed:
            claimed = self._claimed.popleft()
            self._start(self._send(claimed), claimed.row.address.channel)
        while self._late:
            self._start(self._look_after(self._late.popleft()), "")

    def _start(self, work: Coroutine[None, None, None], channel: str) -> None:
        task = asyncio.create_task(work)
        self._under_way[task] = channel
        self._counted[channel] += 1
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        was_full = len(self._under_way) >= AT_ONCE
        self._counted[self._under_way.pop(task)] -= 1
        if was_full:
            self._nudged.set()
        elif not self._is_gathering:
            self._is_gathering = True
            task.get_loop().call_later(GATHERED.total_seconds(), self._gathered)

    def _gathered(self) -> None:
        self._is_gathering = False
        self._nudged.set()

    async def _send(self, claimed: Claimed) -> None:
        early = (claimed.moment - self.clock.now()).total_seconds()
        if early > 0:
            await asyncio.sleep(early)
        self._outcomes.add(await self._came_of(claimed))

    async def _look_after(self, row: OutboxRow) -> None:
        receipt = await lost_receipt(self.channels.get(row.address.channel), row)
        self._outcomes.add(Late(row, receipt, self.clock.now()))

    async def _came_of(self, claimed: Claimed) -> Outcome:
        row, now = claimed.row, self.clock.now()
        if now >= claimed.until:
            return self._later(row, TryLater(TOO_LATE))
        if row.useful_until is not None and row.useful_until <= now:
            return Over(row, OutboxState.LAPSED, "no longer useful", now)
        if claimed.is_answered and not row.fate_unknown:
            return Over(row, OutboxState.LAPSED, ANSWERED, now)
        channel = self.channels.get(row.address.channel)
        if channel is None:
            says = f"{row.address.channel} is not switched on"
            return Over(row, OutboxState.FAILED, says, now)
        if row.edits_nothing:
            return Over(row, OutboxState.LAPSED, "the message to edit never went out", now)
        if self._is_spent(row, row.may_have_gone):
            return self._failed(row, f"nobody knows whether it went; {NO_THIRD}")
        if row.edits is not None and row.edited is None:
            return PutOff(row, now + EDIT_WAITS, "the message to edit is not out yet", now)
        try:
            network_id = await self._deliver(channel, claimed)
        except AddressMoved as moved:
            return Moved(row, moved.to, self.clock.now())
        except AddressGone as gone:
            return self._failed(row, str(gone), address_gone=True)
        except Refused as refused:
            return self._failed(row, str(refused))
        except TryLater as later:
            return self._later(row, later)
        except SendError as error:
            return self._failed(row, str(error))
        except Exception as error:
            log.exception("a channel failed in its own way", channel=row.address.channel)
            return self._later(row, FateUnknown(f"not understood: {type(error).__name__}"))
        return Taken(row, network_id, self.clock.now(), isinstance(channel, Confirms))

    async def _deliver(self, channel: Channel, claimed: Claimed) -> str:
        row = claimed.row
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
            content=row.content,
        )
        if row.tries > 1 and row.fate_unknown:
            if isinstance(channel, LooksUp):
                found = await channel.find_sent(text)
                if found is not None:
                    return found
            elif isinstance(channel, Hails):
                # There are two tries of unknown fate: none is spent on a network that is away.
                await channel.hail()
            if self.clock.now() >= claimed.until:
                raise TryLater(TOO_LATE)
        return await channel.send(text)

    def _is_spent(self, row: OutboxRow, may_have_gone: int) -> bool:
        """
        Whether it may have gone twice, and the network cannot be asked: it goes no third time.

        To change a message twice, or to answer a tap twice, is to do it once.
        """
        if row.edits is not None or row.callback_id is not None:
            return False
        is_asked = isinstance(self.channels.get(row.address.channel), LooksUp)
        return may_have_gone >= MOST_COPIES and not is_asked

    def _failed(self, row: OutboxRow, says: str, *, address_gone: bool = False) -> Outcome:
        return Over(row, OutboxState.FAILED, says, self.clock.now(), address_gone)

    def _later(self, row: OutboxRow, later: TryLater) -> Outcome:
        now = self.clock.now()
        if row.made_at is not None and now - row.made_at > GIVES_UP_AFTER:
            return self._failed(row, f"given up: {later}")
        wait = later.after or _backoff(row.tries)
        fate_unknown = isinstance(later, FateUnknown)
        if self._is_spent(row, row.may_have_gone + fate_unknown):
            return self._failed(row, f"{later}; {NO_THIRD}")
        off = PutOff(row, now + wait, str(later), now, fate_unknown)
        return SlowDown(off) if later.after is not None else off

    async def _land(self) -> None:
        """See out what is on its way, so that no text's fate is unknown because we were stopped."""
        async with self._sweeping:
            self._begin()
            if self._under_way:
                await asyncio.wait(self._under_way, timeout=LANDS_WITHIN.total_seconds())
            for task in list(self._under_way):
                task.cancel()
            try:
                await self._off_loop(self._outcomes.write_down)
            except Exception:
                log.exception("what came of the last texts could not be written down")

    async def _off_loop(self, work: Callable[[], T]) -> T:
        """Do this on the sender's own thread, to its end even where we are told to stop."""
        future = asyncio.get_running_loop().run_in_executor(self._thread, partial(work))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await asyncio.wait([future])
            raise


def _backoff(tries: int) -> timedelta:
    """Return how long to wait before the next try: twice as long each time, and not in step."""
    longest = min(FIRST_BACKOFF * int(2 ** max(tries - 1, 0)), LONGEST_BACKOFF)
    return longest * random.uniform(0.75, 1.25)
