"""Parents write: a reason, news, or an alarm."""

from apbot.domain.words import Matter
from apbot.store.cases import list_cases
from tests.stories.day import Day


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
