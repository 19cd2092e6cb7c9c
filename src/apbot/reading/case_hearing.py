"""
What is heard in a message about a case: it is cut into clauses, and each one's phrases are found.

A phrase within a longer one is not heard; a "?" is heard for the clause that asks and no other.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial
from operator import attrgetter

from apbot.domain.words import Reason
from apbot.reading.case_words import NAMED, PLACE, Clause, Heard, Hit
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.small_words import ends_as, last_is
from apbot.reading.talk_words import TalkWords
from apbot.reading.times import When, find_time
from apbot.reading.tokens import EYES, TICK, UP, Token

_ENDS = frozenset((".", "!", "?", "\n", ";"))
_A_ROW = 3
_JOINS = frozenset((",", "-", ":", "(", ")", "/"))
# A thumb or eyes beside words say something of their own.
_SIGNS = frozenset((UP, EYES, TICK))
_WE_WILL = (Heard.CHASE, Heard.TAKING, Heard.SET_OUT, Heard.ON_THE_WAY)


def hear(
    tokens: list[Token], own: tuple[frozenset[str], frozenset[str]], lexicon: Lexicon
) -> list[Clause]:
    """Cut the words into clauses; `own` are the words of the pupils' and the providers' names."""
    tokens = _mended(_without_rows(tokens), own[0], lexicon)
    talk = lexicon.talk
    words = _unshortened(tuple(_plain(t.word, *own) for t in tokens), talk)
    hits = _hits(words, tokens, lexicon)
    made: list[Clause] = []
    line = tuple(tokens)
    sentence, turns = 0, False
    asked = _asked_sentences(words, talk)
    for start, end, closes in _spans(words, hits, talk):
        if end > start:
            asks = _asks(words, start, end, asked, talk)
            made.append(_clause(words, line, (start, end), hits, (sentence, turns, asks), lexicon))
            turns = False
        joint = words[closes] if closes < len(words) else "."
        turns = joint in talk.turns or (turns and joint == ",")
        if joint in _ENDS:
            sentence, turns = sentence + 1, False
    return made


def _without_rows(tokens: list[Token]) -> list[Token]:
    """Ten thumbs in a row say no more than three of them."""
    made: list[Token] = []
    row = 0
    for token in tokens:
        row = row + 1 if token.kind in ("emoji", "sign") else 0
        if row <= _A_ROW:
            made.append(token)
    return made


def as_typed(tokens: Sequence[Token]) -> str:
    """Return the words as the person typed them: "he's" is one, though it is read as two."""
    made = ""
    for at, token in enumerate(tokens):
        spread = at and not token.spaced and token.kind == "word" == tokens[at - 1].kind
        if not spread:
            made += f" {token.typed}" if token.spaced else token.typed
    return made.strip()


def _mended(tokens: list[Token], pupils: frozenset[str], lexicon: Lexicon) -> list[Token]:
    """Hear "ill ring mum" at the head of a clause as "I'll ring mum", and no "no no" before it."""
    made: list[Token] = []
    tokens = _without_answers(tokens, pupils, lexicon)
    for at, token in enumerate(tokens):
        begins = (
            at == 0 or tokens[at - 1].kind in ("punct", "sign") or _is_mild(tokens[at - 1], lexicon)
        )
        if token.word in lexicon.talk.ill and begins:
            after = lexicon.cases.longest(tuple(tokens), at + 1)
            if after is not None and after[1].value in _WE_WILL:
                made += [Token("i", token.typed, "word"), Token("will", "", "word", False)]
                continue
        made.append(token)
    return made


def _without_answers(tokens: list[Token], pupils: frozenset[str], lexicon: Lexicon) -> list[Token]:
    """
    Leave out a "no" that answers: "no no he's at home" denies nothing of what it says.

    It answers at the head of a clause, before a comma or somebody of whom something is then said;
    "no mum at home" and "no answer" are none.
    """
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        begins = at == 0 or tokens[at - 1].kind in ("punct", "sign")
        end = at
        while begins and end < len(tokens) and tokens[end].word in lexicon.talk.answers_no:
            end += 1
        if end > at and _says_more(tokens, end, pupils, lexicon):
            at = end
            continue
        made.append(tokens[at])
        at += 1
    return made


def _says_more(tokens: list[Token], at: int, pupils: frozenset[str], lexicon: Lexicon) -> bool:
    """Whether a statement follows an answer: a comma and more, or whom it is of and what."""
    ahead = tokens[at : at + 2]
    if len(ahead) < 2:
        return False
    if ahead[0].word in (",", "-", "."):
        return ahead[1].kind == "word"
    if ahead[0].word in lexicon.talk.begins_statement or ahead[0].word in pupils:
        return True
    people = lexicon.cases.longest(tuple(tokens), at)
    if people is None or people[1].value != Heard.PEOPLE:
        return False
    behind = tokens[at + people[0] : at + people[0] + 1]
    return bool(behind) and behind[0].word in lexicon.talk.after_whom


def _is_mild(token: Token, lexicon: Lexicon) -> bool:
    return token.word in lexicon.talk.before_ill_chase


def _plain(word: str, pupils: frozenset[str], places: frozenset[str]) -> str:
    """A pupil's name as "he", a provider's as a place, and a ref as "this"."""
    if word in pupils or word.removesuffix("s") in pupils:
        return NAMED
    if word in places:
        return PLACE
    return "this" if is_ref(word) else word


def _unshortened(words: tuple[str, ...], talk: TalkWords) -> tuple[str, ...]:
    """ "he's there" as "he is there", "she's left" as "she has left"; "mum's" stays."""
    made = list(words)
    for at in range(1, len(words)):
        if words[at] in talk.own_s and words[at - 1] in talk.shortened:
            done = words[at + 1 : at + 2]
            made[at] = "has" if done and done[0] in talk.done_words else "is"
        elif words[at] in talk.bare_would and _is_done(words[at + 1 : at + 2], talk):
            # "he'd walked": he had.
            made[at] = "had"
    return tuple(made)


def _is_done(words: tuple[str, ...], talk: TalkWords) -> bool:
    """ "walked", "gone": done, and no "he'd walk"."""
    return any(word in talk.done_words or ends_as(word, talk.done_ends) for word in words) and not (
        talk.not_yet_done & set(words)
    )


def _clause(
    words: tuple[str, ...],
    tokens: tuple[Token, ...],
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
    kinds = set(_kinds(tokens[start:end], lexicon))
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
        times=tuple(_times(tokens, start, end, lexicon)),
    )


def _times(
    tokens: tuple[Token, ...], start: int, end: int, lexicon: Lexicon
) -> Iterator[tuple[int, When]]:
    at = start
    while at < end:
        found = find_time(tokens, at, lexicon.beside) or _wait(tokens, at, end, lexicon)
        if found is not None:
            yield at, found[1]
        at += found[0] if found else 1


def _wait(
    tokens: tuple[Token, ...], at: int, end: int, lexicon: Lexicon
) -> tuple[int, When] | None:
    """ "with you IN 20": minutes, where nothing else is counted behind it."""
    ends = at + 1 == end or tokens[at + 1].kind in ("punct", "sign")
    is_count = (
        tokens[at].kind == "number" and tokens[at].word.isdecimal() and len(tokens[at].word) < 3
    )
    if not (at and ends and is_count and tokens[at - 1].word in lexicon.beside.bare_in):
        return None
    return 1, When(count=int(tokens[at].word), led_by="in")


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
    found = [h for h in found if not _is_part(h, _near(h, found, starts, longest))]
    homewards = [
        h.end
        for h in found
        if h.heard is Heard.AT_HOME and last_is(h.words, lexicon.talk.bare_home)
    ]
    return [h for h in found if not _is_ride_home(h, homewards, words, lexicon.talk)]


def _is_ride_home(
    hit: Hit, homewards: Sequence[int], words: tuple[str, ...], talk: TalkWords
) -> bool:
    """ "he went home at 12 ON THE BUS": by what he went home is no way here."""
    if hit.words.split()[0] not in talk.before_vehicles or talk.rides_in.isdisjoint(
        hit.words.split()
    ):
        return False
    return any(
        0 <= hit.start - end < 4 and _JOINS.isdisjoint(words[end : hit.start]) for end in homewards
    )


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
