"""
Composing: a script and its facts become the words that will be sent.

Composed once, with the decision that says them, so that the outbox keeps exactly what went out.
Lists, plurals, times and short names are facts made here, never logic in a script. Times and
dates are local when they come in: this room knows no time zone.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Literal

from apbot.wording.gsm import fold
from apbot.wording.scripts import Script, fill

NameStyle = Literal["initial", "initials", "full"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

THIS_HALF = {"AM": "this morning", "PM": "this afternoon"}

TRANSLATED = (*_DAYS, *_MONTHS, *THIS_HALF.values())
"""The words of facts that a translation gives in its own language, below `words:`."""

# What a network takes in one text; Telegram and Twilio (error 21617) refuse a longer one.
_LONGEST = {"telegram": 4096, "sms": 1600, "whatsapp": 1600}


def compose(script: Script, facts: Mapping[str, str | int], channel: str) -> str:
    """
    Return the text of `script` on `channel`, its placeholders filled.

    An SMS takes the script's `sms` words where it has them, and is folded into the GSM alphabet.
    Raises MissingFact, naming script and fact.
    """
    text = fill(script, script.words(channel), facts)
    return fold(text) if channel == "sms" else text


def compose_line(script: Script, facts: Mapping[str, str | int], channel: str) -> str | None:
    """Return the script as one line among others, or None where it is always its own text."""
    if channel == "voice" and script.voice is not None:
        return fill(script, script.voice, facts).strip()
    if script.line is None:
        return None
    filled = fill(script, script.line, facts)
    # A fact that is empty leaves no space behind it.
    text = "\n".join(line.strip() for line in filled.splitlines()).strip()
    return fold(text) if channel == "sms" else text


def longest(channel: str) -> int:
    """Return how many characters the channel takes in one text."""
    return _LONGEST.get(channel, min(_LONGEST.values()))


def pages(text: str, channel: str) -> tuple[str, ...]:
    """
    Return the text as one or more that the channel takes, split at a line's or word's end.

    A concern is passed on word for word, however long it is; cutting it short could cut off the
    word that matters.
    """
    room = longest(channel)
    found: list[str] = []
    rest = text
    while _length(rest) > room:
        cut = _cut(rest, room)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return tuple(page for page in (*found, rest) if page) or ("",)


def listed(names: Sequence[str], word: str = "and") -> str:
    """Return "Aiden B", "Aiden B and Chloe D", "Aiden B, Chloe D and Femi O"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return "1 pupil", "3 pupils" or "no pupils"; `many` where an s does not make it."""
    if count == 1:
        return f"1 {one}"
    return f"{count or 'no'} {many or one + 's'}"


def clock_time(moment: time | datetime) -> str:
    """Return a local time as "09:36"."""
    return f"{moment.hour:02}:{moment.minute:02}"


def day(on: date, words: Mapping[str, str] | None = None) -> str:
    """Return a date as "Mon 23 Nov", the same on every machine; `words` are another language's."""
    weekday, month = _DAYS[on.weekday()], _MONTHS[on.month - 1]
    said = words or {}
    return f"{said.get(weekday, weekday)} {on.day} {said.get(month, month)}"


def short_names(
    pupils: Sequence[tuple[str, str | None]], style: NameStyle = "initial"
) -> list[str]:
    """
    Return what to call each (full name, known as) on a phone: "Chloe D", in the same order.

    A name is longer only where two of the list would look alike: "Jack Tu" and "Jack Ti", at
    last the full name. Alike is as an SMS shows them, so "Zoë B" and "Zoe B" are. Names that
    differ in full never come out the same.
    """
    ladders = [_ladder(full, known_as, style) for full, known_as in pupils]
    rungs = [0] * len(ladders)
    while True:
        names = [ladder[rung] for ladder, rung in zip(ladders, rungs, strict=True)]
        seen = [_as_seen(name) for name in names]
        alike = Counter(seen)
        climbing = [
            position
            for position, name in enumerate(seen)
            if alike[name] > 1 and rungs[position] < len(ladders[position]) - 1
        ]
        if not climbing:
            return names
        for position in climbing:
            rungs[position] += 1


# What a surname is not cut to: typed back, "Alex Me" or "Alex Is" would be words of the answer.
_ALSO_WORDS = frozenset(
    (
        *("am", "an", "and", "are", "as", "at", "be", "but", "by", "can", "did", "do", "for"),
        *("get", "go", "got", "had", "has", "he", "her", "him", "his", "if", "in", "is", "it"),
        *("its", "late", "left", "let", "me", "my", "no", "not", "now", "of", "off", "oh", "ok"),
        *("on", "one", "or", "our", "out", "own", "she", "so", "than", "that", "the", "they"),
        *("this", "to", "too", "two", "up", "us", "was", "we", "who", "why", "will", "with"),
        *("yes", "yet", "you"),
    )
)


def _ladder(full: str, known_as: str | None, style: NameStyle) -> list[str]:
    """Return what a pupil can be called, the shortest first and the full name last."""
    full = " ".join(unicodedata.normalize("NFC", full).split())
    words = full.split()
    if style == "full" or not words:
        return [full]
    words[0] = " ".join(unicodedata.normalize("NFC", known_as or "").split()) or words[0]
    longest = max(len(word) for word in words)
    if style == "initials":
        initials = "".join(word[0] for word in words)
        return [initials, *_unbroken(words, [0] * len(words), longest), full]
    given, family = words[0], words[1:][-1:]
    if not family:
        return [given, full]
    cut = _unbroken([given, *family], [len(given), 0], longest)
    return [*(name for name in cut if name.split()[-1].casefold() not in _ALSO_WORDS), full]


def _unbroken(words: Sequence[str], least: Sequence[int], longest: int) -> list[str]:
    """Return the words cut to ever more letters, never just after an apostrophe or hyphen."""
    rungs = [
        " ".join(word[: max(letters, shown)] for word, shown in zip(words, least, strict=True))
        for letters in range(1, longest + 1)
    ]
    return [rung for rung in rungs if rung[-1:].isalnum()]


def _as_seen(name: str) -> str:
    return fold(name).casefold()


def _length(text: str) -> int:
    """UTF-16 units, which is how the networks count."""
    return len(text) + sum(1 for letter in text if ord(letter) > 0xFFFF)


def _cut(text: str, room: int) -> int:
    """Return where to cut: the last line's end in the second half of the room, else a word's."""
    fits, used = 0, 0
    for letter in text:
        used += 2 if ord(letter) > 0xFFFF else 1
        if used > room:
            break
        fits += 1
    for end in (r"\n", r"\s"):
        cuts = [found.start() for found in re.finditer(end, text[: fits + 1])]
        if cuts and cuts[-1] > fits // 2:
            return cuts[-1]
    return fits
