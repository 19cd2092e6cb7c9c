"""What a network received while nobody was there to take it is asked for, and kept once."""

from collections.abc import Sequence
from datetime import datetime

from tests.engine.conftest import ARoom, EngineRoom
from tests.engine.network import QuietChannel
from tests.store.builders import A_PHONE, NINE, minutes

from apbot.channels.protocol import TryLater
from apbot.domain.messages import Inbound, InboundKind
from apbot.engine.recovering import LONGEST, Recovering
from apbot.store.database import Database
from apbot.store.inbox import keep, list_inbox


class Remembers(QuietChannel):
    """A network that tells what it received, where it can be reached."""

    def __init__(self) -> None:
        super().__init__("sms")
        self.came: list[tuple[Inbound, datetime]] = []
        self.asked: list[datetime] = []
        self.is_away = False

    async def received(self, since: datetime) -> Sequence[tuple[Inbound, datetime]]:
        """Return what came since then."""
        self.asked.append(since)
        if self.is_away:
            raise TryLater("the network could not be reached")
        return tuple((inbound, at) for inbound, at in self.came if at >= since)


def a_text(sid: str, words: str = "all in") -> Inbound:
    """An SMS."""
    return Inbound(sid, A_PHONE, InboundKind.TEXT, words)


def recovering(room: EngineRoom, channel: Remembers) -> Recovering:
    """What asks, on the room's own clock."""
    return Recovering(room.desk, room.clock, {channel.name: channel})


def brought(room: EngineRoom, sid: str) -> None:
    """This one came by its hook."""
    with room.database.writing() as db:
        keep(db, a_text(sid), room.clock.now())


async def test_a_reply_that_was_never_brought_is_found(a_room: ARoom, sqlite: Database) -> None:
    """It is kept as of the moment at which it was sent, beside those that were brought."""
    channel = Remembers()
    room = a_room(sqlite, channel)
    brought(room, "SM1")
    channel.came = [(a_text("SM1"), NINE), (a_text("SM2", "chloe off"), NINE + minutes(1))]
    room.clock.move_to(NINE + minutes(5))

    found = await recovering(room, channel).look()

    with room.database.reading() as db:
        kept = [(row.inbound.text, row.received_at) for row in list_inbox(db)]
    assert found == 1
    assert kept == [("all in", NINE), ("chloe off", NINE + minutes(1))]


async def test_it_is_asked_from_where_it_was_asked_last(a_room: ARoom, sqlite: Database) -> None:
    """With some overlap; a network that could not be asked is asked for that time again."""
    channel = Remembers()
    room = a_room(sqlite, channel)
    brought(room, "SM1")
    looking = recovering(room, channel)
    for minute in (1, 31, 61):
        channel.is_away = minute == 31
        room.clock.move_to(NINE + minutes(minute))
        await looking.look()

    first, second, third = channel.asked
    assert first == NINE - minutes(10)
    assert (second, third) == (NINE + minutes(1 - 10), NINE + minutes(1 - 10))


async def test_what_came_after_an_absence_hides_nothing_of_it(
    a_room: ARoom, database: Database
) -> None:
    """Up to when a network was asked is kept: a restart does not begin with the newest message."""
    channel = Remembers()
    room = a_room(database, channel)
    brought(room, "SM1")
    room.clock.move_to(NINE + minutes(1))
    await recovering(room, channel).look()
    channel.came = [(a_text("SM2", "chloe off"), NINE + minutes(20))]
    room.clock.move_to(NINE + minutes(60))
    brought(room, "SM3")

    found = await recovering(room, channel).look()

    assert (found, channel.asked[-1]) == (1, NINE + minutes(1 - 10))


async def test_after_a_long_absence_a_day_is_asked_for(a_room: ARoom, sqlite: Database) -> None:
    """What lies further back is of no more use."""
    channel = Remembers()
    room = a_room(sqlite, channel)
    brought(room, "SM1")
    room.clock.move_to(NINE + minutes(60 * 24 * 9))

    await recovering(room, channel).look()

    assert channel.asked == [room.clock.now() - LONGEST - minutes(10)]


async def test_what_lay_in_the_account_before_our_time_is_left_there(
    a_room: ARoom, sqlite: Database
) -> None:
    """A house that has never taken anything in begins from now."""
    channel = Remembers()
    room = a_room(sqlite, channel)
    channel.came = [(a_text("SM-old"), NINE - minutes(60))]

    found = await recovering(room, channel).look()

    assert (found, channel.asked) == (0, [])
