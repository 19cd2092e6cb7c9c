"""The first look at the board after a start waits for nothing that could have been made before."""

import asyncio

from sqlalchemy import event
from tests.web.conftest import Web

from apbot.running import web_running
from apbot.settings import Settings
from apbot.web.warming import warm

GILL = "07700 900201"


async def statements(web: Web) -> int:
    """How often the database is asked for one look at the board."""
    asked: list[str] = []

    def ask(connection: object, cursor: object, words: str, *rest: object) -> None:
        asked.append(words)

    event.listen(web.database.engine, "before_cursor_execute", ask)
    assert (await web.get("/")).status_code == 200
    event.remove(web.database.engine, "before_cursor_execute", ask)
    return len(asked)


async def test_the_first_look_asks_no_more_than_any_other(web: Web) -> None:
    """The day's registers, cases and lists are at hand."""
    await web.signs_in(GILL)
    await warm(web.app)
    first = await statements(web)

    assert first == await statements(web)


async def test_a_process_that_serves_makes_the_board_by_itself(web: Web) -> None:
    """Nobody has asked for it."""
    live = web.app.state.lobby.live
    assert not live.is_made

    async with web_running(web.app, Settings(_env_file=None, port=0)), asyncio.timeout(30):
        while not live.is_made:  # noqa: ASYNC110  # a thread makes it, which has no event for it
            await asyncio.sleep(0.01)
