"""
Migrating: the database to its newest shape, and knowing whether it is there.

`serve`, `web` and `engine` refuse an older one with a clear word: nothing migrates by surprise.
"""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from apbot.store.database import Database

# Any number, the same in every process: two that start at once migrate one after the other.
MIGRATION_LOCK = 4_710_030


@cache
def head() -> str:
    """Return the newest shape's name."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest is not None
    return newest


def current(database: Database) -> str | None:
    """Return the shape that the database has, or None for an empty one."""
    with database.reading() as db:
        return MigrationContext.configure(db).get_current_revision()


def is_older(database: Database) -> bool:
    """
    Whether the database lacks what this version needs.

    A newer one will do: a step only adds, so that processes of the version before go on beside it
    while they are replaced one by one.
    """
    # Shapes are numbered in order, each with four figures.
    return (current(database) or "") < head()


def migrate(database: Database) -> tuple[str | None, str]:
    """Bring the database to its newest shape; return the shape before and the one now."""
    before = current(database)
    with database.engine.connect() as db:
        _lock(db)
        config = _config()
        config.attributes["connection"] = db
        command.upgrade(config, "head")
        db.commit()
    return before, head()


def _lock(db: Connection) -> None:
    if db.dialect.name == "postgresql":
        db.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        return
    db.exec_driver_sql("BEGIN IMMEDIATE")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
