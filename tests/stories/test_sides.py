"""Somebody who works at two places, or is two things, speaks on one side at a time."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time

import pytest

from apbot.domain.calendar import at
from apbot.domain.people import Contact, Parent, Person, Role, Staff
from apbot.domain.words import Mark
from apbot.loading.config import load_config
from apbot.store.cases import list_cases
from apbot.store.database import Database
from apbot.store.inbox import list_inbox
from apbot.store.journal import list_journal
from apbot.store.lists import Lists
from apbot.store.registers import list_registers
from tests.stories.day import REPO, Day, a_day
from tests.stories.groups import scripts

ON = date(2026, 11, 23)
OWEN, GILL = "Owen Crake", "Gill Marsh"


def town_with(
    *,
    staff: tuple[Staff, ...] = (),
    contacts: tuple[Contact, ...] = (),
    parents: tuple[Parent, ...] = (),
    persons: tuple[Person, ...] = (),
) -> Lists:
    """The town's lists, with some more in them."""
    config = load_config(REPO / "config")
    people = replace(
        config.people,
        persons=(*config.people.persons, *persons),
        staff=(*config.people.staff, *staff),
        contacts=(*config.people.contacts, *contacts),
        parents=(*config.people.parents, *parents),
    )
    return Lists(people, config.calendar, config.policies, config.service)


@pytest.fixture
async def two_places(sqlite: Database) -> AsyncIterator[Day]:
    """Owen is the farm's backup, and answers for the forest school; both wait at half past nine."""
    async with a_day(sqlite, at(ON, time(8, 55))) as day:
        day.only("alder-farm", "hazel-copse")
        await day.at("09:31")
        for person in day.lists.people.persons:
            day.phone(person.name).forgets()
        yield day


def marked(day: Day, provider: str) -> int:
    with day.house.database.reading() as db:
        return len(list_registers(db, day.on, [provider])[0].marks)


@pytest.mark.parametrize(
    "answer", ["2", "hazel", "Hazel Copse", "the copse", "forest school please", "hazel copse."]
)
async def test_the_place_is_asked_for_and_the_text_is_used_as_it_was(
    two_places: Day, answer: str
) -> None:
    """Its name, a part of it or the number offered: nothing has to be typed again."""
    owen = two_places.phone(OWEN)
    await owen.says("all in")
    asked = owen.hears("ask_which_provider", "1 Alder Farm", "2 Hazel Copse")
    assert marked(two_places, "alder-farm") == marked(two_places, "hazel-copse") == 0
    assert asked.network == "sms"

    await owen.says(answer)

    owen.hears("read_back_part", "Ruby Q")
    assert marked(two_places, "alder-farm") == 0
    assert marked(two_places, "hazel-copse") > 0


async def test_the_answer_which_place_has_its_own_line_in_the_journal(two_places: Day) -> None:
    """Nothing that came in is lost: an auditor finds what came of every text."""
    owen = two_places.phone(OWEN)
    await owen.says("all in")
    await owen.says("copse")
    owen.forgets()

    with two_places.house.database.reading() as db:
        of = {line["inbox_id"]: line["because"] for line in list_journal(db)}
        (answer,) = [row for row in list_inbox(db) if row.inbound.text == "copse"]
    assert "hazel-copse" in of[answer.id]


async def test_what_names_a_pupil_of_one_place_is_about_that_place(two_places: Day) -> None:
    """Femi is at the farm alone."""
    await two_places.phone(OWEN).says("all in but femi, hes poorly")

    assert scripts(two_places, OWEN) == ["read_back"]
    assert marked(two_places, "alder-farm") == 6


async def test_what_names_the_place_is_about_that_place(two_places: Day) -> None:
    """The name is no part of the marks."""
    await two_places.phone(OWEN).says("alder farm all in")

    assert scripts(two_places, OWEN) == ["read_back"]
    assert marked(two_places, "alder-farm") == 6


async def test_an_answer_that_is_none_is_read_as_it_stands(two_places: Day) -> None:
    """Whoever types it again with the name need not answer the question."""
    owen = two_places.phone(OWEN)
    await owen.says("all in")
    owen.hears("ask_which_provider")
    await owen.says("all in at hazel copse")

    owen.hears("read_back_part")
    assert marked(two_places, "alder-farm") == 0


async def test_a_concern_waits_for_no_question(two_places: Day) -> None:
    """It goes to the safeguarding lead at once, word for word."""
    await two_places.phone(OWEN).says("one of them has just told me her dad hits her")

    assert scripts(two_places, OWEN) == ["provider_concern_passed_on"]
    assert "css_concern" in scripts(two_places, "Lena Frost")
    assert marked(two_places, "alder-farm") == marked(two_places, "hazel-copse") == 0


@pytest.fixture
async def gill_teaches(sqlite: Database) -> AsyncIterator[Day]:
    """Gill, the key contact, answers for the boxing gym too; she has a case of the farm's."""
    lists = town_with(staff=(Staff("gill-marsh", "southpaw"),))
    async with a_day(sqlite, at(ON, time(8, 55)), lists=lists) as day:
        day.only("alder-farm", "southpaw")
        await day.at("09:01")
        await day.phone("Bryn Hollis").says("chloe off, no idea why. rest in")
        for person in day.lists.people.persons:
            day.phone(person.name).forgets()
        yield day


def the_case(day: Day) -> tuple[str, str]:
    with day.house.database.reading() as db:
        case = list_cases(db)[0]
    return case.ref, str(case.state)


async def test_marks_are_for_the_register_and_on_it_is_for_the_case(gill_teaches: Day) -> None:
    """Each text on its own side; never on both."""
    gill = gill_teaches.phone(GILL)
    await gill.says("on it")
    assert scripts(gill_teaches, GILL) == ["css_taken"]
    assert marked(gill_teaches, "southpaw") == 0

    await gill.says("all in")
    assert scripts(gill_teaches, GILL)[0].startswith("read_back")
    assert marked(gill_teaches, "southpaw") > 0
    assert the_case(gill_teaches)[1] == "acknowledged"


async def test_a_ref_is_a_case(gill_teaches: Day) -> None:
    """Whatever else stands beside it."""
    ref, _ = the_case(gill_teaches)
    await gill_teaches.phone(GILL).says(f"{ref} all in hand")

    assert marked(gill_teaches, "southpaw") == 0


async def test_what_could_be_either_is_asked_about(gill_teaches: Day) -> None:
    """And used then, by a tap too."""
    gill = gill_teaches.phone(GILL)
    await gill.says("spoke to mum, she is ringing back")
    gill.hears("ask_which_side", "1 Southpaw Boxing Gym", "2 your cases")
    await gill.taps("your cases")

    assert scripts(gill_teaches, GILL)[-1] == "css_noted_not_taken"
    assert marked(gill_teaches, "southpaw") == 0


async def test_a_parent_who_is_staff_elsewhere_sets_and_sees_no_more(sqlite: Database) -> None:
    """Their own child's case is theirs as a parent; another provider's register is not."""
    lists = town_with(parents=(Parent("carla-voss", "femi-okafor"),))
    async with a_day(sqlite, at(ON, time(8, 55)), lists=lists) as day:
        day.only("alder-farm", "southpaw")
        await day.at("09:01")
        await day.phone("Bryn Hollis").says("femi and chloe off, no idea why. rest in")
        carla = day.phone("Carla Voss")
        carla.forgets()
        await carla.says("femi is at the dentist, sorry")
        texts = " ".join(heard.text for heard in carla.waiting())
        carla.forgets()
        await carla.says("all in")
        texts += " ".join(heard.text for heard in carla.waiting())

        assert "Chloe" not in texts
        assert marked(day, "southpaw") > 0
        with day.house.database.reading() as db:
            register = list_registers(db, ON, ["alder-farm"])[0]
        # Why her own child is away is all that she says there, and no mark.
        hers = [entry for entry in register.entries if entry.by != "bryn-hollis"]
        assert [(one.by, one.pupil, one.was, one.mark) for one in hers] == [
            ("carla-voss", "femi-okafor", Mark.ABSENT, Mark.ABSENT)
        ]


async def test_a_lead_who_is_a_contact_too_is_told_once(sqlite: Database) -> None:
    """One person, one text, whichever of their roles it is for."""
    config = load_config(REPO / "config")
    contacts = tuple(
        replace(c, roles=frozenset({Role.CONTACT, Role.SAFEGUARDING_LEAD}))
        if c.person == "gill-marsh"
        else c
        for c in config.people.contacts
        if c.person != "lena-frost"
    )
    people = replace(config.people, contacts=contacts)
    lists = Lists(people, config.calendar, config.policies, config.service)
    async with a_day(sqlite, at(ON, time(8, 55)), lists=lists) as day:
        day.only("alder-farm")
        await day.at("09:01")
        await day.phone("Bryn Hollis").says("cant find femi. rest in")

        assert scripts(day, GILL) == ["css_unaccounted"]
