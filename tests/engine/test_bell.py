"""The bell: whoever sleeps beside the same PostgreSQL is woken by what another has kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from apbot.engine.bell import Bell
from apbot.store.database import Database


@asynccontextmanager
async def rung(database: Database) -> AsyncIterator[tuple[Bell, asyncio.Event]]:
    """A bell that is heard, and what it wakes."""
    woken = asyncio.Event()
    bell = Bell(database, woken.set)
    task = asyncio.create_task(bell.run())
    async with asyncio.timeout(20):
        await bell.is_heard.wait()
    woken.clear()
    try:
        yield bell, woken
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_one_rings_and_the_other_wakes(postgres: Database) -> None:
    """A hook was kept by a web process: the engine need not look each second."""
    async with rung(postgres) as (web, _), rung(postgres) as (_, woken):
        web.ring()
        async with asyncio.timeout(10):
            await woken.wait()

    assert woken.is_set()


async def test_a_bell_whose_connection_is_lost_is_heard_again(postgres: Database) -> None:
    """The database was restarted: whatever was rung for meanwhile is looked for at once."""
    async with rung(postgres) as (_, woken), rung(postgres) as (web, _):
        with postgres.engine.connect() as db:
            db.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE query LIKE 'LISTEN%'"
                )
            )
        async with asyncio.timeout(20):
            await woken.wait()
            woken.clear()
            while not woken.is_set():
                web.ring()
                await asyncio.sleep(0.1)

    assert woken.is_set()


async def test_on_sqlite_there_is_nobody_to_wake(sqlite: Database) -> None:
    """One process nudges itself: the bell has nothing to do."""
    bell = Bell(sqlite, lambda: None)
    bell.ring()

    await asyncio.wait_for(bell.run(), 5)
