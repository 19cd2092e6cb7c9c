"""
Checking: gathering what is wrong as files are read, so that one run tells all of it.

A reader of a word raises Unclear; whoever knows the file and the line adds it to the Findings and
reads on. Nothing that had a problem is used, and nothing stops at the first.
"""

from collections.abc import Callable, Collection
from typing import TypeVar

from rapidfuzz import fuzz, process, utils

from apbot.loading.problems import Problem, Unreadable

T = TypeVar("T")

# Below this likeness (of 100) a guess would mislead more than it helps.
LIKE_ENOUGH = 65

# More words than these are not listed in a remedy; the reader is sent to the file instead.
FEW = 10


class Unclear(Exception):
    """What a person wrote cannot be taken for what it should be: `what` follows the words."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


class Findings:
    """The problems found so far, each kept once."""

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, in the order of files and lines."""
        return tuple(sorted(self._problems))

    def add(self, file: str, line: int, what: str, remedy: str = "") -> None:
        """Note one problem. The same one found twice is one."""
        self._problems[Problem(file, line, what, remedy)] = None

    def take(self, unreadable: Unreadable) -> None:
        """Note what made a whole file unreadable."""
        self._problems |= dict.fromkeys(unreadable.problems)

    def has(self, file: str) -> bool:
        """Whether there is a problem in this file."""
        return any(problem.file == file for problem in self._problems)

    def raise_if_any(self) -> None:
        """Raise Unreadable with all of them, if there are any."""
        if self._problems:
            raise Unreadable(self._problems)


def try_reading(reader: Callable[[str], T], text: str) -> T | Unclear:
    """Return what the reader makes of the text, or why it could make nothing of it."""
    try:
        return reader(text)
    except Unclear as unclear:
        return unclear


def likeliest(word: str, choices: Collection[str]) -> str | None:
    """Return the choice that a person most likely meant by this word, if one is like enough."""
    guess = process.extractOne(
        word,
        list(choices),
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=LIKE_ENOUGH,
    )
    return None if guess is None else guess[0]


def nearest(word: str, choices: Collection[str], elsewhere: str = "") -> str:
    """Return a remedy for an unknown word: the likely one, the few there are, where to look."""
    guess = likeliest(word, choices)
    if guess is not None:
        return f"did you mean '{guess}'?"
    if 0 < len(choices) <= FEW:
        return f"it can be {in_words(choices)}"
    return f"see {elsewhere}" if elsewhere else ""


def in_words(choices: Collection[str]) -> str:
    """Return "a, b or c"."""
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last
