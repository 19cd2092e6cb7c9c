import re

import pytest
from tests.store.builders import NINE
from tests.stories.officer import as_read
from tests.web.conftest import Web

from apbot.store.trail import Sought, find_trail, leave_trail

GILL, FAYE = "07700 900201", "07700 900207"


def left(web: Web, *steps: tuple[str, str, str, str]) -> None:
    """Somebody did this, of this kind and subject."""
    with web.database.writing() as db:
        for person, did, kind, subject in steps:
            leave_trail(db, NINE, person, did, kind, subject)


async def test_the_trail_says_who_saw_whom_in_the_offices_own_words(web: Web) -> None:
    """Names in place of keys; and looking at it is in it."""
    await web.signs_in(GILL)
    left(
        web, ("ravi-anand", "saw", "pupil", "femi-okafor"), ("ravi-anand", "saw", "list", "pupils")
    )

    shown = as_read((await web.get("/trail")).text)

    assert "09:00 Ravi Anand saw Femi Okafor" in shown
    assert "Ravi Anand saw Pupils" in shown
    assert "Gill Marsh saw this trail" in as_read((await web.get("/trail")).text)


async def test_it_is_searched_by_person_pupil_and_day(web: Web) -> None:
    """What was seen of a pupil is their page, row and cases; a name is in no address."""
    csrf = await web.signs_in(GILL)
    left(
        web,
        ("ravi-anand", "saw", "pupil", "femi-okafor"),
        ("ravi-anand", "changed", "list", "pupils/femi-okafor"),
        ("lena-frost", "saw", "pupil", "chloe-davies"),
    )

    async def looks(**form: str) -> str:
        answer = await web.post("/trail", csrf=csrf, **form)
        assert answer.status_code == 200
        return as_read(answer.text.partition("<tbody>")[2].join(["<main>", ""]))

    of_femi = await looks(pupil="femi")
    assert "Femi Okafor" in of_femi
    assert "Pupils: femi-okafor" in of_femi
    assert "Chloe" not in of_femi
    assert "Ravi" not in await looks(person="lena-frost")
    assert "Chloe Davies" in await looks(on="2026-11-23")
    assert "Chloe Davies" not in await looks(on="2026-11-24")
    assert "Femi" not in await looks(pupil="nobody of that name")


async def test_a_long_trail_is_turned_page_by_page(web: Web) -> None:
    """A hundred to a page; no step is missed, and none is shown twice."""
    csrf = await web.signs_in(GILL)
    left(web, *(("ravi-anand", "saw", "provider", f"place-{n}") for n in range(250)))
    seen: list[str] = []
    form = {"person": "ravi-anand"}
    for _ in range(3):
        page = (await web.post("/trail", csrf=csrf, **form)).text
        seen += re.findall(r"place-\d+", page)
        further = re.search(r'name="before" value="(\d+)"', page)
        form["before"] = further[1] if further else ""

    assert seen == [f"place-{n}" for n in reversed(range(250))]
    assert form["before"] == ""


async def test_all_of_it_is_saved_as_a_spreadsheet(web: Web) -> None:
    """More than one read of it; what somebody typed is never a formula of the next."""
    csrf = await web.signs_in(GILL)
    left(web, *(("ravi-anand", "saw", "word", "=cmd()") for _ in range(2_500)))

    answer = await web.post("/trail/save", csrf=csrf, person="ravi-anand")

    assert answer.headers["content-disposition"] == 'attachment; filename="trail-2026-11-23.csv"'
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert lines[0] == "day,time,who,did,of,words"
    assert len(lines) == 2_501
    assert lines[1] == "2026-11-23,09:00:00,Ravi Anand,saw,word =cmd(),"
    with web.database.reading() as db:
        latest = find_trail(db, Sought(person="gill-marsh"), last=1)
    assert [(step.did, step.kind) for step in latest] == [("saved", "trail")]


@pytest.mark.parametrize("path", ["/trail"])
async def test_the_trail_is_for_whoever_keeps_the_lists(web: Web, path: str) -> None:
    """A reader sees the board, and not who looked at whom."""
    await web.signs_in(FAYE)

    assert (await web.get(path)).status_code == 403
    assert (await web.post("/trail/save", csrf=await web.csrf())).status_code == 403
