import pytest

from apbot.domain.readings import OpenCase
from apbot.domain.words import Action, Flag, Reason
from apbot.reading.lexicon import Lexicon
from tests.reading.case_talk import FEMI, LEAH, REGISTER, action, alarms, said


@pytest.mark.parametrize("who", ["mum", "his dad", "nan", "the carer", "his social worker"])
@pytest.mark.parametrize("reached", ["spoke to {}, he's ill", "{} says he's ill", "{} rang, ill"])
def test_a_reason_from_whoever_was_asked_ends_an_absence(
    who: str, reached: str, lexicon: Lexicon
) -> None:
    """Somebody who was asked gave the reason: resolved, and the reason is kept."""
    reading = said(reached.format(who), lexicon)

    assert action(reading) is Action.RESOLVE
    assert reading.case_reasons == {"K7": Reason.ILLNESS}


@pytest.mark.parametrize(
    "text",
    [
        "I think he's ill",
        "mum says he isn't ill",
        "if he's ill we can close it",
        "will close when mum rings back",
        "spoke to mum, he might be ill",
        "he's ill apparently",
        "not sorted",
        "nearly done",
        "can't close this yet",
        "tried to get this closed",
        "supposed to be at the dentist",
        "he's ill? nobody has confirmed",
    ],
)
def test_what_is_denied_doubted_or_still_to_come_ends_nothing(text: str, lexicon: Lexicon) -> None:
    """A wrong "resolved" leaves a child unlooked for; a note costs one more text."""
    assert action(said(text, lexicon)) is Action.NOTE


@pytest.mark.parametrize("text", ["no answer from mum", "left dad a voicemail", "SW informed"])
def test_nobody_reached_or_somebody_told_is_news(text: str, lexicon: Lexicon) -> None:
    """Work on a case that did not end it is a note."""
    assert action(said(text, lexicon)) is Action.NOTE


@pytest.mark.parametrize(
    "text", ["ok", "mine", "on K7 now", "ill ring home", "am looking into it", "leave it with me"]
)
def test_taking_it_on_is_an_acknowledgement(text: str, lexicon: Lexicon) -> None:
    """Who says that they will act has the case."""
    assert action(said(text, lexicon)) is Action.ACK


@pytest.mark.parametrize("text", ["mum will ring back", "she'll let us know", "dad is looking"])
def test_what_somebody_else_will_do_takes_nothing_on(text: str, lexicon: Lexicon) -> None:
    """A promise of another's is a note, not an acknowledgement."""
    assert action(said(text, lexicon)) is Action.NOTE


@pytest.mark.parametrize(
    "text",
    [
        "mum says he left at 8",
        "dad dropped him at the gate",
        "taxi driver says he collected him at 8.50",
        "nan thinks he's at alder farm",
        "mum hasn't seen him since last night",
        "he left at 8, not been seen since",
    ],
)
def test_a_child_said_to_have_set_out_is_a_concern(text: str, lexicon: Lexicon) -> None:
    """The child set out and is not there: a note that raises the alarm."""
    reading = said(text, lexicon)

    assert action(reading) is Action.NOTE
    assert alarms(reading)


@pytest.mark.parametrize(
    "text",
    ["found her", "she's at home with mum", "back in class now", "at her nan's, safe and well"],
)
def test_a_pupil_who_is_safe_ends_the_search(text: str, lexicon: Lexicon) -> None:
    """Found, at home, with somebody, or back: resolved."""
    assert action(said(text, lexicon, LEAH)) is Action.RESOLVE


@pytest.mark.parametrize(
    "text",
    ["not found her", "she isn't at home", "no sign of her at home", "mum is ill", "she's ill"],
)
def test_a_search_goes_on_without_word_that_the_pupil_is_safe(text: str, lexicon: Lexicon) -> None:
    """A reason explains an absence; it does not find a pupil."""
    assert action(said(text, lexicon, LEAH)) is Action.NOTE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("they've sent it", Action.RESOLVE),
        ("register has landed", Action.RESOLVE),
        ("rooftop in", Action.RESOLVE),
        ("they will send it by ten", Action.NOTE),
        ("sent them a reminder", Action.NOTE),
        ("they say it's sent but I can't see it", Action.NOTE),
        ("only sent half of it", Action.NOTE),
    ],
)
def test_a_register_ends_its_case_when_it_came_and_not_when_promised(
    text: str, expected: Action, lexicon: Lexicon
) -> None:
    """Sent is over; to be sent is a note."""
    assert action(said(text, lexicon, REGISTER)) is expected


@pytest.mark.parametrize("case", [FEMI, LEAH, REGISTER])
def test_a_question_is_passed_on_and_ends_nothing(case: OpenCase, lexicon: Lexicon) -> None:
    """ "Is it sorted?" is a note with a question, whatever the case."""
    reading = said("is this sorted now?", lexicon, case)

    assert action(reading) is Action.NOTE
    assert Flag.QUESTION in reading.flags


def test_an_answer_before_a_question_still_counts(lexicon: Lexicon) -> None:
    """The question is for its own clause alone."""
    reading = said("spoke to mum, he's ill. can someone let the farm know?", lexicon)

    assert action(reading) is Action.RESOLVE
    assert Flag.QUESTION in reading.flags


def test_an_emergency_is_never_over(lexicon: Lexicon) -> None:
    """Found, but unconscious: nothing is resolved."""
    reading = said("found her, she's unconscious", lexicon, LEAH)

    assert action(reading) is Action.NOTE


def test_why_is_told_in_words_for_the_office(lexicon: Lexicon) -> None:
    """The record says which words ended the case, and as what."""
    reading = said("spoke to mum, he's ill", lexicon)

    (why,) = reading.why
    assert why.about == "K7"
    assert why.rule == "“he's ill”: somebody who was asked gave the reason"
