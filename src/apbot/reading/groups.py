"""
Groups: "everyone", "the rest" and "nobody", which mark whoever was not named.

One word marks many, so it is believed only where it is clear whom it leaves out: a count that does
not agree, a name that fits nobody or a second "no" makes it a question.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from apbot.domain.readings import RestPresent, RosterPupil
from apbot.domain.words import Half, Mark
from apbot.reading.gathered import Gathered, OfGroup
from apbot.reading.items import CHATTER, beyond, words_in
from apbot.reading.joining import ASKED
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import begins
from apbot.reading.statements import Statement
from apbot.reading.told import ELSEWHEN, HERE_MARKS, LEAVING, NOTHING, Verdict
from apbot.reading.turned import HERE, UNSURE, bases
from apbot.reading.unsaid import is_in_a_way
from apbot.reading.verdicts import reason_of, verdict
from apbot.reading.who import Meant

_TO_WORK = (Kind.FILL, Kind.NUMBER, Kind.NOW, Kind.JUST, Kind.ONLY, Kind.GROUP)
_NO_WISH = (Kind.NOT, Kind.HEDGE, Kind.VEHICLE, Kind.PLACE_AWAY, Kind.UNKNOWN, Kind.RELATION)
_NO_MORE = (Kind.REST, Kind.NUMBER, Kind.TODAY, Kind.FILL, Kind.EMOJI, *CHATTER)
_TELLS = (
    *(Kind.ORDINARY, Kind.UNKNOWN, Kind.REPORTS, Kind.RELATION, Kind.STAFF),
    *(Kind.HEDGE, Kind.FROM),
)
_STAYS = (Mark.ABSENT, Mark.LEFT, Mark.UNACCOUNTED, Mark.AWAITED)


def take_group(gathered: Gathered, statement: Statement, meant: Meant) -> None:
    """Take what is said of all of them, of the rest or of nobody."""
    out = gathered.out
    statement.is_hedged = statement.is_hedged or statement.is_hearsay
    made = verdict(statement, None, gathered.context)
    if made.value == ELSEWHEN:
        gathered.take_elsewhen(statement)
        return
    if made.value == LEAVING:
        out.leaving = True
        return
    everyone = meant.group == "everyone" and bool(statement.marks)
    if everyone and _counts_the_unmarked(gathered, meant):
        # "all three in", where one of four has gone home: those who have no mark yet.
        meant = replace(meant, group="rest", group_count=None)
    if meant.group == "everyone" and not _count_agrees(gathered, meant):
        gathered.spoiled = True
        out.unread.append(f"{statement.words} (the count does not agree)")
        return
    if meant.group == "nobody" and statement.reasons and not (statement.marks or statement.pauses):
        # "nobody's cold", "no one ill": of whom it is not so, and no word on who is in.
        out.unread.append(statement.words)
        return
    finds = gathered.context.lexicon.beside.finds
    if meant.group == "nobody" and any(finds & {*m.typed.split()} for m in statement.marks):
        # "nobody has found him": of those who look.
        out.unread.append(statement.words)
        return
    if not statement.marks and not statement.reasons:
        made = _without_mark(gathered, statement, meant)
        if not made.value:
            return
    elif made.mark in HERE_MARKS and _is_quoted(gathered, statement):
        made = Verdict(UNSURE, "somebody else is said to have said it", words=statement.words)
    gathered.groups.append(OfGroup(statement, meant, made))


def _counts_the_unmarked(gathered: Gathered, meant: Meant) -> bool:
    reply = gathered.reply
    due = [pupil for pupil in reply.roster if pupil.known_absence is None]
    unmarked = sum(pupil.number not in reply.marks for pupil in due)
    return 0 < unmarked < len(due) and meant.group_count == unmarked


def _count_agrees(gathered: Gathered, meant: Meant) -> bool:
    asked = gathered.reply.pending
    if isinstance(asked, RestPresent) and meant.group_count == len(asked.pupils):
        return True
    return meant.group_count is None or meant.group_count in gathered.sizes


def _is_quoted(gathered: Gathered, statement: Statement) -> bool:
    """ "femi says everyone is in": said by somebody who is named just before."""
    statements = [each for each, _ in gathered.whose.pairs]
    at = next((i for i, each in enumerate(statements) if each is statement), 0)
    before = statements[at - 1] if at else None
    if before is None or before.sentence != statement.sentence or before.says:
        return False
    return bool(before.items) and before.items[-1].kind is Kind.REPORTS


def _without_mark(gathered: Gathered, statement: Statement, meant: Meant) -> Verdict:
    """ "everyone bar Femi", "yes all 6", "the rest fine" say no mark and mean "in"."""
    asked = isinstance(gathered.reply.pending, RestPresent) and meant.group == "rest"
    if statement.continues and not asked:
        return Verdict(NOTHING)
    words = statement.words
    tells = meant.group == "nobody" and any(item.kind in _TELLS for item in statement.from_who)
    if statement.is_hedged and not tells:
        return Verdict(UNSURE, "it is only thought, not said", words=words)
    rule = _why_meant(gathered, statement, meant)
    if rule:
        return Verdict("present", rule, words=words)
    if meant.group == "nobody":
        # "nobody is answering", "a man nobody knew", "no one's heard": no word on who is in.
        if not tells and any(each.is_except for each, _ in gathered.whose.pairs):
            return Verdict("absent", "nobody but these", words=words)
        tells = tells or _limits_before(gathered, statement)
        if meant.group_count is None and not tells:
            gathered.out.unread.append(words)
    elif meant.group in ("everyone", "pair"):
        marked = any(m.group == "everyone" and s.says for s, m in gathered.whose.pairs)
        if not marked and not begins(statement.typed, gathered.context.lexicon.beside.all_itself):
            gathered.out.unread.append(words)
    return Verdict(NOTHING)


def _limits_before(gathered: Gathered, statement: Statement) -> bool:
    """ "lexi and rabia made it, nobody else": only those who were just named."""
    nobody_else = gathered.context.lexicon.beside.nobody_else
    if nobody_else.isdisjoint(statement.typed.split()):
        return False
    statements = [each for each, _ in gathered.whose.pairs]
    at = next((i for i, each in enumerate(statements) if each is statement), 0)
    before = statements[at - 1] if at else None
    if before is None or before.of not in ("pupils", "number") or not before.marks:
        return False
    before.is_only = True
    return True


def _why_meant(gathered: Gathered, statement: Statement, meant: Meant) -> str:
    """Return why a group with no mark is meant to be in, or nothing."""
    beside, pairs = gathered.context.lexicon.beside, gathered.whose.pairs
    if statement.has_open_not:
        # "the rest not ok", "yes all of them have not been seen": no word for their being in.
        return ""
    if meant.group == "rest":
        fine = words_in(statement.items) & beside.fine or _is_at_work(statement, beside)
        last = [i for i in statement.items if i.kind not in (Kind.CHAT, Kind.EMOJI)][-1:]
        are = words_in(last) & beside.is_or_are and not is_in_a_way(statement, last[0])
        yes = any(item.kind is Kind.YES for item in statement.before_who)
        if yes or fine or are or statement.is_same or _has_the_rest(statement, beside):
            return "the others are"
        if _has_just_before(gathered, statement):
            return "the others are"
        return "and the others, too" if _is_joined(gathered, statement) else ""
    if meant.group == "pair":
        alone = len(pairs) == 1 and meant.group_count in gathered.sizes
        return "all of them are counted" if alone else ""
    if meant.group != "everyone":
        return ""
    if any(each.is_except for each, _ in pairs):
        return "all of them, by what stands beside it"
    if "yes" in gathered.clauses.answers:
        return "yes, all"
    asked = gathered.reply.pending
    if isinstance(asked, RestPresent) and meant.group_count == len(asked.pupils):
        return "all of those who were asked about"
    if _is_counted_alone(gathered, statement, meant):
        return "all of them are counted"
    alone = all(each is statement or each.sentence != statement.sentence for each, _ in pairs)
    plain = alone and not any(
        item.kind in (Kind.ORDINARY, Kind.UNKNOWN, Kind.NOT) for item in statement.items
    )
    typed = statement.typed.split()
    has = any(phrase.split()[-1] in typed for phrase in beside.has_them)
    return "has them all" if plain and has and len(typed) <= 5 else ""


def _is_counted_alone(gathered: Gathered, statement: Statement, meant: Meant) -> bool:
    """ "all 6 of them": the whole answer, and as many as there are."""
    plain = (Kind.EVERYONE, Kind.NUMBER, Kind.GROUP, Kind.FILL, *CHATTER, Kind.EMOJI, Kind.TODAY)
    whole = len(gathered.whose.pairs) == 1 and meant.group_count in gathered.sizes
    return whole and all(item.kind in plain for item in statement.items)


def _is_at_work(statement: Statement, beside: Neighbours) -> bool:
    """ "everyone else is painting", "the other three are on the ramps"."""
    following = beyond(statement.from_who[1:], _TO_WORK)
    if following is None or following.kind is not Kind.ORDINARY:
        return False
    doubted = any(item.kind in (Kind.NOT, Kind.HEDGE) for item in statement.items)
    return following.value in beside.at_work and not doubted


def _has_just_before(gathered: Gathered, statement: Statement) -> bool:
    """ "Mo's off today, we have all the others": the "we have" stands before the pause."""
    statements = [each for each, _ in gathered.whose.pairs]
    at = next((i for i, each in enumerate(statements) if each is statement), 0)
    before = statements[at - 1] if at else None
    if before is None or not before.pauses or before.sentence != statement.sentence:
        return False
    words = words_in(before.items[before.pauses[-1] :])
    alone = all(item.kind in _NO_MORE for item in statement.items)
    has = gathered.context.lexicon.beside.has_them
    return alone and any(words == set(phrase.split()) for phrase in has)


def _has_the_rest(statement: Statement, beside: Neighbours) -> bool:
    """ "got the other two": here, where no more is said."""
    words = words_in(statement.items)
    plain = not any(
        item.kind in (Kind.ORDINARY, Kind.UNKNOWN, Kind.NOT) for item in statement.items
    )
    return plain and any(words.issuperset(phrase.split()) for phrase in beside.has_them)


def _is_joined(gathered: Gathered, statement: Statement) -> bool:
    """ "Ellie M in and all the rest": what was said before the "and" is of them, too."""
    statements = [each for each, _ in gathered.whose.pairs]
    at = next((i for i, each in enumerate(statements) if each is statement), 0)
    before = statements[at - 1] if at else None
    if before is None or before.sentence != statement.sentence or not before.marks:
        return False
    joined = bool(before.items) and before.items[-1].kind in (Kind.AND, Kind.TOO)
    small = (Kind.REST, Kind.NUMBER, Kind.TODAY, Kind.EMOJI, *CHATTER)
    alone = all(item.kind in small for item in statement.items)
    here = bases(before) <= HERE and not (before.is_hedged or before.is_doubtful or before.times)
    return joined and alone and here


# what they come to


def settle_groups(gathered: Gathered) -> None:
    """Mark whoever was not named, where it is clear that they are meant."""
    out = gathered.out
    beside = gathered.context.lexicon.beside
    told = {_says(each, beside) for each in gathered.groups if not each.statement.continues}
    if {"here", "not here"} <= told:
        gathered.spoiled = True
        out.unread.append("all of them here, and not here")
        return
    gathered.spoiled = gathered.spoiled or any(
        each.made.value == UNSURE
        and each.meant.group == "everyone"
        and not each.statement.continues
        for each in gathered.groups
    )
    for each in gathered.groups:
        if each.meant.group == "nobody":
            _settle_nobody(gathered, each)
        elif each.made.rule == ASKED:
            out.asked = True
        elif each.statement.continues and each.made.weak and _is_said_before(gathered, each):
            # "all in but the minibus broke down": here, whatever it was.
            continue
        elif each.statement.continues and _is_past(each.statement, gathered.context.lexicon.beside):
            # "all back, they were in the chicken shop".
            continue
        elif each.made.value == UNSURE or each.meant.group == "subgroup":
            out.unread.append(each.statement.words)
        elif each.meant.group == "rest":
            _settle_rest(gathered, each)
        elif each.meant.group == "pair" and not _is_full(gathered, each):
            out.unread.append(each.statement.words)
        else:
            _settle_everyone(gathered, each)


def _is_said_before(gathered: Gathered, weak: OfGroup) -> bool:
    """Whether more was said of the same group than a reason that may keep somebody away."""
    return any(
        each is not weak and each.meant.group == weak.meant.group and each.made.mark in HERE_MARKS
        for each in gathered.groups
    )


def _is_past(statement: Statement, beside: Neighbours) -> bool:
    """Whether it is only of where they were."""
    was = any(item.kind is Kind.FILL and item.value in beside.was for item in statement.items)
    somewhere = all(mark.value.startswith("in_") for mark in statement.marks)
    return was and (somewhere or not statement.marks) and not statement.has_open_not


def _says(of_group: OfGroup, beside: Neighbours) -> str:
    """Whether a word for all of them says here, not here, or neither."""
    statement, meant, made = of_group
    if meant.group == "everyone" and made.mark is not None:
        return "here" if made.mark in HERE_MARKS else "not here"
    gone = bases(statement) <= {"gone", "left", "unaccounted", "late", "not_late", "awaited"}
    if meant.group == "nobody" and statement.marks and not gone:
        return "here" if _is_nobody_away(statement, beside) else "not here"
    return ""


def _is_full(gathered: Gathered, each: OfGroup) -> bool:
    """ "6/6 in": as many as there are."""
    return each.meant.group_count in gathered.sizes and each.made.mark is Mark.PRESENT


def _is_nobody_away(statement: Statement, beside: Neighbours) -> bool:
    """ "nobody absent"; but "no shows today, not one of them": a "no" said twice is still a no."""
    denied = any(begins(m.typed, beside.says_no) and not m.negated for m in statement.marks)
    return bool(bases(statement) & {"absent", "missing"}) and not denied


def _is_plainly_nobody(gathered: Gathered, statement: Statement) -> bool:
    """ "nobody absent" and no other no: all that may be turned round into "all are in"."""
    turned = any(mark.negated for mark in statement.marks) or statement.has_open_not
    beside, typed = gathered.context.lexicon.beside, statement.typed
    for phrase in beside.not_at_all:
        typed = typed.replace(phrase, "")
    alone = beside.every_one.isdisjoint(typed.split())
    alone = alone and bool(statement.refs) and all(r.what != "everyone" for r in statement.refs)
    of_being_here = [
        each
        for each, m, _ in gathered.groups
        if m.group == "nobody" and not bases(each) <= {"late"}
    ]
    return alone and not turned and len(of_being_here) == 1


def _settle_nobody(gathered: Gathered, each: OfGroup) -> None:
    statement, _, made = each
    out, said = gathered.out, bases(statement)
    other = said & {"awaited", "late", "not_late", "left", "unaccounted", "gone"}
    unsure = made.value == UNSURE
    if statement.marks and (other or (unsure and not said & {"present", "absent"})):
        # "nobody late": not of who is here, and nobody's mark.
        if said & {"absent", "missing", "present", "arrived"}:
            out.unread.append(statement.words)
        return
    away = _is_nobody_away(statement, gathered.context.lexicon.beside)
    yet = "not_yet" in said or statement.is_yet
    early = yet and gathered.context.now < gathered.context.start_of(None) + 15
    if unsure or statement.is_hedged or statement.is_question or (early and not away):
        out.unread.append(statement.words)
        return
    if away and not _is_plainly_nobody(gathered, statement):
        # "Not any, nobody in", "none of them and all off": no word for a full house.
        gathered.spoiled = True
        out.unread.append(statement.words)
        return
    if away:
        made = made._replace(value="present", rule="nobody is absent", reason=None)
        _settle_everyone(gathered, OfGroup(statement, Meant(group="everyone"), made))
        return
    _settle_nobody_in(gathered, statement, made)


def _settle_nobody_in(gathered: Gathered, statement: Statement, made: Verdict) -> None:
    afternoon = statement.lunch or gathered.reply.half is Half.PM
    back = "back" in bases(statement) and afternoon
    reason = reason_of(statement, gathered.context)[0]
    made = made._replace(rule="nobody is in", reason=reason, at=None)
    gathered.out.whole = True
    rest = any(ref.what == "rest" for ref in statement.refs)
    rest = rest or bool(gathered.context.lexicon.beside.else_than & set(statement.typed.split()))
    for pupil in gathered.others():
        if rest and gathered.reply.marks.get(pupil.number) in HERE_MARKS:
            # "none of the others": those of whom nothing was known.
            continue
        if back:
            gathered.out.settle(pupil.number, made, gathered.not_back(pupil.number))
        elif not gathered.unsure_if_held(pupil.number):
            gathered.out.settle(pupil.number, made, Mark.ABSENT)


def _is_withheld(gathered: Gathered, mark: Mark) -> bool:
    """Whether "here" cannot be believed yet: "3 off, rest in", or long before the start."""
    if mark not in HERE_MARKS:
        return False
    if any(other not in HERE_MARKS for _, other in gathered.out.counts):
        return True
    if gathered.is_too_early:
        gathered.out.too_early = True
    return gathered.is_too_early


def _settle_everyone(gathered: Gathered, each: OfGroup) -> None:
    statement, meant, made = each
    out, mark = gathered.out, made.mark
    agrees = _count_agrees(gathered, meant)
    if not agrees or gathered.spoiled:
        what = "the count does not agree" if not agrees else "whom it leaves out is not clear"
        if not out.counts:
            out.unread.append(f"{statement.words} ({what})")
        out.whole = True
        return
    if mark is None:
        return
    out.whole = True
    if _is_withheld(gathered, mark):
        return
    if mark is Mark.UNACCOUNTED and "not_back" not in bases(statement):
        out.unread.append(statement.words)
        return
    out.question = out.question or mark is Mark.LEFT
    counted = meant.group_count is not None
    if gathered.context.lexicon.beside.else_than & set(statement.typed.split()):
        # "Aiden texted from town. No one else missing": not of whoever was just named.
        others = gathered.mentioned - out.named
        out.unsure.update(dict.fromkeys(others, "named, and no mark was said"))
    of_morning = _is_of_morning(gathered, statement)
    if of_morning and mark in HERE_MARKS and not gathered.reply.am_marks:
        out.unread.append(statement.words)
        return
    for pupil in gathered.others(known=counted and meant.group_count == len(gathered.pupils)):
        if of_morning and gathered.reply.am_marks.get(pupil.number) not in HERE_MARKS:
            continue
        if (
            gathered.context.is_own_start_ahead(pupil)
            and not counted
            and mark not in (Mark.LEFT, Mark.UNACCOUNTED)
        ):
            out.quiet.add(pupil.number)
        elif mark in HERE_MARKS:
            _settle_here(gathered, pupil, each, mark)
        else:
            _settle_away(gathered, pupil, each, mark)


def _is_of_morning(gathered: Gathered, statement: Statement) -> bool:
    """ "everyone from this morning is back", "all the morning lot": whoever was here then."""
    if gathered.reply.half is not Half.PM:
        return False
    led = (each.kind for each, item in pairwise(statement.items) if item.kind is Kind.MORNING)
    mornings = gathered.context.lexicon.beside.mornings
    said = {word for ref in statement.refs for word in ref.said.lower().split()}
    return Kind.FROM in led or bool(said & mornings)


def _settle_here(gathered: Gathered, pupil: RosterPupil, each: OfGroup, mark: Mark) -> None:
    """ "all in": whoever has no mark; with "now" or "back" also whoever was not here."""
    n, out, said = pupil.number, gathered.out, bases(each.statement)
    held = gathered.reply.marks.get(n)
    made = each.made._replace(at=None, reason=None)
    if held is None:
        out.by_group.add(n)
        out.settle(n, made._replace(rule="everyone is in"), mark)
        return
    if held in HERE_MARKS:
        return
    asked = gathered.reply.pending
    if (
        isinstance(asked, RestPresent)
        and "yes" in gathered.clauses.answers
        and n not in asked.pupils
    ):
        # "yep all them back": those who were asked about.
        return
    now = _says_now(each.statement, gathered.context.lexicon.beside) and held is not Mark.LEFT
    if "back" not in said and not now:
        out.left_over = True
        return
    early = gathered.context.now < gathered.context.start_of(pupil)
    present = early or held in (Mark.UNACCOUNTED, Mark.LEFT)
    rule = "everyone is here now"
    out.by_group.add(n)
    out.settle(n, made._replace(rule=rule), Mark.PRESENT if present else Mark.LATE)


def _settle_away(gathered: Gathered, pupil: RosterPupil, each: OfGroup, mark: Mark) -> None:
    n, out = pupil.number, gathered.out
    if mark is Mark.LEFT and gathered.reply.marks.get(n) in (Mark.ABSENT, Mark.LEFT):
        return
    if mark in (Mark.ABSENT, Mark.AWAITED) and gathered.unsure_if_held(n):
        return
    one = verdict(each.statement, pupil, gathered.context)
    made = each.made._replace(rule="everyone: " + each.made.rule, at=one.at)
    out.settle(n, made, one.mark or mark)


def _says_now(statement: Statement, beside: Neighbours) -> bool:
    words = {word for mark in statement.marks for word in mark.typed.split()}
    return statement.is_now or bool(words & beside.now_at_last)


def _settle_rest(gathered: Gathered, each: OfGroup) -> None:
    statement, meant, made = each
    out, mark = gathered.out, made.mark
    named_before = gathered.mentioned - _only_wish(gathered, statement)
    named_before -= _told_of_later(gathered, statement)
    named_before |= _named_before(gathered, statement)
    named_before |= gathered.clauses.voided
    others = [pupil for pupil in gathered.others() if pupil.number not in named_before]
    not_named = [n for n in gathered.pupils if n not in out.named]
    count = meant.group_count
    if count == len(not_named) != len(others):
        # "no Stu. Other three in, Jada's in bits": the count says that she is one of them.
        others = [each for each in gathered.others() if each.number not in gathered.clauses.voided]
    asked = gathered.reply.pending
    if isinstance(asked, RestPresent):
        # "Deepak is, other two running late": the others of whom it was asked.
        of_asked = [pupil for pupil in others if pupil.number in asked.pupils]
        others = of_asked if count == len(of_asked) else others
    if mark is Mark.LEFT:
        # "the other two have gone home": of those who were here.
        others = [each for each in others if gathered.reply.marks.get(each.number) not in _STAYS]
    unmarked = [pupil for pupil in others if pupil.number not in gathered.reply.marks]
    if count == len(unmarked):
        # "the other five are here": whoever has no mark yet.
        others = unmarked
    clash = count not in (None, len(others), len(not_named)) and not gathered.unclear
    if clash:
        here = [each for each in others if gathered.reply.marks.get(each.number) in HERE_MARKS]
        if mark in HERE_MARKS and count == len(here):
            # "the other two are still here": whom we know to be, where others have left.
            out.whole = True
            return
        out.unread.append(statement.words)
        return
    early = gathered.context.now < gathered.context.start_of(None) + 15
    if mark is Mark.ABSENT and statement.is_yet and early:
        # "none of the others yet", eleven minutes in.
        out.unread.append(statement.words)
        return
    if mark is None or (mark in HERE_MARKS and any(m not in HERE_MARKS for _, m in out.counts)):
        return
    unclear = gathered.somebody_unread or _is_rest_of_nobody(gathered, others)
    if gathered.spoiled or (mark in HERE_MARKS and unclear):
        out.unread.append(statement.words)
        return
    if _is_withheld(gathered, mark):
        return
    out.whole = True
    for pupil in others:
        _settle_one_of_rest(gathered, pupil, each, mark)


def _told_of_later(gathered: Gathered, statement: Statement) -> set[int]:
    """ "rest in. Ella told me something": whoever is named only in a later sentence, unmarked."""
    later: set[int] = set()
    before: set[int] = set()
    for each, meant in gathered.whose.pairs:
        apart = each.sentence > statement.sentence and not (each.says or each.has_open_not)
        (later if apart and not each.is_hedged else before).update(meant.pupils)
    return later - before


def _is_rest_of_nobody(gathered: Gathered, others: Sequence[RosterPupil]) -> bool:
    """ "storm off, rest in": others than somebody, and nobody is one whom we could read."""
    reply = gathered.reply
    return len(others) == len(reply.roster) and not reply.marks and reply.pending is None


def _only_wish(gathered: Gathered, statement: Statement) -> set[int]:
    """ "others in. Reece wants to know ...": one of the others, who only wants something."""
    pairs = gathered.whose.pairs
    at = next((i for i, (each, _) in enumerate(pairs) if each is statement), len(pairs))
    wishes = gathered.context.lexicon.beside.wishes
    behind, before = set[int](), {n for _, meant in pairs[:at] for n in meant.pupils}
    for each, meant in pairs[at + 1 :]:
        plain = not (each.says or each.is_hedged or each.days or each.times or each.has_open_not)
        verb = beyond(each.from_who[1:], (Kind.FILL,))
        wish = verb is not None and verb.value in wishes and each.sentence != statement.sentence
        if plain and wish and not any(item.kind in _NO_WISH for item in each.items):
            behind.update(meant.pupils)
        else:
            before.update(meant.pupils)
    return behind - before


def _named_before(gathered: Gathered, statement: Statement) -> set[int]:
    """ "Chloe's sister is poorly. Everyone else is here": whoever was just named is no other."""
    before: set[int] = set()
    for each, meant in gathered.whose.pairs:
        if each is statement:
            return before
        before = set(meant.pupils) or before
    return before


def _settle_one_of_rest(gathered: Gathered, pupil: RosterPupil, each: OfGroup, mark: Mark) -> None:
    n, out, beside = pupil.number, gathered.out, gathered.context.lexicon.beside
    held = gathered.reply.marks.get(n)
    own = gathered.context.is_own_start_ahead(pupil)
    if own or (held is not None and mark in HERE_MARKS):
        if own:
            out.quiet.add(n)
        if held in _STAYS and held is not Mark.LEFT and _says_now(each.statement, beside):
            late = Mark.PRESENT if held is Mark.UNACCOUNTED else Mark.LATE
            out.settle(n, each.made._replace(reason=None), late)
        return
    if held in HERE_MARKS and mark is Mark.ABSENT:
        return
    at = None
    if mark in (Mark.AWAITED, Mark.LEFT):
        at = verdict(each.statement, pupil, gathered.context).at
    out.by_group.add(n)
    if mark is Mark.UNACCOUNTED and gathered.reply.am_marks.get(n) is Mark.ABSENT:
        mark = Mark.ABSENT
    out.settle(n, each.made._replace(rule="the rest: " + each.made.rule, at=at), mark)
