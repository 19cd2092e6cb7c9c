"""
A process of the house on the shared clock: `python -m chaos.house web|engine|both`.

Its own composition, its own settings; only the clock is not the machine's.
"""

import asyncio
import sys
from contextlib import AsyncExitStack

from apbot.app import make_house, open_checked, web_app
from apbot.logs import set_up_logs
from apbot.running import engine_running, until_told_to_stop, web_running
from apbot.settings import load_settings
from chaos.clock import shared_clock


async def _run(which: str) -> None:
    settings = load_settings()
    house = make_house(settings, open_checked(settings), shared_clock())
    async with AsyncExitStack() as stack:
        if which != "engine":
            await stack.enter_async_context(web_running(web_app(house), settings))
        if which != "web":
            await stack.enter_async_context(engine_running(house))
        print("ready", flush=True)
        await until_told_to_stop()


if __name__ == "__main__":
    set_up_logs()
    asyncio.run(_run(sys.argv[1]))
