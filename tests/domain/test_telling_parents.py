"""Telling parents: whatever happens, never too early, never twice, never of another's child."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apbot.domain.cases import Case, CaseState, Notice, NoticeState
from apbot.domain.decisions import Decision, Say
from apbot.domain.policy import ParentsTold
from apbot.domain.register import Register
from apbot.domain.releasing import Order, ReleaseTalk, on_orders
from apbot.domain.telling_parents import Family, Homes, tell, with_parents
from apbot.domain.words import Mark, Matter, Reason
from tests.builders import (
    GILL,
    JO,
    a_case,
    a_person,
    a_policy,
    a_register,
    an_entry,
    clock,
    minutes,
)

PUPILS = ("aiden-brown", "chloe-davies", "femi-okafor")
MUM, DAD = a_person("Joy Okafor", "+447700900301"), a_person("Sam Okafor", "+447700900302")
OTHER = a_person("Helen Davies", "+447700900303")


def a_register_that(parents: ParentsTold, **marks: Mark) -> Register:
    policy = replace(a_policy(), parents=parents, parents_after=minutes(15))
    register = a_register(policy=policy)
    numbers = {"aiden": 1, "chloe": 2, "femi": 3}
    entries = [an_entry(register, numbers[name], mark) for name, mark in marks.items()]
    return register.with_entries(entries, clock("09:35"))


def new(case: Case) -> Case:
    return replace(case, id=None)


def homes(register: Register, *cases: Case, families: Mapping[str, Family] | None = None) -> Homes:
    known = families or {"femi-okafor": Family(parents=(MUM, DAD))}
    return Homes({1: register}, cases, known, frozenset({GILL.key}))


def opened(register: Register, case: Case) -> Case:
    decided = with_parents(
        Decision("a test", register=register, cases=(new(case),)), homes(register), clock("10:00")
    )
    return decided.cases[0]


@pytest.mark.parametrize(
    ("parents", "notice"),
    [
        (ParentsTold.OFF, None),
        (ParentsTold.HOLD, Notice(NoticeState.HELD)),
        (ParentsTold.AFTER, Notice(NoticeState.DUE, due_at=clock("10:15"))),
    ],
)
def test_the_registers_own_policy_says_how_a_notice_begins(
    parents: ParentsTold, notice: Notice | None
) -> None:
    """Off: none; hold: until a word; after: so many minutes from the case's opening."""
    register = a_register_that(parents, femi=Mark.ABSENT)

    assert opened(register, a_case()).notice == notice


@pytest.mark.parametrize("matter", [Matter.MISSING_REGISTER, Matter.CONCERN, Matter.QUESTION])
def test_parents_are_told_of_no_other_matter(matter: Matter) -> None:
    """A concern may be about them."""
    register = a_register_that(ParentsTold.AFTER, femi=Mark.ABSENT)

    assert opened(register, a_case(matter)).notice is None


def test_a_case_with_a_notice_due_is_looked_at_even_when_it_is_over() -> None:
    """Never early, never late: the earliest look counts; a told one needs no look."""
    due = Notice(NoticeState.DUE, due_at=clock("10:15"))
    case = replace(a_case(), ladder_at=clock("10:30"), notice=due)
    over = replace(case, state=CaseState.RESOLVED)

    assert case.look_at == clock("10:15")
    assert over.look_at == clock("10:15")
    assert replace(over, notice=replace(due, state=NoticeState.TOLD)).look_at is None


def test_a_second_parent_is_still_told_where_one_gave_the_reason() -> None:
    """Whoever told us knows; the other does not."""
    register = a_register_that(ParentsTold.AFTER, femi=Mark.ABSENT)
    over = replace(
        a_case(state=CaseState.RESOLVED),
        resolved_by=MUM.key,
        notice=Notice(NoticeState.DUE, due_at=clock("10:15")),
    )

    decided = with_parents(
        Decision("due", register=register), homes(register, over), clock("10:15")
    )

    assert [say.to for say in decided.say] == [DAD.key]


def test_a_look_before_its_minutes_are_up_sends_nothing() -> None:
    """A mark of another pupil at 10:14:59 is no reason to be early."""
    register = a_register_that(ParentsTold.AFTER, femi=Mark.ABSENT)
    case = replace(a_case(), notice=Notice(NoticeState.DUE, due_at=clock("10:15")))
    early = clock("10:15") - timedelta(seconds=1)

    decided = with_parents(Decision("a mark", register=register), homes(register, case), early)

    assert (decided.say, decided.cases) == ((), ())


def test_a_notice_that_cannot_be_sent_that_day_is_not_sent_at_night() -> None:
    """Fourteen hours after the start a fright is of no use to a family."""
    register = a_register_that(ParentsTold.HOLD, femi=Mark.ABSENT)
    families = {"femi-okafor": Family(parents=(MUM,))}

    (say,) = tell(a_case(), register, families, clock("10:05"), by=GILL.key)[1]

    assert say.useful_until == register.starts_at + timedelta(hours=14)


def test_an_order_never_tells_anybody_twice() -> None:
    """The case holds who was told; a second word sends nothing."""
    register = a_register_that(ParentsTold.HOLD, femi=Mark.ABSENT)
    told = Notice(NoticeState.TOLD, told=(MUM.key, DAD.key), at=clock("10:02"))
    case = replace(a_case(), notice=told)
    families = {"femi-okafor": Family(parents=(MUM, DAD))}
    talk = ReleaseTalk(GILL, (case,), {"K1": register}, families)

    decision = on_orders(talk, (Order(True, ("K1",)),), clock("10:05"))

    assert [(say.to, say.script) for say in decision.say] == [(GILL.key, "css_parents_know")]
    assert decision.cases == ()


# random towns


@dataclass(frozen=True)
class Step:
    after: int
    kind: str
    number: int
    mark: Mark
    tells: bool


steps = st.lists(
    st.builds(
        Step,
        after=st.integers(1, 12),
        kind=st.sampled_from(["case", "mark", "order", "over", "look"]),
        number=st.sampled_from([1, 2, 3]),
        mark=st.sampled_from(list(Mark)),
        tells=st.booleans(),
    ),
    max_size=14,
)
people = st.sampled_from([(), (MUM,), (OTHER,), (MUM, DAD), (DAD, OTHER)])
towns = st.fixed_dictionaries(
    {pupil: st.builds(Family, may_be_told=st.booleans(), parents=people) for pupil in PUPILS}
)


@dataclass
class Town:
    """A register, its cases and all that was said to parents."""

    register: Register
    families: Mapping[str, Family]
    cases: dict[str, Case]
    said: list[tuple[datetime, Say, Case]]

    def decide(self, decision: Decision, now: datetime) -> None:
        known = Homes(
            {1: decision.register or self.register},
            tuple(self.cases.values()),
            self.families,
            frozenset({GILL.key}),
        )
        decided = with_parents(decision, known, now)
        before = dict(self.cases)
        for case in decided.cases:
            self.cases[case.ref] = replace(case, id=case.id or len(self.cases) + 1)
        self.register = decided.register or self.register
        for say in decided.say:
            if say.script.startswith("parent_"):
                ref = say.cases[0].ref
                self.said.append((now, say, before.get(ref, self.cases[ref])))


def play(town: Town, happened: Sequence[Step]) -> Iterator[datetime]:
    now = clock("09:40")
    for number, step in enumerate(happened, 1):
        now += timedelta(minutes=step.after)
        entry = an_entry(town.register, step.number, step.mark, f"{now:%H:%M}")
        if step.kind == "mark":
            marked = town.register.with_entries([entry], now)
            town.decide(Decision("marked", register=marked), now)
        elif step.kind == "case":
            line = town.register.line(step.number)
            is_absent = town.register.marks.get(step.number) is Mark.ABSENT
            matter = Matter.ABSENCE if is_absent else Matter.UNACCOUNTED
            case = a_case(matter, f"K{number}", opened=f"{now:%H:%M}", number=step.number)
            case = replace(case, id=None, pupil=line.pupil, shown=line.shown)
            town.decide(Decision("opened", cases=(case,), register=town.register), now)
        elif step.kind == "order" and town.cases:
            ref = sorted(town.cases)[step.number % len(town.cases)]
            talk = ReleaseTalk(
                GILL,
                tuple(town.cases.values()),
                dict.fromkeys(town.cases, town.register),
                town.families,
            )
            town.decide(on_orders(talk, (Order(step.tells, (ref,)),), now), now)
        elif step.kind == "over" and town.cases:
            ref = sorted(town.cases)[step.number % len(town.cases)]
            if town.cases[ref].is_open:
                over = replace(
                    town.cases[ref],
                    state=CaseState.RESOLVED,
                    resolved_at=now,
                    resolved_by=GILL.key if step.tells else JO.key,
                    reason=Reason.ILLNESS,
                )
                town.decide(Decision("over", cases=(over,), register=town.register), now)
        else:
            town.decide(Decision("a look", register=town.register), now)
        yield now


@settings(max_examples=200, deadline=None)
@given(
    families=towns, happened=steps, parents=st.sampled_from([ParentsTold.HOLD, ParentsTold.AFTER])
)
def test_nobody_hears_what_they_may_not(
    families: dict[str, Family], happened: list[Step], parents: ParentsTold
) -> None:
    """
    In whatever town, whatever happens: each text goes to a parent of its one child, who may be
    told; a notice once a case and parent; and none before the policy or a contact allows it.
    """
    town = Town(a_register_that(parents), families, {}, [])
    released: set[str] = set()
    for _ in play(town, happened):
        released |= {c.ref for c in town.cases.values() if c.notice and c.notice.by == GILL.key}

    notices = []
    for at, say, before in town.said:
        (line,) = say.lines
        family = families[line.pupil]
        assert family.may_be_told
        assert say.to in {parent.key for parent in family.parents}
        assert [case.number for case in say.cases] == [line.number]
        if say.script not in ("parent_here_now", "parent_followed_up"):
            notices.append((say.cases[0].ref, say.to))
            ref = say.cases[0].ref
            is_due = parents is ParentsTold.AFTER and at >= before.opened_at + minutes(15)
            assert ref in released or is_due
    assert len(notices) == len(set(notices))


@settings(max_examples=200, deadline=None)
@given(families=towns, happened=steps)
def test_only_whoever_was_told_hears_how_it_ended(
    families: dict[str, Family], happened: list[Step]
) -> None:
    """ "Femi is here now" to a parent who never knew that Femi was not would be a fright."""
    town = Town(a_register_that(ParentsTold.HOLD), families, {}, [])
    for _ in play(town, happened):
        pass

    told: set[tuple[str, str]] = set()
    for _, say, _ in town.said:
        heard = (say.to, say.lines[0].pupil)
        if say.script in ("parent_here_now", "parent_followed_up"):
            assert heard in told
        told.add(heard)


def test_an_order_for_a_pupil_who_is_never_told_of_says_why() -> None:
    """The lists win over a contact's word."""
    register = a_register_that(ParentsTold.HOLD, femi=Mark.ABSENT)
    families = {"femi-okafor": Family(may_be_told=False, parents=(MUM,))}
    talk = ReleaseTalk(GILL, (a_case(),), {"K1": register}, families)

    decision = on_orders(talk, (Order(True, ("K1",)),), clock("10:05"))

    assert [(say.to, say.script) for say in decision.say] == [(GILL.key, "css_parents_never")]
