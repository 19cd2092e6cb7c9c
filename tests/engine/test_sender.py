"""The sender: what it does with each answer of a network."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from tests.engine.conftest import ARoom, EngineRoom
from tests.engine.network import AskableChannel, HailedChannel, QuietChannel, TappedChannel
from tests.store.builders import A_CHAT, A_PHONE, NINE, a_draft, minutes, seconds

from apbot.channels.protocol import (
    AddressGone,
    AddressMoved,
    FateUnknown,
    Refused,
    SendError,
    TryLater,
)
from apbot.domain.decisions import Urgency
from apbot.domain.messages import Address, Outbound, Pace, Receipt, ReceiptState
from apbot.engine.sender import Sender
from apbot.store.addresses import AddressState, find_owner
from apbot.store.database import Database
from apbot.store.journal import list_journal
from apbot.store.outbox import OutboxState
from apbot.store.receipts import apply_receipt
from apbot.store.sending import claim_outbox

KEN = Address("sms", "+447700900106")
"""Of Cog Lane Garage, who has SMS alone."""


def states_of(room: EngineRoom) -> dict[str, OutboxState]:
    """How far each text is."""
    return {row.text: row.state for row in room.texts()}


@pytest.fixture
def sms() -> AskableChannel:
    return AskableChannel("sms")


@pytest.fixture
def telegram() -> TappedChannel:
    return TappedChannel("telegram")


@pytest.fixture
def room(
    a_room: ARoom, wrensby: Database, sms: AskableChannel, telegram: TappedChannel
) -> EngineRoom:
    """Both channels on."""
    return a_room(wrensby, sms, telegram)


async def test_a_text_goes_as_it_was_drafted(room: EngineRoom, sms: AskableChannel) -> None:
    """To its address, in its words, for as long as it is worth trying; and its id is kept."""
    room.keep(a_draft("Who is in?", patience=timedelta(minutes=20)))

    assert await room.sender.settle()

    text, row = sms.sent[0], room.texts()[0]
    assert (text.address, text.text, text.patience) == (A_PHONE, "Who is in?", minutes(20))
    assert (text.key, text.sent_after) == (str(row.id), NINE)
    assert (row.state, row.network_id, row.sent_at) == (OutboxState.SENT, "sms-1", NINE)


async def test_nothing_to_send_is_nothing_done(room: EngineRoom) -> None:
    """The sender says so, and may rest."""
    assert not await room.sender.settle()


async def test_a_text_goes_again_when_the_network_says(
    room: EngineRoom, sms: AskableChannel
) -> None:
    """Not a second before the network's own word of when."""
    sms.will(TryLater("slow down", after=seconds(30)))
    room.keep(a_draft())
    await room.sender.settle()

    await room.send_at(29.9)
    before = len(sms.sent)
    await room.send_at(30)

    assert (before, len(sms.sent), room.texts()[0].state) == (1, 2, OutboxState.SENT)


async def test_without_a_word_of_when_it_waits_twice_as_long_each_time(
    room: EngineRoom, sms: AskableChannel
) -> None:
    """From two seconds to five minutes, a little out of step with others that wait."""
    waits = []
    room.keep(a_draft())
    for _ in range(11):
        sms.will(TryLater("out of order"))
        await room.sender.settle()
        waits.append((room.texts()[0].due_at - room.clock.now()).total_seconds())
        room.clock.move_to(room.texts()[0].due_at)

    for tries, wait in enumerate(waits):
        longest = min(2 * 2**tries, 300)
        assert 0.75 * longest <= wait <= 1.25 * longest


async def test_every_attempt_is_written_down(room: EngineRoom, sms: AskableChannel) -> None:
    """When, and what the network said each time."""
    sms.will(TryLater("slow down", after=seconds(5)), TryLater("busy", after=seconds(5)))
    room.keep(a_draft())
    await room.sender.settle()
    await room.send_at(5)
    await room.send_at(10)

    assert [(a["at"], a["says"]) for a in room.texts()[0].attempts] == [
        (NINE.isoformat(), "slow down"),
        ((NINE + seconds(5)).isoformat(), "busy"),
        ((NINE + seconds(10)).isoformat(), "accepted"),
    ]


async def test_after_half_a_day_it_gives_up_and_goes_another_way(
    room: EngineRoom, sms: AskableChannel, telegram: TappedChannel
) -> None:
    """A network that is out of order for twelve hours is not waited for."""
    telegram.will(TryLater("down", after=minutes(12 * 60 + 1)), TryLater("down"))
    room.keep(a_draft(to=A_CHAT))
    await room.sender.settle()
    await room.send_at((12 * 60 + 1) * 60)

    assert room.texts()[0].state == OutboxState.FAILED
    assert sms.texts == ["Who is in?"]


@pytest.mark.parametrize("error", [Refused("too long"), SendError("no idea")], ids=repr)
async def test_a_text_that_is_refused_goes_by_the_next_channel(
    room: EngineRoom, sms: AskableChannel, telegram: TappedChannel, error: SendError
) -> None:
    """At once, and the chat may still be used for the next text."""
    telegram.will(error)
    room.keep(a_draft("Who is in?", to=A_CHAT, case_refs=("K7",)))
    await room.sender.settle()

    refused, instead = room.texts()
    assert (refused.state, refused.says) == (OutboxState.FAILED, str(error))
    assert (instead.address, instead.fallback_of, instead.case_refs) == (A_PHONE, 1, ("K7",))
    assert instead.state == OutboxState.SENT
    with room.database.reading() as db:
        assert find_owner(db, A_CHAT) == ("bryn-hollis", AddressState.LIVE)


async def test_an_address_that_is_gone_is_used_no_more(
    room: EngineRoom, sms: AskableChannel, telegram: TappedChannel
) -> None:
    """Blocked: the text, and what waits behind it, goes by the next channel, in order."""
    telegram.will(AddressGone("blocked the bot"))
    room.keep(a_draft("first", to=A_CHAT), a_draft("second", to=A_CHAT))
    await room.sender.settle()

    assert [(row.text, row.address, row.state) for row in room.texts()] == [
        ("first", A_CHAT, OutboxState.FAILED),
        ("second", A_CHAT, OutboxState.LAPSED),
        ("first", A_PHONE, OutboxState.SENT),
        ("second", A_PHONE, OutboxState.SENT),
    ]
    with room.database.reading() as db:
        assert find_owner(db, A_CHAT) == ("bryn-hollis", AddressState.GONE)


async def test_with_no_channel_left_the_css_hears_of_it(
    room: EngineRoom, sms: AskableChannel
) -> None:
    """Silence must not look like safety: the key contact is told, with the number to ring."""
    sms.will(AddressGone("landline"))
    room.keep(a_draft(to=KEN, person="ken-ridley"))
    await room.sender.settle()

    told = room.texts()[-1]
    assert (told.script, told.person) == ("css_unreachable", "gill-marsh")
    assert "Ken Ridley" in told.text
    assert "landline" in told.text
    with room.database.reading() as db:
        assert "no channel left" in list_journal(db)[-1]["because"]


async def test_a_failure_that_overtook_its_own_send_goes_another_way_too(
    room: EngineRoom, sms: AskableChannel
) -> None:
    """The receipt was there before the id was known: it is not forgotten."""
    with room.database.writing() as db:
        apply_receipt(
            db, Receipt("sms", "sms-1", ReceiptState.FAILED, "landline", address_gone=True), NINE
        )
    room.keep(a_draft(to=KEN, person="ken-ridley"))
    await room.sender.settle()

    assert [(row.script, row.state) for row in room.texts()] == [
        ("register_chase", OutboxState.FAILED),
        ("css_unreachable", OutboxState.SENT),
    ]


async def test_a_channel_that_is_off_is_passed_over(
    a_room: ARoom, wrensby: Database, sms: AskableChannel
) -> None:
    """A text for a network that is switched off goes by one that is on."""
    room = a_room(wrensby, sms)
    room.keep(a_draft(to=A_CHAT))
    await room.sender.settle()

    assert room.texts()[0].says == "telegram is not switched on"
    assert sms.texts == ["Who is in?"]


async def test_a_text_that_is_useful_no_more_lapses(room: EngineRoom, sms: AskableChannel) -> None:
    """An outage does not deliver the morning's prompt in the afternoon."""
    sms.will(TryLater("down", after=minutes(30)))
    room.keep(a_draft(useful_until=NINE + minutes(30)))
    await room.sender.settle()
    await room.send_at(30 * 60)

    assert (len(sms.sent), room.texts()[0].state) == (1, OutboxState.LAPSED)


async def test_a_text_of_unknown_fate_that_went_is_not_sent_again(
    room: EngineRoom, sms: AskableChannel
) -> None:
    """The connection broke; the network, asked, has it: that is its id."""
    sms.will(FateUnknown("the connection broke"))
    sms.finds("SM77")
    room.keep(a_draft())
    await room.sender.settle()
    await room.send_at(10)

    row = room.texts()[0]
    assert (len(sms.sent), len(sms.asked)) == (1, 1)
    assert (row.state, row.network_id) == (OutboxState.SENT, "SM77")
    assert sms.asked[0].sent_after == NINE


async def test_a_text_of_unknown_fate_that_did_not_go_is_sent(
    room: EngineRoom, sms: AskableChannel
) -> None:
    """The network, asked, has never had it."""
    sms.will(FateUnknown("the connection broke"))
    sms.finds(None)
    room.keep(a_draft())
    await room.sender.settle()
    await room.send_at(10)

    assert (len(sms.sent), room.texts()[0].state) == (2, OutboxState.SENT)


async def test_a_network_that_cannot_be_asked_has_not_said_no(
    room: EngineRoom, sms: AskableChannel
) -> None:
    """The text stays of unknown fate until the network answers, and is not sent meanwhile."""
    sms.will(FateUnknown("the connection broke"))
    sms.finds(TryLater("down", after=seconds(5)), TryLater("down", after=seconds(5)), "SM77")
    room.keep(a_draft())
    for after in (0, 10, 20, 30):
        await room.send_at(after)

    assert (len(sms.sent), len(sms.asked)) == (1, 3)
    assert room.texts()[0].network_id == "SM77"


async def test_a_network_that_cannot_be_asked_at_all_gets_it_again(
    room: EngineRoom, telegram: TappedChannel
) -> None:
    """A second text beats a lost one."""
    telegram.will(FateUnknown("the connection broke"))
    room.keep(a_draft(to=A_CHAT))
    await room.sender.settle()
    await room.send_at(10)

    assert telegram.texts == ["Who is in?", "Who is in?"]


async def test_it_gets_no_third_and_the_text_goes_another_way(
    room: EngineRoom, sms: AskableChannel, telegram: TappedChannel
) -> None:
    """What may be there twice is not sent again: it goes by SMS, at once, and says why."""
    telegram.will(*[FateUnknown("the connection broke; the text may have gone")] * 3)
    room.keep(a_draft(to=A_CHAT))
    for after in (0, 10, 20, 30):
        await room.send_at(after)

    first, second = room.texts()
    assert (len(telegram.sent), sms.texts) == (2, ["Who is in?"])
    assert (first.state, second.fallback_of) == (OutboxState.FAILED, first.id)
    assert first.says.endswith("the text may have gone; it is not sent a third time")


async def test_no_try_is_spent_on_a_network_that_does_not_answer(
    a_room: ARoom, wrensby: Database
) -> None:
    """It is away for an hour: the second try waits until it is there, and is the last."""
    telegram = HailedChannel("telegram")
    room = a_room(wrensby, telegram)
    telegram.will(FateUnknown("the connection broke"))
    telegram.is_away = True
    room.keep(a_draft(to=A_CHAT))
    for minute in range(60):
        await room.send_at(60 * minute)
    offered_while_away = len(telegram.sent)
    telegram.is_away = False
    await room.send_at(66 * 60)

    assert (offered_while_away, len(telegram.sent)) == (1, 2)
    assert room.texts()[0].state == OutboxState.SENT


async def test_a_network_that_says_no_meanwhile_may_be_tried_again(
    room: EngineRoom, sms: AskableChannel, telegram: TappedChannel
) -> None:
    """Only a try that may have gone counts: one that was refused for now is no copy."""
    telegram.will(FateUnknown("broke"), *[TryLater("busy", after=seconds(2))] * 3)
    room.keep(a_draft(to=A_CHAT))
    for after in range(0, 40, 5):
        await room.send_at(after)

    assert (len(telegram.sent), sms.texts) == (5, [])
    assert room.texts()[0].state == OutboxState.SENT


class AskedSlowly(AskableChannel):
    """One that takes minutes to say that it never had a text; `meanwhile` happens in those."""

    async def find_sent(self, text: Outbound) -> str | None:
        """Say so, late; whoever asks meanwhile is answered at once."""
        self.asked.append(text)
        if len(self.asked) == 1:
            await self.meanwhile()
        return None

    async def meanwhile(self) -> None:
        """What happens in those minutes."""


async def test_a_text_held_longer_than_its_lease_is_left_to_whoever_has_it_now(
    a_room: ARoom, wrensby: Database
) -> None:
    """While one sender asked after it, its lease ran out and another sent it: it goes once."""
    sms = AskedSlowly("sms")
    room = a_room(wrensby, sms)
    other = Sender(room.desk, room.clock, {"sms": sms})

    async def another_sends_it() -> None:
        room.clock.move_to(NINE + minutes(3))
        await other.settle()

    sms.meanwhile = another_sends_it  # type: ignore[method-assign]  # what happens in the story
    room.keep(a_draft())
    with room.database.writing() as db:
        assert len(claim_outbox(db, NINE)) == 1
    await room.send_at(61)
    await room.send_at(600)
    other.close()

    assert (len(sms.sent), len(sms.asked)) == (1, 2)
    assert room.texts()[0].network_id == "sms-1"


async def test_what_was_in_hand_when_the_database_went_away_goes_all_the_same(
    room: EngineRoom, sms: AskableChannel
) -> None:
    """Its lease is ours: it goes now, and not in ten minutes when somebody else has it as well."""
    claimed: list[str] = []

    def goes_away(connection: object, cursor: object, statement: str, *of: object) -> None:
        if claimed:
            raise OperationalError(statement, {}, Exception("the database is away"))
        claimed.extend([statement] if statement.startswith("UPDATE outbox") else [])

    room.keep(a_draft())
    event.listen(room.database.engine, "before_cursor_execute", goes_away)
    with pytest.raises(OperationalError):
        await room.sender.settle()
    event.remove(room.database.engine, "before_cursor_execute", goes_away)
    async with asyncio.timeout(10):
        await sms.offered.wait()
    room.clock.move_to(NINE + minutes(10))
    await room.sender.settle()

    assert (len(sms.sent), sms.asked) == (1, [])
    assert room.texts()[0].state == OutboxState.SENT


async def test_processes_killed_while_sending_give_it_no_third_try(
    room: EngineRoom, sms: AskableChannel, telegram: TappedChannel
) -> None:
    """Each of two died with the text in hand: whoever is third sends it another way."""
    room.keep(a_draft(to=A_CHAT))
    with room.database.writing() as db:
        assert len(claim_outbox(db, NINE)) == 1
        assert len(claim_outbox(db, NINE + seconds(61))) == 1
    await room.send_at(130)

    assert (telegram.sent, sms.texts) == ([], ["Who is in?"])
    assert room.texts()[0].says == "nobody knows whether it went; it is not sent a third time"


async def test_to_change_a_message_twice_is_to_change_it_once(
    room: EngineRoom, telegram: TappedChannel
) -> None:
    """An edit is tried until it is known to have come: nobody hears it twice."""
    telegram.will("chat:1", *[FateUnknown("broke")] * 3)
    room.keep(a_draft("Who is in?", to=A_CHAT))
    await room.sender.settle()
    room.keep(a_draft("All in", to=A_CHAT, edits=room.texts()[0].id))
    for after in range(0, 120, 10):
        await room.send_at(after)

    assert telegram.texts == ["Who is in?", *["All in"] * 4]


async def test_a_process_killed_while_sending_loses_and_doubles_nothing(
    room: EngineRoom, sms: AskableChannel
) -> None:
    """Claimed and never marked: when the lease has ended it goes, once, after being asked for."""
    room.keep(a_draft())
    with room.database.writing() as db:
        assert len(claim_outbox(db, NINE)) == 1
    sms.finds(None)

    await room.send_at(59)
    before = len(sms.sent)
    await room.send_at(60)
    await room.send_at(200)

    assert (before, len(sms.asked), len(sms.sent)) == (0, 1, 1)
    assert room.texts()[0].state == OutboxState.SENT


async def test_a_chat_that_moved_gets_its_text_at_once(
    room: EngineRoom, telegram: TappedChannel
) -> None:
    """And whoever was tied to the old id is tied to the new one."""
    telegram.will(AddressMoved("supergroup", to="-100700900001"))
    room.keep(a_draft(to=A_CHAT))
    await room.sender.settle()

    moved = Address("telegram", "-100700900001")
    assert [text.address for text in telegram.sent] == [A_CHAT, moved]
    with room.database.reading() as db:
        assert find_owner(db, moved) == ("bryn-hollis", AddressState.LIVE)
        assert find_owner(db, A_CHAT) == ("bryn-hollis", AddressState.GONE)


async def test_a_channel_that_fails_in_its_own_way_loses_nothing(
    room: EngineRoom, sms: AskableChannel
) -> None:
    """An error that no protocol names: other texts go on, and this one is asked for and tried."""
    sms.will(ZeroDivisionError())
    sms.finds(None)
    room.keep(a_draft("first"), a_draft("other", to=KEN))
    await room.sender.settle()
    assert [row.state for row in room.texts()] == [OutboxState.WAITING, OutboxState.SENT]

    await room.send_at(10)

    assert room.texts()[0].state == OutboxState.SENT


async def test_an_edit_replaces_the_message_that_went(
    room: EngineRoom, telegram: TappedChannel
) -> None:
    """By the id that the network gave it."""
    telegram.will("700900001:5", "700900001:5")
    room.keep(a_draft("prompt", to=A_CHAT))
    await room.sender.settle()
    room.keep(a_draft("one tapped", to=A_CHAT, edits=1))
    await room.sender.settle()

    assert [(t.text, t.edits) for t in telegram.sent] == [
        ("prompt", None),
        ("one tapped", "700900001:5"),
    ]


async def test_an_edit_waits_for_its_message(room: EngineRoom, telegram: TappedChannel) -> None:
    """The prompt is being tried again: its edit goes after it, and not as a text of its own."""
    telegram.will(TryLater("slow down", after=seconds(5)))
    room.keep(a_draft("prompt", to=A_CHAT))
    await room.sender.settle()
    room.keep(a_draft("one tapped", to=A_CHAT, edits=1, urgency=Urgency.REPLY))
    for after in range(1, 12):
        await room.send_at(after)

    assert telegram.texts == ["prompt", "prompt", "one tapped"]
    assert telegram.sent[-1].edits == "telegram-2"


async def test_an_edit_of_a_message_that_never_went_lapses(
    room: EngineRoom, telegram: TappedChannel
) -> None:
    """The prompt went by SMS in the end: there is nothing on Telegram to edit, ever."""
    telegram.will(TryLater("slow down", after=seconds(5)), Refused("too long"))
    room.keep(a_draft("prompt", to=A_CHAT))
    await room.sender.settle()
    room.keep(a_draft("one tapped", to=A_CHAT, edits=1, urgency=Urgency.REPLY))
    for after in range(1, 12):
        await room.send_at(after)

    assert [(row.text, row.state) for row in room.texts()][:2] == [
        ("prompt", OutboxState.FAILED),
        ("one tapped", OutboxState.LAPSED),
    ]


async def test_a_tap_is_answered_where_it_was_made(
    room: EngineRoom, telegram: TappedChannel
) -> None:
    """Not as a text: the word pops up at the button."""
    room.keep(a_draft("Noted", to=A_CHAT, callback_id="cb-1"))
    await room.sender.settle()

    assert (telegram.answered, telegram.sent) == ([("cb-1", "Noted")], [])
    assert room.texts()[0].state == OutboxState.SENT


async def test_a_failed_edit_or_answer_goes_no_other_way(
    room: EngineRoom, telegram: TappedChannel, sms: AskableChannel
) -> None:
    """They mean nothing on another channel."""
    telegram.will("700900001:5", Refused("no"))
    room.keep(a_draft("prompt", to=A_CHAT))
    await room.sender.settle()
    room.keep(a_draft("one tapped", to=A_CHAT, edits=1))
    await room.sender.settle()

    assert sms.sent == []
    assert room.texts()[1].state == OutboxState.FAILED


async def test_texts_to_many_go_side_by_side(
    a_room: ARoom, wrensby: Database, sms: QuietChannel
) -> None:
    """A hundred and twenty phones are more than one batch: all of them hear."""
    room = a_room(wrensby, sms)
    room.keep(*(a_draft(to=Address("sms", f"+4477009{n:05}")) for n in range(120, 240)))
    await room.sender.settle()

    assert len(sms.sent) == 120
    assert {row.state for row in room.texts()} == {OutboxState.SENT}


async def test_a_network_with_a_pace_gets_no_more_than_it_takes(
    room: EngineRoom, telegram: TappedChannel
) -> None:
    """Forty prompts that are due at once go one after another, none before its moment."""
    telegram.pace = Pace(10)
    room.keep(*(a_draft(f"{n}", to=Address("telegram", f"{n}")) for n in range(40)))
    went = []
    for after in range(41):
        await room.send_at(after / 10)
        went.append(len(telegram.sent))

    assert went == [*range(1, 41), 40]


async def test_one_that_hangs_holds_up_no_other(
    room: EngineRoom, sms: AskableChannel, telegram: TappedChannel
) -> None:
    """A network that does not answer keeps its own text, and nobody else's."""
    room.keep(a_draft("hangs", to=A_CHAT), a_draft("goes", to=KEN, person="ken-ridley"))
    answered = telegram.hangs()
    sending = asyncio.create_task(room.sender.settle())
    async with asyncio.timeout(10):
        while (states := await asyncio.to_thread(states_of, room))["goes"] != OutboxState.SENT:
            pass
    answered.set()
    await sending

    assert states == {"hangs": OutboxState.SENDING, "goes": OutboxState.SENT}
    assert {row.state for row in room.texts()} == {OutboxState.SENT}


async def test_a_chat_that_is_to_slow_down_waits_for_alarms_too(
    room: EngineRoom, telegram: TappedChannel
) -> None:
    """The network said when; another text would only be refused, and lengthen the wait."""
    telegram.pace = Pace(10)
    telegram.will(TryLater("slow down", after=seconds(30)))
    room.keep(a_draft("prompt", to=A_CHAT))
    await room.sender.settle()
    room.keep(
        a_draft("alarm", to=A_CHAT, urgency=Urgency.ALARM),
        a_draft("another's", to=Address("telegram", "700900002")),
    )
    await room.send_at(29)
    before = telegram.texts
    await room.send_at(31)

    assert (before, telegram.texts[2]) == (["prompt", "another's"], "alarm")


async def test_when_several_chats_are_to_slow_down_the_account_does(
    room: EngineRoom, telegram: TappedChannel
) -> None:
    """Two at once are no chat's own fault: nothing goes to anybody until the network says."""
    telegram.pace = Pace(10)
    telegram.will(*(TryLater("slow down", after=seconds(30)),) * 2)
    room.keep(a_draft("one", to=A_CHAT), a_draft("two", to=Address("telegram", "700900002")))
    await room.sender.settle()
    await room.send_at(1)
    room.keep(a_draft("three", to=Address("telegram", "700900003")))
    await room.send_at(30)
    before = list(telegram.texts)
    await room.send_at(31)

    assert (before, len(telegram.texts)) == (["one", "two"], 3)


async def test_an_alarm_does_not_wait_for_minutes_until_an_account_may_go_on(
    room: EngineRoom, sms: AskableChannel, telegram: TappedChannel
) -> None:
    """It has a minute's patience, as with any network that takes nothing; then it goes by SMS."""
    telegram.pace = Pace(10)
    telegram.will(*(TryLater("slow down", after=seconds(300)),) * 2)
    room.keep(a_draft("one", to=A_CHAT), a_draft("two", to=Address("telegram", "700900002")))
    await room.sender.settle()
    alarm = a_draft("an alarm", to=A_CHAT, urgency=Urgency.ALARM, expected=timedelta(minutes=1))
    room.keep(alarm)
    await room.send_at(59)
    before = list(sms.texts)
    await room.send_at(60)

    assert (before, sms.texts, telegram.texts) == ([], ["an alarm"], ["one", "two"])


async def test_what_a_network_said_while_the_database_was_away_is_kept(
    room: EngineRoom, sms: AskableChannel
) -> None:
    """It is written down as soon as the database is back: nothing goes twice."""
    answered = sms.hangs()
    room.keep(a_draft())
    sending = asyncio.create_task(room.sender.settle())
    async with asyncio.timeout(10):
        await sms.offered.wait()
    with room.database.engine.connect() as db:
        db.exec_driver_sql("ALTER TABLE outbox RENAME TO away")
    answered.set()
    with pytest.raises(SQLAlchemyError):
        await sending
    with room.database.engine.connect() as db:
        db.exec_driver_sql("ALTER TABLE away RENAME TO outbox")
    await room.sender.settle()

    assert (len(sms.sent), room.texts()[0].state) == (1, OutboxState.SENT)


async def test_a_sender_that_is_stopped_sees_out_what_is_on_its_way(
    room: EngineRoom, sms: AskableChannel
) -> None:
    """A restart leaves no text of unknown fate behind."""
    answered = sms.hangs()
    room.keep(a_draft())
    running = asyncio.create_task(room.sender.run())
    async with asyncio.timeout(10):
        await sms.offered.wait()
    running.cancel()
    await asyncio.sleep(0)
    answered.set()
    await asyncio.gather(running, return_exceptions=True)

    assert room.texts()[0].state == OutboxState.SENT


async def test_two_processes_send_each_text_once_and_keep_one_pace(
    a_room: ARoom, postgres: Database
) -> None:
    """None is special: what the one has claimed the other leaves alone, and they share the pace."""
    ours, theirs = TappedChannel("telegram"), TappedChannel("telegram")
    ours.pace = theirs.pace = Pace(20)
    one, other = a_room(postgres, ours), a_room(postgres, theirs)
    one.keep(*(a_draft(f"{n}", to=Address("telegram", f"{n}")) for n in range(40)))
    for beat in range(41):
        moment = NINE + seconds(beat / 20)
        for room in (one, other):
            room.clock.move_to(moment)
        await asyncio.gather(one.sender.settle(), other.sender.settle())
        assert len(ours.sent) + len(theirs.sent) <= beat + 1

    assert sorted(int(text) for text in (*ours.texts, *theirs.texts)) == list(range(40))
    assert {row.state for row in one.texts()} == {OutboxState.SENT}


async def test_a_text_that_is_late_goes_by_the_next_channel_once(
    room: EngineRoom, sms: AskableChannel, telegram: TappedChannel
) -> None:
    """Its network is down for longer than it has patience; what it says later undoes nothing."""
    telegram.will(*(TryLater("down", after=seconds(50)),) * 5)
    room.keep(a_draft(to=A_CHAT, expected=timedelta(minutes=3)))
    for after in (0, 50, 100, 150, 179):
        await room.send_at(after)
    before = sms.texts
    await room.send_at(181)
    await room.send_at(600)

    assert (before, sms.texts) == ([], ["Who is in?"])
    first, instead = room.texts()
    assert (first.state, first.says) == (
        OutboxState.LAPSED,
        "not sent within 3 min (down); by text message now",
    )
    assert (instead.fallback_of, instead.state) == (first.id, OutboxState.SENT)


async def test_what_our_own_limits_make_wait_is_not_late(
    room: EngineRoom, sms: AskableChannel, telegram: TappedChannel
) -> None:
    """Patience counts from when a text was first offered to its network."""
    telegram.pace = Pace(1 / 300)
    room.keep(
        a_draft("first", to=A_CHAT, expected=timedelta(minutes=3)),
        a_draft("second", to=Address("telegram", "2"), expected=timedelta(minutes=3)),
    )
    for after in (0, 181, 299, 300):
        await room.send_at(after)

    assert (telegram.texts, sms.texts) == (["first", "second"], [])
