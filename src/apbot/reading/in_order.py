"""
In order: a message of nothing but register codes, which go in the prompt's order.

"P P A P L", "✓✓✗": as many marks as pupils, or nobody is marked.
"""

from apbot.domain.readings import Reading, Rephrase, Reply, Why
from apbot.domain.words import Mark, Reason
from apbot.reading.asking import asked_first
from apbot.reading.codes import ABSENT_CODES, CODES, PRESENT_CODES, REASON_CODES
from apbot.reading.gathered import EARLIEST
from apbot.reading.items import CHATTER
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.names import names_of
from apbot.reading.outcome import Outcome
from apbot.reading.times import minutes_of
from apbot.reading.tokens import UP, Token

_RULE = "the marks in the prompt's order"
# One of these alone may answer for all, and is read with the words.
_ANSWERS = frozenset(("y", "n", "x", "o", "👍", "👎", "✓", "✗"))
_OF_ONE = frozenset(("y", "n", "👍", "👎"))
_PASSED = (",", "\n", ".", "-", "|", "!")


def read_in_order(
    reply: Reply, tokens: tuple[Token, ...], own: str, lexicon: Lexicon
) -> Reading | None:
    """Return the Reading of a message of nothing but codes, or None if it is none."""
    names = names_of(reply.roster, lexicon)
    if any(len(token.word) > 2 and names.is_exact(token.word) for token in tokens):
        # "Tara off": somebody is named, though "tara" is also goodbye.
        return None
    codes = _without_chat(tokens, lexicon)
    if not codes or not _are_codes(codes, lexicon):
        return None
    words = [code_of(token, lexicon) for token in codes]
    size = len(reply.roster)
    if len(codes) == 1 and (reply.pending or lexicon.grammar.means(codes[0].word, Kind.YES)):
        return None
    if set(words) == {UP} and len(words) != size:
        words = [UP]
    if len(words) == 1 and (size > 1 or words[0] in _OF_ONE):
        return None if words[0] in _ANSWERS else _rephrase("one mark for more than one pupil", own)
    if len(words) != size:
        if size == 1:
            # "yes here": one thing said twice of the one pupil, and no list.
            return None
        return _rephrase("not as many marks as pupils", own)
    out = Outcome()
    for pupil, word in zip(reply.roster, words, strict=True):
        settle_code(reply, out, pupil.number, word, minutes_of(pupil.start or reply.start), _RULE)
    return reading_of_codes(out)


def reading_of_codes(out: Outcome) -> Reading:
    """Return the Reading of what codes settled, and why anything is asked."""
    ask = asked_first(out)
    why = list(out.why)
    if ask is not None:
        unclear = "; ".join(f"{number}: {rule}" for number, rule in out.unsure.items())
        why.append(Why(None, unclear, "a code that could not be taken for certain"))
    return Reading(marks=out.marks, reasons=out.reasons, ask=ask, why=tuple(why))


def _rephrase(rule: str, own: str) -> Reading:
    return Reading(ask=Rephrase(), why=(Why(None, own[:200], rule),))


def _are_codes(codes: list[Token], lexicon: Lexicon) -> bool:
    spelt = lexicon.beside.spelt_codes if len(codes) > 2 else {}
    return all(
        token.kind not in ("number", "pair")
        and (token.word in spelt or code_of(token, lexicon) in CODES)
        for token in codes
    )


def code_of(token: Token, lexicon: Lexicon) -> str:
    """The register code that a token stands for, or the token's own word."""
    if len(token.typed) == 1:
        return token.typed.lower() if token.kind == "word" else token.word
    return lexicon.beside.spelt_codes.get(token.word, token.word)


def _without_chat(tokens: tuple[Token, ...], lexicon: Lexicon) -> list[Token]:
    """The tokens without thanks, greetings and points."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        phrase = lexicon.grammar.longest(tokens, at)
        if (
            phrase is not None
            and phrase[1].kind in CHATTER
            and token.word not in lexicon.beside.kiss_or_cross
        ):
            to_all = tokens[at + phrase[0] - 1].word in lexicon.beside.greeted
            at += phrase[0] - (to_all and phrase[0] > 1)
            continue
        if token.kind != "emoji" and token.word not in _PASSED:
            kept.append(token)
        at += 1
    return kept


def settle_code(reply: Reply, out: Outcome, number: int, word: str, start: int, rule: str) -> None:
    """Settle one pupil by one register code, by the hour (minutes past midnight)."""
    now = minutes_of(reply.sent_at)
    if word in PRESENT_CODES:
        if now < minutes_of(reply.start) - EARLIEST:
            out.too_early = True
        else:
            out.mark(number, Mark.PRESENT, word, rule)
    elif word in ABSENT_CODES or word in REASON_CODES:
        out.mark(number, Mark.ABSENT, word, rule)
        if word in REASON_CODES:
            out.reasons[number] = Reason(REASON_CODES[word])
    elif now <= start + 30:
        out.mark(number, Mark.AWAITED, word, rule)
    else:
        out.unsure[number] = "late, but not said whether here yet"
