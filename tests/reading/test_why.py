"""Why a mark was made, in the words that the register and the board show."""

import pytest

from apbot.loading.interpreting import reply_from
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read

REPLY = {
    "speaker": "provider",
    "date": "2026-11-24",
    "half": "AM",
    "start": "09:30",
    "sent_at": "09:40",
    "roster": [{"n": 1, "name": "Femi Okafor"}, {"n": 2, "name": "Chloe Davies"}],
}


@pytest.mark.parametrize(
    "text",
    [
        "femi off, mum says he's ill",
        "all in but femi, his mum rang he's poorly",
        "femi's dad says he's got a bug",
    ],
)
def test_a_reason_that_the_family_told_is_shown_as_theirs(text: str, lexicon: Lexicon) -> None:
    """Who reads the register sees whose word it is that a child is ill."""
    reading = read(reply_from({**REPLY, "text": text}), lexicon)

    (rule,) = [each.rule for each in reading.why if each.about == 1]

    assert rule.endswith(", by the family's word")


def test_what_staff_say_themselves_is_nobody_elses_word(lexicon: Lexicon) -> None:
    """A plain report is the reporter's own."""
    reading = read(reply_from({**REPLY, "text": "femi off ill, chloe in"}), lexicon)

    assert not any("family" in each.rule for each in reading.why)
