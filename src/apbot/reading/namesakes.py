"""
Namesakes: somebody with a pupil's first name who is not the pupil.

"Mark (the instructor)" is one of the staff, and "Jack Tanner", where only a Jack Bello is on the
roster, is nobody of it: what is said of him is asked about, and never put down to the other Jack.
"""

from collections.abc import Mapping, Sequence

from rapidfuzz.distance import OSA

from apbot.domain.readings import RosterPupil
from apbot.reading.items import SAYS, Item
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import ends_as

_SAID = frozenset((*SAYS, Kind.NOT, Kind.POINT, Kind.AND, Kind.BUT, Kind.TOO))
# A shorter word is a slip more often than a surname.
_SHORTEST = 4
_TWO = 2
# So alike, it is the pupil's own surname with a slip.
_ALIKE = 0.5


def without_namesakes(items: list[Item], beside: Neighbours) -> list[Item]:
    """Return the items with "Mark (the instructor)", "Dawn from your office" as staff."""
    return [
        item._replace(kind=Kind.STAFF)
        if item.kind is Kind.NAME and _is_of_staff(items[at + 1 : at + 5], beside)
        else item
        for at, item in enumerate(items)
    ]


def without_those_named(items: Sequence[Item], roster: Sequence[RosterPupil]) -> list[Item]:
    """
    Return "Mo and MOHAMMED are in" with Mohamed alone: Mo is the other, who is named as Mo.

    Only where the word is all but one's own first name, and the other was named by another word.
    """
    firsts = {pupil.number: pupil.name.lower().split()[0] for pupil in roster}
    alone = {(item.pupils[0], item.typed) for item in items if len(item.pupils) == 1}
    made: list[Item] = []
    for item in items:
        if item.kind is Kind.NAME and len(item.pupils) == _TWO and not item.is_plural:
            named = {n for n, typed in alone if typed != item.typed}
            left = [n for n in item.pupils if n not in named]
            near = [n for n in left if OSA.distance(item.typed, firsts[n]) <= 1]
            if len(left) == 1 and near and firsts[left[0]] not in _others(firsts, left[0]):
                item = item._replace(pupils=(left[0],))
        made.append(item)
    return made


def _others(firsts: Mapping[int, str], number: int) -> set[str]:
    return {first for n, first in firsts.items() if n != number}


def _is_of_staff(behind: Sequence[Item], beside: Neighbours) -> bool:
    if len(behind) > 1 and behind[0].kind is Kind.FROM and behind[1].value in beside.your:
        return True
    if not behind or behind[0].value not in ("(", ","):
        return False
    article = len(behind) > 1 and behind[1].value in beside.owners | beside.your
    who = behind[1 + article : 3 + article]
    closes = ")" if behind[0].value == "(" else ","
    told = article or closes == ")"
    return told and len(who) == 2 and who[0].kind is Kind.STAFF and who[1].value == closes


def with_unknown_surnames(
    items: Sequence[Item], roster: Sequence[RosterPupil], beside: Neighbours
) -> list[Item]:
    """Return the items with "Jack TANNER", whose surname no pupil has, as somebody unknown."""
    names = {pupil.number: pupil.name.lower().split()[1:] for pupil in roster}
    made: list[Item] = []
    for at, item in enumerate(items):
        followed = (
            at + 1 >= len(items)
            or items[at + 1].kind in _SAID
            or items[at + 1].value in beside.is_or_are
        )
        if made and followed and _is_nobodys_surname(made[-1], item, names, beside):
            text = f"{made.pop().text} {item.text}"
            item = item._replace(value=text.lower(), text=text)
        made.append(item)
    return made


def _is_nobodys_surname(
    first: Item, last: Item, names: Mapping[int, Sequence[str]], beside: Neighbours
) -> bool:
    if first.kind is not Kind.NAME or len(first.pupils) != 1 or last.kind is not Kind.UNKNOWN:
        return False
    if first.has_s or " " in first.text or first.n:
        return False
    word = last.typed.removesuffix("'s")
    if len(word) < _SHORTEST or not word.isalpha() or word in beside.did:
        return False
    if ends_as(word, beside.done_ends) or ends_as(word, beside.doing_ends):
        # "Femi dawdled off".
        return False
    own = names[first.pupils[0]]
    return bool(own) and all(OSA.normalized_similarity(word, each) < _ALIKE for each in own)
