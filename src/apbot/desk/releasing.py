"""
Releasing: a contact's word that parents are told, or not told.

It is read before anything else that a contact may mean, and only where every word of it is
understood: what is left of the message goes on to be read as ever.
"""

from dataclasses import replace
from datetime import time, timedelta

from apbot.desk.happening import Happening
from apbot.desk.homes import families_of
from apbot.domain.calendar import at
from apbot.domain.cases import Case
from apbot.domain.people import Person
from apbot.domain.releasing import ReleaseTalk, on_orders, waiting
from apbot.reading.telling import read_telling
from apbot.store.cases import list_over_told


def on_release(
    happening: Happening, person: Person, text: str, open_cases: tuple[Case, ...]
) -> str | None:
    """
    Do what a contact's text says of telling parents; None where it says nothing of that.

    Returns what is left of the text, "" where that was all.
    """
    today = at(happening.on, time(0, 0))
    over = [c for c in list_over_told(happening.db, person.key, today) if c.register is not None]
    cases = (*open_cases, *(c for c in over if c.opened_at >= today - timedelta(days=1)))
    quoted = happening.quoted()
    picked = [case for case in cases if quoted is not None and case.ref in quoted.case_refs]
    known = tuple(happening.open_case(case) for case in cases)
    telling = read_telling(text, known, happening.desk.lexicon)
    if telling is None:
        return None
    shown = {one.pupil: case.shown for one, case in zip(known, cases, strict=True)}
    orders = tuple(
        replace(one, names=tuple(shown[name] or name for name in one.names))
        for one in telling.orders
    )
    if len(picked) == 1:
        only = (picked[0].ref,)
        orders = tuple(replace(one, refs=only) if one.is_bare else one for one in orders)
    if all(one.is_bare and not one.tells for one in orders) and not waiting(cases):
        # "No need" with nothing to keep back is said of something else.
        return None
    registers = happening.registers_of(cases)
    pupils = {line.pupil for register in registers.values() for line in register.roster}
    lists, channels = happening.lists, happening.desk.channels
    talk = ReleaseTalk(
        person=person,
        cases=cases,
        registers=registers,
        families=families_of(happening.db, lists, pupils, channels),
    )
    decision = on_orders(talk, orders, happening.now)
    rotas = happening.rotas(case.provider for case in cases)
    happening.save(person, decision, kind="parents released", rotas=rotas)
    return telling.rest
