"""
Clauses: who is spoken of, and what is said of them.

A tagged message becomes statements in the order of its words. People leave out points and commas,
so a new statement begins where somebody else is named after something was said, not only where a
sentence ends. What a word governs (a "not", an "I think", a "yesterday") goes to one statement.
"""

from collections.abc import Callable, Mapping, Sequence

from apbot.reading import governing, hedging, many, others, pronouns, sayings, subjects, which_day
from apbot.reading.draft import Draft
from apbot.reading.items import CHATTER, GROUPS, NAMED, PRONOUNS, SAYS, SUBJECTS, Item, beyond
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.reach import PARTED
from apbot.reading.small_words import ends_as
from apbot.reading.statements import Clauses, Ref, Statement


def build(items: Sequence[Item], beside: Neighbours) -> Clauses:
    """Return the statements of a tagged message."""
    draft = Draft(items, beside)
    while draft.at < len(items):
        item = items[draft.at]
        _take(draft, item)
        if item.kind is not Kind.POINT and not (item.kind is Kind.CHAT and draft.gap == ","):
            draft.gap = ""
        draft.at += 1
    draft.close()
    return draft.out


def _take(draft: Draft, item: Item) -> None:
    if item.kind is Kind.POINT:
        _point(draft, item)
        return
    if draft.void:
        if item.kind not in (Kind.REST, Kind.EVERYONE) or not draft.gap:
            draft.out.voided.update(item.pupils)
            return
        draft.void = False
    _TAKES.get(item.kind, _small)(draft, item)


def _small(draft: Draft, item: Item) -> None:
    if item.kind is Kind.AND and draft.negated and _denies_something_else(draft):
        # "he's not happy and femi is in"
        draft.negated = False
    if _is_wondered(draft, item):
        # "Chloe wants to know what time the trip is": of nobody's place.
        draft.void = True
    elif item.value in draft.beside.does_not_run and draft.negated and draft.named is None:
        # "the ferry won't be running so Chloe ...": the "not" is of the ferry.
        draft.negated = False
    elif (
        item.value in draft.beside.whose and draft.named and draft.next_kind() is not Kind.RELATION
    ):
        # "Tobias, whose visit was put back": of the visit.
        draft.begin(Ref("other", item.text))
    elif item.value in draft.beside.got_the_rest and draft.gap and _has_the_others(draft):
        draft.close()
    elif _is_too_last(draft, item):
        _adverb(draft, item)
    elif item.kind is Kind.REPORTS and draft.cur is not None and not draft.cur.says:
        draft.cur.possessed = ""
    draft.keep(item)


def _is_wondered(draft: Draft, item: Item) -> bool:
    """ "Chloe would like to KNOW WHETHER ...", "her mum is ASKING WHAT ..."."""
    if item.value not in draft.beside.wants_to_know or draft.named is None or draft.negated:
        return False
    before, following = draft.before, draft.next()
    wants = before is not None and (
        before.value in draft.beside.bare_to or ends_as(item.value, draft.beside.doing_ends)
    )
    asked = following is not None and bool(
        set(following.value.split()[:1]) & draft.beside.what_is_wondered
    )
    return wants and asked


def _has_the_others(draft: Draft) -> bool:
    """ "no sign of Tyler, got the other two": a new thing said, of the others."""
    found = beyond(draft.ahead(3), (Kind.FILL,))
    return found is not None and found.kind in (Kind.REST, Kind.EVERYONE)


def _is_too_last(draft: Draft, item: Item) -> bool:
    """ "Stan absent, Tegwen also": the last of what is said of her."""
    return item.value in draft.beside.also and draft.named is not None and draft.ends_here()


def _adverb(draft: Draft, item: Item) -> None:
    if item.kind in (Kind.NOW, Kind.JUST):
        and_now = draft.before is not None and draft.before.kind in (Kind.AND, Kind.BUT)
        if and_now and draft.next_kind() in PRONOUNS and draft.cur is not None and draft.cur.says:
            # "was in the gym and now she's not": what follows is of now.
            draft.close()
        draft.bearer.is_now = True
    elif item.kind is Kind.YET:
        draft.bearer.is_yet = True
    elif item.value in draft.beside.includes and draft.next_kind() in NAMED:
        # "full house, and that includes Tobias".
        draft.close()
        draft.prefix.is_too = True
    elif draft.cur is not None and item.value not in draft.beside.even:
        draft.cur.is_too = draft.cur.is_too or not draft.cur.says
    else:
        draft.prefix.is_too = True


def _is_of_nobody(draft: Draft) -> bool:
    cur = draft.cur
    return cur is None or not cur.refs


def _say_adverb(draft: Draft, item: Item) -> None:
    cur = draft.cur
    if (
        item.typed in draft.beside.and_all
        and draft.next_kind() is Kind.MARK
        and _is_of_nobody(draft)
    ):
        # "back from dinner and all accounted for".
        many.take_group(draft, item._replace(kind=Kind.EVERYONE, value="all"))
        return
    names = draft.names_behind(-1) or draft.names_behind(0)
    if cur is not None and item.typed in draft.beside.includes and names:
        draft.close()
        draft.prefix.is_too = True
        draft.keep(item)
        return
    _adverb(draft, item)
    draft.keep(item)


def _same_as_morning(draft: Draft, item: Item) -> None:
    draft.out.same_as_morning = True
    draft.keep(item)


def _scrap(draft: Draft, item: Item) -> None:
    draft.out.scraps = True
    draft.close()
    if draft.next_kind() is Kind.NAME:
        # "Ignore that Femi is in": it may take that very thing back.
        draft.bearer.is_hedged = True
    draft.keep(item)


def _correction(draft: Draft, item: Item) -> None:
    if draft.at == 0 and not draft.beside.bare_no.isdisjoint(item.value.split()):
        draft.out.answers.append("no")
    draft.out.corrects = True
    draft.bearer.is_correction = True
    draft.keep(item)


# points


def _point(draft: Draft, item: Item) -> None:
    value = item.value
    if draft.cur is not None:
        draft.cur.pauses.append(len(draft.cur.items))
    if item.is_hard:
        _end_sentence(draft, value)
    elif value in ("(", "["):
        _open_bracket(draft)
    elif value in (")", "]"):
        _shut_bracket(draft)
    elif draft.void and value in (",", "-"):
        draft.void = False
    elif value == PARTED:
        draft.close()
        draft.except_open = False
    elif (value == "," and _is_said_without_words(draft)) or _is_of_its_own_hour(draft):
        draft.close()
    elif draft.negated and _denies_something_else(draft):
        draft.negated = False
    draft.gap = "," if value == PARTED else value


def _is_of_its_own_hour(draft: Draft) -> bool:
    """ "has dentist at 2, femi in": of nobody yet, and whoever is named next has a mark."""
    cur = draft.cur
    if cur is None or cur.refs or cur.marks or not (cur.reasons and cur.times):
        return False
    named = draft.next_kind() in (Kind.NAME, *GROUPS)
    return named and draft.is_spoken_of(draft.at + 1)


_OF_ITS_OWN = (Kind.ORDINARY, Kind.UNKNOWN, Kind.FILL, Kind.SPEAKER, Kind.CHAT, Kind.TODAY)


def _denies_something_else(draft: Draft) -> bool:
    """ "not sure what he said, jack got in": the "not" is of its own words, and not of Jack."""
    words = 0
    for item in reversed(draft.behind(8)):
        if item.kind is Kind.NOT:
            past = (Kind.CORRECTION, Kind.FILL, *CHATTER)
            following = beyond(draft.ahead(4), past)
            named = following is not None and following.kind in (Kind.NAME, *GROUPS)
            return words > 0 and named
        if item.kind not in _OF_ITS_OWN:
            return False
        words += item.kind not in (Kind.FILL, Kind.TODAY)
    return False


def _is_said_without_words(draft: Draft) -> bool:
    """ "1 and 3 are, I'll find out about Sean"; "zain's in zane's not, zayn's on his way"."""
    cur, before = draft.named, draft.before
    if cur is None or before is None or cur.is_except:
        return False
    denies = draft.negated and before.kind is Kind.NOT and not cur.negates_who
    return denies or before.value in draft.beside.verbs_of_being


def _end_sentence(draft: Draft, value: str) -> None:
    line_ends = value == "\n"
    listed = line_ends and _only_names_follow(draft)
    draft.void = False
    cur = draft.cur
    if value == "?":
        _question(draft)
    if cur is not None and cur.marks and not cur.refs and listed:
        # "Absent:" and on the lines below it, names.
        cur.header = True
        draft.header, draft.cur = cur, None
    else:
        draft.close()
        before = draft.before
        blank = line_ends and before is not None and before.value == "\n"
        if blank or not (listed or (value == ";" and _only_names_follow(draft))):
            draft.header = None
    if value != ";":
        headed = line_ends and draft.gap in (":", "-")
        listed_on = listed and draft.gap in (":", "-", ",")
        draft.except_open = draft.except_open and (headed or listed_on)
        draft.sentence += 1
    draft.opened = ""
    draft.heading = "" if value != ";" else draft.heading
    draft.line += line_ends
    draft.prefix = Statement()
    draft.negated = draft.hedge_next = False


def _question(draft: Draft) -> None:
    if draft.cur is not None:
        draft.cur.is_asked = not (draft.cur.reasons or draft.cur.times)
    for each in (*draft.out.statements, *([draft.cur] if draft.cur else [])):
        if each.sentence == draft.sentence:
            each.is_question = True


def _only_names_follow(draft: Draft) -> bool:
    """Whether the next line is somebody and nothing said of them."""
    found = False
    for item in draft.ahead():
        if item.is_hard:
            if found or item.value != "\n":
                return found
        elif item.kind in NAMED or item.kind is Kind.UNKNOWN:
            found = True
        elif item.kind in (Kind.MARK, Kind.CODE) or (not found and item.kind is not Kind.POINT):
            return False
    return found


def _open_bracket(draft: Draft) -> None:
    """ "aiden, femi (dentist)": what stands in the bracket is of the last one named."""
    cur, following = draft.cur, draft.next()
    if cur is None or following is None or draft.pushed is not None:
        return
    if following.kind in SUBJECTS or following.kind in (Kind.EXCEPT, Kind.ONLY, Kind.BUT):
        return
    if len(cur.refs) < 2 or cur.marks:
        return
    draft.pushed = cur
    inner = draft.cur = draft.new()
    inner.refs = [cur.refs[-1]]
    inner.is_except = cur.is_except


def _shut_bracket(draft: Draft) -> None:
    if draft.pushed is not None:
        outer, draft.pushed = draft.pushed, None
        draft.close()
        draft.cur = outer


_TAKES: Mapping[Kind, Callable[[Draft, Item], None]] = {
    Kind.NAME: subjects.take_name,
    Kind.NUMBER: subjects.take_number,
    Kind.RANGE: subjects.take_range,
    Kind.PAIR: subjects.take_pair,
    Kind.BOTH: many.take_both,
    Kind.SUBGROUP: many.take_subgroup,
    **dict.fromkeys(GROUPS, many.take_group),
    **dict.fromkeys(PRONOUNS, pronouns.take_pronoun),
    **dict.fromkeys(SAYS, sayings.say),
    Kind.UNKNOWN: others.take_unknown,
    Kind.WITH: others.take_with,
    Kind.RELATION: others.take_relation,
    Kind.STAFF: others.take_staff,
    Kind.VEHICLE: others.take_vehicle,
    Kind.IT: others.take_it,
    Kind.SPEAKER: others.take_speaker,
    Kind.EXCEPT: governing.take_except,
    Kind.BUT: governing.take_but,
    Kind.ONLY: governing.take_only,
    Kind.NOT: governing.take_not,
    Kind.HEDGE: hedging.take_hedge,
    Kind.IF: hedging.take_if,
    Kind.SAME: governing.take_same,
    Kind.YES: governing.take_answer,
    Kind.NO: governing.take_answer,
    Kind.TIME: which_day.take_time,
    Kind.UNTIL: which_day.take_until,
    Kind.LUNCH: which_day.take_lunch,
    **dict.fromkeys(which_day.DAYS, which_day.take_day),
    **dict.fromkeys((Kind.NOW, Kind.JUST, Kind.YET, Kind.TOO), _say_adverb),
    Kind.SAME_AS_MORNING: _same_as_morning,
    Kind.SCRAP: _scrap,
    Kind.CORRECTION: _correction,
}
