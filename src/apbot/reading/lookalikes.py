"""
Lookalikes: small words that look like a mark and are part of something else.

"in the workshop", "took a knife off Kyle", "off to the allotment", "gone grey": where somebody is
or what somebody does, and not that anybody is here or away.
"""

from apbot.reading.draft import Draft
from apbot.reading.items import Item, typed_in
from apbot.reading.lexicon import Kind
from apbot.reading.statements import Said, Statement

_PLACES = (Kind.PLACE_HERE, Kind.PLACE_AWAY)
_STRANGE = (Kind.ORDINARY, Kind.UNKNOWN, Kind.RELATION, Kind.STAFF)


def is_no_mark(draft: Draft, item: Item) -> bool:
    """Whether the word is none, and has been taken as what it is."""
    if _is_loose(draft, item) or _is_of_a_thing(draft, item):
        draft.keep(item)
        return True
    return item.value == "present" and item.typed == "in" and _is_place(draft, item)


def _is_loose(draft: Draft, item: Item) -> bool:
    """ "took a knife off Kyle": a small word of another verb, and no mark."""
    before, beside = draft.before, draft.beside
    if before is None or draft.gap or before.kind not in (Kind.ORDINARY, Kind.UNKNOWN):
        return False
    if draft.cur is None or not draft.cur.refs:
        return " " not in item.text and before.value not in beside.before_own
    if before.kind is Kind.UNKNOWN or item.value == "present" or draft.negated:
        return False
    return item.typed in beside.loose and before.value not in beside.before_loose


def _is_of_a_thing(draft: Draft, item: Item) -> bool:
    """ "can't find the epipen", "gone grey", "dropped Josie off": said of no one's place."""
    beside = draft.beside
    following = draft.next()
    value = following.value if following is not None else ""
    last = item.typed.split()[-1]
    if item.typed == "off":
        if any(each.value in beside.done_with_off for each in draft.behind(4)):
            return True
        return value in beside.owners and bool(typed_in(draft.behind(1)) & beside.come_off)
    thing = draft.next_kind(1) in (Kind.ORDINARY, Kind.UNKNOWN)
    finds = item.value == "unaccounted" and last in beside.seeking
    if finds and draft.next_kind() is Kind.FILL and thing:
        return value in beside.owners
    return last in ("gone", "went") and value in beside.states


def goes_on(draft: Draft, item: Item) -> bool:
    """ "off to the allotment", "out in the van": something being done, and no mark."""
    following = draft.next()
    if item.kind is not Kind.MARK or following is None or item.typed not in ("off", "out"):
        return False
    comes_in = following.kind is Kind.MARK and following.typed == "in"
    if item.typed == "off":
        goes = following.value == "to" and all(i.kind is not Kind.REASON for i in draft.ahead(4))
    else:
        doing = following.value in draft.beside.out_doing
        goes = doing or comes_in or following.kind is Kind.PLACE_HERE
    if not goes:
        return False
    cur = draft.named
    if cur is not None:
        cur.is_doubtful = cur.is_doubtful or not cur.continues
    draft.keep(item)
    if following.kind is Kind.MARK:
        draft.at += 1
        draft.keep(following)
    return True


def _is_place(draft: Draft, item: Item) -> bool:
    """ "in the workshop", "in hospital": where somebody is, not the mark "in"."""
    beside, step = draft.beside, 0
    while (following := draft.next(step)) is not None and _leads(draft, following):
        step += 1
    if following is None:
        return False
    led = step > 0
    cur = draft.cur
    whereabouts = led or following.kind in (*_PLACES, Kind.ORDINARY)
    if cur is not None and whereabouts and _is_strange(draft, cur):
        return True
    behind = draft.next(step + 1)
    unknown = following.kind in (Kind.ORDINARY, Kind.UNKNOWN)
    if led and unknown and behind is not None and behind.kind is Kind.PLACE_HERE:
        # "in the kiln room": one of our rooms, whatever it is called.
        following, step = behind, step + 1
    if cur is not None and any(each.value in beside.not_ours for each in draft.ahead(step + 1)):
        # "in the other building", "in the wrong room": it may not be ours.
        cur.is_doubtful = True
    if following.kind in _PLACES or (led and following.value == "back"):
        draft.at += step + 1
        away = following.kind is Kind.PLACE_AWAY
        _say_place(draft, item, "in_away" if away else "in_place")
        return True
    if following.kind is Kind.REASON and not draft.gap:
        if following.typed in beside.places_of_reasons:
            return True
        if cur is not None and not led:
            return False
    if not led and not _is_some_place(draft, following):
        return False
    draft.at += step
    _say_place(draft, item, "in_somewhere")
    return True


def _leads(draft: Draft, item: Item) -> bool:
    return item.kind in (Kind.FILL, Kind.ORDINARY) and item.value in draft.beside.before_place


def _is_strange(draft: Draft, cur: Statement) -> bool:
    """Whether other words stand between the name and the place ("chloe's kit is in the hall")."""
    return any(
        item.kind in _STRANGE and item.value not in draft.beside.to_place for item in cur.from_who
    )


def _is_some_place(draft: Draft, item: Item) -> bool:
    """Whether the word behind "in" is where somebody is, for all that anybody knows."""
    if item.kind not in (Kind.UNKNOWN, Kind.ORDINARY, Kind.RELATION):
        return False
    return item.value not in draft.beside.after_in and not item.value.endswith("ing")


def _say_place(draft: Draft, item: Item, value: str) -> None:
    cur = draft.cur
    if cur is None and draft.last is not None:
        cur = draft.go_on()
    if cur is None:
        return
    cur.marks.append(Said(value, draft.negated, item.text, len(cur.items)))
    draft.negated = False
    cur.items.append(item)
