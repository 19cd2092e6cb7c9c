"""
Problems: what is wrong in a file that a person wrote, where, and what to do.

Loading never stops at the first: it gathers every problem of every file, so that one run of
`apbot check` shows the whole of the work.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


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
