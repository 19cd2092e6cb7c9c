"""
Taking on: what follows when a CSS contact or a parent writes about a case.

An acknowledgement stops the next step; an outcome ends the case, is told to everybody who was told
of its opening, and goes back to the provider.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from apbot.domain.cases import Case, CaseNote, CaseState
from apbot.domain.decisions import Buttons, Decision, Rota, Say
from apbot.domain.escalation import DEFAULT_AGAIN, asked_people, rested
from apbot.domain.following import over_says
from apbot.domain.people import Person
from apbot.domain.readings import Reading
from apbot.domain.register import Register
from apbot.domain.words import Action, Flag, Matter, Reason


@dataclass(frozen=True, slots=True)
class CaseTalk:
    """
    Everything about one contact that a reply is read and decided against.

    `cases` are the open ones they were told of, oldest first; `over` those that ended lately, by
    ref. `registers` and `rotas` are by the case's ref; `names` of persons by key.
    """

    person: Person
    cases: tuple[Case, ...]
    over: tuple[Case, ...] = ()
    registers: Mapping[str, Register] = field(default_factory=dict)
    rotas: Mapping[str, Rota] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


def on_case_reply(talk: CaseTalk, reading: Reading, text: str, now: datetime) -> Decision:
    """Decide what a contact's reply, as it was read, does to the cases they were told of."""
    to = talk.person.key
    if Flag.OPT_OUT in reading.flags:
        return Decision(because="the contact opted out", stops=True)
    if Flag.HELP in reading.flags:
        say = Say(to=to, script="css_help", cases=talk.cases, buttons=Buttons.CASES)
        return Decision(because="asked for help", say=(say,))
    by_ref = {case.ref: case for case in talk.cases}
    actions = [(by_ref[a.ref], a.action) for a in reading.cases if a.ref in by_ref]
    if not actions:
        return Decision(because="no case could be picked", say=(_which(talk, text),))
    changed, says = [], []
    for case, action in actions:
        reason = reading.case_reasons.get(case.ref)
        new, said = _act(talk, case, action, reason, text, now)
        changed.append(new)
        says += said
    because = ", ".join(f"{case.ref} {action}" for case, action in actions)
    return Decision(because=because, cases=tuple(changed), say=tuple(says))


def _act(
    talk: CaseTalk,
    case: Case,
    action: Action,
    reason: Reason | None,
    text: str,
    now: datetime,
) -> tuple[Case, list[Say]]:
    if action is Action.RESOLVE:
        return _resolve(talk, case, reason, text, now)
    if action is Action.ACK:
        return _take(talk, case, now)
    note = CaseNote(at=now, by=talk.person.key, by_name=talk.person.name, words=text)
    noted = replace(case, notes=(*case.notes, note), reason=reason or case.reason)
    rota = talk.rotas[case.ref]
    if case.state is CaseState.ACKNOWLEDGED and case.acknowledged_by == talk.person.key:
        again = now + (case.ladder.asked_after or DEFAULT_AGAIN)
        noted = replace(noted, asked_at=None, ladder_at=rested(again, case, rota.service))
        return noted, [_to(talk.person.key, "css_noted", noted, talk)]
    return noted, [_to(talk.person.key, "css_noted_not_taken", noted, talk)]


def _take(talk: CaseTalk, case: Case, now: datetime) -> tuple[Case, list[Say]]:
    if case.state is CaseState.ACKNOWLEDGED and case.acknowledged_by != talk.person.key:
        who = talk.names.get(case.acknowledged_by, "a colleague")
        say = _to(talk.person.key, "css_taken_already", case, talk)
        return case, [replace(say, more={**say.more, "who": who})]
    rota = talk.rotas[case.ref]
    taken = replace(
        case,
        state=CaseState.ACKNOWLEDGED,
        acknowledged_at=case.acknowledged_at or now,
        acknowledged_by=talk.person.key,
        asked_at=None,
        ladder_at=rested(now + (case.ladder.asked_after or DEFAULT_AGAIN), case, rota.service),
    )
    others = [key for key in case.told if key != talk.person.key]
    says = [_to(talk.person.key, "css_taken", taken, talk)]
    for key in others:
        say = _to(key, "css_taken_by", taken, talk)
        says.append(replace(say, more={**say.more, "who": talk.person.name}))
    return taken, says


def _resolve(
    talk: CaseTalk, case: Case, reason: Reason | None, text: str, now: datetime
) -> tuple[Case, list[Say]]:
    rota, register = talk.rotas[case.ref], talk.registers.get(case.ref)
    over = replace(
        case,
        state=CaseState.RESOLVED,
        acknowledged_at=case.acknowledged_at or now,
        acknowledged_by=case.acknowledged_by or talk.person.key,
        resolved_at=now,
        resolved_by=talk.person.key,
        reason=reason or case.reason,
        outcome=text.strip(),
    )
    says = [_to(talk.person.key, "css_resolved", over, talk)]
    says += over_says([over], register, rota, talk.person)
    if register is not None and case.matter is not Matter.CONCERN:
        says += [
            replace(_to(person.key, "provider_outcome", over, talk), register=register)
            for person in asked_people(register, rota)
        ]
    return over, says


def _which(talk: CaseTalk, text: str) -> Say:
    over = next((case for case in talk.over if case.ref.lower() in text.lower().split()), None)
    if over is not None:
        who = talk.names.get(over.resolved_by, "the bot")
        say = _to(talk.person.key, "css_over_already", over, talk)
        return replace(say, more={**say.more, "who": who})
    script = "css_which_case" if talk.cases else "css_nothing_open"
    buttons = Buttons.CASES if talk.cases else Buttons.NONE
    return Say(to=talk.person.key, script=script, cases=talk.cases, buttons=buttons)


def _to(key: str, script: str, case: Case, talk: CaseTalk) -> Say:
    return Say(
        to=key,
        script=script,
        cases=(case,),
        register=talk.registers.get(case.ref),
        more={"who": talk.person.name},
    )
