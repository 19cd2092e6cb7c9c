"""The heartbeat: an address that goes quiet when the engine does."""

from datetime import timedelta

import httpx
import pytest

from apbot.clock import MovedClock, SystemClock
from apbot.engine.heartbeat import Heartbeat, Pulse
from apbot.store.database import Database
from apbot.web.health import Health

URL = "https://watch.example.org/ping/abc"


class Watcher(httpx.AsyncBaseTransport):
    """Whoever keeps the address; it may be out of reach."""

    def __init__(self, *, is_away: bool = False) -> None:
        self.heard: list[str] = []
        self.is_away = is_away

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("nobody there")
        self.heard.append(str(request.url))
        return httpx.Response(200)


def house(sqlite: Database) -> Health:
    """Whatever the heartbeat asks whether all is well."""
    return Health(sqlite, MovedClock(SystemClock().now(), 0))


async def test_it_is_fetched_while_the_engine_comes_round(sqlite: Database) -> None:
    """Each beat is one fetch of that very address."""
    watcher, rounds = Watcher(), iter(range(99))
    pulse = Pulse(sqlite, "one", SystemClock(), lambda: (next(rounds), next(rounds)))
    heartbeat = Heartbeat(URL, house(sqlite).problems, watcher)
    for _ in range(3):
        await pulse.keep()
        await heartbeat.beat()

    assert watcher.heard == [URL] * 3


@pytest.mark.parametrize("stuck", ["engine", "sender"])
async def test_it_goes_quiet_when_the_engine_stands_still(sqlite: Database, stuck: str) -> None:
    """The process lives and its clock ticks, but one half looks at nothing any more."""
    watcher, rounds = Watcher(), [7, 7]
    an_hour_ago = MovedClock(SystemClock().now() - timedelta(hours=1), 0)
    stopped = Pulse(sqlite, "one", an_hour_ago, lambda: tuple(rounds))
    await stopped.keep()
    stopped.machine = SystemClock()
    rounds[stuck == "engine"] += 1
    await stopped.keep()

    await Heartbeat(URL, house(sqlite).problems, watcher).beat()

    assert watcher.heard == []


async def test_no_engine_at_all_is_quiet_too(sqlite: Database) -> None:
    """A web half alone is not well."""
    watcher = Watcher()
    await Heartbeat(URL, house(sqlite).problems, watcher).beat()

    assert watcher.heard == []


async def test_an_address_out_of_reach_stops_nothing(sqlite: Database) -> None:
    """Whoever watches may be away as well: the next minute is another beat."""
    pulse = Pulse(sqlite, "one", SystemClock(), lambda: (1, 1))
    await pulse.keep()

    await Heartbeat(URL, house(sqlite).problems, Watcher(is_away=True)).beat()
