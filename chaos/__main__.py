"""
Play days in chaos: `make chaos`, or `make chaos SEED=7 DATABASE=sqlite` to play one again.

Prints the faults of each day, what was lost, and the seed. Ends with 1 where a promise was broken.
"""

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from chaos.day import Plan, play

DATABASES = ("postgresql", "sqlite")


def main() -> None:
    """Play a day on each database."""
    parser = argparse.ArgumentParser(prog="make chaos")
    parser.add_argument("--seed", type=int, action="append", help="once or more often")
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--providers", type=int, default=50)
    parser.add_argument("--minutes", type=int, default=100, help="of the day that is played")
    parser.add_argument("--speed", type=float, default=40, help="times faster than real time")
    parser.add_argument(
        "--older", type=Path, help="a checkout whose code every second process runs"
    )
    given = parser.parse_args()
    older = given.older.resolve() if given.older else None
    seeds = given.seed or [random.randrange(1_000_000)]
    plans = [
        Plan(seed, given.providers, given.minutes, given.speed, database=database, older=older)
        for seed in seeds
        for database in given.database or DATABASES
    ]
    lost = [
        f"make chaos SEED={plan.seed} DATABASE={plan.database} PROVIDERS={plan.providers}"
        for plan in plans
        if not _is_whole(plan)
    ]
    if lost:
        sys.exit("\n".join(f"{command} plays it again" for command in lost))


def _is_whole(plan: Plan) -> bool:
    """Play one day, and say what came of it."""
    where = Path(tempfile.mkdtemp(prefix="apbot-chaos-"))
    day = f"{plan.database}, seed {plan.seed}"
    print(f"{day}: {plan.providers} providers, logs in {where}", flush=True)
    began = time.perf_counter()
    played = play(plan, where)
    for fault, count in sorted(played.faults.items()):
        print(f"  {count:4} × {fault}")
    print(
        f"  {played.messages} messages, {played.texts} texts, {played.entries} entries in "
        f"{time.perf_counter() - began:.0f} s; lost or doubled: {len(played.broken)}"
    )
    for promise in played.broken:
        print(f"  BROKEN, {day}: {promise}")
    sys.stdout.flush()
    return not played.broken


if __name__ == "__main__":
    main()
