"""
Planning: which registers a day has, and who is due on each.

From the calendar, the placements and their timetables. A provider with nobody due is not asked.
A register is planned afresh until it is opened, and stamped then.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import cast

from sqlalchemy import Connection

from apbot.domain.calendar import at, local
from apbot.domain.people import Placement, Provider, Pupil
from apbot.domain.register import Line, Register, RegisterState
from apbot.domain.words import Half, Reason
from apbot.store.deadlines import set_deadline
from apbot.store.journal import write_journal
from apbot.store.lists import Lists
from apbot.store.registers import drop_planned, list_registers, plan_registers, save_register
from apbot.wording.compose import NameStyle, short_names

KIND = "plan"
"""The kind of the deadline at which a day is planned."""

AHEAD = "ahead"
"""The kind of the deadline at which the next day is told of."""

STRANGERS = "strangers"
"""The kind of the deadline at which the CSS hears of the day's messages from strangers."""

PLANS_AT = time(4, 0)
"""Days are planned at four in the morning, local time."""


def plan_day(db: Connection, lists: Lists, now: datetime, due_at: datetime | None = None) -> int:
    """
    Plan today's registers that are still to come, and say how many are new.

    What was planned and is due no more is dropped; what has opened stays as it was opened. The
    next day's planning is set. Planning twice changes nothing. `due_at` is when this was to be
    done: a session that began and ended since, while the bot was away, is planned as well, so
    that it is escalated and not passed over in silence.
    """
    on = local(now).date()
    since = due_at or now
    held = {(r.provider, r.half): r for r in list_registers(db, on)}
    fresh: list[Register] = []
    for provider in lists.people.providers:
        for half in Half:
            planned = planned_register(lists, provider, on, half)
            register = held.get((provider.key, half))
            if register is not None and register.state is RegisterState.PLANNED:
                _replan(db, register, planned)
            if register is None and planned is not None and planned.ends_at > since:
                fresh.append(planned)
    new = plan_registers(db, fresh)
    tomorrow = at(on + timedelta(days=1), PLANS_AT)
    set_deadline(db, KIND, "day", tomorrow)
    ahead = at(on, lists.service.tells_ahead_at)
    if lists.calendar.is_working_day(on) and ahead > now:
        set_deadline(db, AHEAD, "day", ahead)
    ends = at(on, lists.service.day_ends_at)
    if ends > now:
        set_deadline(db, STRANGERS, "day", ends)
    if new:
        write_journal(db, now, "plan", f"{new} registers planned for {on}")
    return new


def planned_register(lists: Lists, provider: Provider, on: date, half: Half) -> Register | None:
    """Return the register that the lists call for, or None where nobody is due."""
    hours = provider.hours(half)
    if hours is None or lists.calendar.why_shut(provider, on, half) is not None:
        return None
    pupils = lists.people.pupil_by_key
    due = [
        (placement, pupils[placement.pupil])
        for placement in lists.people.placements_at(provider.key)
        if placement.is_due(on, half)
    ]
    if not due:
        return None
    due.sort(key=lambda pair: (pair[1].known_as or pair[1].name, pair[1].name))
    roster = _roster(lists, due, provider, on, half)
    expected = [line.starts_at for line in roster if line.known_absence is None]
    starts_at = min(expected, default=at(on, hours.start))
    return Register(
        provider=provider.key,
        provider_name=provider.name,
        on=on,
        half=half,
        starts_at=starts_at,
        start=local(starts_at).time().replace(tzinfo=None),
        ends_at=at(on, hours.end),
        roster=roster,
        policy=lists.policies[provider.policy],
    )


def _roster(
    lists: Lists,
    due: list[tuple[Placement, Pupil]],
    provider: Provider,
    on: date,
    half: Half,
) -> tuple[Line, ...]:
    hours = provider.hours(half)
    assert hours is not None
    shown = _shown_all_day(lists, provider, on)
    return tuple(
        Line(
            number=number,
            pupil=pupil.key,
            name=pupil.name,
            shown=shown[pupil.key],
            known_as=pupil.known_as,
            starts_at=at(on, placement.own_start(half) or hours.start),
            own_start=placement.own_start(half),
            known_absence=_known_absence(lists, pupil, on, half),
        )
        for number, (placement, pupil) in enumerate(due, 1)
    )


def _shown_all_day(lists: Lists, provider: Provider, on: date) -> dict[str, str]:
    """
    How each pupil of that day is called on phones, by key: by one name in both halves.

    "Jack Tu" of the morning is no "Jack T" in the afternoon, for that might be either Jack.
    """
    placed = lists.people.placements_at(provider.key)
    due = {p.pupil for p in placed if any(p.is_due(on, half) for half in Half)}
    there = [pupil for pupil in lists.people.pupils if pupil.key in due]
    style = cast(NameStyle, str(lists.service.names))
    names = short_names([(pupil.name, pupil.known_as) for pupil in there], style)
    return {pupil.key: name for pupil, name in zip(there, names, strict=True)}


def _known_absence(lists: Lists, pupil: Pupil, on: date, half: Half) -> Reason | None:
    for absence in lists.people.absences_of(pupil.key):
        if absence.covers(on, half):
            return absence.reason
    return None


def _replan(db: Connection, register: Register, planned: Register | None) -> None:
    if register.entries:
        return
    if planned is None:
        drop_planned(db, register)
        return
    fresh = replace(planned, id=register.id, version=register.version)
    if fresh != replace(register, looked_at=None):
        save_register(db, fresh)
