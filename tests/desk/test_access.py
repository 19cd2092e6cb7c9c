"""
Whoever writes, and whatever they send: nobody reads or sets what is not theirs.

Random towns, random senders, random words, and taps with data that no message of ours ever showed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from apbot.desk.deadlines import handle_deadline
from apbot.desk.desk import Desk
from apbot.desk.enrolment import take_lists
from apbot.desk.replies import handle_message
from apbot.domain.calendar import at
from apbot.domain.called_for import ended_because
from apbot.domain.messages import Address, Inbound, InboundKind
from apbot.domain.people import (
    Contact,
    Hours,
    Parent,
    People,
    Person,
    Placement,
    Provider,
    Pupil,
    Role,
    Staff,
)
from apbot.domain.words import Half
from apbot.reading.lexicon import Lexicon
from apbot.store.addresses import group_key, provider_of_group, tie
from apbot.store.cases import list_cases
from apbot.store.database import Database, database_url, open_database
from apbot.store.deadlines import claim_deadlines
from apbot.store.inbox import claim_inbox, keep
from apbot.store.lists import Lists
from apbot.store.registers import list_registers
from apbot.store.said import list_outbox
from apbot.store.tables import case_told
from apbot.wording.scripts import Scripts

MONDAY = date(2026, 11, 23)
NAMES = ("Quentina", "Zebedee", "Ignatia", "Balthazar", "Wilhelmina", "Montague")
"""Pupils' first names that are in no word of the bot's own."""

PLACES = ("north-yard", "south-yard", "west-yard")
PERSONS = tuple(f"person-{letter}" for letter in "abcdefgh")
GROUP = "-9900"


@dataclass(frozen=True)
class Town:
    """A town, and who in it may know of which pupil."""

    people: People

    def is_contact(self, key: str) -> bool:
        return any(contact.person == key for contact in self.people.contacts)

    def works_at(self, key: str) -> set[str]:
        return {staff.provider for staff in self.people.staff if staff.person == key}

    def may_know(self, key: str, pupil: str) -> bool:
        """Staff of where the pupil is placed, the CSS, and the pupil's own parents."""
        group = provider_of_group(key)
        places = {group} if group is not None else self.works_at(key)
        placed = any(p.pupil == pupil and p.provider in places for p in self.people.placements)
        is_own = any(p.pupil == pupil and p.person == key for p in self.people.parents)
        return placed or is_own or self.is_contact(key)


def mobile(key: str) -> str:
    return f"+{447700900700 + PERSONS.index(key)}"


def chat(key: str) -> str:
    return str(8800 + PERSONS.index(key))


@st.composite
def towns(draw: st.DrawFn) -> Town:
    """Two or three providers; everybody may be staff, contact and parent of anything."""
    places = PLACES[: draw(st.integers(2, 3))]
    some = st.lists(st.sampled_from(PERSONS[1:]), min_size=1, max_size=5, unique=True)
    staff = {(key, draw(st.sampled_from(places))) for key in draw(some)}
    staff |= {(key, draw(st.sampled_from(places))) for key in draw(some)}
    contacts = {*PERSONS[:2], draw(st.sampled_from(PERSONS))}
    pupils = [f"pupil-{name.lower()}" for name in NAMES]
    parents = {
        (draw(st.sampled_from(PERSONS)), draw(st.sampled_from(pupils)))
        for _ in range(draw(st.integers(0, 4)))
    }
    hours = Hours(time(9), time(12))
    both = frozenset((day, Half.AM) for day in range(5))
    return Town(
        People(
            persons=tuple(
                Person(key, f"Grownup {key[-1].upper()}", mobile(key), ("telegram", "sms"))
                for key in PERSONS
            ),
            providers=tuple(
                Provider(
                    place,
                    place.replace("-", " ").title(),
                    "farm",
                    "+447700900699",
                    "1 Lane",
                    frozenset(range(5)),
                    hours,
                    None,
                    PERSONS[0],
                    draw(st.sampled_from(["default", "tells-parents"])),
                )
                for place in places
            ),
            pupils=tuple(
                Pupil(key, f"{name} {'ABCDEF'[number]}verly")
                for number, (key, name) in enumerate(zip(pupils, NAMES, strict=True))
            ),
            placements=tuple(
                Placement(key, draw(st.sampled_from(places)), MONDAY, None, both) for key in pupils
            ),
            staff=tuple(Staff(key, place) for key, place in sorted(staff)),
            contacts=tuple(
                Contact(key, frozenset({Role.CONTACT, Role.SAFEGUARDING_LEAD}), cover=None)
                for key in sorted(contacts)
            ),
            parents=tuple(Parent(key, pupil) for key, pupil in sorted(parents)),
        )
    )


first_names = st.sampled_from(NAMES).map(str.lower)
refs = st.sampled_from(["K1", "K1", "B1", "D1", "H1"])
texts = st.one_of(
    st.sampled_from(
        [
            *("all in", "yes", "no", "on it", "done", "ok all", "help", "1", "2", "nobody in"),
            *("who is in today?", "which children do you have", "list", "tell", "stop", "start"),
            *("he left at half eight!", "she is with me", "undo", "north yard", "css"),
        ]
    ),
    st.builds("{0} off ill, rest in".format, first_names),
    st.builds("cant find {0}".format, first_names),
    st.builds("{0} is here now".format, first_names),
    st.builds("absent {0} tomorrow dentist".format, first_names),
    st.builds("is {0} in?".format, first_names),
    st.builds("ok {0}".format, refs),
    st.builds("{0} done, {1} is at home".format, refs, first_names),
    st.builds("tell {0}".format, refs),
    st.builds("{0} has bruises".format, first_names),
)
registers = st.integers(1, 3)
numbers = st.integers(1, 4)
guessed = st.sampled_from(["0", "deadbeef"])
marking = st.builds("a:{0}".format, registers) | st.builds(
    "m:{0}:{1}:-:{2}".format, registers, numbers, st.sampled_from("plau")
)
about_cases = st.builds(
    "c:{0}:{1}".format, refs, st.sampled_from(["ok", "tell", "done", "don't tell"])
) | st.builds("c:tomorrow:absent {0}".format, first_names)
others = st.one_of(
    st.builds("w:{0}:{1}".format, st.integers(0, 30), guessed),
    st.builds("q:{0}:{1}:yes".format, registers, guessed),
    st.builds("k:{0}:yes".format, guessed),
    st.builds("g:{0}".format, guessed),
    st.text(max_size=20),
)
taps = st.one_of(marking, about_cases, marking, about_cases, others)


@dataclass(frozen=True)
class Deed:
    """What somebody does: on SMS, in their chat with the bot, or in the group."""

    who: str
    where: str
    words: str
    is_tap: bool


senders = st.sampled_from([*PERSONS, *PERSONS[:2], *PERSONS[:2], "stranger"])
deeds = st.lists(
    st.builds(
        Deed,
        who=senders,
        where=st.sampled_from(["sms", "telegram", "group"]),
        words=texts,
        is_tap=st.just(False),
    )
    | st.builds(
        Deed,
        who=senders,
        where=st.sampled_from(["telegram", "group"]),
        words=taps,
        is_tap=st.just(True),
    ),
    min_size=4,
    max_size=14,
)


def inbound(deed: Deed, number: int) -> Inbound:
    """The deed as the network tells of it."""
    kind = InboundKind.TAP if deed.is_tap else InboundKind.TEXT
    account = chat(deed.who) if deed.who in PERSONS else "9999"
    if deed.where == "sms":
        value = mobile(deed.who) if deed.who in PERSONS else "+447700900799"
        return Inbound(f"n{number}", Address("sms", value), kind, deed.words)
    return Inbound(
        f"n{number}",
        Address("telegram", GROUP if deed.where == "group" else account),
        kind,
        deed.words,
        sender=account,
        callback_id=f"c{number}" if deed.is_tap else None,
        chat_title="Yard" if deed.where == "group" else None,
    )


@contextmanager
def a_database(shape: Path) -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "town.db"
        copy(shape, path)
        database = open_database(database_url(f"sqlite:///{path}"))
        yield database
        database.close()


def run_due(db: Connection, desk: Desk, now: datetime) -> None:
    for row in claim_deadlines(db, now, 100):
        handle_deadline(db, desk, row, now)


def check_marks(db: Connection, town: Town) -> None:
    """Only staff of the provider gave marks, or a contact who ended a case that was theirs."""
    ended = {
        (case.register, case.number, case.resolved_by, ended_because(case))
        for case in list_cases(db)
        if town.is_contact(case.resolved_by)
    }
    for register in list_registers(db, MONDAY):
        for entry in register.entries:
            by_contact = (register.id, entry.number, entry.by, entry.because) in ended
            assert by_contact or register.provider in town.works_at(entry.by), entry


def check_cases(db: Connection, town: Town) -> None:
    """Only who was told took a case on; only they, its parents or its provider ended it."""
    told: dict[int, set[str]] = {}
    for row in db.execute(select(case_told)):
        told.setdefault(row.case_id, set()).add(row.person)
    parents = {(parent.person, parent.pupil) for parent in town.people.parents}
    for case in list_cases(db):
        assert case.id is not None
        knew = told.get(case.id, set())
        by_provider = case.provider in town.works_at(case.resolved_by)
        by_parent = case.pupil is not None and (case.resolved_by, case.pupil) in parents
        assert all(town.is_contact(key) for key in knew), case
        assert not case.acknowledged_by or case.acknowledged_by in knew, case
        assert not case.resolved_by or case.resolved_by in knew or by_provider or by_parent, case


def check_texts(db: Connection, town: Town) -> None:
    """No text names a pupil to somebody who may not know of them."""
    for row in list_outbox(db):
        for pupil in town.people.pupils:
            if pupil.name.split()[0] in row.text:
                assert town.may_know(row.person, pupil.key), (row.person, row.script, row.text)
                if row.address.value == GROUP and row.callback_id is None:
                    assert provider_of_group(row.person) is not None, (row.script, row.text)


def check_known(lists: Lists, town: Town) -> None:
    """Only a contact told ahead."""
    for told in lists.told.absences:
        assert town.is_contact(told.by), told


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)
@given(town=towns(), done=deeds, group_of=st.integers(0, 1))
def test_nobody_reads_or_sets_what_is_not_theirs(
    town: Town,
    done: list[Deed],
    group_of: int,
    empty_sqlite: Path,
    town_lists: Lists,
    lexicon: Lexicon,
    scripts: Scripts,
) -> None:
    """Whatever they are, whatever they type or tap, on whichever channel, in whichever order."""
    lists = Lists(town.people, town_lists.calendar, town_lists.policies, town_lists.service)
    now = at(MONDAY, time(8, 55))
    with a_database(empty_sqlite) as database:
        desk = Desk(database, lexicon, scripts, frozenset({"telegram", "sms"}))
        with database.writing() as db:
            take_lists(db, lists, now)
            for key in PERSONS:
                tie(db, Address("telegram", chat(key)), key, now)
            tie(db, Address("telegram", GROUP), group_key(PLACES[group_of]), now)
        for number, deed in enumerate(done):
            now += timedelta(minutes=5)
            with database.writing() as db:
                run_due(db, desk, now)
                keep(db, inbound(deed, number), now)
                for row in claim_inbox(db, now):
                    handle_message(db, desk, row, now)
        with database.reading() as db:
            check_marks(db, town)
            check_cases(db, town)
            check_texts(db, town)
            check_known(desk.lists(db), town)
