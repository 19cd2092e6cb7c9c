"""
Times: what a clock time, or a number of minutes, in a message comes to.

Twelve-hour times are read inside the working day, 07:00 to 18:59. A count of minutes is kept as a
count: whether it runs from the pupil's start or from now depends on what is said with it.
"""

import re
from dataclasses import dataclass
from datetime import time

from apbot.reading.tokens import Token

_HOURS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_MINUTES = {
    **_HOURS,
    "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "quarter": 15,
    "half": 30, "couple": 2, "few": 5, "fourty": 40,
}  # fmt: skip
_UNITS = ("minutes", "minits", "m", "min", "mins")
_ABOUT = (
    "about",
    "around",
    "approx",
    "roughly",
    "another",
    "like",
    "bout",
    "circa",
    "maybe",
    "the",
    "next",
    "within",
    "just",
)
_BEFORE_HOUR = frozenset(
    (
        "eta",
        "due",
        "expected",
        "at",
        "by",
        "for",
        "till",
        "until",
        "til",
        "around",
        "about",
        "@",
        "after",
        "from",
        "approx",
        "before",
        "circa",
        "towards",
        "gone",
        "late",
        "l",
        "since",
    )
)


@dataclass(frozen=True, slots=True)
class When:
    """
    A time said in a message: minutes past midnight, or a count of minutes.

    `hourless` is "ten past": the hour is the one that is near. `led_by` is the word before it.
    """

    at: int | None = None
    count: int | None = None
    hourless: bool = False
    led_by: str = ""

    def settled(self, now: time) -> int | None:
        """Return minutes past midnight, the hour of "ten past" being the one nearest to `now`."""
        if self.at is None or not self.hourless:
            return self.at
        present = now.hour * 60 + now.minute
        choices = [hour * 60 + self.at for hour in range(7, 19)]
        return min(choices, key=lambda each: (abs(each - present), each > present))


def as_time(minutes: int) -> time:
    """Return minutes past midnight as a time of day."""
    return time(minutes // 60 % 24, minutes % 60)


def minutes_of(moment: time) -> int:
    """Return a time of day as minutes past midnight."""
    return moment.hour * 60 + moment.minute


def find_time(tokens: tuple[Token, ...], at: int) -> tuple[int, When] | None:
    """Return how many tokens a time takes from here, and the time; None where there is none."""
    led = _led_by(tokens, at)
    for shape in (
        _past_or_to,
        _clock,
        _and_minutes,
        _counted,
        _spoken_pair,
        _four_digits,
        _bare_hour,
    ):
        found = shape(tokens, at, led)
        if found is not None:
            length, when = found
            return _with_trimmings(tokens, at, length), when
    return None


def _word(tokens: tuple[Token, ...], i: int) -> str:
    return tokens[i].word if 0 <= i < len(tokens) else ""


def _led_by(tokens: tuple[Token, ...], at: int) -> str:
    i = at - 1
    while i >= 0 and tokens[i].word in _ABOUT:
        if tokens[i].word == "about":
            break
        i -= 1
    return _word(tokens, i)


def _with_trimmings(tokens: tuple[Token, ...], at: int, length: int) -> int:
    end = at + length
    while end < len(tokens) and tokens[end].word in (
        "ish",
        "o'clock",
        "oclock",
        "clock",
        "am",
        "sharp",
        "prompt",
    ):
        end += 1
    return end - at


def _in_day(hour: int, minute: int, half: str = "") -> int | None:
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        return None
    if (half == "p" and hour < 12) or (half == "" and 1 <= hour <= 6):
        hour += 12
    return hour * 60 + minute


def _clock(tokens: tuple[Token, ...], at: int, led: str) -> tuple[int, When] | None:
    token = tokens[at]
    if token.kind == "time":
        match = re.match(r"(\d{1,2})(?:[:.](\d{2}))?(?:([ap])\.?m\.?)?", token.word)
        if match is None:
            return None
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3] or ""
        length = 1
        if not half and _word(tokens, at + 1) in ("am", "pm"):
            half, length = _word(tokens, at + 1)[0], 2
        minutes = _in_day(hour, minute, half)
        return (length, When(minutes, led_by=led)) if minutes is not None else None
    split = (
        token.kind == "number"
        and _word(tokens, at + 1) in ("-", ";", "h", ",")
        and len(token.word) < 3
    )
    if split and at + 2 < len(tokens) and re.fullmatch(r"[0-5]\d", tokens[at + 2].word):
        glued = not tokens[at + 1].spaced and not tokens[at + 2].spaced
        hour = int(token.word)
        if glued and 7 <= hour <= 18 and (_word(tokens, at + 1) != "-" or led in _BEFORE_HOUR):
            return 3, When(_in_day(hour, int(tokens[at + 2].word)), led_by=led)
    return None


def _past_or_to(tokens: tuple[Token, ...], at: int, led: str) -> tuple[int, When] | None:
    """ten past, quarter to 10, half nine, half past, 20 past 9, five to."""
    if _word(tokens, at) == "five" and _word(tokens, at + 1) == "and":
        # "five and twenty past nine"
        further = _past_or_to(tokens, at + 2, led)
        if further is not None and _word(tokens, at + 2) == "twenty" and further[1].at is not None:
            to = _word(tokens, at + 3) == "to"
            said = further[1]
            return 2 + further[0], When(
                further[1].at + (-5 if to else 5), hourless=said.hourless, led_by=led
            )
    word = _word(tokens, at)
    count = int(word) if word.isdigit() and len(word) < 3 else _MINUTES.get(word)
    if count is None or count > 59:
        return None
    i = at + 1
    if word in ("couple", "few"):
        return None
    if _word(tokens, i) in ("minutes",):
        i += 1
    joint = _word(tokens, i)
    if word == "half" and joint != "past":
        hour = _hour(tokens, i)
        return (i - at + 1, When(_in_day(hour, 30), led_by=led)) if hour else None
    if joint not in ("past", "to", "gone", "after") or (
        joint in ("gone", "after") and word != "half"
    ):
        return None
    if word.isdigit() and count % 5 and _word(tokens, at + 1) != "minutes":
        return None
    hour = _hour(tokens, i + 1)
    if hour and _hour_stands(tokens, i + 1):
        minutes = _in_day(hour, 0)
        assert minutes is not None
        return i - at + 2, When(minutes + (count if joint == "past" else -count), led_by=led)
    if joint == "to" and not _ends(tokens, i + 1):
        return None
    return i - at + 1, When(count if joint == "past" else 60 - count, hourless=True, led_by=led)


def _hour(tokens: tuple[Token, ...], i: int) -> int | None:
    word = _word(tokens, i)
    hour = int(word) if word.isdigit() and len(word) < 3 else _HOURS.get(word)
    return hour if hour and 1 <= hour <= 18 else None


def _hour_stands(tokens: tuple[Token, ...], i: int) -> bool:
    return _word(tokens, i + 1) not in _UNITS


def _ends(tokens: tuple[Token, ...], i: int) -> bool:
    return i >= len(tokens) or tokens[i].kind in ("punct", "emoji", "sign")


def _counted(tokens: tuple[Token, ...], at: int, led: str) -> tuple[int, When] | None:
    """15 mins, ten minutes, half an hour, an hour, a couple of minutes, quarter of an hour."""
    word, i = _word(tokens, at), at + 1
    if word in ("half", "quarter") or (word == "an" and _word(tokens, i) == "hour"):
        count = {"half": 30, "quarter": 15}.get(word, 60)
        if word == "quarter" and _word(tokens, i) == "of":
            i += 1
        if word != "an" and _word(tokens, i) in ("an", "a"):
            i += 1
        if _word(tokens, i) in ("hour", "hr"):
            return i - at + 1, When(count=count, led_by=led)
        return None
    if word == "a" and _word(tokens, i) in ("couple", "few"):
        word, i = _word(tokens, i), i + 1
    count_or_none = int(word) if word.isdigit() and len(word) < 4 else _MINUTES.get(word)
    if count_or_none is None or word in ("half", "quarter"):
        return None
    if (
        _word(tokens, i) in ("-", "to", "or")
        and _word(tokens, i + 1).isdigit()
        and _word(tokens, i + 2) in _UNITS
    ):
        count_or_none, i = int(_word(tokens, i + 1)), i + 2
    if _word(tokens, i) == "more":
        i += 1
    if _word(tokens, i) in ("of", "or") and word in ("couple", "few"):
        i += 1
    if _word(tokens, i) in _UNITS or (_word(tokens, i) in ("hour", "hours") and count_or_none <= 4):
        hours = _word(tokens, i) in ("hour", "hours")
        length = i - at + 1
        if _word(tokens, i + 1) == "'s":
            length += 1
        return length, When(count=count_or_none * (60 if hours else 1), led_by=led)
    return None


def _and_minutes(tokens: tuple[Token, ...], at: int, led: str) -> tuple[int, When] | None:
    """ "come 9 and 30": the hour and the minutes, as other languages say them."""
    words = [_word(tokens, at + step) for step in range(3)]
    if words[1] != "and" or not (words[0].isdigit() and words[2].isdigit()):
        return None
    hour, minute = int(words[0]), int(words[2])
    is_clock = 7 <= hour <= 18 and minute in range(5, 60, 5)
    if is_clock and led in ("come", "came", "arrive", "arrived", "at", "is"):
        return 3, When(_in_day(hour, minute), led_by=led)
    return None


def _spoken_pair(tokens: tuple[Token, ...], at: int, led: str) -> tuple[int, When] | None:
    """nine fifty, ten thirty, nine forty five."""
    hour = _HOURS.get(_word(tokens, at))
    minute = _MINUTES.get(_word(tokens, at + 1)) if hour else None
    if (
        hour is None
        or (hour < 7 and hour > 3)
        or minute is None
        or minute < 10
        or _word(tokens, at + 1) in ("half", "quarter", "ten", "eleven", "twelve")
    ):
        return None
    length = 2
    if minute >= 20 and _HOURS.get(_word(tokens, at + 2), 10) < 10:
        minute, length = minute + _HOURS[_word(tokens, at + 2)], 3
    return length, When(_in_day(hour, minute), led_by=led)


def _four_digits(tokens: tuple[Token, ...], at: int, led: str) -> tuple[int, When] | None:
    token = tokens[at]
    if token.kind != "number" or len(token.word) not in (3, 4):
        return None
    hour, minute = int(token.word[:-2]), int(token.word[-2:])
    half = _word(tokens, at + 1)[0] if _word(tokens, at + 1) in ("am", "pm") else ""
    minutes = _in_day(hour, minute, half)
    if minutes is None or not 420 <= minutes <= 1139:
        return None
    return 1 + bool(half), When(minutes, led_by=led)


def _bare_hour(tokens: tuple[Token, ...], at: int, led: str) -> tuple[int, When] | None:
    """at ten, by 11, for 11: an hour only where a word before it says so. "in 15" is a count."""
    word = _word(tokens, at)
    after = _word(tokens, at + 1)
    number = int(word) if word.isdigit() and len(word) < 3 else _MINUTES.get(word)
    if number is None or word in ("half", "quarter", "couple", "few"):
        return None
    if after in ("am", "pm"):
        return 2, When(_in_day(number, 0, after[0]), led_by=led)
    if after in ("ish", "oclock", "clock") or (after == "o" and _word(tokens, at + 2) == "clock"):
        minutes = _in_day(number, 0)
        return (1 + (after == "o") * 2, When(minutes, led_by=led)) if minutes else None
    if after == "of" or after in ("others", "other", "kids", "lads", "pupils"):
        return None
    near = _word(tokens, at - 1)
    if near == "from" and _word(tokens, at - 2) in ("apart", "aside", "away"):
        return None
    if near in _BEFORE_HOUR or led in ("at", "by", "till", "until", "til", "@"):
        if near in ("late", "l") or (
            near == "for" and _word(tokens, at - 2) not in ("back", "in", "here", "due")
        ):
            return None
        if near in ("about", "around", "approx") and led == "in":
            return None
        hour = _hour(tokens, at)
        minutes = _in_day(hour, 0) if hour else None
        return (1, When(minutes, led_by=led)) if minutes is not None else None
    return None
