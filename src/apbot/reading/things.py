"""
Things: what is said of a dog, the lunch or whoever writes, and so of no pupil.

"Femi's off. Signal is rubbish in here": the "here" is where the signal is. What stands in a
sentence of its own with a thing for its subject sets no mark of whoever was named before it.
"""

from collections.abc import Sequence

from apbot.reading.items import (
    GROUPS,
    NAMED,
    PRONOUNS,
    SAYS,
    Item,
    as_plain,
    is_small,
    words_in,
)
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import last_is

_PUPILS = frozenset((*NAMED, *GROUPS, *PRONOUNS, Kind.BOTH, Kind.SUBGROUP, Kind.EXCEPT))
_TELLS = frozenset((*SAYS, Kind.TIME, Kind.NOT)) - {Kind.CODE}
_LEADS = (Kind.AND, Kind.BUT, Kind.FILL)
_NOUNS = (Kind.ORDINARY, Kind.PLACE_AWAY)
_MOST = 3


def as_things(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items without the marks and hours that are said of a thing."""
    made: list[Item] = []
    clause: list[Item] = []
    for item in items:
        if item.kind is Kind.POINT:
            made += [*_without_things(clause, beside, first=not made), item]
            clause = []
        else:
            clause.append(item)
    return [*made, *_without_things(clause, beside, first=not made)]


def _without_things(clause: list[Item], beside: Neighbours, *, first: bool) -> list[Item]:
    if _is_what_time(clause, beside):
        return [as_plain(item) if item.kind is Kind.MARK else item for item in clause]
    if any(item.kind in _PUPILS for item in clause):
        return _without_own_things(clause, beside)
    said = [item.kind for item in clause]
    told = any(kind in SAYS for kind in said)
    of_thing = _is_of_thing(clause, beside) or _is_of_writer(clause, beside)
    of_thing = of_thing or _is_of_another(clause, beside)
    hour = not first and not told and Kind.TIME in said and _is_of_a_matter(clause, beside)
    if of_thing or hour:
        return [as_plain(item) if item.kind in _TELLS else item for item in clause]
    return [
        as_plain(item) if item.kind is Kind.MARK and _is_by_the_way(clause, at, beside) else item
        for at, item in enumerate(clause)
    ]


def _is_what_time(clause: Sequence[Item], beside: Neighbours) -> bool:
    """ "what time is Mo picked up": asked, with or without its mark."""
    words = " ".join(item.typed for item in clause[:2]).split()
    return " ".join(words[:2]) in beside.asks_what_time


def _without_own_things(clause: list[Item], beside: Neighbours) -> list[Item]:
    """ "can't find Mo's form", "no sign of Mo's coat": it is the form that is lost."""
    made = [
        as_plain(item) if _is_her_thing(clause, at, beside) else item
        for at, item in enumerate(clause)
    ]
    for at, item in enumerate(clause[1:], 1):
        led = clause[at - 1]
        nouns = (*_NOUNS, Kind.CHAT)
        near = (each for each in clause[at + 1 : at + 4] if each.kind in nouns)
        behind = [last for each in near for last in each.typed.split()[-1:]]
        owns = item.kind is Kind.NAME and item.has_s and not beside.things.isdisjoint(behind)
        if owns and led.kind in (Kind.MARK, Kind.NOT_YET):
            made[at - 1] = as_plain(led)
    return made


def _is_her_thing(clause: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "Chloe has LOST HER gloves", "Chloe CAN'T FIND HER phone": what she lost, and not she."""
    item = clause[at]
    lost = item.kind is Kind.MARK and item.value == "unaccounted"
    if not lost or not last_is(item.typed, beside.theirs) or at + 1 >= len(clause):
        return False
    thing = clause[at + 1].kind in (Kind.ORDINARY, Kind.UNKNOWN)
    led = next((each for each in reversed(clause[:at]) if not is_small(each)), None)
    return thing and led is not None and led.kind is Kind.NAME


def _is_of_thing(clause: Sequence[Item], beside: Neighbours) -> bool:
    """ "the dog has gone missing", "lunch is late": a thing, and then what it is or did."""
    at = 0
    while at < len(clause) and clause[at].kind in _LEADS:
        at += 1
    owned = at > 0 and clause[at - 1].typed in beside.articles
    start = at
    while at < len(clause) and at - start < _MOST and _is_noun(clause[at], beside):
        at += 1
    if at == start or at >= len(clause) or clause[at - 1].typed in beside.no_thing:
        return False
    known = clause[at - 1].typed in beside.things
    following = clause[at]
    verb = following.value in beside.is_or_are | beside.verbs_of_being | beside.will
    does = following.kind is Kind.MARK and (known or owned)
    return (known or owned) and (verb or does)


def _is_noun(item: Item, beside: Neighbours) -> bool:
    person = item.typed in beside.one_of_two | beside.other_one or item.value in beside.ordinals
    animal = item.typed in beside.animals
    verb = item.value in beside.is_or_are | beside.verbs_of_being
    return animal or (item.kind is Kind.ORDINARY and not person and not verb)


def _is_of_writer(clause: Sequence[Item], beside: Neighbours) -> bool:
    """ "I'm in late today", "just got here myself": of whoever writes."""
    if any(item.typed in beside.myself for item in clause):
        return True
    led = next((item for item in clause if item.kind not in _LEADS), None)
    return led is not None and led.kind is Kind.SPEAKER and led.value in beside.who_writes_is


def _is_of_another(clause: Sequence[Item], beside: Neighbours) -> bool:
    """ "that was the work experience lad I counted": somebody else was."""
    opened = " ".join(item.typed for item in clause[:2])
    that = any(opened.startswith(words) for words in beside.that_was)
    return that and any(item.typed in beside.saw_another for item in clause)


def _is_of_a_matter(clause: Sequence[Item], beside: Neighbours) -> bool:
    """ "inspection at 10", "see you at 3": the hour of something else."""
    if not words_in(clause).isdisjoint(beside.was_then):
        return False
    return any(item.typed in beside.things or item.typed in beside.meets_then for item in clause)


def _is_by_the_way(clause: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "not long till lunch", "her dad is COMING to see me"."""
    following = clause[at + 1] if at + 1 < len(clause) else None
    if following is None or clause[at].value != "awaited":
        return False
    if following.kind is Kind.UNTIL:
        return any(item.typed in beside.things for item in clause[at + 1 :])
    relation = any(item.kind in (Kind.RELATION, Kind.STAFF) for item in clause[:at])
    to_do = following.typed in beside.bare_to and at + 2 < len(clause)
    return relation and to_do and clause[at + 2].typed in beside.visits
