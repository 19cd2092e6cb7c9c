"""
Reach: how far into a list of names the words before it, or beside it, are said of them.

"no sign of Mo and Kai, Jo is here": the "and" closes the list, and Jo is none of it. In "Mo is off
and Kai, Jo is here" nobody can tell of whom Kai is one, so nothing is said of Kai. Whoever is here
"with Kai", or off "along with Kai", shares it with Kai.
"""

from collections.abc import Sequence
from typing import NamedTuple

from apbot.reading.codes import PRESENT_CODES
from apbot.reading.items import CHATTER, LIST_GAPS, SAYS, Item, as_filling, beyond, is_small
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import first_is
from apbot.reading.turned import HERE

# A list ends here for good, though the sentence goes on.
PARTED = "//"

_PAUSES = (",", "-", ":")
_AND = ("&", "+")
_OF_TODAY = (Kind.TODAY, Kind.MORNING, Kind.AFTERNOON, Kind.NOW)
_OF_TIME = (*_OF_TODAY, Kind.SINCE, Kind.LUNCH)
_SMALL = (Kind.FILL, Kind.YET, Kind.JUST, Kind.ONLY, *_OF_TODAY)
_UNSURE = (Kind.HEDGE, Kind.IF, Kind.EXCEPT, Kind.NOT, Kind.REPORTS, Kind.NO)
_IN_PLACE = (*_SMALL, Kind.PLACE_HERE, Kind.MARK, Kind.REASON, Kind.VEHICLE)
_OVER = (Kind.POINT, Kind.BUT, Kind.FILL, Kind.TIME, Kind.EMOJI, *_OF_TODAY, *CHATTER)
_TO_SAYING = (*_SMALL, Kind.BOTH, Kind.EVERYONE, Kind.RELATION)
_TURNS = (Kind.AND, Kind.BUT)
_LONGEST, _LEAD, _LIST = 8, 4, 2


class Named(NamedTuple):
    """One of a list: where its name stands, and what stands before it and behind it."""

    start: int
    ends: int
    # What parts it from the one before: nothing at all, an "and", a pause, a pause and an "and".
    has_pause: bool = False
    has_and: bool = False
    # A list may well end with it: "both Jacks".
    closes: bool = False
    # A list ends with it: "Mo today", "Mo since lunch".
    is_last: bool = False


def as_reached(tagged: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items with a point where a list ends, and company beside whoever has it."""
    items = _as_one(tagged)
    made: list[Item] = []
    at = 0
    while at < len(items):
        names = _names(items, at, beside)
        if not names:
            made.append(items[at])
            at += 1
            continue
        at = _take(made, items, names, beside)
    return made


def _as_one(items: Sequence[Item]) -> list[Item]:
    """ "both Jacks", where there are two: one name for both."""
    made: list[Item] = []
    for item in items:
        counted = made[-1] if made else None
        both = counted is not None and counted.kind is Kind.BOTH and len(item.pupils) == 2
        if both and item.kind is Kind.NAME and item.is_plural:
            made[-1] = item._replace(text=f"{made[-1].text} {item.text}")
        else:
            made.append(item)
    return made


def _take(made: list[Item], items: list[Item], names: Sequence[Named], beside: Neighbours) -> int:
    """Put the names that stand here behind what was made; return where to go on."""
    led = _led(made, beside)
    ends = names[-1].ends
    told = _told(items, ends, beside)
    of_all = ends < len(items) and items[ends].kind is Kind.EVERYONE
    except_ = made[-1] if made and made[-1].kind is Kind.EXCEPT else None
    left_out = except_ is not None
    apart = left_out or not any(name.has_pause for name in names)
    if of_all and apart and led not in ("here", "arrived"):
        # "apart from Mo and Kai all in", "without Mo and Kai all here".
        told = ""
    elif of_all and led in ("here", "arrived"):
        # "in: Mo - Kai and Jo all here": Kai and Jo are, and not everyone.
        items[ends] = as_filling(items[ends])
    company = _company(items, names, told)
    if company is not None and (subject := _accompanied(made, beside)) >= 0:
        _bring(made, subject, items[names[0].start : company])
        return company
    if led and led == told and made[-1].value == ":" and len(made) > 1:
        # "no Jo. in: Mo - Kai here so far": said twice of them, and not of Jo.
        made[-2] = as_filling(made[-2])
    linked = bool(made) and _links(made[-1])
    cuts: set[int] = set()
    parted = Item(Kind.POINT, PARTED, ",")
    if led not in ("", "here", "arrived") and told == "here" and _is_bare(items, names):
        # "no sign of Mo and Kai here": of neither.
        led, at = "", ends
        while at < len(items) and items[at].kind is Kind.MARK:
            items[at] = items[at]._replace(kind=Kind.FILL)
            at += 1
    anew = bool(told) or (any(n.has_pause for n in names) and _goes_on(items, ends))
    who = ends < len(items) and first_is(items[ends].value, beside.relatives)
    waits = who and bool(made) and made[-1].kind is Kind.NOT_YET and len(names) > 1
    if told == "awaited" and waits and _in_one_breath(names):
        # "waiting on Mo and Kai who's on the bus": both are.
        anew, made[-1:] = False, [parted, as_filling(made[-1])]
    if led and anew and led != told:
        cuts = _cuts(items, names, beside, linked=linked)
    elif told and len(names) > 1 and names[-1].has_pause and _is_the_one(items, ends, beside):
        # "Jay and Kai, Mo's the one gone home": of Mo alone.
        cuts = {len(names) - 1}
    elif led and linked and _begins_alone(items, names):
        # "Mo is here and Kai Jo rang in with a migraine": Jo did.
        cuts = {len(names) - 1}
    elif len(names) > 1 and _of_last_alone(made, items, names, beside, left_out=left_out):
        # "all in except Jade and Mo who's ill": Mo is.
        cuts, parted = {len(names) - 1}, except_ or parted
    for n, name in enumerate(names):
        if n in cuts:
            made.append(parted)
        elif n:
            made += items[names[n - 1].ends : name.start]
        made += items[name.start : name.ends]
    return _take_lead(made, items, ends, led, beside)


def _goes_on(items: Sequence[Item], at: int) -> bool:
    """ "not got Mo, Kai ALREADY STARTED": more is told of the last, whatever it says."""
    behind = beyond(items[at : at + _LONGEST], (Kind.FILL, *_OF_TODAY), ("'s",))
    return behind is not None and behind.kind in (Kind.ORDINARY, Kind.UNKNOWN)


def _is_the_one(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "Mo's THE ONE", "Mo is the only one"."""
    return any(item.typed in beside.bare_one for item in items[at : at + 4])


def _begins_alone(items: Sequence[Item], names: Sequence[Named]) -> bool:
    """Whether more is said of the last name, which nothing joins to those before it."""
    apart = [not (name.has_pause or name.has_and) for name in names[1:]]
    ends = names[-1].ends
    more = ends < len(items) and items[ends].kind not in (*_OVER, *_TURNS, *_IN_PLACE)
    return apart.count(True) == 1 and apart[-1] and more


def _of_last_alone(
    made: Sequence[Item],
    items: Sequence[Item],
    names: Sequence[Named],
    beside: Neighbours,
    *,
    left_out: bool,
) -> bool:
    """ "except Jade and Mo WHO'S ill", "except Jade and Mo, HE'S ill": what is told is of Mo."""
    begins = left_out or not made or made[-1].is_hard
    if not begins or not (left_out or names[-1].has_and):
        return False
    at = names[-1].ends
    led = [item for item in items[at : at + 3] if item.value not in LIST_GAPS]
    words = " ".join(item.value if is_small(item) else item.typed for item in led).split()
    if any(item.kind is Kind.BOTH for item in led) or len(words) < _LIST:
        return False
    if words[0] in beside.relatives:
        # "only Mo and Jo that's in" is of two.
        is_that = words[0] in beside.bare_that and not left_out
        return not is_that and (words[1] in beside.of_one or words[1] in beside.starts)
    he = beyond(led, (Kind.FILL, Kind.CHAT, Kind.ONLY))
    return left_out and he is not None and he.kind in (Kind.HE, Kind.SHE)


def _cuts(
    items: Sequence[Item], names: Sequence[Named], beside: Neighbours, *, linked: bool
) -> set[int]:
    """Return before which of the names the list is parted from what stands before them."""
    last = len(names) - 1
    alone = [n for n in range(1, last + 1) if not (names[n].has_pause or names[n].has_and)]
    paused = [n for n in range(1, last + 1) if names[n].has_pause]
    closed = _closed(names)
    ended = [n for n in paused if names[n].has_and or items[names[n].start - 1].value == "-"]
    if len(alone) == 1 and not (closed or ended):
        # "no Mo, Kai Jo and Al are here": a pause parts more than no pause does.
        return {min((*alone, *paused))} if len(paused) < _LIST else {1, last}
    if linked and len(paused) == 1 and paused[0] == last and last > 1:
        # "Mo's in and Kai and Jo, Al's not till ten": two of them go with Mo.
        return {last}
    if linked:
        # "Mo is off and Kai, Jo is here": Kai may be of either.
        return {0, (closed or paused[-1:])[0]} if paused else set()
    if closed or ended:
        return {(closed or ended)[0]}
    if paused and not _is_one(items, names[-1], beside):
        return {paused[0], paused[-1]}
    return {1, last} if last else set()


def _closed(names: Sequence[Named]) -> list[int]:
    """Return before which names a pause stands behind an "and", which closes a list."""
    found: list[int] = []
    closes = names[0].closes
    for n, name in enumerate(names[1:], 1):
        if names[n - 1].is_last or (name.has_pause and closes):
            found.append(n)
        closes = closes or name.has_and or name.closes
    return found


def _is_one(items: Sequence[Item], name: Named, beside: Neighbours) -> bool:
    """ "and Jo's in", "and Jo is in": said of the last alone."""
    behind = items[name.ends : name.ends + 1]
    return items[name.ends - 1].has_s or any(item.value in beside.one_is for item in behind)


def _in_one_breath(names: Sequence[Named]) -> bool:
    """ "Mo and Kai and Jo"."""
    return all(name.has_and and not name.has_pause for name in names[1:])


def _is_bare(items: Sequence[Item], names: Sequence[Named]) -> bool:
    """Whether a list of one breath ends in "here", "in today", and no more."""
    at = names[-1].ends
    behind = [item for item in items[at + 1 : at + 3] if item.kind not in _OF_TODAY]
    over = not behind or behind[0].kind in (*_OVER, Kind.PLACE_HERE, Kind.MARK)
    one_breath = _in_one_breath(names) and not any(name.is_last for name in names[:-1])
    last = items[at - 1]
    return len(names) > 1 and one_breath and over and items[at].kind is Kind.MARK and not last.has_s


def _take_lead(
    made: list[Item], items: Sequence[Item], at: int, led: str, beside: Neighbours
) -> int:
    """ "no Mo, got Jo", "got Mo - no Jo": part the list from another that begins behind it."""
    begins = at
    while begins < len(items) and (items[begins].value in _PAUSES or items[begins].kind in _TURNS):
        begins += 1
    if not led or not _leads_anew(items, begins, led, beside, paused=begins > at):
        return at
    made.append(Item(Kind.POINT, PARTED, ","))
    if items[begins].kind is Kind.CODE:
        # "got Mo and Kai - no Jo": of Jo, and no answer to the names before it.
        made.append(items[begins]._replace(kind=Kind.NOT, value="no"))
        return begins + 1
    return begins


def _leads_anew(
    items: Sequence[Item], at: int, led: str, beside: Neighbours, *, paused: bool
) -> bool:
    """Whether words that say something of the names behind them begin there."""
    ends = at
    while ends < len(items) and ends - at < _LEAD and items[ends].kind is not Kind.NAME:
        if items[ends].kind is Kind.POINT and items[ends].value != ":":
            return False
        ends += 1
    if ends == at or _element_end(items, ends, beside) == ends:
        return False
    lead = list(items[at:ends])
    if lead[0].kind is Kind.CODE and lead[0].typed in beside.no_such:
        lead[0] = lead[0]._replace(kind=Kind.NOT)
    anew = _led(lead, beside)
    if any(item.kind in SAYS for item in lead) and not paused:
        # "no Mo late Kai" may be of either.
        return False
    return anew != "" and (anew != led or lead[0].kind is Kind.NOT)


def _bring(made: list[Item], subject: int, company: Sequence[Item]) -> None:
    """Put the company before the one who has it: "Kai and Mo is here"."""
    link = made.pop()
    made[subject:subject] = [*company, link._replace(kind=Kind.AND, value="and")]


def _names(items: Sequence[Item], at: int, beside: Neighbours) -> list[Named]:
    """Return the names of the list that begins there; none where no name stands."""
    names: list[Named] = []
    start, pause, joined = at, False, False
    while (ends := _element_end(items, start, beside)) > start:
        when = ends
        while when < len(items) and items[when].kind in _OF_TIME:
            when += 1
        today = when - ends
        names.append(Named(start, when, pause, joined, items[ends - 1].is_plural, when > ends))
        if items[ends - 1].has_s:
            break
        # "Zofia n Mo": her surname's letter, or an "and".
        start, pause, joined = ends + today, False, items[ends - 1].typed.split()[-1:] == ["n"]
        if start < len(items) and items[start].value in _PAUSES:
            start, pause = start + 1, True
        if start < len(items) and items[start].kind is Kind.BUT:
            start, pause, joined = start + 1, True, True
        if start < len(items) and _joins(items[start], beside):
            start, joined = start + 1, True
    return names


def _element_end(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """Where one of the names ends that may begin there; the same place for none."""
    if at >= len(items):
        return at
    if items[at].kind is Kind.NAME:
        return at + 1
    several = at + 1 < len(items) and items[at + 1].kind is Kind.NAME and items[at + 1].is_plural
    counted = items[at].kind is Kind.NUMBER or items[at].typed in beside.bare_the
    return at + 2 if several and counted else at


def _joins(item: Item, beside: Neighbours) -> bool:
    return item.kind is Kind.AND or item.value in _AND or item.value in beside.or_nor


def _links(item: Item) -> bool:
    return item.kind in (Kind.AND, Kind.WITH) or item.value in _AND


def _led(made: Sequence[Item], beside: Neighbours) -> str:
    """Return what the words before them say of the names that follow: here, away, or nothing."""
    at = len(made) - 1
    linked = at >= 0 and _links(made[at])
    at -= linked
    while at >= 0 and _is_small(made[at], beside):
        at -= 1
    if at < 0:
        return ""
    said = made[at]
    if said.kind is Kind.REASON and not linked and made[-1].kind not in (Kind.REASON, Kind.POINT):
        # "bus cancelled so Mo and Kai are late".
        return ""
    if said.value in beside.neither_nor:
        return ""
    before = [item.kind for item in made[max(at - 2, 0) : at]]
    denied = Kind.NOT in before
    if said.kind in SAYS and (
        _takes_names(made, at, beside) or linked == (_subject(made[: at + 1]) >= 0)
    ):
        return _said(said, denied=denied)
    if linked or said.kind in SAYS:
        return ""
    if said.kind in (Kind.NOT, Kind.NOT_YET, Kind.EXCEPT) or (
        said.kind is Kind.ORDINARY and denied
    ):
        return "absent"
    has = _has(said, beside) or said.value in beside.lists_here
    # "but not got Jo" is known as leaving out, too.
    return ("absent" if denied or Kind.EXCEPT in before else "here") if has else ""


def _takes_names(made: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "Mo late no sign of Kai", "Mo late, off: Kai": said of the names behind it."""
    heads = made[-1].value == ":" and at > 0 and made[at - 1].kind in SAYS
    return heads or not beside.leads_to.isdisjoint(made[at].typed.split()[-1:])


def _has(item: Item, beside: Neighbours) -> bool:
    return not beside.has.isdisjoint(item.value.split()[-1:])


def _is_small(item: Item, beside: Neighbours) -> bool:
    small = item.kind in _SMALL or item.value in (":", "-")
    return small and not (_has(item, beside) or item.value in beside.lists_here)


def _told(items: Sequence[Item], at: int, beside: Neighbours) -> str:
    """Return what is said of the names that end there: here, how they are away, or nothing."""
    denied, reports, timed = False, False, False
    for step, item in enumerate(items[at : at + _LONGEST]):
        if item.kind is Kind.NOT:
            denied = not denied
        elif item.kind in SAYS:
            # "10 mins AWAY".
            away = timed and item.typed in beside.off_or_away
            until = items[at + step + 1 : at + step + 2]
            if denied and until and until[0].kind is Kind.UNTIL:
                # "Kai ISN'T IN TILL quarter to ten".
                return "awaited"
            if item.value == "back" and not denied and _is_at_an_hour(items, at + step + 1):
                # "got Jo and Mo, Kai BACK AT HALF 1": of Kai alone.
                return "arrived"
            return "awaited" if away else _said(item, denied=denied)
        elif item.kind is Kind.TIME:
            timed = True
        elif item.kind is Kind.UNTIL and denied:
            # "Kai's NOT TILL half nine".
            return "awaited"
        elif item.kind is Kind.REPORTS or (reports and item.value == ","):
            # "Mo just texted, on the bus".
            reports = True
        elif item.typed in beside.bare_back:
            return "absent" if denied else "here"
        elif item.kind not in _TO_SAYING and item.typed not in beside.bare_one:
            return ""
    return "absent" if denied else ""


def _is_at_an_hour(items: Sequence[Item], at: int) -> bool:
    behind = beyond(items[at : at + 3], (Kind.FILL, Kind.WITH))
    return behind is not None and behind.kind is Kind.TIME


def _said(item: Item, *, denied: bool) -> str:
    """Return here, or how they are away."""
    if item.kind is Kind.ON_THE_WAY or item.value in ("awaited", "transport"):
        # "not coming" is not here.
        return "absent" if denied else "awaited"
    if item.kind is Kind.CODE:
        here = item.value in PRESENT_CODES
    else:
        here = item.kind is Kind.MARK and item.value in HERE
    if here != denied:
        return "arrived" if item.value == "arrived" and not denied else "here"
    if denied or item.kind in (Kind.REASON, Kind.NOT_YET, Kind.CODE):
        return "absent"
    return item.value


def _company(items: Sequence[Item], names: Sequence[Named], told: str) -> int | None:
    """Return where the names end that share what was said, where it is plain how many they are."""
    ends = names[-1].ends
    if told:
        paused = [n for n, name in enumerate(names) if name.has_pause]
        parted = _closed(names)[:1] or (paused if len(paused) == 1 else [])
        if not parted:
            return None
        ends = names[parted[0] - 1].ends
    shared = [item for item in items[names[0].start : ends] if item.kind is Kind.NAME]
    plain = all((len(item.pupils) == 1 or item.is_plural) and not item.has_s for item in shared)
    over = ends >= len(items) or items[ends].kind in _OVER
    return ends if plain and over else None


def _accompanied(made: Sequence[Item], beside: Neighbours) -> int:
    """Where the names begin of whoever is here, or is not, with those who follow; else -1."""
    if not made or not (made[-1].kind is Kind.WITH or made[-1].value in beside.joined_by):
        return -1
    subject = _subject(made[:-1])
    sure = True
    for item in made[: max(subject, 0)]:
        sure = item.is_hard or (sure and item.kind not in _UNSURE)
    said = made[max(subject, 0) : -1]
    marked = any(item.kind in SAYS for item in said)
    return subject if sure and marked and all(item.kind not in _UNSURE for item in said) else -1


def _subject(made: Sequence[Item]) -> int:
    """Where the names begin of whom the last mark is said; -1 where that is not plain."""
    at = len(made) - 1
    while at >= 0 and made[at].kind is not Kind.NAME:
        if made[at].kind not in (*_IN_PLACE, *SAYS, Kind.NOT, Kind.TIME):
            return -1
        at -= 1
    if at < 0:
        return -1
    while at > 0 and (made[at - 1].kind in (Kind.NAME, Kind.AND, Kind.NUMBER)):
        at -= 1
    while at < len(made) and made[at].kind is Kind.AND:
        at += 1
    return at
