"""
The files of `conversations/hears/`, read but not yet understood.

Their text is kept as it was read when apbot started, so that words that an office teaches are laid
over the very files that it started with, whoever edits them meanwhile.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apbot.loading.lined import text_of, yaml_in
from apbot.loading.problems import Problem, Unreadable, shown


@dataclass(frozen=True, slots=True)
class Hears:
    """
    The files of a directory, name and text each; `problems` are those of files that had none.

    `examples` are ordinary replies that a word taught later must not read otherwise.
    """

    directory: str
    files: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...] = ()
    examples: tuple[str, ...] = ()

    def contents(self) -> tuple[list[tuple[str, Any]], list[Problem]]:
        """Return what each file holds, spellings first, and what is wrong with the others."""
        found: list[tuple[str, Any]] = []
        problems = list(self.problems)
        for name, text in self.files:
            try:
                found.append((name, yaml_in(name, text)))
            except Unreadable as error:
                problems.extend(error.problems)
        # Every other phrase is written by them.
        found.sort(key=lambda each: not (isinstance(each[1], dict) and "rewrites" in each[1]))
        return found, problems


def read_hears(directory: Path) -> Hears:
    """Read every YAML file of the directory. Raises Unreadable where there is none."""
    paths = sorted(directory.glob("*.yaml"))
    if not paths:
        what = "no files of words to hear here"
        raise Unreadable([Problem(shown(directory), 0, what, "name conversations/hears")])
    examples = directory / "examples" / "replies.txt"
    texts: dict[Path, str] = {}
    problems: list[Problem] = []
    for path in [*paths, *([examples] if examples.exists() else [])]:
        try:
            texts[path] = text_of(path)
        except Unreadable as error:
            problems.extend(error.problems)
    replies = texts.pop(examples, "").splitlines()
    return Hears(
        shown(directory),
        tuple((shown(path), text) for path, text in texts.items()),
        tuple(problems),
        tuple(line for line in replies if line.strip() and not line.startswith("# ")),
    )


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
