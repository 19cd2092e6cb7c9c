"""
Signing in with the office's own account, where an issuer of OpenID Connect is set.

The account says an e-mail address; whoever has that one in the list of contacts is let in, and
nobody else. A code by text stays the other way in.
"""

import hmac
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from apbot.desk.signing_in import whose_email
from apbot.web.lobby import Here, Lobby, NoSuchPage
from apbot.web.pages import page
from apbot.web.sign_in import inside, let_in

log = structlog.get_logger()

router = APIRouter(include_in_schema=False)

KEPT = "apbot-office"
KEPT_FOR = 600
"""Seconds in which somebody must be back."""


@router.get("/sign-in/office")
def begin(request: Request, lobby: Here, next: str = "/") -> Response:
    """Send somebody to the issuer."""
    # Brought in where an issuer is set: nobody else pays for the library.
    from apbot.web.open_id import IssuerAway

    if lobby.open_id is None:
        raise NoSuchPage("such page")
    try:
        where, begun = lobby.open_id.begin()
    except IssuerAway as away:
        return _refused(request, f"{away}. Sign in by text meanwhile.", 503)
    answer = RedirectResponse(where, 303)
    kept = [begun.state, begun.nonce, begun.verifier, inside(next)]
    lobby.set_cookie(answer, KEPT, str(_seal(lobby).dumps(kept)), KEPT_FOR)
    return answer


class Back:
    """What the issuer sends somebody back with."""

    def __init__(self, code: str = "", state: str = "", error: str = "", iss: str = "") -> None:
        self.code, self.state, self.error, self.issuer = code, state, error, iss


@router.get("/sign-in/office/back")
def come_back(request: Request, lobby: Here, back: Annotated[Back, Depends()]) -> Response:
    """Let in whoever the issuer says it is, if the list of contacts has them."""
    from apbot.web.open_id import Begun, IssuerAway, NotProven

    if lobby.open_id is None:
        raise NoSuchPage("such page")
    try:
        kept = _seal(lobby).loads(request.cookies.get(KEPT, ""), max_age=KEPT_FOR)
    except BadSignature:
        return _refused(request, "That took too long, or began in another browser. Try again.")
    state, nonce, verifier, next = (str(part) for part in kept)
    if not hmac.compare_digest(state.encode(), back.state.encode()):
        return _refused(request, "That sign-in did not begin in this browser. Try again.")
    if back.error or not back.code:
        return _refused(request, "Your account did not let you in here. Try again, or by text.")
    try:
        begun = Begun(state, nonce, verifier)
        email = lobby.open_id.finish(back.code, begun, lobby.machine.now())
    except IssuerAway as away:
        return _refused(request, f"{away}. Sign in by text meanwhile.", 503)
    except NotProven as why:
        log.warning("an office account was not accepted", because=str(why))
        return _refused(request, f"Your account was not accepted: {why}.")
    with lobby.desk.database.writing() as db:
        person = whose_email(lobby.desk.lists(db), email)
        if person is None:
            words = f"{email} is nobody's in the list of contacts. The office can add it there."
            return _refused(request, words)
        answer = let_in(db, request, lobby, person.key, next, "with an office account")
    answer.delete_cookie(KEPT, path="/")
    return answer


def _refused(request: Request, words: str, status: int = 403) -> Response:
    answer = page(
        request, "sorry.html", status=status, title="Not signed in", words=words, to_sign_in=True
    )
    answer.delete_cookie(KEPT, path="/")
    return answer


def _seal(lobby: Lobby) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(lobby.secret, salt="office account")
