"""
Enrolment: the office's lists are taken in, and whoever is new on them is welcomed.

The bot texts a welcome to the number on the list, with a one-time Telegram link where the person
may use Telegram; pressing Start ties that chat to them and to nobody else.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.happening import Happening
from apbot.desk.planning import plan_day
from apbot.desk.rota import persons_by_key
from apbot.desk.saving import save_decision
from apbot.domain.decisions import Decision, Say, Urgency
from apbot.domain.messages import InboundKind
from apbot.domain.people import Person
from apbot.store.addresses import (
    AddressState,
    find_owner,
    list_live,
    make_link,
    set_state,
    settle_numbers,
    tie,
    use_link,
)
from apbot.store.deadlines import set_deadline
from apbot.store.inbox import count_from
from apbot.store.lists import Change, Lists, find_changes, save_lists
from apbot.store.outbox import Draft, add
from apbot.wording.compose import compose

KIND = "welcome"
"""The kind of the deadline at which a new person is welcomed."""


MOST_TRIES = 3
"""How often a welcome waits a minute for its link."""

STRANGER_KNOWN = timedelta(days=30)
"""How long a stranger is not answered a second time."""


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


def welcome(db: Connection, desk: Desk, key: str, tries: int, now: datetime) -> bool:
    """
    Welcome one person by text; False while Telegram has not told us our own name yet.

    After a few tries they are welcomed without a link: the texts work without it.
    """
    lists = desk.lists(db)
    person = persons_by_key(lists).get(key)
    if person is None:
        set_deadline(db, KIND, key, None)
        return True
    more: dict[str, str | int] = {}
    if _wants_link(db, desk, person):
        assert desk.telegram_link is not None
        link = desk.telegram_link(make_link(db, person.key, now))
        if link is None and tries < MOST_TRIES:
            return False
        more = {"link": link} if link else {}
    say = Say(
        to=person.key,
        script="welcome_with_link" if more else "welcome",
        more=more,
        urgency=Urgency.DIGEST,
        by="sms",
    )
    set_deadline(db, KIND, key, None)
    decision = Decision(because="new on the lists", say=(say,))
    save_decision(db, desk, decision, About(lists, {}, None, "enrolment"), now)
    return True


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


def on_start(happening: Happening) -> str:
    """Pressing Start on one's own link ties the chat to that person, and nobody else's does."""
    db, address, now = happening.db, happening.inbound.address, happening.now
    people = persons_by_key(happening.lists)
    key = use_link(db, happening.inbound.text.strip(), now)
    person = people.get(key) if key else None
    if person is not None:
        tie(db, address, person.key, now)
        return happening.say(person, "enrolled")
    owner = find_owner(db, address)
    known = people.get(owner[0]) if owner else None
    if known is not None:
        set_state(db, address, AddressState.LIVE, now)
        return happening.say(known, "started_again")
    return on_stranger(happening, "link_unknown")


def on_stranger(happening: Happening, script: str = "unknown_sender") -> str:
    """One polite line, once; it names nobody. The message stays in the inbox for the office."""
    address = happening.inbound.address
    if happening.inbound.kind is InboundKind.BLOCKED:
        return "a stranger blocked us"
    if count_from(happening.db, address, happening.now - STRANGER_KNOWN) > 1:
        return "a stranger, answered before"
    words = happening.desk.scripts.named(script)
    stranger = Draft(
        person="",
        address=address,
        script=script,
        text=compose(words, {"css": happening.lists.service.name}, address.channel),
        due_at=happening.now,
        urgency=Urgency.REPLY,
        once=f"{script}:{address.channel}:{address.value}",
    )
    add(happening.db, [stranger], happening.now)
    return "a stranger: answered once, kept for the office"


def _wants_link(db: Connection, desk: Desk, person: Person) -> bool:
    if desk.telegram_link is None or "telegram" not in person.channels:
        return False
    live = list_live(db, [person.key]).get(person.key, ())
    return not any(address.channel == "telegram" for address in live)
