"""
Company: words that mean something only beside others.

"Marks" belongs to registers and "neck" to scarves; in one breath they are a concern. Likewise a
"knife" in a cooking lesson is none, nor is "nobody hurt". Widening is free here and narrowing is
not: whatever is taken out must be plain, and in doubt it stays in.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from apbot.reading.flag_words import FlagWords
from apbot.reading.lexicon import Beside, Company, Lexicon

# A pupil's own name, and words taken out as harmless: no phrase holds either.
A_NAME, TAKEN_OUT = "·", "¤"
# The group of words that speak of a child (a pupil's name is always one), and of an event.
ANYBODY, HAPPENED = "anybody", "happened"

_REACH = 11
_ENDS = frozenset((".", "!", "?", "\n", ";"))
_LEAST_MISSPELT = 6
# How many small words may stand between work and what is worked on.
_MOST_BETWEEN = 3
# How many words may stand between two that must follow one another ("got proper battered").
_NEXT = 2
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


def heard_as(words: list[str], company: Company) -> tuple[list[str], list[int]]:
    """Return the words as flags.yaml spells them ("polis": "police"), and whence each comes."""
    heard: list[str] = []
    places: list[int] = []
    for at, word in enumerate(words):
        spelt = company.heard_as.get(word, (word,))
        heard += spelt
        places += [at] * len(spelt)
    return heard, places


def without_denied(words: list[str], company: Company) -> list[str]:
    """Return the words without what is plainly denied: "no injuries", "did not self harm"."""
    small = company.small
    if small.denials.isdisjoint(words):
        return words
    kept = list(words)
    taken_back = _taken_back_further_on(words, small.denial_taken_back)
    lengths: dict[int, int] = {}
    for start, end, _ in company.deniable.every_in(tuple(words)):
        lengths[start] = max(end - start, lengths.get(start, 0))
    at = 0
    while at < len(words):
        end = at + 1
        if words[at] in small.denials:
            end, denied = _denied(words, at, lengths, small)
            if not taken_back[end]:
                for start, stop in denied:
                    kept[start:stop] = [TAKEN_OUT] * (stop - start)
        at = end
    return kept


def _taken_back_further_on(words: list[str], taking_back: frozenset[str]) -> list[bool]:
    """For each place, whether the rest of its sentence half takes a denial back."""
    back = [False] * (len(words) + 1)
    for at in range(len(words) - 1, -1, -1):
        further = back[at + 1] and words[at] not in _ENDS
        back[at] = words[at] in taking_back or further
    return back


def _denied(
    words: list[str], at: int, lengths: dict[int, int], small: FlagWords
) -> tuple[int, list[tuple[int, int]]]:
    """Return where a denial ends, and what it denies; past the denial itself if that is nothing."""
    end = at + 1
    denied: list[tuple[int, int]] = []
    while end < len(words) and words[end] not in _ENDS:
        length = lengths.get(end, 0)
        if length:
            denied.append((end, end + length))
            end += length
        elif words[end] in (small.denial_goes_on if denied else small.beside_a_denial):
            end += 1
        else:
            break
    return (end if denied else at + 1), denied


class Said:
    """Where the words of each group stand in a message."""

    def __init__(self, words: list[str], lexicon: Lexicon) -> None:
        self._words, self._company = words, lexicon.company
        self._small = lexicon.company.small
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
        for rule in self._company.harmless_work:
            for start, end in self._worked(rule):
                kept[start:end] = [TAKEN_OUT] * (end - start)
        spoken_of = {self._sentences[start] for start, _ in self._of((ANYBODY, HAPPENED))}
        for rule in self._company.harmless_of_nobody:
            for start, end in self._met(rule):
                if self._sentences[start] not in spoken_of:
                    kept[start:end] = [TAKEN_OUT] * (end - start)
        return kept

    def _is_done_to_somebody(self, at: int) -> bool:
        """ "Battered him at football" is no score, but "killed her presentation" is one."""
        one, two = (*self._words[at : at + 2], "", "")[:2]
        others = one == A_NAME or one in self._small.done_to_others
        return others or (one in self._small.her and two in self._small.after_her)

    def _worked(self, rule: Beside) -> Iterator[tuple[int, int]]:
        """Yield each span of the first term that has the second as what is worked on."""
        on = {start for start, _ in self._of(rule.terms[1])}
        if not on:
            return
        for start, end in self._of(rule.terms[0]):
            for at in range(end, min(end + _MOST_BETWEEN + 1, len(self._words))):
                if at in on:
                    yield start, end
                    break
                if self._words[at] not in self._small.between_work_and_thing:
                    break

    def raised(self) -> Iterator[tuple[str, int, int]]:
        """Yield each flag that words raise together, with where they stand."""
        for rule in self._company.together:
            for start, end in self._met(rule, to_the_last=True):
                yield rule.flag, start, end
                break

    def over(self) -> list[tuple[int, int]]:
        """Return where dangers stand that have passed, or that are small: a swollen wrist."""
        rules = self._company.over_now
        if self._small.never_small.isdisjoint(self._words):
            rules = (*rules, *self._company.small_hurts)
        return [span for rule in rules for span in self._met(rule, denied=False)]

    def _met(
        self, rule: Beside, to_the_last: bool = False, denied: bool = True
    ) -> Iterator[tuple[int, int]]:
        """Yield each span of the first term that has the other terms beside it."""
        terms: list[list[tuple[int, int]]] = []
        for term in rule.terms:
            terms.append(self._of(term))
            if not terms[-1]:
                return
        if rule.in_order:
            yield from self._in_order(terms, denied, to_the_last)
            return
        for first in terms[0]:
            last = self._beside(first, [first], terms[1:], denied)
            if last is None:
                continue
            ends = [first, *last] if to_the_last else [first]
            yield min(start for start, _ in ends), max(end for _, end in ends)

    def _in_order(
        self, terms: list[list[tuple[int, int]]], denied: bool, to_the_last: bool
    ) -> Iterator[tuple[int, int]]:
        """Yield each span of a rule whose second term must follow its first."""
        for start, end in terms[0]:
            ends = self._following((start, end), terms[1])
            if (
                ends is None
                or self._beside((start, ends), [(start, ends)], terms[2:], denied) is None
            ):
                continue
            yield start, ends if to_the_last else end

    def _following(self, first: tuple[int, int], second: list[tuple[int, int]]) -> int | None:
        """Return where the second's word ends that follows soon, or None."""
        for begins, ends in second[bisect_left(second, (first[1], 0)) :]:
            near = begins <= first[1] + _NEXT
            return ends if near and self._sentences[begins] == self._sentences[first[0]] else None
        return None

    def _is_denied(self, at: int) -> bool:
        return not self._small.denials.isdisjoint(self._words[max(0, at - 3) : at])

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
            if not denied and self._is_denied(span[0]):
                continue
            rest = self._beside(first, [*taken, span], terms[1:], denied)
            if rest is not None:
                return [span, *rest]
        return None
