"""
Sparing: libraries without what they would bring along and nothing here uses.

Some import another large library wherever they find it, and do as well without it. What is left
out here would be twenty megabytes of every process, and a part of every start.
"""

import sys
from importlib import import_module
from importlib.util import find_spec


def import_without(name: str, unwanted: str) -> None:
    """Import a library as where another is not installed; no more where either is there already."""
    if name in sys.modules or unwanted in sys.modules:
        return
    sys.modules[unwanted] = None  # type: ignore[assignment]  # Python's own word for "not there"
    try:
        import_module(name)
    finally:
        del sys.modules[unwanted]


def do_without(name: str) -> None:
    """Remember, if a library is not installed, that it is not: asking for it then costs nothing."""
    if name not in sys.modules and find_spec(name) is None:
        sys.modules[name] = None  # type: ignore[assignment]  # Python's own word for "not there"
