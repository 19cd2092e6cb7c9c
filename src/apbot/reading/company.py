"""
Company: words that mean something only beside others.

"Marks" belongs to registers and "neck" to scarves; in one breath they are a concern. Likewise a
"knife" in a cooking lesson is none, nor is "nobody hurt". Widening is free here and narrowing is
not: whatever is taken out must be plain, and in doubt it stays in.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from apbot.reading.lexicon import Beside, Company, Lexicon, PhraseIndex

# A pupil's own name, and words taken out as harmless: no phrase holds either.
A_NAME, TAKEN_OUT = "·", "¤"
# The group of words that speak of a child (a pupil's name is always one), and of an event.
ANYBODY, HAPPENED = "anybody", "happened"

_REACH = 11
_ENDS = frozenset((".", "!", "?", "\n", ";"))
_DENIALS = frozenset(("no", "not", "nobody", "none", "never", "without", "nothing", "nil", "zero"))
_BESIDE_DENIAL = frozenset(
    (
        *("one", "any", "sign", "signs", "of", "is", "was", "were", "are", "been", "being", "has"),
        *("have", "had", "to", "report", "got", "get", "gets", "visible", "further", "obvious"),
        *("new", "known", "other", "more", "'s", "there", "a", "actual", "form"),
    )
)
_CHAINED = frozenset((",", "or", "and", "nor", "&", "/", "no", "any", "other", "-"))
# After these a denial may be half taken back: "no injuries except a cut", "not hurt too badly".
_TAKEN_BACK = frozenset(
    (
        *("but", "except", "apart", "bar", "only", "though", "although", "however", "since", "yet"),
        *("until", "badly", "seriously", "too", "much", "anymore", "again", "than", "because"),
        *("still", "just", "till", "lately", "unless", "if", "whether", "cos", "says", "said"),
        *("stop", "stopping", "well", "enough", "really", "properly", "bad", "barring", "?"),
    )
)
_LEAST_MISSPELT = 6
# "Battered him at football" is no score, but "killed her presentation" is one.
_OTHERS = frozenset((A_NAME, "him", "them", "another", "someone", "somebody"))
_AFTER_HER = frozenset(("at", "in", "on", "and", "with", "after", "because", "over", ",", "."))


Spans = dict[str, list[tuple[int, int]]]


def one_letter_off(word: str) -> set[str]:
    """Return the word and each that lacks one of its letters."""
    return {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}


def mended(words: list[str], lexicon: Lexicon) -> list[str]:
    """Return the words with slips of the thumb mended in those that matter ("strangeld")."""
    return [_mended(word, lexicon) for word in words]


def _mended(word: str, lexicon: Lexicon) -> str:
    slips = lexicon.company.slips
    if len(word) < _LEAST_MISSPELT or not slips or not word.isalpha():
        return word
    if lexicon.knows(word) or word in lexicon.given_names:
        return word
    for off in one_letter_off(word):
        meant = slips.get(off)
        if meant is not None and meant[0] == word[0] and _is_one_slip(word, meant):
            return meant
    return word


def _is_one_slip(word: str, meant: str) -> bool:
    """A letter lost, doubled, wrong, or in its neighbour's place ("brushed" is no "bruised")."""
    if len(word) != len(meant):
        return abs(len(word) - len(meant)) == 1
    differ = [n for n in range(len(word)) if word[n] != meant[n]]
    if len(differ) == 2:
        one, two = differ
        return two == one + 1 and word[one] == meant[two] and word[two] == meant[one]
    return len(differ) <= 1


def without_denied(words: list[str], company: Company) -> list[str]:
    """Return the words without what is plainly denied: "no injuries", "did not self harm"."""
    if _DENIALS.isdisjoint(words):
        return words
    kept = list(words)
    for at, word in enumerate(words):
        if word in _DENIALS:
            _take_out_denied(words, at, kept, company.deniable)
    return kept


def _take_out_denied(words: list[str], at: int, kept: list[str], deniable: PhraseIndex) -> None:
    end = at + 1
    denied: list[tuple[int, int]] = []
    while end < len(words) and words[end] not in _ENDS:
        length = _phrase_length(words, end, deniable)
        if length:
            denied.append((end, end + length))
            end += length
        elif words[end] in (_CHAINED if denied else _BESIDE_DENIAL):
            end += 1
        else:
            break
    rest = words[end : _sentence_end(words, end) + 1]
    if not denied or not _TAKEN_BACK.isdisjoint(rest):
        return
    for start, stop in denied:
        kept[start:stop] = [TAKEN_OUT] * (stop - start)


def _phrase_length(words: list[str], at: int, index: PhraseIndex) -> int:
    found = [end for start, end, _ in index.every_in(tuple(words[at : at + 4])) if start == 0]
    return max(found, default=0)


def _sentence_end(words: list[str], at: int) -> int:
    while at < len(words) and words[at] not in _ENDS:
        at += 1
    return at


class Said:
    """Where the words of each group stand in a message."""

    def __init__(self, words: list[str], lexicon: Lexicon) -> None:
        self._words, self._company = words, lexicon.company
        self._spans: Spans = {}
        self._sentences: list[int] = []
        sentence = 0
        for word in words:
            self._sentences.append(sentence)
            sentence += word in _ENDS
        for start, end, sense in self._company.words.every_in(tuple(words)):
            for group in sense.value.split("|"):
                self._spans.setdefault(group, []).append((start, end))
        for at, word in enumerate(words):
            if word == A_NAME or (word in lexicon.given_names and word not in lexicon.word_names):
                self._spans.setdefault(ANYBODY, []).append((at, at + 1))
        for spans in self._spans.values():
            spans.sort()

    def without_harmless(self, words: list[str]) -> list[str]:
        """Return the words less those whose company shows that no harm is meant."""
        kept = list(words)
        for rule in self._company.harmless:
            for start, end in self._met(rule):
                if self._is_done_to_somebody(end):
                    continue
                kept[start:end] = [TAKEN_OUT] * (end - start)
        spoken_of = {self._sentences[start] for start, _ in self._of((ANYBODY, HAPPENED))}
        for rule in self._company.harmless_of_nobody:
            for start, end in self._met(rule):
                if self._sentences[start] not in spoken_of:
                    kept[start:end] = [TAKEN_OUT] * (end - start)
        return kept

    def _is_done_to_somebody(self, at: int) -> bool:
        one, two = (*self._words[at : at + 2], "", "")[:2]
        return one in _OTHERS or (one == "her" and two in _AFTER_HER)

    def raised(self) -> Iterator[tuple[str, int, int]]:
        """Yield each flag that words raise together, with where they stand."""
        for rule in self._company.together:
            for start, end in self._met(rule, to_the_last=True):
                yield rule.flag, start, end
                break

    def over(self) -> list[tuple[int, int]]:
        """Return where dangers stand of which it is said that they have passed."""
        return [span for rule in self._company.over_now for span in self._met(rule, denied=False)]

    def _met(
        self, rule: Beside, to_the_last: bool = False, denied: bool = True
    ) -> Iterator[tuple[int, int]]:
        """Yield each span of the first term that has the other terms beside it."""
        terms = [self._of(term) for term in rule.terms]
        if not all(terms):
            return
        for first in terms[0]:
            last = self._beside(first, [first], terms[1:], denied)
            if last is None:
                continue
            ends = [first, *last] if to_the_last else [first]
            yield min(start for start, _ in ends), max(end for _, end in ends)

    def _of(self, term: tuple[str, ...]) -> list[tuple[int, int]]:
        if len(term) == 1:
            return self._spans.get(term[0], [])
        return sorted({span for group in term for span in self._spans.get(group, ())})

    def _beside(
        self,
        first: tuple[int, int],
        taken: list[tuple[int, int]],
        terms: list[list[tuple[int, int]]],
        denied: bool,
    ) -> list[tuple[int, int]] | None:
        if not terms:
            return []
        spans = terms[0]
        low = bisect_left(spans, (first[0] - _REACH, 0))
        high = bisect_right(spans, (first[1] + _REACH, 0))
        for span in spans[low:high]:
            if self._sentences[span[0]] != self._sentences[first[0]]:
                continue
            if any(span[0] < end and start < span[1] for start, end in taken):
                continue
            if not denied and not _DENIALS.isdisjoint(self._words[max(0, span[0] - 3) : span[0]]):
                continue
            rest = self._beside(first, [*taken, span], terms[1:], denied)
            if rest is not None:
                return [span, *rest]
        return None
