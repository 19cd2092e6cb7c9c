"""
Found again: what is told of where they were, once it is plain that they are back.

"Kai's back, he was in the queue at the shop", "found Kai asleep in the barn, he's with me now": the
shop and the barn are over. Only what is said of now is read, and only of whoever is looked for.
"""

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from apbot.reading.items import CHATTER, PRONOUNS, Item, beyond, typed_in, words_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import first_is

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


_OPENS = (*CHATTER, Kind.AND, Kind.CORRECTION, Kind.EMOJI, Kind.YES, Kind.CHAT_YES, Kind.IT)
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
    told = _clauses(_taken(items, beside), beside)
    one = tuple(lost) if alone and len(lost) == 1 else ()
    clauses = [_found(each, one, beside, alone=len(told) == 1) or each for each in told]
    plain = [
        each is not as_told or _is_back(each, lost, beside)
        for each, as_told in zip(clauses, told, strict=True)
    ]
    back = [
        (is_plain or _is_safe(each, lost, beside))
        and not _is_only_told(clauses[n - 1] if n else None, each)
        for n, (each, is_plain) in enumerate(zip(clauses, plain, strict=True))
    ]
    if any(point.value == "?" for each in clauses for point in each.point):
        return list(items)
    if not any(back):
        return [item for each in told for item in (*each.items, *each.point)]
    if not alone and any(
        is_back and not any(item.pupils for item in clause.items)
        for clause, is_back in zip(clauses, back, strict=True)
    ):
        # "here now", where another is awaited: it may be of either.
        return list(items)
    if not any(_is_back(each, lost, beside) for each in told) and _was_off_site(told, lost, beside):
        # "found him, was in the bus shelter": and is he with you?
        clauses = [_as_found_somewhere(each, beside) for each in clauses]
    others = any(item.kind is Kind.NAME and not {*item.pupils} <= {*lost} for item in items)
    last = max(n for n, is_back in enumerate(back) if is_back)
    made: list[Item] = []
    of: tuple[int, ...] = ()
    for n, (clause, is_back) in enumerate(zip(clauses, back, strict=True)):
        of = next((item.pupils for item in clause.items if item.pupils), of)
        if is_back and not plain[n] and any(plain[n:]) and _is_by_a_stranger(clause):
            # "Petra has found him. He's back with us": who did it is no matter.
            continue
        if is_back:
            whose = alone and not others and plain[n]
            made += _named(clause, lost) if whose else clause.items
        elif not {*of} <= {*lost}:
            # "Kai's back. Jo came in late, no idea where SHE'S BEEN": it is of Jo.
            made += clause.items
        elif not _was_before(clause, lost, beside, leads_back=n < last):
            made += clause.items
        elif n < last and not any(item.has_s for item in clause.items):
            # "found Kai asleep in the barn, he's back": it is of Kai.
            made += [item for item in clause.items if item.kind is Kind.NAME]
        elif [item.kind for item in made[-1:]] == [Kind.REPORTS]:
            # "he's back, HE SAYS he needed air, all calm".
            made = made[: -2 if made[-2:-1] and made[-2].kind in PRONOUNS else -1]
        if made and made[-1].kind is not Kind.POINT:
            made += clause.point
    return made


def _taken(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "his dad FOUND HIM AND took him home": he took him home."""
    at = next((n for n, item in enumerate(items) if item.typed in beside.finds), -1)
    led, behind = beyond(reversed(items[: max(at, 0)]), (Kind.FILL,)), items[at + 1 : at + 4]
    taken = [item.kind for item in behind[1:]] == [Kind.AND, Kind.MARK] and behind[
        2
    ].value == "left"
    if led is None or led.kind is not Kind.RELATION or not taken:
        return list(items)
    return [*items[:at], *items[at + 3 :]]


def _clauses(items: Sequence[Item], beside: Neighbours) -> list[Clause]:
    clauses: list[Clause] = []
    cur: list[Item] = []
    for at, item in enumerate(items):
        if item.kind is Kind.POINT:
            clauses.append(Clause(cur, [item]))
            cur = []
            continue
        begun = any(
            each.kind not in (Kind.AND, Kind.BUT, Kind.FILL) or each.typed in beside.him
            for each in cur
        )
        if begun and (item.kind in PRONOUNS or _joins(items, at)):
            clauses.append(Clause(cur, []))
            cur = []
        cur.append(item)
    return [*clauses, Clause(cur, [])] if cur else clauses


def _joins(items: Sequence[Item], at: int) -> bool:
    """Whether an "and" or a "but" there leads to something that is said, and to no name."""
    following = items[at + 1].kind if at + 1 < len(items) else Kind.POINT
    return items[at].kind in (Kind.AND, Kind.BUT) and following is not Kind.NAME


def _found(
    clause: Clause, one: tuple[int, ...], beside: Neighbours, *, alone: bool
) -> Clause | None:
    """ "WE'VE JUST FOUND HIM", "got Femi now", of the one who is sought, as "Femi back"."""
    items = clause.items
    whom = next((n for n, item in enumerate(items) if _is_whom(item, one, beside)), -1)
    begins = next((n for n, item in enumerate(items) if item.kind not in _OPENS), len(items))
    words = " ".join(item.value or item.typed for item in items[begins : max(whom, begins)]).split()
    if not words or words[-1] not in beside.we_found or not {*words[:-1]} <= beside.before_we_found:
        return None
    behind = items[whom + 1 :]
    if alone and not behind and len(words) == 1 and words[0] in beside.only_has:
        # "got her", and no more: it may be of anything.
        return None
    if behind and behind[0].kind is Kind.MARK and behind[0].value == "back":
        # "got her BACK".
        behind = behind[1:]
    was = (n for n, item in enumerate(behind) if first_is(item.typed, beside.was_then))
    told = next(was, len(behind))
    if _was_before(Clause(behind[told:], []), one, beside, leads_back=False):
        # "got him WAS ON THE PHONE TO HIS MUM".
        behind = behind[:told]
    if _is_in_a_room(behind, beside):
        behind = [item for item in behind if item.kind in _BEHIND]
    elif items[whom].has_s or not all(item.kind in _BEHIND for item in behind):
        return None
    who = Item(Kind.NAME, "", items[whom].text, one)
    back = Item(Kind.MARK, "back", items[whom - 1].text)
    return clause._replace(items=[*items[:begins], who, back, *behind])


def _was_off_site(clauses: Sequence[Clause], lost: Sequence[int], beside: Neighbours) -> bool:
    """Whether the place where they were found is off our site."""
    off = beside.off_site | beside.not_only_ours
    then = [
        _was_before(each, lost, beside, leads_back=False)
        and not off.isdisjoint(typed_in(each.items))
        for each in clauses
    ]
    # "found Kai, he'd gone to the shop. HE IS AT HIS DESK AGAIN".
    since = clauses[then.index(True) + 1 :] if any(then) else []
    return any(then) and not any(_says_in(each, lost) for each in since)


def _says_in(clause: Clause, lost: Sequence[int]) -> bool:
    said = any(item.kind is Kind.MARK and item.value == "present" for item in clause.items)
    of_them = {n for item in clause.items for n in item.pupils} <= {*lost}
    return said and of_them and not any(item.kind in _UNSURE for item in clause.items)


def _as_found_somewhere(clause: Clause, beside: Neighbours) -> Clause:
    """ "found him", of one who was off site: found, and not said to be here."""
    items = [
        item._replace(value="in_somewhere")
        if item.value == "back"
        and (not item.typed or not beside.finds.isdisjoint(item.typed.split()))
        else item
        for item in clause.items
    ]
    return clause._replace(items=items)


def _is_whom(item: Item, one: tuple[int, ...], beside: Neighbours) -> bool:
    return bool(one) and (item.pupils == one or item.typed in beside.him)


def _is_safe(clause: Clause, lost: Sequence[int], beside: Neighbours) -> bool:
    """ "he's safe", "Dave found him": with whom is not said, and what was before is over."""
    if any(item.kind in _UNSURE for item in clause.items):
        return False
    said = (
        item.typed in beside.safe or (item.kind is Kind.MARK and item.typed in beside.finds)
        for item in clause.items
    )
    at = next((n for n, is_said in enumerate(said) if is_said), -1)
    behind = (*_BEHIND, Kind.NAME)
    over = at >= 0 and all(item.kind in behind for item in clause.items[at + 1 :])
    return over and {n for item in clause.items for n in item.pupils} <= {*lost}


def _is_by_a_stranger(clause: Clause) -> bool:
    return any(item.kind in (Kind.UNKNOWN, Kind.STAFF, Kind.RELATION) for item in clause.items)


def _is_back(clause: Clause, lost: Sequence[int], beside: Neighbours) -> bool:
    """ "Kai's back", "he is here with me now", "both back in the shed": with no doubt."""
    items = [item for item in clause.items if item.kind is not Kind.CORRECTION]
    said = (
        n
        for n, item in enumerate(items)
        if _says_back(item, beside) or _is_in_now(items, n, beside)
    )
    at = next(said, -1)
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
    if not who and items[at].value == "arrived":
        # "just got here myself".
        return False
    named = {n for item in who for n in item.pupils}
    before = [item for item in items[:at] if item not in who and item.value != "'s"]
    led = (*_BETWEEN, *_OPENS) if who else _BETWEEN
    if any(item.kind not in led and item.value != "arrived" for item in before):
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
    if before is None or all(item.kind in _OPENS for item in before.items):
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
    if item.value in ("back", "arrived"):
        return not typed & beside.finds
    return item.value == "present" and bool(typed & (beside.with_us | {"here"}))


def _is_in_now(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "he's IN NOW"."""
    item, behind = items[at], items[at + 1 : at + 2]
    now = bool(behind) and behind[0].kind is Kind.NOW
    return item.kind is Kind.MARK and item.typed in beside.bare_in and now


def _is_in_a_room(items: Sequence[Item], beside: Neighbours) -> bool:
    led = bool(items) and items[0].kind is Kind.MARK and items[0].typed in beside.bare_in
    where = takewhile(lambda item: item.kind in (Kind.FILL, Kind.ORDINARY), items[1:])
    room = beyond(items[1:], (Kind.FILL, Kind.ORDINARY))
    one_word = sum(item.kind is Kind.ORDINARY for item in where) <= 1
    return led and one_word and room is not None and room.kind is Kind.PLACE_HERE


def _named(clause: Clause, lost: Sequence[int]) -> list[Item]:
    """The clause, with the one who is looked for in the place of a "he" that nobody else can be."""
    if any(item.kind in (Kind.NAME, Kind.THEY) for item in clause.items):
        return clause.items
    he = next((n for n, item in enumerate(clause.items) if item.kind in (Kind.HE, Kind.SHE)), -1)
    before = clause.items[: max(he, 0)] if he >= 0 else []
    text = clause.items[he].text if he >= 0 else ""
    kept = [item for item in before if item.kind is not Kind.AND]
    behind = [item for item in clause.items[he + 1 :] if item.kind is not Kind.AND]
    who = Item(Kind.NAME, "", text, tuple(lost), is_plural=len(lost) > 1)
    return [*kept, who, *behind]


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
