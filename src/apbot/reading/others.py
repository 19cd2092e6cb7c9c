"""
Others: whoever is spoken of and is no pupil of the register.

An unknown name, a mum, a tutor, a bus, the speaker: what is said of them is said of no pupil.
"""

from collections.abc import Sequence
from dataclasses import replace

from apbot.reading.draft import Draft
from apbot.reading.items import (
    CHATTER,
    SAYS,
    Item,
    any_word,
    beyond,
    holds_phrase,
    words_in,
)
from apbot.reading.lexicon import Kind
from apbot.reading.small_words import begins, ends_as
from apbot.reading.statements import WHOLE, Ref, Said, Statement
from apbot.reading.subjects import add, linked

_COMPANY = frozenset(
    (
        *(Kind.NAME, Kind.UNKNOWN, Kind.STAFF, Kind.RELATION, Kind.FILL, Kind.AND),
        *(Kind.SPEAKER, Kind.SHE, Kind.HE),
    )
)
_PREDICATE = (*SAYS, Kind.NOT)
_TO_PREDICATE = frozenset(
    (
        *(Kind.FILL, Kind.UNKNOWN, Kind.AND, Kind.STAFF, Kind.TODAY, Kind.NAME, Kind.ONLY),
        *(Kind.TOO, Kind.BOTH),
    )
)
_PRONOUNS = (Kind.HE, Kind.SHE)
_LISTING = (",", "&", "+")
_S = frozenset(("'s",))
_OF_OURS = frozenset(
    (Kind.ORDINARY, Kind.FILL, Kind.TIME, Kind.TODAY, Kind.STAFF, Kind.AND, *CHATTER, Kind.EMOJI)
)


def take_unknown(draft: Draft, item: Item) -> None:
    """Take a word that nobody knows: somebody who is not on the roster, or nothing."""
    if not _is_somebody(draft, item):
        draft.keep(item)
        return
    cur = draft.named
    other = (cur is not None and cur.whom == "other") or _is_covered_for(draft)
    add(draft, Ref("other" if other or _is_staff(draft) else "unknown", item.text), item)


def _is_somebody(draft: Draft, item: Item) -> bool:
    """Whether the unknown word stands where a name would."""
    cur, before = draft.cur, draft.before
    if before is not None and before.kind is Kind.WITH:
        return False
    led = draft.behind(2)
    with_me = before is not None and before.kind is Kind.AND and led[0].kind is Kind.SPEAKER
    if with_me and not draft.is_spoken_of(draft.at):
        # "so it's just me and Shaz": who works here with me.
        return False
    if before is not None and before.kind in (*_PRONOUNS, Kind.SPEAKER):
        # "except Kieran, he's gannin the dentist": what he does, and nobody's name.
        return False
    if before is not None and before.value in draft.beside.no_name_after:
        return False
    if before is not None and before.value in draft.beside.bare_at:
        # "broke down at Halifax".
        return False
    if before is not None and before.value in draft.beside.intensifiers and not draft.gap:
        # "proper claggy up here"
        return False
    if draft.except_open and draft.gap and _is_of_a_story(draft):
        return False
    if before is not None and not draft.gap and before.value in draft.beside.before_things:
        return False
    wanted = draft.except_open and (
        cur is None or (cur.is_except and not cur.is_hedged and (not cur.says or linked(draft)))
    )
    if wanted or (draft.prefix.is_only and cur is None):
        return True
    if draft.named is not None:
        listed = before is not None and (before.kind is Kind.AND or draft.gap in _LISTING)
        if not listed:
            return False
    values = draft.beside.articles | _S | {",", "-", ":", "&", "+"}
    if draft.next_kind() is Kind.TOO and draft.named is not None:
        # "Poppy is off and Gavin too"
        return True
    found = draft.meets(_PREDICATE, _TO_PREDICATE, values, 6)
    if found is not None and draft.named is not None and _goes_along(found, draft):
        # "ambulance has taken Becky, Karen has gone with her": one of the staff.
        return False
    return found is not None or draft.prefix.is_same


def _goes_along(found: Item, draft: Draft) -> bool:
    words = found.typed.split()
    return found.value == "left" and len(words) > 1 and words[-1] in draft.beside.him


def _is_of_a_story(draft: Draft) -> bool:
    """ "bar Tommo, bizzies lifted him": who did something to whoever was named."""
    first, second = draft.next(), draft.next(1)
    does = first is not None and first.kind is Kind.ORDINARY
    return does and second is not None and second.value in draft.beside.him


def _is_covered_for(draft: Draft) -> bool:
    """ "Steph's off so Mo is covering", "Ken's off so I'm running it": of the staff."""
    if not (draft.may_hold(draft.beside.covering) or draft.may_hold(draft.beside.we_cover)):
        return False
    led: Item | None = None
    for step, item in enumerate(draft.ahead(10, of=draft.at - 1)):
        covers = led is not None and item.value in draft.beside.we_cover
        ours = led is not None and led.kind is Kind.SPEAKER
        # "so Julie is taking them"
        theirs = led is not None and led.kind is Kind.UNKNOWN and _is_group(draft.next(step), draft)
        if covers and (ours or theirs):
            draft.out.covered = True
            return True
        if item.value in draft.beside.covering and item.kind is not Kind.NAME:
            draft.out.covered = True
            return True
        if item.kind is not Kind.FILL or item.value not in draft.beside.is_or_are:
            led = item
    return False


def _is_group(following: Item | None, draft: Draft) -> bool:
    return following is not None and following.value in draft.beside.takes_the_group


def _leaves_us_to_it(ahead: Sequence[Item], draft: Draft) -> bool:
    """ "Sandra's off sick so I've got agency cover", "so it's just me": one who works here."""
    so = next((at for at, each in enumerate(ahead) if each.value in draft.beside.so_it_is_us), None)
    off = any(_is_off(each, draft) for each in ahead[:so])
    if so is None or not off:
        return False
    us = any(
        each.kind is Kind.SPEAKER
        or set(each.value.split()[:1]) & draft.beside.who_write
        or set(each.value.split()[-1:]) & draft.beside.me
        for each in ahead[so : so + 5]
    )
    return us and bool(words_in(ahead[so:]) & draft.beside.left_to_us)


def _is_off(item: Item, draft: Draft) -> bool:
    """ "off", "had to go home", "poorly"."""
    if item.kind is Kind.MARK:
        return item.value == "absent" or item.typed in draft.beside.goes_home
    return item.kind is Kind.REASON and item.value == "illness"


def _leaves_us_short(draft: Draft) -> bool:
    """ "Dale's gone home so we're a man down", "Paul's on the desk cos Sandra's off"."""
    beside = draft.beside
    ahead = [each for each in draft.ahead(14) if not each.is_hard]
    if holds_phrase(ahead, beside.short_of_staff):
        return True
    around = [*draft.behind(10), *ahead]
    return holds_phrase(around, beside.minds_the_desk)


def _is_staff(draft: Draft) -> bool:
    beside = draft.beside
    if draft.may_hold(beside.searches) or draft.may_hold(beside.so_it_is_us):
        ahead = [each for each in draft.ahead(12) if not each.is_hard]
        if any_word(ahead, beside.searches) and any_word(ahead, beside.him):
            # "Pete gone down the lane looking for her".
            return True
        if _leaves_us_to_it(ahead, draft):
            draft.out.staff_off = True
            return True
    if _leaves_us_short(draft):
        draft.out.staff_off = True
        return True
    led = draft.next()
    room = Kind.PLACE_HERE in (draft.next_kind(1), draft.next_kind(2))
    if led is not None and led.kind is Kind.FROM and room:
        # "Lorraine from the kitchen".
        draft.out.staff_off = True
        return True
    past = (Kind.FILL, Kind.ORDINARY, Kind.POINT)
    return draft.meets((Kind.STAFF,), past, (), 4) is not None


def take_with(draft: Draft, item: Item) -> None:
    """Take whom somebody is with as company, unless something is said of them."""
    draft.keep(item)
    group, behind = draft.next(), draft.next(1)
    if group is not None and group.kind in (Kind.EVERYONE, Kind.REST):
        ends = behind is None or behind.kind in (Kind.POINT, Kind.EMOJI)
        if ends and draft.cur is not None:
            # "back round the fire with everyone": whom they are with.
            draft.at += 1
            draft.keep(group._replace(kind=Kind.CHAT))
            return
    while (following := draft.next()) is not None and following.kind in _COMPANY:
        if following.kind is Kind.NAME and (_name_speaks(draft) or draft.cur is None):
            return
        beyond_it = draft.next_kind(1)
        if following.kind is Kind.AND and beyond_it not in (Kind.UNKNOWN, Kind.STAFF):
            return
        draft.at += 1
        draft.keep(following._replace(kind=Kind.CHAT))
        if following.kind in (Kind.RELATION, Kind.STAFF):
            draft.bearer.has_company = True
        if following.kind in (Kind.NAME, Kind.UNKNOWN) and beyond_it is not Kind.AND:
            return


def _name_speaks(draft: Draft) -> bool:
    """Whether the name that follows has something said of it."""
    past = (Kind.FILL, Kind.AND, Kind.NAME, Kind.ORDINARY)
    found = beyond(draft.ahead(5, of=draft.at + 1), past)
    return found is not None and found.kind in _PREDICATE


def take_relation(draft: Draft, item: Item) -> None:
    """Take "mum", "his dad": what is said next may be of them."""
    cur = draft.cur
    if cur is not None and cur.possessed:
        cur.items.append(item)
        return
    if draft.named is not None and draft.named.is_except and _is_linked_to_the(draft):
        # "except Lula, and the boyfriend who …": he is not one of those left out.
        draft.close()
        draft.except_open = False
    before, following = draft.before, draft.next()
    mine = before is not None and before.value in draft.beside.of_the_writer
    if mine and following is not None and following.kind in (Kind.NAME, Kind.UNKNOWN):
        # "my sister Chloe had her baby": no pupil.
        draft.begin(Ref("other", item.text))
        draft.keep(item)
        draft.at += 1
        item = following._replace(kind=Kind.CHAT)
    elif _is_of_relation(draft):
        draft.begin(Ref("other", item.text))
    elif _is_here_before(cur) and _fetches_later(draft):
        # "Femi in, mum coming to get him at 11": here, and then what is to come.
        draft.close()
        draft.go_on()
    draft.keep(item)


def _fetches_later(draft: Draft) -> bool:
    found = draft.meets((Kind.MARK,), (Kind.FILL,), _S, 4)
    return found is not None and found.value == "gone"


def _is_linked_to_the(draft: Draft) -> bool:
    words = {item.value for item in draft.behind(3)}
    return not words.isdisjoint(draft.beside.bare_and) and bool(draft.beside.articles & words)


def _is_of_relation(draft: Draft) -> bool:
    """Whether what follows (present, absent, ill) is said of the person just named."""
    past, values = (Kind.FILL, Kind.NOT, Kind.STAFF, Kind.JUST, Kind.ONLY), draft.beside.relation_is
    found = draft.meets((Kind.MARK, Kind.REASON), past, values, 4)
    if found is None:
        return False
    if found.kind is Kind.REASON:
        return found.value == "illness"
    keeps = found.typed.startswith(tuple(draft.beside.kept_from))
    cur = draft.cur
    # "all in, his mum is coming at 11": she is, and not all of them.
    all_of_them = cur is not None and cur.whom in WHOLE and bool(cur.marks and cur.pauses)
    if (all_of_them or _is_here_before(cur)) and found.value in ("awaited", "arrived", "late"):
        return True
    if found.value in ("arrived", "late") and _comes_alone(draft, found):
        # "no Mo. his mum turned up at 9": she did, and he did not.
        return True
    # "her dad's just left": of the dad.
    gone = found.value in ("left", "gone") and found.typed in draft.beside.leaves
    return (found.value in ("present", "absent", "back") or gone) and not keeps


def _comes_alone(draft: Draft, mark: Item) -> bool:
    """Whether a relation comes, and nobody is said to come with them."""
    led = [item.kind for item in draft.behind(3) if item.kind is not Kind.FILL][-2:]
    before = draft.cur or draft.last
    went = before is not None and any(mark.value in ("left", "gone") for mark in before.marks)
    if led == [Kind.NAME, Kind.AND] or went:
        # "Mo and his mum just walked in", "Mo's gone home, mum came at 9.40".
        return False
    behind = list(draft.ahead(12))
    at = next((n for n, item in enumerate(behind) if item is mark), 0)
    comes_with = draft.beside.comes_with | draft.beside.fetches
    for item in behind[at + 1 :]:
        if item.is_hard:
            break
        if item.kind is Kind.WITH or item.value in comes_with:
            return False
    return True


def _is_here_before(cur: Statement | None) -> bool:
    """ "Femi in, his mum is coming at 11": whether he was said to be here, before a pause."""
    if cur is None or cur.whom != "pupils" or not cur.marks or not cur.pauses:
        return False
    last = cur.marks[-1]
    return last.value == "present" and not last.negated and last.place < cur.pauses[-1]


def take_staff(draft: Draft, item: Item) -> None:
    """Take "our welder": whoever was just named with it is of the staff."""
    cur = draft.named
    if cur is not None and (cur.whom == "unknown" or (cur.whom == "pupils" and _is_title(draft))):
        cur.refs[-1] = replace(cur.refs[-1], what="other")
    elif _is_name_of_staff(draft):
        draft.begin(Ref("other", item.text))
        draft.keep(item)
        draft.at += 1
        item = draft.items[draft.at]._replace(kind=Kind.CHAT)
    elif _is_spoken_of(draft) and not _is_done_to(draft):
        draft.begin(Ref("other", item.text))
    draft.keep(item)


def _is_done_to(draft: Draft) -> bool:
    """ "Kai's punched one of the coaches and gone out": it is Kai who went."""
    cur = draft.named
    if cur is None or cur.of != "pupils" or draft.gap:
        return False
    does = [item for item in cur.items[max(cur.ref_place, 0) + 1 :] if item.kind is Kind.ORDINARY]
    joined = draft.next_kind() is Kind.AND
    return joined and any(ends_as(item.value, draft.beside.done_ends) for item in does)


def _is_name_of_staff(draft: Draft) -> bool:
    """ "our tutor Mark": the name behind is not a pupil's."""
    before, following = draft.before, draft.next()
    led = before is not None and before.value in draft.beside.articles
    return led and following is not None and following.kind in (Kind.NAME, Kind.UNKNOWN)


def _is_title(draft: Draft) -> bool:
    """ "Dave our welder": the name before is not a pupil's."""
    led = draft.behind(2)
    named = len(led) > 1 and led[0].kind is Kind.NAME and not led[0].has_s
    # "Pete is down at the farrier's" makes no farrier of him.
    return named and led[1].value in draft.beside.owners


def _is_spoken_of(draft: Draft) -> bool:
    past = (Kind.FILL, Kind.NOT, Kind.AND, Kind.STAFF, Kind.UNKNOWN, Kind.NAME)
    return draft.meets((Kind.MARK, Kind.REASON), past, _S, 4) is not None


def take_vehicle(draft: Draft, item: Item) -> None:
    """Take "taxi": beside a name it is of the taxi that this is said."""
    cur = draft.named
    if cur is not None:
        cur.possessed = cur.possessed or "transport"
    draft.keep(item)


def take_it(draft: Draft, item: Item) -> None:
    """Take "it's off": of a thing; "it's Layla" after "Leila isn't off": of whom it is said."""
    cur, following = draft.cur, beyond(draft.ahead(3), (Kind.FILL,), _S)
    named = following is not None and following.kind is Kind.NAME
    if named and cur is not None and cur.of == "pupils" and any(m.negated for m in cur.marks):
        draft.close()
        draft.prefix.take_marks(cur)
        marks = draft.prefix.marks
        draft.prefix.marks = [mark._replace(negated=False) for mark in marks]
        return
    if draft.meets((Kind.MARK,), (Kind.FILL,), _S, 3) is not None:
        draft.begin(Ref("other", item.text))
    draft.keep(item)


def take_speaker(draft: Draft, item: Item) -> None:
    """Take "I'm off", "we are late": of whoever writes."""
    named = draft.named
    if draft.gap and draft.cur is not None and draft.cur.says and _has_the_rest(draft):
        draft.close()
    elif _begins_anew(draft):
        draft.begin(Ref("other", item.text))
    elif named is not None and named.is_only and _is_with_speaker(draft):
        # "just Tegan and me".
        named.marks.append(Said("present", False, item.text, len(named.items)))
    elif named is not None and _has_named(draft):
        draft.close()
    elif named is not None and named.negates_who and draft.gap and _says_of_speaker(draft):
        # "no femi today, we're out in the field"
        draft.begin(Ref("other", item.text))
    elif named is None:
        if draft.prefix.is_only and draft.next_kind() is Kind.AND:
            # "just me and chloe": chloe is here, too.
            draft.prefix.marks.append(Said("present", False, item.text, 0))
            draft.prefix.mark_first = True
        elif _says_of_speaker(draft):
            draft.begin(Ref("other", item.text))
    draft.keep(item)


def _has_the_rest(draft: Draft) -> bool:
    """ "Mo's off today, we have all the others": a new thing said, of them."""
    found = beyond(draft.ahead(3), (Kind.FILL,))
    words = words_in([draft.items[draft.at], *draft.ahead(2)])
    has = any(words.issuperset(phrase.split()) for phrase in draft.beside.has_them)
    return has and found is not None and found.kind is Kind.REST


def _begins_anew(draft: Draft) -> bool:
    """ "All in 🙂 we are shutting at 2": what we do, and no more of them."""
    cur, verb, doing = draft.cur, draft.next(), draft.next(1)
    said = cur is not None and (cur.says or (cur.is_except and draft.gap != ""))
    if cur is None or not said or cur.mark_first or verb is None or doing is None:
        return False
    will = verb.kind is Kind.FILL or verb.value in draft.beside.shortened_verbs
    if will and doing.kind is Kind.ORDINARY and doing.value not in draft.beside.between:
        return True
    return bool(draft.gap) and _is_of_ours(draft)


def _is_of_ours(draft: Draft) -> bool:
    """ "Dima is here, we started on time": nothing of any pupil stands in what we did."""
    told: list[Item] = []
    for item in draft.ahead():
        if item.is_hard:
            break
        # "on time", "late": how it was begun, where a verb of ours stands before.
        how = item.kind is Kind.MARK and item.value in ("present", "late") and bool(told)
        if item.kind not in _OF_OURS and not how:
            return False
        if how or item.kind in (Kind.ORDINARY, Kind.TIME, Kind.STAFF):
            told.append(item)
    return len(told) > 1 and told[0].value not in draft.beside.wishing


def _has_named(draft: Draft) -> bool:
    """ "we've got Callum we've got both Patels": each is a thing said by itself."""
    cur = draft.named
    got = cur is not None and bool(words_in(cur.before_who) & draft.beside.we_got)
    return got and any(item.value in draft.beside.we_got for item in draft.ahead(2))


def _is_with_speaker(draft: Draft) -> bool:
    before = draft.before
    ends = draft.next_kind() in (None, Kind.POINT, Kind.AND, Kind.TODAY, Kind.EMOJI, Kind.MORNING)
    return before is not None and before.kind is Kind.AND and ends


def _is_of_whom_we_seek(draft: Draft, item: Item, step: int) -> bool:
    """ "we can't see her": of her; "we've ran out of forms": of us."""
    whom = draft.next(step + 1)
    ours = (
        begins(item.typed, draft.beside.ran_out)
        and whom is not None
        and whom.value in draft.beside.bare_of
    )
    return item.value == "unaccounted" and not ours


def _says_of_speaker(draft: Draft) -> bool:
    """Whether something is said next, and not of names behind it ("we have got in: femi")."""
    for step, item in enumerate(draft.ahead(5)):
        whom = draft.beside.objects | draft.beside.them_all
        if item.kind is Kind.MARK and set(item.typed.split()[1:]) & whom:
            # "I've sent her home", "had to send everyone home".
            return False
        if item.kind in (Kind.MARK, Kind.REASON, Kind.ON_THE_WAY):
            # "we can't see her" is said of her.
            return not (_is_of_whom_we_seek(draft, item, step) or draft.names_behind(step))
        past = item.kind in (Kind.FILL, Kind.NOT, Kind.ONLY, Kind.NOW)
        if not past and item.value not in draft.beside.after_we:
            return False
    return False
