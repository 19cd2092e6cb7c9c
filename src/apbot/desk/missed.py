"""
Missed days: the bot was away for days, and nobody was asked for their registers.

Each is kept as a register without marks, so that no audit is left with a hole; what is known of a
missed day comes from the CSS by now. It hears of all of them once, in one text a contact: a hundred
alarms about last week would only teach people to look away from today's.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.planning import planned_register
from apbot.desk.rota import rota_of
from apbot.desk.saving import save_decision
from apbot.domain.calendar import local
from apbot.domain.decisions import Decision, Say, Urgency
from apbot.domain.register import Register
from apbot.domain.words import Half
from apbot.store.registers import find_register, plan_registers
from apbot.wording.compose import counted, listed
from apbot.wording.compose import day as day_in_words

FARTHEST = timedelta(days=60)
"""So far back days are looked at: longer than any holiday, so that a night costs nothing."""


def record_missed_days(db: Connection, desk: Desk, planned_for: datetime, now: datetime) -> int:
    """
    Keep the registers of the days between the one that was to be planned and today.

    Returns how many there are. A day with a register of its own was planned, and is escalated as
    any other.
    """
    lists = desk.lists(db)
    today = local(now).date()
    first = max(local(planned_for).date(), today - FARTHEST)
    missed: list[Register] = []
    for on in (first + timedelta(days=n) for n in range((today - first).days)):
        for provider in lists.people.providers:
            for half in Half:
                planned = planned_register(lists, provider, on, half)
                if planned is None or find_register(db, provider.key, on, half) is not None:
                    continue
                # Looked at as it is found: nothing of it falls due any more.
                missed.append(replace(planned, looked_at=now))
    plan_registers(db, missed)
    if missed:
        _tell(db, desk, missed, today, now)
    return len(missed)


def _tell(db: Connection, desk: Desk, missed: list[Register], today: date, now: datetime) -> None:
    """Each contact hears once of all that is theirs; where nobody is on duty, all who can be."""
    lists = desk.lists(db)
    rotas = {
        key: rota_of(db, lists, key, today, desk.channels)
        for key in {register.provider for register in missed}
    }
    of: dict[str, list[Register]] = defaultdict(list)
    for register in missed:
        rota = rotas[register.provider]
        contact = rota.key_contact or next((person for person, _ in rota.css), None)
        if contact is not None:
            of[contact.key].append(register)
    says = tuple(
        Say(
            to=key,
            script="css_days_missed",
            more={
                "days": listed([day_in_words(on) for on in sorted({one.on for one in mine})]),
                "registers": counted(len(mine), "register"),
                "places": listed(sorted({one.provider_name for one in mine})),
            },
            urgency=Urgency.ALARM,
            once=f"missed:{mine[0].on}:{today}:{key}",
        )
        for key, mine in of.items()
    )
    because = f"away: {len(missed)} registers were never asked for"
    save_decision(
        db, desk, Decision(because=because, say=says), About(lists, rotas, None, "plan"), now
    )
