"""
Access: who may see the board, and in which browser.

Only hashes of codes and tokens are kept, so that whoever reads the database can sign in as nobody.
The moments here are the machine's own (UTC): a sign-in of ten minutes is ten real ones, however
fast a moved clock runs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from apbot.store.tables import sign_ins, visits

CODE_LIVES = timedelta(minutes=10)
MOST_TRIES = 5
"""How often a code may be typed wrong."""

VISIT_LIVES = timedelta(hours=12)
"""A working day, and no night."""

SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is kept when a browser was last used."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many sign-ins may be asked for within a time."""

    within: timedelta
    most: int


OF_A_PERSON = (Limit(timedelta(minutes=15), 5), Limit(timedelta(days=1), 20))
"""How often a code goes to one phone: whoever guesses on and on has 100 tries a day."""

OF_A_SOURCE = (Limit(timedelta(minutes=15), 30), Limit(timedelta(days=1), 300))
"""How often one network address may ask; a whole office may stand behind one."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One browser in which somebody is signed in."""

    id: int
    person: str
    device: str
    made_at: datetime
    seen_at: datetime
    ends_at: datetime


def ask_to_sign_in(
    db: Connection, *, token_hash: str, code_hash: str, person: str, source: str, now: datetime
) -> bool:
    """
    Keep that a code was asked for; say whether it may be sent.

    `person` is "" where the number is nobody's: the row is kept all the same, so that nothing
    shows the difference.
    """
    is_free = not _is_over(db, sign_ins.c.source == source, OF_A_SOURCE, now)
    if person and is_free:
        is_free = not _is_over(db, sign_ins.c.person == person, OF_A_PERSON, now)
    db.execute(
        insert(sign_ins).values(
            token_hash=token_hash, code_hash=code_hash, person=person, source=source, made_at=now
        )
    )
    return bool(person) and is_free


def may_try(db: Connection, source: str, now: datetime) -> bool:
    """Keep that somebody tries to get in from here; say whether it was not too often."""
    is_free = not _is_over(db, sign_ins.c.source == source, OF_A_SOURCE, now)
    seal = token_hex(32)
    row = {"token_hash": seal, "code_hash": "", "person": "", "source": source, "made_at": now}
    db.execute(insert(sign_ins).values(row))
    return is_free


def use_code(db: Connection, *, token_hash: str, code_hash: str, now: datetime) -> str | None:
    """Return who signs in with this code, and use it up; None for a wrong, used or old one."""
    tried = db.execute(
        update(sign_ins)
        .where(
            sign_ins.c.token_hash == token_hash,
            sign_ins.c.used_at.is_(None),
            sign_ins.c.made_at > now - CODE_LIVES,
            sign_ins.c.tries < MOST_TRIES,
        )
        .values(tries=sign_ins.c.tries + 1)
        .returning(sign_ins.c.id, sign_ins.c.person, sign_ins.c.code_hash)
    ).first()
    if tried is None or not tried.person or tried.code_hash != code_hash:
        return None
    db.execute(update(sign_ins).where(sign_ins.c.id == tried.id).values(used_at=now))
    return str(tried.person)


def begin_visit(
    db: Connection, *, token_hash: str, person: str, device: str, now: datetime
) -> None:
    """Somebody has signed in, in one browser."""
    db.execute(
        insert(visits).values(
            token_hash=token_hash,
            person=person,
            device=device[:200],
            made_at=now,
            seen_at=now,
            ends_at=now + VISIT_LIVES,
        )
    )


def find_visit(db: Connection, token_hash: str, now: datetime) -> Visit | None:
    """Return the visit that this browser is in, or None where there is none or it has ended."""
    row = db.execute(
        select(visits).where(visits.c.token_hash == token_hash, visits.c.ends_at > now)
    ).first()
    return None if row is None else _visit(row)


def list_visits(db: Connection, person: str, now: datetime) -> tuple[Visit, ...]:
    """Return where somebody is signed in, the latest first."""
    rows = db.execute(
        select(visits)
        .where(visits.c.person == person, visits.c.ends_at > now)
        .order_by(visits.c.id.desc())
    )
    return tuple(_visit(row) for row in rows)


def mark_seen(db: Connection, visit: Visit, now: datetime) -> None:
    """The browser is in use."""
    db.execute(update(visits).where(visits.c.id == visit.id).values(seen_at=now))


def end_visits(db: Connection, person: str, now: datetime, *, only: int | None = None) -> None:
    """Sign somebody out: of one browser where `only` names it, else everywhere."""
    ended = update(visits).where(visits.c.person == person, visits.c.ends_at > now)
    if only is not None:
        ended = ended.where(visits.c.id == only)
    db.execute(ended.values(ends_at=now))


def forget_old(db: Connection, now: datetime) -> None:
    """Codes and visits that ended a week ago explain nothing any more."""
    week_ago = now - timedelta(days=7)
    db.execute(sign_ins.delete().where(sign_ins.c.made_at < week_ago))
    db.execute(visits.delete().where(visits.c.ends_at < week_ago))


def _is_over(
    db: Connection, who: ColumnElement[bool], limits: tuple[Limit, ...], now: datetime
) -> bool:
    for limit in limits:
        asked = select(func.count()).where(who, sign_ins.c.made_at > now - limit.within)
        if (db.scalar(asked) or 0) >= limit.most:
            return True
    return False


def _visit(row: Row[Any]) -> Visit:
    return Visit(row.id, row.person, row.device, row.made_at, row.seen_at, row.ends_at)
