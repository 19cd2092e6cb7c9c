"""What is kept of a register, on both databases."""

from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from tests.store.builders import (
    MONDAY,
    NINE,
    POLICY,
    a_kept_register,
    a_line,
    a_message,
    a_register,
    an_entry,
    minutes,
)

from apbot.domain.policy import ParentsTold
from apbot.domain.readings import Ask, CountOrNumber, Rephrase, RestPresent, WhichPupil
from apbot.domain.register import How, RegisterState
from apbot.domain.words import Half, Mark, Reason
from apbot.store.database import Database
from apbot.store.deadlines import claim_deadlines, next_due
from apbot.store.inbox import keep, list_inbox
from apbot.store.registers import (
    Asked,
    Stale,
    drop_planned,
    find_ask,
    find_register,
    get_register,
    list_registers,
    plan_registers,
    save_ask,
    save_register,
)
from apbot.store.tables import registers


def test_a_register_comes_back_as_it_was_kept(database: Database) -> None:
    """Roster, stamped policy and every moment are the same values after the database."""
    planned = a_register(
        roster=(
            a_line(1, "Aiden Brown", known_as="Aid"),
            a_line(2, "Zoë Bellamy", own_start=time(10, 30), starts_at=NINE + minutes(90)),
            a_line(3, "Chloe Davies", known_absence=Reason.MEDICAL_APPOINTMENT),
        ),
        policy=replace(POLICY, parents=ParentsTold.AFTER, parents_after=minutes(15)),
        asked=("bryn-hollis", "owen-crake"),
        looked_at=NINE + minutes(10),
        settles_at=NINE + minutes(11),
        closed_by="bryn-hollis",
    )

    with database.writing() as db:
        plan_registers(db, [planned])
    with database.reading() as db:
        kept = find_register(db, "alder-farm", MONDAY, Half.AM)

    assert kept is not None
    assert kept == replace(planned, id=kept.id, version=1)


def test_an_entry_comes_back_as_it_was_said(database: Database) -> None:
    """Who said what of whom, when, how, why and by which message: all of it is kept."""
    with database.writing() as db:
        register = a_kept_register(db)
        keep(db, a_message("chloe off sick til 10:15"), NINE)
        message = list_inbox(db)[0].id
        said = an_entry(
            Mark.ABSENT,
            number=2,
            pupil="chloe-davies",
            was=Mark.AWAITED,
            reason=Reason.ILLNESS,
            time=time(10, 15),
            how=How.BOARD,
            by_title="Farm manager",
            because="«off sick»: rule 2",
            inbox=message,
        )
        taken_back = an_entry(was=Mark.PRESENT, at=NINE + minutes(1))
        taken_back = replace(taken_back, mark=None)
        save_register(db, register.with_entries([said, taken_back], NINE))
    with database.reading() as db:
        kept = get_register(db, register.id or 0).entries

    assert [replace(entry, id=None) for entry in kept] == [said, taken_back]


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("sqlite", "UPDATE entries SET mark = 'present'"),
        ("sqlite", "DELETE FROM entries"),
        ("sqlite", "INSERT OR REPLACE INTO entries SELECT * FROM entries"),
        ("postgres", "UPDATE entries SET mark = 'present'"),
        ("postgres", "DELETE FROM entries"),
        ("postgres", "TRUNCATE entries"),
        ("postgres", "TRUNCATE registers CASCADE"),
        (
            "postgres",
            "INSERT INTO entries SELECT * FROM entries "
            "ON CONFLICT (id) DO UPDATE SET mark = 'present'",
        ),
    ],
)
def test_the_database_itself_keeps_every_entry(
    request: pytest.FixtureRequest, kind: str, statement: str
) -> None:
    """Whoever holds the password cannot change, replace, delete or truncate what was said."""
    database: Database = request.getfixturevalue(kind)
    with database.writing() as db:
        register = a_kept_register(db)
        save_register(db, register.with_entries([an_entry(Mark.ABSENT)], NINE))

    with pytest.raises(DBAPIError, match="never changed or deleted"), database.writing() as db:
        db.execute(text(statement))

    with database.reading() as db:
        assert get_register(db, register.id or 0).marks == {1: Mark.ABSENT}


def test_a_register_with_entries_cannot_be_deleted_from_under_them(database: Database) -> None:
    """An entry points at its register, and neither can go."""
    with database.writing() as db:
        register = a_kept_register(db)
        save_register(db, register.with_entries([an_entry()], NINE))

    with pytest.raises(IntegrityError), database.writing() as db:
        db.execute(delete(registers))


def test_of_two_who_change_a_register_the_second_begins_again(database: Database) -> None:
    """A register that was changed since it was fetched is Stale, and nothing of it is kept."""
    with database.writing() as db:
        fetched = a_kept_register(db)
    with database.writing() as db:
        save_register(db, fetched.with_entries([an_entry(Mark.PRESENT)], NINE))

    with pytest.raises(Stale), database.writing() as db:
        save_register(db, fetched.with_entries([an_entry(Mark.ABSENT)], NINE))

    with database.reading() as db:
        assert get_register(db, fetched.id or 0).marks == {1: Mark.PRESENT}


def test_a_save_adds_the_new_entries_alone(database: Database) -> None:
    """What was said before is not said again by a later save."""
    with database.writing() as db:
        register = a_kept_register(db)
        save_register(db, register.with_entries([an_entry(Mark.AWAITED)], NINE))
        again = get_register(db, register.id or 0)
        save_register(db, again.with_entries([an_entry(Mark.LATE)], NINE))
        kept = get_register(db, register.id or 0)

    assert [entry.mark for entry in kept.entries] == [Mark.AWAITED, Mark.LATE]


def test_a_register_is_planned_once(database: Database) -> None:
    """One provider, one date, one half: the second planning is no second register."""
    with database.writing() as db:
        first, second = plan_registers(db, [a_register()]), plan_registers(db, [a_register()])
        kept = list_registers(db, MONDAY)

    assert (first, second, len(kept)) == (1, 0, 1)


def test_a_planned_register_is_looked_at_when_its_pupils_start(database: Database) -> None:
    """Planning sets the first deadline; a save sets the next."""
    with database.writing() as db:
        plan_registers(db, [a_register(state=RegisterState.OPEN)])
        first = next_due(db)
        register = get_register(db, int(claim_deadlines(db, NINE)[0].subject))
        save_register(db, replace(register, looked_at=NINE))
        second = next_due(db)

    assert (first, second) == (NINE, NINE + minutes(10))


def test_a_register_that_is_over_is_looked_at_no_more(database: Database) -> None:
    """Once every moment has been dealt with the deadline is gone."""
    with database.writing() as db:
        register = a_kept_register(db)
        save_register(db, replace(register, looked_at=NINE + minutes(30)))
        coming = next_due(db)

    assert coming is None


def test_what_was_planned_and_never_begun_can_be_dropped(database: Database) -> None:
    """A provider that turns out to be shut has no register, and nothing is due for it."""
    with database.writing() as db:
        plan_registers(db, [a_register()])
        register = list_registers(db, MONDAY)[0]
        save_ask(db, register.id or 0, "bryn-hollis", Rephrase(), NINE)
        drop_planned(db, register)
        kept, coming = list_registers(db, MONDAY), next_due(db)

    assert (kept, coming) == ((), None)


def test_what_has_begun_is_history(database: Database) -> None:
    """A register that was opened cannot be dropped."""
    with database.writing() as db:
        register = a_kept_register(db)

        with pytest.raises(ValueError, match="history"):
            drop_planned(db, register)


def test_registers_are_listed_by_their_start(database: Database) -> None:
    """The earliest first, of the providers and the half asked for."""
    with database.writing() as db:
        plan_registers(db, [a_register("kiln-street", starts_at=NINE + minutes(30))])
        plan_registers(db, [a_register("alder-farm")])
        plan_registers(db, [a_register("alder-farm", half=Half.PM, starts_at=NINE + minutes(240))])
        everything = list_registers(db, MONDAY)
        mornings = list_registers(db, MONDAY, ["alder-farm"], Half.AM)

    assert [r.provider for r in everything] == ["alder-farm", "kiln-street", "alder-farm"]
    assert [(r.provider, r.half) for r in mornings] == [("alder-farm", Half.AM)]


@pytest.mark.parametrize(
    "ask",
    [
        RestPresent(pupils=(1, 3, 4)),
        WhichPupil(said="jack", pupils=(2, 5), mark=Mark.ABSENT),
        CountOrNumber(n=2, mark=Mark.PRESENT),
        Rephrase(),
    ],
    ids=repr,
)
def test_a_question_stays_open_until_it_is_answered(database: Database, ask: Ask) -> None:
    """Each kind of question comes back as it was put; a new one replaces it, none ends it."""
    with database.writing() as db:
        register = a_kept_register(db).id or 0
        save_ask(db, register, "bryn-hollis", CountOrNumber(n=1, mark=Mark.LATE), NINE)
        save_ask(db, register, "bryn-hollis", ask, NINE)
        found = find_ask(db, register, "bryn-hollis")
        others = find_ask(db, register, "owen-crake")
        save_ask(db, register, "bryn-hollis", None, NINE)
        ended = find_ask(db, register, "bryn-hollis")

    assert (found, others, ended) == (Asked(ask, NINE), None, None)
