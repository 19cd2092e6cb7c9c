"""
Couriers: carry what happened on a phone to the address where the product wants to hear of it.

Things on one line go one after another, as a network brings them; a moved clock stands still while
one is on its way, so that what a person did at 09:31 is known at 09:31 at any speed.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from enum import StrEnum

import httpx

from apbot.clock import Clock

Errand = Callable[[], Awaitable[None]]


class Trouble(StrEnum):
    """Why a hook call had no answer."""

    NO_CONNECTION = "no connection"
    NO_ANSWER = "no answer in time"


class Couriers:
    """One network's messengers. `transport` is for hooks inside this very process."""

    def __init__(self, clock: Clock, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._clock = clock
        self._transport = transport
        self._client: httpx.AsyncClient | None = None
        self._lines: dict[str, deque[Errand]] = {}
        self._walking: dict[str, asyncio.Task[None]] = {}

    def send(self, line: str, errand: Errand) -> None:
        """Do this errand after all that were given for the same line."""
        self._lines.setdefault(line, deque()).append(errand)
        if line not in self._walking:
            self._walking[line] = asyncio.get_running_loop().create_task(self._walk(line))

    async def idle(self) -> None:
        """Return when every errand is done. An errand that waits for a network is not."""
        while self._walking:
            await asyncio.wait(list(self._walking.values()))

    async def stop(self) -> None:
        """Drop every errand and close the connections."""
        walking = list(self._walking.values())
        for task in walking:
            task.cancel()
        for task in walking:
            with suppress(asyncio.CancelledError):
                await task
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def post(
        self, url: str, content: bytes, headers: Mapping[str, str], *, seconds: float = 10
    ) -> int | Trouble:
        """POST once; return the status of the answer, or why there was none."""
        answer, _ = await self.post_and_read(url, content, headers, seconds=seconds)
        return answer

    async def post_and_read(
        self, url: str, content: bytes, headers: Mapping[str, str], *, seconds: float = 10
    ) -> tuple[int | Trouble, bytes]:
        """POST once; return the status and the body of the answer, or why there was none."""
        if self._client is None:
            self._client = httpx.AsyncClient(transport=self._transport)
        with self._clock.held():
            try:
                answer = await self._client.post(
                    url, content=content, headers=dict(headers), timeout=seconds
                )
            except (httpx.ConnectError, httpx.ConnectTimeout):
                return Trouble.NO_CONNECTION, b""
            except httpx.HTTPError:
                return Trouble.NO_ANSWER, b""
            except Exception:
                # An in-process hook hands its own exceptions through; a network sees a 500.
                return 500, b""
        return answer.status_code, answer.content

    async def _walk(self, line: str) -> None:
        try:
            while self._lines[line]:
                await self._lines[line][0]()
                self._lines[line].popleft()
        finally:
            del self._walking[line]
            del self._lines[line]
