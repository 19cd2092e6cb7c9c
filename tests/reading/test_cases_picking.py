import pytest

from apbot.domain.readings import OpenCase
from apbot.domain.words import Action, Matter
from apbot.reading.lexicon import Lexicon
from tests.reading.case_talk import CHLOE, FEMI, LEAH, REGISTER, actions, said


@pytest.mark.parametrize("ref", ["K7", "k7", "K 7", "k-7", "#K7", "K7:", "ref K7 -", "(k7)"])
def test_a_ref_is_known_however_it_is_spelt(ref: str, lexicon: Lexicon) -> None:
    """People put spaces, signs and small letters into a ref."""
    assert actions(said(f"{ref} done", lexicon, FEMI, CHLOE)) == {"K7": Action.RESOLVE}


@pytest.mark.parametrize("text", ["done", "spoke to mum, she's ill", "on it", "Z9 done"])
def test_nothing_is_done_where_no_case_is_picked(text: str, lexicon: Lexicon) -> None:
    """With two cases open and neither named, none is touched."""
    assert actions(said(text, lexicon, FEMI, CHLOE)) == {None: Action.UNCLEAR}


def test_a_ref_that_is_not_open_ends_no_other_case(lexicon: Lexicon) -> None:
    """A late "Z9 done" is not about the one case that is open."""
    assert actions(said("Z9 done", lexicon, FEMI)) == {None: Action.UNCLEAR}


@pytest.mark.parametrize("text", ["M8 done", "m8 done", "B4 sorted", "L8 closing"])
def test_a_ref_that_looks_like_a_short_spelling_is_still_a_ref(text: str, lexicon: Lexicon) -> None:
    """ "M8" may be a mate, but at the head of a message or in capitals it is a case."""
    assert actions(said(text, lexicon, FEMI)) == {None: Action.UNCLEAR}


def test_each_case_has_its_own_words(lexicon: Lexicon) -> None:
    """Two pupils in one message: what is said of one is not done to the other."""
    reading = said("femi is ill per mum, no answer for chloe", lexicon, FEMI, CHLOE)

    assert actions(reading) == {"K7": Action.RESOLVE, "D4": Action.NOTE}


@pytest.mark.parametrize(
    "named", ["sparky", "Bartholomew", "rigby", "bartholomew rigby", "sparky's"]
)
def test_a_pupil_is_known_by_the_name_they_go_by_and_by_their_own(
    named: str, lexicon: Lexicon
) -> None:
    """Whatever the two have to do with each other."""
    also = OpenCase("N3", Matter.ABSENCE, "Rooftop Media", "Bartholomew Rigby", "Sparky")

    assert actions(said(f"{named} poorly, mum rang", lexicon, FEMI, also)) == {"N3": Action.RESOLVE}


def test_refs_joined_by_and_share_what_is_said(lexicon: Lexicon) -> None:
    """ "K7 and D4 sorted" is both."""
    reading = said("K7 and D4 sorted", lexicon, FEMI, CHLOE, LEAH)

    assert actions(reading) == {"K7": Action.RESOLVE, "D4": Action.RESOLVE}


@pytest.mark.parametrize("text", ["both sorted", "all sorted", "K7 and H2 sorted"])
def test_words_for_all_pick_all(text: str, lexicon: Lexicon) -> None:
    """ "both" and "all" are every open case."""
    assert set(actions(said(text, lexicon, FEMI, LEAH))) == {"K7", "H2"}


def test_the_matter_alone_picks_where_only_one_case_has_it(lexicon: Lexicon) -> None:
    """ "register's in" is the missing register; "found her" is the search."""
    register = said("register's in", lexicon, FEMI, REGISTER, LEAH)
    found = said("found her at home", lexicon, FEMI, REGISTER, LEAH)

    assert actions(register) == {"T5": Action.RESOLVE}
    assert actions(found) == {"H2": Action.RESOLVE}


@pytest.mark.parametrize(
    "text", ["thanks everyone", "thanks all", "cheers both", "morning all", "thank you both"]
)
def test_thanks_to_everybody_takes_nothing_on(text: str, lexicon: Lexicon) -> None:
    """To whom it is said is no word for every case that is open."""
    assert actions(said(text, lexicon, LEAH, CHLOE)) == {None: Action.UNCLEAR}
