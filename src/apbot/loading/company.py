"""
Company: the sections of flags.yaml in which words mean something only beside others.

The rules name groups of words; a rule that names a group nobody wrote would never be heard, so it
is a problem with its file and line, like any other slip of the pen.
"""

from collections.abc import Callable
from difflib import get_close_matches

from apbot.domain.words import Flag
from apbot.loading.lined import Lined, line_of
from apbot.loading.problems import Problem
from apbot.reading.company import one_letter_off
from apbot.reading.lexicon import Beside, Company, PhraseIndex, Sense

_RULES = ("harmless", "harmless_of_nobody", "over_now")


class CompanyGathering:
    """The groups and rules taken so far, and what was wrong."""

    sections = ("word_groups", "together", "deniable", "misspelt", *_RULES)
    named = ("word_groups", "together")

    def __init__(self, words_of: Callable[[Lined], tuple[str, ...]]) -> None:
        self._words_of = words_of
        self._words, self._deniable = PhraseIndex(), PhraseIndex()
        self._groups: set[str] = set()
        self._misspelt: list[str] = []
        self._rules: dict[str, list[Beside]] = {"together": [], **{key: [] for key in _RULES}}
        self._named_in: list[tuple[str, Lined, str]] = []
        self._problems: list[Problem] = []

    def take(self, file: str, key: str, phrases: list[Lined]) -> None:
        """Take a section that is a plain list."""
        for phrase in phrases:
            if key == "deniable":
                self._deniable.add(self._words_of(phrase), Sense(key))
            elif key == "misspelt":
                self._misspelt.append(str(phrase))
            else:
                self._rule(file, key, phrase)

    def take_named(self, file: str, key: str, name: Lined, phrases: list[Lined]) -> None:
        """Take one group of words, or the rules of one flag."""
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
            words=self._words,
            deniable=self._deniable,
            slips=slips,
            **{key: tuple(rules) for key, rules in self._rules.items()},
        )

    def _word(self, phrase: Lined, group: str) -> None:
        words = self._words_of(phrase)
        had = self._words.add(words, Sense("group", group))
        if had is None:
            return
        node = self._words.root
        for word in words:
            node = node[word]
        node[""] = Sense("group", "|".join(sorted({*had.value.split("|"), group})))

    def _rule(self, file: str, key: str, phrase: Lined, flag: str = "") -> None:
        terms = tuple(
            tuple(group.strip() for group in term.split("|")) for term in phrase.split("+")
        )
        if len(terms) < 2 or not all(group for term in terms for group in term):
            remedy = "write two groups or more, as in `body + harm`"
            self._wrong(file, phrase, f"'{phrase}' is no rule", remedy)
            return
        self._named_in.extend((file, phrase, group) for term in terms for group in term)
        self._rules[key].append(Beside(terms, flag))

    def _unknown(self, file: str, at: Lined, word: str, noun: str, known: tuple[str, ...]) -> None:
        near = get_close_matches(word, [str(each) for each in known], 1)
        remedy = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(sorted(known))}"
        self._wrong(file, at, f"'{word}' is no {noun} that is known", remedy)

    def _wrong(self, file: str, at: Lined, what: str, remedy: str) -> None:
        self._problems.append(Problem(file, line_of(at), what, remedy))
