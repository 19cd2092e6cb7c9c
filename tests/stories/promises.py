"""
What is promised of any day, whatever is said on it: each a rule of the day, looked at afresh.

A rule is looked at from what is kept, as an auditor would: two moments of the database, and what
came between them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, select

from apbot.desk.several import OVERTAKEN
from apbot.domain.calendar import at, local
from apbot.domain.cases import Case
from apbot.domain.people import Person, Role
from apbot.domain.policy import ParentsTold
from apbot.domain.register import Line, Register, RegisterState
from apbot.domain.words import Half, Mark, Matter
from apbot.store.addresses import list_live
from apbot.store.cases import list_cases
from apbot.store.database import Database
from apbot.store.lists import Lists
from apbot.store.outbox import TOLD_IN_ANOTHER, OutboxState
from apbot.store.registers import get_register
from apbot.store.tables import deadlines, inbox, journal, outbox, registers

AnyRow = Row[Any]

LATE = timedelta(minutes=31)
MINUTE = timedelta(minutes=1)

OPENINGS = frozenset(
    {
        "css_register_missing",
        "css_register_missing_still",
        "css_register_missing_away",
        "css_unaccounted",
        "css_absences",
        "css_absences_explained",
        "css_concern",
        "css_closed",
        "css_question",
        "css_parent_question",
        "css_wrong_number",
        "css_wrong_number_last",
        "css_parent_alarm",
        "css_several",
        "css_several_explained",
    }
)
"""The texts by which a contact is told of a case."""

TELLS_PARENTS = frozenset(
    {
        "parent_absent",
        "parent_absent_known",
        "parent_not_back",
        "parent_lost",
        "parent_unaccounted",
        "parent_closed",
    }
)
"""The texts by which a parent is first told of something."""

FOLLOWS_FOR_PARENTS = frozenset({"parent_here_now", "parent_followed_up", "parent_open_after_all"})


@dataclass(frozen=True)
class Kept:
    """Everything that is kept at one moment."""

    now: datetime
    lists: Lists
    cases: Mapping[int, Case]
    registers: Mapping[int, Register]
    deadlines: Mapping[tuple[str, str], datetime]
    outbox: Mapping[int, AnyRow]
    inbox: Mapping[int, AnyRow]
    journaled: frozenset[int]
    reachable: frozenset[str]

    def person(self, key: str) -> Person | None:
        return next((p for p in self.lists.people.persons if p.key == key), None)

    def is_contact(self, key: str) -> bool:
        return any(contact.person == key for contact in self.lists.people.contacts)

    def staff_of(self, provider: str) -> set[str]:
        return {s.person for s in self.lists.people.staff if s.provider == provider}

    def wrote_at(self, key: str, moment: datetime) -> bool:
        """Whether what this person wrote or tapped was handled at that moment."""
        return any(row.person == key and row.handled_at == moment for row in self.inbox.values())


def look(database: Database, lists: Lists, now: datetime) -> Kept:
    """Return what is kept now."""
    with database.reading() as db:
        ids = list(db.scalars(select(registers.c.id)))
        keys = [person.key for person in lists.people.persons]
        sent = db.execute(select(outbox).order_by(outbox.c.id)).all()
        came = db.execute(select(inbox).order_by(inbox.c.id)).all()
        due = db.execute(select(deadlines.c.kind, deadlines.c.subject, deadlines.c.due_at)).all()
        told_of = db.scalars(select(journal.c.inbox_id).where(journal.c.inbox_id.is_not(None)))
        return Kept(
            now=now,
            lists=lists,
            cases={case.id: case for case in list_cases(db) if case.id is not None},
            registers={id: get_register(db, id) for id in ids},
            deadlines={(kind, subject): due_at for kind, subject, due_at in due},
            outbox={row.id: row for row in sent},
            inbox={row.id: row for row in came},
            journaled=frozenset(id for id in told_of if id is not None),
            reachable=frozenset(key for key, found in list_live(db, keys).items() if found),
        )


def every_open_case_is_looked_at_again(before: Kept, now: Kept) -> None:
    """An open case always has a next look: "opened → told → acknowledged → resolved"."""
    for id, case in now.cases.items():
        due_at = now.deadlines.get(("case", str(id)))
        assert due_at == case.look_at, f"{_of(case)}: looked at {due_at}, not {case.look_at}"
        assert due_at is None or due_at > now.now, f"{_of(case)} was due at {due_at}"
        assert due_at is not None or not case.is_open, f"{_of(case)} is looked at no more"


def every_register_that_waits_is_looked_at_again(before: Kept, now: Kept) -> None:
    """start, start + 10, + 20, + 30, and a pupil's own start + 30: each is looked at."""
    for id, register in now.registers.items():
        look_at = register.next_look()
        if look_at is not None:
            due_at = now.deadlines.get(("register", str(id)))
            assert due_at == look_at, f"{_named(register)}: looked at {due_at}, not {look_at}"
            assert due_at > now.now, f"{_named(register)} was due at {due_at}"


def nobody_is_told_twice_of_one_cause(before: Kept, now: Kept) -> None:
    """
    "nothing is sent twice for the same cause".

    No case is told to one person twice within a minute; nobody gets one text twice of one
    happening, nor twice within a minute but for what people wrote or tapped between.
    """
    new = [row for row in _new_texts(before, now) if row.fallback_of is None]
    earlier = [
        row
        for row in now.outbox.values()
        if _is_text(row) and row.fallback_of is None and row.made_at > before.now - MINUTE
    ]
    for row in new:
        for other in earlier:
            if other.id >= row.id or row.made_at - other.made_at >= MINUTE:
                continue
            is_same = (other.channel, other.address, other.text) == (
                row.channel,
                row.address,
                row.text,
            )
            is_at_once = row.made_at == other.made_at and not _wrote_twice(now, row)
            is_same_happening = is_at_once or row.cause == "deadline"
            assert not (is_same and is_same_happening), f"twice to {row.person}: {row.text!r}"
            both = {row.script, other.script} <= OPENINGS and row.person == other.person
            twice = set(row.case_refs) & set(other.case_refs) if both else set()
            assert not twice, f"{row.person} is told of {twice} twice: {row.text!r} {other.text!r}"


def no_pupil_is_forgotten(before: Kept, now: Kept) -> None:
    """
    "a pupil's own start + 30, register in, that pupil still unmarked or awaited: unaccounted";
    "start + 30: missing register: a case for the key contact"; absent: an absence case.

    A minute later each pupil due is marked as being there or known to be away, or a case is or
    was somebody's to follow.
    """
    for register in now.registers.values():
        is_settling = register.settles_at is not None and register.settles_at > now.now
        if register.state is RegisterState.CLOSED or is_settling:
            continue
        cases = [case for case in now.cases.values() if case.register == register.id]
        for line in register.roster:
            mark = register.marks.get(line.number)
            is_due = line.starts_at + LATE <= now.now or mark is Mark.UNACCOUNTED
            if is_due or mark is Mark.ABSENT:
                assert _is_covered(line, mark, cases), (
                    f"{line.shown} at {_named(register)}, {mark}: {[_of(c) for c in cases]}"
                )


def every_session_has_its_register(before: Kept, now: Kept) -> None:
    """ "Its roster is who is due": nobody who is due today is on no register once it starts."""
    on = local(now.now).date()
    kept = {(r.provider, r.half): {line.pupil for line in r.roster} for r in _of_day(now)}
    for place in now.lists.people.placements:
        provider = next(p for p in now.lists.people.providers if p.key == place.provider)
        for half in Half:
            hours = provider.hours(half)
            if hours is None or not place.is_due(on, half) or at(on, hours.start) > now.now:
                continue
            if now.lists.calendar.why_shut(provider, on, half) is None:
                assert place.pupil in kept.get((place.provider, half), set()), (
                    f"{place.pupil} is on no {half} register of {place.provider}"
                )


def the_provider_hears_every_outcome(before: Kept, now: Kept) -> None:
    """ "the outcome goes back to the provider": of a pupil's case that a contact has ended."""
    for case in _ended(before, now):
        is_of_pupil = case.matter in (Matter.ABSENCE, Matter.UNACCOUNTED)
        staff = now.staff_of(case.provider) & now.reachable & before.reachable
        if not is_of_pupil or not now.is_contact(case.resolved_by) or not staff:
            continue
        told = [
            row
            for row in _new_texts(before, now)
            if row.script == "provider_outcome"
            and case.ref in row.case_refs
            and row.person in now.staff_of(case.provider)
        ]
        assert told, f"nobody at {case.provider} hears how {_of(case)} ended"


def the_end_is_told_to_all_who_were_told(before: Kept, now: Kept) -> None:
    """ "The end is told to everybody who was told of the opening, on the side that was told"."""
    for case in _ended(before, now):
        for key in case.told:
            can_hear = now.is_contact(key) and key in now.reachable & before.reachable
            if key == case.resolved_by or not can_hear:
                continue
            heard = [
                row
                for row in now.outbox.values()
                if row.person == key and _is_text(row) and _tells_end(row, case)
            ]
            began = [
                row
                for row in now.outbox.values()
                if row.person == key and case.ref in row.case_refs and row.says != OVERTAKEN
            ]
            assert heard or not began, (
                f"{key} does not hear that {_of(case)} is over: {case.outcome}"
            )


def entries_only_grow(before: Kept, now: Kept) -> None:
    """ "Nothing is overwritten: a register is a list of entries, each with what it was before"."""
    for id, register in now.registers.items():
        old = before.registers[id].entries if id in before.registers else ()
        assert register.entries[: len(old)] == old, f"{_named(register)} was rewritten"
        for number in {entry.number for entry in register.entries}:
            chain = [entry for entry in register.entries if entry.number == number]
            assert chain[0].was is None, f"{_named(register)}: {chain[0]}"
            for former, latter in pairwise(chain):
                assert latter.was == former.mark, f"{_named(register)}: {former} {latter}"
            assert register.marks.get(number) == chain[-1].mark
    gone = [id for id, register in before.registers.items() if register.entries]
    assert set(gone) <= set(now.registers), "a register with entries was dropped"


def nobody_hears_of_whom_they_may_not(before: Kept, now: Kept) -> None:
    """
    "neither hears of any other": staff of their own provider's pupils, parents of their child.

    A pupil's first name is nobody else's in this town, and a place's name no other word.
    """
    people = now.lists.people
    contacts = {contact.person for contact in (*people.contacts, *before.lists.people.contacts)}
    for row in _new_texts(before, now, with_edits=True):
        if row.person in contacts or row.script in ("answer",):
            # The office may say what it likes; an answer goes word for word to who asked.
            continue
        mine = {s.provider for s in people.staff if s.person == row.person}
        children = {parent.pupil for parent in people.parents if parent.person == row.person}
        mine |= {place.provider for place in people.placements if place.pupil in children}
        is_staff = any(s.person == row.person for s in people.staff)
        known = children | {
            place.pupil for place in people.placements if is_staff and place.provider in mine
        }
        for pupil in people.pupils:
            if pupil.key not in known:
                assert not _names(pupil.name.split()[0], row.text), f"to {row.person}: {row.text!r}"
        for provider in people.providers:
            if provider.key not in mine:
                assert not _names(provider.name, row.text), f"to {row.person}: {row.text!r}"


def parents_hear_when_the_policy_lets_them(before: Kept, now: Kept) -> None:
    """
    "`hold`: the CSS contact releases the notice; `after: N` minutes sends it without a release";
    "only for a parent who is recorded as one to be told, not where a pupil is never told of".
    """
    people = now.lists.people
    told = [row for row in now.outbox.values() if row.script in TELLS_PARENTS]
    for row in _new_texts(before, now):
        if row.script in FOLLOWS_FOR_PARENTS:
            knew = [o for o in told if o.person == row.person and o.id < row.id]
            wrote = [o for o in now.inbox.values() if o.person == row.person]
            assert knew or wrote, f"{row.person} hears the end of nothing: {row.text!r}"
        if row.script not in TELLS_PARENTS:
            continue
        case = next(c for c in now.cases.values() if c.ref in row.case_refs)
        assert case.register is not None
        register = now.registers[case.register]
        children = {p.pupil for p in people.parents if p.person == row.person and p.is_told}
        may_be_told = {p.key for p in people.pupils if p.tells_parents} & children
        mine = [line for line in register.roster if line.pupil in may_be_told]
        assert mine, f"{row.person} may not be told: {row.text!r}"
        assert case.pupil is None or case.pupil in may_be_told, f"{row.person}: {row.text!r}"
        policy = register.policy
        assert policy.parents is not ParentsTold.OFF, f"{row.person}: {row.text!r}"
        released = any(now.wrote_at(c.person, row.made_at) for c in people.contacts)
        is_time = row.made_at >= case.opened_at + policy.parents_after
        by_itself = policy.parents is ParentsTold.AFTER and is_time
        assert released or by_itself, f"{row.person} hears of {_of(case)} too early"


def a_concern_is_for_those_the_rules_name(before: Kept, now: Kept) -> None:
    """
    "concern: safeguarding lead at once; deputy lead at + 5, all CSS staff at + 10".

    Word for word to them, and to nobody else.
    """
    concerns = [case for case in now.cases.values() if case.matter is Matter.CONCERN]
    for row in _new_texts(before, now, with_edits=True):
        mine = [case for case in concerns if case.words.strip() in row.text]
        if not mine:
            continue
        assert now.is_contact(row.person), f"a concern goes to {row.person}: {row.text!r}"
        assert any(row.person in case.told for case in mine), f"{row.person}: {row.text!r}"
        roles = _roles(now, row.person)
        is_now = any(row.made_at >= case.opened_at + timedelta(minutes=10) for case in mine)
        leads = [c.person for c in now.lists.people.contacts if Role.SAFEGUARDING_LEAD in c.roles]
        is_reached = any(lead in now.reachable for lead in leads)
        early = not is_now and is_reached and not roles & {Role.SAFEGUARDING_LEAD, Role.DEPUTY_LEAD}
        assert not early, f"{row.person} hears a concern before + 10: {row.text!r}"


def every_message_is_handled_once(before: Kept, now: Kept) -> None:
    """ "Nothing that came in is lost": each is handled, said what came of it, and journaled."""
    known = {person.key for person in now.lists.people.persons}
    for id, row in now.inbox.items():
        assert row.handled_at is not None, f"{row.text!r} was not handled"
        assert row.tries == 0, f"{row.text!r} could not be handled: {row.came_of_it}"
        assert row.came_of_it, f"nothing is known to have come of {row.text!r}"
        if row.kind == "text" and row.person in known:
            assert id in now.journaled, f"no line of the journal tells of {row.text!r}"
        held = before.inbox.get(id)
        assert held is None or held.handled_at == row.handled_at, f"{row.text!r} handled again"


def every_text_leaves_or_has_a_reason(before: Kept, now: Kept) -> None:
    """ "Nothing is lost": what is due has gone, or it is kept why it has not."""
    for row in now.outbox.values():
        if row.state in (OutboxState.WAITING, OutboxState.SENDING):
            assert row.due_at > now.now, f"{row.text!r} was due at {row.due_at}"
        if row.state == OutboxState.FAILED:
            assert row.says, f"nobody knows why {row.text!r} failed"


PROMISES = (
    every_open_case_is_looked_at_again,
    every_register_that_waits_is_looked_at_again,
    nobody_is_told_twice_of_one_cause,
    no_pupil_is_forgotten,
    every_session_has_its_register,
    the_provider_hears_every_outcome,
    the_end_is_told_to_all_who_were_told,
    entries_only_grow,
    nobody_hears_of_whom_they_may_not,
    parents_hear_when_the_policy_lets_them,
    a_concern_is_for_those_the_rules_name,
    every_message_is_handled_once,
    every_text_leaves_or_has_a_reason,
)


def nothing_private_is_logged(
    logged: Sequence[Mapping[str, Any]], lists: Lists, said: Iterable[str]
) -> None:
    """Logs are facts with keys: no name of a pupil, no number, no word of a message."""
    lines = [str(dict(line)) for line in logged]
    names = [part for pupil in lists.people.pupils for part in pupil.name.split()]
    numbers = [person.mobile.removeprefix("+44") for person in lists.people.persons]
    words = [text.strip() for text in said if len(text.strip()) > 12]
    for line in lines:
        for secret in (*numbers, *words):
            assert secret not in line, f"{secret!r} is logged: {line}"
        for name in names:
            assert not _names(name, line), f"{name} is logged: {line}"


def nothing_raises(logged: Sequence[Mapping[str, Any]]) -> None:
    """Nothing that a person can do is an error of ours."""
    raised = [line for line in logged if line.get("log_level") in ("error", "critical")]
    assert not raised, raised


def _is_covered(line: Line, mark: Mark | None, cases: Sequence[Case]) -> bool:
    if mark is not None and mark.is_here:
        return True
    if line.known_absence is not None and mark in (None, Mark.ABSENT):
        return True
    own = [case for case in cases if case.number == line.number]
    if mark is Mark.ABSENT:
        return bool(own)
    if any(case.matter is Matter.UNACCOUNTED for case in own):
        return True
    missing = [case for case in cases if case.matter is Matter.MISSING_REGISTER]
    return mark is not Mark.UNACCOUNTED and any(c.is_open or c.resolved_by for c in missing)


def _ended(before: Kept, now: Kept) -> list[Case]:
    """The cases that ended between the two moments."""
    return [
        case
        for id, case in now.cases.items()
        if not case.is_open and (id not in before.cases or before.cases[id].is_open)
    ]


def _tells_end(row: AnyRow, case: Case) -> bool:
    assert case.resolved_at is not None
    if case.ref in row.case_refs:
        is_gathered = row.script.startswith("css_several")
        return bool(
            row.made_at >= case.resolved_at
            or (is_gathered and (row.sent_at is None or row.sent_at >= case.resolved_at))
        )
    # The alarm that takes an absence's place says that it is over.
    return bool(row.script == "css_parent_alarm" and row.made_at == case.resolved_at)


def _new_texts(before: Kept, now: Kept, *, with_edits: bool = False) -> list[AnyRow]:
    new = [row for id, row in now.outbox.items() if id not in before.outbox]
    return [row for row in new if with_edits or _is_text(row)]


def _is_text(row: AnyRow) -> bool:
    """A text that makes a phone ring: no edit in place, no word that pops up."""
    is_joined = row.state == OutboxState.LAPSED and row.says == TOLD_IN_ANOTHER
    return row.edits_id is None and row.callback_id is None and not is_joined


def _wrote_twice(kept: Kept, row: AnyRow) -> bool:
    """Whether two things of this person's own were handled at that moment: each is answered."""
    own = [o for o in kept.inbox.values() if o.person == row.person]
    return len([o for o in own if o.handled_at == row.made_at]) > 1


def _of_day(kept: Kept) -> list[Register]:
    on = local(kept.now).date()
    return [register for register in kept.registers.values() if register.on == on]


def _roles(kept: Kept, key: str) -> frozenset[Role]:
    return frozenset(
        role for c in kept.lists.people.contacts if c.person == key for role in c.roles
    )


def _names(name: str, text: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text, re.I) is not None


def _of(case: Case) -> str:
    return f"{case.ref} {case.matter} {case.provider} {case.shown or ''} {case.state}"


def _named(register: Register) -> str:
    return f"{register.provider} {register.half} of {register.on}"
