"""
Laid out: a list whose marks stand before the names, put the way that it is read.

"✅ aiden ❌ femi", "y aiden n femi", "P - aiden, chloe" and "present: 1, 2 absent: 5" are as
clear to a person as "aiden ✅ femi ❌". Read from the wrong end they would give each pupil the
mark of the next one, so where the marks begin is settled before anything is said of anybody.
"""

from collections.abc import Sequence

from apbot.reading.codes import LETTERS
from apbot.reading.items import CHATTER, NAMED, Item
from apbot.reading.lexicon import Kind

_HEADING = frozenset((":", "-", "=", ">"))
_LISTING = frozenset((",", "&", "+", "/", "|"))
_PASSED = frozenset((Kind.EMOJI, *CHATTER))
_TURNING = frozenset((*NAMED, Kind.REST))
_FEWEST = 2


def laid_out(items: Sequence[Item]) -> list[Item]:
    """Return the items with each mark of a list behind its names, and each heading by itself."""
    made = _signs_behind(_under_letters(list(items)))
    return _headed_apart(_with_notes(_behind_names(made)))


# "P - aiden, chloe", a line a letter


def _under_letters(items: list[Item]) -> list[Item]:
    """Put a letter that heads a line of names behind each of them."""
    made: list[Item] = []
    for line in _lines(items):
        headed = _headed_by_letter(line)
        made += headed if headed is not None else line
    return made


def _lines(items: Sequence[Item]) -> list[list[Item]]:
    lines: list[list[Item]] = [[]]
    for item in items:
        lines[-1].append(item)
        if item.value == "\n":
            lines.append([])
    return lines


def _headed_by_letter(line: Sequence[Item]) -> list[Item] | None:
    if len(line) < _FEWEST + 1 or line[1].value not in _HEADING:
        return None
    code = _as_code(line[0])
    rest = [item for item in line[2:] if item.kind not in (Kind.AND, Kind.FILL)]
    names = [item for item in rest if item.kind is Kind.NAME]
    others = [item for item in rest if item.kind is not Kind.NAME]
    listed = all(item.value in _LISTING or item.is_hard for item in others)
    if code is None or not names or not listed:
        return None
    made = [item for name in names for item in (name, code, _point(","))]
    return [*made[:-1], _point("\n")]


def _as_code(item: Item) -> Item | None:
    """The item as a mark that heads a list: a sign, or one letter of the register."""
    letter = item.typed in LETTERS and len(item.typed) == 1
    if item.kind is Kind.CODE:
        return item
    return Item(Kind.CODE, item.typed, item.text) if letter else None


def _point(value: str) -> Item:
    return Item(Kind.POINT, value, value)


# "✅ aiden", a line a pupil, and more said on some


def _signs_behind(items: list[Item]) -> list[Item]:
    """Put the sign that begins a line behind its name, where lines begin so and none ends so."""
    lines = _lines(items)
    begun = [line for line in lines if _begins_with_sign(line)]
    ended = any(_ends_with_sign(line) for line in lines if line not in begun)
    if len(begun) < _FEWEST or ended or any(_ends_with_sign(line) for line in begun):
        return items
    made: list[Item] = []
    for line in lines:
        made += [line[1], line[0], *line[2:]] if line in begun else line
    return made


def _begins_with_sign(line: Sequence[Item]) -> bool:
    return len(line) > 1 and line[0].kind is Kind.CODE and line[1].kind is Kind.NAME


def _ends_with_sign(line: Sequence[Item]) -> bool:
    said = [item for item in line if item.kind is not Kind.POINT]
    return len(said) > 1 and said[-1].kind is Kind.CODE


# "Missing: zain (hol), jacob (ill)"


def _with_notes(items: list[Item]) -> list[Item]:
    """Put the mark that heads a list behind each of its names, where some have a note."""
    for at in range(len(items)):
        if items[at].kind is not Kind.MARK or (at and items[at - 1].kind is Kind.NOT):
            continue
        colon = at + 1
        while colon < len(items) and items[colon].kind in (Kind.TODAY, Kind.FILL):
            colon += 1
        if colon >= len(items) or items[colon].value != ":":
            continue
        ends = next((n for n in range(colon + 1, len(items)) if items[n].is_hard), len(items))
        listed = items[colon + 1 : ends]
        if not _is_noted_list(listed):
            continue
        each = [one for item in listed for one in _marked(item, items[at])]
        return [*items[:at], *each, *_with_notes(items[ends:])]
    return items


def _is_noted_list(items: Sequence[Item]) -> bool:
    inside, names, notes = False, 0, 0
    for item in items:
        if item.value in ("(", ")"):
            inside, notes = item.value == "(", notes + 1
        elif not inside and item.kind is Kind.NAME:
            names += 1
        elif not inside and item.kind is not Kind.AND and item.value not in _LISTING:
            return False
    return names >= _FEWEST and notes > 0


def _marked(item: Item, mark: Item) -> tuple[Item, ...]:
    return (item, mark) if item.kind is Kind.NAME else (item,)


# "✅ aiden ❌ femi", "y aiden n femi"


def _behind_names(items: list[Item]) -> list[Item]:
    """Put each mark behind its name, where marks and names take turns and a mark begins."""
    plain = [at for at, item in enumerate(items) if not _is_between(item)]
    kept = [items[at] for at in plain]
    pairs = len(kept) // 2
    if pairs < _FEWEST or len(kept) % 2:
        return items
    codes = [_as_turn(item) for item in kept[::2]]
    if any(item.kind not in _TURNING for item in kept[1::2]):
        return items
    made: list[Item] = []
    for code, name in zip(codes, kept[1::2], strict=True):
        if code is None:
            return items
        made += [name, code, _point("\n")]
    return made[:-1]


def _is_between(item: Item) -> bool:
    return item.kind in _PASSED or item.kind is Kind.POINT


def _as_turn(item: Item) -> Item | None:
    if item.kind is Kind.YES:
        return item._replace(kind=Kind.CODE, value="y")
    if item.kind is Kind.NO or (item.kind is Kind.NOT and item.typed in ("no", "n")):
        return item._replace(kind=Kind.CODE, value="n")
    return _as_code(item)


# "present: 1, 2 absent: 5"


def _headed_apart(items: list[Item]) -> list[Item]:
    """Begin a sentence before each mark that heads a list of its own ("absent: 5")."""
    begins = {_begins(items, at) for at in range(len(items)) if _heads(items, at)}
    made: list[Item] = []
    for at, item in enumerate(items):
        if at in begins and made and not made[-1].is_hard:
            made.append(_point("."))
        made.append(item)
    return made


def _heads(items: Sequence[Item], at: int) -> bool:
    """Whether a mark with a colon and names behind it stands here."""
    if items[at].kind is not Kind.MARK or len(items) < at + 3 or items[at + 1].value != ":":
        return False
    return items[at + 2].kind in NAMED


def _begins(items: Sequence[Item], at: int) -> int:
    """Where a heading begins: "not here: chloe" with its "not", "2 absent: ..." with its count."""
    while at and items[at - 1].kind in (Kind.NOT, Kind.FILL):
        at -= 1
    if at and items[at - 1].kind is Kind.NUMBER and _listed_behind(items, at) == items[at - 1].n:
        return at - 1
    return at


def _listed_behind(items: Sequence[Item], at: int) -> int:
    behind = items[at + 1 :]
    ends = next((step for step, item in enumerate(behind) if item.is_hard), len(behind))
    return sum(item.kind in NAMED for item in behind[:ends])
