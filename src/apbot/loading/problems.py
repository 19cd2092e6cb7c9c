"""
Problems: what is wrong in a file that a person wrote, where, and what to do.

Loading never stops at the first: it gathers every problem of every file, so that one run of
`apbot check` shows the whole of the work.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

# How many names a person reads at once, and how many are shown of more.
_MOST_TOLD = 24
_SOME_TOLD = 5


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: `file:line: what; remedy`. `line` counts from 1; 0 is the file as a whole."""

    file: str
    line: int
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.what}" + (f"; {self.remedy}" if self.remedy else "")


class Unreadable(Exception):
    """The files hold problems; nothing of them is used."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def shown(path: Path) -> str:
    """Return the path as a person would name it: from here where it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def nearest(word: str, known: Collection[str]) -> str:
    """Return what to write for a word that is not known: the one that was meant, or which are."""
    names = sorted(str(each) for each in known)
    near = get_close_matches(word, names, 1)
    if near:
        return f"did you mean '{near[0]}'?"
    if len(names) <= _MOST_TOLD:
        return f"known: {', '.join(names)}"
    some = get_close_matches(word, names, _SOME_TOLD, cutoff=0.0)
    return f"{len(names)} are known; the nearest: {', '.join(some)}"
