"""
Who went, and to whom it was done; who is fetched in; and who trails behind what was said of others.
"""

import pytest

from apbot.domain.readings import RestPresent
from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Davies", "Jade East", "Tommo Tate")
HELD = dict.fromkeys(range(1, 5), Mark.PRESENT)
AIDEN, JADE, TOMMO = 1, 3, 4


@pytest.mark.parametrize(
    "text",
    [
        "jades had a barney w tommo n walked off site",
        "jade had a row with tommo and walked off",
        "jade swore at tommo n legged it",
        "jade hit tommo then ran off",
        "jade fell out with tommo, walked off",
        "jade's fallen out with tommo and stormed off",
        "jade's stormed out. had words with tommo, legged it up the high street",
    ],
)
def test_who_did_it_is_who_went(text: str, lexicon: Lexicon) -> None:
    """ "jade had a row with tommo and walked off": Jade."""
    made = read(a_reply(text, *NAMES, marks=HELD, sent_at="11:00"), lexicon)
    assert made.marks == {JADE: Mark.UNACCOUNTED}


@pytest.mark.parametrize(
    "text",
    [
        "jade had a row with tommo and they've both walked off",
        "jade had a row with tommo. they've walked off",
        "jade had a row with tommo, both walked off",
        "jade and tommo walked off",
    ],
)
def test_where_both_went_both_are_looked_for(text: str, lexicon: Lexicon) -> None:
    """ "jade had a row with tommo, both walked off"."""
    made = read(a_reply(text, *NAMES, marks=HELD, sent_at="11:00"), lexicon)
    assert made.marks == {JADE: Mark.UNACCOUNTED, TOMMO: Mark.UNACCOUNTED}


@pytest.mark.parametrize(
    "text",
    [
        "jade's slept in, her da's fetchin her ower noo",
        "jade slept in, her mum is fetching her in now",
        "jade's mum's fetching her in",
        "her mum says she's fetching jade in herself about quarter to 10",
        "jade's mum is running her over now",
        "jade's not off she's only running late her mum is driving her up",
    ],
)
def test_who_is_fetched_in_is_on_the_way(text: str, lexicon: Lexicon) -> None:
    """ "her mum's fetching her in": not gone, and not here."""
    made = read(a_reply(text, *NAMES, start="09:30", sent_at="09:35"), lexicon)
    assert made.marks == {JADE: Mark.AWAITED}


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("aiden and jade are here and chloe. tommo off", {1, 2, 3}),
        ("aiden jade in and chloe. tommo off", {1, 2, 3}),
        ("aiden off. jade in and chloe", {2, 3}),
        ("aiden in and chloe off", {1}),
        ("aiden chloe n jade all good, tommo poorly", {1, 2, 3}),
        ("aiden and chloe all ok. jade and tommo off", {1, 2}),
    ],
)
def test_who_trails_behind_or_is_all_good_is_in(
    text: str, here: set[int], lexicon: Lexicon
) -> None:
    """ "aiden and jade are here and chloe": so is Chloe."""
    made = read(a_reply(text, *NAMES, start="09:30", sent_at="09:35"), lexicon)
    assert {number for number, mark in made.marks.items() if mark is Mark.PRESENT} == here


def test_all_good_says_nothing_of_one_who_is_away(lexicon: Lexicon) -> None:
    """ "jade all good", of one who is looked for, ends no search."""
    held = HELD | {JADE: Mark.UNACCOUNTED}
    made = read(a_reply("jade all good, tommo off", *NAMES, marks=held, sent_at="10:40"), lexicon)
    assert made.marks.get(JADE, Mark.UNACCOUNTED) is Mark.UNACCOUNTED


@pytest.mark.parametrize(
    "text", ["all back bar aiden. jade is still poorly", "all in, jade's still off ill"]
)
def test_whoever_is_still_poorly_is_not_of_all(text: str, lexicon: Lexicon) -> None:
    """ "all back bar Aiden, Jade is still poorly": she is not back."""
    was = HELD | {JADE: Mark.ABSENT}
    reply = a_reply(text, *NAMES, start="13:00", sent_at="13:10", am_marks=was)
    made = read(reply, lexicon)
    assert made.marks[JADE] is Mark.ABSENT


@pytest.mark.parametrize(
    "text",
    [
        "jade shot off with her mates",
        "jade's gone off with her mates",
        "jade was here, her mates took her off down the road",
    ],
)
def test_whoever_went_with_mates_went_without_leave(text: str, lexicon: Lexicon) -> None:
    """ "gone off with her mates": nobody of the family took her."""
    made = read(a_reply(text, *NAMES, marks=HELD, sent_at="11:00"), lexicon)
    assert made.marks.get(JADE) is not Mark.LEFT


@pytest.mark.parametrize(
    "text",
    [
        "here's jade's coat",
        "jade's here, oh no wait that's chloe",
        "jade never left home",
        "jade is back on the street",
        "taxi turned up for jade",
    ],
)
def test_what_only_sounds_like_being_here_ends_no_search(text: str, lexicon: Lexicon) -> None:
    """ "here's jade's coat", "jade's here, oh no wait that's chloe"."""
    held = HELD | {JADE: Mark.UNACCOUNTED}
    made = read(a_reply(text, *NAMES, marks=held, sent_at="11:00"), lexicon)
    assert made.marks.get(JADE, Mark.UNACCOUNTED) not in (Mark.PRESENT, Mark.LATE)


@pytest.mark.parametrize("text", ["and here's jade now", "here's jade"])
def test_here_is_somebody_is_of_whom_it_names(text: str, lexicon: Lexicon) -> None:
    """ "tommo's off. And here's Jade now": Jade is here, and Tommo is not."""
    reply = a_reply(f"tommo's off with a cold. {text}", *NAMES, start="09:30", sent_at="09:50")
    made = read(reply, lexicon)
    assert made.marks[JADE] in (Mark.PRESENT, Mark.LATE)
    assert made.marks[TOMMO] is Mark.ABSENT


@pytest.mark.parametrize(
    "text",
    [
        "I must correct myself: I was told that Chloe was in the barn, but it was her cousin",
        "can you correct the list",
        "i need to correct what i said",
    ],
)
def test_to_correct_something_is_no_yes(text: str, lexicon: Lexicon) -> None:
    """ "I must correct myself", while it is asked whether Jade is in, says nothing of Jade."""
    held = HELD | {JADE: Mark.AWAITED}
    asked = RestPresent((JADE,))
    made = read(a_reply(text, *NAMES, marks=held, sent_at="09:50", pending=asked), lexicon)
    assert JADE not in made.marks


@pytest.mark.parametrize(
    "text", ["jade's here. oh no chloe's just been sick", "jade in, oh no wait chloe's off"]
)
def test_what_is_said_of_another_takes_nobody_back(text: str, lexicon: Lexicon) -> None:
    """ "jade's here. oh no chloe's just been sick": Jade is here all the same."""
    made = read(a_reply(text, *NAMES, start="09:30", sent_at="09:35"), lexicon)
    assert made.marks[JADE] is Mark.PRESENT


@pytest.mark.parametrize(
    "text",
    [
        "tommo hit jade so i sent him home",
        "jade had a row with tommo, mum took her home",
        "tommo and jade had a row, her mum took her home",
        "jade and tommo were fighting, i sent her home",
        "jade n tommo had a row so her nan has fetched her",
    ],
)
def test_which_of_two_was_fetched_is_not_guessed(text: str, lexicon: Lexicon) -> None:
    """ "tommo hit jade so i sent him home": nobody is marked whom it may not be of."""
    made = read(a_reply(text, *NAMES, marks=HELD, sent_at="11:00"), lexicon)
    assert not made.marks


@pytest.mark.parametrize(
    "text",
    [
        "jade was sick all over tommo, her nan has come and got her",
        "jade threw up on tommo so her nan came and got her",
    ],
)
def test_whoever_was_ill_is_who_was_fetched(text: str, lexicon: Lexicon) -> None:
    """ "jade was sick all over tommo, her nan has got her": Jade."""
    made = read(a_reply(text, *NAMES, marks=HELD, sent_at="11:00"), lexicon)
    assert made.marks == {JADE: Mark.LEFT}


@pytest.mark.parametrize(
    "text", ["jade's dad came for aiden", "jade's dad has come for aiden as well"]
)
def test_whom_a_relation_came_for_has_gone(text: str, lexicon: Lexicon) -> None:
    """ "jade's dad came for aiden": Aiden is gone, and Jade is where she was."""
    made = read(a_reply(text, *NAMES, marks=HELD, sent_at="11:00"), lexicon)
    assert made.marks == {AIDEN: Mark.LEFT}


def test_who_is_driven_home_is_asked(lexicon: Lexicon) -> None:
    """ "dad is driving him home": of somebody, and not passed over."""
    made = read(a_reply("dad is driving him home", *NAMES, marks=HELD, sent_at="11:00"), lexicon)
    assert made.ask is not None
