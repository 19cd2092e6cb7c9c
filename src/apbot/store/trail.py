"""
The trail: who saw or changed what on the board, and when. Nothing of it is ever changed.

It is looked through from the latest backwards, a part at a time, however long it has become.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Select, and_, insert, or_, select

from apbot.store.tables import cases, entries, trail


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the trail: who saw or did what, and of whom or what."""

    at: datetime
    person: str
    did: str
    kind: str
    subject: str
    words: str
    id: int = 0


@dataclass(frozen=True, slots=True)
class Sought:
    """
    What is looked for in the trail. All of it is optional.

    `about` are the keys of what a step is of, by its kind; from `since` on, and before `until`.
    """

    person: str = ""
    about: Mapping[str, Collection[str]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None


def leave_trail(
    db: Connection,
    now: datetime,
    person: str,
    did: str,
    kind: str = "",
    subject: str = "",
    words: str = "",
) -> None:
    """Keep that somebody saw or did something on the board."""
    step = {"at": now, "person": person, "did": did, "kind": kind, "subject": subject}
    db.execute(insert(trail).values(**step, words=words))


def list_trail(
    db: Connection, *, kind: str | None = None, subject: str | None = None, last: int = 200
) -> tuple[Step, ...]:
    """Return the trail, the latest first, of one subject where it is named."""
    asked = _latest(last)
    if kind is not None:
        asked = asked.where(trail.c.kind == kind)
    if subject is not None:
        asked = asked.where(trail.c.subject == subject)
    return _steps(db, asked)


def find_trail(
    db: Connection, sought: Sought, *, before: int | None = None, last: int = 200
) -> tuple[Step, ...]:
    """Return the steps that are looked for, the latest first; those `before` one where named."""
    asked = _latest(last)
    if before is not None:
        asked = asked.where(trail.c.id < before)
    if sought.person:
        asked = asked.where(trail.c.person == sought.person)
    if sought.since is not None:
        asked = asked.where(trail.c.at >= sought.since)
    if sought.until is not None:
        asked = asked.where(trail.c.at < sought.until)
    if sought.about:
        asked = asked.where(
            or_(
                *(
                    and_(trail.c.kind == kind, trail.c.subject.in_(list(keys)))
                    for kind, keys in sought.about.items()
                )
            )
        )
    return _steps(db, asked)


def about_pupils(db: Connection, pupils: Collection[str]) -> dict[str, list[str]]:
    """Return what a step may be of that shows something of these pupils, by its kind."""
    keys = list(pupils)
    registers = select(entries.c.register_id).where(entries.c.pupil.in_(keys)).distinct()
    found = select(cases.c.id).where(cases.c.pupil.in_(keys))
    return {
        "pupil": keys,
        "list": [f"pupils/{key}" for key in keys],
        "case": [str(id) for id in db.scalars(found)],
        "register": [str(id) for id in db.scalars(registers)],
    }


def _latest(last: int) -> Select[tuple[object, ...]]:
    return select(trail).order_by(trail.c.id.desc()).limit(last)


def _steps(db: Connection, asked: Select[tuple[object, ...]]) -> tuple[Step, ...]:
    return tuple(
        Step(row.at, row.person, row.did, row.kind, row.subject, row.words, row.id)
        for row in db.execute(asked)
    )
