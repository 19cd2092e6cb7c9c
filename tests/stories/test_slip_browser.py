"""A tutor taps the register on a phone of 360 pixels, in a real browser; axe sees every state."""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.stories.test_phones_page import CHROMIUM, FLAGS, address

__all__ = ["address"]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")

LINK = re.compile(r"http://\S+/r/\S+")


@pytest.fixture
def link(address: str, tmp_path: Path) -> str:
    """The link on Ken's phone, of Cog Lane Garage, some minutes after the start."""
    httpx.post(f"{address}/phones/clock", json={"action": "pause"}).raise_for_status()
    moved = {"action": "move", "minutes": 26}
    httpx.post(f"{address}/phones/clock", json=moved).raise_for_status()
    for _ in range(200):
        with sqlite3.connect(tmp_path / "apbot.db") as db:
            rows = db.execute("SELECT text FROM outbox WHERE channel = 'sms'").fetchall()
        found = [LINK.search(text) for (text,) in rows if text.startswith("Cog Lane")]
        if found and found[0] is not None:
            return found[0].group()
        time.sleep(0.1)
    raise AssertionError("no link came")


@contextmanager
def a_phone(**more: Any) -> Iterator[Any]:
    """A small phone's browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_context(viewport={"width": 360, "height": 740}, **more)
        browser.close()


def test_a_tutor_sends_the_register_in_two_taps_and_puts_one_right(link: str) -> None:
    """The link, All in; then one is off, and ill: said at once, all of it without a new page."""
    from playwright.sync_api import expect

    with a_phone() as phone:
        page, other = phone.new_page(), phone.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        other.goto(link)

        page.goto(link)
        finds_nothing(page)
        page.get_by_role("button", name="All in").click()

        expect(page.get_by_role("status")).to_contain_text("Thank you: 5 in")
        ellis = page.locator("#p2")
        ellis.get_by_role("button", name="Off").click()
        expect(page.get_by_role("status")).to_contain_text("Ellis W: off")
        expect(ellis.get_by_role("button", name="Off")).to_be_focused()
        finds_nothing(page)
        ellis.get_by_role("button", name="Ill", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("off (ill)")
        expect(other.locator("#p2")).to_contain_text("Off (ill)", timeout=15_000)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert errors == []


def test_words_to_the_office_are_sent_from_the_box(link: str) -> None:
    """A question is passed on, and the page says so; the box is empty again."""
    from playwright.sync_api import expect

    with a_phone(color_scheme="dark") as phone:
        page = phone.new_page()
        page.goto(link)
        finds_nothing(page)
        box = page.get_by_label("Tell the office")
        box.fill("can someone ring me about the minibus")
        page.get_by_role("button", name="Send").click()

        expect(page.get_by_role("status")).to_contain_text("I have passed that on to the CSS")
        expect(box).to_have_value("")
        finds_nothing(page)


def test_without_script_all_of_it_can_be_done(link: str) -> None:
    """Plain forms: a tap, a reason, and words on a page that does not renew itself."""
    from playwright.sync_api import expect

    with a_phone(java_script_enabled=False) as phone:
        page = phone.new_page()
        page.goto(link)
        page.locator("#p2").get_by_role("button", name="Off").click()
        expect(page.get_by_role("status")).to_contain_text("Ellis W: off")
        page.locator("#p2").get_by_role("button", name="Ill", exact=True).click()
        page.get_by_role("button", name="The rest are in").click()
        expect(page.locator("#live")).to_contain_text("That is the AM register: 4 in, 1 off.")

        page.get_by_role("link", name="Tell the office").click()
        assert 'http-equiv="refresh"' not in page.content()
        page.get_by_label("Tell the office").fill("can someone ring me about the minibus")
        page.get_by_role("button", name="Send").click()

        expect(page.get_by_role("status")).to_contain_text("I have passed that on to the CSS")


def test_a_link_that_opens_nothing_is_a_plain_page(address: str) -> None:
    """Nothing of any register is on it."""
    with a_phone() as phone:
        page = phone.new_page()
        answer = page.goto(f"{address}/r/1.0123456789abcdef")
        assert answer.status == 404
        assert page.get_by_role("heading", name="There is no register here").is_visible()
        finds_nothing(page)


def finds_nothing(page: Any) -> None:
    """Axe finds nothing that people who see or move less would stumble over."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
