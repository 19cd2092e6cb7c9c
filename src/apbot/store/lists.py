"""
The office's lists: people, placements, calendar and policies, kept with their history.

A line that changed is ended and a new one begun; a line that is gone from the files is ended. So
last term's registers can always be explained by last term's lists, and nothing is rewritten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from apbot.domain.calendar import Calendar
from apbot.domain.people import (
    Contact,
    KnownAbsence,
    Note,
    Parent,
    People,
    Person,
    Placement,
    Provider,
    Pupil,
    Staff,
)
from apbot.domain.policy import Policy, Service
from apbot.store.tables import list_versions, lists
from apbot.store.values import from_json, to_json

KINDS: Mapping[str, Any] = {
    "persons": Person,
    "providers": Provider,
    "pupils": Pupil,
    "placements": Placement,
    "staff": Staff,
    "contacts": Contact,
    "parents": Parent,
    "known_absences": KnownAbsence,
    "notes": Note,
}

Lines = dict[tuple[str, str], tuple[int, dict[str, Any]]]
"""By list and key: the line's place in its file, and the line."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Everything the office keeps, as it stands."""

    people: People
    calendar: Calendar
    policies: Mapping[str, Policy]
    service: Service


@dataclass(frozen=True, slots=True)
class Change:
    """One line that a load adds, changes or ends: `list` and `key` name it."""

    kind: str
    list: str
    key: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """The columns that differ, for a changed line."""
        return tuple(k for k in self.after if self.after[k] != self.before.get(k))


def find_version(db: Connection) -> int:
    """Return how often the lists have changed; 0 where none were ever loaded."""
    return int(db.scalar(select(list_versions.c.version).where(list_versions.c.id == 1)) or 0)


def find_lists(db: Connection) -> Lists | None:
    """Return the lists as they stand, or None where none were ever loaded."""
    rows = db.execute(
        select(lists.c.name, lists.c.key, lists.c.line)
        .where(lists.c.until_at.is_(None))
        .order_by(lists.c.name, lists.c.position)
    ).all()
    by_name: dict[str, list[tuple[str, Any]]] = {}
    for name, key, line in rows:
        by_name.setdefault(name, []).append((key, line))
    if "service" not in by_name:
        return None
    people = People(
        **{
            name: tuple(from_json(kind, line) for _, line in by_name.get(name, ()))
            for name, kind in KINDS.items()
        }
    )
    return Lists(
        people=people,
        calendar=from_json(Calendar, by_name["calendar"][0][1]),
        policies={key: from_json(Policy, line) for key, line in by_name["policies"]},
        service=from_json(Service, by_name["service"][0][1]),
    )


def find_changes(db: Connection, wanted: Lists) -> tuple[Change, ...]:
    """Return what saving these lists would change, in the order of the lists."""
    held = {
        (name, key): line
        for name, key, line in db.execute(
            select(lists.c.name, lists.c.key, lists.c.line).where(lists.c.until_at.is_(None))
        )
    }
    lines = _lines(wanted)
    changes = []
    for (name, key), (_, line) in lines.items():
        before = held.get((name, key))
        if before is None:
            changes.append(Change("added", name, key, after=line))
        elif before != line:
            changes.append(Change("changed", name, key, before=before, after=line))
    changes += [
        Change("ended", name, key, before=line)
        for (name, key), line in held.items()
        if (name, key) not in lines
    ]
    return tuple(changes)


def save_lists(db: Connection, wanted: Lists, now: datetime) -> tuple[Change, ...]:
    """Keep these lists from `now` on, and return what changed. The same twice changes nothing."""
    changes = find_changes(db, wanted)
    lines = _lines(wanted)
    has_moved = _keep_order(db, lines)
    if not changes and not has_moved:
        return ()
    for change in changes:
        if change.kind != "added":
            db.execute(
                update(lists)
                .where(
                    lists.c.name == change.list,
                    lists.c.key == change.key,
                    lists.c.until_at.is_(None),
                )
                .values(until_at=now)
            )
    begun = [
        {
            "name": change.list,
            "key": change.key,
            "position": lines[change.list, change.key][0],
            "line": dict(change.after),
            "from_at": now,
        }
        for change in changes
        if change.kind != "ended"
    ]
    if begun:
        db.execute(insert(lists), begun)
    version = find_version(db)
    if version == 0:
        db.execute(insert(list_versions).values(id=1, version=1))
    else:
        db.execute(update(list_versions).values(version=version + 1))
    return changes


def _keep_order(db: Connection, lines: Lines) -> bool:
    """Number the lines as the files have them now; say if any had another place before."""
    held = db.execute(
        select(lists.c.id, lists.c.name, lists.c.key, lists.c.position).where(
            lists.c.until_at.is_(None)
        )
    ).all()
    moved = [
        {"b_id": id, "b_position": lines[name, key][0]}
        for id, name, key, position in held
        if (name, key) in lines and lines[name, key][0] != position
    ]
    if moved:
        change = update(lists).where(lists.c.id == bindparam("b_id"))
        db.execute(change.values(position=bindparam("b_position")), moved)
    return bool(moved)


def _lines(wanted: Lists) -> Lines:
    lines: Lines = {}
    for name, kind in KINDS.items():
        for position, value in enumerate(getattr(wanted.people, name)):
            lines[name, _key(value)] = (position, to_json(kind, value))
    for position, (key, policy) in enumerate(wanted.policies.items()):
        lines["policies", key] = (position, to_json(Policy, policy))
    lines["calendar", "calendar"] = (0, to_json(Calendar, wanted.calendar))
    lines["service", "service"] = (0, to_json(Service, wanted.service))
    return lines


def _key(value: Any) -> str:
    if isinstance(value, Placement):
        return f"{value.pupil}/{value.provider}/{value.from_on}"
    if isinstance(value, Staff):
        return f"{value.person}/{value.provider}"
    if isinstance(value, Contact):
        return value.person
    if isinstance(value, Parent):
        return f"{value.person}/{value.pupil}"
    if isinstance(value, KnownAbsence):
        halves = "+".join(sorted(value.halves))
        return f"{value.pupil}/{value.span.from_on}/{value.span.to_on}/{halves}"
    if isinstance(value, Note):
        return f"{value.provider}/{value.span.from_on}/{value.span.to_on}/{value.text}"[:200]
    return str(value.key)
