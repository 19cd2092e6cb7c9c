"""What answers "Which one?": numbers, refs, names, "ALL"; and what is no answer."""

import pytest

from apbot.reading.choosing import chosen
from apbot.reading.lexicon import Lexicon
from tests.reading.case_talk import CHLOE, FEMI, LEAH, REGISTER

OFFERED = (FEMI, CHLOE, REGISTER)


@pytest.mark.parametrize(
    ("answer", "refs"),
    [
        ("2", ("D4",)),
        ("1 and 3", ("K7", "T5")),
        ("#2", ("D4",)),
        ("no. 2", ("D4",)),
        ("the second one", ("D4",)),
        ("last one pls", ("T5",)),
        ("k7", ("K7",)),
        ("K 7, d4", ("K7", "D4")),
        ("femi", ("K7",)),
        ("chloe d please", ("D4",)),
        ("the rooftop one", ("T5",)),
        ("Northside Boxing", ("D4",)),
        ("ALL", ("K7", "D4", "T5")),
        ("all of em", ("K7", "D4", "T5")),
        ("all three ta", ("K7", "D4", "T5")),
        ("every one of them", ("K7", "D4", "T5")),
    ],
)
def test_an_answer_chooses_what_was_offered(
    answer: str, refs: tuple[str, ...], lexicon: Lexicon
) -> None:
    """In the order in which they were offered or named."""
    assert chosen(answer, OFFERED, lexicon) == refs


@pytest.mark.parametrize(
    "text",
    [
        "4",
        "both",
        "all four",
        "all fine",
        "femi is poorly",
        "2 mins",
        "not femi",
        "leah",
        "ok",
        "thanks",
        "which?",
        "",
        "👍",
        "1 " * 2000,
    ],
)
def test_what_says_anything_else_chooses_nothing(text: str, lexicon: Lexicon) -> None:
    """It is read for what it says."""
    assert chosen(text, OFFERED, lexicon) == ()


def test_both_are_the_two_that_were_offered(lexicon: Lexicon) -> None:
    """And of two only."""
    assert chosen("both", (FEMI, LEAH), lexicon) == ("K7", "H2")
