"""
Registers and their entries.

An entry is only ever inserted. A register carries a version: of two happenings at once the second
finds it changed, raises Stale, and is handled again from the start. What a transaction has locked
it does not read again (`store.at_hand`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from apbot.domain.calendar import at
from apbot.domain.policy import Policy
from apbot.domain.readings import Ask
from apbot.domain.register import Entry, How, Line, Register, RegisterState
from apbot.domain.words import Half, Mark, Reason
from apbot.store.at_hand import at_hand, let_go
from apbot.store.cases import IS_ABOUT, know_of_none, know_of_none_of
from apbot.store.deadlines import set_deadline, set_deadlines
from apbot.store.tables import asks, cases, entries, registers
from apbot.store.values import from_json, to_json

KIND = "register"
"""The kind of a register's deadline."""

LOCKED, OF_DAY, ASKED = "registers", "registers of a day", "asks"
"""What a transaction has at hand: registers that it locked, and questions open to people."""

Roster = tuple[Line, ...]

STAMPED = ("provider_name", "starts_at", "start", "ends_at", "roster", "policy")
"""What is stamped when a register opens and stays, and so need not be written again."""

_LOCKED_BY_ID = select(registers).where(registers.c.id == bindparam("register")).with_for_update()

_LOCKED_BY_IDS = (
    select(registers)
    .where(registers.c.id.in_(bindparam("ids", expanding=True)))
    # Whoever locks several does so in one order.
    .order_by(registers.c.starts_at, registers.c.provider)
    .with_for_update()
)

_LOCKED_OF_DAY = (
    select(registers)
    .where(
        registers.c.on == bindparam("on"),
        registers.c.provider.in_(bindparam("providers", expanding=True)),
    )
    # Whoever locks several does so in one order.
    .order_by(registers.c.starts_at, registers.c.provider)
    .with_for_update()
)

_SAID = (
    select(
        registers.c.id.label("register"),
        asks.c.ask,
        asks.c.at.label("asked_at"),
        exists(select(1).select_from(cases).where(IS_ABOUT)).label("has_cases"),
        entries,
    )
    .select_from(
        registers.outerjoin(entries, entries.c.register_id == registers.c.id).outerjoin(
            asks,
            and_(asks.c.register_id == registers.c.id, asks.c.person == bindparam("person")),
        )
    )
    .where(registers.c.id.in_(bindparam("registers", expanding=True)))
    .order_by(entries.c.id)
)

_ASK = select(asks.c.ask, asks.c.at).where(
    asks.c.register_id == bindparam("register"), asks.c.person == bindparam("person")
)

_ASK_NO_MORE = delete(asks).where(
    asks.c.register_id == bindparam("register"), asks.c.person == bindparam("to")
)

_NEW_ASK = insert(asks)

_ENTER = insert(entries)

_CHANGE = update(registers).where(
    registers.c.id == bindparam("register"), registers.c.version == bindparam("was")
)


class Stale(Exception):
    """Somebody else changed this register first: handle the happening again from the start."""


def get_register(db: Connection, id: int) -> Register:
    """Return the register, locked for this transaction. Raises LookupError where there is none."""
    held = at_hand(db, LOCKED)
    if id not in held:
        row = db.execute(_LOCKED_BY_ID, {"register": id}).first()
        if row is None:
            raise LookupError(f"no register {id}")
        held[id] = _register(row, list_entries(db, [id]).get(id, ()))
    register: Register = held[id]
    return register


def hold_many(db: Connection, ids: Collection[int]) -> tuple[Register, ...]:
    """Return these registers, locked, with whether there are cases about them read along."""
    rows = db.execute(_LOCKED_BY_IDS, {"ids": sorted(ids)}).all()
    said = list_entries(db, [row.id for row in rows])
    held = tuple(_register(row, said.get(row.id, ())) for row in rows)
    at_hand(db, LOCKED).update({register.id: register for register in held})
    for on in {register.on for register in held}:
        day = {one.id: {line.pupil for line in one.roster} for one in held if one.on == on}
        know_of_none_of(db, {id: day[id] for id in day if id is not None}, at(on, time(0, 0)))
    return held


def hold_registers(
    db: Connection, on: date, providers: Collection[str], person: str
) -> tuple[Register, ...]:
    """
    Return a day's registers of these providers in the order of their starts, locked.

    What is open to this person about them is read along.
    """
    day = at_hand(db, OF_DAY)
    key = (on, tuple(providers), person)
    if key not in day:
        day[key] = _held_of_day(db, on, providers, person)
    held: tuple[Register, ...] = day[key]
    return held


def _held_of_day(
    db: Connection, on: date, providers: Collection[str], person: str
) -> tuple[Register, ...]:
    rows = db.execute(_LOCKED_OF_DAY, {"on": on, "providers": list(providers)}).all()
    if not rows:
        return ()
    found: dict[int, list[Entry]] = {}
    asked = at_hand(db, ASKED)
    midnight = at(on, time(0, 0))
    pupils = {line["pupil"] for row in rows for line in row.roster}
    about = {"registers": [row.id for row in rows], "pupils": sorted(pupils), "since": midnight}
    said = db.execute(_SAID, {**about, "person": person}).all()
    for one in said:
        asked[one.register, person] = (
            None if one.ask is None else Asked(_ask_from(one.ask), one.asked_at)
        )
        if one.id is not None:
            found.setdefault(one.register, []).append(_entry(one))
    held = [_register(row, found.get(row.id, ())) for row in rows]
    at_hand(db, LOCKED).update({register.id: register for register in held})
    if not any(one.has_cases for one in said):
        for row in rows:
            know_of_none(db, row.id, {line["pupil"] for line in row.roster}, midnight)
    return tuple(held)


def look_at(db: Connection, id: int) -> Register | None:
    """Return the register as it stands, without holding it, or None where there is none."""
    row = db.execute(select(registers).where(registers.c.id == id)).first()
    return _register(row, list_entries(db, [id]).get(id, ())) if row else None


def find_register(db: Connection, provider: str, on: date, half: Half) -> Register | None:
    """Return one provider's register of one half, or None."""
    for held in at_hand(db, LOCKED).values():
        if (held.provider, held.on, held.half) == (provider, on, half):
            register: Register = held
            return register
    found = list_registers(db, on, [provider], half)
    return found[0] if found else None


def list_registers(
    db: Connection, on: date, providers: Collection[str] | None = None, half: Half | None = None
) -> tuple[Register, ...]:
    """Return the registers of a day in the order of their starts, of these providers only."""
    asked = select(registers).where(registers.c.on == on)
    if providers is not None:
        asked = asked.where(registers.c.provider.in_(list(providers)))
    if half is not None:
        asked = asked.where(registers.c.half == half)
    rows = db.execute(asked.order_by(registers.c.starts_at, registers.c.provider)).all()
    said = list_entries(db, [row.id for row in rows])
    return tuple(_register(row, said.get(row.id, ())) for row in rows)


def list_by_id(db: Connection, ids: Collection[int]) -> tuple[Register, ...]:
    """Return these registers, in no order of their own."""
    if not ids:
        return ()
    rows = db.execute(select(registers).where(registers.c.id.in_(list(ids)))).all()
    said = list_entries(db, [row.id for row in rows])
    return tuple(_register(row, said.get(row.id, ())) for row in rows)


def list_entries(db: Connection, ids: Collection[int]) -> Mapping[int, tuple[Entry, ...]]:
    """Return all that was ever said, by register, oldest first."""
    if not ids:
        return {}
    found: dict[int, list[Entry]] = {}
    rows = db.execute(
        select(entries).where(entries.c.register_id.in_(list(ids))).order_by(entries.c.id)
    )
    for row in rows:
        found.setdefault(row.register_id, []).append(_entry(row))
    return {id: tuple(said) for id, said in found.items()}


def plan_registers(db: Connection, planned: Collection[Register]) -> int:
    """Keep planned registers, each with its first look; say how many were not kept already."""
    if not planned:
        return 0
    make = sqlite_insert if db.dialect.name == "sqlite" else pg_insert
    new = db.execute(
        make(registers)
        .on_conflict_do_nothing(index_elements=["provider", "on", "half"])
        .returning(registers.c.id, registers.c.provider, registers.c.on, registers.c.half),
        [{**_columns(one), "version": 1} for one in planned],
    ).all()
    looks = {(one.provider, one.on, str(one.half)): one.next_look() for one in planned}
    set_deadlines(db, KIND, {str(row.id): looks[row.provider, row.on, row.half] for row in new})
    return len(new)


def drop_planned(db: Connection, register: Register) -> None:
    """Forget a register that was planned, never opened, and is not due any more."""
    if register.state is not RegisterState.PLANNED or register.entries:
        raise ValueError(f"register {register.id} has begun: it is history")
    _let_go(db, register.id)
    let_go(db, ASKED)
    set_deadline(db, KIND, str(register.id), None)
    db.execute(delete(asks).where(asks.c.register_id == register.id))
    db.execute(delete(registers).where(registers.c.id == register.id))


def save_register(db: Connection, register: Register) -> None:
    """
    Keep the register as it is now: its new entries, and when it is looked at next.

    Raises Stale where it was changed since it was fetched.
    """
    assert register.id is not None
    held = at_hand(db, LOCKED).get(register.id)
    is_as_opened = held is not None and all(
        getattr(held, name) == getattr(register, name) for name in STAMPED
    )
    columns = _moving(register) if is_as_opened else _columns(register)
    where = {"register": register.id, "was": register.version}
    _let_go(db, register.id)
    if db.execute(_CHANGE, {**columns, **where, "version": register.version + 1}).rowcount != 1:
        raise Stale(f"register {register.id} was changed meanwhile")
    new = [_entry_columns(register.id, entry) for entry in register.entries if entry.id is None]
    if new:
        db.execute(_ENTER, new)
    set_deadline(db, KIND, str(register.id), register.next_look())


def _let_go(db: Connection, id: int | None) -> None:
    at_hand(db, LOCKED).pop(id, None)
    let_go(db, OF_DAY)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is open, and since when (UTC)."""

    ask: Ask
    at: datetime


def find_ask(db: Connection, register: int, person: str) -> Asked | None:
    """Return the question open to this person about this register, or None."""
    asked = at_hand(db, ASKED)
    if (register, person) not in asked:
        row = db.execute(_ASK, {"register": register, "person": person}).first()
        asked[register, person] = None if row is None else Asked(_ask_from(row.ask), row.at)
    found: Asked | None = asked[register, person]
    return found


def save_ask(db: Connection, register: int, person: str, ask: Ask | None, now: datetime) -> None:
    """Keep the question now open to this person; None ends it."""
    asked = at_hand(db, ASKED)
    if (register, person) not in asked or asked[register, person] is not None:
        db.execute(_ASK_NO_MORE, {"register": register, "to": person})
    asked[register, person] = None if ask is None else Asked(ask, now)
    if ask is not None:
        row = {"register_id": register, "person": person, "at": now, "ask": _ask_to(ask)}
        db.execute(_NEW_ASK, row)


def _ask_to(ask: Ask) -> dict[str, Any]:
    return {"kind": type(ask).__name__, **to_json(type(ask), ask)}


def _ask_from(stored: Mapping[str, Any]) -> Ask:
    kinds = {kind.__name__: kind for kind in Ask.__args__}
    ask: Ask = from_json(
        kinds[stored["kind"]], {key: value for key, value in stored.items() if key != "kind"}
    )
    return ask


def _moving(register: Register) -> dict[str, Any]:
    """What of a register changes while it is open."""
    return {
        "state": register.state,
        "asked": list(register.asked),
        "looked_at": register.looked_at,
        "settles_at": register.settles_at,
        "completed_at": register.completed_at,
        "closed_by": register.closed_by,
    }


def _columns(register: Register) -> dict[str, Any]:
    return {
        "provider": register.provider,
        "provider_name": register.provider_name,
        "on": register.on,
        "half": register.half,
        "starts_at": register.starts_at,
        "start": register.start.strftime("%H:%M"),
        "ends_at": register.ends_at,
        "roster": to_json(Roster, register.roster),
        "policy": to_json(Policy, register.policy),
        **_moving(register),
    }


def _register(row: Row[Any], said: Iterable[Entry]) -> Register:
    return Register(
        id=row.id,
        provider=row.provider,
        provider_name=row.provider_name,
        on=row.on,
        half=Half(row.half),
        starts_at=row.starts_at,
        start=time.fromisoformat(row.start),
        ends_at=row.ends_at,
        state=RegisterState(row.state),
        roster=from_json(Roster, row.roster),
        policy=from_json(Policy, row.policy),
        asked=tuple(row.asked),
        looked_at=row.looked_at,
        settles_at=row.settles_at,
        completed_at=row.completed_at,
        closed_by=row.closed_by,
        version=row.version,
        entries=tuple(said),
    )


def _entry_columns(register: int, entry: Entry) -> dict[str, Any]:
    return {
        "register_id": register,
        "number": entry.number,
        "pupil": entry.pupil,
        "was": entry.was,
        "mark": entry.mark,
        "reason": entry.reason,
        "time": entry.time.strftime("%H:%M") if entry.time else None,
        "by": entry.by,
        "by_name": entry.by_name,
        "by_title": entry.by_title,
        "how": entry.how,
        "at": entry.at,
        "because": entry.because,
        "inbox_id": entry.inbox,
    }


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        id=row.id,
        number=row.number,
        pupil=row.pupil,
        was=Mark(row.was) if row.was else None,
        mark=Mark(row.mark) if row.mark else None,
        reason=Reason(row.reason) if row.reason else None,
        time=time.fromisoformat(row.time) if row.time else None,
        by=row.by,
        by_name=row.by_name,
        by_title=row.by_title,
        how=How(row.how),
        at=row.at,
        because=row.because,
        inbox=row.inbox_id,
    )
