"""
Faults: what can go wrong between the product and a network, switched on at will.

A fault is spent by the next request that it fits, so a test says exactly which request fails and
how. A network that is down takes nothing and brings nothing until it is up again.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import httpx
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Pause = Callable[[float], Awaitable[None]]


class FaultKind(StrEnum):
    """How a request goes wrong."""

    THROTTLED = "throttled"  # 429, with the seconds to wait
    BROKEN = "broken"  # 500
    UNREACHED = "unreached"  # the connection breaks before the network took anything
    UNANSWERED = "unanswered"  # the network did as asked, then the connection broke
    SLOW = "slow"  # answered, after some seconds


@dataclass(frozen=True, slots=True)
class Fault:
    """One failing request. `seconds` is real time; `of` names the one call that it fits."""

    kind: FaultKind
    seconds: float = 0
    of: str | None = None


class Faults:
    """The switches of one network. `met` counts the requests that met a fault, by its kind."""

    def __init__(self, *, spared: frozenset[str] = frozenset()) -> None:
        self.met: Counter[FaultKind] = Counter()
        self._waiting: list[Fault] = []
        self._spared = spared
        self._up = asyncio.Event()
        self._up.set()

    @property
    def is_down(self) -> bool:
        """Whether the whole network is out of reach."""
        return not self._up.is_set()

    def take_down(self) -> None:
        """Nothing gets through in either direction from now on."""
        self._up.clear()

    def bring_up(self) -> None:
        """The network is there again; what waited for it goes on."""
        self._up.set()

    async def until_up(self) -> None:
        """Return as soon as the network is up."""
        await self._up.wait()

    def throttle(self, times: int = 1, *, seconds: int = 3, of: str | None = None) -> None:
        """The next requests are answered 429, with `seconds` to wait."""
        self._add(Fault(FaultKind.THROTTLED, seconds, of), times)

    def break_down(self, times: int = 1, *, of: str | None = None) -> None:
        """The next requests are answered 500."""
        self._add(Fault(FaultKind.BROKEN, of=of), times)

    def drop_before(self, times: int = 1, *, of: str | None = None) -> None:
        """The next requests lose their connection, and nothing is taken."""
        self._add(Fault(FaultKind.UNREACHED, of=of), times)

    def drop_after(self, times: int = 1, *, of: str | None = None) -> None:
        """The next requests are taken, but their answers are lost."""
        self._add(Fault(FaultKind.UNANSWERED, of=of), times)

    def delay(self, seconds: float, times: int = 1, *, of: str | None = None) -> None:
        """The next requests are answered after `seconds` of real time."""
        self._add(Fault(FaultKind.SLOW, seconds, of), times)

    def clear(self) -> None:
        """Forget every fault, and bring the network up."""
        self._waiting.clear()
        self._up.set()

    def take(self, call: str) -> Fault | None:
        """Return, and spend, the fault that this call meets. `spared` calls meet only their own."""
        if self.is_down:
            self.met[FaultKind.UNREACHED] += 1
            return Fault(FaultKind.UNREACHED)
        for fault in self._waiting:
            if fault.of == call or (fault.of is None and call not in self._spared):
                self._waiting.remove(fault)
                self.met[fault.kind] += 1
                return fault
        return None

    def _add(self, fault: Fault, times: int) -> None:
        self._waiting.extend([fault] * times)


class DroppedLine(Response):
    """An answer that never comes: the connection breaks instead."""

    def __init__(self, *, was_taken: bool) -> None:
        super().__init__()
        self._was_taken = was_taken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raise what a client would see; or, under a server, leave the answer unfinished."""
        # A server names the version of the specification it speaks; httpx's in-process transport
        # does not, and hands whatever is raised here to its client.
        if "spec_version" not in scope["asgi"]:
            if self._was_taken:
                raise httpx.ReadError("the connection broke before the answer came")
            raise httpx.ConnectError("no connection")
        headers = [(b"content-length", b"1")]
        _keep_quiet()
        await send({"type": "http.response.start", "status": 200, "headers": headers})


@cache
def _keep_quiet() -> None:
    """The server calls an unfinished answer an error; here it is what was asked for."""
    logging.getLogger("uvicorn.error").addFilter(
        lambda record: "returned without completing response" not in record.getMessage()
    )
