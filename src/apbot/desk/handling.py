"""
Handling: one kept message at a time, in a transaction of its own.

Of two happenings at once the second finds what it read changed, and is begun again. What raises is
kept as it came and tried again: nothing that came in is lost.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from apbot.desk.desk import Desk
from apbot.desk.replies import handle_message
from apbot.domain.messages import Inbound
from apbot.store.database import Database, is_away
from apbot.store.inbox import InboxRow, find_message, keep, mark_failed
from apbot.store.registers import Stale

log = structlog.get_logger()

RETRY = timedelta(seconds=5)
COLLISIONS = 3
"""How often a happening that collides with another is begun again at once."""


def take_at_once(desk: Desk, inbound: Inbound, now: datetime) -> None:
    """
    Keep what came in, and handle it here and now. Twice the same is taken once.

    What could not be handled is kept all the same: the engine tries it again.
    """
    with desk.database.writing() as db:
        keep(db, inbound, now)
        row = find_message(db, inbound.address.channel, inbound.network_id)
    if row is not None and row.handled_at is None:
        handle_kept(desk, row, now)


def handle_kept(desk: Desk, row: InboxRow, now: datetime) -> None:
    """Handle one kept message now, unless another process has; what raises waits for its retry."""

    try:
        in_one_transaction(desk.database, lambda db: handle_message(db, desk, row, now))
    except Exception as error:
        if is_away(error):
            raise  # no fault of the message: it is handled when the database is back
        log.exception("a message could not be handled", inbox=row.id, tries=row.tries + 1)
        with desk.database.writing() as db:
            mark_failed(db, row.id, now + RETRY, f"could not be handled: {type(error).__name__}")


def in_one_transaction(database: Database, handle: Callable[[Connection], None]) -> None:
    """Handle a happening; one that collides with another is handled again from the start."""
    for _ in range(COLLISIONS):
        try:
            with database.writing() as db:
                handle(db)
            return
        except (Stale, OperationalError) as error:
            if is_away(error):
                raise
            log.info("two happenings at once: again", because=type(error).__name__)
    with database.writing() as db:
        handle(db)
