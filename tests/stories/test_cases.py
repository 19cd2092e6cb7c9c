from tests.stories.day import Day


async def silence(day: Day) -> None:
    """Alder Farm says nothing until half past nine."""
    await day.at("09:30")
    for name in ("Bryn Hollis", "Owen Crake"):
        day.phone(name).forgets()


async def test_the_ladder_climbs_to_cover_and_to_all_until_somebody_has_it(monday: Day) -> None:
    """Cover at + 10, all CSS staff at + 20, then every fifteen minutes until acknowledged."""
    await silence(monday)
    monday.phone("Gill Marsh").hears("css_register_missing", at="09:30:05")
    await monday.at("09:40")
    monday.phone("Ravi Anand").hears("css_register_missing", at="09:40:05")
    await monday.at("09:50")
    on_duty = {c.person for c in monday.lists.people.contacts if c.is_on_duty(monday.on)}
    everybody = [p.name for p in monday.lists.people.persons if p.key in on_duty]
    for name in everybody:
        again = "_still" if name in ("Gill Marsh", "Ravi Anand") else ""
        monday.phone(name).hears(f"css_register_missing{again}", at="09:50:05")
    await monday.at("10:05")
    for name in everybody:
        monday.phone(name).hears("css_register_missing_still", "nobody has", at="10:05:05")

    await monday.phone("Dawn Pike").says("got it")

    monday.phone("Dawn Pike").hears("css_taken")
    for name in everybody:
        if name != "Dawn Pike":
            monday.phone(name).hears("css_taken_by", "Dawn Pike has it")
    await monday.at("10:34")


async def test_an_acknowledgement_with_no_outcome_comes_back(monday: Day) -> None:
    """The one who has it is asked; without an answer the ladder goes on."""
    await silence(monday)
    gill = monday.phone("Gill Marsh")
    gill.hears("css_register_missing")
    await gill.says("on it")
    gill.hears("css_taken")
    await monday.at("10:01")
    gill.hears("css_outcome_wanted", at="10:00:10")
    await monday.at("10:11")

    monday.phone("Ravi Anand").hears("css_register_missing", at="10:10")


async def test_the_outcome_goes_back_to_the_provider(monday: Day) -> None:
    """The CSS follows up and reports back: the duty most often left undone."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await bryn.says("all in except femi, no idea why")
    bryn.hears("read_back")
    gill.hears("css_absences", "Femi O")
    await gill.says("spoke to mum, he's got a temperature. done")

    gill.hears("css_resolved", "Femi O")
    bryn.hears("provider_outcome", "Femi O", "spoke to mum")
    await gill.says("K1 done")
    gill.hears("css_over_already", "Gill Marsh")
    await monday.at("12:00")


async def test_a_tap_takes_a_case_on(monday: Day) -> None:
    """On Telegram the contact needs one thumb."""
    await silence(monday)
    gill = monday.phone("Gill Marsh")
    gill.hears("css_register_missing")

    await gill.taps("On it")

    gill.hears("css_taken")
    await monday.at("09:55")


async def test_a_pupil_who_cannot_be_found_is_told_at_once_and_asked_for(monday: Day) -> None:
    """Key contact and safeguarding lead at once; the provider every ten minutes until found."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await bryn.says("all in")
    bryn.hears("read_back")
    await monday.at("10:20")
    await bryn.says("can't find femi, he's walked off")
    bryn.hears("read_back_change", "Femi O not accounted for")
    told = gill.hears(
        "css_unaccounted", "Femi O last marked in at 09:01 by Bryn Hollis", at="10:20:00"
    )
    for word in ("Ring Bryn Hollis 07700 900101", "07700 900601", "Site: Alder Lane"):
        assert word in told.text
    monday.phone("Lena Frost").hears("css_unaccounted", "Femi O")
    await gill.says("on it")
    gill.hears("css_taken")
    monday.phone("Lena Frost").hears("css_taken_by")
    await monday.at("10:30")
    bryn.hears("provider_still_unaccounted", "Femi O", at="10:30:00")

    await bryn.says("found him, femi is back with us")

    bryn.hears("read_back_change", "Femi O in")
    gill.hears("css_case_over", "Femi O")
    monday.phone("Lena Frost").hears("css_case_over", "Femi O")
    await monday.at("11:30")


async def test_a_concern_is_passed_on_word_for_word(monday: Day) -> None:
    """To the safeguarding lead, at once, and to nobody else."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await bryn.says("all in. chloe has bruises all down her arm")

    bryn.hears("provider_concern_passed_on", "999")
    bryn.hears("read_back")
    monday.phone("Lena Frost").hears(
        "css_concern", '"all in. chloe has bruises all down her arm"', "Bryn Hollis 07700 900101"
    )
    await monday.phone("Lena Frost").says("on it")
    monday.phone("Lena Frost").hears("css_taken")


async def test_a_provider_that_is_shut_is_asked_no_more(monday: Day) -> None:
    """A closed case: the CSS must say where the pupils are to be; nobody is marked."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await bryn.says("boiler has packed in so we're shut today")

    bryn.hears("provider_closed_noted")
    gill.hears("css_closed", "Were due: Aiden B")
    await gill.says("on it")
    gill.hears("css_taken")
    await monday.at("09:50")


async def test_a_question_reaches_the_key_contact(monday: Day) -> None:
    """What is for a person is passed to one, beside the marks."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await bryn.says("all in. can someone ring me about the bus passes?")

    bryn.hears("provider_question_passed_on")
    bryn.hears("read_back")
    gill.hears("css_question", "bus passes")
    await gill.says("ok will do")
    gill.hears("css_taken")
    await monday.at("09:50")


async def test_the_words_that_report_a_child_missing_go_to_whoever_looks(monday: Day) -> None:
    """They say where to look, and how long it is; whoever wrote them hears what comes of it."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.forgets()
    await bryn.says("all in")
    bryn.forgets()
    await monday.at("10:20")
    words = "femi gone off to the loo and not come back, 20 mins now, his coats gone too"
    await bryn.says(words)

    bryn.hears("read_back_change", "the CSS has been told and will ring you")
    for contact in (gill, monday.phone("Lena Frost")):
        contact.hears("css_unaccounted", f'Bryn Hollis says: "{words}"', at="10:20")
    await monday.at("10:26")
    monday.phone("Ravi Anand").hears("css_unaccounted", words)
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_words_that_are_a_concern_as_well_go_to_the_lead_alone(monday: Day) -> None:
    """Whoever looks reads that the lead has them."""
    bryn, gill, lena = (monday.phone(n) for n in ("Bryn Hollis", "Gill Marsh", "Lena Frost"))
    await monday.at("09:01")
    bryn.forgets()
    await bryn.says("all in")
    bryn.forgets()
    await monday.at("10:20")
    await bryn.says("femis done one, lasses said she got in a lads car")

    told = gill.hears("css_unaccounted", "Femi O", "wrote is with the safeguarding lead")
    assert "car" not in told.text
    lena.hears("css_concern", "got in a lads car")
    lena.hears("css_unaccounted", "Femi O")
    await bryn.says("femi is back but has bruises on his arm, he wont say")
    assert "bruises" not in " ".join(one.text for one in gill.waiting())
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def femi_is_lost(day: Day) -> None:
    """Everybody was in; at twenty past ten he cannot be found, and whoever is to know has heard."""
    bryn = day.phone("Bryn Hollis")
    await day.at("09:01")
    await bryn.says("all in")
    await day.at("10:20")
    await bryn.says("can't find femi")
    for name in ("Bryn Hollis", "Gill Marsh", "Lena Frost"):
        day.phone(name).forgets()


async def test_who_is_found_by_the_office_is_asked_for_by_name(monday: Day) -> None:
    """The register goes on saying "not accounted for" until somebody there marks the pupil."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await femi_is_lost(monday)
    await gill.says("found him hes back in room 2")

    gill.hears("css_resolved", "The provider has your words as you wrote them.")
    monday.phone("Lena Frost").hears("css_case_over")
    told = bryn.hears("provider_outcome", "back in room 2")
    assert "Once Femi O is with you, text me: Femi O here." in told.text
    await bryn.says("Femi O here")
    bryn.hears("read_back_change", "Femi O in")


async def test_who_is_found_elsewhere_is_not_asked_for(monday: Day) -> None:
    """What the office wrote is the mark."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await femi_is_lost(monday)
    await gill.says("found him, he's at home with mum")

    gill.hears("css_resolved")
    monday.phone("Lena Frost").hears("css_case_over")
    assert "text me" not in bryn.hears("provider_outcome", "at home with mum").text


async def test_who_was_said_to_come_at_eleven_is_told_of_with_the_hour_and_why(
    monday: Day,
) -> None:
    """ "At the dentist till 11": what was said at nine is not lost at half past."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.forgets()
    await bryn.says("all here except femi hes at the dentist till 11 then hes comin in")
    bryn.forgets()
    await monday.at("09:31")

    said = "Femi O said at 09:01 to be coming at 11:00 (appointment), Bryn Hollis."
    gill.hears("css_unaccounted", said, at="09:30")
    hears_the_rest(monday)


def hears_the_rest(day: Day) -> None:
    """What else came is of no interest to the story."""
    for person in day.lists.people.persons:
        day.phone(person.name).forgets()
