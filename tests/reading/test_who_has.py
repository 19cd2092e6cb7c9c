"""Who has it: asked of a case, and what only sounds so."""

import pytest

from apbot.domain.words import Flag
from apbot.reading.lexicon import Lexicon
from tests.reading.case_talk import FEMI, LEAH, REGISTER, said


@pytest.mark.parametrize(
    "text",
    [
        "who has it?",
        "has anyone got the leah one?",
        "nadia whos got leah?",
        "who has H2",
        "anyone on leah yet?",
        "is anybody dealing with this",
        "ravi have you got leah?",
        "any idea who has this one",
    ],
)
def test_who_has_a_case_is_asked(text: str, lexicon: Lexicon) -> None:
    """It is answered, and is no news of the case."""
    reading = said(text, lexicon, LEAH)

    assert reading.asked_who == {"H2"}
    assert Flag.QUESTION in reading.flags


@pytest.mark.parametrize(
    "text",
    [
        "who took leah?",
        "who is leah with",
        "who was she last seen with?",
        "someone has leah",
        "somebody took leah",
        "has anyone spoken to mum?",
        "has anyone seen leah",
        "i have leah",
        "on it",
    ],
)
def test_what_is_of_the_child_is_news_or_a_question_of_its_own(text: str, lexicon: Lexicon) -> None:
    """ "Who is she with?" must reach whoever looks for her."""
    assert not said(text, lexicon, LEAH).asked_who


def test_of_several_all_are_asked_of_where_none_is_named(lexicon: Lexicon) -> None:
    """ "Who's got what?" is of each of them."""
    assert said("whos got what?", lexicon, FEMI, LEAH, REGISTER).asked_who == {"K7", "H2", "T5"}


@pytest.mark.parametrize("text", ["i have leah", "ive got leah", "got leah now"])
def test_that_a_contact_has_a_child_who_is_sought_may_be_the_case_or_the_child(
    text: str, lexicon: Lexicon
) -> None:
    """Neither ends the search nor takes it on: it is asked which."""
    reading = said(text, lexicon, LEAH)

    assert reading.may_have == {"H2"}
    assert not said(text.replace("leah", "femi"), lexicon, FEMI).may_have
