"""
Cells: what a person writes for a day, a time, a number or a word, as a value.

Each reader takes the words as typed, allows what cannot be misread, and raises Unclear for the
rest. A day comes before its month, as in England; a week begins on Monday.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import TypeVar

from apbot.domain.calendar import BOTH_HALVES, at
from apbot.domain.people import Role, Span, Weekday
from apbot.domain.words import Half, Reason
from apbot.loading.checking import Unclear, nearest

T = TypeVar("T")

Reader = Callable[[str], object]
"""Takes the words as typed, returns what they mean, raises Unclear."""

# The year does not matter: it is the names that are wanted.
MONTH_NAMES = [f"{date(2000, month, 1):%B}" for month in range(1, 13)]
DAY_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
SCHOOL_DAYS = range(5)

# A timetable's day without a half: whatever the provider runs that day.
EVERY_HALF: tuple[None] = (None,)

# A person is asked or told in the working day; a session at 01:15 was meant for the afternoon.
FIRST_HOUR, LAST_HOUR = time(7, 0), time(19, 0)

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "ar": "Arabic",
    "bn": "Bengali",
    "bg": "Bulgarian",
    "cy": "Welsh",
    "de": "German",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "gu": "Gujarati",
    "hi": "Hindi",
    "it": "Italian",
    "ku": "Kurdish",
    "lt": "Lithuanian",
    "ne": "Nepali",
    "pa": "Panjabi",
    "pl": "Polish",
    "ps": "Pashto",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "so": "Somali",
    "sq": "Albanian",
    "ta": "Tamil",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "yo": "Yoruba",
    "zh": "Chinese",
}

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?: 00:00(?::00)?)?", re.A)
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?P<sep>[/.-])(?P<month>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})", re.A
)
_NAMED_MONTH = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<month>[a-z]+)[ -](?P<year>\d{4}|\d{2})", re.A
)
_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2})(?::00)?)? ?(am|pm)?", re.A)
_EMAIL = re.compile(r"[^\s@,;<>]{1,64}@[^\s@,;<>]+\.[^\s@,;<>]{2,}")
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.A)
_SPAN_WORD = re.compile(r"\s+(?:to|until|-)\s+|\s*[–—]\s*")
_LIST_SEPARATOR = re.compile(r"\s*[,;+&/]\s*|\s+and\s+", re.I)


def email_in(text: str) -> str:
    """Return an e-mail address in lower case. Raises Unclear for what is none."""
    if not _EMAIL.fullmatch(text):
        raise Unclear("is no e-mail address", "write it as gill@example.org")
    return text.casefold()


def key_in(text: str) -> str:
    """Return a key: small letters and figures, with hyphens between."""
    if not _KEY.fullmatch(text):
        raise Unclear("is no key", "use small letters, figures and hyphens, as in alder-farm")
    return text


def name_in(text: str) -> str:
    """Return a name: anything with a letter in it."""
    if not any(letter.isalpha() for letter in text):
        raise Unclear("is no name", "write it as it is said")
    return text


def yes_or_no_in(text: str) -> bool:
    """Return True for yes, y, true; False for no, n, false, never."""
    words = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False}
    return _one_of(text, words | {"never": False}, shown=("yes", "no"))


def day_in(text: str) -> date:
    """Return the day: 2026-11-23, 23 Nov 2026 or 23/11/2026, a weekday before it or not."""
    weekday, written = _without_weekday(text.casefold())
    for pattern in (_ISO, _DAY_FIRST, _NAMED_MONTH):
        if match := pattern.fullmatch(written):
            break
    else:
        if written.isdigit():
            raise Unclear("is a spreadsheet's own count of days", "show the column as dates")
        raise Unclear("is no day", "write it as 2026-11-23, 23 Nov 2026 or 23/11/2026")
    month = match["month"]
    number = int(month) if month.isdigit() else _month_number(month)
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    try:
        on = date(year, number, int(match["day"]))
    except ValueError:
        remedy = "the day comes first, as in 23/11/2026"
        if 1 <= number <= 12 and year:
            last = monthrange(year, number)[1]
            remedy = f"{MONTH_NAMES[number - 1]} {year} has {last} days"
        raise Unclear("is no day of any year", remedy) from None
    if not 2000 <= on.year <= 2100:
        raise Unclear("is not in this century", "check the year")
    if weekday is not None and weekday != on.weekday():
        raise Unclear(f"is a {on:%A}", "one of the two is wrong")
    return on


def time_in(text: str) -> time:
    """Return the time: 09:30, 9.30, 0930, 9.30am or 2pm."""
    match = _TIME.fullmatch(text.casefold())
    remedy = "write it by the 24-hour clock, as in 09:30 or 13:15"
    if match is None or not (match[2] or match[3]):
        raise Unclear("is no time", remedy)
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] is not None and not 1 <= hour <= 12:
        raise Unclear("is no time", remedy)
    if match[3] is not None:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    if hour > 23 or minute > 59:
        raise Unclear("is no time", remedy)
    return time(hour, minute)


def session_time_in(text: str) -> time:
    """Return a time inside the working day, 07:00 to 19:00."""
    when = time_in(text)
    if not FIRST_HOUR <= when <= LAST_HOUR:
        raise Unclear("is outside 07:00 to 19:00", "afternoons are 13:15, not 1:15")
    return when


def moment_in(text: str) -> datetime:
    """Return the moment, in UTC, of a local day and time: 2026-11-23 08:55."""
    day, _, when = text.rpartition(" ")
    if not day:
        raise Unclear("is no day and time", "write both, as in 2026-11-23 08:55")
    return at(day_in(day), time_in(when))


def minutes_in(text: str) -> int:
    """Return whole minutes: at least one, at most a day."""
    if not re.fullmatch(r"-?\d{1,6}", text, re.A):
        raise Unclear("is no number of minutes", "write a whole number, as in 30")
    minutes = int(text)
    if minutes < 1:
        raise Unclear("is not above zero", "a clock runs forward: write 1 or more")
    if minutes > 24 * 60:
        raise Unclear("is more than a day", "write minutes, as in 30")
    return minutes


def weekdays_in(text: str) -> frozenset[Weekday]:
    """Return the days of the week: "Mon-Fri", "Mon, Wed" or "every day"."""
    return frozenset(day for part in _parts(text) for day in _days_of(part))


def timetable_in(text: str) -> tuple[tuple[Weekday, Half | None], ...]:
    """
    Return weekdays and halves: "Mon AM, Tue, Thu PM", "Mon-Fri" or "Mon-Wed AM".

    A day without a half is None: all that the provider runs that day. A half belongs to the day or
    days of its own part, between commas; "Mon Tue AM" could be meant in two ways and is unclear.
    """
    slots: list[tuple[Weekday, Half | None]] = []
    for part in _parts(text):
        match = re.fullmatch(r"(.*?)((?: ?\b(?:am|pm|all day|both)\b)*)", part, re.I)
        words = match[2].casefold() if match else ""
        days = match[1].strip() if match else part
        halves = [half for half in Half if half.casefold() in words]
        if not days:
            raise Unclear("has a half with no day", "write 'Mon' for all day, 'Mon AM' for a half")
        listed = _days_of(days)
        if halves and " " in days and not re.search("[-–—]| to ", days):
            first, *_, last = days.split()
            remedy = f"write '{first} {halves[0]}, {last} {halves[0]}'"
            raise Unclear("could be meant in two ways", remedy)
        slots += [(day, half) for day in listed for half in (halves or EVERY_HALF)]
    return tuple(slots)


def halves_in(text: str) -> frozenset[Half]:
    """Return AM, PM or both."""
    words = {"am": {Half.AM}, "pm": {Half.PM}, "both": set(Half), "all day": set(Half)}
    halves: set[Half] = set()
    for part in _LIST_SEPARATOR.split(text):
        halves |= _one_of(part, words, shown=("AM", "PM", "both"))
    return frozenset(halves) or BOTH_HALVES


def spans_in(text: str) -> tuple[Span, ...]:
    """Return days and spans of days: "7 Dec 2026 to 11 Dec 2026; 18 Dec 2026"."""
    return tuple(span_in(part) for part in re.split(r"[;,]", text) if part.strip())


def span_in(text: str) -> Span:
    """Return a span of days, or one day as a span of itself."""
    first, *rest = _SPAN_WORD.split(text.strip())
    if len(rest) > 1:
        raise Unclear("is no span of days", "write it as 7 Dec 2026 to 11 Dec 2026")
    return ordered(day_in(first), day_in(rest[0] if rest else first))


def ordered(from_on: date, to_on: date) -> Span:
    """Return the span between two days, the earlier first."""
    if to_on < from_on:
        raise Unclear(f"ends on {to_on}, before it begins on {from_on}", "the earlier day is first")
    return Span(from_on, to_on)


def reason_in(text: str) -> Reason:
    """Return a reason in the reply contract's words, with spaces or underscores."""
    return _one_of(text, {_plain(reason): reason for reason in Reason}, shown=tuple(Reason))


def roles_in(text: str) -> frozenset[Role]:
    """Return what a contact may be told as: "contact, safeguarding lead"."""
    words = {_plain(role): role for role in Role}
    return frozenset(_one_of(part, words, shown=tuple(Role)) for part in _parts(text))


def language_in(text: str) -> str:
    """Return a language's two letters, from them or from its English name."""
    codes = {code: code for code in LANGUAGES}
    names = {name.casefold(): code for code, name in LANGUAGES.items()}
    return _one_of(text, codes | names, shown=tuple(LANGUAGES.values()))


def channels_in(known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """Return a reader of channel names, in the order in which a person prefers them."""

    def read(text: str) -> tuple[str, ...]:
        names = {name: name for name in known}
        return tuple(dict.fromkeys(_one_of(part, names, shown=known) for part in _parts(text)))

    return read


def _without_weekday(text: str) -> tuple[Weekday | None, str]:
    word, _, rest = text.partition(" ")
    weekday = _weekday(word.rstrip(","))
    return (weekday, rest) if weekday is not None else (None, text)


def _month_number(word: str) -> int:
    for number, name in enumerate(MONTH_NAMES, start=1):
        if len(word) >= 3 and name.casefold().startswith(word):
            return number
    raise Unclear(f"has '{word}' for a month", "write it as 23 Nov 2026")


def _parts(text: str) -> list[str]:
    parts = [part.strip() for part in _LIST_SEPARATOR.split(text) if part.strip()]
    if not parts:
        raise Unclear("says nothing")
    return parts


def _days_of(part: str) -> list[Weekday]:
    """Return the days of "Mon", "Mon-Fri", "Mon to Wed", "Mon Wed" or "every day"."""
    words = part.casefold()
    if words in ("every day", "weekdays", "daily"):
        return list(SCHOOL_DAYS)
    ends = re.split(r"\s*[-–—]\s*|\s+to\s+", words)
    if len(ends) == 1:
        return [_school_day(word) for word in words.split()]
    first, last = _school_day(ends[0]), _school_day(ends[-1])
    if len(ends) > 2 or last < first:
        raise Unclear("has days in no order", "a week begins on Monday, as in Mon-Fri")
    return list(range(first, last + 1))


def _school_day(word: str) -> Weekday:
    weekday = _weekday(word)
    if weekday is None:
        raise Unclear(f"has '{word}' for a day", nearest(word, [it[:3] for it in DAY_NAMES[:5]]))
    if weekday not in SCHOOL_DAYS:
        raise Unclear(f"has a {DAY_NAMES[weekday]}", "nobody is due at a weekend")
    return weekday


def _weekday(word: str) -> Weekday | None:
    if len(word) < 2:
        return None
    for short in (word, word.removesuffix("s")):
        for number, name in enumerate(DAY_NAMES):
            if name.casefold().startswith(short):
                return number
    return None


def _plain(word: str) -> str:
    return word.casefold().replace("_", " ").replace("-", " ").strip()


def _one_of(text: str, words: Mapping[str, T], shown: tuple[str, ...]) -> T:
    word = _plain(text)
    if word not in words:
        raise Unclear("is not a word known here", nearest(text, shown))
    return words[word]
