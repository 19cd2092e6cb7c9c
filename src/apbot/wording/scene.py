"""
The scene of a text: what it is about, and whom, beside the Say itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from apbot.domain.calendar import local
from apbot.domain.cases import Case
from apbot.domain.decisions import Say
from apbot.domain.people import Person, Provider
from apbot.domain.register import Line, Register
from apbot.wording.compose import clock_time, day
from apbot.wording.scripts import MissingFact


@dataclass(frozen=True, slots=True)
class Scene:
    """
    What a text is about, beside the Say itself.

    `example_pupil` and `example_provider` are of this town, for a text that shows how to write.
    `ring` are the provider's staff to ring, first choice first. `names` are persons by key.
    `slip` is the address of the register to be tapped, where there is one for this person.
    `office` is the CSS contact to ring, `morning` the register before an afternoon's, `words` are
    the words of facts in the hearer's language.
    """

    css: str
    now: datetime
    to: Person
    provider: Provider | None = None
    ring: tuple[Person, ...] = ()
    names: Mapping[str, Person] | None = None
    slip: str = ""
    example_pupil: str = ""
    example_provider: str = ""
    office: Person | None = None
    morning: Register | None = None
    words: Mapping[str, str] = field(default_factory=dict)


def register_of(say: Say) -> Register:
    """Return the register of this text. Raises MissingFact."""
    if say.register is None:
        raise MissingFact(say.script, "register")
    return say.register


def case_of(say: Say) -> Case:
    """Return the first case of this text. Raises MissingFact."""
    if not say.cases:
        raise MissingFact(say.script, "case")
    return say.cases[0]


def line_of(say: Say) -> Line:
    """Return the first pupil of this text. Raises MissingFact."""
    if not say.lines:
        raise MissingFact(say.script, "pupil")
    return say.lines[0]


def moment_of(moment: datetime, scene: Scene) -> str:
    """ "09:32", or "09:32 (Mon 23 Nov)" of another day, in the hearer's language."""
    said, on = clock_time(local(moment)), local(moment).date()
    return said if on == local(scene.now).date() else f"{said} ({day(on, scene.words)})"
