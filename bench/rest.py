"""
At rest: what `apbot serve` costs while nothing happens, and how soon it is there.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from bench.databases import a_sqlite
from bench.processes import answers, free_port, running
from bench.table import Measured

WATCHED_S = 20
MEMORY_MB = 150
CPU_PERCENT = 1.0
READY_S = 2.0


def measure() -> Iterator[Measured]:
    """Yield memory, processor and the time to be ready, of the invented town on SQLite."""
    port = free_port()
    with a_sqlite() as url:
        settings = {
            "DATABASE_URL": url,
            "PORT": str(port),
            "APBOT_CLOCK_START": "2026-11-22T11:00",
        }
        began = time.perf_counter()
        with running("apbot", "serve", settings=settings, says="") as process:
            answers(f"http://127.0.0.1:{port}/health/ready")
            ready = time.perf_counter() - began
            time.sleep(5)
            before = _busy_s(process.pid)
            time.sleep(WATCHED_S)
            cpu = 100 * (_busy_s(process.pid) - before) / WATCHED_S
            memory = _resident_mb(process.pid)
    yield Measured("memory", f"{memory:.0f} MB", f"< {MEMORY_MB} MB", memory < MEMORY_MB)
    yield Measured("processor", f"{cpu:.2f} % of a core", f"< {CPU_PERCENT:g} %", cpu < CPU_PERCENT)
    yield Measured("from start to ready", f"{ready:.2f} s", f"< {READY_S:g} s", ready < READY_S)


def _resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _busy_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
