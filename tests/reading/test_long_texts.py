"""
A text too long to read marks nobody, and is still looked through to its end for harm.

What matters is often said last: a concern beyond the cap must not be lost with the rest.
"""

import sys

import pytest

from apbot.loading.interpreting import reply_from
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read

LONG = "we had a good day in the garden. " * 200
REPLY = {
    "speaker": "provider",
    "date": "2026-11-23",
    "half": "AM",
    "start": "09:15",
    "sent_at": "09:35",
    "roster": [{"n": 1, "name": "Femi Okafor"}, {"n": 2, "name": "Chloe Smith"}],
}
CASE = {"ref": "K7", "matter": "absence", "pupil": "Femi Okafor", "provider": "Alder Farm"}


@pytest.mark.parametrize(
    ("said", "flags"),
    [
        ("femi says his dad hit him", {"concern"}),
        ("chloe is not breathing", {"concern", "emergency"}),
        ("we made soup", set()),
    ],
)
def test_what_is_said_at_the_end_of_a_long_text_is_still_flagged(
    lexicon: Lexicon, said: str, flags: set[str]
) -> None:
    """Nobody is marked from a text that is cut, and its last words raise their flags."""
    made = read(reply_from({**REPLY, "text": f"all in. {LONG}{said}"}), lexicon)

    assert {flag.value for flag in made.flags} == flags
    assert not made.marks
    assert made.ask is not None


def test_many_short_words_hide_nothing_between_the_two_limits(lexicon: Lexicon) -> None:
    """A text cut by its count of words, not its letters, is looked through as well."""
    text = "a b c d " * 150 + "femi has a knife " + "x y z " * 100

    made = read(reply_from({**REPLY, "text": text}), lexicon)

    assert {flag.value for flag in made.flags} == {"concern", "emergency"}


def test_a_text_without_end_is_passed_on_as_a_concern(lexicon: Lexicon) -> None:
    """The work is bounded, so what nobody could read to its end goes to a person."""
    made = read(reply_from({**REPLY, "text": "word " * 40_000}), lexicon)

    assert {flag.value for flag in made.flags} == {"concern"}


def test_no_case_is_resolved_by_a_text_that_is_cut(lexicon: Lexicon) -> None:
    """ "Done" before five thousand letters may be taken back in them."""
    reply = {**REPLY, "speaker": "css", "roster": [], "cases": [CASE], "text": f"done. {LONG}"}

    made = read(reply_from(reply), lexicon)

    assert [each.action.value for each in made.cases] == ["note"]


@pytest.mark.parametrize("speaker", ["provider", "css", "parent"])
@pytest.mark.parametrize(
    "said",
    [
        "a ",
        "not ",
        "chloe is in ",
        "femi ",
        "xqzvk ",
        "K7 done and D4 ",
        "is he in? ",
        "a-",
        "😀",
        "\n",
    ],
)
def test_twice_as_long_a_text_is_no_more_than_twice_the_work(
    lexicon: Lexicon, speaker: str, said: str
) -> None:
    """Work is bounded: no shape of text makes it grow faster than the text itself."""
    short, long = (said * (letters // len(said)) for letters in (1100, 2200))

    ratio = _calls(lexicon, speaker, long) / _calls(lexicon, speaker, short)

    assert ratio < 2.6


def _calls(lexicon: Lexicon, speaker: str, text: str) -> int:
    """How many functions of ours are called, which is the same on any machine."""
    cases = [CASE, {**CASE, "ref": "D4", "pupil": "Chloe Smith"}]
    reply = reply_from({**REPLY, "speaker": speaker, "text": text, "cases": cases})
    read(reply, lexicon)
    calls = 0

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read(reply, lexicon)
    finally:
        sys.setprofile(before)
    return calls
