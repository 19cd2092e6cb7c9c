"""Words that an office taught, over those of the files."""

from pathlib import Path

import pytest
from tests.conftest import REPO

from apbot.domain.readings import Reading
from apbot.domain.taught import TaughtWord
from apbot.domain.words import Flag, Mark, Reason
from apbot.loading.hears_files import Hears, read_hears
from apbot.loading.interpreting import reply_from
from apbot.loading.taught import MEANINGS, lexicon_with
from apbot.reading.reader import read


@pytest.fixture(scope="module")
def hears() -> Hears:
    """The files that come with the bot."""
    return read_hears(REPO / "conversations" / "hears")


def why_not(hears: Hears, word: TaughtWord) -> str:
    """Why a word is left out; "" where it counts."""
    _, left_out = lexicon_with(hears, [word])
    return left_out[0].why if left_out else ""


def said(hears: Hears, text: str, *words: TaughtWord) -> Reading:
    """What a reply means once these words were taught."""
    reply = reply_from(
        {
            "text": text,
            "date": "2026-11-23",
            "half": "AM",
            "start": "09:30",
            "sent_at": "09:40",
            "roster": [{"n": 1, "name": "Aiden Brown"}, {"n": 2, "name": "Chloe Davies"}],
        }
    )
    return read(reply, lexicon_with(hears, words)[0])


def test_a_taught_word_is_heard_like_any_other(hears: Hears) -> None:
    """A mark, a reason, a concern and small talk, beside the words of the files."""
    zonked = TaughtWord("zonked out", "marks", "absent")
    assert said(hears, "chloe zonked out, aiden in", zonked).marks == {
        1: Mark.PRESENT,
        2: Mark.ABSENT,
    }
    lurgy = TaughtWord("the quimsies", "reasons", "illness")
    assert said(hears, "chloe off, the quimsies", lurgy).reasons == {2: Reason.ILLNESS}
    wompered = TaughtWord("wompered", "flags", "concern")
    assert Flag.CONCERN in said(hears, "all in, chloe got wompered", wompered).flags


@pytest.mark.parametrize(
    ("phrase", "section", "value", "why"),
    [
        ("off", "marks", "present", "hears/marks.yaml"),
        ("off", "marks", "absent", "hears/marks.yaml"),
        ("poorly", "marks", "present", "hears/reasons.yaml"),
        ("thanks", "marks", "present", "hears/chatter.yaml"),
        ("stop", "chat", "", "opt_out"),
        ("chloe", "ordinary", "", "it is a name"),
        ("grace", "marks", "present", "it is a name"),
        ("generator", "ordinary", "", "everyday word"),
        ("helmets", "marks", "absent", "two or more"),
        ("7", "marks", "present", "with letters"),
        ("off! everyone", "marks", "present", "without full stops"),
        ("one two three four five six seven", "chat", "", "6 words at most"),
        ("two words", "ordinary", "", "one word"),
        ("zonked", "marks", "asleep", "say what it means"),
        ("zonked", "orders", "", "say what it means"),
    ],
)
def test_a_word_that_cannot_be_one_is_refused_with_the_place(
    hears: Hears, phrase: str, section: str, value: str, why: str
) -> None:
    """Whatever the files say already stands; the place is named, so that a clerk can look."""
    assert why in why_not(hears, TaughtWord(phrase, section, value))


def test_every_meaning_that_is_offered_can_be_taught(hears: Hears) -> None:
    """No choice on the page is one that the checks refuse."""
    for number, meaning in enumerate(m for group in MEANINGS.values() for m in group):
        section, _, value = meaning.partition(".")
        word = TaughtWord(f"zork{'abcdefghijklmnopqrstuvwxyz'[number]}", section, value)
        assert why_not(hears, word) == "", meaning


def test_a_word_that_a_newer_version_has_is_left_out_and_nothing_breaks(tmp_path: Path) -> None:
    """An update may bring the word, and mean something else by it: the bot must still start."""
    for file in (REPO / "conversations" / "hears").glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "newer.yaml").write_text("marks:\n  present: [zonked out]\n", encoding="utf-8")
    newer = read_hears(tmp_path)
    ours = TaughtWord("zonked out", "marks", "absent")
    other = TaughtWord("gone fishing", "marks", "absent")

    lexicon, left_out = lexicon_with(newer, [ours, other])

    assert [out.word for out in left_out] == [ours]
    assert "newer.yaml:2 (present)" in left_out[0].why
    assert lexicon.grammar.holds(("gone", "fishing"))
