"""
Retold: a message's pieces with each roundabout way of saying something put as the plain one.

The order counts: who took whom away comes before who was found, and how far a list goes comes last,
when all that could stand in it is plain.
"""

from apbot.domain.readings import Reply, RestPresent
from apbot.domain.words import Mark
from apbot.reading.all_good import as_all_good
from apbot.reading.amended import as_amended
from apbot.reading.another_meant import as_meant
from apbot.reading.answered import as_answered
from apbot.reading.brought_back import as_brought_back
from apbot.reading.by_then import as_by_then
from apbot.reading.departures import as_departed, with_owners
from apbot.reading.elsewhere import as_elsewhere
from apbot.reading.fetched import as_fetched
from apbot.reading.found_again import as_found_again
from apbot.reading.grouped import as_grouped
from apbot.reading.items import Item
from apbot.reading.logged import as_logged
from apbot.reading.namesakes import (
    with_unknown_surnames,
    without_namesakes,
    without_those_named,
)
from apbot.reading.neighbours import Neighbours
from apbot.reading.objects import without_objects
from apbot.reading.one_of_two import as_one_of_two
from apbot.reading.put_right import as_put_right
from apbot.reading.reach import as_reached
from apbot.reading.rides import as_rides
from apbot.reading.some_of import as_some
from apbot.reading.things import as_things
from apbot.reading.told import HERE_MARKS
from apbot.reading.told_before import as_told_before
from apbot.reading.trailing import with_trailing
from apbot.reading.unseen import as_unseen
from apbot.reading.why_late import as_late


def retold(tagged: list[Item], reply: Reply, beside: Neighbours) -> list[Item]:
    """Return the tagged pieces in plain order, for the clauses to be built of."""
    lost = [n for n, mark in reply.marks.items() if mark is Mark.UNACCOUNTED]
    parts = with_unknown_surnames(without_namesakes(tagged, beside), reply.roster, beside)
    parts = without_those_named(parts, reply.roster)
    parts = as_grouped(as_one_of_two(parts, reply.roster, beside), beside)
    parts = as_all_good(as_answered(parts, reply, beside), reply, beside)
    told = as_told_before(with_owners(parts, beside), beside)
    items = without_objects(as_fetched(told, beside), beside)
    items = as_logged(as_departed(items, beside), reply, beside)
    away = [n for n, mark in reply.marks.items() if mark not in HERE_MARKS]
    named = {n for item in items for n in item.pupils}
    # A message that names nobody but them is of them, whoever else is away.
    only = bool(named) and named <= {*lost}
    # So is the answer to "found yet?".
    asked = reply.pending.pupils if isinstance(reply.pending, RestPresent) else ()
    alone = only or len(away) == 1 or ([*asked] == lost and not named)
    lost = sorted(named) if only else lost
    items = as_brought_back(items, lost, beside, alone=alone)
    items = as_found_again(items, lost, beside, alone=alone)
    items = as_elsewhere(as_rides(items, beside), away, beside)
    items = as_meant(as_amended(items, reply, beside), beside)
    items = as_by_then(as_put_right(as_late(items, beside), beside), beside)
    items = with_trailing(items)
    items = as_some(as_unseen(as_things(items, beside), beside), beside)
    return as_reached(items, beside)
