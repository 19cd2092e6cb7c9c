"""
The people of the office, written to by hand; and where anybody else is found to be written to.

Staff are written to on their provider's page, parents on their child's. A name that somebody looks
for is sent as a form and stands in no address.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from apbot.desk import board as desk
from apbot.desk.passing_on import is_for_leads
from apbot.domain.calendar import local
from apbot.domain.people import Person
from apbot.reading.tokens import fold
from apbot.store.lists import Lists
from apbot.store.outbox import OutboxRow
from apbot.store.said import list_said_to_any
from apbot.web.clicks import do
from apbot.web.lobby import Acting, Here, Lobby, Posting, Signed, Viewer
from apbot.web.pages import page

router = APIRouter(include_in_schema=False)

WRITTEN_BACK = timedelta(days=2)
"""How long what was written to somebody stands on the page on which it was."""

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Written:
    """A text that the office wrote by hand; it `is_hidden` where the leads alone may read it."""

    text: OutboxRow
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """
    Somebody who is not of the office, what they are, and on which page they are written to.

    `about` is the pupil whose parent they are, else "".
    """

    person: Person
    what: str
    path: str
    about: str = ""


@router.get("/people")
def everybody(request: Request, lobby: Here, viewer: Signed) -> Response:
    """Show the people of the office."""
    return _shown(request, lobby, viewer, "")


@router.post("/people")
def find(
    request: Request,
    lobby: Here,
    viewer: Posting,
    name: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Find somebody by name."""
    return _shown(request, lobby, viewer, name.strip())


@router.post("/people/write")
def write(
    lobby: Here,
    viewer: Acting,
    to: Annotated[str, Form()],
    words: Annotated[str, Form(max_length=600)],
    then: Annotated[str, Form()] = "/",
    once: Annotated[str, Form()] = "",
) -> Response:
    """Send a person a text."""

    def act(click: desk.Click) -> str:
        if not words.strip():
            raise desk.Declined("Write what they are to know.")
        return desk.write_to(click, to, words.strip())

    path = then if then.startswith(("/providers/", "/pupils/", "/people")) else "/"
    return do(lobby, viewer, once, f"text: {words}", act, ("person", to), path)


def list_written(
    db: Connection, lobby: Lobby, viewer: Viewer, people: Collection[str]
) -> list[Written]:
    """Return what was lately written by hand to any of these people, the latest first."""
    now = lobby.clock.now()
    texts = list_said_to_any(db, set(people), now - WRITTEN_BACK, now)
    return [
        Written(text, not viewer.sees_concerns and is_for_leads(lobby.desk, text.text, now))
        for text in reversed(texts)
        if text.script == "from_office"
    ]


def _shown(request: Request, lobby: Lobby, viewer: Viewer, name: str) -> Response:
    on = local(lobby.clock.now()).date()
    with lobby.desk.database.reading() as db:
        lists = lobby.desk.lists(db)
        written = list_written(db, lobby, viewer, [c.person for c in lists.people.contacts])
    found = _found(lobby, lists, name)[:MOST_FOUND]
    for one in found:
        kind, key = ("pupil", one.about) if one.about else ("person", one.person.key)
        lobby.trail(viewer, "looked for", kind, key)
    persons = lists.people.person_by_key
    return page(
        request,
        "people.html",
        viewer,
        name=name,
        found=found,
        office=[
            (persons[one.person], one, one.is_on_duty(on) or not one.takes_cases)
            for one in lists.people.contacts
        ],
        written=written,
        persons=persons,
    )


def _found(lobby: Lobby, lists: Lists, name: str) -> list[Elsewhere]:
    """Staff and parents whose name has these words."""
    wanted = fold(name).split()
    if not wanted:
        return []
    people = lists.people
    found = []
    for one in people.staff:
        person, place = people.person_by_key[one.person], people.provider_by_key[one.provider]
        if _is_called(person, wanted):
            found.append(Elsewhere(person, place.name, f"/providers/{place.key}"))
    for parent in people.parents:
        person, pupil = people.person_by_key[parent.person], people.pupil_by_key[parent.pupil]
        if _is_called(person, wanted):
            path = f"/pupils/{lobby.opaque('pupil', pupil.key)}"
            found.append(Elsewhere(person, f"parent of {pupil.name}", path, pupil.key))
    return found


def _is_called(person: Person, wanted: Collection[str]) -> bool:
    names = fold(person.name).split()
    return all(any(name.startswith(word) for name in names) for word in wanted)
