"""
A register's page: who is where, every word that was said of it, and marking it after a call.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from apbot.desk import board as desk
from apbot.domain.by_hand import Marked
from apbot.domain.calendar import local
from apbot.domain.cases import Case
from apbot.domain.outlook import alarm_at, look_of
from apbot.domain.people import Person
from apbot.domain.register import Register
from apbot.domain.words import Flag, Mark, Matter, Reason
from apbot.store.cases import list_of_register
from apbot.store.history import Done, History, find_history
from apbot.store.lists import Lists
from apbot.store.outbox import OutboxRow
from apbot.store.registers import list_by_id, list_registers
from apbot.web.clicks import do
from apbot.web.finding import may_see
from apbot.web.lobby import Acting, Here, Lobby, NoSuchPage, Signed, Viewer
from apbot.web.pages import page
from apbot.web.ringing import everybody_at, whom_to_ring
from apbot.web.texts import once_each
from apbot.wording.compose import clock_time
from apbot.wording.plain import MARKS, REASONS

router = APIRouter(include_in_schema=False)

HIDDEN = "A concern: the safeguarding leads can read it."

OTHERS = "others"
"""The name of the form's word for everybody who has no mark yet."""


@router.get("/registers")
def of_day(request: Request, lobby: Here, viewer: Signed, on: str = "") -> Response:
    """Show all registers of a day."""
    now = lobby.clock.now()
    try:
        day = date.fromisoformat(on) if on else local(now).date()
    except ValueError:
        raise NoSuchPage(f"day “{on[:20]}”: write it as 2026-11-23") from None
    with lobby.desk.database.reading() as db:
        found = list_registers(db, day)
        why = lobby.desk.lists(db).calendar.why_not_in_term(day)
    return page(
        request,
        "registers.html",
        viewer,
        on=day,
        registers=found,
        looks={one.id: look_of(one, now) for one in found},
        why=why,
        is_ahead=day > local(now).date(),
    )


@router.get("/registers/{id}")
def one(request: Request, lobby: Here, viewer: Signed, id: int) -> Response:
    """Show one register with all its history."""
    return _page(request, lobby, viewer, id)


@router.post("/registers/{id}/mark")
async def mark(request: Request, lobby: Here, viewer: Acting, id: int) -> Response:
    """Mark it after a call, or put right what it says."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    return await run_in_threadpool(_mark, request, lobby, viewer, id, form)


@router.post("/registers/{id}/close")
def close(
    lobby: Here,
    viewer: Acting,
    id: int,
    words: Annotated[str, Form(max_length=500)],
    once: Annotated[str, Form()] = "",
) -> Response:
    """The session is not running."""

    def act(click: desk.Click) -> str:
        return desk.close(click, id, words.strip())

    said = f"closed: {words.strip()}"
    return do(lobby, viewer, once, said, act, ("register", str(id)), f"/registers/{id}")


@router.post("/registers/{id}/open")
def open_again(lobby: Here, viewer: Acting, id: int, once: Annotated[str, Form()] = "") -> Response:
    """The session runs after all."""

    def act(click: desk.Click) -> str:
        return desk.open_again(click, id)

    return do(lobby, viewer, once, "opened", act, ("register", str(id)), f"/registers/{id}")


def _mark(
    request: Request, lobby: Lobby, viewer: Viewer, id: int, form: Mapping[str, str]
) -> Response:
    register, lists = _find(lobby, id)
    marked, problem = _read(register, form)
    because = _because(form, lists, lobby)
    is_past = register.on != local(lobby.clock.now()).date()
    changes = [one for one in marked if one.number in register.marks]
    if not problem and not marked:
        problem = "Choose a mark for at least one pupil."
    if not problem and (changes or is_past) and not form.get("why", "").strip():
        names = ", ".join(register.line(one.number).name for one in changes or marked)
        problem = f"Say why it is corrected ({names}): what was said before stays in the history."
    if not problem and not because:
        problem = "Say who told you, and when."
    if problem:
        return _page(request, lobby, viewer, id, given=form, problem=problem)
    words = "; ".join(f"{register.line(one.number).name} {MARKS[one.mark]}" for one in marked)

    def act(click: desk.Click) -> str:
        return desk.mark(click, id, marked, because)

    said = f"{words} ({because})"
    about = ("register", str(id))
    return do(lobby, viewer, form.get("once", ""), said, act, about, f"/registers/{id}")


def _read(register: Register, form: Mapping[str, str]) -> tuple[list[Marked], str]:
    """Return the marks of a form, and what is wrong with it."""
    marked = []
    for line in register.roster:
        said, reason = form.get(f"mark-{line.number}", ""), form.get(f"reason-{line.number}", "")
        when = form.get(f"time-{line.number}", "").strip()
        if not said and form.get(OTHERS) and line.number not in register.marks:
            said = Mark.PRESENT if line.known_absence is None else ""
        if not said:
            continue
        if said not in set(Mark) or (reason and reason not in set(Reason)):
            return [], "That is no mark or reason."
        if when and not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", when):
            return [], f"{line.name}: “{when[:10]}” is no time. Write it as 09:50."
        clock = time.fromisoformat(when.zfill(5)) if when else None
        one = Marked(line.number, Mark(said), Reason(reason) if reason else None, clock)
        held = register.standing.get(line.number)
        if held is None or (held.mark, held.reason, held.time) != (one.mark, one.reason, one.time):
            marked.append(one)
    return marked, ""


def _because(form: Mapping[str, str], lists: Lists, lobby: Lobby) -> str:
    """Return who told it and when, and why it is corrected, as the entry keeps it."""
    names = {person.key: person.name for person in lists.people.persons}
    who = form.get("who", "")
    told_by = names.get(who) or form.get("other", "").strip()[:80]
    at = form.get("at", "").strip()[:5] or clock_time(local(lobby.clock.now()))
    parts = [form.get("why", "").strip()[:300]]
    if told_by:
        parts.append(f"told by {told_by} on the phone at {at}")
    return "; ".join(part for part in parts if part)


def _page(
    request: Request,
    lobby: Lobby,
    viewer: Viewer,
    id: int,
    *,
    given: Mapping[str, str] | None = None,
    problem: str = "",
) -> Response:
    register, lists = _find(lobby, id)
    now = lobby.clock.now()
    with lobby.desk.database.reading() as db:
        history = find_history(db, register)
        cases = list_of_register(db, id)
    lobby.trail(viewer, "saw", "register", str(id))
    provider = next((p for p in lists.people.providers if p.key == register.provider), None)
    persons = {person.key: person for person in lists.people.persons}
    hidden = _hidden(viewer, cases, history.done)
    return page(
        request,
        "register.html",
        viewer,
        status=422 if problem else 200,
        register=register,
        look_now=look_of(register, now),
        alarm=alarm_at(register, now),
        provider=provider,
        contact=persons.get(provider.key_contact) if provider else None,
        staff=everybody_at(lists, register.provider, register.on),
        to_ring=whom_to_ring(lists, register.provider, register.on),
        persons=persons,
        cases=[case for case in cases if may_see(viewer, case)],
        history=history,
        hidden=hidden,
        messages=_messages(history, hidden, cases, viewer, persons),
        hidden_words=HIDDEN,
        is_today=register.on == local(now).date(),
        is_past=register.on < local(now).date(),
        opaque={line.pupil: lobby.opaque("pupil", line.pupil) for line in register.roster},
        given=given or {},
        problem=problem,
        marks=[(mark, MARKS[mark]) for mark in Mark],
        reasons=[(reason, REASONS[reason]) for reason in Reason],
    )


@dataclass(frozen=True, slots=True)
class Message:
    """One message about the register: one that came, or `texts` that went out in the same words."""

    at: datetime
    who: str
    channel: str
    words: str
    is_hidden: bool
    texts: Sequence[OutboxRow] = ()


def _messages(
    history: History,
    hidden: Collection[int],
    cases: Sequence[Case],
    viewer: Viewer,
    persons: Mapping[str, Person],
) -> list[Message]:
    """Return what came in and went out, the latest first."""
    secret = {case.ref for case in cases if not may_see(viewer, case)}

    def name(key: str | None) -> str:
        return persons[key].name if key and key in persons else key or "somebody"

    came = [
        Message(
            row.received_at,
            name(row.person),
            row.inbound.address.channel,
            row.inbound.text,
            row.id in hidden,
        )
        for row in history.came.values()
    ]
    went = [
        Message(
            texts[0].made_at or texts[0].due_at,
            name(texts[0].person),
            texts[0].address.channel,
            texts[0].text,
            any(secret.intersection(text.case_refs) for text in texts),
            texts,
        )
        for texts in once_each(row for row in history.went if row.callback_id is None)
    ]
    return sorted([*came, *went], key=lambda one: one.at, reverse=True)


def _hidden(viewer: Viewer, cases: Sequence[Case], done: Sequence[Done]) -> frozenset[int]:
    """The messages that raised a concern which this viewer may not read."""
    concerns = [case for case in cases if case.matter is Matter.CONCERN]
    if viewer.sees_concerns or (concerns and all(may_see(viewer, one) for one in concerns)):
        return frozenset()
    flags = {str(Flag.CONCERN), str(Flag.EMERGENCY)}
    return frozenset(one.inbox for one in done if one.inbox is not None and one.flags & flags)


def _find(lobby: Lobby, id: int) -> tuple[Register, Lists]:
    with lobby.desk.database.reading() as db:
        found = list_by_id(db, [id])
        lists = lobby.desk.lists(db)
    if not found:
        raise NoSuchPage("such register")
    return found[0], lists
