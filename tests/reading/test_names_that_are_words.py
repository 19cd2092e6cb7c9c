"""Pupils who are called as a word that means something else: Ty, Rash, Si, Sunday, Ace, Joy."""

import pytest

from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

SAID_OFTEN = {
    *("ty", "rash", "si", "ace", "buddy", "boss", "reg", "roger", "tara", "forest", "storm", "joy"),
    *("sunny", "sunday", "monday", "friday", "grace", "hope", "faith", "will", "mark", "rob"),
    *("bill", "art", "may", "june", "april", "summer", "rose", "dawn", "star", "sky", "chance"),
    *("miles", "penny", "pat", "chase", "reed", "page", "honey", "bear", "sonny", "king", "blue"),
}
# What is said, and who is here by it: C(hloe), the pupil X, W(ojtek). Nobody else may be marked so.
FORMS = {
    "{x} off, rest in": "CW",
    "{x} and chloe off, wojtek in": "W",
    "all in except {x}": "CW",
    "all in bar chloe and {x}": "W",
    "all back but {x}, he was collected": "CW",
    "chloe in, {x} and wojtek off": "C",
    "Absent: Chloe, {X}\nPresent: Wojtek": "W",
    "wojtek and chloe in, no {x}": "CW",
    "{X} ill today. others fine": "CW",
    "here: {x}, wojtek. not here: chloe": "XW",
    "{x} hasn't turned up. others in": "CW",
    "nobody off only {x}": "CW",
}


@pytest.fixture(scope="module")
def names(lexicon: Lexicon) -> list[str]:
    """First names that the lexicon knows as words, and others that are often both."""
    return sorted(SAID_OFTEN | {name for name in lexicon.word_names if name.isalpha()})


@pytest.mark.parametrize("form", FORMS)
def test_a_name_that_is_a_word_never_makes_its_pupil_here(
    form: str, names: list[str], lexicon: Lexicon
) -> None:
    """A name left out, or said to be off, is not passed over as thanks, a day or an illness."""
    here = {"CXW".index(letter) + 1 for letter in FORMS[form]}
    wrong = []
    for name in names:
        text = form.format(x=name, X=name.title())
        reply = a_reply(text, "Chloe Davies", f"{name.title()} Omondi", "Wojtek Nowak")
        marks = read(reply, lexicon).marks
        if {n for n, mark in marks.items() if mark in (Mark.PRESENT, Mark.LATE)} - here:
            wrong.append(text)

    assert len(names) > 50
    assert wrong == []


@pytest.mark.parametrize("name", ["Ty", "Rash", "Si", "Ace", "Sunday", "Roger"])
def test_a_name_that_is_a_word_is_marked(name: str, lexicon: Lexicon) -> None:
    """And what is said of them is taken, without a question."""
    reply = a_reply(
        f"{name} off today, others in", "Chloe Davies", f"{name} Omondi", "Wojtek Nowak"
    )

    reading = read(reply, lexicon)

    assert reading.marks == {1: Mark.PRESENT, 2: Mark.ABSENT, 3: Mark.PRESENT}
    assert reading.ask is None


@pytest.mark.parametrize(
    "text", ["wojtek in chloe off ty", "chloe off, wojtek in, ty", "ty. no chloe"]
)
def test_thanks_mark_nobody_of_that_name(text: str, lexicon: Lexicon) -> None:
    """At the edge of what is said it is thanks, whatever somebody is called."""
    reading = read(a_reply(text, "Chloe Davies", "Ty Omondi", "Wojtek Nowak"), lexicon)

    assert 2 not in reading.marks
