"""What the page of phones offers can be played there: the sandbox runs whole, and plays it."""

import json
import os
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.stories.day import REPO, spoken

from apbot.app import make_house, web_app
from apbot.clock import MovedClock
from apbot.desk.enrolment import take_lists
from apbot.loading.config import Config, load_config
from apbot.running import engine_running, web_running
from apbot.sandboxed import (
    can_be_played,
    make_sandbox,
    read_dialogues,
    sandbox_running,
    sandbox_settings,
)
from apbot.settings import Settings
from apbot.store.database import database_url, open_database
from apbot.store.lists import Lists
from apbot.store.migrating import migrate

WRITTEN = {str(one["name"]): one for one in read_dialogues(REPO / "conversations" / "dialogues")}
OFFERED = [name for name, written in WRITTEN.items() if can_be_played(written)]

EVERY = "APBOT_EVERY_DIALOGUE"
"""Set it to play all of them: some minutes."""

ALWAYS = {
    "welcome",  # what a newcomer is shown
    "a-phone-that-is-off",  # switches, and people who are not on the page
    "telegram-is-down",  # a network that is switched
    "group-of-three-tutors",  # a group, and a day of its own
    "tell-mum-in-polish",  # a parent
    "not-back-from-lunch",  # an afternoon
}

PATIENCE = 180


@cache
def config() -> Config:
    return load_config(REPO / "config")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the town's lists in it, to be copied."""
    path = tmp_path_factory.mktemp("town") / "town.db"
    database = open_database(database_url(f"sqlite:///{path}"))
    migrate(database)
    read = config()
    lists = Lists(read.people, read.calendar, read.policies, read.service)
    assert read.sandbox.starts is not None
    with database.writing() as db:
        take_lists(db, lists, read.sandbox.starts)
    database.close()
    return path


@asynccontextmanager
async def a_sandbox(town: Path, directory: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The sandbox as `apbot serve` runs it, on its first morning; what it plays it plays fast."""
    shutil.copy(town, directory / "apbot.db")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = sandbox_settings(
        Settings(
            APBOT_CONFIG_DIR=REPO / "config",
            APBOT_CONVERSATIONS_DIR=REPO / "conversations",
            APBOT_PUBLIC_URL="",
            APBOT_SECRET_KEY="a-long-random-word",
            DATABASE_URL=f"sqlite:///{directory}/apbot.db",
            PORT=port,
        )
    )
    database = open_database(database_url(settings.database))
    starts = config().sandbox.starts
    assert starts is not None
    clock = MovedClock(starts, 0)
    house = make_house(settings, database, clock, spoken=spoken())
    sandbox = make_sandbox(house, config(), clock, pace=0.2)
    app = web_app(house, sandbox.routers())
    async with (
        web_running(app, settings),
        sandbox_running(sandbox, welcomes=False),
        engine_running(house),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as web,
    ):
        clock.run(1)
        yield web
        sandbox.phones.close_pages()
    house.engine.close()
    house.sender.close()
    database.close()


async def played(web: httpx.AsyncClient, name: str) -> list[dict[str, Any]]:
    """Press Play as a page does, and return all that the page is told of the play."""
    told: list[dict[str, Any]] = []
    async with web.stream("GET", "/phones/events") as page:
        kind = ""
        async for line in page.aiter_lines():
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
                continue
            if not line.startswith("data: "):
                continue
            shape = json.loads(line.removeprefix("data: "))
            if kind == "state" and not told:
                answer = await web.post("/phones/play", json={"dialogue": name})
                assert answer.json() == {"ok": True}
            elif kind == "playing" and shape is None:
                return told
            elif kind == "playing":
                told.append(shape)
    raise AssertionError(f"the page was cut off: {told[-1:]}")


@pytest.mark.parametrize("name", OFFERED)
async def test_what_is_offered_can_be_played(name: str, town: Path, tmp_path: Path) -> None:
    """Each text that it waits for comes, and each button that it taps is there, to the end."""
    if name not in ALWAYS and not os.environ.get(EVERY):
        pytest.skip(f"{EVERY} is not set")
    async with a_sandbox(town, tmp_path) as web:
        offered = {one["name"] for one in (await web.get("/phones/state")).json()["dialogues"]}
        told = await played(web, name)

    assert name in offered
    assert [one["caption"] for one in told if one["amiss"]] == []
    assert told[-1]["step"] == told[-1]["of"]


def test_only_what_changes_the_town_or_takes_the_bot_away_is_not_offered() -> None:
    """The office's lists, and an outage of the bot itself, are told and tested elsewhere."""
    assert set(WRITTEN) - set(OFFERED) == {"bryn-leaves", "the-bot-was-away"}
    assert set(OFFERED) >= ALWAYS
