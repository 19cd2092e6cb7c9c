"""
Places: where somebody is said to be, behind the "in" that would else say "here".

A room of ours is here; a place that nobody knows is a question; and where who writes is, or where a
child was looked for, is no place of theirs.
"""

from apbot.reading.draft import Draft
from apbot.reading.items import Item, words_in
from apbot.reading.lexicon import Kind
from apbot.reading.small_words import begins, ends_as
from apbot.reading.statements import Said, Statement

_PLACES = (Kind.PLACE_HERE, Kind.PLACE_AWAY)
_STRANGE = (Kind.ORDINARY, Kind.UNKNOWN, Kind.RELATION, Kind.STAFF)


def is_place(draft: Draft, item: Item) -> bool:
    """ "in the workshop", "in hospital": where somebody is, not the mark "in"."""
    beside, step = draft.beside, 0
    while (following := draft.next(step)) is not None and _leads(draft, following):
        step += 1
    if following is None:
        return False
    led = step > 0
    cur = draft.cur
    if following.typed in beside.in_this and draft.ends_at(1):
        # "traffic's murder and gio is in it".
        say_place(draft, item, "in_somewhere")
        return True
    ridden = step + 1 if following.kind is Kind.RELATION else step
    if draft.next_kind(ridden) is Kind.VEHICLE and cur is not None and _has_come(cur):
        # "rocked up in his grandad's landrover", "on the way in mum's car": how he comes.
        draft.at += ridden + 1
        draft.keep(item._replace(kind=Kind.CHAT))
        return True
    whereabouts = led or following.kind in (*_PLACES, Kind.ORDINARY)
    if cur is not None and whereabouts and _is_strange(draft, cur):
        return True
    behind = draft.next(step + 1)
    unknown = following.kind in (Kind.ORDINARY, Kind.UNKNOWN)
    if led and unknown and behind is not None and behind.kind is Kind.PLACE_HERE:
        # "in the kiln room": one of our rooms, whatever it is called.
        following, step = behind, step + 1
    if cur is not None and any(each.value in beside.not_ours for each in draft.ahead(step + 1)):
        # "in the other building", "in the wrong room": it may not be ours; "is in, was in the
        # other room" is of before.
        said = any(m.value == "present" and not m.negated for m in cur.marks)
        was = bool(words_in(draft.behind(2)) & draft.beside.was)
        cur.is_doubtful = cur.is_doubtful or not (said and was)
    if following.kind in _PLACES or (led and following.value == "back"):
        draft.at += step + 1
        away = following.kind is Kind.PLACE_AWAY
        say_place(draft, item, "in_away" if away else "in_place")
        return True
    if following.kind is Kind.REASON and following.typed in beside.places_of_reasons:
        if cur is not None and cur.marks and cur.marks[-1].value == "present":
            # "femi here, in hospital": it is not here.
            cur.is_doubtful = True
        return True
    if following.kind is Kind.REASON and not draft.gap and cur is not None and not led:
        return False
    if not led and not _is_some_place(draft, following):
        return False
    known = cur is not None and (_is_here_already(draft, cur) or _is_sought_there(draft, cur))
    draft.at += step
    if cur is not None and cur.reasons and not cur.marks and item.typed in draft.beside.bare_in:
        # "been sick in the bucket": where that was, and not where somebody is.
        draft.keep(item)
        return True
    if known:
        draft.keep(item._replace(kind=Kind.CHAT))
        return True
    say_place(draft, item, "in_somewhere")
    return True


def _is_here_already(draft: Draft, cur: Statement) -> bool:
    """ "all 11 here in the pavilion": the place is here, as was just said."""
    before = draft.before
    here = before is not None and before.typed in draft.beside.here_in
    return here and bool(cur.marks) and cur.marks[-1].value == "present" and not draft.gap


def _is_sought_there(draft: Draft, cur: Statement) -> bool:
    """ "no sign of him in the park": where they looked, and not where he is."""
    no_sign = bool(cur.marks) and begins(cur.marks[-1].typed, draft.beside.no_sign)
    return no_sign and not draft.gap


def _has_come(cur: Statement) -> bool:
    comes = bool(cur.marks) and cur.marks[-1].value in ("arrived", "awaited")
    return comes and not cur.marks[-1].negated


def _leads(draft: Draft, item: Item) -> bool:
    return item.kind in (Kind.FILL, Kind.ORDINARY) and item.value in draft.beside.before_place


def _is_strange(draft: Draft, cur: Statement) -> bool:
    """Whether other words stand between the name and the place ("chloe's kit is in the hall")."""
    return any(
        item.kind in _STRANGE
        and item.value not in draft.beside.to_place
        and not (cur.whom in ("everyone", "rest") and is_doing(draft, item))
        for item in cur.from_who
    )


def _is_some_place(draft: Draft, item: Item) -> bool:
    """Whether the word behind "in" is where somebody is, for all that anybody knows."""
    if item.kind not in (Kind.UNKNOWN, Kind.ORDINARY, Kind.RELATION):
        return False
    return item.value not in draft.beside.after_in and not ends_as(
        item.value, draft.beside.doing_ends
    )


def _is_where_we_are(draft: Draft) -> bool:
    """ "no femi today, in the hall today": where who writes is, and not Femi."""
    said = draft.cur or draft.last
    if (
        said is None
        or said.whom not in ("pupils", "number")
        or not (draft.gap or draft.cur is None)
    ):
        return False
    away = bool(said.marks) and said.marks[-1].value == "absent" and not said.marks[-1].negated
    return away or (said.negates_who and not said.marks)


def say_place(draft: Draft, item: Item, value: str) -> None:
    cur = draft.cur
    if value == "in_place" and _is_where_we_are(draft):
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    if cur is None and draft.last is not None:
        cur = draft.go_on()
    if cur is None:
        return
    cur.marks.append(Said(value, draft.negated, item.text, len(cur.items)))
    draft.negated = False
    cur.items.append(item)


def is_doing(draft: Draft, item: Item) -> bool:
    """ "all five working in the garden": what they do here."""
    doing = item.kind is Kind.ORDINARY and ends_as(item.value, draft.beside.doing_ends)
    return doing and item.value not in draft.beside.not_here_doing
