"""What stood in a list before: what was there, what came, when, and by whom."""

from tests.stories.day import Day
from tests.stories.officer import Officer, at_the_board
from tests.stories.test_lists import kept, looked_through, opened

GILL = "Gill Marsh"


async def past(officer: Officer, sheet: str) -> str:
    """What a list says of what stood there before, without its head."""
    shown = await officer.sees(f"/lists/{sheet}/ended")
    return shown.partition("By whom")[2]


async def test_a_new_number_shows_the_old_one_wherever_its_owner_is_listed(monday: Day) -> None:
    """Owen is staff of two places: the row of either says what his number was."""
    async with at_the_board(monday, GILL) as gill:
        assert "Nothing yet" in await gill.sees("/lists/staff/ended")
        address, given = await opened(gill, "staff", "owen-crake")
        await gill.does(address, {**given, "mobile": "07700 900778"})
        await monday.settle()

        changed = f"mobile: {given['mobile']} 07700 900778 {GILL}"
        assert changed in await past(gill, "staff")
        await gill.sees(address, "What stood here before", changed)
        assert "Nothing yet" in await gill.sees("/lists/contacts/ended")
        other = await opened(gill, "staff", "bryn-hollis")
        assert "What stood here before" not in await gill.sees(other[0])
        assert f"{GILL} saw Staff: owen-crake" in await gill.sees("/trail")


async def test_each_list_says_what_stood_there(monday: Day) -> None:
    """Old and new of a provider, a pupil, a placement, a contact's rota, a parent, a policy."""
    changes = [
        ("providers", "alder-farm", "am_start", "09:15", "am start: 09:00 09:15"),
        ("pupils", "chloe-davies", "known_as", "Clo", "known as: empty Clo"),
        ("placements", "chloe-davies", "nature", "riding", "riding"),
        (
            "contacts",
            "ravi-anand",
            "leave",
            "7 Dec 2026",
            "leave: 8 Feb 2027 to 12 Feb 2027 7 Dec 2026",
        ),
        ("parents", "joy-okafor", "told", "no", "told: yes no"),
        ("policies", "default", "missing_after", "35", "missing after: 30 35"),
    ]
    async with at_the_board(monday, GILL) as gill:
        for sheet, key, column, value, told in changes:
            address, given = await opened(gill, sheet, key)
            said = await gill.does(address, {**given, column: value})
            assert said.startswith("Kept: 1 row"), (sheet, said)
            assert told in await past(gill, sheet), sheet
            assert told in (await gill.sees(address)).partition("stood here before")[2], sheet
            await monday.settle()
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_what_was_added_and_ended_stands_there_with_all_it_said(monday: Day) -> None:
    """A day of the calendar, and a parent who was taken off."""
    async with at_the_board(monday, GILL) as gill:
        await gill.does("/lists/calendar/new", {"kind": "inset day", "from": "27 Nov 2026"})
        assert "added: inset day, 27 Nov 2026 Gill Marsh" in await past(gill, "calendar")
        address, given = await opened(gill, "parents", "joy-okafor")
        await gill.does(address, {**given, "end": "yes"})
        assert "ended: joy-okafor, femi-okafor, yes" in await past(gill, "parents")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_what_a_spreadsheet_changed_stands_there_too(monday: Day) -> None:
    """And whoever loaded it on the board is named."""
    async with at_the_board(monday, GILL) as gill:
        page = await looked_through(gill, "pupils", b"pupil,name\nchloe-davies,Chloe Davis\n")
        await kept(gill, page)
        assert "name: Chloe Davies Chloe Davis Gill Marsh" in await past(gill, "pupils")


async def test_what_stood_there_is_for_whoever_keeps_the_lists(monday: Day) -> None:
    """Numbers of parents, and why a child was away: not for everybody who may look."""
    async with at_the_board(monday, "Faye Orrin") as faye:
        for sheet in ("parents", "known_absences"):
            answer = await faye.client.get(f"/lists/{sheet}/ended")
            assert answer.status_code == 403
