"""
A burst: every register of a county, or a nation, is due in the same second.

From due to accepted by a stand-in that takes 50 ms and has no limits; against a bare loop of the
same client and stand-in, which has its texts in hand and keeps nothing.
"""

import asyncio
import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

from apbot.channels.telegram import TelegramChannel
from apbot.domain.messages import Address, Outbound
from bench.county import NINE, a_county, chat_of, settle
from bench.databases import KINDS, opened
from bench.processes import answers, free_port, running
from bench.shifted import SHIFT, UNLIMITED, shift_to
from bench.table import Measured

REGISTERS = 10_000
BARE = 3_000
SIDE_BY_SIDE = 32
LEAD = timedelta(seconds=20)
"""So long before the moment the engines are started: they have read the lists by then."""

LATEST_S = 240
BOT = "1:a-bot-of-nobody"


def measure(registers: int = REGISTERS) -> Iterator[Measured]:
    """Yield the bare loop, then one engine on each database and two on PostgreSQL."""
    lists = a_county(registers)
    with stand_in() as port:
        bare = asyncio.run(_bare(port))
        _accepted(port)
        yield Measured("a bare loop of the same client", f"{bare:.0f} texts/s")
        for name, engines, goal in (
            ("SQLite", 1, 500),
            ("PostgreSQL", 1, 500),
            ("PostgreSQL", 2, 900),
        ):
            with KINDS[name]() as url:
                with opened(url) as database:
                    settle(database, lists)
                sent = burst(url, port, engines, registers, is_limited=False)
            what = f"{registers} due at once, {name}, {engines} engine{'s' * (engines > 1)}"
            rate = len(sent) / sent[-1] if sent else 0
            lost = "" if len(sent) == registers else f", {len(sent)} of {registers} by then"
            yield Measured(
                what,
                f"{rate:.0f} texts/s, the last after {sent[-1]:.1f} s, "
                f"ratio {rate / bare:.2f}{lost}",
                f"≥ {goal}/s, ratio ≥ 0.5",
                rate >= goal and rate / bare >= 0.5,
            )
            yield Measured(
                f"the first text of it, {name}, {engines}",
                f"{1000 * sent[0]:.0f} ms",
                "≤ 1 s",
                sent[0] <= 1,
            )


def burst(url: str, port: int, engines: int, count: int, *, is_limited: bool) -> list[float]:
    """Return how many seconds after the moment each text was accepted, the first one first."""
    settings = {
        "DATABASE_URL": url,
        "TELEGRAM_BOT_TOKEN": BOT,
        "TELEGRAM_BASE_URL": f"http://127.0.0.1:{port}/bot",
        "TELEGRAM_WEBHOOK_SECRET": "s" * 32,
        "APBOT_PUBLIC_URL": "https://apbot.example",
        "APBOT_SECRET_KEY": "k" * 48,
        SHIFT: shift_to(NINE - LEAD),
        UNLIMITED: "" if is_limited else "yes",
    }
    moment = time.monotonic() + LEAD.total_seconds()
    found: list[float] = []
    with ExitStack() as stack:
        for _ in range(engines):
            stack.enter_context(running("bench.shifted", "engine", settings=settings))
        if time.monotonic() > moment:
            raise RuntimeError("the engines were not there in time: the machine is too busy")
        while len(found) < count and time.monotonic() < moment + LATEST_S:
            time.sleep(0.5)
            found += _accepted(port)
    return sorted(one - moment for one in found)


@contextmanager
def stand_in() -> Iterator[int]:
    """Yield the port of a stand-in for Telegram."""
    port = free_port()
    with running("bench.standin", str(port), settings={}):
        answers(f"http://127.0.0.1:{port}/getMe")
        yield port


def _accepted(port: int) -> list[float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/accepted", timeout=30) as answer:
        told: list[float] = json.load(answer)
        return told


async def _bare(port: int) -> float:
    """Return how many texts a second the client alone hands over, so many side by side."""
    channel = TelegramChannel(BOT, base_url=f"http://127.0.0.1:{port}/bot")
    await channel.start()
    numbers = iter(range(BARE))

    async def one() -> None:
        for number in numbers:
            to = Address("telegram", str(chat_of(number)))
            await channel.send(Outbound(key=str(number), address=to, text="Good morning"))

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(SIDE_BY_SIDE)))
    took = time.perf_counter() - began
    await channel.stop()
    return BARE / took
