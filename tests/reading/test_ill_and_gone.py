"""
Who fell ill in a room of ours and was fetched: never passed over as here, for where it began.
"""

from itertools import product

import pytest

from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Dunn", "Femi Okafor", "Jack Tanner", "Zosia Nowak")
FEMI = 3
ILL = (
    *("was sick", "threw up", "came over dizzy", "had a headache", "was feeling rough"),
    *("wasnt well", "looked peaky", "was upset"),
)
WHERE = (
    *("", " in the barn", " in class", " in the toilets", " at break", " on the mats"),
    *(" in the ring", " in the minibus", " at his desk", " during maths"),
)
FETCHED = (
    *("so his mum has just been and taken him home", "so mum came and got him"),
    *("mum has picked him up", "his dad came for him", "so i sent him home", "gone home now"),
    *("so we rang mum and shes collected him", "so hes gone home with his nan", "mum took him"),
    *("so dad took him home at half ten", "and got picked up", "had to be collected"),
    *("so ive run him home", "taxi has taken him home", "so his mum fetched him at 10.40"),
)
JOINED = (" ", ", ", ". ")


@pytest.mark.parametrize("ill", ILL)
def test_whoever_fell_ill_and_was_fetched_is_not_here(ill: str, lexicon: Lexicon) -> None:
    """ "Femi was sick in the barn so his mum has just been and taken him home": left, or asked."""
    held = dict.fromkeys(range(1, 6), Mark.PRESENT)
    for where, joined, fetched in product(WHERE, JOINED, FETCHED):
        text = f"femi {ill}{where}{joined}{fetched}"
        made = read(a_reply(text, *NAMES, marks=held, start="09:00", sent_at="11:05"), lexicon)
        assert made.marks.get(FEMI) in (Mark.LEFT, None), text
        assert FEMI in made.marks or made.ask is not None or made.flags, text
        assert set(made.marks) <= {FEMI}, text


NOT_THAT = ("isnt off", "isn't off ill", "isnt absent", "not missing", "isn't away")
BUT = (
    *("shes at the dentist", "its a funeral", "she's suspended", "its a hospital appointment"),
    *("shes got court", "she has camhs", "her nan has died", "she is on holiday"),
    *("she goes to bramble on mondays", "she does thursdays"),
)


@pytest.mark.parametrize("held", [Mark.ABSENT, Mark.PRESENT, None])
def test_who_is_away_for_another_reason_is_not_here(held: Mark | None, lexicon: Lexicon) -> None:
    """ "Chloe isn't off ill, she's at the dentist": why is put right, and nobody is here."""
    marks = {} if held is None else {2: held}
    for said, gap, why in product(NOT_THAT, (" ", ", ", ". "), BUT):
        text = f"chloe {said}{gap}{why}"
        made = read(a_reply(text, *NAMES, marks=marks, start="09:00", sent_at="09:40"), lexicon)
        assert made.marks.get(2) not in (Mark.PRESENT, Mark.LATE), text
