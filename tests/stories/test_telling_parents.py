"""Parents are told of their own child: where the policy has it, on a contact's word, once."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from apbot.desk.enrolment import take_lists
from apbot.domain.calendar import at
from apbot.domain.policy import ParentsTold
from apbot.domain.words import Matter
from apbot.store.cases import list_cases
from apbot.store.database import Database
from apbot.store.lists import Lists
from tests.stories.day import Day, a_day, the_town

STARTS = at(date(2026, 11, 23), time(8, 55))

Plays = Callable[[Lists], AbstractAsyncContextManager[Day]]


@pytest.fixture
def plays(sqlite: Database) -> Plays:
    """The same Monday at Alder Farm, by other lists."""

    @asynccontextmanager
    async def play(lists: Lists) -> AsyncIterator[Day]:
        async with a_day(sqlite, STARTS, lists=lists) as day:
            day.only("alder-farm")
            yield day
            day.expect_silence()

    return play


@pytest.fixture
async def after(plays: Plays) -> AsyncIterator[Day]:
    """Parents hear after a quarter of an hour, without anybody's word."""
    async with plays(with_policy(the_town(), ParentsTold.AFTER)) as day:
        yield day


def with_policy(lists: Lists, parents: ParentsTold) -> Lists:
    policy = replace(
        lists.policies["tells-parents"], parents=parents, parents_after=timedelta(minutes=15)
    )
    return replace(lists, policies={**lists.policies, "tells-parents": policy})


async def bryn_says(day: Day, text: str, when: str = "09:02") -> None:
    """The farm answers; what Bryn himself hears is another story."""
    await day.at(when)
    bryn = day.phone("Bryn Hollis")
    await bryn.says(text)
    bryn.forgets()


async def gill_says(day: Day, text: str) -> None:
    """What the provider hears of it is another story."""
    await day.phone("Gill Marsh").says(text)
    day.phone("Bryn Hollis").forgets()


def on_both_channels(day: Day, script: str, *words: str) -> str:
    """Ewa prefers WhatsApp, which refuses what comes out of the blue: it comes by SMS as well."""
    ewa = day.phone("Ewa Nowak")
    text = ewa.hears(script, *words).text
    ewa.forgets()
    return text


# hold


async def test_a_held_notice_waits_for_a_contacts_word(monday: Day) -> None:
    """A false alarm frightens a family: nothing goes before TELL, and then who, where, when."""
    await bryn_says(monday, "all in bar femi")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences", "Femi O", "Parent not told yet: TELL K1.")
    await monday.at("09:20")
    monday.phone("Joy Okafor").hears_nothing()

    await gill.says("TELL K1")

    gill.hears("css_parents_told", "Joy Okafor", "K1 Femi O (Alder Farm)")
    notice = monday.phone("Joy Okafor").hears("parent_absent", "Femi O was not at Alder Farm")
    assert "when the register was taken at 09:02" in notice.text
    assert "Gill Marsh 07700 900201" in notice.text
    assert notice.text[:40] == "Message for you as parent or carer, from"


async def test_nobody_is_told_twice_of_one_case(monday: Day) -> None:
    """A second word finds that the parents know."""
    await bryn_says(monday, "all in bar femi")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences")
    await gill.says("tell mum k1")
    gill.hears("css_parents_told")
    monday.phone("Joy Okafor").hears("parent_absent")

    await gill.says("tell k1")

    gill.hears("css_parents_know", "Femi O")


async def test_a_tap_releases_as_well(monday: Day) -> None:
    """On Telegram it takes one thumb."""
    await bryn_says(monday, "all in bar femi")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences")

    await gill.taps("Tell parent: K1")

    gill.hears("css_parents_told")
    monday.phone("Joy Okafor").hears("parent_absent")


async def test_tell_alone_is_enough_where_one_waits(monday: Day) -> None:
    """And with two it is asked which; TELL ALL is both, and each parent hears of their own."""
    await bryn_says(monday, "all in bar femi and zofia")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences", "Parents not told yet: TELL K1 B1.")
    await gill.says("tell")
    gill.hears("css_parents_which", "K1 Femi O", "B1 Zosia N")

    await gill.says("TELL ALL")

    gill.hears("css_parents_told", "Joy Okafor and Ewa Nowak")
    assert "Zosia" not in monday.phone("Joy Okafor").hears("parent_absent", "Femi O").text
    assert "Femi" not in on_both_channels(monday, "parent_absent", "Zosia N")


async def test_both_answers_whose_parents(monday: Day) -> None:
    """Asked of two, one word is both; and a name is the one of that name."""
    await bryn_says(monday, "all in bar femi and zofia")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences")
    await gill.says("tell mum")
    gill.hears("css_parents_which")
    await gill.says("both")

    gill.hears("css_parents_told", "Joy Okafor and Ewa Nowak")
    monday.phone("Joy Okafor").hears("parent_absent", "Femi O")
    on_both_channels(monday, "parent_absent", "Zosia N")


async def test_a_name_answers_whose_parents(monday: Day) -> None:
    """Only hers hear of it."""
    await bryn_says(monday, "all in bar femi and zofia")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences")
    await gill.says("tell mum")
    gill.hears("css_parents_which")

    await gill.says("just femi")

    gill.hears("css_parents_told", "Joy Okafor")
    monday.phone("Joy Okafor").hears("parent_absent", "Femi O")


async def test_the_one_that_is_left_needs_no_ref(monday: Day) -> None:
    """TELL with a ref, then TELL alone: only one still waits."""
    await bryn_says(monday, "all in bar femi and zofia")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences")
    await gill.says("tell K1")
    gill.hears("css_parents_told")
    monday.phone("Joy Okafor").hears("parent_absent")

    await gill.says("tell")

    gill.hears("css_parents_told", "Ewa Nowak")
    on_both_channels(monday, "parent_absent")


async def test_it_can_be_taken_on_and_told_in_one_message(monday: Day) -> None:
    """What stands beside the order is read as ever."""
    await bryn_says(monday, "all in bar femi")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences")

    await gill.says("on it, tell mum")

    gill.hears("css_parents_told")
    gill.hears("css_taken", "K1")
    monday.phone("Joy Okafor").hears("parent_absent")


async def test_what_is_withheld_is_said_and_does_not_go(monday: Day) -> None:
    """ "Don't tell K1": and the contact may think better of it."""
    await bryn_says(monday, "all in bar femi")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences")
    await gill.says("no need to tell K1")
    gill.hears("css_parents_withheld", "Femi O", "TELL K1")
    await gill.says("tell")
    gill.hears("css_parents_none_wait")
    monday.phone("Joy Okafor").hears_nothing()

    await gill.says("tell K1")

    gill.hears("css_parents_told")
    monday.phone("Joy Okafor").hears("parent_absent")


async def test_an_explained_absence_may_still_be_told_the_same_day(monday: Day) -> None:
    """A child can say "mum knows"; the case is over at once, and the word is the contact's."""
    await bryn_says(monday, "all in bar femi who is ill")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences_explained", "Femi O, ill. K1", "TELL K1")
    await monday.at("11:00")

    await gill.taps("Tell parent: K1")

    gill.hears("css_parents_told")
    monday.phone("Joy Okafor").hears("parent_absent_known", "We know of it")


async def test_a_contact_who_was_not_told_of_a_case_releases_nothing(monday: Day) -> None:
    """Ravi knows a ref by chance: it is no word of his."""
    await bryn_says(monday, "all in bar femi")
    monday.phone("Gill Marsh").hears("css_absences")

    await monday.phone("Ravi Anand").says("TELL K1")

    monday.phone("Ravi Anand").hears("css_nothing_open")
    monday.phone("Joy Okafor").hears_nothing()


async def test_a_child_who_cannot_be_found_is_told_of_with_when_last_seen(monday: Day) -> None:
    """Only what is known: where, and when the pupil was seen there last."""
    await bryn_says(monday, "all in")
    await bryn_says(monday, "can't find femi, he's walked off", "10:20")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_unaccounted", "TELL K1")
    monday.phone("Lena Frost").hears("css_unaccounted", "TELL K1")

    await monday.phone("Lena Frost").says("tell parents k1")

    monday.phone("Lena Frost").hears("css_parents_told")
    monday.phone("Joy Okafor").hears("parent_lost", "last seen at Alder Farm at 09:02")
    await gill_says(monday, "K1 found at home, done")
    gill.hears("css_resolved")
    monday.phone("Lena Frost").hears("css_case_over")
    monday.phone("Joy Okafor").hears("parent_followed_up")


# never


async def test_a_pupil_who_is_never_told_of_is_not(plays: Plays) -> None:
    """Whoever asks hears kindly why; the text of the case offers nothing."""
    lists = the_town()
    pupils = tuple(
        replace(pupil, tells_parents=pupil.key != "femi-okafor") for pupil in lists.people.pupils
    )
    async with plays(replace(lists, people=replace(lists.people, pupils=pupils))) as day:
        await bryn_says(day, "all in bar femi")
        gill = day.phone("Gill Marsh")
        assert "TELL" not in gill.hears("css_absences").text

        await gill.says("TELL K1")

        gill.hears("css_parents_never", "Femi O", "never told")


async def test_a_parent_who_is_not_recorded_as_one_to_be_told_is_not(monday: Day) -> None:
    """Lisa Tanner is on the lists as one who is not told."""
    await bryn_says(monday, "all in bar jack tanner")
    gill = monday.phone("Gill Marsh")
    assert "TELL" not in gill.hears("css_absences").text

    await gill.says("TELL K1")

    gill.hears("css_parents_nobody", "Jack Ta")
    monday.phone("Lisa Tanner").hears_nothing()


async def test_where_the_policy_has_it_off_nobody_is_told(plays: Plays) -> None:
    """The agreement with the provider decides, and the contact hears so."""
    async with plays(with_policy(the_town(), ParentsTold.OFF)) as day:
        await bryn_says(day, "all in bar femi")
        gill = day.phone("Gill Marsh")
        assert "TELL" not in gill.hears("css_absences").text

        await gill.says("TELL K1")

        gill.hears("css_parents_off")


async def test_the_policy_is_the_one_the_register_opened_with(after: Day) -> None:
    """An edit at ten does not change what was promised at half past nine."""
    await after.at("09:01")
    off = with_policy(the_town(), ParentsTold.OFF)
    with after.house.database.writing() as db:
        take_lists(db, off, after.clock.now())
    after.only("alder-farm")
    await bryn_says(after, "all in bar femi")
    after.phone("Gill Marsh").hears("css_absences")

    await after.at("09:17")

    after.phone("Joy Okafor").hears("parent_absent")


# after


async def test_a_notice_goes_by_itself_when_its_minutes_are_up(after: Day) -> None:
    """Never early, and not a minute late; the contact is told when it will be."""
    await bryn_says(after, "all in bar femi")
    gill = after.phone("Gill Marsh")
    gill.hears("css_absences", "Parents hear at 09:17; if not: DON'T TELL K1.")
    await after.at("09:16:59")
    after.phone("Joy Okafor").hears_nothing()

    await after.at("09:17")

    after.phone("Joy Okafor").hears("parent_absent", at="09:17:00")


async def test_a_word_sends_it_earlier_and_once(after: Day) -> None:
    """TELL does not wait for the minutes, and they send nothing more."""
    await bryn_says(after, "all in bar femi")
    gill = after.phone("Gill Marsh")
    gill.hears("css_absences")

    await gill.says("tell K1")

    gill.hears("css_parents_told")
    after.phone("Joy Okafor").hears("parent_absent", at="09:02")
    await after.at("09:25")


async def test_a_word_withholds_it_and_so_does_a_tap(after: Day) -> None:
    """Whatever stands beside the order: keeping back is what can be mended."""
    await bryn_says(after, "all in bar femi and zofia")
    gill = after.phone("Gill Marsh")
    gill.hears("css_absences")
    await gill.says("don't tell K1 until i have spoken to her")
    gill.hears("css_parents_withheld", "K1")
    gill.hears("css_noted_not_taken", "K1")

    await gill.taps("Don't tell: B1")

    gill.hears("css_parents_withheld", "B1")
    await after.at("09:25")


async def test_what_was_withheld_this_morning_never_goes_by_itself_today(after: Day) -> None:
    """Whoever withheld it may have had a grave reason: the afternoon's waits for a word."""
    await bryn_says(after, "all in bar femi")
    gill = after.phone("Gill Marsh")
    gill.hears("css_absences")
    await gill.says("don't tell K1")
    gill.hears("css_parents_withheld")
    await gill_says(after, "K1 done")
    gill.hears("css_resolved")

    await bryn_says(after, "all in bar femi", "12:50")

    gill.hears("css_absences", "Parent not told yet: TELL B1.")
    await after.at("13:10")


async def test_a_child_who_is_here_by_then_frightens_nobody(after: Day) -> None:
    """Late is not absent: the notice is looked at afresh before it goes."""
    await bryn_says(after, "all in bar femi")
    after.phone("Gill Marsh").hears("css_absences")

    await bryn_says(after, "femi just walked in", "09:16")

    after.phone("Gill Marsh").hears("css_case_over")
    await after.at("09:25")


async def test_a_parent_who_gave_the_reason_is_not_told(after: Day) -> None:
    """They wrote before the quarter of an hour was up."""
    await bryn_says(after, "all in bar femi")
    after.phone("Gill Marsh").hears("css_absences")

    await after.phone("Joy Okafor").says("femi is poorly, been up all night")

    after.phone("Joy Okafor").hears("parent_noted")
    after.phone("Gill Marsh").hears("css_case_over")
    after.phone("Bryn Hollis").forgets()
    await after.at("09:25")


async def test_a_reason_from_the_provider_is_told_all_the_same(after: Day) -> None:
    """A child can say "mum knows"."""
    await bryn_says(after, "all in bar femi who is ill")
    after.phone("Gill Marsh").hears("css_absences_explained", "Parents hear at 09:17")

    await after.at("09:17")

    after.phone("Joy Okafor").hears("parent_absent_known", at="09:17:00")


async def test_what_a_contact_has_ended_is_theirs_to_tell(after: Day) -> None:
    """Who followed it up knows what the family has heard: it waits for their word, and says so."""
    await bryn_says(after, "all in bar femi")
    gill = after.phone("Gill Marsh")
    gill.hears("css_absences")

    await gill_says(after, "spoke to mum, all fine, done")

    gill.hears("css_resolved", "Parent not told yet: TELL K1.")
    await after.at("09:25")
    await gill.says("tell")
    gill.hears("css_parents_told")
    after.phone("Joy Okafor").hears("parent_absent_known")


# closed


async def test_parents_of_all_who_were_due_hear_that_a_provider_is_shut(monday: Day) -> None:
    """One word for all of them; each hears of their own child, and of its opening after all."""
    await bryn_says(monday, "boiler has packed in so we're shut today")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_closed", "Parents not told yet: TELL K1.")

    await gill.says("TELL K1")

    gill.hears("css_parents_told", "Joy Okafor")
    parents = {
        "Sam Brown": "Aiden B",
        "Helen Davies": "Chloe D",
        "Joy Okafor": "Femi O",
    }
    parents_heard = {
        parent: monday.phone(parent).hears("parent_closed", child, "Alder Farm").text
        for parent, child in parents.items()
    }
    parents["Ewa Nowak"] = "Zosia N"
    parents_heard["Ewa Nowak"] = on_both_channels(monday, "parent_closed", "Zosia N")
    for parent, child in parents.items():
        others = [other for other in parents.values() if other != child]
        assert not [other for other in others if other in parents_heard[parent]]
    monday.phone("Lisa Tanner").hears_nothing()

    await bryn_says(monday, "open after all, all in", "09:20")

    gill.hears("css_case_over")
    for parent in ("Sam Brown", "Helen Davies", "Joy Okafor"):
        monday.phone(parent).hears("parent_open_after_all", parents[parent])
    on_both_channels(monday, "parent_open_after_all", "Zosia N")


# how it ends


async def test_whoever_was_told_hears_that_the_child_is_here(monday: Day) -> None:
    """The end of the fright, once, also where the case was over before."""
    await bryn_says(monday, "all in bar femi")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences")
    await gill.says("tell K1")
    gill.hears("css_parents_told")
    joy = monday.phone("Joy Okafor")
    joy.hears("parent_absent")

    await bryn_says(monday, "femi is here now", "09:30")

    joy.hears("parent_here_now", "Femi O is at Alder Farm now.")
    gill.hears("css_case_over")
    await bryn_says(monday, "femi came at 9:25", "09:40")


async def test_how_the_css_ended_it_is_never_told_in_its_words(monday: Day) -> None:
    """They may be about safeguarding."""
    await bryn_says(monday, "all in bar femi")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences")
    await gill.says("tell K1")
    gill.hears("css_parents_told")
    joy = monday.phone("Joy Okafor")
    joy.hears("parent_absent")

    await gill_says(monday, "K1 done, social worker has him")

    gill.hears("css_resolved")
    assert "social" not in joy.hears("parent_followed_up", "Femi O").text


# what parents answer


async def test_an_answer_after_the_end_is_taken_kindly_and_passed_on(monday: Day) -> None:
    """Nothing is opened again by it; the key contact reads it."""
    await bryn_says(monday, "all in bar femi")
    gill, joy = monday.phone("Gill Marsh"), monday.phone("Joy Okafor")
    gill.hears("css_absences")
    await gill.says("tell K1")
    gill.hears("css_parents_told")
    joy.hears("parent_absent")
    await gill_says(monday, "K1 done")
    gill.hears("css_resolved")
    joy.hears("parent_followed_up")

    await joy.says("sorry only just seen this, he had a dentist appointment")

    joy.hears("parent_over")
    gill.hears("css_parent_wrote", "K1", "dentist")
    with monday.house.database.reading() as db:
        assert list_cases(db, only_open=True) == ()


async def test_an_alarm_makes_even_an_explained_absence_a_child_not_accounted_for(
    after: Day,
) -> None:
    """ "Mum knows", and mum does not: what the register says since does not still it."""
    await bryn_says(after, "all in bar femi who is ill")
    gill, joy, lena = (after.phone(n) for n in ("Gill Marsh", "Joy Okafor", "Lena Frost"))
    gill.hears("css_absences_explained")
    await after.at("09:17")
    joy.hears("parent_absent_known")

    await joy.says("what? he left at 8:30!")

    joy.hears("parent_alarm_noted")
    gill.hears("css_parent_alarm", "Femi O", "he left at 8:30!")
    lena.hears("css_parent_alarm", "Femi O")
    after.phone("Bryn Hollis").hears("provider_set_out")
    await bryn_says(after, "aiden came at 9:10", "09:19")
    with after.house.database.reading() as db:
        [case] = list_cases(db, only_open=True)
    assert case.matter is Matter.UNACCOUNTED
    await bryn_says(after, "femi is here, he was in the barn", "09:20")
    joy.hears("parent_here_now")
    gill.hears("css_case_over")
    lena.hears("css_case_over")


async def test_an_answer_is_about_the_child_they_were_told_of(sqlite: Database) -> None:
    """Mark has two at Hazel Copse, and was told of one: what names nobody is about that one."""
    async with a_day(sqlite, STARTS) as day:
        day.only("hazel-copse")
        await day.at("09:32")
        await day.phone("Wren Astley").says("all in bar ruby and pearl")
        nadia = day.phone("Nadia Karim")
        (text,) = [heard.text for heard in nadia.waiting() if heard.script == "css_absences"]
        ref = next(line.split()[-1] for line in text.splitlines() if "Ruby" in line)
        nadia.forgets()
        await nadia.says(f"tell {ref}")
        nadia.hears("css_parents_told", "Ruby")
        mark = day.phone("Mark Quayle")
        mark.hears("parent_absent", "Ruby")

        await mark.says("sorry, poorly, been sick all night")

        mark.hears("parent_noted")
        with day.house.database.reading() as db:
            still_open = [case.shown for case in list_cases(db, only_open=True)]
        assert [shown and shown.split()[0] for shown in still_open] == ["Pearl"]


async def test_a_parent_who_stops_is_told_no_more_and_the_css_hears(after: Day) -> None:
    """Silence must not look like consent; and what was due goes to nobody, which is said."""
    await bryn_says(after, "all in bar femi")
    gill = after.phone("Gill Marsh")
    gill.hears("css_absences")

    await after.phone("Joy Okafor").says("STOP")

    gill.hears("css_parent_stopped", "Joy Okafor", "07700 900401", "Alder Farm")
    await after.at("09:17")
    gill.hears("css_parents_nobody", "Femi O")


async def test_a_wrong_number_hears_nothing_more(after: Day) -> None:
    """Nothing of a child may go to a stranger."""
    await bryn_says(after, "all in bar femi")
    gill = after.phone("Gill Marsh")
    gill.hears("css_absences")
    await after.at("09:17")
    after.phone("Joy Okafor").hears("parent_absent")

    await after.phone("Joy Okafor").says("wrong number mate")

    gill.hears("css_parent_stopped", "wrong number")
    await bryn_says(after, "femi is here", "09:30")
    gill.hears("css_case_over")


async def test_a_parent_who_asks_for_help_hears_a_parents_help(monday: Day) -> None:
    """With a case and without one."""
    joy = monday.phone("Joy Okafor")
    await joy.says("help")
    joy.hears("parent_help")
    await bryn_says(monday, "all in bar femi")
    monday.phone("Gill Marsh").hears("css_absences")

    await joy.says("help")

    joy.hears("parent_help")


async def test_news_before_anything_was_asked_reaches_a_person(monday: Day) -> None:
    """A parent who writes at five to nine is not chatting; one who thanks is."""
    joy = monday.phone("Joy Okafor")

    await joy.says("femi is poorly today, wont be in")

    joy.hears("parent_noted")
    monday.phone("Gill Marsh").hears("css_parent_question", "femi is poorly", "Joy Okafor")
    await joy.says("ok thanks")


async def test_a_parent_reads_it_in_their_own_language(monday: Day) -> None:
    """Ewa Nowak's language is Polish."""
    await bryn_says(monday, "all in bar zofia")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences")

    await gill.says("tell")

    gill.hears("css_parents_told")
    assert "o godz. 09:02" in on_both_channels(monday, "parent_absent", "Zosia N", "dziecka")
