"""
Staff: somebody who works for a provider wrote.

Which register is it about? By the message that it quotes, else by the half that it is time for;
where two providers of theirs are waiting, they are asked. Where there is none, a person reads it.
"""

from datetime import datetime, time, timedelta

from apbot.desk.deadlines import am_marks_of, fresh
from apbot.desk.happening import Happening
from apbot.domain.answers import Talk, on_reply, on_stray_reply
from apbot.domain.calendar import at, local
from apbot.domain.decisions import Decision, Say
from apbot.domain.people import Person
from apbot.domain.readings import Reply, RosterPupil
from apbot.domain.register import Register
from apbot.domain.words import Speaker
from apbot.reading.reader import read
from apbot.store.cases import list_of_register
from apbot.store.outbox import count_said
from apbot.store.registers import find_ask, get_register, list_registers

NONSENSE_SCRIPTS = ("ask_rephrase", "ask_rephrase_complete")

TURNS_BEFORE = timedelta(minutes=60)
"""So long before its start, an afternoon's register is the one that staff write about."""


def on_staff_text(happening: Happening, person: Person, providers: list[str], text: str) -> str:
    """Do what a text of this member of staff asks; return what came of it."""
    registers = list_registers(happening.db, happening.on, providers)
    current = _current(happening, registers, text)
    if len(current) > 1:
        return _ask_which(happening, person, current)
    if not current:
        return _on_stray(happening, person, providers[0], text)
    talk = talk_of(happening, person, current[0])
    return on_words(happening, talk, text)


def on_words(happening: Happening, talk: Talk, text: str, kind: str = "reply") -> str:
    """Read words about a register, decide and save; a tap on an answer is words as well."""
    reading = read(reply_of(talk, text, happening.row.received_at), happening.desk.lexicon)
    decision = on_reply(talk, reading, text, happening.refs(), happening.now)
    rotas = {talk.register.provider: talk.rota}
    return happening.save(
        talk.person, decision, reading, kind=kind, rotas=rotas, register=talk.register
    )


def talk_of(happening: Happening, person: Person, register: Register) -> Talk:
    """Return everything that this person's words about this register are read against."""
    assert register.id is not None
    db, id = happening.db, register.id
    register = fresh(happening.lists, get_register(db, id))
    midnight = at(local(happening.now).date(), time(0, 0))
    return Talk(
        person=person,
        register=register,
        rota=happening.rota(register.provider),
        cases=list_of_register(db, id),
        am_marks=am_marks_of(db, register),
        pending=find_ask(db, id, person.key),
        rephrased=count_said(db, person.key, NONSENSE_SCRIPTS, midnight),
        inbox=happening.row.id,
    )


def reply_of(talk: Talk, text: str, said_at: datetime) -> Reply:
    """Return a reply in its context, as the reading room takes it."""
    register = talk.register
    return Reply(
        speaker=Speaker.PROVIDER,
        text=text,
        on=register.on,
        half=register.half,
        start=register.start,
        sent_at=local(said_at).time().replace(second=0, microsecond=0),
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


def _ask_which(happening: Happening, person: Person, current: list[Register]) -> str:
    say = Say(
        to=person.key,
        script="ask_which_provider",
        more={"options": ", ".join(register.provider_name for register in current)},
    )
    decision = Decision(because="two providers of theirs are waiting", say=(say,))
    return happening.save(person, decision, kind="reply")


def _on_stray(happening: Happening, person: Person, provider: str, text: str) -> str:
    rota = happening.rota(provider)
    policy = happening.lists.policies[rota.provider.policy]
    reading = happening.read_of_cases((), text, Speaker.PROVIDER)
    decision = on_stray_reply(person, policy, rota, reading, text, happening.refs(), happening.now)
    return happening.save(person, decision, reading, kind="reply", rotas={provider: rota})


def _current(happening: Happening, registers: tuple[Register, ...], text: str) -> list[Register]:
    """Return the registers that a reply can be about: one, or several of different providers."""
    quoted = happening.quoted()
    if quoted is not None and quoted.register is not None:
        found = [register for register in registers if register.id == quoted.register]
        if found:
            return found
    said_at = happening.row.received_at
    halves: dict[str, Register] = {}
    for register in registers:
        held = halves.get(register.provider)
        if held is None or said_at >= max(held.ends_at, register.starts_at - TURNS_BEFORE):
            halves[register.provider] = register
    current = list(halves.values())
    if len(current) < 2:
        return current
    words = text.lower().split()
    named = [one for one in current if one.provider_name.split()[0].lower() in words]
    return named or [one for one in current if one.unmarked()] or current[-1:]
