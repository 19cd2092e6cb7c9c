"""
Pieces of a telling: a contact's words ahead of time as names, known words, days and reasons.

What they come to, and whether they are a telling at all, is in `foretelling.py`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from apbot.domain.calendar import Calendar
from apbot.domain.readings import RosterPupil
from apbot.domain.words import Reason
from apbot.reading.day_atoms import Piece
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.names import Fit, Names, names_of
from apbot.reading.neighbours import Neighbours
from apbot.reading.tokens import Token, fold, phrase_words

_DATED = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2,4}))?")
_JOINTS = {",": "and", "/": "and", "&": "and", "+": "and", "-": "to"}


@dataclass(frozen=True, slots=True)
class Nameable:
    """
    A pupil or a provider that a contact may name.

    `shown` is a pupil's name on phones, which nobody else is; `kind` a provider's ("garage").
    """

    key: str
    name: str
    known_as: str | None = None
    kind: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """
    A contact's message in its context.

    `pupils` are those with a placement that is live or to come; `busy` the pupils of whom this
    contact has an open case, `sought` those of them who are not accounted for, and `has_cases`
    whether there is any case; `away` the pupils of whom an
    absence is known from today on; `refs` are refs of cases, in lower case; `chosen` what was
    answered of names that fitted several.
    """

    text: str
    today: date
    calendar: Calendar
    pupils: tuple[Nameable, ...]
    providers: tuple[Nameable, ...]
    refs: frozenset[str] = frozenset()
    busy: frozenset[str] = frozenset()
    has_cases: bool = False
    sought: frozenset[str] = frozenset()
    away: frozenset[str] = frozenset()
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of the message, and who or why it names."""

    piece: Piece
    keys: tuple[str, ...] = ()
    reason: Reason | None = None
    word: str = ""
    is_capital: bool = False


def pieces_of(tokens: Sequence[Token], told: Told, lexicon: Lexicon) -> list[Said]:
    """Cut the tokens into names, known words, days' numbers, reasons and other words."""
    tokens = tuple(tokens)
    roster = tuple(
        RosterPupil(number, pupil.name, pupil.known_as)
        for number, pupil in enumerate(told.pupils, 1)
    )
    names = names_of(roster, lexicon)
    places = [phrase_words(provider.name, lexicon.rewrites) for provider in told.providers]
    shown = {tuple(fold(p.shown).split()): p.key for p in told.pupils if p.shown}
    found: list[Said] = []
    at = 0
    while at < len(tokens):
        length = _place_at(tokens, at, places)
        if length:
            found.append(Said(Piece("fill", tokens[at].typed)))
            at += length
            continue
        own = _shown_at(tokens, at, shown)
        if own is not None:
            found.append(own[1])
            at += own[0]
            continue
        length, said = _piece(tokens, at, names, told, lexicon)
        found.append(said)
        at += length
    return found


def _place_at(tokens: tuple[Token, ...], at: int, places: Sequence[tuple[str, ...]]) -> int:
    """How many tokens a provider's whole name takes here: where a pupil is away from is known."""
    for words in places:
        ahead = [token.word for token in tokens[at : at + len(words) + 2] if token.word not in "()"]
        if words and tuple(ahead[: len(words)]) == words:
            return len(words) + sum(t.word in "()" for t in tokens[at : at + len(words) + 2])
    return 0


def _shown_at(
    tokens: tuple[Token, ...], at: int, shown: Mapping[tuple[str, ...], str]
) -> tuple[int, Said] | None:
    """A pupil as our own texts name them: what we wrote means whom we meant."""
    for length in (3, 2):
        ahead = tokens[at : at + length]
        key = shown.get(tuple(fold(token.typed) for token in ahead))
        if key is not None:
            typed = " ".join(token.typed for token in ahead)
            return length, Said(Piece("name", typed), keys=(key,), word=ahead[0].word)
    return None


def _piece(
    tokens: tuple[Token, ...], at: int, names: Names, told: Told, lexicon: Lexicon
) -> tuple[int, Said]:
    token = tokens[at]
    named = names.find(tokens, at, loosely=False) if told.pupils and token.kind == "word" else None
    if named is not None and named.fit <= Fit.FIRST_AND_INITIAL:
        return named.length, _named(tokens, at, named.length, named.pupils, named.said, told)
    reason = _reason_at(tokens, at, lexicon)
    hit = lexicon.foretelling.longest(tokens, at)
    if reason is not None and (hit is None or reason[0] > hit[0]):
        return reason[0], Said(Piece("reason", token.typed), reason=reason[1])
    if hit is not None and not _is_lone_month(tokens, at, hit[1].kind):
        typed = " ".join(one.typed for one in tokens[at : at + hit[0]])
        piece = Piece(hit[1].kind, typed, is_glued=not token.spaced and at > 0)
        return hit[0], Said(piece, word=token.word, is_capital=token.is_capital)
    numbered = _numbered(tokens, at, lexicon.beside)
    if numbered is not None:
        return numbered[0], Said(numbered[1], word=token.word)
    if named is not None and (named.fit <= Fit.PART or not lexicon.knows(token.word)):
        is_word = lexicon.knows(token.word) and not token.is_capital and at > 1
        narrowed = _narrowed(tokens, at + named.length, named.pupils, told)
        if narrowed and not is_word:
            length = named.length + 1
            said = f"{named.said} {tokens[at + named.length].typed.lower()}"
            return length, _named(tokens, at, length, narrowed, said, told)
        if not is_word:
            return named.length, _named(tokens, at, named.length, named.pupils, named.said, told)
    if told.pupils and token.kind == "word" and not lexicon.knows(token.word):
        near = names.find(tokens, at, loosely=True)
        if near is not None:
            return near.length, _named(tokens, at, near.length, near.pupils, near.said, told)
    kind = "punct" if token.kind in ("punct", "emoji", "sign") else "other"
    return 1, Said(Piece(kind, token.typed), word=token.word, is_capital=token.is_capital)


def _narrowed(
    tokens: tuple[Token, ...], after: int, pupils: tuple[int, ...], told: Told
) -> tuple[int, ...]:
    """ "Jack Tan": of several, those whose surname begins with the letters that follow."""
    if len(pupils) < 2 or after >= len(tokens) or tokens[after].kind != "word":
        return ()
    letters = fold(tokens[after].typed)
    return tuple(
        number
        for number in pupils
        if len(letters) > 1 and fold(told.pupils[number - 1].name.split()[-1]).startswith(letters)
    )


def _named(
    tokens: tuple[Token, ...],
    at: int,
    length: int,
    pupils: tuple[int, ...],
    said: str,
    told: Told,
) -> Said:
    keys = tuple(told.pupils[number - 1].key for number in pupils)
    chosen = told.chosen.get(said)
    if chosen is not None and chosen in keys:
        keys = (chosen,)
    return Said(Piece("name", said), keys=keys, word=tokens[at].word)


def _reason_at(tokens: tuple[Token, ...], at: int, lexicon: Lexicon) -> tuple[int, Reason] | None:
    hit = lexicon.grammar.longest(tokens, at)
    if hit is None or hit[1].kind != Kind.REASON:
        return None
    return hit[0], Reason(hit[1].value)


def _is_lone_month(tokens: tuple[Token, ...], at: int, kind: str) -> bool:
    """ "may" and "march" are months beside a number alone."""
    if kind not in ("may", "march"):
        return False
    beside = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]]
    return not any(token.word[:1].isdigit() for token in beside)


def _numbered(tokens: tuple[Token, ...], at: int, beside: Neighbours) -> tuple[int, Piece] | None:
    """A number, an ordinal, or a date however it is written."""
    token = tokens[at]
    iso = tokens[at : at + 5]
    if len(iso) == 5 and all(iso[place].word.isdecimal() for place in (0, 2, 4)):
        year, month, day = (int(iso[place].word[:6]) for place in (0, 2, 4))
        if iso[1].word == iso[3].word == "-" and 2000 <= year <= 2100:
            return 5, Piece("date", "".join(t.typed for t in iso), dated=(day, month, year))
    # Other signs that Unicode calls digits ("²") are no numbers.
    if token.kind == "number" and token.word.isdecimal():
        return 1, Piece("number", token.typed, number=int(token.word[:6]))
    ordinal = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)", token.word)
    if ordinal:
        return 1, Piece("ordinal", token.typed, number=int(ordinal[1]))
    dated = _DATED.fullmatch(token.word)
    if dated and token.kind in ("date", "pair", "time") and not _is_hour(tokens, at, dated, beside):
        day, month, year = int(dated[1]), int(dated[2]), int(dated[3] or 0)
        # There is no month 0: it must not be taken for a month that was left out.
        return 1, Piece("date", token.typed, dated=(day, month or 13, year))
    if token.kind == "punct" and token.word in _JOINTS:
        return 1, Piece(_JOINTS[token.word], token.typed)
    return None


def _is_hour(tokens: tuple[Token, ...], at: int, dated: re.Match[str], beside: Neighbours) -> bool:
    """ "at 10.30", "by 11.10": a time of day, not the eleventh of October."""
    if tokens[at].kind != "time":
        return False
    if not 1 <= int(dated[2]) <= 12 or not 1 <= int(dated[1]) <= 31:
        return True
    before = tokens[at - 1].word if at else ""
    return before in beside.before_time_of_day
