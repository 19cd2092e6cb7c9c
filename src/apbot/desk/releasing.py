"""
Releasing: a contact's word that parents are told, or not told.

It is read before anything else that a contact may mean, and only where every word of it is
understood: what is left of the message goes on to be read as ever.
"""

from dataclasses import replace
from datetime import date, time, timedelta

from sqlalchemy import Connection

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
    cases = releasable(happening.db, person.key, happening.on, open_cases)
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
    decision = on_orders(release_talk(happening, person, cases), orders, happening.now)
    rotas = happening.rotas(case.provider for case in cases)
    happening.save(person, decision, kind="parents released", rotas=rotas)
    return telling.rest


def releasable(
    db: Connection, person: str, on: date, open_cases: tuple[Case, ...]
) -> tuple[Case, ...]:
    """Return the cases whose parents a contact's word tells of: the open ones, and the day's."""
    today = at(on, time(0, 0))
    over = [c for c in list_over_told(db, person, today) if c.register is not None]
    return (*open_cases, *(c for c in over if c.opened_at >= today - timedelta(days=1)))


def release_talk(happening: Happening, person: Person, cases: tuple[Case, ...]) -> ReleaseTalk:
    """Return everything that a contact's order about the parents of these cases is decided by."""
    registers = happening.registers_of(cases)
    pupils = {line.pupil for register in registers.values() for line in register.roster}
    lists, channels = happening.lists, happening.desk.channels
    return ReleaseTalk(
        person=person,
        cases=cases,
        registers=registers,
        families=families_of(happening.db, lists, pupils, channels),
    )
