import pytest
from tests.web.conftest import Web

from apbot.store.journal import beat
from apbot.store.trail import list_trail

GILL = "07700 900201"


async def test_the_board_shows_every_provider_that_is_due_today(web: Web) -> None:
    """Nine of Wrensby's, none of them due before nine; and nothing needs anybody."""
    await web.signs_in(GILL)
    board = (await web.get("/")).text

    for name in ("Alder Farm", "Southpaw Boxing Gym", "The Hatch Kitchen"):
        assert board.count(f"<b>{name}</b>") == 1
    assert "Mon 23 Nov" in board
    assert "Nothing needs anybody just now." in board


async def test_the_board_says_that_no_engine_is_at_work(web: Web) -> None:
    """By the clock alone a register would look asked for, and nobody was asked."""
    await web.signs_in(GILL)
    assert "nobody is asked or told" in (await web.get("/")).text
    with web.database.writing() as db:
        beat(db, "an engine", web.clock.now())

    assert "nobody is asked or told" not in (await web.get("/")).text


async def test_a_child_is_found_by_the_first_letters_of_a_name(web: Web) -> None:
    """Provider, mark, site, whom to ring, whose it is; and the trail says who looked."""
    csrf = await web.signs_in(GILL)
    found = (await web.part("/find", csrf=csrf, name="fem")).text

    for words in ("Femi Okafor", "Alder Farm AM", "no mark yet", "Alder Lane", "07700 900101"):
        assert words in found
    with web.database.reading() as db:
        steps = list_trail(db, kind="pupil", subject="femi-okafor")
    assert [(step.person, step.did) for step in steps] == [("gill-marsh", "looked for")]


@pytest.mark.parametrize("typed", ["okafor", "OKAFOR FE", "femmi", "okafer"])
async def test_a_slip_of_the_thumb_finds_the_child_as_well(web: Web, typed: str) -> None:
    """In any order, in any letters."""
    csrf = await web.signs_in(GILL)

    assert "Femi Okafor" in (await web.part("/find", csrf=csrf, name=typed)).text


async def test_a_name_that_nobody_has_is_said_to_be_nobodys(web: Web) -> None:
    """And what is typed cannot become a part of the page."""
    csrf = await web.signs_in(GILL)
    answer = (await web.part("/find", csrf=csrf, name="<b>zzyx")).text

    assert "No pupil is called “&lt;b&gt;zzyx”." in answer


async def test_no_address_of_the_board_names_a_pupil(web: Web) -> None:
    """What stands in an address is kept by browsers, proxies and logs."""
    csrf = await web.signs_in(GILL)
    found = (await web.part("/find", csrf=csrf, name="femi")).text
    links = [part.split('"')[0] for part in found.split('href="')[1:]]

    assert any(link.startswith("/pupils/") for link in links)
    assert not any("femi" in link or "okafor" in link for link in links)


@pytest.mark.parametrize(
    ("path", "status"), [("/registers/abc", 422), ("/nowhere", 404), ("/registers/9999", 404)]
)
async def test_an_address_that_is_no_page_is_said_so_on_a_page(
    web: Web, path: str, status: int
) -> None:
    """In the board's own frame, so that nobody thinks that they were signed out."""
    await web.signs_in(GILL)
    answer = await web.client.get(path, headers={"Accept": "text/html"})

    assert answer.status_code == status
    assert "Back to today" in answer.text
    assert "Gill Marsh" in answer.text


async def test_a_network_that_calls_a_wrong_address_gets_no_page(web: Web) -> None:
    """What is no browser is answered as ever."""
    answer = await web.get("/hooks/nowhere")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")
