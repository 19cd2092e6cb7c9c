"""
The files of `conversations/hears/`, read but not yet understood.

They are kept as they were read when apbot started, so that words that an office teaches are laid
over the very files that it started with, whoever edits them meanwhile.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apbot.loading.lined import read_yaml
from apbot.loading.problems import Problem, Unreadable, shown


@dataclass(frozen=True, slots=True)
class Hears:
    """
    The files of a directory as they were read; `problems` are those of files that were not.

    `examples` are ordinary replies that a word taught later must not read otherwise.
    """

    directory: str
    files: tuple[tuple[str, Any], ...]
    problems: tuple[Problem, ...] = ()
    examples: tuple[str, ...] = ()


def read_hears(directory: Path) -> Hears:
    """Read every YAML file of the directory. Raises Unreadable where there is none."""
    paths = sorted(directory.glob("*.yaml"))
    if not paths:
        what = "no files of words to hear here"
        raise Unreadable([Problem(shown(directory), 0, what, "name conversations/hears")])
    files: list[tuple[str, Any]] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            files.append((shown(path), read_yaml(path)))
        except Unreadable as error:
            problems.extend(error.problems)
    # Spellings first: every other phrase is written by them.
    files.sort(key=lambda each: not (isinstance(each[1], dict) and "rewrites" in each[1]))
    examples = _examples(directory / "examples" / "replies.txt", problems)
    return Hears(shown(directory), tuple(files), tuple(problems), examples)


def _examples(path: Path, problems: list[Problem]) -> tuple[str, ...]:
    if not path.exists():
        return ()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        what = f"not UTF-8 text ({error.reason} at byte {error.start})"
        problems.append(Problem(shown(path), 0, what, "save the file as UTF-8"))
        return ()
    return tuple(line for line in lines if line.strip() and not line.startswith("# "))


@contextmanager
def undisturbed() -> Iterator[None]:
    """
    Let the garbage collector rest meanwhile: all that is made of the files stays.

    Nor does it walk over all of it the moment it is awake again: that took a fifth of the time.
    """
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.freeze()
            gc.enable()
