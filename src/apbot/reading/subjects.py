"""
Subjects: the pupils and numbers that are spoken of.

Somebody who is named joins those of the statement that is being made, or begins a new one where
something was said of them already.
"""

from dataclasses import replace

from apbot.reading.draft import Draft
from apbot.reading.items import CHATTER, LIST_GAPS, PRONOUNS, SAYS, SUBJECTS, Item, beyond, words_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import ends_as
from apbot.reading.statements import WHOLE, Ref, Said, Statement

# "a row between Aiden and Femi": names that something else is said to.
_LEADING_OBJECT = frozenset((Kind.ORDINARY, Kind.WITH, Kind.REPORTS, Kind.FROM))
# A shorter word that ends in "ed" may be a thing: shed, seed, speed.
_SHORTEST_DONE = 6
_ROSTERED = ("pupils", "number", "range")
# What stands between the names of one list.
_LISTED = (Kind.NAME, Kind.AND, Kind.POINT)
# What stands between two names where something is said of the first of them.
_TELLING = (Kind.ORDINARY, Kind.UNKNOWN, Kind.PLACE_HERE, Kind.PLACE_AWAY, Kind.CHAT, Kind.CHAT_YES)
# Right behind the second of two who are left out, it is said of that one.
_HERE = ("present", "arrived", "back")
_SHUT = (")", "]")
_OF_ONE = (Kind.NOT, Kind.MARK, Kind.ON_THE_WAY, Kind.NOT_YET)


def add(draft: Draft, ref: Ref, item: Item) -> Statement:
    """Speak of somebody: in the statement that is being made, or in a new one."""
    if draft.cur is not None and _is_named_anew(draft, draft.cur, ref):
        draft.close()
    if draft.cur is not None and _must_part(draft, draft.cur, ref):
        tells = _is_told_by_pupil(draft, draft.cur)
        _part(draft, draft.cur)
        draft.bearer.is_hearsay = draft.bearer.is_hearsay or tells
    cur = draft.cur or _begin(draft)
    if cur.ref_place < 0 or not cur.refs:
        cur.ref_place = len(cur.items)
        before = None if draft.gap else draft.before
        cur.is_object = before is not None and (
            before.value in draft.beside.to_whom or before.kind in _LEADING_OBJECT
        )
    if draft.negated and not cur.refs and not cur.marks:
        cur.negates_who, draft.negated = True, False
        cur.neither = _negating(draft)
    if ref.what in WHOLE:
        cur.is_except = False
    if cur.refs and ref.what == "pupils" and cur.refs[-1].pupils == ref.pupils:
        # "Lewis is er Lewis is on the tram": once is enough.
        cur.items.append(item)
        return cur
    cur.refs.append(replace(ref, comma=True) if draft.gap == "," else ref)
    cur.items.append(item)
    if item.has_s and draft.next() is not None:
        _possession(draft, cur)
    return cur


def _is_told_by_pupil(draft: Draft, teller: Statement) -> bool:
    """ "Aiden said Femi went home", "the others say Mo is in": a pupil's word for it."""
    if teller.of not in ("pupils", *WHOLE) or teller.says or draft.gap == "," or not teller.items:
        return False
    last = teller.items[-1]
    return last.kind is Kind.REPORTS or last.value in draft.beside.tells


def linked(draft: Draft) -> bool:
    """Whether this piece is joined to the one before, by an "and" or by a point."""
    before = draft.before
    joined = before is not None and before.kind in (Kind.AND, Kind.FILL, Kind.ONLY)
    return joined or draft.gap != ""


def _must_part(draft: Draft, cur: Statement, ref: Ref) -> bool:
    """Whether whoever is named now is not of the statement that is being made."""
    if cur.mark_first:
        whole = ref.what == "rest" or (ref.what in WHOLE and not cur.header)
        if whole and cur.refs and draft.gap:
            # "nothing from Aiden, the rest are cracking on".
            return True
        said_since = bool(cur.reasons or len(cur.marks) > 1 or cur.times)
        return bool(cur.refs) and (said_since or draft.is_spoken_of(draft.at) or _has_verb(draft))
    if cur.says or cur.is_void or cur.is_too:
        return True
    if draft.gap and ref.pupils and any(ref.pupils == r.pupils for r in cur.refs[:-1]):
        # "but zeb n lola - zeb on holiday": named again, it is of that one.
        return True
    if cur.is_except and cur.refs and any(each.value in _SHUT for each in draft.behind(3)):
        # "bar Mo, Kai (ill) and Jo who's late": what follows the bracket is of Jo.
        return True
    comma = draft.gap == ","
    if comma and draft.items[draft.at].has_s and draft.next_kind() is Kind.RELATION:
        # "just Marta this aft, Sian's mum came for her": what follows is of Sian.
        return True
    if cur.is_only and comma and cur.days and draft.is_spoken_of(draft.at):
        # "just Ayaan this aft, Reece is at court".
        return True
    if cur.continues and cur.items and cur.items[0].kind in PRONOUNS and _does(draft, cur):
        # "Niamh is in she's doing the towels, Kay off": no list of "she" and Kay.
        return True
    if cur.refs and cur.items and cur.items[-1].kind is Kind.REPORTS and not comma:
        # "Chloe said Femi isn't well": of Femi alone.
        return True
    alone = cur.negates_who and not cur.neither and not _is_list_of_or(draft)
    if alone and (comma or (cur.refs and (_has_verb(draft) or _is_behind_pause(draft)))):
        return True
    if not cur.refs:
        return False
    if cur.continues and draft.before is not None and draft.before.kind is Kind.BUT:
        # "Ollie is, he's doing the splits, but Poppy missed her bus".
        return True
    if cur.whom == "pupils" and cur.items and cur.items[-1].value in draft.beside.tells:
        return True
    if ref.what == "pupils" and _is_told_something(draft, cur):
        return True
    of_one = draft.next_kind() in _OF_ONE or draft.has_verb_behind(draft.at)
    if _has_got(draft, cur) or (cur.is_except and comma and of_one):
        return True
    if cur.times or (comma and cur.items and cur.items[-1].value in draft.beside.verbs_of_being):
        return True
    if (ref.what in WHOLE) != (cur.whom in WHOLE):
        return cur.whom != "other" or bool(cur.days)
    return bool(cur.possessed) or cur.whom == "other" or (cur.is_hedged and comma)


def _does(draft: Draft, cur: Statement) -> bool:
    """ "he was hiding and Zosia", "he's not and Zosia": told, where "he and Zosia" is a list."""
    told = any(item.kind not in (Kind.AND, Kind.BOTH) for item in cur.items[1:])
    return bool(draft.gap) or told or draft.negated


def _is_told_something(draft: Draft, cur: Statement) -> bool:
    """ "aiden and chloe are feeding the pigs, femi's off": what is said behind is not of them."""
    if cur.whom not in _ROSTERED or (draft.gap and draft.gap not in LIST_GAPS):
        return False
    if cur.whom != "pupils":
        # "1 2 4 fine, jade walked off": she alone did.
        return bool(cur.items) and cur.items[-1].kind in (Kind.CHAT, Kind.CHAT_YES)
    told = False
    for item in reversed(cur.items):
        if item.kind is Kind.NAME:
            return told
        if item.value in draft.beside.or_nor:
            return False
        told = told or (item.kind in _TELLING and item.value not in draft.beside.hesitating)
    return False


def _is_behind_pause(draft: Draft) -> bool:
    """ "no chloe, and jack has", "no chloe - jack is": parted, where something is said of him."""
    return (draft.gap == "-" or _is_behind_comma(draft)) and draft.is_spoken_of(draft.at)


def _is_behind_comma(draft: Draft) -> bool:
    """ "no chloe, and jack": an "and" that stands behind a pause."""
    before = draft.behind(2)
    return len(before) > 1 and before[0].value == "," and before[1].kind is Kind.AND


def _has_verb(draft: Draft) -> bool:
    """ "no chloe, aiden has rung", "can't find femi, marta told me": what this one does."""
    item, following = draft.items[draft.at], draft.next()
    if following is None or item.kind is not Kind.NAME:
        return False
    if draft.has_verb_behind(draft.at):
        return True
    does = following.kind in (Kind.ORDINARY, Kind.REPORTS, Kind.HEDGE)
    small = following.value in draft.beside.articles or following.value in draft.beside.or_nor
    return does and not small and not draft.ends_at(1)


def _is_list_of_or(draft: Draft) -> bool:
    """ "we do not have Aiden, Femi or Will": each of a list that nothing more is said of."""
    ors = False
    for item in draft.ahead():
        if item.is_hard:
            break
        is_or = item.value in draft.beside.or_nor
        ors = ors or is_or
        if not is_or and item.kind not in (Kind.NAME, Kind.AND) and item.value != ",":
            return False
    return ors


def _has_got(draft: Draft, cur: Statement) -> bool:
    """ "we've got Poppy Ibrahim and Zahra um Jayden's off": the last is not of the list."""
    if cur.is_except:
        return False
    linked_on = draft.gap or (draft.before is not None and draft.before.kind is Kind.AND)
    alone = draft.items[draft.at].has_s and not linked_on
    if not alone and not (draft.gap == "," and _is_one_after_list(draft, cur)):
        return False
    words = words_in(cur.before_who)
    return any(words.issuperset(phrase.split()) for phrase in draft.beside.has_them)


def _is_one_after_list(draft: Draft, cur: Statement) -> bool:
    """ "we got Kian and Ross, Adunni is off": a list that is over, and what one alone is."""
    following = draft.next()
    if following is None or following.value not in draft.beside.one_is:
        return False
    return any(each.kind is Kind.AND for each in cur.items[cur.ref_place :])


def _part(draft: Draft, cur: Statement) -> None:
    """End the statement; where its mark stood before a list of names, go on with the list."""
    listed = cur.is_except and (draft.gap in LIST_GAPS or linked(draft))
    heads = cur.mark_first and bool(cur.header or cur.reasons or cur.times)
    # "can't find Mo and Jo's mum collected her": something else is told of Jo.
    told = beyond(draft.ahead(4), (Kind.FILL, Kind.ONLY, Kind.JUST, Kind.NOW))
    heads = heads and not (draft.items[draft.at].has_s or draft.has_verb_behind(draft.at))
    heads = heads and (told is None or told.kind is not Kind.MARK)
    draft.close()
    draft.except_open = draft.except_open and listed and not _is_here_after_all(draft)
    if heads and not draft.is_spoken_of(draft.at):
        draft.cur = draft.new()
        _put_under(draft.cur, cur)


def _is_here_after_all(draft: Draft) -> bool:
    """ "all in but chloe, femi has arrived late": he is none of those left out."""
    told = beyond(draft.ahead(3), (Kind.FILL,))
    here = told is not None and told.kind is Kind.MARK and told.value in _HERE
    last = draft.out.statements[-2:-1]
    # "thea in but not zoe, marta back": none of a group.
    of_one = bool(last) and last[0].of == "pupils" and not last[0].is_except
    return here and (of_one or draft.has_verb_behind(draft.at))


def _put_under(made: Statement, header: Statement) -> None:
    made.take_marks(header)
    made.header = True


def _begin(draft: Draft) -> Statement:
    last = draft.last
    cur = draft.cur = draft.new()
    if last is not None and last.whom == "nobody" and not last.says and not draft.gap:
        # "no one told me chloe was in" does not say that she is.
        cur.is_doubtful = last.sentence == draft.sentence and not draft.except_open
    cur.is_except = cur.is_except or draft.except_open
    if draft.header is not None and not draft.is_spoken_of(draft.at):
        _put_under(cur, draft.header)
    return cur


def _is_named_anew(draft: Draft, cur: Statement, ref: Ref) -> bool:
    """ "Rosa is off not Ross, Ross has been here": the "not" is of the first alone."""
    same = bool(cur.refs) and cur.refs[-1].what == "pupils" and cur.refs[-1].pupils == ref.pupils
    return same and cur.negates_who and not cur.says and draft.gap != ""


def _negating(draft: Draft) -> str:
    """The word that negates the name here, where it is a "neither" or a "not"."""
    # "neither OF THE Pasternak lads".
    small = draft.beside.articles | draft.beside.bare_of
    before = [item.value for item in draft.behind(4) if item.value not in small][-2:]
    words = draft.beside.neither_nor
    return next((value for value in before if value in words or value == "not"), "")


def _possession(draft: Draft, cur: Statement) -> None:
    """ "chloe's mum": what is said next is of her mum, or of her bus; else 's is "is"."""
    first = draft.next()
    if first is not None and first.kind is Kind.ORDINARY and _is_done(first.value, draft):
        # "Kai's kicked off and gone out the fire door".
        return
    # "Poppy's wee brother".
    little = first is not None and first.value in draft.beside.before_whom
    step = int(little or _is_thing(first, draft))
    item = draft.next(step)
    if item is None:
        return
    if item.kind is Kind.RELATION:
        if len(cur.refs) > 1 and not cur.says and _is_behind_comma(draft):
            # "Obaseki, and Hamish's mum has fetched him": of the last of them alone.
            cur = _part_last_name(draft, cur)
        cur.possessed = item.value
    elif item.kind is Kind.VEHICLE or (item.kind is Kind.REASON and item.value == "transport"):
        cur.possessed = "transport"
    elif _is_thing_of(draft):
        cur.possessed = "thing"
    elif not step and (item.kind is Kind.UNKNOWN or _is_friend(draft, item)):
        cur.is_doubtful = True
    elif step and item.kind in (Kind.FILL, Kind.MARK, Kind.REASON):
        cur.possessed = "thing"


def _is_done(word: str, draft: Draft) -> bool:
    """ "kicked", "walked", but no "shed" or "speed"."""
    return len(word) >= _SHORTEST_DONE and ends_as(word, draft.beside.done_ends)


def _part_last_name(draft: Draft, cur: Statement) -> Statement:
    last = cur.refs.pop()
    name = cur.items.pop() if cur.items[-1].kind is Kind.NAME else None
    made = draft.begin(last)
    made.ref_place = 0
    if name is not None:
        made.items.append(name)
    return made


def _is_thing(item: Item | None, draft: Draft) -> bool:
    verbs = draft.beside.verbs_after_s | draft.beside.running
    return item is not None and item.kind is Kind.ORDINARY and item.value not in verbs


def _is_friend(draft: Draft, item: Item) -> bool:
    """ "femi's mate is in": a word for him that is small talk elsewhere."""
    return item.kind is Kind.CHAT and draft.next_kind(1) is Kind.FILL


def _is_thing_of(draft: Draft) -> bool:
    """ "jamie's new trim is sick": one to three words that say nothing, and then a verb."""
    for step, item in enumerate(draft.ahead(4)):
        if item.kind is Kind.FILL and item.value in draft.beside.verbs_of_a_thing:
            return step > 0
        if item.kind is Kind.NOT and step and draft.next(step - 1) is not None:
            # "Femi's consent form not back yet".
            led = draft.next(step - 1)
            return led is not None and led.typed in draft.beside.things
        if item.kind not in (Kind.ORDINARY, Kind.UNKNOWN) or item.value in draft.beside.no_thing:
            return False
    return False


# names and numbers


def _is_one_of(draft: Draft) -> bool:
    """ "one of the Ahmeds": of one of them, and which is asked."""
    return " ".join(each.value for each in draft.behind(3)[:2]) in draft.beside.one_of


def take_name(draft: Draft, item: Item) -> None:
    """Take a pupil's name; "both Jacks" and "all three Wards" are one name for several."""
    if _is_done_to(draft):
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    several = item.is_plural and not _is_one_of(draft)
    ref = Ref("pupils", item.text, item.pupils, is_plural=several, is_other=item.is_other)
    cur = draft.named
    is_new = item.has_s and draft.next_kind() in (Kind.NOT, Kind.MARK) and not draft.gap
    if cur is not None and is_new and words_in(cur.before_who) & draft.beside.we_got:
        # "we've got Callum erm Summer's not with us": said of the last alone.
        draft.close()
    cur = draft.cur
    if cur is not None and cur.refs and item.is_plural:
        counted = cur.refs[-1]
        if counted.what == "both" or (counted.what in ("everyone", "number") and not cur.says):
            count = counted.count or (2 if counted.what == "both" else counted.n) or None
            cur.refs[-1] = replace(ref, count=count)
            cur.items.append(item)
            return
    if not _swap(draft, item, ref):
        _send_home(draft, add(draft, ref, item))


def _is_done_to(draft: Draft) -> bool:
    """ "Levi hit Harris and walked out": it is done to Harris, and Levi is the one who went."""
    cur, before, beside = draft.cur, draft.before, draft.beside
    ahead = enumerate(draft.ahead(6))
    step = next((n for n, each in ahead if not _is_of_blow(each, beside)), None)
    if draft.gap or cur is None or before is None or step is None:
        return False
    joint = draft.next(step)
    if joint is None or not (joint.kind is Kind.AND or joint.value in beside.then_does):
        return False
    last = before.value.split()[-1:]
    with_whom = before.kind is Kind.WITH or not {*last}.isdisjoint(beside.to_whom | beside.company)
    if not (with_whom or before.kind is Kind.ORDINARY):
        return False
    if cur.of != "pupils" or cur.says or cur.is_except:
        return False
    if all(each.kind not in (Kind.ORDINARY, Kind.CHAT) for each in cur.from_who):
        return False
    following = beyond(draft.ahead(5, of=draft.at + 1 + step), (Kind.FILL, Kind.NOW, Kind.JUST))
    return following is not None and following.kind in (Kind.MARK, Kind.NOT, Kind.ON_THE_WAY)


def _is_of_blow(item: Item, beside: Neighbours) -> bool:
    """ "Rio punched Cole in the face": where, and with what."""
    if item.kind is Kind.MARK:
        return item.typed in beside.bare_in
    return (
        item.kind in (Kind.ORDINARY, Kind.UNKNOWN, Kind.FILL) and item.value not in beside.then_does
    )


def _send_home(draft: Draft, cur: Statement) -> None:
    """ "sent Theo home", "had to send Cody home": the last of the names, and then where."""
    following = draft.next()
    if following is None or following.typed not in draft.beside.to_home or draft.negated:
        return
    behind = [item for item in draft.behind(8) if item.kind not in _LISTED]
    verb = behind[-1] if behind else None
    if verb is None or verb.value not in draft.beside.sending or cur.negates_who:
        return
    had_to = bool(words_in(behind[-4:-1]) & draft.beside.past_not)
    if verb.value not in draft.beside.sent and not had_to:
        return
    cur.marks.append(Said("left", False, f"{verb.value} home", len(cur.items)))
    draft.at += 1
    draft.keep(following)


def take_number(draft: Draft, item: Item) -> None:
    """Take a number: a count of the group it stands by, or of the prompt."""
    ref = Ref("number", item.text, n=item.n, is_explicit=item.is_explicit, is_plural=item.is_plural)
    if (
        _counts_those_left_out(draft, item)
        or _counts_the_others(draft, item)
        or _counts_another_day(draft, item)
        or _counts_those_who_look(draft, item)
    ):
        draft.keep(item)
    elif _counts_who_is_here(draft, item):
        cur = add(draft, replace(ref, is_plural=True), item)
        cur.marks.append(Said("present", False, item.text, len(cur.items)))
        draft.close()
    elif not _counts_a_group(draft, item) and not _swap(draft, item, ref):
        if _may_be_an_hour(draft, item):
            draft.cur.is_hedged = True  # type: ignore[union-attr]  # it has a mark
        add(draft, ref, item)


def _may_be_an_hour(draft: Draft, item: Item) -> bool:
    """ "femi here by 40", "femi in 15": a number right behind the mark that nobody can place."""
    cur = draft.cur
    if cur is None or cur.of != "pupils" or not cur.marks or draft.gap or item.is_explicit:
        return False
    since = cur.items[cur.marks[-1].place + 1 :]
    small = all(each.kind in (Kind.FILL, Kind.UNTIL, Kind.WITH) for each in since)
    return small and draft.next_kind() in (None, Kind.POINT, *CHATTER)


def _counts_those_left_out(draft: Draft, item: Item) -> bool:
    """ "except the two who never come, Femi and Chloe": the names say which two."""
    if item.is_explicit or not (draft.prefix.is_except or draft.except_open):
        return False
    names, parted = 0, False
    for each in draft.ahead():
        if each.is_hard:
            break
        if each.kind is Kind.NAME and parted:
            names += 1
        elif each.kind is Kind.POINT:
            parted = True
        elif each.kind in SUBJECTS or (each.kind in SAYS and names):
            return False
    return names == item.n


def _counts_who_is_here(draft: Draft, item: Item) -> bool:
    """ "we have 5, chloe off": how many are here, and no pupil's number."""
    before, following = draft.before, draft.next()
    has = before is not None and bool({*before.value.split()[-1:]} & draft.beside.has)
    has = has and not draft.gap
    ends = following is not None and following.value == ","
    alone = draft.named is None and not (draft.negated or draft.prefix.is_except)
    return has and ends and alone and not item.is_explicit and draft.next_kind(1) is Kind.NAME


def _counts_those_who_look(draft: Draft, item: Item) -> bool:
    """ "can't find him, two of us out looking": how many of us."""
    ahead = words_in(draft.ahead(5))
    us = bool(ahead & draft.beside.objects) and not item.is_explicit
    return us and bool(ahead & draft.beside.searches)


def _counts_another_day(draft: Draft, item: Item) -> bool:
    """ "everyone in, was only two of them yesterday": how many there were then."""
    if item.is_explicit or not words_in(draft.behind(3)) & draft.beside.was:
        return False
    for each in draft.ahead(5):
        if each.kind in (Kind.PAST_DAY, Kind.WEEKDAY):
            return True
        if each.kind not in (Kind.GROUP, Kind.FILL, Kind.ORDINARY, Kind.SUBGROUP):
            return False
    return False


def _counts_the_others(draft: Draft, item: Item) -> bool:
    """ "all but zofia, which makes 5": how many are left, and no pupil's number."""
    cur, before = draft.named, draft.before
    if cur is None or before is None or item.is_explicit or not cur.is_except:
        return False
    return before.value in draft.beside.makes


def take_range(draft: Draft, item: Item) -> None:
    """Take "1 to 4", a range of the prompt's numbers."""
    add(draft, Ref("range", item.text, n=item.n, n_to=item.n_to, is_explicit=True), item)


def take_pair(draft: Draft, item: Item) -> None:
    """Take "6/6", so many of so many."""
    if not _counts_a_group(draft, item):
        add(draft, Ref("pair", item.text, n=item.n, n_to=item.n_to), item)


def _swap(draft: Draft, item: Item, ref: Ref) -> bool:
    """ "4 not 3", "Hassan not Hussein": a correction, the first for the second."""
    no, second = draft.next(), draft.next(1)
    if no is None or second is None or no.kind is not Kind.NOT or no.value != "not":
        return False
    if second.kind is not item.kind or (draft.cur is not None and draft.cur.says):
        return False
    if draft.next_kind(2) in SAYS:
        return False
    other = Ref(ref.what, second.text, second.pupils, n=second.n, is_explicit=True)
    draft.out.swaps.append((replace(ref, is_explicit=True), other))
    draft.at += 2
    return True


def _counts_a_group(draft: Draft, item: Item) -> bool:
    """ "all 6", "the rest (4)": a count that must agree with the group it stands by."""
    statements = draft.out.statements
    cur = draft.cur or (statements[-1] if statements else None)
    if draft.prefix.is_except or draft.except_open or cur is None:
        return False
    if cur.whom not in ("everyone", "rest", "both"):
        return False
    if draft.named is None and not _is_counted_after(draft, cur, item):
        return False
    pair = item.kind is Kind.PAIR
    cur.refs[-1] = replace(cur.refs[-1], count=-1 if pair and item.n != item.n_to else item.n)
    cur.items.append(item)
    return True


def _is_counted_after(draft: Draft, group: Statement, item: Item) -> bool:
    """ "all in, 6": whether a count behind what was said of a group is of that group."""
    if group.is_except or item.is_explicit:
        return False
    if item.kind is Kind.PAIR:
        return True
    following = draft.next()
    ends = (
        following is None
        or following.is_hard
        or following.kind in (*CHATTER, Kind.EMOJI, Kind.GROUP, Kind.SUBGROUP)
        or following.value in (")", ",")
    )
    return ends and group.sentence == draft.sentence and group.refs[-1].count is None
