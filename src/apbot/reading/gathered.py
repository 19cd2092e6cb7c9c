"""
Gathered: what the statements of one message have said so far, before anybody's mark is settled.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from apbot.domain.readings import Reply, RosterPupil
from apbot.domain.words import Half, Mark
from apbot.reading.outcome import Outcome
from apbot.reading.statements import WHOLE, Clauses, Statement
from apbot.reading.told import HERE_MARKS, Context, Verdict
from apbot.reading.turned import bases
from apbot.reading.who import Meant, Whose

EARLIEST = 20


class OfGroup(NamedTuple):
    """What a statement says of all of them, of the rest or of nobody."""

    statement: Statement
    meant: Meant
    made: Verdict


@dataclass(slots=True)
class Gathered:
    """What was said of whom, and what makes "everyone" and "the rest" unsafe to believe."""

    clauses: Clauses
    whose: Whose
    context: Context
    out: Outcome = field(default_factory=Outcome)
    pupils: dict[int, RosterPupil] = field(default_factory=dict)
    said: dict[int, list[Verdict]] = field(default_factory=dict)
    excepted: dict[int, Statement] = field(default_factory=dict)
    groups: list[OfGroup] = field(default_factory=list)
    # Pupils who fit a name that fits more than one.
    unclear: set[int] = field(default_factory=set)
    # Named, with nothing that settles a mark: never of "the rest".
    mentioned: set[int] = field(default_factory=set)
    # Of whom something was said of another day.
    elsewhen: set[int] = field(default_factory=set)
    # Named beside words that say that they may not be in, by a second look.
    otherwise: frozenset[int] = frozenset()
    # Named behind "all in but": told apart from all of them.
    told_apart: frozenset[int] = frozenset()
    # Of whom it was understood that this is no matter of now: leaving later, over, called off.
    understood: set[int] = field(default_factory=set)
    # For whom somebody comes, or who is going later.
    leaving: set[int] = field(default_factory=set)
    # A concern is told with it.
    is_urgent: bool = False
    # Somebody is being looked for, whoever it is.
    is_searched: bool = False
    # Whom "everyone" leaves out is not clear.
    spoiled: bool = False
    # So many pupils are here, said so that it is no number of the prompt.
    sure_count: int = -1
    # Somebody who could not be read was said not to be here.
    somebody_unread: bool = False

    @property
    def reply(self) -> Reply:
        """The reply that is read."""
        return self.context.reply

    @property
    def sizes(self) -> set[int]:
        """The counts that are everyone: the roster, with its known absences or without."""
        known = sum(1 for pupil in self.reply.roster if pupil.known_absence is not None)
        return {len(self.reply.roster), len(self.reply.roster) - known}

    @property
    def is_too_early(self) -> bool:
        """Whether it is too long before the start to believe that anybody is here."""
        return self.context.now < self.context.start_of(None) - EARLIEST

    def others(self, *, known: bool = False) -> list[RosterPupil]:
        """Return whoever was not named; known absences only where they are counted in."""
        out = self.out
        return [
            pupil
            for pupil in self.reply.roster
            if pupil.number not in out.named
            and pupil.number not in out.unsure
            and pupil.number not in self.unclear
            and (known or pupil.known_absence is None)
        ]

    def unsure_if_held(self, number: int) -> bool:
        """Whether a pupil marked as here before is now not, with no word that puts it right."""
        if self.reply.marks.get(number) not in HERE_MARKS or self.clauses.corrects:
            return False
        self.out.unsure[number] = "marked as here before"
        return True

    def not_back(self, number: int) -> Mark:
        """Return the mark of somebody who is not back: was here this morning, or was not."""
        was_here = self.reply.am_marks.get(number) in (*HERE_MARKS, None)
        return Mark.UNACCOUNTED if was_here else Mark.ABSENT

    def left_out(self, number: int | None) -> Mark:
        """Return what being left out of the group's mark comes to."""
        nobody = self._left_out_of(number)
        if nobody is not None and nobody.meant.group == "nobody":
            negative = bases(nobody.statement) & {"absent", "missing"}
            return Mark.ABSENT if negative else Mark.PRESENT
        wholes = [each for each in self.groups if each.meant.group in ("everyone", "rest")]
        if wholes and wholes[0].made.mark in (Mark.ABSENT, Mark.AWAITED):
            return Mark.PRESENT
        back = any("back" in bases(each.statement) for each in wholes)
        if back and self.reply.half is Half.PM and number is not None:
            return self.not_back(number)
        return Mark.ABSENT

    def _left_out_of(self, number: int | None) -> OfGroup | None:
        """
        Return the group that somebody is left out of: the last one before, else the first.

        "all here except Mo, nobody has heard from him" leaves Mo out of "all", and not of "nobody".
        """
        statement = self.excepted.get(number) if number is not None else None
        wholes = [each for each in self.groups if each.meant.group in WHOLE]
        found = next((each for each in wholes if each.meant.group == "nobody"), None)
        if statement is None:
            return found
        by_statement = {id(each.statement): each for each in wholes}
        found = wholes[0] if wholes else None
        for each in self.clauses.statements:
            if each is statement:
                return found
            found = by_statement.get(id(each), found)
        return found

    def take_elsewhen(self, statement: Statement) -> None:
        """Keep that something was said of another day; an absence to come is for the office."""
        self.out.elsewhen = True
        away = {"absent", "missing", "not_back", "awaited", "late", "gone", "left", "gone_to"}
        told = bool(bases(statement) & away or statement.reasons)
        if told and not {"past", "am"} & set(statement.days):
            self.out.question = True
