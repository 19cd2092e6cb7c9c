"""
Foretelling: what a CSS contact tells ahead, of a pupil's days or to a provider.

It decides first whether a message is one at all. By a command word at the head ("absent", "note"),
or by a pupil, words of absence and a day to come; whatever else a contact writes is about a case
and goes on to be read as that. Nothing read here counts before it was read back and confirmed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from apbot.domain.calendar import Calendar
from apbot.domain.foretold import Amiss, Days, DayTrouble, Foretelling, Tells
from apbot.domain.readings import RosterPupil
from apbot.domain.words import Reason
from apbot.reading.days import DAY_WORDS, Piece, read_days
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.names import Fit, Names, names_of
from apbot.reading.neighbours import Neighbours
from apbot.reading.talk_words import TalkWords
from apbot.reading.tokens import MOST_CHARACTERS, Token, clean, cut_up, fold, phrase_words

FORETELLING_WORDS = (
    *("away", "back", "after_all", "in", "cancel", "note", "undo", "yes", "no", "fill"),
    *DAY_WORDS,
)
"""The sections of `hears/foretelling.yaml`."""

MOST_TOKENS = 60
"""A telling is a line; a longer text is for a person, or about a case."""

_DATED = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2,4}))?")
_JOINTS = {",": "and", "/": "and", "&": "and", "+": "and", "-": "to"}
_CASE_SENSES = frozenset(
    ("closing", "done", "safe", "sent", "says", "asked", "rang", "set_out", "set_out_words")
)
_DOUBTS = frozenset((Kind.HEDGE, Kind.IF))
_PARTS_FROM = re.compile(r":|\n|\s-\s")


@dataclass(frozen=True, slots=True)
class Nameable:
    """
    A pupil or a provider that a contact may name.

    `shown` is a pupil's name on phones, which nobody else is; `kind` a provider's ("garage").
    """

    key: str
    name: str
    known_as: str | None = None
    kind: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """
    A contact's message in its context.

    `pupils` are those with a placement that is live or to come; `busy` the pupils of whom this
    contact has an open case, and `has_cases` whether there is any; `away` the pupils of whom an
    absence is known from today on; `refs` are refs of cases, in lower case; `chosen` what was
    answered of names that fitted several.
    """

    text: str
    today: date
    calendar: Calendar
    pupils: tuple[Nameable, ...]
    providers: tuple[Nameable, ...]
    refs: frozenset[str] = frozenset()
    busy: frozenset[str] = frozenset()
    has_cases: bool = False
    away: frozenset[str] = frozenset()
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Said:
    """A piece of the message, and who or why it names."""

    piece: Piece
    keys: tuple[str, ...] = ()
    reason: Reason | None = None
    word: str = ""
    is_capital: bool = False


def read_foretelling(told: Told, lexicon: Lexicon) -> Foretelling | None:
    """Return what the message tells ahead, or None where it is none such: any text at all."""
    if len(told.text) > MOST_CHARACTERS:
        return None
    tokens = cut_up(clean(told.text), lexicon.rewrites).tokens
    if not tokens or any(token.word in told.refs for token in tokens):
        return None
    note = _note(told, lexicon)
    if note is not None:
        return note
    if len(tokens) > MOST_TOKENS or any(token.word == "?" for token in tokens):
        return None
    said = _pieces(tokens, told, lexicon)
    content = [one for one in said if one.piece.kind not in ("fill", "punct")]
    if not content:
        return None
    if content[0].piece.kind == "undo" and len(content) == 1:
        return Foretelling(Tells.UNDO)
    if content[0].piece.kind == "undo":
        # "Undo Chloe tomorrow" takes back what is named, and not whatever was told last.
        said = [_as_cancel(one) for one in said]
        content = [_as_cancel(one) for one in content]
    if content[0].piece.kind == "cancel" and any(one.piece.kind == "note" for one in content):
        return _note_over(told, said, lexicon)
    if _doubts(tokens, lexicon):
        return None
    return _of_pupils(told, said, content, tokens, lexicon)


def _as_cancel(one: _Said) -> _Said:
    is_undo = one.piece.kind == "undo"
    return replace(one, piece=replace(one.piece, kind="cancel")) if is_undo else one


def read_answer(text: str, lexicon: Lexicon) -> bool | int | None:
    """Return True or False for a bare yes or no, a number for a bare number, else None."""
    tokens = cut_up(clean(text[:200]), lexicon.rewrites).tokens
    numbers = [t for t in tokens if t.kind == "hash" or (t.kind == "number" and t.word.isdecimal())]
    others = [t for t in tokens if t.kind not in ("number", "hash", "punct", "emoji")]
    if len(numbers) == 1 and not others:
        return int(numbers[0].word.lstrip("#no. ")[:6])
    answers: set[bool] = set()
    at = 0
    while at < len(tokens):
        hit = lexicon.foretelling.longest(tokens, at)
        kind = hit[1].kind if hit else "punct" if tokens[at].kind in ("punct", "emoji") else ""
        if tokens[at].word == "?" or kind not in ("yes", "no", "fill", "punct"):
            return None
        if kind in ("yes", "no"):
            answers.add(kind == "yes")
        at += hit[0] if hit else 1
    return answers.pop() if len(answers) == 1 else None


# pupils


def _of_pupils(
    told: Told,
    said: Sequence[_Said],
    content: Sequence[_Said],
    tokens: Sequence[Token],
    lexicon: Lexicon,
) -> Foretelling | None:
    is_command = content[0].piece.kind in ("away", "cancel")
    tells = _meant(said)
    named = [one for one in said if one.piece.kind == "name"]
    strange = None if named else _strange(said, content, lexicon)
    if tells is None or not (named or strange):
        return None
    pieces = [one.piece for one in said]
    back_ends = tells is Tells.AWAY
    days = read_days(pieces, told.today, told.calendar, back_ends=back_ends)
    pupils = tuple(dict.fromkeys(one.keys[0] for one in named if len(one.keys) == 1))
    unsure = next((one for one in named if len(one.keys) > 1), None)
    busy = any(key in told.busy for one in named for key in one.keys)
    keys = {key for one in named for key in one.keys}
    is_news = tells is Tells.IN and bool(told.away & keys) and _has(said, "after_all")
    if not _is_telling(days, is_command, busy, is_news, told):
        return None
    # "Nan says he's at CAMHS": with a case open, whoever has no name here may be who was asked.
    may_be_case = busy or (strange is not None and told.has_cases)
    if may_be_case and not is_command and _speaks_of_a_case(tokens, lexicon):
        return None
    # With nothing to take back it is news about a case, or no telling at all.
    if tells is Tells.IN and not is_command and told.has_cases and not told.away & keys:
        return None
    reasons = tuple(dict.fromkeys(one.reason for one in said if one.reason is not None))
    is_several = len(named) > 1 and (
        len(set(reasons)) > 1
        or (isinstance(days, DayTrouble) and days.amiss is Amiss.UNCLEAR)
        or _meant_both(said)
    )
    return Foretelling(
        tells=tells,
        pupils=pupils,
        said=unsure.piece.typed if unsure else strange or "",
        offered=unsure.keys if unsure else (),
        near=_near(strange, told) if strange else (),
        days=days,
        reason=_reason(tells, reasons, said, lexicon),
        is_from_then=tells is Tells.IN and _has(said, "back"),
        is_several=is_several,
    )


def _is_telling(
    days: Days | DayTrouble | None, is_command: bool, busy: bool, is_news: bool, told: Told
) -> bool:
    """
    Whether it tells ahead: by a command, or by a day.

    Of a pupil with an open case a day to come must have been said, and "today" alone is about the
    open cases where there are any.
    """
    if is_command:
        return days is not None or not busy
    if days is None:
        return is_news and not told.has_cases
    if isinstance(days, Days) and days.is_today_alone:
        return not told.has_cases
    return True


def _has(said: Sequence[_Said], kind: str) -> bool:
    return any(one.piece.kind == kind for one in said)


def _meant(said: Sequence[_Said]) -> Tells | None:
    """Away, or in after all? "ill, back Mon" is away until then; "back Mon after a cold" is in."""
    kinds = [one.piece.kind for one in said]
    if "cancel" in kinds or "after_all" in kinds:
        return Tells.IN
    if "away" in kinds:
        return Tells.AWAY
    reasons = [at for at, one in enumerate(said) if one.reason is not None]
    if "back" in kinds:
        return Tells.AWAY if reasons and reasons[0] < kinds.index("back") else Tells.IN
    if reasons:
        return Tells.AWAY
    return Tells.IN if "in" in kinds else None


def _meant_both(said: Sequence[_Said]) -> bool:
    kinds = {one.piece.kind for one in said}
    return "away" in kinds and "in" in kinds


def _reason(
    tells: Tells, reasons: tuple[Reason, ...], said: Sequence[_Said], lexicon: Lexicon
) -> Reason | None:
    """The reason that was said; words that say one we have no word for are another reason."""
    if tells is not Tells.AWAY:
        return None
    if reasons:
        return reasons[0]
    words = [
        one.word
        for one in said
        if one.piece.kind == "other" and len(one.word) > 2 and one.word not in lexicon.grammar.root
    ]
    return Reason.OTHER if words else Reason.UNKNOWN


def _strange(said: Sequence[_Said], content: Sequence[_Said], lexicon: Lexicon) -> str | None:
    """A name at the head that nobody has: "absent Dave tomorrow", "Dave B off tomorrow"."""
    kinds = [one.piece.kind for one in content]
    at = 1 if kinds[0] in ("away", "cancel") else 0
    if at >= len(content) or content[at].piece.kind != "other":
        return None
    first = content[at]
    is_name = first.word in lexicon.given_names or first.word in lexicon.nicknames
    is_known = lexicon.knows(first.word) or not first.word.isalpha()
    if not is_name and (is_known or len(first.word) < 3):
        return None
    follows = content[at + 1] if at + 1 < len(content) else None
    if follows is not None and follows.piece.kind == "other" and len(follows.word) <= 2:
        return f"{first.piece.typed} {follows.piece.typed}"
    if follows is not None and follows.piece.kind == "other" and follows.is_capital:
        return f"{first.piece.typed} {follows.piece.typed}"
    return first.piece.typed


def _near(said: str, told: Told) -> tuple[str, ...]:
    """The keys of pupils whose names are near what was said: its letters, or its beginning."""
    word = fold(said.split()[0])
    names = {fold(part): pupil.key for pupil in told.pupils for part in _parts(pupil)}
    close = get_close_matches(word, list(names), 3, 0.6)
    begins = [name for name in names if name[:3] == word[:3]]
    return tuple(dict.fromkeys(names[name] for name in (*close, *begins)))[:3]


def _parts(pupil: Nameable) -> list[str]:
    return [*pupil.name.split(), *([pupil.known_as] if pupil.known_as else [])]


def _speaks_of_a_case(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    words = tuple(token.word for token in tokens)
    return any(sense.value in _CASE_SENSES for _, _, sense in lexicon.cases.all_in(words))


def _doubts(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """A guess, or an if, tells nothing."""
    whole = tuple(tokens)
    hits = (lexicon.grammar.longest(whole, at) for at in range(len(whole)))
    return any(hit is not None and hit[1].kind in _DOUBTS for hit in hits)


# notes


def _note(told: Told, lexicon: Lexicon) -> Foretelling | None:
    """ "note Alder Farm tomorrow: fire drill at 11": the head says to whom and when."""
    parted = _PARTS_FROM.split(told.text.strip(), maxsplit=1)
    head = parted[0]
    text = parted[1].strip() if len(parted) > 1 else ""
    tokens = cut_up(clean(head), lexicon.rewrites).tokens
    hit = lexicon.foretelling.longest(tokens, 0) if tokens else None
    if hit is None or hit[1].kind != "note" or len(tokens) > MOST_TOKENS:
        return None
    is_plain = tokens[0].word in lexicon.talk.plainly_a_note
    pieces = [one.piece for one in _pieces(tokens, replace(told, pupils=()), lexicon)]
    providers = providers_named(tokens[hit[0] :], told, lexicon.talk)
    if not providers and (told.has_cases or not is_plain or not text):
        return None
    if not is_plain and not text:
        return None
    days = read_days(pieces, told.today, told.calendar, back_ends=False)
    if days is None and text:
        days = _days_of_text(text, told, lexicon)
    offered = providers if len(providers) > 1 else ()
    said = " ".join(token.typed for token in tokens[hit[0] :])
    return Foretelling(
        Tells.NOTE,
        providers=providers if len(providers) == 1 else (),
        said=said if len(providers) != 1 else "",
        offered=offered,
        days=days,
        text=text,
    )


def _days_of_text(text: str, told: Told, lexicon: Lexicon) -> Days | None:
    """ "Aiden's taxi is late all week": where the head says no day, the note itself may."""
    tokens = cut_up(clean(text), lexicon.rewrites).tokens
    pieces = [one.piece for one in _pieces(tokens, replace(told, pupils=()), lexicon)]
    days = read_days(pieces, told.today, told.calendar, back_ends=False)
    return days if isinstance(days, Days) else None


def _note_over(told: Told, said: Sequence[_Said], lexicon: Lexicon) -> Foretelling | None:
    tokens = cut_up(clean(told.text), lexicon.rewrites).tokens
    providers = providers_named(tokens, told, lexicon.talk)
    if not providers and told.has_cases:
        return None
    pieces = [one.piece for one in said]
    return Foretelling(
        Tells.NOTE_OVER,
        providers=providers if len(providers) == 1 else (),
        said="" if len(providers) == 1 else told.text.strip(),
        offered=providers if len(providers) > 1 else (),
        days=read_days(pieces, told.today, told.calendar, back_ends=False),
    )


def providers_named(tokens: Sequence[Token], told: Told, talk: TalkWords) -> tuple[str, ...]:
    """Return the providers that the words fit best: by name, or by what they are."""
    words = [token.word for token in tokens if token.kind == "word"]
    chosen = told.chosen.get("provider")
    if chosen is not None:
        return (chosen,)
    best, found = 0, list[str]()
    for provider in told.providers:
        name = fold(re.sub(r"[^\w\s'-]", " ", provider.name)).split()
        own = [word for word in name if len(word) > 2 and word not in talk.small_in_places]
        kinds = [word for word in fold(provider.kind).split() if len(word) > 2]
        fits = 2 * sum(word in words for word in own) + sum(
            word in words for word in kinds if word not in own
        )
        if fits > best:
            best, found = fits, [provider.key]
        elif fits == best and fits:
            found.append(provider.key)
    return tuple(found)


# pieces


def _pieces(tokens: Sequence[Token], told: Told, lexicon: Lexicon) -> list[_Said]:
    """Cut the tokens into names, known words, days' numbers, reasons and other words."""
    tokens = tuple(tokens)
    roster = tuple(
        RosterPupil(number, pupil.name, pupil.known_as)
        for number, pupil in enumerate(told.pupils, 1)
    )
    names = names_of(roster, lexicon)
    places = [phrase_words(provider.name, lexicon.rewrites) for provider in told.providers]
    shown = {tuple(fold(p.shown).split()): p.key for p in told.pupils if p.shown}
    found: list[_Said] = []
    at = 0
    while at < len(tokens):
        length = _place_at(tokens, at, places)
        if length:
            found.append(_Said(Piece("fill", tokens[at].typed)))
            at += length
            continue
        own = _shown_at(tokens, at, shown)
        if own is not None:
            found.append(own[1])
            at += own[0]
            continue
        length, said = _piece(tokens, at, names, told, lexicon)
        found.append(said)
        at += length
    return found


def _place_at(tokens: tuple[Token, ...], at: int, places: Sequence[tuple[str, ...]]) -> int:
    """How many tokens a provider's whole name takes here: where a pupil is away from is known."""
    for words in places:
        ahead = [token.word for token in tokens[at : at + len(words) + 2] if token.word not in "()"]
        if words and tuple(ahead[: len(words)]) == words:
            return len(words) + sum(t.word in "()" for t in tokens[at : at + len(words) + 2])
    return 0


def _shown_at(
    tokens: tuple[Token, ...], at: int, shown: Mapping[tuple[str, ...], str]
) -> tuple[int, _Said] | None:
    """A pupil as our own texts name them: what we wrote means whom we meant."""
    for length in (3, 2):
        ahead = tokens[at : at + length]
        key = shown.get(tuple(fold(token.typed) for token in ahead))
        if key is not None:
            typed = " ".join(token.typed for token in ahead)
            return length, _Said(Piece("name", typed), keys=(key,), word=ahead[0].word)
    return None


def _piece(
    tokens: tuple[Token, ...], at: int, names: Names, told: Told, lexicon: Lexicon
) -> tuple[int, _Said]:
    token = tokens[at]
    named = names.find(tokens, at, loosely=False) if told.pupils and token.kind == "word" else None
    if named is not None and named.fit <= Fit.FIRST_AND_INITIAL:
        return named.length, _name(tokens, at, named.length, named.pupils, named.said, told)
    reason = _reason_at(tokens, at, lexicon)
    hit = lexicon.foretelling.longest(tokens, at)
    if reason is not None and (hit is None or reason[0] > hit[0]):
        return reason[0], _Said(Piece("reason", token.typed), reason=reason[1])
    if hit is not None and not _is_lone_month(tokens, at, hit[1].kind):
        typed = " ".join(one.typed for one in tokens[at : at + hit[0]])
        piece = Piece(hit[1].kind, typed, is_glued=not token.spaced and at > 0)
        return hit[0], _Said(piece, word=token.word, is_capital=token.is_capital)
    numbered = _numbered(tokens, at, lexicon.beside)
    if numbered is not None:
        return numbered[0], _Said(numbered[1], word=token.word)
    if named is not None and (named.fit <= Fit.PART or not lexicon.knows(token.word)):
        is_word = lexicon.knows(token.word) and not token.is_capital and at > 1
        narrowed = _narrowed(tokens, at + named.length, named.pupils, told)
        if narrowed and not is_word:
            length = named.length + 1
            said = f"{named.said} {tokens[at + named.length].typed.lower()}"
            return length, _name(tokens, at, length, narrowed, said, told)
        if not is_word:
            return named.length, _name(tokens, at, named.length, named.pupils, named.said, told)
    if told.pupils and token.kind == "word" and not lexicon.knows(token.word):
        near = names.find(tokens, at, loosely=True)
        if near is not None:
            return near.length, _name(tokens, at, near.length, near.pupils, near.said, told)
    kind = "punct" if token.kind in ("punct", "emoji", "sign") else "other"
    return 1, _Said(Piece(kind, token.typed), word=token.word, is_capital=token.is_capital)


def _narrowed(
    tokens: tuple[Token, ...], after: int, pupils: tuple[int, ...], told: Told
) -> tuple[int, ...]:
    """ "Jack Tan": of several, those whose surname begins with the letters that follow."""
    if len(pupils) < 2 or after >= len(tokens) or tokens[after].kind != "word":
        return ()
    letters = fold(tokens[after].typed)
    return tuple(
        number
        for number in pupils
        if len(letters) > 1 and fold(told.pupils[number - 1].name.split()[-1]).startswith(letters)
    )


def _name(
    tokens: tuple[Token, ...],
    at: int,
    length: int,
    pupils: tuple[int, ...],
    said: str,
    told: Told,
) -> _Said:
    keys = tuple(told.pupils[number - 1].key for number in pupils)
    chosen = told.chosen.get(said)
    if chosen is not None and chosen in keys:
        keys = (chosen,)
    return _Said(Piece("name", said), keys=keys, word=tokens[at].word)


def _reason_at(tokens: tuple[Token, ...], at: int, lexicon: Lexicon) -> tuple[int, Reason] | None:
    hit = lexicon.grammar.longest(tokens, at)
    if hit is None or hit[1].kind != Kind.REASON:
        return None
    return hit[0], Reason(hit[1].value)


def _is_lone_month(tokens: tuple[Token, ...], at: int, kind: str) -> bool:
    """ "may" and "march" are months beside a number alone."""
    if kind not in ("may", "march"):
        return False
    beside = [*tokens[max(0, at - 1) : at], *tokens[at + 1 : at + 2]]
    return not any(token.word[:1].isdigit() for token in beside)


def _numbered(tokens: tuple[Token, ...], at: int, beside: Neighbours) -> tuple[int, Piece] | None:
    """A number, an ordinal, or a date however it is written."""
    token = tokens[at]
    iso = tokens[at : at + 5]
    if len(iso) == 5 and all(iso[place].word.isdecimal() for place in (0, 2, 4)):
        year, month, day = (int(iso[place].word[:6]) for place in (0, 2, 4))
        if iso[1].word == iso[3].word == "-" and 2000 <= year <= 2100:
            return 5, Piece("date", "".join(t.typed for t in iso), dated=(day, month, year))
    # Other signs that Unicode calls digits ("²") are no numbers.
    if token.kind == "number" and token.word.isdecimal():
        return 1, Piece("number", token.typed, number=int(token.word[:6]))
    ordinal = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)", token.word)
    if ordinal:
        return 1, Piece("ordinal", token.typed, number=int(ordinal[1]))
    dated = _DATED.fullmatch(token.word)
    if dated and token.kind in ("date", "pair", "time") and not _is_hour(tokens, at, dated, beside):
        day, month, year = int(dated[1]), int(dated[2]), int(dated[3] or 0)
        # There is no month 0: it must not be taken for a month that was left out.
        return 1, Piece("date", token.typed, dated=(day, month or 13, year))
    if token.kind == "punct" and token.word in _JOINTS:
        return 1, Piece(_JOINTS[token.word], token.typed)
    return None


def _is_hour(tokens: tuple[Token, ...], at: int, dated: re.Match[str], beside: Neighbours) -> bool:
    """ "at 10.30", "by 11.10": a time of day, not the eleventh of October."""
    if tokens[at].kind != "time":
        return False
    if not 1 <= int(dated[2]) <= 12 or not 1 <= int(dated[1]) <= 31:
        return True
    before = tokens[at - 1].word if at else ""
    return before in beside.before_time_of_day
