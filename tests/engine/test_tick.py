"""The tick: what came in and what is due is handled at its moment, whatever goes wrong beside."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import Connection, event, select, text, update
from sqlalchemy.exc import OperationalError
from tests.engine.conftest import ARoom, EngineRoom
from tests.engine.network import QuietChannel
from tests.store.builders import MONDAY, NINE, a_draft, a_message, minutes, seconds

from apbot.channels.protocol import TryLater
from apbot.clock import MovedClock, SystemClock
from apbot.desk.enrolment import take_lists
from apbot.desk.several import SETTLES_AFTER
from apbot.domain.words import Half, Mark, Matter
from apbot.engine.tick import FIRST_BATCH
from apbot.store.cases import free_refs, list_cases
from apbot.store.database import Database
from apbot.store.deadlines import claim_deadlines, hold_due, next_due, set_deadline
from apbot.store.inbox import InboxRow, claim_inbox, keep, list_inbox
from apbot.store.journal import list_journal
from apbot.store.lists import Lists
from apbot.store.registers import find_register, list_registers
from apbot.store.tables import deadlines, registers


@pytest.fixture
def sms() -> QuietChannel:
    return QuietChannel("sms")


@pytest.fixture
def room(a_room: ARoom, wrensby: Database, sms: QuietChannel) -> EngineRoom:
    """The town at nine; SMS is on."""
    return a_room(wrensby, sms)


@pytest.fixture
def empty_room(a_room: ARoom, sqlite: Database, sms: QuietChannel) -> EngineRoom:
    """No lists were ever loaded: nothing can be handled yet."""
    return a_room(sqlite, sms)


def bring(room: EngineRoom, words: str = "all in", network_id: str = "SM1") -> None:
    """A text comes from Bryn's phone."""
    with room.database.writing() as db:
        keep(db, a_message(words, network_id), room.clock.now())


def inbox(room: EngineRoom) -> list[InboxRow]:
    """Every message there is."""
    with room.database.reading() as db:
        return list(list_inbox(db))


def due(room: EngineRoom, kind: str, subject: str, at: datetime = NINE) -> None:
    """Look at this at that moment."""
    with room.database.writing() as db:
        set_deadline(db, kind, subject, at)


def standing(room: EngineRoom) -> dict[str, tuple[datetime, int]]:
    """When each subject is looked at, and how often that has failed."""
    with room.database.reading() as db:
        rows = db.execute(select(deadlines.c.subject, deadlines.c.due_at, deadlines.c.tries))
        return {row.subject: (row.due_at, row.tries) for row in rows}


def marks(database: Database) -> dict[int, Mark]:
    """What Alder Farm's morning register holds."""
    with database.reading() as db:
        register = find_register(db, "alder-farm", MONDAY, Half.AM)
    assert register is not None
    return register.marks


async def test_a_reply_is_marked_and_answered(room: EngineRoom, sms: QuietChannel) -> None:
    """From the inbox to the read-back in one go."""
    bring(room)
    await room.engine.settle()

    assert set(marks(room.database).values()) == {Mark.PRESENT}
    assert inbox(room)[0].handled_at == NINE
    assert [row.script.partition("_change")[0] for row in room.texts()] == ["read_back"]
    assert len(sms.sent) == 1


async def test_the_same_reply_brought_twice_is_answered_once(
    room: EngineRoom, sms: QuietChannel
) -> None:
    """A network that was not sure we had it brings it again, before or after it was handled."""
    bring(room)
    bring(room)
    await room.engine.settle()
    bring(room)
    await room.engine.settle()

    assert len(sms.sent) == 1


async def test_a_message_that_cannot_be_handled_is_tried_three_times_and_stays(
    empty_room: EngineRoom,
) -> None:
    """Five seconds apart; then it waits, word for word, for a person."""
    bring(empty_room, "chloe has bruises on her arm")
    seen = []
    for after in range(30):
        empty_room.clock.move_to(NINE + seconds(after))
        await empty_room.engine.settle()
        seen.append(inbox(empty_room)[0].tries)

    message = inbox(empty_room)[0]
    assert [seen.index(tries) for tries in (1, 2, 3)] == [0, 5, 10]
    assert (message.tries, message.handled_at) == (3, None)
    assert message.inbound.text == "chloe has bruises on her arm"
    assert message.came_of_it == "could not be handled: NothingLoaded"


async def test_a_message_is_handled_once_what_was_wrong_is_put_right(
    empty_room: EngineRoom, town_lists: Lists
) -> None:
    """Its second try finds the lists."""
    bring(empty_room)
    await empty_room.engine.settle()
    with empty_room.database.writing() as db:
        take_lists(db, town_lists, NINE)
    empty_room.clock.move_to(NINE + seconds(5))
    await empty_room.engine.settle()

    assert inbox(empty_room)[0].handled_at == NINE + seconds(5)
    assert set(marks(empty_room.database).values()) == {Mark.PRESENT}


async def test_nothing_of_a_message_that_raised_is_kept(empty_room: EngineRoom) -> None:
    """Half a decision is none: no mark, no text."""
    bring(empty_room)
    await empty_room.engine.settle()

    assert empty_room.texts() == []


async def test_a_deadline_that_raises_is_looked_at_a_minute_later(room: EngineRoom) -> None:
    """And again a minute after that: it is never dropped."""
    due(room, "register", "999")
    await room.engine.settle()
    first = standing(room)
    room.clock.move_to(NINE + minutes(1))
    await room.engine.settle()

    assert first == {"999": (NINE + minutes(1), 1)}
    assert standing(room) == {"999": (NINE + minutes(2), 2)}


async def test_one_that_raises_does_not_keep_the_others(room: EngineRoom) -> None:
    """Whatever is wrong with one provider's register, the other's silence is not missed."""
    with room.database.reading() as db:
        register = find_register(db, "alder-farm", MONDAY, Half.AM)
    assert register is not None
    due(room, "no such kind", "1", NINE - seconds(2))
    due(room, "register", "999", NINE - seconds(1))
    due(room, "register", str(register.id), NINE)
    await room.engine.settle()

    assert [row.script for row in room.texts()] == ["register_prompt"]


async def test_a_message_that_raises_does_not_keep_the_deadlines(empty_room: EngineRoom) -> None:
    """Both trays are worked in every round."""
    bring(empty_room)
    due(empty_room, "register", "999")
    await empty_room.engine.settle()

    assert (inbox(empty_room)[0].tries, standing(empty_room)["999"][1]) == (1, 1)


async def test_what_a_dead_engine_had_claimed_is_handled_when_its_lease_ends(
    room: EngineRoom,
) -> None:
    """Killed between the claim and the work: a minute later another engine does it, once."""
    bring(room)
    due(room, "register", "999")
    with room.database.writing() as db:
        claim_inbox(db, NINE)
        claim_deadlines(db, NINE)
    room.clock.move_to(NINE + seconds(59))
    await room.engine.settle()
    before = (inbox(room)[0].handled_at, standing(room)["999"])
    room.clock.move_to(NINE + seconds(60))
    await room.engine.settle()

    assert before == (None, (NINE, 0))
    assert inbox(room)[0].handled_at == NINE + seconds(60)
    assert standing(room)["999"] == (NINE + seconds(120), 1)


async def test_a_reply_that_collides_with_another_is_handled_again_at_once(
    a_room: ARoom, postgres: Database, town_lists: Lists, sms: QuietChannel
) -> None:
    """Two engines lock each other out: one begins again, and that counts as no failure."""
    room = a_room(postgres, sms)
    with postgres.writing() as db:
        take_lists(db, town_lists, NINE - minutes(5))
        db.execute(deadlines.delete())
    bring(room, "chloe has a black eye, says her uncle hit her")
    working = threading.Thread(target=room.engine.work)
    with postgres.writing() as db:
        # The engine has the register and waits for the refs; we have the refs and want the
        # register. Of the two the engine is first to see that neither can go on.
        db.execute(text("SET LOCAL deadlock_timeout = '30s'"))
        next(free_refs(db, NINE))
        working.start()
        working.join(0.5)
        db.execute(update(registers).values(version=registers.c.version))
    working.join()

    assert (inbox(room)[0].handled_at, inbox(room)[0].tries) == (NINE, 0)
    with postgres.reading() as db:
        assert [case.matter for case in list_cases(db)] == [Matter.CONCERN]


async def test_a_message_that_another_engine_has_handled_is_left_alone(
    a_room: ARoom, postgres: Database, town_lists: Lists, sms: QuietChannel
) -> None:
    """Two engines took the same row one after the other: its words count once."""
    slow, quick = a_room(postgres, sms), a_room(postgres, sms)
    with postgres.writing() as db:
        take_lists(db, town_lists, NINE - minutes(5))
        db.execute(deadlines.delete())
    bring(slow)
    quick.clock.move_to(NINE + seconds(61))
    working = threading.Thread(target=slow.engine.work)
    with postgres.writing() as db:
        db.execute(update(registers).values(version=registers.c.version))
        working.start()
        working.join(0.3)
        other = threading.Thread(target=quick.engine.work)
        other.start()
        other.join(0.3)
    working.join()
    other.join()

    with postgres.reading() as db:
        replies = [row for row in list_journal(db) if row["inbox_id"] is not None]
    assert len(replies) == 1


async def test_a_deadline_that_another_engine_has_dealt_with_is_left_alone(
    room: EngineRoom,
) -> None:
    """We were slower than our lease: what falls due once is done once."""
    due(room, "register", "999")
    with room.database.writing() as db:
        (row,) = claim_deadlines(db, NINE)
        set_deadline(db, "register", "999", NINE + minutes(10))

    with room.database.writing() as db:
        assert not hold_due(db, row)


async def test_a_database_that_goes_away_counts_as_nobodys_failure(
    a_room: ARoom, postgres: Database, town_lists: Lists, sms: QuietChannel
) -> None:
    """Its connection is cut in the middle of a reply: that is handled as soon as it is back."""
    room = a_room(postgres, sms)
    with postgres.writing() as db:
        take_lists(db, town_lists, NINE - minutes(5))
        db.execute(deadlines.delete())
    bring(room)
    cut: list[str] = []

    @event.listens_for(postgres.engine, "before_cursor_execute")
    def _cut(connection: Connection, cursor: Any, statement: str, *rest: Any) -> None:
        if "INSERT INTO entries" in statement and not cut:
            cut.append(statement)
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        await room.engine.settle()
    event.remove(postgres.engine, "before_cursor_execute", _cut)
    await room.engine.settle()

    assert cut
    assert (inbox(room)[0].handled_at, inbox(room)[0].tries) == (NINE, 0)
    assert [row.script for row in room.texts()] == ["read_back"]


class LeapingClock(SystemClock):
    """A machine's clock that somebody sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Return what it was set to."""
        return self.at


@pytest.mark.parametrize("leap", [timedelta(hours=1), timedelta(days=1)], ids=str)
async def test_a_clock_that_leaps_fires_nothing_twice(
    a_room: ARoom, wrensby: Database, sms: QuietChannel, leap: timedelta
) -> None:
    """Forward, back, and forward again: each cause is one text, to one address."""
    clock = LeapingClock(NINE)
    room = a_room(wrensby, sms, clock=clock)
    with wrensby.writing() as db:
        farm = find_register(db, "alder-farm", MONDAY, Half.AM)
        assert farm is not None
        set_deadline(db, "register", str(farm.id), NINE)
    for at in (NINE, NINE + leap, NINE, NINE + minutes(1), NINE + leap, NINE + leap + minutes(1)):
        clock.at = at
        await room.engine.settle()

    said = [(row.person, row.script, row.case_refs) for row in room.texts()]
    assert len(said) == len(set(said))
    assert said[0][1] == "register_prompt"


@asynccontextmanager
async def at_work(room: EngineRoom) -> AsyncIterator[None]:
    """Engine and sender run until left."""
    tasks = [asyncio.create_task(room.engine.run()), asyncio.create_task(room.sender.run())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(clock: MovedClock, moment: datetime) -> None:
    """Wait until the clock has come there."""
    async with asyncio.timeout(20):
        nudge = asyncio.Event()
        while clock.now() < moment:
            await clock.wait_until(moment, nudge)
        clock.forget(nudge)


async def test_what_is_due_is_done_at_its_own_moment_at_any_speed(
    a_room: ARoom, sqlite: Database, sms: QuietChannel, town_lists: Lists
) -> None:
    """Half an hour in a second: each text is made at the second it was due, and sent then."""
    clock = MovedClock(NINE - minutes(5), 0)
    room = a_room(sqlite, sms, clock=clock)
    with sqlite.writing() as db:
        take_lists(db, town_lists, clock.now())
    async with at_work(room):
        clock.run(3600)
        await until(clock, NINE + minutes(31))

    with sqlite.reading() as db:
        farm = find_register(db, "alder-farm", MONDAY, Half.AM)
    assert farm is not None
    about = [row for row in room.texts() if row.register == farm.id and row.script != "css_several"]
    (gathered,) = [row for row in room.texts() if row.script == "css_several"]
    made = {(row.person, row.script): row.made_at for row in about}
    assert made["bryn-hollis", "register_prompt"] == NINE
    assert made["bryn-hollis", "register_chase"] == NINE + minutes(20)
    assert made["owen-crake", "register_prompt"] == NINE + minutes(20)
    assert all(row.sent_at == row.made_at for row in about)
    # Texts about several cases wait five seconds for one another.
    assert gathered.made_at == NINE + minutes(30)
    assert gathered.sent_at == NINE + minutes(30) + SETTLES_AFTER


async def test_a_nudge_wakes_the_engine(room: EngineRoom, sms: QuietChannel) -> None:
    """On a clock that stands still nothing is due, and yet a reply is answered at once."""
    async with at_work(room):
        bring(room)
        room.engine.nudge()
        async with asyncio.timeout(10):
            while not sms.sent:
                await asyncio.to_thread(inbox, room)

    assert inbox(room)[0].handled_at == NINE


class CountingClock(MovedClock):
    """One that counts how often somebody lay down to wait."""

    waits = 0

    async def wait_until(self, moment: datetime | None, nudge: asyncio.Event) -> None:
        """Count, and wait."""
        self.waits += 1
        await super().wait_until(moment, nudge)


async def test_while_nothing_can_be_done_nothing_is_polled(
    a_room: ARoom, wrensby: Database, sms: QuietChannel
) -> None:
    """A text behind one that was put off, and a deadline another engine has: both rest."""
    clock = CountingClock(NINE, 0)
    room = a_room(wrensby, sms, clock=clock)
    sms.will(TryLater("slow down", after=seconds(60)))
    room.keep(a_draft("first"), a_draft("behind it"))
    due(room, "register", "999", NINE - minutes(1))
    with wrensby.writing() as db:
        claim_deadlines(db, NINE)
    async with at_work(room):
        for _ in range(200):
            await asyncio.to_thread(inbox, room)

    assert clock.waits <= 4


async def test_the_engine_says_what_is_due_next(room: EngineRoom) -> None:
    """For the page of phones: the next moment, or none."""
    nothing = room.engine.next_event()
    due(room, "register", "999", NINE + minutes(10))

    assert (nothing, room.engine.next_event()) == (None, NINE + minutes(10))
    with room.database.reading() as db:
        assert next_due(db) == NINE + minutes(10)


async def test_logs_are_facts_with_keys(
    room: EngineRoom, sms: QuietChannel, logs: list[structlog.typing.EventDict]
) -> None:
    """No log line holds a pupil's name, a number or a word of a message, even when all fails."""
    sms.will(TryLater("slow down"), ZeroDivisionError())
    bring(room, "chloe has bruises on her arm, femi ill")
    due(room, "register", "999")
    await room.engine.settle()
    room.clock.move_to(NINE + minutes(5))
    await room.engine.settle()

    said = repr(logs).casefold()
    assert {"text waits", "a deadline could not be handled"} <= {line["event"] for line in logs}
    for secret in ("chloe", "femi", "bruises", "ill,", "bryn", "gill", "7700"):
        assert secret not in said


async def test_registers_due_in_one_second_are_asked_for_in_one_transaction(
    room: EngineRoom,
) -> None:
    """At nine a county's registers are due at once: what they need is read for all of them."""
    with room.database.reading() as db:
        morning = [one for one in list_registers(db, MONDAY) if one.half is Half.AM]
    for one in morning:
        due(room, "register", str(one.id))
    opened: list[int] = []
    in_one: list[int] = []

    def count(*call: Any) -> None:
        opened.extend([1] if str(call[2]).startswith("UPDATE registers") else [])

    def kept(_: Any) -> None:
        in_one.append(len(opened))
        opened.clear()

    event.listen(room.database.engine, "before_cursor_execute", count)
    event.listen(room.database.engine, "commit", kept)
    await room.engine.settle_desk()

    # After a rest a few are opened first, so that their texts leave while the others are.
    assert [count for count in in_one if count] == [FIRST_BATCH, len(morning) - FIRST_BATCH]
