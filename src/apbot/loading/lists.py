"""
Lists: a CSV file from an office, as rows that know their line.

Spreadsheets save the same list in many ways, so what they differ in is taken as it comes: UTF-8
with or without its mark, Windows-1252, UTF-16; commas, semicolons or tabs; empty columns and rows
at the end. What cannot be taken is told by line, never guessed.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from apbot.loading.checking import Findings, Unclear, likeliest, nearest, try_reading
from apbot.loading.problems import shown

T = TypeVar("T")

SEPARATORS = ",;\t"

# Marks of direction and joining that copying from a web page or a chat leaves in a cell.
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"))


class Row:
    """
    One line of a list. A cell that is not there reads as empty.

    `is_straight` is False for a line whose cells may stand under the wrong columns: its key is
    known to the rest, but what else it says is not looked at.
    """

    def __init__(self, file: str, line: int, cells: Mapping[str, str], found: Findings) -> None:
        self.file = file
        self.line = line
        self.is_sound = True
        self.is_straight = True
        self._cells = cells
        self._found = found

    @property
    def where(self) -> str:
        """The line as another problem may name it: `staff.csv:4`."""
        return f"{Path(self.file).name}:{self.line}"

    def text(self, column: str) -> str:
        """Return what the cell says, without the spaces around it."""
        return self._cells.get(column, "")

    def read(self, column: str, reader: Callable[[str], T], otherwise: T) -> T:
        """Return the cell's value; `otherwise` if it is empty, or unclear and noted as such."""
        text = self.text(column)
        if not text or not self.is_straight:
            return otherwise
        value = try_reading(reader, text)
        if isinstance(value, Unclear):
            self.wrong(f"{column} '{text}' {value.what}", value.remedy)
            return otherwise
        return value

    def refer(self, column: str, known: Collection[str] | None, elsewhere: str) -> None:
        """
        Note a problem if the cell names what is not in `known`, the keys of `elsewhere`.

        `known` is None where that file could not be read, and then nothing can be said.
        """
        key = self.text(column)
        if key and known is not None and key not in known and self.is_straight:
            self.wrong(f"{column} '{key}' is not in {elsewhere}", nearest(key, known, elsewhere))

    def wrong(self, what: str, remedy: str = "") -> None:
        """Note a problem on this line; the row will not be used."""
        self.is_sound = False
        self._found.add(self.file, self.line, what, remedy)


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of a file in its order; `is_whole` is False where there may be more of them."""

    rows: tuple[Row, ...] = ()
    is_whole: bool = False

    def keys(self, column: str) -> dict[str, None] | None:
        """Return what the column says, row by row, or None where that cannot be known."""
        if not self.is_whole:
            return None
        return {row.text(column): None for row in self.rows if row.text(column)}


def read_list(path: Path, columns: Mapping[str, bool], found: Findings) -> Listing:
    """
    Read one list. `columns` says which there are, and of each whether every row must fill it.

    A row with a problem comes too, so that its key is known to the rest, but is not sound.
    """
    file = shown(path)
    try:
        text = _text_of(path, columns)
    except Unclear as unclear:
        found.add(file, 0, unclear.what, unclear.remedy)
        return Listing()
    records = list(records_of(text))
    broken = next((record for record in records if isinstance(record, Broken)), None)
    if broken is not None:
        remedy = 'a cell that begins with " must end with "'
        found.add(file, broken.line, f"the line cannot be followed ({broken.why})", remedy)
    lines = [record for record in records if not isinstance(record, Broken)]
    if not lines:
        if broken is None:
            found.add(file, 1, "the file is empty", f"begin it with the line {','.join(columns)}")
        return Listing()
    line, header = lines[0]
    names = [cell.casefold().replace(" ", "_") for cell in header]
    is_straight = _is_header_sound(file, line, names, columns, found)
    rows = tuple(
        _row(Row(file, line, _named(names, cells), found), names, cells, columns)
        if is_straight
        else _bare(Row(file, line, _named(names, cells), found))
        for line, cells in lines[1:]
    )
    return Listing(rows, is_whole=broken is None and next(iter(columns)) in names)


def _text_of(path: Path, columns: Mapping[str, bool]) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        other = likeliest(path.stem, [it.stem for it in path.parent.glob("*.csv")])
        make = f"make it, beginning with the line {','.join(columns)}"
        raise Unclear("no such file", f"rename {other}.csv" if other else make) from None
    except OSError as error:
        raise Unclear(f"cannot be read: {error.strerror}") from None
    if raw.startswith(b"PK\x03\x04"):
        raise Unclear("this is a workbook, not a CSV file", "save it from the spreadsheet as CSV")
    return decoded(raw)


def decoded(raw: bytes) -> str:
    """Return the text of a CSV file's bytes, in whichever way a spreadsheet saved it."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(raw, "utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(raw, "windows-1252")


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        what = f"neither UTF-8 nor {encoding} text (line {line})"
        raise Unclear(what, "save it as 'CSV UTF-8'") from None


@dataclass(frozen=True, slots=True)
class Broken:
    """The line from which on a file could not be followed."""

    line: int
    why: str


def records_of(text: str) -> Iterator[tuple[int, list[str]] | Broken]:
    """Yield the line on which each record begins, and its cells; skip empty records."""
    skipped = 0
    if text.startswith("sep="):
        text, skipped = text.partition("\n")[2], 1
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = lines.line_num + 1 + skipped
        try:
            cells = [_tidied(cell) for cell in next(lines)]
        except StopIteration:
            return
        except csv.Error as error:
            yield Broken(line, str(error))
            return
        if any(cells):
            yield line, cells


def _tidied(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell).translate(UNSEEN).split())


def _is_header_sound(
    file: str, line: int, names: list[str], columns: Mapping[str, bool], found: Findings
) -> bool:
    missing = [name for name, is_needed in columns.items() if is_needed and name not in names]
    for name in dict.fromkeys(names):
        if name and name not in columns:
            wanted = missing or [it for it in columns if it not in names] or list(columns)
            found.add(file, line, f"unknown column '{name}'", nearest(name, wanted))
        if name and names.count(name) > 1:
            found.add(file, line, f"column '{name}' is here twice", "keep one of them")
    for name in missing:
        found.add(file, line, f"no column '{name}'", f"the columns are {', '.join(columns)}")
    return not missing


def _named(names: list[str], cells: list[str]) -> dict[str, str]:
    return {name: cell for name, cell in zip(names, cells, strict=False) if name}


def _bare(row: Row) -> Row:
    """Return a row of a file whose header is wrong: the header is told, its rows are not."""
    row.is_sound = row.is_straight = False
    return row


def _row(row: Row, names: list[str], cells: list[str], columns: Mapping[str, bool]) -> Row:
    """Return the row, with what is wrong with its cells as such noted."""
    unnamed = [cell for name, cell in zip(names, cells, strict=False) if cell and not name]
    if extra := unnamed + [cell for cell in cells[len(names) :] if cell]:
        row.wrong(f"'{extra[0]}' stands in no column", 'put a cell that has a comma in it in "…"')
        row.is_straight = False
        return row
    for name in names:
        if any(unicodedata.category(letter) == "Cc" for letter in row.text(name)):
            row.wrong(f"{name} has a character in it that cannot be seen", "type the cell anew")
    for name, is_needed in columns.items():
        if is_needed and not row.text(name):
            row.wrong(f"{name} is empty", f"every line needs a {name.replace('_', ' ')}")
    return row
