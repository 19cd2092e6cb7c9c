"""The auditor: what nothing is moving on is set going again, or somebody is told of it, once."""

import pytest
from sqlalchemy import select, update
from tests.engine.conftest import ARoom, EngineRoom
from tests.engine.network import QuietChannel
from tests.store.builders import MONDAY, NINE, a_case, a_draft, a_message, minutes

from apbot.desk.auditing import UNREAD, audit
from apbot.domain.cases import CaseState
from apbot.domain.decisions import Urgency
from apbot.domain.words import Half
from apbot.store.cases import list_cases, save_cases
from apbot.store.database import Database
from apbot.store.deadlines import set_deadline
from apbot.store.inbox import MOST_TRIES, keep, mark_failed
from apbot.store.registers import find_register
from apbot.store.tables import cases, deadlines, registers


@pytest.fixture
def room(a_room: ARoom, wrensby: Database) -> EngineRoom:
    """The town at nine; nothing is due, and its registers have no next look at all."""
    return a_room(wrensby, QuietChannel("sms"))


def found(room: EngineRoom, after: float = 0) -> tuple[str, ...]:
    """What the auditor finds so many minutes after nine."""
    with room.database.writing() as db:
        return audit(db, room.desk, NINE + minutes(after))


def looks(room: EngineRoom) -> dict[tuple[str, str], object]:
    """When each subject is looked at."""
    with room.database.reading() as db:
        rows = db.execute(select(deadlines.c.kind, deadlines.c.subject, deadlines.c.due_at))
        return {(row.kind, row.subject): row.due_at for row in rows}


def farm(room: EngineRoom) -> int:
    """The id of Alder Farm's morning."""
    with room.database.reading() as db:
        register = find_register(db, "alder-farm", MONDAY, Half.AM)
    assert register is not None
    assert register.id is not None
    return register.id


def test_a_register_that_nobody_would_look_at_is_looked_at(room: EngineRoom) -> None:
    """It gets its next moment again; asked once more, there is nothing to find."""
    first, second = found(room), found(room)

    assert f"register {farm(room)}" in first
    assert looks(room)["register", str(farm(room))] == NINE
    assert second == ()


def test_a_register_whose_moments_have_passed_needs_none(room: EngineRoom) -> None:
    """Its cases carry it on."""
    with room.database.writing() as db:
        db.execute(update(registers).values(state="open", looked_at=NINE + minutes(600)))

    assert found(room) == ()


@pytest.mark.parametrize("has_look", [True, False])
def test_an_open_case_that_nobody_would_look_at_is_looked_at(
    room: EngineRoom, has_look: bool
) -> None:
    """At its own moment, or now where it has lost that too; one that is over is left alone."""
    found(room)
    with room.database.writing() as db:
        save_cases(db, (a_case("K1"), a_case("K2", state=CaseState.RESOLVED, ladder_at=None)))
        db.execute(deadlines.delete().where(deadlines.c.kind == "case"))
        if not has_look:
            db.execute(update(cases).values(ladder_at=None))

    assert found(room, 5) == ("case 1",)
    assert looks(room)["case", "1"] == (NINE + minutes(10) if has_look else NINE + minutes(5))
    with room.database.reading() as db:
        assert [case.ref for case in list_cases(db, only_open=True)] == ["K1"]


def test_a_message_that_could_not_be_handled_reaches_a_person_once(room: EngineRoom) -> None:
    """It may be a concern: the safeguarding lead reads it, word for word, with whose it is."""
    with room.database.writing() as db:
        keep(db, a_message("chloe has bruises on her arm"), NINE)
        for _ in range(MOST_TRIES):
            mark_failed(db, 1, NINE, "could not be handled: KeyError")
    found(room)
    found(room, 1)

    (told,) = [row for row in room.texts() if row.script == "css_unread"]
    assert told.person == "lena-frost"
    assert "chloe has bruises on her arm" in told.text
    assert "Bryn Hollis (07700 900101)" in told.text


def test_a_message_that_lies_too_long_reaches_a_person_too(room: EngineRoom) -> None:
    """Whatever the reason, somebody ought to read it."""
    with room.database.writing() as db:
        keep(db, a_message(), NINE)
    found(room, UNREAD.total_seconds() / 60)
    early = [row.script for row in room.texts()]
    found(room, UNREAD.total_seconds() / 60 + 1)

    assert (early, [row.script for row in room.texts()]) == ([], ["css_unread"])


def test_a_look_that_fails_every_time_is_told_to_the_key_contact(room: EngineRoom) -> None:
    """The bot is broken at one provider: a person rings there."""
    with room.database.writing() as db:
        set_deadline(db, "register", str(farm(room)), NINE)
        db.execute(update(deadlines).values(tries=3))
    found(room)
    found(room, 1)

    (told,) = [row for row in room.texts() if row.script == "css_cannot_look"]
    assert told.person == "gill-marsh"
    assert "Alder Farm" in told.text


def test_an_urgent_text_that_nobody_moves_is_found(room: EngineRoom) -> None:
    """It ought to have gone, or gone another way, a minute ago."""
    found(room)
    room.keep(a_draft("alarm", urgency=Urgency.ALARM))

    assert (found(room, 2), found(room, 3)) == ((), ("an urgent text",))
