"""
Trailing: a name put behind what was said of the others.

"Aiden and Femi are here and Chloe": so is Chloe. Only where the sentence ends with the name, and no
word for another mark follows.
"""

from collections.abc import Sequence

from apbot.reading.items import SAYS, Item
from apbot.reading.lexicon import Kind

_TOLD = frozenset((Kind.MARK, Kind.REASON, Kind.LUNCH, Kind.TODAY, Kind.NOW))
_PART = frozenset((Kind.NAME, Kind.FILL, Kind.AND, Kind.BOTH, *_TOLD))
_BEHIND = frozenset((*SAYS, Kind.NOT, Kind.EXCEPT, Kind.HEDGE, Kind.HE, Kind.SHE, Kind.THEY))


def with_trailing(items: Sequence[Item]) -> list[Item]:
    """Return the items with a "so is" before a name that trails behind a mark."""
    made: list[Item] = []
    start = 0
    for at, item in enumerate(items):
        if made and made[-1].kind is Kind.POINT:
            start = len(made)
        if item.kind is Kind.AND and _is_trailing(items, at) and _is_told(made[start:]):
            made.append(Item(Kind.SAME, item.value, item.text))
        else:
            made.append(item)
    return made


def _is_told(said: Sequence[Item]) -> bool:
    """Whether the sentence so far says one thing, plainly, of those it names."""
    marks = [item for item in said if item.kind is Kind.MARK]
    plain = all(item.kind in _PART for item in said) and len(marks) == 1
    return plain and said[0].kind is Kind.NAME and said[-1].kind in _TOLD


def _is_trailing(items: Sequence[Item], at: int) -> bool:
    """ "... AND CHLOE." with nothing more of her."""
    if at + 1 >= len(items) or items[at + 1].kind is not Kind.NAME or items[at + 1].has_s:
        return False
    behind = items[at + 2 : at + 4]
    if not behind:
        return True
    return (
        behind[0].is_hard
        and behind[0].value != "?"
        and all(item.kind not in _BEHIND for item in behind[1:])
    )
