"""An empty house, set up in a browser by its first officer, from the code to tomorrow's plan."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, time

import pytest
from playwright.async_api import Page, async_playwright, expect
from tests.browser.conftest import FLAGS, Town, served, trouble
from tests.stories.day import a_day

from apbot.domain.calendar import at
from apbot.store.database import Database
from apbot.store.trail import list_trail
from apbot.web.lobby import setup_code

CODE = setup_code("a-long-random-word")

OFFICE = {
    "service": "Stowbridge Outreach",
    "my_name": "Nia Holt",
    "my_title": "Attendance officer",
    "my_mobile": "07700 900701",
    "cover_name": "Omar Reed",
    "cover_mobile": "07700 900702",
    "term_from": "2026-11-02",
    "term_to": "2026-12-18",
}


@pytest.fixture
async def nowhere(sqlite: Database, chromium: str) -> AsyncIterator[Town]:
    """A Monday on which nothing was ever loaded; both networks are on."""
    async with (
        a_day(sqlite, at(date(2026, 11, 23), time(8, 55)), is_loaded=False) as day,
        served(day) as address,
        async_playwright() as driver,
    ):
        browser = await driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield (opened := Town(day, address, browser))
        await browser.close()
        assert opened.errors == []


async def filled(page: Page, form: Mapping[str, str]) -> None:
    """Fill in these fields."""
    for name, words in form.items():
        await page.fill(f"#{name}", words)


async def test_from_nothing_to_tomorrows_plan(nowhere: Town) -> None:
    """The code lets the first officer in; every step says what is next, and refuses kindly."""
    opened = await nowhere.browser.new_context(viewport={"width": 360, "height": 800})
    page = await nowhere._page(opened)
    await page.goto(nowhere.address)
    await expect(page.get_by_role("heading", name="Setting up")).to_be_visible()
    assert await trouble(page) == []

    await filled(page, {**OFFICE, "my_mobile": "01632 960701", "code": "1234-5678-9ABC"})
    await page.click("text=Begin")
    await expect(page.locator("#wrong-code")).to_contain_text("is not the one")
    await page.fill("#code", CODE.lower())
    await page.click("text=Begin")
    await expect(page.locator("#wrong-my_mobile")).to_contain_text("is a landline")
    assert await trouble(page) == []
    await page.fill("#my_mobile", OFFICE["my_mobile"])
    await page.click("text=Begin")

    await expect(page.locator(".said")).to_have_text(
        "Your office is set up, and you are signed in."
    )
    await expect(page.locator(".brand")).to_contain_text("Stowbridge Outreach")
    await expect(page.locator("main")).to_contain_text("No provider yet.")
    assert await trouble(page) == []

    await page.goto(f"{nowhere.address}/")
    await page.click("text=See how far the set-up is")
    await page.click("text=Text me: SMS")
    await nowhere.day.settle()
    await page.click("text=Look again")
    await expect(page.get_by_label("What the network says")).to_contain_text(
        "sms, 08:55: delivered"
    )
    heard = [bubble.text for bubble in nowhere.day.twilio.handset("+447700900701", "sms").bubbles]
    assert any("This is a test: texts reach you." in text for text in heard)

    await page.get_by_role("link", name="A single provider").click()
    assert await trouble(page) == []
    await filled(
        page,
        {
            "name": "Mill Yard",
            "kind": "garage",
            "phone": "01632 960700",
            "am_start": "09:30",
            "am_end": "11:30",
            "staff_name": "Pat Dyer",
            "staff_mobile": "07700 900701",
        },
    )
    await page.click("text=Keep both")
    await expect(page.locator("main")).to_contain_text("is also that of 'nia-holt'")
    assert await trouble(page) == []
    await page.fill("#staff_mobile", "07700 900703")
    await page.click("text=Keep both")
    await expect(page.locator("main")).to_contain_text(
        "Somebody at each of 1 provider can be asked"
    )
    await nowhere.day.settle()
    (welcome,) = nowhere.day.twilio.handset("+447700900703", "sms").bubbles
    assert "Stowbridge Outreach" in welcome.text

    await page.goto(f"{nowhere.address}/lists/pupils/new")
    await page.fill("#name", "Ash Vane")
    await page.click("main button.main")
    await page.goto(f"{nowhere.address}/lists/placements/new")
    placed = {"pupil": "ash-vane", "provider": "mill-yard", "from": "23 Nov 2026"}
    await filled(page, {**placed, "timetable": "Mon-Fri"})
    await page.click("main button.main")
    await page.goto(f"{nowhere.address}/start")
    await expect(page.locator("main")).to_contain_text("Tue 24 Nov: 1 register, 1 mark to give.")
    assert await trouble(page) == []

    await page.goto(f"{nowhere.address}/set-up")
    await expect(page).to_have_url(f"{nowhere.address}/")
    with nowhere.day.house.database.reading() as db:
        did = [(step.person, step.did) for step in list_trail(db)][::-1]
    assert did[:2] == [("nia-holt", "set up"), ("nia-holt", "signed in")]
