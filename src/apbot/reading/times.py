"""
Times: what a clock time, or a number of minutes, in a message comes to.

Twelve-hour times are read inside the working day, 07:00 to 18:59. A count of minutes is kept as a
count: whether it runs from the pupil's start or from now depends on what is said with it.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import time

from apbot.reading.neighbours import Neighbours
from apbot.reading.tokens import Token


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

    def settled(self, now: time, *, is_past: bool = False) -> int | None:
        """
        Return minutes past midnight, the hour of "ten past" being the one nearest to `now`.

        `is_past` is for what has happened: "came at ten past" is not of the hour to come.
        """
        if self.at is None or not self.hourless:
            return self.at
        present = now.hour * 60 + now.minute
        choices = [hour * 60 + self.at for hour in range(7, 19)]
        if is_past:
            choices = [each for each in choices if each <= present] or choices
        return min(choices, key=lambda each: (abs(each - present), each > present))


def as_time(minutes: int) -> time:
    """Return minutes past midnight as a time of day."""
    return time(minutes // 60 % 24, minutes % 60)


def minutes_of(moment: time) -> int:
    """Return a time of day as minutes past midnight."""
    return moment.hour * 60 + moment.minute


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the message at which a time may begin, and the word that leads to it."""

    tokens: tuple[Token, ...]
    at: int
    beside: Neighbours
    led: str = ""

    def word(self, step: int = 0) -> str:
        """Return the word so many steps on, or nothing beyond the ends."""
        i = self.at + step
        return self.tokens[i].word if 0 <= i < len(self.tokens) else ""

    def further(self, step: int) -> "_Place":
        """Return the place so many steps on."""
        return _Place(self.tokens, self.at + step, self.beside, self.led)

    def number(self, step: int, words: Mapping[str, int], digits: int = 2) -> int | None:
        """Return the number written there, in digits or in words."""
        word = self.word(step)
        if word.isdecimal():
            return int(word) if len(word) <= digits else None
        return words.get(word)

    def hour(self, step: int) -> int | None:
        """Return the hour written there."""
        hour = self.number(step, self.beside.hours)
        return hour if hour and 1 <= hour <= 18 else None

    def half(self, step: int) -> str:
        """Return "a" or "p" where "am" or "pm" stands there."""
        return self.word(step)[0] if self.word(step) in ("am", "pm") else ""

    def stands_before(self, words: Collection[str]) -> bool:
        """Whether one of these words is the next."""
        return self.word(1) in words

    def when(self, length: int, at: int | None) -> "_Found":
        """Return the time of so many tokens, or None where it is none."""
        return None if at is None else (length, When(at, led_by=self.led))

    def count(self, length: int, count: int) -> "_Found":
        """Return the count of minutes of so many tokens."""
        # "in about 20 mins": from now, as "in 20 mins" is.
        about = self.led in self.beside.leads_by_itself and self.word(-2) in self.beside.bare_in
        return length, When(count=count, led_by=self.word(-2) if about else self.led)


_Found = tuple[int, When] | None
_NOON = 12


def find_time(tokens: tuple[Token, ...], at: int, beside: Neighbours) -> _Found:
    """Return how many tokens a time takes from here, and the time; None where there is none."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    if token.kind not in ("time", "number") and not _may_begin(token.word, beside):
        return None
    place = _Place(tokens, at, beside, _led_by(tokens, at, beside))
    for shape in _SHAPES:
        found = shape(place)
        if found is not None:
            length, when = found
            while at + length < len(tokens) and tokens[at + length].word in beside.after_time:
                length += 1
            return length, when
    return None


def _may_begin(word: str, beside: Neighbours) -> bool:
    return word in beside.minutes or word in beside.a_or_an


def _led_by(tokens: tuple[Token, ...], at: int, beside: Neighbours) -> str:
    i = at - 1
    # "in about ten" may be an hour, "in another ten" is not: an "about" leads by itself.
    while (
        i >= 0 and tokens[i].word in beside.about and tokens[i].word not in beside.leads_by_itself
    ):
        i -= 1
    return tokens[i].word if i >= 0 else ""


def _in_day(hour: int, minute: int, half: str = "") -> int | None:
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        return None
    if (half == "p" and hour < 12) or (half == "" and 1 <= hour <= 6):
        hour += 12
    return hour * 60 + minute


def _clock(place: _Place) -> _Found:
    """9:50, 9.50am, 9-50."""
    token = place.tokens[place.at]
    if token.kind == "time":
        match = re.match(r"(\d{1,2})(?:[:.](\d{2}))?(?:([ap])\.?m\.?)?", token.word)
        if match is None:
            return None
        half = match[3] or place.half(1)
        return place.when(
            1 + (half != (match[3] or "")), _in_day(int(match[1]), int(match[2] or 0), half)
        )
    joint, minute = place.word(1), place.word(2)
    if token.kind != "number" or joint not in ("-", ";", "h", ","):
        return None
    if len(token.word) > 2 or not re.fullmatch(r"[0-5]\d", minute):
        return None
    glued = not any(each.spaced for each in place.tokens[place.at + 1 : place.at + 3])
    led = joint != "-" or place.led in place.beside.before_hour
    if not glued or not led or not 7 <= int(token.word) <= 18:
        return None
    return place.when(3, _in_day(int(token.word), int(minute)))


def _past_or_to(place: _Place) -> _Found:
    """ten past, quarter to 10, half nine, half past, 20 past 9, five to."""
    word, beside = place.word(), place.beside
    if _is_five(place, 0) and place.word(1) in beside.bare_and and _is_twenty(place, 2):
        return _five_and_twenty(place)
    if _is_twenty(place, 0) and _is_five(place, 1) and _is_joint(place, 2):
        return _twenty_five(place)
    count = place.number(0, beside.minutes)
    if count is None or count > 59 or word in beside.some_minutes:
        return None
    i = 2 if place.word(1) in beside.minute_units else 1
    past = place.word(i) in beside.past_the_hour
    if beside.parts_of_an_hour.get(word) == 30 and not past:
        hour = place.hour(i)
        return place.when(i + 1, _in_day(hour, 30)) if hour else None
    if not _is_joint(place, i):
        return None
    if word.isdecimal() and count % 5 and i == 1:
        return None
    hour = place.hour(i + 1)
    if hour and place.word(i + 2) not in beside.minute_units:
        on = _in_day(hour, 0)
        return place.when(i + 2, None if on is None else on + (count if past else -count))
    ends = _ends(place, i + 1) or place.word(i + 1) in beside.behind_the_hour
    ends = ends or (
        place.word(i + 1) in place.beside.it_was and place.word(i + 2) in place.beside.was
    )
    if (not past and not ends) or place.word(i) in beside.needs_its_hour:
        return None
    return i + 1, When(count if past else 60 - count, hourless=True, led_by=place.led)


def _is_five(place: _Place, step: int) -> bool:
    return place.beside.hours.get(place.word(step)) == 5


def _is_twenty(place: _Place, step: int) -> bool:
    return place.beside.tens.get(place.word(step)) == 20


def _is_joint(place: _Place, step: int) -> bool:
    word = place.word(step)
    return word in place.beside.past_the_hour or word in place.beside.to_the_hour


def _twenty_five(place: _Place) -> _Found:
    """ "twenty five past", "twenty five to ten"."""
    found = _past_or_to(place.further(1))
    if found is None:
        return None
    length, when = found
    more = -20 if place.word(2) in place.beside.to_the_hour else 20
    if when.at is not None:
        return length + 1, replace(when, at=when.at + more)
    return length + 1, replace(when, count=(when.count or 0) + more)


def _five_and_twenty(place: _Place) -> _Found:
    """five and twenty past nine."""
    found = _past_or_to(place.further(2))
    if found is None or found[1].at is None:
        return None
    more = -5 if place.word(3) in place.beside.to_the_hour else 5
    return found[0] + 2, replace(found[1], at=found[1].at + more)


def _ends(place: _Place, step: int) -> bool:
    i = place.at + step
    return i >= len(place.tokens) or place.tokens[i].kind in ("punct", "emoji", "sign")


def _counted(place: _Place) -> _Found:
    """15 mins, ten minutes, half an hour, an hour, a couple of minutes, quarter of an hour."""
    word, i = place.word(), 1
    beside = place.beside
    if word in beside.parts_of_an_hour or word in beside.an:
        return _of_an_hour(place)
    if word in beside.a_or_an and place.word(i) in beside.some_minutes:
        word, i = place.word(i), i + 1
    count = place.number(i - 1, beside.minutes, digits=3)
    if count is None:
        return None
    either = (place.word(i) == "-" or place.word(i) in beside.or_to) and place.word(
        i + 1
    ).isdecimal()
    if either and place.word(i + 2) in beside.minute_units:
        count, i = int(place.word(i + 1)), i + 2
    if place.word(i) in beside.so_many_more:
        i += 1
    if place.word(i) in beside.of_or and word in beside.some_minutes:
        i += 1
    hours = place.word(i) in beside.hour_units
    if place.word(i) in beside.minute_units or (hours and count <= 4):
        return place.count(
            i + 1 + (place.word(i + 1) in beside.own_s), count * (60 if hours else 1)
        )
    return None


def _of_an_hour(place: _Place) -> _Found:
    word, i, parts = place.word(), 1, place.beside.parts_of_an_hour
    if parts.get(word) == 15 and place.word(i) in place.beside.bare_of:
        i += 1
    if word not in place.beside.a_or_an and place.word(i) in place.beside.a_or_an:
        i += 1
    is_hour = place.word(i) in place.beside.hour_units
    return place.count(i + 1, parts.get(word, 60)) if is_hour else None


def _and_minutes(place: _Place) -> _Found:
    """ "come 9 and 30": the hour and the minutes, as other languages say them."""
    hour, minute = place.word(), place.word(2)
    minute = str(place.beside.parts_of_an_hour.get(minute, minute))
    if place.word(1) not in place.beside.bare_and or not (hour.isdecimal() and minute.isdecimal()):
        return None
    is_clock = 7 <= int(hour) <= 18 and int(minute) in range(5, 60, 5)
    led = place.led in place.beside.before_foreign_time
    return place.when(3, _in_day(int(hour), int(minute))) if is_clock and led else None


def _spoken_pair(place: _Place) -> _Found:
    """nine fifty, ten thirty, nine forty five."""
    beside = place.beside
    hour = beside.hours.get(place.word())
    minute = beside.tens.get(place.word(1)) if hour else None
    if hour is None or minute is None or 3 < hour < 7:
        return None
    length, more = 2, beside.hours.get(place.word(2), 10)
    if minute >= 20 and more < 10:
        minute, length = minute + more, 3
    return place.when(length, _in_day(hour, minute))


def _four_digits(place: _Place) -> _Found:
    """0950, 1020pm."""
    token = place.tokens[place.at]
    if token.kind != "number" or len(token.word) not in (3, 4):
        return None
    half = place.half(1)
    minutes = _in_day(int(token.word[:-2]), int(token.word[-2:]), half)
    if minutes is None or not 420 <= minutes <= 1139:
        return None
    return place.when(1 + bool(half), minutes)


def _bare_hour(place: _Place) -> _Found:
    """at ten, by 11, for 11: an hour only where a word before it says so. "in 15" is a count."""
    beside, word, after = place.beside, place.word(), place.word(1)
    number = place.number(0, beside.minutes)
    if number is None or word in beside.some_minutes or word in beside.parts_of_an_hour:
        return None
    if place.half(1):
        return place.when(2, _in_day(number, 0, place.half(1)))
    if after in beside.o_clock or (after in beside.o_of_clock and place.word(2) in beside.o_clock):
        return place.when(1 + 2 * (after in beside.o_of_clock), _in_day(number, 0) or None)
    if after in beside.bare_of or after in beside.counted_others:
        return None
    if _is_to_the_minute(place):
        return place.when(1, _in_day(number, 0) or None)
    near, farther = place.word(-1), place.word(-2)
    if near in beside.bare_from and farther in beside.before_from:
        return None
    if near not in beside.before_hour and place.led not in beside.before_hour_first:
        return None
    if near in beside.late_by or (near in beside.bare_for and farther not in beside.before_for):
        return None
    if near in beside.about and place.led in beside.bare_in:
        return None
    hour = place.hour(0)
    if hour is None or (hour > _NOON and near in beside.about):
        # "in about 15": minutes, where "about 10" may be an hour.
        return None
    return place.when(1, _in_day(hour, 0))


def _is_to_the_minute(place: _Place) -> bool:
    """ "two ON THE DOT"."""
    behind = " ".join(place.word(step) for step in range(1, 4))
    return any(f"{behind} ".startswith(f"{each} ") for each in place.beside.to_the_minute)


_SHAPES = (
    _past_or_to,
    _clock,
    _and_minutes,
    _counted,
    _spoken_pair,
    _four_digits,
    _bare_hour,
)
