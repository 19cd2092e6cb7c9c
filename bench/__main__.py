"""
Run every measurement, print it and keep it: `make bench`, or `make bench ONLY=replies`.

Each measures itself against a reference of the same run, so that a busy machine shows in both.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import board, burst, growth, hooks, punctual, reading, replies, rest
from bench.table import Measured, as_markdown, machine

REPORT = Path("docs/bench.md")

HEAD = """# Bench

What `make bench` measured when it ran last. A figure is worth as much as its machine was idle:
look at the load, and at the references, which are measured in the same run and suffer with it.
"""

MEASUREMENTS: dict[str, tuple[str, Callable[[], Iterator[Measured]]]] = {
    "inbound": ("Inbound hooks", hooks.measure),
    "replies": ("A reply, from inbox to outbox", replies.measure),
    "burst": ("A burst", burst.measure),
    "punctual": ("Punctual at the network's own limit", punctual.measure),
    "rest": ("At rest", rest.measure),
    "board": ("The board, with six years of a county's history", board.measure),
    "reading": ("Reading", reading.measure),
    "growth": ("Growth", growth.measure),
}


DEFAULT = tuple(name for name in MEASUREMENTS if name != "growth")
"""Without six years of history, which take their time to make."""


def main() -> None:
    """Run what is asked for; keep the report where all of it ran."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", nargs="*", choices=MEASUREMENTS, default=[])
    parser.add_argument("--keep", type=Path, default=None, help="where the report goes")
    given = parser.parse_args()
    only, report = given.only, given.keep or (None if given.only else REPORT)
    on = machine()
    sections = []
    for name, (title, measure) in MEASUREMENTS.items():
        if name not in (only or DEFAULT):
            continue
        began = time.perf_counter()
        print(f"\n{title}", flush=True)
        lines = []
        for line in measure():
            lines.append(line)
            print(f"  {line.what}: {line.figure}  {line.goal}  {line.verdict}", flush=True)
        print(f"  ({time.perf_counter() - began:.0f} s)", file=sys.stderr, flush=True)
        sections.append(as_markdown(title, lines))
    if report is not None:
        report.write_text(f"{HEAD}\n{on}\n\n" + "\n".join(sections))
        print(f"\nkept as {report}")


if __name__ == "__main__":
    main()
