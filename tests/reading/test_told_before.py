"""
What was put in the register by mistake, and said again to be put right, is never put again; and
somebody with a pupil's first name and a surname of nobody is not that pupil.
"""

from itertools import product

import pytest

from apbot.domain.words import Mark, Reason
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Davies", "Femi Adeyemi", "Jack Bello", "Zofia Nowak")
FEMI, JACK = 3, 4
HELD = dict.fromkeys(range(1, 6), Mark.PRESENT)
LEADS = ("", "sorry ", "hang on ", "oops ", "my bad ", "wait ", "actually ", "no wait ")
PUT = """\
i said femi was in
i put femi as in
ive put femi down as in
i told you femi was here
you've got femi as here
femi down as here
i marked femi in
we had femi down as present"""
SO = (
    *(", thats wrong", " but thats wrong", ", he isnt", " but hes not", " by mistake"),
    *(" but he hasnt turned up", ", hes off ill", " but hes off", " but hes at the dentist"),
    ", was looking at the wrong lad, femi's off",
)


@pytest.mark.parametrize("so", SO)
def test_what_was_put_by_mistake_is_not_put_again(so: str, lexicon: Lexicon) -> None:
    """ "hang on i put femi as in, he isnt": Femi is not in."""
    amiss = []
    for lead, put in product(LEADS, PUT.splitlines()):
        text = f"{lead}{put}{so}"
        made = read(a_reply(text, *NAMES, marks=HELD, start="09:30", sent_at="10:00"), lexicon)
        if made.marks != {FEMI: Mark.ABSENT} or made.ask is not None:
            amiss.append(f"{text}: {made.marks}, {made.ask}")
    assert not amiss


@pytest.mark.parametrize(
    ("text", "mark", "reason"),
    [
        ("i said femi was in, hes actually gone home", Mark.LEFT, None),
        ("hang on i said femi was in, thats wrong, his mum took him home", Mark.LEFT, None),
        ("i told you femi was off ill, hes just walked in", Mark.LATE, None),
        ("you have femi as absent but he's here", Mark.PRESENT, None),
        ("we've got femi in, hes painting", Mark.PRESENT, None),
        ("ive put femi as ill but its his hospital appointment", None, Reason.MEDICAL_APPOINTMENT),
    ],
)
def test_only_what_follows_is_so(
    text: str, mark: Mark | None, reason: Reason | None, lexicon: Lexicon
) -> None:
    """ "i told you femi was off ill, hes just walked in": he is in."""
    held = HELD if mark is Mark.LEFT else HELD | {FEMI: Mark.ABSENT}
    made = read(a_reply(text, *NAMES, marks=held, start="09:30", sent_at="10:00"), lexicon)
    assert made.marks.get(FEMI) in ((mark,) if mark else (None, Mark.ABSENT))
    assert set(made.marks) <= {FEMI}
    assert made.reasons.get(FEMI) is reason


@pytest.mark.parametrize(
    "text", ["i said femi was in. aiden isnt", "i said femi and aiden were in, they're not"]
)
def test_where_it_is_not_plain_whom_it_is_of_it_is_asked(text: str, lexicon: Lexicon) -> None:
    """ "i said femi was in. aiden isnt"."""
    made = read(a_reply(text, *NAMES, marks=HELD, start="09:30", sent_at="10:00"), lexicon)
    assert made.ask is not None
    assert Mark.PRESENT not in made.marks.values()


@pytest.mark.parametrize(
    "text",
    [
        "jack tanners not back",
        "jack tanner not back",
        "jack tanner is here",
        "all back but jack tanner",
        "Jack Tanner off, rest in",
        "jack tanner's been sick",
    ],
)
def test_somebody_with_a_surname_of_nobody_is_not_the_pupil(text: str, lexicon: Lexicon) -> None:
    """ "Jack Tanner", where only a Jack Bello is on the roster."""
    reply = a_reply(text, *NAMES, start="13:00", sent_at="13:20", am_marks=HELD)
    made = read(reply, lexicon)
    assert made.ask is not None
    assert JACK not in made.marks


def test_a_slip_in_the_own_surname_is_a_slip(lexicon: Lexicon) -> None:
    """ "jack bellow off" is of Jack Bello."""
    made = read(a_reply("jack bellow off", *NAMES), lexicon)
    assert made.marks == {JACK: Mark.ABSENT}
