"""
The keeper of the house's processes: starts them, kills them, and starts again whoever ended.

As a machine's own service manager would, and as a power cut would, and as a new version comes in.
"""

import random
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.processes import HERE, spawn

READY = "ready\n"
"""What a process says once it is at work."""

COMES_UP_S = 90
"""How long, in real seconds, everybody may take to be there."""

STOPS_S = 20


class Keeper:
    """
    Keeps these processes running; each is a kind and the settings that are its own.

    What one of them says stays in `where`, in a file of its own. Every second one runs the code of
    `older`, a checkout of the version before, where there is one.
    """

    def __init__(
        self,
        kinds: Sequence[tuple[str, Mapping[str, str]]],
        settings: Mapping[str, str],
        where: Path,
        older: Path | None = None,
    ) -> None:
        self._kinds, self._settings, self._where = kinds, settings, where
        self._older = older
        self._starts = [0] * len(kinds)
        self._processes = [self._start(nth) for nth in range(len(kinds))]

    def kill_one(self, rng: random.Random) -> None:
        """End one of them as a power cut would."""
        process = rng.choice(self._processes)
        process.kill()
        process.wait()

    def roll(self) -> bool:
        """
        Stop one after another as a new version comes in: the next once its successor is ready.

        Says whether each of them ended by itself when it was asked to.
        """
        were_polite = True
        for nth, process in enumerate(self._processes):
            process.terminate()
            try:
                process.wait(STOPS_S)
            except subprocess.TimeoutExpired:
                were_polite = False
                process.kill()
                process.wait()
            self._processes[nth] = self._start(nth)
            self.wait()
        return were_polite

    def start_again(self) -> None:
        """Whoever ended is started again."""
        for nth, process in enumerate(self._processes):
            if process.poll() is not None:
                self._processes[nth] = self._start(nth)

    def wait(self, besides: Callable[[], None] = lambda: None) -> None:
        """Return once everybody is at work; raises RuntimeError where that takes too long."""
        until = time.monotonic() + COMES_UP_S
        while not self.is_ready:
            if time.monotonic() > until:
                raise RuntimeError(
                    f"the processes did not come up: their logs are in {self._where}"
                )
            self.start_again()
            besides()
            time.sleep(0.1)

    @property
    def is_ready(self) -> bool:
        """Whether each of them has said so since it was started last."""
        return all(
            process.poll() is None and self._log(nth).read_text().count(READY) >= self._starts[nth]
            for nth, process in enumerate(self._processes)
        )

    def end(self) -> None:
        """Kill all of them."""
        for process in self._processes:
            process.kill()
            process.wait()

    def _log(self, nth: int) -> Path:
        return self._where / f"{self._kinds[nth][0]}-{nth}.log"

    def _start(self, nth: int) -> subprocess.Popen[bytes]:
        # One that was killed before it was ready has not said so: only the last one is waited for.
        kind, own = self._kinds[nth]
        log = self._log(nth)
        said = log.read_text().count(READY) if log.exists() else 0
        self._starts[nth] = said + 1
        settings = {**self._settings, **own}
        checkout = self._older if self._older is not None and nth % 2 else HERE
        return spawn("chaos.house", kind, settings=settings, log=log, checkout=checkout)
