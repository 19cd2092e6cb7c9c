"""
The world outside, as a process of its own: the networks' stand-ins, and the people with phones.

`python -m chaos.world PORT SEED PROVIDERS MINUTES WEB_PORT…`. It is never killed. While faults are
on, each network is away once in so many MINUTES of the day (0: never), drops connections before and
after it took a text, answers 429 and 5xx, and brings hooks twice, and receipts twice and backwards.
What it took and what people typed it tells at `/told`, by its own log and nobody else's; `POST
/quiet` ends every fault.
"""

import asyncio
import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import uvicorn
from bench.county import CONTACTS, chat_of
from fastapi import FastAPI

from apbot.sandbox.faults import FaultKind, Faults
from apbot.sandbox.handsets import Arrival, From, Handset, Handsets
from apbot.sandbox.telegram_api import TelegramApi
from apbot.sandbox.twilio_api import SANDBOX_AUTH_TOKEN, SANDBOX_SENDER, SANDBOX_SID, TwilioApi
from chaos.clock import SharedClock, shared_clock
from chaos.town import STARTS

PUBLIC = "https://town.example"
TOKEN = "77009:chaos"
HOOK = f"{PUBLIC}/hooks/twilio/message#rc=5&rp=all"
EVERY_S = 0.4
"""How often, in real seconds, the world thinks of a fault."""

KINDS = ("drop before", "drop after", "429", "500", "receipts", "")

MET = {
    FaultKind.THROTTLED: "answered 429",
    FaultKind.BROKEN: "answered 500",
    FaultKind.UNREACHED: "connection dropped before it took the text",
    FaultKind.UNANSWERED: "connection dropped after it took the text",
    FaultKind.SLOW: "answered late",
}

ANSWERS = (
    *("all in", "All here thanks", "morning, everyone in", "all in", "all present"),
    *("chloe off", "all in bar aiden hes poorly", "femi late", "all in", ""),
)
"""What staff write; nothing at all is an answer too, and the office hears of it."""

REF = re.compile(r"\b[A-Z][0-9]{1,2}\b")


class Redirected(httpx.AsyncBaseTransport):
    """
    Carries what is for the house's public address to one of its web halves, as a balancer does.

    One that does not listen is passed over.
    """

    def __init__(self, ports: Sequence[int], rng: random.Random, told: Counter[str]) -> None:
        self._inner = httpx.AsyncHTTPTransport()
        self._ports = ports
        self._rng = rng
        self._told = told
        self.is_wild = True

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Do it; now and then bring the same again, or lose its answer."""
        answer = await self._once(request)
        if self.is_wild and self._rng.random() < 0.05:
            self._told["hook brought twice"] += 1
            await answer.aread()
            answer = await self._once(request)
        if self.is_wild and self._rng.random() < 0.03:
            self._told["answer to a hook lost"] += 1
            await answer.aread()
            raise httpx.ReadError("the answer was lost")
        return answer

    async def _once(self, request: httpx.Request) -> httpx.Response:
        *some, last = self._rng.sample(self._ports, len(self._ports))
        for port in some:
            with suppress(httpx.ConnectError):
                return await self._at(port, request)
        return await self._at(last, request)

    async def _at(self, port: int, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(scheme="http", host="127.0.0.1", port=port)
        headers = {**dict(request.headers), "host": "town.example"}
        moved = httpx.Request(request.method, url, headers=headers, content=request.content)
        return await self._inner.handle_async_request(moved)


class World:
    """Both networks and everybody who holds a phone."""

    def __init__(
        self, clock: SharedClock, seed: int, providers: int, web_ports: Sequence[int]
    ) -> None:
        self.clock = clock
        self.rng = random.Random(seed)
        self.told: Counter[str] = Counter()
        self.typed: list[dict[str, str]] = []
        self.line = Redirected(web_ports, random.Random(seed + 1), self.told)
        self.telegram = TelegramApi(clock, token=TOKEN, transport=self.line)
        self.twilio = TwilioApi(clock, hook_url=HOOK, transport=self.line)
        self.is_wild = True
        self._tasks: set[asyncio.Task[None]] = set()
        self._asked: set[str] = set()
        self._ended: set[str] = set()
        for number in range(1, providers + CONTACTS, 2):
            self.telegram.add_person(chat_of(number), f"Person {number}", has_started=True)
        for handsets in (self.telegram.handsets, self.twilio.sms):
            handsets.watch(partial(self._look, handsets))

    async def misbehave(self) -> None:
        """Think of faults until it is quiet."""
        while self.is_wild:
            await asyncio.sleep(EVERY_S)
            is_sms = self.rng.random() < 0.5
            faults = self.twilio.faults if is_sms else self.telegram.faults
            if faults.is_down:
                continue
            # What nobody met is forgotten: else no request would ever meet none.
            faults.clear()
            of = "create" if is_sms else "sendmessage"
            what = self.rng.choice([*KINDS, "drop after"])
            if what == "drop before":
                faults.drop_before(self.rng.randint(1, 3), of=of)
            elif what == "drop after":
                faults.drop_after(self.rng.randint(1, 3), of=of)
            elif what == "429":
                faults.throttle(self.rng.randint(1, 3), seconds=1, of=of)
            elif what == "500":
                faults.break_down(self.rng.randint(1, 3), of=of)
            elif what == "receipts":
                self.twilio.delivery.receipts_twice = self.rng.random() < 0.5
                self.twilio.delivery.receipts_backwards = self.rng.random() < 0.5
                self.twilio.inbound_twice = self.rng.random() < 0.5
                self.told["receipts twice or backwards: switched"] += 1

    async def go_away(self, minutes: int) -> None:
        """Each network is out of reach once in so many minutes of the day, for a fifth of them."""
        lasts = timedelta(minutes=minutes / 5)
        await asyncio.gather(
            *(
                self._away(
                    name, faults, self.rng.uniform(0.1, 0.7) * timedelta(minutes=minutes), lasts
                )
                for name, faults in (
                    ("telegram", self.telegram.faults),
                    ("sms", self.twilio.faults),
                )
            )
        )

    async def _away(self, name: str, faults: Faults, at: timedelta, lasts: timedelta) -> None:
        begins = STARTS + at
        await self.clock.wait_until(begins, asyncio.Event())
        faults.take_down()
        self.told[f"{name} away for {lasts / timedelta(minutes=1):.0f} min of the day"] += 1
        await self.clock.wait_until(begins + lasts, asyncio.Event())
        faults.bring_up()

    def quiet(self) -> None:
        """From now on everything is well."""
        self.is_wild = self.line.is_wild = False
        for api in (self.telegram, self.twilio):
            api.faults.clear()
        self.twilio.delivery.receipts_twice = self.twilio.delivery.receipts_backwards = False
        self.twilio.inbound_twice = False

    def tells(self) -> dict[str, Any]:
        """Return what was taken and typed, and which faults there were."""
        taken = [
            {"network": name, "to": one.to, "text": one.text, "id": one.id, "kind": one.kind}
            for name, api in (("telegram", self.telegram), ("sms", self.twilio))
            for one in api.accepted
        ]
        waiting = len(self._tasks)
        met = {
            f"{name}: {MET[kind]}": count
            for name, api in (("telegram", self.telegram), ("sms", self.twilio))
            for kind, count in api.faults.met.items()
        }
        return {
            "taken": taken,
            "typed": self.typed,
            "faults": {**self.told, **met},
            "people still to answer": waiting,
        }

    def _look(self, among: Handsets, handset: Handset) -> None:
        bubble = handset.bubbles[-1] if handset.bubbles else None
        if bubble is None or bubble.sender is not From.BOT or bubble.state is Arrival.FAILED:
            return
        key = f"{handset.address} {bubble.id}"
        if key in self._asked:
            return
        self._asked.add(key)
        words = self._answer_to(bubble.text)
        if words:
            task = asyncio.create_task(self._say(handset, among, words))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _answer_to(self, text: str) -> str:
        if not self.is_wild:
            return self._end_of_one_in(text)
        if "Who is in?" in text:
            return self.rng.choice(ANSWERS)
        refs = REF.findall(text)
        if refs and "Reply OK" in text and self.rng.random() < 0.5:
            return f"ok {self.rng.choice(refs)}"
        return ""

    def _end_of_one_in(self, text: str) -> str:
        """Once the faults are over each case is ended: else its ladder would go on for ever."""
        left = [ref for ref in REF.findall(text) if ref not in self._ended]
        if not left or "Reply OK" not in text:
            return ""
        self._ended.add(left[0])
        return f"{left[0]} done, safe at home"

    async def _say(self, handset: Handset, among: Handsets, words: str) -> None:
        nudge = asyncio.Event()
        later = timedelta(seconds=self.rng.uniform(20, 900 if self.is_wild else 60))
        await self.clock.wait_until(self.clock.now() + later, nudge)
        if among is self.telegram.handsets:
            self.telegram.type_text(int(handset.address), words)
            self.typed.append({"network": "telegram", "address": handset.address, "text": words})
        else:
            self.twilio.type_text(handset.address, words)
            self.typed.append({"network": "sms", "address": handset.address, "text": words})


def _app(world: World) -> FastAPI:
    app = FastAPI()
    app.include_router(world.telegram.router, prefix="/telegram")
    app.include_router(world.twilio.router, prefix="/twilio")

    @app.get("/told")
    async def _told() -> dict[str, Any]:
        return world.tells()

    @app.post("/quiet")
    async def _quiet() -> None:
        world.quiet()

    return app


def settings_for(port: int) -> dict[str, str]:
    """Return the settings with which the house uses these networks."""
    return {
        "APBOT_PUBLIC_URL": PUBLIC,
        "APBOT_SECRET_KEY": "k" * 48,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_BASE_URL": f"http://127.0.0.1:{port}/telegram/bot",
        "TELEGRAM_WEBHOOK_SECRET": "s" * 32,
        "TWILIO_ACCOUNT_SID": SANDBOX_SID,
        "TWILIO_AUTH_TOKEN": SANDBOX_AUTH_TOKEN,
        "TWILIO_FROM": SANDBOX_SENDER,
        "TWILIO_BASE_URL": f"http://127.0.0.1:{port}/twilio",
    }


async def _run(port: int, seed: int, providers: int, minutes: int, *web_ports: int) -> None:
    world = World(shared_clock(), seed, providers, web_ports)
    config = uvicorn.Config(_app(world), port=port, log_level="critical", access_log=False)
    server = uvicorn.Server(config)
    wild = [asyncio.create_task(world.misbehave())]
    if minutes:
        wild.append(asyncio.create_task(world.go_away(minutes)))
    print("ready", flush=True)
    await server.serve()
    for task in wild:
        task.cancel()


if __name__ == "__main__":
    asyncio.run(_run(*map(int, sys.argv[1:])))
