from itertools import product

import pytest

from apbot.domain.readings import RestPresent
from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Davies", "Femi Okafor", "Marta Kowalska")
HERE = (Mark.PRESENT, Mark.LATE)
NO_ONE = (
    *("no shows today", "none in", "nobody here", "zero in", "no kids in", "nobody turned up"),
    *("aint got anyone", "nowt here", "not any", "no attendance", "none", "nobody"),
    *("all off", "all absent", "all missing", "everyone's off"),
)
AGAIN = (
    *("not one of them", "not a soul", "not a single one", "none of them", "no one here"),
    *("not one showed", "all absent", "all off", "zero", "complete no show", "nobody in"),
)
NOT_SEEN = (
    *("mum says femi is in", "femi says he's in", "can you check femi is in", "get femi in please"),
    *("femi was here", "the other femi is here", "brother of femi is here", "femi's taxi is here"),
    *("thought femi was in", "put femi in by mistake", "femi present in error", "unlike femi, in"),
    *("femi in the other building", "femi in but not confirmed", "femi claims he is in"),
    *("if femi's in ill tell you", "femi will be in at 10", "is femi in", "femi usually in"),
    *("femi's sister is in", "femi is supposed to be in", "i doubt femi is in"),
)
NOT_ALL = (
    *("is everyone in", "have they all arrived", "i doubt everyone is in", "femi says all are in"),
    *("all in... not", "all in no wait", "all in wrong group", "staff all in", "sod all in"),
    *("all in the wrong place", "all due in", "everyone was here", "everyone in the other group"),
)


@pytest.mark.parametrize("first", NO_ONE)
@pytest.mark.parametrize("second", AGAIN)
def test_a_no_about_everybody_said_twice_is_never_a_full_house(
    first: str, second: str, lexicon: Lexicon
) -> None:
    """However two such words are joined, and in either order, nobody is taken as here."""
    for joint in (", ", " - ", " ", ". ", "\n", " so ", " and "):
        for text in (first + joint + second, second + joint + first):
            reading = read(a_reply(text, *NAMES), lexicon)
            assert not [m for m in reading.marks.values() if m in HERE], text


@pytest.mark.parametrize("text", NOT_SEEN)
def test_a_pupil_whom_the_writer_does_not_say_is_here_is_not_marked_here(
    text: str, lexicon: Lexicon
) -> None:
    """Hearsay, a question, a plan, somebody else's taxi or sister: none of it is "here"."""
    assert read(a_reply(text, *NAMES), lexicon).marks.get(3) not in HERE


@pytest.mark.parametrize("text", NOT_ALL)
def test_words_for_all_that_say_no_such_thing_mark_nobody_here(text: str, lexicon: Lexicon) -> None:
    """A question, a doubt, a word taken back, or another group is no full house."""
    marks = read(a_reply(text, *NAMES), lexicon).marks
    assert not [m for m in marks.values() if m in HERE]


OF_THE_REST = (
    *("none of the others", "none of the rest", "not one of the others", "not any of the others"),
    *(
        "none of the other three",
        "none of the other lads",
        "nobody else",
        "no one else",
        "nah none of the others",
    ),
)
CAME = (
    *("have turned up", "are here", "are in", "here", "in", "came", "showed up", "have arrived"),
    *("have made it", "yet", "back", "present", "came in"),
)


@pytest.mark.parametrize("nobody", OF_THE_REST)
@pytest.mark.parametrize("led", ["aiden's in, ", "only aiden in, ", "aiden here. ", ""])
def test_none_of_the_others_is_none_of_them(nobody: str, led: str, lexicon: Lexicon) -> None:
    """Whatever they have not done, and also in answer to the question whether the others are in."""
    asked = RestPresent((2, 3, 4))
    for came in CAME:
        for pending in (None, asked):
            text = f"{led}{nobody} {came}"
            held = {1: Mark.PRESENT} if pending else {}
            marks = read(a_reply(text, *NAMES, marks=held, pending=pending), lexicon).marks
            assert not [n for n, mark in marks.items() if mark in HERE and n != 1], text


def test_none_of_the_others_are_off_is_a_full_house(lexicon: Lexicon) -> None:
    """The no is of being away."""
    marks = read(a_reply("aiden off, none of the others are off", *NAMES), lexicon).marks
    assert marks == {1: Mark.ABSENT, 2: Mark.PRESENT, 3: Mark.PRESENT, 4: Mark.PRESENT}


@pytest.mark.parametrize(
    "text",
    ["neither of them came back from lunch", "neither of em back", "neither of the lads are in"],
)
def test_neither_of_them_is_of_the_two_who_were_asked_about(text: str, lexicon: Lexicon) -> None:
    """And of nobody else, whatever is held of them."""
    held = {1: Mark.PRESENT, 4: Mark.ABSENT}
    reply = a_reply(
        text,
        *NAMES,
        half="PM",
        start="13:00",
        sent_at="13:10",
        marks=held,
        pending=RestPresent((2, 3)),
    )
    marks = read(reply, lexicon).marks
    assert set(marks) == {2, 3}
    assert not [mark for mark in marks.values() if mark in HERE]


SOME = (
    *("two of", "one of", "few of", "some of", "most of", "half", "hardly any of", "barely any of"),
    *("not many of", "don't see", "not seen", "no word on", "can't see any of", "not all of"),
    *("a couple of", "a few of", "haven't got", "no sign of", "waiting on"),
)


@pytest.mark.parametrize("share", SOME)
@pytest.mark.parametrize("them", ["the others", "the rest", "the other lads", "the others here"])
def test_some_of_the_others_are_not_the_others(share: str, them: str, lexicon: Lexicon) -> None:
    """Less than all of them, or a doubt about them, says of nobody that they are here."""
    for said in ("are in", "here", "have turned up", ""):
        marks = read(a_reply(f"aiden's in, {share} {them} {said}", *NAMES), lexicon).marks
        assert not [n for n, mark in marks.items() if mark in HERE and n != 1], said


@pytest.mark.parametrize(
    "share", ["nowhere near", "don't see", "no word on", "far from", "not nearly", "not quite"]
)
@pytest.mark.parametrize(
    "all_of_them", ["everyone here", "all in", "everybody in", "everyone being in"]
)
def test_what_is_not_everyone_is_no_full_house(
    share: str, all_of_them: str, lexicon: Lexicon
) -> None:
    """ "Nowhere near all in" is no "all in"."""
    marks = read(a_reply(f"{share} {all_of_them}", *NAMES), lexicon).marks
    assert not [mark for mark in marks.values() if mark in HERE]


GROUPS = (
    *("the others", "the rest", "everyone else", "all the others", "the other three", "everyone"),
    *(
        "all of them",
        "they",
        "the lot of them",
        "the other lads",
        "rest of them",
        "the group",
        "all",
    ),
)
NOT_COME = (
    *("haven't turned up", "havent shown", "didn't come", "aren't in", "are not here", "not in"),
    *("never showed", "are off", "are absent", "are still at home", "are nowhere to be seen"),
    *("yet to arrive", "no show", "have not been seen", "won't be in", "are missing", "no sign"),
    *("are refusing to come in", "stayed home", "can't make it", "failed to turn up", "are awol"),
    *("aint here", "ain't turned up", "are all off", "are no shows", "not arrived yet"),
    *("were meant to be in", "should've been in by now", "said they'd be in", "might be in"),
    *("thought they'd be here", "are supposed to be here", "could be here", "will be in later"),
    *("were here yesterday", "are usually in", "would be in if the bus came", "are in bed"),
    *("are in town", "are in hospital", "are in isolation"),
)
BEFORE = ("", "aiden's in, ", "only aiden here, ", "yes ", "no ")


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_that_has_not_come_is_not_marked_here(group: str, lexicon: Lexicon) -> None:
    """Whatever stands before it, a yes or a no, and whether or not it answers a question."""
    wrong = []
    for led, said in product(BEFORE, NOT_COME):
        text = f"{led}{group} {said}"
        for held, asked in (({}, None), ({1: Mark.PRESENT}, RestPresent((2, 3, 4)))):
            reply = a_reply(text, *NAMES, marks=held, pending=asked)
            marks = read(reply, lexicon).marks
            if any(mark in HERE for number, mark in marks.items() if number != 1):
                wrong.append(text)
    assert wrong == []
