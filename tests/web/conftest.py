"""The web half of a live house: both networks on, nothing behind them, a stopped clock."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import pytest
import structlog
from tests.store.builders import NINE
from twilio.request_validator import RequestValidator

from apbot.app import make_channels
from apbot.clock import MovedClock
from apbot.desk.desk import Desk
from apbot.reading.lexicon import Lexicon
from apbot.settings import Settings
from apbot.store.database import Database
from apbot.store.inbox import InboxRow, list_inbox
from apbot.web.app import make_app
from apbot.web.health import Health
from apbot.web.hooks import Hooks
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
def a_web(wrensby: Database, lexicon: Lexicon, scripts: Scripts) -> AWeb:
    """Make the web half with these settings; nothing of it needs an engine."""

    def make(**given: str) -> Web:
        settings = Settings.model_validate(given)
        channels = make_channels(settings, httpx.MockTransport(_nobody))
        desk = Desk(wrensby, lexicon, scripts, frozenset(channels))
        clock = MovedClock(NINE, 0)
        hooks = Hooks(
            desk,
            clock,
            telegram=channels.get("telegram"),
            twilio=channels.get("sms"),
            public_url=settings.address,
            nudge=lambda: None,
        )
        app = make_app([hooks.router, Health(wrensby, clock).router], service="Wrensby CSS")
        transport = httpx.ASGITransport(app=app)
        return Web(wrensby, httpx.AsyncClient(transport=transport, base_url=ADDRESS))

    return make


@pytest.fixture
async def web(a_web: AWeb) -> AsyncIterator[Web]:
    """Telegram and Twilio are on."""
    made = a_web(**BOTH_ON)
    async with made.client:
        yield made


def _nobody(request: httpx.Request) -> httpx.Response:
    raise AssertionError(f"the web half called out: {request.url}")
