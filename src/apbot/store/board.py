"""
The board's own looks at the store: what changed since, and no more than that.

A board that is open all day asks a few small questions twice a second; what it has seen already it
does not fetch again, however much history there is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from apbot.domain.register import Register
from apbot.store.inbox import MOST_TRIES
from apbot.store.lists import find_version
from apbot.store.registers import list_by_id
from apbot.store.tables import inbox, journal, registers


@dataclass(frozen=True, slots=True)
class Print:
    """What is different once anything happened that the board shows."""

    journal: int
    lists: int
    inbox: int


def find_print(db: Connection) -> Print:
    """Return the print of the store as it stands: three looks at the ends of three indexes."""
    return Print(
        journal=db.scalar(select(func.max(journal.c.id))) or 0,
        lists=find_version(db),
        inbox=db.scalar(select(func.max(inbox.c.id))) or 0,
    )


def fetch_day(
    db: Connection, on: date, known: Mapping[int, Register]
) -> tuple[dict[int, Register], tuple[int, ...]]:
    """
    Return the registers of a day, by id, and the ids of those that are not as they were `known`.

    Each save of a register counts its version on, so whatever has the known version is the same.
    """
    versions = {
        row.id: row.version
        for row in db.execute(
            select(registers.c.id, registers.c.version).where(registers.c.on == on)
        )
    }
    changed = tuple(
        id for id, version in versions.items() if id not in known or known[id].version != version
    )
    fetched = {one.id: one for one in list_by_id(db, changed) if one.id is not None}
    return {id: fetched.get(id) or known[id] for id in versions}, changed


def count_unhandled(db: Connection) -> int:
    """Return how many messages could not be handled and wait for a person."""
    waiting = select(func.count()).where(inbox.c.handled_at.is_(None), inbox.c.tries >= MOST_TRIES)
    return int(db.scalar(waiting) or 0)
