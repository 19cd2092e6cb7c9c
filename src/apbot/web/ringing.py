"""
Whom to ring at a provider: those who are at work that day, and nobody whose day it is not.
"""

from collections.abc import Sequence
from datetime import date

from apbot.domain.people import Person
from apbot.store.lists import Lists


def everybody_at(lists: Lists, provider: str, on: date) -> Sequence[Person]:
    """Return a provider's staff: who is asked that day, then its backups, then who is off."""
    people = lists.people
    staff = sorted(
        people.staff_of(provider), key=lambda one: (on.weekday() not in one.days, one.is_backup)
    )
    return [people.person_by_key[one.person] for one in staff if one.person in people.person_by_key]


def whom_to_ring(lists: Lists, provider: str, on: date) -> Sequence[Person]:
    """Return who can be rung about a day: who is at work there, or all where nobody is."""
    there = {one.person for one in lists.people.staff_of(provider) if on.weekday() in one.days}
    everybody = everybody_at(lists, provider, on)
    return [person for person in everybody if person.key in there] or everybody
