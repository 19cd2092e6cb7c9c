from apbot.domain.messages import Address, Inbound, InboundKind
from apbot.domain.register import How
from apbot.domain.words import Half, Mark
from apbot.store.inbox import keep
from apbot.store.registers import find_register
from apbot.store.said import list_outbox
from tests.stories.day import Day


def marks(day: Day) -> dict[str, Mark]:
    with day.house.database.reading() as db:
        register = find_register(db, "alder-farm", day.on, Half.AM)
    assert register is not None
    return {register.line(n).shown: mark for n, mark in register.marks.items()}


async def test_one_tap_is_the_whole_register(monday: Day) -> None:
    """All in: one tap, answered where it was made, and the message shows it."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:00")
    bryn.hears("register_prompt")

    await bryn.taps("All in")

    assert set(marks(monday).values()) == {Mark.PRESENT}
    shown = bryn.shows("Complete", "✅ 1 Aiden B")
    assert shown.answer == "Thank you: 6 in"
    await monday.at("11:00")


async def test_a_tap_a_pupil_cycles_its_mark_and_follows_when_it_has_settled(monday: Day) -> None:
    """In, off, on the way: what follows waits until the taps have come to rest."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:01")
    bryn.hears("register_prompt")
    await bryn.taps("All in")
    await bryn.taps("Femi O")
    assert marks(monday)["Femi O"] is Mark.ABSENT
    gill.hears_nothing()
    await bryn.taps("Femi O")
    assert marks(monday)["Femi O"] is Mark.AWAITED
    await monday.at("09:05")
    gill.hears_nothing()

    await bryn.taps("Chloe D")
    await monday.at("09:06")

    gill.hears("css_absences", "Chloe D, no reason given")


async def test_an_old_tap_changes_nothing_that_was_said_since(monday: Day) -> None:
    """Two people at once: the second tap was made on a message that is no longer true."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:00")
    bryn.hears("register_prompt")
    old = bryn.key("Chloe D")
    await bryn.says("chloe off ill, rest in")
    bryn.hears("read_back")
    gill.hears("css_absences_explained")

    await send_tap(monday, old)

    assert marks(monday)["Chloe D"] is Mark.ABSENT
    with monday.house.database.reading() as db:
        assert [row.script for row in list_outbox(db)][-2:] == ["tap_changed", "register_message"]
    await monday.at("09:30")


async def test_every_entry_of_a_tap_says_that_it_was_one(monday: Day) -> None:
    """An auditor sees how each mark came: by text, by tap, on the board."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:00")
    bryn.hears("register_prompt")
    await bryn.taps("All in")
    with monday.house.database.reading() as db:
        register = find_register(db, "alder-farm", monday.on, Half.AM)
    assert register is not None
    assert {entry.how for entry in register.entries} == {How.TAP}


async def test_data_that_we_never_drew_is_answered_and_changes_nothing(monday: Day) -> None:
    """Phones can send anything in a tap."""
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:00")
    bryn.hears("register_prompt")

    for data in ["", "m:1:99:-:p", "m:x", "a:999999", "q:1:zz:yes", "\x00"]:
        await send_tap(monday, data)

    assert marks(monday) == {}
    bryn.forgets()


async def send_tap(day: Day, data: str) -> None:
    """A forged callback, as a changed client could send it."""
    chat = str(day.chats["bryn-hollis"])
    with day.house.database.writing() as db:
        keep(
            db,
            Inbound(
                network_id=f"forged-{data!r}",
                address=Address("telegram", chat),
                kind=InboundKind.TAP,
                text=data,
                callback_id="0",
            ),
            day.clock.now(),
        )
    await day.settle()
