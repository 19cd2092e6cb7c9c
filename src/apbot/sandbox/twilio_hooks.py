"""
Twilio's calls to us: signed forms, and how often they are tried.

A hook that is answered badly is not brought again, unless the URL itself asks for it by Twilio's
connection overrides (`#rc=3&rp=ct,rt,5xx`); a connection that fails is tried once more.
"""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urlencode

from apbot.sandbox.couriers import Couriers, Trouble


@dataclass(frozen=True, slots=True)
class Overrides:
    """What a hook's URL asks for behind its `#`: how many more tries, after what, and patience."""

    tries: int = 1
    after: frozenset[str] = frozenset({"ct"})
    seconds: float = 15

    @classmethod
    def of(cls, fragment: str) -> "Overrides":
        """Read the fragment of a URL; what it does not name stays as Twilio has it by itself."""
        pairs = dict(pair.split("=", 1) for pair in fragment.split("&") if "=" in pair)
        return cls(
            tries=min(max(int(pairs.get("rc", "1")), 0), 5),
            after=frozenset(pairs.get("rp", "ct").split(",")),
            seconds=min(max(int(pairs.get("rt", "15000")), 100), 15000) / 1000,
        )

    def covers(self, answer: int | Trouble) -> bool:
        """Whether this answer is one to try again after."""
        if answer is Trouble.NO_CONNECTION:
            failure = "ct"
        elif answer is Trouble.NO_ANSWER:
            failure = "rt"
        elif answer >= 500:
            failure = "5xx"
        elif answer >= 400:
            failure = "4xx"
        else:
            return False
        return failure in self.after or "all" in self.after


def signature(auth_token: str, url: str, form: Mapping[str, str]) -> str:
    """Return X-Twilio-Signature: HMAC-SHA1 over the URL and the sorted fields, in base64."""
    signed = url + "".join(key + form[key] for key in sorted(form))
    digest = hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


async def call_hook(
    couriers: Couriers, url: str, form: Mapping[str, str], auth_token: str
) -> int | Trouble:
    """POST a signed form, and again as its URL wishes; return the last answer."""
    answer, _ = await ask_hook(couriers, url, form, auth_token)
    return answer


async def ask_hook(
    couriers: Couriers, url: str, form: Mapping[str, str], auth_token: str
) -> tuple[int | Trouble, bytes]:
    """POST a signed form, and again as its URL wishes; return the last answer and its body."""
    address, fragment = urldefrag(url)
    overrides = Overrides.of(fragment)
    content = urlencode(form).encode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        "User-Agent": "TwilioProxy/1.1",
        "X-Twilio-Signature": signature(auth_token, address, form),
        "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
    }
    answer, body = await couriers.post_and_read(
        address, content, headers, seconds=overrides.seconds
    )
    for _ in range(overrides.tries):
        if not overrides.covers(answer):
            break
        answer, body = await couriers.post_and_read(
            address, content, headers, seconds=overrides.seconds
        )
    return answer, body
