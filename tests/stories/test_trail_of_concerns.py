"""What was said of a concern stays with those who may read it, in the trail as elsewhere."""

from tests.stories.day import Day
from tests.stories.officer import at_the_board


def forget(day: Day) -> None:
    """What came to phones so far is of no interest."""
    for person in day.lists.people.persons:
        day.phone(person.name).forgets()


async def test_the_trail_tells_the_office_that_a_concern_was_noted_and_not_the_words(
    monday: Day,
) -> None:
    """Gill keeps the lists and sees who did what; the words are the leads'."""
    await monday.at("09:02")
    await monday.phone("Bryn Hollis").says("all in. chloe has bruises on her arm")
    forget(monday)
    async with at_the_board(monday, "Lena Frost") as lena:
        await lena.does(f"{lena.case('concern')}/note", words="rang her social worker")
    forget(monday)
    async with at_the_board(monday, "Gill Marsh") as gill:
        page = await gill.sees("/trail", "Lena Frost changed case")
        saved = await gill.client.post("/trail/save", data={"csrf": gill.csrf})

    assert "social worker" not in page
    assert "Lena Frost,changed,case" in saved.text
    assert "social worker" not in saved.text
    forget(monday)
