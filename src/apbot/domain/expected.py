"""
Expected: a parent says that a child who is away is still to come, and by when.

That is news and no end: the provider hears the hour, and whoever has the case reads the words. At
the hour the provider is asked; a child who is not there a little later is one not accounted for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from apbot.domain.cases import UNTAKEN, Case, CaseNote, CaseState
from apbot.domain.decisions import Buttons, Decision, Rota, Say, Urgency
from apbot.domain.endings import over_says
from apbot.domain.escalation import asked_people, first_told, hearers, script_of
from apbot.domain.following import NOW_SOUGHT, open_case
from apbot.domain.people import Person
from apbot.domain.readings import RestPresent
from apbot.domain.register import Register
from apbot.domain.unasked import Child
from apbot.domain.words import Action, Matter, Reason

ON_THE_WAY = timedelta(minutes=30)
"""How long a child may be on the way of whom nobody has said the hour."""

GRACE = timedelta(minutes=10)
"""How long after the hour the provider may take to say that the child is there."""


@dataclass(frozen=True, slots=True)
class Coming:
    """That a child is still to come. `by` is the hour that was said (UTC), None where none was."""

    by: datetime | None = None


def is_expected(case: Case) -> bool:
    """Whether the child of this absence is said to be on the way."""
    return case.is_open and case.matter is Matter.ABSENCE and case.expected_at is not None


def has_not_come(case: Case, now: datetime) -> bool:
    """Whether the hour has passed, and nobody has said that the child is there."""
    return is_expected(case) and case.expected_at is not None and now >= case.expected_at + GRACE


def on_coming(
    person: Person,
    case: Case,
    register: Register,
    rota: Rota,
    coming: Coming,
    action: Action,
    reason: Reason | None,
    text: str,
    now: datetime,
) -> tuple[Case, tuple[Say, ...]]:
    """
    Return the case as it is once a parent has said that the child is coming, and what is said.

    It stays open. An absence waits for the hour; so does the search for a child whom the parent has
    with them (`action` is to end it). For any other the search goes on as it was.
    """
    note = CaseNote(at=now, by=person.key, by_name=person.name, words=text)
    by = max(coming.by or now + ON_THE_WAY, now)
    new = replace(case, notes=(*case.notes, note), reason=reason or case.reason, expected_at=by)
    if case.matter is Matter.ABSENCE or action is Action.RESOLVE:
        new = replace(new, provider_at=by)
        waits_till = by + GRACE
        if case.state in UNTAKEN and (case.ladder_at is None or case.ladder_at < waits_till):
            new = replace(new, ladder_at=waits_till)
    urgency = Urgency.ALARM if case.is_urgent else Urgency.REPLY
    who = {"who": person.name, "phone": person.mobile, "words": text}
    says = [
        Say(
            to=key,
            script="css_parent_coming",
            register=register,
            cases=(new,),
            more=who,
            buttons=Buttons.CASES,
            urgency=urgency,
        )
        for key in hearers(new, rota)
    ]
    lines = tuple(line for line in register.roster if line.number == case.number)
    says += [
        Say(
            to=member.key,
            script="provider_coming" if coming.by is not None else "provider_on_the_way",
            register=register,
            cases=(new,),
            lines=lines,
            ask=RestPresent(tuple(line.number for line in lines)),
            urgency=urgency,
        )
        for member in asked_people(register, rota)
    ]
    return new, tuple(says)


def on_coming_after_all(
    person: Person,
    child: Child,
    coming: Coming,
    text: str,
    refs: Iterator[str],
    now: datetime,
) -> tuple[Case, tuple[Say, ...]]:
    """Return the case of a child whose absence was settled, and who is on the way by the parent."""
    assert child.register is not None
    assert child.line is not None
    blank = open_case(child.register, child.rota, refs, now, Matter.ABSENCE, child.line)
    case, _ = first_told(replace(blank, raised_by=person.key), child.rota, now)
    return on_coming(person, case, child.register, child.rota, coming, Action.NOTE, None, text, now)


def on_hour(case: Case, register: Register, rota: Rota, now: datetime) -> Decision:
    """Decide what follows at the hour itself: the provider is asked whether the child is there."""
    assert case.expected_at is not None
    asked = replace(case, provider_at=max(case.expected_at, now) + GRACE)
    return Decision(
        because=f"the child of {case.ref} was to be there by now: the provider is asked",
        cases=(asked,),
        say=_asked(asked, register, rota, "provider_expected"),
    )


def on_not_come(
    case: Case, register: Register, rota: Rota, refs: Iterator[str], now: datetime
) -> Decision:
    """Decide what follows a little later, where the child did not come: the child is sought."""
    css = {person.key for person, _ in rota.css}
    notes = [note for note in case.notes if note.by not in css] or list(case.notes)
    over = replace(
        case, state=CaseState.RESOLVED, resolved_at=now, resolved_by="", outcome=NOW_SOUGHT
    )
    line = next(line for line in register.roster if line.number == case.number)
    blank = replace(
        open_case(register, rota, refs, now, Matter.UNACCOUNTED, line),
        words=notes[-1].words,
        raised_by=notes[-1].by,
        reason=case.reason,
        expected_at=case.expected_at,
    )
    sought, people = first_told(blank, rota, now)
    hear = {one.key for one in people}
    says = [
        # Whoever hears the alarm need not hear as well that the absence is over.
        *(say for say in over_says([over], register, rota, None) if say.to not in hear),
        *(
            Say(
                to=one.key,
                script=script_of(sought),
                register=register,
                cases=(sought,),
                buttons=Buttons.CASES,
                urgency=Urgency.ALARM,
            )
            for one in people
        ),
        *_asked(sought, register, rota, "provider_not_come"),
    ]
    return Decision(
        because=f"the child of {case.ref} was to be there and has not come",
        cases=(over, sought),
        say=tuple(says),
    )


def _asked(case: Case, register: Register, rota: Rota, script: str) -> tuple[Say, ...]:
    lines = tuple(line for line in register.roster if line.number == case.number)
    return tuple(
        Say(
            to=member.key,
            script=script,
            register=register,
            cases=(case,),
            lines=lines,
            ask=RestPresent(tuple(line.number for line in lines)),
            urgency=Urgency.ALARM,
        )
        for member in asked_people(register, rota)
    )
