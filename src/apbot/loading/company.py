"""
Company: the sections of flags.yaml in which words mean something only beside others.

The rules name groups of words; a rule that names a group nobody wrote would never be heard, so it
is a problem with its file and line, like any other slip of the pen.
"""

from collections.abc import Callable

from apbot.domain.words import Flag
from apbot.loading.lined import Lined, line_of
from apbot.loading.problems import Problem, nearest
from apbot.reading.company import one_letter_off
from apbot.reading.flag_words import FLAG_WORDS, FlagWords
from apbot.reading.lexicon import Beside, Company, PhraseIndex, Sense
from apbot.reading.tokens import fold

_RULES = ("harmless", "harmless_of_nobody", "harmless_work", "over_now", "small_hurts")


class CompanyGathering:
    """The groups and rules taken so far, and what was wrong."""

    sections = (
        *("word_groups", "together", "heard_as", "deniable", "misspelt"),
        *_RULES,
        *FLAG_WORDS,
    )
    named = ("word_groups", "together", "heard_as")

    def __init__(self, words_of: Callable[[Lined], tuple[str, ...]]) -> None:
        self._words_of = words_of
        self.words, self._deniable = PhraseIndex(), PhraseIndex()
        self._groups: set[str] = set()
        self._misspelt: list[str] = []
        self._heard_as: dict[str, tuple[str, ...]] = {}
        self._small: dict[str, set[str]] = {}
        self._rules: dict[str, list[Beside]] = {"together": [], **{key: [] for key in _RULES}}
        self._named_in: list[tuple[str, Lined, str]] = []
        self._problems: list[Problem] = []

    def take(self, file: str, key: str, phrases: list[Lined]) -> None:
        """Take a section that is a plain list."""
        if key in FLAG_WORDS:
            self._small.setdefault(key, set()).update(str(phrase) for phrase in phrases)
            return
        for phrase in phrases:
            if key == "deniable":
                self._deniable.add(self._words_of(phrase), Sense(key))
            elif key == "misspelt":
                self._misspelt.append(str(phrase))
            else:
                self._rule(file, key, phrase)

    def take_named(self, file: str, key: str, name: Lined, phrases: list[Lined]) -> None:
        """Take one group of words, or the rules of one flag."""
        if key == "heard_as":
            self._spellings(file, name, phrases)
            return
        if key == "word_groups":
            self._groups.add(str(name))
            for phrase in phrases:
                self._word(phrase, str(name))
            return
        if str(name) not in tuple(Flag):
            self._unknown(file, name, name, "flag", tuple(Flag))
            return
        for phrase in phrases:
            self._rule(file, key, phrase, str(name))

    def problems(self) -> list[Problem]:
        """Return what was wrong, once every file is taken."""
        for file, rule, group in self._named_in:
            if group not in self._groups:
                self._unknown(file, rule, group, "group of words", tuple(self._groups))
        return self._problems

    def company(self) -> Company:
        """Return what was gathered."""
        slips: dict[str, str] = {}
        for word in self._misspelt:
            for off in one_letter_off(word):
                slips.setdefault(off, word)
        return Company(
            words=self.words,
            deniable=self._deniable,
            slips=slips,
            heard_as=self._heard_as,
            small=FlagWords(**{key: frozenset(words) for key, words in self._small.items()}),
            **{key: tuple(rules) for key, rules in self._rules.items()},
        )

    def spellings(self) -> frozenset[str]:
        """Return the words that are heard as others, which are words and nobody's name."""
        return frozenset(self._heard_as)

    def _spellings(self, file: str, meant: Lined, phrases: list[Lined]) -> None:
        for phrase in phrases:
            spelt = fold(phrase)
            if not spelt.isalnum():
                self._wrong(file, phrase, f"'{phrase}' is not one word", "write words one by one")
            elif self._heard_as.setdefault(spelt, self._words_of(meant)) != self._words_of(meant):
                heard = " ".join(self._heard_as[spelt])
                self._wrong(file, phrase, f"'{phrase}' is heard as '{heard}'", "keep one of them")

    def _word(self, phrase: Lined, group: str) -> None:
        words = self._words_of(phrase)
        had = self.words.add(words, Sense("group", group))
        if had is None:
            return
        node = self.words.root
        for word in words:
            node = node[word]
        node[""] = Sense("group", "|".join(sorted({*had.value.split("|"), group})))

    def _rule(self, file: str, key: str, phrase: Lined, flag: str = "") -> None:
        in_order = ">" in phrase
        terms = tuple(
            tuple(group.strip() for group in term.split("|"))
            for term in phrase.replace(">", "+", 1).split("+")
        )
        if len(terms) < 2 or not all(group for term in terms for group in term):
            remedy = "write two groups or more, as in `body + harm`, or `got > struck` in order"
            self._wrong(file, phrase, f"'{phrase}' is no rule", remedy)
            return
        self._named_in.extend((file, phrase, group) for term in terms for group in term)
        self._rules[key].append(Beside(terms, flag, in_order))

    def _unknown(self, file: str, at: Lined, word: str, noun: str, known: tuple[str, ...]) -> None:
        remedy = nearest(word, known)
        self._wrong(file, at, f"'{word}' is no {noun} that is known", remedy)

    def _wrong(self, file: str, at: Lined, what: str, remedy: str) -> None:
        self._problems.append(Problem(file, line_of(at), what, remedy))
