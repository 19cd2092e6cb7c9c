"""
Choosing: a contact's answer to "Which one?", by number, ref, name or "ALL".

What they wrote before is then meant of the cases that they choose, and needs no typing again. An
answer with any other word in it is no answer, and is read for what it says.
"""

from collections.abc import Iterable, Sequence

from apbot.domain.readings import OpenCase
from apbot.reading.case_names import pupils_of
from apbot.reading.lexicon import Lexicon
from apbot.reading.names import Fit, names_of
from apbot.reading.tokens import MOST_CHARACTERS, Token, clean, cut_up
from apbot.reading.who_has import is_bare_all


def chosen(text: str, options: Sequence[OpenCase], lexicon: Lexicon) -> tuple[str, ...]:
    """Return the refs of the options, in the order they were offered, that an answer chooses."""
    if len(text) > MOST_CHARACTERS or "?" in text:
        return ()
    tokens = cut_up(clean(text), lexicon.rewrites).tokens
    if is_bare_all(tokens, len(options), lexicon):
        return tuple(option.ref for option in options)
    picked = _picked(tokens, options, lexicon)
    return tuple(dict.fromkeys(option.ref for option in picked or ()))


def _picked(
    tokens: tuple[Token, ...], options: Sequence[OpenCase], lexicon: Lexicon
) -> list[OpenCase] | None:
    """What the words pick one by one; None where one of them picks nothing, or too much."""
    talk, people = lexicon.talk, pupils_of(options)
    names = names_of(people, lexicon) if people else None
    by_ref = {option.ref.lower(): option for option in options}
    found: list[OpenCase] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        pair = "".join(each.word for each in tokens[at : at + 2])
        if token.word in by_ref or (len(token.word) == 1 and pair in by_ref):
            found.append(by_ref.get(token.word) or by_ref[pair])
            at += 1 if token.word in by_ref else 2
            continue
        number = _number(token, len(options), lexicon)
        if number is not None:
            if not 0 < number <= len(options):
                return None
            found.append(options[number - 1])
            at += 1
            continue
        hit = names.find(tokens, at, loosely=False) if names and token.kind == "word" else None
        if hit is not None and (hit.fit <= Fit.EXACT or not lexicon.knows(token.word)):
            own = [o for o in options if o.pupil in {people[n - 1].name for n in hit.pupils}]
            if len(own) != 1:
                return None
            found += own
            at += hit.length
            continue
        placed = _of_place(token.word, options, talk.common_in_places)
        if len(placed) > 1:
            return None
        if not placed and not _is_beside(token, options, talk.around_choice):
            return None
        found += placed
        at += 1
    return found


def _number(token: Token, last: int, lexicon: Lexicon) -> int | None:
    """ "2", "#2", "the second", "the last one": the option's place in the list."""
    if token.kind == "hash":
        return int("".join(c for c in token.word if c.isdecimal())[:4])
    if token.kind == "number" and token.word.isdecimal():
        return int(token.word[:4])
    if token.word in lexicon.talk.the_last:
        return last
    return lexicon.beside.ordinals.get(token.word)


def _of_place(word: str, options: Iterable[OpenCase], common: frozenset[str]) -> list[OpenCase]:
    """The options at the provider that this word is of, "farm" and the like being of none."""
    return [o for o in options if word not in common and word in o.provider.lower().split()]


def _is_beside(token: Token, options: Iterable[OpenCase], small: frozenset[str]) -> bool:
    """Whether the word changes nothing: "the", "and", a comma, the "farm" of Alder Farm."""
    of_place = any(token.word in option.provider.lower().split() for option in options)
    return token.kind in ("punct", "emoji") or token.word in small or of_place
