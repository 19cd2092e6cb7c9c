"""
Neighbours: small words whose place decides what another word means.

Each field is a section of `conversations/hears/around.yaml`, where a comment says what it is
for; all of them must be there. The words are as the reader spells them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The words of each section; a section of pairs gives a number or a letter by its word."""

    # Who is spoken of, and who is not.
    owners: frozenset[str]
    articles: frozenset[str]
    before_things: frozenset[str]
    to_whom: frozenset[str]
    sending: frozenset[str]
    to_home: frozenset[str]
    women: frozenset[str]
    tells: frozenset[str]
    rings: frozenset[str]
    covering: frozenset[str]
    kept_from: frozenset[str]
    other_than: frozenset[str]
    relatives: frozenset[str]
    him: frozenset[str]
    due_here: frozenset[str]
    of_one: frozenset[str]
    before_several: frozenset[str]
    after_several: frozenset[str]
    siblings: frozenset[str]
    particles: frozenset[str]
    titles: frozenset[str]
    introducing: frozenset[str]
    it_is: frozenset[str]
    valedictions: frozenset[str]
    greeted: frozenset[str]

    # What somebody's things do, and what is theirs.
    verbs_after_s: frozenset[str]
    verbs_of_a_thing: frozenset[str]
    no_thing: frozenset[str]

    # Words that look like a mark and are part of something else.
    loose: frozenset[str]
    objects: frozenset[str]
    joins: frozenset[str]
    mislaid: frozenset[str]
    before_loose: frozenset[str]
    before_own: frozenset[str]
    seeking: frozenset[str]
    out_of_it: frozenset[str]
    states: frozenset[str]
    no_thing_after_no: frozenset[str]
    done_with_off: frozenset[str]
    come_off: frozenset[str]
    out_doing: frozenset[str]
    before_place: frozenset[str]
    not_here_doing: frozenset[str]
    to_place: frozenset[str]
    not_ours: frozenset[str]
    places_of_reasons: frozenset[str]
    after_in: frozenset[str]

    # What governs what.
    verbs_of_being: frozenset[str]
    verbs_between: frozenset[str]
    verbs_again: frozenset[str]
    verbs_after_but: frozenset[str]
    not_always_except: frozenset[str]
    before_whom: frozenset[str]
    after_only: frozenset[str]
    before_names: frozenset[str]
    parts: frozenset[str]
    hearsay: frozenset[str]
    promises: frozenset[str]
    comparing: frozenset[str]
    has_them: frozenset[str]
    only_has: frozenset[str]
    nobody_shows: frozenset[str]
    put_right: frozenset[str]
    then_ended: frozenset[str]
    in_register: frozenset[str]
    no_name_after: frozenset[str]
    rides: frozenset[str]
    at_work: frozenset[str]
    wishes: frozenset[str]
    by_ride: frozenset[str]
    conveyances: frozenset[str]
    brings: frozenset[str]
    round_the_back: frozenset[str]
    mild: frozenset[str]
    asleep: frozenset[str]
    others_are: frozenset[str]
    fine: frozenset[str]
    says_no: frozenset[str]
    makes: frozenset[str]
    gives_why: frozenset[str]
    hesitating: frozenset[str]
    no_shows: frozenset[str]

    # What makes a mark sure, and what makes it doubtful.
    between: frozenset[str]
    asked_of: frozenset[str]
    asked_to: frozenset[str]
    asking: frozenset[str]
    only_past: frozenset[str]
    holds_still: frozenset[str]
    before_now: frozenset[str]
    called_off: frozenset[str]
    by_mistake: frozenset[str]
    all_along: frozenset[str]
    fresh: frozenset[str]
    was: frozenset[str]

    # Coming and going.
    running: frozenset[str]
    soon: frozenset[str]
    next_thing: frozenset[str]
    will: frozenset[str]
    minutes_off: frozenset[str]
    leaving: frozenset[str]
    has_been: frozenset[str]
    at_home: frozenset[str]
    went: frozenset[str]
    with_leave: frozenset[str]
    outside: frozenset[str]
    refused_here: frozenset[str]
    police_came: frozenset[str]
    police_took: frozenset[str]

    # Numbers, letters and answers.
    counts: Mapping[str, int]
    numbered_places: frozenset[str]
    ordinals: Mapping[str, int]
    before_number: frozenset[str]
    units_counted: frozenset[str]
    after_one: frozenset[str]
    not_one: frozenset[str]
    counted_others: frozenset[str]
    one_number: frozenset[str]
    a_count: frozenset[str]
    how_many: frozenset[str]
    distances: frozenset[str]
    routes: frozenset[str]
    ages: frozenset[str]
    measures: frozenset[str]
    ticks: frozenset[str]
    crosses: frozenset[str]
    yes_codes: frozenset[str]
    no_codes: frozenset[str]
    after_code: frozenset[str]
    spelt_codes: Mapping[str, str]

    # Times.
    hours: Mapping[str, int]
    tens: Mapping[str, int]
    minutes: Mapping[str, int]
    some_minutes: frozenset[str]
    minute_units: frozenset[str]
    after_minutes: frozenset[str]
    about: frozenset[str]
    before_hour: frozenset[str]
    before_hour_first: frozenset[str]
    until_a_time: frozenset[str]
    before_for: frozenset[str]
    before_from: frozenset[str]
    before_foreign_time: frozenset[str]
    o_clock: frozenset[str]
    after_time: frozenset[str]


def begins(text: str, section: Collection[str]) -> bool:
    """Whether the text begins as one of a section's words does; "give*" is any that begins so."""
    return text.startswith(tuple(word.rstrip("*") for word in section))
