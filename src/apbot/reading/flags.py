"""
Flags: what a message carries beside its marks.

Concern and emergency are looked for in the whole text, widely: a false one costs a look, a missed
one may cost a child. Innocent phrases are taken out first, so that boxing is no assault.
"""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from apbot.domain.words import Flag
from apbot.reading.company import A_NAME, TAKEN_OUT, Said, mended, without_denied
from apbot.reading.lexicon import Lexicon
from apbot.reading.tokens import MOST_CHARACTERS, Token, cut_up


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag and the words that raised it."""

    flag: Flag
    words: str


def flags_in(tokens: tuple[Token, ...], lexicon: Lexicon) -> list[Flagged]:
    """Return every flag that the words raise, each once, with the words."""
    words = mended(_slashes_closed([token.word for token in tokens]), lexicon)
    kept = without_denied(_without_innocent(words, lexicon), lexicon.company)
    whole = Said(words, lexicon)
    kept = whole.without_harmless(kept)
    said = Said(kept, lexicon)
    over = whole.over()
    found: dict[Flag, str] = {}

    def raised(value: str, start: int, end: int) -> None:
        if value == Flag.EMERGENCY and any(start < b and a < end for a, b in over):
            value = Flag.CONCERN
        found.setdefault(Flag(value), " ".join(token.typed for token in tokens[start:end]))

    for start, end, sense in lexicon.flags.every_in(tuple(kept)):
        for value in sense.value.split():
            if value == Flag.QUESTION and not _may_ask(words, start):
                continue
            if value == Flag.OPT_OUT and start and words[start - 1] in _OF_SOMETHING_ELSE:
                continue
            raised(value, start, end)
    for value, start, end in said.raised():
        raised(value, start, end)
    if Flag.CONCERN not in found and _is_money_unexplained(words):
        found[Flag.CONCERN] = "money on a pupil"
    if Flag.EMERGENCY in found:
        found.setdefault(Flag.CONCERN, found[Flag.EMERGENCY])
    return [Flagged(flag, said) for flag, said in found.items()]


def without_names(tokens: tuple[Token, ...], names: Iterable[str]) -> tuple[Token, ...]:
    """
    Return the tokens without pupils' names, which raise no flag.

    A name that is a word of harm (Burns, Stabb) is a name, save in small letters where a word is
    looked for: "star has burns on her hand".
    """
    own = _words_of(tuple(names))
    return tuple(
        replace(token, word=A_NAME)
        if token.word in own and token.word not in _NEVER_A_NAME and not _is_meant(tokens, at)
        else token
        for at, token in enumerate(tokens)
    )


@lru_cache(maxsize=256)
def _words_of(names: tuple[str, ...]) -> frozenset[str]:
    """Return every word of the names, made once for a roster that is asked about again."""
    return frozenset(token.word for name in names for token in cut_up(name, {}).tokens)


def _is_meant(tokens: tuple[Token, ...], at: int) -> bool:
    if at == 0 or tokens[at].is_capital:
        return False
    return tokens[at - 1].word in _BEFORE_A_WORD and tokens[at].word not in _NAMES_AND_VERBS


# Words after which a small-lettered "burns" or "knight" is the word and not the name.
_BEFORE_A_WORD = frozenset(
    ("has", "have", "had", "got", "some", "a", "the", "of", "bad", "nasty", "his", "her", "been")
)
_NAMES_AND_VERBS = frozenset(("will", "may", "mark", "rob", "grace", "hope", "sunny"))
_NEVER_A_NAME = frozenset(("police", "knife", "blood"))


def _slashes_closed(words: list[str]) -> list[str]:
    """ "S/H" is one word cut in two: the first takes both letters, so that "sh" is found."""
    closed = list(words)
    for at in range(len(words) - 2):
        first, slash, last = words[at : at + 3]
        if slash == "/" and first == "s" and last == "h":
            closed[at : at + 3] = ["selfharm", TAKEN_OUT, TAKEN_OUT]
    return closed


def _is_money_unexplained(words: list[str]) -> bool:
    """ "came in with £600": a hundred pounds or more, and somebody who has it on them."""
    much = any(
        word in ("£", "$") and after.isdigit() and int(after[:9]) >= 100
        for word, after in itertools.pairwise(words)
    )
    return much and bool(set(words) & {"pocket", "him", "her", "cash", "phone", "bag", "flashing"})


# "we can't stop it", "he won't stop now": no word to us to stop.
_OF_SOMETHING_ELSE = frozenset(
    ("not", "to", "he", "she", "they", "will", "would", "the", "a", "his", "her", "until")
)


def flags_beyond(text: str, lexicon: Lexicon, names: Iterable[str]) -> list[Flagged]:
    """
    Return the concern and emergency that stand in a text beyond what is read of it.

    The text is taken in pieces that overlap, so that no phrase is missed where two meet. No more
    than a great many pieces are taken: past that the last of the text is looked at, where people
    say what matters, and a concern is raised in any case, because nobody could read all of it.
    """
    names = tuple(names)
    found: dict[Flag, Flagged] = {}
    starts = range(MOST_CHARACTERS - _OVERLAP, len(text), _PIECE - _OVERLAP)
    pieces = [text[start : start + _PIECE] for start in starts]
    # A text of many short words is cut sooner than by its length: its beginning is looked at too.
    pieces = [text[:_PIECE], text[_PIECE - _OVERLAP : MOST_CHARACTERS], *pieces]
    if len(pieces) > _MOST_PIECES:
        pieces = [*pieces[: _MOST_PIECES - 1], pieces[-1]]
        found[Flag.CONCERN] = Flagged(Flag.CONCERN, "a text too long to be read to its end")
    for piece in pieces:
        tokens = without_names(cut_up(piece, lexicon.rewrites).tokens, names)
        for each in flags_in(tokens, lexicon):
            if each.flag in (Flag.CONCERN, Flag.EMERGENCY):
                found.setdefault(each.flag, each)
    return list(found.values())


_PIECE, _OVERLAP, _MOST_PIECES = 1200, 160, 40
_ASKING = frozenset(
    (
        "is", "are", "has", "have", "had", "did", "does", "do", "will", "would",
        "should", "shall", "can", "could", "may", "who", "what", "when", "where",
        "why", "which", "how", "any",
    )
)  # fmt: skip
_BEFORE_ASKING = frozenset(
    (
        ".", "!", "?", ",", ";", ":", "-", "(", ")", "*", "\n", "and", "also", "but",
        "so", "please", "pls", "btw", "or", "then", "hi", "hello", "thanks", "anyway",
        "just", "hiya", "morning", "question", "know", "wondering", "ask", "wanted",
        "mate",
    )
)  # fmt: skip


# "no idea what time", "tell me when": not asked of us.
_NO_ASKING = (
    *(["know"], ["idea"], ["sure"], ["says"], ["said"], ["on"], ["of"], ["tell"], ["matter"]),
    *(["that"], ["just"], ["remember"], ["exactly"], ["told"], ["saying"]),
)


def tokens_ask(tokens: tuple[Token, ...], lexicon: Lexicon) -> bool:
    """Whether a question's own words (who, when, can you) are in the text, not only its matter."""
    words = [token.word for token in tokens]
    return any(
        Flag.QUESTION in sense.value.split()
        and words[start] in (*_ASKING, "please", "pls", "call", "ring")
        and _may_ask(words, start)
        for start, _, sense in lexicon.flags.every_in(tuple(words))
    )


def _may_ask(words: list[str], start: int) -> bool:
    """A word like "is" or "who" asks at the head of a sentence, or where a "?" ends it."""
    asked = words[start + 1 : start + 2]
    if words[start] in ("is", "are") and asked and asked[0].endswith("ing"):
        # "Mo is covering" tells, and is for the office all the same.
        return True
    if words[start] in ("what", "when", "which") and asked in (["time"], ["is"], ["day"]):
        return words[start - 1 : start] not in _NO_ASKING
    if words[start] in ("can", "could", "would") and asked in (["you"], ["someone"], ["somebody"]):
        return True
    if words[start] not in _ASKING or start == 0 or words[start - 1] in _BEFORE_ASKING:
        return True
    for word in words[start:]:
        if word == "?":
            return True
        if word in (".", "!", "\n"):
            return False
    return False


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
