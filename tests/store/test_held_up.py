"""Held up: what a network takes nothing of loses patience from its own moment, not in a row."""

from datetime import datetime, timedelta

import pytest
from tests.store.builders import A_CHAT, NINE, a_draft, minutes, seconds

from apbot.domain.decisions import Urgency
from apbot.domain.messages import Address
from apbot.store.database import Database
from apbot.store.expecting import next_expected, pass_on
from apbot.store.held_up import ACCOUNT, start_patience
from apbot.store.outbox import add
from apbot.store.paces import hold
from apbot.store.said import list_outbox
from apbot.store.sending import claim_outbox, mark_sent, mark_waiting

MINUTE = timedelta(minutes=1)


def put_in(database: Database, text: str, at: datetime, to: Address = A_CHAT) -> None:
    """Keep an alarm that is due at once, and is to have arrived within a minute."""
    with database.writing() as db:
        add(db, [a_draft(text, to, due_at=at, urgency=Urgency.ALARM, expected=MINUTE)], at)


def offer(database: Database, at: datetime) -> list[str]:
    """Offer what can go; the network takes none of it before two minutes have passed."""
    with database.writing() as db:
        rows = claim_outbox(db, at)
        for row in rows:
            mark_waiting(db, row, at + minutes(2), "out of order", at)
    return [row.text for row in rows]


def by_when(database: Database) -> dict[str, datetime | None]:
    """When each text ought to have arrived."""
    with database.reading() as db:
        return {row.text: row.expected_by for row in list_outbox(db)}


def test_what_stands_behind_a_text_that_was_put_off_loses_patience_too(database: Database) -> None:
    """Kept before it was put off or after: a minute after its own moment, and not after its own."""
    put_in(database, "first", NINE)
    put_in(database, "second", NINE + seconds(5))
    offered = offer(database, NINE + seconds(10))
    put_in(database, "third", NINE + seconds(30))

    assert offered == ["first"]
    assert by_when(database) == {
        "first": NINE + seconds(70),
        "second": NINE + seconds(70),
        "third": NINE + seconds(90),
    }


def test_patience_that_ran_is_not_given_anew(database: Database) -> None:
    """It is offered at last and put off: it is late when it was to be late."""
    put_in(database, "first", NINE)
    offer(database, NINE)
    put_in(database, "second", NINE + seconds(30))
    with database.writing() as db:
        (first,) = claim_outbox(db, NINE + minutes(2))
        mark_sent(db, first, "1:1", NINE + minutes(2))
    offered = offer(database, NINE + minutes(2))

    assert (offered, by_when(database)["second"]) == (["second"], NINE + seconds(90))


def test_what_only_waits_for_its_turn_is_not_late(database: Database) -> None:
    """Nothing was put off, and another's trouble is not this one's."""
    put_in(database, "somebody else's", NINE, Address("telegram", "2"))
    offer(database, NINE)
    put_in(database, "first", NINE)
    put_in(database, "second", NINE)
    found = by_when(database)

    assert (found["first"], found["second"]) == (None, None)


@pytest.mark.parametrize("address", [A_CHAT.value, ACCOUNT])
@pytest.mark.parametrize(("until", "by"), [(59, None), (300, 60)])
def test_beyond_its_patience_nobody_waits_for_a_network_that_asks_us_to_slow_down(
    database: Database, address: str, until: float, by: float | None
) -> None:
    """Where it takes the text again in time the text waits; else it goes another way."""
    with database.writing() as db:
        hold(db, Address(A_CHAT.channel, address), NINE + seconds(until))
    put_in(database, "alarm", NINE)

    assert by_when(database)["alarm"] == (None if by is None else NINE + seconds(by))


def test_an_account_that_is_to_slow_down_holds_up_what_waits_already(database: Database) -> None:
    """All of it that has no patience for so long; what was offered has its own."""
    put_in(database, "early", NINE - seconds(20))
    with database.writing() as db:
        add(db, [a_draft("prompt", Address("telegram", "2"), expected=minutes(10))], NINE)
        start_patience(db, A_CHAT.channel, NINE, NINE + minutes(5))
        expected = next_expected(db)

    assert by_when(database) == {"early": NINE + seconds(60), "prompt": None}
    assert expected == NINE + seconds(60)


def test_what_went_another_way_is_not_late_once_more(database: Database) -> None:
    """It may still come by this network: nobody is asked a second time in its place."""
    put_in(database, "first", NINE)
    put_in(database, "second", NINE)
    offer(database, NINE)
    with database.writing() as db:
        second = list_outbox(db)[-1]
        pass_on(db, second.id, NINE + MINUTE)
    offer(database, NINE + minutes(3))

    assert by_when(database)["second"] is None


def test_a_digest_has_no_patience_to_lose(database: Database) -> None:
    """What asks nothing of anybody waits as long as it is useful."""
    put_in(database, "first", NINE)
    offer(database, NINE)
    with database.writing() as db:
        add(db, [a_draft("digest", A_CHAT)], NINE)

    assert by_when(database)["digest"] is None
