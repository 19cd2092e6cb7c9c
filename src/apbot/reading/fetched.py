"""
Fetched: a relative or worker who came and took a pupil away, put as the one thing that it says.

"His dad turned up about ten minutes ago and took him out" has words for coming and for being out,
and both are of the same going home. Read apart they would say that somebody came.
"""

from collections.abc import Sequence

from apbot.reading.items import Item
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_BETWEEN = (Kind.FILL, Kind.ONLY, Kind.NOW, Kind.TIME, Kind.JUST, Kind.CHAT)
_FURTHEST = 6


def as_fetched(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items with each coming and taking away as one mark, and its hour behind it."""
    made: list[Item] = []
    at = 0
    while at < len(items):
        found = _taken(items, at + 1, beside) if items[at].kind is Kind.RELATION else None
        made.append(items[at])
        at += 1
        if found is not None:
            end, put = found
            made += put
            at = end
    return made


def _taken(items: Sequence[Item], at: int, beside: Neighbours) -> tuple[int, list[Item]] | None:
    """Return where a taking away that begins here ends, and what is put for it."""
    came = _skip(items, at, beside)
    verb = came
    if _is_coming(items, came, beside):
        verb = _skip(items, came + 1, beside)
        if verb < len(items) and (items[verb].kind is Kind.AND or items[verb].typed == "to"):
            verb += 1
    if verb - at > _FURTHEST or verb >= len(items):
        return None
    taking, end = items[verb], verb + 1
    has_come = verb > came
    is_left = taking.kind is Kind.MARK and taking.value == "left"
    if is_left and not has_come:
        return None
    if not is_left:
        if taking.typed not in beside.takes or end >= len(items):
            return None
        whom = items[end]
        if whom.kind is not Kind.NAME and whom.value not in beside.him:
            return None
        end += 1
    away = _end_of_away(items, end, beside)
    if not (has_come or away > end):
        return None
    words = " ".join(item.text for item in items[came:verb] if item.kind is not Kind.TIME)
    mark = Item(Kind.MARK, "left", f"{words} {taking.text}".strip())
    named = [item for item in items[verb + 1 : end] if item.kind is Kind.NAME]
    hours = [item for item in items[came:verb] if item.kind is Kind.TIME or item.typed in beside.ago]
    return away, [mark, *named, *hours]


def _skip(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """Pass small words, and the hour, from here on."""
    while at < len(items) and (
        (items[at].kind in _BETWEEN and items[at].value not in beside.will)
        or items[at].typed in beside.ago
        or items[at].typed == "'s"
    ):
        if items[at].typed in beside.takes:
            break
        at += 1
    return at


def _is_coming(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    if at >= len(items):
        return False
    arrived = items[at].kind is Kind.MARK and items[at].value == "arrived"
    return arrived or items[at].typed in beside.comes_for


def _end_of_away(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """Pass "with her", "away", "out", "home": where to somebody was taken."""
    end = at
    for step, item in enumerate(items[at : at + 3]):
        if item.typed in beside.taken_where or item.kind is Kind.PLACE_AWAY:
            end = at + step + 1
        elif item.kind not in (Kind.WITH, Kind.FILL) and item.typed != "to":
            break
    return end
