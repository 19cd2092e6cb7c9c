"""
Told: what a statement tells of one pupil, laid out to be weighed, and the verdict that comes of it.

The hour, the pupil's own start and the mark already held are looked up here once, so that a rule
says only what it is about.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from apbot.domain.readings import Reply, RosterPupil
from apbot.domain.words import Half, Mark, Reason
from apbot.reading.items import typed_in, without
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import first_is
from apbot.reading.statements import Statement
from apbot.reading.times import When, minutes_of
from apbot.reading.turned import UNSURE

LEAVING, ELSEWHEN, NOTHING = "leaving", "elsewhen", ""
NOT_YET = "not here yet, and it is early"
BACK_ELSEWHERE = "back, but at another place"
WHERE_ILL = "was ill in a room here, and not said to be there still"
WAS_ELSEWHERE = "was somewhere before"
LATE_WHERE = "late, but not said whether here yet"
LATE_EARLY = "late, up to thirty minutes after the start"
ONLY_PAST = "it is said of before, not of now"
# A minute or two may lie between the clock on a wall and that of the network.
_CLOCKS_DIFFER = 2
LATE_BY = "late by so many minutes"
NOT_HERE = "said not to be here"
FAMILY = "by the family's word"
NOT_BACK = "was here and is not back"
OWN_START = "not due before a start of their own"
STILL_NOT_BACK = "still not back"
# An AM session is over by then: somebody expected later is not coming this session.
_MORNING_ENDS = 12 * 60 + 30
HERE_MARKS = (Mark.PRESENT, Mark.LATE)


class Verdict(NamedTuple):
    """
    What a statement makes of a pupil: a mark's word, or unsure, leaving, elsewhen, or nothing.

    `weak` is a mark that only follows from a reason. `rule` says in plain English why.
    """

    value: str
    rule: str = ""
    reason: Reason | None = None
    at: int | None = None
    weak: bool = False
    symptom: bool = False
    now: bool = False
    corrects: bool = False
    # Only a "will be", and only a "not" of the opposite: both give way to what is so.
    foretold: bool = False
    denies: bool = False
    # Only a "not" before the name: "Nkechi is absent, not Jess".
    bare: bool = False
    words: str = ""

    @property
    def mark(self) -> Mark | None:
        """The mark, where it is one."""
        return _MARKS.get(self.value)


_MARKS = {mark.value: mark for mark in Mark}


@dataclass(frozen=True, slots=True)
class Context:
    """What a verdict is made against: the reply, its lexicon, and what held before."""

    reply: Reply
    lexicon: Lexicon
    here_in_message: frozenset[int] = field(default_factory=frozenset)

    @property
    def now(self) -> int:
        """When the message was sent, in minutes past midnight."""
        return minutes_of(self.reply.sent_at)

    def start_of(self, pupil: RosterPupil | None) -> int:
        """When this pupil's session starts, in minutes past midnight."""
        own = pupil.start if pupil is not None else None
        return minutes_of(own or self.reply.start)

    def is_own_start_ahead(self, pupil: RosterPupil) -> bool:
        """Whether the pupil has a start of their own that is still to come."""
        return pupil.start is not None and self.now < minutes_of(pupil.start)

    def held(self, pupil: RosterPupil | None) -> Mark | None:
        """The mark that the register already holds."""
        return self.reply.marks.get(pupil.number) if pupil is not None else None


@dataclass(frozen=True)
class Told:
    """What is told of one pupil; `said` is what the mark words come to, a "not" turned round."""

    statement: Statement
    said: set[str]
    reason: Reason | None
    symptom: bool
    pupil: RosterPupil | None
    context: Context

    @property
    def beside(self) -> Neighbours:
        """The words beside a mark that bear on it."""
        return self.context.lexicon.beside

    @cached_property
    def words(self) -> set[str]:
        """Every word of the statement as it was typed."""
        return typed_in(without(self.statement.items, (Kind.CORRECTION,)))

    @property
    def start(self) -> int:
        """When this pupil's session starts."""
        return self.context.start_of(self.pupil)

    @property
    def held(self) -> Mark | None:
        """The mark that the register already holds."""
        return self.context.held(self.pupil)

    @property
    def was_here(self) -> bool:
        """Whether the register holds the pupil as here."""
        return self.held in HERE_MARKS

    @property
    def was_away(self) -> bool:
        """Whether the pupil was absent in the morning, and it is the afternoon."""
        number = self.pupil.number if self.pupil is not None else 0
        return self.context.reply.am_marks.get(number) is Mark.ABSENT

    @cached_property
    def at(self) -> int | None:
        """The time said, in minutes past midnight."""
        settled = (self._moment(when) for when in self._times)
        return next((at for at in settled if at is not None), None)

    @property
    def _times(self) -> list[When]:
        """
        What it is till goes first ("orthodontist at 10 so not with us TILL 11"), but for when
        somebody is due ("at the dentist till half 10, SHOULD BE HERE BY 11").
        """
        times, statement = self.statement.times, self.statement
        kinds = [item.kind for item in statement.items]
        due = next((m.place + 1 for m in statement.marks if m.value == "awaited"), 0)
        if kinds[due : due + 1] == [Kind.TIME] and kinds.count(Kind.TIME) == len(times) and due:
            first = kinds[:due].count(Kind.TIME)
            return [times[first], *times[:first], *times[first + 1 :]]
        if len(times) < len(kinds) and statement.is_until and Kind.UNTIL in kinds:
            before = kinds[: kinds.index(Kind.UNTIL)].count(Kind.TIME)
            return [*times[before:], *times[:before]]
        return times

    @property
    def ahead(self) -> bool:
        """Whether the time said is still to come; of what is done, by more than a clock is out."""
        done = "left" in self.said and not self.words & self.beside.will
        out = _CLOCKS_DIFFER if done else 0
        return self.at is not None and self.at > self.context.now + out

    def is_to_come(self, when: When) -> bool:
        """Whether the hour is later than now."""
        moment = self._moment(when)
        return moment is not None and moment > self.context.now

    def _moment(self, when: When) -> int | None:
        if when.count is None:
            was = "present" in self.said and bool(self.words & self.beside.was)
            came = ("arrived" in self.said or was) and not self.words & self.beside.will
            came = came or when.led_by in self.beside.since_then or self.is_not_until
            return when.settled(self.context.reply.sent_at, is_past=came)
        words = self.statement.typed.split()
        came = "arrived" in self.said and not self.beside.minutes_since.isdisjoint(words)
        if came or not self.beside.ago.isdisjoint(words):
            return self.context.now - when.count
        late = when.led_by in self.beside.late_by or any(
            # "in about 20 mins, the TAXI'S LATE": the taxi is, and the minutes are from now.
            not self.beside.bare_late.isdisjoint(m.typed.split())
            and self.beside.conveyances.isdisjoint(m.typed.split())
            for m in self.statement.marks
        )
        came_late = late and "arrived" in self.said
        from_now = when.led_by in self.beside.from_now and not came_late
        from_now = from_now or not self.beside.from_now_behind.isdisjoint(words)
        return (self.start if late and not from_now else self.context.now) + when.count

    @property
    def denies_will(self) -> bool:
        """Whether it is said that somebody will not ("won't be back")."""
        nots = (item.value for item in self.statement.items if item.kind is Kind.NOT)
        return any(value.split()[0] in self.beside.will for value in nots)

    @property
    def is_not_until(self) -> bool:
        """ "didn't arrive until ten": whether somebody came, and not before that."""
        statement = self.statement
        if not (statement.is_until and self.words & self.beside.past_not):
            return False
        if not statement.marks:
            untils = (item.value for item in statement.items if item.kind is Kind.UNTIL)
            return any(first_is(value, self.beside.bare_not) for value in untils)
        return all(
            m.value in ("present", "arrived")
            if m.negated
            else m.value == "absent" and bool(self.beside.past_not & {*m.typed.split()})
            for m in statement.marks
        )

    @property
    def is_counted(self) -> bool:
        """Whether the time was said as a count of minutes."""
        return any(when.count is not None for when in self.statement.times)

    def is_led_by(self, words: frozenset[str]) -> bool:
        """Whether one of these words stands before the time."""
        return any(when.led_by in words for when in self.statement.times)

    @property
    def is_of_afternoon(self) -> bool:
        """Whether a morning's message speaks of the afternoon."""
        return "pm" in self.statement.days and self.context.reply.half is Half.AM

    @property
    def half_begins(self) -> bool:
        """Whether nobody could have been here before this half: it is the first of the day."""
        return self.context.reply.half is Half.AM

    @property
    def is_early(self) -> bool:
        """Whether a pupil who is only late may still be awaited."""
        return self.context.now <= self.start + 30

    @property
    def is_after_the_morning(self) -> bool:
        """Whether a morning's message tells of an hour at which its session is over."""
        over = self.at is not None and self.at >= _MORNING_ENDS
        return over and self.context.reply.half is Half.AM

    def expected(self, at: int | None, rule: str) -> Verdict:
        """Awaited at this time, or absent from a session that is over by then."""
        rides = self.statement.possessed == "transport" and at is not None
        if rides and (self.was_here or at >= _MORNING_ENDS):  # type: ignore[operator]  # a time is said
            # "Liv's taxi wants to be here at half 2": to take her home.
            return Verdict(LEAVING, "when they are to be fetched")
        if at is not None and self.context.reply.half is Half.AM and at >= _MORNING_ENDS:
            return Verdict("absent", "expected only after this session", self.reason)
        return Verdict("awaited", rule, self.reason, at)


__all__ = [
    "ELSEWHEN",
    "HERE_MARKS",
    "LATE_BY",
    "LATE_EARLY",
    "LATE_WHERE",
    "LEAVING",
    "NOTHING",
    "NOT_YET",
    "ONLY_PAST",
    "UNSURE",
    "WAS_ELSEWHERE",
    "Context",
    "Told",
    "Verdict",
]
