"""
Found again: what is told of where they were, once it is plain that they are back.

"Kai's back, he was in the queue at the shop", "found Kai asleep in the barn, he's with me now": the
shop and the barn are over. Only what is said of now is read, and only of whoever is looked for.
"""

from collections.abc import Sequence
from typing import NamedTuple

from apbot.reading.items import CHATTER, PRONOUNS, Item, beyond, typed_in, words_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_BETWEEN = (Kind.FILL, Kind.JUST, Kind.NOW, Kind.ONLY, Kind.AND)
_BEHIND = frozenset(
    (
        *(Kind.NOW, Kind.FILL, Kind.PLACE_HERE, Kind.JUST, Kind.TODAY, Kind.EMOJI, Kind.CHAT_YES),
        *CHATTER,
    )
)
_UNSURE = frozenset(
    (
        *(Kind.NOT, Kind.HEDGE, Kind.IF, Kind.REPORTS, Kind.NOT_YET, Kind.EXCEPT, Kind.NO),
        *(Kind.NOBODY, Kind.UNTIL, Kind.FUTURE_DAY, Kind.PAST_DAY, Kind.WEEKDAY, Kind.RELATION),
    )
)
# A clause of these is not only of where they were.
_KEEPS = frozenset(
    (
        *(Kind.NOT, Kind.NAME, Kind.NUMBER, Kind.BUT, Kind.EXCEPT, Kind.REST, Kind.EVERYONE),
        *(Kind.NOBODY, Kind.NOT_YET, Kind.NOW, Kind.IF),
    )
)


_GONE = ("gone", "gone_to", "left")
_SEVERAL = 3


class Clause(NamedTuple):
    """The items of a clause, and the point that ends it, if one does."""

    items: list[Item]
    point: list[Item]


def as_found_again(
    items: Sequence[Item], lost: Sequence[int], beside: Neighbours, *, alone: bool
) -> list[Item]:
    """Return the items without what is told of where they were who are looked for and are back."""
    if not lost:
        return list(items)
    clauses = _clauses(items)
    back = [
        _is_back(each, lost, beside) and not _is_only_told(clauses[n - 1] if n else None, each)
        for n, each in enumerate(clauses)
    ]
    if not any(back) or any(point.value == "?" for each in clauses for point in each.point):
        return list(items)
    if not alone and any(
        is_back and not any(item.pupils for item in clause.items)
        for clause, is_back in zip(clauses, back, strict=True)
    ):
        # "here now", where another is awaited: it may be of either.
        return list(items)
    others = any(item.kind is Kind.NAME and not {*item.pupils} <= {*lost} for item in items)
    last = max(n for n, is_back in enumerate(back) if is_back)
    made: list[Item] = []
    for n, (clause, is_back) in enumerate(zip(clauses, back, strict=True)):
        if is_back:
            made += _named(clause, lost) if alone and not others else clause.items
        elif not _was_before(clause, lost, beside, leads_back=n < last):
            made += clause.items
        elif n < last and not any(item.has_s for item in clause.items):
            # "found Kai asleep in the barn, he's back": it is of Kai.
            made += [item for item in clause.items if item.kind is Kind.NAME]
        if made and made[-1].kind is not Kind.POINT:
            made += clause.point
    return made


def _clauses(items: Sequence[Item]) -> list[Clause]:
    clauses: list[Clause] = []
    cur: list[Item] = []
    for at, item in enumerate(items):
        if item.kind is Kind.POINT:
            clauses.append(Clause(cur, [item]))
            cur = []
            continue
        begun = any(each.kind not in (Kind.AND, Kind.BUT, Kind.FILL) for each in cur)
        if begun and (item.kind in PRONOUNS or _joins(items, at)):
            clauses.append(Clause(cur, []))
            cur = []
        cur.append(item)
    return [*clauses, Clause(cur, [])] if cur else clauses


def _joins(items: Sequence[Item], at: int) -> bool:
    """Whether an "and" or a "but" there leads to something that is said, and to no name."""
    following = items[at + 1].kind if at + 1 < len(items) else Kind.POINT
    return items[at].kind in (Kind.AND, Kind.BUT) and following is not Kind.NAME


def _is_back(clause: Clause, lost: Sequence[int], beside: Neighbours) -> bool:
    """ "Kai's back", "he is here with me now", "both back in the shed": with no doubt."""
    items = [item for item in clause.items if item.kind is not Kind.CORRECTION]
    at = next((n for n, item in enumerate(items) if _says_back(item, beside)), -1)
    if at < 0 and any(item.kind is Kind.NOW for item in items):
        # "he's in the office now".
        rooms = (n for n in range(len(items)) if _is_in_a_room(items[n:], beside))
        at = next(rooms, -1)
    elif at > 0 and typed_in(items) & beside.now_at_last:
        # "he's IN THE GYM with me now".
        at = next((n for n in range(at) if _is_in_a_room(items[n:at], beside)), at)
    if at < 0 or any(item.kind in _UNSURE for item in items) or typed_in(items) & beside.was:
        return False
    who = [item for item in items[:at] if item.kind in (Kind.NAME, Kind.BOTH, *PRONOUNS)]
    named = {n for item in who for n in item.pupils}
    before = [item for item in items[:at] if item not in who and item.value != "'s"]
    if any(item.kind not in _BETWEEN and item.value != "arrived" for item in before):
        return False
    return named <= set(lost) and len(lost) < _SEVERAL and _is_over(items[at + 1 :])


def _is_over(items: Sequence[Item]) -> bool:
    """Whether no more is said than where, and when: "in the office now", "now the monkey"."""
    *first, last = items or [Item(Kind.NOW, "", "")]
    if first and first[-1].kind is Kind.FILL and last.kind in (Kind.ORDINARY, Kind.UNKNOWN):
        first, last = first[:-1], first[-1]
    rooms = (item for item in (*first, last) if item.kind is Kind.MARK)
    return all(item.kind in (*_BEHIND, Kind.MARK) for item in (*first, last)) and all(
        item.value in ("present", "back") for item in rooms
    )


def _is_only_told(before: Clause | None, clause: Clause) -> bool:
    """ "I was told he's back", "apparently, he's back": heard, and not seen."""
    if before is None:
        return False
    if any(item.kind in (Kind.HEDGE, Kind.REPORTS) for item in before.items):
        return True
    joined = before.point or clause.items[0].kind is Kind.AND
    seen = any(item.kind in (Kind.NAME, Kind.MARK) for item in before.items)
    return not (joined or seen)


def _says_back(item: Item, beside: Neighbours) -> bool:
    if item.kind is not Kind.MARK:
        return False
    typed = set(item.typed.split())
    if item.value == "back":
        return not typed & beside.finds
    return item.value == "present" and bool(typed & (beside.with_us | {"here"}))


def _is_in_a_room(items: Sequence[Item], beside: Neighbours) -> bool:
    led = items[0].kind is Kind.MARK and items[0].typed in beside.bare_in
    room = beyond(items[1:], (Kind.FILL,))
    return led and room is not None and room.kind is Kind.PLACE_HERE


def _named(clause: Clause, lost: Sequence[int]) -> list[Item]:
    """The clause, with the one who is looked for in the place of a "he" that nobody else can be."""
    if any(item.kind is Kind.NAME for item in clause.items):
        return clause.items
    he = next((n for n, item in enumerate(clause.items) if item.kind in (Kind.HE, Kind.SHE)), -1)
    before = clause.items[: max(he, 0)] if he >= 0 else []
    text = clause.items[he].text if he >= 0 else ""
    kept = [item for item in before if item.kind is not Kind.AND]
    behind = [item for item in clause.items[he + 1 :] if item.kind is not Kind.AND]
    return [*kept, Item(Kind.NAME, "", text, tuple(lost)), *behind]


def _was_before(
    clause: Clause, lost: Sequence[int], beside: Neighbours, *, leads_back: bool
) -> bool:
    """Whether the clause tells where they were, or who found them, and nothing of now."""
    items = clause.items
    if (
        not items
        or clause.items[0].kind is Kind.BUT
        or not words_in(items).isdisjoint(beside.over_again)
    ):
        return False
    kept = [item for item in items if item.kind in _KEEPS]
    if any(item.kind is not Kind.NAME or not {*item.pupils} <= {*lost} for item in kept):
        return False
    # "they'd gone to the shop" is read as "they would".
    had = any(item.kind is Kind.MARK and item.value in _GONE for item in items)
    said = typed_in(items) | words_in(items)
    # "found Jago, SAT on a wall, he's back"; but not "he's back, sat on a wall".
    was = beside.was_then | (beside.led_back if leads_back else frozenset())
    return bool(said & was) or (had and not said.isdisjoint(beside.bare_would))
