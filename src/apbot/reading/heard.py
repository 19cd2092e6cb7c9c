"""
Heard: a provider's message as it was heard, whole, for whatever is settled of the whole of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from apbot.domain.readings import Reply
from apbot.domain.words import Flag
from apbot.reading.flags import Flagged
from apbot.reading.items import CHATTER, Item, without
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.outcome import Outcome
from apbot.reading.statements import Clauses
from apbot.reading.times import minutes_of

URGENT = (Flag.CONCERN, Flag.EMERGENCY)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message in its context: its pieces, its statements, and the flags that its words raise."""

    reply: Reply
    lexicon: Lexicon
    own: str
    items: Sequence[Item]
    clauses: Clauses
    flagged: tuple[Flagged, ...]

    @property
    def flags(self) -> set[Flag]:
        """Every flag that the words raise."""
        return {each.flag for each in self.flagged}

    @property
    def urgent(self) -> set[Flag]:
        """Concern and emergency, where they are raised."""
        return self.flags & set(URGENT)

    @property
    def plain(self) -> list[Item]:
        """The pieces without points, greetings, thanks and smiles."""
        return without(self.items, (*CHATTER, Kind.POINT, Kind.EMOJI))

    def has(self, kind: Kind) -> bool:
        """Whether a piece of this kind stands anywhere."""
        return any(item.kind is kind for item in self.items)

    def due(self, out: Outcome) -> list[int]:
        """Whoever is due now and has no mark, from this message or before."""
        return due(self.reply, out)


def due(reply: Reply, out: Outcome) -> list[int]:
    """Return whoever is due now and has no mark, from this message or before."""
    now = minutes_of(reply.sent_at)
    return [
        pupil.number
        for pupil in reply.roster
        if pupil.number not in out.marks
        and pupil.number not in reply.marks
        and pupil.number not in out.quiet
        and pupil.known_absence is None
        and (pupil.start is None or now >= minutes_of(pupil.start))
    ]
