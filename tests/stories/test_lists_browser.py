"""A new officer loads a spreadsheet with three planted mistakes, in a real browser."""

import re
import sqlite3
import time
from pathlib import Path

import pytest

from tests.stories.test_phones_page import CHROMIUM, FLAGS, address
from tests.stories.test_slip_browser import finds_nothing

__all__ = ["address"]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


def code_sent(database: Path) -> str:
    """The code on the officer's phone."""
    for _ in range(200):
        with sqlite3.connect(database) as db:
            rows = db.execute("SELECT text FROM outbox WHERE script = 'sign_in_code'").fetchall()
        if rows:
            return str(rows[-1][0])[:6]
        time.sleep(0.1)
    raise AssertionError("no code came")


def test_three_planted_mistakes_are_seen_mended_looked_through_and_loaded(
    address: str, tmp_path: Path
) -> None:
    """Saved from the board, spoilt, refused by row and column, mended, and kept."""
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 850})
        page.goto(f"{address}/sign-in?next=/lists")
        page.get_by_role("button", name="Gill Marsh").click()
        page.get_by_label("Code").fill(code_sent(tmp_path / "apbot.db"))
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Lists")).to_be_visible()
        finds_nothing(page)
        page.get_by_role("link", name=re.compile("^Staff")).click()
        finds_nothing(page)
        with page.expect_download() as saving:
            page.get_by_role("link", name="Save as CSV").click()
        good = saving.value.path().read_text("utf-8-sig").replace("Carla Voss", "Carla Voss-Hale")
        bad = good.replace("07700 900101", "01632 960101", 1).replace("cog-lane", "cog-lan", 1)
        mistaken, mended = tmp_path / "mistaken.csv", tmp_path / "mended.csv"
        mistaken.write_text(bad.replace("Mon-Thu", "Mon-Son", 1), "utf-8")
        mended.write_text(good, "utf-8")

        page.get_by_label("Load from a spreadsheet").set_input_files(mistaken)
        page.get_by_role("button", name="Look what it would change").click()

        expect(page.get_by_role("alert")).to_contain_text("3 mistakes, so nothing was kept.")
        rows = page.locator("tbody tr")
        expect(rows.nth(0)).to_contain_text("2mobilemobile '01632 960101' is a landline")
        expect(rows.nth(1)).to_contain_text("7daysdays 'Mon-Son' has 'son' for a day")
        expect(rows.nth(2)).to_contain_text("7providerprovider 'cog-lan' is not in Providers")
        finds_nothing(page)

        page.get_by_label("Choose the mended one").set_input_files(mended)
        page.get_by_role("button", name="Look what it would change").click()
        expect(page.locator("main")).to_contain_text("It would be: 1 changed.")
        finds_nothing(page)
        page.get_by_role("button", name="Keep these changes").click()

        expect(page.get_by_role("status").first).to_contain_text("Kept: 1 row.")
        expect(page.locator("table")).to_contain_text("Carla Voss-Hale")
        page.get_by_role("link", name="carla-voss").click()
        page.get_by_label("Mobile").fill("01632 960104")
        page.get_by_role("button", name="Keep").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing was kept yet.")
        finds_nothing(page)
        browser.close()
