"""
A county of any size, made up: its providers, pupils, staff and contacts, all due on one Monday.

What a measurement is measured on. Everybody has a Telegram chat, so that there can be more of
them than there are numbers kept for drama.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import insert

from apbot.desk.enrolment import take_lists
from apbot.domain.calendar import Calendar, at
from apbot.domain.people import (
    EVERY_WEEKDAY,
    Contact,
    Hours,
    People,
    Person,
    Placement,
    Provider,
    Pupil,
    Role,
    Span,
    Staff,
)
from apbot.domain.policy import Service
from apbot.domain.words import Half
from apbot.loading.config import load_config
from apbot.store.database import Database
from apbot.store.lists import Lists
from apbot.store.tables import addresses, deadlines

MONDAY = date(2026, 11, 23)
EIGHT = at(MONDAY, time(8, 0))
NINE = at(MONDAY, time(9, 0))
TERM = Span(date(2026, 11, 2), date(2026, 12, 18))
PUPILS_EACH = 6
EVERY_HALF = frozenset((day, half) for day in EVERY_WEEKDAY for half in Half)
FIRSTS = ("Aiden", "Chloe", "Femi", "Marta", "Ayaan", "Tyler", "Siobhan", "Kacper", "Niamh", "Rhys")
LASTS = ("Brown", "Davies", "Okafor", "Kowalska", "Malik", "Keane", "Adebayo", "Gill", "Wrona")
CONTACTS = 8


def a_county(providers: int) -> Lists:
    """Return the lists of a county with so many providers, each with its staff and pupils."""
    config = load_config(Path("config"))
    pupils = [
        Pupil(f"pupil-{place}-{n}", f"{FIRSTS[n % 10]} {LASTS[(place + n) % 9]}")
        for place in range(providers)
        for n in range(PUPILS_EACH)
    ]
    tutors = [_person(f"tutor-{n}", f"Tutor {n}", n) for n in range(providers)]
    office = [_person(f"office-{n}", f"Office {n}", 900 + n) for n in range(CONTACTS)]
    people = People(
        persons=(*tutors, *office),
        providers=tuple(_provider(n) for n in range(providers)),
        pupils=tuple(pupils),
        placements=tuple(
            Placement(pupil.key, f"place-{n // PUPILS_EACH}", TERM.from_on, None, EVERY_HALF)
            for n, pupil in enumerate(pupils)
        ),
        staff=tuple(Staff(tutor.key, f"place-{n}") for n, tutor in enumerate(tutors)),
        contacts=tuple(_contact(n, one) for n, one in enumerate(office)),
    )
    return Lists(people, Calendar(terms=(TERM,)), config.policies, Service(name="The county"))


def settle(
    database: Database, lists: Lists, now: datetime = EIGHT, *, welcomed: bool = True
) -> None:
    """Load the county: its registers of the day planned, everybody's chat tied."""
    with database.writing() as db:
        take_lists(db, lists, now)
        if welcomed:
            db.execute(deadlines.delete().where(deadlines.c.kind == "welcome"))
        db.execute(
            insert(addresses),
            [
                {
                    "channel": "telegram",
                    "value": str(chat_of(number)),
                    "person": person.key,
                    "state": "live",
                    "since_at": now - timedelta(days=1),
                    "says": "",
                }
                for number, person in enumerate(lists.people.persons)
            ],
        )


def chat_of(number: int) -> int:
    """Return the Telegram chat of the person in this place of the list."""
    return 700_000_000 + number


def _person(key: str, name: str, number: int) -> Person:
    mobile = f"+447700900{number % 1000:03}"
    return Person(key=key, name=name, mobile=mobile, channels=("telegram", "sms"))


def _provider(number: int) -> Provider:
    return Provider(
        key=f"place-{number}",
        name=f"Workshop {number}",
        kind="workshop",
        phone="+447700900601",
        address=f"{number} Mill Lane",
        days=EVERY_WEEKDAY,
        am=Hours(time(9, 0), time(12, 0)),
        pm=Hours(time(13, 0), time(15, 0)),
        key_contact=f"office-{number % (CONTACTS - 2)}",
        policy="default",
    )


def _contact(number: int, person: Person) -> Contact:
    roles = {CONTACTS - 2: Role.SAFEGUARDING_LEAD, CONTACTS - 1: Role.DEPUTY_LEAD}
    cover = f"office-{(number + 1) % (CONTACTS - 2)}"
    return Contact(person.key, frozenset({roles.get(number, Role.CONTACT)}), cover=cover)
