"""
Other words: whether a message stands in words that the reader does not have.

A parent may write in a language that nobody taught it. Nothing is decided by this but who is told,
and how soon: what was not understood may be an alarm.
"""

import re
from collections.abc import Collection

from apbot.reading.lexicon import Lexicon
from apbot.reading.tokens import fold

_WORD = re.compile(r"[^\W\d_]{3,}")
# "on", "to", "go", "hi": the shortest words are of many languages, and say nothing of which.


def is_in_other_words(
    text: str, names: Collection[str], lexicon: Lexicon, *, is_expected: bool
) -> bool:
    """
    Whether most of the words, the names apart, are none of English or of ours.

    Of somebody whose language is another, half of them are enough: "jest" is a word of Polish too.
    """
    words = [word for word in _WORD.findall(fold(text)) if word not in names]
    known = sum(
        word in lexicon.english or lexicon.knows(word) or word in lexicon.cases.root
        for word in words
    )
    return 2 * known < len(words) or (is_expected and bool(words) and 2 * known == len(words))
