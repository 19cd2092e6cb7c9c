"""
Replies that need reading: what could not be handled, what was not quite understood, and strangers.

Whoever reads one that the bot did not know a word of can teach it from here.
"""

from datetime import time, timedelta

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from apbot.desk.strangers import PASSED_ON
from apbot.domain.calendar import at, local
from apbot.domain.words import Flag
from apbot.store.inbox import list_messages, list_strangers, list_unhandled
from apbot.store.registers import list_by_id
from apbot.web.lobby import Here, Signed
from apbot.web.pages import page

router = APIRouter(include_in_schema=False)

SHOWN_BACK = timedelta(days=7)


@router.get("/replies")
def replies(request: Request, lobby: Here, viewer: Signed) -> Response:
    """Show the replies of a week that somebody should read."""
    on = local(lobby.clock.now()).date()
    since = on - SHOWN_BACK
    with lobby.desk.database.reading() as db:
        persons = {p.key: p for p in lobby.desk.lists(db).people.persons}
        # Nobody has read these: they may be anything, so whoever can act on them sees them.
        unhandled = list_unhandled(db) if viewer.may_act else ()
        strangers = list_strangers(db, at(since, time(0, 0)))
        unread = lobby.unread(db, since)
        came = {row.id: row for row in list_messages(db, [one["inbox"] for one in unread])}
        about = {one["register"] for one in unread if one["register"] is not None}
        registers = {one.id: one for one in list_by_id(db, about)}
    secret = {str(Flag.CONCERN), str(Flag.EMERGENCY)}
    if not viewer.sees_concerns:
        unread = [one for one in unread if not secret & set(one["flags"])]
        strangers = tuple(one for one in strangers if one.came_of_it != PASSED_ON)
    lobby.trail(viewer, "saw", "replies")
    return page(
        request,
        "replies.html",
        viewer,
        unhandled=unhandled,
        strangers=tuple(reversed(strangers)),
        unread=list(reversed(unread)),
        came=came,
        registers=registers,
        persons=persons,
    )
