"""
Preparing: what of a text is the answer.

A quoted prompt, a greeting's name and a signature are not part of what is said, and a phone's
reaction ("Liked “…”") is no answer at all.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from apbot.reading.items import CHATTER, SAYS, Item, without
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.names import Fit, Names
from apbot.reading.neighbours import Neighbours
from apbot.reading.tokens import SIGNS, Cut, Token

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
    r"who is in\s*\?|\b[ap]m\W+starts? \d{1,2}[:.]\d\d|reply all in\b|or say who is missing"
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
_GREETS = (*CHATTER, Kind.CHAT_YES, Kind.EMOJI)
_WHOLE = (Kind.EVERYONE, Kind.EVERYONE_IN)
_TRADE = (Kind.UNKNOWN, Kind.ORDINARY, Kind.STAFF, Kind.PLACE_HERE, Kind.PLACE_AWAY, Kind.CHAT)
_MOST_IN_SIGNATURE = 12
_MOST_IN_THANKS = 6
_MOST_IN_NAME = 4
_MOST_IN_TRADE = 4
# Points that end a message and ask nothing.
_AFTER_ALL = (".", "!", ",", "\n")


def is_reaction(text: str) -> bool:
    """Whether a phone sent this by itself for a tapped heart or thumb, or a program wrote it."""
    return bool(_REACTION.match(text) or _PROGRAM.search(text))


def with_points(text: str, lexicon: Lexicon) -> str:
    """Return the text with the points that a phone wrote out in words: "all in full stop"."""
    said = lexicon.beside.spoken_points
    words = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in said)
    return re.sub(
        rf"(?<!\s)\s+({words})(?=\s|$)",
        lambda found: said[" ".join(found.group(1).lower().split())],
        text,
        flags=re.IGNORECASE,
    )


# What our prompt says of a pupil, where the list was copied and marked: "2 Chloe D (away: ill) x".
_OUR_NOTE = re.compile(
    r"^([ \t]*+\d{1,2}[ \t]++[^()\n]{2,40}?)[ \t]++"
    r"\((?:away: |from \d\d:\d\d|off this morning|left \d\d:\d\d|left this morning)[^()\n]*\)"
    r"(?=[ \t]*[^\s])",
    re.MULTILINE,
)


def without_quotes(text: str) -> str:
    """Return the text without links, quoted lines, and our own prompt under or above the answer."""
    text = _OUR_NOTE.sub(r"\1", _LINK.sub(" ", text))
    lines = text.split("\n")
    kept = [line for line in lines if not re.match(r"^\s*(?:>|&gt;|\|>)", line)]
    for at, line in enumerate(kept):
        if _QUOTED_HEAD.match(line) and any(_says_anything(each) for each in kept[:at]):
            kept = kept[:at]
            break
    prompts = [at for at, line in enumerate(kept) if _PROMPT.search(line)]
    if not prompts:
        return "\n".join(kept)
    return "\n".join(
        line for line in kept if not _PROMPT.search(line) and not _NUMBERED.match(line)
    )


def without_smiles(cut: Cut) -> Cut:
    """Return the message without the signs that say nothing; one of nothing else stays."""
    plain = tuple(t for t in cut.tokens if t.kind != "emoji" or t.typed == "'")
    return cut if cut.is_cut or not plain else replace(cut, tokens=plain)


def with_promises(cut: Cut, lexicon: Lexicon) -> Cut:
    """
    Return "not here ill ring his mum" with "I will" for the "ill", and a point before it.

    What the sender is about to do is a sentence of its own, and nobody's illness.
    """
    beside = lexicon.beside
    words = {token.word for token in cut.tokens}
    if cut.is_cut or words.isdisjoint(beside.does_next | beside.is_next):
        return cut
    made: list[Token] = []
    for at, token in enumerate(cut.tokens):
        behind = [each.word for each in cut.tokens[at + 1 : at + 3]]
        short = _is_short_will(made, token, behind, beside)
        bare = _is_bare_will(made, token, behind, beside)
        if not (short or bare or _promises(token, behind, beside)):
            made.append(token)
            continue
        if made and made[-1].kind != "punct":
            made.append(Token(".", ".", "punct", False))
        if short or bare:
            who = {**beside.short_wills, **beside.will_do}[token.word]
            made += (Token(who, token.typed, "word"), Token("will", "will", "word"))
        else:
            made.append(token)
    return replace(cut, tokens=tuple(made))


def _is_short_will(
    led: Sequence[Token], token: Token, behind: Sequence[str], beside: Neighbours
) -> bool:
    """ "ILL ring home"; "is ILL, ring home" and "ILL call me" are of the pupil."""
    if token.word not in beside.short_wills or not behind:
        return False
    before = led[-1].word if led else ""
    news = next((each.word for each in reversed(led[-3:]) if each.kind != "punct"), "")
    if behind[0] in beside.is_next and (not led or news in beside.news_of_here):
        # "all in, ILL BE back at 11": whoever is in is not ill.
        return True
    does = behind[0] in beside.does_next and before not in beside.leads_to_ill
    return does and beside.asks_us_to.isdisjoint(behind)


def _is_bare_will(
    led: Sequence[Token], token: Token, behind: Sequence[str], beside: Neighbours
) -> bool:
    """ "not here WILL RING his mum": the sender will, where a mark and no name stands before it."""
    will = token.word in beside.will_do and not beside.does_next.isdisjoint(behind[:1])
    return will and bool(led) and led[-1].word in beside.ends_of_news


def _promises(token: Token, behind: Sequence[str], beside: Neighbours) -> bool:
    """ "I WILL RING his mum"."""
    own = token.word in beside.short_wills.values()
    will = len(behind) > 1 and behind[0] in beside.will and behind[1] in beside.does_next
    return own and will


def without_courtesies(
    tokens: tuple[Token, ...], lexicon: Lexicon, names: Names
) -> tuple[Token, ...]:
    """
    Return the tokens without the thanks and points that end the message, and no line before it.

    They say nothing of anybody, and what they stand beside must read as it does alone: in "femi x
    thanks" the cross is the last of what is said. A message of nothing else stays as it is.
    """
    start = next((at for at, token in enumerate(tokens) if token.word != "\n"), 0)
    end = len(tokens)
    while end > start:
        took = _thanks_before(tokens, end, lexicon, names) or tokens[end - 1].word in _AFTER_ALL
        if not took:
            break
        end -= took
    return tokens[start:end] or tokens


def _thanks_before(tokens: tuple[Token, ...], end: int, lexicon: Lexicon, names: Names) -> int:
    """Return how many tokens of thanks end there; a pupil may be called Ty, and is no thanks."""
    for length in range(min(end, _MOST_IN_THANKS), 0, -1):
        phrase = lexicon.grammar.longest(tokens[:end], end - length)
        if phrase is not None and phrase[0] == length and phrase[1].kind == Kind.THANKS:
            named = names.find(tokens, end - length, loosely=False)
            before = names.find(tokens, end - length - 1, loosely=False) if length < end else None
            # "except Jack Ta": the one of two Jacks whose surname begins so.
            own = named is not None or (before is not None and before.length > length)
            return 0 if own else length
    return 0


def _says_anything(line: str) -> bool:
    return any(char.isalnum() or char in SIGNS for char in line)


def without_business(items: list[Item], beside: Neighbours) -> list[Item]:
    """Return the items with "All In Training" as the name that it is, and no answer."""
    made = list(items)
    for at, item in enumerate(made):
        if item.kind not in _WHOLE:
            continue
        end = at + 1
        while end < len(made) and made[end].kind in (Kind.MARK, Kind.GROUP):
            end += 1
        last = end
        while last < len(made) and last < end + _MOST_IN_TRADE and made[last].kind in _TRADE:
            last += 1
        told = end > at + 1 or " " in item.text
        led = at > 0 and made[at - 1].kind is Kind.FROM
        if last > end and (led or (told and _is_put_as_a_name(made, at, last, beside))):
            here = last < len(made) and made[last].typed in beside.here_speaks
            made[at : last + here] = [
                each._replace(kind=Kind.CHAT) for each in made[at : last + here]
            ]
    return made


def _is_put_as_a_name(items: Sequence[Item], at: int, end: int, beside: Neighbours) -> bool:
    """ "this is full house boxing", "regards, all in boxing", "all in boxing here", "all farm:"."""
    before = [each for each in items[:at] if each.kind is not Kind.POINT][-2:]
    if before and set(before[-1].typed.split()[-1:]) & beside.valedictions:
        return True
    if " ".join(each.value for each in before) in beside.this_is:
        return True
    behind = items[end] if end < len(items) else None
    if behind is None or (at and items[at - 1].kind not in (Kind.POINT, *CHATTER)):
        return False
    if behind.typed in beside.here_speaks:
        following = items[end + 1].kind if end + 1 < len(items) else None
        return following in (None, Kind.POINT, *CHATTER)
    return behind.value == ":"


def without_signature(items: list[Item], lexicon: Lexicon) -> list[Item]:
    """Return the items without "Thanks, Lorraine" behind and "it's Bev at the stables" before."""
    signed = _without_closing(_without_titled(items, lexicon.beside), lexicon)
    return _without_opening(signed, lexicon)


def _without_titled(items: list[Item], beside: Neighbours) -> list[Item]:
    """Drop "Mrs P. Haworth" from the end."""
    at = next((n for n, item in enumerate(items) if item.typed in beside.titles and n), None)
    if at is None or not items[at - 1].is_hard:
        return items
    tail = without(items[at + 1 :], (Kind.POINT,))
    name = bool(tail) and tail[-1].kind is Kind.UNKNOWN and len(tail) < _MOST_IN_NAME
    initials = all(len(item.typed) == 1 for item in tail[:-1])
    return items[:at] if name and initials else items


def _without_closing(items: list[Item], lexicon: Lexicon) -> list[Item]:
    beside = lexicon.beside
    thanks = [at for at, item in enumerate(items) if item.kind is Kind.THANKS]
    if not thanks or not thanks[-1]:
        return items
    at = thanks[-1]
    tail = without(items[at + 1 :], (Kind.POINT,))
    signed = items[at].typed.split()[-1:]
    if set(signed) & beside.valedictions and not any(_says(item, lexicon) for item in tail):
        return items[: at + 1]
    named = any(item.kind in (Kind.UNKNOWN, Kind.NAME) for item in tail)
    if not named or len(tail) > _MOST_IN_SIGNATURE or tail[0].kind not in _BEGINS_SIGNING:
        return items
    return items[: at + 1] if all(item.kind in _SIGNING for item in tail) else items


def _says(item: Item, lexicon: Lexicon) -> bool:
    """Whether it may be of the answer; "Poole" below "Kind regards" is no slip of "poorly"."""
    word = item.typed
    slip = " " not in word and not lexicon.grammar.means(word, Kind.REASON)
    return item.kind in _SAYING and not (item.kind is Kind.REASON and slip)


def _without_opening(items: list[Item], lexicon: Lexicon) -> list[Item]:
    """Drop "hi it's Bev at the stables," and "Bev here," from the front."""
    beside, at = lexicon.beside, 0
    while at < len(items) and (
        items[at].kind in _GREETS or items[at].value in (",", "!", "\n", ".")
    ):
        at += 1
    rest = items[at:]
    if len(rest) < 2:
        return items
    # "Morning Gill" is no slip of a Freya Hill's name.
    slip = rest[0].kind is Kind.NAME and rest[0].fit >= Fit.NEAR
    strange = rest[0].kind is Kind.UNKNOWN or slip
    named = strange and rest[0].typed in lexicon.given_names
    greeted = at > 0 and items[at - 1].kind is Kind.CHAT and named
    begins = rest[1].value in beside.gives_why or rest[1].kind in _WHOLE
    if greeted and (begins or rest[1].kind in (Kind.CHAT, Kind.POINT)):
        # "Morning Sue hope you had a lovely weekend".
        return items[:at] + rest[1:]
    introduced = rest[0].kind is Kind.IT or rest[0].value in beside.introducing
    skip = 1
    while introduced and skip < len(rest) and rest[skip].value in beside.it_is:
        skip += 1
    if introduced and skip < len(rest) and rest[skip].kind is Kind.UNKNOWN:
        return items[:at] + _after_place(rest[skip + 1 :], beside)
    ends = len(rest) > 2 and (
        rest[2].value in (",", "-", ".", "!", ":")
        or rest[2].value in beside.of_where
        # "hello Ken here we have got ..."
        or (at > 0 and rest[2].kind is Kind.SPEAKER)
    )
    if named and ends and rest[1].typed in beside.here_speaks and not _is_list(rest):
        return items[:at] + _after_place(rest[2:], beside)
    return items


def _is_list(rest: list[Item]) -> bool:
    """ "Dennis here, Ionutz here": two of the pupils, and nobody who writes."""
    return len(rest) > 4 and rest[3].kind is Kind.NAME and rest[4].typed == rest[1].typed


def _after_place(rest: list[Item], beside: Neighbours) -> list[Item]:
    for step, item in enumerate(rest[:8]):
        if item.kind is Kind.POINT:
            return rest[step + 1 :]
        if item.kind not in _WHERE and item.typed not in beside.here_speaks:
            return rest[step:]
    return rest
