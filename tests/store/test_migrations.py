"""Migrations: empty to newest is exactly what `tables.py` says, on both databases."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, text
from sqlalchemy.engine import make_url

from apbot.app import CannotStart, open_checked
from apbot.settings import Settings
from apbot.store import migrations
from apbot.store.database import Database, database_url, open_database
from apbot.store.migrating import current, head, migrate
from apbot.store.sending import claim_outbox
from apbot.store.tables import metadata


@pytest.fixture
def blank_postgres(postgres_address: str) -> Iterator[Database]:
    """A PostgreSQL database with nothing in it."""
    server = open_database(database_url(postgres_address))
    outside = server.engine.execution_options(isolation_level="AUTOCOMMIT")
    with outside.connect() as db:
        db.execute(text("DROP DATABASE IF EXISTS blank WITH (FORCE)"))
        db.execute(text("CREATE DATABASE blank"))
    blank = open_database(make_url(database_url(postgres_address)).set(database="blank"))
    yield blank
    blank.close()
    server.close()


@pytest.fixture
def blank_sqlite(tmp_path: Path) -> Iterator[Database]:
    """A SQLite file that is not there yet."""
    blank = open_database(database_url(f"sqlite:///{tmp_path}/blank.db"))
    yield blank
    blank.close()


@pytest.fixture(params=["blank_sqlite", "blank_postgres"])
def blank(request: pytest.FixtureRequest) -> Database:
    """Nothing yet, on both databases."""
    opened: Database = request.getfixturevalue(request.param)
    return opened


def test_there_is_one_newest_shape() -> None:
    """Two heads would be two houses."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))

    assert ScriptDirectory.from_config(config).get_heads() == [head()]


def test_migrations_are_in_number_order() -> None:
    """Each names the one before it, so that their order can be read from the folder."""
    folder = Path(migrations.__file__).parent / "versions"
    names = sorted(path.stem for path in folder.glob("[0-9]*.py"))

    assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]
    assert head() == names[-1][:4]


def test_empty_to_newest_is_what_the_tables_say(blank: Database) -> None:
    """Types, defaults, keys, uniqueness, indexes and comments: no difference is found."""
    before, after = migrate(blank)

    with blank.reading() as db:
        # SQLite quotes an empty default in another way than the tables do; see the next test.
        opts = {"compare_type": True, "compare_server_default": not blank.is_sqlite}
        found = compare_metadata(MigrationContext.configure(db, opts=opts), metadata)
    assert (before, after) == (None, head())
    assert found == []


def test_what_is_made_is_what_the_tables_make_to_the_letter(blank: Database) -> None:
    """The conditions of a partial index too, which no comparison of shapes looks at."""
    migrate(blank)
    by_migration = _made(blank)
    with blank.writing() as db:
        everything = MetaData()
        everything.reflect(db)
        everything.drop_all(db)
        metadata.create_all(db)

    assert _made(blank) == by_migration


def test_migrating_twice_changes_nothing(blank: Database) -> None:
    """The newest shape stays the newest shape."""
    migrate(blank)

    assert migrate(blank) == (head(), head())


def test_two_that_migrate_at_once_do_it_once(blank: Database) -> None:
    """A release that is started twice: one migrates, the other finds it done."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            migrate(blank)
        except BaseException as error:
            failed.append(error)

    both = [threading.Thread(target=run) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert (failed, current(blank)) == ([], head())


def test_an_empty_database_is_refused_with_a_clear_word(blank: Database) -> None:
    """Nothing migrates by surprise: the word says what to run."""
    with pytest.raises(CannotStart, match=f"is empty and must have the shape {head()}: run apbot"):
        open_checked(_settings(blank))


def test_an_older_database_is_refused_with_a_clear_word(blank: Database) -> None:
    """It says which shape there is and which there must be."""
    migrate(blank)
    with blank.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    with pytest.raises(CannotStart, match=f"has the shape 0000 and must have the shape {head()}"):
        open_checked(_settings(blank))


def test_a_newer_database_is_opened(blank: Database) -> None:
    """While processes are replaced one by one, those of the version before go on beside the new."""
    migrate(blank)
    with blank.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    open_checked(_settings(blank)).close()


def test_the_version_before_can_still_keep_a_text(blank: Database) -> None:
    """A step only adds: what it adds has a value where older words leave it out."""
    migrate(blank)
    given = {
        "person": "bryn-hollis", "channel": "sms", "address": "+447700900101", "script": "x",
        "text": "Who is in?", "buttons": "[]", "case_refs": "[]", "urgency": 2,
        "state": "waiting", "due_at": "2026-11-23 09:00:00+00:00", "patience_s": 60,
        "attempts": "[]", "made_at": "2026-11-23 09:00:00+00:00",
    }  # fmt: skip
    columns, values = ", ".join(given), ", ".join(f":{name}" for name in given)
    with blank.writing() as db:
        db.execute(text(f"INSERT INTO outbox ({columns}) VALUES ({values})"), given)
        claimed = claim_outbox(db, datetime(2026, 11, 23, 9, 5, tzinfo=UTC))

    assert [(row.text, row.turn, row.provider) for row in claimed] == [("Who is in?", 0, "")]


def test_a_database_in_the_newest_shape_is_opened(blank: Database) -> None:
    """And can be used at once."""
    migrate(blank)

    opened = open_checked(_settings(blank))

    assert current(opened) == head()
    opened.close()


def _settings(database: Database) -> Settings:
    return Settings(DATABASE_URL=database.engine.url.render_as_string(hide_password=False))


def _made(database: Database) -> set[tuple[str, ...]]:
    """What the database says it was made by, clause by clause: a table's may stand in any order."""
    asked = (
        "SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL "
        "AND name NOT LIKE 'alembic%'"
        if database.is_sqlite
        else "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' "
        "AND tablename <> 'alembic_version'"
    )
    with database.reading() as db:
        made = [" ".join(str(sql).split()) for sql in db.scalars(text(asked))]
    return {tuple(sorted(sql.removesuffix(" )").split(", "))) for sql in made}
