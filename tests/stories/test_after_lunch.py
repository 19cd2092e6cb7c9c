"""After lunch: what the morning said of a pupil is shown, where an "all in" might hide it."""

from tests.stories.day import Day


async def test_the_afternoon_list_says_who_was_off_or_left(monday: Day) -> None:
    """Bryn, at a quarter to one, need not remember who went home at eleven."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:02")
    await bryn.says("all in but chloe, poorly")
    await monday.at("11:02")
    await bryn.says("zosia gone home at 11, felt sick, mum fetched her")
    bryn.forgets()
    await monday.at("12:46")

    prompt = bryn.hears("register_prompt", "2 Chloe D (off this morning, ill)")
    assert "Zosia N (left 11:00, ill)" in prompt.text
    assert "1 Aiden B\n" in prompt.text
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()
