"""
Reopening: whether words say that a provider which was said to be shut is running after all.

They are heard only while its register is closed. In doubt they are not heard: the CSS is finding a
place for the pupils, and must not be told in error that it need not.
"""

from apbot.reading.lexicon import Lexicon
from apbot.reading.tokens import MOST_CHARACTERS, clean, cut_up

REOPENING_WORDS = ("open", "doubt")
"""The sections of `hears/reopening.yaml`."""


def says_open(text: str, lexicon: Lexicon) -> bool:
    """Whether the words say that it is open, and nothing beside them leaves that in doubt."""
    if len(text) > MOST_CHARACTERS or "?" in text:
        return False
    tokens = cut_up(clean(text), lexicon.rewrites).tokens
    kinds: set[str] = set()
    at = 0
    while at < len(tokens):
        hit = lexicon.reopening.longest(tokens, at)
        if hit is not None:
            kinds.add(hit[1].kind)
        at += hit[0] if hit else 1
    return kinds == {"open"}
