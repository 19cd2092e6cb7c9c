"""
The draft: a message half read, as its pieces are taken one after another.

It holds the statement that is being made, what waits for the next one (a "not", an "I think"), and
answers what stands before and behind the piece that is being taken.
"""

from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import islice

from apbot.reading.items import GROUPS, LIST_GAPS, NAMED, PRONOUNS, SAYS, SUBJECTS, Item, words_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.statements import Clauses, Ref, Statement

_PREDICATE = SAYS | {Kind.NOT}
# What may stand between a name and what is said of it, other names too.
_TO_PREDICATE = (SUBJECTS - GROUPS) | {
    *(Kind.AND, Kind.FILL, Kind.TODAY, Kind.UNKNOWN, Kind.YET, Kind.TOO, Kind.NOW, *PRONOUNS)
}
_INNER_GAPS = LIST_GAPS - {"("}


def _spoken_of(items: Sequence[Item]) -> list[bool]:
    """For each piece, whether something is said of it with nothing but names between."""
    spoken = [False] * len(items)
    for at in range(len(items) - 2, -1, -1):
        item = items[at + 1]
        passed = item.kind in _TO_PREDICATE or (
            item.kind is Kind.POINT and item.value in _INNER_GAPS
        )
        spoken[at] = item.kind in _PREDICATE or (passed and spoken[at + 1])
    return spoken


@dataclass(slots=True)
class Draft:
    """What has been made of a message so far; `at` is the piece that is being taken."""

    items: Sequence[Item]
    beside: Neighbours
    at: int = 0
    out: Clauses = field(default_factory=Clauses)
    cur: Statement | None = None
    # The statement that goes on behind the bracket that is open.
    pushed: Statement | None = None
    # What was said before the next statement begins, and is of it.
    prefix: Statement = field(default_factory=Statement)
    last: Statement | None = None
    header: Statement | None = None
    except_open: bool = False
    negated: bool = False
    hedge_next: bool = False
    # Nothing is taken until the sentence, or this part of it, is over.
    void: bool = False
    # The point that stands before this piece, if one does.
    gap: str = ""
    # The day that heads this sentence, and all that is said in it: "yesterday: Ana in, Leo in".
    heading: str = ""
    # The other day with which this sentence opens: "on friday aiden in, chloe in".
    opened: str = ""
    line: int = 0
    sentence: int = 0
    # For each piece, whether something is said behind it; made when it is first asked.
    spoken: Sequence[bool] = ()
    # Every word of the message, and each piece as one: most small rules see here that they are of
    # no concern to it.
    words: Set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.words = words_in(self.items) | {item.value for item in self.items}

    # what stands around

    def may_hold(self, words: Set[str]) -> bool:
        """Whether one of these words stands anywhere in the message."""
        return not self.words.isdisjoint(words)

    def next(self, step: int = 0) -> Item | None:
        """Return the item behind this one, or the one so many steps further."""
        at = self.at + 1 + step
        return self.items[at] if at < len(self.items) else None

    def next_kind(self, step: int = 0) -> Kind | None:
        """Return the kind of what stands there, or None at the end."""
        item = self.next(step)
        return item.kind if item is not None else None

    def ahead(self, most: int | None = None, *, of: int | None = None) -> Iterator[Item]:
        """Give the items behind this one, or behind the one `of` a place."""
        start = (self.at if of is None else of) + 1
        return islice(self.items, start, None if most is None else start + most)

    def behind(self, most: int) -> Sequence[Item]:
        """Return so many items before this one."""
        return self.items[max(0, self.at - most) : self.at]

    @property
    def before(self) -> Item | None:
        """The item before this one."""
        return self.items[self.at - 1] if self.at else None

    def meets(
        self, kinds: Collection[Kind], past: Collection[Kind], values: Collection[str], most: int
    ) -> Item | None:
        """Return the next item of these kinds, with nothing before it but what may be passed."""
        for item in self.ahead(most):
            if item.kind in kinds:
                return item
            if item.kind not in past and item.value not in values:
                return None
        return None

    def is_spoken_of(self, at: int) -> bool:
        """Whether something is said of the names that begin there, before the sentence ends."""
        if not self.spoken:
            self.spoken = _spoken_of(self.items)
        return at < len(self.spoken) and self.spoken[at]

    def has_verb_behind(self, at: int) -> bool:
        """ "chloe has new boots": whether the name there is followed by a verb of its own."""
        verbs = self.beside.verbs_of_being | self.beside.verbs_after_but
        following = self.items[at + 1] if at + 1 < len(self.items) else None
        own = following is not None and set(following.typed.split()[:1]) & verbs
        return self.items[at].has_s or bool(own)

    def ends_here(self) -> bool:
        """Whether nothing more stands in this sentence."""
        return self.ends_at(0)

    def ends_at(self, step: int) -> bool:
        """Whether the sentence ends so many steps further."""
        following = self.next(step)
        return following is None or following.is_hard

    def names_behind(self, step: int) -> bool:
        """Whether a name or a number stands right behind the item so many steps further."""
        return self.next_kind(step + 1) in NAMED

    # the statement that is being made

    @property
    def named(self) -> Statement | None:
        """The statement that has named somebody and said nothing of them yet."""
        cur = self.cur
        return cur if cur is not None and cur.refs and not cur.says else None

    def new(self) -> Statement:
        """Return a new statement, with what was said before it began."""
        made, self.prefix = self.prefix, Statement()
        made.line, made.sentence = self.line, self.sentence
        if self.heading:
            made.days.append(self.heading)
        return made

    def begin(self, *refs: Ref) -> Statement:
        """End what is being made, and begin a statement of these."""
        self.close()
        made = self.cur = self.new()
        made.refs = list(refs)
        return made

    def begin_marks(self) -> Statement:
        """End what is being made, and begin one whose mark stands before the names."""
        made = self.begin()
        made.mark_first = True
        return made

    def go_on(self) -> Statement:
        """Begin a statement of whoever was spoken of last."""
        made = self.cur = self.new()
        made.refs = list(self.last.refs) if self.last is not None else []
        made.continues = True
        return made

    def close(self) -> None:
        """End the statement that is being made, and keep it if it says anything."""
        if self.pushed is not None:
            inner, self.cur, self.pushed = self.cur, self.pushed, None
            if inner is not None and (inner.refs or inner.marks):
                self.out.statements.append(inner)
        cur, self.cur = self.cur, None
        if cur is not None:
            cur.reasons.extend(cur.lead_reasons)
            cur.lead_reasons = []
            if self.opened and cur.whom == "pupils" and not cur.days and not cur.is_now:
                cur.days.append(self.opened)
            if cur.refs or cur.says or cur.times:
                cur.has_open_not = cur.has_open_not or self.negated
                self.out.statements.append(cur)
                if cur.refs:
                    self.last = cur
        self.negated = False

    @property
    def bearer(self) -> Statement:
        """The statement on which a word bears: this one, or the next if none is begun."""
        return self.cur or self.prefix

    def keep(self, item: Item) -> None:
        """Keep a word that sets nothing by itself, so that a doubt in it can be found."""
        self.bearer.items.append(item)
