"""
Still coming: whether what is said of a child's absence leaves the child to come in this session.

"At the dentist, back by 11" says why and says that she is awaited: nobody may stop looking for her
on the reason alone. What is said last counts, and what comes in the other half is no coming.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from apbot.domain.readings import Reply
from apbot.domain.words import Half, Reason
from apbot.reading.case_words import PLACE, Clause, Heard, Hit
from apbot.reading.times import When, as_time, minutes_of

_MORNING_ENDS = 12 * 60 + 30


@dataclass(frozen=True, slots=True)
class Session:
    """The half and the moment in which something is said."""

    half: Half
    now: time

    def moment(self, when: When) -> int | None:
        """Return the minute of the day that is meant, if it is still to come in this half."""
        now = minutes_of(self.now)
        at = when.settled(self.now) if when.count is None else now + when.count
        if at is None or at <= now:
            return None
        return None if self.half is Half.AM and at >= _MORNING_ENDS else at

    def is_too_late(self, when: When) -> bool:
        """Whether the time is of the other half: "in at 1", said in the morning."""
        at = when.settled(self.now) if when.count is None else None
        return self.half is Half.AM and at is not None and at >= _MORNING_ENDS


def session_of(reply: Reply) -> Session:
    """Return the session in which a reply was written."""
    return Session(reply.half, reply.sent_at)


@dataclass(frozen=True, slots=True)
class Coming:
    """A child is to come yet in this session, `at` the time that was said, if one was."""

    at: time | None = None


def still_coming(clauses: Sequence[Clause], session: Session) -> Coming | None:
    """Return when the child is to come, or None where that is not what is said in the end."""
    found: Coming | None = None
    for clause in clauses:
        at = _said_time(clause, session)
        if at is not None:
            found = Coming(as_time(at))
        elif _comes(clause, session):
            found = Coming(found.at if found else _any_time(clause, session))
        elif clause.has(Heard.NOT_COMING) and not clause.asks:
            found = None
    return found


def _is_of_now(clause: Clause, session: Session) -> bool:
    other_half = session.half is Half.AM and clause.says_any(clause.talk.of_the_other_half)
    return not (clause.asks or clause.another_day or clause.past or other_half)


def _said_time(clause: Clause, session: Session) -> int | None:
    """ "in by 11", "back at ten", "there in 20 mins", "not in till half 10": the minute of it."""
    if not _is_of_now(clause, session) or _must_be_there(clause):
        return None
    for start, when in clause.times:
        at = session.moment(when)
        if at is not None and _leads_to(clause, start, is_count=when.count is not None):
            return at
    return None


def _any_time(clause: Clause, session: Session) -> time | None:
    moments = (session.moment(when) for _, when in clause.times)
    at = next((moment for moment in moments if moment is not None), None)
    return None if at is None else as_time(at)


def _must_be_there(clause: Clause) -> bool:
    """ "we have to be there for 11": at the dentist's, and not here."""
    text = f" {' '.join(clause.words)} "
    return any(f" {phrase} " in text for phrase in clause.talk.must_be_there)


def _leads_to(clause: Clause, start: int, *, is_count: bool) -> bool:
    """Whether the words before a time say that somebody is here by then."""
    talk = clause.talk
    step = start - clause.start
    words = clause.words
    if step > 1 and words[step - 2] in talk.rides_next and words[step - 1] in talk.before_a_count:
        return True
    if step and words[step - 1] in talk.until_then:
        here = any(word in talk.here_by_then for word in words[: step - 1])
        then = next((at for at, w in enumerate(words) if at > step and w in talk.and_then), None)
        here = here or (then is not None and not talk.here_by_then.isdisjoint(words[then:]))
        return here or clause.has(Heard.NOT_COMING)
    counted = talk.before_a_wait if is_count else frozenset[str]()
    while step and (words[step - 1] in talk.coming_by or words[step - 1] in counted):
        step -= 1
    if not step or words[step - 1] not in talk.here_by_then:
        return False
    if words[step - 1] in counted:
        return False
    # "mum will ring back by 11": a call.
    return talk.calls_back.isdisjoint(words[max(0, step - 4) : step - 1])


def _comes(clause: Clause, session: Session) -> bool:
    """ "on her way", "still coming", "I'll bring her in": on the way, or about to set out."""
    if not _is_of_now(clause, session) or clause.has(Heard.IF):
        return False
    if any(session.is_too_late(when) for _, when in clause.times):
        return False
    hit = clause.first(Heard.SET_OUT)
    will = clause.has(Heard.WILL) or any(each.is_i_will(clause.talk) for each in clause.hits)
    if hit is not None and will and not clause.has(Heard.AT_HOME):
        # "I'll drop her in after".
        return not _is_denied(clause, hit) and not _to_a_reason(clause, hit)
    return any(hit.heard is Heard.ON_THE_WAY and _is_on_the_way(clause, hit) for hit in clause.hits)


def _is_on_the_way(clause: Clause, hit: Hit) -> bool:
    talk = clause.talk
    words = hit.words.split()
    if hit.words in talk.no_coming_alone or _is_denied(clause, hit):
        return False
    before = clause.words[: hit.start - clause.start]
    after = clause.words[hit.end - clause.start :]
    to_where = talk.came_here | talk.rides_in | {PLACE}
    if not talk.before_where_to.isdisjoint(after[:1]) and to_where.isdisjoint(after[1:4]):
        # "on the train to his dad's".
        return False
    if words[0] in talk.before_vehicles and len(words) < 4 and words[-1] in talk.rides_in:
        # "sick in the car": where it happened; "went home on the bus": the other way.
        near = any(0 <= hit.start - r.end <= 1 for r in clause.reasons)
        return not (near or clause.has(Heard.AT_HOME))
    if words[-1] in talk.coming_word and (
        not talk.not_here_after_coming.isdisjoint(after[:1]) or _by_somebody_else(clause, before)
    ):
        return False
    return not _to_a_reason(clause, hit)


def _by_somebody_else(clause: Clause, before: Sequence[str]) -> bool:
    """ "the doctor's coming", "I'm coming to get her": not the child."""
    subject = [word for word in before if word not in clause.talk.beside_coming]
    if not subject:
        return False
    people = {h.words.split()[-1] for h in clause.hits if h.heard is Heard.PEOPLE}
    return subject[-1] in people or subject[-1] in clause.talk.i_alone


def _is_denied(clause: Clause, hit: Hit) -> bool:
    denials = (Heard.NOT, Heard.ASIDE)
    return any(
        h.heard in denials and h.start < hit.start and hit.start - h.end < 3 for h in clause.hits
    )


def _to_a_reason(clause: Clause, hit: Hit) -> bool:
    """ "bringing her to the dentist"; not "coming in after the dentist"."""
    behind = clause.words[hit.end - clause.start :][:2]
    if not clause.talk.after_which.isdisjoint(behind):
        return False
    return any(
        0 <= r.start - hit.end <= 3 and r.reason is not Reason.TRANSPORT for r in clause.reasons
    )
