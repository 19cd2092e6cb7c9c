from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import telegram
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from telegram.request import HTTPXRequest

from apbot.clock import MovedClock
from apbot.sandbox.telegram_api import TelegramApi
from apbot.sandbox.twilio_api import TwilioApi

HOST = "https://apbot.test"
HALF_PAST_NINE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """One hook call as it came."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Hooks:
    """The product's side: keeps what it is told. `answers` are the next statuses; then 204."""

    told: list[Told] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        """Keep one call."""
        told = Told(str(request.url), dict(request.headers), await request.body())
        self.told.append(told)
        return Response(status_code=self.answers.pop(0) if self.answers else 204)


@dataclass(slots=True)
class Waits:
    """Real seconds that would have been waited."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        """Wait not at all."""
        self.seconds.append(seconds)


@pytest.fixture
def clock() -> MovedClock:
    """A stopped clock on a Monday morning."""
    return MovedClock(HALF_PAST_NINE, speed=0)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def hooks() -> Hooks:
    return Hooks()


@pytest.fixture
def app(hooks: Hooks) -> FastAPI:
    """A server with the product's hooks; the stand-ins are laid beside them."""
    app = FastAPI()
    app.add_route("/hooks/{kind:path}", hooks.take, ["POST"])
    return app


@pytest.fixture
async def telegram_api(clock: MovedClock, app: FastAPI, waits: Waits) -> AsyncIterator[TelegramApi]:
    api = TelegramApi(clock, transport=httpx.ASGITransport(app=app), pause=waits)
    app.include_router(api.router, prefix="/telegram")
    yield api
    await api.stop()


@pytest.fixture
async def bot(app: FastAPI, telegram_api: TelegramApi) -> AsyncIterator[telegram.Bot]:
    """The official client, speaking to the stand-in."""

    def line() -> HTTPXRequest:
        return HTTPXRequest(httpx_kwargs={"transport": httpx.ASGITransport(app=app)})

    async with telegram.Bot(
        telegram_api.token,
        base_url=f"{HOST}/telegram/bot",
        request=line(),
        get_updates_request=line(),
    ) as bot:
        yield bot


@pytest.fixture
async def twilio_api(clock: MovedClock, app: FastAPI, waits: Waits) -> AsyncIterator[TwilioApi]:
    api = TwilioApi(
        clock,
        messaging_service_sid="MG" + "0" * 32,
        hook_url=f"{HOST}/hooks/message",
        transport=httpx.ASGITransport(app=app),
        pause=waits,
    )
    app.include_router(api.router, prefix="/twilio")
    yield api
    await api.stop()


@pytest.fixture
async def web(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A plain HTTP client."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


def update_of(told: Told) -> Any:
    """Return the update in a webhook call."""
    return httpx.Response(200, content=told.body).json()
