"""
Spreadsheets: a file that an office saves or opens, as sheets of rows that know their number.

CSV and XLSX, in and out. A row keeps the number that the spreadsheet shows beside it, blank rows
counted, so that a mistake can be told by row and column.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zipfile import BadZipFile

from apbot.loading.checking import Unclear
from apbot.loading.lists import Broken, decoded, records_of
from apbot.loading.sheets import SHEETS, Row, Sheet, day_words, hint_of

MOST_ROWS = 20_000
MOST_COLUMNS = 40

Rows = list[tuple[int, list[str]]]
"""The rows of a sheet with their numbers, the header first."""


def rows_in(raw: bytes, name: str) -> dict[str, Rows]:
    """
    Return the rows of each list in a file; `name` is the list where the file does not say.

    Raises Unclear.
    """
    if not raw.strip():
        raise Unclear("the file is empty", "choose the one that was saved from the spreadsheet")
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unclear("this is an old workbook (.xls)", "save it as .xlsx or CSV")
    if raw.startswith(b"PK\x03\x04"):
        return _workbook(raw, name)
    rows: Rows = []
    for record in records_of(decoded(raw)):
        if isinstance(record, Broken):
            what = f"row {record.line} cannot be followed ({record.why})"
            raise Unclear(what, 'a cell that begins with " must end with "')
        rows.append(record)
    return {name: _checked(rows)}


def as_csv(sheet: Sheet, rows: Iterable[Row]) -> str:
    """Return rows as the text of a CSV file."""
    return "".join(
        csv_line([row.get(column, "") for column in sheet.columns]) for row in _all(sheet, rows)
    )


def numbered_csv(rows: Rows) -> str:
    """Return rows as a CSV text in which each stands on the line of its number."""
    lines: list[str] = []
    for number, cells in rows:
        lines += ["\r\n"] * (number - 1 - len(lines))
        lines.append(csv_line(cells))
    return "".join(lines)


def as_workbook(books: Mapping[str, Iterable[Row]], *, is_template: bool = False) -> bytes:
    """Return an XLSX file with a sheet for each list; a template says what its columns hold."""
    # Here, not above: it is large, and most days no workbook is opened.
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)
    for name, rows in books.items():
        sheet = SHEETS[name]
        page = book.create_sheet(sheet.title)
        for number, row in enumerate(_all(sheet, rows), 1):
            for at, column in enumerate(sheet.columns, 1):
                cell = page.cell(number, at)
                cell.value = row.get(column, "") or None
                # Text, whatever it looks like: a number keeps its nought, and nothing is a formula.
                cell.number_format = "@"
                if cell.value is not None:
                    cell.data_type = "s"
        for at, column in enumerate(sheet.columns, 1):
            page.cell(1, at).font = Font(bold=True)
            page.column_dimensions[page.cell(1, at).column_letter].width = max(len(column) + 4, 16)
        page.freeze_panes = "A2"
    if is_template:
        _explain(book, books)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _explain(book: Any, names: Iterable[str]) -> None:
    from openpyxl.styles import Alignment, Font

    page = book.create_sheet("How to fill it in")
    page.append(["list", "column", "needed", "for example"])
    for name in names:
        for column, is_needed in SHEETS[name].columns.items():
            page.append(
                [SHEETS[name].title, column, "yes" if is_needed else "", hint_of(name, column)]
            )
    for column, width in zip("ABCD", (18, 24, 10, 60), strict=True):
        page.column_dimensions[column].width = width
    for cell in page[1]:
        cell.font = Font(bold=True)
    for line in page.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _workbook(raw: bytes, name: str) -> dict[str, Rows]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError) as error:
        raise Unclear("cannot be read as a workbook", "save it anew as .xlsx, or as CSV") from error
    by_title = {_plain(sheet.title): sheet.name for sheet in SHEETS.values()}
    found: dict[str, Rows] = {}
    for page in book.worksheets:
        known = by_title.get(_plain(page.title))
        if known is not None and (not name or known == name):
            found[known] = _page(page)
    if not found and name and book.worksheets:
        found[name] = _page(book.worksheets[0])
    if not found:
        titles = ", ".join(sheet.title for sheet in SHEETS.values())
        raise Unclear("has no sheet that is one of the lists", f"name its sheets {titles}")
    return found


def _page(page: Any) -> Rows:
    rows: Rows = []
    for number, cells in enumerate(page.iter_rows(values_only=True), 1):
        words = [_words(cell) for cell in cells[:MOST_COLUMNS]]
        if any(words):
            rows.append((number, words))
        if number > MOST_ROWS:
            break
    return _checked(rows)


def _checked(rows: Rows) -> Rows:
    if not rows:
        raise Unclear("the sheet is empty", "begin it with the names of its columns")
    if rows[-1][0] > MOST_ROWS:
        raise Unclear(f"has more than {MOST_ROWS} rows", "is this the right file?")
    return rows


def _words(cell: Any) -> str:
    """What a cell says, as a person would type it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        at = f" {cell:%H:%M}" if cell.time() != time() else ""
        return f"{day_words(cell.date())}{at}"
    if isinstance(cell, date):
        return day_words(cell)
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def _all(sheet: Sheet, rows: Iterable[Row]) -> Sequence[Row]:
    return [{column: column for column in sheet.columns}, *rows]


def csv_line(cells: Sequence[str]) -> str:
    """Return one row of a CSV file."""
    out = io.StringIO()
    # A space before it: what an office typed is never a formula of the next one who opens the file.
    csv.writer(out).writerow(
        [f" {cell}" if cell[:1] in ("=", "@", "+", "-") else cell for cell in cells]
    )
    return out.getvalue()


def _plain(title: str) -> str:
    return title.casefold().replace("_", " ").strip()
