"""
What was measured, as a table: the figure, what it was to be, and whether it is.
"""

import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measured:
    """One line. `is_met` is None where there is no goal, or where a reference is told."""

    what: str
    figure: str
    goal: str = ""
    is_met: bool | None = None

    @property
    def verdict(self) -> str:
        """Whether the goal is met, in a word."""
        return {True: "met", False: "not met", None: ""}[self.is_met]


def as_markdown(title: str, lines: Iterable[Measured]) -> str:
    """Return one measurement as a section of the report."""
    rows = "\n".join(f"| {one.what} | {one.figure} | {one.goal} | {one.verdict} |" for one in lines)
    return f"## {title}\n\n| what | measured | goal | |\n| --- | --- | --- | --- |\n{rows}\n"


def machine() -> str:
    """Return on what this was measured, in a line."""
    cores = Path("/proc/cpuinfo")
    text = cores.read_text() if cores.exists() else ""
    names = {line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line}
    count = text.count("processor\t") or 1
    load = Path("/proc/loadavg")
    busy = load.read_text().split()[0] if load.exists() else "unknown"
    return (
        f"{count} cores ({', '.join(sorted(names)) or platform.processor()}), "
        f"Python {platform.python_version()}, {platform.system()}; load before the run {busy}"
    )


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value below which this share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
