"""The web half of a live house: both networks on, nothing behind them, a stopped clock."""

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

import httpx
import pytest
import structlog
from fastapi import FastAPI
from tests.store.builders import NINE
from twilio.request_validator import RequestValidator

from apbot.app import make_channels
from apbot.clock import MovedClock
from apbot.desk.desk import Desk
from apbot.reading.lexicon import Lexicon
from apbot.reports.unread import unread_objects
from apbot.settings import Settings
from apbot.store.database import Database
from apbot.store.inbox import InboxRow, list_inbox
from apbot.store.said import list_outbox
from apbot.web.app import make_app
from apbot.web.health import Health
from apbot.web.hooks import Hooks
from apbot.web.live import Live
from apbot.web.lobby import Lobby
from apbot.web.open_id import OpenId
from apbot.wording.scripts import Scripts

ADDRESS = "https://apbot.example.org"
TOKEN = "the-auth-token"
SECRET = "the-hook-secret"
BOTH_ON = {
    "APBOT_SECRET_KEY": "a-long-random-word",
    "APBOT_PUBLIC_URL": ADDRESS,
    "TELEGRAM_BOT_TOKEN": "700900:token",
    "TELEGRAM_WEBHOOK_SECRET": SECRET,
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_FROM": "+447700900000",
}


@dataclass(frozen=True)
class Web:
    """The web half and whoever calls it."""

    database: Database
    client: httpx.AsyncClient
    clock: MovedClock
    app: FastAPI

    def opens_to(self, open_id: OpenId) -> None:
        """Office accounts of this issuer may sign in from now on."""
        self.app.state.lobby = replace(self.app.state.lobby, open_id=open_id)

    async def post(self, path: str, **form: str) -> httpx.Response:
        """Send a form, as a browser does from one of our own pages."""
        return await self.client.post(path, data=form)

    async def part(self, path: str, **form: str) -> httpx.Response:
        """Send a form, as htmx does from a page that stays open."""
        return await self.client.post(path, data=form, headers={"HX-Request": "true"})

    async def asks_for_code(self, mobile: str) -> str:
        """Ask for a code; return the last one that anybody was texted, "" where nobody was."""
        await self.post("/sign-in", mobile=mobile)
        texts = self.texts("sign_in_code")
        return texts[-1][:6] if texts else ""

    async def signs_in(self, mobile: str) -> str:
        """Sign in by a text; return what each form must carry."""
        code = await self.asks_for_code(mobile)
        assert (await self.post("/sign-in/code", code=code)).status_code == 303
        return await self.csrf()

    async def csrf(self, path: str = "/you") -> str:
        """What the forms of a page carry."""
        found = re.search(r'name="csrf" value="(\w+)"', (await self.get(path)).text)
        assert found is not None
        return found[1]

    def texts(self, script: str) -> list[str]:
        """Every text of a script that waits to be sent, or was."""
        with self.database.reading() as db:
            return [row.text for row in list_outbox(db) if row.script == script]

    async def get(self, path: str) -> httpx.Response:
        """Look at a page."""
        return await self.client.get(path)

    async def twilio(
        self, kind: str, form: Mapping[str, str], *, signed_with: str = TOKEN
    ) -> httpx.Response:
        """Twilio calls the hook for a message or a status."""
        path = f"/hooks/twilio/{kind}"
        signature = RequestValidator(signed_with).compute_signature(ADDRESS + path, dict(form))
        headers = {
            "x-twilio-signature": signature,
            "content-type": "application/x-www-form-urlencoded",
        }
        return await self.client.post(path, content=urlencode(form), headers=headers)

    async def telegram(self, update: object, *, secret: str | None = SECRET) -> httpx.Response:
        """Telegram brings an update."""
        headers = {} if secret is None else {"x-telegram-bot-api-secret-token": secret}
        return await self.client.post("/hooks/telegram", json=update, headers=headers)

    def inbox(self) -> list[InboxRow]:
        """Every message that was kept."""
        with self.database.reading() as db:
            return list(list_inbox(db))


AWeb = Callable[..., Web]


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[structlog.typing.EventDict]]:
    """Every fact that is logged in a test."""
    with structlog.testing.capture_logs() as kept:
        yield kept


@pytest.fixture
def a_web(wrensby: Database, a_house: Callable[..., Web]) -> AWeb:
    """Make the web half of the town with these settings."""
    return partial(a_house, wrensby)


@pytest.fixture
def a_house(lexicon: Lexicon, scripts: Scripts) -> Callable[..., Web]:
    """Make the web half on a database with these settings; nothing of it needs an engine."""

    def make(database: Database, **given: str) -> Web:
        settings = Settings.model_validate(given)
        channels = make_channels(settings, httpx.MockTransport(_nobody))
        desk = Desk(database, lexicon, scripts, frozenset(channels))
        clock = MovedClock(NINE, 0)
        hooks = Hooks(
            desk,
            clock,
            telegram=channels.get("telegram"),
            twilio=channels.get("sms"),
            voice=channels.get("voice"),
            public_url=settings.address,
            nudge=lambda: None,
        )
        lobby = Lobby(
            desk,
            clock,
            clock,
            "a-secret",
            settings.address,
            lambda: None,
            Live(desk, clock, clock),
            unread_objects,
        )
        routers = [hooks.router, Health(database, clock).router]
        app = make_app(routers, lobby=lobby)
        transport = httpx.ASGITransport(app=app)
        client = httpx.AsyncClient(transport=transport, base_url=ADDRESS)
        return Web(database, client, clock, app)

    return make


@pytest.fixture
async def web(a_web: AWeb) -> AsyncIterator[Web]:
    """Telegram and Twilio are on."""
    made = a_web(**BOTH_ON)
    async with made.client:
        yield made


def _nobody(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"the web half called out: {request.url}")
