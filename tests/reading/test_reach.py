"""
How far words before a list of names go: whoever is listed as away is never here for what is said
of the next, and nobody is marked of whom it cannot be told.
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
AIDEN, CHLOE, FEMI, JACK_B, JACK_T, ZOFIA, MO = range(1, 8)
AWAY_FIRST = (
    *("no {}", "no sign of {}", "not got {}", "missing {}", "still waiting on {}"),
    *("without {} today", "havent seen {}", "nothing from {}", "nowt from {}", "absent {}"),
    *("off: {}", "off today {}", "cant find {}", "we've not had {}", "not {}", "everyone bar {}"),
)
AWAY_BEHIND = (
    *("{} off", "{} not in", "{} poorly", "{} no show", "{} arent here", "{} at home"),
    *("{} walked off", "{} gone home", "{} still not here"),
)
HERE_FIRST = ("got {}", "we have {}", "in: {}", "so far {}", "present {}", "in today {}")
HERE_BEHIND = ("{} in", "{} here", "{} turned up", "{} all good", "{} are in")
LISTS = {
    "chloe and femi": {CHLOE, FEMI},
    "chloe & femi": {CHLOE, FEMI},
    "chloe n femi": {CHLOE, FEMI},
    "chloe or femi": {CHLOE, FEMI},
    "chloe, femi": {CHLOE, FEMI},
    "chloe, femi and zofia": {CHLOE, FEMI, ZOFIA},
    "zofia n chloe": {ZOFIA, CHLOE},
    "both jacks": {JACK_B, JACK_T},
    "chloe and both jacks": {CHLOE, JACK_B, JACK_T},
}
THEN_HERE = (
    *("aiden here", "aiden's in", "aiden is here now", "aiden and mo in", "got aiden"),
    *("aiden just turned up", "mo and aiden are here"),
)
THEN_AWAY = (
    *("aiden off", "aiden's poorly", "aiden is not here", "aiden and mo off", "no aiden"),
    *("mo and aiden not in", "aiden on the bus"),
)
JOINED = (", ", ". ", " - ", "\n", " but ")
HERE = {Mark.PRESENT, Mark.LATE}


def marks_of(text: str, lexicon: Lexicon) -> dict[int, Mark]:
    return dict(read(a_reply(text, *NAMES, start="09:00", sent_at="09:20"), lexicon).marks)


@pytest.mark.parametrize("lead", [*AWAY_FIRST, *AWAY_BEHIND])
def test_whoever_is_listed_as_away_is_not_here_for_the_next(lead: str, lexicon: Lexicon) -> None:
    """ "no sign of Chloe and Femi, Aiden here": Aiden is, and they are not."""
    for (listed, away), then, joined in product(LISTS.items(), THEN_HERE, JOINED):
        text = lead.format(listed) + joined + then
        got = marks_of(text, lexicon)
        assert not {n for n in away if got.get(n) in HERE}, text
        then_marked = {got[n] for n in (AIDEN, MO) if n in got}
        assert then_marked <= HERE, text
        if lead != "everyone bar {}":
            assert set(got) <= {*away, AIDEN, MO}, text


@pytest.mark.parametrize("lead", [*HERE_FIRST, *HERE_BEHIND])
def test_whoever_is_listed_as_here_is_not_away_for_the_next(lead: str, lexicon: Lexicon) -> None:
    """ "got Chloe and Femi, Aiden off": he alone is off."""
    for (listed, here), then, joined in product(LISTS.items(), THEN_AWAY, JOINED):
        text = lead.format(listed) + joined + then
        got = marks_of(text, lexicon)
        assert {got[n] for n in here if n in got} <= HERE, text
        assert not {n for n in (AIDEN, MO) if got.get(n) in HERE}, text
        assert set(got) <= {*here, AIDEN, MO}, text


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("no sign of chloe and femi, aiden here", {1: "present", 2: "absent", 3: "absent"}),
        ("no sign of both jacks, aiden here", {1: "present", 4: "absent", 5: "absent"}),
        ("no sign of chloe and femi in the barn", {2: "absent", 3: "absent"}),
        ("no sign of chloe and femi and aiden's here", {1: "present", 2: "absent"}),
        ("got chloe, femi just turned up", {2: "present", 3: "late"}),
        ("we've got chloe but femi has done a runner", {2: "present", 3: "unaccounted"}),
        # whose Femi is nobody can tell
        ("chloe off and femi, aiden here", {1: "present", 2: "absent"}),
        ("chloe here and both jacks, aiden off", {1: "absent", 2: "present"}),
        # in company
        ("chloe in with femi, aiden off", {1: "absent", 2: "present", 3: "present"}),
        ("femi off along with jack b, aiden here", {1: "present", 3: "absent", 4: "absent"}),
        ("femi walked off with jack b", {3: "unaccounted", 4: "unaccounted"}),
        ("chloe n femi in with both jacks", dict.fromkeys((2, 3, 4, 5), "present")),
    ],
)
def test_a_list_ends_where_a_person_would_end_it(
    text: str, marks: dict[int, str], lexicon: Lexicon
) -> None:
    """Marks are given where it is plain of whom they are said, and nowhere else."""
    assert {n: mark.value for n, mark in marks_of(text, lexicon).items()} == marks


@pytest.mark.parametrize("last", ["rang in with a migraine so she wont be in", "texted, she's ill"])
def test_a_name_that_nothing_joins_begins_anew(last: str, lexicon: Lexicon) -> None:
    """ "Aiden and Chloe are here and Femi Zofia rang in with a migraine": Zofia did."""
    text = f"aiden and chloe are here and femi zofia {last}"
    made = read(a_reply(text, *NAMES), lexicon)
    away = {n for n, mark in made.marks.items() if mark is not Mark.PRESENT}
    assert away == {ZOFIA}
    assert set(made.reasons) == {ZOFIA}
