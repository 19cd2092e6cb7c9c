"""
Whereabouts: where a pupil is said to be or to have been, where that is no word of being here.

"Back at school", "found at his nan's", "was sick in the barn", "on a bus" of one who is looked for.
"""

from apbot.domain.words import Mark, Reason
from apbot.reading.items import beyond
from apbot.reading.lexicon import Kind
from apbot.reading.told import Told


def is_back_elsewhere(told: Told) -> bool:
    """ "jose is back at school today", "back at her nans": not here, however glad one is."""
    statement = told.statement
    back = next((n for n, i in enumerate(statement.items) if i.kind is Kind.MARK), None)
    if told.said != {"back"} or told.denies_will or back is None:
        return False
    behind = statement.items[back + 1 : back + 4]
    led = statement.items[back].typed.split()[-1]
    if not behind or not {led, *behind[0].typed.split()[:1]} & told.beside.back_at:
        return False
    first, *others = behind
    if led in told.beside.back_at and first.kind in (Kind.REASON, Kind.PLACE_AWAY):
        return True
    where = beyond(others, (Kind.FILL,))
    away = {Kind.PLACE_AWAY, Kind.RELATION}
    if statement.is_now and others and where is not others[0]:
        # "back at her station now": a place of hers may be here.
        away = {Kind.RELATION}
    return first.kind is Kind.REASON or (where is not None and where.kind in away)


def is_where_it_began(told: Told) -> bool:
    """ "was sick in the barn", "felt faint in class": where, and not that he is there still."""
    if told.reason is not Reason.ILLNESS:
        return False
    kinds = [item.kind for item in told.statement.items]
    return all(
        mark.typed.split()[0] in told.beside.leads_to_a_place | told.beside.bare_at
        and (mark.value == "in_place" or " " in mark.typed)
        and Kind.REASON in kinds[: max(mark.place, 0)]
        for mark in told.statement.marks
    )


def is_seen_off(told: Told) -> bool:
    """ "he's on a bus", of one who is looked for: where he was seen, and not that he comes."""
    if told.held is not Mark.UNACCOUNTED or told.said != {"awaited"}:
        return False
    return all(mark.typed in told.beside.riding for mark in told.statement.marks)


def is_here_and_rides(told: Told) -> bool:
    """ "Mo's taxi is late today", "Mo waiting for his taxi", of one who is here."""
    statement = told.statement
    told_anew = statement.is_correction or statement.is_yet or statement.continues
    if not told.was_here or told_anew or told.at is not None:
        return False
    rides = any(mark.typed in told.beside.riding for mark in told.statement.marks)
    waits = any(mark.typed.split()[0] in told.beside.waits for mark in told.statement.marks)
    return rides or waits or told.reason is Reason.TRANSPORT
