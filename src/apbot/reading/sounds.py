"""
Sounds: whether a word may be a name with a slip of the thumb, or a name put as it sounds.

By English, Irish and Welsh spelling, so that "shivon" is Siobhan and "neeve" is Niamh.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

# A number of slips that no word bears.
TOO_FAR = 99
# No word bears more slips than this, however long.
_MOST_SLIPS = 2


def near_at(word: str, names: Sequence[str], most: int = _MOST_SLIPS) -> list[int]:
    """Return where among the names those stand that are no more than so many slips away."""
    near = process.extract(word, names, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [at for _, _, at in near]


def slips_between(word: str, name: str) -> int:
    """Return the slips between a word and a name, or TOO_FAR for more than its length bears."""
    shorter = min(len(word), len(name))
    if shorter < 3:
        return TOO_FAR
    most = _MOST_SLIPS if shorter >= 8 else 1
    far = int(OSA.distance(word, name, score_cutoff=most))
    if far > most:
        return TOO_FAR
    if shorter == 3 and sorted(word) != sorted(name):
        return TOO_FAR
    if far == 2 and word[0] != name[0]:
        return TOO_FAR
    return far


def alike(word: str, name: str) -> bool:
    """Whether two words are about as long, in letters and in beats."""
    return abs(_beats(word) - _beats(name)) <= 1 and abs(len(word) - len(name)) <= 3


def _beats(word: str) -> int:
    return max(1, len(re.findall(r"[aeiouy]+", word.rstrip("e") or word)))


_ENGLISH = (
    (r"^(?:kn|gn|pn)", "n"), (r"^wr", "r"), (r"^x", "z"), (r"ph", "f"), (r"^ch(?=[lr])", "k"),
    (r"sch", "sk"), (r"tch|ch", "C"), (r"sh|ti(?=[aou])|ci(?=[aou])", "X"), (r"ck", "k"),
    (r"gh(?=[^aeiou]|$)", ""), (r"th", "T"), (r"c(?=[eiy])", "s"), (r"[cq]u?", "k"), (r"x", "ks"),
    (r"dg", "j"), (r"z", "s"), (r"rh", "r"), (r"(?<=[aeiou])w|w(?=[^aeiou]|$)", ""), (r"kw", "k"),
)  # fmt: skip
_IRISH = (
    (r"bh|mh", "v"), (r"^th", "t"), (r"dh|gh|th|fh", ""), (r"ph", "f"), (r"ch", "k"), (r"c", "k"),
    (r"s(?=[ei])|(?<=[ei])s", "X"), (r"z", "s"), (r"sh", "X"), (r"^k(?=[ae]o)", "k"),
)  # fmt: skip
_WELSH = (
    (r"ff|ph", "F"), (r"f", "v"), (r"F", "f"), (r"dd", "T"), (r"th", "T"), (r"ll", "l"),
    (r"si(?=[aeo])", "X"), (r"rh", "r"), (r"ch", "k"), (r"c", "k"), (r"w", ""), (r"z", "s"),
)  # fmt: skip
_RULES = tuple(
    tuple((re.compile(pattern), sound) for pattern, sound in rules)
    for rules in (_ENGLISH, _IRISH, _WELSH)
)


@lru_cache(maxsize=4096)
def sound_keys(word: str) -> frozenset[str]:
    """
    Return how a word may sound, by English, Irish and Welsh spelling: its consonants.

    "siobhan" and "shivon" share one, "niamh" and "neeve" too. A first vowel is kept as "A".
    """
    keys = set()
    for rules in _RULES:
        said = word
        for pattern, sound in rules:
            said = pattern.sub(sound, said)
        said = re.sub(r"(.)\1+", r"\1", said)
        first = "A" if said[:1] in "aeiouy" and said else said[:1]
        rest = re.sub(r"[aeiouyh]", "", said[1:])
        keys.add(re.sub(r"(.)\1+", r"\1", first + rest))
    return frozenset(key for key in keys if len(key) > 1)
