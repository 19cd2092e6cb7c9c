"""
Verdicts: what one statement makes of one pupil, by the hour and by what is already known.

A verdict of "here" needs words for it and nothing beside them that could change them: a word that
nobody knows next to the mark, a doubt, a "not" without its verb turns it into "unsure". Verdicts
of "not here" are taken more easily, for they raise a question and not a false peace.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from apbot.domain.readings import RosterPupil
from apbot.domain.words import Mark, Reason
from apbot.reading.codes import REASON_CODES
from apbot.reading.doubts import asks, begins_by_asking
from apbot.reading.elsewhen import breaths_of, said_before_the_day, why_elsewhen
from apbot.reading.items import Item, beyond, typed_in
from apbot.reading.joining import ASKED, THOUGHT, WAS_TO_BE
from apbot.reading.lexicon import Kind, Lexicon
from apbot.reading.neighbours import Neighbours
from apbot.reading.statements import Statement
from apbot.reading.told import (
    ELSEWHEN,
    FAMILY,
    HERE_MARKS,
    LEAVING,
    NOTHING,
    Context,
    Told,
    Verdict,
)
from apbot.reading.turned import HERE, UNSURE, base, bases
from apbot.reading.weighing import weigh

_NEAR = 5
# What nobody is taken to be on a question.
_NEVER_ASKED = ("present", "late", "left")


def verdict(statement: Statement, pupil: RosterPupil | None, context: Context) -> Verdict:
    """Return what the statement makes of the pupil, or of everyone where `pupil` is None."""
    words, beside = statement.words, context.lexicon.beside
    if statement.of == "other":
        return Verdict(NOTHING, words=words)
    if _is_family_coming(statement, beside, is_here=context.held(pupil) in HERE_MARKS):
        return Verdict(LEAVING, "somebody is coming for them", words=words)
    if context.held(pupil) in HERE_MARKS and _is_to_be_fetched(statement, beside):
        return Verdict(LEAVING, "somebody is to come for them", words=words)
    when = why_elsewhen(statement, context.reply, beside)
    if when and not _is_lost_now(statement):
        first = said_before_the_day(statement)
        if first is None:
            return Verdict(ELSEWHEN, when, words=words)
        statement = first
    if not (statement.says or statement.negates_who or statement.times):
        return Verdict(UNSURE if statement.is_hedged else NOTHING, THOUGHT, words=words)
    if statement.marks and _is_written(statement.before_who, beside):
        return Verdict(LEAVING, "what stands written, for the office", words=words)
    if _asks_when_a_thing_is(statement, beside):
        return Verdict(NOTHING, "when something of theirs is, is asked", words=words)
    if _is_not_to_be_put(statement, beside):
        return Verdict(NOTHING, "it is not to be put so", words=words)
    said = bases(statement)
    reason, symptom = reason_of(statement, context)
    stays = reason not in (None, Reason.TRANSPORT)
    if stays and not said - {"absent", *HERE} and _is_called_off(statement, context):
        if not said & HERE:
            return Verdict(NOTHING, "what would keep them away is called off", words=words)
        # "Andrei's turned up after all, court got put off".
        reason, symptom = None, False
    if said == {"not_late"} and reason is None:
        held = context.held(pupil)
        doubted = statement.is_hedged or statement.is_doubtful or statement.is_question
        if held is Mark.LATE and not doubted:
            return Verdict("present", "was put as late, and was not", denies=True, words=words)
        return Verdict(
            NOTHING if held is not None or pupil is None else UNSURE,
            "not late, and no more",
            words=words,
        )
    if pupil is None and _is_not_all(statement, beside):
        return Verdict(UNSURE, "not all, or none of them: it does not say which", words=words)
    if _is_of_possessed(statement, said, beside):
        return Verdict(NOTHING, words=words)
    made = weigh(Told(statement, said, reason, symptom, pupil, context))
    if made.value == UNSURE and statement.is_question and begins_by_asking(statement, beside):
        made = made._replace(rule=ASKED)
    elif made.value == UNSURE and _was_to_be(statement, beside):
        made = made._replace(rule=WAS_TO_BE)
    if made.value in (NOTHING, UNSURE, LEAVING):
        return made._replace(words=words)
    doubt = _not_said(statement, made, pupil, context)
    if doubt:
        return Verdict(UNSURE, doubt, words=words)
    told = made.mark is not None and made.value not in HERE_MARKS and _is_told(statement, beside)
    return made._replace(
        rule=f"{made.rule}, {FAMILY}" if told else made.rule,
        words=words,
        now=made.now or statement.is_now,
        corrects=statement.is_correction,
        denies=all(mark.negated and mark.value == "absent" for mark in statement.marks),
    )


def _is_family_coming(statement: Statement, beside: Neighbours, *, is_here: bool) -> bool:
    """ "Mo isn't well, his mum is coming at 11", "Mo's mum got here": she is, and he is not."""
    # "driving him up" brings him.
    coming = [
        mark
        for mark in statement.marks
        if (mark.typed.split()[0] in beside.comes or (mark.value == "arrived" and is_here))
        and beside.him.isdisjoint(mark.typed.split())
        and mark.place > 0
    ]
    if not coming or len({mark.value for mark in statement.marks}) > 1:
        return False
    led = [item for item in statement.items[: coming[0].place] if item.kind is not Kind.FILL]
    with_them = any(item.kind is Kind.WITH for item in statement.items[coming[0].place :])
    only = not (with_them or statement.times or statement.reasons)
    theirs = any(item.has_s for item in led[-2:-1]) and only
    theirs = theirs or coming[0].value != "arrived"
    return bool(led) and led[-1].kind is Kind.RELATION and theirs and not statement.is_except


def _is_to_be_fetched(statement: Statement, beside: Neighbours) -> bool:
    """ "poorly, MUM'S GOING TO COLLECT HER about 11": then, and is here till then."""
    if statement.marks or statement.is_question or statement.is_except:
        return False
    items = statement.items
    for at, item in enumerate(items):
        whom = beyond(items[at + 1 : at + 3], (), ("up",))
        of_pupil = whom is not None and (whom.kind is Kind.NAME or whom.typed in beside.him)
        if item.typed not in beside.to_take or not of_pupil:
            continue
        led = items[max(at - _NEAR, 0) : at]
        somebody = any(each.kind in (Kind.RELATION, Kind.STAFF) for each in led)
        ahead = typed_in(led) & (beside.will | beside.bare_to)
        denied = any(each.kind in (Kind.NOT, Kind.IF) for each in led)
        if somebody and ahead and not denied:
            return True
    return False


def _was_to_be(statement: Statement, beside: Neighbours) -> bool:
    """ "was meant to be here for nine": what was to be, and not what is."""
    return any(
        item.kind is Kind.HEDGE and item.value in beside.was_to_be for item in statement.from_who
    )


def _is_told(statement: Statement, beside: Neighbours) -> bool:
    """ "femi off, mum says he's ill": whose word it is, which the register shows."""
    if all(item.kind is not Kind.RELATION for item in statement.items):
        return False
    said = [
        item
        for item in statement.items
        if item.kind is not Kind.FILL and item.value not in beside.own_s
    ]
    return any(
        item.kind is Kind.RELATION
        and bool({*item.value.split()} & beside.family)
        and (told.value in beside.tells or told.value in beside.rings)
        for item, told in pairwise(said)
    )


def _is_not_to_be_put(statement: Statement, beside: Neighbours) -> bool:
    """ "don't mark Zac absent": what the register is not to say, and no word of where he is."""
    before = statement.before_who
    if len(before) < 2:
        return False
    for led, item in pairwise(before):
        if led.kind is Kind.NOT and item.value in beside.puts_down:
            return True
    # "you've got Bo down as absent": what we hold, told back to us.
    told_us = any(
        led.value in beside.you and item.value in beside.has for led, item in pairwise(before)
    )
    return told_us and any(
        not beside.put_down.isdisjoint(item.typed.split()) for item in statement.from_who
    )


def _is_written(before: Sequence[Item], beside: Neighbours) -> bool:
    """ "your email says absent": what stands written, and not how it is."""
    threes = zip(before, before[1:], before[2:], strict=False)
    return any(
        (owner.value in beside.owners or owner.value in beside.your)
        and thing.value in beside.writings
        and says.kind is Kind.REPORTS
        for owner, thing, says in threes
    )


def _not_said(
    statement: Statement, made: Verdict, pupil: RosterPupil | None, context: Context
) -> str:
    """Return why this is thought or asked and not said, or nothing."""
    hedged = any(m.hedged and base(m, statement) != "awaited" for m in statement.marks)
    if hedged or statement.is_hedged:
        return THOUGHT
    doubted = statement.is_hearsay and made.value not in _NEVER_ASKED
    if doubted and made.reason is None and context.held(pupil) in HERE_MARKS:
        # "Mo told me Kai was off", of one who is here.
        return THOUGHT
    if statement.is_hearsay and made.value in _NEVER_ASKED:
        return THOUGHT
    beside = context.lexicon.beside
    asked = begins_by_asking(statement, beside)
    if made.value in _NEVER_ASKED and (statement.is_question or asked):
        return ASKED
    if made.value == "awaited" and (statement.is_asked or (statement.is_question and asked)):
        return ASKED
    return ASKED if statement.is_question and asks(statement, beside) else ""


def _is_called_off(statement: Statement, context: Context) -> bool:
    beside = context.lexicon.beside
    items = [item for item in statement.items if item.kind is not Kind.FILL]
    ahead = statement.times or any(day != "past" for day in statement.days)
    for led, over in pairwise(items):
        if led.kind is Kind.REASON and over.value in beside.ended and not ahead:
            # "his suspension is over".
            return True
    if any(phrase in statement.typed for phrase in beside.put_off):
        return True
    for before, item, after in zip([None, *items], items, [*items[1:], None], strict=False):
        # "mum has cancelled, he's got an infection": the session, and not what keeps him away.
        by_them = before is not None and before.kind is Kind.RELATION
        # "he's cancelled, stomach bug": what follows at once is why, and not what was called off.
        why = after is not None and after.kind is Kind.REASON
        if typed_in([item]) & beside.called_off and not (by_them or why):
            return True
    return False


def _is_not_all(statement: Statement, beside: Neighbours) -> bool:
    """ "everyone isn't in" may be some of them; "the others aren't in" is all of those."""
    others = statement.of == "rest" and bool(
        {*statement.refs[-1].said.lower().split()} & beside.plainly_the_rest
    )
    group = statement.of in ("everyone", "rest") and not others
    return group and any(m.negated and m.value in HERE for m in statement.marks)


def _is_lost_now(statement: Statement) -> bool:
    """ "shut tomorrow, femi has walked off": a day in another breath takes back nobody lost."""
    lost = [m.place for m in statement.marks if m.value == "unaccounted" and not m.negated]
    if not lost:
        return False
    days = statement.days
    named = any(day.startswith(("weekday", "date")) for day in days)
    if not named and not {"past", "am"} & set(days):
        return True
    breaths, of_days = breaths_of(statement)
    return {bisect_right(breaths, place) for place in lost}.isdisjoint(of_days)


def _asks_when_a_thing_is(statement: Statement, beside: Neighbours) -> bool:
    """ "what day's Femi's review meeting?": of the meeting, and not whether he is here."""
    owner = any(item.kind is Kind.NAME and item.has_s for item in statement.items)
    first = statement.before_who[:1]
    if owner and first and first[0].typed in beside.begins_asking:
        # "has Chloe's consent form come back yet".
        return not typed_in(statement.from_who).isdisjoint(beside.things_asked_after)
    asks = statement.is_question and not typed_in(statement.before_who).isdisjoint(
        beside.asks_when_it_is
    )
    return asks and owner and bool(statement.reasons) and not statement.marks


def _is_of_possessed(statement: Statement, said: set[str], beside: Neighbours) -> bool:
    """Whether it is the pupil's mum or bag of which this is said."""
    if statement.possessed in ("", "transport"):
        return False
    of_pupil = said & {"left", "awaited", "arrived", "gone", "gone_to"}
    went = [mark.typed.split() for mark in statement.marks]
    if said & {"left", "absent"} and any(not beside.him.isdisjoint(words) for words in went):
        # "Tommo's cut his thumb, dad took HIM home", "Tommo's mum is keeping HIM off".
        return False
    if any(len(words) > 1 and words[0] in beside.has_gone for words in went):
        # "Femi's mum has gone home".
        return True
    if of_pupil and all(" ".join(words) in beside.leaves for words in went):
        # "Mo's dad has left".
        return True
    return statement.possessed == "thing" or not of_pupil or "present" in said


def reason_of(statement: Statement, context: Context) -> tuple[Reason | None, bool]:
    """Return the reason said outright, and whether it is only a symptom."""
    for said in statement.marks:
        if said.is_code and said.value in REASON_CODES:
            return Reason(REASON_CODES[said.value]), False
    told = [(word, text) for word, text, hedged in statement.reasons if not hedged]
    if not told or statement.is_hedged:
        return None, False
    if typed_in(statement.items) & context.lexicon.beside.rescuers:
        # "the ambulance has taken her to hospital": where, and no appointment.
        told = [each for each in told if each[0] != "medical_appointment"]
        if not told:
            return None, False
    outright = [each for each in told if not _is_symptom(each[1], context.lexicon)]
    ranked = sorted(outright or told, key=lambda each: each[0] in ("other", "unknown"))
    return Reason(ranked[0][0]), not outright


def _is_symptom(text: str, lexicon: Lexicon) -> bool:
    return lexicon.symptoms.holds(tuple(text.replace("'", "").split()))
