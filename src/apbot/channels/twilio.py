"""
Twilio: SMS and WhatsApp, through Twilio's own client over an HTTP client of ours.

Twilio takes no key that would make a request safe to repeat, so nothing here tries twice: a
request whose fate is unknown is said to be so, and can be looked up before it goes again.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from apbot.channels.protocol import FateUnknown, Hook, Refused
from apbot.channels.twilio_account import Account, moment_as, moment_in
from apbot.channels.twilio_hooks import SMS, WHATSAPP, address_of, read_status, receive_hook
from apbot.domain.messages import Content, Inbound, InboundKind, Outbound, Pace, Receipt

MESSAGES = "Messages"

MESSAGE_PATH = "/hooks/twilio/message"
STATUS_PATH = "/hooks/twilio/status"

# Twilio calls a hook once, and tries again only if the connection fails; these "connection
# overrides", never sent to us, ask for five more tries if we are slow or answer 5xx as well.
TRY_AGAIN = "#rc=5&rp=ct,rt,5xx"

RATES = {SMS: 10.0, WHATSAPP: 80.0}
"""How many parts (SMS) or texts (WhatsApp) a second Twilio sends of one number, unless told."""

_VALIDITY = (timedelta(seconds=1), timedelta(seconds=36000))

# What WhatsApp takes under a text that nobody has approved.
_MOST_QUICK = 3
_LONGEST_LABEL = 20
_LONGEST_QUICK = 1024

# How far back among the texts to one phone a lost one is looked for, and how far Twilio's clock
# (whose times are whole seconds) may be behind ours.
_LOOKED_THROUGH = 50
_RECEIVED = 1000  # the longest page of messages that Twilio gives
_CLOCKS_DIFFER = timedelta(seconds=2)
_NOT_GONE = ("failed", "undelivered", "canceled")


class Signed:
    """
    An account of Twilio's, signed in to.

    The first of `auth_tokens` signs in; any of them may have signed a hook call, so that a token
    can be changed without losing a reply. `base_url` is where the REST API is; None: the real one.
    """

    def __init__(
        self,
        account_sid: str,
        auth_tokens: Sequence[str],
        base_url: str | None,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._tokens = tuple(auth_tokens)
        self._account = Account(account_sid, self._tokens[0], base_url, transport)

    async def start(self) -> None:
        """Open the HTTP client."""
        self._account.open()

    async def stop(self) -> None:
        """Close connections."""
        await self._account.close()


class SmsChannel(Signed):
    """
    SMS by Twilio.

    `sender` is a number of the account, or `messaging_service_sid` picks one.
    `rate` is how many parts a second Twilio sends of it: faster, they would only wait there, where
    an alarm cannot pass them.
    """

    name = SMS

    def __init__(
        self,
        account_sid: str,
        auth_tokens: Sequence[str],
        *,
        sender: str | None = None,
        messaging_service_sid: str | None = None,
        base_url: str | None = None,
        public_url: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        rate: float | None = None,
    ) -> None:
        self.pace: Pace | None = Pace(rate or RATES[self.name], counts_parts=self.name == SMS)
        super().__init__(account_sid, auth_tokens, base_url, transport)
        self._from: dict[str, str] = {}
        if messaging_service_sid:
            self._from = {"MessagingServiceSid": messaging_service_sid}
        elif sender:
            self._from = {"From": self._written(sender)}
        self._hooks: dict[str, str] = {}
        if public_url:
            address = f"{public_url.rstrip('/')}{STATUS_PATH}{TRY_AGAIN}"
            self._hooks = {"StatusCallback": address}

    def receive(self, hook: Hook) -> Sequence[Inbound | Receipt]:
        """Read one call of either hook, for SMS and WhatsApp alike. Raises Untrusted."""
        return receive_hook(hook, self._tokens)

    async def send(self, text: Outbound) -> str:
        """Send one text and return its sid."""
        shortest, longest = _VALIDITY
        patience = min(max(text.patience, shortest), longest)
        sent = await self._account.create(
            MESSAGES,
            {
                "To": self._written(text.address.value),
                **self._worded(text),
                "ValidityPeriod": int(patience.total_seconds()),
                **self._from,
                **self._hooks,
            },
        )
        if not sent.get("sid"):
            raise FateUnknown("Twilio answered without an id; the text may have gone")
        return str(sent["sid"])

    async def find_sent(self, text: Outbound) -> str | None:
        """
        Return the sid of a text with these words to this address since `sent_after`, else None.

        One that failed does not count. Raises a SendError where Twilio cannot be asked.
        """
        if text.sent_after is None:
            return None
        since = text.sent_after.astimezone(UTC) - _CLOCKS_DIFFER
        # Not by Twilio's own filter: that goes by DateSent, which a queued text lacks.
        to = self._written(text.address.value)
        for message in await self._account.list(MESSAGES, {"To": to}, _LOOKED_THROUGH):
            if _is_it(message, text, since):
                return str(message["sid"])
        return None

    async def how_far(self, network_id: str) -> Receipt | None:
        """Ask Twilio how far a text came whose receipt is missing. Raises a SendError."""
        message = await self._account.fetch(MESSAGES, network_id)
        code = message.get("error_code")
        return read_status(self.name, network_id, str(message.get("status")), str(code or ""))

    async def received(self, since: datetime) -> Sequence[tuple[Inbound, datetime]]:
        """Ask Twilio which messages came to us since then on this channel. Raises a SendError."""
        asked = {"DateSent>": moment_as(since)}
        found = await self._account.list(MESSAGES, asked, _RECEIVED)
        came = [
            (_inbound(one), moment_in(one.get("date_sent")) or moment_in(one.get("date_created")))
            for one in reversed(found)
            if one.get("direction") == "inbound"
        ]
        return tuple(
            (inbound, at)
            for inbound, at in came
            if inbound.address.channel == self.name and at is not None and at >= since
        )

    def _written(self, number: str) -> str:
        """Return a number as Twilio writes it on this channel."""
        return number

    def _worded(self, text: Outbound) -> dict[str, str]:
        """Return what a request says. An SMS has no buttons: the words say it all."""
        return {"Body": text.text}


class WhatsappChannel(SmsChannel):
    """
    WhatsApp by Twilio: the same account, other addresses.

    WhatsApp takes free words only within 24 hours of the person's last message; outside it only
    what it has approved, and the receipt says so (Twilio 63016). `templates` are Twilio's ids
    (HX…) by name; "quick_1" to "quick_3" carry a text with as many buttons, within the 24 hours.
    """

    name = WHATSAPP

    def __init__(
        self,
        account_sid: str,
        auth_tokens: Sequence[str],
        *,
        templates: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(account_sid, auth_tokens, **more)
        self._templates = dict(templates or {})

    def _written(self, number: str) -> str:
        return number if number.startswith(f"{WHATSAPP}:") else f"{WHATSAPP}:{number}"

    def _worded(self, text: Outbound) -> dict[str, str]:
        content = text.content or _with_quick_replies(text)
        sid = self._templates.get(content.name) if content is not None else None
        if content is None or (sid is None and text.content is None):
            return {"Body": text.text}
        if sid is None:
            raise Refused(f"our WhatsApp template {content.name} has no id at Twilio")
        places = json.dumps(dict(content.places), ensure_ascii=False)
        return {"ContentSid": sid, "ContentVariables": places}


def _with_quick_replies(text: Outbound) -> Content | None:
    """Return a text with its buttons as WhatsApp takes them, or None where it takes them not."""
    labels = [button.label for row in text.buttons for button in row]
    if not 1 <= len(labels) <= _MOST_QUICK or len(text.text) > _LONGEST_QUICK:
        return None
    said = {"1": text.text} | {str(n): label for n, label in enumerate(labels, 2)}
    is_short = all(len(label) <= _LONGEST_LABEL for label in labels)
    return Content(f"quick_{len(labels)}", said) if is_short else None


def _inbound(message: Mapping[str, Any]) -> Inbound:
    sender, words = str(message.get("from")), str(message.get("body") or "")
    return Inbound(str(message.get("sid")), address_of(sender), InboundKind.TEXT, words)


def _is_it(message: Mapping[str, Any], text: Outbound, since: datetime) -> bool:
    created_at = moment_in(message.get("date_created"))
    return (
        str(message.get("direction")).startswith("outbound")
        and message.get("status") not in _NOT_GONE
        and str(message.get("body") or "").strip() == text.text.strip()
        and created_at is not None
        and created_at >= since
    )
