import pytest

from apbot.domain.words import Action, Flag, Reason, Speaker
from apbot.reading.lexicon import Lexicon
from tests.reading.case_talk import FEMI, LEAH, action, alarms, said


@pytest.mark.parametrize(
    "text",
    [
        "he left at half 8",
        "I dropped him off myself",
        "his taxi came at 8",
        "he go to school with bus",
        "I put him on the bus",
        "he should be there",
        "he's in today",
        "are you sure?",
        "what do you mean he's not in",
        "where is he",
        "has he not turned up?",
        "he's not here",
        "not answering his phone",
        "I think he's at alder farm",
        "he was poorly yesterday but went in today",
    ],
)
def test_a_parent_who_takes_the_child_to_be_there_raises_the_alarm(
    text: str, lexicon: Lexicon
) -> None:
    """Set out, ought to be there, not at home, or not believed: a note and a concern."""
    reading = said(text, lexicon, FEMI, speaker=Speaker.PARENT)

    assert action(reading) is Action.NOTE
    assert alarms(reading)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("he's poorly so I kept him home", Reason.ILLNESS),
        ("went to the dentist", Reason.MEDICAL_APPOINTMENT),
        ("no bus this morning", Reason.TRANSPORT),
        ("he's in bed with flu", Reason.ILLNESS),
        ("he won't get out of bed", Reason.REFUSING),
    ],
)
def test_a_parents_reason_is_kept_and_alarms_nobody(
    text: str, reason: Reason, lexicon: Lexicon
) -> None:
    """Why the child is off is a reason, and no alarm."""
    reading = said(text, lexicon, FEMI, speaker=Speaker.PARENT)

    assert action(reading) is Action.REASON
    assert reading.case_reasons == {"K7": reason}
    assert not alarms(reading)


@pytest.mark.parametrize(
    "text", ["I think he's ill", "on his way", "at his dad's", "don't know why", "he'll be there"]
)
def test_news_or_a_guess_from_a_parent_is_a_note(text: str, lexicon: Lexicon) -> None:
    """What gives no certain reason and no alarm is a note."""
    reading = said(text, lexicon, FEMI, speaker=Speaker.PARENT)

    assert action(reading) is Action.NOTE
    assert not alarms(reading)


def test_a_parent_who_has_the_child_ends_the_search(lexicon: Lexicon) -> None:
    """ "She's here with me" is the end of a search; "she's not with me" is an alarm."""
    here = said("she's here with me", lexicon, LEAH, speaker=Speaker.PARENT)
    gone = said("she's not with me", lexicon, LEAH, speaker=Speaker.PARENT)

    assert action(here) is Action.RESOLVE
    assert action(gone) is Action.NOTE
    assert alarms(gone)


def test_thanks_from_a_parent_is_an_acknowledgement(lexicon: Lexicon) -> None:
    """ "ok thanks" says that it was read."""
    assert action(said("ok thanks", lexicon, FEMI, speaker=Speaker.PARENT)) is Action.ACK


def test_a_number_that_is_not_the_parents_is_about_no_case(lexicon: Lexicon) -> None:
    """ "I don't have a son called Femi": the wrong number, and no case."""
    reading = said("I don't have a son called Femi", lexicon, FEMI, speaker=Speaker.PARENT)

    assert reading.flags == {Flag.WRONG_NUMBER}
    assert reading.cases == ()


@pytest.mark.parametrize(
    "text",
    [
        "hes in bed at home with me",
        "shes not well shes been sick all night",
        "he isnt there hes at home",
        "he's here with me",
        "he's not coming in today",
        "keeping him off today",
        "he cant be there hes sat next to me",
        "he isnt at the farm he is here on the sofa",
        "he hasnt gone in today",
        "he's at the dentist with me",
        "we are in spain",
        "refused to get up today",
        "how can he be in when hes sat here with me?",
        "he's at his nans",
    ],
)
def test_a_parent_who_has_the_child_at_home_or_ill_says_that_it_is_away(
    text: str, lexicon: Lexicon
) -> None:
    """At home, with the parent, ill, kept off: not at the provider, whatever else it comes to."""
    assert said(text, lexicon, FEMI, speaker=Speaker.PARENT).away == {FEMI.ref}


@pytest.mark.parametrize(
    "text",
    [
        "he left at half eight",
        "is he ok?",
        "running late",
        "has dentist at 2 can you let him out",
        "he wont be in tomorrow",
        "he was off sick yesterday",
        "will he be home by 3?",
        "im at home if you need me",
        "i am not well so his nan is picking him up",
        "he will be off this afternoon",
        "if he is sick ring me",
        "tell him im at home",
        "he was sick last night but hes on his way",
        "can he go home early",
        "his money is with me",
        "he's not here",
    ],
)
def test_another_hour_another_day_and_the_parent_s_own_health_keep_no_child_away(
    text: str, lexicon: Lexicon
) -> None:
    """What is no word on where the child is now disputes no mark."""
    assert not said(text, lexicon, FEMI, speaker=Speaker.PARENT).away
