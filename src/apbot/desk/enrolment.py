"""
Enrolment: the office's lists are taken in, and whoever is new on them is welcomed.

The bot texts a welcome to the number on the list, with a one-time Telegram link where the person
may use Telegram; pressing Start ties that chat to them and to nobody else.
"""

from datetime import datetime

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.planning import plan_day
from apbot.desk.rota import persons_by_key
from apbot.desk.saving import save_decision
from apbot.domain.decisions import Decision, Say, Urgency
from apbot.domain.people import Person
from apbot.store.addresses import list_live, make_link, settle_numbers
from apbot.store.deadlines import set_deadline
from apbot.store.lists import Change, Lists, find_changes, save_lists

KIND = "welcome"
"""The kind of the deadline at which a new person is welcomed."""


class LinkNotReady(Exception):
    """Telegram has not told us our own name yet, so no link can be made: try in a minute."""


def take_lists(db: Connection, lists: Lists, now: datetime) -> tuple[Change, ...]:
    """
    Keep these lists from now on and return what changed; plan the rest of today by them.

    New numbers are live, left ones gone. New staff and contacts are welcomed by the engine;
    parents are not written to before a policy lets it.
    """
    changes = save_lists(db, lists, now)
    people = lists.people
    numbers = {person.key: person.mobile for person in people.persons}
    settle_numbers(db, people.persons, numbers, now)
    working = {s.person for s in people.staff} | {c.person for c in people.contacts}
    for change in changes:
        if change.list == "persons" and change.kind == "added" and change.key in working:
            set_deadline(db, KIND, change.key, now)
    plan_day(db, lists, now)
    return changes


def preview_lists(db: Connection, lists: Lists) -> tuple[Change, ...]:
    """Return what taking these lists would change, and change nothing."""
    return find_changes(db, lists)


def welcome(db: Connection, desk: Desk, key: str, tries: int, now: datetime) -> None:
    """
    Welcome one person by text. Raises LinkNotReady while Telegram cannot be reached.

    After a few tries they are welcomed without a link: the texts work without it.
    """
    set_deadline(db, KIND, key, None)
    lists = desk.lists(db)
    person = persons_by_key(lists).get(key)
    if person is None:
        return
    more: dict[str, str | int] = {}
    if _wants_link(db, desk, person):
        assert desk.telegram_link is not None
        link = desk.telegram_link(make_link(db, person.key, now))
        if link is None and tries < 3:
            raise LinkNotReady(key)
        more = {"link": link} if link else {}
    say = Say(
        to=person.key,
        script="welcome_with_link" if more else "welcome",
        more=more,
        urgency=Urgency.DIGEST,
        by="sms",
    )
    decision = Decision(because="new on the lists", say=(say,))
    save_decision(db, desk, decision, About(lists, {}, None, "enrolment"), now)


def invite_links(
    db: Connection, desk: Desk, key: str | None, now: datetime
) -> list[tuple[str, str]]:
    """Make one-time links for one person, or for all who may use Telegram and have no chat yet."""
    assert desk.telegram_link is not None
    made = []
    for person in desk.lists(db).people.persons:
        is_meant = person.key == key or (key is None and _wants_link(db, desk, person))
        if is_meant and "telegram" in person.channels:
            link = desk.telegram_link(make_link(db, person.key, now))
            made.append((person.name, link or ""))
    return made


def _wants_link(db: Connection, desk: Desk, person: Person) -> bool:
    if desk.telegram_link is None or "telegram" not in person.channels:
        return False
    live = list_live(db, [person.key]).get(person.key, ())
    return not any(address.channel == "telegram" for address in live)
