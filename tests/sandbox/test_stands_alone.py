import ast
from pathlib import Path

import pytest

import apbot.sandbox

MODULES = sorted(Path(apbot.sandbox.__file__).parent.glob("*.py"))
ALLOWED = ("apbot.clock", "apbot.sandbox")
LIBRARIES = {"fastapi", "httpx", "starlette"}


def imported(module: Path) -> set[str]:
    """Return the full names of all that a module imports."""
    names = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." * node.level + (node.module or ""))
    return names


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_the_sandbox_knows_nothing_of_the_product(module: Path) -> None:
    """The stand-ins import the clock and one another, and no network's own library."""
    ours = {name for name in imported(module) if name.startswith(("apbot", "."))}
    others = {name.split(".")[0] for name in imported(module) - ours}

    assert {name for name in ours if not name.startswith(ALLOWED)} == set()
    assert others.isdisjoint({"telegram", "twilio", "sqlalchemy", "phonenumbers"})
    assert {name for path in MODULES for name in map(_root, imported(path))} >= LIBRARIES


def _root(name: str) -> str:
    return name.split(".")[0]
