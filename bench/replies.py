"""
How many replies a second one process takes from the inbox to its outbox rows.

The real desk and the real reader on a database of its own; the reference is one durable row
written by the same connection, so that the ratio speaks of the house and not of the disk.
"""

import shutil
import tempfile
import time
from datetime import date
from datetime import time as local_time
from pathlib import Path

from sqlalchemy import event, text

from apbot.desk.deadlines import handle_deadline
from apbot.desk.desk import Desk
from apbot.desk.enrolment import take_lists
from apbot.desk.replies import handle_message
from apbot.domain.calendar import at
from apbot.domain.messages import Address, Inbound, InboundKind
from apbot.loading.config import load_config
from apbot.loading.hears import load_lexicon
from apbot.loading.says import load_scripts
from apbot.store.database import Database, database_url, open_database
from apbot.store.deadlines import claim_deadlines
from apbot.store.inbox import claim_inbox, keep
from apbot.store.lists import Lists
from apbot.store.migrating import migrate

NINE = at(date(2026, 11, 23), local_time(9, 0))
REPLIES = 300
ANSWERS = ("all in", "chloe off", "chloe is here, all in", "femi late", "all here")


def main() -> None:
    """Print the rate, the statements a reply, and the ratio to a bare durable row."""
    folder = Path(tempfile.mkdtemp(prefix="apbot-bench-"))
    try:
        database = open_database(database_url(f"sqlite:///{folder}/bench.db"))
        migrate(database)
        desk = _desk(database)
        rate, statements = _replies(database, desk)
        bare = _bare_rows(database)
        print(f"replies, SQLite, one process   {rate:8.0f} /s   {statements:5.1f} statements each")
        print(f"bare durable row, the same     {bare:8.0f} /s   ratio {rate / bare:.2f}")
        database.close()
    finally:
        shutil.rmtree(folder)


def _desk(database: Database) -> Desk:
    config = load_config(Path("config"))
    lists = Lists(config.people, config.calendar, config.policies, config.service)
    with database.writing() as db:
        take_lists(db, lists, at(date(2026, 11, 23), local_time(8, 0)))
    conversations = Path("conversations")
    return Desk(
        database=database,
        lexicon=load_lexicon(conversations / "hears"),
        scripts=load_scripts(conversations / "says"),
        channels=frozenset({"sms"}),
    )


def _replies(database: Database, desk: Desk) -> tuple[float, float]:
    with database.writing() as db:
        due = claim_deadlines(db, NINE, 100)
    for row in due:
        with database.writing() as db:
            handle_deadline(db, desk, row, NINE)
    bryn = next(p for p in desk.shelf.lists.people.persons if p.key == "bryn-hollis")  # type: ignore[union-attr]  # loaded just now
    with database.writing() as db:
        for number in range(REPLIES):
            words = ANSWERS[number % len(ANSWERS)]
            address = Address("sms", bryn.mobile)
            keep(db, Inbound(f"b{number}", address, InboundKind.TEXT, words), NINE)
        messages = claim_inbox(db, NINE, REPLIES)
    counted = [0]
    event.listen(
        database.engine, "before_cursor_execute", lambda *_: counted.__setitem__(0, counted[0] + 1)
    )
    began = time.perf_counter()
    for message in messages:
        with database.writing() as db:
            handle_message(db, desk, message, NINE)
    took = time.perf_counter() - began
    return len(messages) / took, counted[0] / len(messages)


def _bare_rows(database: Database) -> float:
    began = time.perf_counter()
    for number in range(REPLIES):
        with database.writing() as db:
            db.execute(
                text("INSERT INTO beats (engine, at) VALUES (:e, '2026-11-23')"),
                {"e": f"bare-{number}"},
            )
    return REPLIES / (time.perf_counter() - began)
