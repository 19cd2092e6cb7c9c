"""What is typed on the board is read as it is by phone: a concern goes to the leads."""

import pytest

from apbot.domain.words import Matter
from apbot.store.cases import list_cases
from tests.stories.day import Day
from tests.stories.officer import at_the_board

BRYN, GILL, LENA, RAVI = "Bryn Hollis", "Gill Marsh", "Lena Frost", "Ravi Anand"
PASSED_ON = "Your words have gone to the safeguarding lead too, just as you wrote them."
HIDDEN = "(only the safeguarding lead may read this)"
WORDS = "his stepdad hit him on sunday"


async def femi_is_away(day: Day) -> None:
    """Nobody knows why, and Gill was told."""
    await day.at("09:02")
    await day.phone(BRYN).says("all in bar femi, no idea why")
    forget(day)


def forget(day: Day) -> None:
    """What came to phones so far is of no interest."""
    for person in day.lists.people.persons:
        day.phone(person.name).forgets()


def opened(day: Day) -> list[Matter]:
    """The matters of the open cases."""
    with day.house.database.reading() as db:
        return [case.matter for case in list_cases(db, only_open=True)]


async def test_an_outcome_that_is_a_concern_is_the_leads_and_nobody_elses(monday: Day) -> None:
    """As by phone: the lead reads it word for word, the farm hears that it was followed up."""
    await femi_is_away(monday)
    async with at_the_board(monday, GILL) as gill:
        case = gill.case("absence")
        said = await gill.does(f"{case}/end", words=f"spoke to mum, he's ill. {WORDS}")
        assert PASSED_ON in said
        assert "stepdad" not in await gill.sees(case, "Over", HIDDEN)
        assert "stepdad" not in await gill.sees("/trail", "Gill Marsh changed case")
        assert "stepdad" not in await gill.sees(gill.register())

    monday.phone(LENA).hears("css_concern", WORDS, "Gill Marsh 07700 900201", "Alder Farm")
    assert "stepdad" not in monday.phone(BRYN).hears("provider_outcome", "Femi O").text
    assert opened(monday) == [Matter.CONCERN]
    assert [text.script for text in monday.phone(GILL).waiting()] == []
    forget(monday)


async def test_a_note_that_is_a_concern_leaves_its_case_open(monday: Day) -> None:
    """Two cases: the absence that is Gill's, and the lead's."""
    await femi_is_away(monday)
    async with at_the_board(monday, GILL) as gill:
        case = gill.case("absence")
        assert PASSED_ON in await gill.does(f"{case}/note", words=f"mum says {WORDS}")
        assert "stepdad" not in await gill.sees(case, HIDDEN)

    monday.phone(LENA).hears("css_concern", "from Alder Farm, about Femi O, word for word:", WORDS)
    assert opened(monday) == [Matter.ABSENCE, Matter.CONCERN]


async def test_a_note_that_the_child_set_out_begins_the_search(monday: Day) -> None:
    """As by phone: the absence is a child who is not accounted for, and the farm is asked."""
    await femi_is_away(monday)
    async with at_the_board(monday, GILL) as gill:
        words = "mum says he left the house at half eight"
        await gill.does(f"{gill.case('absence')}/note", words=words)

    monday.phone(LENA).hears("css_parent_alarm", "Femi O", words)
    monday.phone(BRYN).hears("provider_set_out", "Femi O")
    assert opened(monday) == [Matter.UNACCOUNTED]
    forget(monday)


async def test_news_of_a_search_is_no_case_of_its_own(monday: Day) -> None:
    """The lead has that case already: she reads what is new of it."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in, cant find femi")
    forget(monday)
    async with at_the_board(monday, GILL) as gill:
        await gill.does(f"{gill.case('unaccounted')}/note", words="police have been called")

    monday.phone(LENA).hears("css_staff_wrote", "police have been called")
    assert opened(monday) == [Matter.UNACCOUNTED]
    forget(monday)


async def test_words_beside_a_hand_over_are_heeded(monday: Day) -> None:
    """The colleague hears that it is theirs, and not the words."""
    await femi_is_away(monday)
    async with at_the_board(monday, GILL) as gill:
        form = {"to": "ravi-anand", "words": WORDS}
        said = await gill.does(f"{gill.case('absence')}/hand", form)
        assert "is Ravi Anand's now." in said
        assert PASSED_ON in said

    assert "stepdad" not in monday.phone(RAVI).hears("css_handed_over", "Gill Marsh").text
    monday.phone(LENA).hears("css_concern", WORDS)
    forget(monday)


async def test_a_reason_on_a_register_is_heeded(monday: Day) -> None:
    """It stays in the history, for those who may read it."""
    await femi_is_away(monday)
    async with at_the_board(monday, GILL) as gill, at_the_board(monday, LENA) as lena:
        form = {"mark-2": "left", "why": "gone to A&E, she cut her arm on purpose"}
        said = await gill.does(f"{gill.register()}/mark", form)
        assert said.startswith("Kept: 1 mark.")
        assert PASSED_ON in said
        assert "on purpose" not in await gill.sees(gill.register(), "A concern: the safeguarding")
        assert "on purpose" not in await gill.sees("/trail", "Gill Marsh changed")
        await lena.sees(lena.register(), "on purpose")

    monday.phone(LENA).hears("css_concern", "cut her arm on purpose", "Alder Farm")
    assert Matter.CONCERN in opened(monday)
    forget(monday)


async def test_a_reason_on_a_register_of_another_day_is_heeded(monday: Day) -> None:
    """Nobody is looked for because of a day that is over; a concern is of today."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in")
    async with at_the_board(monday, GILL) as gill:
        path = gill.register()
        await monday.until(monday.clock.now().replace(day=24, hour=8, minute=0))
        forget(monday)
        async with at_the_board(monday, RAVI) as ravi:
            said = await ravi.does(f"{path}/mark", {"mark-3": "absent"}, why=WORDS)
            assert PASSED_ON in said
    monday.phone(LENA).hears("css_concern", WORDS)


async def test_why_a_session_does_not_run_is_heeded(monday: Day) -> None:
    """The staff hear that it is closed, and no word of why."""
    await monday.at("09:02")
    forget(monday)
    async with at_the_board(monday, GILL) as gill:
        said = await gill.does(f"{gill.register()}/close", words="a man came in with a knife")
        assert said.startswith("Closed.")
        assert PASSED_ON in said
        assert "knife" not in await gill.sees(gill.case("closed"), HIDDEN)
    monday.phone(LENA).hears("css_concern", "knife")
    forget(monday)


@pytest.mark.parametrize("path", ["/people/write", "/providers/alder-farm/note"])
async def test_a_text_and_a_note_about_a_child_are_heeded(monday: Day, path: str) -> None:
    """Whoever it is written to reads it, and so does the lead."""
    words = "please keep an eye on Femi, he has bruises on his arm"
    async with at_the_board(monday, GILL) as gill:
        said = await gill.does(path, {"to": "bryn-hollis", "words": words, "first": "2026-11-23"})
        assert PASSED_ON in said
        assert "bruises" not in await gill.sees("/trail", "Gill Marsh changed")
        if path == "/people/write":
            assert "bruises" not in await gill.sees("/providers/alder-farm", "Written lately")
    monday.phone(LENA).hears("css_concern", words, "Alder Farm")
    assert words in monday.phone(BRYN).waiting()[0].text
    forget(monday)


async def test_words_that_are_no_concern_raise_none(monday: Day) -> None:
    """A flood would teach people to look away."""
    await femi_is_away(monday)
    async with at_the_board(monday, GILL) as gill:
        said = await gill.does(f"{gill.case('absence')}/note", words="rang mum, no answer")
        assert "safeguarding" not in said
        assert "take it on here" in said
        assert "Reply OK" not in said
        await gill.does("/people/write", to="bryn-hollis", words="Femi's taxi is late")
        await gill.sees(gill.case("absence"), "rang mum, no answer")
    monday.phone(LENA).hears_nothing()
    assert opened(monday) == [Matter.ABSENCE]
    forget(monday)


async def test_what_the_lead_types_is_told_to_nobody(monday: Day) -> None:
    """She knows it already: no case is opened for the one who would hear of it."""
    await femi_is_away(monday)
    async with at_the_board(monday, LENA) as lena:
        said = await lena.does(f"{lena.case('absence')}/note", words=f"mum says {WORDS}")
    assert PASSED_ON not in said
    assert opened(monday) == [Matter.ABSENCE]
    forget(monday)


async def test_an_outcome_that_names_anothers_pupil_is_not_told_to_the_provider(
    monday: Day,
) -> None:
    """As by phone: a farm does not read of a child whom it does not have."""
    await femi_is_away(monday)
    async with at_the_board(monday, GILL) as gill:
        await gill.does(f"{gill.case('absence')}/end", words="ill, so is Kai")
    assert "Kai" not in monday.phone(BRYN).hears("provider_outcome", "Femi O").text
    forget(monday)


async def test_a_child_found_elsewhere_is_off_the_register_as_by_phone(monday: Day) -> None:
    """The words say where: nobody need choose a reason for the register to know of it."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in, cant find femi")
    forget(monday)
    async with at_the_board(monday, GILL) as gill:
        await gill.does(f"{gill.case('unaccounted')}/end", words="found him, he is at home")
        await gill.sees(gill.register(), "off (other reason)", "found him, he is at home")
    forget(monday)


async def test_a_worry_without_a_case_is_told_on_the_childs_own_page(monday: Day) -> None:
    """As by phone, where it is told of no case; no word of it need be one that the bot knows."""
    async with at_the_board(monday, GILL) as gill, at_the_board(monday, LENA) as lena:
        found = await gill.client.post("/find", data={"csrf": gill.csrf, "name": "femi okafor"})
        pupil = "/pupils/" + found.text.split('href="/pupils/')[1].split('"')[0]
        await gill.sees(pupil, "Worried about them?")
        said = await gill.does(f"{pupil}/worry", words="he flinches when his uncle is named")
        assert said.startswith(PASSED_ON)
        for path in (pupil, "/", "/trail"):
            assert "flinches" not in await gill.sees(path)
        await lena.sees("/", "Concern Femi O (Alder Farm)")
        await lena.sees(lena.case("concern"), "he flinches when his uncle is named")
    monday.phone(LENA).hears(
        "css_concern", "from Alder Farm, about Femi O", "flinches", "Gill Marsh 07700 900201"
    )
    assert opened(monday) == [Matter.CONCERN]


async def test_a_note_on_the_lists_is_heeded_too(monday: Day) -> None:
    """However the office writes it: the provider is told it, and the lead."""
    words = "Femi has bruises on his arm, keep an eye"
    async with at_the_board(monday, GILL) as gill:
        form = {"provider": "alder-farm", "from": "23 Nov 2026", "note": words}
        said = await gill.does("/lists/notes/new", form)
        assert said.startswith("Kept: 1 row.")
        assert PASSED_ON in said
        form = {"provider": "alder-farm", "from": "24 Nov 2026", "note": "fire drill at 11"}
        assert await gill.does("/lists/notes/new", form) == "Kept: 1 row."
    monday.phone(LENA).hears("css_concern", words, "Alder Farm")
    forget(monday)
