"""A conversation for each kind of question: asked in the shortest words, answered in fewer."""

from collections.abc import Sequence

import pytest

from apbot.domain.cases import Case
from apbot.domain.words import Mark
from apbot.store.cases import list_cases
from tests.stories.day import Day
from tests.stories.test_taps import marks


def cases(day: Day) -> Sequence[Case]:
    """Every case, oldest first."""
    with day.house.database.reading() as db:
        return list_cases(db)


async def asked(day: Day, text: str) -> None:
    """Bryn answers the prompt at two minutes past nine."""
    await day.at("09:02")
    day.phone("Bryn Hollis").hears("register_prompt")
    await day.phone("Bryn Hollis").says(text)


async def test_which_jack_is_asked_and_answered_by_a_tap(monday: Day) -> None:
    """A name that fits two marks neither; a tap settles it."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await asked(monday, "all in except jack")
    heard = bryn.hears("ask_which_pupil", "Jack: Jack Ta or Jack Tu?")
    assert heard.keys == ("Jack Ta", "Jack Tu")
    assert "Jack Ta" not in marks(monday)
    assert "Jack Tu" not in marks(monday)

    await bryn.taps("Jack Tu")

    assert marks(monday)["Jack Tu"] is Mark.ABSENT
    bryn.hears("read_back_part", "Jack Tu off.", "Still to come: Jack Ta")
    gill.hears("css_absences", "Jack Tu")
    await bryn.says("jack tanner is here")
    bryn.hears("read_back")
    await monday.at("09:30")


@pytest.mark.parametrize("text", ["who have I got in?", "whos in", "Who’s missing?"])
async def test_whoever_asks_who_is_in_is_told(monday: Day, text: str) -> None:
    """The question goes to the CSS, and the register as it stands comes back at once."""
    bryn = monday.phone("Bryn Hollis")
    await asked(monday, "all in but chloe")
    bryn.hears("read_back")
    await bryn.says(text)
    bryn.hears("provider_question_passed_on", "Chloe D off")
    for name in ("Gill Marsh", "Bryn Hollis"):
        monday.phone(name).forgets()


async def test_which_jack_is_answered_in_a_word(monday: Day) -> None:
    """The surname alone will do."""
    bryn = monday.phone("Bryn Hollis")
    await asked(monday, "jack is ill, rest in")
    bryn.hears("ask_which_pupil")
    await bryn.says("tully")

    bryn.hears("read_back_part", "Jack Tu off")
    assert marks(monday)["Jack Tu"] is Mark.ABSENT
    monday.phone("Gill Marsh").forgets()


async def test_two_absent_may_be_a_count_or_a_number(monday: Day) -> None:
    """Nobody is marked until it is told which."""
    bryn = monday.phone("Bryn Hollis")
    await asked(monday, "2 absent")
    bryn.hears("ask_count_or_number", "number 2 (Chloe D)")
    assert marks(monday) == {}

    await bryn.says("number")

    assert marks(monday) == {"Chloe D": Mark.ABSENT}
    bryn.hears("read_back_part", "Chloe D off")
    monday.phone("Gill Marsh").forgets()


async def test_the_rest_are_asked_for_and_one_more_is_out(monday: Day) -> None:
    """No, Femi too: the rest of those asked about are in."""
    bryn = monday.phone("Bryn Hollis")
    await asked(monday, "chloe not in")
    bryn.hears("ask_rest_present")

    await bryn.says("no, femi too")

    bryn.hears("read_back", "Off: Chloe D, Femi O")
    monday.phone("Gill Marsh").forgets()


async def test_what_cannot_be_read_is_asked_about_and_marks_nobody(monday: Day) -> None:
    """Where a message says nothing that can be read, one short question."""
    bryn = monday.phone("Bryn Hollis")
    await asked(monday, "i think theyre all in but not sure")
    bryn.hears("ask_rephrase")

    assert marks(monday) == {}


async def test_nonsense_is_answered_a_few_times_a_day_at_most(monday: Day) -> None:
    """A phone in a pocket must not start a conversation with itself."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:02")
    bryn.hears("register_prompt")
    for nonsense in ["qwe", "zxc vbn", "asdf", "lkj", "poiu", "mnb", "wert", "xxyz"]:
        await bryn.says(nonsense)

    assert len(bryn.waiting()) <= 5
    bryn.forgets()


async def test_an_old_question_cannot_be_answered_by_its_button(monday: Day) -> None:
    """A button under a question that is over changes nothing."""
    bryn = monday.phone("Bryn Hollis")
    await asked(monday, "chloe not in")
    bryn.hears("ask_rest_present")
    await bryn.says("rest in except femi")
    bryn.hears("read_back")
    before = marks(monday)

    await bryn.taps("Yes, all in")

    assert marks(monday) == before
    monday.phone("Gill Marsh").forgets()


async def test_a_yes_after_say_it_another_way_marks_nobody(monday: Day) -> None:
    """ "2 off" and then "yes" is no full house: nothing was asked that a yes could answer."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:02")
    bryn.forgets()
    await bryn.says("4 of 6 in")
    bryn.hears("ask_rephrase")

    await bryn.says("yes")

    bryn.hears("ask_rephrase", "Still no mark")


async def test_an_answered_question_is_asked_about_no_more(monday: Day) -> None:
    """The answer is the outcome: what else is written goes on to the asker, till the day ends."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await asked(monday, "all in. which gate is the vet coming to?")
    bryn.hears("provider_question_passed_on")
    bryn.hears("read_back")
    gill.hears("css_question", "which gate is the vet")
    (asked_of,) = cases(monday)

    await gill.says("the back gate, by the silo")
    gill.hears("css_answered", f"DONE {asked_of.ref}")
    bryn.hears("answer", "Gill Marsh: the back gate, by the silo")
    await gill.says("he comes at two")
    gill.hears("css_answered")
    bryn.hears("answer", "he comes at two")
    await monday.at("12:40")
    gill.hears_nothing()

    await bryn.says("ok thanks")
    await monday.at("17:01")

    over = next(case for case in cases(monday) if case.ref == asked_of.ref)
    assert (over.is_open, over.outcome) == (False, "he comes at two")
    assert asked_of.ref not in " ".join(heard.text for heard in gill.waiting())
    for name in (p.name for p in monday.lists.people.persons):
        monday.phone(name).forgets()


@pytest.mark.parametrize("words", ["all back from lunch", "all here nice n early", "all in"])
async def test_too_early_to_say_who_is_in_is_said_so(monday: Day, words: str) -> None:
    """Twenty minutes before the start at the earliest: then the same words do."""
    await monday.at("09:02")
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await bryn.says("all in")
    await monday.at("12:12")
    bryn.forgets()
    await bryn.says(words)

    heard = bryn.hears("ask_early", "too early to say who is in: PM starts 12:45")
    assert "Sorry" not in heard.text
    await bryn.says("all in but femi, ill")
    bryn.hears("ask_early_part", "Femi O off (ill).", "PM starts 12:45")
    gill.hears("css_absences_explained", "Femi O, ill")
    await monday.at("12:26")
    await bryn.says(words)
    bryn.forgets()
    gill.forgets()


async def test_what_was_taken_is_not_answered_with_what_was_not(monday: Day) -> None:
    """ "Not accounted for. Sorry, I did not get that": a contradiction in one text."""
    await monday.at("09:02")
    bryn = monday.phone("Bryn Hollis")
    bryn.forgets()
    await bryn.says("all in")
    bryn.forgets()
    await bryn.says("zosia late, bus. and dave off")

    heard = bryn.hears("ask_rephrase_complete_part", 'I could not read "dave"')
    assert "did not get" not in heard.text
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_whoever_writes_of_a_pupil_for_the_office_hears_what_the_register_holds(
    monday: Day,
) -> None:
    """Words that go to the CSS and change no mark: the sender reads the mark that stands."""
    bryn = monday.phone("Bryn Hollis")
    await asked(monday, "all in")
    bryn.hears("read_back")

    await bryn.says("can someone ring me about femi's taxi tomorrow")

    bryn.hears("provider_question_passed_on", "No mark changed: Femi O in.")
    await bryn.says("can someone ring me about the key")
    assert "No mark" not in bryn.hears("provider_question_passed_on").text
    monday.phone("Gill Marsh").forgets()


async def test_small_talk_is_answered_with_the_mark_that_stands(monday: Day) -> None:
    """ "Femi has made a lovely bench" is no riddle: the sender reads that no mark changed."""
    bryn = monday.phone("Bryn Hollis")
    await asked(monday, "all in")
    bryn.hears("read_back")

    await bryn.says("femi has made a lovely bench")

    bryn.hears("provider_noted", "No mark changed: Femi O in.")
    await bryn.says("femi has gone down the lane with a bench")
    assert bryn.waiting(), "a going that could not be read is asked about"
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_he_is_whoever_the_reminder_named(monday: Day) -> None:
    """ "No mark yet for Femi O", and "like i said hes on the bus": Femi is."""
    bryn = monday.phone("Bryn Hollis")
    await asked(monday, "aiden chloe zosia tanner and tully in")
    bryn.forgets()
    await monday.at("09:12")
    bryn.forgets()

    await bryn.says("like i said hes on the bus, be here quarter past")

    assert marks(monday)["Femi O"] is Mark.AWAITED
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_both_are_those_whom_the_question_named(monday: Day) -> None:
    """ "Still no mark: Femi O and Zosia N. In, late or off?", and "both are present"."""
    bryn = monday.phone("Bryn Hollis")
    await asked(monday, "aiden, chloe, tanner and tully in")
    bryn.hears("ask_rephrase_part", "Femi O and Zosia N")

    await bryn.says("both are present")

    bryn.hears("read_back")


async def test_a_yes_to_in_late_or_off_is_no_mark(monday: Day) -> None:
    """ "In, late or off?" is no question that a yes answers."""
    bryn = monday.phone("Bryn Hollis")
    await asked(monday, "aiden, chloe, tanner and tully in")
    bryn.forgets()

    await bryn.says("yes")

    assert not any(heard.script == "read_back" for heard in bryn.waiting())
    bryn.forgets()
