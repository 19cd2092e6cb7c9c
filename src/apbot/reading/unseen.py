"""
Unseen: somebody named before the words that say that nobody has seen them, put the plain way.

"Kai I haven't seen", "it's Kai who we haven't got" and "Kai hasn't been seen" are as clear to a
person as "haven't seen Kai", and are read as that; and so is "nobody has seen Kai".
"""

from collections.abc import Sequence
from typing import NamedTuple

from apbot.reading.items import CHATTER, Item
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_BEFORE = frozenset((Kind.POINT, Kind.IT, Kind.AND, Kind.BUT, Kind.CORRECTION, Kind.YES, *CHATTER))
_BEHIND = frozenset(
    (
        *(Kind.POINT, Kind.AND, Kind.BUT, Kind.YET, Kind.NOW, Kind.TODAY, Kind.MORNING, Kind.EMOJI),
        *(Kind.AFTERNOON, Kind.SINCE, Kind.LUNCH, Kind.TIME, *CHATTER),
    )
)
_MARKED = (Kind.MARK, Kind.REASON, Kind.ON_THE_WAY)
_LONGEST = 5


class Found(NamedTuple):
    """The words that say it, who was not seen, and where it ends."""

    said: list[Item]
    names: Sequence[Item]
    ends: int


def as_unseen(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """Return the items with each "Kai I haven't seen" as "haven't seen Kai"."""
    made: list[Item] = []
    at = 0
    while at < len(items):
        asked = _asked_for(items, at, beside)
        if asked is not None:
            made += [*asked.said, *asked.names]
            if items[asked.ends : asked.ends + 1] and items[asked.ends].value == "?":
                # "anyone seen Mo?? can't find him": asked of whoever may know, and told to us.
                made.append(Item(Kind.POINT, ".", "."))
            at = asked.ends
            while at < len(items) and items[at].value == "?":
                at += 1
            continue
        if _are_seers(items, at, beside):
            made.append(items[at]._replace(kind=Kind.CHAT))
            at += 1
            continue
        left_out = _is_left_out(made, items, at, beside)
        found = None
        if left_out or _may_begin(made):
            found = _fronted(items, at, beside)
        found = found or _plain(items, at, beside)
        if found is None:
            made.append(items[at])
            at += 1
            continue
        if left_out:
            # "all in bar Kai, who nobody has seen": left out, and then why.
            made += found.names
        if made and (left_out or made[-1].kind in _MARKED or made[-1].value == ","):
            made.append(Item(Kind.POINT, ".", "."))
        made += [*found.said, *found.names]
        at = found.ends
    return made


def _asked_for(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "ANYONE SEEN Mo?": not seen."""
    words = ""
    for ends in range(at, min(at + _LONGEST, len(items))):
        words = f"{words} {items[ends].typed}".strip()
        names = _names_end(items, ends + 1)
        if words in beside.anyone_seen and names > ends + 1 and _is_over(items, names):
            said = [Item(Kind.NOT, "not", items[at].text), Item(Kind.ORDINARY, "seen", "seen")]
            return Found(said, items[ends + 1 : names], names)
    return None


def _is_left_out(
    before: Sequence[Item], items: Sequence[Item], at: int, beside: Neighbours
) -> bool:
    """Whether "except" leads here, or the "but" of "all but Kai, who ..."."""
    if not before or before[-1].kind not in (Kind.EXCEPT, Kind.BUT):
        return False
    names = _names_end(items, at)
    return before[-1].kind is Kind.EXCEPT or _past_who(items, names, beside) > names


def _are_seers(items: Sequence[Item], at: int, beside: Neighbours) -> bool:
    """ "the others haven't seen him": not of the others."""
    if items[at].kind not in (Kind.REST, Kind.EVERYONE, Kind.SUBGROUP) or at + 1 >= len(items):
        return False
    words = items[at + 1].typed.split()
    seen = not beside.sees.isdisjoint(words) and words[-1] in beside.him
    return items[at + 1].kind is Kind.NOT_YET and seen


def _fronted(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "Kai, who I haven't seen", "Kai havent seen him"."""
    names = _names_end(items, at)
    if names == at:
        return None
    said = _past_who(items, names, beside)
    ends = _not_seen_end(items, said, beside)
    him = ends < len(items) and items[ends].value in beside.him
    if ends == said or not _is_over(items, ends + him):
        return None
    return Found(_denied(items[said:ends]), items[at:names], ends + him)


def _plain(items: Sequence[Item], at: int, beside: Neighbours) -> Found | None:
    """ "I haven't seen Kai", "nobody has seen Kai"."""
    if items[at].kind not in (Kind.SPEAKER, Kind.NOBODY):
        return None
    ends = _not_seen_end(items, at, beside)
    names = _names_end(items, ends)
    if not at < ends < names or not _is_over(items, names):
        return None
    return Found(_denied(items[at:ends]), items[ends:names], names)


def _may_begin(before: Sequence[Item]) -> bool:
    """Whether something new may begin here: "mo's in kai i haven't seen"."""
    if not before or before[-1].kind in _BEFORE:
        return True
    said = [item for item in before[-3:] if item.kind is not Kind.FILL]
    return len(said) > 1 and said[-1].kind in _MARKED and said[-2].kind is Kind.NAME


def _names_end(items: Sequence[Item], at: int) -> int:
    """Where the names end that begin here, "and" between them; the same place for none."""
    ends = at
    while ends < len(items) and items[ends].kind is Kind.NAME and not items[ends].has_s:
        ends += 1
        if [item.kind for item in items[ends : ends + 2]] != [Kind.AND, Kind.NAME]:
            break
        ends += 1
    return ends


def _past_who(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """Pass the "who" of "Kai, who I haven't seen"."""
    who = at + (at < len(items) and items[at].value == ",")
    return who + 1 if who < len(items) and items[who].value in beside.relatives else at


def _not_seen_end(items: Sequence[Item], at: int, beside: Neighbours) -> int:
    """Where the words end that begin here and say that we have not seen somebody."""
    words: list[str] = []
    ends = at
    for step, item in enumerate(items[at : at + _LONGEST], 1):
        words.append(item.value)
        if " ".join(words) in beside.not_seen_by_us:
            ends = at + step
    return ends


def _is_over(items: Sequence[Item], at: int) -> bool:
    return at >= len(items) or items[at].kind in _BEHIND


def _denied(said: Sequence[Item]) -> list[Item]:
    """ "nobody has seen" as "not has seen"."""
    first = said[0]
    nobody = first.kind is Kind.NOBODY
    return [first._replace(kind=Kind.NOT, value="not") if nobody else first, *said[1:]]
