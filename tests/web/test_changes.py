"""What an open board is sent: little, and when it is put in place all rows stand as they should."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random

from starlette.requests import Request
from tests.web.conftest import Web

from apbot.web.board import OVER, teller
from apbot.web.changes import Told
from apbot.web.lobby import Lobby, Viewer
from apbot.web.today import GROUPS, Row, Today, order_for

GILL = "07700 900201"
PIECE = re.compile(r'<div hx-swap-oob="(\w+):(.*?)">(.*?)</div>', re.S)
ROW = re.compile(r'<li id="([^"]+)"')

Screen = dict[str, list[tuple[str, str]]]


def put_in_place(screen: Screen, news: str) -> None:
    """Do to the groups on a screen what htmx does with the pieces that it is sent."""
    assert PIECE.sub("", news) == ""
    for swap, place, html in PIECE.findall(news):
        found = [(ROW.match(row)[1], row) for row in re.findall(r"<li .*?</li>", html)]  # type: ignore[index]  # a row without an id must fail
        if swap == "delete":
            gone = place.replace("#", "").split(",")
            for rows in screen.values():
                rows[:] = [row for row in rows if row[0] not in gone]
        elif swap == "afterend":
            (rows,) = (rows for rows in screen.values() if place[1:] in dict(rows))
            at = [id for id, _ in rows].index(place[1:]) + 1
            rows[at:at] = found
        elif "data-group" in place:
            rows = screen.setdefault(place.removeprefix("[data-group=").rstrip("]"), [])
            rows[:] = found if swap == "innerHTML" else [*found, *rows]


def a_board(like: Today, words: Mapping[str, tuple[str, int, str]]) -> Today:
    """Make a board of rows with a group, a rank and words."""
    made = [
        Row(id, group, (rank, id), f'<li id="{id}" class="provider">{said}</li>')
        for id, (group, rank, said) in words.items()
    ]
    made.sort(key=lambda row: (row.group, row.rank))
    return replace(like, rows={row.id: row for row in made}, summary="", stamp="")


async def seen_by_gill(web: Web) -> tuple[Lobby, Request, Viewer]:
    """Gill Marsh, signed in, as a stream sees her."""
    await web.signs_in(GILL)
    lobby: Lobby = web.app.state.lobby
    kept = "; ".join(f"{name}={value}" for name, value in web.client.cookies.items())
    request = Request({"type": "http", "headers": [(b"cookie", kept.encode())]})
    viewer = lobby.viewer(request)
    assert viewer is not None
    return lobby, request, viewer


async def test_whatever_changes_every_row_comes_to_stand_in_its_place(web: Web) -> None:
    """Rows that come, go, change and move, in any number at once: the screen is the board."""
    lobby, _, viewer = await seen_by_gill(web)
    like, chance = lobby.live.today(), Random(26)
    for _ in range(60):
        words: dict[str, tuple[str, int, str]] = {}
        told, screen = Told(viewer), Screen()
        for _ in range(12):
            for _ in range(chance.choice((0, 1, 1, 2, 8))):
                id = f"provider-p{chance.randrange(9)}"
                words[id] = (chance.choice(GROUPS), chance.randrange(4), chance.choice("abc"))
                if chance.random() < 0.2:
                    del words[id]
            board = a_board(like, words)
            put_in_place(screen, told.news(board))

            shown = {
                group: [(id, html.replace('"changed ', '"')) for id, html in rows]
                for group, rows in screen.items()
            }
            assert shown == {
                group: [(id, board.rows[id].html) for id in ids]
                for group, ids in order_for(board, viewer.person.key).items()
            }


async def test_one_row_that_changed_is_all_that_is_sent(web: Web) -> None:
    """Of three hundred that stand as they were not even the names go out."""
    lobby, _, viewer = await seen_by_gill(web)
    words = {f"provider-p{n:03}": ("settled", n, "as it was") for n in range(300)}
    told = Told(viewer)
    told.news(a_board(lobby.live.today(), words))
    words["provider-p150"] = ("settled", 150, "anew")
    news = told.news(a_board(lobby.live.today(), words))

    assert len(PIECE.findall(news)) == 2  # the row that goes, and the one that comes
    assert 'afterend:#provider-p149"><li id="provider-p150" class="changed provider">anew' in news


async def test_a_browser_that_has_the_board_is_told_nothing(web: Web) -> None:
    """Its page was made from the same one."""
    lobby, request, viewer = await seen_by_gill(web)
    page = (await web.get("/")).text
    board = lobby.live.today()

    assert f"/today/live?seen={board.stamp}" in page
    assert teller(lobby, request, viewer, board.stamp)(board) is None
    assert "data-group=cases" in (teller(lobby, request, viewer, "another")(board) or "")


async def test_a_board_whose_visit_has_ended_is_told_so_within_a_minute(web: Web) -> None:
    """And one that comes without a visit at once."""
    lobby, request, viewer = await seen_by_gill(web)
    told = teller(lobby, request, viewer)
    await web.post("/sign-out", csrf=viewer.csrf)
    web.clock.move_by(timedelta(seconds=61))

    assert told(lobby.live.today()) == OVER
    assert (await web.get("/today/live")).text == OVER


async def test_whoever_types_after_their_visit_has_ended_is_led_to_the_sign_in(web: Web) -> None:
    """The page loads itself anew; a sign-in does not stand where a child would."""
    csrf = await web.signs_in(GILL)
    await web.post("/sign-out", csrf=csrf)
    answer = await web.part("/find", csrf=csrf, name="femi")

    assert (answer.headers["HX-Refresh"], answer.text) == ("true", "")
