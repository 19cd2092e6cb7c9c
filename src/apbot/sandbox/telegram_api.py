"""
A stand-in of the Telegram Bot API: the published calls, over HTTP, for one bot.

It knows Telegram's shapes and Telegram's words for errors, and nothing of whoever calls. What the
people do on their phones (press Start, type, tap, block) are the methods of `TelegramApi`; what the
bot does comes through `router`.
"""

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import httpx
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from apbot.clock import Clock
from apbot.sandbox.couriers import Couriers
from apbot.sandbox.faults import DroppedLine, Fault, FaultKind, Faults, Pause
from apbot.sandbox.handsets import Accepted, Arrival, Handsets
from apbot.sandbox.telegram_calls import Calls
from apbot.sandbox.telegram_chats import Account, Chat, Chats, Said, Shape, membership
from apbot.sandbox.telegram_given import Denied, Given
from apbot.sandbox.telegram_updates import Updates

SANDBOX_TOKEN = "77009:sandbox"


class TelegramApi:
    """
    One bot, its chats and its updates.

    `faults` holds the switches, `handsets` what people see. `transport` carries webhook calls;
    `pause` waits real seconds between failed ones. A bot that does not read groups is told there
    only of commands, mentions and replies to itself.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        token: str = SANDBOX_TOKEN,
        username: str = "apbot",
        transport: httpx.AsyncBaseTransport | None = None,
        pause: Pause = asyncio.sleep,
        reads_groups: bool = True,
    ) -> None:
        self.token = token
        self.bot = Account(int(token.split(":")[0]), "apbot", username=username, is_bot=True)
        self.faults = Faults(spared=frozenset({"getupdates"}))
        self.handsets = Handsets("telegram", username)
        self.couriers = Couriers(clock, transport)
        self.router = APIRouter()
        self.router.add_route(
            "/bot{token}/{method}", self._answer, ["GET", "POST"], include_in_schema=False
        )
        self._clock = clock
        self._pause = pause
        self._chats = Chats(self.bot)
        self._updates = Updates(clock, self.couriers, self.faults, pause)
        self._calls = Calls(clock, self._chats, self._updates, self.handsets)
        self._calls.reads_groups = reads_groups

    @property
    def methods(self) -> frozenset[str]:
        """The methods of the Bot API that are offered, in lower case."""
        return self._calls.names | {"getupdates"}

    @property
    def accepted(self) -> list[Accepted]:
        """Every text that was taken, in order."""
        return self._calls.accepted

    def add_person(self, chat_id: int, name: str, *, has_started: bool = False) -> Account:
        """Let a person be on Telegram. A bot cannot write to one who has not pressed Start."""
        first, _, last = name.partition(" ")
        person = Account(chat_id, first, last or None)
        chat = self._chats.private(person)
        chat.is_open = chat.is_open or has_started
        self.handsets.get(str(chat_id)).owner = name
        return person

    def add_group(self, chat_id: int, title: str, people: Sequence[Account]) -> None:
        """Let these people add the bot to a group of theirs. A group's id is below 0."""
        chat = self._chats.group(chat_id, "group", title, people)
        self.handsets.get(str(chat_id)).owner = title
        self._membership_changes(chat, "left", "member")
        joined = chat.keep(chat.owner, self._now(), None, new_chat_members=[self.bot.shape()])
        self._updates.tell("message", chat.message(joined))

    def press_start(self, chat_id: int, payload: str = "") -> int:
        """Press Start on the bot's link, which also lets it in again; return the message's id."""
        self.unblock(chat_id)
        return self.type_text(chat_id, f"/start {payload}".strip(), seen="/start")

    def type_text(
        self,
        chat_id: int,
        text: str,
        *,
        reply_to: int | None = None,
        sender: int | None = None,
        seen: str = "",
    ) -> int:
        """Type a message, perhaps as a reply to another; return its id. `seen` is what shows."""
        more: Shape = {}
        if text.startswith("/"):
            length = len(re.split(r"\s", text, maxsplit=1)[0])
            more["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        chat = self._chats[chat_id]
        said = chat.keep(self._who(chat, sender), self._now(), text.strip(), **more)
        said.reply_to = reply_to
        return self._say(chat, said, seen)

    def send_photo(self, chat_id: int, caption: str = "", *, sender: int | None = None) -> int:
        """Send a picture, with or without words; return the message's id."""
        sizes = [{"file_id": "photo", "file_unique_id": "photo", "width": 90, "height": 90}]
        more: Shape = {"photo": sizes} | ({"caption": caption} if caption else {})
        chat = self._chats[chat_id]
        said = chat.keep(self._who(chat, sender), self._now(), None, **more)
        return self._say(chat, said, seen=f"[photo] {caption}".strip())

    def edit_text(self, chat_id: int, message_id: int, text: str) -> None:
        """Change one's own earlier message."""
        chat = self._chats[chat_id]
        said = chat.said[message_id]
        said.text, said.edited_at = text, self._now()
        self._calls.show(chat, said)
        self._updates.tell("edited_message", chat.message(said))

    def tap(self, chat_id: int, message_id: int, pressed: str, *, sender: int | None = None) -> str:
        """Tap a button that is on a message, old or new; return the query's id, or NoSuchTap."""
        chat = self._chats[chat_id]
        query_id = self._calls.ask(chat, message_id, pressed)
        self.handsets.read(self.handsets.get(str(chat_id)))
        query: Shape = {
            "id": query_id,
            "from": self._who(chat, sender).shape(),
            "message": chat.message(chat.said[message_id]),
            "chat_instance": str(abs(chat_id) * 7919),
            "data": pressed,
        }
        self._updates.tell("callback_query", query)
        return query_id

    def block(self, chat_id: int, *, is_blocked: bool = True) -> None:
        """Block the bot, or throw it out of the group; or let it write again."""
        chat, handset = self._chats[chat_id], self.handsets.get(str(chat_id))
        if chat.is_blocked == is_blocked:
            return
        chat.is_blocked = handset.is_blocked = is_blocked
        states = ("member", "kicked") if is_blocked else ("kicked", "member")
        self._membership_changes(chat, *states)
        self.handsets.changed(handset)

    def unblock(self, chat_id: int) -> None:
        """Let the bot write again."""
        self.block(chat_id, is_blocked=False)

    def switch_off(self, chat_id: int, *, is_off: bool = True) -> None:
        """Switch the phone off (or on). Telegram keeps what is sent meanwhile; no bot is told."""
        handset = self.handsets.get(str(chat_id))
        handset.is_off = is_off
        waiting = [bubble for bubble in handset.bubbles if bubble.state is Arrival.SENT]
        for bubble in () if is_off else waiting:
            self.handsets.mark(handset, bubble.id, Arrival.DELIVERED)
        self.handsets.changed(handset)

    def upgrade_group(self, chat_id: int, new_id: int) -> None:
        """Make the group a supergroup, which has another id."""
        old = self._chats[chat_id]
        old.moved_to = new_id
        new = self._chats.group(new_id, "supergroup", old.title or "", old.people.values())
        going = old.keep(old.owner, self._now(), None, migrate_to_chat_id=new_id)
        coming = new.keep(new.owner, self._now(), None, migrate_from_chat_id=chat_id)
        self._updates.tell("message", old.message(going))
        self._updates.tell("message", new.message(coming))

    async def until_polled(self) -> None:
        """Return when the bot is asking for updates and waits."""
        await self._updates.until_polled()

    async def idle(self) -> None:
        """Return when every update that a webhook wants has been taken by it."""
        await self.couriers.idle()

    async def stop(self) -> None:
        """End every poll and every delivery."""
        self._updates.end_poll()
        await self.couriers.stop()

    async def _answer(self, request: Request) -> Response:
        method = request.path_params["method"].lower()
        fault = self.faults.take(method)
        if fault is not None and fault.kind is FaultKind.SLOW:
            await self._pause(fault.seconds)
        if fault is not None and fault.kind is FaultKind.UNREACHED:
            return DroppedLine(was_taken=False)
        try:
            if fault is not None:
                _meet(fault)
            result = await self._do(request, method)
        except Denied as denied:
            return denied.answer()
        if self.faults.is_down or (fault is not None and fault.kind is FaultKind.UNANSWERED):
            return DroppedLine(was_taken=True)
        return JSONResponse({"ok": True, "result": result})

    async def _do(self, request: Request, method: str) -> Any:
        token = request.path_params["token"]
        if not re.fullmatch(r"\d+:[\w-]+", token):
            raise Denied(404, "Not Found")
        if token != self.token:
            raise Denied(401, "Unauthorized")
        given = await Given.of(request)
        if method != "getupdates":
            return self._calls.do(method, given)
        self._updates.choose(given.shape("allowed_updates"))
        limit = max(1, min(given.whole("limit") or 100, 100))
        seconds = given.whole("timeout") or 0
        return await self._updates.poll(request, given.whole("offset") or 0, limit, seconds)

    def _say(self, chat: Chat, said: Said, seen: str = "") -> int:
        chat.is_open = True
        self._calls.show(chat, said, seen)
        if chat.is_private or self._calls.reads_groups or self._is_meant(chat, said):
            self._updates.tell("message", chat.message(said))
        return said.id

    def _is_meant(self, chat: Chat, said: Said) -> bool:
        answered = chat.said.get(said.reply_to) if said.reply_to is not None else None
        text = said.text or ""
        return (
            text.startswith("/")
            or f"@{self.bot.username}" in text
            or (answered is not None and answered.sender == self.bot)
        )

    def _membership_changes(self, chat: Chat, old: str, new: str) -> None:
        change: Shape = {
            "chat": chat.shape(),
            "from": chat.owner.shape(),
            "date": int(self._now().timestamp()),
            "old_chat_member": membership(self.bot, old),
            "new_chat_member": membership(self.bot, new),
        }
        self._updates.tell("my_chat_member", change)

    def _who(self, chat: Chat, sender: int | None) -> Account:
        return chat.owner if sender is None else chat.people[sender]

    def _now(self) -> datetime:
        return self._clock.now()


def _meet(fault: Fault) -> None:
    if fault.kind is FaultKind.THROTTLED:
        seconds = int(fault.seconds)
        raise Denied(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    if fault.kind is FaultKind.BROKEN:
        raise Denied(500, "Internal Server Error")
