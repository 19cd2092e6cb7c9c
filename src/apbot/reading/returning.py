"""
Returning: a half of the day in which a pupil is back, told beside an absence of that very day.

"Dentist in the morning, then back for the afternoon" is away in the morning alone: the half that
stands behind "back" is when the pupil is in, and must never be read as when the pupil is away.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from apbot.domain.foretold import BOTH, Days
from apbot.domain.words import Half
from apbot.reading.day_atoms import Piece

_RETURNS = ("back", "in")
_BETWEEN = ("fill", "for", "from", "in", "back")
_HALVES = {"am": Half.AM, "this_am": Half.AM, "pm": Half.PM, "this_pm": Half.PM, "midday": Half.PM}
_CLOCK = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?\s?(?:[ap]\.?m\.?)?", re.IGNORECASE)
_LATEST = (13, 30)
"""Who is back by then is in for the afternoon; who comes later misses a part of both halves."""


def without_return(
    pieces: Sequence[Piece], before_hours: Collection[str]
) -> tuple[list[Piece], Half | None]:
    """
    Return the pieces without a return in a half of the same day, and the half of the return.

    Behind one of `before_hours` a number is an hour: "back by 12", and not "back 12 Dec".
    """
    for at, piece in enumerate(pieces):
        if piece.kind not in _RETURNS:
            continue
        end = at + 1
        while end < len(pieces) and pieces[end].kind in _BETWEEN:
            end += 1
        is_hour = pieces[end - 1].typed.lower() in before_hours
        half = _half_of(pieces[end], is_hour) if end < len(pieces) else None
        if half is not None:
            fill = [replace(one, kind="fill") for one in pieces[at : end + 1]]
            return [*pieces[:at], *fill, *pieces[end + 1 :]], half
    return [*pieces], None


def until_midday(pieces: Sequence[Piece]) -> list[Piece]:
    """ "Dentist until lunch": away in the morning."""
    return [replace(one, kind="am") if one.kind == "midday" else one for one in pieces]


def away_from(days: Days, returned: Half) -> Days:
    """Return the days with the halves that are left when a pupil is back in one."""
    span = days.spans[0]
    is_one_day = len(days.spans) == 1 and span.from_on == span.to_on
    left = days.halves - {returned}
    return replace(days, halves=left or BOTH - {returned}) if is_one_day else days


def _half_of(piece: Piece, is_hour: bool) -> Half | None:
    """The half that a word or an hour behind "back" is in."""
    if piece.kind in _HALVES:
        return _HALVES[piece.kind]
    clock = _CLOCK.fullmatch(piece.typed) if is_hour else None
    if clock is None:
        return None
    hour, minute = int(clock[1]), int(clock[2] or 0)
    hour += 12 if hour < 7 else 0
    # Back before noon: away in the morning, for which the provider says when the pupil came.
    return Half.PM if (hour, minute) <= _LATEST else None
