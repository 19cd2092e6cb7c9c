"""
Idioms: a word for coming that is of something else, and says nothing of where anybody is.

"Came across a knife", "turned up on facebook", "landed a job", "came off the quad".
"""

from apbot.reading.draft import Draft
from apbot.reading.items import CHATTER, Item, beyond
from apbot.reading.lexicon import Kind

_OURS = (Kind.PLACE_HERE, Kind.SPEAKER, Kind.TIME, Kind.MARK, Kind.RELATION, Kind.PLACE_AWAY)


def is_idiom(draft: Draft, item: Item) -> bool:
    """Whether this word for coming goes on to mean something else."""
    led = draft.next()
    if item.kind is not Kind.MARK or item.value not in ("arrived", "back") or led is None:
        return False
    beside = draft.beside
    behind = list(draft.ahead(4))[1:]
    where = beyond(behind, (Kind.FILL,), beside.articles)
    if led.typed in beside.turns_coming and item.typed in beside.may_be_turned:
        # "came to us", "came over at ten": and to whom it is, or when, is said.
        kinds = (*_OURS, *CHATTER)
        return not (where is not None and (where.kind in kinds or where.value in beside.with_us))
    if led.value in beside.articles:
        thing = where is not None and where.kind in (Kind.ORDINARY, Kind.UNKNOWN)
        return thing and item.typed.split()[-1] in beside.takes_a_thing
    return led.value in beside.on_a_screen and where is not None and where.value in beside.seen_on
