import pytest

from apbot.domain.readings import Rephrase, WhichPupil
from apbot.domain.words import Mark
from tests.reading.conftest import Reads

ROSTER = (
    "Jack Harrop",
    "Lily-Rose Dunn",
    "Jack Osei",
    "Siobhan Keane",
    "Mohammed Aziz",
    "Alexander Pike",
    "Lily Marsh",
    "Hui Min Tan",
    "Saskia De Vries",
    "Jennifer Null",
)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("jack harrop", 1),
        ("JACK H", 1),
        ("harrop", 1),
        ("Harrop, Jack", 1),
        ("Harrop J", 1),
        ("jh", 1),
        ("lily rose", 2),
        ("lilyrose", 2),
        ("lily", 7),
        ("shivon", 4),
        ("siobahn", 4),
        ("mo", 5),
        ("muhammad", 5),
        ("alex", 6),
        ("sandy", 6),
        ("hui min", 8),
        ("de vries", 9),
        ("saskia's", 9),
        ("saskias", 9),
        ("Miss Tan", 8),
        ("null", 10),
        ("jenny", 10),
    ],
)
def test_one_pupil_fits(said: str, number: int, reads: Reads) -> None:
    """The nearest fit is taken: full name, first name, surname, short form, slip, sound."""
    assert reads(f"{said} off", *ROSTER).marks == {number: Mark.ABSENT}


def test_two_who_fit_are_asked_about(reads: Reads) -> None:
    """Two Jacks: neither is marked, and the question holds both numbers and what was said."""
    reading = reads("Jack off", *ROSTER)

    assert not reading.marks
    assert reading.ask == WhichPupil("jack", (1, 3), Mark.ABSENT)


@pytest.mark.parametrize("said", ["dave", "Barney", "Kevin", "jane"])
def test_a_name_that_fits_nobody_marks_nobody(said: str, reads: Reads) -> None:
    """Another person's name is never bent into a pupil's."""
    reading = reads(f"{said} off", *ROSTER)

    assert not reading.marks
    assert reading.ask == Rephrase()


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("will will be late", {1: Mark.AWAITED}),
        ("May may be off", {}),
        ("please mark mark absent", {3: Mark.ABSENT}),
        ("grace off", {4: Mark.ABSENT}),
        ("hope you're well. hope is off", {5: Mark.ABSENT}),
        ("miles is 5 miles away", {6: Mark.AWAITED}),
        ("sunny off. its a sunny morning", {7: Mark.ABSENT}),
    ],
)
def test_a_name_that_is_a_word_is_told_by_its_neighbours(
    text: str, marks: dict[int, Mark], reads: Reads
) -> None:
    """Will may be late without "will" being Will twice."""
    roster = (
        "Will Ash",
        "May Cole",
        "Mark Dent",
        "Grace Eve",
        "Hope Fox",
        "Miles Gray",
        "Sunny Hall",
    )

    assert reads(text, *roster).marks == marks


def test_a_near_name_is_not_taken_where_a_nearer_is(reads: Reads) -> None:
    """ "dani" is Dani, and not a slip in Dana."""
    assert reads("dani off", "Dana Fox", "Dani Lowe").marks == {2: Mark.ABSENT}


@pytest.mark.parametrize("text", ["both Mo's here", "the two Mo's are in", "both mos in"])
def test_so_many_of_one_name_are_all_who_may_be_called_so(text: str, reads: Reads) -> None:
    """ "both Mo's": Mo, and Mohamed, whom they call so too."""
    made = reads(text, "Mo Farr", "Mohamed Ali", "Jade East").marks
    assert made == {1: Mark.PRESENT, 2: Mark.PRESENT}


def test_a_name_that_looks_like_a_day(reads: Reads) -> None:
    """ "tomo" is tomorrow, and where no day can stand it is Tommo."""
    roster = ("Tommo Tate", "Ellis Ward", "Jade East")
    assert reads("ellis and tomo are in", *roster).marks == {1: Mark.PRESENT, 2: Mark.PRESENT}
    assert reads("tomo in, rest off", *roster).marks[1] is Mark.PRESENT
    assert not reads("jade off tomo", *roster).marks
    assert not reads("tomo is in", *roster[1:]).marks


JACKS = ("Aiden Brown", "Jack Tanner", "Jack Tully")
OTHERS_HERE = {1: Mark.PRESENT, 2: Mark.PRESENT, 3: Mark.ABSENT}


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("the other jack's turned up", {3: Mark.LATE}),
        ("look what the cat dragged in! the other jack's here now", {3: Mark.LATE}),
        ("jack's turned up", {}),
        ("the other jack's gone home", {}),
    ],
)
def test_the_other_of_two_is_the_one_who_was_not_here(
    text: str, marks: dict[int, Mark], reads: Reads
) -> None:
    """ "the other Jack's turned up", where one of them is here; who has gone may be either."""
    assert reads(text, *JACKS, marks=OTHERS_HERE).marks == marks


@pytest.mark.parametrize(
    "text",
    [
        "tu mate",
        "tu soz",
        "Tu, only him I was waiting on! Nothing to fret about",
        "tu",
        "Tu! the other one's been here since 9",
    ],
)
def test_two_letters_answer_which_jack(text: str, reads: Reads) -> None:
    """ "Jack Ta or Jack Tu?" - "Tu mate": and what is told beside it takes nothing back."""
    asked = WhichPupil("jack", (2, 3), Mark.LATE)
    assert reads(text, *JACKS, marks=OTHERS_HERE, pending=asked).marks == {3: Mark.LATE}
