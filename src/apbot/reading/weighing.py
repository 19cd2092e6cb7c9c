"""
Weighing: what is told of a pupil, weighed against the hour and the mark already held.

Each rule takes what it knows how to take and leaves the rest to the next: gone, lost, coming, here,
late, not here, and at last a reason alone.
"""

from itertools import pairwise

from apbot.domain.words import Mark, Reason
from apbot.reading.doubts import why_doubtful
from apbot.reading.items import (
    CHATTER,
    NAMED,
    PRONOUNS,
    Item,
    beyond,
    holds_phrase,
    is_phrase_of_chat,
    typed_in,
    without,
    words_in,
)
from apbot.reading.leaving import LEAVE, going, is_fetched, is_future, is_taken_away, lost
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import begins, first_is
from apbot.reading.statements import Said
from apbot.reading.told import (
    BACK_ELSEWHERE,
    HERE_MARKS,
    LATE_BY,
    LATE_EARLY,
    LATE_WHERE,
    LEAVING,
    NOT_HERE,
    NOT_YET,
    NOTHING,
    OWN_START,
    WAS_ELSEWHERE,
    WHERE_ILL,
    Told,
    Verdict,
)
from apbot.reading.turned import HERE, UNSURE
from apbot.reading.whereabouts import (
    is_back_elsewhere,
    is_here_and_rides,
    is_seen_off,
    is_where_it_began,
)

_NOT_YET_IS_ABSENT_AFTER = 15
# Whoever slept in and is here by then came in time all the same.
_ON_TIME = 5
# Whoever is here and has a ride so many minutes on is to be fetched by it.
_A_WHILE = 60
_BEFORE_HOUR = (Kind.AND, Kind.BUT, Kind.POINT, *CHATTER)
_BESIDE_HOUR = (Kind.TODAY, Kind.MORNING, Kind.EMOJI, *CHATTER)
_BESIDE_MINUTES = frozenset(
    (
        *(*NAMED, *PRONOUNS, *CHATTER, Kind.REPORTS, Kind.FILL, Kind.TIME, Kind.AND, Kind.YET),
        *(Kind.NOW, Kind.TODAY, Kind.EMOJI, Kind.TOO, Kind.HEDGE, Kind.BOTH),
    )
)
_TAKEN = "taken away from here"
_MISSING = {"absent", "missing"}
_CLASH = Verdict(UNSURE, "two marks that do not go together")
_LATE_WHERE = Verdict(UNSURE, LATE_WHERE)
_STILL_LOST = Verdict("unaccounted", "still not found")
_MISSED = Verdict("unaccounted", "was here, and is missing")


def weigh(told: Told) -> Verdict:
    """Return what is made of the pupil."""
    if _was_due(told) or _was_there(told):
        return Verdict(NOTHING)
    if _is_due_at_own_start(told):
        return Verdict(NOTHING, OWN_START)
    before = told.words & told.beside.was or told.words & told.beside.has_been
    if told.statement.continues and before and told.said == {"in_somewhere"}:
        return Verdict(UNSURE, WAS_ELSEWHERE)
    if told.said & {UNSURE, "in_somewhere"} and "unaccounted" not in told.said:
        # "gone off in a huff" is gone off, whatever a huff is.
        return Verdict(UNSURE, "a word beside the mark could change it")
    if is_fetched(told):
        fetched = Verdict("left", "fetched", told.reason, None if told.ahead else told.at)
        return fetched if told.was_here else Verdict(UNSURE, "fetched, but not said from where")
    if is_back_elsewhere(told):
        return Verdict(UNSURE, BACK_ELSEWHERE)
    if told.ahead and any(each in told.statement.typed for each in told.beside.has_to_be_off):
        return Verdict(LEAVING, "going later, not yet gone")
    if _is_going_at(told) or _is_off_to_it_then(told) or _goes_to_it_later(told):
        return Verdict(LEAVING, "going later, not yet gone")
    if told.was_here and told.said == {"awaited"} and _is_at_our_gate(told):
        return Verdict(UNSURE, "was here, and is said to be just outside")
    if told.was_here and _somebody_comes(told):
        return Verdict(LEAVING, "somebody is coming for them")
    if _wants_a_ride(told) or _rides_later(told):
        return Verdict(LEAVING, "a ride is wanted")
    # "stormed off after a row, not in the yard or the barn": the "not" makes nobody less lost.
    if told.statement.has_open_not and "unaccounted" not in told.said:
        if not told.said and told.ahead and told.is_led_by(told.beside.until_a_time):
            return told.expected(told.at, "not until a time to come")
        return Verdict(UNSURE, 'a "not" whose word is missing')
    if not told.said and told.ahead and told.reason is None and _is_not_due_until(told):
        return told.expected(told.at, "not until a time to come")
    if _is_still_awaited(told):
        if told.at is None:
            return Verdict(NOTHING, "still expected, as was said", told.reason)
        return told.expected(told.at, "still expected, and when")
    for rule in (going, lost, _came_at_last, _coming, _here, _late, _not_here):
        made = rule(told)
        if made is not None:
            return made
    return _will_be(told) or _at_an_hour(told) or _only_time(told) or _only_reason(told)


def _is_at_our_gate(told: Told) -> bool:
    """ "having a wobble IN THE CAR PARK", of one who is here: no longer on any way."""
    marks = [mark for mark in told.statement.marks if mark.value == "awaited"]
    there = told.beside.bare_in | told.beside.bare_at
    return not told.statement.continues and all(first_is(mark.typed, there) for mark in marks)


def _somebody_comes(told: Told) -> bool:
    """ "got a headache, DAD'S COMING at 11", of one who is here: to go then."""
    items = told.statement.items
    for mark in told.statement.marks:
        before = reversed(items[: max(mark.place, 0)])
        led = beyond(before, (Kind.FILL,), ("'s",))
        if mark.value == "awaited" and led is not None and led.kind is Kind.RELATION:
            return told.said == {"awaited"}
    return False


def _is_due_at_own_start(told: Told) -> bool:
    """ "he's not due till eleven", of one whose session starts at eleven: no news."""
    if told.pupil is None or told.pupil.start is None or told.reason is not None:
        return False
    due = told.at == told.start and told.ahead and told.held is None
    return due and _is_not_due_until(told) and told.said <= {"not_yet", "absent"}


def _is_not_due_until(told: Told) -> bool:
    """ "Connor not due til half 9", "not due while half 9"."""
    items = [item for item in told.statement.items if item.kind is not Kind.FILL]
    untils = (item.value.split() for item in items if item.kind is Kind.UNTIL)
    due = (
        last.kind is Kind.UNTIL and led.kind is Kind.NOT and item.typed in told.beside.due
        for led, item, last in zip(items, items[1:], items[2:], strict=False)
    )
    return any(not told.beside.bare_not.isdisjoint(words) for words in untils) or any(due)


def _is_still_awaited(told: Told) -> bool:
    """ "reece isn't back from the dentist yet", whom we know to be there and to come: no news."""
    if told.held is not Mark.AWAITED or told.reason not in LEAVE:
        return False
    if told.at is not None and (told.said or not told.ahead):
        return False
    if told.denies_will or told.said & {"left", "gone", "unaccounted", "absent", *HERE} - {"back"}:
        return False
    there = any(first_is(typed, told.beside.bare_at) for _, typed, _ in told.statement.reasons)
    if told.at is not None and there and not told.is_led_by(told.beside.bare_at):
        # "like I said she's AT THE DENTIST, 11 o'clock".
        return True
    return told.statement.is_yet or bool(told.words & told.beside.still)


def _wants_a_ride(told: Told) -> bool:
    """ "Nura needs her taxi at 2 not 3": for the office, and no reason for not being here."""
    if told.said or told.reason is not Reason.TRANSPORT:
        return False
    wants = beyond(told.statement.from_who[1:], (Kind.FILL,))
    return wants is not None and wants.value in told.beside.wants_a_ride


def _rides_later(told: Told) -> bool:
    """ "Chloe is to go on the 3 o'clock taxi", "his taxi's coming at 2 not 3": to leave us."""
    if told.reason is not Reason.TRANSPORT or told.at is None or not told.ahead:
        return False
    if told.said - {"awaited", "present"} or told.held not in (None, *HERE_MARKS):
        return False
    later = told.at >= told.context.now + _A_WHILE
    if not told.said and holds_phrase(told.statement.from_who, told.beside.rides_on):
        return told.was_here or later
    if not told.said and told.is_after_the_morning and _is_named_by_its_hour(told):
        return True
    if told.was_here and _wants_their_ride(told):
        return True
    if told.was_here and later:
        return not told.said or _is_of_their_ride(told)
    return told.is_after_the_morning and _is_of_their_ride(told)


def _is_named_by_its_hour(told: Told) -> bool:
    """ "3 o'clock taxi for Chloe": which taxi, and not when she is to be here."""
    return any(
        led.kind is Kind.TIME and item.typed in told.beside.conveyances
        for led, item in pairwise(told.statement.items)
    )


def _is_of_their_ride(told: Told) -> bool:
    """ "Femi's taxi needs to be here at 2": the taxi, and Femi is here."""
    for at, item in enumerate(told.statement.items):
        if item.typed in told.beside.conveyances:
            past = (Kind.FILL, Kind.ORDINARY)
            following = beyond(told.statement.items[at + 1 :], past)
            return following is not None and following.kind is Kind.MARK
    return False


def _wants_their_ride(told: Told) -> bool:
    """ "Femi's taxi NEEDS to be here at ten to three": wanted, and not told."""
    ride = [item.typed in told.beside.conveyances for item in told.statement.items]
    behind = told.statement.items[ride.index(True) + 1 :] if any(ride) else []
    wants = beyond(behind, (Kind.FILL,))
    return wants is not None and wants.value in told.beside.wants_a_ride


def _is_going_at(told: Told) -> bool:
    """ "Femi is going at half 2 today, his nan is getting him": later, and not gone."""
    why = told.reason not in (None, Reason.OTHER, Reason.FAMILY, Reason.MEDICAL_APPOINTMENT)
    if told.said or not told.ahead or why:
        return False
    items = told.statement.from_who
    for at, item in enumerate(items[1:], 1):
        following = beyond(items[at + 1 :], (Kind.FILL,))
        led = items[at - 1].kind in (Kind.FILL, *NAMED, *PRONOUNS)
        timed = following is not None and following.kind is Kind.TIME
        if item.typed in told.beside.goes_at and led and timed:
            return True
    return False


def _is_off_to_it_then(told: Told) -> bool:
    """ "all here, Femi's OFF TO CAMHS AT 2": then, and is here till then."""
    if told.statement.is_except or not told.ahead or told.is_counted:
        return False
    if not told.said <= {"absent", "not_yet"} or told.statement.is_until:
        return False
    at_then = told.is_led_by(told.beside.bare_at)
    return at_then and any(
        item.kind is Kind.MARK
        and item.typed in told.beside.bare_off
        and to.typed in told.beside.bare_to
        for item, to in pairwise(told.statement.items)
    )


def _goes_to_it_later(told: Told) -> bool:
    """ "OFF TO THE DENTIST AT 11, won't be back", of one who is here: goes then."""
    items = told.statement.items
    for at, item in enumerate(items if told.was_here else ()):
        off = item.kind is Kind.REASON and item.typed.split()[0] in told.beside.bare_off
        hour = beyond(items[at + 1 : at + 3], (Kind.FILL,)) if off else None
        if hour is not None and hour.when is not None and told.is_to_come(hour.when):
            return True
    return False


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


# coming


def _is_to_be(told: Told) -> bool:
    """ "yusuf be in at quarter past": he will be, where "four be here" without an hour are."""
    return bool(words_in(told.statement.from_who[1:2]) & told.beside.bare_be)


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
    if said == {"present"} and told.statement.times and _is_to_be(told):
        return told.expected(at if ahead else None, "to be here by then")
    if (
        "arrived" in said
        and not ahead
        and not (is_future(told) or told.words & told.beside.shortly)
    ):
        return None
    if "awaited" in said and _is_of_ride(told):
        return None
    if "awaited" in said and not (ahead or told.is_counted) and is_seen_off(told):
        return _STILL_LOST
    if said in ({"awaited"}, {"awaited", "present"}) and is_here_and_rides(told):
        return Verdict(UNSURE, "marked as here, and a ride is spoken of")
    if "awaited" in said and told.reason is Reason.REFUSING and told.words & told.beside.with_leave:
        # "refusing, sat in the car crying, mum's taking her home".
        return Verdict("absent", "would not come in, and was taken home", told.reason)
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


def _is_here_already(told: Told) -> bool:
    """ "all in, on the climbing wall later": here now, whatever comes later."""
    marks, pauses = told.statement.marks, told.statement.pauses
    first = marks[0] if marks else None
    if len(marks) < 2 or first is None or first.negated or first.value != "present":
        return False
    return any(first.place < at <= marks[-1].place for at in pauses)


def _around_mark(told: Told) -> list[Item]:
    """What stands between the pauses around the last mark."""
    statement = told.statement
    mark = max((each.place for each in statement.marks), default=0)
    start = max((at for at in statement.pauses if at <= mark), default=0)
    end = min((at for at in statement.pauses if at > mark), default=len(statement.items))
    return statement.items[start:end]


def _coming_back(told: Told) -> Verdict | None:
    """ "here at 11", "back this afternoon", "in later": here, but not yet."""
    at = told.at
    if {"arrived", "late"} <= told.said and told.is_counted and at is not None:
        # "just come in, only 2 mins late", at one minute past.
        return Verdict(
            "late", "came late, by so many minutes", told.reason, min(at, told.context.now)
        )
    if _is_kept_first(told):
        return told.expected(at if told.ahead else None, "said to be coming")
    due = at is not None and told.is_led_by(told.beside.by_then) and at >= told.context.now
    if told.ahead and _is_of_ours(told):
        return Verdict(UNSURE, "the time is of what we do, not of when they come")
    came = "arrived" in told.said and not told.words & told.beside.will
    if came and told.ahead and told.is_after_the_morning:
        # "Jo came in at five", in the morning.
        return Verdict(UNSURE, "came at an hour that is still to come")
    if told.ahead or due:
        return (
            None
            if told.is_led_by(told.beside.until_a_time)
            else told.expected(at, "here at a time to come")
        )
    until_pm = told.statement.is_until and "pm" in told.statement.days
    if "back" in told.said and (until_pm or told.is_of_afternoon):
        return Verdict("absent", "expected only after this session", told.reason)
    if is_future(told):
        if told.held is Mark.UNACCOUNTED and at is None:
            # "he'll be back": hoped for one who is looked for.
            return _STILL_LOST
        return told.expected(at, "said to be coming")._replace(foretold=at is None)
    soon = words_in(i for i in _around_mark(told) if not is_phrase_of_chat(i)) & told.beside.soon
    if soon and not _is_here_already(told):
        return told.expected(None, "said to be coming")
    return None


def _is_kept_first(told: Told) -> bool:
    """ "at the dentist till 10, then in": something keeps them, and then they come."""
    if "arrived" in told.said or told.words & told.beside.was:
        return False
    kept = told.reason is not None or told.statement.is_until
    first = next((mark.place for mark in told.statement.marks if mark.place >= 0), 0)
    # "right then, Jo is here with a haircut": a greeting before her name comes first of nothing.
    who = max(told.statement.ref_place, 0)
    led = told.statement.items[who if who < first else 0 : first]
    return kept and bool(typed_in(led) & told.beside.next_thing)


def _ends_absence(told: Told) -> bool:
    back = any(mark.value == "back" for mark in told.statement.marks)
    due = told.is_led_by(told.beside.until_a_time) or told.is_led_by(told.beside.ends_at)
    return back or told.statement.is_until or due


def _is_count_away(told: Told) -> bool:
    if not (told.is_counted and told.ahead) or told.statement.is_until:
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
    if is_where_it_began(told):
        return Verdict(UNSURE, WHERE_ILL, told.reason)
    if here == {"in_place"} and told.words & told.beside.with_leave:
        # "was sick in the barn so ... home".
        return Verdict(UNSURE, "in a room here, and something else is told")
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


def _is_just_come(told: Told) -> bool:
    """ "Tommo's JUST rolled in"."""
    items = told.statement.items
    came = [m.place for m in told.statement.marks if m.value == "arrived" and not m.negated]
    led = [item for place in came if place > 0 for item in items[place - 1 : place]]
    return any(item.kind in (Kind.ONLY, Kind.JUST) for item in led)


def _arrival(told: Told) -> Verdict:
    """Present or late, by what the register holds and whether it is said to be fresh."""
    beside, held, reason = told.beside, told.held, told.reason
    texts = [mark.typed for mark in told.statement.marks if not mark.negated]
    came = "arrived" in told.said
    if held is not Mark.ABSENT and any(p in told.statement.typed for p in beside.punctual):
        return Verdict("present", "came on time")
    words = {word for text in texts for word in text.split()}
    fresh = told.statement.is_now or any(part in text for part in beside.fresh for text in texts)
    fresh = fresh or _is_just_come(told)
    here = Verdict("present", "said to be here", now=fresh)
    if held is Mark.UNACCOUNTED:
        return Verdict("present", "back where they should be", now=fresh)
    if "late" in told.said or any("late" in text for text in texts):
        return Verdict("late", "here, having come late", reason)
    if held is Mark.LEFT:
        return Verdict("present", "back again", now=fresh)
    if told.context.now <= told.start:
        return here
    # "femi has arrived, sorry": she came, and no mark was wrong.
    just_came = fresh or (came and held in (Mark.ABSENT, Mark.AWAITED))
    if (told.statement.is_correction and not just_came) or words & beside.all_along:
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
    waited = held is None and told.context.now > told.start + _ON_TIME
    if (held is Mark.ABSENT or waited) and _is_why_late(told):
        return Verdict("late", "came late, and it is said why", reason)
    return here


def _is_why_late(told: Told) -> bool:
    """ "Femi in, missed the bus", "Femi's in - overslept": why somebody came late, not all."""
    if told.statement.is_except or told.statement.whom not in ("pupils", "number", "he", "she"):
        return False
    beside = told.beside
    why = {typed for _, typed, denied in told.statement.reasons if not denied}
    # "the MINIBUS broke down", "traffic was bad" is of the place; "the BUS is here" is no reason.
    rides = ({*typed.split()} for typed in why if told.reason is Reason.TRANSPORT)
    held_up = any(ride & beside.held_up and not ride & beside.our_ride for ride in rides)
    held_up = held_up or not why.isdisjoint(beside.sleeps_in)
    # "came in, had an appointment"; but not "has come on from his appointment".
    had = told.reason is Reason.MEDICAL_APPOINTMENT and bool(told.words & beside.before_now)
    return held_up or (had and "arrived" in told.said)


# late


def _was_late(told: Told) -> bool:
    """ "was late"; but not "late, his bus was cancelled"."""
    late = [
        mark
        for mark in told.statement.marks
        if mark.value == "late" or mark.typed in told.beside.short_for_late
    ]
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
        return told.expected(told.at, LATE_BY) if early else _LATE_WHERE
    if told.at is not None:
        return _came_at(told, told.at, "late, by a time that has passed")
    if was:
        return Verdict("late", "was late, so is here", told.reason)
    if told.is_early:
        return Verdict("awaited", LATE_EARLY, told.reason)
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
        no_sign = no_sign or (told.statement.negates_who and bool(told.words & told.beside.sees))
        if told.held in HERE_MARKS and reason is None and (no_sign or told.said == {"missing"}):
            # "kai missing", "no sign of kai", of one who was here.
            return _MISSED
        if told.was_here and is_taken_away(told):
            return Verdict("left", _TAKEN, reason, told.at)
        if told.was_here and told.at is not None and _is_off_at(told):
            if told.ahead:
                return Verdict(LEAVING, "going later, not yet gone")
            return Verdict("left", "said to have gone, with leave", reason, told.at)
        if told.was_here and told.statement.has_company and "absent" in told.said:
            # "aiden off now with dad".
            return Verdict("left", "went with somebody of the family", reason, told.at)
        no_more = any(phrase in told.statement.typed for phrase in told.beside.any_more)
        if told.was_here and no_more and reason not in (None, Reason.UNKNOWN):
            # "not here any more, headache".
            return Verdict("left", "was here, and is here no more", reason, told.at)
        bare = told.statement.negates_who and not told.statement.marks
        return Verdict("absent", NOT_HERE, reason, bare=bare)
    if "not_yet" not in told.said:
        return None
    typed = (mark.typed.split() for mark in told.statement.marks)
    waits = any(not told.beside.waits.isdisjoint(words) for words in typed)
    if waits and told.was_here and not told.statement.mark_first:
        return Verdict(UNSURE, "waits for something, and is marked as here")
    waiting = waits and told.statement.mark_first
    if reason is Reason.TRANSPORT and (waiting or told.statement.possessed == "transport"):
        # "waiting on Kai's taxi"
        return told.expected(None, "their ride is waited for")
    if reason not in (None, Reason.UNKNOWN):
        return Verdict("absent", "not here, with a reason", reason)
    if _is_still_lost(told):
        return _STILL_LOST
    if told.held in HERE_MARKS and told.words & told.beside.sees:
        # "kai, not seen him", of one who was here.
        return _MISSED
    if told.was_away:
        return Verdict("absent", "still not here, as in the morning", reason)
    if told.context.now >= told.start + _NOT_YET_IS_ABSENT_AFTER:
        return Verdict("absent", "not here yet, fifteen minutes or more after the start", reason)
    if told.held in HERE_MARKS and told.half_begins:
        # The tick was a mistake, and it does not stay while one waits.
        return Verdict("absent", "marked as here, and not here yet", reason)
    return Verdict(UNSURE, NOT_YET)


def _is_off_at(told: Told) -> bool:
    """ "off at 2 with his social worker": gone then, of one who was here till then."""
    off = all(
        mark.typed in told.beside.bare_off and not mark.negated for mark in told.statement.marks
    )
    return off and told.at is not None and told.at > told.start


def _is_still_lost(told: Told) -> bool:
    """ "still no sign of her": lost until somebody says where she is."""
    if told.held is not Mark.UNACCOUNTED:
        return False
    at_home = {mark.typed for mark in told.statement.marks} & told.beside.found_at_home
    told_where = told.words & told.beside.with_leave or "in_away" in told.said or at_home
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


def _at_an_hour(told: Told) -> Verdict | None:
    """ "all in, Kai AT QUARTER TO TEN as usual": still to come, and not one of all."""
    bare = not (told.said or told.was_here) and told.ahead and told.reason is None
    items = [item for item in told.statement.from_who[1:] if item.kind not in _BESIDE_HOUR]
    at_an_hour = [item.kind for item in items] == [Kind.FILL, Kind.TIME]
    # "police came looking for Femi at 10", "we restrained Kai at 9.50" are of others' doings.
    led_by = [item for item in told.statement.before_who if item.kind not in _BEFORE_HOUR]
    bare = bare and not led_by
    if not bare or not at_an_hour or items[0].typed not in told.beside.bare_at:
        return None
    return told.expected(told.at, "an hour to come is told of them")


def _only_time(told: Told) -> Verdict | None:
    """ "Kyle says 20 mins", "he'll be ten minutes": so many minutes off, and coming."""
    statement = told.statement
    if told.said or told.reason is not None or not told.is_counted or told.was_here:
        return None
    plain = all(
        item.kind in _BESIDE_MINUTES or item.value in told.beside.around_minutes
        for item in statement.items
    )
    past = typed_in(without(statement.items, (Kind.REPORTS,))) & told.beside.minutes_past
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
    if is_taken_away(told):
        at = None if told.ahead else told.at
        return Verdict("left", _TAKEN, reason, at)
    later = reason is Reason.MEDICAL_APPOINTMENT or told.statement.continues
    if later and told.ahead:
        return Verdict(LEAVING, "an appointment later on")
    if reason is Reason.REFUSING and told.words & told.beside.refused_here:
        return Verdict(NOTHING)
    return Verdict("absent", "a reason for not being here", reason, weak=True, symptom=told.symptom)
