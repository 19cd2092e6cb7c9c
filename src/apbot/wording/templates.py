"""
Templates: the words that WhatsApp has approved, for whoever has not written to us for a day.

A template is kept at Twilio under an id of its own; here are its words, so that the outbox holds
what was read on the phone, and what goes into its places. It stands in for a script, and names no
pupil: a locked phone shows it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from apbot.wording.scripts import Script

QUICK = "quick_"
"""How those are called that carry a text's buttons within the day, and need no approval."""

PLACE = re.compile(r"\{\{(\d+)\}\}")


@dataclass(frozen=True, slots=True)
class Place:
    """What goes into a template's place: a fact; and what WhatsApp is shown of it."""

    fact: str
    sample: str


@dataclass(frozen=True, slots=True)
class Template:
    """
    Words in the networks' own way of writing: {{1}} is the first of `places`.

    `says` are the scripts in whose place it goes. `buttons` are its labels; the first has the id
    "1", whichever text it stands under.
    """

    name: str
    says: tuple[str, ...]
    body: str
    places: tuple[Place, ...]
    buttons: tuple[str, ...]
    category: str = "utility"
    language: str = "en"

    @property
    def needs_approval(self) -> bool:
        """Whether it is sent to somebody who has not written for a day."""
        return not self.name.startswith(QUICK)

    @property
    def script(self) -> Script:
        """The script that names this template's facts, so that they are made as any other's."""
        facts = tuple(dict.fromkeys(place.fact for place in self.places))
        return Script(name=self.name, to="", facts=facts, text="")

    def fill(self, facts: Mapping[str, str | int]) -> dict[str, str]:
        """Return what goes into each place, in one line: WhatsApp refuses a longer one."""
        return {
            str(number): " ".join(str(facts[place.fact]).split())
            for number, place in enumerate(self.places, 1)
        }

    def words(self, places: Mapping[str, str]) -> str:
        """Return the text as it is read on the phone."""
        return PLACE.sub(lambda found: places[found[1]], self.body)


def template_for(templates: Mapping[str, Template], script: str) -> Template | None:
    """Return the template that goes in the place of a script, or None."""
    return next((one for one in templates.values() if script in one.says), None)
