"""
The office's lists, checked as a whole wherever a change to them comes from.

Sheets are laid out as the files of a config directory and read by the very rules of `apbot load`:
all that is wrong is told at once, by list, row and column, and nothing is used of sheets in which
anything is wrong.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from apbot.loading.checking import Findings, nearest
from apbot.loading.config import Config, load_config
from apbot.loading.lists import read_list
from apbot.loading.problems import Problem, Unreadable
from apbot.loading.sheet_files import calendar_file, policies_file, service_file
from apbot.loading.sheets import KINDS, SERVICE, SHEETS, Row

_FILE = re.compile(r"\b(\w+)\.(?:csv|yaml)(?::(\d+))?")

_RowsOf = Mapping[str, Mapping[int, tuple[str, int]]]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One mistake in a sheet. `row` is the spreadsheet's own number, 0 for the sheet as a whole."""

    sheet: str
    row: int
    column: str
    what: str
    remedy: str = ""


class Faulty(Exception):
    """The sheets hold mistakes; nothing of them is used."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} mistakes")


def read_sheets(texts: Mapping[str, str], service: Row, *, is_starting: bool = False) -> Config:
    """
    Return what these sheets say; each is a CSV text, by its list's name. Raises Faulty.

    An office that `is_starting` may have no provider yet.
    """
    with TemporaryDirectory(prefix="apbot-lists-") as folder:
        directory = Path(folder)
        for name, text in texts.items():
            (directory / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
        (directory / "service.yaml").write_text(service_file(service), encoding="utf-8")
        found = Findings()
        calendar = _rows(directory, "calendar", found)
        policies, ladders = _rows(directory, "policies", found), _rows(directory, "ladders", found)
        _check_words(calendar, policies, ladders, directory, found)
        rows_of: dict[str, Mapping[int, tuple[str, int]]] = {}
        for name, (written, rows) in {
            "calendar": calendar_file(calendar),
            "policies": policies_file(policies, ladders),
        }.items():
            (directory / f"{name}.yaml").write_text(written, encoding="utf-8")
            rows_of[name] = rows
        config = None
        try:
            config = load_config(directory, is_starting=is_starting)
        except Unreadable as unreadable:
            found.take(unreadable)
        if found.problems or config is None:
            faults = {_fault(problem, rows_of) for problem in found.problems}
            raise Faulty(tuple(sorted(faults)))
        return config


def _rows(directory: Path, name: str, found: Findings) -> list[tuple[int, Row]]:
    sheet = SHEETS[name]
    listing = read_list(directory / f"{name}.csv", sheet.columns, found)
    return [
        (row.line, {column: row.text(column) for column in sheet.columns})
        for row in listing.rows
        if row.is_sound
    ]


def _check_words(
    calendar: list[tuple[int, Row]],
    policies: list[tuple[int, Row]],
    ladders: list[tuple[int, Row]],
    directory: Path,
    found: Findings,
) -> None:
    """What the files' own form would say otherwise, or not at all."""
    for line, row in calendar:
        if row["kind"].casefold().replace("_", " ") not in KINDS:
            what = f"kind '{row['kind']}' is not a word known here"
            found.add(
                str(directory / "calendar.csv"), line, what, nearest(row["kind"], list(KINDS))
            )
    names = [row["policy"] for _, row in policies]
    for line, row in policies:
        if names.count(row["policy"]) > 1:
            what = f"policy '{row['policy']}' is here twice"
            found.add(str(directory / "policies.csv"), line, what, "keep one of them")
    seen: set[tuple[str, str]] = set()
    for line, row in ladders:
        if row["policy"] not in names:
            what = f"policy '{row['policy']}' is not in policies.csv"
            remedy = nearest(row["policy"], names, "policies.csv")
            found.add(str(directory / "ladders.csv"), line, what, remedy)
        if (row["policy"], row["matter"]) in seen:
            what = f"matter '{row['matter']}' is here twice for '{row['policy']}'"
            found.add(str(directory / "ladders.csv"), line, what, "keep one of them")
        seen.add((row["policy"], row["matter"]))


def _fault(problem: Problem, rows_of: _RowsOf) -> Fault:
    path = Path(problem.file)
    sheet, row = path.stem, problem.line
    if path.suffix == ".yaml":
        sheet, row = rows_of.get(path.stem, {}).get(problem.line, (path.stem, 0))
    known = {**SHEETS, SERVICE.name: SERVICE}
    columns = known[sheet].columns if sheet in known else {}
    words = problem.what.split(maxsplit=1)
    first = words[0].rstrip(":") if words else ""
    if path.suffix == ".yaml":
        first = next((one for one in columns if one in problem.what), "")
    column = first if first in columns else _named(problem.what, columns)
    return Fault(sheet, row, column, _told(problem.what, rows_of), _told(problem.remedy, rows_of))


def _named(what: str, columns: Mapping[str, bool]) -> str:
    """The column that a mistake is of, where its words begin otherwise."""
    found = re.search(r"column '(\w+)'", what)
    if found and found[1] in columns:
        return found[1]
    return next((column for column in columns if what.startswith(f"a {column} ")), "")


def _told(words: str, rows_of: _RowsOf) -> str:
    """The words with lists in place of files."""

    def told(found: re.Match[str]) -> str:
        sheet, line = found[1], int(found[2] or 0)
        if sheet in rows_of:
            sheet, line = rows_of[sheet].get(line, (sheet, 0))
        if sheet not in SHEETS:
            return found[0]
        return f"{SHEETS[sheet].title}{f', row {line}' if line else ''}"

    return _FILE.sub(told, words)
