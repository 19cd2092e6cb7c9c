"""
Enrolment: the office's lists are taken in, and whoever is new on them is welcomed.

The bot texts a welcome to the number on the list, with a one-time Telegram link where the person
may use Telegram; pressing Start ties that chat to them and to nobody else.
"""

from datetime import datetime

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.happening import Happening
from apbot.desk.planning import plan_day
from apbot.desk.rota import persons_by_key
from apbot.desk.saving import save_decision
from apbot.desk.stopping import said_of_starting
from apbot.desk.strangers import PASSED_ON, pass_on_concern
from apbot.domain.decisions import Decision, Say, Urgency
from apbot.domain.messages import InboundKind
from apbot.domain.people import Person
from apbot.store.addresses import (
    AddressState,
    find_owner,
    has_other_chat,
    list_live,
    make_link,
    revive,
    settle_numbers,
    tie,
    use_link,
)
from apbot.store.deadlines import set_deadline
from apbot.store.lapsing import hand_on
from apbot.store.lists import Change, Lists, find_changes, save_lists
from apbot.store.outbox import Draft, add
from apbot.wording.compose import compose

KIND = "welcome"
"""The kind of the deadline at which a new person is welcomed."""

LEFT = "left"
"""The kind of the deadline at which what somebody who left had in hand is taken up."""

MOST_TRIES = 3
"""How often a welcome waits a minute for its link."""


def take_lists(db: Connection, lists: Lists, now: datetime, by: str = "") -> tuple[Change, ...]:
    """
    Keep these lists from now on and return what changed; plan the rest of today by them.

    `by` is who changed them on the board; nobody, where they come from files.

    New numbers are live, left ones gone, and what waited for them is handed on or lapses. Staff and
    contacts who are new, or have a new number, are welcomed by the engine, which also takes up what
    those who left had in hand. Parents are not written to before a policy lets it.
    """
    changes = save_lists(db, lists, now, by)
    people = lists.people
    numbers = {person.key: person.mobile for person in people.persons}
    places = [provider.key for provider in people.providers]
    for address, key in settle_numbers(db, people.persons, numbers, now, places):
        to = numbers.get(key) if address.channel != "telegram" else None
        hand_on(db, key, address, to, "no longer on the lists")
    working = {s.person for s in people.staff} | {c.person for c in people.contacts}
    for change in changes:
        if _is_to_be_welcomed(change) and change.key in working:
            set_deadline(db, KIND, change.key, now)
        if change.kind == "ended" and change.list in ("staff", "contacts"):
            set_deadline(db, LEFT, str(change.before["person"]), now)
    plan_day(db, lists, now)
    return changes


def _is_to_be_welcomed(change: Change) -> bool:
    """Somebody new, or somebody on a new number: a wrong one is found out by a welcome."""
    is_new_number = change.kind == "changed" and "mobile" in change.fields
    return change.list == "persons" and (change.kind == "added" or is_new_number)


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


def on_start(happening: Happening) -> tuple[Person | None, str]:
    """
    Pressing Start on one's own link ties the chat to that person, and nobody else's does.

    Returns who it was, None for a stranger, and what came of it.
    """
    db, address, now = happening.db, happening.inbound.address, happening.now
    people = persons_by_key(happening.lists)
    key = use_link(db, happening.inbound.text.strip(), now)
    person = people.get(key) if key else None
    if person is not None:
        tie(db, address, person.key, now)
        return person, happening.say(person, "enrolled")
    owner = find_owner(db, address)
    known = people.get(owner[0]) if owner else None
    # A chat that a newer one took the place of may be on a lost phone: only a link ties it again.
    if known is not None and not has_other_chat(db, known.key, address):
        revive(db, address, known.key, now)
        is_back = owner is not None and owner[1] is not AddressState.LIVE
        back = said_of_starting(happening, known) if is_back else ()
        return known, happening.say(known, "started_again", *back)
    return None, on_stranger(happening, "link_unknown")


def on_stranger(happening: Happening, script: str = "unknown_sender") -> str:
    """One polite line, once; it names nobody. The message stays in the inbox for the office."""
    address = happening.inbound.address
    if happening.inbound.kind is InboundKind.BLOCKED:
        return "a stranger blocked us"
    say_to_stranger(happening, script, once=f"stranger:{address.channel}:{address.value}")
    if pass_on_concern(happening):
        return PASSED_ON
    return "a stranger: answered once, kept for the office"


def say_to_stranger(
    happening: Happening, script: str, *, once: str, is_toast: bool = False
) -> None:
    """Say one line where the message came from; it names nobody but the CSS itself."""
    address = happening.inbound.address
    words = happening.desk.scripts.named(script)
    stranger = Draft(
        person="",
        address=address,
        script=script,
        text=compose(words, {"css": happening.lists.service.name}, address.channel),
        due_at=happening.now,
        urgency=Urgency.ALARM if is_toast else Urgency.REPLY,
        once=once[:200],
        callback_id=happening.inbound.callback_id if is_toast else None,
    )
    add(happening.db, [stranger], happening.now)


def _wants_link(db: Connection, desk: Desk, person: Person) -> bool:
    if desk.telegram_link is None or "telegram" not in person.channels:
        return False
    live = list_live(db, [person.key]).get(person.key, ())
    return not any(address.channel == "telegram" for address in live)
