"""
The board's clicks on cases: taken, noted, ended, handed over, their parents told; one, or several.

Each is decided by the very rules of a contact's reply. What is typed is read as it is by phone, so
that a concern goes to the leads whichever way it is told.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from apbot.desk.board import Click, Declined
from apbot.desk.contacts import naming_others
from apbot.desk.passing_on import child_of, on_words
from apbot.desk.releasing import releasable, release_talk
from apbot.desk.rota import persons_by_key
from apbot.domain.by_hand import clicked, on_handed_over
from apbot.domain.cases import Case
from apbot.domain.decisions import Rota
from apbot.domain.passing_on import AT_ONCE
from apbot.domain.readings import CaseAction, Reading
from apbot.domain.releasing import Order, on_orders, waiting
from apbot.domain.taking import CaseTalk, on_case_reply
from apbot.domain.words import Action, Matter, Reason, Speaker
from apbot.store.cases import get_case, list_open_told


def act_on_case(
    click: Click, id: int, action: Action, words: str, reason: Reason | None = None
) -> str:
    """Take, note or end a case. The words of it are read as they are by phone."""
    return _act(click, (_open_case(click, id),), action, words, reason)


def end_several(click: Click, ids: Collection[int], words: str, reason: Reason | None) -> str:
    """End these of the cases that the viewer was told of in one sentence, as "both ill" does."""
    told = list_endable(click.db, click.person.key)
    cases = tuple(case for case in told if case.id in ids)
    if not cases:
        raise Declined("None of them is open any more, or none was ticked.")
    return _act(click, cases, Action.RESOLVE, words, reason)


def list_endable(db: Connection, person: str) -> tuple[Case, ...]:
    """Return the cases that one sentence of this person may end: no concern, and no question."""
    told = list_open_told(db, person)
    return tuple(case for case in told if case.matter not in (Matter.CONCERN, Matter.QUESTION))


def _act(
    click: Click, cases: tuple[Case, ...], action: Action, words: str, reason: Reason | None
) -> str:
    happening = click.happening
    rotas = happening.rotas(case.provider for case in cases)
    talk = _talk(click, cases, rotas, words)
    reading = Reading()
    if action is not Action.ACK:
        reading = happening.read_of_cases(cases, words, Speaker.CSS)
    said = set(reading.case_reasons.values())
    of_all = reason if reason is not None else said.pop() if len(said) == 1 else None
    # Which cases and what is done with them was clicked; the words say the rest.
    reading = replace(
        reading,
        cases=tuple(CaseAction(case.ref, action) for case in cases),
        case_reasons={case.ref: of_all for case in cases if case.pupil and of_all is not None},
        flags=reading.flags & AT_ONCE,
    )
    one = cases[0] if len(cases) == 1 else None
    decision = on_words(happening, talk, reading, words, child_of(one) if one else None)
    refs = {case.ref for case in cases}
    if any(new.matter is Matter.CONCERN and new.ref not in refs for new in decision.cases):
        click.keep_for_leads()
    rotas |= happening.rotas(new.provider for new in decision.cases)
    for ref in refs:
        decision = clicked(decision, ref, click.person)
    register = talk.registers.get(one.ref) if one else None
    return click.save(decision, rotas=rotas, register=register, reading=reading)


def _talk(
    click: Click, cases: tuple[Case, ...], rotas: Mapping[str, Rota], words: str = ""
) -> CaseTalk:
    happening = click.happening
    return CaseTalk(
        person=click.person,
        cases=cases,
        registers=happening.registers_of(cases),
        rotas={case.ref: rotas[case.provider] for case in cases},
        names=happening.names(),
        naming_others=naming_others(happening, cases, words),
        inbox=happening.row.id,
    )


def hand_over(click: Click, id: int, to: str, words: str) -> str:
    """Give a case to another contact."""
    case = _open_case(click, id)
    lists = click.happening.lists
    person = persons_by_key(lists).get(to)
    contact = next((c for c in lists.people.contacts if c.person == to), None)
    if person is None or contact is None or not contact.takes_cases:
        raise Declined("That is nobody who takes cases.")
    if case.matter is Matter.CONCERN and not contact.sees_concerns:
        raise Declined("A concern stays with the safeguarding lead or a deputy.")
    rotas = click.happening.rotas([case.provider])
    register = click.happening.registers_of([case]).get(case.ref)
    heeded = click.heed(words, about=case)
    decision = on_handed_over(
        case, register, person, click.person, heeded.words, rotas[case.provider], click.now
    )
    click.save(decision, rotas=rotas)
    return f"{case.ref} is {person.name}'s now.{heeded.said}"


def tell_parents(click: Click, id: int, *, tells: bool) -> str:
    """Release the notice to a case's parents, or keep it back."""
    return _order(click, (get_case(click.db, id),), tells=tells)


def take_several(click: Click, ids: Collection[int]) -> str:
    """Take on these of the cases that the viewer was told of, as "OK ALL" does by phone."""
    told = list_open_told(click.db, click.person.key)
    cases = tuple(case for case in told if case.id in ids)
    if not cases:
        raise Declined("None of them is open any more, or none was ticked.")
    rotas = click.happening.rotas(case.provider for case in cases)
    talk = _talk(click, cases, rotas)
    reading = Reading(cases=tuple(CaseAction(case.ref, Action.ACK) for case in cases))
    return click.save(on_case_reply(talk, reading, "", click.now), rotas=rotas)


def tell_several(click: Click, ids: Collection[int], *, tells: bool) -> str:
    """Release the notices of these of the viewer's cases, as "TELL ALL" does, or keep them back."""
    waits = list_waiting(click.db, click.person.key, click.happening.on)
    cases = tuple(case for case in waits if case.id in ids)
    if not cases:
        raise Declined("No parents of these wait to be told any more, or none was ticked.")
    return _order(click, cases, tells=tells)


def list_waiting(db: Connection, person: str, on: date) -> tuple[Case, ...]:
    """Return the cases that somebody was told of and whose parents may still be told."""
    return waiting(releasable(db, person, on, list_open_told(db, person)))


def _order(click: Click, cases: tuple[Case, ...], *, tells: bool) -> str:
    talk = release_talk(click.happening, click.person, cases)
    order = Order(tells, refs=tuple(case.ref for case in cases))
    decision = on_orders(talk, (order,), click.now)
    return click.save(decision, rotas=click.happening.rotas(case.provider for case in cases))


def _open_case(click: Click, id: int) -> Case:
    try:
        case = get_case(click.db, id)
    except LookupError:
        raise Declined("There is no such case.") from None
    if not case.is_open:
        who = click.happening.names().get(case.resolved_by, "the bot")
        raise Declined(f"{case.ref} is over already: {who}, {case.outcome}.")
    return case
