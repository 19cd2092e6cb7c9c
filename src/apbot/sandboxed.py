"""
The sandbox, joined to the house: stand-ins of the networks, and the town's phones.

The product does not know that it is here: its real clients talk HTTP to the stand-ins, which run
in the same process under /sandbox and send their signed hooks to the product's own addresses.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from sqlalchemy import func, select

from apbot.app import House
from apbot.channels.installed import installed
from apbot.clock import MovedClock
from apbot.domain.messages import VOICE
from apbot.domain.people import People, Person, Role
from apbot.loading.config import Config
from apbot.loading.lined import read_yaml
from apbot.sandbox.handsets import Handset
from apbot.sandbox.phones import Phone, Phones
from apbot.sandbox.telegram_api import SANDBOX_TOKEN, TelegramApi
from apbot.sandbox.townsfolk import Townsfolk
from apbot.sandbox.twilio_api import (
    SANDBOX_AUTH_TOKEN,
    SANDBOX_SENDER,
    SANDBOX_SID,
    TwilioApi,
)
from apbot.settings import Settings
from apbot.store.addresses import list_live
from apbot.store.database import Database
from apbot.store.tables import inbox, outbox

WELCOME = "welcome"
"""The dialogue that a newcomer is shown."""

FIRST_CHAT = 700_900_001

_LINK = re.compile(r"https://t\.me/\w+\?start=([\w-]+)")


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The stand-ins, the phones on the page, and everybody else in the town."""

    telegram: TelegramApi
    twilio: TwilioApi
    phones: Phones
    townsfolk: Townsfolk

    def routers(self) -> list[APIRouter]:
        """Return what is served beside the product."""
        networks = APIRouter(prefix="/sandbox", include_in_schema=False)
        networks.include_router(self.telegram.router, prefix="/telegram")
        networks.include_router(self.twilio.router, prefix="/twilio")
        return [networks, self.phones.router]


def sandbox_settings(settings: Settings) -> Settings:
    """Return the settings with which the product uses the stand-ins as its networks."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    local = f"http://{host}:{settings.port}"
    return settings.model_copy(
        update={
            "database_url": settings.database,
            "public_url": settings.public_url or local,
            "telegram_bot_token": SANDBOX_TOKEN,
            "telegram_base_url": f"{local}/sandbox/telegram/bot",
            "twilio_account_sid": SANDBOX_SID,
            "twilio_auth_token": SANDBOX_AUTH_TOKEN,
            "twilio_from": SANDBOX_SENDER,
            "twilio_whatsapp_from": SANDBOX_SENDER,
            # Where an older install has no driver that calls, nobody is called.
            "twilio_voice_from": SANDBOX_SENDER if VOICE in installed() else "",
            "twilio_whatsapp_templates": template_ids(settings.conversations_dir),
            "twilio_base_url": f"{local}/sandbox/twilio",
        }
    )


def make_sandbox(house: House, config: Config, clock: MovedClock, **pace: Any) -> Sandbox:
    """Make the stand-ins and hand the town its phones. `pace` is how fast dialogues play."""
    telegram = TelegramApi(clock)
    twilio = TwilioApi(clock, hook_url=f"{house.settings.address}/hooks/twilio/message")
    give_templates(twilio, house)
    chats = chats_of(config.people)
    people = config.people
    by_key = {person.key: person for person in people.persons}
    started = _started(house.database, chats)
    dialogues = read_dialogues(house.settings.conversations_dir / "dialogues")
    phones = Phones(
        clock,
        telegram,
        twilio,
        [_phone(by_key[key], people, chats, started) for key in config.sandbox.phones],
        [one for one in dialogues if can_be_played(one)],
        next_event=house.engine.next_event,
        others=_others(people, chats),
        cast=lambda owners: cast(owners),
        is_open=lambda day: config.calendar.why_not_in_term(day) is None,
        **pace,
    )
    for key, chat in chats.items():
        if key not in config.sandbox.phones:
            telegram.add_person(chat, by_key[key].name, has_started=key in started)
    for person in people.persons:
        for network in {"sms", *person.channels} & {"sms", "whatsapp"}:
            twilio.handset(person.mobile, network).owner = person.name
    _press_start_on_links(telegram, twilio, {by_key[key].mobile: chats[key] for key in chats})
    quiet = _left_to_the_visitor(people, config.sandbox.phones)
    visible = {by_key[key].mobile for key in quiet}
    visible |= {str(chats[key]) for key in quiet if key in chats}
    townsfolk = Townsfolk(clock, visible, lambda phone, text: _type(telegram, twilio, phone, text))

    def cast(owners: Collection[str] | None) -> None:
        """Leave a dialogue's phones to it; then, with the others on the page, to the visitor."""
        if owners is None:
            townsfolk.leave(visible)
            return
        story = _left_to_story(people, chats, owners)
        visible.update(story)
        townsfolk.leave(story)

    townsfolk.watch(telegram.handsets)
    townsfolk.watch(twilio.sms)
    townsfolk.watch(twilio.whatsapp)
    return Sandbox(telegram, twilio, phones, townsfolk)


@asynccontextmanager
async def sandbox_running(sandbox: Sandbox, *, welcomes: bool) -> AsyncIterator[None]:
    """Keep the stand-ins alive until left; a newcomer is shown a dialogue where `welcomes`."""
    async with AsyncExitStack() as stack:
        stack.push_async_callback(sandbox.twilio.stop)
        stack.push_async_callback(sandbox.telegram.stop)
        stack.push_async_callback(sandbox.phones.stop)
        stack.push_async_callback(sandbox.townsfolk.stop)
        if welcomes:
            task = asyncio.create_task(sandbox.phones.welcome(WELCOME), name="welcome")
            stack.push_async_callback(_end, task)
        yield


def template_ids(conversations: Path) -> str:
    """Return the WhatsApp templates with ids of the sandbox's own, as the setting names them."""
    path = conversations / "templates" / "whatsapp.yaml"
    names = list(read_yaml(path)) if path.exists() else []
    return ", ".join(f"{name}=HX{number:032x}" for number, name in enumerate(names, 1))


def give_templates(twilio: TwilioApi, house: House) -> None:
    """Have the house's WhatsApp templates made and approved, as its settings name them."""
    for name, sid in house.settings.whatsapp_templates.items():
        template = house.desk.templates[name]
        keys = [(label, str(number)) for number, label in enumerate(template.buttons, 1)]
        twilio.add_template(sid, template.body, *keys, is_approved=template.needs_approval)


def chats_of(people: People) -> dict[str, int]:
    """Return the chat that each person with Telegram has in the sandbox, by key."""
    users = [person.key for person in people.persons if "telegram" in person.channels]
    return {key: FIRST_CHAT + number for number, key in enumerate(users)}


def contacts_on_the_page(config: Config) -> tuple[Person, ...]:
    """Return the CSS people whose phones stand on the page: who can be tried on the board."""
    css = {contact.person for contact in config.people.contacts}
    by_key = {person.key: person for person in config.people.persons}
    return tuple(by_key[key] for key in config.sandbox.phones if key in css)


def read_dialogues(directory: Path) -> list[dict[str, Any]]:
    """Return the written dialogues. Raises Unreadable for what is no YAML."""
    return [dict(read_yaml(path)) for path in sorted(directory.glob("*.yaml"))]


def latest_moment(database: Database) -> datetime | None:
    """Return when the last thing happened in this database, so that a sandbox goes on from it."""
    with database.reading() as db:
        moments = [
            db.scalar(select(func.max(inbox.c.received_at))),
            db.scalar(select(func.max(outbox.c.made_at))),
        ]
    return max((moment for moment in moments if moment is not None), default=None)


def _phone(person: Person, people: People, chats: dict[str, int], started: set[str]) -> Phone:
    is_telegram = person.key in chats and person.channels[0] == "telegram"
    side, role, suggestions = _part(person, people)
    return Phone(
        id=person.key,
        owner=person.name,
        role=role,
        side=side,
        network="telegram" if is_telegram else person.channels[0],
        address=str(chats[person.key]) if is_telegram else person.mobile,
        suggestions=suggestions,
        has_started=person.key in started or not is_telegram,
    )


def _others(people: People, chats: dict[str, int]) -> list[Phone]:
    """All phones of everybody, for the page to show where a dialogue uses them."""
    found = []
    for person in people.persons:
        side, role, _ = _part(person, people)
        for network in dict.fromkeys([*person.channels, "sms"]):
            address = str(chats[person.key]) if network == "telegram" else person.mobile
            phone_id = f"{network}-{address.lstrip('+')}"
            found.append(Phone(phone_id, person.name, role, side, network, address))
    return found


def _part(person: Person, people: People) -> tuple[str, str, tuple[str, ...]]:
    """Return on which side a person stands, what they are, and what they might type."""
    for staff in people.staff:
        if staff.person == person.key:
            place = next(p for p in people.providers if p.key == staff.provider)
            return (
                "provider",
                f"{place.kind.capitalize()}, {place.name}",
                _staff_words(people, place.key),
            )
    for contact in people.contacts:
        if contact.person == person.key:
            lead = " and ".join(sorted(contact.roles - {Role.CONTACT}))
            return "css", lead.capitalize() or person.title or "CSS contact", ("on it", "done")
    pupils = {pupil.key: pupil.name for pupil in people.pupils}
    names = [pupils[parent.pupil] for parent in people.parents if parent.person == person.key]
    if not names:
        return "other", "", ()
    return "parent", f"Parent of {' and '.join(names)}", ("she's poorly", "he left at 8:30")


def _staff_words(people: People, provider: str) -> tuple[str, ...]:
    placed = {p.pupil for p in people.placements if p.provider == provider}
    names = [
        (pupil.known_as or pupil.name).split()[0] for pupil in people.pupils if pupil.key in placed
    ]
    return ("all in", *(f"{name} off sick, rest in" for name in names[1:2]))


def _left_to_the_visitor(people: People, shown: Collection[str]) -> set[str]:
    """Those on the page, and their colleagues: their providers answer as the visitor likes."""
    places = {staff.provider for staff in people.staff if staff.person in shown}
    colleagues = {staff.person for staff in people.staff if staff.provider in places}
    return {*shown, *colleagues}


def _left_to_story(people: People, chats: dict[str, int], owners: Collection[str]) -> set[str]:
    """The addresses of those who speak in a dialogue, and of their colleagues."""
    cast = [person.key for person in people.persons if person.name in owners]
    quiet = _left_to_the_visitor(people, cast)
    mobiles = {person.mobile for person in people.persons if person.key in quiet}
    return mobiles | {str(chats[key]) for key in quiet if key in chats}


def can_be_played(written: dict[str, Any]) -> bool:
    """Not where the office changes the town for every other, nor where the bot itself is away."""
    return not written.get("office") and not any("away_until" in s for s in written["steps"])


def _type(telegram: TelegramApi, twilio: TwilioApi, phone: Handset, text: str) -> None:
    if phone.network == "telegram":
        telegram.type_text(int(phone.address), text)
    else:
        twilio.type_text(phone.address, text, network=phone.network)


def _started(database: Database, chats: dict[str, int]) -> set[str]:
    with database.reading() as db:
        live = list_live(db, list(chats))
    return {
        key
        for key, addresses in live.items()
        if any(address.channel == "telegram" for address in addresses)
    }


def _press_start_on_links(telegram: TelegramApi, twilio: TwilioApi, chats: dict[str, int]) -> None:
    """In the town, whoever is sent their one-time link opens it."""
    pressed: set[str] = set()

    def look(handset: Handset) -> None:
        for bubble in handset.bubbles[-2:]:
            found = _LINK.search(bubble.text)
            if found and found[1] not in pressed and handset.address in chats:
                pressed.add(found[1])
                telegram.press_start(chats[handset.address], found[1])

    twilio.sms.watch(look)


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
