"""
Foretelling: what a CSS contact tells ahead, of a pupil's days or to a provider.

It decides first whether a message is one at all. By a command word at the head ("absent", "note"),
or by a pupil, words of absence and a day to come; whatever else a contact writes is about a case
and goes on to be read as that. Nothing read here counts before it was read back and confirmed.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from apbot.domain.foretold import Amiss, Days, DayTrouble, Foretelling, Tells
from apbot.domain.words import Reason
from apbot.reading.day_atoms import DAY_WORDS
from apbot.reading.days import read_days
from apbot.reading.foretold_pieces import Nameable, Said, Told, pieces_of
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.returning import away_from, until_midday, without_return
from apbot.reading.talk_words import TalkWords
from apbot.reading.tokens import MOST_CHARACTERS, Token, clean, cut_up, fold

FORETELLING_WORDS = (
    *("away", "back", "after_all", "in", "cancel", "note", "undo", "yes", "no", "fill"),
    *DAY_WORDS,
)
"""The sections of `hears/foretelling.yaml`."""

MOST_TOKENS = 60
"""A telling is a line; a longer text is for a person, or about a case."""

_CASE_SENSES = frozenset(
    ("closing", "done", "safe", "sent", "says", "asked", "rang", "set_out", "set_out_words")
)
_WHERE_SENSES = frozenset(("at_home", "with_me", "safe"))
_DOUBTS = frozenset((Kind.HEDGE, Kind.IF))
_PARTS_FROM = re.compile(r":|\n|\s-\s")


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
    said = pieces_of(tokens, told, lexicon)
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


def _as_cancel(one: Said) -> Said:
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
    said: Sequence[Said],
    content: Sequence[Said],
    tokens: Sequence[Token],
    lexicon: Lexicon,
) -> Foretelling | None:
    is_command = content[0].piece.kind in ("away", "cancel")
    tells = _meant(said)
    named = [one for one in said if one.piece.kind == "name"]
    strange = None if named else _strange(said, content, lexicon)
    if tells is None or not (named or strange):
        return None
    days = _days(told, said, tells, lexicon)
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
    # "Jack finishes at 12 on Mondays, he went home": where he is, and no day that could be kept.
    is_no_day = isinstance(days, DayTrouble) or days is None
    sought = any(key in told.sought for one in named for key in one.keys)
    if not is_command and busy and (is_no_day or sought) and _says_where(tokens, lexicon):
        return None
    if not is_command and sought and is_no_day:
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


def _days(
    told: Told, said: Sequence[Said], tells: Tells, lexicon: Lexicon
) -> Days | DayTrouble | None:
    """The days that are meant; a half in which an absent pupil is back is not one of them."""
    pieces = until_midday([one.piece for one in said])
    is_away = tells is Tells.AWAY
    if is_away:
        before_hours = lexicon.beside.before_time_of_day
        left, returned = without_return([one.piece for one in said], before_hours)
        found = read_days(until_midday(left), told.today, told.calendar, back_ends=True)
        if returned is not None and isinstance(found, Days):
            return away_from(found, returned)
    return read_days(pieces, told.today, told.calendar, back_ends=is_away)


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


def _has(said: Sequence[Said], kind: str) -> bool:
    return any(one.piece.kind == kind for one in said)


def _meant(said: Sequence[Said]) -> Tells | None:
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


def _meant_both(said: Sequence[Said]) -> bool:
    kinds = {one.piece.kind for one in said}
    return "away" in kinds and "in" in kinds


def _reason(
    tells: Tells, reasons: tuple[Reason, ...], said: Sequence[Said], lexicon: Lexicon
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


def _strange(said: Sequence[Said], content: Sequence[Said], lexicon: Lexicon) -> str | None:
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


def _says_where(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether the words say where a pupil is: at home, with somebody, found."""
    words = tuple(token.word for token in tokens)
    return any(sense.value in _WHERE_SENSES for _, _, sense in lexicon.cases.all_in(words))


def _doubts(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """A guess, or an if, tells nothing; "remove" and the like are no doubt where they order."""
    whole = tuple(tokens)
    for at in range(len(whole)):
        hit, order = lexicon.grammar.longest(whole, at), lexicon.foretelling.longest(whole, at)
        is_order = order is not None and order[1].kind == "cancel"
        if hit is not None and hit[1].kind in _DOUBTS and not is_order:
            return True
    return False


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
    pieces = [one.piece for one in pieces_of(tokens, replace(told, pupils=()), lexicon)]
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
    pieces = [one.piece for one in pieces_of(tokens, replace(told, pupils=()), lexicon)]
    days = read_days(pieces, told.today, told.calendar, back_ends=False)
    return days if isinstance(days, Days) else None


def _note_over(told: Told, said: Sequence[Said], lexicon: Lexicon) -> Foretelling | None:
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
