"""
The service: its name, how pupils are named on phones, and the hours of its day.

Changed here like any list, by the same checks; what else is set says where it is changed.
"""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from apbot.desk import office
from apbot.desk.office import SERVICE, Fault, Faulty, Row
from apbot.domain.policy import NameStyle
from apbot.web.lists import Cells, keep_planned
from apbot.web.lobby import Here, KeepsLists, Posting, Viewer
from apbot.web.pages import page

router = APIRouter(include_in_schema=False)


@router.get("/service")
def shown(request: Request, lobby: Here, viewer: KeepsLists) -> Response:
    """Show how the service is set."""
    with lobby.desk.database.reading() as db:
        book = office.open_book(db)
    return _form(request, viewer, book.service)


@router.post("/service")
def change(
    request: Request, lobby: Here, viewer: KeepsLists, sent: Posting, form: Cells
) -> Response:
    """Change it."""
    given = {column: " ".join(form.get(column, "").split()) for column in SERVICE.columns}
    with lobby.desk.database.reading() as db:
        book = office.open_book(db)
    try:
        planned = office.plan_service(book, given)
        return keep_planned(lobby, viewer, planned, "/service")
    except Faulty as faulty:
        return _form(request, viewer, given, faulty.faults)
    except office.ChangedMeanwhile:
        said = Fault("", 0, "", "somebody else changed the lists just now, so nothing was kept")
        return _form(request, viewer, given, (said,))


def _form(request: Request, viewer: Viewer, row: Row, faults: tuple[Fault, ...] = ()) -> Response:
    wrong = {fault.column: fault for fault in reversed(faults) if fault.column in SERVICE.columns}
    return page(
        request,
        "service.html",
        viewer,
        status=422 if faults else 200,
        row=row,
        columns=list(SERVICE.columns),
        hints={column: office.hint_of(SERVICE.name, column) for column in SERVICE.columns},
        choices={"names": [str(style) for style in NameStyle]},
        wrong=wrong,
        others=[fault.what for fault in faults if fault.column not in wrong],
    )
