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


@pytest.mark.parametrize(
    ("text", "held", "mark"),
    [
        ("what time is the taxi for aiden today? hes saying 2 not 3", Mark.PRESENT, None),
        (
            "femi went to shop for the milk half hour ago and not back yet",
            Mark.PRESENT,
            Mark.UNACCOUNTED,
        ),
        ("waiting on femis taxi, its late all week", None, Mark.AWAITED),
        ("femis nan rung, hes at hospital this morning, be in this aft", None, Mark.ABSENT),
        ("femis mum picked him up at ten to ten, dentist", Mark.PRESENT, Mark.LEFT),
        ("femi's back now, queue at the till", Mark.UNACCOUNTED, Mark.PRESENT),
        ("femi just come in, only 25 mins late", None, Mark.LATE),
        ("femi in, off at 2", None, Mark.PRESENT),
        ("femi here, dentist at 11", None, Mark.PRESENT),
        ("femi here, his mum is coming at 11", None, Mark.PRESENT),
        ("femi in about 15", None, Mark.AWAITED),
        ("all in but femi, hell be in about 15", None, Mark.AWAITED),
        ("Femi's of today, rest inn", None, Mark.ABSENT),
        ("femi I'll today mum messaged", None, Mark.ABSENT),
        ("chloe is off not femi, femi has been here all along", None, Mark.PRESENT),
        ("neither of the Okafor lads are coming today", None, Mark.ABSENT),
        ("everyone in except FO", None, Mark.ABSENT),
        ("all in but the minibus broke down", None, Mark.PRESENT),
    ],
)
def test_what_staff_wrote(
    text: str, held: Mark | None, mark: Mark | None, lexicon: Lexicon
) -> None:
    """What new users typed, and what their words came to before."""
    reply = a_reply(text, *NAMES, marks={3: held} if held else {}, sent_at="09:50")

    assert read(reply, lexicon).marks.get(3) is mark
