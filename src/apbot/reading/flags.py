"""
Flags: what a message carries beside its marks.

Concern and emergency are looked for in the whole text, widely: a false one costs a look, a missed
one may cost a child. Innocent phrases are taken out first, so that boxing is no assault.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from apbot.domain.words import Flag
from apbot.reading.company import A_NAME, TAKEN_OUT, Said, heard_as, mended, without_denied
from apbot.reading.flag_words import FlagWords
from apbot.reading.lexicon import Lexicon
from apbot.reading.requests import request_in
from apbot.reading.small_words import ends_as
from apbot.reading.tokens import MOST_CHARACTERS, Token, cut_up

_PIECE, _OVERLAP, _MOST_PIECES = 1200, 160, 20


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag and the words that raised it."""

    flag: Flag
    words: str


def is_only_upset(tokens: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether the concern in the words is distress and no more: without it there is none."""
    upset = lexicon.beside.only_upset
    found = {each.flag for each in flags_in(tokens, lexicon)}
    calm = tuple(token for token in tokens if token.word not in upset)
    left = {each.flag for each in flags_in(calm, lexicon)}
    return found & {Flag.CONCERN, Flag.EMERGENCY} == {Flag.CONCERN} and Flag.CONCERN not in left


def flags_in(tokens: tuple[Token, ...], lexicon: Lexicon) -> list[Flagged]:
    """Return every flag that the words raise, each once, with the words."""
    typed = mended(
        _slashes_closed([token.word for token in tokens], lexicon.company.small), lexicon
    )
    words, places = heard_as(typed, lexicon.company)
    small = lexicon.company.small
    kept = without_denied(_without_innocent(words, lexicon), lexicon.company)
    whole = Said(words, lexicon)
    kept = whole.without_harmless(kept)
    said = whole if kept == words else Said(kept, lexicon)
    over = whole.over()
    found: dict[Flag, str] = {}

    def raised(value: str, start: int, end: int) -> None:
        if value == Flag.EMERGENCY and any(start < b and a < end for a, b in over):
            value = Flag.CONCERN
        said = tokens[places[start] : places[end - 1] + 1]
        found.setdefault(Flag(value), " ".join(token.typed for token in said))

    for start, end, sense in lexicon.flags.every_in(tuple(kept)):
        for value in sense.value.split():
            if value == Flag.QUESTION and not _may_ask(words, start, small):
                continue
            if value == Flag.OPT_OUT and start and words[start - 1] in small.not_ours_to_stop:
                continue
            if value == Flag.HELP and start and words[start - 1] in small.asks_whom:
                continue
            raised(value, start, end)
    asked = request_in(words, small)
    if asked is not None:
        raised(Flag.QUESTION, *asked)
    for value, start, end in said.raised():
        raised(value, start, end)
    for value, start, end in whole.raised():
        # "her nan's coming for her at 2": harmless, and for the office.
        if value == Flag.QUESTION:
            raised(value, start, end)
    if Flag.CONCERN not in found and _is_money_unexplained(words, small):
        found[Flag.CONCERN] = "money on a pupil"
    if Flag.EMERGENCY in found:
        found.setdefault(Flag.CONCERN, found[Flag.EMERGENCY])
    return [Flagged(flag, said) for flag, said in found.items()]


def without_names(
    tokens: tuple[Token, ...], names: Iterable[str], lexicon: Lexicon
) -> tuple[Token, ...]:
    """
    Return the tokens without pupils' names, which raise no flag.

    A name that is a word of harm (Burns, Stabb) is a name, save in small letters where a word is
    looked for: "star has burns on her hand".
    """
    own, small = _words_of(tuple(names)), lexicon.company.small
    return tuple(
        Token(A_NAME, token.typed, token.kind, token.spaced)
        if token.word in own
        and token.word not in small.never_a_name
        and not _is_meant(tokens, at, small)
        else token
        for at, token in enumerate(tokens)
    )


@lru_cache(maxsize=256)
def _words_of(names: tuple[str, ...]) -> frozenset[str]:
    """Return every word of the names, made once for a roster that is asked about again."""
    return frozenset(token.word for name in names for token in cut_up(name, {}).tokens)


def _is_meant(tokens: tuple[Token, ...], at: int, small: FlagWords) -> bool:
    if at == 0:
        return False
    before, word = tokens[at - 1].word, tokens[at].word
    return before in small.before_a_word_of_harm and word not in small.names_and_verbs


def _slashes_closed(words: list[str], small: FlagWords) -> list[str]:
    """ "S/H" is one word cut in two: the first takes both letters, so that "sh" is found."""
    closed = list(words)
    for at in range(len(words) - 2):
        if words[at + 1] == "/" and "".join(words[at : at + 3]) in small.short_for_selfharm:
            closed[at : at + 3] = ["selfharm", TAKEN_OUT, TAKEN_OUT]
    return closed


def _is_money_unexplained(words: list[str], small: FlagWords) -> bool:
    """ "came in with £600": a hundred pounds or more, and somebody who has it on them."""
    much = any(
        word in ("£", "$") and after.isdigit() and int(after[:9]) >= 100
        for word, after in itertools.pairwise(words)
    )
    return much and not small.money_on_a_pupil.isdisjoint(words)


def flags_beyond(
    text: str, lexicon: Lexicon, names: Iterable[str], *, is_dense: bool
) -> list[Flagged]:
    """
    Return the concern and emergency that stand in a text beyond what is read of it.

    The text is taken in pieces that overlap, so that no phrase is missed where two meet. No more
    than a great many pieces are taken: past that the last of the text is looked at, where people
    say what matters, and a concern is raised in any case, because nobody could read all of it.
    `is_dense` says that it was cut for its many words: its beginning is then looked at, too.
    """
    names = tuple(names)
    found: dict[Flag, Flagged] = {}
    starts = range(MOST_CHARACTERS - _OVERLAP, len(text), _PIECE - _OVERLAP)
    pieces = [text[start : start + _PIECE] for start in starts]
    if is_dense:
        # A text of many short words is cut sooner than by its length.
        pieces = [text[:_PIECE], text[_PIECE - _OVERLAP : MOST_CHARACTERS], *pieces]
    if len(pieces) > _MOST_PIECES:
        pieces = [*pieces[: _MOST_PIECES - 1], pieces[-1]]
        found[Flag.CONCERN] = Flagged(Flag.CONCERN, "a text too long to be read to its end")
    for piece in pieces:
        tokens = without_names(cut_up(piece, lexicon.rewrites).tokens, names, lexicon)
        for each in flags_in(tokens, lexicon):
            if each.flag in (Flag.CONCERN, Flag.EMERGENCY):
                found.setdefault(each.flag, each)
    return list(found.values())


def tokens_ask(tokens: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether a question's own words (who, when, can you) are in the text, not only its matter."""
    words, small = [token.word for token in tokens], lexicon.company.small
    return any(
        Flag.QUESTION in sense.value.split()
        and (words[start] in small.asks_of_us or words[start] in small.asks_politely)
        and _may_ask(words, start, small)
        for start, _, sense in lexicon.flags.every_in(tuple(words))
    )


def _may_ask(words: list[str], start: int, small: FlagWords) -> bool:
    """A word like "is" or "who" asks at the head of a sentence, or where a "?" ends it."""
    word, asked = words[start], (*words[start + 1 : start + 2], "")[0]
    if _is_of_somebody(words, start, small):
        return False
    if word in small.calls_us and start and words[start - 1] in small.who_calls:
        return False
    may_it_be = (*words[start + 2 : start + 3], "")[0] in small.may_it_be
    if word in small.is_doing and asked in small.asks_of_that and may_it_be:
        return True
    if word in small.is_doing and ends_as(asked, small.tells_doing):
        # "Mo is covering" tells, and is for the office all the same.
        return True
    if word in small.asks_what and asked in small.what_is_asked:
        return start == 0 or words[start - 1] not in small.before_a_told_question
    if word in small.asks_can and asked in small.asked_to_help:
        return True
    if word not in small.asks_of_us or start == 0 or words[start - 1] in small.before_asking:
        return True
    for word in words[start:]:
        if word == "?":
            return True
        if word in (".", "!", "\n"):
            return False
    return False


def _is_of_somebody(words: list[str], start: int, small: FlagWords) -> bool:
    """ "save for Miss Feely, who is at the dentist": tells of her, and asks nothing."""
    if words[start] not in small.tells_of_whom or not start:
        return False
    named = [word for word in words[max(start - 2, 0) : start] if word != ","]
    ends = next((word for word in words[start:] if word in ("?", ".", "!", "\n")), "")
    return bool(named) and named[-1] == A_NAME and ends != "?"


def whole_flag(words: tuple[str, ...], lexicon: Lexicon) -> Flag | None:
    """Return the flag that a message of these words alone is, or None."""
    value = lexicon.whole.get(words)
    return Flag(value) if value else None


def is_order(tokens: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether the text gives the reader orders instead of answering."""
    return bool(lexicon.orders.all_in(tuple(token.word for token in tokens)))


def _without_innocent(words: list[str], lexicon: Lexicon) -> list[str]:
    kept = list(words)
    for start, end, _ in lexicon.innocent.all_in(tuple(words)):
        kept[start:end] = [TAKEN_OUT] * (end - start)
    return kept
