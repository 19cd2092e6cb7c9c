"""What only a browser's own eye sees: rooms that are alike, and what is on paper."""

from playwright.async_api import Page, expect
from tests.browser.conftest import Town
from tests.browser.test_axe import a_busy_morning

GILL = "Gill Marsh"


async def heights(page: Page, what: str) -> list[float]:
    """How tall each of these is, in whole pixels."""
    found: list[float] = await page.locator(what).evaluate_all(
        "all => all.map(one => Math.round(one.getBoundingClientRect().height))"
    )
    return found


async def test_how_a_register_stands_is_told_in_rooms_that_are_alike(town: Town) -> None:
    """A look's own word is a class, and no other rule of the style sheet may be called by it."""
    await a_busy_morning(town)
    await town.day.at("10:01")
    async with town.signed_in(GILL, viewport={"width": 1280, "height": 800}) as page:
        await expect(page.locator("[data-summary]")).to_contain_text("asked")
        tally = await heights(page, ".tally .look")
        rows = await heights(page, "[data-group=watch] .half")

    assert len(tally) > 3
    assert len(set(tally)) == 1
    assert max(rows) < 70
    for person in town.day.lists.people.persons:
        town.day.phone(person.name).forgets()


async def test_a_register_on_paper_shows_its_marks_and_nothing_to_fill_in(town: Town) -> None:
    """Printed for a file: who was where, all that was said, and no button."""
    await a_busy_morning(town)
    async with town.signed_in(GILL) as page:
        await page.click("#provider-alder-farm a.half >> nth=0")
        await page.emulate_media(media="print")
        await expect(page.locator(".marking tbody tr >> nth=1")).to_contain_text("off (ill)")
        await expect(page.locator(".marking tbody tr >> nth=1")).to_be_visible()
        for hidden in ("select", "input", "button", "nav"):
            await expect(page.locator(f"{hidden}:visible")).to_have_count(0)
