"""
Recovering: what a network received for us and could not bring.

Twilio tries a hook a few times and never again. While no web half was there to take it, or the
database was away, a reply would be lost without a word; so the network is asked, from when it was
asked last. What is kept already is not kept twice.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from apbot.channels.protocol import Channel, Recovers, SendError
from apbot.clock import Clock
from apbot.desk.desk import Desk
from apbot.domain.messages import Inbound
from apbot.store.inbox import keep, last_received, note_asked, was_asked_until

log = structlog.get_logger()

OVERLAP = timedelta(minutes=10)
"""How far back it is asked beyond what was asked before: a network's own list runs behind."""

LONGEST = timedelta(hours=24)
"""How far back it is asked at most, after we were away."""


class Recovering:
    """Asks every network that can be asked what it has received, and keeps what is new."""

    def __init__(self, desk: Desk, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self.desk = desk
        self.clock = clock
        self.channels = {name: one for name, one in channels.items() if isinstance(one, Recovers)}

    async def look(self) -> int:
        """Keep what was never brought, and say how much that was."""
        found = 0
        for name, channel in self.channels.items():
            try:
                found += await self._ask(name, channel)
            except SendError as error:
                log.info("a network could not be asked what it has received", because=str(error))
        if found:
            log.warning("messages that were never brought to us", count=found)
        return found

    async def _ask(self, name: str, channel: Recovers) -> int:
        now = self.clock.now()
        since = await asyncio.to_thread(self._since, name, now)
        # Where nothing ever came in, what lies in the account is of before our time.
        came = await channel.received(since - OVERLAP) if since is not None else ()
        return await asyncio.to_thread(self._keep, name, came, now)

    def _since(self, channel: str, now: datetime) -> datetime | None:
        """From when to ask: where it was asked last, by whichever process that was."""
        with self.desk.database.reading() as db:
            known = was_asked_until(db, channel) or last_received(db)
        return None if known is None else max(known, now - LONGEST)

    def _keep(self, channel: str, came: Sequence[tuple[Inbound, datetime]], now: datetime) -> int:
        with self.desk.database.writing() as db:
            note_asked(db, channel, now)
            return sum(keep(db, inbound, at) for inbound, at in came)
