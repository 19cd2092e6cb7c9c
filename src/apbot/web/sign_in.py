"""
Signing in to the board: a code goes to the person's own phone and is typed in the same browser.

The page never says whether somebody exists: whatever number is typed, the answer is the same page
and a code to type. Codes are short-lived, work once, and may be guessed only a few times.
"""

import secrets
from typing import Annotated

import structlog
from fastapi import APIRouter, BackgroundTasks, Form
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from apbot.desk.desk import NothingLoaded
from apbot.desk.signing_in import send_code, whose_number
from apbot.store.access import (
    CODE_LIVES,
    VISIT_LIVES,
    ask_to_sign_in,
    begin_visit,
    end_visits,
    forget_old,
    list_visits,
    use_code,
)
from apbot.store.trail import leave_trail
from apbot.web.lobby import Here, Lobby, NotOurForm, Posting, Signed, is_ours, source_of
from apbot.web.pages import page

log = structlog.get_logger()

CODE_COOKIE = "apbot-code"

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def ask_number(request: Request, lobby: Here, next: str = "/") -> Response:
    """Ask whose board this is."""
    if lobby.viewer(request) is not None:
        return RedirectResponse(inside(next), 303)
    if lobby.is_empty():
        return RedirectResponse("/set-up", 303)
    return page(
        request,
        "sign_in.html",
        next=inside(next),
        try_as=lobby.try_as,
        has_office=lobby.open_id is not None,
    )


@router.post("/sign-in")
def take_number(
    request: Request,
    lobby: Here,
    after: BackgroundTasks,
    mobile: Annotated[str, Form(max_length=40)] = "",
    next: Annotated[str, Form(max_length=300)] = "/",
) -> Response:
    """Send a code where the number is one of ours, and answer the same where it is not."""
    if not is_ours(request, lobby):
        raise NotOurForm
    token, code = secrets.token_urlsafe(24), f"{secrets.randbelow(1_000_000):06}"
    now = lobby.machine.now()
    with lobby.desk.database.writing() as db:
        try:
            person = whose_number(lobby.desk.lists(db), mobile)
        except NothingLoaded:
            person = None
        may_go = ask_to_sign_in(
            db,
            token_hash=lobby.sealed("sign-in", token),
            code_hash=lobby.sealed("code", f"{token} {code}"),
            person=person.key if person else "",
            source=source_of(request, lobby),
            now=now,
        )
    if person is not None and may_go:
        # After the answer, so that it takes no longer for a number that is one of ours.
        after.add_task(_send, lobby, person.key, code)
    answer = RedirectResponse(f"/sign-in/code?next={inside(next)}", 303, background=after)
    lobby.set_cookie(answer, CODE_COOKIE, token, int(CODE_LIVES.total_seconds()))
    return answer


@router.get("/sign-in/code")
def ask_code(request: Request, next: str = "/") -> Response:
    """Ask for the code."""
    if CODE_COOKIE not in request.cookies:
        return RedirectResponse("/sign-in", 303)
    return page(request, "code.html", next=inside(next), is_wrong=False)


@router.post("/sign-in/code")
def take_code(
    request: Request,
    lobby: Here,
    code: Annotated[str, Form(max_length=20)] = "",
    next: Annotated[str, Form(max_length=300)] = "/",
) -> Response:
    """Sign in whoever has the code that was sent for this browser."""
    if not is_ours(request, lobby):
        raise NotOurForm
    token, now = request.cookies.get(CODE_COOKIE, ""), lobby.machine.now()
    digits = "".join(ch for ch in code if ch.isdecimal())
    with lobby.desk.database.writing() as db:
        person = use_code(
            db,
            token_hash=lobby.sealed("sign-in", token),
            code_hash=lobby.sealed("code", f"{token} {digits}"),
            now=now,
        )
        if person is None:
            db.commit()
            return page(request, "code.html", status=403, next=inside(next), is_wrong=True)
        answer = let_in(db, request, lobby, person, next)
    answer.delete_cookie(CODE_COOKIE)
    return answer


def let_in(
    db: Connection, request: Request, lobby: Lobby, person: str, next: str, how: str = ""
) -> RedirectResponse:
    """Begin a visit of somebody who has shown who they are; return the way to where they go."""
    visit, now = secrets.token_urlsafe(32), lobby.machine.now()
    begin_visit(
        db,
        token_hash=lobby.sealed("visit", visit),
        person=person,
        device=device_of(request.headers.get("user-agent", "")),
        now=now,
    )
    leave_trail(db, lobby.clock.now(), person, "signed in", words=how)
    forget_old(db, now)
    log.info("somebody signed in to the board")
    answer = RedirectResponse(inside(next), 303)
    lobby.set_cookie(answer, lobby.cookie, visit, int(VISIT_LIVES.total_seconds()))
    return answer


@router.get("/you")
def you(request: Request, lobby: Here, viewer: Signed) -> Response:
    """Show where somebody is signed in."""
    with lobby.desk.database.reading() as db:
        visits = list_visits(db, viewer.person.key, lobby.machine.now())
    return page(request, "you.html", viewer, visits=visits, machine_now=lobby.machine.now())


@router.post("/sign-out")
def sign_out(
    lobby: Here, viewer: Posting, everywhere: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Sign out of this browser, or of all."""
    with lobby.desk.database.writing() as db:
        only = None if everywhere else viewer.visit.id
        end_visits(db, viewer.person.key, lobby.machine.now(), only=only)
        did = "signed out everywhere" if everywhere else "signed out"
        leave_trail(db, lobby.clock.now(), viewer.person.key, did)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(lobby.cookie, secure=lobby.is_secure, httponly=True, samesite="lax")
    return answer


def inside(next: str) -> str:
    """Return where to go on after signing in: only ever a page of ours."""
    is_ours = next.startswith("/") and not next.startswith(("//", "/\\"))
    return next if is_ours and next.isprintable() and "\\" not in next else "/"


def device_of(agent: str) -> str:
    """Return what a browser calls itself, short: enough to know one's own again."""
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
    browser = next((name for part, name in browsers if part in agent), "")
    browser = browser or ("Safari" if "Safari/" in agent else "A browser")
    machines = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
    machine = next((name for name in machines if name in agent), "")
    return f"{browser} on {machine}".replace("Macintosh", "Mac") if machine else browser


def _send(lobby: Lobby, person: str, code: str) -> None:
    with lobby.desk.database.writing() as db:
        send_code(db, lobby.desk, person, code, lobby.clock.now())
    lobby.nudge()
