"""The drivers and the stand-ins, written apart from each other's code, understand each other."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from apbot.channels.protocol import AddressGone, FateUnknown, Hook, TryLater
from apbot.channels.telegram import TelegramChannel
from apbot.channels.twilio import SmsChannel
from apbot.clock import MovedClock
from apbot.domain.messages import (
    Address,
    Button,
    Inbound,
    InboundKind,
    Outbound,
    Receipt,
    ReceiptState,
)
from apbot.sandbox.telegram_api import TelegramApi
from apbot.sandbox.twilio_api import TwilioApi

HALF_NINE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PHONE = "+447700900123"
OURS = "+447700900000"
ACCOUNT = "AC00000000000000000000000000000001"
PUBLIC_URL = "http://ap.example.org"


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(HALF_NINE, speed=0)


@asynccontextmanager
async def telegram(clock: MovedClock) -> AsyncIterator[tuple[TelegramApi, TelegramChannel]]:
    """Yield the stand-in, and a channel that talks to it, which fetches."""
    api = TelegramApi(clock)
    app = FastAPI()
    app.include_router(api.router)
    channel = TelegramChannel(
        api.token,
        base_url="http://telegram.example.org/bot",
        transport=httpx.ASGITransport(app),
        pause=timedelta(0),
    )
    await channel.start()
    yield api, channel
    await channel.stop()
    await api.stop()


@asynccontextmanager
async def twilio(
    clock: MovedClock, hooks: list[Hook]
) -> AsyncIterator[tuple[TwilioApi, SmsChannel]]:
    """Yield the stand-in, and a channel that talks to it; `hooks` collects its calls."""
    app = FastAPI()

    @app.post("/hooks/twilio/{kind}")
    async def take(request: Request) -> Response:
        url = str(request.url)
        hooks.append(Hook(url, dict(request.headers), await request.body()))
        return Response(status_code=204)

    transport = httpx.ASGITransport(app)
    hook_url = f"{PUBLIC_URL}/hooks/twilio/message"
    api = TwilioApi(clock, ACCOUNT, "token", sender=OURS, hook_url=hook_url, transport=transport)
    app.include_router(api.router)
    channel = SmsChannel(
        ACCOUNT,
        ["token"],
        sender=OURS,
        public_url=PUBLIC_URL,
        transport=transport,
    )
    await channel.start()
    yield api, channel
    await channel.stop()
    await api.stop()


async def test_a_prompt_is_tapped_and_changed_in_place_on_telegram(clock: MovedClock) -> None:
    """The one message, from Start to the last tap."""
    async with telegram(clock) as (api, channel):
        assert channel.invite("t0") == "https://t.me/apbot?start=t0"
        api.add_person(7001, "Ash")
        api.press_start(7001, "t0")
        fetched = channel.fetch()
        [start] = await anext(fetched)
        assert isinstance(start, Inbound)
        assert (start.kind, start.text) == (InboundKind.START, "t0")

        buttons = ((Button("All in", "all:12"),),)
        prompt = Outbound("k1", start.address, "AM: who is in?", buttons)
        sent_id = await channel.send(prompt)
        api.tap(7001, int(sent_id.partition(":")[2]), "all:12")
        [tap] = await anext(fetched)
        assert isinstance(tap, Inbound)
        assert (tap.kind, tap.text, tap.answers) == (InboundKind.TAP, "all:12", sent_id)

        assert tap.callback_id is not None
        await channel.answer(tap.callback_id, "Thank you")
        done = Outbound("k2", start.address, "All in. Thank you", edits=sent_id)
        assert await channel.send(done) == sent_id
        assert await channel.send(done) == sent_id

    assert [text.text for text in api.accepted] == ["AM: who is in?", "All in. Thank you"]


async def test_a_blocked_bot_is_known_both_ways_on_telegram(clock: MovedClock) -> None:
    """It is told so, and it is refused."""
    async with telegram(clock) as (api, channel):
        api.add_person(7001, "Ash", has_started=True)
        api.block(7001)

        [blocked] = await anext(channel.fetch())
        with pytest.raises(AddressGone):
            await channel.send(Outbound("k1", Address("telegram", "7001"), "hello"))

    assert isinstance(blocked, Inbound)
    assert blocked.kind is InboundKind.BLOCKED


async def test_a_text_and_its_reply_and_receipt_pass_by_sms(clock: MovedClock) -> None:
    """Signed by the one, believed by the other."""
    hooks: list[Hook] = []
    async with twilio(clock, hooks) as (api, channel):
        sent_id = await channel.send(Outbound("k1", Address("sms", PHONE), "AM: who is in?"))
        api.type_text(PHONE, "all in – thanks 😊")
        await api.idle()

    happenings = [happening for hook in hooks for happening in channel.receive(hook)]
    said = [one.text for one in happenings if isinstance(one, Inbound)]
    states = [one.state for one in happenings if isinstance(one, Receipt)]
    assert said == ["all in – thanks 😊"]
    assert states == [ReceiptState.SENT, ReceiptState.DELIVERED]
    assert {one.network_id for one in happenings if isinstance(one, Receipt)} == {sent_id}


async def test_an_sms_whose_answer_was_lost_is_found(clock: MovedClock) -> None:
    """It went, so it must not go again."""
    async with twilio(clock, []) as (api, channel):
        api.faults.drop_after(of="create")
        text = Outbound("k1", Address("sms", PHONE), "AM: who is in?", sent_after=clock.now())

        with pytest.raises(FateUnknown):
            await channel.send(text)
        found = await channel.find_sent(text)

    assert found == api.accepted[0].id


async def test_an_sms_that_never_left_is_not_found(clock: MovedClock) -> None:
    """It did not go, so it must."""
    async with twilio(clock, []) as (api, channel):
        api.faults.drop_before(of="create")
        text = Outbound("k1", Address("sms", PHONE), "AM: who is in?", sent_after=clock.now())

        with pytest.raises(TryLater):
            await channel.send(text)

        assert await channel.find_sent(text) is None


async def test_twilio_tells_what_it_received_and_could_not_bring(clock: MovedClock) -> None:
    """On the channel on which it came, with its words and its moment; nothing that we sent."""
    async with twilio(clock, []) as (api, channel):
        before = api.type_text(PHONE, "too early")
        clock.move_to(HALF_NINE + timedelta(minutes=20))
        sid = api.type_text(PHONE, "chloe off")
        api.type_text(PHONE, "by the other way", network="whatsapp")
        await channel.send(Outbound(key="1", address=Address("sms", PHONE), text="Thanks"))

        came = await channel.received(HALF_NINE + timedelta(minutes=10))

    assert before != sid
    assert came == (
        (
            Inbound(sid, Address("sms", PHONE), InboundKind.TEXT, "chloe off"),
            HALF_NINE + timedelta(minutes=20),
        ),
    )
