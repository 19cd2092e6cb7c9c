"""
All but one: a word for everybody never takes in whoever is told otherwise beside it.
"""

from collections.abc import Collection
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apbot.domain.words import Mark
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Davies", "Femi Okafor", "Jack Tanner", "Marta Tully", "Zofia Nowak")
WHOLE = (
    *("all in", "everyone here", "full house", "all present", "everyone's in today"),
    *(
        "got them all",
        "all 6 accounted for",
        "morning all in",
        "yes all here",
        "all in this morning",
    ),
)
ABSENT, AWAITED, LOST, LEFT = (Mark.ABSENT,), (Mark.AWAITED,), (Mark.UNACCOUNTED,), (Mark.LEFT,)
# What is told of one beside it, and what that one may then be.
BESIDE: dict[str, Collection[Mark]] = {
    " except {}": ABSENT,
    " bar {}": ABSENT,
    " minus {}": ABSENT,
    " other than {}": ABSENT,
    " with the exception of {}": ABSENT,
    " (not {})": ABSENT,
    " but {} is off": ABSENT,
    " apart from {} who is ill": ABSENT,
    " - {} off sick": ABSENT,
    ", {} absent": ABSENT,
    ", just {} missing": ABSENT,
    ", {} hasn't turned up": ABSENT,
    ", {} running late": AWAITED,
    ". no {}": ABSENT,
    ". still no {}": ABSENT,
    ". {} not here": ABSENT,
    ". haven't seen {}": ABSENT,
    ". waiting on {}": (Mark.ABSENT, Mark.AWAITED),
    ". {} is on the bus": AWAITED,
    ". {} late": AWAITED,
    ". can't find {}": LOST,
    ". {} walked out": LOST,
    ". {} went to the shop and isn't back": LOST,
    ". {} was collected by mum": LEFT,
    " although {} has gone home": LEFT,
    ". {}'s mum rang, she's poorly": ABSENT,
    ". I think {} is off": (),
    ". {} might be off": (),
    ". not sure where {} is": LOST,
    ". where is {}?": (),
}
BY_THE_WAY = (
    *("", " thanks", " 😊", ". can someone call me", ". nice day", ". {} did well yesterday"),
    *(". {}'s coat is lost", ". {} will be off tomorrow", ". {} brought his dog", ". I'm off at 2"),
)


@given(
    whole=st.sampled_from(WHOLE),
    beside=st.lists(st.sampled_from(sorted(BESIDE)), min_size=1, max_size=2),
    by_the_way=st.sampled_from(BY_THE_WAY),
    who=st.permutations(range(len(NAMES))),
)
@settings(max_examples=400, derandomize=True, deadline=None)
def test_whoever_is_told_otherwise_is_not_one_of_all(
    lexicon: Lexicon, whole: str, beside: list[str], by_the_way: str, who: list[int]
) -> None:
    """Beside "all in", one or two are told of: they have their own mark or none, never "all"'s."""
    names = [NAMES[at].split()[0].lower() for at in who]
    told = "".join(each.format(name) for each, name in zip(beside, names, strict=False))
    text = whole + told + by_the_way.format(names[-1])

    marks = dict(read(a_reply(text, *NAMES, sent_at="09:50"), lexicon).marks)

    for each, at in zip(beside, who, strict=False):
        mark = marks.pop(at + 1, None)
        assert mark is None or mark in BESIDE[each], text
    assert set(marks.values()) <= {Mark.PRESENT}, text


@pytest.mark.parametrize(
    "text",
    [
        "all in but chloe, femi is here",
        "all in but chloe, femi is here too",
        "all in but chloe, femi just arrived",
        "everyone here but chloe, femi's just arrived",
        "all in but chloe, femi late",
        "all here bar chloe, femi is here too",
    ],
)
def test_who_is_told_of_behind_a_pause_brings_nobody_back_in(lexicon: Lexicon, text: str) -> None:
    """ "all in but chloe, femi is here": that is of Femi; Chloe was left out, and stays out."""
    reading = read(a_reply(text, *NAMES[:3]), lexicon)

    assert reading.marks.get(2) in (Mark.ABSENT, None)
    assert reading.marks[1] is Mark.PRESENT


# What is said of one more, behind whoever is left out, and what that one then is.
ALSO: dict[str, Mark] = {
    "{} has arrived late": Mark.LATE,
    "{} came late": Mark.LATE,
    "{} came at 9.35": Mark.LATE,
    "{} has gone home": Mark.LEFT,
    "{} is on his way": Mark.AWAITED,
    "{} has walked out": Mark.UNACCOUNTED,
    "{} is here": Mark.PRESENT,
    "{} is ill": Mark.ABSENT,
    "{} isn't well": Mark.ABSENT,
}


@pytest.mark.parametrize("said", sorted(ALSO))
@pytest.mark.parametrize("word", ["but", "except", "bar", "apart from"])
@pytest.mark.parametrize("left_out", [(1,), (1, 5)])
def test_what_is_said_of_one_more_is_of_that_one_alone(
    lexicon: Lexicon, said: str, word: str, left_out: tuple[int, ...]
) -> None:
    """ "all in but chloe, femi has arrived late": Chloe is absent, however Femi is."""
    names = [name.split()[0].lower() for name in NAMES]
    out = " and ".join(names[at] for at in left_out)
    text = f"all in {word} {out}, {said.format('femi')}"

    marks = read(a_reply(text, *NAMES, sent_at="09:40"), lexicon).marks

    assert {at + 1: marks.get(at + 1) for at in left_out} == {
        at + 1: Mark.ABSENT for at in left_out
    }
    assert marks.get(3) is ALSO[said]
    assert {marks.get(n) for n in range(1, 7) if n - 1 not in left_out and n != 3} == {Mark.PRESENT}


ALL_OF_THEM = (
    *("all in", "everyone here", "full house", "all present", "nobody off", "no absences"),
    *("all accounted for", "all 6 in", "6 of 6", "they're all in", "got everyone", "yes all in"),
    *("yep everyone", "no one missing", "all good", "everyone made it", "all arrived"),
    *("100% attendance", "full set", "👍 all in", "all kids here", "all ok everyone here"),
)
LEFT_OUT = (
    *("except {}", "bar {}", "apart from {}", "only {} off", "just {} off", "but {} isnt"),
    *("minus {}", "{} not in", "{} missing", "({} ill)", "without {}", "excluding {}", "cept {}"),
    *("with the exception of {}", "but not {}", "but no {}", "still no {}", "{} hasn't shown"),
    *("{} didnt turn up", "{} a no show", "{} absent", "{} away", "{} at dentist", "{} refusing"),
    *("{} on holiday", "{} suspended", "no sign of {}", "nothing from {}", "havent seen {}"),
    *("{} not here yet", "waiting on {}", "{} still to come", "{} off sick", "{}s off"),
    *("{}'s mum rang hes ill", "{} wont be in", "{} cant make it", "{} went home", "{} walked off"),
    *("cant find {}", "{} unaccounted", "{} isn't with us", "{} ❌", "{}: absent", "{} - no"),
    *("{} has covid", "{} out", "{} isn't", "{} hasnt", "im short of {}", "one short {}"),
    *("absent {}", "off: {}", "not in: {}", "{} on study leave", "{} excluded", "{} skiving"),
    *("{} missed the bus", "{} stuck in traffic", "{} running late", "{} on way"),
)
JOINED = (" ", ", ", ". ", " - ", "\n", "; ")


@pytest.mark.parametrize("whole", ALL_OF_THEM)
def test_who_is_left_out_in_any_words_is_never_here(whole: str, lexicon: Lexicon) -> None:
    """Whatever says "all" and whatever leaves somebody out, before or behind, however joined."""
    here = []
    for out, joint, first in product(LEFT_OUT, JOINED, (True, False)):
        if not first and out.startswith("but"):
            continue
        name = ("Femi", "chloe", "femi and chloe")[(len(out) + len(joint)) % 3]
        said = out.format(name)
        text = f"{whole}{joint}{said}" if first else f"{said}{joint}{whole}"
        marks = read(a_reply(text, *NAMES, sent_at="09:20"), lexicon).marks
        numbers = {"femi": 3, "chloe": 2}
        if any(marks.get(numbers[one.lower()]) is Mark.PRESENT for one in name.split(" and ")):
            here.append(text)

    assert here == []


@pytest.mark.parametrize(
    "text",
    [
        "everyone but chloe here, femi starts at quarter to 10",
        "all in bar chloe, she's poorly, femi starts at quarter to 10",
        "everyone but chloe here - femi not due till 9.45",
        "all in except chloe, femi isn't here till quarter to ten",
        "all here bar chloe, femi at quarter to ten as usual",
        "no chloe today. all the others in, femi at 9.45",
        "everyone but chloe here - femi is due at 9.45",
        "everyone but chloe is here - and femi due at 9.45",
    ],
)
def test_whoever_starts_later_is_not_left_out_as_well(text: str, lexicon: Lexicon) -> None:
    """Chloe is off; Femi, who has an hour of their own, is not, and gives Chloe no hour."""
    made = read(a_reply(text, *NAMES, start="09:00", sent_at="09:05"), lexicon)
    assert made.marks.get(2) is Mark.ABSENT
    assert made.times.get(2) is None
    assert made.marks.get(3) in (None, Mark.AWAITED)
