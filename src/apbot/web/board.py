"""
The board: the whole of today in one look, live; and where one child is now.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from apbot.domain.calendar import local
from apbot.store.trail import leave_trail
from apbot.web.finding import find
from apbot.web.live import is_stale
from apbot.web.lobby import Here, Lobby, Posting, Signed, Viewer
from apbot.web.pages import fragment, macro, page
from apbot.web.today import ACTS, Row, Today, order_for

router = APIRouter(include_in_schema=False)

MOST_OPEN = 12
"""So many providers who need nobody stand open; more are folded into one line."""

LEAST_TYPED = 2
"""So many letters before anybody is looked for."""


@router.get("/")
def today(request: Request, lobby: Here, viewer: Signed, wall: str | None = None) -> Response:
    """Show today."""
    board = lobby.live.today()
    return page(
        request,
        "board.html",
        viewer,
        wall=wall is not None,
        live=lobby.live.time(),
        **facts_of(board, viewer),
    )


@router.get("/live")
async def live(request: Request, lobby: Here) -> Response:
    """Tell an open board what changes, until its viewer signs out or their visit ends."""
    viewer = await run_in_threadpool(lobby.viewer, request)
    if viewer is None:
        return Response(status_code=204)  # a browser that is told 204 does not come back
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    told = teller(lobby, request, viewer)
    return StreamingResponse(
        lobby.live.stream(told), media_type="text/event-stream", headers=headers
    )


@router.post("/find")
def where(
    request: Request,
    lobby: Here,
    viewer: Posting,
    name: Annotated[str, Form(max_length=80)] = "",
    part: Annotated[str, Form()] = "",
) -> Response:
    """
    Say where a child is now. A name is never in an address, so it is sent as a form.

    With `part` only the answer itself is returned, for a page that is open.
    """
    found = []
    if len(name.strip()) >= LEAST_TYPED:
        with lobby.desk.database.reading() as db:
            lists = lobby.desk.lists(db)
        found = find(name, lists, lobby.live.today(), viewer)
        if found:
            with lobby.desk.database.writing() as db:
                for one in found:
                    me, now = viewer.person.key, lobby.clock.now()
                    leave_trail(db, now, me, "looked for", "pupil", one.pupil.key)

    def opaque(key: str) -> str:
        return lobby.opaque("pupil", key)

    if part:
        on = local(lobby.clock.now()).date()
        html = fragment("found.html", found=found, name=name.strip(), opaque=opaque, on=on)
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})
    return page(
        request,
        "find.html",
        viewer,
        found=found,
        name=name.strip(),
        opaque=opaque,
        on=local(lobby.clock.now()).date(),
    )


def facts_of(board: Today, viewer: Viewer) -> dict[str, Any]:
    """Return what the page of the board is made of."""
    ordered = order_for(board, viewer.person.key)
    html = {id: seen_by(viewer, row) for id, row in board.rows.items()}
    return {
        "on": board.on,
        "ordered": {group: [html[id] for id in ids] for group, ids in ordered.items()},
        "summary": board.summary,
        "is_quiet": not board.registers,
        "is_silent": board.is_silent,
        "most_open": MOST_OPEN,
    }


def seen_by(viewer: Viewer, row: Row) -> str:
    """Return a row as this viewer sees it, with what they may do."""
    html = row.html
    if row.case is None:
        return html
    me = viewer.person.key
    if row.limited and not viewer.sees_concerns and me not in row.case.told:
        # Nor can they take it: what it says is not theirs to read.
        return row.limited.replace(ACTS, "")
    acts = str(macro("rows.html", "case_acts")(row.case, viewer)) if viewer.may_act else ""
    return html.replace(ACTS, acts)


def teller(
    lobby: Lobby, request: Request, viewer: Viewer
) -> Callable[[Today], dict[str, Any] | None]:
    """Return what tells one browser of a board: what it has not been told yet, and no more."""
    sent: Mapping[str, Row] = {}
    order: dict[str, list[str]] = {}
    summary = ""
    looked_at = lobby.machine.now()

    def told(board: Today) -> dict[str, Any] | None:
        nonlocal sent, order, summary, looked_at
        now = lobby.machine.now()
        if is_stale(looked_at, now):
            looked_at = now
            if lobby.viewer(request) is None:
                return {"over": True}
        rows = {
            id: seen_by(viewer, row)
            for id, row in board.rows.items()
            if (was := sent.get(id)) is not row and (was is None or was.html != row.html)
        }
        was_order, order = order, order_for(board, viewer.person.key)
        moved = {group: ids for group, ids in order.items() if ids != was_order.get(group)}
        is_said, summary, sent = board.summary == summary, board.summary, board.rows
        for group in {board.rows[id].group for id in rows}:
            moved[group] = order[group]
        if not moved and is_said:
            return None
        return {"rows": rows, "order": moved, "summary": summary}

    return told
