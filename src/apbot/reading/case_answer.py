"""What one speaker's words come to for one case: the action, and why in words for the office."""

from dataclasses import dataclass

from apbot.domain.readings import Alarm
from apbot.domain.words import Action, Reason
from apbot.reading.still_coming import Coming


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The action for a case, with its reason where one was given.

    `because` is a sentence that a CSS officer reads beside the words. `alarm` raises a concern:
    the child set out, or should be there; `alarms` say which. `asks` says that a person must
    answer something. `is_away` says that, by a parent's words, the child is not at the provider,
    `coming` that the child is to come yet in this session. `may_have` says that a contact has taken
    a search on, or has found the child: the words mean either.
    """

    action: Action
    because: str
    reason: Reason | None = None
    alarm: bool = False
    asks: bool = False
    alarms: frozenset[Alarm] = frozenset()
    is_away: bool = False
    coming: Coming | None = None
    may_have: bool = False
