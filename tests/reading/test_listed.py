"""A register pasted a line a pupil is read by its codes; anything beside them, and as words are."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apbot.domain.readings import Reply, RosterPupil
from apbot.domain.words import Half, Mark, Reason, Speaker
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read

PUPILS = ("Aiden Brown", "Chloe Davies", "Femi Okafor", "Jack Tanner", "Jack Tully", "Zofia Nowak")
CODES = ("✓", "x", "P", "A", "/", "I", "M", "L", "E")


def pasted(text: str, roster: tuple[str, ...] = PUPILS) -> Reply:
    return Reply(
        speaker=Speaker.PROVIDER,
        text=text,
        on=date(2026, 11, 23),
        half=Half.AM,
        start=time(9, 0),
        sent_at=time(9, 10),
        roster=tuple(RosterPupil(n, name) for n, name in enumerate(roster, 1)),
    )


def test_a_line_a_pupil_is_read_by_its_codes(lexicon: Lexicon) -> None:
    """Letters, ticks and reasons, whatever separates them."""
    text = (
        "1 Aiden Brown ✓\n2. Chloe Davies: I\n3) Femi Okafor - x\n"
        "Jack Tanner | P\nJack Tully L\nZofia Nowak /"
    )

    reading = read(pasted(text), lexicon)

    assert reading.marks == {
        1: Mark.PRESENT,
        2: Mark.ABSENT,
        3: Mark.ABSENT,
        4: Mark.PRESENT,
        5: Mark.AWAITED,
        6: Mark.PRESENT,
    }
    assert (reading.reasons, reading.ask) == ({2: Reason.ILLNESS}, None)


@given(
    codes=st.lists(st.sampled_from(CODES), min_size=6, max_size=6), order=st.permutations(PUPILS)
)
def test_a_list_is_read_the_same_with_a_word_of_thanks(
    lexicon: Lexicon, codes: list[str], order: list[str]
) -> None:
    """The quick way and the long way come to the same marks."""
    lines = [f"{name} {code}" for name, code in zip(order, codes, strict=True)]
    quick = read(pasted("\n".join(lines)), lexicon)
    long = read(pasted("\n".join([*lines, "thanks"])), lexicon)

    assert (quick.marks, quick.reasons) == (long.marks, long.reasons)


OTHERS = "Femi Okafor ✓\nJack Tanner ✓\nJack Tully ✓\nZofia Nowak ✓"


@pytest.mark.parametrize(
    "first",
    [
        "Aiden Brown ✓\nAiden Brown x\n",
        "Aiden Brown not ✓\nChloe Davies ✓\n",
        "2 Aiden Brown ✓\nChloe Davies ✓\n",
    ],
)
def test_a_line_that_is_not_plain_marks_nobody_here_by_it(lexicon: Lexicon, first: str) -> None:
    """Twice the same, a "not", a number that is another's: Aiden is not said to be here."""
    assert Mark.PRESENT is not read(pasted(first + OTHERS), lexicon).marks.get(1)


def test_two_of_one_name_are_told_apart_by_their_numbers(lexicon: Lexicon) -> None:
    """The prompt's number says which."""
    roster = ("Sam Lee", "Sam Lee", "Ada Ray")
    reading = read(pasted("1 Sam Lee x\n2 Sam Lee ✓\n3 Ada Ray ✓", roster), lexicon)

    assert reading.marks == {1: Mark.ABSENT, 2: Mark.PRESENT, 3: Mark.PRESENT}
    assert replace(reading, why=()).ask is None
