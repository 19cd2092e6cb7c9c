"""Strangers, stops, help and floods: what a phone hears that is not asked for a register."""

from datetime import datetime

import pytest

from apbot.domain.messages import Address
from apbot.reports.rows import stranger_objects
from apbot.sandbox.twilio_api import TwilioApi
from apbot.store.addresses import AddressState, find_owner
from apbot.store.said import list_outbox
from tests.stories.day import Day
from tests.stories.groups import scripts

BRYN, OWEN, GILL = "Bryn Hollis", "Owen Crake", "Gill Marsh"
STRANGER = "+447700900998"
BRYNS_MOBILE = "+447700900101"


def to(twilio: TwilioApi, number: str) -> list[str]:
    return [sent.text for sent in twilio.accepted if sent.to == number]


def midnight(day: Day) -> datetime:
    return day.clock.now().replace(hour=0, minute=0)


async def test_the_office_can_read_what_strangers_wrote(monday: Day) -> None:
    """Word for word, with the number; and a contact hears of it at the day's end."""
    monday.twilio.type_text(STRANGER, "is this the boxing place")
    monday.twilio.type_text(STRANGER, "hello?")
    await monday.settle()
    with monday.house.database.reading() as db:
        found = stranger_objects(db, midnight(monday))
    assert [one["text"] for one in found] == ["is this the boxing place", "hello?"]
    assert {one["address"] for one in found} == {STRANGER}

    await monday.phone(BRYN).says("all in")
    await monday.at("12:46")
    await monday.phone(BRYN).says("all in")
    for name in (BRYN, GILL):
        scripts(monday, name)
    await monday.at("17:00")

    heard = monday.phone(GILL).hears("css_strangers", "2 messages", "07700 900998", "hello?")
    assert heard.clock.startswith("17:00")
    for person in monday.lists.people.persons:
        scripts(monday, person.name)


async def test_a_strangers_concern_does_not_wait_for_the_evening(monday: Day) -> None:
    """It is not acted on, but a person reads it at once."""
    monday.twilio.type_text(STRANGER, "femi is bleeding badly we need help")
    await monday.settle()

    monday.phone("Lena Frost").hears("css_stranger_concern", "bleeding", "07700 900998")
    assert len(to(monday.twilio, STRANGER)) == 1
    assert "Femi" not in to(monday.twilio, STRANGER)[0]


@pytest.mark.parametrize(
    "word", ["STOP", "Unsubscribe", "END", "quit", "Cancel", "STOPALL", "ARRET", "arrêt", "stop."]
)
async def test_every_word_with_which_a_network_stops_is_obeyed(monday: Day, word: str) -> None:
    """On the channel on which it was said; the CSS hears of it."""
    await monday.phone(BRYN).says(word)

    assert scripts(monday, GILL) == ["css_opted_out_here"]
    with monday.house.database.reading() as db:
        chat = find_owner(db, Address("telegram", str(monday.chats["bryn-hollis"])))
        mobile = find_owner(db, Address("sms", BRYNS_MOBILE))
    assert chat == ("bryn-hollis", AddressState.STOPPED)
    assert mobile == ("bryn-hollis", AddressState.LIVE)


async def test_a_stop_on_ones_day_off_is_an_alarm_too(monday: Day) -> None:
    """Petra does not work on Mondays; on Tuesday she would have been asked."""
    petra = next(p.mobile for p in monday.lists.people.persons if p.name == "Petra Lind")
    monday.twilio.type_text(petra, "STOP")
    await monday.phone("Petra Lind").says("STOP")

    assert scripts(monday, GILL) == ["css_opted_out_here", "css_opted_out"]


@pytest.mark.parametrize("word", ["START", "unstop", "Yes"])
async def test_start_undoes_a_stop(monday: Day, word: str) -> None:
    """They are asked there again, and whoever heard the alarm hears that it is over."""
    bryn = monday.phone(BRYN)
    await bryn.says("STOP")
    scripts(monday, GILL)
    await bryn.says(word)
    bryn.hears("started_again")
    assert scripts(monday, GILL) == ["css_started_again"]
    await monday.at("09:00")

    assert bryn.hears("register_prompt").network == "telegram"


async def test_nonsense_is_answered_a_few_times_a_day_at_most(monday: Day) -> None:
    """After that it is left alone, also where minutes lie between."""
    await monday.at("09:01")
    bryn = monday.phone(BRYN)
    bryn.forgets()
    for number in range(8):
        await monday.at(f"09:{1 + 2 * number:02}")
        await bryn.says(f"flibber wibble {number}")

    assert scripts(monday, BRYN).count("ask_rephrase") == 5


async def test_the_same_text_goes_to_one_address_five_times_in_five_minutes_at_most(
    monday: Day,
) -> None:
    """Two machines that answer one another come to rest."""
    await monday.at("09:01")
    bryn = monday.phone(BRYN)
    await bryn.says("all in")
    bryn.forgets()
    for _ in range(12):
        await bryn.says("help")

    assert len(scripts(monday, BRYN)) == 5
    with monday.house.database.reading() as db:
        texts = [row.text for row in list_outbox(db)]
    assert max(texts.count(text) for text in texts) == 5


async def test_help_shows_this_very_roster_while_a_register_is_open(monday: Day) -> None:
    """What can be sent here and now."""
    await monday.at("09:01")
    bryn = monday.phone(BRYN)
    bryn.forgets()
    await bryn.says("help")
    bryn.hears("provider_help", "6 pupils to mark", "all in but Aiden B")


async def test_help_without_a_register_says_what_there_is(town: Day) -> None:
    """Treble Yard has no Mondays."""
    jodie = town.phone("Jodie Pratt")
    await jodie.says("help")
    jodie.hears("help_nothing_open")


async def test_help_for_a_contact_names_what_is_open_for_them(monday: Day) -> None:
    """Their refs where there are any, else how to tell of days to come."""
    gill = monday.phone(GILL)
    await gill.says("help")
    gill.hears("css_help_nothing_open", "Aiden B", "Alder Farm")

    await monday.at("09:30")
    for name in (BRYN, OWEN, GILL):
        scripts(monday, name)
    await gill.says("help")
    gill.hears("css_help", "K1", "Alder Farm register")


async def test_a_phone_that_cannot_be_texted_is_passed_over_at_once(monday: Day) -> None:
    """No channel is left for Bryn: the backup is asked, and the CSS sees it."""
    await monday.phone(BRYN).says("STOP")
    scripts(monday, GILL)
    monday.twilio.subscriber(BRYNS_MOBILE).fails_with = 30006
    await monday.at("09:00")

    assert scripts(monday, OWEN) == ["register_prompt"]
    assert scripts(monday, GILL) == ["css_unreachable"]
    scripts(monday, BRYN)


async def test_a_contact_who_cannot_be_reached_is_not_waited_for(monday: Day) -> None:
    """Her cover is told at once, not in ten minutes."""
    gills = next(p.mobile for p in monday.lists.people.persons if p.name == GILL)
    monday.twilio.subscriber(gills).fails_with = 30006
    monday.telegram.block(monday.chats["gill-marsh"])
    await monday.settle()
    for person in monday.lists.people.persons:
        scripts(monday, person.name)
    await monday.at("09:30")

    heard = [h for h in monday.phone("Ravi Anand").waiting() if "register" in h.text]
    assert heard[0].clock[:5] == "09:30"
    for person in monday.lists.people.persons:
        scripts(monday, person.name)
