"""
Pronouns: whom "he", "she" and "they" mean, by who was spoken of last.

Where that could be two, the pronoun is left as it is, and the reader asks.
"""

from apbot.reading.draft import Draft
from apbot.reading.items import Item, beyond
from apbot.reading.lexicon import Kind
from apbot.reading.statements import WHOLE, Ref, Statement

_TWO = 2


def take_pronoun(draft: Draft, item: Item) -> None:
    """Take "he", "she" or "they": a new statement of whom it means."""
    cur = draft.named
    told = cur is not None and cur.whom in WHOLE and _ends_in_report(cur)
    of_all = cur is not None and (cur.whom == "everyone" or told)
    if cur is not None and of_all and item.kind is not Kind.THEY:
        # "shingles of all things so he's at home", "the others say he's in town": one of them is
        # spoken of, and not all.
        cur.is_void = True
    elif cur is not None and (teller := _teller(draft, cur)) is not None:
        # "Tia is on the bus and she told Niki she'd be here": Tia will.
        cur.is_void = True
        draft.close()
        draft.last, cur = teller, None
    elif cur is not None and not draft.gap and cur.whom != "other" and not _is_told_of(draft, cur):
        cur.items.append(item)
        if cur.possessed and cur.possessed != "transport":
            cur.possessed, cur.is_doubtful = "", True
        return
    both = draft.next_kind() is Kind.BOTH and _names_two(draft)
    if draft.next_kind() in (Kind.EVERYONE, Kind.BOTH, Kind.EVERYONE_IN) and not both:
        return
    if cur is not None and cur.is_except:
        cur.items.append(item)
        return
    draft.except_open = draft.except_open and draft.gap != "."
    before = draft.cur or draft.last
    draft.close()
    what = {Kind.HE: "he", Kind.SHE: "she"}.get(item.kind, "they")
    made = draft.begin(*_meant(draft, what, item))
    made.ref_place = len(made.items)
    made.continues = True
    made.is_hearsay = made.is_hearsay or told
    left_out = before is not None and before.is_except and draft.except_open
    made.is_except = left_out and made.of == "pupils"
    made.items.append(item)
    led = draft.before
    if (
        led is not None
        and led.value in draft.beside.so
        and draft.last is not None
        and not draft.gap
    ):
        # "has a meeting next Tues so she'll not be with us": of that day, too.
        made.days.extend(day for day in draft.last.days if day != "today")


def _ends_in_report(cur: Statement) -> bool:
    """ "the others say": what follows is their word."""
    return any(item.kind is Kind.REPORTS for item in cur.items[-1:])


def _teller(draft: Draft, cur: Statement) -> Statement | None:
    """Who told it to the pupil who is named, in "and she told Niki she'd be here"."""
    last, led = draft.last, draft.behind(2)
    told = cur.is_object and len(led) > 1 and led[0].typed in draft.beside.told_somebody
    alone = (
        len(cur.refs) == 1
        and cur.of == "pupils"
        and not (cur.says or any(each.has_s for each in cur.items[-1:]))
    )
    return last if told and alone and last is not None and last.refs != cur.refs else None


def _is_told_of(draft: Draft, cur: Statement) -> bool:
    """ "had a chat with Bashir and he's come in": of him to whom somebody spoke."""
    joined = draft.before is not None and draft.before.kind is Kind.AND
    owned = cur.possessed or any(item.has_s for item in cur.items)
    return joined and cur.is_object and not (cur.says or owned) and len(cur.refs) == 1


def _meant(draft: Draft, what: str, item: Item) -> list[Ref]:
    """Return whom the pronoun means: those spoken of last, or the pronoun itself."""
    itself = [Ref(what, item.text)]
    last = draft.last
    if last is None or _is_of_relation(draft, last, what):
        return itself
    named = [ref for ref in last.refs if ref.what in ("pupils", "number", "range")]
    if what == "they":
        if named:
            return list(last.refs)
        return [Ref(last.whom, item.text)] if last.whom in ("everyone", "rest") else itself
    if named and draft.gap == "(":
        return [named[-1]]
    if named and len(last.refs) == 1 and len(named[0].pupils) <= 1:
        return list(last.refs)
    if last.whom in ("other", "rest", "everyone"):
        single = [s for s in reversed(draft.out.statements) if s.whom == "pupils"]
        if single and len(single[0].refs) == 1:
            return list(single[0].refs)
    return list(last.refs) if last.whom in ("unknown", "other") else itself


def _is_of_relation(draft: Draft, last: Statement, what: str) -> bool:
    """ "chloe's mum rang. she's ill": it may be the mum of whom the second is said."""
    if not last.says or last.possessed in ("", "transport", "thing"):
        return False
    if what != "they" and any(mark.value == "left" for mark in last.marks):
        # "Sofia's mum picked her up so she won't be with us".
        return False
    led = draft.before
    if led is not None and led.value in draft.beside.so and _goes(draft):
        # "Zosia's mum got here early so she's away to the dentist".
        return False
    female = last.possessed.split()[-1].rstrip("s") in draft.beside.women
    return what == "they" or female == (what == "she")


def _goes(draft: Draft) -> bool:
    following = beyond(draft.ahead(4), (Kind.FILL, Kind.NOW, Kind.JUST, Kind.ONLY))
    gone = following is not None and following.kind is Kind.MARK
    return gone and following is not None and following.value in ("gone", "gone_to", "left")


def _names_two(draft: Draft) -> bool:
    """ "Kai and Mo never left, they're BOTH here": the two who were just named."""
    last = draft.cur or draft.last
    return last is not None and len({n for ref in last.refs for n in ref.pupils}) == _TWO
