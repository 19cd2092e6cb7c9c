"""
Settling: the marks of pupils who were named, and what follows from naming only some.
"""

from collections.abc import Iterable

from apbot.domain.readings import RosterPupil
from apbot.domain.words import Half, Mark, Reason
from apbot.reading.doubts import CONDITION
from apbot.reading.gathered import Gathered, OfGroup
from apbot.reading.items import CHATTER, beyond
from apbot.reading.joining import ASKED, GONE, THOUGHT, WAS_TO_BE, joined, says_late
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.statements import Statement
from apbot.reading.told import (
    BACK_ELSEWHERE,
    HERE_MARKS,
    LATE_BY,
    LEAVING,
    NOT_HERE,
    NOT_YET,
    NOTHING,
    Verdict,
)
from apbot.reading.turned import HERE, UNSURE, bases

_NO_MORE_THAN_NAMED = frozenset(
    (
        *(Kind.NAME, Kind.AND, Kind.POINT, Kind.EMOJI, Kind.FILL, Kind.TODAY, Kind.NOW, Kind.ONLY),
        *(Kind.JUST, Kind.CORRECTION, Kind.HEDGE, Kind.YET, Kind.BUT, Kind.CODE, *CHATTER),
    )
)
_BEFORE_NOT = (Kind.NAME, Kind.AND, Kind.POINT, Kind.FILL, Kind.JUST)
# "chloe isn't, mum rang": behind these the "not" has no word of its own.
_ENDS_NOT = (
    *(Kind.POINT, Kind.RELATION, Kind.CORRECTION, Kind.HEDGE, Kind.EMOJI, Kind.HE, Kind.SHE),
    *(Kind.MORNING, Kind.AFTERNOON, Kind.TODAY),
)
_LOST = Mark.UNACCOUNTED
_TAKES_A_WHILE = (Reason.MEDICAL_APPOINTMENT, Reason.TRANSPORT)
# Minutes from the start in which whoever was marked as here may yet turn out to be on the way, or
# off: who sent the register looks at it again.
_COMES_SOON, _OFF_SOON = 45, 75
# "was Andrei".
_ENDS = 2
_GONE = "gone, but"
_AWAY_OR_NOT = "a reason to be away, but marked as here"
# What could not be read of somebody who may well not be here.
_OF_ABSENCE = (_GONE, "not here yet", "two marks", "late, but", "came, but")


def settle_named(gathered: Gathered) -> None:
    """Settle whoever something was said of, then whoever was left out."""
    out = gathered.out
    for number, verdicts in gathered.said.items():
        made = _never_here(gathered, number, joined(verdicts, gathered.context.lexicon.beside))
        made = _here_by_now(gathered, number, made)
        if number not in gathered.excepted and _is_by_the_way(gathered, number, made):
            gathered.mentioned.add(number)
            gathered.understood.add(number)
        else:
            out.named.add(number)
            _settle_one(gathered, number, made)
    for number, statement in gathered.excepted.items():
        out.named.add(number)
        unsure = out.unsure.get(number, "")
        gone = unsure.startswith(_GONE) or _is_due_or_usual(gathered, number, statement)
        if number in out.marks or (unsure and not gone):
            continue
        if _is_due_later(gathered, number, statement):
            # "all here bar Connor, who isn't due till half nine", which is his own start.
            out.quiet.add(number)
            continue
        if gone:
            out.unsure.pop(number, None)
        elif number in gathered.said and number in out.quiet:
            continue
        _settle_left_out(gathered, number, statement, past_unsure=gone)


def is_held_doubted(gathered: Gathered) -> bool:
    """Whether somebody who was marked here may well be gone, by words that settle nothing."""
    held = gathered.reply.marks
    return any(
        held.get(number) in HERE_MARKS and rule == _AWAY_OR_NOT
        for number, rule in gathered.out.unsure.items()
    )


def doubt_mentioned(gathered: Gathered) -> None:
    """ "all in. chloe isn't, mum rang": whoever is named with no more than a "not" is no "all"."""
    out = gathered.out
    if all(each.meant.group == "rest" for each in gathered.groups):
        return
    known = out.named | gathered.excepted.keys() | out.unsure.keys() | gathered.elsewhen
    for statement, meant in gathered.whose.pairs:
        if not _is_doubtful_mention(statement):
            continue
        for number in meant.pupils:
            if number not in known and number not in gathered.understood:
                out.unsure[number] = "named, and no mark was said"


def ask_of_slips(gathered: Gathered) -> None:
    """ "soz wrong lad THAT WAS ANDREI": a mark was wrong, and which one is not said."""
    for statement, meant in gathered.whose.pairs:
        if statement.says or not statement.is_correction or len(statement.items) < _ENDS:
            continue
        led, last = statement.items[-_ENDS:]
        was = led.typed in gathered.context.lexicon.beside.was
        if was and last.kind is Kind.NAME and not gathered.out.named.intersection(meant.pupils):
            gathered.out.unread.append(statement.words)


def _is_doubtful_mention(statement: Statement) -> bool:
    """Whether pupils are named in it and nothing else is said, or nothing but a "not"."""
    named = statement.of == "pupils" and not (statement.is_object or statement.continues)
    if not named or statement.is_void or statement.is_question:
        return False
    if statement.negates_who:
        return True
    items = statement.from_who
    if any(item.kind is Kind.CHAT and item.text.count(" ") > 1 for item in items):
        # "Chloe had a fight with Zosia": something is told of her.
        return False
    if all(item.kind in _NO_MORE_THAN_NAMED for item in statement.items):
        return True
    at = next((n for n, item in enumerate(items) if item.kind in (Kind.NOT, Kind.NO)), None)
    if at is None or any(item.kind not in _BEFORE_NOT for item in items[:at]):
        return False
    behind = beyond(items[at + 1 :], (Kind.FILL,))
    chat = behind is not None and behind.kind in CHATTER and " " not in behind.typed
    return behind is None or chat or behind.kind in _ENDS_NOT


def _never_here(gathered: Gathered, number: int, made: Verdict) -> Verdict:
    """ "her bus never came so she's gone home": gone from where she waited, and never here."""
    was_here = gathered.reply.marks.get(number) in HERE_MARKS
    gone = made.value == "left" and made.at is None and not was_here
    said = gathered.said[number]
    gone_at = next((n for n, one in enumerate(said) if one.value == "left"), 0)
    stranded = any(one.reason is Reason.TRANSPORT for one in said[: gone_at + 1])
    # "gone up the hospital with his mum, so he won't be in".
    of_him = gathered.context.lexicon.beside.he_will
    not_in = any(
        one.rule == NOT_HERE and not one.now and not of_him.isdisjoint(one.words.lower().split())
        for one in said
    )
    return made._replace(value="absent") if gone and (stranded or not_in) else made


def _here_by_now(gathered: Gathered, number: int, made: Verdict) -> Verdict:
    """ "All here. Hamish 10 late", when the ten minutes are over: he is one of all."""
    over = made.at is not None and made.at <= gathered.context.now
    if made.rule != LATE_BY or not over or number in gathered.excepted:
        return made
    return made._replace(value="late") if _all_are_in(gathered) else made


def _all_are_in(gathered: Gathered) -> bool:
    return any(each.made.mark is Mark.PRESENT for each in _of_everyone(gathered))


def _of_everyone(gathered: Gathered) -> list[OfGroup]:
    return [each for each in gathered.groups if each.meant.group == "everyone"]


def _is_by_the_way(gathered: Gathered, number: int, made: Verdict) -> bool:
    """ "All in. Tre got dropped off by his nan": the "all in" is what says it."""
    if not _all_are_in(gathered) or _is_so_still(gathered, number, made):
        return False
    if made.reason is not None and _is_beside_one_away(gathered, number):
        # "all present but Jo coming at half nine, and Mo with a migraine": he is left out as well.
        return False
    if any(number in m.pupils and _is_doubtful_mention(s) for s, m in gathered.whose.pairs):
        return False
    timed = _is_timed(gathered, number) or made.rule == CONDITION
    if made.value == UNSURE and (timed or says_late(made, gathered.context.lexicon.beside)):
        # "a touch late but here", "waltzed in at 9.50": more than "all in" says.
        return False
    if number not in gathered.otherwise and (made.weak or _is_of_no_absence(made)):
        return True
    if not made.weak:
        return False
    past = set(made.words.lower().split()) & gathered.context.lexicon.beside.before_now
    if past and any(each.meant.group_count is not None for each in _of_everyone(gathered)):
        return True
    return made.symptom and made.reason is Reason.REFUSING


def _is_beside_one_away(gathered: Gathered, number: int) -> bool:
    """Whether the sentence says of all that they are in, and of somebody before him otherwise."""
    away = set[int]()
    of_all = set[int]()
    for statement, meant in gathered.whose.pairs:
        if meant.group == "everyone" and any(i.kind is Kind.BUT for i in statement.items[-1:]):
            of_all.add(statement.sentence)
        elif number in meant.pupils:
            return statement.sentence in of_all & away
        elif meant.pupils and statement.says and not bases(statement) & HERE:
            away.add(statement.sentence)
    return False


def _is_so_still(gathered: Gathered, number: int, made: Verdict) -> bool:
    """ "all back but Zak, Els is STILL poorly": what kept her away keeps her."""
    beside, words = gathered.context.lexicon.beside, {*made.words.lower().split()}
    before = gathered.reply.am_marks.get(number)
    still, was = not words.isdisjoint(beside.still), not words.isdisjoint(beside.past_not)
    stays = (before is Mark.ABSENT and not was) or (still and before not in HERE_MARKS)
    return made.weak and made.value == Mark.ABSENT.value and stays


def _is_timed(gathered: Gathered, number: int) -> bool:
    """Whether a time after the start was said of this pupil's coming."""
    context = gathered.context
    start = context.start_of(gathered.pupils[number])
    for statement, meant in gathered.whose.pairs:
        if number not in meant.pupils or not statement.marks:
            continue
        times = (when.settled(context.reply.sent_at, is_past=True) for when in statement.times)
        if any(at is None or at > start for at in times):
            return True
    return False


def _is_of_no_absence(made: Verdict) -> bool:
    """Whether it could not be read, and has none of the words for not being here."""
    return made.value == UNSURE and not made.rule.startswith(_OF_ABSENCE)


def _is_sought(gathered: Gathered, number: int, made: Verdict) -> bool:
    """Whether there is only no sign of one who was left out of those who are back."""
    words = made.words.lower()
    sought = any(phrase in words for phrase in gathered.context.lexicon.beside.no_sign)
    absent = made.value == Mark.ABSENT.value and made.reason is None
    return absent and sought and gathered.left_out(number) is Mark.UNACCOUNTED


def _is_due_later(gathered: Gathered, number: int, statement: Statement) -> bool:
    """Whether one who is left out starts later, at the hour that is said."""
    pupil = gathered.pupils[number]
    if statement.marks or statement.reasons or not gathered.context.is_own_start_ahead(pupil):
        return False
    start = gathered.context.start_of(pupil)
    sent = gathered.reply.sent_at
    return any(when.settled(sent, is_past=False) == start for when in statement.times)


def _is_not_back(gathered: Gathered, number: int, made: Verdict) -> bool:
    """Whether one who was here is missing of those who are said to be back."""
    beside = gathered.context.lexicon.beside
    absent = made.value == Mark.ABSENT.value and made.reason is None
    missing = absent and not beside.missing.isdisjoint(made.words.lower().split())
    was_here = gathered.reply.am_marks.get(number) in HERE_MARKS
    others = (each.statement for each in gathered.groups)
    return missing and was_here and any("back" in bases(each) for each in others)


def _is_poorly(gathered: Gathered, made: Verdict) -> bool:
    covered = any(v.mark is Mark.PRESENT for _, m, v in gathered.groups if m.group == "everyone")
    return covered and made.symptom and made.weak


def _settle_one(gathered: Gathered, number: int, made: Verdict) -> None:
    out = gathered.out
    if made.rule == GONE and gathered.is_searched:
        # "Frank had gone by half past, we've looked everywhere".
        made = made._replace(value=Mark.UNACCOUNTED.value, rule="gone, and looked for")
    if number in gathered.excepted:
        if made.rule == THOUGHT and not gathered.excepted[number].is_hedged:
            # "everyone but zara. zara no idea": why is what nobody knows.
            return
        here = made.value == "present" and not made.now
        if here and gathered.left_out(number) is not Mark.PRESENT:
            out.unsure[number] = "left out, and yet said to be here"
            return
    elif _is_poorly(gathered, made) and not _is_so_still(gathered, number, made):
        out.unsure[number] = "poorly, but not said to be away"
        return
    if number in gathered.excepted and _is_sought(gathered, number, made):
        # "all back from lunch except Aneurin, no sign of him".
        made = made._replace(value=Mark.UNACCOUNTED.value)
    if _is_not_back(gathered, number, made):
        # "all back from lunch but Femi is missing".
        made = made._replace(value=Mark.UNACCOUNTED.value)
    if made.value in (NOTHING, LEAVING):
        _settle_reason(gathered, number, made)
    elif made.mark is None:
        _leave_unsure(gathered, gathered.pupils[number], made)
    else:
        _settle_mark(gathered, number, made, made.mark)


def _settle_reason(gathered: Gathered, number: int, made: Verdict) -> None:
    """A reason alone is of the absence that is held already."""
    held = gathered.reply.marks.get(number)
    if made.reason is not None and held in (Mark.ABSENT, Mark.AWAITED, Mark.LEFT):
        gathered.out.reasons[number] = made.reason
    elif made.reason is Reason.UNKNOWN and number not in gathered.excepted:
        gathered.out.unsure[number] = "no mark was said"


def _leave_unsure(gathered: Gathered, pupil: RosterPupil, made: Verdict) -> None:
    out = gathered.out
    if gathered.context.is_own_start_ahead(pupil) and "not here yet" in made.rule:
        out.quiet.add(pupil.number)
    elif made.rule == ASKED and not gathered.groups:
        out.asked = True
        out.quiet.add(pupil.number)
    else:
        out.unsure[pupil.number] = made.rule


def _settle_mark(gathered: Gathered, number: int, made: Verdict, mark: Mark) -> None:
    out = gathered.out
    if mark in HERE_MARKS and gathered.is_too_early:
        out.too_early = True
        out.unsure[number] = "said to be here long before the start"
        return
    held = gathered.reply.marks.get(number)
    denies_late = any(
        "not_late" in bases(said) or _is_on_time(said, gathered.context.lexicon.beside)
        for said, meant in gathered.whose.pairs
        if number in meant.pupils
    )
    stays_late = made.at is None and not (gathered.clauses.corrects or denies_late)
    if held is Mark.LATE and mark is Mark.PRESENT and stays_late:
        # "femi right here with me", who came late: late is what stays on the register.
        mark = Mark.LATE
    hurt = made.weak and made.reason is Reason.ILLNESS and mark is Mark.ABSENT
    if hurt and gathered.is_urgent and held in HERE_MARKS:
        # "Ashton has cut his hand badly": here, and hurt.
        return
    if held is Mark.LEFT and mark is Mark.ABSENT and not gathered.clauses.corrects:
        # "Aiden still out", of one who went with leave; "the reason for Aiden is a funeral".
        if made.weak and made.reason is not None:
            out.reasons[number] = made.reason
        return
    why = made.symptom or not gathered.clauses.corrects
    # "all in except chloe, she's ill" says plainly that she is out.
    is_left_out = any(
        statement.is_except and number in meant.pupils for statement, meant in gathered.whose.pairs
    )
    if made.weak and why and held in HERE_MARKS and mark is Mark.ABSENT and not is_left_out:
        # "he's throwing up", said of one who is here: no word that he has gone.
        ill = made.reason is Reason.ILLNESS
        if ill and number in gathered.leaving:
            # "been sick. Mam's on her way for her".
            return
        out.unsure[number] = "poorly, but not said to have gone" if ill else _AWAY_OR_NOT
        return
    if made.weak and held is Mark.AWAITED and made.reason in _TAKES_A_WHILE:
        # "it's only Aiden at the dentist", who is awaited from there.
        out.reasons[number] = made.reason
        return
    if made.weak and held is mark:
        if made.reason is not None:
            out.reasons[number] = made.reason
        return
    if held in HERE_MARKS and mark is Mark.ABSENT and _is_of_later(gathered, number):
        # "his dad's having him away at 2": for the office, and nobody's mark.
        out.question = True
        gathered.understood.add(number)
        return
    if held in HERE_MARKS and _is_out_of_season(gathered, number, mark):
        # "Mo late home", at two; "could you sort Mo out with a tunic".
        out.unsure[number] = "marked as here before"
        return
    out.present_named = out.present_named or mark is Mark.PRESENT
    out.settle(number, made, mark)


def _is_of_later(gathered: Gathered, number: int) -> bool:
    """Whether the one hour that is told of them is still to come."""
    reply = gathered.reply
    of_them = [said for said, meant in gathered.whose.pairs if number in meant.pupils]
    hours = [when.settled(reply.sent_at) for said in of_them for when in said.times]
    denied = any(mark.negated for said in of_them for mark in said.marks)
    ahead = [hour for hour in hours if hour is not None and hour > gathered.context.now]
    return len(hours) == len(ahead) == 1 and not denied


def _is_on_time(statement: Statement, beside: Neighbours) -> bool:
    """ "it was Zoe who was on time": of one who was marked as late."""
    return any(not said.negated and said.typed in beside.on_time for said in statement.marks)


def _is_of_ride(statement: Statement) -> bool:
    return any(reason == "transport" for reason, _, _ in statement.reasons)


def _is_out_of_season(gathered: Gathered, number: int, mark: Mark) -> bool:
    """Whether somebody who is here is said to be coming, or off, long after the start of it."""
    context = gathered.context
    start = context.start_of(gathered.pupils[number])
    since = context.now - start
    of_them = [said for said, meant in gathered.whose.pairs if number in meant.pupils]
    fetched = any(said.possessed == "transport" or _is_of_ride(said) for said in of_them)
    soon = _COMES_SOON if mark is Mark.AWAITED else _OFF_SOON
    of_relation = any(
        said.possessed not in ("", "transport", "thing")
        and any(each.value == "awaited" for each in said.marks)
        for said in of_them
    )
    if (fetched and context.reply.half is Half.PM) or (of_relation and mark is Mark.AWAITED):
        # "his taxi's coming at two": to take him home; "her dad's at the gate".
        soon = 0
    # "actually, 3 o'clock taxi for Ruby" puts the taxi right, and not her mark.
    put_right = gathered.clauses.corrects and soon
    if mark not in (Mark.AWAITED, Mark.ABSENT) or since <= soon or put_right:
        return False
    denied = any(mark.negated for said in of_them for mark in said.marks)
    going = {"gone", "gone_to", "left", "back", *(() if fetched else ("not_yet",))}
    goes = any(bases(said) & going for said in of_them)
    yet = any(said.is_yet for said in of_them) and not fetched
    return not (denied or goes or yet or any(said.negates_who for said in of_them))


def _settle_left_out(
    gathered: Gathered, number: int, statement: Statement, *, past_unsure: bool
) -> None:
    """ "all in but chloe": Chloe has the mark that the others have not."""
    out = gathered.out
    if (statement.is_hedged and not past_unsure) or statement.is_question:
        out.unsure[number] = "it is only thought, not said"
        return
    said = (
        joined(gathered.said[number], gathered.context.lexicon.beside)
        if number in gathered.said
        else None
    )
    doubted = said is not None and said.value == UNSURE and said.rule != THOUGHT
    if doubted and not past_unsure:
        return
    mark = gathered.left_out(number)
    if mark is Mark.PRESENT and gathered.is_too_early:
        out.too_early = True
        return
    reason = said.reason if said is not None else None
    if mark is Mark.ABSENT and reason is None and gathered.reply.marks.get(number) is _LOST:
        # "all back but Femi", who is looked for: still.
        mark = _LOST
    if mark is Mark.ABSENT and said is None and gathered.reply.marks.get(number) is Mark.AWAITED:
        # "that's everyone bar Aiden", who is on the way: still.
        mark = Mark.AWAITED
    rule = "everyone but these" if mark is not Mark.PRESENT else "nobody but these"
    at = None
    if mark is Mark.UNACCOUNTED:
        times = (when.settled(gathered.reply.sent_at) for when in statement.times)
        at = next((time for time in times if time is not None), None)
    out.settle(number, Verdict(mark.value, rule, reason, at, words=statement.words), mark)
    out.present_named = out.present_named or mark is Mark.PRESENT


def _is_due_or_usual(gathered: Gathered, number: int, left_out: Statement) -> bool:
    """ "all in but Mo, he should be here", "he's back at school": no less out."""
    beside = gathered.context.lexicon.beside
    said = gathered.said.get(number, [])
    if left_out.is_hedged:
        hedges = [item for item in left_out.items if item.kind is Kind.HEDGE]
        if not all(item.value in beside.what_should_be for item in hedges):
            return False
    return bool(said) and all(
        each.value == UNSURE
        and (
            each.rule in (WAS_TO_BE, BACK_ELSEWHERE)
            or any(phrase in each.words.lower() for phrase in beside.what_should_be)
        )
        for each in said
    )


def settle_only(gathered: Gathered) -> None:
    """ "only Aiden in": the rest absent; "only Chloe off": the rest present."""
    out = gathered.out
    for statement, meant in gathered.whose.pairs:
        if not statement.is_only or not meant.pupils or gathered.groups or meant.unread:
            continue
        if meant.unclear and not statement.marks:
            continue
        if not statement.says:
            out.unread.append(statement.words)
            continue
        marks = {out.marks[number] for number in meant.pupils if number in out.marks}
        if not marks or out.unread or any(number in out.unsure for number in meant.pupils):
            continue
        if bases(statement) & HERE and not marks <= set(HERE_MARKS):
            # "only aiden here, they are missing": of whom the second is, is not clear.
            out.unread.append(statement.words)
        elif marks <= set(HERE_MARKS):
            _settle_rest_of_only(gathered, statement, Mark.ABSENT)
        elif not marks & set(HERE_MARKS) and not _is_told_by_another(gathered, statement):
            if gathered.is_too_early:
                out.too_early = True
            else:
                _settle_rest_of_only(gathered, statement, Mark.PRESENT)


def _is_told_by_another(gathered: Gathered, statement: Statement) -> bool:
    """ "Just had Dev's dad on the phone, Dev is off": "just now", and no word of the rest."""
    maybe_now = gathered.context.lexicon.beside.maybe_now
    limits = (item.typed.split() for item in statement.items if item.kind is Kind.ONLY)
    if any(maybe_now.isdisjoint(words) for words in limits):
        return False
    other = any(item.kind in (Kind.REPORTS, Kind.RELATION) for item in statement.items)
    return other or bool(statement.possessed)


def _settle_rest_of_only(gathered: Gathered, statement: Statement, mark: Mark) -> None:
    lost = mark is Mark.ABSENT and "back" in bases(statement)
    gathered.out.whole = True
    for pupil in gathered.others():
        held = gathered.reply.marks.get(pupil.number)
        if gathered.context.is_own_start_ahead(pupil):
            gathered.out.quiet.add(pupil.number)
            continue
        if held is not None and not (lost and held in HERE_MARKS):
            continue
        was_here = gathered.reply.am_marks.get(pupil.number) in HERE_MARKS or held in HERE_MARKS
        given = Mark.UNACCOUNTED if lost and was_here else mark
        rule = "only these are, so the rest are not"
        gathered.out.mark(pupil.number, given, statement.words, rule)


def settle_only_by_rest(gathered: Gathered) -> None:
    """ "just Harley and Macy, others off": they are here; "just zoe, rest in": not."""
    out = gathered.out
    rests = [each.made.mark for each in gathered.groups if each.meant.group == "rest"]
    if len(gathered.groups) != 1 or len(rests) != 1 or not out.whole:
        return
    for statement, meant in gathered.whose.pairs:
        bare = statement.is_only and not statement.says and bool(meant.pupils)
        if not bare or meant.unclear or statement.is_hedged or statement.has_open_not:
            continue
        if any(item.kind in (Kind.ORDINARY, Kind.UNKNOWN) for item in statement.at_once):
            continue
        mark = Mark.PRESENT if rests[0] is Mark.ABSENT else Mark.ABSENT
        if rests[0] not in (Mark.ABSENT, Mark.PRESENT) or (
            mark in HERE_MARKS and gathered.is_too_early
        ):
            continue
        for number in meant.pupils:
            if number not in out.marks and number not in out.unsure:
                out.named.add(number)
                out.mark(number, mark, statement.words, "only these, and the rest are not")


def settle_only_by_names(gathered: Gathered) -> None:
    """ "just Ellis this aft. Jade n Tommo off, Andrei at court": of all, only Ellis is here."""
    out = gathered.out
    only = [
        (statement, meant)
        for statement, meant in gathered.whose.pairs
        if statement.is_only and meant.pupils and not statement.says
    ]
    if len(only) != 1 or gathered.groups or gathered.is_too_early or out.unsure:
        return
    statement, meant = only[0]
    rest = [p.number for p in gathered.reply.roster if p.known_absence is None]
    rest = [number for number in rest if number not in meant.pupils]
    away = all(number in out.marks and out.marks[number] not in HERE_MARKS for number in rest)
    spoiled = meant.unclear or statement.is_hedged or statement.has_open_not
    if not rest or not away or spoiled or not out.marks.keys().isdisjoint(meant.pupils):
        return
    if any(item.kind in (Kind.ORDINARY, Kind.UNKNOWN) for item in statement.at_once):
        return
    out.unread = [words for words in out.unread if words != statement.words]
    for number in meant.pupils:
        out.named.add(number)
        out.mark(number, Mark.PRESENT, statement.words, "only these, and all others are away")


def settle_counted(gathered: Gathered) -> None:
    """ "four pupils are on site, Will has not arrived": of five, the others are the four."""
    out, count = gathered.out, gathered.sure_count
    if len(out.counts) == 1 and set(gathered.pupils) <= set(out.marks):
        told, mark = out.counts[0]
        # "5 of em here, only missing Jack": the count agrees with all that is settled.
        if mark is Mark.PRESENT and told == sum(m in HERE_MARKS for m in out.marks.values()):
            out.counts.clear()
    unsure = [why for why in out.unsure.values() if why != NOT_YET]
    if count < 0 or len(out.counts) != 1 or out.unread or unsure or gathered.reply.marks:
        return
    here = sum(1 for mark in out.marks.values() if mark in HERE_MARKS)
    others = gathered.others()
    told = bool(out.marks or out.unsure)
    if gathered.is_too_early or here or len(others) != count or not told:
        return
    out.counts.clear()
    out.whole = True
    for pupil in others:
        out.by_group.add(pupil.number)
        out.mark(pupil.number, Mark.PRESENT, str(count), "so many are here, and who is not is told")


def settle_swaps(gathered: Gathered) -> None:
    """ "4 not 3": the first takes what the second had; the second is asked about."""
    out = gathered.out
    for first, second in gathered.clauses.swaps:
        words = f"{first.said} not {second.said}"
        a = _one(gathered, first.pupils, first.n)
        b = _one(gathered, second.pupils, second.n)
        mark = gathered.reply.marks.get(b) if b is not None else None
        if a is None or b is None or mark is None:
            out.unread.append(words)
            continue
        out.mark(a, mark, words, "put right: the one, not the other")
        out.named.add(b)
        out.quiet.discard(b)
        out.asked_again.append(b)
    _ask_the_other(gathered)


def _ask_the_other(gathered: Gathered) -> None:
    """ "it's Jacob that's off, not Jack": where Jack is held as off, how he is is asked."""
    out, held = gathered.out, gathered.reply.marks
    for meant, fits in gathered.clauses.others_named:
        one = meant.pupils[0] if len(meant.pupils) == 1 else None
        other = fits[0] if len(fits) == 1 else None
        if one is None or other is None or one not in out.marks:
            continue
        if held.get(other) is out.marks[one] and other not in out.marks:
            out.named.add(other)
            out.asked_again.append(other)
    _ask_the_only_other(gathered)


def _ask_the_only_other(gathered: Gathered) -> None:
    """ "I meant Femi went home", where one other alone stands as gone: how that one is is asked."""
    out, held = gathered.out, gathered.reply.marks
    beside = gathered.context.lexicon.beside
    for statement, meant in gathered.whose.pairs:
        meant_so = any(item.typed in beside.i_meant for item in statement.items)
        if not meant_so or len(meant.pupils) != 1:
            continue
        one = meant.pupils[0]
        mark = out.marks.get(one)
        if mark is None or mark in HERE_MARKS or held.get(one) is mark:
            continue
        same = [n for n, other in held.items() if other is mark and n not in (one, *out.marks)]
        if len(same) == 1 and not out.asked_again:
            out.named.add(same[0])
            out.asked_again.append(same[0])


def _one(gathered: Gathered, pupils: Iterable[int], n: int) -> int | None:
    fits = [*pupils] or [n]
    return fits[0] if len(fits) == 1 and fits[0] in gathered.pupils else None


def settle_otherwise(gathered: Gathered) -> None:
    """Take back a "present" that only a word for all gave, where the second look says otherwise."""
    out = gathered.out
    held = gathered.reply.marks
    apart = gathered.told_apart - (gathered.understood if out.leaving else set())
    otherwise = (gathered.otherwise - gathered.understood - gathered.elsewhen) | apart
    for number in otherwise - out.named:
        of_group = held.get(number) is None or number in out.by_group
        if out.marks.get(number) in HERE_MARKS and of_group:
            del out.marks[number]
            out.unsure[number] = "named beside words that say otherwise"


def settle_unsaid(gathered: Gathered) -> None:
    """Leave a pupil who is named with nothing said, beside "all in": in or out is not clear."""
    out = gathered.out
    if gathered.reply.pending is not None:
        return
    for statement, meant in gathered.whose.pairs:
        if statement.says or not _is_names_alone(statement):
            continue
        if statement.is_object or statement.is_except or statement.is_too or statement.is_only:
            continue
        for number in meant.pupils:
            if number not in out.named:
                if out.marks.get(number) is Mark.PRESENT and gathered.groups:
                    del out.marks[number]
                out.unread.append(statement.words)


def _is_names_alone(statement: Statement) -> bool:
    names = {ref.said for ref in statement.refs} | {"n", "&", ","}
    kinds = (Kind.NAME, Kind.AND, Kind.FILL)
    return all(item.kind in kinds or item.typed in names for item in statement.items)
