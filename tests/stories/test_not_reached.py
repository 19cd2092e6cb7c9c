"""A phone that is off, a network that is down: another channel, another person; the CSS sees it."""

from datetime import timedelta

from apbot.domain.messages import Address, Inbound, InboundKind
from apbot.domain.people import Person
from apbot.store.addresses import AddressState, find_owner
from apbot.store.inbox import keep
from apbot.store.journal import list_journal
from apbot.store.outbox import OutboxRow, OutboxState
from apbot.store.said import list_outbox
from apbot.web.health import Health
from tests.stories.day import Day

NOT_OUT = "an urgent text has waited for over a minute"
KEN, BRYN, GILL = "+447700900106", "+447700900101", "+447700900201"


def texts(day: Day, person: str, script: str) -> list[OutboxRow]:
    """What was made of one script for one person, oldest first."""
    with day.house.database.reading() as db:
        return [r for r in list_outbox(db) if (r.person, r.script) == (person, script)]


def person_of(day: Day, name: str) -> Person:
    """Who has this name."""
    return next(person for person in day.lists.people.persons if person.name == name)


def noted(day: Day, script: str) -> list[str]:
    """What the register's own history says of texts of this script that were not delivered."""
    with day.house.database.reading() as db:
        rows = [row for row in list_journal(db) if row["happening"] == "failed"]
    assert all(row["register_id"] for row in rows)
    return [row["because"] for row in rows if row["because"].startswith(script)]


async def test_the_first_tutors_phone_is_off_and_the_second_is_asked(town: Day) -> None:
    """Three minutes of patience for a prompt; the register says who was asked instead, and when."""
    town.only("cog-lane")
    town.twilio.switch_off(KEN)
    await town.at("09:17:50")
    town.phone("Tasha Ridley").hears_nothing()
    await town.at("09:18")

    town.phone("Tasha Ridley").hears("register_prompt", at="09:18")
    assert noted(town, "register_prompt to Ken") == [
        "register_prompt to Ken Ridley by text message: not delivered within 3 min; "
        "Tasha Ridley is asked now"
    ]
    assert texts(town, "ken-ridley", "register_prompt")[0].says.endswith(
        "Tasha Ridley is asked now"
    )
    town.phone("Tasha Ridley").forgets()
    town.phone("Gill Marsh").hears_nothing()


async def test_a_phone_that_comes_on_later_undoes_nothing(town: Day) -> None:
    """Its text arrives after all: nobody is asked twice for it, and nothing is taken back."""
    town.only("cog-lane")
    town.twilio.switch_off(KEN)
    await town.at("09:18")
    town.phone("Tasha Ridley").forgets()
    town.twilio.switch_off(KEN, is_off=False)
    await town.at("09:24")

    (prompt,) = texts(town, "ken-ridley", "register_prompt")
    assert prompt.state == OutboxState.DELIVERED
    assert [h.script for h in town.phone("Ken Ridley").waiting()] == ["register_prompt"]
    town.phone("Tasha Ridley").hears_nothing()


async def test_while_telegram_is_down_a_text_goes_by_sms_and_only_so(monday: Day) -> None:
    """Three minutes on it goes by SMS; when Telegram is there again it does not come once more."""
    monday.telegram.faults.take_down()
    bryn = monday.phone("Bryn Hollis")
    await monday.at("09:04")
    prompt = bryn.hears("register_prompt", "1 Aiden B")
    assert (prompt.network, prompt.clock[:5]) == ("sms", "09:03")
    monday.telegram.faults.bring_up()
    await monday.at("09:09")

    bryn.hears_nothing()
    first = texts(monday, "bryn-hollis", "register_prompt")[0]
    assert first.state == OutboxState.LAPSED
    assert first.says.endswith("by text message now")


async def test_what_may_have_come_twice_goes_by_sms_and_not_a_third_time(town: Day) -> None:
    """Telegram took it and the line broke, twice: a third is a flood, none would be a silence."""
    town.only("alder-farm")
    town.telegram.faults.drop_after(3, of="sendmessage")
    await town.at("09:02")

    bryn = town.phone("Bryn Hollis")
    networks = sorted(bryn.hears("register_prompt").network for _ in range(3))
    assert networks == ["sms", "telegram", "telegram"]
    assert noted(town, "register_prompt to Bryn") == [
        "register_prompt to Bryn Hollis by Telegram: the connection to Telegram broke; the text "
        "may have gone; it is not sent a third time; by text message now"
    ]


async def test_a_case_says_that_its_telling_may_have_come_twice(town: Day) -> None:
    """The key contact gets it by SMS as well, and the case's own history says why."""
    town.only("alder-farm")
    await town.at("09:29")
    town.phone("Bryn Hollis").forgets()
    town.telegram.faults.drop_after(4, of="sendmessage")
    await town.at("09:31")

    gill = town.phone("Gill Marsh")
    networks = sorted(gill.hears("css_register_missing").network for _ in range(3))
    assert networks == ["sms", "telegram", "telegram"]
    with town.house.database.reading() as db:
        said = [row for row in list_journal(db) if "Gill" in row["because"] and row["case_refs"]]
    assert [row["because"].endswith("a third time; by text message now") for row in said] == [True]
    town.phone("Bryn Hollis").forgets()


async def test_with_every_network_down_for_hours_nothing_is_lost_and_nobody_is_flooded(
    monday: Day,
) -> None:
    """What still matters comes once the networks do; no phone hears the same thing twice."""
    for faults in (monday.telegram.faults, monday.twilio.faults):
        faults.take_down()
    await monday.at("11:00")
    for faults in (monday.telegram.faults, monday.twilio.faults):
        faults.bring_up()
    await monday.at("11:12")

    gill = [heard.script for heard in monday.phone("Gill Marsh").waiting()]
    assert any("register_missing" in script or script == "css_several" for script in gill)
    for person in ("Bryn Hollis", "Owen Crake", "Gill Marsh", "Ravi Anand", "Nadia Karim"):
        heard = monday.phone(person).waiting()
        said = [text.text for text in heard]
        assert len(said) == len(set(said)), [(h.clock, h.network, h.script) for h in heard]
        assert len(said) <= 4, [(h.clock, h.script) for h in heard]
        monday.phone(person).forgets()
    for person in ("Dawn Pike", "Lena Frost", "Tom Adeyemi"):
        monday.phone(person).forgets()


async def test_an_alarm_has_a_minutes_patience(monday: Day) -> None:
    """A child is not accounted for and the contact's Telegram takes nothing: by SMS at once."""
    await monday.at("09:00")
    bryn = monday.phone("Bryn Hollis")
    bryn.hears("register_prompt")
    await bryn.says("all in")
    bryn.hears("read_back")
    monday.telegram.faults.break_down(40, of="sendmessage")
    await monday.at("09:40")
    await bryn.says("cant find femi anywhere")
    await monday.at("09:42")
    monday.telegram.faults.clear()

    alarm = monday.phone("Gill Marsh").hears("css_unaccounted", "Femi")
    assert (alarm.network, alarm.clock[:5]) == ("sms", "09:41")
    for person in ("Lena Frost", "Bryn Hollis"):
        monday.phone(person).forgets()


async def test_each_of_several_alarms_has_its_own_minute(monday: Day) -> None:
    """Telegram takes nothing, and another child and a concern follow: each by SMS in time."""
    await monday.at("09:00")
    bryn, lena = monday.phone("Bryn Hollis"), monday.phone("Lena Frost")
    await bryn.says("all in")
    monday.telegram.faults.break_down(4000, of="sendmessage")
    due = []
    for clock, words in (
        ("09:40:00", "cant find femi anywhere"),
        ("09:40:20", "cant find aiden either"),
        ("09:40:40", "chloe has a black eye and is scared to go home"),
    ):
        await monday.at(clock)
        # Some seconds may have passed in which earlier texts were tried again.
        due.append(f"{monday.clock.now() + timedelta(minutes=1):%H:%M:%S}")
        await bryn.says(words)
    await monday.at("09:42")
    monday.telegram.faults.clear()

    lena.hears("css_unaccounted", "Femi", at=due[0])
    lena.hears("css_unaccounted", "Aiden", at=due[1])
    lena.hears("css_concern", "black eye", at=due[2])
    for person in ("Bryn Hollis", "Gill Marsh", "Lena Frost"):
        monday.phone(person).forgets()


async def test_a_prompt_does_not_wait_behind_an_answer_that_cannot_be_sent(monday: Day) -> None:
    """An answer has all the time in the world; what stands behind it for the same phone has not."""
    monday.telegram.faults.break_down(4000, of="sendmessage")
    bryn = monday.phone("Bryn Hollis")
    await bryn.says("help")
    await monday.at("09:05")
    monday.telegram.faults.clear()

    assert bryn.hears("register_prompt", "1 Aiden B", at="09:03").network == "sms"
    bryn.forgets()


async def test_with_no_network_at_all_the_house_is_not_well(monday: Day) -> None:
    """Nobody can be told by us: whoever watches the heartbeat has to hear that it has stopped."""
    await monday.at("09:00")
    await monday.phone("Bryn Hollis").says("all in")
    networks = (monday.telegram.faults, monday.twilio.faults)
    await monday.at("09:39")
    bryn = monday.chats["bryn-hollis"]
    for faults in networks:
        faults.break_down(9000, of="sendmessage")
        faults.break_down(9000, of="create")
    monday.telegram.type_text(bryn, "cant find femi anywhere")
    health, well = Health(monday.house.database, monday.clock), {}
    for clock in ("09:39:59", "09:42", "09:46"):
        await monday.at(clock)
        well[clock] = NOT_OUT not in health.problems()
    for faults in networks:
        faults.clear()
    await monday.at("09:50")

    assert well == {"09:39:59": True, "09:42": False, "09:46": False}
    assert NOT_OUT not in health.problems()
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_where_none_of_those_first_told_can_be_reached_the_next_are_told(
    monday: Day,
) -> None:
    """A child is lost, and contact and lead are both out of signal: nobody waits for the ladder."""
    await monday.at("09:00")
    await monday.phone("Bryn Hollis").says("all in")
    await monday.at("09:40")
    for name in ("Gill Marsh", "Lena Frost"):
        monday.telegram.block(monday.chats[person_of(monday, name).key])
        monday.twilio.switch_off(person_of(monday, name).mobile)
    await monday.settle()
    for name in ("Gill Marsh", "Ravi Anand"):
        monday.phone(name).forgets()
    await monday.phone("Bryn Hollis").says("cant find femi anywhere")
    await monday.at("09:41:30")

    monday.phone("Ravi Anand").hears("css_unaccounted", "Femi", at="09:41:00")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_who_has_answered_is_not_told_that_there_is_no_answer(monday: Day) -> None:
    """The chase could not be sent; he answers by himself: it comes no more, by no channel."""
    await monday.at("09:09")
    bryn = monday.phone("Bryn Hollis")
    bryn.hears("register_prompt")
    monday.telegram.faults.break_down(400, of="sendmessage")
    await monday.at("09:10:40")
    await bryn.says("all in")
    monday.telegram.faults.clear()
    await monday.at("09:19")

    bryn.hears("read_back")
    bryn.hears_nothing()
    (chase,) = texts(monday, "bryn-hollis", "register_chase")
    assert (chase.state, chase.says) == (OutboxState.LAPSED, "what it was about is over")


async def test_nor_by_another_channel(monday: Day) -> None:
    """The network stays away beyond the chase's patience."""
    await monday.at("09:09")
    bryn = monday.phone("Bryn Hollis")
    bryn.hears("register_prompt")
    monday.telegram.faults.break_down(400, of="sendmessage")
    await monday.at("09:10:40")
    await bryn.says("all in")
    await monday.at("09:14")
    monday.telegram.faults.clear()
    await monday.at("09:19")

    bryn.hears("read_back")
    bryn.hears_nothing()


async def test_nobody_is_sent_after_a_register_that_has_come(monday: Day) -> None:
    """The alarm could not be sent; the register came: neither it nor its end need be told."""
    await monday.at("09:29")
    bryn, gill = monday.phone("Bryn Hollis"), monday.phone("Gill Marsh")
    bryn.forgets()
    monday.telegram.faults.break_down(4000, of="sendmessage")
    await monday.at("09:31")
    await bryn.says("all in")
    await monday.at("09:36")
    monday.telegram.faults.clear()
    await monday.at("09:45")

    gill.hears_nothing()
    (alarm,) = texts(monday, "gill-marsh", "css_register_missing")
    assert (alarm.state, alarm.says) == (OutboxState.LAPSED, "over before it left")
    for name in ("Bryn Hollis", "Owen Crake"):
        monday.phone(name).forgets()


async def test_what_did_not_arrive_goes_no_other_way_once_it_is_answered(town: Day) -> None:
    """The backup is asked on a phone that is off; the tutor answers meanwhile: that is all."""
    town.only("cog-lane")
    town.twilio.switch_off(person_of(town, "Tasha Ridley").mobile)
    await town.at("09:36")
    await town.phone("Ken Ridley").says("all in")
    await town.at("09:45")

    (prompt,) = texts(town, "tasha-ridley", "register_prompt")
    assert (prompt.address.channel, prompt.says) == (
        "whatsapp",
        "not delivered within 3 min; of no use any more",
    )
    town.phone("Gill Marsh").hears_nothing()


async def test_whoever_writes_by_text_message_is_answered_there(monday: Day) -> None:
    """Telegram is down, and what he is asked back must not wait for it; later all is as before."""
    monday.telegram.faults.take_down()
    await monday.at("09:04")
    bryn = monday.phone("Bryn Hollis")
    bryn.hears("register_prompt", at="09:03")
    await bryn.says("all in except jack", network="sms")

    assert bryn.hears("ask_which_pupil", at="09:04").network == "sms"
    await bryn.says("tully", network="sms")
    assert bryn.hears("read_back_part").network == "sms"
    monday.telegram.faults.bring_up()
    await bryn.says("help")
    assert bryn.hears("provider_help").network == "telegram"
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_whoever_was_told_another_way_hears_that_it_is_over(monday: Day) -> None:
    """Told by text message that a child is lost, they are not left looking until Telegram is up."""
    await monday.at("09:00")
    bryn, lena = monday.phone("Bryn Hollis"), monday.phone("Lena Frost")
    await bryn.says("all in")
    await monday.at("09:40")
    monday.telegram.faults.break_down(4000, of="sendmessage")
    await bryn.says("cant find femi anywhere")
    await monday.at("09:42")
    lena.hears("css_unaccounted", "Femi", at="09:41")
    await bryn.says("found femi")
    await monday.at("09:46")
    monday.telegram.faults.clear()

    over = lena.hears("css_case_over", "Femi", "is over", at="09:45")
    assert over.network == "sms"
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_a_lost_receipt_is_asked_for_before_anybody_is_told_again(town: Day) -> None:
    """The text arrived, and its receipt did not: Twilio, asked, says so."""
    town.only("cog-lane")
    town.twilio.delivery.loses_receipts = True
    await town.at("09:19")

    (prompt,) = texts(town, "ken-ridley", "register_prompt")
    assert prompt.state == OutboxState.DELIVERED
    town.phone("Ken Ridley").hears("register_prompt")
    town.phone("Tasha Ridley").hears_nothing()


async def test_with_nobody_else_to_ask_the_key_contact_hears(town: Day) -> None:
    """Silence must not look like safety: at three minutes, with the number to ring."""
    town.only("cog-lane")
    for number in (KEN, "+447700900107"):
        town.twilio.switch_off(number)
    await town.at("09:27")

    told = [
        heard for heard in town.phone("Gill Marsh").waiting() if "cannot be reached" in heard.text
    ]
    assert len(told) == 1, [h.text for h in town.phone("Gill Marsh").waiting()]
    assert told[0].text == (
        "Ken Ridley (07700 900106) and Tasha Ridley (Cog Lane Garage, 07700 900107) cannot be "
        "reached: not delivered within 3 min. Please ring."
    )


async def test_a_number_that_has_stopped_at_the_network_alone_is_an_alarm(town: Day) -> None:
    """Twilio refuses the next text (21610): the address is used no more, others are asked."""
    town.only("cog-lane")
    town.twilio.subscriber(KEN).has_stopped = True
    await town.at("09:15")

    town.phone("Tasha Ridley").hears("register_prompt", at="09:15")
    town.phone("Gill Marsh").hears("css_unreachable", "has sent STOP", "Ken Ridley")
    with town.house.database.reading() as db:
        assert find_owner(db, Address("sms", KEN)) == ("ken-ridley", AddressState.GONE)


async def test_a_word_of_our_accounts_own_stops_and_starts_again(town: Day) -> None:
    """Twilio says what the word was: it is obeyed, an alarm, and undone by the other one."""
    town.only("cog-lane")
    states = []
    for number, kind in enumerate((InboundKind.STOPPED, InboundKind.AGAIN)):
        with town.house.database.writing() as db:
            said = Inbound(f"SM{number}", Address("sms", KEN), kind, "finito")
            keep(db, said, town.clock.now())
        await town.settle()
        with town.house.database.reading() as db:
            states.append(find_owner(db, Address("sms", KEN)))

    assert states == [("ken-ridley", AddressState.STOPPED), ("ken-ridley", AddressState.LIVE)]
    town.phone("Gill Marsh").hears("css_opted_out", "Ken Ridley")
    town.phone("Ken Ridley").hears("started_again")


async def test_a_text_that_is_too_long_for_the_next_channel_goes_in_several(monday: Day) -> None:
    """What one Telegram message held is over what an SMS takes: nothing of it is cut or refused."""
    await monday.at("09:05")
    words = " ".join(f"and then at {n} past she told me more about the bruises" for n in range(60))
    monday.telegram.faults.break_down(40, of="sendmessage")
    await monday.phone("Bryn Hollis").says(f"worried about chloe. {words}")
    await monday.at("09:10")
    monday.telegram.faults.clear()

    rows = [row for row in texts(monday, "lena-frost", "css_concern") if row.fallback_of]
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()
    assert len(rows) > 1, rows
    assert {row.state for row in rows} <= {OutboxState.SENT, OutboxState.DELIVERED}
    assert max(len(row.text) for row in rows) <= 1600
    assert words in " ".join(row.text for row in rows)
