"""
Receipts: what the networks say of our texts, and what follows when one does not arrive.

A text that cannot be delivered goes by the person's next channel; when there is none left, a
person at the CSS hears of it, because silence must not look like safety.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.rota import persons_by_key, reachable, rota_of
from apbot.desk.speaking import speak, word
from apbot.domain.asking import prompt
from apbot.domain.calendar import local
from apbot.domain.decisions import Say, Urgency
from apbot.domain.messages import Address, Receipt
from apbot.domain.people import Person
from apbot.store.addresses import AddressState, set_state
from apbot.store.journal import write_journal
from apbot.store.lists import Lists
from apbot.store.outbox import Draft, OutboxRow, add, apply_receipt, count_same, lapse_for
from apbot.store.registers import get_register
from apbot.wording.gsm import fold, parts

UNREACHABLE_AGAIN = timedelta(hours=4)
"""How long the CSS is not told again that the same person cannot be reached."""


def handle_receipt(db: Connection, desk: Desk, receipt: Receipt, now: datetime) -> None:
    """Move the text forward; where it failed, see that it reaches somebody another way."""
    failed = apply_receipt(db, receipt, now)
    if failed is not None:
        on_failed(db, desk, failed, now, says=receipt.says, address_gone=receipt.address_gone)


def on_failed(
    db: Connection,
    desk: Desk,
    row: OutboxRow,
    now: datetime,
    *,
    says: str,
    address_gone: bool = False,
) -> None:
    """A text will not arrive: the next channel, then the CSS."""
    if address_gone:
        set_state(db, row.address, AddressState.GONE, now, says)
        lapse_for(db, row.address, says)
    if row.edits is not None or row.callback_id is not None or not row.person:
        return
    lists = desk.lists(db)
    person = persons_by_key(lists).get(row.person)
    if person is None or (row.useful_until is not None and row.useful_until <= now):
        return
    other = _next_address(db, desk, lists, person, row)
    because = f"{row.script} by {row.address.channel} failed: {says}"
    if other is not None:
        add(db, [_again(db, desk, lists, person, row, other, now)], now)
        write_journal(db, now, "failed", f"{because}; by {other.channel} now", person=person.key)
        return
    _tell_css(db, desk, lists, person, row, says, now)
    write_journal(db, now, "failed", f"{because}; no channel left", person=person.key)


def _next_address(
    db: Connection, desk: Desk, lists: Lists, person: Person, row: OutboxRow
) -> Address | None:
    able = reachable(db, lists, {person.key}, desk.channels).get(person.key)
    if able is None:
        return None
    order = list(person.channels) if "sms" in person.channels else [*person.channels, "sms"]
    tried = order.index(row.address.channel) if row.address.channel in order else -1
    later = [a for a in able.addresses if order.index(a.channel) > tried]
    return later[0] if later else None


def _again(
    db: Connection,
    desk: Desk,
    lists: Lists,
    person: Person,
    row: OutboxRow,
    other: Address,
    now: datetime,
) -> Draft:
    text = fold(row.text) if other.channel == "sms" else row.text
    if row.script == "register_prompt" and row.register is not None:
        register = get_register(db, row.register)
        rota = rota_of(db, lists, register.provider, register.on, desk.channels)
        about = About(lists, {register.provider: rota}, register)
        text = word(desk, prompt(register, person), person, other.channel, about, now)
    return Draft(
        person=row.person,
        address=other,
        script=row.script,
        text=text,
        parts=parts(text) if other.channel == "sms" else 1,
        due_at=now,
        urgency=row.urgency,
        once=f"instead:{row.id}",
        register=row.register,
        case_refs=row.case_refs,
        cause=f"in place of {row.address.channel}",
        useful_until=row.useful_until,
        patience=row.patience,
        fallback_of=row.id,
    )


def _tell_css(
    db: Connection,
    desk: Desk,
    lists: Lists,
    person: Person,
    row: OutboxRow,
    says: str,
    now: datetime,
) -> None:
    """Only for staff: a contact who cannot be reached is passed over by the ladder itself."""
    provider = next((s.provider for s in lists.people.staff if s.person == person.key), None)
    if provider is None:
        return
    rota = rota_of(db, lists, provider, local(now).date(), desk.channels)
    contact = rota.key_contact or next((other for other, _ in rota.css), None)
    if contact is None or contact.key == person.key:
        return
    say = Say(
        to=contact.key,
        script="css_unreachable",
        more={
            "who": person.name,
            "provider": rota.provider.name,
            "phone": person.mobile,
            "says": says,
        },
        urgency=Urgency.ALARM,
    )
    about = About(lists, {provider: rota}, None, "failed")
    text = word(desk, say, contact, contact.addresses[0].channel, about, now)
    if count_same(db, contact.addresses[0], text, now - UNREACHABLE_AGAIN) == 0:
        speak(db, desk, (say,), about, now)
