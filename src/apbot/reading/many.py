"""
Many: "all", "the rest", "nobody", "both" and "lads", the words for several pupils at once.

Whether such a word is of the pupils, of their things, or only says again whom the names said.
"""

from dataclasses import replace

from apbot.reading.draft import Draft
from apbot.reading.items import CHATTER, SUBJECTS, Item, beyond
from apbot.reading.lexicon import Kind
from apbot.reading.small_words import ends_as
from apbot.reading.statements import Ref, Said, Statement
from apbot.reading.subjects import add

_OF_DUE = frozenset((Kind.MARK, Kind.MORNING, Kind.AFTERNOON, Kind.TODAY, Kind.CHAT))
_ENDS_SHOWING = (
    *(Kind.POINT, Kind.TODAY, Kind.MORNING, Kind.AFTERNOON, Kind.YET, Kind.EMOJI),
    *CHATTER,
)
_THEIRS = (Kind.RELATION, Kind.STAFF)
_GROUP_OF = {Kind.EVERYONE_IN: "everyone", Kind.EVERYONE: "everyone", Kind.REST: "rest"}


def take_both(draft: Draft, item: Item) -> None:
    """Take "both", which after two names only says again that it is of them."""
    cur = draft.cur
    said_of_two = cur is not None and len(cur.refs) == 2 and cur.says and not cur.mark_first
    told = beyond(draft.ahead(), (Kind.FILL, Kind.WITH))
    why = told is not None and told.kind is Kind.REASON
    two = (draft.next_kind(), draft.next_kind(1), draft.next_kind(2))
    # "both femi and zosia have gone": of the two who are named.
    named = two == (Kind.NAME, Kind.AND, Kind.NAME) and not (draft.negated or draft.prefix.items)
    if draft.named is not None or (said_of_two and why) or (named and draft.cur is None):
        draft.keep(item)
    else:
        add(draft, Ref("both", item.text), item)


def take_group(draft: Draft, item: Item) -> None:
    """Take "all", "the rest", "nobody": a word for many."""
    what = _GROUP_OF.get(item.kind, "nobody")
    if _is_of_things(draft, item):
        draft.keep(item)
        return
    if item.kind is Kind.EVERYONE and _says_again(draft, item):
        return
    named = draft.named
    if item.kind is Kind.EVERYONE_IN and named is not None and _is_of_them(draft, named):
        named.marks.append(Said("present", False, item.text, len(named.items)))
        draft.keep(item)
        return
    led = draft.before
    if (
        item.value in draft.beside.all_itself
        and led is not None
        and not draft.gap
        and led.kind in _THEIRS
    ):
        # "parents all came for them", "staff all in": of those, and of no pupil.
        draft.begin(Ref("other", item.text))
        draft.keep(item)
        return
    if draft.negated and _is_of_another_verb(draft):
        draft.negated = False
    if draft.negated and what == "everyone":
        # "not everyone is in": nobody knows who.
        draft.negated = False
        draft.begin(Ref("everyone", item.text)).is_hedged = True
        draft.keep(item)
        return
    before = draft.before
    ahead = {each.kind for each in draft.ahead()}
    # "lads all here cept Femi" leaves out of all; "lads all here, chloe is off" may not.
    parted = Kind.EXCEPT not in ahead or Kind.SUBGROUP in ahead
    if (
        parted
        and item.value in draft.beside.all_itself
        and before is not None
        and before.kind is Kind.SUBGROUP
    ):
        # "lads all here": a part of them that nobody can name.
        what = before.kind.value if draft.gap == "" else what
    if what == "everyone":
        draft.at += _of_those_due(draft)
    if what == "rest" and named is not None and _is_none_of(draft, named):
        named.refs = [Ref("rest", item.text)]
        named.marks.append(Said("absent", False, named.items[0].text, len(named.items)))
        draft.keep(item)
        return
    cur = add(draft, Ref(what, item.text), item)
    shows = _shows(draft) if what == "nobody" else None
    if shows is not None:
        cur.marks.append(Said("arrived", False, shows.text, len(cur.items)))
    before, after = draft.before, draft.next()
    sent = before is not None and before.value in draft.beside.sending
    if before is not None and sent and after is not None and after.typed in draft.beside.to_home:
        cur.marks.append(Said("left", False, f"{before.value} home", 0))
        draft.at += 1
    elif item.kind is Kind.EVERYONE_IN:
        cur.marks.append(Said("present", False, item.text, len(cur.items)))


def _is_of_another_verb(draft: Draft) -> bool:
    """ "the alarm won't stop so we've sent everyone home": the "not" is of the alarm."""
    for item in reversed(draft.behind(8)):
        if item.kind is Kind.NOT or item.is_hard:
            return False
        if item.kind is Kind.SPEAKER and item is not draft.items[0]:
            return True
    return False


def _shows(draft: Draft) -> Item | None:
    """ "nobody else has showed": whether no more is said than that nobody came."""
    for step, item in enumerate(draft.ahead(4)):
        if item.value in draft.beside.nobody_shows and item.kind is Kind.ORDINARY:
            ends = draft.next_kind(step + 1) in (None, *_ENDS_SHOWING)
            return item if ends else None
        if item.kind not in (Kind.FILL, Kind.YET):
            return None
    return None


def _is_of_them(draft: Draft, named: Statement) -> bool:
    """ "Aiden, Chloe and Femi all present": of those who were named, and not of everyone."""
    listed = len(named.refs) > 1 and named.whom in ("pupils", "number", "range")
    left_out = named.is_except or named.is_object or named.negates_who
    return listed and not draft.gap and not left_out


def _is_none_of(draft: Draft, named: Statement) -> bool:
    """ "got Nico and Kyle, none of the others": nothing more is said of them."""
    before = draft.before
    of = before is not None and before.value in draft.beside.bare_of and not draft.gap
    ends = draft.next_kind() in (None, *_ENDS_SHOWING, Kind.THANKS)
    return named.whom == "nobody" and of and ends


def _is_no_showing(draft: Draft, told: Item) -> bool:
    """Whether it is a verb that says nothing of who came."""
    if told.kind is not Kind.ORDINARY or told.value in draft.beside.nobody_shows:
        return False
    doing = ends_as(told.value, draft.beside.doing_ends)
    return doing or not ends_as(told.value, draft.beside.past_ends)


def _of_those_due(draft: Draft) -> int:
    """ "everyone that's meant to be here is here": how many pieces say only who is due."""
    expected = False
    for step, item in enumerate(draft.ahead(9)):
        if item.is_hard or item.kind in SUBJECTS or item.kind is Kind.NOT:
            return 0
        due = item.value in draft.beside.due_here or item.typed in draft.beside.due_here
        be = item.kind is Kind.FILL or item.value in draft.beside.own_s
        if expected and not due and item.value in draft.beside.verbs_again:
            return step
        if expected and item.kind is Kind.CHAT and item.value in draft.beside.here_is:
            return step + 1
        if not (due or be or (expected and item.kind in _OF_DUE)):
            return 0
        expected = expected or due
    return 0


def _is_of_things(draft: Draft, item: Item) -> bool:
    """ "all her mums tablets", "full complement of staff": not of the pupils."""
    following = draft.next()
    if following is None:
        return False
    if item.kind is Kind.NOBODY:
        # "had nowt to eat", "nobody can say where".
        if following.value in draft.beside.asked_to:
            return True
        told = beyond(draft.ahead(3), (Kind.FILL,), draft.beside.own_s)
        if told is not None and _is_no_showing(draft, told):
            # "nobody's complaining", "no one's cold"
            return True
        of = following.value in draft.beside.bare_of
        thing = beyond(draft.ahead(4), (Kind.FILL,), draft.beside.bare_of | draft.beside.articles)
        if of and thing is not None and thing.kind is Kind.ORDINARY:
            # "none of the tills work"
            return True
        return following.value in draft.beside.bare_to and draft.next_kind(1) is Kind.ORDINARY
    if item.kind is Kind.EVERYONE_IN:
        return following.value in draft.beside.bare_of and draft.next_kind(1) is Kind.STAFF
    things = (Kind.ORDINARY, Kind.RELATION, Kind.VEHICLE, Kind.UNKNOWN)
    owned = following.value in draft.beside.owners and following.value not in draft.beside.ours
    return item.value in draft.beside.all_itself and owned and draft.next_kind(1) in things


def _says_again(draft: Draft, item: Item) -> bool:
    """ "aiden and femi all here", "they all are": whether "all" is of those who were named."""
    cur = draft.named
    if cur is None or (draft.before is not None and draft.before.kind is Kind.BUT):
        return False
    named = cur.whom in ("pupils", "number", "range") and not cur.is_except and not cur.is_object
    if item.value in draft.beside.all_itself and named and (not draft.gap or len(cur.refs) > 1):
        cur.items.append(item)
        return True
    if cur.whom not in ("everyone", "rest", "they"):
        return False
    if cur.whom == "they":
        cur.refs[-1] = Ref("everyone", item.text)
    cur.items.append(item)
    return True


def take_subgroup(draft: Draft, item: Item) -> None:
    """Take "lads", "year 9s": behind "all the", a part of them that nobody can name."""
    cur = draft.named
    if cur is not None and cur.whom in ("everyone", "rest", "both") and cur.refs[-1].count is None:
        cur.refs[-1] = replace(cur.refs[-1], what="subgroup")
    draft.keep(item)
