from datetime import date, time

from apbot.domain.calendar import at
from apbot.domain.messages import Address
from apbot.store.addresses import AddressState, find_owner, make_link
from apbot.store.database import Database
from tests.stories.day import Day, a_day


async def test_a_stranger_gets_one_polite_line_once(monday: Day) -> None:
    """It names nobody; the message stays for the office."""
    number = "+447700900999"
    monday.twilio.type_text(number, "all in")
    await monday.settle()
    monday.twilio.type_text(number, "hello??")
    await monday.settle()

    texts = [sent.text for sent in monday.twilio.accepted if sent.to == number]
    assert len(texts) == 1
    assert "do not know yours" in texts[0]


async def test_stop_is_obeyed_and_is_an_alarm(monday: Day) -> None:
    """The CSS hears that this person can no longer be asked; nothing more goes to them."""
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    await monday.at("09:00")
    bryn.hears("register_prompt")
    await bryn.says("stop texting me")

    gill.hears("css_opted_out_here", "Bryn Hollis", "07700 900101", "Telegram", "text message")
    owner = find_owner_of(monday, "bryn-hollis")
    assert owner == ("bryn-hollis", AddressState.STOPPED)


async def test_start_ties_a_chat_to_its_person_and_the_link_works_once(sqlite: Database) -> None:
    """Nobody else can speak for them."""
    async with a_day(sqlite, at(date(2026, 11, 23), time(8, 50))) as day:
        with sqlite.writing() as db:
            token = make_link(db, "carla-voss", day.clock.now())
        day.telegram.add_person(555001, "Somebody")
        day.telegram.press_start(555001, token)
        await day.settle()
        assert "You are set up" in day.telegram.handsets.get("555001").bubbles[-1].text
        day.telegram.add_person(555002, "Another")
        day.telegram.press_start(555002, token)
        await day.settle()

        with sqlite.reading() as db:
            first = find_owner(db, Address("telegram", "555001"))
            second = find_owner(db, Address("telegram", "555002"))
        assert first == ("carla-voss", AddressState.LIVE)
        assert second is None
        assert "I do not know this phone" in day.telegram.handsets.get("555002").bubbles[-1].text


def find_owner_of(day: Day, key: str) -> tuple[str, AddressState] | None:
    with day.house.database.reading() as db:
        return find_owner(db, Address("telegram", str(day.chats[key])))


async def test_a_blocked_chat_is_an_alarm_once_and_the_next_channel_is_used(monday: Day) -> None:
    """ "a blocked bot: the next channel, and the CSS sees it"; blocking it again is no news."""
    chat = monday.chats["bryn-hollis"]
    for is_blocked in (True, False, True):
        monday.telegram.block(chat, is_blocked=is_blocked)
        await monday.settle()
    await monday.at("09:00")

    monday.phone("Gill Marsh").hears("css_opted_out_here", "Bryn Hollis", "Telegram")
    monday.phone("Gill Marsh").hears_nothing()
    prompt = monday.phone("Bryn Hollis").hears("register_prompt", at="09:00")
    assert prompt.network == "sms"
