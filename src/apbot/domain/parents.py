"""
Parents: what follows when a parent writes about their own child's case.

A parent's words are taken as a reason, as news, or as an alarm: a child who set out and did not
arrive is not absent but not accounted for. Nothing of another child is ever in what they hear.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from apbot.domain.cases import Case, CaseNote, CaseState
from apbot.domain.decisions import Buttons, Decision, Rota, Say, Urgency
from apbot.domain.escalation import asked_people, first_told
from apbot.domain.following import open_case, over_says
from apbot.domain.people import Person
from apbot.domain.readings import Reading
from apbot.domain.register import Line, Register
from apbot.domain.words import Action, Flag, Matter, Reason


@dataclass(frozen=True, slots=True)
class ParentTalk:
    """A parent, and the open cases of their own children; registers and rotas are by ref."""

    person: Person
    cases: tuple[Case, ...]
    registers: Mapping[str, Register]
    rotas: Mapping[str, Rota]


@dataclass(frozen=True, slots=True)
class _Outcome:
    cases: tuple[Case, ...] = ()
    say: tuple[Say, ...] = ()


def on_parent_reply(
    talk: ParentTalk, reading: Reading, text: str, refs: Iterator[str], now: datetime
) -> Decision:
    """Decide what a parent's reply does to their child's cases."""
    if Flag.OPT_OUT in reading.flags:
        return Decision(because="the parent opted out", stops=True)
    by_ref = {case.ref: case for case in talk.cases}
    actions = [(by_ref[a.ref], a.action) for a in reading.cases if a.ref in by_ref]
    is_alarm = Flag.CONCERN in reading.flags
    cases: list[Case] = []
    says: list[Say] = []
    if not actions:
        # Whose case it is could not be told: a person reads it on each.
        actions = [(case, Action.NOTE) for case in talk.cases]
    for case, action in actions:
        reason = reading.case_reasons.get(case.ref)
        followed = _act(talk, case, action, reason, text, refs, now, is_alarm=is_alarm)
        cases += followed.cases
        says += followed.say
    return Decision(
        because=f"a parent wrote: {', '.join(sorted({action for _, action in actions}))}",
        cases=tuple(cases),
        say=(Say(to=talk.person.key, script="parent_noted"), *says),
    )


def _act(
    talk: ParentTalk,
    case: Case,
    action: Action,
    reason: Reason | None,
    text: str,
    refs: Iterator[str],
    now: datetime,
    *,
    is_alarm: bool,
) -> _Outcome:
    if is_alarm and case.matter is Matter.ABSENCE:
        return _alarm(talk, case, text, refs, now)
    if action is Action.RESOLVE or (reason is not None and reason.explains):
        return _over(talk, case, reason, text, now)
    if action is Action.ACK:
        return _Outcome()
    note = CaseNote(at=now, by=talk.person.key, by_name=talk.person.name, words=text)
    noted = replace(case, notes=(*case.notes, note), reason=reason or case.reason)
    urgency = Urgency.ALARM if case.is_urgent else Urgency.REPLY
    return _Outcome((noted,), _tell_css(talk, noted, "css_parent_wrote", text, urgency))


def _over(
    talk: ParentTalk, case: Case, reason: Reason | None, text: str, now: datetime
) -> _Outcome:
    """The parent's word explains it, or the child is with them."""
    rota, register = talk.rotas[case.ref], talk.registers.get(case.ref)
    over = replace(
        case,
        state=CaseState.RESOLVED,
        resolved_at=now,
        resolved_by=talk.person.key,
        reason=reason or case.reason,
        outcome=text.strip(),
    )
    says = over_says([over], register, rota, talk.person)
    if register is not None:
        # The provider hears how it ended, not what a parent wrote to the CSS.
        told = replace(over, outcome="the parent has told us, nothing to do")
        says += [
            Say(to=person.key, script="provider_outcome", register=register, cases=(told,))
            for person in asked_people(register, rota)
        ]
    return _Outcome((over,), tuple(says))


def _alarm(talk: ParentTalk, case: Case, text: str, refs: Iterator[str], now: datetime) -> _Outcome:
    """The child set out and did not arrive: not absent, but not accounted for."""
    rota, register = talk.rotas[case.ref], talk.registers.get(case.ref)
    if register is None or case.number is None:
        return _Outcome()
    line: Line = register.line(case.number)
    over = replace(
        case,
        state=CaseState.RESOLVED,
        resolved_at=now,
        resolved_by=talk.person.key,
        outcome="now not accounted for",
    )
    opened = open_case(register, rota, refs, now, Matter.UNACCOUNTED, line)
    opened = replace(opened, words=text, raised_by=talk.person.key)
    told, people = first_told(opened, rota, now)
    alarmed = {person.key for person in people}
    says = [
        # Whoever hears the alarm need not hear as well that the absence is over.
        *(say for say in over_says([over], register, rota, talk.person) if say.to not in alarmed),
        *(
            Say(
                to=person.key,
                script="css_parent_alarm",
                register=register,
                cases=(told,),
                more={"who": talk.person.name, "phone": talk.person.mobile},
                buttons=Buttons.CASES,
                urgency=Urgency.ALARM,
            )
            for person in people
        ),
        *(
            Say(
                to=person.key,
                script="provider_set_out",
                register=register,
                cases=(told,),
                lines=(line,),
                urgency=Urgency.ALARM,
            )
            for person in asked_people(register, rota)
        ),
    ]
    return _Outcome((over, told), tuple(says))


def _tell_css(
    talk: ParentTalk, case: Case, script: str, text: str, urgency: Urgency
) -> tuple[Say, ...]:
    return tuple(
        Say(
            to=key,
            script=script,
            register=talk.registers.get(case.ref),
            cases=(case,),
            more={"who": talk.person.name, "phone": talk.person.mobile, "words": text},
            buttons=Buttons.CASES,
            urgency=urgency,
        )
        for key in case.told
    )
