"""Contacts among themselves: who has it, will you take it, and words that are for the bot alone."""

from apbot.domain.cases import Case, CaseState
from apbot.domain.words import Matter
from apbot.store.cases import list_cases
from tests.stories.day import Day
from tests.stories.test_disputed import hears_the_rest


def case_of(day: Day, shown: str) -> Case:
    """The latest case of a pupil."""
    with day.house.database.reading() as db:
        return [case for case in list_cases(db) if case.shown == shown][-1]


async def two_are_off(day: Day) -> None:
    """Femi and Chloe are away; why is not known."""
    await day.at("09:04")
    await day.phone("Bryn Hollis").says("all in but femi and chloe")
    hears_the_rest(day)


async def test_who_has_it_is_answered_and_kept_nowhere(monday: Day) -> None:
    """Nobody; and then whoever took it, since when."""
    gill, ravi = monday.phone("Gill Marsh"), monday.phone("Ravi Anand")
    await two_are_off(monday)
    await monday.at("09:34")
    hears_the_rest(monday)
    ref = case_of(monday, "Femi O").ref
    await ravi.says("has anyone got femi?")
    ravi.hears("css_who_has", f"{ref} Femi O (Alder Farm): nobody has it yet.")
    assert case_of(monday, "Femi O").notes == ()
    await gill.says(f"ok {ref}")
    hears_the_rest(monday)
    await monday.at("09:36")
    await ravi.says(f"who has {ref}?")
    ravi.hears("css_who_has", "Gill Marsh has it since 09:34")
    assert case_of(monday, "Femi O").notes == ()


async def test_a_colleague_who_is_asked_to_take_one_hears_of_it(monday: Day) -> None:
    """Ravi is asked, with an OK to tap; it is nobody's till he says so."""
    gill, ravi = monday.phone("Gill Marsh"), monday.phone("Ravi Anand")
    await two_are_off(monday)
    ref = case_of(monday, "Femi O").ref
    await gill.says(f"ravi can you take {ref} im on the phone to cog lane")

    ravi.hears("css_asked_to_take", "Gill Marsh asks you to take", f"{ref} Femi O", "cog lane")
    gill.hears("css_colleague_asked", "I have asked Ravi Anand to take", ref)
    assert case_of(monday, "Femi O").state is CaseState.TOLD
    await ravi.says(f"ok {ref}")
    assert case_of(monday, "Femi O").acknowledged_by == "ravi-anand"
    ravi.hears("css_taken")
    gill.hears("css_taken_by", "Ravi Anand has it")


async def test_what_else_is_said_beside_the_asking_counts(monday: Day) -> None:
    """Chloe is Gill's; Ravi is asked for Femi."""
    gill, ravi = monday.phone("Gill Marsh"), monday.phone("Ravi Anand")
    await two_are_off(monday)
    await gill.says("ok chloe, ravi can you do femi")
    ravi.hears("css_asked_to_take", "Femi O")
    assert case_of(monday, "Chloe D").acknowledged_by == "gill-marsh"
    assert case_of(monday, "Femi O").acknowledged_by == ""
    hears_the_rest(monday)


async def test_a_word_to_the_bot_is_no_answer_to_a_parent(monday: Day) -> None:
    """ "ALL" after "Which one?" takes them all on; no parent reads it, nor any other bare word."""
    gill, sam = monday.phone("Gill Marsh"), monday.phone("Sam Brown")
    await two_are_off(monday)
    await sam.says("has aiden got his boots with him?")
    hears_the_rest(monday)
    await gill.says("on it, ringing bryn")
    gill.hears("css_which_case")
    await gill.says("ALL")
    with monday.house.database.reading() as db:
        cases = list_cases(db, only_open=True)
    assert {case.acknowledged_by for case in cases} == {"gill-marsh"}
    assert not sam.waiting()
    hears_the_rest(monday)
    [question] = [case for case in cases if case.matter is Matter.QUESTION]
    for word in ("yes", "2", question.ref, "all"):
        await gill.says(f"{word} {question.ref}")
        assert not sam.waiting(), word
    hears_the_rest(monday)
    await gill.says(f"{question.ref} yes he has")
    sam.hears("answer", "yes he has")
    hears_the_rest(monday)


async def test_i_have_femi_may_mean_the_child_or_the_case(monday: Day) -> None:
    """Which of the two decides whether anybody goes on looking: it is asked, and nothing ends."""
    gill = monday.phone("Gill Marsh")
    await monday.at("09:04")
    await monday.phone("Bryn Hollis").says("all in but cant find femi")
    hears_the_rest(monday)
    await gill.says("i have femi")
    ref = case_of(monday, "Femi O").ref
    gill.hears("css_with_you", f"FOUND {ref}", f"OK {ref}")
    assert case_of(monday, "Femi O").state is CaseState.TOLD
    await gill.says(f"FOUND {ref}")
    assert not case_of(monday, "Femi O").is_open
    hears_the_rest(monday)
