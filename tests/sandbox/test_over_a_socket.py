import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import telegram
import uvicorn
from fastapi import FastAPI
from telegram.error import NetworkError
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from apbot.sandbox.telegram_api import TelegramApi
from apbot.sandbox.twilio_api import (
    SANDBOX_AUTH_TOKEN,
    SANDBOX_SENDER,
    SANDBOX_SID,
    TwilioApi,
)

BEN = "+447700900111"


@pytest.fixture
async def address(
    app: FastAPI, telegram_api: TelegramApi, twilio_api: TwilioApi
) -> AsyncIterator[str]:
    """The stand-ins behind a real server, on whichever port is free."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_level="critical", lifespan="off", ws="none", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    host, port = listening.getsockname()
    yield f"http://{host}:{port}"
    server.should_exit = True
    await serving


class Line:
    """Twilio's own asynchronous client, sent to the stand-in's address."""

    def __init__(self, address: str) -> None:
        self.is_async = True
        self.client = AsyncTwilioHttpClient()
        self._address = address

    async def request(self, method: str, url: str, **more: Any) -> Response:
        """Do one request."""
        url = url.replace("https://api.twilio.com", f"{self._address}/twilio")
        return await self.client.request(method, url, **more)


async def test_telegrams_client_speaks_to_it(address: str, telegram_api: TelegramApi) -> None:
    """Over a real connection: a text, an update by long polling, and lines that break."""
    telegram_api.add_person(7701, "Gill Marsh", has_started=True)
    async with telegram.Bot(telegram_api.token, base_url=f"{address}/telegram/bot") as bot:
        await bot.send_message(7701, "Who is in?")
        poll = asyncio.create_task(bot.get_updates(timeout=20))
        await telegram_api.until_polled()
        telegram_api.type_text(7701, "all in")
        (update,) = await poll
        telegram_api.faults.drop_before()
        telegram_api.faults.drop_after()
        for text in ("lost", "taken"):
            with pytest.raises(NetworkError, match="RemoteProtocolError"):
                await bot.send_message(7701, text)

    assert update.message is not None
    assert update.message.text == "all in"
    assert [text.text for text in telegram_api.accepted] == ["Who is in?", "taken"]


async def test_a_poller_that_went_away_leaves_its_update(
    address: str, telegram_api: TelegramApi
) -> None:
    """A poll whose client is gone takes nothing with it."""
    telegram_api.add_person(7701, "Gill Marsh", has_started=True)
    async with telegram.Bot(telegram_api.token, base_url=f"{address}/telegram/bot") as bot:
        poll = asyncio.create_task(bot.get_updates(timeout=20))
        await telegram_api.until_polled()
        poll.cancel()
        await asyncio.gather(poll, return_exceptions=True)
        telegram_api.type_text(7701, "all in")
        (update,) = await bot.get_updates()

    assert update.message is not None
    assert update.message.text == "all in"


# Twilio's client still uses what aiohttp is about to give up.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_twilios_client_speaks_to_it(address: str, twilio_api: TwilioApi) -> None:
    """Over a real connection: a text is created, fetched and listed."""
    line = Line(address)
    async with line.client:
        client = Client(SANDBOX_SID, SANDBOX_AUTH_TOKEN, http_client=line)
        sent = await client.messages.create_async(to=BEN, from_=SANDBOX_SENDER, body="hello")
        await twilio_api.idle()
        fetched = await client.messages(sent.sid).fetch_async()
        listed = await client.messages.list_async(to=BEN)

    assert (fetched.status, [one.sid for one in listed]) == ("delivered", [sent.sid])


async def test_the_two_stand_side_by_side(address: str) -> None:
    """Both are laid into one server, each under its own prefix."""
    async with httpx.AsyncClient(base_url=address) as web:
        strangers = [
            await web.get("/telegram/bot1:x/getMe"),
            await web.get(f"/twilio/2010-04-01/Accounts/{SANDBOX_SID}/Messages.json"),
        ]

    assert [answer.status_code for answer in strangers] == [401, 401]
