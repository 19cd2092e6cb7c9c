"""
Otherwise: a second look at whoever is named beside words that say that they are not in.

It looks at the tagged pieces alone and knows nothing of statements, so that a mistake in those
never lets "all in" or "the rest" mark somebody present beside whom "can't find" or "off" stands.
"""

from collections.abc import Mapping, Sequence

from apbot.domain.words import Half
from apbot.reading.governing import sought_by
from apbot.reading.items import CHATTER, PRONOUNS, SUBJECTS, Item, beyond, typed_in, words_in
from apbot.reading.lexicon import Kind
from apbot.reading.lookalikes import goes_and_does
from apbot.reading.names import Fit
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import first_is

_AWAY = ("absent", "awaited", "late", "unaccounted", "left", "gone")
_SAYS_SO = (Kind.REASON, Kind.ON_THE_WAY, Kind.NOT_YET)
_DENIES = (Kind.NOT, Kind.NO, Kind.HEDGE)
# What stands between a name and what is said of it.
_SMALL = frozenset(
    (
        *(*PRONOUNS, *CHATTER, Kind.FILL, Kind.AND, Kind.BUT, Kind.ONLY, Kind.YET, Kind.NOW),
        *(Kind.TOO, Kind.TODAY, Kind.EMOJI, Kind.SPEAKER, Kind.TIME),
    )
)
_WORDS = (Kind.ORDINARY, Kind.UNKNOWN)
_MOST_WORDS = 2
_LISTS = (",", "&", "+", "/")


def said_otherwise(items: Sequence[Item], half: Half, beside: Neighbours) -> frozenset[int]:
    """Return the pupils who are named beside a word that says that they may not be in."""
    found: set[int] = set()
    other_time = _of_another_time(items, half)
    behind: dict[int, bool] = {}
    # From the last to the first: of a list, what is said of the last is said of all.
    for at in range(len(items) - 1, -1, -1):
        if items[at].kind is not Kind.NAME:
            continue
        behind[at] = _says_so_behind(items, at, behind, beside)
        led_by_if = at > 0 and items[at - 1].kind is Kind.IF
        if at in other_time or led_by_if or _is_of_staff(items, at):
            continue
        if behind[at] or _says_so_before(items, at, beside):
            found.update(items[at].pupils)
    for first, joint, second in zip(items, items[1:], items[2:], strict=False):
        # "haven't seen femi and chloe": what is said before the first of a list is of the second.
        listed = joint.kind is Kind.AND or joint.value in _LISTS
        if first.kind is Kind.NAME and second.kind is Kind.NAME and listed:
            found.update(second.pupils if found.issuperset(first.pupils) else ())
    return frozenset(found)


def told_apart(items: Sequence[Item]) -> frozenset[int]:
    """ "all in but femi back in tomorrow": whoever is set against all of them, whatever is said."""
    return frozenset(
        n for at, item in enumerate(items) if _is_but_for(items, at) for n in item.pupils
    )


def _is_but_for(items: Sequence[Item], at: int) -> bool:
    if (
        items[at].kind is not Kind.NAME
        or at < 2
        or items[at - 1].kind is not Kind.BUT
        or items[at].has_s
    ):
        return False
    led = items[at - 3 : at - 1]
    return any(item.kind in (Kind.EVERYONE, Kind.EVERYONE_IN) for item in led)


def _is_in_a_place(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "in hospital", "in the nick", "at his nan's": in somewhere, and nowhere of ours."""
    if items[at].kind is Kind.FILL and items[at].value in beside.at_somebodys:
        owned = beyond(items[at + 1 : at + 3], (Kind.FILL,))
        return owned is not None and owned.kind in (Kind.RELATION, Kind.PLACE_AWAY)
    if items[at].kind is not Kind.MARK or items[at].typed not in beside.bare_in:
        return False
    where = beyond(items[at + 1 :], (Kind.FILL,))
    return where is not None and where.kind in (Kind.REASON, Kind.PLACE_AWAY, Kind.UNKNOWN)


def _of_another_time(items: Sequence[Item], half: Half) -> set[int]:
    """Return where a sentence is of "yesterday", or of "this morning" in the afternoon."""
    days = (
        Kind.PAST_DAY,
        Kind.FUTURE_DAY,
        Kind.MORNING if half is Half.PM else Kind.AFTERNOON,
    )
    found: set[int] = set()
    start = 0
    for at in range(len(items) + 1):
        if at == len(items) or items[at].is_hard:
            if any(item.kind in days for item in items[start:at]):
                found.update(range(start, at))
            start = at + 1
    return found


def _is_of_staff(items: Sequence[Item], at: int) -> bool:
    """ "our tutor Mark is off": nobody of the roster, if the name fits nobody well."""
    led = items[at - 1] if at else None
    return led is not None and led.kind is Kind.STAFF and items[at].fit > Fit.EXACT


def _says_so_behind(
    items: Sequence[Item], at: int, behind: Mapping[int, bool], beside: Neighbours
) -> bool:
    words = 0
    if _is_of_whom_family_rings(items, at, beside):
        return True
    if items[at].has_s and at + 1 < len(items) and items[at + 1].kind in _WORDS:
        # "jamie's new trim is sick": of a thing of theirs.
        return False
    for step, item in enumerate(items[at + 1 :], at + 1):
        if item.kind in _DENIES and not words:
            return _denies_being_in(items[step:], beside)
        rings = item.kind is Kind.REPORTS and item.value in beside.rings
        if item.value == "refusing" and _refuses_a_thing(items[step + 1 :], beside):
            return False
        if _is_away(items, step, beside) or item.kind in _SAYS_SO or (rings and not words):
            # Somebody who rings or texts is not here.
            return True
        if _is_in_a_place(items, step, beside):
            return True
        words += item.kind in _WORDS and item.value not in beside.own_s
        small = item.kind in _SMALL or item.kind in _WORDS
        if item.is_hard or words > _MOST_WORDS or not (small or item.kind is Kind.POINT):
            return behind.get(step, False) and _is_listed(items, at, step)
    return False


def _is_of_whom_family_rings(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "femi's mum rang, she's poorly": it may well be of him that she rang."""
    if not items[at].has_s or at + 1 >= len(items) or items[at + 1].kind is not Kind.RELATION:
        return False
    told = [item for item in items[at + 2 : at + 5] if item.kind is Kind.REPORTS]
    if not any(item.value in beside.rings for item in told):
        return False
    behind = items[at + 2 : next((n for n in range(at, len(items)) if items[n].is_hard), None)]
    return any(item.kind in _SAYS_SO for item in behind)


def _refuses_a_thing(items: Sequence[Item], beside: Neighbours) -> bool:
    """ "refused to put his headguard on": here, and unwilling."""
    return words_in(items[:1]) <= beside.bare_to and bool(words_in(items[1:2]) & beside.done_here)


def _denies_being_in(items: Sequence[Item], beside: Neighbours) -> bool:
    """ "isn't", "isn't in", "hasn't materialised"; but not "isn't breathing right"."""
    past = (Kind.FILL, Kind.TOO, Kind.YET, Kind.TODAY, *PRONOUNS)
    following = beyond(items[1:], past)
    if following is None or following.kind in (*SUBJECTS, Kind.POINT, Kind.UNKNOWN, Kind.BUT):
        return True
    says = following.kind in (Kind.MARK, Kind.ON_THE_WAY, Kind.NOT_YET, *_DENIES)
    return says or following.value in beside.joins


def _is_listed(items: Sequence[Item], at: int, step: int) -> bool:
    """ "femi and chloe off": what is said of the last is said of both."""
    joined = (Kind.AND, Kind.POINT)
    return all(item.kind in joined and item.value != "." for item in items[at + 1 : step])


def _says_so_before(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "can't find femi", "no femi", "missing: femi"."""
    for step in range(at - 1, max(at - 5, -1), -1):
        item = items[step]
        if item.kind in _DENIES or item.kind is Kind.EXCEPT:
            return True
        if _is_away(items, step, beside) or item.kind is Kind.NOT_YET:
            return not _is_of_another(items, step)
        if item.kind in _WORDS and item.value in beside.joins:
            # "where is femi", "anyone seen femi".
            return True
        if item.kind in (Kind.FILL, Kind.ONLY) or item.value == ":":
            continue
        if item.value not in beside.own_s:
            return False
    return False


def _is_of_another(items: Sequence[Item], at: int) -> bool:
    """ "chloe off femi in": the "off" is of whoever stands before it, with no pause between."""
    for item in reversed(items[max(at - 3, 0) : at]):
        if item.kind in (Kind.POINT, Kind.AND, Kind.BUT):
            return False
        if item.kind in SUBJECTS:
            return True
    return False


def _is_of_a_thing(item: Item, following: Item, beside: Neighbours) -> bool:
    """ "has gone blue", "his late nan", "left her coat"."""
    if item.value == "gone" and following.value in beside.states:
        return True
    if item.typed in beside.bare_off and following.value in beside.bare_the:
        # "off the scale".
        return True
    if item.typed in beside.bare_left:
        return following.value in beside.owners and following.value not in beside.bare_the
    return item.typed in beside.bare_late and following.kind is Kind.RELATION


def _is_at_work(items: Sequence[Item], beside: Neighbours) -> bool:
    """ "out on the big tractor", "off looking at the van": something that they do here."""
    thing = beyond(items[1:], (Kind.FILL,))
    return items[0].value in beside.out_doing and thing is not None and thing.kind in _WORDS


def _is_away(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    item = items[at]
    if item.kind is Kind.ONLY and sought_by(item, beside):
        return True
    if item.kind is not Kind.MARK or item.value not in _AWAY:
        return False
    before = items[at - 1] if at else None
    following = items[at + 1] if at + 1 < len(items) else None
    if item.typed in beside.has_gone and goes_and_does(items[at + 1 : at + 4], beside):
        return False
    if following is not None and _is_of_a_thing(item, following, beside):
        return False
    if (
        first_is(item.typed, beside.bare_on)
        and typed_in(items[max(at - 5, 0) : at]) & beside.mislaid
    ):
        # "left his coat on the bus".
        return False
    if (
        item.typed in beside.off_or_out
        and following is not None
        and _is_at_work(items[at + 1 :], beside)
    ):
        return False
    if (
        item.typed in beside.bare_off
        and words_in(items[max(at - 4, 0) : at]) & beside.done_with_off
    ):
        return False
    loose = before is not None and (before.kind in _WORDS or before.value in beside.objects)
    # "dropped off", "locks him out": of another verb.
    return not (
        loose
        and item.typed in beside.loose
        and before is not None
        and before.value not in beside.own_s
    )
