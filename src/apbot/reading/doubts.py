"""
Doubts: why a pupil who is said to be here may not be.

A word that nobody knows beside the mark, somebody else's word for it, a condition, a past, a
question: each is named as the office will read it.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from apbot.domain.words import Mark
from apbot.reading.items import CHATTER, PRONOUNS, SUBJECTS, Item, beyond, words_in
from apbot.reading.lexicon import Kind, Lexicon, PhraseIndex
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import ends_as
from apbot.reading.statements import Said, Statement
from apbot.reading.told import ONLY_PAST, Context

CONDITION = "a condition stands beside it"

# What may stand between a name and its mark, whatever word it is.
_BETWEEN_KINDS = frozenset(
    (
        *(*SUBJECTS, *PRONOUNS, *CHATTER, Kind.GROUP, Kind.SUBGROUP, Kind.IT, Kind.SPEAKER),
        *(Kind.MARK, Kind.REASON, Kind.ON_THE_WAY, Kind.CODE, Kind.YES, Kind.NOT, Kind.REPORTS),
        *(Kind.FILL, Kind.AND, Kind.BUT, Kind.EXCEPT, Kind.ONLY, Kind.TOO, Kind.SAME, Kind.WITH),
        *(
            Kind.NOW,
            Kind.JUST,
            Kind.YET,
            Kind.TODAY,
            Kind.MORNING,
            Kind.AFTERNOON,
            Kind.WEEKDAY,
            Kind.DATE,
        ),
        *(Kind.TIME, Kind.UNTIL, Kind.LUNCH, Kind.FROM, Kind.CORRECTION, Kind.EMOJI),
        Kind.CHAT_YES,
    )
)
# "4 Marta ✓": nothing else is there to doubt.
_BARE = (Kind.NAME, Kind.NUMBER, Kind.CODE)
_ASKED_AFTER = ("pupils", "everyone", "rest", "he", "she", "they", "both")
_MAY_BE_AWAY = (Kind.RELATION, Kind.ORDINARY, Kind.UNKNOWN, Kind.PLACE_AWAY, Kind.REASON)
_ELSEWHERE = "came, but maybe somewhere else"
# Whose words are no doubt, though the same words are elsewhere ("not", "no one").
_NO_DOUBT_KINDS = frozenset(
    (
        *(Kind.CHAT, Kind.THANKS, Kind.NAME, Kind.MARK, Kind.ONLY, Kind.TODAY, Kind.NOT, Kind.YET),
        *(
            Kind.CORRECTION,
            Kind.SCRAP,
            Kind.EXCEPT,
            Kind.NOBODY,
            Kind.TIME,
            Kind.EVERYONE_IN,
            Kind.NOW,
        ),
    )
)


def why_doubtful(statement: Statement, context: Context) -> str:
    """Return why a pupil said to be here may not be, or nothing."""
    beside = context.lexicon.beside
    if statement.is_doubtful:
        return CONDITION
    if all(item.kind in _BARE for item in statement.items):
        return ""
    if _is_of_another(statement, beside):
        return "it may be said of somebody else"
    if any(item.kind is Kind.REPORTS for item in _before_mark(statement)):
        return "somebody else is said to have said it"
    if _is_only_past(statement, context):
        return ONLY_PAST
    marks = [mark for mark in statement.marks if not mark.is_code]
    return (
        _stands_between(statement, marks, beside)
        or _leads_away(statement, marks, beside)
        or _unknown_behind(statement, marks, context.lexicon)
        or _doubting_phrase(statement, context.lexicon)
    )


def _before_mark(statement: Statement) -> list[Item]:
    """What stands before the first word that says "here"."""
    first = min((mark.place for mark in statement.marks if mark.place >= 0), default=0)
    return statement.items[:first]


def _is_of_another(statement: Statement, beside: Neighbours) -> bool:
    """ "the other femi is here", "staff all in", "femi's taxi is here": not of the one named."""
    if statement.mark_first or not statement.refs:
        return False
    if statement.of == "pupils" and statement.possessed == "transport":
        return True
    before = statement.before_who[-1:]
    if not before:
        return False
    if statement.of == "everyone":
        return before[0].kind is Kind.STAFF
    # "the other Jack" of two is one of them; of one it is somebody else.
    one_of_two = before[0].value == "other" and len(statement.refs[0].pupils) > 1
    return statement.of == "pupils" and before[0].value in beside.other_than and not one_of_two


def _is_only_past(statement: Statement, context: Context) -> bool:
    """ "everyone was here": it may be that they are no more; with a time it is an arrival."""
    beside = context.lexicon.beside
    if statement.is_correction or statement.times or statement.is_now:
        return False
    if statement.of == "everyone" and context.reply.half.value.lower() in statement.days:
        # "everyone was in this morning", of this morning's register.
        return False
    if any(
        m.value != "present" or _holds_still(statement, m.typed, beside) for m in statement.marks
    ):
        return False
    if set(context.reply.marks.values()) & {Mark.ABSENT, Mark.AWAITED}:
        return False
    before = _before_mark(statement)[max(statement.ref_place, 0) :]
    if words_in(before) & beside.already:
        # "the other two were already here"
        return False
    return bool(words_in(i for i in before if i.kind is Kind.FILL) & beside.only_past)


def _holds_still(statement: Statement, typed: str, beside: Neighbours) -> bool:
    """ "was here all along"; of all of them "were here at the start", too."""
    words = {*typed.split()}
    of_all = statement.of in ("everyone", "rest") and words & beside.at_the_start
    return bool(words & beside.holds_still or of_all)


def _stands_between(statement: Statement, marks: Sequence[Said], beside: Neighbours) -> str:
    first = min((mark.place for mark in marks if mark.place >= 0), default=-1)
    if statement.mark_first or statement.ref_place < 0 or first < 0:
        return ""
    # "tacked up and here": what they did as well.
    joined = any(item.kind is Kind.AND for item in statement.items[first - 1 : first])
    brought = any(
        mark.value == "arrived" and not beside.him.isdisjoint(mark.typed.split()) for mark in marks
    )
    for item in statement.items[statement.ref_place + 1 : first]:
        if brought and item.kind is Kind.RELATION:
            # "Mo's mum has just dropped him off".
            continue
        between = item.kind in _BETWEEN_KINDS or item.value in beside.between
        placed = any(mark.value == "in_place" and mark.place == first for mark in marks)
        doing = item.kind is Kind.ORDINARY and ends_as(item.value, beside.doing_ends)
        between = between or (placed and doing and item.value not in beside.not_here_doing)
        between = between or (joined and ends_as(item.value, beside.verb_ends))
        if not between and item.value not in beside.siblings:
            return f"“{item.text}” stands between the name and the mark"
    return ""


def _leads_away(statement: Statement, marks: Sequence[Said], beside: Neighbours) -> str:
    """ "turned up at her nans", "arrived home", "back with her dad": came, but not to us."""
    came = [m for m in marks if m.value in ("arrived", "back") and not m.negated and m.place >= 0]
    if not came or statement.of == "everyone":
        return ""
    thing = statement.mark_first and any(
        item.kind is Kind.NAME and item.has_s and following.kind in (Kind.ORDINARY, Kind.UNKNOWN)
        for item, following in pairwise(statement.items)
    )
    behind = statement.items[came[-1].place + 1 :]
    led = behind[0] if behind else None
    if thing or (led is not None and led.kind is Kind.PLACE_AWAY):
        # "found jade's bag", "he's back home now".
        return _ELSEWHERE
    if statement.is_now:
        # "back at her station now".
        return ""
    mark = came[-1]
    if led is not None and led.typed in beside.back_to:
        whose = beyond(behind[1:], (Kind.FILL,))
        away = whose is not None and whose.kind in (Kind.RELATION, Kind.PLACE_AWAY)
        # "came back to his mum's".
        return _ELSEWHERE if away else ""
    if led is None or led.value not in beside.leads_away or statement.times:
        return ""
    if led.value in beside.found_by and beside.finds.isdisjoint(mark.typed.split()):
        return ""
    company = led.value in beside.company
    kinds = (Kind.CHAT, Kind.RELATION) if company else _MAY_BE_AWAY
    where = beyond(behind[1:], (Kind.FILL,), beside.articles)
    came_in = mark.value != "back" or not beside.bare_in.isdisjoint(mark.typed.split())
    if where is None or where.value in beside.with_us or (company and came_in):
        return ""
    return _ELSEWHERE if where.kind in kinds else ""


def _unknown_behind(statement: Statement, marks: Sequence[Said], lexicon: Lexicon) -> str:
    place = max((mark.place for mark in marks), default=-1)
    following = statement.items[place + 1 : place + 2]
    if place < 0 or not following or following[0].kind is not Kind.UNKNOWN:
        return ""
    # "came in a blorp", "here smiling", "all here linda", "in studio b": of how they came, to whom
    # it is said, and which room, not of whether.
    said = following[0].value
    came = any(mark.value in ("arrived", "back") for mark in marks)
    room = len(said) == 1 and any(m.value == "in_place" and m.place == place for m in marks)
    plain = came or room or said in lexicon.given_names or ends_as(said, lexicon.beside.doing_ends)
    return "" if plain else f"“{following[0].text}” is not known"


def _doubting_phrase(statement: Statement, lexicon: Lexicon) -> str:
    doubts, beside = lexicon.doubts, lexicon.beside
    mild = beside.mild
    said = min((mark.place for mark in statement.marks if not mark.negated), default=-1)
    pause = next((at for at in statement.pauses if at > said >= 0), len(statement.items))
    afterwards = {word for item in statement.items[pause:] for word in item.value.split()}
    kept = (item for item in statement.items if item.kind not in _NO_DOUBT_KINDS)
    words = tuple(word for item in kept for word in item.value.split())
    came = bool(statement.times) and any(mark.value == "arrived" for mark in statement.marks)
    for hit in _first_at_each(doubts, words):
        if came and hit in beside.ago:
            continue
        if hit in mild and afterwards.issuperset(hit.split()):
            # "all 5 in, doing fake blood": of what they do.
            continue
        return f"“{hit}” makes it doubtful"
    if any(mark.value == "absent" for mark in statement.marks):
        # "put her as off by mistake, she's in": what was a mistake is the other mark.
        return ""
    # As it was typed, for what is hidden within another phrase: "in the other building".
    # But a whole phrase of chat is what it is ("too wet to be out").
    plain = (
        item
        for item in statement.items
        if not (item.kind is Kind.CHAT and item.text.count(" ") > 2)
        and not (item.kind is Kind.MARK and _holds_still(statement, item.typed, beside))
    )
    typed = tuple(" ".join(item.typed for item in plain).replace("'", "").split())
    for hit in _first_at_each(doubts, typed):
        past = hit in mild and afterwards.issuperset(hit.split())
        if " " in hit and not (past or hit.split()[0] in beside.was):
            return f"“{hit}” makes it doubtful"
    return ""


def _first_at_each(doubts: PhraseIndex, words: tuple[str, ...]) -> Iterable[str]:
    for start in range(len(words)):
        length = doubts.shortest(words, start)
        if length:
            yield " ".join(words[start : start + length])


# questions


def begins_by_asking(statement: Statement, beside: Neighbours) -> bool:
    """ "is chloe in": a question by its order, though no "?" ends it."""
    if statement.mark_first or statement.of not in _ASKED_AFTER:
        return False
    before = statement.before_who
    while before and before[0].kind in (*CHATTER, Kind.EMOJI, Kind.AND):
        before = before[1:]
    words = [word for item in before for word in item.value.split()]
    if beside.puts_down & set(words):
        # "can you mark everyone in": asked of us, and said.
        return False
    who = statement.from_who[:1]
    if not words or not who:
        return False
    if who[0].kind not in (*SUBJECTS, *PRONOUNS):
        # "in but has gone home": of whoever was named before, and not asked.
        return False
    with_us = any(mark.typed in beside.are_with_us for mark in statement.marks)
    asked = len(before) == 1 and words[0] in beside.asked_of
    asked = asked and not (words[0] in beside.has and with_us and not statement.is_question)
    return asked or words[0] in beside.asked_to or " ".join(words[:2]) in beside.have_you


def asks(statement: Statement, beside: Neighbours) -> bool:
    """Whether a question's own word stands first."""
    past = (Kind.CHAT, Kind.EMOJI, Kind.POINT)
    first = next((item for item in statement.items if item.kind not in past), None)
    return first is not None and first.value in beside.asking
