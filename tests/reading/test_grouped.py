"""
Several pupils with the same news: what is done or said of two or three is of each of them, with
its reason and its hour, and of nobody else.
"""

from collections.abc import Collection, Sequence
from datetime import time
from random import Random
from typing import NamedTuple

import pytest

from apbot.domain.words import Mark, Reason
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = (
    *("Aiden Brown", "Chloe Dunn", "Femi Okafor", "Kai Tanner", "Ellis Tully"),
    "Zosia Nowak",
)
AIDEN, CHLOE, FEMI, KAI, ELLIS, ZOSIA = range(1, 7)
MESSAGES = 400


class News(NamedTuple):
    """What is told of several: the mark held before, those it may give, the words, and more."""

    held: Mark
    gives: Collection[Mark]
    words: Sequence[str]
    more: Sequence[str]


NEWS = (
    News(
        Mark.PRESENT,
        (Mark.LEFT,),
        (
            *("{n} have both gone home", "{n} gone home at 11", "{n} left at 11 with {f}'s mum"),
            *("{f}'s mum came for {n} at 11", "sent {n} home at 11", "had to send {n} home"),
            *("{n}'s mum took them both home at 11", "{n} just been picked up"),
            *("{n} collected by social worker at 11", "nan picked {n} up at 11"),
        ),
        ("", ", not well", ", both got bad heads"),
    ),
    News(
        Mark.ABSENT,
        (Mark.LATE,),
        (
            *("{n} just walked in together", "{n} both here now", "{n} came in at 9.20"),
            *("taxi just dropped {n} off", "{f}'s mum just dropped {n} off"),
            *("{n} have just been dropped off", "{n} just rolled in"),
        ),
        ("", ", bus was late", ", traffic", ", no idea where they've been"),
    ),
    News(
        Mark.PRESENT,
        (Mark.UNACCOUNTED,),
        (
            *("cant find {n}", "{n} have walked off", "we've lost {n}", "{n} have legged it"),
            *("{n} went to the shop and arent back", "no idea where {n} are"),
        ),
        ("", ", staff out looking", ", Dave's looking for them"),
    ),
    News(
        Mark.UNACCOUNTED,
        (Mark.PRESENT, Mark.LATE),
        ("{n} are back", "got {n} back", "{n} have turned up", "{n} both back now"),
        ("", ", they were in the barn", ", they'd been to the shop", ", both fine"),
    ),
    News(
        Mark.ABSENT,
        (Mark.ABSENT,),
        ("{n} both off", "{n} both poorly", "no {n} today", "{n} havent turned up"),
        ("", ", mum rang"),
    ),
)
JOINS = (". ", " and ", ". also ", ", ", " but ")


def _first(number: int) -> str:
    return NAMES[number - 1].split()[0].lower()


@pytest.mark.parametrize("seed", range(4))
def test_the_same_news_is_of_each_of_them(seed: int, lexicon: Lexicon) -> None:
    """ "taxi just dropped Kai and Ellis off": both, and nobody else."""
    by, wrong, silent, whole = Random(seed), [], [], 0
    for _ in range(MESSAGES):
        held = dict.fromkeys(range(1, 7), Mark.PRESENT)
        pool = by.sample(range(1, 7), 4)
        pieces: list[str] = []
        may: dict[int, Collection[Mark]] = {}
        for news in by.sample(NEWS, by.randint(1, 2)):
            two = [pool.pop(), pool.pop()]
            names = by.choice((" and ", " n ", " & ")).join(_first(n) for n in two)
            words = by.choice(news.words) + by.choice(news.more)
            pieces.append(words.format(n=names, f=_first(two[0])))
            held |= dict.fromkeys(two, news.held)
            may |= dict.fromkeys(two, news.gives)
        text = by.choice(JOINS).join(pieces)
        made = read(a_reply(text, *NAMES, marks=held, start="09:00", sent_at="11:20"), lexicon)
        now = held | dict(made.marks)
        wrong += [text for n in now if now[n] not in (held[n], *may.get(n, ()))]
        left = [n for n, gives in may.items() if now[n] not in gives]
        silent += [text] if left and made.ask is None else []
        whole += not left
    assert not wrong
    assert not silent
    assert whole > MESSAGES * 0.9


def test_why_and_when_are_of_both(lexicon: Lexicon) -> None:
    """The reason and the hour that are said once are of each."""
    held = {**dict.fromkeys(range(1, 7), Mark.PRESENT), KAI: Mark.ABSENT, ELLIS: Mark.AWAITED}
    text = "taxi just dropped kai & ellis off, bus was late"
    made = read(a_reply(text, *NAMES, marks=held, sent_at="10:00"), lexicon)
    assert made.marks == {KAI: Mark.LATE, ELLIS: Mark.LATE}
    assert made.reasons == {KAI: Reason.TRANSPORT, ELLIS: Reason.TRANSPORT}
    text = "waiting on kai and ellis, taxi is late"
    made = read(a_reply(text, *NAMES, sent_at="09:50"), lexicon)
    assert made.marks == {KAI: Mark.AWAITED, ELLIS: Mark.AWAITED}
    assert made.reasons == {KAI: Reason.TRANSPORT, ELLIS: Reason.TRANSPORT}
    text = "kai's mum came for kai and zosia at 11"
    held = dict.fromkeys(range(1, 7), Mark.PRESENT)
    made = read(a_reply(text, *NAMES, marks=held, sent_at="11:10"), lexicon)
    assert made.times == {KAI: time(11), ZOSIA: time(11)}


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("got kai n zosia x", {KAI: Mark.PRESENT, ZOSIA: Mark.PRESENT}),
        ("no kai today, thanks and femi's back with us", {KAI: Mark.ABSENT, FEMI: Mark.PRESENT}),
        ("found femi, kai is off", {FEMI: Mark.PRESENT, KAI: Mark.ABSENT}),
    ],
)
def test_who_is_not_of_the_list_is_not(text: str, gives: dict[int, Mark], lexicon: Lexicon) -> None:
    """A kiss, a "thanks and", another who is told of: no list of them all."""
    held = {FEMI: Mark.UNACCOUNTED}
    made = read(a_reply(text, *NAMES, marks=held, start="09:00", sent_at="09:20"), lexicon)
    assert {n: mark for n, mark in made.marks.items() if n in gives} == gives


def _both_mos(text: str, lexicon: Lexicon) -> dict[int, Mark]:
    names = ("Connor Oakes", "Mo Idris", "Mohamed Hassan")
    return dict(read(a_reply(text, *names), lexicon).marks)


@pytest.mark.parametrize("text", ["both the Mo lads are in, connor off", "both the mo's in"])
def test_both_who_are_called_so(text: str, lexicon: Lexicon) -> None:
    """ "both the Mo lads": Mo and Mohamed."""
    made = _both_mos(text, lexicon)
    assert {made[2], made[3]} == {Mark.PRESENT}
