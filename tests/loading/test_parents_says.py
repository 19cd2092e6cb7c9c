"""The texts to parents in their languages: what one lacks is found beforehand."""

import shutil
from pathlib import Path

import pytest
from tests.conftest import REPO

from apbot.loading.problems import Unreadable
from apbot.loading.says import load_scripts
from apbot.loading.scripts_used import check_scripts


@pytest.fixture
def says(tmp_path: Path) -> Path:
    """A copy of the town's scripts, to be spoilt."""
    return Path(shutil.copytree(REPO / "conversations" / "says", tmp_path / "says"))


def spoil(says: Path, piece: str, instead: str) -> None:
    page = says / "parents.pl.yaml"
    text = page.read_text(encoding="utf-8")
    assert piece in text
    page.write_text(text.replace(piece, instead, 1), encoding="utf-8")


def test_a_script_that_a_language_lacks_is_named_with_its_file(says: Path) -> None:
    """These parents would get it in English, and nobody would know."""
    start = (says / "parents.pl.yaml").read_text(encoding="utf-8").index("parent_here_now:")
    text = (says / "parents.pl.yaml").read_text(encoding="utf-8")
    end = text.index("\n\n", start)
    spoil(says, text[start:end], "")

    (problem,) = check_scripts(says)

    assert problem.file.endswith("parents.pl.yaml")
    assert problem.what.startswith("parent_here_now is not in it")


def test_a_word_of_a_fact_that_a_language_lacks_is_named(says: Path) -> None:
    """A date would be half in English."""
    spoil(says, "  Mon: pon.\n", "")

    (problem,) = check_scripts(says)

    assert (problem.file.endswith("parents.pl.yaml"), problem.what) == (True, "no word for 'Mon'")


def test_a_word_that_no_fact_says_is_named_with_its_line(says: Path) -> None:
    """A slip of the pen: Monn is never said, and Mon is missing."""
    spoil(says, "  Mon: pon.\n", "  Monn: pon.\n")

    with pytest.raises(Unreadable) as unreadable:
        load_scripts(says)

    (problem,) = unreadable.value.problems
    assert problem.what == "'Monn' is no word of a fact"
    assert problem.remedy == "did you mean Mon?"
    assert problem.line > 1
