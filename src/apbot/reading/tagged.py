"""
Tagged: a message while its pieces are given their kinds, and what may be asked of it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from apbot.reading.items import Item
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.names import Names
from apbot.reading.neighbours import Neighbours
from apbot.reading.tokens import Token

NOTHING = Token("", "", "end")


@dataclass(slots=True)
class Tagged:
    """The tokens, and the items that were made of those before."""

    tokens: tuple[Token, ...]
    lexicon: Lexicon
    names: Names
    # Other letters in the message are marks, so one that may be an initial is a mark too.
    listed: bool
    items: list[Item] = field(default_factory=list)

    @property
    def beside(self) -> Neighbours:
        """The words beside a piece that decide what it is."""
        return self.lexicon.beside

    def token(self, at: int) -> Token:
        """Return the token there, or nothing beyond the ends."""
        return self.tokens[at] if 0 <= at < len(self.tokens) else NOTHING

    def word(self, at: int) -> str:
        """Return the word there, or nothing beyond the ends."""
        return self.token(at).word

    def count(self, at: int) -> int:
        """Return the count written there, in digits or in words; 0 for none."""
        token = self.token(at)
        if token.kind == "number":
            return int(token.word) if len(token.word) < 3 else 0
        return self.beside.counts.get(token.word, 0)

    @property
    def before(self) -> Kind | None:
        """The kind of the last item made."""
        return self.items[-1].kind if self.items else None

    def has(self, kinds: Collection[Kind], last: int | None = None) -> bool:
        """Whether one of these kinds is among the items, or among so many of the last."""
        items = self.items if last is None else self.items[-last:]
        return any(item.kind in kinds for item in items)

    def text(self, at: int, length: int) -> str:
        """Return so many tokens as they were typed."""
        if length == 1:
            return self.tokens[at].typed
        return " ".join(dict.fromkeys(t.typed for t in self.tokens[at : at + length]))

    def add(self, item: Item, at: int, length: int) -> int:
        """Add an item made of so many tokens, and return how many."""
        self.items.append(item)
        return length
