"""A provider said that it was shut, and is running after all."""

import pytest

from tests.stories.day import Day


async def shut(day: Day) -> None:
    """Bryn says at three past nine that the farm is shut; Gill has it in hand."""
    bryn, gill = day.phone("Bryn Hollis"), day.phone("Gill Marsh")
    await day.at("09:03")
    await bryn.says("we're shut today, no water")
    await day.at("09:04")
    await gill.says("on it")
    bryn.forgets()
    gill.forgets()


async def test_open_after_all_ends_the_case_and_asks_for_the_register(monday: Day) -> None:
    """ "it can be taken back ('open after all') and the register is then asked for"."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await shut(monday)
    await bryn.says("open after all sorry")
    bryn.hears("register_prompt", "Who is in?")
    gill.hears("css_case_over", "open after all")
    await monday.at("09:11")
    bryn.hears("register_chase")
    await bryn.says("all in")
    bryn.hears("read_back", "All 6 in.")


async def test_silence_after_it_is_a_missing_register(monday: Day) -> None:
    """What falls due for it falls due as ever."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await shut(monday)
    await bryn.says("water is back on, we are open")
    bryn.forgets()
    gill.forgets()
    await monday.at("09:31")
    gill.hears("css_register_missing", at="09:30")
    bryn.forgets()
    monday.phone("Owen Crake").forgets()


@pytest.mark.parametrize(
    "words", ["hoping to open later", "not open yet", "might be open this pm", "are you open?"]
)
async def test_what_leaves_it_in_doubt_changes_nothing(monday: Day, words: str) -> None:
    """The CSS is finding a place for the pupils: it must not be told in error that it need not."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await shut(monday)
    await bryn.says(words)
    assert not [heard for heard in gill.waiting() if heard.script == "css_case_over"]
    bryn.forgets()
    gill.forgets()


async def test_said_before_the_start_it_is_asked_for_at_the_start(monday: Day) -> None:
    """Nobody is asked before there is anything to see."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("08:56")
    await bryn.says("we're shut today, no water")
    await monday.at("08:57")
    bryn.forgets()
    gill.forgets()
    await bryn.says("open after all")
    bryn.hears("provider_open_noted", "I ask who is in at 09:00")
    gill.hears("css_case_over")
    await monday.at("09:01")
    bryn.hears("register_prompt", at="09:00")
