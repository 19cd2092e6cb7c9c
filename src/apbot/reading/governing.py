"""
Governing: the small words that turn or limit what is said.

"except", "only", "not", "same with", yes and no: each goes to one statement, and here it is settled
which.
"""

from apbot.reading.draft import Draft
from apbot.reading.items import (
    CHATTER,
    GROUPS,
    NAMED,
    PRONOUNS,
    SAYS,
    SUBJECTS,
    Item,
    beyond,
    words_in,
)
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import begins, last_is
from apbot.reading.statements import WHOLE, Said, Statement
from apbot.reading.turned import HERE

_WHOM = frozenset((*NAMED, Kind.UNKNOWN, Kind.BOTH))
_TO_WHOM = frozenset(
    (Kind.FILL, Kind.POINT, Kind.ONLY, Kind.AND, Kind.HEDGE, Kind.STAFF, Kind.CHAT)
)
_MORE = (Kind.FILL, Kind.ORDINARY, Kind.REPORTS, Kind.CHAT)
_ENDS = (Kind.AND, Kind.BUT, Kind.TODAY, Kind.EMOJI, Kind.CHAT)


# except, but


def take_except(draft: Draft, item: Item) -> None:
    """Take "except": those named behind it are left out of what was said."""
    if _names_whom(draft):
        _leave_out(draft)
        return
    if last_is(item.value, draft.beside.bare_not) and draft.next_kind() in SAYS:
        # "she's just not come in".
        take_not(draft, item._replace(kind=Kind.NOT))
        return
    if item.value not in draft.beside.not_always_except and draft.cur is not None:
        draft.out.dangling_except = True
    draft.keep(item)


def take_but(draft: Draft, item: Item) -> None:
    """Take "but", which leaves out whoever follows "all", or only goes on."""
    if _names_whom(draft) and _but_excepts(draft):
        _leave_out(draft)
        return
    draft.keep(item)
    draft.opened = ""
    cur = draft.cur
    alone = cur is not None and cur is draft.named
    if alone and cur is not None and draft.negated != cur.negates_who:
        # "zofia isn't but femi's in", "no jack but zofia has": the "not" is of the first alone.
        draft.close()
        return
    draft.negated = False
    if cur is None:
        # "won't start til half past but amina's off": that hour is of nobody.
        draft.prefix.times.clear()
        draft.prefix.is_until = False
        return
    if alone and cur.is_except and draft.is_spoken_of(draft.at + 1):
        # "all in save zofia although marta has gone home".
        draft.close()
        draft.except_open = False
        return
    owned = cur.possessed not in ("", "transport", "thing")
    if cur.refs and not cur.says and _is_as_said(cur):
        cur.is_hedged = True
        draft.close()
    elif cur.says or cur.is_too:
        cur.is_void = cur.is_void or _is_as_put(cur, draft.beside)
        draft.close()
    elif cur.is_until or owned or _goes_on(draft, cur):
        draft.close()


def _is_as_put(cur: Statement, beside: Neighbours) -> bool:
    """ "I put Curtis down as present but ...", "I thought Kenny was off but ...": no more so."""
    before = words_in(cur.before_who)
    last = cur.marks[-1].place if cur.marks else 0
    led = words_in(cur.items[max(last - 1, 0) : last])
    put = before & beside.was_put and led & beside.put_as
    return bool(before & beside.was_thought or put)


def _is_as_said(cur: Statement) -> bool:
    """ "I said zofia but it's chloe": what was said of her before is no more so."""
    kinds = {item.kind for item in cur.before_who}
    return Kind.SPEAKER in kinds and Kind.REPORTS in kinds


def _goes_on(draft: Draft, cur: Statement) -> bool:
    """ "having her hand looked at but she IS in": what follows says it."""
    return bool(cur.refs) and not cur.is_except and draft.next_kind() in (Kind.HE, Kind.SHE)


def _leave_out(draft: Draft) -> None:
    draft.close()
    draft.except_open = True
    draft.prefix = Statement(is_except=True)
    draft.header = None


def _has_comma_before(draft: Draft, step: int) -> bool:
    before = draft.next(step - 1)
    return before is not None and before.value == ","


def _names_whom(draft: Draft) -> bool:
    for item in draft.ahead(5):
        if item.is_hard and item.value != "\n":
            return False
        if item.kind not in _TO_WHOM and item.value not in draft.beside.before_whom:
            return item.kind in _WHOM
    return False


def _but_excepts(draft: Draft) -> bool:
    """ "all in but jess": not where jess then has or does something."""
    last = draft.cur or draft.last
    if last is None or last.whom not in WHOLE:
        return False
    seen = False
    for step, item in enumerate(draft.ahead()):
        if seen and item.value == "," and _has_own_say(draft, step + 1):
            # "all in but chloe and femi, zofia came late": of zofia alone.
            return True
        sought = item.kind is Kind.MARK and draft.next_kind(step + 1) is Kind.NAME
        if seen and sought and _has_comma_before(draft, step):
            # "all in but chloe, no sign of femi": that is of femi.
            return True
        goes_on = last.says or draft.next_kind(step + 1) in _MORE
        if item.kind is Kind.NAME and item.has_s and not seen and goes_on:
            # "all in but Marta's not feeling great", "all in but tyler's on a plan".
            return False
        if item.kind in _WHOM or item.kind is Kind.AND:
            seen = True
        elif not seen and item.kind not in (Kind.FILL, Kind.HEDGE) and item.value != ",":
            return False
        elif seen and item.value != ",":
            if not last.says and item.kind in (Kind.MARK, Kind.FILL):
                return True
            paused = _has_comma_before(draft, step)
            if paused and [each.kind for each in draft.ahead(step)].count(Kind.NAME) == 1:
                # "all in but chloe, is she with you".
                return True
            if item.kind is Kind.FILL and item.value in draft.beside.verbs_after_but:
                # "all in but chloe, theo is here": that is of Theo, and leaves out Chloe.
                return _is_of_the_last(draft, step)
            others = (Kind.ORDINARY, Kind.REPORTS, Kind.RELATION, Kind.MARK, Kind.HEDGE)
            arrived = item.kind is Kind.MARK and item.value in {*HERE, "late"}
            if arrived and _is_of_the_last(draft, step):
                return True
            # "all in but chloe, 999 are on the way", "all in but chloe, mum is coming to see you":
            # told behind a pause, and not of what she does.
            told = paused and item.kind in (Kind.ORDINARY, Kind.RELATION, Kind.REPORTS)
            return told or item.kind not in others
    return seen


def _is_of_the_last(draft: Draft, step: int) -> bool:
    """Whether the verb at this step stands behind names with a pause, and no "and", between."""
    before = list(draft.ahead(step))
    kinds = [item.kind for item in before]
    return (
        kinds.count(Kind.NAME) > 1
        and Kind.AND not in kinds
        and any(item.value == "," for item in before)
    )


def _has_own_say(draft: Draft, step: int) -> bool:
    """Whether somebody is named there of whom something is said at once."""
    if draft.next_kind(step) is not Kind.NAME:
        return False
    own = draft.next_kind(step + 1) in (Kind.MARK, Kind.ON_THE_WAY, Kind.NOT_YET, Kind.NOT)
    return own or draft.has_verb_behind(draft.at + 1 + step)


# only


def take_only(draft: Draft, item: Item) -> None:
    """Take "only": it limits what is said to whoever is named with it."""
    cur, named = draft.cur, draft.named
    step, following = _beyond_only(draft)
    ends = following is None or following.is_hard or following.kind is Kind.THANKS
    if ends and named is not None and len(named.refs) > 1 and not named.is_except:
        # "aiden and chloe only"; one name with "only" may mean in or out.
        named.is_only = True
        named.marks.append(Said("present", False, item.text, len(named.items)))
        draft.keep(item)
        return
    before = words_in(draft.ahead(step))
    limits = not before & draft.beside.only_past
    limits = (
        limits
        and following is not None
        and (
            following.kind in _WHOM
            or following.kind is Kind.NOT_YET
            or (following.kind is Kind.MARK and draft.names_behind(step))
        )
    )
    seeks = sought_by(item, draft.beside)
    if item.value in draft.beside.only_absent:
        seeks = "absent"
    if limits and not seeks and cur is not None and _is_said_before(draft, cur):
        # "on site is only femi": said of him.
        cur.is_only = True
        draft.except_open = False
        draft.keep(item)
        return
    if limits and (seeks or cur is None or cur.says or not cur.refs):
        draft.close()
        draft.prefix.is_only = True
        if seeks:
            _seek(draft, item, seeks)
        else:
            draft.except_open = False
    draft.keep(item)


def _is_said_before(draft: Draft, cur: Statement) -> bool:
    """Whether a mark and its "is" stand before "only", and nobody of whom they are said."""
    if cur.refs or len(cur.marks) != 1 or cur.pauses or draft.gap or cur.has_open_not:
        return False
    behind = cur.items[cur.marks[0].place + 1 :]
    verb = any(each.value in draft.beside.is_or_are for each in behind)
    return verb and all(each.kind in (Kind.FILL, Kind.TODAY, Kind.NOW) for each in behind)


def sought_by(item: Item, beside: Neighbours) -> str:
    """Return the mark that an "only" is itself ("only missing Femi"), or nothing."""
    words = item.value.split()
    if not beside.only_missing.isdisjoint(words):
        return "absent"
    return "" if beside.only_waiting.isdisjoint(words) else "not_yet"


def _beyond_only(draft: Draft) -> tuple[int, Item | None]:
    """Return what "only" is of, and how many small words stand before it."""
    past = (Kind.FILL, Kind.CHAT, Kind.SPEAKER, Kind.AND)
    values = draft.beside.after_only | {":", "-"}
    for step, item in enumerate(draft.ahead()):
        if item.kind not in past and item.value not in values:
            return step, item
    return 0, None


def _seek(draft: Draft, item: Item, value: str) -> None:
    """ "only missing chloe": the "only" is itself the mark."""
    made = draft.begin_marks()
    made.is_yet = value == "not_yet"
    made.marks.append(Said(value, False, item.text, 0))


# not


def take_not(draft: Draft, item: Item) -> None:
    """Take "not", "no", "neither": it turns round the mark or the name that follows."""
    cur, following = draft.cur, draft.next()
    if item.value in draft.beside.neither_nor and cur is not None and cur.says and cur.refs:
        take_same(draft, item)
        return
    if _is_answer(draft, item):
        take_answer(draft, item)
        return
    contrasted = draft.named is cur and _is_contrasted(draft)
    if cur is not None and (contrasted or _is_the_other(draft, cur)):
        # "Jackson, not Jack, is the one off": of the first alone.
        if not contrasted:
            draft.out.others_named.append((cur.refs[-1], draft.items[draft.at + 1].pupils))
        draft.keep(item)
        draft.at += 1
        draft.keep(draft.items[draft.at]._replace(kind=Kind.CHAT))
        return
    if item.value == "no" and _is_no_thing(draft):
        draft.keep(item)
        return
    led, last = draft.before, draft.last
    taken_back = led is not None and led.kind is Kind.BUT and cur is None and last is not None
    if taken_back and (following is None or following.kind is Kind.POINT):
        # "is down as in but isn't": of whoever was spoken of, and of nobody behind it.
        last.has_open_not = True  # type: ignore[union-attr]  # there is one, or nothing is taken back
        draft.keep(item)
        return
    if cur is not None and _is_without_them(draft, cur, item):
        cur.marks[-1] = Said("absent", False, item.text, len(cur.items))
        draft.keep(item)
        return
    another = following is not None and following.kind is Kind.UNKNOWN and draft.gap != ""
    if cur is not None and cur.negates_who and cur.refs and another:
        # "no Omar today, no Mikey either".
        draft.close()
        cur = None
    if item.value == "no" and cur is not None and cur.says and draft.next_kind() in PRONOUNS:
        # "here in spirit only, no he's poorly".
        draft.close()
        draft.keep(item)
        return
    if cur is not None and cur.says and not cur.refs and draft.next_kind() is Kind.NAME:
        # "the taxi came without zara in it".
        draft.close()
        cur = None
    said = cur is not None and cur.says and cur.refs and (not cur.mark_first or cur.is_same)
    if cur is not None and said and following is not None:
        if following.kind in (Kind.NAME, Kind.NUMBER, Kind.UNKNOWN):
            draft.close()
        elif _turns_a_word(draft, following) or (
            following.value in draft.beside.objects
            and draft.next_kind(1) in (None, Kind.POINT, *_ENDS, Kind.THANKS)
        ):
            draft.keep(item)
            draft.at += 1
            draft.keep(following)
            return
    before = draft.before
    twice = draft.negated and before is not None and before.kind is Kind.NOT
    if twice and item.value not in draft.beside.neither_nor:
        draft.bearer.has_open_not = True
    listed = cur is not None and cur.negates_who and not cur.says
    if not listed or draft.next_kind() not in (Kind.NAME, Kind.NUMBER):
        draft.negated = True
    draft.keep(item)


def _is_without_them(draft: Draft, cur: Statement, item: Item) -> bool:
    """ "the taxi has turned up without her"."""
    following, ends = draft.next(), draft.next_kind(1)
    them = following is not None and following.value in draft.beside.objects
    came = bool(cur.marks) and cur.marks[-1].value in ("arrived", "back", "present")
    if cur.of in ("pupils", "rest", "everyone") and not (cur.possessed or cur.reasons):
        # "Jack came back without him": Jack did.
        return False
    return (
        item.typed in draft.beside.turned_up_without
        and them
        and came
        and ends in (None, Kind.POINT, *_ENDS)
    )


def _turns_a_word(draft: Draft, following: Item) -> bool:
    """ "in but not happy": the "not" is of a word that says nothing of where."""
    plain = following.kind in (Kind.ORDINARY, Kind.CHAT)
    return (
        plain
        and following.value not in draft.beside.articles
        and following.value not in draft.beside.bare_in
    )


def _is_the_other(draft: Draft, cur: Statement) -> bool:
    """ "it's Ben who's off not Harriet": not so of her, and no more is said of her."""
    led = cur.items[cur.ref_place : cur.ref_place + 3]
    it = draft.before is not None and any(item.kind is Kind.IT for item in cur.before_who)
    who = it or any(begins(item.typed, draft.beside.relatives) for item in led)
    who = who and draft.items[draft.at].value == "not"
    ends = draft.next_kind(1) in (None, Kind.POINT, Kind.BUT, Kind.EMOJI, Kind.CORRECTION, *CHATTER)
    near = draft.gap in ("", ",") and bool(cur.refs)
    return who and cur.says and near and draft.next_kind() is Kind.NAME and ends


def _is_contrasted(draft: Draft) -> bool:
    behind = draft.next(1)
    return (
        draft.gap == ","
        and draft.next_kind() is Kind.NAME
        and behind is not None
        and behind.value == ","
        and draft.is_spoken_of(draft.at + 1)
    )


def _is_no_thing(draft: Draft) -> bool:
    """ "no water in the salon": of a thing, and of nobody; but "no more in" is of somebody."""
    following, behind = draft.next(), draft.next(1)
    if following is not None and following.value in draft.beside.sessions:
        # "so no session for him today".
        return True
    if following is None or following.kind is not Kind.ORDINARY:
        return False
    if following.value in draft.beside.no_thing_after_no or draft.named is not None:
        return False
    if behind is None or behind.kind not in SAYS:
        return behind is not None and behind.kind not in SUBJECTS
    if behind.typed in draft.beside.here_in and draft.next_kind(2) in (None, Kind.POINT):
        # "no wifi here"
        return True
    return behind.typed in draft.beside.bare_in and draft.next_kind(2) is Kind.FILL


def _is_answer(draft: Draft, item: Item) -> bool:
    """ "No, femi too", "no": an answer, not a word that turns another."""
    following = draft.next()
    if following is None and draft.at == 0:
        return True
    if item.value not in draft.beside.said_no or following is None:
        return False
    opening = (*CHATTER, Kind.POINT, Kind.EMOJI, Kind.CORRECTION)
    first = beyond(draft.items[: draft.at + 1], opening)
    return first is item and following.kind is Kind.POINT


# the same, yes and no


def take_same(draft: Draft, item: Item) -> None:
    """Take "same with femi": the marks said before are of whoever follows."""
    following = draft.next_kind()
    if following not in SUBJECTS and following not in (Kind.UNKNOWN, Kind.FILL):
        draft.keep(item)
        return
    previous = draft.cur or draft.last
    draft.close()
    draft.prefix.is_same = True
    draft.prefix.take_marks(previous or Statement())


def _is_to(draft: Draft) -> bool:
    following = draft.next()
    return following is not None and following.value in draft.beside.to_or_for


def take_answer(draft: Draft, item: Item) -> None:
    """Take "yes" or "no": of whoever was just named, or an answer to what was asked."""
    if item.kind is Kind.YES and draft.named is not None and draft.next_kind() in GROUPS:
        # "no femi, yes all in": of them, and not of Femi.
        draft.close()
    yes, cur = item.kind is Kind.YES, draft.named
    if cur is None and item.typed in draft.beside.no_answer and draft.next_kind() is Kind.ORDINARY:
        # "absolutely perishing up here": no answer.
        draft.keep(item)
        return
    if cur is None and yes and draft.next_kind(1) is Kind.NAME and _is_to(draft):
        # "yes to Molly, Seb and Ugo"
        made = draft.begin_marks()
        made.marks.append(Said("yes", False, item.text, 0))
        draft.keep(item)
        draft.at += 1
        return
    if cur is None:
        to = beyond(draft.ahead(3), (Kind.FILL,), draft.beside.to_or_for)
        if yes and draft.gap and to is not None and to.kind is Kind.REST:
            # "no Femi, yes to the rest".
            draft.close()
        if item.value not in draft.beside.half_an_answer:
            draft.out.answers.append("yes" if yes else "no")
            draft.keep(item)
        return
    if yes:
        cur.marks.append(Said("yes", draft.negated, item.text, len(cur.items)))
        draft.negated = False
    elif draft.next_kind() in (None, Kind.POINT):
        cur.marks.append(Said("absent", False, item.text, len(cur.items)))
    cur.items.append(item)
