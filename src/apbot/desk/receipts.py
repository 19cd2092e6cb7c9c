"""
Receipts: what the networks say of our texts, and what follows when one does not arrive.

A text that cannot be delivered, or has not arrived within its patience, goes by the person's next
channel, once; when there is none left, others are asked in their place, and a person at the CSS
hears of it, because silence must not look like safety. What a network says of the first text later
undoes nothing of that.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from apbot.desk.answered import ASKING, is_answered
from apbot.desk.calls import on_call_failed
from apbot.desk.desk import About, Desk
from apbot.desk.rota import persons_by_key, reachable, rota_of
from apbot.desk.saving import save_decision
from apbot.desk.speaking import speak, word
from apbot.domain.asking import prompt
from apbot.domain.calendar import local
from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Say, Urgency
from apbot.domain.escalation import asked_people
from apbot.domain.leaving import ask_others, tell_others
from apbot.domain.messages import VOICE, Address, Receipt
from apbot.domain.people import Person
from apbot.store.addresses import AddressState, provider_of_group, set_state
from apbot.store.cases import list_cases
from apbot.store.expecting import list_unreached, list_untold, note_passed_on, pass_on
from apbot.store.held_up import why_held_up
from apbot.store.journal import write_journal
from apbot.store.lapsing import lapse_for
from apbot.store.lists import Lists
from apbot.store.outbox import Draft, OutboxRow, OutboxState, add
from apbot.store.receipts import apply_receipt
from apbot.store.registers import get_register
from apbot.store.said import count_same, is_told
from apbot.wording.compose import pages
from apbot.wording.gsm import alphabet, fold, parts
from apbot.wording.plain import shown_number

BY = "by "
NO_USE = "of no use any more"

IN_WORDS = {"sms": "text message", "telegram": "Telegram", "whatsapp": "WhatsApp"}

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
    """A text will not arrive: the next channel, then the CSS. What waits behind it goes along."""
    waiting: tuple[OutboxRow, ...] = ()
    if address_gone:
        set_state(db, row.address, AddressState.GONE, now, says)
        waiting = lapse_for(db, row.address, says)
    if row.address.channel == VOICE:
        on_call_failed(db, desk, row, says, now)
        return
    for failed in (row, *waiting):
        if pass_on(db, failed.id, now) is not None:
            _another_way(db, desk, failed, now, says, is_gone=address_gone)


def on_late(db: Connection, desk: Desk, row: OutboxRow, now: datetime) -> None:
    """A text has not arrived within its patience: it goes another way, once."""
    state = pass_on(db, row.id, now)
    if state is None:
        return
    within = f"within {minutes_of(row.expected)}"
    is_sent = state is OutboxState.SENT
    why = row.says or why_held_up(db, row.address)
    says = f"not delivered {within}" if is_sent else f"not sent {within} ({why})"
    went = _another_way(db, desk, row, now, says, is_late=True)
    is_done = went.startswith(BY) or went == NO_USE
    note_passed_on(db, row.id, f"{says}; {went}", ends=is_done and not is_sent)


def minutes_of(patience: timedelta | None) -> str:
    """Return how long we had patience, in words."""
    minutes = int((patience or timedelta()) / timedelta(minutes=1))
    return f"{minutes} min"


def _another_way(
    db: Connection,
    desk: Desk,
    row: OutboxRow,
    now: datetime,
    says: str,
    *,
    is_late: bool = False,
    is_gone: bool = False,
) -> str:
    """Do what can be done in place of this text; return it in words."""
    if row.edits is not None or row.callback_id is not None or not row.person:
        return "nothing is lost by it"
    lists = desk.lists(db)
    place = provider_of_group(row.person)
    if place is not None:
        _to_each(db, desk, lists, place, row, says, now)
        return "to each of the group now"
    person = persons_by_key(lists).get(row.person)
    if person is None or (row.useful_until is not None and row.useful_until <= now):
        return NO_USE
    # Of an address that is gone somebody is to hear, whatever has come of this text.
    if not is_gone and is_answered(db, row, now):
        return NO_USE
    other = _next_address(db, desk, lists, person, row)
    of = f"{row.script} to {person.name} by {IN_WORDS.get(row.address.channel, 'another way')}"
    if other is not None:
        drafts = _again(db, desk, lists, person, row, other, now)
        since = (row.made_at or now) - timedelta(minutes=1)
        add(db, [one for one in drafts if count_same(db, other, one.text, since) == 0], now)
        went = f"{BY}{IN_WORDS.get(other.channel, other.channel)} now"
        _note(db, row, f"{of}: {says}; {went}", now)
        return went
    asked = _next_person(db, desk, lists, person, row, now)
    if not (is_late and asked):
        _tell_css(db, desk, lists, person, row, says, now, is_late=is_late)
    went = f"{' and '.join(asked)} now" if asked else "no channel left"
    _note(db, row, f"{of}: {says}; {went}", now)
    return went


def _note(db: Connection, row: OutboxRow, because: str, now: datetime) -> None:
    """For whoever looks at the register or the case: who was not reached, and what was done."""
    refs, register = row.case_refs, row.register
    write_journal(db, now, "failed", because, register=register, case_refs=refs, person=row.person)


def _next_person(
    db: Connection, desk: Desk, lists: Lists, person: Person, row: OutboxRow, now: datetime
) -> list[str]:
    """
    Nobody waits for somebody who cannot be reached: others are asked, the ladder goes on.

    Returns, in words, who takes their place.
    """
    instead: list[str] = []
    for case in list_cases(db, only_open=True, refs=row.case_refs):
        gone = {person.key, *list_untold(db, case.ref, case.told, case.opened_at)}
        is_alone = set(case.told) <= gone and case.state is not CaseState.ACKNOWLEDGED
        if is_alone and case.ladder_at is not None and case.ladder_at > now:
            _tell_others(db, desk, lists, person, case, now)
            instead.append(f"others are told of {case.ref}")
    if row.register is None or row.script not in ASKING:
        return instead
    register = get_register(db, row.register)
    rota = rota_of(db, lists, register.provider, local(now).date(), desk.channels)
    gone = {person.key, *list_unreached(db, row.register, ASKING)}
    decision = ask_others(register, gone, rota, now)
    if decision.register is None:
        asked = [one for one in (*rota.staff, *rota.backups) if one.key in register.asked]
        return instead + [f"{one.name} was asked" for one in asked if one.key not in gone]
    about = About(lists, {register.provider: rota}, register, "failed")
    save_decision(db, desk, decision, about, now)
    names = {one.key: one.name for one in (*rota.staff, *rota.backups)}
    new = [key for key in decision.register.asked if key not in register.asked]
    return instead + [f"{names[key]} is asked" for key in new]


def _tell_others(
    db: Connection, desk: Desk, lists: Lists, person: Person, case: Case, now: datetime
) -> None:
    rota = rota_of(db, lists, case.provider, local(now).date(), desk.channels)
    register = get_register(db, case.register) if case.register is not None else None
    decision = tell_others(case, register, person.key, rota, now)
    about = About(lists, {case.provider: rota}, register, "failed")
    save_decision(db, desk, decision, about, now)


def _to_each(
    db: Connection, desk: Desk, lists: Lists, place: str, row: OutboxRow, says: str, now: datetime
) -> None:
    """A group cannot be written to: each of its staff who is there gets the text themselves."""
    if row.register is None or (row.useful_until is not None and row.useful_until <= now):
        return
    register = get_register(db, row.register)
    rota = rota_of(db, lists, place, local(now).date(), desk.channels)
    about = About(lists, {place: rota}, register, "failed")
    keys = {person.key for person in asked_people(register, rota)}
    able = reachable(db, lists, keys, desk.channels)
    drafts = []
    for person in able.values():
        own = person.addresses[0]
        *before, last = _again(db, desk, lists, person, replace(row, person=person.key), own, now)
        for one in (*before, replace(last, buttons=row.buttons)):
            drafts.append(replace(one, once=f"{one.once}:{person.key}"))
    add(db, drafts, now)
    contact = rota.key_contact or next((other for other, _ in rota.css), None)
    if not able and contact is not None:
        more = {"provider": rota.provider.name, "phone": rota.provider.phone}
        say = Say(to=contact.key, script="css_group_left", more=more, urgency=Urgency.ALARM)
        speak(db, desk, (say,), about, now)
    because = f"{row.script} to the group of {place} failed: {says}; to {len(able)} each now"
    write_journal(db, now, "failed", because)


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
) -> list[Draft]:
    """The text once more for another address, in as many as that channel needs."""
    text = fold(row.text) if other.channel == "sms" else row.text
    if row.script == "register_prompt" and row.register is not None:
        register = get_register(db, row.register)
        rota = rota_of(db, lists, register.provider, register.on, desk.channels)
        about = About(lists, {register.provider: rota}, register)
        text = word(desk, prompt(register, person), person, other.channel, about, now)
    elif row.content is not None and row.register is not None:
        # A template's words stand for the script's, and there is no button to tap here.
        register = get_register(db, row.register)
        rota = rota_of(db, lists, register.provider, register.on, desk.channels)
        say = Say(
            to=person.key, script=row.script, register=register, lines=register.unmarked(by=now)
        )
        about = About(lists, {register.provider: rota}, register)
        text = word(desk, say, person, other.channel, about, now)
    return [
        Draft(
            person=row.person,
            address=other,
            script=row.script,
            text=page,
            parts=parts(page) if other.channel == "sms" else 1,
            due_at=now,
            urgency=row.urgency,
            once=f"instead:{row.id}" if number == 1 else f"instead:{row.id}:{number}",
            register=row.register,
            case_refs=row.case_refs,
            cause=f"in place of {row.address.channel}",
            useful_until=row.useful_until,
            patience=row.patience,
            expected=row.expected,
            fallback_of=row.id,
            provider=row.provider,
            alphabet=alphabet(page) if other.channel == "sms" else None,
        )
        for number, page in enumerate(pages(text, other.channel), 1)
    ]


def _unreached(db: Connection, lists: Lists, person: Person, row: OutboxRow) -> str:
    """Who cannot be reached: of those who were asked for a register, all of them."""
    if row.register is None or row.script not in ASKING:
        return person.name
    keys = list_unreached(db, row.register, ASKING) - {person.key}
    others = (one for one in lists.people.persons if one.key in keys)
    return " and ".join(
        (*(f"{one.name} ({shown_number(one.mobile)})" for one in others), person.name)
    )


def _tell_css(
    db: Connection,
    desk: Desk,
    lists: Lists,
    person: Person,
    row: OutboxRow,
    says: str,
    now: datetime,
    *,
    is_late: bool,
) -> None:
    """For staff and parents: a contact who cannot be reached is passed over by the ladder."""
    provider = next((s.provider for s in lists.people.staff if s.person == person.key), None)
    if provider is None and any(p.person == person.key for p in lists.people.parents):
        provider = get_register(db, row.register).provider if row.register else None
    if provider is None:
        return
    rota = rota_of(db, lists, provider, local(now).date(), desk.channels)
    contact = rota.key_contact or next((other for other, _ in rota.css), None)
    if contact is None or contact.key == person.key:
        return
    cause = f"unreachable:{person.key}:{'late' if is_late else says[:80]}:"
    if is_told(db, contact.key, "css_unreachable", cause, now - UNREACHABLE_AGAIN):
        return
    say = Say(
        to=contact.key,
        script="css_unreachable",
        more={
            "who": _unreached(db, lists, person, row),
            "provider": rota.provider.name,
            "phone": person.mobile,
            "says": says,
        },
        urgency=Urgency.ALARM,
        once=f"{cause}{row.id}:{contact.key}",
    )
    speak(db, desk, (say,), About(lists, {provider: rota}, None, "failed"), now)
