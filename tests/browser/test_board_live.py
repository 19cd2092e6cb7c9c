"""The board in a real browser: live, by keyboard, for two, on the wall, without a script."""

from time import perf_counter

from playwright.async_api import Route, expect
from tests.browser.conftest import Town

from apbot.store.tables import beats

GILL, RAVI, FAYE = "Gill Marsh", "Ravi Anand", "Faye Orrin"
FARM = "#provider-alder-farm"
SHOWN = """() => JSON.stringify([...document.querySelectorAll("[data-group]")].map(group => {
  const rows = [...group.cloneNode(true).children];
  for (const row of rows) for (const beside of row.querySelectorAll(".beside")) beside.remove();
  const count = document.querySelector(`[data-count=${group.dataset.group}]`).textContent;
  return [group.dataset.group, count, rows.map(row => [row.id, row.textContent])];
}))"""
"""Every row that the board shows, by group and in its place, and how many it says there are."""


def forget(town: Town) -> None:
    """What came to phones so far is of no interest."""
    for person in town.day.lists.people.persons:
        town.day.phone(person.name).forgets()


async def test_a_reply_is_on_the_board_within_a_second_without_a_reload(town: Town) -> None:
    """Asked, late, missing, in: the row changes where it stands, and the rest is not touched."""
    async with town.signed_in(GILL) as page:
        await page.evaluate("window.same = true")
        row = page.locator(FARM)
        await expect(row).to_contain_text("not due")
        await town.day.at("09:00")
        await expect(row).to_contain_text("asked")
        await town.day.at("09:10")
        await expect(row).to_contain_text("late")
        await town.day.at("09:31")
        await expect(row).to_contain_text("missing")
        await expect(page.locator("[data-group=cases]")).to_contain_text("No register Alder Farm")

        await town.day.phone("Bryn Hollis").says("all in except chloe, shes ill")
        replied = perf_counter()
        await expect(row).to_contain_text("5 of 6")
        took = perf_counter() - replied

        assert took < 1, took
        await expect(page.locator("[data-group=cases]")).not_to_contain_text("Alder Farm")
        assert await page.evaluate("window.same")
    forget(town)


async def test_a_county_that_was_asked_at_once_is_folded_into_a_line(town: Town) -> None:
    """Three hundred at nine are a number; whoever opens them keeps them open."""
    async with town.signed_in(GILL) as page:
        watch = page.locator("[data-section=watch]")
        await watch.evaluate("fold => fold.dataset.most = '1'")
        await town.day.at("09:00")
        await expect(watch.locator("[data-count=watch]")).to_have_text("2")
        await expect(page.locator(FARM)).to_be_hidden()

        await watch.locator("summary").click()
        await expect(page.locator(FARM)).to_be_visible()
        await town.day.at("09:09")
        await town.day.phone("Bryn Hollis").says("all in")
        await expect(watch.locator("[data-count=watch]")).to_have_text("1")
        await expect(page.locator("[data-group=watch] > li")).to_be_visible()
    forget(town)


async def test_a_board_that_cannot_know_does_not_say_that_all_is_well(town: Town) -> None:
    """No word from the server, or from the engine: nothing green is left on the screen."""
    async with town.signed_in(GILL) as page:
        calm, lost = page.locator("[data-calm]"), page.locator("[data-lost]")
        await expect(calm).to_be_visible()
        await page.route("**/live?**", lambda route: route.abort())
        await page.reload()
        await expect(lost).to_contain_text("Not connected")
        await expect(calm).to_be_hidden()

        # It comes back by itself, and has what happened meanwhile.
        await town.day.at("09:00")
        await page.unroute("**/live?**")
        await expect(lost).to_be_hidden()
        await expect(calm).to_be_visible()
        await expect(page.locator(FARM)).to_contain_text("asked")
        with town.day.house.database.writing() as db:
            db.execute(beats.delete())
        await expect(page.get_by_role("alert")).to_contain_text("The bot is not running")
        await expect(calm).to_be_hidden()
    forget(town)


async def test_a_board_that_hears_nothing_says_so(town: Town) -> None:
    """A line that was cut without a word looks like one on which nothing happens."""

    async def no_word(route: Route) -> None:
        pass

    async with town.signed_in(GILL) as page:
        await page.route("**/live?**", no_word)
        await page.clock.install()
        await page.reload()
        await expect(page.locator("[data-calm]")).to_be_visible()
        await page.clock.fast_forward(30_000)

        await expect(page.locator("[data-lost]")).to_be_visible()
        await expect(page.locator("[data-calm]")).to_be_hidden()


async def test_what_came_by_the_stream_stands_as_on_a_page_that_is_loaded_anew(town: Town) -> None:
    """Every row in its group and place, with its words; a row that did not change is the same."""
    async with town.signed_in(GILL, bypass_csp=True) as page:  # for the test's own function
        anew = await page.context.new_page()
        for moment in ("09:00", "09:02", "09:10", "09:31", "09:45", "12:50"):
            await town.day.at(moment)
            if moment == "09:02":
                await page.evaluate("document.querySelector('#provider-slipway').same = true")
                await town.day.phone("Bryn Hollis").says("all in except chloe, and cant find femi")
                await expect(page.locator(FARM)).to_contain_text("4 of 6")
                assert await page.evaluate("document.querySelector('#provider-slipway').same")
            await town.day.settle()
            await anew.goto(town.address)
            shown = await anew.evaluate(SHOWN)
            await page.wait_for_function(f"shown => ({SHOWN})() === shown", arg=shown)
    forget(town)


async def test_a_page_to_which_nothing_is_new_is_left_as_it_is(town: Town) -> None:
    """Whoever reads or selects on it as the stream begins does so in peace."""
    async with town.signed_in(GILL) as page:
        await page.add_init_script(
            "addEventListener('DOMContentLoaded', () => {"
            f"document.querySelector('{FARM}').same = true;"
            "document.querySelector('[data-clock]').id = 'old';"
            "})"
        )
        await page.goto(town.address)
        await expect(page.locator("[data-clock]")).to_be_visible()
        await expect(page.locator("#old")).to_have_count(0)

        assert await page.evaluate(f"document.querySelector('{FARM}').same")


async def test_a_page_that_lost_a_row_is_made_anew(town: Town) -> None:
    """An extension of a browser, or a defect of ours: no register is missing from the screen."""
    async with town.signed_in(GILL) as page:
        await page.evaluate("document.querySelector('[data-group=settled]').replaceChildren()")
        await expect(page.locator("[data-group] > li")).to_have_count(0)
        await town.day.at("09:00")
        await expect(page.locator(FARM)).to_contain_text("asked")
        await expect(page.locator("[data-group=settled] > li")).not_to_have_count(0)
    forget(town)


async def test_what_is_typed_and_what_has_the_focus_stays_while_rows_move(town: Town) -> None:
    """A name half typed; a register under the cursor that goes from one group to another."""
    async with town.signed_in(GILL) as page:
        await page.keyboard.press("/")
        await page.keyboard.type("femi")
        await expect(page.locator(".found")).to_contain_text("Femi Okafor")
        await town.day.at("09:00")
        await expect(page.locator(f"[data-group=watch] {FARM}")).to_be_visible()
        await expect(page.locator("#name")).to_be_focused()
        await expect(page.locator("#name")).to_have_value("femi")
        await expect(page.locator(".found")).to_contain_text("Femi Okafor")

        half = page.locator(f"{FARM} a.half").first
        await half.focus()
        await town.day.at("09:31")
        await expect(page.locator(f"[data-group=act] {FARM}")).to_contain_text("missing")
        await expect(half).to_be_focused()
    forget(town)


async def test_a_button_that_gets_no_answer_in_place_does_its_work_as_a_form(town: Town) -> None:
    """Between the browser and us there are things that know nothing of htmx."""
    await town.day.at("09:31")

    async def in_between(route: Route) -> None:
        if route.request.resource_type == "xhr":
            await route.fulfill(status=502)
        else:
            await route.continue_()

    async with town.signed_in(GILL) as page:
        await page.route("**/take", in_between)
        await page.locator("[data-group=cases] button").first.click()
        await expect(page.locator("[data-said]")).to_contain_text("is yours")
    await town.day.settle()
    forget(town)


async def test_taking_a_case_leaves_what_is_being_typed_of_it(town: Town) -> None:
    """A note is begun, and only then whose the case is; the page says both."""
    await town.day.at("09:31")
    async with town.signed_in(GILL) as page:
        await page.click(".case .what a >> nth=0")
        await page.fill("#note", "rang twice, engaged")
        await page.click("text=It is mine")
        await expect(page.locator("[data-said]")).to_contain_text("is yours")
        await expect(page.locator("#facts")).to_contain_text("Gill Marsh has it")
        await expect(page.locator("text=It is mine")).to_have_count(0)
        await expect(page.locator("#note")).to_have_value("rang twice, engaged")
        await page.click("text=Note it")
        await expect(page.locator("main")).to_contain_text("Gill Marsh: rang twice, engaged")
    await town.day.settle()
    forget(town)


async def test_a_list_is_found_through_while_words_are_typed(town: Town) -> None:
    """The rows that have them, and how many of how many, where the page stands."""
    async with town.signed_in(GILL) as page:
        await page.goto(f"{town.address}/lists/pupils")
        await page.type("#words", "okaf")
        await expect(page.locator("#found")).to_contain_text("1 of 44 have those words.")
        await expect(page.locator("table.list tbody tr")).to_have_count(1)
        await expect(page.locator("#words")).to_be_focused()
        await expect(page.locator("h1")).to_have_count(1)


async def test_two_officers_see_one_another_take_a_case(town: Town) -> None:
    """One taps; on the other's board it has a name within a second, and no button to take it."""
    await town.day.at("09:31")
    async with town.signed_in(GILL) as gill, town.signed_in(RAVI) as ravi:
        case = "[data-group=cases] li:has-text('Alder Farm')"
        await expect(ravi.locator(case)).to_contain_text("Nobody has it")
        await gill.locator(case).get_by_role("button", name="Take").click()

        await expect(ravi.locator(case)).to_contain_text("Gill Marsh has it")
        await expect(ravi.locator(case).get_by_role("button")).to_have_count(0)
        await expect(gill.locator("[data-said]")).to_contain_text("is yours")
        await expect(gill.locator(case)).to_contain_text("End it")
    await town.day.settle()
    forget(town)


async def test_the_morning_goes_by_keyboard_alone(town: Town) -> None:
    """A slash finds a child, Enter takes a case; what changes takes the focus from nobody."""
    await town.day.at("09:31")
    async with town.signed_in(GILL) as page:
        await page.keyboard.press("/")
        await page.keyboard.type("femi ok")
        await expect(page.locator(".found")).to_contain_text("Femi Okafor")
        await page.keyboard.press("Escape")
        await expect(page.locator(".found")).to_have_count(0)

        take = page.locator("[data-group=cases] button").last
        await take.focus()
        name = await take.inner_text()
        await town.day.at("09:41")
        await expect(page.locator("[data-group=cases]")).to_contain_text("everybody is told at")
        focused = page.locator(":focus")
        await expect(focused).to_have_text(name)
        await page.keyboard.press("Enter")
        await expect(page.locator("[data-group=cases]")).to_contain_text("Gill Marsh has it")
    await town.day.settle()
    forget(town)


async def test_the_wall_shows_a_whole_day_by_itself(town: Town) -> None:
    """From five to nine to six o'clock, touched by nobody: the time, and how registers stand."""
    async with town.signed_in(GILL, viewport={"width": 1920, "height": 1080}) as page:
        await page.goto(f"{town.address}/?wall")
        await page.evaluate("window.same = true")
        clock = page.locator("[data-clock]")
        for moment, tally in [
            ("09:05", "asked"),
            ("09:35", "missing"),
            ("12:50", "asked"),
            ("18:00", "missing"),
        ]:
            await town.day.at(moment)
            await expect(page.locator("[data-summary]")).to_contain_text(tally)
            await expect(clock).to_have_text(moment, timeout=15_000)
        await expect(page.get_by_role("button")).to_have_count(0)
        assert await page.evaluate("window.same")
    forget(town)


async def test_without_a_script_every_page_still_does_its_work(town: Town) -> None:
    """Signing in, taking, marking and finding are forms."""
    await town.day.at("09:31")
    async with town.signed_in(GILL, java_script_enabled=False) as page:
        await page.locator("li:has-text('Alder Farm') >> button").first.click()
        await expect(page.locator("[data-said]")).to_contain_text("is yours")
        await page.fill("#name", "zofia")
        await page.click("text=Find")
        await expect(page.locator(".found")).to_contain_text("Zofia Nowak")
        await page.click(".found p a >> nth=0")
        await page.check("#others")
        await page.select_option("#who", label="Bryn Hollis")
        await page.click("text=Keep these marks")
        await expect(page.locator("[data-said]")).to_contain_text("Kept: 6 marks.")
    await town.day.settle()
    forget(town)


async def test_a_reader_finds_no_button_that_changes_anything(town: Town) -> None:
    """The virtual school sees the same morning, and its pages are for looking."""
    await town.day.at("09:31")
    async with town.signed_in(FAYE) as page:
        await expect(page.locator("[data-group=cases]")).to_contain_text("Alder Farm")
        await expect(page.locator("[data-group=cases] button")).to_have_count(0)
        await page.click(f"{FARM} a.half >> nth=0")
        await expect(page.get_by_role("button")).to_have_count(0)
        await expect(page.locator("select")).to_have_count(0)
    forget(town)


async def test_signing_out_everywhere_closes_a_board_that_is_open(town: Town) -> None:
    """A lost laptop shows nothing more once it is looked at again."""
    async with town.signed_in(GILL) as lost, town.signed_in(GILL) as mine:
        await mine.goto(f"{town.address}/you")
        await lost.route("**/live?**", lambda route: route.abort())
        await lost.reload()
        await mine.click("text=Sign out everywhere")
        await expect(lost.locator("h1")).not_to_have_text("Sign in")
        await lost.unroute("**/live?**")
        await expect(lost.locator("h1")).to_have_text("Sign in")
