"""
By the way: what is said of the weather, the van or the lunch, and what is told of a pupil who is
here, changes nobody's mark.
"""

from itertools import product
from pathlib import Path

import pytest

from apbot.domain.words import Half, Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

SENTENCES = Path(__file__).parent / "sentences"
NAMES = (
    *("Aiden Brown", "Chloe Davies", "Femi Adeyemi", "Jack Brown", "Jack Taylor"),
    *("Zofia Nowak", "Mo Khan"),
)
FEMI = 3
HERE = dict.fromkeys(range(1, 8), Mark.PRESENT)
FIRST = (
    *("femi off", "all in bar femi", "femi isn't here", "no femi today", "all in", "femi here"),
    *("femi just turned up", "femi's gone home with mum", "femi walked off", "femi on the bus"),
    *("all here except femi and mo", "aiden in, chloe off, femi late"),
)
OTHERS = (SENTENCES / "of_no_pupil.txt").read_text().splitlines()
TOLD = (SENTENCES / "told_while_here.txt").read_text().splitlines()


@pytest.mark.parametrize("first", FIRST)
def test_what_is_of_no_pupil_changes_no_mark(first: str, lexicon: Lexicon) -> None:
    """ "No Femi today. Signal is rubbish in here": the signal is."""
    alone = read(a_reply(first, *NAMES, start="09:00", sent_at="09:20"), lexicon).marks
    for joined, other in product((". ", "\n"), OTHERS):
        text = first + joined + other
        made = read(a_reply(text, *NAMES, start="09:00", sent_at="09:20"), lexicon).marks
        assert {n: mark for n, mark in made.items() if alone.get(n) is not mark} == {}, text


@pytest.mark.parametrize("held", [None, *Mark])
def test_what_is_of_no_pupil_sets_no_mark_by_itself(held: Mark | None, lexicon: Lexicon) -> None:
    """Sent alone, while one is looked for, awaited, away or here, it marks nobody anew."""
    marks = {**HERE, **({FEMI: held} if held is not None else {})}
    for other in OTHERS:
        reply = a_reply(other, *NAMES, marks=marks, start="09:00", sent_at="10:45")
        made = read(reply, lexicon).marks
        assert {n: mark for n, mark in made.items() if marks.get(n) is not mark} == {}, other


@pytest.mark.parametrize(
    ("half", "start", "sent"), [("AM", "09:00", "10:45"), ("PM", "13:00", "13:20")]
)
def test_what_is_told_of_one_who_is_here_takes_nobody_away(
    half: str, start: str, sent: str, lexicon: Lexicon
) -> None:
    """ "femi is off the phone now", "cant find femis form": he is here, as before."""
    for told in TOLD:
        reply = a_reply(
            told, *NAMES, marks=HERE, am_marks=HERE, half=Half(half), start=start, sent_at=sent
        )
        made = read(reply, lexicon).marks
        assert {n: mark for n, mark in made.items() if mark is not Mark.PRESENT} == {}, told
