"""
Signing in: a code goes to the phone of somebody whom the office's lists have as one of its own.

It leaves by the outbox like any other text, so a phone that is off or an address that is stopped
is dealt with as ever.
"""

import re
from datetime import datetime, timedelta

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.saving import save_decision
from apbot.domain.decisions import Decision, Say
from apbot.domain.people import Person
from apbot.store.lists import Lists

USEFUL_FOR = timedelta(minutes=10)


def whose_number(lists: Lists, typed: str) -> Person | None:
    """Return the CSS person whose mobile number this is, however it is written, or None."""
    number = _in_full(typed)
    css = {contact.person for contact in lists.people.contacts}
    return next((p for p in lists.people.persons if p.mobile == number and p.key in css), None)


def whose_email(lists: Lists, email: str) -> Person | None:
    """Return the CSS person whose office account this is, or None."""
    key = next((c.person for c in lists.people.contacts if email and c.email == email), None)
    return lists.people.person_by_key.get(key) if key is not None else None


def send_code(db: Connection, desk: Desk, person: str, code: str, now: datetime) -> None:
    """Text a person their code."""
    say = Say(
        to=person,
        script="sign_in_code",
        more={"code": code},
        useful_until=now + USEFUL_FOR,
    )
    decision = Decision(because="asked to sign in to the board", say=(say,))
    about = About(desk.lists(db), {}, happening="sign-in")
    save_decision(db, desk, decision, about, now, person=person)


def _in_full(typed: str) -> str:
    digits = re.sub(r"\D", "", typed).removeprefix("00")
    if digits.startswith("0"):
        return f"+44{digits[1:]}"
    return f"+{digits.replace('440', '44', 1)}" if digits.startswith("440") else f"+{digits}"
