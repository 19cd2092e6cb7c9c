"""Lists as sheets: what is written is read again, and what is wrong is told by row and column."""

import io
from datetime import date, time

import pytest
from openpyxl import Workbook, load_workbook
from tests.conftest import REPO

from apbot.loading.checking import Unclear
from apbot.loading.config import Config, load_config
from apbot.loading.office import Fault, Faulty, read_sheets
from apbot.loading.sheets import HINTS, SHEETS, hint_of, service_row, written
from apbot.loading.spreadsheets import as_csv, as_workbook, numbered_csv, rows_in


@pytest.fixture(scope="module")
def town() -> Config:
    """The invented town."""
    return load_config(REPO / "config")


def texts(town: Config) -> dict[str, str]:
    rows = written(town.people, town.calendar, town.policies)
    return {name: as_csv(SHEETS[name], rows[name]) for name in rows}


def faults(town: Config, **changed: str) -> list[Fault]:
    with pytest.raises(Faulty) as told:
        read_sheets({**texts(town), **changed}, service_row(town.service))
    return list(told.value.faults)


def test_the_whole_town_is_written_and_read_again(town: Config) -> None:
    """Every list, the calendar and the policies come back as the same values."""
    again = read_sheets(texts(town), service_row(town.service))

    assert again.people == town.people
    assert again.calendar == town.calendar
    assert again.policies == town.policies
    assert again.service == town.service


def test_a_workbook_of_all_of_it_is_read_again(town: Config) -> None:
    """A sheet a list, by its title."""
    book = as_workbook(written(town.people, town.calendar, town.policies))

    given = rows_in(book, "")

    assert list(given) == list(SHEETS)
    again = read_sheets(
        {n: numbered_csv(rows) for n, rows in given.items()}, service_row(town.service)
    )
    assert again.people == town.people
    assert again.policies == town.policies


def test_a_spreadsheets_own_days_times_and_numbers_are_taken() -> None:
    """Whoever typed 9:00 or 1/9/2026 has given a time and a day, and a number keeps its sense."""
    book = Workbook()
    page = book.active
    page.append(["from", "am_start", "mobile", "backup", "missing_after"])
    page.append([])
    page.append([date(2026, 9, 1), time(9, 0), 7700900123, True, 30.0])
    out = io.BytesIO()
    book.save(out)

    rows = rows_in(out.getvalue(), "staff")["staff"]

    assert rows[1] == (3, ["1 Sep 2026", "09:00", "7700900123", "yes", "30"])


@pytest.mark.parametrize(
    ("sheet", "was", "now", "fault"),
    [
        ("staff", "07700 900101", "01632 960101", ("staff", 2, "mobile", "is a landline")),
        ("placements", "1 Sep 2026", "31/02/2026", ("placements", 2, "from", "is no day")),
        ("placements", "alder-farm", "alder-frm", ("placements", 2, "provider", "is not in Prov")),
        ("calendar", "inset day,1 Sep", "inset day,5 Sep", ("calendar", 8, "", "is a Saturday")),
        ("calendar", "closure", "closing", ("calendar", 14, "kind", "is not a word known here")),
        ("ladders", "key contact,10", "nobody,10", ("ladders", 2, "first", "is nobody known")),
        ("ladders", "10 cover", "10 cook", ("ladders", 2, "", "is nobody known here")),
        ("policies", "30,30", "soon,30", ("policies", 2, "missing_after", "no number of minutes")),
        ("contacts", "dawn-pike", "dawn-pyke", ("contacts", 3, "cover", "is not in Contacts")),
    ],
)
def test_a_mistake_is_told_by_row_and_column(
    town: Config, sheet: str, was: str, now: str, fault: tuple[str, int, str, str]
) -> None:
    """In the words of the lists, with the number that the spreadsheet shows beside the row."""
    found = faults(town, **{sheet: texts(town)[sheet].replace(was, now, 1)})

    wanted = [one for one in found if (one.sheet, one.row) == fault[:2]]
    assert wanted, found
    assert fault[3] in wanted[0].what
    assert not fault[2] or wanted[0].column == fault[2]
    assert ".csv" not in f"{wanted[0].what} {wanted[0].remedy}"


def test_a_row_that_points_at_another_names_it_by_list_and_row(town: Config) -> None:
    """See Staff, row 2: a number is one person's."""
    wrong = texts(town)["staff"].replace("07700 900102", "07700 900101", 1)

    assert any("Staff, row 2" in one.remedy for one in faults(town, staff=wrong))


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0old", "old workbook"),
        (b"PK\x03\x04nothing", "cannot be read"),
        (b'person,name\n"open', "cannot be followed"),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_told_kindly(raw: bytes, says: str) -> None:
    """No traceback on a person's mistake."""
    with pytest.raises(Unclear, match=says):
        rows_in(raw, "staff")


def test_what_is_saved_is_never_a_formula(town: Config) -> None:
    """A cell that begins with = is words, to whoever opens the file next."""
    row = {"provider": "alder-farm", "from": "23 Nov 2026", "to": "", "note": "=1+1"}

    book = load_workbook(io.BytesIO(as_workbook({"notes": [row]})))

    assert book["Notes"]["D2"].data_type == "s"
    assert " =1+1" in as_csv(SHEETS["notes"], [row])


def test_every_column_has_an_example() -> None:
    """Whoever fills in a template or a form sees what is meant."""
    columns = {column for sheet in SHEETS.values() for column in sheet.columns}

    assert columns <= HINTS.keys()


@pytest.mark.parametrize(
    ("sheet", "column", "hint"),
    [
        ("providers", "name", "Alder Farm"),
        ("staff", "name", "Bryn Hollis"),
        ("providers", "kind", "farm, garage, tutor"),
        ("calendar", "kind", "term, inset day, bank holiday or closure"),
    ],
)
def test_an_example_is_of_its_own_list(sheet: str, column: str, hint: str) -> None:
    """Nobody who adds an inset day is shown a farm."""
    assert hint_of(sheet, column) == hint
