"""
The database: opening it, and one transaction at a time.

SQLite is the embedded default: write-ahead log, full synchronisation, one writer. PostgreSQL is
the same code on many machines. Nothing connects on import. An error names the statement and never
what was to be kept by it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from apbot.store.at_hand import begin, end
from apbot.store.turns import Turns
from apbot.store.values import from_text

DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
"""The kinds of database, by the names that platforms give them, and the driver for each."""


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. `writing` is one transaction, `reading` one that changes nothing."""

    engine: Engine
    turns: Turns = field(default_factory=Turns, compare=False, repr=False)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it is kept, or nothing."""
        with ExitStack() as stack:
            if self.is_sqlite:
                stack.enter_context(self.turns.taken())
            db = stack.enter_context(self.engine.connect())
            if self.is_sqlite:
                # The write lock is taken at once, so that two writers wait instead of failing.
                db.exec_driver_sql("BEGIN IMMEDIATE")
            begin(db)
            try:
                yield db
            except BaseException:
                db.rollback()
                raise
            finally:
                end(db)
            db.commit()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A look at the database that changes nothing."""
        with self.engine.connect() as db:
            if self.is_sqlite:
                db.exec_driver_sql("BEGIN")
            begin(db)
            try:
                yield db
            finally:
                end(db)
            db.rollback()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


# A server that is gone without a word is noticed within seconds, not after the hours for which the
# system would wait: a network's hook wants its 503 while it still listens.
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


_USED = "apbot.used"

REST = timedelta(seconds=2)
"""Unused for longer, a connection to PostgreSQL may have been lost meanwhile."""

# Somebody else holds the file, its disk is full or does not answer, or it is not there.
_FILE_IS_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)


def is_away(error: BaseException) -> bool:
    """Whether the database could not be reached, or was lost: no fault of what was asked of it."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        # The low byte is the kind; what stands above it says more of it.
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _FILE_IS_AWAY
    is_postgres = type(error.orig).__module__.startswith("psycopg")
    # A connection that was never made has no state; a server that goes says so in class 57P or 08.
    state = str(getattr(error.orig, "sqlstate", None) or "")
    never_made = is_postgres and isinstance(error, OperationalError) and not state
    return never_made or state.startswith(("57P", "08"))


def database_url(given: str) -> URL:
    """
    Return the SQLAlchemy URL for a setting, taking `postgres://` as a platform gives it.

    Raises ValueError, in words, for what is no such URL or names another kind of database.
    """
    try:
        url = make_url(given.strip())
    except Exception as error:
        raise ValueError(f"DATABASE_URL is not a database URL: {error}") from None
    kind = url.get_backend_name()
    if kind not in DRIVERS:
        raise ValueError(f"DATABASE_URL names {kind}: give sqlite or postgresql")
    return url.set(drivername=DRIVERS[kind])


def open_database(url: URL, *, rest: timedelta = REST) -> Database:
    """
    Open the database; a SQLite file's folder is made where it is missing.

    A connection that was not used for a `rest` is asked whether it lives before it is used.
    """
    if url.get_backend_name() == "sqlite":
        return Database(_open_sqlite(url))
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=8,
        pool_timeout=10,
        connect_args=_PATIENCE,
        pool_recycle=1800,
        hide_parameters=True,
        json_deserializer=from_text,
    )
    _plan_each_time(engine)
    _ask_after(engine, rest)
    return Database(engine)


def take_turns(db: Connection, what: str) -> None:
    """Wait until no other transaction does this, and keep others waiting until ours ends."""
    # SQLite has one writer at a time as it is.
    if db.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")
        db.execute(lock, {"what": what})


def _plan_each_time(engine: Engine) -> None:
    # A statement used often is planned once for any values; with years of history such a plan
    # looked through all cases for every reply, a hundred times as long as one for these values.
    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode = force_custom_plan")
        connection.commit()


def _ask_after(engine: Engine, rest: timedelta) -> None:
    # Not at each use, as the pool would: that is one more way there and back for every reply.
    @event.listens_for(engine, "checkin")
    def _note(connection: Any, record: Any) -> None:
        record.info[_USED] = monotonic()

    @event.listens_for(engine, "checkout")
    def _ask(connection: Any, record: Any, proxy: Any) -> None:
        used = record.info.get(_USED)
        if used is None or monotonic() - used < rest.total_seconds():
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as error:
            # The pool takes another, and lets all go that are older than this moment.
            raise InvalidatePoolError from error


def _open_sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": 15, "check_same_thread": False},
        hide_parameters=True,
        json_deserializer=from_text,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        # We begin transactions ourselves; the driver must not do so behind our back.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=15000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return engine
