"""What is told in the same breath: where an hour ends, who told it, and what was put off."""

from datetime import time

import pytest

from apbot.domain.readings import WhichPupil
from apbot.domain.words import Flag, Mark, Reason
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Alex Moss", "Alex Mercer", "Ayesha Begum", "Pearl Quinn", "Ruby Quinn")
AYESHA, PEARL, RUBY = 3, 4, 5


@pytest.mark.parametrize(
    "text",
    [
        "both the alexes came in together about five to so that's everybody for me",
        "both alexes came in about five to and ruby's here",
        "both the alexes came in at five to cos their mum was early",
    ],
)
def test_an_hour_ends_where_the_sentence_goes_on(text: str, lexicon: Lexicon) -> None:
    """ "About five to so ...": five to ten, and not five in the afternoon."""
    made = read(a_reply(text, *NAMES, start="10:00", sent_at="10:00"), lexicon)
    assert {made.marks[1], made.marks[2]} == {Mark.PRESENT}
    assert {made.times[1], made.times[2]} == {time(9, 55)}


def test_nobody_came_at_an_hour_to_come(lexicon: Lexicon) -> None:
    """ "Came in at five", in the morning, is asked about."""
    made = read(a_reply("ayesha came in at five", *NAMES, sent_at="10:00"), lexicon)
    assert AYESHA not in made.marks
    assert made.ask is not None


@pytest.mark.parametrize(
    "told",
    ["pearl says she left before her", "mum says she left at 8"],
)
def test_who_set_out_and_is_not_here_is_a_concern(told: str, lexicon: Lexicon) -> None:
    """A sister's word is as good as a mother's, and it is of the one who is not here."""
    text = f"ayesha pearl here\nruby not, {told}. ringing mum no answer"
    made = read(a_reply(text, *NAMES, sent_at="09:41"), lexicon)
    assert made.marks[RUBY] is Mark.ABSENT
    assert made.marks[PEARL] is Mark.PRESENT
    assert Flag.CONCERN in made.flags


def test_who_overslept_and_is_due_is_no_concern(lexicon: Lexicon) -> None:
    """ "Should be here by quarter past" is an hour to come, and no setting out long ago."""
    text = "Not here yet, mum messaged they overslept, should be with me by quarter past"
    made = read(a_reply(text, "Ayaan Malik", start="09:00", sent_at="09:05"), lexicon)
    assert made.marks == {1: Mark.AWAITED}
    assert made.times == {1: time(9, 15)}
    assert not made.flags


@pytest.mark.parametrize(
    "text",
    ["ayesha wasn't here at 9, she came at 9.30", "ayesha wasn't in at the start, got here half 9"],
)
def test_what_was_so_at_the_start_gives_way_to_the_coming(text: str, lexicon: Lexicon) -> None:
    """She was marked in, and came late: both are told, and the hour counts."""
    held = dict.fromkeys(range(1, 6), Mark.PRESENT)
    made = read(a_reply(text, *NAMES, start="09:00", sent_at="10:40", marks=held), lexicon)
    assert made.marks == {AYESHA: Mark.LATE}
    assert made.times == {AYESHA: time(9, 30)}


@pytest.mark.parametrize("why", ["court got put off", "her appointment got cancelled"])
def test_what_was_called_off_is_no_reason_to_be_late(why: str, lexicon: Lexicon) -> None:
    """ "Turned up after all, court got put off": court is why she was to be away, and is not."""
    held = {AYESHA: Mark.ABSENT}
    text = f"ayesha's turned up after all, {why}"
    made = read(a_reply(text, *NAMES, start="09:00", sent_at="10:10", marks=held), lexicon)
    assert made.marks == {AYESHA: Mark.LATE}
    assert not made.reasons


@pytest.mark.parametrize(
    "told",
    ["mum's going to collect her about 11", "dad will fetch her", "nan is gonna pick her up"],
)
def test_whoever_is_to_be_fetched_is_here_till_then(told: str, lexicon: Lexicon) -> None:
    """It is for the office, and nothing is asked."""
    held = {AYESHA: Mark.PRESENT}
    made = read(a_reply(f"ayesha poorly, {told}", *NAMES, sent_at="10:40", marks=held), lexicon)
    assert not made.marks
    assert made.flags == {Flag.QUESTION}
    assert made.ask is None


def test_what_is_scrapped_of_one_is_of_that_one(lexicon: Lexicon) -> None:
    """ "Ruby's not back. No, scrap that, she's here": Ruby alone is put right."""
    text = "ayesha n pearl here\nruby not back from lunch. no scrap that shes here, was in the loo"
    reply = a_reply(text, *NAMES, half="PM", start="13:00", sent_at="13:10")
    made = read(reply, lexicon)
    assert made.marks == dict.fromkeys((AYESHA, PEARL, RUBY), Mark.PRESENT)


def test_the_words_of_an_appointment_said_again_keep_who_is_awaited(lexicon: Lexicon) -> None:
    """ "Like I said she's at the dentist, 11 o'clock": when, and nothing for the office."""
    held = {AYESHA: Mark.AWAITED}
    text = "like i said ayesha's at the dentist, 11 oclock. nowt to worry about"
    made = read(a_reply(text, *NAMES, start="09:15", sent_at="09:46", marks=held), lexicon)
    assert made.marks == {AYESHA: Mark.AWAITED}
    assert made.times == {AYESHA: time(11, 0)}
    assert made.reasons == {AYESHA: Reason.MEDICAL_APPOINTMENT}
    assert not made.flags


def test_of_two_alike_the_one_who_was_not_named_is_meant(lexicon: Lexicon) -> None:
    """ "Mo and Mohammed": Mo is Mo, and the other is Mohamed."""
    made = read(a_reply("mo n mohammed here", "Mo Idris", "Mohamed Hassan"), lexicon)
    assert made.marks == dict.fromkeys((1, 2), Mark.PRESENT)
    alone = read(a_reply("mohammed here", "Mo Idris", "Mohamed Hassan"), lexicon)
    assert not alone.marks


def test_where_a_funeral_is_is_no_place_of_a_pupil(lexicon: Lexicon) -> None:
    """ "A funeral in Cardiff", "held up in town": where those are, and no pupil."""
    off = read(
        a_reply("ayesha won't be coming because the family has a funeral in Cardiff", *NAMES),
        lexicon,
    )
    assert off.marks == {AYESHA: Mark.ABSENT}
    assert off.reasons == {AYESHA: Reason.FAMILY}
    late = read(
        a_reply("ayesha has only just walked in, her taxi was held up in town", *NAMES), lexicon
    )
    assert late.marks == {AYESHA: Mark.LATE}


def test_who_brought_somebody_is_no_place(lexicon: Lexicon) -> None:
    """ "Dropped off by her mum", of one who is awaited; "by the canal" is a place."""
    held = {AYESHA: Mark.AWAITED}
    mum = a_reply(
        "ayesha has just been dropped off by her mum so that makes five", *NAMES, marks=held
    )
    assert read(mum, lexicon).marks == {AYESHA: Mark.LATE}
    for where in ("by the canal", "by her nan at the station"):
        text = f"ayesha was dropped off {where}"
        assert not read(a_reply(text, *NAMES, marks=held), lexicon).marks


def test_till_somebody_is_here_they_are_not(lexicon: Lexicon) -> None:
    """ "That's it for now till Ruby gets dropped off": Ruby is to come."""
    text = "ive got ayesha here and that's it for now till ruby gets dropped off"
    made = read(a_reply(text, *NAMES), lexicon)
    assert made.marks == {AYESHA: Mark.PRESENT, RUBY: Mark.AWAITED}


def test_several_of_those_offered_are_each_meant(lexicon: Lexicon) -> None:
    """ "Quinn: Pearl or Ruby?" "Both on em. Pearl an Ruby"."""
    asked = WhichPupil("quinn", (PEARL, RUBY), Mark.PRESENT)
    for text in ("both on em. Pearl an Ruby", "pearl and ruby", "both"):
        made = read(a_reply(text, *NAMES, pending=asked), lexicon)
        assert made.marks == dict.fromkeys((PEARL, RUBY), Mark.PRESENT), text


def test_whoever_is_off_to_something_at_an_hour_to_come_is_here(lexicon: Lexicon) -> None:
    """ "Off to CAMHS at 2": then, which is for the office."""
    for told in (
        "off to camhs at 2",
        "waiting on her taxi, off to camhs at 2",
    ):
        reply = a_reply(
            f"all here but ayesha's {told}", *NAMES, half="PM", start="12:45", sent_at="13:05"
        )
        made = read(reply, lexicon)
        assert made.marks.get(AYESHA) in (None, Mark.PRESENT), told
        assert Flag.QUESTION in made.flags, told


def test_whoever_is_being_walked_back_is_not_back(lexicon: Lexicon) -> None:
    """ "Got him, walking him back now": in sight of staff, and on the way."""
    held = {1: Mark.UNACCOUNTED}
    made = read(a_reply("got him, walking him back now", "Connor Oakes", marks=held), lexicon)
    assert made.marks == {1: Mark.AWAITED}


def test_b_is_short_for_be(lexicon: Lexicon) -> None:
    """ "Missed her bus b here quarter to 10"."""
    made = read(a_reply("ruby missed her bus b here quarter to 10", *NAMES), lexicon)
    assert made.marks == {RUBY: Mark.AWAITED}
    assert made.times == {RUBY: time(9, 45)}
