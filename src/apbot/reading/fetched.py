"""
Fetched: a relative or worker who took a pupil away, or brought one, put as the one thing it says.

"His dad turned up about ten minutes ago and took him out" has words for coming and for being out,
and both are of the same going home; "his mum has dropped him back off with us" has one for being
off. Read apart they would say something else.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from apbot.reading.items import PRONOUNS, Item, as_filling, as_plain, beyond
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import first_is

_SMALL = (Kind.FILL, Kind.ONLY, Kind.NOW, Kind.TIME, Kind.JUST, Kind.CHAT)
_ENDS = (
    *(Kind.POINT, Kind.AND, Kind.TIME, Kind.NOW, Kind.EMOJI, Kind.THANKS, Kind.CHAT, *PRONOUNS),
)
_FURTHEST = 6


class Found(NamedTuple):
    """Where it ends, and the items that are put for it."""

    end: int
    items: list[Item]


def as_fetched(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items with each taking away or bringing as one mark, and its hour behind it."""
    made: list[Item] = []
    at = 0
    while at < len(items):
        found = _bringing(items, at, beside)
        if found is not None:
            while made and (made[-1].kind in (*PRONOUNS, Kind.FILL) or made[-1].value == "'s"):
                # "SHE'S fetching him in": whoever she is.
                made.pop()
            made += found.items
            at = found.end
            continue
        # "police turned up and have taken Rico with them"
        police = items[at].typed in beside.police and _is_coming(items, at + 1, beside)
        led = items[at].kind is Kind.RELATION or police
        if led:
            found = _to_fetch(items, at + 1, beside)
            found = found or _taken(items, at + 1, beside) or _brought(items, at + 1, beside)
            found = found or _got(items, at + 1, beside)
        rides = items[at].typed.removesuffix("'s") in beside.conveyances
        if rides and (found := _brought(items, at + 1, beside)) is not None:
            # "his TAXI's just dropped him off": how he came, and no reason.
            made.append(as_plain(items[at]))
        else:
            made.append(items[at])
        at += 1
        if led and _fetches_another(items, at, beside):
            # "Aiden's mum has collected Femi": of Femi, and Aiden's mum is who did it.
            made.append(Item(Kind.POINT, ".", "."))
        if _is_away_of_taken(items, at, beside):
            # "police have taken Brody away": taken, and that is all of it.
            made.append(items[at])
            at += 2
        if found is not None:
            named = any(item.kind is Kind.NAME for item in found.items)
            came = any(item.value == "arrived" or item.is_plural for item in found.items)
            if (led or rides) and named and came:
                # "his dad just dropped Femi off": Femi is here, and not his dad.
                made.append(Item(Kind.POINT, ".", "."))
            elif led and found.items[0].kind is Kind.HE:
                # "her brother brought her at ten": she came then.
                made[-1] = as_filling(made[-1])
            made += found.items
            at = found.end
    return made


def _bringing(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "FETCHING HIM OVER now", "running Femi in herself": on the way."""
    verb, *behind = items[at].typed.split() or [""]
    if verb not in beside.bringing:
        return None
    named = at + 1 < len(items) and items[at + 1].kind is Kind.NAME and not items[at + 1].has_s
    him = bool(behind) and behind[-1] in beside.him
    after = at + 1 + int(not him)
    if not (him or (not behind and _is_whom(items, at + 1, beside))):
        return None
    if after >= len(items) or items[after].typed not in beside.bringing_where:
        return None
    end = after + 1
    if end < len(items) and items[end].typed in beside.reflexive:
        end += 1
    text = " ".join(item.text for item in items[at:end])
    mark = Item(Kind.MARK, "awaited", text)
    return Found(end, [items[at + 1], mark] if named else [mark])


def _fetches_another(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    verb = _past_small(items, at, beside)
    if verb + 1 >= len(items):
        return False
    fetched = items[verb].kind is Kind.MARK and items[verb].value == "left"
    return fetched and items[verb + 1].kind is Kind.NAME and not items[verb + 1].has_s


def _is_away_of_taken(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    if at + 1 >= len(items):
        return False
    taken = items[at - 1].kind is Kind.MARK and items[at - 1].value == "left"
    taken = taken and items[at - 1].typed.split()[-1] in beside.takes
    return taken and items[at].kind is Kind.NAME and items[at + 1].typed in beside.off_or_away


def _taken(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "turned up at ten and took him out", "took Femi with her", "has come to fetch her"."""
    came = verb = _past_small(items, at, beside)
    if _is_coming(items, came, beside):
        verb = _past_small(items, came + 1, beside)
        if verb < len(items) and (
            items[verb].kind is Kind.AND or items[verb].typed in beside.back_to
        ):
            verb = _past_small(items, verb + 1, beside)
    if _is_coming(items, came, beside) and (found := _came_for(items, at, came, beside)):
        return found
    been = items[came - 1].typed in beside.comes_for and came > at
    joins = been and came < len(items)
    if joins and (items[came].kind is Kind.AND or items[came].typed in beside.back_to):
        # "has just been and taken him home", "has been to fetch her".
        verb = _past_small(items, came + 1, beside)
    if verb - at > _FURTHEST or verb >= len(items):
        return None
    taking, end = items[verb], verb + 1
    if taking.kind is Kind.MARK and taking.value == "left":
        if verb == came:
            return None
    elif taking.typed not in beside.takes or not _is_whom(items, end, beside):
        return None
    else:
        end += 1
        if been and verb > came and end < len(items) and items[end].kind is Kind.ORDINARY:
            # "has been to get her hair done".
            return None
    away = _past_where(items, end, beside.taken_where, beside.back_to, Kind.PLACE_AWAY)
    if away == end:
        away = _past_way_to_a_reason(items, end, beside)
    if verb == came and away == end:
        # "took him": where to is not said, and so not whether from here.
        return None
    return _put("left", items, verb, items[verb + 1 : end], away, items[came:verb], beside)


def _past_way_to_a_reason(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """ "took him UP TO THE dentist": where to is why he went."""
    end = at
    while end < min(at + 4, len(items)) and (
        items[end].kind is Kind.FILL or items[end].typed in beside.back_to
    ):
        end += 1
    led = {item.typed for item in items[at:end]}
    seen = end < len(items) and items[end].kind is Kind.REASON
    return end if seen and led & beside.back_to else at


def _to_fetch(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "mum's ON HER WAY TO COLLECT HER": to go, and not yet gone."""
    coming = _past_small(items, at, beside)
    if coming >= len(items) or items[coming].kind is not Kind.MARK:
        return None
    if items[coming].value != "awaited":
        return None
    end = coming + 1
    if end < len(items) and items[end].typed in beside.back_to:
        verb = end + 1
        fetches = verb < len(items) and first_is(items[verb].typed, beside.takes)
        end = verb + 1 if fetches else len(items)
    elif end < len(items) and items[end].typed in beside.fetches:
        end += 1
    else:
        return None
    if not _is_whom(items, end, beside):
        return None
    words = " ".join(item.text for item in items[coming:end])
    whom = [items[end]] if items[end].kind is Kind.NAME else []
    return Found(end + 1, [*whom, Item(Kind.MARK, "gone", words)])


def _came_for(items: Sequence[Item], at: int, came: int, beside: Neighbours) -> Found | None:
    """ "Jade's dad CAME FOR AIDEN": of Aiden, and Jade's dad is who did it."""
    said, whom = items[came : came + 2], items[came + 2 : came + 3]
    fetches = len(said) > 1 and said[1].typed in beside.fetches
    if not (fetches and whom and whom[0].kind is Kind.NAME and not whom[0].has_s):
        return None
    point = Item(Kind.POINT, ".", ".")
    of_another = at > 1 and items[at - 2].kind is Kind.NAME
    mark = Item(Kind.MARK, "left", " ".join(item.text for item in said))
    return Found(came + 3, [*([point] if of_another else []), whom[0], mark])


def _brought(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "has dropped him back off with us", "brought Casey in at ten"."""
    verb = _past_small(items, at, beside)
    if verb >= len(items) or items[verb].typed not in beside.brings_here:
        return None
    if not _is_whom(items, verb + 1, beside):
        return None
    end = _past_where(items, verb + 2, beside.brought_where, beside.back_to, Kind.MARK)
    hour = beyond(items[end : end + 3], (Kind.FILL,))
    timed = hour is not None and hour.kind is Kind.TIME
    if timed and end == verb + 2 and items[verb].typed in beside.brought_by:
        # "her brother BROUGHT HER at a quarter past".
        put = _put("arrived", items, verb, items[verb + 1 : end], end, (), beside)
        named = items[verb + 1].kind is Kind.NAME
        he = Item(Kind.HE, "he", items[verb + 1].text)
        return put if named else put._replace(items=[he, *put.items])
    if end == verb + 2 or not _is_over(items, end):
        return None
    where = {word for item in items[verb + 2 : end] for word in item.typed.split()}
    just = any(item.kind in (Kind.JUST, Kind.ONLY) for item in items[at:verb])
    just = just or any(item.kind is Kind.NOW for item in items[end : end + 1])
    named = items[verb + 1].kind is Kind.NAME
    if where.isdisjoint(beside.brought_here) and not (just or named or timed):
        # "dropped him off": and where he went from there is not said.
        return None
    put = _put("arrived", items, verb, items[verb + 1 : verb + 2], end, (), beside)
    if named or not timed:
        return put
    return put._replace(items=[Item(Kind.HE, "he", items[verb + 1].text), *put.items])


def _got(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "her mum JUST GOT HER": came for her, where no thing is told that she got."""
    at += at < len(items) and items[at].value == "'s"
    behind = items[at : at + 2]
    if (
        len(behind) < 2
        or behind[0].typed not in beside.just_got
        or behind[1].typed not in beside.him
    ):
        return None
    if at + 2 < len(items) and items[at + 2].kind not in (Kind.POINT, Kind.TIME, Kind.AND):
        return None
    return Found(at + 2, [Item(Kind.MARK, "left", f"{behind[0].text} {behind[1].text}")])


def _is_over(items: Sequence[Item], at: int) -> bool:
    """Whether nothing follows but a point or the hour: "at 9.20"."""
    hour = at + 1 < len(items) and items[at + 1].kind is Kind.TIME
    at += hour and items[at].kind is Kind.FILL
    if at + 1 < len(items) and items[at].kind is Kind.BUT:
        # "dropped Kai off BUT JO went home": of another.
        return items[at + 1].kind is Kind.NAME
    return at >= len(items) or items[at].kind in _ENDS


def _put(
    value: str,
    items: Sequence[Item],
    verb: int,
    whom: Sequence[Item],
    end: int,
    led: Sequence[Item],
    beside: Neighbours,
) -> Found:
    named = [item for item in whom if item.kind is Kind.NAME]
    # Of a name it is said ahead of it; a "him" behind the verb is of whoever was named before.
    words = [item.text for item in (*led, *(items[verb : verb + 1] if named else items[verb:end]))]
    hours = [item for item in led if item.kind is Kind.TIME or item.typed in beside.ago]
    if named and (value == "arrived" or any(item.is_plural for item in named)):
        # "dropped Kai and Mo off, bus was late": they came, and nobody who was named before.
        return Found(end, [*named, Item(Kind.MARK, value, " ".join(words)), *hours])
    return Found(end, [Item(Kind.MARK, value, " ".join(words)), *named, *hours])


def _past_small(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """Pass small words and the hour from here on, but none for what is to come."""
    while at < len(items):
        item = items[at]
        small = item.kind in _SMALL and item.value not in beside.will
        if item.typed in beside.takes or item.typed in beside.brings_here:
            break
        if not (small or item.typed in beside.ago or item.typed in beside.own_s):
            break
        at += 1
    return at


def _is_coming(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    if at >= len(items):
        return False
    arrived = items[at].kind is Kind.MARK and items[at].value == "arrived"
    return arrived or items[at].typed in beside.comes_for


def _is_whom(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """Whether it is somebody who was taken or brought."""
    if at >= len(items):
        return False
    return (items[at].kind is Kind.NAME and not items[at].has_s) or items[at].value in beside.him


def _past_where(
    items: Sequence[Item], at: int, words: Collection[str], back_to: Collection[str], kind: Kind
) -> int:
    """Pass "with her", "away", "back off with us": where to."""
    end = at
    for step, item in enumerate(items[at : at + 4]):
        if item.typed in words or (item.kind is kind and kind is Kind.PLACE_AWAY):
            end = at + step + 1
        elif item.kind not in (Kind.WITH, Kind.FILL) and item.typed not in back_to:
            break
    return end
