"""
Domain values to and from the JSON that a column keeps.

One table of adapters, so that a stamped policy or a roster line comes back exactly as it went in:
enums, durations, times and days of the domain's own types. The same value is the same JSON in
every process, so that two loads of one list can be compared.
"""

from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

T = TypeVar("T")

_adapters: dict[Any, TypeAdapter[Any]] = {}


def to_json(kind: type[T] | Any, value: T) -> Any:
    """Return the value as JSON can hold it."""
    return to_jsonable_python(_in_order(_adapter(kind).dump_python(value)))


def from_json(kind: type[T] | Any, stored: Any) -> T:
    """Return the value that `to_json` made this of. Raises ValueError for anything else."""
    value: T = _adapter(kind).validate_python(stored)
    return value


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
