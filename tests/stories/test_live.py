"""Live: real processes, as they are run in an office, against networks that speak the real HTTP."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from apbot.clock import SystemClock
from apbot.sandbox.telegram_api import TelegramApi
from apbot.sandbox.twilio_api import SANDBOX_AUTH_TOKEN, SANDBOX_SENDER, SANDBOX_SID, TwilioApi
from tests.stories.day import REPO

KEN = "+447700900106"


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def networks(port: int, hooks: str) -> AsyncIterator[tuple[TelegramApi, TwilioApi]]:
    """Telegram and Twilio, on a port of their own."""
    clock = SystemClock()
    telegram = TelegramApi(clock)
    twilio = TwilioApi(clock, hook_url=f"{hooks}/hooks/twilio/message")
    app = FastAPI()
    app.include_router(telegram.router, prefix="/telegram")
    app.include_router(twilio.router)
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="error", lifespan="off", ws="none")
    )
    server.capture_signals = _leave_signals  # type: ignore[method-assign]  # pytest's own
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110  # uvicorn has no event for it
        await asyncio.sleep(0)
    try:
        yield telegram, twilio
    finally:
        await telegram.stop()
        await twilio.stop()
        server.should_exit = True
        await task


@contextmanager
def _leave_signals() -> Iterator[None]:
    yield


def environment(tmp_path: Path, port: int, network: int, **more: str) -> dict[str, str]:
    plain = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("APBOT", "TWILIO", "TELEGRAM", "DATABASE"))
    }
    return {
        **plain,
        "PORT": str(port),
        "DATABASE_URL": f"sqlite:///{tmp_path}/live.db",
        "APBOT_CONFIG_DIR": str(REPO / "config"),
        "APBOT_CONVERSATIONS_DIR": str(REPO / "conversations"),
        "APBOT_SECRET_KEY": "a-key-for-a-test",
        "TELEGRAM_BOT_TOKEN": "77009:sandbox",
        "TELEGRAM_BASE_URL": f"http://127.0.0.1:{network}/telegram/bot",
        "TWILIO_ACCOUNT_SID": SANDBOX_SID,
        "TWILIO_AUTH_TOKEN": SANDBOX_AUTH_TOKEN,
        "TWILIO_FROM": SANDBOX_SENDER,
        "TWILIO_BASE_URL": f"http://127.0.0.1:{network}",
        **more,
    }


async def apbot(command: list[str], env: dict[str, str], cwd: Path) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "apbot",
        *command,
        env=env,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


@asynccontextmanager
async def served(env: dict[str, str], cwd: Path) -> AsyncIterator[str]:
    """`apbot serve`, until left; yields its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "apbot",
        "serve",
        env=env,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    line = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
    assert "apbot is running (live)" in line
    try:
        yield f"http://127.0.0.1:{env['PORT']}"
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 20) == 0


async def test_live_it_enrols_asks_reads_and_keeps_on_two_networks(tmp_path: Path) -> None:
    """Loaded, welcomed, tied by a link; prompted, answered by text; nothing of a sandbox."""
    port, network = a_free_port(), a_free_port()
    env = environment(
        tmp_path,
        port,
        network,
        APBOT_CLOCK_START="2026-11-23 09:14:50",
        APBOT_CLOCK_SPEED="10",
    )
    async with networks(network, f"http://127.0.0.1:{port}") as (telegram, twilio):
        assert (await apbot(["migrate"], env, tmp_path))[0] == 0
        code, out, err = await apbot(["load"], env, tmp_path)
        assert code == 0, err
        assert "added" in out
        came = asyncio.Event()
        twilio.sms.watch(lambda handset: came.set())
        telegram.handsets.watch(lambda handset: came.set())
        async with served(env, tmp_path) as address, httpx.AsyncClient() as client:
            for path in ("/phones", "/sandbox/twilio/x", "/phones/state"):
                assert (await client.get(address + path)).status_code == 404

            async def hears(texts: Callable[[], list[str]], words: str) -> str:
                while True:
                    found = [t for t in texts() if re.search(words, t)]
                    if found:
                        return found[-1]
                    came.clear()
                    await asyncio.wait_for(came.wait(), 30)

            def on_ken() -> list[str]:
                return [b.text for b in twilio.handset(KEN).bubbles if b.sender == "bot"]

            def on_gill() -> list[str]:
                return [b.text for b in twilio.handset("+447700900201").bubbles]

            await hears(on_ken, "^Hello Ken")
            link = await hears(on_gill, r"https://t\.me/apbot\?start=")
            token = re.search(r"start=([\w-]+)", link)
            assert token
            telegram.add_person(4711, "Gill")
            telegram.press_start(4711, token[1])
            await hears(
                lambda: [b.text for b in telegram.handsets.get("4711").bubbles], "You are set up"
            )
            await hears(on_ken, "Cog Lane Garage AM, starts 09:15. Who is in")
            twilio.type_text(KEN, "all in")
            await hears(on_ken, "All 5 in")
        code, out, err = await apbot(["register", "cog-lane", "--json"], env, tmp_path)
    assert code == 0, err
    assert out.count('"mark": "present"') >= 5


async def test_it_does_not_start_half_configured(tmp_path: Path) -> None:
    """A clear word, one line, exit status 1, no traceback."""
    env = environment(tmp_path, a_free_port(), a_free_port())
    del env["TWILIO_FROM"]
    code, _, err = await apbot(["serve"], env, tmp_path)
    assert code == 1
    assert err.startswith("TWILIO_FROM is missing")
    env = environment(tmp_path, a_free_port(), a_free_port(), TELEGRAM_BASE_URL="")
    code, _, err = await apbot(
        ["serve"], {**env, "APBOT_CLOCK_START": "2026-11-23 09:00"}, tmp_path
    )
    assert code == 1
    assert "refused with a network's real address" in err
    assert "Traceback" not in err
