"""
Unread: replies that the bot did not quite understand, so that the office can teach it words.

A reply counts that ended in a question, or whose mark the same people corrected within ten minutes.
Word for word; `anonymised` puts P1, P2 … in place of every name, so that the list may be shared.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, select

from apbot.domain.calendar import at
from apbot.domain.register import Entry, Register
from apbot.store.registers import get_register, list_entries
from apbot.store.tables import inbox, journal

CORRECTED_WITHIN = timedelta(minutes=10)

Object = dict[str, Any]


def unread_objects(db: Connection, since: date, *, anonymise: bool = False) -> list[Object]:
    """Return the replies since a day that ended in a question or were soon corrected."""
    rows = db.execute(
        select(
            inbox.c.id,
            inbox.c.text,
            inbox.c.received_at,
            journal.c.register_id,
            journal.c.person,
            journal.c.reading,
        )
        .join(journal, journal.c.inbox_id == inbox.c.id)
        .where(inbox.c.received_at >= at(since, time(0, 0)), journal.c.reading.is_not(None))
        .order_by(inbox.c.id)
    ).all()
    ids = {row.register_id for row in rows if row.register_id is not None}
    corrected = _corrected(list_entries(db, ids))
    found = []
    for row in rows:
        reading: Mapping[str, Any] = row.reading or {}
        asked = reading.get("asked")
        if asked is None and row.id not in corrected:
            continue
        register = get_register(db, row.register_id) if row.register_id is not None else None
        found.append(_object(row, reading, asked, register, row.id in corrected))
    return [_anonymised(one) for one in found] if anonymise else [_without_names(o) for o in found]


def _corrected(entries: Mapping[int, Iterable[Entry]]) -> set[int]:
    """Messages of which a mark was changed by another within ten minutes."""
    found: set[int] = set()
    for said in entries.values():
        latest: dict[int, Entry] = {}
        for entry in said:
            before = latest.get(entry.number)
            if before is not None and before.inbox is not None and entry.inbox != before.inbox:
                is_change = before.mark != entry.mark
                if is_change and entry.at - before.at <= CORRECTED_WITHIN:
                    found.add(before.inbox)
            latest[entry.number] = entry
    return found


def _object(
    row: Any, reading: Mapping[str, Any], asked: str | None, register: Register | None, was: bool
) -> Object:
    moment: datetime = row.received_at
    lines = register.roster if register else ()
    marks = {
        line.shown: mark
        for line in lines
        if (mark := reading.get("marks", {}).get(str(line.number))) is not None
    }
    return {
        "at": moment.isoformat(),
        "text": row.text,
        "understood": marks,
        "asked": asked,
        "corrected": was,
        "flags": sorted(reading.get("flags", ())),
        "why": [f"{why['words']}: {why['rule']}" for why in reading.get("why", ())],
        "_names": {
            f"P{line.number}": [line.name, line.shown, line.known_as or "", *line.name.split()]
            for line in lines
        },
    }


def _without_names(one: Object) -> Object:
    return {key: value for key, value in one.items() if key != "_names"}


def _anonymised(one: Object) -> Object:
    return {key: _masked(value, one["_names"]) for key, value in one.items() if key != "_names"}


def _masked(value: Any, names: Mapping[str, list[str]]) -> Any:
    if isinstance(value, list):
        return [_masked(item, names) for item in value]
    if isinstance(value, dict):
        return {_masked(key, names): item for key, item in value.items()}
    if not isinstance(value, str):
        return value
    for mask, spelt in names.items():
        for name in sorted(filter(None, spelt), key=len, reverse=True):
            value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", mask, value, flags=re.IGNORECASE)
    return value
