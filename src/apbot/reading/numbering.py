"""
Numbering: what a number in a message is, a pupil of the prompt, a count, a range or a distance.

A number that can only be a pupil's ("#2", "no 2", "2." at the head of a line) is explicit.
"""

from apbot.reading.items import PRONOUNS, Item
from apbot.reading.lexicon import Kind
from apbot.reading.neighbours import Neighbours
from apbot.reading.tagged import Tagged
from apbot.reading.times import When

_WHO = frozenset((Kind.NAME, *PRONOUNS))
_BEFORE_WAIT = _WHO | {Kind.FILL, Kind.HEDGE, Kind.ORDINARY, Kind.POINT}
_HEADED_BY = (":", "-", "(", ",")
_NOON = 12
_WAITERS = _WHO | {Kind.FILL, Kind.MARK, Kind.REPORTS}

Numbered = tuple[int, Item]


def begins_number(beside: Neighbours) -> frozenset[str]:
    """Return the words with which a number, a time, a distance or a ride may begin."""
    return frozenset(
        (*beside.counts, *beside.minutes, *beside.before_number, *beside.a_or_an, *beside.bare_on)
    )


def distance_at(tagged: Tagged, at: int) -> int:
    """
    Tag a way, a wait or a measure, and return how many tokens it took; 0 where there is none.

    "5 miles off", "15 away", "15 late", "in 15", "£20", "3 weeks": no pupil's number.
    """
    token, beside = tagged.tokens[at], tagged.beside
    if tagged.before is Kind.WITH and tagged.lexicon.grammar.means(
        tagged.word(at + 1), Kind.SUBGROUP
    ):
        # "jumped by three lads".
        return (
            tagged.add(Item(Kind.ORDINARY, tagged.word(at + 1), tagged.text(at, 2)), at, 2)
            if tagged.count(at)
            else 0
        )
    if token.kind != "number":
        far = token.word in beside.counts and tagged.word(at + 1) in beside.distances
        if far and tagged.word(at + 2) in beside.minutes_off:
            return tagged.add(Item(Kind.MARK, "awaited", tagged.text(at, 3)), at, 3)
        spelt = token.word in beside.counts and _counts_things(tagged, at)
        if spelt:
            return tagged.add(Item(Kind.ORDINARY, tagged.word(at + 1), tagged.text(at, 2)), at, 2)
        return 0
    if tagged.word(at + 1) in beside.routes:
        return tagged.add(Item(Kind.ORDINARY, token.word, token.typed), at, 1)
    after = tagged.word(at + 1)
    if (
        tagged.word(at - 1) in beside.bare_the
        and tagged.word(at - 2) in beside.rides
        and after not in beside.bare_of
    ):
        # "missed the 34": a bus.
        missed = tagged.word(at - 2) in beside.missing_a_ride
        kind = Kind.REASON if missed else Kind.ORDINARY
        return tagged.add(Item(kind, "transport", token.typed), at, 1)
    if len(token.word) > 2:
        if tagged.word(at - 1) in ("£", "$") or after in tagged.beside.money:
            return tagged.add(Item(Kind.ORDINARY, "money", token.typed), at, 1)
        return 0
    if after in beside.distances:
        if tagged.word(at + 2) in beside.minutes_off:
            return tagged.add(Item(Kind.MARK, "awaited", tagged.text(at, 3)), at, 3)
        return tagged.add(Item(Kind.ORDINARY, "miles", tagged.text(at, 2)), at, 2)
    money = tagged.word(at - 1) in ("£", "$") and after not in beside.counted_others
    if money or {tagged.word(at - 1), tagged.word(at - 2)} & beside.ages:
        return tagged.add(Item(Kind.ORDINARY, "years", token.typed), at, 1)
    if after in beside.measures or _counts_things(tagged, at):
        return tagged.add(Item(Kind.ORDINARY, after, tagged.text(at, 2)), at, 2)
    return _wait_at(tagged, at, int(token.word))


def _counts_things(tagged: Tagged, at: int) -> bool:
    """ "3 phones", "nine ponies": a number of things, where only what is ordinary follows."""
    word, second = tagged.word(at + 1), tagged.word(at + 2)
    root, ordinary = tagged.lexicon.grammar.root, tagged.lexicon.ordinary
    if word in ordinary and word not in root and second in ordinary:
        # "two new phones".
        word = second
    plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    is_time = word in tagged.beside.minute_units or word in tagged.beside.hour_units
    if not plural or is_time or "" in root.get(word, {}):
        return False
    named = tagged.names.find(tagged.tokens, at + 1, loosely=False) is not None
    return word in ordinary and not named


def _wait_at(tagged: Tagged, at: int, count: int) -> int:
    if not 2 <= count <= 60:
        return 0
    typed, after = tagged.tokens[at].typed, tagged.token(at + 1)
    came = bool(tagged.items) and tagged.items[-1].value == "arrived"
    waits = tagged.before in _BEFORE_WAIT or (came and count > 4)
    late = after.word in tagged.beside.late_by
    if (late or after.word in tagged.beside.from_now_behind) and waits and tagged.has(_WHO, 6):
        when = When(count=count, led_by="late" if late else "in")
        tagged.add(Item(Kind.TIME, "", typed, when=when), at, 1)
        mark = Item(Kind.MARK, "late" if late else "awaited", after.word)
        return 1 + tagged.add(mark, at + 1, 1)
    ends = after.kind in ("end", "punct") and after.word not in ("-", ":")
    grammar = tagged.lexicon.grammar
    joins = any(grammar.means(after.word, kind) for kind in (Kind.AND, Kind.BUT, Kind.TODAY))
    ends = ends or (count > tagged.names.count and bool(joins))
    # "in 15", "in about 15"; but "in about 10" may be an hour.
    is_about = count > _NOON and tagged.word(at - 1) in tagged.beside.about
    is_here = bool(is_about) and tagged.items[-2:-1] != [] and tagged.items[-2].value == "present"
    in_minutes = (tagged.word(at - 1 - is_about) in tagged.beside.bare_in or is_here) and (
        ends or after.word in tagged.beside.after_minutes
    )
    back_in = bool(tagged.items) and tagged.items[-1].value == "back"
    if in_minutes and back_in:
        # "gone to the shop, back in 5": minutes, however many are on the roster.
        item = Item(Kind.TIME, "", typed, when=When(count=count, led_by="in"))
        return tagged.add(item, at, 1)
    before = tagged.items[: -1 - is_about]
    led = [item for item in before[-2:] if item.value not in _HEADED_BY][-1:]
    if in_minutes and led and led[0].kind in _WAITERS:
        item = Item(Kind.TIME, "", typed, when=When(count=count, led_by="in"))
        return tagged.add(item, at, 1)
    return 0


def ride_at(tagged: Tagged, at: int) -> int:
    """ "on the 42 bus": on the way, by a bus that has a number."""
    if tagged.word(at) not in tagged.beside.bare_on:
        return 0
    step = 2 if tagged.word(at + 1) in tagged.beside.articles else 1
    number, vehicle = tagged.token(at + step), tagged.word(at + step + 1)
    if number.kind != "number":
        return 0
    if vehicle not in tagged.beside.routes:
        # "he's on the 14, 5 mins away".
        many = number.word.isdecimal() and int(number.word) > tagged.names.count
        who = (Kind.HE, Kind.SHE, Kind.FILL, *((Kind.NAME,) if many else ()))
        named = tagged.before in who and step == 2
        if not named or tagged.token(at + 3).kind not in ("punct", "end"):
            return 0
        return tagged.add(Item(Kind.MARK, "awaited", tagged.text(at, step + 1)), at, step + 1)
    return tagged.add(Item(Kind.MARK, "awaited", tagged.text(at, step + 2)), at, step + 2)


def number_at(tagged: Tagged, at: int) -> Numbered | None:
    """Return how many tokens a number takes from here, and the number; None where none stands."""
    token = tagged.tokens[at]
    if token.kind == "hash":
        n = int("".join(c for c in token.word if c.isdecimal()) or 0)
        return 1, Item(Kind.NUMBER, str(n), token.typed, n=n, is_explicit=True)
    if token.kind == "pair":
        first, second = (int(part) for part in token.word.split("/"))
        if first > second:
            return 1, Item(Kind.DATE, token.word, token.typed)
        return 1, Item(Kind.PAIR, token.word, token.typed, n=first, n_to=second)
    if token.word in tagged.beside.before_number:
        return _after_word(tagged, at)
    if token.kind == "number":
        n = int(token.word) if len(token.word) < 3 else -1
    else:
        n = tagged.beside.counts.get(token.word, -1)
    if n < 0 or (token.word in tagged.beside.bare_one and not _counts_one(tagged, at)):
        return None
    if _is_what_is_said(tagged, at):
        return 1, Item(Kind.ORDINARY, token.word, token.typed)
    in_room = bool(tagged.items) and tagged.items[-1].value in tagged.beside.numbered_places
    if in_room or _is_another_hour(tagged) or tagged.word(at + 1) in tagged.beside.measures:
        return 1, Item(Kind.ORDINARY, token.word, token.typed)
    return _range(tagged, at, n) or _of_so_many(tagged, at, n) or _plain(tagged, at, n)


def _is_to(tagged: Tagged, at: int) -> bool:
    """ "1-4", "1 to 4"."""
    return tagged.word(at) == "-" or tagged.word(at) in tagged.beside.bare_to


def _is_what_is_said(tagged: Tagged, at: int) -> bool:
    """ "the taxi? he's saying 2 not 3": what somebody says, and no pupil's number."""
    kinds = [item.kind for item in tagged.items[-3:]]
    not_that = kinds == [Kind.REPORTS, Kind.ORDINARY, Kind.NOT]
    following = tagged.token(at + 1)
    ends = following.kind in ("end", "punct") or tagged.word(at + 1) in tagged.beside.bare_not
    return ends and (not_that or kinds[-1:] == [Kind.REPORTS])


def _is_another_hour(tagged: Tagged) -> bool:
    """ "at half two not three": an hour, as the one before it."""
    kinds = [item.kind for item in tagged.items[-3:]]
    return kinds[-2:] == [Kind.TIME, Kind.NOT] or kinds == [Kind.TIME, Kind.TODAY, Kind.NOT]


def _after_word(tagged: Tagged, at: int) -> Numbered | None:
    """ "no 2", "number two", "pupil 3"."""
    step = 2 if tagged.word(at + 1) == "." else 1
    number = tagged.token(at + step)
    spelt = number.kind != "number" and tagged.word(at) not in tagged.beside.bare_number
    n = 0 if spelt else tagged.count(at + step)
    is_zero = number.kind == "number" and number.word.strip("0") == "" and len(number.word) < 3
    after = tagged.word(at + step + 1)
    if not (n or is_zero) or after in tagged.beside.units_counted | tagged.beside.routes:
        return None
    ranged = _range(tagged, at + step, n) if n else None
    if ranged is not None:
        # "nos 3 to 5".
        return step + ranged[0], ranged[1]
    return step + 1, Item(Kind.NUMBER, number.word, number.word, n=n, is_explicit=True)


def _range(tagged: Tagged, at: int, n: int) -> Numbered | None:
    """ "1 to 4", "1-4"; but "10-15 mins" is a time."""
    to = tagged.token(at + 2)
    if not _is_to(tagged, at + 1) or to.kind != "number" or not n < int(to.word) < 100:
        return None
    minutes = tagged.word(at + 3) in tagged.beside.minute_units
    if tagged.tokens[at].kind != "number" or minutes:
        return None
    item = Item(Kind.RANGE, f"{n}-{to.word}", tagged.text(at, 3), n=n, n_to=int(to.word))
    return 3, item


def _of_so_many(tagged: Tagged, at: int, n: int) -> Numbered | None:
    """ "4 of 6", "four out of the six"."""
    beside = tagged.beside
    group = tagged.lexicon.grammar.means(tagged.word(at + 1), Kind.GROUP)
    joint = tagged.word(at + 1 + group)
    step = 2 if joint in beside.bare_of else 0
    if joint in beside.bare_out and tagged.word(at + 2) in beside.bare_of:
        step = 3
    if joint in beside.bare_from and tagged.count(at + 2 + group) == n:
        step = 2
    if not step:
        return None
    step += group
    step += tagged.word(at + step) in beside.the_or_our
    to = tagged.count(at + step)
    if not to:
        return None
    text = tagged.text(at, step + 1)
    return step + 1, Item(Kind.PAIR, f"{n}/{to}", text, n=n, n_to=to)


def _plain(tagged: Tagged, at: int, n: int) -> Numbered:
    token, joint, second = tagged.tokens[at], tagged.word(at + 1), tagged.token(at + 2)
    heads = token.kind == "number" and (at == 0 or tagged.word(at - 1) == "\n")
    listed = joint in (".", ")", ":", "-") and second.kind != "end" and second.word != "\n"
    if heads and listed:
        return 2, Item(Kind.NUMBER, str(n), token.typed, n=n, is_explicit=True)
    # "2 girls", "three lads": how many, and no pupil of the prompt.
    counted = bool(tagged.lexicon.grammar.means(joint, Kind.SUBGROUP))
    is_plural = counted or token.kind != "number"
    return 1, Item(Kind.NUMBER, str(n), token.typed, n=n, is_plural=is_plural)


def _counts_one(tagged: Tagged, at: int) -> bool:
    """ "one off", "all but one": a count, and no "this one"."""
    after = tagged.word(at + 1)
    if tagged.before in (Kind.EXCEPT, Kind.BUT, Kind.ONLY) and after not in tagged.beside.not_one:
        return True
    return after in tagged.beside.after_one
