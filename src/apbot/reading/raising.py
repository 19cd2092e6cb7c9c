"""
Raising: which of the flags in the words are the message's, beside what it settles.
"""

from itertools import pairwise

from apbot.domain.words import Flag, Mark
from apbot.reading.elsewhen import is_weekday_of
from apbot.reading.heard import Heard
from apbot.reading.items import without, words_in
from apbot.reading.lexicon import Kind
from apbot.reading.outcome import Outcome
from apbot.reading.told import HERE_MARKS

_NOW = frozenset((Kind.TODAY, Kind.NOW, Kind.MORNING, Kind.AFTERNOON, Kind.UNTIL, Kind.SINCE))


def closes(heard: Heard, out: Outcome) -> bool:
    """Whether the provision is not running: said so, and nobody said to be here."""
    here = any(mark in HERE_MARKS for mark in out.marks.values())
    told = out.named and any(out.marks.get(number) for number in out.named)
    other = _is_closed_another_day(heard) or _is_for_one(heard)
    sent = bool(out.marks) and set(out.marks.values()) == {Mark.LEFT}
    return Flag.CLOSED in heard.flags and not (here or told or other or sent)


def _is_for_one(heard: Heard) -> bool:
    """ "no session for him today", said of whoever the message names: the others' is on."""
    if not heard.has(Kind.NAME):
        return False
    them = heard.lexicon.beside.him
    for led, item in pairwise(heard.items):
        if led.typed in heard.lexicon.beside.bare_for and (
            item.kind is Kind.NAME or item.typed in them
        ):
            return True
    return False


def _is_closed_another_day(heard: Heard) -> bool:
    """ "we are shut on monday for the bank holiday": for the office, and today they run."""
    days = [item for item in heard.items if item.kind in (Kind.WEEKDAY, Kind.FUTURE_DAY)]
    if not days or any(item.kind in _NOW for item in heard.items):
        return False
    on, beside = heard.reply.on, heard.lexicon.beside
    again = beside.opens_again
    if any(item.value in again or item.typed in again for item in heard.items):
        return False
    if any(item.kind is Kind.FUTURE_DAY for item in heard.items):
        # "off from Monday, and the week after we're shut".
        return True
    return not any(is_weekday_of(item.value, on, beside) for item in days)


def flags_of(heard: Heard, out: Outcome) -> frozenset[Flag]:
    """Return the message's flags."""
    if not out.marks and not out.counts:
        for flag in (Flag.WRONG_NUMBER, Flag.OPT_OUT, Flag.HELP):
            if flag in heard.flags and not _is_from_one_who_knows(heard, flag):
                asks_us = flag is Flag.HELP and _is_of_a_family(heard)
                return frozenset({Flag.QUESTION if asks_us else flag, *heard.urgent})
    asks = heard.flags & {Flag.QUESTION, Flag.CLOSED} or out.question or out.leaving
    staff_off = heard.clauses.staff_off or _is_staff_off(heard)
    if asks or staff_off or _asks_something(heard):
        return frozenset({Flag.QUESTION, *heard.urgent})
    return frozenset(heard.urgent)


def _is_from_one_who_knows(heard: Heard, flag: Flag) -> bool:
    """ "Jamelia's here, said she got the wrong bus": who writes of a pupil is no stranger."""
    if flag is not Flag.WRONG_NUMBER or not heard.has(Kind.NAME):
        return False
    return not words_in(heard.items) & heard.lexicon.beside.of_a_wrong_number


def _is_of_a_family(heard: Heard) -> bool:
    """ "his mum wants some work for him, what do i say?": asked of a person, not how to answer."""
    family = heard.lexicon.beside.family
    return any(
        item.kind is Kind.RELATION and {*item.value.split()} & family for item in heard.items
    )


def _asks_something(heard: Heard) -> bool:
    asked = any(item.value == "?" for item in heard.items)
    words = without(heard.items, (Kind.POINT, Kind.EMOJI))
    return asked and len(words) > 1 and not heard.has(Kind.HEDGE)


def _is_staff_off(heard: Heard) -> bool:
    """ "our welder is off", "our tutor has gone home ill": for the office, and no pupil's mark."""
    home = heard.lexicon.beside.goes_home
    return any(
        item.kind is Kind.STAFF
        and any(
            near.kind is Kind.MARK and (near.value in ("absent", "late") or near.typed in home)
            for near in heard.items[at + 1 : at + 4]
        )
        for at, item in enumerate(heard.items)
    )
