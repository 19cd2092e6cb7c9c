"""
Which one: the answer to "Jack H or Jack M?" in which something is told of the other, too.

"Holroyd I mean, Murgatroyd's here with me", "not Murgatroyd, the other one", "it was Holroyd she
came for": one of those offered is meant, and of each other it is said that it is not them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from apbot.domain.readings import WhichPupil
from apbot.domain.words import Mark
from apbot.reading.items import CHATTER, Item
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.told import HERE_MARKS
from apbot.reading.turned import HERE

# What may stand behind the one who is meant: "Holroyd lad, sorry", "Holroyd I mean".
_PLAIN = frozenset((Kind.FILL, Kind.CORRECTION, Kind.IT, Kind.EMOJI, Kind.ONLY, *CHATTER))
_AWAY = frozenset((Kind.NOT_YET, Kind.REASON, Kind.ON_THE_WAY, Kind.NOT, Kind.HEDGE, Kind.IF))
_MEANT, _DENIED, _TOLD, _UNCLEAR = "meant", "denied", "told", "unclear"


class Spoken(NamedTuple):
    """One of those offered, what is said of them, and whether it is that they are here."""

    number: int
    said: str
    here: Mark | None = None


def picked_from(
    items: Sequence[Item], pending: WhichPupil, beside: Neighbours
) -> tuple[int, dict[int, Mark]] | None:
    """Return whom the answer means, and who else is said to be here; None where it is not plain."""
    spoken = _spoken(items, pending.pupils, beside)
    if any(each.said == _UNCLEAR for each in spoken):
        return None
    meant = {each.number for each in spoken if each.said == _MEANT}
    others = {each.number for each in spoken if each.said != _MEANT}
    left = set(pending.pupils) - others
    here = {each.number: each.here for each in spoken if each.here is not None}
    if not meant and len(left) == 1 and all(each.said == _DENIED for each in spoken) and others:
        # "not Murgatroyd".
        return left.pop(), here
    if len(meant) != 1 or not others or meant & others:
        return None
    if pending.mark in HERE_MARKS and here:
        return None
    return meant.pop(), here


def _spoken(items: Sequence[Item], offered: Sequence[int], beside: Neighbours) -> list[Spoken]:
    """Return each of those offered who is named, in order, with what is said of them."""
    starts = [n for n in range(len(items)) if _number(items, n, offered, beside)]
    spoken: list[Spoken] = []
    before: set[int] = set()
    for n, at in enumerate(starts):
        number = _number(items, at, offered, beside)
        if number < 0:
            rest = set(offered) - before
            number = rest.pop() if len(rest) == 1 else 0
        start = starts[n - 1] + 1 if n else 0
        ends = starts[n + 1] if n + 1 < len(starts) else len(items)
        if not number:
            return [Spoken(0, _UNCLEAR)]
        before.add(number)
        led = _since_pause(items[start:at])
        tail = items[at + 1 + (_is_other(items, at, beside)) : ends]
        spoken.append(_said(number, led, _own(tail, beside), beside))
    return spoken


def _number(items: Sequence[Item], at: int, offered: Sequence[int], beside: Neighbours) -> int:
    """The pupil named there; -1 for "the other one", 0 for nobody of those offered."""
    item = items[at]
    if item.kind is Kind.NAME:
        fits = set(item.pupils) & set(offered)
        if item.is_other:
            return -1 if fits else 0
        return fits.pop() if len(fits) == 1 and not item.is_plural else 0
    return -1 if _is_other(items, at, beside) else 0


def _is_other(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "the other ONE"."""
    following = items[at + 1 : at + 2]
    one = bool(following) and following[0].value in beside.one_of_two
    return items[at].typed in beside.other_one and one


def _since_pause(items: Sequence[Item]) -> Sequence[Item]:
    at = max((n for n, item in enumerate(items) if item.kind is Kind.POINT), default=-1)
    return items[at + 1 :]


def _own(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """What is said of whoever was named, without how the next one begins."""
    made = list(items)
    at = max((n for n, item in enumerate(made) if item.kind is Kind.POINT), default=-1)
    behind = made[at + 1 :] if at >= 0 else []
    small = (*_PLAIN, Kind.NOT, Kind.AND, Kind.BUT)
    if at >= 0 and all(each.kind in small or each.typed in beside.other_one for each in behind):
        made = made[:at]
    return made


def _said(number: int, led: Sequence[Item], tail: Sequence[Item], beside: Neighbours) -> Spoken:
    denied = any(item.kind is Kind.NOT for item in led)
    first = [item for item in tail if item.kind is not Kind.POINT]
    empty = all(item.kind in _PLAIN or item.value in beside.one_of_two for item in first)
    if empty:
        return Spoken(number, _DENIED if denied else _MEANT)
    if denied:
        return Spoken(number, _UNCLEAR)
    marks = [item for item in first if item.kind is Kind.MARK]
    if _is_fetched(first, beside) or (marks and all(mark.value == "gone" for mark in marks)):
        # "it was Holroyd she came for", "Holroyd that went".
        return Spoken(number, _MEANT)
    if any(item.kind in _AWAY for item in first) or any(mark.value not in HERE for mark in marks):
        return Spoken(number, _UNCLEAR)
    came = any(mark.value == "arrived" for mark in marks)
    return Spoken(number, _TOLD, (Mark.LATE if came else Mark.PRESENT) if marks else None)


def _is_fetched(tail: Sequence[Item], beside: Neighbours) -> bool:
    """ "Holroyd she CAME FOR": he is whom somebody came to fetch."""
    came = [n for n, item in enumerate(tail) if item.kind is Kind.MARK and item.value == "arrived"]
    if len(came) != 1 or came[0] + 1 >= len(tail):
        return False
    somebody = any(
        item.kind in (Kind.HE, Kind.SHE, Kind.THEY, Kind.RELATION) for item in tail[: came[0]]
    )
    return somebody and tail[came[0] + 1].value in beside.came_for
