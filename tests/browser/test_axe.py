"""Nothing that axe-core knows of keeps anybody from a page: WCAG 2.2 AA, in light and in dark."""

import pytest
from playwright.async_api import Page
from tests.browser.conftest import Town, trouble


async def a_busy_morning(town: Town) -> None:
    """Registers in, in part, late and missing; a child unaccounted for, a concern, a closed one."""
    day = town.day
    await day.at("09:02")
    await day.phone("Bryn Hollis").says("all in except chloe, shes ill, and cant find femi")
    await day.at("09:20")
    await day.phone("Ken Ridley").says("we are closed today, burst pipe")
    await day.at("09:41")
    for person in day.lists.people.persons:
        day.phone(person.name).forgets()


PAGES = ["/", "/?wall", "/registers", "register", "case", "pupil", "/providers/alder-farm"]
PAGES += [
    "/cases",
    "/people",
    "/replies",
    "/words",
    "/trail",
    "/lists",
    "/service",
    "/you",
    "/start",
    "/sign-in/code",
]


async def opened(page: Page, town: Town, what: str) -> None:
    """Open a page by its address, or as an officer comes to it."""
    await page.goto(f"{town.address}/")
    if what == "register":
        await page.click("#provider-alder-farm a.half >> nth=0")
    elif what == "case":
        await page.click(".case .what a >> nth=0")
    elif what == "pupil":
        await page.fill("#name", "femi")
        await page.click(".found h3 a")
    else:
        await page.goto(f"{town.address}{what}")
    await page.wait_for_selector("main")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_keeps_anybody_out(town: Town, scheme: str) -> None:
    """Names, roles, contrast, headings, labels: axe finds nothing on any page, at any width."""
    await a_busy_morning(town)
    found = {}
    async with town.signed_in("Gill Marsh", color_scheme=scheme) as page:
        for width in (1280, 360):
            await page.set_viewport_size({"width": width, "height": 800})
            for what in PAGES:
                await opened(page, town, what)
                if troubles := await trouble(page):
                    found[what, width] = troubles

    assert found == {}


async def test_the_sign_in_keeps_nobody_out(town: Town) -> None:
    """Before anybody is signed in, and after a wrong code."""
    page = await town.browser.new_page()
    await page.goto(f"{town.address}/sign-in")
    first = await trouble(page)
    await page.fill("#mobile", "07700 900201")
    await page.click("text=Send me a code")
    await page.fill("#code", "000000")
    await page.click("button.main")
    await page.wait_for_selector("[role=alert]")

    assert (first, await trouble(page)) == ([], [])
    await town.day.settle()
    town.day.phone("Gill Marsh").forgets()


@pytest.mark.parametrize("what", ["/", "/cases", "/people", "register", "case", "pupil"])
async def test_no_page_is_wider_than_a_small_phone(town: Town, what: str) -> None:
    """At 360 pixels nothing has to be pushed to and fro."""
    await a_busy_morning(town)
    async with town.signed_in("Gill Marsh", viewport={"width": 360, "height": 760}) as page:
        await opened(page, town, what)
        wide = await page.evaluate("document.documentElement.scrollWidth")

    assert wide <= 360
