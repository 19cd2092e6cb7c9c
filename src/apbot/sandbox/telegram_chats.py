"""
Telegram's side of a chat: who is in it, what was said, and the shapes in which bots are told.

Message ids count within each chat, so an id alone never names a message. They begin anywhere, as
Telegram's do: a stand-in that is started again does not repeat the ids of its former life. The
field names are those of the published Bot API.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Shape = dict[str, Any]


def first_id() -> int:
    """Return a number to count ids from."""
    return 1 + 1000 * secrets.randbelow(1_000_000)


@dataclass(frozen=True, slots=True)
class Account:
    """A person or a bot on Telegram."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    is_bot: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    def shape(self) -> Shape:
        """Return the Bot API's User."""
        shape: Shape = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.last_name:
            shape["last_name"] = self.last_name
        if self.username:
            shape["username"] = self.username
        if not self.is_bot:
            shape["language_code"] = "en"
        return shape


@dataclass(slots=True)
class Said:
    """One message of a chat. `more` holds what only some messages have, as Telegram shapes it."""

    id: int
    sender: Account
    at: datetime
    text: str | None
    keyboard: Shape | None = None
    edited_at: datetime | None = None
    reply_to: int | None = None
    more: Shape = field(default_factory=dict)


@dataclass(slots=True)
class Chat:
    """A private chat with one person, or a group. A private chat has its person's id."""

    id: int
    kind: str
    title: str | None
    people: dict[int, Account]
    is_open: bool = False
    is_blocked: bool = False
    moved_to: int | None = None
    said: dict[int, Said] = field(default_factory=dict)
    next_id: int = field(default_factory=first_id)

    @property
    def is_private(self) -> bool:
        """Whether one person is alone in it with the bot."""
        return self.kind == "private"

    @property
    def owner(self) -> Account:
        """The person of a private chat; in a group, whoever was named first."""
        return next(iter(self.people.values()))

    def keep(self, sender: Account, at: datetime, text: str | None, **more: Any) -> Said:
        """Add a message under the chat's next id."""
        said = self.said[self.next_id] = Said(self.next_id, sender, at, text, more=more)
        self.next_id += 1
        return said

    def shape(self) -> Shape:
        """Return the Bot API's Chat."""
        if not self.is_private:
            return {"id": self.id, "type": self.kind, "title": self.title}
        names = self.owner.shape()
        kept = ("first_name", "last_name", "username")
        shape = {key: names[key] for key in kept if key in names}
        return {"id": self.id, "type": self.kind, **shape}

    def message(self, said: Said, *, with_answered: bool = True) -> Shape:
        """Return the Bot API's Message."""
        shape: Shape = {
            "message_id": said.id,
            "from": said.sender.shape(),
            "chat": self.shape(),
            "date": int(said.at.timestamp()),
        }
        if said.edited_at is not None:
            shape["edit_date"] = int(said.edited_at.timestamp())
        if said.text is not None:
            shape["text"] = said.text
        if said.keyboard is not None:
            shape["reply_markup"] = said.keyboard
        answered = self.said.get(said.reply_to) if said.reply_to is not None else None
        if answered is not None and with_answered:
            shape["reply_to_message"] = self.message(answered, with_answered=False)
        return shape | said.more


class Chats:
    """Every chat of one bot."""

    def __init__(self, bot: Account) -> None:
        self.bot = bot
        self._by_id: dict[int, Chat] = {}

    def __getitem__(self, chat_id: int) -> Chat:
        return self._by_id[chat_id]

    def find(self, chat_id: int) -> Chat | None:
        """Return the chat with this id, or None."""
        return self._by_id.get(chat_id)

    def private(self, person: Account) -> Chat:
        """Return the chat with this person; closed, where they never wrote."""
        fresh = Chat(person.id, "private", None, {person.id: person})
        return self._by_id.setdefault(person.id, fresh)

    def group(self, chat_id: int, kind: str, title: str, people: Iterable[Account]) -> Chat:
        """Return a new group of these people and the bot."""
        members = {one.id: one for one in people}
        chat = self._by_id[chat_id] = Chat(chat_id, kind, title, members, is_open=True)
        return chat


def membership(bot: Account, status: str) -> Shape:
    """Return the Bot API's ChatMember of the bot, with every field that its status must have."""
    shape: Shape = {"user": bot.shape(), "status": status}
    if status == "kicked":
        shape["until_date"] = 0
    return shape
