"""
A stand-in of Twilio's Calls API: phones ring, are answered or not, and keys are pressed.

What is to be said is fetched from the product once somebody has answered, as TwiML; of that <Say>,
<Gather> of one digit and <Hangup> are understood. A phone that is off has its voicemail answer.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

from apbot.clock import Clock
from apbot.sandbox.couriers import Couriers
from apbot.sandbox.faults import Faults
from apbot.sandbox.handsets import Accepted, Arrival, Bubble, From, Key
from apbot.sandbox.timers import Timers
from apbot.sandbox.twilio_account import TwilioAccount
from apbot.sandbox.twilio_hooks import ask_hook, call_hook
from apbot.sandbox.twilio_messages import API_VERSION, Shape, is_number, new_sid
from apbot.sandbox.twilio_requests import Refusal

ANSWER, HANG_UP, VOICEMAIL = "answer", "hang up", "voicemail"
RINGING = ((Key("Answer", ANSWER), Key("Hang up", HANG_UP), Key("Voicemail", VOICEMAIL)),)
PARTS = (
    *("events", "notifications", "payments", "recordings", "siprec", "streams"),
    *("transcriptions", "user_defined_message_subscriptions", "user_defined_messages"),
)
"""What Twilio keeps of a call beside it."""

LONGEST_RING = 600
OVER = ("completed", "busy", "no-answer", "failed", "canceled")


Doing = Callable[["Call"], Awaitable[None] | None]
"""What happens next in a call; None where something else has happened by then."""


class NoSuchKey(LookupError):
    """The call is over, or has no such key now."""


@dataclass(slots=True)
class Call:
    """One call. Times are UTC; `verbs` is the TwiML that is still to be done."""

    account_sid: str
    to: str
    sender: str
    url: str
    created_at: datetime
    callback: str | None = None
    rings: timedelta = timedelta(seconds=60)
    detects: bool = False
    status: str = "queued"
    answered_by: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    said: list[str] = field(default_factory=list)
    verbs: list[ElementTree.Element] = field(default_factory=list)
    action: str | None = None
    turn: int = 0
    sid: str = field(default_factory=lambda: new_sid("CA"))

    @property
    def seconds(self) -> int:
        """How long it lasted."""
        if self.answered_at is None or self.ended_at is None:
            return 0
        return int((self.ended_at - self.answered_at).total_seconds())

    def shape(self) -> Shape:
        """Return the published Call resource."""
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Calls/{self.sid}"
        moments = {"start_time": self.answered_at, "end_time": self.ended_at}
        subresources = {
            part: f"{uri}/{''.join(word.title() for word in part.split('_'))}.json"
            for part in PARTS
        }
        return {
            "account_sid": self.account_sid,
            "answered_by": self.answered_by,
            "api_version": API_VERSION,
            "caller_name": None,
            "date_created": format_datetime(self.created_at),
            "date_updated": format_datetime(self.ended_at or self.created_at),
            "direction": "outbound-api",
            "duration": str(self.seconds) if self.ended_at else None,
            "forwarded_from": None,
            "from": self.sender,
            "from_formatted": self.sender,
            "group_sid": None,
            "parent_call_sid": None,
            "phone_number_sid": None,
            "price": None,
            "price_unit": "USD",
            "queue_time": "0",
            "sid": self.sid,
            "status": self.status,
            "subresource_uris": subresources,
            "to": self.to,
            "to_formatted": self.to,
            "trunk_sid": None,
            "uri": f"{uri}.json",
            **{name: format_datetime(at) if at else None for name, at in moments.items()},
        }


class Calls:
    """The calls of one account, and what people do when their phone rings."""

    def __init__(
        self, clock: Clock, account: TwilioAccount, couriers: Couriers, faults: Faults
    ) -> None:
        self.made: dict[str, Call] = {}
        self._clock = clock
        self._account = account
        self._couriers = couriers
        self._faults = faults
        self._timers = Timers(clock)

    def create(self, given: Mapping[str, str]) -> tuple[Shape, Accepted]:
        """Take a call to be made, or refuse it."""
        call = _drafted(self._account, given, self._clock.now())
        self.made[call.sid] = call
        shape = call.shape()
        self._go_on(call, self._ring)
        return shape, Accepted(call.created_at, call.to, "", call.sid, "call")

    def fetch(self, sid: str) -> Shape:
        """Return one call. Refused where there is none."""
        if sid not in self.made:
            raise Refusal(20404, f"/{API_VERSION}/Accounts/{self._account.sid}/Calls/{sid}.json")
        return self.made[sid].shape()

    def listed(self, query: Mapping[str, str]) -> Shape:
        """Return the calls to and from these numbers, the newest first, on one page."""
        chosen = [
            call.shape()
            for call in reversed(self.made.values())
            if query.get("To") in (None, "", call.to)
            and query.get("From") in (None, "", call.sender)
        ]
        uri = f"/{API_VERSION}/Accounts/{self._account.sid}/Calls.json"
        return {
            "calls": chosen,
            "end": max(len(chosen) - 1, 0),
            "first_page_uri": uri,
            "next_page_uri": None,
            "page": 0,
            "page_size": max(len(chosen), 50),
            "previous_page_uri": None,
            "start": 0,
            "uri": uri,
        }

    def press(self, sid: str, pressed: str) -> None:
        """Answer, turn away, leave to the voicemail, hang up, or press a digit."""
        call = self.made[sid]
        bubble = self._account.sms.get(call.to).find(sid)
        if bubble is None or pressed not in {key.data for row in bubble.keys for key in row}:
            raise NoSuchKey(sid)
        if pressed == ANSWER:
            self._go_on(call, lambda call: self._answer(call, "human"))
        elif pressed == VOICEMAIL:
            self._go_on(call, lambda call: self._answer(call, "machine_start"))
        elif pressed == HANG_UP:
            status = "busy" if call.answered_at is None else "completed"
            self._go_on(call, lambda call: self._end(call, status))
        else:
            self._go_on(call, lambda call: self._key(call, pressed))

    def catch_up(self) -> None:
        """Let what rang long enough fall silent."""
        self._timers.catch_up()

    async def stop(self) -> None:
        """Let nothing more fall due."""
        await self._timers.stop()

    def _go_on(self, call: Call, doing: Doing) -> None:
        async def errand() -> None:
            await self._faults.until_up()
            if call.status not in OVER:
                step = doing(call)
                if step is not None:
                    await step

        self._couriers.send(f"call {call.sid}", errand)

    async def _ring(self, call: Call) -> None:
        handset = self._account.sms.get(call.to)
        if handset.is_blocked or self._account.subscriber(call.to).fails_with is not None:
            await self._end(call, "busy")
        elif handset.is_off:
            await self._answer(call, "machine_start")
        else:
            call.status = "ringing"
            self._show(call, "📞 Ringing …", RINGING)
            self._later(call, call.rings, lambda call: self._end(call, "no-answer"))

    async def _answer(self, call: Call, by: str) -> None:
        call.status, call.answered_at = "in-progress", self._clock.now()
        call.answered_by = by if call.detects else None
        await self._ask(call, call.url, {})

    async def _key(self, call: Call, digit: str) -> None:
        await self._ask(call, call.action or call.url, {"Digits": digit})

    async def _ask(self, call: Call, url: str, more: Mapping[str, str]) -> None:
        token = self._account.auth_token
        status, body = await ask_hook(self._couriers, url, self._form(call) | dict(more), token)
        call.said.clear()
        if status != 200:
            await self._end(call, "completed")
            return
        call.verbs = list(ElementTree.fromstring(body))
        await self._perform(call)

    async def _perform(self, call: Call) -> None:
        """Say what is to be said, up to where a key is waited for, or the end."""
        while call.verbs:
            verb = call.verbs.pop(0)
            if verb.tag == "Say":
                call.said.append("".join(verb.itertext()))
            elif verb.tag == "Hangup":
                break
            elif verb.tag == "Gather":
                words = " ".join("".join(said.itertext()) for said in verb.iter("Say"))
                if words not in call.said:
                    call.said.append(words)
                call.action = verb.get("action")
                self._show(call, self._words(call), ((Key("1", "1"), Key("Hang up", HANG_UP)),))
                spoken = timedelta(seconds=len(words) / 14 + int(verb.get("timeout", "5")))
                self._later(call, spoken, self._perform)
                return
        await self._end(call, "completed")

    async def _end(self, call: Call, status: str) -> None:
        call.status, call.ended_at = status, self._clock.now()
        call.turn += 1
        ended = {"busy": "turned away", "no-answer": "missed", "completed": "over"}
        if call.answered_by == "machine_start":
            ended["completed"] = "taken by the voicemail"
        self._show(call, f"{self._words(call)} (call {ended.get(status, status)})".strip(), ())
        if call.callback is not None:
            form = self._form(call) | {"CallDuration": str(call.seconds)}
            await call_hook(self._couriers, call.callback, form, self._account.auth_token)

    def _later(self, call: Call, after: timedelta, doing: Doing) -> None:
        """Go on so after a while, unless something else has happened in the call by then."""
        call.turn += 1
        turn = call.turn

        def go_on() -> None:
            if call.turn == turn:
                self._go_on(call, lambda call: doing(call) if call.turn == turn else None)

        self._timers.at(self._clock.now() + after, go_on)

    def _words(self, call: Call) -> str:
        return f"📞 {' '.join(call.said)}".strip()

    def _show(self, call: Call, text: str, keys: tuple[tuple[Key, ...], ...]) -> None:
        handset = self._account.sms.get(call.to)
        before = handset.find(call.sid)
        at = before.at if before else self._clock.now()
        is_reached = call.status not in ("busy", "no-answer", "failed")
        state = Arrival.DELIVERED if is_reached else Arrival.SENT
        bubble = Bubble(call.sid, From.BOT, text, at, state=state, keys=keys)
        self._account.sms.show(handset, bubble)

    def _form(self, call: Call) -> dict[str, str]:
        form = {
            "AccountSid": call.account_sid,
            "ApiVersion": API_VERSION,
            "CallSid": call.sid,
            "CallStatus": call.status,
            "Called": call.to,
            "Caller": call.sender,
            "Direction": "outbound-api",
            "From": call.sender,
            "To": call.to,
        }
        return form | ({"AnsweredBy": call.answered_by} if call.answered_by else {})


def _drafted(account: TwilioAccount, given: Mapping[str, str], now: datetime) -> Call:
    to, sender, url = given.get("To", ""), given.get("From", ""), given.get("Url", "")
    if not sender:
        raise Refusal(21213)
    if sender != account.sender:
        raise Refusal(21210, sender)
    if not is_number(to):
        raise Refusal(21211, to)
    if urlsplit(url).scheme not in ("http", "https"):
        raise Refusal(21205, url)
    rings = given.get("Timeout", "60")
    if not re.fullmatch(r"\d{1,3}", rings) or not 0 < int(rings) <= LONGEST_RING:
        raise Refusal(20422, "Timeout")
    if given.get("MachineDetection", "Enable") not in ("Enable", "DetectMessageEnd"):
        raise Refusal(20422, "MachineDetection")
    refused = account.subscriber(to).refused_with
    if refused is not None:
        raise Refusal(refused, to)
    return Call(
        account_sid=account.sid,
        to=to,
        sender=sender,
        url=url,
        created_at=now,
        callback=given.get("StatusCallback") or None,
        rings=timedelta(seconds=int(rings)),
        detects="MachineDetection" in given,
    )
