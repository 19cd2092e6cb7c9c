"""A day run fast is as punctual as a day run slowly."""

import asyncio
import json
import sys
from datetime import datetime
from pathlib import Path

import httpx

from tests.stories.test_live import a_free_port, apbot, environment


async def test_at_sixhundred_times_every_asking_is_at_its_own_second(tmp_path: Path) -> None:
    """Prompts, chases and the alarm are sent at the minute they are due, by the moved clock."""
    port = a_free_port()
    env = {
        name: value
        for name, value in environment(tmp_path, port, 0).items()
        if not name.startswith(("TELEGRAM", "TWILIO"))
    }
    env |= {"APBOT_CLOCK_START": "2026-11-23 08:58", "APBOT_CLOCK_SPEED": "600"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "apbot",
        "serve",
        env=env,
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), 30)
    try:
        await asyncio.wait_for(_until(f"http://127.0.0.1:{port}", "09:32"), 60)
    finally:
        process.terminate()
        await process.wait()
    code, out, err = await apbot(["messages", "--json"], env, tmp_path)
    assert code == 0, err
    asked = [
        (message["script"], datetime.fromisoformat(message["sent_at"]))
        for message in json.loads(out)
        if message.get("script") in ("register_prompt", "register_chase", "css_register_missing")
    ]

    assert {script for script, _ in asked} >= {"register_prompt", "register_chase"}
    # What is told of cases waits a few seconds for others that come with it.
    late = [
        (script, at)
        for script, at in asked
        if at.minute % 5 or at.second != (5 if script == "css_register_missing" else 0)
    ]
    assert late == []


async def _until(address: str, clock: str) -> None:
    """Return when the sandbox's clock has passed this local time."""
    async with httpx.AsyncClient(timeout=30) as client:
        async with client.stream("GET", f"{address}/phones/state") as first:
            assert first.status_code == 200
        async with client.stream("GET", f"{address}/phones/events") as stream:
            async for line in stream.aiter_lines():
                if not line.startswith("data:"):
                    continue
                # That a dialogue is over is told as nothing at all.
                told = json.loads(line.removeprefix("data:")) or {}
                now = told.get("now") or told.get("clock", {}).get("now", "")
                if now[11:16] >= clock:
                    return
