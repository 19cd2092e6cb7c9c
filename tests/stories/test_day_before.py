"""Four o'clock: what is told of the next school day, and of the calendar's last weeks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

from apbot.domain.calendar import Calendar, at
from apbot.domain.people import Contact, KnownAbsence, Note, Span
from apbot.domain.words import Half, Reason
from apbot.store.database import Database
from apbot.store.lists import Lists
from tests.stories.day import Day, Heard, a_day
from tests.stories.small_town import MONDAY, TERM, a_small_town

TUESDAY = MONDAY + timedelta(days=1)
DIGESTS = ("provider_ahead", "css_cannot_be_asked", "css_no_key_contact", "css_calendar_ends")


async def four(
    sqlite: Database,
    lists: Lists,
    on: date = MONDAY,
    before: Callable[[Day], None] = lambda day: None,
) -> dict[str, list[Heard]]:
    """What each hears at four o'clock of that day of what comes after it."""
    async with a_day(sqlite, at(on, time(15, 30)), lists=lists) as day:
        before(day)
        await day.settle()
        await day.at("16:01")
        return {
            person.name: [h for h in day.phone(person.name).waiting() if h.script in DIGESTS]
            for person in lists.people.persons
        }


def with_people(lists: Lists, **lines: object) -> Lists:
    """The same lists with other lines of one kind."""
    return replace(lists, people=replace(lists.people, **lines))  # type: ignore[arg-type]  # named


async def test_a_provider_hears_of_tomorrows_known_absences_and_notes(sqlite: Database) -> None:
    """At four, on the working day before; one with nothing to know hears nothing."""
    town = a_small_town()
    away = KnownAbsence(
        "aiden-brown", Span(TUESDAY, TUESDAY), frozenset(Half), Reason.MEDICAL_APPOINTMENT
    )
    note = Note("oakbarn", Span(TUESDAY, TUESDAY), "fire drill at eleven")
    lists = with_people(town, known_absences=(away,), notes=(note,))

    heard = await four(sqlite, lists)

    for name in ("Jo Archer", "Sam Field"):
        (text,) = heard[name]
        assert text.clock[:5] == "16:00"
        assert "Aiden B away AM and PM: appointment" in text.text
        assert "fire drill at eleven" in text.text
    assert not heard["Kit Lowry"]
    assert not heard["Una Bright"]


async def test_on_a_friday_it_is_monday_that_is_told(sqlite: Database) -> None:
    """The working day before, and not the day before."""
    town = a_small_town()
    next_monday = MONDAY + timedelta(days=7)
    note = Note("oakbarn", Span(next_monday, next_monday), "a visitor")
    heard = await four(sqlite, with_people(town, notes=(note,)), on=MONDAY + timedelta(days=4))

    assert "a visitor" in heard["Jo Archer"][0].text


async def test_the_css_hears_of_a_provider_that_cannot_be_asked_tomorrow(
    sqlite: Database,
) -> None:
    """ "(nobody enrolled, everyone opted out, no key contact on duty)": while it can still ring."""

    def stops(day: Day) -> None:
        una = next(p for p in day.lists.people.persons if p.name == "Una Bright")
        day.twilio.type_text(una.mobile, "STOP")

    heard = await four(sqlite, a_small_town(), before=stops)

    assert [text.script for text in heard["Gill Marsh"]] == ["css_cannot_be_asked"]
    assert "Fenlane is due Tue 24 Nov" in heard["Gill Marsh"][0].text


async def test_the_css_hears_of_a_provider_without_a_key_contact_tomorrow(
    sqlite: Database,
) -> None:
    """Neither she nor her cover is on duty: whoever is hears that they are told in their place."""

    def one(contact: Contact) -> Contact:
        is_away = contact.person in ("gill-marsh", "ravi-nair")
        return replace(contact, leave=(Span(TUESDAY, TUESDAY),) if is_away else ())

    town = a_small_town()
    contacts = tuple(one(contact) for contact in town.people.contacts)
    heard = await four(sqlite, with_people(town, contacts=contacts))

    assert {text.script for text in heard["Lena Holt"]} == {"css_no_key_contact"}
    assert len(heard["Lena Holt"]) == 3


async def test_the_office_hears_weeks_before_its_calendar_ends(sqlite: Database) -> None:
    """After the calendar's last day nobody is asked: that must not be found out on the day."""
    town = a_small_town()
    short = replace(town, calendar=Calendar(terms=(Span(TERM.from_on, MONDAY + timedelta(14)),)))
    heard = await four(sqlite, short)

    (text,) = heard["Gill Marsh"]
    assert text.script == "css_calendar_ends"
    assert "Mon 7 Dec" in text.text


async def test_months_before_its_end_nobody_is_troubled(sqlite: Database) -> None:
    """It is a warning, and no daily greeting."""
    heard = await four(sqlite, a_small_town())

    assert not heard["Gill Marsh"]
