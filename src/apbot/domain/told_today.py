"""
Told today: what a register that is open becomes by what the office tells of its pupils.

Nobody looks any more for one who is known to be away; one who is in after all is asked for. Whom
the provider says to be there stays so: the provider sees them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from apbot.domain.calendar import local
from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Decision, Rota, Say
from apbot.domain.endings import over_says
from apbot.domain.escalation import asked_people
from apbot.domain.following import follow, shown_anew
from apbot.domain.people import Person
from apbot.domain.register import Entry, How, Line, Register
from apbot.domain.words import Mark, Matter, Reason


def on_told_today(
    register: Register,
    known: Mapping[str, Reason | None],
    am_marks: Mapping[int, Mark],
    cases: Sequence[Case],
    rota: Rota,
    refs: Iterator[str],
    speaker: Person,
    now: datetime,
    inbox: int | None = None,
) -> Decision | None:
    """
    Decide what a register of today becomes by what was told of its pupils, or None for nothing.

    `known` is by pupil why they are away, or None for one who is in after all. Whoever is said to
    be here stays so: the provider sees them.
    """
    roster = tuple(_line_now(register, line, known, now) for line in register.roster)
    over = [_ended(case, register, known, speaker, now) for case in cases if case.is_open]
    ended = [case for case in over if case is not None]
    here = tuple(_is_here_yet(register, known, speaker))
    if roster == register.roster and not ended:
        return Decision(because="told by the office: here already", say=here) if here else None
    taken_back = [
        _taken_back(register, line, speaker, now, inbox)
        for line in register.roster
        if known.get(line.pupil) and register.marks.get(line.number) is Mark.AWAITED
    ]
    looked = replace(register, roster=roster).with_entries(taken_back, now)
    refs_over = {case.ref for case in ended}
    others = [case for case in cases if case.ref not in refs_over]
    followed = follow(looked, am_marks, [*others, *ended], rota, refs, now, speaker)
    return Decision(
        because="told by the office",
        register=looked,
        cases=(*ended, *followed.cases),
        say=(
            *here,
            *over_says(ended, looked, rota, speaker),
            *(shown_anew(each, looked) for each in asked_people(looked, rota)),
            *followed.say,
        ),
    )


def _line_now(
    register: Register, line: Line, known: Mapping[str, Reason | None], now: datetime
) -> Line:
    mark = register.marks.get(line.number)
    if line.pupil not in known or (mark is not None and mark.is_here):
        return line
    reason = known[line.pupil]
    if reason is not None or line.known_absence is None:
        return replace(line, known_absence=reason)
    expected = replace(line, known_absence=None)
    if mark is not None or now < line.starts_at:
        return expected
    # Half the session may be over: this pupil is asked for from now on, not alarmed about at once.
    return replace(
        expected, starts_at=now, own_start=local(now).time().replace(second=0, tzinfo=None)
    )


def _is_here_yet(
    register: Register, known: Mapping[str, Reason | None], speaker: Person
) -> Iterator[Say]:
    """Told to be away, and the provider says that they are there: the teller must hear of it."""
    for line in register.marked(Mark.PRESENT, Mark.LATE):
        if known.get(line.pupil) is not None:
            once = f"here:{register.id}:{line.number}:{speaker.key}"
            script = "css_came_after_all"
            yield Say(to=speaker.key, script=script, register=register, lines=(line,), once=once)


def _taken_back(
    register: Register, line: Line, speaker: Person, now: datetime, inbox: int | None
) -> Entry:
    """Said to be on the way, and then known to be away: nobody waits for them any more."""
    return Entry(
        number=line.number,
        pupil=line.pupil,
        was=register.marks.get(line.number),
        mark=None,
        by=speaker.key,
        by_name=speaker.name,
        by_title=speaker.title,
        how=How.TEXT,
        at=now,
        because="the office told that the pupil is away",
        inbox=inbox,
    )


def _ended(
    case: Case,
    register: Register,
    known: Mapping[str, Reason | None],
    speaker: Person,
    now: datetime,
) -> Case | None:
    """A case of a pupil who is known to be away is over, and why is its outcome."""
    if case.matter not in (Matter.ABSENCE, Matter.UNACCOUNTED) or case.pupil is None:
        return None
    reason = known.get(case.pupil)
    mark = register.marks.get(case.number) if case.number is not None else None
    if reason is None or (mark is not None and mark.is_here):
        return None
    return replace(
        case,
        state=CaseState.RESOLVED,
        acknowledged_at=case.acknowledged_at or now,
        acknowledged_by=case.acknowledged_by or speaker.key,
        resolved_at=now,
        resolved_by=speaker.key,
        reason=reason,
        outcome=f"known to be away: {str(reason).replace('_', ' ')}",
    )
