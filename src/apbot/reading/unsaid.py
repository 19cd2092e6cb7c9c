"""
Unsaid: what a statement leaves out because it was said just before.

"Aiden's in, chloe isn't", "Stan absent, Tegwen too", "so far I've got Tom": the mark is there for
whoever reads on, and is put where it belongs.
"""

from dataclasses import replace

from apbot.reading.items import CHATTER, Item, without, words_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.statements import Statement
from apbot.reading.turned import HERE, bases
from apbot.reading.who import Meant

_OTHER_DAYS = ("past", "future", "weekday", "date")
_TRAILING = frozenset((*CHATTER, Kind.EMOJI, Kind.TODAY, Kind.NOW, Kind.BUT, Kind.POINT))
_NOT_HAD = frozenset(
    (Kind.ORDINARY, Kind.UNKNOWN, Kind.NOT, Kind.NOBODY, Kind.RELATION, Kind.STAFF)
)
_HAD = frozenset((Kind.NAME, Kind.NUMBER, Kind.AND, Kind.TODAY, Kind.YET, *CHATTER, Kind.EMOJI))


def complete(statement: Statement, meant: Meant, previous: Statement, beside: Neighbours) -> None:
    """Put in the mark that was said before, where this statement says it again without words."""
    if statement.is_too and not statement.marks and meant.pupils:
        statement.take_marks(previous)
    elif not statement.says:
        _complete(statement, previous, beside)


def _complete(statement: Statement, previous: Statement, beside: Neighbours) -> None:
    """ "aiden's in, chloe isn't", "gino isn't absent, jamie is"."""
    if any(day.startswith(_OTHER_DAYS) for day in (*previous.days, *statement.days)):
        # "wasn't in yesterday, chloe was" says nothing of today.
        return
    last = without(statement.items, _TRAILING)
    coded = any(mark.is_code for mark in previous.marks)
    if coded or not statement.refs or not last or len(last) > len(statement.refs) + 4:
        return
    negated = statement.has_open_not
    if not (_denies(last[-1], previous) if negated else _repeats(last[-1], previous, beside)):
        return
    statement.marks = [replace(mark, negated=negated, place=-1) for mark in previous.marks[:1]]
    statement.has_open_not = False
    statement.mark_first = True


def _denies(ending: Item, previous: Statement) -> bool:
    return ending.kind is Kind.NOT and bases(previous) <= HERE


def _repeats(ending: Item, previous: Statement, beside: Neighbours) -> bool:
    plain = ending.value in beside.verbs_again or (ending.kind is Kind.NAME and ending.has_s)
    return plain and any(mark.negated for mark in previous.marks)


def has_them(statement: Statement, meant: Meant, beside: Neighbours) -> bool:
    """ "so far I've got Tom and Shanice", "we have 1 and 3": here, where no more is said."""
    if statement.says or statement.times or statement.days or not meant.pupils:
        return False
    if statement.is_except or statement.is_hedged or statement.is_question:
        return False
    before = statement.before_who
    words = words_in(before)
    has = any(words.issuperset(phrase.split()) for phrase in beside.has_them)
    if not has or statement.has_open_not or any(item.kind in _NOT_HAD for item in before):
        return False
    return all(item.kind in _HAD for item in statement.items[len(before) :])
