"""
Some of: how much of a group is spoken of, where a word before the group says less than all.

"Not any of the others", "no others" is nobody of them; "two of the others", "few of the rest",
"don't see the others" is some or none, and says of nobody that they are here. What the others say,
and what nobody expected, is of somebody else.
"""

from collections.abc import Sequence

from apbot.reading.items import SAYS, Item, beyond
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.turned import HERE

_WHOLE = (Kind.EVERYONE, Kind.BOTH, Kind.PAIR, Kind.NOBODY, Kind.GROUP, Kind.REST)
_STOPS = frozenset((*SAYS, *_WHOLE, Kind.POINT, Kind.AND, Kind.BUT, Kind.NAME, Kind.EXCEPT))
_TELLERS = (Kind.REST, Kind.EVERYONE, Kind.SUBGROUP, Kind.RELATION, Kind.STAFF)
_NEAR = 4


def as_some(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items with each share of the others as the nobody, or the some, that it is."""
    made: list[Item] = []
    for at, item in enumerate(items):
        share = None
        if item.value in beside.they_say and made and made[-1].kind in _TELLERS:
            # "the others say he was on the bus": their word, and said of somebody else.
            made.append(item._replace(kind=Kind.REPORTS))
            continue
        if item.kind is Kind.NOBODY and made and made[-1].value in beside.relatives:
            # "all in but Kai, who nobody expected": a "not" said of Kai.
            made.append(item._replace(kind=Kind.NOT, value="not"))
            continue
        if item.kind is Kind.NOBODY and _have_done_it(items[at + 1 : at + 4], beside):
            # "none of them have done it": no word for where they are.
            made.append(item._replace(kind=Kind.SUBGROUP))
            continue
        if _answers_us(items, at, made, beside):
            # "nobody's got back to me": no word, and nobody's absence.
            made.append(item._replace(kind=Kind.REPORTS))
            continue
        if item.kind is Kind.REST:
            share = _share(made, items[at:], beside)
        elif item.kind in (Kind.EVERYONE, Kind.EVERYONE_IN):
            share = _denied(made, of_word=True)
        if share is None:
            made.append(item)
            continue
        start, kind = share
        text = " ".join(each.text for each in (*made[start:], item))
        del made[start:]
        made.append(Item(kind, text.lower(), text))
    return made


def _have_done_it(behind: Sequence[Item], beside: Neighbours) -> bool:
    """ "HAVE DONE IT", "have coats": something else than to come."""
    has = len(behind) > 1 and behind[0].value in beside.has
    return (
        has
        and behind[1].kind in (Kind.CHAT, Kind.ORDINARY)
        and behind[1].value not in beside.nobody_shows
    )


def _answers_us(items: Sequence[Item], at: int, before: Sequence[Item], beside: Neighbours) -> bool:
    """ "nobody has COME BACK to me", of a word that was waited for."""
    if items[at].kind is not Kind.MARK or all(i.kind is not Kind.NOBODY for i in before[-_NEAR:]):
        return False
    behind = [item for item in items[at + 1 : at + 4] if item.kind is not Kind.MARK]
    return len(behind) > 1 and behind[0].typed in beside.bare_to and behind[1].kind is Kind.SPEAKER


def _share(
    before: Sequence[Item], behind: Sequence[Item], beside: Neighbours
) -> tuple[int, Kind] | None:
    """Return where the words begin that say how many of them, and what they come to."""
    led = len(before)
    while led and before[led - 1].kind is Kind.FILL:
        led -= 1
    word = before[led - 1] if led else None
    if word is None or word.kind in _WHOLE:
        return None
    denied = before[led - 2] if led > 1 else None
    of_them = before[led].value in beside.part_of if led < len(before) else False
    if word.kind is Kind.NOT and word.value in beside.no_such and led == len(before):
        if behind[0].typed.split()[0] in beside.articles:
            # "no the others are off": an answer, and then what it is.
            return None
        # "no others here" is nobody; "no others off" may be an answer, too.
        here = _says_here(behind[1:])
        return led - 1, Kind.NOBODY if here else Kind.SUBGROUP
    if of_them and word.kind is not Kind.POINT:
        if denied is not None and denied.kind is Kind.NOT and word.value in beside.any_or_one:
            # "not any of the others have turned up".
            return led - 2, Kind.NOBODY
        return led - 1, Kind.SUBGROUP
    return _denied(before, of_word=False)


def _says_here(items: Sequence[Item]) -> bool:
    said = beyond(items, (Kind.FILL,))
    return said is not None and said.kind is Kind.MARK and said.value in HERE


def _denied(before: Sequence[Item], *, of_word: bool) -> tuple[int, Kind] | None:
    """ "don't see the others here", "no word on everyone being in": a "not" of another word."""
    words = 0
    for step in range(1, min(_NEAR, len(before)) + 1):
        item = before[-step]
        if item.kind in _STOPS:
            return None
        words += item.kind is Kind.ORDINARY
        if item.kind in (Kind.NOT, Kind.NO):
            return (len(before) - step, Kind.SUBGROUP) if words or not of_word else None
    return None
