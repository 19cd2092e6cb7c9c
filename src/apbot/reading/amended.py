"""
Amended: what puts an earlier answer right by naming two, or an hour, in the order that is plain.

"It's not Femi, it's Chloe that's off", "Chloe went home, not Femi", "Femi hasn't gone home, that
was Chloe": each is of the one, and what stands of the other is asked about again. "9.20 for Femi,
not ten": the hour at which Femi came. Only what is held of them tells a slip from news.
"""

from collections.abc import Sequence

from apbot.domain.readings import Reply
from apbot.domain.words import Mark
from apbot.reading.items import (
    CHATTER,
    GROUPS,
    PRONOUNS,
    SAYS,
    Item,
    beyond,
    ends_there,
    is_small,
    sentence_start,
)
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import begins, first_is
from apbot.reading.told import HERE_MARKS

_OPENS = frozenset(
    (Kind.CORRECTION, Kind.SCRAP, Kind.NO, Kind.IT, Kind.EMOJI, Kind.HEDGE, *CHATTER)
)
_BETWEEN = (Kind.POINT, Kind.BUT, Kind.IT)
_ENDS = (Kind.POINT, Kind.BUT, Kind.EMOJI, Kind.CORRECTION, *CHATTER)
_AWAY = ("absent", "left", "unaccounted", "awaited")
_HOURS = {Mark.LATE: "arrived", Mark.LEFT: "left", Mark.AWAITED: "awaited"}
_TWO = 2
_IT, _CORRECTS = Item(Kind.IT, "", ""), Item(Kind.CORRECTION, "", "")


def as_amended(items: Sequence[Item], reply: Reply, beside: Neighbours) -> list[Item]:
    """Return the items with each way of naming one for another as "it's Chloe that's off, not"."""
    made = _waiting(_mixed_up(_sorry_first(_no_first(items, beside)), beside), beside)
    made = _without_the_one(made, beside)
    made = _that_was(_affirmed_first(made, reply, beside), beside)
    made = _meant(_not_the_other(made, reply, beside), reply, beside)
    made = _without_wrong_hour(_without_first_hour(made, beside), beside)
    sentences: list[list[Item]] = [[]]
    for item in made:
        sentences[-1].append(item)
        if item.is_hard:
            sentences.append([])
    told = (_of_an_hour(each, reply, beside) for each in sentences)
    return [item for each in told for item in each]


def _no_first(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "NO I MEANT Chloe's in": no, and not that she is not in."""
    return [
        item._replace(kind=Kind.CORRECTION)
        if item.kind is Kind.NOT
        and item.typed in beside.no_first
        and at + 1 < len(items)
        and items[at + 1].kind is Kind.CORRECTION
        else item
        for at, item in enumerate(items)
    ]


def _sorry_first(items: Sequence[Item]) -> list[Item]:
    """ "Chloe isn't SORRY": she isn't, and sorry for that."""
    made = list(items)
    for at in range(len(items) - 1, 0, -1):
        ends = at + 1 >= len(made) or made[at + 1].is_hard
        if made[at].kind is Kind.CORRECTION and made[at - 1].kind is Kind.NOT and ends:
            start = sentence_start(made, at)
            made[start : at + 1] = [made[at], *made[start:at]]
    return made


def _mixed_up(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "I MIXED FEMI AND ELLIS UP, Ellis is off": what follows puts it right."""
    at = next((n for n, item in enumerate(items) if item.typed in beside.mixes_up), -1)
    if at < 0:
        return list(items)
    start = sentence_start(items, at)
    end = next((n for n in range(at, len(items)) if items[n].kind is Kind.POINT), len(items))
    named = [item for item in items[start:end] if item.kind is Kind.NAME]
    says = any(item.kind in (*SAYS, Kind.NOT) for item in items[start:end])
    if len(named) != _TWO or says or end + 1 >= len(items):
        return list(items)
    rest = list(items[end + 1 :])
    again = {n for item in rest for n in item.pupils}
    others = [item for item in named if not {*item.pupils} <= again]
    if len(others) == 1:
        # How the other is then is asked.
        ends = (n for n, item in enumerate(rest) if item.kind in _ENDS)
        stop = next(ends, len(rest))
        rest[stop:stop] = [Item(Kind.NOT, min(beside.bare_not), ""), others[0]]
    return [*items[:start], _CORRECTS, *rest]


def _waiting(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "HANG ON, Chloe's off", "SCRAP THAT, Chloe's off": a second thought, and no doubt."""
    return [
        item._replace(kind=Kind.CORRECTION)
        if _is_second_thought(items, at, beside) and _leads_to_one(items, at)
        else item
        for at, item in enumerate(items)
    ]


def _is_second_thought(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    if items[at].kind is Kind.SCRAP:
        return not any(item.kind in SAYS for item in items[:at]) or _is_of_the_last(items, at)
    led = items[at - 1].typed if at else ""
    return items[at].typed in beside.put_right or f"{led} {items[at].typed}" in beside.has_checked


def _is_of_the_last(items: Sequence[Item], at: int) -> bool:
    """ "Jo isn't back. No SCRAP THAT, she's here": only what was said of Jo is put right."""
    pronoun = beyond(items[at + 1 : at + 4], (Kind.POINT, Kind.FILL), ("'s",))
    start = sentence_start(items, max(sentence_start(items, at) - 1, 0))
    names = [item for item in items[start:at] if item.kind is Kind.NAME]
    one = len(names) == 1 and len(names[0].pupils) == 1
    return one and pronoun is not None and pronoun.kind in (Kind.HE, Kind.SHE)


def _opens(item: Item) -> bool:
    """Whether it only leads to what is put right: "scrap that, ", "no it was"."""
    return item.kind in _OPENS or is_small(item) or item.value in (",", ":", "no")


def _leads_to_one(items: Sequence[Item], at: int) -> bool:
    led = items[sentence_start(items, at) : at]
    following = beyond(items[at + 1 : at + 5], (Kind.POINT, Kind.FILL, Kind.IT), ("'s",))
    first = all(_opens(item) for item in led)
    return first and following is not None and following.kind in (Kind.NAME, Kind.NOT, *PRONOUNS)


def _without_the_one(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "Chloe is THE ONE WHO'S off": she is off."""
    made: list[Item] = []
    at = 0
    while at < len(items):
        words = " ".join(item.typed for item in items[at : at + _TWO])
        if words not in beside.the_one or not (made and _follows_a_name(made)):
            made.append(items[at])
            at += 1
            continue
        at += _TWO
        if at < len(items) and begins(items[at].typed, beside.relatives):
            at += 1
            while at < len(items) and is_small(items[at]):
                at += 1
    return made


def _follows_a_name(made: Sequence[Item]) -> bool:
    last = next((item for item in reversed(made) if not is_small(item)), None)
    return last is not None and last.kind is Kind.NAME


def _affirmed_first(items: Sequence[Item], reply: Reply, beside: Neighbours) -> list[Item]:
    """ "it's NOT FEMI it's Chloe that's off" as "it's Chloe that's off not Femi"."""
    for at, item in enumerate(items):
        if item.kind is not Kind.NOT or item.value not in beside.bare_not:
            continue
        wrong = at + 1
        led = items[sentence_start(items, at) : at]
        opens = all(_opens(each) for each in led)
        right = wrong + 1
        while right < len(items) and (
            items[right].kind in (*_BETWEEN, *SAYS) or is_small(items[right])
        ):
            right += 1
        named = [items[n] for n in (wrong, right) if n < len(items)]
        two = [len(each.pupils) for each in named if each.kind is Kind.NAME] == [1, 1]
        if not (opens and two) or named[0].pupils == named[1].pupils:
            continue
        end = next((n for n in range(right, len(items)) if items[n].kind is Kind.POINT), len(items))
        said = [each for each in items[right + 1 : end] if not _opens(each)]
        told = [each for each in items[wrong + 1 : right] if each.kind in SAYS]
        if told and any(each.kind is Kind.IT for each in items[wrong:right]) and not said:
            # "it's not Femi that's ill, it's Chloe".
            return [*items[:at], _IT, items[right], *told, item, items[wrong], *items[end:]]
        if told:
            continue
        stated = any(each.kind is Kind.IT for each in items[wrong:right])
        that = begins(items[right + 1].typed, beside.relatives) if right + 1 < end else False
        away, here = (reply.marks.get(each.pupils[0]) for each in named)
        slip = away is not None and away not in HERE_MARKS and here in HERE_MARKS
        if slip and not said and not any(each.kind in SAYS for each in items):
            # "not Femi, Chloe", where Femi stands as away and Chloe as here.
            return [*items[:at], _CORRECTS, items[right], item, items[wrong], *items[end:]]
        if (stated or that) and any(each.kind in SAYS for each in said):
            return [*items[:at], _IT, *items[right:end], item, items[wrong], *items[end:]]
    return list(items)


def _that_was(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "Femi hasn't gone home, THAT WAS CHLOE" as "it's Chloe that has gone home, not Femi"."""
    for at, item in enumerate(items):
        that_was = " ".join(each.value or each.typed for each in items[max(at - 2, 0) : at])
        if item.kind is not Kind.NAME or that_was.replace(" '", "'") not in beside.that_was:
            continue
        before = [each for each in items[: max(at - 2, 0)] if each.kind is not Kind.POINT]
        named = [n for n, each in enumerate(before) if each.kind is Kind.NAME]
        ends = ends_there(items, at) or items[at + 1].kind in _ENDS
        if len(named) != 1 or not ends or len(item.pupils) != 1:
            continue
        wrong, *said = before[named[0] :]
        denied = [n for n, each in enumerate(said) if each.kind is Kind.NOT]
        marks = [each for each in said if each.kind is Kind.MARK]
        plain = all(each in marks or each.kind is Kind.NOT or is_small(each) for each in said)
        if len(denied) != 1 or len(marks) != 1 or marks[0].value not in _AWAY or not plain:
            continue
        not_ = said[denied[0]]._replace(value=min(beside.bare_not))
        led = before[: named[0]]
        return [*led, _CORRECTS, _IT, item, *marks, not_, wrong, *items[at + 1 :]]
    return list(items)


def _not_the_other(items: Sequence[Item], reply: Reply, beside: Neighbours) -> list[Item]:
    """ "Chloe went home, NOT FEMI", where it stands so of Femi, as "it's Chloe, not Femi"."""
    for at, item in enumerate(items[:-1]):
        other = items[at + 1]
        one = other.pupils[0] if other.kind is Kind.NAME and len(other.pupils) == 1 else None
        if item.kind is not Kind.NOT or item.value not in beside.bare_not or one is None:
            continue
        ends = at + 2 >= len(items) or items[at + 2].kind in _ENDS
        held = reply.marks.get(one)
        said = list(items[sentence_start(items, at) : at])
        gap = bool(said) and said[-1].kind is Kind.POINT
        if gap and (held is None or held in HERE_MARKS):
            continue
        named = [n for n, each in enumerate(said) if each.kind is Kind.NAME]
        marks = [each for each in said if each.kind in (Kind.MARK, Kind.REASON)]
        away = bool(marks) and all(
            each.kind is Kind.REASON or each.value in _AWAY for each in marks
        )
        several = any(each.kind in (*GROUPS, Kind.NOT, Kind.EXCEPT, Kind.AND) for each in said)
        if not ends or len(named) != 1 or not away or several:
            continue
        start = at - len(said) + named[0]
        is_slip = held is not None and held not in HERE_MARKS
        led = [_CORRECTS, _IT] if is_slip else [_IT]
        return [*items[:start], *led, *items[start : at - int(gap)], *items[at:]]
    return list(items)


def _meant(items: Sequence[Item], reply: Reply, beside: Neighbours) -> list[Item]:
    """ "it was Chloe I MEANT, Femi's here": Chloe is what Femi was put as."""
    at = next((n for n, item in enumerate(items) if item.typed in beside.i_meant), -1)
    if at < 0:
        return list(items)
    start = sentence_start(items, at)
    led = [item for item in items[start:at] if not _opens(item)]
    gap = items[at + 1 : at + 2]
    named = [item for item in led if item.kind is Kind.NAME]
    if len(named) != 1 or len(led) != 1 or not gap or gap[0].kind is not Kind.POINT:
        return list(items)
    if any(item.kind is Kind.NOT for item in items[at + 1 :]):
        return list(items)
    others = [item for item in items[at + 1 :] if item.kind is Kind.NAME]
    held = {reply.marks.get(n) for item in others for n in item.pupils}
    if len(others) != 1 or others[0].pupils == named[0].pupils or len(held) != 1:
        return list(items)
    mark = held.pop()
    if mark not in (Mark.ABSENT, Mark.LEFT):
        return list(items)
    put = Item(Kind.MARK, mark.value, items[at].text)
    stop = Item(Kind.POINT, ".", ".")
    return [*items[:start], items[at], named[0], put, stop, *items[at + 2 :]]


def _without_first_hour(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "at 9.19. CORRECTION, 9.21", "the 11.20 was MY MISTAKE": the slip is no hour."""
    made = list(items)
    for at in range(len(items) - 1, -1, -1):
        if at >= len(made) or made[at].kind is not Kind.CORRECTION:
            continue
        first, last = at - 1, at + 1
        while first >= 0 and (made[first].kind is Kind.POINT or made[first].typed in beside.was):
            first -= 1
        while last < len(made) and (made[last].kind is Kind.POINT or is_small(made[last])):
            last += 1
        anew = last < len(made) and made[last].kind is Kind.TIME and ends_there(made, last)
        begins = all(_opens(item) for item in made[sentence_start(made, at) : at])
        if anew and begins and at and made[first].kind is not Kind.TIME:
            # "collected at 11.20 for the dentist. I TELL A LIE, 11.25".
            start = sentence_start(made, max(first, 0))
            said = [n for n in range(start, at) if made[n].kind is Kind.TIME]
            if len(said) == 1:
                made[said[0]] = made[last]
                made[at : last + 1] = []
            continue
        if first < 0 or made[first].kind is not Kind.TIME:
            continue
        if last < len(made) and made[last].kind is Kind.TIME:
            made[first:last] = []
        elif first and made[first - 1].typed in beside.articles and made[at - 1] is not made[first]:
            made[first - 1 : at + 1] = [_CORRECTS]
    return made


def _without_wrong_hour(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "9.20 NOT TEN": the hour that it was not is no hour, and no number of anybody."""
    made = list(items)
    for at in range(len(items) - 2, 0, -1):
        if at + 1 >= len(made):
            continue
        hour = any(item.kind is Kind.TIME for item in made[max(at - 4, 0) : at])
        behind = made[at + 1]
        number = behind.kind in (Kind.TIME, Kind.NUMBER) or (
            behind.kind is Kind.ORDINARY
            and (behind.typed.isdigit() or behind.typed in beside.hours)
        )
        if made[at].kind is not Kind.NOT or not (hour and number) or behind.is_explicit:
            continue
        end = made[at + 2 : at + 3]
        if not end or end[0].kind in (*_ENDS, Kind.IF, Kind.CODE):
            made[at : at + 2 + sum(each.kind is Kind.CODE for each in end)] = []
    return made


def _of_an_hour(items: Sequence[Item], reply: Reply, beside: Neighbours) -> list[Item]:
    """ "9.20 FOR FEMI", "it was 9.20 WHEN FEMI CAME", "Femi was 9.20", of who is held as late."""
    named = [item for item in items if item.kind is Kind.NAME]
    hours = [item for item in items if item.kind is Kind.TIME]
    held = {reply.marks.get(n) for item in named for n in item.pupils}
    mark = held.pop() if len(held) == 1 else None
    if len(named) != 1 or len(hours) != 1 or mark not in _HOURS or len(named[0].pupils) != 1:
        return list(items)
    begins = min(items.index(named[0]), items.index(hours[0]))
    led = [item for item in items[:begins] if item.kind is not Kind.ORDINARY]
    rest = [item for item in (*led, *items[begins:]) if item not in (named[0], hours[0])]
    said = [each for each in rest if not (_opens(each) or each.kind is Kind.POINT)]
    came = [each for each in said if each.kind is Kind.MARK]
    when = [each for each in said if each.kind is Kind.IF and each.typed in beside.bare_when]
    others = [each for each in said if each not in (*came, *when)]
    if any(each.typed not in beside.makes_it for each in others) or len(came) > 1:
        return list(items)
    if came and (not when or came[0].value != _HOURS[mark]):
        return list(items)
    if any(first_is(each.typed, beside.bare_would) for each in rest):
        return list(items)
    put = came[0] if came else Item(Kind.MARK, _HOURS[mark], hours[0].text)
    point = [item for item in items[-1:] if item.is_hard]
    return [_CORRECTS, named[0], put, hours[0], *point]
