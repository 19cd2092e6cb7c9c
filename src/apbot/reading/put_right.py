"""
Put right: words that say something else than they do alone: who ran off, and what was fetched.

"Off down the road somewhere" is no day off, and whoever "fetched me a brew" took nobody home.
"""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from apbot.reading.items import (
    CHATTER,
    ENDS,
    PRONOUNS,
    Item,
    as_filling,
    as_plain,
    beyond,
    ends_there,
    is_small,
)
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.parted import as_parted
from apbot.reading.small_words import ends_as, first_is, last_is

_BESIDE = frozenset((Kind.CORRECTION, Kind.POINT, Kind.FILL, Kind.IT, Kind.EMOJI, *CHATTER))
_OF_A_DAY = (Kind.FUTURE_DAY, Kind.MARK, Kind.HE, Kind.SHE, Kind.THEY, Kind.AND, Kind.BUT)
_THINGS = (Kind.REASON, Kind.VEHICLE, Kind.PLACE_HERE, Kind.PLACE_AWAY, Kind.ORDINARY)
_JOINS = (Kind.AND, Kind.BUT, Kind.POINT)
_AT_WORK = "at work"
_NEAR, _A_BREATH = 6, 24
_LED = 2
_GONE = ("gone", "gone_to", "left", "in_somewhere")
_CAME = ("arrived", "present", "back")
_TO_CAME = (Kind.FILL, Kind.NOW, Kind.TIME, Kind.POINT, Kind.AND, Kind.BUT, *CHATTER)


def as_put_right(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items with whoever ran off as that, and a brew that was fetched as no going."""
    items = _without_outing(_without_own_start(as_parted(items, beside), beside))
    made = _without_other_days(items)
    for at in range(len(made)):
        for rule, kinds in _RULES:
            if made[at].kind in kinds and (put := rule(made, at, beside)) is not None:
                made[at] = put
    return made


def _without_own_start(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "he wasn't late, he DOESN'T START TILL HALF NINE": when his day begins, and no more."""
    late = (
        led.kind is Kind.NOT and item.typed in beside.bare_late for led, item in pairwise(items)
    )
    if not any(late):
        return list(items)
    made = list(items)
    for at, item in enumerate(items):
        end = at + 1
        while end < len(items) and items[end].kind is Kind.FILL:
            end += 1
        timed = end < len(items) and items[end].kind is Kind.TIME
        if timed and not beside.starts.isdisjoint(item.value.split()):
            made[at : end + 1] = [as_filling(each) for each in items[at : end + 1]]
    return made


def _without_outing(items: Sequence[Item]) -> list[Item]:
    """ "ALL WENT CHIPPY AT DINNER n Kai hasn't come back": the outing is over."""
    made = list(items)
    for at, item in enumerate(items):
        if item.kind is not Kind.NAME or at < _LED or items[at - 1].kind not in _JOINS:
            continue
        back = [each for each in items[at + 1 : at + 4] if not is_small(each)][:2]
        if [each.kind for each in back] != [Kind.NOT, Kind.MARK] or back[1].value != "back":
            continue
        start = next((n for n in range(at - 2, -1, -1) if items[n].kind is Kind.POINT), -1) + 1
        went = [each for each in items[start : at - 1] if not is_small(each)][:2]
        all_of_them = len(went) == _LED and went[0].kind is Kind.EVERYONE
        if all_of_them and went[1].value in ("gone", "gone_to"):
            made[start:at] = [as_filling(each) for each in items[start:at]]
    return made


def _runs_along(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "off DOWN the ROAD", "off towards town": not where they should be."""
    behind = items[at + 1 : at + _NEAR]
    along = bool(behind) and items[at].typed in beside.bare_off and behind[0].typed in beside.along
    runs = along and any(item.typed in beside.roads for item in behind[1:])
    return items[at]._replace(kind=Kind.MARK, value="unaccounted") if runs else None


def _fetches_a_thing(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "fetched ME A brew", "picked up HIS new glasses": no pupil."""
    if items[at].value != "left":
        return None
    behind = items[at + 1 : at + 4]
    for_me = bool(behind) and behind[0].kind is Kind.SPEAKER
    led = behind[int(for_me) :]
    owned = len(led) > 1 and (
        led[0].typed in beside.articles or (led[0].typed in beside.owners and not for_me)
    )
    thing = owned and led[1].kind in (Kind.ORDINARY, Kind.UNKNOWN)
    return as_plain(items[at]) if thing else None


def _is_weather(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "it's FREEZING out", "bit noisy in here": nobody is."""
    item = items[at]
    if item.value != "present" and item.typed not in beside.bare_out:
        return None
    clause = _clause(items, at)
    last = items[at - 1].typed.split()[-1:] if at else []
    if item.typed in beside.bare_out:
        return None if beside.weather.isdisjoint(last) else as_plain(item)
    words = [each for each in clause if each.kind is not Kind.FILL]
    alone = bool(words) and all(each.kind in (Kind.IT, Kind.ORDINARY, Kind.CHAT) for each in words)
    noisy = any(not beside.noise.isdisjoint(each.typed.split()) for each in words)
    how = not (beside.weather | beside.noise).isdisjoint(last)
    how = how or (noisy and not beside.bare_in.isdisjoint(last))
    return as_plain(item) if alone and how else None


def _clause(items: Sequence[Item], at: int) -> Sequence[Item]:
    """What stands before, back to the last pause, and no further than anybody says in a breath."""
    start, furthest = at, max(at - _A_BREATH, 0)
    while start > furthest and items[start - 1].kind is not Kind.POINT:
        start -= 1
    return items[start:at]


def _is_how_it_is(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "Mo's SICK beats are blasting": how his beats are."""
    if not at:
        return None
    whose, behind = items[at - 1], items[at + 1 : at + 3]
    owned = whose.kind is Kind.NAME and whose.has_s
    thing = len(behind) > 1 and behind[0].kind is Kind.ORDINARY
    is_so = owned and thing and behind[1].value in beside.is_or_are
    return as_plain(items[at]) if is_so else None


def _without_other_days(items: Sequence[Item]) -> list[Item]:
    """ "no Mo today, will be in tomorrow": what is of tomorrow takes nothing back."""
    made = list(items)
    pause = next((n for n, item in enumerate(made) if item.kind is Kind.POINT), len(made))
    first, rest = made[:pause], made[pause + 1 :]
    denied = any(led.kind is Kind.NOT and item.kind is Kind.NAME for led, item in pairwise(first))
    days = [item for item in rest if item.kind is Kind.FUTURE_DAY]
    plain = all(item.kind in (*_OF_A_DAY, *_BESIDE) for item in rest)
    if not (denied and days and plain):
        return made
    return made[:pause]


def _is_untold(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "he WON'T TELL me HOW he came by it": what nobody tells is no fact."""
    clause = _clause(items, at)
    denied = next((n for n, each in enumerate(clause) if each.kind is Kind.NOT), len(clause))
    tells = next(
        (n for n, each in enumerate(clause) if n > denied and each.typed in beside.tells_us),
        len(clause),
    )
    asked = any(each.typed in beside.how_or_what for each in clause[tells + 1 :])
    return as_plain(items[at]) if asked else None


def _looks_for(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "DEAN's gone to look": one of the staff."""
    behind = items[at + 1 : at + 9]
    goes = any(each.kind is Kind.MARK and each.value in ("gone_to", "gone") for each in behind[:3])
    looks = goes and any(first_is(each.typed, beside.looks_for) for each in behind)
    return items[at]._replace(kind=Kind.STAFF) if looks else None


def _is_out_with_animals(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "both Jacks are OUT with the goats": at work; not "off with the dog"."""
    if items[at].typed not in beside.bare_out:
        return None
    company, *herd = items[at + 1 : at + 4] or [items[at]]
    if herd and herd[0].typed in beside.the_or_our:
        herd = herd[1:]
    at_work = company.kind is Kind.WITH and bool(herd) and herd[0].typed in beside.herd
    return Item(Kind.MARK, "present", _AT_WORK) if at_work else None


def _is_of_a_story(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "Teddy has bolted AFTER Ruby laughed at him": she is still where she was."""
    item = items[at]
    if item.has_s or not at:
        return None
    behind = items[at + 1 : at + 2]
    does = bool(behind) and behind[0].kind is Kind.ORDINARY
    story = does and items[at - 1].typed in beside.after_that
    told = story and ends_as(behind[0].value, beside.done_ends)
    return as_plain(item) if told else None


def _reaches_then(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "REACHED at ten to", "Jade's TOUCHED DOWN just now": with no place behind it."""
    if items[at].typed not in beside.reaches:
        return None
    behind = [item for item in items[at + 1 : at + 4] if item.kind is not Kind.FILL]
    then = bool(behind) and behind[0].kind is Kind.TIME
    led = [
        item for item in items[max(at - 3, 0) : at] if item.typed not in beside.own_s | beside.has
    ]
    who = bool(led) and led[-1].kind in (Kind.NAME, Kind.HE, Kind.SHE)
    over = not behind or behind[0].kind in ENDS or behind[0].typed in beside.just_now
    return Item(Kind.MARK, "arrived", items[at].text) if then or (who and over) else None


def _is_to_the_minute(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "quarter to three ON THE DOT"."""
    timed = at > 0 and items[at - 1].kind is Kind.TIME
    return as_filling(items[at]) if timed and items[at].typed in beside.to_the_minute else None


def _is_article(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "on T bus", "and YOUNG Jade": the bus, and Jade."""
    item, behind = items[at], items[at + 1 : at + 2]
    if not behind:
        return None
    if item.typed in beside.young and behind[0].kind is Kind.NAME:
        return item._replace(kind=Kind.FILL)
    the = item.kind is Kind.NAME and item.typed in beside.short_the
    return Item(Kind.FILL, "", item.text) if the and behind[0].kind in _THINGS else None


def _is_the_one(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "Mo's THE ONE stood here": Mo is."""
    if at < _LED or items[at].typed not in beside.bare_one:
        return None
    the = items[at - 1].typed in beside.bare_the
    who = items[at - 2].kind in (Kind.NAME, Kind.HE, Kind.SHE) or items[at - 2].value == "'s"
    return as_filling(items[at]) if the and who else None


def _is_till(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "not in WHILE dinner", "at the dentist WHILE 2", as they say in the north: till then."""
    if items[at].typed not in beside.bare_while or not at or at + 1 >= len(items):
        return None
    if items[at + 1].kind is Kind.TIME and items[at].kind is Kind.ORDINARY:
        return Item(Kind.UNTIL, "till", items[at].text)
    led = items[at - 1].kind is Kind.MARK and items[at - 1].value in ("present", "back")
    denied = any(item.kind is Kind.NOT for item in items[max(at - 4, 0) : at])
    return Item(Kind.UNTIL, "till", items[at].text) if led and denied else None


def _is_half_of(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "HALF his face still numb": how much of it, and no doubt."""
    behind = items[at + 1 : at + 2]
    owned = bool(behind) and behind[0].typed in beside.owners
    return as_filling(items[at]) if owned and items[at].typed in beside.bare_half else None


def _is_how_bad(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "cut his thumb, NOT bad, dad took him home": how, and nothing that is denied."""
    if items[at].value not in beside.bare_not:
        return None
    behind = [item for item in items[at + 1 : at + 4] if item.typed not in beside.so_much]
    how = bool(behind) and behind[0].typed in beside.how_bad
    over = len(behind) < _LED or behind[1].kind in (Kind.POINT, Kind.BUT, Kind.AND)
    return as_filling(items[at]) if how and over else None


def _is_back_at_it(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "BACK ON the bags", where "back on Monday" is a day."""
    if items[at].typed.split()[0] not in beside.bare_back:
        return None
    behind = beyond(items[at + 1 : at + 4], (Kind.FILL,))
    thing = behind is not None and behind.kind in (Kind.ORDINARY, Kind.PLACE_HERE)
    away = behind is not None and behind.typed in beside.off_site | beside.not_only_ours
    return Item(Kind.MARK, "back", items[at].text) if thing and not away else None


def _hopes_for_then(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "gone to the dentist, back about 12 HOPEFULLY": only the hour is hoped for."""
    if at < _LED or items[at - 1].kind is not Kind.TIME:
        return None
    pause = next((n for n in range(at, -1, -1) if items[n].kind is Kind.POINT), 0)
    told = any(item.kind in (Kind.MARK, Kind.REASON) for item in items[:pause])
    return as_filling(items[at]) if told and items[at].typed in beside.hopes else None


def _is_never_left(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "Kai NEVER LEFT, he's here": where he was all along is said behind."""
    ends = items[at + 1 : at + 2]
    if items[at].kind is Kind.MARK and items[at].value == "gone":
        over = not ends or ends[0].kind in (Kind.POINT, Kind.AND)
        return as_plain(items[at]) if over and at and items[at - 1].typed in beside.never else None
    if items[at].typed not in beside.never or items[at].kind is not Kind.NOT or not ends:
        return None
    behind = items[at + 2 : at + 3]
    over = not behind or behind[0].kind in (Kind.POINT, Kind.AND)
    left = ends[0].kind is Kind.MARK and ends[0].value == "gone"
    return as_filling(items[at]) if over and left else None


def _is_no_yes(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "I must CORRECT myself": no yes to what was asked."""
    led = items[at - 1] if at else items[at]
    said = led.kind in (Kind.SPEAKER, Kind.ORDINARY, Kind.UNKNOWN) and led.value != "'s"
    behind = items[at + 1 : at + 2]
    thing = beside.myself | beside.articles
    put = items[at].typed in beside.corrects and bool(behind) and behind[0].typed in thing
    return as_plain(items[at]) if said or put else None


def _is_known_about(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "you know ABOUT JAY, and Connor is due at ten": nothing more is said of Jay."""
    if items[at].has_s or at < _LED:
        return None
    about = items[at - 1].typed in beside.bare_about
    known = items[at - 2].typed in beside.knows
    behind = items[at + 1 : at + 2]
    return as_plain(items[at]) if about and known and behind and ends_there(items, at) else None


def _is_here_then(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "at college till half ten THEN SHE'S WITH US": where she will be, and is not yet."""
    if items[at].value not in ("present", "back", "arrived"):
        return None
    last = items[max(at - _NEAR - _LED, 0) : at]
    led = [item for item in last if not is_small(item) and item.kind not in PRONOUNS]
    then = any(item.typed in beside.then_does for item in last)
    until = [item.kind for item in led[-2:]] == [Kind.UNTIL, Kind.TIME]
    return as_filling(items[at]) if then and until else None


def _is_undone_thing(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "nosebleed WOULDN'T stop, dad picked him up": the nosebleed, and dad did."""
    pause = next((n for n in range(at, len(items)) if items[n].kind is Kind.POINT), len(items))
    plain = all(item.kind in (Kind.ORDINARY, Kind.FILL) for item in items[at + 1 : pause])
    behind = [item for item in items[pause + 1 : pause + 5] if not is_small(item)]
    fetched = len(behind) > 1 and behind[0].kind is Kind.RELATION and behind[1].value == "left"
    return as_filling(items[at]) if plain and pause > at + 1 and fetched else None


def _begins_then(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "arrived at 9 and has STARTED on the brakes": at work, and no doubt."""
    if items[at].typed not in beside.begins_work or not at:
        return None
    led = next((n for n in range(at - 1, -1, -1) if not is_small(items[n])), -1)
    joined = led > 0 and items[led].kind in (Kind.AND, Kind.POINT) and not items[led].is_hard
    before = items[max(led - _NEAR, 0) : max(led, 0)]
    here = any(item.kind is Kind.MARK and item.value in ("arrived", "present") for item in before)
    return as_filling(items[at]) if joined and here else None


def _is_a_habit(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "her TAXI'S always late of a Monday": how it is as a rule, and no reason of today."""
    if items[at].kind is Kind.REASON and items[at].value != "transport":
        return None
    led = [n for n in range(at, max(at - _LED - _LED, -1), -1) if items[n].kind is not Kind.POINT]
    of_ride = any(last_is(items[n].typed.removesuffix("'s"), beside.conveyances) for n in led)
    near = items[max(at - _LED, 0) : at + _LED + _LED]
    habit = any(item.typed in beside.as_a_rule for item in near)
    ride = of_ride or items[at].kind is not Kind.MARK
    return as_plain(items[at]) if habit and ride and items[at].value != "awaited" else None


def _is_thought_of(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "she isn't here, I must have been THINKING OF FRIDAY": no day of which it is said."""
    if at < _LED:
        return None
    led = [item for item in items[max(at - 3, 0) : at] if item.kind is Kind.ORDINARY]
    return as_plain(items[at]) if any(item.typed in beside.thinks_of for item in led) else None


def _starts_then(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "all in except Connor, he STARTS at half nine": then, and he is left out till then."""
    if items[at].typed not in beside.starts:
        return None
    then = beyond(items[at + 1 : at + 4], (Kind.FILL,))
    left_out = any(item.kind is Kind.EXCEPT for item in items[max(at - 2 * _NEAR, 0) : at])
    return as_filling(items[at]) if left_out and then and then.kind is Kind.TIME else None


def _is_still_not(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "Ellis isn't here. Jade also STILL NOT", "Jade NOT YET": not here either."""
    if items[at].value not in beside.bare_not:
        return None
    ends = at + 1
    while ends < len(items) and items[ends].typed in beside.still_or_too:
        ends += 1
    led = at - 1
    while led >= 0 and items[led].typed in beside.still_or_too:
        led -= 1
    alone = led < 0 or items[led].kind is not Kind.NAME or items[led].has_s
    over = ends >= len(items) or items[ends].kind is Kind.POINT
    if alone or not over or (ends == at + 1 and led == at - 1):
        return None
    return Item(Kind.NOT_YET, "not_yet", items[at].text)


def _is_of_before(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "Kai just walked in, NO IDEA WHERE he's been": where he was before, and he is here."""
    if items[at].value != "unaccounted":
        return None
    if items[at].typed.split()[-1] not in beside.heads_names:
        return None
    he = [item for item in items[at + 1 : at + 4] if not is_small(item)][:1]
    behind = items[at + 1 : at + 5]
    been = any(item.typed in beside.bare_been for item in behind[1:])
    led = [item for item in items[max(at - _NEAR, 0) : at] if item.kind not in _TO_CAME]
    came = [item.kind is Kind.MARK and item.value in _CAME for item in led]
    of_him = bool(he) and he[0].kind in PRONOUNS and been and any(came)
    over = (not behind or behind[0].kind is Kind.POINT) and came[-1:] == [True]
    return as_filling(items[at]) if of_him or over else None


def _had_done(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "he'D GONE to the shop": he had, and nothing is to come."""
    if items[at].value not in beside.bare_would:
        return None
    behind = items[at + 1 : at + 2]
    done = bool(behind) and first_is(behind[0].typed, beside.has_been_done)
    return items[at]._replace(value=min(beside.bare_had)) if done else None


def _runs_out(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "we've RUN OUT of cards": of things, and nobody ran."""
    item = items[at]
    if item.typed not in beside.runs_out or not at:
        return None
    led = next((each for each in reversed(items[max(at - 3, 0) : at]) if not is_small(each)), None)
    of = items[at + 1 : at + 2]
    we = led is not None and led.kind is Kind.SPEAKER
    return as_plain(item) if we and of and of[0].typed in beside.bare_of else None


def _is_so_much_before(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "in at 9.58, TWO MINUTES ahead of his own forecast": by how much, and no promise to look."""
    item, behind = items[at], items[at + 1 : at + 2]
    before = bool(behind) and behind[0].typed in beside.so_much_before
    minutes = not beside.minutes.keys().isdisjoint(item.typed.split())
    return as_filling(item) if minutes and before else None


def _is_gone_nowhere(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "hasn't GONE ANYWHERE": no going, and nothing that is denied."""
    item, near = items[at], items[at + 1 : at + 3]
    if item.kind is Kind.NOT:
        gone = bool(near) and near[0].kind is Kind.MARK and near[0].value in _GONE
        return as_filling(item) if gone and near[-1].typed in beside.anywhere else None
    led = items[at - 1] if at else None
    filled = led is not None and led.kind is Kind.FILL and led.value == ""
    gone = item.value in _GONE and filled
    return as_filling(item) if gone and near and near[0].typed in beside.anywhere else None


def _attends(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "is ATTENDING a family funeral": that, and not us."""
    item = items[at]
    if not first_is(item.typed, beside.attends):
        return None
    what = beyond(items[at + 1 : at + 5], (Kind.FILL, Kind.RELATION, Kind.ORDINARY))
    return as_plain(item) if what is not None and what.kind is Kind.REASON else None


def _will_not_be_in(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "will not be IN KITCHEN today": not in at all."""
    led = items[max(at - 4, 0) : at]
    if not led or led[-1].typed not in beside.bare_in:
        return None
    will = any(item.kind is Kind.NOT and first_is(item.value, beside.will) for item in led)
    return as_filling(items[at]) if will else None


def _went_well(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "the interview WENT well I THINK": how it was, and no going and no doubt."""
    item = items[at]
    if item.kind is Kind.HEDGE:
        led = items[max(at - _LED, 0) : at]
        well = any(each.typed in beside.how_it_went for each in led[-1:])
        return as_filling(item) if well and led[0].kind is Kind.ORDINARY else None
    behind = items[at + 1 : at + 2]
    well = bool(behind) and behind[0].typed in beside.how_it_went
    gone = item.value == "gone"
    thing = at > 0 and items[at - 1].kind in (Kind.REASON, Kind.ORDINARY)
    return as_plain(item) if gone and well and thing else None


def _is_put_off(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "court got PUT OFF": court was, and nobody is off."""
    led = items[at - 1].typed if at else ""
    return as_plain(items[at]) if f"{led} {items[at].typed}" in beside.put_off else None


def _knows_not_why(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "Guri DUNNO he ain't here": why, and that he is not here is said for certain."""
    behind = [item.kind for item in items[at + 1 : at + 4]]
    he_is_not = len(behind) > _LED and behind[0] in PRONOUNS and behind[1] is Kind.NOT
    named = at > 0 and items[at - 1].kind is Kind.NAME
    why = he_is_not and behind[2] is Kind.MARK and named and items[at].typed in beside.no_idea
    return Item(Kind.POINT, ",", items[at].text) if why else None


def _is_lost(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "LOST Tommo", and no more: he is missing; "lost Tommo's coat" is a coat."""
    name = items[at + 1 : at + 2]
    begins = at == 0 or items[at - 1].kind in (Kind.POINT, Kind.AND, *CHATTER)
    lost = begins and items[at].typed in beside.bare_lost and bool(name)
    of_him = lost and name[0].kind is Kind.NAME and not name[0].has_s
    over = of_him and ends_there(items, at + 1)
    return Item(Kind.MARK, "unaccounted", items[at].text) if over else None


def _is_to_come_yet(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "that's it TILL BJ GETS DROPPED OFF": he is to come, and is not here."""
    if items[at].value not in ("present", "arrived", "back"):
        return None
    led = [item for item in items[max(at - _NEAR, 0) : at] if not is_small(item)]
    till = [item.kind for item in led[-2:]] == [Kind.UNTIL, Kind.NAME]
    return Item(Kind.MARK, "awaited", items[at].text) if till else None


def _is_of_where_it_was(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "has a funeral IN Cardiff", "her taxi was held up IN town": where that is, or was."""
    behind = items[at + 1 : at + 2]
    if not at or not behind or items[at].typed not in beside.bare_in:
        return None
    of_why = items[at - 1].kind is Kind.REASON
    away = behind[0].kind is Kind.PLACE_AWAY or (of_why and behind[0].kind is Kind.UNKNOWN)
    clause = _clause(items, at)
    of_ride = any(last_is(item.typed, beside.conveyances) for item in clause)
    # "won't be coming, the family has a funeral in Cardiff": that they are not here is said.
    said = any(item.kind is Kind.MARK for item in clause)
    return as_filling(items[at]) if away and said and (of_why or of_ride) else None


def _is_being_brought(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "got him, WALKING HIM BACK now": on the way, and not back yet."""
    led = items[max(at - 2, 0) : at]
    brings = len(led) == _LED and led[0].typed in beside.bringing and led[1].typed in beside.him
    back = items[at].value in ("back", "present") and first_is(items[at].typed, beside.bare_back)
    return Item(Kind.MARK, "awaited", items[at].text) if brings and back else None


def _is_short_for_be(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "missed her bus B here quarter to 10": will be."""
    here = items[at + 1 : at + 2]
    then = beyond(items[at + 2 : at + 5], (Kind.FILL,))
    says = bool(here) and here[0].kind is Kind.MARK and here[0].value in ("present", "back")
    timed = then is not None and then.kind is Kind.TIME
    be = min(beside.bare_be)
    return (
        Item(Kind.FILL, be, items[at].text) if items[at].typed == be[0] and says and timed else None
    )


def _is_bound_elsewhere(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "not back from lunch, was ON HIS WAY to the shop": to there, and not to us."""
    to = items[at + 1 : at + 2]
    if items[at].value != "awaited" or not to or to[0].typed not in beside.bare_to:
        return None
    where = beyond(items[at + 2 : at + 6], (Kind.FILL,))
    elsewhere = where is not None and where.typed in beside.bound_elsewhere
    return as_plain(items[at]) if elsewhere else None


def _is_of_that_half(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "won't be back after dinner TODAY": of that half, and not of the whole day."""
    halves = (Kind.AFTERNOON, Kind.MORNING)
    return as_filling(items[at]) if at and items[at - 1].kind in halves else None


def _leaves_then(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "here now, he's JUST LEAVING AT 11 for the dentist": goes then, and is not on his way."""
    hour = beyond(items[at + 1 : at + 4], (Kind.FILL,))
    leaves = items[at].value == "awaited" and items[at].typed.split()[-1] in beside.leaves_then
    here = any(i.kind is Kind.MARK and i.value in _CAME for i in items[max(at - _NEAR, 0) : at])
    goes = leaves and here and hour is not None and hour.kind is Kind.TIME
    return Item(Kind.MARK, "gone", items[at].text) if goes else None


def _said_so_before(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "I SAID Ellis is here": the sender did, and takes none of it back."""
    own = at > 0 and items[at - 1].kind is Kind.SPEAKER and items[at].typed in beside.i_said
    denies = (Kind.BUT, Kind.NOT, Kind.CORRECTION, Kind.SCRAP, Kind.HEDGE, Kind.PAST_DAY)
    stands = own and not any(item.kind in denies for item in items[at + 1 : at + _A_BREATH])
    return as_filling(items[at]) if stands else None


def _has_so_many(items: Sequence[Item], at: int, beside: Neighbours) -> Item | None:
    """ "GOT 5 of em, Chloe's off": so many are in."""
    behind = items[at + 1 : at + 4]
    of_them = [item.kind for item in behind[:2]] == [Kind.NUMBER, Kind.GROUP]
    over = len(behind) == _LED or (len(behind) > _LED and behind[2].kind is Kind.POINT)
    got = items[at].typed in beside.has
    begins = at == 0 or items[at - 1].kind in (Kind.POINT, Kind.SPEAKER, *CHATTER)
    in_so_many = got and of_them and over and begins
    return Item(Kind.MARK, "present", items[at].text) if in_so_many else None


_Rule = Callable[[Sequence[Item], int, Neighbours], Item | None]
_ANY = frozenset(Kind)
_TO_WORDS = frozenset(Kind) - {Kind.NAME, Kind.POINT}
# Each rule with the kinds of item that it may put right, in the order in which they are asked.
_RULES: tuple[tuple[_Rule, Collection[Kind]], ...] = (
    (_is_no_yes, (Kind.YES,)),
    (_is_known_about, (Kind.NAME,)),
    (_is_never_left, (Kind.MARK, Kind.NOT)),
    (_is_back_at_it, (Kind.UNTIL,)),
    (_hopes_for_then, (Kind.HEDGE,)),
    (_is_half_of, _TO_WORDS),
    (_is_how_bad, (Kind.NOT,)),
    (_has_so_many, (Kind.FILL,)),
    (_is_the_one, _TO_WORDS),
    (_is_till, _TO_WORDS),
    (_is_untold, (Kind.MARK,)),
    (_is_article, _ANY),
    (_is_of_a_story, (Kind.NAME,)),
    (_is_to_the_minute, (Kind.MARK,)),
    (_reaches_then, _TO_WORDS),
    (_looks_for, (Kind.UNKNOWN,)),
    (_is_out_with_animals, (Kind.MARK,)),
    (_is_weather, (Kind.MARK,)),
    (_runs_along, _TO_WORDS),
    (_is_how_it_is, (Kind.REASON,)),
    (_fetches_a_thing, (Kind.MARK,)),
    (_is_here_then, (Kind.MARK,)),
    (_is_undone_thing, (Kind.NOT,)),
    (_begins_then, _TO_WORDS),
    (_is_a_habit, (Kind.REASON, Kind.VEHICLE, Kind.MARK)),
    (_starts_then, (Kind.ORDINARY,)),
    (_is_thought_of, (Kind.WEEKDAY, Kind.PAST_DAY, Kind.FUTURE_DAY)),
    (_is_still_not, (Kind.NOT,)),
    (_is_of_before, (Kind.MARK,)),
    (_had_done, (Kind.FILL,)),
    (_went_well, (Kind.HEDGE, Kind.MARK)),
    (_runs_out, (Kind.MARK,)),
    (_attends, (Kind.MARK,)),
    (_is_so_much_before, (Kind.HEDGE,)),
    (_is_gone_nowhere, (Kind.NOT, Kind.MARK)),
    (_will_not_be_in, (Kind.PLACE_HERE,)),
    (_is_bound_elsewhere, (Kind.MARK,)),
    (_is_put_off, (Kind.MARK,)),
    (_knows_not_why, (Kind.HEDGE,)),
    (_is_lost, (Kind.ORDINARY,)),
    (_is_to_come_yet, (Kind.MARK,)),
    (_is_of_where_it_was, (Kind.MARK,)),
    (_is_being_brought, (Kind.MARK,)),
    (_is_short_for_be, (Kind.UNKNOWN,)),
    (_is_of_that_half, (Kind.TODAY,)),
    (_said_so_before, (Kind.REPORTS,)),
    (_leaves_then, (Kind.MARK,)),
)
