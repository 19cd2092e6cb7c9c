"""
Verdicts: what one statement makes of one pupil, by the hour and by what is already known.

A verdict of "here" needs words for it and nothing beside them that could change them: a word that
nobody knows next to the mark, a doubt, a "not" without its verb turns it into "unsure". Verdicts
of "not here" are taken more easily, for they raise a question and not a false peace.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from apbot.domain.readings import Reply, RosterPupil
from apbot.domain.words import Half, Mark, Reason
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.statements import Said, Statement
from apbot.reading.tagging import ABSENT_CODES, PRESENT_CODES, REASON_CODES, Item
from apbot.reading.times import When, as_time, minutes_of

UNSURE, LEAVING, ELSEWHEN, NOTHING = "unsure", "leaving", "elsewhen", ""

# An AM session is over by then: somebody expected later is not coming this session.
_MORNING_ENDS = 12 * 60 + 30
_LATE_IS_AWAITED_FOR = 30
_NOT_YET_IS_ABSENT_AFTER = 15
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_BETWEEN = frozenset(
    (
        "'s", "got", "just", "all", "both", "now", "been", "also", "always", "luckily",
        "finally", "still", "in", "out", "on", "for", "and", "our", "of", "the", "as",
        "here", "out", "again", "plus", "thankfully", "yes", "yep", "so", "well",
        "come", "have", "has", "too", "each", "every", "on", "together", "at", "this",
        "morning", "early", "bright", "fully", "actually", "really", "already", "even",
        "more",
    )
)  # fmt: skip
_BETWEEN_KINDS = frozenset(
    (
        Kind.FILL, Kind.TODAY, Kind.GROUP, Kind.AND, Kind.NAME, Kind.NUMBER, Kind.RANGE,
        Kind.PAIR, Kind.EVERYONE, Kind.EVERYONE_IN, Kind.REST, Kind.BOTH, Kind.TOO, Kind.NOW,
        Kind.YET, Kind.ONLY, Kind.MORNING, Kind.AFTERNOON, Kind.CHAT, Kind.THANKS,
        Kind.EMOJI, Kind.CORRECTION, Kind.MARK, Kind.CODE, Kind.SPEAKER, Kind.HE, Kind.SHE,
        Kind.THEY, Kind.REPORTS, Kind.TIME, Kind.NOT, Kind.BUT, Kind.REASON, Kind.ON_THE_WAY,
        Kind.YES, Kind.DATE, Kind.SUBGROUP, Kind.UNTIL, Kind.LUNCH, Kind.WEEKDAY, Kind.FROM,
        Kind.SAME, Kind.NOBODY, Kind.EXCEPT, Kind.IT, Kind.WITH,
    )
)  # fmt: skip
_RUNNING = frozenset(
    (
        "running", "will", "be", "coming", "gonna", "going", "ll", "wil",
    )
)  # fmt: skip
_CALLED_OFF = frozenset(
    (
        "cancelled", "canceled", "binned", "postponed", "rescheduled", "rearranged", "moved",
        "scrapped", "axed", "pulled",
    )
)  # fmt: skip
_SOON = frozenset(("later", "soon", "shortly"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What a statement makes of a pupil: a mark's word, or unsure, leaving, elsewhen, or nothing.

    `weak` is a mark that only follows from a reason. `rule` says in plain English why.
    """

    value: str
    rule: str = ""
    reason: Reason | None = None
    at: int | None = None
    weak: bool = False
    symptom: bool = False
    now: bool = False
    corrects: bool = False
    words: str = ""
    arrived: bool = False

    @property
    def mark(self) -> Mark | None:
        """The mark, where it is one."""
        return Mark(self.value) if self.value in tuple(Mark) else None


@dataclass(frozen=True, slots=True)
class Context:
    """What a verdict is made against: the reply, its lexicon, and what held before."""

    reply: Reply
    lexicon: Lexicon
    here_in_message: frozenset[int] = field(default_factory=frozenset)

    @property
    def now(self) -> int:
        """When the message was sent, in minutes past midnight."""
        return minutes_of(self.reply.sent_at)

    def start_of(self, pupil: RosterPupil | None) -> int:
        """When this pupil's session starts, in minutes past midnight."""
        own = pupil.start if pupil is not None else None
        return minutes_of(own or self.reply.start)

    def held(self, pupil: RosterPupil | None) -> Mark | None:
        """The mark that the register already holds."""
        return self.reply.marks.get(pupil.number) if pupil is not None else None


def bases(statement: Statement) -> set[str]:
    """Return what the mark words come to once a "not" has turned them round."""
    found: set[str] = set()
    for said in statement.marks:
        found.add(_base(said, statement))
    if statement.negates_who and not statement.marks and not statement.reasons:
        found.add("not_yet" if statement.is_yet else "absent")
    found.discard("")
    return found


def verdict(statement: Statement, pupil: RosterPupil | None, context: Context) -> Verdict:
    """Return what the statement makes of the pupil, or of everyone where `pupil` is None."""
    words = statement.words
    if statement.refs and statement.refs[0].what == "other":
        return Verdict(NOTHING, words=words)
    when = _elsewhen(statement, context)
    if when:
        return Verdict(ELSEWHEN, when, words=words)
    if not statement.says and not statement.negates_who and not statement.times:
        value = UNSURE if statement.is_hedged else NOTHING
        return Verdict(value, "it is only thought, not said", words=words)
    reason, symptom = reason_of(statement, context)
    said = bases(statement)
    if reason is not None and _item_words(statement) & _CALLED_OFF and not said - {"absent"}:
        return Verdict(NOTHING, "what would keep them away is called off", words=words)
    if (
        pupil is None
        and statement.refs
        and statement.refs[0].what in ("everyone", "rest")
        and any(m.negated and m.value in ("present", "arrived", "back") for m in statement.marks)
    ):
        return Verdict(UNSURE, "not all, or none of them: it does not say which", words=words)
    if statement.possessed and _is_of_possessed(statement, said):
        return Verdict(NOTHING, words=words)
    made = _weigh(statement, said, reason, symptom, pupil, context)
    if made.value in (NOTHING, UNSURE, LEAVING):
        return _with(made, words=words)
    if statement.is_hedged or any(
        m.hedged and _base(m, statement) != "awaited" for m in statement.marks
    ):
        return Verdict(UNSURE, "it is only thought, not said", reason=None, words=words)
    if _begins_by_asking(statement) and made.value in ("present", "late", "left"):
        return Verdict(UNSURE, "it is asked, not said", reason=None, words=words)
    if statement.is_question and (made.value in ("present", "late", "left") or _asks(statement)):
        return Verdict(UNSURE, "it is asked, not said", words=words)
    return _with(made, words=words, now=statement.is_now, corrects=statement.is_correction)


def _with(made: Verdict, *, words: str, now: bool = False, corrects: bool = False) -> Verdict:
    return Verdict(
        made.value,
        made.rule,
        made.reason,
        made.at,
        made.weak,
        made.symptom,
        now or made.now,
        corrects,
        words,
        made.arrived,
    )


def _base(said: Said, statement: Statement) -> str:
    if said.is_code:
        return _code_base(said.value)
    value, text = said.value, said.text.lower()
    if value == "yes":
        value = "present"
    if not said.negated and text.startswith("no sign") and statement.is_yet:
        return "not_yet"
    if not said.negated:
        return "missing" if value == "absent" and text == "missing" else value
    yet = statement.is_yet
    turned = {
        "present": "not_yet" if yet else "absent",
        "arrived": "not_yet" if yet else "absent",
        "absent": "present",
        "awaited": "absent",
        "late": UNSURE,
        "unaccounted": "present" if "accounted" in text else UNSURE,
        "left": UNSURE,
        "gone": UNSURE,
        "gone_to": UNSURE,
        "back": "not_back",
        "in_place": UNSURE,
        "in_away": UNSURE,
    }
    return turned.get(value, UNSURE)


def _code_base(code: str) -> str:
    if code in PRESENT_CODES:
        return "present"
    if code in ABSENT_CODES or code in REASON_CODES:
        return "absent"
    return "late" if code == "l" else UNSURE


def _elsewhen(statement: Statement, context: Context) -> str:
    """Return why this is not about now, or nothing."""
    if "today" in statement.days and not any(day == "future" for day in statement.days):
        return ""
    reply = context.reply
    for day in statement.days:
        if day == "past" and statement.is_except and statement.reasons and not statement.marks:
            # "except Megan, her grandad died last night": the reason is of then, she is off now.
            continue
        if day == "past":
            return "it is about a day that is over"
        if day == "future":
            return "" if "today" in statement.days else "it is about a day to come"
        if day.startswith("weekday") and _names_other_day(day.split(" ", 1)[1], reply.on):
            return "it is about another day"
        if day.startswith("date") and not _is_date(day.split(" ", 1)[1], reply.on):
            return "it is about another day"
        here = "am" if reply.half is Half.AM else "pm"
        if day == "am" and here == "pm" and _went_before(statement):
            continue
        if day in ("am", "pm") and day != here and not _is_end_of_absence(statement, day):
            return "it is about the other half of the day"
    return ""


def _went_before(statement: Statement) -> bool:
    """ "went home before lunch": said in the afternoon, it holds for the afternoon."""
    return bool(bases(statement) & {"left", "gone", "gone_to", "unaccounted"})


def _is_end_of_absence(statement: Statement, day: str) -> bool:
    return statement.is_until or (day == "pm" and any(m.value == "back" for m in statement.marks))


def _names_other_day(words: str, on: date) -> bool:
    today = _WEEKDAYS[on.weekday()]
    return not words.startswith(today)


def _is_date(words: str, on: date) -> bool:
    parts = [int(part) for part in words.replace(".", "/").split("/") if part.isdigit()]
    return len(parts) >= 2 and (parts[0], parts[1]) == (on.day, on.month)


def _is_of_possessed(statement: Statement, said: set[str]) -> bool:
    """Whether it is the pupil's mum, bus or bag of which this is said."""
    if statement.possessed == "transport":
        return False
    if statement.possessed == "thing":
        return True
    return not said & {"left", "awaited", "arrived", "gone", "gone_to"} or "present" in said


def _begins_by_asking(statement: Statement) -> bool:
    """ "is chloe in": a question by its order, though no "?" ends it."""
    before = statement.items[: max(statement.ref_place, 0)]
    while before and before[0].kind in (Kind.CHAT, Kind.THANKS, Kind.EMOJI, Kind.AND):
        before = before[1:]
    whom = ("pupils", "everyone", "rest", "they")
    named = bool(statement.refs) and statement.refs[0].what in whom
    words = [word for item in before for word in item.value.split()]
    if not named or statement.mark_first or not words:
        return False
    asked = len(before) == 1 and words[0] in _ASKED
    return asked or words[0] in _ASKED_TO or words[:2] == ["have", "you"]


# "is chloe in", "have they all come"; and what asks that somebody come ("can femi come in").
_ASKED = frozenset(("is", "are", "has", "have", "did", "does", "was", "were"))
_ASKED_TO = frozenset(("can", "could", "get", "please", "pls", "plz", "why", "until", "till"))


def _asks(statement: Statement) -> bool:
    for item in statement.items:
        if item.kind in (Kind.CHAT, Kind.EMOJI, Kind.POINT):
            continue
        return item.value in (
            "is",
            "are",
            "has",
            "have",
            "did",
            "does",
            "was",
            "were",
            "can",
            "should",
            "do",
            "why",
            "where",
            "when",
            "what",
            "who",
        )
    return False


def reason_of(statement: Statement, context: Context) -> tuple[Reason | None, bool]:
    """Return the reason said outright, and whether it is only a symptom."""
    for said in statement.marks:
        if said.is_code and said.value in REASON_CODES:
            return Reason(REASON_CODES[said.value]), False
    told = [(word, text) for word, text, hedged in statement.reasons if not hedged]
    if not told or statement.is_hedged:
        return None, False
    outright = [each for each in told if not _is_symptom(each[1], context.lexicon)]
    ranked = sorted(outright or told, key=lambda each: each[0] in ("other", "unknown"))
    return Reason(ranked[0][0]), not outright


def _is_symptom(text: str, lexicon: Lexicon) -> bool:
    node = lexicon.symptoms.root
    for word in text.replace("'", "").split():
        node = node.get(word, {})
    return "" in node


def _weigh(
    statement: Statement,
    said: set[str],
    reason: Reason | None,
    symptom: bool,
    pupil: RosterPupil | None,
    context: Context,
) -> Verdict:
    if UNSURE in said or "in_somewhere" in said:
        return Verdict(UNSURE, "a word beside the mark could change it")
    if statement.has_open_not:
        return Verdict(UNSURE, 'a "not" whose word is missing')
    for weigh in (_going, _lost, _coming, _here, _lateness, _not_here):
        made = weigh(statement, said, reason, pupil, context)
        if made is not None:
            if symptom and made.weak:
                return Verdict(made.value, made.rule, made.reason, made.at, True, True)
            return made
    return _only_reason(statement, reason, symptom, context)


def _settled(statement: Statement, context: Context, start: int) -> tuple[int | None, bool]:
    """Return the time said, in minutes past midnight, and whether it is still to come."""
    for when in statement.times:
        at = _moment(when, statement, context, start)
        if at is not None:
            return at, at > context.now
    return None, False


def _moment(when: When, statement: Statement, context: Context, start: int) -> int | None:
    if when.count is not None:
        late = (
            any(m.value == "late" or "late" in m.text.lower() for m in statement.marks)
            or when.led_by == "late"
        )
        from_now = when.led_by in ("in", "another") or "away" in statement.words.lower().split()
        ago = "ago" in statement.words.lower().split()
        if ago:
            return context.now - when.count
        return (start if late and not from_now else context.now) + when.count
    return when.settled(context.reply.sent_at)


def _leads(statement: Statement, *words: str) -> bool:
    return any(when.led_by in words for when in statement.times)


def _item_words(statement: Statement) -> set[str]:
    return {word for item in statement.items for word in item.text.lower().split()}


def _is_future(statement: Statement) -> bool:
    values = {item.value for item in statement.items if item.kind in (Kind.FILL, Kind.ORDINARY)}
    return bool(values & {"will", "would", "shall", "ll"})


def _is_after_session(at: int, context: Context) -> bool:
    return context.reply.half is Half.AM and at >= _MORNING_ENDS


def _expected(at: int | None, reason: Reason | None, rule: str, context: Context) -> Verdict:
    if at is not None and _is_after_session(at, context):
        return Verdict("absent", "expected only after this session", reason)
    return Verdict("awaited", rule, reason, at)


def _going(
    statement: Statement,
    said: set[str],
    reason: Reason | None,
    pupil: RosterPupil | None,
    context: Context,
) -> Verdict | None:
    """Gone home, collected, at an appointment since: left; or only going to."""
    if not said & {"left", "gone", "gone_to"} or "unaccounted" in said:
        return None
    start = context.start_of(pupil)
    at, ahead = _settled(statement, context, start)
    went = at is not None and not ahead and at > start and bool(said & {"gone", "gone_to"})
    if "not_back" in said and "left" not in said and not went:
        return None
    words = _item_words(statement)
    if "back" in said and ahead:
        return _expected(at, reason, "back at a time to come", context)
    soon = bool(
        words
        & {
            "leaving",
            "leaves",
            "being",
            "be",
            "getting",
            "needs",
            "going",
            "finishing",
            "picking",
            "collecting",
            "popping",
            "shooting",
        }
    )
    soon = soon and not ("left" in said and words & {"been", "was", "has", "just"} and not ahead)
    if (
        "gone" in said
        and ahead
        and any(m.text.lower() in ("left", "went", "gone", "departed") for m in statement.marks)
    ):
        return Verdict(UNSURE, "gone, but not said whether with leave")
    if ahead or (soon and "gone_to" not in said) or _is_future(statement):
        return Verdict(LEAVING, "going later, not yet gone")
    if "gone_to" in said and not {"left", "gone"} & said:
        return _gone_to(statement, reason, pupil, context, at)
    if "left" in said and reason is Reason.REFUSING and _never_came_in(statement, pupil, context):
        return Verdict("absent", "would not come in, and was taken home", reason)
    if "left" in said:
        return Verdict("left", "said to have gone, with leave", reason, at)
    away = (Reason.HOLIDAY, Reason.SUSPENDED, Reason.RELIGIOUS, Reason.REFUSING, Reason.TRANSPORT)
    if reason in away:
        return Verdict("absent", "not here, with a reason", reason)
    seen = context.held(pupil) in (Mark.PRESENT, Mark.LATE)
    if statement.is_except and reason is Reason.MEDICAL_APPOINTMENT and at is None and not seen:
        return Verdict("absent", "left out, being at an appointment", reason)
    leave = any(item.kind is Kind.RELATION for item in statement.items) or words & {
        "home",
        "permission",
        "agreed",
    }
    if reason in (Reason.ILLNESS, Reason.MEDICAL_APPOINTMENT, Reason.FAMILY, Reason.OTHER) or leave:
        return Verdict("left", "said to have gone, with leave", reason, at)
    return Verdict(UNSURE, "gone, but not said whether with leave")


def _never_came_in(statement: Statement, pupil: RosterPupil | None, context: Context) -> bool:
    """ "refused to get out of the car so mum took her home": was never here."""
    words = _item_words(statement)
    was_here = context.held(pupil) in (Mark.PRESENT, Mark.LATE)
    return not was_here and bool(words & {"car", "taxi", "bus", "minibus", "van", "gate", "door"})


def _gone_to(
    statement: Statement,
    reason: Reason | None,
    pupil: RosterPupil | None,
    context: Context,
    at: int | None,
) -> Verdict | None:
    if reason is None:
        value = NOTHING if statement.continues else UNSURE
        return Verdict(value, "gone, but not said whether with leave")
    was_here = context.held(pupil) in (Mark.PRESENT, Mark.LATE)
    was_here = was_here or (pupil is not None and pupil.number in context.here_in_message)
    was_here = was_here and not (statement.is_except and context.held(pupil) is None)
    if was_here or (at is not None and at > context.start_of(pupil)):
        return Verdict("left", "was here and has gone to it", reason, at)
    return Verdict("absent", "not here, with a reason", reason)


def _lost(
    statement: Statement,
    said: set[str],
    reason: Reason | None,
    pupil: RosterPupil | None,
    context: Context,
) -> Verdict | None:
    """Walked off, not back from lunch."""
    if "unaccounted" in said and reason in (Reason.ILLNESS, Reason.MEDICAL_APPOINTMENT):
        return Verdict("left", "went, being ill", reason)
    if "unaccounted" in said:
        at, ahead = _settled(statement, context, context.start_of(pupil))
        return Verdict("unaccounted", "not where they should be", reason, None if ahead else at)
    if "not_back" not in said:
        return None
    if reason is not None and reason is not Reason.UNKNOWN:
        return Verdict("absent", "not back, with a reason", reason)
    if "awaited" in said:
        return None
    reply = context.reply
    if pupil is None:
        return Verdict("unaccounted", "not back")
    held = context.held(pupil)
    if reply.half is Half.PM:
        was = reply.am_marks.get(pupil.number)
        here = was in (Mark.PRESENT, Mark.LATE, None) or held in (Mark.PRESENT, Mark.LATE)
    else:
        here = statement.lunch or held in (Mark.PRESENT, Mark.LATE)
    if here or said & {"gone", "gone_to"}:
        return Verdict("unaccounted", "was here and is not back", reason)
    return Verdict("absent", "not back, and was not here before", reason)


def _coming(
    statement: Statement,
    said: set[str],
    reason: Reason | None,
    pupil: RosterPupil | None,
    context: Context,
) -> Verdict | None:
    """On the way, back at 11, here in ten minutes."""
    start = context.start_of(pupil)
    at, ahead = _settled(statement, context, start)
    if "arrived" in said and not ahead:
        return None
    if "awaited" in said:
        if "pm" in statement.days and context.reply.half is Half.AM:
            return Verdict("absent", "expected only after this session", reason)
        return _expected(
            at if ahead else _past(at, statement), reason, "said to be coming", context
        )
    here = said & {"present", "arrived", "back"}
    if here and (ahead or (_leads(statement, "by") and at is not None and at >= context.now)):
        if _leads(statement, "till", "until", "til"):
            return None
        return _expected(at, reason, "here at a time to come", context)
    if "back" in said and statement.is_until and any(d == "pm" for d in statement.days):
        return Verdict("absent", "expected only after this session", reason)
    if "back" in said and "pm" in statement.days and context.reply.half is Half.AM:
        return Verdict("absent", "expected only after this session", reason)
    if here and _is_future(statement):
        return _expected(at, reason, "said to be coming", context)
    if here and _item_words(statement) & _SOON:
        return _expected(None, reason, "said to be coming", context)
    away = said & {"absent", "missing", "not_yet"} or (not said and reason is not None)
    if away and ahead and at is not None and _ends_absence(statement):
        return _expected(at, reason, "not here, but expected", context)
    if away and _is_count_away(statement):
        return _expected(at, reason, "on the way, so many minutes off", context)
    return None


def _past(at: int | None, statement: Statement) -> int | None:
    """A time that has passed is no time to expect anybody at, unless counted from the start."""
    counted = any(when.count is not None for when in statement.times)
    return at if counted else None


def _ends_absence(statement: Statement) -> bool:
    back = any(m.value == "back" for m in statement.marks)
    due = _leads(statement, "till", "until", "til", "by", "in", "for", "after", "another")
    return back or statement.is_until or due


def _is_count_away(statement: Statement) -> bool:
    away = any(m.text.lower() in ("away", "off", "out") for m in statement.marks)
    return (
        away and any(when.count is not None for when in statement.times) and not statement.is_until
    )


def _here(
    statement: Statement,
    said: set[str],
    reason: Reason | None,
    pupil: RosterPupil | None,
    context: Context,
) -> Verdict | None:
    here = said & {"present", "arrived", "back", "in_place"}
    if not here:
        return None
    if said & {"absent", "missing", "not_yet", "in_away"} and not statement.is_correction:
        return Verdict(UNSURE, "two marks that do not go together")
    if said & {"absent", "missing"} and statement.is_correction:
        return Verdict(UNSURE, "two marks that do not go together")
    if reason is Reason.REFUSING:
        return Verdict(UNSURE, "came, but refused")
    doubt = _doubt(statement, context)
    if doubt:
        return Verdict(UNSURE, doubt)
    if here == {"in_place"}:
        return Verdict("present", "said to be in a room of the provision")
    return _arrival(statement, said, reason, pupil, context)


def _arrival(
    statement: Statement,
    said: set[str],
    reason: Reason | None,
    pupil: RosterPupil | None,
    context: Context,
) -> Verdict:
    start = context.start_of(pupil)
    at, ahead = _settled(statement, context, start)
    held = context.held(pupil)
    texts = [m.text.lower() for m in statement.marks if not m.negated]
    came = "arrived" in said
    if (
        at is not None
        and not ahead
        and (came or "late" in said or "present" in said)
        and not statement.lunch
    ):
        if at <= start:
            return Verdict("present", "here by the start", None, at, arrived=True)
        return Verdict("late", "came after the start", reason, at, arrived=True)
    started = context.now >= start
    fresh = statement.is_now or any("just" in t or "now" in t or "last" in t for t in texts)
    if held is Mark.UNACCOUNTED:
        return Verdict("present", "back where they should be", now=fresh)
    if "late" in said or any("late" in text for text in texts):
        return Verdict("late", "here, having come late", reason, arrived=True)
    if held is Mark.LEFT:
        return Verdict("present", "back again", now=fresh)
    if not started:
        return Verdict("present", "said to be here", now=fresh)
    put_right = statement.is_correction and not (came and fresh)
    if put_right or any(word in ("along",) for text in texts for word in text.split()):
        return Verdict("present", "put right", now=fresh)
    if held is Mark.AWAITED or (held is Mark.ABSENT and (fresh or came or "back" in said)):
        return Verdict(
            "late", "was awaited or absent, and is here now", reason, now=True, arrived=True
        )
    if came and fresh and pupil is not None:
        return Verdict("late", "only just came", reason, now=True, arrived=True)
    return Verdict("present", "said to be here", now=fresh)


def _lateness(
    statement: Statement,
    said: set[str],
    reason: Reason | None,
    pupil: RosterPupil | None,
    context: Context,
) -> Verdict | None:
    if "late" not in said:
        return None
    start = context.start_of(pupil)
    at, ahead = _settled(statement, context, start)
    words = _item_words(statement)
    coming = bool(words & _RUNNING) or "not_yet" in said or "absent" in said
    if at is not None and ahead:
        return _expected(at, reason, "late, by a time to come", context)
    counted = any(when.count is not None for when in statement.times)
    if counted and at is not None and not coming and not words & {"was", "were"}:
        # "10 late" when ten minutes have passed does not say that anybody came.
        if context.now <= start + _LATE_IS_AWAITED_FOR:
            return _expected(at, reason, "late by so many minutes", context)
        return Verdict(UNSURE, "late, but not said whether here yet")
    if at is not None and not coming:
        if at <= start:
            return Verdict("present", "here by the start", None, at, arrived=True)
        return Verdict("late", "late, by a time that has passed", reason, at, arrived=True)
    if words & {"was", "were"} and not coming:
        return Verdict("late", "was late, so is here", reason, arrived=True)
    if coming:
        return _expected(at, reason, "late and still to come", context)
    if context.now <= start + _LATE_IS_AWAITED_FOR:
        return Verdict("awaited", "late, up to thirty minutes after the start", reason)
    return Verdict(UNSURE, "late, but not said whether here yet")


def _not_here(
    statement: Statement,
    said: set[str],
    reason: Reason | None,
    pupil: RosterPupil | None,
    context: Context,
) -> Verdict | None:
    if said & {"absent", "missing", "in_away"}:
        words = {i.text.lower() for i in statement.items if i.kind is Kind.CORRECTION}
        if words & {"by mistake", "in error", "wrongly", "by accident"}:
            return Verdict("present", "marked absent by mistake")
        return Verdict("absent", "said not to be here", reason)
    if "not_yet" not in said:
        return None
    if reason not in (None, Reason.UNKNOWN):
        return Verdict("absent", "not here, with a reason", reason)
    if context.now >= context.start_of(pupil) + _NOT_YET_IS_ABSENT_AFTER:
        return Verdict("absent", "not here yet, fifteen minutes or more after the start", reason)
    return Verdict(UNSURE, "not here yet, and it is early")


def _is_taken_away(statement: Statement) -> bool:
    """ "police came and arrested jonas": was here, and was taken from here."""
    words = _item_words(statement)
    came = bool(words & {"came", "come", "turned", "took", "taken"})
    return came and "police" in words and bool(words & {"arrested", "took", "taken", "nicked"})


def _only_reason(
    statement: Statement, reason: Reason | None, symptom: bool, context: Context
) -> Verdict:
    if reason is None or reason is Reason.UNKNOWN:
        return Verdict(NOTHING, reason=reason)
    if statement.possessed == "transport" or (reason is Reason.TRANSPORT and symptom):
        return Verdict(NOTHING, "", reason, weak=True)
    at, ahead = _settled(statement, context, context.start_of(None))
    if _is_taken_away(statement):
        return Verdict("left", "taken away by the police", reason, None if ahead else at)
    if reason is Reason.MEDICAL_APPOINTMENT and ahead and at is not None:
        return Verdict(LEAVING, "an appointment later on")
    words = _item_words(statement)
    if reason is Reason.REFUSING and words & {
        "work",
        "join",
        "take",
        "listen",
        "eat",
        "engage",
        "participate",
        "sit",
        "wear",
        "put",
        "cooperate",
        "speak",
        "talk",
    }:
        return Verdict(NOTHING)
    return Verdict("absent", "a reason for not being here", reason, weak=True, symptom=symptom)


def _doubt(statement: Statement, context: Context) -> str:
    """Return why a pupil said to be here may not be, or nothing."""
    if statement.is_doubtful:
        return "a condition stands beside it"
    if _is_of_another(statement):
        return "it may be said of somebody else"
    if _is_reported(statement):
        return "somebody else is said to have said it"
    if _is_only_past(statement, context):
        return "it is said of before, not of now"
    marks = [m for m in statement.marks if not m.is_code]
    items = statement.items
    place = max((m.place for m in marks), default=-1)
    first = min((m.place for m in marks if m.place >= 0), default=-1)
    between: Iterable[Item] = ()
    if not statement.mark_first and statement.ref_place >= 0 and first >= 0:
        between = items[statement.ref_place + 1 : first]
    for item in between:
        if item.kind not in _BETWEEN_KINDS and item.value not in _BETWEEN:
            return f"“{item.text}” stands between the name and the mark"
    if 0 <= place < len(items) - 1:
        following = items[place + 1]
        came = any(m.value in ("arrived", "back") for m in marks) or following.value.endswith("ing")
        if following.kind is Kind.UNKNOWN and not following.is_capital and not came:
            return f"“{following.text}” is not known"
    words = tuple(
        word
        for item in items
        if item.kind
        not in (
            Kind.CHAT,
            Kind.THANKS,
            Kind.NAME,
            Kind.MARK,
            Kind.ONLY,
            Kind.TODAY,
            Kind.NOT,
            Kind.YET,
            Kind.CORRECTION,
            Kind.SCRAP,
            Kind.EXCEPT,
            Kind.NOBODY,
            Kind.TIME,
        )
        for word in item.value.split()
    )
    for index in range(len(words)):
        hit = _longest_words(context.lexicon.doubts.root, words, index)
        if hit:
            return f"“{hit}” makes it doubtful"
    # As it was typed, for what is hidden within another phrase: "in the other building".
    typed = tuple(statement.words.lower().replace("'", "").split())
    for index in range(len(typed)):
        hit = _longest_words(context.lexicon.doubts.root, typed, index)
        past = hit.startswith(("was ", "were "))
        if " " in hit and not past and not _is_correcting(statement):
            return f"“{hit}” makes it doubtful"
    return ""


def _is_correcting(statement: Statement) -> bool:
    """ "put her as off by mistake, she's in": what was a mistake is the other mark."""
    return any(m.value == "absent" for m in statement.marks)


def _before_mark(statement: Statement) -> list[Item]:
    """What stands before the first word that says "here"."""
    first = min((m.place for m in statement.marks if m.place >= 0), default=0)
    return statement.items[:first]


# "the other femi", "brother of femi", "unlike femi": what is said is not of Femi.
_OTHER_THAN = frozenset(("other", "another", "different", "like", "unlike", "of"))


def _is_of_another(statement: Statement) -> bool:
    """ "the other femi is here", "staff all in", "femi's taxi is here": not of the one named."""
    if statement.mark_first or not statement.refs:
        return False
    what = statement.refs[0].what
    if statement.possessed == "transport" and what == "pupils":
        return True
    before = statement.items[: max(statement.ref_place, 0)][-1:]
    if not before:
        return False
    if what == "everyone":
        return before[0].kind is Kind.STAFF
    # "the other Jack" of two is one of them; of one it is somebody else.
    other = before[0].value == "other" and len(statement.refs[0].pupils) > 1
    return what == "pupils" and before[0].value in _OTHER_THAN and not other


def _is_reported(statement: Statement) -> bool:
    """ "mum says femi is in", "femi said he's here": not seen by whoever writes."""
    return any(item.kind is Kind.REPORTS for item in _before_mark(statement))


# "were on time", "was here all along": what is past of these holds still.
_IN_TIME = frozenset(("along", "time", "early"))


def _is_only_past(statement: Statement, context: Context) -> bool:
    """ "everyone was here": it may be that they are no more; with a time it is an arrival."""
    if statement.is_correction or statement.times or statement.is_now:
        return False
    if any(m.value != "present" or _IN_TIME & set(m.text.lower().split()) for m in statement.marks):
        return False
    held = set(context.reply.marks.values()) & {Mark.ABSENT, Mark.AWAITED, Mark.UNACCOUNTED}
    if held:
        return False
    before = _before_mark(statement)[max(statement.ref_place, 0) :]
    words = {word for item in before if item.kind is Kind.FILL for word in item.value.split()}
    return bool(words & {"was", "were", "had"})


def _longest_words(root: Mapping[str, object], words: tuple[str, ...], start: int) -> str:
    node: object = root
    for end in range(start, len(words)):
        node = node.get(words[end]) if isinstance(node, dict) else None
        if node is None:
            return ""
        if isinstance(node, dict) and "" in node:
            return " ".join(words[start : end + 1])
    return ""


def time_of(made: Verdict) -> time | None:
    """Return the verdict's time of day."""
    return as_time(made.at) if made.at is not None else None
