"""
The outcome of a message: marks, reasons, times and what stayed unclear, gathered pupil by pupil.
"""

from dataclasses import dataclass, field
from datetime import time

from apbot.domain.readings import Why
from apbot.domain.words import Mark, Reason
from apbot.reading.times import as_time
from apbot.reading.told import Verdict


@dataclass(slots=True)
class Outcome:
    """What a message settles, and all that bears on the question to ask."""

    marks: dict[int, Mark] = field(default_factory=dict)
    reasons: dict[int, Reason] = field(default_factory=dict)
    times: dict[int, time] = field(default_factory=dict)
    why: list[Why] = field(default_factory=list)
    # A name that fits several, with whom, and the mark meant.
    which: list[tuple[str, tuple[int, ...], Mark]] = field(default_factory=list)
    # A bare number that may be a count, and the mark meant.
    counts: list[tuple[int, Mark]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    # Pupils of whom something was said that settles nothing, and why.
    unsure: dict[int, str] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)
    # Marked by a word for many, and by none of their own.
    by_group: set[int] = field(default_factory=set)
    # Pupils who are asked after by nothing in this message.
    quiet: set[int] = field(default_factory=set)
    subjectless: list[str] = field(default_factory=list)
    asked_again: list[int] = field(default_factory=list)
    present_named: bool = False
    # The message spoke of all of them, or of all the others.
    whole: bool = False
    # Somebody was said not to be here, and it is not clear who; or a mark that is held is doubted.
    somebody_away: bool = False
    left_over: bool = False
    too_early: bool = False
    elsewhen: bool = False
    leaving: bool = False
    question: bool = False
    asked: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was settled and nothing is unclear."""
        return not (self.whole or self.says_something)

    @property
    def says_something(self) -> bool:
        """Whether anything was said of anybody, clear or unclear."""
        return bool(
            self.marks
            or self.unread
            or self.subjectless
            or self.unsure
            or self.counts
            or self.which
        )

    def settle(self, number: int, made: Verdict, mark: Mark) -> None:
        """Settle a pupil's mark, with its reason and time."""
        if made.reason is not None and mark is not Mark.PRESENT:
            self.reasons[number] = made.reason
        if made.at is not None:
            self.times[number] = as_time(made.at)
        self.mark(number, mark, made.words, made.rule)

    def mark(self, number: int, mark: Mark, words: str, rule: str) -> None:
        """Settle a pupil's mark alone, and why."""
        self.marks[number] = mark
        self.why.append(Why(number, words, rule))
