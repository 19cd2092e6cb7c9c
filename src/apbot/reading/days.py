"""
Days: which days a person means who writes of days to come.

"tomorrow pm", "Mon to Wed", "23-27 Nov", "rest of the week", "until half term": all become spans of
the calendar, from today on. A past day, a day without school and an end before its start are
named for what they are, so that the answer can be exact; nothing is bent into a day that fits.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from apbot.domain.calendar import LONGEST_HALF_TERM, Calendar
from apbot.domain.foretold import BOTH, Amiss, Days, DayTrouble
from apbot.domain.people import Span
from apbot.domain.words import Half
from apbot.reading.day_atoms import Atom, Piece, Point, atoms_of

WEEK = timedelta(days=7)
ONE_DAY = timedelta(days=1)

# A date without a year that passed so lately is a slip; one farther back is next year's.
LATELY = timedelta(days=90)
# Farther ahead no calendar of ours goes.
FARTHEST = timedelta(days=550)


class _Amiss(Exception):
    """The days cannot be what was said."""

    def __init__(self, trouble: DayTrouble) -> None:
        super().__init__(trouble.amiss)
        self.trouble = trouble


def read_days(
    pieces: Sequence[Piece], today: date, calendar: Calendar, *, back_ends: bool
) -> Days | DayTrouble | None:
    """
    Return the days that the pieces mean, what is wrong with them, or None where none is said.

    With `back_ends`, "back Thursday" is the end of an absence: the day before is its last.
    """
    atoms = atoms_of(pieces)
    halves = [atom for atom in atoms if atom.letter in "H"]
    pattern = [atom for atom in atoms if atom.letter not in "H"]
    if halves and not any(atom.letter in "DWCUNF" for atom in pattern):
        if not any(atom.number for atom in halves):
            return None
        pattern.append(Atom("D", Point("today", ahead=0)))
    try:
        found = _Reader(pattern, today, calendar, back_ends).days()
        if found is None:
            return None
        return replace(found, halves=_halves(atoms, found), is_today_alone=_alone(found, atoms))
    except _Amiss as amiss:
        return amiss.trouble


def school_days(calendar: Calendar, span: Span) -> Iterator[date]:
    """Yield the days of the span on which the CSS is in term."""
    day = span.from_on
    while day <= span.to_on:
        if calendar.why_not_in_term(day) is None:
            yield day
        day += ONE_DAY


def _alone(days: Days, atoms: Sequence[Atom]) -> bool:
    points = [atom.point for atom in atoms if atom.point is not None]
    others = [atom for atom in atoms if atom.letter in "WCUNFHR"]
    return bool(points) and not others and all(point.ahead == 0 for point in points)


def _halves(atoms: Sequence[Atom], days: Days) -> frozenset[Half]:
    """The halves that were said; of several days all have the same, or it is asked for."""
    said = [atom.word for atom in atoms if atom.letter == "H"]
    if not said or "all_day" in said:
        return BOTH
    wanted = frozenset(Half.AM if word in ("am", "this_am") else Half.PM for word in said)
    letters = "".join(atom.letter for atom in atoms if atom.letter != "x")
    is_one_day = len(days.spans) == 1 and days.spans[0].from_on == days.spans[0].to_on
    if not is_one_day and (len(wanted) > 1 or re.search(r"H+[TU]D", letters)):
        raise _Amiss(DayTrouble(Amiss.HALVES_MIXED))
    return wanted


class _Reader:
    """The atoms of one message on their way to being days."""

    def __init__(
        self, atoms: Sequence[Atom], today: date, calendar: Calendar, back_ends: bool
    ) -> None:
        self.atoms, self.today, self.calendar = atoms, today, calendar
        self.back_ends = back_ends
        self.letters = "".join(atom.letter for atom in atoms)

    def days(self) -> Days | None:
        letters = self.letters
        if not re.search(r"[DWCNPEQ]|UB|RB", letters):
            return None
        if "E" in letters:
            raise _Amiss(DayTrouble(Amiss.EVERY_WEEK))
        if "P" in letters:
            said = next(atom.word for atom in self.atoms if atom.letter == "P")
            raise _Amiss(DayTrouble(Amiss.PAST, said=said))
        for pattern, read in (
            (r"(?:F?(?P<a>D)[xA]*)?R+(?P<b>D|W)", self._until_back),
            (r"F?(?P<a>D)x*[TU](?P<b>[DBN])", self._from_to),
            (r"F?(?P<a>D)x*(?P<b>[NQ])", self._from_to),
            (r"F?(?P<a>W)x*[TU](?P<b>[DBN])", self._from_to),
            (r"U(?P<b>[DBNW])|(?P<c>[NQ])", self._until),
            (r"F?(?P<a>D)[xA]*(?P<b>C)", self._counted),
            (r"(?P<b>C)x*F?(?P<a>D)?", self._counted),
            (r"F(?P<a>[DW])", self._from),
            (r"(?P<a>W)", self._week),
        ):
            if read == self._until_back and not self.back_ends:
                continue
            match = re.search(pattern, letters)
            # A list of days ("Mon to Wed and Fri") is read below, with all of its members.
            if match is None or (read == self._from_to and self._is_list()):
                continue
            self._none_left(letters[: match.start()] + letters[match.end() :])
            atoms: dict[str, Atom] = {
                name: self.atoms[match.start(name)]
                for name in ("a", "b", "c")
                if name in match.groupdict() and match[name]
            }
            return read(atoms)
        return self._listed()

    def _is_list(self) -> bool:
        return re.search(r"D(?:TD)?[A]+D|DTDA*D", self.letters) is not None

    def _none_left(self, rest: str) -> None:
        if re.search(r"[DWCNQ]", rest):
            raise _Amiss(DayTrouble(Amiss.UNCLEAR))

    def _from_to(self, atoms: dict[str, Atom]) -> Days:
        start = self._start(atoms["a"])
        return self._span(start, self._end(atoms["b"], start), is_open=atoms["b"].letter == "N")

    def _until(self, atoms: dict[str, Atom]) -> Days:
        end = atoms.get("b") or atoms["c"]
        start = self._next_school_day(self.today)
        if end.letter == "W":
            return self._span(start, self._week_of(end).from_on - ONE_DAY)
        return self._span(start, self._end(end, self.today), is_open=end.letter == "N")

    def _until_back(self, atoms: dict[str, Atom]) -> Days:
        start = self._start(atoms["a"]) if "a" in atoms else self._next_school_day(self.today)
        is_week = atoms["b"].letter == "W"
        # Whoever is away on a Monday and "back Monday" is back on the next.
        base = start + ONE_DAY
        back = self._week_of(atoms["b"]).from_on if is_week else self._on(atoms["b"], base)
        if back <= start:
            raise _Amiss(DayTrouble(Amiss.UNCLEAR))
        return self._span(start, back - ONE_DAY)

    def _counted(self, atoms: dict[str, Atom]) -> Days:
        count = atoms["b"]
        start = self._start(atoms["a"]) if "a" in atoms else self._next_school_day(self.today)
        if count.word == "weeks":
            end = start + count.number * WEEK - ONE_DAY
            while end.weekday() > 4 and end > start:
                end -= ONE_DAY
            return self._span(start, end)
        day, left = start, count.number
        while day - start < FARTHEST:
            left -= self.calendar.why_not_in_term(day) is None
            if left == 0:
                return self._span(start, day)
            day += ONE_DAY
        raise _Amiss(DayTrouble(Amiss.NOT_IN_CALENDAR))

    def _from(self, atoms: dict[str, Atom]) -> Days:
        start = self._start(atoms["a"])
        return self._span(start, self._last_day(start), is_open=True)

    def _week(self, atoms: dict[str, Atom]) -> Days:
        week = self._week_of(atoms["a"])
        return self._span(max(week.from_on, self.today), week.to_on)

    def _listed(self) -> Days:
        """ "Thurs and Fri", "Mon, Tue and 3-5 Dec", or one day alone."""
        match = re.search(r"D(?:TD)?(?:[A]*D(?:TD)?)*", self.letters)
        assert match is not None
        self._none_left(self.letters[: match.start()] + self.letters[match.end() :])
        spans: list[Span] = []
        for item in re.finditer(r"(A*)(D)(?:T(D))?", match[0]):
            at = match.start() + item.start(2)
            start = self._on(self.atoms[at], self.today)
            end = start
            if item[3]:
                end = self._on(self.atoms[match.start() + item.start(3)], start)
                self._in_order(start, end)
            if spans and not item[1] and Span(start, end) != spans[-1]:
                point = self.atoms[at].point
                if point is None or point.weekday is None or point.number:
                    raise _Amiss(DayTrouble(Amiss.UNCLEAR))
            if Span(start, end) not in spans:
                spans.append(Span(start, end))
        for span in spans:
            self._has_school(span)
        return Days(_merged(spans))

    def _span(self, start: date, end: date, *, is_open: bool = False) -> Days:
        self._in_order(start, end)
        self._has_school(Span(start, end))
        return Days((Span(start, end),), is_open=is_open)

    def _in_order(self, start: date, end: date) -> None:
        if end < start:
            raise _Amiss(DayTrouble(Amiss.END_FIRST, start, end))

    def _has_school(self, span: Span) -> None:
        if any(True for _ in school_days(self.calendar, span)):
            return
        ends_on = self.calendar.ends_on
        is_beyond = ends_on is None or span.from_on > ends_on
        amiss = Amiss.NOT_IN_CALENDAR if is_beyond else Amiss.NO_SCHOOL
        raise _Amiss(DayTrouble(amiss, span.from_on, span.to_on))

    def _start(self, atom: Atom) -> date:
        if atom.letter == "W":
            return max(self._week_of(atom).from_on, self.today)
        return self._on(atom, self.today)

    def _end(self, atom: Atom, start: date) -> date:
        if atom.letter == "N":
            return self._last_day(start)
        if atom.letter in "BQ":
            return self._before_break(atom.word, start)
        return self._on(atom, start)

    def _week_of(self, atom: Atom) -> Span:
        """From Monday to Friday; at a weekend "this week" is the one that comes."""
        monday = self.today - timedelta(days=self.today.weekday())
        if atom.word == "next_week" or self.today.weekday() > 4:
            monday += WEEK
        return Span(monday, monday + timedelta(days=4))

    def _next_school_day(self, on: date) -> date:
        day = on
        while day - on < FARTHEST:
            if self.calendar.why_not_in_term(day) is None:
                return day
            day += ONE_DAY
        raise _Amiss(DayTrouble(Amiss.NOT_IN_CALENDAR))

    def _last_day(self, start: date) -> date:
        ends_on = self.calendar.ends_on
        if ends_on is None or ends_on < start:
            raise _Amiss(DayTrouble(Amiss.NOT_IN_CALENDAR, start))
        return ends_on

    def _before_break(self, word: str, start: date) -> date:
        """The last day of term before a half term or a holiday, as the calendar has them."""
        terms = sorted(self.calendar.terms, key=lambda term: term.from_on)
        for term, after in zip(terms, [*terms[1:], None], strict=True):
            if term.to_on >= start and _is_break(word, term, after):
                return term.to_on
        raise _Amiss(DayTrouble(Amiss.NOT_IN_CALENDAR, start))

    def _on(self, atom: Atom, base: date) -> date:
        """The day that was said; `base` is what a weekday or a bare number comes after."""
        point = atom.point
        assert point is not None
        if point.ahead is not None:
            return self.today + timedelta(days=point.ahead)
        is_by_weekday = point.weekday is not None and not point.number and not point.month
        on = self._by_weekday(point, base) if is_by_weekday else self._dated(point, base)
        if on < self.today:
            raise _Amiss(DayTrouble(Amiss.PAST, on, said=point.said))
        return on

    def _by_weekday(self, point: Point, base: date) -> date:
        assert point.weekday is not None
        monday = self.today - timedelta(days=self.today.weekday())
        if point.which in ("this", "next"):
            weeks = WEEK if point.which == "next" or self.today.weekday() > 4 else timedelta(0)
            return monday + weeks + timedelta(days=point.weekday)
        if point.which == "coming":
            base = self.today + ONE_DAY
        on = base + timedelta(days=(point.weekday - base.weekday()) % 7)
        return on + point.weeks_on * WEEK

    def _dated(self, point: Point, base: date) -> date:
        if not point.month:
            return self._numbered(point, base)
        years = [point.year] if point.year else [self.today.year, self.today.year + 1]
        if point.year and point.year < 100:
            years = [2000 + point.year]
        days = [_day(year, point.month, point.number) for year in years]
        there = [on for on in days if on is not None]
        if not there:
            raise _Amiss(DayTrouble(Amiss.NO_SUCH_DAY, said=point.said))
        near = [on for on in there if on >= self.today - LATELY] or there[-1:]
        if point.weekday is None or near[0].weekday() == point.weekday:
            return near[0]
        # A day that is just over, on another weekday than was said, is next year's.
        if near[0] < self.today and len(near) > 1 and near[1].weekday() == point.weekday:
            return near[1]
        raise _Amiss(DayTrouble(Amiss.OTHER_WEEKDAY, near[0], said=point.said))

    def _numbered(self, point: Point, base: date) -> date:
        """ "the 24th", "Mon 23": the next such day on or after `base`."""
        if not 1 <= point.number <= 31:
            raise _Amiss(DayTrouble(Amiss.NO_SUCH_DAY, said=point.said))
        day = base
        while day.day != point.number:
            day += ONE_DAY
        if point.weekday is not None and day.weekday() != point.weekday:
            raise _Amiss(DayTrouble(Amiss.OTHER_WEEKDAY, day, said=point.said))
        return day


def _is_break(word: str, term: Span, after: Span | None) -> bool:
    is_half_term = after is not None and after.from_on - term.to_on - ONE_DAY <= LONGEST_HALF_TERM
    if word == "half_term":
        return is_half_term
    if is_half_term:
        return False
    months = {"christmas": (11, 12), "easter": (3, 4), "summer": (6, 7, 8)}
    return word == "end_of_term" or term.to_on.month in months[word]


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, those that touch made one."""
    made: list[Span] = []
    for span in sorted(spans, key=lambda one: one.from_on):
        if made and span.from_on <= made[-1].to_on + ONE_DAY:
            made[-1] = Span(made[-1].from_on, max(made[-1].to_on, span.to_on))
        else:
            made.append(span)
    return tuple(made)
