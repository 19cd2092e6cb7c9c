"""
Talk: everything about one member of staff that a reply or a tap is decided against.

What both come to is made here: an entry, with what it was before and who said it, the cases that
follow from the marks, and what colleagues hear.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from apbot.domain.cases import Case
from apbot.domain.decisions import Rota, Say
from apbot.domain.escalation import asked_people
from apbot.domain.following import Following, follow
from apbot.domain.people import Person
from apbot.domain.readings import Ask
from apbot.domain.register import Entry, How, Line, Register, RegisterState
from apbot.domain.words import Mark, Reason


@dataclass(frozen=True, slots=True)
class Talk:
    """
    Everything about one member of staff that a reply is read and decided against.

    `cases` are all of the register's, `am_marks` what the morning held, by this register's
    numbers, and `am_reasons` why. `rephrased` counts how often today this person was told that a
    message was not understood; `named` are the pupils whose name stands in the words, and
    `asks_who_is_in` says that they ask how the register stands.
    """

    person: Person
    register: Register
    rota: Rota
    cases: tuple[Case, ...] = ()
    am_marks: Mapping[int, Mark] = field(default_factory=dict)
    am_reasons: Mapping[int, Reason] = field(default_factory=dict)
    pending: Ask | None = None
    rephrased: int = 0
    named: frozenset[str] = frozenset()
    asks_who_is_in: bool = False
    inbox: int | None = None


def entry_of(
    talk: Talk,
    line: Line,
    mark: Mark | None,
    now: datetime,
    *,
    how: How = How.TEXT,
    reason: Reason | None = None,
    said_time: time | None = None,
    because: str = "",
) -> Entry:
    """Return what this person says of a pupil, with what it was before."""
    return Entry(
        number=line.number,
        pupil=line.pupil,
        was=talk.register.marks.get(line.number),
        mark=mark,
        by=talk.person.key,
        by_name=talk.person.name,
        by_title=talk.person.title,
        how=how,
        at=now,
        reason=reason,
        time=said_time,
        because=because,
        inbox=talk.inbox,
    )


def cases_after(
    talk: Talk, register: Register, refs: Iterator[str], now: datetime, words: str = ""
) -> Following:
    """
    Return what follows from the register's marks; from one that is closed, nothing.

    `words` are those that gave the marks, for whoever looks for a child that they miss.
    """
    if register.state is RegisterState.CLOSED:
        return Following()
    return follow(
        register,
        talk.am_marks,
        talk.cases,
        talk.rota,
        refs,
        now,
        talk.person,
        talk.am_reasons,
        words,
    )


def to_colleagues(talk: Talk, register: Register, entries: Sequence[Entry]) -> tuple[Say, ...]:
    """All who were asked hear what another changed, or that nobody is to be marked."""
    is_closed = register.state is RegisterState.CLOSED
    is_shut = is_closed and talk.register.state is not RegisterState.CLOSED
    if not entries and not is_shut:
        return ()
    lines = tuple(register.line(entry.number) for entry in entries)
    return tuple(
        Say(
            to=person.key,
            script="provider_closed_colleague" if is_shut else "read_back_colleague",
            register=register,
            lines=lines,
            more={"who": talk.person.name},
        )
        for person in asked_people(register, talk.rota)
        if person.key != talk.person.key and person.key in register.asked
    )
