"""Claims: each deadline, message and text is taken by one process at a time, and comes free."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection
from tests.store.builders import A_CHAT, A_PHONE, NINE, a_draft, a_message, minutes, seconds

from apbot.domain.messages import Address
from apbot.store.database import Database
from apbot.store.deadlines import claim_deadlines, next_due, postpone, set_deadline
from apbot.store.inbox import (
    MOST_TRIES,
    Held,
    claim_inbox,
    hold_unhandled,
    keep,
    list_inbox,
    mark_failed,
    mark_handled,
    next_retry,
)
from apbot.store.outbox import add
from apbot.store.sending import claim_outbox, next_waiting

Claim = Callable[[Connection, datetime, int], tuple[Any, ...]]


@dataclass(frozen=True)
class Tray:
    """Something that is claimed: how three rows get in, and how they are claimed."""

    name: str
    fill: Callable[[Connection], object]
    claim: Claim

    def __str__(self) -> str:
        return self.name


def _three_deadlines(db: Connection) -> None:
    for subject in ("1", "2", "3"):
        set_deadline(db, "register", subject, NINE)


def _three_messages(db: Connection) -> None:
    for network_id in ("SM1", "SM2", "SM3"):
        keep(db, a_message(network_id=network_id), NINE)


def _three_texts(db: Connection) -> None:
    for number in range(3):
        add(db, [a_draft(to=Address("sms", f"{A_PHONE.value[:-1]}{number}"))], NINE)


TRAYS = [
    Tray("deadlines", _three_deadlines, claim_deadlines),
    Tray("inbox", _three_messages, claim_inbox),
    Tray("outbox", _three_texts, claim_outbox),
]


def claim(database: Database, tray: Tray, now: datetime, limit: int = 50) -> set[int]:
    """Claim in a transaction of its own; return the ids."""
    with database.writing() as db:
        return {row.id for row in tray.claim(db, now, limit)}


@pytest.mark.parametrize("tray", TRAYS, ids=str)
def test_a_row_is_claimed_once(database: Database, tray: Tray) -> None:
    """What one process has claimed, the next one leaves alone."""
    with database.writing() as db:
        tray.fill(db)

    first, second = claim(database, tray, NINE, 2), claim(database, tray, NINE)

    assert (len(first), len(second), first & second) == (2, 1, set())


@pytest.mark.parametrize("tray", TRAYS, ids=str)
def test_two_who_claim_at_the_same_moment_share_without_waiting(
    postgres: Database, tray: Tray
) -> None:
    """While one transaction is claiming, another passes over its rows and takes the others."""
    with postgres.writing() as db:
        tray.fill(db)

    with postgres.writing() as one, postgres.writing() as other:
        first = {row.id for row in tray.claim(one, NINE, 2)}
        second = {row.id for row in tray.claim(other, NINE, 50)}

    assert (len(first), len(second), first & second) == (2, 1, set())


@pytest.mark.parametrize("tray", TRAYS, ids=str)
def test_a_claim_that_is_rolled_back_was_none(database: Database, tray: Tray) -> None:
    """If the claiming itself fails, the rows are free at once."""
    with database.writing() as db:
        tray.fill(db)
    with suppress(ZeroDivisionError), database.writing() as db:
        tray.claim(db, NINE, 50)
        raise ZeroDivisionError

    assert len(claim(database, tray, NINE)) == 3


@pytest.mark.parametrize("tray", TRAYS, ids=str)
def test_a_dead_process_s_rows_come_free_when_the_lease_ends(
    database: Database, tray: Tray
) -> None:
    """A minute after the claim, and not before, somebody else has the row."""
    with database.writing() as db:
        tray.fill(db)
    claim(database, tray, NINE)

    before = claim(database, tray, NINE + seconds(59))
    after = claim(database, tray, NINE + seconds(60))

    assert (len(before), len(after)) == (0, 3)


@pytest.mark.parametrize("tray", TRAYS, ids=str)
def test_a_claim_takes_no_more_than_it_was_told(database: Database, tray: Tray) -> None:
    """A batch is a batch: another process may share the rest."""
    with database.writing() as db:
        tray.fill(db)

    assert len(claim(database, tray, NINE, 1)) == 1


def test_a_deadline_is_not_claimed_before_its_moment(database: Database) -> None:
    """Punctual: never early, and due at the very second."""
    with database.writing() as db:
        set_deadline(db, "register", "1", NINE)
        early, due = claim_deadlines(db, NINE - seconds(1)), claim_deadlines(db, NINE)

    assert (len(early), len(due)) == (0, 1)


def test_the_oldest_deadline_is_first(database: Database) -> None:
    """After an outage what is most overdue is looked at first."""
    with database.writing() as db:
        set_deadline(db, "register", "late", NINE)
        set_deadline(db, "case", "later", NINE - minutes(5))
        due = claim_deadlines(db, NINE)

    assert [row.subject for row in due] == ["later", "late"]


def test_a_subject_has_one_deadline(database: Database) -> None:
    """Setting it again moves it, and makes a claimed one free for its new moment."""
    with database.writing() as db:
        set_deadline(db, "register", "1", NINE)
        claim_deadlines(db, NINE)
        set_deadline(db, "register", "1", NINE + minutes(10))
        coming = next_due(db)
        due = claim_deadlines(db, NINE + minutes(10))
        set_deadline(db, "register", "1", None)
        ended = next_due(db)

    assert (coming, len(due), ended) == (NINE + minutes(10), 1, None)


def test_a_claimed_deadline_is_waited_for_until_its_lease_ends(database: Database) -> None:
    """Somebody else has it: to look at once, again and again, would help nobody."""
    with database.writing() as db:
        set_deadline(db, "register", "1", NINE)
        claim_deadlines(db, NINE + seconds(5))

        assert next_due(db) == NINE + seconds(65)


def test_a_postponed_deadline_comes_again(database: Database) -> None:
    """Handling it raised: it is free at its new moment, and its tries are counted."""
    with database.writing() as db:
        set_deadline(db, "register", "1", NINE)
        postpone(db, claim_deadlines(db, NINE)[0], NINE + minutes(1))
        early = claim_deadlines(db, NINE + seconds(59))
        again = claim_deadlines(db, NINE + minutes(1))

    assert early == ()
    assert [row.tries for row in again] == [1]


def test_a_deadline_that_another_has_set_meanwhile_is_not_postponed(database: Database) -> None:
    """Our lease ran out and another process did the work: what it set stands."""
    with database.writing() as db:
        set_deadline(db, "register", "1", NINE)
        ours = claim_deadlines(db, NINE)[0]
        set_deadline(db, "register", "1", NINE + minutes(10))
        postpone(db, ours, NINE + minutes(90))

        assert next_due(db) == NINE + minutes(10)


def test_the_same_message_brought_twice_is_one(database: Database) -> None:
    """A network repeats what it is not sure we had: the second is a no-op."""
    with database.writing() as db:
        first, second = keep(db, a_message(), NINE), keep(db, a_message(), NINE)
        kept = list_inbox(db)

    assert (first, second, len(kept)) == (True, False, 1)


def test_networks_number_their_messages_apart(database: Database) -> None:
    """The same id on another channel is another message."""
    with database.writing() as db:
        keep(db, a_message(), NINE)
        second = keep(db, a_message(address=A_CHAT), NINE)

    assert second


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("all\x00 in", "all in"),
        ("all in \ud83d", "all in ?"),
        ("всі тут 👍🏽 ­", "всі тут 👍🏽 ­"),
        ("'; DROP TABLE entries; --", "'; DROP TABLE entries; --"),
        ("", ""),
        ("x" * 100_000, "x" * 100_000),
    ],
    ids=["nul", "half a surrogate", "any alphabet", "sql", "nothing", "very long"],
)
def test_any_text_at_all_can_be_kept(database: Database, typed: str, kept: str) -> None:
    """A message is kept before it is read, whatever is in it."""
    with database.writing() as db:
        keep(db, a_message(typed, sender="Bry\x00n", chat_title="t" * 400), NINE)
        row = list_inbox(db)[0].inbound

    assert (row.text, row.sender, row.chat_title) == (kept, "Bryn", "t" * 300)


def test_a_handled_message_is_handled_once(database: Database) -> None:
    """Whoever comes second finds it done, and cannot hold it."""
    with database.writing() as db:
        keep(db, a_message(), NINE)
        id = claim_inbox(db, NINE)[0].id
        held = hold_unhandled(db, id)
        first = mark_handled(db, id, NINE, person="bryn-hollis", came_of_it="marks")
        second = mark_handled(db, id, NINE, person="owen-crake", came_of_it="other")
        held_again = hold_unhandled(db, id)
        row = list_inbox(db)[0]

    assert held == Held(version=0, owner=None, before="")
    assert (first, second, held_again) == (True, False, None)
    assert (row.person, row.came_of_it, row.handled_at) == ("bryn-hollis", "marks", NINE)


def test_a_message_that_cannot_be_handled_is_tried_three_times_and_stays(
    database: Database,
) -> None:
    """Then it waits for a person: it is claimed no more, and never lost."""
    with database.writing() as db:
        keep(db, a_message(), NINE)
        now = NINE
        for _ in range(MOST_TRIES):
            row = claim_inbox(db, now)[0]
            now += seconds(5)
            mark_failed(db, row.id, now, "could not be handled: KeyError")
            early = claim_inbox(db, now - seconds(1))
            assert early == ()
        left = claim_inbox(db, now + minutes(60))
        kept = list_inbox(db)[0]

    assert left == ()
    assert (kept.tries, kept.handled_at, kept.inbound.text) == (MOST_TRIES, None, "all in")


def test_the_engine_knows_when_to_try_a_message_again(database: Database) -> None:
    """The next look is when a failed message comes free; none, where nothing waits."""
    with database.writing() as db:
        nothing = next_retry(db)
        keep(db, a_message(), NINE)
        mark_failed(db, claim_inbox(db, NINE)[0].id, NINE + seconds(5), "")
        waiting = next_retry(db)

    assert (nothing, waiting) == (None, NINE + seconds(5))


def test_the_sender_waits_for_a_lease_and_for_a_due_text(database: Database) -> None:
    """Whichever is first; where all that can go has gone, only what is still to come counts."""
    with database.writing() as db:
        add(db, [a_draft(due_at=NINE - minutes(1))], NINE)
        due = next_waiting(db)
        claim_outbox(db, NINE)
        add(db, [a_draft("again", due_at=NINE)], NINE)
        blocked = next_waiting(db, after=NINE)

    assert (due, blocked) == (NINE - minutes(1), NINE + seconds(60))
