"""
What one clause of CSS staff says: that the child set out, that it is over, or that it is taken on.

Each looks at one clause alone; what takes it back, and what several clauses come to together, is
told in `css_says`.
"""

from dataclasses import replace

from apbot.domain.words import Matter, Reason
from apbot.reading.case_words import NAMED, PLACE, Clause, Heard, Hit
from apbot.reading.css_gainsaid import is_of_a_thing, says_no_more
from apbot.reading.small_words import begins, last_is

PUPIL_MATTERS = (Matter.ABSENCE, Matter.UNACCOUNTED)
SOURCES = (Heard.SAYS, Heard.ASKED, Heard.RANG)
STILL_OPEN = (Heard.NOT_REACHED, Heard.WAITING, Heard.NOT_AT_HOME)


# the child set out


def says_set_out(clause: Clause) -> bool:
    """Whether it says, or passes on, that the child set out or is not at home either."""
    unseen, family = clause.first(Heard.NOT_AT_HOME), clause.first(Heard.PEOPLE)
    if unseen and family and family.start < unseen.start:
        # "mum hasn't seen him": the family does not know either.
        return True
    if _is_said_by_family(clause):
        return True
    hit = clause.first(Heard.SET_OUT, Heard.SHOULD_BE_THERE) or _by_vehicle(clause)
    if hit is not None and is_somewhere_else(clause, hit):
        hit = None
    if hit is not None and family and _is_fetched_from(clause, family, hit):
        hit = None
    if hit is None or clause.another_day:
        hit = _bare_set_out(clause)
    if hit is None and _is_believed_here(clause):
        hit = clause.first(Heard.WITH)
    if hit is None or _is_reason_after(clause, hit) or _is_denied(clause, hit):
        return False
    return not clause.has(Heard.WILL) or clause.says_any(clause.talk.would)


def _is_fetched_from(clause: Clause, family: Hit, hit: Hit) -> bool:
    """ "mum picked him up FROM THE BUS stop": where a child was who is safe."""
    safe = clause.first(Heard.SAFE)
    is_from = hit.words.split()[0] in clause.talk.fetched_from
    return is_from and safe is not None and family.end <= safe.start and safe.end <= hit.start


def _is_said_by_family(clause: Clause) -> bool:
    """ "mum says she's in now": they take the child to be where nobody has her."""
    family, told, safe = (clause.first(h) for h in (Heard.PEOPLE, Heard.SAYS, Heard.SAFE))
    if family is None or told is None or safe is None or not family.start < told.start < safe.start:
        return False
    there = " ".join(safe.words.split()[-2:]) in clause.talk.is_there_now
    return there and not _is_coming(clause, safe)


def is_somewhere_else(clause: Clause, hit: Hit) -> bool:
    """ "they're in Krakow": in some place, and not "they're in"."""
    behind = clause.words[hit.end - clause.start :][:1]
    is_in = last_is(hit.words, clause.talk.bare_in)
    there = clause.talk.after_is_in | {PLACE}
    return is_in and bool(behind) and there.isdisjoint(behind)


def _is_denied(clause: Clause, hit: Hit) -> bool:
    """ "he never left the house": the denial just before, not "left at 8, not seen since"."""
    return any(h.heard is Heard.NOT and 0 <= hit.start - h.end <= 3 for h in clause.hits)


def _bare_set_out(clause: Clause) -> Hit | None:
    """ "she left", "he went": the child before the word, and no other place after it."""
    hit = clause.first(Heard.SET_OUT_WORD)
    child = clause.first(Heard.CHILD)
    if hit is None or child is None or child.start > hit.end:
        return None
    after = clause.words[hit.end - clause.start :]
    while after and after[0] in clause.talk.ways_to:
        after = after[1:]
    to_here = (clause.talk.came_here | {PLACE}) & set(after[1:4])
    elsewhere = not to_here and not clause.talk.before_where_to.isdisjoint(after[:1])
    return None if clause.has(Heard.AT_HOME) or elsewhere else hit


def _by_vehicle(clause: Clause) -> Hit | None:
    """ "the taxi firm collected her": on the way here, and not found."""
    if not clause.says_any(clause.talk.vehicles):
        return None
    return next((h for h in clause.hits if begins(h.words, clause.talk.fetched)), None)


def _is_believed_here(clause: Clause) -> bool:
    """ "nan thinks he's at the farm": somebody takes the pupil to be where nobody has him."""
    told = clause.first(Heard.SAYS, Heard.PERHAPS)
    return told is not None and any(
        told.start < h.start and PLACE in clause.words[h.end - clause.start :][:2]
        for h in clause.hits
        if h.heard is Heard.WITH
    )


def _is_reason_after(clause: Clause, hit: Hit) -> bool:
    """ "went to the dentist", "took him to the doctors": no setting out for here."""
    return any(
        0 <= r.start - hit.end <= 4 and r.reason not in (Reason.TRANSPORT, Reason.ILLNESS)
        for r in clause.reasons
    )


# it is over


def over_in(clause: Clause, matter: Matter) -> Hit | None:
    """Return the words that say that a case of this matter is over, or None."""
    closing = clause.first(Heard.CLOSING, Heard.DONE)
    if closing is not None and (_is_of_a_place(clause, closing) or _is_of_us(clause, closing)):
        closing = None
    if matter is Matter.MISSING_REGISTER:
        return _register_came(clause) or closing
    if matter not in PUPIL_MATTERS:
        return closing
    if _by_vehicle(clause) is not None or clause.has(Heard.ON_THE_WAY):
        return closing
    safe = clause.first(Heard.SAFE, Heard.AT_HOME, Heard.WITH_ME)
    if not clause.talk.of_a_register.isdisjoint(clause.words):
        # "registers all in now": the registers, and no pupil.
        safe = None
    if takes_on(clause) and not clause.says_any(clause.talk.found_first):
        return closing
    if safe is not None and not (
        is_of_a_thing(clause, safe)
        or is_somebody_else(clause, safe)
        or _is_coming(clause, safe)
        or _is_to_be(clause, safe)
        or (safe.heard is Heard.WITH_ME and not _names_pupil(clause, safe))
    ):
        return safe
    return _with_somebody(clause) or closing


def _is_of_a_place(clause: Clause, hit: Hit) -> bool:
    """ "they're shut today": a provider, and no case."""
    of_place = clause.talk.of_a_place | {PLACE}
    before = clause.words[: hit.start - clause.start]
    return hit.words in clause.talk.shut_words and not of_place.isdisjoint(before)


def _is_of_us(clause: Clause, hit: Hit) -> bool:
    """ "I'm done for today": who writes is, and no case."""
    before = clause.words[: hit.start - clause.start][-2:]
    return any(before == tuple(phrase.split()) for phrase in clause.talk.i_am | clause.talk.we_are)


def _names_pupil(clause: Clause, hit: Hit) -> bool:
    """ "he's with us", "I've got her"; but not "leave it with us"."""
    of_child = clause.talk.child_pronouns | {NAMED}
    return clause.has(Heard.CHILD) or not of_child.isdisjoint(hit.words.split())


def _is_to_be(clause: Clause, hit: Hit) -> bool:
    """ "scared to come home": not there, and does not want to be."""
    before = clause.words[: hit.start - clause.start][-1:]
    return hit.heard is Heard.AT_HOME and not clause.talk.before_where_to.isdisjoint(before)


def _is_coming(clause: Clause, hit: Hit) -> bool:
    """ "on his way in now", "dad is bringing him in now": not there yet."""
    before = clause.words[: hit.start - clause.start][-1:]
    return begins(hit.words, clause.talk.in_or_back) and not clause.talk.before_in_now.isdisjoint(
        before
    )


def _register_came(clause: Clause) -> Hit | None:
    if clause.has(Heard.OTHER_SENDING, Heard.PROMISE, Heard.WAITING):
        return None
    sent = next((h for h in clause.hits if h.heard is Heard.SENT and says_no_more(clause, h)), None)
    if sent is not None:
        return sent
    about = clause.first(Heard.REGISTER)
    in_now = next((h for h in clause.hits if h.heard is Heard.SAFE), None)
    known = about is not None or PLACE in clause.words
    if known and in_now is not None:
        return replace(in_now, heard=Heard.SENT)
    one = not clause.talk.of_one_case.isdisjoint(clause.words)
    if not known or one:
        return None
    for at, word in enumerate(clause.words):
        here = Hit(Heard.SENT, clause.start + at, clause.start + at + 1, None, word)
        if word in clause.talk.register_here and says_no_more(clause, here):
            return here
    return None


def _with_somebody(clause: Clause) -> Hit | None:
    """ "with mum", "at his nan's": where the pupil is, if it is the pupil who is spoken of."""
    for with_ in (h for h in clause.hits if h.heard is Heard.WITH):
        near = [h for h in clause.hits if h.heard is Heard.PEOPLE and 0 <= h.start - with_.end <= 1]
        home = near and not set(near[0].words.split()) & (clause.talk.no_carers | {PLACE})
        if home and _speaks_of_pupil(clause) and not is_of_a_thing(clause, with_):
            return with_
    return None


def _speaks_of_pupil(clause: Clause) -> bool:
    """Not "sorted with mum", "left a message with dad", "home visit with the SW"."""
    first = clause.hits[0]
    return clause.has(Heard.CHILD) or first.heard in (Heard.WITH, Heard.SET_OUT_WORD)


def is_somebody_else(clause: Clause, hit: Hit) -> bool:
    """ "dad is at home all day", "mum is back at 12": that is not the pupil."""
    near = [h for h in clause.hits if h.end <= hit.start and h.heard in (Heard.PEOPLE, Heard.CHILD)]
    if not near or near[-1].heard is not Heard.PEOPLE:
        return False
    between = [h for h in clause.hits if near[-1].end <= h.start < hit.start]
    brings = begins(hit.words, clause.talk.brings_pupil)
    # "his brother was found in town": the brother.
    brings = brings and clause.talk.was_found.isdisjoint(
        clause.words[: hit.start - clause.start][-1:]
    )
    return (
        not brings
        and not any(h.heard in (Heard.SAYS, Heard.ASKED) for h in between)
        and (near[-1].end >= hit.start - 1)
    )


def is_of_something_else(clause: Clause) -> bool:
    """ "referral done", "boiler sorted": words beside it that are no part of a case's end."""
    if any(h.words in clause.talk.plainly_over for h in clause.hits):
        # "false alarm he was in the other room"
        return False
    return bool(clause.left_over) or clause.has(
        *(Heard.TOLD, Heard.NOT_REACHED, Heard.WAITING, Heard.RANG, Heard.OTHER_SENDING)
    )


# the reason is of the pupil; it is taken on; somebody was asked


def is_of_another(clause: Clause, hit: Hit) -> bool:
    """ "I'm off sick", "carer poorly": no word on the pupil."""
    before_has = {*clause.words[max(0, hit.start - clause.start - 3) : hit.start - clause.start]}
    if any(before_has.issuperset(phrase.split()) for phrase in clause.talk.i_am):
        return True
    near = [h for h in clause.hits if h.end <= hit.start]
    if not near or clause.has(Heard.SAYS, Heard.ASKED, Heard.CHILD):
        return False
    return near[-1].heard is Heard.PEOPLE and near[-1].end >= hit.start - 1


def ends_with_source(clause: Clause) -> bool:
    """ "no answer from mum spoke to dad": somebody was reached in the end."""
    last = [h for h in clause.hits if h.heard in (*SOURCES, Heard.NOT_REACHED)][-1]
    return last.heard in (Heard.ASKED, Heard.SAYS)


def takes_on(clause: Clause) -> bool:
    """ "will ring home", "looking into it", "mine": and it is we who will."""
    if clause.has(Heard.WAITING, Heard.NOT, Heard.PERHAPS, Heard.IF, Heard.SAYS):
        return False
    if clause.words[:1] and clause.words[0] in clause.talk.on_whom and clause.hits:
        named = sum(h.end - h.start for h in clause.hits if h.heard is Heard.CHILD)
        if named and named == len(clause.words) - 1:
            return True
    taking = clause.first(Heard.TAKING)
    if taking is not None and not _by_another(clause, taking):
        return True
    doing = clause.first(Heard.CHASING)
    if doing is not None and not _by_another(clause, doing):
        return True
    chase = clause.first(Heard.CHASE, Heard.RANG)
    will = clause.first(Heard.WILL)
    opens = not clause.talk.begins_taking.isdisjoint(clause.words[:1])
    if chase is None or (will is None and not opens):
        return False
    if chase.heard is Heard.RANG and opens and chase.start == clause.start + 1:
        # "just rang": done, and what came of it is not said.
        return False
    return not _by_another(clause, will or chase)


def has_whom(clause: Clause) -> bool:
    """ "I have Jade": an absence is taken on; a child who is sought may have been found."""
    named = [h for h in clause.hits if h.heard is Heard.CHILD and h.words == NAMED]
    typed = set(clause.typed.lower().split())
    if not named or clause.asks or not typed.isdisjoint(clause.talk.third_person):
        return False
    others = [word for word in clause.words if word != NAMED]
    return clause.says_any(clause.talk.got_it) and clause.talk.has_whom.issuperset(others)


def _by_another(clause: Clause, hit: Hit) -> bool:
    """Whether somebody else is said to: the subject before it is no "I" or "we"."""
    behind = clause.words[hit.start - clause.start + 1 :][:3]
    we = clause.talk.we_who_write & set(clause.words)
    will = hit.heard in (Heard.WILL, Heard.CHASE, Heard.RANG)
    will = will or not clause.talk.would_do.isdisjoint(hit.words.split()[:1])
    if will and not we and not clause.talk.to_us.isdisjoint(behind):
        # "will ring me back".
        return True
    before = clause.words[: hit.start - clause.start]
    typed = set(clause.typed.lower().replace("'", " ").split()[: len(before) + 1])
    if will and before[-1:] and before[-1] in clause.left_over:
        # "Dave will do it now".
        return True
    if before[-1:] == ("he",) and not (typed & clause.talk.third_person):
        # "femi on it", "K7 femi ack": of which case, and not who does it.
        return False
    people = {h.words for h in clause.hits if h.heard is Heard.PEOPLE and h.end <= hit.start}
    if clause.talk.we_who_write & set(before):
        return False
    return bool(people or clause.talk.third_person & set(before))
