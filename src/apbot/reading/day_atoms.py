"""
Day atoms: the words for days that stand in a message, each as one letter of a pattern.

"23 to 27 Nov" is a day, a "to" and a day, and both are November's. Which days of the calendar the
pattern means is in `days.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

BREAKS = ("half_term", "end_of_term", "christmas", "easter", "summer")

COUNTS = tuple(f"count_{n}" for n in range(1, 11))

DAY_WORDS = (
    *("today", "tomorrow", "overmorrow", "yesterday", "past", *WEEKDAYS, *MONTHS, *BREAKS),
    *("rest_of_term", "this_week", "next_week", "end_of_week", "end_of_next_week"),
    *("this", "next", "coming", "week_later", "am", "pm", "this_am", "this_pm", "all_day"),
    *("midday", "to", "until", "from", "and", "for", "days", "weeks", "one_week", "fortnight"),
    *("further_notice", "every"),
    *COUNTS,
)
"""The kinds of words that this module knows; their words stand in `hears/foretelling.yaml`."""


@dataclass(frozen=True, slots=True)
class Piece:
    """
    A piece of a message: a word or phrase of a known kind, a number, a date, or something else.

    `number` is a number's or an ordinal's; `dated` day, month and year (0 where not said).
    """

    kind: str
    typed: str
    number: int = 0
    dated: tuple[int, int, int] = (0, 0, 0)
    is_glued: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A day as it was said: by weekday, by number and month, or so many days from today."""

    said: str
    ahead: int | None = None
    weekday: int | None = None
    which: str = ""
    weeks_on: int = 0
    number: int = 0
    month: int = 0
    year: int = 0


@dataclass(frozen=True, slots=True)
class Atom:
    """One letter of the pattern, and what it stands for."""

    letter: str
    point: Point | None = None
    word: str = ""
    number: int = 0


def atoms_of(pieces: Sequence[Piece]) -> list[Atom]:
    """Return the pieces as atoms, each day with the month and the week that its neighbours give."""
    found: list[Atom] = []
    at = 0
    while at < len(pieces):
        length, atom = _atom(pieces, at)
        if atom is not None:
            if atom.letter == "D" and pieces[at].is_glued and found and found[-1].letter == "D":
                found.append(Atom("T"))
            found.append(atom)
        at += length
    return _with_months(found)


def _atom(pieces: Sequence[Piece], at: int) -> tuple[int, Atom | None]:
    piece = pieces[at]
    kind = piece.kind
    pointed = _point(pieces, at)
    if pointed is not None:
        return pointed[0], Atom("D", pointed[1])
    counted = _count(pieces, at)
    if counted is not None:
        return counted
    plain = {
        "to": "T", "until": "U", "from": "F", "and": "A", "back": "R",
        "further_notice": "N", "every": "E", "yesterday": "P", "past": "P",
    }  # fmt: skip
    if kind in plain:
        return 1, Atom(plain[kind], word=piece.typed)
    if kind in ("am", "pm", "this_am", "this_pm", "all_day"):
        return 1, Atom("H", word=kind, number=int(kind.startswith("this")))
    if kind in ("this_week", "next_week"):
        return 1, Atom("W", word=kind)
    if kind in BREAKS:
        return 1, Atom("B", word=kind)
    if kind == "rest_of_term":
        return 1, Atom("Q", word="end_of_term")
    return 1, None if kind == "fill" else Atom("x")


def _point(pieces: Sequence[Piece], at: int) -> tuple[int, Point] | None:
    """A day: "tomorrow", "next Tue", "Tue week", "Mon 23rd Nov", "23/11", "the 24th"."""
    kind = pieces[at].kind
    ahead = {"today": 0, "tomorrow": 1, "overmorrow": 2}
    if kind in ahead:
        return 1, Point(pieces[at].typed, ahead=ahead[kind])
    if kind in ("end_of_week", "end_of_next_week"):
        which = "this" if kind == "end_of_week" else "next"
        return 1, Point(pieces[at].typed, weekday=4, which=which)
    if kind in ("this", "next", "coming") and _kind(pieces, at + 1) in WEEKDAYS:
        weekday = WEEKDAYS.index(pieces[at + 1].kind)
        dated = _dated(pieces, at + 2)
        if dated is not None:
            return 2 + dated[0], replace(dated[1], weekday=weekday)
        said = f"{pieces[at].typed} {pieces[at + 1].typed}"
        return 2, Point(said, weekday=weekday, which=kind)
    if kind not in WEEKDAYS:
        return _dated(pieces, at)
    weekday = WEEKDAYS.index(kind)
    after = at + 1 + (_kind(pieces, at + 1) in (",", "fill"))
    dated = _dated(pieces, at + 1) or (_dated(pieces, after) if after > at + 1 else None)
    if dated is not None:
        skipped = 1 if _dated(pieces, at + 1) is not None else after - at
        said = f"{pieces[at].typed} {dated[1].said}"
        return skipped + dated[0], replace(dated[1], weekday=weekday, said=said)
    if _kind(pieces, at + 1) == "number" and _kind(pieces, at + 2) not in ("days", "weeks"):
        number = pieces[at + 1].number
        said = f"{pieces[at].typed} {number}"
        return 2, Point(said, weekday=weekday, number=number)
    if _kind(pieces, at + 1) == "week_later":
        return 2, Point(pieces[at].typed, weekday=weekday, weeks_on=1)
    return 1, Point(pieces[at].typed, weekday=weekday)


def _dated(pieces: Sequence[Piece], at: int) -> tuple[int, Point] | None:
    kind = _kind(pieces, at)
    if kind == "date":
        day, month, year = pieces[at].dated
        return 1, Point(pieces[at].typed, number=day, month=month, year=year)
    if kind in MONTHS and _kind(pieces, at + 1) in ("number", "ordinal"):
        month = MONTHS.index(kind) + 1
        number = pieces[at + 1].number
        if number <= 31:
            return 2, Point(f"{number} {pieces[at].typed}", number=number, month=month)
    if kind not in ("number", "ordinal") or pieces[at].number > 31:
        return None
    number = pieces[at].number
    ahead = at + 1 + (_kind(pieces, at + 1) == "fill" and _kind(pieces, at + 2) in MONTHS)
    if _kind(pieces, ahead) in MONTHS:
        month = MONTHS.index(pieces[ahead].kind) + 1
        year = pieces[ahead + 1].number if _kind(pieces, ahead + 1) == "number" else 0
        is_year = 2000 <= year <= 2100 and not _range_follows(pieces, ahead + 1)
        said = f"{number} {pieces[ahead].typed}"
        point = Point(said, number=number, month=month, year=year if is_year else 0)
        return ahead - at + 1 + is_year, point
    if kind == "ordinal":
        return 1, Point(pieces[at].typed, number=number)
    if _month_ahead(pieces, at) or _month_behind(pieces, at):
        return 1, Point(pieces[at].typed, number=number)
    return None


def _month_ahead(pieces: Sequence[Piece], at: int) -> bool:
    """ "23-27 Nov", "23, 24 and 25 Nov": a bare number is a day where a month ends its chain."""
    joints = ("to", "and", "until", "number", "ordinal", "fill", *WEEKDAYS)
    if _kind(pieces, at + 1) not in ("to", "and", "until"):
        return False
    ahead = at + 1
    while ahead < len(pieces) and _kind(pieces, ahead) in joints:
        ahead += 1
    return _kind(pieces, ahead) in MONTHS or _kind(pieces, ahead) == "date"


def _month_behind(pieces: Sequence[Piece], at: int) -> bool:
    """ "25 Nov - 27": the month was said before."""
    is_joined = _kind(pieces, at - 1) in ("to", "and", "until")
    is_count = _kind(pieces, at + 1) in ("days", "weeks", "week_later", "am", "pm")
    return is_joined and not is_count and _kind(pieces, at - 2) in (*MONTHS, "date")


def _range_follows(pieces: Sequence[Piece], at: int) -> bool:
    return _kind(pieces, at + 1) in MONTHS


def _count(pieces: Sequence[Piece], at: int) -> tuple[int, Atom] | None:
    """ "for 2 days", "3 days", "a week"; without "for" only where it is said beside days."""
    start = at + (pieces[at].kind == "for")
    kind = _kind(pieces, start)
    if kind in ("one_week", "fortnight"):
        return start - at + 1, Atom("C", word="weeks", number=1 + (kind == "fortnight"))
    number = 0
    if kind == "number":
        number = pieces[start].number
    elif kind in COUNTS:
        number = COUNTS.index(kind) + 1
    unit = _kind(pieces, start + 1)
    if not 0 < number <= 60 or unit not in ("days", "weeks", "week_later"):
        return None
    return start - at + 2, Atom("C", word="days" if unit == "days" else "weeks", number=number)


def _kind(pieces: Sequence[Piece], at: int) -> str:
    return pieces[at].kind if 0 <= at < len(pieces) else ""


def _with_months(atoms: list[Atom]) -> list[Atom]:
    """ "23 to 27 Nov": a day without a month has that of the next day in its chain."""
    made = list(atoms)
    for order in (range(len(made) - 1, -1, -1), range(len(made))):
        month, year = 0, 0
        for at in order:
            point = made[at].point
            if point is None:
                if made[at].letter not in "TUAFH":
                    month, year = 0, 0
            elif point.number and not point.month and month and _is_in_chain(made, at):
                made[at] = replace(made[at], point=replace(point, month=month, year=year))
            elif point.month:
                month, year = point.month, point.year
    return _of_a_week(made)


def _is_in_chain(atoms: Sequence[Atom], at: int) -> bool:
    beside = [*atoms[max(0, at - 1) : at], *atoms[at + 1 : at + 2]]
    return any(atom.letter in "TUA" for atom in beside)


def _of_a_week(atoms: list[Atom]) -> list[Atom]:
    """ "Tue and Wed next week": the weekdays are those of that week."""
    letters = "".join(atom.letter for atom in atoms)
    match = re.search(r"D(?:[TUA]*D)*(W)", letters)
    if match is None:
        return atoms
    points = [atom.point for atom in atoms[match.start() : match.start(1)] if atom.point]
    if any(point.weekday is None or point.number or point.which for point in points):
        return atoms
    which = "next" if atoms[match.start(1)].word == "next_week" else "this"
    made = [
        replace(atom, point=replace(atom.point, which=which))
        if atom.point is not None and match.start() <= at < match.start(1)
        else atom
        for at, atom in enumerate(atoms)
    ]
    return made[: match.start(1)] + made[match.start(1) + 1 :]
