"""
Logged: the hour of one who has left already, put right by what stands in the book at the door.

"it was half ten his ma came, not twenty to", "signing out book says Dariusz went 1.50".
"""

from collections.abc import Sequence

from apbot.domain.readings import Reply
from apbot.domain.words import Mark
from apbot.reading.items import GROUPS, PRONOUNS, SAYS, Item
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.times import minutes_of

# What tells more than the hour of one who has left.
_MORE = (
    *(Kind.HEDGE, Kind.NO, Kind.NOT_YET, Kind.STAFF, Kind.WEEKDAY, Kind.PAST_DAY),
    *(Kind.FUTURE_DAY, Kind.NUMBER, Kind.UNKNOWN, Kind.EXCEPT, *GROUPS, Kind.PAIR, Kind.SUBGROUP),
)


def as_logged(items: Sequence[Item], reply: Reply, beside: Neighbours) -> list[Item]:
    """Return a message that is only the hour of one who has left as that going, and when."""
    names = {number for item in items if item.kind is Kind.NAME for number in item.pupils}
    plain = all(len(item.pupils) == 1 for item in items if item.kind is Kind.NAME)
    held = {reply.marks.get(number) for number in names}
    if not names or not plain or any(item.value == "?" for item in items):
        return list(items)
    if held == {Mark.LEFT} and len(names) == 1:
        return _put_right(items, reply, beside)
    return list(items)


def _has_gone(item: Item, beside: Neighbours) -> bool:
    return item.kind is Kind.MARK and item.value == "gone" and item.typed in beside.went_then


def _is_since_start(item: Item, reply: Reply) -> bool:
    at = item.when.settled(reply.sent_at, is_past=True) if item.when is not None else None
    return at is not None and minutes_of(reply.start) < at <= minutes_of(reply.sent_at) + 2


def _put_right(items: Sequence[Item], reply: Reply, beside: Neighbours) -> list[Item]:
    """ "signing out book says Dariusz went 1.50", of one who has left: the hour of it."""
    told = [each for part in _parts(items) for each in part if not _is_of_the_writer(part, beside)]
    hours = [item for item in told if item.kind is Kind.TIME]
    if len(hours) != 1 or not _is_since_start(hours[0], reply):
        return list(items)
    if any(item.kind in (*_MORE, Kind.NOT, Kind.IF) for item in told):
        return list(items)
    if any(item.value in beside.will or item.kind is Kind.ON_THE_WAY for item in told):
        return list(items)
    marks = [(n, item) for n, item in enumerate(told) if item.kind in SAYS]
    loose = [item for n, item in marks if not _is_of_going(told, n, beside)]
    if len(loose) == len(marks) or loose:
        return list(items)
    name = next(item for item in items if item.kind is Kind.NAME)
    text = " ".join(item.text for _, item in marks)
    put = [name._replace(has_s=False), Item(Kind.MARK, "left", text), hours[0]]
    return [*put, *(item for item in items if item.kind in (Kind.EMOJI, Kind.THANKS))]


def _is_of_going(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """Whether it is a going, one's mother who came, or the "out" of the book."""
    item = items[at]
    if item.kind is not Kind.MARK:
        return False
    if item.value == "left" or _has_gone(item, beside):
        before = next(
            (each for each in reversed(items[:at]) if each.kind not in (Kind.FILL, Kind.TIME)), None
        )
        return before is None or before.kind is not Kind.RELATION or item.value == "left"
    led = items[at - 1] if at else item
    came = item.value == "arrived" and item.typed in {*beside.comes_for, *beside.comes_and_goes}
    if came:
        return led.kind in (Kind.RELATION, Kind.VEHICLE)
    behind = items[at + 1] if at + 1 < len(items) else item
    return item.typed in beside.bare_out and behind.typed in beside.writings


def _parts(items: Sequence[Item]) -> list[list[Item]]:
    """The message between its points."""
    parts: list[list[Item]] = [[]]
    for item in items:
        if item.kind is Kind.POINT:
            parts.append([])
        else:
            parts[-1].append(item)
    return parts


def _is_of_the_writer(part: Sequence[Item], beside: Neighbours) -> bool:
    """ "I'd not looked at the clock when I wrote": of no pupil."""
    who = any(item.kind is Kind.SPEAKER for item in part)
    other = any(item.kind in (*SAYS, *PRONOUNS, Kind.NAME, Kind.TIME) for item in part)
    wrote = any(item.typed in beside.wrote_before for item in part)
    return who and wrote and not other
