"""Addresses: whose they are, and whether they may be used."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.store.builders import A_CHAT, A_PHONE, ANOTHER_PHONE, NINE, seconds

from apbot.domain.messages import Address
from apbot.domain.people import Person
from apbot.store.addresses import (
    LINK_LIVES,
    AddressState,
    find_owner,
    group_key,
    list_live,
    make_link,
    move,
    set_state,
    settle_numbers,
    tie,
    use_link,
)
from apbot.store.database import Database

BRYN = Person("bryn-hollis", "Bryn Hollis", A_PHONE.value, ("telegram", "sms"))
WREN = Person("wren-astley", "Wren Astley", ANOTHER_PHONE.value, ("whatsapp", "sms"))
WRENS_WHATSAPP = Address("whatsapp", ANOTHER_PHONE.value)


def settle(database: Database, *persons: Person) -> None:
    """The lists have these persons now."""
    with database.writing() as db:
        settle_numbers(db, persons, {person.key: person.mobile for person in persons}, NINE)


def owner(database: Database, address: Address) -> tuple[str, AddressState] | None:
    """Whose the address is, and its state."""
    with database.reading() as db:
        return find_owner(db, address)


def live(database: Database, *keys: str) -> dict[str, tuple[Address, ...]]:
    """Which addresses may be used, by person."""
    with database.reading() as db:
        return list_live(db, keys)


def stop(database: Database, address: Address) -> None:
    """The person at this address opts out."""
    with database.writing() as db:
        set_state(db, address, AddressState.STOPPED, NINE, "STOP")


def test_a_person_on_the_lists_can_be_texted(database: Database) -> None:
    """By SMS, and by WhatsApp where they have it; Telegram comes with their own Start."""
    settle(database, BRYN, WREN)

    assert live(database, "bryn-hollis", "wren-astley") == {
        "bryn-hollis": (A_PHONE,),
        "wren-astley": (ANOTHER_PHONE, WRENS_WHATSAPP),
    }


def test_settling_twice_changes_nothing(database: Database) -> None:
    """The same lists again leave every address as it was."""
    settle(database, BRYN, WREN)
    before = live(database, "bryn-hollis", "wren-astley")
    settle(database, BRYN, WREN)

    assert live(database, "bryn-hollis", "wren-astley") == before


def test_a_changed_number_is_used_and_the_old_one_is_not(database: Database) -> None:
    """Whoever has the old number next hears nothing of a child."""
    settle(database, BRYN)
    new = Address("sms", "+447700900199")
    settle(database, replace(BRYN, mobile=new.value))

    assert live(database, "bryn-hollis") == {"bryn-hollis": (new,)}
    assert owner(database, A_PHONE) == ("bryn-hollis", AddressState.GONE)


def test_a_number_that_another_person_has_now_is_theirs(database: Database) -> None:
    """The gym's phone is passed on: what comes from it is the new holder's word."""
    settle(database, BRYN)
    settle(database, replace(WREN, mobile=A_PHONE.value, channels=("sms",)))

    assert owner(database, A_PHONE) == ("wren-astley", AddressState.LIVE)


def test_somebody_who_leaves_the_lists_is_reached_nowhere(database: Database) -> None:
    """Every address of theirs is gone, the Telegram chat too."""
    settle(database, BRYN, WREN)
    with database.writing() as db:
        tie(db, A_CHAT, "bryn-hollis", NINE)
    settle(database, WREN)

    assert "bryn-hollis" not in live(database, "bryn-hollis")
    assert owner(database, A_CHAT) == ("bryn-hollis", AddressState.GONE)


def test_a_telegram_chat_outlives_a_load(database: Database) -> None:
    """It is no number of the lists, and stays while its person does."""
    settle(database, BRYN)
    with database.writing() as db:
        tie(db, A_CHAT, "bryn-hollis", NINE)
    settle(database, BRYN)

    assert live(database, "bryn-hollis") == {"bryn-hollis": (A_PHONE, A_CHAT)}


def test_an_opt_out_is_obeyed_after_a_load(database: Database) -> None:
    """Loading the lists again does not text somebody who said STOP."""
    settle(database, BRYN)
    stop(database, A_PHONE)
    settle(database, BRYN)

    assert owner(database, A_PHONE) == ("bryn-hollis", AddressState.STOPPED)


def test_an_opt_out_is_obeyed_after_its_person_left_and_came_back(database: Database) -> None:
    """A term away from the lists is no START."""
    settle(database, BRYN, WREN)
    stop(database, A_PHONE)
    settle(database, WREN)
    settle(database, BRYN, WREN)

    assert "bryn-hollis" not in live(database, "bryn-hollis")


def test_one_who_left_and_came_back_is_reached_again(database: Database) -> None:
    """Who never opted out is texted as before."""
    settle(database, BRYN, WREN)
    settle(database, WREN)
    settle(database, BRYN, WREN)

    assert live(database, "bryn-hollis") == {"bryn-hollis": (A_PHONE,)}


def test_whatsapp_ends_when_the_lists_take_it_away(database: Database) -> None:
    """The number stays; the channel goes."""
    settle(database, WREN)
    settle(database, replace(WREN, channels=("sms",)))

    assert live(database, "wren-astley") == {"wren-astley": (ANOTHER_PHONE,)}


def test_a_strangers_address_has_no_owner(database: Database) -> None:
    """Nobody speaks from a number that was never on a list."""
    assert owner(database, A_PHONE) is None


def test_a_tied_address_is_one_persons(database: Database) -> None:
    """Tied again it changes hands, and an end of use is undone."""
    with database.writing() as db:
        tie(db, A_CHAT, "bryn-hollis", NINE)
        set_state(db, A_CHAT, AddressState.GONE, NINE, "blocked")
        tie(db, A_CHAT, "owen-crake", NINE)

    assert owner(database, A_CHAT) == ("owen-crake", AddressState.LIVE)


def test_a_group_that_moved_is_reached_at_its_new_id(database: Database) -> None:
    """The old id is used no more; a chat of nobody's stays nobody's."""
    with database.writing() as db:
        tie(db, A_CHAT, "bryn-hollis", NINE)
        move(db, "telegram", A_CHAT.value, "-100", NINE)
        move(db, "telegram", "unknown", "-200", NINE)

    assert live(database, "bryn-hollis") == {"bryn-hollis": (Address("telegram", "-100"),)}
    assert owner(database, Address("telegram", "-200")) is None


def test_a_group_that_moved_stays_stopped_if_it_was(database: Database) -> None:
    """Told twice of one move, by an update and by an error, it is moved once."""
    group, grown = Address("telegram", "-41"), Address("telegram", "-10041")
    with database.writing() as db:
        tie(db, group, group_key("alder-farm"), NINE)
        set_state(db, group, AddressState.STOPPED, NINE)
        move(db, "telegram", group.value, grown.value, NINE)
        set_state(db, grown, AddressState.GONE, NINE)
        move(db, "telegram", group.value, grown.value, NINE)

    assert owner(database, grown) == (group_key("alder-farm"), AddressState.GONE)
    assert owner(database, group) == (group_key("alder-farm"), AddressState.GONE)


def test_a_group_outlives_a_load_while_its_provider_does(database: Database) -> None:
    """It is on no list of persons, and is gone with its provider."""
    group = Address("telegram", "-41")
    with database.writing() as db:
        tie(db, group, group_key("alder-farm"), NINE)
        settle_numbers(db, [], {}, NINE, ["alder-farm"])
        assert find_owner(db, group) == (group_key("alder-farm"), AddressState.LIVE)
        left = settle_numbers(db, [], {}, NINE, [])

    assert left == ((group, group_key("alder-farm")),)
    assert owner(database, group) == (group_key("alder-farm"), AddressState.GONE)


def test_a_link_ties_once(database: Database) -> None:
    """Forwarded to a colleague it is worth nothing after its person used it."""
    with database.writing() as db:
        token = make_link(db, "bryn-hollis", NINE)
        first, second = use_link(db, token, NINE), use_link(db, token, NINE)

    assert (first, second) == ("bryn-hollis", None)


@pytest.mark.parametrize(
    ("age", "used_by"),
    [(LINK_LIVES - seconds(1), "bryn-hollis"), (LINK_LIVES, None)],
    ids=["on its last day", "too old"],
)
def test_a_link_dies_after_two_weeks(
    database: Database, age: timedelta, used_by: str | None
) -> None:
    """An old text on a lost phone ties nobody."""
    with database.writing() as db:
        token = make_link(db, "bryn-hollis", NINE)

        assert use_link(db, token, NINE + age) == used_by


def test_a_link_cannot_be_guessed(database: Database) -> None:
    """Each is new, long, and made of what Telegram lets a link carry."""
    with database.writing() as db:
        tokens = {make_link(db, "bryn-hollis", NINE) for _ in range(20)}
        unknown = use_link(db, "not-a-token", NINE)

    assert len(tokens) == 20
    assert all(32 <= len(t) <= 64 and t.replace("-", "").replace("_", "").isalnum() for t in tokens)
    assert unknown is None
