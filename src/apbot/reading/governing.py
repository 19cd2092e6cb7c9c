"""
Governing: the small words that turn, limit or doubt what is said.

"except", "only", "not", "I think", "if", "same with", yes and no: each goes to one statement, and
here it is settled which.
"""

from apbot.reading.draft import Draft
from apbot.reading.items import CHATTER, NAMED, PRONOUNS, SUBJECTS, Item, beyond
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import begins
from apbot.reading.statements import WHOLE, Said, Statement

_WHOM = frozenset((*NAMED, Kind.UNKNOWN, Kind.BOTH))
_TO_WHOM = frozenset(
    (Kind.FILL, Kind.POINT, Kind.ONLY, Kind.AND, Kind.HEDGE, Kind.STAFF, Kind.CHAT)
)
_NEITHER = ("nor", "neither")


# except, but


def take_except(draft: Draft, item: Item) -> None:
    """Take "except": those named behind it are left out of what was said."""
    if _names_whom(draft):
        _leave_out(draft)
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
    draft.negated = False
    if draft.cur is not None and (draft.cur.says or draft.cur.is_too):
        draft.close()


def _leave_out(draft: Draft) -> None:
    draft.close()
    draft.except_open = True
    draft.prefix = Statement(is_except=True)
    draft.header = None


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
    for item in draft.ahead():
        if item.kind in _WHOM or item.kind is Kind.AND:
            seen = True
        elif not seen and item.kind not in (Kind.FILL, Kind.HEDGE) and item.value != ",":
            return False
        elif seen and item.value != ",":
            if not last.says and item.kind in (Kind.MARK, Kind.FILL):
                return True
            if item.kind is Kind.FILL and item.value in draft.beside.verbs_after_but:
                return False
            others = (Kind.ORDINARY, Kind.REPORTS, Kind.RELATION, Kind.MARK)
            return item.kind not in others
    return seen


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
    limits = following is not None and (
        following.kind in _WHOM
        or following.kind is Kind.NOT_YET
        or (following.kind is Kind.MARK and draft.names_behind(step))
    )
    seeks = {"missing", "waiting"} & set(item.value.split())
    if limits and (seeks or cur is None or cur.says or not cur.refs):
        draft.close()
        draft.prefix.is_only = True
        if seeks:
            _seek(draft, item, "absent" if "missing" in seeks else "not_yet")
        else:
            draft.except_open = False
    draft.keep(item)


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
    if item.value in _NEITHER and cur is not None and cur.says and cur.refs:
        take_same(draft, item)
        return
    if _is_answer(draft, item):
        take_answer(draft, item)
        return
    if cur is not None and cur.says and cur.refs and not cur.mark_first and following is not None:
        if following.kind in (Kind.NAME, Kind.NUMBER, Kind.UNKNOWN):
            draft.close()
        elif _turns_a_word(draft, following):
            draft.keep(item)
            draft.at += 1
            draft.keep(following)
            return
    before = draft.before
    twice = draft.negated and before is not None and before.kind is Kind.NOT
    if twice and item.value not in _NEITHER:
        draft.bearer.has_open_not = True
    listed = cur is not None and cur.negates_who and not cur.says
    if not listed or draft.next_kind() not in (Kind.NAME, Kind.NUMBER):
        draft.negated = True
    draft.keep(item)


def _turns_a_word(draft: Draft, following: Item) -> bool:
    """ "in but not happy": the "not" is of a word that says nothing of where."""
    plain = following.kind in (Kind.ORDINARY, Kind.CHAT)
    return plain and following.value not in draft.beside.articles and following.value != "in"


def _is_answer(draft: Draft, item: Item) -> bool:
    """ "No, femi too", "no": an answer, not a word that turns another."""
    following = draft.next()
    if following is None and draft.at == 0:
        return True
    if item.value not in ("no", "never") or following is None:
        return False
    opening = (*CHATTER, Kind.POINT, Kind.EMOJI, Kind.CORRECTION)
    first = beyond(draft.items[: draft.at + 1], opening)
    return first is item and following.kind is Kind.POINT


# I think, if


def take_hedge(draft: Draft, item: Item) -> None:
    """Take "I think", "not sure", "will let you know": what it is of is no more said."""
    draft.out.hedges = True
    promise = begins(item.value, draft.beside.promises)
    cur = draft.cur
    if cur is not None and (cur.says or cur.refs):
        if cur.says:
            _hedge_said(draft, cur, promise)
        else:
            cur.is_hedged = True
        cur.items.append(item)
        return
    last = draft.last
    following = _next_word(draft)
    if last is not None and (following is None or following.is_hard):
        group = last.whom in WHOLE and not promise
        if last.sentence == draft.sentence or group:
            last.is_hedged = True
            return
    draft.prefix.is_hedged = True
    draft.prefix.items.append(item)


def _hedge_said(draft: Draft, cur: Statement, promise: bool) -> None:
    """Doubt what was said, or what comes next."""
    following = _next_word(draft)
    kind = following.kind if following is not None else None
    if cur.is_hedged and kind is Kind.REST and not draft.gap:
        # "might be off I dunno, the rest are in": the doubt is not of the rest.
        return
    here = bool(cur.marks) and cur.marks[0].value == "present"
    if kind in (Kind.REASON, Kind.ON_THE_WAY) and (draft.gap or not here or cur.marks[0].negated):
        draft.hedge_next = True
    elif promise and (draft.gap or (cur.marks and not here)):
        cur.is_doubtful = True
    elif kind in SUBJECTS or kind in PRONOUNS or kind in (Kind.SPEAKER, Kind.IT):
        cur.is_hedged = cur.is_hedged or not draft.gap
        draft.close()
        draft.prefix.is_hedged = True
    elif kind is Kind.MARK and draft.gap:
        draft.hedge_next = True
    else:
        cur.is_hedged = True


def _next_word(draft: Draft) -> Item | None:
    """The next item that is not a small word, or the end of the sentence."""
    past = (Kind.FILL, Kind.CHAT, Kind.EMOJI, Kind.AND)
    for item in draft.ahead():
        small = item.kind in past or item.value in ("'s", "is")
        if item.is_hard or not (small or item.kind is Kind.POINT):
            return item
    return None


def take_if(draft: Draft, item: Item) -> None:
    """Take "if", "when", "until he": a condition, so that nothing behind it is said."""
    following = draft.next()
    you = following is not None and bool({"you", "u"} & set(following.typed.split()))
    if not (you and draft.gap and item.value in ("if", "when")):
        # "so ignore the noise, if you ring" is no condition on who is in.
        last = draft.last
        if draft.cur is not None:
            draft.cur.is_doubtful = True
            draft.close()
        elif last is not None and last.sentence == draft.sentence and not draft.gap:
            last.is_doubtful = True
        else:
            draft.prefix.is_hedged = True
    draft.void = True


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


def take_answer(draft: Draft, item: Item) -> None:
    """Take "yes" or "no": of whoever was just named, or an answer to what was asked."""
    yes, cur = item.kind is Kind.YES, draft.named
    if cur is None:
        if item.value != "true":
            draft.out.answers.append("yes" if yes else "no")
            draft.keep(item)
        return
    if yes:
        cur.marks.append(Said("yes", draft.negated, item.text, len(cur.items)))
        draft.negated = False
    elif draft.next_kind() in (None, Kind.POINT):
        cur.marks.append(Said("absent", False, item.text, len(cur.items)))
    cur.items.append(item)
