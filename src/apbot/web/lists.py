"""
The office's lists on the board: looked up, changed a row at a time, and taken from spreadsheets.

For whoever keeps the lists alone. Nothing is kept that the checks of a load would refuse, and a
file is kept only once its differences were seen. An address names nobody; every look and change is
in the trail.
"""

import base64
import binascii
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from apbot.desk import office
from apbot.desk.board import begin, heed_note
from apbot.desk.office import SHEETS, Book, Fault, Faulty, Row, Sheet, Unclear
from apbot.desk.past import Past, find_past
from apbot.domain.calendar import local
from apbot.store.trail import leave_trail
from apbot.web.lobby import Here, KeepsLists, Lobby, NoSuchPage, Posting, Viewer
from apbot.web.pages import begun, page

router = APIRouter(include_in_schema=False)

MOST_SHOWN = 200
"""So many rows are on one page; more are found by typing."""

MOST_BYTES = 1_000_000

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

REFERS: Mapping[str, str] = {
    "key_contact": "contacts",
    "cover": "contacts",
    "provider": "providers",
    "pupil": "pupils",
    "policy": "policies",
}
"""Which list holds the keys that a column may name."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "backup": ("no", "yes"),
    "tell_parents": ("yes", "no"),
    "told": ("yes", "no"),
}

KEYS_OF_NAMES = {"providers": "provider", "pupils": "pupil"} | dict.fromkeys(
    ("staff", "contacts", "parents"), "person"
)
"""The column whose key can be made of the name, where it is left empty."""


async def _cells(request: Request) -> dict[str, str]:
    return {name: str(words) for name, words in (await request.form()).items()}


Cells = Annotated[dict[str, str], Depends(_cells)]
"""The fields of a form, whichever there are."""


@router.get("/lists")
def every(request: Request, lobby: Here, viewer: KeepsLists) -> Response:
    """Show what lists there are."""
    book = _book(lobby)
    sheets = [(sheet, len(book.sheets[name])) for name, sheet in SHEETS.items()]
    return page(request, "lists.html", viewer, sheets=sheets)


@router.get("/lists/{name}")
def one(request: Request, lobby: Here, viewer: KeepsLists, name: str) -> Response:
    """Show a list."""
    return _shown(request, lobby, viewer, _sheet(name), "")


@router.post("/lists/{name}")
def find(
    request: Request,
    lobby: Here,
    viewer: KeepsLists,
    sent: Posting,
    name: str,
    words: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Show those rows of a list that have these words. Nobody's name is in the address."""
    return _shown(request, lobby, viewer, _sheet(name), words.strip())


@router.get("/lists/{name}/ended")
def ended(request: Request, lobby: Here, viewer: KeepsLists, name: str) -> Response:
    """Show what stood in a list before, and what came in its place."""
    sheet = _sheet(name)
    past, persons = _past(lobby, name)
    lobby.trail(viewer, "saw", "list", name)
    return page(request, "list_ended.html", viewer, sheet=sheet, past=past, persons=persons)


@router.get("/lists/{name}/save/{kind}")
def save(lobby: Here, viewer: KeepsLists, name: str, kind: str) -> Response:
    """Save a list, or all of them, as a file."""
    names = list(SHEETS) if name == "all" else [_sheet(name).name]
    if kind == "csv" and name != "all":
        content, media = office.csv_file(lobby.desk, name), "text/csv; charset=utf-8"
    elif kind in ("xlsx", "template"):
        content = office.workbook(lobby.desk, names, is_template=kind == "template")
        media = XLSX
    else:
        raise NoSuchPage("such file")
    lobby.trail(viewer, "saved", "list", name)
    on = local(lobby.clock.now()).date().isoformat()
    file = f"{name}-template.xlsx" if kind == "template" else f"{name}-{on}.{kind}"
    headers = {
        "Content-Disposition": f'attachment; filename="{file}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media, headers=headers)


@router.get("/lists/{name}/new")
def new(request: Request, lobby: Here, viewer: KeepsLists, name: str) -> Response:
    """Ask for a new row."""
    if name == "providers":
        # It needs somebody who answers for it: both are asked for together.
        return RedirectResponse("/new-provider", 303)
    return _form(request, viewer, _sheet(name), _book(lobby), {}, None)


@router.get("/lists/{name}/row/{opaque}")
def row(request: Request, lobby: Here, viewer: KeepsLists, name: str, opaque: str) -> Response:
    """Show a row, to be changed or ended."""
    sheet, book = _sheet(name), _book(lobby)
    key = _behind(lobby, sheet, book, opaque)
    lobby.trail(viewer, "saw", "list", f"{name}/{key}"[:100])
    past = _past(lobby, name, key)
    return _form(request, viewer, sheet, book, book.find(name, key) or {}, opaque, past=past)


@router.post("/lists/{name}/new")
def add(
    request: Request, lobby: Here, viewer: KeepsLists, sent: Posting, form: Cells, name: str
) -> Response:
    """Add a row."""
    sheet, book = _sheet(name), _book(lobby)
    given = _filled(sheet, book, _given(form, sheet))
    sheets = office.with_row(book, name, None, given)
    return _keep_row(request, lobby, viewer, sheet, book, sheets, given, None)


@router.post("/lists/{name}/row/{opaque}")
def change(
    request: Request,
    lobby: Here,
    viewer: KeepsLists,
    sent: Posting,
    form: Cells,
    name: str,
    opaque: str,
) -> Response:
    """Change a row, or end it."""
    sheet, book = _sheet(name), _book(lobby)
    key = _behind(lobby, sheet, book, opaque)
    given = _given(form, sheet)
    if form.get("end"):
        given = book.find(name, key) or {}
        sheets = office.without_row(book, name, key, lobby.clock.now())
    else:
        sheets = office.with_row(book, name, key, given)
    return _keep_row(request, lobby, viewer, sheet, book, sheets, given, opaque)


@router.post("/lists/{name}/file")
def look_through(
    request: Request,
    lobby: Here,
    viewer: KeepsLists,
    sent: Posting,
    name: str,
    file: Annotated[UploadFile, File()],
    whole: Annotated[str, Form()] = "",
) -> Response:
    """Say what a spreadsheet would change, or what is wrong with it; change nothing."""
    return _previewed(request, lobby, viewer, name, file.file.read(MOST_BYTES + 1), whole)


@router.post("/lists/{name}/load")
def load(
    request: Request,
    lobby: Here,
    viewer: KeepsLists,
    sent: Posting,
    name: str,
    content: Annotated[str, Form()],
    version: Annotated[int, Form()],
    whole: Annotated[str, Form()] = "",
) -> Response:
    """Keep what was looked through."""
    try:
        raw = base64.b64decode(content, validate=True)
    except binascii.Error:
        raise NoSuchPage("such file") from None
    book = _book(lobby)
    if book.version != version:
        return _previewed(request, lobby, viewer, name, raw, whole, is_changed=True)
    try:
        planned = office.plan_file(book, office.rows_in(raw, _of(name)), is_whole=bool(whole))
    except (Unclear, Faulty):
        return _previewed(request, lobby, viewer, name, raw, whole)
    try:
        return keep_planned(lobby, viewer, planned, "/lists" if name == "all" else f"/lists/{name}")
    except office.ChangedMeanwhile:
        return _previewed(request, lobby, viewer, name, raw, whole, is_changed=True)


def _shown(request: Request, lobby: Lobby, viewer: Viewer, sheet: Sheet, words: str) -> Response:
    book = _book(lobby)
    wanted = _folded(words).split()
    rows = [
        row
        for row in book.sheets[sheet.name]
        if all(word in _folded(" ".join(row.values())) for word in wanted)
    ]
    lobby.trail(viewer, "saw", "list", sheet.name)
    return page(
        request,
        "list.html",
        viewer,
        sheet=sheet,
        words=words,
        count=len(book.sheets[sheet.name]),
        found=len(rows),
        rows=[(lobby.opaque(sheet.name, sheet.key(row)), row) for row in rows[:MOST_SHOWN]],
    )


def _form(
    request: Request,
    viewer: Viewer,
    sheet: Sheet,
    book: Book,
    row: Row,
    opaque: str | None,
    faults: Sequence[Fault] = (),
    others: Sequence[str] = (),
    past: tuple[Sequence[Past], Mapping[str, str]] = ((), {}),
) -> Response:
    wrong = {fault.column: fault for fault in reversed(faults)}
    return page(
        request,
        "list_row.html",
        viewer,
        status=422 if faults or others else 200,
        sheet=sheet,
        row=row,
        opaque=opaque,
        hints={column: office.hint_of(sheet.name, column) for column in sheet.columns},
        fixed=_fixed(sheet) if opaque else (),
        choices={**CHOICES, "kind": tuple(office.KINDS)} if sheet.name == "calendar" else CHOICES,
        known={
            column: [
                (one[SHEETS[REFERS[column]].keys[0]], one.get("name", ""))
                for one in book.sheets[REFERS[column]]
            ]
            for column in sheet.columns
            if column in REFERS and column not in _own(sheet)
        },
        wrong=wrong,
        others=[*others, *(_says(fault) for fault in faults if not fault.column)],
        ends=sheet.name == "placements",
        past=past[0],
        persons=past[1],
    )


def _past(lobby: Lobby, name: str, key: str | None = None) -> tuple[list[Past], Mapping[str, str]]:
    """What stood in a list before, or in one row of it; and everybody's name by key."""
    with lobby.desk.database.reading() as db:
        lists = lobby.desk.lists(db)
        found = find_past(db, lists, name, key)
    return found, {key: person.name for key, person in lists.people.person_by_key.items()}


def _keep_row(
    request: Request,
    lobby: Lobby,
    viewer: Viewer,
    sheet: Sheet,
    book: Book,
    sheets: Mapping[str, Sequence[Row]],
    given: Row,
    opaque: str | None,
) -> Response:
    try:
        planned = office.plan(book, sheets)
    except Faulty as faulty:
        own, others = _sorted_out(sheet, sheets, given, faulty.faults)
        return _form(request, viewer, sheet, book, given, opaque, own, others)
    try:
        return keep_planned(lobby, viewer, planned, f"/lists/{sheet.name}")
    except office.ChangedMeanwhile:
        said = ["Somebody else changed the lists just now, so nothing was kept. Save it again."]
        return _form(request, viewer, sheet, _book(lobby), given, opaque, others=said)


def keep_planned(lobby: Lobby, viewer: Viewer, planned: office.Plan, then: str) -> Response:
    """Keep what was planned, and lead on. Raises ChangedMeanwhile."""
    with lobby.desk.database.writing() as db:
        now, by = lobby.clock.now(), viewer.person.key
        count = office.keep(db, planned, now, by)
        for one in planned.differences:
            leave_trail(
                db,
                now,
                by,
                "changed",
                "list",
                f"{one.sheet.name}/{one.key}".rstrip("/")[:100],
                _words(one),
            )
    said = f"Kept: {count} {'row' if count == 1 else 'rows'}." if count else "Nothing to change."
    heard = dict.fromkeys(_heeded(lobby, viewer, planned))
    lobby.nudge()
    return lobby.say_next(RedirectResponse(then, 303), "\n".join([said, *heard]))


def _heeded(lobby: Lobby, viewer: Viewer, planned: office.Plan) -> Iterator[str]:
    """Have the leads told of a concern in a note that was written; yield what the page says."""
    now, key = lobby.clock.now(), viewer.person.key
    for one in planned.differences:
        if one.sheet.name != "notes" or one.kind == "ended":
            continue
        with lobby.desk.database.writing() as db:
            once = f"{key}:{token_urlsafe(12)}"
            click = begin(db, lobby.desk, key, f"note: {one.row['note']}", once, now)
            if said := heed_note(click, one.row["note"], one.row["provider"]):
                yield said


def _previewed(
    request: Request,
    lobby: Lobby,
    viewer: Viewer,
    name: str,
    raw: bytes,
    whole: str,
    *,
    is_changed: bool = False,
) -> Response:
    book, said = _book(lobby), ""
    faults: tuple[Fault, ...] = ()
    differences: tuple[office.Difference, ...] = ()
    try:
        if len(raw) > MOST_BYTES:
            raise Unclear("the file is larger than a megabyte", "is this the right one?")
        given = office.rows_in(raw, _of(name))
        differences = office.plan_file(book, given, is_whole=bool(whole)).differences
    except Unclear as unclear:
        said = begun(": ".join(filter(None, (unclear.what, unclear.remedy))))
    except Faulty as faulty:
        faults = faulty.faults
    is_wrong = bool(said or faults)
    return page(
        request,
        "list_file.html",
        viewer,
        status=422 if is_wrong else 200,
        name=name,
        title=SHEETS[name].title if name in SHEETS else "All lists",
        sheets=SHEETS,
        problem=said,
        faults=faults,
        differences=differences,
        kinds=[
            (kind, [one for one in differences if one.kind == kind])
            for kind in ("ended", "changed", "added")
        ],
        is_changed=is_changed,
        version=book.version,
        whole=whole,
        content="" if is_wrong else base64.b64encode(raw).decode(),
    )


def _sorted_out(
    sheet: Sheet, sheets: Mapping[str, Sequence[Row]], given: Row, faults: Sequence[Fault]
) -> tuple[list[Fault], list[str]]:
    """The mistakes of the row that was given, and those that it makes elsewhere, in words."""
    own, others = [], []
    for fault in faults:
        rows = sheets.get(fault.sheet, ())
        at = fault.row - 2
        row = rows[at] if 0 <= at < len(rows) else {}
        if fault.sheet == sheet.name and row and sheet.key(row) == sheet.key(given):
            own.append(fault)
        else:
            title = SHEETS[fault.sheet].title if fault.sheet in SHEETS else fault.sheet
            key = SHEETS[fault.sheet].key(row) if row else ""
            others.append(f"{title}{f', {key}' if key else ''}: {_says(fault)}")
    return own, others


def _given(form: Mapping[str, str], sheet: Sheet) -> Row:
    return {column: " ".join(str(form.get(column, "")).split()) for column in sheet.columns}


def _filled(sheet: Sheet, book: Book, given: Row) -> Row:
    """A key made of the name where there is none; a known person's own name and number."""
    row = dict(given)
    column = KEYS_OF_NAMES.get(sheet.name)
    if column and not row[column] and row.get("name"):
        row[column] = office.key_of(row["name"])
    if column == "person":
        every = (one for name in office.OF_PERSONS for one in book.sheets[name])
        known: Row = next((one for one in every if one["person"] == row["person"]), {})
        for shared in office.SHARED:
            if shared in row and not row[shared]:
                row[shared] = known.get(shared, "")
    return row


def _fixed(sheet: Sheet) -> tuple[str, ...]:
    """The columns that say which row it is: another key is another row."""
    if sheet.name in ("calendar", "notes", "known_absences"):
        return ()
    return tuple(column for column in sheet.keys if column != "from")


def _own(sheet: Sheet) -> tuple[str, ...]:
    return sheet.keys if len(sheet.keys) == 1 else ()


def _behind(lobby: Lobby, sheet: Sheet, book: Book, opaque: str) -> str:
    return lobby.behind(sheet.name, opaque, [sheet.key(row) for row in book.sheets[sheet.name]])


def _sheet(name: str) -> Sheet:
    if name not in SHEETS:
        raise NoSuchPage("such list")
    return SHEETS[name]


def _of(name: str) -> str:
    return "" if name == "all" else _sheet(name).name


def _book(lobby: Lobby) -> Book:
    with lobby.desk.database.reading() as db:
        return office.open_book(db)


def _says(fault: Fault) -> str:
    return "; ".join(filter(None, (fault.what, fault.remedy)))


def _words(one: office.Difference) -> str:
    fields = ", ".join(f"{column}: {was} > {now}" for column, was, now in one.fields)
    return f"{one.kind}{f' ({fields})' if fields else ''}"


def _folded(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
