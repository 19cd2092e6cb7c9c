from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from apbot.domain.readings import Reading, Reply, RosterPupil
from apbot.domain.words import Half, Mark, Reason, Speaker
from apbot.loading.hears import load_lexicon
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read

HEARS = Path(__file__).parents[2] / "conversations" / "hears"

Reads = Callable[..., Reading]


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon(HEARS)


def a_reply(
    text: str,
    *names: str,
    half: str = "AM",
    start: str = "09:30",
    sent_at: str = "09:40",
    marks: dict[int, Mark] | None = None,
    known: dict[int, Reason] | None = None,
    **others: Any,
) -> Reply:
    """Build a provider's reply about these pupils, numbered in this order."""
    known = known or {}
    roster = tuple(
        RosterPupil(n, name, known_absence=known.get(n)) for n, name in enumerate(names, 1)
    )
    return Reply(
        speaker=others.pop("speaker", Speaker.PROVIDER),
        text=text,
        on=date(2026, 11, 24),
        half=Half(half),
        start=time.fromisoformat(start),
        sent_at=time.fromisoformat(sent_at),
        roster=roster,
        marks=marks or {},
        **others,
    )


@pytest.fixture(scope="session")
def reads(lexicon: Lexicon) -> Reads:
    """Read a text about these pupils: `reads("chloe off", "Chloe Davies", "Aiden Brown")`."""

    def reading(text: str, *names: str, **context: Any) -> Reading:
        return read(a_reply(text, *names, **context), lexicon)

    return reading
