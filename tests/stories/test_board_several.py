"""Several cases at once on the board: what OK ALL and TELL ALL do by phone."""

from apbot.store.cases import list_cases
from tests.stories.day import Day
from tests.stories.officer import at_the_board

BRYN, GILL, RAVI, FAYE = "Bryn Hollis", "Gill Marsh", "Ravi Anand", "Faye Orrin"


async def test_several_cases_are_taken_and_their_parents_told_at_once(monday: Day) -> None:
    """What OK ALL and TELL ALL do by phone: those that one was told of, and no others."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in bar femi and zofia, no idea why")
    for name in (BRYN, GILL):
        monday.phone(name).forgets()
    async with at_the_board(monday, GILL) as gill, at_the_board(monday, RAVI) as ravi:
        ids = case_ids(monday)
        await gill.sees("/", "Several cases at once")
        await gill.sees("/cases", "Nobody has these yet", "Absent Femi O", "Absent Zosia N")
        refused = await ravi.does("/cases/take", {"case": ids})
        assert refused == "None of them is open any more, or none was ticked."

        said = await gill.does("/cases/take", {"case": ids})
        assert said.startswith("Yours now:")
        said = await gill.does("/cases/tell", {"case": ids}, tell="yes")
        assert said.startswith("Told now: ")
        assert "Femi O" in said
        assert "Zosia N" in said
        shown = await gill.sees("/cases", "End several in one sentence")
        assert "Their parents are not told yet" not in shown
        assert (await gill.sees("/trail")).count("Gill Marsh changed case") == 4
    monday.phone("Joy Okafor").hears("parent_absent")
    monday.phone("Ewa Nowak").hears("parent_absent")
    for name in (RAVI, GILL, BRYN):
        monday.phone(name).forgets()


async def test_several_parents_are_not_told_at_once(monday: Day) -> None:
    """A notice that is kept back waits no more; whoever is not ticked waits still."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in bar femi and zofia, no idea why")
    for name in (BRYN, GILL):
        monday.phone(name).forgets()
    async with at_the_board(monday, GILL) as gill:
        await gill.does("/cases/tell", {"case": case_ids(monday)[:1]}, tell="no")
        shown = await gill.sees("/cases", "Their parents are not told yet")
        assert shown.partition("Their parents")[2].partition("End several")[0].count("Absent") == 1
    monday.phone("Joy Okafor").hears_nothing()
    monday.phone("Ewa Nowak").hears_nothing()


async def test_a_reader_takes_none_of_several(monday: Day) -> None:
    """Whoever only looks is offered nothing, and a form that is made up is refused."""
    await monday.at("09:41")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()
    async with at_the_board(monday, FAYE) as faye:
        assert "Several cases" not in await faye.sees("/")
        for what in ("take", "tell"):
            form = {"case": case_ids(monday), "tell": "yes"}
            assert "for contacts" in await faye.does(f"/cases/{what}", form, status=403)


def case_ids(day: Day) -> list[str]:
    """The ids of all cases, as a form has them."""
    with day.house.database.reading() as db:
        return [str(case.id) for case in list_cases(db)]


async def test_several_cases_end_in_one_sentence(monday: Day) -> None:
    """ "Both ill" by phone ends two; so does one form: each case, its reason, and each provider."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in bar femi and zofia, no idea why")
    for name in (BRYN, GILL):
        monday.phone(name).forgets()
    async with at_the_board(monday, GILL) as gill:
        ids = case_ids(monday)
        await gill.sees("/cases", "End several in one sentence")
        said = await gill.does("/cases/end", {"case": ids}, words=" ")
        assert said == "Write a few words: how they ended."

        said = await gill.does("/cases/end", {"case": ids}, words="rang both homes, both ill")

        assert "over" in said.lower()
        assert "End several in one sentence" not in await gill.sees("/cases")
    with monday.house.database.reading() as db:
        ended = [case for case in list_cases(db) if str(case.id) in ids]
    assert {(str(case.state), str(case.reason)) for case in ended} == {("resolved", "illness")}
    assert {case.resolved_by for case in ended} == {"gill-marsh"}
    told = [heard.text for heard in monday.phone(BRYN).waiting()]
    assert any("Femi O" in text for text in told), told
    assert any("Zosia N" in text for text in told), told
    monday.phone(BRYN).forgets()
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()
