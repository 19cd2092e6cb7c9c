"""Whom it is of, where whoever was named first was a slip; what puts a mark right in few words."""

from datetime import time

import pytest

from apbot.domain.words import Mark, Reason
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from tests.reading.conftest import a_reply

NAMES = ("Aiden Brown", "Chloe Davies", "Femi Ade", "Jade East")
AIDEN, CHLOE, FEMI, JADE = 1, 2, 3, 4
HELD = dict.fromkeys(range(1, 5), Mark.PRESENT)


@pytest.mark.parametrize(
    "text",
    [
        "Jade's been picked up early for the optician, 13:30. No, I tell a lie, that was Aiden!",
        "jade's been picked up at 13:30, optician. sorry no that was aiden",
        "jade left at 13:30 for the optician. no i tell a lie, that was aiden not jade",
    ],
)
def test_what_was_said_is_of_the_other(text: str, lexicon: Lexicon) -> None:
    """ "Jade's been picked up. No, that was Aiden": Aiden, with the hour and the reason."""
    reply = a_reply(text, *NAMES, marks=HELD, half="PM", start="13:00", sent_at="13:50")
    made = read(reply, lexicon)
    assert made.marks == {AIDEN: Mark.LEFT}
    assert made.times == {AIDEN: time(13, 30)}
    assert made.reasons == {AIDEN: Reason.MEDICAL_APPOINTMENT}


def test_the_first_is_where_they_are_said_to_be(lexicon: Lexicon) -> None:
    """What is said of the first besides is said of the first."""
    text = "jade's gone home. no i tell a lie, that was aiden! jade's still here with me"
    made = read(a_reply(text, *NAMES, marks=HELD, sent_at="11:00"), lexicon)
    assert made.marks == {AIDEN: Mark.LEFT, JADE: Mark.PRESENT}


@pytest.mark.parametrize(
    "text",
    ["jade and chloe are in. sorry, that was aiden", "jade and chloe in, no wait that's aiden"],
)
def test_which_of_several_was_the_slip_is_asked(text: str, lexicon: Lexicon) -> None:
    """ "Jade and Chloe are in. Sorry, that was Aiden": which of them is not said."""
    made = read(a_reply(text, *NAMES, sent_at="09:40"), lexicon)
    assert not made.marks
    assert made.ask is not None


@pytest.mark.parametrize(
    "slip",
    [
        "sorry i mean aiden",
        "no wait aiden has",
        "my mistake, it was aiden",
        "tell a lie, aiden has",
        "No hang on I tell a lie it was Aiden that went",
        "wait no its aiden thats gone",
        "no, it was aiden that went",
        "its aiden not jade",
        "not jade, aiden",
    ],
)
@pytest.mark.parametrize("more", ["", ", jade's still here on the pads"])
def test_a_slip_put_right_in_one_breath_is_of_the_other_alone(
    slip: str, more: str, lexicon: Lexicon
) -> None:
    """ "Jade's gone home. Sorry I mean Aiden": Jade is where she was, and nothing is of her."""
    for said in ("jade's gone home", "Jade's gone, her brother picked her up about 1.30"):
        reply = a_reply(
            f"{said}. {slip}{more}", *NAMES, marks=HELD, half="PM", start="13:00", sent_at="14:15"
        )
        made = read(reply, lexicon)
        assert made.marks.get(JADE) in (None, Mark.PRESENT), said
        assert made.marks.get(AIDEN) == Mark.LEFT or made.ask is not None, said
        assert made.times.keys() <= {AIDEN}, said


@pytest.mark.parametrize(
    "text",
    [
        "jade's in. no tell a lie chloe is",
        "jade is in, sorry chloe is in",
        "jade here no wait chloe",
    ],
)
def test_whoever_was_named_by_a_slip_is_not_here(text: str, lexicon: Lexicon) -> None:
    """ "Jade's in. No, tell a lie, Chloe is": of Jade nothing is known."""
    made = read(a_reply(text, *NAMES, sent_at="09:40"), lexicon)
    assert JADE not in made.marks
    assert made.ask is not None


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        (
            "all in bar jade. sorry i mean femi",
            {AIDEN: "present", CHLOE: "present", FEMI: "absent"},
        ),
        ("jade off. sorry femi too", {JADE: "absent", FEMI: "absent"}),
        ("jade off, sorry, femi here", {JADE: "absent", FEMI: "present"}),
        ("jade and femi off. actually femi is in", {JADE: "absent", FEMI: "present"}),
        ("no i meant chloe is in", {CHLOE: "present"}),
        ("its not femi thats ill its aiden", {AIDEN: "absent"}),
        ("its not femi thats late its jade, shes on the bus", {JADE: "awaited"}),
    ],
)
def test_what_is_no_slip_stands(text: str, marks: dict[int, str], lexicon: Lexicon) -> None:
    """ "Jade off. Sorry, Femi too": both are."""
    made = read(a_reply(text, *NAMES, sent_at="09:40"), lexicon)
    said = {number: mark.value for number, mark in made.marks.items()}
    assert {number: said.get(number) for number in marks} == marks
    assert all(mark != Mark.ABSENT or number in marks for number, mark in made.marks.items())


@pytest.mark.parametrize(
    "text",
    [
        "jade wasn't late",
        "jade isn't late, she doesn't start till 9.30",
        "nah bruv jade werent late she dont start till half nine she was bang on time",
    ],
)
def test_whoever_was_not_late_was_on_time(text: str, lexicon: Lexicon) -> None:
    """ "jade wasn't late", of one who is put as late."""
    held = {**HELD, JADE: Mark.LATE}
    made = read(a_reply(text, *NAMES, marks=held, start="09:30", sent_at="09:36"), lexicon)
    assert made.marks == {JADE: Mark.PRESENT}


@pytest.mark.parametrize("text", ["jade's not late she's not here", "jade isn't late, she's off"])
def test_whoever_was_not_late_may_be_away(text: str, lexicon: Lexicon) -> None:
    """ "not late, not here": not here."""
    held = {**HELD, JADE: Mark.LATE}
    made = read(a_reply(text, *NAMES, marks=held, start="09:30", sent_at="09:36"), lexicon)
    assert made.marks == {JADE: Mark.ABSENT}


@pytest.mark.parametrize("text", ["i don't think jade was late", "was jade not late?"])
def test_a_doubt_about_late_puts_nothing_right(text: str, lexicon: Lexicon) -> None:
    """Only what is said for certain does."""
    held = {**HELD, JADE: Mark.LATE}
    made = read(a_reply(text, *NAMES, marks=held, start="09:30", sent_at="09:36"), lexicon)
    assert not made.marks


@pytest.mark.parametrize(
    "text",
    [
        "jade's at the dentist til half 10, should be here by 11",
        "jade at the dentist til half 10 so be here by 11",
        "jade at the dentist til half 10. she'll be here by 11",
    ],
)
def test_when_somebody_is_due_goes_before_till_when_they_are_kept(
    text: str, lexicon: Lexicon
) -> None:
    """ "at the dentist til half 10, here by 11": eleven, and not yet here."""
    made = read(a_reply(text, *NAMES, sent_at="09:40"), lexicon)
    assert made.marks == {JADE: Mark.AWAITED}
    assert made.times == {JADE: time(11)}


@pytest.mark.parametrize(
    "text",
    [
        "jade's at the dentist this morning and will join us after lunch",
        "jade at the dentist, will be in after lunch",
        "jade at dentist, in this afternoon",
    ],
)
def test_whoever_comes_after_lunch_is_away_till_then(text: str, lexicon: Lexicon) -> None:
    """ "at the dentist, in after lunch": not here this morning, and why."""
    made = read(a_reply(text, *NAMES, sent_at="09:40"), lexicon)
    assert made.marks == {JADE: Mark.ABSENT}
    assert made.reasons == {JADE: Reason.MEDICAL_APPOINTMENT}


def test_an_appointment_after_lunch_keeps_nobody_away_before(lexicon: Lexicon) -> None:
    """ "has the dentist, this afternoon": nothing of this morning."""
    made = read(a_reply("jade has the dentist, this afternoon", *NAMES, sent_at="09:40"), lexicon)
    assert JADE not in made.marks


@pytest.mark.parametrize(
    "text", ["jade still at court, not returning today", "jade not returning today"]
)
def test_not_returning_is_not_here(text: str, lexicon: Lexicon) -> None:
    """ "not returning today": off for the afternoon."""
    made = read(a_reply(text, *NAMES, half="PM", start="13:00", sent_at="13:05"), lexicon)
    assert made.marks == {JADE: Mark.ABSENT}


@pytest.mark.parametrize(
    "text",
    [
        "all went chippy at dinner n jade aint come back. other 3 r here",
        "all went to the chippy at dinner and jade hasn't come back, other 3 are here",
    ],
)
def test_an_outing_that_is_over_says_nothing_of_now(text: str, lexicon: Lexicon) -> None:
    """ "all went to the chippy at dinner": and are back, but for one."""
    made = read(a_reply(text, *NAMES, half="PM", start="13:00", sent_at="13:05"), lexicon)
    assert made.marks == {**HELD, JADE: Mark.UNACCOUNTED}


def test_whose_bus_is_slow_is_waited_for(lexicon: Lexicon) -> None:
    """ "waiting on Jade, her bus is slow": to come, and no day off."""
    text = "all in. just waiting on jade, her bus is slow"
    made = read(a_reply(text, *NAMES, sent_at="09:33"), lexicon)
    assert made.marks == {**HELD, JADE: Mark.AWAITED}


def test_a_surname_begun_may_carry_its_s(lexicon: Lexicon) -> None:
    """ "jack tus landed": Jack Tully has."""
    reply = a_reply(
        "jack tus landed", "Jack Tanner", "Jack Tully", marks={2: Mark.AWAITED}, sent_at="09:40"
    )
    assert read(reply, lexicon).marks == {2: Mark.LATE}


def test_who_comes_as_it_begins_is_on_time(lexicon: Lexicon) -> None:
    """ "just walked in", at half past nine of half past nine."""
    reply = a_reply("jade's just walked in", *NAMES, start="09:30", sent_at="09:30")
    assert read(reply, lexicon).marks == {JADE: Mark.PRESENT}


@pytest.mark.parametrize(
    "text",
    [
        "femi's not turned up. Taxi's allus late of a Monday mind",
        "femi's not here, his bus is always late",
    ],
)
def test_how_a_ride_is_as_a_rule_explains_nothing_today(text: str, lexicon: Lexicon) -> None:
    """ "his bus is always late": no reason, and somebody is to ask."""
    made = read(a_reply(text, *NAMES, sent_at="09:50"), lexicon)
    assert made.marks == {FEMI: Mark.ABSENT}
    assert not made.reasons


@pytest.mark.parametrize(
    "text", ["femi's back with the others", "femi's back in with the others now"]
)
def test_the_others_in_whose_company_one_is_are_not_marked(text: str, lexicon: Lexicon) -> None:
    """ "back with the others": the one who is away stays away."""
    held = {**HELD, FEMI: Mark.UNACCOUNTED, JADE: Mark.ABSENT}
    made = read(a_reply(text, *NAMES, marks=held, sent_at="11:00"), lexicon)
    assert made.marks == {FEMI: Mark.PRESENT}


@pytest.mark.parametrize(
    "text",
    [
        "jade's just thrown up, mum's on her way to get her",
        "jade is poorly, her dad is on his way to collect her",
        "jade's been sick, mum's on way to fetch her",
        "mum's on her way for jade, she's been sick",
        "jade's been sick, mum's on her way to pick her up",
        "jade's been sick, her mum will come for her",
        "jade's got a headache dad's coming at 11",
        "jade's having a wobble in the car park, petra's with her",
    ],
)
def test_whoever_is_to_be_fetched_is_still_here(text: str, lexicon: Lexicon) -> None:
    """ "mum's on her way to get her": Jade has not gone, and is on no way herself."""
    made = read(a_reply(text, *NAMES, marks=HELD, sent_at="10:30"), lexicon)
    assert not made.marks


def test_what_another_is_said_to_do_takes_no_place(lexicon: Lexicon) -> None:
    """ "femi just walked in, aiden reckons jade's at the dentist": Femi came, and to us."""
    text = "femi just walked thru the door aiden reckons jades at the dentist"
    held = {AIDEN: Mark.PRESENT, FEMI: Mark.AWAITED}
    made = read(a_reply(text, *NAMES, marks=held, sent_at="09:50"), lexicon)
    assert made.marks.get(FEMI) is Mark.LATE


def test_an_between_two_names_is_and(lexicon: Lexicon) -> None:
    """ "chloe an jack ta are back": both."""
    names = ("Chloe Dunn", "Jack Tanner")
    reply = a_reply("chloe an jack ta are here", *names, sent_at="09:40")
    assert read(reply, lexicon).marks == {1: Mark.PRESENT, 2: Mark.PRESENT}


@pytest.mark.parametrize(
    "text",
    [
        "jade's dad's comin to get her in a bit, still here with me for now",
        "her dads comin to get jade in a bit, still here with me for now",
    ],
)
def test_whoever_is_still_here_has_not_gone(text: str, lexicon: Lexicon) -> None:
    """ "comin to get her in a bit, still here with me": not gone."""
    made = read(a_reply(text, *NAMES, marks=HELD, sent_at="10:30"), lexicon)
    assert made.marks.get(JADE) is not Mark.LEFT


def test_whoever_starts_later_is_left_out_till_then(lexicon: Lexicon) -> None:
    """ "all in except Jade, she starts at ten": to come, and no absence."""
    made = read(a_reply("all in except jade, she starts at 10", *NAMES, sent_at="09:33"), lexicon)
    assert made.marks == {**HELD, JADE: Mark.AWAITED}


def test_how_wet_somebody_is_is_no_wound(lexicon: Lexicon) -> None:
    """ "bloody soaked": of the rain."""
    text = "jade just rolled up pushin her bike, flat tyre. bloody soaked"
    made = read(a_reply(text, *NAMES, sent_at="09:50"), lexicon)
    assert not made.flags


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("jade isn't here at all I must have been thinking of friday", Mark.ABSENT),
        (
            "jade isn't here at all I must've been thinking of friday I don't know where she is",
            Mark.UNACCOUNTED,
        ),
    ],
)
def test_a_day_that_was_thought_of_is_not_the_day(text: str, mark: Mark, lexicon: Lexicon) -> None:
    """ "thinking of Friday": it is of today that she is not here."""
    made = read(a_reply(text, *NAMES, marks=HELD, sent_at="10:38"), lexicon)
    assert made.marks == {JADE: mark}


def test_when_somebody_should_be_with_us_is_when_they_are_due(lexicon: Lexicon) -> None:
    """ "should be with us at about quarter to ten": to come, at that hour."""
    text = "Jade's mum has just phoned. The bus broke down so she should be with us at about 9.45."
    made = read(a_reply(text, *NAMES, sent_at="09:40"), lexicon)
    assert made.marks == {JADE: Mark.AWAITED}
    assert made.times == {JADE: time(9, 45)}


@pytest.mark.parametrize(
    "text",
    [
        "soz wrong lad that was aiden wot went. femis still here under the fiesta",
        "sorry wrong one that was aiden. femi is here",
    ],
)
def test_a_slip_that_is_half_told_is_asked_about(text: str, lexicon: Lexicon) -> None:
    """ "wrong lad, that was Aiden wot went": Femi is here, and of Aiden somebody must be asked."""
    held = HELD | {FEMI: Mark.LEFT}
    made = read(a_reply(text, *NAMES, marks=held, sent_at="11:00"), lexicon)
    assert made.marks == {FEMI: Mark.PRESENT}
    assert made.ask is not None


@pytest.mark.parametrize("slip", ["no wait he is", "oh wait, he is", "actually he is"])
def test_whoever_takes_it_back_in_one_breath_is_believed(slip: str, lexicon: Lexicon) -> None:
    """ "Femi not in, no wait he is, just seen him": he is in."""
    made = read(a_reply(f"femi not in, {slip}, just seen him", *NAMES), lexicon)
    assert made.marks.get(FEMI) is Mark.PRESENT
    made = read(a_reply("femi isn't in, sorry he is ill", *NAMES), lexicon)
    assert made.marks == {FEMI: Mark.ABSENT}
