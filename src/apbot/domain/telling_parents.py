"""
Telling parents: whether, when and in which words a parent hears of their own child's case.

Only where the policy that was stamped on the register has it on, only a parent who is recorded as
one to be told, never of a pupil who is marked never to be told of, and never twice of one case. A
false alarm frightens a family, so a notice is looked at afresh before it goes: the child may be
here by then. What is said names that one child and nobody else.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from apbot.domain.calendar import local
from apbot.domain.cases import Case, Notice, NoticeEnd, NoticeState
from apbot.domain.decisions import Buttons, Decision, Say, Urgency
from apbot.domain.people import Person
from apbot.domain.policy import ParentsTold
from apbot.domain.register import Entry, Line, Register, RegisterState
from apbot.domain.words import Half, Mark, Matter

MATTERS = (Matter.ABSENCE, Matter.UNACCOUNTED, Matter.CLOSED)
"""What a parent may be told of; a concern never."""

USEFUL_FOR = timedelta(hours=14)
"""How long after the session's start a notice that was not released may still go."""


@dataclass(frozen=True, slots=True)
class Family:
    """A pupil's parents who are recorded as ones to be told and can be reached."""

    may_be_told: bool = True
    parents: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Homes:
    """
    What a decision is looked at against, for the parents' sake.

    `registers` are by id, as they now are; `cases` all of theirs, and of today of the pupils on
    them, as they were before; `families` by pupil; `css` the keys of all contacts.
    """

    registers: Mapping[int, Register] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()
    families: Mapping[str, Family] = field(default_factory=dict)
    css: Set[str] = frozenset()


def with_parents(decision: Decision, homes: Homes, now: datetime) -> Decision:
    """
    Return the decision with what follows from it for parents: notices, and how it ended.

    Every decision passes through here before it is saved, whoever caused it, so that no way of
    opening or ending a case can forget the parents, and a notice that is due is never overtaken
    by what was said in the same moment.
    """
    before = {case.ref: case for case in homes.cases}
    kept = {**before, **{case.ref: case for case in decision.cases}}
    heard = _Heard(homes, now)
    for case in decision.cases:
        if case.id is None and kept[case.ref].notice is None:
            kept[case.ref] = _opened(kept[case.ref], kept, homes, now)
    for case in _taken_over(kept.values(), decision.cases):
        kept[case.ref] = case
    for ref, case in list(kept.items()):
        if case.notice is not None and case.notice.waits:
            was_open = ref in before and before[ref].is_open
            kept[ref] = heard.waiting(case, is_ended=was_open and not case.is_open)
    if decision.register is not None:
        kept |= {case.ref: case for case in heard.here(decision.register, kept.values())}
    for case in decision.cases:
        if case.ref in before and before[case.ref].is_open and not case.is_open:
            kept[case.ref] = heard.followed_up(kept[case.ref])
    known = {case.ref for case in decision.cases}
    more = [c for ref, c in kept.items() if ref not in known and c != before.get(ref)]
    return replace(
        decision,
        cases=(*(kept[case.ref] for case in decision.cases), *more),
        say=(*(_shown(say, kept) for say in decision.say), *heard.say),
        because="; ".join([decision.because, *heard.because]),
    )


def first_notice(
    case: Case, register: Register, others: Iterable[Case], homes: Homes, now: datetime
) -> Notice | None:
    """Return the notice that a new case begins with; None where no parent is told of it."""
    policy = register.policy
    parents = {person.key for person, _ in recipients(case, register, homes.families)}
    if not parents:
        return None
    if policy.parents is ParentsTold.OFF:
        # Whoever raised the alarm is told of nothing, but hears when the child is here.
        raised = case.words != "" and case.raised_by in parents
        return heard_of(None, case.raised_by, now) if raised else None
    earlier = [c for c in others if c.pupil is not None and c.pupil == case.pupil]
    earlier = [other for other in earlier if other.ref != case.ref]
    knowing = frozenset(parents & _know_of(case, earlier))
    if parents <= knowing:
        # They hear when the child is here, and nothing that they told us themselves.
        told = tuple(sorted(knowing))
        return Notice(NoticeState.TOLD, told=told, at=now, end=NoticeEnd.FOLLOWED_UP)
    # Who withheld it once today may have had a grave reason: it never goes by itself after that.
    is_withheld = any(c.notice and c.notice.state is NoticeState.WITHHELD for c in earlier)
    told = tuple(sorted(knowing))
    if policy.parents is ParentsTold.HOLD or is_withheld:
        return Notice(NoticeState.HELD, told=told)
    return Notice(NoticeState.DUE, due_at=case.opened_at + policy.parents_after, told=told)


def heard_of(notice: Notice | None, parent: str, now: datetime) -> Notice:
    """Return the notice of a case of which a parent knows, for they wrote of it themselves."""
    if notice is None:
        told = NoticeState.TOLD
        return Notice(told, told=(parent,), at=now, end=NoticeEnd.FOLLOWED_UP)
    known = tuple(dict.fromkeys((*notice.told, parent)))
    return replace(notice, told=known, at=notice.at or now)


def recipients(
    case: Case, register: Register, families: Mapping[str, Family]
) -> tuple[tuple[Person, Line], ...]:
    """Return who may be told of the case, each with the line of their own child."""
    return tuple(
        (person, line)
        for line in lines_of(case, register)
        if (family := families.get(line.pupil)) is not None and family.may_be_told
        for person in family.parents
    )


def lines_of(case: Case, register: Register) -> tuple[Line, ...]:
    """Return the pupils whose parents a case concerns: of a closed provider, all who were due."""
    if case.matter not in MATTERS:
        return ()
    if case.matter is Matter.CLOSED:
        return tuple(line for line in register.roster if line.known_absence is None)
    return tuple(line for line in register.roster if line.number == case.number)


def tell(
    case: Case, register: Register, families: Mapping[str, Family], now: datetime, by: str = ""
) -> tuple[Case, tuple[Say, ...]]:
    """
    Return the case as told to its parents, and what each of them hears.

    Whoever was told, or wrote of it themselves, is not told again. Nothing is said where nobody
    is left to tell.
    """
    notice = case.notice or Notice(NoticeState.HELD)
    knowing = {*notice.told, *_writers(case)}
    left = [(p, line) for p, line in recipients(case, register, families) if p.key not in knowing]
    says = tuple(
        Say(
            to=person.key,
            script=_script(case, register, line),
            register=register,
            cases=(case,),
            lines=(line,),
            urgency=Urgency.ALARM if case.is_urgent else Urgency.REPLY,
            once=_cause("told", case, line, person.key),
            useful_until=max(register.starts_at + USEFUL_FOR, now + timedelta(hours=1)),
        )
        for person, line in left
    )
    told = tuple(dict.fromkeys((*notice.told, *(person.key for person, _ in left))))
    end = None if case.is_open else NoticeEnd.FOLLOWED_UP
    sent = Notice(NoticeState.TOLD, told=told, by=by, at=now, end=end)
    return replace(case, notice=sent), says


def is_needless(case: Case, register: Register) -> bool:
    """Whether what the notice would say is no longer so: the child is here, or was found."""
    if case.matter is Matter.CLOSED:
        return register.state is not RegisterState.CLOSED
    mark = register.marks.get(case.number) if case.number is not None else None
    if case.matter is Matter.ABSENCE:
        known = any(line.known_absence is not None for line in lines_of(case, register))
        return known or mark is not Mark.ABSENT
    return not case.is_open or (mark is not None and mark.is_here and not case.words)


def last_seen(register: Register, number: int | None) -> time | None:
    """Return when the pupil was last seen at this session, local time; None where never."""
    said = [entry for entry in register.entries if entry.number == number]
    lost = [entry.time for entry in said if entry.mark is Mark.UNACCOUNTED and entry.time]
    if lost:
        return lost[-1]
    here = [entry for entry in said if entry.mark is not None and entry.mark.is_here]
    if not here:
        return None
    return here[-1].time or local(here[-1].at).time()


class _Heard:
    """What parents come to hear of one decision, gathered case by case."""

    def __init__(self, homes: Homes, now: datetime) -> None:
        self.homes, self.now = homes, now
        self.say: list[Say] = []
        self.because: list[str] = []

    def waiting(self, case: Case, *, is_ended: bool) -> Case:
        """Look afresh at a notice that was not told yet."""
        register = self._register(case)
        notice = case.notice
        if register is None or notice is None:
            return case
        if is_needless(case, register):
            return self._ended(case, "is needless by now")
        parents = {person.key for person, _ in recipients(case, register, self.homes.families)}
        if parents and parents <= {*notice.told, *_writers(case)}:
            return self._ended(case, "is needless: the parent wrote themselves")
        if is_ended and case.resolved_by in self.homes.css:
            # A contact has it in hand: what the family hears now is theirs to say.
            return replace(case, notice=replace(notice, state=NoticeState.HELD, due_at=None))
        if notice.state is not NoticeState.DUE or notice.due_at is None:
            return case
        if notice.due_at > self.now:
            return case
        if self.now >= register.starts_at + USEFUL_FOR:
            return self._ended(case, "is too late to be of use")
        return self._told_by_policy(case, register)

    def here(self, register: Register, cases: Collection[Case]) -> Iterator[Case]:
        """Everybody who was told of a pupil hears that the pupil is here, once."""
        for line in register.roster:
            entry = register.standing.get(line.number)
            if entry is None or entry.mark not in (Mark.PRESENT, Mark.LATE):
                continue
            told = [case for case in cases if _awaits(case, line, entry)]
            family = self.homes.families.get(line.pupil, Family(may_be_told=False))
            able = {person.key for person in family.parents} if family.may_be_told else set()
            parents = [key for case in told if case.notice for key in case.notice.told]
            parents = [key for key in parents if key in able]
            for key in dict.fromkeys(parents):
                cause = _cause("here", told[-1], line, key)
                self._says("parent_here_now", key, told[-1], line, register, cause)
            for case in told:
                yield _with_end(case, NoticeEnd.HERE)

    def followed_up(self, case: Case) -> Case:
        """The case was ended otherwise: whoever was told hears so, and not in whose words."""
        register, notice = self._register(case), case.notice
        if register is None or notice is None or notice.end is not None or not notice.told:
            return case
        if case.number is not None and register.marks.get(case.number) is Mark.AWAITED:
            return case
        is_open_again = case.matter is Matter.CLOSED and case.resolved_by not in self.homes.css
        script = "parent_open_after_all" if is_open_again else "parent_followed_up"
        for person, line in recipients(case, register, self.homes.families):
            if person.key in notice.told and person.key != case.resolved_by:
                cause = _cause("over", case, line, person.key)
                self._says(script, person.key, case, line, register, cause)
        return _with_end(case, NoticeEnd.FOLLOWED_UP)

    def _told_by_policy(self, case: Case, register: Register) -> Case:
        told, says = tell(case, register, self.homes.families, self.now)
        if not says:
            self.say += [
                Say(to=key, script="css_parents_nobody", register=register, cases=(case,))
                for key in case.told
            ]
            return self._ended(case, "has nobody to go to")
        self.say += says
        self.because.append(f"the parents of {case.ref} are told: the policy's time was up")
        return told

    def _ended(self, case: Case, why: str) -> Case:
        assert case.notice is not None
        self.because.append(f"the parents' notice of {case.ref} {why}")
        state = NoticeState.TOLD if case.notice.told else NoticeState.NEEDLESS
        ended = replace(case.notice, state=state, due_at=None, at=self.now)
        return replace(case, notice=ended)

    def _says(
        self, script: str, to: str, case: Case, line: Line, register: Register, once: str
    ) -> None:
        say = Say(to=to, script=script, register=register, cases=(case,), lines=(line,), once=once)
        self.say.append(say)

    def _register(self, case: Case) -> Register | None:
        return None if case.register is None else self.homes.registers.get(case.register)


def _opened(case: Case, kept: Mapping[str, Case], homes: Homes, now: datetime) -> Case:
    register = None if case.register is None else homes.registers.get(case.register)
    if register is None:
        return case
    return replace(case, notice=first_notice(case, register, kept.values(), homes, now))


def _know_of(case: Case, earlier: Sequence[Case]) -> set[str]:
    """
    Who knows of it already: who raised it, and, where it is no worse, who was told of the last.

    A parent who gave a reason this morning need not be asked for it again in the afternoon; a
    child who cannot be found is another matter.
    """
    knowing = {case.raised_by}
    same = [other for other in earlier if other.register == case.register and other.notice]
    is_alarm = bool(case.words)
    if same and (case.matter is Matter.ABSENCE or is_alarm):
        knowing |= set(same[-1].notice.told if same[-1].notice else ())
    if case.matter is Matter.ABSENCE:
        knowing |= {other.resolved_by for other in earlier if other.matter is Matter.ABSENCE}
    return knowing


def _taken_over(cases: Iterable[Case], changed: Sequence[Case]) -> Iterator[Case]:
    """The case that a new one of the same pupil and register takes the place of."""
    new = {(case.register, case.number): case.ref for case in changed if case.id is None}
    for case in list(cases):
        heir = new.get((case.register, case.number)) if case.number is not None else None
        if heir is None or heir == case.ref or case.notice is None:
            continue
        if case.notice.waits:
            yield replace(
                case, notice=replace(case.notice, state=NoticeState.NEEDLESS, due_at=None)
            )
        elif case.notice.told and case.notice.end is not NoticeEnd.HERE:
            yield _with_end(case, NoticeEnd.TAKEN_OVER)


def _awaits(case: Case, line: Line, entry: Entry) -> bool:
    """Whether parents were told of this pupil before it was said that the pupil is here."""
    notice = case.notice
    if notice is None or case.pupil != line.pupil or not notice.told:
        return False
    # Who raised it themselves, while another parent waits to be told, has known since then.
    since = notice.at or case.opened_at
    return notice.end is not NoticeEnd.HERE and since <= entry.at


def _with_end(case: Case, end: NoticeEnd) -> Case:
    assert case.notice is not None
    return replace(case, notice=replace(case.notice, end=end))


def _writers(case: Case) -> set[str]:
    """Whoever said something of the case themselves; contacts among them do no harm."""
    return {case.raised_by, case.resolved_by, *(note.by for note in case.notes)} - {""}


def _script(case: Case, register: Register, line: Line) -> str:
    if case.matter is Matter.CLOSED:
        return "parent_closed"
    if case.matter is Matter.ABSENCE:
        is_asked = case.is_open
        return "parent_absent" if is_asked else "parent_absent_known"
    said = [entry for entry in register.entries if entry.number == line.number]
    is_lost = any(entry.mark is Mark.UNACCOUNTED for entry in said)
    is_absent = register.marks.get(line.number) is Mark.ABSENT
    if is_absent and register.half is Half.PM and not is_lost and not case.words:
        return "parent_not_back"
    if last_seen(register, line.number) is not None:
        return "parent_lost"
    return "parent_unaccounted"


def _cause(what: str, case: Case, line: Line, parent: str) -> str:
    opened = f"{case.opened_at:%Y%m%d%H%M}"
    # The pupil's number, not the key: keys are as long as an office makes them.
    return f"parent:{what}:{case.ref}:{opened}:{line.number}:{parent}"


def _shown(say: Say, kept: Mapping[str, Case]) -> Say:
    """What is said of a case says as well how it stands with the parents."""
    cases = tuple(
        replace(case, notice=kept[case.ref].notice) if case.ref in kept else case
        for case in say.cases
    )
    waits = any(case.notice is not None and case.notice.waits for case in cases)
    is_plain = say.script == "css_absences_explained" and waits
    return replace(say, cases=cases, buttons=Buttons.CASES if is_plain else say.buttons)
