"""
One of two: of two who share a name only one is said to be here, and the other is not.

"Only one Jack here and it's Tanner" is of Jack Tanner, who is in, and of the other Jack, who is
not. It is of nobody else: "only" stands for the Jacks alone, and "the rest are in" not for them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from apbot.domain.readings import RosterPupil
from apbot.reading.items import CHATTER, Item, is_small
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_BETWEEN = frozenset((Kind.AND, Kind.IT, Kind.FILL, Kind.POINT, Kind.NOW, Kind.TODAY, *CHATTER))
_LED, _TWO = (Kind.ONLY, Kind.JUST), 2
_NEAR = 7


class _One(NamedTuple):
    """Where it begins and ends, who is here, and who shares the name."""

    start: int
    end: int
    here: Item
    namesakes: set[int]


def as_one_of_two(
    items: Sequence[Item], roster: Sequence[RosterPupil], beside: Neighbours
) -> list[Item]:
    """Return the items with "only one Jack here, Tanner" as "Tanner here, and not Tully"."""
    one = next((one for at in range(len(items)) if (one := _one(items, at, roster, beside))), None)
    if one is None:
        return list(items)
    before, behind = items[: one.start], items[one.end :]
    told = {n for item in (*before, *behind) for n in item.pupils} | {*one.here.pupils}
    stop = Item(Kind.POINT, ".", ".")
    made = [*before, one.here, Item(Kind.MARK, "present", "here"), stop]
    for number in sorted(one.namesakes - told):
        other = Item(Kind.NAME, "", one.here.text, (number,))
        made += [Item(Kind.NOT, min(beside.bare_not), "only one"), other, stop]
    return [*made, *behind]


def _one(
    items: Sequence[Item], at: int, roster: Sequence[RosterPupil], beside: Neighbours
) -> _One | None:
    if items[at].kind not in _LED:
        return None
    words = [n for n in range(at + 1, min(at + _NEAR, len(items))) if not is_small(items[n])]
    if len(words) < _TWO or not _is_one(items[words[0]], beside):
        return None
    name = items[words[1]]
    if name.kind is not Kind.NAME or name.has_s:
        return None
    first = name.typed.split()[0]
    namesakes = {*name.pupils} | {
        pupil.number
        for pupil in roster
        if first in (pupil.name.lower().split()[0], (pupil.known_as or "").lower())
    }
    if len(namesakes) < _TWO:
        return None
    end = words[1]
    if len(name.pupils) > 1:
        # "only one Jack here AND IT'S TANNER".
        end += 1
        while end < len(items) and _leads_to_him(items[end]):
            end += 1
        name = items[end] if end < len(items) else name
    if name.kind is not Kind.NAME or len(name.pupils) != 1 or not {*name.pupils} < namesakes:
        return None
    end += 1
    if end < len(items) and items[end].kind is Kind.MARK and items[end].value == "present":
        end += 1
    return _One(at, end, name, namesakes)


def _is_one(item: Item, beside: Neighbours) -> bool:
    counted = item.kind is Kind.NUMBER and item.n == 1 and not item.is_explicit
    return counted or item.typed in beside.bare_one


def _leads_to_him(item: Item) -> bool:
    here = item.kind is Kind.MARK and item.value == "present"
    return here or (item.kind in _BETWEEN and not item.is_hard)
