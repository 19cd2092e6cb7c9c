"""How cases end, and what stands afterwards: the register says what the CSS found out."""

from apbot.domain.words import Mark, Reason
from apbot.store.registers import list_registers
from tests.stories.day import Day


def standing(day: Day, half: str) -> dict[str, tuple[Mark | None, Reason | None, str]]:
    """What stands at Alder Farm, by pupil: the mark, the reason, and who said it."""
    with day.house.database.reading() as db:
        register = next(
            one for one in list_registers(db, day.on, ["alder-farm"]) if one.half == half
        )
    return {
        line.shown: (entry.mark, entry.reason, entry.by_name)
        for line in register.roster
        if (entry := register.standing.get(line.number))
    }


async def test_the_reason_that_the_css_found_out_stands_on_the_register(monday: Day) -> None:
    """An entry by the contact; the provider's next read-back says so, and no new case is opened."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    bryn.hears("register_prompt")
    await bryn.says("all in except femi, no idea why")
    bryn.hears("read_back")
    gill.hears("css_absences", "Femi O, reason not known")
    await gill.says("spoke to mum, he's got a temperature. done")
    gill.hears("css_resolved")
    bryn.hears("provider_outcome")

    assert standing(monday, "AM")["Femi O"] == (Mark.ABSENT, Reason.ILLNESS, "Gill Marsh")
    await bryn.says("aiden was late")
    bryn.hears("read_back_change", "1 off")
    bryn.shows("Femi O: off (ill)")
    await monday.at("10:00")


async def test_a_child_who_was_found_at_home_is_no_longer_unaccounted(monday: Day) -> None:
    """The register says absent, with a reason; the search is no new absence to follow up."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    bryn.hears("register_prompt")
    await bryn.says("all in but cant find femi")
    bryn.forgets()
    gill.hears("css_unaccounted", "Femi O")
    monday.phone("Lena Frost").hears("css_unaccounted")
    await gill.says("found him, he's at home")
    gill.hears("css_resolved")
    monday.phone("Lena Frost").hears("css_case_over")
    bryn.hears("provider_outcome")

    assert standing(monday, "AM")["Femi O"] == (Mark.ABSENT, Reason.OTHER, "Gill Marsh")
    await bryn.says("aiden was late")
    bryn.hears("read_back_change", "1 off")
    await monday.at("10:00")


async def test_done_alone_enters_nothing(monday: Day) -> None:
    """Where the child is was not said: what the provider said stands."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    await bryn.says("all in but cant find femi")
    await gill.says("done")

    assert standing(monday, "AM")["Femi O"] == (Mark.UNACCOUNTED, None, "Bryn Hollis")
    for name in ("Bryn Hollis", "Gill Marsh", "Lena Frost"):
        monday.phone(name).forgets()


async def test_done_ends_a_question_and_is_no_answer(monday: Day) -> None:
    """Words beyond it are sent."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    bryn.hears("register_prompt")
    await bryn.says("all in. can you send the risk assessment please?")
    bryn.forgets()
    gill.hears("css_question")

    await gill.says("done, thanks")

    gill.hears("css_resolved")
    bryn.hears_nothing()


async def test_words_beyond_done_are_an_answer(monday: Day) -> None:
    """The asker hears them as they were typed."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    await bryn.says("all in. can you send the risk assessment please?")
    bryn.forgets()
    gill.hears("css_question")

    await gill.says("done, emailed it just now")

    gill.hears("css_resolved")
    bryn.hears("answer", "emailed it just now")


async def test_whoever_was_ill_in_the_morning_need_not_be_ill_twice(monday: Day) -> None:
    """The morning's reason explains the afternoon: told, and nothing to do."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    bryn.hears("register_prompt")
    await bryn.says("all in except femi, he's ill")
    bryn.hears("read_back")
    gill.hears("css_absences_explained", "Femi O, ill")
    await monday.at("12:50")
    bryn.hears("register_prompt")
    await bryn.says("all in except femi")
    bryn.hears("read_back")

    gill.hears("css_absences_explained", "Femi O, ill, as this morning")
    assert standing(monday, "PM")["Femi O"][:2] == (Mark.ABSENT, None)


async def test_who_did_not_come_back_was_last_seen_this_morning(monday: Day) -> None:
    """The alarm says when, and by whom."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    bryn.hears("register_prompt")
    await bryn.says("all in")
    bryn.hears("read_back")
    await monday.at("12:50")
    bryn.hears("register_prompt")
    await bryn.says("all in except femi")

    gill.hears("css_unaccounted", "Femi O last marked in at 09:02 this morning by Bryn Hollis.")
    monday.phone("Lena Frost").forgets()
    bryn.forgets()


async def test_one_who_is_not_back_yet_is_asked_for_by_name(monday: Day) -> None:
    """ALL IN is no answer about one pupil."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:02")
    bryn.hears("register_prompt")
    await bryn.says("aiden, chloe, both jacks and zofia are in")
    bryn.forgets()
    await monday.at("09:11")

    bryn.hears("register_chase_one", "no mark yet for Femi O. Reply with the name and in, late")
    await bryn.says("femi in")
    bryn.hears("read_back")


async def test_that_it_was_the_other_jack_is_told_to_whoever_was_told_of_the_first(
    monday: Day,
) -> None:
    """An explained absence asks for nothing; that it never was one must be said all the same."""
    await monday.at("09:00")
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    bryn.forgets()
    await bryn.says("all in but jack tanner, poorly")
    bryn.forgets()
    gill.hears("css_absences_explained", "Jack Ta, ill")
    await monday.at("09:12")
    await bryn.says("sorry that was wrong, its jack tully thats poorly not tanner, tanner is here")
    bryn.forgets()
    await monday.at("09:14")

    heard = gill.waiting()
    said = " ".join(one.text for one in heard)
    assert "K1 Jack Ta (Alder Farm) is in after all: Bryn Hollis, 09:12." in said
    assert "Jack Tu, ill" in said
    gill.forgets()
    await bryn.says("tanner is here, and a happy boy")
    await monday.at("09:30")
    gill.hears_nothing()
    bryn.forgets()


async def test_what_was_explained_and_put_right_before_it_was_told_troubles_nobody(
    monday: Day,
) -> None:
    """Nobody need hear that he is in after all who never heard that he was off."""
    await monday.at("09:00")
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    bryn.forgets()
    monday.telegram.type_text(monday.chats["bryn-hollis"], "all in but femi, ill")
    monday.telegram.type_text(monday.chats["bryn-hollis"], "my mistake, femi is in")
    await monday.settle()

    bryn.forgets()
    gill.hears_nothing()
