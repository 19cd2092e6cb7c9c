"""Promises: what the sender is about to do is nobody's illness, and nothing of any pupil."""

import pytest

from apbot.domain.readings import OpenCase
from apbot.domain.words import Action, Mark, Matter, Reason, Speaker
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Ellis Ward", "Femi Okafor", "Jade East", "Tommo Tate")
AIDEN, ELLIS, FEMI, JADE, TOMMO = range(1, 6)
REST_IN = dict.fromkeys((AIDEN, ELLIS, FEMI, JADE), Mark.PRESENT)


@pytest.mark.parametrize(
    "will", ["ill", "Ill", "i'll", "I'll", "I will", "ill just", "well", "will", "gonna"]
)
@pytest.mark.parametrize(
    "does",
    ["ring home", "let u know", "keep you posted", "ask his mum", "chase", "text his mam in 5"],
)
@pytest.mark.parametrize("said", ["all in bar tommo", "all here, tommo off"])
def test_who_is_off_is_off_and_no_reason_is_told(
    said: str, will: str, does: str, lexicon: Lexicon
) -> None:
    """ "All in bar Tommo ill ring home": he is off, and whether he is ill nobody said."""
    for joined in (" ", ", ", ". "):
        made = read(a_reply(f"{said}{joined}{will} {does}", *NAMES), lexicon)
        assert made.reasons == {}, joined
        assert made.marks.get(TOMMO) in (Mark.ABSENT, None), joined
        assert made.marks == {**REST_IN, TOMMO: Mark.ABSENT} or made.ask is not None, joined


@pytest.mark.parametrize("joined", [" ", ", ", ". ", "\n"])
@pytest.mark.parametrize(
    "does", ["be back at 11", "be out til 12", "b on my mobile", "need the van"]
)
def test_whoever_is_in_is_not_ill(does: str, joined: str, lexicon: Lexicon) -> None:
    """ "All in ill be back at 11": the sender will, and all are in."""
    made = read(a_reply(f"all in{joined}ill {does}", *NAMES), lexicon)
    assert made.marks == {**REST_IN, TOMMO: Mark.PRESENT}
    assert made.reasons == made.times == {}


@pytest.mark.parametrize(
    "text", ["cant find tommo ill go check the yard", "cant find tommo. I'll have a look round"]
)
def test_whoever_is_looked_for_has_not_left(text: str, lexicon: Lexicon) -> None:
    """ "Can't find Tommo ill go check": nobody took him home ill."""
    held = {**REST_IN, TOMMO: Mark.PRESENT}
    made = read(a_reply(text, *NAMES, marks=held, sent_at="10:30"), lexicon)
    assert made.marks == {TOMMO: Mark.UNACCOUNTED}
    assert made.reasons == {}


@pytest.mark.parametrize(
    "text",
    ["tommo off ill", "tommo ill call me", "tommo is ill, ring his mum", "tommo ill. ring me"],
)
def test_whoever_is_ill_is_ill(text: str, lexicon: Lexicon) -> None:
    """ "Tommo ill call me": he is, and the office is to ring."""
    made = read(a_reply(text, *NAMES, marks=REST_IN), lexicon)
    assert made.marks == {TOMMO: Mark.ABSENT}
    assert made.reasons == {TOMMO: Reason.ILLNESS}


@pytest.mark.parametrize("text", ["ok ill ask his dad", "on it ill ring her", "ill ring mum"])
def test_a_contact_who_will_ring_has_it_and_ends_nothing(text: str, lexicon: Lexicon) -> None:
    """ "Ok ill ask his dad" takes the case on: it is not over, and nobody is ill."""
    case = OpenCase("K7", Matter.ABSENCE, "Tommo Tate", "Bramble Farm")
    made = read(a_reply(text, speaker=Speaker.CSS, cases=(case,)), lexicon)
    assert [each.action for each in made.cases] == [Action.ACK]
