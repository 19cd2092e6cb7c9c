"""Numbers change, people leave: nobody is written to who is not there, nothing is left lying."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, time

import pytest

from apbot.desk.enrolment import take_lists
from apbot.domain.calendar import at
from apbot.domain.people import People, Person, Staff
from apbot.store.cases import list_cases
from apbot.store.database import Database
from apbot.store.lists import Lists
from apbot.store.registers import list_registers
from tests.stories.day import Day, a_day, the_town
from tests.stories.groups import scripts

ON = date(2026, 11, 23)
BRYN, OWEN, GILL = "Bryn Hollis", "Owen Crake", "Gill Marsh"


@pytest.fixture
async def farm(sqlite: Database) -> AsyncIterator[Day]:
    """Monday, five to nine, Alder Farm alone."""
    async with a_day(sqlite, at(ON, time(8, 55))) as day:
        day.only("alder-farm")
        yield day


def load(day: Day, change: Callable[[People], People]) -> None:
    """The office changes its files and loads them."""
    lists = replace(day.lists, people=change(day.lists.people))
    with day.house.database.writing() as db:
        take_lists(db, lists, day.clock.now())
    day.lists = lists


def with_number(people: People, **numbers: str) -> People:
    """The same people with other mobiles; a key's hyphen is written as an underscore."""
    keys = {key.replace("_", "-"): number for key, number in numbers.items()}
    persons = (replace(p, mobile=keys.get(p.key, p.mobile)) for p in people.persons)
    return replace(people, persons=tuple(persons))


def without(people: People, key: str) -> People:
    """The same people after this one's rows are taken out of the files."""
    return replace(
        people,
        persons=tuple(p for p in people.persons if p.key != key),
        staff=tuple(s for s in people.staff if s.person != key),
        contacts=tuple(
            replace(c, cover=None if c.cover == key else c.cover)
            for c in people.contacts
            if c.person != key
        ),
        providers=tuple(
            replace(p, key_contact="ravi-anand") if p.key_contact == key else p
            for p in people.providers
        ),
    )


def sms(day: Day, number: str) -> list[str]:
    return [sent.text for sent in day.twilio.accepted if sent.to == number]


async def test_a_new_number_is_welcomed_and_the_old_one_is_a_strangers(farm: Day) -> None:
    """What comes from the old one sets nothing, and is shown to the office."""
    old, new = "+447700900103", "+447700900903"
    load(farm, lambda people: with_number(people, owen_crake=new))
    await farm.settle()
    assert "Hello Owen" in sms(farm, new)[-1]

    await farm.at("09:21")
    assert "Who is in?" in sms(farm, new)[-1]
    farm.twilio.type_text(old, "all in")
    await farm.settle()

    assert "do not know yours" in sms(farm, old)[-1]
    assert "Who is in?" not in " ".join(sms(farm, old))


async def test_a_text_that_waits_goes_to_the_new_number(farm: Day) -> None:
    """Never to whoever has the old one next."""
    old, new = "+447700900103", "+447700900904"
    farm.twilio.faults.take_down()
    await farm.at("09:20")
    load(farm, lambda people: with_number(people, owen_crake=new))
    farm.twilio.faults.bring_up()
    await farm.at("09:22")

    assert any("Who is in?" in text for text in sms(farm, new))
    assert sms(farm, old) == []


async def test_two_people_swap_their_numbers(farm: Day) -> None:
    """Each speaks from the one that is theirs now."""
    numbers = {p.key: p.mobile for p in farm.lists.people.persons}
    load(
        farm,
        lambda people: with_number(
            people, owen_crake=numbers["ken-ridley"], ken_ridley=numbers["owen-crake"]
        ),
    )
    await farm.at("09:01")
    farm.twilio.type_text(numbers["ken-ridley"], "all in at the farm")
    farm.twilio.type_text(numbers["owen-crake"], "all in")
    await farm.settle()

    with farm.house.database.reading() as db:
        register = list_registers(db, ON, ["alder-farm"])[0]
    assert {entry.by for entry in register.entries} == {"owen-crake"}


async def test_a_leaver_hears_nothing_more_and_others_are_asked(farm: Day) -> None:
    """Bryn was the only one asked: his backup is, at once, and his question ends."""
    await farm.at("09:01")
    bryn, owen = farm.phone(BRYN), farm.phone(OWEN)
    await bryn.says("chloe off ill")
    bryn.forgets()
    load(farm, lambda people: without(people, "bryn-hollis"))
    await farm.settle()

    owen.hears("register_prompt", at="09:01")
    await bryn.says("yes all in")
    await farm.at("09:40")
    assert [heard.script for heard in bryn.waiting()] == ["unknown_sender"]
    assert "register_chase" in scripts(farm, OWEN)
    with farm.house.database.reading() as db:
        register = list_registers(db, ON, ["alder-farm"])[0]
    assert len(register.marks) == 1


async def test_the_cases_of_a_contact_who_leaves_go_back_at_once(sqlite: Database) -> None:
    """Somebody else is told who has left and what needs them."""
    async with a_day(sqlite, at(ON, time(8, 55))) as day:
        day.only("alder-farm")
        await day.at("09:31")
        await day.phone(GILL).says("on it")
        for person in day.lists.people.persons:
            scripts(day, person.name)
        load(day, lambda people: without(people, "gill-marsh"))
        await day.settle()

        heard = day.phone("Ravi Anand").hears("css_holder_left", "Gill Marsh has left", at="09:31")
        with day.house.database.reading() as db:
            (case,) = list_cases(db)
        assert case.ref in heard.text
        await day.phone("Ravi Anand").says("on it")
        day.phone("Ravi Anand").hears("css_taken")
        day.phone(GILL).hears_nothing()


async def test_a_case_of_one_who_is_off_the_next_day_goes_on_up(sqlite: Database) -> None:
    """Leave begins: the one who has it is not asked; in the morning whoever is cover then is."""
    town = the_town()
    contacts = tuple(
        replace(c, days=frozenset({0})) if c.person == "gill-marsh" else c
        for c in town.people.contacts
    )
    lists = replace(town, people=replace(town.people, contacts=contacts))
    async with a_day(sqlite, at(ON, time(8, 55)), lists=lists) as day:
        day.only("alder-farm")
        await day.at("09:01")
        await day.phone("Bryn Hollis").says("zosia off, no idea why. rest in")
        await day.at("12:46")
        await day.phone("Bryn Hollis").says("zosia still off. rest in")
        await day.at("16:30")
        with day.house.database.reading() as db:
            refs = [case.ref for case in list_cases(db)]
        for ref in refs:
            await day.phone(GILL).says(f"OK {ref}")
        await day.at("17:05")
        for person in day.lists.people.persons:
            scripts(day, person.name)
        await day.until(at(date(2026, 11, 24), time(8, 30)))

        assert "css_several" in scripts(day, "Dawn Pike")
        assert scripts(day, GILL) == []


async def test_whoever_starts_is_welcomed_and_asked(sqlite: Database) -> None:
    """The new member of staff is asked from the next register on."""
    maya = Person("maya-brook", "Maya Brook", "+447700900905", ("sms",))
    async with a_day(sqlite, at(ON, time(8, 0))) as day:

        def change(people: People) -> People:
            left = without(people, "bryn-hollis")
            return replace(
                left,
                persons=(*left.persons, maya),
                staff=(*left.staff, Staff("maya-brook", "alder-farm")),
            )

        day.only("alder-farm")
        load(day, change)
        day.only("alder-farm")
        await day.at("09:00")

        assert scripts(day, "Maya Brook") == ["welcome", "register_prompt"]


async def test_cover_of_cover_is_told_and_where_there_is_none_all_are(sqlite: Database) -> None:
    """Gill, her cover and the cover's cover: whoever of them is there is the key contact."""
    town = the_town()

    def on_duty(*keys: str) -> Lists:
        contacts = tuple(
            replace(c, days=c.days if c.person in keys else frozenset())
            for c in town.people.contacts
        )
        return replace(town, people=replace(town.people, contacts=contacts))

    async with a_day(sqlite, at(ON, time(8, 55)), lists=on_duty("dawn-pike", "tom-adeyemi")) as day:
        day.only("alder-farm")
        await day.at("09:30")
        assert "css_register_missing" in scripts(day, "Dawn Pike")
        load(day, lambda people: on_duty("tom-adeyemi").people)
        await day.at("12:00")
        scripts(day, "Tom Adeyemi")
        await day.at("13:15")
        assert scripts(day, "Tom Adeyemi")
        assert scripts(day, GILL) == []
