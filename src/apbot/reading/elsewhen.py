"""
Elsewhen: whether something is said of another day, or of the other half of this one.

Such a word sets no mark in this register, whatever it says of the pupil.
"""

from bisect import bisect_right
from dataclasses import replace
from datetime import date

from apbot.domain.readings import Reply
from apbot.domain.words import Half
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.statements import Statement
from apbot.reading.turned import bases

_DAYS = (
    *(Kind.PAST_DAY, Kind.FUTURE_DAY, Kind.WEEKDAY, Kind.DATE),
    *(Kind.MORNING, Kind.AFTERNOON),
)
_COMES = ("awaited", "present", "back")


def why_elsewhen(statement: Statement, reply: Reply, beside: Neighbours) -> str:
    """Return why this is not about now, or nothing."""
    days = statement.days
    if not days or ("today" in days and not _names_other_days(days, reply.on, beside)):
        return ""
    here = "am" if reply.half is Half.AM else "pm"
    for day in days:
        word, _, named = day.partition(" ")
        if day == "past":
            if not (statement.is_except and not statement.marks):
                return "it is about a day that is over"
            # "except Megan, her grandad died last night": the reason is of then, she is off now.
        elif day == "future":
            return "it is about a day to come"
        elif _is_another_day(word, named, reply.on, beside):
            return "it is about another day"
        elif word == "weekday" and _is_to_come(statement, beside):
            # "will be off on Thursday", said on a Thursday: nobody calls today so.
            return "it is about a day to come"
        elif day in ("am", "pm") and day != here and not _holds_now(statement, day, beside):
            return "it is about the other half of the day"
    return ""


def _names_other_days(days: list[str], on: date, beside: Neighbours) -> bool:
    """ "Thurs or Friday this week": those days, and not all of the week."""
    named = [day.partition(" ")[2] for day in days if day.startswith("weekday")]
    return bool(named) and not any(is_weekday_of(each, on, beside) for each in named)


def breaths_of(statement: Statement) -> tuple[list[int], set[int]]:
    """Return where each breath of the statement ends, and which of them hold a day."""
    joints = [n for n, item in enumerate(statement.items) if item.kind is Kind.AND]
    breaths = sorted((*joints, *statement.pauses))
    days = (n for n, item in enumerate(statement.items) if item.kind in _DAYS)
    return breaths, {bisect_right(breaths, place) for place in days}


def said_before_the_day(statement: Statement) -> Statement | None:
    """
    Return what was said in the breaths before the one with the day, or None.

    "Femi running late, out at the lake this afternoon": he is late, whatever the afternoon brings.
    """
    breaths, of_days = breaths_of(statement)
    if not of_days or not min(of_days) or statement.mark_first or "past" in statement.days:
        return None
    end = breaths[min(of_days) - 1]
    marks = [mark for mark in statement.marks if 0 <= mark.place < end]
    items = statement.items[:end]
    whys = sum(item.kind in (Kind.REASON, Kind.ON_THE_WAY) for item in items)
    # "at the dentist, will be in after lunch"; but not "has the dentist, this afternoon".
    comes = any(mark.place >= end and mark.value in _COMES for mark in statement.marks)
    if not (marks or (whys and comes)):
        return None
    timed = sum(item.kind is Kind.TIME for item in items)
    return replace(
        statement,
        marks=marks,
        items=items,
        reasons=statement.reasons[:whys],
        times=statement.times[:timed],
        pauses=[at for at in statement.pauses if at < end],
        days=[],
    )


def _is_to_come(statement: Statement, beside: Neighbours) -> bool:
    return any(
        item.typed in beside.to_come and item.kind is not Kind.NAME for item in statement.from_who
    )


def _is_another_day(word: str, named: str, on: date, beside: Neighbours) -> bool:
    if word == "weekday":
        return not is_weekday_of(named, on, beside)
    return word == "date" and not _is_date(named, on)


def is_weekday_of(said: str, on: date, beside: Neighbours) -> bool:
    """Whether the words name the day's own weekday: "mondays", "monday morning"."""
    begins = beside.days_of_week.items()
    return any(day == on.isoweekday() and said.startswith(word) for word, day in begins)


def _holds_now(statement: Statement, day: str, beside: Neighbours) -> bool:
    """ "went home before lunch", "off till this afternoon", "back after lunch": of both halves."""
    if day == "am" and bases(statement) & {"left", "gone", "gone_to", "unaccounted"}:
        return True
    # But "won't be back after lunch" is of then alone.
    will_not = any(
        item.kind is Kind.NOT and item.value.split()[0] in beside.will for item in statement.items
    )
    back = any(mark.value == "back" and not (mark.negated and will_not) for mark in statement.marks)
    return statement.is_until or (day == "pm" and back)


def _is_date(words: str, on: date) -> bool:
    parts = [int(part) for part in words.replace(".", "/").split("/") if part.isdecimal()]
    return len(parts) >= 2 and (parts[0], parts[1]) == (on.day, on.month)
