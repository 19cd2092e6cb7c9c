"""Lanes: many requests at once to one network, each on a connection of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from apbot.channels.lanes import Lanes, make_lanes

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """A server that answers when it is told to, and counts whom it was connected to."""

    def __init__(self) -> None:
        self.connections = 0
        self.asked = 0
        self.answers = asyncio.Event()
        self.answers.set()
        self.url = ""
        self._seen = asyncio.Condition()
        self._writers: list[asyncio.StreamWriter] = []

    async def is_asked(self, times: int) -> None:
        """Return once so many requests have come."""
        async with self._seen:
            await self._seen.wait_for(lambda: self.asked >= times)

    async def close(self) -> None:
        """Let go of everybody."""
        for writer in self._writers:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer each request on this connection."""
        self.connections += 1
        self._writers.append(writer)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                async with self._seen:
                    self.asked += 1
                    self._seen.notify_all()
                await self.answers.wait()
                writer.write(ANSWER)


@asynccontextmanager
async def a_server() -> AsyncIterator[Server]:
    """Yield a server that listens."""
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
    async with listening:
        try:
            yield server
        finally:
            await server.close()


async def test_requests_at_once_go_side_by_side_and_later_ones_on_the_same_lanes() -> None:
    """A lane that came free is used again, before another is opened."""
    async with a_server() as server, httpx.AsyncClient(transport=Lanes()) as client:
        server.answers.clear()
        asked = [asyncio.create_task(client.get(server.url)) for _ in range(20)]
        await server.is_asked(20)
        server.answers.set()
        answers = await asyncio.gather(*asked)
        for _ in range(40):
            answers.append(await client.get(server.url))

    assert {answer.text for answer in answers} == {"ok"}
    assert server.connections == 20


async def test_who_finds_every_lane_taken_waits_and_is_told_when_none_comes_free() -> None:
    """It never left: the sender may try it again at once."""
    async with a_server() as server, httpx.AsyncClient(transport=Lanes(most=1)) as client:
        server.answers.clear()
        first = asyncio.create_task(client.get(server.url))
        await server.is_asked(1)
        with pytest.raises(httpx.PoolTimeout):
            await client.get(server.url, timeout=httpx.Timeout(5, pool=0.01))
        server.answers.set()
        await first
        later = await client.get(server.url)

    assert later.text == "ok"
    assert server.connections == 1


async def test_a_request_that_was_given_up_leaves_its_lane_to_the_next() -> None:
    """However it ends, room is not lost."""
    async with a_server() as server, httpx.AsyncClient(transport=Lanes(most=1)) as client:
        server.answers.clear()
        with pytest.raises(httpx.ReadTimeout):
            await client.get(server.url, timeout=httpx.Timeout(5, read=0.01))
        server.answers.set()
        later = await client.get(server.url, timeout=httpx.Timeout(5, pool=0.01))

    assert later.text == "ok"


async def test_lanes_that_were_closed_can_be_used_again() -> None:
    """As a driver that is stopped and started."""
    lanes = Lanes()
    async with a_server() as server:
        for _ in range(2):
            async with httpx.AsyncClient(transport=lanes) as client:
                answer = await client.get(server.url)

    assert answer.text == "ok"


def test_where_requests_leave_by_a_proxy_httpx_finds_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An office's proxy is set in the environment."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")

    assert make_lanes() is None
