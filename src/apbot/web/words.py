"""
The board's own words: what a case is about, whom a step tells, where a pupil stands.
"""

from collections.abc import Mapping

from apbot.domain.policy import Tell
from apbot.domain.register import Entry, Line
from apbot.domain.words import Matter
from apbot.wording.plain import REASONS, mark_words

MATTERS: Mapping[Matter, str] = {
    Matter.MISSING_REGISTER: "No register",
    Matter.UNACCOUNTED: "Not accounted for",
    Matter.ABSENCE: "Absent",
    Matter.CONCERN: "Concern",
    Matter.CLOSED: "Not running",
    Matter.QUESTION: "Question",
}

TELLS: Mapping[Tell, str] = {
    Tell.KEY_CONTACT: "the key contact",
    Tell.COVER: "the cover",
    Tell.SAFEGUARDING_LEAD: "the safeguarding lead",
    Tell.DEPUTY_LEAD: "the deputy lead",
    Tell.ALL_CSS: "everybody",
}


def standing(line: Line, entry: Entry | None) -> str:
    """Return "in", "off (ill)", "late 09:50", "known to be away (ill)", "no mark yet"."""
    if entry is not None:
        return mark_words(entry)
    if line.known_absence is not None:
        return f"known to be away ({REASONS[line.known_absence]})"
    return "no mark yet"
