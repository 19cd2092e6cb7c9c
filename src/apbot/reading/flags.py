"""
Flags: what a message carries beside its marks.

Concern and emergency are looked for in the whole text, widely: a false one costs a look, a missed
one may cost a child. Innocent phrases are taken out first, so that boxing is no assault.
"""

from dataclasses import dataclass

from apbot.domain.words import Flag
from apbot.reading.lexicon import Lexicon
from apbot.reading.tokens import Token


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag and the words that raised it."""

    flag: Flag
    words: str


def flags_in(tokens: tuple[Token, ...], lexicon: Lexicon) -> list[Flagged]:
    """Return every flag that the words raise, each once, with the words."""
    words = [token.word for token in tokens]
    kept = _without_innocent(words, lexicon)
    found: dict[Flag, str] = {}
    for start, end, sense in lexicon.flags.every_in(tuple(kept)):
        for value in sense.value.split():
            if value == Flag.QUESTION and not _may_ask(words, start):
                continue
            said = " ".join(token.typed for token in tokens[start:end])
            found.setdefault(Flag(value), said)
    if Flag.EMERGENCY in found:
        found.setdefault(Flag.CONCERN, found[Flag.EMERGENCY])
    return [Flagged(flag, said) for flag, said in found.items()]


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
        kept[start:end] = ["·"] * (end - start)
    return kept
