"""
Fields: a YAML mapping as a person wrote it, read word by word, with the line of each.

The companion of `lists`: the same readers of words, the same way of noting what is wrong.
"""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TypeVar

from apbot.loading.checking import Findings, Unclear, nearest, try_reading
from apbot.loading.lined import Lined, LinedDict, LinedList, line_of, read_yaml
from apbot.loading.problems import Unreadable, shown

T = TypeVar("T")


class Fields:
    """One mapping of a file. `about` is what it is of, for messages: "policy default"."""

    def __init__(self, file: str, about: str, node: LinedDict, found: Findings) -> None:
        self.file = file
        self.about = about
        self.is_sound = True
        self.node = node
        self.pairs: dict[str, Any] = dict(node.items())
        self._found = found

    def line(self, key: str) -> int:
        """Return the line of a value, or of its key, or of the mapping."""
        keys = [it for it in self.pairs if it == key]
        lines = [line_of(self.pairs.get(key)), *map(line_of, keys), self.node.line]
        return next((line for line in lines if line), 1)

    def only(self, known: Collection[str], needed: Collection[str] = ()) -> None:
        """Note keys that nobody knows, and keys that are needed and not there or empty."""
        for key in self.pairs:
            if key not in known:
                what = f"unknown word '{key}' in {self.about}"
                self.wrong_at(line_of(key), what, nearest(key, known))
        for key in needed:
            if self.pairs.get(key) in (None, ""):
                self.wrong(key, f"{self.about}: {key} is missing", f"add a line '{key}: …'")

    def read(self, key: str, reader: Callable[[str], T], otherwise: T) -> T:
        """Return the value of a key; `otherwise` if it is not there, or unclear and noted."""
        return self.read_value(key, self.pairs.get(key), reader, otherwise)

    def read_each(self, key: str, reader: Callable[[str], T]) -> tuple[T, ...]:
        """Return the values of a list; one word alone is a list of one."""
        values = [self.read_value(key, it, reader, None) for it in self.listed(key)]
        return tuple(value for value in values if value is not None)

    def read_value(self, key: str, value: Any, reader: Callable[[str], T], otherwise: T) -> T:
        """Return what the reader makes of a value that stands under this key."""
        if value is None:
            return otherwise
        line = line_of(value) or self.line(key)
        if not isinstance(value, Lined):
            self.wrong_at(line, f"{key} of {self.about} should be one word", "take the list away")
            return otherwise
        read = try_reading(reader, " ".join(value.split()))
        if isinstance(read, Unclear):
            self.wrong_at(line, f"{key} '{value}' {read.what}", read.remedy)
            return otherwise
        return read

    def listed(self, key: str) -> list[Any]:
        """Return the items of a list; none for what is not there."""
        value = self.pairs.get(key)
        if value is None:
            return []
        return list(value) if isinstance(value, LinedList) else [value]

    def inner(self, key: str, about: str) -> "Fields | None":
        """Return the mapping under a key, or None if there is none, noted unless it is absent."""
        value = self.pairs.get(key)
        return None if value is None else self.mapping(key, value, about)

    def inners(self, key: str, about: str) -> "list[Fields]":
        """Return the mappings in a list."""
        made = [self.mapping(key, value, about) for value in self.listed(key)]
        return [it for it in made if it is not None]

    def mapping(self, key: str, value: Any, about: str) -> "Fields | None":
        """Return a value as a mapping, or None, noted, if it is something else."""
        if isinstance(value, LinedDict):
            return Fields(self.file, about, value, self._found)
        line = line_of(value) or self.line(key)
        self.wrong_at(line, f"{about} should be 'word: value' pairs", "indent them below it")
        return None

    def wrong(self, key: str, what: str, remedy: str = "") -> None:
        """Note a problem on the line of this key."""
        self.wrong_at(self.line(key), what, remedy)

    def wrong_at(self, line: int, what: str, remedy: str = "") -> None:
        """Note a problem on this line; what is read from here will not be used."""
        self.is_sound = False
        self._found.add(self.file, line, what, remedy)


def read_fields(path: Path, about: str, found: Findings) -> Fields | None:
    """Read a YAML file that is one mapping; None, with the problems noted, if it is not."""
    try:
        value = read_yaml(path)
    except Unreadable as unreadable:
        found.take(unreadable)
        return None
    if isinstance(value, LinedDict):
        return Fields(shown(path), about, value, found)
    found.add(
        shown(path), 1, f"{about} should be 'word: value' pairs", "see README.md in its directory"
    )
    return None
