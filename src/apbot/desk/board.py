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
from apbot.desk.foretelling import confirmed, shown_pupils, tell_today
from apbot.desk.happening import Happening
from apbot.desk.passing_on import heed, on_worry
from apbot.desk.rota import persons_by_key
from apbot.desk.speaking import word
from apbot.desk.staff import talk_of
from apbot.domain.by_hand import (
    Marked,
    amended,
    on_closed,
    on_marked,
    on_opened,
)
from apbot.domain.calendar import local
from apbot.domain.cases import Case
from apbot.domain.decisions import Decision, Rota, Say, Urgency
from apbot.domain.foretold import Proposal
from apbot.domain.messages import Address, Inbound, InboundKind
from apbot.domain.people import People, Person, Pupil
from apbot.domain.readings import Reading
from apbot.domain.register import Register, RegisterState
from apbot.domain.unasked import WITH_THE_LEAD
from apbot.domain.words import Flag
from apbot.store.at_hand import at_hand
from apbot.store.inbox import find_message, keep, mark_handled
from apbot.store.journal import reading_to_keep, write_journal
from apbot.store.registers import get_register, save_register
from apbot.wording.compose import counted

CHANNEL = "board"

FOR_LEADS = "words for the leads"
"""What a transaction has at hand: by click, whether its words are a concern's."""

CONCERN = Reading(flags=frozenset({Flag.CONCERN}))
"""What is kept with words that are a concern's, so that pages keep them from whom they are not for.
"""

LONGEST_BACK = timedelta(days=400)
"""How old a register may be to be put right here: a school year, and what came of it."""


class Declined(Exception):
    """This cannot be done, and nothing was changed; the message says why."""


class DoneAlready(Exception):
    """This very form was sent before, and handled."""


@dataclass(frozen=True, slots=True)
class Heeded:
    """
    Words that were looked at for a concern: as others may read them, and what the page says of it.

    `reading` is kept with what is done by them, so that pages keep them from whom they are not for.
    """

    words: str
    said: str
    reading: Reading | None


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
        reading: Reading | None = None,
    ) -> str:
        """
        Keep all that was decided; return what the viewer is told on the page.

        What would only answer them by phone is not sent; an alarm is, wherever they are.
        """
        own = [say for say in decision.say if say.to == self.person.key and _is_answer(say)]
        rest = replace(decision, say=tuple(say for say in decision.say if say not in own))
        about = About(self.happening.lists, rotas or {}, register)
        desk = self.happening.desk
        told = [
            word(desk, say, self.person, CHANNEL, about, self.now)
            for say in own
            if not (say.edits or say.is_toast or say.is_here)
        ]
        self.happening.save(
            self.person, rest, reading, kind="board", rotas=rotas, register=register
        )
        self.done(decision.because)
        return "\n".join(told)

    @property
    def is_for_leads(self) -> bool:
        """Whether the words of this click are a concern's: they are for no other page."""
        return bool(at_hand(self.db, FOR_LEADS).get(self.happening.row.id))

    def keep_for_leads(self) -> None:
        """The words of this click are a concern's."""
        at_hand(self.db, FOR_LEADS)[self.happening.row.id] = True

    def heed(
        self,
        words: str,
        *,
        about: Case | None = None,
        register: Register | None = None,
        provider: str = "",
    ) -> Heeded:
        """Have the leads told where words that were typed beside a click are a concern."""
        happening = self.happening
        is_concern, decision = heed(
            happening, self.person, words, about=about, register=register, provider=provider
        )
        if not is_concern:
            return Heeded(words, "", None)
        self.keep_for_leads()
        if decision is None:
            return Heeded(words, "", CONCERN)
        rotas = happening.rotas(case.provider for case in decision.cases)
        said = self.save(decision, rotas=rotas, register=register, reading=CONCERN)
        return Heeded(WITH_THE_LEAD, f"\n{said}", CONCERN)

    def done(self, because: str) -> None:
        """Mark the click handled."""
        key = self.person.key
        mark_handled(self.db, self.happening.row.id, self.now, person=key, came_of_it=because)


def _is_answer(say: Say) -> bool:
    """Whether it only answers whoever clicked, so that the page can say it."""
    return say.urgency is not Urgency.ALARM or say.script == "css_concern_passed_on"


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
    heeded = click.heed(because, register=register)
    talk = talk_of(click.happening, click.person, register)
    decision = on_marked(talk, marked, because, click.happening.refs(), click.now)
    rotas = {register.provider: talk.rota}
    click.save(decision, rotas=rotas, register=talk.register, reading=heeded.reading)
    return f"Kept: {counted(len(marked), 'mark')}. The provider's staff hear of it.{heeded.said}"


def close(click: Click, id: int, words: str) -> str:
    """The session is not running."""
    register = _today(click, id)
    if register.state is RegisterState.CLOSED:
        raise Declined("This session is closed already.")
    heeded = click.heed(words, register=register)
    talk = talk_of(click.happening, click.person, register)
    decision = on_closed(talk, heeded.words, click.happening.refs(), click.now)
    rotas = {register.provider: talk.rota}
    click.save(decision, rotas=rotas, register=talk.register, reading=heeded.reading)
    return f"Closed. The case is yours: where are the pupils to be?{heeded.said}"


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


def foretell(click: Click, proposal: Proposal) -> str:
    """Keep a known absence or a note, and tell whoever is to hear of it now."""
    heeded = [click.heed(note.text, provider=note.provider) for note in proposal.notes]
    decision = confirmed(click.happening, click.person, proposal)
    # What was read back to them by phone still waits for its OK there.
    told = click.save(replace(decision, clears_proposal=False))
    tell_today(click.happening, click.person, proposal)
    return "".join([told, *(one.said for one in heeded)])


def report(click: Click, pupil: Pupil, words: str) -> str:
    """A worry about a child goes to the safeguarding leads, word for word."""
    happening = click.happening
    on = local(click.now).date()
    now = [
        place
        for place in happening.lists.people.placements
        if place.pupil == pupil.key and place.from_on <= on and (place.to_on or on) >= on
    ]
    child = shown_pupils(happening.lists, on).get(pupil.key, pupil.name)
    provider = now[0].provider if now else ""
    decision = on_worry(happening, click.person, provider, child, words)
    if decision is None:
        raise Declined("It would come to you alone, so nothing was sent.")
    click.keep_for_leads()
    rotas = happening.rotas(case.provider for case in decision.cases)
    return click.save(decision, rotas=rotas, reading=CONCERN)


def heed_note(click: Click, note: str, provider: str) -> str:
    """A note that the office wrote on its lists is read for a concern, like any words."""
    said = click.heed(note, provider=provider).said
    click.done("a note on the lists")
    return said.strip()


def write_to(click: Click, to: str, words: str, by: str = "") -> str:
    """Send a person a text in the office's own words, `by` one channel or as they prefer."""
    person = persons_by_key(click.happening.lists).get(to)
    if person is None:
        raise Declined("That is nobody on the lists.")
    if not may_be_written_to(click.happening.lists.people, to):
        raise Declined("The lists say that this parent is not to be told anything.")
    works = click.happening.lists.people.works_as(to)
    heeded = click.heed(words, provider=works[0].provider if works else "")
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
    return f"Sent to {person.name}.{heeded.said}"


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
    heeded = click.heed(because, register=register)
    save_register(click.db, right)
    write_journal(
        click.db,
        click.now,
        "board",
        f"put right: {because}",
        register=register.id,
        person=click.person.key,
        inbox=happening.row.id,
        reading=reading_to_keep(heeded.reading),
    )
    click.done("put right")
    return f"Put right. What it said before stays in the history.{heeded.said}"


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
