"""
Backup and restore of a SQLite database: a whole copy while the house runs, and back again.

A copy is made page by page beside the writers, and is as of one moment. What waited in it to be
sent may have gone since; so after a restore a network that can be asked is asked before anything of
it is sent. PostgreSQL has tools of its own, which do this better.
"""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, update

from apbot.store.database import Database, database_url, open_database
from apbot.store.journal import last_beat
from apbot.store.migrating import current
from apbot.store.outbox import OutboxState
from apbot.store.tables import beats, outbox

ALIVE_FOR = timedelta(seconds=30)
"""An engine that has beaten so lately is at work."""

PAGES = 1000
"""How many pages are copied at once, so that writers get their turn in between."""


class CannotCopy(Exception):
    """The copy was not made; the message says why, and what to do."""


def back_up(database: Database, file: Path) -> int:
    """Copy the database to a new file while it is in use; return the copy's size in bytes."""
    source = _file_of(database)
    if file.exists():
        raise CannotCopy(f"{file} is there already: give a new name, nothing is overwritten")
    if not file.parent.is_dir():
        raise CannotCopy(f"there is no directory {file.parent}")
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(part)) as copy:
            live.backup(copy, pages=PAGES)
            # A copy is one file: whoever keeps it need not know of logs beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        part.unlink(missing_ok=True)
        raise CannotCopy(f"the copy could not be made: {error}") from None
    part.rename(file)
    return file.stat().st_size


def restore(database: Database, file: Path, now: datetime) -> Path | None:
    """
    Put a copy in the database's place; return where the one that was there is now, if any was.

    `now` is the machine's time. Raises CannotCopy where the file is no copy of ours, or where an
    engine is at work on what would be replaced.
    """
    target = _file_of(database)
    _check_copy(file)
    kept = None
    if target.exists():
        _check_nobody_works(database, target, now)
        kept = _free_name(target)
        database.close()
        for ending in ("-wal", "-shm"):
            Path(f"{target}{ending}").unlink(missing_ok=True)
        target.rename(kept)
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file)) as copy, closing(sqlite3.connect(target)) as fresh:
        copy.backup(fresh)
    _ask_first(target)
    return kept


def _file_of(database: Database) -> Path:
    name = database.engine.url.database
    if not database.is_sqlite or not name or name == ":memory:":
        raise CannotCopy("this is not a SQLite file")
    return Path(name)


def _check_copy(file: Path) -> None:
    if not file.is_file():
        raise CannotCopy(f"there is no file {file}")
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as copy:
        try:
            is_whole = copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
            names = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
        except sqlite3.DatabaseError:
            raise CannotCopy(f"{file} is no SQLite database") from None
    if not is_whole:
        raise CannotCopy(f"{file} is damaged: restore another copy")
    if not {"alembic_version", "registers", "outbox"} <= names:
        raise CannotCopy(f"{file} is no database of apbot")


def _check_nobody_works(database: Database, target: Path, now: datetime) -> None:
    if current(database) is None:
        return
    with database.writing() as db:
        # What is in the log beside the file belongs to the file, if it is kept.
        beat = last_beat(db)
    if beat is not None and now - beat < ALIVE_FOR:
        raise CannotCopy(
            f"an engine is at work on {target}: stop apbot first, wait half a minute, "
            "and restore then"
        )
    with database.engine.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _free_name(target: Path) -> Path:
    """A name beside it that nothing has yet: what was there is never thrown away."""
    number = 1
    while True:
        kept = target.with_name(f"{target.name}.before-restore-{number}")
        if not kept.exists():
            return kept
        number += 1


def _ask_first(target: Path) -> None:
    """What waited may have gone since the copy was made; and no engine of then is alive."""
    database = open_database(database_url(f"sqlite:///{target}"))
    with database.writing() as db:
        db.execute(
            update(outbox)
            .where(outbox.c.state.in_([OutboxState.WAITING, OutboxState.SENDING]))
            .values(
                state=OutboxState.WAITING,
                claimed_until=None,
                fate_unknown=True,
                may_have_gone=outbox.c.may_have_gone + 1,
                tries=outbox.c.tries + 1,
                first_tried_at=func.coalesce(outbox.c.first_tried_at, outbox.c.made_at),
            )
        )
        db.execute(beats.delete())
    database.close()
