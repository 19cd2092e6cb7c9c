"""
Side words: by which words somebody who speaks on two sides tells on which.

Each field is a section of `conversations/hears/sides.yaml`, where a comment says what it is for;
all of them must be there.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SideWords:
    """The words of each section, as they are typed, in small letters and without accents."""

    stops_abroad: frozenset[str]
    tells_ahead: frozenset[str]
    bare_answers: frozenset[str]
    around_an_answer: frozenset[str]
    means_css: frozenset[str]
    means_parent: frozenset[str]
    of_my_child: frozenset[str]
    of_the_child: frozenset[str]
    of_errands: frozenset[str]
    asks_to_take: frozenset[str]
