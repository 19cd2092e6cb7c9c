import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.channels.network import Network, twilio_message, twilio_no, twilio_sent

from apbot.channels.protocol import (
    AddressGone,
    FateUnknown,
    LooksUp,
    Refused,
    SendError,
    TryLater,
)
from apbot.channels.twilio import SmsChannel, WhatsappChannel
from apbot.domain.messages import Address, Button, Content, Outbound

ACCOUNT = "AC00000000000000000000000000000001"
PHONE = "+447700900123"
HALF_NINE = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def network() -> Network:
    return Network()


def an_sms_channel(network: Network, **settings: Any) -> SmsChannel:
    given: dict[str, Any] = {"sender": "+447700900000"}
    return SmsChannel(ACCOUNT, ["new", "old"], transport=network.transport, **given | settings)


def a_text(channel: str = "sms", **fields: Any) -> Outbound:
    said: dict[str, Any] = {"text": "AM: who is in?", "address": Address(channel, PHONE)}
    return Outbound(key="k1", **said | fields)


def a_list(*messages: dict[str, Any], next_page_uri: str | None = None) -> httpx.Response:
    page = {"messages": list(messages), "next_page_uri": next_page_uri, "page": 0}
    return httpx.Response(200, json=page)


async def test_a_text_is_sent_as_twilio_wants_it(network: Network) -> None:
    """From our number, for as long as it is of use, and with a receipt to our hook."""
    network.will(twilio_sent(sid="SM77"))
    channel = an_sms_channel(network, public_url="https://ap.example.org")

    sent_id = await channel.send(
        a_text(patience=timedelta(minutes=30), buttons=((Button("All in", "all"),),))
    )

    assert sent_id == "SM77"
    assert network.form() == {
        "To": PHONE,
        "From": "+447700900000",
        "Body": "AM: who is in?",
        "ValidityPeriod": "1800",
        "StatusCallback": "https://ap.example.org/hooks/twilio/status#rc=5&rp=ct,rt,5xx",
    }
    asked = network.asked[0]
    assert asked.url.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert asked.url.host == "api.twilio.com"


async def test_the_first_token_signs_in(network: Network) -> None:
    """The others are only believed on hooks."""
    network.will(twilio_sent())

    await an_sms_channel(network).send(a_text())

    credentials = httpx.BasicAuth(ACCOUNT, "new")
    expected = next(credentials.auth_flow(httpx.Request("GET", "https://x")))
    assert network.asked[0].headers["authorization"] == expected.headers["authorization"]


async def test_whatsapp_addresses_are_written_as_such(network: Network) -> None:
    """Both ends of it."""
    network.will(twilio_sent())
    channel = WhatsappChannel(ACCOUNT, ["new"], sender="+447700900000", transport=network.transport)

    await channel.send(a_text("whatsapp"))

    assert network.form()["To"] == f"whatsapp:{PHONE}"
    assert network.form()["From"] == "whatsapp:+447700900000"


async def test_a_sender_already_written_for_whatsapp_is_taken(network: Network) -> None:
    """As a person may copy it from Twilio's pages."""
    network.will(twilio_sent())
    channel = WhatsappChannel(
        ACCOUNT, ["new"], sender="whatsapp:+447700900000", transport=network.transport
    )

    await channel.send(a_text("whatsapp"))

    assert network.form()["From"] == "whatsapp:+447700900000"


async def test_a_messaging_service_picks_the_sender(network: Network) -> None:
    """Where one is set, it goes before a number."""
    network.will(twilio_sent())

    await an_sms_channel(network, messaging_service_sid="MG01").send(a_text())

    assert network.form()["MessagingServiceSid"] == "MG01"
    assert "From" not in network.form()


@pytest.mark.parametrize(
    ("patience", "seconds"),
    [
        (timedelta(0), "1"),
        (timedelta(seconds=-5), "1"),
        (timedelta(hours=4), "14400"),
        (timedelta(hours=10), "36000"),
        (timedelta(days=2), "36000"),
    ],
)
async def test_patience_keeps_to_twilio_s_bounds(
    network: Network, patience: timedelta, seconds: str
) -> None:
    """Beyond them Twilio would refuse the text."""
    network.will(twilio_sent())

    await an_sms_channel(network).send(a_text(patience=patience))

    assert network.form()["ValidityPeriod"] == seconds


async def test_without_a_public_address_no_receipt_is_asked_for(network: Network) -> None:
    """Twilio refuses a text whose receipt could go nowhere."""
    network.will(twilio_sent())

    await an_sms_channel(network).send(a_text())

    assert "StatusCallback" not in network.form()


async def test_the_rest_api_is_where_the_setting_says(network: Network) -> None:
    """A stand-in, or another region of Twilio's."""
    network.will(twilio_sent())

    await an_sms_channel(network, base_url="http://127.0.0.1:8000/tw/").send(a_text())

    expected = f"http://127.0.0.1:8000/tw/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert str(network.asked[0].url) == expected


@pytest.mark.parametrize(
    ("status", "code", "kind", "said"),
    [
        (400, 21211, AddressGone, "this is not a phone number"),
        (400, 21614, AddressGone, "this is not a mobile number"),
        (400, 21610, AddressGone, "this person has sent STOP"),
        (403, 21408, Refused, "may not text this country"),
        (400, 21617, Refused, "over 1600 characters"),
        (400, 21606, Refused, "our sender is not one of"),
        (400, 63016, Refused, "within 24 hours of the person's last message"),
        (400, 63003, AddressGone, "this number is not on WhatsApp"),
        (401, 20003, Refused, "does not accept our account and token"),
        (403, 29999, Refused, "does not let us do this"),
        (400, 29999, Refused, "error 29999"),
        (429, 20429, TryLater, "slow down"),
        (429, 14107, TryLater, "slow down"),
        (503, 20503, TryLater, "out of order"),
        (500, 20500, FateUnknown, "it may have gone"),
    ],
)
async def test_each_refusal_has_its_meaning(
    network: Network, status: int, code: int, kind: type[SendError], said: str
) -> None:
    """What to do next, and why, in words for the office."""
    network.will(twilio_no(status, code))

    with pytest.raises(SendError, match=said) as failed:
        await an_sms_channel(network).send(a_text())

    assert type(failed.value) is kind


async def test_a_refusal_in_the_newer_form_is_read_too(network: Network) -> None:
    """Twilio moves to RFC 9457."""
    problem = {"type": "https://x", "title": "STOP", "status": 400, "code": 21610}
    network.will(httpx.Response(400, json=problem))

    with pytest.raises(AddressGone):
        await an_sms_channel(network).send(a_text())


def test_twilio_can_be_asked_what_it_sent(network: Network) -> None:
    """So that a text of unknown fate does not come twice."""
    assert isinstance(an_sms_channel(network), LooksUp)


async def test_a_text_that_went_is_found(network: Network) -> None:
    """By its words and its address, since it was first tried."""
    network.will(a_list(twilio_message(sid="SM03", body="other"), twilio_message(sid="SM02")))

    found = await an_sms_channel(network).find_sent(a_text(sent_after=HALF_NINE))

    assert found == "SM02"
    assert network.asked[0].url.params["To"] == PHONE


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(twilio_message(body="PM: who is in?"), id="other-words"),
        pytest.param(
            twilio_message(date_created="Mon, 23 Nov 2026 09:29:50 +0000"), id="an-earlier-text"
        ),
        pytest.param(twilio_message(status="undelivered"), id="one-that-failed"),
        pytest.param(twilio_message(status="failed"), id="one-that-was-refused"),
        pytest.param(twilio_message(direction="inbound"), id="one-that-came-in"),
        pytest.param(twilio_message(date_created=None), id="one-without-a-date"),
    ],
)
async def test_another_text_is_not_taken_for_it(network: Network, message: dict[str, Any]) -> None:
    """A text wrongly found is a text not sent."""
    network.will(a_list(message))

    assert await an_sms_channel(network).find_sent(a_text(sent_after=HALF_NINE)) is None


async def test_whole_seconds_do_not_hide_a_text(network: Network) -> None:
    """Twilio's times have none of the fractions that ours have."""
    network.will(a_list(twilio_message(sid="SM02")))
    sent_after = HALF_NINE + timedelta(seconds=0.7)

    assert await an_sms_channel(network).find_sent(a_text(sent_after=sent_after)) == "SM02"


async def test_no_answer_is_not_a_no(network: Network) -> None:
    """While Twilio cannot be asked, a text must not go again."""
    network.will(httpx.ConnectError("no route"))

    with pytest.raises(TryLater):
        await an_sms_channel(network).find_sent(a_text(sent_after=HALF_NINE))


async def test_without_a_bound_nothing_is_looked_for(network: Network) -> None:
    """Yesterday's prompt may have had the same words."""
    assert await an_sms_channel(network).find_sent(a_text()) is None
    assert network.asked == []


async def test_whatsapp_looks_among_whatsapp_messages(network: Network) -> None:
    """The same number has an SMS thread of its own."""
    network.will(a_list())
    channel = WhatsappChannel(ACCOUNT, ["new"], sender=PHONE, transport=network.transport)

    await channel.find_sent(a_text("whatsapp", sent_after=HALF_NINE))

    assert network.asked[0].url.params["To"] == f"whatsapp:{PHONE}"


def a_whatsapp_channel(network: Network, **settings: Any) -> WhatsappChannel:
    return WhatsappChannel(ACCOUNT, ["t"], sender=PHONE, transport=network.transport, **settings)


def buttons(*labels: str) -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(label, f"c:{label}"),) for label in labels)


async def test_a_template_goes_by_its_id_with_its_places(network: Network) -> None:
    """Twilio keeps the words: it is told which, and what stands in their places."""
    network.will(twilio_sent())
    channel = a_whatsapp_channel(network, templates={"register_due": "HX01"})
    content = Content("register_due", {"1": "AM", "2": "Zoë's farm"})

    await channel.send(a_text("whatsapp", content=content))

    form = network.form()
    assert (form["ContentSid"], json.loads(form["ContentVariables"])) == ("HX01", content.places)
    assert "Body" not in form


async def test_a_template_without_an_id_is_refused_and_asks_nobody(network: Network) -> None:
    """The setting was taken away after the text was kept: it goes another way."""
    with pytest.raises(Refused, match="register_due"):
        await a_whatsapp_channel(network).send(
            a_text("whatsapp", content=Content("register_due", {}))
        )


@pytest.mark.parametrize(
    ("labels", "sid"),
    [(("All in",), "HX1"), (("Yes", "No"), "HX2"), (("a", "b", "c"), "HX3")],
)
async def test_up_to_three_buttons_are_quick_replies(
    network: Network, labels: tuple[str, ...], sid: str
) -> None:
    """Within the day WhatsApp takes three, without approval."""
    network.will(twilio_sent())
    channel = a_whatsapp_channel(network, templates={f"quick_{n}": f"HX{n}" for n in (1, 2, 3)})

    await channel.send(a_text("whatsapp", buttons=buttons(*labels)))

    form = network.form()
    places = json.loads(form["ContentVariables"])
    assert (form["ContentSid"], list(places.values())) == (sid, ["AM: who is in?", *labels])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(a_text("whatsapp", buttons=buttons(*"abcd")), id="four"),
        pytest.param(a_text("whatsapp", buttons=buttons("x" * 21)), id="a-long-label"),
        pytest.param(a_text("whatsapp", text="x" * 1025, buttons=buttons("a")), id="a-long-text"),
        pytest.param(a_text("whatsapp", buttons=buttons("a", "b")), id="no-id-for-two"),
    ],
)
async def test_buttons_that_whatsapp_cannot_show_are_left_out(
    network: Network, text: Outbound
) -> None:
    """The words say it all: a text never waits for its buttons."""
    network.will(twilio_sent())
    channel = a_whatsapp_channel(network, templates={"quick_1": "HX1", "quick_4": "HX4"})

    await channel.send(text)

    assert network.form()["Body"] == text.text
