"""
YAML whose every value knows its line, so that an error can name it.

Scalars come back as `Lined` strings exactly as typed (`09:30`, `no` and `2026-11-23` stay text);
what a value should be is for its reader to say. A key written twice is a problem, not a winner.
"""

from pathlib import Path
from typing import Any

import yaml

from apbot.loading.problems import Problem, Unreadable, shown

_NULL, _TEXT = "tag:yaml.org,2002:null", "tag:yaml.org,2002:str"
_LIST, _PAIRS = "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"
# How YAML writes that there is no value.
_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # one of two, by how PyYAML was built
    """
    A loader for which every word is a word and only an empty value is none.

    In C where libyaml is there: ten times faster.
    """

    def resolve(self, kind: type[yaml.Node], value: str | None, implicit: object) -> str:
        """Return the tag of a value: text for all that is written, none for what is not."""
        if kind is not yaml.ScalarNode:
            return _LIST if kind is yaml.SequenceNode else _PAIRS
        plain = isinstance(implicit, tuple) and implicit[0]
        return _NULL if plain and value in _NOTHING else _TEXT


class Lined(str):
    """A text and the line that it stands on, counting from 1."""

    __slots__ = ("line",)
    line: int

    def __new__(cls, text: str, line: int) -> "Lined":
        made = super().__new__(cls, text)
        made.line = line
        return made


class LinedList(list[Any]):
    """A list and the line that it begins on."""

    line: int = 0


class LinedDict(dict[Lined, Any]):
    """A mapping with `Lined` keys and the line that it begins on."""

    line: int = 0


def line_of(value: Any) -> int:
    """Return the line that a value of `read_yaml` stands on, or 0."""
    return int(getattr(value, "line", 0))


def read_yaml(path: Path) -> Any:
    """
    Read one YAML file into LinedDict, LinedList, Lined or None.

    Raises Unreadable, with file and line, for what is no YAML, is not UTF-8, or has a key twice.
    """
    return yaml_in(shown(path), text_of(path))


def text_of(path: Path) -> str:
    """Return the text of a file. Raises Unreadable where there is none, or none in UTF-8."""
    name = shown(path)
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Unreadable([Problem(name, 0, "no such file", "make it, or name another")]) from None
    except UnicodeDecodeError as error:
        what = f"not UTF-8 text ({error.reason} at byte {error.start})"
        raise Unreadable([Problem(name, 0, what, "save the file as UTF-8")]) from None


def yaml_in(name: str, text: str) -> Any:
    """Read the YAML of a text that is called this, as `read_yaml` does. Raises Unreadable."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = str(getattr(error, "problem", None) or error)
        remedy = "check the indent, the colons and the quotes of this line and the one above"
        line = mark.line + 1 if mark else 0
        raise Unreadable([Problem(name, line, f"not YAML: {what}", remedy)]) from None
    problems: list[Problem] = []
    value = _value(node, name, problems)
    if problems:
        raise Unreadable(problems)
    return value


def _value(node: yaml.Node | None, name: str, problems: list[Problem]) -> Any:
    if node is None:
        return None
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        plain_null = node.tag == _NULL
        return None if plain_null else Lined(node.value, line)
    if isinstance(node, yaml.SequenceNode):
        items = LinedList()
        for item in node.value:
            is_text = item.__class__ is yaml.ScalarNode and item.tag != _NULL
            items.append(
                Lined(item.value, item.start_mark.line + 1)
                if is_text
                else _value(item, name, problems)
            )
        items.line = line
        return items
    pairs = LinedDict()
    pairs.line = line
    for key_node, value_node in node.value:
        key = Lined(str(key_node.value), key_node.start_mark.line + 1)
        if key in pairs:
            problems.append(Problem(name, key.line, f"'{key}' is here twice", "keep one of them"))
        pairs[key] = _value(value_node, name, problems)
    return pairs
