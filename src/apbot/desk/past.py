"""
What stood in a list before, as its sheet shows it: each change, what was there and what came.

A list's rows are made of several kept lines: whoever works for a provider has their name and number
in the line of the person, so a new number stands in the past of every list that the person is in.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from apbot.desk.office import OF_PERSONS, SHEETS, Difference, Row, Sheet, differences
from apbot.domain.calendar import Calendar
from apbot.domain.people import People, Person
from apbot.domain.policy import Policy
from apbot.loading.sheets import person_row, written
from apbot.store.lists import KINDS, Lists
from apbot.store.past import Turn, list_keys, list_turns
from apbot.store.values import from_json

PERSONS = "persons"

LINES: Mapping[str, Sequence[str]] = {"ladders": ("policies",)} | {
    name: (name, PERSONS) for name in OF_PERSONS
}
"""Of which kept lines a list's rows are made, where it is not those of its own name."""

OWN_KEYS = ("providers", "pupils", "placements", "policies", "ladders", *OF_PERSONS)
"""The lists whose rows have the keys of their lines, or begin with them."""


@dataclass(frozen=True, slots=True)
class Past:
    """One row that was added, changed or ended: when, and who did so; "" for a load by file."""

    at: datetime
    by: str
    difference: Difference


def find_past(db: Connection, lists: Lists, name: str, key: str | None = None) -> list[Past]:
    """Return what stood in a list before, the latest first; of one row where its key is given."""
    sheet = SHEETS[name]
    turns = list_turns(db, LINES.get(name, (name,)), _line_keys(name, key))
    own = {one.split("/")[0] for one in list_keys(db, (name,))} if name in OF_PERSONS else ()
    found = [
        Past(turn.at, turn.by, difference)
        for turn in turns
        if turn.list != PERSONS or turn.key in own
        for difference in _differences(sheet, turn, lists)
    ]
    if key is None or name in OF_PERSONS:
        return found
    return [one for one in found if one.difference.key == key]


def _line_keys(name: str, key: str | None) -> Collection[str] | None:
    """The keys of the lines that a row is made of; None for all lines of its list."""
    if key is None or name not in OWN_KEYS:
        return None
    return (key, key.split("/")[0])


def _differences(sheet: Sheet, turn: Turn, lists: Lists) -> list[Difference]:
    if turn.list == PERSONS:
        return _of_person(sheet, turn)
    before, after = (
        _rows(sheet.name, turn, line, lists.people) if line is not None else []
        for line in (turn.before, turn.after)
    )
    return differences(sheet, before, after)


def _of_person(sheet: Sheet, turn: Turn) -> list[Difference]:
    """A changed person; one who is new or gone stands there by the line of the list itself."""
    if turn.before is None or turn.after is None:
        return []
    columns = [column for column in sheet.columns if column in person_row(_BLANK)]
    before, after = (
        {c: words for c, words in person_row(from_json(Person, line)).items() if c in columns}
        for line in (turn.before, turn.after)
    )
    return [
        Difference("changed", sheet, one.key, one.row, one.fields)
        for one in differences(_of_key(sheet), [before], [after])
    ]


def _of_key(sheet: Sheet) -> Sheet:
    """The sheet as if a person were in it once."""
    return Sheet(sheet.name, sheet.title, sheet.words, sheet.columns, ("person",))


def _rows(name: str, turn: Turn, line: Mapping[str, Any], people: People) -> list[Row]:
    """A kept line as the rows of its sheet."""
    calendar, policies = Calendar(terms=()), dict[str, Policy]()
    only: dict[str, Any] = {"providers": people.providers}
    if turn.list == "calendar":
        calendar = from_json(Calendar, line)
    elif turn.list == "policies":
        policies[turn.key] = from_json(Policy, line)
    else:
        value = from_json(KINDS[turn.list], line)
        only[turn.list] = (value,)
        if turn.list in OF_PERSONS:
            # Their name and number are a line of their own, with a past of its own.
            known = people.person_by_key.get(value.person)
            only[PERSONS] = (known or Person(value.person, "", "", ()),)
    return list(written(People(**only), calendar, policies)[name])


_BLANK = Person("", "", "", ())
