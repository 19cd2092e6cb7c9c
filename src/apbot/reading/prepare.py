"""
Preparing: what of a text is the answer.

A quoted prompt, a greeting's name and a signature are not part of what is said, and a phone's
reaction ("Liked “…”") is no answer at all.
"""

import re

from apbot.reading.items import CHATTER, SAYS, Item, without
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.names import Names
from apbot.reading.neighbours import Neighbours
from apbot.reading.tokens import Token

_REACTION = re.compile(
    r"^\W*+(?:(?:liked|loved|disliked|emphasi[sz]ed|questioned|laughed at|reacted\b.{0,20}?\bto"
    r"|removed a \w+ from)\s+|\W{0,3}\s*to\s+)[\"“‘']",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://\S+|www\.\S+")
_PROGRAM = re.compile(r"[\[{]\s*+\"[^\"\n]{1,40}\"\s*:")
_QUOTED_HEAD = re.compile(
    r"^\s*(?:on .{4,80} wrote:|-+ ?original message ?-+|from:.*|sent from my .*)\s*$", re.I
)
_PROMPT = re.compile(
    r"who is in\s*\?|starts? \d{1,2}[:.]\d\d|reply all in\b|or say who is missing"
    r"|or tap: *https?:",
    re.I,
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
_WHOLE = (Kind.EVERYONE, Kind.EVERYONE_IN)
_TRADE = (Kind.UNKNOWN, Kind.ORDINARY, Kind.STAFF, Kind.PLACE_HERE, Kind.PLACE_AWAY, Kind.CHAT)
_MOST_IN_SIGNATURE = 12
_MOST_IN_THANKS = 6
# Points that end a message and ask nothing.
_AFTER_ALL = (".", "!", ",", "\n")


def is_reaction(text: str) -> bool:
    """Whether a phone sent this by itself for a tapped heart or thumb, or a program wrote it."""
    return bool(_REACTION.match(text) or _PROGRAM.search(text))


def without_quotes(text: str) -> str:
    """Return the text without links, quoted lines, and our own prompt under or above the answer."""
    text = _LINK.sub(" ", text)
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


def without_smiles(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Return the tokens without the signs that say nothing; a message of nothing else stays."""
    plain = (token for token in tokens if token.kind != "emoji" or token.typed == "'")
    return tuple(plain) or tokens


def without_courtesies(
    tokens: tuple[Token, ...], lexicon: Lexicon, names: Names
) -> tuple[Token, ...]:
    """
    Return the tokens without smiles, and without the thanks and points that end the message.

    They say nothing of anybody, and what they stand beside must read as it does alone: in "femi x
    thanks" the cross is the last of what is said. A message of nothing else stays as it is.
    """
    plain = without_smiles(tokens)
    start = next((at for at, token in enumerate(plain) if token.word != "\n"), 0)
    end = len(plain)
    while end > start:
        took = _thanks_before(plain, end, lexicon, names) or plain[end - 1].word in _AFTER_ALL
        if not took:
            break
        end -= took
    return plain[start:end] or tokens


def _thanks_before(tokens: tuple[Token, ...], end: int, lexicon: Lexicon, names: Names) -> int:
    """Return how many tokens of thanks end there; a pupil may be called Ty, and is no thanks."""
    for length in range(min(end, _MOST_IN_THANKS), 0, -1):
        phrase = lexicon.grammar.longest(tokens[:end], end - length)
        if phrase is not None and phrase[0] == length and phrase[1].kind == Kind.THANKS:
            named = names.find(tokens, end - length, loosely=False)
            return 0 if named is not None else length
    return 0


def without_business(items: list[Item]) -> list[Item]:
    """Return the items with "All In Training" as the name that it is, and no answer."""
    made = list(items)
    for at, item in enumerate(made):
        if item.kind not in _WHOLE:
            continue
        end = at + 1
        while end < len(made) and made[end].kind in (Kind.MARK, Kind.GROUP):
            end += 1
        behind = made[end] if end < len(made) else None
        titled = behind is not None and behind.kind in _TRADE and behind.is_capital
        titled = (
            titled
            and all(each.is_capital for each in made[at:end])
            and (end > at + 1 or " " in item.text)
        )
        led = at > 0 and made[at - 1].kind is Kind.FROM and behind is not None
        trade = led and behind is not None and behind.kind in _TRADE
        if titled or trade:
            made[at:end] = [each._replace(kind=Kind.CHAT) for each in made[at:end]]
    return made


def without_smiles(items: list[Item]) -> list[Item]:
    """Return the items without the smiles at the end, where anything else is said."""
    end = len(items)
    while end and items[end - 1].kind is Kind.EMOJI:
        end -= 1
    return items[:end] or items


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
    if set(signed) & beside.valedictions and not any(_says(item) for item in tail):
        return items[: at + 1]
    named = any(item.kind in (Kind.UNKNOWN, Kind.NAME) for item in tail)
    if not named or len(tail) > _MOST_IN_SIGNATURE or tail[0].kind not in _BEGINS_SIGNING:
        return items
    return items[: at + 1] if all(item.kind in _SIGNING for item in tail) else items


def _says(item: Item) -> bool:
    """Whether it may be of the answer; "Poole" below "Kind regards" is no slip of "poorly"."""
    return item.kind in _SAYING and not (item.kind is Kind.REASON and item.is_capital)


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
    greeted = at > 0 and items[at - 1].kind is Kind.CHAT and rest[0].kind is Kind.UNKNOWN
    begins = rest[1].value in beside.gives_why or rest[1].kind in _WHOLE
    if greeted and rest[0].is_capital and (begins or rest[1].kind in (Kind.CHAT, Kind.POINT)):
        # "Morning Sue hope you had a lovely weekend".
        return items[:at] + rest[1:]
    own = _own_name(rest)
    if own:
        return items[:at] + rest[own:]
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


def _own_name(rest: list[Item]) -> int:
    """ "All In Boxing here.": how many pieces the provider's own name takes, with its "here"."""
    for step, item in enumerate(rest[:7]):
        if item.typed == "here" and not item.is_capital:
            name = rest[:step]
            plain = any(each.kind in (*_WHERE, Kind.PLACE_AWAY) for each in name)
            behind = rest[step + 1].kind if step + 1 < len(rest) else None
            ends = behind in (None, Kind.POINT, *CHATTER)
            return step + 1 if len(name) > 1 and plain and ends else 0
        if not item.is_capital:
            return 0
    return 0


def _after_place(rest: list[Item]) -> list[Item]:
    for step, item in enumerate(rest[:8]):
        if item.kind is Kind.POINT:
            return rest[step + 1 :]
        if item.kind not in _WHERE and item.typed != "here":
            return rest[step:]
    return rest
