"""
Warming: what the first look at the board would wait for is made before anybody looks.

After a start that is the day's registers as rows, the templates and the routes; after midnight it
is the new day. All of it happens beside what is served, so that a process is ready no later.
"""

import asyncio
from contextlib import suppress

import httpx
import structlog
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from apbot.desk.desk import NothingLoaded
from apbot.web.lobby import Lobby
from apbot.web.pages import compile_templates

log = structlog.get_logger()

KEPT_WARM_EVERY = 60.0
"""In real seconds: a look at which nothing is new is a few small questions to the database."""


async def keep_warm(app: FastAPI) -> None:
    """Have the board at hand from now on, until cancelled."""
    await warm(app)
    while True:
        await asyncio.sleep(KEPT_WARM_EVERY)
        await asyncio.to_thread(_make, app.state.lobby)


async def warm(app: FastAPI) -> None:
    """Make all that a first look would wait for."""
    lobby: Lobby = app.state.lobby
    await asyncio.to_thread(_make, lobby)
    await asyncio.to_thread(compile_templates)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=lobby.address) as somebody:
        # The routes are made as the first call goes by them; nobody is signed in, so it shows none.
        with suppress(SQLAlchemyError):
            await somebody.get("/trail")


def _make(lobby: Lobby) -> None:
    try:
        lobby.live.today()
    except NothingLoaded:
        return
    except SQLAlchemyError:
        log.warning("the board could not look at the database")
