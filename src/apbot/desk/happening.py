"""
One kept message being handled: what it is handled with, and how what it decides is saved.

Everything that the rooms below say about a message they say through this value, inside the one
transaction that marks the message handled.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from apbot.desk.desk import About, Desk
from apbot.desk.leaving import ask_in_place_of
from apbot.desk.rota import persons_by_key, reachable, rota_of
from apbot.desk.saving import save_decision
from apbot.desk.speaking import speak
from apbot.desk.stopping import said_of_stopping, said_of_wrong_number
from apbot.domain.calendar import local
from apbot.domain.cases import Case
from apbot.domain.decisions import Decision, Rota, Say, Urgency
from apbot.domain.messages import Inbound, InboundKind
from apbot.domain.people import Person
from apbot.domain.readings import OpenCase, Reading, Reply
from apbot.domain.register import Register
from apbot.domain.words import Half, Speaker
from apbot.reading.reader import read
from apbot.store.addresses import (
    AddressState,
    find_owner,
    group_key,
    list_other_uses,
    set_state,
)
from apbot.store.at_hand import at_hand
from apbot.store.cases import free_refs
from apbot.store.inbox import InboxRow, Outcome
from apbot.store.journal import reading_to_keep
from apbot.store.lapsing import lapse_for
from apbot.store.lists import Lists
from apbot.store.outbox import OutboxRow
from apbot.store.registers import get_register
from apbot.store.said import find_by_network_id

OUTCOME = "outcome"
"""What a transaction has at hand: by message, what came of it in a word."""


@dataclass(frozen=True, slots=True)
class Happening:
    """
    A message, the transaction that handles it, and the lists as they stand.

    `now` is when it is handled; it was said at `row.received_at`, which may be an outage ago, and
    is read as of then. All moments are UTC. `before` is what came of what its sender wrote before.
    """

    db: Connection
    desk: Desk
    lists: Lists
    row: InboxRow
    now: datetime
    before: str = ""

    @property
    def inbound(self) -> Inbound:
        """The message as the network told it."""
        return self.row.inbound

    @property
    def on(self) -> date:
        """The local day on which it was said."""
        return local(self.row.received_at).date()

    def rota(self, provider: str) -> Rota:
        """Return who is there for a provider today."""
        on = local(self.now).date()
        return rota_of(self.db, self.lists, provider, on, self.desk.channels)

    def rotas(self, providers: Iterable[str]) -> dict[str, Rota]:
        """Return who is there for each of these providers today."""
        return {provider: self.rota(provider) for provider in set(providers)}

    def refs(self) -> Iterator[str]:
        """Return refs that are free for new cases."""
        return free_refs(self.db, self.now)

    def names(self) -> dict[str, str]:
        """Return every person's name, by key."""
        return {key: person.name for key, person in persons_by_key(self.lists).items()}

    def registers_of(self, cases: Iterable[Case]) -> dict[str, Register]:
        """Return the registers of these cases, by ref."""
        return {
            case.ref: get_register(self.db, case.register)
            for case in cases
            if case.register is not None
        }

    def quoted(self) -> OutboxRow | None:
        """Return the text of ours that this message answers or was tapped on, if it says so."""
        answers = self.inbound.answers
        if answers is None:
            return None
        return find_by_network_id(self.db, self.inbound.address.channel, answers)

    def quoted_among(self, cases: Iterable[Case]) -> tuple[Case, ...]:
        """Return those of the cases that the text which this message answers was about."""
        quoted = self.quoted()
        refs = quoted.case_refs if quoted is not None else ()
        return tuple(case for case in cases if case.ref in refs)

    def open_case(self, case: Case) -> OpenCase:
        """Return a case as the reading room takes it, with all that its pupil is called."""
        pupil = self.lists.people.pupil_by_key.get(case.pupil or "")
        shown = case.shown if case.pupil else None
        return OpenCase(
            case.ref,
            case.matter,
            case.provider_name,
            pupil.name if pupil is not None else shown,
            pupil.known_as if pupil is not None else None,
        )

    def read_of_cases(self, cases: Iterable[Case], text: str, speaker: Speaker) -> Reading:
        """Read what a contact, a parent or a stray member of staff wrote, beside these cases."""
        said = local(self.row.received_at)
        moment = said.time().replace(second=0, microsecond=0)
        reply = Reply(
            speaker=speaker,
            text=text,
            on=said.date(),
            half=Half.AM if moment.hour < 12 else Half.PM,
            start=moment,
            sent_at=moment,
            cases=tuple(self.open_case(case) for case in cases),
        )
        return read(reply, self.desk.lexicon)

    def save(
        self,
        person: Person,
        decision: Decision,
        reading: Reading | None = None,
        *,
        kind: str,
        rotas: Mapping[str, Rota] | None = None,
        register: Register | None = None,
    ) -> str:
        """Keep all that was decided; return because of what, for the inbox row."""
        if decision.stops:
            owner = find_owner(self.db, self.inbound.speaks_from)
            is_stopped = owner is not None and owner[1] is AddressState.STOPPED
            self._stop()
            says = said_of_stopping(self, person) or decision.say
            # Whoever stops twice has stopped once: the alarm was given.
            decision = replace(decision, say=() if is_stopped else says)
        if decision.is_wrong_number:
            self._stop_wrong(person)
            decision = replace(decision, say=said_of_wrong_number(self, person, decision.say))
        about = replace(
            self._about(person, kind),
            rotas=rotas or {},
            register=register,
            asker=group_key(register.provider) if register and self.inbound.is_in_group else "",
        )
        at_hand(self.db, OUTCOME)[self.row.id] = _outcome(decision, reading)
        save_decision(
            self.db,
            self.desk,
            decision,
            about,
            self.now,
            person=person.key,
            inbox=self.row.id,
            reading=reading_to_keep(reading),
        )
        if decision.is_wrong_number and not self._is_reached(person):
            ask_in_place_of(self.db, self.desk, person.key, (), self.now)
        return decision.because

    def say(self, person: Person, script: str, *others: Say) -> str:
        """Say one script to a person, and these to others, because of this message alone."""
        decision = Decision(
            because=script.replace("_", " "), say=(Say(to=person.key, script=script), *others)
        )
        return self.save(person, decision, kind="enrolment")

    def toast(self, person: Person, script: str) -> None:
        """Say a word where the person tapped: every tap is answered."""
        say = Say(to=person.key, script=script, is_toast=True, urgency=Urgency.ALARM)
        speak(self.db, self.desk, (say,), self._about(person, "tap"), self.now)

    def _about(self, person: Person, kind: str) -> About:
        return About(
            self.lists,
            {},
            happening=kind,
            callback_id=self.inbound.callback_id,
            inbound=self.inbound,
            speaker=person.key,
        )

    def _is_reached(self, person: Person) -> bool:
        return bool(reachable(self.db, self.lists, {person.key}, self.desk.channels))

    def _stop_wrong(self, person: Person) -> None:
        """Nothing of a child goes to somebody else: what waits for the number lapses as well."""
        spoken = self.inbound.speaks_from
        if self.inbound.is_in_group:
            # The others of a group go on; whoever left it is asked in no chat of their own.
            spoken = replace(spoken, value="")
        for address in list_other_uses(self.db, spoken, person.key):
            set_state(self.db, address, AddressState.WRONG, self.now, "said to be somebody else's")
            lapse_for(self.db, address, "the number is somebody else's")

    def _stop(self) -> None:
        is_blocked = self.inbound.kind is InboundKind.BLOCKED
        says = "blocked the bot" if is_blocked else "asked us to stop"
        set_state(self.db, self.inbound.speaks_from, AddressState.STOPPED, self.now, says)
        lapse_for(self.db, self.inbound.speaks_from, says)


def _outcome(decision: Decision, reading: Reading | None) -> Outcome:
    """What came of a message, in a word: what it changed counts before what was answered."""
    register = decision.register
    if register is not None and any(entry.id is None for entry in register.entries):
        return Outcome.MARKED
    if decision.cases:
        return Outcome.CASE
    if reading is not None and reading.ask is not None:
        return Outcome.ASKED
    return Outcome.ANSWERED if decision.say else Outcome.NOTED
