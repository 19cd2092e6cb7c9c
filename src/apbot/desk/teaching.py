"""
Teaching: somebody at the CSS gives the bot a word, and sees what it would do before it counts.

A word is tried on the reply that taught it, on ordinary replies, and on what this office's own
providers wrote of late. Where any that was understood would mean something else, the word is
refused: a wrong mark is far worse than a question.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection

from apbot.desk.desk import Desk
from apbot.desk.staff import reply_about
from apbot.domain.readings import (
    CountOrNumber,
    Reading,
    Reply,
    RestPresent,
    RosterPupil,
    WhichPupil,
)
from apbot.domain.register import Register
from apbot.domain.taught import TaughtWord
from apbot.domain.words import Flag, Half, Mark, Speaker
from apbot.loading.taught import MEANINGS, LeftOut, said_meaning
from apbot.reading.lexicon import Lexicon
from apbot.reading.reader import read
from apbot.reading.tokens import fold
from apbot.store.heard import HeardReply, list_heard
from apbot.store.lists import Lists, add_word, end_word
from apbot.store.registers import list_by_id
from apbot.wording.plain import MARKS, REASONS

__all__ = ["MEANINGS", "said_meaning"]

LOOKED_BACK = timedelta(days=60)
MOST_READ_AGAIN = 300
"""So many of the office's own latest replies a word is tried on."""

SECRET = frozenset({Flag.CONCERN, Flag.EMERGENCY})
"""A reply with one of these is for the leads and whoever was told of it."""

FLAGS: Mapping[Flag, str] = {
    Flag.CONCERN: "a concern is passed on",
    Flag.EMERGENCY: "an emergency: ring 999",
    Flag.QUESTION: "passed on to the office",
    Flag.CLOSED: "not running",
    Flag.HELP: "told what can be sent",
    Flag.OPT_OUT: "no more texts",
    Flag.WRONG_NUMBER: "a wrong number",
}

_PUPILS = (
    *("Aiden Brown", "Chloe Davies", "Femi Okafor"),
    *("Marta Kowalska", "Ayaan Malik", "Tyler Nkosi"),
)


@dataclass(frozen=True, slots=True)
class Effect:
    """A reply that would be read otherwise. `is_secret`: its words are for the leads alone."""

    text: str
    before: str
    after: str
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """
    What came of trying a word.

    `refused` says why it cannot be one; `own` is what becomes of the reply that taught it;
    `better` are others that were not understood, `worse` those that were. `count` were read again.
    """

    word: TaughtWord
    refused: str = ""
    own: Effect | None = None
    better: tuple[Effect, ...] = ()
    worse: tuple[Effect, ...] = ()
    count: int = 0

    @property
    def may_be_kept(self) -> bool:
        """Whether it is a word, and does no harm."""
        return not (self.refused or self.worse)


def word_of(phrase: str, meaning: str) -> TaughtWord:
    """Return the word that somebody typed and what they chose for it to mean."""
    section, _, value = meaning.partition(".")
    return TaughtWord(" ".join(phrase.replace("’", "'").casefold().split()), section, value)


def find_reply(db: Connection, id: int, now: datetime) -> HeardReply | None:
    """Return the reply of a register that somebody would teach a word of, or None."""
    found = list_heard(db, now - LOOKED_BACK, only=id)
    return found[0] if found and found[0].register is not None else None


def is_secret(reply: HeardReply) -> bool:
    """Whether only those may read it who may read concerns."""
    return bool(SECRET & set(reply.reading.get("flags", ())))


def try_word(
    db: Connection, desk: Desk, word: TaughtWord, reply: HeardReply | None, now: datetime
) -> Trial:
    """Say what a word would do, and change nothing."""
    lists = desk.lists(db)
    if desk.hears is None or (why := _names_somebody(word, lists, desk.lexicon)):
        return Trial(word, refused=why if desk.hears else "no words can be taught here")
    lexicon, left_out = desk.taught((*lists.words, word))
    refused = next((out.why for out in left_out if out.word == word), "")
    if refused:
        return Trial(word, refused=refused)
    better: list[Effect] = []
    worse: list[Effect] = []
    own, count = None, 0
    for one, asked, names, was_understood in _replies(db, desk, now):
        count += 1
        before, after = read(asked, desk.lexicon), read(asked, lexicon)
        if reply is not None and one is not None and one.id == reply.id:
            own = _effect(asked, names, before, after)
            continue
        if _means(before) == _means(after):
            continue
        effect = _effect(asked, names, before, after)
        is_worse = was_understood or _loses(before, after)
        (worse if is_worse else better).append(effect)
    return Trial(word, "", own, tuple(better), tuple(worse), count)


def keep_word(db: Connection, trial: Trial, now: datetime, by: str) -> bool:
    """Keep a word that was tried; False where it was kept before."""
    return add_word(db, trial.word, now, by)


def take_back(db: Connection, phrase: str, now: datetime, by: str) -> bool:
    """Have the bot forget a word that the office taught; False where it knows none such."""
    return end_word(db, phrase, now, by)


def left_out_of(desk: Desk, lists: Lists) -> tuple[LeftOut, ...]:
    """Return which of the taught words do not count, since the files have them by now."""
    return desk.taught(lists.words)[1]


def said(reading: Reading, names: Mapping[int, str]) -> str:
    """Return what a reading says, in a line: "off: Chloe D (ill). Asks whether the rest are in"."""
    parts = []
    for mark in Mark:
        who = [number for number, one in reading.marks.items() if one is mark]
        if who:
            told = ", ".join(_with_reason(reading, number, names) for number in sorted(who))
            is_all = len(who) == len(names) > 1 and not reading.reasons
            parts.append(f"{MARKS[mark]}: {'everybody' if is_all else told}")
    parts += [FLAGS[flag] for flag in Flag if flag in reading.flags]
    parts += [
        f"why: {_with_reason(reading, number, names)}"
        for number in reading.reasons
        if number not in reading.marks
    ]
    if reading.ask is not None:
        parts.append(f"asks {_asks(reading)}")
    return "; ".join(parts) or "sets nothing and asks nothing"


def _replies(
    db: Connection, desk: Desk, now: datetime
) -> Iterator[tuple[HeardReply | None, Reply, Mapping[int, str], bool]]:
    """Every reply to be read again, in its context, whom its numbers mean, and if it was clear."""
    assert desk.hears is not None
    roster = tuple(RosterPupil(number, name) for number, name in enumerate(_PUPILS, 1))
    names = {pupil.number: pupil.name for pupil in roster}
    for text in desk.hears.examples:
        reply = Reply(
            speaker=Speaker.PROVIDER,
            text=text,
            on=date(2026, 11, 24),
            half=Half.AM,
            start=time(9, 30),
            sent_at=time(9, 40),
            roster=roster,
        )
        yield None, reply, names, True
    heard = list_heard(db, now - LOOKED_BACK, last=MOST_READ_AGAIN)
    ids = {one.register for one in heard if one.register is not None}
    registers = {register.id: register for register in list_by_id(db, ids)}
    for one in heard:
        register = registers.get(one.register)
        if register is None:
            continue
        reply = reply_about(_before(register, one.id), one.text, one.received_at)
        shown = {line.number: line.shown for line in register.roster}
        yield one, reply, shown, one.is_understood


def _before(register: Register, id: int) -> Register:
    """The register as it stood when a message came."""
    entries = tuple(e for e in register.entries if e.inbox is not None and e.inbox < id)
    return replace(register, entries=entries)


def _names_somebody(word: TaughtWord, lists: Lists, lexicon: Lexicon) -> str:
    """A pupil's name can be no word, and stands in none."""
    words = fold(word.phrase).split()
    for pupil in lists.people.pupils:
        called = set(fold(f"{pupil.name} {pupil.known_as or ''}").split())
        is_named = set(words) & called
        if is_named and (len(words) == 1 or any(not lexicon.knows(one) for one in is_named)):
            return (
                "a pupil is called that: give the name that they go by in the list of pupils, "
                "under “known as”"
            )
    return ""


def _means(reading: Reading) -> tuple[object, ...]:
    return (reading.marks, reading.reasons, reading.times, reading.flags, reading.ask)


def _loses(before: Reading, after: Reading) -> bool:
    """Whether something that was taken rightly would not be any more."""
    has_mark_less = any(after.marks.get(n) is not mark for n, mark in before.marks.items())
    return has_mark_less or bool(before.flags - after.flags)


def _effect(reply: Reply, names: Mapping[int, str], before: Reading, after: Reading) -> Effect:
    secret = bool(SECRET & (before.flags | after.flags))
    return Effect(reply.text, said(before, names), said(after, names), secret)


def _with_reason(reading: Reading, number: int, names: Mapping[int, str]) -> str:
    name = names.get(number, str(number))
    details = [
        *([reading.times[number].strftime("%H:%M")] if number in reading.times else []),
        *([REASONS[reading.reasons[number]]] if number in reading.reasons else []),
    ]
    return f"{name} ({', '.join(details)})" if details else name


def _asks(reading: Reading) -> str:
    if isinstance(reading.ask, RestPresent):
        return "whether the rest are in"
    if isinstance(reading.ask, WhichPupil):
        return f"which “{reading.ask.said}”"
    if isinstance(reading.ask, CountOrNumber):
        return f"whether {reading.ask.n} is how many or who"
    return "for other words"


def secrets_apart(effects: Sequence[Effect], *, may_read: bool) -> tuple[list[Effect], int]:
    """Return the effects that a viewer may read, and how many others there are."""
    shown = [effect for effect in effects if may_read or not effect.is_secret]
    return shown, len(effects) - len(shown)
