"""A group of one provider's staff: asked once, together, and set by its staff alone."""

from datetime import date, time

import pytest
from sqlalchemy import select

from apbot.domain.calendar import at
from apbot.domain.messages import Address
from apbot.store.addresses import AddressState, find_owner
from apbot.store.database import Database
from apbot.store.registers import list_registers
from apbot.store.tables import inbox, outbox
from tests.stories.day import Day, a_day
from tests.stories.groups import GROUP, Group, scripts

BRYN, OWEN, HELPER = "Bryn Hollis", "Owen Crake", "Somebody Else"

SUPERGROUP = -100_4100
"""The id that the group has once it is a supergroup."""


def marks(day: Day) -> dict[str, str]:
    """Who has which mark on Alder Farm's morning register."""
    with day.house.database.reading() as db:
        register = list_registers(db, day.on, ["alder-farm"])[0]
    return {register.line(n).shown: str(mark) for n, mark in register.marks.items()}


def said_by(day: Day) -> set[str]:
    with day.house.database.reading() as db:
        register = list_registers(db, day.on, ["alder-farm"])[0]
    return {entry.by_name for entry in register.entries}


async def a_group(day: Day, *names: str) -> Group:
    group = Group(day, *(names or (BRYN, HELPER)))
    await day.settle()
    return group


async def test_a_member_of_staff_who_adds_the_bot_ties_the_group(monday: Day) -> None:
    """It says whose it is, and from then on what would go to their chats goes there, once."""
    group = await a_group(monday)
    assert group.news() == ["group_tied"]
    assert "Alder Farm" in group.last()

    await monday.at("09:00")

    assert group.news() == ["register_prompt"]
    monday.phone(BRYN).hears_nothing()


async def test_the_last_chase_goes_to_each_on_their_next_channel_as_well(monday: Day) -> None:
    """Their other channels stay as they are; the backup without Telegram is asked by text."""
    group = await a_group(monday)
    await monday.at("09:20")

    assert group.news() == ["group_tied", "register_prompt", "register_chase", "register_chase"]
    bryn = monday.phone(BRYN)
    assert bryn.hears("register_chase", at="09:20").network == "sms"
    assert scripts(monday, OWEN) == ["register_prompt"]


async def test_what_goes_to_two_of_them_is_said_there_once(sqlite: Database) -> None:
    """Bryn and Petra are both on duty on a Tuesday: one prompt, one chase, one alarm told."""
    async with a_day(sqlite, at(date(2026, 11, 24), time(8, 55))) as tuesday:
        tuesday.only("alder-farm")
        group = await a_group(tuesday, BRYN, "Petra Lind")
        await tuesday.at("09:31")

        heard = ["register_prompt", "register_chase", "register_chase", "provider_css_told"]
        assert group.news() == ["group_tied", *heard]


async def test_what_one_sets_in_the_group_is_read_back_once_and_carries_their_name(
    monday: Day,
) -> None:
    """Marks are the sender's own; the message is edited in its place."""
    group = await a_group(monday)
    await monday.at("09:00")
    group.news()
    await group.says(BRYN, "all in")

    assert group.news() == ["read_back"]
    assert set(marks(monday).values()) == {"present"}
    assert said_by(monday) == {BRYN}
    assert "Complete" in group.bot()[1].text
    monday.phone(BRYN).hears_nothing()


async def test_who_writes_privately_is_answered_privately(monday: Day) -> None:
    """The group's message shows it all the same."""
    group = await a_group(monday)
    await monday.at("09:00")
    group.news()
    await monday.phone(BRYN).says("all in")

    monday.phone(BRYN).hears("read_back")
    assert "Complete" in group.bot()[1].text
    assert group.news() == []


async def test_a_tap_in_the_group_is_the_tappers(monday: Day) -> None:
    """One tap, all in, and everybody there reads whose it was."""
    group = await a_group(monday)
    await monday.at("09:00")
    group.news()
    await group.taps(BRYN, "All in")

    assert said_by(monday) == {BRYN}
    assert "Complete" in group.bot()[1].text


async def test_whom_the_office_does_not_know_sets_nothing(monday: Day) -> None:
    """A tap is answered where it was made, a text once; both are kept for the office."""
    group = await a_group(monday)
    await monday.at("09:00")
    group.news()
    await group.taps(HELPER, "All in")
    await group.says(HELPER, "all in")
    await group.says(HELPER, "chloe is off sick")

    assert marks(monday) == {}
    assert group.news() == ["group_not_known"]
    assert "Chloe" not in group.last()
    with monday.house.database.reading() as db:
        kept = db.scalars(select(inbox.c.text).where(inbox.c.person.is_(None))).all()
        toasts = db.scalars(select(outbox.c.callback_id).where(outbox.c.callback_id.is_not(None)))
        assert len(toasts.all()) == 1
    assert {"all in", "chloe is off sick"} <= set(kept)


async def test_talk_among_the_group_is_left_alone(monday: Day) -> None:
    """Nobody is told that the bot did not get what was not said to it."""
    group = await a_group(monday)
    await monday.at("09:00")
    group.news()
    for words in ("morning all", "kettle is on", "😂😂", "lovely day for it"):
        await group.says(BRYN, words)
        await group.says(HELPER, words)

    assert group.news() == []
    assert marks(monday) == {}


async def test_the_bots_name_before_the_words_is_no_part_of_them(monday: Day) -> None:
    """With privacy on it hears only mentions, replies and commands."""
    group = await a_group(monday)
    await monday.at("09:00")
    group.news()
    await group.says(BRYN, "@apbot all in but chloe, shes poorly")

    assert marks(monday)["Chloe D"] == "absent"
    assert group.news() == ["read_back"]
    scripts(monday, "Gill Marsh")


async def test_what_is_said_to_the_bot_and_not_understood_is_asked_about(monday: Day) -> None:
    """A reply to its message is meant for it."""
    group = await a_group(monday)
    await monday.at("09:00")
    group.news()
    await group.says(BRYN, "flibber wibble", answers=group.bot()[1].id)

    assert group.news() == ["ask_rephrase"]


async def test_a_question_put_to_the_group_may_be_answered_by_another_there(monday: Day) -> None:
    """The question was everybody's; the mark is theirs who gave it."""
    group = Group(monday, BRYN, "Petra Lind")
    await monday.at("09:00")
    await group.says(BRYN, "chloe off sick")
    assert group.news()[-1] == "ask_rest_present"
    await group.says("Petra Lind", "yes")

    assert len(marks(monday)) == 6
    assert said_by(monday) == {BRYN, "Petra Lind"}
    scripts(monday, "Gill Marsh")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("femi has bruises on his arm, says his uncle did it", "provider_concern_passed_on"),
        ("femi collapsed in the barn, he is not breathing", "provider_emergency"),
    ],
)
async def test_a_concern_is_answered_to_its_sender_alone(
    monday: Day, words: str, answer: str
) -> None:
    """It goes to the safeguarding lead word for word, and never into the group."""
    group = await a_group(monday)
    await monday.at("09:00")
    group.news()
    await group.says(BRYN, words)

    assert group.news() == []
    monday.phone(BRYN).hears(answer)
    assert scripts(monday, "Lena Frost") == ["css_concern"]
    scripts(monday, "Gill Marsh")


async def test_a_group_that_becomes_a_supergroup_goes_on(monday: Day) -> None:
    """It has another id: nothing is doubled, and taps on old messages still count."""
    group = await a_group(monday)
    await monday.at("09:00")
    group.news()
    monday.telegram.upgrade_group(GROUP, SUPERGROUP)
    await monday.settle()
    await group.taps(BRYN, "Chloe D", chat=GROUP)
    assert marks(monday) == {"Chloe D": "present"}

    group.chat = SUPERGROUP
    await group.says(BRYN, "femi is in")
    await group.says(BRYN, "all in")
    await monday.at("09:30")

    news = group.news()
    assert news.count("read_back") == 1
    assert news.count("register_message") + news.count("register_prompt") == 1
    with monday.house.database.reading() as db:
        assert find_owner(db, Address("telegram", str(SUPERGROUP))) == (
            "@alder-farm",
            AddressState.LIVE,
        )


async def test_a_send_that_finds_the_group_moved_goes_to_the_new_one(monday: Day) -> None:
    """The update may come late; the network's error says where."""
    group = await a_group(monday)
    monday.telegram._updates.choose(["callback_query"])
    monday.telegram.upgrade_group(GROUP, SUPERGROUP)
    await monday.at("09:00")

    group.chat = SUPERGROUP
    assert group.news() == ["register_prompt"]


async def test_a_group_that_moved_is_at_home_at_its_new_id_at_once(monday: Day) -> None:
    """Before anything was sent there: what is typed counts, and nothing is offered to the old."""
    group = await a_group(monday)
    group.news()
    monday.telegram.upgrade_group(GROUP, SUPERGROUP)
    await monday.settle()
    group.chat = SUPERGROUP
    await group.says(BRYN, "all in")

    assert group.news() == ["read_back"]
    assert set(marks(monday).values()) == {"present"}
    await monday.at("09:30")
    with monday.house.database.reading() as db:
        old = find_owner(db, Address("telegram", str(GROUP)))
        assert old == ("@alder-farm", AddressState.GONE)
        tries = [str(row) for row in db.scalars(select(outbox.c.attempts))]
    assert not any("new address" in one for one in tries)


async def test_a_group_that_is_left_alone_stays_so_when_it_moves(monday: Day) -> None:
    """A stop is obeyed, each is asked in their own chat again, and only a start undoes it."""
    group = await a_group(monday)
    group.news()
    await group.says(BRYN, "@apbot stop")
    monday.telegram.upgrade_group(GROUP, SUPERGROUP)
    await monday.settle()
    group.chat = SUPERGROUP
    await monday.at("09:00")

    monday.phone(BRYN).hears("register_prompt")
    await group.says(BRYN, "@apbot all in")
    assert group.news() == []
    assert marks(monday) == {}

    await group.says(BRYN, "/start@apbot")
    assert group.news() == ["group_tied", "register_prompt"]


async def test_the_group_of_before_moves_for_nobody(monday: Day) -> None:
    """The staff have made another group since: what happens to the first ties nothing."""
    await a_group(monday)
    other = Group(monday, BRYN, HELPER, chat=-4200, title="The new team")
    await monday.settle()
    monday.telegram.upgrade_group(GROUP, SUPERGROUP)
    await monday.at("09:00")

    assert other.news() == ["group_tied", "register_prompt"]


async def test_staff_of_another_provider_set_nothing_there(monday: Day) -> None:
    """Carla is staff, and not of this farm: neither her words nor her tap mark anybody."""
    group = await a_group(monday, BRYN, "Carla Voss")
    await monday.at("09:00")
    group.news()
    await group.taps("Carla Voss", "All in")
    await group.says("Carla Voss", "@apbot all in but femi")

    assert marks(monday) == {}
    assert group.news() == ["group_not_known"]


async def test_a_concern_of_somebody_unknown_there_is_read_by_a_person(monday: Day) -> None:
    """It sets nothing and is answered to nobody: the safeguarding lead has it, word for word."""
    group = await a_group(monday)
    group.news()
    await group.says(HELPER, "femi has bruises on his arm, says his uncle did it")

    assert group.news() == []
    monday.phone("Lena Frost").hears("css_stranger_concern", "his uncle did it")


async def test_taken_out_of_the_group_the_bot_writes_to_each_again(monday: Day) -> None:
    """The CSS need not hear of it while somebody can be asked."""
    group = await a_group(monday)
    await monday.at("09:00")
    monday.telegram.block(GROUP)
    await monday.at("09:10")

    monday.phone(BRYN).hears("register_chase")
    monday.phone("Gill Marsh").hears_nothing()
    assert "register_chase" not in group.news()


async def test_what_waited_for_a_group_that_is_gone_goes_to_each(monday: Day) -> None:
    """Nobody waits ten minutes for the chase because a prompt was on its way to the group."""
    await a_group(monday)
    monday.telegram.faults.take_down()
    await monday.at("09:00")
    monday.telegram.block(GROUP)
    monday.telegram.faults.bring_up()
    await monday.at("09:01")

    monday.phone(BRYN).hears("register_prompt")


async def test_the_css_hears_of_it_when_nobody_else_can_be_asked(monday: Day) -> None:
    """Everybody there had stopped their own texts, and the group was all that was left."""
    group = await a_group(monday)
    for name in (BRYN, OWEN):
        monday.twilio.type_text(
            next(p.mobile for p in monday.lists.people.persons if p.name == name), "STOP"
        )
    await monday.phone(BRYN).says("STOP")
    await monday.settle()
    scripts(monday, "Gill Marsh")
    await monday.at("09:00")
    assert group.news()[-1] == "register_prompt"
    monday.telegram.block(GROUP)
    await monday.settle()

    assert scripts(monday, "Gill Marsh") == ["css_group_left"]
    for name in (BRYN, OWEN, "Nadia Karim"):
        scripts(monday, name)


async def test_a_group_that_a_stranger_adds_the_bot_to_gets_one_line(monday: Day) -> None:
    """It names nobody, asks nothing and takes nothing."""
    group = await a_group(monday, HELPER, BRYN)
    assert group.news() == ["group_unknown"]
    await group.says(HELPER, "@apbot who is meant to be in today?")
    await group.says(HELPER, "@apbot hello?")
    assert group.news() == []

    await group.says(BRYN, "@apbot hello")
    assert group.news() == ["group_tied"]


async def test_staff_of_two_providers_are_asked_whose_group_it_is(monday: Day) -> None:
    """By buttons; a tap of somebody else settles nothing, and one that is settled stays so."""
    monday.chats["owen-crake"] = 660_001
    monday.telegram.add_person(660_001, OWEN, has_started=True)
    from apbot.store.addresses import tie

    with monday.house.database.writing() as db:
        tie(db, Address("telegram", "660001"), "owen-crake", monday.clock.now())
    group = await a_group(monday, OWEN, HELPER)
    assert group.news() == ["group_whose"]
    await group.taps(HELPER, "Hazel")
    assert group.news() == []
    await group.taps(OWEN, "Alder")

    assert group.news() == ["group_tied"]
    assert "Alder Farm" in group.last()

    await group.taps(OWEN, "Hazel")
    assert group.news() == []
    with monday.house.database.reading() as db:
        owner = find_owner(db, Address("telegram", str(GROUP)))
    assert owner == ("@alder-farm", AddressState.LIVE)
