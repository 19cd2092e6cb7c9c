"""
What is told later in the day: of one who is here, and of one who is looked for.

`sentences/of_one_who_is_here.txt` holds what staff tell of pupils who are with them, and
`sentences/of_one_who_is_sought.txt` what they tell while Femi is looked for and nobody has him yet.
"""

from pathlib import Path

import pytest

from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

SENTENCES = Path(__file__).parent / "sentences"
OF_ONE_HERE = (SENTENCES / "of_one_who_is_here.txt").read_text("utf-8").splitlines()
OF_ONE_SOUGHT = (SENTENCES / "of_one_who_is_sought.txt").read_text("utf-8").splitlines()
HERE = {Mark.PRESENT, Mark.LATE, Mark.LEFT}
FEMI = 3


@pytest.mark.parametrize("told", OF_ONE_HERE)
def test_what_is_told_of_pupils_takes_nobody_away(told: str, lexicon: Lexicon) -> None:
    """ "Mo's taxi hasn't come to take him home", "Mo missing a glove": here, or it is asked."""
    names = ("Connor Oakes", "Jay Grant", "Kai Doyle", "Mo Ibrahim", "Mohamed Hassan")
    held = dict.fromkeys(range(1, 6), Mark.PRESENT)
    made = read(a_reply(told, *names, marks=held, sent_at="11:05"), lexicon)
    assert set(made.marks.values()) <= {Mark.PRESENT}


@pytest.mark.parametrize("told", OF_ONE_SOUGHT)
def test_what_is_told_in_a_search_ends_no_search(told: str, lexicon: Lexicon) -> None:
    """ "is he back", "his mates are here", "found his bag": Femi is looked for still."""
    names = ("Aiden Brown", "Chloe Davies", "Femi Adeyemi", "Jack Brown", "Zofia Nowak")
    held = {**dict.fromkeys(range(1, 6), Mark.PRESENT), FEMI: Mark.UNACCOUNTED}
    made = read(a_reply(told, *names, marks=held, sent_at="11:05"), lexicon)
    assert made.marks.get(FEMI) not in HERE
    assert {mark for number, mark in made.marks.items() if number != FEMI} <= {Mark.PRESENT}
