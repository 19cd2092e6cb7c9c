"""
What CSS staff say of one case: taken on, over, or news that ends nothing.

A case is over only on words that say so, or on a reason from somebody who was asked, with nothing
in the same breath that denies, doubts, defers or conditions it. All else is a note.
"""

from dataclasses import dataclass, field, replace

from apbot.domain.readings import Alarm
from apbot.domain.words import Action, Matter, Reason
from apbot.reading.case_answer import Answer
from apbot.reading.case_words import TAKES_BACK, Clause, Heard, Hit
from apbot.reading.css_clauses import (
    PUPIL_MATTERS,
    SOURCES,
    STILL_OPEN,
    ends_with_source,
    has_whom,
    is_of_another,
    is_of_something_else,
    is_somewhere_else,
    over_in,
    says_set_out,
    takes_on,
)
from apbot.reading.css_gainsaid import (
    denies_presence,
    doubts_it,
    is_gone_again,
    is_of_belongings,
    went_astray,
)
from apbot.reading.small_words import begins
from apbot.reading.still_coming import Session, still_coming

_WHERE = (Heard.SAFE, Heard.AT_HOME, Heard.WITH, Heard.WITH_ME)
_ONLY_READ = (Heard.OK, Heard.SMALL, Heard.TAKING, Heard.CHASE, Heard.CHASING, Heard.WILL)


@dataclass(slots=True)
class _Heard:
    """What stands so far, clause by clause."""

    over: str = ""
    over_at: int = -1
    set_out_at: int = -1
    strong: bool = False
    reason: Reason | None = None
    with_reason: str = ""
    reason_from: str = ""
    sourced: bool = False
    set_out: str = ""
    open_words: str = ""
    taken_back: str = ""
    claimed: bool = False
    over_said: bool = False
    denied: str = ""
    gainsaid: str = ""
    left_behind: str = ""
    news: str = ""
    taken_on: str = ""
    only_read: bool = False
    more: bool = False
    asks: bool = False
    may_have: bool = False
    acks_first: bool = False
    before: set[Heard] = field(default_factory=set)
    carried: set[Heard] = field(default_factory=set)
    before_sentence: set[Heard] = field(default_factory=set)
    source_open: bool = False


def css_answer(
    clauses: list[Clause], matter: Matter, session: Session, asks: bool = False
) -> Answer:
    """Return what the clauses of CSS staff come to for a case of this matter."""
    told = _Heard()
    coming = still_coming(clauses, session) if matter in PUPIL_MATTERS else None
    sentence = -1
    for clause, doubts in zip(clauses, _doubts_behind(clauses), strict=True):
        if clause.sentence != sentence:
            sentence = clause.sentence
            told.before_sentence |= told.carried
            told.carried = set()
        if clause.turns:
            told.carried -= {Heard.NOT, Heard.WILL, Heard.TRYING, Heard.PERHAPS}
        _take(told, clause, matter, told.carried | doubts)
        told.carried |= clause.takes_back
        told.before |= clause.takes_back
        if clause.has(*STILL_OPEN):
            told.before.add(Heard.NOT_REACHED)
    told.asks = told.asks or (asks and not (told.over or told.reason or told.taken_on or told.news))
    if coming is not None:
        told.news = told.news or clauses[0].typed
    answer = _decide(told, matter, is_coming=coming is not None)
    is_news = answer.action is Action.NOTE and not answer.alarm
    return replace(
        answer,
        asks=told.asks,
        coming=coming if is_news else None,
        may_have=is_news and told.may_have,
    )


def _doubts_behind(clauses: list[Clause]) -> list[set[Heard]]:
    """A doubt later in the same sentence, before any "but", is a doubt of each clause too."""
    made: list[set[Heard]] = []
    behind: set[Heard] = set()
    following: Clause | None = None
    for clause in reversed(clauses):
        if following is None or following.turns or following.sentence != clause.sentence:
            behind = set()
        else:
            behind = behind | (following.takes_back & {Heard.PERHAPS})
        made.append(behind)
        following = clause
    return made[::-1]


def _take(told: _Heard, clause: Clause, matter: Matter, carried: set[Heard]) -> None:
    if clause.asks:
        told.acks_first = told.acks_first or (
            bool(told.taken_on or told.only_read) and not told.news
        )
        told.asks = True
        if clause.has(Heard.CLOSING, Heard.DONE) and clause.takes_back:
            told.taken_back = clause.typed
        return
    taken = clause.takes_back | carried
    takes_it_on = takes_on(clause)
    if has_whom(clause):
        takes_it_on = takes_it_on or matter is Matter.ABSENCE
        told.may_have = matter is Matter.UNACCOUNTED
    source = clause.first(*SOURCES)
    if source is not None:
        denied = _stand_before(clause, source, TAKES_BACK)
        told.source_open = not denied
        if denied:
            told.before.add(Heard.NOT_REACHED)
        if not takes_it_on:
            told.news = told.news or clause.typed
    if clause.has(Heard.NOT_REACHED):
        told.source_open = source is not None and ends_with_source(clause)
    _take_set_out(told, clause, matter)
    _take_over(told, clause, matter, taken)
    _take_gainsaid(told, clause, matter)
    _take_reason(told, clause, matter, carried)
    _take_open(told, clause)
    if clause.has(Heard.TOLD, Heard.PROMISE, Heard.ON_THE_WAY) and not takes_it_on:
        told.news = told.news or clause.typed
    if takes_it_on:
        told.taken_on = told.taken_on or clause.typed
    if _is_ok_to(clause) or (clause.has(Heard.OK) and not clause.left_over):
        told.only_read = True
    only_read = not clause.left_over and all(h.heard in _ONLY_READ for h in clause.hits)
    listed = told.only_read and all(h.heard is Heard.CHILD for h in clause.hits)
    told.more = told.more or not (
        only_read or _is_ok_to(clause) or (listed and not clause.left_over)
    )
    of_pupil = clause.has(Heard.SAFE, Heard.AT_HOME, Heard.WITH) and not takes_it_on
    if clause.reasons or of_pupil or (clause.takes_back and not takes_it_on):
        told.news = told.news or clause.typed


def _is_ok_to(clause: Clause) -> bool:
    """ "OK Femi", "yes Alder Farm": an OK and of whom, where "Femi ok" tells how he is."""
    first = clause.hits[0] if clause.hits else None
    if first is None or first.heard is not Heard.OK or first.start != clause.start:
        return False
    whom = (*_ONLY_READ, Heard.CHILD, Heard.PEOPLE)
    named = all(h.heard in whom and (h is first or h.heard is not Heard.OK) for h in clause.hits)
    talk = clause.talk
    plain = first.words not in talk.not_only_ok and talk.common_in_places.issuperset(
        clause.left_over
    )
    return named and plain


def _stand_before(clause: Clause, hit: Hit, kinds: frozenset[Heard]) -> bool:
    return any(h.heard in kinds and h.start < hit.start for h in clause.hits)


# the child set out


def _take_set_out(told: _Heard, clause: Clause, matter: Matter) -> None:
    if matter in PUPIL_MATTERS and says_set_out(clause):
        told.set_out, told.set_out_at = told.set_out or clause.typed, clause.start


# it is over


def _take_over(told: _Heard, clause: Clause, matter: Matter, taken: frozenset[Heard]) -> None:
    hit = over_in(clause, matter)
    if hit is None:
        return
    strong = hit.heard in (*(Heard.CLOSING, Heard.SAFE, Heard.AT_HOME, Heard.WITH, Heard.WITH_ME),)
    if strong and hit.heard is not Heard.CLOSING and clause.has(*STILL_OPEN):
        # "no sign of him at home", "still not safe".
        return
    if taken or clause.asks:
        if hit.heard in (Heard.CLOSING, Heard.DONE, Heard.SAFE, Heard.SENT):
            told.taken_back = clause.typed
        told.open_words = told.open_words or clause.typed
        told.news = told.news or clause.typed
        return
    if hit.heard in (Heard.CLOSING, Heard.DONE) and is_of_something_else(clause):
        told.news = told.news or clause.typed
        return
    if told.before_sentence and not _stands_alone(told, clause, hit):
        told.news = told.news or clause.typed
        return
    if matter is Matter.MISSING_REGISTER and hit.heard is Heard.SENT and went_astray(clause):
        told.news = told.news or clause.typed
        return
    if told.denied and clause.has(Heard.SAYS) and hit.heard in _WHERE:
        told.gainsaid = told.denied
        return
    if is_gone_again(clause) or (hit.heard in _WHERE and clause.says_any(clause.talk.believes)):
        # "at his nan's till ten, then left"; "mum reckons he's safe"
        told.news = told.news or clause.typed
        return
    told.over, told.over_at, told.gainsaid = clause.typed, clause.start, ""
    told.claimed = told.claimed or hit.heard in _WHERE
    told.over_said = clause.has(Heard.SAYS)
    if matter is Matter.MISSING_REGISTER:
        # "sent to the wrong inbox but I've found it, all sorted"
        told.taken_back = ""
    # "Found mum's number, but she is not picking up" is open again by what follows.
    found = begins(hit.words, clause.talk.found_first)
    told.strong = told.strong or (strong and not found)
    if hit.heard is not Heard.DONE:
        told.open_words = ""


def _take_gainsaid(told: _Heard, clause: Clause, matter: Matter) -> None:
    """What another says, or what follows, may take the end back."""
    if matter is Matter.MISSING_REGISTER:
        is_over = clause.typed == told.over
        back = clause.turns or went_astray(clause) or clause.has(Heard.PROMISE)
        if told.over and not (is_over or told.strong) and back:
            told.over, told.open_words = "", clause.typed
            told.news = told.news or clause.typed
        return
    if matter not in PUPIL_MATTERS or clause.typed == told.over:
        return
    if is_of_belongings(clause):
        told.left_behind = told.left_behind or clause.typed
    open_again = clause.takes_back or clause.has(*STILL_OPEN)
    claims = told.over_said and clause.turns and open_again
    if told.over and (claims or doubts_it(clause) or is_gone_again(clause)):
        told.taken_back = clause.typed
    if not denies_presence(clause):
        return
    if told.claimed:
        told.over, told.strong, told.gainsaid = "", False, clause.typed
    elif clause.has(Heard.PEOPLE):
        told.denied = clause.typed


def _stands_alone(told: _Heard, clause: Clause, hit: Hit) -> bool:
    """
    After a sentence that doubts or denies, an end needs something to stand on.

    "Not sure about mum. Closing" is left open; "Nobody answered. Spoke to dad, at home" is not.
    """
    found = begins(hit.words, clause.talk.found_first)
    return told.source_open or found or bool(told.over or told.reason)


# why


def _take_reason(told: _Heard, clause: Clause, matter: Matter, carried: set[Heard]) -> None:
    hits = [h for h in clause.reasons if not (is_of_another(clause, h) or _is_i_will(clause, h))]
    if not hits or matter not in PUPIL_MATTERS:
        return
    sourced = clause.has(*SOURCES) and told.source_open
    sourced_here = sourced
    sourced = sourced or told.source_open
    taken = {Heard.NOT, Heard.PERHAPS, Heard.IF} & clause.takes_back
    taken |= {h.heard for h in clause.hits if h.heard in TAKES_BACK and h.start < hits[-1].start}
    taken |= carried
    there = clause.first(Heard.SHOULD_BE_THERE)
    should = there is not None and not is_somewhere_else(clause, there)
    if clause.has(Heard.WAITING) or should:
        # "supposed to be at the dentist": nobody says that it is so.
        taken.add(Heard.PERHAPS)
    if clause.past or clause.another_day:
        taken.add(Heard.NOT)
    if not sourced and told.before:
        taken |= told.before
    if taken:
        told.open_words = told.open_words or clause.typed
        told.news = told.news or clause.typed
        return
    reason = _one(hits)
    says = _who_says(clause)
    if told.reason not in (None, reason) and says and told.reason_from not in ("", says):
        # "mum says ill, dad says he's just refusing"
        told.open_words = told.open_words or clause.typed
        told.news = told.news or clause.typed
        return
    told.reason_from = told.reason_from or says
    is_holiday = told.reason is Reason.FAMILY and reason is Reason.HOLIDAY
    told.reason = reason if is_holiday else told.reason or reason
    told.with_reason = told.with_reason or clause.typed
    told.sourced = told.sourced or sourced
    if sourced_here:
        told.open_words = ""


def _who_says(clause: Clause) -> str:
    who = clause.first(Heard.PEOPLE)
    return who.words if who and clause.has(Heard.SAYS) else ""


def _is_i_will(clause: Clause, hit: Hit) -> bool:
    """ "But ill chase this one": no illness."""
    does = (Heard.CHASE, Heard.TAKING, Heard.CHASING, Heard.RANG)
    behind = (h for h in clause.hits if h.start == hit.end)
    return hit.words in clause.talk.ill and any(h.heard in does for h in behind)


def _one(hits: list[Hit]) -> Reason | None:
    reasons = [h.reason for h in hits]
    return next((r for r in reasons if r is not Reason.OTHER), reasons[0])


# still open, or taken on


def _take_open(told: _Heard, clause: Clause) -> None:
    denies = clause.says_any(clause.talk.denies_place) or clause.takes_back
    unconfirmed = clause.says_any(clause.talk.confirms) and denies
    seen = clause.turns and (clause.says_any(clause.talk.saw) or unconfirmed)
    if not clause.has(*STILL_OPEN) and not clause.says_no_reason and not seen:
        return
    told.news = told.news or clause.typed
    if clause.first(*SOURCES) and told.with_reason == clause.typed:
        return
    told.open_words = told.open_words or clause.typed


# what it comes to


def _decide(told: _Heard, matter: Matter, *, is_coming: bool) -> Answer:
    if told.set_out and not (told.strong and told.over_at > told.set_out_at):
        why = f"“{told.set_out}”: the child set out and is not there"
        return Answer(Action.NOTE, why, alarm=True, alarms=frozenset({Alarm.SET_OUT}))
    if told.gainsaid or (told.left_behind and not told.over):
        # Nobody has the pupil, whatever was believed.
        why = f"“{told.gainsaid or told.left_behind}”: the pupil is not where that was said"
        return Answer(Action.NOTE, why, alarm=True, alarms=frozenset({Alarm.MISSED}))
    if told.over and not told.taken_back and (told.strong or not told.open_words):
        return Answer(Action.RESOLVE, f"“{told.over}”: it is over", told.reason)
    if _reason_ends_it(told, matter) and not is_coming:
        who = "somebody who was asked gave the reason" if told.sourced else "the reason is known"
        return Answer(Action.RESOLVE, f"“{told.with_reason}”: {who}", told.reason)
    if told.taken_back:
        return Answer(Action.NOTE, f"“{told.taken_back}”: it is not said to be over")
    if told.asks and not told.acks_first:
        return Answer(Action.NOTE, "it asks something that a person must answer")
    if told.news or told.open_words:
        return Answer(Action.NOTE, f"“{told.open_words or told.news}”: news that ends nothing")
    if told.taken_on:
        return Answer(Action.ACK, f"“{told.taken_on}”: it is taken on")
    if told.only_read and not told.more:
        return Answer(Action.ACK, "it was read and taken on")
    return Answer(Action.NOTE, "nothing in it takes the case on or ends it")


def _reason_ends_it(told: _Heard, matter: Matter) -> bool:
    if told.reason is None or told.taken_back or told.open_words:
        return False
    if told.taken_on and not told.sourced and told.reason is Reason.FAMILY:
        # "dad's in hospital so ringing nan": his, and no reason of the pupil's.
        return False
    return matter is Matter.ABSENCE
