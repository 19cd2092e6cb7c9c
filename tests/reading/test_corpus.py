from typing import Any

import pytest

from apbot.loading.interpreting import reading_to, reply_from
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.score import besides, judge, load_cases

CASES = load_cases()


def _answer(case: dict[str, Any], lexicon: Lexicon) -> dict[str, object]:
    reply = reply_from(case)
    return reading_to(read(reply, lexicon), reply, id=case["id"])


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_labelled_reply_settles_what_its_label_says(
    case: dict[str, Any], lexicon: Lexicon
) -> None:
    """Marks, case, flags, ask, reasons and times are the contract's, case by case."""
    answer = _answer(case, lexicon)

    verdict, why = judge(case, answer)

    assert (verdict, why, besides(case, answer)) == ("COMPLETE", None, []), case["text"]


def test_every_mark_and_question_is_explained(lexicon: Lexicon) -> None:
    """For each mark there is a Why with words and a rule, and one for the question asked."""
    for case in CASES:
        reading = read(reply_from(case), lexicon)
        about = {each.about for each in reading.why}

        assert set(reading.marks) <= about, case["text"]
        assert reading.ask is None or None in about, case["text"]
        assert all(each.rule for each in reading.why), case["text"]
