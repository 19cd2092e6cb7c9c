"""
What a parent says of one case: a reason, news, thanks, or an alarm.

Whatever says or lets think that the child set out, ought to be there or is not at home is an
alarm: a false one costs a call, a missed one may cost a child.
"""

from dataclasses import replace

from apbot.domain.readings import Alarm
from apbot.domain.words import Action, Matter, Reason
from apbot.reading.case_answer import Answer
from apbot.reading.case_words import PLACE, Clause, Heard, Hit
from apbot.reading.css_clauses import is_somebody_else
from apbot.reading.css_gainsaid import denies_presence, is_of_a_thing, is_of_belongings
from apbot.reading.small_words import last_is
from apbot.reading.still_coming import Coming, Session, still_coming
from apbot.reading.talk_words import TalkWords

_LATER = (Heard.WILL, Heard.ON_THE_WAY)

_KEEPS_AWAY = frozenset(
    {
        Reason.ILLNESS,
        Reason.MEDICAL_APPOINTMENT,
        Reason.FAMILY,
        Reason.HOLIDAY,
        Reason.RELIGIOUS,
        Reason.SUSPENDED,
        Reason.REFUSING,
    }
)
"""The reasons for which a child is not there at all; who has a late bus or a lie-in is coming."""


def parent_answer(
    clauses: list[Clause], matter: Matter, session: Session, asks: bool = False
) -> Answer:
    """Return what a parent's clauses come to for a case of this matter."""
    coming = still_coming(clauses, session)
    answer = _answer(clauses, matter, coming, session, asks)
    return replace(
        answer,
        is_away=Alarm.SET_OUT not in answer.alarms and _is_away(clauses),
        coming=coming if answer.action is Action.NOTE and not answer.alarm else None,
    )


def _answer(
    clauses: list[Clause], matter: Matter, coming: Coming | None, session: Session, asks: bool
) -> Answer:
    asks = asks or any(clause.asks for clause in clauses)
    reason = _reason(clauses)
    alarms = [
        (c, kind)
        for c in clauses
        if (kind := _alarm(c)) is not None
        and not (reason and _is_unreached(c, kind))
        and not (c.has(Heard.SHOULD_BE_THERE) and still_coming([c], session))
    ]
    alarm = alarms[0][0] if alarms else None
    kinds = frozenset(kind for _, kind in alarms)
    with_me = next((c for c in clauses if _has_child(c, matter)), None)
    if matter is Matter.UNACCOUNTED and with_me is not None and not (alarm and _denies(clauses)):
        said = f"“{with_me.typed}”: the parent has the child"
        return Answer(Action.RESOLVE, said, reason[1] if reason else None)
    if alarm is not None:
        said = f"“{alarm.typed}”: the child set out or ought to be there"
        return Answer(Action.NOTE, said, alarm=True, alarms=kinds)
    if reason is not None and coming is None and not _only_late(clauses, reason[1]):
        said = f"“{reason[0]}”: the parent says why"
        return Answer(Action.REASON, said, reason[1], asks=asks)
    doubtful = next((c for c in clauses if c.has(Heard.NOT) and c.reasons), None)
    if doubtful is not None and not doubtful.has(Heard.PERHAPS):
        said = f"“{doubtful.typed}”: the parent denies the reason"
        return Answer(Action.NOTE, said, alarm=True, alarms=frozenset({Alarm.SET_OUT}))
    if asks:
        return Answer(Action.NOTE, "it asks something that a person must answer", asks=True)
    return _thanks_or_news(clauses)


def _is_unreached(clause: Clause, kind: Alarm) -> bool:
    """ "I rang at 8 and left a message. He's got a bug": nobody is missed where it is said why."""
    return kind is Alarm.ASKED_AFTER and not clause.has(Heard.DISBELIEF, Heard.ASKS_AFTER)


def _only_late(clauses: list[Clause], reason: Reason) -> bool:
    """ "traffic is bad, she'll be about 15 minutes": on the way, which is news and no absence."""
    coming = (c.first(Heard.ON_THE_WAY) for c in clauses)
    return reason is Reason.TRANSPORT and any(
        h and h.words not in clauses[0].talk.only_late for h in coming
    )


def _denies(clauses: list[Clause]) -> bool:
    return any(c.has(Heard.NOT_AT_HOME) for c in clauses)


def _thanks_or_news(clauses: list[Clause]) -> Answer:
    if _is_only_thanks(clauses):
        return Answer(Action.ACK, "the parent has read it")
    said = " ".join(c.typed for c in clauses)
    return Answer(Action.NOTE, f"“{said}”: news from the parent")


def _is_only_thanks(clauses: list[Clause]) -> bool:
    allowed = {Heard.OK, Heard.TAKING, Heard.SMALL, Heard.WILL, Heard.CHASE}
    said = [c for c in clauses if c.hits or c.left_over]
    return (
        bool(said)
        and all(
            not c.left_over
            and all(h.heard in allowed for h in c.hits)
            and (c.has(Heard.OK, Heard.TAKING) or all(h.heard is Heard.SMALL for h in c.hits))
            for c in said
        )
        and any(c.has(Heard.OK, Heard.TAKING) for c in said)
    )


# away


def _is_away(clauses: list[Clause]) -> bool:
    """
    Whether the parent says that the child is not at the provider now: at home, ill, or kept off.

    It is asked of everything that a parent writes: where the register has it that the child is
    there, one of the two is wrong.
    """
    if any(c.has(Heard.ON_THE_WAY) for c in clauses):
        return False
    return any(_keeps_away(c) for c in clauses)


def _keeps_away(clause: Clause) -> bool:
    is_of_now = not clause.says_any(clause.talk.not_of_now) and not clause.has(Heard.NOT_AT_HOME)
    # "how can he be in WHEN he's sat with me" is no condition.
    if not is_of_now or (clause.has(Heard.IF) and not clause.has(Heard.DISBELIEF)):
        return False
    hits = [h for h in clause.hits if not _is_of_writer(clause, h)]
    is_then = clause.past or clause.another_day
    if not (is_then or clause.has(Heard.WILL)) and any(_is_home(clause, hit) for hit in hits):
        return True
    if clause.asks or is_then:
        return False
    gone = clause.first(Heard.SET_OUT) or _bare(clause)
    if clause.has(Heard.NOT_COMING) or (gone is not None and _stopped(clause, gone)):
        return True
    return any(
        hit.reason in _KEEPS_AWAY
        and not _is_taken_back(clause, hit)
        and not (hit.reason is Reason.MEDICAL_APPOINTMENT and _tells_when(clause))
        for hit in hits
    )


def _is_home(clause: Clause, hit: Hit) -> bool:
    """ "in bed at home", "sat with me", "at his nan's": where the child is, and no question."""
    if hit.heard is Heard.WITH_ME:
        # "how can he be in when he's sat with me?"
        is_said = not clause.asks or hit.words.split()[0] not in clause.talk.parent_self
    elif hit.heard is Heard.AT_HOME:
        is_said = not clause.asks
    elif hit.heard is Heard.WITH:
        people = clause.first(Heard.PEOPLE)
        is_by = people is not None and people.start == hit.end
        return is_by and not clause.asks and hit.words.split()[0] in clause.talk.before_homes
    else:
        return False
    is_denied = any(h.heard is Heard.NOT and -1 < hit.start - h.end < 2 for h in clause.hits)
    of_child = clause.says_any(clause.talk.third_person) or not clause.left_over
    return is_said and of_child and not is_denied


def _is_of_writer(clause: Clause, hit: Hit) -> bool:
    """ "I'm at home", "I am not well": of the parent, and not of the child."""
    before = clause.words[: hit.start - clause.start]
    return not clause.talk.writer_is.isdisjoint(before[-3:])


def _tells_when(clause: Clause) -> bool:
    """ "dentist at 2": an hour of its own, for which the child is fetched."""
    return any(word[:1].isdigit() for word in clause.words)


# alarm


def _alarm(clause: Clause) -> Alarm | None:
    if clause.has(Heard.NOT_AT_HOME, Heard.GONE) or (clause.turns and denies_presence(clause)):
        return Alarm.MISSED
    if clause.has(Heard.SAFE, Heard.AT_HOME, Heard.WITH_ME) and clause.has(Heard.NOT):
        return Alarm.MISSED
    of_child = clause.has(Heard.CHILD) or clause.says_any(clause.talk.child_pronouns)
    if clause.has(Heard.WHERE) and (clause.asks or clause.has(Heard.CHILD)):
        return Alarm.SOUGHT if of_child else Alarm.ASKED_AFTER
    if clause.has(Heard.ASKS_AFTER) or (clause.asks and _asks_after_child(clause)):
        return Alarm.ASKED_AFTER
    if (there := clause.first(Heard.SHOULD_BE_THERE)) and not _is_in_a_ride(clause, there):
        if clause.asks and clause.says_any(clause.talk.asks_when):
            # "what time was he meant to be there today?"
            return None
        return None if clause.has(Heard.NOT) and not clause.asks else Alarm.SET_OUT
    if clause.has(Heard.PERHAPS) and clause.says_any(clause.talk.at_the_place | {PLACE}):
        return Alarm.ASKED_AFTER
    believed = PLACE in clause.words and clause.has(Heard.WITH) and not clause.reasons
    if believed and not clause.has(Heard.NOT, Heard.WILL):
        return Alarm.ASKED_AFTER
    if _set_out(clause) and not clause.another_day:
        return Alarm.SET_OUT
    # Disbelief of what we told, and a telephone that is not answered: a question where we told
    # nothing.
    return Alarm.ASKED_AFTER if clause.has(Heard.DISBELIEF, Heard.NOT_REACHED) else None


def _is_in_a_ride(clause: Clause, hit: Hit) -> bool:
    """ "the taxi was late, she's in it now": on the way."""
    behind = clause.words[hit.end - clause.start :][:1]
    return last_is(hit.words, clause.talk.bare_in) and not clause.talk.in_a_ride.isdisjoint(behind)


def _asks_after_child(clause: Clause) -> bool:
    talk = clause.talk
    child = (
        clause.has(Heard.CHILD)
        or clause.says_any(talk.child_pronouns)
        or " ".join(clause.words[-2:]) in talk.bare_disbelief
    )
    left = [w for w in clause.words if w not in talk.beside_bare]
    if (
        clause.words[:1]
        and clause.words[0] in talk.asks_leave
        and _is_child(clause.words[1:2], talk)
    ):
        # "can he still come this afternoon?"
        return False
    bare = not left or (len(left) == 1 and left[0] in talk.bare_questions)
    return bare or (
        child and clause.says_any(talk.of_presence) and not clause.says_any(talk.asks_when)
    )


def _is_child(words: tuple[str, ...], talk: TalkWords) -> bool:
    return not talk.child_pronouns.isdisjoint(words)


def _set_out(clause: Clause) -> bool:
    hit = clause.first(Heard.SET_OUT) or _bare(clause)
    later = hit is not None and any(
        (h.heard in _LATER or h.is_i_will(clause.talk)) and not _is_how(clause, hit, h)
        for h in clause.hits
    )
    if hit is None or (later and not clause.says_any(clause.talk.would)):
        return False
    if _stopped(clause, hit) and not clause.asks:
        return False
    if any(
        -1 <= r.start - hit.end < 5 and r.reason not in (Reason.TRANSPORT, Reason.ILLNESS)
        for r in clause.reasons
    ):
        return False
    return not clause.past or clause.has(Heard.SET_OUT)


def _is_how(clause: Clause, gone: Hit, hit: Hit) -> bool:
    """ "she left at 8:40 on the bus": by what she went; "she's just left" is news."""
    by = hit.start >= gone.end and hit.words.split()[0] in clause.talk.before_vehicles
    before = clause.words[: gone.start - clause.start]
    return by and clause.talk.just_left.isdisjoint(before)


def _bare(clause: Clause) -> Hit | None:
    """ "he left", "I dropped her": the word with the child beside it, and no place that is home."""
    hit = clause.first(Heard.SET_OUT_WORD)
    if hit is None or clause.has(Heard.AT_HOME):
        return None
    child = (
        clause.has(Heard.CHILD)
        or clause.says_any(clause.talk.child_pronouns | clause.talk.parent_self)
        or hit.start == clause.start
    )
    return hit if child else None


def _stopped(clause: Clause, hit: Hit) -> bool:
    """ "he didn't go", "she hasn't left": a denial before the word, within reach of it."""
    # "no she went this morning": an answer, and no denial.
    denials = (
        h for h in clause.hits if h.start > clause.start or h.words not in clause.talk.answers
    )
    return any(h.heard in (Heard.NOT, Heard.TRYING) and h.start < hit.start for h in denials)


# the child is here; why


def _has_child(clause: Clause, matter: Matter) -> bool:
    if clause.asks or clause.takes_back or clause.has(Heard.NOT_AT_HOME):
        return False
    if is_of_belongings(clause):
        # "found his phone in the garden"
        return False
    at = clause.first(Heard.WITH_ME, Heard.AT_HOME)
    if at is not None:
        return not (_is_of_another(clause, at) or clause.says_any(clause.talk.earlier))
    found = clause.first(Heard.SAFE)
    if found is None or _is_of_another(clause, found):
        return False
    # "I'm coming up there now": the parent is, and not the child.
    return matter is Matter.UNACCOUNTED and not clause.has(Heard.DISBELIEF, Heard.ON_THE_WAY)


def _is_of_another(clause: Clause, hit: Hit) -> bool:
    """ "his sister is home with me", "his tea is here", "I was in bed": and not the child."""
    if is_of_a_thing(clause, hit) or is_somebody_else(clause, hit):
        return True
    things = clause.says_any(clause.talk.belongings)
    spoken = clause.talk.child_pronouns - clause.talk.whose_thing
    before = clause.words[: hit.start - clause.start]
    if things and spoken.isdisjoint(before):
        return True
    return (
        not clause.talk.who_writes.isdisjoint(before[:1])
        and hit.heard is not Heard.WITH_ME
        and spoken.isdisjoint(before)
    )


def _reason(clauses: list[Clause]) -> tuple[str, Reason] | None:
    found: list[tuple[str, Reason]] = []
    for clause in clauses:
        hits = clause.reasons
        if not hits or clause.past or _is_taken_back(clause, hits[0]):
            continue
        found += [(clause.typed, h.reason) for h in hits if h.reason]
    first = [f for f in found if f[1] is not Reason.OTHER] or found
    return first[0] if first else None


def _is_taken_back(clause: Clause, hit: Hit) -> bool:
    if clause.takes_back & {Heard.PERHAPS, Heard.IF} or (clause.asks and clause.has(Heard.CHILD)):
        return True
    if clause.another_day or hit.reason is Reason.TRANSPORT:
        # "no bus" is as much a reason as "the bus"; "who can I call about the taxi?" is none.
        return clause.another_day or clause.asks
    return any(
        h.heard is Heard.NOT and h.end <= hit.start and hit.start - h.end <= 3 for h in clause.hits
    )
