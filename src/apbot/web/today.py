"""
Today, as the board shows it: every provider's halves, every open case, in rows of HTML.

The rows are made once for everybody and made again only where something changed; what differs from
viewer to viewer, their order and what they may do, is added as each row leaves.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from secrets import token_urlsafe

from apbot.domain.calendar import at, local
from apbot.domain.cases import Case, CaseState
from apbot.domain.outlook import (
    ORDER,
    Look,
    alarm_at,
    changes_at,
    look_of,
    needs_somebody,
    next_step,
    urgency_of,
)
from apbot.domain.people import Provider
from apbot.domain.register import Register
from apbot.domain.words import Half, Mark, Matter
from apbot.store.lists import Lists
from apbot.web.pages import fragment, macro
from apbot.web.words import MATTERS, TELLS

ACTS = "<!--acts-->"
"""Stands in a row where what the viewer may do with it belongs."""

Html = Callable[..., str]
"""Makes the HTML of a row by the name of its macro, and remembers what it made."""

GROUPS = ("act", "watch", "settled")
"""Of providers: what needs a person, what is under way, what needs nobody."""


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One half of one provider: how it stands, and the one number that matters then.

    `coming` are on the way; it `is_pressing` where somebody should have an eye on it. It may look
    otherwise by the clock alone from `until` on (UTC).
    """

    id: int
    half: Half
    look: Look
    here: int
    due: int
    starts_at: datetime
    coming: int
    is_pressing: bool
    alarm_at: datetime | None
    completed_at: datetime | None
    until: datetime | None

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
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Today:
    """
    The board at one moment. It may change by the clock alone at `stale_at` (UTC).

    `rows` are in the order in which they press; it `is_silent` where no engine is at work. `cells`
    and `made` are what the next one is made from, where nothing has changed. No other board has its
    `stamp`.
    """

    now: datetime
    on: date
    lists: Lists
    rows: Mapping[str, Row]
    registers: Mapping[int, Register]
    cases: tuple[Case, ...]
    summary: str
    stale_at: datetime
    cells: Mapping[int, tuple[Register, Cell]]
    made: Mapping[object, str]
    is_silent: bool
    stamp: str = field(default_factory=lambda: token_urlsafe(9))


def make_today(
    lists: Lists,
    registers: Mapping[int, Register],
    cases: Sequence[Case],
    unhandled: int,
    now: datetime,
    before: Today | None,
    *,
    is_silent: bool = False,
) -> Today:
    """Return today as it stands; what is as it was `before` is not made again."""
    on = local(now).date()
    made: dict[object, str] = {}
    known = before.made if before is not None else {}

    def html(row: str, key: object, **facts: object) -> str:
        made[key] = known.get(key) or made.get(key) or str(macro("rows.html", row)(**facts))
        return made[key]

    names = {person.key: person.name for person in lists.people.persons}
    rows = [_case_row(case, names, on, html) for case in cases]
    cells = _cells(registers, now, before)
    rows += _provider_rows(lists, cells, names, html, before)
    rows.sort(key=lambda row: (row.group, row.rank))
    counts = Counter(cell.look for _, cell in cells.values())
    ticks = [cell.until for _, cell in cells.values() if cell.until is not None]
    return Today(
        now=now,
        on=on,
        lists=lists,
        rows={row.id: row for row in rows},
        registers=registers,
        cases=tuple(sorted(cases, key=urgency_of)),
        summary=fragment(
            "summary.html",
            counts=[(look, counts[look]) for look in Look if counts[look]],
            open_cases=len(cases),
            free=sum(case.state is not CaseState.ACKNOWLEDGED for case in cases),
            why=None if registers else lists.calendar.why_not_in_term(on),
            unhandled=unhandled,
            is_silent=is_silent,
        ),
        stale_at=min([*ticks, at(on + timedelta(days=1), time(0, 0))]),
        cells=cells,
        made=made,
        is_silent=is_silent,
    )


def order_for(today: Today, person: str) -> dict[str, list[str]]:
    """Return the ids of the rows by group, the most pressing first, a contact's own before all."""
    ordered: dict[str, list[str]] = {group: [] for group in ("cases", *GROUPS)}
    # The rows are in order already: of those that press alike, one's own are put first.
    for row in sorted(
        today.rows.values(), key=lambda row: (row.group, row.rank[0], row.contact != person)
    ):
        ordered[row.group].append(row.id)
    return ordered


def _cells(
    registers: Mapping[int, Register], now: datetime, before: Today | None
) -> dict[int, tuple[Register, Cell]]:
    """Return how each register stands; one that is as it was, at a time like then, is kept."""
    held = before.cells if before is not None and before.now <= now else {}
    found = {}
    for id, register in registers.items():
        was = held.get(id)
        is_same = was is not None and was[0] is register
        if was is None or not is_same or (was[1].until is not None and was[1].until <= now):
            was = (register, _cell(register, now))
        found[id] = was
    return found


def _provider_rows(
    lists: Lists,
    cells: Mapping[int, tuple[Register, Cell]],
    names: Mapping[str, str],
    html: Html,
    before: Today | None,
) -> Iterator[Row]:
    is_same_lists = before is not None and before.lists is lists
    providers = {provider.key: provider for provider in lists.people.providers}
    halves: dict[str, list[tuple[Register, Cell]]] = {}
    for register, cell in cells.values():
        halves.setdefault(register.provider, []).append((register, cell))
    for key, both in halves.items():
        both.sort(key=lambda one: one[1].half)
        was = before.rows.get(f"provider-{key}") if before is not None and is_same_lists else None
        mine = tuple(cell for _, cell in both)
        if was is not None and was.cells == mine:
            yield was
            continue
        yield _provider_row(key, providers.get(key), both[0][0].provider_name, mine, names, html)


def subject_of(case: Case) -> str:
    """Return whom or what a case is about: the pupil, else the provider."""
    if case.matter is Matter.CONCERN and case.shown:
        return f"{case.shown} ({case.provider_name})"
    return case.shown if case.pupil and case.shown else case.provider_name


def what_next(case: Case) -> tuple[str, datetime] | None:
    """Return what comes next of a case by itself, in words, and when."""
    step = next_step(case)
    if step is None:
        return None
    does = "is rung up" if step.by_call else "is told again" if step.is_again else "is told"
    words = f"{TELLS[step.tell]} {does}" if step.tell else "will be asked how it ended"
    if case.is_answered and step.tell is None:
        words = "over by itself: it was answered"
    return words, step.at


def _case_row(case: Case, names: Mapping[str, str], on: date, html: Html) -> Row:
    holder = names.get(case.acknowledged_by, case.acknowledged_by)
    is_held = case.state is CaseState.ACKNOWLEDGED
    coming = what_next(case)
    key = ("case", case, holder, on)
    facts = {
        "case": case,
        "matter": MATTERS[case.matter],
        "subject": subject_of(case),
        "holder": holder if is_held else "",
        "coming": coming,
        "on": on,
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
    name: str,
    cells: tuple[Cell, ...],
    names: Mapping[str, str],
    html: Html,
) -> Row:
    worst = min(cells, key=lambda cell: ORDER.index(cell.look))
    contact = provider.key_contact if provider else ""
    group = "settled"
    if any(cell.is_pressing for cell in cells):
        group = "act"
    elif any(cell.look in (Look.ASKED, Look.PART) for cell in cells):
        group = "watch"
    made = html(
        "provider_row",
        ("provider", key, name, contact, cells),
        id=f"provider-{key}",
        provider=key,
        name=name,
        contact=names.get(contact, ""),
        cells={cell.half: cell for cell in cells},
        halves=tuple(Half),
    )
    rank = (ORDER.index(worst.look), worst.alarm_at or worst.starts_at, name)
    return Row(f"provider-{key}", group, rank, made, contact, cells=cells)


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
        coming=len(register.marked(Mark.AWAITED)),
        is_pressing=needs_somebody(register, now),
        starts_at=register.starts_at,
        alarm_at=alarm_at(register, now),
        completed_at=register.completed_at,
        until=changes_at(register, now),
    )
