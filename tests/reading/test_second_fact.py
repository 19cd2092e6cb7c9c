"""
A second fact beside the register: what else staff tell takes nobody's mark, and makes none.

`sentences/second_facts.txt` holds what is told, of the day, the place, the writer or the week; the
registers below are put before it and behind it in every way that people join two things.
"""

from itertools import product
from pathlib import Path

import pytest

from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = (
    *("Aiden Brown", "Chloe Dunn", "Femi Okafor", "Jack Tanner", "Zosia Nowak", "Mark Ridley"),
)
FACTS = (Path(__file__).parent / "sentences" / "second_facts.txt").read_text("utf-8").splitlines()
REGISTERS = (
    *("femi in", "femi is here", "chloe and femi in", "all in", "everyone here", "femi off"),
    *(
        "femi isnt in",
        "all in bar femi",
        "femi off, rest in",
        "femi off ill",
        "jack here, femi not",
    ),
    *("all in, femi running late", "femi came at 9.10", "femi went home at 9.15"),
)
JOINED = (
    *("{0}, {1}", "{0}. {1}", "{0} - {1}", "{0}\n{1}", "{0}! {1}"),
    *("{1}, {0}", "{1}. {0}", "{1}\n{0}"),
)
LOST = ("femi has walked off", "can't find femi", "femi has gone missing", "femi's run off")


@pytest.mark.parametrize("register", REGISTERS)
def test_a_second_fact_changes_no_mark(register: str, lexicon: Lexicon) -> None:
    """A mark may be left to a question, but nobody has another than the register gave."""
    marks = read(a_reply(register, *NAMES), lexicon).marks

    for fact, joined in product(FACTS, JOINED):
        text = joined.format(register, fact)
        made = read(a_reply(text, *NAMES), lexicon).marks
        assert {n: mark for n, mark in made.items() if marks.get(n) != mark} == {}, text


@pytest.mark.parametrize("lost", LOST)
def test_a_second_fact_passes_over_nobody_who_is_lost(lost: str, lexicon: Lexicon) -> None:
    """Whatever else is told, the child is sought, or staff are asked at once."""
    for fact, joined in product(FACTS, JOINED):
        text = joined.format(lost, fact)
        made = read(a_reply(text, *NAMES, marks={3: Mark.PRESENT}), lexicon)
        assert made.marks.get(3) is Mark.UNACCOUNTED or made.ask is not None, text
        assert made.marks.get(3) in (Mark.UNACCOUNTED, None), text
