"""
Yes or no: what an answer in a word settles, and what the last word takes back.
"""

from apbot.domain.readings import RestPresent
from apbot.domain.words import Half, Mark
from apbot.reading.codes import ABSENT_CODES
from apbot.reading.gathered import EARLIEST
from apbot.reading.heard import Heard
from apbot.reading.items import CHATTER, without
from apbot.reading.lexicon import Kind
from apbot.reading.outcome import Outcome
from apbot.reading.pending import says_no, says_yes
from apbot.reading.statements import Statement
from apbot.reading.times import minutes_of
from apbot.reading.told import HERE_MARKS
from apbot.reading.turned import HERE, bases

_ONE_MORE = frozenset((Kind.NAME, Kind.AND, Kind.TOO, Kind.FILL, *CHATTER, Kind.EMOJI))
_BESIDE_YES = frozenset(
    (
        *(Kind.YES, *CHATTER, Kind.CHAT_YES, Kind.EMOJI, Kind.POINT, Kind.FILL, Kind.TODAY),
        *(Kind.GROUP, Kind.CODE, Kind.MORNING, Kind.AFTERNOON, Kind.NOW, Kind.THEY, Kind.IT),
        *(Kind.CORRECTION, Kind.JUST, Kind.AND, Kind.SPEAKER, Kind.YET),
    )
)
_NOT_NOW = frozenset(("past", "future"))
_BESIDE_NO = frozenset((*CHATTER, Kind.POINT, Kind.EMOJI, Kind.TODAY))
_THIS_MORNING = {
    Mark.PRESENT: Mark.PRESENT,
    Mark.LATE: Mark.PRESENT,
    Mark.ABSENT: Mark.ABSENT,
}

SAID_YES = "yes, to who is in"
"""The rule by which a bare yes to the first prompt marks everybody."""

YES_TO_THESE = "yes, the others are in"
"""The rule by which a yes marks those who were asked about."""


def answer_yes_or_no(heard: Heard, out: Outcome) -> None:
    """Settle what a yes or a no settles, to the open question or to the first prompt."""
    asked = heard.reply.pending
    yes, no = says_yes(heard.plain, heard.clauses), says_no(heard.clauses)
    if isinstance(asked, RestPresent):
        _answer_rest(heard, asked, out, yes=yes, no=no)
    elif asked is not None:
        if (yes or no) and not out.marks:
            out.unread.append(heard.own)
    elif yes and _is_yes_but_for(heard, out):
        _say_all_in(heard, out)
    elif out.is_empty:
        _answer_prompt(heard, out, yes=yes, no=no)


def _answer_prompt(heard: Heard, out: Outcome, *, yes: bool, no: bool) -> None:
    roster = heard.reply.roster
    down = _is_thumb_down(heard)
    if len(roster) == 1 and (no or down or _denies(heard)):
        rule = "no, of the one pupil asked about"
        out.mark(roster[0].number, Mark.ABSENT, heard.own, rule)
    elif yes and heard.has(Kind.NOT):
        out.unread.append(heard.own)
    elif yes and not heard.reply.marks and not heard.clauses.hedges and _is_plain_yes(heard):
        _say_all_in(heard, out)
    elif yes or no or down:
        if heard.due(out):
            out.unread.append(heard.own)
        else:
            out.quiet.add(-1)


def _is_yes_but_for(heard: Heard, out: Outcome) -> bool:
    """ "yes apart from femi" to the first prompt: everyone else is in."""
    statements = heard.clauses.statements
    plain = bool(statements) and all(statement.is_except for statement in statements)
    clear = not (out.unread or out.unsure or out.which or out.counts or out.too_early)
    return (
        plain and clear and bool(out.marks) and not heard.reply.marks and not heard.clauses.hedges
    )


def _denies(heard: Heard) -> bool:
    """ "not today", of a roster of one; "not yet" says no more than the hour does."""
    if not heard.has(Kind.NOT) or heard.clauses.statements:
        return False
    start = minutes_of(heard.reply.roster[0].start or heard.reply.start)
    return not heard.has(Kind.YET) or minutes_of(heard.reply.sent_at) >= start + 15


def _is_plain_yes(heard: Heard) -> bool:
    """Whether nothing stands beside the yes that is not small talk ("yes but we're shut")."""
    return all(
        item.kind in _BESIDE_YES or item.value in heard.lexicon.beside.own_s for item in heard.items
    )


def _is_thumb_down(heard: Heard) -> bool:
    plain = heard.plain
    return bool(plain) and all(i.kind is Kind.CODE and i.value in ABSENT_CODES for i in plain)


def _say_all_in(heard: Heard, out: Outcome) -> None:
    """ "yes" to the first prompt: every pupil who is due is present."""
    now = minutes_of(heard.reply.sent_at)
    if now < minutes_of(heard.reply.start) - EARLIEST:
        out.too_early = True
        return
    out.whole = True
    for number in heard.due(out):
        out.mark(number, Mark.PRESENT, heard.own, SAID_YES)


def _answer_rest(heard: Heard, asked: RestPresent, out: Outcome, *, yes: bool, no: bool) -> None:
    """Settle the others by the answer to whether they are in."""
    out.left_over = False
    if heard.clauses.hedges and not out.marks:
        return
    statements = heard.clauses.statements
    no = no or _is_no_one_too(heard)
    if no and any(_adds_one(statement, out) for statement in statements):
        _add_absent(heard, out)
        _say_others_in(heard, asked, out)
    elif yes and _is_gainsaid(heard):
        out.unread.append(heard.own)
    elif (yes or _they_are(heard)) and not out.unread and not out.counts:
        if not out.which or any(statement.is_except for statement in statements):
            _say_others_in(heard, asked, out)
    elif no and not out.marks:
        out.unread.append(heard.own)
    elif _is_one_more(heard):
        out.unread.clear()
        _add_absent(heard, out)


def _is_gainsaid(heard: Heard) -> bool:
    """ "yes they are off", "yes they are in bed": more is said of them than a yes."""
    statements = heard.clauses.statements
    told_of_one = any(each.of == "pupils" for each in statements)
    if not told_of_one and (heard.has(Kind.PLACE_AWAY) or heard.has(Kind.NOT)):
        return True
    for statement in statements:
        if statement.of in ("pupils", "number", "range", "unknown") or statement.is_except:
            continue
        said = bases(statement)
        away = bool(said) and not said <= HERE | {"in_place"}
        denied = statement.has_open_not or any(mark.negated for mark in statement.marks)
        away = away or (bool(statement.reasons) and not said)
        doubted = statement.is_hedged or (statement.is_doubtful and bool(statement.marks))
        if away or denied or doubted or set(statement.days) & _NOT_NOW:
            return True
    return False


def _spoken_of(heard: Heard) -> set[int]:
    """Of whom something is said beside the yes: "yes femi back in tomorrow" is no yes of Femi."""
    return {
        number
        for statement in heard.clauses.statements
        if statement.of == "pupils" and not (statement.possessed or statement.is_object)
        for ref in statement.refs
        if len(ref.pupils) == 1 and len(statement.items) > len(statement.refs)
        for number in ref.pupils
    }


def _is_one_more(heard: Heard) -> bool:
    """ "theo as well", where all that is held so far is who is not in: he is not, too."""
    held = set(heard.reply.marks.values())
    statements = heard.clauses.statements
    if len(statements) != 1 or held != {Mark.ABSENT}:
        return False
    statement = statements[0]
    plain = all(item.kind in _ONE_MORE for item in statement.items)
    return statement.is_too and plain and statement.whom == "pupils" and not statement.is_question


def _is_no_one_too(heard: Heard) -> bool:
    """ "no josie aswell": the "no" is of her, and she is one more."""
    first, second = [*heard.plain[:2], None, None][:2]
    no_one = first is not None and first.kind is Kind.NOT and first.value == "no"
    return no_one and second is not None and second.kind is Kind.NAME and heard.has(Kind.TOO)


def _adds_one(statement: Statement, out: Outcome) -> bool:
    """ "no, femi too", "no, femi's off as well": one more who is not in."""
    away = any(mark not in HERE_MARKS for mark in out.marks.values())
    return statement.is_too or (away and any(item.kind is Kind.TOO for item in statement.items))


def _add_absent(heard: Heard, out: Outcome) -> None:
    for statement in heard.clauses.statements:
        for ref in statement.refs:
            if ref.what == "pupils" and len(ref.pupils) == 1 and not statement.says:
                rule = "no, this one too is not in"
                out.mark(ref.pupils[0], Mark.ABSENT, heard.own, rule)
                out.named.add(ref.pupils[0])


def _they_are(heard: Heard) -> bool:
    plain, are = heard.plain, heard.lexicon.beside.is_or_are
    they = len(plain) == 1 and plain[0].kind is Kind.THEY
    return they and not are.isdisjoint(plain[0].value.split())


def _say_others_in(heard: Heard, asked: RestPresent, out: Outcome) -> None:
    out.whole = True
    unclear = {number for _, fits, _ in out.which for number in fits}
    told = {*out.marks, *out.unsure, *out.named, *unclear, *_spoken_of(heard)}
    for number in asked.pupils:
        if number not in told:
            out.mark(number, Mark.PRESENT, heard.own, YES_TO_THESE)


def as_this_morning(heard: Heard, out: Outcome) -> None:
    """Give each the morning's mark, where one follows from it; ask about the others."""
    reply = heard.reply
    if reply.half is not Half.PM or not reply.am_marks:
        out.unread.append(heard.own)
        return
    out.whole = True
    for pupil in reply.roster:
        number = pupil.number
        mark = _THIS_MORNING.get(reply.am_marks.get(number, Mark.LEFT))
        if number in out.named or number in out.marks or number in reply.marks:
            # "no changes", while one of them is looked for, changes nothing.
            continue
        if mark is not None:
            out.mark(number, mark, heard.own, "the same as this morning")
        elif pupil.known_absence is None:
            out.unread.append(heard.own)


def take_back(heard: Heard, out: Outcome) -> None:
    """ "all in... not", "all in no wait", "all in wrong group": the last word undoes the rest."""
    said = without(heard.items, _BESIDE_NO)
    if len(said) < 2:
        return
    last, before = said[-1], said[-2]
    if last.kind is Kind.CORRECTION:
        undone = "no" in last.value.split()
    else:
        denied = last.kind is Kind.NO or (last.kind is Kind.NOT and last.value in ("not", "no"))
        after_mark = before.kind in (Kind.MARK, Kind.EVERYONE_IN)
        undone = last.kind is Kind.SCRAP or (denied and after_mark)
    if undone:
        for number in [n for n, mark in out.marks.items() if mark in HERE_MARKS]:
            del out.marks[number]
            out.unsure[number] = "said, and taken back in the same breath"
