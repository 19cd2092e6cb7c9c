"""
Which case a message is about: by its ref, its pupil, its provider, or its matter.

A case is never picked for being the latest, and a ref that is no open case picks none: what is
said may then be about another, and nothing of it is taken.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from apbot.domain.readings import OpenCase, Reply
from apbot.domain.words import Matter
from apbot.reading.case_hearing import is_ref
from apbot.reading.case_names import own_words, pupils_of
from apbot.reading.lexicon import Lexicon
from apbot.reading.names import Names, names_of
from apbot.reading.talk_words import TalkWords
from apbot.reading.tokens import Token
from apbot.reading.who_has import is_bare_all

_BREAKS = frozenset((".", "!", "?", "\n", ";"))
_JOINTS = frozenset((",", "-", ":"))
_SPLIT_REF = re.compile(r"(?<![a-z0-9])([a-z]{1,2})\s?-?\s?(\d{1,3})(?![a-z0-9])", re.IGNORECASE)
# Before another case a name of so many words may stand, and no more.
_LONGEST_NAME = 8


@dataclass(frozen=True, slots=True)
class Part:
    """The words that go to one case, or to several at once."""

    cases: tuple[OpenCase, ...]
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """How a provider may be named: whole, by its first two words, its first, or "the farm"."""

    whole: str
    begins: str = ""
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class _Open:
    """The open cases, with what picks one of them, made once for a message."""

    reply: Reply
    lexicon: Lexicon
    refs: dict[str, OpenCase]
    people: tuple[str, ...]
    names: Names | None
    pupils: frozenset[str]
    places: frozenset[str]
    named_places: tuple[_Place, ...]

    @property
    def talk(self) -> TalkWords:
        """The small words that cut up and pick."""
        return self.lexicon.talk

    @property
    def cases(self) -> tuple[OpenCase, ...]:
        """The cases, oldest first."""
        return tuple(self.reply.cases)


def _open(reply: Reply, lexicon: Lexicon) -> _Open:
    roster = pupils_of(reply.cases)
    return _Open(
        reply,
        lexicon,
        _known_refs(reply),
        tuple(pupil.name for pupil in roster),
        names_of(roster, lexicon) if roster else None,
        *own_words(reply, lexicon.talk),
        tuple(_named_place(case, reply.cases, lexicon.talk) for case in reply.cases),
    )


def picked(reply: Reply, tokens: tuple[Token, ...], lexicon: Lexicon) -> tuple[Part, ...]:
    """Return the words with the cases that they are about; empty where it cannot be told."""
    if _holds_only_other_refs(reply, tokens, lexicon.talk):
        return ()
    told = _open(reply, lexicon)
    pieces = _pieces(told, tokens)
    if not any(cases for cases, _ in pieces):
        one = _by_whole(told, tokens)
        return (Part(one, tokens),) if one else ()
    return _parts(told, pieces)


def _parts(
    told: _Open, pieces: Sequence[tuple[tuple[OpenCase, ...], list[Token]]]
) -> tuple[Part, ...]:
    parts: list[tuple[tuple[OpenCase, ...], list[Token]]] = []
    by_cases: dict[tuple[OpenCase, ...], list[Token]] = {}
    before: list[Token] = []
    for cases, words in pieces:
        if not cases:
            last = parts[-1][0] if parts else ()
            matter = _the_other(told, words, last) or _of_matter(told, words)
            if matter:
                parts.append((matter, list(words)))
                by_cases.setdefault(matter, parts[-1][1])
            elif parts:
                parts[-1][1].extend(words)
            else:
                before.extend(words)
            continue
        narrowed = _narrowed(told, cases, words)
        if not narrowed:
            return ()
        same = by_cases.get(narrowed)
        if same is not None:
            same.extend(words)
        else:
            parts.append((narrowed, before + list(words)))
            by_cases[narrowed] = parts[-1][1]
        before = []
    return tuple(Part(cases, tuple(words)) for cases, words in parts)


# refs


def refs_in(tokens: tuple[Token, ...] | list[Token]) -> list[str]:
    """Return every ref-like word, as "k7", however it was spelt: "K7", "k 7", "#K-7", "K7:"."""
    text = "".join(f" {t.typed}" if t.spaced else t.typed for t in tokens)
    return [
        f"{letters}{figures.lstrip('0') or '0'}".lower()
        for letters, figures in _SPLIT_REF.findall(text)
    ]


def _known_refs(reply: Reply) -> dict[str, OpenCase]:
    return {case.ref.lower(): case for case in reply.cases}


def _holds_only_other_refs(reply: Reply, tokens: tuple[Token, ...], talk: TalkWords) -> bool:
    """A ref of no open case and none that is: what is said is about something else."""
    known = _known_refs(reply)
    told = [ref for ref in refs_in(tokens) if _is_certain(ref, tokens, known, talk)]
    return bool(told) and not any(ref in known for ref in told)


def _is_how_often(ref: str, tokens: tuple[Token, ...], known: dict[str, OpenCase]) -> bool:
    """ "no answer x2": how often it was tried, where no open case has that ref."""
    if ref in known or ref[:1] != "x" or len(ref) > 2:
        return False
    return any(t.typed.lower() == ref and at > 0 for at, t in enumerate(tokens))


def _is_certain(
    ref: str, tokens: tuple[Token, ...], known: dict[str, OpenCase], talk: TalkWords
) -> bool:
    """ "at 11" and "in 5" have a ref's shape; only one written together, or known, is a ref."""
    if _is_how_often(ref, tokens, known):
        return False
    if ref in known:
        return True
    # "on the A61" is a road; "cheers m8" is a mate, but "M8 done" is about a case.
    return any(
        t.typed.lower() == ref
        and (t.word == ref or t.is_capital or at == 0)
        and (at == 0 or tokens[at - 1].word not in talk.bare_the)
        for at, t in enumerate(tokens)
    )


def with_refs_joined(reply: Reply, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """Make one token of an open case's ref that was put apart: "k 7", "K-7", "#K7"."""
    known = _known_refs(reply)
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        for size in (3, 2):
            typed = "".join(t.typed for t in tokens[at : at + size]).lower().replace("-", "")
            if typed in known and tokens[at].typed.isalpha():
                made.append(Token(typed, typed, "word", tokens[at].spaced))
                at += size
                break
        else:
            made.append(tokens[at])
            at += 1
    return tuple(made)


# pieces


def _pieces(
    told: _Open, tokens: tuple[Token, ...]
) -> list[tuple[tuple[OpenCase, ...], list[Token]]]:
    """Cut at sentences, and within one at a joint before another case's name."""
    pieces: list[list[Token]] = [[]]
    for token in tokens:
        pieces[-1].append(token)
        if token.kind == "punct" and token.word in _BREAKS:
            pieces.append([])
    if len(told.cases) > 1:
        pieces = [each for piece in pieces for each in _cut_at_cases(told, piece)]
    return [
        (_named(told, piece), piece) for piece in pieces if any(t.kind != "punct" for t in piece)
    ]


@dataclass(slots=True)
class _Begun:
    """A piece while it grows, with what it names so far: only what was added is looked at."""

    told: _Open
    words: list[Token] = field(default_factory=list)
    looked: int = 0
    refs: dict[OpenCase, None] = field(default_factory=dict)
    pupils: set[str] = field(default_factory=set)
    places: set[OpenCase] = field(default_factory=set)
    has_news: bool = False

    def add(self, token: Token) -> None:
        """Add a word."""
        self.words.append(token)
        self.has_news = self.has_news or _has_news(self.told, [token])

    def named(self) -> tuple[OpenCase, ...]:
        """Return the cases that it names."""
        if self.looked < len(self.words):
            new = self.words[max(self.looked - _LONGEST_NAME, 0) :]
            self.looked = len(self.words)
            self.refs.update(dict.fromkeys(_by_ref(self.told, new)))
            self.pupils |= _pupils_in(self.told, new)
            self.places.update(_by_provider(self.told, new))
        if self.refs:
            return tuple(self.refs)
        cases = self.told.cases
        of_pupils = tuple(case for case in cases if case.pupil in self.pupils)
        return of_pupils or tuple(case for case in cases if case in self.places)


# So many words are looked at to see whether a list goes on, and a list is no longer than so many.
_A_FEW, _A_LIST = 12, 40


def _cut_at_cases(told: _Open, piece: list[Token]) -> list[list[Token]]:
    """ "K7 done, K8 left a message": where another case begins after something was said."""
    begun = _Begun(told)
    made = [begun.words]
    for at, token in enumerate(piece):
        if begun.has_news and _starts_new(told, token) and _begins_other(begun, piece, at):
            begun = _Begun(told)
            made.append(begun.words)
        begun.add(token)
    return made


def _begins_other(begun: _Begun, piece: list[Token], at: int) -> bool:
    """Whether what stands here is of another case than the piece so far."""
    told = begun.told
    joint = _is_joint(told, piece[at])
    ahead = _to_joint(told, piece[at + 1 : at + 9]) if joint else piece[at : at + 2]
    following = _named(told, ahead)
    if not (following or _says_other(told, ahead)):
        return False
    named = begun.named()
    following = following or _the_other(told, ahead, named)
    if not named or not following or set(following) & set(named):
        return False
    return not _lists(told, begun.words, piece[at : at + _A_FEW])


def _is_joint(told: _Open, token: Token) -> bool:
    return token.word in _JOINTS or token.word in told.talk.begins_another


def _lists(told: _Open, before: list[Token], ahead: list[Token]) -> bool:
    """ "OK K7 and D4", but not "K7 done, D4": one thing said first, then of whom."""
    if len(before) > _A_LIST or _has_news(told, _unnamed(told, _to_joint(told, ahead))):
        return False
    named = next((at for at, token in enumerate(before) if _named(told, [token])), None)
    return named is not None and not _has_news(told, _unnamed(told, before[named:]))


def _unnamed(told: _Open, tokens: list[Token]) -> list[Token]:
    return [token for token in tokens if not _named(told, [token])]


def _to_joint(told: _Open, tokens: list[Token]) -> list[Token]:
    """The words up to the next joint, and no more than a few."""
    end = next((i for i, t in enumerate(tokens) if i and _is_joint(told, t)), len(tokens))
    return tokens[:end]


def _the_other(
    told: _Open, tokens: list[Token], named: tuple[OpenCase, ...]
) -> tuple[OpenCase, ...]:
    """ "the other one": where one of just two cases was spoken of, the other."""
    if len(told.cases) != 2 or len(named) != 1 or not _says_other(told, tokens):
        return ()
    return tuple(c for c in told.cases if c not in named)


def _says_other(told: _Open, tokens: list[Token]) -> bool:
    return any(token.word in told.talk.the_other for token in tokens)


def _starts_new(told: _Open, token: Token) -> bool:
    """A joint, or the name itself where no joint came: not "K7 and D4 sorted"."""
    return _is_joint(told, token) or bool(_named(told, [token]) or refs_in([token]))


def _has_news(told: _Open, tokens: list[Token]) -> bool:
    """Whether more than names, refs and joints stands here."""
    talk = told.talk
    small = (told.pupils, told.places, talk.common_in_places, talk.begins_another)
    return any(
        t.kind in ("word", "sign")
        and len(t.word) > 1
        and t.word not in talk.own_s
        and t.word not in talk.names_a_case
        and not any(t.word in words for words in small)
        and not is_ref(t.word)
        for t in tokens
    )


# what a piece names


def _named(told: _Open, tokens: list[Token]) -> tuple[OpenCase, ...]:
    by_ref = _by_ref(told, tokens)
    if by_ref:
        return by_ref
    pupils = _pupils_in(told, tokens)
    by_pupil = tuple(case for case in told.cases if case.pupil in pupils)
    return by_pupil or _by_provider(told, tokens)


def _by_ref(told: _Open, tokens: list[Token]) -> tuple[OpenCase, ...]:
    return tuple(dict.fromkeys(told.refs[r] for r in refs_in(tokens) if r in told.refs))


def _pupils_in(told: _Open, tokens: list[Token]) -> set[str]:
    names, lexicon = told.names, told.lexicon
    line, found, at = tuple(tokens), set[str](), 0
    while names is not None and at < len(line):
        known = lexicon.knows(line[at].word) and not names.is_exact(line[at].word)
        hit = names.find(line, at, loosely=not known) if line[at].kind == "word" else None
        if hit is None or (
            lexicon.knows(line[at].word) and not line[at].is_capital and hit.fit > 2
        ):
            at += 1
            continue
        if len(hit.pupils) == 1:
            found.add(told.people[hit.pupils[0] - 1])
        at += hit.length
    return found


def _by_provider(told: _Open, tokens: list[Token]) -> tuple[OpenCase, ...]:
    words = [t.word for t in tokens]
    line = " ".join(words)
    typed = " ".join(t.typed for t in tokens).lower()
    return tuple(
        case
        for case, place in zip(told.cases, told.named_places, strict=True)
        if place.whole in typed
        or (place.begins and place.begins in line)
        or (place.first and place.first in words)
        or (place.last and place.last in line)
    )


def _named_place(case: OpenCase, others: Sequence[OpenCase], talk: TalkWords) -> _Place:
    whole = case.provider.lower()
    own = [word for word in whole.split() if word not in talk.small_in_places]
    if not own:
        return _Place(whole)
    alone = [word for word in own if len(word) > 3 and word not in talk.common_in_places]
    first = own[0] if alone[:1] == own[:1] else ""
    # "the farm one", where one provider alone is a farm.
    elsewhere = {
        w for c in others if c.provider != case.provider for w in c.provider.lower().split()
    }
    is_one = len(own) > 1 and own[-1] not in elsewhere and own[-1] not in talk.never_alone
    return _Place(whole, " ".join(own[:2]), first, f"the {own[-1]}" if is_one else "")


def _narrowed(told: _Open, cases: tuple[OpenCase, ...], words: list[Token]) -> tuple[OpenCase, ...]:
    """Of several cases named together, those that are meant; none where it cannot be told."""
    said = {t.word for t in words}
    refs = set(refs_in(words))
    if len(cases) == 1 or any(c.ref.lower() in refs for c in cases):
        return cases
    named = _pupils_in(told, words)
    each = all(c.pupil in named or _pupil_said(c, said) for c in cases)
    if each and len({c.pupil for c in cases}) == len(cases):
        return cases
    if said & told.talk.names_them_all:
        return cases
    if said & (told.talk.of_a_register | told.talk.sends):
        missing = tuple(c for c in cases if c.matter is Matter.MISSING_REGISTER)
        return missing if len(missing) == 1 else ()
    return ()


def _pupil_said(case: OpenCase, words: set[str]) -> bool:
    return any(word.lower() in words for word in case.pupil_words)


# no case is named


def _by_whole(told: _Open, tokens: tuple[Token, ...]) -> tuple[OpenCase, ...]:
    """The only open case, all where the words say so, or the one of the matter spoken of."""
    if len(told.cases) == 1:
        return told.cases
    words = [t.word for t in tokens if t.kind in ("word", "number")]
    if _greets_all(told, words):
        return ()
    if is_bare_all(tokens, len(told.cases), told.lexicon) or _says_all(told, words):
        return told.cases
    return _of_matter(told, list(tokens))


def _greets_all(told: _Open, words: list[str]) -> bool:
    """ "thanks everyone", "cheers both": to whom it is said, and no word for all cases."""
    text, talk = f" {' '.join(words)} ", told.talk
    whom = talk.all_of_them | talk.both_of_two | told.lexicon.beside.greeted
    return any(f" {thanks} {each} " in text for thanks in talk.greets_whom for each in whom)


def _says_all(told: _Open, words: list[str]) -> bool:
    talk, count = told.talk, len(told.cases)
    said, text = set(words), f" {' '.join(words)} "
    counts = {w for w, n in told.lexicon.beside.counts.items() if n == count and w.isalpha()}
    counted = said & counts
    led = any(f" {led} {count} " in text for led in talk.before_a_count for count in counted)
    if led or (count == 2 and not counted and said & talk.both_of_two):
        return True
    if not said & talk.all_of_them or any(f" {each} " in text for each in talk.not_all_of_them):
        return False
    # "All fine" tells how they are and takes nothing on; "ok all" takes all of them on.
    are = ("", *(f"{each} " for each in talk.before_how_they_are))
    fine = any(
        f" {every} {each}{how} " in text
        for every in talk.all_itself
        for each in are
        for how in talk.how_they_are
    )
    return not fine or bool(said & talk.says_which_of_all)


def _of_matter(told: _Open, tokens: list[Token]) -> tuple[OpenCase, ...]:
    """The one case whose matter the words speak of: the register, the one found, the pupil."""
    talk, cases = told.talk, told.cases
    words = {t.word for t in tokens}
    text = " ".join(t.word for t in tokens)
    of_pupil = bool(words & talk.of_a_pupil)
    is_sent = any(each in text for each in talk.register_sent)
    sent = is_sent or bool(words & talk.of_a_register)
    by_somebody = is_sent and not words & (talk.of_a_pupil - talk.sends_it | talk.of_one_found)
    if sent and (by_somebody or not of_pupil):
        missing = tuple(c for c in cases if c.matter is Matter.MISSING_REGISTER)
        if missing or not of_pupil:
            return missing if len(missing) == 1 else ()
    if words & talk.of_one_found and not words & talk.denies_found:
        lost = tuple(c for c in cases if c.matter is Matter.UNACCOUNTED)
        return lost if len(lost) == 1 else ()
    if words & talk.of_an_absence:
        away = tuple(c for c in cases if c.matter is Matter.ABSENCE)
        return away if len(away) == 1 else ()
    pupils = tuple(c for c in cases if c.pupil)
    # A concern is about some pupil as well, whether or not it says which.
    concerns = any(c.matter is Matter.CONCERN and not c.pupil for c in cases)
    if of_pupil and len(pupils) == 1 and len(pupils) < len(cases) and not concerns:
        return pupils
    return ()
