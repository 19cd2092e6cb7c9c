"""
Tagging: each piece of a message given its kind, the longest known phrase first.

A pupil's name beats a word unless its neighbours make it one ("will be", "mark as"). What nothing
explains is tagged unknown, so that the reader can be in doubt about it; it is never dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from apbot.reading.lexicon import Kind, Lexicon, Sense, WordName
from apbot.reading.names import Fit, Found, Names
from apbot.reading.times import When, find_time
from apbot.reading.tokens import CROSS, DOWN, TICK, UP, Token

# Register codes and what people tick with, as the contract's "register codes" has them.
PRESENT_CODES = frozenset(("p", "y", "/", "\\", "1", TICK, UP, "yes", "yep"))
ABSENT_CODES = frozenset(("a", "n", "o", "x", "0", "#", CROSS, DOWN))
REASON_CODES: Mapping[str, str] = {
    "i": "illness",
    "m": "medical_appointment",
    "h": "holiday",
    "g": "holiday",
    "e": "suspended",
    "r": "religious",
}
_LETTERS = frozenset("payxnolimhger")
_SYMBOLS = frozenset((TICK, CROSS, UP, DOWN))
_SEPARATORS = frozenset((",", "-", ":", "|", "=", "(", ".", ">", "_", "*", '"', "~"))
_COUNTS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "one": 1, "sixteen": 16, "twenty": 20,
}  # fmt: skip
_NUMBERED = frozenset(
    (
        "number",
        "numbers",
        "num",
        "nos",
        "pupil",
        "pupils",
        "student",
        "no",
        "kid",
        "learner",
        "child",
    )
)
_ARTICLES = frozenset(
    ("the", "a", "an", "this", "my", "our", "some", "of", "his", "her", "their", "your")
)
_MEASURES = frozenset(
    (
        "years", "year", "weeks", "week", "days", "day", "quid", "pounds", "degrees",
        "staff", "tutors", "times", "percent", "bags", "boxes", "yrs", "months",
        "hours", "goals", "laps",
    )
)  # fmt: skip
_SAID_CODES = {"tick": TICK, "ticked": TICK, "cross": CROSS, "crossed": CROSS}
_AGES = frozenset(("looks", "looked", "aged", "age"))
_WAITERS = frozenset((Kind.NAME, Kind.FILL, Kind.HE, Kind.SHE, Kind.THEY, Kind.MARK))
_HARD = frozenset((".", "!", "?", "\n", ";"))


@dataclass(frozen=True, slots=True)
class Item:
    """One tagged piece: its kind, value, the words, and for a name or a time what it came to."""

    kind: Kind
    value: str
    text: str
    pupils: tuple[int, ...] = ()
    fit: Fit = Fit.EXACT
    when: When | None = None
    n: int = 0
    n_to: int = 0
    is_explicit: bool = False
    has_s: bool = False
    is_plural: bool = False
    is_other: bool = False
    is_spaced: bool = True
    is_capital: bool = False

    @property
    def is_hard(self) -> bool:
        """Whether a sentence ends here."""
        return self.kind is Kind.POINT and self.value in _HARD


def tag(tokens: tuple[Token, ...], lexicon: Lexicon, names: Names, size: int) -> list[Item]:
    """Tag a message. A letter that may be an initial or a mark is a mark where others are marks."""
    items = _Tagger(tokens, lexicon, names, size, False).run()
    if any(item.kind is Kind.CODE for item in items):
        return _Tagger(tokens, lexicon, names, size, True).run()
    return items


class _Tagger:
    def __init__(
        self, tokens: tuple[Token, ...], lexicon: Lexicon, names: Names, size: int, listed: bool
    ) -> None:
        self.tokens, self.lexicon, self.names = tokens, lexicon, names
        self.size = size
        self.listed = listed
        self.items: list[Item] = []
        letters = [t.typed for t in tokens if t.kind == "word" and len(t.typed) > 1]
        self.shouting = bool(letters) and all(word.isupper() for word in letters)

    def run(self) -> list[Item]:
        at = 0
        while at < len(self.tokens):
            at += self._next(at)
        return self.items

    def _next(self, at: int) -> int:
        token = self.tokens[at]
        if token.word == "other" and self._is_counted(at + 1):
            return self._add(Item(Kind.REST, "other", token.typed), at, 1)
        code = self._code(at)
        if code is not None:
            return self._add(code, at, 1)
        if token.kind == "emoji":
            return self._add(Item(Kind.EMOJI, token.typed, token.typed), at, 1)
        if token.kind == "sign":
            kind = Kind.CODE if token.word in _SYMBOLS else Kind.EMOJI
            return self._add(Item(kind, token.word, token.typed), at, 1)
        name = self._name(at)
        phrase = self.lexicon.grammar.longest(self.tokens, at)
        if name is not None and (phrase is None or phrase[0] <= name.length or name.fit < Fit.PART):
            return self._add_name(name, at)
        distance = self._distance(at)
        if distance:
            return distance
        timed = find_time(self.tokens, at)
        if timed is not None and (phrase is None or phrase[0] < timed[0]):
            return self._add(
                Item(Kind.TIME, "", self._text(at, timed[0]), when=timed[1]), at, timed[0]
            )
        number = self._number(at)
        if number is not None and (phrase is None or phrase[0] <= number[0]):
            return self._add(number[1], at, number[0])
        if phrase is not None:
            return self._phrase(phrase, at)
        if token.kind == "punct":
            return self._add(Item(Kind.POINT, token.word, token.word), at, 1)
        if token.kind == "date":
            return self._add(Item(Kind.DATE, token.word, token.typed), at, 1)
        return self._word(at)

    def _distance(self, at: int) -> int:
        """ "5 miles off", "15 away", "15 late", "in 15": a way or a wait, and no pupil's number."""
        token = self.tokens[at]
        if token.kind != "number" or len(token.word) > 2:
            return 0
        words = [t.word for t in self.tokens[at + 1 : at + 3]] + ["", ""]
        before = self.items[-1] if self.items else None
        if words[0] in ("miles", "mile", "k", "km", "stops", "stop"):
            if words[1] in ("away", "off", "out"):
                return self._add(Item(Kind.MARK, "awaited", self._text(at, 3)), at, 3)
            return self._add(Item(Kind.ORDINARY, "miles", self._text(at, 2)), at, 2)
        told = [t.word for t in self.tokens[max(0, at - 2) : at]]
        if set(told) & _AGES or (told[-1:] in (["£"], ["$"]) and words[0] != "pupils"):
            return self._add(Item(Kind.ORDINARY, "years", token.typed), at, 1)
        if words[0] in _MEASURES:
            return self._add(Item(Kind.ORDINARY, words[0], self._text(at, 2)), at, 2)
        whose = before is not None and before.kind in (
            Kind.NAME,
            Kind.FILL,
            Kind.HE,
            Kind.SHE,
            Kind.THEY,
            Kind.HEDGE,
            Kind.ORDINARY,
            Kind.POINT,
        )
        named = whose and any(
            i.kind in (Kind.NAME, Kind.HE, Kind.SHE, Kind.THEY) for i in self.items[-4:]
        )
        count = int(token.word)
        if named and words[0] in ("away", "late") and 2 <= count <= 60:
            when = When(count=count, led_by="late" if words[0] == "late" else "in")
            self._add(Item(Kind.TIME, "", token.typed, when=when), at, 1)
            value = "late" if words[0] == "late" else "awaited"
            return 1 + self._add(Item(Kind.MARK, value, words[0]), at + 1, 1)
        follows_in = at > 0 and self.tokens[at - 1].word == "in" and len(self.items) > 1
        ends = (
            at + 1 >= len(self.tokens)
            or self.tokens[at + 1].kind == "punct"
            or words[0] in ("ish", "or", "now", "so", "x", "thanks")
        )
        waits = follows_in and ends and 2 <= count <= 60 and words[0] not in ("-", ":")
        if waits and self.items[-2].kind in _WAITERS:
            item = Item(Kind.TIME, "", token.typed, when=When(count=count, led_by="in"))
            return self._add(item, at, 1)
        return 0

    def _word(self, at: int) -> int:
        token = self.tokens[at]
        word = token.word
        if word == "'s" or word in self.lexicon.ordinary or not word.isalpha():
            return self._add(Item(Kind.ORDINARY, word, token.typed), at, 1)
        near = self.names.find(self.tokens, at, loosely=True)
        sense = _near_phrase(word, self.lexicon.single_words)
        if near is not None and (sense is None or token.is_capital):
            return self._add_name(near, at)
        if (
            sense is None
            and near is None
            and _is_verb(token)
            and word not in self.lexicon.given_names
        ):
            return self._add(Item(Kind.ORDINARY, word, token.typed), at, 1)
        if sense is not None and near is None:
            found = self.lexicon.grammar.root[sense][""]
            return self._phrase((1, found), at)
        return self._add(Item(Kind.UNKNOWN, word, token.typed), at, 1)

    def _phrase(self, phrase: tuple[int, Sense], at: int) -> int:
        length, sense = phrase
        if sense.kind == Kind.MARK and length == 2 and self._is_in_a_place(at):
            length, sense = 1, self.lexicon.grammar.root[self.tokens[at].word].get("", sense)
        if sense.kind == Kind.CHAT and length > 1 and self._greets_all(at + length):
            length -= 1
        value = sense.value or " ".join(t.word for t in self.tokens[at : at + length])
        return self._add(Item(Kind(sense.kind), value, self._text(at, length)), at, length)

    def _is_in_a_place(self, at: int) -> bool:
        """ "just in the loo": where somebody is, not that they came this minute."""
        words = [t.word for t in self.tokens[at : at + 3]]
        return words[:2] == ["just", "in"] and words[2:] != [] and words[2] in _ARTICLES

    def _greets_all(self, after: int) -> bool:
        """ "morning all in today": here "all" is not of the greeting."""
        if self.tokens[after - 1].word not in ("all", "everyone") or after >= len(self.tokens):
            return False
        following = self.lexicon.grammar.longest(self.tokens, after)
        kinds = (Kind.MARK, Kind.GROUP, Kind.FILL, Kind.EXCEPT, Kind.BUT, Kind.TODAY)
        return following is not None and following[1].kind in kinds

    def _add(self, item: Item, at: int, length: int) -> int:
        token = self.tokens[at]
        self.items.append(replace(item, is_spaced=token.spaced, is_capital=token.is_capital))
        return length

    def _text(self, at: int, length: int) -> str:
        return " ".join(dict.fromkeys(t.typed for t in self.tokens[at : at + length]))

    # names

    def _name(self, at: int) -> Found | None:
        token = self.tokens[at]
        if token.kind != "word":
            return None
        found = self.names.find(self.tokens, at, loosely=False)
        if found is None:
            return None
        if found.fit is Fit.FIRST_AND_INITIAL and self._letter_is_mark(at, found):
            alone = self.names.find(self.tokens[at : at + 1], 0, loosely=False)
            found = alone or found
        if found.length == 1 and self._is_word(at, found):
            return None
        return found

    def _letter_is_mark(self, at: int, found: Found) -> bool:
        """ "aiden p": an initial, unless there is one Aiden and this is a list of marks."""
        letter = self.tokens[at + found.length - 1].word
        if not self.listed or letter not in _LETTERS:
            return False
        alone = self.names.find(self.tokens[at : at + 1], 0, loosely=False)
        if alone is None or len(alone.pupils) != 1:
            return False
        after = at + found.length
        if after >= len(self.tokens):
            return True
        following = self.tokens[after]
        return (
            following.word in ("\n", ",", ".")
            or following.kind in ("number", "time")
            or (following.kind == "word" and self.names.is_exact(following.word))
        )

    def _is_word(self, at: int, found: Found) -> bool:
        """Whether a name is meant as the word that it also is, by its neighbours."""
        token = self.tokens[at]
        told = self.lexicon.word_names.get(token.word)
        doubled = at > 0 and self.tokens[at - 1].word == token.word
        if told is not None and doubled and self.items and self.items[-1].kind is not Kind.NAME:
            return False
        if told is not None and self._beside(at, told):
            return True
        functional = (
            token.word in self.lexicon.grammar.root and "" in self.lexicon.grammar.root[token.word]
        )
        initials = len(token.typed) == 2 and token.typed.isupper() and found.fit is Fit.SHORT
        if initials and self._before_code(at + 1):
            return False
        if functional and told is None:
            in_names = token.is_capital and at > 0 and not self.shouting
            return not (in_names and found.fit <= Fit.EXACT)
        if token.word in self.lexicon.ordinary or functional:
            if found.fit > Fit.EXACT and not token.is_capital:
                return True
            return at > 0 and self.tokens[at - 1].word in _ARTICLES and not token.is_capital
        return False

    def _before_code(self, at: int) -> bool:
        """Whether a letter that is a mark stands there, in a list of such letters."""
        coded = any(item.kind is Kind.CODE for item in self.items)
        return coded and at < len(self.tokens) and self.tokens[at].word in _LETTERS

    def _beside(self, at: int, told: WordName) -> bool:
        for words in told.before:
            if words == ("*number",):
                if at > 0 and (
                    self.tokens[at - 1].kind == "number" or self.tokens[at - 1].word in _COUNTS
                ):
                    return True
                continue
            start = at - len(words)
            if start >= 0 and tuple(t.word for t in self.tokens[start:at]) == words:
                return True
        return any(
            tuple(t.word for t in self.tokens[at + 1 : at + 1 + len(words)]) == words
            for words in told.after
        )

    def _add_name(self, found: Found, at: int) -> int:
        length = found.length
        has_s = found.possessive
        after = at + length
        if after < len(self.tokens) and self.tokens[after].word == "'s":
            has_s, length = True, length + 1
        before = self.items[-1] if self.items else None
        other = before is not None and before.value == "other"
        item = Item(
            Kind.NAME,
            "",
            found.said,
            found.pupils,
            found.fit,
            has_s=has_s,
            is_plural=found.plural,
            is_other=other,
        )
        return self._add(item, at, length)

    # numbers

    def _number(self, at: int) -> tuple[int, Item] | None:
        token = self.tokens[at]
        if token.kind == "hash":
            n = int("".join(c for c in token.word if c.isdigit()) or 0)
            return 1, Item(Kind.NUMBER, str(n), token.typed, n=n, is_explicit=True)
        if token.kind == "pair":
            first, second = (int(part) for part in token.word.split("/"))
            if first > second:
                return 1, Item(Kind.DATE, token.word, token.typed)
            return 1, Item(Kind.PAIR, token.word, token.typed, n=first, n_to=second)
        if token.word in _NUMBERED and at + 1 < len(self.tokens):
            following = self.tokens[at + 1]
            skip = 2 if following.word == "." and at + 2 < len(self.tokens) else 1
            number = self.tokens[at + skip]
            spoken = _COUNTS.get(number.word) if token.word == "number" else None
            digits = number.kind == "number" and len(number.word) < 3
            if (digits or spoken) and not self._is_count(at + skip):
                n = spoken or int(number.word)
                return skip + 1, Item(Kind.NUMBER, number.word, number.word, n=n, is_explicit=True)
            return None
        n = (
            int(token.word)
            if token.kind == "number" and len(token.word) < 4
            else _COUNTS.get(token.word, -1)
        )
        if n < 0 or (token.kind != "number" and token.word == "one" and not self._counts_one(at)):
            return None
        return self._number_from(at, n)

    def _number_from(self, at: int, n: int) -> tuple[int, Item]:
        token = self.tokens[at]
        joint = self.tokens[at + 1].word if at + 1 < len(self.tokens) else ""
        second = self.tokens[at + 2] if at + 2 < len(self.tokens) else None
        if (
            joint in ("-", "to")
            and second
            and second.kind == "number"
            and n < int(second.word) < 100
        ):
            after = self.tokens[at + 3].word if at + 3 < len(self.tokens) else ""
            if token.kind == "number" and after not in ("minutes", "min", "mins"):
                to = int(second.word)
                return 3, Item(Kind.RANGE, f"{n}-{to}", self._text(at, 3), n=n, n_to=to)
        skip = 2 if joint == "of" else 3 if joint == "out" and second and second.word == "of" else 0
        if skip and at + skip < len(self.tokens) and self.tokens[at + skip].word in ("the", "our"):
            skip += 1
        if skip and at + skip < len(self.tokens):
            whole = self.tokens[at + skip]
            to = (
                int(whole.word)
                if whole.kind == "number" and len(whole.word) < 3
                else _COUNTS.get(whole.word, 0)
            )
            if to:
                return skip + 1, Item(
                    Kind.PAIR, f"{n}/{to}", self._text(at, skip + 1), n=n, n_to=to
                )
        item = Item(Kind.NUMBER, str(n), token.typed, n=n)
        if (
            self._heads_line(at)
            and joint in (".", ")", ":", "-")
            and second is not None
            and second.word != "\n"
        ):
            return 2, replace(item, is_explicit=True)
        return 1, replace(item, is_plural=token.kind != "number")

    def _is_count(self, at: int) -> bool:
        following = self.tokens[at + 1].word if at + 1 < len(self.tokens) else ""
        return following in (
            "minutes",
            "min",
            "mins",
            "pupils",
            "kids",
            "students",
            "miles",
            "more",
        )

    def _counts_one(self, at: int) -> bool:
        following = self.tokens[at + 1].word if at + 1 < len(self.tokens) else ""
        before = self.items[-1].kind if self.items else None
        if before in (Kind.EXCEPT, Kind.BUT, Kind.ONLY) and following not in (
            "of",
            "thing",
            "more",
        ):
            return True
        return following in (
            "absent",
            "missing",
            "off",
            "away",
            "late",
            "pupil",
            "student",
            "kid",
            "ill",
            "sick",
            "short",
            "down",
            "here",
            "in",
            "lad",
            "girl",
        )

    def _heads_line(self, at: int) -> bool:
        return self.tokens[at].kind == "number" and (at == 0 or self.tokens[at - 1].word == "\n")

    def _is_counted(self, at: int) -> bool:
        if at >= len(self.tokens):
            return False
        token = self.tokens[at]
        return token.kind == "number" or (token.word in _COUNTS and token.word != "one")

    # codes

    def _code(self, at: int) -> Item | None:
        """A letter or a sign right after a name or a number, which is its mark."""
        token = self.tokens[at]
        word = token.typed.lower() if len(token.typed) == 1 else token.word
        if token.word in _SYMBOLS:
            return Item(Kind.CODE, token.word, token.typed)
        before = self._before()
        if before is None:
            return None
        if word in ("/", "\\", "#"):
            if word == "/" and not token.spaced and not self._ends_or_spaced(at + 1):
                return None
            return Item(Kind.CODE, word, token.typed)
        if word in _SAID_CODES and self._is_end(at + 1):
            return Item(Kind.CODE, _SAID_CODES[word], token.typed)
        if word in ("yes", "yep", "y", "no", "nope", "n") and len(word) > 1:
            denied = len(self.items) > 1 and self.items[-2].kind is Kind.NOT
            if not self._is_end(at + 1) or (word == "no" and denied):
                return None
            return Item(Kind.CODE, "y" if word[0] == "y" else "n", token.typed)
        if word in ("0", "1") and token.kind == "number":
            tabled = self.items[-1].value in ("|", ":", "-", "=") or self._ends_line(at)
            return Item(Kind.CODE, word, token.typed) if tabled and self._is_end(at + 1) else None
        if token.kind != "word" or word not in _LETTERS or not self._is_end(at + 1):
            return None
        return self._letter(at, word, before)

    def _ends_line(self, at: int) -> bool:
        """ "Devi Pillai 1": the last of a line that a name heads, where there are several lines."""
        lines = any(token.word == "\n" for token in self.tokens)
        ends = at + 1 >= len(self.tokens) or self.tokens[at + 1].word == "\n"
        return lines and ends and self.items[-1].kind is Kind.NAME

    def _letter(self, at: int, word: str, before: Item) -> Item | None:
        token = self.tokens[at]
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        named = following is not None and following.kind == "word"
        coded = any(item.kind is Kind.CODE for item in self.items)
        numbered = following is not None and following.kind in ("number", "hash")
        if word == "n" and (named or (numbered and not self.listed)) and not coded:
            return None
        if word == "i" and (not token.typed.isupper() or named):
            return None
        if word in "oeghmri" and not (token.typed.isupper() or self.listed or coded):
            return None
        if word == "x" and before.kind is Kind.NAME and following is None and self._after_thanks():
            return None
        return Item(Kind.CODE, word, token.typed)

    def _after_thanks(self) -> bool:
        kinds = [item.kind for item in self.items[-4:]]
        return Kind.THANKS in kinds or Kind.CHAT in kinds

    def _before(self) -> Item | None:
        """The name or number that a code here would mark, separators passed over."""
        for passed, item in enumerate(reversed(self.items)):
            if item.kind in (Kind.NAME, Kind.NUMBER, Kind.RANGE, Kind.UNKNOWN, Kind.REST):
                return item if not (item.kind is Kind.UNKNOWN and passed > 1) else None
            if item.kind is Kind.TIME and not passed:
                continue
            if item.kind is not Kind.POINT or item.value not in _SEPARATORS or passed > 2:
                return None
        return None

    def _ends_or_spaced(self, at: int) -> bool:
        return at >= len(self.tokens) or self.tokens[at].spaced or self.tokens[at].word == "\n"

    def _is_end(self, at: int) -> bool:
        """Whether nothing that a code could belong to follows."""
        if at >= len(self.tokens):
            return True
        token = self.tokens[at]
        if token.kind in ("punct", "number", "time", "sign", "emoji", "hash"):
            return token.word != "'"
        if token.word in ("at", "and", "came", "arrived"):
            return True
        return self.names.find(self.tokens, at, loosely=False) is not None


def _is_verb(token: Token) -> bool:
    """ "smelling", "overheated": an ordinary word by its ending, and so nobody's name."""
    return len(token.word) > 5 and token.word.endswith(("ing", "ed", "ly")) and not token.is_capital


@lru_cache(maxsize=8192)
def _near_phrase(word: str, known: tuple[str, ...]) -> str | None:
    """Return the one known word that this is a slip of, or None."""
    if len(word) < 5:
        return None
    most = 2 if len(word) >= 9 else 1
    best: list[str] = []
    for each in known:
        if abs(len(each) - len(word)) > most or each[0] != word[0]:
            continue
        far = OSA.distance(word, each, score_cutoff=most)
        if far <= most:
            if far < most:
                return each
            best.append(each)
    return best[0] if len(best) == 1 else None
