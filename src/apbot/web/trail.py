"""
The whole trail: who saw or changed what on the board, for whoever keeps the lists.

Looked through by person, pupil and day, a page at a time, and saved as a spreadsheet. Names go in
forms and never in an address; looking at the trail is in the trail.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from apbot.desk.office import SHEETS, csv_line
from apbot.domain.calendar import at, local
from apbot.domain.cases import Case
from apbot.domain.register import Register
from apbot.store.cases import list_by_id as list_cases
from apbot.store.lists import Lists
from apbot.store.registers import list_by_id as list_registers
from apbot.store.trail import Sought, Step, about_pupils, find_trail
from apbot.web.finding import may_see, named
from apbot.web.lobby import Here, KeepsLists, Lobby, Posting, Viewer
from apbot.web.pages import at_day, page

router = APIRouter(include_in_schema=False)

ON_A_PAGE = 100
AT_ONCE = 2_000
"""So many steps are read at a time for a file."""

ABOUT = {"replies": "replies that need reading", "trail": "this trail", "service": "the service"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for: a person's key, words of a pupil's name, a day."""

    person: str = ""
    pupil: str = ""
    on: str = ""

    @property
    def day(self) -> date | None:
        """The day that is looked for, or None for any."""
        try:
            return date.fromisoformat(self.on)
        except ValueError:
            return None


def asked(
    person: Annotated[str, Form(max_length=100)] = "",
    pupil: Annotated[str, Form(max_length=80)] = "",
    on: Annotated[str, Form(max_length=10)] = "",
) -> Asked:
    """Return what the form asks for."""
    return Asked(person, pupil.strip(), on)


Looks = Annotated[Asked, Depends(asked)]


@router.get("/trail")
def latest(request: Request, lobby: Here, viewer: KeepsLists) -> Response:
    """Show the latest steps."""
    return _shown(request, lobby, viewer, Asked(), None)


@router.post("/trail")
def search(
    request: Request,
    lobby: Here,
    viewer: KeepsLists,
    sent: Posting,
    looks: Looks,
    before: Annotated[int | None, Form()] = None,
) -> Response:
    """Show those that somebody looks for, or a page of them further back."""
    return _shown(request, lobby, viewer, looks, before)


@router.post("/trail/save")
def save(lobby: Here, viewer: KeepsLists, sent: Posting, looks: Looks) -> Response:
    """Save all of them as a spreadsheet."""
    lobby.trail(viewer, "saved", "trail", "", _words(looks))
    name = f"trail-{local(lobby.clock.now()).date().isoformat()}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    lines = _lines(lobby, viewer, looks)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


def _shown(
    request: Request, lobby: Lobby, viewer: Viewer, looks: Asked, before: int | None
) -> Response:
    with lobby.desk.database.reading() as db:
        lists = lobby.desk.lists(db)
        pupils = [pupil.key for pupil in named(looks.pupil, lists)] if looks.pupil else None
        sought = _sought(looks, about_pupils(db, pupils) if pupils is not None else {})
        steps = find_trail(db, sought, before=before, last=ON_A_PAGE + 1)
        steps, more = steps[:ON_A_PAGE], steps[ON_A_PAGE:]
    told = Told(lobby, viewer, lists, steps)
    lobby.trail(viewer, "saw", "trail", "", _words(looks))
    css = {contact.person for contact in lists.people.contacts}
    return page(
        request,
        "trail.html",
        viewer,
        looks=looks,
        steps=[(step, told.who(step), told.what(step), told.words(step)) for step in steps],
        older=steps[-1].id if more else None,
        is_first=before is None,
        people=sorted((p.name, p.key) for p in lists.people.persons if p.key in css),
    )


def _lines(lobby: Lobby, viewer: Viewer, looks: Asked) -> Iterator[str]:
    yield "\ufeff" + csv_line(["day", "time", "who", "did", "of", "words"])
    before: int | None = None
    while True:
        with lobby.desk.database.reading() as db:
            lists = lobby.desk.lists(db)
            pupils = [pupil.key for pupil in named(looks.pupil, lists)] if looks.pupil else None
            sought = _sought(looks, about_pupils(db, pupils) if pupils is not None else {})
            steps = find_trail(db, sought, before=before, last=AT_ONCE)
        if not steps:
            return
        told = Told(lobby, viewer, lists, steps)
        for step in steps:
            moment = local(step.at)
            day, clock = moment.date().isoformat(), moment.strftime("%H:%M:%S")
            yield csv_line(
                [day, clock, told.who(step), step.did, told.what(step), told.words(step)]
            )
        before = steps[-1].id


def _sought(looks: Asked, about: Mapping[str, list[str]]) -> Sought:
    day = looks.day
    return Sought(
        person=looks.person,
        about=about,
        since=at(day, time(0, 0)) if day else None,
        until=at(day + timedelta(days=1), time(0, 0)) if day else None,
    )


def _words(looks: Asked) -> str:
    parts = (looks.person, f"pupil {looks.pupil}" if looks.pupil else "", looks.on)
    return ", ".join(filter(None, parts))


class Told:
    """These steps in the office's words: who, of what, and what was said where one may read it."""

    def __init__(self, lobby: Lobby, viewer: Viewer, lists: Lists, steps: tuple[Step, ...]) -> None:
        self._viewer, self._people = viewer, lists.people
        with lobby.desk.database.reading() as db:
            found = list_cases(db, _ids(steps, "case"))
            registers = list_registers(db, _ids(steps, "register"))
        self._cases: dict[str, Case] = {str(case.id): case for case in found}
        self._registers: dict[str, Register] = {str(one.id): one for one in registers}

    def who(self, step: Step) -> str:
        """Return the name of who it was."""
        person = self._people.person_by_key.get(step.person)
        return person.name if person is not None else step.person

    def what(self, step: Step) -> str:
        """Return what it was of: "Alder Farm AM, Mon 23 Nov", "case K7", "Femi Okafor"."""
        kind, subject = step.kind, step.subject
        if kind == "pupil" and subject in self._people.pupil_by_key:
            return self._people.pupil_by_key[subject].name
        if kind == "person" and subject in self._people.person_by_key:
            return self._people.person_by_key[subject].name
        if kind == "provider" and subject in self._people.provider_by_key:
            return self._people.provider_by_key[subject].name
        if kind == "case" and subject in self._cases:
            return f"case {self._cases[subject].ref}"
        if kind == "register" and subject in self._registers:
            one = self._registers[subject]
            return f"{one.provider_name} {one.half}, {at_day(one.on)}"
        if kind == "list":
            name, _, key = subject.partition("/")
            title = SHEETS[name].title if name in SHEETS else name
            return f"{title}: {key}" if key else title
        return ABOUT.get(kind, " ".join(filter(None, (kind, subject))))

    def words(self, step: Step) -> str:
        """Return what was said or changed; a concern's words are for whoever may read them."""
        case = self._cases.get(step.subject) if step.kind == "case" else None
        if case is not None and not may_see(self._viewer, case):
            return ""
        return step.words


def _ids(steps: tuple[Step, ...], kind: str) -> list[int]:
    return [int(s.subject) for s in steps if s.kind == kind and s.subject.isdigit()]
