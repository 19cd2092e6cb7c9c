"""Staff tap the register on a page that an SMS leads to: no log-in, one thumb, any browser."""

import re
from collections.abc import AsyncIterator, Callable
from datetime import date, time

import httpx
import pytest
import structlog

from apbot.domain.calendar import at
from apbot.domain.messages import Address
from apbot.domain.register import How, Register
from apbot.domain.words import Half, Mark, Reason
from apbot.store.addresses import AddressState, set_state
from apbot.store.database import Database
from apbot.store.inbox import list_inbox
from apbot.store.registers import find_register
from apbot.store.said import list_outbox
from apbot.wording.gsm import parts
from tests.stories.day import Day, a_day
from tests.stories.slip_page import SlipPage, browser, link_in

ASlip = Callable[[str], SlipPage]


@pytest.fixture
async def garage(sqlite: Database) -> AsyncIterator[Day]:
    """Monday at Cog Lane Garage: Ken has no smartphone apps, Tasha stands in."""
    async with a_day(sqlite, at(date(2026, 11, 23), time(8, 55))) as day:
        day.only("cog-lane")
        yield day
        day.expect_silence()


@pytest.fixture
async def slip(garage: Day) -> AsyncIterator[ASlip]:
    """Open the link on somebody's phone."""
    async with browser(garage) as client:
        yield lambda name: SlipPage(garage, client, link_in(garage.phone(name)))


def register_of(day: Day, half: Half = Half.AM, provider: str = "cog-lane") -> Register:
    with day.house.database.reading() as db:
        found = find_register(db, provider, day.on, half)
    assert found is not None
    return found


def marks(day: Day, half: Half = Half.AM) -> dict[str, Mark]:
    register = register_of(day, half)
    return {register.line(n).shown: mark for n, mark in register.marks.items()}


async def test_the_register_is_sent_in_two_taps(garage: Day, slip: ASlip) -> None:
    """The link, and All in: kept at once, said at once, and the colleague hears of it by text."""
    ken = garage.phone("Ken Ridley")
    await garage.at("09:15")
    ken.hears("register_prompt", "Reply ALL IN", "Or tap: https://apbot.test/r/")
    page = await slip("Ken Ridley").open()
    page.shows("Cog Lane Garage AM", "Mon 23 Nov, starts 09:15", "You are Ken Ridley", "5 pupils")

    await page.taps("All in")

    assert set(marks(garage).values()) == {Mark.PRESENT}
    page.shows("Kept 09:15. Thank you: 5 in", "That is the AM register: 5 in.")
    assert {entry.how for entry in register_of(garage).entries} == {How.TAP}
    await garage.at("11:00")


async def test_a_tap_a_pupil_with_its_reason_is_told_once_it_has_settled(
    garage: Day, slip: ASlip
) -> None:
    """Off, and why in one more tap: the contact hears it as explained, in one text, and once."""
    gill = garage.phone("Gill Marsh")
    await garage.at("09:16")
    garage.phone("Ken Ridley").hears("register_prompt")
    page = await slip("Ken Ridley").open()

    await page.taps("Off", "Jade E")
    page.shows("Kept 09:16. Jade E: off")
    assert page.taken("Jade E") == ["Off"]
    await page.taps("Ill", "Jade E")
    page.shows("Jade E: off (ill)")
    await page.taps("The rest are in")
    gill.hears_nothing()
    await garage.at("09:17")

    gill.hears("css_absences_explained", "Jade E, ill")
    entry = register_of(garage).standing[4]
    assert (entry.mark, entry.reason) == (Mark.ABSENT, Reason.ILLNESS)
    await garage.at("11:00")


async def test_somebody_on_the_way_and_somebody_late_with_their_times(
    garage: Day, slip: ASlip
) -> None:
    """A time is one more tap; whoever is tapped as late is here."""
    await garage.at("09:32")
    garage.phone("Ken Ridley").forgets()
    page = await slip("Ken Ridley").open()
    await page.taps("The rest are in" if "The rest" in page.words else "All in")

    await page.taps("On the way", "Tommo T")
    await page.taps("09:45", "Tommo T")
    await page.taps("Late", "Jade E")
    await page.taps("09:25", "Jade E")

    standing = register_of(garage).standing
    by_name = {register_of(garage).line(n).shown: entry for n, entry in standing.items()}
    noah, jade = by_name["Tommo T"], by_name["Jade E"]
    assert (noah.mark, noah.time) == (Mark.AWAITED, time(9, 45))
    assert (jade.mark, jade.time) == (Mark.LATE, time(9, 25))
    page.shows("On the way 09:45. You, 09:32")
    await page.taps("In", "Tommo T")
    assert marks(garage)["Tommo T"] is Mark.PRESENT
    await garage.at("09:46")
    garage.phone("Tasha Ridley").forgets()


async def test_cannot_be_found_is_a_tap_too(garage: Day, slip: ASlip) -> None:
    """Off opens what else it can be; nobody found is an alarm as soon as the thumb has rested."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    page = await slip("Ken Ridley").open()
    await page.taps("Off", "Ellis W")
    await page.taps("Cannot be found", "Ellis W")
    await page.taps("The rest are in")
    await garage.at("09:16:30")

    garage.phone("Gill Marsh").hears("css_unaccounted", "Ellis W")
    for person in garage.lists.people.persons:
        garage.phone(person.name).forgets()


async def test_words_in_the_box_go_the_way_of_a_text(garage: Day, slip: ASlip) -> None:
    """Bruises are a concern, whichever way it is written, and at once."""
    await garage.at("09:16")
    ken = garage.phone("Ken Ridley")
    ken.forgets()
    page = await slip("Ken Ridley").open()

    await page.says("jade is in but has bruises all up her arm")

    assert marks(garage) == {"Jade E": Mark.PRESENT}
    page.shows("Your words have gone to the safeguarding lead")
    heard = [p.name for p in garage.lists.people.persons if garage.phone(p.name).waiting()]
    lead = next(name for name in heard if name != "Ken Ridley")
    garage.phone(lead).hears("css_concern", "bruises all up her arm", "Ken Ridley", at="09:16")
    ken.hears("provider_concern_passed_on")
    ken.forgets()
    for name in heard:
        garage.phone(name).forgets()


async def test_words_sent_twice_by_an_impatient_thumb_are_one_message(
    garage: Day, slip: ASlip
) -> None:
    """The same form sent again opens no second case."""
    await garage.at("09:16")
    page = await slip("Ken Ridley").open()
    form = {"words": "can someone ring me about the minibus", "once": "ab12"}

    await page.sends(**form)
    await page.sends(**form)

    with garage.house.database.reading() as db:
        kept = [row for row in list_inbox(db) if row.inbound.address.channel == "slip"]
    assert [row.inbound.text for row in kept] == [form["words"]]
    page.shows("I have passed that on to the CSS")
    for person in garage.lists.people.persons:
        garage.phone(person.name).forgets()


async def test_a_question_back_can_be_answered_with_a_tap(garage: Day, slip: ASlip) -> None:
    """The answers that Telegram would offer stand on the slip."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    page = await slip("Ken Ridley").open()
    await page.says("tommo off, dentist")
    page.shows("And the others, are they in?")

    await page.taps("Yes, all in")

    assert len(marks(garage)) == 5
    for person in garage.lists.people.persons:
        garage.phone(person.name).forgets()


async def test_two_people_tap_at_once_and_nothing_is_undone(garage: Day, slip: ASlip) -> None:
    """Each sees what the other tapped; a tap on what changed since says so."""
    await garage.at("09:36")
    for person in garage.lists.people.persons:
        garage.phone(person.name).forgets()
    register = register_of(garage)
    owen = next(p for p in garage.lists.people.persons if p.key == "tasha-ridley")
    assert garage.house.desk.slips is not None
    ken = await slip("Ken Ridley").open()
    tasha = SlipPage(garage, ken.client, garage.house.desk.slips.link(register, owen))
    await tasha.open()

    await ken.taps("Off", "Andrei P")
    await tasha.taps("In", "Andrei P")

    assert marks(garage)["Andrei P"] is Mark.ABSENT
    tasha.shows("Not changed: Andrei P is off by now", "Off. Ken Ridley, 09:36")
    await tasha.taps("In", "Andrei P")
    assert marks(garage)["Andrei P"] is Mark.PRESENT
    await tasha.taps("In", "Ellis W")
    await ken.taps("In", "Ellis W")
    ken.shows("Kept 09:36. Ellis W: in")
    assert [e.by for e in register_of(garage).entries].count("ken-ridley") == 1
    await garage.at("09:37")
    for person in garage.lists.people.persons:
        garage.phone(person.name).forgets()


async def test_a_closed_register_takes_no_tap_and_says_so(garage: Day, slip: ASlip) -> None:
    """A page that was open when it closed changes nothing; opening again is a word away."""
    await garage.at("09:16")
    page = await slip("Ken Ridley").open()
    await garage.phone("Ken Ridley").says("we are closed today, burst pipe")

    await page.taps("All in")

    assert marks(garage) == {}
    page.shows("That register is over", "Noted: not running this AM")
    with pytest.raises(AssertionError):
        page.value("In", "Jade E")
    await page.says("sorry we are open after all, all in")
    assert len(marks(garage)) == 5
    for person in garage.lists.people.persons:
        garage.phone(person.name).forgets()


async def test_after_the_register_is_complete_a_tap_is_a_correction(
    garage: Day, slip: ASlip
) -> None:
    """Wrong? Tap the right mark: what it was is kept beside it."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    page = await slip("Ken Ridley").open()
    await page.taps("All in")
    await page.taps("Off", "Guri S")

    entry = register_of(garage).entries[-1]
    assert (entry.was, entry.mark) == (Mark.PRESENT, Mark.ABSENT)
    await page.taps("In", "Guri S")
    await garage.at("11:00")
    assert marks(garage)["Guri S"] is Mark.PRESENT


async def test_the_afternoon_shows_the_morning(garage: Day, slip: ASlip) -> None:
    """Off in the afternoon after in the morning: did not come back, and that is an alarm."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    await (await slip("Ken Ridley").open()).taps("All in")
    await garage.at("13:00")
    garage.phone("Ken Ridley").forgets()
    page = await slip("Ken Ridley").open()
    page.shows("Cog Lane Garage PM", "this morning: in")

    await page.taps("Off", "Andrei P")
    await page.taps("The rest are in")
    await garage.at("13:01")

    garage.phone("Gill Marsh").hears("css_unaccounted", "Andrei P")
    for person in garage.lists.people.persons:
        garage.phone(person.name).forgets()


async def test_a_link_that_opens_nothing_gets_one_plain_page(garage: Day, slip: ASlip) -> None:
    """Forged, another register's, another day's, somebody's who left: nobody can tell which."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    page = await slip("Ken Ridley").open()
    good = page.link.rpartition("/")[2]
    number, seal = good.split(".")
    turned = "A" if seal[0] != "A" else "B"
    pages = set()
    for token in [
        *(
            "x",
            "1.",
            "a/b",
            "zzzzzzzzzzzz.aaaa",
            "%00",
            "é.é",
            f"{number}.",
            f"{number}.{'A' * 16}",
        ),
        *(f"{number}.{turned}{seal[1:]}", f"{number}0.{seal}", good.upper(), good + "A"),
    ]:
        for method in ("GET", "POST"):
            answer = await page.client.request(method, f"/r/{token}")
            assert answer.status_code == 404
            pages.add(answer.text)
    assert len(pages) == 1
    assert "There is no register here" in pages.pop()


async def test_a_link_dies_with_the_day_and_with_whoever_leaves(garage: Day, slip: ASlip) -> None:
    """Marks can be given until the day ends; a number that is not theirs opens nothing."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    page = await slip("Ken Ridley").open()
    await page.taps("All in")
    with garage.house.database.writing() as db:
        set_state(db, Address("sms", "+447700900106"), AddressState.WRONG, garage.clock.now())
    assert (await page.open()).status == 404
    with garage.house.database.writing() as db:
        set_state(db, Address("sms", "+447700900106"), AddressState.LIVE, garage.clock.now())
    assert (await page.open()).status == 200

    await garage.at("13:01")
    garage.phone("Ken Ridley").forgets()
    assert (await page.open()).status == 200
    await garage.phone("Ken Ridley").says("all in")
    garage.phone("Ken Ridley").forgets()
    await garage.at("17:00")

    assert (await page.open()).status == 404
    assert (await page.sends(tap="all", once="x")).status == 404
    for person in garage.lists.people.persons:
        garage.phone(person.name).forgets()


async def test_an_answer_on_a_slip_obeys_a_stop_as_a_text_would(garage: Day, slip: ASlip) -> None:
    """Whoever asks on the slip not to be texted is not texted, and the CSS hears of it."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    page = await slip("Ken Ridley").open()

    await page.says("stop texting me")

    garage.phone("Gill Marsh").hears("css_opted_out", "Ken Ridley")
    await garage.at("09:36")
    for person in garage.lists.people.persons:
        if person.key != "ken-ridley":
            garage.phone(person.name).forgets()


async def test_a_slip_is_kept_by_nobody_on_the_way(garage: Day, slip: ASlip) -> None:
    """No cache, no referrer, no search engine; small enough for an old phone on 3G."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    page = slip("Ken Ridley")
    answer = await page.client.get(page.link)

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    files = [await page.client.get(path) for path in linked(answer)]
    assert all(file.status_code == 200 for file in files)
    assert sum(len(one.content) for one in (answer, *files)) < 30_000
    await page.open()
    await page.taps("All in")


async def test_a_slip_names_pupils_as_the_texts_do(garage: Day, slip: ASlip) -> None:
    """First name and initial; a surname is nowhere in the page."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    page = await slip("Ken Ridley").open()

    for line in register_of(garage).roster:
        assert line.shown in page.words
        assert line.name not in page.html
        assert line.pupil not in page.html
    await page.taps("All in")


async def test_a_slip_seen_already_is_not_sent_again(garage: Day, slip: ASlip) -> None:
    """What looks every few seconds costs nothing until something changes."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    page = await slip("Ken Ridley").open()
    seen = {"seen": str(register_of(garage).version)}
    assert (await page.client.get(page.link, params=seen)).status_code == 204

    await page.taps("All in")

    answer = await page.client.get(page.link, params=seen)
    assert answer.status_code == 200
    assert "That is the AM register" in answer.text


async def test_data_that_no_slip_drew_changes_nothing(garage: Day, slip: ASlip) -> None:
    """Browsers can send anything."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    page = await slip("Ken Ridley").open()

    for tap in [
        "1",
        "1:-:-::",
        "99:-:p::",
        "1:-:x::",
        "1:-:p:boredom:",
        "1:-:p::2561",
        "m:1:1:-:p",
    ]:
        await page.sends(tap=tap, once="x")
        assert page.status == 200
    await page.sends(tap="c:K7:ok", once="x")

    assert marks(garage) == {}
    await page.taps("All in")


async def test_too_many_guesses_are_made_to_wait(garage: Day, slip: ASlip) -> None:
    """A seal is not found by trying, nor the house kept busy by it."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    page = await slip("Ken Ridley").open()
    await page.taps("All in")

    answers = [(await page.client.get(f"/r/1.{n:016}")).status_code for n in range(40)]

    assert answers[:20] == [404] * 20
    assert answers[-1] == 429


async def test_no_link_where_phones_could_not_open_it_safely(garage: Day) -> None:
    """Without https a text carries none, and reads as before."""
    object.__setattr__(garage.house.desk, "slips", None)
    await garage.at("09:15")

    text = garage.phone("Ken Ridley").hears("register_prompt").text

    assert text.endswith("say who is missing.")
    await garage.phone("Ken Ridley").says("all in")
    garage.phone("Ken Ridley").hears("read_back")


async def test_a_text_with_a_link_keeps_within_its_parts(town: Day) -> None:
    """The whole town's longest roster by SMS, with the link, is three parts at most."""
    await town.at("09:40")

    with town.house.database.reading() as db:
        sent = [row for row in list_outbox(db) if row.address.channel == "sms"]
    prompts = [row.text for row in sent if row.script == "register_prompt"]
    assert len(prompts) > 3
    assert all("Or tap: https://" in text for text in prompts)
    assert max(parts(text) for text in prompts) <= 3
    assert all(len(text.rpartition("Or tap: ")[2]) < 50 for text in prompts)


async def test_no_log_says_which_slip_was_opened(garage: Day, slip: ASlip) -> None:
    """Whoever reads the logs can open none; nor do they say who tapped what."""
    await garage.at("09:16")
    garage.phone("Ken Ridley").forgets()
    page = slip("Ken Ridley")
    with structlog.testing.capture_logs() as logs:
        await page.open()
        await page.taps("Off", "Jade E")
        await page.says("the rest are in, jade has a bruise")
        await page.client.get(page.link + "x")

    seal = page.link.rpartition(".")[2]
    assert logs
    assert not [line for line in logs if seal in str(line) or "Jade" in str(line)]
    for person in garage.lists.people.persons:
        garage.phone(person.name).forgets()


def linked(answer: httpx.Response) -> list[str]:
    """The files that a page asks for, as a browser with script does."""
    page = re.sub(r"<noscript>.*?</noscript>", "", answer.text, flags=re.S)
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
