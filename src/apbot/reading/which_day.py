"""
Which day: of which day and half, and of which hour, something is said.

A word for another day goes to one statement, which then says nothing of this register; where it
only ends an absence ("off until Monday") the absence is of today.
"""

from itertools import takewhile

from apbot.reading.draft import Draft
from apbot.reading.items import CHATTER, GROUPS, SAYS, Item, words_in
from apbot.reading.lexicon import Kind
from apbot.reading.statements import WHOLE, Statement

_VALUES = {
    Kind.PAST_DAY: "past",
    Kind.FUTURE_DAY: "future",
    Kind.MORNING: "am",
    Kind.AFTERNOON: "pm",
    Kind.TODAY: "today",
}
DAYS = frozenset((*_VALUES, Kind.WEEKDAY, Kind.DATE))
_SOMETHING = (
    Kind.ORDINARY,
    Kind.UNKNOWN,
    Kind.SPEAKER,
    Kind.PLACE_HERE,
    Kind.STAFF,
    Kind.LUNCH,
    Kind.RELATION,
    Kind.IT,
    Kind.PLACE_AWAY,
    Kind.CHAT,
)
# Whoever is here, or coming already, needs no hour that stands behind something else.
_HAS_ITS_OWN = ("present", "awaited", "arrived")
_DONE = (*_SOMETHING, Kind.WITH)
_AHEAD = (Kind.FUTURE_DAY, Kind.WEEKDAY, Kind.DATE)
_ENDS_ABSENCE = (Kind.PAST_DAY, Kind.FUTURE_DAY, Kind.WEEKDAY, Kind.AFTERNOON)


def take_time(draft: Draft, item: Item) -> None:
    """Take a clock time or a count of minutes."""
    if item.when is None:
        return
    cur, last = draft.cur, draft.last
    said = cur or last or Statement()
    here = bool(said.marks) and said.marks[-1].value in _HAS_ITS_OWN and not said.marks[-1].negated
    here = here or (said.is_except and not said.says)
    if item.when.at is None and said.marks and said.marks[-1].value == "awaited":
        here = False
    whole = said.whom in WHOLE or (here and said.whom == "pupils")
    if whole and _is_of_something(draft, since_mark=cur is not None):
        draft.keep(item)
        return
    if cur is None and last is None and _leads_to_something(draft):
        # "lunch at 12, femi in"
        draft.keep(item)
        return
    if cur is None and last is not None and last.sentence == draft.sentence:
        cur = draft.go_on()
        cur.is_except = last.is_except
    if cur is None and _adds_time(draft):
        draft.out.statements[-1].times.append(item.when)
        return
    draft.bearer.times.append(item.when)
    draft.keep(item)


def _is_of_something(draft: Draft, *, since_mark: bool) -> bool:
    """ "All in. We close early, at 2", "all in, lunch at 12": the hour of what it says."""
    seen = False
    for item in reversed(draft.items[: draft.at]):
        if item.kind is Kind.REPORTS:
            # "on his way, mum says 9.50": his hour.
            return False
        if item.is_hard or (since_mark and (item.kind in SAYS or item.kind in GROUPS)):
            return seen and not since_mark
        if since_mark and seen and item.kind in (Kind.POINT, Kind.AND, Kind.BUT):
            return True
        # "he's 10 mins away", "cos he's 10 mins away": such words tell of nothing else.
        small = item.value == "'s" or item.value in draft.beside.gives_why
        something = item.kind in _SOMETHING and not small
        seen = seen or something or item.value in draft.beside.sessions
    return False


def _is_of_its_own(draft: Draft) -> bool:
    """Whether something else was told before the day, of which it is the day."""
    clause = takewhile(lambda each: each.kind is not Kind.POINT, reversed(draft.items[: draft.at]))
    ends = draft.next_kind() in (None, Kind.POINT, Kind.AND, Kind.BUT)
    told = list(clause)
    return ends and any(
        each.kind in _SOMETHING or each.value in draft.beside.sessions for each in told
    )


def _leads_to_something(draft: Draft) -> bool:
    """ "we finish at 2, femi in": the hour of what was told before anybody was named."""
    ends = draft.next_kind() in (None, Kind.POINT, Kind.AND, *CHATTER, Kind.TODAY)
    clause = reversed(draft.items[: draft.at])
    told = list(takewhile(lambda each: each.kind is not Kind.POINT, clause))
    plain = all(each.kind not in SAYS for each in told)
    return ends and plain and any(each.kind in _SOMETHING for each in told)


def _adds_time(draft: Draft) -> bool:
    """ "Femi late. 9:50": a time alone behind a mark without one."""
    before = draft.out.statements[-1] if draft.out.statements else None
    if before is None or not before.refs or not before.marks or before.times:
        return False
    alone = draft.before is not None and draft.before.kind in (Kind.POINT, Kind.FILL)
    return alone and before.sentence == draft.sentence - 1 and draft.next() is None


def is_only_when(draft: Draft, item: Item) -> bool:
    """ "police took Dion with them just now": when something else was done, and no coming."""
    cur = draft.cur
    if item.typed not in draft.beside.just_now or cur is None or not cur.refs:
        return False
    if words_in(cur.items) & draft.beside.brings:
        # "his mum dropped Femi off just now".
        return False
    done = (each.kind in _DONE and each.kind not in CHATTER for each in cur.items)
    return cur.is_object or any(done)


def take_until(draft: Draft, item: Item) -> None:
    """Take "until": what follows ends what was said."""
    draft.bearer.is_until = True
    draft.keep(item)


def take_lunch(draft: Draft, item: Item) -> None:
    """Take "from lunch"."""
    draft.bearer.lunch = True
    draft.keep(item)


def take_day(draft: Draft, item: Item) -> None:
    """Take "yesterday", "Monday", "this pm": the day of the statement on which it bears."""
    past = item.kind is Kind.PAST_DAY and _is_of_report(draft)
    if past or (item.kind in (Kind.PAST_DAY, Kind.WEEKDAY) and _is_of_reason(draft)):
        draft.keep(item)
        return
    value = _value(draft, item)
    if not value and item.kind is Kind.MORNING:
        # "everyone from this morning is back": whom, and not when.
        draft.keep(item)
    if not value:
        draft.void = item.kind in (Kind.PAST_DAY, Kind.WEEKDAY)
        return
    cur = draft.cur
    of_now = value in ("today", "until", "am", "pm")
    if cur is not None and cur.says and not of_now and _is_of_something(draft, since_mark=True):
        # "femi running late, got a new starter tomorrow"
        draft.keep(item)
        return
    heads = draft.next()
    begun = any(s.sentence == draft.sentence for s in draft.out.statements[-1:])
    if cur is None and not begun and not of_now and _is_of_its_own(draft):
        # "shut tomorrow, femi is in"
        draft.keep(item)
        return
    if cur is None and not begun and not of_now:
        draft.opened = value
    elif value in ("today", "am", "pm"):
        draft.opened = ""
    if cur is None and heads is not None and heads.value == ":" and value != "today":
        draft.heading = value
    breaks = cur is not None and cur.says and draft.gap in (",", "-", "(", ":")
    if breaks and value not in ("today", "until") and not _is_alone(draft):
        draft.close()
    elif (
        cur is not None
        and value != "until"
        and (item.kind in _AHEAD or _tells_of_then(draft) or {value, *cur.days} >= {"am", "pm"})
    ):
        _part_by_day(draft, cur)
    draft.bearer.days.append(value)
    draft.keep(item)


def _tells_of_then(draft: Draft) -> bool:
    """ "running late, was late yesterday too"."""
    clause = takewhile(
        lambda each: each.kind not in (Kind.POINT, Kind.AND), reversed(draft.behind(5))
    )
    told = list(clause)
    return bool(told) and not draft.beside.was.isdisjoint(told[-1].typed.split()[:1])


def _part_by_day(draft: Draft, cur: Statement) -> None:
    """ "off poorly and won't be in tomorrow": the first is of today, and stands."""
    said = [n for n, item in enumerate(cur.items) if item.kind in SAYS]
    last = max(said, default=-1)
    joints = [n for n, item in enumerate(cur.items[:last]) if item.kind is Kind.AND]
    at = max([*joints, *cur.pauses], default=0)
    if cur.mark_first or not any(n < at for n in said):
        return
    ahead = [mark for mark in cur.marks if mark.place >= at]
    items = cur.items[at:]
    whys = sum(item.kind in (Kind.REASON, Kind.ON_THE_WAY) for item in items)
    why = cur.reasons[len(cur.reasons) - whys :]
    del cur.reasons[len(cur.reasons) - whys :]
    cur.marks = [mark for mark in cur.marks if mark.place < at]
    del cur.items[at:]
    denied = draft.negated
    draft.close()
    made = draft.go_on()
    made.marks = [mark._replace(place=len(made.items) + mark.place - at) for mark in ahead]
    made.reasons.extend(why)
    made.items.extend(items)
    draft.negated = denied


def _is_of_reason(draft: Draft) -> bool:
    """ "not in, his nan died sunday night": when that was, and today he is not in."""
    cur = draft.cur
    before = next((each for each in reversed(draft.behind(3)) if each.kind is not Kind.FILL), None)
    if cur is None or before is None or draft.gap or not cur.marks or not cur.refs:
        return False
    if words_in(cur.items) & draft.beside.was:
        return False
    if before.kind is Kind.REASON:
        return before.value in ("family", "illness")
    # "not in, broke his arm at the weekend": behind a pause, and nothing more is said.
    last = max(mark.place for mark in cur.marks)
    apart = any(at > last >= 0 for at in cur.pauses)
    away = all(mark.negated or mark.value == "absent" for mark in cur.marks)
    return before.kind is Kind.ORDINARY and apart and away


def _is_of_report(draft: Draft) -> bool:
    """ "his mum rang last night, he's not coming in": when it was told, and not when it is so."""
    before = draft.before
    return before is not None and before.kind is Kind.REPORTS and not draft.gap


def _value(draft: Draft, item: Item) -> str:
    """Return what the day comes to, or nothing where it is only compared with."""
    kind = item.kind
    led = draft.before.kind if draft.before is not None else None
    near = draft.behind(2)
    if kind in _AHEAD and any(each.value == "back" for each in near if each.kind is Kind.MARK):
        # "back tomorrow": the end of an absence, and nothing of today.
        led = Kind.UNTIL
        if draft.cur is not None:
            _end_absence(draft.cur)
    if led is Kind.UNTIL and kind in _ENDS_ABSENCE:
        return "until"
    is_next = draft.before is not None and draft.before.value in draft.beside.next_one
    if kind is Kind.WEEKDAY and (led is Kind.FROM or is_next):
        return "future"
    if led is Kind.SINCE or (led is Kind.FROM and kind is Kind.PAST_DAY):
        return "until"
    compared = {each.value for each in near} & draft.beside.comparing
    if compared and kind in (Kind.PAST_DAY, Kind.MORNING):
        return ""
    if compared & draft.beside.comparing_days and kind is Kind.WEEKDAY:
        return ""
    if kind is Kind.DATE:
        return f"date {item.value}"
    return _VALUES.get(kind, f"weekday {item.value}")


def _end_absence(statement: Statement) -> None:
    statement.marks = [mark for mark in statement.marks if mark.value != "back"]
    statement.is_until = True


def _is_alone(draft: Draft) -> bool:
    return draft.next_kind() in (None, Kind.TOO, Kind.POINT)
