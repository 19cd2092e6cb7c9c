"""
What a Telegram update says a person did.

Read from the update's own JSON, leniently: whatever a person sends must reach the inbox, be it of
a kind that Telegram has not invented yet. A picture without words is a text of no words, so that
somebody is asked what it meant.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from apbot.domain.messages import Address, Inbound, InboundKind

CHANNEL = "telegram"
WANTED = ("message", "edited_message", "callback_query", "my_chat_member")

Shape = Mapping[str, Any]

_START = re.compile(r"/start(?:@\w+)?(?:\s+(\S+))?\s*")

# What Telegram itself says in a chat. No person said it, so nobody waits for an answer.
_NOTICES = (
    "boost_added",
    "channel_chat_created",
    "chat_background_set",
    "connected_website",
    "delete_chat_photo",
    "forum_topic_closed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "group_chat_created",
    "left_chat_member",
    "message_auto_delete_timer_changed",
    "migrate_from_chat_id",
    "new_chat_members",
    "new_chat_photo",
    "new_chat_title",
    "pinned_message",
    "proximity_alert_triggered",
    "supergroup_chat_created",
    "video_chat_ended",
    "video_chat_participants_invited",
    "video_chat_scheduled",
    "video_chat_started",
    "write_access_allowed",
)


_OUT = ("kicked", "left")


def message_id(chat_id: object, number: object) -> str:
    """Return the id of a message that is unique on the whole channel: Telegram's is a chat's."""
    return f"{chat_id}:{number}"


def read_update(update: object) -> Inbound | None:
    """
    Return what a person did, or None where nobody did anything that concerns us.

    A change to an earlier message is a text like any other: its words are the newest.
    """
    shape = _shape(update)
    number = str(shape.get("update_id", ""))
    if not number:
        return None
    if "callback_query" in shape:
        return _tap(number, _shape(shape["callback_query"]))
    if "my_chat_member" in shape:
        return _membership(number, _shape(shape["my_chat_member"]))
    if "edited_message" in shape:
        return _change(number, _shape(shape["edited_message"]))
    return _message(number, _shape(shape.get("message")))


def _message(number: str, message: Shape) -> Inbound | None:
    words = str(message.get("text") or message.get("caption") or "")
    moved_to = message.get("migrate_to_chat_id")
    if moved_to:
        return _inbound(number, message, InboundKind.MOVED, str(moved_to))
    if not words and any(message.get(notice) for notice in _NOTICES):
        return None
    start = _START.fullmatch(words)
    if start:
        return _inbound(number, message, InboundKind.START, start.group(1) or "")
    return _inbound(number, message, InboundKind.TEXT, words)


def _change(number: str, message: Shape) -> Inbound | None:
    words = str(message.get("text") or message.get("caption") or "")
    # A shared live location "changes" every few seconds, and says nothing.
    return _inbound(number, message, InboundKind.TEXT, words) if words else None


def _tap(number: str, query: Shape) -> Inbound | None:
    on = _shape(query.get("message"))
    chat = _shape(on.get("chat"))
    if "id" not in chat:
        return None
    return Inbound(
        network_id=number,
        address=Address(CHANNEL, str(chat["id"])),
        kind=InboundKind.TAP,
        text=str(query.get("data") or ""),
        answers=message_id(chat["id"], on.get("message_id")),
        sender=_person(query),
        callback_id=str(query.get("id", "")) or None,
        chat_title=_title(chat),
    )


def _membership(number: str, change: Shape) -> Inbound | None:
    was = _shape(change.get("old_chat_member")).get("status")
    status = _shape(change.get("new_chat_member")).get("status")
    if status in _OUT:
        return _inbound(number, change, InboundKind.BLOCKED, "")
    is_group = _shape(change.get("chat")).get("type") in ("group", "supergroup")
    if is_group and was in (*_OUT, None) and status is not None:
        return _inbound(number, change, InboundKind.ADDED, "")
    return None


def _inbound(number: str, message: Shape, kind: InboundKind, text: str) -> Inbound | None:
    chat = _shape(message.get("chat"))
    if "id" not in chat:
        return None
    quoted = _shape(message.get("reply_to_message")).get("message_id")
    return Inbound(
        network_id=number,
        address=Address(CHANNEL, str(chat["id"])),
        kind=kind,
        text=text,
        answers=None if quoted is None else message_id(chat["id"], quoted),
        sender=_person(message),
        chat_title=_title(chat),
        sent_at=_moment(message.get("edit_date") or message.get("date")),
    )


def _person(said: Shape) -> str | None:
    number = _shape(said.get("from")).get("id")
    return None if number is None else str(number)


def _title(chat: Shape) -> str | None:
    return None if chat.get("type") == "private" else str(chat.get("title") or "group")


def _moment(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


def _shape(value: object) -> Shape:
    return value if isinstance(value, Mapping) else {}
