"""
Objects: a pupil to whom somebody did something, who is not the one that then went.

"Jade had a barney with Tommo and walked off", "Jade swore at Tommo n legged it": Jade is gone, and
Tommo is where he was.
"""

from collections.abc import Sequence

from apbot.reading.items import Item, as_plain, is_phrase_of_chat, sentence_start
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_GOES = ("unaccounted", "left", "gone", "gone_to", "absent")
_BETWEEN = frozenset(
    (
        *(Kind.ORDINARY, Kind.UNKNOWN, Kind.FILL, Kind.WITH, Kind.ONLY, Kind.JUST, Kind.CHAT),
        *(Kind.PLACE_HERE, Kind.MORNING, Kind.TODAY),
    )
)
_OF_ONE = (*_BETWEEN, Kind.REASON)
_JOINS = (Kind.AND, Kind.POINT, Kind.BUT)
_SMALL = (Kind.FILL, Kind.JUST, Kind.ONLY, Kind.NOW)


def without_objects(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """
    Return the items with the second of "Jade hit Tommo and walked off" as a plain word, and "Jade
    had a row with Tommo, both walked off" as "Jade and Tommo, both walked off".
    """
    made: list[Item] = []
    items = _with_doubts(items, beside)
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


def _with_doubts(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """
    Return the items with "Tommo hit Jade so I sent him home" in doubt, as it may be of either, and
    the second of "Jade was sick on Tommo, her nan has got her" as a plain word.
    """
    made = list(items)
    for at, item in enumerate(items):
        if item.kind is not Kind.NAME or item.has_s:
            continue
        start = next((n for n in range(at - 1, -1, -1) if items[n].kind not in _OF_ONE), 0)
        both = start > 0 and start == at - 1 and items[start].kind is Kind.AND
        start -= both
        end = at + 1
        while both and end < len(items) and items[end].kind in _OF_ONE:
            if items[end].value in beside.so:
                break
            end += 1
        first, goes = items[start], _where_fetched(items, end, beside)
        if first.kind is not Kind.NAME or first.pupils == item.pupils or goes < 0:
            continue
        between = items[start + 1 : at]
        if any(each.kind is Kind.REASON for each in between):
            made[at] = as_plain(item)
        elif both or _says_what(between):
            made[goes] = items[goes]._replace(value="in_somewhere")
    return made


def _where_fetched(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """Where "so I SENT HIM HOME" stands behind, of nobody by name; or -1."""
    if at >= len(items) or not (items[at].kind in _JOINS or items[at].value in beside.so):
        return -1
    while at < len(items) and items[at].kind in (*_JOINS, *_SMALL, Kind.SPEAKER, Kind.RELATION):
        if items[at].is_hard:
            return -1
        at += 1
    goes = at < len(items) and items[at].kind is Kind.MARK and items[at].value == "left"
    of_him = goes and not (beside.him - beside.them).isdisjoint(items[at].typed.split())
    named = at + 1 < len(items) and items[at + 1].kind is Kind.NAME
    return at if of_him and not named else -1


def _done_by(before: Sequence[Item], beside: Neighbours) -> int:
    """Where the pupil stands who does something to whoever is named next; -1 where none does."""
    start = len(before) - 1
    while start >= 0 and before[start].kind in _BETWEEN:
        start -= 1
    between = before[start + 1 :]
    if between and start > 0 and before[start].is_hard:
        # "Jay's stormed out. HAD WORDS WITH MOHAMED, legged it": Jay.
        start = _only_name_before(before, start)
    if start < 0 or before[start].kind is not Kind.NAME:
        return -1
    sees = any(not beside.sees.isdisjoint(item.typed.split()) for item in between)
    return start if _says_what(between) and not sees else -1


def _only_name_before(before: Sequence[Item], end: int) -> int:
    """Where the one stands of whom alone the sentence before speaks, or -1."""
    start = sentence_start(before, end)
    named = [n for n in range(start, end) if before[n].kind is Kind.NAME]
    return named[0] if len(named) == 1 else -1


def _says_what(between: Sequence[Item]) -> bool:
    """Whether something is said to be done there: "hit", "had a row with"."""
    words = (item for item in between if item.kind in (Kind.ORDINARY, Kind.UNKNOWN))
    return any(item.value != "'s" for item in words) or any(map(is_phrase_of_chat, between))


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
