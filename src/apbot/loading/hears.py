"""
What the bot knows how to hear: `conversations/hears/*.yaml` made into a Lexicon.

A clerk may add a word to any file there, or a file of their own. Every mistake of every file is
gathered and named with its line; a phrase in two places is a mistake, since a word that could mean
two things must become a question and never a winner.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_type_hints

from apbot.domain.words import Flag, Reason
from apbot.loading.combined import CombinedGathering
from apbot.loading.company import CompanyGathering
from apbot.loading.hears_files import Hears, read_hears, undisturbed
from apbot.loading.lined import Lined, LinedDict, LinedList, line_of
from apbot.loading.problems import Problem, Unreadable, nearest
from apbot.reading.case_words import Heard
from apbot.reading.foretelling import FORETELLING_WORDS
from apbot.reading.lettering import may_be_code
from apbot.reading.lexicon import (
    ANY_WORDS,
    Kind,
    Lexicon,
    PhraseIndex,
    Sense,
    WordName,
    mirrored,
)
from apbot.reading.neighbours import Neighbours
from apbot.reading.numbering import begins_number
from apbot.reading.reopening import REOPENING_WORDS
from apbot.reading.side_words import SideWords
from apbot.reading.small_words import SmallWords
from apbot.reading.talk_words import TalkWords
from apbot.reading.telling import TELLING_WORDS
from apbot.reading.tokens import fold, phrase_words

# What may be said of a mark: more than the contract's six, for the reader settles them by the hour.
SAID_MARKS = (
    "present",
    "absent",
    "awaited",
    "arrived",
    "late",
    "unaccounted",
    "left",
    "back",
    "gone",
    "gone_to",
)
# Each section that must be there, and what its pairs give; None for a section of words alone.
_SHEETS: tuple[tuple[type, str], ...] = (
    (Neighbours, "around.yaml"),
    (TalkWords, "talk.yaml"),
    (SideWords, "sides.yaml"),
    # What two sheets share, last: it says where each of its words stands.
    (SmallWords, "small.yaml"),
)
# Which of our own files holds each: an office may keep words of its own elsewhere.
SHEET_OF = {name: file for words, file in _SHEETS for name in get_type_hints(words)}
_BESIDE = {
    name: get_args(hint)[1] if len(get_args(hint)) > 1 else None
    for words, _ in _SHEETS
    for name, hint in get_type_hints(words).items()
}
# The indexes in whose phrases "bruis*" and "..." mean more than themselves.
_WILD = ("flags", "innocent", "cases")
# Sections of which one says what the other denies: a word cannot be in both.
_OPPOSED = (
    ("ticks", "crosses"),
    ("yes_codes", "no_codes"),
    ("one_number", "a_count"),
    ("third_person", "we_who_write"),
    ("all_of_them", "not_all_of_them"),
    ("of_a_register", "of_a_pupil"),
    ("of_one_found", "denies_found"),
    ("of_presence", "asks_when"),
    ("past_the_hour", "to_the_hour"),
    ("only_missing", "only_waiting"),
)
_IS_OPPOSED = {name for pair in _OPPOSED for name in pair}
APART = {
    "foretelling": FORETELLING_WORDS,
    "telling": TELLING_WORDS,
    "reopening": REOPENING_WORDS,
}
"""What is said only by contacts, or of a closed register: it changes nothing of any reply else."""

_PLAIN_KINDS = {
    kind.value
    for kind in Kind
    if kind
    not in (
        *(Kind.MARK, Kind.REASON, Kind.ON_THE_WAY, Kind.NAME, Kind.NUMBER, Kind.RANGE, Kind.PAIR),
        *(Kind.TIME, Kind.DATE, Kind.CODE, Kind.ORDINARY, Kind.UNKNOWN, Kind.EMOJI, Kind.POINT),
    )
}


def load_lexicon(directory: Path) -> Lexicon:
    """
    Read every YAML file of the directory into one Lexicon.

    Raises Unreadable with each problem's file, line and remedy; nothing is used of files in which
    there is one.
    """
    with undisturbed():
        return gather(read_hears(directory)).lexicon()


def gather(hears: Hears) -> "Gathering":
    """Take the phrases of all files. Raises Unreadable with every problem of every file."""
    gathering = Gathering()
    contents, problems = hears.contents()
    gathering.problems.extend(problems)
    for name, content in contents:
        gathering.take(name, content)
    if not problems:
        gathering.miss_none(hears.directory)
    gathering.oppose()
    gathering.problems.extend(gathering.company.problems())
    if gathering.problems:
        raise Unreadable(gathering.problems)
    return gathering


class Gathering:
    """The phrases taken so far, where each stood, and what was wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.indexes = {
            name: PhraseIndex()
            for name in (
                *("grammar", "doubts", "symptoms", "flags", "innocent"),
                *("orders", "cases"),
            )
        }
        # Apart from the others: what only contacts say must change nothing of a register's reply.
        self.apart = {name: PhraseIndex() for name in APART}
        self.whole: dict[tuple[str, ...], str] = {}
        self.ordinary: set[str] = set()
        self.english: set[str] = set()
        self.given: set[str] = set()
        self.rewrites: dict[str, tuple[str, ...]] = {}
        self.nicknames: dict[str, list[str]] = {}
        self.word_names: dict[str, WordName] = {}
        self.beside: dict[str, Any] = {}
        self._sheets: dict[str, str] = {}
        self._beside_at: dict[tuple[str, str], tuple[str, Lined]] = {}
        self.stood: dict[tuple[str, tuple[str, ...]], tuple[str, int, Sense]] = {}
        self._file = ""
        self.company = CompanyGathering(self._wild_or_words)
        self.combined = CombinedGathering(self._wrong, SAID_MARKS)
        self._sections: dict[str, Callable[[str, Any], None]] = {
            **dict.fromkeys(_PLAIN_KINDS, self._plain),
            **dict.fromkeys(_BESIDE, self._beside),
            "marks": lambda key, value: self._by(key, value, SAID_MARKS, "mark"),
            "reasons": lambda key, value: self._by(key, value, tuple(Reason), "reason"),
            "on_the_way": lambda key, value: self._by(key, value, tuple(Reason), "reason"),
            "cases": lambda key, value: self._by(key, value, tuple(Heard), "part"),
            "flags": lambda key, value: self._by(key, value, tuple(Flag), "flag"),
            **dict.fromkeys(APART, self._of_contacts),
            "whole": self._whole,
            "doubt": lambda key, value: self._list(key, value, "doubts"),
            "just_a_symptom": lambda key, value: self._list(key, value, "symptoms"),
            "innocent": lambda key, value: self._list(key, value, "innocent"),
            "orders": lambda key, value: self._list(key, value, "orders"),
            "ordinary": self._words_into(self.ordinary),
            "english": self._words_into(self.english),
            "combined": self.combined.take,
            "given_names": self._words_into(self.given),
            "rewrites": self._rewrites,
            "nicknames": self._nicknames,
            "names_that_are_words": self._word_names,
            **dict.fromkeys(self.company.sections, self._company),
        }

    def take(self, name: str, content: Any) -> None:
        """Take one file's sections."""
        self._file = name
        if content is None:
            return
        if not isinstance(content, LinedDict):
            self._wrong(content, "not a list of sections", "write `section: [words]`")
            return
        for key, value in content.items():
            take = self._sections.get(key)
            if take is None:
                self._unknown(key, "section", tuple(self._sections))
            else:
                take(key, value)

    def miss_none(self, directory: str) -> None:
        """Name each section that must be there and is in no file."""
        for name, given in _BESIDE.items():
            if name not in self.beside:
                sheet = SHEET_OF[name]
                file = self._sheets.get(sheet) or f"{directory}/{sheet}"
                what = f"the section '{name}' is missing"
                remedy = f"put it back, or write `{name}: {[] if given is None else {}}`"
                self.problems.append(Problem(file, 1, what, remedy))

    def oppose(self) -> None:
        """Name each word that stands in two sections of which one denies the other."""
        for one, other in _OPPOSED:
            for (key, word), (file, phrase) in self._beside_at.items():
                if key != one or (other, word) not in self._beside_at:
                    continue
                elsewhere, twin = self._beside_at[other, word]
                what = f"'{phrase}' is here and in {elsewhere}:{twin.line} ({other})"
                remedy = "keep one: the two sections say the opposite"
                self.problems.append(Problem(file, phrase.line, what, remedy))

    def lexicon(self) -> Lexicon:
        """Return what was gathered."""
        grammar = self.indexes["grammar"]
        # "Stanley knife", "in the nick": within a concern's phrase, what is a pupil's name stays
        # one. A word that is a concern of itself ("scars") is a word.
        alone = (self.indexes["flags"].root, self.company.words.root)
        names = self.names() - {word for root in alone for word in root if "" in root[word]}
        for name, index in self.indexes.items():
            held = names if name in ("flags", "innocent") else frozenset()
            words: set[str] = set()
            _words_into(words, index.root)
            self.ordinary |= words - held
        self.ordinary |= self.company.spellings() - names
        self.ordinary |= self.combined.put_into(
            grammar, lambda phrase: phrase_words(phrase, self.rewrites)
        )
        self._drop_the_g()
        single: dict[str, tuple[str, ...]] = {}
        for word in sorted(each for each in grammar.root if len(each) > 4):
            if "" in grammar.root[word]:
                single[word[0]] = (*single.get(word[0], ()), word)
        around = Neighbours(**self._of(Neighbours))
        return Lexicon(
            **self.indexes,
            beside=around,
            talk=TalkWords(**self._of(TalkWords)),
            sides=SideWords(**self._of(SideWords)),
            whole=self.whole,
            ordinary=frozenset(self.ordinary),
            english=frozenset(self.english - names),
            rewrites=self.rewrites,
            nicknames=mirrored(self.nicknames),
            given_names=frozenset(self.given),
            word_names=self.word_names,
            single_words=single,
            company=self.company.company(),
            numeric=begins_number(around),
            codes=may_be_code(around),
            **self.apart,
        )

    def _of(self, words: type) -> dict[str, Any]:
        """Return the sections that are one sheet's."""
        return {name: self.beside[name] for name in get_type_hints(words)}

    def names(self) -> frozenset[str]:
        """Return every given name, short form, and the plural of either."""
        shorts = {short for forms in self.nicknames.values() for short in forms}
        names = {*self.given, *self.nicknames, *shorts} - self.word_names.keys()
        return frozenset({*names, *(f"{name}s" for name in names)})

    def _drop_the_g(self) -> None:
        """Hear "walkin" as "walking", where that is no word or name of its own."""
        for word in self.ordinary:
            if len(word) > 5 and word.endswith("ing"):
                spelt = word[:-1]
                own = spelt in self.ordinary or spelt in self.given or spelt in self.nicknames
                if not own and spelt not in self.indexes["grammar"].root:
                    self.rewrites.setdefault(spelt, (word,))

    def _plain(self, key: str, value: Any) -> None:
        self._add_all("grammar", self._phrases(key, value), Sense(key))

    def _beside(self, key: str, value: Any) -> None:
        """Take the words of a section, as they are typed and as the reader spells them."""
        self._sheets.setdefault(SHEET_OF[key], self._file)
        given = _BESIDE[key]
        if given is None:
            phrases = self._phrases(key, value)
            words = {fold(phrase) for phrase in phrases}
            for phrase in phrases if key in _IS_OPPOSED else ():
                self._beside_at[key, fold(phrase)] = (self._file, phrase)
            spelt = {" ".join(self.rewrites.get(word, (word,))) for word in words}
            self.beside[key] = self.beside.get(key, frozenset()) | words | spelt
            return
        pairs = self.beside.setdefault(key, {})
        for word, meant in self._pairs(key, value):
            if given is int and not str(meant).isdigit():
                self._wrong(word, f"'{word}' gives no number", f"write `{word}: 2`")
            elif pairs.setdefault(fold(word), given(meant)) != given(meant):
                self._wrong(word, f"'{word}' is {pairs[fold(word)]} elsewhere", "keep one of them")

    def _list(self, key: str, value: Any, index: str) -> None:
        self._add_all(index, self._phrases(key, value), Sense(key))

    def _by(self, key: str, value: Any, known: tuple[str, ...], noun: str) -> None:
        if not isinstance(value, LinedDict):
            self._wrong(value, f"'{key}' is not by {noun}", f"write `{known[0]}: [words]` below it")
            return
        index = key if key in ("cases", "flags") else "grammar"
        for word, phrases in value.items():
            if word not in known:
                self._unknown(word, noun, known)
                continue
            self._add_all(index, self._phrases(word, phrases), Sense(key, str(word)))

    def _of_contacts(self, key: str, value: Any) -> None:
        """What only contacts say, by word: a sheet of its own."""
        known = APART[str(key)]
        if not isinstance(value, LinedDict):
            self._wrong(value, f"'{key}' is not by word", f"write `{known[0]}: [words]` below it")
            return
        for word, phrases in value.items():
            if word not in known:
                self._unknown(word, "word", known)
                continue
            for phrase in self._phrases(word, phrases):
                self._add_apart(str(key), phrase, Sense(str(word)))

    def _add_apart(self, sheet: str, phrase: Lined, sense: Sense) -> None:
        words = phrase_words(phrase, self.rewrites)
        if not words:
            self._wrong(phrase, f"'{phrase}' holds no word", "take it out")
            return
        if self.apart[sheet].add(words, sense) is not None:
            what = f"'{phrase}' is here and in {self.where(sheet, words)}"
            self._wrong(phrase, what, "keep one: a word in two places means nothing")
            return
        self.stood.setdefault((sheet, words), (self._file, phrase.line, sense))

    def _whole(self, key: str, value: Any) -> None:
        if not isinstance(value, LinedDict):
            self._wrong(value, f"'{key}' is not by flag", "write `help: [words]` below it")
            return
        for flag, phrases in value.items():
            if str(flag) not in tuple(Flag):
                self._unknown(flag, "flag", tuple(Flag))
                continue
            for phrase in self._phrases(flag, phrases):
                self.whole[phrase_words(phrase, self.rewrites) or (str(phrase),)] = str(flag)

    def _company(self, key: str, value: Any) -> None:
        if key not in self.company.named:
            self.company.take(self._file, key, self._phrases(key, value))
            return
        for name, phrases in self._pairs(key, value):
            self.company.take_named(self._file, key, name, self._phrases(name, phrases))

    def _words_into(self, target: set[str]) -> Callable[[str, Any], None]:
        def take(key: str, value: Any) -> None:
            if not isinstance(value, Lined):
                self._wrong(value, f"'{key}' is not words", "write the words after `>`")
                return
            target.update(part for word in value.split() for part in fold(word).split("-"))

        return take

    def _rewrites(self, key: str, value: Any) -> None:
        for spelt, means in self._pairs(key, value):
            self.rewrites[fold(spelt)] = tuple(fold(str(means)).split())

    def _nicknames(self, key: str, value: Any) -> None:
        for full, shorts in self._pairs(key, value):
            self.nicknames.setdefault(fold(full), []).extend(
                fold(short) for short in self._phrases(full, shorts)
            )

    def _word_names(self, key: str, value: Any) -> None:
        for name, sides in self._pairs(key, value):
            if not isinstance(sides, LinedDict) or set(sides) - {"before", "after"}:
                self._wrong(name, f"'{name}' has other sides", "only `before:` and `after:`")
                continue
            told = {
                side: tuple(
                    phrase_words(p, self.rewrites) if "*" not in p else (str(p),)
                    for p in self._phrases(name, phrases)
                )
                for side, phrases in sides.items()
            }
            before = next((words for side, words in told.items() if side == "before"), ())
            after = next((words for side, words in told.items() if side == "after"), ())
            self.word_names[fold(name)] = WordName(before, after)

    def _add_all(self, index: str, phrases: list[Lined], sense: Sense) -> None:
        words_of = self._wild_or_words if index in _WILD else self._plain_words
        # Concern and emergency may share words: both are then raised.
        add = self._add_flag if index == "flags" else self.indexes[index].add
        stood, file = self.stood, self._file
        for phrase in phrases:
            words = words_of(phrase)
            if not words:
                self._wrong(phrase, f"'{phrase}' holds no word", "take it out")
                continue
            if add(words, sense) is None:
                stood.setdefault((index, words), (file, phrase.line, sense))
                continue
            what = f"'{phrase}' is here and in {self.where(index, words)}"
            self._wrong(phrase, what, "keep one: a word in two places means nothing")

    def where(self, index: str, words: tuple[str, ...]) -> str:
        """Return the file, line and sense of a phrase that is there."""
        stood = self.stood.get((index, words))
        if stood is None:
            return "elsewhere"
        file, line, sense = stood
        return f"{file}:{line} ({sense.value or sense.kind})"

    def _add_flag(self, words: tuple[str, ...], sense: Sense) -> None:
        had = self.indexes["flags"].add(words, sense)
        if had is None:
            return
        node = self.indexes["flags"].root
        for word in words:
            node = node[word]
        merged = sorted({*had.value.split(), sense.value})
        node[""] = Sense(sense.kind, " ".join(merged))

    def _plain_words(self, phrase: Lined) -> tuple[str, ...]:
        return phrase_words(phrase, self.rewrites)

    def _wild_or_words(self, phrase: Lined) -> tuple[str, ...]:
        """Return the words of a phrase in which "bruis*" and "..." may stand."""
        if "*" not in phrase and "..." not in phrase:
            return phrase_words(phrase, self.rewrites)
        words: list[str] = []
        for part in phrase.replace("...", f" {ANY_WORDS} ").split():
            if part == ANY_WORDS or part.endswith("*"):
                words.append(part if part == ANY_WORDS else fold(part))
            else:
                words.extend(phrase_words(part, self.rewrites))
        return tuple(words)

    def _phrases(self, key: str, value: Any) -> list[Lined]:
        if not isinstance(value, LinedList):
            self._wrong(
                value if value is not None else key, f"'{key}' is not a list", "write [a, b]"
            )
            return []
        good = [each for each in value if isinstance(each, Lined)]
        for each in value if len(good) < len(value) else ():
            if not isinstance(each, Lined):
                line = line_of(each) or line_of(value)
                what = f"'{key}' holds something that is not words"
                self.problems.append(Problem(self._file, line, what, "put it in quotes"))
        return good

    def _pairs(self, key: str, value: Any) -> list[tuple[Lined, Any]]:
        if isinstance(value, LinedDict):
            return list(value.items())
        self._wrong(value if value is not None else key, f"'{key}' is not pairs", "write `a: b`")
        return []

    def _unknown(self, word: Lined, noun: str, known: tuple[str, ...]) -> None:
        remedy = nearest(word, known)
        self._wrong(word, f"'{word}' is no {noun} that is known", remedy)

    def _wrong(self, at: Any, what: str, remedy: str) -> None:
        self.problems.append(Problem(self._file, line_of(at), what, remedy))


def _words_into(found: set[str], node: Any) -> None:
    """Add every word of an index's phrases, so that none of them is taken for a name."""
    for word, below in node.items():
        if not word:
            continue
        bare = word.rstrip("*")
        if len(word) > 2 and bare.isalpha():
            found.add(bare)
        if len(below) > 1 or "" not in below:
            _words_into(found, below)
