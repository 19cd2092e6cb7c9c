"""
What CSS staff say of where a sought pupil is, and whether they say more than that a case is over.

"Found him, he's at his nan's" tells the register that he is not at the provider; "done" is no
answer to anybody who asked something.
"""

from collections.abc import Collection, Iterable, Sequence

from apbot.reading.talk_words import TalkWords
from apbot.reading.tokens import Token


def is_elsewhere(tokens: Sequence[Token], talk: TalkWords) -> bool:
    """Whether the words say that a pupil is somewhere else than at the provider, and no doubt."""
    words = [token.word for token in tokens]
    text = f" {' '.join(words)} ".replace(" '", "'")
    if "?" in words or _stands(talk.maybe_here, text):
        return False
    return _stands(talk.said_at_home, text) or any(
        _is_place(words, at, talk) for at in range(len(words))
    )


def _stands(phrases: Iterable[str], text: str) -> bool:
    return any(f" {phrase} " in text for phrase in phrases)


def _is_place(words: Sequence[str], at: int, talk: TalkWords) -> bool:
    """ "with her nan", "at the hospital", "gone to town"; but not "spoke to mum"."""
    if words[at] not in talk.before_where:
        goes = words[at] in talk.before_where_to and at and words[at - 1] in talk.goes_to
        if not goes:
            return False
    step = at + 1 + (words[at + 1 : at + 2] != [] and words[at + 1] in talk.whose_home)
    return words[step : step + 1] != [] and words[step] in talk.whom_or_where


def is_only_over(tokens: Sequence[Token], refs: Collection[str], talk: TalkWords) -> bool:
    """Whether no word says more than that it is over: "K7 done thanks"."""
    words = [token.word for token in tokens if token.kind in ("word", "number")]
    return all(word in talk.only_over or word in refs or word in talk.own_s for word in words)
