"""
Links to slips: an address that opens one register for one person, and nothing else.

The address carries the register's number and a seal. The seal is made over everything that the
link is for, the person's own number with it, so a link dies with whatever of that changes, and none
can be made into another. Nothing of a link is kept: whoever has the key can tell a true one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from itsdangerous import Signer
from itsdangerous.encoding import base64_decode
from itsdangerous.signer import HMACAlgorithm

from apbot.domain.people import Person
from apbot.domain.register import Register

_LINK = re.compile(r"/r/[0-9a-z]+\.[0-9a-z]+")
SEAL_BYTES = 12
"""As many as nobody guesses, and as few as leave room for the register in one text."""


class _Short(HMACAlgorithm):
    """A seal that is short enough for an SMS."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Return the beginning of the whole signature."""
        return super().get_signature(key, value)[:SEAL_BYTES]


@dataclass(frozen=True, slots=True)
class Slips:
    """Makes links with the house's `secret`, at the `address` that phones see."""

    secret: str
    address: str

    def link(self, register: Register, person: Person) -> str:
        """Return the address of this person's slip of a register that is kept."""
        return f"{self.address}/r/{self.token(register, person)}"

    def token(self, register: Register, person: Person) -> str:
        """Return what stands for this register and person; the same each time."""
        assert register.id is not None
        algorithm: Any = _Short(Signer.default_digest_method)
        signer = Signer(self.secret, salt="apbot slip", algorithm=algorithm)
        seal = base64_decode(signer.get_signature(_sealed(register, person)))
        # Letters and figures alone: phones leave a dash at the end out of a link.
        return f"{_in_letters(register.id)}.{_in_letters(int.from_bytes(seal))}"

    def whose(self, token: str, register: Register, people: Iterable[Person]) -> Person | None:
        """Return for which of these people this is the token of the register, or None."""
        given = token.encode()
        own = ((person, self.token(register, person).encode()) for person in people)
        return next((person for person, one in own if compare_digest(one, given)), None)


def without_seals(text: str) -> str:
    """
    Return a text with its links cut short, for whoever reads along.

    A link opens the slip as the person it was sent to, and is nobody else's.
    """
    return _LINK.sub("/r/…", text)


def register_of(token: str) -> int | None:
    """Return the number of the register that a token names, or None where it names none."""
    letters, point, seal = token.partition(".")
    if not point or not seal or not 0 < len(letters) <= 7 or not letters.isalnum():
        return None
    try:
        return int(letters, 36)
    except ValueError:
        return None


def _sealed(register: Register, person: Person) -> str:
    return " ".join(
        (
            _in_letters(register.id or 0),
            register.provider,
            register.on.isoformat(),
            register.half,
            person.key,
            person.mobile,
        )
    )


def _in_letters(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    found = ""
    while number or not found:
        number, rest = divmod(number, 36)
        found = digits[rest] + found
    return found
