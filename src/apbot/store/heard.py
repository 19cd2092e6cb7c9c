"""
Heard: what people replied about a register, and what it was taken to mean.

For whoever asks afterwards whether it was understood: a reply that ended in a question, or whose
mark was soon corrected, was not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from apbot.domain.register import Entry
from apbot.store.registers import list_entries
from apbot.store.tables import inbox, journal

CORRECTED_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class HeardReply:
    """One reply, word for word; `reading` is as the journal keeps it."""

    id: int
    text: str
    received_at: datetime
    register: int | None
    person: str
    reading: Mapping[str, Any]
    is_corrected: bool

    @property
    def asked(self) -> str | None:
        """The kind of question with which it ended, or None."""
        asked: str | None = self.reading.get("asked")
        return asked

    @property
    def is_understood(self) -> bool:
        """Whether nothing had to be asked, and nobody took it back at once."""
        return self.asked is None and not self.is_corrected


def list_heard(
    db: Connection, since: datetime, *, only: int | None = None, last: int | None = None
) -> tuple[HeardReply, ...]:
    """Return the replies since a moment, oldest first; the `last` of them, or the `only` one."""
    asked = (
        select(
            inbox.c.id,
            inbox.c.text,
            inbox.c.received_at,
            journal.c.register_id,
            journal.c.person,
            journal.c.reading,
        )
        .join(journal, journal.c.inbox_id == inbox.c.id)
        .where(inbox.c.received_at >= since, journal.c.reading.is_not(None))
        .order_by(inbox.c.id.desc())
        .limit(last)
    )
    if only is not None:
        asked = asked.where(inbox.c.id == only)
    rows = db.execute(asked).all()[::-1]
    registers = {row.register_id for row in rows if row.register_id is not None}
    corrected = _corrected(list_entries(db, registers))
    return tuple(
        HeardReply(
            row.id,
            row.text,
            row.received_at,
            row.register_id,
            row.person,
            row.reading or {},
            row.id in corrected,
        )
        for row in rows
    )


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
