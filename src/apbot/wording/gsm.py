"""
What an SMS costs: the GSM alphabet, and folding a text into it.

One character outside the alphabet turns a whole SMS into UCS-2, where a part holds 70 characters
and not 160. A pupil's accent must not double the price of every text that names the pupil, so
letters, quotes and dashes are folded; what has no near letter stays, for a wrong name is worse
than a dear text. Source: 3GPP TS 23.038, sections 6.1.1, 6.2.1 and 6.2.3.
"""

import unicodedata
from collections.abc import Iterable
from typing import Literal

Alphabet = Literal["gsm", "ucs2"]

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")  # each is sent as two: an escape and itself

_FOLDED = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'", "ʼ": "'", "ʻ": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "«": '"', "»": '"',
        "‹": "'", "›": "'",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "…": "...", "•": "*", "·": ".", "×": "x", "÷": "/", "⁄": "/",
        "\t": " ", "\u2028": "\n", "\u2029": "\n",
        # Marks that show nothing and would still cost the whole text its alphabet.
        "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u200e": "", "\u200f": "",
        "\u2060": "", "\ufe0e": "", "\ufe0f": "", "\ufeff": "",
        # Latin letters that Unicode does not take apart into a letter and its accent.
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th",
        "œ": "oe", "Œ": "OE", "ı": "i", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T",
        "ŋ": "ng", "Ŋ": "Ng", "ĸ": "k", "ſ": "s", "ẞ": "SS", "ə": "e", "Ə": "E",
        "ɓ": "b", "Ɓ": "B", "ɗ": "d", "Ɗ": "D", "ƙ": "k", "Ƙ": "K", "ƴ": "y", "Ƴ": "Y",
        "ɛ": "e", "Ɛ": "E", "ɔ": "o", "Ɔ": "O",
    }
)  # fmt: skip

_KNOWN = frozenset(BASIC) | frozenset(EXTENDED)

_PART_UNITS: dict[Alphabet, tuple[int, int]] = {"gsm": (160, 153), "ucs2": (70, 67)}


def fold(text: str) -> str:
    """
    Return the text with every character that has a near one in the GSM alphabet put into it.

    Letters that the alphabet has (é è à ä ö ü ñ) stay. Where something is left that cannot be
    folded (Cyrillic, an emoji) the text is dear whatever is done to its accents, so it comes back
    as it was.
    """
    if _KNOWN.issuperset(text):
        return text
    folded = "".join(_folded(letter) for letter in unicodedata.normalize("NFC", text))
    return folded if alphabet(folded) == "gsm" else text


def alphabet(text: str) -> Alphabet:
    """Return the alphabet in which an SMS of this text is sent."""
    return "gsm" if _KNOWN.issuperset(text) else "ucs2"


def parts(text: str) -> int:
    """
    Return how many SMS the text is sent (and paid) as.

    A text in parts spends room in each on joining them up again. Neither an escaped character
    nor a surrogate pair is split between two parts.
    """
    written_in = alphabet(text)
    if written_in == "gsm":
        units = [2 if letter in EXTENDED else 1 for letter in text]
    else:
        units = [2 if ord(letter) > 0xFFFF else 1 for letter in text]
    alone, joined = _PART_UNITS[written_in]
    return 1 if sum(units) <= alone else _packed(units, joined)


def _folded(letter: str) -> str:
    if letter in BASIC or letter in EXTENDED:
        return letter
    near = letter.translate(_FOLDED)
    if near != letter:
        return near
    apart = unicodedata.normalize("NFKD", letter)
    plain = "".join(piece.translate(_FOLDED) for piece in apart if not unicodedata.combining(piece))
    return plain if alphabet(plain) == "gsm" else letter


def _packed(units: Iterable[int], room: int) -> int:
    count, used = 1, 0
    for unit in units:
        if used + unit > room:
            count, used = count + 1, 0
        used += unit
    return count
