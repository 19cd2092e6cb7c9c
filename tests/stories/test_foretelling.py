"""What a contact tells ahead by text: read back, confirmed, told to the provider, taken back."""

from collections.abc import AsyncIterator
from datetime import date, time

import pytest

from apbot.desk.enrolment import take_lists
from apbot.domain.calendar import at
from apbot.domain.people import KnownAbsence
from apbot.domain.words import Half, Mark, Reason
from apbot.store.database import Database
from apbot.store.lists import find_lists
from apbot.store.registers import find_register
from tests.stories.day import Day, OwnersPhone, a_day


@pytest.fixture
async def quiet(sqlite: Database) -> AsyncIterator[Day]:
    """The Monday, with nobody's register looked at: only what contacts tell happens."""
    async with a_day(sqlite, at(date(2026, 11, 23), time(8, 55))) as day:
        day.only()
        yield day
        day.expect_silence()


def known_of(day: Day, pupil: str) -> list[KnownAbsence]:
    """The known absences of a pupil, as they stand."""
    with day.house.database.reading() as db:
        lists = find_lists(db)
    assert lists is not None
    return [one for one in lists.people.known_absences if one.pupil == pupil]


def days_of(day: Day, pupil: str) -> list[tuple[str, str]]:
    """From when to when a pupil is known to be away, as month and day."""
    return [
        (f"{one.span.from_on:%m-%d}", f"{one.span.to_on:%m-%d}") for one in known_of(day, pupil)
    ]


async def tells(phone: OwnersPhone, text: str, saved: str = "css_known_saved_later") -> None:
    """Tell of something, and confirm what is read back."""
    await phone.says(text)
    phone.hears("css_known_read_back")
    await phone.says("ok")
    phone.hears(saved)


async def test_an_absence_told_for_tomorrow_is_read_back_confirmed_and_told_at_four(
    quiet: Day,
) -> None:
    """Who, where, when and why come back in one line; the provider hears of it like of any."""
    gill = quiet.phone("Gill Marsh")
    await gill.says("absent Chloe D tomorrow dentist")
    gill.hears(
        "css_known_read_back", "Chloe D, Alder Farm, Tue 24 Nov, AM and PM, appointment. OK?"
    )
    assert known_of(quiet, "chloe-davies") == []

    await gill.says("ok")

    gill.hears("css_known_saved_later", "Alder Farm will be told at 16:00 on Mon 23 Nov")
    assert days_of(quiet, "chloe-davies") == [("11-24", "11-24")]
    await quiet.at("16:00")
    for name in ("Bryn Hollis", "Petra Lind"):
        quiet.phone(name).hears("provider_ahead", "Chloe D away AM and PM: appointment")
    for person in quiet.lists.people.persons:
        quiet.phone(person.name).forgets()


@pytest.mark.parametrize("word", ["ok", "yes", "y", "👍", "Yes please", "OK thanks"])
async def test_any_plain_yes_confirms(quiet: Day, word: str) -> None:
    """However a thumb says it."""
    gill = quiet.phone("Gill Marsh")
    await gill.says("absent chloe d tomorrow dentist")
    gill.hears("css_known_read_back")

    await gill.says(word)

    gill.hears("css_known_saved_later")


async def test_a_no_drops_it_and_nothing_is_saved(quiet: Day) -> None:
    """A misread sentence costs one word."""
    gill = quiet.phone("Gill Marsh")
    await gill.says("absent chloe d tomorrow dentist")
    gill.hears("css_known_read_back")

    await gill.says("no")

    gill.hears("css_known_dropped")
    assert known_of(quiet, "chloe-davies") == []
    await gill.says("ok")
    gill.hears("css_nothing_open")


async def test_a_new_telling_takes_the_place_of_the_one_that_waits(quiet: Day) -> None:
    """The OK is for what was read back last."""
    gill = quiet.phone("Gill Marsh")
    await gill.says("absent chloe d tomorrow dentist")
    gill.hears("css_known_read_back")
    await gill.says("absent chloe d tomorrow am, hospital")
    gill.hears("css_known_read_back", "Tue 24 Nov, AM, appointment")

    await gill.says("ok")

    gill.hears("css_known_saved_later")
    assert [one.halves for one in known_of(quiet, "chloe-davies")] == [{Half.AM}]


async def test_the_buttons_do_what_the_words_do_and_once(quiet: Day) -> None:
    """Yes below the read-back saves; a second tap finds it over."""
    gill = quiet.phone("Gill Marsh")
    await gill.says("absent chloe d tomorrow dentist")
    gill.hears("css_known_read_back")

    await gill.taps("Yes")
    await gill.taps("Yes")

    gill.hears("css_known_saved_later")
    assert days_of(quiet, "chloe-davies") == [("11-24", "11-24")]


async def test_what_was_read_back_is_forgotten_when_the_day_ends(quiet: Day) -> None:
    """An OK of the next morning is for something else."""
    gill = quiet.phone("Gill Marsh")
    await gill.says("absent jack tanner thursday dentist")
    gill.hears("css_known_read_back")
    quiet.clock.move_to(at(date(2026, 11, 24), time(0, 1)))
    await quiet.settle()
    for person in quiet.lists.people.persons:
        quiet.phone(person.name).forgets()

    await gill.says("ok")

    gill.hears("css_nothing_open")
    assert known_of(quiet, "jack-tanner") == []


async def test_two_who_fit_are_asked_about_by_number(quiet: Day) -> None:
    """Two Jacks T at one farm: the office says which, and only then it is read back."""
    gill = quiet.phone("Gill Marsh")
    await gill.says("Jack T not in until half term, exclusion")
    gill.hears("css_known_which", "Which Jack T?", "1 Jack Tanner (Alder Farm and", "2 Jack Tully")
    await gill.says("2")
    gill.hears("css_known_read_back", "Mon 23 Nov to Fri 12 Feb", "suspended")
    await gill.says("no")
    gill.hears("css_known_dropped")
    await gill.says("Jack T off thursday, ill")
    gill.hears("css_known_which")
    await gill.says("tanner")

    gill.hears("css_known_read_back", "Jack Ta, Alder Farm, Thu 26 Nov")


async def test_a_pupil_whom_nobody_knows_is_said_to_be_unknown_with_near_names(
    quiet: Day,
) -> None:
    """Nothing is guessed."""
    gill = quiet.phone("Gill Marsh")

    await gill.says("absent Chlodwig tomorrow dentist")

    gill.hears("css_pupil_unknown_near", "Chloe D")


@pytest.mark.parametrize(
    ("text", "script", "words"),
    [
        ("absent chloe d yesterday ill", "css_day_past", "yesterday"),
        ("absent chloe d 20/11 ill", "css_day_past", "20/11"),
        (
            "absent chloe d saturday ill",
            "css_day_no_school",
            "Sat 28 Nov: no school then (weekend)",
        ),
        ("absent chloe d 28 dec ill", "css_day_no_school", "holiday"),
        ("absent chloe d 27-24 nov ill", "css_day_end_first", "Fri 27 Nov"),
        ("absent chloe d 31 nov ill", "css_day_unknown", "31 nov"),
        ("absent chloe d tue 25 nov ill", "css_day_other_weekday", "Wed 25 Nov"),
        ("absent aiden fri ill", "css_not_due", "Aiden B is due nowhere Fri 27 Nov"),
        ("absent chloe d every tue ill", "css_day_every_week", "not every week"),
        ("absent chloe d mon pm to tue ill", "css_day_halves_mixed", "two texts"),
        ("cancel absent chloe d tomorrow", "css_nothing_known_then", "Chloe D"),
        ("undo", "css_nothing_to_undo", "nothing"),
        ("note Alder Farm: gate code is changed", "css_note_no_day", "For which day"),
        ("note Nowhere Barn tomorrow: hello", "css_provider_unknown", "Nowhere Barn"),
        ("note Cog Lane friday: hello", "css_note_nobody_due", "Fri 27 Nov"),
        ("cancel note alder farm friday", "css_no_note", "Alder Farm"),
    ],
)
async def test_what_cannot_be_is_answered_with_what_is_wrong(
    quiet: Day, text: str, script: str, words: str
) -> None:
    """Exactly and kindly, and nothing is saved: a later OK confirms nothing."""
    gill = quiet.phone("Gill Marsh")

    await gill.says(text)

    gill.hears(script, words)
    await gill.says("ok")
    gill.hears("css_nothing_open")


async def test_an_absence_of_this_afternoon_is_told_at_once_and_opens_no_case(
    monday: Day,
) -> None:
    """The open register takes it: shown, complete without that pupil, and nobody is alarmed."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await bryn.says("all in")
    bryn.hears("read_back")
    await monday.at("12:46")
    bryn.hears("register_prompt")

    await tells(gill, "chloe d off this pm, dentist", "css_known_saved_now")

    bryn.hears("provider_told", "The office says: Chloe D is away this afternoon (appointment).")
    bryn.shows("Chloe D (away: appointment)")
    await bryn.says("others all in")
    bryn.hears("read_back", "Off: Chloe D (appointment)")
    await monday.at("15:00")


async def test_a_pupil_already_marked_absent_is_explained_and_the_case_is_over(
    monday: Day,
) -> None:
    """The office's word ends the case, with the reason; a colleague who was told hears it."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await bryn.says("all in except chloe, no idea why")
    bryn.hears("read_back")
    gill.hears("css_absences", "Chloe D")

    await tells(gill, "absent chloe d today, hospital", "css_known_saved_now")

    bryn.hears("provider_told", "Chloe D is away today (appointment)")
    await gill.says("K1 done")
    gill.hears("css_over_already", "known to be away")
    await monday.at("12:00")


async def test_one_who_is_here_stays_so_and_the_teller_hears_it(monday: Day) -> None:
    """The provider sees the pupil: a text does not make them vanish."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await bryn.says("all in")
    bryn.hears("read_back")
    await gill.says("absent chloe d today, hospital")
    gill.hears("css_known_read_back")
    await gill.says("yes")

    gill.hears("css_known_saved_now")
    gill.hears("css_came_after_all", "Chloe D")
    bryn.hears("provider_told")
    with monday.house.database.reading() as db:
        morning = find_register(db, "alder-farm", monday.on, Half.AM)
    assert morning is not None
    assert set(morning.marks.values()) == {Mark.PRESENT}


async def test_one_who_comes_after_all_wins_and_the_office_hears_of_it(monday: Day) -> None:
    """A known absence that was texted behaves like one from the lists."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await tells(gill, "absent femi today, court", "css_known_saved_now")
    bryn.hears("provider_told", "Femi O is away today (other reason)")
    await monday.at("09:01")
    bryn.hears("register_prompt", "Femi O (away: other reason)")

    await bryn.says("all in, femi came too")

    bryn.hears("read_back")
    gill.hears("css_came_after_all", "Femi O")
    await monday.at("09:40")


async def test_in_after_all_today_is_told_and_the_pupil_is_asked_for_from_now(
    monday: Day,
) -> None:
    """Taken back in mid-morning, the pupil is due from then: asked, chased, and missed at + 30."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await tells(gill, "absent femi today, court", "css_known_saved_now")
    bryn.hears("provider_told")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await bryn.says("all in")
    bryn.hears("read_back", "Off: Femi O (other reason)")
    await monday.at("10:00")

    await tells(gill, "femi in after all today", "css_known_saved_now")

    bryn.hears("provider_told", "Femi O is in after all today")
    bryn.hears("register_prompt_later", "Femi O is due at 10:00")
    await bryn.says("femi here now")
    bryn.hears("read_back")
    await monday.at("10:40")


async def test_told_after_four_the_provider_of_tomorrow_hears_at_once_and_once(
    quiet: Day,
) -> None:
    """What four o'clock has missed is told when it is known, to those on duty that day."""
    await quiet.at("16:30")
    for person in quiet.lists.people.persons:
        quiet.phone(person.name).forgets()

    await tells(quiet.phone("Gill Marsh"), "absent chloe d tomorrow ill", "css_known_saved_now")

    for name in ("Bryn Hollis", "Petra Lind"):
        quiet.phone(name).hears("provider_told", "Chloe D is away on Tue 24 Nov (ill)")
    await quiet.at("18:00")


async def test_a_part_of_a_span_is_taken_back_and_the_rest_stands(quiet: Day) -> None:
    """ "Back Thursday" of a span to Friday ends it on Wednesday, and the read-back says so."""
    gill = quiet.phone("Gill Marsh")
    await quiet.at("08:56")
    await gill.says("Jack Tanner away 24-30 Nov suspended")
    gill.hears("css_known_read_back", "Tue 24 to Mon 30 Nov, AM and PM, suspended. OK?")
    await gill.says("y")
    gill.hears("css_known_saved_later")

    await gill.says("Jack Tanner back friday")

    gill.hears(
        "css_known_read_back",
        "Fri 27 to Mon 30 Nov",
        "in after all",
        "still away: Jack Ta, Alder Farm and Hazel Copse Forest School, Tue 24 to Thu 26 Nov",
    )
    await gill.says("ok")
    gill.hears("css_known_saved")
    assert days_of(quiet, "jack-tanner") == [("11-24", "11-26")]


async def test_a_day_in_the_middle_is_taken_out(quiet: Day) -> None:
    """ "In Thursday after all" takes that day and leaves both ends."""
    gill = quiet.phone("Gill Marsh")
    await tells(gill, "Jack Tanner away 24-30 Nov suspended")

    await gill.says("jack tanner in on thursday after all")

    gill.hears("css_known_read_back", "Thu 26 Nov")
    await gill.says("ok")
    gill.hears("css_known_saved")
    assert days_of(quiet, "jack-tanner") == [("11-24", "11-25"), ("11-27", "11-30")]


async def test_undo_takes_back_the_last_and_makes_it_as_it_was(quiet: Day) -> None:
    """Levi's week comes from the lists; what was texted over it is undone, the list stands."""
    gill = quiet.phone("Gill Marsh")
    await tells(gill, "absent chloe d tomorrow dentist")
    await gill.says("undo")
    gill.hears("css_known_read_back", "Chloe D, Alder Farm, Tue 24 Nov, AM and PM, in after all")
    await gill.says("ok")
    gill.hears("css_known_saved")
    assert known_of(quiet, "chloe-davies") == []

    await gill.says("undo")

    gill.hears("css_known_read_back", "Tue 24 Nov, AM and PM, appointment")
    await gill.says("ok")
    gill.hears("css_known_saved_later")
    assert days_of(quiet, "chloe-davies") == [("11-24", "11-24")]


async def test_an_absence_of_the_lists_is_taken_back_by_text_and_stays_so(quiet: Day) -> None:
    """Loading the same lists again undoes nothing that was told by phone, either way."""
    gill = quiet.phone("Gill Marsh")
    assert days_of(quiet, "cerys-morgan") == [("12-01", "12-01")]
    await tells(gill, "cerys in tues 1 dec after all", "css_known_saved")
    await tells(gill, "absent chloe d tomorrow dentist")

    with quiet.house.database.writing() as db:
        changes = take_lists(db, quiet.lists, quiet.clock.now())

    assert changes == ()
    assert known_of(quiet, "cerys-morgan") == []
    assert days_of(quiet, "chloe-davies") == [("11-24", "11-24")]


async def test_a_note_is_read_back_told_and_taken_back(quiet: Day) -> None:
    """For today at once, for later days on the afternoon before."""
    gill, ken = quiet.phone("Gill Marsh"), quiet.phone("Ken Ridley")
    await gill.says("note for the garage today: fire drill at 11")
    gill.hears("css_note_read_back", 'Cog Lane Garage, Mon 23 Nov: "fire drill at 11"')
    await gill.says("ok")
    gill.hears("css_known_saved_now")
    ken.hears("provider_told_note", "The office says, for Mon 23 Nov: fire drill at 11")

    await gill.says("cancel note cog lane")

    gill.hears("css_note_over_read_back", "fire drill at 11")
    await gill.says("ok")
    gill.hears("css_known_saved_now", "no longer told", "Telling Cog Lane Garage now")
    ken.hears("provider_told_note_over", "takes back its note")
    with quiet.house.database.reading() as db:
        lists = find_lists(db)
    assert lists is not None
    assert "fire drill at 11" not in [note.text for note in lists.people.notes]


async def test_one_of_two_notes_is_picked_by_its_number(quiet: Day) -> None:
    """Alder Farm has a note in the lists, and another by text."""
    gill = quiet.phone("Gill Marsh")
    await gill.says("note Alder Farm: Aiden's taxi is 20 min late all week")
    gill.hears("css_note_read_back", "Mon 23 to Fri 27 Nov", "Aiden's taxi is 20 min late all week")
    await gill.says("ok")
    gill.hears("css_known_saved_both")
    quiet.phone("Bryn Hollis").hears("provider_told_note")
    await gill.says("cancel note alder farm")
    gill.hears("css_known_which", "1 Vet on site", "2 Aiden's taxi")

    await gill.says("1")

    gill.hears("css_note_over_read_back", "Vet on site")


async def test_a_bare_ok_is_for_the_read_back_and_a_newer_case_is_not_taken_by_it(
    monday: Day,
) -> None:
    """An OK never quietly takes on a case that came in between: it is named again."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await gill.says("absent chloe d tomorrow dentist")
    gill.hears("css_known_read_back")
    await monday.at("09:02")
    await bryn.says("all in except femi, no idea why")
    bryn.hears("read_back")
    await monday.at("09:04")
    gill.hears("css_absences", "Femi O")

    await gill.says("ok")

    gill.hears("css_known_saved_later", "Chloe D")
    gill.hears("css_known_still_open", "K1", "Femi O")
    await gill.says("ok")
    gill.hears("css_taken", "K1")


async def test_a_ref_beside_ok_is_for_the_case_and_the_read_back_waits_on(monday: Day) -> None:
    """ "OK K1" takes the case on; the next bare OK is for what was read back."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await bryn.says("all in except femi, no idea why")
    bryn.hears("read_back")
    gill.hears("css_absences", "Femi O")
    await gill.says("absent chloe d tomorrow dentist")
    gill.hears("css_known_read_back")

    await gill.says("ok K1")

    gill.hears("css_taken", "K1")
    await gill.says("ok")
    gill.hears("css_known_saved_later")


async def test_an_outcome_of_an_open_case_is_no_telling(monday: Day) -> None:
    """ "He is ill, his mum says" about Femi's case ends it, whatever it sounds like."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await bryn.says("all in except femi, no idea why")
    bryn.hears("read_back")
    gill.hears("css_absences", "Femi O")

    await gill.says("spoke to mum, femi is ill today, off sick")

    gill.hears("css_resolved", "Femi O")
    bryn.hears("provider_outcome", "Femi O")


async def test_the_same_words_of_a_provider_set_no_known_absence(monday: Day) -> None:
    """Only the office may: what a provider says of tomorrow goes to it as a question."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.hears("register_prompt")

    await bryn.says("chloe d will be absent tomorrow, dentist")

    assert known_of(monday, "chloe-davies") == []
    bryn.hears("provider_question_passed_on")
    gill.hears("css_question", "absent tomorrow")
    await gill.says("on it")
    gill.hears("css_taken")


async def test_a_later_narrower_word_takes_the_place_of_the_wider_one(quiet: Day) -> None:
    """The afternoon is taken back and read back as such; why she is away is not forgotten."""
    gill = quiet.phone("Gill Marsh")
    await tells(gill, "absent Chloe D tomorrow dentist")
    await gill.says("sorry chloe d is only off in the morning tomorrow")
    gill.hears(
        "css_known_read_back",
        "Chloe D, Alder Farm, Tue 24 Nov, AM, appointment",
        "Chloe D, Alder Farm, Tue 24 Nov, PM, in after all. OK?",
    )
    await gill.says("yes")

    gill.hears("css_known_saved_later")
    [known] = known_of(quiet, "chloe-davies")
    assert (known.halves, known.reason) == (frozenset({Half.AM}), Reason.MEDICAL_APPOINTMENT)


async def test_one_day_of_a_week_takes_nothing_of_the_week_back(quiet: Day) -> None:
    """Suspended till Friday, and at the dentist's on Tuesday morning: he is suspended all week."""
    gill = quiet.phone("Gill Marsh")
    await tells(gill, "Chloe D away 23-27 Nov suspended", "css_known_saved_both")
    quiet.phone("Bryn Hollis").forgets()
    quiet.phone("Petra Lind").forgets()
    await gill.says("absent chloe d tomorrow am dentist")
    heard = gill.hears("css_known_read_back", "AM, appointment")
    assert "in after all" not in heard.text
    await gill.says("no")
    gill.forgets()
