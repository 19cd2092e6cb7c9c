"""Hooks: what a network signed is kept, and only then answered; nothing else is."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from tests.store.builders import A_CHAT, A_PHONE, NINE, keep_text
from tests.web.conftest import BOTH_ON, AWeb, Web

from apbot.domain.messages import InboundKind
from apbot.store.outbox import OutboxState
from apbot.store.said import list_outbox
from apbot.store.sending import claim_outbox, mark_sent
from apbot.web.hooks import LARGEST_BODY

REPLY = {"MessageSid": "SM1", "From": A_PHONE.value, "To": "+447700900000", "Body": "all in"}
DELIVERED = {"MessageSid": "SM9", "MessageStatus": "delivered", "To": A_PHONE.value}
UPDATE = {
    "update_id": 7,
    "message": {
        "message_id": 5,
        "date": 1795424400,
        "chat": {"id": int(A_CHAT.value), "type": "private", "first_name": "Bryn"},
        "from": {"id": int(A_CHAT.value), "is_bot": False, "first_name": "Bryn"},
        "text": "all in",
    },
}


async def test_a_reply_is_kept_and_then_answered(web: Web) -> None:
    """Word for word, from whom, and when; nobody has read it yet."""
    answer = await web.twilio("message", {**REPLY, "Body": "all in bar Zoë 👍"})

    kept = web.inbox()[0]
    assert (answer.status_code, answer.content) == (204, b"")
    assert (kept.inbound.text, kept.inbound.address) == ("all in bar Zoë 👍", A_PHONE)
    assert (kept.received_at, kept.handled_at) == (NINE, None)


async def test_the_same_reply_brought_twice_is_kept_once(web: Web) -> None:
    """Both calls are answered alike: the network must not bring it a third time."""
    answers = [(await web.twilio("message", REPLY)).status_code for _ in range(2)]

    assert (answers, len(web.inbox())) == ([204, 204], 1)


@pytest.mark.parametrize("kind", ["message", "status"])
async def test_a_forged_call_is_refused_and_nothing_of_it_is_kept(web: Web, kind: str) -> None:
    """Signed with another token."""
    answer = await web.twilio(kind, REPLY, signed_with="another-token")

    assert (answer.status_code, web.inbox()) == (403, [])


async def test_an_unsigned_call_is_refused(web: Web) -> None:
    """Anybody can find the address."""
    answer = await web.client.post("/hooks/twilio/message", data=REPLY)

    assert (answer.status_code, web.inbox()) == (403, [])


async def test_a_call_whose_words_were_changed_is_refused(web: Web) -> None:
    """The signature is over every field."""
    signed = await web.twilio("message", REPLY)
    headers = {"x-twilio-signature": signed.request.headers["x-twilio-signature"]}
    answer = await web.client.post(
        "/hooks/twilio/message", data={**REPLY, "MessageSid": "SM2"}, headers=headers
    )

    assert (answer.status_code, len(web.inbox())) == (403, 1)


async def test_a_signature_is_over_the_public_address(web: Web) -> None:
    """Behind a proxy we are called by another name; the network signed the public one."""
    answer = await web.client.post(
        "http://10.0.0.7:8000/hooks/twilio/message",
        content=(signed := await web.twilio("message", REPLY)).request.content,
        headers=dict(signed.request.headers),
    )

    assert answer.status_code == 204


async def test_a_receipt_moves_its_text_forward(web: Web) -> None:
    """And is no message."""
    with web.database.writing() as db:
        keep_text(db)
        mark_sent(db, claim_outbox(db, NINE)[0], "SM9", NINE)
    answer = await web.twilio("status", DELIVERED)

    with web.database.reading() as db:
        row = list_outbox(db)[0]
    assert (answer.status_code, row.state, web.inbox()) == (204, OutboxState.DELIVERED, [])


async def test_a_receipt_of_no_text_of_ours_harms_nobody(web: Web) -> None:
    """It may have overtaken the answer to its own send."""
    assert (await web.twilio("status", DELIVERED)).status_code == 204


async def test_an_update_of_telegram_is_kept(web: Web) -> None:
    """With the hook's secret."""
    answer = await web.telegram(UPDATE)

    kept = web.inbox()[0].inbound
    assert answer.status_code == 204
    assert (kept.address, kept.kind, kept.text) == (A_CHAT, InboundKind.TEXT, "all in")


@pytest.mark.parametrize("secret", [None, "", "another", "the-hook-secre"])
async def test_an_update_without_the_secret_is_refused(web: Web, secret: str | None) -> None:
    """Nothing of it is kept."""
    answer = await web.telegram(UPDATE, secret=secret)

    assert (answer.status_code, web.inbox()) == (403, [])


@pytest.mark.parametrize("update", [{}, [], 7, "x", {"update_id": 7}, {"message": None}])
async def test_an_update_that_says_nothing_is_taken(web: Web, update: object) -> None:
    """Refused, it would be brought for ever, and keep the next ones from coming."""
    answer = await web.telegram(update)

    assert (answer.status_code, web.inbox()) == (204, [])


@pytest.mark.parametrize("kind", ["message", "status"])
async def test_while_the_database_is_away_the_network_is_asked_to_bring_it_again(
    web: Web, kind: str
) -> None:
    """503, so that it does; once the database is back the reply is kept."""
    away = {"message": "inbox", "status": "outbox"}[kind]
    with web.database.writing() as db:
        db.execute(text(f"ALTER TABLE {away} RENAME TO away"))
    first = await web.twilio(kind, {**REPLY, **DELIVERED})
    with web.database.writing() as db:
        db.execute(text(f"ALTER TABLE away RENAME TO {away}"))
    second = await web.twilio(kind, {**REPLY, **DELIVERED})

    assert (first.status_code, second.status_code) == (503, 204)


async def _endless() -> AsyncIterator[bytes]:
    for _ in range(100):
        yield b"x" * (LARGEST_BODY // 10)
    raise AssertionError("all of it was read")


@pytest.mark.parametrize("path", ["/hooks/twilio/message", "/hooks/telegram"])
async def test_a_body_that_is_too_large_is_not_read_to_its_end(web: Web, path: str) -> None:
    """A megabyte is more than any network sends."""
    answer = await web.client.post(path, content=_endless())

    assert (answer.status_code, web.inbox()) == (413, [])


@pytest.mark.parametrize(
    ("is_off", "path"),
    [
        ("TWILIO", "/hooks/twilio/message"),
        ("TWILIO", "/hooks/twilio/status"),
        ("TELEGRAM", "/hooks/telegram"),
    ],
)
async def test_the_hook_of_a_network_that_is_off_is_not_there(
    a_web: AWeb, is_off: str, path: str
) -> None:
    """Nobody can speak by it."""
    on = {name: value for name, value in BOTH_ON.items() if not name.startswith(is_off)}

    assert (await a_web(**on).client.post(path, content=b"{}")).status_code == 404


@pytest.mark.parametrize("path", ["/hooks/twilio/message", "/hooks/telegram"])
async def test_a_hook_is_posted_to(web: Web, path: str) -> None:
    """To look at it tells nothing."""
    assert (await web.get(path)).status_code == 405


async def test_logs_of_hooks_are_facts(web: Web, logs: list[dict[str, object]]) -> None:
    """No word, name or number of what was brought, even of what was refused."""
    await web.twilio("message", {**REPLY, "Body": "chloe has bruises"}, signed_with="forged")
    await web.twilio("message", {**REPLY, "Body": "chloe has bruises"})

    said = repr(logs).casefold()
    assert "an unsigned hook call was refused" in said
    assert not [secret for secret in ("chloe", "bruises", "7700") if secret in said]
