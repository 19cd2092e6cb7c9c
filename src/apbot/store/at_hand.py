"""
At hand: what one transaction has read already, so that it is not read twice.

Rooms that decide on one happening ask for the same register, cases and addresses. Within a
transaction the first answer holds, until the same transaction changes it; with it, it is gone.
A connection that was not opened by `Database` keeps nothing at hand.
"""

from typing import Any

from sqlalchemy import Connection

KEY = "apbot.at_hand"


def begin(db: Connection) -> None:
    """A transaction begins with nothing at hand."""
    db.info[KEY] = {}


def end(db: Connection) -> None:
    """The transaction is over: what it read is of another moment now."""
    db.info.pop(KEY, None)


def at_hand(db: Connection, what: str) -> dict[Any, Any]:
    """Return what this transaction has read of this kind, by its own keys, to be added to."""
    kinds: dict[str, dict[Any, Any]] | None = db.info.get(KEY)
    return {} if kinds is None else kinds.setdefault(what, {})


def let_go(db: Connection, what: str) -> None:
    """It was changed: read it anew when it is asked for."""
    kinds = db.info.get(KEY)
    if kinds is not None:
        kinds.pop(what, None)
