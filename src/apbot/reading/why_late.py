"""
Why late: why somebody came late or is still to come, and the hour at which they should be here.

"Kai's here. Missed the bus", "in at 20 past - was stuck in traffic": he came, and late. "The taxi
is late, Kai will be in by 10": why Kai is. "On the bus, should be here half 9": when, and no doubt.
"""

from collections.abc import Sequence
from itertools import pairwise

from apbot.reading.items import CHATTER, PRONOUNS, Item, as_filling, beyond, is_small
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_NEAR, _A_BREATH = 6, 24
_CAME = ("arrived", "present", "back")
_WHY = (Kind.REASON, Kind.ON_THE_WAY)
_SMALL = (Kind.FILL, Kind.ORDINARY, Kind.SPEAKER, *PRONOUNS)
_PAUSE = Item(Kind.POINT, ",", ",")


def as_late(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items with each reason for coming late beside the coming that it is of."""
    made = _joined(_late_first(_ride_first(items), beside), beside)
    for at in range(len(made)):
        for rule in (_was_why_late, _should_be_then, _is_there_then, _minutes_back):
            made[at] = rule(made, at, beside) or made[at]
    return made


def _ride_first(items: Sequence[Item]) -> list[Item]:
    """ "THE TAXI IS LATE, Kai will be in by 10" as "Kai will be in by 10, the taxi is late"."""
    named = [n for n, item in enumerate(items) if item.kind is Kind.NAME]
    if len(named) != 1 or items[named[0]].has_s:
        return list(items)
    led = items[: named[0]]
    rides = [n for n, item in enumerate(led) if item.kind is Kind.ON_THE_WAY]
    coming = any(item.kind is Kind.MARK and item.value == "awaited" for item in items[named[0] :])
    marked = any(item.kind is Kind.MARK for item in led)
    if len(rides) != 1 or not coming or marked or led[-1].kind is not Kind.POINT:
        return list(items)
    start = rides[0]
    while start and led[start - 1].kind is Kind.FILL:
        start -= 1
    if rides[0] + 1 != len(led) - 1:
        return list(items)
    why = led[rides[0]]._replace(kind=Kind.REASON)
    ends = (n for n in range(named[0], len(items)) if items[n].is_hard)
    end = next(ends, len(items))
    kept = [*led[:start], *items[named[0] : end]]
    while kept and kept[-1].kind in CHATTER:
        kept.pop()
    return [*kept, _PAUSE, why, *items[end:]]


def _late_first(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "LATE BUT Kai is here" as "Kai is here late"."""
    made = list(items)
    for at in range(len(items) - 2):
        late, but, name = items[at : at + 3]
        begins = not any(item.kind in (Kind.NAME, Kind.MARK, *PRONOUNS) for item in items[:at])
        said = late.kind is Kind.MARK and late.typed in beside.bare_late
        if not (said and begins and but.kind is Kind.BUT and name.kind is Kind.NAME):
            continue
        here = at + 3
        while here < len(items) and is_small(items[here]):
            here += 1
        if here < len(items) and items[here].kind is Kind.MARK and items[here].value in _CAME:
            return [*items[:at], *items[at + 2 : here + 1], late, *items[here + 1 :]]
    return made


def _joined(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "Kai's here. He SLEPT IN" as "Kai's here, slept in"."""
    made: list[Item] = []
    at = 0
    while at < len(items):
        why = _why_behind(items, at, beside) if items[at].is_hard else 0
        if why and _is_here_before(items, at):
            made += [_PAUSE, *(item for item in items[at + 1 : why] if item.kind is Kind.FILL)]
            at = why
            continue
        made.append(items[at])
        at += 1
    return made


def _why_behind(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """Where the reason for coming late stands that is all of the next sentence, or 0."""
    why = at + 1
    while why < len(items) and items[why].kind in _SMALL and why - at < _NEAR:
        why += 1
    if why >= len(items) or items[why].kind not in _WHY:
        return 0
    ends = (each.is_hard or each.kind in (*CHATTER, Kind.CORRECTION) for each in items[why + 1 :])
    held_up = not beside.held_up.isdisjoint(items[why].typed.split())
    late = (items[why].value == "transport" and held_up) or items[why].typed in beside.sleeps_in
    return why if late and next(ends, True) else 0


def _minutes_back(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "about ten minutes BACK that was": so long ago, and nobody is back."""
    when = items[at - 1].when if at else None
    if items[at].typed not in beside.minutes_back or when is None or when.count is None:
        return None
    behind = beyond(items[at + 1 : at + 4], (Kind.FILL, *CHATTER))
    ends = behind is None or behind.kind in (Kind.POINT, Kind.BUT, Kind.AND)
    return Item(Kind.ORDINARY, min(beside.ago), min(beside.ago)) if ends else None


def _is_here_before(items: Sequence[Item], at: int) -> bool:
    """ "Kai in at 20 past - WAS stuck in traffic": the same one was said to be here."""
    near = items[max(at - _NEAR, 0) : at]
    for n, item in enumerate(reversed(near)):
        if item.kind is Kind.NAME and n + 1 < len(near):
            # "HERE'S KAI now, he was stuck in traffic".
            led = near[-n - 2]
            return led.kind is Kind.MARK and led.value in ("present", "arrived")
        if item.kind in (Kind.NAME, Kind.NOT, Kind.EVERYONE, Kind.REST, Kind.EVERYONE_IN):
            return False
        if item.kind is Kind.MARK and item.value != "late":
            return item.value in ("present", "arrived")
    return False


def _was_why_late(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "Kai just walked in, he WAS STUCK IN TRAFFIC": why he came late, and he is on no way now."""
    if items[at].kind is not Kind.ON_THE_WAY or not at:
        return None
    was = items[at - 1].kind is Kind.FILL and items[at - 1].typed in beside.was
    led = items[max(at - _NEAR, 0) : at]
    came = any(item.kind is Kind.MARK and item.value == "arrived" for item in led)
    here = any(
        item.kind is Kind.MARK and item.value == "present" and behind.kind is Kind.NOW
        for item, behind in pairwise(led)
    )
    here = here or (was and _is_here_before(items, at - 1))
    return Item(Kind.REASON, "transport", items[at].text) if was and (came or here) else None


def _should_be_then(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "on the bus, SHOULD BE here half 9": when whoever is coming will be."""
    if items[at].kind is not Kind.HEDGE or items[at].typed not in beside.should_be:
        return None
    return as_filling(items[at]) if _comes_then(items, at + 1, beside) else None


def _is_there_then(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "on the bus, should be HERE half 9": coming still."""
    led = at > 0 and items[at - 1].kind is Kind.FILL and items[at - 1].typed in beside.should_be
    if not led or not _comes_then(items, at, beside):
        return None
    return Item(Kind.MARK, "awaited", items[at].text)


def _comes_then(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """Whether "here" or "in" and an hour stand there, of somebody who was said to be coming."""
    said = items[at : at + 1]
    here = bool(said) and said[0].kind is Kind.MARK and said[0].value in _CAME
    behind = beyond(items[at + 1 : at + 4], (Kind.FILL, Kind.WITH))
    led = items[max(at - _A_BREATH, 0) : at]
    coming = any(
        (each.kind is Kind.MARK and each.value == "awaited") or each.value == "transport"
        for each in led
    )
    return here and coming and behind is not None and behind.kind is Kind.TIME
