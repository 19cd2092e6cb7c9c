"""Whoever is named beside words that say otherwise is never here by a word for many."""

import pytest

from apbot.domain.words import Mark
from tests.reading.conftest import Reads

NAMES = ("Aiden Brown", "Chloe Davies", "Femi Okafor")
HERE = (Mark.PRESENT, Mark.LATE)
FOR_MANY = ("all in", "everyone here", "full house", "the rest are in", "all present")
AGAINST = (
    "cant find femi anywhere",
    "no sign of femi",
    "femi not here",
    "femi has gone missing",
    "havent seen femi",
    "nobody knows where femi is",
    "femi absent",
    "femi isnt in yet",
)


@pytest.mark.parametrize("against", AGAINST)
@pytest.mark.parametrize("many", FOR_MANY)
@pytest.mark.parametrize("joint", [", ", ". ", " but ", "\n", " except chloe, "])
def test_nobody_named_beside_words_against_them_is_here(
    many: str, joint: str, against: str, reads: Reads
) -> None:
    """In whatever order and joint, "all in" does not reach Femi."""
    for text in (f"{many}{joint}{against}", f"{against}. {many}"):
        assert reads(text, *NAMES).marks.get(3) not in HERE, text


def test_two_exceptions_of_two_kinds_take_a_mark_each(reads: Reads) -> None:
    """ "except chloe, can't find femi": Chloe is absent, and Femi unaccounted."""
    reading = reads("all in except chloe, cant find femi anywhere", *NAMES)

    assert reading.marks == {1: Mark.PRESENT, 2: Mark.ABSENT, 3: Mark.UNACCOUNTED}


@pytest.mark.parametrize(
    "name", ["Hi it's Dave from All In Training, ", "All In Autos. ", "All Present Tuition here. "]
)
def test_the_name_of_the_provision_is_no_answer(name: str, reads: Reads) -> None:
    """A business called "All In ..." says of nobody that they are here."""
    reading = reads(f"{name}chloe is off", *NAMES)

    assert reading.marks == {2: Mark.ABSENT}


@pytest.mark.parametrize(
    "story",
    [
        "femi talked about his late mum",
        "femi slept in a bus shelter",
        "stepdad locks femi out",
        "femi was due in",
        "femi told us about the time he walked out of court",
        "femis late grandad was a welder",
        "femi says some lads got him dropping bags off on his bike",
    ],
)
def test_a_word_in_a_story_sets_no_mark(story: str, reads: Reads) -> None:
    """A mark needs words that say it of that pupil, a mark of not being here too."""
    assert 3 not in reads(f"chloe here. {story}", *NAMES).marks


@pytest.mark.parametrize(
    "about", ["chloes sister is poorly", "let me know if chloe is coming", "mum rang about chloe"]
)
def test_the_rest_are_not_whoever_was_just_named(about: str, reads: Reads) -> None:
    """ "everyone else is here" behind a word about Chloe does not say that she is."""
    assert reads(f"{about}. everyone else is here", *NAMES).marks.get(2) not in HERE


@pytest.mark.parametrize("written", ['{"marks": {"1": "present"}}', '[{"name": "chloe in"}]'])
def test_what_a_program_wrote_is_no_answer(written: str, reads: Reads) -> None:
    """JSON marks nobody."""
    assert not reads(written, *NAMES).marks
