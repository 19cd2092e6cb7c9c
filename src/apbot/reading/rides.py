"""
Rides: what is said of a bus, a taxi or whoever drives, put as what it says of the pupil.

"Off the bus" is no day off, a taxi that has turned up is nobody, and whoever was dropped at the
gate is here where it is said that they are.
"""

from collections.abc import Sequence

from apbot.reading.items import (
    CHATTER,
    PRONOUNS,
    SUBJECTS,
    Item,
    as_filling,
    as_plain,
    ends_there,
    is_small,
)
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import last_is

_LED = 2
_WHO = (Kind.NAME, Kind.PAIR, Kind.JUST, Kind.ONLY, *PRONOUNS)
_OVER = (Kind.POINT, Kind.AND, Kind.NOW, Kind.TIME, *CHATTER)
_HERE = ("present", "arrived", "back")


def as_rides(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return "Femi's off the bus now" as his coming, and "in, not on his way" as his being in."""
    made = _without_past_ways(items)
    for at in range(len(made)):
        for rule in _RULES:
            put = rule(made, at, beside)
            if put is not None:
                made[at] = put
    return made


def _without_past_ways(items: Sequence[Item]) -> list[Item]:
    """ "Femi's in, NOT ON HIS WAY now": he was, and is here."""
    made: list[Item] = []
    for at, item in enumerate(items):
        denied = _is(item, "awaited") and at > 0 and items[at - 1].kind is Kind.NOT
        if denied and _was_said_to_be_here(items, at):
            made[-1:] = [as_filling(made[-1]), as_filling(item)]
        else:
            made.append(item)
    return made


def _was_said_to_be_here(items: Sequence[Item], at: int) -> bool:
    """Whether the last that was said before is that they are here, and nobody else is named."""
    said = next((n for n in range(at - 1, -1, -1) if items[n].kind is Kind.MARK), 0)
    end = next((n for n in range(at, len(items)) if items[n].is_hard), len(items))
    others = (*SUBJECTS, *PRONOUNS, Kind.NOT)
    another = any(each.kind in others for each in (*items[said + 1 : at - 1], *items[at:end]))
    return _is(items[said], *_HERE) and not another


def _comes_riding(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "they COME in the taxi": on their way, whatever the tense."""
    if items[at].typed not in beside.bare_come:
        return None
    behind = items[at + 1 : at + 3]
    rides = any(item.kind is Kind.MARK and item.value == "awaited" for item in behind)
    return as_filling(items[at]) if rides else None


def _drives_home(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "Mo isn't here, KEN ran him home": one of us who drove."""
    behind = items[at + 1 : at + 2]
    if items[at].kind is not Kind.UNKNOWN or not behind or behind[0].kind is not Kind.MARK:
        return None
    drives = behind[0].value == "left" and behind[0].typed.split()[0] in beside.drives
    return as_filling(items[at]) if drives else None


def _is_off_the_bus(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "not OFF the bus yet": not here, and no day off that is denied; "off the bus now": here."""
    if items[at].typed not in beside.bare_off or not at:
        return None
    led = [item for item in items[max(at - 3, 0) : at] if item.kind not in (Kind.FILL, Kind.YET)]
    denied = bool(led) and led[-1].kind is Kind.NOT
    behind = [item for item in items[at + 1 : at + 4] if item.kind is not Kind.FILL]
    ride = bool(behind) and (behind[0].kind is Kind.VEHICLE or behind[0].value == "transport")
    now = any(item.kind is Kind.NOW for item in items[at + 1 : at + 5])
    the = items[at + 1 : at + 2]
    that = bool(the) and the[0].typed in beside.articles
    who = bool(led) and (led[-1].kind in _WHO or led[-1].value == "'s")
    over = len(behind) < _LED or behind[1].kind in _OVER or _is(behind[1], *_HERE)
    that = that and bool(behind) and last_is(behind[0].typed, beside.conveyances)
    came = ride and (denied or now or (that and who and over))
    return Item(Kind.MARK, "arrived", items[at].text) if came else None


def _is_of_the_ride(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "TAXI'S TURNED UP, Femi's here now": the taxi has."""
    if items[at].typed.removesuffix("'s") in beside.conveyances:
        begins = at == 0 or items[at - 1].kind in (Kind.POINT, Kind.AND, *CHATTER)
        begins = begins or (at == 1 and items[0].typed in beside.bare_the)
        came = at + 1
        while came < len(items) and is_small(items[came]):
            came += 1
        arrived = came < len(items) and _has_arrived(items[came], beside)
        return as_plain(items[at]) if begins and arrived and ends_there(items, came) else None
    if not _has_arrived(items[at], beside):
        return None
    led = next((item for item in reversed(items[:at]) if not is_small(item)), None)
    ride = led is not None and led.kind is Kind.ORDINARY
    ride = ride and led is not None and led.typed.removesuffix("'s") in beside.conveyances
    return as_plain(items[at]) if ride and ends_there(items, at) else None


def _gets_off_at(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "he's GOT OFF AT the wrong stop": of a ride, and no day off."""
    if items[at].typed not in beside.bare_off or not at or at + 1 >= len(items):
        return None
    got = items[at - 1].typed.split()[-1:]
    gets = bool(got) and got[0] in beside.has
    return as_plain(items[at]) if gets and items[at + 1].typed in beside.bare_at else None


def _is_on_it(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "the bus came and Femi wasn't ON IT": not on the way with it."""
    if items[at].kind is not Kind.IT or at < _LED or items[at - 1].typed not in beside.bare_on:
        return None
    ride = any(item.typed.removesuffix("'s") in beside.conveyances for item in items[:at])
    denied = items[at - 2].kind is Kind.NOT
    return Item(Kind.MARK, "awaited", items[at].text) if ride and denied else None


def _has_arrived(item: Item, beside: Neighbours) -> bool:
    arrived = item.kind is Kind.MARK and item.value == "arrived"
    return arrived and beside.bare_late.isdisjoint(item.typed.split())


def _is_dropped_here(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "Femi's here, nan's just dropped him AT THE GATE": how he came."""
    if not _is(items[at], "awaited"):
        return None
    said = next((n for n in range(at - 1, -1, -1) if items[n].kind is Kind.MARK), 0)
    before = items[said + 1 : at]
    brought = any(item.typed in beside.brings_here for item in before)
    another = any(item.pupils for item in before)
    here = _is(items[said], *_HERE)
    return as_filling(items[at]) if brought and here and not another else None


def _is_dropped_off(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "his mum dropped him OFF at the gate": no day off."""
    if items[at].typed not in beside.bare_off or at < _LED:
        return None
    whom = items[at - 1].kind is Kind.NAME or items[at - 1].typed in beside.him
    outside = any(_is(item, "awaited") for item in items[at + 1 : at + 2])
    brought = whom and outside and items[at - 2].typed in beside.brings_here
    return as_filling(items[at]) if brought else None


def _is_stuck_there(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "still STUCK at court": kept there, and not on the way."""
    if items[at].kind is not Kind.ON_THE_WAY or items[at].typed not in beside.stuck_there:
        return None
    behind = items[at + 1 : at + 2]
    place = bool(behind) and behind[0].kind is Kind.REASON and behind[0].value != "transport"
    there = place and behind[0].typed.split()[0] in beside.bare_at
    return as_filling(items[at]) if there else None


def _is(item: Item, *values: str) -> bool:
    return item.kind is Kind.MARK and item.value in values


_RULES = (
    *(_is_on_it, _gets_off_at, _is_of_the_ride, _is_off_the_bus, _drives_home, _comes_riding),
    *(_is_dropped_here, _is_dropped_off, _is_stuck_there),
)
