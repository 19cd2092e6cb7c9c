"""
Lanes: many requests at once to one network, each on a connection of its own.

The pool that httpx brings looks through all of its connections for every request, which at a
hundred of them costs more than the request. Here each lane is a pool of one: a request takes one
that is free, and opens another where none is.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import partial
from urllib.request import getproxies

import httpx

from apbot.channels.connection import trusted

MOST = 160
"""So many lanes to one network: all texts that may be on their way at once, and some to spare."""

IDLE = timedelta(seconds=60)
"""For how long a lane that nobody needs is kept open."""

_ONE = httpx.Limits(max_connections=1, max_keepalive_connections=1)


def make_lanes() -> httpx.AsyncBaseTransport | None:
    """Return lanes; None, httpx's own, where requests leave by a proxy, which only that knows."""
    return None if getproxies() else Lanes()


class Lanes(httpx.AsyncBaseTransport):
    """A transport of at most `most` connections. Once closed, it may be used again."""

    def __init__(self, most: int = MOST) -> None:
        self._room = asyncio.Semaphore(most)
        self._free: deque[tuple[httpx.AsyncHTTPTransport, float]] = deque()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Make one request. Raises httpx.PoolTimeout where no lane came free in time."""
        try:
            async with asyncio.timeout(request.extensions.get("timeout", {}).get("pool")):
                await self._room.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout("no connection came free", request=request) from None
        lane = self._take()
        try:
            response = await lane.handle_async_request(request)
        except BaseException:
            self._leave(lane)
            raise
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Answer(response.stream, partial(self._leave, lane))
        await self._close_idle()
        return response

    async def aclose(self) -> None:
        """Close every lane that nobody is on."""
        while self._free:
            await self._free.pop()[0].aclose()

    def _take(self) -> httpx.AsyncHTTPTransport:
        if self._free:
            # The one that was used last: the others come to rest, and are closed.
            return self._free.pop()[0]
        return httpx.AsyncHTTPTransport(verify=trusted(), limits=_ONE)

    def _leave(self, lane: httpx.AsyncHTTPTransport) -> None:
        self._free.append((lane, asyncio.get_running_loop().time()))
        self._room.release()

    async def _close_idle(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._free and now - self._free[0][1] > IDLE.total_seconds():
            await self._free.popleft()[0].aclose()


class _Answer(httpx.AsyncByteStream):
    """What is answered on a lane; read to its end or closed, it leaves the lane to the next."""

    def __init__(self, stream: httpx.AsyncByteStream, leave: Callable[[], None]) -> None:
        self._stream = stream
        self._leave: Callable[[], None] | None = leave

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        """Let the lane go."""
        leave, self._leave = self._leave, None
        try:
            await self._stream.aclose()
        finally:
            if leave is not None:
                leave()
