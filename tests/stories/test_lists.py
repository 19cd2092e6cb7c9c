"""The office keeps its lists on the board: a row at a time, and from spreadsheets."""

import io
import re
from datetime import time
from html import unescape

import httpx
import pytest
from openpyxl import load_workbook

from apbot.desk.enrolment import preview_lists
from apbot.desk.planning import planned_register
from apbot.domain.policy import NameStyle
from apbot.domain.words import Half
from apbot.store.lists import find_lists, find_undone
from apbot.store.registers import find_register
from apbot.store.trail import list_trail
from tests.stories.day import Day
from tests.stories.officer import Officer, as_read, at_the_board


def row(html: str, key: str) -> str:
    """The address of the row whose first cell says this."""
    found = re.search(rf'href="(/lists/\w+/row/\w+)">{re.escape(key)}</a>', html)
    assert found is not None, f"no row {key}"
    return found[1]


def fields(html: str) -> dict[str, str]:
    """What a row's form holds."""
    given = re.findall(r'<input id="(\w+)" name="\w+" value="(.*?)"', html)
    given += re.findall(r'<select id="(\w+)".*?<option selected>(.*?)</option>', html)
    return {name: unescape(words) for name, words in given}


async def opened(officer: Officer, sheet: str, key: str) -> tuple[str, dict[str, str]]:
    """Open a row of a list; return its address and what it holds."""
    address = row((await officer.client.get(f"/lists/{sheet}")).text, key)
    return address, fields((await officer.client.get(address)).text)


async def looked_through(
    officer: Officer, sheet: str, raw: bytes, file: str = "list.csv", **more: str
) -> httpx.Response:
    """Choose a file, and have it looked through."""
    return await officer.client.post(
        f"/lists/{sheet}/file",
        data={"csrf": officer.csrf, **more},
        files={"file": (file, raw)},
    )


async def kept(officer: Officer, page: httpx.Response) -> str:
    """Keep what a page says that a file would change."""
    form = dict(re.findall(r'name="(content|version|whole)" value="(.*?)"', page.text))
    action = re.search(r'action="(/lists/\w+/load)"', page.text)
    assert action is not None, as_read(page.text)
    return await officer.does(action[1], form)


async def saved(officer: Officer, sheet: str) -> str:
    """A list as the CSV file that the board saves."""
    answer = await officer.client.get(f"/lists/{sheet}/save/csv")
    return answer.content.decode("utf-8-sig")


async def test_a_new_number_counts_at_once_and_its_owner_is_welcomed_there(monday: Day) -> None:
    """One change on the board: the next text goes to the new phone, and the old line is history."""
    async with at_the_board(monday, "Gill Marsh") as gill:
        address, given = await opened(gill, "staff", "bryn-hollis")

        said = await gill.does(address, {**given, "mobile": "07700 900777"})

        assert said == "Kept: 1 row."
        new = monday.twilio.handset("+447700900777", "sms")
        await monday.settle()
        assert "Bryn" in new.bubbles[-1].text
        await gill.sees("/lists/staff/ended", "bryn-hollis", "Gill Marsh")
        with monday.house.database.reading() as db:
            assert [one.did for one in list_trail(db, kind="list", last=1)] == ["saw"]


async def test_an_inset_day_is_added_by_choosing_what_it_is(monday: Day) -> None:
    """What is written large stays so, and nobody guesses at the words of a kind."""
    async with at_the_board(monday, "Gill Marsh") as gill:
        await gill.sees("/lists/calendar", "Terms, INSET days")
        form = (await gill.client.get("/lists/calendar/new")).text
        assert "<option>inset day</option>" in form
        said = await gill.does("/lists/calendar/new", {"kind": "inset day", "from": "27 Nov 2026"})
        assert said == "Kept: 1 row."
        await gill.sees("/lists/calendar", "inset day 27 Nov 2026")


async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(monday: Day) -> None:
    """A landline cannot be texted; a weekend is no school day."""
    async with at_the_board(monday, "Gill Marsh") as gill:
        address, given = await opened(gill, "staff", "bryn-hollis")

        page = await gill.does(
            address, {**given, "mobile": "01632 960101", "days": "Mon-Sun"}, status=422
        )

        assert "Nothing was kept yet. Look at mobile , days ." in page
        assert "is a landline: it cannot be texted: give a mobile number" in page
        _, still = await opened(gill, "staff", "bryn-hollis")
        assert still == given


async def test_one_persons_number_is_theirs_in_every_list(monday: Day) -> None:
    """Owen works for two providers: his name and number are changed in both rows."""
    async with at_the_board(monday, "Gill Marsh") as gill:
        address, given = await opened(gill, "staff", "owen-crake")

        await gill.does(address, {**given, "mobile": "07700 900778"})

        assert (await saved(gill, "staff")).count("07700 900778") == 2


async def test_an_ended_placement_stays_in_the_registers_of_its_time(monday: Day) -> None:
    """This morning's register still has the pupil; tomorrow's has not."""
    await monday.at("09:01")
    await monday.phone("Bryn Hollis").says("all in")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()
    async with at_the_board(monday, "Gill Marsh") as gill:
        html = (await gill.client.get("/lists/placements")).text
        address = row(html, "chloe-davies")

        await gill.does(address, {"end": "yes"})

    with monday.house.database.reading() as db:
        morning = find_register(db, "alder-farm", monday.on, Half.AM)
        lists = find_lists(db)
    assert morning is not None
    assert lists is not None
    assert "chloe-davies" in {line.pupil for line in morning.roster}
    farm = next(one for one in lists.people.providers if one.key == "alder-farm")
    later = planned_register(lists, farm, monday.on.replace(day=30), Half.AM)
    assert later is not None
    assert "chloe-davies" not in {line.pupil for line in later.roster}
    chloes = [one for one in lists.people.placements if one.pupil == "chloe-davies"]
    assert [one.to_on for one in chloes if one.provider == "alder-farm"]
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_a_row_added_needs_no_key(monday: Day) -> None:
    """A pupil is made a key of their name, and can be placed."""
    async with at_the_board(monday, "Gill Marsh") as gill:
        said = await gill.does(
            "/lists/pupils/new", {"name": "Zoë O'Dowd-Flynn", "tell_parents": "yes"}
        )

        assert said == "Kept: 1 row."
        assert "zoe-o-dowd-flynn,Zoë O'Dowd-Flynn" in await saved(gill, "pupils")


async def test_a_provider_cannot_be_left_with_nobody_to_ask(monday: Day) -> None:
    """What a change breaks elsewhere is said, and it is not kept."""
    async with at_the_board(monday, "Gill Marsh") as gill:
        address, _ = await opened(gill, "staff", "bryn-hollis")

        page = await gill.does(address, {"end": "yes"}, status=422)

        assert "Providers, alder-farm: provider 'alder-farm' has no staff to ask on" in page


async def test_three_planted_mistakes_are_told_by_row_and_column(monday: Day) -> None:
    """Mended, it is looked through, and loaded: all of it or nothing."""
    async with at_the_board(monday, "Gill Marsh") as gill:
        good = (await saved(gill, "staff")).replace("Carla Voss", "Carla Voss-Hale")
        bad = good.replace("07700 900101", "01632 960101", 1)
        bad = bad.replace("cog-lane", "cog-lan", 1).replace("Mon-Thu", "Mon-Son", 1)

        page = await looked_through(gill, "staff", bad.encode("utf-8-sig"))

        told = as_read(page.text)
        assert page.status_code == 422
        assert "3 mistakes, so nothing was kept." in told
        assert "2 mobile mobile '01632 960101' is a landline" in told
        assert "7 provider provider 'cog-lan' is not in Providers did you mean 'cog-lane'?" in told
        assert "7 days days 'Mon-Son' has 'son' for a day" in told
        assert await saved(gill, "staff") == good.replace("Carla Voss-Hale", "Carla Voss")

        page = await looked_through(gill, "staff", good.encode("utf-8-sig"))
        assert "It would be: 1 changed ." in as_read(page.text)
        assert "name: Carla Voss Carla Voss-Hale" in as_read(page.text)
        assert await kept(gill, page) == "Kept: 1 row."
        assert await saved(gill, "staff") == good


async def test_a_file_of_some_rows_leaves_the_others_as_they_are(monday: Day) -> None:
    """Columns that it does not have stay too; said to be the whole list, it ends the others."""
    async with at_the_board(monday, "Gill Marsh") as gill:
        before = await saved(gill, "pupils")
        some = b"Pupil;Known As\nchloe-davies;Clo\n"

        page = await looked_through(gill, "pupils", some)
        assert "It would be: 1 changed ." in as_read(page.text)
        await kept(gill, page)

        after = await saved(gill, "pupils")
        assert after == before.replace("Chloe Davies,,yes", "Chloe Davies,Clo,yes")
        page = await looked_through(gill, "notes", b"provider,from,to,note\n", whole="yes")
        assert "4 ended" in as_read(page.text)


async def test_a_whole_workbook_is_saved_and_loaded(monday: Day) -> None:
    """Every list in one file: a day of the calendar and a ladder are changed as well."""
    async with at_the_board(monday, "Gill Marsh") as gill:
        answer = await gill.client.get("/lists/all/save/xlsx")
        book = load_workbook(io.BytesIO(answer.content))
        book["Calendar"].append(["inset day", "27 Nov 2026", None, None, None, None])
        book["Ladders"]["D2"] = "15 cover; 20 all css"
        out = io.BytesIO()
        book.save(out)

        page = await looked_through(gill, "all", out.getvalue(), "lists.xlsx")

        assert "It would be: 1 changed , 1 added ." in as_read(page.text)
        assert "Ladders: default, missing register" in as_read(page.text)
        assert await kept(gill, page) == "Kept: 2 rows."
        with monday.house.database.reading() as db:
            lists = find_lists(db)
        assert lists is not None
        assert monday.on.replace(day=27) in lists.calendar.inset_days


async def test_of_two_officers_the_second_is_told_what_it_would_change_now(monday: Day) -> None:
    """Nobody's change is undone by a page that was open for too long."""
    async with at_the_board(monday, "Gill Marsh") as gill:
        changed = (await saved(gill, "pupils")).replace("Chloe Davies,,yes", "Chloe Davies,Clo,yes")
        page = await looked_through(gill, "pupils", changed.encode(), whole="yes")
        async with at_the_board(monday, "Ravi Anand") as ravi:
            await ravi.does("/lists/pupils/new", {"name": "Ada Quill", "tell_parents": "yes"})

        form = dict(re.findall(r'name="(content|version|whole)" value="(.*?)"', page.text))
        told = await gill.does("/lists/pupils/load", form, status=200)

        assert "Somebody changed the lists since you looked." in told
        assert "1 ended" in told
        assert "ada-quill" in await saved(gill, "pupils")


@pytest.mark.parametrize("name", ["Faye Orrin", "Nadia Karim"])
async def test_the_lists_are_for_whoever_keeps_them(monday: Day, name: str) -> None:
    """A reader looks at the board, a contact takes cases; neither sees or changes a list."""
    async with at_the_board(monday, name) as officer:
        for path in ("/lists", "/lists/staff", "/lists/staff/save/csv", "/lists/pupils/new"):
            assert (await officer.client.get(path)).status_code == 403
        await officer.does("/lists/pupils/new", {"name": "Ada Quill"}, status=403)
        page = await looked_through(officer, "pupils", b"pupil,name\na,Ada Quill\n")
        assert page.status_code == 403
        assert 'href="/lists"' not in (await officer.client.get("/")).text


async def test_no_address_of_the_lists_names_anybody(monday: Day) -> None:
    """What is sought is sent, not written into an address; a row stands behind a seal."""
    async with at_the_board(monday, "Gill Marsh") as gill:
        page = await gill.does("/lists/pupils", {"words": "chloe dav"}, status=200)

        assert "1 of 44 have those words." in page
        html = (await gill.client.get("/lists/pupils")).text
        assert not [path for path in re.findall(r'href="(.*?)"', html) if "chloe" in path]


async def test_what_was_told_by_phone_is_no_row_of_a_list(monday: Day) -> None:
    """A load of the known absences that the board saved changes nothing that was told since."""
    gill_phone = monday.phone("Gill Marsh")
    await gill_phone.says("absent Chloe D tomorrow dentist")
    await gill_phone.says("ok")
    gill_phone.forgets()
    async with at_the_board(monday, "Gill Marsh") as gill:
        page = await looked_through(
            gill, "known_absences", (await saved(gill, "known_absences")).encode(), whole="yes"
        )

        assert "Nothing would change" in as_read(page.text)
        with monday.house.database.reading() as db:
            lists = find_lists(db)
        assert lists is not None
        assert any(one.pupil == "chloe-davies" for one in lists.people.known_absences)


async def test_a_load_by_file_knows_what_it_would_undo(monday: Day) -> None:
    """What was changed on the board is the truth, until somebody says otherwise."""
    with monday.house.database.reading() as db:
        assert find_undone(db, preview_lists(db, monday.lists)) == ()
    async with at_the_board(monday, "Gill Marsh") as gill:
        address, given = await opened(gill, "pupils", "chloe-davies")
        await gill.does(address, {**given, "known_as": "Clo"})
        address, _ = await opened(gill, "notes", "southpaw")
        await gill.does(address, {"end": "yes"})

    with monday.house.database.reading() as db:
        undone = find_undone(db, preview_lists(db, monday.lists))
    assert {(one.kind, one.list) for one in undone} == {("changed", "pupils"), ("added", "notes")}


async def test_the_service_is_renamed_and_its_day_ends_later(monday: Day) -> None:
    """The new name stands on every page at once; hours that cannot be are refused by the field."""
    async with at_the_board(monday, "Gill Marsh") as gill:
        row = {"name": "Wrensby Inclusion Team", "names": "full", "tells_ahead_at": "15:30"}
        wrong = await gill.does("/service", {**row, "day_ends_at": "half past"}, status=422)
        assert "Nothing was kept yet. Look at day ends at" in wrong
        said = await gill.does("/service", {**row, "day_ends_at": "17:30"})
        assert said == "Kept: 1 row."

        page = (await gill.client.get("/")).text
        assert "Wrensby Inclusion Team</title>" in page
        await gill.sees("/trail", "changed service changed (name: Wrensby Children's Support")
    with monday.house.database.reading() as db:
        service = monday.house.desk.lists(db).service
    assert service.names is NameStyle.FULL
    assert (service.tells_ahead_at, service.day_ends_at) == (time(15, 30), time(17, 30))
