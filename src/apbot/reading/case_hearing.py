"""
What is heard in a message about a case: it is cut into clauses, and each one's phrases are found.

A phrase within a longer one is not heard; a "?" is heard for the clause that asks and no other.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial
from operator import attrgetter

from apbot.domain.words import Reason
from apbot.reading.case_words import PLACE, Clause, Heard, Hit
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.talk_words import TalkWords
from apbot.reading.tokens import EYES, TICK, UP, Token

_ENDS = frozenset((".", "!", "?", "\n", ";"))
_JOINS = frozenset((",", "-", ":", "(", ")", "/"))
# A thumb or eyes beside words say something of their own.
_SIGNS = frozenset((UP, EYES, TICK))


def hear(
    tokens: list[Token], own: tuple[frozenset[str], frozenset[str]], lexicon: Lexicon
) -> list[Clause]:
    """Cut the words into clauses; `own` are the words of the pupils' and the providers' names."""
    tokens = _mended(tokens, lexicon)
    talk = lexicon.talk
    words = _unshortened(tuple(_plain(t.word, *own) for t in tokens), talk)
    hits = _hits(words, tokens, lexicon)
    made: list[Clause] = []
    sentence, turns = 0, False
    asked = _asked_sentences(words, talk)
    for start, end, closes in _spans(words, hits, talk):
        if end > start:
            asks = _asks(words, start, end, asked, talk)
            made.append(
                _clause(words, tokens, (start, end), hits, (sentence, turns, asks), lexicon)
            )
            turns = False
        joint = words[closes] if closes < len(words) else "."
        turns = joint in talk.turns or (turns and joint == ",")
        if joint in _ENDS:
            sentence, turns = sentence + 1, False
    return made


def as_typed(tokens: Sequence[Token]) -> str:
    """Return the words as the person typed them: "he's" is one, though it is read as two."""
    made = ""
    for at, token in enumerate(tokens):
        spread = at and not token.spaced and token.kind == "word" == tokens[at - 1].kind
        if not spread:
            made += f" {token.typed}" if token.spaced else token.typed
    return made.strip()


def _mended(tokens: list[Token], lexicon: Lexicon) -> list[Token]:
    """Hear "ill ring mum" at the head of a clause as "I'll ring mum"."""
    made: list[Token] = []
    for at, token in enumerate(tokens):
        begins = (
            at == 0 or tokens[at - 1].kind in ("punct", "sign") or _is_mild(tokens[at - 1], lexicon)
        )
        if token.word in lexicon.talk.ill and begins:
            after = lexicon.cases.longest(tuple(tokens), at + 1)
            if after is not None and after[1].value in (Heard.CHASE, Heard.TAKING):
                made += [Token("i", token.typed, "word"), Token("will", "", "word", False)]
                continue
        made.append(token)
    return made


def _is_mild(token: Token, lexicon: Lexicon) -> bool:
    return token.word in lexicon.talk.before_ill_chase


def _plain(word: str, pupils: frozenset[str], places: frozenset[str]) -> str:
    """A pupil's name as "he", a provider's as a place, and a ref as "this"."""
    if word in pupils or word.removesuffix("s") in pupils:
        return "he"
    if word in places:
        return PLACE
    return "this" if is_ref(word) else word


def _unshortened(words: tuple[str, ...], talk: TalkWords) -> tuple[str, ...]:
    """ "he's there" as "he is there", "she's left" as "she has left"; "mum's" stays."""
    made = list(words)
    for at in range(1, len(words)):
        if words[at] == "'s" and words[at - 1] in talk.shortened:
            done = words[at + 1 : at + 2]
            made[at] = "has" if done and done[0] in talk.done_words else "is"
    return tuple(made)


def _clause(
    words: tuple[str, ...],
    tokens: list[Token],
    span: tuple[int, int],
    hits: list[Hit],
    told: tuple[int, bool, bool],
    lexicon: Lexicon,
) -> Clause:
    start, end = span
    sentence, turns, asks = told
    begins = partial(bisect_left, hits, key=attrgetter("start"))
    own = tuple(hits[begins(start) : begins(end)])
    covered = {i for h in own for i in range(h.start, h.end)}
    left = tuple(
        words[i]
        for i in range(start, end)
        if i not in covered and tokens[i].kind in ("word", "number") and len(words[i]) > 1
    )
    kinds = set(_kinds(tuple(tokens[start:end]), lexicon))
    here = words[start:end]
    return Clause(
        talk=lexicon.talk,
        words=here,
        typed=as_typed(tokens[start:end]),
        hits=own,
        start=start,
        sentence=sentence,
        turns=turns,
        asks=asks,
        past=Kind.PAST_DAY in kinds and not lexicon.beside.only_past.isdisjoint(here),
        another_day=bool(kinds & {Kind.FUTURE_DAY}) and not kinds & {Kind.UNTIL, Kind.SINCE},
        left_over=left,
    )


def is_ref(word: str) -> bool:
    """Whether the word has the shape of a case's ref: letters, then figures."""
    stem = word.rstrip("0123456789")
    return stem != word and stem.isalpha() and len(stem) < 3 and len(word) < 6


def _hits(words: tuple[str, ...], tokens: list[Token], lexicon: Lexicon) -> list[Hit]:
    """Every phrase known, save those that lie within a longer one."""
    found = [
        Hit(Heard(sense.value), start, end, None, " ".join(words[start:end]))
        for start, end, sense in lexicon.cases.all_in(words)
    ]
    found += list(_reason_hits(words, tokens, lexicon))
    # A phrase can lie within, or run into, only one that begins near it.
    found.sort(key=lambda h: (h.start, h.end))
    starts = [h.start for h in found]
    longest = max((h.end - h.start for h in found), default=0)
    return [h for h in found if not _is_part(h, _near(h, found, starts, longest))]


def _near(hit: Hit, found: list[Hit], starts: list[int], longest: int) -> list[Hit]:
    low = bisect_left(starts, hit.start - longest)
    return found[low : bisect_left(starts, hit.end)]


def _is_part(hit: Hit, near: list[Hit]) -> bool:
    return any(_within(hit, other) or _runs_into(hit, other) for other in near)


def _within(inner: Hit, outer: Hit) -> bool:
    covers = outer.start <= inner.start and inner.end <= outer.end
    if not covers or inner is outer:
        return False
    if (inner.start, inner.end) == (outer.start, outer.end):
        # The same words: a reason is more than a small word, less than anything else.
        return outer.reason is not None and inner.heard in (Heard.SMALL, Heard.PEOPLE, Heard.CHASE)
    return True


def _runs_into(hit: Hit, other: Hit) -> bool:
    """ "he is in bed", "he is in hospital": no "he is in"."""
    if hit.heard is not Heard.SHOULD_BE_THERE or not hit.start < other.start < hit.end < other.end:
        return False
    return other.reason is not None or other.heard is Heard.AT_HOME


def _reason_hits(words: tuple[str, ...], tokens: list[Token], lexicon: Lexicon) -> Iterator[Hit]:
    line = tuple(tokens)
    for start in range(len(line)):
        hit = lexicon.grammar.longest(line, start)
        if words[start] in lexicon.talk.before_where_to and (hit is None or hit[0] == 1):
            # "gone to Jamaica": known as "in Jamaica".
            away = (line[start]._replace(word="in"), *line[start + 1 :])
            hit = lexicon.grammar.longest(away, 0)
            hit = hit if hit and hit[0] > 1 and hit[1].value == Reason.HOLIDAY else None
        if hit is None:
            continue
        length, sense = hit
        if sense.kind in (Kind.REASON, Kind.ON_THE_WAY):
            said = " ".join(words[start : start + length])
            yield Hit(None, start, start + length, Reason(sense.value), said)


def _kinds(line: tuple[Token, ...], lexicon: Lexicon) -> Iterator[str]:
    at = 0
    while at < len(line):
        hit = lexicon.grammar.longest(line, at)
        if hit is not None:
            yield hit[1].kind
        at += hit[0] if hit else 1


def _spans(
    words: tuple[str, ...], hits: list[Hit], talk: TalkWords
) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, where the joint stands) of each clause."""
    inside = {i for h in hits for i in range(h.start + 1, h.end)} | {
        h.start for h in hits if h.end - h.start > 1
    }
    # "got it what's the number": what is only read or taken on ends where a question begins.
    read = {h.end for h in hits if h.heard in (Heard.OK, Heard.TAKING)}
    start = 0
    for at, word in enumerate(words):
        if at in read and word in talk.asks_plainly and at > start:
            yield start, at, at
            start = at
        if word in _SIGNS:
            yield start, at, at
            yield at, at + 1, at
            start = at + 1
        if word in _ENDS or (_parts(word, talk) and at not in inside):
            yield start, at, at
            start = at + 1
    yield start, len(words), len(words)


def _asked_sentences(words: tuple[str, ...], talk: TalkWords) -> dict[int, int]:
    """Return where words stand in a sentence that ends in "?", with its last head of a question."""
    asked: dict[int, int] = {}
    start, head = 0, -1
    for at, word in enumerate(words):
        if word in _ENDS:
            if word == "?":
                asked.update(dict.fromkeys(range(start, at), head))
            start, head = at + 1, -1
        elif word in talk.heads_a_question and (at == start or _parts(words[at - 1], talk)):
            head = at
    return asked


def _parts(word: str, talk: TalkWords) -> bool:
    return word in _JOINS or word in talk.joins_clauses


def _asks(
    words: tuple[str, ...], start: int, end: int, asked: dict[int, int], talk: TalkWords
) -> bool:
    """Whether this clause asks: from the last head of a question to the "?", or the whole."""
    if start in asked:
        return asked[start] < 0 or end > asked[start]
    head = start
    while head < end and words[head] in talk.opens_mildly:
        head += 1
    first, second = (*words[head : head + 2], "", "")[:2]
    asks_it = first in talk.asks_of_somebody and second in talk.asked_of_whom
    return first in talk.asks_plainly or asks_it
