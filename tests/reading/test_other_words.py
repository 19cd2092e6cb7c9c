"""Words of another language: which messages are in words that the reader does not have."""

import json
from pathlib import Path

import pytest

from apbot.reading.lexicon import Lexicon
from apbot.reading.other_words import is_in_other_words
from apbot.reading.tokens import fold

CASES = Path(__file__).parent / "cases"


@pytest.mark.parametrize(
    "text",
    [
        "wyszedł o 8:30!",
        "Zosia wyszla z domu o 8.30",
        "jest w drodze",
        "nie ma jej w domu, gdzie ona jest??",
        "ma gorączkę, została w domu",
        "zgubiła się",
        "gadawodd am 8:30!",
        "mae hi wedi gadael ar y bws",
        "dydi o ddim adra",
        "mae hi ar goll",
        "ela saiu de casa as 8:30",
        "صحبت کردم با او",
    ],
)
def test_words_of_another_language_are_known_as_such(text: str, lexicon: Lexicon) -> None:
    """Where the speaker's language is another, half of them are enough."""
    assert is_in_other_words(text, {"zosia"}, lexicon, is_expected=True)


def test_no_parent_who_writes_english_is_taken_for_another(lexicon: Lexicon) -> None:
    """However they type it: of all parents' messages among the cases, not one."""
    messages = [
        (one["text"], {w for c in one["cases"] for w in fold(c["pupil"] or "").split()})
        for file in sorted(CASES.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if (one := json.loads(line)).get("speaker") == "parent"
    ]
    taken = [
        text
        for text, names in messages
        if is_in_other_words(text, names, lexicon, is_expected=False)
    ]

    assert len(messages) > 500
    assert taken == []


@pytest.mark.parametrize("text", ["", "👍", "8:30", "ok", "Zosia!"])
def test_what_has_no_words_is_in_no_other_language(text: str, lexicon: Lexicon) -> None:
    """A thumb, a time and a name alone are understood as ever."""
    assert not is_in_other_words(text, {"zosia"}, lexicon, is_expected=True)
