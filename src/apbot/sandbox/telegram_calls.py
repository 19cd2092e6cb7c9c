"""
The calls of the Bot API that a bot of texts and buttons makes.

Each takes what it was given and returns the published result, or is Denied in Telegram's own
words. Text is plain: `parse_mode` is refused rather than half obeyed.
"""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from apbot.clock import Clock
from apbot.sandbox.handsets import Accepted, Arrival, Bubble, From, Handsets
from apbot.sandbox.telegram_chats import Chat, Chats, Said, Shape, first_id
from apbot.sandbox.telegram_given import Denied, Given, keys, pressable
from apbot.sandbox.telegram_updates import Updates

# How long a tap may be answered. Telegram names no figure; it is about this.
QUERY_LIFE = timedelta(minutes=1)

WEBHOOK_PORTS = frozenset({80, 88, 443, 8443})

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are"
    " exactly the same as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


class NoSuchTap(LookupError):
    """There is no such button on that message."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A tap that waits for its answer."""

    chat: int
    message: int
    at: datetime


class Calls:
    """What one bot can ask of Telegram. `accepted` lists every text taken."""

    def __init__(self, clock: Clock, chats: Chats, updates: Updates, handsets: Handsets) -> None:
        self.reads_groups = True
        self.accepted: list[Accepted] = []
        self._clock = clock
        self._chats = chats
        self._updates = updates
        self._handsets = handsets
        self._query_ids = itertools.count(first_id())
        self._queries: dict[str, Asked] = {}
        self._commands: list[Shape] = []

    @property
    def names(self) -> frozenset[str]:
        """The methods that can be called, in lower case."""
        return frozenset(self._by_name)

    def do(self, method: str, given: Given) -> Any:
        """Make the call named `method` (in lower case) and return its result."""
        if method not in self._by_name:
            raise Denied(404, "Not Found: method not found")
        return self._by_name[method](self, given)

    def ask(self, chat: Chat, message_id: int, pressed: str) -> str:
        """Note that a button was tapped; return the id by which its answer must name it."""
        said = chat.said.get(message_id)
        if said is None or pressed not in pressable(said.keyboard):
            raise NoSuchTap(f"message {message_id} has no such button")
        query_id = str(next(self._query_ids))
        self._queries[query_id] = Asked(chat.id, message_id, self._clock.now())
        return query_id

    def show(self, chat: Chat, said: Said, seen: str = "") -> None:
        """Put a message on the phone. `seen` stands for what has no text."""
        handset = self._handsets.get(str(chat.id))
        is_bot = said.sender == self._chats.bot
        text = seen or said.text or ""
        if not chat.is_private and not is_bot:
            text = f"{said.sender.name}: {text}"
        before = handset.find(str(said.id))
        bubble = Bubble(
            id=str(said.id),
            sender=From.BOT if is_bot else From.OWNER,
            text=text,
            at=said.at,
            is_edited=said.edited_at is not None,
            state=Arrival.SENT if is_bot and handset.is_off else Arrival.DELIVERED,
            keys=keys(said.keyboard),
            answer=before.answer if before else None,
        )
        self._handsets.show(handset, bubble)

    def _get_me(self, given: Given) -> Shape:
        abilities = {
            "can_join_groups": True,
            "can_read_all_group_messages": self.reads_groups,
            "supports_inline_queries": False,
        }
        return self._chats.bot.shape() | abilities

    def _set_webhook(self, given: Given) -> bool:
        url = given.text("url")
        if not url:
            return self._delete_webhook(given)
        _check_webhook(url)
        secret = given.text("secret_token") or ""
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise Denied(400, "Bad Request: secret token contains unallowed characters")
        if given.flag("drop_pending_updates"):
            self._updates.drop()
        self._updates.choose(given.shape("allowed_updates"))
        self._updates.set_webhook(url, secret, given.whole("max_connections") or 40)
        return True

    def _delete_webhook(self, given: Given) -> bool:
        if given.flag("drop_pending_updates"):
            self._updates.drop()
        self._updates.delete_webhook()
        return True

    def _get_webhook_info(self, given: Given) -> Shape:
        return self._updates.webhook_shape()

    def _send_message(self, given: Given) -> Shape:
        chat = self._reachable(given)
        text, keyboard = given.words(), given.keyboard()
        reply_to = _answered(chat, given)
        said = chat.keep(self._chats.bot, self._clock.now(), text)
        said.keyboard, said.reply_to = keyboard, reply_to
        self._accept(chat, said, "send")
        return chat.message(said)

    def _edit_message_text(self, given: Given) -> Shape:
        chat, said = self._editable(given)
        text, keyboard = given.words(), given.keyboard()
        if (text, keyboard) == (said.text, said.keyboard):
            raise Denied(400, NOT_MODIFIED)
        said.text, said.keyboard, said.edited_at = text, keyboard, self._clock.now()
        self._accept(chat, said, "edit")
        return chat.message(said)

    def _edit_message_reply_markup(self, given: Given) -> Shape:
        chat, said = self._editable(given)
        keyboard = given.keyboard()
        if keyboard == said.keyboard:
            raise Denied(400, NOT_MODIFIED)
        said.keyboard, said.edited_at = keyboard, self._clock.now()
        self.show(chat, said)
        return chat.message(said)

    def _delete_message(self, given: Given) -> bool:
        chat = self._reachable(given)
        message_id = given.whole("message_id")
        if message_id not in chat.said:
            raise Denied(400, "Bad Request: message to delete not found")
        del chat.said[message_id]
        self._handsets.take_away(self._handsets.get(str(chat.id)), str(message_id))
        return True

    def _answer_callback_query(self, given: Given) -> bool:
        asked = self._queries.pop(given.text("callback_query_id") or "", None)
        if asked is None or self._clock.now() - asked.at > QUERY_LIFE:
            raise Denied(400, TOO_OLD)
        text = given.text("text") or ""
        if len(text) > 200:
            raise Denied(400, "Bad Request: MESSAGE_TOO_LONG")
        handset = self._handsets.get(str(asked.chat))
        bubble = handset.find(str(asked.message))
        if bubble is not None and text:
            self._handsets.show(handset, replace(bubble, answer=text))
        return True

    def _set_my_commands(self, given: Given) -> bool:
        commands = given.shape("commands")
        if commands is None:
            raise Denied(400, "Bad Request: can't parse BotCommand: field commands is missing")
        self._commands = list(commands)
        return True

    def _get_my_commands(self, given: Given) -> list[Shape]:
        return self._commands

    def _send_chat_action(self, given: Given) -> bool:
        self._reachable(given)
        if not given.text("action"):
            raise Denied(400, "Bad Request: wrong parameter action in request")
        return True

    def _get_chat(self, given: Given) -> Shape:
        limits = {"accent_color_id": 0, "max_reaction_count": 11}
        gifts = dict.fromkeys(GIFTS, False)
        return self._found(given).shape() | limits | {"accepted_gift_types": gifts}

    def _agree(self, given: Given) -> bool:
        return True

    _by_name: Mapping[str, Callable[["Calls", Given], Any]] = {
        "answercallbackquery": _answer_callback_query,
        "close": _agree,
        "deletemessage": _delete_message,
        "deletewebhook": _delete_webhook,
        "editmessagereplymarkup": _edit_message_reply_markup,
        "editmessagetext": _edit_message_text,
        "getchat": _get_chat,
        "getme": _get_me,
        "getmycommands": _get_my_commands,
        "getwebhookinfo": _get_webhook_info,
        "logout": _agree,
        "sendchataction": _send_chat_action,
        "sendmessage": _send_message,
        "setmycommands": _set_my_commands,
        "setwebhook": _set_webhook,
    }

    def _found(self, given: Given) -> Chat:
        named = given.text("chat_id")
        if not named:
            raise Denied(400, "Bad Request: chat_id is empty")
        chat = self._chats.find(int(named)) if re.fullmatch(r"-?\d+", named) else None
        if chat is None or not chat.is_open:
            raise Denied(400, "Bad Request: chat not found")
        if chat.moved_to is not None:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Denied(400, words, migrate_to_chat_id=chat.moved_to)
        return chat

    def _reachable(self, given: Given) -> Chat:
        chat = self._found(given)
        if chat.is_blocked and chat.is_private:
            raise Denied(403, "Forbidden: bot was blocked by the user")
        if chat.is_blocked:
            raise Denied(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
        return chat

    def _editable(self, given: Given) -> tuple[Chat, Said]:
        chat = self._reachable(given)
        said = chat.said.get(given.whole("message_id") or 0)
        if said is None:
            raise Denied(400, "Bad Request: message to edit not found")
        if said.sender != self._chats.bot:
            raise Denied(400, "Bad Request: message can't be edited")
        return chat, said

    def _accept(self, chat: Chat, said: Said, kind: str) -> None:
        taken = Accepted(
            at=said.edited_at or said.at,
            to=str(chat.id),
            text=said.text or "",
            id=str(said.id),
            kind=kind,
            keys=keys(said.keyboard),
        )
        self.accepted.append(taken)
        self.show(chat, said)


def _check_webhook(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise Denied(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in WEBHOOK_PORTS:
        raise Denied(
            400,
            "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        )


def _answered(chat: Chat, given: Given) -> int | None:
    """Return the id of the message that the one to be sent replies to."""
    parameters = given.shape("reply_parameters")
    if not parameters:
        return None
    if parameters.get("message_id") in chat.said:
        return int(parameters["message_id"])
    if parameters.get("allow_sending_without_reply"):
        return None
    raise Denied(400, "Bad Request: message to be replied not found")
