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
from apbot.store.inbox import keep, last_received

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
        self.channels = [one for one in channels.values() if isinstance(one, Recovers)]
        self._since: datetime | None = None

    async def look(self) -> int:
        """Keep what was never brought, and say how much that was."""
        if not self.channels:
            return 0
        now = self.clock.now()
        since = self._since or await asyncio.to_thread(self._first, now)
        if since is None:
            # Nothing ever came in here: what lies in the account is of before our time.
            self._since = now
            return 0
        found = 0
        try:
            for channel in self.channels:
                came = await channel.received(since - OVERLAP)
                found += await asyncio.to_thread(self._keep, came)
        except SendError as error:
            log.info("a network could not be asked what it has received", because=str(error))
            return found
        self._since = now
        if found:
            log.warning("messages that were never brought to us", count=found)
        return found

    def _first(self, now: datetime) -> datetime | None:
        """From when to ask first: since we last took something in."""
        with self.desk.database.reading() as db:
            known = last_received(db)
        return None if known is None else max(known, now - LONGEST)

    def _keep(self, came: Sequence[tuple[Inbound, datetime]]) -> int:
        with self.desk.database.writing() as db:
            return sum(keep(db, inbound, at) for inbound, at in came)
