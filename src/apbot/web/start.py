"""
Getting started: what is set up, what is not yet, and what tomorrow will bring.

For whoever has just loaded their first lists, and for anybody who asks whether all is well: each
step says whether it is done, and what to do where it is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from apbot.desk import board as desk
from apbot.desk.enrolment import invite_links
from apbot.desk.planning import planned_register
from apbot.desk.rota import reachable
from apbot.domain.calendar import local
from apbot.domain.people import Person, Provider
from apbot.domain.register import Register
from apbot.domain.words import Half
from apbot.store.lists import Lists
from apbot.store.said import list_to
from apbot.store.trail import leave_trail
from apbot.web.clicks import do
from apbot.web.lobby import Here, KeepsLists, Posting, Signed
from apbot.web.pages import page

router = APIRouter(include_in_schema=False)

LOOKED_AHEAD = 30
"""So many days ahead the next day with a register is looked for."""

TEST = "This is a test: texts reach you."

SHOWN_TESTS = timedelta(minutes=30)
"""How long the page shows what became of a test."""

MOST_PLACES = 60
"""So many providers are listed by their people."""


@router.get("/start")
def start(request: Request, lobby: Here, viewer: Signed) -> Response:
    """Show how far the set-up is."""
    now, me = lobby.clock.now(), viewer.person.key
    today = local(now).date()
    with lobby.desk.database.reading() as db:
        lists = lobby.desk.lists(db)
        staff = {one.person for one in lists.people.staff}
        able = reachable(db, lists, {*staff, me}, lobby.desk.channels)
        mine = able[me].addresses if me in able else ()
        tests = [text for text in list_to(db, mine, now - SHOWN_TESTS) if TEST in text.text]
    people = lists.people
    places = [_place(lists, provider, able) for provider in people.providers]
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
        ways=lobby.ways,
        is_on=bool(lobby.desk.channels),
        mine=mine,
        may_use_telegram="telegram" in lobby.desk.channels,
        has_chat=any(address.channel == "telegram" for address in mine),
        tests=tests[::-1],
        silent=[place for place in places if not place.is_reached],
        places=sorted(places, key=lambda place: place.is_reached)[:MOST_PLACES],
        providers=len(places),
        next_day=next_day,
        planned=planned,
        pupils=sum(len(register.roster) for register in planned),
        ends_on=lists.calendar.ends_on,
    )


@router.post("/start/test")
def text_oneself(
    lobby: Here,
    viewer: Posting,
    channel: Annotated[str, Form(max_length=20)] = "",
    once: Annotated[str, Form()] = "",
) -> Response:
    """Text the viewer themselves, on the way that they chose."""

    def act(click: desk.Click) -> str:
        desk.write_to(click, viewer.person.key, TEST, by=channel)
        return "On its way. Below stands what the network says of it."

    about = ("person", viewer.person.key)
    return do(lobby, viewer, once, "a test text to oneself", act, about, "/start#h-test")


@router.post("/start/link")
def link(
    lobby: Here,
    viewer: KeepsLists,
    sent: Posting,
    person: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Make a one-time Telegram link, to be handed to somebody whom no text reaches."""
    answer = RedirectResponse("/start", 303)
    with lobby.desk.database.writing() as db:
        if lobby.desk.telegram_link is None:
            return lobby.say_next(answer, "Telegram is not on.")
        made = invite_links(db, lobby.desk, person or viewer.person.key, lobby.clock.now())
        if not made:
            return lobby.say_next(answer, "Their line in the lists does not name telegram.")
        leave_trail(db, lobby.clock.now(), viewer.person.key, "made a link", "person", person[:100])
    name, address = made[0]
    if not address:
        return lobby.say_next(answer, "Telegram does not answer just now: try again in a minute.")
    return lobby.say_next(answer, f"For {name}, once: {address}")


@dataclass(frozen=True, slots=True)
class Place:
    """A provider, and each of its people: key, name, how they are reached, if Telegram waits."""

    provider: Provider
    people: tuple[tuple[str, str, str, bool], ...]

    @property
    def is_reached(self) -> bool:
        """Whether anybody there can be asked."""
        return any(ways for _, _, ways, _ in self.people)


def _place(lists: Lists, provider: Provider, able: Mapping[str, Person]) -> Place:
    people = []
    for one in lists.people.staff_of(provider.key):
        person = lists.people.person_by_key[one.person]
        found = able.get(one.person)
        ways = [address.channel for address in found.addresses] if found else []
        waits = "telegram" in person.channels and "telegram" not in ways
        people.append((person.key, person.name, ", ".join(dict.fromkeys(ways)), waits))
    return Place(provider, tuple(people))


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
