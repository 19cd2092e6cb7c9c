"""
One Twilio account: its numbers, its messages, and what is true of the phones that it reaches.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apbot.sandbox.handsets import Arrival, Bubble, From, Handset, Handsets, Key
from apbot.sandbox.twilio_messages import Message, is_uk_landline

WINDOW = timedelta(hours=24)


@dataclass(slots=True)
class Subscriber:
    """
    What is true of a number, whatever network reaches it.

    `fails_with` is the error of every delivery to it, `refused_with` the one with which the API
    refuses to take a text for it at all.
    """

    number: str
    name: str = ""
    fails_with: int | None = None
    refused_with: int | None = None
    has_stopped: bool = False
    wrote_whatsapp_at: datetime | None = None
    undelivered: list[Message] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Template:
    """
    A WhatsApp template: its words with {{1}}, and quick replies (title, id).

    One that WhatsApp has not approved can be sent within the window alone.
    """

    body: str
    keys: tuple[tuple[str, str], ...] = ()
    is_approved: bool = True


class TwilioAccount:
    """The account's own numbers and all that it remembers."""

    def __init__(
        self,
        sid: str,
        auth_token: str,
        sender: str,
        whatsapp_sender: str,
        messaging_service_sid: str | None,
    ) -> None:
        self.sid = sid
        self.auth_token = auth_token
        self.sender = sender
        self.whatsapp_sender = whatsapp_sender
        self.messaging_service_sid = messaging_service_sid
        self.sms = Handsets("sms", sender)
        self.whatsapp = Handsets("whatsapp", whatsapp_sender)
        self.messages: dict[str, Message] = {}
        self.templates: dict[str, Template] = {}
        self._subscribers: dict[str, Subscriber] = {}

    def subscriber(self, number: str) -> Subscriber:
        """Return what is true of a number. A UK landline takes no texts."""
        if number not in self._subscribers:
            fails = 30006 if is_uk_landline(number) else None
            self._subscribers[number] = Subscriber(number, fails_with=fails)
        return self._subscribers[number]

    def handsets(self, network: str) -> Handsets:
        """Return the threads of `sms` or `whatsapp`."""
        return self.whatsapp if network == "whatsapp" else self.sms

    def handset_of(self, message: Message) -> Handset:
        """Return the thread that an outbound message belongs to."""
        return self.handsets(message.network).get(message.number)

    def may_write_freely(self, number: str, now: datetime) -> bool:
        """Whether this person wrote by WhatsApp in the last 24 hours."""
        wrote_at = self.subscriber(number).wrote_whatsapp_at
        return wrote_at is not None and now - wrote_at <= WINDOW

    def show(self, message: Message, now: datetime, sender: From = From.BOT) -> None:
        """Put an outbound message on the phone, as far as it came."""
        handset = self.handset_of(message)
        states = {"delivered": Arrival.DELIVERED, "sent": Arrival.SENT}
        before = handset.find(message.sid)
        bubble = Bubble(
            id=message.sid,
            sender=sender,
            text=message.body,
            at=before.at if before else now,
            state=states.get(message.status, Arrival.FAILED),
            keys=tuple((Key(title, key_id),) for title, key_id in message.keys),
        )
        self.handsets(message.network).show(handset, bubble)
