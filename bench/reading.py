"""
How fast a reply is read: p50 and p99 for a roster of forty, long texts, the worst we know of.

Times are of the processor, so that whatever else a machine does stays out of them.

The lexicon is loaded once and timed by itself.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from datetime import time as clock_time
from pathlib import Path

from apbot.domain.readings import Reply, RosterPupil
from apbot.domain.words import Half, Speaker
from apbot.loading.hears import load_lexicon
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from bench.table import Measured, percentile

HEARS = Path(__file__).parents[1] / "conversations" / "hears"
FIRSTS = (
    *("Aiden", "Chloe", "Femi", "Marta", "Ayaan", "Tyler", "Siobhan", "Oluwaseun", "Jaspreet"),
    *("Mateusz", "Caitlin", "Rhys", "Zuzanna", "Mohammed", "Ellie", "Kacper", "Niamh", "Deniz"),
    *("Harvey", "Amira"),
)
LASTS = (
    *("Brown", "Davies", "Okafor", "Kowalska", "Malik", "Nkosi", "Keane", "Adebayo", "Gill"),
    "Wrona",
)
ROSTER = tuple(
    RosterPupil(n, f"{FIRSTS[n % len(FIRSTS)]}{'' if n < 20 else '-Rae'} {LASTS[n % len(LASTS)]}")
    for n in range(1, 41)
)

TEXTS = {
    "all in": "Morning! all in today thanks",
    "exceptions": "all in bar cloe shes poorly, tyler on his way bus, siobhan dentist back by 11",
    "a line each": "\n".join(f"{p.number} {p.name} ✓" for p in ROSTER),
    "slips everywhere": " ".join(f"{p.name[1:4]}{p.name[:2].lower()}q off" for p in ROSTER),
}
LONG = {
    "5,000 letters of prose": ("Today we went to the farm and fed the goats. " * 120)[:5000],
    "5,000 letters of names": ("chloe off aiden in femi late " * 180)[:5000],
    "5,000 letters of nonsense": ("xqzvk wjplm trbnd " * 280)[:5000],
    "5,000 points": "(,-:" * 1250,
    "5,000 of one word": "all " * 1250,
    "just under the cut": ("xqzvk " * 400)[:2390],
    "not not not": ("not " * 600)[:2390],
    "names under the cut": ("aidne chole fmei " * 140)[:2390],
}


def measure() -> Iterator[Measured]:
    """Yield how long each text takes."""
    began = time.process_time()
    lexicon = load_lexicon(HEARS)
    took = 1000 * (time.process_time() - began)
    yield Measured("loading the lexicon", f"{took:.0f} ms")
    # As the house does: the words are out of the garbage collector's way.
    gc.collect()
    gc.freeze()
    for name, text in TEXTS.items():
        yield _row(name, text, lexicon, 300)
    for name, text in LONG.items():
        yield _row(name, text, lexicon, 30)


def _row(name: str, text: str, lexicon: Lexicon, times: int) -> Measured:
    """Return one line of the table: the first reading, p50, p99 and the worst."""
    reply = Reply(
        speaker=Speaker.PROVIDER,
        text=text,
        on=date(2026, 11, 24),
        half=Half.AM,
        start=clock_time(9, 30),
        sent_at=clock_time(9, 40),
        roster=ROSTER,
    )
    took = [_timed(lambda: read(reply, lexicon)) for _ in range(times)]
    rest = took[1:]
    return Measured(
        f"reading {name}",
        f"p50 {statistics.median(rest):.2f}, p99 {percentile(rest, 0.99):.2f}, "
        f"worst {max(rest):.2f} ms (the first {took[0]:.2f})",
    )


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began)
