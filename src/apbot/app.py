"""
The composition root: the one place that joins the rooms.

It opens the database, reads the conversations and makes the channels that the settings switch on.
With no network switched on the sandbox stands in for them all. How web and engine run, together or
each alone, is in `running.py`.
"""

import asyncio
import gc
import secrets
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from fastapi import APIRouter, FastAPI
from sqlalchemy.exc import SQLAlchemyError

from apbot.channels.installed import installed
from apbot.channels.protocol import Channel, Invites, Paced
from apbot.clock import Clock, MovedClock, SystemClock
from apbot.desk.desk import Desk
from apbot.desk.slip_links import Slips
from apbot.domain.calendar import ZONE
from apbot.domain.messages import VOICE
from apbot.domain.people import Person
from apbot.engine.bell import Bell
from apbot.engine.recovering import Recovering
from apbot.engine.sender import Sender
from apbot.engine.tick import Engine
from apbot.loading.hears_files import Hears, read_hears
from apbot.loading.says import load_scripts
from apbot.loading.taught import lexicon_with
from apbot.loading.templates import load_templates
from apbot.reading.lexicon import Lexicon
from apbot.reports.unread import unread_objects
from apbot.settings import BadSettings, Settings, ways_of
from apbot.store.database import Database, database_url, open_database
from apbot.store.migrating import CannotMigrate, current, head, is_older
from apbot.web.app import make_app
from apbot.web.health import Health
from apbot.web.hooks import Hooks
from apbot.web.live import Live
from apbot.web.lobby import Lobby
from apbot.wording.scripts import Scripts
from apbot.wording.templates import Template

if TYPE_CHECKING:
    from apbot.web.open_id import OpenId


SECRET_FILE = Path("var/secret-key")


class CannotStart(Exception):
    """Something must be put right first; the message says what, in one line."""


@dataclass(frozen=True, slots=True)
class House:
    """The rooms, joined. `channels` are those that are on, by name."""

    settings: Settings
    clock: Clock
    database: Database
    desk: Desk
    channels: dict[str, Channel]
    sender: Sender
    engine: Engine
    recovering: Recovering
    bell: Bell
    hooks: Hooks
    health: Health
    machine: Clock = field(default_factory=SystemClock)
    name: str = field(default_factory=lambda: f"{socket.gethostname()}-{secrets.token_hex(4)}")


def open_checked(settings: Settings) -> Database:
    """Open the database. Raises CannotStart where it is out of reach or has an older shape."""
    with database_trouble():
        database = open_database(database_url(settings.database))
        shape = current(database)
        older = is_older(database)
    if older:
        database.close()
        was = "is empty" if shape is None else f"has the shape {shape}"
        raise CannotStart(f"the database {was} and must have the shape {head()}: run apbot migrate")
    return database


@contextmanager
def database_trouble() -> Iterator[None]:
    """Turn what goes wrong in opening a database into one line that a person can act on."""
    try:
        yield
    except ValueError as error:
        raise CannotStart(str(error)) from None
    except (SQLAlchemyError, CannotMigrate, OSError) as error:
        because = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise CannotStart(f"the database cannot be opened: {because}") from error


def make_clock(settings: Settings, start: datetime | None = None) -> Clock:
    """
    Return the clock that the settings ask for; `start` is the sandbox's own moment.

    A moved one stands still until `start_clock`, so that no moment passes before anybody is there.
    """
    if settings.clock_start is not None:
        given = settings.clock_start
        start = given if given.tzinfo else given.replace(tzinfo=ZONE)
    if start is None and not settings.is_clock_moved:
        return SystemClock()
    return MovedClock(start or SystemClock().now(), 0)


def start_clock(settings: Settings, clock: Clock) -> None:
    """Let a moved clock run at its speed: everybody who waits for a moment is there."""
    if isinstance(clock, MovedClock):
        clock.run(settings.clock_speed)


def make_channels(
    settings: Settings, transport: httpx.AsyncBaseTransport | None = None
) -> dict[str, Channel]:
    """Return the channels that the settings switch on, by name."""
    kinds = installed()
    found: dict[str, Channel] = {}
    if settings.telegram_bot_token:
        found["telegram"] = kinds["telegram"](
            settings.telegram_bot_token,
            base_url=settings.telegram_base_url or None,
            webhook_secret=settings.telegram_webhook_secret or None,
            public_url=settings.address,
            transport=transport,
        )
    if settings.twilio_account_sid:
        found["sms"] = kinds["sms"](
            settings.twilio_account_sid,
            settings.auth_tokens,
            sender=settings.twilio_from or None,
            messaging_service_sid=settings.twilio_messaging_service_sid or None,
            base_url=settings.twilio_base_url or None,
            public_url=settings.address,
            transport=transport,
            rate=settings.twilio_rate,
        )
    if settings.twilio_whatsapp_from:
        found["whatsapp"] = kinds["whatsapp"](
            settings.twilio_account_sid,
            settings.auth_tokens,
            sender=settings.twilio_whatsapp_from,
            templates=settings.whatsapp_templates,
            base_url=settings.twilio_base_url or None,
            public_url=settings.address,
            transport=transport,
        )
    if settings.twilio_voice_from:
        if VOICE not in kinds:
            raise BadSettings("TWILIO_VOICE_FROM: calls are not installed here yet, run make env")
        found[VOICE] = kinds[VOICE](
            settings.twilio_account_sid,
            settings.auth_tokens,
            sender=settings.twilio_voice_from,
            base_url=settings.twilio_base_url or None,
            public_url=settings.address,
            transport=transport,
        )
    return found


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the bot hears and says: its language, read once from the conversations' files."""

    lexicon: Lexicon
    scripts: Scripts
    templates: Mapping[str, Template] = field(default_factory=dict)
    hears: Hears | None = None


def load_spoken(conversations: Path) -> Spoken:
    """
    Read `conversations/hears`, `says` and, where there are any, `templates`. Raises Unreadable.

    What is read stays for good: it is put out of the garbage collector's way, whose rounds through
    so many words would make some replies wait.
    """
    scripts = load_scripts(conversations / "says")
    kept = conversations / "templates"
    templates = load_templates(kept, scripts) if kept.exists() else {}
    hears = read_hears(conversations / "hears")
    spoken = Spoken(lexicon_with(hears, ())[0], scripts, templates, hears)
    gc.collect()
    gc.freeze()
    return spoken


def make_desk(
    settings: Settings,
    database: Database,
    channels: dict[str, Channel],
    spoken: Spoken | None = None,
    *,
    is_sandbox: bool = False,
) -> Desk:
    """
    Return the desk, with what the bot says and hears. Raises Unreadable and BadSettings.

    Texts carry links where phones can open them safely: by https, or in the sandbox.
    """
    telegram = channels.get("telegram")
    spoken = spoken or load_spoken(settings.conversations_dir)
    has_links = is_sandbox or settings.address.startswith("https://")
    for name in settings.whatsapp_templates:
        if name not in spoken.templates:
            known = ", ".join(spoken.templates) or "none"
            raise BadSettings(f"TWILIO_WHATSAPP_TEMPLATES: no template {name}; there are: {known}")
    return Desk(
        database=database,
        shipped=spoken.lexicon,
        scripts=spoken.scripts,
        channels=frozenset(channels),
        telegram_link=telegram.invite if isinstance(telegram, Invites) else None,
        templates={name: spoken.templates[name] for name in settings.whatsapp_templates},
        slips=Slips(secret_key(settings), settings.address) if has_links else None,
        hears=spoken.hears,
    )


def make_house(
    settings: Settings,
    database: Database,
    clock: Clock,
    transport: httpx.AsyncBaseTransport | None = None,
    spoken: Spoken | None = None,
    *,
    is_sandbox: bool = False,
) -> House:
    """Join the rooms. Must be called where an event loop runs."""
    channels = make_channels(settings, transport)
    if isinstance(clock, MovedClock):
        # It meets stand-ins alone, which take whatever comes; and where it stands still, the second
        # that a chat must wait for its next text would never pass.
        for channel in channels.values():
            if isinstance(channel, Paced):
                channel.pace = None
    desk = make_desk(settings, database, channels, spoken, is_sandbox=is_sandbox)
    sender = Sender(desk, clock, channels)
    engine = Engine(desk, clock, sender)
    bell = Bell(database, partial(wake, engine, sender))

    def ring() -> None:
        wake(engine, sender)
        bell.ring()

    hooks = Hooks(
        desk,
        clock,
        telegram=channels.get("telegram"),
        twilio=channels.get("sms"),
        voice=channels.get(VOICE),
        public_url=settings.address,
        nudge=ring,
    )
    recovering = Recovering(desk, clock, channels)
    health = Health(database, clock)
    return House(
        settings,
        clock,
        database,
        desk,
        channels,
        sender,
        engine,
        recovering,
        bell,
        hooks,
        health,
    )


def web_app(house: House, more: Sequence[APIRouter] = (), try_as: Sequence[Person] = ()) -> FastAPI:
    """
    Return the web half of this house. Must be called where an event loop runs.

    `try_as` are people of the sandbox to sign in as.
    """
    routers = [house.hooks.router, house.health.router, *more]
    loop = asyncio.get_running_loop()

    def nudge() -> None:
        # The pages are served by threads of their own.
        loop.call_soon_threadsafe(house.hooks.nudge)

    lobby = Lobby(
        desk=house.desk,
        clock=house.clock,
        machine=house.machine,
        secret=secret_key(house.settings),
        address=house.settings.address,
        nudge=nudge,
        live=Live(house.desk, house.clock, house.machine),
        unread=unread_objects,
        try_as=tuple(try_as),
        ways=ways_of(house.settings),
        open_id=_open_id(house.settings),
    )
    return make_app(routers, lobby=lobby)


def _open_id(settings: Settings) -> "OpenId | None":
    if not settings.oidc_issuer:
        return None
    # Brought in where an issuer is set: nobody else pays for the library.
    from apbot.web.open_id import OpenId

    return OpenId(
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
        f"{settings.address}/sign-in/office/back",
    )


def secret_key(settings: Settings) -> str:
    """Return the key that signs links and cookies; out of live it is made once and kept."""
    if settings.secret_key:
        return settings.secret_key
    if settings.is_live:
        raise BadSettings("APBOT_SECRET_KEY is missing")
    if not SECRET_FILE.exists():
        SECRET_FILE.parent.mkdir(parents=True, exist_ok=True)
        SECRET_FILE.touch(mode=0o600)
        SECRET_FILE.write_text(secrets.token_urlsafe(48))
    return SECRET_FILE.read_text()


def wake(engine: Engine, sender: Sender) -> None:
    """There may be something to do, and something to send."""
    engine.nudge()
    sender.nudge()
