"""
Preparing: what of a text is the answer.

A quoted prompt, a greeting's name and a signature are not part of what is said, and a phone's
reaction ("Liked “…”") is no answer at all.
"""

import re

from apbot.reading.items import CHATTER, SAYS, Item, without
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_REACTION = re.compile(
    r"^\s*(?:(?:liked|loved|disliked|emphasi[sz]ed|questioned|laughed at|reacted\b.{0,20}?\bto"
    r"|removed a \w+ from)\s+|\W{0,3}\s*to\s+)[\"“‘']",
    re.IGNORECASE,
)
_QUOTED_HEAD = re.compile(
    r"^\s*(?:on .{4,80} wrote:|-+ ?original message ?-+|from:.*|sent from my .*)\s*$", re.I
)
_PROMPT = re.compile(
    r"who is in\s*\?|starts? \d{1,2}[:.]\d\d|reply all in\b|or say who is missing", re.I
)
_NUMBERED = re.compile(r"^\s*\d{1,2}[.)]?\s+[^\W\d_][\w'’ -]*$")
_SIGNING = frozenset(
    (
        *(Kind.UNKNOWN, Kind.NAME, Kind.STAFF, Kind.EMOJI, Kind.FILL, Kind.ORDINARY, Kind.CODE),
        *(Kind.PLACE_HERE, Kind.PLACE_AWAY, Kind.AND, Kind.CHAT, Kind.RELATION, Kind.SUBGROUP),
    )
)
_BEGINS_SIGNING = (Kind.UNKNOWN, Kind.NAME, Kind.STAFF, Kind.CHAT, Kind.FILL)
_SAYING = frozenset(
    (
        *(*SAYS, Kind.NOT, Kind.EVERYONE, Kind.REST, Kind.NOBODY, Kind.EXCEPT, Kind.ONLY),
        *(Kind.HEDGE, Kind.SCRAP),
    )
)
_WHERE = (Kind.UNKNOWN, Kind.FILL, Kind.FROM, Kind.ORDINARY, Kind.PLACE_HERE, Kind.STAFF)
_MOST_IN_SIGNATURE = 12


def is_reaction(text: str) -> bool:
    """Whether a phone sent this by itself for a tapped heart or thumb."""
    return bool(_REACTION.match(text))


def without_quotes(text: str) -> str:
    """Return the text without quoted lines and without our own prompt under or above the answer."""
    lines = text.split("\n")
    kept = [line for line in lines if not re.match(r"^\s*(?:>|&gt;|\|>)", line)]
    for at, line in enumerate(kept):
        if _QUOTED_HEAD.match(line) and any(each.strip() for each in kept[:at]):
            kept = kept[:at]
            break
    prompts = [at for at, line in enumerate(kept) if _PROMPT.search(line)]
    if not prompts:
        return "\n".join(kept)
    return "\n".join(
        line for line in kept if not _PROMPT.search(line) and not _NUMBERED.match(line)
    )


def without_signature(items: list[Item], beside: Neighbours) -> list[Item]:
    """Return the items without "Thanks, Lorraine" behind and "it's Bev at the stables" before."""
    return _without_opening(_without_closing(items, beside), beside)


def _without_closing(items: list[Item], beside: Neighbours) -> list[Item]:
    thanks = [at for at, item in enumerate(items) if item.kind is Kind.THANKS]
    if not thanks or not thanks[-1]:
        return items
    at = thanks[-1]
    tail = without(items[at + 1 :], (Kind.POINT,))
    signed = items[at].typed.split()[-1:]
    if set(signed) & beside.valedictions and all(item.kind not in _SAYING for item in tail):
        return items[: at + 1]
    named = any(item.kind in (Kind.UNKNOWN, Kind.NAME) for item in tail)
    if not named or len(tail) > _MOST_IN_SIGNATURE or tail[0].kind not in _BEGINS_SIGNING:
        return items
    return items[: at + 1] if all(item.kind in _SIGNING for item in tail) else items


def _without_opening(items: list[Item], beside: Neighbours) -> list[Item]:
    """Drop "hi it's Bev at the stables," and "Bev here," from the front."""
    at = 0
    while at < len(items) and (
        items[at].kind in (*CHATTER, Kind.EMOJI) or items[at].value in (",", "!", "\n", ".")
    ):
        at += 1
    rest = items[at:]
    if len(rest) < 2:
        return items
    introduced = rest[0].kind is Kind.IT or rest[0].value in beside.introducing
    skip = 1
    while introduced and skip < len(rest) and rest[skip].value in beside.it_is:
        skip += 1
    if introduced and skip < len(rest) and rest[skip].kind is Kind.UNKNOWN:
        return items[:at] + _after_place(rest[skip + 1 :])
    named = rest[0].kind is Kind.UNKNOWN and rest[0].is_capital
    ends = len(rest) > 2 and rest[2].value in (",", "-", ".", "from", "at", "!", ":")
    if named and ends and rest[1].typed == "here":
        return items[:at] + _after_place(rest[2:])
    return items


def _after_place(rest: list[Item]) -> list[Item]:
    for step, item in enumerate(rest[:8]):
        if item.kind is Kind.POINT:
            return rest[step + 1 :]
        if item.kind not in _WHERE and item.typed != "here":
            return rest[step:]
    return rest
