"""
The words that talk of a case is made of: what each phrase is, and one clause with its phrases.

A word that takes back ("not", "I think", "will", "if") counts only where it stands free: inside a
longer phrase that is known ("no answer", "won't get out of bed") it belongs to that phrase.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from apbot.domain.words import Reason
from apbot.reading.small_words import last_is
from apbot.reading.talk_words import TalkWords
from apbot.reading.times import When


class Heard(StrEnum):
    """What a word or phrase is in talk of a case; each is a section of cases.yaml."""

    PEOPLE = "people"
    CHILD = "child"
    SAYS = "says"
    ASKED = "asked"
    RANG = "rang"
    NOT_REACHED = "not_reached"
    WAITING = "waiting"
    TOLD = "told"
    TAKING = "taking"
    CHASE = "chase"
    CHASING = "chasing"
    OK = "ok"
    CLOSING = "closing"
    DONE = "done"
    SAFE = "safe"
    AT_HOME = "at_home"
    WITH = "with"
    REGISTER = "register"
    SENT = "sent"
    OTHER_SENDING = "other_sending"
    PROMISE = "promise"
    NOT = "not"
    PERHAPS = "perhaps"
    WILL = "will"
    IF = "if"
    TRYING = "trying"
    ASIDE = "aside"
    NOT_COMING = "not_coming"
    SMALL = "small_words"
    SET_OUT = "set_out"
    SET_OUT_WORD = "set_out_words"
    SHOULD_BE_THERE = "should_be_there"
    DISBELIEF = "disbelief"
    GONE = "gone"
    ASKS_AFTER = "asks_after"
    WHERE = "where"
    NOT_AT_HOME = "not_at_home"
    ON_THE_WAY = "on_the_way"
    WITH_ME = "with_me"
    NOT_MINE = "not_mine"
    OFFICE = "office_words"


TAKES_BACK = frozenset((Heard.NOT, Heard.PERHAPS, Heard.WILL, Heard.IF, Heard.TRYING))
# How a word of a provider's own name is heard.
PLACE = "placement"
# How a pupil's name is heard.
NAMED = "he"


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that is known: which words of the clause it covers, and what it is."""

    heard: Heard | None
    start: int
    end: int
    reason: Reason | None = None
    words: str = ""

    def is_i_will(self, talk: TalkWords) -> bool:
        """ "I will drop her in": taken on when alone, and still to come before what is done."""
        return self.heard is Heard.TAKING and last_is(self.words, talk.i_will)


@dataclass(frozen=True, slots=True)
class Clause:
    """
    One breath of a message.

    `start` is where it begins in the message; hits stand by the message's positions. `sentence`
    counts sentences, and `turns` says that a "but" came before. `times` are the times said in it,
    each with where it begins.
    """

    talk: TalkWords = field(repr=False, compare=False)
    words: tuple[str, ...]
    typed: str
    hits: tuple[Hit, ...]
    start: int
    sentence: int
    turns: bool = False
    asks: bool = False
    past: bool = False
    another_day: bool = False
    left_over: tuple[str, ...] = ()
    times: tuple[tuple[int, When], ...] = ()

    def says_any(self, section: frozenset[str]) -> bool:
        """Whether any word of a section of talk.yaml stands here."""
        return not section.isdisjoint(self.words)

    def has(self, *heard: Heard) -> bool:
        """Whether any of these was heard."""
        return self.first(*heard) is not None

    def first(self, *heard: Heard) -> Hit | None:
        """Return the first hit of these, or None."""
        # A plain loop: asked thirty times of each clause and case, it is what a long text costs.
        for hit in self.hits:
            if hit.heard in heard:
                return hit
        return None

    @property
    def takes_back(self) -> frozenset[Heard]:
        """The kinds of word here that take back what is said."""
        return frozenset(h.heard for h in self.hits if h.heard in TAKES_BACK)

    @property
    def says_no_reason(self) -> bool:
        """Whether it is said here that nobody knows why."""
        return any(h.reason is Reason.UNKNOWN for h in self.hits)

    @property
    def reasons(self) -> tuple[Hit, ...]:
        """The reasons heard here, without "don't know why"."""
        return tuple(h for h in self.hits if h.reason and h.reason is not Reason.UNKNOWN)
