"""
The composition root: the one place that joins the rooms.

It opens the database, reads the conversations, makes the channels that the settings switch on, and
runs web and engine, together or each alone. With no network switched on the sandbox stands in for
them all.
"""

import asyncio
import gc
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import structlog
import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import APIRouter, FastAPI
from sqlalchemy.exc import SQLAlchemyError

from apbot.channels.installed import installed
from apbot.channels.protocol import Channel, Fetches, Invites, Paced
from apbot.clock import Clock, MovedClock, SystemClock
from apbot.desk.auditing import audit
from apbot.desk.desk import Desk
from apbot.desk.slip_links import Slips
from apbot.domain.calendar import ZONE
from apbot.domain.messages import VOICE, Inbound, Receipt
from apbot.domain.people import Person
from apbot.engine.bell import Bell
from apbot.engine.heartbeat import Heartbeat, Pulse
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
from apbot.web.hooks import Hooks, keep_all
from apbot.web.live import Live
from apbot.web.lobby import Lobby
from apbot.wording.scripts import Scripts
from apbot.wording.templates import Template

if TYPE_CHECKING:
    from apbot.web.open_id import OpenId

log = structlog.get_logger()

BEAT = timedelta(seconds=2)
"""How often, in real time, the metronome beats: for what nobody was nudged and no bell rung."""

AUDIT = timedelta(seconds=60)

BEAT_KEPT = timedelta(seconds=5)
"""How often it is written down that this engine is alive."""

RECOVERED = timedelta(seconds=30)
"""How often networks are asked for what they received and could not bring."""

HEARTBEAT = timedelta(seconds=60)

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
    bell = Bell(database, partial(_wake, engine, sender))

    def ring() -> None:
        _wake(engine, sender)
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
        live=Live(house.desk, house.clock),
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


@asynccontextmanager
async def engine_running(house: House) -> AsyncIterator[None]:
    """Run the engine, the sender and whatever fetches, until left."""
    async with AsyncExitStack() as stack:
        for channel in house.channels.values():
            await channel.start()
            stack.push_async_callback(channel.stop)
        tasks = [
            asyncio.create_task(house.engine.run(), name="engine"),
            asyncio.create_task(house.sender.run(), name="sender"),
            *(
                asyncio.create_task(_fetch(house, channel), name=f"fetch {name}")
                for name, channel in house.channels.items()
                if isinstance(channel, Fetches)
            ),
        ]
        stack.push_async_callback(_end, tasks)
        metronome = AsyncIOScheduler(
            timezone="UTC",
            # A beat that comes late is still a beat; many that came late are one.
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        engine, sender = house.engine, house.sender
        pulse = Pulse(
            house.database, house.name, house.machine, lambda: (engine.rounds, sender.rounds)
        )
        metronome.add_job(_nudge, "interval", [house], seconds=BEAT.total_seconds())
        metronome.add_job(_audit, "interval", [house], seconds=AUDIT.total_seconds())
        metronome.add_job(pulse.keep, "interval", seconds=BEAT_KEPT.total_seconds())
        metronome.add_job(_recover, "interval", [house], seconds=RECOVERED.total_seconds())
        if house.settings.heartbeat_url:
            heartbeat = Heartbeat(house.settings.heartbeat_url, house.health.problems)
            metronome.add_job(heartbeat.beat, "interval", seconds=HEARTBEAT.total_seconds())
        recovering = asyncio.create_task(_recover(house), name="recover")
        stack.push_async_callback(_end, [recovering])
        await pulse.keep()
        tasks.append(asyncio.create_task(house.bell.run(), name="bell"))
        metronome.start()
        stack.callback(metronome.shutdown, wait=False)
        yield


@asynccontextmanager
async def bell_running(house: House) -> AsyncIterator[None]:
    """Ring and hear the bell, until left."""
    task = asyncio.create_task(house.bell.run(), name="bell")
    try:
        yield
    finally:
        await _end([task])


@asynccontextmanager
async def web_running(app: FastAPI, settings: Settings) -> AsyncIterator[None]:
    """Serve the application until left. Raises CannotStart where the port is taken."""
    listener = _listen(settings)
    server = _Server(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=3,
            proxy_headers=True,
        )
    )
    task = asyncio.create_task(server.serve([listener]), name="web")
    while not server.started and not task.done():  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        app.state.lobby.live.close()
        server.stop()
        with suppress(asyncio.CancelledError):
            await task
        listener.close()


async def until_told_to_stop() -> None:
    """Return when the process is asked to end."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    await told.wait()


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


class _Server(uvicorn.Server):
    """
    uvicorn without its own signal handlers: ours end web and engine together.

    It looks once a second whether it is to end, and not ten times: at rest that would be the most
    that this process does. `stop` wakes it.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()

    def stop(self) -> None:
        """End serving, now."""
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        """Keep the date that answers carry, each second, until told to stop."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._told.wait()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        where = f"{settings.host}:{settings.port}"
        raise CannotStart(
            f"cannot listen on {where} ({error.strerror}): free it, or choose another with PORT"
        ) from None
    listener.listen(2048)
    listener.setblocking(False)
    return listener


async def _fetch(house: House, channel: Fetches) -> None:
    """Keep each batch safely before the network is told that it was taken."""
    async for batch in channel.fetch():
        await _keep_batch(house, batch)
        house.hooks.nudge()


async def _keep_batch(house: House, batch: Sequence[Inbound | Receipt]) -> None:
    while True:
        try:
            await asyncio.to_thread(keep_all, house.desk, house.clock, batch)
            return
        except Exception:
            log.exception("what was fetched could not be kept; trying again")
            await asyncio.sleep(1)


async def _nudge(house: House) -> None:
    _wake(house.engine, house.sender)


def _wake(engine: Engine, sender: Sender) -> None:
    engine.nudge()
    sender.nudge()


async def _audit(house: House) -> None:
    """Look for duties that nothing is moving on; what it finds is an error, for it should not."""

    def look() -> Sequence[str]:
        with house.database.writing() as db:
            return audit(db, house.desk, house.clock.now())

    try:
        found = await asyncio.to_thread(look)
    except Exception:
        log.exception("the auditor could not look")
        return
    if found:
        log.error("the auditor found what nothing was moving on", found=found)
        _wake(house.engine, house.sender)


async def _recover(house: House) -> None:
    try:
        if await house.recovering.look():
            house.engine.nudge()
    except Exception:
        log.exception("what was never brought could not be looked for")


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
