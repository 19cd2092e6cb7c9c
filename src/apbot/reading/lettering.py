"""
Lettering: which letters and signs of a message are register codes.

A code stands right behind the name or the number that it marks; anywhere else a letter is a letter.
"""

from apbot.reading.codes import LETTERS, SYMBOLS
from apbot.reading.items import CHATTER, LIST_GAPS, NAMED, Item, beyond
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.tagged import Tagged
from apbot.reading.tokens import CROSS, TICK, UP

_SEPARATORS = frozenset((",", "-", ":", "|", "=", "(", ".", ">", "_", "*", '"', "~"))
_TELLING = (
    *(Kind.NOT, Kind.FILL, Kind.CORRECTION, Kind.ORDINARY, Kind.SPEAKER, Kind.IT, Kind.EXCEPT),
    Kind.ONLY,
)
_MARKED = (*NAMED, Kind.UNKNOWN, Kind.REST)
# Letters that people also type as words: in a list of marks they are codes.
_FURTHEST = 10
_ALSO_WORDS = frozenset("oeghmri")


def may_be_code(beside: Neighbours) -> frozenset[str]:
    """Return every word that may stand for a code."""
    spelt = beside.ticks | beside.crosses | beside.yes_codes | beside.no_codes
    return spelt | LETTERS | SYMBOLS


def code_at(tagged: Tagged, at: int) -> Item | None:
    """Return the letter or sign here as the mark of the name before it, or None."""
    token = tagged.tokens[at]
    if token.kind == "word" and len(token.typed) > 1 and token.word not in tagged.lexicon.codes:
        return None
    word = token.typed.lower() if len(token.typed) == 1 else token.word
    if token.word in SYMBOLS:
        return Item(Kind.CODE, token.word, token.typed)
    before = _before(tagged)
    if before is None:
        return None
    if word in ("/", "\\", "#"):
        loose = word != "/" or token.spaced or _ends_or_spaced(tagged, at + 1)
        return Item(Kind.CODE, word, token.typed) if loose else None
    value = _value(tagged, at, word, before)
    return Item(Kind.CODE, value, token.typed) if value and ends_code(tagged, at + 1) else None


def is_courtesy(tagged: Tagged, at: int) -> bool:
    """ "no femi today 👍": at the end of what says something already, a thumb is no mark."""
    over = tagged.token(at + 1).kind in ("end", "punct")
    if tagged.tokens[at].word not in (UP, TICK) or not over:
        return False
    named = False
    for item in reversed(tagged.items):
        if item.is_hard or item.kind in (Kind.CODE, Kind.EVERYONE, Kind.YES):
            return False
        if item.kind in (Kind.NOT, Kind.NOT_YET, Kind.CORRECTION):
            return named or tagged.has((Kind.NAME,))
        if item.kind in (Kind.MARK, Kind.REASON):
            leads = not tagged.beside.leads_to.isdisjoint(item.typed.split()[-1:])
            return leads if named else tagged.has((Kind.NAME,))
        if item.kind is Kind.POINT and named:
            return False
        named = named or item.kind is Kind.NAME
    return False


def _value(tagged: Tagged, at: int, word: str, before: Item) -> str:
    """Return the code that the word is, if nothing behind it says otherwise."""
    beside = tagged.beside
    if word in beside.ticks:
        return TICK
    if word in beside.crosses:
        return CROSS
    if word in beside.yes_codes:
        return "y"
    pauses = tagged.items[-1].value in (".", ",")
    if len(word) > 1 and pauses and tagged.names.is_exact(tagged.word(at + 1)):
        # "bar chloe. no aiden": of the name behind it.
        return ""
    if word in beside.no_codes:
        denied = len(tagged.items) > 1 and tagged.items[-2].kind is Kind.NOT
        return "" if word == "no" and denied else "n"
    token = tagged.tokens[at]
    if word in ("0", "1") and token.kind == "number":
        if before.kind is not Kind.NAME:
            # "where 1=1": a number is no mark of a number.
            return ""
        tabled = tagged.items[-1].value in ("|", ":", "-", "=") or _ends_line(tagged, at)
        return word if tabled else ""
    letter = token.kind == "word" and word in LETTERS and _is_letter(tagged, at, word, before)
    return word if letter else ""


def _ends_line(tagged: Tagged, at: int) -> bool:
    """ "Devi Pillai 1": the last of a line that a name heads, where there are several lines."""
    headed = tagged.items[-1]
    if headed.value in (",", ";") and len(tagged.items) > 1:
        headed = tagged.items[-2]
    if headed.kind is not Kind.NAME or tagged.word(at + 1) not in ("", "\n"):
        return False
    return any(token.word == "\n" for token in tagged.tokens)


def _is_letter(tagged: Tagged, at: int, word: str, before: Item) -> bool:
    following = tagged.token(at + 1)
    coded = tagged.has((Kind.CODE,))
    named = following.kind == "word"
    lettered = any(i.kind is Kind.CODE and i.typed in LETTERS for i in tagged.items)
    if word == "n" and not lettered:
        # "amina yes. ruby n yusuf sent home": an "and", where no other mark is a letter.
        numbered = following.kind in ("number", "hash") and not tagged.listed
        return not (named or numbered)
    if word == "i" and named:
        return False
    if word in _ALSO_WORDS:
        return tagged.listed or coded
    kiss = word == "x" and before.kind is Kind.NAME and following.kind == "end"
    list_ = (Kind.NAME, Kind.AND)
    led = beyond(reversed(tagged.items[-_FURTHEST:]), list_, LIST_GAPS)
    # "that was ZOSIA x", "got KAI AND ZOSIA x": no list of marks.
    found = led is not None and led.typed in tagged.beside.heads_names
    told = tagged.items[-1] is before and led is not None and led.kind in _TELLING
    return not (kiss and (told or found or tagged.has(CHATTER, 4)))


def _before(tagged: Tagged) -> Item | None:
    """The name or number that a code here would mark, separators passed over."""
    for passed, item in enumerate(reversed(tagged.items)):
        if item.kind in _MARKED:
            return item if not (item.kind is Kind.UNKNOWN and passed > 1) else None
        if item.kind is Kind.TIME and not passed:
            continue
        if item.kind is not Kind.POINT or item.value not in _SEPARATORS or passed > 2:
            return None
    return None


def _ends_or_spaced(tagged: Tagged, at: int) -> bool:
    token = tagged.token(at)
    return token.kind == "end" or token.spaced or token.word == "\n"


def ends_code(tagged: Tagged, at: int) -> bool:
    """Whether nothing that a code could belong to follows."""
    token = tagged.token(at)
    if token.kind in ("end", "punct", "number", "time", "sign", "emoji", "hash"):
        return token.word != "'"
    if token.word in tagged.beside.after_code:
        return True
    return tagged.names.find(tagged.tokens, at, loosely=False) is not None
