"""An attendance officer at the board: what a phone can do it can do, by the same rules."""

import re
from datetime import date, time

from sqlalchemy import Connection

from apbot.domain.calendar import at
from apbot.domain.register import Entry, How
from apbot.domain.words import Half
from apbot.reports.rows import register_objects
from apbot.store.inbox import list_inbox
from apbot.store.registers import list_registers
from apbot.store.trail import list_trail
from tests.stories.day import Day
from tests.stories.officer import as_read, at_the_board

GILL, RAVI, LENA, FAYE = "Gill Marsh", "Ravi Anand", "Lena Frost", "Faye Orrin"
BRYN, OWEN = "Bryn Hollis", "Owen Crake"


async def silence(day: Day) -> None:
    """Nobody at the farm answers; Gill and Ravi have been told, and that was heard."""
    await day.at("09:41")
    for name in (GILL, RAVI, BRYN, OWEN):
        day.phone(name).forgets()


async def test_gill_takes_a_missing_register_rings_and_marks_it(monday: Day) -> None:
    """Her cover hears that she has it; the staff hear what was kept; the case is over by itself."""
    await silence(monday)
    async with at_the_board(monday, GILL) as gill:
        await gill.sees("/", "No register Alder Farm", "Nobody has it", "missing")
        said = await gill.does(f"{gill.case('missing_register')}/take")
        assert said == "K1 is yours: Alder Farm register. Tell me how it ends."
        monday.phone(RAVI).hears("css_taken_by", "Gill Marsh has it")

        said = await gill.does(
            f"{gill.register()}/mark",
            {"mark-2": "absent", "reason-2": "illness", "others": "yes", "who": "bryn-hollis"},
            at="09:40",
        )

        assert said.startswith("Kept: 6 marks.")
        await gill.sees(gill.register(), "off (ill)", "told by Bryn Hollis on the phone at 09:40")
        await gill.sees("/", "Nothing needs anybody just now.")
    monday.phone(BRYN).hears("read_back_colleague", "from Gill Marsh", "Off: Chloe D (ill)")
    monday.phone(OWEN).hears("read_back_colleague", "from Gill Marsh")
    monday.phone(RAVI).hears("css_register_came", "Over: K1")
    entries = entries_of(monday)
    assert {entry.how for entry in entries} == {How.BOARD}
    assert {(entry.by_name, entry.by_title) for entry in entries} == {
        ("Gill Marsh", "Attendance officer")
    }


async def test_a_correction_wants_its_reason_and_keeps_what_was_said(monday: Day) -> None:
    """Original, amended, reason, date, name and title: nothing is overwritten."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in except chloe, shes ill")
    for name in (BRYN, GILL):
        monday.phone(name).forgets()
    async with at_the_board(monday, GILL) as gill:
        path = f"{gill.register()}/mark"
        refused = await gill.does(path, {"mark-2": "late", "who": "bryn-hollis"}, status=422)
        assert "Say why it is corrected (Chloe Davies)" in refused
        assert len(entries_of(monday)) == 6

        await gill.does(path, {"mark-2": "late", "time-2": "09:20"}, why="she was in the barn")
        await gill.sees(gill.register(), "late 09:20", "she was in the barn")
    last = entries_of(monday)[-1]
    assert (last.was, last.mark, last.by_name) == ("absent", "late", "Gill Marsh")
    assert "she was in the barn" in last.because
    monday.phone(BRYN).hears("read_back_colleague", "Late: Chloe D 09:20")


async def test_of_two_officers_at_one_case_the_second_is_told_who_has_it(monday: Day) -> None:
    """Nobody's click is lost, and nobody takes from a colleague unseen."""
    await silence(monday)
    async with at_the_board(monday, GILL) as gill, at_the_board(monday, RAVI) as ravi:
        case = gill.case("missing_register")
        await ravi.sees(case, "Nobody has it")
        await gill.does(f"{case}/take")
        said = await ravi.does(f"{case}/take")
        assert "Gill Marsh has it already" in said
        monday.phone(RAVI).hears("css_taken_by", "Gill Marsh has it")

        await gill.does(f"{case}/end", words="Bryn sends it by paper today")
        said = await ravi.does(f"{case}/end", words="rang them")
        assert said == "K1 is over already: Gill Marsh, Bryn sends it by paper today."
    monday.phone(RAVI).hears("css_case_over", "Bryn sends it by paper today")
    monday.phone(BRYN).hears("provider_outcome")
    monday.phone(OWEN).hears("provider_outcome")
    monday.phone(RAVI).forgets()
    monday.phone(GILL).forgets()


async def test_a_case_handed_over_is_the_others_and_can_be_ended_by_phone(monday: Day) -> None:
    """Ravi hears that it is his now, with Gill's word, and answers as ever."""
    await silence(monday)
    async with at_the_board(monday, GILL) as gill:
        case = gill.case("missing_register")
        said = await gill.does(f"{case}/hand", to="ravi-anand", words="I am in a meeting.")
        assert said == "K1 is Ravi Anand's now."
        await gill.sees("/", "Ravi Anand has it")
    monday.phone(RAVI).hears("css_handed_over", "Gill Marsh", "I am in a meeting.")
    await monday.phone(RAVI).says("done")
    monday.phone(RAVI).hears("css_resolved")
    for name in (GILL, BRYN, OWEN):
        monday.phone(name).forgets()


async def test_a_session_is_closed_and_runs_after_all(monday: Day) -> None:
    """Closed by the office it is asked of nobody; open again it is asked for as ever."""
    async with at_the_board(monday, GILL) as gill:
        said = await gill.does(f"{gill.register()}/close", words="burst pipe")
        assert "The case is yours" in said
        monday.phone(BRYN).hears(
            "provider_closed_colleague", "not running this AM, says Gill Marsh"
        )
        await monday.at("09:45")
        monday.phone(BRYN).hears_nothing()
        await gill.sees("/", "closed", "Not running Alder Farm", "Gill Marsh has it")

        await gill.does(f"{gill.register()}/open")
        await monday.at("09:46")
        monday.phone(BRYN).hears("register_prompt")
        await gill.sees(gill.case("closed"), "Over", "open after all")
    for name in (GILL, RAVI, OWEN, BRYN):
        monday.phone(name).forgets()


async def test_whoever_was_asked_hears_that_the_office_closed_a_session_and_opened_it(
    monday: Day,
) -> None:
    """Nobody counts heads for a register that nobody wants, or sits on one that is wanted."""
    await monday.at("09:05")
    monday.phone(BRYN).hears("register_prompt")
    async with at_the_board(monday, GILL) as gill:
        await gill.does(f"{gill.register()}/close", words="burst pipe")
        monday.phone(BRYN).hears("provider_closed_colleague", "no register is needed")
        shown = monday.phone(BRYN).shows("Not running this AM.")
        assert "to mark" not in shown.text

        await gill.does(f"{gill.register()}/open")
        monday.phone(BRYN).hears(
            "provider_open_colleague", "after all, says Gill Marsh. Who is in?"
        )
    for name in (GILL, RAVI):
        monday.phone(name).forgets()


async def test_a_question_that_is_handed_over_comes_with_its_words_and_number(monday: Day) -> None:
    """Ravi need not open the board to know what was asked, and whom to ring."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("can someone ring me about the minibus?")
    monday.phone(GILL).forgets()
    async with at_the_board(monday, GILL) as gill:
        await gill.does(f"{gill.case('question')}/hand", to="ravi-anand")
    monday.phone(RAVI).hears(
        "css_handed_over_words", '"can someone ring me about the minibus?"', "07700 900101"
    )
    for name in (GILL, BRYN):
        monday.phone(name).forgets()


async def test_nobody_is_said_to_have_rung_who_was_not_chosen(monday: Day) -> None:
    """The record says who told it only where the officer says so: a slip put right is no call."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in")
    async with at_the_board(monday, GILL) as gill:
        page = (await gill.client.get(gill.register())).text
        chosen = page.partition('id="who"')[2].partition("</select>")[0]
        assert "selected" not in chosen
        await gill.does(f"{gill.register()}/mark", {"mark-2": "late"}, why="she is in the barn")
    assert entries_of(monday)[-1].because == "she is in the barn"
    monday.phone(BRYN).forgets()


async def test_only_who_is_at_work_is_named_to_be_rung(monday: Day) -> None:
    """Petra is at the farm on Tuesdays, Thursdays and Fridays: on a Monday nobody rings her."""
    await silence(monday)
    async with at_the_board(monday, GILL) as gill:
        found = await gill.client.post("/find", data={"csrf": gill.csrf, "name": "chloe davies"})
        for shown in (
            as_read(found.text),
            await gill.sees(gill.register()),
            await gill.sees(gill.case("missing_register")),
        ):
            assert "Owen Crake 07700 900103" in shown
            assert "Petra Lind" not in shown
        await gill.sees("/providers/alder-farm", "Petra Lind 07700 900102", "not in today")


async def test_a_case_is_taken_where_one_is_and_shows_all_that_was_said_of_it(monday: Day) -> None:
    """The numbers stay in sight; of one text to several people the words stand once."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in but chloe, cant find femi")
    await monday.at("09:13")
    monday.phone(GILL).forgets()
    async with at_the_board(monday, GILL) as gill:
        case = gill.case("unaccounted")
        answer = await gill.client.post(f"{case}/take", data={"csrf": gill.csrf})
        assert answer.headers["location"] == case
        shown = await gill.sees(case, "Joy Okafor 07700 900401", "to Bryn Hollis by Telegram")
        assert shown.count("STILL NOT ACCOUNTED FOR") == 1
        await gill.does(f"{case}/end", words="found in the barn")
        await gill.sees(case, "Femi O (Alder Farm): found in the barn")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_a_parent_is_written_to_by_hand_where_the_lists_let_them_be_told(monday: Day) -> None:
    """Signed, with what the network says of it; whoever is never to be told gets nothing."""
    async with at_the_board(monday, GILL) as gill:
        found = await gill.client.post("/find", data={"csrf": gill.csrf, "name": "femi okafor"})
        pupil = "/pupils/" + found.text.split('href="/pupils/')[1].split('"')[0]
        await gill.sees(pupil, "Write to Joy Okafor")
        form = {"to": "joy-okafor", "words": "Please ring me about Femi", "then": pupil}
        assert await gill.does("/people/write", form) == "Sent to Joy Okafor."
        await gill.sees(pupil, "to Joy Okafor by SMS", "Please ring me about Femi")

        for kept_out in ("lisa-tanner", "patrick-cole"):
            refused = await gill.does("/people/write", {"to": kept_out, "words": "hello"})
            assert refused == "The lists say that this parent is not to be told anything."
    monday.phone("Joy Okafor").hears("from_office", "Please ring me about Femi\nGill Marsh")


async def test_what_is_of_another_day_says_so(monday: Day) -> None:
    """A case that was left open over night is no case of half past nine this morning."""
    await silence(monday)
    async with at_the_board(monday, GILL) as gill:
        await gill.sees("/", "K1 · 09:30 Nobody has it")
        await monday.until(monday.clock.now().replace(day=24, hour=8, minute=0))
        for person in monday.lists.people.persons:
            monday.phone(person.name).forgets()
        await gill.sees("/", "K1 · Mon 23 Nov 09:30 Nobody has it")
        await gill.sees(gill.case("missing_register"), "opened Mon 23 Nov 13:15")


async def test_a_long_history_is_folded_and_all_of_it_is_there(monday: Day) -> None:
    """A child whom nobody looks for all morning: the latest is in sight, the rest a click away."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in, cant find femi")
    await monday.at("12:00")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()
    async with at_the_board(monday, GILL) as gill:
        shown = await gill.sees(gill.register(), "messages before", "lines before")
        latest, _, before = shown.partition("messages before")
        assert "starts 09:00. Who is in?" not in latest
        assert "starts 09:00. Who is in?" in before
        await gill.sees(gill.case("unaccounted"), "texts before", "NOT ACCOUNTED FOR")


async def test_a_note_is_taken_back_where_it_stands(monday: Day) -> None:
    """As by phone: the staff who were told it hear that it is told no more."""
    async with at_the_board(monday, GILL) as gill:
        path = "/providers/alder-farm"
        await gill.does(f"{path}/note", words="fire drill at 11", first="2026-11-23")
        monday.phone(BRYN).hears("provider_told_note", "fire drill at 11")
        form = {"words": "fire drill at 11", "first": "2026-11-23", "last": "2026-11-23"}
        await gill.does(f"{path}/note", form, over="yes")
        assert "fire drill" not in (await gill.sees(path)).partition("Notes for them")[2]
    monday.phone(BRYN).hears("provider_told_note_over", "fire drill at 11")


async def test_a_day_that_is_over_is_put_right_in_the_record_alone(monday: Day) -> None:
    """On Tuesday nobody is looked for because of what is put right of Monday."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in")
    async with at_the_board(monday, GILL) as gill:
        path = gill.register()
        await monday.until(monday.clock.now().replace(day=24, hour=8, minute=0))
        for person in monday.lists.people.persons:
            monday.phone(person.name).forgets()
        async with at_the_board(monday, RAVI) as ravi:
            refused = await ravi.does(f"{path}/mark", {"mark-3": "absent"}, status=422)
            assert "Say why it is corrected" in refused
            await ravi.does(f"{path}/mark", {"mark-3": "absent"}, why="wrong Femi was marked")
            await ravi.sees(path, "off", "wrong Femi was marked", "Ravi Anand, Provision manager")
            await ravi.sees(path, "off Ravi Anand Tue 24 Nov 08:00", "in Bryn Hollis 09:02")
    monday.expect_silence()


async def test_an_amendment_keeps_all_that_an_auditor_asks_for(monday: Day) -> None:
    """
    "original, amended, reason, date, name and title of the person", beside what was said then.

    On the register's page, and in what `apbot registers` prints.
    """
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in")
    said = entries_of(monday)
    async with at_the_board(monday, GILL) as gill:
        path = gill.register()
        monday.clock.move_to(at(date(2026, 11, 25), time(14, 30)))
        await monday.settle()
        for person in monday.lists.people.persons:
            monday.phone(person.name).forgets()
        form = {"mark-3": "absent", "reason-3": "medical_appointment"}
        async with at_the_board(monday, RAVI) as ravi:
            await ravi.does(f"{path}/mark", form, why="his card shows the dentist")
            page = await ravi.sees(path, "Ravi Anand, Provision manager")
    history = " ".join(page.split("Everything that was said")[-1].split())
    first_row = (
        "14:30 Femi Okafor in off (appointment) Ravi Anand, Provision manager board: his card"
    )
    assert first_row in history

    *before, amended = entries_of(monday)
    assert tuple(before) == said
    assert (amended.was, amended.mark) == ("present", "absent")
    assert (amended.reason, amended.because) == (
        "medical_appointment",
        "his card shows the dentist",
    )
    assert (amended.by, amended.by_name, amended.by_title) == (
        "ravi-anand",
        "Ravi Anand",
        "Provision manager",
    )
    assert (amended.how, amended.at) == (How.BOARD, monday.clock.now())
    with monday.house.database.reading() as db:
        [printed] = register_objects(db, date(2026, 11, 23), ["alder-farm"], Half.AM)
        assert came(db, amended.inbox) == "ravi-anand"
    first, last = printed["pupils"][2]["entries"]
    assert (first["was"], first["mark"], first["by_name"]) == (None, "present", BRYN)
    assert {key: last[key] for key in ("was", "mark", "reason", "by_name", "by_title", "how")} == {
        "was": "present",
        "mark": "absent",
        "reason": "medical_appointment",
        "by_name": "Ravi Anand",
        "by_title": "Provision manager",
        "how": "board",
    }
    assert (last["at"][:16], last["because"]) == ("2026-11-25T14:30", "his card shows the dentist")


def came(db: Connection, message: int | None) -> str | None:
    """Who wrote the message that an entry was made by."""
    return next((row.person for row in list_inbox(db) if row.id == message), None)


async def test_a_known_absence_from_the_board_stands_on_todays_register(monday: Day) -> None:
    """The provider hears of it at once, and the prompt leaves the pupil out."""
    async with at_the_board(monday, GILL) as gill:
        found = await gill.client.post("/find", data={"csrf": gill.csrf, "name": "chloe davies"})
        pupil = found.text.split('href="/pupils/')[1].split('"')[0]
        said = await gill.does(
            f"/pupils/{pupil}/away", first="2026-11-23", reason="medical_appointment", half="AM"
        )
        assert said.startswith("Saved: Chloe D, Alder Farm, Mon 23 Nov, AM, appointment.")
        await gill.sees(f"/pupils/{pupil}", "known to be away (appointment)", "Gill Marsh: changed")
        past = await gill.does(f"/pupils/{pupil}/away", first="2026-11-20", reason="illness")
        assert past == "That day is over. Put right its register instead."
    monday.phone(BRYN).hears("provider_told", "Chloe D")
    await monday.at("09:00")
    monday.phone(BRYN).hears("register_prompt", "Chloe D (away: appointment)")
    monday.phone(OWEN).forgets()


async def test_a_form_that_is_sent_twice_counts_once(monday: Day) -> None:
    """A thumb that is too quick writes no tutor twice."""
    async with at_the_board(monday, GILL) as gill:
        form = {"to": "bryn-hollis", "words": "Please ring me about Femi's taxi", "once": "x1"}
        assert await gill.does("/people/write", form) == "Sent to Bryn Hollis."
        assert await gill.does("/people/write", form) == ""
        shown = await gill.sees("/providers/alder-farm", "Written lately", "to Bryn Hollis by")
    assert shown.count("Please ring me about Femi's taxi") == 1
    monday.phone(BRYN).hears("from_office", "Please ring me", "Gill Marsh")


async def test_a_reader_looks_and_changes_nothing(monday: Day) -> None:
    """No button is shown, and a form that is made up is refused."""
    await silence(monday)
    async with at_the_board(monday, FAYE) as faye:
        board = await faye.sees("/", "No register Alder Farm")
        assert "Take" not in board
        await faye.sees(faye.register(), "Aiden Brown")
        for path, form in [
            (f"{faye.case('missing_register')}/take", {}),
            (f"{faye.register()}/mark", {"mark-1": "present", "who": "bryn-hollis"}),
            ("/people/write", {"to": "bryn-hollis", "words": "hello"}),
        ]:
            assert "for contacts" in await faye.does(path, form, status=403)
    assert entries_of(monday) == ()
    await monday.at("09:42")


async def test_a_concern_is_read_by_the_leads_and_by_whoever_was_told(monday: Day) -> None:
    """Gill sees that there is one, and neither its words nor the message that raised it."""
    words = "bruises on her arm"
    await monday.at("09:02")
    await monday.phone(BRYN).says(f"all in. chloe has {words}")
    for name in (BRYN, GILL, LENA):
        monday.phone(name).forgets()
    async with at_the_board(monday, GILL) as gill, at_the_board(monday, LENA) as lena:
        assert words not in (board := await gill.sees("/", "Concern", "Alder Farm"))
        assert "Take" not in board
        assert words not in await gill.sees(gill.register(), "A concern: the safeguarding leads")
        answer = await gill.client.get(gill.case("concern"))
        assert answer.status_code == 403
        assert words not in as_read(answer.text)

        await lena.sees(lena.case("concern"), words, "Bryn Hollis 07700 900101")
        await lena.does(f"{lena.case('concern')}/take")
    monday.phone(LENA).forgets()


async def test_every_look_at_a_pupil_and_every_change_is_in_the_trail(monday: Day) -> None:
    """Who, when, and of whom."""
    async with at_the_board(monday, GILL) as gill:
        found = await gill.client.post("/find", data={"csrf": gill.csrf, "name": "zofia"})
        pupil = found.text.split('href="/pupils/')[1].split('"')[0]
        await gill.sees(f"/pupils/{pupil}", "Zofia Nowak", "Ewa Nowak")
        with monday.house.database.reading() as db:
            steps = list_trail(db, kind="pupil", subject="zofia-nowak")
    assert [(step.person, step.did) for step in steps] == [
        ("gill-marsh", "saw"),
        ("gill-marsh", "looked for"),
    ]


def entries_of(day: Day) -> tuple[Entry, ...]:
    """All that was ever said of Monday morning at Alder Farm."""
    with day.house.database.reading() as db:
        found = list_registers(db, date(2026, 11, 23), ["alder-farm"], Half.AM)
    return found[0].entries


async def test_getting_started_says_what_is_set_up_and_texts_oneself(monday: Day) -> None:
    """Each step is done or says what to do; the next day's plan is there before it comes."""
    async with at_the_board(monday, GILL) as gill:
        await gill.sees("/start", "can be asked", "Tue 24 Nov:", "Your lists done")
        assert "On its way." in await gill.does("/start/test", channel="sms")
        await gill.sees("/start", "A text to yourself done", "sms, 08:55: delivered")
        assert "For Bryn Hollis, once: https://t.me/" in await gill.does(
            "/start/link", person="bryn-hollis"
        )
    assert monday.phone(GILL).hears("from_office", "This is a test").network == "sms"
    with monday.house.database.reading() as db:
        assert ("made a link", "bryn-hollis") in [(s.did, s.subject) for s in list_trail(db)]


async def test_replies_that_need_reading_are_shown_and_a_strangers_concern_to_the_leads(
    monday: Day,
) -> None:
    """What was asked back stands word for word; a concern from nobody's number is for the leads."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in except dave")
    monday.twilio.type_text("+447700900950", "her dad hit her, she has bruises", network="sms")
    await monday.settle()
    for name in (BRYN, LENA):
        monday.phone(name).forgets()
    async with at_the_board(monday, GILL) as gill, at_the_board(monday, LENA) as lena:
        assert "bruises" not in await gill.sees(
            "/replies", "Bryn Hollis , Alder Farm AM ,", "all in except dave", "Teach a word of it"
        )
        await lena.sees("/replies", "all in except dave", "her dad hit her")
    monday.phone(GILL).forgets()


async def test_a_child_whom_nobody_looks_for_stands_above_all_else(monday: Day) -> None:
    """Whatever came before it, whoever looks; once somebody has it, what nobody has is first."""
    await monday.at("09:02")
    await monday.phone(BRYN).says("all in but chloe, no idea why. aiden has bruises on his arm")
    await monday.phone(BRYN).says("can someone ring me about the minibus?")
    await monday.phone("Ken Ridley").says("we are closed today, burst pipe")
    await monday.at("09:41")
    await monday.phone(BRYN).says("cant find femi")
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()
    matters = {"Not accounted for", "Concern", "Absent", "Question", "Not running"}
    for name in (LENA, GILL, RAVI):
        async with at_the_board(monday, name) as officer:
            page = (await officer.client.get("/")).text
            rows = re.findall(r'<li id="case-\d+".*?<b>(.*?)</b>', page, re.S)
            assert rows[0] == "Not accounted for", rows
            assert set(rows) == matters
            if name == RAVI:
                await officer.does(f"{officer.case('unaccounted')}/take")
                page = (await officer.client.get("/")).text
                rows = re.findall(r'<li id="case-\d+".*?<b>(.*?)</b>', page, re.S)
                assert rows[0] == "Concern"
                assert rows[-1] == "Not accounted for"
    for person in monday.lists.people.persons:
        monday.phone(person.name).forgets()


async def test_a_colleague_is_written_to_by_hand(monday: Day) -> None:
    """Anybody on the lists: the office on its own page, others found there by their name."""
    async with at_the_board(monday, GILL) as gill, at_the_board(monday, FAYE) as faye:
        await gill.sees("/people", "Ravi Anand 07700 900202", "Write to")
        form = {"to": "ravi-anand", "words": "Can you cover the farm at two?", "then": "/people"}
        assert await gill.does("/people/write", form) == "Sent to Ravi Anand."
        await gill.sees("/people", "to Ravi Anand by", "Can you cover the farm at two?")
        staff = await gill.does("/people", {"name": "bryn"}, status=200)
        assert "Bryn Hollis Alder Farm 07700 900101" in staff
        parent = await gill.does("/people", {"name": "joy ok"}, status=200)
        assert "Joy Okafor parent of Femi Okafor" in parent
        await gill.sees("/trail", "looked for Femi Okafor", "looked for Bryn Hollis")
        assert "Nobody who works" in await gill.does("/people", {"name": "zzz"}, status=200)

        assert "Write to" not in await faye.sees("/people", "Gill Marsh")
    monday.phone(RAVI).hears("from_office", "Can you cover the farm at two?\nGill Marsh")


async def test_ones_own_providers_stand_first_and_all_others_after_them(monday: Day) -> None:
    """Of those that press alike: Gill looks for Gill's, and still sees everybody's."""
    boards = {}
    for name in (GILL, "Nadia Karim"):
        async with at_the_board(monday, name) as officer:
            page = (await officer.client.get("/")).text
            boards[name] = re.findall(
                r'<li id="provider-.*?<b>(.*?)</b></a> .*?>(.*?)<', page, re.S
            )

    for name, rows in boards.items():
        contacts = [contact for _, contact in rows]
        count = contacts.count(name)
        assert 1 < count < len(rows)
        assert contacts[:count] == [name] * count
    assert sorted(boards[GILL]) == sorted(boards["Nadia Karim"])


async def test_a_day_without_registers_says_why(monday: Day) -> None:
    """A weekend, a day to come, a day of before: none of them is an empty page."""
    async with at_the_board(monday, GILL) as gill:
        await gill.sees("/registers", "Alder Farm AM")
        await gill.sees("/registers?on=2026-11-21", "No school that day: weekend.")
        await gill.sees("/registers?on=2026-11-24", "That day is still to come")
        await gill.sees("/registers?on=2026-11-19", "Nobody was due that day")
