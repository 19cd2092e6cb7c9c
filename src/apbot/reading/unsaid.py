"""
Unsaid: what a statement leaves out because it was said just before.

"Aiden's in, chloe isn't", "Stan absent, Tegwen too", "so far I've got Tom": the mark is there for
whoever reads on, and is put where it belongs.
"""

from itertools import pairwise

from apbot.domain.readings import Reply, RestPresent
from apbot.reading.items import CHATTER, Item, typed_in, without, words_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import begins, first_is
from apbot.reading.statements import Said, Statement
from apbot.reading.turned import HERE, bases
from apbot.reading.who import Meant, Whose

# How near the names "we've got" stands.
_NEAR = 5
_OTHER_DAYS = ("past", "future", "weekday", "date")
_TRAILING = frozenset((*CHATTER, Kind.EMOJI, Kind.TODAY, Kind.NOW, Kind.BUT, Kind.POINT))
_COURTEOUS = frozenset((*CHATTER, Kind.EMOJI, Kind.POINT))
_NOT_TODAY = ([Kind.NOT, Kind.TODAY], [Kind.NOT, Kind.MORNING], [Kind.NOT, Kind.AFTERNOON])
_BEFORE_NOT_TODAY = (
    Kind.FILL,
    Kind.REASON,
    Kind.AND,
    Kind.HE,
    Kind.SHE,
    Kind.RELATION,
    Kind.REPORTS,
)
_NOT_HAD = frozenset(
    (Kind.ORDINARY, Kind.UNKNOWN, Kind.NOT, Kind.NOBODY, Kind.RELATION, Kind.STAFF)
)
_NAMES_AND_NOT = frozenset((Kind.NAME, Kind.NUMBER, Kind.AND, Kind.NOT, Kind.FILL, *_TRAILING))
_ONLY_NAMES = frozenset(
    (
        *(Kind.ONLY, Kind.JUST, Kind.NAME, Kind.AND, Kind.NOT, Kind.TODAY, Kind.FILL, Kind.POINT),
        *(Kind.EMOJI, *CHATTER),
    )
)
_HAD = frozenset(
    (
        *(Kind.NAME, Kind.BOTH, Kind.NUMBER, Kind.AND, Kind.TODAY, Kind.YET, *CHATTER, Kind.EMOJI),
        *(Kind.MORNING, Kind.AFTERNOON),
    )
)


def only_these(whose: Whose, beside: Neighbours) -> None:
    """ "just Kyra today, nobody else turned up": she did, and the others did not."""
    for (before, meant), (statement, others) in pairwise(whose.pairs):
        limits = before.is_only and meant.pupils and not (before.says or before.has_open_not)
        nobody = others.group == "nobody" and not beside.nobody_else.isdisjoint(
            statement.typed.split()
        )
        doubted = before.is_hedged or before.is_question or statement.is_hedged
        if limits and nobody and before.sentence == statement.sentence and not doubted:
            before.marks = [Said("present", False, "only", -1)]
            before.mark_first = True
        all_of_them = meant.group in ("everyone", "nobody") and before.marks
        only = statement.is_only and others.pupils and not (statement.says or statement.times)
        alone = all(i.kind in _ONLY_NAMES for i in statement.items)
        if all_of_them and only and alone:
            # "nobody absent only Jago", "all in, just not Jago": he is what "all" leaves out.
            statement.is_except = True


def forget_moved(statement: Statement, beside: Neighbours) -> None:
    """ "inc Jaydon, appointment got moved to next week": of the appointment, and he is here."""
    if not (statement.days and statement.reasons) or "today" in statement.days:
        return
    why = next((n for n, i in enumerate(statement.items) if i.kind is Kind.REASON), None)
    if why is None or not typed_in(statement.items[why + 1 : why + 5]) & beside.called_off:
        return
    if any(mark.place > why for mark in statement.marks):
        return
    statement.days, statement.reasons, statement.times = [], [], []
    statement.items = statement.items[:why]
    statement.pauses = [at for at in statement.pauses if at < why]


def complete(statement: Statement, meant: Meant, previous: Statement, beside: Neighbours) -> None:
    """Put in the mark that was said before, where this statement says it again without words."""
    others = bool(meant.pupils) or meant.group == "rest"
    too = others and _is_neither(statement, previous, beside)
    if too or _has_its_own_time(statement, meant, previous):
        statement.take_marks(previous)
    elif not (statement.says or statement.is_too):
        _complete(statement, previous, beside)


def say_too(
    statement: Statement, meant: Meant, beside_whom: Statement, previous: Statement | None
) -> None:
    """
    Put in what was said of whoever stands before "Femi too"; nothing where that was not read.

    "Chloe is off. Jo with the goats, Femi too": as Jo, of whom nothing is known.
    """
    others = bool(meant.pupils) or meant.group == "rest"
    if not statement.is_too or statement.marks or not others:
        return
    if beside_whom.marks or beside_whom.continues:
        if previous is not None:
            statement.take_marks(previous)
    elif beside_whom.reasons and not beside_whom.is_hedged:
        # "Aiden's ill, Femi too".
        statement.reasons = statement.reasons or list(beside_whom.reasons)


def deny_today(statement: Statement) -> None:
    """ "femi not today", "poorly so not today": not here, with no more words for it."""
    plain = without(statement.items[max(statement.ref_place, 0) + 1 :], _COURTEOUS)
    denied = [item.kind for item in plain[-2:]] in _NOT_TODAY
    unsure = statement.is_hedged or statement.is_question or statement.is_doubtful
    if not (statement.has_open_not and denied and statement.refs) or statement.marks or unsure:
        return
    if all(item.kind in _BEFORE_NOT_TODAY or item.value == "'s" for item in plain[:-2]):
        statement.marks = [Said("present", True, plain[-2].text, -1)]
        statement.has_open_not = False
        statement.mark_first = True


def _is_neither(statement: Statement, previous: Statement, beside: Neighbours) -> bool:
    """ "Faith hasn't shown. Jakub neither": he has not, either."""
    last = without(statement.items, _TRAILING)[-1:]
    alone = all(item.kind in _NAMES_AND_NOT for item in statement.items)
    if statement.says or not (alone and last and last[0].value in beside.neither_nor):
        return False
    away = bases(previous) & {"absent", "missing", "not_yet"}
    denied = bool(away) or (bool(previous.marks) and all(m.negated for m in previous.marks))
    statement.has_open_not = statement.has_open_not and not denied
    return denied


def _has_its_own_time(statement: Statement, meant: Meant, previous: Statement) -> bool:
    """ "Femi arrived at 9.45 and Marta at 10": the same of her, at another time."""
    if statement.says or not (statement.times and previous.times and meant.pupils):
        return False
    if statement.sentence != previous.sentence or len(previous.marks) != 1:
        return False
    kinds = (Kind.NAME, Kind.FILL, Kind.TIME, Kind.AND, *CHATTER)
    timed = previous.marks[0].value in ("arrived", "late", "awaited", "left")
    return timed and not previous.marks[0].negated and all(i.kind in kinds for i in statement.items)


def _complete(statement: Statement, previous: Statement, beside: Neighbours) -> None:
    """ "aiden's in, chloe isn't", "gino isn't absent, jamie is"."""
    if any(day.startswith(_OTHER_DAYS) for day in (*previous.days, *statement.days)):
        # "wasn't in yesterday, chloe was" says nothing of today.
        return
    last = without(statement.items, _TRAILING)
    coded = any(mark.is_code for mark in previous.marks)
    if coded or not statement.refs or not last or len(last) > len(statement.refs) + 4:
        return
    ends = [step for step, item in enumerate(statement.items) if item is last[-1]]
    joined = ends[-1] > 0 and statement.items[ends[-1] - 1].kind in (Kind.AND, Kind.BUT)
    if is_in_a_way(statement, last[-1]) or joined:
        # "Jack is fine and is Chloe coming": the "is" of what follows.
        return
    negated = statement.has_open_not
    if negated and any(
        i.kind is Kind.CHAT and first_is(i.value, beside.bare_in) for i in statement.items
    ):
        # "isn't in trouble".
        return
    if not (_denies(last[-1], previous) if negated else _repeats(last[-1], previous, beside)):
        return
    if not previous.marks:
        statement.marks = [Said("present", False, last[-1].text, -1)]
    statement.marks += [mark._replace(negated=negated, place=-1) for mark in previous.marks[:1]]
    statement.has_open_not = False
    statement.mark_first = True


def is_in_a_way(statement: Statement, ending: Item) -> bool:
    """ "chloe is in a mood", "is on form": how somebody is, and no word left out."""
    items = statement.items
    at = max(step for step, item in enumerate(items) if item is ending) + 1
    return at < len(items) and items[at].kind is Kind.CHAT and " " in items[at].value


def _denies(ending: Item, previous: Statement) -> bool:
    return ending.kind is Kind.NOT and bases(previous) <= HERE | {"awaited"}


def _repeats(ending: Item, previous: Statement, beside: Neighbours) -> bool:
    plain = ending.value in beside.verbs_again or (ending.kind is Kind.NAME and ending.has_s)
    return plain and (is_unable(previous, beside) or any(mark.negated for mark in previous.marks))


def is_unable(statement: Statement, beside: Neighbours) -> bool:
    """ "aiden isn't well enough to come in, femi is": the "not" is in the reason."""
    return any(begins(words, beside.not_well_enough) for _, words, _ in statement.reasons)


def answer_who_is(statement: Statement, meant: Meant, reply: Reply, beside: Neighbours) -> None:
    """ "1 and 3 are", "gracie isn't", to the question whether the others are in."""
    asked = reply.pending
    if not isinstance(asked, RestPresent) or statement.says or not meant.pupils:
        return
    if statement.is_hedged or statement.negates_who or statement.is_question:
        return
    last = without(statement.items, _TRAILING)[-1:]
    denied = statement.has_open_not
    # "femi at his nan's" ends as "femi's" does, and is no answer.
    alone = all(i.kind in _NAMES_AND_NOT or i.value in beside.is_or_are for i in statement.items)
    if denied:
        answers = bool(last) and last[0].kind is Kind.NOT
    else:
        answers = bool(last) and last[0].value in beside.is_or_are
    if answers and alone and set(meant.pupils) <= set(asked.pupils):
        statement.marks = [Said("present", denied, last[0].text, -1)]
        statement.has_open_not = False
        statement.mark_first = True


def has_them(statement: Statement, meant: Meant, beside: Neighbours) -> bool:
    """ "so far I've got Tom and Shanice", "we have 1 and 3": here, where no more is said."""
    other_day = any(day.startswith(_OTHER_DAYS) for day in statement.days)
    if statement.says or statement.times or other_day or not meant.pupils:
        return False
    if statement.is_except or statement.is_hedged or statement.is_question:
        return False
    before = statement.before_who
    if statement.is_only and words_in(before[:1]) & beside.only_has:
        return not statement.has_open_not and _is_said_and_done(statement.at_once)
    words = words_in(without(before[-_NEAR:], (Kind.CORRECTION,)))
    has = any(words.issuperset(phrase.split()) for phrase in beside.has_them)
    near = before[-_NEAR:]
    if not has or statement.has_open_not or any(item.kind in _NOT_HAD for item in near):
        return False
    behind = statement.items[len(before) :]
    return all(item.kind in _HAD or item.value in beside.ours for item in behind)


def has_so_many(statement: Statement, beside: Neighbours) -> bool:
    """ "got the three of them", "I have all 6": here, where no more is said."""
    if statement.is_except or statement.is_only or statement.is_hedged or statement.is_question:
        return False
    before = statement.before_who
    has = any(words_in(before).issuperset(phrase.split()) for phrase in beside.has_them)
    plain = all(i.kind in (*_HAD, Kind.FILL, Kind.SPEAKER, *CHATTER) for i in before)
    counted = any(item.kind is Kind.GROUP for item in statement.from_who)
    behind = all(i.kind in (*_HAD, Kind.GROUP) for i in statement.from_who)
    return has and plain and counted and behind and not statement.has_open_not


def _is_said_and_done(items: list[Item]) -> bool:
    """Whether nothing stands there that could still say something of those before it."""
    return all(item.kind in _HAD for item in items)
