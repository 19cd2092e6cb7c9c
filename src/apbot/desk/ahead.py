"""
Ahead: at four o'clock the next school day is told of, provider by provider.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.planning import planned_register
from apbot.desk.rota import rota_of
from apbot.desk.saving import save_decision
from apbot.domain.ahead import on_day_before
from apbot.domain.calendar import local
from apbot.domain.words import Half
from apbot.store.lists import Lists

FARTHEST = timedelta(days=70)


def tell_ahead(db: Connection, desk: Desk, now: datetime) -> None:
    """Tell each provider what is known of the next school day, and the CSS whom it cannot ask."""
    lists = desk.lists(db)
    on = local(now).date()
    day = next_school_day(lists, on)
    if day is None or lists.calendar.working_day_before(day) != on:
        return
    for provider in lists.people.providers:
        planned = [planned_register(lists, provider, day, half) for half in Half]
        registers = [register for register in planned if register is not None]
        if not registers:
            continue
        rota = rota_of(db, lists, provider.key, day, desk.channels)
        notes = [
            note.text
            for note in lists.people.notes
            if note.provider == provider.key and note.span.covers(day)
        ]
        decision = on_day_before(registers, notes, rota)
        if decision.say:
            about = About(lists, {provider.key: rota}, None, "ahead")
            save_decision(db, desk, decision, about, now)


def next_school_day(lists: Lists, on: date) -> date | None:
    """Return the next day on which the CSS is in term, or None in the calendar's last weeks."""
    day = on + timedelta(days=1)
    while day - on < FARTHEST:
        if lists.calendar.why_not_in_term(day) is None:
            return day
        day += timedelta(days=1)
    return None
