"""An engine room: a real desk on a real database, channels that answer as told, a stopped clock."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import structlog
from tests.engine.network import QuietChannel
from tests.store.builders import NINE, minutes

from apbot.clock import Clock, MovedClock
from apbot.desk.desk import Desk
from apbot.engine.sender import Sender
from apbot.engine.tick import Engine
from apbot.reading.lexicon import Lexicon
from apbot.store.database import Database
from apbot.store.outbox import Draft, OutboxRow, add
from apbot.store.said import list_outbox
from apbot.wording.scripts import Scripts


@dataclass(frozen=True)
class EngineRoom:
    """The desk, the sender and the engine, with nothing due yet."""

    database: Database
    desk: Desk
    clock: Any
    sender: Sender
    engine: Engine

    def keep(self, *drafts: Draft) -> None:
        """Put these texts in the outbox."""
        with self.database.writing() as db:
            add(db, drafts, self.clock.now())

    def texts(self) -> list[OutboxRow]:
        """Every text there is."""
        with self.database.reading() as db:
            return list(list_outbox(db))

    async def send_at(self, after: float) -> None:
        """Go to so many seconds after nine, and send what can go."""
        self.clock.move_to(NINE + minutes(after / 60))
        await self.sender.settle()


ARoom = Callable[..., EngineRoom]


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[structlog.typing.EventDict]]:
    """Every fact that is logged in a test."""
    with structlog.testing.capture_logs() as kept:
        yield kept


@pytest.fixture
def a_room(lexicon: Lexicon, scripts: Scripts) -> Iterator[ARoom]:
    """Make an engine room with these channels on."""
    with ExitStack() as stack:

        def make(
            database: Database, *channels: QuietChannel, clock: Clock | None = None
        ) -> EngineRoom:
            by_name = {channel.name: channel for channel in channels}
            desk = Desk(database, lexicon, scripts, frozenset(by_name))
            clock = clock or MovedClock(NINE, 0)
            sender = Sender(desk, clock, by_name)
            engine = Engine(desk, clock, sender)
            stack.callback(sender.close)
            stack.callback(engine.close)
            return EngineRoom(database, desk, clock, sender, engine)

        yield make
