"""
The lexicon: every word and phrase that the reader knows, ready to be found fast.

It is filled once from the files a clerk may edit and is never changed. A phrase in the grammar has
one sense only, because a word in two places must become a question and never a winner.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any

from apbot.reading.flag_words import FlagWords
from apbot.reading.neighbours import Neighbours
from apbot.reading.side_words import SideWords
from apbot.reading.talk_words import TalkWords
from apbot.reading.tokens import Token

ANY_WORDS = "…"
_END = ""
# More words than anybody uses.
_MOST_KEPT = 20_000
# Where a phrase goes on in a list that many phrases share: no word of a message has a blank in it.
_GOES_ON = " + "


class Kind(StrEnum):
    """What a piece of a message is to the reader; each is a section of the files."""

    EVERYONE = "everyone"
    EVERYONE_IN = "everyone_in"
    REST = "rest"
    NOBODY = "nobody"
    EXCEPT = "except"
    ONLY = "only"
    BUT = "but"
    AND = "and"
    TOO = "too"
    SAME = "same"
    SAME_AS_MORNING = "same_as_morning"
    NOT = "not"
    YET = "yet"
    NOW = "now"
    JUST = "just"
    CORRECTION = "correction"
    SCRAP = "scrap"
    HEDGE = "hedges"
    IF = "if"
    YES = "yes"
    NO = "no"
    CHAT_YES = "chat_yes"
    FILL = "fill"
    GROUP = "group"
    SUBGROUP = "subgroup"
    HE = "he"
    SHE = "she"
    THEY = "they"
    BOTH = "both"
    IT = "it"
    SPEAKER = "i"
    RELATION = "relation"
    STAFF = "staff"
    VEHICLE = "vehicle"
    REPORTS = "reports"
    WITH = "with"
    PLACE_HERE = "place_here"
    PLACE_AWAY = "place_away"
    NOT_YET = "not_yet"
    PAST_DAY = "past_days"
    FUTURE_DAY = "future_days"
    WEEKDAY = "weekdays"
    MORNING = "this_morning"
    AFTERNOON = "this_afternoon"
    TODAY = "today"
    UNTIL = "until"
    SINCE = "since"
    FROM = "from"
    LUNCH = "lunch"
    THANKS = "thanks"
    CHAT = "chat"
    # These hold a value: the mark's or the reason's word.
    MARK = "marks"
    REASON = "reasons"
    ON_THE_WAY = "on_the_way"
    # These are made by the reader and stand in no file.
    NAME = "name"
    NUMBER = "number"
    RANGE = "range"
    PAIR = "pair"
    TIME = "time"
    DATE = "date"
    CODE = "code"
    ORDINARY = "ordinary"
    UNKNOWN = "unknown"
    EMOJI = "emoji"
    POINT = "point"


@dataclass(frozen=True, slots=True)
class Sense:
    """What a phrase means: its kind, and for a mark or a reason which."""

    kind: str
    value: str = ""


Node = dict[str, Any]


@dataclass(slots=True)
class PhraseIndex:
    """Phrases as a tree of words, so that the longest that begins here is found in one walk."""

    root: Node = field(default_factory=dict)
    # Whether a phrase may begin with a word, for those that were met.
    _begins: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    def add(self, words: tuple[str, ...], sense: Sense) -> Sense | None:
        """Add a phrase; return the sense it had before, if that was another one."""
        node = self.root
        for word in words:
            below = node.get(word)
            if below is None:
                below = node[word] = {}
            node = below
        had: Sense | None = node.setdefault(_END, sense)
        return None if had is sense or had == sense else had

    def longest(self, tokens: tuple[Token, ...], start: int) -> tuple[int, Sense] | None:
        """Return the length in tokens and the sense of the longest phrase that begins here."""
        node, best = self.root, None
        for i in range(start, len(tokens)):
            node = node.get(tokens[i].word)  # type: ignore[assignment]  # None ends the walk
            if node is None:
                break
            if _END in node and (best is None or i - start + 1 >= best[0]):
                best = (i - start + 1, node[_END])
            for shared in node.get(_GOES_ON, ()):
                further = self._shared(tokens, i + 1, shared)
                if further is not None and (best is None or further[0] - start > best[0]):
                    best = (further[0] - start, further[1])
        return best

    def _shared(self, tokens: tuple[Token, ...], at: int, node: Node) -> tuple[int, Sense] | None:
        """Return where the longest phrase of a shared list ends that begins here, and its sense."""
        best = None
        for i in range(at, len(tokens)):
            node = node.get(tokens[i].word)  # type: ignore[assignment]  # None ends the walk
            if node is None:
                break
            if _END in node:
                best = (i + 1, node[_END])
        return best

    def add_shared(self, words: tuple[str, ...], shared: Node) -> None:
        """Let each phrase of a shared list follow these words."""
        node = self.root
        for word in words:
            node = node.setdefault(word, {})
        node.setdefault(_GOES_ON, []).append(shared)

    def means(self, word: str, kind: Kind) -> bool:
        """Whether the word alone is a phrase of this kind."""
        sense = self.root.get(word, {}).get(_END)
        return sense is not None and sense.kind == kind

    def holds(self, words: tuple[str, ...]) -> bool:
        """Whether these words are a phrase."""
        return self.shortest(words, 0, len(words)) > 0

    def shortest(self, words: tuple[str, ...], start: int, least: int = 1) -> int:
        """Return the length of the shortest phrase of at least so many words here, or 0."""
        node = self.root
        for end in range(start, len(words)):
            node = node.get(words[end])  # type: ignore[assignment]  # None ends the walk
            if node is None:
                return 0
            if _END in node and end - start + 1 >= least:
                return end - start + 1
        return 0

    def all_in(self, words: tuple[str, ...]) -> list[tuple[int, int, Sense]]:
        """Return (start, end, sense) of each phrase, with "bruis*" and "…" as flags.yaml has it."""
        found: list[tuple[int, int, Sense]] = []
        for start in self._begun(words):
            best = self._walk(words, start, self.root, 0)
            if best is not None:
                found.append((start, *best))
        return found

    def every_in(self, words: tuple[str, ...]) -> list[tuple[int, int, Sense]]:
        """Return (start, end, sense) of each phrase and of each shorter one within it."""
        found: list[tuple[int, int, Sense]] = []
        for start in self._begun(words):
            self._every(words, start, start, self.root, found)
        return found

    def _begun(self, words: tuple[str, ...]) -> list[int]:
        """Return the places at which any phrase may begin, which most words do not."""
        begins, found = self._begins, list[int]()
        for at, word in enumerate(words):
            may = begins.get(word)
            if may is None:
                may = not self.root.keys().isdisjoint(_keys(word))
                if len(begins) < _MOST_KEPT:
                    begins[word] = may
            if may:
                found.append(at)
        return found

    def _every(
        self,
        words: tuple[str, ...],
        start: int,
        i: int,
        node: Node,
        found: list[tuple[int, int, Sense]],
    ) -> None:
        if _END in node:
            found.append((start, i, node[_END]))
        if i >= len(words):
            return
        for key in _keys(words[i]):
            if key in node:
                self._every(words, start, i + 1, node[key], found)
        if ANY_WORDS not in node:
            return
        for at in range(i, min(i + 5, len(words))):
            if words[at] in (".", "\n"):
                return
            for key in _keys(words[at]):
                if key in node[ANY_WORDS]:
                    self._every(words, start, at + 1, node[ANY_WORDS][key], found)

    def _walk(
        self, words: tuple[str, ...], i: int, node: Node, skipped: int
    ) -> tuple[int, Sense] | None:
        best = (i, node[_END]) if _END in node else None
        if i < len(words):
            word = words[i]
            for key in _keys(word):
                if key in node:
                    further = self._walk(words, i + 1, node[key], 0)
                    best = _longer(best, further)
        if ANY_WORDS in node:
            for step in range(5):
                if i + step < len(words) and words[i + step] not in (".", "\n"):
                    best = _longer(best, self._after_gap(words, i + step, node[ANY_WORDS]))
                else:
                    break
        return best

    def _after_gap(self, words: tuple[str, ...], i: int, node: Node) -> tuple[int, Sense] | None:
        word = words[i]
        for key in _keys(word):
            if key in node:
                return self._walk(words, i + 1, node[key], 0)
        return None


@lru_cache(maxsize=8192)
def _keys(word: str) -> tuple[str, ...]:
    """Return the keys a word may stand under: itself, and each "beginning*"."""
    return (word, *(f"{word[:n]}*" for n in range(3, len(word) + 1)))


def _longer(a: tuple[int, Sense] | None, b: tuple[int, Sense] | None) -> tuple[int, Sense] | None:
    if a is None or b is None:
        return a or b
    return b if b[0] > a[0] else a


@dataclass(frozen=True, slots=True)
class WordName:
    """A name that is also a word: beside one of these words the word is meant."""

    before: tuple[tuple[str, ...], ...] = ()
    after: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """
    A rule of company: a word of each term, near one another in one sentence, in any order.

    A term is the names of the groups whose words will do. `flag` is what the rule raises, if any.
    Where it is `in_order`, the second term's word must follow the first's within a word or two.
    """

    terms: tuple[tuple[str, ...], ...]
    flag: str = ""
    in_order: bool = False


@dataclass(frozen=True, slots=True)
class Company:
    """Words that mean something only beside others; see conversations/hears/flags.yaml."""

    words: PhraseIndex = field(default_factory=PhraseIndex, repr=False)
    deniable: PhraseIndex = field(default_factory=PhraseIndex, repr=False)
    together: tuple[Beside, ...] = ()
    harmless: tuple[Beside, ...] = ()
    harmless_of_nobody: tuple[Beside, ...] = ()
    harmless_work: tuple[Beside, ...] = ()
    over_now: tuple[Beside, ...] = ()
    small_hurts: tuple[Beside, ...] = ()
    slips: Mapping[str, str] = field(default_factory=dict, repr=False)
    heard_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    small: FlagWords = field(default_factory=FlagWords, repr=False)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that is known of language; see conversations/hears/README.md for what each part is."""

    grammar: PhraseIndex
    doubts: PhraseIndex
    symptoms: PhraseIndex
    flags: PhraseIndex
    innocent: PhraseIndex
    orders: PhraseIndex
    beside: Neighbours
    talk: TalkWords
    sides: SideWords
    cases: PhraseIndex
    whole: Mapping[tuple[str, ...], str]
    ordinary: frozenset[str]
    english: frozenset[str]
    rewrites: Mapping[str, tuple[str, ...]]
    nicknames: Mapping[str, frozenset[str]]
    given_names: frozenset[str]
    word_names: Mapping[str, WordName]
    # The longer words that are a phrase alone, by their first letter: slips of them are heard.
    single_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    company: Company = field(default_factory=Company)
    foretelling: PhraseIndex = field(default_factory=PhraseIndex)
    telling: PhraseIndex = field(default_factory=PhraseIndex)
    # With which words a number, a time or a way may begin, and which are codes, so that all other
    # words are seen off at once.
    numeric: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    reopening: PhraseIndex = field(default_factory=PhraseIndex)

    def knows(self, word: str) -> bool:
        """Whether the word is any that the reader has a sense for."""
        return word in self.ordinary or word in self.grammar.root


def mirrored(nicknames: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Return who may be meant by each form: short forms, the full name, and one another."""
    full_of: dict[str, set[str]] = {}
    for full, shorts in nicknames.items():
        for short in shorts:
            full_of.setdefault(short, set()).add(full)
    return {short: frozenset(fulls) for short, fulls in full_of.items()}
