"""
Grouped: several names behind one verb, as one name of them all.

"Taxi just dropped Kai and Ellis off", "Jo's mum came for Jo and Mo", "waiting on Kai and Mo, taxi
is late", "Jo and Mo's dad took them both home": what is done is done to each of them.
"""

from collections.abc import Sequence

from apbot.reading.items import CHATTER, Item
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import last_is

_BEHIND = frozenset(
    (
        *(Kind.POINT, Kind.BUT, Kind.AND, Kind.TIME, Kind.WITH, Kind.NOW, Kind.EMOJI, Kind.JUST),
        *(Kind.PLACE_HERE, Kind.PLACE_AWAY, Kind.FROM, Kind.TODAY, Kind.CORRECTION, *CHATTER),
    )
)
_MOST = 8
_ANDS = frozenset(("&", "+"))
_JOINS = _ANDS | {","}


def as_grouped(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items with the names of whom one thing is done to as one name for them all."""
    made: list[Item] = []
    at = 0
    while at < len(items):
        names = _list(items, at) if items[at].kind is Kind.NAME else []
        end = _behind_list(items, names, at, beside)
        if end <= at + 1:
            made.append(items[at])
            at += 1
            continue
        made.append(_as_one([items[n] for n in names if n < end], items[at:end]))
        at = end
    return _without_both(made, beside)


def _list(items: Sequence[Item], at: int) -> list[int]:
    """Where the names of the list stand that begins here: "Kai, Jo and Mo"."""
    names = [at]
    step = at + 1
    joined = False
    while step < len(items) and len(names) < _MOST:
        if joined and items[step].value == ",":
            # "we've lost Kai and Jo, Mo's back": Mo is of no list of theirs.
            break
        joined = joined or items[step].kind is Kind.AND or items[step].value in _ANDS
        if items[step].kind is Kind.NAME:
            names.append(step)
        elif not _joins_a_name(items, step):
            break
        step += 1
    plain = all(len(items[n].pupils) == 1 and not items[n].has_s for n in names[:-1])
    return names if plain and len(items[names[-1]].pupils) == 1 else []


def _joins_a_name(items: Sequence[Item], at: int) -> bool:
    joins = items[at].kind is Kind.AND or items[at].value in _JOINS
    return joins and at + 1 < len(items) and items[at + 1].kind is Kind.NAME


def _behind_list(items: Sequence[Item], names: list[int], at: int, beside: Neighbours) -> int:
    """Where the list ends of those to whom it is done, or nowhere."""
    if len(names) < 2:
        return at
    last = items[names[-1]]
    behind = items[names[-1] + 1 : names[-1] + 4]
    if last.has_s:
        # "Jo AND MO'S DAD took them both home".
        both = any(item.kind is Kind.BOTH for item in items[names[-1] + 2 : names[-1] + 6])
        family = bool(behind) and behind[0].kind is Kind.RELATION
        return names[-1] + 1 if both and family else at
    if not _is_done_to(items, at, beside):
        return at
    brings = last_is(items[at - 1].typed, beside.brings_here | beside.bringing)
    where = beside.done_where | (beside.brought_where if brings else frozenset())
    if items[at - 1].typed not in beside.where_they_are:
        where -= beside.is_or_are
    ends = not behind or behind[0].kind in _BEHIND or behind[0].typed in where
    return names[-1] + 1 if ends else at


def _is_done_to(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    led = items[at - 1] if at else None
    if led is None:
        return False
    came_for = led.typed in beside.fetches and at > 1 and items[at - 2].kind is Kind.MARK
    return came_for or last_is(led.typed, beside.done_to)


def _as_one(names: Sequence[Item], said: Sequence[Item]) -> Item:
    text = " ".join(item.text for item in said)
    pupils = tuple(n for item in names for n in item.pupils)
    return names[-1]._replace(text=text, pupils=pupils, is_plural=True)


def _without_both(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "took THEM BOTH home": whoever they are, they were said."""
    return [
        item
        for at, item in enumerate(items)
        if item.kind is not Kind.BOTH or not at or items[at - 1].typed not in beside.them
    ]
