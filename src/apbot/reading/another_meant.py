"""
Another meant: whom it is of, where whoever was named first was a slip.

"Ty I meant, not Zac", "Zosia's been picked up. No, I tell a lie, that was Aiden!", "Mo's off. Sorry
I mean Kai", "it's Kai not Mo": what was said is of the other, and nothing is said of the first.
"""

from collections.abc import Sequence

from apbot.reading.items import CHATTER, SAYS, Item, as_plain, sentence_start
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import begins, first_is

_BESIDE = frozenset((Kind.CORRECTION, Kind.POINT, Kind.FILL, Kind.IT, Kind.EMOJI, *CHATTER))
_LEADS_TO = frozenset(
    (
        *(Kind.CORRECTION, Kind.SCRAP, Kind.NOT, Kind.NO, Kind.POINT, Kind.HEDGE),
        *(Kind.IT, Kind.SPEAKER, *CHATTER),
    )
)
_CORRECTS = (Kind.CORRECTION, Kind.SCRAP)
_ENDS_IT = (Kind.POINT, Kind.EMOJI, Kind.BUT, Kind.AND, *CHATTER)
# Who has gone home has gone.
_HERE = "present"
_FAMILIES = (("left", "gone", "gone_to"), (_HERE, "arrived", "back", "in_place"))


def as_meant(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return "Ty I meant, not Zac" as "Ty not Zac", "Zac's in, no that was Ty" as "Ty's in"."""
    swapped = _swapped(items, beside)
    if swapped is not None:
        return swapped
    made = _without_mistaken(_was_another(items, beside), beside)
    return _without_taken_back(made, beside)


def _was_another(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "Zosia's been picked up. No, I tell a lie, THAT WAS AIDEN", "SORRY I MEAN AIDEN": he has."""
    made = list(items)
    at = 0
    while at < len(made):
        start, is_denied = _said_before(made, at, beside)
        name = _only_name(made, start) if start > 0 else None
        end = at + 1 if name is None else _points_back(made, at, name, start, beside)
        if name is None or end < 0 or (name >= 0 and made[name].pupils == made[at].pupils):
            at += 1
            continue
        if name < 0 and is_denied:
            at += 1
            continue
        if name < 0:
            # "Femi and Zac are in. Sorry, that was Ty": which of them is not said.
            made[start : at + 1] = [made[start]._replace(kind=Kind.HEDGE)]
            continue
        other = made[at]._replace(has_s=made[name].has_s)
        denied = [item.kind for item in made[end : end + 2]] == [Kind.NOT, Kind.NAME]
        denied = denied and made[end + 1].pupils == made[name].pupils
        if is_denied and not (denied or _denies(made, start, at, made[name])):
            at += 1
            continue
        end += 2 * int(denied)
        made = [*made[:name], other, *made[name + 1 : start], *made[end:]]
        at = start
    return made


def _said_before(items: Sequence[Item], at: int, beside: Neighbours) -> tuple[int, bool]:
    """
    Where what was said of the wrong one ends, before "no, sorry, that was AIDEN"; or -1.

    And whether only a "not" can tell that it was the wrong one: "it's AIDEN, not Zac".
    """
    name = items[at]
    denied = at > 0 and items[at - 1].kind is Kind.NOT and items[at - 1].typed in beside.bare_not
    if name.kind is not Kind.NAME or len(name.pupils) != 1 or denied:
        return -1, False
    that_was = " ".join(item.value for item in items[max(at - 2, 0) : at])
    stated = that_was.replace(" '", "'") in beside.that_was
    start = at - 2 * int(stated)
    while start > 0 and (items[start - 1].kind in _LEADS_TO or _is_denied(items, start - 1)):
        start -= 1
    if start == at:
        return -1, False
    led = items[start:at]
    corrects = any(item.kind in _CORRECTS for item in _of_this_clause(led))
    # "no, it was Aiden".
    return start, not (
        corrects or (stated and any(first_is(i.typed, beside.no_first) for i in led))
    )


def _of_this_clause(led: Sequence[Item]) -> Sequence[Item]:
    """What leads to the name, past the clause before: "here ALL ALONG, Aiden isn't"."""
    gap = next((n for n, item in enumerate(led) if item.kind is Kind.POINT), -1)
    return led[gap + 1 :] if gap > 0 else led


def _is_denied(items: Sequence[Item], at: int) -> bool:
    """ "not ZAC"."""
    return items[at].kind is Kind.NAME and at > 0 and items[at - 1].kind is Kind.NOT


def _denies(items: Sequence[Item], start: int, at: int, wrong: Item) -> bool:
    """ "NOT ZAC, Aiden"."""
    return any(item.pupils == wrong.pupils for item in items[start:at])


def _points_back(items: Sequence[Item], at: int, name: int, start: int, beside: Neighbours) -> int:
    """Where "AIDEN that went", "AIDEN has" ends, which says no more than was said; or -1."""
    said = {_kind_of(item.value) for item in items[max(name, 0) : start] if item.kind is Kind.MARK}
    if not _is_in_place_of(items, at, start, beside):
        # "my mistake, Zac is off. Sorry, Ty is off": both are.
        said &= {_HERE}
    end = at + 1
    while end < len(items) and (
        (items[end].kind is Kind.FILL and not beside.bare_to & {items[end].typed})
        or (name >= 0 and items[end].kind is Kind.MARK and _kind_of(items[end].value) in said)
    ):
        end += 1
    ends = items[end : end + 2]
    if ends and ends[0].kind is Kind.NOT:
        wrong = ends[-1].pupils if len(ends) > 1 else ()
        return end if wrong and (name < 0 or wrong == items[name].pupils) else -1
    return end if not ends or ends[0].kind in _ENDS_IT else -1


def _is_in_place_of(items: Sequence[Item], at: int, start: int, beside: Neighbours) -> bool:
    """ "NO WAIT, Aiden's gone", "it was Aiden WHO went": he, and not the one before."""
    behind = items[at + 1 : at + 2]
    relative = bool(behind) and begins(behind[0].typed, beside.relatives)
    cue = {word for item in items[start:at] for word in item.typed.split()}
    return relative or not cue.isdisjoint(beside.slips)


def _kind_of(mark: str) -> str:
    return next((family[0] for family in _FAMILIES if mark in family), mark)


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
