import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import telegram
from fastapi import FastAPI
from starlette.types import Message
from tests.sandbox.conftest import HALF_PAST_NINE, Hooks, Waits

from apbot.clock import MovedClock
from apbot.sandbox.phones import Phone, Phones
from apbot.sandbox.telegram_api import TelegramApi
from apbot.sandbox.twilio_api import SANDBOX_AUTH_TOKEN, SANDBOX_SENDER, SANDBOX_SID, TwilioApi

GILL = Phone("gill", "Gill Marsh", "Tutor, Alder Farm", "provider", "telegram", "7701", ("all in",))
BEN = Phone("ben", "Ben Holt", "Coach, Quay Boxing", "provider", "sms", "+447700900111")
KAY = Phone("kay", "Kay Moss", "Key contact", "css", "whatsapp", "+447700900112")
DIALOGUE = {
    "name": "all-in",
    "title": "All in",
    "about": "An easy morning.",
    "steps": [
        {"caption": "Gill is asked."},
        {"at": "09:31", "phone": "Gill Marsh", "hears": "WHO IS IN"},
        {"at": "09:32", "phone": "Gill Marsh", "says": "all in"},
        {"at": "09:33", "phone": "Gill Marsh", "taps": "all"},
        {"at": "10:00", "caption": "That was it."},
    ],
}


@dataclass(slots=True)
class Due:
    """When the product will next do something."""

    at: datetime | None = None

    def __call__(self) -> datetime | None:
        """Tell it."""
        return self.at


@pytest.fixture
def due() -> Due:
    return Due()


@pytest.fixture
async def phones(
    clock: MovedClock,
    app: FastAPI,
    telegram_api: TelegramApi,
    twilio_api: TwilioApi,
    due: Due,
    waits: Waits,
) -> AsyncIterator[Phones]:
    phones = Phones(
        clock,
        telegram_api,
        twilio_api,
        [GILL, BEN, KAY],
        [DIALOGUE],
        next_event=due,
        beat=0.01,
        patience=0.05,
        pause=waits,
    )
    app.include_router(phones.router)
    yield phones
    await phones.stop()


@dataclass(slots=True)
class Stream:
    """The events of one open page."""

    chunks: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def next(self, kind: str, fits: Callable[[Any], bool] = lambda shape: True) -> Any:
        """Return the next event of this kind that fits."""
        async with asyncio.timeout(5):
            while True:
                head, line = (await self.chunks.get()).strip().split("\n")
                shape = json.loads(line.removeprefix("data: "))
                if head == f"event: {kind}" and fits(shape):
                    return shape


@asynccontextmanager
async def a_page(app: FastAPI, query: str = "") -> AsyncIterator[Stream]:
    """Open the events as a browser does, and close them as one does."""
    stream, closed, asked = Stream(), asyncio.Event(), asyncio.Event()

    async def receive() -> Message:
        if not asked.is_set():
            asked.set()
            return {"type": "http.request", "body": b"", "more_body": False}
        await closed.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body" and message["body"]:
            stream.chunks.put_nowait(message["body"].decode())

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/phones/events",
        "raw_path": b"/phones/events",
        "query_string": query.encode(),
        "root_path": "",
        "headers": [],
        "server": ("apbot.test", 80),
        "client": ("apbot.test", 1),
    }
    page = asyncio.create_task(_served(app(scope, receive, send)))
    try:
        yield stream
    finally:
        closed.set()
        async with asyncio.timeout(5):
            await page


async def _served(answer: Awaitable[None]) -> None:
    await answer


async def state(web: httpx.AsyncClient, query: str = "") -> Any:
    return (await web.get(f"/phones/state{query}")).json()


async def phone(web: httpx.AsyncClient, phone_id: str) -> Any:
    """Return one phone as the page sees it."""
    return next(one for one in (await state(web, "?all"))["phones"] if one["id"] == phone_id)


async def press(web: httpx.AsyncClient, path: str, **wish: Any) -> tuple[int, str]:
    """Do what a control of the page does; return the status and the regret, if any."""
    answer = await web.post(f"/phones/{path}", json=wish)
    return answer.status_code, answer.json().get("error", "")


async def send_sms(web: httpx.AsyncClient, text: str, to: str = BEN.address) -> None:
    url = f"/twilio/2010-04-01/Accounts/{SANDBOX_SID}/Messages.json"
    form = {"To": to, "From": SANDBOX_SENDER, "Body": text}
    await web.post(url, data=form, auth=(SANDBOX_SID, SANDBOX_AUTH_TOKEN))


def all_in() -> telegram.InlineKeyboardMarkup:
    return telegram.InlineKeyboardMarkup(
        [[telegram.InlineKeyboardButton("All in", callback_data="a")]]
    )


# The page and its state.


async def test_the_page_is_served_with_its_parts(web: httpx.AsyncClient, phones: Phones) -> None:
    """/phones is the page; its style and script lie beside it, and nothing else of the folder."""
    page = await web.get("/phones")
    script = await web.get("/phones/static/page.js")

    assert page.headers["content-type"].startswith("text/html")
    assert script.status_code == 200
    assert (await web.get("/phones/static/phones.py")).status_code == 404
    assert (await web.get("/phones/static/..%2Fclock.py")).status_code == 404


async def test_the_state_is_all_that_a_page_needs(
    web: httpx.AsyncClient, phones: Phones, due: Due
) -> None:
    """Clock, phones in their order, dialogues, and what is being played."""
    due.at = HALF_PAST_NINE + timedelta(minutes=10)
    shown = await state(web)

    assert shown["clock"] == {
        "now": "2026-11-23T09:30:00.000+00:00",
        "speed": 0.0,
        "paused": True,
        "next": "2026-11-23T09:40:00.000+00:00",
    }
    assert [one["id"] for one in shown["phones"]] == ["gill", "ben", "kay"]
    assert shown["dialogues"] == [
        {"name": "all-in", "title": "All in", "about": "An easy morning."}
    ]
    assert shown["playing"] is None
    assert shown["phones"][0] == {
        "id": "gill",
        "owner": "Gill Marsh",
        "role": "Tutor, Alder Farm",
        "side": "provider",
        "network": "telegram",
        "address": "7701",
        "bot": "apbot",
        "off": False,
        "blocked": False,
        "unread": 0,
        "suggestions": ["all in"],
        "messages": [],
        "cast": False,
    }


async def test_the_clock_is_shown_in_local_time(
    web: httpx.AsyncClient, clock: MovedClock, phones: Phones
) -> None:
    """In summer London is an hour ahead of UTC."""
    clock.move_to(HALF_PAST_NINE.replace(year=2027, month=6))

    assert (await state(web))["clock"]["now"] == "2027-06-23T10:30:00.000+01:00"


async def test_what_the_bot_sends_is_on_the_phone(
    web: httpx.AsyncClient, bot: telegram.Bot, phones: Phones
) -> None:
    """A message has its words, its local time, its buttons, and counts as unread."""
    sent = await bot.send_message(7701, "Who is in?", reply_markup=all_in())

    shown = await phone(web, "gill")
    assert shown["unread"] == 1
    assert shown["messages"] == [
        {
            "id": str(sent.message_id),
            "from": "bot",
            "text": "Who is in?",
            "at": "2026-11-23T09:30:00.000+00:00",
            "edited": False,
            "state": "delivered",
            "buttons": [[{"label": "All in", "data": "a"}]],
            "answer": None,
        }
    ]


async def test_phones_of_others_are_shown_when_asked_for(
    web: httpx.AsyncClient, twilio_api: TwilioApi, phones: Phones
) -> None:
    """Somebody who is not listed has a phone too, once a text came to it."""
    await send_sms(web, "hello", to="+447700900113")
    await twilio_api.idle()

    assert len((await state(web))["phones"]) == 3
    other = (await state(web, "?all"))["phones"][-1]
    assert (other["id"], other["owner"]) == ("sms-447700900113", "+447700900113")
    assert await press(web, f"{other['id']}/say", text="who is this?") == (200, "")


# Using a phone.


@pytest.mark.parametrize("owner", [BEN, KAY])
async def test_what_is_typed_goes_by_the_phones_network(
    web: httpx.AsyncClient, twilio_api: TwilioApi, hooks: Hooks, phones: Phones, owner: Phone
) -> None:
    """Saying something on a phone is a message to the product's hook, from that number."""
    assert await press(web, f"{owner.id}/say", text="all in") == (200, "")
    await twilio_api.idle()

    assert [one["text"] for one in (await phone(web, owner.id))["messages"]] == ["all in"]
    prefix = "whatsapp%3A" if owner is KAY else ""
    number = owner.address.replace("+", "%2B")
    assert f"From={prefix}{number}" in hooks.told[0].body.decode()


async def test_a_tap_on_telegram_is_a_callback_query(
    web: httpx.AsyncClient, bot: telegram.Bot, phones: Phones
) -> None:
    """Tapping a button tells the bot, and the thread has been looked at."""
    sent = await bot.send_message(7701, "Who is in?", reply_markup=all_in())
    pressed = await press(web, "gill/tap", message=str(sent.message_id), data="a")

    (update,) = await bot.get_updates()
    assert pressed == (200, "")
    assert update.callback_query is not None
    assert update.callback_query.data == "a"
    assert (await phone(web, "gill"))["unread"] == 0


async def test_looking_at_a_phone_reads_it(
    web: httpx.AsyncClient, bot: telegram.Bot, phones: Phones
) -> None:
    """A phone that was looked at has nothing unread."""
    await bot.send_message(7701, "Who is in?")
    await press(web, "gill/read")

    assert (await phone(web, "gill"))["unread"] == 0


async def test_switches_of_a_phone(
    web: httpx.AsyncClient, bot: telegram.Bot, twilio_api: TwilioApi, phones: Phones
) -> None:
    """A phone can be off and can block the bot, on every network, and back."""
    for phone_id in ("gill", "ben", "kay"):
        await press(web, f"{phone_id}/switch", off=True, blocked=True)
        changed = await phone(web, phone_id)
        await press(web, f"{phone_id}/switch", off=False, blocked=False)
        back = await phone(web, phone_id)
        assert (changed["off"], changed["blocked"]) == (True, True), phone_id
        assert (back["off"], back["blocked"]) == (False, False), phone_id
    assert len(await bot.get_updates()) == 2


async def test_a_network_can_be_taken_down(
    web: httpx.AsyncClient, telegram_api: TelegramApi, twilio_api: TwilioApi, phones: Phones
) -> None:
    """Each network has a switch of its own."""
    await press(web, "networks", network="twilio", down=True)
    is_down = (twilio_api.faults.is_down, telegram_api.faults.is_down)
    await press(web, "networks", network="twilio", down=False)

    assert is_down == (True, False)
    assert twilio_api.faults.is_down is False


@pytest.mark.parametrize(
    ("path", "wish", "status", "regret"),
    [
        ("nobody/say", {"text": "hello"}, 404, "There is no such phone here."),
        ("gill/say", {}, 400, "Say the text, in words."),
        ("gill/say", {"text": "  "}, 400, "Type a few words first."),
        ("gill/say", {"text": "x" * 4097}, 400, "longer than a phone sends"),
        ("gill/tap", {"message": "1", "data": "a"}, 409, "That button is not there any more."),
        ("gill/tap", {"message": "x", "data": "a"}, 409, "That button is not there any more."),
        ("kay/tap", {"message": "x", "data": "a"}, 409, "That button is not there any more."),
        ("ben/tap", {"message": "1", "data": "a"}, 400, "no buttons under a text message"),
        ("ben/switch", {}, 400, "Say whether the phone is off"),
        ("ben/switch", {"off": "yes"}, 400, "true or false"),
        ("networks", {"network": "pigeon", "down": True}, 400, "telegram and twilio"),
        ("clock", {"action": "stop"}, 400, "The clock can"),
        ("clock", {"action": "move", "minutes": -5}, 400, "only goes forward"),
        ("clock", {"action": "move", "minutes": 99999}, 400, "by a month at most"),
        ("clock", {"action": "move"}, 400, "by how many minutes"),
        ("clock", {"action": "speed", "speed": 0}, 400, "up to 3600 times"),
        ("clock", {"action": "speed", "speed": "fast"}, 400, "The speed is a number."),
        ("clock", {"action": "next"}, 409, "Nothing is due for now."),
        ("play", {"dialogue": "nothing"}, 404, "There is no such dialogue."),
    ],
)
async def test_regrets_are_put_kindly(
    web: httpx.AsyncClient,
    phones: Phones,
    path: str,
    wish: dict[str, Any],
    status: int,
    regret: str,
) -> None:
    """What cannot be done is answered 4xx with a sentence that says why."""
    answered, sentence = await press(web, path, **wish)

    assert answered == status
    assert regret in sentence


async def test_what_is_no_json_is_regretted_too(web: httpx.AsyncClient, phones: Phones) -> None:
    """A body that is no JSON object is answered 400."""
    for body in (b"{", b"[]", b"\xff"):
        answer = await web.post("/phones/gill/say", content=body)
        assert (answer.status_code, "JSON object" in answer.json()["error"]) == (400, True)


async def test_a_phone_that_is_off_cannot_be_typed_on(
    web: httpx.AsyncClient, phones: Phones
) -> None:
    """Off is off, on every network; who blocked the bot on Telegram has to let it in first."""
    for phone_id in ("gill", "ben", "kay"):
        await press(web, f"{phone_id}/switch", off=True)
        answered, sentence = await press(web, f"{phone_id}/say", text="hello")
        assert (answered, sentence) == (409, "This phone is off. Switch it on first.")
    await press(web, "gill/switch", off=False, blocked=True)
    answered, sentence = await press(web, "gill/say", text="hello")
    assert "Unblock it first" in sentence


# The clock.


async def test_the_clock_obeys(
    web: httpx.AsyncClient, clock: MovedClock, phones: Phones, due: Due
) -> None:
    """It moves by minutes, goes to what is next, runs at a speed, pauses, and runs on as before."""
    await press(web, "clock", action="move", minutes=10)
    moved_to = clock.now()
    due.at = HALF_PAST_NINE + timedelta(minutes=30)
    await press(web, "clock", action="next")
    went_to = clock.now()
    speeds = []
    for action in ({"action": "speed", "speed": 60}, {"action": "pause"}, {"action": "run"}):
        await press(web, "clock", **action)
        speeds.append(clock.speed)

    assert moved_to == HALF_PAST_NINE + timedelta(minutes=10)
    assert went_to == due.at
    assert speeds == [60, 0, 60]


# Events.


async def test_an_open_page_is_told_of_everything(
    app: FastAPI, web: httpx.AsyncClient, bot: telegram.Bot, phones: Phones
) -> None:
    """The full state first; then each phone that changes, and the clock again and again."""
    async with a_page(app) as page:
        first = await page.next("state")
        await bot.send_message(7701, "Who is in?")
        changed = await page.next("phone")
        await press(web, "clock", action="move", minutes=10)
        moved = await page.next("clock", lambda one: "09:40" in one["now"])

    assert len(first["phones"]) == 3
    assert (changed["id"], changed["messages"][0]["text"]) == ("gill", "Who is in?")
    assert moved["paused"] is True


async def test_a_page_is_told_of_listed_phones_alone(
    app: FastAPI, web: httpx.AsyncClient, twilio_api: TwilioApi, phones: Phones
) -> None:
    """Others' phones come only to a page that asked for all."""
    async with a_page(app) as page, a_page(app, "all") as wide_page:
        await page.next("state")
        await wide_page.next("state")
        await send_sms(web, "hello", to="+447700900113")
        await send_sms(web, "hello")
        await twilio_api.idle()
        told = await page.next("phone")
        told_widely = await wide_page.next("phone")

    assert (told["id"], told_widely["id"]) == ("ben", "sms-447700900113")


async def test_a_page_that_is_closed_leaves_nothing_behind(app: FastAPI, phones: Phones) -> None:
    """No task and no listener outlives its page."""
    before = asyncio.all_tasks()
    async with a_page(app) as page:
        await page.next("state")
        while_open = phones.open_pages

    assert (while_open, phones.open_pages) == (1, 0)
    assert asyncio.all_tasks() == before


async def test_pages_end_when_the_process_does(app: FastAPI, phones: Phones) -> None:
    """A page that is still open does not keep the server from stopping."""
    async with a_page(app) as page:
        await page.next("state")
        await phones.stop()
        async with asyncio.timeout(5):
            while phones.open_pages:
                await page.chunks.get()


# Dialogues.


async def test_a_dialogue_plays_by_itself(
    app: FastAPI,
    web: httpx.AsyncClient,
    bot: telegram.Bot,
    clock: MovedClock,
    phones: Phones,
    waits: Waits,
) -> None:
    """Each step moves the clock; words are typed, buttons tapped; a caption tells of it."""
    async with a_page(app) as page:
        await page.next("state")
        await press(web, "play", dialogue="all-in")
        await page.next("playing", lambda one: one["step"] == 2)
        sent = await bot.send_message(7701, "Alder Farm: who is in?", reply_markup=all_in())
        last = await page.next("playing", lambda one: one is not None and one["step"] == 5)
        await page.next("playing", lambda one: one is None)

    typed, tapped = await bot.get_updates()
    assert typed.message is not None
    assert tapped.callback_query is not None
    assert tapped.callback_query.message is not None
    assert (typed.message.text, typed.message.date.minute) == ("all in", 32)
    assert tapped.callback_query.message.message_id == sent.message_id
    assert last == {
        "name": "all-in",
        "title": "All in",
        "step": 5,
        "of": 5,
        "caption": "That was it.",
        "amiss": False,
    }
    assert clock.now() >= HALF_PAST_NINE + timedelta(minutes=30)
    assert waits.seconds == [1.5] * 5


async def test_what_falls_due_on_the_way_is_heard(
    app: FastAPI, web: httpx.AsyncClient, bot: telegram.Bot, clock: MovedClock, phones: Phones
) -> None:
    """What is sent at the very moment at which a dialogue begins belongs to it."""

    async def engine() -> None:
        nudge = asyncio.Event()
        await clock.wait_until(HALF_PAST_NINE + timedelta(minutes=1), nudge)
        await bot.send_message(7701, "Who is in?")
        nudge.set()
        await clock.wait_until(None, nudge)

    at_work = asyncio.create_task(engine())
    async with a_page(app) as page:
        await page.next("state")
        await press(web, "play", dialogue="all-in")
        third = await page.next("playing", lambda one: one["step"] == 3)
        await at_work

    assert third["caption"] == "Gill is asked."
    assert (await phone(web, "gill"))["messages"][0]["at"].startswith("2026-11-23T09:31:00")


async def test_what_came_at_its_first_minute_belongs_to_a_dialogue(
    app: FastAPI, web: httpx.AsyncClient, bot: telegram.Bot, clock: MovedClock, phones: Phones
) -> None:
    """A dialogue that is begun at the minute of its prompt has heard the prompt."""
    clock.move_by(timedelta(minutes=1))
    await bot.send_message(7701, "Who is in?")
    async with a_page(app) as page:
        await page.next("state")
        await press(web, "play", dialogue="all-in")
        third = await page.next("playing", lambda one: one["step"] == 3)

    assert third["caption"] == "Gill is asked."


async def test_a_button_that_comes_a_moment_later_is_waited_for(
    app: FastAPI,
    web: httpx.AsyncClient,
    bot: telegram.Bot,
    clock: MovedClock,
    telegram_api: TelegramApi,
    twilio_api: TwilioApi,
    due: Due,
    waits: Waits,
) -> None:
    """The next telephone rings some seconds after the last: it is answered all the same."""
    steps = [{"at": "09:31", "phone": "Gill Marsh", "taps": "All in"}]
    late = {"name": "late", "title": "Late", "steps": steps}
    apis = (clock, telegram_api, twilio_api)
    phones = Phones(*apis, [GILL], [late], next_event=due, beat=0.01, patience=5, pause=waits)
    app.include_router(phones.router)
    async with a_page(app) as page:
        await page.next("state")
        await press(web, "play", dialogue="late")
        await page.next("playing", lambda one: one["step"] == 1)
        sent = await bot.send_message(7701, "Alder Farm: who is in?", reply_markup=all_in())
        await page.next("playing", lambda one: one is None)

    (tapped,) = await bot.get_updates()
    assert tapped.callback_query is not None
    assert tapped.callback_query.message is not None
    assert tapped.callback_query.message.message_id == sent.message_id
    await phones.stop()


async def test_words_that_do_not_come_hold_nothing_up(
    app: FastAPI, web: httpx.AsyncClient, phones: Phones
) -> None:
    """A step that waits in vain says so and the play goes on; so does one that cannot be done."""
    async with a_page(app) as page:
        await page.next("state")
        await press(web, "play", dialogue="all-in")
        waited = await page.next("playing", lambda one: "did not come" in one["caption"])
        tapped = await page.next("playing", lambda one: "has no button" in one["caption"])
        await page.next("playing", lambda one: one is None)

    assert (waited["step"], tapped["step"]) == (2, 4)
    assert waited["amiss"]
    assert tapped["amiss"]


async def test_words_from_before_the_play_do_not_count(
    app: FastAPI, web: httpx.AsyncClient, bot: telegram.Bot, phones: Phones
) -> None:
    """Yesterday's prompt is not the one that a dialogue waits for; an edit of it may be."""
    old = await bot.send_message(7701, "Who is in? (old)")
    async with a_page(app) as page:
        await page.next("state")
        await press(web, "play", dialogue="all-in")
        await page.next("playing", lambda one: "did not come" in one["caption"])
        await press(web, "stop")
        await press(web, "play", dialogue="all-in")
        await page.next("playing", lambda one: one is not None and one["step"] == 2)
        await bot.edit_message_text("Who is in? (new)", chat_id=7701, message_id=old.message_id)
        third = await page.next("playing", lambda one: one["step"] == 3)

    assert third["caption"] == "Gill is asked."


async def test_a_play_can_be_stopped(app: FastAPI, web: httpx.AsyncClient, phones: Phones) -> None:
    """Stop, and every control of the clock, ends the play."""
    async with a_page(app) as page:
        await page.next("state")
        for path, wish in (("stop", {}), ("clock", {"action": "pause"})):
            await press(web, "play", dialogue="all-in")
            await page.next("playing", lambda one: one is not None)
            await press(web, path, **wish)
            await page.next("playing", lambda one: one is None)

    assert (await state(web))["playing"] is None


async def test_the_town_answers_for_itself_until_a_dialogue_begins(
    app: FastAPI,
    clock: MovedClock,
    telegram_api: TelegramApi,
    twilio_api: TwilioApi,
    web: httpx.AsyncClient,
    waits: Waits,
) -> None:
    """On the days before it nobody is left to it; then its own people; after it, the visitor's."""
    told: list[Collection[str] | None] = []
    says = {"at": "09:31", "phone": "Ben Holt", "says": "all in"}
    later = DIALOGUE | {"date": "2026-11-25", "steps": [says]}
    phones = Phones(
        clock, telegram_api, twilio_api, [BEN], [later], cast=told.append, beat=0.01, pause=waits
    )
    app.include_router(phones.router)
    async with a_page(app) as page:
        await page.next("state")
        await press(web, "play", dialogue="all-in")
        way = await page.next("playing", lambda one: one is not None and one["step"] == 0)
        await page.next("playing", lambda one: one is None)
        await phones.stop()

    assert way["caption"].endswith("The town's clock goes on to Wednesday 09:31 first …")
    assert told == [(), {"Ben Holt"}, None]


async def test_those_who_play_stand_first_on_the_page(
    app: FastAPI,
    clock: MovedClock,
    telegram_api: TelegramApi,
    twilio_api: TwilioApi,
    web: httpx.AsyncClient,
    waits: Waits,
) -> None:
    """The phones of a dialogue are shown, listed or not; the last one's are gone again."""
    of_ben = DIALOGUE | {"steps": [{"at": "09:31", "phone": "Ben Holt", "says": "all in"}]}
    of_kay = {"name": "kay", "steps": [{"at": "09:40", "phone": "Kay Moss", "switches": "off"}]}
    for one in (BEN, KAY):
        twilio_api.handset(one.address, one.network).owner = one.owner
    dialogues, others = [of_ben, of_kay], [BEN, KAY]
    phones = Phones(
        clock, telegram_api, twilio_api, [GILL], dialogues, others=others, beat=0.01, pause=waits
    )
    app.include_router(phones.router)
    shown = []
    for name in ("all-in", "kay"):
        async with a_page(app) as page:
            await page.next("state")
            await press(web, "play", dialogue=name)
            await page.next("playing", lambda one: one is not None)
            await page.next("playing", lambda one: one is None)
            shown.append([one["owner"] for one in (await state(web))["phones"]])
    await phones.stop()

    assert shown == [["Ben Holt", "Gill Marsh"], ["Kay Moss", "Gill Marsh"]]
    assert twilio_api.handset(KAY.address, "whatsapp").is_off


async def test_a_dialogue_of_strangers_cannot_be_played(
    clock: MovedClock, telegram_api: TelegramApi, twilio_api: TwilioApi
) -> None:
    """A dialogue that needs a phone which nobody here has is refused by that name."""
    stranger = DIALOGUE | {"steps": [{"phone": "Ann Other", "says": "hello"}]}
    phones = Phones(clock, telegram_api, twilio_api, [GILL], [stranger])
    transport = httpx.ASGITransport(app=phones.router)
    async with httpx.AsyncClient(transport=transport, base_url="http://apbot.test") as web:
        assert await press(web, "play", dialogue="all-in") == (
            409,
            "Nobody here is called Ann Other.",
        )


# The welcome.


async def test_who_only_looks_is_shown_a_dialogue(app: FastAPI, phones: Phones) -> None:
    """The first page to open starts the welcome; a second does not start it again."""
    welcome = asyncio.create_task(phones.welcome("all-in"))
    async with a_page(app) as page:
        first = await page.next("playing", lambda one: one is not None)
        async with asyncio.timeout(5):
            await welcome
    async with a_page(app) as page:
        again = await page.next("state")

    assert first["title"] == "All in"
    assert again["playing"] is None


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("ben/say", {"text": "hello"}),
        ("ben/switch", {"off": True}),
        ("networks", {"network": "twilio", "down": False}),
        ("clock", {"action": "pause"}),
        ("stop", {}),
    ],
)
async def test_the_first_touch_ends_the_welcome(
    app: FastAPI, web: httpx.AsyncClient, phones: Phones, path: str, wish: dict[str, Any]
) -> None:
    """As soon as the visitor uses anything, the phones are the visitor's."""
    welcome = asyncio.create_task(phones.welcome("all-in"))
    async with a_page(app) as page:
        await page.next("playing", lambda one: one is not None)
        await press(web, path, **wish)
        async with asyncio.timeout(5):
            await welcome

    assert (await state(web))["playing"] is None


async def test_who_has_already_begun_is_not_interrupted(
    app: FastAPI, web: httpx.AsyncClient, phones: Phones
) -> None:
    """No welcome plays once something was used before the page's events opened."""
    await press(web, "ben/say", text="hello")
    welcome = asyncio.create_task(phones.welcome("all-in"))
    async with a_page(app) as page:
        shown = await page.next("state")
        async with asyncio.timeout(5):
            await welcome

    assert shown["playing"] is None
    assert (await state(web))["playing"] is None


async def test_a_chosen_dialogue_takes_the_place_of_the_welcome(
    app: FastAPI, web: httpx.AsyncClient, phones: Phones
) -> None:
    """Choosing a dialogue while the welcome plays begins that dialogue from the start."""
    welcome = asyncio.create_task(phones.welcome("all-in"))
    async with a_page(app) as page:
        await page.next("playing", lambda one: one is not None and one["step"] == 2)
        await press(web, "play", dialogue="all-in")
        async with asyncio.timeout(5):
            await welcome
        assert await page.next("playing", lambda one: one is not None and one["step"] == 2)
