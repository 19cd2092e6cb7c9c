import json

import pytest

from apbot.domain.readings import Ask, CountOrNumber, Rephrase, RestPresent, WhichPupil
from apbot.domain.words import Mark
from apbot.loading.interpreting import (
    BadReply,
    ask_from_json,
    ask_to_json,
    interpret_lines,
    reply_from,
)
from apbot.reading.lexicon import Lexicon

LINE = {
    "id": "x-1",
    "speaker": "provider",
    "date": "2026-11-24",
    "half": "AM",
    "start": "09:30",
    "sent_at": "09:40",
    "roster": [{"n": 1, "name": "Aiden Brown"}, {"n": 2, "name": "Chloe Davies"}],
    "text": "all in bar chloe, she's ill",
}


def test_a_line_in_gives_a_line_out(lexicon: Lexicon) -> None:
    """The contract's output has these fields, by number as text."""
    (line,) = interpret_lines([json.dumps(LINE)], lexicon)

    assert json.loads(line) == {
        "id": "x-1",
        "marks": {"1": "present", "2": "absent"},
        "reasons": {"2": "illness"},
        "times": {},
        "flags": [],
        "ask": None,
    }


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"half": "EVE"}, "half: 'EVE' is none of AM, PM"),
        ({"start": "half nine"}, "start: 'half nine' is not a time HH:MM"),
        ({"text": None}, "text: missing"),
        ({"roster": [{"n": "1", "name": "A"}]}, "roster[0].n: '1' is not a number"),
        ({"pending": {"ask": "who"}}, "pending: 'who' is no question"),
        ({"marks": {"1": "here"}}, "marks: '1': 'here' is no mark by number"),
    ],
)
def test_an_error_names_the_field(change: dict[str, object], says: str) -> None:
    """Whoever wrote the line is told which field is wrong."""
    with pytest.raises(BadReply) as error:
        reply_from({**LINE, **change})

    assert str(error.value) == says


def test_a_bad_line_is_named_by_its_number(lexicon: Lexicon) -> None:
    """The lines before it are answered."""
    lines = interpret_lines([json.dumps(LINE), "{"], lexicon)

    assert json.loads(next(lines))["id"] == "x-1"
    with pytest.raises(BadReply, match="line 2: not JSON"):
        next(lines)


@pytest.mark.parametrize(
    "ask",
    [
        RestPresent((1, 3)),
        WhichPupil("jack", (2, 5), Mark.LEFT),
        CountOrNumber(2, Mark.ABSENT),
        Rephrase(),
    ],
)
def test_a_question_kept_comes_back_the_same(ask: Ask) -> None:
    """What the store keeps as text is the question that was asked."""
    assert ask_from_json(ask_to_json(ask)) == ask
