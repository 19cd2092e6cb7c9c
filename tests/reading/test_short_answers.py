"""Short answers: what is said without a name, to a question that had just one."""

from datetime import time
from typing import Any

import pytest

from apbot.domain.readings import CountOrNumber, Reading, RestPresent
from apbot.domain.words import Mark, Reason
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Ellis Ward", "Femi Okafor", "Jade East", "Tommo Tate")
AIDEN, ELLIS, FEMI, JADE, TOMMO = range(1, 6)
OTHERS_IN = dict.fromkeys((AIDEN, FEMI, JADE, TOMMO), Mark.PRESENT)


def answered(text: str, lexicon: Lexicon, **others: Any) -> Reading:
    """Read the text as the answer to "no mark yet for Ellis W. In, late or off?"."""
    given: dict[str, Any] = {
        "marks": OTHERS_IN,
        "pending": RestPresent((ELLIS,)),
        "start": "09:00",
        **others,
    }
    return read(a_reply(text, *NAMES, **given), lexicon)


@pytest.mark.parametrize(
    ("text", "mark", "reason"),
    [
        ("off", Mark.ABSENT, None),
        ("Off ill", Mark.ABSENT, Reason.ILLNESS),
        ("not here", Mark.ABSENT, None),
        ("still off", Mark.ABSENT, None),
        ("poorly, told you earlier", Mark.ABSENT, Reason.ILLNESS),
        ("at the dentist", Mark.ABSENT, Reason.MEDICAL_APPOINTMENT),
        ("on his way", Mark.AWAITED, None),
        ("not yet, on his way", Mark.AWAITED, None),
        ("running late", Mark.AWAITED, None),
        ("stuck in traffic", Mark.AWAITED, Reason.TRANSPORT),
        ("gone home", Mark.LEFT, None),
        ("in", Mark.PRESENT, None),
        ("with me", Mark.PRESENT, None),
        ("off the bus now", Mark.LATE, None),
    ],
)
def test_what_is_said_of_nobody_is_of_whom_was_asked(
    text: str, mark: Mark, reason: Reason | None, lexicon: Lexicon
) -> None:
    """ "Off", to a question about Ellis alone, is of Ellis, as "he's off" is."""
    made = answered(text, lexicon)
    assert made.marks == {ELLIS: mark}
    assert made.reasons.get(ELLIS) == reason
    assert made.ask is None


@pytest.mark.parametrize(
    "text",
    [
        "off?",
        "maybe off",
        "off sick i think",
        "no",
        "dunno",
        "ill check",
        "off to check",
        "late reply",
    ],
)
def test_what_says_nothing_for_certain_is_asked(text: str, lexicon: Lexicon) -> None:
    """ "Ill check" is no illness, and "off sick I think" is a guess."""
    made = answered(text, lexicon)
    assert made.marks == {}


@pytest.mark.parametrize(
    "text",
    [
        "here's hoping",
        "busy here",
        "quiet here",
        "left message at home",
        "sick of this rain",
        "off for a brew",
        "at the doctors myself, ken covering",
        "poorly myself so ken is covering",
        "on annual leave",
        "holiday today for me",
        "back in 5 will check",
        "rang home no answer",
        "waiting to hear",
    ],
)
def test_what_is_of_the_sender_or_of_nobody_is_no_answer(text: str, lexicon: Lexicon) -> None:
    """ "Poorly myself", "quiet here": nothing of Ellis, whom the question was about."""
    assert answered(text, lexicon).marks == {}


@pytest.mark.parametrize("text", ["off", "poorly", "on his way", "in", "stuck in traffic"])
def test_of_several_who_were_asked_about_nobody_is_meant(text: str, lexicon: Lexicon) -> None:
    """ "Off", where two were asked about, is of neither."""
    held = {AIDEN: Mark.PRESENT, FEMI: Mark.PRESENT, JADE: Mark.PRESENT}
    made = answered(text, lexicon, marks=held, pending=RestPresent((ELLIS, TOMMO)))
    assert made.marks == {}
    assert made.ask is not None


def test_why_is_told_of_whoever_was_asked_after(lexicon: Lexicon) -> None:
    """ "Ellis: in this morning, off now. Do you know why?" "Nan's funeral. n Aiden's turned up"."""
    held = {**OTHERS_IN, AIDEN: Mark.ABSENT, ELLIS: Mark.ABSENT}
    made = answered("hes at his nans funeral", lexicon, marks=held, half="PM", start="13:00")
    assert made.reasons == {ELLIS: Reason.FAMILY}


@pytest.mark.parametrize(
    "text",
    [
        "everyone bar tommo",
        "No I meant theres five here! Everyone bar Tommo",
        "not tommo",
        "4 in total, not tommo",
    ],
)
def test_whoever_is_left_out_is_not_the_one_of_the_number(text: str, lexicon: Lexicon) -> None:
    """ "Is 5 how many are in, or Tommo?" "Everyone bar Tommo": he of all is not."""
    pending = CountOrNumber(TOMMO, Mark.PRESENT)
    made = answered(text, lexicon, marks={}, pending=pending, sent_at="09:20")
    assert made.marks.get(TOMMO) in (None, Mark.ABSENT)


def test_so_many_and_who_is_not_yet(lexicon: Lexicon) -> None:
    """ "Four of them here, no sign of Tommo yet", in the first minutes: the four are the others."""
    text = "four of them here mucking out, no sign of Tommo yet"
    made = read(a_reply(text, *NAMES, start="09:00", sent_at="09:02"), lexicon)
    assert made.marks == dict.fromkeys((AIDEN, ELLIS, FEMI, JADE), Mark.PRESENT)
    assert made.ask is not None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("ellis at the dentist first so more like quarter to 10 for him", time(9, 45)),
        ("ellis at the dentist, nan reckons 9.45", time(9, 45)),
        ("ellis' bus is late so hes looking at ten to 10", time(9, 50)),
        ("Ellis has an appointment, and so we shall begin at 11.15 rather than at 9", time(11, 15)),
    ],
)
def test_an_hour_that_is_given_is_when_they_come(text: str, at: time, lexicon: Lexicon) -> None:
    """ "At the dentist, nan reckons 9.45": on the way, and here by then."""
    made = read(a_reply(text, *NAMES, marks=OTHERS_IN, start="09:00", sent_at="09:22"), lexicon)
    assert made.marks == {ELLIS: Mark.AWAITED}
    assert made.times == {ELLIS: at}


@pytest.mark.parametrize(
    "text", ["ellis is at the dentist, mum rang at 9.10", "ellis off, mum said at 9"]
)
def test_an_hour_of_something_else_is_not(text: str, lexicon: Lexicon) -> None:
    """ "At the dentist, mum rang at 9.10": when she rang."""
    made = read(a_reply(text, *NAMES, marks=OTHERS_IN, start="09:00", sent_at="09:22"), lexicon)
    assert made.marks == {ELLIS: Mark.ABSENT}
    assert made.times == {}
