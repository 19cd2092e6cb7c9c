"""Several things at once for one contact: one text, and none of them forgotten."""

from datetime import timedelta

from apbot.store.outbox import TOLD_IN_ANOTHER
from apbot.store.said import list_outbox
from tests.stories.day import Day


async def test_registers_missing_at_one_time_are_one_text(town: Day) -> None:
    """Ten providers, ten cases, one text: a flood teaches people to look away."""
    await town.at("09:30")
    gill = town.phone("Gill Marsh")
    texts = [heard for heard in gill.waiting() if heard.script.startswith("css_")]

    (text,) = [heard for heard in texts if heard.clock.startswith("09:30")]
    assert text.script == "css_several"
    lines = text.text.splitlines()[1:-1]
    assert len(lines) > 1
    assert all("register from" in line for line in lines)
    assert f"{len(lines)} things:" in text.text
    assert len(text.keys) == len(lines)


async def test_ok_all_takes_on_everything_that_was_told_at_once(town: Day) -> None:
    """One word for all of them."""
    await town.at("09:30")
    gill = town.phone("Gill Marsh")
    count = len(gill.waiting()[-1].keys)
    gill.forgets()

    await gill.says("ok all")

    text = gill.hears("css_taken_several", "Yours now:")
    assert len(text.text.splitlines()) == count + 2
    gill.hears_nothing()


async def test_a_child_not_accounted_for_waits_for_no_other(monday: Day) -> None:
    """It goes at once, and what waits goes with it."""
    await monday.at("09:05")
    monday.phone("Bryn Hollis").forgets()
    await monday.phone("Bryn Hollis").says("zofia off. cant find femi. rest in")

    (text,) = [h for h in monday.phone("Gill Marsh").waiting() if h.script == "css_several"]
    assert text.clock == "09:05:00"
    for name in ("Gill Marsh", "Bryn Hollis", "Lena Frost"):
        monday.phone(name).forgets()
    assert text.text.index("NOT ACCOUNTED FOR") < text.text.index("Zosia N")


async def test_a_number_answers_which_one(town: Day) -> None:
    """Said of nobody, asked of which, answered with one digit: nothing is typed again."""
    await town.at("09:30")
    gill = town.phone("Gill Marsh")
    refs = [label.split(": ")[1] for label in gill.waiting()[-1].keys]
    gill.forgets()

    await gill.says("on it")
    gill.hears("css_which_case", f"2. {refs[1]}")
    await gill.says("2")

    gill.hears("css_taken", f"{refs[1]} is yours")


async def test_all_answers_which_one_with_each_of_them(town: Day) -> None:
    """ "ALL", "all of em": what was said before is done for every one that was offered."""
    await town.at("09:30")
    gill = town.phone("Gill Marsh")
    count = len(gill.waiting()[-1].keys)
    gill.forgets()
    await gill.says("on it, ringing them")
    gill.hears("css_which_case", "or ALL")

    await gill.says("all of em")

    text = gill.hears("css_taken_several", "Yours now:")
    assert len(text.text.splitlines()) == count + 2


async def test_all_alone_takes_on_everything_that_is_open(town: Day) -> None:
    """Nothing was asked, and what was told is plain: the word is of all of them."""
    await town.at("09:30")
    gill = town.phone("Gill Marsh")
    count = len(gill.waiting()[-1].keys)
    gill.forgets()

    await gill.says("ALL")

    text = gill.hears("css_taken_several", "Yours now:")
    assert len(text.text.splitlines()) == count + 2


async def test_a_number_that_answers_nothing_is_no_choice(town: Day) -> None:
    """Nothing was asked: a digit takes nothing on."""
    await town.at("09:30")
    gill = town.phone("Gill Marsh")
    gill.forgets()

    await gill.says("2")

    gill.hears("css_which_case")


async def test_a_concern_that_waits_to_be_sent_is_never_swallowed_by_what_comes_next(
    monday: Day,
) -> None:
    """ "word for word, to the safeguarding lead at once": only lines are gathered, never texts."""
    await monday.at("09:05")
    bryn, lena = monday.phone("Bryn Hollis"), monday.phone("Lena Frost")
    for text in ("worried about chloe, bruise on her arm", "cant find femi"):
        monday.telegram.type_text(monday.chats["bryn-hollis"], text)
    await monday.telegram.idle()
    await monday.settle()

    lena.hears("css_concern", "bruise on her arm")
    lena.hears("css_unaccounted", "Femi O")
    for name in ("Gill Marsh", "Bryn Hollis"):
        monday.phone(name).forgets()
    assert bryn.waiting() == []


async def test_several_outcomes_in_one_message_are_one_text_to_each(town: Day) -> None:
    """Who wrote, who was told and the provider hear once of what one message said of several."""
    ken, gill = town.phone("Ken Ridley"), town.phone("Gill Marsh")
    await town.at("09:17")
    town.only("cog-lane")
    await ken.says("ellis and jade in, andrei guri and tommo off")
    await town.at("09:20")
    ken.forgets()
    gill.forgets()

    await gill.says("andrei overslept, done; guri is at the dentist")

    gill.hears("css_resolved_several", "Andrei P", "Guri S")
    gill.hears_nothing()
    text = ken.hears("provider_outcome", "Andrei P and Guri S (Cog Lane Garage): andrei overslept")
    assert text.text.count("overslept") == 1
    ken.hears_nothing()


async def test_a_contact_s_words_that_name_a_pupil_of_another_place_stay_with_the_css(
    town: Day,
) -> None:
    """Never another provider's child to a provider: it hears that its own is followed up."""
    ken, gill = town.phone("Ken Ridley"), town.phone("Gill Marsh")
    await town.at("09:17")
    town.only("cog-lane")
    await ken.says("all in but tommo")
    await town.at("09:20")
    ken.forgets()
    gill.forgets()

    await gill.says("tommo is ill like Femi, same bug. done")

    gill.hears("css_resolved")
    text = ken.hears("provider_outcome", "followed up (illness)")
    assert "femi" not in text.text.lower()


async def test_a_cause_that_was_told_within_another_text_is_told(town: Day) -> None:
    """What was joined to another text keeps its cause: the same is not told once more."""
    await town.at("09:46")
    with town.house.database.reading() as db:
        rows = list_outbox(db)
    joined = [row for row in rows if row.says == TOLD_IN_ANOTHER]
    assert joined
    for row in joined:
        went = [one for one in rows if one.address == row.address and one.sent_at is not None]
        assert any(set(row.case_refs) <= set(one.case_refs) for one in went)


async def test_what_is_over_before_its_text_has_left_is_not_told_backwards(monday: Day) -> None:
    """Nobody hears that it is over, and a minute later that it began."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:02")
    await bryn.says("all in except femi, no idea why")
    await monday.at("09:02:10")
    gill.hears("css_absences", "Femi O")
    await bryn.says("can zofia's taxi come at two today please?")
    await bryn.says("aiden is off too, no idea why")
    await bryn.says("sorry, aiden is here")
    bryn.forgets()
    await monday.at("09:04")

    heard = [text.text for text in gill.waiting()]
    gill.forgets()
    assert not any("Aiden B" in text for text in heard if "is over" in text)


async def test_outcomes_that_are_wanted_at_one_time_are_one_text(town: Day) -> None:
    """Who took ten cases on in one word is asked of all in one text, and may answer by ref."""
    await town.at("09:30")
    gill = town.phone("Gill Marsh")
    count = len(gill.waiting()[-1].keys)
    gill.forgets()
    await gill.says("ok all")
    gill.forgets()
    await town.at("10:01")

    (asked,) = [heard for heard in gill.waiting() if "outcome" in heard.script]
    lines = asked.text.splitlines()[1:-1]
    assert asked.script == "css_several_outcomes"
    assert len(lines) == count > 1
    assert all(line.endswith(": how did it end?") for line in lines)
    first, second = (line.split()[0] for line in lines[:2])
    gill.forgets()

    await gill.says(f"{first} they have sent it now, {second} done")

    gill.hears("css_resolved_several", first, second)


async def test_an_outcome_and_a_new_case_at_one_time_are_one_text(town: Day) -> None:
    """What is new can be taken on by the words with which the text ends."""
    town.only("alder-farm", "southpaw")
    await town.at("09:30")
    gill = town.phone("Gill Marsh")
    gill.forgets()
    await gill.says("ok all")
    gill.forgets()
    await town.at("10:00")
    await town.phone("Bryn Hollis").says("femi refusing to come")
    await town.at("10:02")

    texts = [heard for heard in gill.waiting() if heard.script.startswith("css_")]
    (both,) = [heard for heard in texts if "how did it end?" in heard.text]
    assert both.script == "css_several"
    assert "Femi O, refusing" in both.text
    gill.forgets()


async def test_what_is_over_by_other_words_is_told_no_more(town: Day) -> None:
    """An absence that waited to be told is a child not accounted for: it is not told as well."""
    town.only("alder-farm")
    await town.at("09:02")
    bryn, gill = town.phone("Bryn Hollis"), town.phone("Gill Marsh")
    await town.phone("Joy Okafor").says("is femi ok?")
    await town.until(town.clock.now() + timedelta(seconds=2))
    await bryn.says("all in but femi, no idea why")
    await town.phone("Joy Okafor").says("he left at half eight!")
    await town.at("09:05")

    told = [heard.text for heard in gill.waiting() if heard.script.startswith("css_")]
    assert len([text for text in told if "NOT ACCOUNTED FOR" in text and "Femi O" in text]) == 1
    assert not any("away:" in text for text in told)


async def test_who_says_open_after_all_with_the_register_is_not_asked_again(town: Day) -> None:
    """All that was left over of the words is that it is open."""
    ken = town.phone("Ken Ridley")
    await town.at("09:16")
    await ken.says("we're shut today, boiler's gone")
    ken.forgets()

    await ken.says("actually open after all, heating's back. ellis jade andrei guri tommo all here")

    ken.hears("read_back", "All 5 in")


async def test_whom_to_ring_for_three_lost_children_is_said_once(monday: Day) -> None:
    """Still nobody has them in hand: one text, a line a child, and one number to ring."""
    await monday.at("09:05")
    await monday.phone("Bryn Hollis").says("zofia off. cant find femi, aiden or chloe. rest in")
    gill = monday.phone("Gill Marsh")
    gill.forgets()
    await monday.at("09:16")

    text = next(h for h in gill.waiting() if "STILL NOT ACCOUNTED FOR" in h.text)
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()

    assert [text.text.count(name) for name in ("Femi O", "Aiden B", "Chloe D")] == [1, 1, 1]
    assert text.text.count("Ring Bryn Hollis") == 1, text.text


async def test_lost_children_are_said_again_at_most_once_a_minute(town: Day) -> None:
    """The alarm itself waits for nothing; saying so again must not become a flood."""
    town.only("alder-farm", "cog-lane")
    await town.at("09:00:10")
    await town.phone("Bryn Hollis").says("all in")
    await town.phone("Ken Ridley").says("all in")
    gill = town.phone("Gill Marsh")
    lost = {"09:40": "femi", "09:40:10": "aiden", "09:40:20": "chloe"}
    for moment, name in lost.items():
        await town.at(moment)
        await town.phone("Bryn Hollis").says(f"cant find {name}")
    await town.at("09:40:30")
    await town.phone("Ken Ridley").says("cant find tommo")
    first = [h.clock for h in gill.waiting() if h.text.startswith("NOT ACCOUNTED FOR")]
    assert first == ["09:40:00", "09:40:10", "09:40:20", "09:40:30"]
    gill.forgets()

    await town.at("09:52")

    again = [h for h in gill.waiting() if "STILL NOT ACCOUNTED FOR" in h.text]
    assert [h.clock for h in again] == ["09:50:05", "09:51:00"]
    said = "".join(h.text for h in again)
    assert said.count("STILL NOT ACCOUNTED FOR") == 4
    assert all(name in said for name in ("Femi O", "Aiden B", "Chloe D", "Tommo T"))
    for person in town.lists.people.persons:
        town.phone(person.name).forgets()
