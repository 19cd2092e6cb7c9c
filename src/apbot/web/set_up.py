"""
Setting up an empty house: the first officer gets in, and says who the office's people are.

The code stands in what the server says when it starts, so only whoever runs it has it; once there
are lists, it opens nothing any more. Whoever gave it is signed in, and led to what comes next.
"""

import hmac
from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from apbot.desk import office, starting
from apbot.desk.office import Fault, Faulty, key_of
from apbot.store.access import may_try
from apbot.store.trail import leave_trail
from apbot.web.lists import Cells
from apbot.web.lobby import Here, NotOurForm, is_ours, setup_code, source_of
from apbot.web.pages import page
from apbot.web.sign_in import let_in

router = APIRouter(include_in_schema=False)


@router.get("/set-up")
def ask(request: Request, lobby: Here) -> Response:
    """Ask for the code, and for the office's own people."""
    if not lobby.is_empty():
        return RedirectResponse("/", 303)
    return _form(request, {})


@router.post("/set-up")
def begin(request: Request, lobby: Here, form: Cells) -> Response:
    """Keep the first lists, and sign in whoever gave the code."""
    if not is_ours(request, lobby):
        raise NotOurForm
    if not lobby.is_empty():
        return RedirectResponse("/", 303)
    with lobby.desk.database.writing() as db:
        is_free = may_try(db, source_of(request, lobby), lobby.machine.now())
    code = "".join(letter for letter in form.get("code", "").upper() if letter.isalnum())
    right = setup_code(lobby.secret).replace("-", "")
    if not is_free:
        said = "is tried too often: wait a quarter of an hour"
        return _form(request, form, (Fault("", 0, "code", said),))
    if not hmac.compare_digest(code.encode(), right.encode()):
        said = "is not the one that the server said when it started"
        return _form(request, form, (Fault("", 0, "code", said),))
    try:
        planned = starting.plan_start(form)
        with lobby.desk.database.writing() as db:
            me, now = key_of(form["my_name"]), lobby.clock.now()
            office.keep(db, planned, now, me)
            leave_trail(db, now, me, "set up", "service")
            answer = let_in(db, request, lobby, me, "/start", "by the code of the set-up")
    except Faulty as faulty:
        return _form(request, form, faulty.faults)
    except office.ChangedMeanwhile:
        return RedirectResponse("/", 303)
    lobby.nudge()
    return lobby.say_next(answer, "Your office is set up, and you are signed in.")


def _form(request: Request, form: Mapping[str, str], faults: tuple[Fault, ...] = ()) -> Response:
    return page(
        request,
        "set_up.html",
        status=422 if faults else 200,
        form={name: form.get(name, "") for name in ("code", *starting.FIELDS)},
        lead=form.get("lead", starting.MINE),
        fields=starting.FIELDS,
        wrong={fault.column: fault for fault in reversed(faults) if fault.column},
        others=[fault for fault in faults if not fault.column],
    )
