"""
Weighing: what is told of a pupil, weighed against the hour and the mark already held.

Each rule takes what it knows how to take and leaves the rest to the next: gone, lost, coming, here,
late, not here, and at last a reason alone.
"""

from apbot.domain.words import Half, Mark, Reason
from apbot.reading.doubts import why_doubtful
from apbot.reading.items import CHATTER, NAMED, PRONOUNS, Item, beyond, typed_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours, begins
from apbot.reading.statements import Said
from apbot.reading.told import HERE_MARKS, LATE_WHERE, LEAVING, NOT_HERE, NOTHING, Told, Verdict
from apbot.reading.turned import HERE, UNSURE

_NOT_YET_IS_ABSENT_AFTER = 15
_BESIDE_MINUTES = frozenset(
    (
        *(*NAMED, *PRONOUNS, *CHATTER, Kind.REPORTS, Kind.FILL, Kind.TIME, Kind.AND, Kind.YET),
        *(Kind.NOW, Kind.TODAY, Kind.EMOJI, Kind.TOO, Kind.HEDGE, Kind.BOTH),
    )
)
_FETCHERS = (Kind.RELATION, Kind.STAFF, Kind.VEHICLE)
_TAKEN = "taken away from here"
_MISSING = {"absent", "missing"}
_AWAY = (Reason.HOLIDAY, Reason.SUSPENDED, Reason.RELIGIOUS, Reason.REFUSING, Reason.TRANSPORT)
_LEAVE = (Reason.ILLNESS, Reason.MEDICAL_APPOINTMENT, Reason.FAMILY, Reason.OTHER)
_CLASH = Verdict(UNSURE, "two marks that do not go together")
_NO_LEAVE = Verdict(UNSURE, "gone, but not said whether with leave")
_LATE_WHERE = Verdict(UNSURE, LATE_WHERE)
_STILL_LOST = Verdict("unaccounted", "still not found")


def weigh(told: Told) -> Verdict:
    """Return what is made of the pupil."""
    if _was_due(told) or _was_there(told):
        return Verdict(NOTHING)
    if told.said & {UNSURE, "in_somewhere"} and "unaccounted" not in told.said:
        # "gone off in a huff" is gone off, whatever a huff is.
        return Verdict(UNSURE, "a word beside the mark could change it")
    if _is_fetched(told):
        fetched = Verdict("left", "fetched", told.reason, None if told.ahead else told.at)
        return fetched if told.was_here else Verdict(UNSURE, "fetched, but not said from where")
    if _is_back_elsewhere(told):
        return Verdict(UNSURE, "back, but at another place")
    if _wants_a_ride(told):
        return Verdict(LEAVING, "a ride is wanted")
    if told.statement.has_open_not:
        if not told.said and told.ahead and told.is_led_by(told.beside.until_a_time):
            return told.expected(told.at, "not until a time to come")
        return Verdict(UNSURE, 'a "not" whose word is missing')
    if _is_still_awaited(told):
        return Verdict(NOTHING, "still expected, as was said", told.reason)
    for rule in (_going, _lost, _came_at_last, _coming, _here, _late, _not_here):
        made = rule(told)
        if made is not None:
            return made
    return _will_be(told) or _only_time(told) or _only_reason(told)


def _is_still_awaited(told: Told) -> bool:
    """ "reece isn't back from the dentist yet", whom we know to be there and to come: no news."""
    if told.held is not Mark.AWAITED or told.reason not in _LEAVE or told.at is not None:
        return False
    if told.denies_will or told.said & {"left", "gone", "unaccounted", "absent", *HERE} - {"back"}:
        return False
    return told.statement.is_yet or bool(told.words & told.beside.still)


def _is_fetched(told: Told) -> bool:
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


def _is_back_elsewhere(told: Told) -> bool:
    """ "jose is back at school today", "back at her nans": not here, however glad one is."""
    statement = told.statement
    back = next((n for n, i in enumerate(statement.items) if i.kind is Kind.MARK), None)
    if told.said != {"back"} or told.denies_will or statement.is_now or back is None:
        return False
    behind = statement.items[back + 1 : back + 4]
    led = statement.items[back].typed.split()[-1]
    if not behind or not {led, behind[0].typed.split()[0]} & told.beside.back_at:
        return False
    first, *others = behind
    if led in told.beside.back_at and first.kind in (Kind.REASON, Kind.PLACE_AWAY):
        return True
    where = beyond(others, (Kind.FILL,))
    away = (Kind.PLACE_AWAY, Kind.RELATION)
    return first.kind is Kind.REASON or (where is not None and where.kind in away)


def _wants_a_ride(told: Told) -> bool:
    """ "Nura needs her taxi at 2 not 3": for the office, and no reason for not being here."""
    if told.said or told.reason is not Reason.TRANSPORT:
        return False
    wants = beyond(told.statement.from_who[1:], (Kind.FILL,))
    return wants is not None and wants.value in told.beside.wants_a_ride


def _was_due(told: Told) -> bool:
    """ "was due in": what was to be, and not what is."""
    if told.said != {"awaited"}:
        return False
    due = all(begins(m.typed, told.beside.due) for m in told.statement.marks)
    return due and bool(told.words & told.beside.was)


def _was_there(told: Told) -> bool:
    """ "he was asleep in the van": where somebody was who was looked for."""
    if told.held is not Mark.UNACCOUNTED or not told.said:
        return False
    return told.said <= {"in_somewhere", "in_away"} and bool(told.words & told.beside.was)


# gone


def _going(told: Told) -> Verdict | None:
    """Gone home, collected, at an appointment since: left; or only going to."""
    said, at, ahead = told.said, told.at, told.ahead
    if not said & {"left", "gone", "gone_to"} or "unaccounted" in said:
        return None
    went = at is not None and not ahead and at > told.start and bool(said & {"gone", "gone_to"})
    if "not_back" in said and "left" not in said and not went:
        return None
    if "awaited" in said and "left" not in said:
        # "gone to the wrong site, the taxi is bringing her over".
        return None
    if "back" in said and ahead:
        return told.expected(at, "back at a time to come")
    plainly = any(mark.typed in told.beside.went for mark in told.statement.marks)
    if "gone" in said and ahead and plainly:
        return _NO_LEAVE
    if ahead or (_is_leaving(told) and "gone_to" not in said) or _is_future(told):
        return Verdict(LEAVING, "going later, not yet gone")
    if "gone_to" in said and not {"left", "gone"} & said:
        return _gone_to(told)
    return _gone(told)


def _is_leaving(told: Told) -> bool:
    over = told.at is not None and not told.ahead
    done = "left" in told.said and (over or told.words & told.beside.has_been)
    words = told.words - told.beside.be if told.denies_will else told.words
    has_to = any(begins(mark.typed, told.beside.has_to) for mark in told.statement.marks)
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
        return left
    if reason in _AWAY:
        return Verdict("absent", "not here, with a reason", reason)
    left_out = told.statement.is_except and told.at is None and not told.was_here
    if left_out and reason is Reason.MEDICAL_APPOINTMENT:
        return Verdict("absent", "left out, being at an appointment", reason)
    family = any(item.kind is Kind.RELATION for item in told.statement.items)
    family = family or told.statement.has_company
    if reason in _LEAVE or family or told.words & told.beside.with_leave:
        return left
    return _NO_LEAVE


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


# lost


def _lost(told: Told) -> Verdict | None:
    """Walked off, not back from lunch."""
    said, reason = told.said, told.reason
    if "unaccounted" in said:
        went_to = any(mark.typed in told.beside.goes_off for mark in told.statement.marks)
        if went_to and told.statement.has_company:
            # "went off with his nan at half 12".
            return Verdict("left", "went with somebody of the family", reason, told.at)
        if went_to and reason in _LEAVE:
            return Verdict("left", "went to it", reason, None if told.ahead else told.at)
        if reason in (Reason.ILLNESS, Reason.MEDICAL_APPOINTMENT):
            return Verdict("left", "went, being ill", reason)
        if reason in (Reason.HOLIDAY, Reason.RELIGIOUS) and not told.was_here:
            return Verdict("absent", "not here, with a reason", reason)
        at = None if told.ahead else told.at
        return Verdict("unaccounted", "not where they should be", reason, at)
    if _is_unseen_since(told) and reason in (None, Reason.UNKNOWN) and _was_here_before(told):
        return Verdict("unaccounted", "was here, and was not seen since", reason)
    if "not_back" not in said:
        return None
    if "gone" in said and told.was_here and (told.denies_will or reason in _LEAVE):
        # "left, off to the dentist, won't be back this morning".
        return Verdict("left", "went, and is not to come back", reason, told.at)
    if reason not in (None, Reason.UNKNOWN):
        return Verdict("absent", "not back, with a reason", reason)
    if "awaited" in said:
        return None
    if told.denies_will:
        return Verdict("absent", "not coming back", reason)
    if told.pupil is None:
        return Verdict("unaccounted", "not back")
    if _was_here_before(told) or said & {"gone", "gone_to"}:
        return Verdict("unaccounted", "was here and is not back", reason)
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


# coming


def _came_at_last(told: Told) -> Verdict | None:
    """ "didn't get here until ten": here since then."""
    at = told.at
    if not told.is_not_until or at is None or told.ahead or told.said - {"absent"}:
        return None
    # "wasn't in until ten" is one word: there is no mark beside which a doubt could stand.
    doubt = why_doubtful(told.statement, told.context) if told.statement.marks else ""
    return Verdict(UNSURE, doubt) if doubt else _came_at(told, at, "came after the start")


def _coming(told: Told) -> Verdict | None:
    """On the way, back at 11, here in ten minutes."""
    said, at, ahead = told.said, told.at, told.ahead
    if (
        "arrived" in said
        and not ahead
        and not (_is_future(told) or told.words & told.beside.shortly)
    ):
        return None
    if "awaited" in said and _is_of_ride(told):
        return None
    if "awaited" in said:
        if told.is_of_afternoon:
            return Verdict("absent", "expected only after this session", told.reason)
        # A time that has passed is no time to expect anybody at, unless counted from the start.
        return told.expected(at if ahead or told.is_counted else None, "said to be coming")
    back = _coming_back(told) if said & HERE else None
    if back is not None:
        return back
    away = bool(said & {*_MISSING, "not_yet"}) or (not said and told.reason is not None)
    if away and ahead and _ends_absence(told):
        return told.expected(at, "not here, but expected")
    left_out = told.statement.is_except and not said and told.reason is None
    if ahead and (left_out or (said <= {"in_away"} and told.reason is Reason.TRANSPORT)):
        # "all in but aiden, about 20 mins", "flat tyre, his dad says half 10".
        return told.expected(at, "not here, but expected")
    if "not_yet" in said and ahead and told.is_counted:
        return told.expected(at, "not here yet, and expected")
    if away and _is_count_away(told):
        return told.expected(at, "on the way, so many minutes off")
    return None


def _is_of_ours(told: Told) -> bool:
    """ "All in, we are shutting at 2": between the mark and the time somebody else is spoken of."""
    kinds = [item.kind for item in told.statement.items]
    if Kind.MARK not in kinds or Kind.TIME not in kinds:
        return False
    marked, timed = kinds.index(Kind.MARK), kinds.index(Kind.TIME)
    return Kind.SPEAKER in kinds[marked + 1 : timed]


def _is_of_ride(told: Told) -> bool:
    """ "here now, dentist was running behind": why, and not that they are still to come."""
    marks = told.statement.marks
    here = next((mark.place for mark in marks if mark.value == "present"), None)
    if here is None or not told.statement.is_now or told.statement.has_open_not:
        return False
    late = max(mark.place for mark in marks if mark.value == "awaited")
    parted = any(here < pause <= late for pause in told.statement.pauses)
    why = (Kind.REASON, Kind.VEHICLE, Kind.ON_THE_WAY)
    return parted and any(item.kind in why for item in told.statement.items[here:late])


def _coming_back(told: Told) -> Verdict | None:
    """ "here at 11", "back this afternoon", "in later": here, but not yet."""
    at = told.at
    if _is_kept_first(told):
        return told.expected(at if told.ahead else None, "said to be coming")
    due = at is not None and told.is_led_by(told.beside.by_then) and at >= told.context.now
    if told.ahead and _is_of_ours(told):
        return Verdict(UNSURE, "the time is of what we do, not of when they come")
    if told.ahead or due:
        return (
            None
            if told.is_led_by(told.beside.until_a_time)
            else told.expected(at, "here at a time to come")
        )
    until_pm = told.statement.is_until and "pm" in told.statement.days
    if "back" in told.said and (until_pm or told.is_of_afternoon):
        return Verdict("absent", "expected only after this session", told.reason)
    if _is_future(told):
        return told.expected(at, "said to be coming")._replace(foretold=at is None)
    if told.words & told.beside.soon:
        return told.expected(None, "said to be coming")
    return None


def _is_kept_first(told: Told) -> bool:
    """ "at the dentist till 10, then in": something keeps them, and then they come."""
    if "arrived" in told.said or told.words & told.beside.was:
        return False
    kept = told.reason is not None or told.statement.is_until
    first = next((mark.place for mark in told.statement.marks if mark.place >= 0), 0)
    return kept and bool(typed_in(told.statement.items[:first]) & told.beside.next_thing)


def _is_future(told: Told) -> bool:
    kinds, statement = (Kind.FILL, Kind.ORDINARY), told.statement
    last = max((mark.place for mark in statement.marks), default=-1)
    end = next((at for at in statement.pauses if at > last >= 0), len(statement.items))
    start = statement.ref_place if statement.refs and not statement.mark_first else 0
    items = statement.items[max(start, 0) : end]
    return any(i.value in told.beside.will for i in items if i.kind in kinds)


def _ends_absence(told: Told) -> bool:
    back = any(mark.value == "back" for mark in told.statement.marks)
    due = told.is_led_by(told.beside.until_a_time) or told.is_led_by(told.beside.ends_at)
    return back or told.statement.is_until or due


def _is_count_away(told: Told) -> bool:
    if not told.is_counted or told.statement.is_until:
        return False
    return any(mark.typed in told.beside.minutes_off for mark in told.statement.marks)


# here


def _here(told: Told) -> Verdict | None:
    here = told.said & {"present", "arrived", "back", "in_place"}
    if not here:
        return None
    against = {*_MISSING} if told.statement.is_correction else {*_MISSING, "not_yet", "in_away"}
    if told.said & against:
        return _CLASH
    if told.reason is Reason.REFUSING:
        return Verdict(UNSURE, "came, but refused")
    doubt = why_doubtful(told.statement, told.context)
    if doubt:
        return Verdict(UNSURE, doubt)
    if here == {"in_place"}:
        return Verdict("present", "said to be in a room of the provision")
    since = any(item.kind is Kind.SINCE for item in told.statement.items)
    anew = "back" in told.said and told.held in (Mark.AWAITED, Mark.ABSENT) and not since
    timed = (anew or told.said & {"arrived", "late", "present"}) and not told.statement.lunch
    if told.at is not None and not told.ahead and timed:
        return _came_at(told, told.at, "came after the start")
    return _arrival(told)


def _came_at(told: Told, at: int, rule: str) -> Verdict:
    if at <= told.start:
        return Verdict("present", "here by the start", None, at)
    return Verdict("late", rule, told.reason, at)


def _arrival(told: Told) -> Verdict:
    """Present or late, by what the register holds and whether it is said to be fresh."""
    beside, held, reason = told.beside, told.held, told.reason
    texts = [mark.typed for mark in told.statement.marks if not mark.negated]
    came = "arrived" in told.said
    words = {word for text in texts for word in text.split()}
    fresh = told.statement.is_now or any(part in text for part in beside.fresh for text in texts)
    here = Verdict("present", "said to be here", now=fresh)
    if held is Mark.UNACCOUNTED:
        return Verdict("present", "back where they should be", now=fresh)
    if "late" in told.said or any("late" in text for text in texts):
        return Verdict("late", "here, having come late", reason)
    if held is Mark.LEFT:
        return Verdict("present", "back again", now=fresh)
    if told.context.now < told.start:
        return here
    if (told.statement.is_correction and not fresh) or words & beside.all_along:
        return Verdict("present", "put right", now=fresh)
    since = any(item.kind is Kind.SINCE for item in told.statement.items)
    if since and not fresh and held is not Mark.AWAITED:
        # "he's been sat at the back since nine": here all along.
        return Verdict("present", "here since before")
    anew = fresh or came or "back" in told.said
    if held is Mark.AWAITED or (held is Mark.ABSENT and anew):
        return Verdict("late", "was awaited or absent, and is here now", reason, now=True)
    if came and fresh and told.pupil is not None:
        return Verdict("late", "only just came", reason, now=True)
    return here


# late


def _was_late(told: Told) -> bool:
    """ "was late"; but not "late, his bus was cancelled"."""
    late = [mark for mark in told.statement.marks if mark.value == "late" or mark.typed == "l"]
    last = max((mark.place for mark in late), default=-1)
    end = next((at for at in told.statement.pauses if at > last >= 0), len(told.statement.items))
    led: Item | None = None
    for item in told.statement.items[:end]:
        of_ride = led is not None and led.kind in (Kind.VEHICLE, Kind.REASON)
        if typed_in([item]) & told.beside.was and not of_ride:
            return True
        led = item
    return False


def _late(told: Told) -> Verdict | None:
    if "late" not in told.said:
        return None
    was = _was_late(told)
    coming = bool(told.words & told.beside.running | told.said & {"not_yet", "absent"})
    if told.ahead:
        return told.expected(told.at, "late, by a time to come")
    if coming:
        return told.expected(told.at, "late and still to come")
    if told.at is not None and told.is_counted and not was:
        # "10 late" when ten minutes have passed does not say that anybody came.
        early = told.is_early
        return told.expected(told.at, "late by so many minutes") if early else _LATE_WHERE
    if told.at is not None:
        return _came_at(told, told.at, "late, by a time that has passed")
    if was:
        return Verdict("late", "was late, so is here", told.reason)
    if told.is_early:
        return Verdict("awaited", "late, up to thirty minutes after the start", told.reason)
    return _LATE_WHERE


# not here


def _is_denied_coming(mark: Said, beside: Neighbours) -> bool:
    """Whether it is said that somebody did not come, in two pieces or in one phrase."""
    words = mark.typed.split()
    whole = mark.value == "absent" and not beside.never_did.isdisjoint(words)
    return whole or (mark.negated and mark.value in HERE)


def _not_until(told: Told) -> Verdict | None:
    """ "didn't get here til 9.30": came then."""
    marks, at = told.statement.marks, told.at
    if at is None:
        return None
    past = not told.ahead and told.is_led_by(told.beside.until_a_time)
    came = bool(marks) and all(_is_denied_coming(m, told.beside) for m in marks)
    if not (past and came) or told.denies_will or told.statement.is_yet:
        return None
    return _came_at(told, at, "not here until a time that has passed")


def _not_here(told: Told) -> Verdict | None:
    reason = told.reason
    since = _not_until(told)
    if since is not None:
        return since
    if told.said & {*_MISSING, "in_away"}:
        items = told.statement.items
        put_right = {i.typed for i in items if i.kind is Kind.CORRECTION}
        if put_right & told.beside.by_mistake and told.held not in HERE_MARKS:
            return Verdict("present", "marked absent by mistake")
        if _is_still_lost(told):
            return _STILL_LOST
        no_sign = any(phrase in told.statement.typed for phrase in told.beside.no_sign)
        if told.held in HERE_MARKS and reason is None and (no_sign or told.said == {"missing"}):
            # "kai missing", "no sign of kai", of one who was here.
            return Verdict("unaccounted", "was here, and is missing")
        if told.was_here and _is_taken_away(told):
            return Verdict("left", _TAKEN, reason, told.at)
        bare = told.statement.negates_who and not told.statement.marks
        return Verdict("absent", NOT_HERE, reason, bare=bare)
    if "not_yet" not in told.said:
        return None
    if reason not in (None, Reason.UNKNOWN):
        return Verdict("absent", "not here, with a reason", reason)
    if _is_still_lost(told):
        return _STILL_LOST
    if told.context.now >= told.start + _NOT_YET_IS_ABSENT_AFTER:
        return Verdict("absent", "not here yet, fifteen minutes or more after the start", reason)
    return Verdict(UNSURE, "not here yet, and it is early")


def _is_still_lost(told: Told) -> bool:
    """ "still no sign of her": lost until somebody says where she is."""
    if told.held is not Mark.UNACCOUNTED:
        return False
    told_where = told.words & told.beside.with_leave or "in_away" in told.said
    return not (told_where or told.reason is not None or told.denies_will)


def _will_be(told: Told) -> Verdict | None:
    """ "femi will be about half ten, orthodontist first": the time at which he comes."""
    if told.said or not told.ahead or told.at is None:
        return None
    items = told.statement.from_who
    timed = next((at for at, item in enumerate(items) if item.kind is Kind.TIME), 0)
    led = [item.value for item in items[1:timed]]
    will = bool(led) and led[0] in told.beside.to_come
    be = will and not told.beside.be.isdisjoint((*led[0].split()[1:], *led[1:2]))
    if not be or not set(led[1:]) <= told.beside.be_about:
        return None
    return told.expected(told.at, "will be here at a time to come")


def _only_time(told: Told) -> Verdict | None:
    """ "Kyle says 20 mins", "he'll be ten minutes": so many minutes off, and coming."""
    statement = told.statement
    if told.said or told.reason is not None or not told.is_counted or told.was_here:
        return None
    plain = all(
        item.kind in _BESIDE_MINUTES or item.value in told.beside.around_minutes
        for item in statement.items
    )
    past = told.words & told.beside.minutes_past
    if not plain or past or not statement.refs:
        return None
    return told.expected(told.at, "said to be so many minutes off")


def _only_reason(told: Told) -> Verdict:
    reason = told.reason
    if reason is None or reason is Reason.UNKNOWN:
        seen = bool(told.words & told.beside.seen_last and told.words & told.beside.sees)
        return Verdict(NOTHING, reason=reason, at=told.at if seen and not told.ahead else None)
    if told.statement.possessed == "transport" or (reason is Reason.TRANSPORT and told.symptom):
        return Verdict(NOTHING, "", reason, weak=True)
    if _is_taken_away(told):
        at = None if told.ahead else told.at
        return Verdict("left", _TAKEN, reason, at)
    if reason is Reason.MEDICAL_APPOINTMENT and told.ahead:
        return Verdict(LEAVING, "an appointment later on")
    if reason is Reason.REFUSING and told.words & told.beside.refused_here:
        return Verdict(NOTHING)
    return Verdict("absent", "a reason for not being here", reason, weak=True, symptom=told.symptom)


def _is_taken_away(told: Told) -> bool:
    """ "police came and arrested jonas": was here, and was taken from here."""
    words, beside = told.words, told.beside
    took = bool(words & beside.police_took)
    if took and (told.was_here or (words & beside.police and words & beside.police_came)):
        return True
    return bool(words & beside.rescuers and words & beside.takes_off)
