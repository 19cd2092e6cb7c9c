"""
Flag words: the small words by which flags.yaml's phrases are weighed.

What denies a harm, what takes the denial back, what asks: a section of flags.yaml each, of the same
name, for all that the reader knows of language stands in conversations/hears.
"""

from dataclasses import dataclass, fields

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FlagWords:
    """Sections of single words; flags.yaml says of each what it is for."""

    denials: frozenset[str] = _NONE
    beside_a_denial: frozenset[str] = _NONE
    denial_goes_on: frozenset[str] = _NONE
    denial_taken_back: frozenset[str] = _NONE
    done_to_others: frozenset[str] = _NONE
    after_her: frozenset[str] = _NONE
    between_work_and_thing: frozenset[str] = _NONE
    before_a_word_of_harm: frozenset[str] = _NONE
    names_and_verbs: frozenset[str] = _NONE
    never_a_name: frozenset[str] = _NONE
    money_on_a_pupil: frozenset[str] = _NONE
    not_ours_to_stop: frozenset[str] = _NONE
    asks_of_us: frozenset[str] = _NONE
    asks_politely: frozenset[str] = _NONE
    before_asking: frozenset[str] = _NONE
    before_a_told_question: frozenset[str] = _NONE
    is_doing: frozenset[str] = _NONE
    asks_what: frozenset[str] = _NONE
    what_is_asked: frozenset[str] = _NONE
    asks_can: frozenset[str] = _NONE
    asked_to_help: frozenset[str] = _NONE
    short_for_selfharm: frozenset[str] = _NONE
    her: frozenset[str] = _NONE
    tells_doing: frozenset[str] = _NONE
    tells_of_whom: frozenset[str] = _NONE
    never_small: frozenset[str] = _NONE
    asks_would: frozenset[str] = _NONE
    asked_of_nobody: frozenset[str] = _NONE
    courtesies_between: frozenset[str] = _NONE
    asks_nicely: frozenset[str] = _NONE
    errands: frozenset[str] = _NONE
    asks_whether: frozenset[str] = _NONE
    may_tell: frozenset[str] = _NONE
    asks_till_now: frozenset[str] = _NONE
    of_a_thing: frozenset[str] = _NONE
    things_of_the_office: frozenset[str] = _NONE
    asks_whom: frozenset[str] = _NONE
    do_we: frozenset[str] = _NONE
    we_ask: frozenset[str] = _NONE
    calls_us: frozenset[str] = _NONE
    who_calls: frozenset[str] = _NONE
    asks_of_that: frozenset[str] = _NONE
    may_it_be: frozenset[str] = _NONE


FLAG_WORDS = tuple(field.name for field in fields(FlagWords))
