"""
Leaving: who has gone, with leave or without, who is only going to, and who is lost.
"""

from apbot.domain.words import Half, Mark, Reason
from apbot.reading.items import holds_phrase, words_in
from apbot.reading.joining import GONE
from apbot.reading.lexicon import Kind
from apbot.reading.small_words import begins, first_is
from apbot.reading.told import (
    HERE_MARKS,
    LEAVING,
    NOT_BACK,
    NOT_HERE,
    NOTHING,
    STILL_NOT_BACK,
    Told,
    Verdict,
)
from apbot.reading.turned import UNSURE

_FETCHERS = (Kind.RELATION, Kind.STAFF, Kind.VEHICLE)
_NO_LEAVE = Verdict(UNSURE, GONE)
AWAY = (Reason.HOLIDAY, Reason.SUSPENDED, Reason.RELIGIOUS, Reason.REFUSING, Reason.TRANSPORT)
LEAVE = (Reason.ILLNESS, Reason.MEDICAL_APPOINTMENT, Reason.FAMILY, Reason.OTHER)


def is_fetched(told: Told) -> bool:
    """ "gran came for tegan at 11", "the taxi's come for her": it is they who came."""
    items = told.statement.items
    at = next((n for n, i in enumerate(items) if i.kind is Kind.MARK), 0)
    led = [item for item in items[:at] if item.kind is not Kind.FILL]
    if not led or led[-1].kind not in _FETCHERS or "arrived" not in told.said:
        return False
    first, second = (*items[at + 1 : at + 3], None, None)[:2]
    whom = second is None or second.kind in (Kind.NAME, Kind.HE, Kind.SHE)
    whom = whom or second.value in told.beside.him  # type: ignore[union-attr]  # it is there
    return first is not None and first.value in told.beside.fetches and whom


def going(told: Told) -> Verdict | None:
    """Gone home, collected, at an appointment since: left; or only going to."""
    said, at, ahead = told.said, told.at, told.ahead
    if not said & {"left", "gone", "gone_to"} or "unaccounted" in said:
        return None
    went = at is not None and not ahead and at > told.start and bool(said & {"gone", "gone_to"})
    nots = (item.value for item in told.statement.items if item.kind is Kind.NOT)
    did_not = told.reason is None and any(value in told.beside.not_so_far for value in nots)
    if "not_back" in said and "left" not in said and (did_not or not went or _no_leave(told)):
        # "went to the shop half an hour ago and not back yet"
        return None
    if "awaited" in said and "left" not in said:
        # "gone to the wrong site, the taxi is bringing her over".
        return None
    if "present" in said and told.statement.is_yet and told.was_here and "left" not in said:
        # "his dad's coming to get him, still here with me for now".
        return Verdict(LEAVING, "going later, not yet gone")
    if "back" in said and ahead:
        return told.expected(at, "back at a time to come")
    plainly = any(mark.typed in told.beside.went for mark in told.statement.marks)
    if "gone" in said and ahead and plainly:
        return _NO_LEAVE
    if "left" in said and ahead and _has_been_left(told):
        # "gone home at 10 to, mum picked her up": over, whatever hour that is.
        return _gone(told)._replace(at=None)
    to_a_thing = "gone_to" in said and not {"left", "gone"} & said and told.reason is None
    if to_a_thing and ahead and told.is_counted:
        return told.expected(at, "gone to something, and back in so many minutes")
    if ahead or (_is_leaving(told) and "gone_to" not in said) or is_future(told):
        return Verdict(LEAVING, "going later, not yet gone")
    if "gone_to" in said and not {"left", "gone"} & said:
        return _gone_to(told)
    return _gone(told)


def _has_been_left(told: Told) -> bool:
    """ "went home", "mum picked her up": said as what is over, and not of what is planned."""
    if told.words & told.beside.will:
        return False
    for mark in told.statement.marks:
        first, *others = mark.typed.split()
        by_whom = first in told.beside.picks_up and told.beside.him.intersection(others)
        led = words_in(told.statement.items[max(mark.place - 1, 0) :][:1])
        has_gone = first in told.beside.has_gone and not told.beside.is_over.isdisjoint(led)
        if first in told.beside.is_over or by_whom or has_gone:
            return True
    return False


def _no_leave(told: Told) -> bool:
    """Whether nothing is said of why or with whom they went."""
    family = any(item.kind is Kind.RELATION for item in told.statement.items)
    return told.reason is None and not (family or told.statement.has_company)


def _is_leaving(told: Told) -> bool:
    over = told.at is not None and not told.ahead
    done = "left" in told.said and (over or told.words & told.beside.has_been)
    done = done or ("left" in told.said and _has_been_left(told))
    words = told.words - told.beside.be if told.denies_will else told.words
    has_to = any(
        begins(mark.typed, told.beside.has_to) or first_is(mark.typed, told.beside.will)
        for mark in told.statement.marks
    )
    return (has_to or bool(words & told.beside.leaving)) and not done


def _gone(told: Told) -> Verdict:
    """Gone, and not only going: with leave, or with a reason for not being here at all."""
    if told.at is not None and told.at < told.start and not told.was_here and told.half_begins:
        # "mum says she left at 8": from home.
        return Verdict(UNSURE, "left before the start")
    reason, said = told.reason, told.said
    left = Verdict("left", "said to have gone, with leave", reason, told.at)
    if "left" in said:
        # "refused to get out of the car so mum took her home": was never here.
        at_home = {m.typed for m in told.statement.marks} & told.beside.at_home
        if at_home and not told.was_here and told.at is None and len(told.said) == 1:
            return Verdict("absent", "at home, being ill", reason or Reason.ILLNESS)
        outside = not told.was_here and told.words & told.beside.outside
        if reason is Reason.REFUSING and outside:
            return Verdict("absent", "would not come in, and was taken home", reason)
        off = any(m.value == "absent" and not m.negated for m in told.statement.marks)
        if off and not told.was_here:
            return Verdict("absent", NOT_HERE, reason)
        if told.held is Mark.AWAITED and holds_phrase(told.statement.items, told.beside.turns_back):
            return Verdict("absent", "turned back on the way", reason)
        # "taxi took her home": how, and not why.
        ridden = reason is Reason.TRANSPORT and bool(told.words & told.beside.takes)
        return left._replace(reason=None) if ridden else left
    if _is_about_the_place(told) or (reason is Reason.TRANSPORT and told.was_here):
        # "gone in the kitchen, his mum came at 2"; "gone upstairs, his taxi came".
        return _NO_LEAVE
    if reason in AWAY:
        return Verdict("absent", "not here, with a reason", reason)
    left_out = told.statement.is_except and told.at is None and not told.was_here
    if left_out and reason is Reason.MEDICAL_APPOINTMENT:
        return Verdict("absent", "left out, being at an appointment", reason)
    family = any(item.kind is Kind.RELATION for item in told.statement.items)
    # "gone with his mates": nobody let him.
    family = (family or told.statement.has_company) and not told.words & told.beside.mates
    if reason in LEAVE or family or told.words & told.beside.with_leave:
        return left
    return _NO_LEAVE


def _is_about_the_place(told: Told) -> bool:
    """ "gone in the kitchen", "went out to the barn": where to, and it is a room of ours."""
    if told.statement.has_company:
        return False
    if "in_place" in told.said and told.reason is None:
        return True
    gone = max((mark.place for mark in told.statement.marks if mark.value == "gone"), default=-1)
    end = next((at for at in told.statement.pauses if at > gone), len(told.statement.items))
    behind = told.statement.items[gone + 1 : end] if gone >= 0 else []
    return any(item.kind is Kind.PLACE_HERE for item in behind[:4])


def _gone_to(told: Told) -> Verdict:
    """ "gone to the dentist": left where the pupil was here, else not here."""
    if told.reason is None:
        return Verdict(NOTHING if told.statement.continues else UNSURE, _NO_LEAVE.rule)
    pupil = told.pupil
    said_here = pupil is not None and pupil.number in told.context.here_in_message
    was_here = told.was_here or said_here
    was_here = was_here and not (told.statement.is_except and told.held is None)
    if was_here or (told.at is not None and told.at > told.start):
        return Verdict("left", "was here and has gone to it", told.reason, told.at)
    return Verdict("absent", "not here, with a reason", told.reason)


def lost(told: Told) -> Verdict | None:
    """Walked off, not back from lunch."""
    said, reason = told.said, told.reason
    if {"unaccounted", "left"} <= said and told.words & told.beside.rescuers:
        # "he's been took off in an ambulance".
        return Verdict("left", "taken away from here", None, None if told.ahead else told.at)
    if "unaccounted" in said:
        went_to = any(mark.typed in told.beside.goes_off for mark in told.statement.marks)
        if went_to and told.statement.has_company and not told.words & told.beside.mates:
            # "went off with his nan at half 12".
            at = None if told.ahead else told.at
            return Verdict("left", "went with somebody of the family", reason, at)
        if went_to and reason in LEAVE:
            return Verdict("left", "went to it", reason, None if told.ahead else told.at)
        if reason in (Reason.ILLNESS, Reason.MEDICAL_APPOINTMENT) and not told.ahead:
            return Verdict("left", "went, being ill", reason)
        if reason in (Reason.HOLIDAY, Reason.RELIGIOUS) and not told.was_here:
            return Verdict("absent", "not here, with a reason", reason)
        at = None if told.ahead else told.at
        return Verdict("unaccounted", "not where they should be", reason, at)
    if _is_unseen_since(told) and reason in (None, Reason.UNKNOWN) and _was_here_before(told):
        return Verdict("unaccounted", "was here, and was not seen since", reason)
    if "not_back" not in said:
        return None
    if said & {"gone", "gone_to"} and told.was_here and (told.denies_will or reason in LEAVE):
        plainly = any(mark.typed in told.beside.went for mark in told.statement.marks)
        if told.ahead and not plainly and not told.statement.is_until:
            # "leaving at 11 for the dentist, won't be back".
            return Verdict(LEAVING, "going later, not yet gone")
        # "left, off to the dentist, won't be back this morning".
        # "won't be back till one": that is not when she went.
        at = None if told.ahead or told.statement.is_until else told.at
        return Verdict("left", "went, and is not to come back", reason, at)
    ridden = reason is Reason.TRANSPORT and (told.statement.lunch or told.was_here)
    if told.was_here and told.statement.has_company and "absent" in said and not told.ahead:
        # "off with his mum 14:30, optician, not back today".
        return Verdict("left", "went with somebody of the family", reason, told.at)
    if reason not in (None, Reason.UNKNOWN) and not ridden:
        return Verdict("absent", "not back, with a reason", reason)
    if "awaited" in said and not ridden:
        return None
    kept = [mark.typed.split() for mark in told.statement.marks if mark.value == "absent"]
    if any(not told.beside.him.isdisjoint(words) for words in kept):
        # "not back, mum kept him at home".
        return Verdict("absent", "not back, and kept at home", reason)
    if told.held is Mark.UNACCOUNTED:
        return Verdict("unaccounted", STILL_NOT_BACK)
    if told.denies_will:
        return Verdict("absent", "not coming back", reason)
    if told.pupil is None:
        return Verdict("unaccounted", "not back")
    if _was_here_before(told) or said & {"gone", "gone_to"}:
        at = told.at if said & {"gone", "gone_to"} and not told.ahead else None
        return Verdict("unaccounted", NOT_BACK, reason, at)
    return Verdict("absent", "not back, and was not here before", reason)


def _is_unseen_since(told: Told) -> bool:
    """ "no sign of Femi since lunch": back for it, or here before it."""
    if not told.statement.lunch or not told.said & {"absent", "not_yet"}:
        return False
    if told.statement.negates_who and told.words & told.beside.sees:
        return True
    typed = [mark.typed for mark in told.statement.marks]
    return any(phrase in each for phrase in told.beside.no_sign for each in typed)


def _was_here_before(told: Told) -> bool:
    if told.was_here:
        return True
    reply = told.context.reply
    if reply.half is Half.AM:
        return told.statement.lunch
    return told.pupil is None or reply.am_marks.get(told.pupil.number) in (*HERE_MARKS, None)


def is_taken_away(told: Told) -> bool:
    """ "police came and arrested jonas": was here, and was taken from here."""
    words, beside = told.words, told.beside
    took = bool(words & beside.police_took)
    if took and (told.was_here or (words & beside.police and words & beside.police_came)):
        return True
    return bool(words & beside.rescuers and words & beside.takes_off)


def is_future(told: Told) -> bool:
    kinds, statement = (Kind.FILL, Kind.ORDINARY), told.statement
    last = max((mark.place for mark in statement.marks), default=-1)
    end = next((at for at in statement.pauses if at > last >= 0), len(statement.items))
    start = statement.ref_place if statement.refs and not statement.mark_first else 0
    items = statement.items[max(start, 0) : end]
    return any(i.value in told.beside.will for i in items if i.kind in kinds)
