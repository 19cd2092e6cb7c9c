"""Cases and their refs."""

import threading
from dataclasses import replace
from itertools import islice
from typing import Any

from tests.store.builders import NINE, a_case, a_kept_register, minutes

from apbot.domain.cases import Case, CaseNote, CaseState, Notice, NoticeEnd, NoticeState
from apbot.domain.words import Matter, Reason
from apbot.store.cases import (
    free_refs,
    get_case,
    hold_sought_beside,
    list_cases,
    list_of_register,
    list_open_told,
    list_over_told,
    save_cases,
)
from apbot.store.database import Database
from apbot.store.deadlines import claim_deadlines, hold_due, next_due

DAY = minutes(24 * 60)


def test_a_case_comes_back_as_it_was_kept(database: Database) -> None:
    """Ladder, notes and every moment are the same values after the database."""
    with database.writing() as db:
        case = a_case(
            "K7",
            matter=Matter.UNACCOUNTED,
            register=a_kept_register(db).id,
            number=2,
            pupil="chloe-davies",
            shown="Chloe D",
            state=CaseState.ACKNOWLEDGED,
            rung=2,
            told=("gill-marsh", "lena-frost"),
            provider_at=NINE + minutes(10),
            reason=Reason.REFUSING,
            words="can't find chloe anywhere",
            raised_by="bryn-hollis",
            acknowledged_at=NINE + minutes(2),
            acknowledged_by="gill-marsh",
            asked_at=NINE + minutes(17),
            outcome="",
            notes=(CaseNote(NINE + minutes(3), "gill-marsh", "Gill Marsh", "left a voicemail"),),
            notice=Notice(
                NoticeState.TOLD,
                told=("joy-okafor",),
                by="gill-marsh",
                at=NINE + minutes(4),
                end=NoticeEnd.FOLLOWED_UP,
            ),
        )
        kept = save_cases(db, [case])[0]
        found = get_case(db, kept.id or 0)

    assert kept == replace(case, id=kept.id)
    assert found == kept


def test_a_case_that_is_over_is_looked_at_for_a_notice_that_is_due(database: Database) -> None:
    """Its deadline is the notice's, and it is gone once the parents were told."""
    due = Notice(NoticeState.DUE, due_at=NINE + minutes(15))
    with database.writing() as db:
        case = a_case(state=CaseState.RESOLVED, resolved_at=NINE, notice=due)
        kept = save_cases(db, [case])[0]
        before = next_due(db)
        save_cases(db, [replace(kept, notice=replace(due, state=NoticeState.TOLD))])

    with database.reading() as db:
        assert (before, next_due(db)) == (NINE + minutes(15), None)


def test_a_changed_case_is_the_same_case(database: Database) -> None:
    """Saved again with its id it is changed, not opened a second time."""
    with database.writing() as db:
        kept = save_cases(db, [a_case()])[0]
        save_cases(db, [replace(kept, state=CaseState.TOLD, told=("gill-marsh",))])
        found = list_cases(db)

    assert [(case.state, case.told) for case in found] == [(CaseState.TOLD, ("gill-marsh",))]


def test_an_open_case_has_a_next_look_and_one_that_is_over_has_none(database: Database) -> None:
    """The earlier of the ladder's step and the provider's; none once it is resolved."""
    with database.writing() as db:
        kept = save_cases(db, [a_case(provider_at=NINE + minutes(5))])[0]
        first = next_due(db)
        save_cases(db, [replace(kept, state=CaseState.RESOLVED, resolved_at=NINE)])
        ended = next_due(db)

    assert (first, ended) == (NINE + minutes(5), None)


def test_a_reply_finds_the_cases_that_its_sender_was_told_of(database: Database) -> None:
    """Open ones oldest first; those that are over, the latest first and only the recent."""
    over = {"state": CaseState.RESOLVED, "told": ("gill-marsh",)}
    with database.writing() as db:
        save_cases(
            db,
            [
                a_case("K1", told=("gill-marsh",)),
                a_case("B1", told=("gill-marsh", "ravi-anand")),
                a_case("D1", told=("ravi-anand",)),
                a_case("H1", resolved_at=NINE - DAY, **over),
                a_case("J1", resolved_at=NINE - minutes(1), **over),
                a_case("M1", resolved_at=NINE, **over),
            ],
        )
        is_open = list_open_told(db, "gill-marsh")
        was_open = list_over_told(db, "gill-marsh", NINE - minutes(60))

    assert [case.ref for case in is_open] == ["K1", "B1"]
    assert [case.ref for case in was_open] == ["M1", "J1"]


def test_whoever_is_told_later_finds_the_case_too(database: Database) -> None:
    """Each step adds people; those told before stay."""
    with database.writing() as db:
        kept = save_cases(db, [a_case(told=("gill-marsh",))])[0]
        save_cases(db, [replace(kept, told=("gill-marsh", "ravi-anand"))])
        found = [list_open_told(db, key) for key in ("gill-marsh", "ravi-anand", "dawn-pike")]

    assert [len(cases) for cases in found] == [1, 1, 0]


def test_cases_are_listed_by_state_by_ref_and_by_register(database: Database) -> None:
    """Oldest first, whatever is asked for."""
    with database.writing() as db:
        register = a_kept_register(db).id or 0
        save_cases(
            db,
            [
                a_case("K1", register=register),
                a_case("B1", state=CaseState.RESOLVED, register=register),
                a_case("D1"),
            ],
        )
        is_open = list_cases(db, only_open=True)
        by_ref = list_cases(db, refs=["D1", "B1"])
        of_register = list_of_register(db, register)

    assert [case.ref for case in is_open] == ["K1", "D1"]
    assert [case.ref for case in by_ref] == ["B1", "D1"]
    assert [case.ref for case in of_register] == ["K1", "B1"]


def sought(ref: str, **fields: Any) -> Case:
    """A child who is sought, and asked after at ten past nine."""
    given = {"provider_at": NINE + minutes(10), "number": 1, "pupil": ref.lower(), **fields}
    return a_case(ref, matter=Matter.UNACCOUNTED, **given)


def test_those_sought_beside_a_child_are_of_its_register_and_of_the_minute(
    database: Database,
) -> None:
    """Not of another register, not one who is found, not one asked after later."""
    with database.writing() as db:
        here = a_kept_register(db).id
        there = a_kept_register(db, provider="southpaw").id
        first, *_ = save_cases(
            db,
            [
                sought("K1", register=here),
                sought("K2", register=here, provider_at=NINE + minutes(10.5)),
                sought("K3", register=here, provider_at=NINE + minutes(15)),
                sought("K4", register=here, state=CaseState.RESOLVED, resolved_at=NINE),
                sought("K5", register=there, provider="southpaw"),
                a_case("K6", register=here, matter=Matter.ABSENCE, provider_at=NINE),
                sought("K7"),
                sought("K8"),
            ],
        )
        (off, _) = list_cases(db, refs=["K7", "K8"])
        beside = [case.ref for case in hold_sought_beside(db, first, NINE + minutes(11))]
        beside_off = [case.ref for case in hold_sought_beside(db, off, NINE + minutes(11))]

    assert (beside, beside_off) == (["K2"], ["K8"])


def test_one_that_another_process_looks_at_is_left_to_it(postgres: Database) -> None:
    """Two engines at once do not ask after one child twice, and neither waits for the other."""
    with postgres.writing() as db:
        register = a_kept_register(db).id
        first, second, _ = save_cases(db, [sought(f"K{n}", register=register) for n in (1, 2, 3)])
        rows = {row.subject: row for row in claim_deadlines(db, NINE + minutes(10))}

    with postgres.writing() as one, postgres.writing() as other:
        assert hold_due(one, rows[str(second.id)])
        beside = [case.ref for case in hold_sought_beside(other, first, NINE + minutes(11))]

    assert beside == ["K3"]


def test_refs_are_short_easy_to_type_and_different(database: Database) -> None:
    """No letter that looks like a digit or that people type as a mark; none twice."""
    with database.writing() as db:
        refs = list(islice(free_refs(db, NINE), 100))

    assert len(set(refs)) == 100
    assert all(len(ref) <= 3 for ref in refs)
    assert not {letter for ref in refs for letter in ref if letter.isalpha()} & set("ILOPAYNXSZ")


def test_a_ref_rests_for_fourteen_days(database: Database) -> None:
    """A late "K1 done" must not end another case; after two weeks the ref is free again."""
    with database.writing() as db:
        save_cases(db, [a_case("K1", state=CaseState.RESOLVED, resolved_at=NINE)])
        soon = next(free_refs(db, NINE + 14 * DAY - minutes(1)))
        later = next(free_refs(db, NINE + 14 * DAY))

    assert (soon, later) == ("B1", "K1")


def test_the_ref_of_an_open_case_is_never_free(database: Database) -> None:
    """However old the case is, while somebody may still answer it by its ref."""
    with database.writing() as db:
        save_cases(db, [a_case("K1", state=CaseState.ACKNOWLEDGED)])

        assert next(free_refs(db, NINE + 100 * DAY)) == "B1"


def test_two_who_open_cases_at_the_same_moment_take_different_refs(postgres: Database) -> None:
    """Two engines, two providers silent since half past eight: "K1 done" must mean one of them."""
    with postgres.writing() as db:
        first = next(free_refs(db, NINE))
        other = threading.Thread(target=_open_one, args=(postgres,))
        other.start()
        other.join(0.3)
        save_cases(db, [a_case(first)])
    other.join()

    with postgres.reading() as db:
        assert sorted(case.ref for case in list_cases(db)) == ["B1", "K1"]


def _open_one(database: Database) -> None:
    with database.writing() as db:
        save_cases(db, [a_case(next(free_refs(db, NINE)))])
