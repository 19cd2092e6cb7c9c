"""
What is told of one who is left out: why, who was asked, where they are else; never that they came.

`sentences/why_one_is_out.txt` holds what staff add to "all in but Mo", in every way of adding it.
"""

from dataclasses import replace
from datetime import time
from itertools import product
from pathlib import Path

import pytest

from apbot.domain.words import Mark, Reason
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


CONNOR, JAY, KAI = 1, 2, 3


@pytest.mark.parametrize("who", ["who's ill", "who is ill", "who is off ill", "who was sick"])
def test_whoever_is_told_of_by_who_is_the_last_alone(who: str, lexicon: Lexicon) -> None:
    """ "all in except Jay and Kai who's ill": Kai is ill, and nothing is said of why Jay is off."""
    made = read(a_reply(f"all in except jay and kai {who}", *NAMES), lexicon)
    assert made.marks == {
        **dict.fromkeys((CONNOR, MO, 5), Mark.PRESENT),
        **dict.fromkeys((JAY, KAI), Mark.ABSENT),
    }
    assert made.reasons == {KAI: Reason.ILLNESS}


@pytest.mark.parametrize("who", ["who are ill", "both ill", "who's both ill"])
def test_what_is_told_of_both_is_of_both(who: str, lexicon: Lexicon) -> None:
    """ "all in except Jay and Kai who are ill": both are."""
    made = read(a_reply(f"all in except jay and kai {who}", *NAMES), lexicon)
    assert made.reasons == dict.fromkeys((JAY, KAI), Reason.ILLNESS)


def test_who_was_late_is_the_last_alone(lexicon: Lexicon) -> None:
    """ "Jay, Kai and Mo who was late, all here": nobody but Mo was late."""
    made = read(a_reply("jay, kai and mo who was late all here", *NAMES), lexicon)
    late = {number for number, mark in made.marks.items() if mark is Mark.LATE}
    assert late <= {MO}


@pytest.mark.parametrize(
    "text",
    [
        "all in except jay (appt) and connor who starts half 9",
        "all in except jay, connor starts half 9",
        "all here except connor (starts 9.30) and jay (dentist)",
        "all in bar connor - starts at 9:30. jay off",
        "all in except jay who is at his appt as you know and connor who starts half nine",
    ],
)
def test_whoever_starts_later_is_no_absence(text: str, lexicon: Lexicon) -> None:
    """ "all in except Connor who starts at half nine": said of one whose own start that is."""
    reply = a_reply(text, *NAMES, start="09:00", sent_at="09:04", known={JAY: Reason.OTHER})
    first = replace(reply.roster[0], start=time(9, 30))
    made = read(replace(reply, roster=(first, *reply.roster[1:])), lexicon)
    assert made.marks.get(CONNOR) in (None, Mark.AWAITED)
    assert {n for n, mark in made.marks.items() if mark is Mark.PRESENT} == {KAI, MO, 5}
    assert made.ask is None


def test_a_start_is_no_prompt_of_ours(lexicon: Lexicon) -> None:
    """ "starts 9:30" is in our prompt, and a quoted prompt is dropped; these are their words."""
    made = read(a_reply("jay, kai and mo in, connor starts 9:30", *NAMES), lexicon)
    assert {n for n, mark in made.marks.items() if mark is Mark.PRESENT} == {JAY, KAI, MO}
