"""
A town of three providers, small enough that any day of it can be played.

It has what the rules turn on: a policy of each kind for parents, a pupil at two places, two
children of one parent, a pupil who is never told of, starts of their own, somebody who answers for
two providers, and every channel. No first name of a pupil is a word of anybody else's name.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta

from apbot.domain.calendar import Calendar
from apbot.domain.people import (
    EVERY_WEEKDAY,
    Contact,
    Hours,
    KnownAbsence,
    Note,
    Parent,
    People,
    Person,
    Placement,
    Provider,
    Pupil,
    Role,
    Span,
    Staff,
)
from apbot.domain.policy import ParentsTold, Policy, Service
from apbot.domain.words import Half, Reason
from apbot.store.lists import Lists
from tests.builders import a_policy

MONDAY = date(2026, 11, 23)
TERM = Span(date(2026, 11, 2), date(2026, 12, 18))

POLICIES: Mapping[str, Policy] = {
    "default": replace(a_policy(), name="default"),
    "hold": replace(a_policy(), name="hold", parents=ParentsTold.HOLD),
    "after": replace(
        a_policy(), name="after", parents=ParentsTold.AFTER, parents_after=timedelta(minutes=15)
    ),
}

TELEGRAM, SMS, WHATSAPP = ("telegram", "sms"), ("sms",), ("whatsapp", "sms")


def _person(number: int, name: str, channels: tuple[str, ...] = SMS) -> Person:
    return Person(
        key=name.lower().replace(" ", "-"),
        name=name,
        mobile=f"+447700900{number}",
        channels=channels,
    )


JO = _person(501, "Jo Archer", TELEGRAM)
SAM = _person(502, "Sam Field")
BEV = _person(503, "Bev Stone")
KIT = _person(504, "Kit Lowry", WHATSAPP)
MAX = _person(505, "Max Perry", TELEGRAM)
UNA = _person(506, "Una Bright")

GILL = _person(511, "Gill Marsh", TELEGRAM)
RAVI = _person(512, "Ravi Nair")
LENA = _person(513, "Lena Holt", TELEGRAM)
DEV = _person(514, "Dev Kaur")

JOY = _person(521, "Joy Parent")
ANN = _person(522, "Ann Parent")
PAT = _person(523, "Pat Parent")
ROZ = _person(524, "Roz Parent")
WES = _person(525, "Wes Parent", WHATSAPP)

STAFF = (JO, SAM, BEV, KIT, MAX, UNA)
CONTACTS = (GILL, RAVI, LENA, DEV)
PARENTS = (JOY, ANN, PAT, ROZ, WES)

PUPILS = {
    "oakbarn": ("Aiden Brown", "Chloe Davies", "Femi Okafor", "Theo Ward"),
    "millgym": ("Kofi Asante", "Lily Hughes", "Rosa Quill"),
    "fenlane": ("Zara Iqbal", "Noel Pugh"),
}
"""Who is at which place; Rosa is at Oakbarn in the morning and at Millgym after lunch."""

BOTH = frozenset((day, half) for day in EVERY_WEEKDAY for half in Half)
MORNINGS = frozenset((day, Half.AM) for day in EVERY_WEEKDAY)
AFTERNOONS = frozenset((day, Half.PM) for day in EVERY_WEEKDAY)


def _key(name: str) -> str:
    return name.lower().replace(" ", "-")


def _placed(
    name: str, provider: str, when: frozenset[tuple[int, Half]] = BOTH, starts: time | None = None
) -> Placement:
    return Placement(_key(name), provider, TERM.from_on, None, when, am_start=starts)


def _provider(key: str, name: str, start: str, *, afternoon: bool, policy: str) -> Provider:
    return Provider(
        key=key,
        name=name,
        kind="workshop",
        phone="+447700900601",
        address=f"{name} Lane",
        days=EVERY_WEEKDAY,
        am=Hours(time.fromisoformat(start), time(12, 0)),
        pm=Hours(time(13, 0), time(15, 0)) if afternoon else None,
        key_contact=GILL.key,
        policy=policy,
    )


def a_small_town() -> Lists:
    """Return the lists of the town."""
    names = dict.fromkeys(name for place in PUPILS.values() for name in place)
    people = People(
        persons=(*STAFF, *CONTACTS, *PARENTS),
        providers=(
            _provider("oakbarn", "Oakbarn", "09:30", afternoon=True, policy="after"),
            _provider("millgym", "Millgym", "09:30", afternoon=True, policy="hold"),
            _provider("fenlane", "Fenlane", "10:00", afternoon=False, policy="default"),
        ),
        pupils=tuple(Pupil(_key(n), n, tells_parents=n != "Rosa Quill") for n in names),
        placements=(
            _placed("Aiden Brown", "oakbarn"),
            _placed("Chloe Davies", "oakbarn"),
            _placed("Femi Okafor", "oakbarn"),
            _placed("Theo Ward", "oakbarn", starts=time(10, 15)),
            _placed("Rosa Quill", "oakbarn", MORNINGS),
            _placed("Rosa Quill", "millgym", AFTERNOONS),
            _placed("Kofi Asante", "millgym"),
            _placed("Lily Hughes", "millgym"),
            _placed("Zara Iqbal", "fenlane", MORNINGS),
            _placed("Noel Pugh", "fenlane", MORNINGS, time(10, 45)),
        ),
        staff=(
            Staff(JO.key, "oakbarn"),
            Staff(SAM.key, "oakbarn"),
            Staff(BEV.key, "oakbarn", is_backup=True),
            Staff(KIT.key, "millgym"),
            Staff(MAX.key, "millgym"),
            Staff(BEV.key, "millgym", is_backup=True),
            Staff(UNA.key, "fenlane"),
        ),
        contacts=(
            Contact(GILL.key, frozenset({Role.CONTACT}), cover=RAVI.key),
            Contact(RAVI.key, frozenset({Role.CONTACT})),
            Contact(LENA.key, frozenset({Role.SAFEGUARDING_LEAD})),
            Contact(DEV.key, frozenset({Role.CONTACT, Role.DEPUTY_LEAD})),
        ),
        parents=(
            Parent(JOY.key, "femi-okafor"),
            Parent(ANN.key, "aiden-brown"),
            Parent(ANN.key, "kofi-asante"),
            Parent(PAT.key, "theo-ward", is_told=False),
            Parent(ROZ.key, "rosa-quill"),
            Parent(WES.key, "lily-hughes"),
        ),
        known_absences=(
            KnownAbsence(
                "chloe-davies",
                Span(MONDAY, MONDAY + timedelta(days=1)),
                frozenset({Half.AM}),
                Reason.ILLNESS,
            ),
        ),
        notes=(Note("millgym", Span(MONDAY, MONDAY), "the hall is being painted"),),
    )
    return Lists(people, Calendar(terms=(TERM,)), POLICIES, Service(name="The Support Service"))
