"""
How many replies a second one process takes from the inbox to its outbox rows.

The real desk and the real reader, a reply from each of a county's providers; the reference is one
durable row written by the same connection, so that the ratio speaks of the house and not of the
disk.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import event, text

from apbot.app import load_spoken
from apbot.desk.deadlines import handle_deadline
from apbot.desk.desk import Desk
from apbot.desk.replies import handle_message
from apbot.domain.messages import Address, Inbound, InboundKind
from apbot.store.database import Database
from apbot.store.deadlines import claim_deadlines
from apbot.store.inbox import InboxRow, claim_inbox, keep
from bench.county import NINE, a_county, chat_of, settle
from bench.databases import KINDS, opened
from bench.table import Measured

GOAL = 300
STATEMENTS = 10
PROVIDERS = 400
WARM = 40

PLAIN = ("all in", "all here", "yes all present", "Everyone in today", "all in thanks")
MIXED = ("all in", "chloe off", "all here", "femi late", "all in bar aiden hes poorly")


def measure() -> Iterator[Measured]:
    """Yield the rates on both databases, plain replies and mixed ones."""
    for name, made in KINDS.items():
        for kind, words in (("plain", PLAIN), ("mixed", MIXED)):
            with made() as url, opened(url) as database:
                rate, cpu, statements, bare = _replies(database, words)
            yield Measured(
                f"{kind} replies, {name}, one process",
                f"{rate:.0f}/s, {1000 * cpu:.1f} ms of the processor each",
                f"≥ {GOAL}/s",
                rate >= GOAL,
            )
            yield Measured(
                f"{kind} replies, {name}: statements each, besides BEGIN and COMMIT",
                f"{statements:.1f}",
                f"≤ {STATEMENTS}",
                statements <= STATEMENTS,
            )
            yield Measured(f"a bare durable row, {name}", f"{bare:.0f}/s, ratio {rate / bare:.2f}")


def a_desk(database: Database) -> Desk:
    """Return a desk that hears and says what the conversations have."""
    spoken = load_spoken(Path("conversations"))
    return Desk(database, spoken.lexicon, spoken.scripts, frozenset({"telegram", "sms"}))


def open_registers(database: Database, desk: Desk) -> None:
    """Nine o'clock: every provider is asked."""
    with database.writing() as db:
        due = claim_deadlines(db, NINE, 100_000)
    for row in due:
        with database.writing() as db:
            handle_deadline(db, desk, row, NINE)


def arrived(database: Database, words: tuple[str, ...], count: int) -> tuple[InboxRow, ...]:
    """One reply of each provider is in the inbox, claimed."""
    with database.writing() as db:
        for number in range(count):
            address = Address("telegram", str(chat_of(number)))
            said = words[number % len(words)]
            keep(db, Inbound(f"b{number}", address, InboundKind.TEXT, said), NINE)
        return claim_inbox(db, NINE, count)


def handle(database: Database, desk: Desk, messages: tuple[InboxRow, ...]) -> None:
    """Handle each in a transaction of its own."""
    for message in messages:
        with database.writing() as db:
            handle_message(db, desk, message, NINE)


def _replies(database: Database, words: tuple[str, ...]) -> tuple[float, float, float, float]:
    settle(database, a_county(PROVIDERS))
    desk = a_desk(database)
    open_registers(database, desk)
    messages = arrived(database, words, PROVIDERS)
    handle(database, desk, messages[:WARM])
    counted = [0]

    def count(*call: object) -> None:
        counted[0] += "BEGIN" not in str(call[2])

    event.listen(database.engine, "before_cursor_execute", count)
    began, worked = time.perf_counter(), time.process_time()
    handle(database, desk, messages[WARM:])
    took, worked = time.perf_counter() - began, time.process_time() - worked
    event.remove(database.engine, "before_cursor_execute", count)
    done = len(messages) - WARM
    return done / took, worked / done, counted[0] / done, _bare_rows(database, done)


def _bare_rows(database: Database, count: int) -> float:
    add = text("INSERT INTO beats (engine, at) VALUES (:engine, '2026-11-23')")
    began = time.perf_counter()
    for number in range(count):
        with database.writing() as db:
            db.execute(add, {"engine": f"bare-{number}"})
    return count / (time.perf_counter() - began)
