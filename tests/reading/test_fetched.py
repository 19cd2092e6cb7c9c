"""Who was fetched or brought, who was only spoken of, and whose hour it is that is told."""

import pytest

from apbot.domain.words import Flag, Mark, Reason
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Chloe Davies", "Femi Okafor", "Mark Ridley")
HERE = dict.fromkeys((1, 2, 3), Mark.PRESENT)
WHO = ["his dad", "her nan", "mum", "the social worker", "his big brother", "her foster carer"]
TAKES = [
    "has come and taken him home",
    "turned up about ten minutes ago and took him out",
    "came at half 10 and collected him",
    "has just been and got him",
    "took him home with her",
    "has come to fetch him",
    "has been to fetch him",
    "scooped him up",
    "took him to the dentist",
    "has took him down a&e",
]


@pytest.mark.parametrize("takes", TAKES)
@pytest.mark.parametrize("who", WHO)
def test_whoever_was_fetched_has_left(who: str, takes: str, lexicon: Lexicon) -> None:
    """The relative came and went, and the pupil with them: nobody is here by that."""
    text = f"femi wasn't well, {who} {takes}"
    reading = read(a_reply(text, *NAMES, marks=HERE, sent_at="10:50"), lexicon)

    assert reading.marks == {2: Mark.LEFT}


@pytest.mark.parametrize(
    "text",
    [
        "police took femi with them just now",
        "his nan has got femi just now",
        "mum has femi just now",
        "saw femi in town just now",
        "femi walked past the window just now",
        "two lads after femi just now",
        "his mum dropped femi off at his nan's",
        "mum is dropping femi off",
        "mum says she dropped femi off",
        "his sister came and got his bag, femi i mean",
    ],
)
@pytest.mark.parametrize("held", [{}, {2: Mark.ABSENT}, {2: Mark.UNACCOUNTED}])
def test_what_is_done_to_somebody_is_no_coming(
    text: str, held: dict[int, Mark], lexicon: Lexicon
) -> None:
    """With more said than a name, "just now" is when it was; nobody is here by that."""
    marks = read(a_reply(text, *NAMES, marks=held), lexicon).marks

    assert marks.get(2) not in (Mark.PRESENT, Mark.LATE)


@pytest.mark.parametrize(
    "more",
    [
        "We will be closing early today, at 2",
        "Lunch at 12",
        "can you ring me at 3",
        "Power off from 11",
        "early finish today, 2pm",
        "the vet's coming at 2",
        "Assembly is late today, half 10",
    ],
)
def test_an_hour_of_something_else_is_of_nobody(more: str, lexicon: Lexicon) -> None:
    """ "All in" is of now, whatever is to happen when."""
    reading = read(a_reply(f"All in. {more}", *NAMES, sent_at="09:20"), lexicon)

    assert reading.marks == HERE
    assert not reading.times


@pytest.mark.parametrize(
    "text",
    [
        "Mark (the instructor) is off sick so it's just me. All 3 in",
        "Mark, our mechanic, is off today. All in",
        "Mark (tutor) is on leave. all in",
    ],
)
def test_a_namesake_on_the_staff_is_no_pupil(text: str, lexicon: Lexicon) -> None:
    """Who is said to be of the staff is not the pupil who is called the same."""
    assert read(a_reply(text, *NAMES), lexicon).marks == HERE


@pytest.mark.parametrize("ride", ["taxi", "bus", "minibus", "cab", "lift", "car"])
@pytest.mark.parametrize("came", ["turned up", "came", "arrived", "showed up", "got here"])
def test_a_ride_that_came_or_did_not_brings_nobody_by_itself(
    ride: str, came: str, lexicon: Lexicon
) -> None:
    """ "Femi no taxi turned up": of the taxi, and so it is said why, or nothing at all."""
    for text in (f"femi no {ride} {came}", f"femi {ride} {came}", f"femi's {ride} {came}"):
        marks = read(a_reply(text, *NAMES), lexicon).marks
        assert marks.get(2) not in (Mark.PRESENT, Mark.LATE), text


def test_a_sign_that_begins_a_line_is_of_its_name_though_more_is_said(lexicon: Lexicon) -> None:
    """Ticks in front, a note behind one of them, and a last line in words."""
    text = "✔️ Chloe\n❌ Femi (poorly)\n🚌 Mark on way"
    reading = read(a_reply(text, *NAMES), lexicon)

    assert reading.marks == {1: Mark.PRESENT, 2: Mark.ABSENT, 3: Mark.AWAITED}


def test_a_heading_is_of_each_name_behind_it_whatever_its_note(lexicon: Lexicon) -> None:
    """One with a reason, one whose reason nobody knows."""
    text = "Missing today: Chloe (hol), Femi (not sure why). Everyone else is in"
    reading = read(a_reply(text, *NAMES), lexicon)

    assert reading.marks == {1: Mark.ABSENT, 2: Mark.ABSENT, 3: Mark.PRESENT}
    assert reading.reasons == {1: Reason.HOLIDAY, 2: Reason.UNKNOWN}


@pytest.mark.parametrize(
    "text",
    [
        "femi came across a knife in the hedge",
        "femi came clean about the phone",
        "femi came under pressure from his mates",
        "femi turned up on facebook last night",
        "femi landed a job",
        "femi walked in front of a car",
        "femi came back to his mum's",
        "femi came to blows with chloe",
        "femi collected the eggs",
        "femi's mum collected his coat",
        "femi not been collected yet",
        "femi hasn't been picked up yet",
        "femi's mum has gone home",
    ],
)
@pytest.mark.parametrize("held", [{}, {2: Mark.ABSENT}])
def test_a_word_for_coming_or_going_that_is_of_something_else_marks_nobody(
    text: str, held: dict[int, Mark], lexicon: Lexicon
) -> None:
    """An idiom, a thing that was fetched, somebody else who went, or a fetching still to come."""
    marks = read(a_reply(text, *NAMES, marks=held, sent_at="10:30"), lexicon).marks

    assert marks.get(2) not in (Mark.PRESENT, Mark.LATE, Mark.LEFT)


def test_whoever_somebody_elses_mum_has_fetched_is_the_one_who_left(lexicon: Lexicon) -> None:
    """ "Chloe's mum has collected Femi": Chloe is where she was."""
    reply = a_reply("chloe's mum has collected femi", *NAMES, marks=HERE, sent_at="10:50")

    assert read(reply, lexicon).marks == {2: Mark.LEFT}


@pytest.mark.parametrize("of_today", ["off poorly", "off", "in", "here"])
@pytest.mark.parametrize("ahead", ["off tomorrow", "wont be in tomorrow", "not in on friday"])
def test_a_day_ahead_leaves_what_is_said_of_today(
    of_today: str, ahead: str, lexicon: Lexicon
) -> None:
    """The first is a mark, and the second is for the office."""
    for joint in (" and ", ", "):
        reading = read(a_reply(f"femi {of_today}{joint}{ahead}", *NAMES), lexicon)
        here = of_today in ("in", "here")
        assert reading.marks == {2: Mark.PRESENT if here else Mark.ABSENT}
        assert Flag.QUESTION in reading.flags


@pytest.mark.parametrize(
    ("text", "held", "marks"),
    [
        ("femi's lying down in the office, waiting on his mum", Mark.PRESENT, {}),
        ("femi's been sick, his mam is on her way to fetch him", Mark.PRESENT, {}),
        ("femi has logged off now, he had a headache", Mark.PRESENT, {2: Mark.LEFT}),
        ("femi not with them, gave us the slip", Mark.PRESENT, {2: Mark.UNACCOUNTED}),
        ("femi is with me, never actually lost him", Mark.UNACCOUNTED, {2: Mark.PRESENT}),
        ("femi off now with dad", Mark.PRESENT, {2: Mark.LEFT}),
        ("femi walked off site, nowhere in sight", Mark.PRESENT, {2: Mark.UNACCOUNTED}),
        ("femi's run off, not in sight", Mark.PRESENT, {2: Mark.UNACCOUNTED}),
        ("femi's legged it, i can see chloe", Mark.PRESENT, {2: Mark.UNACCOUNTED}),
        ("femi right here with me", Mark.LATE, {2: Mark.LATE}),
        ("femi not late, he was here on time", Mark.LATE, {2: Mark.PRESENT}),
    ],
)
def test_what_is_said_of_one_whose_mark_is_known(
    text: str, held: Mark, marks: dict[int, Mark], lexicon: Lexicon
) -> None:
    """Who waits is here, who went off is looked for, and who came late stays so."""
    reply = a_reply(text, *NAMES, marks={**HERE, 2: held}, sent_at="10:30")

    assert {n: m for n, m in read(reply, lexicon).marks.items() if n == 2} == marks


def test_none_of_the_others_yet_is_a_question_while_it_is_early(lexicon: Lexicon) -> None:
    """Eleven minutes after the start, and absent later on."""
    for sent_at, marks in (
        ("09:41", {1: Mark.PRESENT}),
        ("09:46", {1: Mark.PRESENT, 2: Mark.ABSENT, 3: Mark.ABSENT}),
    ):
        reply = a_reply("chloe in none of the others yet", *NAMES, sent_at=sent_at)
        assert read(reply, lexicon).marks == marks


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("chloe's mum just got her, left abt 9.45. rest all fine", Mark.LEFT),
        ("chloe's mum's just got her", Mark.LEFT),
        ("chloe's mum just got her a coat", None),
    ],
)
def test_a_mum_who_just_got_her(text: str, mark: Mark | None, lexicon: Lexicon) -> None:
    """ "her mum just got her" came for her; a coat that she got is a coat."""
    held = {1: Mark.PRESENT, 2: Mark.PRESENT}
    reply = a_reply(text, "Aiden Brown", "Chloe Davies", marks=held, sent_at="09:46")
    assert read(reply, lexicon).marks.get(2) is mark
