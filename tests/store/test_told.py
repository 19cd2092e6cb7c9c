"""What contacts told by phone: kept beside the lists, never ended by a load; and what waits."""

from dataclasses import replace
from datetime import date

from tests.store.builders import NINE, minutes

from apbot.domain.foretold import Proposal, Tells, ToldAbsence, ToldNote
from apbot.domain.people import KnownAbsence, Span
from apbot.domain.words import Half, Reason
from apbot.store.database import Database
from apbot.store.lists import (
    Lists,
    add_told,
    find_changes,
    find_lists,
    find_version,
    save_lists,
)
from apbot.store.proposals import find_proposal, save_proposal

TUESDAY = Span(date(2026, 11, 24), date(2026, 11, 24))
CHLOE = "chloe-davies"


def away(at: float, reason: Reason | None = Reason.ILLNESS, pupil: str = CHLOE) -> ToldAbsence:
    """Gill tells of Tuesday, some minutes after nine."""
    moment = NINE + minutes(at)
    return ToldAbsence(
        pupil, TUESDAY, frozenset(Half), reason, "gill-marsh", "Gill Marsh", moment, "words", 7
    )


def a_note(text: str) -> ToldNote:
    """A note for the farm on Tuesday."""
    return ToldNote("alder-farm", TUESDAY, text, False, "gill-marsh", "Gill Marsh", NINE)


def held(database: Database) -> Lists:
    """The lists as they stand."""
    with database.reading() as db:
        found = find_lists(db)
    assert found is not None
    return found


def of_chloe(database: Database) -> list[KnownAbsence]:
    """Her known absences, as they stand."""
    return [one for one in held(database).people.known_absences if one.pupil == CHLOE]


def test_what_was_told_stands_beside_the_files_and_outlives_a_load(
    database: Database, town_lists: Lists
) -> None:
    """Loading the same lists again changes nothing, and would change nothing."""
    with database.writing() as db:
        save_lists(db, town_lists, NINE)
        before = find_version(db)
        add_told(db, [away(5), a_note("fire drill")], NINE + minutes(5))

        assert find_version(db) == before + 1
        assert find_changes(db, town_lists) == ()
        assert save_lists(db, town_lists, NINE + minutes(10)) == ()
    assert [(one.span, one.reason) for one in of_chloe(database)] == [(TUESDAY, Reason.ILLNESS)]
    assert held(database).people.notes[-1].text == "fire drill"
    assert held(database).told.absences == (away(5),)


def test_a_line_that_is_loaded_later_corrects_a_text(database: Database, town_lists: Lists) -> None:
    """Of her day, what was said last counts."""
    line = KnownAbsence(CHLOE, TUESDAY, frozenset(Half), Reason.HOLIDAY)
    people = town_lists.people
    corrected = replace(
        town_lists, people=replace(people, known_absences=(*people.known_absences, line))
    )
    with database.writing() as db:
        save_lists(db, town_lists, NINE)
        add_told(db, [away(5)], NINE + minutes(5))
        save_lists(db, corrected, NINE + minutes(10))

    assert [one.reason for one in of_chloe(database)] == [Reason.HOLIDAY]


def test_two_tellings_of_one_moment_are_both_kept(database: Database, town_lists: Lists) -> None:
    """One message may tell of two pupils."""
    with database.writing() as db:
        save_lists(db, town_lists, NINE)
        add_told(db, [away(5), away(5, pupil="femi-okafor")], NINE + minutes(5))

    assert {one.pupil for one in held(database).told.absences} == {CHLOE, "femi-okafor"}


def test_one_proposal_a_person_waits_and_comes_back_as_it_was(database: Database) -> None:
    """A new one takes the place of the old, and one of before a moment is forgotten."""
    first = Proposal(Tells.AWAY, "absent chloe", absences=(away(0),))
    second = Proposal(Tells.NOTE, "note", notes=(a_note("x"),), said="note", offered=("a", "b"))
    with database.writing() as db:
        save_proposal(db, "gill-marsh", first, NINE)
        assert find_proposal(db, "gill-marsh", NINE) == (first, NINE)
        save_proposal(db, "gill-marsh", second, NINE + minutes(1))

        assert find_proposal(db, "gill-marsh", NINE) == (second, NINE + minutes(1))
        assert find_proposal(db, "gill-marsh", NINE + minutes(2)) is None
        assert find_proposal(db, "ravi-anand", NINE) is None
        save_proposal(db, "gill-marsh", None, NINE + minutes(3))
        assert find_proposal(db, "gill-marsh", NINE) is None
