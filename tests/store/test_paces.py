"""Paces: however many processes send for one account, together they keep its network's limit."""

from datetime import datetime

import pytest
from tests.store.builders import (
    A_CHAT,
    A_PHONE,
    ANOTHER_PHONE,
    NINE,
    a_draft,
    keep_text,
    minutes,
    seconds,
)

from apbot.domain.decisions import Urgency
from apbot.domain.messages import Address, Pace
from apbot.store.database import Database
from apbot.store.held_up import ACCOUNT
from apbot.store.outbox import OutboxRow, add
from apbot.store.paces import hold, hold_account, next_free, take_moments
from apbot.store.said import list_outbox
from apbot.store.sending import claim_outbox, mark_sent, mark_waiting

TEN = Pace(10, to_one=seconds(1), to_group=seconds(3))
A_GROUP = Address("telegram", "-100700900001")


def claim(
    database: Database, now: datetime, *, pace: Pace = TEN, channel: str = "sms", limit: int = 10
) -> dict[str, datetime]:
    """What one process claims in a transaction of its own, and when each text goes."""
    with database.writing() as db:
        first = hold_account(db, channel, now)
        rows = claim_outbox(db, now, limit, channel)
        moments = take_moments(db, rows, pace, first)
    return dict(zip([row.text for row in rows], moments, strict=True))


def phones(count: int) -> list[Address]:
    """So many phones."""
    return [Address("sms", f"+44{7700900000 + number}") for number in range(count)]


def list_rows(database: Database) -> list[OutboxRow]:
    """Every text."""
    with database.reading() as db:
        return list(list_outbox(db))


def test_two_processes_share_one_accounts_pace(database: Database) -> None:
    """What the one takes, the other waits for: no moment is given twice."""
    with database.writing() as db:
        add(db, [a_draft(f"{n}", to=phone) for n, phone in enumerate(phones(5))], NINE)

    first, second = claim(database, NINE, limit=3), claim(database, NINE)

    assert sorted([*first.values(), *second.values()]) == [NINE + seconds(n / 10) for n in range(5)]


def test_an_account_that_has_rested_does_not_save_up(database: Database) -> None:
    """Silence is no leave to send what it leaves out at once."""
    with database.writing() as db:
        keep_text(db, "one")
    claim(database, NINE)
    with database.writing() as db:
        keep_text(db, "two", to=ANOTHER_PHONE)

    assert claim(database, NINE + seconds(50)) == {"two": NINE + seconds(50)}


def test_parts_count_where_the_network_counts_them(database: Database) -> None:
    """A text of three SMS takes as long as three."""
    with database.writing() as db:
        keep_text(db, "long", parts=3)
        keep_text(db, "short", to=ANOTHER_PHONE)

    went = claim(database, NINE, pace=Pace(10, counts_parts=True))

    assert went == {"long": NINE, "short": NINE + seconds(0.3)}


@pytest.mark.parametrize(("chat", "apart"), [(A_CHAT, 1), (A_GROUP, 3)], ids=["chat", "group"])
def test_a_chat_hears_one_text_a_second(database: Database, chat: Address, apart: float) -> None:
    """And a group one in three, so that no minute has more than twenty."""
    with database.writing() as db:
        keep_text(db, "first", to=chat)
    claim(database, NINE, channel="telegram")
    with database.writing() as db:
        mark_sent(db, list_rows(database)[0], "x:1", NINE)
        keep_text(db, "second", to=chat)
    early = claim(database, NINE + seconds(apart - 0.01), channel="telegram")
    later = claim(database, NINE + seconds(apart), channel="telegram")

    assert (list(early), list(later)) == ([], ["second"])


def test_a_word_where_somebody_tapped_is_not_counted(database: Database) -> None:
    """It is no message: it goes at once, and takes nobody's moment."""
    with database.writing() as db:
        hold(db, A_CHAT, NINE + seconds(30))
        keep_text(db, "noted", to=A_CHAT, callback_id="cb1", urgency=Urgency.ALARM)
        keep_text(db, "prompt", to=Address("telegram", "700900002"))

    went = claim(database, NINE, channel="telegram")

    assert went == {"noted": NINE, "prompt": NINE}


def test_an_address_that_is_to_slow_down_waits_and_others_do_not(database: Database) -> None:
    """Even an alarm would only be refused there; the wait is never made shorter."""
    with database.writing() as db:
        hold(db, A_PHONE, NINE + seconds(30))
        hold(db, A_PHONE, NINE + seconds(5))
        keep_text(db, "alarm", urgency=Urgency.ALARM)
        keep_text(db, "other", to=ANOTHER_PHONE)
        free = next_free(db, NINE)

    before = claim(database, NINE + seconds(29))
    after = claim(database, NINE + seconds(30))

    assert free == (None, NINE + seconds(30))
    assert (list(before), list(after)) == (["other"], ["alarm"])


def test_an_account_that_is_to_slow_down_waits_as_a_whole(database: Database) -> None:
    """Its next moment is when the network said."""
    with database.writing() as db:
        hold(db, Address("sms", ACCOUNT), NINE + seconds(7))
        keep_text(db, "prompt")
        free = next_free(db, NINE)

        assert hold_account(db, "sms", NINE) == NINE + seconds(7)
    assert free == (NINE + seconds(7), None)


def test_a_clock_that_was_wrong_holds_up_nobody(database: Database) -> None:
    """A moment of next week was written by a machine that was set right since."""
    with database.writing() as db:
        hold(db, Address("sms", ACCOUNT), NINE + minutes(10_000))
        hold(db, A_PHONE, NINE + minutes(10_000))
        keep_text(db, "prompt")

    assert claim(database, NINE) == {"prompt": NINE}


def test_every_providers_first_goes_before_anybodys_second(database: Database) -> None:
    """One provider with forty texts does not make the others wait for all of them."""
    with database.writing() as db:
        many = phones(6)
        add(db, [a_draft(f"A{n}", to=phone, provider="a") for n, phone in enumerate(many)], NINE)
        for provider in ("b", "c"):
            to = Address("sms", f"+44{7700900200 + ord(provider)}")
            add(db, [a_draft(provider, to=to, provider=provider)], NINE)
        went = [row.text for row in claim_outbox(db, NINE, 4)]

    assert went == ["A0", "b", "c", "A1"]


def test_alarms_pass_everybodys_turn(database: Database) -> None:
    """Of whichever provider, and however many of its texts wait."""
    with database.writing() as db:
        for number, phone in enumerate(phones(3)):
            keep_text(db, f"prompt {number}", to=phone, provider="a")
        keep_text(db, "digest", to=A_CHAT, urgency=Urgency.DIGEST)
        keep_text(db, "alarm", to=ANOTHER_PHONE, provider="a", urgency=Urgency.ALARM)
        went = [row.text for row in claim_outbox(db, NINE, 9)]

    assert went[0] == "alarm"
    assert went[-1] == "digest"


def test_a_retried_text_keeps_its_place_before_the_next(database: Database) -> None:
    """What the network put off goes before what was written after it to the same chat."""
    with database.writing() as db:
        keep_text(db, "first", to=A_CHAT)
        keep_text(db, "second", to=A_CHAT)
    claim(database, NINE, channel="telegram")
    with database.writing() as db:
        mark_waiting(db, list_rows(database)[0], NINE + seconds(9), "slow down", NINE)
    meanwhile = claim(database, NINE + seconds(5), channel="telegram")
    then = claim(database, NINE + seconds(9), channel="telegram")

    assert (list(meanwhile), list(then)) == ([], ["first"])
