"""
Statements: the shapes of what a message says, before anybody is marked from it.

A statement is one thing said of somebody, with every word that bears on it kept, so that a doubt
can be found beside a mark and shown to the office.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from apbot.reading.items import Item
from apbot.reading.lexicon import Kind
from apbot.reading.times import When

# Words for all of them, by what they come to.
WHOLE = ("everyone", "rest", "nobody")


@dataclass(frozen=True, slots=True)
class Ref:
    """
    Who is spoken of: `what` is pupils, number, range, pair, everyone, rest, nobody, both, he, she,
    they, unknown, other (somebody else) or subgroup. `count` is a count said with everyone or rest.
    """

    what: str
    said: str
    pupils: tuple[int, ...] = ()
    n: int = 0
    n_to: int = 0
    is_explicit: bool = False
    count: int | None = None
    is_plural: bool = False
    is_other: bool = False
    comma: bool = False


class Said(NamedTuple):
    """A mark word, whether a "not" turns it round, and its place among the statement's items."""

    value: str
    negated: bool
    text: str
    place: int
    is_code: bool = False
    hedged: bool = False
    # What it is besides its value ("missing"), where that decides what a "not" makes of it.
    kin: str = ""

    @property
    def typed(self) -> str:
        """The words as they were typed, in lower case."""
        return self.text.lower()


@dataclass(slots=True)
class Statement:
    """One thing said of somebody, with all that bears on it."""

    refs: list[Ref] = field(default_factory=list)
    marks: list[Said] = field(default_factory=list)
    # Each reason's word, how it was typed, and whether it is only thought or denied.
    reasons: list[tuple[str, str, bool]] = field(default_factory=list)
    lead_reasons: list[tuple[str, str, bool]] = field(default_factory=list)
    times: list[When] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    is_except: bool = False
    is_only: bool = False
    is_hedged: bool = False
    # Somebody else's word for it: enough for "not here", too little for "here".
    is_hearsay: bool = False
    is_doubtful: bool = False
    is_void: bool = False
    is_question: bool = False
    # The "?" stands right behind it.
    is_asked: bool = False
    is_same: bool = False
    is_too: bool = False
    is_now: bool = False
    is_yet: bool = False
    is_correction: bool = False
    is_until: bool = False
    is_object: bool = False
    has_open_not: bool = False
    negates_who: bool = False
    neither: str = ""
    possessed: str = ""
    mark_first: bool = False
    header: bool = False
    continues: bool = False
    lunch: bool = False
    # A relation or one of the staff is with them: "gone with his social worker".
    has_company: bool = False
    line: int = 0
    sentence: int = 0
    ref_place: int = -1
    # Before which items a comma or the like stands.
    pauses: list[int] = field(default_factory=list)
    # The words as they were typed, and of how many items: one long list is asked for it often.
    _words: tuple[int, str] = (0, "")

    @property
    def says(self) -> bool:
        """Whether anything that could be a mark was said."""
        return bool(self.marks or self.reasons or self.is_same)

    @property
    def whom(self) -> str:
        """What the last of those spoken of is: pupils, everyone, other …; empty for no one."""
        return self.refs[-1].what if self.refs else ""

    @property
    def of(self) -> str:
        """What the first of those spoken of is."""
        return self.refs[0].what if self.refs else ""

    @property
    def before_who(self) -> list[Item]:
        """What stands before the first of those spoken of."""
        return self.items[: max(self.ref_place, 0)]

    @property
    def from_who(self) -> list[Item]:
        """The first of those spoken of, and what stands behind."""
        return self.items[max(self.ref_place, 0) :]

    @property
    def at_once(self) -> list[Item]:
        """What stands behind whoever is spoken of, up to the next pause."""
        named = (at for at, item in enumerate(self.items) if item.kind is Kind.NAME)
        start = max(named, default=self.ref_place) + 1
        end = next((at for at in self.pauses if at >= start), len(self.items))
        return self.items[start:end]

    @property
    def words(self) -> str:
        """The statement as it was typed."""
        if self._words[0] != len(self.items):
            text = " ".join(i.text + ("'s" if i.has_s else "") for i in self.items).strip()
            self._words = (len(self.items), text)
        return self._words[1]

    @property
    def typed(self) -> str:
        """The statement as it was typed, in lower case."""
        return self.words.lower()

    def take_marks(self, other: "Statement") -> None:
        """Take the marks that were said before of somebody else."""
        self.marks = [mark._replace(place=-1) for mark in other.marks]
        self.mark_first = True
        self.is_now = self.is_now or other.is_now


@dataclass(slots=True)
class Clauses:
    """A message's statements, and what was said of no one in particular."""

    statements: list[Statement] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    scraps: bool = False
    corrects: bool = False
    hedges: bool = False
    same_as_morning: bool = False
    dangling_except: bool = False
    # One of the staff is off, and the office should know.
    staff_off: bool = False
    # Whoever was named behind an "if", of whom nothing is said.
    voided: set[int] = field(default_factory=set)
    swaps: list[tuple[Ref, Ref]] = field(default_factory=list)
    # Somebody of the staff is away, and another is there for them.
    covered: bool = False
    # Who was said to be meant, and the pupils named as not: "it's Ben who's off, not Harriet".
    others_named: list[tuple[Ref, tuple[int, ...]]] = field(default_factory=list)
