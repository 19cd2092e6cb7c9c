"""
A message made into tokens: what was typed, cleaned, cut up and spelt in one way.

Nothing is thrown away silently that could change a meaning: mark-up, control characters and quoted
prompts go, but every word, number and sign that a person typed becomes a token.
"""

import html
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

# A register reply is a line or two. Of a longer text only so much is read, and `cut` says so: the
# reader then marks nobody from it.
MOST_CHARACTERS = 2400
MOST_TOKENS = 520

TICK, CROSS, UP, DOWN, EYES = "✓", "✗", "👍", "👎", "👀"
SIGNS = {
    **dict.fromkeys("✓✔✅☑🗸🟢", TICK),
    **dict.fromkeys("✗✘❌✖❎×🚫🔴", CROSS),
    **dict.fromkeys("👍🆗👌", UP),
    **dict.fromkeys("👎", DOWN),
    **dict.fromkeys("👀", EYES),
}
_QUOTES = str.maketrans("’‘ʼ`´“”„«»‐‑‒–—―−…\u00a0", "'''''\"\"\"\"\"-------.\u0020")
_ENTITY = re.compile(r"&[A-Za-z]+;")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_ANSI = re.compile(r"\x1b\[[0-9;?]{0,12}[A-Za-z]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_TOKEN = re.compile(
    r"(?P<time>\d{1,2}[:.]\d{2}(?:\s?[ap]m\b)?|\d{1,2}\s?(?:[ap]m\b|[ap]\.m\b\.?))"
    r"|(?P<date>\d{1,2}[/.]\d{1,2}[/.]\d{2,4})"
    r"|(?P<pair>\d{1,2}/\d{1,2})(?![\d/])"
    r"|(?P<mixed>[^\W\d_]+\d+[^\W\d_]*|\d+[^\W\d_]+\d*)"
    r"|(?P<hash>\#\s?\d+|\bno\.\s?\d+\b)"
    r"|(?P<word>\d+(?=(?:st|nd|rd|th)\b)(?:st|nd|rd|th)|\d+|(?:(?<!\w)')?[^\W\d_]+(?:['][^\W\d_]+)*[']?)"
    r"|(?P<punct>\n|[.!?;,:()\[\]|/\\\-#&+@=>*\"_~<{}%£$^])"
    r"|(?P<sign>[^\s\w])",
    re.IGNORECASE,
)
# How long an ending with an apostrophe is: "n't" and "'re", "'d" and "'s".
_ENDINGS = (3, 2)


class Token(NamedTuple):
    """
    One word, number or sign. `word` is lower case without accents; `typed` is as it stood.

    `kind` is word, number, time, date, pair ("6/6"), hash ("#2"), punct or sign. `spaced` says that
    white space came before.
    """

    word: str
    typed: str
    kind: str
    spaced: bool = True

    @property
    def is_capital(self) -> bool:
        """Whether it was typed with a capital first."""
        return self.typed[:1].isupper()


@dataclass(frozen=True, slots=True)
class Cut:
    """The tokens of a message, and whether there was more than could be read."""

    tokens: tuple[Token, ...]
    is_cut: bool = False

    @property
    def is_dense(self) -> bool:
        """Whether it was cut for its many words, before its many characters."""
        return self.is_cut and len(self.tokens) >= MOST_TOKENS


def fold(text: str) -> str:
    """Return the text in lower case, accents off, so that Zoë and zoe are one."""
    if text.isascii():
        return text.lower()
    lowered = text.lower().replace("ł", "l").replace("ø", "o").replace("đ", "d").replace("ß", "ss")
    lowered = lowered.replace("æ", "ae").replace("ı", "i")
    if lowered.isascii():
        return lowered
    apart = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in apart if not unicodedata.combining(c))


def clean(text: str) -> str:
    """Return the text without mark-up, control characters and typographers' variants."""
    text = _ANSI.sub("", text)
    if "<" in text:
        text = _TAG.sub(" ", re.sub(r"<(?:br|p|div|li|tr)\b[^<>]{0,200}>", "\n", text, flags=re.I))
    if "&" in text:
        text = html.unescape(_ENTITY.sub(lambda found: found.group().lower(), text))
    text = unicodedata.normalize("NFC", text.replace("%", " percent ")).translate(_QUOTES)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    if text.isascii():
        return _CONTROL.sub("", text)
    unseen = "".join(c for c in set(text) - {"\n", "\t"} if _is_unseen(c))
    return text.translate(str.maketrans("", "", unseen))


def cut_up(text: str, rewrites: Mapping[str, tuple[str, ...]]) -> Cut:
    """Cut a cleaned text into tokens, each spelling turned into the one that is known."""
    is_cut = len(text) > MOST_CHARACTERS
    made: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(text[:MOST_CHARACTERS]):
        spaced = match.start() > end or match.start() == 0
        end = match.end()
        kind, typed = match.lastgroup or "sign", match.group()
        if len(made) >= MOST_TOKENS:
            return Cut(tuple(made), True)
        if kind == "mixed":
            made.extend(_mixed(typed, spaced, rewrites))
        elif kind == "word":
            made.extend(_word(typed, spaced, rewrites))
        elif kind == "sign":
            made.extend(_sign(typed, spaced))
        elif kind in ("time", "date", "pair", "hash"):
            made.append(Token(re.sub(r"\s", "", typed.lower()), typed, kind, spaced))
        else:
            made.append(Token(typed, typed, "punct", spaced))
    return Cut(tuple(_joined(made, rewrites)), is_cut)


def phrase_words(phrase: str, rewrites: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return a phrase of the lexicon as the words that the same phrase in a message becomes."""
    parts = phrase.split()
    if phrase.isascii() and phrase.islower() and "".join(parts).isalpha():
        if rewrites.keys().isdisjoint(parts):
            return tuple(parts)
        return tuple(word for part in parts for word in rewrites.get(part, (part,)))
    cut = cut_up(clean(phrase), rewrites)
    return tuple(t.word for t in cut.tokens if t.kind != "punct" or t.word in "&+?")


def _is_unseen(char: str) -> bool:
    category = unicodedata.category(char)
    return category in ("Cc", "Cf", "Cs", "Co", "Mn") and not _is_accent(char)


def _is_accent(char: str) -> bool:
    return "\u0300" <= char <= "\u036f"


def _mixed(typed: str, spaced: bool, rewrites: Mapping[str, tuple[str, ...]]) -> list[Token]:
    """ "every1" and "K7" are one word; "15mins" is two."""
    word = fold(typed)
    if word in rewrites:
        return _spread(rewrites[word], typed, spaced)
    digits = re.match(r"\d+", word)
    if digits is None or word.lstrip("0123456789") in ("st", "nd", "rd", "th"):
        return [Token(word, typed, "word", spaced)]
    size = digits.end()
    rest = _word(typed[size:], False, rewrites) if typed[size:].isalpha() else []
    return [Token(word[:size], typed[:size], "number", spaced), *rest]


def _word(typed: str, spaced: bool, rewrites: Mapping[str, tuple[str, ...]]) -> list[Token]:
    word = fold(typed)
    if word.isdecimal():
        return [Token(word, typed, "number", spaced)]
    if word[0].isdecimal():
        return [Token(word, typed, "word", spaced)]
    # "a' here" is "all here", and "a here" is not.
    if word in rewrites:
        return _spread(rewrites[word], typed, spaced)
    word = word.strip("'")
    if word in rewrites:
        return _spread(rewrites[word], typed, spaced)
    if "'" not in word:
        return [Token(word, typed, "word", spaced)] if word else []
    bare = word.replace("'", "")
    led, _, rest = word.partition("'")
    if f"{led}'*" in rewrites and len(rest) > 1:
        # "t'others"
        return _spread((*rewrites[f"{led}'*"], *rewrites.get(rest, (rest,))), typed, spaced)
    for size in _ENDINGS:
        stem, ending = word[:-size], word[-size:]
        meant = rewrites.get(f"*{ending}")
        if not stem or meant is None:
            continue
        if ending[0] != "'" and bare in rewrites:
            # "won't" is no "wo" and "not".
            return _spread(rewrites[bare], typed, spaced)
        head = rewrites.get(stem, (stem,)) if ending[0] == "'" else (stem,)
        return _spread((*head, *meant), typed, spaced)
    return [Token(bare, typed, "word", spaced)]


def _spread(words: tuple[str, ...], typed: str, spaced: bool) -> list[Token]:
    first = [Token(words[0], typed, "word", spaced)]
    return first + [Token(w, w, "word", False) for w in words[1:]]


def _sign(typed: str, spaced: bool) -> list[Token]:
    code = ord(typed)
    if 0x1F3FB <= code <= 0x1F3FF or code in (0xFE0F, 0x2640, 0x2642):
        return []
    if typed in SIGNS:
        return [Token(SIGNS[typed], typed, "sign", spaced)]
    return [Token("*", typed, "emoji", spaced)]


def _joined(tokens: list[Token], rewrites: Mapping[str, tuple[str, ...]]) -> list[Token]:
    """Mend "isn;t" and "isn t", and take hyphens out of words."""
    made: list[Token] = []
    for i, token in enumerate(tokens):
        before = made[-1] if made else None
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        glued = after is not None and not after.spaced and not token.spaced
        joins = token.word in ("-", "_") and token.kind == "punct" and glued
        # A hyphen inside a word only joins; beside a number it may be a range.
        if joins and before and after and before.kind == after.kind == "word":
            continue
        if token.word == "t" and before and before.kind == "punct" and len(made) > 1:
            stem = made[-2]
            if before.word in ";,.:" and not before.spaced and stem.word + "t" in rewrites:
                made[-2:] = _spread(rewrites[stem.word + "t"], stem.typed, stem.spaced)
                continue
        made.append(token)
    return made
