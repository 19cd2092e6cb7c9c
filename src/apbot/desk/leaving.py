"""
Leaving: a load took somebody off a list, and what they had in hand is taken up.

Their addresses are gone already, and what waited for them has lapsed. Here their open questions
end, the registers that only they were asked for are asked of others, and their cases go back.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.rota import rota_of
from apbot.desk.saving import save_decision
from apbot.domain.calendar import local
from apbot.domain.leaving import ask_others, on_contact_left
from apbot.store.cases import list_held
from apbot.store.lists import find_last_line
from apbot.store.registers import get_register, list_registers, save_ask


def after_leaving(db: Connection, desk: Desk, key: str, now: datetime) -> None:
    """Take up what this person had in hand as what they no longer are."""
    people = desk.lists(db).people
    if all(contact.person != key for contact in people.contacts):
        _give_back_cases(db, desk, key, now)
    works_at = {staff.provider for staff in people.staff if staff.person == key}
    ask_in_place_of(db, desk, key, works_at, now)


def ask_in_place_of(
    db: Connection, desk: Desk, key: str, works_at: Collection[str], now: datetime
) -> None:
    """Ask others for what this person was asked for, but where they go on working."""
    on = local(now).date()
    for planned in list_registers(db, on):
        if planned.id is None or key not in planned.asked or planned.provider in works_at:
            continue
        save_ask(db, planned.id, key, None, now)
        lists = desk.lists(db)
        rota = rota_of(db, lists, planned.provider, on, desk.channels)
        register = get_register(db, planned.id)
        decision = ask_others(register, {key}, rota, now)
        if decision.register is not None:
            about = About(lists, {planned.provider: rota}, register, "left")
            save_decision(db, desk, decision, about, now)


def _give_back_cases(db: Connection, desk: Desk, key: str, now: datetime) -> None:
    lists = desk.lists(db)
    held = list_held(db, key)
    if not held:
        return
    on = local(now).date()
    places = {case.provider for case in held}
    rotas = {place: rota_of(db, lists, place, on, desk.channels) for place in places}
    registers = {
        case.ref: get_register(db, case.register) for case in held if case.register is not None
    }
    line = find_last_line(db, "persons", key)
    name = str(line["name"]) if line else key
    decision = on_contact_left(name, held, registers, rotas, now)
    save_decision(db, desk, decision, About(lists, rotas, None, "left"), now)
