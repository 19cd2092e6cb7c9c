"""
Talk words: small words by which a message about a case is cut up, picked and weighed.

Each field is a section of `conversations/hears/talk.yaml`, where a comment says what it is for; all
of them must be there.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TalkWords:
    """The words of each section, as the reader spells them."""

    # Which case is meant.
    common_in_places: frozenset[str]
    small_in_places: frozenset[str]
    never_alone: frozenset[str]
    of_a_register: frozenset[str]
    register_sent: frozenset[str]
    sends_it: frozenset[str]
    sends: frozenset[str]
    of_a_pupil: frozenset[str]
    of_one_found: frozenset[str]
    before_in_now: frozenset[str]
    after_is_in: frozenset[str]
    just_left: frozenset[str]
    of_an_absence: frozenset[str]
    answers: frozenset[str]
    asks_how: frozenset[str]
    asks_who: frozenset[str]
    of_one_case: frozenset[str]
    to_us: frozenset[str]
    would_do: frozenset[str]
    before_vehicles: frozenset[str]
    is_there_now: frozenset[str]
    denies_found: frozenset[str]
    begins_another: frozenset[str]
    the_other: frozenset[str]
    names_a_case: frozenset[str]
    all_of_them: frozenset[str]
    not_all_of_them: frozenset[str]
    both_of_two: frozenset[str]
    names_them_all: frozenset[str]
    before_a_count: frozenset[str]
    how_they_are: frozenset[str]
    before_how_they_are: frozenset[str]
    says_which_of_all: frozenset[str]
    bare_all: frozenset[str]
    around_bare_all: frozenset[str]
    around_choice: frozenset[str]
    the_last: frozenset[str]

    # Who has a case.
    who_has: frozenset[str]
    has_taken: frozenset[str]
    beside_who_has: frozenset[str]

    # Where one breath ends, and what is asked.
    joins_clauses: frozenset[str]
    turns: frozenset[str]
    heads_a_question: frozenset[str]
    asks_plainly: frozenset[str]
    asks_of_somebody: frozenset[str]
    asked_of_whom: frozenset[str]
    opens_mildly: frozenset[str]
    before_ill_chase: frozenset[str]
    shortened: frozenset[str]
    done_words: frozenset[str]
    not_yet_done: frozenset[str]
    polite: frozenset[str]
    answers_no: frozenset[str]
    begins_statement: frozenset[str]
    after_whom: frozenset[str]
    ill: frozenset[str]

    # What CSS staff say.
    third_person: frozenset[str]
    we_who_write: frozenset[str]
    vehicles: frozenset[str]
    fetched: frozenset[str]
    brings_pupil: frozenset[str]
    no_carers: frozenset[str]
    came_here: frozenset[str]
    ways_to: frozenset[str]
    on_whom: frozenset[str]
    has_whom: frozenset[str]
    got_it: frozenset[str]
    fetched_from: frozenset[str]
    one_of_us: frozenset[str]
    register_here: frozenset[str]
    found_first: frozenset[str]
    begins_taking: frozenset[str]
    not_only_ok: frozenset[str]
    would: frozenset[str]
    i_am: frozenset[str]
    plainly_a_note: frozenset[str]

    # Where a sought pupil is, and whether more is said than that it is over.
    said_at_home: frozenset[str]
    before_where: frozenset[str]
    before_where_to: frozenset[str]
    goes_to: frozenset[str]
    whose_home: frozenset[str]
    whom_or_where: frozenset[str]
    maybe_here: frozenset[str]
    only_over: frozenset[str]

    # Still to come in this session.
    here_by_then: frozenset[str]
    coming_by: frozenset[str]
    before_a_wait: frozenset[str]
    until_then: frozenset[str]
    rides_next: frozenset[str]
    calls_back: frozenset[str]
    must_be_there: frozenset[str]
    of_the_other_half: frozenset[str]
    no_coming_alone: frozenset[str]
    rides_in: frozenset[str]
    coming_word: frozenset[str]
    not_here_after_coming: frozenset[str]
    beside_coming: frozenset[str]
    i_alone: frozenset[str]
    after_which: frozenset[str]

    # What parents say.
    parent_self: frozenset[str]
    writer_is: frozenset[str]
    child_pronouns: frozenset[str]
    of_presence: frozenset[str]
    bare_disbelief: frozenset[str]
    bare_questions: frozenset[str]
    beside_bare: frozenset[str]
    asks_when: frozenset[str]
    at_the_place: frozenset[str]
    not_of_now: frozenset[str]
    before_homes: frozenset[str]
    only_late: frozenset[str]
