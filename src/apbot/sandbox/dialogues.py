"""
Dialogues: written talks that the phones can play by themselves.

A dialogue is a mapping as its file holds it: name, title, about, start (and date), and steps. A
step has a caption, or a phone that `hears`, `says` or `taps` something, or `switches` off or on, at
a time; or a network that `switches` down or up. Steps of other kinds are for other readers of the
file and are passed over.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

# How far ahead a day is looked for: longer than a summer.
FARTHEST = 120

KINDS = ("caption", "hears", "says", "taps", "switches")

OF_PHONES = ("off", "on", "blocked", "unblocked")
OF_NETWORKS = ("down", "up")
"""What a step can switch, by the words for it."""

NETWORKS = ("telegram", "twilio")


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `at` is local; exactly one of the last five is set."""

    at: time | None = None
    phone: str | None = None
    network: str | None = None
    caption: str | None = None
    hears: str | None = None
    says: str | None = None
    taps: str | None = None
    switches: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """
    A Telegram group that a dialogue needs. The first of its people adds the bot.

    It is used like a phone of that title; who types or taps there is named first: "Bryn Hollis:
    all in".
    """

    title: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """
    A talk that can be played. `start` is local time, or None where no step has a time; `on` is set
    where the day matters, `group` where some of them talk in one.
    """

    name: str
    title: str
    about: str
    start: time | None
    on: date | None
    steps: tuple[Step, ...]
    group: Group | None = None

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> "Dialogue":
        """Read a dialogue. Raise ValueError, naming it, where something is missing."""
        name = str(written.get("name") or "")
        if not name:
            raise ValueError("a dialogue has no name")
        try:
            steps = tuple(_steps(written.get("steps") or ()))
            times = [step.at for step in steps if step.at is not None]
            start = _time(written["start"]) if written.get("start") else next(iter(times), None)
            on = written.get("date")
            day = date.fromisoformat(str(on)) if on else None
            group = _group(written["group"]) if written.get("group") else None
        except ValueError as error:
            raise ValueError(f"dialogue {name}: {error}") from None
        title = str(written.get("title") or name)
        return cls(name, title, str(written.get("about") or ""), start, day, steps, group)

    @property
    def phones(self) -> frozenset[str]:
        """Whose phones it needs."""
        title = self.group.title if self.group is not None else None
        named = (step.phone for step in self.steps if step.phone is not None)
        return frozenset(phone for phone in named if phone != title)

    @property
    def networks(self) -> frozenset[str]:
        """Which networks it takes down."""
        return frozenset(
            step.network for step in self.steps if step.switches == "down" and step.network
        )

    @property
    def people(self) -> frozenset[str]:
        """Everybody who speaks in it, in a group too."""
        return self.phones | frozenset(self.group.people if self.group is not None else ())

    def begins(
        self, now: datetime, zone: ZoneInfo, is_open: Callable[[date], bool] = lambda day: True
    ) -> datetime:
        """
        Return when to play it: its own day, else the next one that is open.

        Where its day is over it is played on the next of the same weekday: on another day other
        pupils are due, and its words would not be true.
        """
        if self.start is None:
            return now
        today = now.astimezone(zone).date()
        first = max(self.on or today, today)
        begins = (
            datetime.combine(day, self.start, zone)
            for day in (first + timedelta(days=ahead) for ahead in range(FARTHEST))
            if self._fits(day) and is_open(day)
        )
        found = next((moment for moment in begins if moment >= now), None)
        if found is None:
            raise ValueError(f"“{self.title}” finds no school day to be played on.")
        return found

    def _fits(self, day: date) -> bool:
        return day.weekday() < 5 if self.on is None else day.weekday() == self.on.weekday()


def _group(written: Mapping[str, Any]) -> Group:
    people = tuple(str(name) for name in written.get("people") or ())
    if not written.get("title") or not people:
        raise ValueError("its group wants a title and people")
    return Group(str(written["title"]), people)


def _steps(written: Sequence[Mapping[str, Any]]) -> list[Step]:
    steps = []
    for number, one in enumerate(written, start=1):
        kinds = [kind for kind in KINDS if one.get(kind)]
        if not kinds:
            continue
        if len(kinds) > 1:
            raise ValueError(f"step {number} has both {' and '.join(kinds)}; make two of it")
        if one.get("switches") not in (None, *OF_PHONES, *OF_NETWORKS):
            raise ValueError(f'step {number} switches neither "off" nor "on" nor the like')
        is_of_network = one.get("switches") in OF_NETWORKS
        if is_of_network and (one.get("phone") or one.get("network") not in NETWORKS):
            raise ValueError(f"step {number} switches a network: telegram or twilio, and no phone")
        if kinds != ["caption"] and not is_of_network and not one.get("phone"):
            raise ValueError(f"step {number} does not say on which phone")
        step = Step(
            at=_time(one["at"]) if one.get("at") is not None else None,
            phone=str(one["phone"]) if one.get("phone") else None,
            network=str(one["network"]) if one.get("network") else None,
            **{kinds[0]: str(one[kinds[0]])},
        )
        steps.append(step)
    if not steps:
        raise ValueError("it has no steps")
    return steps


def _time(written: object) -> time:
    # YAML reads an unquoted 10:30 as a count of minutes.
    if isinstance(written, int):
        return time(*divmod(written, 60))
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", str(written).strip())
    if found is None:
        raise ValueError(f"'{written}' is no time such as 09:30")
    return time(int(found[1]), int(found[2]))
