"""
The answer to "Jack H or Jack M?" that tells of the other, too: one of them is meant, and only one.
"""

import pytest

from apbot.domain.readings import WhichPupil
from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Jack Holroyd", "Jack Murgatroyd", "Zoe Kaur")
HOLROYD, MURGATROYD = 1, 2
ANSWERS = """\
It's the Holroyd lad, sorry, Murgatroyd's still shovelling muck wi' me like a good un
its the holroyd one. murgatroyd is sat here with me
Holroyd I mean, Murgatroyd's here folding towels
holroyd, the other one's still here
The Holroyd lad, the other one's still here doin me brakes
holroyd. the other jack is in
not murgatroyd, the other one
Holroyd went, not Murgatroyd
Jack Holroyd, murgatroyd is fine
its jack holroyd i'm on about
holroyd mate"""


@pytest.mark.parametrize("text", ANSWERS.splitlines())
@pytest.mark.parametrize("mark", [Mark.LEFT, Mark.ABSENT, Mark.UNACCOUNTED])
def test_the_one_who_is_meant_has_the_mark(text: str, mark: Mark, lexicon: Lexicon) -> None:
    """ "not Murgatroyd, the other one": Holroyd, and not the one who is named."""
    pending = WhichPupil("jack", (HOLROYD, MURGATROYD), mark)
    held = dict.fromkeys((1, 2, 3), Mark.PRESENT)
    reply = a_reply(text, *NAMES, marks=held, pending=pending, start="09:00", sent_at="11:00")
    made = read(reply, lexicon)
    assert made.marks.get(HOLROYD) is mark, text
    assert made.marks.get(MURGATROYD, Mark.PRESENT) is Mark.PRESENT, text


def test_whom_somebody_came_for_is_gone(lexicon: Lexicon) -> None:
    """ "it were Holroyd she came for, Murgatroyd's still here"."""
    pending = WhichPupil("jack", (HOLROYD, MURGATROYD), Mark.LEFT)
    text = "it were Holroyd she came for, Murgatroyd's still here coiling ropes for me"
    reply = a_reply(text, *NAMES, pending=pending, start="09:00", sent_at="11:00")
    assert read(reply, lexicon).marks == {HOLROYD: Mark.LEFT, MURGATROYD: Mark.PRESENT}


def test_the_other_is_here_where_that_is_said(lexicon: Lexicon) -> None:
    """ "it's Holroyd, Murgatroyd's in", of two who had no mark."""
    pending = WhichPupil("jack", (HOLROYD, MURGATROYD), Mark.ABSENT)
    for text, other in (
        ("it's holroyd, murgatroyd's in", Mark.PRESENT),
        ("holroyd. murgatroyd's just walked in", Mark.LATE),
    ):
        reply = a_reply(text, *NAMES, pending=pending, start="09:00", sent_at="09:20")
        assert read(reply, lexicon).marks == {HOLROYD: Mark.ABSENT, MURGATROYD: other}, text


@pytest.mark.parametrize(
    "text", ["holroyd's off, murgatroyd is here", "both of them", "murgatroyd isn't in, holroyd is"]
)
def test_a_new_report_is_read_as_one(text: str, lexicon: Lexicon) -> None:
    """Each has the mark that is said of him."""
    pending = WhichPupil("jack", (HOLROYD, MURGATROYD), Mark.ABSENT)
    made = read(a_reply(text, *NAMES, pending=pending, start="09:00", sent_at="09:20"), lexicon)
    away = {n for n, mark in made.marks.items() if mark is Mark.ABSENT}
    wanted = {"both of them": {1, 2}, "holroyd's off, murgatroyd is here": {1}}
    assert away == wanted.get(text, {MURGATROYD}), text


def test_who_is_off_is_not_lost_for_who_is_not(lexicon: Lexicon) -> None:
    """ "it was Holroyd, not Murgatroyd, who's off. Murgatroyd is in": both are told of."""
    text = "it was holroyd not murgatroyd who's off. murgatroyd is in"
    held = {HOLROYD: Mark.PRESENT, MURGATROYD: Mark.ABSENT}
    made = read(a_reply(text, *NAMES, marks=held, start="09:00", sent_at="09:20"), lexicon)
    assert made.marks.get(HOLROYD) is not Mark.PRESENT
    assert made.marks.get(HOLROYD) is Mark.ABSENT or made.ask is not None
