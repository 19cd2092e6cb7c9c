"""
Punctual: how much later than the network's own limit forces does a text arrive?

Telegram takes 30 texts a second of one bot. Of a county's registers, due in one second, the n-th
text can be there n thirtieths of a second later and no sooner; whatever it is late beyond that is
ours, and the 50 ms that the stand-in takes. A nation's are there when the limit lets them.
"""

from collections.abc import Iterator

from bench.burst import burst, stand_in
from bench.county import a_county, settle
from bench.databases import KINDS, opened
from bench.table import Measured, percentile

COUNTY = 120
NATION = 5_000
A_SECOND = 30
LATE_MS = 250
LONGER = 0.03


def measure() -> Iterator[Measured]:
    """Yield a county's lateness on both databases, and how long a nation takes."""
    with stand_in() as port:
        for name in KINDS:
            late = [1000 * one for one in _lateness(name, port, COUNTY)]
            p99 = percentile(late, 0.99) if len(late) == COUNTY else float("inf")
            yield Measured(
                f"{COUNTY} registers due in one second, {name}: late beyond the limit",
                f"p50 {percentile(late, 0.5):.0f} ms, p99 {p99:.0f} ms",
                f"p99 < {LATE_MS} ms",
                p99 < LATE_MS,
            )
        sent = _sent("PostgreSQL", port, NATION)
        forced = NATION / A_SECOND
        is_whole = len(sent) == NATION
        yield Measured(
            f"{NATION:,} registers due in one second, PostgreSQL: the last is there",
            f"after {sent[-1]:.1f} s" + ("" if is_whole else f", {len(sent):,} of them"),
            f"within {100 * LONGER:.0f} % of {forced:.0f} s",
            is_whole and sent[-1] <= forced * (1 + LONGER),
        )


def _lateness(name: str, port: int, count: int) -> list[float]:
    return [at - place / A_SECOND for place, at in enumerate(_sent(name, port, count))]


def _sent(name: str, port: int, count: int) -> list[float]:
    with KINDS[name]() as url:
        with opened(url) as database:
            settle(database, a_county(count))
        return burst(url, port, 1, count, is_limited=True)
