"""
Called for: which cases the marks of a register call for, and which stand for them already.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from apbot.domain.cases import Case
from apbot.domain.register import Entry, Line, Register
from apbot.domain.words import Half, Mark, Matter

AS_THIS_MORNING = "as this morning"
"""How an outcome ends that was not said again."""


def wanted(
    register: Register, am_marks: Mapping[int, Mark], cases: Sequence[Case], now: datetime
) -> Iterator[tuple[Matter, Line]]:
    """Give each pupil for whom a case is called for that nobody has opened, and its matter."""
    is_missing = any(c.is_open and c.matter is Matter.MISSING_REGISTER for c in cases)
    for line in register.roster:
        entry = register.standing.get(line.number)
        matter = matter_of(register, line, entry, am_marks, now, is_missing=is_missing)
        is_sought = any(
            c.is_open and c.matter is Matter.UNACCOUNTED and c.number == line.number for c in cases
        )
        if (
            matter is not None
            and not is_sought
            and not _ended_by(entry, cases)
            and not _is_had(matter, line, entry, _since(register, line, entry), cases)
        ):
            yield matter, line


def matter_of(
    register: Register,
    line: Line,
    entry: Entry | None,
    am_marks: Mapping[int, Mark],
    now: datetime,
    *,
    is_missing: bool,
) -> Matter | None:
    """Return what this pupil's standing asks for: the table "The register of one session"."""
    mark = entry.mark if entry else None
    if mark is Mark.UNACCOUNTED:
        return Matter.UNACCOUNTED
    if entry is not None and mark is Mark.ABSENT:
        if line.known_absence is not None:
            return None
        was_here = am_marks.get(line.number) in (Mark.PRESENT, Mark.LATE)
        explained = entry.reason is not None and entry.reason.explains
        if (
            register.half is Half.PM
            and was_here
            and not explained
            and not _had_leave(register, line)
        ):
            return Matter.UNACCOUNTED
        return Matter.ABSENCE
    if mark not in (None, Mark.AWAITED) or (mark is None and line.known_absence is not None):
        return None
    is_overdue = now >= _ran_out(register, line)
    if is_overdue and register.is_live and register.has_come_in and not is_missing:
        return Matter.UNACCOUNTED
    return None


def _had_leave(register: Register, line: Line) -> bool:
    """Whether it was said at this session that the pupil had gone with leave."""
    return any(e.number == line.number and e.mark is Mark.LEFT for e in register.entries)


def _since(register: Register, line: Line, entry: Entry | None) -> datetime:
    """When this pupil's cause arose: what was said, or the time that ran out on it."""
    if entry is not None and entry.mark is not Mark.AWAITED:
        return first_said(register, entry).at
    ran_out = _ran_out(register, line)
    return ran_out if entry is None else max(entry.at, ran_out)


def _ran_out(register: Register, line: Line) -> datetime:
    """When a pupil who is not here yet is looked for: by the start, or back by the hour said."""
    return register.due_back(line) or line.starts_at + register.policy.unaccounted_after


def first_said(register: Register, entry: Entry) -> Entry:
    """
    Return the entry from which the cause counts: the first of this mark, explained or not.

    Another time, or another reason no better than the last, is no new cause; a reason that is
    taken back is one.
    """
    first = entry
    for said in reversed([one for one in register.entries if one.number == entry.number]):
        if (said.mark, is_explained(said)) != (entry.mark, is_explained(entry)):
            break
        first = said
    return first


def is_explained(entry: Entry) -> bool:
    """Return whether the reason said explains the absence."""
    return entry.reason is not None and entry.reason.explains


def _is_had(
    matter: Matter, line: Line, entry: Entry | None, since: datetime, cases: Sequence[Case]
) -> bool:
    """Whether a case stands for this already: an open one, or one over since the cause arose."""
    # What was said in the morning explains no longer whom somebody now says something else of.
    is_doubted = entry is not None and entry.reason is not None and not entry.reason.explains
    return any(
        case.is_open or case.resolved_at is None or since <= case.resolved_at
        for case in cases
        if case.matter is matter
        and case.number == line.number
        and not (is_doubted and case.outcome.endswith(AS_THIS_MORNING))
    )


def ended_because(case: Case) -> str:
    """Return what an entry has that a contact caused by ending this case."""
    return f"{case.outcome} (ended {case.ref})"


def _ended_by(entry: Entry | None, cases: Sequence[Case]) -> bool:
    """Whether a contact said this in ending a case: what ended one opens no other."""
    return entry is not None and any(
        case.number == entry.number and entry.because == ended_because(case) for case in cases
    )
