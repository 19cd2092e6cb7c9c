"""
Releasing: a contact says that parents are told, or that they are not.

The word of a contact who was told of the case sends a notice that is held, sends one earlier that
is due, and keeps either back. It never goes where the policy or the office's lists say no: the
contact hears kindly why not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from apbot.domain.calendar import local
from apbot.domain.cases import Case, Notice, NoticeState
from apbot.domain.decisions import Buttons, Decision, Say
from apbot.domain.people import Person
from apbot.domain.policy import ParentsTold
from apbot.domain.register import Register
from apbot.domain.telling_parents import Family, is_needless, lines_of, recipients, tell


@dataclass(frozen=True, slots=True)
class Order:
    """
    Tell these parents, or tell them not.

    `refs` and `names` (as shown) are the cases that the words pick; where they pick none, `is_all`
    is all that wait, and else it is the only one that waits.
    """

    tells: bool
    refs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    is_all: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether it picks no case."""
        return not (self.refs or self.names or self.is_all)

    def with_more(self, refs: tuple[str, ...], names: tuple[str, ...]) -> "Order":
        """Return the order for these as well."""
        return replace(self, refs=(*self.refs, *refs), names=(*self.names, *names))


@dataclass(frozen=True, slots=True)
class ReleaseTalk:
    """
    A contact, and the cases that they were told of: the open ones, and those of today.

    `registers` are by the case's ref, `families` by pupil.
    """

    person: Person
    cases: tuple[Case, ...]
    registers: Mapping[str, Register] = field(default_factory=dict)
    families: Mapping[str, Family] = field(default_factory=dict)


def on_orders(talk: ReleaseTalk, orders: Sequence[Order], now: datetime) -> Decision:
    """Decide what a contact's orders about parents make true, and what they hear back."""
    kept = {case.ref: case for case in talk.cases}
    answers: dict[str, list[str]] = {}
    says: list[Say] = []
    for order in orders:
        picked = _picked(order, kept)
        if picked is None:
            answers.setdefault("", [])
            continue
        for ref in picked:
            step = _tell if order.tells else _withhold
            script, kept[ref], said = step(talk, kept[ref], now)
            answers.setdefault(script, []).append(ref)
            says += said
    replies = [
        _answer(talk, script, [kept[ref] for ref in refs]) for script, refs in answers.items()
    ]
    changed = [c for c in talk.cases if kept[c.ref] != c]
    who = talk.person.name
    because = "; ".join(
        f"{', '.join(refs)}: {script.removeprefix('css_').replace('_', ' ')}, as {who} says"
        for script, refs in answers.items()
        if refs
    )
    return Decision(
        because=because or "whose parents are meant could not be told",
        cases=tuple(kept[case.ref] for case in changed),
        say=(*replies, *says),
    )


def waiting(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the cases whose parents may still be told."""
    return tuple(case for case in cases if case.notice is not None and case.notice.waits)


def _picked(order: Order, kept: Mapping[str, Case]) -> tuple[str, ...] | None:
    refs = tuple(case.ref for case in waiting(tuple(kept.values())))
    if order.refs or order.names:
        named = (_of_name(name, kept, refs) for name in order.names)
        return tuple(dict.fromkeys((*order.refs, *(ref for ref in named if ref is not None))))
    if order.is_all:
        return refs or None
    return refs if len(refs) == 1 else None


def _of_name(name: str, kept: Mapping[str, Case], waits: Sequence[str]) -> str | None:
    """The pupil's case that waits, or the latest."""
    mine = sorted((c for c in kept.values() if c.shown == name), key=lambda case: case.opened_at)
    refs = [case.ref for case in mine]
    return next((ref for ref in refs if ref in waits), refs[-1] if refs else None)


def _tell(talk: ReleaseTalk, case: Case, now: datetime) -> tuple[str, Case, Sequence[Say]]:
    register = talk.registers.get(case.ref)
    why_not = _why_not(talk, case, register, now)
    if why_not is not None or register is None:
        return why_not or "css_parents_off", case, ()
    told, says = tell(case, register, talk.families, now, by=talk.person.key)
    if not says:
        return "css_parents_know", case, ()
    return "css_parents_told", told, says


def _why_not(talk: ReleaseTalk, case: Case, register: Register | None, now: datetime) -> str | None:
    """Return the script that says why no parent is told of this case; None where one may be."""
    if register is None or register.policy.parents is ParentsTold.OFF:
        return "css_parents_off"
    lines = lines_of(case, register)
    if not lines:
        return "css_parents_off"
    if not any(talk.families.get(line.pupil, Family()).may_be_told for line in lines):
        return "css_parents_never"
    if case.notice is not None and case.notice.state is NoticeState.TOLD:
        return "css_parents_know"
    is_of_today = local(case.opened_at).date() == local(now).date()
    if is_needless(case, register) or not (case.is_open or is_of_today):
        return "css_parents_needless"
    return None if recipients(case, register, talk.families) else "css_parents_nobody"


def _withhold(talk: ReleaseTalk, case: Case, now: datetime) -> tuple[str, Case, Sequence[Say]]:
    notice = case.notice
    if notice is not None and notice.state is NoticeState.TOLD:
        return "css_parents_know", case, ()
    if notice is None or not notice.waits:
        return "css_parents_withheld", case, ()
    by = talk.person.key
    withheld = Notice(NoticeState.WITHHELD, told=notice.told, by=by, at=now)
    return "css_parents_withheld", replace(case, notice=withheld), ()


def _answer(talk: ReleaseTalk, script: str, cases: Sequence[Case]) -> Say:
    to = talk.person.key
    if script:
        register = talk.registers.get(cases[0].ref)
        return Say(to=to, script=script, register=register, cases=tuple(cases))
    open_to = waiting(talk.cases)
    if not open_to:
        return Say(to=to, script="css_parents_none_wait")
    return Say(to=to, script="css_parents_which", cases=open_to, buttons=Buttons.CASES)
