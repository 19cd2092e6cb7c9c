"""
Every labelled case, a hundred a test: read as its label says, explained, and the same when dressed.

A capital, a smile or a thanks says nothing of anybody, so a dressed text is read as the bare one.
Each dressing is tried on a third of the cases, told by their ids and another for each dressing, so
that every case is tried in some; on all of them where APBOT_EVERY_DRESSING=1.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import pytest

from apbot.domain.readings import Reading, Reply
from apbot.loading.interpreting import reading_to, reply_from
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.score import besides, judge, load_cases

A_TEST = 100
ONE_IN = 1 if os.environ.get("APBOT_EVERY_DRESSING") == "1" else 3
CASES = load_cases()
BATCHES = [CASES[at : at + A_TEST] for at in range(0, len(CASES), A_TEST)]

DICTATED = ("full stop", "question mark", "new line")
LETTER_CASE = (str.lower, str.upper, str.title, str.swapcase)
AROUND = ("😊\n  {}\t🙏🏽", "\u200b\n\n{} \r\n\u00a0🙂 😂\n", "☀️ {}\ufeff")
THANKS = ("{} thanks", "{}, Thank you!", "{}.\n\ncheers 🙂")

Dressing = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Bare:
    """A labelled case, as a reply, and what the reply was read to mean as it was typed."""

    case: dict[str, Any]
    reply: Reply
    reading: Reading


@pytest.fixture(scope="module", params=BATCHES, ids=lambda batch: f"from {batch[0]['id']}")
def batch(request: pytest.FixtureRequest, lexicon: Lexicon) -> Sequence[Bare]:
    """A hundred cases, each read once for all the tests of this module."""
    replies = [(case, reply_from(case)) for case in request.param]
    return [Bare(case, reply, _read(case, reply, lexicon)) for case, reply in replies]


def test_labelled_replies_settle_what_their_labels_say(batch: Sequence[Bare]) -> None:
    """Marks, case, flags, ask, reasons and times are the contract's, case by case."""
    amiss = []
    for one in batch:
        answer = reading_to(one.reading, one.reply, id=one.case["id"])
        verdict = (*judge(one.case, answer), besides(one.case, answer))
        if verdict != ("COMPLETE", None, []):
            amiss.append(f"{one.case['id']}: {one.reply.text!r}: {verdict}")

    assert not amiss, "\n".join(amiss)


def test_every_mark_and_question_is_explained(batch: Sequence[Bare]) -> None:
    """For each mark there is a Why with words and a rule, and one for the question asked."""
    for one in batch:
        about = {each.about for each in one.reading.why}

        assert set(one.reading.marks) <= about, one.reply.text
        assert one.reading.ask is None or None in about, one.reply.text
        assert all(each.rule for each in one.reading.why), one.reply.text


def test_letter_case_never_changes_a_mark(batch: Sequence[Bare], lexicon: Lexicon) -> None:
    """ "Any letter case": there is no mark, and no action of a case, that a capital decides."""
    changed = _changed_by(batch, lexicon, *LETTER_CASE)

    assert not changed, "\n".join(changed)


def test_a_smile_and_white_space_never_change_a_mark(
    batch: Sequence[Bare], lexicon: Lexicon
) -> None:
    """
    Around a message or between its words they say nothing of anybody, nor of any case.

    But for a point that a phone took down as two words ("full stop"), which a smile may part.
    """
    parted = [one for one in batch if not any(each in one.reply.text for each in DICTATED)]
    wide = lambda text: text.replace(" ", "\t \u00a0")  # noqa: E731 - one of a row of dressings
    smiling = lambda text: text.replace(" ", " 🙂🙏🏽 ")  # noqa: E731 - likewise

    changed = _changed_by(batch, lexicon, *(each.format for each in AROUND), wide)
    changed += _changed_by(parted, lexicon, smiling)

    assert not changed, "\n".join(changed)


def test_trailing_thanks_never_change_a_mark(batch: Sequence[Bare], lexicon: Lexicon) -> None:
    """
    What is only polite sets nothing and unsets nothing.

    Of a provider's staff: a contact's thanks alone says "I have it".
    """
    staff = [one for one in batch if one.case["speaker"] == "provider"]

    changed = _changed_by(staff, lexicon, *(each.format for each in THANKS))

    assert not changed, "\n".join(changed)


def _changed_by(batch: Sequence[Bare], lexicon: Lexicon, *dressings: Dressing) -> list[str]:
    """Return each text that is read otherwise when it is dressed in one of these ways."""
    changed = []
    for one in batch:
        for text in _tried(one, dressings):
            after = _read(one.case, replace(one.reply, text=text), lexicon)
            if (after.marks, after.cases) != (one.reading.marks, one.reading.cases):
                changed.append(f"{one.case['id']}: {text!r}")
    return changed


def _tried(one: Bare, dressings: Sequence[Dressing]) -> Iterator[str]:
    """The text in those of the dressings that are this case's to try and that change it."""
    turn = crc32(one.case["id"].encode())
    dressed = [
        dress(one.reply.text) for at, dress in enumerate(dressings, turn) if at % ONE_IN == 0
    ]
    yield from dict.fromkeys(text for text in dressed if text != one.reply.text)


def _read(case: dict[str, Any], reply: Reply, lexicon: Lexicon) -> Reading:
    try:
        return read(reply, lexicon)
    except Exception as error:
        error.add_note(f"{case['id']}: {reply.text!r}")
        raise
