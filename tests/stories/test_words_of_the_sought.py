"""Words of staff while a child is sought: none is lost, none is doubted, none is another's."""

from apbot.domain.words import Half, Mark, Matter
from apbot.store.cases import list_cases
from apbot.store.registers import list_registers
from tests.stories.day import Day
from tests.stories.test_sought import everybody_forgets


def mark_of(day: Day, pupil: str, half: Half) -> Mark | None:
    """How a pupil of the farm stands at this half of today."""
    with day.house.database.reading() as db:
        registers = list_registers(db, day.on, ["alder-farm"])
    register = next(one for one in registers if one.half is half)
    return next((e.mark for e in register.standing.values() if e.pupil == pupil), None)


def sought(day: Day) -> list[str | None]:
    """Who is looked for."""
    with day.house.database.reading() as db:
        cases = list_cases(db, only_open=True)
    return [case.shown for case in cases if case.matter is Matter.UNACCOUNTED]


async def test_an_answer_about_another_reaches_whoever_looks(monday: Day) -> None:
    """Asked whether Jack is there, Bryn says who was: those who look for Jack read it."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:04")
    await bryn.says("all in bar chloe")
    await monday.phone("Lisa Tanner").says("jack is ill in bed today")
    everybody_forgets(monday)
    await bryn.says("no hes not, that was chloe who came in. sorry")

    answers = " ".join(one.text for one in bryn.waiting())
    assert "All 6 in" not in answers or "Still in doubt: Jack Ta" in answers
    for name in ("Gill Marsh", "Lena Frost"):
        heard = [one for one in monday.phone(name).waiting() if one.script == "css_staff_wrote"]
        assert [one for one in heard if "Jack Ta" in one.text and "no hes not" in one.text]
    everybody_forgets(monday)


async def test_found_somewhere_is_asked_about_and_not_denied(monday: Day) -> None:
    """ "Not found yet" would gainsay who has just found him."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    await bryn.says("all in but cant find femi")
    everybody_forgets(monday)
    await bryn.says("found him, was in the bus shelter having a vape")
    bryn.hears("provider_found_where", "Is Femi O with you now? Reply YES")
    gill.hears("css_staff_wrote", "bus shelter")
    assert sought(monday) == ["Femi O"]
    await bryn.says("yes")
    assert sought(monday) == []
    everybody_forgets(monday)


async def after_lunch(day: Day, morning: str, *more: str) -> None:
    """The morning is in, and the afternoon is asked for."""
    await day.at("09:02")
    for words in (morning, *more):
        await day.phone("Bryn Hollis").says(words)
    await day.at("12:47")
    everybody_forgets(day)


async def test_the_registers_own_jack_is_the_one_who_is_lost(monday: Day) -> None:
    """Jack Tanner is there in the mornings alone: after lunch "jack" is Jack Tully."""
    await after_lunch(monday, "all in")
    await monday.phone("Bryn Hollis").says("all back except jack, wandered off at lunch")
    with monday.house.database.reading() as db:
        pupils = [case.pupil for case in list_cases(db, only_open=True)]
    assert pupils == ["jack-tully"]
    everybody_forgets(monday)


async def test_one_who_left_with_leave_and_is_still_out_is_not_lost(monday: Day) -> None:
    """He went with his father at eleven: that he is out after lunch is no news."""
    await after_lunch(monday, "all in")
    bryn = monday.phone("Bryn Hollis")
    await bryn.says("aiden went at 11 with his dad")
    assert mark_of(monday, "aiden-brown", Half.PM) in (None, Mark.LEFT)
    await bryn.says("chloe and femi still off poorly, aiden still out")
    assert mark_of(monday, "aiden-brown", Half.PM) is Mark.LEFT
    assert sought(monday) == []
    everybody_forgets(monday)


async def test_nobody_is_asked_whether_a_lost_child_is_in(monday: Day) -> None:
    """Words about three who are sought: kept on each, read by those who look, and no question."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await after_lunch(monday, "all in")
    await bryn.says("all back except jack and femi, cant find them")
    everybody_forgets(monday)
    await monday.at("12:50")
    words = "its jack tully not jack tanner, tanner finished at 12. femi was with him like i said"
    await bryn.says(words)

    assert not [one for one in bryn.waiting() if one.script == "ask_rest_present"]
    [heard] = [one for one in gill.waiting() if one.script == "css_staff_wrote"]
    assert "Jack T" in heard.text
    assert "Femi O" in heard.text
    assert words in heard.text
    with monday.house.database.reading() as db:
        cases = list_cases(db, only_open=True)
    assert all(words in [note.words for note in case.notes] for case in cases)
    everybody_forgets(monday)


async def test_who_left_this_morning_left_in_the_mornings_register_too(monday: Day) -> None:
    """Told at dinner time: the morning says that he went at eleven."""
    await monday.at("09:02")
    await monday.phone("Bryn Hollis").says("all in")
    await monday.at("12:40")
    await monday.phone("Bryn Hollis").says("aiden went at 11 with his dad")

    assert mark_of(monday, "aiden-brown", Half.AM) is Mark.LEFT
    assert mark_of(monday, "aiden-brown", Half.PM) in (Mark.LEFT, None)
    everybody_forgets(monday)


async def test_just_one_name_is_about_the_register_too(monday: Day) -> None:
    """Femi is sought since the morning; "just chloe" is asked about, and those who look read it."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await after_lunch(monday, "all in but cant find femi")
    await bryn.says("just chloe")
    [heard] = [one.script for one in bryn.waiting()]
    assert heard.startswith("ask_rephrase")
    gill.hears("css_staff_wrote", "just chloe")
    everybody_forgets(monday)


async def test_who_is_in_doubt_is_no_part_of_all_in(monday: Day) -> None:
    """The register is complete; whose mark a parent disputes is said beside it."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:04")
    await bryn.says("jack tanner, jack tully, aiden, femi and zosia in")
    await monday.phone("Lisa Tanner").says("jack is ill in bed today")
    everybody_forgets(monday)
    await bryn.says("chloe is in")
    bryn.hears("read_back", "All 6 in.", "Still in doubt: Jack Ta. With you, or not?")
    everybody_forgets(monday)
