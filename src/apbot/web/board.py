"""
The board: the whole of today in one look, live; and where one child is now.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from apbot.domain.calendar import local
from apbot.store.trail import leave_trail
from apbot.web.changes import Told, seen_by
from apbot.web.finding import find
from apbot.web.live import event, is_stale
from apbot.web.lobby import Here, Lobby, Posting, Signed, Viewer
from apbot.web.pages import fragment, is_part, page
from apbot.web.today import Today, order_for

router = APIRouter(include_in_schema=False)

MOST_OPEN = 12
"""So many providers who need nobody stand open; more are folded into one line."""

LEAST_TYPED = 2
"""So many letters before anybody is looked for."""

OVER = event("over", "")
"""The visit has ended: the page loads itself anew, and leads to the sign-in."""


@router.get("/")
def today(request: Request, lobby: Here, viewer: Signed, wall: str | None = None) -> Response:
    """Show today; to a form that was sent from it, only what came of that."""
    if is_part(request):
        return page(request, "said.html", viewer)
    board = lobby.live.today()
    return page(
        request,
        "board.html",
        viewer,
        wall=wall is not None,
        live=lobby.live.time(),
        **facts_of(board, viewer),
    )


@router.get("/today/live")
async def live(request: Request, lobby: Here, seen: str = "") -> Response:
    """Tell an open board what changes, until its viewer signs out or their visit ends."""
    viewer = await run_in_threadpool(lobby.viewer, request)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if viewer is None:
        return Response(OVER, media_type="text/event-stream", headers=headers)
    told = teller(lobby, request, viewer, seen)
    return StreamingResponse(
        lobby.live.stream(told), media_type="text/event-stream", headers=headers
    )


@router.post("/find")
def where(
    request: Request,
    lobby: Here,
    viewer: Posting,
    name: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """
    Say where a child is now. A name is never in an address, so it is sent as a form.

    While it is typed only the answer itself is returned, for the page that is open.
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

    if is_part(request):
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
        "stamp": board.stamp,
        "is_quiet": not board.registers,
        "most_open": MOST_OPEN,
    }


def teller(
    lobby: Lobby, request: Request, viewer: Viewer, seen: str = ""
) -> Callable[[Today], str | None]:
    """
    Return what tells one browser of a board: what it has not been told yet, and no more.

    `seen` is the stamp of the board that its page was made from: while nothing else has come, the
    page is left as it is.
    """
    known = Told(viewer)
    looked_at = lobby.machine.now()

    def told(board: Today) -> str | None:
        nonlocal looked_at
        now = lobby.machine.now()
        if is_stale(looked_at, now):
            looked_at = now
            if lobby.viewer(request) is None:
                return OVER
        if known.board is None and board.stamp == seen:
            known.has(board)
        news = known.news(board)
        return event("board", news) if news else None

    return told
