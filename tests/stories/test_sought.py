"""While a child is sought: what staff write ends it, or reaches whoever is looking."""

from datetime import date, time

import pytest

from apbot.domain.calendar import at
from apbot.domain.words import Mark
from apbot.store.cases import list_cases
from apbot.store.database import Database
from apbot.store.registers import list_registers
from tests.stories.day import Day, a_day
from tests.stories.small_town import a_small_town


def mark_of(day: Day, shown: str) -> Mark | None:
    """What stands of a pupil at Alder Farm this morning."""
    with day.house.database.reading() as db:
        register = list_registers(db, day.on, ["alder-farm"])[0]
    line = next(line for line in register.roster if line.shown == shown)
    return register.marks.get(line.number)


def everybody_forgets(day: Day) -> None:
    """What came so far is of no interest."""
    for person in day.lists.people.persons:
        day.phone(person.name).forgets()


async def lost(day: Day) -> None:
    """Everybody is in at Alder Farm but Femi, who cannot be found."""
    await day.at("09:02")
    await day.phone("Bryn Hollis").says("all in but cant find femi")
    for name in ("Bryn Hollis", "Gill Marsh", "Lena Frost"):
        day.phone(name).forgets()


async def test_a_pronoun_is_the_one_who_was_asked_after(monday: Day) -> None:
    """The bot asked "found yet?" of Femi alone: "found him" is Femi, and ends it everywhere."""
    bryn, gill, lena = (monday.phone(n) for n in ("Bryn Hollis", "Gill Marsh", "Lena Frost"))
    await lost(monday)
    await gill.says("on it")
    gill.hears("css_taken")
    lena.hears("css_taken_by")
    await monday.at("09:12")
    bryn.hears("provider_still_unaccounted", "Femi O: found yet?")
    await bryn.says("found him, he was in the barn")
    bryn.hears("read_back_change", "Femi O in")
    gill.hears("css_case_over", "Femi O")
    lena.hears("css_case_over", "Femi O")


async def test_where_a_child_is_said_to_be_ends_no_alarm_and_says_so(monday: Day) -> None:
    """ "At the dentist, in at 10.30" is the mark; the CSS ends the search, and Bryn knows it."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await lost(monday)
    await gill.says("on it")
    gill.hears("css_taken")
    await bryn.says("femi's at the dentist with his mum, in at 10.30")
    coming, goes_on = "Femi O on the way 10:30 (appointment)", "The alarm for Femi O goes on"
    bryn.hears("read_back_change", coming, goes_on)
    gill.hears("css_staff_wrote", "at the dentist with his mum")
    await monday.at("09:12")
    await bryn.says("he's here now")
    bryn.hears("read_back_change", "Femi O late")
    gill.hears("css_case_over", "Femi O")
    everybody_forgets(monday)


async def test_a_pronoun_is_the_one_who_is_sought_before_anybody_asks_again(monday: Day) -> None:
    """Lost in the middle of the morning: "he's back" is that one, though nobody has asked yet."""
    bryn, gill, lena = (monday.phone(n) for n in ("Bryn Hollis", "Gill Marsh", "Lena Frost"))
    await monday.at("09:02")
    await bryn.says("femi ill, rest in")
    await monday.at("09:36")
    await bryn.says("cant find tanner, was feeding goats 10 mins ago")
    everybody_forgets(monday)
    await monday.at("09:40")
    await bryn.says("he's back with the others now")
    bryn.hears("read_back_change", "Jack Ta in")
    gill.hears("css_case_over", "Jack Ta")
    lena.hears("css_case_over", "Jack Ta")


async def test_a_pronoun_may_be_of_another_who_is_on_the_way(monday: Day) -> None:
    """Chloe's taxi is late and Femi is lost: "she's here now" ends no search."""
    bryn, gill, lena = (monday.phone(n) for n in ("Bryn Hollis", "Gill Marsh", "Lena Frost"))
    await monday.at("09:02")
    await bryn.says("all in but cant find femi, chloe is on her way")
    for phone in (bryn, gill, lena):
        phone.forgets()
    await monday.at("09:06")
    await bryn.says("here now")
    for phone in (gill, lena):
        phone.hears("css_staff_wrote")
    bryn.hears("provider_words_passed_on")
    assert mark_of(monday, "Femi O") is Mark.UNACCOUNTED


async def test_several_are_asked_after_in_one_text(monday: Day) -> None:
    """One text a person and register every ten minutes, and its question is about them all."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:02")
    await bryn.says("all in but femi, chloe and zosia have run off, cant find them")
    everybody_forgets(monday)
    await monday.at("09:12")
    bryn.hears("provider_still_unaccounted", "Chloe D, Femi O and Zosia N: found yet?")
    bryn.hears_nothing()

    await bryn.says("found femi")
    bryn.hears("read_back_change", "Femi O in")
    await monday.at("09:22")
    bryn.hears("provider_still_unaccounted", "Chloe D and Zosia N: found yet?", at="09:22")
    bryn.hears_nothing()

    await bryn.says("yes")
    bryn.hears("read_back_change", "Chloe D and Zosia N in")
    everybody_forgets(monday)
    await monday.at("09:35")
    bryn.hears_nothing()
    everybody_forgets(monday)


async def test_staff_are_not_asked_all_night(monday: Day) -> None:
    """When the provider's day is over its staff look no more; the CSS is told all the same."""
    bryn, lena = monday.phone("Bryn Hollis"), monday.phone("Lena Frost")
    await lost(monday)
    await monday.at("16:49")
    everybody_forgets(monday)
    await monday.at("16:55")
    bryn.hears("provider_still_unaccounted", "Femi O: found yet?")
    everybody_forgets(monday)
    await monday.at("18:00")
    bryn.hears_nothing()
    lena.hears("css_unaccounted_still", "Femi O")
    everybody_forgets(monday)


async def test_a_pronoun_is_nobody_where_several_are_asked_after(monday: Day) -> None:
    """ "Found him" does not say whom: nobody is in, and whoever looks reads the words."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    await bryn.says("all in but cant find femi and tanner")
    await monday.at("09:12")
    everybody_forgets(monday)
    await bryn.says("found him")
    bryn.hears("provider_words_passed_on", "Femi O and Jack Ta are not found yet")
    gill.hears("css_staff_wrote", "found him")
    assert mark_of(monday, "Femi O") is mark_of(monday, "Jack Ta") is Mark.UNACCOUNTED
    everybody_forgets(monday)


async def test_one_lost_half_a_minute_later_is_asked_after_with_the_first(monday: Day) -> None:
    """Two messages, two cases, one question; and one of five minutes later has its own ten."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:02")
    await bryn.says("all in but cant find femi")
    await monday.at("09:02:40")
    await bryn.says("cant find chloe either")
    await monday.at("09:07")
    await bryn.says("now cant find zosia")
    everybody_forgets(monday)
    await monday.at("09:29")
    asked = [h for h in bryn.waiting() if h.script == "provider_still_unaccounted"]
    assert [(h.clock[:5], h.text.partition(":")[0]) for h in asked] == [
        ("09:12", "Chloe D and Femi O"),
        ("09:17", "Zosia N"),
        ("09:22", "Chloe D and Femi O"),
        ("09:27", "Zosia N"),
    ]
    everybody_forgets(monday)


async def test_words_about_several_name_them_all(monday: Day) -> None:
    """Each case by its ref and its pupil; the sender reads who is not found yet."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    await bryn.says("all in but cant find femi, chloe, tanner and zosia")
    everybody_forgets(monday)
    await bryn.says("no sign of any of them")
    bryn.hears("provider_words_passed_on", "Chloe D, Femi O, Jack Ta and Zosia N are not found yet")
    with monday.house.database.reading() as db:
        refs = {case.shown: case.ref for case in list_cases(db, only_open=True)}
    said = gill.hears("css_staff_wrote", "(Alder Farm), from Bryn Hollis (07700 900101)")
    assert all(f"{refs[name]} {name}" in said.text for name in refs)
    assert len(refs) == 4
    everybody_forgets(monday)


async def test_a_no_and_what_they_know_reach_whoever_is_looking(monday: Day) -> None:
    """Nothing of it is answered with "I did not get that"; nothing of it is a mark."""
    bryn, gill, lena = (monday.phone(n) for n in ("Bryn Hollis", "Gill Marsh", "Lena Frost"))
    await lost(monday)
    await monday.at("09:12")
    everybody_forgets(monday)
    for words in ("no", "no sign of him, checked the barn and the lane"):
        await bryn.says(words)
        bryn.hears("provider_words_passed_on", "Femi O is not found yet")
        gill.hears("css_staff_wrote", words, "07700 900101")
        lena.hears("css_staff_wrote", words)
        everybody_forgets(monday)
    assert mark_of(monday, "Femi O") is Mark.UNACCOUNTED
    await bryn.says("thanks")
    bryn.hears_nothing()


async def test_that_the_child_was_here_all_along_ends_a_parents_alarm(monday: Day) -> None:
    """The mark was present before; said again after the alarm, it is news, and everybody hears."""
    bryn, gill, lena = (monday.phone(n) for n in ("Bryn Hollis", "Gill Marsh", "Lena Frost"))
    joy = monday.phone("Joy Okafor")
    await monday.at("09:02")
    await bryn.says("all in except femi")
    await gill.says("tell femi")
    await bryn.says("femi is here, sorry")
    await monday.at("09:03")
    everybody_forgets(monday)
    await joy.says("his friend says he never got there, he left at half eight")
    joy.hears("parent_alarm_noted", "ring Gill Marsh")
    bryn.hears("provider_set_out")
    gill.hears("css_parent_alarm")
    lena.hears("css_parent_alarm")

    await bryn.says("yes he's here, sat next to me")

    bryn.hears("read_back_change", "Femi O in")
    gill.hears("css_case_over", "Femi O")
    lena.hears("css_case_over", "Femi O")
    joy.hears("parent_here_now")


async def test_the_parents_words_go_up_the_ladder(monday: Day) -> None:
    """Cover reads what the parent wrote; who knew already reads that nobody has it in hand."""
    bryn, gill, joy = (monday.phone(n) for n in ("Bryn Hollis", "Gill Marsh", "Joy Okafor"))
    await monday.at("09:02")
    await bryn.says("all in except femi")
    await gill.says("tell femi")
    await joy.says("he left at half eight!!")
    for phone in (bryn, gill, joy):
        phone.forgets()
    await monday.at("09:13")
    monday.phone("Ravi Anand").hears("css_parent_alarm", "he left at half eight!!", at="09:07")
    gill.hears("css_unaccounted_still", "nobody has it in hand", at="09:12")
    everybody_forgets(monday)


async def test_one_who_is_on_no_register_can_be_missed_and_found(sqlite: Database) -> None:
    """Rosa is due there in the mornings alone. Lost after lunch, she is a case at once."""
    async with a_day(sqlite, at(date(2026, 11, 23), time(12, 55)), lists=a_small_town()) as day:
        day.only("oakbarn")
        jo = day.phone("Jo Archer")
        gill, lena, ravi = (day.phone(n) for n in ("Gill Marsh", "Lena Holt", "Ravi Nair"))
        await day.at("13:05")
        everybody_forgets(day)
        await jo.says("can't find rosa, she stayed on for lunch")
        jo.hears("provider_lost_off_register", "Rosa Q")
        gill.hears("css_unaccounted_off_register", "Rosa Q", "she stayed on for lunch")
        lena.hears("css_unaccounted_off_register", "Jo Archer 07700 900501")
        await day.at("13:11")
        ravi.hears("css_unaccounted_off_register", at="13:10")
        await gill.says("on it")
        day.phone("Dev Kaur").forgets()
        await day.at("13:16")
        everybody_forgets(day)
        await jo.says("still no sign of rosa")
        jo.hears("provider_words_passed_on")
        gill.hears("css_staff_wrote", "still no sign of rosa")
        await jo.says("found rosa")
        jo.hears("provider_found_off_register", "Rosa Q")
        gill.hears("css_case_over", "found, says Jo Archer")
        with day.house.database.reading() as db:
            assert not [c for c in list_cases(db) if c.is_open and c.pupil == "rosa-quill"]


async def test_lost_at_one_place_and_marked_at_another_is_for_a_person_to_make_sure(
    sqlite: Database,
) -> None:
    """ "All in" is easily said: whoever looks hears where, at once, and ends it with a word."""
    async with a_day(sqlite, at(date(2026, 11, 23), time(9, 25)), lists=a_small_town()) as day:
        jo, kit = day.phone("Jo Archer"), day.phone("Kit Lowry")
        gill, lena = day.phone("Gill Marsh"), day.phone("Lena Holt")
        await day.at("11:30")
        await jo.says("rosa has walked off, can't find her")
        await gill.says("on it")
        await day.at("13:04")
        everybody_forgets(day)
        await kit.says("all in")
        gill.hears("css_seen_elsewhere", "Rosa Q", "marked present at Millgym (PM) by Kit Lowry")
        lena.hears("css_seen_elsewhere")
        for name in ("Jo Archer", "Sam Field"):
            assert not any("Millgym" in heard.text for heard in day.phone(name).waiting())
        await day.at("13:20")
        asked = [h for h in jo.waiting() if h.script == "provider_still_unaccounted"]
        assert not asked


@pytest.mark.parametrize("words", ["ruby has gone missing", "ruby is missing", "cant find ruby"])
async def test_a_child_whom_this_place_does_not_have_is_missed_by_somebody_all_the_same(
    monday: Day, words: str
) -> None:
    """By the name she is no pupil of theirs; a lead reads the words at once."""
    bryn, lena = monday.phone("Bryn Hollis"), monday.phone("Lena Frost")
    await monday.at("09:02")
    await bryn.says("all in")
    bryn.forgets()
    await bryn.says(words)
    bryn.hears("provider_concern_passed_on")
    lena.hears("css_concern", words, "Bryn Hollis 07700 900101")
    await lena.says("done, wrong name")
    lena.forgets()
    bryn.hears("concern_dealt_with")


@pytest.mark.parametrize(
    "words", ["chloe off and cant find cerys anywhere", "chloe off. cant find cerys"]
)
async def test_one_on_the_register_and_one_who_is_not_are_two_cases(
    monday: Day, words: str
) -> None:
    """Chloe is off, and Cerys, who is not due, cannot be found: neither is lost for the other."""
    await monday.at("09:02")
    await monday.phone("Bryn Hollis").says(words)

    with monday.house.database.reading() as db:
        cases = list_cases(db, only_open=True)
    everybody_forgets(monday)
    assert [case.shown for case in cases if case.shown != "Chloe D"] == ["Cerys M"]
    assert len({case.ref for case in cases}) == len(cases) == 2
    await monday.at("09:03")
    everybody_forgets(monday)


async def test_a_newer_question_ends_one_that_asked_for_other_words(monday: Day) -> None:
    """Nothing could be read at ten past; at half past Bryn is asked of one pupil, and says yes."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:02")
    await bryn.says("all in bar jack tully he's on the bus")
    await monday.at("09:10")
    bryn.forgets()
    await bryn.says("xqzv vqxz zzq")
    bryn.hears("ask_rephrase_complete")
    await monday.at("09:30")
    bryn.hears("provider_unaccounted", "Jack Tu")
    await bryn.says("yeh hes here. been here since ten past, sat in barn dryin off")
    bryn.hears("read_back_change", "Jack Tu late 09:10")
    everybody_forgets(monday)


async def test_who_said_when_is_not_asked_before_that(monday: Day) -> None:
    """Femi is at the dentist till half ten: Bryn is not asked every ten minutes till then."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await lost(monday)
    await gill.says("on it")
    gill.hears("css_taken")
    await bryn.says("femi's at the dentist with his mum, in at 10.30")
    bryn.forgets()
    await monday.at("10:29")
    bryn.hears_nothing()
    await monday.at("10:31")
    bryn.hears("provider_still_unaccounted", "Femi O: here yet?", at="10:30")
    await bryn.says("he's here now")
    bryn.hears("read_back_change", "Femi O late")
    everybody_forgets(monday)
