"""
Migrating: the database to its newest shape, and knowing whether it is there.

`serve`, `web` and `engine` refuse an older one with a clear word: nothing migrates by surprise.
"""

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from apbot.store.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"

# Any number, the same in every process: two that start at once migrate one after the other.
MIGRATION_LOCK = 4_710_030


class CannotMigrate(Exception):
    """The database has a shape from which there is no way to the newest; the message says which."""


@cache
def head() -> str:
    """Return the newest shape's name: the number of the last migration."""
    # Not asked of alembic: whoever only serves has no need of it.
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def current(database: Database) -> str | None:
    """Return the shape that the database has, or None for an empty one."""
    with database.reading() as db:
        if not inspect(db).has_table("alembic_version"):
            return None
        shape: str | None = db.scalar(text("SELECT version_num FROM alembic_version"))
        return shape


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
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    before = current(database)
    with database.engine.connect() as db:
        _lock(db)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = db
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise CannotMigrate(str(error)) from error
        db.commit()
    return before, head()


def _lock(db: Connection) -> None:
    if db.dialect.name == "postgresql":
        db.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        return
    db.exec_driver_sql("BEGIN IMMEDIATE")
