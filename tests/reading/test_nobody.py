import pytest

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
