"""Still coming: whether a child is to come yet in this session, and when."""

from datetime import time

import pytest

from apbot.domain.words import Speaker
from apbot.reading.lexicon import Lexicon
from tests.reading.case_talk import FEMI, said

COMING = {
    "car broke down, be there 10.30": time(10, 30),
    "dentist, will be in by 11": time(11, 0),
    "not in till half 10, blood test": time(10, 30),
    "traffic awful, with you in 20": time(10, 32),
    "optician appt, he'll get to you for about 11": time(11, 0),
    "he missed the bus so getting the 10.25": time(10, 25),
    "meeting till 10.30 then he's coming in": time(10, 30),
    "overslept, he's coming": None,
    "then ill drop him in, he has the dentist": None,
    "running late but coming, his brother was sick": None,
}

NOT_COMING = [
    "he's poorly, my mum is coming to sit with him",
    "sick in the car so we turned round",
    "temperature of 39, gp is ringing back by 11",
    "we have to be there for 11, at the hospital",
    "dentist this morning, in this afternoon",
    "will be in at 1 after his dentist",
    "chickenpox, back in next week",
    "he was coming but now he's refusing, he's not coming",
    "coming out in a rash",
    "on the train to his dad's, funeral",
    "is he coming?",
]


@pytest.mark.parametrize(("text", "at"), COMING.items(), ids=list(COMING))
def test_who_is_still_to_come_is_read_with_the_hour(
    text: str, at: time | None, lexicon: Lexicon
) -> None:
    """At twelve minutes past ten, of a session that began at half past nine."""
    assert said(text, lexicon, speaker=Speaker.PARENT).coming == {FEMI.ref: at}


@pytest.mark.parametrize("text", NOT_COMING)
def test_what_only_sounds_so_is_no_coming(text: str, lexicon: Lexicon) -> None:
    """The reason stands, or the words are what they are."""
    assert not said(text, lexicon, speaker=Speaker.PARENT).coming
