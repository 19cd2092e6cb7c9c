"""
Inbound hooks: signed Twilio calls to 2xx with the message safely in the inbox.

Against a bare FastAPI route on the same server that inserts one durable row, called by the same
client: sixteen connections, kept open, one call after another on each.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from bench.county import NINE, a_county, settle
from bench.databases import KINDS, opened
from bench.processes import answers, free_port, running
from bench.shifted import SHIFT, shift_to
from bench.table import Measured, percentile

GOAL = 0.6
CALLS = 1500
WARM = 150
CONNECTIONS = 16
TOKEN = "a-token-of-nobody"
ACCOUNT = "AC" + "0" * 32
PATH = "/hooks/twilio/message"


def measure() -> Iterator[Measured]:
    """Yield calls a second and how long one takes, on both databases, and the ratio."""
    for name, made in KINDS.items():
        with made() as url:
            with opened(url) as database:
                settle(database, a_county(20))
            ours = _run("bench.shifted", "web", url, _signed)
            bare = _run("bench.bare", "web", url, _bare)
        ratio = ours[0] / bare[0]
        yield Measured(
            f"hooks, {name}", _figure(ours) + f", ratio {ratio:.2f}", f"≥ {GOAL}", ratio >= GOAL
        )
        yield Measured(f"a bare route with one durable row, {name}", _figure(bare))


def _figure(run: tuple[float, float, float]) -> str:
    return f"{run[0]:.0f}/s, p50 {1000 * run[1]:.1f} ms, p99 {1000 * run[2]:.1f} ms"


def _run(
    module: str, word: str, url: str, call: Callable[[int, int], bytes]
) -> tuple[float, float, float]:
    port = free_port()
    settings = {
        "DATABASE_URL": url,
        "PORT": str(port),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": "+447700900999",
        "TWILIO_BASE_URL": "http://127.0.0.1:9",
        "APBOT_SECRET_KEY": "k" * 48,
        SHIFT: shift_to(NINE),
    }
    with running(module, word, settings=settings):
        answers(f"http://127.0.0.1:{port}/health/live")
        asyncio.run(_load(port, [call(port, n) for n in range(WARM)]))
        calls = [call(port, n) for n in range(WARM, WARM + CALLS)]
        began = time.perf_counter()
        took = asyncio.run(_load(port, calls))
        whole = time.perf_counter() - began
    return CALLS / whole, percentile(took, 0.5), percentile(took, 0.99)


async def _load(port: int, calls: list[bytes]) -> list[float]:
    """Make the calls, each connection its share; return how long each took."""
    took: list[float] = []

    async def one(mine: list[bytes]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for call in mine:
            began = time.perf_counter()
            writer.write(call)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 2"):
                raise RuntimeError(f"a call was answered {head[:60]!r}")
            length = [line for line in head.lower().split(b"\r\n") if b"content-length" in line]
            if length:
                await reader.readexactly(int(length[0].partition(b":")[2]))
            took.append(time.perf_counter() - began)
        writer.close()

    await asyncio.gather(*(one(calls[n::CONNECTIONS]) for n in range(CONNECTIONS)))
    return took


def _signed(port: int, number: int) -> bytes:
    sid = f"SM{number:032x}"
    form = {
        "AccountSid": ACCOUNT,
        "Body": "all in",
        "From": f"+447700900{number % 20:03}",
        "MessageSid": sid,
        "NumMedia": "0",
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "To": "+447700900999",
    }
    signature = RequestValidator(TOKEN).compute_signature(f"http://127.0.0.1:{port}{PATH}", form)
    return _post(PATH, urlencode(form).encode(), f"X-Twilio-Signature: {signature}\r\n")


def _bare(port: int, number: int) -> bytes:
    return _post("/bare", urlencode({"row": f"bare-{number}"}).encode())


def _post(path: str, body: bytes, more: str = "") -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
