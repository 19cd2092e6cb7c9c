"""
What is told of one who is left out: why, who was asked, where they are else; never that they came.

`sentences/why_one_is_out.txt` holds what staff add to "all in but Mo", in every way of adding it.
"""

from itertools import product
from pathlib import Path

import pytest

from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Connor Oakes", "Jay Grant", "Kai Doyle", "Mo Ibrahim", "Mohamed Hassan")
MO = 4
HERE = {Mark.PRESENT, Mark.LATE, Mark.LEFT}
SENTENCES = Path(__file__).parent / "sentences" / "why_one_is_out.txt"
TOLD = SENTENCES.read_text("utf-8").splitlines()
LEFT_OUT = (
    *("all in but mo, {}", "all in except mo {}", "everyone here apart from mo. {}"),
    *("all here bar mo - {}", "no mo, {}. rest in", "all in but mo\n{}", "mo isnt here, {}"),
    *("mo absent. {}. others all in", "everyones here but mo cos {}"),
)
# Nobody and somebody, where it is of whom they saw or heard, and no group of ours.
UNSEEN = (
    *("who nobody has seen", "who nobody can find", "who no one has heard from"),
    *("who none of us have seen", "whom nobody expected", "that no one knows about"),
    *("who we havent seen", "who hasnt been seen", "who i havent got"),
)


@pytest.mark.parametrize("left_out", LEFT_OUT)
def test_whoever_is_left_out_stays_out(left_out: str, lexicon: Lexicon) -> None:
    """Mo is not here, or staff are asked; and nobody else loses a mark by what is told of him."""
    for told in TOLD:
        text = left_out.format(told)
        made = read(a_reply(text, *NAMES), lexicon)
        assert made.marks.get(MO) not in HERE, text
        assert MO in made.marks or made.ask is not None, text
        others = {mark for number, mark in made.marks.items() if number != MO}
        assert others <= {Mark.PRESENT}, text


@pytest.mark.parametrize("unseen", UNSEEN)
def test_nobody_behind_a_name_is_no_word_for_the_group(unseen: str, lexicon: Lexicon) -> None:
    """ "all in bar Kai, who nobody has seen": nobody of ours is out by that "nobody"."""
    for whole, bar in product(("all in", "everyone here", "everyone"), ("but", "bar", "except")):
        text = f"{whole} {bar} mo {unseen}"
        made = read(a_reply(text, *NAMES, sent_at="10:00"), lexicon)
        assert made.marks.get(MO) not in HERE, text
        assert {n: made.marks.get(n) for n in (1, 2, 3, 5)} == dict.fromkeys(
            (1, 2, 3, 5), Mark.PRESENT
        ), text


def test_a_name_may_stand_before_the_words_that_nobody_has_seen_them(lexicon: Lexicon) -> None:
    """ "Kai I haven't seen" is "haven't seen Kai", whoever "I" is, and the "i" is no initial."""
    for text in (
        *("mo i havent seen", "its mo i havnt seen", "mo we havent got", "mo nobody has seen"),
        *("mo, who we havent seen", "mo hasnt been seen", "mo ive not got", "nobodys seen mo"),
        *("kai is in, mo i havent seen", "kai's here and mo we havent seen", "no one's seen mo"),
    ):
        made = read(a_reply(text, *NAMES, sent_at="10:00"), lexicon)
        asked = made.marks.get(MO) is None and made.ask is not None
        assert made.marks.get(MO) is Mark.ABSENT or asked, text
        held = dict.fromkeys((3, 4, 5), Mark.PRESENT)
        made = read(a_reply(text, *NAMES, sent_at="10:00", marks=held), lexicon)
        asked = made.marks.get(MO) is None and made.ask is not None
        assert made.marks.get(MO) in (Mark.UNACCOUNTED, Mark.ABSENT) or asked, text
