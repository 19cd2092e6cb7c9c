"""
Classes of talk: what many voices say that means the same, beside what only sounds like it.

`sentences/worries_by_class.txt` holds what a provider writes, `sentences/of_cases_by_class.txt`
what CSS staff and parents write of a case: what would take an end back makes it a note.
"""

from pathlib import Path

import pytest

from apbot.domain.readings import OpenCase
from apbot.domain.words import Action, Flag, Matter, Reason, Speaker
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.case_talk import action, said
from tests.reading.conftest import a_reply

SENTENCES = Path(__file__).parent / "sentences"
NAMES = ("Aiden Brown", "Chloe Marsh", "Femi Okafor", "Zara Hussain")
URGENT = {Flag.CONCERN, Flag.EMERGENCY}
RAISED = {
    "nothing": set[Flag](),
    "concern": {Flag.CONCERN},
    "emergency": {Flag.CONCERN, Flag.EMERGENCY},
    "question": {Flag.QUESTION},
}


def _lines(name: str) -> list[tuple[str, str]]:
    """The lines of one file, each with its label before it."""
    lines = (SENTENCES / f"{name}.txt").read_text("utf-8").splitlines()
    parts = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return [(label, text) for label, _, text in parts]


@pytest.mark.parametrize(("raised", "text"), _lines("worries_by_class"))
def test_a_class_of_worry_is_raised_in_any_voice_and_nothing_beside_it(
    raised: str, text: str, lexicon: Lexicon
) -> None:
    """What a lead would want to know at once is flagged; the day's work beside it is not."""
    assert set(read(a_reply(text, *NAMES), lexicon).flags) & URGENT == RAISED[raised]


@pytest.mark.parametrize(("label", "text"), _lines("of_cases_by_class"))
def test_a_case_is_over_only_where_nothing_in_the_message_takes_it_back(
    label: str, text: str, lexicon: Lexicon
) -> None:
    """A thing found is no pupil, one may gainsay another, and a register may go astray."""
    speaker, matter, what, *more = label.split()
    of_one = "Femi Okafor" if matter != Matter.MISSING_REGISTER else None
    case = OpenCase("K7", Matter(matter), "Alder Farm", of_one)
    reading = said(text, lexicon, case, speaker=Speaker(speaker))

    assert action(reading) is Action(what)
    reasons = [Reason(word) for word in more if word not in RAISED]
    assert list(reading.case_reasons.values()) == reasons
    assert set(reading.flags) == set().union(*(RAISED[word] for word in more if word in RAISED))
