"""
All good: pupils named with no more than that they are fine, beside others who are told of.

"Aiden, Femi n Jack all good, Chloe still poorly": in an answer to the prompt they are in. Of one
who has a mark already, or with nothing said of anybody else, it says nothing.
"""

from collections.abc import Sequence

from apbot.domain.readings import Reply
from apbot.reading.items import CHATTER, SAYS, Item
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours

_BESIDE = (Kind.NAME, Kind.AND, Kind.FILL, Kind.BOTH, Kind.ORDINARY, Kind.EMOJI, *CHATTER)


def as_all_good(items: Sequence[Item], reply: Reply, beside: Neighbours) -> list[Item]:
    """Return the items with the "all good" of those who have no mark yet as their being here."""
    made: list[Item] = []
    clause: list[Item] = []
    told = any(item.kind in SAYS for item in items)
    for item in _without_both(items, beside) if told else items:
        clause.append(item)
        if item.kind is Kind.POINT:
            made += _put(clause, reply, beside) if told else clause
            clause = []
    return made + (_put(clause, reply, beside) if told else clause)


def _without_both(items: Sequence[Item], beside: Neighbours) -> list[Item]:
    """ "Kai and Jo are back, BOTH FINE but Mo's off": how they are, and nothing of Mo."""
    made: list[Item] = []
    for at, item in enumerate(items):
        behind = items[at + 1 : at + 2]
        fine = bool(behind) and bool(behind[0].typed)
        fine = fine and {*behind[0].typed.split()} <= beside.all_fine
        begins = at > 0 and items[at - 1].kind is Kind.POINT
        if item.kind is Kind.BOTH and fine and begins:
            made.append(Item(Kind.CHAT, item.typed, item.text))
        else:
            made.append(item)
    return made


def _put(clause: list[Item], reply: Reply, beside: Neighbours) -> list[Item]:
    names = [n for n, item in enumerate(clause) if item.kind is Kind.NAME]
    said = clause[:-1] if clause and clause[-1].kind is Kind.POINT else clause
    named = {number for item in clause for number in item.pupils}
    plain = all(item.kind in _BESIDE and not item.has_s for item in said)
    if not names or not plain or clause[0].kind is not Kind.NAME or named & {*reply.marks}:
        return clause
    behind = [(n, item) for n, item in enumerate(said) if n > names[-1] and item.typed]
    fine = [n for n, item in behind if {*item.typed.split()} <= beside.all_fine]
    if len(fine) != 1 or any(item.kind is Kind.ORDINARY for n, item in behind if n not in fine):
        return clause
    put = clause[fine[0]]
    return [*clause[: fine[0]], Item(Kind.MARK, "present", put.text), *clause[fine[0] + 1 :]]
