"""The policy of our pages holds: no script runs and no style counts but those we serve as files."""

from playwright.async_api import expect
from tests.browser.conftest import POLICY, Town

GILL = "Gill Marsh"


async def test_a_script_or_a_style_that_comes_with_words_does_nothing(town: Town) -> None:
    """Also where htmx puts them in place; and the browser says so: no other test is blind to it."""
    planted = """<i id=planted hx-on:click="window.ran = 1" style="color: red" hx-post="/find"
      hx-trigger="load[window.ran = 1]">x</i><script>window.ran = 1</script>"""
    async with town.signed_in(GILL) as page:
        await page.evaluate(
            "it => htmx.swap('[data-found]', it, {swapStyle: 'innerHTML'})", planted
        )
        await page.click("#planted")
        ran = await page.evaluate("window.ran")
        kept = await page.evaluate("[...Object.keys(sessionStorage), ...Object.keys(localStorage)]")
        await expect(page.locator("head style")).to_have_count(0)

    assert ran is None
    assert "htmx-history-cache" not in kept
    assert any(POLICY in error for error in town.errors)
    town.errors.clear()
