"""
Getting started: what is set up, what is not yet, and what tomorrow will bring.

For whoever has just loaded their first lists, and for anybody who asks whether all is well: each
step says whether it is done, and what to do where it is not.
"""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from apbot.desk import board as desk
from apbot.desk.planning import planned_register
from apbot.desk.rota import reachable
from apbot.domain.calendar import local
from apbot.domain.register import Register
from apbot.domain.words import Half
from apbot.store.lists import Lists
from apbot.web.clicks import do
from apbot.web.lobby import Here, Posting, Signed
from apbot.web.pages import page

router = APIRouter(include_in_schema=False)

LOOKED_AHEAD = 30
"""So many days ahead the next day with a register is looked for."""

TEST = "This is a test: texts reach you."


@router.get("/start")
def start(request: Request, lobby: Here, viewer: Signed) -> Response:
    """Show how far the set-up is."""
    today = local(lobby.clock.now()).date()
    with lobby.desk.database.reading() as db:
        lists = lobby.desk.lists(db)
        staff = {one.person for one in lists.people.staff}
        able = set(reachable(db, lists, staff, lobby.desk.channels))
    people = lists.people
    asked = {one.provider for one in people.staff if one.person in able}
    next_day, planned = _next_day(lists, today)
    return page(
        request,
        "start.html",
        viewer,
        counts=[
            (len(people.providers), "provider"),
            (len(people.pupils), "pupil"),
            (len(people.placements), "placement"),
            (len(staff), "person on the staff", "people on the staff"),
            (len(people.contacts), "person of your own", "people of your own"),
        ],
        channels=sorted(lobby.desk.channels),
        silent=[provider.name for provider in people.providers if provider.key not in asked],
        providers=len(people.providers),
        next_day=next_day,
        planned=planned,
        pupils=sum(len(register.roster) for register in planned),
        ends_on=lists.calendar.ends_on,
    )


@router.post("/start/test")
def text_oneself(lobby: Here, viewer: Posting, once: Annotated[str, Form()] = "") -> Response:
    """Text the viewer themselves."""

    def act(click: desk.Click) -> str:
        desk.write_to(click, viewer.person.key, TEST)
        return "Sent. It should be on your phone now."

    about = ("person", viewer.person.key)
    return do(lobby, viewer, once, "a test text to oneself", act, about, "/start")


def _next_day(lists: Lists, today: date) -> tuple[date | None, list[Register]]:
    """The next day after today on which anybody is due, and its registers."""
    for ahead in range(1, LOOKED_AHEAD):
        on = today + timedelta(days=ahead)
        planned = [
            register
            for provider in lists.people.providers
            for half in Half
            if (register := planned_register(lists, provider, on, half)) is not None
        ]
        if planned:
            return on, planned
    return None, []
