"""
Answered: what answers "are these in?" in few words, with whom it is of and what is said of them.

"They're not", "neither", "Femi is but Kai isn't", "yes Femi, Kai's poorly": of those who were asked
about. A bare "no" to a question about several stays what it is, and is asked about again.
"""

from collections.abc import Sequence

from apbot.domain.readings import Reply, RestPresent, WhichPupil
from apbot.reading.items import CHATTER, GROUPS, PRONOUNS, Item, typed_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.turned import HERE

_OPENS = (*CHATTER, Kind.EMOJI, Kind.POINT)
_POLITE = (*_OPENS, Kind.CORRECTION)
_PARTS = (Kind.POINT, Kind.BUT, Kind.AND, Kind.EXCEPT, Kind.NAME)
_NOT = Item(Kind.NOT, "not", "")
# Words that may be of anything: what has them is no answer in few words.
_OWN = (Kind.ORDINARY, Kind.UNKNOWN, Kind.SPEAKER, Kind.STAFF, Kind.HEDGE, Kind.IF)
_TWO = 2


def as_answered(items: Sequence[Item], reply: Reply, beside: Neighbours) -> list[Item]:
    """Return the items with each short answer of those who were asked about in full."""
    pending = reply.pending
    how_it_is = beside.noise | beside.weather
    if not isinstance(pending, RestPresent | WhichPupil) or any(
        item.kind in CHATTER and item.typed in how_it_is for item in items
    ):
        # "quiet here": how it is.
        return list(items)
    first = next((n for n, item in enumerate(items) if not _only_opens(item, beside)), 0)
    told = _without_kiss(items[first:])
    if isinstance(pending, WhichPupil):
        return _apart_from_more(told)
    told = _with_no(told, beside)
    last = _last(told) + 1
    led = next((n for n, item in enumerate(told) if item.kind not in _POLITE), last)
    whole = _of_them_all(told[led:last], len(pending.pupils), beside)
    clause = next((n for n in range(led, last) if told[n].kind is Kind.POINT), last)
    if whole is None and len(pending.pupils) == 1 and led < clause:
        # "HE IS NOW. Two on the dot."
        he_is = _of_them_all(told[led:clause], 1, beside)
        whole = [*he_is, *told[clause:]] if he_is else None
    if whole is None and [item.kind for item in told[led:last]] == [Kind.NOT]:
        # "no sorry": of several, who is not is asked.
        return told[led:last]
    return whole or _of_each(_of_him(told, len(pending.pupils), beside), {*pending.pupils}, beside)


def _apart_from_more(items: Sequence[Item]) -> list[Item]:
    """ "Alex Mo I mean, MER WENT HOME": the answer, and then something of the other."""
    gap = next((n for n, item in enumerate(items) if item.kind is not Kind.CORRECTION and n), 0)
    more = [item for item in items[gap + 1 :] if item.kind is Kind.NAME]
    answer = bool(items) and items[0].kind is Kind.NAME and not items[0].has_s
    other = len(more) == 1 and more[0].pupils != items[0].pupils
    said = any(item.kind is Kind.MARK for item in items[gap + 1 :])
    if not (answer and gap and items[gap].value == "," and other and said):
        return list(items)
    return [items[0], Item(Kind.POINT, ".", "."), *items[gap + 1 :]]


def _of_him(items: Sequence[Item], count: int, beside: Neighbours) -> list[Item]:
    """ "JUST COME UP THE DRIVE with his grandad", "OFF ILL", of the one who was asked about."""
    items = _without_not_yet(items) if count == 1 else items
    first = next((item for item in items if item.kind not in (*_POLITE, Kind.YET)), None)
    end = next((n for n, item in enumerate(items) if item.kind is Kind.POINT), len(items))
    named = any(item.kind in (Kind.NAME, *GROUPS, *PRONOUNS) for item in items[:end])
    if count > 1 or named or first is None or first.kind not in (Kind.MARK, Kind.REASON):
        return list(items)
    here = first.kind is Kind.MARK and first.value in HERE
    if not (here and end < len(items)) and not is_all_answer(items[:end], beside):
        return list(items)
    return [Item(Kind.HE, "he", ""), *items]


def is_all_answer(items: Sequence[Item], beside: Neighbours) -> bool:
    """Whether each word answers: "left message", "poorly MYSELF", "on LEAVE" are of the sender."""
    own = any(item.kind in _OWN for item in items)
    return not own and typed_in(items).isdisjoint(beside.of_the_sender)


def _without_not_yet(items: Sequence[Item]) -> Sequence[Item]:
    """ "NOT YET, on his way": no more than what follows it."""
    if [item.kind for item in items[:2]] != [Kind.NOT, Kind.YET]:
        return items
    rest = next((n for n, item in enumerate(items[2:], 2) if item.kind not in _POLITE), len(items))
    return items[rest:] or items if items[rest - 1].kind is Kind.POINT else items


def _only_opens(item: Item, beside: Neighbours) -> bool:
    """ "HI no": but "ta" may begin a surname."""
    return item.kind in _OPENS and item.kind is not Kind.THANKS


def _with_no(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "NO SORRY": no, and sorry."""
    made: list[Item] = []
    for item in items:
        words = item.text.split()
        no = next((n for n, word in enumerate(words) if word.lower() in beside.no_first), -1)
        if item.kind is Kind.CORRECTION and no >= 0 and len(words) == _TWO:
            said = Item(Kind.NOT, words[no].lower(), words[no])
            sorry = Item(Kind.CORRECTION, words[1 - no].lower(), words[1 - no])
            of_one = made[-1:] and made[-1].kind is Kind.NAME
            made += [said, sorry] if of_one else [sorry, said]
        else:
            made.append(item)
    # "yes TO Femi, no TO Kai".
    return [
        item
        for at, item in enumerate(made)
        if item.typed not in beside.bare_to or not _is_yes_or_no(made, at - 1)
    ]


def _is_yes_or_no(items: Sequence[Item], at: int) -> bool:
    return at >= 0 and items[at].kind in (Kind.YES, Kind.NOT, Kind.NO)


def _without_kiss(items: Sequence[Item]) -> list[Item]:
    """ "Jack Tully x", "yes x": no cross against anybody."""
    names = (Kind.NAME, Kind.UNKNOWN, Kind.YES, Kind.CHAT_YES, *_POLITE)
    plain = all(item.kind in names for item in items[:-1])
    if not items or not plain or items[-1].kind is not Kind.CODE or not items[-1].typed.isalpha():
        return list(items)
    return [*items[:-1], items[-1]._replace(kind=Kind.CHAT)]


def _of_them_all(said: Sequence[Item], count: int, beside: Neighbours) -> list[Item] | None:
    """ "no THEY'RE NOT", "NEITHER here", "none of them are in", "HE IS": the whole answer."""
    words = [word for item in said for word in _plain(item).split()]
    while words and words[0] in beside.no_first:
        words = words[1:]
    told = " ".join(words)
    text = " ".join(item.text for item in said)
    he = Item(Kind.HE, "he", text)
    if count == 1 and told in beside.he_is:
        return [he, _in(beside)]
    if count == 1 and told in beside.he_is_not:
        return [he, _NOT, _in(beside)]
    if count > 1 and [item.kind for item in said] == [Kind.EVERYONE, Kind.MARK]:
        # "all off".
        return [Item(Kind.THEY, "they", said[0].text), said[1]]
    heads = beside.neither_of_them if count == _TWO else beside.none_of_them
    head = next((each for each in heads if told == each or told.startswith(f"{each} ")), None)
    if count == 1 or head is None or not {*told.removeprefix(head).split()} <= beside.of_them:
        return None
    return [Item(Kind.THEY, "they", text), _NOT, _in(beside)]


def _in(beside: Neighbours) -> Item:
    return Item(Kind.MARK, "present", min(beside.bare_in))


def _plain(item: Item) -> str:
    return item.typed if item.kind is Kind.MARK else item.value or item.typed


def _of_each(items: Sequence[Item], asked: set[int], beside: Neighbours) -> list[Item]:
    """ "FEMI IS but KAI ISN'T", "YES FEMI, Kai's poorly": what is said of each by so little."""
    made: list[Item] = []
    for at, item in enumerate(items):
        made.append(item)
        ends = at >= _last(items)
        behind = Kind.POINT if ends else items[at + 1].kind
        if behind not in _PARTS or item.kind in (Kind.POINT, Kind.BUT, Kind.AND):
            continue
        led = list(items[max(at - 2, 0) : at + 1])
        named = next((n for n, each in enumerate(led) if {*each.pupils} & asked), -1)
        if named < 0 or led[named].has_s:
            continue
        yes = named > 0 and led[named - 1].kind is Kind.YES
        small = all(each.value in beside.is_or_are for each in led[named + 1 :])
        kinds = [each.kind for each in led[named + 1 :]]
        if small and (yes or kinds):
            made.append(_in(beside))
        elif kinds in ([Kind.NOT], [Kind.NO]) and not (
            behind is Kind.NAME and item.value in beside.bare_not | beside.no_first
        ):
            made[-1:] = [_NOT, _in(beside)]
    return made


def _last(items: Sequence[Item]) -> int:
    """Where the last piece stands that is not only polite."""
    return next((n for n in range(len(items) - 1, -1, -1) if items[n].kind not in _POLITE), -1)
