"""
Taps: what follows when a member of staff taps on a register.

A tap on what a colleague has changed since changes nothing, and what follows from several waits
until they have come to rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from apbot.domain.decisions import Decision, Say, Urgency
from apbot.domain.escalation import asked_people
from apbot.domain.following import Following, shown_anew
from apbot.domain.register import Entry, How, Line, Register, RegisterState
from apbot.domain.talk import Talk, cases_after, entry_of, to_colleagues
from apbot.domain.words import Mark, Reason

SETTLES_AFTER = timedelta(seconds=15)
"""Taps come one after another; what follows from them waits until they have come to rest."""


@dataclass(frozen=True, slots=True)
class Tap:
    """
    One tap on a register's message.

    `number` None is "all in". `was` is the mark that the tapped message showed and `mark` what it
    offered, so that a tap on an old message changes nothing that a colleague has said since. One
    that `is_plain` was offered beside every other mark, so it means what it says, however often.
    """

    number: int | None
    was: Mark | None
    mark: Mark | None
    reason: Reason | None = None
    said_time: time | None = None
    is_plain: bool = False


def on_tap(talk: Talk, tap: Tap, refs: Iterator[str], now: datetime) -> Decision:
    """
    Decide what a tap makes true. The cases that follow wait until the taps have come to rest.

    A tap on what a colleague has changed since changes nothing: the message is shown as it is.
    """
    register = talk.register
    if register.state is RegisterState.CLOSED or now >= day_after(register):
        return Decision(because="the register is over", say=(_toast(talk, "tap_over"),))
    if tap.number is None:
        lines = register.unmarked(by=max(now, register.starts_at))
        entries = tuple(_tapped(talk, line, Mark.PRESENT, now) for line in lines)
    else:
        line = next((line for line in register.roster if line.number == tap.number), None)
        if line is None:
            return Decision(because="no such pupil", say=(_toast(talk, "tap_over"),))
        if tap.is_plain and _is_said(register.standing.get(line.number), tap):
            return Decision(
                because="said already", say=(_toast(talk, "tap_taken", (line,), register),)
            )
        if register.marks.get(line.number) != tap.was:
            say = (_toast(talk, "tap_changed", (line,)), shown_anew(talk.person, register))
            return Decision(because="a colleague had changed it since", say=say)
        mark = tap.mark if tap.is_plain else _arrived(tap.mark, line, now, tap.was)
        entries = (_tapped(talk, line, mark, now, tap),)
    if register.state is RegisterState.PLANNED:
        register = replace(register, state=RegisterState.OPEN)
    tapped = register.with_entries(entries, now)
    is_all = tap.number is None and tapped.state is RegisterState.COMPLETE
    if is_all and register.settles_at is None:
        followed, settled = cases_after(talk, tapped, refs, now), tapped
    else:
        # After a tap on a pupil a reason may still follow, before or after All in.
        followed, settled = Following(), replace(tapped, settles_at=now + SETTLES_AFTER)
    return Decision(
        because=f"{len(entries)} tapped",
        register=settled,
        cases=followed.cases,
        say=(
            _toast(
                talk,
                "tap_all_in" if is_all else "tap_taken",
                tuple(register.line(e.number) for e in entries),
                tapped,
            ),
            *(shown_anew(person, tapped) for person in asked_people(tapped, talk.rota)),
            *(to_colleagues(talk, tapped, entries) if settled.settles_at is None else ()),
            *followed.say,
        ),
        clears_pending=True,
    )


def day_after(register: Register) -> datetime:
    """Return when marks can no longer be given by the provider: fourteen hours from the start."""
    return register.starts_at + timedelta(hours=14)


def _tapped(
    talk: Talk, line: Line, mark: Mark | None, now: datetime, tap: Tap | None = None
) -> Entry:
    """An entry of a tap: a reason tapped after a time leaves the time, and the other way round."""
    held = talk.register.standing.get(line.number)
    is_same = held is not None and held.mark is mark
    return entry_of(
        talk,
        line,
        mark,
        now,
        how=How.TAP,
        reason=(tap and tap.reason) or (held.reason if is_same and held else None),
        said_time=(tap and tap.said_time) or (held.time if is_same and held else None),
        because="tapped",
    )


def _is_said(held: Entry | None, tap: Tap) -> bool:
    return (
        held is not None
        and held.mark is tap.mark
        and tap.reason in (None, held.reason)
        and tap.said_time in (None, held.time)
    )


def _arrived(mark: Mark | None, line: Line, now: datetime, was: Mark | None) -> Mark | None:
    """A tap to "in" for a pupil who was said to be away or on the way means: has come late."""
    came_late = was in (Mark.ABSENT, Mark.AWAITED) and now > line.starts_at
    return Mark.LATE if mark is Mark.PRESENT and came_late else mark


def _toast(
    talk: Talk, script: str, lines: tuple[Line, ...] = (), register: Register | None = None
) -> Say:
    """The word that pops up where a person tapped."""
    return Say(
        to=talk.person.key,
        script=script,
        register=register or talk.register,
        lines=lines,
        is_toast=True,
        urgency=Urgency.ALARM,
    )
