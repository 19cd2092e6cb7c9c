"""Words are data: what the reader knows of language stands in conversations/hears, not in code."""

import ast
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest
from tests.conftest import REPO

import apbot.domain.words as house
from apbot.loading.hears import SAID_MARKS
from apbot.reading.case_words import Heard
from apbot.reading.foretelling import FORETELLING_WORDS
from apbot.reading.lexicon import Kind
from apbot.reading.reopening import REOPENING_WORDS
from apbot.reading.telling import TELLING_WORDS

READING = REPO / "src" / "apbot" / "reading"

_TOKENS = {"word", "number", "time", "date", "pair", "hash", "punct", "sign", "emoji", "mixed"}
_STATEMENTS = {
    "pupils",
    "thing",
    "past",
    "future",
    "weekday",
    "today",
    "end",
    "ref",
    "ordinal",
    "this",
    "next",
    "coming",
}
_MARKS = {"not_late", "not_back", "in_place", "in_away", "in_somewhere", "in_", "missing"}
_ORDERS = {"withhold", "open", "here", "not here", "not here yet"}
_ATOMS = {*("TUA", "TUAFH", "WCUNFHR", "DWCUNF", "BQ", "D(?:TD)?[A]+D|DTDA*D"), *"abDEFHNPRUWx"}
OUR_OWN = _TOKENS | _STATEMENTS | _MARKS | _ORDERS | _ATOMS
"""How the reader names what it makes of a message: no word that anybody typed."""

SPELLING = {
    # a plural, the half of a clock, an ordinal and its figure, the letters of a list
    *("s", "ss", "'s", "am", "pm", "p", "st", "nd", "rd", "th"),
    *("n", "l", "x", "y", "h", "t", "aeiouy", "*number"),
    *("Cc", "Cf", "Cs", "Co", "Mn"),
}
"""How figures, letters and signs are written; no office writes them in words of its own."""


def our_words() -> set[str]:
    """Every name that the code itself gives: of enums, sections and pieces."""
    enums = (each for each in vars(house).values() if isinstance(each, type))
    named = {str(one.value) for each in enums if issubclass(each, Enum) for one in each}
    sections = {*FORETELLING_WORDS, *TELLING_WORDS, *REOPENING_WORDS, *SAID_MARKS}
    return named | {*Kind} | {*Heard} | sections | OUR_OWN | SPELLING


def compared(source: str) -> Iterator[tuple[int, str]]:
    """Yield each text of letters that the code compares something with, and its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            parts: list[ast.expr] = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            ends = ("startswith", "endswith", "removesuffix", "removeprefix", "isdisjoint")
            parts = node.args if node.func.attr in ends else []
        else:
            continue
        for each in (one for part in parts for one in ast.walk(part)):
            if isinstance(each, ast.Constant) and _has_letters(each.value):
                yield each.lineno, str(each.value)


def _has_letters(value: object) -> bool:
    return isinstance(value, str) and any(letter.isalpha() for letter in value)


@pytest.mark.parametrize("module", sorted(READING.glob("*.py")), ids=lambda path: path.stem)
def test_no_word_of_a_message_stands_in_the_code(module: Path) -> None:
    known = our_words()
    words = [
        f"{module.name}:{line}: {word!r} belongs in conversations/hears"
        for line, word in compared(module.read_text(encoding="utf-8"))
        if word not in known
    ]
    assert words == []


def test_a_word_in_the_code_would_be_found() -> None:
    assert list(compared("typed == 'bunked' or said.endswith(' off')")) == [
        (1, "bunked"),
        (1, " off"),
    ]
