"""
Departures: one going that is told in more than one breath, put as the one thing it says.

"His nan has picked him up, they went at 5 to 3", "they're gone, their taxi came at ten past" and
"his mum came a bit early for him so he's gone, 2pm" each have two words for one going, and an hour
that is the pupil's. Read apart they would be of somebody else, or of a going without leave.
"""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from apbot.reading.items import CHATTER, PRONOUNS, Item, sentence_start, typed_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_SOFT = (",", "-", "(", ")", ":")
_SMALL = (Kind.FILL, Kind.NOW, Kind.JUST, Kind.ONLY, Kind.TOO, Kind.BOTH)
_DAY = (Kind.MORNING, Kind.AFTERNOON, Kind.TODAY, Kind.LUNCH)
_ENDS = (Kind.POINT, Kind.AND, Kind.EMOJI, Kind.NOW, Kind.TOO, *_DAY, *CHATTER)
_FETCHERS = (Kind.RELATION, Kind.STAFF, Kind.VEHICLE)
# With one of these in its sentence a going is more than it seems.
_DOUBTS = (Kind.NOT, Kind.NOT_YET, Kind.BUT, Kind.IF, Kind.HEDGE, Kind.NO, *PRONOUNS)
# What may stand between a going and the same told again.
_BETWEEN = (
    *(Kind.FILL, Kind.ORDINARY, Kind.REASON, Kind.RELATION, Kind.PLACE_AWAY, Kind.WITH, Kind.FROM),
    *(Kind.VEHICLE, Kind.REPORTS, *_SMALL, *_DAY, *CHATTER),
)
_FURTHEST = 14


class Found(NamedTuple):
    """Where it ends, and the items that are put for it."""

    end: int
    items: list[Item]


_Finder = Callable[[Sequence[Item], int, Neighbours], Found | None]


def as_departed(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items with each going told as one mark, and its hour behind it."""
    asked = any(item.kind is Kind.POINT and item.value == "?" for item in items)
    finders = (_sent_home, _let_go, _came_so, _gone_and_fetched, _rode_off, _it_was_they)
    made = list(items) if asked else _each(items, beside, finders)
    made = _each(
        made,
        beside,
        (_by_a_stranger, _fetched_a_thing, _came_and_went, _they_went, _on_the_dot, _not_then),
    )
    return made if asked else _told_again(made, beside)


def _each(items: Sequence[Item], beside: Neighbours, finders: Sequence[_Finder]) -> list[Item]:
    made: list[Item] = []
    at = 0
    while at < len(items):
        found = None
        for finder in finders:
            found = found or finder(items, at, beside)
        if found is None:
            made.append(items[at])
            at += 1
        else:
            made += found.items
            at = found.end
    return made


# whose


def with_owners(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return "the mother of Chloe" as Chloe's mother, and "left with Femi's dad" as with a dad."""
    items = _each(items, beside, (_picked_up,))
    made: list[Item] = []
    at = 0
    while at < len(items):
        item = items[at]
        of, name = (*items[at + 1 : at + 3], None, None)[:2]
        if item.kind is Kind.RELATION and of is not None and name is not None:
            owned = of.typed in beside.bare_of and name.kind is Kind.NAME and not name.has_s
            if owned and len(name.pupils) == 1 and not (made and made[-1].kind is Kind.NAME):
                made += [name._replace(has_s=True), item]
                at += 3
                continue
        if item.kind is Kind.NAME and item.has_s and _is_the_one_told(items, at, beside):
            # "Finn's one was for an interview": Finn was.
            made.append(item._replace(has_s=False))
            at += 2
            continue
        if _is_owner_of_company(made, items, at, beside):
            item = item._replace(kind=Kind.FILL, value="", pupils=(), has_s=False)
        made.append(item)
        at += 1
    return made


def _picked_up(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "has picked Femi up": the two words are one."""
    if items[at].typed not in beside.picks_up or at + 2 >= len(items):
        return None
    name, up = items[at + 1 : at + 3]
    if name.kind is not Kind.NAME or name.has_s or up.typed not in beside.bare_up:
        return None
    leads = at + 3 < len(items) and items[at + 3].typed in (*beside.back_to, *beside.comes_so)
    just = at + 3 < len(items) and items[at + 3].typed in beside.just_now
    if not (leads or just or _is_over(items, at + 3, beside)):
        return None
    text = f"{items[at].text} {up.text}"
    # "picked Femi up JUST NOW": when, and nobody came.
    when = f"{text} {items[at + 3].text}" if just else text
    return Found(at + 3 + just, [Item(Kind.MARK, "left", when), name])


def _is_the_one_told(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "Finn's ONE was for an interview": his going, of which the reason is told."""
    one, verb = (*items[at + 1 : at + 3], None, None)[:2]
    if one is None or verb is None or one.kind is not Kind.ORDINARY or verb.kind is not Kind.FILL:
        return False
    why = next((each for each in items[at + 3 :] if each.kind is not Kind.FILL), None)
    return one.typed in beside.bare_one and why is not None and why.kind is Kind.REASON


def _is_owner_of_company(
    made: Sequence[Item], items: Sequence[Item], at: int, beside: Neighbours
) -> bool:
    item, led = items[at], made[-1] if made else None
    if item.kind is not Kind.NAME or not item.has_s or led is None or at + 1 >= len(items):
        return False
    going = (
        led.kind is Kind.MARK
        and led.value == "left"
        and not beside.company.isdisjoint(led.typed.split()[-1:])
    )
    with_them = led.kind is Kind.WITH and any(
        each.kind is Kind.MARK and each.value in ("left", "gone", "unaccounted", "absent")
        for each in made[-4:-1]
    )
    return items[at + 1].kind is Kind.RELATION and (going or with_them)


# sent home


def _sent_home(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "I send all of them to home now": sent, and done."""
    item = items[at]
    if item.value not in beside.sending or item.kind not in (Kind.ORDINARY, Kind.CHAT):
        return None
    whom = items[at + 1] if at + 1 < len(items) else None
    if whom is None or not (whom.kind in (Kind.EVERYONE, Kind.NAME) or whom.value in beside.him):
        return None
    end = at + 2
    end += end < len(items) and items[end].typed in beside.back_to
    if end >= len(items) or items[end].typed not in beside.to_home:
        return None
    speaks = at > 0 and items[at - 1].kind is Kind.SPEAKER
    begins = speaks and (at == 1 or items[at - 2].kind in (Kind.POINT, Kind.AND))
    done = item._replace(value="sent") if begins else item
    return Found(end + 1, [done, whom, items[end]])


def _let_go(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "I've LET HIM GO home", "had to let Femi go early": sent, and done."""
    led = items[max(at - 4, 0) : at]
    speaks = next((n for n, item in enumerate(led) if item.kind is Kind.SPEAKER), len(led))
    has = typed_in(led[speaks + 1 :])
    has_done = has <= beside.has_let and not (has & beside.bare_to and not has & beside.only_past)
    if items[at].typed not in beside.lets or speaks == len(led) or not has_done:
        return None
    whom = items[at + 1] if at + 1 < len(items) else None
    if whom is None or not (whom.kind is Kind.NAME or _is_whom(whom, beside)) or whom.has_s:
        return None
    end = at + 2
    while end < len(items) and items[end].typed in beside.let_where:
        end += 1
    if end == at + 2 or not _is_over(items, end, beside):
        return None
    named = [whom] if whom.kind is Kind.NAME else []
    said = [item for item in items[at:end] if item not in named]
    return Found(end, [*named, Item(Kind.MARK, "left", _text(said))])


# who came for them


def _came_so(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "mum came a bit early for her": came for her."""
    item = items[at]
    came = item.kind is Kind.ORDINARY or (item.kind is Kind.MARK and item.value == "arrived")
    if not came or item.typed not in beside.comes_for or not _is_led_by_fetcher(items, at, beside):
        return None
    if _is_a_stranger(items, at, beside):
        return None
    end = at + 1
    while end < len(items) and set(items[end].typed.split()) <= beside.comes_so:
        end += 1
    if end == at + 1 or end + 1 >= len(items) or items[end].value not in beside.fetches:
        return None
    if not _is_whom(items[end + 1], beside) or not _is_over(items, end + 2, beside):
        return None
    return Found(end + 2, [Item(Kind.MARK, "left", _text(items[at : end + 2]))])


def _it_was_they(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "it was Femi she came for": Femi was fetched."""
    if items[at].kind is not Kind.NAME or at < 2 or items[at].has_s or at + 3 >= len(items):
        return None
    it_was = items[at - 2].kind is Kind.IT and items[at - 1].kind is Kind.FILL
    who, came, led = items[at + 1 : at + 4]
    fetched = came.kind is Kind.MARK and came.value == "arrived" and came.typed in beside.comes_for
    if not (it_was and who.kind in PRONOUNS and fetched and led.value in beside.fetches):
        return None
    if at + 4 < len(items) and items[at + 4].kind is not Kind.POINT:
        return None
    return Found(at + 4, [items[at], Item(Kind.MARK, "left", _text((who, came, led)))])


def _is_led_by_fetcher(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    led = at - 1
    while (
        led >= 0
        and items[led].kind in (*_SMALL, Kind.ORDINARY)
        and (items[led].kind is not Kind.ORDINARY or items[led].typed in beside.own_s)
    ):
        if items[led].value in beside.will:
            return False
        led -= 1
    return led >= 0 and _is_fetcher(items[led], beside)


def _is_a_stranger(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "some bloke came", "her boyfriend came": nobody who may take a pupil, for all we know."""
    who = at
    while who > 0 and not _is_fetcher(items[who], beside):
        who -= 1
    led = items[who - 1].value if who else ""
    return items[who].typed in beside.peers or led in beside.bare_one_of


def _is_fetcher(item: Item, beside: Neighbours) -> bool:
    return item.kind in _FETCHERS or _is_ride(item, beside)


def _is_ride(item: Item, beside: Neighbours) -> bool:
    rides = item.kind is Kind.REASON and item.value == "transport"
    return item.kind is Kind.VEHICLE or (rides and item.typed in beside.conveyances)


def _is_whom(item: Item, beside: Neighbours) -> bool:
    return item.value in beside.him or item.kind is Kind.THEY


def _gone_and_fetched(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "gone, their taxi came at ten past", "away, his stepdad come for him": gone with leave."""
    item = items[at]
    gone = item.kind is Kind.MARK and item.value == "gone" and item.typed in beside.went_then
    away = item.kind is Kind.MARK and item.typed in beside.off_or_away
    if not (gone or away):
        return None
    who = _past(items, at + 1, beside)
    if who >= len(items) or not _is_fetcher(items[who], beside):
        return None
    doubted = _is_doubted(items[sentence_start(items, at) : at], beside)
    if doubted or _is_a_stranger(items, who, beside):
        return None
    verb = who + 1
    while verb < len(items) and items[verb].kind in (Kind.FILL, Kind.NOW, Kind.JUST):
        verb += 1
    end = _fetches(items, verb, beside, needs_whom=away or not _is_ride(items[who], beside))
    if end < 0:
        return None
    hours = [each for each in items[verb:end] if each.kind is Kind.TIME]
    rest = items[end : _sentence_end(items, end)]
    unsure = any(each.kind in _DOUBTS for each in rest)
    if len(hours) > 1 or unsure or not _is_over(items, end, beside):
        return None
    mark = Item(Kind.MARK, "left", _text([each for each in items[at:end] if each not in hours]))
    return Found(end, [mark, *hours])


def _rode_off(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "Femi's taxi has been, he's away": gone in it; "been and gone" may be the taxi alone."""
    ride, owner = items[at], items[at - 1] if at else None
    if owner is None or owner.kind is not Kind.NAME or not owner.has_s:
        return None
    if not _is_ride(ride, beside) or _is_doubted(items[sentence_start(items, at) : at], beside):
        return None
    came = at + 1
    while came < len(items) and (
        items[came].kind in (Kind.FILL, Kind.JUST, Kind.NOW) or items[came].typed in beside.own_s
    ):
        if items[came].typed in beside.comes_for or items[came].value in beside.will:
            break
        came += 1
    if came + 1 >= len(items) or items[came].typed not in beside.comes_for:
        return None
    gone, end = came + 1, came
    while gone < len(items) and items[gone].kind is not Kind.MARK:
        each = items[gone]
        pause = each.kind is Kind.POINT and each.value in (*_SOFT, ".")
        small = each.kind in (*_SMALL, Kind.AND, *PRONOUNS) or each.typed in beside.own_s
        if not (pause or small or each.value in beside.so) or each.value in beside.will:
            return None
        gone, end = gone + 1, gone
    between = items[came + 1 : gone]
    told = any(each.kind in (Kind.POINT, *PRONOUNS) for each in between)
    if gone >= len(items) or not told or end == came:
        return None
    mark = items[gone]
    left = mark.typed in beside.went_then or mark.typed in beside.off_or_away
    rest = items[gone + 1 : _sentence_end(items, gone + 1)]
    # "gone and hid": not in the taxi.
    doubted = any(each.kind in (*_DOUBTS, Kind.AND) for each in rest)
    if not left or doubted or not _is_over(items, gone + 1, beside):
        return None
    return Found(gone + 1, [Item(Kind.MARK, "left", _text(items[at : gone + 1]))])


def _past(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """Pass "now", "as well", the pause, "so their": up to whoever came."""
    pauses = 0
    while at < len(items):
        item = items[at]
        pause = item.kind is Kind.POINT and item.value in (*_SOFT, ".")
        pauses += pause
        small = item.kind in (*_SMALL, Kind.PLACE_AWAY, Kind.AND) or item.typed in beside.gives_why
        if pauses > 1 or not (small or pause) or item.value in beside.will:
            break
        at += 1
    return at


def _fetches(items: Sequence[Item], at: int, beside: Neighbours, *, needs_whom: bool) -> int:
    """Return where it ends that somebody came for them or took them; -1 for anything else."""
    if at >= len(items):
        return -1
    item, end = items[at], at + 1
    whole = item.kind is Kind.MARK and item.value == "left"
    came = item.typed in beside.comes_for or (item.kind is Kind.MARK and item.value == "arrived")
    takes = item.typed in beside.takes and end < len(items) and _is_whom(items[end], beside)
    if not (whole or came or takes):
        return -1
    has_whom = whole or takes
    end += takes
    while end < len(items):
        each, behind = items[end], items[end + 1] if end + 1 < len(items) else None
        is_for = each.value in beside.fetches and behind is not None and _is_whom(behind, beside)
        then = each.kind is Kind.AND and behind is not None and behind.typed in beside.takes
        if is_for:
            has_whom, end = True, end + 2
        elif then and end + 2 < len(items) and _is_whom(items[end + 2], beside):
            has_whom, end = True, end + 3
        elif each.kind is Kind.TIME or _is_how(items, end, beside):
            end += 1
        else:
            break
    return end if has_whom or not needs_whom else -1


def _is_how(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "straight from work", "on the motorbike", "in the van", "at" an hour."""
    item = items[at]
    if item.kind is Kind.FILL and item.value not in beside.him and item.value not in beside.will:
        return True
    if item.kind is Kind.MARK and item.typed in beside.bare_in:
        return any(
            _is_ride(each, beside) or each.typed in beside.our_van
            for each in items[at + 1 : at + 3]
        )
    if set(item.typed.split()) <= beside.comes_so or item.typed in beside.to_home:
        return True
    ridden = item.kind in (Kind.ORDINARY, Kind.VEHICLE, Kind.REASON) or item.value == "transport"
    led = {each.typed for each in items[max(at - 2, 0) : at]}
    return ridden and not led.isdisjoint(beside.by_ride)


# told again


def _told_again(items: list[Item], beside: Neighbours) -> list[Item]:
    """ "has picked him up, they went at 5 to 3": the hour is of the one going."""
    made = list(items)
    for at, item in enumerate(made):
        if _is_in_company(made, at):
            # "gone with her nan, physio. Not back this morning".
            _quieten_not_returning(made, at + 1, beside)
        if not (_is_sent(made, at, beside) or (item.kind is Kind.MARK and item.value == "left")):
            continue
        begins = at + 1
        while begins < min(len(made), at + _FURTHEST):
            span = _again(made, begins, beside)
            if span is not None:
                _quieten(made, begins, span)
                _quieten_who_said(made, at + 1, begins)
                break
            each = made[begins]
            if not (_is_between(made, begins) or each.kind is Kind.POINT):
                break
            begins += 1
        _quieten_their_trouble(made, at + 1)
        _quieten_not_returning(made, at + 1, beside)
    return made


def _is_in_company(items: Sequence[Item], at: int) -> bool:
    if items[at].kind is not Kind.MARK or items[at].value != "gone":
        return False
    behind = [item for item in items[at + 1 : at + 4] if item.kind is not Kind.FILL]
    return [item.kind for item in behind[:2]] == [Kind.WITH, Kind.RELATION]


def _is_sent(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "sent femi HOME": the end of what says that somebody has left."""
    if items[at].typed not in beside.to_home:
        return False
    near = range(at - 1, max(at - 7, -1), -1)
    verb = next((n for n in near if items[n].value in beside.sending), -1)
    if verb < 0 or any(each.kind is Kind.POINT for each in items[verb:at]):
        return False
    return all(each.kind is not Kind.NOT for each in items[max(verb - 3, 0) : verb])


def _is_between(items: Sequence[Item], at: int) -> bool:
    item = items[at]
    if item.kind in PRONOUNS:
        # "like they said".
        return at + 1 < len(items) and items[at + 1].kind is Kind.REPORTS
    return item.kind in _BETWEEN


def _again(items: Sequence[Item], at: int, beside: Neighbours) -> tuple[int, bool] | None:
    """Return where the second telling ends, before its hour, and whether it has one."""
    start, parted = at, False
    while start < len(items) and (
        items[start].kind in (Kind.POINT, Kind.AND)
        or items[start].value in beside.so
        or items[start].typed in beside.gives_why
    ):
        parted, start = True, start + 1
    named = start < len(items) and items[start].kind in PRONOUNS
    if not (named or parted):
        return None
    verb = start + named
    while verb < len(items) and (items[verb].kind in _SMALL or items[verb].typed in beside.own_s):
        if items[verb].value in beside.will or items[verb].kind is Kind.TIME:
            return None
        verb += 1
    if verb >= len(items) or items[verb].kind is not Kind.MARK:
        return None
    if items[verb].typed not in beside.went_then:
        return None
    end = verb + 1
    while end < len(items) and (
        items[end].typed in beside.off_or_away or items[end].kind is Kind.PLACE_AWAY
    ):
        end += 1
    hour = end
    while hour < len(items) and (
        items[hour].kind in (Kind.FILL, Kind.JUST, Kind.NOW) or items[hour].value in _SOFT
    ):
        hour += 1
    timed = hour < len(items) and items[hour].kind is Kind.TIME
    if timed:
        return (hour, True) if _is_over(items, hour + 1, beside) else None
    return (end, False) if _is_over(items, end, beside) else None


def _quieten(items: list[Item], at: int, span: tuple[int, bool]) -> None:
    """Make the second telling small words; with an hour behind it, none ends the sentence."""
    end, timed = span
    for n in range(at, end):
        item = items[n]
        if item.kind is not Kind.POINT or timed:
            items[n] = Item(Kind.FILL, "", item.text)


def _quieten_who_said(items: list[Item], start: int, end: int) -> None:
    """ "sent Cross home like they said, he went 11.05": who said it is of no account."""
    for n in range(start, end):
        if items[n].kind in PRONOUNS:
            items[n] = Item(Kind.FILL, "", items[n].text)


def _quieten_their_trouble(items: list[Item], at: int) -> None:
    """ "his ma got him, they've had a death in the family": why he went."""
    names = {number for item in items if item.kind is Kind.NAME for number in item.pupils}
    for n in range(at, min(len(items), at + _FURTHEST)):
        if items[n].is_hard or items[n].kind is Kind.NAME:
            return
        if items[n].kind is not Kind.THEY:
            continue
        why = next((each for each in items[n + 1 :] if each.kind is not Kind.FILL), None)
        theirs = why is not None and why.kind is Kind.REASON and why.value == "family"
        if theirs and len(names) == 1:
            items[n] = Item(Kind.FILL, "", items[n].text)
        return


def _quieten_not_returning(items: list[Item], at: int, beside: Neighbours) -> None:
    """ "and they are not returning before lunch": gone, and that is all of it."""
    for n in range(at, min(len(items) - 1, at + 2 * _FURTHEST)):
        if items[n].kind is Kind.NAME or (
            items[n].kind is Kind.MARK and items[n - 1].kind is not Kind.NOT
        ):
            return
        end = n + 2
        while end < len(items) and items[end].kind in (*_DAY, Kind.FILL, Kind.ORDINARY):
            end += 1
        if items[n].kind is not Kind.NOT or not _is_returning(items[n + 1 : end], beside):
            continue
        if end < len(items) and not items[end].is_hard:
            return
        begins = n - (items[n - 1].kind in PRONOUNS)
        for each in range(begins, end):
            items[each] = Item(Kind.FILL, "", items[each].text)
        return


def _is_returning(items: Sequence[Item], beside: Neighbours) -> bool:
    """ "returning", "back this morning": a "back" alone may be of one who is looked for."""
    if items[0].kind is Kind.UNTIL:
        return items[0].typed.split()[-1] in beside.comes_again
    back = items[0].kind is Kind.MARK and items[0].value == "back"
    return back and any(item.kind in _DAY for item in items[1:])


# small things beside


def _by_a_stranger(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "some bloke came for her": no leave, for all that we know."""
    item, led = items[at], items[at - 1] if at else None
    if item.kind is not Kind.MARK or item.value != "left" or led is None:
        return None
    stranger = led.kind is Kind.ORDINARY and led.typed in beside.strangers
    came = item.typed.split()[0] in {*beside.comes_for, *beside.takes, *beside.picks_up}
    return Found(at + 1, [item._replace(kind=Kind.CHAT, value="")]) if stranger and came else None


def _fetched_a_thing(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "her mum came and got her coat": the coat, and not her."""
    item = items[at]
    if item.kind is not Kind.MARK or item.value != "left" or at + 1 >= len(items):
        return None
    hers = not beside.him.isdisjoint(item.typed.split()[-1:])
    thing = " ".join(each.typed for each in items[at + 1 : at + 3])
    fetched = thing in beside.own_things or items[at + 1].typed in beside.own_things
    if not (hers and fetched):
        return None
    return Found(at + 2, [Item(Kind.CHAT, "", _text(items[at : at + 2]))])


def _came_and_went(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "his mum came at 2 and went again": she did, and not he."""
    item = items[at]
    came = item.kind is Kind.MARK and item.typed in beside.comes_and_goes
    if not came or not _is_led_by_fetcher(items, at, beside):
        return None
    end = at + 1
    while end < len(items) and items[end].kind in (Kind.FILL, Kind.TIME, Kind.ORDINARY, Kind.NOW):
        end += 1
    if end + 1 >= len(items) or items[end].kind is not Kind.AND:
        return None
    went = _past_small(items, end + 1)
    if went >= len(items) or items[went].kind is not Kind.MARK:
        return None
    gone = items[went].value == "gone" and items[went].typed in beside.went_then
    if not gone or (went + 1 < len(items) and items[went + 1].kind is Kind.WITH):
        return None
    return Found(went + 1, [Item(Kind.CHAT, "", _text(items[at : went + 1]))])


def _they_went(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "Femi is back, his mum went at 2": she did, and not he; "Femi and his mum" both did."""
    item = items[at]
    gone = item.kind is Kind.MARK and item.value == "gone" and item.typed in beside.went_then
    who = at - 1
    while who >= 0 and items[who].kind in (Kind.FILL, Kind.JUST, Kind.ONLY, Kind.NOW):
        who -= 1
    if not gone or who < 1 or items[who].kind is not Kind.RELATION:
        return None
    led = who - 1
    while led >= 0 and (items[led].kind is Kind.FILL or items[led].has_s):
        led -= 1
    together = led > 0 and items[led].kind in (Kind.AND, Kind.WITH)
    together = together and items[led - 1].kind is not Kind.RELATION
    if together or not _is_over(items, at + 1, beside):
        return None
    return Found(at + 1, [item._replace(kind=Kind.CHAT, value="")])


def _past_small(items: Sequence[Item], at: int) -> int:
    while at < len(items) and items[at].kind in _SMALL:
        at += 1
    return at


def _on_the_dot(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "gone with her nan, half eleven on the dot": the hour, and no word of being on time."""
    if items[at].kind is not Kind.TIME or at + 1 >= len(items):
        return None
    dot = items[at + 1]
    before = items[sentence_start(items, at) : at]
    names = [n for n, each in enumerate(before) if each.kind is Kind.NAME]
    gone = any(
        each.kind is Kind.MARK and each.value in ("left", "gone", "absent")
        for each in before[max(names, default=0) :]
    )
    if not gone or dot.kind is not Kind.MARK or dot.typed not in beside.punctual:
        return None
    return Found(at + 2, [items[at], dot._replace(kind=Kind.FILL, value="")])


def _not_then(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "went at 1.05, sorry, not 1.15": the hour that was wrong says nothing."""
    if items[at].kind is not Kind.NOT or items[at].typed not in beside.bare_not:
        return None
    end = at + 1
    end += end < len(items) and items[end].kind is Kind.FILL
    if end >= len(items) or not _is_over(items, end + 1, beside):
        return None
    hours = [each for each in items[sentence_start(items, at) : at] if each.kind is Kind.TIME]
    clock = items[end].kind is Kind.TIME and items[end].when is not None
    # "collected at 1.50 not 2"; in "here since 9.30, not 4" it may be a pupil's number.
    gone = any(
        each.kind is Kind.MARK and each.value in ("left", "gone")
        for each in items[sentence_start(items, at) : at]
    )
    hour = gone and items[end].kind is Kind.ORDINARY and items[end].typed.isdecimal()
    if len(hours) != 1 or not (clock or hour):
        return None
    return Found(end + 1, [Item(Kind.FILL, "", _text(items[at : end + 1]))])


def _is_over(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """Whether what was told ends there: with a point, an hour, an "and", a "so"."""
    if at >= len(items) or items[at].kind in (*_ENDS, Kind.TIME):
        return True
    small = items[at].typed in beside.gives_why or items[at].value in beside.so
    if small or items[at].kind is not Kind.FILL:
        return small
    behind = items[at + 1] if at + 1 < len(items) else None
    return behind is not None and behind.kind is Kind.TIME


def _is_doubted(items: Sequence[Item], beside: Neighbours) -> bool:
    return any(item.kind in (Kind.NOT, Kind.HEDGE, Kind.IF, Kind.NO) for item in items) or any(
        item.value in beside.will for item in items
    )


def _sentence_end(items: Sequence[Item], at: int) -> int:
    while at < len(items) and not items[at].is_hard:
        at += 1
    return at


def _text(items: Collection[Item]) -> str:
    return " ".join(item.text for item in items if item.kind is not Kind.POINT)


__all__ = ["as_departed", "with_owners"]
