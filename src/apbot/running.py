"""
Running: the engine, the web half and what beats between them, each until it is left.
"""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from datetime import timedelta

import structlog
import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI

from apbot.app import CannotStart, House, wake
from apbot.channels.protocol import Fetches
from apbot.desk.auditing import audit
from apbot.domain.messages import Inbound, Receipt
from apbot.engine.heartbeat import Heartbeat, Pulse
from apbot.settings import Settings
from apbot.web.hooks import keep_all
from apbot.web.warming import keep_warm

log = structlog.get_logger()

BEAT = timedelta(seconds=2)
"""How often, in real time, the metronome beats: for what nobody was nudged and no bell rung."""

AUDIT = timedelta(seconds=60)

BEAT_KEPT = timedelta(seconds=5)
"""How often it is written down that this engine is alive."""

RECOVERED = timedelta(seconds=30)
"""How often networks are asked for what they received and could not bring."""

HEARTBEAT = timedelta(seconds=60)


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
            # Its own would write lines that are not like ours.
            log_config=None,
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
    warming = asyncio.create_task(keep_warm(app), name="warming")
    try:
        yield
    finally:
        await _end([warming])
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
    wake(house.engine, house.sender)


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
        wake(house.engine, house.sender)


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
