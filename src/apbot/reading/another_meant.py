"""
Another meant: whom it is of, where whoever was named first was a slip.

"Ty I meant, not Zac", "Zosia's been picked up. No, I tell a lie, that was Aiden!": what was said is
of the other, and nothing is said of the first.
"""

from collections.abc import Sequence

from apbot.reading.items import CHATTER, SAYS, Item, as_plain, sentence_start
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_BESIDE = frozenset((Kind.CORRECTION, Kind.POINT, Kind.FILL, Kind.IT, Kind.EMOJI, *CHATTER))
_LEADS = frozenset((Kind.CORRECTION, Kind.NOT, Kind.NO, Kind.POINT, Kind.HEDGE, *CHATTER))


def as_meant(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return "Ty I meant, not Zac" as "Ty not Zac", "Zac's in, no that was Ty" as "Ty's in"."""
    swapped = _swapped(items, beside)
    if swapped is not None:
        return swapped
    made = _without_mistaken(_was_another(items, beside), beside)
    return _without_taken_back(made, beside)


def _was_another(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "Zosia's been picked up. No, I tell a lie, THAT WAS AIDEN": Aiden has."""
    made = list(items)
    at = 0
    while at < len(made):
        start = _said_before(made, at, beside)
        name = _only_name(made, start) if start > 0 else None
        if name is None or (name >= 0 and made[name].pupils == made[at].pupils):
            at += 1
            continue
        if name < 0:
            # "Femi and Zac are in. Sorry, that was Ty": which of them is not said.
            made[start : at + 1] = [made[start]._replace(kind=Kind.HEDGE)]
            continue
        other = made[at]._replace(has_s=made[name].has_s)
        end = at + 1
        denied = [item.kind for item in made[end : end + 2]] == [Kind.NOT, Kind.NAME]
        end += 2 * int(denied and made[end + 1].pupils == made[name].pupils)
        made = [*made[:name], other, *made[name + 1 : start], *made[end:]]
        at = start
    return made


def _said_before(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """Where what was said of the wrong one ends, before "no, sorry, that was AIDEN"; or -1."""
    name = items[at]
    if name.kind is not Kind.NAME or name.has_s or len(name.pupils) != 1:
        return -1
    behind = items[at + 1 : at + 2]
    if behind and behind[0].kind not in (Kind.POINT, Kind.NOT, Kind.EMOJI):
        return -1
    that_was = " ".join(item.value for item in items[max(at - 2, 0) : at])
    if that_was.replace(" '", "'") not in beside.that_was:
        return -1
    start = at - 2
    while start > 0 and items[start - 1].kind in _LEADS:
        start -= 1
    corrects = any(item.kind is Kind.CORRECTION for item in items[start:at])
    return start if corrects else -1


def _only_name(items: Sequence[Item], end: int) -> int | None:
    """Where the one stands of whom the sentence before speaks; -1 where it is of several."""
    start = sentence_start(items, end)
    named = [n for n in range(start, end) if items[n].kind is Kind.NAME]
    said = any(item.kind in SAYS for item in items[start:end])
    if not (said and named):
        return None
    return named[0] if len(named) == 1 else -1


def _swapped(items: Sequence[Item], beside: Neighbours) -> list[Item] | None:
    """Whom it is of, then whom not; None where the message says anything more."""
    named = [n for n, item in enumerate(items) if item.kind is Kind.NAME]
    denied = [n for n, item in enumerate(items) if item.kind is Kind.NOT]
    corrects = any(item.kind is Kind.CORRECTION for item in items)
    rest = [item for item in items if item.kind not in (Kind.NAME, Kind.NOT)]
    if len(named) != 2 or len(denied) != 1 or any(item.kind not in _BESIDE for item in rest):
        return None
    wrong = next((n for n in named if n > denied[0]), -1)
    right = next((n for n in named if n != wrong), -1)
    beside_it = wrong >= 0 and all(item.kind is Kind.FILL for item in items[denied[0] + 1 : wrong])
    if not (corrects and beside_it) or items[denied[0]].value not in beside.bare_not:
        return None
    led = [item for item in items if item.kind is Kind.CORRECTION]
    return [*led, items[right], items[denied[0]], items[wrong]]


def _without_mistaken(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "that's not Zoe in the red hat. Zoe's not turned up": who it was not, and then of her."""
    clauses: list[list[Item]] = [[]]
    for item in items:
        clauses[-1].append(item)
        if item.kind is Kind.POINT:
            clauses.append([])
    named = [{n for item in each for n in item.pupils} for each in clauses]
    made: list[Item] = []
    mistaken: Item | None = None
    for at, clause in enumerate(clauses):
        if mistaken is not None and clause and clause[0].kind in (Kind.HE, Kind.SHE):
            # "that wasn't Mo I saw, HE'S not here yet": it is of Mo.
            clause = [mistaken, *clause[1:]]
        mistaken = None
        opened = " ".join(item.typed for item in clause[:2])
        that = any(opened.startswith(words) for words in beside.that_was)
        led = next((n for n, item in enumerate(clause) if item.kind is Kind.NAME), 0)
        denied = led > 0 and clause[led - 1].kind is Kind.NOT
        if that and denied and any(named[at] & other for other in named[at + 1 :]):
            continue
        following = clauses[at + 1][:1] if at + 1 < len(clauses) else []
        if that and denied and following and following[0].kind in (Kind.HE, Kind.SHE):
            mistaken = clause[led]
            continue
        made += clause
    return made


def _without_taken_back(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "Aiden's here, OH NO WAIT he's got CAMHS": the first is taken back, and the second is so."""
    at = next((n for n, item in enumerate(items) if item.typed in beside.takes_back), -1)
    behind = [item for item in items[at + 1 : at + 5] if item.value != "'s"]
    if at <= 0 or not behind:
        return list(items)
    he = behind[0].kind in (Kind.HE, Kind.SHE)
    anew = he and any(item.kind in (Kind.REASON, Kind.NOT) for item in items[at + 1 :])
    # "Femi's here, oh no wait that's Jade"; but not "oh no Jade's been sick".
    that = behind[0].kind in (Kind.FILL, Kind.IT)
    other = next((item for item in behind if item.kind not in (Kind.FILL, Kind.IT)), behind[0])
    if not (anew or (that and other.kind is Kind.NAME)):
        return list(items)
    start = next((n for n in range(at - 2, -1, -1) if items[n].kind is Kind.POINT), -1) + 1
    named = [item for item in items[start:at] if item.kind is Kind.NAME]
    if len(named) != 1:
        return list(items)
    return [
        as_plain(item) if start <= n < at and item.kind in (Kind.MARK, Kind.TOO) else item
        for n, item in enumerate(items)
    ]
