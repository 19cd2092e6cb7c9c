"""An officer signs in with her office account, in a browser, at an issuer that stands in."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from html import escape
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.async_api import expect
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from tests.browser.conftest import Town, trouble
from tests.web.issuer import CLIENT, SECRET, Issuer

from apbot.store.lists import find_listed, save_lists

EMAIL = "gill.marsh@wrensby.example"


@asynccontextmanager
async def an_issuer(now: int) -> AsyncIterator[tuple[Issuer, str]]:
    """An issuer at an address of its own, where Gill has an account."""
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    issuer = Issuer(now=now, account={"email": EMAIL}, address=address, says_it_is=address)
    app = FastAPI()

    @app.get("/authorize")
    async def _authorize(request: Request) -> Response:
        back = f"{request.query_params['redirect_uri'].split('/sign-in')[0]}"
        back += issuer.signs_in(str(request.url))
        return HTMLResponse(f'<title>Office</title><a href="{escape(back)}">I am Gill</a>')

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def _rest(request: Request) -> Response:
        asked = httpx.Request(request.method, str(request.url), content=await request.body())
        answer = issuer.answer(asked)
        return Response(answer.content, answer.status_code, media_type="application/json")

    config = uvicorn.Config(app, log_level="warning", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve([listener]))
    try:
        yield issuer, address
    finally:
        server.should_exit = True
        await task


@pytest.fixture
def oidc() -> Mapping[str, Any]:
    """The settings of the office accounts, without the issuer's address."""
    return {"oidc_client_id": CLIENT, "oidc_client_secret": SECRET}


async def test_gill_signs_in_with_her_office_account(town: Town, oidc: Mapping[str, Any]) -> None:
    """One button, one press at the issuer, and the board is there under her name."""
    now = town.day.house.machine.now()
    with town.day.house.database.writing() as db:
        lists = find_listed(db)
        assert lists is not None
        contacts = tuple(
            replace(one, email=EMAIL) if one.person == "gill-marsh" else one
            for one in lists.people.contacts
        )
        save_lists(db, replace(lists, people=replace(lists.people, contacts=contacts)), now)
    async with (
        an_issuer(int(now.timestamp())) as (_, address),
        town.with_settings(oidc_issuer=address, **oidc) as board,
    ):
        opened = await town.browser.new_context(viewport={"width": 360, "height": 760})
        page = await town._page(opened)
        await page.goto(f"{board}/registers")
        assert await trouble(page) == []
        await page.click("text=Sign in with your office account")
        await page.click("text=I am Gill")

        await expect(page).to_have_url(f"{board}/registers")
        await expect(page.locator("nav .me")).to_have_text("Gill Marsh")
