"""The board in a real browser: the house of a story, served, and Chromium before it."""

import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from tests.stories.day import Day, a_day

from apbot.app import web_app
from apbot.clock import MovedClock, SystemClock
from apbot.domain.calendar import at
from apbot.running import web_running
from apbot.store.database import Database
from apbot.store.journal import beat

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


POLICY = "Content Security Policy"
"""Stands in what a browser says of a page that does what its policy does not allow."""

AXE = Path(AXE_FILE_PATH).read_text()


@dataclass
class Town:
    """A day of the town, its board's address, and the browser before it."""

    day: Day
    address: str
    browser: Browser
    errors: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def signed_in(self, name: str, **context: Any) -> AsyncIterator[Page]:
        """Sign somebody in, as they do it: their number, and the code from their phone."""
        opened = await self.browser.new_context(**context)
        page = await self._page(opened)
        person = next(p for p in self.day.lists.people.persons if p.name == name)
        await page.goto(f"{self.address}/sign-in")
        await page.fill("#mobile", person.mobile)
        await page.click("text=Send me a code")
        await page.wait_for_selector("#code")
        await self.day.settle()
        texts = self.day.phone(name).waiting()
        await page.fill(
            "#code", next(t.text[:6] for t in texts[::-1] if t.script == "sign_in_code")
        )
        await page.click("button.main")
        await page.wait_for_selector("[data-summary]")
        yield page
        await opened.close()

    @asynccontextmanager
    async def with_settings(self, **changes: Any) -> AsyncIterator[str]:
        """Serve the same day once more, with other settings; yields its address."""
        async with served(self.day, **changes) as address:
            yield address

    async def _page(self, context: BrowserContext) -> Page:
        page = await context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda said: self.errors.append(said.text) if POLICY in said.text else None,
        )
        return page


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; without one these tests are skipped."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    return CHROMIUM


@pytest.fixture
async def town(sqlite: Database, chromium: str) -> AsyncIterator[Town]:
    """Monday 23 November 2026, five to nine, all of Wrensby; the clock stands still."""
    async with (
        a_day(sqlite, at(date(2026, 11, 23), time(8, 55))) as day,
        served(day) as address,
        async_playwright() as driver,
    ):
        browser = await driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield (opened := Town(day, address, browser))
        await browser.close()
        assert opened.errors == []


@asynccontextmanager
async def served(day: Day, **changes: Any) -> AsyncIterator[str]:
    """
    Serve the board of a day on a free port, with these settings; yields its address.

    A story has no engine that beats: one has just beaten, and the machine's time stands still.
    """
    machine = MovedClock(SystemClock().now(), 0)
    with day.house.database.writing() as db:
        beat(db, "a story", machine.now())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    here = {"public_url": "", "host": "127.0.0.1", "port": port, **changes}
    settings = day.house.settings.model_copy(update=here)
    house = replace(day.house, settings=settings, machine=machine)
    async with web_running(web_app(house), settings):
        yield settings.address


async def trouble(page: Page) -> list[str]:
    """What axe-core finds on a page as it stands, by WCAG 2.2 AA and good practice."""
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['help']}: {node['html']}: {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
