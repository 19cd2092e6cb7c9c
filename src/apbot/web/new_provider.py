"""
A new provider, and somebody who answers for it: neither is of use without the other.

For whoever keeps the lists; all the checks of the lists hold.
"""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from apbot.desk import office, starting
from apbot.desk.office import SHEETS, Book, Fault, Faulty
from apbot.web.lists import Cells, keep_planned
from apbot.web.lobby import Here, KeepsLists, Lobby, Posting, Viewer
from apbot.web.pages import page

router = APIRouter(include_in_schema=False)

PLACE = tuple(c for c in SHEETS["providers"].columns if c != "provider")
STAFF = ("name", "mobile", "channels", "days")


@router.get("/new-provider")
def ask(request: Request, lobby: Here, viewer: KeepsLists) -> Response:
    """Ask for it."""
    first = {"days": "Mon-Fri", "policy": "default", "key_contact": viewer.person.key}
    return _form(request, viewer, _book(lobby), first)


@router.post("/new-provider")
def add(request: Request, lobby: Here, viewer: KeepsLists, sent: Posting, form: Cells) -> Response:
    """Keep it."""
    book = _book(lobby)
    given = {name: " ".join(words.split()) for name, words in form.items()}
    try:
        return keep_planned(lobby, viewer, starting.plan_provider(book, given), "/start")
    except Faulty as faulty:
        return _form(request, viewer, book, given, faulty.faults)
    except office.ChangedMeanwhile:
        said = Fault("", 0, "", "somebody else changed the lists just now: send it again")
        return _form(request, viewer, _book(lobby), given, (said,))


def _form(
    request: Request,
    viewer: Viewer,
    book: Book,
    form: Mapping[str, str],
    faults: tuple[Fault, ...] = (),
) -> Response:
    names = [*PLACE, *(starting.STAFF + column for column in STAFF)]
    return page(
        request,
        "new_provider.html",
        viewer,
        status=422 if faults else 200,
        form={name: form.get(name, "") for name in names},
        place=PLACE,
        staff=STAFF,
        before=starting.STAFF,
        hints={
            **{column: office.hint_of("providers", column) for column in PLACE},
            **{starting.STAFF + column: office.hint_of("staff", column) for column in STAFF},
        },
        contacts=[(row["person"], row["name"]) for row in book.sheets["contacts"]],
        policies=[(row["policy"], row["policy"]) for row in book.sheets["policies"]],
        wrong={fault.column: fault for fault in reversed(faults) if fault.column in names},
        others=[fault for fault in faults if fault.column not in names],
    )


def _book(lobby: Lobby) -> Book:
    with lobby.desk.database.reading() as db:
        return office.open_book(db)
