"""
Colleagues: a contact asks another, by name, to take a case: that is no word about the child.
"""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass

from apbot.reading.tokens import fold


@dataclass(frozen=True, slots=True)
class AskedToTake:
    """Whom a contact asks to take a case, the words that say which, and what else is said."""

    colleague: str
    words: str
    rest: str


_WORD = re.compile(r"[a-z0-9']+")
_CLAUSE = re.compile(r"[,.;!\n]+(?=\s|$)")


def asked_to_take(text: str, colleagues: Mapping[str, str], asks: Set[str]) -> AskedToTake | None:
    """
    Return what a contact asks of a colleague, or None. `colleagues` are keys by first name,
    `asks` the phrases by which one is asked.

    "ok jade and tommo, dawn can you do jack": Dawn is asked for Jack, and the rest is said of
    the others.
    """
    clauses = [clause.strip() for clause in _CLAUSE.split(text) if clause.strip()]
    for place, clause in enumerate(clauses):
        said = _WORD.findall(fold(clause))
        line = f" {' '.join(said)} "
        asked = next((one for one in asks if f" {one} " in line), None)
        if asked is None:
            continue
        # "ravi, can you take K7": the comma is no new sentence.
        before = _WORD.findall(fold(clauses[place - 1])) if place else []
        is_called = len(before) < 3 and any(word in colleagues for word in before)
        named = [word for word in (*(before if is_called else ()), *said) if word in colleagues]
        if not named:
            continue
        rest = [*clauses[: place - 1 if is_called else place], *clauses[place + 1 :]]
        return AskedToTake(colleagues[named[0]], clause, ", ".join(rest))
    return None
