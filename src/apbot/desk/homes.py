"""
Homes: what a decision means for parents, added to it before it is saved.

Whether a parent may be told at all is looked up here at the last moment, from the lists as they
stand and the addresses that work.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.rota import reachable, rota_of
from apbot.domain.calendar import at, local
from apbot.domain.decisions import Decision
from apbot.domain.policy import ParentsTold
from apbot.domain.register import Register
from apbot.domain.telling_parents import Family, Homes, with_parents
from apbot.store.cases import list_about
from apbot.store.lists import Lists
from apbot.store.registers import get_register


def with_homes(
    db: Connection, desk: Desk, decision: Decision, about: About, now: datetime
) -> tuple[Decision, About]:
    """Return the decision with what parents hear because of it, and the rotas to word that with."""
    registers = _registers(db, decision, about)
    is_off = all(one.policy.parents is ParentsTold.OFF for one in registers.values())
    if is_off and not any(
        case.notice or (case.words and case.raised_by) for case in decision.cases
    ):
        return decision, about
    pupils = {line.pupil for register in registers.values() for line in register.roster}
    midnight = at(local(now).date(), time(0, 0))
    homes = Homes(
        registers=registers,
        cases=tuple(
            case
            for case in list_about(db, registers, pupils, midnight)
            if case.register in registers or case.opened_at >= midnight
        ),
        families=families_of(db, about.lists, pupils, desk.channels),
        css=frozenset(contact.person for contact in about.lists.people.contacts),
    )
    decided = with_parents(decision, homes, now)
    missing = {one.provider for one in registers.values()} - about.rotas.keys()
    on = local(now).date()
    rotas = {key: rota_of(db, about.lists, key, on, desk.channels) for key in missing}
    return decided, replace(about, rotas={**about.rotas, **rotas})


def families_of(
    db: Connection, lists: Lists, pupils: Collection[str], channels: Collection[str]
) -> Mapping[str, Family]:
    """Return, for each of these pupils, the parents who may be told and can be reached."""
    people = lists.people
    told = [parent for parent in people.parents_of(pupils) if parent.is_told]
    able = reachable(db, lists, {parent.person for parent in told}, channels)
    return {
        pupil.key: Family(
            may_be_told=pupil.tells_parents,
            parents=tuple(
                able[parent.person]
                for parent in told
                if parent.pupil == pupil.key and parent.person in able
            ),
        )
        for key in sorted(pupils)
        if (pupil := people.pupil_by_key.get(key))
    }


def _registers(db: Connection, decision: Decision, about: About) -> dict[int, Register]:
    """The registers that a decision touches, as they are to be."""
    known = [
        one for one in (about.register, decision.register, *decision.beside) if one is not None
    ]
    registers = {one.id: one for one in known if one.id is not None}
    for case in decision.cases:
        if case.register is not None and case.register not in registers:
            registers[case.register] = get_register(db, case.register)
    return registers
