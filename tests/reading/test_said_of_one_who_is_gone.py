"""
Said of one who is not here: whatever the words, nobody is taken to be in by them.

`sentences/` holds what people say of a pupil who has not come, of one who has gone since, and of
one about whom a safeguarding lead would want to know: a sentence a line, X the pupil.
"""

from datetime import time
from pathlib import Path

import pytest

from apbot.domain.readings import Reply
from apbot.domain.words import Flag, Mark, Reason
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

SENTENCES = Path(__file__).parent / "sentences"
NAMES = ("Femi Obi", "Chloe Day", "Tom Webb")
HERE = (Mark.PRESENT, Mark.LATE)
ALL_HERE = {1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.PRESENT}


def said(what: str) -> list[str]:
    """The sentences of one file, of Femi."""
    lines = (SENTENCES / f"{what}.txt").read_text(encoding="utf-8").splitlines()
    return [line.replace("X", "femi") for line in lines]


@pytest.mark.parametrize("beside", ["", ", rest in"])
def test_who_has_not_come_is_not_taken_to_be_here(beside: str, lexicon: Lexicon) -> None:
    """The first answer of the morning: "missed the bus in" ends in "in" and is no arrival."""
    wrong = [
        text
        for text in said("not_here")
        if read(a_reply(text + beside, *NAMES), lexicon).marks.get(1) in HERE
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("half", "start", "at"), [("AM", "09:00", "10:40"), ("PM", "13:00", "13:40")]
)
def test_who_has_gone_since_is_never_passed_over(
    half: str, start: str, at: str, lexicon: Lexicon
) -> None:
    """Of one who is marked here: another mark, a question, or words for a person; never silence."""
    silent = []
    for text in said("gone_since"):
        reply = a_reply(text, *NAMES, half=half, start=start, sent_at=at, marks=ALL_HERE)
        made = read(reply, lexicon)
        if made.marks.get(1) in HERE or not (1 in made.marks or made.ask or made.flags):
            silent.append(text)
    assert silent == []


def test_what_a_lead_would_want_to_know_is_a_concern(lexicon: Lexicon) -> None:
    """However it is put: "When in doubt, flag it"."""
    missed = [
        text
        for text in said("worrying")
        if Flag.CONCERN
        not in read(a_reply(text, *NAMES, sent_at="10:40", marks=ALL_HERE), lexicon).flags
    ]
    assert missed == []


def a_pm_reply(text: str) -> Reply:
    """What was said in the afternoon, when all were here in the morning."""
    return a_reply(text, *NAMES, half="PM", start="13:00", sent_at="13:30", am_marks=ALL_HERE)


AT_HOME = (
    *("his dad has just rung to say he's kept him at home with a bad stomach", "mum kept him home"),
    *("his mum rang he's at home ill", "dad says he's staying home"),
)
GONE_WHO_KNOWS_WHERE = (
    *("mum says he's off somewhere with mates", "mum rang, he's not home", "nan says he's not in"),
    *("mum says he never came home", "mate says he's at home", "he's off somewhere"),
    "he's not at home either",
)


@pytest.mark.parametrize("told", AT_HOME)
def test_whoever_is_known_to_be_at_home_is_not_looked_for(told: str, lexicon: Lexicon) -> None:
    """ "Femi never came back after lunch, his dad has kept him at home": absent."""
    made = read(a_pm_reply(f"femi never came back after lunch, {told}"), lexicon)
    assert made.marks == {1: Mark.ABSENT}


@pytest.mark.parametrize("told", GONE_WHO_KNOWS_WHERE)
def test_whoever_is_not_at_home_either_is_looked_for(told: str, lexicon: Lexicon) -> None:
    """ "not back from lunch, mum says he's off with mates": not where he should be."""
    made = read(a_pm_reply(f"femi not back from lunch, {told}"), lexicon)
    assert made.marks == {1: Mark.UNACCOUNTED}


@pytest.mark.parametrize("kept", ["kept him at home", "is keeping him at home", "kept him home"])
def test_the_family_keeps_the_pupil(kept: str, lexicon: Lexicon) -> None:
    """ "Femi's dad kept him at home": Femi is off, and not his dad."""
    made = read(a_reply(f"femi's dad {kept} with a bad stomach", *NAMES), lexicon)
    assert (made.marks, made.reasons) == ({1: Mark.ABSENT}, {1: Reason.ILLNESS})


def test_break_is_of_this_half(lexicon: Lexicon) -> None:
    """ "threw up after break so his mum came and got him": gone, and no matter of the afternoon."""
    text = "femi threw up after break so his mums come n got him, rest of em all fine"
    made = read(a_reply(text, *NAMES, marks=ALL_HERE, sent_at="11:39"), lexicon)
    assert (made.marks, made.reasons) == ({1: Mark.LEFT}, {1: Reason.ILLNESS})


def test_he_is_the_only_one_without_a_mark(lexicon: Lexicon) -> None:
    """ "he's missed the bus so he'll be like twenty to ten": the one who is waited for."""
    text = "soz was busy, he's just text me lol missed the bus so he'll be like twenty to ten"
    held = {2: Mark.PRESENT, 3: Mark.PRESENT}
    made = read(a_reply(text, *NAMES, marks=held, start="09:00", sent_at="09:10"), lexicon)
    assert (made.marks, made.times) == ({1: Mark.AWAITED}, {1: time(9, 40)})


@pytest.mark.parametrize("how", ["just rolled in he overslept", "look what the cat dragged in"])
def test_a_figure_of_speech_worries_nobody(how: str, lexicon: Lexicon) -> None:
    """ "Femi has just rolled in he overslept": late, and no blow."""
    made = read(a_reply(f"femi's here now, {how}", *NAMES, marks={1: Mark.ABSENT}), lexicon)
    assert not made.flags
    assert made.marks == {1: Mark.LATE}


def test_all_down_the_yard_is_nobody(lexicon: Lexicon) -> None:
    """ "been sick all down the yard, his dad took him home": Femi, and not all of them."""
    text = "femi's been sick all down the yard bless him, his dad's just been and took him home"
    made = read(a_reply(text, *NAMES, marks=ALL_HERE, sent_at="11:00"), lexicon)
    assert (made.marks, made.reasons) == ({1: Mark.LEFT}, {1: Reason.ILLNESS})


@pytest.mark.parametrize("expected", ["we expect him at half ten", "expecting him at 10.30"])
def test_whoever_is_expected_is_awaited(expected: str, lexicon: Lexicon) -> None:
    """ "he is still at his interview and we expect him at half ten": expected, and not left out."""
    text = f"no, femi isnt in yet, he is still at his college interview, {expected} as i said"
    made = read(a_reply(text, *NAMES, sent_at="10:00"), lexicon)
    assert (made.marks, made.times) == ({1: Mark.AWAITED}, {1: time(10, 30)})


@pytest.mark.parametrize(
    "words",
    [
        "sorry, sparring ran over",
        "nae 999 needed",
        "mo just rolled in, early for once",
        "face all numb from the dentist but wants to do pads",
    ],
)
def test_such_words_are_no_alarm(words: str, lexicon: Lexicon) -> None:
    """A lesson that ran over, a numb face from the dentist: nobody need be woken."""
    assert not read(a_reply(f"femi is here. {words}", *NAMES), lexicon).flags


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("femi is making a brew. the goats got out again", {}),
        ("femi overslept but is coming, tom's off", {1: Mark.AWAITED, 3: Mark.ABSENT}),
        ("right then, femi's here with a new haircut", {1: Mark.PRESENT}),
        ("his dad just dropped femi off, he slept in", {1: Mark.LATE}),
        ("sorry femi has arrived", {1: Mark.LATE}),
    ],
)
def test_an_aside_changes_no_mark(text: str, marks: dict[int, Mark], lexicon: Lexicon) -> None:
    """The goats got out, and not Femi; whoever overslept is coming, and so is he who was off."""
    held = {1: Mark.ABSENT} if Mark.LATE in marks.values() else {}
    reply = a_reply(text, *NAMES, marks=held, start="09:00", sent_at="09:20")
    assert read(reply, lexicon).marks == marks


def test_how_somebody_got_out_of_a_car(lexicon: Lexicon) -> None:
    """ "has just stepped out of the taxi. He can help me": here, and nobody asks for help."""
    text = "femi has just stepped out of the taxi, bless him. he can help me with the goats"
    made = read(a_reply(text, *NAMES, marks={1: Mark.AWAITED}, sent_at="10:00"), lexicon)
    assert (made.marks, made.flags) == ({1: Mark.LATE}, frozenset())


def test_whoever_missed_the_bus_and_is_brought_is_not_off(lexicon: Lexicon) -> None:
    """ "Dad's bringing her, she missed the bus": she is on the road, and no explained absence."""
    text = "Dad's bringing her, she missed the bus. Says about twenty past"
    held = {1: Mark.PRESENT, 3: Mark.PRESENT}
    made = read(a_reply(text, *NAMES, marks=held, start="09:00", sent_at="09:06"), lexicon)
    assert made.marks.get(2) is not Mark.ABSENT
    assert made.marks or made.ask is not None
