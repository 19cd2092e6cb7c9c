"""
News of one who was absent or awaited: here, coming or not, whatever is said before and behind it.
"""

from itertools import product

import pytest

from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = (
    *("Aiden Brown", "Chloe Davies", "Femi Adeyemi", "Jack Brown", "Jack Taylor"),
    *("Zofia Nowak", "Mo Khan"),
)
FEMI = 3
HERE = {Mark.PRESENT, Mark.LATE}
NEWS = {
    "here": (
        *("femi's here now", "femi just walked in", "femi has turned up", "femi got here at 10.10"),
        *("femi's mum has just dropped him off", "femi finally here", "femi arrived 10 mins ago"),
        *("femi is in now", "panic over femi is here", "femi came in with his nan at 10"),
    ),
    "awaited": (
        *("femi is on his way", "femi's mum says he'll be here by 11", "femi nearly here"),
        *(
            "femi will be in at half 10",
            "femi's dad is bringing him at 11",
            "femi still on the bus",
        ),
        *("femi missed his bus, on the next one", "femi running late, about 10.40"),
    ),
    "absent": (
        *("femi isn't coming now", "femi's mum rang, he's not coming in", "femi still not here"),
        *("femi won't be in after all", "femi has a tummy bug so not today", "femi's off sick"),
        *("femi not in today, mum texted", "no femi today", "femi refusing to come in"),
        *("femi's carer says he's poorly", "femi has got the dentist so won't be in this morning"),
    ),
}
WANTED = {"here": HERE, "awaited": {Mark.AWAITED}, "absent": {Mark.ABSENT}}
BEFORE = ("", "morning ", "sorry ", "ok so ", "btw ", "update: ", "just to let you know ")
BEHIND = (
    *("", " thanks", " 👍", " ✅", ", rest fine", ". others all working away", ", no drama"),
    *(". jack b's doing great today", ". chloe made everyone a brew", ". it's freezing out"),
    *(". yesterday he was late too", ". he'll be collected at 3 as usual", ". bus was late"),
    *(". tomorrow he has the dentist", ". can someone ring me about his lunch"),
)


@pytest.mark.parametrize("held", [Mark.ABSENT, Mark.AWAITED])
@pytest.mark.parametrize("kind", NEWS)
def test_news_is_the_same_with_all_that_stands_beside_it(
    kind: str, held: Mark, lexicon: Lexicon
) -> None:
    """ "femi still not here 👍" is no femi here; "no femi today, freezing out" is one off."""
    marks = {**dict.fromkeys(range(1, 8), Mark.PRESENT), FEMI: held}
    for before, news, behind in product(BEFORE, NEWS[kind], BEHIND):
        text = before + news + behind
        made = read(a_reply(text, *NAMES, marks=marks, start="09:00", sent_at="10:20"), lexicon)
        assert made.marks.get(FEMI, held) in {*WANTED[kind], held}, text
        told = FEMI in made.marks or made.ask is not None or held in WANTED[kind]
        assert told or FEMI in made.reasons, text
        assert {mark for n, mark in made.marks.items() if n != FEMI} <= HERE, text
