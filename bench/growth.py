"""
Growth: what a tick and a reply cost with years of history behind them.

Six years of a nation are made in SQL: registers, five entries each, and the texts, messages and
cases that come with them. Then the same happenings are timed as on an empty database. `--only
growth` alone takes some minutes; it is no part of the default run.
"""

import time
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection, text

from apbot.store.database import Database
from apbot.store.deadlines import claim_deadlines
from apbot.store.inbox import claim_inbox
from bench.county import NINE, a_county, settle
from bench.databases import KINDS, opened
from bench.replies import MIXED, a_desk, arrived, handle, open_registers
from bench.table import Measured, percentile

GOAL = 1.2
PROVIDERS = 150
TICKS = 100
REGISTERS = {"SQLite": 200_000, "PostgreSQL": 1_000_000}
ENTRIES_EACH = 5
HALVES_A_DAY = 900
"""Of how many providers' halves a past day is made."""


def measure() -> Iterator[Measured]:
    """Yield a tick and a reply on an empty database and on a full one, and the ratio."""
    for name, made in KINDS.items():
        with made() as url, opened(url) as database:
            empty = _costs(database)
        with made() as url, opened(url) as database:
            with database.writing() as db:
                _make_history(db, REGISTERS[name], is_sqlite=database.is_sqlite)
            # Years do not come in one transaction: what a filling leaves behind is tidied away.
            tidy = "PRAGMA wal_checkpoint(TRUNCATE)" if database.is_sqlite else "VACUUM ANALYZE"
            with database.engine.connect() as db:
                db.execution_options(isolation_level="AUTOCOMMIT").execute(text(tidy))
            full = _costs(database)
        for what, before, after in zip(("a tick", "a reply"), empty, full, strict=True):
            ratio = after / before
            yield Measured(
                f"{what}, {name}, after {REGISTERS[name]:,} registers",
                f"{1000 * after:.2f} ms, {ratio:.2f} times an empty database's",
                f"< {GOAL}",
                ratio < GOAL,
            )


def _costs(database: Database) -> tuple[float, float]:
    """Return the seconds of a tick that finds nothing, and of a reply."""
    settle(database, a_county(PROVIDERS))
    desk = a_desk(database)
    ticks = [_timed_tick(database) for _ in range(TICKS)]
    open_registers(database, desk)
    messages = arrived(database, MIXED, PROVIDERS)
    handle(database, desk, messages[:30])
    took = []
    for message in messages[30:]:
        began = time.perf_counter()
        handle(database, desk, (message,))
        took.append(time.perf_counter() - began)
    # The quick ones: what else the machine does makes some slow, and none quick.
    return percentile(ticks, 0.25), percentile(took, 0.25)


def _timed_tick(database: Database) -> float:
    began = time.perf_counter()
    with database.writing() as db:
        claim_inbox(db, NINE - timedelta(hours=1), 25)
        claim_deadlines(db, NINE - timedelta(hours=1), 25)
    return time.perf_counter() - began


def _make_history(db: Connection, count: int, *, is_sqlite: bool) -> None:
    numbers = (
        f"(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1}) "
        "SELECT i FROM n) AS s"
        if is_sqlite
        else f"generate_series(0, {count - 1}) AS s(i)"
    )
    each = (
        "(SELECT 1 AS k UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5) AS e"
        if is_sqlite
        else f"generate_series(1, {ENTRIES_EACH}) AS e(k)"
    )
    day = f"(i / {HALVES_A_DAY} + 1)"
    on = (
        f"date('2026-11-20', '-' || {day} || ' days')"
        if is_sqlite
        else f"(date '2026-11-20' - {day})"
    )
    at = f"{on} || ' 09:00:00.000000'" if is_sqlite else f"({on} + time '09:00') AT TIME ZONE 'UTC'"
    place = f"'place-' || (i % {HALVES_A_DAY} / 2)"
    half = "CASE i % 2 WHEN 0 THEN 'AM' ELSE 'PM' END"
    if not is_sqlite:
        # As of a database that was filled long ago: nothing of it is checked again.
        db.execute(text("SET LOCAL session_replication_role = replica"))
    for statement in (
        'INSERT INTO registers (provider, provider_name, "on", half, starts_at, start, ends_at, '
        "state, roster, policy, asked, closed_by, version) "
        f"SELECT {place}, {place}, {on}, {half}, {at}, '09:00', {at}, 'complete', '[]', '{{}}', "
        f"'[]', '', 2 FROM {numbers}",
        'INSERT INTO entries (register_id, number, pupil, mark, "by", by_name, by_title, how, at, '
        "because) SELECT r.id, k, 'pupil-' || (r.id % 450) || '-' || k, 'present', 'tutor', "
        f"'Tutor', '', 'reply', r.starts_at, '' FROM registers r, {each}",
        "INSERT INTO inbox (channel, network_id, address, kind, text, received_at, handled_at, "
        "tries, came_of_it) SELECT 'telegram', 'past-' || r.id, "
        "CAST(700000000 + r.id % 450 AS VARCHAR(20)), 'text', 'all in', r.starts_at, r.starts_at, "
        "0, 'marks' FROM registers r",
        "INSERT INTO outbox (person, channel, address, script, text, parts, buttons, register_id, "
        "case_refs, cause, urgency, state, due_at, patience_s, fate_unknown, tries, attempts, "
        "made_at, says) SELECT 'tutor-' || (r.id % 450), 'telegram', "
        "CAST(700000000 + r.id % 450 AS VARCHAR(20)), 'register_prompt', 'Who is in?', 1, '[]', "
        "r.id, '[]', '', 2, 'delivered', r.starts_at, 3600, FALSE, 1, '[]', r.starts_at, '' "
        "FROM registers r",
        "INSERT INTO cases (ref, matter, provider, provider_name, register_id, number, pupil, "
        "state, rung, told, ladder, words, raised_by, opened_at, acknowledged_by, resolved_at, "
        "resolved_by, outcome, notes) SELECT 'K' || r.id % 9999, 'absence', r.provider, "
        "r.provider, r.id, 1, 'pupil-' || (r.id % 450) || '-1', 'resolved', 0, '[]', '{}', '', '', "
        "r.starts_at, '', r.starts_at, '', '', '[]' FROM registers r WHERE r.id % 5 = 0",
    ):
        db.execute(text(statement))
