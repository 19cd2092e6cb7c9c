"""
The web half: one small application of hooks, health, the board and, in the sandbox, the phones.
"""

from collections.abc import Iterable
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Response
from fastapi.exception_handlers import (
    http_exception_handler,
    request_validation_exception_handler,
)
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from apbot.web import (
    board,
    cases,
    lists,
    new_provider,
    office_account,
    people,
    pupils,
    registers,
    replies,
    service,
    set_up,
    sign_in,
    start,
    teaching,
    trail,
)
from apbot.web.lobby import Lobby, NoSuchPage, NotAllowed, NotOurForm, SignInFirst
from apbot.web.pages import STATIC, Static, is_part, page
from apbot.web.slip import SlipPages

SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

ONLY_BY_HTTPS = {"Strict-Transport-Security": "max-age=31536000"}


def make_app(routers: Iterable[APIRouter], *, lobby: Lobby) -> FastAPI:
    """Return the application: the board, and what else is served beside it."""
    app = FastAPI(title="apbot", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.lobby = lobby
    before = (set_up, sign_in, office_account)
    morning = (board, registers, cases, pupils, people, replies, teaching)
    office = (start, lists, new_provider, service, trail)
    for router in (
        *routers,
        SlipPages().router,
        *(room.router for room in (*before, *morning, *office)),
    ):
        app.include_router(router)
    app.mount("/static", Static(directory=STATIC))
    app.add_middleware(Safely, {**SAFE_HEADERS, **(ONLY_BY_HTTPS if lobby.is_secure else {})})

    @app.get("/robots.txt", include_in_schema=False)
    async def _robots() -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    @app.exception_handler(SignInFirst)
    def _sign_in_first(request: Request, error: SignInFirst) -> Response:
        if is_part(request):
            return Response(headers={"HX-Refresh": "true"})
        if lobby.is_empty():
            return RedirectResponse("/set-up", 303)
        if request.method != "GET":
            return RedirectResponse("/sign-in", 303)
        path = request.url.path
        return RedirectResponse("/sign-in" if path == "/" else f"/sign-in?next={quote(path)}", 303)

    @app.exception_handler(NotAllowed)
    def _not_allowed(request: Request, error: NotAllowed) -> Response:
        return _sorry(request, 403, "Not for you", str(error))

    @app.exception_handler(NoSuchPage)
    def _no_such_page(request: Request, error: NoSuchPage) -> Response:
        words = f"There is no {error or 'such page'}, or it is no more."
        return _sorry(request, 404, "Not here", words)

    @app.exception_handler(NotOurForm)
    def _not_our_form(request: Request, error: NotOurForm) -> Response:
        words = "That page was open for too long, so nothing was changed. Open it again."
        return _sorry(request, 403, "Please try again", words)

    @app.exception_handler(HTTPException)
    async def _no_such_address(request: Request, error: HTTPException) -> Response:
        if error.status_code != 404 or not _is_a_persons(request):
            return await http_exception_handler(request, error)
        return await run_in_threadpool(_sorry, request, 404, "Not here", NO_SUCH_ADDRESS)

    @app.exception_handler(RequestValidationError)
    async def _no_such_form(request: Request, error: RequestValidationError) -> Response:
        if not _is_a_persons(request):
            return await request_validation_exception_handler(request, error)
        return await run_in_threadpool(_sorry, request, 422, "Please try again", UNREADABLE)

    return app


NO_SUCH_ADDRESS = "There is no page of this address."
UNREADABLE = "That address or form cannot be read, so nothing was changed."


def _is_a_persons(request: Request) -> bool:
    """Whether somebody looks at the answer in a browser: a network's call is answered as ever."""
    return "text/html" in request.headers.get("accept", "")


def _sorry(request: Request, status: int, title: str, words: str) -> Response:
    """Return a page that says why not, in the board's own frame for whoever is signed in."""
    viewer = request.app.state.lobby.viewer(request)
    return page(request, "sorry.html", viewer, status=status, title=title, words=words)


class Safely:
    """Adds the headers that every answer carries. Pure ASGI, so that streams stay streams."""

    def __init__(self, app: ASGIApp, safe: dict[str, str]) -> None:
        self._app = app
        self._safe = safe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._safe.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
