"""
What stood in the office's lists before: each change of a line, with the line as it was and became.

A changed line was ended and a new one begun at one moment, so the two are found together again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from apbot.store.tables import lists


@dataclass(frozen=True, slots=True)
class Turn:
    """
    One change of one line: `before` is None where it was added, `after` where it ended.

    `by` is who changed it on the board; nobody, where it came by a file.
    """

    at: datetime
    by: str
    list: str
    key: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def list_turns(
    db: Connection,
    names: Sequence[str],
    keys: Collection[str] | None = None,
    last: int = 200,
) -> tuple[Turn, ...]:
    """
    Return the changes of these lists' lines, the latest first; of these keys alone where named.

    What the very first load brought is no change.
    """
    own = lists.c.name.in_(list(names))
    first = db.scalar(select(func.min(lists.c.from_at)))
    if first is None:
        return ()
    latest = func.coalesce(lists.c.until_at, lists.c.from_at)
    is_later = or_(lists.c.until_at.is_not(None), lists.c.from_at > first, lists.c.by != "")
    asked = select(lists).where(own, is_later)
    if keys is not None:
        asked = asked.where(lists.c.key.in_(list(keys)))
    most = 2 * last
    rows = db.execute(asked.order_by(latest.desc(), lists.c.id.desc()).limit(most)).all()
    turns: list[Turn] = []
    held: dict[tuple[str, str], Row[Any]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        place = (row.name, row.key)
        was = held.pop(place, None)
        if was is not None and was.until_at == row.from_at:
            turns.append(Turn(row.from_at, row.by, *place, was.line, row.line))
        else:
            turns += [_ended(was)] if was is not None else []
            # Of the oldest that were read, it is not known what stood there before.
            is_known = len(rows) < most or row.from_at > (rows[-1].until_at or rows[-1].from_at)
            if is_known and (row.from_at > first or row.by):
                turns.append(Turn(row.from_at, row.by, *place, None, row.line))
        if row.until_at is not None:
            held[place] = row
    turns += [_ended(row) for row in held.values()]
    # Of the same moment, what was written last comes first.
    turns.reverse()
    return tuple(sorted(turns, key=lambda turn: turn.at, reverse=True)[:last])


def list_keys(db: Connection, names: Sequence[str]) -> tuple[str, ...]:
    """Return every key that these lists ever had."""
    return tuple(db.scalars(select(lists.c.key).where(lists.c.name.in_(list(names))).distinct()))


def _ended(row: Row[Any]) -> Turn:
    return Turn(row.until_at, row.ended_by, row.name, row.key, row.line, None)
