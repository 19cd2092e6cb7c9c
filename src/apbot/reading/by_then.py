"""
By then: the hour that is given for one who is not here yet, with no word for coming.

"At the dentist, nan reckons 9.45", "his bus is late so he's looking at ten to", "has an
appointment, so we shall start at 11.15": on the way, and expected then.
"""

from collections.abc import Sequence

from apbot.reading.items import CHATTER, Item, as_filling, as_plain, is_small, sentence_start
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_NOT_COMING = ("illness", "suspended", "holiday", "unknown", "refusing")
_WHO = (Kind.RELATION, Kind.HE, Kind.SHE, Kind.SPEAKER)
_CUE = 4
_ENDS = frozenset((Kind.POINT, Kind.EMOJI, Kind.AND, Kind.BUT, *CHATTER))


def as_by_then(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return "dentist first so MORE LIKE ten to" as "dentist so awaited ten to"."""
    made = list(items)
    for at, item in enumerate(items):
        if item.kind is not Kind.TIME or not _ends(items, at, beside):
            continue
        cue = _cue(items, at, beside)
        if cue < 0 or not _is_coming(items[sentence_start(items, cue) : cue]):
            continue
        text = " ".join(each.text for each in items[cue:at])
        made[cue:at] = [as_filling(each) for each in items[cue:at]]
        made[at - 1] = Item(Kind.MARK, "awaited", text)
        for who in range(max(cue - 2, 0), cue):
            if items[who].kind in _WHO:
                made[who] = as_plain(items[who])
    return _first(made, beside)


def _cue(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """Where the words begin that give the hour: "NAN RECKONS 9.45", "MORE LIKE ten to"; or -1."""
    start = at - 1
    while start > 0 and items[start].kind is Kind.FILL and at - start < _CUE:
        start -= 1
    if start < 1:
        return -1
    if items[start].kind is Kind.REPORTS:
        led = items[start - 1].kind
        told = led in (Kind.RELATION, Kind.HE, Kind.SHE) and items[start].typed in beside.says_when
        return start if told else -1
    two = f"{items[start - 1].typed} {items[start].typed}"
    if two in beside.gives_hour:
        return start - 1
    of_us = any(item.kind is Kind.SPEAKER for item in items[max(start - 2, 0) : start])
    begins = of_us and items[start].typed in beside.starts
    return start if begins or items[start].typed in beside.gives_hour else -1


def _ends(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "ten to", "ten to FOR HIM", "11.15 RATHER THAN ten": no more is said of the hour."""
    behind = [item for item in items[at + 1 : at + 4] if not is_small(item)]
    return not behind or behind[0].kind in _ENDS or behind[0].typed in beside.rather


def _is_coming(led: Sequence[Item]) -> bool:
    """Whether somebody is said not to be here yet, or why, and nothing of staying away."""
    why = [item for item in led if item.kind is Kind.REASON]
    said = [item for item in led if item.kind is Kind.MARK]
    late = any(item.value in ("late", "awaited", "not_yet") for item in said)
    rides = any(item.kind in (Kind.ON_THE_WAY, Kind.NOT_YET) for item in led)
    away = any(item.value not in ("late", "awaited", "not_yet") for item in said)
    stays = any(item.value in _NOT_COMING for item in why)
    return bool(why or late or rides) and not (away or stays)


def _first(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "at the dentist FIRST": and here after it."""
    made = list(items)
    led: Item | None = None
    for at, item in enumerate(items):
        if item.typed in beside.comes_after and led is not None and led.kind is Kind.REASON:
            behind = items[at + 1 : at + 2]
            over = not behind or behind[0].kind in (*_ENDS, Kind.FILL, Kind.TIME)
            if over and led.value not in _NOT_COMING:
                made[at] = Item(Kind.MARK, "awaited", item.text)
        led = led if is_small(item) else item
    return made
