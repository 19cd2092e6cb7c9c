"""
The lobby: who stands before the board, and what they may do.

Every page of the board asks here first. Whoever is not signed in is led to the sign-in; whoever may
not do a thing is told so kindly; a form that did not come from our own page does nothing.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Form
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from apbot.clock import Clock
from apbot.desk.desk import Desk, NothingLoaded
from apbot.domain.people import Contact, Person, keeps_lists
from apbot.settings import Way
from apbot.store.access import SEEN_EVERY, Visit, find_visit, mark_seen
from apbot.store.lists import Lists, find_version
from apbot.store.trail import leave_trail
from apbot.web.live import Live

if TYPE_CHECKING:
    from apbot.web.open_id import OpenId

SAID = "apbot-said"
"""The cookie with which one page leaves a word for the next."""


class SignInFirst(Exception):
    """Nobody is signed in in this browser: lead them to the sign-in, and back."""


class NotAllowed(Exception):
    """The viewer may not do this; the message says what it takes."""


class NoSuchPage(Exception):
    """There is nothing here, or nothing any more; the message says what was sought."""


class NotOurForm(Exception):
    """A form that was not sent from a page of ours, or from one that is too old."""


def setup_code(secret: str) -> str:
    """Return the code with which whoever runs the server sets up an empty house."""
    seal = hmac.new(secret.encode(), b"set-up", hashlib.sha256).hexdigest()[:12].upper()
    return f"{seal[:4]}-{seal[4:8]}-{seal[8:]}"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is signed in in this browser. `csrf` is what each of their forms must carry."""

    person: Person
    contact: Contact
    visit: Visit
    csrf: str
    keeps_lists: bool

    @property
    def may_act(self) -> bool:
        """Whether they may mark registers and take on cases."""
        return self.contact.takes_cases

    @property
    def may_teach(self) -> bool:
        """Whether they may teach the bot a word."""
        return self.may_act or self.keeps_lists

    @property
    def sees_concerns(self) -> bool:
        """Whether they may read what a concern says."""
        return self.contact.sees_concerns


@dataclass(frozen=True, slots=True)
class Lobby:
    """
    What the board's pages are served with.

    `clock` is the house's, `machine` the real one, by which codes and visits end. `address` is
    what browsers see. `nudge` tells the engine that there is something to do; `live` is the board
    as it stands; `unread` finds replies since a day that were not understood. `try_as` are people
    of the sandbox whose phones stand on the page of phones. `ways` are those to phones, set or not.
    `open_id` is who says whose an office account is, where one is set.
    """

    desk: Desk
    clock: Clock
    machine: Clock
    secret: str
    address: str
    nudge: Callable[[], None]
    live: Live
    unread: Callable[[Connection, date], list[dict[str, Any]]]
    try_as: tuple[Person, ...] = ()
    ways: tuple[Way, ...] = ()
    open_id: "OpenId | None" = None

    @property
    def service(self) -> str:
        """The name of the service, as the lists have it."""
        lists = self.desk.shelf.lists
        if lists is None:
            with self.desk.database.reading() as db, suppress(NothingLoaded):
                lists = self.desk.lists(db)
        return lists.service.name if lists is not None else "apbot"

    def is_empty(self) -> bool:
        """Whether no lists were ever loaded, so that somebody must set it up first."""
        if self.desk.shelf.lists is not None:
            return False
        with self.desk.database.reading() as db:
            return find_version(db) == 0

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by https, so that cookies may insist on it."""
        return self.address.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the cookie of a visit; `__Host-` lets no other host set it."""
        return "__Host-apbot" if self.is_secure else "apbot"

    def sealed(self, kind: str, words: str) -> str:
        """Return a seal of these words that nobody else can make; the same each time."""
        return _sealed(self.secret, kind, words)

    def opaque(self, kind: str, key: str) -> str:
        """Return what stands for a key in an address: it says nothing of whose key it is."""
        return self.sealed(kind, key)[:16]

    def behind(self, kind: str, opaque: str, keys: Iterable[str]) -> str:
        """Return which of these keys an address means. Raises NoSuchPage."""
        for key in keys:
            if self.opaque(kind, key) == opaque:
                return key
        raise NoSuchPage(f"this {kind}")

    def set_cookie(self, response: Response, name: str, words: str, seconds: int) -> None:
        """Have the browser keep words that no script can read and no other site can send."""
        response.set_cookie(
            name,
            words,
            max_age=seconds,
            httponly=True,
            secure=self.is_secure,
            samesite="lax",
            path="/",
        )

    def viewer(self, request: Request) -> Viewer | None:
        """Return who is signed in in this browser and is still on the lists, or None."""
        token = request.cookies.get(self.cookie)
        if not token:
            return None
        now = self.machine.now()
        with self.desk.database.reading() as db:
            visit = find_visit(db, self.sealed("visit", token), now)
            if visit is None:
                return None
            try:
                lists = self.desk.lists(db)
            except NothingLoaded:
                return None
        viewer = _viewer(lists, visit, self.sealed("form", token))
        if viewer is not None and now - visit.seen_at > SEEN_EVERY:
            with self.desk.database.writing() as db:
                mark_seen(db, visit, now)
        return viewer

    def say_next(self, response: Response, words: str) -> Response:
        """Have the page that comes next say these words, once."""
        kept = URLSafeSerializer(self.secret, salt="said").dumps(words[:1200])
        self.set_cookie(response, SAID, str(kept), 60)
        return response

    def said(self, request: Request) -> str:
        """Return what the page before left for this one to say."""
        kept = request.cookies.get(SAID)
        if not kept:
            return ""
        try:
            return str(URLSafeSerializer(self.secret, salt="said").loads(kept))
        except BadSignature:
            return ""

    def trail(
        self, viewer: Viewer, did: str, kind: str = "", subject: str = "", words: str = ""
    ) -> None:
        """Keep what the viewer saw, or did outside of the desk."""
        with self.desk.database.writing() as db:
            now = self.clock.now()
            leave_trail(db, now, viewer.person.key, did, kind, subject, words)


def lobby_of(request: Request) -> Lobby:
    """Return the lobby of this application."""
    lobby: Lobby = request.app.state.lobby
    return lobby


Here = Annotated[Lobby, Depends(lobby_of)]


def signed_in(request: Request, lobby: Here) -> Viewer:
    """Return who is signed in. Raises SignInFirst."""
    viewer = lobby.viewer(request)
    if viewer is None:
        raise SignInFirst
    return viewer


Signed = Annotated[Viewer, Depends(signed_in)]
"""Whoever is signed in, whatever they may do."""


def posting(request: Request, lobby: Here, viewer: Signed, csrf: str = Form("")) -> Viewer:
    """Return who sent a form of ours. Raises SignInFirst or NotOurForm."""
    if not is_ours(request, lobby) or not hmac.compare_digest(csrf, viewer.csrf):
        raise NotOurForm
    return viewer


Posting = Annotated[Viewer, Depends(posting)]
"""Whoever is signed in and sent a form from one of our own pages."""


def acting(viewer: Posting) -> Viewer:
    """Return who marks or takes on something. Raises NotAllowed for a reader."""
    if not viewer.may_act:
        raise NotAllowed("Marking registers and taking cases is for contacts.")
    return viewer


Acting = Annotated[Viewer, Depends(acting)]
"""A contact who sent a form."""


def keeping_lists(viewer: Signed) -> Viewer:
    """Return who may see and change the office's lists. Raises NotAllowed."""
    if not viewer.keeps_lists:
        raise NotAllowed("The lists are kept by the office.")
    return viewer


KeepsLists = Annotated[Viewer, Depends(keeping_lists)]
"""Somebody who may change the lists; for a form, ask for Posting as well."""


def is_ours(request: Request, lobby: Lobby) -> bool:
    """Whether a form came from a page of ours, as far as the browser tells."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc in (urlsplit(lobby.address).netloc, request.headers.get("host"))


def source_of(request: Request, lobby: Lobby) -> str:
    """Return the network address that a call came from, sealed: to be counted, not read."""
    return lobby.sealed("source", request.client.host if request.client else "")


@lru_cache(maxsize=20_000)
def _sealed(secret: str, kind: str, words: str) -> str:
    return hmac.new(secret.encode(), f"{kind}:{words}".encode(), hashlib.sha256).hexdigest()


def _viewer(lists: Lists, visit: Visit, csrf: str) -> Viewer | None:
    people = lists.people
    contact = next((c for c in people.contacts if c.person == visit.person), None)
    person = next((p for p in people.persons if p.key == visit.person), None)
    if contact is None or person is None:
        return None
    return Viewer(person, contact, visit, csrf, keeps_lists(contact, people.contacts))
