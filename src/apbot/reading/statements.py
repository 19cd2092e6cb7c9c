"""
Statements: the shapes of what a message says, before anybody is marked from it.

A statement is one thing said of somebody, with every word that bears on it kept, so that a doubt
can be found beside a mark and shown to the office.
"""

from dataclasses import dataclass, field

from apbot.reading.tagging import Item
from apbot.reading.times import When


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
    fit: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """A mark word, whether a "not" turns it round, and its place among the statement's items."""

    value: str
    negated: bool
    text: str
    place: int
    is_code: bool = False
    hedged: bool = False


@dataclass(slots=True)
class Statement:
    """One thing said of somebody, with all that bears on it."""

    refs: list[Ref] = field(default_factory=list)
    marks: list[Said] = field(default_factory=list)
    reasons: list[tuple[str, str, bool]] = field(default_factory=list)
    times: list[When] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    is_except: bool = False
    is_only: bool = False
    is_hedged: bool = False
    is_doubtful: bool = False
    is_void: bool = False
    is_question: bool = False
    is_same: bool = False
    is_too: bool = False
    is_now: bool = False
    is_yet: bool = False
    is_correction: bool = False
    is_until: bool = False
    has_open_not: bool = False
    negates_who: bool = False
    neither: str = ""
    days: list[str] = field(default_factory=list)
    possessed: str = ""
    mark_first: bool = False
    header: bool = False
    continues: bool = False
    line: int = 0
    sentence: int = 0
    ref_place: int = -1
    lunch: bool = False
    is_object: bool = False
    lead_reasons: list[tuple[str, str, bool]] = field(default_factory=list)

    @property
    def says(self) -> bool:
        """Whether anything that could be a mark was said."""
        return bool(self.marks or self.reasons or self.is_same)

    @property
    def words(self) -> str:
        """The statement as it was typed."""
        return " ".join(i.text + ("'s" if i.has_s else "") for i in self.items).strip()


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
    swaps: list[tuple[Ref, Ref]] = field(default_factory=list)
