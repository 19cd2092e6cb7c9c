"""
Gathering: the statements of a message joined into its outcome.

Those about named pupils come first, then "everyone" and "the rest" for whoever was not named.
"""

from collections.abc import Sequence
from itertools import pairwise

from apbot.domain.readings import Reply, RestPresent, Why
from apbot.domain.words import Half, Mark
from apbot.reading.answered import is_all_answer
from apbot.reading.gathered import Gathered, OfGroup
from apbot.reading.groups import settle_groups, take_group
from apbot.reading.items import CHATTER, Item, holds_phrase, typed_in, words_in
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.neighbours import Neighbours
from apbot.reading.otherwise import said_otherwise, told_apart
from apbot.reading.outcome import Outcome
from apbot.reading.settling import (
    ask_of_slips,
    doubt_mentioned,
    is_held_doubted,
    settle_counted,
    settle_named,
    settle_only,
    settle_only_by_names,
    settle_only_by_rest,
    settle_otherwise,
    settle_swaps,
    settle_unsaid,
)
from apbot.reading.statements import Clauses, Said, Statement
from apbot.reading.told import ELSEWHEN, HERE_MARKS, LEAVING, OWN_START, Context, Verdict
from apbot.reading.turned import HERE, UNSURE, bases
from apbot.reading.unsaid import (
    answer_who_is,
    complete,
    deny_today,
    forget_moved,
    has_so_many,
    has_them,
    is_unable,
    only_these,
    say_too,
)
from apbot.reading.verdicts import verdict
from apbot.reading.who import Meant, Whose, sought, the_lost_two


def gather(
    items: Sequence[Item],
    clauses: Clauses,
    whose: Whose,
    reply: Reply,
    lexicon: Lexicon,
    *,
    is_urgent: bool,
) -> Outcome:
    """Join the statements of a message into its outcome; is a concern in it, it is urgent."""
    gathered = Gathered(
        clauses,
        whose,
        Context(reply, lexicon, _said_here(whose, reply)),
        pupils={pupil.number: pupil for pupil in reply.roster},
        spoiled=clauses.dangling_except,
        otherwise=said_otherwise(items, reply.half, lexicon.beside),
        # "all in but Dex stinks of weed" tells a worry about one of them.
        told_apart=frozenset() if is_urgent else told_apart(items),
        is_urgent=is_urgent,
        is_searched=holds_phrase(items, lexicon.beside.is_searched_for),
    )
    gathered.out.question = clauses.covered
    previous: Statement | None = None
    beside_whom: Statement | None = None
    for statement, _ in whose.pairs:
        forget_moved(statement, lexicon.beside)
    only_these(whose, lexicon.beside)
    for statement, meant in whose.pairs:
        if previous is not None:
            complete(statement, meant, previous, lexicon.beside)
        if beside_whom is not None:
            say_too(statement, meant, beside_whom, previous)
        answer_who_is(statement, meant, reply, lexicon.beside)
        deny_today(statement)
        _take(gathered, statement, meant)
        if statement.marks or is_unable(statement, lexicon.beside):
            previous = statement
        if statement.says or (meant.pupils and not (statement.is_too or statement.continues)):
            beside_whom = statement
    _unbelieve_counts(gathered)
    settle_named(gathered)
    # "his mum's here so he's off now": gone, and no more going to.
    gone = {number for number, mark in gathered.out.marks.items() if mark is Mark.LEFT}
    gathered.out.leaving = gathered.out.leaving or not gathered.leaving <= gone
    doubt_mentioned(gathered)
    ask_of_slips(gathered)
    settle_groups(gathered)
    settle_only(gathered)
    settle_only_by_rest(gathered)
    settle_only_by_names(gathered)
    settle_counted(gathered)
    settle_swaps(gathered)
    settle_unsaid(gathered)
    settle_otherwise(gathered)
    gathered.out.somebody_away = gathered.out.somebody_away or is_held_doubted(gathered)
    return gathered.out


_AWAY = frozenset(("absent", "missing", "left", "gone", "unaccounted", "not_back"))
_OF_A_DAY = (Kind.WEEKDAY, Kind.FUTURE_DAY)
# What is said of one who is looked for, and is no news.
_NOT_YET_BACK = {"not_back", "not_yet"}
_LEADS_AN_ANSWER = (
    *(*CHATTER, Kind.YES, Kind.CHAT_YES),
    *(Kind.FILL, Kind.NOW, Kind.JUST, Kind.ONLY, Kind.NOT),
)


def _said_here(whose: Whose, reply: Reply) -> frozenset[int]:
    """Whom the message itself says to be in, by a word for all of them."""
    left_out = {n for statement, meant in whose.pairs if statement.is_except for n in meant.pupils}
    for statement, meant in whose.pairs:
        if meant.group == "everyone" and "present" in bases(statement):
            return frozenset(p.number for p in reply.roster) - left_out
    return frozenset()


def _unbelieve_counts(gathered: Gathered) -> None:
    """ "5 here" of five: everyone, unless another count stands beside it."""
    if gathered.whose.counts_clash:
        gathered.out.unread.append("the counts")
        gathered.out.counts.clear()
        gathered.groups = [each for each in gathered.groups if each.statement.of != "number"]


def _take(gathered: Gathered, statement: Statement, meant: Meant) -> None:
    if statement.is_void or (statement.is_question and statement.continues):
        return
    out = gathered.out
    if meant.clash:
        out.unread.append(meant.clash)
        _is_about(gathered, statement)
    if meant.group:
        take_group(gathered, statement, meant)
    if meant.count is not None:
        _take_count(gathered, statement, meant.count)
    if meant.unread and _is_about(gathered, statement):
        out.unread.extend(meant.unread)
        gathered.spoiled = gathered.spoiled or statement.is_except
        if not bases(statement) & {*HERE, "late"}:
            gathered.somebody_unread = True
    if has_them(statement, meant, gathered.context.lexicon.beside):
        statement.marks = [Said("present", False, "got", -1)]
        statement.mark_first = True
    for number in _told_of(gathered, statement) or meant.pupils:
        _take_named(gathered, number, statement)
    for said, fits in meant.unclear:
        _take_unclear(gathered, said, fits, statement)
    known = _is_named_next(gathered, statement) or _is_of_leaver(gathered, statement)
    if meant.pronoun and not known and _is_about(gathered, statement):
        out.unread.append(statement.words)
        # "hes gone now", where no pupil is named, may be of anybody.
        is_of_pupil = any(other.pupils for _, other in gathered.whose.pairs)
        if is_of_pupil and bases(statement) & _AWAY:
            gathered.somebody_unread = out.somebody_away = True
    if not statement.refs and statement.says:
        _take_subjectless(gathered, statement)


def _is_of_leaver(gathered: Gathered, statement: Statement) -> bool:
    """ "his dad is picking him up at 11, HE'LL NOT BE BACK": of the one who goes then."""
    back = bool(statement.marks) and all(
        mark.value == "back" and mark.negated for mark in statement.marks
    )
    return back and len(gathered.leaving) == 1


def _is_named_next(gathered: Gathered, statement: Statement) -> bool:
    """ "found him, femi is back": who is meant is the one pupil that the message names."""
    if not bases(statement) <= HERE:
        return False
    others = [(s, meant) for s, meant in gathered.whose.pairs if s is not statement]
    plain = not any(meant.group or meant.unread or meant.unclear for _, meant in others)
    both = any(s.of == "both" for s, _ in others)
    return plain and len({n for _, meant in others for n in meant.pupils}) == (2 if both else 1)


def _is_about(gathered: Gathered, statement: Statement) -> bool:
    """Whether the statement would set a mark, had it a pupil."""
    made = verdict(statement, None, gathered.context)
    if made.value == ELSEWHEN:
        gathered.take_elsewhen(statement)
        return False
    limits = statement.is_except or statement.is_only or statement.is_too or statement.is_same
    return bool(made.value) or limits


def _take_named(gathered: Gathered, number: int, statement: Statement) -> None:
    out = gathered.out
    if _tells_of_another(gathered, number, statement):
        out.unread.append(statement.words)
        return
    made = verdict(statement, gathered.pupils[number], gathered.context)
    if made.mark in HERE_MARKS and _is_away_for_another(gathered, number, statement):
        made = Verdict(UNSURE, "not off for that, but for something else", words=statement.words)
    if made.mark in HERE_MARKS and _is_not_off_yet(gathered, number, statement):
        # "isn't off, he starts at quarter to 2": on his way till then.
        made = Verdict("awaited", "not off, and not due yet", words=statement.words)
    if made.value == ELSEWHEN:
        _take_elsewhen(gathered, number, statement)
        return
    anew = statement.marks and not made.weak
    if statement.continues and number in gathered.elsewhen and not anew:
        return
    if statement.is_except and not statement.continues:
        gathered.excepted[number] = statement
    if made.rule == OWN_START and not statement.is_except:
        out.quiet.add(number)
        gathered.understood.add(number)
        return
    if made.value == LEAVING:
        gathered.leaving.add(number)
        gathered.mentioned.add(number)
        gathered.understood.add(number)
        return
    if not made.value and made.at is not None:
        # "last saw Jordan at 11.40".
        gathered.said.setdefault(number, []).append(made)
    if not statement.says and not made.value:
        if _is_found_elsewhere(gathered, number, statement):
            made = Verdict(UNSURE, "found, but maybe somewhere else", words=statement.words)
            gathered.said.setdefault(number, []).append(made)
            return
        if not _only_tells(gathered, statement):
            gathered.mentioned.add(number)
        if not statement.is_except:
            return
    if "future" in statement.days and made.value == "absent":
        out.question = True
    if made.value or made.reason is not None:
        gathered.said.setdefault(number, []).append(made)
    elif statement.marks and not statement.is_except:
        gathered.mentioned.add(number)


def _is_away_for_another(gathered: Gathered, number: int, statement: Statement) -> bool:
    """ "isn't off ill, she's AT THE DENTIST": that she is here is not said."""
    if not statement.marks or not all(mark.negated for mark in statement.marks):
        return False
    of_them = [each for each, meant in gathered.whose.pairs if number in meant.pupils]
    here = any(m.value in HERE and not m.negated for each in of_them for m in each.marks)
    why = any(not negated for each in of_them for _, _, negated in each.reasons)
    # "she goes to Bramble on Mondays"
    day = any(item.kind in _OF_A_DAY for each in of_them for item in each.items)
    return not here and (why or day)


def _is_not_off_yet(gathered: Gathered, number: int, statement: Statement) -> bool:
    """Whether it is only denied that they are off, before their own start."""
    denied = bool(statement.marks) and all(mark.negated for mark in statement.marks)
    return denied and gathered.context.is_own_start_ahead(gathered.pupils[number])


def _tells_of_another(gathered: Gathered, number: int, statement: Statement) -> bool:
    """ "Jack says he's in town", while another is looked for: it may be of that other."""
    lost = sought(gathered.reply)
    return bool(lost) and number not in lost and _tells_of_him(statement)


def _tells_of_him(statement: Statement) -> bool:
    told = pairwise(statement.items)
    return any(led.kind is Kind.REPORTS and item.kind in (Kind.HE, Kind.SHE) for led, item in told)


def _told_of(gathered: Gathered, statement: Statement) -> list[int]:
    """ "Ismail's not here, Kayleigh says he's got trials": of Ismail, who was just named as out."""
    if not _tells_of_him(statement) or bases(statement) & {*HERE, "late", "left"}:
        return []
    pairs = gathered.whose.pairs
    at = next((n for n, (each, _) in enumerate(pairs) if each is statement), 0)
    before, meant = pairs[at - 1] if at else (statement, Meant())
    out = bases(before) & {"absent", "missing", "not_yet"}
    just = before.sentence == statement.sentence and len(meant.pupils) == 1
    return list(meant.pupils) if out and just and statement.of == "pupils" else []


def _is_found_elsewhere(gathered: Gathered, number: int, statement: Statement) -> bool:
    """ "found her, she's at the shop": where she is, and no room of ours."""
    beside = gathered.context.lexicon.beside
    lost = gathered.reply.marks.get(number) is Mark.UNACCOUNTED
    marks = (mark for each, _ in gathered.whose.pairs for mark in each.marks)
    if not lost and all(beside.finds.isdisjoint(mark.typed.split()) for mark in marks):
        return False
    said = any(item.value in beside.says_where for item in statement.from_who)
    ours = any(item.kind is Kind.PLACE_HERE for item in statement.from_who)
    found_only = not any(
        mark.value in HERE and not mark.negated and not set(mark.typed.split()) & beside.finds
        for each, _ in gathered.whose.pairs
        for mark in each.marks
    )
    return said and not ours and found_only and not typed_in(statement.items) & beside.with_us


def _only_tells(gathered: Gathered, statement: Statement) -> bool:
    """ "Ray says Jay is ill": Ray is one of the rest."""
    tells = gathered.context.lexicon.beside.tells
    return bool(statement.items) and statement.items[-1].value in tells


def _take_elsewhen(gathered: Gathered, number: int, statement: Statement) -> None:
    gathered.take_elsewhen(statement)
    # "the rest" are never those who were just spoken of.
    gathered.mentioned.add(number)
    if statement.is_except:
        gathered.out.unsure[number] = "left out, but what was said is of another time"
        gathered.out.named.add(number)
    elif "am" not in statement.days or gathered.reply.half is Half.AM:
        gathered.elsewhen.add(number)


def _take_unclear(
    gathered: Gathered, said: str, fits: tuple[int, ...], statement: Statement
) -> None:
    """Take a name that fits more than one pupil."""
    held = gathered.reply.marks
    # Whoever comes is one who was not here: "the other Jack's turned up" of the one who was off.
    not_here = (n for n in fits if held.get(n) not in HERE_MARKS)
    one = next(not_here, fits[0])
    made = verdict(statement, gathered.pupils[one], gathered.context)
    if made.value == ELSEWHEN:
        gathered.take_elsewhen(statement)
        # Whichever it is, he is not of the rest.
        gathered.mentioned.update(fits)
        return
    mark = made.mark
    if mark is None and statement.is_except:
        mark = gathered.left_out(fits[0])
    if made.value != UNSURE and mark is not None:
        gathered.unclear.update(fits)
        gathered.out.which.append((said, fits, mark))
        gathered.out.why.append(Why(None, statement.words, f"“{said}” fits more than one pupil"))
    elif made.value == UNSURE or statement.says:
        gathered.unclear.update(fits)
        gathered.out.unread.append(said)
    else:
        # "jack to come, rest in": whichever he is, he is not of the rest.
        gathered.mentioned.update(fits)


def _begins_with_mark(statement: Statement, beside: Neighbours) -> bool:
    """Whether "back" is said at once: not "back in ten", "back to work", "found it"."""
    if any(beside.finds & {*mark.typed.split()} for mark in statement.marks):
        return False
    place = max(statement.marks[0].place, 0)
    plain = (Kind.FILL, Kind.NOW, *CHATTER, Kind.CHAT_YES)
    led = statement.items[:place]
    if any(item.kind not in plain for item in led):
        return False
    if len(led) > 1 and led[-1].value in beside.is_or_are and led[-2].kind in CHATTER:
        # "sir is back": one of the staff.
        return False
    behind = words_in(statement.items[place + 1 :])
    away = behind & beside.soon or any(
        item.value in beside.bare_to for item in statement.items[place + 1 : place + 2]
    )
    return not (away or statement.times or statement.is_question)


def _take_subjectless(gathered: Gathered, statement: Statement) -> None:
    """Take what is said of nobody: of the one pupil, or of whom it is not clear."""
    roster = gathered.reply.roster
    if bases(statement) == {"back"} and _is_named_next(gathered, statement):
        for number in {n for _, meant in gathered.whose.pairs for n in meant.pupils}:
            # "found him! Cole was asleep in the minibus".
            if gathered.reply.marks.get(number) is Mark.UNACCOUNTED:
                _take_named(gathered, number, statement)
        return
    if len(roster) == 1:
        _take_named(gathered, roster[0].number, statement)
        return
    whom = words_in(statement.items) & gathered.context.lexicon.beside.him
    is_back = bases(statement) in ({"back"}, {"back", "in_place"})
    if is_back and (whom or _begins_with_mark(statement, gathered.context.lexicon.beside)):
        # "found her!", "back in the shed now": the one who is looked for; "found them": both.
        them = not whom.isdisjoint(gathered.context.lexicon.beside.them)
        lost = sought(gathered.reply) or (the_lost_two(gathered.reply) if them else [])
        for number in lost:
            _take_named(gathered, number, statement)
        if lost:
            return
    told_of = {n for _, meant in gathered.whose.pairs for n in meant.pupils}
    one = _still_sought(gathered, statement, told_of) or _asked_of(gathered, statement, told_of)
    if one:
        _take_named(gathered, one, statement)
        return
    made = verdict(statement, None, gathered.context)
    named = bool(told_of)
    no_shows = gathered.context.lexicon.beside.no_shows
    if not named and any(mark.typed in no_shows for mark in statement.marks):
        made = made._replace(value="present")
        gathered.groups.append(OfGroup(statement, Meant(group="nobody"), made))
    elif made.value == ELSEWHEN:
        gathered.take_elsewhen(statement)
    elif made.value == LEAVING:
        gathered.out.leaving = True
    elif made.value and (not made.weak or not gathered.said):
        gathered.out.subjectless.append(statement.words)
        if not bases(statement) & {*HERE, "late"} and not set(statement.days) - {"today"}:
            gathered.somebody_unread = True


def _asked_of(gathered: Gathered, statement: Statement, told_of: set[int]) -> int | None:
    """ "yep JUST COME IN", "OFF, DENTIST", of the one who was asked about."""
    asked = gathered.reply.pending
    if not isinstance(asked, RestPresent) or len(asked.pupils) > 1 or told_of:
        return None
    led = statement.items[: max(statement.marks[0].place, 0)] if statement.marks else []
    begins = all(item.kind in _LEADS_AN_ANSWER for item in led) and not statement.is_question
    said, beside = bases(statement), gathered.context.lexicon.beside
    here = bool(said) and said <= HERE
    return asked.pupils[0] if begins and (here or is_all_answer(statement.items, beside)) else None


def _still_sought(gathered: Gathered, statement: Statement, told_of: set[int]) -> int | None:
    """ "NOT BACK YET, but ON HIS WAY"": of the one looked for, if so."""
    one = sought(gathered.reply)
    pairs, said = gathered.whose.pairs, bases(statement)
    coming = any(not meant.pupils and bases(each) == {"awaited"} for each, meant in pairs)
    if not one or told_of - {*one} or not (told_of or coming):
        return None
    no_news = statement.is_yet and said <= _NOT_YET_BACK
    return one[0] if no_news or (said == {"awaited"} and one[0] in gathered.said) else None


def _take_count(gathered: Gathered, statement: Statement, count: int) -> None:
    """Take a bare number: everyone, nobody, or how many or which is to be asked."""
    out, roster = gathered.out, gathered.reply.roster
    made = verdict(statement, None, gathered.context)
    if made.value == ELSEWHEN:
        gathered.take_elsewhen(statement)
        return
    if not statement.says and has_so_many(statement, gathered.context.lexicon.beside):
        made = Verdict("present", "so many are with them", words=statement.words)
    mark = made.mark
    if statement.is_except:
        gathered.spoiled = True
        mark = gathered.left_out(None)
    if made.value == "present" and not statement.is_except:
        if count == 0:
            gathered.groups.append(OfGroup(statement, Meant(group="nobody"), made))
            return
        asked = gathered.reply.pending
        all_asked = isinstance(asked, RestPresent) and count == len(asked.pupils)
        if (count in gathered.sizes or all_asked) and not statement.is_only:
            meant = Meant(group="everyone", group_count=count)
            gathered.groups.append(OfGroup(statement, meant, made))
            return
    counted = statement.refs[0].is_plural or any(i.kind is Kind.GROUP for i in statement.items)
    if counted and mark is Mark.PRESENT and not statement.is_only:
        gathered.sure_count = count
    beside_name = any(ref.what == "pupils" for ref in statement.refs)
    if mark is None or beside_name or count > len(roster):
        if made.value or _is_about(gathered, statement):
            out.unread.append(statement.words)
    elif len(roster) == 1 and count == 1:
        _take_named(gathered, roster[0].number, statement)
    else:
        out.counts.append((count, mark))
        out.why.append(Why(None, statement.words, f"{count} may be how many, or a number"))
