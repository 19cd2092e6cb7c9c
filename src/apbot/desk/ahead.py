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
from apbot.domain.decisions import Decision, Say, Urgency
from apbot.domain.words import Half
from apbot.store.lists import Lists
from apbot.wording.compose import day as day_in_words

FARTHEST = timedelta(days=70)
ENDS_SOON = timedelta(days=21)


def tell_ahead(db: Connection, desk: Desk, now: datetime) -> None:
    """Tell each provider what is known of the next school day, and the CSS whom it cannot ask."""
    lists = desk.lists(db)
    on = local(now).date()
    day = next_school_day(lists, on)
    _warn_of_the_end(db, desk, lists, on, now)
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


def _warn_of_the_end(db: Connection, desk: Desk, lists: Lists, on: date, now: datetime) -> None:
    """After the calendar's last day nobody is asked: the office hears of it weeks before."""
    ends_on = lists.calendar.ends_on
    if ends_on is None or ends_on - on > ENDS_SOON or not lists.people.providers:
        return
    rota = rota_of(db, lists, lists.people.providers[0].key, on, desk.channels)
    if not rota.css:
        return
    to = rota.css[0][0]
    say = Say(
        to=to.key,
        script="css_calendar_ends",
        more={"last_day": day_in_words(ends_on)},
        urgency=Urgency.DIGEST,
        once=f"calendar:{ends_on}:{on.isocalendar().week}",
    )
    decision = Decision(because="the calendar ends soon", say=(say,))
    save_decision(db, desk, decision, About(lists, {}, None, "ahead"), now)


def next_school_day(lists: Lists, on: date) -> date | None:
    """Return the next day on which the CSS is in term, or None in the calendar's last weeks."""
    day = on + timedelta(days=1)
    while day - on < FARTHEST:
        if lists.calendar.why_not_in_term(day) is None:
            return day
        day += timedelta(days=1)
    return None
