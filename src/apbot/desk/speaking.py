"""
Speaking: what a decision says becomes texts in the outbox, worded once.

Each goes to the person's own channels; a person without any is passed over here, and by the rota
before. The same text never goes to one address more than five times in five minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import cast

from sqlalchemy import Connection

from apbot.desk.buttons import buttons_for
from apbot.desk.desk import About, Desk
from apbot.desk.group_texts import CHANNEL, Groups, group_for, groups_of, in_group, once_each
from apbot.desk.rota import persons_by_key, reachable
from apbot.desk.several import ENDS, gather
from apbot.desk.whatsapp import CHANNEL as WHATSAPP
from apbot.desk.whatsapp import few, in_template, open_to_us, usable
from apbot.domain.decisions import Buttons, Route, Say, Urgency
from apbot.domain.messages import SLIP, VOICE, Address, Button
from apbot.domain.people import Person, Pupil
from apbot.domain.register import Register
from apbot.domain.words import Half, Matter
from apbot.store.addresses import group_key
from apbot.store.outbox import Draft, add
from apbot.store.registers import find_register
from apbot.store.said import find_group_message, find_register_message
from apbot.wording.compose import NameStyle, compose, compose_line, pages, short_names
from apbot.wording.facts import facts_for
from apbot.wording.gsm import alphabet, parts
from apbot.wording.scene import Scene

LISTS_PUPILS = frozenset({"register_prompt", "register_message"})
"""Texts that list an afternoon's pupils, each with what the morning's register says."""

LOOP_GUARD = 5
LOOP_WINDOW = timedelta(minutes=5)

PATIENCE = {
    Urgency.ALARM: timedelta(minutes=60),
    Urgency.REPLY: timedelta(minutes=60),
    Urgency.PROMPT: timedelta(minutes=60),
    Urgency.DIGEST: timedelta(hours=4),
}
"""How long a network may go on trying, where the text itself has no end of use."""


EXPECTED_SOON = timedelta(seconds=60)
"""How soon an alarm is to have arrived, before it goes another way."""

EXPECTED = timedelta(minutes=3)
"""How soon whatever else asks something of somebody is to have arrived."""


def speak(
    db: Connection, desk: Desk, says: Sequence[Say], about: About, now: datetime
) -> tuple[str, ...]:
    """Keep what is said in the outbox; return the keys of persons who could not be reached."""
    if not says:
        return ()
    about = replace(about, mornings=_mornings(db, says))
    people = reachable(db, about.lists, {say.to for say in says}, desk.channels)
    is_open = open_to_us(db, people.values(), now)
    groups = groups_of(db, says, desk.channels)
    drafts: list[Draft] = []
    unreachable: list[str] = []
    messages = _register_messages(db, says, people, groups)
    for say in says:
        person, group = people.get(say.to), group_for(say, about, groups)
        is_here = say.is_toast or say.is_here or _is_on_slip(say, about)
        if person is None and (group is not None or is_here):
            person = persons_by_key(about.lists).get(say.to)
        if person is None:
            unreachable.append(say.to)
            continue
        if say.edits:
            drafts += _edits(desk, say, person, about, messages, now)
            continue
        person = in_group(person, group) if group is not None else person
        drafts += _shown_on_slip(desk, say, person, about, now)
        person = replace(person, addresses=usable(desk, say, person.addresses, is_open))
        for address in _addresses(say, person, about):
            is_shut = address.channel == WHATSAPP and address not in is_open
            drafted = _as_template(desk, say, person, address, about, now) if is_shut else None
            drafts += drafted or _drafts(desk, say, person, address, about, now)
    drafts = once_each(drafts, groups)
    gathered = gather(db, desk, [draft for draft in drafts if draft.gathered], now)
    alone = [draft for draft in drafts if not draft.gathered]
    add(db, [*alone, *gathered], now, most_alike=LOOP_GUARD, alike_since=now - LOOP_WINDOW)
    return tuple(unreachable)


def _mornings(db: Connection, says: Sequence[Say]) -> Mapping[str, Register]:
    """The mornings of who is sought since the afternoon, and of an afternoon's list of pupils."""
    wanted = {
        say.register.provider: say.register.on
        for say in says
        if say.register is not None
        and say.register.half is Half.PM
        and (
            say.script in LISTS_PUPILS
            or any(case.matter is Matter.UNACCOUNTED for case in say.cases)
        )
    }
    found = {key: find_register(db, key, on, Half.AM) for key, on in wanted.items()}
    return {key: register for key, register in found.items() if register is not None}


def word(desk: Desk, say: Say, person: Person, channel: str, about: About, now: datetime) -> str:
    """Return the text of a say, as this person gets it on this channel."""
    script = desk.scripts.named(say.script, person.language)
    return compose(
        script, facts_for(script, say, _scene(desk, say, person, about, now)), channel
    ).strip()


def _line(
    desk: Desk, say: Say, person: Person, channel: str, about: About, now: datetime
) -> tuple[str, ...]:
    """The say as one line among others, where it can be gathered."""
    script = desk.scripts.named(say.script, person.language)
    if script.line is None and channel != VOICE:
        return ()
    line = compose_line(
        script, facts_for(script, say, _scene(desk, say, person, about, now)), channel
    )
    return (line,) if line else ()


def _scene(desk: Desk, say: Say, person: Person, about: About, now: datetime) -> Scene:
    provider_key = (
        say.register.provider if say.register else say.cases[0].provider if say.cases else None
    )
    rota = about.rotas.get(provider_key) if provider_key else None
    return Scene(
        css=about.lists.service.name,
        now=now,
        to=person,
        provider=rota.provider if rota else None,
        ring=(*rota.staff, *rota.backups) if rota else (),
        office=rota.key_contact if rota else None,
        morning=about.mornings.get(provider_key) if provider_key else None,
        words=desk.scripts.words_of(person.language),
        slip=_slip(desk, say, person),
        names=persons_by_key(about.lists),
        example_pupil=_example_pupil(about.lists.people.pupils[:1], about.lists.service.names),
        example_provider=next((one.name for one in about.lists.people.providers), ""),
    )


def _slip(desk: Desk, say: Say, person: Person) -> str:
    """The link to the person's slip; a register of tomorrow is not kept yet, and has none."""
    if desk.slips is None or say.register is None or say.register.id is None:
        return ""
    return desk.slips.link(say.register, person)


@lru_cache(maxsize=8)
def _example_pupil(first: tuple[Pupil, ...], names: str) -> str:
    style = cast(NameStyle, str(names))
    return next(iter(short_names([(one.name, one.known_as) for one in first], style)), "")


def _drafts(
    desk: Desk, say: Say, person: Person, address: Address, about: About, now: datetime
) -> list[Draft]:
    text = word(desk, say, person, address.channel, about, now)
    whole = pages(text, address.channel)
    line = _line(desk, say, person, address.channel, about, now) if len(whole) == 1 else ()
    return [
        Draft(
            person=person.key,
            address=address,
            script=say.script,
            text=page,
            parts=parts(page) if address.channel == "sms" else 1,
            alphabet=alphabet(page) if address.channel == "sms" else None,
            provider=_provider_of(say),
            due_at=now,
            urgency=say.urgency,
            buttons=_buttons(say, address) if page is whole[-1] else (),
            once=f"{say.once}:{address.channel}:{number}" if say.once else None,
            register=say.register.id if say.register else None,
            case_refs=tuple(case.ref for case in say.cases),
            cause=about.happening,
            useful_until=say.useful_until,
            patience=_patience(say, now),
            expected=_expected(say),
            callback_id=about.callback_id if say.is_toast else None,
            gathered=line,
        )
        for number, page in enumerate(whole, 1)
        if not say.is_toast or about.callback_id
    ]


def _as_template(
    desk: Desk, say: Say, person: Person, address: Address, about: About, now: datetime
) -> list[Draft]:
    """The say in words that WhatsApp has approved, where there are any for it."""
    if say.is_toast:
        return []
    found = in_template(desk, say, _scene(desk, say, person, about, now))
    if found is None:
        return []
    drafts = _drafts(desk, say, person, address, about, now)[:1]
    text, content, buttons = found
    return [
        replace(one, text=text, content=content, buttons=buttons, gathered=()) for one in drafts
    ]


def _buttons(say: Say, address: Address) -> tuple[tuple[Button, ...], ...]:
    rows = buttons_for(say)
    return few(rows, say) if address.channel == WHATSAPP else rows


def _shown_on_slip(
    desk: Desk, say: Say, person: Person, about: About, now: datetime
) -> list[Draft]:
    """What answers somebody who tapped or wrote on a slip stands there at once."""
    inbound = about.inbound
    if inbound is None or not _is_on_slip(say, about):
        return []
    return [
        Draft(
            person=person.key,
            address=inbound.address,
            script=say.script,
            text=word(desk, say, person, SLIP, about, now),
            due_at=now,
            urgency=say.urgency,
            buttons=buttons_for(say),
            register=say.register.id if say.register else None,
            cause=about.happening,
            callback_id=inbound.callback_id,
            is_shown=True,
        )
    ]


def _is_on_slip(say: Say, about: About) -> bool:
    """Whether it answers somebody who is looking at their slip."""
    is_slip = about.inbound is not None and about.inbound.address.channel == SLIP
    return is_slip and say.to == about.speaker


def _edits(
    desk: Desk,
    say: Say,
    person: Person,
    about: About,
    messages: dict[str, tuple[int, Address]],
    now: datetime,
) -> list[Draft]:
    """An edit goes where the person, or their group, has a message of this register."""
    keys = [person.key, *([group_key(say.register.provider)] if say.register else [])]
    return [
        Draft(
            person=key,
            address=address,
            script=say.script,
            text=word(desk, say, person, address.channel, about, now),
            due_at=now,
            urgency=Urgency.REPLY,
            buttons=buttons_for(say),
            register=say.register.id if say.register else None,
            cause=about.happening,
            edits=id,
            provider=_provider_of(say),
        )
        for key in keys
        if key in messages
        for id, address in [messages[key]]
    ]


def _addresses(say: Say, person: Person, about: About) -> tuple[Address, ...]:
    if say.is_toast or say.is_here:
        if about.inbound is not None and about.inbound.address.channel == SLIP:
            return () if say.is_toast else (about.inbound.speaks_from,)
        if about.inbound is not None:
            return (about.inbound.address,)
        return tuple(a for a in person.addresses if a.channel == "telegram")[:1]
    if say.by == VOICE:
        mobile = next((a.value for a in person.addresses if a.channel == "sms"), None)
        return (Address(VOICE, mobile),) if mobile else ()
    if say.by:
        return tuple(a for a in person.addresses if a.channel == say.by)
    if say.route is Route.NEXT_TOO:
        return person.addresses[:2]
    # Whoever writes by text message, since Telegram is down, is not answered on Telegram.
    spoke_from = about.inbound.address if about.inbound and say.to == about.speaker else None
    return tuple(a for a in person.addresses if a == spoke_from) or person.addresses[:1]


def _register_messages(
    db: Connection, says: Sequence[Say], people: Mapping[str, Person], groups: Groups
) -> dict[str, tuple[int, Address]]:
    chats = {key for key, one in people.items() if any(a.channel == CHANNEL for a in one.addresses)}
    edits = [
        say
        for say in says
        if say.edits and say.register and say.register.id and (say.to in chats or groups)
    ]
    if not edits or edits[0].register is None or edits[0].register.id is None:
        return {}
    register = edits[0].register
    assert register.id is not None
    found = find_register_message(db, register.id, {say.to for say in edits})
    group = groups.get(register.provider)
    if group is not None:
        key = group_key(register.provider)
        shown = find_group_message(db, register.id, key, group)
        found |= {key: shown} if shown is not None else {}
    return found


def _expected(say: Say) -> timedelta | None:
    """
    How soon it ought to have arrived; what asks nothing of anybody is not sent another way.

    But whoever heard of a case by another way is to hear that it is over, and look no longer.
    """
    if say.is_toast or say.is_here or say.by == VOICE:
        return None
    if say.urgency is Urgency.ALARM:
        return EXPECTED_SOON
    is_asking = say.urgency is Urgency.PROMPT or say.buttons is Buttons.CASES
    return EXPECTED if is_asking or say.script in ENDS else None


def _provider_of(say: Say) -> str:
    if say.register is not None:
        return say.register.provider
    return say.cases[0].provider if say.cases else ""


def _patience(say: Say, now: datetime) -> timedelta:
    usual = PATIENCE[say.urgency]
    if say.useful_until is None:
        return usual
    return max(min(usual, say.useful_until - now), timedelta(seconds=1))
