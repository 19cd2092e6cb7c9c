"""What is promised of a day: docs/duties.md names, for each rule, the tests that hold it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
ROW = re.compile(r"^\| (?P<rule>[^|]+) \| (?P<held>[^|]+) \|$")


def rows() -> list[tuple[str, list[str]]]:
    """Each rule, and what holds it."""
    found = []
    for line in (REPO / "docs" / "duties.md").read_text(encoding="utf-8").splitlines():
        row = ROW.match(line)
        if row and row["rule"] not in ("rule", "---"):
            found.append((row["rule"], re.findall(r"`([^`]+)`", row["held"])))
    return found


@cache
def names_in(file: str) -> frozenset[str]:
    """The names of a file's tests."""
    tree = ast.parse((REPO / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))


def test_there_are_rules() -> None:
    """An empty page would pass every other test here."""
    assert len(rows()) > 80


@pytest.mark.parametrize(("rule", "held"), rows(), ids=lambda one: one if len(one) < 60 else "")
def test_every_rule_is_held_by_tests_that_exist(rule: str, held: list[str]) -> None:
    """A test that was renamed or taken out leaves no rule behind that nobody holds."""
    assert held, rule
    for name in held:
        file, _, test = name.partition("::")
        assert (REPO / file).is_file(), f"{rule}: {file}"
        assert not test or test in names_in(file), f"{rule}: {name}"
