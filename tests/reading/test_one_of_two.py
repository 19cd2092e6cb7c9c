"""One of two who share a name is here: the other is not, and of all others nothing is said."""

from itertools import product

import pytest

from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Dunn", "Jack Tanner", "Jack Tully", "Zosia Nowak")
TANNER, TULLY = 3, 4
ONE = (
    "only one jack here and its tanner",
    "only one jack here, tanner",
    "just the one jack, tanner",
)


@pytest.mark.parametrize(("one", "rest"), [*product(ONE, ("", ". rest in"))])
def test_the_other_of_two_is_never_one_of_the_rest(one: str, rest: str, lexicon: Lexicon) -> None:
    """ "Only one Jack here, Tanner. Rest in": Tully is none of the rest."""
    made = read(a_reply(f"{one}{rest}", *NAMES, start="09:00", sent_at="09:20"), lexicon)
    assert made.marks[TANNER] is Mark.PRESENT
    assert made.marks[TULLY] is Mark.ABSENT
    others = {made.marks.get(number) for number in (1, 2, 5)}
    assert others == {Mark.PRESENT if rest else None}


def test_what_is_told_of_the_other_stands(lexicon: Lexicon) -> None:
    """ "Tully's on the bus" is more than that he is not here."""
    text = "only one Jack here and it's Tanner. Tully is on the bus. rest in"
    made = read(a_reply(text, *NAMES, start="09:00", sent_at="09:05"), lexicon)
    assert made.marks[TULLY] is Mark.AWAITED


def test_which_of_the_two_is_asked_where_it_is_not_said(lexicon: Lexicon) -> None:
    """ "Only one Jack here. Rest in": neither Jack is marked."""
    made = read(a_reply("only one jack here. rest in", *NAMES, sent_at="09:50"), lexicon)
    assert {TANNER, TULLY}.isdisjoint(made.marks)
    assert made.ask is not None
