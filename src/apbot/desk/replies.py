"""
Replies: somebody wrote or tapped, and one transaction decides what follows.

Fetch who speaks and what is open for them, read the words, decide, word, save, and mark the inbox
row handled. If anything of it raises, nothing of it is kept, the row stays and is tried again.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from apbot.desk.buttons import AnswerTap, CaseTap, NoSuchButton, fingerprint, read_tap
from apbot.desk.deadlines import am_marks_of, fresh
from apbot.desk.desk import About, Desk
from apbot.desk.rota import persons_by_key, rota_of
from apbot.desk.saving import save_decision
from apbot.desk.speaking import speak
from apbot.domain.answers import (
    Talk,
    Tap,
    on_opt_out,
    on_reply,
    on_stray_reply,
    on_tap,
)
from apbot.domain.calendar import at, local
from apbot.domain.cases import Case
from apbot.domain.decisions import Decision, Rota, Say, Urgency
from apbot.domain.messages import InboundKind
from apbot.domain.parents import ParentTalk, on_parent_reply
from apbot.domain.people import Person
from apbot.domain.readings import OpenCase, Reading, Reply, RosterPupil
from apbot.domain.register import Register
from apbot.domain.taking import CaseTalk, on_case_reply
from apbot.domain.words import Half, Speaker
from apbot.reading.reader import read
from apbot.store import cases as case_store
from apbot.store import registers as register_store
from apbot.store.addresses import AddressState, find_owner, move, set_state, tie, use_link
from apbot.store.inbox import InboxRow, count_from, mark_handled
from apbot.store.journal import reading_to_keep
from apbot.store.lists import Lists
from apbot.store.outbox import Draft, add, count_said, find_by_network_id, lapse_for

NONSENSE_SCRIPTS = ("ask_rephrase", "ask_rephrase_complete")

STARTS = frozenset({"start", "unstop", "start again"})
"""Words that undo an opt-out, as the networks have them."""

TURNS_BEFORE = timedelta(minutes=60)
"""So long before its start, an afternoon's register is the one that staff write about."""

OVER_KNOWN = timedelta(days=14)
"""How long somebody who writes about a case that is over is told by whom and when."""


def handle_message(db: Connection, desk: Desk, row: InboxRow, now: datetime) -> None:
    """Do what a kept message asks, in this transaction."""
    lists = desk.lists(db)
    inbound = row.inbound
    owner = find_owner(db, inbound.address)
    person = persons_by_key(lists).get(owner[0]) if owner else None
    if inbound.kind is InboundKind.START:
        came = _on_start(db, desk, lists, row, now)
    elif inbound.kind is InboundKind.MOVED:
        move(db, inbound.address.channel, inbound.address.value, inbound.text, now)
        came = "the chat has a new address"
    elif person is None or owner is None or _is_left_behind(row, owner[1], person):
        came = _on_stranger(db, desk, lists, row, now)
    elif inbound.kind is InboundKind.BLOCKED:
        came = _on_reading(db, desk, lists, row, person, "STOP", now)
    else:
        if owner[1] is not AddressState.LIVE and _plain(inbound.text) in STARTS:
            set_state(db, inbound.address, AddressState.LIVE, now)
            came = _say_once(db, desk, lists, person, "started_again", row, now)
        elif inbound.kind is InboundKind.TAP:
            came = _on_tap(db, desk, lists, row, person, now)
        else:
            came = _on_reading(db, desk, lists, row, person, inbound.text, now)
    mark_handled(db, row.id, now, person=person.key if person else None, came_of_it=came)


def reply_of(talk: Talk, text: str, now: datetime) -> Reply:
    """Return a reply in its context, as the reading room takes it."""
    register = talk.register
    return Reply(
        speaker=Speaker.PROVIDER,
        text=text,
        on=register.on,
        half=register.half,
        start=register.start,
        sent_at=local(now).time().replace(second=0, microsecond=0),
        roster=tuple(
            RosterPupil(
                number=line.number,
                name=line.name,
                known_as=line.known_as,
                start=line.own_start if line.starts_at > register.starts_at else None,
                known_absence=line.known_absence,
            )
            for line in register.roster
        ),
        marks=register.marks,
        am_marks=talk.am_marks,
        pending=talk.pending,
    )


def _on_reading(
    db: Connection,
    desk: Desk,
    lists: Lists,
    row: InboxRow,
    person: Person,
    text: str,
    now: datetime,
) -> str:
    """Somebody we know wrote: as staff of a provider, as a CSS contact, or as a parent."""
    is_contact = any(contact.person == person.key for contact in lists.people.contacts)
    providers = [staff.provider for staff in lists.people.staff if staff.person == person.key]
    if is_contact:
        open_cases = case_store.list_open_told(db, person.key)
        if open_cases or not providers:
            return _on_contact(db, desk, lists, row, person, text, open_cases, now)
    if providers:
        return _on_staff(db, desk, lists, row, person, providers, text, now)
    return _on_parent(db, desk, lists, row, person, now)


def _on_staff(
    db: Connection,
    desk: Desk,
    lists: Lists,
    row: InboxRow,
    person: Person,
    providers: list[str],
    text: str,
    now: datetime,
) -> str:
    on = local(now).date()
    registers = register_store.list_registers(db, on, providers)
    current = _current(db, registers, row, text, now)
    if len(current) > 1:
        say = Say(
            to=person.key,
            script="ask_which_provider",
            more={"options": ", ".join(register.provider_name for register in current)},
        )
        rotas = _rotas(db, desk, lists, [register.provider for register in current], now)
        asked = Decision(because="two providers of theirs are waiting", say=(say,))
        _save(db, desk, asked, About(lists, rotas, None, "reply"), row, person, now, None)
        return asked.because
    if not current:
        return _on_stray(db, desk, lists, row, person, providers[0], text, now)
    talk = _talk(db, desk, lists, current[0], person, row, now)
    reading = read(reply_of(talk, text, now), desk.lexicon)
    decision = on_reply(talk, reading, text, case_store.free_refs(db, now), now)
    if decision.stops:
        _stop(db, row, now)
    about = About(lists, {talk.register.provider: talk.rota}, talk.register, "reply")
    _save(db, desk, decision, about, row, person, now, reading)
    return decision.because


def _on_stray(
    db: Connection,
    desk: Desk,
    lists: Lists,
    row: InboxRow,
    person: Person,
    provider: str,
    text: str,
    now: datetime,
) -> str:
    rota = rota_of(db, lists, provider, local(now).date(), desk.channels)
    moment = local(now).time().replace(second=0, microsecond=0)
    reply = Reply(
        speaker=Speaker.PROVIDER,
        text=text,
        on=local(now).date(),
        half=Half.AM if moment.hour < 12 else Half.PM,
        start=moment,
        sent_at=moment,
    )
    reading = read(reply, desk.lexicon)
    policy = lists.policies[rota.provider.policy]
    refs = case_store.free_refs(db, now)
    decision = on_stray_reply(person, policy, rota, reading, text, refs, now)
    if decision.stops:
        _stop(db, row, now)
    about = About(lists, {provider: rota}, None, "reply")
    _save(db, desk, decision, about, row, person, now, reading)
    return decision.because


def _on_contact(
    db: Connection,
    desk: Desk,
    lists: Lists,
    row: InboxRow,
    person: Person,
    text: str,
    open_cases: tuple[Case, ...],
    now: datetime,
) -> str:
    quoted = _quoted_cases(db, row, open_cases)
    # A reply picks its case by the message that it quotes, before anything else.
    readable = quoted if len(quoted) == 1 else open_cases
    reading = read(_case_reply(readable, text, now), desk.lexicon)
    rotas = _rotas(db, desk, lists, {case.provider for case in open_cases}, now)
    talk = CaseTalk(
        person=person,
        cases=open_cases,
        over=case_store.list_over_told(db, person.key, now - OVER_KNOWN),
        registers=_registers_of(db, open_cases),
        rotas={case.ref: rotas[case.provider] for case in open_cases},
        names={key: known.name for key, known in persons_by_key(lists).items()},
    )
    decision = on_case_reply(talk, reading, text, now)
    if decision.stops:
        place = lists.people.providers[0].key
        rota = rota_of(db, lists, place, local(now).date(), desk.channels)
        rotas = {**rotas, place: rota}
        decision = on_opt_out(person, rota)
        _stop(db, row, now)
    about = About(lists, rotas, None, "case reply")
    _save(db, desk, decision, about, row, person, now, reading)
    return decision.because


def _on_parent(
    db: Connection, desk: Desk, lists: Lists, row: InboxRow, person: Person, now: datetime
) -> str:
    """A parent wrote: about their own child's open cases, or else to the office."""
    pupils = [parent.pupil for parent in lists.people.parents if parent.person == person.key]
    cases = case_store.list_open_of_pupils(db, pupils)
    reading = read(_case_reply(cases, row.inbound.text, now, Speaker.PARENT), desk.lexicon)
    if not cases:
        return _on_stray_parent(db, desk, lists, row, person, pupils, reading, now)
    rotas = _rotas(db, desk, lists, {case.provider for case in cases}, now)
    talk = ParentTalk(
        person=person,
        cases=cases,
        registers=_registers_of(db, cases),
        rotas={case.ref: rotas[case.provider] for case in cases},
    )
    refs = case_store.free_refs(db, now)
    decision = on_parent_reply(talk, reading, row.inbound.text, refs, now)
    if decision.stops:
        _stop(db, row, now)
    about = About(lists, rotas, None, "parent's reply")
    _save(db, desk, decision, about, row, person, now, reading)
    return decision.because


def _on_stray_parent(
    db: Connection,
    desk: Desk,
    lists: Lists,
    row: InboxRow,
    person: Person,
    pupils: list[str],
    reading: Reading,
    now: datetime,
) -> str:
    on = local(now).date()
    placed = [p.provider for p in lists.people.placements if p.pupil in pupils]
    if not placed:
        return "a parent of no pupil with a placement"
    rota = rota_of(db, lists, placed[0], on, desk.channels)
    refs = case_store.free_refs(db, now)
    policy = lists.policies[rota.provider.policy]
    text = row.inbound.text
    decision = on_stray_reply(person, policy, rota, reading, text, refs, now, "parent_noted")
    if decision.stops:
        _stop(db, row, now)
    about = About(lists, {rota.provider.key: rota}, None, "parent's reply")
    _save(db, desk, decision, about, row, person, now, reading)
    return decision.because


def _registers_of(db: Connection, cases: tuple[Case, ...]) -> dict[str, Register]:
    return {
        case.ref: register_store.get_register(db, case.register)
        for case in cases
        if case.register is not None
    }


def _on_tap(
    db: Connection, desk: Desk, lists: Lists, row: InboxRow, person: Person, now: datetime
) -> str:
    try:
        tap = read_tap(row.inbound.text)
    except NoSuchButton:
        return _tap_over(db, desk, lists, row, person, now)
    if isinstance(tap, CaseTap):
        _toast(db, desk, lists, row, person, "tap_noted", now)
        open_cases = case_store.list_open_told(db, person.key)
        words = f"{tap.words} {tap.ref}"
        return _on_contact(db, desk, lists, row, person, words, open_cases, now)
    try:
        register = fresh(lists, register_store.get_register(db, tap.register))
    except LookupError:
        return _tap_over(db, desk, lists, row, person, now)
    works_there = any(
        staff.person == person.key and staff.provider == register.provider
        for staff in lists.people.staff
    )
    if not works_there or register.on != local(now).date():
        return _tap_over(db, desk, lists, row, person, now)
    talk = _talk(db, desk, lists, register, person, row, now)
    if isinstance(tap, AnswerTap):
        return _on_answer_tap(db, desk, lists, row, talk, tap, now)
    refs = case_store.free_refs(db, now)
    decision = on_tap(talk, Tap(tap.number, tap.was, tap.mark), refs, now)
    about = About(lists, {register.provider: talk.rota}, register, "tap", row.inbound.callback_id)
    _save(db, desk, decision, about, row, person, now, None)
    return decision.because


def _on_answer_tap(
    db: Connection,
    desk: Desk,
    lists: Lists,
    row: InboxRow,
    talk: Talk,
    tap: AnswerTap,
    now: datetime,
) -> str:
    """A button under a question is the same as typing its answer, while the question is open."""
    if talk.pending is None or fingerprint(talk.pending) != tap.question:
        return _tap_over(db, desk, lists, row, talk.person, now)
    _toast(db, desk, lists, row, talk.person, "tap_noted", now)
    reading = read(reply_of(talk, tap.words, now), desk.lexicon)
    decision = on_reply(talk, reading, tap.words, case_store.free_refs(db, now), now)
    about = About(lists, {talk.register.provider: talk.rota}, talk.register, "tap")
    _save(db, desk, decision, about, row, talk.person, now, reading)
    return decision.because


def _on_start(db: Connection, desk: Desk, lists: Lists, row: InboxRow, now: datetime) -> str:
    """Pressing Start on one's own link ties the chat to that person, and nobody else's does."""
    key = use_link(db, row.inbound.text.strip(), now)
    person = persons_by_key(lists).get(key) if key else None
    if person is not None:
        tie(db, row.inbound.address, person.key, now)
        return _say_once(db, desk, lists, person, "enrolled", row, now)
    owner = find_owner(db, row.inbound.address)
    known = persons_by_key(lists).get(owner[0]) if owner else None
    if known is not None:
        set_state(db, row.inbound.address, AddressState.LIVE, now)
        return _say_once(db, desk, lists, known, "started_again", row, now)
    return _on_stranger(db, desk, lists, row, now, "link_unknown")


def _on_stranger(
    db: Connection,
    desk: Desk,
    lists: Lists,
    row: InboxRow,
    now: datetime,
    script: str = "unknown_sender",
) -> str:
    """One polite line, once; it names nobody. The message stays in the inbox for the office."""
    if row.inbound.kind is InboundKind.BLOCKED:
        return "a stranger blocked us"
    if count_from(db, row.inbound.address, now - timedelta(days=30)) > 1:
        return "a stranger, answered before"
    text = desk.scripts.named(script).text.replace("{css}", lists.service.name)
    stranger = Draft(
        person="",
        address=row.inbound.address,
        script=script,
        text=text,
        due_at=now,
        urgency=1,
        once=f"{script}:{row.inbound.address.channel}:{row.inbound.address.value}",
    )
    add(db, [stranger], now)
    return "a stranger: answered once, shown to the office"


def _say_once(
    db: Connection,
    desk: Desk,
    lists: Lists,
    person: Person,
    script: str,
    row: InboxRow,
    now: datetime,
) -> str:
    decision = Decision(because=script.replace("_", " "), say=(Say(to=person.key, script=script),))
    _save(db, desk, decision, About(lists, {}, None, "enrolment"), row, person, now, None)
    return decision.because


def _toast(
    db: Connection,
    desk: Desk,
    lists: Lists,
    row: InboxRow,
    person: Person,
    script: str,
    now: datetime,
) -> None:
    """Every tap is answered where it was made, also one that changes nothing."""
    say = Say(to=person.key, script=script, is_toast=True, urgency=Urgency.ALARM)
    about = About(lists, {}, None, "tap", row.inbound.callback_id)
    speak(db, desk, (say,), about, now)


def _tap_over(
    db: Connection, desk: Desk, lists: Lists, row: InboxRow, person: Person, now: datetime
) -> str:
    _toast(db, desk, lists, row, person, "tap_over", now)
    return "a tap on something that is over"


def _save(
    db: Connection,
    desk: Desk,
    decision: Decision,
    about: About,
    row: InboxRow,
    person: Person,
    now: datetime,
    reading: Reading | None,
) -> None:
    save_decision(
        db,
        desk,
        decision,
        about,
        now,
        person=person.key,
        inbox=row.id,
        reading=reading_to_keep(reading),
    )


def _talk(
    db: Connection,
    desk: Desk,
    lists: Lists,
    register: Register,
    person: Person,
    row: InboxRow,
    now: datetime,
) -> Talk:
    assert register.id is not None
    register = fresh(lists, register_store.get_register(db, register.id))
    midnight = at(local(now).date(), time(0, 0))
    return Talk(
        person=person,
        register=register,
        rota=rota_of(db, lists, register.provider, register.on, desk.channels),
        cases=case_store.list_of_register(db, register.id or 0),
        am_marks=am_marks_of(db, register),
        pending=register_store.find_ask(db, register.id or 0, person.key),
        rephrased=count_said(db, person.key, NONSENSE_SCRIPTS, midnight),
        inbox=row.id,
    )


def _current(
    db: Connection,
    registers: tuple[Register, ...],
    row: InboxRow,
    text: str,
    now: datetime,
) -> list[Register]:
    """
    Return the registers that a reply can be about: one, or several of different providers.

    By the message that it quotes; else, for each provider, the half that it is time for; of
    several providers the one it names, else the only one with somebody unmarked.
    """
    if row.inbound.answers is not None:
        quoted = find_by_network_id(db, row.inbound.address.channel, row.inbound.answers)
        if quoted is not None and quoted.register is not None:
            found = [register for register in registers if register.id == quoted.register]
            if found:
                return found
    halves: dict[str, Register] = {}
    for register in registers:
        held = halves.get(register.provider)
        if held is None or now >= max(held.ends_at, register.starts_at - TURNS_BEFORE):
            halves[register.provider] = register
    current = list(halves.values())
    if len(current) > 1:
        named = [r for r in current if r.provider_name.split()[0].lower() in text.lower().split()]
        current = named or [r for r in current if r.unmarked()] or current[-1:]
    return current


def _quoted_cases(db: Connection, row: InboxRow, open_cases: tuple[Case, ...]) -> tuple[Case, ...]:
    if row.inbound.answers is None:
        return ()
    quoted = find_by_network_id(db, row.inbound.address.channel, row.inbound.answers)
    refs = quoted.case_refs if quoted is not None else ()
    return tuple(case for case in open_cases if case.ref in refs)


def _case_reply(
    cases: tuple[Case, ...], text: str, now: datetime, speaker: Speaker = Speaker.CSS
) -> Reply:
    moment = local(now)
    return Reply(
        speaker=speaker,
        text=text,
        on=moment.date(),
        half=Half.AM if moment.hour < 12 else Half.PM,
        start=moment.time().replace(second=0, microsecond=0),
        sent_at=moment.time().replace(second=0, microsecond=0),
        cases=tuple(
            OpenCase(
                ref=case.ref, matter=case.matter, provider=case.provider_name, pupil=case.shown
            )
            for case in cases
        ),
    )


def _rotas(
    db: Connection, desk: Desk, lists: Lists, providers: Iterable[str], now: datetime
) -> dict[str, Rota]:
    on = local(now).date()
    return {provider: rota_of(db, lists, provider, on, desk.channels) for provider in providers}


def _stop(db: Connection, row: InboxRow, now: datetime) -> None:
    says = "blocked the bot" if row.inbound.kind is InboundKind.BLOCKED else "asked us to stop"
    set_state(db, row.inbound.address, AddressState.STOPPED, now, says)
    lapse_for(db, row.inbound.address, says)


def _is_left_behind(row: InboxRow, state: AddressState, person: Person) -> bool:
    """
    Whether this address is no longer the person's: an old number, a chat that was replaced.

    A network may have told us that our texts are refused at the person's own number; what comes
    from it is still theirs.
    """
    return state is AddressState.GONE and row.inbound.address.value != person.mobile


def _plain(text: str) -> str:
    return text.strip().strip(".!").lower()
