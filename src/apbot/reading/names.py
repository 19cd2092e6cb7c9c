"""
Names: which pupils a piece of a message may mean.

A nearer fit always beats a farther one (a full name, then a first or known-as name, then a part, a
short form, initials, at last a slip or a sound), and where two pupils fit equally well both are
given back: it is for the reader to ask. A word that is known to be anything else is never bent
into a name.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from apbot.domain.readings import RosterPupil
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import ends_as
from apbot.reading.sounds import TOO_FAR, alike, near_at, slips_between, sound_keys
from apbot.reading.tokens import Token, fold

# How many misspelt words are kept for one roster: more than a day of replies brings.
_MOST_KEPT = 4000


class Fit(IntEnum):
    """How well a name fits; the lower the nearer."""

    FULL = 0
    FIRST_AND_INITIAL = 1
    EXACT = 2
    PART = 3
    SHORT = 4
    NEAR = 5


class Found(NamedTuple):
    """The pupils who fit equally well what stands at a place, and how many tokens it takes."""

    pupils: tuple[int, ...]
    length: int
    fit: Fit
    said: str
    possessive: bool = False
    plural: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    number: int
    firsts: frozenset[str]
    parts: frozenset[str]
    lasts: frozenset[str]
    shorts: frozenset[str]
    initials: frozenset[str]
    full: tuple[tuple[str, ...], ...]
    first_letter: str
    last_letter: str


# So many letters of a surname are enough where two share a first name.
_BEGUN = 3


class Names:
    """The roster's names, ready to be found in a message."""

    def __init__(self, roster: tuple[RosterPupil, ...], lexicon: Lexicon) -> None:
        self._known = tuple(_known(pupil, lexicon) for pupil in roster)
        self._by_number = {each.number: each for each in self._known}
        self.count = len(self._known)
        self._lexicon = lexicon
        by_word: dict[str, list[tuple[int, Fit]]] = {}
        for each in self._known:
            begun = self._surname_begun(each) - each.firsts - each.lasts - each.parts
            for fit, words in (
                (Fit.EXACT, each.firsts | each.lasts),
                (Fit.PART, each.parts),
                (Fit.SHORT, each.shorts | each.initials | begun),
            ):
                for word in words:
                    by_word.setdefault(word, []).append((each.number, fit))
        self._by_word = {word: tuple(fits) for word, fits in by_word.items()}
        self._exact = {
            word for word, fits in by_word.items() if any(fit is Fit.EXACT for _, fit in fits)
        }
        self._near: dict[str, tuple[tuple[int, Fit], ...]] = {}
        spelt: dict[str, set[int]] = {}
        self._sounding: dict[str, list[tuple[int, str]]] = {}
        for each in self._known:
            for name in each.firsts | each.lasts | each.parts:
                spelt.setdefault(name, set()).add(each.number)
            for name in each.firsts:
                for key in sound_keys(name):
                    self._sounding.setdefault(key, []).append((each.number, name))
        self._spelt = tuple((name, frozenset(who)) for name, who in spelt.items())
        self._spellings = tuple(spelt)
        self._full: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for each in self._known:
            for full in each.full:
                self._full.setdefault(full[0], []).append((each.number, full))

    def _surname_begun(self, known: _Known) -> set[str]:
        """ "MER's here", of Alex Moss and Alex Mercer: the surname begun, as our own texts do."""
        alike = any(known.firsts & other.firsts for other in self._known if other is not known)
        begun = (_prefixes(last, self._lexicon) for last in known.lasts)
        return (
            {each for words in begun for each in words if len(each) == _BEGUN} if alike else set()
        )

    def find(self, tokens: tuple[Token, ...], at: int, *, loosely: bool) -> Found | None:
        """
        Return who is meant at this token, or None.

        `loosely` allows slips and sound-alikes, and is for words that are known as nothing else.
        """
        if not loosely and not self._may_begin(tokens[at].word):
            return None
        return self._long(tokens, at, loosely) or self._one(tokens, at, loosely)

    def _may_begin(self, word: str) -> bool:
        """Whether anybody's name may begin with this word; most words are seen off here."""
        known = word in self._by_word or word in self._full
        return known or len(word) < 2 or word[-1] == "s" or word in self._lexicon.beside.titles

    def is_exact(self, word: str) -> bool:
        """Whether the word is somebody's first, known-as or last name."""
        return word in self._exact

    def as_typed(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """Return the tokens with "wen" as it was typed, where a Wen is on the roster."""
        made = tuple(
            token._replace(word=typed)
            if token.kind == "word" and token.word != typed and self.is_exact(typed)
            else token
            for token in tokens
            for typed in (fold(token.typed),)
        )
        return tuple(
            token._replace(word=self._for_day(made, at) or token.word)
            if token.word in self._lexicon.beside.day_or_name
            else token
            for at, token in enumerate(made)
        )

    def _for_day(self, tokens: tuple[Token, ...], at: int) -> str:
        """ "Ellis and TOMO are in": the name that was meant, where a day cannot stand."""
        near = self._one(tokens[at : at + 1], 0, loosely=True)
        behind = tokens[at + 1].word if at + 1 < len(tokens) else ""
        led = tokens[at - 1] if at else None
        joined = led is None or led.kind == "punct" or self.is_exact(led.word)
        joined = joined or self._lexicon.grammar.means(tokens[at - 1].word, Kind.AND)
        told = behind in self._lexicon.beside.said_of_one
        if near is None or len(near.pupils) != 1 or not (joined and told):
            return ""
        return min(self._known_by(near.pupils[0]).firsts)

    def by_initials(self, tokens: tuple[Token, ...], at: int, *, led: bool) -> Found | None:
        """
        "everyone in except BC and IF": in capitals they are somebody's, whatever they spell.

        `led` says that a name must stand here, and capitals are not needed.
        """
        typed = tokens[at].typed
        if len(typed) not in (2, 3) or not (led or typed.isupper()):
            return None
        initials = fold(typed)
        fits = tuple(each.number for each in self._known if initials in each.initials)
        plain = led or any(token.typed.islower() for token in tokens)
        return Found(fits, 1, Fit.SHORT, initials) if plain and len(fits) == 1 else None

    def is_surname(self, word: str) -> bool:
        """Whether the word is somebody's last name and nobody's first."""
        lasts = any(word in each.lasts for each in self._known)
        return lasts and not any(word in each.firsts | each.shorts for each in self._known)

    def _known_by(self, number: int) -> _Known:
        return self._by_number[number]

    def _long(self, tokens: tuple[Token, ...], at: int, loosely: bool) -> Found | None:
        word = tokens[at].word
        best: Found | None = None
        for number, full in self._full.get(word, ()):
            span = _span(tokens, at, full)
            if span and (best is None or span > best.length):
                best = self._found((number,), tokens, at, span, Fit.FULL)
            elif span and best and span == best.length and number not in best.pupils:
                best = self._found((*best.pupils, number), tokens, at, span, Fit.FULL)
        best = best or self._long_with_s(tokens, at, word)
        if best is not None:
            return best
        after, comma = at + 1, False
        if after < len(tokens) and tokens[after].word in (",", "."):
            comma, after = tokens[after].word == ",", after + 1
        if after >= len(tokens) or tokens[after].kind != "word":
            return None
        return self._pair(tokens, at, after, word, comma, loosely)

    def _long_with_s(self, tokens: tuple[Token, ...], at: int, word: str) -> Found | None:
        """ "jack tanners turned up": a name in full, and its "is" or "has"."""
        for number, full in self._full.get(word, ()):
            end = at + len(full) - 1
            if len(full) < 2 or end >= len(tokens):
                continue
            typed = [token.word for token in tokens[at : end + 1]]
            own = typed[-1] == f"{full[-1]}s" and not self.is_exact(typed[-1])
            if own and typed[:-1] == list(full[:-1]):
                return Found((number,), len(full), Fit.FULL, " ".join(full), possessive=True)
        return None

    def _pair(
        self,
        tokens: tuple[Token, ...],
        at: int,
        after: int,
        word: str,
        comma: bool,
        loosely: bool,
    ) -> Found | None:
        """A first name and a surname with a slip in either, or a name and an initial."""
        # "R" alone is an initial here, however it is written in full elsewhere ("r u ok").
        typed = tokens[after].typed
        second = fold(typed) if len(typed) == 1 else tokens[after].word
        dotted = after > at + 1 and not comma
        if len(second) > 1 and not dotted:
            known = self._lexicon.knows(second) and not self.is_exact(second)
            # "asif an all": a word that is known is nobody's initials.
            there = {
                n
                for n, fit in self._fits(second, loosely and not known)
                if not known or fit < Fit.SHORT
            }
            here = {n for n, _ in self._fits(word, loosely)} if there else set[int]()
            both = tuple(
                n
                for n in sorted(here & there)
                if self._is_two(self._known_by(n), word, second, comma)
            )
            if not both and loosely and not comma:
                both = self._of_surname(word, second)
            if len(both) == 1:
                return self._found(both, tokens, at, after - at + 1, Fit.FULL)
            begun = () if both or comma else self._begun(word, second)
            if begun:
                return self._found(begun, tokens, at, after - at + 1, Fit.FIRST_AND_INITIAL)
            owned = not comma and len(second) > 2 and second.endswith("s")
            if owned and not both and len(one := self._begun(word, second[:-1])) == 1:
                # "jack tus landed".
                found = self._found(one, tokens, at, after - at + 1, Fit.FIRST_AND_INITIAL)
                return found._replace(possessive=True)
            if len(word) == 1 and not comma:
                return self._initial_first(tokens, at, after, word, second)
            return None if comma else self._owned_by_initial(tokens, at, word, second)
        if len(word) == 1 and dotted and len(second) > 1:
            return self._initial_first(tokens, at, after, word, second)
        if comma or len(second) != 1:
            return None
        if len(word) == 1:
            return self._initial_first(tokens, at, after, word, second) if dotted else None
        letters = tuple(
            n
            for n in sorted({n for n, _ in self._fits(word, loosely)})
            if (
                word in self._known_by(n).lasts
                and word not in self._known_by(n).firsts
                and self._known_by(n).first_letter == second
            )
            or (word not in self._known_by(n).lasts and self._known_by(n).last_letter == second)
        )
        spoken = tokens[after + 1].word if after + 1 < len(tokens) else ""
        if second == "i" and spoken in self._lexicon.beside.i_do:
            # "Mo i havent seen": of what I have not, and no initial.
            return None
        if letters and not dotted:
            return self._found(letters, tokens, at, 2, Fit.FIRST_AND_INITIAL)
        return None

    def _owned_by_initial(
        self, tokens: tuple[Token, ...], at: int, word: str, second: str
    ) -> Found | None:
        """ "jack bs mum rang": Jack B's."""
        following = tokens[at + 2].word if at + 2 < len(tokens) else ""
        owned = len(second) == 2 and second.endswith("s")
        if not owned or not self._lexicon.grammar.means(following, Kind.RELATION):
            return None
        fits = tuple(
            n
            for n in sorted({n for n, _ in self._fits(word, False)})
            if word not in self._known_by(n).lasts and self._known_by(n).last_letter == second[0]
        )
        if len(fits) != 1:
            return None
        found = self._found(fits, tokens, at, 2, Fit.FIRST_AND_INITIAL)
        return found._replace(possessive=True)

    def _begun(self, word: str, second: str) -> tuple[int, ...]:
        """ "Jack Ta", "Jack Tu": the surname begun, as our own texts write two of one name."""
        lexicon = self._lexicon
        here = {n for n, _ in self._fits(word, False) if word not in self._known_by(n).lasts}
        if not here:
            return ()
        thanks = len(here) > 1 and lexicon.grammar.means(second, Kind.THANKS)
        if lexicon.knows(second) and not thanks:
            return ()
        return tuple(
            n
            for n in sorted(here)
            if any(last.startswith(second) and last != second for last in self._known_by(n).lasts)
        )

    def _of_surname(self, word: str, surname: str) -> tuple[int, ...]:
        """ "muhamed khan": the Khan whose first name it may be, though another is nearer."""
        if not self.is_exact(surname):
            return ()
        said = sound_keys(word)
        return tuple(
            each.number
            for each in self._known
            if surname in each.lasts
            and any(
                slips_between(word, first) < TOO_FAR
                or (said & sound_keys(first) and alike(word, first))
                for first in each.firsts
            )
        )

    def _initial_first(
        self, tokens: tuple[Token, ...], at: int, after: int, letter: str, second: str
    ) -> Found | None:
        fits = tuple(
            each.number
            for each in self._known
            if each.first_letter == letter
            and (second in each.lasts or (len(second) == 1 and each.last_letter == second))
        )
        fit = Fit.FIRST_AND_INITIAL if len(second) > 1 else Fit.SHORT
        return self._found(fits, tokens, at, after - at + 1, fit) if fits else None

    @staticmethod
    def _is_two(known: _Known, word: str, second: str, comma: bool) -> bool:
        """Whether the words are two parts of the name, the surname last, or first with ","."""
        another = known.firsts | known.shorts
        if second in another and second not in known.lasts | known.parts and word in another:
            # "billy won't": two forms of one first name are no first name and surname.
            return False
        whole = known.firsts | known.shorts | known.parts
        surname_last = (word in whole or second in known.lasts) and not comma
        surname_first = word in known.lasts and second not in known.lasts
        return word != second and (surname_last or surname_first)

    def _one(self, tokens: tuple[Token, ...], at: int, loosely: bool) -> Found | None:
        token = tokens[at]
        word = token.word
        if token.kind != "word" or self._is_particle(word):
            return None
        if word in self._lexicon.beside.titles and at + 1 < len(tokens):
            named = self._long(tokens, at + 1, loosely) or self._one(tokens, at + 1, loosely)
            if named is None:
                return None
            return self._found(named.pupils, tokens, at, named.length + 1, named.fit)
        if word.endswith("s") and not self.is_exact(word) and self.is_exact(word[:-1]):
            several = self._with_s(tokens, at, word)
            if several is not None:
                return several
        fits = self._fits(word, loosely and len(word) > 2)
        if fits:
            best = min(fit for _, fit in fits)
            numbers = self._so_many(fits, tokens, at) or _best_of(fits, best)
            found = self._found(numbers, tokens, at, 1, best)
            of_each = len(numbers) > 1 and self._are_several(tokens, at)
            return found._replace(plural=True) if of_each else found
        return self._with_s(tokens, at, word, loosely)

    def _is_particle(self, word: str) -> bool:
        """ "van", "de": a part of a surname, and nobody's name by itself."""
        if word not in self._lexicon.beside.particles or self.is_exact(word):
            return False
        return not any(fit is Fit.SHORT for _, fit in self._by_word.get(word, ()))

    def _are_several(self, tokens: tuple[Token, ...], at: int) -> bool:
        """ "all three Sykes", "the Ahmed twins": a surname for several, though it has no "s"."""
        beside = self._lexicon.beside
        after = tokens[at + 1].word if at + 1 < len(tokens) else ""
        counted = _led_by(tokens, at, beside) in beside.before_several
        return counted or after in beside.siblings

    def _with_s(
        self, tokens: tuple[Token, ...], at: int, word: str, loosely: bool = False
    ) -> Found | None:
        """ "chloes off" is Chloe; "both jacks" is each Jack."""
        stem = word[:-1]
        several = ends_as(word, self._lexicon.beside.plural_ends)
        if several and not self.is_exact(stem) and self.is_exact(word[:-2]):
            # "both the ALEXES".
            stem = word[:-2]
        if not word.endswith("s") or (
            self._lexicon.knows(word) and not self._are_two_of(tokens, at, stem)
        ):
            return None
        near = loosely and len(stem) > 4
        fits = [(n, fit) for n, fit in self._fits(stem, near) if near or fit <= Fit.SHORT]
        if not fits or len(stem) < 2:
            return None
        best = min(fit for _, fit in fits)
        numbers = self._so_many(fits, tokens, at) or _best_of(fits, best)
        plural = len(numbers) > 1 and _is_plural_near(tokens, at, self._lexicon.beside)
        return Found(numbers, 1, best, stem, possessive=not plural, plural=plural)

    def _so_many(
        self, fits: Sequence[tuple[int, Fit]], tokens: tuple[Token, ...], at: int
    ) -> tuple[int, ...]:
        """ "both MO'S": Mo and Mohamed, where just so many may be called so; else nobody."""
        beside = self._lexicon.beside
        before = _led_by(tokens, at, beside)
        after = tokens[at + 1].word if at + 1 < len(tokens) else ""
        several = tokens[at].word.endswith("s") or after in {"'s", *beside.lads}
        called = tuple(sorted({n for n, fit in fits if fit <= Fit.SHORT}))
        counted = several and before in beside.before_several
        return called if counted and len(called) == beside.before_several[before] else ()

    def _are_two_of(self, tokens: tuple[Token, ...], at: int, name: str) -> bool:
        """ "both adams", "all three Stones": of two who are called so, though it is a word too."""
        counted = tokens[at - 1].word in self._lexicon.beside.before_several if at else False
        return counted and sum(fit is Fit.EXACT for _, fit in self._fits(name, False)) > 1

    def _fits(self, word: str, loosely: bool) -> tuple[tuple[int, Fit], ...]:
        found = self._by_word.get(word, ())
        return found if found or not loosely else self._nearest(word)

    def _nearest(self, word: str) -> tuple[tuple[int, Fit], ...]:
        near = self._near.get(word)
        if near is None:
            who = self._fronted(word) or self._slips(word) or self._sounds(word)
            near = tuple((number, Fit.NEAR) for number in who)
            if len(self._near) < _MOST_KEPT:
                self._near[word] = near
        return near

    def _fronted(self, word: str) -> tuple[int, ...]:
        """Whoever is meant where "th" is said and written "f" or "v": Beffany, Maffew, Heaver."""
        if word in self._lexicon.given_names:
            return ()
        meant = {word.replace(said, "th") for said in ("ff", "f", "v") if said in word[1:]}
        return tuple(
            sorted(
                n for each in meant for n, fit in self._by_word.get(each, ()) if fit == Fit.EXACT
            )
        )

    def _slips(self, word: str) -> tuple[int, ...]:
        """Whoever's name is nearest by slips of the thumb; more than one where they tie."""
        if word in self._lexicon.given_names or len(word) < 3:
            return ()
        best, who = TOO_FAR, set[int]()
        for at in near_at(word, self._spellings):
            name, theirs = self._spelt[at]
            far = slips_between(word, name)
            if far < best:
                best, who = far, set(theirs)
            elif far == best:
                who |= theirs
        return tuple(sorted(who)) if best < TOO_FAR else ()

    def _sounds(self, word: str) -> tuple[int, ...]:
        if len(word) < 4 or word in self._lexicon.given_names or word in self._lexicon.nicknames:
            # "Ricky" is somebody else, however Ruqayya sounds.
            return ()
        fits = {
            number
            for key in sound_keys(word)
            for number, name in self._sounding.get(key, ())
            if alike(word, name)
        }
        return tuple(each.number for each in self._known if each.number in fits)

    def _found(
        self, pupils: tuple[int, ...], tokens: tuple[Token, ...], at: int, length: int, fit: Fit
    ) -> Found:
        said = " ".join(t.typed.lower() for t in tokens[at : at + length] if t.kind != "punct")
        if said.endswith("'s"):
            said = said[:-2]
        return Found(pupils, length, fit, said)


def _best_of(fits: Sequence[tuple[int, Fit]], best: Fit) -> tuple[int, ...]:
    return tuple(sorted({n for n, fit in fits if fit == best}))


def _led_by(tokens: tuple[Token, ...], at: int, beside: Neighbours) -> str:
    """The word before the name, a "the" passed over: "BOTH the Jacks"."""
    led = at - 1 if at > 1 and tokens[at - 1].word in beside.articles else at
    return tokens[led - 1].word if led else ""


def _is_plural_near(tokens: tuple[Token, ...], at: int, beside: Neighbours) -> bool:
    """ "both jacks", "the jacks are in"; but "jacks not in" is one of them, and which is asked."""
    before = {t.word for t in tokens[max(0, at - 3) : at]}
    after = {t.word for t in tokens[at + 1 : at + 3]}
    return bool(
        before & beside.before_several.keys()
        or before & beside.may_lead_several
        or after & beside.after_several
    )


def _known(pupil: RosterPupil, lexicon: Lexicon) -> _Known:
    particles = lexicon.beside.particles
    names = [pupil.name, *([pupil.known_as] if pupil.known_as else [])]
    words = [_words(part) for part in pupil.name.split()] or [()]
    words = [part for part in words if part] or [("",)]
    first, rest = words[0], words[1:]
    firsts = {"".join(first)}
    parts = set(first) if len(first) > 1 else set[str]()
    last = words[-1] if rest else ()
    lasts = {"".join(last), *({last[-1]} if last else ())}
    if rest:
        lasts.add("".join("".join(each) for each in rest))
    for middle in words[1:-1]:
        parts.update(word for word in middle if word not in particles)
    known_as = _words(pupil.known_as) if pupil.known_as else ()
    if known_as:
        firsts.update({"".join(known_as), known_as[0]})
    full = [tuple(w for part in _name_words(name) for w in part) for name in names]
    full += [(*known_as, *last)] if known_as and last else []
    full += [(*last, *(w for part in words[:-1] for w in part))] if rest else []
    full += [first] if len(first) > 1 else []
    full += [tuple(w for part in words[:-1] for w in part)] if len(words) > 2 else []
    full += [tuple(w for part in words[1:] for w in part)] if len(words) > 2 else []
    letters = [part[0][0] for part in words if part[0]]
    initials = {"".join(letters), "".join(w[0] for part in words for w in part if w)}
    if known_as and last:
        initials.add(known_as[0][0] + last[0][0])
    firsts.discard("")
    lasts.discard("")
    return _Known(
        pupil.number,
        frozenset(firsts),
        frozenset(parts - firsts - lasts - {""}),
        frozenset(lasts - particles),
        frozenset(_shorts(firsts, lasts, lexicon) - firsts - lasts),
        frozenset(each for each in initials if len(each) > 1),
        tuple(each for each in dict.fromkeys(full) if len(each) > 1),
        letters[0] if letters else "",
        last[0][0] if last and last[0] else "",
    )


def _name_words(name: str) -> list[tuple[str, ...]]:
    return [words for words in (_words(part) for part in name.split()) if words]


def _words(part: str) -> tuple[str, ...]:
    found = re.findall(r"[^\W\d_]+", fold(part).replace("'", "").replace("’", ""))
    return tuple(found)


def _shorts(firsts: Iterable[str], lasts: Iterable[str], lexicon: Lexicon) -> set[str]:
    """Return the short forms that the lexicon tells for a first name, both ways."""
    made: set[str] = set()
    for first in firsts:
        fulls = lexicon.nicknames.get(first, frozenset()) | {first}
        made.update(fulls)
        made.update(short for short, of in lexicon.nicknames.items() if of & fulls)
        made.update(_prefixes(first, lexicon))
    for last in lasts:
        if len(last) >= 4:
            made.update({f"{last}y", f"{last}o", f"{last}ie", f"{last[:-1]}y"})
            made.update(each for each in _prefixes(last, lexicon) if len(each) >= 4)
    for short in tuple(made):
        if 3 <= len(short) <= 4 and short[-1] not in "aeiouy":
            made.update({f"{short}{short[-1]}o", f"{short}o", f"{short}{short[-1]}y", f"{short}s"})
    return {each for each in made if not lexicon.knows(each) or each in lexicon.nicknames}


def _prefixes(first: str, lexicon: Lexicon) -> set[str]:
    cuts = {first[:n] for n in range(3, len(first) - 1)}
    return {
        each
        for each in cuts
        if not lexicon.knows(each)
        and (each not in lexicon.given_names or each in lexicon.nicknames)
    }


def _span(tokens: tuple[Token, ...], at: int, name: tuple[str, ...]) -> int:
    """Return how many tokens spell this name from here, a comma between allowed; 0 if none."""
    i = at
    for step, word in enumerate(name):
        if step and i < len(tokens) and tokens[i].word in (",", "-", ".") and i + 1 < len(tokens):
            if tokens[i].word == "-" and tokens[i].spaced:
                return 0
            i += 1
        if i >= len(tokens) or tokens[i].word != word:
            return 0
        i += 1
    return i - at


@lru_cache(maxsize=256)
def _cached(roster: tuple[RosterPupil, ...], of: int) -> list[Names]:
    return []


def names_of(roster: tuple[RosterPupil, ...], lexicon: Lexicon) -> Names:
    """Return the roster's names, made once for a roster that is asked about again."""
    kept = _cached(roster, id(lexicon))
    if not kept or kept[0]._lexicon is not lexicon:
        kept[:] = [Names(roster, lexicon)]
    return kept[0]
