"""
Twilio Voice: a telephone call that says a text and waits for a key.

A call is a text like any other: it has a row, an id, and a receipt when it is over. What is said is
asked for once somebody has answered, so that a case taken on meanwhile is not told again; to a
voicemail nothing is said. A key that is pressed comes in as a button of that text.
"""

from collections.abc import Sequence
from datetime import UTC, timedelta
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import httpx
from twilio.twiml.voice_response import Gather, VoiceResponse

from apbot.channels.protocol import FateUnknown, Hook, Untrusted
from apbot.channels.twilio import TRY_AGAIN, Signed
from apbot.channels.twilio_account import moment_in
from apbot.channels.twilio_hooks import is_signed
from apbot.domain.messages import (
    VOICE,
    Address,
    Inbound,
    InboundKind,
    Outbound,
    Pace,
    Receipt,
    ReceiptState,
    Spoken,
)

CALLS = "Calls"

ANSWERED_PATH = "/hooks/twilio/voice"
KEY_PATH = "/hooks/twilio/voice/key"
OVER_PATH = "/hooks/twilio/voice/status"

RINGS = timedelta(seconds=25)
"""Shorter than most voicemails take to pick up."""

LASTS = timedelta(seconds=90)
"""When a call that somebody left lying is ended."""

APART = timedelta(seconds=120)
"""Two calls to one phone lie farther apart than one can last, so nobody is rung twice at once."""

TAKES = "1"
_WAITS_FOR_KEY = 8
_TIMES_SAID = 2
_LOOKED_THROUGH = 20
_LANGUAGE = "en-GB"

_FAILED = {
    "busy": "the phone was engaged, or the call was turned away",
    "no-answer": "nobody answered the phone",
    "failed": "the call could not be put through",
    "canceled": "the call was given up",
}
_VOICEMAIL = "a voicemail answered, and was told nothing"


class VoiceChannel(Signed):
    """
    Calls by Twilio from `sender`, a number of the account that can call.

    `public_url` is needed: Twilio asks there what to say.
    """

    name = VOICE

    def __init__(
        self,
        account_sid: str,
        auth_tokens: Sequence[str],
        *,
        sender: str,
        public_url: str,
        base_url: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(account_sid, auth_tokens, base_url, transport)
        # Twilio starts one call a second for an account, unless it is asked for more.
        self.pace: Pace | None = Pace(1, to_one=APART)
        self._sender = sender
        self._address = public_url.rstrip("/")

    def receive(self, hook: Hook) -> Sequence[Inbound | Receipt]:
        """Read one hook call of a telephone call: answered, a key, or over. Raises Untrusted."""
        form = dict(parse_qsl(hook.body.decode("utf-8", "replace"), keep_blank_values=True))
        if not is_signed(hook, form, self._tokens):
            raise Untrusted("the call is not signed with our Twilio token")
        sid, path = form.get("CallSid"), urlsplit(hook.url).path.rstrip("/")
        if not sid:
            return ()
        if path == KEY_PATH:
            return _key(sid, form)
        found = _how_far(sid, form.get("CallStatus", ""), form.get("AnsweredBy", ""))
        return () if found is None else (found,)

    def wants_words_of(self, hook: Hook) -> str | None:
        """Return our key of the text that this hook call asks to be told, or None."""
        parts = urlsplit(hook.url)
        if parts.path.rstrip("/") == OVER_PATH or _is_machine(_form(hook)):
            return None
        return next(iter(parse_qs(parts.query).get("text", [])), None)

    def tell(self, hook: Hook, words: Spoken | None) -> bytes:
        """Return what is said next in this call, as Twilio reads it."""
        said = VoiceResponse()
        if words is None:
            said.hangup()
        elif urlsplit(hook.url).path.rstrip("/") == KEY_PATH:
            self._after_key(said, _form(hook).get("Digits", ""), hook, words)
        else:
            self._ask(said, hook, words, f"{words.text} {words.press}")
        return str(said).encode()

    async def send(self, text: Outbound) -> str:
        """Have the phone rung and return the call's sid; what is said is asked for later."""
        about = quote(text.key, safe="")
        call = await self._account.create(
            CALLS,
            {
                "To": text.address.value,
                "From": self._sender,
                "Url": f"{self._address}{ANSWERED_PATH}?text={about}{TRY_AGAIN}",
                "Method": "POST",
                "StatusCallback": f"{self._address}{OVER_PATH}{TRY_AGAIN}",
                "StatusCallbackMethod": "POST",
                "MachineDetection": "Enable",
                "Timeout": int(RINGS.total_seconds()),
                "TimeLimit": int(LASTS.total_seconds()),
            },
        )
        if not call.get("sid"):
            raise FateUnknown("Twilio answered without an id; the phone may ring")
        return str(call["sid"])

    async def find_sent(self, text: Outbound) -> str | None:
        """Return the sid of a call to this phone since `sent_after`: there is one at a time."""
        if text.sent_after is None:
            return None
        since = text.sent_after.astimezone(UTC) - timedelta(seconds=2)
        for call in await self._account.list(CALLS, {"To": text.address.value}, _LOOKED_THROUGH):
            made_at = moment_in(call.get("date_created"))
            is_ours = str(call.get("direction")).startswith("outbound")
            if is_ours and made_at is not None and made_at >= since:
                return str(call["sid"])
        return None

    async def how_far(self, network_id: str) -> Receipt | None:
        """Ask Twilio how a call ended whose receipt is missing. Raises a SendError."""
        call = await self._account.fetch(CALLS, network_id)
        return _how_far(network_id, str(call.get("status")), str(call.get("answered_by") or ""))

    def _ask(self, said: VoiceResponse, hook: Hook, words: Spoken, sentence: str) -> None:
        """Say it, twice, and wait for a key; where none is wanted, say it and ring off."""
        if not words.press:
            said.say(words.text, language=_LANGUAGE)
            said.hangup()
            return
        query = urlsplit(hook.url).query
        for time in range(_TIMES_SAID):
            gather = Gather(
                input="dtmf",
                num_digits=1,
                timeout=_WAITS_FOR_KEY,
                action=f"{self._address}{KEY_PATH}?{query}{TRY_AGAIN}",
                method="POST",
            )
            gather.say(sentence if time == 0 else f"{words.text} {words.press}", language=_LANGUAGE)
            said.append(gather)
        said.hangup()

    def _after_key(self, said: VoiceResponse, key: str, hook: Hook, words: Spoken) -> None:
        if key == TAKES:
            said.say(words.thanks if words.press else words.text, language=_LANGUAGE)
            said.hangup()
            return
        self._ask(said, hook, words, words.press)


def _form(hook: Hook) -> dict[str, str]:
    return dict(parse_qsl(hook.body.decode("utf-8", "replace"), keep_blank_values=True))


def _key(sid: str, form: dict[str, str]) -> Sequence[Inbound]:
    key = form.get("Digits", "")
    if key != TAKES:
        return ()
    # We call them, so theirs is the number that was called.
    pressed = Inbound(
        network_id=f"{sid}:{key}",
        address=Address(VOICE, form.get("To", "")),
        kind=InboundKind.KEY,
        text=key,
        answers=sid,
    )
    return (pressed,)


def _is_machine(form: dict[str, str]) -> bool:
    return form.get("AnsweredBy", "").startswith(("machine", "fax"))


def _how_far(sid: str, status: str, answered_by: str) -> Receipt | None:
    if _is_machine({"AnsweredBy": answered_by}):
        return Receipt(VOICE, sid, ReceiptState.FAILED, _VOICEMAIL)
    if status in _FAILED:
        return Receipt(VOICE, sid, ReceiptState.FAILED, _FAILED[status])
    if status == "completed":
        return Receipt(VOICE, sid, ReceiptState.DELIVERED)
    return None
