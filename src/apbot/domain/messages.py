"""
What passes between us and the networks: addresses, texts, replies, taps and receipts.

These are the only values a channel knows. They carry words, never their meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SLIP = "slip"
"""The channel of what is tapped or written on the page behind a text's link."""

VOICE = "voice"
"""The channel that calls. It carries no reply and is nobody's own: it rings the mobile number."""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where on a channel: an E.164 number for sms, whatsapp and slips, a chat id for telegram."""

    channel: str
    value: str


@dataclass(frozen=True, slots=True)
class Button:
    """A tap offered under a text. `data` comes back as typed here, at most 64 bytes."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Content:
    """
    Words that the network holds already, under a name of ours, and what goes into their places.

    WhatsApp takes nothing else from us once a day has passed since the person wrote.
    """

    name: str
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said in a telephone call; without `press` no key is waited for."""

    text: str
    press: str = ""
    thanks: str = ""


@dataclass(frozen=True, slots=True)
class Outbound:
    """
    One text as it will be sent.

    `key` is our own id of it, the same at every attempt. `edits` is the network's id of an earlier
    text that this one replaces in place, where the channel can. `patience` is how long the network
    may go on trying to deliver it. `sent_after` bounds a search for a text of unknown fate (UTC).
    `content` is set where the text is one that the network holds: `text` is then how it reads.
    """

    key: str
    address: Address
    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    edits: str | None = None
    patience: timedelta = timedelta(hours=4)
    sent_after: datetime | None = None
    content: Content | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """
    How fast a network takes texts from our one account.

    `per_second` counts texts, or their parts where it `counts_parts`. Two texts to one address lie
    `to_one` apart, and `to_group` where the address is a group's.
    """

    per_second: float
    counts_parts: bool = False
    to_one: timedelta = timedelta()
    to_group: timedelta = timedelta()

    def takes(self, parts: int) -> timedelta:
        """Return how long the account is taken up by a text of so many parts."""
        return timedelta(seconds=(parts if self.counts_parts else 1) / self.per_second)

    def apart(self, address: Address) -> timedelta:
        """Return how far apart two texts to this address lie. Groups have ids below 0."""
        return self.to_group if address.value.startswith("-") else self.to_one


class InboundKind(StrEnum):
    """What a person did on their phone."""

    TEXT = "text"
    TAP = "tap"
    KEY = "key"  # pressed the n-th button of a text; `text` is "2", or "2 Some not in"
    START = "start"  # pressed Start on a Telegram link; `text` is the link's token
    STOPPED = "stopped"  # stopped our texts at the network itself, in a word of that network's
    AGAIN = "again"  # let them come again there; `text` is the word
    BLOCKED = "blocked"  # blocked the bot, or took it out of a group
    ADDED = "added"  # added the bot to a group
    MOVED = "moved"  # a group has a new id; `text` is the new address's value


@dataclass(frozen=True, slots=True)
class Inbound:
    """
    One thing a person did, as the network told it.

    `network_id` is unique on its channel and the same at each repeat. `text` is what was typed,
    untouched, or a tap's data. `answers` is the network's id of the text tapped or quoted.
    `callback_id` is what an answer to a tap must name. `chat_title` is set for a group chat;
    `sender` is who of it did this.
    """

    network_id: str
    address: Address
    kind: InboundKind
    text: str
    answers: str | None = None
    sender: str | None = None
    callback_id: str | None = None
    chat_title: str | None = None
    sent_at: datetime | None = None

    @property
    def is_in_group(self) -> bool:
        """Whether others read along: it was not said to the bot alone."""
        return self.chat_title is not None

    @property
    def speaks_from(self) -> Address:
        """
        The address that this counts as coming from.

        A slip's is the phone that has its link; a call's the number that it rang.
        """
        is_by_number = self.address.channel in (SLIP, VOICE)
        return Address("sms", self.address.value) if is_by_number else self.address


class ReceiptState(StrEnum):
    """How far a text came, in the network's word."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network's word on a text's delivery. `says` is its own words and code, made plain."""

    channel: str
    network_id: str
    state: ReceiptState
    says: str = ""
    address_gone: bool = False
