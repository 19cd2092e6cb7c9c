import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.channels.network import Network, telegram_no, telegram_ok, telegram_sent

from apbot.channels.protocol import (
    AddressGone,
    AddressMoved,
    Answers,
    FateUnknown,
    Fetches,
    Hails,
    Invites,
    Refused,
    SendError,
    TryLater,
)
from apbot.channels.telegram import TelegramChannel
from apbot.domain.messages import Address, Button, Inbound, InboundKind, Outbound

BOT = {"id": 77009, "is_bot": True, "first_name": "apbot", "username": "ap_bot"}
AT_ONCE = timedelta(0)


@pytest.fixture
def network() -> Network:
    return Network()


def a_channel(network: Network, **settings: Any) -> TelegramChannel:
    return TelegramChannel("77009:t", transport=network.transport, pause=AT_ONCE, **settings)


def a_text(**fields: Any) -> Outbound:
    said: dict[str, Any] = {"address": Address("telegram", "7001"), "text": "AM: who is in?"}
    return Outbound(key="k1", **said | fields)


def an_update(number: int, text: str = "all in", **fields: Any) -> dict[str, Any]:
    person = {"id": 7001, "is_bot": False, "first_name": "Ash"}
    chat = {"id": 7001, "type": "private", "first_name": "Ash"}
    said = {"message_id": number, "from": person, "chat": chat, "date": 1795426200, "text": text}
    return {"update_id": number, "message": said | fields}


def test_telegram_can_be_fetched_from_answered_and_invited_to(network: Network) -> None:
    """What only this network can do has protocols of its own."""
    channel = a_channel(network)

    assert isinstance(channel, Fetches)
    assert isinstance(channel, Answers)
    assert isinstance(channel, Invites)
    assert isinstance(channel, Hails)


async def test_buttons_go_under_the_text(network: Network) -> None:
    """A tap brings back what the button holds; a link is not shown in a picture."""
    network.will(telegram_sent())
    rows = ((Button("All in", "all:12"),), (Button("Aiden", "t:1"), Button("Chloe", "t:2")))

    await a_channel(network).send(a_text(buttons=rows))

    asked = network.form()
    assert network.paths() == ["sendMessage"]
    assert (asked["chat_id"], asked["text"]) == ("7001", "AM: who is in?")
    assert json.loads(asked["reply_markup"])["inline_keyboard"] == [
        [{"text": "All in", "callback_data": "all:12"}],
        [{"text": "Aiden", "callback_data": "t:1"}, {"text": "Chloe", "callback_data": "t:2"}],
    ]
    assert json.loads(asked["link_preview_options"]) == {"is_disabled": True}
    assert "parse_mode" not in asked


async def test_a_text_can_replace_an_earlier_one(network: Network) -> None:
    """The one message is changed in place as taps come, and keeps its id."""
    network.will(telegram_sent(41))

    sent_id = await a_channel(network).send(a_text(edits="7001:41"))

    assert sent_id == "7001:41"
    assert network.paths() == ["editMessageText"]
    assert network.form()["message_id"] == "41"


async def test_a_text_that_already_stands_so_is_sent(network: Network) -> None:
    """Nothing was to be changed, so nothing is wrong."""
    network.will(
        telegram_no(
            400,
            "Bad Request: message is not modified: specified new message content and reply "
            "markup are exactly the same as a current content and reply markup of the message",
        )
    )

    assert await a_channel(network).send(a_text(edits="7001:41")) == "7001:41"


@pytest.mark.parametrize(
    "words", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"]
)
async def test_a_text_that_cannot_be_changed_is_sent_anew(network: Network, words: str) -> None:
    """Whatever became of the old message, the person is told."""
    network.will(telegram_no(400, f"Bad Request: {words}"), telegram_sent(42))

    assert await a_channel(network).send(a_text(edits="7001:41")) == "7001:42"
    assert network.paths() == ["editMessageText", "sendMessage"]


@pytest.mark.parametrize("edits", ["-7100:41", "41", "7001:", "7001:x"])
async def test_only_a_message_of_the_same_chat_is_changed(network: Network, edits: str) -> None:
    """A group that moved has none of its old messages; a number alone could be another's."""
    network.will(telegram_sent(42))

    assert await a_channel(network).send(a_text(edits=edits)) == "7001:42"
    assert network.paths() == ["sendMessage"]


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (
            telegram_no(403, "Forbidden: bot was blocked by the user"),
            AddressGone,
            "the person has blocked the bot",
        ),
        (
            telegram_no(403, "Forbidden: user is deactivated"),
            AddressGone,
            "the Telegram account no longer exists",
        ),
        (
            telegram_no(403, "Forbidden: bot was kicked from the supergroup chat"),
            AddressGone,
            "the bot was removed from the group",
        ),
        (
            telegram_no(403, "Forbidden: bot can't initiate conversation with a user"),
            AddressGone,
            "the person has not pressed Start",
        ),
        (
            telegram_no(400, "Bad Request: chat not found"),
            AddressGone,
            "Telegram knows no such chat",
        ),
        (
            telegram_no(400, "Bad Request: not enough rights to send text messages to the chat"),
            Refused,
            "the group does not let the bot write",
        ),
        (
            telegram_no(400, "Bad Request: BUTTON_DATA_INVALID"),
            Refused,
            "Telegram refused the text",
        ),
        (telegram_no(404, "Not Found"), Refused, "Telegram does not know our bot token"),
        (telegram_no(500, "Internal Server Error"), TryLater, "Telegram is out of order"),
    ],
)
async def test_each_refusal_has_its_meaning(
    network: Network, answer: httpx.Response, kind: type[SendError], said: str
) -> None:
    """What to do next, and why, in words for the office."""
    network.will(answer)

    with pytest.raises(kind, match=said) as failed:
        await a_channel(network).send(a_text())

    assert type(failed.value) is kind


@pytest.mark.parametrize(
    ("status", "kind"), [(500, TryLater), (502, FateUnknown), (503, TryLater), (504, FateUnknown)]
)
async def test_a_gateway_that_gave_up_does_not_know_what_became_of_the_text(
    network: Network, status: int, kind: type[SendError]
) -> None:
    """A page of its own, and no word of Telegram's: at most one more copy goes."""
    network.will(httpx.Response(status, html="<html>nginx</html>"))

    with pytest.raises(SendError) as failed:
        await a_channel(network).send(a_text())

    assert type(failed.value) is kind


async def test_a_throttled_text_waits_as_long_as_telegram_says(network: Network) -> None:
    """Sooner would be refused again, and counted against us."""
    network.will(telegram_no(429, "Too Many Requests: retry after 7", retry_after=7))

    with pytest.raises(TryLater) as failed:
        await a_channel(network).send(a_text())

    assert failed.value.after == timedelta(seconds=7)


async def test_a_group_that_moved_says_where_to(network: Network) -> None:
    """The same text goes to the new address."""
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    network.will(telegram_no(400, words, migrate_to_chat_id=-1007100))

    with pytest.raises(AddressMoved) as failed:
        await a_channel(network).send(a_text())

    assert failed.value.to == "-1007100"


async def test_a_tap_is_answered(network: Network) -> None:
    """The phone shows a clock on the button until it is."""
    network.will(telegram_ok(True))

    await a_channel(network).answer("770", "Chloe D: off")

    assert network.paths() == ["answerCallbackQuery"]
    assert network.form()["callback_query_id"] == "770"
    assert network.form()["text"] == "Chloe D: off"


@pytest.mark.parametrize(
    "answer",
    [
        telegram_no(400, "Bad Request: query is too old and response timeout expired"),
        telegram_no(429, "Too Many Requests: retry after 3", retry_after=3),
        httpx.ConnectError("no route"),
    ],
)
async def test_a_tap_that_cannot_be_answered_harms_nobody(
    network: Network, answer: httpx.Response | Exception
) -> None:
    """The mark it made stands."""
    network.will(answer)

    await a_channel(network).answer("770", "Chloe D: off")

    assert len(network.asked) == 1


async def test_the_hook_is_registered_where_there_is_a_public_address(network: Network) -> None:
    """With our secret, and for the updates that we read."""
    network.will(telegram_ok(BOT), telegram_ok(True))
    channel = a_channel(network, webhook_secret="s3cret", public_url="https://ap.example.org/")

    await channel.start()

    assert network.paths() == ["getMe", "setWebhook"]
    assert network.form()["url"] == "https://ap.example.org/hooks/telegram"
    assert network.form()["secret_token"] == "s3cret"
    assert json.loads(network.form()["allowed_updates"]) == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]
    assert [batch async for batch in channel.fetch()] == []
    await channel.stop()


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"public_url": "https://ap.example.org"},
        {"public_url": "http://127.0.0.1:8000", "webhook_secret": "s3cret"},
    ],
)
async def test_without_https_and_a_secret_no_hook_is_registered(
    network: Network, settings: dict[str, str]
) -> None:
    """Telegram would refuse the one, and anybody could forge the other."""
    network.will(telegram_ok(BOT))
    channel = a_channel(network, **settings)

    await channel.start()

    assert network.paths() == ["getMe"]
    assert not channel.is_hooked
    await channel.stop()


async def test_an_invitation_names_the_bot(network: Network) -> None:
    """Start on this link brings the token; nobody can be invited to a bot without a name."""
    network.will(telegram_ok(BOT))
    channel = a_channel(network)

    assert channel.invite("Ab3_-z") is None
    await channel.start()

    assert channel.invite("Ab3_-z") == "https://t.me/ap_bot?start=Ab3_-z"
    await channel.stop()


async def test_a_network_that_is_down_at_the_start_is_tried_again(network: Network) -> None:
    """The other channels need not wait for it, and nobody has to start us again."""
    network.will(httpx.ConnectError("no route"), httpx.Response(502))
    network.will(telegram_ok(BOT), telegram_ok(True))
    channel = a_channel(network, webhook_secret="s3cret", public_url="https://ap.example.org")

    await channel.start()
    await network.spent()

    assert network.paths() == ["getMe", "getMe", "getMe", "setWebhook"]
    assert channel.invite("t") == "https://t.me/ap_bot?start=t"
    await channel.stop()


async def test_the_bot_api_is_where_the_setting_says(network: Network) -> None:
    """A stand-in, or a Bot API server of one's own."""
    network.will(telegram_sent())

    await a_channel(network, base_url="http://127.0.0.1:8000/tg/bot").send(a_text())

    assert str(network.asked[0].url) == "http://127.0.0.1:8000/tg/bot77009:t/sendMessage"


async def test_updates_are_told_as_taken_only_when_the_next_are_asked_for(
    network: Network,
) -> None:
    """Whoever crashes over a batch is brought it again."""
    network.will(telegram_ok([an_update(1001), an_update(1002, "femi late")]))
    network.will(telegram_ok([]), telegram_ok([an_update(1003, "thanks")]))
    fetched = a_channel(network).fetch()

    first = await anext(fetched)
    assert [said.text for said in first if isinstance(said, Inbound)] == ["all in", "femi late"]
    assert "offset" not in network.form()
    assert len(network.asked) == 1

    [second] = await anext(fetched)
    assert isinstance(second, Inbound)
    assert second.text == "thanks"
    assert [network.form(number)["offset"] for number in (1, 2)] == ["1003", "1003"]


async def test_fetched_and_brought_updates_read_the_same(network: Network) -> None:
    """One way to read, whichever way they come."""
    update = an_update(1001, reply_to_message=an_update(41)["message"])
    network.will(telegram_ok([update]))

    [said] = await anext(a_channel(network).fetch())

    assert said == Inbound(
        network_id="1001",
        address=Address("telegram", "7001"),
        kind=InboundKind.TEXT,
        text="all in",
        answers="7001:41",
        sender="7001",
        sent_at=said.sent_at if isinstance(said, Inbound) else None,
    )


@pytest.mark.parametrize(
    "said",
    [
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("no route"),
        httpx.Response(502, text="<html>"),
        telegram_no(429, "Too Many Requests: retry after 3"),
    ],
)
async def test_whether_it_is_there_is_asked_without_a_copy(
    network: Network, said: Exception | httpx.Response
) -> None:
    """No answer is a network that is away, and never a text that may have gone."""
    network.will(said, telegram_ok(BOT))
    channel = a_channel(network)

    with pytest.raises(TryLater) as away:
        await channel.hail()
    await channel.hail()

    assert type(away.value) is TryLater
    assert network.paths() == ["getMe", "getMe"]


async def test_a_failed_fetch_is_tried_again(network: Network) -> None:
    """A network that is down, slow or throttling us loses nothing of what was said."""
    network.will(
        httpx.ConnectError("no route"),
        httpx.ReadTimeout("slow"),
        telegram_no(429, "Too Many Requests: retry after 0"),
        httpx.Response(502, text="<html>"),
        telegram_ok([an_update(1001)]),
    )

    [said] = await anext(a_channel(network).fetch())

    assert isinstance(said, Inbound)
    assert said.text == "all in"
    assert len(network.asked) == 5


async def test_a_hook_left_behind_is_taken_away(network: Network) -> None:
    """Telegram gives updates to one of the two; nobody takes them from the old address."""
    words = "Conflict: can't use getUpdates method while webhook is active"
    network.will(telegram_no(409, words), telegram_ok(True), telegram_ok([an_update(1001)]))

    await anext(a_channel(network).fetch())

    assert network.paths() == ["getUpdates", "deleteWebhook", "getUpdates"]


async def test_another_poller_is_waited_for(network: Network) -> None:
    """Two of us overlap for a moment at every restart."""
    words = "Conflict: terminated by other getUpdates request"
    network.will(telegram_no(409, words), telegram_ok([an_update(1001)]))

    await anext(a_channel(network).fetch())

    assert network.paths() == ["getUpdates", "getUpdates"]


@pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'")
async def test_an_error_of_another_kind_does_not_end_the_fetching(network: Network) -> None:
    """Whatever the answer is, the next is asked for: silence must not look like a quiet morning."""
    no_list = telegram_ok(["no update at all"])
    network.will(no_list, telegram_ok(7), telegram_ok([an_update(1001)]))

    [said] = await anext(a_channel(network).fetch())

    assert isinstance(said, Inbound)
    assert said.text == "all in"


@pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'")
async def test_an_update_of_an_unknown_shape_keeps_nothing_waiting(network: Network) -> None:
    """The library cannot read the first; it is read all the same, and so is the next."""
    strange = an_update(1001, "help!!")
    del strange["message"]["date"]
    batch = [strange, an_update(1002)]
    network.will(telegram_ok(batch), telegram_ok(batch), telegram_ok([an_update(1003)]))
    fetched = a_channel(network).fetch()

    first = await anext(fetched)
    assert [said.text for said in first if isinstance(said, Inbound)] == ["help!!", "all in"]

    await anext(fetched)
    assert network.form()["offset"] == "1003"
