"""
Builders: the domain's values as a test says them, with only what matters shown.

The day is Monday 23 November 2026, in winter, so that a wall clock in England and UTC agree; the
minutes are the day contract's. Every name is invented and every number is one of those that are
kept for drama.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count

from apbot.domain.calendar import at
from apbot.domain.cases import Case, CaseState
from apbot.domain.decisions import Rota
from apbot.domain.people import EVERY_WEEKDAY, Contact, Hours, Person, Provider, Role
from apbot.domain.policy import Ladder, Policy, Service, Step, Tell
from apbot.domain.register import Entry, How, Line, Register, RegisterState
from apbot.domain.words import Half, Mark, Matter, Reason

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)


def clock(wall: str, on: date = MONDAY) -> datetime:
    """Return the moment at which a wall clock in England shows "09:30" on that day, in UTC."""
    return at(on, time.fromisoformat(wall))


def minutes(count: int) -> timedelta:
    """Return that many minutes."""
    return timedelta(minutes=count)


def a_person(name: str = "Jo Archer", mobile: str = "+447700900101", title: str = "") -> Person:
    """Somebody with a phone; their key is their name."""
    return Person(key=name.lower().replace(" ", "-"), name=name, mobile=mobile, title=title)


JO = a_person("Jo Archer", "+447700900101")
SAM = a_person("Sam Field", "+447700900102")
BEV = a_person("Bev Stone", "+447700900103")
GILL = a_person("Gill Marsh", "+447700900111")
RAVI = a_person("Ravi Nair", "+447700900112")
LENA = a_person("Lena Holt", "+447700900113")
DEV = a_person("Dev Kaur", "+447700900114")
OLA = a_person("Ola Finch", "+447700900115")

ALDER_FARM = Provider(
    key="alder-farm",
    name="Alder Farm",
    kind="farm",
    phone="+447700900150",
    address="Alder Lane, Hexley",
    days=EVERY_WEEKDAY,
    am=Hours(time(9, 30), time(12, 0)),
    pm=Hours(time(13, 0), time(15, 0)),
    key_contact=GILL.key,
)


def a_rota(
    *,
    staff: Sequence[Person] = (JO, SAM),
    backups: Sequence[Person] = (BEV,),
    key_contact: Person | None = GILL,
    cover: Person | None = RAVI,
    lead: Person | None = LENA,
    deputy: Person | None = DEV,
    others: Sequence[Person] = (OLA,),
    day_ends: str = "17:00",
) -> Rota:
    """
    Who is there for Alder Farm: Jo and Sam, with Bev behind them.

    At the CSS Gill is the key contact, Ravi her cover, Lena the safeguarding lead and Dev her
    deputy; Ola is one of the rest. None stands for nobody on duty.
    """
    css: list[tuple[Person, Contact]] = []
    for person, role in (
        (key_contact, Role.CONTACT),
        (cover, Role.CONTACT),
        (lead, Role.SAFEGUARDING_LEAD),
        (deputy, Role.DEPUTY_LEAD),
        *((other, Role.CONTACT) for other in others),
    ):
        if person is not None:
            css.append((person, Contact(person=person.key, roles=frozenset({role}))))
    return Rota(
        service=Service(name="Hexley Support Service", day_ends_at=time.fromisoformat(day_ends)),
        provider=ALDER_FARM,
        staff=tuple(staff),
        backups=tuple(backups),
        key_contact=key_contact,
        css=tuple(css),
        covers=(cover,) if cover is not None else (),
    )


NOBODY = a_rota(
    staff=(), backups=(), key_contact=None, cover=None, lead=None, deputy=None, others=()
)

LADDERS: Mapping[Matter, Ladder] = {
    Matter.MISSING_REGISTER: Ladder(
        first=(Tell.KEY_CONTACT,),
        steps=(Step(minutes(10), Tell.COVER), Step(minutes(20), Tell.ALL_CSS)),
        then_every=minutes(15),
        asked_after=minutes(30),
    ),
    Matter.UNACCOUNTED: Ladder(
        first=(Tell.KEY_CONTACT, Tell.SAFEGUARDING_LEAD),
        steps=(Step(minutes(5), Tell.COVER), Step(minutes(10), Tell.ALL_CSS)),
        then_every=minutes(10),
        asked_after=minutes(15),
    ),
    Matter.ABSENCE: Ladder(
        first=(Tell.KEY_CONTACT,),
        steps=(Step(minutes(30), Tell.COVER),),
        asked_after=minutes(120),
    ),
    Matter.CONCERN: Ladder(
        first=(Tell.SAFEGUARDING_LEAD,),
        steps=(Step(minutes(5), Tell.DEPUTY_LEAD), Step(minutes(10), Tell.ALL_CSS)),
    ),
    Matter.CLOSED: Ladder(
        first=(Tell.KEY_CONTACT,),
        steps=(Step(minutes(30), Tell.COVER),),
        asked_after=minutes(60),
    ),
    Matter.QUESTION: Ladder(first=(Tell.KEY_CONTACT,), steps=(Step(minutes(30), Tell.COVER),)),
}


def a_policy(
    *,
    chase_after: Sequence[int] = (10, 20),
    missing_after: int = 30,
    unaccounted_after: int = 30,
    ask_unaccounted_every: int = 10,
    ladders: Mapping[Matter, Ladder] | None = None,
) -> Policy:
    """The day contract's minutes, but for those shown; so its ladders, but for those shown."""
    return Policy(
        name="default",
        chase_after=tuple(minutes(after) for after in chase_after),
        missing_after=minutes(missing_after),
        unaccounted_after=minutes(unaccounted_after),
        ask_unaccounted_every=minutes(ask_unaccounted_every),
        ladders={**LADDERS, **(ladders or {})},
    )


def a_pupil(
    name: str, *, starts: str | None = None, away: Reason | None = None, known_as: str | None = None
) -> Line:
    """A line of a roster, not yet numbered: `starts` is a start of their own, `away` is known."""
    return Line(
        number=0,
        pupil=name.lower().replace(" ", "-"),
        name=name,
        shown=f"{name.split()[0]} {name.split()[-1][0]}",
        starts_at=clock(starts or "00:00"),
        known_as=known_as,
        own_start=time.fromisoformat(starts) if starts else None,
        known_absence=away,
    )


AIDEN, CHLOE, FEMI = "Aiden Brown", "Chloe Davies", "Femi Okafor"


def a_register(
    *pupils: str | Line,
    half: Half = Half.AM,
    start: str = "09:30",
    end: str = "12:00",
    policy: Policy | None = None,
    state: RegisterState = RegisterState.OPEN,
    asked: Sequence[Person] = (JO, SAM),
    marks: Mapping[int, Mark] | None = None,
    looked: str | None = None,
) -> Register:
    """
    Alder Farm's register of this Monday, of Aiden, Chloe and Femi unless others are named.

    `marks` were given by Jo at the start; `looked` is when the register was last looked at.
    """
    lines = [a_pupil(pupil) if isinstance(pupil, str) else pupil for pupil in pupils]
    roster = tuple(
        replace(line, number=number, starts_at=max(line.starts_at, clock(start)))
        for number, line in enumerate(lines or map(a_pupil, (AIDEN, CHLOE, FEMI)), 1)
    )
    register = Register(
        id=1,
        provider=ALDER_FARM.key,
        provider_name=ALDER_FARM.name,
        on=MONDAY,
        half=half,
        starts_at=clock(start),
        start=time.fromisoformat(start),
        ends_at=clock(end),
        roster=roster,
        policy=policy or a_policy(),
        state=state,
        asked=tuple(person.key for person in asked),
        looked_at=clock(looked) if looked else None,
    )
    entries = [an_entry(register, number, mark, start) for number, mark in (marks or {}).items()]
    return register.with_entries(entries, clock(start)) if entries else register


def a_planned_register(*pupils: str | Line, policy: Policy | None = None) -> Register:
    """The same before its start: nobody was asked yet."""
    return a_register(*pupils, policy=policy, state=RegisterState.PLANNED, asked=())


def an_entry(
    register: Register,
    number: int,
    mark: Mark | None,
    wall: str = "09:35",
    *,
    by: Person = JO,
    reason: Reason | None = None,
    said_time: str | None = None,
    how: How = How.TEXT,
) -> Entry:
    """One thing said of one pupil of this register, after all that stands on it."""
    return Entry(
        number=number,
        pupil=register.line(number).pupil,
        was=register.marks.get(number),
        mark=mark,
        by=by.key,
        by_name=by.name,
        how=how,
        at=clock(wall),
        reason=reason,
        time=time.fromisoformat(said_time) if said_time else None,
        because="as a test says it",
    )


def a_case(
    matter: Matter = Matter.ABSENCE,
    ref: str = "K1",
    *,
    opened: str = "10:00",
    on: date = MONDAY,
    number: int | None = None,
    told: Sequence[Person] = (),
    state: CaseState = CaseState.TOLD,
    held_by: Person | None = None,
    raised_by: Person = JO,
    reason: Reason | None = None,
    words: str = "",
    ladder: Ladder | None = None,
) -> Case:
    """
    A case of Alder Farm's register, opened and told, not yet taken on unless `held_by` is shown.

    One that is about a pupil is about Femi, number 3.
    """
    is_of_a_pupil = matter in (Matter.ABSENCE, Matter.UNACCOUNTED)
    kept = ladder or LADDERS[matter]
    steps = [step.after for step in kept.steps]
    next_after = kept.asked_after if held_by else next(iter(steps), None)
    return Case(
        id=int(ref[1:]),
        ref=ref,
        matter=matter,
        provider=ALDER_FARM.key,
        provider_name=ALDER_FARM.name,
        register=1,
        opened_at=clock(opened, on),
        ladder=kept,
        number=(number or 3) if is_of_a_pupil else None,
        pupil="femi-okafor" if is_of_a_pupil else None,
        shown="Femi O" if is_of_a_pupil else None,
        state=CaseState.ACKNOWLEDGED if held_by else state,
        told=tuple(person.key for person in told),
        ladder_at=clock(opened, on) + (next_after or minutes(60)),
        acknowledged_at=clock(opened, on) if held_by else None,
        acknowledged_by=held_by.key if held_by else "",
        raised_by=raised_by.key,
        reason=reason,
        words=words,
    )


def refs() -> Iterator[str]:
    """K1, K2, K3 …"""
    return (f"K{number}" for number in count(1))
