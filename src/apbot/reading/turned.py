"""
Turned: what mark words come to once a "not" has turned them round.

"Not in yet" is no absence before its hour and "isn't off" is a presence; what a "not" makes of
other words nobody can say, and it becomes a question.
"""

from collections.abc import Mapping

from apbot.reading.codes import ABSENT_CODES, PRESENT_CODES, REASON_CODES
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import begins
from apbot.reading.statements import Said, Statement

UNSURE = "unsure"
_MISSING, _NO_SIGN, _ACCOUNTED = "missing", "no sign", "accounted"
# What says that somebody is here.
HERE = frozenset(("present", "arrived", "back"))
_TURNED: Mapping[str, str] = {
    "present": "absent",
    "arrived": "absent",
    "absent": "present",
    "awaited": "absent",
    "back": "not_back",
    "late": "not_late",
}


def kin_of(typed: str, beside: Neighbours) -> str:
    """Return what a mark word is besides its value, or nothing."""
    if typed in beside.missing:
        return _MISSING
    if begins(typed, beside.no_sign_yet):
        return _NO_SIGN
    return "" if beside.accounted.isdisjoint(typed.split()) else _ACCOUNTED


def bases(statement: Statement) -> set[str]:
    """Return what the mark words come to once a "not" has turned them round."""
    found = {base(said, statement) for said in statement.marks}
    why = any(reason != "unknown" for reason, _, _ in statement.reasons)
    if statement.negates_who and not statement.marks and not why:
        # "no ibraheem today no idea why".
        found.add("not_yet" if statement.is_yet else "absent")
    return found


def base(said: Said, statement: Statement) -> str:
    """Return what one mark word comes to: a mark, or missing, not_yet, not_back or unsure."""
    if said.is_code:
        return _code_base(said.value)
    value = "present" if said.value == "yes" else said.value
    if not said.negated:
        if statement.is_yet and said.kin == _NO_SIGN:
            return "not_yet"
        return "missing" if value == "absent" and said.kin == _MISSING else value
    if statement.is_yet and value in ("present", "arrived"):
        return "not_yet"
    if value == "late":
        # "was never late" does not say where anybody is.
        return "not_late"
    if value == "unaccounted" and said.kin == _ACCOUNTED:
        return "present"
    return _TURNED.get(value, UNSURE)


def _code_base(code: str) -> str:
    if code in PRESENT_CODES:
        return "present"
    if code in ABSENT_CODES or code in REASON_CODES:
        return "absent"
    return "late" if code == "l" else UNSURE
