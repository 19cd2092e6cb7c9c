"""Parents write: a reason, news, or an alarm."""

from datetime import date, time

import pytest

from apbot.domain.calendar import at
from apbot.domain.words import Matter
from apbot.store.cases import list_cases
from apbot.store.database import Database
from tests.stories.day import Day, a_day


async def femi_is_away(day: Day) -> None:
    """Bryn does not know why."""
    await day.at("09:02")
    bryn = day.phone("Bryn Hollis")
    bryn.hears("register_prompt")
    await bryn.says("all in bar femi")
    bryn.hears("read_back")
    day.phone("Gill Marsh").hears("css_absences", "Femi O, no reason given")


async def test_a_parents_reason_ends_the_absence(monday: Day) -> None:
    """The contact and the provider hear; the parent is thanked."""
    await femi_is_away(monday)
    joy = monday.phone("Joy Okafor")
    await joy.says("sorry yes hes poorly, been up all night")

    joy.hears("parent_noted")
    monday.phone("Gill Marsh").hears("css_case_over", "Femi O", "poorly", "Joy Okafor")
    bryn = monday.phone("Bryn Hollis").hears("provider_outcome", "Femi O")
    assert "poorly" not in bryn.text
    await monday.at("12:00")


async def test_a_parents_alarm_makes_the_absence_an_unaccounted_child(monday: Day) -> None:
    """The child set out and did not arrive: the true emergency."""
    await femi_is_away(monday)
    joy = monday.phone("Joy Okafor")
    await joy.says("what do you mean? he left at 8:30!")

    joy.hears("parent_alarm_noted")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_parent_alarm", "Femi O", "he left at 8:30!", "07700 900401")
    monday.phone("Lena Frost").hears("css_parent_alarm", "Femi O")
    monday.phone("Bryn Hollis").hears("provider_set_out", "Femi O")
    with monday.house.database.reading() as db:
        [case] = list_cases(db, only_open=True)
    assert case.matter is Matter.UNACCOUNTED
    await gill.says("on it")
    gill.hears("css_taken")
    monday.phone("Lena Frost").hears("css_taken_by")

    await monday.phone("Bryn Hollis").says("femi is here, he was in the barn all along")

    monday.phone("Bryn Hollis").hears("read_back_change", "Femi O in")
    gill.hears("css_case_over", "Femi O")
    monday.phone("Lena Frost").hears("css_case_over")
    joy.hears("parent_here_now", "Femi O")


async def test_a_parent_is_never_told_of_another_child(monday: Day) -> None:
    """A parent of nobody here writes: the office reads it, and no name goes out."""
    await femi_is_away(monday)
    ewa = monday.phone("Ewa Nowak")
    await ewa.says("is femi ok?")

    heard = ewa.waiting()
    assert all("Femi" not in one.text for one in heard)
    ewa.forgets()
    monday.phone("Gill Marsh").forgets()


def opened(day: Day) -> list[tuple[Matter, str | None]]:
    """The open cases: the matter and the pupil."""
    with day.house.database.reading() as db:
        return [(case.matter, case.shown) for case in list_cases(db, only_open=True)]


async def test_a_parents_alarm_needs_no_case_before_it(monday: Day) -> None:
    """ "he left at half eight" while nobody has marked him: key contact and lead, at once."""
    await monday.at("09:12")
    bryn, joy = monday.phone("Bryn Hollis"), monday.phone("Joy Okafor")
    bryn.forgets()
    await joy.says("he left at half eight, is he there?")

    joy.hears("parent_alarm_noted")
    for name in ("Gill Marsh", "Lena Frost"):
        heard = monday.phone(name).hears("css_parent_alarm", "Femi O", "07700 900401", at="09:12")
        assert "Alder Lane" in heard.text
    bryn.hears("provider_set_out", "Femi O")
    assert opened(monday) == [(Matter.UNACCOUNTED, "Femi O")]

    await bryn.says("yes")

    for name in ("Gill Marsh", "Lena Frost"):
        monday.phone(name).hears("css_case_over", "Femi O")
    joy.hears("parent_here_now", "Femi O")
    bryn.hears("ask_rest_present", "Femi O in")


@pytest.mark.parametrize(
    "words", ["he left at half eight", "is femi ok?", "did he get there alright?", "running late"]
)
async def test_news_and_questions_of_a_child_who_is_there_alarm_nobody(
    monday: Day, words: str
) -> None:
    """The register has it that he came: the key contact reads it, and can answer."""
    await monday.at("09:12")
    bryn, joy = monday.phone("Bryn Hollis"), monday.phone("Joy Okafor")
    bryn.forgets()
    await bryn.says("all in")
    bryn.hears("read_back")
    await joy.says(words)

    joy.hears("parent_noted")
    monday.phone("Gill Marsh").hears("css_parent_question", words)
    assert opened(monday) == [(Matter.QUESTION, "Femi O")]


async def test_before_the_start_that_the_child_has_left_is_news(monday: Day) -> None:
    """At five to nine he is on his way, and is to be."""
    joy = monday.phone("Joy Okafor")
    await joy.says("femi left at half eight, on the bus")

    joy.hears("parent_noted")
    monday.phone("Gill Marsh").hears("css_parent_question", "on the bus")


async def test_who_never_got_home_is_not_accounted_for(monday: Day) -> None:
    """Marked present all day, and not at home at four: nothing that was said before settles it."""
    await monday.at("09:05")
    bryn, joy = monday.phone("Bryn Hollis"), monday.phone("Joy Okafor")
    bryn.forgets()
    await bryn.says("all in")
    await monday.at("12:50")
    await bryn.says("all in")
    await monday.at("16:10")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()
    await joy.says("femi never got home")

    joy.hears("parent_alarm_noted")
    gill, lena = monday.phone("Gill Marsh"), monday.phone("Lena Frost")
    for contact in (gill, lena):
        contact.hears(
            "css_parent_alarm", "never got home", "last marked in at 12:50 by Bryn Hollis"
        )
    bryn.hears("provider_missed", "Femi O")

    await bryn.says("femi left at 3 with the others")

    for contact in (gill, lena):
        contact.hears("css_staff_wrote", "left at 3 with the others")

    await bryn.says("femi was collected by his mum at 2.45")

    for contact in (gill, lena):
        contact.hears("css_staff_wrote", "collected by his mum")
    assert (Matter.UNACCOUNTED, "Femi O") in opened(monday)
    bryn.forgets()

    await gill.says("found him at his nan's, he is safe")

    gill.hears("css_resolved")
    lena.hears("css_case_over", "nan's")
    bryn.hears("provider_outcome", "Femi O")
    joy.forgets()


async def test_a_concern_of_a_parent_is_for_the_lead_alone(monday: Day) -> None:
    """Word for word to the safeguarding lead, though the key contact has the child's absence."""
    await femi_is_away(monday)
    joy = monday.phone("Joy Okafor")
    await joy.says("I am scared of what his dad will do to him")

    joy.hears("parent_concern_passed_on")
    monday.phone("Lena Frost").hears("css_concern", "scared of what his dad")
    monday.phone("Gill Marsh").hears_nothing()
    assert sorted(matter for matter, _ in opened(monday)) == [Matter.ABSENCE, Matter.CONCERN]


async def test_a_concern_within_an_alarm_is_not_told_to_all_who_look(monday: Day) -> None:
    """The child is sought at once; why the mother is afraid goes to the lead."""
    await femi_is_away(monday)
    joy, gill, lena = (monday.phone(n) for n in ("Joy Okafor", "Gill Marsh", "Lena Frost"))
    await joy.says("he left at 8:30! his dad hit him last night")

    joy.hears("parent_concern_passed_on")
    gill_heard = gill.hears(
        "css_parent_alarm", "Femi O", "only the safeguarding lead may read this"
    )
    assert "hit him" not in gill_heard.text
    lena.hears("css_concern", "hit him last night")
    lena.hears("css_parent_alarm", "Femi O")
    assert sorted(matter for matter, _ in opened(monday)) == [Matter.CONCERN, Matter.UNACCOUNTED]
    monday.phone("Bryn Hollis").hears("provider_set_out", "Femi O")


async def test_a_parent_who_names_another_child_alarms_nobody(monday: Day) -> None:
    """ "is femi ok?" from another's mother is nothing of her own child's."""
    await monday.at("09:02")
    bryn, ewa = monday.phone("Bryn Hollis"), monday.phone("Ewa Nowak")
    bryn.hears("register_prompt")
    await bryn.says("all in bar zosia, no idea why")
    bryn.hears("read_back")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences", "Zosia N")
    await ewa.says("femi left at half eight, is femi ok?")

    ewa.hears("parent_noted")
    await monday.at("09:04")
    gill.hears("css_parent_question", "is femi ok?")
    assert sorted(matter for matter, _ in opened(monday)) == [Matter.ABSENCE, Matter.QUESTION]


LEFT_IN_POLISH = "jak to nie było? wyszła z domu o 8:30!"
"""What an alarm looks like to a reader of English."""


async def zosia_is_away(day: Day, words: str = "all in bar zofia, no idea why") -> None:
    """And her mother, who reads Polish, is told."""
    await day.at("09:02")
    await day.phone("Bryn Hollis").says(words)
    await day.phone("Gill Marsh").says("tell k1")
    for name in ("Bryn Hollis", "Gill Marsh", "Ewa Nowak"):
        day.phone(name).forgets()


async def test_words_in_polish_go_to_the_contact_at_once_and_are_answered_in_polish(
    monday: Day,
) -> None:
    """They may be an alarm: word for word, with her number, and she is told whom to ring."""
    await zosia_is_away(monday)
    ewa = monday.phone("Ewa Nowak")
    await ewa.says(LEFT_IN_POLISH)

    gill = monday.phone("Gill Marsh")
    gill.hears("css_parent_not_read", "K1 Zosia N", LEFT_IN_POLISH, "07700 900404", at="09:02")
    ewa.hears("parent_not_read", "od razu dzwonić: Gill Marsh 07700 900201")
    assert opened(monday) == [(Matter.ABSENCE, "Zosia N")]


async def test_whoever_gave_the_alarm_early_and_again_is_passed_on_once_each_time(
    monday: Day,
) -> None:
    """Before any register: the alarm, the alarm again, and words that nobody here can read."""
    ewa, gill = monday.phone("Ewa Nowak"), monday.phone("Gill Marsh")
    for words in ("zofia left home at 8.10, where is she?", "where is zofia??", LEFT_IN_POLISH):
        await ewa.says(words)
    await monday.settle()

    assert [heard.script for heard in gill.waiting()] == [
        "css_unaccounted_off_register",
        "css_parent_wrote",
        "css_parent_not_read",
    ]
    for name in ("Ewa Nowak", "Gill Marsh", "Lena Frost", "Bryn Hollis", "Owen Crake"):
        monday.phone(name).forgets()


async def test_words_in_welsh_go_to_the_contact_at_once_and_are_answered_in_welsh(
    sqlite: Database,
) -> None:
    """Cerys's mother on a Tuesday; by SMS, where the accents are folded."""
    async with a_day(sqlite, at(date(2026, 11, 24), time(8, 55))) as tuesday:
        tuesday.only("alder-farm")
        await tuesday.at("09:02")
        await tuesday.phone("Bryn Hollis").says("all in bar cerys, no idea why")
        tuesday.phone("Gill Marsh").forgets()
        eleri = tuesday.phone("Eleri Morgan")
        await eleri.says("mae hi wedi gadael am 8.30, ar y bws")

        heard = tuesday.phone("Gill Marsh").hears("css_parent_not_read", "Cerys M", at="09:02")
        assert "mae hi wedi gadael am 8.30, ar y bws" in heard.text
        eleri.hears("parent_not_read", "ffoniwch Gill Marsh 07700 900201 ar unwaith")


@pytest.mark.parametrize("begins", ["", "zofia is ill, rest in"], ids=["unasked", "over"])
async def test_where_no_case_is_open_words_in_another_language_are_one_that_climbs(
    monday: Day, begins: str
) -> None:
    """Nobody has them in hand yet: cover reads them too where the key contact does not answer."""
    await monday.at("09:02")
    if begins:
        await zosia_is_away(monday, begins)
    monday.phone("Bryn Hollis").forgets()
    ewa = monday.phone("Ewa Nowak")
    await ewa.says(LEFT_IN_POLISH)

    ewa.hears("parent_not_read")
    await monday.at("09:04")
    monday.phone("Gill Marsh").hears("css_parent_question", LEFT_IN_POLISH)
    assert opened(monday) == [(Matter.QUESTION, "Zosia N")]
    await monday.phone("Bryn Hollis").says("all in")
    monday.phone("Bryn Hollis").forgets()
    ewa.forgets()
    monday.phone("Gill Marsh").forgets()
    await monday.at("09:33")
    monday.phone("Ravi Anand").hears(
        "css_parent_question", LEFT_IN_POLISH, "Ewa Nowak 07700 900404"
    )


@pytest.mark.parametrize("words", ["dziękuję", "Dzięki!", "diolch yn fawr", "ok"])
async def test_thanks_in_any_of_the_parents_languages_trouble_nobody(
    monday: Day, words: str
) -> None:
    """A text that says it may be an alarm is not for a thank you."""
    await zosia_is_away(monday)
    await monday.phone("Ewa Nowak").says(words)

    monday.phone("Ewa Nowak").hears("parent_noted")
    monday.phone("Gill Marsh").hears_nothing()


@pytest.mark.parametrize("words", ["will ring you later", "hes w his dad i think", "shell be fine"])
async def test_news_in_english_is_no_other_language(monday: Day, words: str) -> None:
    """However it is typed."""
    await femi_is_away(monday)
    await monday.phone("Joy Okafor").says(words)

    monday.phone("Joy Okafor").hears("parent_noted")
    monday.phone("Gill Marsh").hears("css_parent_wrote", words)


async def test_the_ladder_says_whose_parent_asks(monday: Day) -> None:
    """Told again to the next, she is a parent still, and of whom is said."""
    lisa = monday.phone("Lisa Tanner")
    await lisa.says("can somebody ring me about the bus pass")

    lisa.hears("parent_noted")
    gill = monday.phone("Gill Marsh")
    await monday.at("08:56")
    gill.hears("css_parent_question", "A parent of Jack Ta (Alder Farm) writes", "bus pass")
    monday.only("alder-farm")
    await monday.at("09:26")
    for person in monday.lists.people.persons:
        for one in monday.phone(person.name).waiting():
            if "bus pass" in one.text:
                assert "parent of Jack Ta" in one.text
    ravi = monday.phone("Ravi Anand")
    assert any("bus pass" in one.text for one in ravi.waiting())
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_whoever_raised_the_alarm_hears_that_the_child_is_here(town: Day) -> None:
    """Though parents are told nothing of this provider's pupils: she was told that we ask."""
    town.only("southpaw")
    await town.at("09:08")
    kerry, carla = town.phone("Kerry Dent"), town.phone("Carla Voss")
    await kerry.says("Kai left at half eight, hasnt he arrived?")
    kerry.hears("parent_alarm_noted")
    await town.at("09:14")
    await carla.says("kai just turned up")
    kerry.hears("parent_here_now", "Kai D")
    kerry.hears_nothing()


async def test_one_who_asks_while_the_child_is_sought_hears_it_too(town: Day) -> None:
    """The provider had lost him first."""
    town.only("southpaw")
    await town.at("09:04")
    kerry, carla = town.phone("Kerry Dent"), town.phone("Carla Voss")
    await carla.says("all in but cant find kai")
    await kerry.says("where is he? he left at half eight")
    await town.at("09:14")
    await carla.says("kai is here, found him")
    assert "parent_here_now" in [one.script for one in kerry.waiting()]


async def test_what_a_parent_gave_as_the_reason_stands_on_the_register(monday: Day) -> None:
    """It is asked for no second time: after lunch it is as this morning."""
    await femi_is_away(monday)
    await monday.phone("Joy Okafor").says("bereavement in family, femi not coming this week")
    await monday.at("12:46")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()
    await monday.phone("Bryn Hollis").says("all in but femi")
    gill = monday.phone("Gill Marsh")
    gill.hears("css_absences_explained", "Femi O, family, as this morning")
    assert opened(monday) == []
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_two_children_of_one_alarm_are_one_text_each_hears(town: Day) -> None:
    """He left both at the gate: who looks there reads so, and everybody reads of both at once."""
    town.only("hazel-copse")
    words = "what? I dropped them both at the gate at 9.15 myself!"
    await town.at("09:34")
    owen = town.phone("Owen Crake")
    await owen.says("all in but ruby and pearl")
    for person in town.lists.people.persons:
        town.phone(person.name).forgets()
    mark = town.phone("Mark Quayle")
    await mark.says(words)

    mark.hears("parent_alarm_noted")
    heard = owen.hears("provider_set_out", "Pearl Q", "Ruby Q", words)
    assert heard.text.count("Reply YES") == 1
    owen.hears_nothing()
    leads = [town.phone(name) for name in ("Nadia Karim", "Lena Frost")]
    for phone in leads:
        phone.hears("css_parent_alarm", "Pearl Q", "Ruby Q", words)
        phone.hears_nothing()
    await owen.says("ruby and pearl are here")
    assert opened(town) == []
