"""
Today, as the board shows it: every provider's halves, every open case, in rows of HTML.

The rows are made once for everybody and made again only where something changed; what differs from
viewer to viewer, their order and what they may do, is added as each row leaves.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from apbot.domain.calendar import at, local
from apbot.domain.cases import Case, CaseState
from apbot.domain.outlook import ORDER, Look, alarm_at, changes_at, look_of, next_step, urgency_of
from apbot.domain.people import Provider
from apbot.domain.register import Register
from apbot.domain.words import Half, Mark, Matter
from apbot.store.lists import Lists
from apbot.web.pages import macro
from apbot.web.words import MATTERS, TELLS

ACTS = "<!--acts-->"
"""Stands in a row where what the viewer may do with it belongs."""

Html = Callable[..., str]
"""Makes the HTML of a row by the name of its macro, and remembers what it made."""

GROUPS = ("act", "watch", "settled")
"""Of providers: what needs a person, what is under way, what needs nobody."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One half of one provider: how it stands, and the one number that matters then."""

    id: int
    half: Half
    look: Look
    here: int
    due: int
    starts_at: datetime
    alarm_at: datetime | None
    completed_at: datetime | None

    @property
    def word(self) -> str:
        """The look as a class of the style sheet."""
        return self.look.replace(" ", "-")


@dataclass(frozen=True, slots=True)
class Row:
    """
    One line of the board. `contact` is whose it is first; `case` is set where it is one.

    `limited` is what somebody sees who may not read concerns and was not told of this one.
    """

    id: str
    group: str
    rank: tuple[object, ...]
    html: str
    contact: str = ""
    case: Case | None = None
    limited: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """The board at one moment. It may change by the clock alone at `stale_at` (UTC)."""

    now: datetime
    on: date
    rows: Mapping[str, Row]
    registers: Mapping[int, Register]
    cases: tuple[Case, ...]
    counts: Mapping[Look, int]
    stale_at: datetime
    why_no_school: str | None = None
    unhandled: int = 0
    made: Mapping[object, str] = field(default_factory=dict)


def make_today(
    lists: Lists,
    registers: Mapping[int, Register],
    cases: Sequence[Case],
    unhandled: int,
    now: datetime,
    before: Today | None,
) -> Today:
    """Return today as it stands; rows that are as they were `before` are not made again."""
    on = local(now).date()
    made: dict[object, str] = {}
    known = before.made if before is not None else {}

    def html(row: str, key: object, **facts: object) -> str:
        made[key] = known.get(key) or made.get(key) or str(macro("rows.html", row)(**facts))
        return made[key]

    halves: dict[str, dict[Half, Register]] = {}
    for register in registers.values():
        halves.setdefault(register.provider, {})[register.half] = register
    names = {person.key: person.name for person in lists.people.persons}
    providers = {provider.key: provider for provider in lists.people.providers}
    of_provider: dict[str, list[Case]] = {}
    for case in cases:
        of_provider.setdefault(case.provider, []).append(case)

    rows: dict[str, Row] = {}
    counts = dict.fromkeys(Look, 0)
    for case in sorted(cases, key=urgency_of):
        row = _case_row(case, names, html)
        rows[row.id] = row
    for key, by_half in halves.items():
        cells = tuple(_cell(by_half[half], now) for half in Half if half in by_half)
        for cell in cells:
            counts[cell.look] += 1
        row = _provider_row(key, providers.get(key), by_half, cells, names, html)
        rows[row.id] = row

    ticks = [t for one in registers.values() if (t := changes_at(one, now)) is not None]
    midnight = at(on + timedelta(days=1), time(0, 0))
    return Today(
        now=now,
        on=on,
        rows=rows,
        registers=registers,
        cases=tuple(cases),
        counts=counts,
        stale_at=min([*ticks, midnight]),
        why_no_school=None if halves else lists.calendar.why_not_in_term(on),
        unhandled=unhandled,
        made=made,
    )


def order_for(rows: Iterable[Row], person: str) -> dict[str, list[str]]:
    """Return the ids of the rows by group, a contact's own providers first in each."""
    ordered: dict[str, list[str]] = {group: [] for group in ("cases", *GROUPS)}
    for row in sorted(rows, key=lambda row: _place_of(row, person)):
        ordered[row.group].append(row.id)
    return ordered


def _place_of(row: Row, person: str) -> tuple[object, ...]:
    """Where a row stands: the most pressing first, and of those alike a contact's own."""
    return (row.group, row.rank[0], row.contact != person, row.rank)


def subject_of(case: Case) -> str:
    """Return whom or what a case is about: the pupil, else the provider."""
    return case.shown if case.pupil and case.shown else case.provider_name


def what_next(case: Case) -> tuple[str, datetime] | None:
    """Return what comes next of a case by itself, in words, and when."""
    step = next_step(case)
    if step is None:
        return None
    words = f"{TELLS[step.tell]} is told" if step.tell else "asked how it ended"
    return words, step.at


def _case_row(case: Case, names: Mapping[str, str], html: Html) -> Row:
    holder = names.get(case.acknowledged_by, case.acknowledged_by)
    is_held = case.state is CaseState.ACKNOWLEDGED
    coming = what_next(case)
    key = ("case", case, holder)
    facts = {
        "case": case,
        "matter": MATTERS[case.matter],
        "subject": subject_of(case),
        "holder": holder if is_held else "",
        "coming": coming,
    }
    is_concern = case.matter is Matter.CONCERN
    return Row(
        id=f"case-{case.id}",
        group="cases",
        rank=urgency_of(case),
        html=html("case_row", key, **facts, may_read=True),
        limited=html("case_row", (*key, "limited"), **facts, may_read=False) if is_concern else "",
        case=case,
    )


def _provider_row(
    key: str,
    provider: Provider | None,
    by_half: Mapping[Half, Register],
    cells: tuple[Cell, ...],
    names: Mapping[str, str],
    html: Html,
) -> Row:
    first = next(iter(by_half.values()))
    worst = min(cells, key=lambda cell: ORDER.index(cell.look))
    contact = provider.key_contact if provider else ""
    group = "settled"
    if any(cell.look.needs_somebody for cell in cells):
        group = "act"
    elif any(cell.look is Look.ASKED for cell in cells):
        group = "watch"
    name = first.provider_name
    made = html(
        "provider_row",
        ("provider", key, name, contact, cells),
        id=f"provider-{key}",
        name=name,
        contact=names.get(contact, ""),
        cells={cell.half: cell for cell in cells},
        halves=tuple(Half),
    )
    alarm = worst.alarm_at or worst.starts_at
    rank = (ORDER.index(worst.look), alarm, name)
    return Row(f"provider-{key}", group, rank, made, contact)


def _cell(register: Register, now: datetime) -> Cell:
    marks = register.marks.values()
    look = look_of(register, now)
    assert register.id is not None
    return Cell(
        id=register.id,
        half=register.half,
        look=look,
        here=sum(mark.is_here and mark is not Mark.LEFT for mark in marks),
        due=sum(line.known_absence is None for line in register.roster),
        starts_at=register.starts_at,
        alarm_at=alarm_at(register, now),
        completed_at=register.completed_at,
    )
