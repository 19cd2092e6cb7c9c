"""
The board's clicks: each is a happening like a reply, kept, decided and saved in one transaction.

A click is kept in the inbox as coming from the board, so that what it caused names it, and so that
a form sent twice is handled once. What the rules would answer by phone is shown on the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from apbot.desk.deadlines import cases_for, fresh
from apbot.desk.desk import About, Desk
from apbot.desk.foretelling import confirmed, tell_today
from apbot.desk.happening import Happening
from apbot.desk.homes import families_of
from apbot.desk.rota import persons_by_key
from apbot.desk.speaking import word
from apbot.desk.staff import talk_of
from apbot.domain.by_hand import (
    Marked,
    amended,
    on_case_clicked,
    on_closed,
    on_handed_over,
    on_marked,
    on_opened,
)
from apbot.domain.calendar import local
from apbot.domain.cases import Case
from apbot.domain.decisions import Decision, Rota, Say, Urgency
from apbot.domain.foretold import Proposal
from apbot.domain.messages import Address, Inbound, InboundKind
from apbot.domain.people import People, Person
from apbot.domain.register import Register, RegisterState
from apbot.domain.releasing import Order, ReleaseTalk, on_orders
from apbot.domain.taking import CaseTalk
from apbot.domain.words import Action, Matter, Reason
from apbot.store.cases import get_case
from apbot.store.inbox import find_message, keep, mark_handled
from apbot.store.journal import write_journal
from apbot.store.registers import get_register, save_register
from apbot.wording.compose import counted

CHANNEL = "board"

LONGEST_BACK = timedelta(days=400)
"""How old a register may be to be put right here: a school year, and what came of it."""


class Declined(Exception):
    """This cannot be done, and nothing was changed; the message says why."""


class DoneAlready(Exception):
    """This very form was sent before, and handled."""


@dataclass(frozen=True, slots=True)
class Click:
    """One click being handled: the happening, and who clicked."""

    happening: Happening
    person: Person

    @property
    def db(self) -> Connection:
        """The transaction."""
        return self.happening.db

    @property
    def now(self) -> datetime:
        """When it is handled (UTC)."""
        return self.happening.now

    def save(
        self,
        decision: Decision,
        *,
        rotas: Mapping[str, Rota] | None = None,
        register: Register | None = None,
    ) -> str:
        """
        Keep all that was decided; return what the viewer is told on the page.

        What would only answer them by phone is not sent; an alarm is, wherever they are.
        """
        own = [s for s in decision.say if s.to == self.person.key and s.urgency != Urgency.ALARM]
        rest = replace(decision, say=tuple(say for say in decision.say if say not in own))
        about = About(self.happening.lists, rotas or {}, register)
        desk = self.happening.desk
        told = [
            word(desk, say, self.person, CHANNEL, about, self.now)
            for say in own
            if not (say.edits or say.is_toast or say.is_here)
        ]
        self.happening.save(self.person, rest, kind="board", rotas=rotas, register=register)
        self.done(decision.because)
        return "\n".join(told)

    def done(self, because: str) -> None:
        """Mark the click handled."""
        key = self.person.key
        mark_handled(self.db, self.happening.row.id, self.now, person=key, came_of_it=because)


def begin(db: Connection, desk: Desk, key: str, words: str, once: str, now: datetime) -> Click:
    """
    Keep a click, `words` being what it says, and return it to be handled.

    `once` is the form's own word. Raises DoneAlready where it came before.
    """
    lists = desk.lists(db)
    person = persons_by_key(lists)[key]
    inbound = Inbound(once, Address(CHANNEL, key), InboundKind.TEXT, words)
    if not keep(db, inbound, now):
        raise DoneAlready
    row = find_message(db, CHANNEL, once)
    assert row is not None
    return Click(Happening(db, desk, lists, row, now), person)


def mark(click: Click, id: int, marked: Sequence[Marked], because: str) -> str:
    """Mark a register: of today as a reply would, of a day that is over in the record alone."""
    register = _register(click, id)
    roster = {line.number for line in register.roster}
    if not marked or not {one.number for one in marked} <= roster:
        raise Declined("Nobody was marked: choose a mark for at least one pupil.")
    if register.on != local(click.now).date():
        return _amend(click, register, marked, because)
    talk = talk_of(click.happening, click.person, register)
    decision = on_marked(talk, marked, because, click.happening.refs(), click.now)
    click.save(decision, rotas={register.provider: talk.rota}, register=talk.register)
    return f"Kept: {counted(len(marked), 'mark')}. The provider's staff hear of it."


def close(click: Click, id: int, words: str) -> str:
    """The session is not running."""
    register = _today(click, id)
    if register.state is RegisterState.CLOSED:
        raise Declined("This session is closed already.")
    talk = talk_of(click.happening, click.person, register)
    decision = on_closed(talk, words, click.happening.refs(), click.now)
    click.save(decision, rotas={register.provider: talk.rota}, register=talk.register)
    return "Closed. The case is yours: where are the pupils to be?"


def open_again(click: Click, id: int) -> str:
    """The session runs after all."""
    register = _today(click, id)
    if register.state is not RegisterState.CLOSED:
        raise Declined("This session is not closed.")
    rota = click.happening.rota(register.provider)
    cases = cases_for(click.db, register)
    decision = on_opened(register, cases, rota, click.person, click.now)
    click.save(decision, rotas={register.provider: rota}, register=register)
    return "Open again. The provider is asked for the register as ever."


def act_on_case(
    click: Click, id: int, action: Action, words: str, reason: Reason | None = None
) -> str:
    """Take, note or end a case."""
    case = _open_case(click, id)
    rotas = click.happening.rotas([case.provider])
    talk = CaseTalk(
        person=click.person,
        cases=(case,),
        registers=click.happening.registers_of([case]),
        rotas={case.ref: rotas[case.provider]},
        names=click.happening.names(),
        inbox=click.happening.row.id,
    )
    decision = on_case_clicked(talk, action, words, reason, click.now)
    return click.save(decision, rotas=rotas)


def hand_over(click: Click, id: int, to: str, words: str) -> str:
    """Give a case to another contact."""
    case = _open_case(click, id)
    lists = click.happening.lists
    person = persons_by_key(lists).get(to)
    contact = next((c for c in lists.people.contacts if c.person == to), None)
    if person is None or contact is None or not contact.takes_cases:
        raise Declined("That is nobody who takes cases.")
    if case.matter is Matter.CONCERN and not contact.sees_concerns:
        raise Declined("A concern stays with the safeguarding lead or a deputy.")
    rotas = click.happening.rotas([case.provider])
    register = click.happening.registers_of([case]).get(case.ref)
    decision = on_handed_over(
        case, register, person, click.person, words, rotas[case.provider], click.now
    )
    click.save(decision, rotas=rotas)
    return f"{case.ref} is {person.name}'s now."


def tell_parents(click: Click, id: int, *, tells: bool) -> str:
    """Release the notice to a case's parents, or keep it back."""
    case = get_case(click.db, id)
    registers = click.happening.registers_of([case])
    pupils = {line.pupil for register in registers.values() for line in register.roster}
    lists, channels = click.happening.lists, click.happening.desk.channels
    talk = ReleaseTalk(
        person=click.person,
        cases=(case,),
        registers=registers,
        families=families_of(click.db, lists, pupils, channels),
    )
    decision = on_orders(talk, (Order(tells, refs=(case.ref,)),), click.now)
    return click.save(decision, rotas=click.happening.rotas([case.provider]))


def foretell(click: Click, proposal: Proposal) -> str:
    """Keep a known absence or a note, and tell whoever is to hear of it now."""
    decision = confirmed(click.happening, click.person, proposal)
    # What was read back to them by phone still waits for its OK there.
    told = click.save(replace(decision, clears_proposal=False))
    tell_today(click.happening, click.person, proposal)
    return told


def write_to(click: Click, to: str, words: str, by: str = "") -> str:
    """Send a person a text in the office's own words, `by` one channel or as they prefer."""
    person = persons_by_key(click.happening.lists).get(to)
    if person is None:
        raise Declined("That is nobody on the lists.")
    if not may_be_written_to(click.happening.lists.people, to):
        raise Declined("The lists say that this parent is not to be told anything.")
    say = Say(
        to=person.key,
        script="from_office",
        more={"who": click.person.name, "words": words},
        by=by,
    )
    decision = Decision(because="written on the board", say=(say,))
    # Not by `save`: what somebody writes to themselves is meant for their phone.
    click.happening.save(click.person, decision, kind="board")
    click.done(decision.because)
    return f"Sent to {person.name}."


def may_be_written_to(people: People, key: str) -> bool:
    """Whether somebody may be sent a text by hand: a parent, where the lists let them be told."""
    if people.works_as(key) or key in people.contact_by_key:
        return True
    return any(
        one.is_told and people.pupil_by_key[one.pupil].tells_parents
        for one in people.parents
        if one.person == key
    )


def _amend(click: Click, register: Register, marked: Sequence[Marked], because: str) -> str:
    if not timedelta(0) <= click.now - register.starts_at <= LONGEST_BACK:
        raise Declined("This register is too old, or still to come: it cannot be marked here.")
    happening = click.happening
    right = amended(register, marked, click.person, because, click.now, happening.row.id)
    if right is register:
        raise Declined("That is what the register says already.")
    save_register(click.db, right)
    write_journal(
        click.db,
        click.now,
        "board",
        f"put right: {because}",
        register=register.id,
        person=click.person.key,
        inbox=happening.row.id,
    )
    click.done("put right")
    return "Put right. What it said before stays in the history."


def _register(click: Click, id: int) -> Register:
    try:
        return fresh(click.happening.lists, get_register(click.db, id))
    except LookupError:
        raise Declined("There is no such register.") from None


def _today(click: Click, id: int) -> Register:
    register = _register(click, id)
    if register.on != local(click.now).date():
        raise Declined("Only a session of today can be closed or opened here.")
    return register


def _open_case(click: Click, id: int) -> Case:
    try:
        case = get_case(click.db, id)
    except LookupError:
        raise Declined("There is no such case.") from None
    if not case.is_open:
        who = click.happening.names().get(case.resolved_by, "the bot")
        raise Declined(f"{case.ref} is over already: {who}, {case.outcome}.")
    return case
