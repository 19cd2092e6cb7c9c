"""
Combined: phrases that are put together of two lists, such as "stomach" and "is bad".

The second list is one tree that each phrase of the first goes on in, so that a hundred times a
hundred phrases take no longer to load than two hundred.
"""

from collections.abc import Callable
from typing import Any

from apbot.domain.words import Reason
from apbot.loading.lined import Lined, LinedDict, LinedList
from apbot.reading.lexicon import Kind, Node, PhraseIndex, Sense

# What may stand between the two.
_VERBS = (
    *(("is",), ("was",), ("has",), ("'s",), ("are",), ("have",), ("got",)),
    *(("has", "been"), ("'s", "been"), ("have", "been"), ("is", "still"), ("'s", "still")),
)
_SENSES = {"reasons": Kind.REASON, "on_the_way": Kind.ON_THE_WAY, "marks": Kind.MARK}

Wrong = Callable[[Any, str, str], None]
Words = Callable[[str], tuple[str, ...]]


class CombinedGathering:
    """The lists that are to be put together, and what was wrong with them."""

    def __init__(self, wrong: Wrong, marks: tuple[str, ...]) -> None:
        self._wrong = wrong
        self._known = {"marks": marks}
        self._lists: list[tuple[Sense, list[str], list[str], bool]] = []

    def take(self, key: str, value: Any) -> None:
        """Take the sections of two lists each."""
        if not isinstance(value, LinedDict):
            self._wrong(
                value or key, f"'{key}' is not by name", "write `name:` and its lists below"
            )
            return
        for name, parts in value.items():
            self._take(name, parts)

    def _take(self, name: Lined, parts: Any) -> None:
        named = parts.items() if isinstance(parts, LinedDict) else ()
        given: dict[str, Any] = {str(key): part for key, part in named}
        senses = [each for each in _SENSES if each in given]
        lists = [given.get(each) for each in ("first", "then")]
        if len(senses) != 1 or not all(isinstance(each, LinedList) for each in lists):
            remedy = "give it a `reasons`, `on_the_way` or `marks`, a `first` and a `then`"
            self._wrong(name, f"'{name}' is not two lists and what they mean", remedy)
            return
        kind, word = senses[0], str(given[senses[0]])
        known = self._known.get(kind, tuple(Reason))
        if word not in known:
            self._wrong(given[kind], f"'{word}' is not known", f"known: {', '.join(known)}")
            return
        first, then = ([str(each) for each in part] for part in lists if part is not None)
        self._lists.append((Sense(_SENSES[kind], word), first, then, "plain" not in given))

    def put_into(self, grammar: PhraseIndex, words: Words) -> set[str]:
        """Add the phrases that the lists make, and return every word of theirs."""
        found: set[str] = set()
        for sense, first, then, with_verbs in self._lists:
            shared = PhraseIndex()
            for phrase in then:
                shared.add(words(phrase), sense)
                found.update(words(phrase))
            root = _with_verbs(shared) if with_verbs else shared.root
            for phrase in first:
                grammar.add_shared(words(phrase), root)
                found.update(words(phrase))
                if with_verbs and " " not in phrase and not phrase.endswith("s"):
                    grammar.add_shared((f"{phrase}s",), root)
        return {word for word in found if len(word) > 2 and word.isalpha()}


def _with_verbs(shared: PhraseIndex) -> Node:
    """Return the tree with "is", "has" and the like that may stand in front of each phrase."""
    made = PhraseIndex({**shared.root})
    for verb in _VERBS:
        node = made.root
        *before, last = verb
        for word in before:
            node = node.setdefault(word, {})
        node[last] = {**node.get(last, {}), **shared.root}
    return made.root
