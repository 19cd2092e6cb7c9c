"""
Listed: a message that is the whole register, a line a pupil, each with one code.

"1 Aiden Brown ✓ / 2 Chloe Davies x": what a person pastes from their own book. Every line must be
just that, of every pupil once; any other word anywhere, and it is read as words are.
"""

from itertools import groupby

from apbot.domain.readings import Reading, Reply
from apbot.reading.codes import CODES
from apbot.reading.in_order import code_of, reading_of_codes, settle_code
from apbot.reading.lexicon import Lexicon
from apbot.reading.names import Names, names_of
from apbot.reading.outcome import Outcome
from apbot.reading.times import minutes_of
from apbot.reading.tokens import Token

_LEAST_LINES = 3
_RULE = "the code behind this name in the list"
_SEPARATORS = frozenset((":", "-", "|", "=", ",", ".", ")"))


def read_list(reply: Reply, tokens: tuple[Token, ...], lexicon: Lexicon) -> Reading | None:
    """Return the Reading of a list of all pupils with a code each, or None if it is none."""
    lines = [tuple(line) for ends, line in groupby(tokens, lambda t: t.word == "\n") if not ends]
    if len(lines) < _LEAST_LINES or len(lines) != len(reply.roster):
        return None
    names = names_of(reply.roster, lexicon)
    codes: dict[int, str] = {}
    for line in lines:
        told = _told(line, names, lexicon)
        if told is None or told[0] in codes:
            return None
        codes[told[0]] = told[1]
    out = Outcome()
    for pupil in reply.roster:
        start = minutes_of(pupil.start or reply.start)
        settle_code(reply, out, pupil.number, codes[pupil.number], start, _RULE)
    return reading_of_codes(out)


def _told(line: tuple[Token, ...], names: Names, lexicon: Lexicon) -> tuple[int, str] | None:
    """The pupil and the code of a line, or None where anything else stands in it."""
    at, number = 0, None
    if line[0].kind == "number":
        number, at = int(line[0].word), _past_separators(line, 1)
    found = names.find(line, at, loosely=False) if at < len(line) else None
    fits = found.pupils if found is not None else ()
    who = fits[0] if len(fits) == 1 and number is None else number
    if found is None or who not in fits:
        return None
    at = _past_separators(line, at + found.length)
    if at != len(line) - 1 or line[at].kind == "time":
        return None
    code = code_of(line[at], lexicon)
    return (who, code) if who is not None and code in CODES else None


def _past_separators(line: tuple[Token, ...], at: int) -> int:
    while at < len(line) - 1 and line[at].word in _SEPARATORS:
        at += 1
    return at
