"""
Not back, and coming: whoever is in sight is awaited, and whoever is only on some way is sought.
"""

import pytest

from apbot.domain.readings import Reply
from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Andrei Popa", "Ellis Ward", "Guri Singh", "Jade East", "Tommo Tate")
TOMMO = 5
MORNING = dict.fromkeys(range(1, 6), Mark.PRESENT)
SOUGHT = {**dict.fromkeys(range(1, 5), Mark.PRESENT), TOMMO: Mark.UNACCOUNTED}
IN_SIGHT = """\
tommo's not back from the chippy yet but I can see him coming up the road
all back bar tommo, not back from lunch yet but on his way
tommo isn't back, he's walking up the drive now
tommo not back yet, he'll be here by quarter past"""
ON_SOME_WAY = """\
tommo not back from lunch, was on his way to the shop
tommo's not back yet. mum's on her way
tommos not back, sent dave to look for him on his way to town
tommo was on his way back from the shop but hes not back"""


@pytest.mark.parametrize("text", IN_SIGHT.splitlines())
def test_whoever_is_in_sight_is_awaited(text: str, lexicon: Lexicon) -> None:
    """Nobody has to look for a child whom the sender sees."""
    made = read(_after_lunch(text), lexicon)
    assert made.marks[TOMMO] is Mark.AWAITED


@pytest.mark.parametrize("text", ON_SOME_WAY.splitlines())
def test_whoever_is_on_some_way_is_looked_for(text: str, lexicon: Lexicon) -> None:
    """ "On his way to the shop" is not to us, and his mum is not him."""
    made = read(_after_lunch(text), lexicon)
    assert made.marks[TOMMO] is Mark.UNACCOUNTED


@pytest.mark.parametrize(
    "text",
    [
        "heard from tommo, hes on the bus, ten mins",
        "tommo still not back but i can see him coming up the road",
        "not back yet, he's on his way",
        "not back yet but on his way",
    ],
)
def test_one_who_is_sought_and_comes_into_sight_is_awaited(text: str, lexicon: Lexicon) -> None:
    """He is not here yet, so the search goes on; and the mark says what is known."""
    reply = a_reply(text, *NAMES, half="PM", start="13:00", sent_at="13:40", marks=SOUGHT)
    made = read(reply, lexicon)
    assert made.marks == {TOMMO: Mark.AWAITED}
    assert made.ask is None


@pytest.mark.parametrize("text", ["lost tommo", "ive lost tommo", "hi, lost tommo, cant see him"])
def test_whoever_is_lost_is_looked_for(text: str, lexicon: Lexicon) -> None:
    """With nobody said to have lost him, as much as with "we've"."""
    made = read(a_reply(text, *NAMES, sent_at="11:20", marks=MORNING), lexicon)
    assert made.marks == {TOMMO: Mark.UNACCOUNTED}


def test_what_is_lost_of_his_is_no_alarm(lexicon: Lexicon) -> None:
    """ "Lost Tommo's gloves" are gloves."""
    for text in ("lost tommo's gloves", "tommo lost his coat", "ive lost tommos phone number"):
        assert not read(a_reply(text, *NAMES, sent_at="11:20", marks=MORNING), lexicon).marks


def _after_lunch(text: str) -> Reply:
    return a_reply(text, *NAMES, half="PM", start="13:00", sent_at="13:10", am_marks=MORNING)
