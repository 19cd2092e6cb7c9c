"""
Cases, and who was told of them.

A ref is short, easy to type on a phone, and not used again while it could still be meant.
"""

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    String,
    and_,
    bindparam,
    cast,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from apbot.domain.cases import Case, CaseNote, CaseState, Notice
from apbot.domain.policy import Ladder
from apbot.domain.words import Matter, Reason
from apbot.store.at_hand import at_hand, let_go
from apbot.store.database import take_turns
from apbot.store.deadlines import set_deadline, set_deadlines
from apbot.store.tables import case_told, cases, deadlines
from apbot.store.values import from_json, to_json

KIND = "case"
"""The kind of a case's deadline."""

ABOUT = "cases about"
"""What a transaction has at hand: the cases about some registers and pupils."""

REF_RESTS = timedelta(days=14)
"""How long a ref is not used again: a late "K7 done" must not end another case."""

# No letter that looks like a digit or another letter, or that people type as a mark.
REF_LETTERS = "KBDHJMRTWCFGV"


REFS_AT_ONCE = 52
"""How many refs are looked at in one go: the first are used up before any longer one is."""

FREE_REFS = "free refs"
"""What a transaction has at hand: by moment, the refs that nobody has taken yet."""

LONGER = 4
"""By how much the range grows in which refs are looked for, once all looked at are used."""

_USED = select(cases.c.ref).where(
    cases.c.ref.in_(bindparam("refs", expanding=True)),
    or_(cases.c.opened_at > bindparam("since"), cases.c.state != CaseState.RESOLVED),
)


def free_refs(db: Connection, now: datetime) -> Iterator[str]:
    """
    Return refs that are free: of no open case, and of none opened in the last 14 days.

    Whoever takes one has the refs to themselves until their transaction ends, in which they are
    the same for whoever asks: none is given to two cases of one message.
    """
    held = at_hand(db, FREE_REFS)
    if now not in held:
        held[now] = _free_refs(db, now)
    refs: Iterator[str] = held[now]
    return refs


def _free_refs(db: Connection, now: datetime) -> Iterator[str]:
    take_turns(db, "refs")
    numbers, end = list(range(REFS_AT_ONCE)), REFS_AT_ONCE
    while True:
        asked = [_ref(number) for number in numbers]
        used = set(db.scalars(_USED, {"refs": asked, "since": now - REF_RESTS}))
        yield from (ref for ref in asked if ref not in used)
        # A nation has used the short ones: of longer ones any few have a free one among them.
        further = range(end, end * LONGER)
        numbers, end = sorted(random.sample(further, REFS_AT_ONCE)), end * LONGER


def _ref(number: int) -> str:
    return f"{REF_LETTERS[number % len(REF_LETTERS)]}{number // len(REF_LETTERS) + 1}"


def get_case(db: Connection, id: int) -> Case:
    """Return the case, locked for this transaction. Raises LookupError where there is none."""
    row = db.execute(select(cases).where(cases.c.id == id).with_for_update()).first()
    if row is None:
        raise LookupError(f"no case {id}")
    return _case(row)


_LOOKS = and_(deadlines.c.kind == KIND, deadlines.c.subject == cast(cases.c.id, String))


def hold_sought_beside(db: Connection, case: Case, until: datetime) -> tuple[Case, ...]:
    """
    Return the other children sought of a case's register, whom its provider is asked after by then.

    Of no register, those of its provider. They are locked, with their deadlines; one that another
    process has in hand is left to it, and never waited for.
    """
    is_beside = (
        cases.c.register_id == case.register
        if case.register is not None
        else and_(cases.c.register_id.is_(None), cases.c.provider == case.provider)
    )
    asked = (
        select(cases)
        .join(deadlines, _LOOKS)
        .where(is_beside, cases.c.id != case.id, cases.c.matter == Matter.UNACCOUNTED)
        .where(cases.c.state != CaseState.RESOLVED, cases.c.provider_at <= until)
        .order_by(cases.c.id)
        .with_for_update(skip_locked=True)
    )
    return tuple(_case(row) for row in db.execute(asked))


IS_ABOUT = or_(
    cases.c.register_id.in_(bindparam("registers", expanding=True)),
    and_(
        cases.c.pupil.in_(bindparam("pupils", expanding=True)),
        # Written out, so that the database sees that its index of open cases will do.
        cases.c.state != literal_column("'resolved'"),
    ),
    and_(
        cases.c.pupil.in_(bindparam("pupils", expanding=True)),
        cases.c.opened_at >= bindparam("since"),
    ),
)
"""Of these registers; or of these pupils, and open or opened since then."""

_ABOUT = select(cases).where(IS_ABOUT).order_by(cases.c.id)


def list_about(
    db: Connection, registers: Collection[int], pupils: Collection[str], since: datetime
) -> tuple[Case, ...]:
    """
    Return the cases of these registers, and those of these pupils, oldest first.

    Of the pupils, those that are open or were opened since then.
    """
    held = at_hand(db, ABOUT)
    key = _about(registers, pupils, since)
    if key not in held:
        asked = {"registers": sorted(registers), "pupils": sorted(pupils), "since": since}
        held[key] = tuple(_case(row) for row in db.execute(_ABOUT, asked))
    found: tuple[Case, ...] = held[key]
    return found


def know_of_none(db: Connection, register: int, pupils: Collection[str], since: datetime) -> None:
    """There is no case about them: whoever asks in this transaction need not look."""
    at_hand(db, ABOUT)[_about([register], pupils, since)] = ()


def know_of_none_of(
    db: Connection, registers: Mapping[int, Collection[str]], since: datetime
) -> None:
    """Look once whether there are cases about registers and their pupils; know where are none."""
    pupils = {pupil for group in registers.values() for pupil in group}
    found = list_about(db, registers.keys(), pupils, since)
    of_registers = {case.register for case in found}
    of_pupils = {case.pupil for case in found}
    for register, group in registers.items():
        if register not in of_registers and of_pupils.isdisjoint(group):
            know_of_none(db, register, group, since)


def _about(registers: Collection[int], pupils: Collection[str], since: datetime) -> object:
    return (*sorted(registers), "", *sorted(pupils), since)


def list_by_id(db: Connection, ids: Collection[int]) -> tuple[Case, ...]:
    """Return these cases, only to be looked at."""
    return _list(db, cases.c.id.in_(list(ids)))


def list_of_register(db: Connection, register: int) -> tuple[Case, ...]:
    """Return all cases of a register, open or over, oldest first."""
    return _list(db, cases.c.register_id == register)


def list_open_told(db: Connection, person: str) -> tuple[Case, ...]:
    """Return the open cases that this person was told of, oldest first."""
    told = select(case_told.c.case_id).where(case_told.c.person == person)
    return _list(db, cases.c.id.in_(told), cases.c.state != CaseState.RESOLVED)


def list_held(db: Connection, person: str) -> tuple[Case, ...]:
    """Return the open cases that this person has taken on, oldest first."""
    is_held = cases.c.state == CaseState.ACKNOWLEDGED
    return _list(db, is_held, cases.c.acknowledged_by == person)


def list_open_of_pupils(db: Connection, pupils: Collection[str]) -> tuple[Case, ...]:
    """Return the open cases about these pupils, oldest first."""
    return _list(db, cases.c.pupil.in_(list(pupils)), cases.c.state != CaseState.RESOLVED)


def list_of_providers(
    db: Connection, providers: Collection[str], since: datetime
) -> tuple[Case, ...]:
    """Return the cases of these providers that were opened since then, open or over."""
    return _list(db, cases.c.provider.in_(list(providers)), cases.c.opened_at >= since)


def list_over_told(db: Connection, person: str, since: datetime) -> tuple[Case, ...]:
    """Return the cases that this person was told of and that are over, the latest first."""
    told = select(case_told.c.case_id).where(case_told.c.person == person)
    over = _list(db, cases.c.id.in_(told), cases.c.resolved_at >= since)
    return tuple(reversed(over))


def list_cases(
    db: Connection, *, only_open: bool = False, refs: Collection[str] | None = None
) -> tuple[Case, ...]:
    """Return cases, oldest first."""
    wanted = []
    if only_open:
        wanted.append(cases.c.state != CaseState.RESOLVED)
    if refs is not None:
        wanted.append(cases.c.ref.in_(list(refs)))
    return _list(db, *wanted)


_OPEN = insert(cases).returning(cases.c.id)

_CHANGE = update(cases).where(cases.c.id == bindparam("of"))

_TOLD = {
    "sqlite": sqlite_insert(case_told).on_conflict_do_nothing(),
    "postgresql": pg_insert(case_told).on_conflict_do_nothing(),
}


def save_cases(db: Connection, changed: Sequence[Case]) -> tuple[Case, ...]:
    """Keep these cases, new (no id) or changed, each with its next look; return them with ids."""
    if changed:
        let_go(db, ABOUT)
    saved, told = [], []
    looks: dict[str, datetime | None] = {}
    for case in changed:
        if case.id is None:
            id = db.execute(_OPEN, _columns(case)).scalar_one()
            kept = replace(case, id=id)
        else:
            db.execute(_CHANGE, {"of": case.id, **_columns(case)})
            kept = case
        told += [{"case_id": kept.id, "person": person} for person in case.told]
        looks[str(kept.id)] = kept.look_at
        if case.id is not None and kept.look_at is None:
            set_deadline(db, KIND, str(kept.id), None)
        saved.append(kept)
    if told:
        db.execute(_TOLD[db.dialect.name], told)
    set_deadlines(db, KIND, looks)
    return tuple(saved)


def _list(db: Connection, *wanted: Any) -> tuple[Case, ...]:
    rows = db.execute(select(cases).where(*wanted).order_by(cases.c.id)).all()
    return tuple(_case(row) for row in rows)


def _columns(case: Case) -> dict[str, Any]:
    return {
        "ref": case.ref,
        "matter": case.matter,
        "provider": case.provider,
        "provider_name": case.provider_name,
        "register_id": case.register,
        "number": case.number,
        "pupil": case.pupil,
        "shown": case.shown,
        "state": case.state,
        "rung": case.rung,
        "told": list(case.told),
        "ladder": to_json(Ladder, case.ladder),
        "ladder_at": case.ladder_at,
        "provider_at": case.provider_at,
        "reason": case.reason,
        "words": case.words,
        "raised_by": case.raised_by,
        "opened_at": case.opened_at,
        "acknowledged_at": case.acknowledged_at,
        "acknowledged_by": case.acknowledged_by,
        "asked_at": case.asked_at,
        "resolved_at": case.resolved_at,
        "resolved_by": case.resolved_by,
        "outcome": case.outcome,
        "notes": to_json(tuple[CaseNote, ...], case.notes),
        "notice": to_json(Notice, case.notice) if case.notice else None,
        "is_disputed": case.is_disputed,
        "expected_at": case.expected_at,
    }


def _case(row: Row[Any]) -> Case:
    return Case(
        id=row.id,
        ref=row.ref,
        matter=Matter(row.matter),
        provider=row.provider,
        provider_name=row.provider_name,
        register=row.register_id,
        number=row.number,
        pupil=row.pupil,
        shown=row.shown,
        state=CaseState(row.state),
        rung=row.rung,
        told=tuple(row.told),
        ladder=from_json(Ladder, row.ladder),
        ladder_at=row.ladder_at,
        provider_at=row.provider_at,
        reason=Reason(row.reason) if row.reason else None,
        words=row.words,
        raised_by=row.raised_by,
        opened_at=row.opened_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        asked_at=row.asked_at,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        outcome=row.outcome,
        notes=from_json(tuple[CaseNote, ...], row.notes),
        notice=from_json(Notice, row.notice) if row.notice else None,
        is_disputed=row.is_disputed,
        expected_at=row.expected_at,
    )
