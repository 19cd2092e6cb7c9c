"""Calls by Twilio: what is asked of it, what its hooks say, and what it is told to say."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import httpx
import pytest
from tests.channels.network import Network
from twilio.request_validator import RequestValidator

from apbot.channels.protocol import Confirms, Hook, LooksUp, Speaks, Untrusted
from apbot.channels.twilio_voice import APART, LASTS, RINGS, VoiceChannel
from apbot.domain.messages import (
    Address,
    Inbound,
    InboundKind,
    Outbound,
    Receipt,
    ReceiptState,
    Spoken,
)

ACCOUNT = "AC00000000000000000000000000000001"
PHONE = "+447700900123"
OURS = "+447700900000"
AGAIN = "#rc=5&rp=ct,rt,5xx"
"""What has Twilio call us again where the connection fails."""

PUBLIC = "https://ap.example.org"
SID = "CA00000000000000000000000000000009"
HALF_NINE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WORDS = Spoken("Zara I is not accounted for at Fenlane.", "Press 1 to take it on.", "It is yours.")
TEXT = Outbound("12", Address("voice", PHONE), WORDS.text, sent_after=HALF_NINE)


def a_call(**fields: Any) -> dict[str, Any]:
    """A Call resource, as far as anybody looks at it."""
    made = "Mon, 23 Nov 2026 09:30:00 +0000"
    call = {"sid": SID, "status": "queued", "direction": "outbound-api", "date_created": made}
    return call | {"account_sid": ACCOUNT, "to": PHONE, "from": OURS} | fields


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def channel(network: Network) -> VoiceChannel:
    return VoiceChannel(
        ACCOUNT, ["token"], sender=OURS, public_url=PUBLIC, transport=network.transport
    )


def a_hook(path: str, token: str = "token", **form: str) -> Hook:
    """A hook call of a telephone call, signed."""
    given = {"CallSid": SID, "From": OURS, "To": PHONE, "CallStatus": "in-progress"} | form
    url = f"{PUBLIC}/hooks/twilio/voice{path}"
    signature = RequestValidator(token).compute_signature(url, given)
    return Hook(url, {"x-twilio-signature": signature}, urlencode(given).encode())


def verbs(said: bytes) -> list[str]:
    return [verb.tag for verb in ElementTree.fromstring(said)]


def spoken(said: bytes) -> str:
    return " ".join(ElementTree.fromstring(said).itertext())


def test_it_can_be_asked_and_asks(channel: VoiceChannel) -> None:
    """What only some networks can do, and this one does."""
    assert isinstance(channel, Speaks)
    assert isinstance(channel, Confirms)
    assert isinstance(channel, LooksUp)


async def test_a_call_is_made_as_twilio_wants_it(channel: VoiceChannel, network: Network) -> None:
    """It asks us what to say, hears machines, and rings for less than a voicemail waits."""
    network.will(httpx.Response(201, json=a_call()))

    assert await channel.send(TEXT) == SID

    assert network.form() == {
        "To": PHONE,
        "From": OURS,
        "Url": f"{PUBLIC}/hooks/twilio/voice?text=12#rc=5&rp=ct,rt,5xx",
        "Method": "POST",
        "StatusCallback": f"{PUBLIC}/hooks/twilio/voice/status#rc=5&rp=ct,rt,5xx",
        "StatusCallbackMethod": "POST",
        "MachineDetection": "Enable",
        "Timeout": "25",
        "TimeLimit": "90",
    }


def test_two_calls_to_one_phone_cannot_be_on_at_once(channel: VoiceChannel) -> None:
    """They lie farther apart than one can ring and last."""
    assert channel.pace is not None
    assert channel.pace.apart(Address("voice", PHONE)) == APART
    assert RINGS + LASTS < APART


@pytest.mark.parametrize(
    ("form", "state", "says"),
    [
        ({"CallStatus": "no-answer"}, ReceiptState.FAILED, "nobody answered"),
        ({"CallStatus": "busy"}, ReceiptState.FAILED, "engaged"),
        ({"CallStatus": "failed"}, ReceiptState.FAILED, "could not be put through"),
        ({"CallStatus": "canceled"}, ReceiptState.FAILED, "given up"),
        (
            {"CallStatus": "completed", "AnsweredBy": "machine_start"},
            ReceiptState.FAILED,
            "voicemail",
        ),
        ({"CallStatus": "completed", "AnsweredBy": "fax"}, ReceiptState.FAILED, "voicemail"),
        ({"CallStatus": "completed", "AnsweredBy": "human"}, ReceiptState.DELIVERED, ""),
        ({"CallStatus": "completed", "AnsweredBy": "unknown"}, ReceiptState.DELIVERED, ""),
        ({"CallStatus": "completed"}, ReceiptState.DELIVERED, ""),
    ],
)
def test_how_a_call_ended_is_its_receipt(
    channel: VoiceChannel, form: dict[str, str], state: ReceiptState, says: str
) -> None:
    """A voicemail has not been told, however politely it answered."""
    [receipt] = channel.receive(a_hook("/status", **form))

    assert isinstance(receipt, Receipt)
    assert (receipt.channel, receipt.network_id, receipt.state) == ("voice", SID, state)
    assert says in receipt.says


def test_a_call_that_is_on_is_no_receipt(channel: VoiceChannel) -> None:
    """It is over when it is over."""
    assert channel.receive(a_hook("?text=12", AnsweredBy="human")) == ()


def test_a_voicemail_is_known_before_the_call_is_over(channel: VoiceChannel) -> None:
    """The next one is called at once."""
    [receipt] = channel.receive(a_hook("?text=12", AnsweredBy="machine_start"))

    assert isinstance(receipt, Receipt)
    assert receipt.state is ReceiptState.FAILED


def test_the_key_is_a_button_of_that_text(channel: VoiceChannel) -> None:
    """From the number that was called; pressed twice is pressed once."""
    pressed = Inbound(f"{SID}:1", Address("voice", PHONE), InboundKind.KEY, "1", answers=SID)

    assert channel.receive(a_hook("/key?text=12", Digits="1")) == (pressed,)
    assert channel.receive(a_hook("/key?text=12", Digits="7")) == ()
    assert channel.receive(a_hook("/key?text=12", Digits="")) == ()


def test_a_call_that_twilio_did_not_sign_is_not_believed(channel: VoiceChannel) -> None:
    """Whoever finds the address could take on a case; and which text it is about is signed too."""
    hook = a_hook("/key?text=12", Digits="1")

    with pytest.raises(Untrusted):
        channel.receive(a_hook("/key?text=12", token="another", Digits="1"))
    with pytest.raises(Untrusted):
        channel.receive(Hook(hook.url.replace("12", "13"), hook.headers, hook.body))


def test_the_words_are_asked_for_once_somebody_has_answered(channel: VoiceChannel) -> None:
    """By our own key of the text; a machine and the end of a call ask for none."""
    assert channel.wants_words_of(a_hook("?text=12", AnsweredBy="human")) == "12"
    assert channel.wants_words_of(a_hook("/key?text=12", Digits="1")) == "12"
    assert channel.wants_words_of(a_hook("?text=12", AnsweredBy="machine_start")) is None
    assert channel.wants_words_of(a_hook("/status")) is None


def test_it_is_said_twice_and_a_key_is_waited_for(channel: VoiceChannel) -> None:
    """Then it rings off; the key comes back for the same text."""
    said = channel.tell(a_hook("?text=12", AnsweredBy="human"), WORDS)

    assert verbs(said) == ["Gather", "Gather", "Hangup"]
    assert f"{WORDS.text} {WORDS.press}" in spoken(said)
    gather = ElementTree.fromstring(said)[0]
    assert gather.get("action") == f"{PUBLIC}/hooks/twilio/voice/key?text=12{AGAIN}"
    assert (gather.get("numDigits"), gather.get("input")) == ("1", "dtmf")


def test_a_voicemail_hears_nothing(channel: VoiceChannel) -> None:
    """No name is left on a machine."""
    assert verbs(channel.tell(a_hook("?text=12", AnsweredBy="machine_start"), None)) == ["Hangup"]


def test_press_1_is_thanked_for_and_another_key_asks_again(channel: VoiceChannel) -> None:
    """A slip of the thumb is no answer."""
    taken = channel.tell(a_hook("/key?text=12", Digits="1"), WORDS)
    slipped = channel.tell(a_hook("/key?text=12", Digits="4"), WORDS)

    assert (verbs(taken), spoken(taken)) == (["Say", "Hangup"], WORDS.thanks)
    assert verbs(slipped) == ["Gather", "Gather", "Hangup"]
    assert spoken(slipped).startswith(WORDS.press)


def test_where_nothing_is_to_be_done_no_key_is_waited_for(channel: VoiceChannel) -> None:
    """Somebody has it by now."""
    said = channel.tell(a_hook("?text=12", AnsweredBy="human"), Spoken("It is taken."))

    assert (verbs(said), spoken(said)) == (["Say", "Hangup"], "It is taken.")


def test_what_is_said_cannot_be_markup(channel: VoiceChannel) -> None:
    """A provider may have an odd name."""
    words = Spoken("Ben & <Hangup/> Sons", "Press 1.")

    said = channel.tell(a_hook("?text=12", AnsweredBy="human"), words)

    assert "Ben & <Hangup/> Sons" in spoken(said)


@pytest.mark.parametrize(
    ("call", "found"),
    [
        (a_call(), SID),
        (a_call(date_created="Mon, 23 Nov 2026 09:29:00 +0000"), None),
        (a_call(direction="inbound"), None),
    ],
)
async def test_a_call_of_unknown_fate_is_looked_for(
    channel: VoiceChannel, network: Network, call: dict[str, Any], found: str | None
) -> None:
    """There is one call to a phone at a time, so whichever is there since is ours."""
    network.will(httpx.Response(200, json={"calls": [call], "next_page_uri": None, "page": 0}))

    assert await channel.find_sent(TEXT) == found
    assert network.asked[0].url.params["To"] == PHONE


async def test_a_missing_receipt_is_asked_for(channel: VoiceChannel, network: Network) -> None:
    """The hook of a call's end may be lost."""
    network.will(httpx.Response(200, json=a_call(status="no-answer")))

    receipt = await channel.how_far(SID)

    assert receipt is not None
    assert receipt.state is ReceiptState.FAILED
