"""The repository stands alone: no excuse without a reason, nobody's number, nobody's machine."""

import re
import tomllib

import pytest
from tests.conftest import REPO
from tests.contracts.files import text_files

EXCUSE = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b.*")
EXCUSE_WITH_REASON = re.compile(
    r"#\s*(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[a-z-]+(?:, ?[a-z-]+)*\])"
    r"\s+(?:#|-)\s*\w.*"
)

A_NUMBER = re.compile(
    r"(?<![\w.+/-])(?:"
    r"\+\d[\d ]{8,16}\d"
    r"|0[127]\d{3}[ -]?\d{6}"
    r"|0[127]\d{2}[ -]?\d{3}[ -]?\d{4}"
    r"|020[ -]?\d{4}[ -]?\d{4}"
    r")(?![\w-])"
)
FOR_DRAMA = re.compile(r"(?:\+44|0)(?:7700900\d{3}|1632960\d{3}|2079460\d{3})")

A_LOCAL_PATH = re.compile(r"(?<![\w.:{}-])/(?:home|Users|root|work|workspace|mnt)/")
AN_INDEX = re.compile(
    r"index.url[ =]+http|find.links[ =]+http|https?://[^ \"']*/simple\b|registry[ =:]+http",
    re.IGNORECASE,
)


@pytest.mark.parametrize("room", ["src/", "tests/", "bench/"])
def test_every_exception_to_a_rule_has_its_reason_beside_it(room: str) -> None:
    """`noqa` and `type: ignore` name what they except, and say why."""
    bare = [
        f"{name}: {excuse}"
        for name, words in text_files(without="test_repository.py")
        if name.startswith(room) and name.endswith(".py")
        for excuse in EXCUSE.findall(words)
        if not EXCUSE_WITH_REASON.fullmatch(excuse.strip())
    ]

    assert bare == []


def test_every_rule_that_is_switched_off_has_its_reason_beside_it() -> None:
    """In pyproject.toml too: a line each, and why."""
    words = (REPO / "pyproject.toml").read_text()
    lint = tomllib.loads(words)["tool"]["ruff"]["lint"]
    switched_off = [*lint["ignore"], *lint["per-file-ignores"]]
    lines = words.splitlines()

    for what in switched_off:
        line = next(line for line in lines if line.strip().startswith(f'"{what}"'))
        assert re.search(r"\]?,?\s+# \w", line), line


def test_every_number_is_one_of_those_kept_for_drama() -> None:
    """07700 900… and 01632 960… are nobody's: a mistake here rings nobody's phone."""
    found = {
        f"{name}: {number}"
        for name, words in text_files(without="requirements.lock")
        for number in A_NUMBER.findall(words)
        if not FOR_DRAMA.fullmatch(re.sub(r"[ -]", "", number))
    }

    assert found == set()


def test_nothing_names_a_machine_or_a_package_index() -> None:
    """It runs wherever it is cloned, and takes its packages from wherever pip is told."""
    found = [
        f"{name}: {hit}"
        for name, words in text_files(without="test_repository.py")
        for pattern in (A_LOCAL_PATH, AN_INDEX)
        for hit in pattern.findall(words)
    ]

    assert found == []


def test_no_secret_is_kept_in_the_repository() -> None:
    """No account of a network, and no key."""
    a_secret = re.compile(
        r"\b(?:AC|SK)[0-9a-f]{32}\b|\b\d{8,10}:[A-Za-z0-9_-]{35}\b|BEGIN [A-Z ]*KEY"
    )
    found = {
        f"{name}: {hit}"
        for name, words in text_files(without="test_repository.py")
        for hit in a_secret.findall(words)
        # An invented account is one digit many times over, then a number.
        if len(set(hit[2:])) > 3
    }

    assert found == set()
