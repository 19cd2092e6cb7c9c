"""
Lookalikes: small words that look like a mark and are part of something else.

"in the workshop", "took a knife off Kyle", "off to the allotment", "gone grey": where somebody is
or what somebody does, and not that anybody is here or away.
"""

from collections.abc import Sequence

from apbot.reading.draft import Draft
from apbot.reading.items import PRONOUNS, Item, any_word, beyond, typed_in, words_in
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.places import is_doing, is_place, say_place
from apbot.reading.small_words import begins, ends_as, first_is, last_is
from apbot.reading.statements import Said

_PLACES = (Kind.PLACE_HERE, Kind.PLACE_AWAY)
_WORDS = (Kind.ORDINARY, Kind.UNKNOWN)
_PLAIN = frozenset((Kind.POINT, Kind.AND, Kind.TODAY, Kind.EMOJI, Kind.CHAT, Kind.YET))
_STRANGE = (Kind.ORDINARY, Kind.UNKNOWN, Kind.RELATION, Kind.STAFF)


def is_no_mark(draft: Draft, item: Item) -> bool:
    """Whether the word is none, and has been taken as what it is."""
    if _is_taken_away(draft, item):
        cur = draft.named
        if cur is not None:
            cur.marks.append(Said("left", False, f"taken {item.typed}", len(cur.items)))
        draft.keep(item)
        _pass_vehicle(draft)
        return True
    if (
        _is_loose(draft, item)
        or _is_of_a_thing(draft, item)
        or _is_of_rescuers(draft, item)
        or _is_where_found(draft, item)
    ):
        draft.keep(item)
        return True
    if item.value == "awaited" and _is_how_they_left(draft, item):
        draft.keep(item._replace(kind=Kind.CHAT))
        return True
    if item.value == "awaited" and is_on_the_way_of(draft, item):
        _pass_in(draft, item)
        return True
    if item.typed in draft.beside.bare_out and _is_out_on(draft):
        draft.keep(item._replace(kind=Kind.CHAT))
        return True
    if item.typed not in draft.beside.bare_in or item.value != "present":
        return False
    if _is_of_a_wait(draft):
        draft.keep(item)
        return True
    return is_place(draft, item)


def _is_how_they_left(draft: Draft, item: Item) -> bool:
    """ "Aiden left at 2 in his taxi": how he went, and no coming."""
    cur = draft.cur
    if cur is None or not cur.marks or draft.gap:
        return False
    last = cur.marks[-1]
    gone = last.value in ("left", "gone") and not last.negated
    since = cur.items[last.place + 1 :]
    small = all(each.kind in (Kind.FILL, Kind.TIME, Kind.NOW, Kind.TODAY) for each in since)
    apart = any(at > last.place for at in cur.pauses)
    return gone and small and not apart and first_is(item.typed, draft.beside.leads_to_a_place)


def _is_out_on(draft: Draft) -> bool:
    """ "out on the mats": here, in a place of ours."""
    following = draft.next()
    here = following is not None and following.kind is Kind.MARK and following.value == "present"
    return here and first_is(following.typed, draft.beside.out_on) and not draft.gap  # type: ignore[union-attr]  # there is one


def _is_of_a_wait(draft: Draft) -> bool:
    """ "his dad is dropping him in 20 mins": of the minutes, where they are coming already."""
    following = draft.next()
    counted = following is not None and following.when is not None and following.when.count
    cur = draft.cur
    return bool(counted) and cur is not None and any(m.value == "awaited" for m in cur.marks)


def _is_of_rescuers(draft: Draft, item: Item) -> bool:
    """ "999 are on the way", "peelers were just in": who comes is no pupil."""
    if item.value not in ("awaited", "arrived", "back"):
        return False
    behind = draft.behind(3)
    named = any(each.kind is Kind.NAME for each in behind)
    return not named and bool(words_in(behind) & draft.beside.rescuers)


def _is_where_found(draft: Draft, item: Item) -> bool:
    """ "was asleep in the minibus": where somebody was, and not that they are coming."""
    if item.value != "awaited" or item.typed.split()[0] not in draft.beside.leads_to_a_place:
        return False
    behind = draft.behind(3)
    if behind and behind[-1].kind is Kind.REASON and behind[-1].value == "illness":
        # "was sick in the minibus".
        return True
    does = any(each.kind in (Kind.ORDINARY, Kind.REASON) for each in behind[-1:])
    return does and bool(typed_in(behind) & draft.beside.was)


def _is_taken_away(draft: Draft, item: Item) -> bool:
    """ "they took Osian off in the ambulance": he has gone, and was taken."""
    if draft.gap or not draft.may_hold(draft.beside.takes_off) or draft.named is None:
        return False
    if item.typed not in draft.beside.off_or_away:
        return False
    if not any_word(draft.behind(3), draft.beside.takes_off):
        return False
    after = draft.next()
    if after is None or after.is_hard:
        return True
    by = {after.typed.split()[0], *after.value.split()[:1]}
    return bool(by & draft.beside.taken_by)


def _pass_vehicle(draft: Draft) -> None:
    """ "in the ambulance": how, and not where anybody is."""
    if (following := draft.next()) is not None and following.typed in draft.beside.bare_in:
        draft.at += 1
        draft.keep(following._replace(kind=Kind.CHAT))


def goes_and_does(behind: Sequence[Item], beside: Neighbours) -> bool:
    """ "has gone AND CHINNED Sami": what somebody did, and not that they went."""
    if len(behind) < 3 or behind[0].kind is not Kind.AND:
        return False
    done = behind[1].kind is Kind.ORDINARY and ends_as(behind[1].value, beside.done_ends)
    return done and behind[2].kind in (Kind.NAME, Kind.FILL, Kind.RELATION)


def _is_loose(draft: Draft, item: Item) -> bool:
    """ "took a knife off Kyle": a small word of another verb, and no mark."""
    before, beside = draft.before, draft.beside
    if _is_done_to_them(draft, item) or _is_of_a_device(draft, item):
        return True
    if before is None or draft.gap or before.kind not in (Kind.ORDINARY, Kind.UNKNOWN):
        return False
    if draft.cur is None or not draft.cur.refs:
        following = draft.next()
        if following is not None and following.value in (":", "\n"):
            # "the following absences:" heads a list.
            return False
        return " " not in item.text and before.value not in beside.before_own
    if before.kind is Kind.UNKNOWN or item.value == "present" or draft.negated:
        return False
    return item.typed in beside.loose and before.value not in beside.before_loose


def _is_of_a_device(draft: Draft, item: Item) -> bool:
    """ "power's gone off", "the boiler is off": said of the power, where nobody is spoken of."""
    if draft.gap or draft.at < 2:
        return False
    thing, verb = draft.behind(2)
    is_ = verb.value in draft.beside.of_a_device
    if is_ and thing.value in draft.beside.switched_off and item.value == "absent":
        return True
    if draft.cur is not None and draft.cur.refs:
        return False
    away = item.value in ("absent", "unaccounted", "gone", "left")
    return (
        is_
        and away
        and thing.kind is Kind.ORDINARY
        and not ends_as(thing.value, draft.beside.doing_ends)
    )


def _is_done_to_them(draft: Draft, item: Item) -> bool:
    """ "locks him out", "threw her out": a small word of what somebody does to them."""
    if draft.gap or draft.at < 2 or item.typed not in draft.beside.loose:
        return False
    verb, them = draft.behind(2)
    done = verb.kind is Kind.ORDINARY and not verb.value.startswith(tuple(draft.beside.kept_from))
    return done and them.value in draft.beside.objects


def _is_of_the_dead(following: Item) -> bool:
    is_family = following.kind is Kind.REASON and following.value == "family"
    return is_family or following.kind is Kind.RELATION


def _is_of_a_thing(draft: Draft, item: Item) -> bool:
    """ "can't find the epipen", "gone grey", "dropped Josie off": said of no one's place."""
    beside = draft.beside
    following, led, typed = draft.next(), draft.before, item.typed
    value = following.value if following is not None else ""
    last = typed.split()[-1]
    if item.value == "late" and following is not None and _is_of_the_dead(following):
        # "his late mum", "Chloe's late grandad".
        return led is not None and (led.has_s or led.value in beside.owners)
    if item.value == "awaited" and led is not None and led.value in beside.only_past:
        # "was due in": and is she?
        return typed.split()[0] in beside.due_here
    if _is_kitted_out(draft, item):
        # "can you sort Femi out with some boots".
        return True
    if _is_done_to(draft, item) or _is_where_it_was(draft, item):
        return True
    if last in beside.bare_late and following is not None and following.typed in beside.late_home:
        # "ring her mum to say she'll be late home".
        return True
    if typed in beside.bare_left and value in beside.left_behind:
        # "her wellies, she's left them here again": of the wellies.
        _pass_left(draft)
        return True
    if typed in beside.has_gone and goes_and_does(list(draft.ahead(3)), beside):
        return True
    if typed in beside.missing and value in (beside.owners | beside.articles):
        # "missing his mum", "missing a glove".
        named = draft.named is not None and draft.named.whom == "pupils"
        return named and draft.next_kind(1) in _STRANGE
    if item.value in ("left", "gone") and led is not None and led.value in beside.bare_to:
        # "the taxi hasn't come to take him home".
        return typed.split()[0] in beside.to_take
    if typed in beside.bare_out and led is not None and led.typed in beside.done_out:
        # "helping out", "working out".
        return not draft.gap
    if typed in beside.bare_out and following is not None and following.kind is Kind.ORDINARY:
        # "out feeding the hens".
        return ends_as(following.value, beside.doing_ends)
    if typed in beside.makes and led is not None and led.value in beside.bare_that:
        # "and that leaves Dougie".
        return True
    if typed in beside.bare_out and following is not None and following.typed in beside.out_of_it:
        draft.at += 1
        draft.keep(following)
        return True
    if (
        typed in beside.bare_back
        and led is not None
        and led.value in beside.owners
        and not draft.gap
    ):
        around = any(each.value in beside.round_the_back for each in draft.behind(3))
        if led.value not in beside.bare_the or around:
            # "my back is killing me", "round the back".
            return True
    if typed in beside.bare_out and (value in beside.theirs or value in beside.bare_the):
        # "took a chunk out her thumb", "pulled out the water".
        return draft.next_kind(1) in _WORDS
    if last in beside.seeking and led is not None and led.kind in (Kind.HE, Kind.SHE):
        # "he can't see out of his eyes": he is who seeks.
        return draft.next_kind() is not Kind.NAME and value not in beside.objects
    if item.value in ("back", "arrived") and typed in beside.finds_a_thing:
        # "found the keys"
        thing = value in beside.owners and draft.next_kind(1) in _WORDS
        return thing and draft.next_kind(1) is not Kind.UNKNOWN
    if item.value == "late" and typed in beside.bare_late and _opens(draft):
        # "late lunch today"
        return following is not None and following.kind is Kind.ORDINARY
    if led is not None and led.value in beside.animals and not draft.gap:
        # "the dog ran off"
        return item.value in ("unaccounted", "left", "gone", "absent")
    if first_is(typed, beside.falls_off) and last_is(typed, beside.bare_off):
        # "slipped off the beam"
        return value in beside.bare_the
    if typed in beside.stuck_in and following is not None and following.kind not in _PLAIN:
        if draft.named is not None and draft.named.whom == "pupils":
            # "stuck in bed": somewhere, and not here for all that anybody knows.
            say_place(draft, item, "in_somewhere")
        return True
    if typed in beside.bare_off and value in beside.bare_the and draft.next_kind(1) in _WORDS:
        # "off the scale".
        return True
    if typed in beside.bare_off and _is_off_to_work(draft):
        return True
    if typed in beside.bare_off:
        off = draft.may_hold(beside.done_with_off)
        if off and any(each.value in beside.done_with_off for each in draft.behind(4)):
            return True
        if value not in beside.owners:
            return False
        of_place = draft.next_kind(1) in (Kind.PLACE_HERE, Kind.STAFF) or (
            # "off his food", "off her head".
            value in beside.theirs and draft.next_kind(1) is Kind.ORDINARY
        )
        come = bool(typed_in(draft.behind(1)) & beside.come_off)
        return come or of_place
    thing = draft.next_kind(1) in _WORDS
    if typed in beside.fetches_things and value in beside.me:
        # "she's fetched me a pasty".
        return True
    if thing and typed in beside.fetches_things and value in beside.owners:
        # "collected the eggs", "his mum collected his coat".
        return True
    if (
        thing
        and typed in beside.bare_left
        and value in beside.owners
        and value not in beside.bare_the
    ):
        # "left her coat on the bus".
        return True
    if " " in typed and _is_of_mislaid(draft):
        where = typed.split()[0] in beside.leads_to_a_place or typed in beside.at_home_only
        if where:
            return True
    finds = item.value == "unaccounted" and last in beside.seeking
    if finds and draft.next_kind() is Kind.FILL and thing:
        return value in beside.owners
    return last in beside.has_gone and value in beside.states


def _pass_left(draft: Draft) -> None:
    """Pass over what was left, and where it is: "left THEM HERE"."""
    while draft.next_kind() in (Kind.FILL, Kind.THEY, Kind.IT, Kind.MARK, Kind.PLACE_HERE):
        passed = draft.next()
        draft.at += 1
        if passed is not None:
            draft.keep(passed._replace(kind=Kind.CHAT))


def _opens(draft: Draft) -> bool:
    """Whether the word opens what is said, or stands behind a pause."""
    return draft.before is None or draft.gap != ""


def _is_off_to_work(draft: Draft) -> bool:
    """ "off up to the top field": where they go with us, and no absence."""
    led = False
    for item in draft.ahead(6):
        if item.kind is Kind.PLACE_HERE:
            return led
        led = led or item.value in draft.beside.off_to_ours
        if item.kind not in (Kind.FILL, Kind.UNTIL, Kind.ORDINARY, Kind.UNKNOWN):
            return False
    return False


def _pass_in(draft: Draft, item: Item) -> None:
    """ "on my way in": the "in" is of the way."""
    draft.keep(item)
    if (
        (following := draft.next()) is not None
        and following.typed in draft.beside.bare_in
        and not draft.gap
    ):
        draft.at += 1
        draft.keep(following._replace(kind=Kind.CHAT))


def is_on_the_way_of(draft: Draft, item: Item) -> bool:
    """ "seen him on my way in", "got jumped on the way in": when something was, not a coming."""
    words = item.typed.split()
    with_me = any(phrase in item.typed for phrase in draft.beside.are_with_us)
    if not with_me and not draft.beside.of_the_writer.isdisjoint(words):
        return True
    before = draft.before
    done = before is not None and before.kind in _WORDS and not draft.gap
    done = done and before is not None and ends_as(before.value, draft.beside.past_ends)
    in_or_here = words[-1] in draft.beside.end_of_the_way
    return done and in_or_here and not draft.beside.the_way.isdisjoint(words)


def is_lurking(draft: Draft, item: Item) -> bool:
    """ "a man keeps waiting for her outside": what somebody else does, and she may be here."""
    if item.kind is not Kind.NOT_YET or draft.at < 2:
        return False
    (who, verb), following = draft.behind(2), draft.next()
    them = following is not None and following.value in draft.beside.objects
    other = who.kind in (Kind.ORDINARY, Kind.UNKNOWN, Kind.SUBGROUP)
    does = verb.value in draft.beside.no_name_after | draft.beside.verbs_of_being
    if them and does and other:
        return True
    # "a man in a black car was waiting for Leon".
    named = following is not None and following.kind is Kind.NAME
    return (them or named) and does and _is_of_strangers(draft)


def _is_of_strangers(draft: Draft) -> bool:
    for item in reversed(draft.behind(8)):
        if item.kind in (Kind.NAME, *PRONOUNS) or item.is_hard:
            return False
        if item.value in draft.beside.strangers:
            return True
    return False


def is_found_asleep(draft: Draft, item: Item) -> bool:
    """ "found him, he was asleep in the minibus": where he was, no ride and no reason."""
    if item.kind is not Kind.REASON and item.value != "awaited":
        return False
    told = [*draft.out.statements, *([draft.cur] if draft.cur is not None else [])]
    marks = [mark for each in told for mark in each.marks]
    if not any(mark.value == "back" and not mark.negated for mark in marks):
        return False
    if item.kind is Kind.REASON:
        return bool(typed_in([item]) & draft.beside.asleep)
    where = item.typed.split()[0] in draft.beside.found_in
    return where and bool(typed_in(draft.behind(2)) & draft.beside.asleep)


def is_where(draft: Draft, item: Item) -> bool:
    """ "slept in a bus shelter", "died in the fire": where, and not that somebody overslept."""
    following = draft.next()
    return (
        " " in item.typed
        and last_is(item.typed, draft.beside.bare_in)
        and following is not None
        and following.value in draft.beside.articles
    )


def is_ride(draft: Draft, item: Item) -> bool:
    """ "on way in a taxi", "taxi reckons 8.55": how somebody comes, and not why they are late."""
    if item.value != "transport" or item.typed not in draft.beside.conveyances:
        return False
    comes = (
        any(mark.value in ("awaited", "arrived") for mark in draft.cur.marks)
        if draft.cur
        else False
    )
    led = beyond(reversed(draft.behind(3)), (), draft.beside.articles)
    following = beyond(draft.ahead(3), (Kind.FILL,))
    says = following is not None and (
        following.kind is Kind.REPORTS or following.value in draft.beside.brings
    )
    by = (
        led is not None
        and led.kind is not Kind.POINT
        and led.typed.split()[-1] in draft.beside.by_ride
    )
    return (comes and by and not draft.gap) or (says and not draft.negated)


def _is_where_it_was(draft: Draft, item: Item) -> bool:
    """ "all here. Ryan got jumped on the way": where that was, for he is here."""
    before, own = draft.before, draft.cur.refs if draft.cur is not None else []
    if before is None or draft.gap or before.kind not in (Kind.ORDINARY, Kind.CHAT):
        return False
    if not begins(item.typed, draft.beside.on_their_way):
        return False
    for each in draft.out.statements:
        here = bool(each.marks) and all(m.value == "present" and not m.negated for m in each.marks)
        same = each.whom in ("everyone", "rest") or any(
            ref.pupils and ref.pupils == said.pupils for ref in own for said in each.refs
        )
        if each.sentence < draft.sentence and here and same:
            return True
    return False


def _is_done_to(draft: Draft, item: Item) -> bool:
    """ "stepdad locks Femi out": what somebody else does to him, and not where he is."""
    if draft.gap or draft.at < 3:
        return False
    who, verb, before = draft.behind(3)
    if before.kind is not Kind.NAME or item.typed not in draft.beside.loose:
        return False
    does = verb.kind is Kind.ORDINARY and not ends_as(verb.value, draft.beside.manner_ends)
    return does and who.kind in (Kind.RELATION, Kind.STAFF, Kind.SUBGROUP)


def _is_kitted_out(draft: Draft, item: Item) -> bool:
    """ "sort Femi out with boots": what Femi is given, and no place."""
    if draft.gap or draft.at < 2 or item.typed not in draft.beside.bare_out:
        return False
    kits, whom = draft.behind(2)
    them = whom.kind is Kind.NAME or whom.value in draft.beside.him
    return them and kits.typed in draft.beside.kits_out and draft.next_kind() is Kind.WITH


def _is_of_mislaid(draft: Draft) -> bool:
    """ "left her kit at home", "forgot his bag on the bus": where that is."""
    behind = draft.behind(5)
    for at, item in enumerate(behind[:-1]):
        owned = behind[at + 1].value in draft.beside.owners
        if item.typed in draft.beside.mislaid and owned:
            return all(each.kind in (*_WORDS, Kind.FILL) for each in behind[at + 2 :])
    return False


def is_where_they_were(draft: Draft, item: Item) -> bool:
    """ "Remi back now, was in the store": where somebody was, behind a word that says here."""
    cur = draft.cur
    inside = item.value == "present" and last_is(item.typed, draft.beside.bare_in)
    if not inside or cur is None or not cur.pauses or not cur.refs:
        return False
    led = [each for each in draft.behind(2) if each.value not in draft.beside.sat]
    if not led or led[-1].kind is not Kind.FILL or led[-1].value not in draft.beside.was:
        return False
    told = [mark for mark in cur.marks if mark.place < cur.pauses[-1]]
    return bool(told) and all(m.value in ("present", "back") and not m.negated for m in told)


def goes_on(draft: Draft, item: Item) -> bool:
    """ "off to the allotment", "out in the van": something being done, and no mark."""
    following = draft.next()
    if item.kind is not Kind.MARK or following is None or item.typed not in draft.beside.off_or_out:
        return False
    led = draft.before
    if led is not None and led.value in draft.beside.was and is_doing(draft, following):
        # "not absent, she was out hacking with the first group": where she was.
        draft.keep(item)
        return True
    comes_in = following.kind is Kind.MARK and following.typed in draft.beside.bare_in
    if item.typed in draft.beside.bare_off:
        goes = following.value in draft.beside.bare_to and all(
            i.kind is not Kind.REASON for i in draft.ahead(4)
        )
    else:
        doing = following.value in draft.beside.out_doing or _is_out_with(draft, following)
        goes = doing or comes_in or following.kind is Kind.PLACE_HERE
    if not goes:
        return False
    cur = draft.named
    if cur is not None:
        cur.is_doubtful = cur.is_doubtful or not cur.continues
    draft.keep(item)
    if following.kind is Kind.MARK:
        draft.at += 1
        draft.keep(following)
    return True


def _is_out_with(draft: Draft, following: Item) -> bool:
    """ "out with the ponies": what they do; "out with a cold" is why they are away."""
    owner = draft.next(1)
    ours = owner is not None and owner.value in draft.beside.of_ours
    return following.kind is Kind.WITH and ours and draft.next_kind(2) is Kind.ORDINARY
