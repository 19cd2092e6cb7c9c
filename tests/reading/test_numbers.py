import pytest

from apbot.domain.readings import CountOrNumber, Rephrase
from apbot.domain.words import Mark
from tests.reading.conftest import Reads

ROSTER = (
    "Aiden Brown",
    "Chloe Davies",
    "Femi Okafor",
    "Marta Kowalska",
    "Ayaan Malik",
    "Tyler Nkosi",
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2 and 4 absent", {2, 4}),
        ("2, 4 & 5 off", {2, 4, 5}),
        ("2. absent", {2}),
        ("#2 off", {2}),
        ("no 2 is off", {2}),
        ("no. 2 off", {2}),
        ("number 2 ill", {2}),
        ("2-4 off", {2, 3, 4}),
        ("2 to 4 away", {2, 3, 4}),
        ("2 is off", {2}),
        ("2 absent: Chloe, Femi", {2, 3}),
    ],
)
def test_a_number_that_can_only_be_the_prompts(text: str, numbers: set[int], reads: Reads) -> None:
    """A list, a range, a sign or a single pupil's verb makes a number a pupil's."""
    assert reads(text, *ROSTER).marks == dict.fromkeys(numbers, Mark.ABSENT)


@pytest.mark.parametrize(
    ("text", "n", "mark"),
    [
        ("2 absent", 2, Mark.ABSENT),
        ("only 1 missing", 1, Mark.ABSENT),
        ("3 here", 3, Mark.PRESENT),
        ("just 2 in", 2, Mark.PRESENT),
        ("two off", 2, Mark.ABSENT),
        ("all in bar 2", 2, Mark.ABSENT),
        ("all in but one", 1, Mark.ABSENT),
        ("1 late", 1, Mark.AWAITED),
    ],
)
def test_a_bare_count_is_asked_about(text: str, n: int, mark: Mark, reads: Reads) -> None:
    """It may be how many or who: nobody is marked."""
    reading = reads(text, *ROSTER)

    assert not reading.marks
    assert reading.ask == CountOrNumber(n, mark)


@pytest.mark.parametrize(
    "text",
    [
        "all 5 here",
        "4 of 6 in",
        "5 in 1 off",
        "number 9 off",
        "2 marta absent",
        "full house, all 8",
    ],
)
def test_a_count_or_number_that_does_not_agree_marks_nobody(text: str, reads: Reads) -> None:
    """What cannot be so is not believed in part."""
    reading = reads(text, *ROSTER)

    assert not reading.marks
    assert reading.ask == Rephrase()


def test_two_counts_lend_no_name_to_the_first(reads: Reads) -> None:
    """ "5 in, 1 off - aiden": Aiden is the one off."""
    assert reads("5 in 1 off - aiden", *ROSTER).marks == {1: Mark.ABSENT}


def test_a_name_beside_a_no_is_not_among_those_counted(reads: Reads) -> None:
    """ "5 in today, no marta" does not count Marta in."""
    assert reads("we have 5 in today, no marta", *ROSTER).marks == {4: Mark.ABSENT}
