"""
Second facts: what is told beside the register, of the writer, a thing, or an hour to come.

Each holds a word that would else be a mark or a reason; none of them takes anybody's mark.
"""

from itertools import takewhile

from apbot.reading.draft import Draft
from apbot.reading.items import GROUPS, PRONOUNS, SAYS, Item, beyond
from apbot.reading.lexicon import Kind
from apbot.reading.statements import Statement

# "ill at ten" is no appointment, and "bus at ten" is how they come.
_KEEPS_IN_BED = ("illness", "transport", "refusing", "holiday", "suspended")
_HERE = ("present", "arrived")


def is_only_spoken_of(draft: Draft, item: Item) -> bool:
    """ "mum rang about the trip", "it's Chloe's birthday": what is spoken of keeps nobody away."""
    led = [each.value for each in draft.behind(2) if each.kind is not Kind.NAME]
    named = draft.cur is not None and bool(draft.cur.refs) and len(led) > 1
    about = named and not draft.gap and bool(set(led) & draft.beside.spoken_of)
    its = draft.behind(3)
    owned = bool(its) and its[-1].kind is Kind.NAME and its[-1].has_s
    thing = owned and any(each.kind is Kind.IT for each in its[:-1]) and item.value == "other"
    return about or thing


def is_what_we_do_later(draft: Draft, item: Item) -> bool:
    """ "femi in, speak later": what who writes will do, for nobody was named since the pause."""
    if item.value != "awaited" or item.typed not in draft.beside.told_later:
        return False
    clause = takewhile(lambda each: each.kind is not Kind.POINT, reversed(draft.behind(8)))
    told = list(clause)
    named = any(each.kind in (Kind.NAME, Kind.NUMBER, *PRONOUNS, *GROUPS) for each in told)
    does = any(each.kind in (Kind.ORDINARY, Kind.SPEAKER, Kind.UNKNOWN) for each in told)
    return does and not named and all(each.kind not in SAYS for each in told)


def is_back_when(draft: Draft, item: Item) -> bool:
    """ "all in, back at 12 for lunch": of those who are here, and what comes next."""
    cur = draft.cur
    if item.value != "back" or cur is None or not cur.marks:
        return False
    since = cur.items[cur.marks[-1].place + 1 :]
    joined = (draft.gap or since) and all(
        each.kind in (Kind.FILL, Kind.AND, Kind.SPEAKER) for each in since
    )
    here = all(mark.value == "present" and not mark.negated for mark in cur.marks)
    following = beyond(draft.ahead(4), (Kind.FILL, Kind.WITH))
    timed = following is not None and following.kind is Kind.TIME
    return bool(joined) and here and timed and not cur.reasons


def is_of_a_ride_to_come(draft: Draft, item: Item) -> bool:
    """ "all in, taxi at 3": when they are fetched, and why nobody is away."""
    cur = draft.cur
    if cur is None or not cur.marks or item.typed not in draft.beside.conveyances:
        return False
    if not draft.gap and not _is_joined(draft, cur):
        return False
    here = cur.marks[-1].value in _HERE and not cur.marks[-1].negated
    following = beyond(draft.ahead(4), (Kind.FILL, Kind.PLACE_AWAY))
    return here and following is not None and following.kind is Kind.TIME


def is_going_later(draft: Draft, item: Item) -> bool:
    """ "femi in, off at 2": here now, and going then."""
    cur = draft.cur
    if item.value != "absent" or draft.negated or cur is None or not cur.marks or cur.times:
        return False
    last = cur.marks[-1]
    here = last.value == "present" and not last.negated
    apart = any(at > last.place for at in cur.pauses) or _is_joined(draft, cur)
    # "off SITE at 1", "off TO THE WOODS at 1"
    where = (Kind.FILL, Kind.PLACE_HERE, Kind.PLACE_AWAY, Kind.ORDINARY)
    following = beyond(draft.ahead(5), where, draft.beside.bare_to)
    return here and apart and following is not None and following.kind is Kind.TIME


def is_of_later(draft: Draft, cur: Statement, item: Item) -> bool:
    """ "femi here, dentist at 11": here now, and what is to come has its own hour."""
    if item.kind is not Kind.REASON or item.value in _KEEPS_IN_BED or not cur.marks:
        return False
    last = cur.marks[-1]
    here = last.value == "present" and not last.negated and not cur.times
    here = here and (bool(cur.pauses) or _is_joined(draft, cur))
    following = beyond(draft.ahead(3), (Kind.FILL,))
    return here and following is not None and following.kind is Kind.TIME


def _is_joined(draft: Draft, cur: Statement) -> bool:
    """Whether an "and" stands between the last mark and here, with small words alone."""
    since = cur.items[cur.marks[-1].place + 1 :]
    small = all(each.kind in (Kind.FILL, Kind.AND) for each in since)
    return small and any(each.kind is Kind.AND for each in since)
