"""
Whoever is looked for and said to be back is back, wherever they were; and is still looked for
where it is only heard, hoped, or said of somebody else.
"""

import pytest

from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = (*("Chantelle Obi", "Yusuf Ali", "Zoe Kaur", "Ruby Shaw", "Harriet Hicks", "Karl Nance"),)
YUSUF = 2
HELD = {**dict.fromkeys(range(1, 7), Mark.PRESENT), YUSUF: Mark.UNACCOUNTED}
HERE = {Mark.PRESENT, Mark.LATE}
BACK = """\
Yusuf's back, lost track of time in Primark the divvy
found yusuf, he was asleep in the polytunnel phewww. hes with me now
Yusuf has been found in the chapel and has rejoined the class. All is well.
yusuf back, queue was mad long init
Yusuf is back, Scott's mom found him up the chippy and fetched him here. He's on the mixer now
yusuf is back noo, he was in the queue at the baker's
yusuf is back, hed only gone to greggs
panic over we have found Yusuf fast asleep in the hay loft and he is back with us now the monkey
Yusuf's come back on his own two feet, he's had a cup of tea and he's sat in the office with me
Yusuf has been found. He was in the church porch next door and is now safely back in the classroom.
Yusuf is come back with us now, he was only talking with some girls in the market
He's come back in has Yusuf, said sorry and got his hands dirty again
found him, he was in the loo the whole time
got yusuf, he was hiding behind the shed. sat with me in the office now
yusuf turned up, he'd been at the shop. all good
yusuf back in. had a fag round the corner
Yusuf's brother spotted him at the bus stop and has brought him back. he is here with me now
yusuf's walked back in, says he needed some air
got him, sat in the bus shelter by the chippy, jo has fetched him back and hes having a brew
jo's fetched him back to the unit"""
STILL_LOST = """\
yusuf's back at his nan's, she was worried
yusuf is back home, he was at the bus stop
yusuf was back but he's gone again
yusuf came back then he ran off again
not back, he was seen at the shop
yusuf isn't back, he was seen at the shop
jo says he's back, he was at the shop
i was told hes back
apparently hes back, he was at the shop
is he back? he was at the shop
yusuf is back on the street, he was seen by jo
back in 5, he was at the shop
yusuf will be back, he was at the shop
he's back at school, he was spotted there
mum says yusuf is back, he was at hers
yusuf's mum is back, he was at home
hes back to being a pain
I'm back, he was nowhere to be seen
we're back, he was not there
back to square one, he was not at the shop
staff back, had no luck
he's back with his mum, she picked him up
i think yusuf is back, he was at the shop
yusuf should be back now, he was on the bus
yusuf is on his way back, he was at the shop
yusuf is back but he had legged it
yusuf is back, he had gone again when i looked
back now without him, he was not at the shop
zoe's back, she was looking for yusuf
zoe is back, she was in the loo
harriet is back and found nothing
yusuf is back out, went after zoe
yusuf was here with me, then went off
no changes
yusuf has been found, he was at the shop
his mum has fetched him
jo has gone to fetch him back
jo will fetch him back"""


@pytest.mark.parametrize("text", BACK.splitlines())
def test_whoever_is_back_is_back_wherever_they_were(text: str, lexicon: Lexicon) -> None:
    """ "Yusuf's back, he was in the queue": the queue is over."""
    made = read(a_reply(text, *NAMES, marks=HELD, start="09:00", sent_at="11:00"), lexicon)
    assert made.marks.get(YUSUF) in HERE, text
    assert set(made.marks.values()) <= HERE, text


@pytest.mark.parametrize("text", STILL_LOST.splitlines())
def test_a_search_is_not_over_for_what_is_only_told(text: str, lexicon: Lexicon) -> None:
    """ "i was told hes back", "zoe is back": nobody has Yusuf."""
    made = read(a_reply(text, *NAMES, marks=HELD, start="09:00", sent_at="11:00"), lexicon)
    assert made.marks.get(YUSUF) not in HERE, text


def test_two_who_are_looked_for_are_back_together(lexicon: Lexicon) -> None:
    """ "both back, they'd gone to the shop"."""
    held = {**HELD, 6: Mark.UNACCOUNTED}
    for text in (
        "both back, they'd gone to the shop",
        "karl n yusuf back, queue was mad long init",
        "karl and yusuf are back, karls mom found em both up the chippy and fetched em here",
    ):
        made = read(a_reply(text, *NAMES, marks=held, start="09:00", sent_at="11:00"), lexicon)
        assert made.marks == {YUSUF: Mark.PRESENT, 6: Mark.PRESENT}, text
