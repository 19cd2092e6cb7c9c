"""
Objects: a pupil to whom somebody did something, who is not the one that then went.

"Jade had a barney with Tommo and walked off", "Jade swore at Tommo n legged it": Jade is gone, and
Tommo is where he was.
"""

from collections.abc import Sequence

from apbot.reading.items import Item, as_plain, is_phrase_of_chat
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_GOES = ("unaccounted", "left", "gone", "gone_to", "absent")
_BETWEEN = frozenset(
    (
        *(Kind.ORDINARY, Kind.UNKNOWN, Kind.FILL, Kind.WITH, Kind.ONLY, Kind.JUST, Kind.CHAT),
        *(Kind.PLACE_HERE, Kind.MORNING, Kind.TODAY),
    )
)
_JOINS = (Kind.AND, Kind.POINT, Kind.BUT)
_SMALL = (Kind.FILL, Kind.JUST, Kind.ONLY, Kind.NOW)


def without_objects(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """
    Return the items with the second of "Jade hit Tommo and walked off" as a plain word, and "Jade
    had a row with Tommo, both walked off" as "Jade and Tommo, both walked off".
    """
    made: list[Item] = []
    for at, item in enumerate(items):
        first = _done_by(made, beside) if item.kind is Kind.NAME and not item.has_s else -1
        behind = _behind(items, at + 1) if first >= 0 else Kind.POINT
        if behind in (Kind.BOTH, Kind.THEY) and made[first].pupils != item.pupils:
            made = [*made[: first + 1], Item(Kind.AND, "and", "and"), item]
        elif behind is Kind.MARK and made[first].pupils != item.pupils:
            made.append(as_plain(item))
        else:
            made.append(item)
    return made


def _done_by(before: Sequence[Item], beside: Neighbours) -> int:
    """Where the pupil stands who does something to whoever is named next; -1 where none does."""
    start = len(before) - 1
    while start >= 0 and before[start].kind in _BETWEEN:
        start -= 1
    if start < 0 or before[start].kind is not Kind.NAME:
        return -1
    between = before[start + 1 :]
    words = (item for item in between if item.kind in (Kind.ORDINARY, Kind.UNKNOWN))
    does = any(item.value != "'s" for item in words) or any(map(is_phrase_of_chat, between))
    sees = any(not beside.sees.isdisjoint(item.typed.split()) for item in between)
    return start if does and not sees else -1


def _behind(items: Sequence[Item], at: int) -> Kind:
    """What is said behind of nobody by name: a going, of "both", or nothing that counts."""
    if at >= len(items) or items[at].kind not in _JOINS:
        return Kind.POINT
    hard = items[at].is_hard
    at += 1
    while at < len(items) and items[at].kind in (*_SMALL, Kind.AND):
        at += 1
    if at >= len(items):
        return Kind.POINT
    if items[at].kind in (Kind.BOTH, Kind.THEY):
        return items[at].kind
    goes = items[at].kind is Kind.MARK and items[at].value in _GOES and not hard
    return Kind.MARK if goes else Kind.POINT
