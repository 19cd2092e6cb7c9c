"""Out and back: who went out with leave, and what the morning says of whoever is due later."""

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


async def test_whoever_went_out_with_leave_is_looked_for_when_they_are_due_back(
    monday: Day,
) -> None:
    """Femi was in at nine; his nan has him till eleven, and nobody is alarmed before."""
    bryn, gill, lena = (monday.phone(n) for n in ("Bryn Hollis", "Gill Marsh", "Lena Frost"))
    await monday.at("09:02")
    await bryn.says("all in")
    await monday.at("09:45")
    bryn.forgets()
    await bryn.says("femi's just been picked up by his nan for the dentist, back about 11")
    bryn.hears("read_back_change", "Femi O on the way 11:00 (appointment)")
    gill.hears_nothing()
    await monday.at("11:09")
    gill.hears_nothing()
    await monday.at("11:11")
    gill.hears("css_unaccounted", "Femi O")
    lena.hears("css_unaccounted", "Femi O")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_whoever_is_back_from_an_appointment_did_not_come_late(monday: Day) -> None:
    """Femi was in at nine, and is back at eleven: in, as he was."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    await bryn.says("all in")
    await monday.at("09:45")
    await bryn.says("femi's just been picked up by his nan for the dentist, back about 11")
    bryn.forgets()
    await monday.at("11:03")
    await bryn.says("femi's back, no fillings")
    bryn.hears("read_back_change", "Femi O in")
    gill.hears_nothing()
