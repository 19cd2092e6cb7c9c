"""
Hedging: "I think", "not sure", "hang on", "if" and "when", which doubt what is said.

A doubt goes to one statement, the one begun or the one that follows; what only tells of before
("when I counted") or of a stranger ("some bloke we don't know") is no doubt.
"""

from apbot.reading.draft import Draft
from apbot.reading.items import NAMED, PRONOUNS, SUBJECTS, Item
from apbot.reading.lexicon import Kind
from apbot.reading.small_words import begins, ends_as
from apbot.reading.statements import WHOLE, Statement

_WHO_DID = (Kind.SPEAKER, Kind.NAME, *PRONOUNS)


def take_hedge(draft: Draft, item: Item) -> None:
    """Take "I think", "not sure", "will let you know": what it is of is no more said."""
    promise = begins(item.value, draft.beside.promises)
    either = item.value in draft.beside.either
    if either and draft.cur is not None and any(m.negated for m in draft.cur.marks):
        # "Otto isn't here either": he too.
        draft.cur.items.append(item._replace(kind=Kind.TOO))
        return
    if _is_no_hedge(draft, item) or _is_beside_the_lost(draft):
        draft.keep(item)
        return
    if item.value in draft.beside.hearsay:
        if not _is_of_why(draft):
            draft.bearer.is_hearsay = True
        draft.keep(item)
        return
    if _is_kind_wish(draft, item):
        draft.void = True
        return
    ends = draft.next_kind() in (None, Kind.POINT)
    if draft.gap == "(" and ends and draft.cur is not None and item.value in draft.beside.no_idea:
        draft.cur.reasons.append(("unknown", item.typed, False))
        draft.cur.items.append(item._replace(kind=Kind.CHAT))
        return
    if _is_of_a_few(draft, item) or _is_of_a_stranger(draft, item):
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    if promise and draft.next_kind() is Kind.CORRECTION:
        # "hang on, tell a lie, she's here": no promise to look, but to put right.
        draft.keep(item)
        return
    if item.value in draft.beside.put_right and _puts_right(draft):
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    draft.out.hedges = True
    cur = draft.cur
    if cur is not None and (cur.says or cur.refs):
        following = _next_word(draft)
        if cur.says:
            _hedge_said(draft, cur, promise)
            if draft.cur is None and draft.prefix.is_hedged and not cur.is_hedged:
                # "all in, not sure about Sanjay": a doubt of him alone.
                draft.prefix.items.append(item)
                return
        elif following is not None and following.kind is Kind.NAME:
            # "marta has new boots - I think jack is in": the doubt is of him.
            cur.is_hedged = not _begins_anew(draft)
            draft.close()
            draft.prefix.is_hedged = True
        else:
            cur.is_hedged = True
        cur.items.append(item)
        return
    last = draft.last
    following = _next_word(draft)
    if last is not None and (following is None or following.is_hard):
        group = last.whom in WHOLE and not promise
        if last.sentence == draft.sentence or group:
            last.is_hedged = True
            return
    if _is_of_what_was_said(draft, item):
        last.is_hedged = True  # type: ignore[union-attr]  # there is one, or it were not of it
        return
    draft.prefix.is_hedged = True
    draft.prefix.items.append(item)


def _is_of_why(draft: Draft) -> bool:
    """ "just walked in, bus broke down apparently": behind a pause, of why and not of who."""
    cur = draft.cur
    if cur is None or not cur.marks or draft.gap or draft.next_kind() not in (None, Kind.POINT):
        return False
    last = max(mark.place for mark in cur.marks)
    if not any(at > last >= 0 for at in cur.pauses):
        return False
    if cur.reasons:
        word, typed, _ = cur.reasons[-1]
        cur.reasons[-1] = (word, typed, True)
    return True


def _is_of_what_was_said(draft: Draft, item: Item) -> bool:
    """ "chloe might be off but dunno, everyone else is here": of her, and not of the others."""
    last = draft.last
    behind = draft.next()
    ends = behind is not None and behind.kind is Kind.POINT
    joined = not draft.gap and item.value in draft.beside.no_idea
    return ends and joined and last is not None and last.sentence == draft.sentence


def _is_kind_wish(draft: Draft, item: Item) -> bool:
    """ "hope you had a nice lunch, all here": of whoever reads it, and no doubt."""
    following = draft.next()
    wish = item.value in draft.beside.kind_wishes and following is not None
    if not wish or following.value not in draft.beside.wished:  # type: ignore[union-attr]  # it is there
        return False
    for each in draft.ahead():
        if each.kind is Kind.POINT:
            return True
        if each.kind in NAMED or each.kind in (Kind.MARK, Kind.EVERYONE, Kind.REST):
            return False
    return True


def _puts_right(draft: Draft) -> bool:
    """ "no hang on tariq isnt here yet sorry": something is said of somebody at once."""
    past = (Kind.CORRECTION, Kind.FILL, Kind.NOT, Kind.NO, Kind.JUST, Kind.CHAT, Kind.BUT)
    for step, item in enumerate(draft.ahead()):
        if item.kind in NAMED:
            told = list(draft.ahead(of=draft.at + 1 + step))
            end = next((at for at, each in enumerate(told) if each.is_hard), len(told))
            doubts = any(each.kind in (Kind.HEDGE, Kind.IF) for each in told[:end])
            asks = end < len(told) and told[end].value == "?"
            at = draft.at + 1 + step
            at += bool(told) and told[0].kind is Kind.ONLY
            return not (doubts or asks) and draft.is_spoken_of(at)
        if item.kind not in past and item.value not in (",", "-"):
            return False
    return False


def _begins_anew(draft: Draft) -> bool:
    """Whether a point or a "but" parts what is taken here from what was said before."""
    before = draft.before
    return bool(draft.gap) or (before is not None and before.kind in (Kind.BUT, Kind.AND))


def _is_of_a_few(draft: Draft, item: Item) -> bool:
    """ "Finn says some lads hit him": how many others, and no doubt about Finn."""
    cur = draft.named
    others = draft.next_kind() in (Kind.ORDINARY, Kind.SUBGROUP, Kind.UNKNOWN)
    told = cur is not None and any(each.kind is Kind.REPORTS for each in cur.items)
    return item.value in draft.beside.some_others and others and told


def _is_of_a_stranger(draft: Draft, item: Item) -> bool:
    """ "some bloke we don't know", "with some lad": somebody else, and no doubt of the pupil."""
    cur, before, following = draft.cur, draft.before, draft.next()
    who = following is not None and following.value in draft.beside.relatives
    if who and draft.next_kind(1) is Kind.THEY:
        # "two men asking for her, don't know who they are".
        return True
    if cur is None or before is None or draft.gap or not cur.says:
        return False
    whom = draft.items[draft.at - 2] if draft.at > 1 else None
    unknown = before.kind is Kind.SPEAKER and whom is not None and whom.kind is Kind.ORDINARY
    some = item.value in draft.beside.parts and before.kind is Kind.WITH
    return (unknown and item.value in draft.beside.no_idea) or some


def _is_no_hedge(draft: Draft, item: Item) -> bool:
    """ "not in either", "from either house", "some air", "half asleep": small words, no doubt."""
    following = draft.next()
    if item.value in draft.beside.either:
        return following is None or following.kind not in (*SUBJECTS, *PRONOUNS, Kind.UNKNOWN)
    if item.value in draft.beside.or_so and draft.before is not None:
        # "20 mins or so".
        return draft.before.kind is Kind.TIME
    if item.value in draft.beside.should_be_so_long and draft.next_kind() is Kind.TIME:
        # "stuck in traffic, should be 20 mins".
        return True
    if item.value not in draft.beside.parts:
        return False
    return following is not None and following.kind is Kind.ORDINARY


def _hedge_said(draft: Draft, cur: Statement, promise: bool) -> None:
    """Doubt what was said, or what comes next."""
    following = _next_word(draft)
    kind = following.kind if following is not None else None
    if cur.is_hedged and kind is Kind.REST and not draft.gap:
        # "might be off I dunno, the rest are in": the doubt is not of the rest.
        return
    here = bool(cur.marks) and cur.marks[0].value == "present"
    if kind in (Kind.REASON, Kind.ON_THE_WAY) and (draft.gap or not here or cur.marks[0].negated):
        draft.hedge_next = True
    elif promise and (draft.gap or (cur.marks and not here)):
        cur.is_doubtful = True
    elif kind in SUBJECTS or kind in PRONOUNS or kind in (Kind.SPEAKER, Kind.IT):
        # "ellie is in and I believe bogdan is too": no doubt of Ellie.
        cur.is_hedged = cur.is_hedged or not _begins_anew(draft)
        draft.close()
        # "maybe poorly not sure, jo is here": the doubt is of what stands before the comma.
        draft.prefix.is_hedged = bool(draft.gap) or draft.next_kind() is not Kind.POINT
    elif kind is Kind.MARK and draft.gap:
        draft.hedge_next = True
    elif _is_of_reason(draft, cur):
        word, typed, _ = cur.reasons[-1]
        cur.reasons[-1] = (word, typed, True)
    else:
        cur.is_hedged = True


def _is_of_reason(draft: Draft, cur: Statement) -> bool:
    """ "not here, overslept maybe": the doubt is of why, behind a pause of its own."""
    before = draft.before
    if cur.reasons and cur.reasons[-1][2] and cur.marks and cur.marks[0].negated:
        # "not in, might be poorly I dont know": so is the second of two.
        return True
    last = max((mark.place for mark in cur.marks), default=-1)
    apart = any(at > last >= 0 for at in cur.pauses)
    return before is not None and before.kind is Kind.REASON and not draft.gap and apart


def _next_word(draft: Draft) -> Item | None:
    """The next item that is not a small word, or the end of the sentence."""
    past = (Kind.FILL, Kind.CHAT, Kind.EMOJI, Kind.AND)
    for item in draft.ahead():
        small = item.kind in past or item.value in draft.beside.is_or_are
        if item.is_hard or not (small or item.kind is Kind.POINT):
            return item
    return None


def take_if(draft: Draft, item: Item) -> None:
    """Take "if", "when", "until he": a condition, so that nothing behind it is said."""
    following = draft.next()
    you = following is not None and not draft.beside.you.isdisjoint(following.typed.split())
    ended = draft.next(1)
    over = item.value in draft.beside.when and following is not None and ended is not None
    over = over and (you or following.kind in _WHO_DID)  # type: ignore[union-attr]  # it is there
    if over and ended is not None and _is_over(draft, ended):
        # "wasn't in the room when I counted".
        draft.void = True
        return
    if not (you and draft.gap and item.value in draft.beside.if_you):
        # "so ignore the noise, if you ring" is no condition on who is in.
        last = draft.last
        if draft.cur is not None:
            draft.cur.is_doubtful = True
            draft.close()
        elif last is not None and last.sentence == draft.sentence and not draft.gap:
            last.is_doubtful = True
        else:
            draft.prefix.is_hedged = True
    draft.void = True


def _is_beside_the_lost(draft: Draft) -> bool:
    """ "femi has walked off, manager's in a meeting": of the manager; he is lost all the same."""
    cur = draft.cur
    if cur is None or not cur.marks or not cur.pauses:
        return False
    last = cur.marks[-1]
    lost = last.value == "unaccounted" and not last.negated and last.place < cur.pauses[-1]
    told = cur.items[cur.pauses[-1] :]
    return lost and any(each.kind in (Kind.ORDINARY, Kind.STAFF) for each in told)


def _is_over(draft: Draft, item: Item) -> bool:
    """Whether the verb tells of what is past: "when I counted", "when Layla rolled"."""
    past = item.kind is Kind.ORDINARY and ends_as(item.value, draft.beside.done_ends)
    return past or not draft.beside.then_ended.isdisjoint(item.typed.split()[:1])
