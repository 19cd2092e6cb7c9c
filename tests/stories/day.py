"""
A day that can be played: the whole house, the networks' stand-ins, and a clock that is moved.

Texts are heard in the order in which they come to a phone. A text that nobody expected fails the
story, as it would wake somebody in real life.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from fastapi import APIRouter
from sqlalchemy import Row, select

from apbot.app import House, Spoken, load_spoken, make_house, web_app
from apbot.clock import MovedClock
from apbot.desk.enrolment import take_lists
from apbot.desk.several import SETTLES_AFTER
from apbot.domain.calendar import at, local
from apbot.domain.messages import Address
from apbot.domain.people import People
from apbot.loading.config import load_config
from apbot.sandbox.handsets import Bubble, From, Handset
from apbot.sandbox.telegram_api import TelegramApi
from apbot.sandbox.twilio_api import TwilioApi
from apbot.sandboxed import chats_of, give_templates, sandbox_settings
from apbot.settings import Settings
from apbot.store.addresses import tie
from apbot.store.database import Database
from apbot.store.deadlines import next_due
from apbot.store.lists import Lists
from apbot.store.tables import deadlines, outbox, registers

REPO = Path(__file__).parents[2]


@cache
def spoken() -> Spoken:
    """What the bot hears and says, read once for all days that are played."""
    return load_spoken(REPO / "conversations")


@dataclass(frozen=True)
class Heard:
    """One text that came to a phone."""

    at: datetime
    text: str
    script: str
    network: str
    bubble: str
    keys: tuple[str, ...] = ()

    @property
    def clock(self) -> str:
        return local(self.at).strftime("%H:%M:%S")


@dataclass
class OwnersPhone:
    """A person's phone: all the networks they are on."""

    day: "Day"
    owner: str
    threads: Sequence[Handset]
    heard: set[tuple[str, str]] = field(default_factory=set)

    def waiting(self) -> list[Heard]:
        """The texts that came and were not heard yet, oldest first."""
        found = []
        for thread in self.threads:
            for bubble in thread.bubbles:
                if bubble.sender is From.BOT and (thread.network, bubble.id) not in self.heard:
                    found.append(self._as_heard(thread, bubble))
        return sorted(
            found, key=lambda heard: (heard.at, int(heard.bubble) if heard.bubble.isdigit() else 0)
        )

    def hears(self, script: str, *words: str, at: str | None = None) -> Heard:
        """The next text is of this script, has these words, and came at this time."""
        waiting = self.waiting()
        assert waiting, f"{self.owner} hears nothing; expected {script}"
        first = waiting[0]
        assert first.script == script, f"{self.owner} hears {first.script}: {first.text!r}"
        for word in words:
            assert word in first.text, f"{word!r} is not in {first.text!r}"
        if at is not None:
            assert first.clock[: len(at)] == at, f"{script} came at {first.clock}, not {at}"
        self.heard.add((first.network, first.bubble))
        return first

    def hears_nothing(self) -> None:
        """Nothing has come that was not heard."""
        assert not self.waiting(), f"{self.owner} hears {self.waiting()[0]!r}"

    def forgets(self) -> None:
        """What came so far is of no interest to the story."""
        self.heard |= {(heard.network, heard.bubble) for heard in self.waiting()}

    async def says(self, text: str, network: str | None = None) -> None:
        """Type a text, on the network that this person prefers, or another."""
        thread = next(one for one in self.threads if network in (None, one.network))
        if thread.network == "telegram":
            self.day.telegram.type_text(int(thread.address), text)
        else:
            self.day.twilio.type_text(thread.address, text, network=thread.network)
        await self.day.settle()

    async def taps(self, label: str, network: str | None = None) -> None:
        """Tap the latest button that has this label; calls are answered on the network `sms`."""
        for thread in (one for one in self.threads if network in (None, one.network)):
            for bubble in reversed(thread.bubbles):
                for key in (key for row in bubble.keys for key in row):
                    if label in key.label:
                        if thread.network == "telegram":
                            self.day.telegram.tap(int(thread.address), int(bubble.id), key.data)
                        else:
                            self.day.twilio.tap(thread.address, bubble.id, key.data)
                        await self.day.settle()
                        return
        raise AssertionError(f"{self.owner} has no button {label!r}")

    def rings(self) -> Bubble:
        """The telephone rings: a call can be answered."""
        bubble = self.threads[-1].bubbles[-1]
        labels = [key.label for row in bubble.keys for key in row]
        assert labels == ["Answer", "Hang up", "Voicemail"], f"{self.owner}: no call, {bubble}"
        self.heard.add((self.threads[-1].network, bubble.id))
        return bubble

    def is_told(self) -> str:
        """What the latest call has said so far."""
        return self.threads[-1].bubbles[-1].text

    def key(self, label: str) -> str:
        """The data behind the latest button with this label."""
        for bubble in reversed(self.threads[0].bubbles):
            for key in (key for row in bubble.keys for key in row):
                if label in key.label:
                    return key.data
        raise AssertionError(f"{self.owner} has no button {label!r}")

    def shows(self, *words: str) -> Bubble:
        """The latest message with buttons shows these words."""
        latest = next(b for b in reversed(self.threads[0].bubbles) if b.keys or b.is_edited)
        shown = " ".join([latest.text, *(key.label for row in latest.keys for key in row)])
        for word in words:
            assert word in shown, f"{word!r} is not in {shown!r}"
        return latest

    def _as_heard(self, thread: Handset, bubble: Bubble) -> Heard:
        return Heard(
            at=bubble.at,
            text=bubble.text,
            script=self.day.script_of(thread, bubble),
            network=thread.network,
            bubble=bubble.id,
            keys=tuple(key.label for row in bubble.keys for key in row),
        )


class Day:
    """A house on a day of the town, with everybody's phones."""

    def __init__(
        self,
        house: House,
        clock: MovedClock,
        telegram: TelegramApi,
        twilio: TwilioApi,
        lists: Lists,
        chats: dict[str, int],
        open_again: Callable[[], Awaitable[House]],
    ) -> None:
        self.house, self.clock = house, clock
        self.telegram, self.twilio = telegram, twilio
        self.lists, self.chats = lists, chats
        self._open_again = open_again
        self._phones: dict[str, OwnersPhone] = {}

    @property
    def on(self) -> date:
        return local(self.clock.now()).date()

    def phone(self, name: str) -> OwnersPhone:
        """The phone of the person with this name."""
        if name not in self._phones:
            person = next(p for p in self.lists.people.persons if p.name == name)
            sms = self.twilio.handset(person.mobile, "sms")
            threads = [sms]
            if person.key in self.chats:
                threads.insert(0, self.telegram.handsets.get(str(self.chats[person.key])))
            if person.channels[0] == "whatsapp":
                threads.insert(0, self.twilio.handset(person.mobile, "whatsapp"))
            self._phones[name] = OwnersPhone(self, name, threads)
        return self._phones[name]

    async def at(self, when: str) -> "Day":
        """Go to this time of the day; all that is due on the way is done at its own moment."""
        hour, minute, *second = (int(part) for part in when.split(":"))
        target = at(self.on, time(hour, minute)).replace(second=second[0] if second else 0)
        return await self.until(target)

    async def until(self, target: datetime) -> "Day":
        """Go to this moment."""
        await self.settle()
        while (moment := self._next()) is not None and moment <= target:
            self.clock.move_to(moment)
            await self.settle()
        self.clock.move_to(target)
        await self.settle()
        return self

    async def settle(self) -> None:
        """Let everything happen that can happen now."""
        while True:
            before = self._count()
            await self.telegram.idle()
            await self.twilio.idle()
            await self.house.engine.settle()
            if self._count() == before and not self._gathers():
                return

    async def restarts(self) -> None:
        """Another process comes up on the same database; networks and phones stay as they are."""
        await _close(self.house)
        self.house = await self._open_again()

    def _gathers(self) -> bool:
        """Let the few seconds pass in which texts wait: to be gathered, or for a network."""
        moment = self.house.sender.next_look()
        if moment is None or moment - self.clock.now() > SETTLES_AFTER:
            return False
        self.clock.move_to(moment)
        return True

    def expect_silence(self) -> None:
        """Nobody's phone has a text that was not expected."""
        for person in self.lists.people.persons:
            self.phone(person.name).hears_nothing()

    def only(self, *providers: str) -> None:
        """Play the day with these providers alone: the others' registers are not looked at."""
        keep = {str(row.id) for row in self._registers() if row.provider in providers}
        with self.house.database.writing() as db:
            db.execute(
                deadlines.delete().where(
                    deadlines.c.kind == "register", deadlines.c.subject.not_in(keep)
                )
            )

    def script_of(self, thread: Handset, bubble: Bubble) -> str:
        """Which script a bubble is, by the outbox."""
        with self.house.database.reading() as db:
            rows = db.execute(
                select(outbox.c.script, outbox.c.network_id, outbox.c.text).where(
                    outbox.c.address == thread.address
                )
            ).all()
        for row in rows:
            if row.network_id and row.network_id.split(":")[-1] == bubble.id:
                return str(row.script)
        return next((str(row.script) for row in rows if row.text == bubble.text), "?")

    def _registers(self) -> Sequence[Row[Any, Any]]:
        with self.house.database.reading() as db:
            return db.execute(select(registers.c.id, registers.c.provider)).all()

    def _next(self) -> datetime | None:
        with self.house.database.reading() as db:
            moments = [next_due(db), self.house.sender.next_look()]
        found = [m for m in moments if m is not None and m > self.clock.now()]
        return min(found, default=None)

    def _count(self) -> tuple[int, int, int]:
        with self.house.database.reading() as db:
            count = len(db.execute(select(outbox.c.id, outbox.c.state)).all())
        return (count, len(self.telegram.accepted), len(self.twilio.accepted))


def the_town(config_dir: Path = REPO / "config") -> Lists:
    """The lists of a directory: those of the invented town, where no other is named."""
    config = load_config(config_dir)
    return Lists(config.people, config.calendar, config.policies, config.service)


@asynccontextmanager
async def a_day(
    database: Database,
    starts: datetime,
    config_dir: Path = REPO / "config",
    lists: Lists | None = None,
    *,
    calls: bool = True,
    is_loaded: bool = True,
) -> AsyncIterator[Day]:
    """
    A house on that morning, everybody enrolled, the clock standing still.

    With `calls` it has a number that calls. Where it is not loaded, nobody is there yet.
    """
    lists = lists or the_town(config_dir)
    if not is_loaded:
        lists = replace(lists, people=People())
    settings = sandbox_settings(
        Settings(
            APBOT_CONFIG_DIR=config_dir,
            APBOT_CONVERSATIONS_DIR=REPO / "conversations",
            APBOT_PUBLIC_URL="https://apbot.test",
            APBOT_SECRET_KEY="a-long-random-word",
        )
    ).model_copy(
        update={
            "telegram_webhook_secret": "a-secret",
            "telegram_base_url": "https://apbot.test/sandbox/telegram/bot",
            "twilio_base_url": "https://apbot.test/sandbox/twilio",
        }
    )
    if not calls:
        settings = settings.model_copy(update={"twilio_voice_from": ""})
    clock = MovedClock(starts, 0)
    gate = _Gate()
    telegram = TelegramApi(clock, transport=gate)
    twilio = TwilioApi(clock, hook_url="https://apbot.test/hooks/twilio/message", transport=gate)
    chats = chats_of(lists.people)
    by_key = {person.key: person for person in lists.people.persons}
    with database.writing() as db:
        if is_loaded:
            take_lists(db, lists, starts)
        db.execute(deadlines.delete().where(deadlines.c.kind == "welcome"))
        for key, chat in chats.items():
            telegram.add_person(chat, by_key[key].name, has_started=True)
            tie(db, Address("telegram", str(chat)), key, starts)
    for person in lists.people.persons:
        twilio.handset(person.mobile, "sms").owner = person.name
    networks = APIRouter(prefix="/sandbox")
    networks.include_router(telegram.router, prefix="/telegram")
    networks.include_router(twilio.router, prefix="/twilio")

    async def open_house() -> House:
        house = make_house(settings, database, clock, transport=gate, spoken=spoken())
        gate.opens_to(httpx.ASGITransport(app=web_app(house, [networks])))
        for channel in house.channels.values():
            await channel.start()
        return house

    house = await open_house()
    give_templates(twilio, house)
    day = Day(house, clock, telegram, twilio, lists, chats, open_house)
    await day.settle()
    try:
        yield day
    finally:
        await telegram.stop()
        await twilio.stop()
        await _close(day.house)


async def _close(house: House) -> None:
    for channel in house.channels.values():
        await channel.stop()
    house.engine.close()
    house.sender.close()


class _Gate(httpx.AsyncBaseTransport):
    """Carries every call to the one application; it is opened once that is made."""

    def __init__(self) -> None:
        self._to: httpx.AsyncBaseTransport | None = None

    def opens_to(self, transport: httpx.AsyncBaseTransport) -> None:
        self._to = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert self._to is not None
        return await self._to.handle_async_request(request)
