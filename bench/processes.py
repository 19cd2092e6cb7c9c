"""
Processes to measure: started with their settings, ready when they say so, ended by us alone.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parents[1]
PATIENCE_S = 60


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def spawn(
    module: str,
    *words: str,
    settings: Mapping[str, str],
    log: Path | None = None,
    checkout: Path = HERE,
) -> subprocess.Popen[bytes]:
    """Start a module of this checkout or another, its log at the end of a file, where named."""
    with open(log or os.devnull, "ab") as told:
        return subprocess.Popen(
            [sys.executable, "-m", module, *words],
            env=_environment(settings, checkout),
            cwd=checkout,
            stdout=told,
            stderr=told,
        )


def _environment(settings: Mapping[str, str], checkout: Path = HERE) -> dict[str, str]:
    beside = os.environ.get("PYTHONPATH", "") if checkout == HERE else ""
    path = os.pathsep.join([str(checkout / "src"), str(checkout), beside])
    return {**os.environ, "PYTHONPATH": path, **settings}


@contextmanager
def running(
    module: str, *words: str, settings: Mapping[str, str], says: str = "ready"
) -> Iterator[subprocess.Popen[str]]:
    """Run a module until left; yields it once it has said that it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words],
        env=_environment(settings),
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if says in line:
                break
        if process.poll() is not None:
            raise RuntimeError(f"{module} {' '.join(words)} ended before it was ready")
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(url: str, patience_s: float = PATIENCE_S) -> float:
    """Wait until this address answers 2xx, and return how long that took in seconds."""
    began = time.perf_counter()
    while time.perf_counter() - began < patience_s:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return time.perf_counter() - began
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    raise RuntimeError(f"{url} did not answer")
