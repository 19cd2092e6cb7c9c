"""
Telling: what a contact's message says of telling parents, and what of it is said of something else.

"TELL K7" sends a family a text that cannot be taken back, so it counts only where every word of its
piece is understood, and not at all beside a word of doubt: "if he is not in by ten, tell K7" goes
on to be read as anything else a contact writes. "Don't tell K7" keeps a text back and can be taken
back itself, so it counts whatever stands beside it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apbot.domain.readings import OpenCase
from apbot.domain.releasing import Order
from apbot.reading.case_names import pupils_of
from apbot.reading.lexicon import Lexicon
from apbot.reading.names import names_of
from apbot.reading.tokens import MOST_CHARACTERS, Token, clean, cut_up

TELLING_WORDS = ("tell", "withhold", "no_need", "whom", "all", "fill", "also", "doubt")
"""The sections of `hears/telling.yaml`."""

# As they are left where a name was taken out.
_APOSTROPHES = frozenset(("'s", "'", "s"))
_JOINT = r"(\n+|[.;!]+(?=\s|$)|,|\s-\s|\b(?:{})\b|&)"


@dataclass(frozen=True, slots=True)
class Telling:
    """Orders about parents, and what is left of the message, "" where that was all."""

    orders: tuple[Order, ...]
    rest: str = ""


@dataclass(slots=True)
class _Piece:
    """One piece of the message: whether it orders, whom it names, and whether all is understood."""

    text: str
    order: str = ""
    refs: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    is_all: bool = False
    lead: str = ""
    is_strange: bool = False
    doubts: bool = False
    is_filler: bool = True


def read_telling(text: str, cases: Sequence[OpenCase], lexicon: Lexicon) -> Telling | None:
    """Return what the message orders, or None where it orders nothing that is sure."""
    if len(text) > MOST_CHARACTERS or "?" in text:
        return None
    joining = "|".join(sorted(lexicon.beside.bare_and | lexicon.beside.bare_but))
    split = re.split(_JOINT.format(joining), clean(text), flags=re.IGNORECASE)
    pieces = [_piece(words, cases, lexicon) for words in split[::2]]
    joints = [*split[1::2], ""]
    orders: list[Order] = []
    rest = ""
    goes_on = doubts = False
    for piece, joint in zip(pieces, joints, strict=True):
        if piece.order and not piece.is_strange:
            orders.append(Order(piece.order == "tell", piece.refs, piece.names, piece.is_all))
            rest, goes_on = _with(rest, piece.lead, " "), True
        elif goes_on and not piece.is_strange and (piece.refs or piece.names):
            orders[-1] = orders[-1].with_more(piece.refs, piece.names)
        elif piece.is_strange or not piece.is_filler:
            if piece.order == "withhold":
                orders.append(Order(False, piece.refs, piece.names, piece.is_all))
            doubts = doubts or piece.doubts
            rest, goes_on = _with(rest, piece.text, joint), False
    if doubts and any(order.tells for order in orders):
        orders, rest = [order for order in orders if not order.tells], text
    if not orders:
        return None
    refs = [ref for order in orders for ref in order.refs]
    left = rest.strip(" ,-\n")
    if left and not any(case.ref.lower() in left.lower().split() for case in cases):
        left = " ".join((left, *refs))
    return Telling(tuple(orders), left)


def _with(rest: str, words: str, joint: str) -> str:
    return f"{rest}{words.strip()}{joint} " if words.strip() else rest


def _piece(text: str, cases: Sequence[OpenCase], lexicon: Lexicon) -> _Piece:
    tokens = cut_up(text, lexicon.rewrites).tokens
    made = _Piece(text)
    for kind, value in _parts(tokens, cases, lexicon):
        if kind in ("tell", "withhold", "no_need"):
            made.is_strange = made.is_strange or bool(made.order)
            made.order = "withhold" if "withhold" in (kind, made.order) else kind
        elif kind == "ref":
            made.refs = (*made.refs, value)
        elif kind == "name":
            made.names = (*made.names, value)
        elif kind == "also" and not made.order:
            made.lead = f"{made.lead} {value}".strip()
        elif kind == "all":
            made.is_all = True
        elif kind not in ("whom", "fill"):
            made.is_strange = True
        made.doubts = made.doubts or kind == "doubt"
        made.is_filler = made.is_filler and kind in ("whom", "fill")
    return made


def _parts(
    tokens: tuple[Token, ...], cases: Sequence[OpenCase], lexicon: Lexicon
) -> Iterator[tuple[str, str]]:
    """Yield each word or phrase as its kind and what it names; "" for one that is not known."""
    refs = {case.ref.lower(): case.ref for case in cases}
    people = pupils_of(cases)
    names = names_of(people, lexicon)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        pair = token.word + (tokens[at + 1].word if at + 1 < len(tokens) else "")
        if token.word in refs:
            yield "ref", refs[token.word]
            at += 1
            continue
        if len(token.word) == 1 and pair in refs:
            yield "ref", refs[pair]
            at += 2
            continue
        hit = lexicon.telling.longest(tokens, at)
        if hit is not None:
            yield hit[1].kind, " ".join(t.word for t in tokens[at : at + hit[0]])
            at += hit[0]
            continue
        found = names.find(tokens, at, loosely=False) if token.kind == "word" else None
        if found is not None and len(found.pupils) == 1:
            yield "name", people[found.pupils[0] - 1].name
            at += found.length
            continue
        is_mark = token.kind in ("punct", "emoji") or token.word in _APOSTROPHES
        yield ("fill" if is_mark else ""), token.word
        at += 1
