"""
The board's clicks on cases: taken, noted, ended, handed over, their parents told; one, or several.

Each is decided by the very rules of a contact's reply. What is typed is read as it is by phone, so
that a concern goes to the leads whichever way it is told.
"""

from dataclasses import replace

from apbot.desk.board import Click, Declined
from apbot.desk.contacts import naming_others
from apbot.desk.homes import families_of
from apbot.desk.passing_on import on_words
from apbot.desk.rota import persons_by_key
from apbot.domain.by_hand import clicked, on_handed_over
from apbot.domain.cases import Case
from apbot.domain.passing_on import AT_ONCE
from apbot.domain.readings import CaseAction, Reading
from apbot.domain.releasing import Order, ReleaseTalk, on_orders
from apbot.domain.taking import CaseTalk
from apbot.domain.words import Action, Matter, Reason, Speaker
from apbot.store.cases import get_case


def act_on_case(
    click: Click, id: int, action: Action, words: str, reason: Reason | None = None
) -> str:
    """Take, note or end a case. The words of it are read as they are by phone."""
    case = _open_case(click, id)
    happening = click.happening
    rotas = happening.rotas([case.provider])
    talk = CaseTalk(
        person=click.person,
        cases=(case,),
        registers=happening.registers_of([case]),
        rotas={case.ref: rotas[case.provider]},
        names=happening.names(),
        naming_others=naming_others(happening, (case,), words),
        inbox=happening.row.id,
    )
    reading = Reading()
    if action is not Action.ACK:
        reading = happening.read_of_cases((case,), words, Speaker.CSS)
    # Which case and what is done with it was clicked; the words say the rest.
    reading = replace(
        reading,
        cases=(CaseAction(case.ref, action),),
        case_reasons={case.ref: reason} if reason is not None else reading.case_reasons,
        flags=reading.flags & AT_ONCE,
    )
    decision = on_words(happening, talk, reading, words)
    if any(one.matter is Matter.CONCERN and one.ref != case.ref for one in decision.cases):
        click.keep_for_leads()
    rotas |= happening.rotas(one.provider for one in decision.cases)
    register = talk.registers.get(case.ref)
    decision = clicked(decision, case.ref, click.person)
    return click.save(decision, rotas=rotas, register=register, reading=reading)


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
    case = get_case(click.db, id)
    registers = click.happening.registers_of([case])
    pupils = {line.pupil for register in registers.values() for line in register.roster}
    lists, channels = click.happening.lists, click.happening.desk.channels
    talk = ReleaseTalk(
        person=click.person,
        cases=(case,),
        registers=registers,
        families=families_of(click.db, lists, pupils, channels),
    )
    decision = on_orders(talk, (Order(tells, refs=(case.ref,)),), click.now)
    return click.save(decision, rotas=click.happening.rotas([case.provider]))


def _open_case(click: Click, id: int) -> Case:
    try:
        case = get_case(click.db, id)
    except LookupError:
        raise Declined("There is no such case.") from None
    if not case.is_open:
        who = click.happening.names().get(case.resolved_by, "the bot")
        raise Declined(f"{case.ref} is over already: {who}, {case.outcome}.")
    return case
