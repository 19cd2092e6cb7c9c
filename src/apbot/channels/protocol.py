"""
What a channel is: a way to reach a phone, and to be reached from one.

A driver turns a hook call into happenings and a text into a request. It reads no tables, keeps no
conversation and words nothing. Failures are a small closed set, named for what to do next.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from apbot.domain.messages import Inbound, Outbound, Pace, Receipt, Spoken


class Untrusted(Exception):
    """The hook call was not signed by the network: answer 403 and keep nothing."""


class SendError(Exception):
    """A text did not go. The message says why, in the network's words made plain."""


class TryLater(SendError):
    """The network is down, slow or throttling us: the same text may go in a moment."""

    def __init__(self, message: str, *, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class FateUnknown(TryLater):
    """The connection broke after the request was on its way: the text may have gone."""


class Refused(SendError):
    """The network will never take this text: do not try it again on this channel."""


class AddressGone(SendError):
    """Opted out, blocked, or no such phone: stop using this address."""


class AddressMoved(SendError):
    """The address has a new name (a Telegram group that became a supergroup)."""

    def __init__(self, message: str, *, to: str) -> None:
        super().__init__(message)
        self.to = to


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook call as it came: the public URL it was sent to, headers (lower case), bytes."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Channel(Protocol):
    """
    A way to reach a phone, and to be reached from one.

    `name` is what the tables call it: telegram, sms, whatsapp.
    """

    name: str

    def receive(self, hook: Hook) -> Sequence[Inbound | Receipt]:
        """Read one hook call. Raise Untrusted if it was not signed by the network."""
        ...

    async def send(self, text: Outbound) -> str:
        """Send one text and return the network's id for it. Raise a SendError otherwise."""
        ...

    async def start(self) -> None:
        """Make ready: open connections, register a hook. Called once, before anything else."""
        ...

    async def stop(self) -> None:
        """Close connections."""
        ...


@runtime_checkable
class Fetches(Protocol):
    """A network that can be asked for what came in, for a machine without a public address."""

    def fetch(self) -> AsyncIterator[Sequence[Inbound | Receipt]]:
        """
        Yield batches as they come, for ever.

        A batch is told to the network as taken only when the next one is asked for, so whoever
        iterates keeps a batch safely before going on. Ends at once where the network brings what
        comes in to a hook instead.
        """
        ...


@runtime_checkable
class Answers(Protocol):
    """A network whose taps want an answer at once (Telegram's callback queries)."""

    async def answer(self, callback_id: str, text: str) -> None:
        """Say a word where the person tapped. Raise nothing: a late answer harms nobody."""
        ...


@runtime_checkable
class LooksUp(Protocol):
    """A network that can be asked whether a text whose fate is unknown did go."""

    async def find_sent(self, text: Outbound) -> str | None:
        """
        Return the network's id of the text if it has it and it did not fail, else None.

        Raise a SendError where the network cannot be asked: no answer is not a no.
        """
        ...


@runtime_checkable
class Hails(Protocol):
    """A network that cannot say whether it had a text, but can say whether it is there."""

    async def hail(self) -> None:
        """Return where it answers; raise TryLater, never FateUnknown, where it does not."""
        ...


@runtime_checkable
class Paced(Protocol):
    """A network that takes texts of one account no faster than at some pace."""

    pace: Pace | None


@runtime_checkable
class Confirms(Protocol):
    """A network that tells whether a text arrived; of all others, what was taken has arrived."""

    async def how_far(self, network_id: str) -> Receipt | None:
        """
        Ask how far a text came whose receipt is missing; None where it is still on its way.

        Raise a SendError where the network cannot be asked.
        """
        ...


@runtime_checkable
class Recovers(Protocol):
    """A network that does not bring a hook for ever, but can be asked what it has received."""

    async def received(self, since: datetime) -> Sequence[tuple[Inbound, datetime]]:
        """
        Return what people sent us since then, and when (UTC), whether it was brought or not.

        Raise a SendError where the network cannot be asked.
        """
        ...


@runtime_checkable
class Speaks(Protocol):
    """A network that calls, and asks what to say once somebody has answered."""

    def wants_words_of(self, hook: Hook) -> str | None:
        """Return our key of the text that a trusted hook call asks to be told, or None."""
        ...

    def tell(self, hook: Hook, words: Spoken | None) -> bytes:
        """Return what is said next, as the network reads it (XML)."""
        ...


@runtime_checkable
class Invites(Protocol):
    """A network on which a person must first come to us (Telegram: by pressing Start)."""

    def invite(self, token: str) -> str | None:
        """
        Return the link that brings a START with this token (A-Z a-z 0-9 _ -, at most 64).

        None until the network has told us our own name.
        """
        ...
