"""Where a sought pupil is said to be, and whether more is said than that a case is over."""

import pytest

from apbot.reading.lexicon import Lexicon
from tests.reading.case_talk import CHLOE, FEMI, LEAH, said


@pytest.mark.parametrize(
    "text",
    [
        "found him, he's at home",
        "found her, safe with her nan",
        "he is at his nan's, safe",
        "located, hes gone to his dads",
        "found, police have taken her to hospital",
        "found him in town with his mates",
    ],
)
def test_a_pupil_who_is_found_somewhere_else_is_said_to_be_so(text: str, lexicon: Lexicon) -> None:
    """The register then shows that the pupil is not at the provider."""
    assert said(text, lexicon, LEAH).elsewhere == {"H2"}


@pytest.mark.parametrize(
    "text",
    [
        "done",
        "found safe",
        "she turned up at the farm",
        "not at home but found",
        "he left home late, he's there now",
        "is she at home?",
        "found, spoke to mum",
        "found him, he's back with you",
        "she never went home",
    ],
)
def test_a_pupil_who_may_be_at_the_provider_is_not_said_to_be_elsewhere(
    text: str, lexicon: Lexicon
) -> None:
    """A child who may be at the provider after all is not said to be away."""
    assert not said(text, lexicon, LEAH).elsewhere


def test_of_two_cases_only_the_one_is_elsewhere(lexicon: Lexicon) -> None:
    """What is said of one pupil's whereabouts is not said of the other's."""
    reading = said("H2 found, she's at home. K7 on it", lexicon, LEAH, FEMI)

    assert reading.elsewhere == {"H2"}


@pytest.mark.parametrize(
    "text", ["done", "K7 done thanks", "ok that's sorted now", "👍", "closed, ta"]
)
def test_done_says_no_more_than_that_it_is_over(text: str, lexicon: Lexicon) -> None:
    """Whoever asked something is not sent a "done" for an answer."""
    assert said(text, lexicon, FEMI).only_over == {"K7"}


@pytest.mark.parametrize("text", ["K7 done, it is the 685", "sorted, ring him at two", "no"])
def test_an_answer_is_more_than_that_it_is_over(text: str, lexicon: Lexicon) -> None:
    """Whatever else is said goes to whoever asked."""
    assert not said(text, lexicon, FEMI, CHLOE).only_over
