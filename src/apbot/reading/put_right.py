"""
Put right: who was meant and who was not, in whatever order; who ran off; and what was fetched.

"Ty I meant, not Zac" is "Ty, not Zac"; "off down the road somewhere" is no day off; and whoever
"fetched me a brew" took nobody home.
"""

from collections.abc import Sequence
from itertools import pairwise

from apbot.reading.items import CHATTER, Item
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_PLAIN = frozenset((Kind.CORRECTION, Kind.POINT, Kind.FILL, Kind.IT, Kind.EMOJI, *CHATTER))
_ENDS = (Kind.POINT, Kind.TODAY, Kind.MORNING, Kind.AFTERNOON, Kind.EMOJI, Kind.YET, *CHATTER)
_OF_A_DAY = (Kind.FUTURE_DAY, Kind.MARK, Kind.HE, Kind.SHE, Kind.THEY, Kind.AND, Kind.BUT)
_NEAR = 6


def as_put_right(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items with "Ty I meant, not Zac" as "Ty not Zac", and whoever ran off as that."""
    swapped = _swapped(items, beside)
    if swapped is not None:
        return swapped
    made = _without_other_days(_with_nos(items, beside))
    for at, item in enumerate(made):
        if item.kind is Kind.MARK and _is_of_weather(made[:at], item, beside):
            made[at] = item._replace(kind=Kind.ORDINARY, value=item.typed)
        if item.typed in beside.bare_off and _runs_along(made[at + 1 : at + _NEAR], beside):
            made[at] = item._replace(kind=Kind.MARK, value="unaccounted")
        if item.kind is Kind.REASON and _is_how_it_is(made, at, beside):
            made[at] = item._replace(kind=Kind.ORDINARY, value=item.typed)
        if item.typed in beside.bare_come and _is_riding(made[at + 1 : at + 3]):
            # "they come in the taxi": on their way, whatever the tense.
            made[at] = item._replace(kind=Kind.FILL, value="")
        if item.kind is Kind.MARK and item.value == "left" and _is_a_thing(made[at + 1 :], beside):
            made[at] = item._replace(kind=Kind.ORDINARY, value=item.typed)
    return made


def _swapped(items: Sequence[Item], beside: Neighbours) -> list[Item] | None:
    """Whom it is of, then whom not; None where the message says anything more."""
    named = [n for n, item in enumerate(items) if item.kind is Kind.NAME]
    denied = [n for n, item in enumerate(items) if item.kind is Kind.NOT]
    corrects = any(item.kind is Kind.CORRECTION for item in items)
    rest = [item for item in items if item.kind not in (Kind.NAME, Kind.NOT)]
    if len(named) != 2 or len(denied) != 1 or any(item.kind not in _PLAIN for item in rest):
        return None
    wrong = next((n for n in named if n > denied[0]), -1)
    right = next((n for n in named if n != wrong), -1)
    beside_it = wrong >= 0 and all(item.kind is Kind.FILL for item in items[denied[0] + 1 : wrong])
    if not (corrects and beside_it) or items[denied[0]].value not in beside.bare_not:
        return None
    led = [item for item in items if item.kind is Kind.CORRECTION]
    return [*led, items[right], items[denied[0]], items[wrong]]


def _runs_along(behind: Sequence[Item], beside: Neighbours) -> bool:
    """ "off DOWN the ROAD", "off towards town"."""
    along = bool(behind) and behind[0].typed in beside.along
    return along and any(item.typed in beside.roads for item in behind[1:])


def _is_a_thing(behind: Sequence[Item], beside: Neighbours) -> bool:
    """ "fetched ME A brew", "picked up HIS new glasses": no pupil."""
    for_me = bool(behind) and behind[0].kind is Kind.SPEAKER
    led = behind[int(for_me) : int(for_me) + 2]
    owned = len(led) > 1 and (
        led[0].typed in beside.articles or (led[0].typed in beside.owners and not for_me)
    )
    return owned and led[1].kind in (Kind.ORDINARY, Kind.UNKNOWN)


def _is_riding(behind: Sequence[Item]) -> bool:
    return any(item.kind is Kind.MARK and item.value == "awaited" for item in behind)


def _is_of_weather(before: Sequence[Item], item: Item, beside: Neighbours) -> bool:
    """ "it's FREEZING out", "bit noisy in here": nobody is."""
    last = before[-1].typed.split()[-1:] if before else []
    if item.typed in beside.bare_out:
        return not beside.weather.isdisjoint(last)
    words = [each for each in before if each.kind is not Kind.FILL]
    clause = words[
        max((n for n, each in enumerate(words) if each.kind is Kind.POINT), default=-1) + 1 :
    ]
    alone = all(each.kind in (Kind.IT, Kind.ORDINARY, Kind.CHAT) for each in clause)
    how = not (beside.weather | beside.noise).isdisjoint(last) or (
        not beside.bare_in.isdisjoint(last)
        and any(not beside.noise.isdisjoint(each.typed.split()) for each in clause)
    )
    return item.value == "present" and bool(clause) and alone and how


def _with_nos(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "sorry no Femi today": a "no" that is of Femi, where nothing else is said of him."""
    made: list[Item] = []
    for at, item in enumerate(items):
        ends = at + 1
        while ends < len(items) and items[ends].kind in (Kind.NAME, Kind.AND):
            ends += 1
        made.append(item)
        no = item.kind is Kind.CORRECTION and item.typed.split()[-1] in beside.no_such
        if not no or ends == at + 1 or items[ends - 1].has_s:
            continue
        if ends >= len(items) or items[ends].kind in _ENDS:
            made.append(Item(Kind.NOT, "no", ""))
    return made


def _is_how_it_is(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "Mo's SICK beats are blasting": how his beats are."""
    whose, behind = items[at - 1 : at], items[at + 1 : at + 3]
    owned = bool(whose) and whose[0].kind is Kind.NAME and whose[0].has_s
    thing = len(behind) > 1 and behind[0].kind is Kind.ORDINARY
    return owned and thing and behind[1].value in beside.is_or_are


def _without_other_days(items: Sequence[Item]) -> list[Item]:
    """ "no Mo today, will be in tomorrow": what is of tomorrow takes nothing back."""
    made = list(items)
    pause = next((n for n, item in enumerate(made) if item.kind is Kind.POINT), len(made))
    first, rest = made[:pause], made[pause + 1 :]
    denied = any(led.kind is Kind.NOT and item.kind is Kind.NAME for led, item in pairwise(first))
    days = [item for item in rest if item.kind is Kind.FUTURE_DAY]
    plain = all(item.kind in (*_OF_A_DAY, *_PLAIN) for item in rest)
    if not (denied and days and plain):
        return made
    return made[:pause]
