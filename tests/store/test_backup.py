"""A copy is whole while the house works on; it goes back only where nobody is at work."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.store.builders import A_CHAT, A_PHONE, NINE, a_draft, a_message

from apbot.store.backup import CannotCopy, back_up, restore
from apbot.store.database import Database, database_url, open_database
from apbot.store.inbox import keep, list_inbox
from apbot.store.journal import beat
from apbot.store.outbox import OutboxState, add
from apbot.store.said import list_outbox
from apbot.store.sending import claim_outbox


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Database]:
    """Where nothing is yet."""
    database = open_database(database_url(f"sqlite:///{tmp_path / 'other' / 'apbot.db'}"))
    yield database
    database.close()


def test_a_copy_is_as_of_one_moment_while_others_write(
    sqlite: Database, another: Database, tmp_path: Path
) -> None:
    """What is kept while it is made is in it whole or not at all; writers do not wait for it."""
    is_made = threading.Event()

    def write() -> None:
        for number in range(200):
            with sqlite.writing() as db:
                keep(db, a_message("all in", network_id=f"m{number}"), NINE)
                add(db, [a_draft(f"text {number}")], NINE)
            if is_made.is_set():
                break

    writer = threading.Thread(target=write)
    writer.start()
    back_up(sqlite, tmp_path / "copy.db")
    is_made.set()
    writer.join()
    restore(another, tmp_path / "copy.db", NINE)

    with another.reading() as db:
        assert len(list_inbox(db)) == len(list_outbox(db))


def test_what_waited_is_asked_after_before_it_is_sent(sqlite: Database, tmp_path: Path) -> None:
    """It may have gone since the copy was made."""
    with sqlite.writing() as db:
        add(db, [a_draft("waits", to=A_PHONE), a_draft("under way", to=A_CHAT)], NINE)
        claim_outbox(db, NINE, 1)
    back_up(sqlite, tmp_path / "copy.db")

    restore(sqlite, tmp_path / "copy.db", NINE)

    with sqlite.reading() as db:
        texts = list_outbox(db)
    assert {(text.state, text.fate_unknown, text.tries > 0) for text in texts} == {
        (OutboxState.WAITING, True, True)
    }


def test_what_was_there_is_kept_beside_it(sqlite: Database, tmp_path: Path) -> None:
    """Each time under a new name: nothing is thrown away."""
    back_up(sqlite, tmp_path / "copy.db")
    with sqlite.writing() as db:
        keep(db, a_message("after the copy"), NINE)

    first = restore(sqlite, tmp_path / "copy.db", NINE)
    second = restore(sqlite, tmp_path / "copy.db", NINE)

    assert first is not None
    assert second is not None
    assert first != second
    aside = open_database(database_url(f"sqlite:///{first}"))
    with sqlite.reading() as db, aside.reading() as before:
        assert (len(list_inbox(db)), len(list_inbox(before))) == (0, 1)
    aside.close()


def test_nothing_is_put_over_a_database_on_which_an_engine_works(
    sqlite: Database, tmp_path: Path
) -> None:
    """It is told what to do; once the engine has been silent for a while it goes."""
    back_up(sqlite, tmp_path / "copy.db")
    with sqlite.writing() as db:
        beat(db, "an-engine", NINE)

    with pytest.raises(CannotCopy, match="stop apbot first"):
        restore(sqlite, tmp_path / "copy.db", NINE + timedelta(seconds=20))
    restore(sqlite, tmp_path / "copy.db", NINE + timedelta(seconds=40))


def test_a_copy_overwrites_nothing(sqlite: Database, tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    (tmp_path / "copy.db").write_text("precious")

    with pytest.raises(CannotCopy, match="is there already"):
        back_up(sqlite, tmp_path / "copy.db")
    with pytest.raises(CannotCopy, match="no directory"):
        back_up(sqlite, tmp_path / "nowhere" / "copy.db")

    assert (tmp_path / "copy.db").read_text() == "precious"


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "there is no file"), (b"not a database " * 99, "no SQLite"), (b"", "no database of")],
    ids=["missing", "text", "empty"],
)
def test_what_is_no_copy_of_ours_is_refused(
    sqlite: Database, tmp_path: Path, content: bytes | None, says: str
) -> None:
    """And what is there stays."""
    file = tmp_path / "some.db"
    if content is not None:
        file.write_bytes(content)
    with sqlite.writing() as db:
        keep(db, a_message("here"), NINE)

    with pytest.raises(CannotCopy, match=says):
        restore(sqlite, file, NINE)

    with sqlite.reading() as db:
        assert len(list_inbox(db)) == 1


def test_postgresql_is_left_to_its_own_tools(postgres: Database, tmp_path: Path) -> None:
    """This copies files, and PostgreSQL's are not for that."""
    with pytest.raises(CannotCopy, match="not a SQLite file"):
        back_up(postgres, tmp_path / "copy.db")
