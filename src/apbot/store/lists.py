"""
The office's lists: people, placements, calendar and policies, kept with their history.

A line that changed is ended and a new one begun; a line that is gone from the files is ended. So
last term's registers can always be explained by last term's lists, and nothing is rewritten.

What a contact told by phone stands beside the files' lines, in lists that a load never ends. Of a
pupil's day what was said last counts, in a file or by phone (`domain.foretold`). So do the words
that the office has taught the bot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from apbot.domain.calendar import Calendar
from apbot.domain.foretold import (
    Telling,
    ToldAbsence,
    ToldNote,
    standing_absences,
    standing_notes,
)
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
from apbot.domain.taught import TaughtWord
from apbot.store.at_hand import at_hand, let_go
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

TOLD: Mapping[str, Any] = {"told_absences": ToldAbsence, "told_notes": ToldNote}
"""The lists of what was told by phone: only ever added to."""

WORDS = "words"

VERSION = "version of the lists"
"""What a transaction has at hand: how often the lists have changed."""
"""The list of the words that the office has taught, by the phrase."""

BESIDE = (*TOLD, WORDS)
"""The lists that no file holds: a load leaves them as they are."""

Lines = dict[tuple[str, str], tuple[int, dict[str, Any]]]
"""By list and key: the line's place in its file, and the line."""


@dataclass(frozen=True, slots=True)
class Lists:
    """
    Everything the office keeps, as it stands.

    The known absences and notes of `people` are those that stand, told by file or by phone; `told`
    is what they are made of. `words` are those that the office has taught.
    """

    people: People
    calendar: Calendar
    policies: Mapping[str, Policy]
    service: Service
    told: Telling = field(default=Telling(), compare=False)
    words: tuple[TaughtWord, ...] = field(default=(), compare=False)


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
    held = at_hand(db, VERSION)
    if not held:
        held[VERSION] = db.scalar(select(list_versions.c.version).where(list_versions.c.id == 1))
    return int(held[VERSION] or 0)


def find_lists(db: Connection) -> Lists | None:
    """Return the lists as they stand, or None where none were ever loaded."""
    rows = db.execute(
        select(lists.c.name, lists.c.key, lists.c.line, lists.c.from_at)
        .where(lists.c.until_at.is_(None))
        .order_by(lists.c.name, lists.c.position, lists.c.id)
    ).all()
    by_name: dict[str, list[tuple[str, Any]]] = {}
    came: dict[str, list[datetime]] = {}
    for name, key, line, from_at in rows:
        by_name.setdefault(name, []).append((key, line))
        came.setdefault(name, []).append(from_at)
    if "service" not in by_name:
        return None
    values = {
        name: tuple(from_json(kind, line) for _, line in by_name.get(name, ()))
        for name, kind in {**KINDS, **TOLD}.items()
    }
    listed = tuple(zip(came.get("known_absences", ()), values["known_absences"], strict=True))
    noted = tuple(zip(came.get("notes", ()), values["notes"], strict=True))
    told = Telling(values.pop("told_absences"), values.pop("told_notes"), listed)
    values["known_absences"] = standing_absences(listed, told.absences)
    values["notes"] = standing_notes(noted, told.notes)
    return Lists(
        people=People(**values),
        calendar=from_json(Calendar, by_name["calendar"][0][1]),
        policies={key: from_json(Policy, line) for key, line in by_name["policies"]},
        service=from_json(Service, by_name["service"][0][1]),
        told=told,
        words=tuple(from_json(TaughtWord, line) for _, line in by_name.get(WORDS, ())),
    )


def find_listed(db: Connection) -> Lists | None:
    """
    Return the lists as files or the board have them, without what was told by phone.

    None where none were ever loaded.
    """
    rows = db.execute(
        select(lists.c.name, lists.c.key, lists.c.line)
        .where(lists.c.until_at.is_(None), lists.c.name.not_in(BESIDE))
        .order_by(lists.c.name, lists.c.position, lists.c.id)
    ).all()
    by_name: dict[str, list[tuple[str, Any]]] = {}
    for name, key, line in rows:
        by_name.setdefault(name, []).append((key, line))
    if "service" not in by_name:
        return None
    values = {
        name: tuple(from_json(kind, line) for _, line in by_name.get(name, ()))
        for name, kind in KINDS.items()
    }
    return Lists(
        people=People(**values),
        calendar=from_json(Calendar, by_name["calendar"][0][1]),
        policies={key: from_json(Policy, line) for key, line in by_name["policies"]},
        service=from_json(Service, by_name["service"][0][1]),
    )


def find_undone(db: Connection, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return those of a load's changes that would undo what somebody changed on the board."""
    undone = []
    for change in changes:
        last = db.execute(
            select(lists.c.by, lists.c.ended_by)
            .where(lists.c.name == change.list, lists.c.key == change.key)
            .order_by(lists.c.id.desc())
            .limit(1)
        ).first()
        if last is not None and (last.ended_by if change.kind == "added" else last.by):
            undone.append(change)
    return tuple(undone)


@dataclass(frozen=True, slots=True)
class Held:
    """A line of a list as it stood, from when until when, and who wrote and ended it."""

    list: str
    key: str
    line: Mapping[str, Any]
    from_at: datetime
    until_at: datetime | None
    by: str
    ended_by: str


def find_last_line(db: Connection, name: str, key: str) -> dict[str, Any] | None:
    """Return the line of a list as it stands or last stood, or None where there never was one."""
    line = db.scalar(
        select(lists.c.line)
        .where(lists.c.name == name, lists.c.key == key)
        .order_by(lists.c.id.desc())
        .limit(1)
    )
    return dict(line) if line is not None else None


def add_told(db: Connection, told: Sequence[ToldAbsence | ToldNote], now: datetime) -> None:
    """Keep what a contact told and confirmed, from `now` on; nothing that was told is changed."""
    rows = [
        {
            "name": "told_absences" if isinstance(one, ToldAbsence) else "told_notes",
            "key": f"{now.isoformat()}/{one.inbox}/{place}",
            "position": 0,
            "line": to_json(type(one), one),
            "from_at": now,
        }
        for place, one in enumerate(told)
    ]
    if rows:
        db.execute(insert(lists), rows)
        _count_change(db)


def list_words(db: Connection) -> tuple[Held, ...]:
    """Return the words that the office has taught, the latest first, and who taught each."""
    rows = db.execute(
        select(lists)
        .where(lists.c.name == WORDS, lists.c.until_at.is_(None))
        .order_by(lists.c.id.desc())
    )
    return tuple(_held(row) for row in rows)


def add_word(db: Connection, word: TaughtWord, now: datetime, by: str) -> bool:
    """Keep a word that somebody taught; False where one of that phrase is there already."""
    key = word.phrase.casefold()
    known = select(lists.c.id).where(
        lists.c.name == WORDS, lists.c.key == key, lists.c.until_at.is_(None)
    )
    if db.execute(known).first() is not None:
        return False
    line = to_json(TaughtWord, word)
    row = {"name": WORDS, "key": key, "position": 0, "line": line, "from_at": now, "by": by}
    db.execute(insert(lists), row)
    _count_change(db)
    return True


def end_word(db: Connection, phrase: str, now: datetime, by: str) -> bool:
    """Take a word back; False where it is none any more."""
    ended = db.execute(
        update(lists)
        .where(
            lists.c.name == WORDS,
            lists.c.key == phrase.casefold(),
            lists.c.until_at.is_(None),
        )
        .values(until_at=now, ended_by=by)
    )
    if not ended.rowcount:
        return False
    _count_change(db)
    return True


def find_changes(db: Connection, wanted: Lists) -> tuple[Change, ...]:
    """Return what saving these lists would change, in the order of the lists."""
    held = {
        (name, key): line
        for name, key, line in db.execute(
            select(lists.c.name, lists.c.key, lists.c.line).where(
                lists.c.until_at.is_(None), lists.c.name.not_in(BESIDE)
            )
        )
    }
    lines = _lines(wanted)
    changes = []
    for (name, key), (_, line) in lines.items():
        before = held.get((name, key))
        if before is None:
            changes.append(Change("added", name, key, after=line))
        elif before != line and _as_now(name, before) != line:
            changes.append(Change("changed", name, key, before=before, after=line))
    changes += [
        Change("ended", name, key, before=line)
        for (name, key), line in held.items()
        if (name, key) not in lines
    ]
    return tuple(changes)


def save_lists(db: Connection, wanted: Lists, now: datetime, by: str = "") -> tuple[Change, ...]:
    """
    Keep these lists from `now` on, and return what changed. The same twice changes nothing.

    `by` is who changed them on the board; nobody, where they come from files.
    """
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
                .values(until_at=now, ended_by=by)
            )
    begun = [
        {
            "name": change.list,
            "key": change.key,
            "position": lines[change.list, change.key][0],
            "line": dict(change.after),
            "from_at": now,
            "by": by,
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
    let_go(db, VERSION)
    return changes


def _as_now(name: str, line: Any) -> Any:
    """A line as it would be written today, where it was before there was a newer column."""
    kind = KINDS.get(name)
    return line if kind is None else to_json(kind, from_json(kind, line))


def _held(row: Row[Any]) -> Held:
    return Held(row.name, row.key, row.line, row.from_at, row.until_at, row.by, row.ended_by)


def _count_change(db: Connection) -> None:
    """Every process reads the lists anew."""
    db.execute(update(list_versions).values(version=list_versions.c.version + 1))
    let_go(db, VERSION)


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
    service = to_json(Service, wanted.service)
    # On which days nobody is at work is the calendar's, which is kept beside it.
    own = {name: value for name, value in service.items() if name != "shut_on"}
    lines["service", "service"] = (0, own)
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
