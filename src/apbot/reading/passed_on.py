"""
Passed on: a provider tells that home saw the child set out, and the child is not there.

"Mum says he left at half eight. He isn't here" is what a parent's own alarm is: a child on the way
who did not arrive. That a child has not come, with no word of setting out, alarms nobody; nor does
one who set out a moment ago, or is only late.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from apbot.domain.readings import Reply
from apbot.domain.words import Flag, Mark, Reason
from apbot.reading.case_hearing import hear
from apbot.reading.case_words import Clause, Heard
from apbot.reading.css_clauses import SOURCES, says_set_out
from apbot.reading.flags import Flagged
from apbot.reading.lexicon import Lexicon
from apbot.reading.outcome import Outcome
from apbot.reading.small_words import first_is
from apbot.reading.times import minutes_of
from apbot.reading.tokens import Token

_NOBODY: frozenset[str] = frozenset()
_HERE = (Mark.PRESENT, Mark.LATE, Mark.LEFT)
# Whoever set out so long ago ought to have come.
_LONG_ON_THE_WAY = 45


def set_out_and_missed(
    reply: Reply, tokens: Sequence[Token], out: Outcome, lexicon: Lexicon
) -> Flagged | None:
    """Return the concern that a child set out and is not here, or None."""
    numbers = {
        word.lower(): pupil.number
        for pupil in reply.roster
        for word in f"{pupil.name} {pupil.known_as or ''}".split()
    }
    home = lexicon.talk.tells_of_home | numbers.keys()
    if home.isdisjoint(token.word for token in tokens):
        return None
    clauses = hear(list(tokens), (frozenset(numbers), _NOBODY), lexicon)
    if not _is_missed(clauses, out):
        return None
    for at, clause in enumerate(clauses):
        if not _tells(clauses[max(at - 1, 0) : at + 1], numbers) or _is_only_late(
            clauses, clause.sentence
        ):
            continue
        number = _of_whom(clauses, at, numbers)
        mark = out.marks.get(number) if number else None
        due = out.times.get(number) if number else None
        if mark is Mark.AWAITED and due is not None and due > reply.sent_at:
            # "overslept, should be here by quarter past": told when, and it is not that yet.
            continue
        if mark in _HERE or out.reasons.get(number or 0, Reason.TRANSPORT) is not Reason.TRANSPORT:
            continue
        is_long = _is_long_ago(clause, reply) or not clause.talk.brought.isdisjoint(clause.words)
        if is_long or mark is not Mark.AWAITED:
            return Flagged(Flag.CONCERN, clause.typed)
    return None


def _tells(near: Sequence[Clause], names: Collection[str]) -> bool:
    """Whether the last clause says that the child set out, by the word of home or of a sibling."""
    clause = near[-1]
    if clause.past or clause.another_day or clause.asks:
        return False
    if clause.says_any(clause.talk.denies_place):
        # "no taxi came for him"
        return False
    home = clause.talk.tells_of_home
    asked = any(each.says_any(home) and each.has(*SOURCES, Heard.PERHAPS) for each in near)
    said = asked or clause.says_any(home) or bool(_tellers(clause, names))
    return said and says_set_out(clause) and not _is_elsewhere(clause)


def _is_elsewhere(clause: Clause) -> bool:
    """ "dad took her to the airport": set out, and not for here."""
    talk = clause.talk
    for hit in clause.hits:
        after = clause.words[hit.end - clause.start :]
        to_it = after[:1] and after[0] in talk.before_where_to
        if hit.heard is Heard.SET_OUT and to_it and talk.to_here.isdisjoint(after[1:4]):
            return True
    return False


def _is_only_late(clauses: Sequence[Clause], sentence: int) -> bool:
    """ "he left at half eight so should be here SOON", "RUNNING LATE": said in the same breath."""
    same = (c for c in clauses if c.sentence == sentence)
    return any(c.says_any(c.talk.only_late_yet) for c in same)


def _of_whom(clauses: Sequence[Clause], at: int, numbers: Mapping[str, int]) -> int | None:
    """The pupil who was last named before the end of this clause, or the only one there is."""
    for clause in clauses[at::-1]:
        tellers = _tellers(clause, numbers)
        spelt = (w if w in numbers else w.removesuffix("s") for w in _typed(clause))
        named = [numbers[word] for word in spelt if word in numbers and word not in tellers]
        if named:
            return named[-1]
    everyone = {*numbers.values()}
    return min(everyone) if len(everyone) == 1 else None


def _tellers(clause: Clause, names: Collection[str]) -> set[str]:
    """ "PEARL says she left before her": Pearl tells it of another."""
    says = {clause.words[hit.start - clause.start] for hit in clause.hits if hit.heard in SOURCES}
    return {who for who, word in pairwise(_typed(clause)) if who in names and word in says}


def _typed(clause: Clause) -> list[str]:
    return clause.typed.lower().replace("'", " ").replace(",", " ").split()


def _is_long_ago(clause: Clause, reply: Reply) -> bool:
    now = minutes_of(reply.sent_at)
    said = (when.settled(reply.sent_at, is_past=True) for _, when in clause.times)
    return any(at is not None and now - at >= _LONG_ON_THE_WAY for at in said) or any(
        f"{one} {two}" in clause.talk.long_since for one, two in pairwise(clause.words)
    )


def _is_missed(clauses: Sequence[Clause], out: Outcome) -> bool:
    """Whether it is said at all that somebody is not here."""
    if Mark.ABSENT in out.marks.values():
        return True
    return any(
        c.has(Heard.NOT_AT_HOME)
        or c.says_any(c.talk.never_came)
        or any(h.heard is Heard.NOT_COMING and first_is(h.words, c.talk.bare_not) for h in c.hits)
        or (c.has(Heard.NOT) and (c.has(Heard.SAFE) or c.words[-1] in c.talk.denies_place))
        for c in clauses
    )
