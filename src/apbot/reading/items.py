"""
Items: the tagged pieces of a message, and their kinds by what they do in a sentence.

Whatever reads on from a piece to see what stands near it does so by `beyond`, so that "the next
word that matters" means one thing everywhere.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from apbot.reading.lexicon import Kind
from apbot.reading.names import Fit
from apbot.reading.times import When

GROUPS = frozenset((Kind.EVERYONE, Kind.EVERYONE_IN, Kind.REST, Kind.NOBODY))
NAMED = frozenset((Kind.NAME, Kind.NUMBER, Kind.RANGE))
SUBJECTS = frozenset((*NAMED, *GROUPS, Kind.PAIR, Kind.BOTH))
PRONOUNS = frozenset((Kind.HE, Kind.SHE, Kind.THEY))
SAYS = frozenset((Kind.MARK, Kind.REASON, Kind.ON_THE_WAY, Kind.CODE, Kind.NOT_YET))
CHATTER = frozenset((Kind.CHAT, Kind.THANKS))
# What may follow where no more is told of whoever was named: "no Aiden TODAY".
ENDS = frozenset(
    (
        *(Kind.POINT, Kind.NOW, Kind.TODAY, Kind.MORNING, Kind.AFTERNOON, Kind.EMOJI, Kind.YET),
        *CHATTER,
    )
)
# Points that stand between the parts of one list.
LIST_GAPS = frozenset((",", "-", ":", "(", "/", "&", "+", "|", '"', "*", "_", "=", ">", "~"))
_HARD = frozenset((".", "!", "?", "\n", ";"))


class Item(NamedTuple):
    """One tagged piece: its kind, value, the words, and for a name or a time what it came to."""

    kind: Kind
    value: str
    text: str
    pupils: tuple[int, ...] = ()
    fit: Fit = Fit.EXACT
    when: When | None = None
    n: int = 0
    n_to: int = 0
    is_explicit: bool = False
    has_s: bool = False
    is_plural: bool = False
    is_other: bool = False

    @property
    def is_hard(self) -> bool:
        """Whether a sentence ends here."""
        return self.kind is Kind.POINT and self.value in _HARD

    @property
    def typed(self) -> str:
        """The words as they were typed, in lower case."""
        return self.text.lower()


def as_plain(item: Item) -> Item:
    """Return the words as they were typed, which say nothing of a pupil."""
    return Item(Kind.ORDINARY, item.typed, item.text)


def is_small(item: Item) -> bool:
    """Whether it is a small word that leaves what stands about it as it is: "has", "just"."""
    return item.kind in (Kind.FILL, Kind.JUST, Kind.ONLY, Kind.NOW) or item.value == "'s"


def ends_there(items: Sequence[Item], at: int) -> bool:
    """Whether what is said ends with the item there: by a point, an "and" or a "but"."""
    behind = items[at + 1 : at + 2]
    return not behind or behind[0].kind in (Kind.POINT, Kind.AND, Kind.BUT, Kind.NOT)


def sentence_start(items: Sequence[Item], at: int) -> int:
    """Return where the sentence begins in which the item before that place stands."""
    while at > 0 and not items[at - 1].is_hard:
        at -= 1
    return at


def as_filling(item: Item) -> Item:
    """Return the words as they were typed, as small ones that leave what is said as it is."""
    return item._replace(kind=Kind.FILL, value="")


def is_phrase_of_chat(item: Item) -> bool:
    """Whether it is small talk of several words, none of which counts alone ("speak later")."""
    return item.kind is Kind.CHAT and " " in item.text


def beyond(
    items: Iterable[Item], kinds: Collection[Kind], values: Collection[str] = ()
) -> Item | None:
    """Return the first item that is none of these kinds and none of these words, or None."""
    for item in items:
        if item.kind not in kinds and item.value not in values:
            return item
    return None


def without(items: Iterable[Item], kinds: Collection[Kind]) -> list[Item]:
    """Return the items that are of none of these kinds."""
    return [item for item in items if item.kind not in kinds]


def any_word(items: Iterable[Item], words: Collection[str]) -> bool:
    """Whether one of these words stands among the items, as the reader spells them."""
    return any(word in words for item in items for word in item.value.split())


def words_in(items: Iterable[Item]) -> set[str]:
    """Return every word of the items, as the reader spells them."""
    return {word for item in items for word in item.value.split()}


def typed_in(items: Iterable[Item]) -> set[str]:
    """Return every word of the items, as it was typed."""
    return {word for item in items for word in item.typed.split()}


def holds_phrase(items: Iterable[Item], phrases: Collection[str]) -> bool:
    """Whether one of these was typed, word for word: "a man down"."""
    typed = f" {' '.join(item.typed for item in items)} "
    return any(f" {phrase} " in typed for phrase in phrases)
