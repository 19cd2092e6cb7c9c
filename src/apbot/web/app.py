"""
The web half: one small application of hooks, health and, in the sandbox, the phones.
"""

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_pages = Environment(loader=PackageLoader("apbot.web"), autoescape=select_autoescape())

SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def make_app(routers: Iterable[APIRouter], *, service: str, front: str | None = None) -> FastAPI:
    """Return the application. `front` is where `/` leads; without one it says what this is."""
    app = FastAPI(title="apbot", docs_url=None, redoc_url=None, openapi_url=None)
    for router in routers:
        app.include_router(router)

    app.add_middleware(Safely)

    @app.get("/", include_in_schema=False)
    async def _front() -> Response:
        if front is not None:
            return RedirectResponse(front)
        return HTMLResponse(_pages.get_template("front.html").render(service=service))

    @app.get("/robots.txt", include_in_schema=False)
    async def _robots() -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    return app


class Safely:
    """Adds the headers that every answer carries. Pure ASGI, so that streams stay streams."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
