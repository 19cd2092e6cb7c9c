import shutil
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from apbot.loading.columns import COLUMNS
from apbot.loading.config import Config, load_config
from apbot.loading.problems import Unreadable

CONFIG = Path(__file__).parents[2] / "config"

LISTS = st.sampled_from(sorted(COLUMNS))


@pytest.fixture(scope="module")
def spoilt_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One copy for every example: each puts back what it spoils."""
    return shutil.copytree(CONFIG, tmp_path_factory.mktemp("any") / "config")


def loaded(town: Path, file: str, raw: bytes) -> Config | Unreadable:
    """Load the town with other bytes in one file."""
    (town / file).write_bytes(raw)
    try:
        return load_config(town)
    except Unreadable as unreadable:
        return unreadable
    finally:
        shutil.copy(CONFIG / file, town / file)


def are_told(outcome: Config | Unreadable) -> bool:
    """Whether it loaded, or every problem has a file and words."""
    if isinstance(outcome, Config):
        return True
    return all(problem.file and problem.what for problem in outcome.problems)


@settings(max_examples=60, deadline=None)
@given(file=LISTS, raw=st.binary(max_size=400))
@example("staff.csv", b"\xff\xfe\x00")
@example("staff.csv", b"\xfe\xff\xd8\x00")
@example("staff.csv", b"sep=")
@example("staff.csv", b'"')
@example("staff.csv", b"\x00,\x00\n\x00")
@example("pupils.csv", b'pupil,name\n"' + b"x" * 200_000 + b'"')
def test_no_bytes_of_a_list_raise_anything_but_unreadable(
    spoilt_town: Path, file: str, raw: bytes
) -> None:
    """A photograph saved as staff.csv is a problem with a file's name, never a traceback."""
    assert are_told(loaded(spoilt_town, file, raw))


@settings(max_examples=100, deadline=None)
@given(file=LISTS, cut=st.floats(0, 1), length=st.integers(0, 60), junk=st.binary(max_size=30))
def test_no_damage_to_a_list_raises_anything_but_unreadable(
    spoilt_town: Path, file: str, cut: float, length: int, junk: bytes
) -> None:
    """A list damaged anywhere in its middle is told of, or is still a list."""
    raw = (CONFIG / file).read_bytes()
    start = int(cut * len(raw))

    assert are_told(loaded(spoilt_town, file, raw[:start] + junk + raw[start + length :]))


@settings(max_examples=60, deadline=None)
@given(
    file=st.sampled_from(["service.yaml", "policies.yaml", "calendar.yaml"]),
    cut=st.floats(0, 1),
    length=st.integers(0, 60),
    junk=st.text("\n\t :-[]{}'\"#&*!|>%@`abc09é", max_size=12),
)
def test_no_damage_to_a_page_raises_anything_but_unreadable(
    spoilt_town: Path, file: str, cut: float, length: int, junk: str
) -> None:
    """Brackets, quotes and signs in the wrong place are told of by file and line."""
    text = (CONFIG / file).read_text(encoding="utf-8")
    start = int(cut * len(text))

    damaged = text[:start] + junk + text[start + length :]
    assert are_told(loaded(spoilt_town, file, damaged.encode()))
