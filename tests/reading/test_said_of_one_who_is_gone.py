"""
Said of one who is not here: whatever the words, nobody is taken to be in by them.

`sentences/` holds what people say of a pupil who has not come, of one who has gone since, and of
one about whom a safeguarding lead would want to know: a sentence a line, X the pupil.
"""

from pathlib import Path

import pytest

from apbot.domain.words import Flag, Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

SENTENCES = Path(__file__).parent / "sentences"
NAMES = ("Femi Obi", "Chloe Day", "Tom Webb")
HERE = (Mark.PRESENT, Mark.LATE)
ALL_HERE = {1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.PRESENT}


def said(what: str) -> list[str]:
    """The sentences of one file, of Femi."""
    lines = (SENTENCES / f"{what}.txt").read_text(encoding="utf-8").splitlines()
    return [line.replace("X", "femi") for line in lines]


@pytest.mark.parametrize("beside", ["", ", rest in"])
def test_who_has_not_come_is_not_taken_to_be_here(beside: str, lexicon: Lexicon) -> None:
    """The first answer of the morning: "missed the bus in" ends in "in" and is no arrival."""
    wrong = [
        text
        for text in said("not_here")
        if read(a_reply(text + beside, *NAMES), lexicon).marks.get(1) in HERE
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("half", "start", "at"), [("AM", "09:00", "10:40"), ("PM", "13:00", "13:40")]
)
def test_who_has_gone_since_is_never_passed_over(
    half: str, start: str, at: str, lexicon: Lexicon
) -> None:
    """Of one who is marked here: another mark, a question, or words for a person; never silence."""
    silent = []
    for text in said("gone_since"):
        reply = a_reply(text, *NAMES, half=half, start=start, sent_at=at, marks=ALL_HERE)
        made = read(reply, lexicon)
        if made.marks.get(1) in HERE or not (1 in made.marks or made.ask or made.flags):
            silent.append(text)
    assert silent == []


def test_what_a_lead_would_want_to_know_is_a_concern(lexicon: Lexicon) -> None:
    """However it is put: "When in doubt, flag it"."""
    missed = [
        text
        for text in said("worrying")
        if Flag.CONCERN
        not in read(a_reply(text, *NAMES, sent_at="10:40", marks=ALL_HERE), lexicon).flags
    ]
    assert missed == []
