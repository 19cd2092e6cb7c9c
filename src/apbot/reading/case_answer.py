"""What one speaker's words come to for one case: the action, and why in words for the office."""

from dataclasses import dataclass

from apbot.domain.readings import Alarm
from apbot.domain.words import Action, Reason


@dataclass(frozen=True, slots=True)
class Answer:
    """
    The action for a case, with its reason where one was given.

    `because` is a sentence that a CSS officer reads beside the words. `alarm` raises a concern:
    the child set out, or should be there; `alarms` say which. `asks` says that a person must
    answer something. `is_away` says that, by a parent's words, the child is not at the provider.
    """

    action: Action
    because: str
    reason: Reason | None = None
    alarm: bool = False
    asks: bool = False
    alarms: frozenset[Alarm] = frozenset()
    is_away: bool = False
