"""
Which case a message is about: by its ref, its pupil, its provider, or its matter.

A case is never picked for being the latest, and a ref that is no open case picks none: what is
said may then be about another, and nothing of it is taken.
"""

import re
from dataclasses import dataclass

from apbot.domain.readings import OpenCase, Reply, RosterPupil
from apbot.domain.words import Matter
from apbot.reading.case_hearing import is_ref
from apbot.reading.lexicon import Lexicon
from apbot.reading.names import names_of
from apbot.reading.tokens import Token

_BREAKS = frozenset((".", "!", "?", "\n", ";"))
_JOINTS = frozenset((",", "and", "-", "but", "also", ":", "then", "while"))
_SPLIT_REF = re.compile(r"(?<![a-z0-9])([a-z]{1,2})\s?-?\s?(\d{1,3})(?![a-z0-9])", re.IGNORECASE)
_REGISTER = frozenset(("register", "registers", "theirs", "marks"))
_OF_PUPILS = frozenset(
    (
        *("he", "she", "him", "her", "his", "mum", "mam", "mom", "dad", "nan", "gran", "carer"),
        *("stepmum", "stepdad", "pupil", "parent", "parents", "ill", "poorly", "sick", "auntie"),
    )
)
COMMON_PLACES = frozenset(
    (
        *("the", "a", "of", "and", "old", "new", "school", "farm", "bridge", "green", "north"),
        *("south", "east", "west", "house", "home", "street", "lane", "road"),
    )
)


@dataclass(frozen=True, slots=True)
class Part:
    """The words that go to one case, or to several at once."""

    cases: tuple[OpenCase, ...]
    tokens: tuple[Token, ...]


def own_words(reply: Reply) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of the pupils' names and of the providers', in lower case."""
    pupils = {w.lower() for c in reply.cases for w in (c.pupil or "").split()}
    places = {w.lower() for c in reply.cases for w in c.provider.split()} - COMMON_PLACES
    return frozenset(pupils - COMMON_PLACES), frozenset(places)


def picked(reply: Reply, tokens: tuple[Token, ...], lexicon: Lexicon) -> tuple[Part, ...]:
    """Return the words with the cases that they are about; empty where it cannot be told."""
    if _holds_only_other_refs(reply, tokens):
        return ()
    pieces = _pieces(reply, tokens, lexicon)
    if not any(cases for cases, _ in pieces):
        one = _by_whole(reply, tokens)
        return (Part(one, tokens),) if one else ()
    parts: list[tuple[tuple[OpenCase, ...], list[Token]]] = []
    before: list[Token] = []
    for cases, words in pieces:
        if not cases:
            told = parts[-1][0] if parts else ()
            matter = _the_other(reply, words, told) or _of_matter(reply, words)
            if matter:
                parts.append((matter, list(words)))
            elif parts:
                parts[-1][1].extend(words)
            else:
                before.extend(words)
            continue
        narrowed = _narrowed(cases, words)
        if not narrowed:
            return ()
        same = next((p for p in parts if p[0] == narrowed), None)
        if same is not None:
            same[1].extend(words)
        else:
            parts.append((narrowed, before + list(words)))
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


def _holds_only_other_refs(reply: Reply, tokens: tuple[Token, ...]) -> bool:
    """A ref of no open case and none that is: what is said is about something else."""
    known = _known_refs(reply)
    told = [ref for ref in refs_in(tokens) if _is_certain(ref, tokens, known)]
    return bool(told) and not any(ref in known for ref in told)


def _is_certain(ref: str, tokens: tuple[Token, ...], known: dict[str, OpenCase]) -> bool:
    """ "at 11" and "in 5" have a ref's shape; only one written together, or known, is a ref."""
    if ref in known:
        return True
    # "on the A61" is a road; "cheers m8" is a mate, but "M8 done" is about a case.
    return any(
        t.typed.lower() == ref
        and (t.word == ref or t.is_capital or at == 0)
        and (at == 0 or tokens[at - 1].word != "the")
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
    reply: Reply, tokens: tuple[Token, ...], lexicon: Lexicon
) -> list[tuple[tuple[OpenCase, ...], list[Token]]]:
    """Cut at sentences, and within one at a joint before another case's name."""
    pieces: list[list[Token]] = [[]]
    for token in tokens:
        pieces[-1].append(token)
        if token.kind == "punct" and token.word in _BREAKS:
            pieces.append([])
    if len(reply.cases) > 1:
        pieces = [each for piece in pieces for each in _cut_at_cases(reply, piece, lexicon)]
    return [
        (_named(reply, piece, lexicon), piece)
        for piece in pieces
        if any(t.kind != "punct" for t in piece)
    ]


def _cut_at_cases(reply: Reply, piece: list[Token], lexicon: Lexicon) -> list[list[Token]]:
    """ "K7 done, K8 left a message": where another case begins after something was said."""
    made: list[list[Token]] = [[]]
    at = 0
    while at < len(piece):
        token = piece[at]
        told = _named(reply, made[-1], lexicon)
        if told and _has_news(reply, made[-1]) and not _lists(reply, made[-1], piece[at:], lexicon):
            ahead = _to_joint(piece[at + 1 :]) if token.word in _JOINTS else piece[at : at + 2]
            next_ = _named(reply, ahead, lexicon) or _the_other(reply, ahead, told)
            if next_ and not set(next_) & set(told) and _starts_new(reply, piece, at, lexicon):
                made.append([])
        made[-1].append(token)
        at += 1
    return made


def _lists(reply: Reply, before: list[Token], ahead: list[Token], lexicon: Lexicon) -> bool:
    """ "OK K7 and D4", but not "K7 done, D4": one thing said first, then of whom."""
    if _has_news(reply, ahead):
        return False
    named = [at for at, token in enumerate(before) if _named(reply, [token], lexicon)]
    return bool(named) and not _has_news(reply, before[named[0] :])


def _to_joint(tokens: list[Token]) -> list[Token]:
    """The words up to the next joint, and no more than a few."""
    end = next((i for i, t in enumerate(tokens) if t.word in _JOINTS and i), len(tokens))
    return tokens[: min(end, 8)]


def _the_other(
    reply: Reply, tokens: list[Token], told: tuple[OpenCase, ...]
) -> tuple[OpenCase, ...]:
    """ "the other one": where one of just two cases was spoken of, the other."""
    if len(reply.cases) != 2 or len(told) != 1 or "other" not in {t.word for t in tokens}:
        return ()
    return tuple(c for c in reply.cases if c not in told)


def _starts_new(reply: Reply, piece: list[Token], at: int, lexicon: Lexicon) -> bool:
    """A joint, or the name itself where no joint came: not "K7 and D4 sorted"."""
    if piece[at].word in _JOINTS:
        return True
    return bool(_named(reply, [piece[at]], lexicon)) or bool(refs_in(piece[at : at + 1]))


def _has_news(reply: Reply, tokens: list[Token]) -> bool:
    """Whether more than names, refs and joints stands here."""
    pupils, places = own_words(reply)
    known = {*pupils, *places, *COMMON_PLACES, *_JOINTS, "#", "ref", "case", "'s", "both"}
    return any(
        t.word not in known
        and t.kind in ("word", "sign")
        and not is_ref(t.word)
        and len(t.word) > 1
        for t in tokens
    )


# what a piece names


def _named(reply: Reply, tokens: list[Token], lexicon: Lexicon) -> tuple[OpenCase, ...]:
    known = _known_refs(reply)
    by_ref = dict.fromkeys(known[ref] for ref in refs_in(tokens) if ref in known)
    if by_ref:
        return tuple(by_ref)
    return _by_pupil(reply, tokens, lexicon) or _by_provider(reply, tokens)


def _by_pupil(reply: Reply, tokens: list[Token], lexicon: Lexicon) -> tuple[OpenCase, ...]:
    held = [case for case in reply.cases if case.pupil]
    people = list(dict.fromkeys(case.pupil for case in held if case.pupil))
    if not people:
        return ()
    names = names_of(tuple(RosterPupil(n, name) for n, name in enumerate(people, 1)), lexicon)
    line, found, at = tuple(tokens), set[str](), 0
    while at < len(line):
        known = lexicon.knows(line[at].word) and not names.is_exact(line[at].word)
        hit = names.find(line, at, loosely=not known) if line[at].kind == "word" else None
        if hit is None or (
            lexicon.knows(line[at].word) and not line[at].is_capital and hit.fit > 2
        ):
            at += 1
            continue
        if len(hit.pupils) == 1:
            found.add(people[hit.pupils[0] - 1])
        at += hit.length
    return tuple(case for case in held if case.pupil in found)


def _by_provider(reply: Reply, tokens: list[Token]) -> tuple[OpenCase, ...]:
    typed = " ".join(t.typed for t in tokens).lower()
    words = [t.word for t in tokens]
    return tuple(c for c in reply.cases if _provider_said(c.provider, typed, words, reply))


def _provider_said(provider: str, typed: str, words: list[str], reply: Reply) -> bool:
    if provider.lower() in typed:
        return True
    own = [w for w in provider.lower().split() if w not in ("the", "a", "of", "and")]
    if not own:
        return False
    if " ".join(own[:2]) in " ".join(words):
        return True
    alone = [w for w in own if len(w) > 3 and w not in COMMON_PLACES]
    if alone and alone[0] == own[0] and own[0] in words:
        return True
    # "the farm one", where one provider alone is a farm.
    last = own[-1]
    others = {w for c in reply.cases if c.provider != provider for w in c.provider.lower().split()}
    return (
        len(own) > 1
        and last not in others
        and f"the {last}" in " ".join(words)
        and last != "school"
    )


def _narrowed(cases: tuple[OpenCase, ...], words: list[Token]) -> tuple[OpenCase, ...]:
    """Of several cases named together, those that are meant; none where it cannot be told."""
    said = {t.word for t in words}
    refs = set(refs_in(words))
    if len(cases) == 1 or any(c.ref.lower() in refs for c in cases):
        return cases
    if all(_pupil_said(c, said) for c in cases) and len({c.pupil for c in cases}) == len(cases):
        return cases
    if said & {"all", "both"}:
        return cases
    if said & _REGISTER or "sent" in said:
        missing = tuple(c for c in cases if c.matter is Matter.MISSING_REGISTER)
        return missing if len(missing) == 1 else ()
    return ()


def _pupil_said(case: OpenCase, words: set[str]) -> bool:
    return bool(case.pupil) and any(w.lower() in words for w in (case.pupil or "").split())


# no case is named


def _by_whole(reply: Reply, tokens: tuple[Token, ...]) -> tuple[OpenCase, ...]:
    """The only open case, all where the words say so, or the one of the matter spoken of."""
    cases = tuple(reply.cases)
    if len(cases) == 1:
        return cases
    words = [t.word for t in tokens if t.kind in ("word", "number")]
    if _says_all(words, len(cases)):
        return cases
    return _of_matter(reply, list(tokens))


def _says_all(words: list[str], count: int) -> bool:
    said, text = set(words), " ".join(words)
    counts = {2: {"both", "either", "neither", "two", "together"}, 3: {"three"}, 4: {"four"}}.get(
        count, set[str]()
    )
    if said & counts and ("two" not in said or "all two" in text or "the two" in text):
        return True
    if not said & {"all", "everything"} or "at all" in text or "after all" in text:
        return "they both" in text or "them both" in text
    if "all night" in text or "all morning" in text or "all day" in text:
        return False
    # "All fine" tells how they are and takes nothing on; "ok all" takes all of them on.
    is_fine = re.search(r"\ball (?:is |are |looks? |now )?(?:fine|good|ok)\b", text) is not None
    fine = is_fine and not said & {"of", "them", "these", "three", "sorted", "done"}
    return not fine


def _of_matter(reply: Reply, tokens: list[Token]) -> tuple[OpenCase, ...]:
    """The one case whose matter the words speak of: the register, the one found, the pupil."""
    words = {t.word for t in tokens}
    text = " ".join(t.word for t in tokens)
    by = {m: tuple(c for c in reply.cases if c.matter is m) for m in Matter}
    of_pupil = bool(words & _OF_PUPILS)
    if (words & _REGISTER or "sent it" in text or "they have sent" in text) and not of_pupil:
        missing = by[Matter.MISSING_REGISTER]
        return missing if len(missing) == 1 else ()
    if words & {"found", "located", "unaccounted"} and not words & {"not"}:
        lost = by[Matter.UNACCOUNTED]
        return lost if len(lost) == 1 else ()
    pupils = tuple(c for c in reply.cases if c.pupil)
    if of_pupil and len(pupils) == 1 and len(pupils) < len(reply.cases):
        return pupils
    return ()
