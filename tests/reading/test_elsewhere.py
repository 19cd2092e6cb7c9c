"""
Whoever is looked for, and said to be at a place that may be another than ours, is not here for it;
and is here where the place is ours, or where they came with somebody.
"""

import pytest

from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Davies", "Femi Adeyemi", "Jack Brown", "Zofia Nowak")
FEMI = 3
HELD = {**dict.fromkeys(range(1, 6), Mark.PRESENT), FEMI: Mark.UNACCOUNTED}
HERE = {Mark.PRESENT, Mark.LATE}
SAID = """\
{}
{} now
{} just now
{} safe and well
{} mum says
{} phew"""
FOUND = """\
femi {}
femi's {}
he's {}
femi back {}
hes back {}
femi's been found {}
he was found {}
femi turned up {}
hes turned up {}
femi has arrived {}
he's safe {}
femi's fine {}
femi is now {}
back {}"""
WHERE = """\
at home
at his nans
at his mum's
at the shop
at the station
at the end of the road
at a mates house
at his school
at the gate of his school
at his other placement
at the bus stop
at a&e
in town
in the park
in the woods
in hospital
in someones car
in bed
in his room
in mcdonalds
by the canal
near the river
behind asda
outside the school
at the skate park
at the police station
indoors at his
on the swings"""
OURS = """\
femi's back in the yard
he's back in class now
femi has been found in the toilets
hes back at his bench now
back at his station now
femi turned up with his mum
femi's turned up on the bus
he's been brought back by the police
the police have brought femi back
police dropped him back
his mum brought him back
dave walked him back
a member of the public brought femi back at half ten
mum's dropped him back off
femi was brought back by police
picked him up from the shop hes with us
picked femi up from the shop, he's in the office now
found him asleep in the van
found him behind the bins
femi back with us now
femi's back from the shop
femi is back, he was at his nans
found him in the woods, he's back with us now
femi is out with the goats"""

NOT_BROUGHT = """\
the police have brought him back home
police took him back to his mums
his mum will bring him back
police brought him back to his nans
has anyone brought him back
have the police brought him back?
police have not brought him back
they said police brought him back
we brought him back but he's gone again
mum brought his phone back
mum brought aiden back
he was brought back home by police
femi has walked in by the canal"""


@pytest.mark.parametrize("where", WHERE.splitlines())
def test_a_place_that_may_not_be_ours_ends_no_search(where: str, lexicon: Lexicon) -> None:
    """ "Femi's been found in hospital", "he's back at his nan's now": not here."""
    amiss = []
    for found in FOUND.splitlines():
        for said in SAID.splitlines():
            text = said.format(found.format(where))
            made = read(a_reply(text, *NAMES, marks=HELD, start="09:30", sent_at="10:40"), lexicon)
            if made.marks.get(FEMI, Mark.UNACCOUNTED) in HERE:
                amiss.append(text)
    assert not amiss


@pytest.mark.parametrize("text", OURS.splitlines())
def test_a_place_of_ours_ends_the_search(text: str, lexicon: Lexicon) -> None:
    """ "he's back in the yard", "femi turned up with his mum"."""
    made = read(a_reply(text, *NAMES, marks=HELD, start="09:30", sent_at="10:40"), lexicon)
    assert made.marks == {FEMI: Mark.PRESENT}


@pytest.mark.parametrize("text", NOT_BROUGHT.splitlines())
def test_what_is_only_to_be_or_is_of_elsewhere_brings_nobody_back(
    text: str, lexicon: Lexicon
) -> None:
    """ "his mum will bring him back", "police brought him back to his nans"."""
    made = read(a_reply(text, *NAMES, marks=HELD, start="09:30", sent_at="10:40"), lexicon)
    assert made.marks.get(FEMI, Mark.UNACCOUNTED) not in HERE
