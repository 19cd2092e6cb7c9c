"""
One and another: what is said of one pupil is never taken of the next.

Clauses whose meaning is known are joined in every way that people join them. Whatever the reader
makes of the whole, nobody has a mark that their own clause does not give.
"""

from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Davies", "Femi Okafor", "Jack Tanner", "Marta Tully", "Zofia Nowak")
HERE = (Mark.PRESENT, Mark.LATE)
HERE_BUT_CHLOE = dict.fromkeys((1, 3, 4, 5), Mark.PRESENT) | {2: Mark.ABSENT}
# What each clause may come to, beside no mark at all.
CLAUSES: dict[str, Collection[Mark]] = {
    "{} is in": HERE,
    "{}'s here": HERE,
    "{} has turned up": HERE,
    "{} is here with me": HERE,
    "{} came in late": HERE,
    "{} was late but here now": HERE,
    "{} is feeding the pigs": HERE,
    "{} is fine": HERE,
    "{} off": (Mark.ABSENT,),
    "{} is off sick": (Mark.ABSENT,),
    "{} isn't in": (Mark.ABSENT,),
    "{}'s poorly": (Mark.ABSENT,),
    "{} is at the dentist": (Mark.ABSENT,),
    "{} isn't coming": (Mark.ABSENT,),
    "{} refused to come": (Mark.ABSENT,),
    "{} is at home with a cold": (Mark.ABSENT,),
    "mum rang, {} is ill": (Mark.ABSENT,),
    "not heard from {}": (Mark.ABSENT,),
    "{} is on the bus": (Mark.AWAITED,),
    "{} will be here at 9.50": (Mark.AWAITED,),
    "{} is stuck in traffic": (Mark.AWAITED,),
    "can't find {}": (Mark.UNACCOUNTED,),
    "{} has walked off": (Mark.UNACCOUNTED,),
    "{} has gone home ill": (Mark.LEFT,),
    "{} was collected by mum": (Mark.LEFT,),
    "{} lost his phone": (),
    "{} has new boots": (),
    "{} asked about lunch": (),
    "I think {} is in": (),
    "not sure about {}": (),
    "is {} coming?": (),
    "{} might be late": (),
    "{} will be off tomorrow": (),
    "{} was off yesterday": (),
}
JOINS = (", ", ". ", " and ", " but ", "\n", " ", "; ", " - ", ", and ", ", but ", ". Also ")
ENDS = ("", "", " thanks", ".", " 😊")


@given(
    clauses=st.lists(st.sampled_from(sorted(CLAUSES)), min_size=2, max_size=3),
    joins=st.lists(st.sampled_from(JOINS), min_size=2, max_size=2),
    who=st.permutations(range(len(NAMES))),
    end=st.sampled_from(ENDS),
)
@settings(max_examples=400, derandomize=True, deadline=None)
def test_nobody_has_a_mark_that_their_own_clause_does_not_give(
    lexicon: Lexicon, clauses: list[str], joins: list[str], who: list[int], end: str
) -> None:
    """Two or three clauses, however joined, mark each pupil by their own, or not at all."""
    said = [clause.format(NAMES[at].split()[0]) for clause, at in zip(clauses, who, strict=False)]
    text = said[0] + "".join(j + each for j, each in zip(joins, said[1:], strict=False)) + end

    marks = dict(read(a_reply(text, *NAMES, sent_at="09:50"), lexicon).marks)

    for clause, at in zip(clauses, who, strict=False):
        mark = marks.pop(at + 1, None)
        assert mark is None or mark in CLAUSES[clause], text
    assert not marks, text


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("y aiden n chloe y femi", {1: Mark.PRESENT, 2: Mark.ABSENT, 3: Mark.PRESENT}),
        ("✅ aiden ❌ chloe ✅ femi", {1: Mark.PRESENT, 2: Mark.ABSENT, 3: Mark.PRESENT}),
        ("aiden ✅ chloe ❌ femi ✅", {1: Mark.PRESENT, 2: Mark.ABSENT, 3: Mark.PRESENT}),
        ("present: aiden, femi absent: chloe", {1: Mark.PRESENT, 2: Mark.ABSENT, 3: Mark.PRESENT}),
    ],
)
def test_a_list_is_read_from_the_end_at_which_its_marks_begin(
    lexicon: Lexicon, text: str, numbers: dict[int, Mark]
) -> None:
    """A mark before its name is not the mark of the name before."""
    assert dict(read(a_reply(text, *NAMES), lexicon).marks) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("chloe is off. femi also still not", {2: Mark.ABSENT, 3: Mark.ABSENT}),
        ("aiden in, femi not yet", {1: Mark.PRESENT, 3: Mark.ABSENT}),
        ("aiden in. femi I did not see yet", {1: Mark.PRESENT, 3: Mark.ABSENT}),
        ("chloe is off. femi with the goats, marta also", {2: Mark.ABSENT}),
        ("aiden ill, femi too", {1: Mark.ABSENT, 3: Mark.ABSENT}),
        ("aiden's ill. chloe isn't", {1: Mark.ABSENT}),
        ("femi is painting, missing aiden and chloe", {1: Mark.ABSENT, 2: Mark.ABSENT}),
        ("no chloe. in: marta, jack n aiden - femi here so far", HERE_BUT_CHLOE),
    ],
)
def test_a_word_that_repeats_is_of_whoever_stands_right_before(
    lexicon: Lexicon, text: str, numbers: dict[int, Mark]
) -> None:
    """ "too", "still not", "missing": what they repeat, and of whom; unread is not repeated."""
    assert dict(read(a_reply(text, *NAMES, sent_at="09:50"), lexicon).marks) == numbers
