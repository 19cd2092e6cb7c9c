from typing import Any
from urllib.parse import urlencode

import pytest
from twilio.request_validator import (
    RequestValidator,
)

from apbot.channels.protocol import Hook, Untrusted
from apbot.channels.twilio import SmsChannel, WhatsappChannel
from apbot.channels.twilio_hooks import read_status, receive_hook
from apbot.domain.messages import Address, Inbound, InboundKind, Receipt, ReceiptState

ACCOUNT = "AC00000000000000000000000000000001"
MESSAGE_URL = "https://ap.example.org/hooks/twilio/message"
STATUS_URL = "https://ap.example.org/hooks/twilio/status"
SID = "SM00000000000000000000000000000009"

SMS_FORM = {
    "AccountSid": ACCOUNT,
    "ApiVersion": "2010-04-01",
    "Body": "all in except Zoë",
    "From": "+447700900123",
    "FromCountry": "GB",
    "FromCity": "",
    "MessageSid": SID,
    "NumMedia": "0",
    "NumSegments": "1",
    "SmsMessageSid": SID,
    "SmsSid": SID,
    "SmsStatus": "received",
    "To": "+447700900000",
}
WHATSAPP_FORM = SMS_FORM | {
    "From": "whatsapp:+447700900123",
    "To": "whatsapp:+447700900000",
    "ProfileName": "Ash",
    "WaId": "447700900123",
}
STATUS_FORM = {
    "AccountSid": ACCOUNT,
    "From": "+447700900000",
    "MessageSid": SID,
    "MessageStatus": "delivered",
    "SmsSid": SID,
    "SmsStatus": "delivered",
    "To": "+447700900123",
}


def signed(url: str, form: dict[str, str], token: str = "token") -> Hook:
    """Return the call as Twilio makes it, by Twilio's own signing."""
    signature = RequestValidator(token).compute_signature(url, form)
    return Hook(url, {"x-twilio-signature": signature}, urlencode(form).encode())


def inbound(text: str, **fields: Any) -> Inbound:
    said: dict[str, Any] = {
        "network_id": SID,
        "address": Address("sms", "+447700900123"),
        "kind": InboundKind.TEXT,
    }
    return Inbound(text=text, **said | fields)


@pytest.mark.parametrize(
    ("form", "happening"),
    [
        pytest.param(SMS_FORM, inbound("all in except Zoë"), id="an-sms"),
        pytest.param(
            SMS_FORM | {"Body": "", "NumMedia": "1", "MediaUrl0": "https://x/y"},
            inbound(""),
            id="a-picture-without-words-is-not-lost",
        ),
        pytest.param(
            SMS_FORM | {"Body": "STOP", "OptOutType": "STOP"}, inbound("STOP"), id="stop-is-a-text"
        ),
        pytest.param(
            SMS_FORM | {"Body": "finito", "OptOutType": "STOP"},
            inbound("finito", kind=InboundKind.STOPPED),
            id="a-word-by-which-this-account-stops",
        ),
        pytest.param(
            SMS_FORM | {"Body": "dale", "OptOutType": "START"},
            inbound("dale", kind=InboundKind.AGAIN),
            id="a-word-by-which-this-account-starts-again",
        ),
        pytest.param(
            SMS_FORM | {"Body": "yes", "OptOutType": "START"}, inbound("yes"), id="yes-is-a-yes"
        ),
        pytest.param(
            WHATSAPP_FORM,
            inbound("all in except Zoë", address=Address("whatsapp", "+447700900123")),
            id="a-whatsapp-message-has-its-own-address",
        ),
        pytest.param(
            WHATSAPP_FORM
            | {"Body": "All in", "ButtonText": "All in", "ButtonPayload": "all:12"}
            | {"OriginalRepliedMessageSid": "SM01"},
            inbound(
                "all:12",
                kind=InboundKind.TAP,
                answers="SM01",
                address=Address("whatsapp", "+447700900123"),
            ),
            id="a-quick-reply-is-a-tap",
        ),
        pytest.param(
            WHATSAPP_FORM
            | {"Body": "Show the list", "ButtonText": "Show the list", "ButtonPayload": "1"}
            | {"OriginalRepliedMessageSid": "SM01"},
            inbound(
                "1 Show the list",
                kind=InboundKind.KEY,
                answers="SM01",
                address=Address("whatsapp", "+447700900123"),
            ),
            id="a-button-of-ours-is-its-number-and-its-label",
        ),
        pytest.param(
            WHATSAPP_FORM | {"Body": "no", "OriginalRepliedMessageSid": "SM01"},
            inbound("no", answers="SM01", address=Address("whatsapp", "+447700900123")),
            id="a-quote-names-the-text",
        ),
    ],
)
def test_a_message_is_read(form: dict[str, str], happening: Inbound) -> None:
    """What a person sent, as Twilio's own bytes tell it."""
    assert receive_hook(signed(MESSAGE_URL, form), ["token"]) == (happening,)


@pytest.mark.parametrize(
    ("changes", "receipt"),
    [
        ({"MessageStatus": "sent"}, Receipt("sms", SID, ReceiptState.SENT)),
        ({"MessageStatus": "delivered"}, Receipt("sms", SID, ReceiptState.DELIVERED)),
        (
            {"MessageStatus": "read", "To": "whatsapp:+447700900123"},
            Receipt("whatsapp", SID, ReceiptState.DELIVERED),
        ),
        (
            {"MessageStatus": "undelivered", "ErrorCode": "30003"},
            Receipt(
                "sms",
                SID,
                ReceiptState.FAILED,
                "the phone could not be reached: off, out of signal or out of service "
                "(Twilio 30003)",
            ),
        ),
        (
            {"MessageStatus": "undelivered", "ErrorCode": "30006"},
            Receipt(
                "sms",
                SID,
                ReceiptState.FAILED,
                "a landline, or a network that takes no texts (Twilio 30006)",
                address_gone=True,
            ),
        ),
        (
            {"MessageStatus": "failed", "ErrorCode": "63016", "To": "whatsapp:+447700900123"},
            Receipt(
                "whatsapp",
                SID,
                ReceiptState.FAILED,
                "WhatsApp allows this only within 24 hours of the person's last message "
                "(Twilio 63016)",
            ),
        ),
        (
            {"MessageStatus": "failed", "ErrorCode": "39999"},
            Receipt("sms", SID, ReceiptState.FAILED, "not delivered (Twilio error 39999)"),
        ),
        (
            {"MessageStatus": "failed"},
            Receipt(
                "sms",
                SID,
                ReceiptState.FAILED,
                "not delivered, and the network does not say why",
            ),
        ),
    ],
)
def test_a_receipt_is_read(changes: dict[str, str], receipt: Receipt) -> None:
    """How far a text came, and why no further, in words for the office."""
    assert receive_hook(signed(STATUS_URL, STATUS_FORM | changes), ["token"]) == (receipt,)


@pytest.mark.parametrize("status", ["accepted", "queued", "sending", "scheduled", "new-one", ""])
def test_a_status_on_the_way_says_nothing(status: str) -> None:
    """A text that waits at Twilio is neither sent nor failed."""
    form = STATUS_FORM | {"MessageStatus": status, "SmsStatus": status}

    assert receive_hook(signed(STATUS_URL, form), ["token"]) == ()


def test_a_message_without_a_sender_is_left_aside() -> None:
    """There is nobody to answer."""
    form = {key: value for key, value in SMS_FORM.items() if key != "From"}

    assert receive_hook(signed(MESSAGE_URL, form), ["token"]) == ()


def test_either_channel_reads_both_channels_hooks() -> None:
    """They share a hook, so one of them is asked for all."""
    for channel in (SmsChannel(ACCOUNT, ["token"]), WhatsappChannel(ACCOUNT, ["token"])):
        [sms] = channel.receive(signed(MESSAGE_URL, SMS_FORM))
        [whatsapp] = channel.receive(signed(MESSAGE_URL, WHATSAPP_FORM))

        assert isinstance(sms, Inbound)
        assert isinstance(whatsapp, Inbound)
        assert (sms.address.channel, whatsapp.address.channel) == ("sms", "whatsapp")


def test_any_of_our_tokens_may_have_signed() -> None:
    """A token is changed without losing what is signed with the old one."""
    hook = signed(MESSAGE_URL, SMS_FORM, token="old")

    assert len(receive_hook(hook, ["new", "old"])) == 1
    with pytest.raises(Untrusted):
        receive_hook(hook, ["new"])


def test_a_signature_holds_for_its_url_alone() -> None:
    """A call meant for another address is not ours."""
    hook = signed("https://elsewhere.example.org/hooks/twilio/message", SMS_FORM)

    with pytest.raises(Untrusted):
        receive_hook(Hook(MESSAGE_URL, hook.headers, hook.body), ["token"])


def test_a_signed_url_may_name_its_port() -> None:
    """Twilio signs with the port or without it."""
    hook = signed("https://ap.example.org:443/hooks/twilio/message", SMS_FORM)

    assert len(receive_hook(Hook(MESSAGE_URL, hook.headers, hook.body), ["token"])) == 1


def test_an_empty_token_signs_nothing() -> None:
    """A setting left out must not open the door."""
    with pytest.raises(Untrusted):
        receive_hook(signed(MESSAGE_URL, SMS_FORM, token=""), [""])


@pytest.mark.parametrize(
    ("code", "says", "is_gone"),
    [
        (21610, "has sent STOP", True),
        (30003, "off, out of signal or out of service", False),
        (30004, "blocks our texts", False),
        (30005, "no such number", True),
        (30006, "a landline", True),
        (30007, "filtered the text out", False),
        (30008, "does not say why", False),
        (63016, "within 24 hours", False),
        (99999, "error 99999", False),
        ("", "does not say why", False),
    ],
)
@pytest.mark.parametrize("status", ["undelivered", "failed"])
def test_a_code_says_why_and_whether_to_try_again(
    status: str, code: object, says: str, is_gone: bool
) -> None:
    """What each means stands in one table: whether the address is of use to any later text."""
    receipt = read_status("sms", SID, status, str(code))

    assert receipt is not None
    assert (receipt.state, receipt.address_gone) == (ReceiptState.FAILED, is_gone)
    assert says in receipt.says
