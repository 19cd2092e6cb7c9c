"""
Cases: what a CSS person must take on, and how it goes from opened to over.

`opened -> told -> acknowledged -> resolved`. An open case always has a next look; an
acknowledgement stops the next step but does not close the case, and it lapses: where no outcome
follows, the ladder goes on.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from apbot.domain.policy import Ladder
from apbot.domain.words import Matter, Reason


class CaseState(StrEnum):
    """How far a case is."""

    OPENED = "opened"
    TOLD = "told"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


UNTAKEN = (CaseState.OPENED, CaseState.TOLD)
"""The states of a case that nobody has."""


class NoticeState(StrEnum):
    """How far the parents' notice of a case is."""

    HELD = "held"
    DUE = "due"
    TOLD = "told"
    WITHHELD = "withheld"
    NEEDLESS = "needless"


class NoticeEnd(StrEnum):
    """What the parents who were told have heard of how it ended."""

    HERE = "here"
    FOLLOWED_UP = "followed up"
    TAKEN_OVER = "taken over"


@dataclass(frozen=True, slots=True)
class Notice:
    """
    What the parents are told of a case: held until a contact releases it, or due at a moment.

    `told` are the persons who know of it, by our text or because they told us. `by` is who
    released or withheld it, "" where the policy did. `at` and `due_at` are UTC. Of one that was
    told, `end` is what they heard of the end.
    """

    state: NoticeState
    due_at: datetime | None = None
    told: tuple[str, ...] = ()
    by: str = ""
    at: datetime | None = None
    end: NoticeEnd | None = None

    @property
    def waits(self) -> bool:
        """Whether it may still be told."""
        return self.state in (NoticeState.HELD, NoticeState.DUE)


@dataclass(frozen=True, slots=True)
class CaseNote:
    """What somebody said of a case without ending it. `at` is UTC."""

    at: datetime
    by: str
    by_name: str
    words: str


@dataclass(frozen=True, slots=True)
class Case:
    """
    Something a CSS person must take on.

    `ref` is short, easy to type, and not used again within 14 days. `number` is the pupil's on
    the register, None where the case is the register's as a whole; `shown` is the pupil's name on
    phones, or whose number it is where a number may be wrong; of a parent's question, their child.
    `rung` counts the steps taken beyond the first telling. `told` are the persons told, in order.
    `words` is the message that raised it (a concern or question, word for word). `ladder_at` is
    when the next step is due, `provider_at` when the provider is asked again. `notice` is what the
    parents are told, None where they are not. `is_disputed` is an alarm of a parent who says that a
    pupil is at home whom the register has as there: the same mark once more does not end it.
    `expected_at` is when a parent says that the pupil will be there. All moments are UTC.
    """

    matter: Matter
    provider: str
    provider_name: str
    opened_at: datetime
    ladder: Ladder
    ref: str = ""
    register: int | None = None
    number: int | None = None
    pupil: str | None = None
    shown: str | None = None
    state: CaseState = CaseState.OPENED
    rung: int = 0
    told: tuple[str, ...] = ()
    ladder_at: datetime | None = None
    provider_at: datetime | None = None
    reason: Reason | None = None
    words: str = ""
    raised_by: str = ""
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    asked_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str = ""
    outcome: str = ""
    notes: tuple[CaseNote, ...] = ()
    notice: Notice | None = None
    is_disputed: bool = False
    expected_at: datetime | None = None
    id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the case is not over yet."""
        return self.state is not CaseState.RESOLVED

    @property
    def is_answered(self) -> bool:
        """Whether it is a question, and what whoever has it wrote went back to the asker."""
        is_asked = self.matter is Matter.QUESTION and self.raised_by != ""
        return is_asked and any(note.by == self.acknowledged_by for note in self.notes)

    @property
    def look_at(self) -> datetime | None:
        """
        When the case is looked at next: never None while it is open.

        One that is over is looked at once more where its notice to the parents is still due.
        """
        looks = [self.ladder_at, self.provider_at] if self.is_open else []
        if self.notice is not None and self.notice.state is NoticeState.DUE:
            looks.append(self.notice.due_at)
        return min((at for at in looks if at), default=None)

    @property
    def is_urgent(self) -> bool:
        """Whether minutes count: a child not accounted for, or a concern."""
        return self.matter in (Matter.UNACCOUNTED, Matter.CONCERN)
