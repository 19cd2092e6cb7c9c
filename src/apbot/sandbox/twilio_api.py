"""
A stand-in of Twilio's Messages and Calls APIs, over HTTP, for one account.

It takes texts as Twilio does and brings them to the phones; it posts what the phones send, and how
each text fared, to the product's hooks, signed. What people do are the methods of `TwilioApi`;
what the product does comes through `router`. Media is not carried.
"""

import asyncio
import base64
import binascii
import json

import httpx
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apbot.clock import Clock
from apbot.sandbox.couriers import Couriers
from apbot.sandbox.faults import DroppedLine, Fault, FaultKind, Faults, Pause
from apbot.sandbox.handsets import Accepted, Arrival, Bubble, From, Handset, Key
from apbot.sandbox.twilio_account import Subscriber, Template, TwilioAccount
from apbot.sandbox.twilio_calls import Calls, NoSuchKey
from apbot.sandbox.twilio_delivery import Delivery
from apbot.sandbox.twilio_messages import (
    API_VERSION,
    HELP,
    HELP_WORDS,
    START_WORDS,
    STARTED,
    STOP_WORDS,
    STOPPED,
    Message,
    Shape,
)
from apbot.sandbox.twilio_requests import Refusal, drafted, listed

SANDBOX_SID = "AC" + "0" * 31 + "1"
SANDBOX_AUTH_TOKEN = "sandbox"
SANDBOX_SENDER = "+447700900000"


class PhoneIsOff(Exception):
    """Nobody can type on a phone that is switched off."""


class NoSuchQuickReply(LookupError):
    """There is no such button on that message."""


class TwilioApi:
    """
    One account with one number for SMS and one for WhatsApp.

    `accepted` lists every text taken, `faults` holds the switches, `sms` and `whatsapp` what people
    see. `hook_url` is where inbound messages are posted; `transport` carries those calls.
    `inbound_twice` and `delivery.receipts_twice`, `.receipts_backwards` and `.loses_receipts` make
    the hooks misbehave.
    """

    def __init__(
        self,
        clock: Clock,
        account_sid: str = SANDBOX_SID,
        auth_token: str = SANDBOX_AUTH_TOKEN,
        *,
        sender: str = SANDBOX_SENDER,
        whatsapp_sender: str = SANDBOX_SENDER,
        messaging_service_sid: str | None = None,
        hook_url: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.account = TwilioAccount(
            account_sid, auth_token, sender, whatsapp_sender, messaging_service_sid
        )
        self.sms, self.whatsapp = self.account.sms, self.account.whatsapp
        self.hook_url = hook_url
        self.inbound_twice = False
        self.accepted: list[Accepted] = []
        self.faults = Faults()
        self.couriers = Couriers(clock, transport)
        self.delivery = Delivery(clock, self.account, self.couriers, self.faults)
        self.calls = Calls(clock, self.account, self.couriers, self.faults)
        self.router = APIRouter()
        calls = f"/{API_VERSION}/Accounts/{{account}}/Calls"
        self._route(f"{calls}.json", "create_call", "POST")
        self._route(f"{calls}.json", "list_calls", "GET")
        self._route(f"{calls}/{{sid}}.json", "fetch_call", "GET")
        messages = f"/{API_VERSION}/Accounts/{{account}}/Messages"
        self._route(f"{messages}.json", "create", "POST")
        self._route(f"{messages}.json", "list", "GET")
        self._route(f"{messages}/{{sid}}.json", "fetch", "GET")
        self._clock = clock
        self._pause = pause

    def subscriber(self, number: str) -> Subscriber:
        """Return what is true of a number, to be read or changed."""
        return self.account.subscriber(number)

    def handset(self, number: str, network: str = "sms") -> Handset:
        """Return the thread on this number's phone."""
        return self.account.handsets(network).get(number)

    def add_template(
        self, content_sid: str, body: str, *keys: tuple[str, str], is_approved: bool = True
    ) -> None:
        """Have a WhatsApp template made. `keys` are its quick replies: title and id."""
        self.account.templates[content_sid] = Template(body, keys, is_approved)

    def type_text(
        self, number: str, text: str, *, network: str = "sms", reply_to: str | None = None
    ) -> str:
        """Send a text from this phone to the bot; return its sid, or raise PhoneIsOff."""
        return self._receive(number, text, network, self._quoting(reply_to))

    def tap(self, number: str, sid: str, pressed: str) -> str:
        """
        Tap a quick reply under a WhatsApp message, or a key of a call; return the sid.

        Raises NoSuchQuickReply.
        """
        if sid in self.calls.made:
            try:
                self.calls.press(sid, pressed)
            except NoSuchKey:
                raise NoSuchQuickReply(f"call {sid} has no such key now") from None
            return sid
        message = self.account.messages.get(sid)
        titles = {key_id: title for title, key_id in message.keys} if message else {}
        if pressed not in titles:
            raise NoSuchQuickReply(f"message {sid} has no such button")
        title = titles[pressed]
        more = {"ButtonText": title, "ButtonPayload": pressed, "MessageType": "button"}
        return self._receive(number, title, "whatsapp", self._quoting(sid) | more)

    def switch_off(self, number: str, *, is_off: bool = True) -> None:
        """Switch the phone off (or on): texts wait in the network for as long as they are valid."""
        for handsets in (self.sms, self.whatsapp):
            handset = handsets.get(number)
            handset.is_off = is_off
            handsets.changed(handset)
        if not is_off:
            self.delivery.switched_on(number)

    def block(self, number: str, network: str = "sms", *, is_blocked: bool = True) -> None:
        """Block the bot's number on this phone, or let it in again."""
        handset = self.handset(number, network)
        handset.is_blocked = is_blocked
        self.account.handsets(network).changed(handset)

    async def idle(self) -> None:
        """Return when every text is delivered and every hook is called."""
        self.delivery.catch_up()
        self.calls.catch_up()
        await self.couriers.idle()

    async def stop(self) -> None:
        """End every delivery."""
        await self.couriers.stop()
        await self.delivery.stop()
        await self.calls.stop()

    def _route(self, path: str, call: str, method: str) -> None:
        async def answer(request: Request) -> Response:
            return await self._answer(request, call)

        self.router.add_route(path, answer, [method], include_in_schema=False)

    async def _answer(self, request: Request, call: str) -> Response:
        fault = self.faults.take(call)
        if fault is not None and fault.kind is FaultKind.SLOW:
            await self._pause(fault.seconds)
        if fault is not None and fault.kind is FaultKind.UNREACHED:
            return DroppedLine(was_taken=False)
        try:
            if fault is not None:
                _meet(fault)
            self._check_caller(request)
            answer = await self._do(request, call)
        except Refusal as refusal:
            return refusal.answer()
        if fault is not None and fault.kind is FaultKind.UNANSWERED:
            return DroppedLine(was_taken=True)
        return answer

    async def _do(self, request: Request, call: str) -> Response:
        if call == "create":
            async with request.form() as form:
                given = {key: str(value) for key, value in form.items()}
            return JSONResponse(self._create(given), status_code=201)
        if call == "create_call":
            async with request.form() as form:
                shape, taken = self.calls.create({key: str(value) for key, value in form.items()})
            self.accepted.append(taken)
            return JSONResponse(shape, status_code=201)
        if call == "list_calls":
            return JSONResponse(self.calls.listed(request.query_params))
        if call == "fetch_call":
            return JSONResponse(self.calls.fetch(request.path_params["sid"]))
        if call == "list":
            return JSONResponse(listed(self.account, request.query_params))
        message = self.account.messages.get(request.path_params["sid"])
        if message is None:
            raise Refusal(20404, request.url.path)
        return JSONResponse(message.shape())

    def _check_caller(self, request: Request) -> None:
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(credentials, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            given = ""
        expected = f"{self.account.sid}:{self.account.auth_token}"
        is_known = scheme.lower() == "basic" and given == expected
        if not is_known or request.path_params["account"] != self.account.sid:
            raise Refusal(20003)

    def _create(self, given: dict[str, str]) -> Shape:
        message = drafted(self.account, given, self._clock.now())
        self.account.messages[message.sid] = message
        keys = tuple((Key(title, key_id),) for title, key_id in message.keys)
        self.accepted.append(
            Accepted(message.created_at, message.to, message.body, message.sid, "send", keys)
        )
        taken = message.shape()
        self.delivery.send(message)
        return taken

    def _receive(self, number: str, text: str, network: str, more: dict[str, str]) -> str:
        account, now = self.account, self._clock.now()
        handset, subscriber = self.handset(number, network), self.subscriber(number)
        if handset.is_off:
            raise PhoneIsOff("this phone is switched off")
        is_whatsapp = network == "whatsapp"
        prefix, bot = (
            ("whatsapp:", account.whatsapp_sender) if is_whatsapp else ("", account.sender)
        )
        message = Message(account.sid, prefix + number, prefix + bot, text, now, "inbound")
        message.status, message.sent_at = "received", now
        message.service_sid = account.messaging_service_sid
        account.messages[message.sid] = message
        bubble = Bubble(message.sid, From.OWNER, text, now, state=Arrival.DELIVERED)
        account.handsets(network).show(handset, bubble)
        if is_whatsapp:
            subscriber.wrote_whatsapp_at = now
        else:
            self._obey(subscriber, text)
        if self.hook_url is not None:
            form = self._inbound(message, subscriber) | more
            for _ in range(2 if self.inbound_twice else 1):
                self.delivery.call(f"from {message.sender}", self.hook_url, form)
        return message.sid

    def _obey(self, subscriber: Subscriber, text: str) -> None:
        """Do what Twilio does by itself on its keywords, and confirm it on the phone."""
        word = text.strip().upper()
        if word in STOP_WORDS and not subscriber.has_stopped:
            subscriber.has_stopped = True
            self._confirm(subscriber.number, STOPPED)
        elif word in START_WORDS and subscriber.has_stopped:
            subscriber.has_stopped = False
            self._confirm(subscriber.number, STARTED)
        elif word in HELP_WORDS and not subscriber.has_stopped:
            self._confirm(subscriber.number, HELP)

    def _confirm(self, number: str, words: str) -> None:
        now = self._clock.now()
        message = Message(
            self.account.sid, self.account.sender, number, words, now, "outbound-reply"
        )
        message.status, message.sent_at = "delivered", now
        self.account.messages[message.sid] = message
        self.account.show(message, now, From.NETWORK)

    def _inbound(self, message: Message, subscriber: Subscriber) -> dict[str, str]:
        form = {
            "AccountSid": self.account.sid,
            "ApiVersion": API_VERSION,
            "Body": message.body,
            "From": message.sender or "",
            "MessageSid": message.sid,
            "NumMedia": "0",
            "NumSegments": message.parts,
            "SmsMessageSid": message.sid,
            "SmsSid": message.sid,
            "SmsStatus": "received",
            "To": message.to,
        }
        if message.service_sid:
            form["MessagingServiceSid"] = message.service_sid
        if message.is_whatsapp:
            name = subscriber.name or subscriber.number
            metadata = {"type": "whatsapp", "data": {"context": {"ProfileName": name}}}
            return form | {
                "ChannelMetadata": json.dumps(metadata),
                "MessageType": "text",
                "ProfileName": name,
                "ReferralNumMedia": "0",
                "WaId": subscriber.number.removeprefix("+"),
            }
        places = [f"{end}{place}" for end in ("From", "To") for place in ("City", "State", "Zip")]
        return form | dict.fromkeys(places, "") | {"FromCountry": "GB", "ToCountry": "GB"}

    def _quoting(self, sid: str | None) -> dict[str, str]:
        quoted = self.account.messages.get(sid) if sid is not None else None
        if quoted is None:
            return {}
        return {
            "OriginalRepliedMessageSid": quoted.sid,
            "OriginalRepliedMessageSender": quoted.sender or "",
        }


def _meet(fault: Fault) -> None:
    if fault.kind is FaultKind.THROTTLED:
        raise Refusal(20429, retry_after=int(fault.seconds))
    if fault.kind is FaultKind.BROKEN:
        raise Refusal(20500)
