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
from collections.abc import Callable, Iterator, Mapping, Sequence
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
READY = "ready\n"
"""What a process says once it is at work."""

COMES_UP_S = 60
"""How long, in real seconds, everybody may take to be there."""


@dataclass(frozen=True, slots=True)
class Plan:
    """
    One day to play: what with, how fast, for how long, and from which seed.

    `settle_s` is how long, in real seconds, it may take to be quiet once the faults are over.
    """

    seed: int
    providers: int = 50
    minutes: int = 100
    speed: float = 30
    kill_every_s: float = 6
    database: str = "sqlite"
    settle_s: float = 75


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


class House:
    """The processes of the house: started, killed, and started again by whoever keeps them."""

    def __init__(self, kinds: Sequence[str], settings: Mapping[str, str], where: Path) -> None:
        self._kinds, self._settings, self._where = kinds, settings, where
        self._starts = [0] * len(kinds)
        self._processes = [self._start(nth) for nth in range(len(kinds))]

    def kill_one(self, rng: random.Random) -> None:
        """End one of them as a power cut would."""
        process = rng.choice(self._processes)
        process.kill()
        process.wait()

    def start_again(self) -> None:
        """Whoever ended is started again, as a machine's own service would."""
        for nth, process in enumerate(self._processes):
            if process.poll() is not None:
                self._processes[nth] = self._start(nth)

    @property
    def is_ready(self) -> bool:
        """Whether each of them has said so since it was started last."""
        return all(
            process.poll() is None and self._log(nth).read_text().count(READY) >= self._starts[nth]
            for nth, process in enumerate(self._processes)
        )

    def end(self) -> None:
        """Kill all of them."""
        for process in self._processes:
            process.kill()
            process.wait()

    def _log(self, nth: int) -> Path:
        return self._where / f"{self._kinds[nth]}-{nth}.log"

    def _start(self, nth: int) -> subprocess.Popen[bytes]:
        # One that was killed before it was ready has not said so: only the last one is waited for.
        log = self._log(nth)
        said = log.read_text().count(READY) if log.exists() else 0
        self._starts[nth] = said + 1
        return spawn("chaos.house", self._kinds[nth], settings=self._settings, log=log)


def _play(plan: Plan, url: str, interrupt: Callable[[random.Random], str], where: Path) -> Played:
    rng = random.Random(plan.seed)
    with opened(url) as database:
        settle(database, a_town(plan.providers), STARTS - timedelta(hours=1))
    port, web_port = free_port(), free_port()
    clock = SharedClock(STARTS - EARLY, where / "began", plan.speed)
    settings = {
        "DATABASE_URL": url,
        "PORT": str(web_port),
        **settings_for(port),
        **clock.settings(),
    }
    words = (str(word) for word in (port, plan.seed, plan.providers, web_port))
    world = spawn("chaos.world", *words, settings=settings)
    kinds = ["both"] if plan.database == "sqlite" else ["web", "engine", "engine"]
    house: House | None = None
    played = Played()
    try:
        answers(f"http://127.0.0.1:{port}/told")
        house = House(kinds, settings, where)
        _wait_for(house)
        clock.begin()
        _break_things(plan, rng, house, interrupt, clock, played)
        _be_quiet(port)
        _settle(url, port, house, plan.settle_s)
        house.end()
        ended = clock.now()
        told = _told(port)
        (where / "told.json").write_text(json.dumps(told, indent=1))
        played.faults.update(told["faults"])
        played.texts, played.messages = len(told["taken"]), len(told["typed"])
        with opened(url) as database:
            with database.reading() as db:
                count = db.exec_driver_sql("SELECT count(*) FROM entries").scalar_one()
            played.entries = count
            played.broken = check(database.engine, told, ended)
    finally:
        if house is not None:
            house.end()
        world.kill()
        world.wait()
    return played


def _wait_for(house: House) -> None:
    until = time.monotonic() + COMES_UP_S
    while not house.is_ready:
        if time.monotonic() > until:
            raise RuntimeError("the processes did not come up: look at their logs")
        time.sleep(0.1)


def _break_things(
    plan: Plan,
    rng: random.Random,
    house: House,
    interrupt: Callable[[random.Random], str],
    clock: SharedClock,
    played: Played,
) -> None:
    """Kill and interrupt until the day is over; whoever ended is started again."""
    ends: datetime = STARTS + timedelta(minutes=plan.minutes)
    next_blow = time.monotonic() + plan.kill_every_s
    while clock.now() < ends:
        time.sleep(0.1)
        house.start_again()
        # Who is still coming up is left to come up: else nothing would ever be at work to be hit.
        if time.monotonic() < next_blow or not house.is_ready:
            continue
        if rng.random() < 0.25:
            played.faults[interrupt(rng)] += 1
        else:
            house.kill_one(rng)
            played.faults["a process killed"] += 1
        next_blow = time.monotonic() + rng.uniform(0.5, 1.5) * plan.kill_every_s


def _be_quiet(port: int) -> None:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/quiet", method="POST")
    urllib.request.urlopen(asked, timeout=30).close()


def _settle(url: str, port: int, house: House, at_most_s: float) -> None:
    """Wait until nothing is on its way any more, as long as that may take."""
    until = time.monotonic() + at_most_s
    before: object = None
    database = open_database(database_url(url))
    try:
        while time.monotonic() < until:
            time.sleep(1.5)
            house.start_again()
            if not house.is_ready:
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
                    return
                before = now
    finally:
        database.close()


def _told(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/told", timeout=10) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


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
