"""
Which channels are installed, by the entry points of `apbot.channels`.

A channel from another package is installed by its own entry point, and no line of this one.
"""

from importlib.metadata import entry_points
from typing import Any

GROUP = "apbot.channels"


def installed() -> dict[str, type[Any]]:
    """Return each channel's class by the channel's name; each takes settings of its own."""
    return {point.name: point.load() for point in entry_points(group=GROUP)}
