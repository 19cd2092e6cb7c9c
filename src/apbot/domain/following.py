"""
Following: which cases a register's marks open, and which they end.

Looked at afresh after every change of a register, from what stands on it now: so a case can be
neither opened twice of one cause nor forgotten because two happenings came at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from apbot.domain.called_for import AS_THIS_MORNING, first_said, is_explained, matter_of, wanted
from apbot.domain.cases import Case, CaseNote, CaseState
from apbot.domain.decisions import Buttons, Rota, Say, Urgency
from apbot.domain.endings import over_says
from apbot.domain.escalation import asked_people, first_told, hearers
from apbot.domain.people import Person
from apbot.domain.readings import RestPresent
from apbot.domain.register import Entry, Line, Register
from apbot.domain.words import Half, Mark, Matter, Reason

LASTS = frozenset(
    {Reason.ILLNESS, Reason.HOLIDAY, Reason.SUSPENDED, Reason.RELIGIOUS, Reason.FAMILY}
)
"""The reasons of a morning that explain the afternoon as well: a dentist's hour does not."""

BY_MARK = "marked "
"""How an outcome begins that is the pupil's own mark."""

NOW_SOUGHT = "now not accounted for"
"""The outcome of an absence whose pupil is sought from then on."""


@dataclass(frozen=True, slots=True)
class Following:
    """The cases that changed or are new, and what is said of them."""

    cases: tuple[Case, ...] = ()
    say: tuple[Say, ...] = ()


def follow(
    register: Register,
    am_marks: Mapping[int, Mark],
    cases: Sequence[Case],
    rota: Rota,
    refs: Iterator[str],
    now: datetime,
    speaker: Person | None = None,
    am_reasons: Mapping[int, Reason] | None = None,
    words: str = "",
) -> Following:
    """
    Return what follows from the register as it stands.

    `am_marks` is what the morning's register held, by this register's numbers, and `am_reasons`
    why those who were absent were; `cases` are all of
    this register's, open or over, and the open ones of pupils who are sought since an earlier one,
    here or elsewhere; `refs` are free refs in order; `speaker` is who gave the marks, in `words`
    that whoever looks for a child reads.
    """
    sought_before = [case for case in cases if case.is_open and case.register != register.id]
    cases = [case for case in cases if case.register == register.id]
    open_cases = [case for case in cases if case.is_open]
    over = [
        _over(case, outcome, speaker, now)
        for case in open_cases
        if (outcome := _outcome(case, register, am_marks, now)) is not None
    ]
    over += [
        _over(case, outcome, speaker, now)
        for case in sought_before
        if case.provider == register.provider
        and (outcome := _found_since(case, register)) is not None
    ]
    seen = [
        (case, where)
        for case in sought_before
        if case.provider != register.provider
        and (where := _found_since(case, register)) is not None
        and not any(note.words.startswith(where) for note in case.notes)
    ]
    elsewhere = _seen_elsewhere(seen, register, rota, now)
    kept = [case for case in cases if case.id not in {case.id for case in over}]
    called_for = list(wanted(register, am_marks, [*kept, *over], now))
    opened = [
        open_case(register, rota, refs, now, matter, line, register.standing.get(line.number))
        for matter, line in called_for
    ]
    opened = [_as_this_morning(case, register, am_marks, am_reasons or {}) for case in opened]
    opened = [_with_words(case, register, speaker, words, now) for case in opened]
    told = [(case, *first_told(case, rota, now)) for case in opened]
    new = tuple(_settled_if_explained(case, told_case, now) for case, told_case, _ in told)
    people = [whom for _, _, whom in told]
    say = [
        *_came_after_all(register, rota),
        *_here_after_all(register, cases, speaker),
        *over_says(over, register, rota, speaker),
        *elsewhere.say,
        *_case_says(new, people, register, rota),
    ]
    return Following(cases=(*over, *elsewhere.cases, *new), say=tuple(say))


def open_case(
    register: Register,
    rota: Rota,
    refs: Iterator[str],
    now: datetime,
    matter: Matter,
    line: Line | None = None,
    entry: Entry | None = None,
) -> Case:
    """Return a new case of this register, on the ladder that was stamped on it."""
    is_unaccounted = matter is Matter.UNACCOUNTED
    return Case(
        matter=matter,
        provider=register.provider,
        provider_name=register.provider_name,
        opened_at=now,
        ladder=rota.ladder(register.policy, matter),
        ref=next(refs),
        register=register.id,
        number=line.number if line else None,
        pupil=line.pupil if line else None,
        shown=line.shown if line else None,
        reason=entry.reason if entry else None,
        raised_by=entry.by if entry else "",
        provider_at=now + register.policy.ask_unaccounted_every if is_unaccounted else None,
    )


def shown_anew(person: Person, register: Register) -> Say:
    """The person's own register message, shown as it stands now; nothing where there is none."""
    return Say(
        to=person.key,
        script="register_message",
        register=register,
        lines=register.roster,
        buttons=Buttons.REGISTER,
        edits=True,
    )


def _came_after_all(register: Register, rota: Rota) -> Iterator[Say]:
    """A pupil who was known to be away has come: that mark wins, and the CSS hears of it, once."""
    to = rota.key_contact
    here = register.marked(Mark.PRESENT, Mark.LATE, Mark.LEFT)
    for line in here:
        if to is not None and line.known_absence is not None:
            yield Say(
                to=to.key,
                script="css_came_after_all",
                register=register,
                lines=(line,),
                once=f"came:{register.id}:{line.number}",
            )


def _here_after_all(
    register: Register, before: Sequence[Case], speaker: Person | None
) -> Iterator[Say]:
    """
    A pupil was away, and that was settled: explained, or followed up. Now the pupil is here.

    Whoever was told of the absence would go on believing it: "that was the other Jack". `before`
    are the register's cases as they were: one that this ends is told of as over, and of several of
    a pupil the last says how it stands.
    """
    by_person: dict[str, list[Case]] = {}
    for case in {case.number: case for case in before}.values():
        if not case.is_open and _is_here_after_all(register, case):
            for key in case.told:
                by_person.setdefault(key, []).append(case)
    for key, cases in by_person.items():
        if speaker is None or key != speaker.key:
            refs = "+".join(f"{case.ref}:{case.opened_at:%Y%m%d%H%M}" for case in cases)
            yield Say(
                to=key,
                script="css_here_after_all",
                register=register,
                cases=tuple(cases),
                once=f"here:{refs}:{key}",
            )


def _is_here_after_all(register: Register, case: Case) -> bool:
    if case.matter not in (Matter.ABSENCE, Matter.UNACCOUNTED) or case.number is None:
        return False
    entry = register.standing.get(case.number)
    if entry is None or case.resolved_at is None or case.outcome.startswith(BY_MARK):
        return False
    if case.outcome == NOW_SOUGHT:
        # The search that took its place says so.
        return False
    return entry.mark_is_here and entry.was is Mark.ABSENT and entry.at >= case.resolved_at


def _over(case: Case, outcome: str, speaker: Person | None, now: datetime) -> Case:
    return replace(
        case,
        state=CaseState.RESOLVED,
        resolved_at=now,
        resolved_by=speaker.key if speaker else "",
        outcome=outcome,
    )


def _outcome(
    case: Case, register: Register, am_marks: Mapping[int, Mark], now: datetime
) -> str | None:
    if case.matter is Matter.MISSING_REGISTER:
        came_in = register.has_come_in and not register.unmarked(by=now)
        return "the register came in" if came_in else None
    if case.matter is Matter.CLOSED:
        is_open_again = register.is_live and bool(register.marks)
        return "open after all: the register is coming in" if is_open_again else None
    if case.matter not in (Matter.ABSENCE, Matter.UNACCOUNTED) or case.number is None:
        return None
    entry = register.standing.get(case.number)
    mark = entry.mark if entry else None
    is_there = mark in (Mark.PRESENT, Mark.LATE)
    if case.words and (entry is None or entry.at < case.opened_at or not is_there):
        # A parent's alarm is stilled by a word that the child is here, said after it: no other.
        # Who "left" has gone somewhere, and the parent asks where.
        return None
    if case.is_disputed and not _is_taken_back(case, register):
        return None
    if entry is not None and mark is not None and mark.is_here:
        return f"{BY_MARK}{mark} by {entry.by_name}"
    if case.matter is Matter.UNACCOUNTED:
        line = register.line(case.number)
        asks = matter_of(register, line, entry, am_marks, now, is_missing=False)
        if entry is None or mark is not Mark.ABSENT or asks is Matter.UNACCOUNTED:
            return None
        was_lost = any(
            said.number == case.number and said.mark is Mark.UNACCOUNTED
            for said in register.entries
        )
        explained = is_explained(entry)
        return f"{BY_MARK}absent by {entry.by_name}" if explained or not was_lost else None
    if mark is Mark.AWAITED:
        return "now said to be on the way"
    if mark is Mark.UNACCOUNTED:
        return NOW_SOUGHT
    if case.expected_at is not None and entry is not None and entry.at < case.opened_at:
        # Why the pupil was away was said before the parent said that they are coming.
        return None
    if entry is not None and entry.reason is not None and entry.reason.explains:
        return f"the reason came: {str(entry.reason).replace('_', ' ')}"
    return None


def _is_taken_back(case: Case, register: Register) -> bool:
    """
    Whether the mark that a parent disputes was taken back since.

    That a child whom the parent has at home "is here" is only what was said before: a person finds
    out which of the two is true.
    """
    return any(
        said.number == case.number and said.at >= case.opened_at and not said.mark_is_here
        for said in register.entries
    )


def _found_since(case: Case, register: Register) -> str | None:
    """Whoever was not accounted for at an earlier session and is marked here now has been found."""
    numbers = [line.number for line in register.roster if line.pupil == case.pupil]
    entry = register.standing.get(numbers[0]) if numbers else None
    if case.matter is not Matter.UNACCOUNTED or entry is None or entry.mark is None:
        return None
    if case.is_disputed:
        return None
    is_found = entry.mark.is_here and first_said(register, entry).at > case.opened_at
    if not is_found:
        return None
    if case.provider == register.provider:
        return f"marked {entry.mark} by {entry.by_name}, {register.half}"
    return f"marked {entry.mark} at {register.provider_name} ({register.half}) by {entry.by_name}"


def _seen_elsewhere(
    seen: Sequence[tuple[Case, str]], register: Register, rota: Rota, now: datetime
) -> Following:
    """
    One who is sought at one provider was marked here by another: whoever looks hears it at once.

    It does not end the search by itself, for "all in" is easily said: a person makes sure, and ends
    it with one word. The provider that lost the child need not be asked again and again.
    """
    noted, says = [], []
    for case, where in seen:
        entry = next(e for e in register.standing.values() if e.pupil == case.pupil)
        note = CaseNote(at=now, by=entry.by, by_name=entry.by_name, words=where)
        known = replace(case, notes=(*case.notes, note), provider_at=None)
        noted.append(known)
        says += [
            Say(
                to=key,
                script="css_seen_elsewhere",
                register=register,
                cases=(known,),
                more={"where": where},
                buttons=Buttons.CASES,
                urgency=Urgency.ALARM,
            )
            for key in hearers(case, rota)
        ]
    return Following(cases=tuple(noted), say=tuple(says))


def _as_this_morning(
    case: Case,
    register: Register,
    am_marks: Mapping[int, Mark],
    am_reasons: Mapping[int, Reason],
) -> Case:
    """Whoever was said to be ill in the morning and is off after lunch need not be ill twice."""
    if case.number is None or case.matter is not Matter.ABSENCE or case.reason is not None:
        return case
    reason = am_reasons.get(case.number)
    was_away = am_marks.get(case.number) is Mark.ABSENT
    if register.half is not Half.PM or not was_away or reason not in LASTS:
        return case
    return replace(case, reason=reason, outcome=AS_THIS_MORNING)


def _with_words(
    case: Case, register: Register, speaker: Person | None, words: str, now: datetime
) -> Case:
    """How a child was reported missing says where to look: it goes along, as it was written."""
    entry = register.standing.get(case.number or 0)
    is_of_now = entry is not None and speaker is not None and entry.at == now
    if not words or not is_of_now or speaker is None or case.matter is not Matter.UNACCOUNTED:
        return case
    return replace(case, notes=(CaseNote(now, speaker.key, speaker.name, words.strip()),))


def _settled_if_explained(case: Case, told: Case, now: datetime) -> Case:
    """An absence whose reason explains it is told, and over: nobody need take it on."""
    if case.matter is not Matter.ABSENCE or case.reason is None or not case.reason.explains:
        return told
    reason = str(case.reason).replace("_", " ")
    return replace(
        told,
        state=CaseState.RESOLVED,
        resolved_at=now,
        resolved_by=case.raised_by,
        outcome=", ".join(filter(None, (f"explained: {reason}", case.outcome))),
    )


def _case_says(
    new: Sequence[Case],
    people: Sequence[tuple[Person, ...]],
    register: Register,
    rota: Rota,
) -> Iterator[Say]:
    """One message a contact for all absences of a register, and one for all unaccounted."""
    by_person: dict[tuple[str, Matter], list[Case]] = {}
    for case, whom in zip(new, people, strict=True):
        for person in whom:
            by_person.setdefault((person.key, case.matter), []).append(case)
    for (key, matter), cases in by_person.items():
        is_open = any(case.is_open for case in cases)
        script = {
            Matter.UNACCOUNTED: "css_unaccounted",
            Matter.ABSENCE: "css_absences" if is_open else "css_absences_explained",
        }[matter]
        yield Say(
            to=key,
            script=script,
            register=register,
            cases=tuple(cases),
            buttons=Buttons.CASES if is_open else Buttons.NONE,
            urgency=Urgency.ALARM if matter is Matter.UNACCOUNTED else Urgency.REPLY,
        )
    lost = [case for case in new if case.matter is Matter.UNACCOUNTED]
    for script, silent in [
        ("provider_unaccounted", [c for c in lost if _mark(register, c) in (None, Mark.AWAITED)]),
        ("provider_not_back", [c for c in lost if _mark(register, c) is Mark.ABSENT]),
    ]:
        numbers = {case.number for case in silent}
        lines = tuple(line for line in register.roster if line.number in numbers)
        is_of_one = script == "provider_unaccounted" and len(lines) == 1
        for person in asked_people(register, rota) if silent else ():
            yield Say(
                to=person.key,
                script=script,
                register=register,
                cases=tuple(silent),
                lines=lines,
                ask=RestPresent((lines[0].number,)) if is_of_one else None,
                urgency=Urgency.ALARM,
            )


def _mark(register: Register, case: Case) -> Mark | None:
    return register.marks.get(case.number) if case.number is not None else None
