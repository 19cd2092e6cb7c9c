"""
Answered: texts that waited so long that what they ask for, or tell of, is over.

A network that is away for a minute keeps a chase until it is back. Somebody who has answered
meanwhile must not be told that there is no answer, nor a contact be sent after a register that has
come: whoever is asked for nothing learns to look away.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from apbot.domain.register import RegisterState
from apbot.store.cases import list_cases
from apbot.store.outbox import OutboxRow
from apbot.store.registers import list_by_id

ASKING = frozenset(
    {
        "register_prompt",
        "register_prompt_later",
        "register_chase",
        "register_chase_one",
        "register_chase_known",
    }
)
"""The texts that ask for a register."""

OF_REGISTERS = ASKING | {"provider_css_told"}
"""The texts that are of use until the register is in."""

OF_CASES = frozenset(
    {
        *("css_register_missing", "css_register_missing_still", "css_register_missing_away"),
        *("css_unaccounted", "css_unaccounted_still", "css_unaccounted_off_register"),
        *("css_absences", "css_closed", "css_several", "css_several_outcomes"),
        *("css_outcome_wanted", "provider_unaccounted", "provider_still_unaccounted"),
    }
)
"""The texts that are of use while one of their cases is open; words of people are none of them."""

WAITED = timedelta(seconds=30)
"""So long a text has waited before it is asked whether it is still of use."""

ANSWERED = "what it was about is over"


def answered(db: Connection, rows: Sequence[OutboxRow], now: datetime) -> frozenset[int]:
    """Return which of these texts have waited, and are of no use by now."""
    waited = [row for row in rows if row.made_at is not None and now - row.made_at >= WAITED]
    return frozenset((*_of_registers(db, waited), *_of_cases(db, waited)))


def is_answered(db: Connection, row: OutboxRow, now: datetime) -> bool:
    """Whether this one is."""
    return row.id in answered(db, (row,), now)


def _of_registers(db: Connection, rows: Sequence[OutboxRow]) -> list[int]:
    asking = {row.id: row.register for row in rows if row.script in OF_REGISTERS}
    ids = {id for id in asking.values() if id is not None}
    if not ids:
        return []
    over = (RegisterState.COMPLETE, RegisterState.CLOSED)
    in_by_now = {one.id for one in list_by_id(db, ids) if one.state in over}
    return [row for row, register in asking.items() if register in in_by_now]


def _of_cases(db: Connection, rows: Sequence[OutboxRow]) -> list[int]:
    telling = {row.id: {*row.case_refs} for row in rows if row.script in OF_CASES}
    refs = {ref for of in telling.values() for ref in of}
    if not refs:
        return []
    still_open = {case.ref for case in list_cases(db, only_open=True, refs=sorted(refs))}
    return [row for row, of in telling.items() if of and not of & still_open]
