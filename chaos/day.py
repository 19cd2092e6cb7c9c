"""
The day itself: processes started, killed and started again until it is over; then it is checked.
"""

import json
import random
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.databases import a_sqlite, opened
from bench.processes import answers, free_port, spawn

from apbot.store.database import database_url, open_database
from chaos.checker import check
from chaos.clock import SharedClock
from chaos.town import STARTS, a_town, settle
from chaos.world import settings_for

EARLY = timedelta(minutes=2)
QUIET_FOR_S = 75
"""How long, in real seconds, everything may take to settle once the faults are over."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One day to play: what with, how fast, for how long, and from which seed."""

    seed: int
    providers: int = 50
    minutes: int = 110
    speed: float = 30
    kill_every_s: float = 6
    database: str = "sqlite"


@dataclass(slots=True)
class Played:
    """What came of it: which faults there were, and which promises were broken."""

    faults: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    texts: int = 0
    messages: int = 0
    entries: int = 0


def play(plan: Plan, where: Path) -> Played:
    """Play the day; logs of the processes stay in `where`."""
    with _database(plan) as (url, interrupt):
        return _play(plan, url, interrupt, where)


def _play(plan: Plan, url: str, interrupt: Callable[[random.Random], str], where: Path) -> Played:
    rng = random.Random(plan.seed)
    with opened(url) as database:
        settle(database, a_town(plan.providers), STARTS - timedelta(hours=1))
    port, web_port = free_port(), free_port()
    clock = SharedClock(STARTS - EARLY, time.monotonic() + 6, plan.speed)
    settings = {
        "DATABASE_URL": url,
        "PORT": str(web_port),
        **settings_for(port),
        **clock.settings(),
    }
    played = Played()
    world = spawn(
        "chaos.world", *map(str, (port, plan.seed, plan.providers, web_port)), settings=settings
    )
    kinds = ["both"] if plan.database == "sqlite" else ["web", "engine", "engine"]
    house: list[subprocess.Popen[bytes]] = []

    def start(nth: int) -> subprocess.Popen[bytes]:
        log = where / f"{kinds[nth]}-{nth}.log"
        return spawn("chaos.house", kinds[nth], settings=settings, log=log)

    try:
        answers(f"http://127.0.0.1:{port}/told")
        house = [start(nth) for nth in range(len(kinds))]
        _break_things(plan, rng, house, start, interrupt, clock, played)
        urllib.request.urlopen(
            urllib.request.Request(f"http://127.0.0.1:{port}/quiet", method="POST"), timeout=30
        ).close()
        _settle(url, port)
        for process in house:
            process.kill()
            process.wait()
        ended = clock.now()
        told = _told(port)
        played.faults.update(told["faults"])
        (where / "told.json").write_text(json.dumps(told, indent=1))
        _count(url, told, played)
        database = open_database(database_url(url))
        played.broken = check(database.engine, told, ended)
        database.close()
    finally:
        for process in (*house, world):
            process.kill()
            process.wait()
    return played


def _break_things(
    plan: Plan,
    rng: random.Random,
    house: list[subprocess.Popen[bytes]],
    start: Callable[[int], subprocess.Popen[bytes]],
    interrupt: Callable[[random.Random], str],
    clock: SharedClock,
    played: Played,
) -> None:
    """Kill and interrupt until the day is over; whoever ended is started again."""
    ends: datetime = STARTS + timedelta(minutes=plan.minutes)
    next_blow = time.monotonic() + plan.kill_every_s + 8
    while clock.now() < ends:
        time.sleep(0.1)
        for nth, process in enumerate(house):
            if process.poll() is not None:
                house[nth] = start(nth)
        if time.monotonic() < next_blow:
            continue
        if rng.random() < 0.25:
            played.faults[interrupt(rng)] += 1
        else:
            nth = rng.randrange(len(house))
            house[nth].kill()
            house[nth].wait()
            played.faults["a process killed"] += 1
        next_blow = time.monotonic() + rng.uniform(0.5, 1.5) * plan.kill_every_s
    for nth, process in enumerate(house):
        if process.poll() is not None:
            house[nth] = start(nth)


def _settle(url: str, port: int) -> None:
    """Wait until nothing is on its way any more, as long as that may take."""
    until = time.monotonic() + QUIET_FOR_S
    before: object = None
    database = open_database(database_url(url))
    try:
        while time.monotonic() < until:
            time.sleep(2)
            with suppress(Exception):
                with database.reading() as db:
                    waits = db.exec_driver_sql(
                        "SELECT (SELECT count(*) FROM inbox WHERE handled_at IS NULL)"
                        " + (SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending'))"
                    ).scalar_one()
                    kept = db.exec_driver_sql("SELECT count(*) FROM inbox").scalar_one()
                told = _told(port)
                now = (len(told["taken"]), len(told["typed"]), kept)
                is_over = waits == 0 and told["people still to answer"] == 0
                if is_over and now == before and kept >= len(told["typed"]):
                    return
                before = now
    finally:
        database.close()


def _told(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/told", timeout=10) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


def _count(url: str, told: dict[str, Any], played: Played) -> None:
    played.texts, played.messages = len(told["taken"]), len(told["typed"])
    database = open_database(database_url(url))
    with database.reading() as db:
        played.entries = db.exec_driver_sql("SELECT count(*) FROM entries").scalar_one()
    database.close()


@contextmanager
def _database(plan: Plan) -> Iterator[tuple[str, Callable[[random.Random], str]]]:
    """Yield a database of this day's own, and how it is interrupted."""
    if plan.database == "sqlite":
        with a_sqlite() as url:
            yield url, lambda rng: _lock(url, rng)
        return
    from chaos.postgres import a_stoppable_postgres

    with a_stoppable_postgres() as (url, stop):
        yield url, stop


def _lock(url: str, rng: random.Random) -> str:
    """Somebody else holds SQLite's one write lock for a while."""
    database = open_database(database_url(url))
    with suppress(Exception), database.writing():
        time.sleep(rng.uniform(0.5, 3))
    database.close()
    return "the database locked"


if __name__ == "__main__":
    sys.exit("run python -m chaos")
