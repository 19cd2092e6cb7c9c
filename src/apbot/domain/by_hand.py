"""
By hand: what a contact does on the board, decided by the same rules as what is said by phone.

Marks that a provider gives over the phone are a reply that the contact types in; a case is taken,
noted and ended as by text. What only the board can do stands here: handing a case to somebody,
opening a session again, and putting right a register of a day that is over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from datetime import time as local_time

from apbot.domain.answers import on_reply
from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Buttons, Decision, Rota, Say, Urgency
from apbot.domain.endings import over_says
from apbot.domain.escalation import asked_at, asked_people
from apbot.domain.following import shown_anew
from apbot.domain.people import Person
from apbot.domain.readings import Reading, Why
from apbot.domain.register import Entry, How, Register, RegisterState
from apbot.domain.talk import Talk
from apbot.domain.words import Flag, Mark, Matter, Reason


@dataclass(frozen=True, slots=True)
class Marked:
    """What a contact says of one pupil. `time` is local."""

    number: int
    mark: Mark
    reason: Reason | None = None
    time: local_time | None = None


def on_marked(
    talk: Talk, marked: Sequence[Marked], because: str, refs: Iterator[str], now: datetime
) -> Decision:
    """Decide what follows from marks of today; `because` is who told them, or why they change."""
    reading = Reading(
        marks={one.number: one.mark for one in marked},
        reasons={one.number: one.reason for one in marked if one.reason is not None},
        times={one.number: one.time for one in marked if one.time is not None},
        why=tuple(Why(one.number, because, "") for one in marked),
    )
    return _on_board(on_reply(talk, reading, because, refs, now))


def amended(
    register: Register,
    marked: Sequence[Marked],
    person: Person,
    because: str,
    now: datetime,
    inbox: int | None,
) -> Register:
    """
    Return a register of a day that is over, put right.

    The record alone changes: nobody is looked for and nobody is told of a day that is past.
    """
    entries = [
        Entry(
            number=one.number,
            pupil=register.line(one.number).pupil,
            was=register.marks.get(one.number),
            mark=one.mark,
            by=person.key,
            by_name=person.name,
            by_title=person.title,
            how=How.BOARD,
            at=now,
            reason=one.reason,
            time=one.time,
            because=because,
            inbox=inbox,
        )
        for one in marked
        if _is_new(register, one)
    ]
    return register.with_entries(entries, now) if entries else register


def on_closed(talk: Talk, words: str, refs: Iterator[str], now: datetime) -> Decision:
    """Decide what follows where a contact says that a session is not running: it is their case."""
    reading = Reading(flags=frozenset({Flag.CLOSED}))
    decision = on_reply(talk, reading, words, refs, now)
    me = talk.person.key
    cases = [
        replace(
            case,
            state=CaseState.ACKNOWLEDGED,
            acknowledged_at=now,
            acknowledged_by=me,
            told=tuple(dict.fromkeys((*case.told, me))),
            ladder_at=asked_at(case, talk.rota.service, now),
        )
        if case.matter is Matter.CLOSED and case.is_open
        else case
        for case in decision.cases
    ]
    # Who was asked hears of it as from any colleague; nobody was yet, and they would stand there.
    unasked = () if talk.register.asked else asked_people(talk.register, talk.rota)
    says = [
        Say(
            to=person.key,
            script="provider_closed_colleague",
            register=decision.register,
            more={"who": talk.person.name},
        )
        for person in unasked
    ]
    return _on_board(replace(decision, cases=tuple(cases), say=(*decision.say, *says)))


def on_opened(
    register: Register, cases: Sequence[Case], rota: Rota, person: Person, now: datetime
) -> Decision:
    """Decide what follows where a closed session runs after all: it is asked for as ever."""
    state = RegisterState.OPEN if now >= register.starts_at else RegisterState.PLANNED
    opened = replace(register, state=state, closed_by="")
    if not opened.unmarked():
        opened = replace(opened, state=RegisterState.COMPLETE)
    over = [
        replace(
            case,
            state=CaseState.RESOLVED,
            resolved_at=now,
            resolved_by=person.key,
            outcome="open after all",
        )
        for case in cases
        if case.is_open and case.matter is Matter.CLOSED and case.register == register.id
    ]
    return Decision(
        because="open after all, as the office says",
        register=opened,
        cases=tuple(over),
        say=(
            *over_says(over, opened, rota, person),
            *(shown_anew(each, opened) for each in asked_people(opened, rota)),
            # Whoever was not asked before is, at the next look at it.
            *(
                Say(
                    to=each.key,
                    script="provider_open_colleague",
                    register=opened,
                    more={"who": person.name},
                )
                for each in asked_people(opened, rota)
                if each.key in opened.asked and opened.unmarked()
            ),
        ),
    )


def clicked(decision: Decision, ref: str, person: Person) -> Decision:
    """Return what was decided of one case by words, as done by a click on it."""
    cases = [
        # Whoever acts on a case knows of it: their replies by phone are about it as well.
        replace(one, told=(*one.told, person.key))
        if one.ref == ref and person.key not in one.told
        else one
        for one in decision.cases
    ]
    return _on_board(replace(decision, cases=tuple(cases)))


def on_handed_over(
    case: Case,
    register: Register | None,
    to: Person,
    person: Person,
    words: str,
    rota: Rota,
    now: datetime,
) -> Decision:
    """Decide what follows where a contact hands a case to another: it is theirs from now on."""
    handed = replace(
        case,
        state=CaseState.ACKNOWLEDGED,
        acknowledged_at=now,
        acknowledged_by=to.key,
        told=tuple(dict.fromkeys((*case.told, person.key, to.key))),
        asked_at=None,
        ladder_at=asked_at(case, rota.service, now),
    )
    others = [key for key in case.told if key not in (to.key, person.key)]
    says = [
        Say(
            to=to.key,
            script="css_handed_over_words" if case.words else "css_handed_over",
            register=register,
            cases=(handed,),
            more={"who": person.name, "handed": f'"{words}" ' if words else ""},
            buttons=Buttons.CASES,
            urgency=Urgency.ALARM if case.is_urgent else Urgency.REPLY,
        )
    ]
    says += [
        Say(
            to=key,
            script="css_taken_by",
            register=register,
            cases=(handed,),
            more={"who": to.name},
        )
        for key in others
    ]
    return Decision(
        because=f"{case.ref} handed to {to.key} by {person.key}", cases=(handed,), say=tuple(says)
    )


def _is_new(register: Register, one: Marked) -> bool:
    held = register.standing.get(one.number)
    said = (one.mark, one.reason, one.time)
    return held is None or (held.mark, held.reason, held.time) != said


def _on_board(decision: Decision) -> Decision:
    """The entries that this made came by the board."""
    register = decision.register
    return replace(
        decision,
        register=_by_board(register) if register is not None else None,
        beside=tuple(_by_board(one) for one in decision.beside),
    )


def _by_board(register: Register) -> Register:
    return replace(
        register,
        entries=tuple(
            entry if entry.id is not None else replace(entry, how=How.BOARD)
            for entry in register.entries
        ),
    )
