"""
Several at once: lists of who is in, off and on the way, and the news of a morning, put together.

Every piece is clear alone. However they are joined, nobody has a mark that their own piece does
not give: thousands of messages, the same ones at every run.
"""

from collections.abc import Collection, Mapping, Sequence
from random import Random
from typing import NamedTuple

import pytest

from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = (
    *("Aiden Brown", "Chloe Dunn", "Femi Okafor", "Kai Tanner", "Ellis Tully"),
    "Zosia Nowak",
)
WOMEN = {2, 6}
HERE, AWAY = (Mark.PRESENT, Mark.LATE), (Mark.ABSENT, Mark.LEFT, Mark.UNACCOUNTED)
COMING, LOST, LEFT = (Mark.AWAITED,), (Mark.UNACCOUNTED,), (Mark.LEFT,)
MESSAGES = 1500

GROUPS: Mapping[Collection[Mark], Sequence[str]] = {
    HERE: (
        *("{} in", "{} are here", "got {}", "ive got {}", "{} all here", "i have {}", "in: {}"),
        *("{} present", "{} here so far", "{} landed", "{} with me", "{} have arrived"),
        *("weve got {} in", "{} r in", "so far {}", "i've {} here"),
    ),
    AWAY: (
        *("{} off", "{} off ill", "{} poorly", "no {}", "no sign of {}", "{} at the dentist"),
        *("{} not in", "{} off with a cold", "nothing from {}", "{} still in bed", "not got {}"),
        *("{} not coming today", "havent seen {}", "{} wont be in", "missing {}", "{} no show"),
        *("{} absent", "{} rang in sick", "{} gone to the doctors", "without {}"),
    ),
    COMING: (
        *("{} on the bus", "{} running late", "{} coming in mums car", "{} be here at 10"),
        *(
            "{} 10 mins away",
            "{} stuck in traffic",
            "{} on the way",
            "waiting on {} whos on the bus",
        ),
        *("{} just texted, on the bus", "{} just parking up"),
    ),
}
LISTS = ("{}, {}", "{} {}", "{} and {}")
LAST = (" and ", " n ", " & ")
PARTS = (". ", " but ", " - ", ", ", "; ")


class News(NamedTuple):
    """What is told of one pupil: the marks held before, those it may give, the words, and more."""

    held: Sequence[Mark]
    gives: Collection[Mark]
    words: Sequence[str]
    more: Sequence[str] = ("",)


NEWS = (
    News(
        (Mark.ABSENT, Mark.AWAITED),
        HERE,
        (
            *("{n} just walked in", "{n}'s here now", "{n} turned up at 9.50", "heres {n} now"),
            *("that's {n} here now", "{n} just got dropped off", "{n} got here about ten to ten"),
            *("{n} came in 10 mins ago", "{n}'s mum just dropped {him} off", "{n} in now"),
        ),
        (
            *("", ", bus was late", ", overslept", ", {he} was at the dentist"),
            *(", {he}'d missed the bus", " {he} was stuck in traffic", " - says {he} slept in"),
            ", no idea where {he}'s been",
        ),
    ),
    News(
        HERE,
        LEFT,
        (
            *(
                "{n} gone home",
                "{n}'s mum picked {him} up at 11",
                "{n}'s been collected by {his} dad",
            ),
            *("{n} left at 11 for the dentist", "{n}'s nan came for {him}", "sent {n} home"),
            *("{n}'s dad has just taken {him} home", "{n}'s social worker collected {him} at 11"),
        ),
        ("", ", bad head", ", {he} was sick", ", {he} felt rough", " cos {he} wasnt well"),
    ),
    News(
        HERE,
        LOST,
        (
            *("{n} walked off", "cant find {n}", "{n}'s done a runner", "{n} has gone awol"),
            *("we've lost {n}", "no idea where {n} has gone", "{n} has disappeared"),
        ),
        ("", ", Dave's gone to look for {him}", " about 10 mins ago", ", ringing {his} mum now"),
    ),
    News(
        LOST,
        HERE,
        ("found {n}", "{n}'s back with us", "{n} is back", "got {n} back", "{n}'s been found"),
        ("", ", {he} was in the barn", ", {he} was hiding in the toilets", ", all fine"),
    ),
    News(
        (Mark.ABSENT,),
        (Mark.ABSENT,),
        (
            *("{n}'s mum rang, {he}'s got a cold", "{n} is off with a bug"),
            *("{n}'s got the dentist today", "heard from {n}'s mum, {he}'s got chickenpox"),
        ),
    ),
    News(
        (Mark.PRESENT,),
        (Mark.PRESENT,),
        ("{n} is fine", "{n}'s still here", "{n} made a lovely cake"),
    ),
    News(
        (Mark.PRESENT,),
        (Mark.ABSENT,),
        ("sorry {n} isnt here", "my mistake {n} is off", "scrap that, {n}'s not here"),
    ),
)
JOINS = (*(". ", " and ", ", ", ". also ", " but ", "\n", " - ", "! ", ". meanwhile ", ". btw "),)


def _first(number: int) -> str:
    return NAMES[number - 1].split()[0].lower()


def _list(numbers: Sequence[int], by: Random) -> str:
    names = [_first(number) for number in numbers]
    if len(names) == 1:
        return names[0]
    return by.choice((", ", " ")).join(names[:-1]) + by.choice(LAST) + names[-1]


@pytest.mark.parametrize("seed", range(4))
def test_every_list_is_of_its_own_names(seed: int, lexicon: Lexicon) -> None:
    """ "got Kai and Ellis - Zosia 10 mins away": nobody is what was not said of them."""
    by, wrong, whole = Random(seed), [], 0
    for _ in range(MESSAGES // 4):
        numbers = by.sample(range(1, 7), by.randint(3, 6))
        cut = by.randint(1, len(numbers) - 1)
        pieces: list[str] = []
        may: dict[int, Collection[Mark]] = {}
        for group in (numbers[:cut], numbers[cut:]):
            gives = by.choice(list(GROUPS))
            group = group if gives is HERE else group[:2]
            pieces.append(by.choice(GROUPS[gives]).format(_list(group, by)))
            may |= dict.fromkeys(group, gives)
        text = by.choice(PARTS).join(pieces)
        marks = read(a_reply(text, *NAMES, start="09:00", sent_at="09:20"), lexicon).marks
        wrong += [text for number, mark in marks.items() if mark not in may.get(number, ())]
        whole += marks.keys() == may.keys()
    assert not wrong
    assert whole > MESSAGES / 4 * 0.7


@pytest.mark.parametrize("seed", range(4))
def test_every_news_is_of_its_own_pupil(seed: int, lexicon: Lexicon) -> None:
    """ "my mistake Femi is off! no idea where Kai has gone": Kai is missing, and Femi is not."""
    by, wrong, silent, whole = Random(seed), [], [], 0
    for _ in range(MESSAGES // 4):
        held = {number: by.choice((*[Mark.PRESENT] * 4, Mark.ABSENT)) for number in range(1, 7)}
        pieces, may = [], {}
        for number in by.sample(range(1, 7), by.randint(1, 3)):
            news = by.choice(NEWS)
            held[number] = by.choice(news.held)
            he, him, his = ("she", "her", "her") if number in WOMEN else ("he", "him", "his")
            words = by.choice(news.words) + by.choice(news.more)
            pieces.append(words.format(n=_first(number), he=he, him=him, his=his))
            may[number] = news.gives
        text = pieces[0] + "".join(by.choice(JOINS) + piece for piece in pieces[1:])
        reply = a_reply(text, *NAMES, marks=held, start="09:00", sent_at="11:20")
        made = read(reply, lexicon)
        now = held | dict(made.marks)
        changed = [n for n in now if now[n] is not held[n] and now[n] not in may.get(n, ())]
        wrong += [text] if changed else []
        left = [n for n, gives in may.items() if now[n] not in gives]
        silent += [text for n in left if held[n] in HERE and made.ask is None]
        whole += not left
    assert not wrong
    assert not silent
    assert whole > MESSAGES / 4 * 0.8


LEFT_OUT = (
    *("all in except {}", "everyone here bar {}", "all here apart from {}", "all present but {}"),
    *("everyone in but {}", "full house bar {}", "got everyone except {}", "all here minus {}"),
)
WHY = {
    Mark.ABSENT: ("ill", "poorly", "at the dentist", "on holiday", "suspended", "at court"),
    Mark.AWAITED: ("on the bus", "stuck in traffic", "running late", "10 mins away"),
}
TOLD = ("{n} who's {w}", "{n} ({w})", "{n} - {w}", "{n}, {he}'s {w}", "{n} cos {he}'s {w}")
THEN = (
    *("", "", ". {n} is a bit tired", ". {n}'s mum wants a call please"),
    *(". {n} needs picking up at 2", ". {n}'s forgotten {his} lunch"),
)


@pytest.mark.parametrize("seed", range(4))
def test_everyone_left_out_is_so_by_their_own_words(seed: int, lexicon: Lexicon) -> None:
    """ "all in bar Kai (ill) n Femi who's 10 mins away": each as told, and the others are in."""
    by, wrong, whole = Random(seed), [], 0
    for _ in range(MESSAGES // 4):
        numbers = by.sample(range(1, 7), by.randint(1, 3))
        may, pieces = dict.fromkeys(range(1, 7), Mark.PRESENT), []
        for number in numbers:
            may[number] = by.choice((Mark.ABSENT, Mark.ABSENT, Mark.AWAITED))
            words, he = by.choice(WHY[may[number]]), "she" if number in WOMEN else "he"
            pieces.append(by.choice(TOLD).format(n=_first(number), w=words, he=he))
        text = ", ".join(pieces[:-1]) + (by.choice(LAST[:2]) if pieces[1:] else "") + pieces[-1]
        other = by.choice([number for number in may if number not in numbers])
        his = "her" if other in WOMEN else "his"
        text = by.choice(LEFT_OUT).format(text) + by.choice(THEN).format(n=_first(other), his=his)
        marks = read(a_reply(text, *NAMES, start="09:00", sent_at="09:20"), lexicon).marks
        wrong += [text for number, mark in marks.items() if mark is not may[number]]
        whole += len(marks) == len(NAMES)
    assert not wrong
    assert whole > MESSAGES / 4 * 0.8
