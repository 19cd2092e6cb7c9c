"""
Off the register: what staff write of pupils of their place who are on no register just now.

A child may be there on another day than the timetable's, and can be missed all the same. Where the
register has one of that name, it is that one who is meant.
"""

from datetime import time
from typing import cast

from apbot.desk.happening import Happening
from apbot.domain.calendar import local
from apbot.domain.decisions import Decision, Rota
from apbot.domain.people import Person, Pupil
from apbot.domain.readings import Reading, Rephrase, Reply, RosterPupil
from apbot.domain.register import Register
from apbot.domain.sought import OffRegister, on_off_register
from apbot.domain.words import Half, Mark, Speaker
from apbot.reading.reader import read
from apbot.reading.tokens import fold
from apbot.store.cases import list_open_of_pupils
from apbot.wording.compose import NameStyle, short_names


def off_register(
    happening: Happening,
    person: Person,
    rota: Rota,
    register: Register | None,
    reading: Reading,
    text: str,
) -> Decision | None:
    """
    Return what the words make true of pupils of this provider who are on no register just now.

    A child may be there on another day than the timetable's, and can be missed all the same.
    """
    place = rota.provider.key
    due = {line.pupil for line in register.roster} if register is not None else set()
    placed = {
        one.pupil
        for one in happening.lists.people.placements
        if one.provider == place and one.is_live(happening.on) and one.pupil not in due
    }
    pupils = [pupil for pupil in happening.lists.people.pupils if pupil.key in placed]
    if not pupils:
        return None
    cases = tuple(
        case
        for case in list_open_of_pupils(happening.db, placed)
        if case.provider == place and case.register is None
    )
    said_at = local(happening.row.received_at)
    moment = said_at.time().replace(second=0, microsecond=0)
    sought = {case.pupil for case in cases}
    reply = Reply(
        speaker=Speaker.PROVIDER,
        text=text,
        on=happening.on,
        half=Half.AM if moment.hour < 12 else Half.PM,
        start=moment,
        sent_at=moment,
        roster=tuple(
            RosterPupil(number=number, name=pupil.name, known_as=pupil.known_as)
            for number, pupil in enumerate(pupils, 1)
        ),
        marks={n: Mark.UNACCOUNTED for n, p in enumerate(pupils, 1) if p.key in sought},
    )
    # The register's own Jack is meant, where another of that name is not due.
    named = words_of(text) - _taken(register)
    marks = read(reply, happening.desk.lexicon).marks
    style = cast(NameStyle, str(happening.lists.service.names))
    there = [pupil for pupil in happening.lists.people.pupils if pupil.key in placed | due]
    shown = short_names([(pupil.name, pupil.known_as) for pupil in there], style)
    said = OffRegister(
        shown={pupil.key: name for pupil, name in zip(there, shown, strict=True)},
        # Nobody is meant who is not named: "everyone" are those on the register.
        marks={
            pupil.key: marks[number]
            for number, pupil in enumerate(pupils, 1)
            if number in marks and named & _called(pupil)
        },
    )
    policy = happening.lists.policies[rota.provider.policy]
    return on_off_register(
        person, policy, rota, said, cases, reading, text, happening.refs(), happening.now
    )


def sounds_lost(happening: Happening, reading: Reading, text: str) -> bool:
    """Whether words that name nobody here would say of another pupil that they cannot be found."""
    if not isinstance(reading.ask, Rephrase) or reading.marks or reading.flags:
        return False
    said = words_of(text)
    named = [pupil for pupil in happening.lists.people.pupils if said & _called(pupil)]
    reply = Reply(
        speaker=Speaker.PROVIDER,
        text=text,
        on=happening.on,
        half=Half.AM,
        start=time(9, 0),
        sent_at=time(10, 0),
        roster=tuple(RosterPupil(number, pupil.name) for number, pupil in enumerate(named, 1)),
    )
    marks = set(read(reply, happening.desk.lexicon).marks.values())
    # "Missing" is often "absent", but not of one who is not due there.
    is_away = Mark.ABSENT in marks and "missing" in said
    return bool(named) and (Mark.UNACCOUNTED in marks or is_away)


def names_off_register(happening: Happening, register: Register, text: str) -> bool:
    """Whether the words name a pupil of this place who is not on its register."""
    people = happening.lists.people
    on_it = {line.pupil for line in register.roster}
    placed = {place.pupil for place in people.placements if place.provider == register.provider}
    off = (people.pupil_by_key[key] for key in placed - on_it if key in people.pupil_by_key)
    said = words_of(text)
    first = said - _taken(register)
    return any(first & _first_names(pupil) or _called(pupil) <= said for pupil in off)


def _taken(register: Register | None) -> set[str]:
    """The words by which those on the register are called."""
    roster = register.roster if register is not None else ()
    return {
        word
        for line in roster
        for name in (line.name, line.known_as or "")
        for word in fold(name).split()
    }


def _first_names(pupil: Pupil) -> set[str]:
    return {fold(name).split()[0] for name in (pupil.name, pupil.known_as or pupil.name)}


def _called(pupil: Pupil) -> set[str]:
    """The words by which a pupil is called."""
    return {word for name in (pupil.name, pupil.known_as or "") for word in fold(name).split()}


def words_of(text: str) -> set[str]:
    """Return the words of a text, to look for names among them."""
    return {word.strip(".,!?:;()'\"").removesuffix("'s") for word in fold(text).split()}
