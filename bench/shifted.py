"""
The house with its clock set to a school morning: `python -m bench.shifted engine|web`.

The clock runs as real time does, only later or earlier: what is measured is real, and any day will
do to measure it. Networks may be said to have no limits, as a stand-in has none. Everything else is
the house's own composition.
"""

import asyncio
import os
import sys
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

from apbot.app import make_house, open_checked, web_app
from apbot.channels.protocol import Paced
from apbot.clock import SystemClock
from apbot.logs import set_up_logs
from apbot.running import engine_running, until_told_to_stop, web_running
from apbot.settings import load_settings

SHIFT = "BENCH_SHIFT_SECONDS"

UNLIMITED = "BENCH_UNLIMITED"
"""Set: networks take whatever comes."""


class ShiftedClock(SystemClock):
    """The machine's own time and a constant."""

    def __init__(self, shift: timedelta) -> None:
        self._shift = shift

    def now(self) -> datetime:
        """Return the present moment, shifted."""
        return super().now() + self._shift


def shift_to(moment: datetime) -> str:
    """Return the setting that makes it this moment now."""
    return str((moment - SystemClock().now()).total_seconds())


async def _run(which: str) -> None:
    settings = load_settings()
    clock = ShiftedClock(timedelta(seconds=float(os.environ.get(SHIFT, "0"))))
    house = make_house(settings, open_checked(settings), clock)
    with house.database.reading() as db:
        house.desk.lists(db)
    if os.environ.get(UNLIMITED):
        for channel in house.channels.values():
            if isinstance(channel, Paced):
                channel.pace = None
    async with AsyncExitStack() as stack:
        if which == "web":
            await stack.enter_async_context(web_running(web_app(house), settings))
        else:
            await stack.enter_async_context(engine_running(house))
        print("ready", flush=True)
        await until_told_to_stop()


if __name__ == "__main__":
    set_up_logs()
    asyncio.run(_run(sys.argv[1]))
