"""
Handsets: what a person sees on the phone in their hand.

A network writes here what it delivered and what its owner typed; the page of phones reads it.
Nothing of the product is known here, only bubbles with words in them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum


class From(StrEnum):
    """Who wrote a bubble."""

    BOT = "bot"
    OWNER = "owner"
    NETWORK = "network"


class Arrival(StrEnum):
    """How far a bubble came."""

    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Key:
    """A button under a bubble: what it says, and what a tap on it sends."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message in a thread. `at` is UTC; `answer` is the short notice after a tap."""

    id: str
    sender: From
    text: str
    at: datetime
    is_edited: bool = False
    state: Arrival | None = None
    keys: tuple[tuple[Key, ...], ...] = ()
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """One text that the network took. `kind` is `send` or `edit`; `at` is UTC."""

    at: datetime
    to: str
    text: str
    id: str
    kind: str = "send"
    keys: tuple[tuple[Key, ...], ...] = ()


@dataclass(slots=True)
class Handset:
    """One thread on one phone: between its owner and the bot, on one network."""

    network: str
    address: str
    bot: str
    owner: str = ""
    is_off: bool = False
    is_blocked: bool = False
    unread: int = 0
    bubbles: list[Bubble] = field(default_factory=list)

    def find(self, bubble_id: str) -> Bubble | None:
        """Return the bubble with this id, or None."""
        return next((bubble for bubble in self.bubbles if bubble.id == bubble_id), None)


class Handsets:
    """All the threads of one network, by address, and who wants to know when one changes."""

    def __init__(self, network: str, bot: str) -> None:
        self.network = network
        self.bot = bot
        self._by_address: dict[str, Handset] = {}
        self._watchers: list[Callable[[Handset], None]] = []

    def __iter__(self) -> Iterator[Handset]:
        return iter(tuple(self._by_address.values()))

    def get(self, address: str) -> Handset:
        """Return the thread of this address; an address never seen before gets an empty one."""
        if address not in self._by_address:
            self._by_address[address] = Handset(self.network, address, self.bot)
        return self._by_address[address]

    def watch(self, watcher: Callable[[Handset], None]) -> None:
        """Call `watcher` with every handset that changes."""
        self._watchers.append(watcher)

    def show(self, handset: Handset, bubble: Bubble) -> None:
        """Add a bubble, or put it in the place of the one with its id."""
        for index, shown in enumerate(handset.bubbles):
            if shown.id == bubble.id:
                handset.bubbles[index] = bubble
                break
        else:
            handset.bubbles.append(bubble)
            handset.unread = 0 if bubble.sender is From.OWNER else handset.unread + 1
        self.changed(handset)

    def mark(self, handset: Handset, bubble_id: str, state: Arrival) -> None:
        """Note how far a bubble came."""
        bubble = handset.find(bubble_id)
        if bubble is not None and bubble.state is not state:
            self.show(handset, replace(bubble, state=state))

    def read(self, handset: Handset) -> None:
        """Note that the owner has looked."""
        if handset.unread:
            handset.unread = 0
            self.changed(handset)

    def take_away(self, handset: Handset, bubble_id: str) -> None:
        """Remove a bubble."""
        handset.bubbles = [bubble for bubble in handset.bubbles if bubble.id != bubble_id]
        self.changed(handset)

    def changed(self, handset: Handset) -> None:
        """Tell the watchers."""
        for watcher in self._watchers:
            watcher(handset)
