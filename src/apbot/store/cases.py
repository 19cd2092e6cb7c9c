"""
Cases, and who was told of them.

A ref is short, easy to type on a phone, and not used again while it could still be meant.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from apbot.domain.cases import Case, CaseNote, CaseState, Notice
from apbot.domain.policy import Ladder
from apbot.domain.words import Matter, Reason
from apbot.store.database import take_turns
from apbot.store.deadlines import set_deadline
from apbot.store.tables import case_told, cases
from apbot.store.values import from_json, to_json

KIND = "case"
"""The kind of a case's deadline."""

REF_RESTS = timedelta(days=14)
"""How long a ref is not used again: a late "K7 done" must not end another case."""

# No letter that looks like a digit or another letter, or that people type as a mark.
REF_LETTERS = "KBDHJMRTWCFGV"


def free_refs(db: Connection, now: datetime) -> Iterator[str]:
    """
    Yield refs that are free: of no open case, and of none opened in the last 14 days.

    Whoever takes one has the refs to themselves until their transaction ends.
    """
    used: set[str] | None = None
    for number in count():
        if used is None:
            take_turns(db, "refs")
            recent = select(cases.c.ref).where(
                or_(cases.c.opened_at > now - REF_RESTS, cases.c.state != CaseState.RESOLVED)
            )
            used = set(db.scalars(recent))
        ref = f"{REF_LETTERS[number % len(REF_LETTERS)]}{number // len(REF_LETTERS) + 1}"
        if ref not in used:
            yield ref


def get_case(db: Connection, id: int) -> Case:
    """Return the case, locked for this transaction. Raises LookupError where there is none."""
    row = db.execute(select(cases).where(cases.c.id == id).with_for_update()).first()
    if row is None:
        raise LookupError(f"no case {id}")
    return _case(row)


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


def list_of_pupils(db: Connection, pupils: Collection[str], since: datetime) -> tuple[Case, ...]:
    """Return the cases about these pupils that were opened since then, open or over."""
    return _list(db, cases.c.pupil.in_(list(pupils)), cases.c.opened_at >= since)


def list_of_providers(
    db: Connection, providers: Collection[str], since: datetime
) -> tuple[Case, ...]:
    """Return the cases of these providers that were opened since then, open or over."""
    return _list(db, cases.c.provider.in_(list(providers)), cases.c.opened_at >= since)


def list_of_registers(db: Connection, registers: Collection[int]) -> tuple[Case, ...]:
    """Return all cases of these registers, open or over, oldest first."""
    return _list(db, cases.c.register_id.in_(list(registers)))


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


def save_cases(db: Connection, changed: Sequence[Case]) -> tuple[Case, ...]:
    """Keep these cases, new (no id) or changed, each with its next look; return them with ids."""
    saved = []
    for case in changed:
        if case.id is None:
            id = db.execute(insert(cases).values(_columns(case)).returning(cases.c.id)).scalar_one()
            kept = replace(case, id=id)
        else:
            db.execute(update(cases).where(cases.c.id == case.id).values(_columns(case)))
            kept = case
        if case.told:
            make = sqlite_insert if db.dialect.name == "sqlite" else pg_insert
            rows = [{"case_id": kept.id, "person": person} for person in case.told]
            db.execute(make(case_told).on_conflict_do_nothing(), rows)
        set_deadline(db, KIND, str(kept.id), kept.look_at)
        saved.append(kept)
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
    )
