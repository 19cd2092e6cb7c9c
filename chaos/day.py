"""
The day itself: processes started, killed and started again until it is over; then it is checked.
"""

import json
import random
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
from chaos.checker import check, read
from chaos.clock import SharedClock
from chaos.keeper import Keeper
from chaos.town import STARTS, a_town, settle
from chaos.world import settings_for

EARLY = timedelta(minutes=2)

AWAY = timedelta(minutes=10)
"""How long the database is away once a day, by the day's own clock."""

AWAY_S = 10
"""How long it is away once more, in real seconds: what waits for it has its patience in those."""

Interrupt = Callable[[float], str]
"""Take the database away for so many real seconds; says in words what that was."""


@dataclass(frozen=True, slots=True)
class Plan:
    """
    One day to play: what with, how fast, for how long, and from which seed.

    `outages` says whether the database and each network are away for minutes, and whether all
    processes are replaced one after another. `settle_s` is how long, in real seconds, it may take
    to be quiet once the faults are over. `older` is a checkout of the version before, whose code
    every second process runs beside the new one, on the newest tables.
    """

    seed: int
    providers: int = 50
    minutes: int = 100
    speed: float = 40
    kill_every_s: float = 6
    database: str = "sqlite"
    settle_s: float = 75
    outages: bool = True
    older: Path | None = None


@dataclass(slots=True)
class Played:
    """What came of it: which faults there were, and which promises were broken."""

    faults: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    texts: int = 0
    messages: int = 0
    entries: int = 0


def play(plan: Plan, where: Path) -> Played:
    """Play the day; the processes' logs, and what was found at its end, stay in `where`."""
    with _database(plan) as (url, interrupt):
        return _play(plan, url, interrupt, where)


def _play(plan: Plan, url: str, interrupt: Interrupt, where: Path) -> Played:
    with opened(url) as database:
        settle(database, a_town(plan.providers), STARTS - timedelta(hours=1))
    port, web_ports = free_port(), (free_port(), free_port())
    clock = SharedClock(STARTS - EARLY, where / "began", plan.speed)
    settings = {"DATABASE_URL": url, **settings_for(port), **clock.settings()}
    listens = [{"PORT": str(one)} for one in web_ports]
    kinds = (
        [("both", listens[0])]
        if plan.database == "sqlite"
        else [("web", listens[0]), ("web", listens[1]), ("engine", {}), ("engine", {})]
    )
    away_in = plan.minutes if plan.outages else 0
    world = spawn(
        "chaos.world",
        *(str(word) for word in (port, plan.seed, plan.providers, away_in, *web_ports)),
        settings=settings,
        log=where / "world.log",
    )
    keeper: Keeper | None = None
    played = Played()
    try:
        answers(f"http://127.0.0.1:{port}/told")
        keeper = Keeper(kinds, settings, where, plan.older)
        keeper.wait()
        clock.begin()
        _break_things(plan, keeper, interrupt, clock, played)
        _be_quiet(port)
        if not _settle(url, port, keeper, plan.settle_s):
            played.broken.append(f"it was not quiet {plan.settle_s:.0f} s after the last fault")
        keeper.end()
        ended = clock.now()
        told = _told(port)
        played.faults.update(told["faults"])
        played.texts, played.messages = len(told["taken"]), len(told["typed"])
        with opened(url) as database:
            tables = read(database.engine)
        found = {"ended": ended, "told": told, "tables": tables}
        (where / "found.json").write_text(json.dumps(found, indent=1, default=str))
        played.entries = len(tables["entries"])
        played.broken += check(tables, told, ended)
    finally:
        if keeper is not None:
            keeper.end()
        world.kill()
        world.wait()
    return played


def _break_things(
    plan: Plan,
    keeper: Keeper,
    interrupt: Interrupt,
    clock: SharedClock,
    played: Played,
) -> None:
    """Kill and interrupt until the day is over; whoever ended is started again."""
    rng = random.Random(plan.seed)
    ends: datetime = STARTS + timedelta(minutes=plan.minutes)
    once = _once_a_day(plan, rng, keeper, interrupt, played)
    next_blow = time.monotonic() + plan.kill_every_s
    # What happens once happens, even where a busy machine was late with all before it.
    while clock.now() < ends or once:
        time.sleep(0.1)
        keeper.start_again()
        # Who is still coming up is left to come up: else nothing would ever be at work to be hit.
        if time.monotonic() < next_blow or not keeper.is_ready:
            continue
        if once and clock.now() >= once[0][0]:
            once.pop(0)[1]()
        elif rng.random() < 0.25:
            played.faults[interrupt(rng.uniform(0.5, 3))] += 1
        else:
            keeper.kill_one(rng)
            played.faults["a process killed"] += 1
        next_blow = time.monotonic() + rng.uniform(0.5, 1.5) * plan.kill_every_s


def _once_a_day(
    plan: Plan, rng: random.Random, keeper: Keeper, interrupt: Interrupt, played: Played
) -> list[tuple[datetime, Callable[[], None]]]:
    """Return what happens once, each with its moment, the earliest first."""

    def roll() -> None:
        played.faults["all processes replaced, one after another"] += 1
        if not keeper.roll():
            played.broken.append("a process did not end when it was asked to")

    def away(seconds: float, words: str) -> None:
        interrupt(seconds)
        played.faults[f"the database away for {words}"] += 1

    if not plan.outages:
        return []
    minutes = AWAY / timedelta(minutes=1)
    things = (
        roll,
        lambda: away(AWAY_S, f"{AWAY_S} s"),
        lambda: away(AWAY.total_seconds() / plan.speed, f"{minutes:.0f} min of the day"),
    )
    moments = (STARTS + timedelta(minutes=plan.minutes * rng.uniform(0, 0.8)) for _ in things)
    return sorted(zip(moments, things, strict=True), key=lambda one: one[0])


def _be_quiet(port: int) -> None:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/quiet", method="POST")
    urllib.request.urlopen(asked, timeout=30).close()


def _settle(url: str, port: int, keeper: Keeper, at_most_s: float) -> bool:
    """Wait until nothing is on its way any more, as long as that may take; say if it came to it."""
    until = time.monotonic() + at_most_s
    before: object = None
    database = open_database(database_url(url))
    try:
        while time.monotonic() < until:
            time.sleep(1.5)
            keeper.start_again()
            if not keeper.is_ready:
                before = None
                continue
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
                    return True
                before = now
        return False
    finally:
        database.close()


def _told(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/told", timeout=10) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


@contextmanager
def _database(plan: Plan) -> Iterator[tuple[str, Interrupt]]:
    """Yield a database of this day's own, and how it is interrupted."""
    if plan.database == "sqlite":
        with a_sqlite() as url:
            yield url, lambda seconds: _lock(url, seconds)
        return
    from chaos.postgres import a_stoppable_postgres

    with a_stoppable_postgres() as (url, stop):
        yield url, stop


def _lock(url: str, seconds: float) -> str:
    """Somebody else holds SQLite's one write lock for a while."""
    database = open_database(database_url(url))
    with suppress(Exception), database.writing():
        time.sleep(seconds)
    database.close()
    return "the database locked"
