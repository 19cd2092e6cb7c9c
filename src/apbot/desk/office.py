"""
The office's lists on the board: looked up, added to, changed, ended, and taken from spreadsheets.

Whatever changes a list goes through the very checks of a load, over all lists together, and is kept
by the same rule: a change ends the old line and begins a new one, people who are new are welcomed,
and today is planned anew. All of it, or nothing.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from apbot.desk.desk import Desk, NothingLoaded
from apbot.desk.enrolment import take_lists
from apbot.domain.calendar import local
from apbot.loading.checking import Unclear
from apbot.loading.office import Fault, Faulty, read_sheets
from apbot.loading.sheets import (
    KINDS,
    SERVICE,
    SHEETS,
    Row,
    Sheet,
    day_words,
    hint_of,
    service_row,
    written,
)
from apbot.loading.spreadsheets import (
    Rows,
    as_csv,
    as_workbook,
    csv_line,
    numbered_csv,
    rows_in,
)
from apbot.store.lists import Lists, find_listed, find_version

__all__ = [
    "KINDS",
    "SERVICE",
    "SHEETS",
    "Fault",
    "Faulty",
    "Row",
    "Rows",
    "Sheet",
    "Unclear",
    "csv_line",
    "hint_of",
    "rows_in",
]

SHARED = ("name", "mobile", "channels", "title", "language")
"""What is one person's wherever they stand: changed in one list, it is changed in all."""

OF_PERSONS = ("contacts", "staff", "parents")


class ChangedMeanwhile(Exception):
    """Somebody else changed the lists since they were looked at."""


@dataclass(frozen=True, slots=True)
class Book:
    """All lists as they stand, as sheets, and the version of which they are."""

    version: int
    sheets: Mapping[str, Sequence[Row]]
    service: Row

    def find(self, name: str, key: str) -> Row | None:
        """Return the row of this key in a list, or None."""
        sheet = SHEETS[name]
        return next((row for row in self.sheets[name] if sheet.key(row) == key), None)


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that is added, changed or ended. `fields` are column, before and after."""

    kind: str
    sheet: Sheet
    key: str
    row: Row
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Lists that were checked and may be kept, and what is different in them."""

    version: int
    lists: Lists
    differences: tuple[Difference, ...]


def open_book(db: Connection) -> Book:
    """Return the lists as they stand. Raises NothingLoaded."""
    lists = find_listed(db)
    if lists is None:
        raise NothingLoaded
    sheets = written(lists.people, lists.calendar, lists.policies)
    return Book(find_version(db), sheets, service_row(lists.service))


def with_row(book: Book, name: str, key: str | None, row: Row) -> dict[str, list[Row]]:
    """Return the sheets with a row put in the place of the one of this key, or added."""
    sheet = SHEETS[name]
    sheets = {known: list(rows) for known, rows in book.sheets.items()}
    places = [
        at for at, one in enumerate(sheets[name]) if key is not None and sheet.key(one) == key
    ]
    if places:
        sheets[name][places[0]] = row
    else:
        sheets[name].append(row)
    if name in OF_PERSONS:
        for other in OF_PERSONS:
            sheets[other] = [_with_shared(SHEETS[other], one, row) for one in sheets[other]]
    return sheets


def without_row(book: Book, name: str, key: str, now: datetime) -> dict[str, list[Row]]:
    """
    Return the sheets with a row ended.

    A placement's last day is yesterday, so that it stays in the list; any other row is taken out of
    it, and stays in the history.
    """
    sheet = SHEETS[name]
    sheets = {known: list(rows) for known, rows in book.sheets.items()}
    if name == "placements":
        last = day_words(local(now).date() - timedelta(days=1))
        sheets[name] = [
            {**row, "to": last} if sheet.key(row) == key else row for row in sheets[name]
        ]
        return sheets
    sheets[name] = [row for row in sheets[name] if sheet.key(row) != key]
    return sheets


def key_of(name: str) -> str:
    """Return a key made of a name: "gill-marsh"."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")


def plan(book: Book, sheets: Mapping[str, Sequence[Row]]) -> Plan:
    """Check these sheets. Raises Faulty."""
    return _planned(book, {name: as_csv(SHEETS[name], rows) for name, rows in sheets.items()})


def plan_service(book: Book, row: Row) -> Plan:
    """Check another name, or other hours, of the service. Raises Faulty."""
    texts = {name: as_csv(SHEETS[name], rows) for name, rows in book.sheets.items()}
    return _planned(book, texts, row)


def plan_file(book: Book, given: Mapping[str, Rows], *, is_whole: bool) -> Plan:
    """
    Check what a spreadsheet would make of the lists. Raises Faulty.

    Where it `is_whole`, a row that is not in it is ended; else its rows are added, or change those
    of the same key.
    """
    texts = {name: as_csv(SHEETS[name], rows) for name, rows in book.sheets.items()}
    for name, rows in given.items():
        texts[name] = numbered_csv(rows if is_whole else _joined(SHEETS[name], rows, book))
    try:
        planned = _planned(book, texts)
    except Faulty as faulty:
        raise Faulty(tuple(_placed(fault, given, book) for fault in faulty.faults)) from None
    return planned if is_whole else _planned(book, _in_order(book, planned.lists, texts, given))


def keep(db: Connection, planned: Plan, now: datetime, by: str) -> int:
    """Keep planned lists; return how many rows are different. Raises ChangedMeanwhile."""
    if find_version(db) != planned.version:
        raise ChangedMeanwhile
    take_lists(db, planned.lists, now, by)
    return len(planned.differences)


def differences(sheet: Sheet, before: Sequence[Row], after: Sequence[Row]) -> list[Difference]:
    """Return what was changed, added and ended between these rows of a sheet."""
    held = {sheet.key(row): row for row in before}
    wanted = {sheet.key(row): row for row in after}
    found = []
    for key, row in wanted.items():
        was = held.get(key)
        if was is None:
            found.append(Difference("added", sheet, key, row))
        elif was != row:
            fields = tuple(
                (column, was.get(column, ""), row.get(column, ""))
                for column in sheet.columns
                if was.get(column, "") != row.get(column, "")
            )
            found.append(Difference("changed", sheet, key, row, fields))
    found += [
        Difference("ended", sheet, key, row) for key, row in held.items() if key not in wanted
    ]
    return found


def workbook(desk: Desk, names: Sequence[str], *, is_template: bool = False) -> bytes:
    """Return an XLSX file of these lists, or of their columns alone."""
    if is_template:
        return as_workbook(dict.fromkeys(names, ()), is_template=True)
    with desk.database.reading() as db:
        book = open_book(db)
    return as_workbook({name: book.sheets[name] for name in names})


def csv_file(desk: Desk, name: str) -> bytes:
    """Return a CSV file of a list, in the way that every spreadsheet opens."""
    with desk.database.reading() as db:
        book = open_book(db)
    return as_csv(SHEETS[name], book.sheets[name]).encode("utf-8-sig")


def _planned(book: Book, texts: Mapping[str, str], service: Row | None = None) -> Plan:
    is_starting = not book.sheets["providers"]
    config = read_sheets(texts, service or book.service, is_starting=is_starting)
    lists = Lists(config.people, config.calendar, config.policies, config.service)
    after = written(config.people, config.calendar, config.policies)
    found = [
        difference
        for name, sheet in SHEETS.items()
        for difference in differences(sheet, book.sheets[name], after[name])
    ]
    found += differences(SERVICE, [book.service], [service_row(config.service)])
    return Plan(book.version, lists, tuple(found))


def _with_shared(sheet: Sheet, row: Row, changed: Row) -> Row:
    if row.get("person") != changed.get("person"):
        return row
    shared = {c: changed[c] for c in SHARED if c in changed and c in sheet.columns}
    return {**row, **shared}


def _joined(sheet: Sheet, rows: Rows, book: Book) -> Rows:
    """The rows of a file, and after them those of the list that it does not name."""
    (first, names), *told = rows
    header = [cell.casefold().replace(" ", "_") for cell in names]
    lacking = [column for column in sheet.columns if column not in header]
    held = {sheet.key(row): row for row in book.sheets[sheet.name]}
    joined: Rows = [(first, [*names, *lacking])]
    for number, cells in told:
        key = sheet.key(dict(zip(header, cells, strict=False)))
        was = held.pop(key, {})
        # What a file has no column for stays as it was.
        blanks = [""] * (len(header) - len(cells))
        joined.append((number, [*cells, *blanks, *(was.get(column, "") for column in lacking)]))
    joined += [
        (number, [row.get(column, "") for column in (*header, *lacking)])
        for number, row in enumerate(held.values(), rows[-1][0] + 1)
    ]
    return joined


def _in_order(
    book: Book, lists: Lists, texts: Mapping[str, str], given: Mapping[str, Rows]
) -> dict[str, str]:
    """The lists with each row in its old place, new ones last: staff are asked in their order."""
    rows = written(lists.people, lists.calendar, lists.policies)
    ordered = dict(texts)
    for name in given:
        sheet = SHEETS[name]
        places = {sheet.key(row): at for at, row in enumerate(book.sheets[name])}
        own = sorted(rows[name], key=lambda row: places.get(sheet.key(row), len(places)))
        ordered[name] = as_csv(sheet, own)
    return ordered


def _placed(fault: Fault, given: Mapping[str, Rows], book: Book) -> Fault:
    """A mistake in a row that is not the file's names that row's key, and no number."""
    rows = given.get(fault.sheet)
    if rows is not None and fault.row <= rows[-1][0]:
        return fault
    if fault.sheet not in SHEETS or not fault.row:
        return fault
    if rows is not None:
        what = f"a row that is kept: {fault.what}"
        return Fault(fault.sheet, 0, fault.column, what, fault.remedy)
    kept = book.sheets[fault.sheet]
    at = fault.row - 2
    key = SHEETS[fault.sheet].key(kept[at]) if 0 <= at < len(kept) else ""
    return Fault(fault.sheet, 0, fault.column, f"{key}: {fault.what}", fault.remedy)
