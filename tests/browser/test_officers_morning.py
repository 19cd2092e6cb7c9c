"""An attendance officer's morning, from the first missing register to the last case, by mouse."""

from playwright.async_api import Page, expect
from tests.browser.conftest import Town

GILL = "Gill Marsh"


async def sent(page: Page, town: Town, button: str) -> None:
    """Press a button, and let the house do what follows."""
    await page.get_by_role("button", name=button, exact=True).click()
    await page.wait_for_load_state()
    await town.day.settle()


async def test_an_officer_takes_rings_marks_tells_and_ends(town: Town) -> None:
    """Each step says what came of it, where it was taken; in the end no case is open."""
    day = town.day
    day.only("alder-farm", "southpaw")
    await day.at("09:02")
    await day.phone("Bryn Hollis").says("all in except chloe, cant find femi")
    await day.at("09:31")
    for person in day.lists.people.persons:
        day.phone(person.name).forgets()

    async with town.signed_in(GILL) as page:
        said, cases = page.locator("[data-said]"), page.locator("[data-group=cases]")
        await expect(cases).to_contain_text("Not accounted for Femi O")

        # No register from the gym: she has it, rings, and marks what she is told.
        await cases.get_by_role("link", name="No register Southpaw").click()
        await sent(page, town, "It is mine")
        await expect(said).to_contain_text("is yours")
        await expect(page.locator(".pairs")).to_contain_text("Carla Voss 07700 900104")
        await page.get_by_role("link", name="Mark the register").click()
        await page.get_by_label("New mark of Kai Dent").select_option("off")
        await page.get_by_label("Reason of Kai Dent").select_option("ill")
        await page.get_by_label("Everybody else who has no mark is in").check()
        await sent(page, town, "Keep these marks")
        await expect(page.get_by_role("alert")).to_have_text("Say who told you, and when.")
        await expect(page.get_by_label("New mark of Kai Dent")).to_have_value("absent")
        await page.get_by_label("Who told you?").select_option("Carla Voss")
        await sent(page, town, "Keep these marks")
        await expect(said).to_contain_text("Kept: 4 marks.")
        await expect(page.locator(".history")).to_contain_text("told by Carla Voss on the phone")

        # Femi: her mother is asked; she knows. Chloe: nobody need be told.
        await page.get_by_role("link", name="Today").first.click()
        await expect(cases).not_to_contain_text("Southpaw")
        await cases.get_by_role("link", name="Not accounted for Femi O").click()
        await sent(page, town, "Tell them now")
        await expect(said).to_contain_text("Told now: Joy Okafor")
        await page.get_by_label("How did it end?").fill("home with mum, safe")
        await page.get_by_label("Reason").select_option("ill")
        await sent(page, town, "End it")
        await expect(page.locator(".facts")).to_contain_text("Over, 09:31, Gill Marsh: home with")
        await page.goto(town.address)
        await cases.get_by_role("link", name="Absent Chloe D").click()
        await sent(page, town, "Do not tell them")
        await page.get_by_label("How did it end?").fill("dentist, back after lunch")
        await sent(page, town, "End it")

        await page.goto(town.address)
        await expect(page.locator("[data-section=cases]")).to_be_hidden()
        await page.get_by_label("Where is this child now?").fill("chloe")
        await expect(page.locator(".found")).to_contain_text("Alder Farm AM: off")
    day.phone("Joy Okafor").hears("parent_unaccounted", "Do you know where Femi O is?")
    day.phone("Helen Davies").hears_nothing()
    for person in day.lists.people.persons:
        day.phone(person.name).forgets()
