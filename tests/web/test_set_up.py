from collections.abc import Callable

import pytest
from tests.web.conftest import BOTH_ON, Web

from apbot.settings import Settings, ways_of
from apbot.store.access import OF_A_SOURCE
from apbot.store.database import Database
from apbot.web.lobby import setup_code


async def test_a_loaded_house_is_never_set_up_again(web: Web) -> None:
    """The code of the start opens nothing once there are lists."""
    form = {"code": setup_code("a-secret"), "service": "Mine now", "my_name": "Mallory"}
    for answer in (await web.get("/set-up"), await web.post("/set-up", **form)):
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Mine now" not in (await web.get("/sign-in")).text


@pytest.fixture
def an_empty_web(sqlite: Database, a_house: Callable[..., Web]) -> Web:
    """The web half of a house in which nothing was ever loaded."""
    return a_house(sqlite, **BOTH_ON)


async def test_every_page_of_an_empty_house_leads_to_the_set_up(an_empty_web: Web) -> None:
    """Nobody can sign in yet."""
    for path in ("/", "/sign-in", "/lists", "/replies"):
        answer = await an_empty_web.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/set-up")


async def test_the_code_of_the_set_up_cannot_be_guessed_on_and_on(an_empty_web: Web) -> None:
    """After so many tries from one place, not even the right one is taken for a while."""
    web = an_empty_web
    for _ in range(OF_A_SOURCE[0].most):
        assert "is not the one" in (await web.post("/set-up", code="0000-0000-0000")).text
    right = {"code": setup_code("a-secret"), "service": "Ours"}

    assert "tried too often" in (await web.post("/set-up", **right)).text
    web.clock.move_to(web.clock.now() + OF_A_SOURCE[0].within)
    assert "tried too often" not in (await web.post("/set-up", **right)).text


async def test_a_form_from_elsewhere_sets_nothing_up(an_empty_web: Web) -> None:
    """Not even with the code."""
    answer = await an_empty_web.client.post(
        "/set-up",
        data={"code": setup_code("a-secret")},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403


def test_the_lines_that_env_lacks_are_told_exactly() -> None:
    """What is set is not asked for again, and no secret that is set is shown."""
    given = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "hush", "TELEGRAM_BOT_TOKEN": "t"}
    ways = {way.name: way for way in ways_of(Settings.model_validate(given))}

    assert ways["Telegram"].is_on
    assert not ways["SMS"].is_on
    assert [line.partition("=")[0] for line in ways["SMS"].lacks] == ["TWILIO_FROM"]
    assert "hush" not in str(ways)
