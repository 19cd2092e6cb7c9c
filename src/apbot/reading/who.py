"""
Who: the roster's pupils that a statement's names and numbers come to.

A number is the prompt's number only where it can be nothing else; a bare count is a question. Two
pupils who fit are a question too, and a name that fits nobody is said to be unread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from apbot.domain.readings import Reply, RestPresent, WhichPupil
from apbot.domain.words import Mark
from apbot.reading.items import CHATTER
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.small_words import begins
from apbot.reading.statements import Ref, Statement
from apbot.reading.turned import HERE, bases

# "ben and 5 off": a number in a list of names is one of them.
_LISTED = ((Kind.NAME, Kind.AND, Kind.NUMBER), (Kind.NUMBER, Kind.AND, Kind.NAME))
# What is said of somebody who has no mark yet; who has gone may be any of them.
_WHETHER_IN = frozenset((*HERE, "absent", "missing", "not_yet", "awaited", "late")) - {"back"}
_ONLY_NAMED = (Kind.NAME, Kind.AND, Kind.BOTH, Kind.TODAY, *CHATTER)


@dataclass(slots=True)
class Meant:
    """
    Whom a statement is about: pupils for certain, ambiguous names with their candidates, a group.

    `unread` says that some of it fits nobody; `count` is a bare number; `clash` a number and a
    name that disagree, or counts that do not agree.
    """

    pupils: list[int] = field(default_factory=list)
    unclear: list[tuple[str, tuple[int, ...]]] = field(default_factory=list)
    group: str = ""
    group_count: int | None = None
    unread: list[str] = field(default_factory=list)
    clash: str = ""
    count: int | None = None
    pronoun: bool = False


@dataclass(slots=True)
class Whose:
    """Every statement with whom it means, and whether bare numbers are the prompt's numbers."""

    pairs: list[tuple[Statement, Meant]] = field(default_factory=list)
    counts_clash: bool = False


def whom(statements: Sequence[Statement], reply: Reply, beside: Neighbours) -> Whose:
    """Return whom each statement is about."""
    singular = {id(s) for s in statements if _is_singular(s, beside)}
    singles = [s for s in statements if _is_single_count(s) and id(s) not in singular]
    numbers = _are_numbers(statements, singles, reply, beside)
    several = any(
        sum(ref.is_plural for ref in s.refs if ref.what == "number") > 1 for s in statements
    )
    made = Whose(counts_clash=several or (len(singles) > 1 and not numbers))
    for statement in statements:
        meant = _meant(statement, reply, beside, numbers, id(statement) in singular)
        made.pairs.append((statement, meant))
    _find_the_lost(made.pairs, reply)
    _find_the_same(made.pairs)
    _find_the_named(made.pairs)
    _find_the_only(made.pairs, reply)
    _set_apart_others(made.pairs, reply)
    _count_all(made.pairs)
    _name_afterwards(made.pairs)
    _count_in(made.pairs, beside)
    _elaborate(made)
    return made


def _is_single_count(statement: Statement) -> bool:
    refs = statement.refs
    bare = len(refs) == 1 and refs[0].what == "number" and not refs[0].is_explicit
    says = statement.marks or statement.reasons or statement.is_except
    return bare and bool(says) and not statement.continues


def _is_singular(statement: Statement, beside: Neighbours) -> bool:
    """ "2 is off", "2 has gone home": of one pupil. "1 is off" may still be a count."""
    if statement.of != "number" or statement.refs[0].n < 2 or statement.refs[0].is_plural:
        return False
    after = statement.items[statement.ref_place + 1 : statement.ref_place + 3]
    if len(after) > 1 and after[0].value in beside.relatives:
        # "its 2 that's off".
        after = after[1:]
    return bool(after) and after[0].value in beside.of_one


def _are_numbers(
    statements: Sequence[Statement], singles: Sequence[Statement], reply: Reply, beside: Neighbours
) -> bool:
    """Whether bare numbers in this message can only be the prompt's numbers."""
    for statement in statements:
        plain = [r for r in statement.refs if r.what == "number" and not r.is_plural]
        if any(r.what == "range" or (r.what == "number" and r.is_explicit) for r in statement.refs):
            return True
        named = any(r.what == "pupils" for r in statement.refs)
        if len(plain) > 1 and not named and len({r.n for r in plain}) == len(plain):
            return True
        kinds = [item.kind for item in statement.items]
        if named and any(tuple(kinds[at : at + 3]) in _LISTED for at in range(len(kinds))):
            return True
    ns = [s.refs[0].n for s in singles]
    if any(m.is_code for s in singles for m in s.marks) and not _is_yes_to_all(statements, beside):
        return True
    if len(singles) < 2 or len(set(ns)) < len(ns) or any(s.refs[0].is_plural for s in singles):
        return False
    lines = len({s.line for s in singles}) == len(singles)
    in_order = ns == sorted(ns)
    if lines and in_order and ns[0] == 1 and len(ns) > 2:
        return True
    due = [pupil for pupil in reply.roster if pupil.known_absence is None]
    if sum(ns) in (len(reply.roster), len(due)):
        return False
    if all(s.is_except for s in singles) and sum(ns) > len(reply.roster):
        # "all bar 3 (hols) and 6 (dentist)" of six: too many to be counts.
        return True
    return (lines and in_order) or (len(ns) > 2 and in_order)


def _is_yes_to_all(statements: Sequence[Statement], beside: Neighbours) -> bool:
    """ "5 yes": how many are in, and no list of one."""
    marks = [mark for statement in statements for mark in statement.marks]
    return len(statements) == 1 and len(marks) == 1 and marks[0].typed in beside.yes_or_no


def _meant(
    statement: Statement, reply: Reply, beside: Neighbours, numbers: bool, singular: bool
) -> Meant:
    meant = Meant()
    refs = statement.refs
    at = 0
    while at < len(refs):
        ref = refs[at]
        following = refs[at + 1] if at + 1 < len(refs) else None
        has_name = (
            ref.what == "number"
            and following is not None
            and following.what == "pupils"
            and not following.comma
        )
        if has_name and following is not None and len(following.pupils) == 1:
            if following.pupils[0] == ref.n:
                meant.pupils.append(ref.n)
            elif ref.is_explicit or not _counts_names(ref, refs[at + 1 :]):
                meant.clash = f"{ref.said} {following.said}"
            else:
                at += 1
                continue
            at += 2
            continue
        is_of_prompt = _is_of_prompt(ref, statement, numbers, singular)
        _add(meant, ref, statement, reply, beside, is_of_prompt=is_of_prompt)
        at += 1
    return meant


def _counts_names(ref: Ref, following: Sequence[Ref]) -> bool:
    return len([r for r in following if r.what == "pupils"]) == ref.n > 1


def _is_of_prompt(ref: Ref, statement: Statement, numbers: bool, singular: bool) -> bool:
    """Whether a number can only be the prompt's, and not a count."""
    if ref.is_explicit:
        return True
    plain = numbers and not ref.is_plural
    if statement.is_only:
        return plain and len(statement.refs) > 1
    return plain or singular


def _add(
    meant: Meant,
    ref: Ref,
    statement: Statement,
    reply: Reply,
    beside: Neighbours,
    *,
    is_of_prompt: bool,
) -> None:
    what = ref.what
    if what == "pupils":
        _add_name(meant, ref)
    elif what == "range":
        _add_numbers(meant, range(ref.n, ref.n_to + 1), ref, reply)
    elif what == "number" and is_of_prompt:
        _add_numbers(meant, (ref.n,), ref, reply)
    elif what == "number":
        meant.count = ref.n
    elif what == "nobody" and begins(ref.said.lower(), beside.neither):
        _deny_of_both(meant, statement, reply)
    elif what in ("everyone", "rest") and meant.group == "nobody":
        # "none of the others have turned up".
        meant.group_count = ref.count
    elif what in ("everyone", "rest", "nobody", "pair", "subgroup"):
        meant.group = what
        meant.group_count = ref.count if what != "pair" else (ref.n if ref.n == ref.n_to else -1)
    elif what == "unknown":
        meant.unread.append(ref.said)
    elif what in ("he", "she", "they", "both"):
        _add_pronoun(meant, ref, statement, reply)


def _add_name(meant: Meant, ref: Ref) -> None:
    if len(ref.pupils) == 1 or (ref.is_plural and ref.count in (None, len(ref.pupils))):
        meant.pupils.extend(ref.pupils)
    elif ref.is_plural:
        meant.clash = ref.said
    else:
        meant.unclear.append((ref.said, ref.pupils))


def _add_numbers(meant: Meant, numbers: Sequence[int], ref: Ref, reply: Reply) -> None:
    known = {pupil.number for pupil in reply.roster}
    for n in numbers:
        if n in known:
            meant.pupils.append(n)
        elif ref.said not in meant.unread:
            meant.unread.append(ref.said)


def _deny_of_both(meant: Meant, statement: Statement, reply: Reply) -> None:
    """ "neither of them came back": what is said is not so of the two who are spoken of."""
    two = _the_two(reply) or the_lost_two(reply)
    if two and statement.marks:
        meant.pupils.extend(two)
        statement.marks = [mark._replace(negated=not mark.negated) for mark in statement.marks]
    else:
        meant.unread.append(statement.words)


def _asked(reply: Reply) -> list[int]:
    """Whom the open question is about."""
    pending = reply.pending
    return list(pending.pupils) if isinstance(pending, RestPresent | WhichPupil) else []


def _the_two(reply: Reply) -> list[int]:
    """The two who were asked about, who are awaited, or who are all there are; else nobody."""
    awaited = [n for n, mark in reply.marks.items() if mark is Mark.AWAITED]
    roster = [pupil.number for pupil in reply.roster]
    pairs = (sorted(two) for two in (_asked(reply), awaited, roster) if len(two) == 2)
    return next(pairs, [])


def the_lost_two(reply: Reply) -> list[int]:
    """The two who are looked for, where everybody else is here."""
    lost = [n for n, mark in reply.marks.items() if mark is Mark.UNACCOUNTED]
    here = [n for n, mark in reply.marks.items() if mark in (Mark.PRESENT, Mark.LATE)]
    due = {pupil.number for pupil in reply.roster if pupil.known_absence is None}
    return sorted(lost) if len(lost) == 2 and due <= {*lost, *here} else []


def _add_pronoun(meant: Meant, ref: Ref, statement: Statement, reply: Reply) -> None:
    asked = _asked(reply)
    roster = [pupil.number for pupil in reply.roster]
    if ref.what in ("he", "she") and len(roster) > 1:
        # "he's here now", where all others are known to be away.
        roster = [pupil.number for pupil in reply.roster if pupil.known_absence is None]
    if ref.what in ("he", "she"):
        one = roster if len(roster) == 1 else asked if len(asked) == 1 else sought(reply)
        one = one or _only_unmarked(statement, reply)
        meant.pupils.extend(one)
        meant.pronoun = not one
        return
    # "they" may be the police; who is back is whoever was away.
    is_of_lost = ref.what == "both" or bases(statement) == {"back"}
    if two := _the_two(reply) or (the_lost_two(reply) if is_of_lost else []):
        meant.pupils.extend(two)
    elif bases(statement) == {"back"} and (one := sought(reply)):
        # "they're both back in the gym": the one who is looked for, and who went after him.
        meant.pupils.extend(one)
    elif ref.what == "they" and isinstance(reply.pending, RestPresent):
        # "they're here now": whoever was asked about, and nobody else; "they are except Mo".
        said = [mark for mark in statement.marks if mark.value != "yes"]
        if said or len(asked) == 1:
            meant.pupils.extend(asked)
        else:
            meant.group = "rest"
    else:
        meant.pronoun = True


def _only_unmarked(statement: Statement, reply: Reply) -> list[int]:
    """The one pupil who has no mark yet, where it is said whether or when somebody is in."""
    due = [pupil for pupil in reply.roster if pupil.known_absence is None]
    one = [pupil.number for pupil in due if pupil.number not in reply.marks]
    said = bases(statement)
    told = said or statement.times
    return one if len(one) == 1 and told and said <= _WHETHER_IN else []


def sought(reply: Reply) -> list[int]:
    """The one pupil who is looked for, where nobody else is away of whom it could be said."""
    away = [n for n, mark in reply.marks.items() if mark not in (Mark.PRESENT, Mark.LATE)]
    is_one = len(away) == 1 and reply.marks[away[0]] is Mark.UNACCOUNTED
    return away if is_one else []


def _find_the_lost(pairs: list[tuple[Statement, Meant]], reply: Reply) -> None:
    """ "yes he's with us. Tommo in too": he who is looked for, where the other is named."""
    named = {number for _, meant in pairs for number in meant.pupils}
    away = {n for n, mark in reply.marks.items() if mark not in (Mark.PRESENT, Mark.LATE)} - named
    lost = [n for n in away if reply.marks[n] is Mark.UNACCOUNTED]
    if len(away) != 1 or len(lost) != 1:
        return
    for statement, meant in pairs:
        he = statement.of in ("he", "she") and meant.pronoun and not meant.pupils
        if he and bases(statement) and bases(statement) <= HERE:
            meant.pupils, meant.pronoun = lost, False


def _find_the_only(pairs: list[tuple[Statement, Meant]], reply: Reply) -> None:
    """ "not here yet, mum messaged THEY overslept", where there is only one of them."""
    if len(reply.roster) != 1:
        return
    for at, (statement, meant) in enumerate(pairs):
        said = bases(statement)
        # "the police rang, they're here": that somebody else is may be no news of him.
        plain = at == 0 or not said & HERE
        if statement.of == "they" and meant.pronoun and plain and (said or statement.reasons):
            meant.pupils, meant.pronoun = [reply.roster[0].number], False


def _find_the_same(pairs: list[tuple[Statement, Meant]]) -> None:
    """ "he's missed the bus so HE'LL be twenty to ten": why is of the one of whom the hour is."""
    ones = {n for s, m in pairs if s.of in ("he", "she") and len(m.pupils) == 1 for n in m.pupils}
    if len(ones) != 1:
        return
    for statement, meant in pairs:
        alone = statement.of in ("he", "she") and meant.pronoun and not meant.pupils
        if alone and statement.reasons and not statement.marks:
            meant.pupils, meant.pronoun = sorted(ones), False


def _find_the_named(pairs: list[tuple[Statement, Meant]]) -> None:
    """ "SHE'S AT THE DENTIST, Chloe will be in by 10": why is of the only one who is named."""
    named = [m for s, m in pairs if s.of == "pupils"]
    if len(named) != 1 or len(named[0].pupils) != 1 or named[0].unclear:
        return
    for statement, meant in pairs:
        if meant is named[0]:
            return
        he = statement.of in ("he", "she") and meant.pronoun and not meant.pupils
        if he and statement.reasons and not statement.marks:
            meant.pupils, meant.pronoun = list(named[0].pupils), False


def _set_apart_others(pairs: list[tuple[Statement, Meant]], reply: Reply) -> None:
    """ "Other Jack's here": the Jack who was not named, or who was not here."""
    here = {n for n, mark in reply.marks.items() if mark in (Mark.PRESENT, Mark.LATE)}
    named = {n for _, meant in pairs for n in meant.pupils}
    for statement, meant in pairs:
        if not any(ref.is_other for ref in statement.refs):
            continue
        for said, fits in tuple(meant.unclear):
            came = bases(statement) and bases(statement) <= HERE
            left = [n for n in fits if n not in named and not (came and n in here)]
            # "Alex Mer's gone home", and later "the other Alex is in".
            left = [n for n in left if n not in reply.marks] or left
            if len(left) == 1:
                meant.unclear.remove((said, fits))
                meant.pupils.extend(left)


def _count_all(pairs: list[tuple[Statement, Meant]]) -> None:
    """ "Abaras off, all three of them", "jacks back, both": it says that the name is of each."""
    for (before, meant), (statement, counted) in pairwise(pairs):
        both = statement.of == "both"
        count = 2 if both else counted.group_count
        bare = (both or counted.group == "everyone") and not statement.says and count is not None
        if bare and len(meant.unclear) == 1 and len(meant.unclear[0][1]) == count and before.says:
            meant.pupils.extend(meant.unclear.pop()[1])
            statement.is_void = True


def _name_afterwards(pairs: list[tuple[Statement, Meant]]) -> None:
    """ "they're stuck in traffic both of em, dion n tess": who is meant is named behind."""
    for (before, meant), (statement, named) in pairwise(pairs):
        bare = not statement.says and bool(named.pupils) and before.sentence == statement.sentence
        if not (meant.pronoun and before.says and bare) or before.is_except or meant.pupils:
            continue
        plain = all(item.kind in _ONLY_NAMED for item in statement.items)
        several = before.of in ("they", "both")
        if plain and (len(named.pupils) > 1) == several and not (named.unclear or named.unread):
            statement.marks, statement.reasons = list(before.marks), list(before.reasons)
            statement.times, statement.mark_first = list(before.times), True
            statement.is_hedged = before.is_hedged or before.has_open_not or before.is_doubtful
            named.pronoun = False
            before.is_void = True


def _count_in(pairs: list[tuple[Statement, Meant]], beside: Neighbours) -> None:
    """ "everyone else incl Rhys is in": what is said of the last is said of them all."""
    for (before, meant), (statement, _) in pairwise(pairs):
        same = before.sentence == statement.sentence and meant.group in ("everyone", "rest")
        if not same or before.says or len(before.items) != len(before.refs):
            continue
        led = [item.typed for item in statement.before_who if item.kind is Kind.TOO]
        if led and led[-1] in beside.includes:
            before.take_marks(statement)


def _elaborate(made: Whose) -> None:
    """ "2 absent: Ayaan, Marta": names beside a count are whom it counts."""
    for index, (statement, meant) in enumerate(made.pairs):
        left_out = statement.is_except and not statement.says
        if meant.count is None or statement.of != "number" or not (statement.marks or left_out):
            continue
        named = [
            (following, m)
            for following, m in _until_next_count(made.pairs[index + 1 :])
            if m.pupils and not m.group and _may_be_counted(following, statement)
        ]
        if not named:
            continue
        for following, _ in named:
            following.is_only = following.is_only or statement.is_only
            following.is_except = following.is_except or left_out
            told = bool(following.reasons) and bool(bases(statement) & HERE)
            if not (following.marks or following.is_same or told):
                following.marks = list(statement.marks)
                following.ref_place = 0
                following.mark_first = True
        if len({n for _, m in named for n in m.pupils}) != statement.refs[0].n:
            made.counts_clash = True
        meant.count, meant.pupils, meant.unread = None, [], []
        statement.is_void = True


def _may_be_counted(following: Statement, counted: Statement) -> bool:
    if following.sentence != counted.sentence or following.is_except:
        return False
    if following.negates_who or following.is_hedged:
        return False
    if bases(counted) & HERE and following.marks and not bases(following) & HERE:
        # "5 of em here, jack off": he is none of the five.
        return False
    return not following.says or not bases(following) & HERE or bool(bases(counted) & HERE)


def _until_next_count(
    pairs: Sequence[tuple[Statement, Meant]],
) -> list[tuple[Statement, Meant]]:
    """ "5 in, 1 off - aiden": the names after a count belong to the count before them."""
    taken: list[tuple[Statement, Meant]] = []
    for statement, meant in pairs:
        if meant.count is not None:
            return []
        taken.append((statement, meant))
    return taken
