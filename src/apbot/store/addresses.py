"""
Addresses: where a person can be reached, and who it is that writes from one.

One address belongs to one person. A number that changes, an opt-out and a phone that is gone end
its use; only the person's own press of Start ties a Telegram chat to them.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, select, update

from apbot.domain.messages import Address
from apbot.domain.people import Person
from apbot.store.at_hand import at_hand, let_go
from apbot.store.tables import addresses, links

GROUP = "@"
"""How the key begins under which a provider's group is tied: no person's key begins so."""

LIVE = "live addresses"
"""What a transaction has at hand: by person, the addresses that may be used."""

LINK_LIVES = timedelta(days=14)
"""How long a one-time link can be used."""


class AddressState(StrEnum):
    """Whether an address may be used; WRONG is said to be somebody else's."""

    LIVE = "live"
    STOPPED = "stopped"
    WRONG = "wrong"
    GONE = "gone"


def group_key(provider: str) -> str:
    """Return the key that owns the chat of a provider's group, as a person's owns theirs."""
    return f"{GROUP}{provider}"


def provider_of_group(key: str) -> str | None:
    """Return whose group this key stands for, or None for a person's key."""
    return key.removeprefix(GROUP) if key.startswith(GROUP) else None


_OWNER = select(addresses.c.person, addresses.c.state).where(
    addresses.c.channel == bindparam("channel"), addresses.c.value == bindparam("value")
)

_LIVE = (
    select(addresses.c.person, addresses.c.channel, addresses.c.value)
    .where(
        addresses.c.person.in_(bindparam("persons", expanding=True)),
        addresses.c.state == AddressState.LIVE,
    )
    .order_by(addresses.c.id)
)


def find_owner(db: Connection, address: Address) -> tuple[str, AddressState] | None:
    """Return whose address this is and whether it may be used, or None for a stranger's."""
    row = db.execute(_OWNER, {"channel": address.channel, "value": address.value}).first()
    return (row.person, AddressState(row.state)) if row else None


def list_live(db: Connection, persons: Collection[str]) -> dict[str, tuple[Address, ...]]:
    """Return the addresses that may be used, by person."""
    held = at_hand(db, LIVE)
    missing = {person for person in persons if person not in held}
    if missing:
        held.update(dict.fromkeys(missing, ()))
        # In the same order each time, so that the database sees one statement.
        for person, channel, value in db.execute(_LIVE, {"persons": sorted(missing)}):
            held[person] = (*held[person], Address(channel, value))
    return {person: held[person] for person in persons if held[person]}


def has_other_chat(db: Connection, person: str, address: Address) -> bool:
    """Whether this person is reached on another chat of the same channel than this one."""
    return (
        db.scalar(
            select(addresses.c.id)
            .where(
                addresses.c.channel == address.channel,
                addresses.c.person == person,
                addresses.c.value != address.value,
                addresses.c.state != AddressState.GONE,
            )
            .limit(1)
        )
        is not None
    )


def tie(db: Connection, address: Address, person: str, now: datetime) -> None:
    """
    Make the address this person's, and live; it stops being anybody else's.

    A person has one chat: the one on which they pressed Start last. A provider has one group.
    """
    let_go(db, LIVE)
    if address.channel == "telegram":
        db.execute(
            update(addresses)
            .where(
                addresses.c.channel == address.channel,
                addresses.c.person == person,
                addresses.c.value != address.value,
                addresses.c.state != AddressState.GONE,
            )
            .values(state=AddressState.GONE, since_at=now, says="a newer chat took its place")
        )
    values = {"person": person, "state": AddressState.LIVE, "since_at": now, "says": ""}
    changed = db.execute(
        update(addresses)
        .where(addresses.c.channel == address.channel, addresses.c.value == address.value)
        .values(values)
    )
    if changed.rowcount == 0:
        db.execute(insert(addresses).values(channel=address.channel, value=address.value, **values))


def set_state(
    db: Connection, address: Address, state: AddressState, now: datetime, says: str = ""
) -> None:
    """Stop, end or revive the use of an address."""
    let_go(db, LIVE)
    db.execute(
        update(addresses)
        .where(addresses.c.channel == address.channel, addresses.c.value == address.value)
        .values(state=state, since_at=now, says=says)
    )


def move(db: Connection, channel: str, old: str, new: str, now: datetime) -> None:
    """A chat has a new id: what was tied to the old one is tied to the new. Twice is once."""
    owner = find_owner(db, Address(channel, old))
    if owner is None or owner[1] is AddressState.GONE:
        return
    tie(db, Address(channel, new), owner[0], now)
    set_state(db, Address(channel, new), owner[1], now)
    set_state(db, Address(channel, old), AddressState.GONE, now, "moved")


def list_other_uses(
    db: Connection, address: Address, person: str, state: AddressState = AddressState.LIVE
) -> tuple[Address, ...]:
    """
    Return this address, and the others of the person of which the same is true, in this state.

    Whoever answers a number answers it on every network. Whoever speaks from a chat pressed Start
    on it themselves: what they say of themselves is true of all that they have.
    """
    rows = db.execute(
        select(addresses.c.channel, addresses.c.value).where(
            addresses.c.person == person, addresses.c.state == state
        )
    )
    every = [Address(channel, value) for channel, value in rows]
    is_theirs = address.channel == "telegram"
    others = [one for one in every if is_theirs or one.value == address.value]
    return tuple(dict.fromkeys((address, *others)))


def revive(db: Connection, address: Address, person: str, now: datetime) -> None:
    """An address is used again, and with it what was said to be somebody else's in one breath."""
    owner = find_owner(db, address)
    is_wrong = owner is not None and owner[1] is AddressState.WRONG
    uses = list_other_uses(db, address, person, AddressState.WRONG) if is_wrong else (address,)
    for one in uses:
        set_state(db, one, AddressState.LIVE, now)


def settle_numbers(
    db: Connection,
    persons: Iterable[Person],
    numbers: Mapping[str, str],
    now: datetime,
    providers: Iterable[str] = (),
) -> tuple[tuple[Address, str], ...]:
    """
    Make the number channels agree with the lists: new numbers live, left ones gone.

    `numbers` are the persons' mobiles as the lists have them. An opt-out stays obeyed, even by a
    person who leaves the lists and comes back. Every other address of a person who is on no list
    any more is gone, so their chat gets nothing; so is the group of a provider that is not among
    `providers`. Returns the addresses that are somebody's no more, with whose they were.
    """
    listed = {*numbers, *map(group_key, providers)}
    left: list[tuple[Address, str]] = []
    wanted = {
        Address(channel, person.mobile): person.key
        for person in persons
        for channel in ("sms", "whatsapp")
        if channel == "sms" or channel in person.channels
    }
    held = {
        Address(channel, value): (person, state)
        for channel, value, person, state in db.execute(
            select(addresses.c.channel, addresses.c.value, addresses.c.person, addresses.c.state)
        )
    }
    for address, key in wanted.items():
        owner, state = held.get(address, (None, None))
        is_theirs_and_used = owner == key and state != AddressState.GONE
        if not is_theirs_and_used:
            tie(db, address, key, now)
        if owner is not None and owner != key:
            left.append((address, owner))
    for address, (owner, state) in held.items():
        if address in wanted:
            continue
        has_left = owner not in listed or address.channel != "telegram"
        if has_left and state != AddressState.GONE:
            left.append((address, owner))
        if has_left and state == AddressState.LIVE:
            set_state(db, address, AddressState.GONE, now, "no longer on the lists")
    return tuple(left)


def make_link(db: Connection, person: str, now: datetime) -> str:
    """Return a new one-time token that ties a chat to this person."""
    token = secrets.token_urlsafe(24)
    db.execute(insert(links).values(token=token, person=person, made_at=now))
    return token


def use_link(db: Connection, token: str, now: datetime) -> str | None:
    """Return whose link this is and use it up; None for one unknown, used or too old."""
    used = db.execute(
        update(links)
        .where(
            links.c.token == token, links.c.used_at.is_(None), links.c.made_at > now - LINK_LIVES
        )
        .values(used_at=now)
        .returning(links.c.person)
    ).scalar()
    return str(used) if used is not None else None
