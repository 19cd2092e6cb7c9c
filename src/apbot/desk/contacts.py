"""
Contacts and parents: somebody wrote about a case, or to the office.

A contact speaks about the cases they were told of, a parent about the open cases of their own
child; neither hears of any other.
"""

from datetime import timedelta

from apbot.desk.happening import Happening
from apbot.domain.answers import on_opt_out, on_stray_reply
from apbot.domain.cases import Case
from apbot.domain.parents import ParentTalk, on_parent_reply
from apbot.domain.people import Person
from apbot.domain.readings import Reading
from apbot.domain.taking import CaseTalk, on_case_reply
from apbot.domain.words import Speaker
from apbot.store.cases import list_open_of_pupils, list_over_told

OVER_KNOWN = timedelta(days=14)
"""How long somebody who writes about a case that is over is told by whom and when."""


def on_contact_text(
    happening: Happening, person: Person, text: str, open_cases: tuple[Case, ...]
) -> str:
    """Do what a contact's text asks; `open_cases` are those that they were told of."""
    # A reply picks its case by the message that it quotes, before anything else.
    quoted = _quoted(happening, open_cases)
    readable = quoted if len(quoted) == 1 else open_cases
    reading = happening.read_of_cases(readable, text, Speaker.CSS)
    rotas = happening.rotas(case.provider for case in open_cases)
    talk = CaseTalk(
        person=person,
        cases=open_cases,
        over=list_over_told(happening.db, person.key, happening.now - OVER_KNOWN),
        registers=happening.registers_of(open_cases),
        rotas={case.ref: rotas[case.provider] for case in open_cases},
        names=happening.names(),
    )
    decision = on_case_reply(talk, reading, text, happening.now)
    if decision.stops:
        rotas |= happening.rotas([happening.lists.people.providers[0].key])
        decision = on_opt_out(person, next(reversed(rotas.values())))
    return happening.save(person, decision, reading, kind="case reply", rotas=rotas)


def on_parent_text(happening: Happening, person: Person, text: str) -> str:
    """Do what a parent's text asks: about their own child's open cases, or else to the office."""
    people = happening.lists.people
    pupils = [parent.pupil for parent in people.parents if parent.person == person.key]
    cases = list_open_of_pupils(happening.db, pupils)
    reading = happening.read_of_cases(cases, text, Speaker.PARENT)
    if not cases:
        return _on_stray_parent(happening, person, pupils, reading, text)
    rotas = happening.rotas(case.provider for case in cases)
    talk = ParentTalk(
        person=person,
        cases=cases,
        registers=happening.registers_of(cases),
        rotas={case.ref: rotas[case.provider] for case in cases},
    )
    decision = on_parent_reply(talk, reading, text, happening.refs(), happening.now)
    return happening.save(person, decision, reading, kind="parent's reply", rotas=rotas)


def _on_stray_parent(
    happening: Happening, person: Person, pupils: list[str], reading: Reading, text: str
) -> str:
    placements = happening.lists.people.placements
    placed = [placement.provider for placement in placements if placement.pupil in pupils]
    if not placed:
        return "a parent of no pupil with a placement"
    rota = happening.rota(placed[0])
    policy = happening.lists.policies[rota.provider.policy]
    decision = on_stray_reply(
        person, policy, rota, reading, text, happening.refs(), happening.now, "parent_noted"
    )
    rotas = {placed[0]: rota}
    return happening.save(person, decision, reading, kind="parent's reply", rotas=rotas)


def _quoted(happening: Happening, open_cases: tuple[Case, ...]) -> tuple[Case, ...]:
    quoted = happening.quoted()
    refs = quoted.case_refs if quoted is not None else ()
    return tuple(case for case in open_cases if case.ref in refs)
