"""An officer teaches the bot a word that a provider used, and the next reply is understood."""

import re
from dataclasses import replace

from apbot.desk.desk import ListsShelf
from apbot.store.trail import list_trail
from tests.stories.day import Day
from tests.stories.officer import Officer, at_the_board

GILL, FAYE, BRYN, OWEN = "Gill Marsh", "Faye Orrin", "Bryn Hollis", "Owen Crake"
ABSENT, PRESENT = "marks.absent", "marks.present"


async def not_understood(day: Day, text: str = "all in bar chloe, zonked") -> None:
    """Bryn writes a word that nobody taught the bot."""
    day.only("alder-farm")
    await day.at("09:02")
    await day.phone(BRYN).says(text)
    for person in day.lists.people.persons:
        day.phone(person.name).forgets()


async def reply_of(officer: Officer) -> str:
    """The reply that stands on the page of replies, to teach a word of."""
    found = re.search(r"/words\?reply=(\d+)", (await officer.client.get("/replies")).text)
    assert found is not None
    return found[1]


async def test_a_word_taught_from_a_reply_is_understood_the_next_time(monday: Day) -> None:
    """She sees what it would do to that reply and to no other, keeps it, and it counts at once."""
    await not_understood(monday, "chloe has zonked")
    async with at_the_board(monday, GILL) as gill:
        reply = await reply_of(gill)
        await gill.sees(f"/words?reply={reply}", "chloe has zonked", "None yet.")

        tried = await gill.does(
            "/words/try", phrase="Zonked", meaning=ABSENT, reply=reply, status=200
        )
        assert "now: asks for other words then: off: Chloe D; asks whether the rest are in" in tried
        assert "none that was understood would mean anything else" in tried
        said = await gill.does("/words", phrase="zonked", meaning=ABSENT, reply=reply)
        assert said == "Kept: the bot knows “zonked” from now on."
        await gill.sees("/words", "zonked : is not here Gill Marsh")

    await monday.phone(BRYN).says("everyone in, femi has zonked")
    monday.phone(BRYN).hears("read_back", "Off: Femi O")
    with monday.house.database.reading() as db:
        (step,) = list_trail(db, kind="word")
    assert (step.person, step.did, step.subject) == ("gill-marsh", "taught", "zonked")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_every_process_knows_it_and_so_does_one_that_starts_later(monday: Day) -> None:
    """The word is in the database: another machine takes it up by the lists' version."""
    async with at_the_board(monday, GILL) as gill:
        await gill.does("/words", phrase="zonked", meaning=ABSENT)
    await monday.restarts()
    monday.only("alder-farm")
    await monday.at("09:02")
    monday.phone(BRYN).forgets()

    await monday.phone(BRYN).says("all in, femi has zonked")

    monday.phone(BRYN).hears("read_back", "Off: Femi O")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_another_machine_that_runs_meanwhile_takes_it_up(monday: Day) -> None:
    """It has the lists on its shelf; their version tells it to read anew, and the word is there."""
    other = replace(monday.house.desk, shelf=ListsShelf())
    with other.database.reading() as db:
        other.lists(db)
    async with at_the_board(monday, GILL) as gill:
        await gill.does("/words", phrase="zonked", meaning=ABSENT)

    with other.database.reading() as db:
        other.lists(db)
    assert other.lexicon.grammar.holds(("zonked",))
    assert not other.shipped.grammar.holds(("zonked",))


async def test_a_word_that_would_spoil_what_is_understood_is_refused(monday: Day) -> None:
    """“New boots” for absent would mark a child away who only needs a pair."""
    async with at_the_board(monday, GILL) as gill:
        tried = await gill.does("/words", phrase="new boots", meaning=ABSENT, status=422)

        assert "It cannot be kept: 1 reply that the bot understood" in tried
        assert "All in, but Femi needs new boots" in tried
        await gill.sees("/words", "None yet.")


async def test_what_the_files_say_is_refused_with_its_place(monday: Day) -> None:
    """And so is a pupil's name, wherever it stands in the phrase."""
    async with at_the_board(monday, GILL) as gill:
        shipped = await gill.does("/words", phrase="off", meaning=PRESENT, status=422)
        name = await gill.does("/words", phrase="okafor gone", meaning=ABSENT, status=422)

    assert (
        "“off” cannot be taught: the bot knows it already: conversations/hears/marks.yaml:"
        in shipped
    )
    assert "“okafor gone” cannot be taught: a pupil is called that" in name


async def test_a_word_is_taken_back_and_counts_no_more(monday: Day) -> None:
    """Twice is once; the trail has both."""
    async with at_the_board(monday, GILL) as gill:
        await gill.does("/words", phrase="zonked", meaning=ABSENT)
        assert "has forgotten “zonked”" in await gill.does("/words/back", phrase="zonked")
        assert "already" in await gill.does("/words/back", phrase="zonked")
    monday.only("alder-farm")
    await monday.at("09:02")
    monday.phone(BRYN).forgets()
    await monday.phone(BRYN).says("femi has zonked")

    monday.phone(BRYN).hears("ask_rephrase")
    with monday.house.database.reading() as db:
        assert [step.did for step in list_trail(db, kind="word")] == ["took back", "taught"]
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_loading_the_lists_anew_leaves_the_words(monday: Day) -> None:
    """They are the office's own, and in no file."""
    async with at_the_board(monday, GILL) as gill:
        await gill.does("/words", phrase="zonked", meaning=ABSENT)
        await gill.does("/lists/pupils/new", name="Zara Quill", tell_parents="yes")
        await gill.sees("/words", "zonked : is not here")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_a_reader_teaches_nothing(monday: Day) -> None:
    """The page is not for them, nor the button that leads to it."""
    async with at_the_board(monday, FAYE) as faye:
        assert (await faye.client.get("/words")).status_code == 403
        assert "Teach" not in (await faye.client.get("/replies")).text
        await faye.does("/words", phrase="zonked", meaning=ABSENT, status=403)
