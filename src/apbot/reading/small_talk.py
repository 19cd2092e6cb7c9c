"""
Small talk: what is told of pupils who are here, and says nothing of where they are.

"Femi has made a lovely bench" sets and asks nothing (the reply contract, "thanks and chatter"),
and the answer says that no mark changed. Where a word could be of a going, or nobody knows it, it
is asked all the same.
"""

from collections.abc import Sequence

from apbot.domain.words import Mark
from apbot.reading.heard import Heard
from apbot.reading.items import CHATTER, PRONOUNS, Item
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.told import HERE_MARKS

_PLAIN = frozenset(
    (
        *(Kind.NAME, Kind.FILL, Kind.ORDINARY, Kind.POINT, Kind.EMOJI, Kind.AND, Kind.BUT),
        *(Kind.PLACE_HERE, Kind.CHAT_YES, Kind.TODAY, Kind.MORNING, Kind.AFTERNOON, Kind.NOW),
        *(Kind.JUST, Kind.ONLY, Kind.IT, Kind.SPEAKER, Kind.BOTH, Kind.TOO, Kind.WITH, Kind.LUNCH),
        *(
            Kind.YET,
            Kind.SUBGROUP,
            Kind.STAFF,
            Kind.REPORTS,
            Kind.NUMBER,
            Kind.GROUP,
            Kind.PAST_DAY,
            *PRONOUNS,
            *CHATTER,
        ),
    )
)


def is_small_talk(heard: Heard) -> bool:
    """Whether it tells of nobody but those who are here, and of no going, while none is sought."""
    reply, beside = heard.reply, heard.lexicon.beside
    if reply.pending is not None or Mark.UNACCOUNTED in reply.marks.values():
        return False
    named = {number for item in heard.items for number in item.pupils}
    here = {number for number, mark in reply.marks.items() if mark in HERE_MARKS}
    told = any(item.kind in (Kind.ORDINARY, Kind.CHAT, Kind.PLACE_HERE) for item in heard.items)
    # "is femi with you", and no question mark.
    asks = [item.kind for item in heard.items[:2]] == [Kind.FILL, Kind.NAME]
    asks = asks and heard.items[0].value in beside.verbs_of_being
    at_ease = bool(named) and named <= here and told and not asks
    return at_ease and all(_is_plain(heard.items, at, beside) for at in range(len(heard.items)))


def _is_plain(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    item = items[at]
    led = items[at - 1] if at else None
    behind = items[at + 1] if at + 1 < len(items) else None
    if item.kind is Kind.UNKNOWN:
        # "painting THE BACKDROP", "made LENTIL soup": a thing; but not what somebody does.
        thing = led is not None and led.kind in (Kind.ORDINARY, Kind.UNKNOWN)
        return led is not None and (thing or led.typed in beside.articles)
    if item.kind in (Kind.HEDGE, Kind.UNTIL, Kind.EVERYONE):
        return item.typed in beside.a_few
    if item.kind is Kind.MARK:
        # "lost a glove IN the straw", "is ON THE BAGS": here, as was known.
        return item.value == "present"
    if item.kind not in _PLAIN or item.value == "?":
        return False
    if item.typed in beside.loses and behind is not None and behind.typed in beside.articles:
        # "has LOST A glove".
        return True
    return beside.may_be_gone.isdisjoint(item.typed.split())
