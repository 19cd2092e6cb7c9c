"""
What Twilio's hook calls say: a message from a phone, or how far a text of ours came.

SMS and WhatsApp share one hook each way, so one function reads all four, and the address says
which channel it was. A call is believed if any of our tokens signed it over the public URL.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlsplit

import structlog
from twilio.request_validator import (
    RequestValidator,
    get_signature_algorithm,
)

from apbot.channels.protocol import Hook, Untrusted
from apbot.channels.twilio_codes import undelivered
from apbot.domain.messages import Address, Inbound, InboundKind, Receipt, ReceiptState

log = structlog.get_logger()

SMS = "sms"
WHATSAPP = "whatsapp"

_STATES = {
    "sent": ReceiptState.SENT,
    "delivered": ReceiptState.DELIVERED,
    "read": ReceiptState.DELIVERED,
    "undelivered": ReceiptState.FAILED,
    "failed": ReceiptState.FAILED,
    "canceled": ReceiptState.FAILED,
}

Form = Mapping[str, str]


def receive_hook(hook: Hook, auth_tokens: Sequence[str]) -> Sequence[Inbound | Receipt]:
    """
    Read one call of /hooks/twilio/message or /hooks/twilio/status.

    `hook.url` is the public URL, as Twilio signed it. Raises Untrusted.
    """
    form = dict(parse_qsl(hook.body.decode("utf-8", "replace"), keep_blank_values=True))
    if not is_signed(hook, form, auth_tokens):
        raise Untrusted("the call is not signed with our Twilio token")
    is_status = urlsplit(hook.url).path.rstrip("/").endswith("/status")
    found = _receipt(form) if is_status else _inbound(form)
    return () if found is None else (found,)


def address_of(written: str) -> Address:
    """Return the address that Twilio writes as `+447…` or `whatsapp:+447…`."""
    prefix, _, number = written.rpartition(":")
    return Address(WHATSAPP if prefix == WHATSAPP else SMS, number)


def is_signed(hook: Hook, form: Form, auth_tokens: Sequence[str]) -> bool:
    """Whether one of our tokens signed this call."""
    signature = hook.headers.get("x-twilio-signature", "")
    algorithm = get_signature_algorithm(hook.headers.get("x-twilio-webhooks-signature-settings"))
    return any(
        RequestValidator(token).validate(hook.url, form, signature, algorithm)
        for token in auth_tokens
        if token
    )


def _inbound(form: Form) -> Inbound | None:
    sid = form.get("MessageSid") or form.get("SmsSid")
    sender = form.get("From")
    if not sid or not sender:
        log.error("twilio brought a message without its sid or sender", keys=sorted(form))
        return None
    kind, text = _said(form)
    return Inbound(
        network_id=sid,
        address=address_of(sender),
        kind=kind,
        text=text,
        answers=form.get("OriginalRepliedMessageSid") or None,
    )


def _said(form: Form) -> tuple[InboundKind, str]:
    """Return what was done: our buttons' ids are their places, and the label goes along."""
    tapped, words = form.get("ButtonPayload"), form.get("Body", "")
    if not tapped:
        return _typed(form.get("OptOutType", ""), words), words
    if tapped.isascii() and tapped.isdigit():
        return InboundKind.KEY, f"{tapped} {form.get('ButtonText') or words}".strip()
    return InboundKind.TAP, tapped


def _typed(opt_out: str, words: str) -> InboundKind:
    """Return what a word was that Twilio took as its own: an account may have words of its own."""
    plain = words.strip().upper()
    if opt_out == "STOP" and plain != "STOP":
        return InboundKind.STOPPED
    if opt_out == "START" and plain not in ("START", "YES", "UNSTOP"):
        return InboundKind.AGAIN
    return InboundKind.TEXT


def _receipt(form: Form) -> Receipt | None:
    sid = form.get("MessageSid") or form.get("SmsSid")
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if not sid:
        return None
    channel = address_of(form.get("To", "")).channel
    return read_status(channel, sid, status, form.get("ErrorCode", ""))


def read_status(channel: str, sid: str, status: str, error_code: str) -> Receipt | None:
    """Return what Twilio's status of a text says; None where it says nothing yet."""
    state = _STATES.get(status)
    if state is None:
        return None
    if state is not ReceiptState.FAILED:
        return Receipt(channel, sid, state)
    is_code = error_code.isascii() and error_code.isdigit()
    why = undelivered(int(error_code) if is_code else None)
    return Receipt(channel, sid, state, why.because, why.address_gone)
