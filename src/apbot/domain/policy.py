"""
Policies: who is told after how long.

The minutes of the day contract as values. A policy is stamped on a register when it opens, and on
a case with it, so an edit at ten does not change what was promised at half past nine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from typing import Any

from apbot.domain.words import Matter


class Tell(StrEnum):
    """Whom a step tells, as the rota has it that day."""

    KEY_CONTACT = "key contact"
    COVER = "cover"
    SAFEGUARDING_LEAD = "safeguarding lead"
    DEPUTY_LEAD = "deputy lead"
    ALL_CSS = "all css"


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: `after` the case opened, these are told."""

    after: timedelta
    tell: Tell


@dataclass(frozen=True, slots=True)
class Ladder:
    """
    The rungs of one matter.

    `first` is told at once. After the last step its people are told again `then_every`, until
    somebody acknowledges (None: not again). `asked_after` an acknowledgement with no outcome, the
    one who has it is asked; without an answer the ladder goes on.
    """

    first: tuple[Tell, ...]
    steps: tuple[Step, ...] = ()
    then_every: timedelta | None = None
    asked_after: timedelta | None = None


class ParentsTold(StrEnum):
    """Whether and when a policy tells parents of an absence."""

    OFF = "off"
    HOLD = "hold"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Policy:
    """All the minutes of one provider's agreement. Durations run from the pupil's own start."""

    name: str
    chase_after: tuple[timedelta, ...]
    missing_after: timedelta
    unaccounted_after: timedelta
    ask_unaccounted_every: timedelta
    ladders: Mapping[Matter, Ladder]
    parents: ParentsTold = ParentsTold.OFF
    parents_after: timedelta = field(default=timedelta())


class NameStyle(StrEnum):
    """How a pupil is named on a phone."""

    INITIAL = "initial"
    INITIALS = "initials"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Service:
    """The CSS itself: its name, how pupils are named on phones, and the hours of its day."""

    name: str
    names: NameStyle = NameStyle.INITIAL
    tells_ahead_at: time = time(16, 0)
    day_ends_at: time = time(17, 0)


def policy_to(policy: Policy) -> dict[str, Any]:
    """
    Return the policy as plain JSON values, to be stamped on a register or a case.

    Durations are whole minutes; words are the contract's. `policy_from` gives back the same policy.
    """
    return {
        "name": policy.name,
        "chase_after": [_minutes(after) for after in policy.chase_after],
        "missing_after": _minutes(policy.missing_after),
        "unaccounted_after": _minutes(policy.unaccounted_after),
        "ask_unaccounted_every": _minutes(policy.ask_unaccounted_every),
        "ladders": {matter.value: _ladder_to(it) for matter, it in policy.ladders.items()},
        "parents": policy.parents.value,
        "parents_after": _minutes(policy.parents_after),
    }


def policy_from(stamp: Mapping[str, Any]) -> Policy:
    """Return the policy that `policy_to` stamped; KeyError or ValueError for anything else."""
    return Policy(
        name=stamp["name"],
        chase_after=tuple(timedelta(minutes=after) for after in stamp["chase_after"]),
        missing_after=timedelta(minutes=stamp["missing_after"]),
        unaccounted_after=timedelta(minutes=stamp["unaccounted_after"]),
        ask_unaccounted_every=timedelta(minutes=stamp["ask_unaccounted_every"]),
        ladders={Matter(word): _ladder_from(it) for word, it in stamp["ladders"].items()},
        parents=ParentsTold(stamp["parents"]),
        parents_after=timedelta(minutes=stamp["parents_after"]),
    )


def _ladder_to(ladder: Ladder) -> dict[str, Any]:
    every, asked = ladder.then_every, ladder.asked_after
    return {
        "first": [tell.value for tell in ladder.first],
        "steps": [{"after": _minutes(it.after), "tell": it.tell.value} for it in ladder.steps],
        "then_every": None if every is None else _minutes(every),
        "asked_after": None if asked is None else _minutes(asked),
    }


def _ladder_from(stamp: Mapping[str, Any]) -> Ladder:
    every, asked = stamp["then_every"], stamp["asked_after"]
    return Ladder(
        first=tuple(Tell(word) for word in stamp["first"]),
        steps=tuple(
            Step(timedelta(minutes=it["after"]), Tell(it["tell"])) for it in stamp["steps"]
        ),
        then_every=None if every is None else timedelta(minutes=every),
        asked_after=None if asked is None else timedelta(minutes=asked),
    )


def _minutes(duration: timedelta) -> int:
    return duration // timedelta(minutes=1)
