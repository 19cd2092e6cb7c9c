"""
Passing on: what a contact has learnt on the telephone, and that cannot wait for anybody to ask.

A concern goes word for word to the safeguarding lead, whoever writes it. That a child set out and
has not arrived makes an absence a child not accounted for, as it does in a parent's own words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from apbot.domain.cases import Case
from apbot.domain.decisions import Decision, Rota, Say, Urgency
from apbot.domain.escalation import first_told, hearers, telling
from apbot.domain.parents import alarmed
from apbot.domain.people import Person
from apbot.domain.policy import Policy
from apbot.domain.readings import CaseAction, Reading
from apbot.domain.register import Register
from apbot.domain.telling_parents import lines_of
from apbot.domain.words import Action, Flag, Matter

AT_ONCE = frozenset({Flag.CONCERN, Flag.EMERGENCY})


def set_out(reading: Reading, cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the absences of which the contact says that the child set out."""
    noted = {action.ref for action in reading.cases if action.action is Action.NOTE}
    if not reading.alarms:
        return ()
    return tuple(c for c in cases if c.ref in noted and c.matter is Matter.ABSENCE)


def without(reading: Reading, cases: Sequence[Case]) -> Reading:
    """Return what else the words say, of other cases than these."""
    refs = {case.ref for case in cases}
    left: tuple[CaseAction, ...] = tuple(a for a in reading.cases if a.ref not in refs)
    return replace(reading, cases=left)


def on_set_out(
    person: Person,
    cases: Sequence[Case],
    registers: Mapping[str, Register],
    rotas: Mapping[str, Rota],
    reading: Reading,
    text: str,
    refs: Iterator[str],
    now: datetime,
) -> Decision:
    """Decide what follows where a contact says of absent children that they set out."""
    followed = [
        alarmed(
            person,
            case,
            registers[case.ref],
            rotas[case.ref],
            line,
            text,
            refs,
            now,
            reading.alarms,
        )
        for case in cases
        if case.ref in registers
        for line in lines_of(case, registers[case.ref])
    ]
    return Decision(
        because=f"set out, says {person.key}: {', '.join(case.ref for case in cases)}",
        cases=tuple(case for one in followed for case in one.cases),
        say=tuple(say for one in followed for say in one.say),
    )


def is_concern(reading: Reading, bare: Reading, cases: Sequence[Case]) -> bool:
    """
    Whether the words are a concern of their own, and not only that a child set out.

    `bare` are they read beside no case. What is said of a concern, of a search that goes on, or in
    answer to a question, is news of that.
    """
    flags = reading.flags & bare.flags
    by_ref = {case.ref: case for case in cases}
    about = [(by_ref[a.ref], a.action) for a in reading.cases if a.ref in by_ref]
    is_news = bool(about) and all(_is_news_of(case, action) for case, action in about)
    return Flag.EMERGENCY in flags or (Flag.CONCERN in flags and not is_news)


def searches(reading: Reading, cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the searches that go on, of which the words are such as the lead should read."""
    noted = {action.ref for action in reading.cases if action.action is Action.NOTE}
    if not reading.flags & AT_ONCE:
        return ()
    return tuple(c for c in cases if c.ref in noted and c.matter is Matter.UNACCOUNTED)


def _is_news_of(case: Case, action: Action) -> bool:
    is_search = case.matter is Matter.UNACCOUNTED and action is Action.NOTE
    return is_search or case.matter in (Matter.CONCERN, Matter.QUESTION)


def on_concern(
    person: Person,
    about: Case,
    policy: Policy,
    rota: Rota,
    register: Register | None,
    text: str,
    now: datetime,
) -> Decision | None:
    """
    Decide what follows where a contact writes what the safeguarding lead would want to know.

    `about` is a blank case of the place it is about. A lead who writes it knows it already: None.
    """
    blank = replace(
        about,
        matter=Matter.CONCERN,
        ladder=rota.ladder(policy, Matter.CONCERN),
        words=text,
        raised_by=person.key,
    )
    case, people = first_told(blank, rota, now)
    people = tuple(one for one in people if one.key != person.key)
    if not people:
        return None
    heard = Say(to=person.key, script="css_concern_passed_on", cases=(case,), urgency=Urgency.ALARM)
    return Decision(
        because=f"a concern that {person.key} passes on",
        cases=(case,),
        say=(heard, *telling(case, people, register, "css_concern", now)),
    )


def on_news(
    person: Person, cases: Sequence[Case], rotas: Mapping[str, Rota], text: str
) -> Decision:
    """Decide who reads news of a search that the lead would want: whoever else was told of it."""
    says = tuple(
        Say(
            to=key,
            script="css_staff_wrote",
            cases=(case,),
            more={"who": person.name, "phone": person.mobile, "words": text},
            urgency=Urgency.ALARM,
        )
        for case in cases
        for key in hearers(case, rotas[case.ref])
        if key != person.key
    )
    return Decision(because="news of a search, to all who were told", say=says)
