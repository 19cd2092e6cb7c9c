"""
Decisions: what is to be true next, what to say, and because.

A rule of this room returns a Decision and does nothing itself. The desk words it and the store
saves it whole, in the transaction of the happening that asked for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum, StrEnum

from apbot.domain.cases import Case
from apbot.domain.foretold import Hears, KnownLine, Proposal, ToldAbsence, ToldNote
from apbot.domain.messages import Button
from apbot.domain.people import Contact, Person, Provider, Role
from apbot.domain.policy import Ladder, Policy, Service, Step, Tell
from apbot.domain.readings import Ask
from apbot.domain.register import Line, Register
from apbot.domain.words import Matter


class Urgency(IntEnum):
    """Which texts pass which, when a network's limit makes them wait. Lower goes first."""

    ALARM = 0
    REPLY = 1
    PROMPT = 2
    DIGEST = 3


class Route(StrEnum):
    """On which of a person's channels a text goes."""

    PREFERRED = "preferred"
    NEXT_TOO = "next too"


class Buttons(StrEnum):
    """Which taps a text offers, where its channel has any."""

    NONE = "none"
    REGISTER = "register"
    REST = "rest"
    WHICH = "which"
    COUNT = "count"
    CASES = "cases"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class Say:
    """
    One text to one person, by its script's name; wording makes the facts of what it is about.

    `by` is the one channel that will do, where not any. `lines` are the pupils it names,
    `registers` and `notes` what is told ahead, `known` what a contact told and who `hears` of
    it, `proposal` what they are to say OK to, `ask` the question it puts, `more` plain facts of its
    own. `offers` are answers to be tapped, one a row. `edits` replaces the person's register
    message in place, where there is one; `is_toast` pops up where the person tapped; `is_here` goes
    where they wrote from, even if that is used no more. `once` is the
    cause: of the same cause a person is told once. `useful_until` is UTC.
    """

    to: str
    script: str
    register: Register | None = None
    cases: tuple[Case, ...] = ()
    lines: tuple[Line, ...] = ()
    registers: tuple[Register, ...] = ()
    notes: tuple[str, ...] = ()
    known: tuple[KnownLine, ...] = ()
    hears: Hears | None = None
    proposal: Proposal | None = None
    ask: Ask | None = None
    more: Mapping[str, str | int] = field(default_factory=dict)
    buttons: Buttons = Buttons.NONE
    offers: tuple[Button, ...] = ()
    urgency: Urgency = Urgency.REPLY
    route: Route = Route.PREFERRED
    by: str = ""
    edits: bool = False
    is_toast: bool = False
    is_here: bool = False
    once: str = ""
    useful_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """
    What is to be true next, and why, in a sentence for the journal.

    `register` and `cases` are the new values of what changed; a case without an id is new.
    `pending` is the question now open to the speaker; `clears_pending` ends the one that was.
    `stops` obeys an opt-out: the speaker's address is used no more; `is_wrong_number` where it is
    not the person's who should have it. `beside` are the other registers that changed, where one
    message is about several. `proposal` is read back to the
    speaker and waits for their OK; `clears_proposal` ends the one that did. `told` counts from now.
    """

    because: str
    register: Register | None = None
    beside: tuple[Register, ...] = ()
    cases: tuple[Case, ...] = ()
    say: tuple[Say, ...] = ()
    pending: Ask | None = None
    clears_pending: bool = False
    stops: bool = False
    is_wrong_number: bool = False
    proposal: Proposal | None = None
    clears_proposal: bool = False
    told: tuple[ToldAbsence | ToldNote, ...] = ()


def together(decided: Sequence[Decision]) -> Decision:
    """Return as one decision what one message comes to, the first of them with what follows."""
    first, *others = decided
    return replace(
        first,
        because="; ".join(one.because for one in decided),
        cases=(*first.cases, *(case for one in others for case in one.cases)),
        say=(*first.say, *(say for one in others for say in one.say)),
    )


@dataclass(frozen=True, slots=True)
class Rota:
    """
    Who is there for one provider on one day.

    `staff` are asked from the start, `backups` from the last chase on. Only people who can be
    reached are on it: on duty, not opted out, with an address. `called` are the keys of those who
    can be rung up, None where there is no voice.
    """

    service: Service
    provider: Provider
    staff: tuple[Person, ...] = ()
    backups: tuple[Person, ...] = ()
    key_contact: Person | None = None
    css: tuple[tuple[Person, Contact], ...] = ()
    covers: tuple[Person, ...] = ()
    called: frozenset[str] | None = None

    def ladder(self, policy: Policy, matter: Matter) -> Ladder:
        """Return the ladder to stamp on a case: without its calls where there is no voice."""
        ladder = policy.ladders[matter]
        if self.called is not None or ladder.steps == ladder.told_by_text:
            return ladder
        return replace(ladder, steps=ladder.told_by_text)

    def on_step(self, step: Step) -> tuple[Person, ...]:
        """Return whom a step tells, or rings up, today."""
        people = self.people(step.tell)
        if not step.by_call:
            return people
        return tuple(person for person in people if person.key in (self.called or ()))

    def people(self, tell: Tell) -> tuple[Person, ...]:
        """Return whom a step tells today, in order; nobody where nobody is on duty for it."""
        if tell is Tell.KEY_CONTACT:
            return (self.key_contact,) if self.key_contact else ()
        if tell is Tell.COVER:
            return self.covers
        if tell is Tell.SAFEGUARDING_LEAD:
            return self._in_role(Role.SAFEGUARDING_LEAD)
        if tell is Tell.DEPUTY_LEAD:
            return self._in_role(Role.DEPUTY_LEAD)
        return tuple(person for person, _ in self.css)

    def _in_role(self, role: Role) -> tuple[Person, ...]:
        return tuple(person for person, contact in self.css if role in contact.roles)
