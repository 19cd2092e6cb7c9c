"""
Brought back: whoever is looked for, and was brought to us by somebody, is back.

"The police have brought him back", "Dave walked him back in", "he was dropped back by his mum": who
did it is no matter, and that it was done is. "Will bring him back", or back to another place, is
nothing done here.
"""

from collections.abc import Sequence

from apbot.reading.items import PRONOUNS, Item, typed_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_BACK = ("back", "present")
_UNSURE = frozenset(
    (
        *(Kind.NOT, Kind.HEDGE, Kind.IF, Kind.REPORTS, Kind.NOT_YET, Kind.EXCEPT, Kind.NOBODY),
        *(Kind.UNTIL, Kind.FUTURE_DAY, Kind.PAST_DAY, Kind.WEEKDAY, Kind.REASON, Kind.BUT),
    )
)
_WAY = 3
_WHEN = (Kind.TIME, Kind.NOW)


def as_brought_back(
    items: Sequence[Item], lost: Sequence[int], beside: Neighbours, *, alone: bool
) -> list[Item]:
    """Return the items with each bringing back of the one who is looked for as their being back."""
    if len(lost) != 1:
        return list(items)
    made: list[Item] = []
    start = 0
    while start < len(items):
        end = next((n for n in range(start, len(items)) if items[n].kind is Kind.POINT), len(items))
        clause = items[start:end]
        asked = end < len(items) and items[end].value == "?"
        made += (not asked and _as_back(clause, tuple(lost), beside, alone=alone)) or clause
        made += items[end : end + 1]
        start = end + 1
    return made


def _as_back(
    clause: Sequence[Item], lost: tuple[int, ...], beside: Neighbours, *, alone: bool
) -> list[Item] | None:
    """ "POLICE HAVE BROUGHT HIM BACK at ten" as "Femi back at ten"; else None."""
    verb = next((n for n in range(len(clause)) if _brings(clause, n, beside)), -1)
    if verb < 0 or any(item.kind in _UNSURE for item in clause):
        return None
    asks = clause[0].typed in beside.asked_of
    if asks or typed_in(clause[: verb + 1]) & (beside.will | beside.bare_would):
        return None
    named = {n for item in clause for n in item.pupils}
    pronoun = any(item.kind in PRONOUNS or item.typed in beside.him for item in clause)
    pronoun = pronoun or bool({*clause[verb].typed.split()} & beside.him)
    if not (named == {*lost} or (alone and not named and pronoun)):
        return None
    behind = clause[verb + 1 :]
    if behind and (behind[0].kind is Kind.NAME or behind[0].typed in beside.him):
        if behind[0].has_s:
            return None
        behind = behind[1:]
    elif clause[verb].kind is not Kind.MARK and not _is_passive(clause, verb, beside):
        return None
    if clause[verb].kind is Kind.MARK and clause[verb].value != "left":
        back = clause[verb]
    elif behind and behind[0].kind is Kind.MARK and behind[0].value in _BACK:
        back, behind = behind[0], _behind_the_way(behind[1:], beside)
    else:
        return None
    name = Item(Kind.NAME, "", clause[verb].text, lost)
    by = next((n for n, item in enumerate(behind) if item.typed in beside.found_by), len(behind))
    hours = [item for item in behind[by:] if item.kind in _WHEN]
    return [name, Item(Kind.MARK, "back", back.text), *behind[:by], *hours]


def _behind_the_way(items: Sequence[Item], beside: Neighbours) -> Sequence[Item]:
    """ "walked her back UP THE LANE now": behind the way by which they came."""
    words = [item.typed for item in items[:3]]
    is_way = len(words) == _WAY and words[0] in beside.path_back and words[1] in beside.articles
    return items[_WAY:] if is_way and words[2] in beside.paths else items


def _brings(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "BROUGHT", "FETCHED HIM back", or "BROUGHT HIM BACK", which is one mark by now."""
    item = items[at]
    if item.kind is Kind.MARK and item.value == "left":
        back = any(
            each.kind is Kind.MARK and each.value == "back" for each in items[at + 1 : at + 2]
        )
        return back and not beside.fetches_back.isdisjoint(item.typed.split())
    # But not "walked in".
    verb, *behind = item.typed.split() or [""]
    whole = item.kind is not Kind.MARK or not behind or not beside.him.isdisjoint(behind)
    brings = beside.brings_here | beside.fetches_back
    return verb in brings and whole and item.value in ("arrived", item.typed)


def _is_passive(clause: Sequence[Item], verb: int, beside: Neighbours) -> bool:
    """ "was WALKED back by his mum", "femi DROPPED back"; but not "femi walked in by the gate"."""
    been = any(item.typed in beside.before_now for item in clause[:verb])
    return been or clause[verb].typed in beside.brought_by
