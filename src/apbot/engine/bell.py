"""
The bell: rings in every process on one PostgreSQL as soon as something lies in a tray.

What is to be done is in the rows alone. The bell only wakes whoever would do it, so that nobody
has to look every second: it is rung after the transaction, once for all that came in a moment, and
costs no reply a statement. Should it fail, or a process die between its commit and the bell, the
next beat of the metronome finds the row. On SQLite a process nudges itself.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from apbot.store.database import Database

if TYPE_CHECKING:
    # Where there is no PostgreSQL, its driver is not brought in: it takes ten megabytes.
    import psycopg

log = structlog.get_logger()

CHANNEL = "apbot"

TOGETHER = timedelta(milliseconds=10)
"""What comes within so long is rung for once."""

TROUBLE = timedelta(seconds=2)
"""How long it rests, in real time, after the database was lost."""


Work = Callable[["psycopg.AsyncConnection"], Awaitable[None]]


class Bell:
    """`on_ring` is called whenever another process has rung."""

    def __init__(self, database: Database, on_ring: Callable[[], None]) -> None:
        self.on_ring = on_ring
        self.is_heard = asyncio.Event()
        self._database = database
        self._to_ring = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def ring(self) -> None:
        """Wake the others; from any thread."""
        if self._loop is not None:
            with suppress(RuntimeError):  # our own process is ending
                self._loop.call_soon_threadsafe(self._to_ring.set)

    async def run(self) -> None:
        """Ring and listen for ever; where there is nobody else to wake, do nothing."""
        if self._database.is_sqlite:
            return
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._always(self._listen))
            tasks.create_task(self._always(self._ring))

    async def _always(self, work: Work) -> None:
        import psycopg

        while True:
            try:
                async with await self._connect() as connection:
                    await work(connection)
            except psycopg.Error as error:
                self.is_heard.clear()
                log.warning("the bell is out of order", because=type(error).__name__)
            # Whatever was rung for meanwhile was not heard.
            self.on_ring()
            await asyncio.sleep(TROUBLE.total_seconds())

    async def _listen(self, connection: "psycopg.AsyncConnection") -> None:
        await connection.execute(f"LISTEN {CHANNEL}")
        self.is_heard.set()
        self.on_ring()
        async for _ in connection.notifies():
            self.on_ring()

    async def _ring(self, connection: "psycopg.AsyncConnection") -> None:
        import psycopg

        while True:
            await self._to_ring.wait()
            await asyncio.sleep(TOGETHER.total_seconds())
            self._to_ring.clear()
            try:
                await connection.execute(f"NOTIFY {CHANNEL}")
            except psycopg.Error:
                self._to_ring.set()
                raise

    async def _connect(self) -> "psycopg.AsyncConnection":
        import psycopg

        url = self._database.engine.url.set(drivername="postgresql")
        words = url.render_as_string(hide_password=False)
        return await psycopg.AsyncConnection.connect(words, autocommit=True, connect_timeout=5)
