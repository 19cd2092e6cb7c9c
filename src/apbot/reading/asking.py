"""
Asking: the one question to ask next, or none.

The contract's order decides which: a name that fits two, a number that may be a count, what could
not be read, and at last whether the others are in.
"""

from collections.abc import Sequence

from apbot.domain.readings import Ask, CountOrNumber, Rephrase, RestPresent, WhichPupil
from apbot.domain.words import Flag, Mark
from apbot.reading.heard import URGENT, Heard
from apbot.reading.items import CHATTER, SAYS, Item, without
from apbot.reading.lexicon import Kind
from apbot.reading.outcome import Outcome
from apbot.reading.small_talk import is_small_talk
from apbot.reading.times import minutes_of

_FOR_A_PERSON = frozenset((Flag.HELP, Flag.OPT_OUT, Flag.WRONG_NUMBER))
_ABOUT_PUPILS = (*(SAYS - {Kind.MARK}), Kind.NAME, Kind.NUMBER, Kind.EVERYONE, Kind.REST)


def question_of(heard: Heard, out: Outcome, flags: frozenset[Flag]) -> Ask | None:
    """Return the question that the message leaves, or None."""
    ask = _question_of(heard, out, flags)
    if out.marks or out.counts or out.which:
        return ask
    if flags & _FOR_A_PERSON:
        return None
    alone = not (out.whole or out.somebody_away)
    return None if isinstance(ask, Rephrase) and flags & set(URGENT) and alone else ask


def _question_of(heard: Heard, out: Outcome, flags: frozenset[Flag]) -> Ask | None:
    first = asked_first(out)
    if isinstance(first, Rephrase) and not out.marks and not out.counts and is_small_talk(heard):
        return None
    if first is not None:
        return first
    if out.subjectless and not flags & {Flag.QUESTION, *URGENT}:
        return Rephrase()
    if out.asked_again:
        return RestPresent(tuple(out.asked_again))
    due = heard.due(out)
    if not out.marks:
        return _question_of_nothing(heard, out, flags, due)
    if not due or _settles_what_was_asked(heard, out):
        return None
    exceptions_alone = Mark.PRESENT not in out.marks.values()
    if out.present_named or (heard.clauses.hedges and not exceptions_alone):
        return Rephrase()
    if minutes_of(heard.reply.sent_at) < minutes_of(heard.reply.start):
        return None
    return RestPresent(tuple(due))


def _settles_what_was_asked(heard: Heard, out: Outcome) -> bool:
    """Whether the message answers which pupil it was, or of whom a number was: no more is asked."""
    asked = heard.reply.pending
    if isinstance(asked, WhichPupil):
        return len(out.marks.keys() & set(asked.pupils)) == 1
    if isinstance(asked, CountOrNumber):
        so_marked = {number for number, mark in out.marks.items() if mark is asked.mark}
        return so_marked == {asked.n} or len(so_marked) == asked.n
    return False


def asked_first(out: Outcome) -> Ask | None:
    """Return the question about what was said and is not clear, or None."""
    if out.which:
        said, fits, mark = out.which[0]
        return WhichPupil(said, tuple(sorted(fits)), mark)
    if len(out.counts) == 1 and (out.marks or not out.unread):
        return CountOrNumber(*out.counts[0])
    unclear = out.counts or out.unread or out.unsure or out.left_over or out.too_early
    return Rephrase() if unclear else None


def _question_of_nothing(
    heard: Heard, out: Outcome, flags: frozenset[Flag], due: list[int]
) -> Ask | None:
    """Return what to ask where nobody was marked."""
    named = {number for item in heard.items for number in item.pupils}
    # "Kai and Mo training, Connor not due yet": of Kai and Mo it could not be read.
    quiet = out.quiet and not out.asked and not named & set(due) - out.quiet
    if flags or out.elsewhen or out.leaving or out.reasons or quiet:
        return None
    if out.whole and not due:
        return None
    clauses = heard.clauses
    if clauses.scraps or clauses.hedges or clauses.answers:
        return Rephrase()
    return None if _is_chatter(heard, due) else Rephrase()


def _is_chatter(heard: Heard, due: list[int]) -> bool:
    words = without(heard.items, (Kind.POINT, Kind.EMOJI))
    if isinstance(heard.reply.pending, WhichPupil | CountOrNumber):
        # What was asked is still open, unless this is thanks and no more.
        return all(item.kind in (*CHATTER, Kind.CHAT_YES) for item in words)
    if is_small_talk(heard):
        return True
    if not words or any(_is_about_pupils(item) for item in words) or _takes_home(words):
        return False
    if Mark.UNACCOUNTED in heard.reply.marks.values():
        # "got her": while somebody is sought, no word is small talk.
        return all(item.kind in (*CHATTER, Kind.CHAT_YES) for item in words)
    asked = isinstance(heard.reply.pending, RestPresent)
    if asked and any(item.kind in (Kind.NOT, Kind.NO) for item in words):
        # "hi no", to "are they in?".
        return False
    unknown = sum(item.kind is Kind.UNKNOWN for item in words)
    if not due:
        return unknown * 2 <= len(words)
    return not unknown and any(item.kind in (*CHATTER, Kind.CHAT_YES) for item in words)


def _takes_home(words: Sequence[Item]) -> bool:
    """ "dad is driving him home": of a pupil, whoever that is."""
    kinds = {item.kind for item in words}
    return Kind.PLACE_AWAY in kinds and Kind.RELATION in kinds


def _is_about_pupils(item: Item) -> bool:
    """Whether the piece could be of a pupil; a lone "in" is of anything at all."""
    return item.kind in _ABOUT_PUPILS or (item.kind is Kind.MARK and item.value != "present")
