"""What a contact learns on the telephone and passes on: a concern, and a child who set out."""

from apbot.domain.words import Matter
from apbot.store.cases import list_cases
from tests.stories.day import Day

BRYN, GILL, LENA, RAVI = "Bryn Hollis", "Gill Marsh", "Lena Frost", "Ravi Anand"


async def femi_is_away(day: Day) -> None:
    """Gill has it, and rings his mother."""
    await day.at("09:02")
    await day.phone(BRYN).says("all in bar femi, no idea why")
    await day.phone(GILL).says("on it")
    for name in (BRYN, GILL):
        day.phone(name).forgets()


def opened(day: Day) -> list[tuple[Matter, str | None]]:
    """The open cases: the matter and the pupil."""
    with day.house.database.reading() as db:
        return [(case.matter, case.shown) for case in list_cases(db, only_open=True)]


async def test_a_concern_that_a_contact_learns_goes_to_the_lead_word_for_word(monday: Day) -> None:
    """And in nobody else's message: the farm hears that the absence was followed up."""
    await femi_is_away(monday)
    words = "spoke to mum, he's ill. she says his stepdad hit him on sunday"
    await monday.phone(GILL).says(words)

    heard = monday.phone(LENA).hears("css_concern", words, "Gill Marsh 07700 900201", at="09:02")
    assert "Alder Farm" in heard.text
    gill = monday.phone(GILL)
    gill.hears("css_concern_passed_on")
    gill.hears("css_resolved", "Femi O")
    assert "stepdad" not in monday.phone(BRYN).hears("provider_outcome", "Femi O").text
    assert opened(monday) == [(Matter.CONCERN, None)]


async def test_life_and_limb_said_by_a_contact_is_answered_with_999(monday: Day) -> None:
    """Whatever it is about, and whether or not they had a case of it."""
    await monday.at("09:02")
    monday.phone(BRYN).forgets()
    words = "femi's mum just rang me, he has taken an overdose, ambulance on its way"
    await monday.phone(GILL).says(words)

    monday.phone(GILL).hears("css_concern_passed_on", "ring 999")
    monday.phone(LENA).hears("css_concern", words)
    assert opened(monday) == [(Matter.CONCERN, None)]


async def test_that_the_child_set_out_makes_the_absence_a_child_not_accounted_for(
    monday: Day,
) -> None:
    """As it does in the mother's own words: the lead hears, and the farm is asked at once."""
    await femi_is_away(monday)
    words = "mum says he left the house at half eight"
    await monday.phone(GILL).says(words)

    for name in (GILL, LENA):
        monday.phone(name).hears("css_parent_alarm", "Femi O", words, at="09:02")
    monday.phone(BRYN).hears("provider_set_out", "Femi O")
    assert opened(monday) == [(Matter.UNACCOUNTED, "Femi O")]

    await monday.phone(BRYN).says("yes he's here, in the barn")

    assert opened(monday) == []
    for name in (GILL, LENA):
        assert "Femi O" in monday.phone(name).waiting()[-1].text
        monday.phone(name).forgets()
    monday.phone(BRYN).forgets()


async def test_of_two_only_the_one_who_set_out_is_lost(monday: Day) -> None:
    """What the same words say of the other is done as ever."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in bar femi and zofia, no idea why")
    for name in (BRYN, GILL):
        monday.phone(name).forgets()
    await monday.phone(GILL).says("femi's mum says he left at 8.30. zofia is ill, spoke to mum")

    assert opened(monday) == [(Matter.UNACCOUNTED, "Femi O")]
    for name in (BRYN, GILL, LENA):
        monday.phone(name).forgets()


async def test_news_of_a_search_is_read_by_whoever_else_looks(monday: Day) -> None:
    """Police are looking: the lead reads it on the case that she knows, and it is no new one."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in")
    await monday.phone(BRYN).says("can't find femi")
    for name in (BRYN, GILL, LENA):
        monday.phone(name).forgets()
    await monday.phone(GILL).says("still no sign of him, police have been called")

    monday.phone(LENA).hears("css_staff_wrote", "Femi O", "police have been called", "Gill Marsh")
    assert opened(monday) == [(Matter.UNACCOUNTED, "Femi O")]
    monday.phone(GILL).forgets()


async def test_a_lead_who_writes_it_knows_it(monday: Day) -> None:
    """No case is opened for the one who would hear of it; their words stand on the case."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("chloe has bruises on her arm, all in")
    await monday.phone(LENA).says("on it")
    for name in (BRYN, LENA):
        monday.phone(name).forgets()
    await monday.phone(LENA).says("rang social care, she says her uncle hit her")

    assert opened(monday) == [(Matter.CONCERN, None)]
    monday.phone(LENA).hears("css_noted")


async def test_what_a_contact_answers_to_a_question_stays_an_answer(monday: Day) -> None:
    """Whatever it is about: the asker hears it word for word."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in. can someone tell me who is coming about road safety?")
    for name in (BRYN, GILL):
        monday.phone(name).forgets()
    await monday.phone(GILL).says("the police are coming at two, it is a talk")

    monday.phone(BRYN).hears("answer", "the police are coming at two")
    monday.phone(GILL).hears("css_answered")


async def test_that_a_child_without_a_case_set_out_is_an_alarm_too(monday: Day) -> None:
    """Nobody has marked her yet: what her mother told Gill is not answered with "nothing open"."""
    await monday.at("09:05")
    monday.phone(BRYN).forgets()
    words = "zofia's mum says she left at half 8 on the 685"
    await monday.phone(GILL).says(words)

    for name in (GILL, LENA):
        monday.phone(name).hears("css_parent_alarm", "Zosia N", words)
    monday.phone(BRYN).hears("provider_set_out", "Zosia N")
    assert opened(monday) == [(Matter.UNACCOUNTED, "Zosia N")]


async def test_it_is_never_the_alarm_of_the_only_one_who_has_a_case(monday: Day) -> None:
    """Femi's absence is open; it is Zosia who left home."""
    await femi_is_away(monday)
    await monday.phone(GILL).says("zofia's mum says she left at half 8")

    assert (Matter.UNACCOUNTED, "Femi O") not in opened(monday)
    for name in (GILL, LENA, BRYN):
        monday.phone(name).forgets()


async def test_of_one_who_is_marked_as_there_it_is_no_alarm(monday: Day) -> None:
    """She left, and she arrived."""
    await monday.at("09:05")
    await monday.phone(BRYN).says("all in")
    monday.phone(BRYN).forgets()
    await monday.phone(GILL).says("zofia's mum says she left at half 8")

    monday.phone(GILL).hears("css_nothing_open", "nothing came of that")
    assert opened(monday) == []


async def test_a_concern_about_one_case_is_in_no_other_text_of_it(monday: Day) -> None:
    """Ravi was told of the absence as well: he hears that it is over, and not in those words."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in bar femi, no idea why")
    await monday.at("09:33")
    for name in (BRYN, GILL, RAVI):
        monday.phone(name).forgets()
    await monday.phone(GILL).says("spoke to mum, he's ill. she says his stepdad hit him on sunday")

    heard = monday.phone(RAVI).hears(
        "css_case_over", "Femi O", "only the safeguarding lead may read this"
    )
    assert "stepdad" not in heard.text
    monday.phone(LENA).hears("css_concern", "stepdad hit him")
    for name in (BRYN, GILL):
        monday.phone(name).forgets()


async def test_a_lead_who_looks_for_a_child_opens_no_case_for_herself(monday: Day) -> None:
    """She would be told of her own words, and nobody else would."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in")
    await monday.phone(BRYN).says("can't find femi")
    for name in (BRYN, GILL, LENA):
        monday.phone(name).forgets()
    await monday.phone(LENA).says("found him at home, his stepdad has hit him. I am going round")

    assert Matter.CONCERN not in [matter for matter, _ in opened(monday)]
    for name in (BRYN, GILL, LENA):
        monday.phone(name).forgets()


async def test_an_answer_in_words_of_life_and_limb_reaches_the_asker(monday: Day) -> None:
    """ "Ring 999" is an answer that nobody may keep back."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in. who do i ring about the gas smell?")
    for name in (BRYN, GILL, LENA):
        monday.phone(name).forgets()
    words = "he could stop breathing, ring 999 now and get everyone out"
    await monday.phone(GILL).says(words)

    assert words in " ".join(h.text for h in monday.phone(BRYN).waiting())
    for name in (BRYN, GILL, LENA):
        monday.phone(name).forgets()


async def test_a_concern_in_what_is_told_ahead_does_not_wait_for_tomorrow(monday: Day) -> None:
    """A note and an absence are read back as ever, and their words go to the lead at once."""
    await monday.at("09:02")
    for name in (GILL, BRYN):
        monday.phone(name).forgets()
    for words, script in [
        ("note alder farm tomorrow: chloe has bruises on her arm, keep an eye", "css_note"),
        ("absent femi wednesday, his stepdad hit him", "css_known"),
    ]:
        await monday.phone(GILL).says(words)
        monday.phone(LENA).hears("css_concern", words, "Alder Farm", "Gill Marsh 07700 900201")
        monday.phone(GILL).hears("css_concern_passed_on")
        monday.phone(GILL).hears(f"{script}_read_back")
    await monday.phone(GILL).says("absent zosia friday, dentist")
    monday.phone(GILL).hears("css_known_read_back")
    assert opened(monday) == [(Matter.CONCERN, None)] * 2
