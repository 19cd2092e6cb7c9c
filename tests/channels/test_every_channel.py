"""What every installed channel must do, whatever its network."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from tests.channels.network import Network, telegram_no, telegram_sent, twilio_no, twilio_sent
from twilio.request_validator import (
    RequestValidator,
)

from apbot.channels.installed import installed
from apbot.channels.protocol import (
    AddressGone,
    Channel,
    FateUnknown,
    Hook,
    Refused,
    SendError,
    TryLater,
    Untrusted,
)
from apbot.channels.telegram import TelegramChannel
from apbot.channels.twilio import SmsChannel, WhatsappChannel
from apbot.channels.twilio_voice import VoiceChannel
from apbot.domain.messages import Address, Button, Inbound, InboundKind, Outbound

ACCOUNT = "AC00000000000000000000000000000001"
PHONE = "+447700900123"
HOOKS = "https://ap.example.org/hooks"


@dataclass(frozen=True, slots=True)
class Bench:
    """One channel's own way to be made, signed for, and answered."""

    make: Callable[[Network], Channel]
    address: Address
    hook: Callable[[], Hook]
    sent: Callable[[], httpx.Response]
    sent_id: str
    throttled: Callable[[], httpx.Response]
    broken: Callable[[], httpx.Response]
    gone: Callable[[], httpx.Response]
    refused: Callable[[], httpx.Response]
    locked_out: Callable[[], httpx.Response]
    said: tuple[InboundKind, str] = (InboundKind.TEXT, "all in")


def a_telegram_hook() -> Hook:
    person = {"id": 7001, "is_bot": False, "first_name": "Ash"}
    said = {"message_id": 52, "from": person, "chat": {"id": 7001, "type": "private"}, "date": 1}
    body = json.dumps({"update_id": 1001, "message": said | {"text": "all in"}}).encode()
    headers = {"x-telegram-bot-api-secret-token": "secret"}
    return Hook(f"{HOOKS}/telegram", headers, body)


def a_twilio_hook(prefix: str) -> Hook:
    url = f"{HOOKS}/twilio/message"
    form = {"MessageSid": "SM09", "From": f"{prefix}{PHONE}", "Body": "all in"}
    headers = {"x-twilio-signature": RequestValidator("token").compute_signature(url, form)}
    return Hook(url, headers, urlencode(form).encode())


def a_voice_hook() -> Hook:
    url = f"{HOOKS}/twilio/voice/key?text=k1"
    form = {"CallSid": "CA09", "To": PHONE, "Digits": "1"}
    headers = {"x-twilio-signature": RequestValidator("token").compute_signature(url, form)}
    return Hook(url, headers, urlencode(form).encode())


def a_voice_channel(network: Network) -> Channel:
    return VoiceChannel(
        ACCOUNT,
        ["token"],
        sender="+447700900000",
        public_url="https://ap.example.org",
        transport=network.transport,
    )


def a_telegram_channel(network: Network) -> Channel:
    return TelegramChannel("77009:t", webhook_secret="secret", transport=network.transport)


def twilio_bench(kind: type[SmsChannel], prefix: str) -> Bench:
    def make(network: Network) -> Channel:
        sender = "+447700900000"
        return kind(ACCOUNT, ["token"], sender=sender, transport=network.transport)

    return Bench(
        make=make,
        address=Address(kind.name, PHONE),
        hook=lambda: a_twilio_hook(prefix),
        sent=lambda: twilio_sent(sid="SM77"),
        sent_id="SM77",
        throttled=lambda: twilio_no(429, 20429, "Too Many Requests"),
        broken=lambda: httpx.Response(502, text="<html>Bad Gateway</html>"),
        gone=lambda: twilio_no(400, 21211, "Invalid 'To' Phone Number"),
        refused=lambda: twilio_no(400, 21617, "too long"),
        locked_out=lambda: twilio_no(401, 20003, "Authenticate"),
    )


BENCHES = {
    "telegram": Bench(
        make=a_telegram_channel,
        address=Address("telegram", "7001"),
        hook=a_telegram_hook,
        sent=telegram_sent,
        sent_id="7001:41",
        throttled=lambda: telegram_no(429, "Too Many Requests: retry after 7", retry_after=7),
        broken=lambda: httpx.Response(502, text="<html>Bad Gateway</html>"),
        gone=lambda: telegram_no(403, "Forbidden: bot was blocked by the user"),
        refused=lambda: telegram_no(400, "Bad Request: message is too long"),
        locked_out=lambda: telegram_no(401, "Unauthorized"),
    ),
    "sms": twilio_bench(SmsChannel, ""),
    "whatsapp": twilio_bench(WhatsappChannel, "whatsapp:"),
    "voice": Bench(
        make=a_voice_channel,
        address=Address("voice", PHONE),
        hook=a_voice_hook,
        said=(InboundKind.KEY, "1"),
        sent=lambda: httpx.Response(201, json={"sid": "CA77", "status": "queued"}),
        sent_id="CA77",
        throttled=lambda: twilio_no(429, 20429, "Too Many Requests"),
        broken=lambda: httpx.Response(502, text="<html>Bad Gateway</html>"),
        gone=lambda: twilio_no(400, 21211, "Invalid 'To' Phone Number"),
        refused=lambda: twilio_no(400, 21215, "Geo Permission"),
        locked_out=lambda: twilio_no(401, 20003, "Authenticate"),
    ),
}


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture(params=sorted(BENCHES))
def bench(request: pytest.FixtureRequest) -> Bench:
    return BENCHES[request.param]


@pytest.fixture
def channel(bench: Bench, network: Network) -> Channel:
    return bench.make(network)


@pytest.fixture
def text(bench: Bench) -> Outbound:
    buttons = ((Button("All in", "all:12"),),)
    return Outbound("k1", bench.address, "AM: who is in?", buttons, patience=timedelta(minutes=30))


async def failure(channel: Channel, text: Outbound) -> SendError:
    """Return how sending this text fails."""
    with pytest.raises(SendError) as failed:
        await channel.send(text)
    return failed.value


def test_every_installed_channel_is_held_to_this() -> None:
    """A channel that nobody tries is one that nobody can rely on."""
    assert set(installed()) == set(BENCHES)


def test_a_channel_is_named_as_it_is_installed(channel: Channel, bench: Bench) -> None:
    """Tables name a channel by its entry point."""
    assert channel.name == bench.address.channel
    assert isinstance(channel, installed()[channel.name])


def test_a_reply_is_read(channel: Channel, bench: Bench) -> None:
    """Words come through untouched, from the address that they will be answered at."""
    [said] = channel.receive(bench.hook())

    assert isinstance(said, Inbound)
    assert ((said.kind, said.text), said.address) == (bench.said, bench.address)


def test_the_same_bytes_are_the_same_reply(channel: Channel, bench: Bench) -> None:
    """Networks bring a hook again; its id is how it is known."""
    assert channel.receive(bench.hook()) == channel.receive(bench.hook())


@pytest.mark.parametrize("forged", ["", "wrong", "ünsigned"])
def test_a_forged_call_is_not_believed(channel: Channel, bench: Bench, forged: str) -> None:
    """Anybody can find the hook; only the network can sign for it."""
    hook = bench.hook()
    headers = dict.fromkeys(hook.headers, forged)

    with pytest.raises(Untrusted):
        channel.receive(Hook(hook.url, headers, hook.body))


def test_an_unsigned_call_is_not_believed(channel: Channel, bench: Bench) -> None:
    """No header is no signature."""
    with pytest.raises(Untrusted):
        channel.receive(Hook(bench.hook().url, {}, bench.hook().body))


async def test_a_text_is_sent_once_and_its_id_returned(
    channel: Channel, bench: Bench, network: Network, text: Outbound
) -> None:
    """The id is what its receipt, or a tap on it, will name."""
    network.will(bench.sent())

    sent_id = await channel.send(text)

    assert sent_id == bench.sent_id
    assert len(network.asked) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("throttled", TryLater),
        ("broken", TryLater),
        ("gone", AddressGone),
        ("refused", Refused),
        # Waiting would keep the next channel from being used while nobody hears of it.
        ("locked_out", Refused),
    ],
)
async def test_a_refusal_says_what_to_do_next(
    channel: Channel,
    bench: Bench,
    network: Network,
    text: Outbound,
    answer: str,
    kind: type[SendError],
) -> None:
    """Failures are a small closed set, and nothing is tried twice on a channel's own account."""
    make_answer: Callable[[], Any] = getattr(bench, answer)
    network.will(make_answer())

    failed = await failure(channel, text)

    assert isinstance(failed, kind)
    assert len(network.asked) == 1


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("no route"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("x")]
)
async def test_a_text_that_never_left_can_go_again(
    channel: Channel, network: Network, text: Outbound, error: Exception
) -> None:
    """Nothing was sent, so nothing can come twice."""
    network.will(error)

    failed = await failure(channel, text)

    assert isinstance(failed, TryLater)
    assert not isinstance(failed, FateUnknown)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.WriteError("reset"),
        httpx.RemoteProtocolError("closed without an answer"),
    ],
)
async def test_the_fate_of_a_text_without_an_answer_is_unknown(
    channel: Channel, network: Network, text: Outbound, error: Exception
) -> None:
    """It may have gone: whoever sends it again must know that."""
    network.will(error)

    assert isinstance(await failure(channel, text), FateUnknown)


async def test_an_answer_that_cannot_be_read_leaves_the_fate_unknown(
    channel: Channel, network: Network, text: Outbound
) -> None:
    """The network said yes, and lost its tongue."""
    network.will(httpx.Response(200, text="<html>"))

    assert isinstance(await failure(channel, text), FateUnknown)


@pytest.mark.parametrize("answer", ["throttled", "gone", "refused", "locked_out", "broken"])
async def test_a_failure_tells_no_secret_and_no_number(
    channel: Channel, bench: Bench, network: Network, text: Outbound, answer: str
) -> None:
    """Its words are logged, and shown on the board."""
    make_answer: Callable[[], Any] = getattr(bench, answer)
    network.will(make_answer())

    said = str(await failure(channel, text))

    assert said
    assert not any(secret in said for secret in (PHONE, "7001", "77009", "token'", ACCOUNT))


async def test_a_stopped_channel_can_be_started_again(
    channel: Channel, bench: Bench, network: Network, text: Outbound
) -> None:
    """A process that restarts its engine keeps its channels."""
    await channel.stop()
    if bench.address.channel == "telegram":
        network.will(httpx.ConnectError("no route"))
    await channel.start()
    network.will(bench.sent())

    assert await channel.send(text) == bench.sent_id

    await channel.stop()
