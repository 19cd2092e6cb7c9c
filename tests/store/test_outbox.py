"""The outbox: order, causes, receipts, and what becomes of each text."""

import threading
from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations

import pytest
from tests.store.builders import (
    A_CHAT,
    A_PHONE,
    ANOTHER_PHONE,
    NINE,
    a_draft,
    a_kept_register,
    keep_text,
    minutes,
    seconds,
)

from apbot.domain.decisions import Urgency
from apbot.domain.messages import Button, Receipt, ReceiptState
from apbot.store.database import Database
from apbot.store.lapsing import lapse_for
from apbot.store.outbox import OutboxState, add
from apbot.store.receipts import apply_receipt
from apbot.store.said import (
    count_said,
    count_same,
    find_by_network_id,
    find_register_message,
    list_outbox,
)
from apbot.store.sending import claim_outbox, mark_ended, mark_sent, mark_waiting, readdress

SENT = Receipt("sms", "SM9", ReceiptState.SENT)
DELIVERED = Receipt("sms", "SM9", ReceiptState.DELIVERED)
KEPT = (
    "person",
    "address",
    "script",
    "text",
    "due_at",
    "urgency",
    "buttons",
    "register",
    "case_refs",
    "cause",
    "useful_until",
    "patience",
    "edits",
    "callback_id",
    "fallback_of",
)
"""Everything of a draft that the sender needs again."""

FAILED = Receipt("sms", "SM9", ReceiptState.FAILED, "landline (30006)", address_gone=True)


def test_a_text_is_claimed_exactly_as_it_was_drafted(database: Database) -> None:
    """Nothing of it is lost on the way through the database."""
    draft = a_draft(
        "Chloë D is not in ✓",
        to=A_CHAT,
        buttons=((Button("All in", "a:1"), Button("✗ Chloe", "m:2")), (Button("More", "x"),)),
        register=None,
        case_refs=("K7", "B2"),
        cause="deadline",
        useful_until=NINE + minutes(30),
        patience=timedelta(minutes=10),
        callback_id="cb1",
        once="chase:1",
    )

    with database.writing() as db:
        add(db, [draft], NINE)
        row = claim_outbox(db, NINE)[0]

    for field in KEPT:
        assert getattr(row, field) == getattr(draft, field), field
    assert (row.state, row.tries, row.made_at) == (OutboxState.SENDING, 1, NINE)
    assert (row.first_tried_at, row.fate_unknown) == (NINE, False)


def test_texts_to_one_phone_keep_their_order(database: Database) -> None:
    """One at a time; the next goes only when the one before it is out."""
    with database.writing() as db:
        keep_text(db, "first")
        keep_text(db, "second")
        keep_text(db, "to another", to=ANOTHER_PHONE)
        claimed = claim_outbox(db, NINE)
        meanwhile = claim_outbox(db, NINE)
        mark_sent(db, claimed[0], "SM1", NINE)
        then = claim_outbox(db, NINE)

    assert [row.text for row in claimed] == ["first", "to another"]
    assert meanwhile == ()
    assert [row.text for row in then] == ["second"]


def test_a_text_waits_behind_one_that_is_to_be_tried_again(database: Database) -> None:
    """A correction must not overtake what it corrects."""
    with database.writing() as db:
        keep_text(db, "first")
        keep_text(db, "second")
        mark_waiting(db, claim_outbox(db, NINE)[0], NINE + seconds(30), "busy", NINE)
        early = claim_outbox(db, NINE + seconds(29))
        later = claim_outbox(db, NINE + seconds(30))

    assert (early, [row.text for row in later]) == ((), ["first"])


@pytest.mark.parametrize("is_waiting_again", [False, True])
def test_an_alarm_passes_what_is_less_urgent(database: Database, is_waiting_again: bool) -> None:
    """An alarm does not stand behind a prompt, even one that the network has put off."""
    with database.writing() as db:
        keep_text(db, "prompt", urgency=Urgency.PROMPT)
        if is_waiting_again:
            mark_waiting(db, claim_outbox(db, NINE)[0], NINE + minutes(5), "busy", NINE)
        keep_text(db, "digest", urgency=Urgency.DIGEST)
        keep_text(db, "alarm", urgency=Urgency.ALARM)

        assert [row.text for row in claim_outbox(db, NINE)] == ["alarm"]


def test_alarms_go_before_everything_else_to_anybody(database: Database) -> None:
    """Where a batch has room for one, it is the most urgent, then the oldest."""
    with database.writing() as db:
        keep_text(db, "prompt", to=A_PHONE, due_at=NINE - minutes(5))
        keep_text(db, "alarm", to=ANOTHER_PHONE, urgency=Urgency.ALARM)

        assert [row.text for row in claim_outbox(db, NINE, 1)] == ["alarm"]


def test_a_text_is_not_claimed_before_it_is_due(database: Database) -> None:
    """Never early."""
    with database.writing() as db:
        keep_text(db, due_at=NINE + seconds(1))

        assert claim_outbox(db, NINE) == ()


def test_of_one_cause_one_text_goes(database: Database) -> None:
    """The same cause twice, in one decision or in two, is one text; no cause is no bar."""
    with database.writing() as db:
        add(db, [a_draft("one", once="missing:7"), a_draft("two", once="missing:7")], NINE)
        add(db, [a_draft("three", once="missing:7"), a_draft("four"), a_draft("four")], NINE)

        assert [row.text for row in list_outbox(db)] == ["one", "four", "four"]


def test_of_several_edits_the_latest_goes(database: Database) -> None:
    """Six taps in a second are one edit: those that still wait lapse."""
    with database.writing() as db:
        prompt = keep_text(db, "prompt", to=A_CHAT)
        mark_sent(db, claim_outbox(db, NINE)[0], "700900001:5", NINE)
        keep_text(db, "one tapped", to=A_CHAT, edits=prompt.id)
        keep_text(db, "two tapped", to=A_CHAT, edits=prompt.id)
        claimed = claim_outbox(db, NINE)

        assert [(row.text, row.edited) for row in claimed] == [("two tapped", "700900001:5")]


def test_an_edit_of_what_never_went_out_knows_it(database: Database) -> None:
    """The prompt lapsed: there will never be a message to edit."""
    with database.writing() as db:
        prompt = keep_text(db, "prompt", to=A_CHAT)
        edit = a_draft("tapped", to=A_CHAT, edits=prompt.id, urgency=Urgency.REPLY)
        add(db, [edit], NINE)
        waiting = claim_outbox(db, NINE)[0]
        mark_waiting(db, waiting, NINE, "not out yet", NINE)
        add(db, [a_draft("x", to=ANOTHER_PHONE)], NINE)
        lapse_for(db, ANOTHER_PHONE, "gone")
        # The prompt's own turn comes while the edit is not due.
        mark_waiting(db, claim_outbox(db, NINE)[0], NINE + seconds(2), "not out yet", NINE)
        mark_ended(db, claim_outbox(db, NINE)[0], OutboxState.LAPSED, "too late", NINE)
        again = claim_outbox(db, NINE + seconds(2))[0]

    assert (waiting.edits_nothing, again.edits_nothing) == (False, True)
    assert (waiting.edited, again.edited) == (None, None)


@pytest.mark.parametrize("order", list(permutations([SENT, DELIVERED])), ids=repr)
def test_receipts_may_come_in_any_order(database: Database, order: Sequence[Receipt]) -> None:
    """A delivered text is not made merely sent by a receipt that was overtaken."""
    with database.writing() as db:
        keep_text(db)
        mark_sent(db, claim_outbox(db, NINE)[0], "SM9", NINE)
        for receipt in order:
            apply_receipt(db, receipt, NINE + seconds(3))
        row = list_outbox(db)[0]

    assert (row.state, row.delivered_at) == (OutboxState.DELIVERED, NINE + seconds(3))


@pytest.mark.parametrize(
    ("first", "second", "ends"),
    [
        (DELIVERED, FAILED, OutboxState.DELIVERED),
        (FAILED, DELIVERED, OutboxState.FAILED),
        (DELIVERED, DELIVERED, OutboxState.DELIVERED),
        (FAILED, SENT, OutboxState.FAILED),
    ],
)
def test_a_receipt_moves_a_text_forward_only(
    database: Database, first: Receipt, second: Receipt, ends: OutboxState
) -> None:
    """What is over stays as it ended."""
    with database.writing() as db:
        keep_text(db)
        mark_sent(db, claim_outbox(db, NINE)[0], "SM9", NINE)
        apply_receipt(db, first, NINE)
        apply_receipt(db, second, NINE)

        assert list_outbox(db)[0].state == ends


def test_a_failure_is_told_once(database: Database) -> None:
    """The first failed receipt asks for another way; its repeat does not."""
    with database.writing() as db:
        keep_text(db)
        mark_sent(db, claim_outbox(db, NINE)[0], "SM9", NINE)
        first, second = apply_receipt(db, FAILED, NINE), apply_receipt(db, FAILED, NINE)

    assert first is not None
    assert (first.text, second) == ("Who is in?", None)


@pytest.mark.parametrize(
    ("came", "ends", "failed"),
    [
        ([SENT, DELIVERED], OutboxState.DELIVERED, None),
        ([DELIVERED, SENT], OutboxState.DELIVERED, None),
        ([SENT, FAILED], OutboxState.FAILED, FAILED),
        ([SENT], OutboxState.SENT, None),
        ([], OutboxState.SENT, None),
    ],
)
def test_a_receipt_may_overtake_the_answer_to_its_own_send(
    database: Database, came: list[Receipt], ends: OutboxState, failed: Receipt | None
) -> None:
    """It is kept until the text has its id, then counts; a failure is told to the sender."""
    with database.writing() as db:
        keep_text(db)
        claimed = claim_outbox(db, NINE)[0]
        for receipt in came:
            assert apply_receipt(db, receipt, NINE) is None
        told = mark_sent(db, claimed, "SM9", NINE)

        assert (list_outbox(db)[0].state, told) == (ends, failed)


def test_a_receipt_that_comes_while_its_text_is_marked_sent_is_not_lost(
    postgres: Database,
) -> None:
    """Two transactions at one moment: the receipt finds the text, or the text the receipt."""
    with postgres.writing() as db:
        keep_text(db)
        claimed = claim_outbox(db, NINE)[0]

    def mark() -> None:
        with postgres.writing() as db:
            mark_sent(db, claimed, "SM9", NINE)

    sender = threading.Thread(target=mark)
    with postgres.writing() as db:
        apply_receipt(db, FAILED, NINE)
        sender.start()
        sender.join(0.3)
    sender.join()

    with postgres.reading() as db:
        assert list_outbox(db)[0].state == OutboxState.FAILED


def test_the_fate_of_a_text_whose_sender_died_is_unknown(database: Database) -> None:
    """Found in sending when its lease has ended: it may have gone, so the network is asked."""
    with database.writing() as db:
        keep_text(db)
        first = claim_outbox(db, NINE)[0]
        second = claim_outbox(db, NINE + seconds(60))[0]

    assert (first.fate_unknown, second.fate_unknown) == (False, True)
    assert (second.tries, second.first_tried_at) == (2, NINE)


def test_a_text_put_off_by_the_network_is_of_known_fate(database: Database) -> None:
    """The network said that it did not take it: nothing need be asked."""
    with database.writing() as db:
        keep_text(db)
        mark_waiting(db, claim_outbox(db, NINE)[0], NINE + seconds(2), "busy", NINE)
        again = claim_outbox(db, NINE + seconds(2))[0]

    assert (again.fate_unknown, again.tries) == (False, 2)
    assert [attempt["says"] for attempt in again.attempts] == ["busy"]


@pytest.mark.parametrize("does", ["waits", "ends", "moves"])
def test_whoever_lost_the_lease_does_not_undo_what_another_did(
    database: Database, does: str
) -> None:
    """A slow process comes back: the text that another has sent meanwhile stays sent."""
    with database.writing() as db:
        keep_text(db)
        slow = claim_outbox(db, NINE)[0]
        quick = claim_outbox(db, NINE + seconds(60))[0]
        mark_sent(db, quick, "SM9", NINE + seconds(61))
        if does == "waits":
            mark_waiting(db, slow, NINE, "busy", NINE)
        elif does == "ends":
            assert not mark_ended(db, slow, OutboxState.FAILED, "refused", NINE)
        else:
            readdress(db, slow, "-100", NINE)
        row = list_outbox(db)[0]

    assert (row.state, row.network_id) == (OutboxState.SENT, "SM9")


def test_whoever_lost_the_lease_does_not_free_what_another_is_sending(database: Database) -> None:
    """Two are at it: the first one's late word does not bring in a third."""
    with database.writing() as db:
        keep_text(db)
        slow = claim_outbox(db, NINE)[0]
        claim_outbox(db, NINE + seconds(60))
        mark_waiting(db, slow, NINE, "busy", NINE + seconds(61))

        assert claim_outbox(db, NINE + seconds(61)) == ()


def test_a_text_that_went_is_not_sent_again_by_another(database: Database) -> None:
    """The slow one did send it: its word counts though the text was made to wait again."""
    with database.writing() as db:
        keep_text(db)
        slow = claim_outbox(db, NINE)[0]
        quick = claim_outbox(db, NINE + seconds(60))[0]
        mark_waiting(db, quick, NINE + minutes(5), "busy", NINE + seconds(61))
        mark_sent(db, slow, "SM9", NINE + seconds(62))

        assert list_outbox(db)[0].state == OutboxState.SENT
        assert claim_outbox(db, NINE + minutes(5)) == ()


def test_a_text_that_ended_goes_no_more(database: Database) -> None:
    """Failed or lapsed, with the reason kept."""
    with database.writing() as db:
        keep_text(db)
        ended = mark_ended(db, claim_outbox(db, NINE)[0], OutboxState.LAPSED, "too late", NINE)
        row = list_outbox(db)[0]
        later = claim_outbox(db, NINE + minutes(600))

    assert (ended, row.state, row.says, later) == (True, OutboxState.LAPSED, "too late", ())


def test_a_chat_that_moved_gets_its_text_at_its_new_id(database: Database) -> None:
    """The text goes to the new id at once."""
    with database.writing() as db:
        keep_text(db, to=A_CHAT)
        readdress(db, claim_outbox(db, NINE)[0], "-100700900001", NINE)

        assert claim_outbox(db, NINE)[0].address.value == "-100700900001"


def test_what_waits_for_an_address_that_is_gone_lapses(database: Database) -> None:
    """Nothing more goes there; what went stays as it was, and other phones are untouched."""
    with database.writing() as db:
        keep_text(db, "went")
        mark_sent(db, claim_outbox(db, NINE)[0], "SM1", NINE)
        keep_text(db, "waits")
        keep_text(db, "other", to=ANOTHER_PHONE)
        lapse_for(db, A_PHONE, "opted out")

        assert [(row.text, row.state) for row in list_outbox(db)] == [
            ("went", OutboxState.SENT),
            ("waits", OutboxState.LAPSED),
            ("other", OutboxState.WAITING),
        ]


def test_a_text_is_found_by_what_the_network_calls_it(database: Database) -> None:
    """An edit has the id of what it replaced: the text itself is found, not its edit."""
    with database.writing() as db:
        prompt = keep_text(db, "prompt", to=A_CHAT)
        mark_sent(db, claim_outbox(db, NINE)[0], "700900001:5", NINE)
        keep_text(db, "edited", to=A_CHAT, edits=prompt.id)
        mark_sent(db, claim_outbox(db, NINE)[0], "700900001:5", NINE)
        found = find_by_network_id(db, "telegram", "700900001:5")
        elsewhere = find_by_network_id(db, "sms", "700900001:5")

    assert found is not None
    assert (found.id, elsewhere) == (prompt.id, None)


def test_the_message_that_shows_a_register_is_the_latest_that_went_well(
    database: Database,
) -> None:
    """On Telegram alone, by person; one that failed shows nothing."""
    with database.writing() as db:
        register = a_kept_register(db).id
        shown = {"script": "register_prompt", "register": register}
        first = keep_text(db, "prompt", to=A_CHAT, **shown)
        mark_sent(db, claim_outbox(db, NINE)[0], "700900001:5", NINE)
        keep_text(db, "again", to=A_CHAT, **shown)
        mark_ended(db, claim_outbox(db, NINE)[0], OutboxState.FAILED, "refused", NINE)
        keep_text(db, "by text", to=A_PHONE, **shown)
        found = find_register_message(db, register or 0, ["bryn-hollis", "owen-crake"])

    assert found == {"bryn-hollis": (first.id, A_CHAT)}


def test_the_house_knows_how_often_it_said_a_thing(database: Database) -> None:
    """The same words to one address, or one of some scripts to one person, since a moment."""
    with database.writing() as db:
        add(db, [a_draft("hello"), a_draft("hello"), a_draft("other")], NINE)
        same = count_same(db, A_PHONE, "hello", NINE)
        since = count_same(db, A_PHONE, "hello", NINE + seconds(1))
        elsewhere = count_same(db, ANOTHER_PHONE, "hello", NINE)
        said = count_said(db, "bryn-hollis", ["register_chase", "welcome"], NINE)

    assert (same, since, elsewhere, said) == (2, 0, 0, 3)
