from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from apbot.domain.decisions import Rota
from apbot.domain.people import Person
from apbot.domain.readings import Rephrase, RestPresent
from apbot.domain.register import Entry, Line, Register, RegisterState
from apbot.domain.words import Action, Flag, Mark, Matter, Reason
from tests.builders import (
    AIDEN,
    BEV,
    CHLOE,
    FEMI,
    GILL,
    JO,
    LENA,
    NOBODY,
    SAM,
    a_planned_register,
    a_pupil,
    a_rota,
    clock,
    minutes,
)
from tests.domain.morning import Morning

NUMBERS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Replied:
    by: Person
    marks: dict[int, Mark]
    reasons: dict[int, Reason]
    flags: tuple[Flag, ...]
    asks: bool


@dataclass(frozen=True)
class Tapped:
    by: Person
    number: int | None
    mark: Mark
    is_stale: bool


@dataclass(frozen=True)
class Wrote:
    by: Person
    action: Action


@dataclass(frozen=True)
class Slept:
    """The bot is away until the next happening, and then looks at all that fell due."""


Happening = Replied | Tapped | Wrote | Slept

replied = st.builds(
    Replied,
    by=st.sampled_from([JO, SAM, BEV]),
    marks=st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(Mark)),
    reasons=st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(Reason), max_size=2),
    flags=st.lists(st.sampled_from([Flag.CONCERN, Flag.QUESTION, Flag.HELP]), max_size=1).map(
        tuple
    ),
    asks=st.booleans(),
)
tapped = st.builds(
    Tapped,
    by=st.sampled_from([JO, SAM]),
    number=st.none() | st.sampled_from(NUMBERS),
    mark=st.sampled_from([Mark.PRESENT, Mark.ABSENT, Mark.AWAITED]),
    is_stale=st.booleans(),
)
wrote = st.builds(
    Wrote, by=st.sampled_from([GILL, LENA]), action=st.sampled_from([Action.ACK, Action.NOTE])
)
happenings = st.lists(
    st.tuples(st.integers(1, 20), st.one_of(replied, tapped, wrote, st.just(Slept()))), max_size=12
)


def rosters_with(*own_starts: str | None) -> st.SearchStrategy[tuple[Line, ...]]:
    """Four pupils, Chloe perhaps known to be away, Theo perhaps with a start of his own."""
    return st.builds(
        lambda own, away: (
            a_pupil(AIDEN),
            a_pupil(CHLOE, away=away),
            a_pupil(FEMI),
            a_pupil("Theo Ward", starts=own),
        ),
        own=st.sampled_from(own_starts),
        away=st.none() | st.just(Reason.ILLNESS),
    )


rosters = rosters_with(None, "09:40", "09:50", "10:00", "10:30")
rotas = st.sampled_from(
    [a_rota(), a_rota(staff=()), a_rota(staff=(), backups=()), a_rota(key_contact=None), NOBODY]
)


def play(morning: Morning, now: datetime, happening: Happening) -> None:
    if isinstance(happening, Replied):
        ask = (RestPresent((1,)) if happening.marks else Rephrase()) if happening.asks else None
        morning.says(
            now,
            happening.marks,
            by=happening.by,
            reasons=happening.reasons,
            flags=happening.flags,
            ask=ask,
        )
    elif isinstance(happening, Tapped):
        held = morning.register.marks.get(happening.number or 0)
        was = Mark.LEFT if happening.is_stale else held
        morning.taps(now, happening.number, happening.mark, was=was, by=happening.by)
    elif isinstance(happening, Wrote):
        morning.contact_says(now, happening.by, happening.action)


def a_morning_of(
    roster: Sequence[Line], rota: Rota, happened: Sequence[tuple[int, Happening]], until: str
) -> Morning:
    """Play what happened from nine o'clock on, and every look up to then."""
    morning = Morning(a_planned_register(*roster), rota)
    for now, happening in timed(morning, happened):
        if now >= clock(until):
            break
        play(morning, now, happening)
    return morning.until(until)


def timed(
    morning: Morning, happened: Sequence[tuple[int, Happening]]
) -> Iterator[tuple[datetime, Happening]]:
    """Give each happening its time; after a sleep the bot first looks at what it missed."""
    now, sleeps = clock("09:00"), False
    for later, happening in happened:
        now += minutes(later)
        if sleeps:
            morning.wakes(f"{now:%H:%M}")
        sleeps = isinstance(happening, Slept)
        yield now, happening


def is_covered(morning: Morning, line: Line) -> bool:
    """Whether this pupil's whereabouts are known, or somebody has been made to find out."""
    mark = morning.register.marks.get(line.number)
    if mark in (Mark.PRESENT, Mark.LATE, Mark.LEFT) or line.known_absence is not None:
        return True
    cases = list(morning.cases.values())
    if mark is Mark.ABSENT:
        return any(case.number == line.number for case in cases)
    return any(
        case.is_open
        and (
            case.matter is Matter.MISSING_REGISTER
            or (case.matter is Matter.UNACCOUNTED and case.number == line.number)
        )
        for case in cases
    )


@settings(max_examples=150, deadline=None)
@given(roster=rosters_with(None), rota=rotas, happened=happenings)
def test_no_pupil_is_forgotten_thirty_one_minutes_after_their_start(
    roster: Sequence[Line], rota: Rota, happened: list[tuple[int, Happening]]
) -> None:
    """
    Whatever is written, tapped and acknowledged, by whoever is there: a minute after the thirty,
    each pupil due has a mark that says where they are, or a case that somebody must take on.
    """
    for line in a_planned_register(*roster).roster:
        alarm = line.starts_at + minutes(31)
        morning = a_morning_of(roster, rota, happened, f"{alarm:%H:%M}")

        assert is_covered(morning, line), line.shown


@settings(max_examples=150, deadline=None)
@given(roster=rosters, rota=rotas, happened=happenings)
def test_no_case_is_opened_twice_of_one_cause(
    roster: Sequence[Line], rota: Rota, happened: list[tuple[int, Happening]]
) -> None:
    """A pupil has one open case at most, and a second one only after something new was said."""
    morning = a_morning_of(roster, rota, happened, "12:00")
    cases = [case for case in morning.cases.values() if case.number is not None]
    open_for = Counter(case.number for case in cases if case.is_open)

    assert max(open_for.values(), default=0) <= 1
    for number, matter in product(NUMBERS, (Matter.ABSENCE, Matter.UNACCOUNTED)):
        mine = [case for case in cases if (case.number, case.matter) == (number, matter)]
        said_at = [entry.at for entry in morning.register.entries if entry.number == number]
        for former, latter in pairwise(mine):
            assert any(former.opened_at < at <= latter.opened_at for at in said_at)


@settings(max_examples=150, deadline=None)
@given(roster=rosters, rota=rotas, happened=happenings)
def test_a_register_is_missing_once_at_most(
    roster: Sequence[Line], rota: Rota, happened: list[tuple[int, Happening]]
) -> None:
    """However many starts its pupils have, one case stands for the register not coming."""
    morning = a_morning_of(roster, rota, happened, "12:00")

    assert sum(case.is_open for case in morning.of(Matter.MISSING_REGISTER)) <= 1


@settings(max_examples=150, deadline=None)
@given(roster=rosters, happened=happenings)
def test_entries_only_grow_and_each_says_what_was_before(
    roster: Sequence[Line], happened: list[tuple[int, Happening]]
) -> None:
    """Nothing is overwritten: the list is a chain, from the first word to the last."""
    morning = Morning(a_planned_register(*roster))
    before: tuple[Entry, ...] = ()
    for now, happening in timed(morning, happened):
        play(morning, now, happening)
        entries = morning.register.entries
        assert entries[: len(before)] == before
        before = entries

    for number in NUMBERS:
        chain = [entry for entry in before if entry.number == number]
        assert [entry.was for entry in chain] == [None, *(entry.mark for entry in chain)][:-1]


@settings(max_examples=150, deadline=None)
@given(roster=rosters, rota=rotas, happened=happenings)
def test_an_open_case_and_a_waiting_register_are_always_looked_at_again(
    roster: Sequence[Line], rota: Rota, happened: list[tuple[int, Happening]]
) -> None:
    """A day can end with a case open, but never with one that nobody will look at."""
    morning = a_morning_of(roster, rota, happened, "13:00")

    for case in morning.cases.values():
        assert not case.is_open or case.look_at is not None
        assert case.look_at is None or case.look_at > clock("13:00")
    assert morning.register.next_look() is None


@settings(max_examples=100, deadline=None)
@given(roster=rosters, happened=happenings)
def test_a_complete_register_is_one_with_nobody_unmarked(
    roster: Sequence[Line], happened: list[tuple[int, Happening]]
) -> None:
    """State and marks never say different things of an open session."""
    register: Register = a_morning_of(roster, a_rota(), happened, "12:00").register

    assert (register.state is RegisterState.COMPLETE) is not bool(register.unmarked())
    assert (register.completed_at is not None) is (register.state is RegisterState.COMPLETE)
