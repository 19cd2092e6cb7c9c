"""
Domain values to and from the JSON that a column keeps.

One table of adapters, so that a stamped policy or a roster line comes back exactly as it went in:
enums, durations, times and days of the domain's own types. The same value is the same JSON in
every process, so that two loads of one list can be compared.

Thousands of registers carry the same policy, and each is read again and again through its day.
What was made of a text lately is kept, so neither the text nor the value is made twice; both are
shared and never changed.
"""

import json
from collections import OrderedDict
from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

T = TypeVar("T")

KEPT = 4096
"""How many values are kept, of those read or written lately."""

_adapters: dict[Any, TypeAdapter[Any]] = {}


class _Lately:
    """By kind and by the very object, what was made of it lately. Holds the object, so that no
    other can take its place."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[Any, int], tuple[Any, Any]] = OrderedDict()
        self._lock = Lock()

    def find(self, kind: Any, of: Any) -> Any:
        """Return what was made of this object, or None."""
        with self._lock:
            held = self._held.get((kind, id(of)))
            if held is None or held[0] is not of:
                return None
            self._held.move_to_end((kind, id(of)))
            return held[1]

    def keep(self, kind: Any, of: Any, made: Any) -> None:
        """Keep what was made of this object."""
        with self._lock:
            self._held[kind, id(of)] = (of, made)
            if len(self._held) > KEPT:
                self._held.popitem(last=False)


_values = _Lately()
_stored = _Lately()


def to_json(kind: type[T] | Any, value: T) -> Any:
    """Return the value as JSON can hold it. What is returned may be shared: never change it."""
    stored = _stored.find(kind, value)
    if stored is None:
        stored = to_jsonable_python(_in_order(_adapter(kind).dump_python(value)))
        _stored.keep(kind, value, stored)
    return stored


def from_json(kind: type[T] | Any, stored: Any) -> T:
    """Return the value that `to_json` made this of. Raises ValueError for anything else."""
    value: T | None = _values.find(kind, stored)
    if value is None:
        value = _adapter(kind).validate_python(stored)
        _values.keep(kind, stored, value)
        _stored.keep(kind, value, stored)
    return value


@lru_cache(maxsize=KEPT)
def from_text(text: str | bytes) -> Any:
    """Return the JSON that a column's text holds; the same text is the same, shared, object."""
    return json.loads(text)


def _in_order(value: Any) -> Any:
    """Return the value with its sets as sorted lists: a set's own order differs by process."""
    if isinstance(value, frozenset | set):
        return sorted((_in_order(each) for each in value), key=repr)
    if isinstance(value, dict):
        return {key: _in_order(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_in_order(each) for each in value]
    return value


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]
