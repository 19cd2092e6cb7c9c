"""Words: the glossary holds those of the house, and every script that is spoken is written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.conftest import REPO

from apbot.loading.scripts_used import check_scripts
from apbot.wording.spoken import SPOKEN

SOURCE = REPO / "src" / "apbot"
SAYS = REPO / "conversations" / "says"

WORDS = """
provider, pupil, known_as, placement, session, half, roster, register, mark, reason, flag, prompt,
chase, reply, reading, ask, pending, policy, step, escalation, deadline, due_at, case, ref, matter,
acknowledgement, ack, resolve, contact, key contact, css, parent, channel, address, script, text,
inbox, outbox, receipt, decision, because, talk, claim, lease, tick
"""
"""What the house is spoken of in: tables, classes, scripts and documents alike."""


def glossary() -> list[str]:
    """The words that the glossary explains, in its order."""
    rows = [line.split("|") for line in _lines() if line.startswith("|")]
    return [word.casefold() for row in rows for word in re.findall(r"\*\*(.+?)\*\*", row[1])]


def also_written() -> set[str]:
    """How else they are written: short forms, and values as they stand in files and tables."""
    rows = [line.split("|") for line in _lines() if line.startswith("|")]
    return {word.casefold() for row in rows for word in re.findall(r"`(\w+)`", row[1] + row[2])}


@pytest.mark.parametrize("word", [word.strip() for word in WORDS.split(",")])
def test_the_glossary_explains_the_words_of_the_house(word: str) -> None:
    """A newcomer can look up every one of them."""
    assert word in {*glossary(), *also_written()}


def test_the_glossary_explains_no_word_twice() -> None:
    """Two explanations would be two words."""
    words = glossary()

    assert sorted(words) == sorted(set(words))


def test_every_script_that_is_spoken_is_in_the_source() -> None:
    """A name that no rule says any more is to be taken off the list, and out of the files."""
    assert SPOKEN - set(_constants(SOURCE)) == set()


def test_every_script_in_the_source_is_one_that_is_spoken() -> None:
    """What a rule says by name stands on the list, so that its words are checked beforehand."""
    assert {name for name in _said(SOURCE) if name not in SPOKEN} == set()


def test_every_script_that_is_spoken_is_written_and_no_other() -> None:
    """Each has words, each word's facts can be told, and nothing is left behind."""
    written = {
        name
        for path in SAYS.glob("*.yaml")
        if path.stem.count(".") == 0
        for name in yaml.safe_load(path.read_text())
    }

    assert written == SPOKEN
    assert check_scripts(SAYS) == ()


def _lines() -> list[str]:
    return (REPO / "docs" / "glossary.md").read_text().splitlines()


def _constants(folder: Path) -> Iterator[str]:
    """Yield every string in the source, but docstrings and the list itself."""
    for _, tree in _trees(folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _said(folder: Path) -> Iterator[str]:
    """Yield every name that is given as a script: `script="…"`, and the second word of a Say."""
    for _, tree in _trees(folder):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            given = [kw.value for kw in node.keywords if kw.arg == "script"]
            if isinstance(node.func, ast.Name) and node.func.id == "Say":
                given += node.args[1:2]
            for value in given:
                yield from _names(value)


def _names(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    if isinstance(value, ast.IfExp):
        yield from _names(value.body)
        yield from _names(value.orelse)


def _trees(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        if path.name != "spoken.py":
            yield path, ast.parse(path.read_text())
