import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)
from tests.sandbox.conftest import HOST, Hooks, Waits, update_of
from tests.sandbox.published import telegram_faults, telegram_spec

from apbot.clock import MovedClock
from apbot.sandbox.handsets import Arrival
from apbot.sandbox.telegram_api import TelegramApi
from apbot.sandbox.telegram_calls import NoSuchTap

GILL = 7701
ALL_IN = InlineKeyboardMarkup([[InlineKeyboardButton("All in", callback_data="all")]])
OFFERED = [
    "answerCallbackQuery",
    "close",
    "deleteMessage",
    "deleteWebhook",
    "editMessageReplyMarkup",
    "editMessageText",
    "getChat",
    "getMe",
    "getMyCommands",
    "getUpdates",
    "getWebhookInfo",
    "logOut",
    "sendChatAction",
    "sendMessage",
    "setMyCommands",
    "setWebhook",
]


@pytest.fixture
def gill(telegram_api: TelegramApi) -> int:
    """A person who has pressed Start."""
    telegram_api.add_person(GILL, "Gill Marsh", has_started=True)
    return GILL


async def call(
    web: httpx.AsyncClient, api: TelegramApi, method: str, **parameters: Any
) -> tuple[int, Any]:
    """Make a call with JSON, as any client may; return status and answer."""
    answer = await web.post(f"/telegram/bot{api.token}/{method}", json=parameters)
    return answer.status_code, answer.json()


async def updates(web: httpx.AsyncClient, api: TelegramApi, **parameters: Any) -> list[Any]:
    _, answer = await call(web, api, "getUpdates", **parameters)
    return list(answer["result"])


async def test_the_official_client_meets_the_bot(bot: telegram.Bot) -> None:
    """getMe tells who the bot is."""
    assert (bot.username, bot.bot.is_bot) == ("apbot", True)


async def test_a_bot_cannot_write_first(bot: telegram.Bot, telegram_api: TelegramApi) -> None:
    """A chat exists for a bot only once its person has pressed Start."""
    telegram_api.add_person(GILL, "Gill Marsh")

    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(GILL, "Good morning")


async def test_start_carries_the_token_of_its_link(
    bot: telegram.Bot, telegram_api: TelegramApi
) -> None:
    """Pressing Start on a link sends /start and the link's token, and opens the chat."""
    telegram_api.add_person(GILL, "Gill Marsh")
    telegram_api.press_start(GILL, "abc123")

    (update,) = await bot.get_updates()
    await bot.send_message(GILL, "Welcome")

    assert update.message is not None
    assert update.message.text == "/start abc123"
    assert [text.text for text in telegram_api.accepted] == ["Welcome"]


async def test_a_text_with_buttons_stands_on_the_phone(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """What the bot sends is what its person sees, stamped by the clock."""
    sent = await bot.send_message(gill, "Who is in?", reply_markup=ALL_IN)

    (bubble,) = telegram_api.handsets.get(str(gill)).bubbles
    assert (bubble.id, bubble.text) == (str(sent.message_id), "Who is in?")
    assert [[key.label for key in row] for row in bubble.keys] == [["All in"]]
    assert bubble.at.timestamp() == sent.date.timestamp()


async def test_a_tap_is_told_and_its_answer_is_shown(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """A tap is a callback query; the bot's answer to it is a short notice on the phone."""
    sent = await bot.send_message(gill, "Who is in?", reply_markup=ALL_IN)
    telegram_api.tap(gill, sent.message_id, "all")

    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    await update.callback_query.answer("All marked in")

    assert update.callback_query.data == "all"
    assert telegram_api.handsets.get(str(gill)).bubbles[0].answer == "All marked in"


async def test_an_old_text_can_still_be_tapped(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """Buttons stay alive under old texts until they are taken away."""
    old = await bot.send_message(gill, "Morning", reply_markup=ALL_IN)
    await bot.send_message(gill, "Afternoon")
    telegram_api.tap(gill, old.message_id, "all")
    await bot.edit_message_reply_markup(chat_id=gill, message_id=old.message_id)

    with pytest.raises(NoSuchTap):
        telegram_api.tap(gill, old.message_id, "all")


async def test_a_tap_is_answered_once_and_soon(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int, clock: MovedClock
) -> None:
    """A second answer, or one that comes late, is told that the query is too old."""
    sent = await bot.send_message(gill, "Who is in?", reply_markup=ALL_IN)
    first = telegram_api.tap(gill, sent.message_id, "all")
    second = telegram_api.tap(gill, sent.message_id, "all")
    await bot.answer_callback_query(first)
    clock.move_by(timedelta(minutes=2))

    for query_id in (first, second):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(query_id)


async def test_a_text_is_edited_in_place(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """An edit changes the bubble and its buttons, and is marked; it is accepted as an edit."""
    sent = await bot.send_message(gill, "Who is in?", reply_markup=ALL_IN)
    await bot.edit_message_text("All 4 in", chat_id=gill, message_id=sent.message_id)

    (bubble,) = telegram_api.handsets.get(str(gill)).bubbles
    assert (bubble.text, bubble.keys, bubble.is_edited) == ("All 4 in", (), True)
    assert [text.kind for text in telegram_api.accepted] == ["send", "edit"]


async def test_an_edit_that_changes_nothing_is_refused(bot: telegram.Bot, gill: int) -> None:
    """Telegram refuses an edit to the very same words and buttons."""
    sent = await bot.send_message(gill, "Who is in?", reply_markup=ALL_IN)

    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text(
            "Who is in?", chat_id=gill, message_id=sent.message_id, reply_markup=ALL_IN
        )
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(
            chat_id=gill, message_id=sent.message_id, reply_markup=ALL_IN
        )


async def test_only_the_bots_own_texts_can_be_edited(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """A person's message can't be edited, and one that is not there is not found."""
    typed = telegram_api.type_text(gill, "all in")

    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("none in", chat_id=gill, message_id=typed)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("none in", chat_id=gill, message_id=typed + 1)


async def test_a_deleted_text_is_gone(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """deleteMessage takes the bubble away, once."""
    sent = await bot.send_message(gill, "Oops")
    await bot.delete_message(gill, sent.message_id)

    assert telegram_api.handsets.get(str(gill)).bubbles == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(gill, sent.message_id)


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [("x" * 4096, True), ("x" * 4097, False), ("😀" * 2049, False), ("  ", False)],
    ids=["4096", "4097", "emoji count two", "blank"],
)
async def test_a_text_has_1_to_4096_characters(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int, text: str, is_taken: bool
) -> None:
    """Longer and empty texts are refused, and characters are counted as UTF-16 does."""
    if is_taken:
        await bot.send_message(gill, text)
    else:
        with pytest.raises(BadRequest, match=r"too long|empty"):
            await bot.send_message(gill, text)

    assert len(telegram_api.accepted) == int(is_taken)


@pytest.mark.parametrize(("pressed", "is_taken"), [("é" * 32, True), ("é" * 33, False)])
async def test_a_button_sends_64_bytes_at_most(
    web: httpx.AsyncClient, telegram_api: TelegramApi, gill: int, pressed: str, is_taken: bool
) -> None:
    """callback_data is counted in bytes."""
    keyboard = {"inline_keyboard": [[{"text": "All in", "callback_data": pressed}]]}
    status, answer = await call(
        web, telegram_api, "sendMessage", chat_id=gill, text="?", reply_markup=keyboard
    )

    assert (status == 200) is is_taken
    assert is_taken or answer["description"] == "Bad Request: BUTTON_DATA_INVALID"


async def test_a_text_can_answer_another(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """reply_parameters quote a message of the chat; one that is not there is not found."""
    typed = telegram_api.type_text(gill, "all in")
    sent = await bot.send_message(gill, "Thanks", reply_parameters=ReplyParameters(typed))

    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "all in"
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(gill, "Thanks", reply_parameters=ReplyParameters(1))


async def test_a_person_can_answer_a_text(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """A reply on the phone says which message it answers."""
    sent = await bot.send_message(gill, "Who is in?")
    telegram_api.type_text(gill, "all", reply_to=sent.message_id)

    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.message_id == sent.message_id


async def test_who_blocks_the_bot_is_not_reached(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """A block is told at once, and refuses every text until it is undone."""
    telegram_api.block(gill)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(gill, "Who is in?")
    telegram_api.unblock(gill)
    await bot.send_message(gill, "Who is in?")

    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [one.new_chat_member.status for one in changes if one] == ["kicked", "member"]


async def test_a_phone_that_is_off_has_its_texts_later(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """Telegram takes a text for a phone that is off, and shows it when it is on again."""
    handset = telegram_api.handsets.get(str(gill))
    telegram_api.switch_off(gill)
    await bot.send_message(gill, "Who is in?")
    while_off = handset.bubbles[0].state
    telegram_api.switch_off(gill, is_off=False)

    assert (while_off, handset.bubbles[0].state) == (Arrival.SENT, Arrival.DELIVERED)


async def test_a_group_that_grew_has_a_new_id(bot: telegram.Bot, telegram_api: TelegramApi) -> None:
    """The old id of an upgraded group is answered with the new one."""
    person = telegram_api.add_person(GILL, "Gill Marsh")
    telegram_api.add_group(-500, "Alder Farm staff", [person])
    telegram_api.upgrade_group(-500, -100500)

    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-500, "Who is in?")
    assert moved.value.new_chat_id == -100500
    assert (await bot.send_message(-100500, "Who is in?")).chat.type == "supergroup"


async def test_in_private_mode_a_bot_hears_little_of_a_group(clock: MovedClock) -> None:
    """Commands, mentions and replies to the bot are told; the rest of a group's talk is not."""
    api = TelegramApi(clock, reads_groups=False)
    person = api.add_person(GILL, "Gill Marsh")
    api.add_group(-500, "Alder Farm staff", [person])
    for text in ("morning all", "/start", "@apbot all in"):
        api.type_text(-500, text)

    app = httpx.ASGITransport(app=api.router)
    async with httpx.AsyncClient(transport=app, base_url=HOST) as web:
        answer = await web.get(f"/bot{api.token}/getUpdates")
    told = [one["message"].get("text") for one in answer.json()["result"] if "message" in one]
    assert told == [None, "/start", "@apbot all in"]


# Updates by long polling.


async def test_an_update_is_told_until_it_is_confirmed(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """Asking for later updates confirms the earlier ones; nothing else does."""
    for text in ("one", "two"):
        telegram_api.type_text(gill, text)
    first, second = await bot.get_updates()
    again = await bot.get_updates()
    left = await bot.get_updates(offset=second.update_id)

    assert [one.update_id for one in again] == [first.update_id, second.update_id]
    assert [one.update_id for one in left] == [second.update_id]
    assert await bot.get_updates(offset=second.update_id + 1) == ()


async def test_a_long_poll_is_answered_when_something_is_said(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """A poll waits for the first update and does not wait longer."""
    async with asyncio.timeout(5):
        poll = asyncio.create_task(bot.get_updates(timeout=30))
        await telegram_api.until_polled()
        telegram_api.type_text(gill, "all in")
        (update,) = await poll

    assert update.message is not None
    assert update.message.text == "all in"


async def test_a_second_poll_ends_the_first(bot: telegram.Bot, telegram_api: TelegramApi) -> None:
    """Only one instance can poll: the earlier poll is told of the conflict."""
    async with asyncio.timeout(5):
        first = asyncio.create_task(bot.get_updates(timeout=30))
        await telegram_api.until_polled()
        await bot.get_updates(timeout=0)
        second = asyncio.create_task(bot.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)


async def test_only_the_wanted_kinds_are_told(
    web: httpx.AsyncClient, telegram_api: TelegramApi, gill: int
) -> None:
    """allowed_updates holds until it is given anew."""
    await updates(web, telegram_api, allowed_updates=["message"])
    telegram_api.block(gill)
    telegram_api.type_text(gill, "all in")

    assert [list(one)[1:] for one in await updates(web, telegram_api)] == [["message"]]


# Updates at a webhook.


async def test_a_webhook_is_told_everything_in_order(
    bot: telegram.Bot, telegram_api: TelegramApi, hooks: Hooks, gill: int
) -> None:
    """Updates are posted with the secret; polling is refused meanwhile."""
    await bot.set_webhook(f"{HOST}/hooks/telegram", secret_token="s3cret")
    for text in ("one", "two", "three"):
        telegram_api.type_text(gill, text)
    await telegram_api.idle()

    assert [update_of(told)["message"]["text"] for told in hooks.told] == ["one", "two", "three"]
    assert hooks.told[0].headers["x-telegram-bot-api-secret-token"] == "s3cret"
    with pytest.raises(Conflict, match="while webhook is active"):
        await bot.get_updates()


async def test_an_update_that_was_not_taken_is_brought_again(
    bot: telegram.Bot, telegram_api: TelegramApi, hooks: Hooks, waits: Waits, gill: int
) -> None:
    """Until the hook answers 2xx, the same update is posted again and holds up the next."""
    hooks.answers = [500, 403]
    await bot.set_webhook(f"{HOST}/hooks/telegram")
    telegram_api.type_text(gill, "one")
    telegram_api.type_text(gill, "two")
    await telegram_api.idle()

    told = [update_of(one)["message"]["text"] for one in hooks.told]
    assert told == ["one", "one", "one", "two"]
    assert waits.seconds == [1, 2]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 403"
    assert info.pending_update_count == 0


async def test_updates_wait_for_a_network_that_is_down(
    bot: telegram.Bot, telegram_api: TelegramApi, hooks: Hooks, gill: int
) -> None:
    """Nothing passes while the network is down, and nothing is lost."""
    await bot.set_webhook(f"{HOST}/hooks/telegram")
    telegram_api.faults.take_down()
    telegram_api.type_text(gill, "all in")
    with pytest.raises(NetworkError, match="ConnectError"):
        await bot.send_message(gill, "Who is in?")
    told_meanwhile = len(hooks.told)
    telegram_api.faults.bring_up()
    await telegram_api.idle()

    assert (told_meanwhile, len(hooks.told)) == (0, 1)
    assert telegram_api.accepted == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://apbot.test/hook", "an https url must be provided"),
        ("nowhere", "an https url must be provided"),
        ("https://apbot.test:8000/hook", "only on ports 80, 88, 443 or 8443"),
    ],
)
async def test_a_webhook_is_a_public_https_address(bot: telegram.Bot, url: str, words: str) -> None:
    """Telegram posts to https alone, and to four ports."""
    with pytest.raises(BadRequest, match=words):
        await bot.set_webhook(url)


async def test_who_presses_start_lets_the_bot_in_again(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """Start undoes a block."""
    telegram_api.block(gill)
    telegram_api.press_start(gill)

    assert (await bot.send_message(gill, "Welcome back")).text == "Welcome back"


async def test_a_webhook_can_be_taken_away(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """Without a webhook, updates are there for polling again."""
    await bot.set_webhook(f"{HOST}/hooks/telegram")
    await bot.delete_webhook()
    telegram_api.type_text(gill, "all in")

    assert len(await bot.get_updates()) == 1
    assert (await bot.get_webhook_info()).url == ""


# Faults.


# The client warns that its figure will be a timedelta one day; we read only the timedelta.
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_a_throttled_call_says_when_to_come_again(
    bot: telegram.Bot,
    gill: int,
    telegram_api: TelegramApi,
) -> None:
    """429 carries retry_after, for as many calls as were asked for."""
    telegram_api.faults.throttle(times=1, seconds=7)

    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(gill, "Who is in?")
    assert refused.value._retry_after.total_seconds() == 7
    await bot.send_message(gill, "Who is in?")


async def test_a_dropped_call_may_or_may_not_have_been_taken(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """The line breaks before the text is taken, or after: the client sees which kind of break."""
    telegram_api.faults.drop_before()
    with pytest.raises(NetworkError, match="ConnectError"):
        await bot.send_message(gill, "one")
    telegram_api.faults.drop_after()
    with pytest.raises(NetworkError, match="ReadError"):
        await bot.send_message(gill, "two")

    assert [text.text for text in telegram_api.accepted] == ["two"]


async def test_a_broken_network_answers_500(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """A 500 is no word on the text: nothing was taken."""
    telegram_api.faults.break_down()

    with pytest.raises(NetworkError, match="Internal Server Error"):
        await bot.send_message(gill, "one")
    assert telegram_api.accepted == []


async def test_a_slow_network_answers_in_the_end(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int, waits: Waits
) -> None:
    """A delay keeps the answer back, and nothing else."""
    telegram_api.faults.delay(4)
    await bot.send_message(gill, "one")

    assert waits.seconds == [4]


async def test_a_fault_can_be_kept_for_one_call(
    bot: telegram.Bot, telegram_api: TelegramApi, gill: int
) -> None:
    """A fault of one method spares the others; polls meet only their own."""
    telegram_api.faults.break_down(of="editmessagetext")
    telegram_api.faults.break_down(of="getupdates")
    sent = await bot.send_message(gill, "one")

    with pytest.raises(NetworkError):
        await bot.edit_message_text("two", chat_id=gill, message_id=sent.message_id)
    with pytest.raises(NetworkError):
        await bot.get_updates()


# The published shapes.


async def test_a_wrong_token_is_refused(web: httpx.AsyncClient, telegram_api: TelegramApi) -> None:
    """A token that is none is not found; one of nobody is unauthorized."""
    nonsense = await web.get("/telegram/botnonsense/getMe")
    nobody = await web.get("/telegram/bot1:nobody/getMe")

    assert nonsense.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert nobody.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_the_official_client_knows_a_wrong_token(app: Any, telegram_api: TelegramApi) -> None:
    """python-telegram-bot reads the refusal as InvalidToken."""
    line = telegram.request.HTTPXRequest(httpx_kwargs={"transport": httpx.ASGITransport(app=app)})
    stranger = telegram.Bot("1:nobody", base_url=f"{HOST}/telegram/bot", request=line)

    with pytest.raises(InvalidToken):
        await stranger.get_me()
    await line.shutdown()


async def test_what_is_not_offered_is_said_so_as_telegram_does(
    web: httpx.AsyncClient, telegram_api: TelegramApi
) -> None:
    """Every other method of the Bot API answers with Telegram's error, not with a crash."""
    assert telegram_api.methods == {name.lower() for name in OFFERED}
    for method in set(telegram_spec()["methods"]) - set(OFFERED):
        status, answer = await call(web, telegram_api, method)
        assert (status, answer["ok"], answer["error_code"]) == (404, False, 404), method


async def test_a_call_may_come_in_any_of_four_forms(
    web: httpx.AsyncClient, telegram_api: TelegramApi, gill: int
) -> None:
    """Query, form, multipart and JSON all carry the same parameters."""
    url = f"/telegram/bot{telegram_api.token}/sendMessage"
    keyboard = {"inline_keyboard": [[{"text": "All in", "callback_data": "all"}]]}
    form = {"chat_id": str(gill), "text": "?", "reply_markup": json.dumps(keyboard)}
    await web.get(url, params=form)
    await web.post(url, data=form)
    await web.post(url, data=form, files={"ignored": b"1"})
    await web.post(url, json={"chat_id": gill, "text": "?", "reply_markup": keyboard})

    assert [len(text.keys) for text in telegram_api.accepted] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("getMe", {}),
        ("sendMessage", {"chat_id": GILL, "text": "hello"}),
        ("getChat", {"chat_id": GILL}),
        ("getWebhookInfo", {}),
        ("setWebhook", {"url": f"{HOST}/hooks/telegram"}),
        ("deleteWebhook", {}),
        ("getUpdates", {}),
        ("setMyCommands", {"commands": [{"command": "help", "description": "What to send"}]}),
        ("getMyCommands", {}),
        ("sendChatAction", {"chat_id": GILL, "action": "typing"}),
        ("logOut", {}),
        ("close", {}),
    ],
)
async def test_results_have_the_published_shape(
    web: httpx.AsyncClient,
    telegram_api: TelegramApi,
    gill: int,
    method: str,
    parameters: dict[str, Any],
) -> None:
    """A result is of a type that the method is published to return."""
    _, answer = await call(web, telegram_api, method, **parameters)

    returns = telegram_spec()["methods"][method]["returns"]
    assert answer["ok"] is True
    assert telegram_faults(answer["result"], *returns) == []


@pytest.mark.parametrize("method", [name for name in OFFERED if name != "setWebhook"])
async def test_a_required_parameter_is_required(
    web: httpx.AsyncClient, telegram_api: TelegramApi, gill: int, method: str
) -> None:
    """Without any one of the parameters that are published as required, a call is refused."""
    sent = (await call(web, telegram_api, "sendMessage", chat_id=gill, text="hello"))[1]["result"]
    given = {"chat_id": gill, "message_id": sent["message_id"], "text": "x", "action": "typing"}
    fields = telegram_spec()["methods"][method].get("fields", ())
    required = [field["name"] for field in fields if field["required"]]
    for missing in required:
        parameters = {name: given[name] for name in required if name in given and name != missing}
        status, answer = await call(web, telegram_api, method, **parameters)
        assert (status, answer["ok"]) == (400, False), f"{method} without {missing}"


async def test_every_kind_of_update_has_the_published_shape(
    web: httpx.AsyncClient, telegram_api: TelegramApi, gill: int
) -> None:
    """Whatever people do, the bot is told in Telegram's shape."""
    person = telegram_api.add_person(gill, "Gill Marsh")
    _, sent = await call(
        web,
        telegram_api,
        "sendMessage",
        chat_id=gill,
        text="Who is in?",
        reply_markup=ALL_IN.to_dict(),
    )
    telegram_api.press_start(gill, "abc")
    typed = telegram_api.type_text(gill, "all in", reply_to=sent["result"]["message_id"])
    telegram_api.edit_text(gill, typed, "none in")
    telegram_api.send_photo(gill, "the minibus")
    telegram_api.tap(gill, sent["result"]["message_id"], "all")
    telegram_api.block(gill)
    telegram_api.unblock(gill)
    telegram_api.add_group(-500, "Alder Farm staff", [person])
    telegram_api.type_text(-500, "morning", sender=gill)
    telegram_api.upgrade_group(-500, -100500)

    told = await updates(web, telegram_api)
    assert len(told) == 12
    assert [fault for one in told for fault in telegram_faults(one, "Update")] == []
    assert [telegram.Update.de_json(one, None).update_id for one in told] == [
        one["update_id"] for one in told
    ]
