"""
The town whose day is played: providers of both kinds of phone, and the office that they report to.

A day of two short sessions, so that all of its duties fall within two hours.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bench.county import MONDAY, a_county, chat_of
from sqlalchemy import insert

from apbot.desk.enrolment import take_lists
from apbot.domain.calendar import at
from apbot.domain.people import Hours, Person
from apbot.domain.policy import Service
from apbot.store.database import Database
from apbot.store.lists import Lists
from apbot.store.tables import addresses, deadlines

STARTS = at(MONDAY, time(9, 0))
AM = Hours(time(9, 0), time(9, 50))
PM = Hours(time(9, 55), time(10, 45))
DAY_ENDS = time(10, 50)


def a_town(providers: int) -> Lists:
    """Return the lists: half of the people on Telegram, half on SMS, numbers kept for drama."""
    county = a_county(providers)
    people = county.people
    persons = tuple(_phone(n, person) for n, person in enumerate(people.persons))
    places = tuple(replace(place, am=AM, pm=PM) for place in people.providers)
    service = Service(name="The town's service", tells_ahead_at=time(16, 0), day_ends_at=DAY_ENDS)
    return replace(
        county, people=replace(people, persons=persons, providers=places), service=service
    )


def _phone(number: int, person: Person) -> Person:
    channels = ("telegram", "sms") if number % 2 else ("sms",)
    return replace(person, mobile=f"+447700900{number:03}", channels=channels)


def settle(database: Database, lists: Lists, now: datetime) -> None:
    """Load the town and tie the chats of those who have Telegram."""
    with database.writing() as db:
        take_lists(db, lists, now)
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
                if "telegram" in person.channels
            ],
        )


def played_on() -> date:
    """Return the day that is played."""
    return MONDAY
