"""
Sayings: what is said of somebody, a mark, a reason or a code.

It is said of whoever is being spoken of; with nobody named it may be of those who follow ("absent:
chloe and femi") or go on with those before.
"""

from apbot.reading import lookalikes, second_facts
from apbot.reading.draft import Draft
from apbot.reading.idioms import is_idiom
from apbot.reading.items import CHATTER, GROUPS, NAMED, PRONOUNS, SAYS, Item, beyond, words_in
from apbot.reading.lexicon import Kind
from apbot.reading.small_words import begins, last_is
from apbot.reading.statements import WHOLE, Ref, Said, Statement
from apbot.reading.tokens import TICK, UP
from apbot.reading.turned import kin_of
from apbot.reading.which_day import is_only_when

_OPENING = (*CHATTER, Kind.AND, Kind.POINT, Kind.EMOJI)
_HERE = ("present", "arrived")
_NEAR = 6
_ELSE = (
    *(Kind.ORDINARY, Kind.UNKNOWN, Kind.RELATION, Kind.STAFF, Kind.VEHICLE, Kind.SPEAKER),
    Kind.CHAT,
)
_COMES_FOR = (Kind.RELATION, Kind.STAFF)
# "waiting for", "waiting on", "not heard from": whoever is named next.
# What may stand between a mark and the names that it is said of.
_TO_NAMES = frozenset(
    (
        *(Kind.FILL, Kind.TODAY, Kind.GROUP, Kind.ONLY, Kind.TOO, Kind.NOW, Kind.YET, Kind.CHAT),
        *(Kind.EMOJI, Kind.CORRECTION, Kind.SPEAKER, Kind.MORNING, Kind.AFTERNOON),
        *(Kind.PAST_DAY, Kind.FUTURE_DAY, Kind.LUNCH),
    )
)


def say(draft: Draft, item: Item) -> None:
    """Take a mark, a reason or a code, and say it of whom it is said."""
    if item.kind is Kind.MARK and lookalikes.is_where_they_were(draft, item):
        draft.keep(item._replace(kind=Kind.CHAT))
        draft.void = True
        return
    if item.kind is Kind.MARK and lookalikes.is_no_mark(draft, item):
        return
    if is_idiom(draft, item):
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    if item.kind is Kind.MARK and is_only_when(draft, item):
        draft.keep(item._replace(kind=Kind.NOW))
        return
    if item.kind is Kind.ON_THE_WAY and lookalikes.is_on_the_way_of(draft, item):
        draft.keep(item)
        return
    if item.kind is Kind.REASON and lookalikes.is_where(draft, item):
        draft.keep(item)
        return
    if lookalikes.is_found_asleep(draft, item) or lookalikes.is_lurking(draft, item):
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    if _is_of_missed_ride(draft, item):
        draft.negated = False
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    if item.kind is Kind.ON_THE_WAY and _is_why_nobody(draft):
        cur = draft.cur
        assert cur is not None
        cur.reasons.append((item.value, item.typed, False))
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    waits = item.kind is Kind.NOT_YET and item.typed.split()[-1] in draft.beside.waits_for
    waited_for = beyond(draft.ahead(3), (Kind.FILL,)) if waits else None
    if waited_for is not None and waited_for.kind in _COMES_FOR:
        # "lying down in the office, waiting on her mam": who waits is here.
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    if (waits or item.value == "unaccounted") and draft.next_kind() is Kind.IT:
        # "is there a form? can't find it", "ambulance called, waiting for it".
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    if item.kind is Kind.MARK and _was_put_wrongly(draft, item):
        draft.keep(item._replace(kind=Kind.CHAT))
        draft.at += 1
        draft.keep(draft.items[draft.at]._replace(kind=Kind.CHAT))
        return
    if item.kind is Kind.MARK and _is_where_others_are(draft, item):
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    if item.kind is Kind.REASON and lookalikes.is_ride(draft, item):
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    if item.kind is Kind.MARK and second_facts.is_what_we_do_later(draft, item):
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    if item.kind is Kind.MARK and second_facts.is_back_when(draft, item):
        draft.keep(item._replace(kind=Kind.CHAT))
        while draft.next_kind() in (Kind.FILL, Kind.TIME, Kind.WITH):
            draft.at += 1
            draft.keep(draft.items[draft.at]._replace(kind=Kind.CHAT))
        return
    if item.kind is Kind.MARK and second_facts.is_going_later(draft, item):
        draft.close()
        made = draft.go_on()
        made.marks.append(Said("gone", False, item.text, len(made.items)))
        draft.keep(item)
        return
    if item.kind is Kind.REASON and second_facts.is_only_spoken_of(draft, item):
        draft.keep(item._replace(kind=Kind.CHAT))
        return
    if item.kind is Kind.REASON and second_facts.is_of_a_ride_to_come(draft, item):
        draft.begin(Ref("other", item.text))
        draft.keep(item)
        return
    if item.value in (TICK, UP) and draft.next_kind() in GROUPS and draft.cur is not None:
        # "femi has covid, 👍 all in": of them, and not of Femi.
        draft.keep(item._replace(kind=Kind.CHAT))
        draft.close()
        return
    if item.kind is Kind.CODE and (draft.cur is None or not draft.cur.refs):
        draft.out.answers.append("yes" if item.value in ("✓", "👍", "y") else "no")
        draft.keep(item)
    elif (
        _is_beside_a_group(draft, item)
        or _was_not_then(draft, item)
        or _is_of_their_ride(draft, item)
    ):
        draft.negated = False
        draft.keep(item._replace(kind=Kind.CHAT))
    elif lookalikes.goes_on(draft, item):
        return
    elif _is_of_group(draft, item):
        # "all but chloe are in": the mark after the names left out is the others'.
        kin = kin_of(item.typed, draft.beside)
        draft.out.statements[-1].marks.append(Said(item.value, False, item.text, 99, kin=kin))
        draft.keep(item)
    elif item.kind is Kind.REASON and _leads_to_others(draft):
        draft.prefix.lead_reasons.append((item.value, item.typed, draft.negated))
        draft.keep(item)
    else:
        _put(draft, _subject_of(draft, item), item)


def _is_of_missed_ride(draft: Draft, item: Item) -> bool:
    """ "didn't get the bus in", "missed his lift here": where the ride that was missed goes."""
    cur, before = draft.cur, draft.before
    if item.typed not in draft.beside.where_rides_go or cur is None or before is None or draft.gap:
        return False
    if before.kind is not Kind.REASON or before.value != "transport" or not cur.reasons:
        return False
    word, typed, denied = cur.reasons[-1]
    missed = not draft.beside.no_ride.isdisjoint(words_in(cur.from_who))
    if denied:
        # "didn't get the bus": the ride is what there was not, and that is why.
        cur.reasons[-1] = (word, typed, False)
    # "couldn't get a lift" is spoken as it is known: "couldn't not get a lift".
    return denied or missed or not draft.beside.no_ride.isdisjoint(typed.split())


def _is_beside_a_group(draft: Draft, item: Item) -> bool:
    """ "all in, the minibus is late": said of something else than the group."""
    cur = draft.cur
    if cur is None:
        return False
    if item.kind is Kind.MARK and any(each.kind is Kind.REPORTS for each in cur.from_who):
        # "Finn says some lads got him dropping bags off": what others do.
        return _is_of_others(draft)
    if not cur.says or cur.whom not in ("everyone", "rest"):
        return False
    if item.typed.split()[-1] in draft.beside.seeking and draft.names_behind(-1):
        # "all here, we can't find Theo": of him.
        return False
    if item.typed in draft.beside.goes_out and draft.gap:
        # "all here, going out to the lambs": what they do.
        following = draft.next()
        return following is not None and following.value in draft.beside.to_somewhere
    return item.kind in (Kind.MARK, Kind.ON_THE_WAY) and _is_of_another(draft)


def _is_why_nobody(draft: Draft) -> bool:
    """ "nobody in, the minibus is stuck in the snow": why, and nobody is on it by that."""
    cur = draft.cur
    if cur is None or cur.whom != "nobody" or not cur.marks or not cur.pauses:
        return False
    behind = draft.behind(4)
    return any(each.kind is Kind.VEHICLE or each.value == "transport" for each in behind)


def _was_put_wrongly(draft: Draft, item: Item) -> bool:
    """ "Leila is absent, put her as present by accident": what was put is no more so."""
    cur, following = draft.cur, draft.next()
    if cur is None or not cur.marks or not cur.pauses or following is None:
        return False
    wrongly = following.kind is Kind.CORRECTION and following.typed in draft.beside.by_mistake
    return wrongly and bool(words_in(draft.behind(4)) & draft.beside.in_register)


def _is_where_others_are(draft: Draft, item: Item) -> bool:
    """ "two men been asking for Dion at the gate": where they are, and not he."""
    cur = draft.named
    if cur is None or item.value != "awaited" or draft.gap:
        return False
    where = item.typed.split()[0] in draft.beside.leads_to_a_place | draft.beside.bare_at
    asks = cur.items[cur.ref_place - 2 : cur.ref_place - 1]
    lurks = cur.items[cur.ref_place - 1 : cur.ref_place]
    if where and lurks and lurks[0].kind is Kind.CHAT:
        # "a man was waiting for Dion at the gate"
        return last_is(lurks[0].typed, draft.beside.waits_for)
    return where and cur.is_object and bool(asks) and asks[0].kind is Kind.ORDINARY


def _is_of_their_ride(draft: Draft, item: Item) -> bool:
    """ "because the bus no come", "no taxi turned up": of the bus, and why."""
    if item.kind is not Kind.MARK or item.value not in (*_HERE, "back"):
        return False
    past = (Kind.NOT, Kind.FILL, Kind.YET)
    led = beyond(reversed(draft.behind(4)), past, ("'s",))
    if led is None or led.kind is not Kind.REASON or led.value != "transport":
        return False
    told = draft.cur.marks if draft.cur is not None else []
    came_late = item.typed in draft.beside.was_late
    if draft.negated or (came_late and any(mark.value == "awaited" for mark in told)):
        # "on their way, taxi was late": and they are not here by that.
        return True
    cur, words = draft.cur, led.typed.split()
    ride = led.typed in draft.beside.conveyances or words[0] in draft.beside.no_such
    if item.value != "arrived" or not ride or cur is None or cur.marks:
        return False
    if words[0] not in draft.beside.no_such:
        # "Femi taxi turned up": and whether with him is not said.
        cur.is_doubtful = True
    return True


def _was_not_then(draft: Draft, item: Item) -> bool:
    """ "he's here, just wasn't in the room when I counted": of before, and he is here."""
    cur = draft.cur
    if item.kind is not Kind.MARK or not draft.negated or cur is None or not cur.pauses:
        return False
    denied = next((each for each in reversed(draft.behind(4)) if each.kind is Kind.NOT), None)
    was = denied is not None and denied.value.split()[0] in draft.beside.only_past
    told = [mark for mark in cur.marks if mark.place < cur.pauses[-1]]
    here = bool(told) and all(m.value in _HERE and not m.negated for m in told)
    now = here and bool(words_in(cur.items) & draft.beside.is_or_are)
    return was and now


def _is_of_another(draft: Draft) -> bool:
    """Whether the words since the last pause name somebody or something else."""
    for item in reversed(draft.items[: draft.at]):
        if item.kind is Kind.POINT or item.kind in SAYS:
            return False
        if item.kind in _ELSE and item.value not in draft.beside.before_loose:
            return True
    return False


def _is_of_others(draft: Draft) -> bool:
    """Whether somebody else is named since the words that report."""
    for item in reversed(draft.items[: draft.at]):
        if item.kind is Kind.POINT or item.kind is Kind.REPORTS:
            return False
        if item.kind is Kind.SUBGROUP:
            return True
    return False


def _is_of_group(draft: Draft, item: Item) -> bool:
    cur = draft.named
    if cur is None or not cur.is_except or draft.gap or draft.negated:
        return False
    if item.kind is not Kind.MARK or item.value not in (*_HERE, "back"):
        return False
    before = draft.out.statements[-1] if draft.out.statements else None
    if before is None or before.says or before.sentence != draft.sentence:
        return False
    relative = draft.beside.relatives
    after = cur.items[cur.ref_place :]
    return before.whom in WHOLE and not any(
        i.kind in PRONOUNS or i.value in relative for i in after
    )


def _leads_to_others(draft: Draft) -> bool:
    """ "bus cancelled so petra and omar are late": a reason told before whom it is of."""
    if draft.last is not None or draft.negated:
        return False
    if draft.cur is not None and (draft.cur.refs or draft.cur.says):
        return False
    timed = False
    for step, item in enumerate(draft.ahead()):
        timed = timed or item.kind is Kind.TIME
        if timed and item.kind is Kind.POINT:
            # "taxi at 2 please, femi in"
            return False
        if item.kind is Kind.NAME:
            return draft.is_spoken_of(draft.at + 1 + step)
        if item.kind is Kind.NOBODY:
            # "every taxi's been cancelled so no one in".
            return draft.items[draft.at].value == "transport"
        if item.is_hard or item.kind in SAYS:
            return False
    return False


# of whom


def _subject_of(draft: Draft, item: Item) -> Statement:
    """Return the statement that this is said in, a new one where it must be."""
    if draft.gap and draft.next_kind() is Kind.NAME and begins(item.typed, draft.beside.police):
        # "he pulled a knife on Otis, police have taken Brody": of the name behind it.
        return draft.begin_marks()
    if item.value == "unaccounted" and draft.next_kind() is Kind.SUBGROUP:
        # "aiden in, can't see any of the others": of some of them, and not of him.
        draft.close()
        made = draft.new()
        made.refs = [Ref("unknown", item.text)]
        draft.cur = made
        return made
    if draft.cur is None or not (draft.cur.refs or draft.cur.says):
        _begin(draft, item)
    elif (
        _is_since_then(draft, draft.cur, item)
        or _is_of_now(draft, draft.cur, item)
        or second_facts.is_of_later(draft, draft.cur, item)
    ):
        denied = draft.negated
        draft.close()
        draft.go_on().ref_place = 0
        draft.negated = denied
    cur = draft.cur or draft.new()
    if cur.mark_first and cur.refs:
        cur = _part_last(draft, cur, item)
    marks = item.kind in (Kind.MARK, Kind.NOT_YET)
    if cur.is_except and not cur.says and draft.gap == "," and _seeks_another(draft, item):
        # "all in except chloe, can't find femi": femi is sought, and chloe is left out.
        draft.except_open = False
        return draft.begin_marks()
    last = item.typed.split()[-1]
    seeks = last in draft.beside.seeking
    heads = _heads_names(draft, item)
    leads = seeks or last in draft.beside.waits_for or heads
    named_next = draft.next_kind() is Kind.NAME
    parts = draft.gap or heads or ((seeks or item.kind is Kind.NOT_YET) and named_next)
    parts = parts or (seeks and draft.before is not None and draft.before.kind is Kind.AND)
    others = cur.whom == "nobody" and item.value == "left"
    if marks and parts and cur.refs and (cur.says or leads or others) and _is_mark_first(draft):
        draft.except_open = draft.except_open and not seeks
        return draft.begin_marks()
    return cur


def _is_since_then(draft: Draft, cur: Statement, item: Item) -> bool:
    """ "went to A&E last night so not in": what follows "so" is of now."""
    past = item.kind is Kind.MARK and "past" in cur.days
    return past and any(each.value in draft.beside.so for each in draft.behind(4))


def _is_of_now(draft: Draft, cur: Statement, item: Item) -> bool:
    """ "he was asleep in the van, back with us": behind the pause it is of now."""
    here = item.kind is Kind.MARK and item.value in (*_HERE, "back")
    if not here or draft.gap != "," or not cur.refs:
        return False
    words = cur.items[max(cur.ref_place, 0) :]
    said = {each.value for each in words if each.kind is Kind.FILL}
    # "was with": the head of a longer phrase.
    said.update(each.typed.split()[0] for each in words if " " in each.typed)
    was = bool(said & draft.beside.was)
    return was and all(mark.value.startswith("in_") for mark in cur.marks)


def _seeks_another(draft: Draft, item: Item) -> bool:
    away = item.kind is Kind.NOT_YET or item.value in ("unaccounted", "absent")
    return away and draft.next_kind() is Kind.NAME and not draft.is_spoken_of(draft.at + 1)


def _begin(draft: Draft, item: Item) -> None:
    mark_first = item.kind is not Kind.CODE and _is_mark_first(draft)
    last = draft.last
    if mark_first or last is None or item.kind is Kind.CODE:
        draft.cur = draft.cur or draft.new()
        draft.cur.mark_first = mark_first
        return
    following = beyond(draft.ahead(3), (Kind.FILL,))
    seeks = item.typed.split()[-1] in draft.beside.seeking
    if seeks and following is not None and following.kind is Kind.SUBGROUP:
        # "amina here. no sign of the girls": of some of them, and not of her.
        draft.cur = draft.new()
        draft.cur.refs = [Ref("unknown", following.text)]
        return
    made = draft.go_on()
    says_here = item.kind is Kind.MARK and item.value == "present" and not draft.negated
    other_sentence = made.whom in WHOLE and last.sentence != draft.sentence
    if (
        other_sentence
        or _is_in_request(draft)
        or ((says_here or made.whom in WHOLE) and _is_of_another(draft))
        or (last.sentence != draft.sentence and _is_of_things(draft))
    ):
        made.refs = [Ref("other", item.text)]
    made.is_except = last.is_except and last.sentence == draft.sentence
    made.ref_place = len(made.items)


def _is_of_things(draft: Draft) -> bool:
    """ "Jo is making a brew. THE GOATS GOT OUT again": they did."""
    behind = draft.behind(_NEAR)
    pauses = [n for n, each in enumerate(behind, 1) if each.kind is Kind.POINT]
    if not pauses:
        return False
    led = behind[pauses[-1] :]
    the = len(led) > 1 and led[0].typed in draft.beside.the_or_our
    return the and led[1].kind is Kind.ORDINARY and led[1].typed.endswith("s")


def _is_in_request(draft: Draft) -> bool:
    """ "Can you tell the taxi to come at two": of whoever is to be told, and of no pupil."""
    start = draft.at
    while start and not draft.items[start - 1].is_hard:
        start -= 1
    opening = [each for each in draft.items[start : draft.at] if each.kind not in _OPENING]
    if len(opening) < 2 or opening[1].kind is not Kind.ORDINARY:
        return False
    return opening[0].typed.split()[0] in draft.beside.asked_to


def _part_last(draft: Draft, cur: Statement, item: Item) -> Statement:
    """ "absent chloe, femi late": the last of the names belongs to what follows it."""
    last = cur.refs[-1]
    if item.kind in (Kind.REASON, Kind.ON_THE_WAY) and not last.comma:
        return cur
    if draft.gap in (",", ":", "-", "(") and item.kind is not Kind.CODE and len(cur.refs) == 1:
        begins = item.kind is Kind.MARK and _is_mark_first(draft)
        return draft.begin_marks() if begins else cur
    if len(cur.refs) < 2 or not last.comma:
        return cur
    cur.refs.pop()
    made = draft.begin(last)
    made.ref_place = 0
    made.items.append(Item(Kind.NAME, "", last.said, last.pupils))
    return made


def _heads_its_line(draft: Draft) -> bool:
    """A line that says "Absent" and nothing else stands above those who are."""
    before, following = draft.before, draft.next()
    if before is None or before.value != "\n" or following is None:
        return False
    step = 1 if following.value == ":" else 0
    ends = draft.next(step)
    return ends is not None and ends.value == "\n" and draft.next_kind(step + 1) is Kind.NAME


def _is_mark_first(draft: Draft) -> bool:
    """Whether the names that this mark is said of come after it ("absent: chloe and femi")."""
    comma = False
    taken, following = draft.items[draft.at], draft.next()
    last = taken.typed.split()[-1:]
    if set(last) & draft.beside.him:
        # "can't find him, two of us out looking".
        return False
    led = [item.kind for item in draft.behind(2)][:1]
    if led == [Kind.BUT] and draft.before is not None and draft.before.typed in draft.beside.one_is:
        # "overslept but IS COMING, Kai's late": of whoever overslept.
        return False
    if _heads_its_line(draft):
        return True
    seeks = taken.kind is Kind.MARK and set(last) & draft.beside.seeking
    seeks = seeks or (taken.kind is Kind.NOT_YET and set(last) & draft.beside.waits_for)
    if seeks and following is not None and following.kind is Kind.NAME:
        return True
    if taken.kind is Kind.MARK and _heads_names(draft, taken):
        return True
    for step, item in enumerate(draft.ahead()):
        at = draft.at + 1 + step
        if item.kind is Kind.NAME and draft.last is not None and _goes_on_from(draft, taken):
            here = taken.value in _HERE
            return not (here or comma or draft.has_verb_behind(at))
        if item.kind is Kind.REST and _told_before(draft) and _are_fine(draft, at):
            # "missed his bus, on the next one, rest fine".
            return False
        if item.kind in NAMED or item.kind in GROUPS:
            return not draft.is_spoken_of(at) or (draft.last is None and not comma)
        if item.kind is Kind.UNKNOWN and not comma and step < 2 and not draft.is_spoken_of(at):
            return draft.last is None or draft.negated
        comma = comma or item.value == ","
        leads = step < 3 and item.value in draft.beside.before_names
        if item.is_hard or not (item.kind in _TO_NAMES or item.kind is Kind.POINT or leads):
            return False
    return False


def _heads_names(draft: Draft, item: Item) -> bool:
    """ "FOUND Kai", "no idea WHERE Kai is", at the head of what is said: of him, and no other."""
    led = draft.before
    head = led is None or led.kind in (Kind.POINT, Kind.BUT, Kind.AND, *CHATTER)
    # "we've lost Kai": whoever lost him is said with it.
    head = (head or " " in item.typed) and draft.next_kind() is Kind.NAME
    return head and item.typed.split()[-1] in draft.beside.heads_names


def _told_before(draft: Draft) -> bool:
    """Whether somebody was spoken of before."""
    return draft.last is not None or (draft.cur is not None and bool(draft.cur.refs))


def _are_fine(draft: Draft, at: int) -> bool:
    """ "rest FINE", "others all WORKING away": something is said of them."""
    told = beyond(draft.ahead(4, of=at), (Kind.FILL, Kind.EVERYONE))
    if told is None:
        return False
    return told.kind is Kind.CHAT_YES or told.value in draft.beside.fine | draft.beside.at_work


def _goes_on_from(draft: Draft, item: Item) -> bool:
    """ "femi was late but here now, zofia brought cake": said on of the one before."""
    last, before = draft.last, draft.before
    if last is None or last.sentence != draft.sentence or draft.gap:
        return False
    return before is not None and before.kind is Kind.BUT and item.kind is Kind.MARK


# how it is said


def _put(draft: Draft, cur: Statement, item: Item) -> None:
    place = len(cur.items)
    if item.value == "left" and not cur.refs and {*item.typed.split()} & draft.beside.them_all:
        # "no power so we've sent them all home".
        cur.refs = [Ref("everyone", item.text)]
    hedged, draft.hedge_next = draft.hedge_next, False
    if item.kind in (Kind.REASON, Kind.ON_THE_WAY):
        # "won't get out of the car, refusing": the "not" was of what stands before the comma.
        denied = draft.negated and not draft.gap
        cur.reasons.append((item.value, item.typed, hedged or denied))
        if item.kind is Kind.ON_THE_WAY:
            cur.marks.append(Said("awaited", draft.negated, item.text, place, hedged=hedged))
    elif item.kind is Kind.NOT_YET:
        cur.marks.append(Said("not_yet", False, item.text, place))
        cur.is_yet = True
    elif item.kind is Kind.CODE:
        cur.marks.append(Said(item.value, False, item.text, place, is_code=True))
    elif not _is_coming_back(draft, cur, item):
        said = _said(draft, cur, item, place, hedged)
        kin = kin_of(item.typed, draft.beside)
        cur.marks.append(said._replace(kin=kin) if kin else said)
    if item.kind is not Kind.CODE:
        draft.negated = False
    cur.items.append(item)


def _is_coming_back(draft: Draft, cur: Statement, item: Item) -> bool:
    """ "not coming back": the "not" is of both words, and they are one."""
    before = draft.before
    joined = before is not None and before.kind is Kind.MARK and not draft.gap
    denied = bool(cur.marks) and cur.marks[-1].negated and cur.marks[-1].value == "awaited"
    return joined and denied and item.value == "back" and not draft.negated


def _is_of_other_words(draft: Draft) -> bool:
    """Whether two or more words that say nothing stand between the "not" and this mark."""
    words = 0
    for item in reversed(draft.items[: draft.at]):
        if item.kind is Kind.NOT or item.kind in NAMED:
            break
        if item.value in draft.beside.gives_why:
            # "isn't allowed near her so he's in with me".
            return True
        words += item.kind in (Kind.ORDINARY, Kind.UNKNOWN, *CHATTER, Kind.CHAT_YES)
    return words > 2


def _said(draft: Draft, cur: Statement, item: Item, place: int, hedged: bool) -> Said:
    """A mark, turned round by its own "not", or by one before the name ("no chloe in")."""
    if item.value == "unaccounted" and draft.gap == ",":
        # "not with them, gave us the slip": the "not" was of what stands before the pause.
        draft.negated = False
    if draft.negated and _is_of_other_words(draft):
        # "he's not breathing right, ambulance is coming": the "not" was of something else.
        return Said("unclear", False, item.text, place)
    if not cur.negates_who or cur.marks:
        return Said(item.value, draft.negated, item.text, place, hedged=hedged)
    coming = item.value == "awaited" and cur.neither in draft.beside.neither
    here = item.value in _HERE or coming
    if any(each.kind is Kind.IT for each in cur.before_who):
        # "it's not Lorcan that's absent".
        return Said(item.value, True, item.text, place, hedged=hedged)
    turned = Said(item.value, True, item.text, place, hedged=hedged)
    if here and cur.neither in draft.beside.neither:
        return turned
    after = cur.items[cur.ref_place :]
    unclear = Said("unclear", False, item.text, place)
    if here and not draft.negated:
        verb = any(i.value in draft.beside.verbs_between or i.has_s for i in after)
        return unclear if verb and not cur.neither else turned
    cur.negates_who = False
    if cur.neither:
        return unclear
    draft.out.answers.append("no")
    return Said(item.value, draft.negated, item.text, place, hedged=hedged)
