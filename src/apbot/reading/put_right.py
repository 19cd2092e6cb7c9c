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
from apbot.reading.small_words import ends_as

_PLAIN = frozenset((Kind.CORRECTION, Kind.POINT, Kind.FILL, Kind.IT, Kind.EMOJI, *CHATTER))
_ENDS = (Kind.POINT, Kind.TODAY, Kind.MORNING, Kind.AFTERNOON, Kind.EMOJI, Kind.YET, *CHATTER)
_OF_A_DAY = (Kind.FUTURE_DAY, Kind.MARK, Kind.HE, Kind.SHE, Kind.THEY, Kind.AND, Kind.BUT)
_AT_WORK = "at work"
_NEAR = 6


def as_put_right(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items with "Ty I meant, not Zac" as "Ty not Zac", and whoever ran off as that."""
    swapped = _swapped(items, beside)
    if swapped is not None:
        return swapped
    items = _without_mistaken(items, beside)
    made = _without_other_days(_but_not_seen(_with_nos(items, beside), beside))
    for at, item in enumerate(made):
        if item.kind is Kind.MARK and _is_untold(made[:at], beside):
            made[at] = item._replace(kind=Kind.ORDINARY, value=item.typed)
        if item.typed in beside.young and at + 1 < len(made) and made[at + 1].kind is Kind.NAME:
            made[at] = item._replace(kind=Kind.FILL)
        if item.kind is Kind.NAME and _is_article(made, at, beside):
            made[at] = Item(Kind.FILL, "", item.text)
        if item.kind is Kind.NAME and _is_of_a_story(made, at, beside):
            made[at] = Item(Kind.ORDINARY, item.typed, item.text)
        timed = at > 0 and made[at - 1].kind is Kind.TIME
        if item.kind is Kind.MARK and timed and item.typed in beside.to_the_minute:
            # "quarter to three on the dot".
            made[at] = item._replace(kind=Kind.FILL, value="")
        if item.typed in beside.reaches and _is_then(made, at):
            made[at] = Item(Kind.MARK, "arrived", item.text)
        if item.kind is Kind.UNKNOWN and _drives_home(made, at, beside):
            # "Mo isn't here, Ken ran him home": of Mo.
            made[at] = item._replace(kind=Kind.FILL, value="")
        if _looks_for(made, at, beside):
            made[at] = item._replace(kind=Kind.STAFF)
        if _is_out_with_animals(made, at, beside):
            made[at] = Item(Kind.MARK, "present", _AT_WORK)
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
            made.append(Item(Kind.NOT, "no", "no"))
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


def _but_not_seen(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "Mo is back but not seen Kai": Kai is left out of nothing."""
    made: list[Item] = []
    for at, item in enumerate(items):
        seen = at + 1 < len(items) and items[at + 1].typed in beside.sees
        if item.kind is Kind.EXCEPT and seen and item.typed.split()[-1] in beside.bare_not:
            made.append(Item(Kind.POINT, ",", ","))
            item = item._replace(kind=Kind.NOT, value="not")
        made.append(item)
    return made


def _is_untold(before: Sequence[Item], beside: Neighbours) -> bool:
    """ "he WON'T TELL me HOW he came by it": what nobody tells is no fact."""
    pause = max((n for n, each in enumerate(before) if each.kind is Kind.POINT), default=-1)
    clause = before[pause + 1 :]
    denied = next((n for n, each in enumerate(clause) if each.kind is Kind.NOT), len(clause))
    tells = next(
        (n for n, each in enumerate(clause) if n > denied and each.typed in beside.tells_us),
        len(clause),
    )
    return any(each.typed in beside.how_or_what for each in clause[tells + 1 :])


def _looks_for(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "DEAN's gone to look": one of the staff."""
    if items[at].kind is not Kind.UNKNOWN:
        return False
    behind = items[at + 1 : at + 9]
    goes = any(each.kind is Kind.MARK and each.value in ("gone_to", "gone") for each in behind[:3])
    return goes and any(each.typed in beside.looks_for for each in behind)


def _is_out_with_animals(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "both Jacks are OUT with the goats": at work."""
    behind = items[at + 1 : at + 4]
    out = items[at].kind is Kind.MARK and items[at].typed in beside.off_or_out
    led = len(behind) > 1 and behind[0].kind is Kind.WITH
    return out and led and any(each.typed in beside.animals for each in behind[1:])


def _is_of_a_story(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "Teddy has bolted AFTER Ruby laughed at him": she is still where she was."""
    led, behind = items[at - 1 : at], items[at + 1 : at + 2]
    tells = bool(led) and led[0].typed in beside.after_that and not items[at].has_s
    does = bool(behind) and behind[0].kind is Kind.ORDINARY
    return tells and does and ends_as(behind[0].value, beside.done_ends)


def _is_then(items: Sequence[Item], at: int) -> bool:
    """ "reached at ten to": with the hour behind it."""
    behind = [item for item in items[at + 1 : at + 4] if item.kind is not Kind.FILL]
    return bool(behind) and behind[0].kind is Kind.TIME


def _is_article(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "on T bus": the bus, and nobody's letter."""
    behind = items[at + 1 : at + 2]
    things = (Kind.REASON, Kind.VEHICLE, Kind.PLACE_HERE, Kind.PLACE_AWAY, Kind.ORDINARY)
    return items[at].typed in beside.short_the and bool(behind) and behind[0].kind in things


def _without_mistaken(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "that's not Zoe in the red hat. Zoe's not turned up": who it was not, and then of her."""
    clauses: list[list[Item]] = [[]]
    for item in items:
        clauses[-1].append(item)
        if item.kind is Kind.POINT:
            clauses.append([])
    named = [{n for item in each for n in item.pupils} for each in clauses]
    made: list[Item] = []
    for at, clause in enumerate(clauses):
        opened = " ".join(item.typed for item in clause[:2])
        that = any(opened.startswith(words) for words in beside.that_was)
        denied = any(item.kind is Kind.NOT for item in clause[:4])
        again = bool(named[at]) and any(named[at] & other for other in named[at + 1 :])
        if not (that and denied and again):
            made += clause
    return made


def _drives_home(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "KEN ran him home": one of us who drove."""
    behind = items[at + 1 : at + 2]
    left = bool(behind) and behind[0].kind is Kind.MARK and behind[0].value == "left"
    return left and behind[0].typed.split()[0] in beside.drives
