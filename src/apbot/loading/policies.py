"""
The policies file: all the minutes of the agreement, for the service and for single providers.

A policy that is `like` another says only what differs: a word given takes the place of the other's,
within a ladder as well. Minutes that would run backwards are told before anybody relies on them.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from apbot.domain.policy import Ladder, ParentsTold, Policy, Step, Tell
from apbot.domain.words import Matter
from apbot.loading.cells import minutes_in
from apbot.loading.checking import Findings, Unclear, nearest
from apbot.loading.fields import Fields, read_fields
from apbot.loading.lined import LinedDict

T = TypeVar("T")

DEFAULT = "default"
MINUTES = ("missing_after", "unaccounted_after", "ask_unaccounted_every")
WORDS = ("like", "chase_after", *MINUTES, "ladders", "parents")
LADDER_WORDS = ("first", "steps", "then_every", "asked_after")


def read_policies(path: Path, found: Findings) -> Mapping[str, Policy]:
    """Read policies.yaml. A policy with a problem is there too, so that its name is known."""
    fields = read_fields(path, "the policies", found)
    if fields is None:
        return {}
    if DEFAULT not in fields.pairs:
        remedy = f"add a policy '{DEFAULT}': providers without one of their own have it"
        fields.wrong_at(1, f"no policy '{DEFAULT}'", remedy)
    names = [str(name) for name in fields.pairs]
    made = {name: fields.inner(name, "the policy") for name in names}
    known = {name: policy for name, policy in made.items() if policy is not None}
    return {name: _policy(name, _whole(name, known)) for name in known}


def _whole(name: str, known: Mapping[str, Fields]) -> Fields:
    """Return the policy with everything that it takes from the one that it is like."""
    chain = [name]
    while (like := known[chain[-1]].pairs.get("like")) is not None:
        if like not in known:
            remedy = nearest(str(like), [it for it in known if it != name])
            known[chain[-1]].wrong("like", f"like '{like}': there is no such policy", remedy)
            break
        if like in chain:
            ring = sorted(chain[chain.index(str(like)) :])
            what = f"like goes round in a ring: {', '.join(ring)}"
            known[ring[0]].wrong("like", what, "one of them must say all of its minutes")
            break
        chain.append(str(like))
    whole = known[chain[-1]].node
    for nearer in reversed(chain[:-1]):
        whole = _merged(whole, known[nearer].node)
    return known[name].mapping(name, whole, known[name].about) or known[name]


def _merged(under: LinedDict, over: LinedDict) -> LinedDict:
    both = LinedDict(under)
    both.line = over.line
    for key, value in over.items():
        below = both.get(key)
        if isinstance(below, LinedDict) and isinstance(value, LinedDict) and key != "parents":
            value = _merged(below, value)
        both.pop(key, None)  # the key too knows its line
        both[key] = value
    return both


def _policy(name: str, fields: Fields) -> Policy:
    # What a policy that is like another leaves out is there, or is told where the other is.
    is_like = "like" in fields.pairs
    fields.only(WORDS, needed=() if is_like else ("chase_after", *MINUTES, "ladders"))
    missing = fields.read("missing_after", _duration, timedelta(minutes=30))
    chases = fields.read_each("chase_after", _duration)
    for before, after in pairwise(chases):
        if after <= before:
            fields.wrong("chase_after", "chase_after is not in order", "each later than the last")
    if chases and max(chases) >= missing:
        # Either may come from the policy that this one is like: the lower line is this one's own.
        line = max(fields.line("chase_after"), fields.line("missing_after"))
        remedy = "by then the key contact is told: chase earlier"
        fields.wrong_at(line, "chase_after goes on until missing_after or beyond", remedy)
    parents, parents_after = _parents(fields)
    return Policy(
        name=name,
        chase_after=chases,
        missing_after=missing,
        unaccounted_after=fields.read("unaccounted_after", _duration, missing),
        ask_unaccounted_every=fields.read("ask_unaccounted_every", _duration, missing),
        ladders=_ladders(fields),
        parents=parents,
        parents_after=parents_after,
    )


def _ladders(fields: Fields) -> Mapping[Matter, Ladder]:
    ladders = fields.inner("ladders", "the ladders")
    if ladders is None:
        return {}
    matters = [matter.value for matter in Matter]
    ladders.only(matters, needed=() if "like" in fields.pairs else matters)
    made: dict[Matter, Ladder] = {}
    for matter in Matter:
        rungs = ladders.inner(matter.value, f"the ladder of {matter}")
        if rungs is not None:
            made[matter] = _ladder(rungs)
    return made


def _ladder(rungs: Fields) -> Ladder:
    rungs.only(LADDER_WORDS, needed=("first",))
    steps: list[Step] = []
    for item in rungs.inners("steps", "a step"):
        by_call = "call" in item.pairs
        item.only(("after", "tell", "call"), needed=("after", "call" if by_call else "tell"))
        if by_call and "tell" in item.pairs:
            item.wrong("call", "a step both tells and calls", "make it two steps, the call last")
        after = item.read("after", _duration, None)
        tell = item.read("call" if by_call else "tell", _tell, None)
        if after is None or tell is None:
            continue
        if not by_call and steps and steps[-1].by_call:
            item.wrong("tell", "a step that tells comes after one that calls", "put calls last")
        if steps and after <= steps[-1].after:
            remedy = "each step is later than the last"
            item.wrong("after", "this step is not after the one before it", remedy)
        steps.append(Step(after, tell, by_call))
    return Ladder(
        first=rungs.read_each("first", _tell),
        steps=tuple(steps),
        then_every=rungs.read("then_every", _never_or(_duration), None),
        asked_after=rungs.read("asked_after", _never_or(_duration), None),
    )


def _parents(fields: Fields) -> tuple[ParentsTold, timedelta]:
    value: Any = fields.pairs.get("parents")
    if not isinstance(value, LinedDict):
        return fields.read("parents", _off_or_hold, ParentsTold.OFF), timedelta()
    after = fields.inner("parents", "parents")
    if after is None:
        return ParentsTold.OFF, timedelta()
    after.only(("after",), needed=("after",))
    return ParentsTold.AFTER, after.read("after", _duration, timedelta())


def _duration(text: str) -> timedelta:
    return timedelta(minutes=minutes_in(text))


def _tell(text: str) -> Tell:
    words = {tell.value: tell for tell in Tell}
    if text.casefold() not in words:
        raise Unclear("is nobody known here", nearest(text, list(words)))
    return words[text.casefold()]


def _off_or_hold(text: str) -> ParentsTold:
    words = {"off": ParentsTold.OFF, "no": ParentsTold.OFF, "hold": ParentsTold.HOLD}
    if text.casefold() not in words:
        raise Unclear("is not a word known here", "it can be off, hold or {after: 15}")
    return words[text.casefold()]


def _never_or(reader: Callable[[str], T]) -> Callable[[str], T | None]:
    def read(text: str) -> T | None:
        return None if text.casefold() == "never" else reader(text)

    return read
