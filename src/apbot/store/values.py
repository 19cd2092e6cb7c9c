"""
Domain values to and from the JSON that a column keeps.

One table of adapters, so that a stamped policy or a roster line comes back exactly as it went in:
enums, durations, times and days of the domain's own types.
"""

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")

_adapters: dict[Any, TypeAdapter[Any]] = {}


def to_json(kind: type[T] | Any, value: T) -> Any:
    """Return the value as JSON can hold it."""
    return _adapter(kind).dump_python(value, mode="json")


def from_json(kind: type[T] | Any, stored: Any) -> T:
    """Return the value that `to_json` made this of. Raises ValueError for anything else."""
    value: T = _adapter(kind).validate_python(stored)
    return value


def _adapter(kind: Any) -> TypeAdapter[Any]:
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]
