"""
Small words: the one word, or the end of a word, that a rule turns on.

Each field is a section of `conversations/hears/small.yaml`, where a comment says what it is for;
all of them must be there. A bare word is one that is a mark or a link by what stands beside it.
"""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class SmallWords:
    """The words of each section, as the reader spells them."""

    # How words end.
    doing_ends: frozenset[str]
    done_ends: frozenset[str]
    past_ends: frozenset[str]
    verb_ends: frozenset[str]
    manner_ends: frozenset[str]
    word_ends: frozenset[str]
    own_s: frozenset[str]

    # Words that may be a mark, and may be a part of something else.
    bare_in: frozenset[str]
    bare_off: frozenset[str]
    bare_out: frozenset[str]
    bare_back: frozenset[str]
    bare_left: frozenset[str]
    bare_late: frozenset[str]
    bare_home: frozenset[str]
    all_itself: frozenset[str]
    kiss_or_cross: frozenset[str]
    short_for_late: frozenset[str]
    yes_or_no: frozenset[str]

    # Words that link.
    bare_not: frozenset[str]
    bare_no: frozenset[str]
    bare_and: frozenset[str]
    bare_but: frozenset[str]
    bare_of: frozenset[str]
    bare_to: frozenset[str]
    bare_for: frozenset[str]
    bare_from: frozenset[str]
    bare_on: frozenset[str]
    bare_at: frozenset[str]
    bare_the: frozenset[str]
    bare_that: frozenset[str]
    bare_would: frozenset[str]
    bare_one: frozenset[str]
    bare_half: frozenset[str]
    bare_while: frozenset[str]
    bare_number: frozenset[str]
    the_or_our: frozenset[str]
    to_or_for: frozenset[str]
    of_or: frozenset[str]
    or_to: frozenset[str]
    an: frozenset[str]
    a_or_an: frozenset[str]
    o_of_clock: frozenset[str]
    of_where: frozenset[str]
    in_or_back: frozenset[str]
    i_will: frozenset[str]
    shortened_verbs: frozenset[str]


def ends_as(word: str, section: frozenset[str]) -> bool:
    """Whether the word ends as one of a section's does: "ing"."""
    return word.endswith(_parts(section))


def first_is(text: str, section: frozenset[str]) -> bool:
    """Whether the first of these words is one of a section's."""
    return not section.isdisjoint(text.split(maxsplit=1)[:1])


def last_is(text: str, section: frozenset[str]) -> bool:
    """Whether the last of these words is one of a section's."""
    return not section.isdisjoint(text.rsplit(maxsplit=1)[-1:])


def begins(text: str, section: frozenset[str]) -> bool:
    """Whether the text begins as one of a section's words does; "give*" is any that begins so."""
    return text.startswith(_parts(section))


@lru_cache(maxsize=64)
def _parts(section: frozenset[str]) -> tuple[str, ...]:
    return tuple(word.rstrip("*") for word in section)
