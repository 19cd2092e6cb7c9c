"""The office's lists: kept with their history, and given back as they were loaded."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.conftest import REPO
from tests.store.builders import NINE, minutes

from apbot.domain.people import People
from apbot.store.database import Database
from apbot.store.lists import (
    Change,
    Lists,
    find_changes,
    find_lists,
    find_version,
    save_lists,
)
from apbot.store.past import list_turns
from apbot.store.tables import lists


def with_people(town_lists: Lists, **changes: Any) -> Lists:
    """The town_lists, with some of its lists changed."""
    return replace(town_lists, people=replace(town_lists.people, **changes))


def renamed(town_lists: Lists) -> Lists:
    """The town_lists, with its first pupil known by another name."""
    first, *others = town_lists.people.pupils
    return with_people(town_lists, pupils=(replace(first, known_as="Ace"), *others))


def save(database: Database, wanted: Lists, at: float = 0) -> tuple[Change, ...]:
    """Keep the lists, some minutes after nine; return what changed."""
    with database.writing() as db:
        return save_lists(db, wanted, NINE + minutes(at))


def held(database: Database) -> Lists:
    """The lists as they stand."""
    with database.reading() as db:
        found = find_lists(db)
    assert found is not None
    return found


def test_the_whole_town_comes_back_as_it_was_loaded(database: Database, town_lists: Lists) -> None:
    """Every person, timetable, calendar and policy, in the order of the files."""
    save(database, town_lists)

    assert held(database) == town_lists


def test_a_database_without_lists_says_so(database: Database) -> None:
    """Nothing loaded is not the same as an empty list."""
    with database.reading() as db:
        assert (find_lists(db), find_version(db)) == (None, 0)


def test_the_first_load_adds_every_line(database: Database, town_lists: Lists) -> None:
    """Nothing is changed or ended, since nothing was there."""
    assert {change.kind for change in save(database, town_lists)} == {"added"}


def test_the_same_lists_twice_change_nothing(database: Database, town_lists: Lists) -> None:
    """No line is ended and begun, and no process need read the lists anew."""
    save(database, town_lists)
    again = save(database, town_lists, at=1)

    with database.reading() as db:
        assert (again, find_version(db)) == ((), 1)


def test_a_line_is_the_same_json_in_every_process(town_lists: Lists) -> None:
    """Sets have no order of their own: one load must not look like a change of another's."""
    program = (
        "import json, sys; from pathlib import Path\n"
        "from apbot.loading.config import load_config\n"
        "from apbot.domain.people import People\n"
        "from apbot.store.values import to_json\n"
        "print(json.dumps(to_json(People, load_config(Path(sys.argv[1])).people)))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", program, str(REPO / "config")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert json.loads(said[0]) == json.loads(said[1])


def test_a_changed_line_is_ended_and_begun(database: Database, town_lists: Lists) -> None:
    """What the line was until then can always be read."""
    save(database, town_lists)
    changes = save(database, renamed(town_lists), at=5)

    with database.reading() as db:
        history = db.execute(
            select(lists.c.line, lists.c.from_at, lists.c.until_at)
            .where(lists.c.name == "pupils", lists.c.key == town_lists.people.pupils[0].key)
            .order_by(lists.c.id)
        ).all()
        version = find_version(db)
    assert [(change.kind, change.list, change.fields) for change in changes] == [
        ("changed", "pupils", ("known_as",))
    ]
    assert [(row.line["known_as"], row.from_at, row.until_at) for row in history] == [
        (town_lists.people.pupils[0].known_as, NINE, NINE + minutes(5)),
        ("Ace", NINE + minutes(5), None),
    ]
    assert version == 2


def test_a_line_that_left_the_files_is_ended_and_kept(
    database: Database, town_lists: Lists
) -> None:
    """Last term's registers can be explained by last term's lists."""
    save(database, town_lists)
    gone = town_lists.people.notes[0]
    changes = save(database, with_people(town_lists, notes=town_lists.people.notes[1:]), at=5)

    with database.reading() as db:
        count = db.scalar(select(func.count()).select_from(lists).where(lists.c.name == "notes"))
    assert [(change.kind, change.list) for change in changes] == [("ended", "notes")]
    assert gone not in held(database).people.notes
    assert count == len(town_lists.people.notes)


def test_each_change_of_a_line_is_told_with_what_stood_there_before(
    database: Database, town_lists: Lists
) -> None:
    """What the first load brought is no change; what was cut off is not taken for something new."""
    key = town_lists.people.pupils[0].key
    save(database, town_lists)
    save(database, renamed(town_lists), at=5)
    save(database, town_lists, at=10)
    save(database, with_people(town_lists, notes=()), at=15)

    with database.reading() as db:
        turns = list_turns(db, ["pupils"])
        latest = list_turns(db, ["pupils"], last=1)
        gone = list_turns(db, ["notes"])
        nothing = list_turns(db, ["placements"])
    names = [
        (turn.key, turn.before and turn.before["known_as"], turn.after and turn.after["known_as"])
        for turn in turns
    ]
    own = town_lists.people.pupils[0].known_as
    assert names == [(key, "Ace", own), (key, own, "Ace")]
    assert latest == turns[:1]
    assert [turn.after for turn in gone] == [None] * len(town_lists.people.notes)
    assert nothing == ()


def test_a_line_that_comes_back_is_begun_again(database: Database, town_lists: Lists) -> None:
    """Ended once, it may live again, with the gap kept."""
    save(database, town_lists)
    save(database, with_people(town_lists, notes=()), at=5)
    changes = save(database, town_lists, at=10)

    assert {change.kind for change in changes} == {"added"}
    assert held(database) == town_lists


@pytest.mark.parametrize("how", ["turned round", "one in front"])
def test_the_order_is_the_files_order(database: Database, town_lists: Lists, how: str) -> None:
    """A line moved, or put before others, stands where the office put it."""
    last_staff = town_lists.people.staff[-1]
    front = replace(last_staff, provider="alder-farm", is_backup=True)
    staff = (
        town_lists.people.staff[::-1]
        if how == "turned round"
        else (front, *town_lists.people.staff)
    )
    save(database, town_lists)
    save(database, with_people(town_lists, staff=staff), at=5)

    with database.reading() as db:
        assert find_version(db) == 2
    assert held(database).people.staff == staff
    assert save(database, with_people(town_lists, staff=staff), at=6) == ()


def test_a_look_at_what_would_change_changes_nothing(database: Database, town_lists: Lists) -> None:
    """The dry run says what the load then does."""
    save(database, town_lists)
    with database.writing() as db:
        would = find_changes(db, renamed(town_lists))
    assert held(database) == town_lists

    assert save(database, renamed(town_lists)) == would


def test_no_list_forgets_a_line_of_the_town(town_lists: Lists) -> None:
    """Two lines with one key would be one line: every line of the town has a key of its own."""
    from apbot.store.lists import KINDS, _lines

    kept = _lines(town_lists)

    for name in KINDS:
        assert sum(1 for list_name, _ in kept if list_name == name) == len(
            getattr(town_lists.people, name)
        ), name
    assert set(KINDS) == set(People.__dataclass_fields__)
