"""Opening a database, one transaction at a time, and time that stays aware."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from tests.store.builders import NINE, keep_text, minutes

from apbot.domain.decisions import Urgency
from apbot.store.database import Database, database_url, is_away, open_database
from apbot.store.journal import beat, last_beat, list_journal, write_journal
from apbot.store.sending import claim_outbox, mark_waiting
from apbot.store.tables import beats, journal
from apbot.store.tally import tally


@pytest.mark.parametrize(
    "given",
    [
        "postgres://u:p@db.example.org:5432/apbot?sslmode=require",
        "postgresql://u:p@db.example.org:5432/apbot?sslmode=require",
        "postgresql+psycopg2://u:p@db.example.org:5432/apbot?sslmode=require",
        "  postgresql+psycopg://u:p@db.example.org:5432/apbot?sslmode=require\n",
    ],
)
def test_an_address_is_taken_as_a_platform_gives_it(given: str) -> None:
    """Every name that PostgreSQL goes by is the same driver here, and nothing else is lost."""
    url = database_url(given)

    assert url.render_as_string(hide_password=False) == (
        "postgresql+psycopg://u:p@db.example.org:5432/apbot?sslmode=require"
    )


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("mysql://u:p@h/d", "names mysql"),
        ("not a url", "not a database URL"),
        ("", "not a database URL"),
        ("postgresql://h:port/d", "not a database URL"),
    ],
)
def test_what_is_no_address_of_ours_is_refused_in_words(given: str, word: str) -> None:
    """The word names the setting."""
    with pytest.raises(ValueError, match=f"DATABASE_URL.*{word}|DATABASE_URL is {word}"):
        database_url(given)


def test_a_sqlite_files_folder_is_made(tmp_path: Path) -> None:
    """A fresh machine has no var/."""
    database = open_database(database_url(f"sqlite:///{tmp_path}/var/deep/apbot.db"))
    with database.reading() as db:
        db.execute(text("SELECT 1"))
    database.close()

    assert (tmp_path / "var" / "deep" / "apbot.db").exists()


def test_sqlite_is_opened_so_that_nothing_is_lost(sqlite: Database) -> None:
    """Written to the disk before it is said to be kept, by a log that readers do not wait for."""
    with sqlite.reading() as db:
        found = {
            name: db.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_transaction_is_kept_whole_or_not_at_all(database: Database) -> None:
    """Whatever is raised in the middle of it, nothing of it is kept."""
    with pytest.raises(ZeroDivisionError):
        _fail_in_the_middle(database)

    with database.reading() as db:
        assert list_journal(db) == []


def _fail_in_the_middle(database: Database) -> None:
    with database.writing() as db:
        write_journal(db, NINE, "reply", "half of it")
        raise ZeroDivisionError


def test_an_error_does_not_quote_what_was_to_be_kept(database: Database) -> None:
    """It will stand in a log: the statement may, the words of a message may not."""
    with pytest.raises(IntegrityError) as failed, database.writing() as db:
        db.execute(insert(journal).values(because="chloe has bruises", happening=None))

    assert "INSERT INTO journal" in str(failed.value)
    # PostgreSQL itself quotes a row that it refuses, in a DETAIL of its own.
    assert "bruises" not in str(failed.value).partition("DETAIL")[0]


def test_a_file_that_another_holds_is_away(tmp_path: Path) -> None:
    """It is no fault of what was asked, so no message counts as one that could not be handled."""
    database = open_database(database_url(f"sqlite:///{tmp_path}/held.db"))
    with database.writing(), database.engine.connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout=0")
        with pytest.raises(OperationalError) as held:
            other.exec_driver_sql("BEGIN IMMEDIATE")
    database.close()

    assert is_away(held.value)


def test_what_was_asked_wrongly_is_a_fault_of_the_asking(database: Database) -> None:
    """The database is there, and says that there is no such thing."""
    with database.reading() as db, pytest.raises(DBAPIError) as wrong:
        db.execute(text("SELECT nothing FROM nowhere"))

    assert not is_away(wrong.value)


def test_a_look_changes_nothing(database: Database) -> None:
    """What is written by mistake while looking is not kept."""
    with database.reading() as db:
        write_journal(db, NINE, "reply", "by mistake")

    with database.reading() as db:
        assert list_journal(db) == []


def test_two_writers_wait_for_each_other(database: Database) -> None:
    """Neither fails because the other was writing."""
    failed: list[Exception] = []

    def write() -> None:
        try:
            for _ in range(10):
                with database.writing() as db:
                    write_journal(db, NINE, "reply", "one of many")
        except Exception as error:
            failed.append(error)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with database.reading() as db:
        assert (failed, len(list_journal(db))) == ([], 30)


@pytest.mark.parametrize(
    "moment",
    [
        NINE,
        datetime(2026, 6, 1, 10, 0, tzinfo=timezone(timedelta(hours=1))),
        datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC),
    ],
    ids=["utc", "summer time", "microseconds"],
)
def test_a_moment_comes_back_aware_and_the_same(database: Database, moment: datetime) -> None:
    """Whatever zone it was given in, it is the same moment in UTC."""
    with database.writing() as db:
        beat(db, "engine-1", moment)
        found = last_beat(db)

    assert found == moment
    assert found is not None
    assert found.tzinfo is UTC or found.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    """Nine o'clock where? It is never guessed, in what is kept and in what is asked."""
    naive = NINE.replace(tzinfo=None)
    with database.reading() as db:
        with pytest.raises(StatementError, match="has no time zone"):
            db.execute(insert(beats).values(engine="engine-1", at=naive))
        with pytest.raises(StatementError, match="has no time zone"):
            db.execute(select(beats).where(beats.c.at < naive))


def test_the_latest_beat_of_any_engine_counts(database: Database) -> None:
    """One of several machines is enough; each has one row, however long it lives."""
    with database.writing() as db:
        nobody = last_beat(db)
        beat(db, "one", NINE)
        beat(db, "two", NINE + minutes(1))
        beat(db, "one", NINE + minutes(2))
        count = len(db.execute(select(beats)).all())

        assert (nobody, last_beat(db), count) == (None, NINE + minutes(2), 2)


def test_the_journal_says_why_oldest_first(database: Database) -> None:
    """Of one register, or of everything; with the reading's own account where there is one."""
    with database.writing() as db:
        write_journal(db, NINE, "deadline", "no register 30 minutes after", register=1)
        write_journal(
            db, NINE, "reply", "marks", register=2, case_refs=("K7",), person="bryn-hollis",
            reading={"why": ["«all in»: rule 1"]},
        )  # fmt: skip
        everything, of_one = list_journal(db), list_journal(db, register=2)

    assert [row["happening"] for row in everything] == ["deadline", "reply"]
    assert [(row["case_refs"], row["reading"]) for row in of_one] == [
        (["K7"], {"why": ["«all in»: rule 1"]})
    ]


def test_the_tally_counts_what_waits(database: Database) -> None:
    """Texts by state and the age of the oldest; nothing where nothing waits."""
    with database.writing() as db:
        nothing = tally(db, NINE)
        keep_text(db, due_at=NINE - minutes(2))
        keep_text(db, due_at=NINE + minutes(2))
        found = tally(db, NINE)

    assert (nothing.outbox, nothing.oldest_s, nothing.lateness_s) == ({}, 0.0, 0.0)
    assert (found.outbox, found.oldest_s) == ({"waiting": 2}, 120.0)


def test_a_text_that_is_tried_again_has_waited_all_the_while(database: Database) -> None:
    """Whenever its next try is: what a network does not take is seen to wait, as old as it is."""
    with database.writing() as db:
        keep_text(db, urgency=Urgency.ALARM)
        (row,) = claim_outbox(db, NINE)
        mark_waiting(db, row, NINE + minutes(5), "out of order", NINE)
        found = tally(db, NINE + minutes(2))

        assert (found.oldest_s, found.oldest_by_urgency) == (120.0, {Urgency.ALARM: 120.0})


def test_connections_that_the_server_let_go_of_meanwhile_are_replaced_unseen(
    postgres: Database, postgres_address: str
) -> None:
    """It was restarted while nothing was to be done: no message is refused for that."""
    database = open_database(database_url(postgres_address), rest=timedelta())
    with database.reading() as one, database.reading() as other:
        lost = [db.scalar(text("SELECT pg_backend_pid()")) for db in (one, other)]
    with postgres.writing() as db:
        for pid in lost:
            db.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    with database.reading() as one, database.reading() as other:
        now = [db.scalar(text("SELECT pg_backend_pid()")) for db in (one, other)]
    database.close()

    assert not set(now) & set(lost)
