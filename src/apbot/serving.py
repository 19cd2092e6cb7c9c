"""
Serving: what apbot serve, web and engine run, on the networks or on the invented town's phones.
"""

import asyncio
from contextlib import suppress
from pathlib import Path

from apbot.app import (
    CannotStart,
    House,
    database_trouble,
    make_clock,
    make_house,
    open_checked,
    secret_key,
    start_clock,
    web_app,
)
from apbot.clock import MovedClock, SystemClock
from apbot.desk.desk import NothingLoaded
from apbot.desk.enrolment import preview_lists, take_lists
from apbot.loading.config import Config, load_config
from apbot.running import bell_running, engine_running, until_told_to_stop, web_running
from apbot.sandboxed import (
    contacts_on_the_page,
    latest_moment,
    make_sandbox,
    sandbox_running,
    sandbox_settings,
)
from apbot.settings import Settings
from apbot.store.database import Database, database_url, open_database
from apbot.store.lists import Lists, find_undone, find_version
from apbot.store.migrating import current
from apbot.store.migrating import migrate as migrate_database
from apbot.web.lobby import setup_code

WAITS = 5
"""How many real seconds an engine waits before it looks again whether there are lists."""


async def serve_live(settings: Settings, *, web: bool, engine: bool) -> None:
    database = open_checked(settings)
    house = make_house(settings, database, make_clock(settings))
    app = web_app(house) if web else None
    if app is None:
        await _until_loaded(house)
    if app is not None and engine:
        async with web_running(app, settings), engine_running(house):
            start_clock(settings, house.clock)
            _announce(settings, "live")
            _announce_set_up(settings, house)
            await until_told_to_stop()
    elif app is not None:
        async with web_running(app, settings), bell_running(house):
            start_clock(settings, house.clock)
            _announce(settings, "web half")
            _announce_set_up(settings, house)
            await until_told_to_stop()
    else:
        async with engine_running(house):
            start_clock(settings, house.clock)
            print("apbot engine is running.", flush=True)
            await until_told_to_stop()


async def serve_sandbox(settings: Settings, *, fresh: bool) -> None:
    config = load_config(settings.config_dir)
    if fresh and settings.database_url:
        raise CannotStart(
            "--fresh would empty the database that DATABASE_URL names: unset it, or go without"
        )
    key = secret_key(settings)
    settings = sandbox_settings(settings).model_copy(update={"secret_key": key})
    database = _sandbox_database(settings, fresh=fresh)
    start = max(filter(None, [config.sandbox.starts, latest_moment(database)]), default=None)
    clock = make_clock(settings, start or SystemClock().now())
    assert isinstance(clock, MovedClock)
    house = make_house(settings, database, clock, is_sandbox=True)
    with database.writing() as db:
        lists = lists_of(config)
        # What somebody changed on the board stays as they left it.
        if not find_undone(db, preview_lists(db, lists)):
            take_lists(db, lists, clock.now())
    sandbox = make_sandbox(house, config, clock)
    app = web_app(house, sandbox.routers(), try_as=contacts_on_the_page(config))
    async with (
        web_running(app, settings),
        sandbox_running(sandbox, welcomes=True),
        engine_running(house),
    ):
        start_clock(settings, clock)
        _announce(settings, "the invented town's phones", "/phones")
        print(f"The CSS office's board: {settings.address}/", flush=True)
        await until_told_to_stop()


async def _until_loaded(house: House) -> None:
    """Wait for the first lists: the board sets an empty house up while this engine runs."""
    is_said = False
    while True:
        with house.database.reading() as db, suppress(NothingLoaded):
            house.desk.lists(db)
            return
        if not is_said:
            is_said = True
            print("Nothing is loaded yet: waiting for apbot load, or the board.", flush=True)
        await asyncio.sleep(WAITS)


def _sandbox_database(settings: Settings, *, fresh: bool) -> Database:
    """Open the sandbox's database: an empty one is made ready, and `fresh` empties its own."""
    with database_trouble():
        url = database_url(settings.database)
    if fresh and url.database is not None:
        for ending in ("", "-wal", "-shm"):
            Path(url.database + ending).unlink(missing_ok=True)
    with database_trouble():
        database = open_database(url)
        if current(database) is None:
            migrate_database(database)
        database.close()
    return open_checked(settings)


def _announce(settings: Settings, what: str, path: str = "/") -> None:
    print(f"apbot is running ({what}): {settings.address}{path}", flush=True)


def _announce_set_up(settings: Settings, house: House) -> None:
    """Say with which code an empty house is set up, to whoever reads this."""
    with house.database.reading() as db:
        if find_version(db) > 0:
            return
    where, code = f"{settings.address}/set-up", setup_code(secret_key(settings))
    print(f"Nothing is loaded yet. Set it up at {where} with the code {code}", flush=True)


def lists_of(config: Config) -> Lists:
    return Lists(config.people, config.calendar, config.policies, config.service)
