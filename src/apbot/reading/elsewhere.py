"""
Elsewhere: of one who is not here, a place that may be no place of ours.

"Femi's been found in hospital", "he's back at his nan's now", "arrived at the station": whoever is
looked for, awaited or absent is here only where no place is said, or one of ours. What may be
another is asked.
"""

from collections.abc import Sequence
from itertools import takewhile

from apbot.reading.items import PRONOUNS, Item, beyond, typed_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import first_is

_ENDS = frozenset((Kind.POINT, Kind.AND, Kind.BUT, *PRONOUNS))
_HERE = ("present", "arrived", "back")
_AWAY = (Kind.RELATION, Kind.PLACE_AWAY)
_BRINGERS = (Kind.RELATION, Kind.STAFF, Kind.VEHICLE)
_SMALL = (Kind.FILL, Kind.NOW, Kind.JUST, Kind.CHAT)
_COMPANY = (Kind.SPEAKER, Kind.NAME, Kind.STAFF, Kind.REST, Kind.EVERYONE, Kind.BOTH)
_WHERE = (
    *(*_SMALL, *_COMPANY, *_AWAY, Kind.ORDINARY, Kind.UNKNOWN, Kind.PLACE_HERE, Kind.REASON),
    *(Kind.VEHICLE, Kind.NUMBER, Kind.TOO),
)


def as_elsewhere(items: Sequence[Item], away: Sequence[int], beside: Neighbours) -> list[Item]:
    """Return the items with each "back" of those away that may be at another place as unsure."""
    if not away:
        return list(items)
    made = list(items)
    backs = [n for n, item in enumerate(items) if item.kind is Kind.MARK and item.value == "back"]
    # Where they are back at last, in a clause of its own, what was told before is over.
    plain = bool(backs) and not _leads_elsewhere(items, backs[-1], beside)
    for at, item in enumerate(items):
        if item.kind is not Kind.MARK or item.value not in _HERE:
            continue
        before = _clause_before(items, at)
        named = {n for each in before for n in each.pupils}
        ends = plain and any(each.kind in _ENDS for each in items[at + 1 : backs[-1]])
        was_back = bool(backs) and backs[0] < at
        if (named and not named & {*away}) or _is_over(
            item, before, beside, ends=ends, was_back=was_back
        ):
            continue
        if _leads_elsewhere(items, at, beside):
            made[at] = item._replace(value="in_somewhere")
    return made


def _is_over(
    item: Item, before: Sequence[Item], beside: Neighbours, *, ends: bool, was_back: bool
) -> bool:
    """ "they're back, WERE in the shop", "found in the library and she's back with us"."""
    typed = typed_in(before)
    if was_back and item.value == "present" and typed & beside.before_now:
        return True
    return ends and (
        item.value == "back" or not typed.isdisjoint(beside.before_now | beside.led_back)
    )


def _clause_before(items: Sequence[Item], at: int) -> Sequence[Item]:
    start = at
    while start and items[start - 1].kind is not Kind.POINT:
        start -= 1
    return items[start:at]


def _leads_elsewhere(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """Whether a place is said with the mark, and it may be another than ours."""
    found, before = items[at], _clause_before(items, at)
    end = next((n for n in range(at + 1, len(items)) if _ends_before(items, n, beside)), len(items))
    clause = items[at:end]
    if any(item.typed in beside.brings for item in before[-1:]) or _is_with_us(clause, beside):
        return False
    clause = _without_bringer(clause, beside)
    if found.typed in beside.just_now and _is_said_elsewhere(before, found, beside, came=False):
        # "he's at the station just now".
        return True
    is_now = first_is(found.typed, beside.now_at_last) or found.typed in beside.just_now
    came = found.value == "arrived" and not is_now
    came = came or any(item.kind is Kind.MARK and item.value == "arrived" for item in before)
    behind = beyond(clause[1:], (Kind.NOW, Kind.JUST))
    home = found.value == "back" and behind is not None and behind.kind is Kind.PLACE_AWAY
    return home or _is_said_elsewhere(clause, found, beside, came=came)


def _without_bringer(clause: Sequence[Item], beside: Neighbours) -> Sequence[Item]:
    """ "Thea has just been dropped off BY HER MUM": who brought her, and no place."""
    by = [item.typed for item in clause[1:2]]
    if clause[0].value != "arrived" or not beside.found_by.issuperset(by) or not by:
        return clause
    whom = next((n for n in range(2, len(clause)) if clause[n].kind is not Kind.FILL), len(clause))
    if whom < len(clause) and clause[whom].kind in _BRINGERS and not clause[whom].has_s:
        return [clause[0], *clause[whom + 1 :]]
    return clause


def _ends_before(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """Whether something else is said from here on: "mo's here KAI's at the dentist"."""
    if items[at].kind is not Kind.NAME:
        return items[at].kind in _ENDS
    led = items[at - 1].typed.split()[-1:]
    in_company = items[at - 1].kind is Kind.WITH or not beside.says_where.isdisjoint(led)
    return not in_company


def _is_with_us(clause: Sequence[Item], beside: Neighbours) -> bool:
    """ "sat in the cab WITH ME": wherever that is."""
    return any(
        item.kind is Kind.MARK
        and item.value == "present"
        and not beside.with_us.isdisjoint(item.typed.split())
        for item in clause
    )


def _is_said_elsewhere(
    clause: Sequence[Item], found: Item, beside: Neighbours, *, came: bool
) -> bool:
    for step, item in enumerate(clause):
        words = item.typed.split() or [""]
        first, last = words[0], words[-1]
        if step and (last in beside.after_that or item.kind is Kind.FROM):
            # "back from the shop", "here after a walk to town".
            return False
        if last in beside.says_where:
            where = list(takewhile(lambda each: each.kind in _WHERE, clause[step + 1 :]))
            # "turned UP soaked" leads to no place of its own, as "BY the canal" does.
            sure = step == 0 or last not in beside.beside_a_place
            if _is_away(where, last, found, beside, came=came, sure=sure):
                return True
        if item.kind in (Kind.REASON, Kind.MARK) and item is not found:
            rides = item.typed in beside.riding and came
            if first in beside.says_where and item.value not in _HERE and not rides:
                # "turned up AT HIS SCHOOL", "has arrived AT THE STATION".
                return True
    return False


def _is_away(
    where: Sequence[Item], lead: str, found: Item, beside: Neighbours, *, came: bool, sure: bool
) -> bool:
    """Whether it may be elsewhere: "at HIS NAN'S", "with THE POLICE", "by THE CANAL"."""
    owned = bool(where) and where[0].typed in beside.theirs
    of = next((n for n, item in enumerate(where) if item.typed in beside.bare_of), -1)
    place = beyond(where[of + 1 :], _SMALL)
    if place is None:
        # "back indoors at his"; but not "stood here with his gloves on".
        return owned and lead not in beside.company
    if place.kind in _COMPANY or place.typed in beside.with_us:
        return place.has_s
    away = beside.off_site | beside.not_only_ours
    if lead in beside.company:
        who = place.kind in _AWAY or _is_one_of(place, beside.police | beside.off_site)
        return who and not came
    by_us = found.typed in beside.finds
    if any(item.kind is Kind.VEHICLE for item in where):
        # "back in someone's car"; "found him asleep in the van".
        theirs = any(_is_one_of(item, beside.some_stranger) for item in where)
        return theirs or not (came or by_us)
    if owned and place.typed in beside.work_places:
        return False
    if found.value == "present" and place.kind is Kind.PLACE_AWAY:
        # "in bed" is told of for itself.
        return False
    if place.kind in _AWAY or any(_is_one_of(item, away) for item in where):
        # "at the SKATE PARK".
        return True
    if place.kind is Kind.REASON:
        return place.typed in beside.places_of_reasons
    told = not sure or not (by_us or beside.finds.isdisjoint(found.typed.split()))
    # "been found on the canal path"; "found him behind the bins": he is with whoever writes.
    # "in the HAY BARN": a room of ours, whatever stands before it.
    ours = any(item.kind is Kind.PLACE_HERE for item in where)
    return told and not (by_us or ours) and place.kind in (Kind.ORDINARY, Kind.UNKNOWN)


def _is_one_of(item: Item, words: frozenset[str]) -> bool:
    return not words.isdisjoint(item.typed.replace("'s", "").split())
