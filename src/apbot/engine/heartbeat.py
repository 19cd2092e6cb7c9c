"""
The heartbeat: an address of somebody else's that is fetched while the engine is well.

It watches the watcher: where the engine stands still, or the database is out of reach, the address
is fetched no more, and whoever keeps it raises the alarm that we cannot.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx
import structlog

from apbot.clock import Clock
from apbot.store.database import Database
from apbot.store.journal import beat

log = structlog.get_logger()

PATIENCE_S = 10


@dataclass(slots=True)
class Pulse:
    """
    An engine's sign of life in the database, kept only while it comes round.

    `rounds` counts how often the engine, and how often its sender, looked for work. A process of
    which either has stopped, while all else of it goes on, must not look alive.
    """

    database: Database
    engine: str
    machine: Clock
    rounds: Callable[[], Sequence[int]]
    _seen: Sequence[int] = ()

    async def keep(self) -> None:
        """Write the sign of life, if the engine has come round since the last."""
        rounds = self.rounds()
        if any(now == before for now, before in zip(rounds, self._seen, strict=False)):
            log.warning("the engine has not come round")
            return
        self._seen = rounds
        try:
            await asyncio.to_thread(self._write)
        except Exception:
            log.exception("the beat could not be kept")

    def _write(self) -> None:
        with self.database.writing() as db:
            beat(db, self.engine, self.machine.now())


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One address, and what is wrong with us just now; `transport` is httpx's own where None."""

    url: str
    problems: Callable[[], Sequence[str]]
    transport: httpx.AsyncBaseTransport | None = None

    async def beat(self) -> None:
        """Tell whoever watches that the engine is well; say nothing when it is not."""
        problems = await asyncio.to_thread(self.problems)
        if problems:
            log.warning("no heartbeat sent", problems=list(problems))
            return
        try:
            async with httpx.AsyncClient(timeout=PATIENCE_S, transport=self.transport) as client:
                await client.get(self.url)
        except httpx.HTTPError as error:
            log.warning("the heartbeat address did not answer", because=type(error).__name__)
