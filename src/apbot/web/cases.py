"""
A case's page: what it is about, who knows of it, what was done, and what the viewer may do.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from apbot.desk import board as desk
from apbot.desk import board_cases
from apbot.domain.calendar import local
from apbot.domain.cases import Case, CaseState
from apbot.domain.outlook import urgency_of
from apbot.domain.people import Contact, Person
from apbot.domain.words import Action, Matter, Reason
from apbot.store.cases import list_by_id, list_open_told
from apbot.store.lists import Lists
from apbot.store.outbox import TOLD_IN_ANOTHER, OutboxRow
from apbot.store.registers import list_by_id as list_registers_by_id
from apbot.store.said import list_said_to_any
from apbot.web.clicks import do
from apbot.web.finding import may_see
from apbot.web.lobby import Acting, Here, Lobby, NoSuchPage, NotAllowed, Signed, Viewer
from apbot.web.pages import page
from apbot.web.ringing import whom_to_ring
from apbot.web.texts import once_each
from apbot.web.today import subject_of, what_next
from apbot.wording.plain import REASONS

router = APIRouter(include_in_schema=False)

Once = Annotated[str, Form()]
Ticked = Annotated[list[int], Form(default_factory=list)]
"""The ids of the cases that are ticked."""

Words = Annotated[str, Form(max_length=1000)]


@router.get("/cases")
def several(request: Request, lobby: Here, viewer: Signed) -> Response:
    """Show the cases that the viewer was told of, to be taken or released several at once."""
    me = viewer.person.key
    with lobby.desk.database.reading() as db:
        told = list_open_told(db, me)
        waits = board_cases.list_waiting(db, me, local(lobby.clock.now()).date())
        ends = board_cases.list_endable(db, me)
    free = [case for case in told if case.state is not CaseState.ACKNOWLEDGED]
    return page(
        request,
        "several.html",
        viewer,
        groups=[
            ("take", "Nobody has these yet", sorted(free, key=urgency_of)),
            ("tell", "Their parents are not told yet", waits),
            ("end", "End several in one sentence", ends if len(ends) > 1 else ()),
        ],
        is_none=not free and not waits and len(ends) < 2,
        subject_of=subject_of,
        reasons=[(reason, REASONS[reason]) for reason in Reason],
    )


@router.post("/cases/take")
def take_several(lobby: Here, viewer: Acting, case: Ticked, once: Once = "") -> Response:
    """Take on all that are ticked."""

    def act(click: desk.Click) -> str:
        return board_cases.take_several(click, case)

    return _do_several(lobby, viewer, once, "taken with others", act, case)


@router.post("/cases/tell")
def tell_several(
    lobby: Here,
    viewer: Acting,
    case: Ticked,
    tell: Annotated[str, Form()],
    once: Once = "",
) -> Response:
    """Have the parents of all that are ticked told, or not told."""
    tells = tell == "yes"

    def act(click: desk.Click) -> str:
        return board_cases.tell_several(click, case, tells=tells)

    said = "parents told" if tells else "parents not told"
    return _do_several(lobby, viewer, once, said, act, case)


@router.post("/cases/end")
def end_several(
    lobby: Here,
    viewer: Acting,
    case: Ticked,
    words: Words,
    reason: Annotated[str, Form()] = "",
    once: Once = "",
) -> Response:
    """Say how all that are ticked ended."""
    why = Reason(reason) if reason in set(Reason) else None
    words = words.strip()

    def act(click: desk.Click) -> str:
        if not words:
            raise desk.Declined("Write a few words: how they ended.")
        return board_cases.end_several(click, case, words, why)

    return _do_several(lobby, viewer, once, f"{Action.RESOLVE}: {words}", act, case)


@router.get("/cases/{id}")
def one(request: Request, lobby: Here, viewer: Signed, id: int) -> Response:
    """Show a case."""
    case, lists = _find(lobby, viewer, id)
    people = lists.people
    persons = people.person_by_key
    staff = {one.person for one in people.staff_of(case.provider)}
    parents = [one.person for one in people.parents_of([case.pupil])] if case.pupil else []
    with lobby.desk.database.reading() as db:
        found = list_registers_by_id(db, [case.register] if case.register else [])
        sent = list_said_to_any(db, {*case.told, *staff, *parents}, *_lasted(case))
    lobby.trail(viewer, "saw", "case", str(id))
    return page(
        request,
        "case.html",
        viewer,
        case=case,
        subject=subject_of(case),
        register=found[0] if found else None,
        provider=people.provider_by_key.get(case.provider),
        to_ring=whom_to_ring(lists, case.provider, local(case.opened_at).date()),
        parents=[persons[key] for key in dict.fromkeys(parents) if key in persons],
        persons=persons,
        coming=what_next(case),
        texts=once_each(text for text in sent if _is_about(text, case)),
        colleagues=_colleagues(lists, viewer, case),
        may_end=case.matter is not Matter.CONCERN or viewer.sees_concerns,
        opaque=lobby.opaque("pupil", case.pupil) if case.pupil else "",
        words=REASONS,
        reasons=[(reason, REASONS[reason]) for reason in Reason],
    )


@router.post("/cases/{id}/take")
def take(
    lobby: Here,
    viewer: Acting,
    id: int,
    then: Annotated[str, Form()] = "",
    once: Once = "",
) -> Response:
    """Take it on; whoever does so on the board stays there."""
    back = "/" if then == "board" else ""
    return _act(lobby, viewer, id, once, Action.ACK, "taken on the board", then=back)


@router.post("/cases/{id}/note")
def note(lobby: Here, viewer: Acting, id: int, words: Words, once: Once = "") -> Response:
    """Note something on it."""
    return _act(lobby, viewer, id, once, Action.NOTE, words)


@router.post("/cases/{id}/end")
def end(
    lobby: Here,
    viewer: Acting,
    id: int,
    words: Words,
    reason: Annotated[str, Form()] = "",
    once: Once = "",
) -> Response:
    """Say how it ended."""
    why = Reason(reason) if reason in set(Reason) else None
    return _act(lobby, viewer, id, once, Action.RESOLVE, words, why)


@router.post("/cases/{id}/hand")
def hand(
    lobby: Here,
    viewer: Acting,
    id: int,
    to: Annotated[str, Form()],
    words: Words = "",
    once: Once = "",
) -> Response:
    """Hand it to a colleague."""
    _find(lobby, viewer, id)

    def act(click: desk.Click) -> str:
        return board_cases.hand_over(click, id, to, words.strip())

    said = f"handed to {to}"
    return do(lobby, viewer, once, said, act, ("case", str(id)), f"/cases/{id}")


@router.post("/cases/{id}/parents")
def parents(
    lobby: Here, viewer: Acting, id: int, tell: Annotated[str, Form()], once: Once = ""
) -> Response:
    """Have the parents told, or not told."""
    _find(lobby, viewer, id)
    tells = tell == "yes"

    def act(click: desk.Click) -> str:
        return board_cases.tell_parents(click, id, tells=tells)

    said = "parents told" if tells else "parents not told"
    return do(lobby, viewer, once, said, act, ("case", str(id)), f"/cases/{id}")


def _do_several(
    lobby: Lobby,
    viewer: Viewer,
    once: str,
    said: str,
    act: Callable[[desk.Click], str],
    ticked: Sequence[int],
) -> Response:
    """Do it for all that are ticked; the trail names each that is the viewer's to see."""
    with lobby.desk.database.reading() as db:
        cases = [("case", str(one.id)) for one in list_by_id(db, ticked) if may_see(viewer, one)]
    about, *beside = cases or [("case", "")]
    return do(lobby, viewer, once, said, act, about, "/cases", beside)


def _act(
    lobby: Lobby,
    viewer: Viewer,
    id: int,
    once: str,
    action: Action,
    words: str,
    reason: Reason | None = None,
    then: str = "",
) -> Response:
    _find(lobby, viewer, id)
    words = words.strip()

    def act(click: desk.Click) -> str:
        if not words:
            raise desk.Declined("Write a few words: what is known, or how it ended.")
        return board_cases.act_on_case(click, id, action, words, reason)

    said = f"{action}: {words}"
    return do(lobby, viewer, once, said, act, ("case", str(id)), then or f"/cases/{id}")


def _find(lobby: Lobby, viewer: Viewer, id: int) -> tuple[Case, Lists]:
    with lobby.desk.database.reading() as db:
        found = list_by_id(db, [id])
        lists = lobby.desk.lists(db)
    if not found:
        raise NoSuchPage("such case")
    if not may_see(viewer, found[0]):
        raise NotAllowed("A concern is read by the safeguarding leads, and by whoever was told.")
    return found[0], lists


def _colleagues(lists: Lists, viewer: Viewer, case: Case) -> list[tuple[Person, Contact]]:
    """To whom it can be handed: whoever takes such cases, those at work first."""
    persons = {person.key: person for person in lists.people.persons}
    return [
        (persons[contact.person], contact)
        for contact in lists.people.contacts
        if contact.person in persons
        and contact.person not in (viewer.person.key, case.acknowledged_by)
        and contact.takes_cases
        and (case.matter is not Matter.CONCERN or contact.sees_concerns)
    ]


def _is_about(text: OutboxRow, case: Case) -> bool:
    """What was told in one text with others stands there alone."""
    return case.ref in text.case_refs and text.says != TOLD_IN_ANOTHER


def _lasted(case: Case) -> tuple[datetime, datetime]:
    """Refs come again after two weeks: a text is about it while it was open, and a day on."""
    until = (case.resolved_at or case.opened_at + timedelta(days=365)) + timedelta(days=1)
    return case.opened_at - timedelta(minutes=1), until
