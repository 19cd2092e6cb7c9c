"""
Parted: where something new is said, though no point stands there, and what is said of whom.

"Not well AND NO AIDEN today", "MUM RANG AND Femi's back", "3 here. Aiden Zosia Jack": read on as
one sentence they would be of somebody else.
"""

from collections.abc import Sequence

from apbot.reading.items import (
    CHATTER,
    ENDS,
    Item,
    as_filling,
    as_plain,
    beyond,
)
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import last_is

_NEAR = 6
_LED = 2


def as_parted(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items with a point, or the mark that is meant, where each new thing is said."""
    items = _with_own_starts(_with_nos_apart(_without_thanks(items), beside), beside)
    items = _with_count_of(_with_that_is_all(items, beside))
    items = _with_all_got(items, beside)
    items = _with_here_is(_with_missing(_with_he_is(items, beside), beside), beside)
    items = _with_came_since(_without_company(_without_returning(items, beside)), beside)
    return _but_not_seen(_with_nos(items, beside), beside)


def _without_thanks(items: Sequence[Item]) -> list[Item]:
    """ "no Aiden today, THANKS AND Femi's back", "MUM RANG AND Femi's back": no list of them."""
    made: list[Item] = []
    for at, item in enumerate(items):
        joins = item.kind in (Kind.AND, Kind.BUT) and at + 1 < len(items)
        if joins and made and made[-1].kind is Kind.THANKS:
            made[-1] = Item(Kind.POINT, ".", made[-1].text)
            continue
        rang = [each.kind for each in made[-2:]] == [Kind.RELATION, Kind.REPORTS]
        named = joins and rang and items[at + 1].kind is Kind.NAME
        made.append(Item(Kind.POINT, ".", item.text) if named else item)
    return made


def _with_nos_apart(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "nan picked Zosia up, not well AND NO AIDEN today": a new sentence."""
    made: list[Item] = []
    said = False
    for at, item in enumerate(items):
        no = items[at + 1 : at + 3]
        apart = (
            said
            and item.kind in (Kind.AND, Kind.BUT, Kind.POINT)
            and len(no) > 1
            and no[0].kind is Kind.NOT
            and last_is(no[0].typed, beside.no_such)
            and no[1].kind is Kind.NAME
        )
        # "here's Zosia now, AND I OUGHT TO SAY Jack's gone home".
        i_say = len(no) > 1 and no[0].kind is Kind.SPEAKER and no[1].kind is Kind.ORDINARY
        # "we've lost Jo and HAD TO SEND Al home".
        had_to = len(no) > 1 and no[0].typed in beside.bare_had and no[1].typed in beside.bare_to
        i_say = i_say or had_to
        apart = apart or (said and item.kind is Kind.AND and i_say)
        made.append(Item(Kind.POINT, ".", item.text) if apart else item)
        said = not apart and (said or item.kind in (Kind.MARK, Kind.REASON, Kind.ON_THE_WAY))
    return made


def _with_own_starts(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "all but Jo here, KAI STARTS AT quarter to ten": of Kai alone, who is not left out."""
    made: list[Item] = []
    left_out = said = False
    for at, item in enumerate(items):
        if item.is_hard:
            left_out = said = False
        joined = item.kind is Kind.POINT and [i.kind for i in items[at + 1 : at + 2]] == [Kind.AND]
        who = at + 1 + joined
        named = who < len(items) and items[who].kind is Kind.NAME
        no = item.kind in (Kind.CORRECTION, Kind.CODE) and last_is(item.typed, beside.no_such)
        out = no or item.kind in (Kind.EXCEPT, Kind.BUT, Kind.NOT)
        left_out = left_out or (named and out)
        said = left_out and (said or item.kind is Kind.MARK)
        apart = item.kind is Kind.POINT and left_out and named
        apart = apart and (
            _starts_at(items, who + 1, beside) or (said and _is_due_at(items, who + 1))
        )
        led = made[-2:-1] if made and made[-1].value in beside.is_or_are else made[-1:]
        of_one = [each.kind for each in led] == [Kind.NAME]
        of_one = of_one and item.kind in (Kind.ORDINARY, Kind.FROM)
        if of_one and _starts_at(items, at, beside):
            made.append(Item(Kind.MARK, "awaited", item.text))
        else:
            made.append(Item(Kind.POINT, ".", item.text) if apart else item)
    return made


def _starts_at(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "STARTS AT quarter to ten", "NOT DUE TILL 9.45", "AT QUARTER TO TEN as usual"."""
    if [item.kind for item in items[at : at + 2]] == [Kind.NOT, Kind.MARK]:
        at += 2
    said = items[at : at + 1]
    until = bool(said) and said[0].kind is Kind.UNTIL
    starts = bool(said) and not beside.starts.isdisjoint(said[0].typed.split())
    at_an_hour = bool(said) and said[0].kind is Kind.FILL
    behind = beyond(items[at + 1 : at + 4], (Kind.FILL,))
    return (until or starts or at_an_hour) and behind is not None and behind.kind is Kind.TIME


def _is_due_at(items: Sequence[Item], at: int) -> bool:
    """ "everyone but Jo here - Kai IS DUE AT QUARTER TO TEN"."""
    due = [item for item in items[at : at + 4] if item.kind is not Kind.FILL][:_LED]
    return [item.kind for item in due] == [Kind.MARK, Kind.TIME] and due[0].value == "awaited"


def _with_came_since(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "Jo WASN'T HERE AT NINE, CAME at half past": Jo did."""
    made: list[Item] = []
    for at, item in enumerate(items):
        made.append(item)
        came = items[at + 1 : at + 2]
        arrives = bool(came) and came[0].kind is Kind.MARK and came[0].value == "arrived"
        if item.kind is not Kind.POINT or item.is_hard or not arrives:
            continue
        led = [each for each in made[-_NEAR - 1 : -1] if each.kind not in (Kind.FILL, Kind.TIME)]
        was_not = [each.kind for each in led[-3:]] == [Kind.NAME, Kind.NOT, Kind.MARK]
        if was_not and not beside.past_not.isdisjoint(led[-2].typed.split()):
            made[-1:] = [Item(Kind.POINT, ".", item.text), led[-3]._replace(has_s=False)]
    return made


def _with_that_is_all(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "so THAT'S EVERYBODY FOR ME AND the bread man's just turned up": he is none of them."""
    made: list[Item] = []
    for at, item in enumerate(items):
        made.append(item)
        led = " ".join(each.typed for each in items[max(at - 2, 0) : at]).replace(" '", "'")
        if item.kind is not Kind.EVERYONE or led not in beside.that_is:
            continue
        end = at + 1
        while end < len(items) and items[end].kind in (Kind.FILL, Kind.SPEAKER, Kind.GROUP):
            end += 1
        if end < len(items) and items[end].kind is Kind.AND and end + 1 < len(items):
            made += [
                *items[at + 1 : end],
                Item(Kind.POINT, ".", items[end].text),
                *items[end + 1 :],
            ]
            return made
    return made


def _with_count_of(items: Sequence[Item]) -> list[Item]:
    """ "3 here. Aiden Zosia Jack": those three are."""
    made = list(items)
    for at in range(len(items) - 3):
        count, here, point = items[at : at + 3]
        is_count = count.kind is Kind.NUMBER and here.kind is Kind.MARK and point.is_hard
        if not is_count or count.is_explicit or (at and not items[at - 1].is_hard):
            continue
        end = at + 3
        while end < len(items) and items[end].kind in (Kind.NAME, Kind.AND):
            end += 1
        names = [item for item in items[at + 3 : end] if item.kind is Kind.NAME]
        over = end >= len(items) or items[end].kind is Kind.POINT
        if over and len(names) == count.n and count.n > 1:
            made[at : at + 3] = [as_filling(count), as_filling(here), as_filling(point)]
            made.insert(end, here)
            break
    return made


def _with_all_got(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "so I'VE GOT ALL FOUR of them now": they are all here."""
    made: list[Item] = []
    for at, item in enumerate(items):
        made.append(item)
        if item.kind is not Kind.EVERYONE or not at:
            continue
        led = items[at - 1]
        got = last_is(led.typed, beside.has) or last_is(led.value, beside.has)
        end = at + 1
        while end < len(items) and items[end].kind in (Kind.NUMBER, Kind.GROUP, Kind.FILL):
            end += 1
        over = end >= len(items) or items[end].kind in (Kind.POINT, Kind.NOW, *CHATTER)
        denied = any(each.kind is Kind.NOT for each in items[max(at - 3, 0) : at])
        if got and over and not denied and len(made) > _LED:
            made.append(Item(Kind.MARK, "present", led.text))
    return made


def _without_returning(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "still at court, NOT RETURNING today": not here."""
    made: list[Item] = []
    for at, item in enumerate(items):
        again = item.kind is Kind.UNTIL and item.typed in beside.comes_again
        over = at + 1 == len(items) or items[at + 1].kind in ENDS
        if again and over and made and made[-1].kind is Kind.NOT:
            made[-1] = Item(Kind.MARK, "absent", f"{made[-1].text} {item.text}")
        else:
            made.append(item)
    return made


def _without_company(items: Sequence[Item]) -> list[Item]:
    """ "back in WITH THE OTHERS now": where somebody is, and nothing of the others."""
    made = list(items)
    for at in range(_LED, len(items)):
        said, led, item = items[at - 2 : at + 1]
        if item.kind not in (Kind.REST, Kind.EVERYONE) or led.kind is not Kind.WITH:
            continue
        now = any(each.kind is Kind.NOW for each in items[at + 1 : at + 2])
        here = said.kind is Kind.MARK and said.value == "present" and now
        if here or (said.kind is Kind.MARK and said.value == "back"):
            made[at - 1 : at + 1] = [as_filling(led), as_filling(item)]
    return made


def _with_nos(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "sorry no Femi today": a "no" that is of Femi, where nothing else is said of him."""
    made: list[Item] = []
    for at, item in enumerate(items):
        ends = at + 1
        while ends < len(items) and items[ends].kind in (Kind.NAME, Kind.AND):
            ends += 1
        made.append(item)
        no = item.kind is Kind.CORRECTION and last_is(item.typed, beside.no_such)
        if not no or ends == at + 1 or items[ends - 1].has_s:
            continue
        if ends >= len(items) or items[ends].kind in ENDS:
            made.append(Item(Kind.NOT, "no", "no"))
    return made


def _with_he_is(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "Ellis not in, no wait HE IS": he is in."""
    made: list[Item] = []
    for at, item in enumerate(items):
        words = item.value.split()
        he = item.kind in (Kind.HE, Kind.SHE) and len(words) > 1 and words[-1] in beside.one_is
        led = [at - 1 - n for n in range(2) if at > n and items[at - 1 - n].kind is Kind.CORRECTION]
        over = at + 1 == len(items) or items[at + 1].kind is Kind.POINT
        before = items[max(at - _NEAR, 0) : at]
        denied = any(each.kind is Kind.NOT for each in before)
        if he and led and over and denied:
            made.insert(len(made) - (at - led[0]), Item(Kind.POINT, ".", "."))
            made += [item, Item(Kind.MARK, "present", words[-1])]
        else:
            made.append(item)
    return made


def _with_missing(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "Femi is painting, MISSING Aiden", "painting but NO Aiden": it is Aiden, and nobody else."""
    made: list[Item] = []
    for at, item in enumerate(items):
        named = at + 1 < len(items) and items[at + 1].kind is Kind.NAME
        parted = bool(made) and made[-1].kind in (Kind.POINT, Kind.BUT, Kind.AND, Kind.JUST)
        missing = item.kind is Kind.MARK and item.typed in beside.misses
        # What was told of whoever was named before is no mark, so the "no" might be taken for it.
        no = item.kind is Kind.NOT and item.typed in beside.no_such
        no = no and at > 1 and items[at - 2].kind is Kind.ORDINARY
        sent = item.typed in beside.sends_home
        if named and parted and (missing or no or sent):
            made.append(Item(Kind.POINT, ".", "."))
        made.append(item)
    return made


def _with_here_is(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "and HERE'S TOMMO now": Tommo is here, and nobody who was named before."""
    made: list[Item] = []
    led: list[Item] = []
    for at, item in enumerate(items):
        opens = not made or made[-1].kind in (Kind.POINT, Kind.AND, *CHATTER)
        if item.kind is Kind.CHAT and item.typed in beside.heres:
            following = items[at + 1 : at + 2]
            if following and following[0].kind is Kind.NAME and not following[0].has_s:
                # "HERES Tommo now", typed as one word.
                led = [Item(Kind.MARK, "present", item.text), as_filling(item)]
                continue
        here = item.kind is Kind.MARK and item.typed.split("'")[0] in beside.heres and opens
        is_so = bool(led) and (item.value == "'s" or item.value in beside.is_or_are)
        if here or is_so:
            led.append(item)
        elif item.kind is Kind.NAME and not item.has_s and len(led) >= _LED:
            made += [Item(Kind.POINT, ".", ".")] if made else []
            made += [item, led[0]]
            led = []
        elif item.kind is Kind.NAME and item.has_s and len(led) >= _LED:
            # "here's Femi's coat".
            made += [as_plain(led[0]), *led[1:], item]
            led = []
        else:
            made += [*led, item]
            led = []
    return [*made, *led]


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
