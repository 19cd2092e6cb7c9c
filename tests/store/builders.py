"""
Builders: a register, a case, a text and a message with only the fields that matter shown.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, select

from apbot.domain.cases import Case
from apbot.domain.decisions import Urgency
from apbot.domain.messages import Address, Inbound, InboundKind
from apbot.domain.policy import Ladder, Policy, Step, Tell
from apbot.domain.register import Entry, How, Line, Register, RegisterState
from apbot.domain.words import Half, Mark, Matter
from apbot.store.outbox import Draft, OutboxRow, add
from apbot.store.registers import get_register, plan_registers
from apbot.store.said import list_outbox
from apbot.store.tables import registers

MONDAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""When the registers of these tests start; a winter's day, so that UTC is local time."""

A_PHONE = Address("sms", "+447700900101")
ANOTHER_PHONE = Address("sms", "+447700900102")
A_CHAT = Address("telegram", "700900001")

LADDER = Ladder(
    first=(Tell.KEY_CONTACT,),
    steps=(Step(timedelta(minutes=10), Tell.COVER), Step(timedelta(minutes=20), Tell.ALL_CSS)),
    then_every=timedelta(minutes=15),
    asked_after=timedelta(minutes=30),
)

POLICY = Policy(
    name="default",
    chase_after=(timedelta(minutes=10), timedelta(minutes=20)),
    missing_after=timedelta(minutes=30),
    unaccounted_after=timedelta(minutes=30),
    ask_unaccounted_every=timedelta(minutes=10),
    ladders=dict.fromkeys(Matter, LADDER),
)


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


def seconds(count: float) -> timedelta:
    """So many seconds."""
    return timedelta(seconds=count)


def a_line(number: int, name: str, **fields: Any) -> Line:
    """A pupil on a roster."""
    key = name.lower().replace(" ", "-")
    given = {"starts_at": NINE, "shown": name.split()[0], **fields}
    return Line(number=number, pupil=key, name=name, **given)


def a_register(provider: str = "alder-farm", **fields: Any) -> Register:
    """A register of Aiden and Chloe on Monday morning, planned and not kept yet."""
    given: dict[str, Any] = {
        "provider_name": "Alder Farm",
        "on": MONDAY,
        "half": Half.AM,
        "starts_at": NINE,
        "start": time(9, 0),
        "ends_at": NINE + timedelta(hours=3),
        "roster": (a_line(1, "Aiden Brown"), a_line(2, "Chloe Davies")),
        "policy": POLICY,
        **fields,
    }
    return Register(provider=provider, **given)


def a_kept_register(db: Connection, **fields: Any) -> Register:
    """A register that is open and kept."""
    assert plan_registers(db, [a_register(state=RegisterState.OPEN, **fields)])
    newest = db.scalars(select(registers.c.id).order_by(registers.c.id.desc())).first()
    assert newest is not None
    return get_register(db, newest)


def an_entry(mark: Mark = Mark.PRESENT, number: int = 1, **fields: Any) -> Entry:
    """Aiden (1) is marked by Bryn, by text."""
    given: dict[str, Any] = {
        "pupil": "aiden-brown",
        "was": None,
        "by": "bryn-hollis",
        "by_name": "Bryn Hollis",
        "how": How.TEXT,
        "at": NINE,
        **fields,
    }
    return Entry(number=number, mark=mark, **given)


def a_case(ref: str = "K1", **fields: Any) -> Case:
    """A case of a missing register, just opened."""
    given: dict[str, Any] = {
        "matter": Matter.MISSING_REGISTER,
        "provider": "alder-farm",
        "provider_name": "Alder Farm",
        "opened_at": NINE,
        "ladder": LADDER,
        "ladder_at": NINE + minutes(10),
        **fields,
    }
    return Case(ref=ref, **given)


def a_draft(text: str = "Who is in?", to: Address = A_PHONE, **fields: Any) -> Draft:
    """A text to Bryn that may go at nine."""
    given: dict[str, Any] = {
        "person": "bryn-hollis",
        "script": "register_chase",
        "due_at": NINE,
        "urgency": Urgency.PROMPT,
        **fields,
    }
    return Draft(text=text, address=to, **given)


def keep_text(db: Connection, text: str = "Who is in?", **fields: Any) -> OutboxRow:
    """Keep one text in the outbox and return its row."""
    add(db, [a_draft(text, **fields)], NINE)
    return list_outbox(db)[-1]


def a_message(text: str = "all in", network_id: str = "SM1", **fields: Any) -> Inbound:
    """A text from Bryn's phone."""
    given: dict[str, Any] = {"address": A_PHONE, "kind": InboundKind.TEXT, **fields}
    return Inbound(network_id=network_id, text=text, **given)


def opened(register: Register, **changes: Any) -> Register:
    """The register, changed."""
    return replace(register, **changes)
