"""
Pending: a message read as the answer to the question that was open.

Only what plainly answers is taken as an answer. Anything else is a new report and is read as one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apbot.domain.readings import (
    Ask,
    CountOrNumber,
    Rephrase,
    Reply,
    WhichPupil,
)
from apbot.domain.words import Mark
from apbot.reading.items import CHATTER, Item
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.neighbours import Neighbours
from apbot.reading.statements import Clauses, Said, Statement
from apbot.reading.tokens import TICK, UP, Token, fold
from apbot.reading.told import HERE_MARKS
from apbot.reading.which_one import picked_from
from apbot.reading.who import Meant, Whose

_IN_A_SENTENCE = 3
_POLITE = (*CHATTER, Kind.CORRECTION, Kind.EMOJI)


_LISTED = frozenset((Kind.NAME, Kind.AND, Kind.POINT, Kind.BOTH, Kind.TOO, Kind.EMOJI, Kind.YES))


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer settles, and the question that is left."""

    marks: Mapping[int, Mark]
    ask: Ask | None
    rule: str


def answer(items: Sequence[Item], whose: Whose, reply: Reply, beside: Neighbours) -> Answer | None:
    """Return what the message settles as an answer to the open question, or None if it is none."""
    pending = reply.pending
    if isinstance(pending, WhichPupil):
        return _which(items, whose, pending, reply, beside)
    if isinstance(pending, CountOrNumber):
        return _count(items, whose, pending, reply, beside)
    return None


def with_surnames(tokens: tuple[Token, ...], reply: Reply, lexicon: Lexicon) -> tuple[Token, ...]:
    """Return "Tu is off, Ta is here", in answer to "Jack Ta or Jack Tu?", with the surnames."""
    if not isinstance(reply.pending, WhichPupil) or len(tokens) < _IN_A_SENTENCE:
        return tokens
    offered = {p.number for p in reply.roster if p.number in reply.pending.pupils}
    lasts = [fold(p.name).split()[-1] for p in reply.roster if p.number in offered]
    made = list(tokens)
    for at, token in enumerate(tokens[:-1]):
        begins = at == 0 or tokens[at - 1].kind == "punct"
        begun = [last for last in lasts if last.startswith(token.word) and len(token.word) > 1]
        verb = tokens[at + 1].word in lexicon.beside.verbs_of_being
        alone = at == 0 and tokens[at + 1].kind == "punct"
        if begins and (verb or alone) and len(begun) == 1:
            made[at] = token._replace(word=begun[0])
    return tuple(made)


def says_yes(plain: Sequence[Item], clauses: Clauses) -> bool:
    """Whether the message begins with a yes, or is a thumb or a tick alone."""
    if plain and all(item.kind is Kind.CODE and item.value in (TICK, UP) for item in plain):
        return True
    return "yes" in clauses.answers and "no" not in clauses.answers


def says_no(clauses: Clauses) -> bool:
    """Whether the message begins with a no."""
    return "no" in clauses.answers


def _bare(statement: Statement) -> bool:
    return (
        not statement.says
        and not statement.is_hedged
        and not statement.is_question
        and not statement.days
        and not statement.is_yet
        and not statement.is_doubtful
    )


def _which(
    items: Sequence[Item], whose: Whose, pending: WhichPupil, reply: Reply, beside: Neighbours
) -> Answer | None:
    named = [
        (s, m) for s, m in whose.pairs if m.pupils or m.unclear or m.count is not None or m.unread
    ]
    rule = f"the answer to which {pending.said}"
    offered = set(pending.pupils)
    if any(m.group in ("everyone", "rest", "nobody") and s.says for s, m in whose.pairs):
        # "all in except Jamie": a new report.
        return None
    several = _names_only(items) and len({n for item in items for n in item.pupils}) > 1
    if not several and (plain := picked_from(items, pending, beside)) is not None:
        one, here = plain
        others = {n: mark for n, mark in here.items() if reply.marks.get(n) not in HERE_MARKS}
        return Answer({one: pending.mark, **others}, None, rule)
    bare = [(s, m) for s, m in named if _bare(s)]
    told = {number for s, m in named if not _bare(s) for number in m.pupils}
    if bare and told & offered:
        # "tanner isn't in, tully is": a new report of them.
        return None
    if bare:
        picked = _picked(bare, offered)
        if picked and not (picked - offered):
            if len(named) > len(bare):
                # "ella o. and dominik's wandered off": an answer, and more is told beside it.
                _say_so(bare, offered, pending.mark)
                return None
            return Answer(dict.fromkeys(sorted(picked), pending.mark), None, rule)
        if len(named) == len(bare):
            return Answer({}, Rephrase(), "nobody who was offered")
        return None
    if named:
        return None
    letter = _letter(items, pending, reply)
    if letter is not None:
        return Answer({letter: pending.mark}, None, rule)
    place = [beside.ordinals[i.value] - 1 for i in items if i.value in beside.ordinals]
    if len(place) == 1 and place[0] < len(pending.pupils):
        return Answer({pending.pupils[place[0]]: pending.mark}, None, rule)
    if any(item.kind is Kind.BOTH for item in items) and len(offered) == 2:
        return Answer(dict.fromkeys(sorted(offered), pending.mark), None, "both of them")
    return None


def _names_only(items: Sequence[Item]) -> bool:
    """ "both of them, Pearl and Ruby": each of them is meant."""
    last = max((n for n, item in enumerate(items) if item.kind is Kind.NAME), default=-1)
    return all(item.kind in _LISTED and not item.is_other for item in items[: last + 1]) and all(
        item.kind in (*_LISTED, *CHATTER) for item in items
    )


def _say_so(bare: Sequence[tuple[Statement, Meant]], offered: set[int], mark: Mark) -> None:
    """Put what was asked about into the statements that say of whom it is."""
    for statement, meant in bare:
        meant.pupils += [n for _, fits in meant.unclear for n in fits if n in offered]
        meant.unclear.clear()
        value = "arrived" if mark is Mark.LATE else mark.value
        statement.marks = [Said(value, False, "which", -1)]
        statement.mark_first = True


def _letter(items: Sequence[Item], pending: WhichPupil, reply: Reply) -> int | None:
    """ "H", "AS", "Ta": the one offered whose surname begins so, or whose initials these are."""
    said = [i for i in items if i.kind is not Kind.POINT]
    # "ta thanks": the first may be a surname's letters, and what is only polite behind it is none.
    if not said or any(i.kind not in _POLITE for i in said[1:]):
        return None
    if said[0].kind is Kind.THANKS and any(i.kind is not Kind.THANKS for i in said[1:]):
        return None
    letters = said[0].text.lower()
    if len(letters) > 3:
        return None
    offered = [p for p in reply.roster if p.number in pending.pupils]
    fits = [p.number for p in offered if _initials(p.name)[-len(letters) :] == letters]
    begun = [p.number for p in offered if p.name.lower().split()[-1].startswith(letters)]
    return next((each[0] for each in (fits, begun) if len(each) == 1), None)


def _initials(name: str) -> str:
    """Return the first letters of the first name and of the last."""
    parts = name.lower().split()
    return parts[0][0] + parts[-1][0]


def _picked(bare: Sequence[tuple[Statement, object]], offered: set[int]) -> set[int]:
    picked: set[int] = set()
    for statement, _ in bare:
        for ref in statement.refs:
            if ref.what == "number":
                picked.add(ref.n)
            elif ref.what == "pupils":
                among = set(ref.pupils) & offered
                picked |= among if len(among) == 1 else ({0} if len(among) > 1 else {-1})
            elif ref.what == "both" and len(offered) == 2:
                picked |= offered
            else:
                picked.add(-1)
    return picked


def _count(
    items: Sequence[Item], whose: Whose, pending: CountOrNumber, reply: Reply, beside: Neighbours
) -> Answer | None:
    known = {pupil.number for pupil in reply.roster}
    words = {item.value for item in items}
    named = [(s, m) for s, m in whose.pairs if any(r.what == "pupils" for r in s.refs)]
    whole = any(m.group in ("everyone", "rest") and s.says for s, m in whose.pairs)
    if whole or any(not _bare(s) for s, _ in named):
        # "all here except Nico and Bev": a new report.
        return None
    if any(s.is_except or s.negates_who or s.has_open_not for s, _ in whose.pairs):
        # "everyone bar Nico", "not Nico": nor is what was asked so of him.
        return None
    numbers = [n for s, m in named if any(r.what == "pupils" for r in s.refs) for n in m.pupils]
    numbers = list(dict.fromkeys(numbers))
    counted = [n for n in numbers if n != pending.n]
    if len(numbers) > len(counted) == pending.n:
        # "2 people, Wes and Jenna": the count again, and who.
        numbers = counted
    unclear = any(m.unclear or m.unread for _, m in named)
    if named:
        settles = numbers == [pending.n] or len(numbers) == pending.n
        if settles and not unclear:
            return Answer(dict.fromkeys(numbers, pending.mark), None, "the names settle it")
        if len(numbers) > 1 or unclear:
            return Answer(
                dict.fromkeys(numbers, pending.mark), Rephrase(), "the names are not as many"
            )
        return Answer({}, Rephrase(), "the name is not that number's")
    if words & beside.how_many:
        due = [p.number for p in reply.roster if p.known_absence is None]
        due = [number for number in due if number not in reply.marks]
        if pending.mark is Mark.PRESENT and len(due) == pending.n:
            return Answer(dict.fromkeys(due, Mark.PRESENT), None, "so many, and so many are left")
        return Answer({}, Rephrase(), "how many is not who")
    explicit = any(
        item.kind is Kind.NUMBER and item.is_explicit and item.n == pending.n for item in items
    )
    listed = [r for s, _ in whose.pairs for r in s.refs if r.what == "number" and not r.is_plural]
    if len(listed) > 1 and len(listed) == pending.n and all(r.n in known for r in listed):
        return Answer({r.n: pending.mark for r in listed}, None, "the numbers settle it")
    meant = words & beside.one_number and not words & beside.a_count
    negated = any(item.kind in (Kind.NOT, Kind.NO) for item in items)
    if (explicit or meant) and not negated and pending.n in known:
        return Answer({pending.n: pending.mark}, None, "it is the number")
    return None
