"""Turns: on SQLite whoever writes one thing after another keeps nobody else out."""

import threading

from sqlalchemy import text

from apbot.store.database import Database

MANY = 3000


def test_who_waits_to_write_is_next_however_busy_another_is(sqlite: Database) -> None:
    """The sender takes its texts while the desk is still opening a county's registers."""
    written, is_busy, is_served = [0], threading.Event(), threading.Event()

    def keep_busy() -> None:
        while not is_served.is_set() and written[0] < MANY:
            with sqlite.writing() as db:
                db.execute(text("SELECT 1"))
            written[0] += 1
            is_busy.set()

    desk = threading.Thread(target=keep_busy)
    desk.start()
    is_busy.wait()
    before = written[0]
    with sqlite.writing() as db:
        db.execute(text("SELECT 1"))
        after = written[0]
    is_served.set()
    desk.join()

    assert after - before < MANY / 4


def test_whoever_fails_in_their_turn_hands_it_on(sqlite: Database) -> None:
    """What goes wrong in one transaction does not stop the next."""
    try:
        with sqlite.writing():
            raise RuntimeError
    except RuntimeError:
        pass
    with sqlite.writing() as db:
        assert db.scalar(text("SELECT 1")) == 1
