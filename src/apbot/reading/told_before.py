"""
Told before: what was put in the register, said again so that it can be put right.

"I said Femi was in, that's wrong", "you've got Femi as here but he's at the dentist": the first
half is what stands there by mistake, and only what follows is so.
"""

from collections.abc import Sequence

from apbot.reading.codes import PRESENT_CODES
from apbot.reading.items import CHATTER, PRONOUNS, SAYS, Item, sentence_start, typed_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_LEADS = frozenset((Kind.HEDGE, Kind.CORRECTION, Kind.POINT, Kind.NO, Kind.EMOJI, *CHATTER))
_SMALL = (Kind.FILL, Kind.NOW, Kind.TODAY, Kind.MORNING, Kind.JUST, *CHATTER)
_WHO = (Kind.SPEAKER, Kind.FILL, Kind.YET, Kind.GROUP)
_HERE = ("present", "arrived")


def as_told_before(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return "I put Femi as in, he isn't" as "sorry, Femi isn't in"."""
    items = _without_thought(items, beside)
    start = next((n for n, item in enumerate(items) if item.kind not in _LEADS), len(items))
    named = _past_head(items, start, beside)
    said = _past_name(items, named)
    if not start <= named < said < len(items):
        return list(items)
    told = said
    while told < len(items) and items[told].kind in SAYS:
        told += 1
    name = items[named]
    rest = items[told:]
    if told == said or not rest or len(name.pupils) != 1:
        return list(items)
    put = _put_right(name, items[said:told], rest, beside)
    if put is None:
        return list(items)
    return [Item(Kind.CORRECTION, items[start].typed, items[start].text), *put]


def _without_thought(items: Sequence[Item], beside: Neighbours) -> Sequence[Item]:
    """ "Femi's not here, he left at ten. I THOUGHT HE WAS IN THE PIT": what was only thought."""
    made: list[Item] = []
    for at, item in enumerate(items):
        made.append(item)
        if at + 1 < len(items) and not items[at + 1].is_hard:
            continue
        start = sentence_start(made, len(made))
        said = made[start:]
        if start == 0 or any(each.kind is Kind.BUT for each in said):
            continue
        head = [each for each in said if each.kind not in (Kind.SPEAKER, *CHATTER)][:3]
        thought = bool(head) and head[0].typed in beside.was_thought
        he = [each.kind in PRONOUNS for each in head[1:2]] == [True]
        was = any(each.typed in beside.was for each in head[2:])
        told = any(each.kind is Kind.NAME for each in made[:start])
        if thought and he and was and told and not any(each.kind is Kind.NOT for each in said):
            del made[start:]
    return made


def _past_head(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """Where the name stands behind "I SAID", "you've GOT", "I PUT"; or beyond the end."""
    start = at
    while at < len(items) and items[at].kind is not Kind.NAME:
        words = {*items[at].typed.split()}
        who = items[at].kind in _WHO or words <= beside.you
        if not (who or words & beside.put_before):
            return len(items)
        at += 1
    words = typed_in(items[start:at])
    as_if = not typed_in(items[at + 1 : at + 3]).isdisjoint(beside.down_as)
    # "put Femi in BY MISTAKE".
    mistaken = any(item.kind is Kind.CORRECTION for item in items[at + 2 : at + 4])
    mistaken = mistaken and not words.isdisjoint(beside.put_before)
    as_if = as_if or mistaken
    you = not words.isdisjoint(beside.you)
    # "we've got Femi in" and "put Femi down as ill" are said now.
    before = bool(words & beside.put_before) and (
        you
        or as_if
        or not words.isdisjoint(beside.writings)
        or not (words & beside.put_before) <= beside.has
    )
    ours = any(item.kind is Kind.SPEAKER for item in items[start:at])
    asked = not (ours or you or mistaken) and not words.isdisjoint(beside.puts_down)
    return at if (before or as_if) and not asked else len(items)


def _past_name(items: Sequence[Item], at: int) -> int:
    """Where the mark stands behind the name: "was", "down as", "is"."""
    at += 1
    while at < len(items) and items[at].kind in (Kind.FILL, Kind.NOW, Kind.TODAY):
        at += 1
    return at


def _put_right(
    name: Item, marks: Sequence[Item], rest: Sequence[Item], beside: Neighbours
) -> list[Item] | None:
    """What is so, of what follows the mark that was put by mistake; None where it is not clear."""
    wrong = _past_wrong(rest, beside)
    behind = list(rest[wrong:])
    while behind and behind[0].kind in (Kind.POINT, Kind.BUT, Kind.AND, *CHATTER):
        behind = behind[1:]
    while behind and behind[-1].kind in (Kind.CORRECTION, *CHATTER):
        behind = behind[:-1]
    denies = rest[0].kind is Kind.AND and any(item.kind is Kind.NOT for item in rest[1:4])
    denies = denies and not any(item.kind is Kind.NAME for item in rest)
    if wrong == 0 and rest[0].kind not in (Kind.POINT, Kind.BUT) and not denies:
        return None
    here = all(item.value in (*_HERE, *PRESENT_CODES) for item in marks)
    denied = [name, Item(Kind.NOT, "not", "not"), *marks]
    if not behind:
        return denied if wrong and here else None
    again = next((n for n, item in enumerate(behind) if item.pupils == name.pupils), 0)
    if not any(item.kind in (*SAYS, Kind.NOT) for item in behind[:again]):
        # "was looking at the wrong lad, FEMI'S OFF".
        behind = behind[again:]
    first, *others = behind
    if not any(item.kind in (*SAYS, Kind.NOT) for item in behind):
        return None
    if first.kind in PRONOUNS:
        if all(item.kind in (*_SMALL, Kind.NOT, Kind.POINT) for item in others):
            # "he isn't".
            return denied if here and any(item.kind is Kind.NOT for item in others) else None
        return [name, *others]
    if first.kind is Kind.IT and any(item.kind is Kind.REASON for item in others):
        # "IT'S her hair appointment".
        return [name, *others]
    if first.kind is Kind.NAME:
        return behind if first.pupils == name.pupils else None
    if first.typed in beside.theirs and others and others[0].kind is Kind.RELATION:
        # "HIS mum took him home".
        return [name._replace(has_s=True), *others]
    return None


def _past_wrong(rest: Sequence[Item], beside: Neighbours) -> int:
    """How much of it only says that it was wrong: "by mistake", "but that's wrong"."""
    end = 0
    for at, item in enumerate(rest):
        if item.typed in beside.strikes and any(
            each.typed in beside.him for each in rest[at + 1 : at + 2]
        ):
            # "TAKE HIM OFF".
            off = any(each.typed in beside.bare_off for each in rest[at + 2 : at + 3])
            end = at + 2 + int(off)
        elif item.kind is Kind.CORRECTION or item.typed in beside.wrong_put:
            end = at + 1
        elif at >= end and item.kind not in (*_SMALL, Kind.POINT, Kind.BUT, Kind.IT):
            break
    return end
