import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apbot.channels.protocol import Hook
from apbot.channels.telegram import TelegramChannel
from apbot.domain.messages import Address, Inbound, InboundKind

SECRET = "a-secret"
ASH = {"id": 7001, "is_bot": False, "first_name": "Ash"}
CHAT = {"id": 7001, "type": "private", "first_name": "Ash"}
GROUP = {"id": -7100, "type": "group", "title": "Alder Farm staff"}
BOT = {"id": 77009, "is_bot": True, "first_name": "apbot", "username": "apbot"}
AT = 1795426260
SENT_AT = datetime.fromtimestamp(AT, UTC)
CHANNEL = TelegramChannel("77009:token", webhook_secret=SECRET)


def brought(update: Any) -> list[Any]:
    """Return what the channel makes of these bytes."""
    body = json.dumps(update).encode()
    hook = Hook("https://x/hooks/telegram", {"x-telegram-bot-api-secret-token": SECRET}, body)
    return list(CHANNEL.receive(hook))


def message(**fields: Any) -> dict[str, Any]:
    said = {"message_id": 52, "from": ASH, "chat": CHAT, "date": AT} | fields
    return {"update_id": 1001, "message": said}


def inbound(kind: InboundKind, text: str, **fields: Any) -> Inbound:
    said: dict[str, Any] = {
        "network_id": "1001",
        "address": Address("telegram", "7001"),
        "sender": "7001",
        "sent_at": SENT_AT,
    }
    return Inbound(kind=kind, text=text, **said | fields)


@pytest.mark.parametrize(
    ("update", "happening"),
    [
        pytest.param(
            message(text="all in 😊\nthanks"),
            inbound(InboundKind.TEXT, "all in 😊\nthanks"),
            id="a-text-is-what-was-typed",
        ),
        pytest.param(
            message(
                text="/start Ab3_-z", entities=[{"type": "bot_command", "offset": 0, "length": 6}]
            ),
            inbound(InboundKind.START, "Ab3_-z"),
            id="start-brings-the-link's-token",
        ),
        pytest.param(
            message(text="/start"), inbound(InboundKind.START, ""), id="start-without-a-token"
        ),
        pytest.param(
            message(text="/start@apbot Ab3", chat=GROUP),
            inbound(
                InboundKind.START,
                "Ab3",
                address=Address("telegram", "-7100"),
                chat_title="Alder Farm staff",
            ),
            id="start-in-a-group",
        ),
        pytest.param(
            message(text="/starting now"),
            inbound(InboundKind.TEXT, "/starting now"),
            id="what-only-begins-like-start",
        ),
        pytest.param(
            message(text="no", reply_to_message={"message_id": 41, "from": BOT, "chat": CHAT}),
            inbound(InboundKind.TEXT, "no", answers="7001:41"),
            id="a-quote-names-the-text",
        ),
        pytest.param(
            message(photo=[{"file_id": "f", "file_unique_id": "f", "width": 9, "height": 9}]),
            inbound(InboundKind.TEXT, ""),
            id="a-picture-without-words-is-not-lost",
        ),
        pytest.param(
            message(
                photo=[{"file_id": "f", "file_unique_id": "f", "width": 9, "height": 9}],
                caption="chloe's arm",
            ),
            inbound(InboundKind.TEXT, "chloe's arm"),
            id="a-picture's-words-are-a-text",
        ),
        pytest.param(
            message(voice={"file_id": "f", "file_unique_id": "f", "duration": 3}),
            inbound(InboundKind.TEXT, ""),
            id="a-voice-message-is-not-lost",
        ),
        pytest.param(
            message(a_kind_not_invented_yet={"x": 1}),
            inbound(InboundKind.TEXT, ""),
            id="an-unknown-kind-is-not-lost",
        ),
        pytest.param(
            {
                "update_id": 1001,
                "edited_message": {
                    "message_id": 52,
                    "from": ASH,
                    "chat": CHAT,
                    "date": AT - 60,
                    "edit_date": AT,
                    "text": "all in except chloe",
                },
            },
            inbound(InboundKind.TEXT, "all in except chloe"),
            id="a-changed-text-is-a-text",
        ),
        pytest.param(
            {
                "update_id": 1001,
                "callback_query": {
                    "id": "770090001",
                    "from": ASH,
                    "message": {"message_id": 41, "from": BOT, "chat": CHAT, "date": AT},
                    "chat_instance": "1",
                    "data": "in:12:3",
                },
            },
            inbound(
                InboundKind.TAP,
                "in:12:3",
                answers="7001:41",
                callback_id="770090001",
                sent_at=None,
            ),
            id="a-tap",
        ),
        pytest.param(
            {
                "update_id": 1001,
                "callback_query": {
                    "id": "770090001",
                    "from": ASH,
                    "message": {"message_id": 41, "chat": GROUP, "date": 0},
                    "chat_instance": "1",
                    "data": "all",
                },
            },
            inbound(
                InboundKind.TAP,
                "all",
                address=Address("telegram", "-7100"),
                answers="-7100:41",
                callback_id="770090001",
                chat_title="Alder Farm staff",
                sent_at=None,
            ),
            id="a-tap-on-an-old-message-of-a-group",
        ),
        pytest.param(
            {
                "update_id": 1001,
                "my_chat_member": {
                    "chat": CHAT,
                    "from": ASH,
                    "date": AT,
                    "old_chat_member": {"user": BOT, "status": "member"},
                    "new_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
                },
            },
            inbound(InboundKind.BLOCKED, ""),
            id="the-bot-is-blocked",
        ),
        pytest.param(
            {
                "update_id": 1001,
                "my_chat_member": {
                    "chat": GROUP,
                    "from": ASH,
                    "date": AT,
                    "old_chat_member": {"user": BOT, "status": "left"},
                    "new_chat_member": {"user": BOT, "status": "member"},
                },
            },
            inbound(
                InboundKind.ADDED,
                "",
                address=Address("telegram", "-7100"),
                chat_title="Alder Farm staff",
            ),
            id="the-bot-is-added-to-a-group",
        ),
        pytest.param(
            message(chat=GROUP, migrate_to_chat_id=-1007100),
            inbound(
                InboundKind.MOVED,
                "-1007100",
                address=Address("telegram", "-7100"),
                chat_title="Alder Farm staff",
            ),
            id="a-group-has-a-new-id",
        ),
    ],
)
def test_an_update_is_read(update: Any, happening: Inbound) -> None:
    """What a person did, as Telegram's own bytes tell it."""
    assert brought(update) == [happening]


@pytest.mark.parametrize(
    "update",
    [
        pytest.param(message(chat=GROUP, new_chat_members=[BOT]), id="somebody-joined"),
        pytest.param(
            message(chat=GROUP, migrate_from_chat_id=-7100), id="the-new-group-says-hello"
        ),
        pytest.param(message(chat=GROUP, group_chat_created=True), id="a-group-was-made"),
        pytest.param(
            {
                "update_id": 1,
                "edited_message": message(location={"latitude": 51.5, "longitude": 0.1})["message"],
            },
            id="a-live-location-moved",
        ),
        pytest.param(
            {
                "update_id": 1,
                "my_chat_member": {
                    "chat": CHAT,
                    "from": ASH,
                    "date": AT,
                    "old_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
                    "new_chat_member": {"user": BOT, "status": "member"},
                },
            },
            id="the-bot-is-let-in-again",
        ),
        pytest.param({"update_id": 1, "poll": {"id": "1"}}, id="an-update-that-we-did-not-ask-for"),
        pytest.param({"update_id": 1, "callback_query": {"id": "1", "from": ASH}}, id="no-message"),
        pytest.param([], id="no-update-at-all"),
    ],
)
def test_what_no_person_said_is_left_aside(update: Any) -> None:
    """Nobody waits for an answer to a notice of Telegram's own."""
    assert brought(update) == []


def test_bytes_that_are_no_json_are_left_aside() -> None:
    """Telegram would bring them again for ever."""
    headers = {"x-telegram-bot-api-secret-token": SECRET}

    assert CHANNEL.receive(Hook("https://x/hooks/telegram", headers, b"\xff{")) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "chat", "from", "text", "message", "date", "type", "message_id"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(
        st.sampled_from(
            ["update_id", "message", "edited_message", "callback_query", "my_chat_member"]
        ),
        JSON,
    )
)
def test_no_update_is_an_error(update: Any) -> None:
    """An update that raised would be brought again and keep the next ones waiting."""
    assert all(isinstance(happening, Inbound) for happening in brought(update))
